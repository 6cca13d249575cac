//! What follows from a plan of reform once it is published: the events of the institutions that it is about, written
//! with it, and a task for each office whose records rest on such an institution. Both have ids made of what they are
//! of, so that the same plan brings them once, however often it is looked at.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use indexer::record::{
    Body, Date, DivisionCode, Planned, Provenance, Record, State, TaskMatter, TaskOrigin, TaskRecord, comparison,
    kinds::{institution_event::Change, reform_plan::of_plan},
    staffing::{self, Item, Measure},
};

use super::{
    LimitKey,
    events::is_in_use,
    tasks::{MAX_RECORDS, MAX_WORDS, Pending, id_of, named, new, start},
};
use crate::{
    clock::today,
    store::{RecordStore, StoreError, listings::List},
};

/// How a task ends whose measure a plan has no more.
const NOT_PLANNED: &str = "方案不再包括这一项";
/// Institutions of one name that are looked through.
const MAX_ALIKE: usize = 100;
/// Records that rest on one institution, looked through for a plan: the largest offices have some thousand items of
/// power.
pub const MAX_RESTING: usize = 10_000;

/// The published institution of a name that a plan for a division means: in it, else the only one on its line of
/// divisions.
pub fn institution_named(
    store: &RecordStore,
    name: &str,
    division: &DivisionCode,
) -> Result<Option<Record>, StoreError> {
    let (mut own, mut near) = (Vec::new(), Vec::new());
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        let Some(record) = store.get(&id)?.filter(Record::is_public) else { continue };
        let Body::Institution(body) = &record.body else { continue };
        match () {
            () if body.name != name => {}
            () if body.division == *division => own.push(record),
            () if division.covers(&body.division) || body.division.covers(division) => near.push(record),
            () => {}
        }
    }
    let mut found = if own.is_empty() { near } else { own };
    // Of several it is not known which.
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The same for a name of a measure: nobody plans what becomes of an institution above the plan's own division.
fn body_of_plan(
    store: &RecordStore,
    name: &String,
    measure: &Measure,
    division: &DivisionCode,
) -> Result<Option<Record>, StoreError> {
    let within = |body: &Record| body.body.division().is_some_and(|own| division.covers(own));
    Ok(institution_named(store, name, division)?.filter(|body| !measure.from.contains(name) || within(body)))
}

/// Whether two events say the same, whichever record of their institution they are linked to: that follows from the
/// records of the day.
fn are_alike(one: &Body, other: &Body) -> bool {
    let without_link = |event: &Body| {
        let mut event = event.clone();
        if let Some((_, id)) = event.named_institution() {
            *id = None;
        }
        event
    };
    without_link(one) == without_link(other)
}

/// Heads of the records in use that rest on an institution, and whether there are more.
pub fn resting_on(store: &RecordStore, body: &str) -> Result<(Vec<Record>, bool), StoreError> {
    let mut ids = store.list(&List::RestsOn(body), None, MAX_RESTING + 1)?;
    let more = ids.len() > MAX_RESTING;
    ids.truncate(MAX_RESTING);
    let mut found = Vec::new();
    for (_, id) in ids {
        found.extend(store.head_of(&id)?.filter(is_in_use));
    }
    Ok((found, more))
}

/// Schemes of a division that are linked to no record of their institution, by the institution's name.
fn unlinked_schemes(store: &RecordStore, division: &DivisionCode) -> Result<BTreeMap<String, Vec<Record>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for (_, id) in store.list(&List::Versions(staffing::SCHEME, division), None, MAX_RESTING)? {
        let Some(record) = store.head_of(&id)?.filter(is_in_use) else { continue };
        if let Some(scheme) = comparison::scheme_of(&record.body).filter(|scheme| scheme.institution_id.is_none()) {
            found.entry(scheme.institution_name.clone()).or_default().push(record);
        }
    }
    Ok(found)
}

/// Those of the divisions that a plan's institutions are in, each read once.
#[derive(Default)]
struct Unlinked(BTreeMap<DivisionCode, BTreeMap<String, Vec<Record>>>);

impl Unlinked {
    fn of(&mut self, store: &RecordStore, name: &str, division: &DivisionCode) -> Result<Vec<Record>, StoreError> {
        let by_name = match self.0.entry(division.clone()) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(unlinked_schemes(store, division)?),
        };
        Ok(by_name.get(name).cloned().unwrap_or_default())
    }
}

/// Whether an institution is there after a measure as before and takes something over, so that its scheme alone
/// changes.
fn takes_over(measure: &Measure, name: &String) -> bool {
    measure.to.contains(name) && measure.change != Change::Divided
}

/// Whether a record that rests on an institution has to be looked after when a measure is carried out that names the
/// institution.
pub fn is_touched(measure: &Measure, name: &String, record: &Record) -> bool {
    let kind = record.body.kind();
    match measure.change {
        // What happened before stays as it was.
        _ if kind == staffing::EVENT => false,
        _ if takes_over(measure, name) => kind == staffing::SCHEME,
        Change::Moved | Change::Units => kind == staffing::SCHEME,
        Change::Duties => kind == staffing::SCHEME || record.body.info().columns.iter().any(|column| column.cites),
        _ => true,
    }
}

/// The institutions of a measure whose records it touches: those before it, and those that take something over.
pub fn touched_institutions(measure: &Measure) -> Vec<&String> {
    match measure.change {
        Change::Moved => measure.from.iter().collect(),
        _ => measure.institutions(),
    }
}

/// What an office has to do about a measure, in words.
fn says(title: &str, measure: &Measure, day: Option<Date>, what: &str) -> String {
    let day = day.map(|day| format!("自 {day} 起")).unwrap_or_default();
    let all = format!("{title}：{day}{}。{what}", measure.written());
    match all.chars().count() > MAX_WORDS {
        true => all.chars().take(MAX_WORDS - 1).chain(['…']).collect(),
        false => all,
    }
}

impl Pending<'_> {
    /// Brings the events and tasks of a plan to where it stands; `after` is as it is or will be written.
    pub(super) fn planned(&mut self, before: Option<&Record>, after: &Record, revision: u64) -> Result<(), StoreError> {
        // What was decided later stands, and is looked at by itself.
        let now = self.store.current_revision(&after.id)?.unwrap_or_default();
        if now > revision {
            return Ok(());
        }
        let again = now == revision;
        let plan = |record: &Record| if record.state == State::Published { record.body.plan() } else { Vec::new() };
        let (was, is) = (before.map(plan).unwrap_or_default(), plan(after));
        if was.is_empty() && is.is_empty() {
            return Ok(());
        }
        let division = after.body.division().cloned().unwrap_or_else(DivisionCode::nation);
        let events = |plan: &[Planned]| -> Result<BTreeMap<String, Body>, StoreError> {
            let mut all = BTreeMap::new();
            for planned in plan {
                for event in &planned.brings {
                    let event = self.of_its_body(event.clone(), &planned.measure, &division)?;
                    all.extend(event.id().map(|id| (id, event)));
                }
            }
            Ok(all)
        };
        let (were, are) = (events(&was)?, events(&is)?);
        for (id, event) in &are {
            let standing = self.store.get(id)?;
            let decided_anew = !again || self.is_older(id, (&after.id, revision))?;
            // What somebody else has made of it since stays.
            let own =
                standing.as_ref().is_none_or(|s| s.state == State::Withdrawn && !were.contains_key(id) && decided_anew)
                    || standing.as_ref().is_some_and(|s| {
                        were.get(id).is_some_and(|was| are_alike(was, &s.body) && !are_alike(was, event))
                    });
            if own {
                self.bring(standing.as_ref(), id, after, event.clone(), State::Published)?;
            }
        }
        for (id, event) in were.iter().filter(|(id, _)| !are.contains_key(*id)) {
            let standing = self.store.get(id)?.filter(|s| s.state == State::Published && are_alike(&s.body, event));
            if let Some(standing) = standing {
                self.bring(Some(&standing), id, after, standing.body.clone(), State::Withdrawn)?;
            }
        }
        let mut told = BTreeSet::new();
        let mut unlinked = Unlinked::default();
        for planned in &is {
            let measure = (&planned.measure, &mut unlinked);
            self.touched(measure, after, &division, (revision, again), &mut told)?;
        }
        self.end_about(&after.id, NOT_PLANNED, |task| task.matter == TaskMatter::Reform && !told.contains(&task.says))
    }

    /// Whether a record stands as it did before a revision of a plan was written: what became of it later was decided
    /// later.
    fn is_older(&self, id: &str, (plan, revision): (&str, u64)) -> Result<bool, StoreError> {
        let Some(current) = self.store.current_revision(id)? else { return Ok(true) };
        let (own, plan) = (self.store.info(id, current)?, self.store.info(plan, revision)?);
        Ok(own.zip(plan).is_some_and(|(own, plan)| own.at < plan.at))
    }

    /// An event with the record of its institution, where there is one: of an institution that is new, that of one
    /// before it.
    fn of_its_body(&self, mut event: Body, measure: &Measure, division: &DivisionCode) -> Result<Body, StoreError> {
        if let Some((name, id)) = event.named_institution() {
            let name = name.to_owned();
            let before: &[String] = if measure.moves_matters() { &[] } else { &measure.from };
            for name in std::iter::once(&name).chain(before) {
                if let Some(found) = body_of_plan(self.store, name, measure, division)? {
                    *id = Some(found.id);
                    break;
                }
            }
        }
        Ok(event)
    }

    /// Writes an event of a plan, and what follows from it in turn.
    fn bring(
        &mut self,
        standing: Option<&Record>,
        id: &str,
        plan: &Record,
        event: Body,
        state: State,
    ) -> Result<(), StoreError> {
        // The plan's own file is for offices.
        let is_file = |p: &&Provenance| p.stored_file().is_some() || p.upload_name().is_some();
        let from: Vec<Provenance> = plan.provenance.iter().filter(|p| !is_file(p)).cloned().collect();
        let office = || vec![Provenance { source: "office".into(), place: None, date: Some(today()), licence: None }];
        let from = if from.is_empty() { office() } else { from };
        let record = Record {
            revision: standing.map_or(0, |standing| standing.revision),
            state,
            ..Record::published(id, event.division().cloned(), from, event)
        };
        self.set(record.clone());
        self.changed_from(standing, &record, record.revision + 1)
    }

    /// A task for each division whose records a measure touches.
    fn touched(
        &mut self,
        (measure, unlinked): (&Measure, &mut Unlinked),
        plan: &Record,
        own: &DivisionCode,
        (revision, again): (u64, bool),
        told: &mut BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let mut found: BTreeMap<DivisionCode, (Vec<TaskRecord>, usize)> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut new_institutions = Vec::new();
        for name in touched_institutions(measure) {
            let body = body_of_plan(self.store, name, measure, own)?;
            let mut touched: Vec<Record> = Vec::new();
            match &body {
                Some(body) => {
                    touched.extend((!takes_over(measure, name) && !measure.moves_matters()).then(|| body.clone()));
                    touched.extend(resting_on(self.store, &body.id)?.0);
                    // Its scheme may not be linked to it.
                    touched.extend(unlinked.of(self.store, name, body.body.division().unwrap_or(own))?);
                }
                // Its scheme may be on record, and it is not.
                None => {
                    let schemes = unlinked.of(self.store, name, own)?;
                    if measure.to.contains(name) {
                        let what = if schemes.is_empty() { "机构、三定规定和编制数" } else { "机构" };
                        new_institutions.push((name.as_str(), what));
                    }
                    touched.extend(schemes);
                }
            }
            let is_itself = |record: &Record| body.as_ref().is_some_and(|body| body.id == record.id);
            for record in touched {
                let concerned = is_itself(&record) || is_touched(measure, name, &record);
                if !concerned || !seen.insert(record.id.clone()) {
                    continue;
                }
                // A web name belongs where its owner does.
                let division = match (&record.owner, &record.body, &body) {
                    (None, Body::WebName(_), Some(body)) => body.owner.clone(),
                    (owner, ..) => owner.clone(),
                };
                let (records, count) = found.entry(division.unwrap_or_else(DivisionCode::nation)).or_default();
                *count += 1;
                if records.len() < MAX_RECORDS {
                    records.push(named(&record));
                }
            }
        }
        if !new_institutions.is_empty() || found.is_empty() {
            found.entry(own.clone()).or_default();
        }
        let day = of_plan(&plan.body).and_then(|(_, day)| day);
        for (division, (records, count)) in found {
            let of = format!("{}\0{}\0{division}", plan.id, measure.written());
            let mut what = match count {
                0 => String::new(),
                n => format!("请更正写到有关机构的 {n} 条记录"),
            };
            if division == *own && !new_institutions.is_empty() {
                // Those that lack the same are named together.
                let mut lacking: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                new_institutions.iter().for_each(|(name, what)| lacking.entry(*what).or_default().push(*name));
                for (lacks, names) in lacking {
                    let and = if what.is_empty() { "请" } else { "，并" };
                    what.push_str(&format!("{and}为{}收录{lacks}", names.join("、")));
                }
            }
            let what = if what.is_empty() { "请核对有关机构的记录".to_owned() } else { what };
            let says = says(plan.body.title(), measure, day, &what);
            let id = id_of(TaskMatter::Reform, &of);
            if let Some(mut there) = self.get(&id)? {
                let Body::Task(task) = &mut there.body else { continue };
                told.insert(task.says.clone());
                // The measure had been taken back, and is planned again.
                let decided_anew = !again || self.is_older(&id, (&plan.id, revision))?;
                if decided_anew && task.ended.as_ref().is_some_and(|end| end.act == NOT_PLANNED) {
                    task.ended = None;
                    task.reminded.clear();
                    start(self.desk, task, LimitKey::ChangeFollowup, today());
                    there.state = State::Submitted;
                    self.set(there);
                }
                continue;
            }
            told.insert(says.clone());
            let came = TaskOrigin::Event { record: plan.id.clone(), revision };
            let mut task = new(TaskMatter::Reform, &of, &division, plan, says, came);
            if let Body::Task(task) = &mut task.body {
                task.more = count - records.len();
                task.records = records;
                start(self.desk, task, LimitKey::ChangeFollowup, today());
            }
            self.set(task);
        }
        Ok(())
    }
}
