//! A table of the desk: CSV with a fixed header. Every fault is reported by file and line.

use std::{fs, io, path::Path};

use csv::StringRecord;

#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("{file} 无法读取：{source}")]
    Io { file: String, source: io::Error },
    #[error("{file} 的表头应为：{columns}")]
    Header { file: String, columns: String },
    #[error("{file} 第 {line} 行：{reason}")]
    Row { file: String, line: u64, reason: String },
    #[error("{file} 缺少 {what}")]
    Missing { file: String, what: String },
}

/// A table on its way in: its name for messages, and its text.
pub struct Table {
    pub file: String,
    pub text: String,
}

/// The table in a file, or what is shipped where there is no such file.
pub fn text(path: &Path, shipped: &str) -> Result<Table, TableError> {
    let file = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Table { file, text }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Table { file, text: shipped.to_owned() }),
        Err(source) => Err(TableError::Io { file, source }),
    }
}

/// A row with as many fields as there are columns, trimmed.
pub struct Row<'a> {
    fields: &'a StringRecord,
    columns: &'a [&'a str],
}

impl Row<'_> {
    /// The field of a column; empty where there is none.
    pub fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.fields.get(at)).unwrap_or_default().trim()
    }

    /// The same where it must not be empty.
    pub fn some(&self, column: &str) -> Result<&str, String> {
        Some(self.get(column)).filter(|text| !text.is_empty()).ok_or_else(|| format!("{column} 不能为空"))
    }
}

impl Table {
    /// Hands out the rows, whose header must be `columns`; stops at the first fault.
    pub fn each(
        &self,
        columns: &[&str],
        take: &mut dyn FnMut(&Row<'_>) -> Result<(), String>,
    ) -> Result<(), TableError> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.text.as_bytes());
        let mut headed = false;
        for fields in reader.records() {
            let row = |line, reason| TableError::Row { file: self.file.clone(), line, reason };
            let fields = fields
                .map_err(|error| row(error.position().map_or(0, csv::Position::line), format!("不是 CSV：{error}")))?;
            if !headed {
                let header = fields.iter().map(|name| name.trim_start_matches('\u{FEFF}').trim());
                if header.ne(columns.iter().copied()) {
                    return Err(TableError::Header { file: self.file.clone(), columns: columns.join(",") });
                }
                headed = true;
                continue;
            }
            let line = fields.position().map_or(0, csv::Position::line);
            if fields.len() != columns.len() {
                return Err(row(line, format!("有 {} 栏，应有 {} 栏", fields.len(), columns.len())));
            }
            take(&Row { fields: &fields, columns }).map_err(|reason| row(line, reason))?;
        }
        if headed { Ok(()) } else { Err(TableError::Header { file: self.file.clone(), columns: columns.join(",") }) }
    }
}
