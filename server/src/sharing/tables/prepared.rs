//! What a row makes of a record, before anything is written.

use indexer::record::{Body, DivisionCode, Record};

use super::Fault;

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
    /// The sheet that the row stands in; empty where the table has one alone.
    pub sheet: String,
    pub record: Record,
    pub note: String,
}

impl Prepared {
    /// What is reported of a cell of its row.
    pub fn fault(&self, column: &str, value: &str, message: String) -> Fault {
        Fault::in_sheet(&self.sheet, self.row, column, value, message)
    }
}
