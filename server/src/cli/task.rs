//! What commands do to a data directory, whoever holds it: this process, or the running service on its behalf.

use std::path::{Path, PathBuf};

use anyhow::Result;
use indexer::record::{DivisionCode, Role};
use serde::{Deserialize, Serialize};

use crate::{
    report::{Report, Said},
    store::RecordStore,
};

pub use crate::sharing::tables::AUTHOR;

/// An open data directory.
pub struct OpenData<'a> {
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

/// Says a line of the result.
pub fn line(tell: &mut Report<'_>, text: impl Into<String>) -> Result<()> {
    Ok(tell(Said::Line(text.into()))?)
}
