//! What a record tells to be wrong, as a check of a site does.

use indexer::record::{Body, DivisionCode, Record, TaskMatter, TaskOrigin};

use crate::{
    clock::today,
    desk::{
        LimitKey,
        tasks::{Pending, id_of, new, start},
    },
    store::StoreError,
};

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
}
