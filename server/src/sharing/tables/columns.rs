//! A column of a table, as template, reader and help need it.

use indexer::record;
use serde::Serialize;

use super::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The header's words.
    pub name: &'static str,
    pub required: bool,
    /// For whoever fills it in.
    pub meaning: &'static str,
    /// What the template's example has there.
    pub example: &'static str,
    /// What else the tables of offices call it.
    #[serde(skip)]
    pub also: &'static [&'static str],
}

impl Column {
    /// Whether a table's header means it: by its name, or by what else it is called. Spaces, line breaks and what stands in
    /// brackets behind a name say nothing.
    pub fn is_called(&self, header: &str) -> bool {
        let bare: String = header.chars().filter(|c| !c.is_whitespace()).collect();
        let bare = bare.trim_end_matches(['*', '＊']);
        let short = bare.split(['（', '(']).next().unwrap_or(bare);
        // Kinds without other words are read by their names alone.
        !self.also.is_empty() && [bare, short].into_iter().any(|word| word == self.name || self.also.contains(&word))
    }

    /// A column as its kind declares it.
    pub fn of(column: &'static record::Column) -> Self {
        let (name, required) = (column.label, column.required);
        Self { name, required, meaning: column.hint, example: column.example, also: column.also }
    }

    pub const fn optional(name: &'static str, meaning: &'static str, example: &'static str) -> Self {
        Self { name, required: false, meaning, example, also: &[] }
    }

    /// The column that names a record which is there already.
    pub const fn id() -> Self {
        Self::optional(super::ID, "已有记录的编号，即页面地址的最后一段；改名时用它认出原来的记录，新记录留空", "")
    }

    /// The last column of every kind.
    pub const fn note() -> Self {
        Self::optional(
            super::NOTE,
            "为什么这样写，记入修订史或报送的说明；以“示例”开头的行略过不读",
            "示例：填写时删去此行",
        )
    }
}

/// An empty table with its header and one row that shows how it is filled in. It begins with a byte order mark, without
/// which Excel takes UTF-8 for something else.
pub fn template(kind: Kind) -> Vec<u8> {
    let columns = kind.columns();
    // RFC 4180, 2.6 and 2.7. The lines of an example stand in one cell.
    let cell = |text: &str| match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let line = |cells: Vec<&str>| cells.into_iter().map(cell).collect::<Vec<_>>().join(",");
    let (header, example) =
        (line(columns.iter().map(|c| c.name).collect()), line(columns.iter().map(|c| c.example).collect()));
    format!("\u{FEFF}{header}\r\n{example}\r\n").into_bytes()
}
