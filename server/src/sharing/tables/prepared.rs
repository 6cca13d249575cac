//! What a row makes of a record, before anything is written.

use indexer::record::{Body, DivisionCode, Record};

/// Whoever has the machine has the command line.
pub use indexer::record::COMMAND_LINE as AUTHOR;

/// What a row wants a record to be.
pub struct Wanted {
    pub id: String,
    /// What is there, whatever its state.
    pub before: Option<Record>,
    pub owner: Option<DivisionCode>,
    pub body: Body,
}

/// A record as a row makes it, not yet stored; its revision is the one that it was written on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub row: u32,
    pub record: Record,
    pub note: String,
}
