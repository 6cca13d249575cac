//! What long work says while it goes on, and where that goes: to the terminal, or through the control socket.

use std::io;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A line of the result.
    Line(String),
    /// A line about it, which is none of the result.
    Note(String),
    Progress {
        stage: String,
        done: u64,
        total: Option<u64>,
    },
}

/// Takes what is said. An error ends the work: nobody is there any more to hear of it.
pub type Report<'a> = dyn FnMut(Said) -> io::Result<()> + 'a;

/// How far a stage is.
pub fn progress(tell: &mut Report<'_>, stage: &str, done: u64, total: u64) -> io::Result<()> {
    tell(Said::Progress { stage: stage.to_owned(), done, total: Some(total) })
}
