//! What is wrong with a table, told so that whoever filled it in can mend it.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;

/// Faults told one by one: more than anybody mends before trying again. The rest are counted.
pub const MAX_REPORTED: usize = 1_000;
/// Characters of a value that are repeated.
const SHOWN: usize = 60;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Number of the row as a spreadsheet shows it.
    pub row: u32,
    pub column: String,
    /// What stands there, or its beginning.
    pub value: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Fault {
    pub fn new(row: u32, column: &str, value: &str, message: impl Into<String>) -> Self {
        let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        Self { row, column: short(column), value: short(value), message: message.into() }
    }

    /// Of a sheet among several, which the message names.
    pub fn in_sheet(sheet: &str, row: u32, column: &str, value: &str, message: String) -> Self {
        let message = if sheet.is_empty() { message } else { format!("工作表“{sheet}”：{message}") };
        Self::new(row, column, value, message)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行", self.row)?;
        if !self.column.is_empty() {
            write!(f, "“{}”列", self.column)?;
        }
        if !self.value.is_empty() {
            write!(f, "（{}）", self.value)?;
        }
        write!(f, "：{}", self.message)
    }
}

/// All faults of a table, the first of them by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    pub reported: Vec<Fault>,
    pub count: usize,
    /// Rows with faults that are only counted.
    pub unlisted_rows: BTreeSet<u32>,
}

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.count += 1;
        if self.reported.len() < MAX_REPORTED {
            self.reported.push(fault);
        } else {
            self.unlisted_rows.insert(fault.row);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Faults that are only counted.
    pub fn unlisted_count(&self) -> usize {
        self.count - self.reported.len()
    }
}
