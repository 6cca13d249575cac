//! What rests on a record that changes: it is found through the references that records make, and the offices in charge
//! of it get a task each. A text that is corrected under its own id tells nobody: versions are records of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexer::{
    record::{
        Account, Audience, Body, DivisionCode, DocumentKind, Entry, Institution, Kind as _, NameStatus, Record,
        Regulation, State, Status, TaskMatter, TaskOrigin, TaskRecord, WebName, repeals, web_name_id, work_reference,
    },
    text::quoted_titles,
    web_name::below,
};

use super::{
    LimitKey,
    changed::{Concerned, MAX_VERSIONS, Unchanged, version_before},
    tasks::{MAX_RECORDS, Pending, as_task, id_of, named, new, start},
};
use crate::{
    clock::today,
    side_by_side,
    store::{RecordStore, StoreError, listings::List},
};

/// Records that rest on one, read at a time when it changes; all are looked through, since items of a whole country's
/// lists cite one law.
const DEPENDENTS_AT_A_TIME: usize = 4_096;
/// Records in all that rest on what changes, up to which whoever publishes makes their tasks in the same write: reading
/// some thousand takes some tenths of a second. Above it the keeper makes them when it follows the change, a fraction
/// of a second later.
const MAX_WAITED_FOR: usize = 2_000;
/// Names of one institution that get a task each when it is gone: a platform has some hundred. Others are reported
/// together.
const MAX_NAMES: usize = 500;
/// Regulations that a text repeals of which others are reported: the longest decisions name some hundred.
const MAX_REPEALED: usize = 500;
/// What an event calls the end of an institution as it was.
const ENDS_A_BODY: [&str; 4] = ["更名", "合并", "撤销", "分设"];
/// Open tasks about a name, and institutions of one name, that are looked through.
const MAX_OF_A_NAME: usize = 50;

/// A change that those have to know of who rest on the record.
struct Happened {
    matter: TaskMatter,
    says: String,
    /// What is rested on, as [`Body::rests_on`] names it.
    on: Vec<String>,
    /// Hosts that are given up: only what gives an address at or below one is concerned. Empty where the whole record
    /// is meant.
    hosts: Vec<String>,
    /// Whether marks of sites alone are concerned: they show what else a record tells.
    marks: bool,
    /// A work of which the articles that stand as they did are known: what rests on these alone is not concerned.
    unchanged: Option<(String, Unchanged)>,
    /// The division of a local regulation: others have regulations of the same title.
    within: Option<DivisionCode>,
}

impl Happened {
    fn new(matter: TaskMatter, says: String, on: Vec<String>) -> Self {
        Self { matter, says, on, hosts: Vec::new(), marks: false, unchanged: None, within: None }
    }

    /// The same of a regulation: that of a place concerns nobody elsewhere, who may have one of the same title.
    fn about(self, regulation: &Regulation) -> Self {
        Self { within: regulation.division.clone(), ..self }
    }

    /// Whether a record that rests on something that has changed is concerned, and how.
    fn concerns(&self, record: &Record, on: &str) -> Option<Concerned> {
        let gone = |host: &str| self.hosts.iter().any(|gone| host == gone || below(host, gone));
        let vouches = || record.body.vouches().is_some_and(|mark| gone(&mark.host));
        let concerned = (self.hosts.is_empty() || record.body.sites().iter().any(|site| gone(&site.host)) || vouches())
            && (!self.marks || record.body.vouches().is_some())
            && self.within.as_ref().is_none_or(|within| {
                record.owner.as_ref().or(record.body.division()).is_some_and(|own| within.covers(own))
            });
        match &self.unchanged {
            Some((work, unchanged)) if concerned && work == on => unchanged.concerns(&record.body, work),
            _ => concerned.then_some(Concerned::ByArticle),
        }
    }
}

/// Whose records are concerned: those of an institution that has accounts, or of the rest of a division.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Concerns {
    division: DivisionCode,
    /// Empty for the division's office.
    office: String,
}

/// The institutions that have accounts in force.
#[derive(Default)]
struct Offices {
    by_id: HashMap<String, String>,
    named: HashSet<(DivisionCode, String)>,
}

impl Offices {
    fn read(store: &RecordStore) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for id in store.ids_of(Account::NAME)? {
            let Some(record) = store.head_of(&id)?.filter(|record| record.state == State::Approved) else { continue };
            if let Body::Account(account) = record.body {
                all.by_id.extend(account.office_id.map(|id| (id, account.office_name.clone())));
                all.named.insert((account.division, account.office_name));
            }
        }
        Ok(all)
    }

    /// The one in charge of a record of a division.
    fn of(&self, record: &Record, division: &DivisionCode) -> String {
        if self.named.is_empty() {
            return String::new();
        }
        let Some(entry) = record.body.entry() else { return String::new() };
        let by_id = entry.owner_id.as_ref().and_then(|id| self.by_id.get(id)).cloned();
        let by_name = || Some(entry.owner_name).filter(|name| self.named.contains(&(division.clone(), name.clone())));
        by_id.or_else(by_name).unwrap_or_default()
    }
}

/// The records of one that are concerned.
#[derive(Default)]
struct Found {
    /// Those that a task names.
    records: Vec<TaskRecord>,
    count: usize,
    /// How many of them name a heading or the whole regulation and no article.
    in_general: usize,
}

impl Pending<'_> {
    /// Makes the tasks that a change brings to others; `record` is as it will be written over what stands now. Where
    /// very many rest on it, the desk makes them when it follows the change.
    pub fn changed(&mut self, record: &Record) -> Result<(), StoreError> {
        let before = self.store.get(&record.id)?;
        self.follow(before.as_ref(), record, record.revision + 1, MAX_WAITED_FOR)
    }

    /// The same for a change that has become a revision. The same change makes the same tasks: those that are there
    /// stay.
    pub(super) fn changed_from(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        revision: u64,
    ) -> Result<(), StoreError> {
        self.follow(before, after, revision, usize::MAX)
    }

    fn follow(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        revision: u64,
        most: usize,
    ) -> Result<(), StoreError> {
        self.reregistered(before, after, revision)?;
        self.told_to_mend(after, revision)?;
        self.told_to_be_gone(before, after, revision)?;
        self.planned(before, after, revision)?;
        for happened in self.happened(before, after)? {
            self.tell(&happened, after, revision, most)?;
        }
        Ok(())
    }

    /// Makes the tasks of one thing that a change is to others.
    fn tell(&mut self, happened: &Happened, after: &Record, revision: u64, most: usize) -> Result<(), StoreError> {
        let mut left = most;
        for key in happened.on.iter().filter(|_| most < usize::MAX) {
            match left.checked_sub(self.store.count_listed(&List::RestsOn(key), left + 1)?) {
                Some(fewer) => left = fewer,
                None => return Ok(()),
            }
        }
        let mut names = Vec::new();
        let found = self.dependents(happened, after, &mut names)?;
        for name in names {
            self.name_of_holder(&name, &happened.says, after, (&after.id, revision))?;
        }
        for (Concerns { division, office }, Found { records, count, in_general }) in found {
            let of = match office.as_str() {
                "" => format!("{}\0{revision}\0{division}", after.id),
                office => format!("{}\0{revision}\0{division}\0{office}", after.id),
            };
            if self.get(&id_of(happened.matter, &of))?.is_some() {
                continue;
            }
            let mut says = format!("{}。请核对引用它的记录：{}", happened.says, shown(&records, count));
            if in_general > 0 {
                says.push_str(&format!("；其中 {in_general} 条没有写明条，只引用章节或者整部"));
            }
            let came = TaskOrigin::Event { record: after.id.clone(), revision };
            let mut task = new(happened.matter, &of, &division, after, says, came);
            if let Body::Task(task) = &mut task.body {
                task.more = count - records.len();
                task.records = records;
                task.office = office;
                start(self.desk, task, LimitKey::ChangeFollowup, today());
            }
            self.set(task);
        }
        Ok(())
    }

    fn happened(&self, before: Option<&Record>, after: &Record) -> Result<Vec<Happened>, StoreError> {
        let was = before.filter(|record| record.is_public()).map(|record| &record.body);
        let is = Some(after).filter(|record| record.is_public()).map(|record| &record.body);
        let one = match (was, is) {
            (Some(Body::Institution(was)), is) => {
                let is = is.and_then(|body| match body {
                    Body::Institution(is) => Some(is),
                    _ => None,
                });
                return Ok(institution(&after.id, was, is));
            }
            (Some(Body::Regulation(was)), None) => {
                let says = format!("《{}》不再公布", was.title);
                let gone = Happened::new(TaskMatter::RegulationChanged, says, vec![work_reference(&was.title)]);
                Some(gone.about(was))
            }
            (Some(Body::Regulation(was)), Some(Body::Regulation(is))) => {
                repealed(was, is).map(|happened| happened.about(is))
            }
            (None, Some(Body::Regulation(is))) => self.came(&after.id, is)?.map(|happened| happened.about(is)),
            (Some(Body::WebName(was)), is) => web_name(&after.id, was, is),
            _ => None,
        };
        Ok(one.into_iter().collect())
    }

    /// A name of an institution that is gone, merged or called otherwise: it is to be changed, handed on or given up
    /// (N10). One that somebody looks after already is not reported again.
    fn name_of_holder(
        &mut self,
        name: &Record,
        says: &str,
        holder: &Record,
        (cause, revision): (&str, u64),
    ) -> Result<(), StoreError> {
        // What was never registered and only follows the institution's site changes with its record, in the same write.
        let is_site = |host: &str| holder.body.sites().iter().any(|site| site.host == host);
        if matches!(&name.body, Body::WebName(name) if name.life.is_none() && is_site(&name.ascii)) {
            return Ok(());
        }
        for (_, task) in self.store.list(&List::TasksAbout(&name.id), None, MAX_OF_A_NAME)? {
            let open = self.get(&task)?;
            if open.as_ref().and_then(as_task).is_some_and(|t| t.matter == TaskMatter::NameHolder && t.ended.is_none())
            {
                return Ok(());
            }
        }
        let of = format!("{}\0{cause}\0{revision}", name.id);
        let id = id_of(TaskMatter::NameHolder, &of);
        if self.get(&id)?.is_some() {
            return Ok(());
        }
        let title = name.body.title();
        let says = format!(
            "{says}。请为它的网上名称“{title}”办理变更；转移只能给承继职责的单位，并写明文号；不再使用的办理注销"
        );
        let division = holder.owner.clone().or_else(|| holder.body.division().cloned());
        let came = TaskOrigin::Event { record: cause.to_owned(), revision };
        let mut task =
            new(TaskMatter::NameHolder, &of, &division.unwrap_or_else(DivisionCode::nation), name, says, came);
        if let Body::Task(task) = &mut task.body {
            start(self.desk, task, LimitKey::ChangeFollowup, today());
        }
        self.set(task);
        Ok(())
    }

    /// Names of institutions that an event on record tells to be gone, merged or called otherwise, before their own
    /// records say so.
    fn told_to_be_gone(&mut self, before: Option<&Record>, after: &Record, revision: u64) -> Result<(), StoreError> {
        if !after.is_public() {
            return Ok(());
        }
        let Some(entry) = after.body.entry() else { return Ok(()) };
        // One that is corrected is reported where it says something else of other institutions than before.
        let said = before.filter(|before| before.is_public()).and_then(|before| before.body.entry());
        let of = |entry: &Entry| {
            let happened = entry.happened.clone().unwrap_or_default();
            (entry.division.clone(), happened.change, happened.from, happened.to)
        };
        if said.is_some_and(|said| of(&said) == of(&entry)) {
            return Ok(());
        }
        let Some(happened) = entry.happened.filter(|happened| ENDS_A_BODY.contains(&happened.change.as_str())) else {
            return Ok(());
        };
        let document = happened.document_number.map(|number| format!("（{number}）")).unwrap_or_default();
        let says = format!("{}{document}", after.body.title());
        for gone in &happened.from {
            for (_, id) in self.store.list(&List::Alike(gone), None, MAX_OF_A_NAME)? {
                let Some(holder) = self.store.get(&id)?.filter(Record::is_public) else { continue };
                let Body::Institution(body) = &holder.body else { continue };
                if !body.names().any(|name| name == gone) || entry.division.as_ref() != Some(&body.division) {
                    continue;
                }
                for name in self.names_of(&id)? {
                    self.name_of_holder(&name, &says, &holder, (&after.id, revision))?;
                }
            }
        }
        Ok(())
    }

    /// The public web names of an institution, among all that rests on it: its list of powers may be longer than any
    /// number of names.
    fn names_of(&self, institution: &str) -> Result<Vec<Record>, StoreError> {
        let prefix = web_name_id("");
        let (mut names, mut after) = (Vec::new(), None::<String>);
        while names.len() < MAX_NAMES {
            let page = self.store.list(&List::RestsOn(institution), after.as_deref(), DEPENDENTS_AT_A_TIME)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            // Only names have ids of this form, so that nothing else is read.
            for id in page.iter().map(|(_, id)| id).filter(|id| id.starts_with(&prefix)) {
                let name = self.store.get(id)?.filter(Record::is_public);
                names.extend(name.filter(|name| matches!(name.body, Body::WebName(_))));
            }
        }
        names.truncate(MAX_NAMES);
        Ok(names)
    }

    /// A name that was somebody's, lapsed, and is another's now: the office of the former holder has to know, since
    /// links, documents and signs may still lead there.
    fn reregistered(&mut self, before: Option<&Record>, after: &Record, revision: u64) -> Result<(), StoreError> {
        let (Some(Body::WebName(was)), Body::WebName(is)) = (before.map(|before| &before.body), &after.body) else {
            return Ok(());
        };
        let lapsed = was.status == NameStatus::NotAdopted && is.status != NameStatus::NotAdopted;
        let Some(stone) = is.life.as_ref().and_then(|life| life.tombstones.last()).filter(|_| lapsed) else {
            return Ok(());
        };
        if stone.owner_id.is_some() && stone.owner_id == is.institution_id || !after.is_public() {
            return Ok(());
        }
        let of = format!("{}\0{revision}", after.id);
        if self.get(&id_of(TaskMatter::NameReregistered, &of))?.is_some() {
            return Ok(());
        }
        let former = stone.owner_id.as_deref().map(|id| self.store.get(id)).transpose()?.flatten();
        let division = former.and_then(|former| former.owner.or(former.body.division().cloned()));
        let says = format!(
            "“{}”{}，现由{}注册。请核对旧文件、链接和标识牌是否还指向它",
            is.name,
            stone.words(),
            if is.institution_name.is_empty() { "别的单位" } else { &is.institution_name }
        );
        let came = TaskOrigin::Event { record: after.id.clone(), revision };
        let mut task =
            new(TaskMatter::NameReregistered, &of, &division.unwrap_or_else(DivisionCode::nation), after, says, came);
        if let Body::Task(task) = &mut task.body {
            start(self.desk, task, LimitKey::ChangeFollowup, today());
        }
        self.set(task);
        Ok(())
    }

    /// What a record tells to be wrong, each to be mended by its day. What is not reported any more is settled. Of
    /// several revisions that are looked at together, as after an import into a stopped service, the last one stands.
    fn told_to_mend(&mut self, record: &Record, revision: u64) -> Result<(), StoreError> {
        if !record.body.may_need_mending() || self.store.current_revision(&record.id)?.unwrap_or_default() > revision {
            return Ok(());
        }
        let open = if record.is_public() { record.body.to_mend() } else { Vec::new() };
        for mend in &open {
            let of = format!("{}\0{}", record.id, mend.what);
            let id = id_of(TaskMatter::Deficiency, &of);
            if let Some(mut there) = self.get(&id)? {
                // The record sets another day.
                if let (Body::Task(task), Some(due)) = (&mut there.body, mend.due)
                    && task.ended.is_none()
                    && task.due != Some(due)
                {
                    (task.due, task.clock) = (Some(due), None);
                    task.reminded.clear();
                    self.set(there);
                }
                continue;
            }
            let division = record.owner.clone().or_else(|| record.body.division().cloned());
            let says = mend.what.clone();
            let division = division.unwrap_or_else(DivisionCode::nation);
            let mut task = new(TaskMatter::Deficiency, &of, &division, record, says, TaskOrigin::Time);
            if let Body::Task(task) = &mut task.body {
                match mend.due {
                    Some(due) => {
                        task.due = Some(due);
                        task.remind_before.clone_from(&self.desk.limits.get(LimitKey::ChangeFollowup).remind_before);
                    }
                    None => start(self.desk, task, LimitKey::ChangeFollowup, today()),
                }
            }
            self.set(task);
        }
        let told = |task: &indexer::record::Task| open.iter().any(|mend| mend.what == task.says);
        let act = if record.is_public() { "已整改" } else { "检查已撤回" };
        self.end_about(&record.id, act, |task| task.matter == TaskMatter::Deficiency && !told(task))
    }

    /// A regulation that is new: another version of one that is known, or a decision about others.
    fn came(&self, id: &str, regulation: &Regulation) -> Result<Option<Happened>, StoreError> {
        let decides = matches!(regulation.document_kind, DocumentKind::Amendment | DocumentKind::Abolition);
        let work = work_reference(&regulation.title);
        let mut repealed: Vec<(String, &str)> = Vec::new();
        for title in repeals::repealed(regulation).into_iter().map(|repealed| repealed.title) {
            let on = work_reference(title);
            let is_new = on != work && repealed.iter().all(|(known, _)| *known != on);
            if is_new && repealed.len() < MAX_REPEALED && !self.is_held_since(&on, regulation)? {
                repealed.push((on, title));
            }
        }
        let mut about: Vec<String> = repealed.iter().map(|(on, _)| on.clone()).collect();
        // A decision that comes late is about a text that a newer one has replaced since.
        for on in quoted_titles(&regulation.title).filter(|_| decides).map(work_reference) {
            if !self.is_held_since(&on, regulation)? {
                about.push(on);
            }
        }
        about.sort();
        about.dedup();
        if decides && !about.is_empty() {
            let repeals = regulation.document_kind == DocumentKind::Abolition;
            let what = match (repeals, repealed.is_empty()) {
                (true, _) => "废止",
                (false, true) => "修改",
                (false, false) => "修改、废止",
            };
            let says = format!("已公布《{}》（{what}）", regulation.title);
            return Ok(Some(Happened::new(TaskMatter::RegulationChanged, says, about)));
        }
        // A new regulation whose closing article takes others out of force, and a decision on something else that does.
        let also = || {
            let on: Vec<String> = repealed.iter().map(|(on, _)| on.clone()).collect();
            let says = format!("《{}》已公布，写明废止{}", regulation.title, few(&repealed));
            (!on.is_empty()).then(|| Happened::new(TaskMatter::RegulationChanged, says, on))
        };
        let mut is_newer = false;
        for (_, other) in self.store.list(&List::Work(&work), None, MAX_VERSIONS)? {
            let Some(other) = self.store.head_of(&other)?.filter(|other| other.id != id && other.is_public()) else {
                continue;
            };
            let Body::Regulation(other) = &other.body else { continue };
            if other.division != regulation.division {
                continue;
            }
            // A text that comes late and is older changes nothing of its own work.
            if other.version_date >= regulation.version_date {
                return Ok(also());
            }
            is_newer = true;
        }
        if !is_newer {
            return Ok(also());
        }
        let version = regulation.version_date.map(|day| format!("（{day}）")).unwrap_or_default();
        let says = format!("《{}》有了新的版本{version}", regulation.title);
        let mut happened = Happened::new(TaskMatter::RegulationChanged, says, vec![work.clone()]);
        if let Some(Record { body: Body::Regulation(old), .. }) = version_before(self.store, id, regulation)? {
            let unchanged = Unchanged::between(old, regulation.clone());
            let changed = unchanged.missing();
            if changed > 0 {
                happened.says.push_str(&format!("，{changed} 条有改动"));
            }
            happened.unchanged = Some((work, unchanged));
        }
        if let Some(also) = also() {
            happened.says.push_str(&format!("，同时废止{}", few(&repealed)));
            happened.on.extend(also.on);
        }
        Ok(Some(happened))
    }

    /// Whether a work of the same place has a text that is newer than a regulation: what that repealed was an older
    /// one.
    fn is_held_since(&self, work: &str, regulation: &Regulation) -> Result<bool, StoreError> {
        // Without its day nothing tells that it came late.
        if regulation.version_date.is_none() {
            return Ok(false);
        }
        for (_, id) in self.store.list(&List::Work(work), None, MAX_VERSIONS)? {
            let held = self.store.head_of(&id)?.filter(Record::is_public);
            let is_newer =
                |r: &Regulation| r.division == regulation.division && r.version_date > regulation.version_date;
            if held.is_some_and(|r| matches!(&r.body, Body::Regulation(r) if is_newer(r))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The records that rest on something, by whoever answers for them: those that a task names, and how many.
    fn dependents(
        &self,
        happened: &Happened,
        changed: &Record,
        names: &mut Vec<Record>,
    ) -> Result<BTreeMap<Concerns, Found>, StoreError> {
        // Read where something rests on it, and not for every change.
        let mut read: Option<Offices> = None;
        let mut found: BTreeMap<Concerns, Found> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for key in &happened.on {
            let mut after = None;
            loop {
                let page = self.store.list(&List::RestsOn(key), after.as_deref(), DEPENDENTS_AT_A_TIME)?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.clone());
                let new = |id: &String| *id != changed.id && !seen.contains(id);
                let ids: Vec<String> = page.into_iter().map(|(_, id)| id).filter(new).collect();
                if read.is_none() {
                    read = Some(Offices::read(self.store)?);
                }
                let Some(offices) = &read else { break };
                let concerned = side_by_side::each(&ids, |id| {
                    let record = self.store.head_of(id)?.filter(is_in_use);
                    Ok(record.and_then(|record| {
                        let concerned = happened.concerns(&record, key)?;
                        // A regulation that names another in its own text names no places as bases do.
                        let in_general = concerned == Concerned::InGeneral && record.body.bases().next().is_some();
                        let division = division_of(&record, changed);
                        let office = offices.of(&record, &division);
                        Some((Concerns { division, office }, in_general, record))
                    }))
                })?;
                for (whose, in_general, record) in concerned {
                    seen.insert(record.id.clone());
                    let of_holder = happened.matter == TaskMatter::InstitutionChanged;
                    if of_holder && matches!(record.body, Body::WebName(_)) && names.len() < MAX_NAMES {
                        names.push(record);
                        continue;
                    }
                    let of = found.entry(whose).or_default();
                    of.count += 1;
                    of.in_general += usize::from(in_general);
                    if of.records.len() < MAX_RECORDS {
                        of.records.push(named(&record));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The division whose office answers for a record that rests on another: a web name belongs where its owner does.
fn division_of(record: &Record, changed: &Record) -> DivisionCode {
    let division = match (&record.owner, &record.body, &changed.body) {
        (None, Body::WebName(_), Body::Institution(_)) => changed.owner.as_ref().or(changed.body.division()).cloned(),
        (owner, ..) => owner.as_ref().or(record.body.division()).cloned(),
    };
    division.unwrap_or_else(DivisionCode::nation)
}

/// Whether a record is one that somebody still has to look after.
pub(super) fn is_in_use(record: &Record) -> bool {
    let gone = |status| matches!(status, Status::Repealed | Status::Superseded);
    // Schemes that offices alone read are looked after as those are that everybody reads.
    let shown = record.is_public() || record.body.info().narrows && record.is_shown_to(Audience::Offices);
    shown && !matches!(&record.body, Body::Regulation(r) if r.stated_status.is_some_and(gone))
}

/// An institution that is gone, called otherwise, at other addresses on the web, or elsewhere.
fn institution(id: &str, was: &Institution, is: Option<&Institution>) -> Vec<Happened> {
    let on = vec![id.to_owned()];
    let Some(is) = is else {
        let says = format!("{}已撤销或不再公布", was.name);
        return vec![Happened::new(TaskMatter::InstitutionChanged, says, on)];
    };
    let hosts = |of: &Institution| of.websites.iter().map(|site| site.host.clone()).collect::<BTreeSet<_>>();
    let (had, has) = (hosts(was), hosts(is));
    // Its own web names follow in the same write; others lean on an address only where it is gone.
    let gone: Vec<String> = had.difference(&has).cloned().collect();
    let come: Vec<String> = has.difference(&had).cloned().collect();
    let sites = (!gone.is_empty()).then(|| match come.is_empty() {
        true => format!("{}不再使用 {}", is.name, gone.join("、")),
        false => format!("{}的网址由 {} 改为 {}", is.name, gone.join("、"), come.join("、")),
    });
    let moved = was.contacts.address.as_deref().and_then(|was| {
        let now = is.contacts.address.as_deref().unwrap_or("（未载明）");
        (was != now).then(|| format!("{}的地址由 {was} 改为 {now}", is.name))
    });
    // Who rests on an institution that is called otherwise has to know all of it.
    if was.name != is.name {
        let renamed = format!("{}改称{}", was.name, is.name);
        let says: Vec<String> = [Some(renamed), sites, moved].into_iter().flatten().collect();
        return vec![Happened::new(TaskMatter::InstitutionChanged, says.join("；"), on)];
    }
    let sites = sites.map(|says| Happened { hosts: gone, ..Happened::new(TaskMatter::SitesChanged, says, on.clone()) });
    // A mark shows where its holder is.
    let moved = moved.map(|says| Happened { marks: true, ..Happened::new(TaskMatter::InstitutionChanged, says, on) });
    sites.into_iter().chain(moved).collect()
}

/// A name that has another holder, or that nobody holds any more.
fn web_name(id: &str, was: &WebName, is: Option<&Body>) -> Option<Happened> {
    let held = |name: &WebName| name.status != NameStatus::NotAdopted;
    let is = match is {
        Some(Body::WebName(is)) if held(is) => Some(is),
        _ => None,
    };
    let says = match is {
        None if held(was) => format!("网上名称“{}”不再使用", was.name),
        Some(is) if held(was) && is.institution_id != was.institution_id && was.institution_id.is_some() => {
            format!("网上名称“{}”改由{}持有", is.name, is.institution_name)
        }
        _ => return None,
    };
    Some(Happened::new(TaskMatter::NameChanged, says, vec![id.to_owned()]))
}

/// A regulation that its source now says to be repealed.
fn repealed(was: &Regulation, is: &Regulation) -> Option<Happened> {
    let repealed = is.stated_status == Some(Status::Repealed) && was.stated_status != Some(Status::Repealed);
    repealed.then(|| {
        Happened::new(TaskMatter::RegulationChanged, format!("《{}》已废止", is.title), vec![work_reference(&is.title)])
    })
}

/// The first few repealed regulations by title, and how many there are.
fn few(repealed: &[(String, &str)]) -> String {
    let first: Vec<String> = repealed.iter().take(3).map(|(_, title)| format!("《{title}》")).collect();
    let more = if repealed.len() > first.len() { format!("等 {} 部", repealed.len()) } else { String::new() };
    first.join("、") + &more
}

/// The first few by name, and how many there are.
fn shown(records: &[TaskRecord], count: usize) -> String {
    let few: Vec<&str> = records.iter().take(3).map(|record| record.title.as_str()).collect();
    if count > few.len() { format!("{}等 {count} 条", few.join("、")) } else { few.join("、") }
}

#[cfg(test)]
mod tests {
    use indexer::record::{Evidence, Website, samples};

    use super::*;

    #[test]
    fn a_site_that_is_gone_concerns_those_at_or_below_it() {
        let with = |host: &str| {
            let mut record = samples::institution("b", "甲局", "520300");
            let Body::Institution(i) = &mut record.body else { unreachable!() };
            i.websites = vec![Website {
                url: format!("https://{host}/"),
                host: host.to_owned(),
                evidence: Evidence::Single,
                sources: vec!["a".into()],
                off_gov_cn: false,
            }];
            record
        };
        let gone = Happened {
            hosts: vec!["sj.jia.gov.cn".into()],
            ..Happened::new(TaskMatter::SitesChanged, String::new(), Vec::new())
        };
        for (host, concerned) in
            [("sj.jia.gov.cn", true), ("bm.sj.jia.gov.cn", true), ("xsj.jia.gov.cn", false), ("jia.gov.cn", false)]
        {
            assert_eq!(gone.concerns(&with(host), "").is_some(), concerned, "{host}");
        }
        let all = Happened::new(TaskMatter::InstitutionChanged, String::new(), Vec::new());
        assert!(all.concerns(&samples::institution("b", "甲局", "520300"), "").is_some());
    }

    #[test]
    fn a_body_that_moves_concerns_the_marks_of_its_sites_alone() {
        let at = |address: &str| {
            let Body::Institution(mut body) = samples::institution("b", "甲局", "520300").body else {
                unreachable!()
            };
            body.contacts.address = Some(address.to_owned());
            body
        };
        assert!(institution("b", &at("甲路1号"), Some(&at("甲路1号"))).is_empty());
        let moved = institution("b", &at("甲路1号"), Some(&at("乙路2号"))).remove(0);
        assert_eq!(moved.says, "甲局的地址由 甲路1号 改为 乙路2号");
        // One that gives up a site as well is reported with both.
        let mut with_site = at("甲路1号");
        with_site.websites = vec![Website {
            url: "https://jia.gov.cn/".into(),
            host: "jia.gov.cn".into(),
            evidence: Evidence::Single,
            sources: vec!["a".into()],
            off_gov_cn: false,
        }];
        let both = institution("b", &with_site, Some(&at("乙路2号")));
        let told: Vec<(TaskMatter, &str)> = both.iter().map(|one| (one.matter, one.says.as_str())).collect();
        assert_eq!(
            told,
            [
                (TaskMatter::SitesChanged, "甲局不再使用 jia.gov.cn"),
                (TaskMatter::InstitutionChanged, "甲局的地址由 甲路1号 改为 乙路2号")
            ]
        );
        let mut renamed = at("乙路2号");
        renamed.name = "乙局".to_owned();
        let told = institution("b", &with_site, Some(&renamed));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].says, "甲局改称乙局；乙局不再使用 jia.gov.cn；乙局的地址由 甲路1号 改为 乙路2号");
        let mark = samples::record("m-1", Body::blank("site_mark").unwrap());
        assert!(moved.concerns(&mark, "").is_some());
        assert!(moved.concerns(&samples::institution("c", "甲局办公室", "520300"), "").is_none());
    }
}
