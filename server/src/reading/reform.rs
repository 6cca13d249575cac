//! What a plan of reform touches, measure by measure: the institutions with their numbers of staff, units and duties,
//! the records that rest on them, the regulations that name them and what waits there already. Read anew each time;
//! nothing is kept of it.

use std::collections::{BTreeMap, BTreeSet};

use indexer::{
    index::Generation,
    record::{
        Audience, Body, Date, DivisionCode, Kind as _, Planned, Record, State, TaskMatter,
        comparison::{Held, InForce, UNDATED, in_force},
        kinds::{
            institution_event::{Happening, names_out_of_time},
            staff_count,
        },
        staffing::{self, Headcount, Item, StaffKind},
    },
};

use super::schemes::{MaySee, Schemes, events_of, is_read_by};
use crate::{
    desk::{self, as_task},
    query::{
        SearchError,
        request::{KindFilter, SearchRequest},
        search,
    },
    store::{RecordStore, StoreError, listings::List},
    urls,
    urls::record_url,
};

/// Records of a kind, regulations and tasks that the page names of one institution; it tells how many there are.
const MAX_NAMED: usize = 20;
/// Names of institutions that one look goes after: each costs a search, and what rests on it is read.
const MAX_INSTITUTIONS: usize = 60;
/// Tasks of a plan that its page lists; it tells how many more there are.
const MAX_TASKS: usize = 200;
/// Tasks about a record that are read at a time.
const MAX_AT_ONCE: usize = 500;
/// Characters of the shortest name that regulations are searched for: 财政局 names every one.
const SHORTEST_NAME: usize = 5;

#[derive(Debug, thiserror::Error)]
pub enum ReformError {
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Title and address of a record.
pub type Named = (String, String);

/// A measure with what it touches.
pub struct Reach {
    pub says: String,
    /// Titles of the events that become public, and the page of each that is there.
    pub events: Vec<(String, Option<String>)>,
    pub institutions: Vec<InstitutionReach>,
    /// What the institutions before it have together: what is counted, and how many.
    pub sums: Vec<(String, u64)>,
    /// Institutions whose numbers of staff and posts the sums lack, since none are known.
    pub missing: Vec<String>,
}

/// The tasks that a plan has made and somebody may see.
#[derive(Default)]
pub struct PlanTasks {
    pub shown: Vec<PlanTask>,
    /// How many are not shown.
    pub more: usize,
}

/// A task that a plan has made.
pub struct PlanTask {
    pub says: String,
    pub url: String,
    /// Whose it is.
    pub division: String,
    /// Open until when, or how it ended.
    pub stands: String,
}

/// An institution that a measure names.
pub struct InstitutionReach {
    pub name: String,
    pub url: Option<String>,
    /// Whether it is there before the measure, or only takes over.
    pub before: bool,
    pub scheme: Option<Named>,
    /// Numbers of staff and posts as its public scheme tells them.
    pub numbers: Vec<String>,
    /// As offices count them, with the day; empty for whoever may not see them.
    pub counts: Vec<String>,
    pub duties: Vec<String>,
    pub units: Vec<String>,
    /// Records that rest on it, by kind.
    pub records: Vec<(&'static str, Few)>,
    /// Whether more rest on it than were looked through.
    pub more: bool,
    /// Regulations and articles that name it.
    pub regulations: Few,
    pub tasks: Few,
}

/// The first of some, and how many there are.
#[derive(Default)]
pub struct Few {
    pub named: Vec<Named>,
    pub all: u64,
}

impl Few {
    fn put(&mut self, named: impl FnOnce() -> Named) {
        self.all += 1;
        if self.named.len() < MAX_NAMED {
            self.named.push(named());
        }
    }
}

/// Numbers of staff that somebody may see, the newest of each institution up to a day.
pub struct Counts(Vec<Record>);

impl Counts {
    pub fn read(store: &RecordStore, may_see: &dyn Fn(&DivisionCode) -> bool) -> Result<Self, StoreError> {
        let mut all = Vec::new();
        store.each_of::<StoreError>(staffing::COUNT, &mut |record| {
            let seen = record.is_shown_to(Audience::Offices) && record.body.division().is_some_and(may_see);
            all.extend(Some(record).filter(|_| seen));
            Ok(())
        })?;
        Ok(Self(all))
    }

    /// The newest of an institution that are not of a later day, with the record.
    pub fn of(&self, id: Option<&str>, name: &str, division: &DivisionCode, day: Date) -> Option<&Record> {
        let is_of = |record: &&Record| {
            staff_count::of(&record.body).is_some_and(|count| {
                let same = match (&count.institution_id, id) {
                    (Some(own), Some(id)) => own == id,
                    _ => count.institution_name == name && count.division == *division,
                };
                same && count.as_of.is_some_and(|of| of <= day)
            })
        };
        self.0.iter().filter(is_of).max_by_key(|record| staff_count::of(&record.body).and_then(|count| count.as_of))
    }
}

/// Where a plan is looked at.
pub struct Looked<'a> {
    pub store: &'a RecordStore,
    pub generation: &'a Generation,
    pub division: &'a DivisionCode,
    pub day: Date,
    pub counts: &'a Counts,
    /// Those of the division; an institution without a record has them by its name.
    pub schemes: &'a Schemes,
    pub may_see: MaySee<'a>,
    /// Whether the reader may see the tasks of a division.
    pub may_read: &'a dyn Fn(&DivisionCode) -> bool,
}

impl Looked<'_> {
    /// What each measure of a plan touches, of the first measures that name [`MAX_INSTITUTIONS`] together.
    pub fn reach(&self, plan: &[Planned]) -> Result<Vec<Reach>, ReformError> {
        let mut named = 0;
        let few = plan.iter().take_while(|planned| {
            named += planned.measure.institutions().len();
            named <= MAX_INSTITUTIONS
        });
        let brought = self.brought()?;
        few.map(|planned| self.of_measure(planned, &brought)).collect()
    }

    /// Ids of the events that published plans for the division have brought: others may have recorded one that a draft
    /// would bring.
    fn brought(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut ids = BTreeSet::new();
        self.store.each_of::<StoreError>(staffing::REFORM, &mut |record| {
            if record.state == State::Published && record.body.division() == Some(self.division) {
                ids.extend(record.body.plan().iter().flat_map(|planned| &planned.brings).filter_map(Body::id));
            }
            Ok(())
        })?;
        Ok(ids)
    }

    fn of_measure(&self, planned: &Planned, brought: &BTreeSet<String>) -> Result<Reach, ReformError> {
        let measure = &planned.measure;
        let (mut institutions, mut sums) = (Vec::new(), Sums::default());
        for name in measure.institutions() {
            let before = measure.from.contains(name);
            let reach = self.of_institution(name, before, before.then_some(&mut sums))?;
            institutions.push(reach);
        }
        let mut events = Vec::new();
        for event in &planned.brings {
            let id = event.id().filter(|id| brought.contains(id));
            let there = id.map(|id| self.store.get(&id)).transpose()?.flatten().filter(Record::is_public);
            events.push((event.title().to_owned(), there.as_ref().map(record_url)));
        }
        Ok(Reach {
            says: measure.written(),
            events,
            institutions,
            missing: std::mem::take(&mut sums.missing),
            sums: if measure.from.len() > 1 { sums.told() } else { Vec::new() },
        })
    }

    fn of_institution(
        &self,
        name: &str,
        before: bool,
        sums: Option<&mut Sums>,
    ) -> Result<InstitutionReach, ReformError> {
        let found = desk::institution_named(self.store, name, self.division)?;
        let id = found.as_ref().map(|record| record.id.as_str());
        let own = found.as_ref().and_then(|record| record.body.division()).unwrap_or(self.division);
        let mut schemes: Vec<Record> = Vec::new();
        let mut records: BTreeMap<&'static str, Few> = BTreeMap::new();
        let mut more = false;
        if let Some(id) = id {
            let (resting, others) = desk::resting_on(self.store, id)?;
            more = others;
            for record in resting {
                if !is_read_by(&record, self.may_see) {
                    continue;
                }
                match record.body.kind() {
                    staffing::EVENT => {}
                    staffing::SCHEME => schemes.extend(self.store.get(&record.id)?),
                    _ => {
                        let named = || (record.body.title().to_owned(), record_url(&record));
                        records.entry(record.body.kind_label()).or_default().put(named);
                    }
                }
            }
        }
        // An institution of a division below has its scheme there.
        let there = (own != self.division).then(|| Schemes::of_division(self.store, self.may_see, own)).transpose()?;
        let unlinked = there.as_ref().unwrap_or(self.schemes).held().into_iter().filter(|held| {
            let scheme = held.scheme;
            scheme.institution_id.is_none() && scheme.institution_name == name && scheme.division == *own
        });
        let held: Vec<Held<'_>> = schemes.iter().filter_map(Held::of).chain(unlinked).collect();
        let now = in_force::on_day(&held, self.day);
        let without_day = || held.iter().copied().find(in_force::is_undated).filter(|_| now == InForce::Unknown);
        let scheme = now.scheme().or_else(without_day);
        let mut reach = InstitutionReach {
            name: name.to_owned(),
            url: found.as_ref().map(record_url),
            before,
            scheme: scheme.map(|held| {
                let undated = if in_force::is_undated(&held) {
                    format!("（{UNDATED}，不知道是否现行）")
                } else {
                    String::new()
                };
                (held.called() + &undated, super::schemes::url(&held))
            }),
            numbers: Vec::new(),
            counts: Vec::new(),
            duties: Vec::new(),
            units: Vec::new(),
            records: Vec::new(),
            more,
            regulations: self.regulations(name)?,
            tasks: id.map_or_else(|| Ok(Few::default()), |id| self.tasks(id))?,
        };
        if let Some(Held { scheme, .. }) = scheme {
            reach.numbers = scheme.staffing.iter().chain(&scheme.posts).map(Item::written).collect();
            if scheme.restricts() {
                reach.numbers = vec!["编制数不公开".to_owned()];
            }
            reach.duties = scheme.duties.iter().map(Item::written).collect();
            reach.units = scheme.units.iter().map(|unit| unit.name.clone()).collect();
        }
        let count = self.counts.of(id, name, own, self.day);
        let count = count.and_then(|record| staff_count::of(&record.body));
        if let Some(count) = count {
            let day = count.as_of.map(|day| format!("截至 {day}")).unwrap_or_default();
            let told = [("核定", &count.authorised), ("实有", &count.actual), ("核定职数", &count.posts)];
            let lines = told.into_iter().filter(|(_, counts)| !counts.is_empty());
            reach.counts = lines
                .map(|(word, counts)| {
                    format!("{day}{word}：{}", staffing::written(counts).join("").replace('\n', "，"))
                })
                .collect();
        }
        if let Some(sums) = sums {
            let staff = count.map(|count| (&count.authorised, &count.posts));
            let staff = staff.or_else(|| scheme.map(|held| (&held.scheme.staffing, &held.scheme.posts)));
            match staff.filter(|(staff, posts)| !staff.is_empty() || !posts.is_empty()) {
                Some((staff, posts)) => sums.numbers(staff, posts),
                None => sums.missing.push(name.to_owned()),
            }
            sums.put("内设机构", reach.units.len() as u64);
            sums.put("职责", reach.duties.len() as u64);
            for (kind, few) in &records {
                sums.put(kind, few.all);
            }
        }
        reach.records = records.into_iter().collect();
        Ok(reach)
    }

    /// Articles that name an institution.
    fn regulations(&self, name: &str) -> Result<Few, ReformError> {
        if name.chars().count() < SHORTEST_NAME || name.contains('"') {
            return Ok(Few::default());
        }
        let request = SearchRequest {
            kind: KindFilter::Article,
            size: MAX_NAMED as u32,
            ..SearchRequest::new(format!("\"{name}\""))
        };
        let reply = search(self.generation, &request)?;
        let named = reply.hits.into_iter().map(|hit| match hit.article {
            Some(article) => (format!("{}{}", article.regulation, article.number), hit.url),
            None => (hit.title, hit.url),
        });
        Ok(Few { named: named.collect(), all: reply.total })
    }

    fn tasks(&self, id: &str) -> Result<Few, ReformError> {
        let mut found = Few::default();
        self.each_task_about(id, &mut |record| {
            if let Some(task) = as_task(record).filter(|task| task.ended.is_none()) {
                let url = urls::console::task(&record.id);
                found.put(|| (format!("{}：{}", task.matter.label(), task.about_title), url));
            }
        })?;
        Ok(found)
    }

    /// The tasks that a plan has made, with how each stands.
    pub fn tasks_of_plan(&self, id: &str) -> Result<PlanTasks, ReformError> {
        let mut all = PlanTasks::default();
        self.each_task_about(id, &mut |record| {
            let Some(task) = as_task(record).filter(|task| task.matter == TaskMatter::Reform) else { return };
            if all.shown.len() >= MAX_TASKS {
                all.more += 1;
                return;
            }
            let division = record.owner.as_ref().map_or("000000", |owner| owner.as_str());
            let division = self.generation.catalogue.division(division).map(|found| found.name.clone());
            let stands = match &task.ended {
                None => task.due.map_or_else(|| "待办".to_owned(), |due| format!("待办，期限 {due}")),
                Some(end) if end.act.is_empty() => "已关闭".to_owned(),
                Some(end) => format!("已办结（{}）", end.act),
            };
            let (says, url) = (task.says.clone(), urls::console::task(&record.id));
            all.shown.push(PlanTask { says, url, division: division.unwrap_or_default(), stands });
        })?;
        Ok(all)
    }

    /// Every task about a record that the reader may see, whatever others there are.
    fn each_task_about(&self, id: &str, take: &mut dyn FnMut(&Record)) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.store.list(&List::TasksAbout(id), after.as_deref(), MAX_AT_ONCE)?;
            for (_, task) in &page {
                let Some(record) = self.store.get(task)? else { continue };
                if (self.may_read)(record.owner.as_ref().unwrap_or(&DivisionCode::nation())) {
                    take(&record);
                }
            }
            match page.into_iter().nth(MAX_AT_ONCE - 1) {
                Some((key, _)) => after = Some(key),
                None => return Ok(()),
            }
        }
    }

    /// Rule S10: names before a measure that events tell not to be in use on the day.
    pub fn out_of_time(&self, plan: &[Planned]) -> Result<Vec<String>, StoreError> {
        let named = plan.iter().flat_map(|planned| &planned.measure.from).map(String::as_str);
        let records = events_of(self.store, named, self.division)?;
        let events = records.iter().filter_map(Happening::of).map(|happening| happening.event);
        // The plan's own events end them on that very day.
        let day = self.day.checked_sub(jiff::Span::new().days(1)).unwrap_or(self.day);
        let names = plan.iter().flat_map(|planned| &planned.measure.from).map(String::as_str);
        Ok(names_out_of_time(names, day, events))
    }
}

/// What institutions have together, in the order in which it was first counted.
#[derive(Default)]
struct Sums {
    all: Vec<(String, u64)>,
    /// Institutions whose numbers of staff and posts are not known.
    missing: Vec<String>,
}

impl Sums {
    fn put(&mut self, what: &str, n: u64) {
        match self.all.iter_mut().find(|(known, _)| known == what) {
            Some((_, sum)) => *sum = sum.saturating_add(n),
            None => self.all.push((what.to_owned(), n)),
        }
    }

    fn numbers(&mut self, staff: &[Headcount], posts: &[Headcount]) {
        for (kind, n) in StaffKind::ALL.into_iter().zip(staffing::totals(staff)) {
            self.put(kind.label(), n.map_or(0, u64::from));
        }
        let leads = staffing::leadership(posts);
        for (what, n) in [("正职", leads.head), ("副职", leads.deputies), ("内设机构领导职数", leads.of_units)]
        {
            self.put(what, n.map_or(0, u64::from));
        }
    }

    fn told(self) -> Vec<(String, u64)> {
        self.all.into_iter().filter(|(_, n)| *n > 0).collect()
    }
}
