//! What is said between the service and a process that reads: a JSON value a line, and the file after the first.

use std::io::{self, Write};

use indexer::corpus::documents::Sheet;
use serde::{Deserialize, Serialize};

use super::Proposed;

/// Longest line to the process, in bytes: a file's name of 120 characters, escaped.
pub const LONGEST_LINE: u64 = 4 << 10;

/// The first line to the process; as many bytes as it says follow. Each later line answers a [`Said::Division`] with the
/// code, or null.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    pub what: What,
    /// Of the file as it came.
    pub name: String,
    pub size: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Document,
    Sheet,
}

/// A line from the process; all but the first kind are its last.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Which division has this name?
    Division(String),
    Document(Box<Proposed>),
    Sheet(Sheet),
    /// Why the file was not read.
    Refused(String),
}

pub fn line(mut to: impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut to, value)?;
    to.write_all(b"\n")?;
    to.flush()
}
