//! CSV (RFC 4180), with comma, semicolon or tab.

use super::{
    Document, DocumentError, Format, TooLarge, charset,
    tables::{MAX_CELLS, Room, table_of},
};

/// Rows read: as many as a sheet of Excel has.
const MAX_ROWS: usize = 1_048_576;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut document = Document::new(Format::Csv);
    let rows = numbered(bytes)?.into_iter().map(|(_, row)| row).collect();
    document.tables.extend(table_of(None, rows));
    Ok(document.finish())
}

/// Rows with their numbers as a spreadsheet counts them: an empty line is a row too, a line break within quotation
/// marks begins none.
pub fn numbered(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, DocumentError> {
    // One kind of line break, and one at the end: only so can empty lines be distinguished from what the reader counts.
    let mut text = charset::decode(bytes)?.text;
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    text.push('\n');
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let (mut rows, mut room) = (Vec::new(), Room::default());
    let (mut record, mut number, mut line) = (::csv::StringRecord::new(), 0, 1);
    let broken = |error: ::csv::Error| {
        let line = error.position().map_or(0, ::csv::Position::line);
        DocumentError::Broken { format: "CSV", what: format!("第 {line} 行不合 CSV 格式") }
    };
    while reader.read_record(&mut record).map_err(broken)? {
        let within: u64 = record.iter().map(|cell| cell.matches('\n').count() as u64).sum();
        let now = reader.position().line();
        number += now.saturating_sub(line + within).max(1);
        line = now;
        room.cells(record.len())?;
        room.text(record.as_slice().len())?;
        if rows.len() >= MAX_ROWS {
            return Err(DocumentError::TooLarge(TooLarge::Cells(MAX_CELLS)));
        }
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        rows.push((number, record.iter().map(|cell| cell.trim().to_owned()).collect()));
    }
    Ok(rows)
}

/// What the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |d: &u8| first.bytes().filter(|b| b == d).count();
    // Of equals the last is taken: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
