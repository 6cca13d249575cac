//! What commands do to a data directory, whoever holds it: this process, or the running service on its behalf.

use std::path::{Path, PathBuf};

use anyhow::Result;
use indexer::record::{DivisionCode, Role};
use serde::{Deserialize, Serialize};

use super::{audit, backup, fsck, record, user};
use crate::{
    store::RecordStore,
    tell::{Said, Tell},
};

/// Whoever has the machine has the command line.
pub const AUTHOR: &str = "命令行";

/// An open data directory.
pub struct Place<'a> {
    pub store: &'a RecordStore,
    pub data: &'a Path,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Task {
    /// To an absolute path: the service works elsewhere.
    Backup {
        to: PathBuf,
    },
    Fsck,
    AuditVerify {
        link: Option<String>,
    },
    AuditExport,
    RecordHistory {
        id: String,
    },
    RecordWithdraw {
        id: String,
        reason: String,
    },
    UserAdd {
        name: String,
        role: Role,
        division: DivisionCode,
        office: Option<String>,
        office_name: String,
        password: Option<String>,
    },
    UserPassword {
        name: String,
    },
    UserConfirm {
        name: String,
    },
    UserClose {
        name: String,
    },
    UserList,
}

impl Task {
    pub fn run(self, place: &Place<'_>, tell: &mut Tell<'_>) -> Result<()> {
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

/// Says a line of the result.
pub fn line(tell: &mut Tell<'_>, text: impl Into<String>) -> Result<()> {
    Ok(tell(Said::Line(text.into()))?)
}
