//! What rests on a record that changes: it is found through the references that records make, and the offices in charge
//! of it get a task each. A text that is corrected under its own id tells nobody: versions are records of their own.

mod deficiencies;
mod happened;
mod institutions;
mod offices;
mod regulations;
mod resting;
mod web_names;

use indexer::record::{Body, Record, TaskMatter, TaskOrigin, work_reference};

use super::{
    LimitKey,
    tasks::{Pending, id_of, new, start},
};
use crate::{
    clock::today,
    store::{StoreError, listings::List},
};

use happened::Happened;
pub(super) use resting::is_in_use;
use resting::{Concerns, Found, shown};

/// Records in all that rest on what changes, up to which whoever publishes makes their tasks in the same write: reading
/// some thousand takes some tenths of a second. Above it the keeper makes them when it follows the change, a fraction
/// of a second later.
const MAX_WAITED_FOR: usize = 2_000;

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
        self.mend(after, revision)?;
        self.said_to_be_gone(before, after, revision)?;
        self.planned(before, after, revision)?;
        for happened in self.happened(before, after)? {
            self.tasks_of(&happened, after, revision, most)?;
        }
        Ok(())
    }

    /// Makes the tasks of one thing that a change is to others.
    fn tasks_of(&mut self, happened: &Happened, after: &Record, revision: u64, most: usize) -> Result<(), StoreError> {
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
            // Institutions may have one name, and their records tell them apart.
            let of = match office.id.as_deref().unwrap_or(&office.name) {
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
                (task.office, task.office_id) = (office.name, office.id);
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
                return Ok(institutions::happened(&after.id, was, is));
            }
            (Some(Body::Regulation(was)), None) => {
                let says = format!("《{}》不再公布", was.title);
                let gone = Happened::new(TaskMatter::RegulationChanged, says, vec![work_reference(&was.title)]);
                Some(gone.about(was))
            }
            (Some(Body::Regulation(was)), Some(Body::Regulation(is))) => {
                regulations::repealed(was, is).map(|happened| happened.about(is))
            }
            (None, Some(Body::Regulation(is))) => self.came(&after.id, is)?.map(|happened| happened.about(is)),
            (Some(Body::WebName(was)), is) => web_names::happened(&after.id, was, is),
            _ => None,
        };
        Ok(one.into_iter().collect())
    }
}
