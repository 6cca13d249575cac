//! Readers: from files of any shape to records, with every rejected row or file named.

pub mod china_law;
pub mod directory;
pub mod division_history;
pub mod documents;
pub mod law_markdown;
pub mod limited;
pub mod merge;
pub mod schemes;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use record::Record;

/// Takes what a reader reads. Readers stop at the first error a sink returns.
pub type Sink<'a> = dyn FnMut(Record) -> Result<(), ReadError> + 'a;

/// What a reader did with its input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub accepted: u64,
    /// Left out on purpose, counted by reason: `案例 是案例，不是法规` → 57.
    pub skipped: BTreeMap<String, u64>,
    pub rejected: Vec<Reject>,
}

impl Report {
    pub fn skip(&mut self, reason: impl Into<String>) {
        *self.skipped.entry(reason.into()).or_default() += 1;
    }

    pub fn reject(&mut self, file: impl Into<String>, line: Option<u64>, reason: impl Into<String>) {
        self.rejected.push(Reject { file: file.into(), line, reason: reason.into() });
    }

    /// Adds another reader's report to this one.
    pub fn merge(&mut self, other: Report) {
        self.accepted += other.accepted;
        for (reason, n) in other.skipped {
            *self.skipped.entry(reason).or_default() += n;
        }
        self.rejected.extend(other.rejected);
    }
}

/// A row or file that was not taken, and why, in words for the person who can mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    pub file: String,
    /// Counted from 1.
    pub line: Option<u64>,
    pub reason: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// Why reading stopped altogether.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("无法读取 {path}：{source}")]
    Io { path: String, source: std::io::Error },
    /// The file as a whole is not what it should be.
    #[error("{file} 不符合要求：{reason}")]
    Format { file: String, reason: String },
    /// The taker of the records failed.
    #[error("写入记录时出错：{0}")]
    Sink(#[source] Box<dyn std::error::Error + Send + Sync>),
}
