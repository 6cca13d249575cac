//! One CSV file of `corpus/`: its header checked, its rows handed out with their line numbers.

use std::{collections::HashSet, fs::File, path::Path};

use csv::StringRecord;

use crate::{ReadError, Report};

/// A row that has the right number of fields.
pub struct Row<'a> {
    record: &'a StringRecord,
    columns: &'a [&'a str],
    pub file: &'a str,
    pub line: u64,
}

impl Row<'_> {
    /// The field of a column, trimmed. Columns are named by the reader itself, so a wrong name is a mistake in code.
    pub fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|c| *c == column);
        at.and_then(|at| self.record.get(at))
            .unwrap_or_else(|| unreachable!("no column {column} in {}", self.file))
            .trim()
    }

    /// The field, `None` when empty.
    pub fn optional(&self, column: &str) -> Option<&str> {
        Some(self.get(column)).filter(|v| !v.is_empty())
    }

    /// A list separated by `;`.
    pub fn list(&self, column: &str) -> Vec<String> {
        self.get(column).split(';').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect()
    }

    /// Where the row stands, for a record's provenance.
    pub fn location(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// Reads `dir/file`, whose header must be `columns`. `key` names the column or columns that no two rows may share.
/// A row that `take` refuses, with the reason, is rejected; the rest is read.
pub fn each_row(
    dir: &Path,
    file: &str,
    columns: &[&str],
    key: &[&str],
    report: &mut Report,
    take: &mut dyn FnMut(Row<'_>) -> Result<(), String>,
) -> Result<(), ReadError> {
    let path = dir.join(file);
    let open = File::open(&path).map_err(|source| ReadError::Io { path: path.display().to_string(), source })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(open);
    let format = |reason: String| ReadError::Format { file: path.display().to_string(), reason };
    let header = reader.headers().map_err(|e| format(format!("表头无法读取（{e}）")))?;
    if header.iter().map(|c| c.trim_start_matches('\u{FEFF}')).ne(columns.iter().copied()) {
        return Err(format(format!("表头应为：{}", columns.join(","))));
    }
    let mut keys = HashSet::new();
    let mut record = StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Err(error) => {
                report.reject(file, Some(line), format!("无法解读（{error}），请检查引号与 UTF-8 编码"));
                if error.is_io_error() {
                    return Ok(());
                }
                continue;
            }
            Ok(true) => {}
        }
        let line = record.position().map_or(line, csv::Position::line);
        if record.len() != columns.len() {
            report.reject(file, Some(line), format!("应有 {} 列，实有 {} 列", columns.len(), record.len()));
            continue;
        }
        let row = Row { record: &record, columns, file, line };
        let value = key.iter().map(|k| row.get(k)).collect::<Vec<_>>().join(" ");
        if !key.is_empty() && !keys.insert(value.clone()) {
            report.reject(file, Some(line), format!("{} “{value}” 与前面的行重复", key.join(" + ")));
            continue;
        }
        if let Err(reason) = take(row) {
            report.reject(file, Some(line), reason);
        }
    }
}
