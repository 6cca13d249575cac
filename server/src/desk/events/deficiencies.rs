//! What a record tells to be wrong, as a check of a site does.

use indexer::record::{Body, Date, DivisionCode, Record, State, Task, TaskMatter, TaskOrigin};

use crate::{
    clock::today,
    desk::{
        LimitKey,
        tasks::{Pending, id_of, new, start},
    },
    store::StoreError,
};

/// How a task ends that its record settles.
const MENDED: &str = "已整改";
const TAKEN_BACK: &str = "检查已撤回";

impl Pending<'_> {
    /// What a record tells to be wrong, each to be mended by its day. What is not reported any more is settled. Of
    /// several revisions that are looked at together, as after an import into a stopped service, the last one stands.
    pub(super) fn mend(&mut self, record: &Record, revision: u64) -> Result<(), StoreError> {
        if !record.body.may_need_mending() || self.store.current_revision(&record.id)?.unwrap_or_default() > revision {
            return Ok(());
        }
        let open = if record.is_public() { record.body.to_mend() } else { Vec::new() };
        for mend in &open {
            let of = format!("{}\0{}", record.id, mend.what);
            let id = id_of(TaskMatter::Deficiency, &of);
            if let Some(mut there) = self.get(&id)? {
                if let Body::Task(task) = &mut there.body {
                    let settled =
                        task.ended.as_ref().is_some_and(|end| [MENDED, TAKEN_BACK].contains(&end.act.as_str()));
                    // What the record itself had settled is wrong anew; what somebody closed stays closed.
                    let again = settled && task.ended.take().is_some();
                    if again || task.ended.is_none() && is_due_otherwise(task, mend.due) {
                        self.set_due(task, mend.due);
                        there.state = State::Submitted;
                        self.set(there);
                    }
                }
                continue;
            }
            let division = record.owner.clone().or_else(|| record.body.division().cloned());
            let says = mend.what.clone();
            let division = division.unwrap_or_else(DivisionCode::nation);
            let mut task = new(TaskMatter::Deficiency, &of, &division, record, says, TaskOrigin::Time);
            if let Body::Task(task) = &mut task.body {
                self.set_due(task, mend.due);
            }
            self.set(task);
        }
        let told = |task: &Task| open.iter().any(|mend| mend.what == task.says);
        let act = if record.is_public() { MENDED } else { TAKEN_BACK };
        self.end_about(&record.id, act, |task| task.matter == TaskMatter::Deficiency && !told(task))
    }

    /// Gives a task the day of its record, or the office's own limit where the record sets none.
    fn set_due(&self, task: &mut Task, due: Option<Date>) {
        task.reminded.clear();
        match due {
            Some(_) => {
                (task.due, task.clock) = (due, None);
                task.remind_before.clone_from(&self.desk.limits.get(LimitKey::ChangeFollowup).remind_before);
            }
            None => start(self.desk, task, LimitKey::ChangeFollowup, today()),
        }
    }
}

/// Whether a record sets another day than a task has, or none where it had set one.
fn is_due_otherwise(task: &Task, due: Option<Date>) -> bool {
    match due {
        Some(_) => task.due != due,
        None => task.clock.is_none(),
    }
}
