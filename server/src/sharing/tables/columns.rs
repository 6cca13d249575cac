//! What a column is: the one declaration that template, reader and help are made of.

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
}

impl Column {
    pub const fn required(name: &'static str, meaning: &'static str, example: &'static str) -> Self {
        Self { name, required: true, meaning, example }
    }

    pub const fn optional(name: &'static str, meaning: &'static str, example: &'static str) -> Self {
        Self { name, required: false, meaning, example }
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
    let line = |cells: Vec<&str>| cells.join(",");
    // No header and no example has a comma, a quotation mark or a line break: a test holds them to it.
    let (header, example) =
        (line(columns.iter().map(|c| c.name).collect()), line(columns.iter().map(|c| c.example).collect()));
    format!("\u{FEFF}{header}\r\n{example}\r\n").into_bytes()
}
