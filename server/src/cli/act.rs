//! Which command does which task.

use anyhow::Result;

use super::{
    audit, backup, fsck, record,
    task::{OpenData, Task},
    user,
};
use crate::report::Report;

impl Task {
    pub fn run(self, place: &OpenData<'_>, tell: &mut Report<'_>) -> Result<()> {
        match self {
            Self::Backup { to } => backup::write(place, &to, tell),
            Self::Fsck => fsck::check(place, false, tell),
            Self::AuditVerify { link } => audit::verify(place.store, link.as_deref(), tell),
            Self::AuditExport => audit::export(place.store, tell),
            Self::RecordHistory { id } => record::history(place.store, &id, tell),
            Self::RecordWithdraw { id, reason } => record::withdraw(place.store, &id, reason.trim(), tell),
            Self::UserAdd { name, role, division, office, office_name, password } => {
                let new = crate::access::NewAccount { name, office_id: office, office_name, role, division };
                user::add(place.store, new, password.as_deref(), tell)
            }
            Self::UserPassword { name } => user::password(place.store, &name, tell),
            Self::UserConfirm { name } => user::confirm(place.store, &name, tell),
            Self::UserClose { name } => user::close(place.store, &name, tell),
            Self::UserList => user::list(place.store, tell),
        }
    }
}
