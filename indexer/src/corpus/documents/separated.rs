//! CSV (RFC 4180), with comma, semicolon or tab.

use super::{
    Document, DocumentError, Format, TooLarge, charset,
    tables::{MAX_CELLS, table_of},
};

/// Rows read: as many as a sheet of Excel has.
const MAX_ROWS: usize = 1_048_576;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let text = charset::decode(bytes)?.text;
    let mut document = Document::new(Format::Csv);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut cells = 0;
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, ::csv::Position::line);
            DocumentError::Broken { format: "CSV", what: format!("第 {line} 行不合 CSV 格式") }
        })?;
        cells += record.len();
        if cells > MAX_CELLS || rows.len() >= MAX_ROWS {
            return Err(DocumentError::TooLarge(TooLarge::Cells(MAX_CELLS)));
        }
        rows.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    document.tables.extend(table_of(None, rows));
    Ok(document.finish())
}

/// What the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |d: &u8| first.bytes().filter(|b| b == d).count();
    // Of equals the last is taken: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
