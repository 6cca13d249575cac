//! A change that an office proposes 报送: what a record shall be, on its way through review.
//!
//! It is a record of its own, so that what is published stays as it is until the change is, and no draft stands where the
//! public looks.

use serde::{Deserialize, Serialize};

use super::{Body, Date, Provenance};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The office that proposes: what it is told apart by, and its name.
    pub office: String,
    pub office_name: String,
    /// Accounts that wrote it: none of them may approve it.
    pub authors: Vec<String>,
    /// Id of the record that it changes or makes.
    pub target: String,
    /// Name or title of that record, for lists.
    pub target_title: String,
    /// The revision of the target that it was written on; 0 for a new record.
    pub based_on: u64,
    /// What the target shall be; `None`: it shall be withdrawn.
    pub content: Option<Box<Body>>,
    /// Where the content comes from; joins the target's sources.
    pub provenance: Vec<Provenance>,
    /// The reader's suggestion that it follows.
    pub answers: Option<String>,
    /// In the office's words: why.
    pub note: String,
    /// The target's revision that it became; `None` until it is published.
    #[serde(default)]
    pub published_as: Option<u64>,
    /// Day by which it should have been reviewed; set when it is handed in.
    pub due: Option<Date>,
}
