//! Why something was refused, sent back or taken out: a reason that has a code, and the letter that went with it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A letter as it was written: it stays what it was when the table of reasons changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// What was done: the table of reasons has codes for each act.
    pub act: String,
    pub code: String,
    /// The code's words.
    pub label: String,
    /// What was added in somebody's own words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    pub text: String,
    pub day: Date,
}
