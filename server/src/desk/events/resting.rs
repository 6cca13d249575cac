//! The records that rest on something that has changed, by whoever answers for them.

use std::collections::{BTreeMap, BTreeSet};

use indexer::record::{Audience, Body, DivisionCode, Record, Status, TaskMatter, TaskRecord};

use super::{
    happened::Happened,
    offices::{Office, Offices},
    web_names::MAX_NAMES,
};
use crate::{
    desk::{
        changed::Concerned,
        tasks::{MAX_RECORDS, Pending, named},
    },
    store::{StoreError, listings::List},
    threads,
};

/// Records that rest on one, read at a time when it changes; all are looked through, since items of a whole country's
/// lists cite one law.
const AT_A_TIME: usize = 4_096;

/// Whose records are concerned: those of an institution that has accounts, or of the rest of a division.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Concerns {
    pub division: DivisionCode,
    /// Of no name for the division's office.
    pub office: Office,
}

/// The records of one that are concerned.
#[derive(Default)]
pub(super) struct Found {
    /// Those that a task names.
    pub records: Vec<TaskRecord>,
    pub count: usize,
    /// How many of them name a heading or the whole regulation and no article.
    pub in_general: usize,
}

/// One of them.
struct Resting {
    whose: Concerns,
    in_general: bool,
    named: TaskRecord,
    /// The record, where it is a web name: its holder's end is a task about each.
    web_name: Option<Record>,
}

impl Pending<'_> {
    /// The records that rest on something, by whoever answers for them: those that a task names, and how many.
    pub(super) fn dependents(
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
                let page = self.store.list(&List::RestsOn(key), after.as_deref(), AT_A_TIME)?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.clone());
                let new = |id: &String| *id != changed.id && !seen.contains(id);
                let ids: Vec<String> = page.into_iter().map(|(_, id)| id).filter(new).collect();
                if read.is_none() {
                    read = Some(Offices::read(self.store)?);
                }
                let Some(offices) = &read else { break };
                let met = threads::each(&ids, |id| {
                    let Some(record) = self.store.head_of(id)?.filter(is_in_use) else { return Ok(None) };
                    let Some(concerned) = happened.concerns(&record, key) else { return Ok(None) };
                    // A regulation that names another in its own text names no places as bases do.
                    let in_general = concerned == Concerned::InGeneral && record.body.bases().next().is_some();
                    let division = division_of(&record, changed);
                    let office = offices.of(self.store, &record.body, &division)?;
                    let named = named(&record);
                    let web_name = matches!(record.body, Body::WebName(_)).then_some(record);
                    Ok(Some(Resting { whose: Concerns { division, office }, in_general, named, web_name }))
                })?;
                for Resting { whose, in_general, named, web_name } in met {
                    seen.insert(named.id.clone());
                    let of_holder = happened.matter == TaskMatter::InstitutionChanged && names.len() < MAX_NAMES;
                    if let Some(name) = web_name.filter(|_| of_holder) {
                        names.push(name);
                        continue;
                    }
                    let of = found.entry(whose).or_default();
                    of.count += 1;
                    of.in_general += usize::from(in_general);
                    if of.records.len() < MAX_RECORDS {
                        of.records.push(named);
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
pub fn is_in_use(record: &Record) -> bool {
    let gone = |status| matches!(status, Status::Repealed | Status::Superseded);
    // Schemes that offices alone read are looked after as those are that everybody reads.
    let shown = record.is_public() || record.body.info().narrows && record.is_shown_to(Audience::Offices);
    shown && !matches!(&record.body, Body::Regulation(r) if r.stated_status.is_some_and(gone))
}

/// The first few by name, and how many there are.
pub(super) fn shown(records: &[TaskRecord], count: usize) -> String {
    let few: Vec<&str> = records.iter().take(3).map(|record| record.title.as_str()).collect();
    if count > few.len() { format!("{}等 {count} 条", few.join("、")) } else { few.join("、") }
}
