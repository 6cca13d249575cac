//! From the rows of a table to what it would change, and to every fault in it. Nothing is written here.

use std::collections::HashMap;

use indexer::{
    corpus::documents::Sheet,
    record::{Body, Provenance, Record, Source, State},
};

use super::{
    EXAMPLE, Fault, Faults, Kind, NOTE, Said, TableError, general,
    known::Known,
    prepared::{AUTHOR, Prepared, Wanted},
    regulations,
    row::{Header, Headers, Row},
    web_names,
};
use crate::{
    clock::today,
    store::{StoreError, is_imported},
    workflow::checked_text,
};

/// What a table would do.
#[derive(Debug, Default)]
pub struct Checked {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Rows that are only examples.
    pub examples: usize,
    /// Rows with faults.
    pub bad: usize,
    pub faults: Faults,
    /// Sheets of the workbook that were not taken.
    pub left_out: Vec<String>,
    /// What else of the file was not read, each in a Chinese sentence: hidden rows, hidden sheets.
    pub notes: Vec<String>,
    /// New and changed records, in the table's order.
    pub prepared: Vec<Prepared>,
}

/// Checks a table. `progress` is told rows done and rows in all.
pub fn check(
    store: &crate::store::RecordStore,
    kind: Kind,
    table: (&str, Sheet),
    said: Said<'_>,
    most: usize,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Checked, TableError> {
    check_with(store, kind, table, &Headers::default(), said, most, progress)
}

/// The same with what whoever brings the table says of its headers.
pub fn check_with(
    store: &crate::store::RecordStore,
    kind: Kind,
    (file_name, sheet): (&str, Sheet),
    headers: &Headers,
    said: Said<'_>,
    most: usize,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Checked, TableError> {
    let mut checked = Checked { left_out: sheet.left_out, notes: sheet.notes, ..Checked::default() };
    let mut rows = sheet.rows;
    let Some(((number, header), rows)) = rows.split_first_mut() else { return Err(TableError::Empty) };
    if rows.len() > most {
        return Err(TableError::Rows { rows: rows.len(), most });
    }
    let mut faults = Vec::new();
    let columns = kind.columns();
    let header = Header::read(&columns, (*number, header), headers, &mut faults, &mut checked.notes);
    if !faults.is_empty() {
        // Below a header that is not understood every row would be wrong.
        faults.into_iter().for_each(|fault| checked.faults.add(fault));
        return Ok(checked);
    }
    rows.iter_mut().for_each(|(_, cells)| header.tidy(cells, kind));
    let rows = rows.iter();
    let mut known = Known::new(store, kind.0)?;
    // What is still to be reviewed may never come to be, and nothing is put below it.
    if !said.is_reviewed() {
        for (number, cells) in rows.clone() {
            let announced = general::announced(&Row::new(*number, &header, cells), kind.0, said.word(AUTHOR));
            announced.into_iter().for_each(|(body, id)| known.announce(&body, id));
        }
    }
    let total = rows.len() as u64;
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (done, (number, cells)) in (1..).zip(rows) {
        let mut row = Row::new(*number, &header, cells);
        if row.text(NOTE).starts_with(EXAMPLE) {
            checked.examples += 1;
            continue;
        }
        let outcome = read(&mut row, &known, kind, said, file_name, &mut seen)?;
        match outcome {
            Some(Some(prepared)) => {
                if prepared.record.revision == 0 {
                    checked.added += 1
                } else {
                    checked.changed += 1
                }
                checked.prepared.push(prepared);
            }
            Some(None) => checked.unchanged += 1,
            None => {
                checked.bad += 1;
                row.faults.into_iter().for_each(|fault| checked.faults.add(fault));
            }
        }
        progress(done, total);
    }
    Ok(checked)
}

/// What a row changes; inside `None` where all is as it says, outside where it has faults.
fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: Kind,
    said: Said<'_>,
    file_name: &str,
    seen: &mut HashMap<String, u32>,
) -> Result<Option<Option<Prepared>>, StoreError> {
    row.check_shape(&kind.columns());
    let note = match checked_text(row.text(NOTE)) {
        Ok(note) => note,
        Err(error) => {
            row.tell(NOTE, error.to_string());
            String::new()
        }
    };
    let source = Source::Table(file_name).to_string();
    let wanted = match kind.0.name {
        "regulation" => regulations::read(row, known, kind.0, said.word(&source))?,
        "web_name" => web_names::read(row, known, said, file_name)?,
        _ => general::read(row, known, kind.0, said.word(&source))?,
    };
    let Some(mut wanted) = wanted.filter(|_| row.faults.is_empty()) else { return Ok(None) };
    if let Some(first) = seen.insert(wanted.id.clone(), row.number) {
        seen.insert(wanted.id, first);
        row.tell(kind.key(), format!("与第 {first} 行是同一条：请合为一行"));
        return Ok(None);
    }
    let published = wanted.before.as_ref().filter(|before| before.state == State::Published);
    if published.is_some_and(|before| before.body == wanted.body) {
        return Ok(Some(None));
    }
    if let Some(before) = &wanted.before
        && !said.is_reviewed()
        && let Some(info) = known.store.info(&before.id, before.revision)?
        && !is_imported(&info)
        && info.author != AUTHOR
    {
        let done = if before.state == State::Withdrawn { "撤回" } else { "更正" };
        row.tell(kind.key(), format!("这条记录已由 {} {done}，批量导入不覆盖：请在工作台改动", info.author));
        return Ok(None);
    }
    if let Body::WebName(name) = &mut wanted.body {
        name.seen = Some(today());
    }
    Ok(Some(Some(Prepared { row: row.number, record: record(wanted, row.number, file_name), note })))
}

fn record(wanted: Wanted, row: u32, file_name: &str) -> Record {
    let source = Provenance {
        source: Source::Table(file_name).to_string(),
        place: Some(format!("第 {row} 行")),
        date: Some(today()),
        licence: None,
    };
    let before = wanted.before;
    let mut provenance = before.as_ref().map(|b| b.provenance.clone()).unwrap_or_default();
    // The same table brought again says the same of another day.
    provenance.retain(|p| (&p.source, &p.place) != (&source.source, &source.place));
    provenance.push(source);
    Record {
        id: wanted.id,
        revision: before.as_ref().map_or(0, |b| b.revision),
        state: State::Published,
        provenance,
        valid_from: before.as_ref().and_then(|b| b.valid_from),
        valid_to: before.as_ref().and_then(|b| b.valid_to),
        owner: wanted.owner,
        body: wanted.body,
    }
}

impl Checked {
    /// Takes a row out again for a reason that shows only later.
    pub fn refuse(&mut self, prepared: &Prepared, kind: Kind, message: String) {
        if prepared.record.revision == 0 {
            self.added -= 1
        } else {
            self.changed -= 1
        }
        self.bad += 1;
        self.faults.add(Fault::new(prepared.row, kind.key(), prepared.record.body.title(), message));
    }
}
