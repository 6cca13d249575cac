//! 批量导入: whole tables of institutions, regulations and web names, as offices keep them in a spreadsheet.
//!
//! The columns of a kind are declared once, with the kind; template and reader are made of them. Every cell is checked
//! by the rules of the forms, every fault is reported by row and column, and what a row would change is known before
//! anything is written. Whoever has the machine writes at once ([`write`]); an office's rows become submissions, which
//! are reviewed.
//!
//! An empty cell leaves what is there as it is, so that a table of three columns does no harm to the rest; to take a
//! value out, the cell says [`NOTHING`].
//!
//! A new institution's id is made of its division and full name, so that the same row makes the same record, and it
//! stays when the institution is renamed. On the command line nothing that a person has changed is overwritten, and
//! without an office behind it (`--office`) a table only claims addresses and takes none away.

mod bases;
#[cfg(test)]
mod cells_tests;
mod check;
mod columns;
mod export;
mod faults;
mod general;
#[cfg(test)]
mod headers_tests;
mod known;
mod lines;
#[cfg(test)]
mod lists_tests;
mod prepared;
mod regulations;
#[cfg(test)]
mod round_trip_tests;
mod row;
#[cfg(test)]
mod tests;
mod web_names;
mod write;

use indexer::record::{Audience, Info, KINDS, Weight, Word};

use crate::store::StoreError;

pub use bases::{CheckedBases, check_bases};
pub use check::{Checked, check, check_for, check_with};
pub use columns::{Column, template};
pub use export::export;
pub use faults::{Fault, Faults};
pub use prepared::{AUTHOR, Prepared};
pub use row::Headers;
pub use write::{Written, write};

/// Rows of a table on the command line: the institutions of a province, from its offices down to its townships', are
/// below 50,000, and all of them with their records take some 200 MiB of memory.
pub const MAX_ROWS: usize = 50_000;
/// Rows of a table handed in over the interface: the published list of a city has some 3,000. Each becomes a submission
/// that somebody looks at, and is two durable writes within the time that a request has.
pub const MAX_SUBMITTED_ROWS: usize = 4_000;
/// What a cell says to take a value out.
pub const NOTHING: &str = "无";
/// The column with the reason for a row, and how it begins in a row that is only an example.
const NOTE: &str = "说明";
/// The column with the id of a record that is there.
const ID: &str = "编号";
const EXAMPLE: &str = "示例";

/// What the rows of a table are: a kind of record that people search, with columns that they give.
#[derive(Debug, Clone, Copy)]
pub struct Kind(&'static Info);

impl Kind {
    pub fn all() -> impl Iterator<Item = Self> {
        let searched = |kind: &Info| kind.is_public() || kind.is_searched_by(Audience::Offices);
        KINDS.iter().copied().map(Self).filter(move |kind| searched(kind.0) && kind.0.columns.iter().any(|c| c.given))
    }

    /// The kind of a name on the command line and in addresses.
    pub fn of(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// The name on the command line and in addresses.
    #[allow(clippy::misnamed_getters, reason = "tables are named by the path of their kind")]
    pub fn name(self) -> &'static str {
        self.0.path
    }

    /// Whether only offices see its records.
    pub fn is_shared(self) -> bool {
        !self.0.is_public()
    }

    /// The kind's name in the store.
    pub fn kind(self) -> &'static str {
        self.0.name
    }

    pub fn label(self) -> &'static str {
        self.0.label
    }

    /// The kind's columns, in the order of its template: its own that people give, with those of every table around
    /// them.
    pub fn columns(self) -> Vec<Column> {
        let own = self.0.columns.iter().copied().filter(|column| column.given).map(Column::of);
        let found = match self.0.name {
            "web_name" => vec![web_names::DIVISION_OF_INSTITUTION],
            _ if self.0.by_lines => vec![Column::id(), lines::PART, lines::LINE],
            _ => vec![Column::id()],
        };
        own.chain(found).chain([Column::note()]).collect()
    }

    /// Whether its records name regulations that they rest on.
    pub fn cites(self) -> bool {
        self.0.columns.iter().any(|column| column.cites)
    }

    /// The column by which people recognize a row.
    fn key(self) -> &'static str {
        self.0.columns[0].label
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

/// All kinds, each by its name and label, for whoever chose none of them.
pub fn all_kinds() -> String {
    Kind::all().map(|kind| format!("{}（{}）", kind.name(), kind.label())).collect::<Vec<_>>().join("、")
}

/// Whose word a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// Of whoever has the machine; with the office that stands behind it, where one is named.
    Operator(Option<&'a str>),
    /// Of an office whose rows are reviewed before they are published.
    Office(&'a str),
}

impl<'a> Said<'a> {
    /// The office whose word confirms an address; without one it is only claimed.
    fn office(self) -> Option<&'a str> {
        match self {
            Self::Operator(office) => office,
            Self::Office(office) => Some(office),
        }
    }

    /// What a record makes of it; `table` stands for a table without an office behind it.
    fn word<'w>(self, table: &'w str) -> Word<'w>
    where
        'a: 'w,
    {
        let weight = if self.office().is_some() { Weight::Own } else { Weight::Claim };
        Word { source: self.office().unwrap_or(table), weight, day: crate::clock::today() }
    }

    fn is_reviewed(self) -> bool {
        matches!(self, Self::Office(_))
    }
}

/// Why a table was not even looked at row by row.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("表格是空的：第一行应为列名，以下每行一条")]
    Empty,
    #[error("表格有 {rows} 行，一次最多 {most} 行：请拆分后分次导入")]
    Rows { rows: usize, most: usize },
    #[error(transparent)]
    Store(#[from] StoreError),
}
