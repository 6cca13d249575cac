//! From the rows of a table to what it would change, and to every fault in it. Nothing is written here.

use std::collections::HashMap;

use indexer::{
    corpus::documents::{NumberedRow, Sheet},
    record::{
        self, Body, Evidence, Kind as _, NameStatus, Provenance, Record, Regulation, Shape, Source, State, WebName,
        Website, web_name_id,
    },
};

use super::{
    EXAMPLE, Fault, Faults, ID, Kind, NOTE, Said, TableError,
    general::{self, SITES},
    known::Known,
    lines,
    prepared::{AUTHOR, Prepared, Wanted},
    regulations,
    row::{Header, Headers, MISSING, Row},
    web_names,
};
use crate::{
    clock::today,
    desk::PostLimits,
    reading::schemes::{MaySee, against_each_other},
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
    /// What else whoever brings the file should know, each in a Chinese sentence: hidden rows, hidden sheets, addresses
    /// that are another institution's.
    pub notes: Vec<String>,
    /// New and changed records, in the table's order.
    pub prepared: Vec<Prepared>,
    /// The number of the row that names the columns, where the rows below it are those that were read, one by one: in
    /// the first sheet, the only one, without records that go on over several rows.
    pub header_row: Option<u32>,
}

/// Checks a table. `progress` is reported rows done and rows in all.
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

/// The same for somebody who sees what offices share on some lines of divisions alone: of all else nothing is reported.
pub fn check_for(
    store: &crate::store::RecordStore,
    may_see: MaySee<'_>,
    kind: Kind,
    table: (&str, Sheet),
    headers: &Headers,
    said: Said<'_>,
    most: usize,
) -> Result<Checked, TableError> {
    looked_through((store, may_see), kind, table, headers, said, most, &mut |_, _| {})
}

/// The same with what whoever brings the table says of its headers.
pub fn check_with(
    store: &crate::store::RecordStore,
    kind: Kind,
    table: (&str, Sheet),
    headers: &Headers,
    said: Said<'_>,
    most: usize,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Checked, TableError> {
    looked_through((store, &|_| true), kind, table, headers, said, most, progress)
}

fn looked_through(
    (store, may_see): (&crate::store::RecordStore, MaySee<'_>),
    kind: Kind,
    (file_name, sheet): (&str, Sheet),
    headers: &Headers,
    said: Said<'_>,
    most: usize,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Checked, TableError> {
    let mut checked = Checked { notes: sheet.notes, ..Checked::default() };
    let sheets = std::iter::once((sheet.name, sheet.rows)).chain(sheet.more);
    let mut parts = parts(kind, sheets.collect(), headers, &mut checked)?;
    if !checked.faults.is_empty() {
        // Below a header that is not understood every row would be wrong.
        return Ok(checked);
    }
    let rows: usize = parts.iter().map(|part| part.rows.len()).sum();
    if rows > most {
        return Err(TableError::Rows { rows, most });
    }
    let several = parts.len() > 1;
    let mut marks = Faults::default();
    for part in &mut parts {
        part.rows.iter_mut().for_each(|(_, cells)| part.header.tidy(cells, kind));
        let sheet = if several { part.name.clone() } else { String::new() };
        words_behind(kind, &mut part.header, &sheet, &mut part.rows, &mut marks);
        for (_, cells) in &mut part.rows {
            for (column, from) in &part.filled {
                let word = match from {
                    Filling::Word(word) => Some(word.clone()),
                    // A record that is there stays where it is.
                    Filling::DivisionOfNew(code) => {
                        let there = part.header.first_of(cells, &[ID]).map(|id| store.get(&id)).transpose()?.flatten();
                        let own = there.and_then(|record| record.body.division().map(ToString::to_string));
                        Some(own.unwrap_or_else(|| code.clone()))
                    }
                    Filling::Cells(columns) => part.header.first_of(cells, columns),
                };
                word.into_iter().for_each(|word| part.header.complete(cells, column, &word));
            }
        }
        let mut tell = |row: Row<'_>| {
            checked.bad += 1;
            row.faults.into_iter().for_each(|fault| checked.faults.add(fault));
        };
        part.rows = lines::join(kind, &mut part.header, &sheet, std::mem::take(&mut part.rows), &mut tell);
    }
    let joined: usize = parts.iter().map(|part| part.rows.len()).sum();
    checked.header_row = parts.first().filter(|part| !several && part.at == 0 && joined == rows).map(|part| part.head);
    let mut known = Known::new(store, may_see, kind.0)?;
    // What is still to be reviewed may never come to be, and nothing is put below it.
    if !said.is_reviewed() {
        for (number, cells, part) in parts.iter().flat_map(Part::all) {
            let row = Row::new(number, &part.header, cells);
            let announced = general::announced(&row, kind.0, said.word(AUTHOR));
            announced.into_iter().for_each(|(body, id)| known.announce(&body, id));
        }
    }
    for (number, cells, part) in parts.iter().flat_map(Part::all) {
        let row = Row::new(number, &part.header, cells);
        if !row.text(NOTE).starts_with(EXAMPLE) {
            general::note(&row, &mut known, kind.0);
        }
    }
    let total = rows as u64;
    let mut seen: HashMap<String, Seen> = HashMap::new();
    // The sheet of each row that would be written.
    let mut sheets: Vec<&str> = Vec::new();
    for (done, (number, cells, part)) in (1..).zip(parts.iter().flat_map(Part::all)) {
        let mut row = Row::new(number, &part.header, cells);
        if several {
            row.sheet = &part.name;
        }
        if row.text(NOTE).starts_with(EXAMPLE) {
            checked.examples += 1;
            continue;
        }
        let mut outcome = read(&mut row, &known, kind, said, file_name, &mut seen)?;
        let without = match outcome {
            None if headers.skip_codes => without_codes(kind, &part.header, &row.faults, cells),
            _ => None,
        };
        if let Some(without) = &without {
            let mut again = Row::new(number, &part.header, without);
            again.sheet = row.sheet;
            again.lacks_codes = true;
            outcome = read(&mut again, &known, kind, said, file_name, &mut seen)?;
            if let Some(Some(prepared)) = &outcome
                && let Some(id) = with_codes(&again, &known, kind, &prepared.record, &row.faults)?
            {
                let column = row.faults.first().map(|fault| fault.column.clone()).unwrap_or_default();
                let told = format!(
                    "库中已有同一名称而编码不同的{}（编号 {id}），不能略过编码：请更正编码，或在“编号”列写明是哪一条",
                    kind.0.label
                );
                row.add_fault(&column, told);
                outcome = None;
            }
            let told = std::mem::replace(&mut row, again).faults;
            if outcome.is_some() {
                row.marks.extend(told.into_iter().map(|mut fault| {
                    fault.message.push_str("；略过这个编码，照收其余各列");
                    fault
                }));
            } else {
                row.faults.splice(0..0, told);
            }
        }
        std::mem::take(&mut row.marks).into_iter().for_each(|mark| marks.add(mark));
        match outcome {
            Some(Some(prepared)) => {
                if prepared.record.revision == 0 {
                    checked.added += 1
                } else {
                    checked.changed += 1
                }
                sheets.push(if several { part.name.as_str() } else { "" });
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
    against_records((store, may_see), &checked.prepared, &sheets, &mut marks)?;
    checked.notes.extend(marks.reported.iter().map(ToString::to_string));
    checked.notes.extend((marks.unlisted_count() > 0).then(|| format!("另有 {} 处没有列出", marks.unlisted_count())));
    Ok(checked)
}

/// Marks rows of schemes and events that do not fit with what is on record, or with one another: rules S6, S10 and S12,
/// as the form and an uploaded document report them.
fn against_records(
    (store, may_see): (&crate::store::RecordStore, MaySee<'_>),
    prepared: &[Prepared],
    sheets: &[&str],
    marks: &mut Faults,
) -> Result<(), StoreError> {
    let records: Vec<&Record> = prepared.iter().map(|prepared| &prepared.record).collect();
    let told = against_each_other(store, may_see, &records)?;
    for ((prepared, sheet), told) in prepared.iter().zip(sheets).zip(told) {
        for says in told {
            let says = if sheet.is_empty() { says } else { format!("工作表“{sheet}”：{says}") };
            marks.add(Fault::new(prepared.row, FOUND, prepared.record.body.title(), says));
        }
    }
    Ok(())
}

impl Checked {
    /// Marks rows whose posts are not within the table of their division: rule S9, as the form and an uploaded document
    /// report it.
    pub fn hold_posts(&mut self, limits: &PostLimits) {
        let mut marks = Faults::default();
        for prepared in &self.prepared {
            let body = &prepared.record.body;
            for says in limits.of_scheme(body) {
                marks.add(prepared.fault(FOUND, body.title(), says));
            }
        }
        self.notes.extend(marks.reported.iter().map(ToString::to_string));
        self.notes.extend((marks.unlisted_count() > 0).then(|| format!("另有 {} 处没有列出", marks.unlisted_count())));
    }
}

/// What the findings of a record are called, as the kinds of schemes and events call them.
const FOUND: &str = "核对发现";

/// The cells of a row without the codes that are wrong in it; `None` where something else is.
fn without_codes(kind: Kind, header: &Header, faults: &[Fault], cells: &[String]) -> Option<Vec<String>> {
    let mut cells = cells.to_vec();
    for fault in faults {
        let is_code = kind.0.columns.iter().any(|column| column.code && column.label == fault.column);
        let at = header.index_of(&fault.column).filter(|_| is_code)?;
        cells.get_mut(at)?.clear();
    }
    Some(cells)
}

/// The id of another record that would be the row's too, were it not for the codes that the row was read without: ids of
/// items are made of them. A row that names its record is that record's.
fn with_codes(
    row: &Row<'_>,
    known: &Known<'_>,
    kind: Kind,
    wanted: &Record,
    faults: &[Fault],
) -> Result<Option<String>, StoreError> {
    let Some(division) = wanted.body.division().filter(|_| row.text(ID).is_empty()) else { return Ok(None) };
    for id in known.titled(kind.0, wanted.body.title(), division).into_iter().filter(|id| *id != wanted.id) {
        let Some(Record { mut body, .. }) = known.get(id)? else { continue };
        let bare = body.fill(|column| faults.iter().any(|fault| fault.column == column.label).then_some(""));
        if bare.is_ok() && body.id().as_ref() == Some(&wanted.id) {
            return Ok(Some(id.to_owned()));
        }
    }
    Ok(None)
}

/// Characters from which on a cell that has no word of a list describes something: 负责市本级公共机构节能监督检查工作.
const DESCRIBES: usize = 8;

/// What stands between the words of a cell that has several: 省级、市级和县级.
const BETWEEN_WORDS: [char; 13] = ['、', '；', ';', '。', '，', ',', '：', ':', '\n', '/', '／', '和', '及'];

/// What stands between separators, other than those in brackets: 市（地、州）级 is one word.
fn words_of(cell: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let between = |c: char| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && BETWEEN_WORDS.contains(&c)
    };
    cell.split(between).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Takes what stands behind a word of a list, or describes it in its place, over to the column that it belongs to:
/// 地州市级；负责对外劳务合作经营资格初审 is 市级 and what that level does.
fn words_behind(kind: Kind, header: &mut Header, sheet: &str, rows: &mut [NumberedRow], marks: &mut Faults) {
    for column in kind.0.columns.iter().copied() {
        let to = column.rest_to.and_then(|to| kind.0.columns.iter().copied().find(|column| column.name == to));
        let (Some(meant), Some(to), Some(at)) = (column.meant, to, header.index_of(column.label)) else { continue };
        // A column that the table lacks stands behind all cells.
        let widest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
        for (number, cells) in rows.iter_mut() {
            let cell = cells.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
            // Of several words nobody but the office knows which is meant.
            let parts = words_of(&cell);
            let several = parts.len() > 1 && parts.iter().all(|part| meant(part).is_some());
            if cell.is_empty() || meant(&cell).is_some() || several {
                continue;
            }
            let (word, rest) = cell.split_once(['；', ';', '。', '，', ',', '：', ':', '\n']).unwrap_or(("", &cell));
            let (word, rest) = match meant(word) {
                Some(word) => (word, rest.trim()),
                None if cell.chars().count() >= DESCRIBES => ("", cell.as_str()),
                None => continue,
            };
            if header.index_of(to.label).is_none() {
                header.widen(widest, [to.label].into_iter());
            }
            let Some(into) = header.index_of(to.label) else { continue };
            cells[at] = word.to_owned();
            cells.resize(cells.len().max(into + 1), String::new());
            let there = cells[into].trim();
            if !there.contains(rest) {
                cells[into] = if there.is_empty() { rest.to_owned() } else { format!("{there}；{rest}") };
            }
            let read =
                if word.is_empty() { "没有写层级一类的词".to_owned() } else { format!("读作“{word}”") };
            let place = if sheet.is_empty() { String::new() } else { format!("工作表“{sheet}”：") };
            marks.add(Fault::new(*number, column.label, &cell, format!("{place}{read}，其余归入“{}”", to.label)));
        }
    }
}

/// A sheet with its header understood.
struct Part {
    name: String,
    /// Place among the sheets, and the number of the last row of its header.
    at: usize,
    head: u32,
    header: Header,
    /// Columns whose empty cells are filled, and with what.
    filled: Vec<(&'static str, Filling)>,
    rows: Vec<(u32, Vec<String>)>,
}

impl Part {
    fn all(&self) -> impl Iterator<Item = (u32, &[String], &Part)> {
        self.rows.iter().map(move |(number, cells)| (*number, cells.as_slice(), self))
    }
}

/// A word that a sheet's name gives to a column of words: 行政许可（11项） is the sort of what stands in it.
fn sort(kind: Kind, name: &str) -> Option<(&'static str, &'static str)> {
    let bare = name.split(['（', '(']).next().unwrap_or_default().trim();
    let of = |column: &'static record::Column| Some((column.label, column.meant?(bare)?));
    kind.0.columns.iter().copied().filter(|column| column.required).find_map(of)
}

/// What the empty cells of a column are filled with.
enum Filling {
    Word(String),
    /// A division's code, in rows without the number of a record; in others that of the record.
    DivisionOfNew(String),
    /// The first of these columns that has something in the row.
    Cells([&'static str; 2]),
}

/// The columns that a table can do without, each with what fills it: what the name of the sheet says, the division of
/// whoever brings the table, and the name of an item where lists have its parts in two columns.
fn fills(
    kind: Kind,
    sheet: &str,
    named: &dyn Fn(&str) -> bool,
    headers: &Headers,
    notes: &mut Vec<String>,
) -> Vec<(&'static str, Filling)> {
    let mut filled: Vec<_> =
        sort(kind, sheet).into_iter().map(|(column, word)| (column, Filling::Word(word.to_owned()))).collect();
    let column = |name: &str| kind.0.columns.iter().copied().find(|column| column.name == name);
    let division =
        kind.0.columns.iter().copied().find(|c| matches!(c.shape, Shape::Division) && c.required && !named(c.label));
    if let (Some(column), Some(code)) = (division, &headers.division) {
        notes.push(format!("没有“{}”列，各行按 {code} 读（写了编号的不改）", column.label));
        filled.push((column.label, Filling::DivisionOfNew(code.to_string())));
    }
    let key = kind.0.columns[0];
    if let (Some(main), Some(sub)) = (column("main_item"), column("sub_item"))
        && !named(key.label)
        && (named(main.label) || named(sub.label))
    {
        notes.push(format!("没有“{}”列，按“{}”读；没有子项的按“{}”读", key.label, sub.label, main.label));
        filled.push((key.label, Filling::Cells([sub.label, main.label])));
    }
    filled
}

/// Cells looked at to know a column by what stands in it, and fewest of them.
const LOOKED_AT: usize = 200;
const FEWEST: usize = 3;

/// Columns without a known name that are known by what stands in them: the place of each with the column, where nearly
/// all cells look like one of it, no other unknown column's do, and none is called so already or said to be left out.
fn by_content(
    kind: Kind,
    columns: &[super::Column],
    head: &[String],
    rows: &[NumberedRow],
    headers: &Headers,
) -> Vec<(usize, &'static str)> {
    let unknown = Header::unknown(columns, head, headers);
    let looks_like = |at: usize, looks: fn(&str) -> bool| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(at)).map(|cell| cell.trim());
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).take(LOOKED_AT).collect();
        let alike = cells.iter().filter(|cell| looks(cell)).count();
        cells.len() >= FEWEST && alike * 10 >= cells.len() * 9
    };
    let mut known = Vec::new();
    for column in kind.0.columns.iter().copied().filter(|column| column.given) {
        let is_said = headers.named.iter().any(|(header, _)| header == column.label);
        let is_there = is_said || Header::names(columns, head, column.label, headers);
        let Some(looks) = column.looks.filter(|_| !is_there) else { continue };
        let alike: Vec<usize> = unknown.iter().map(|(at, _)| *at).filter(|at| looks_like(*at, looks)).collect();
        if let [only] = alike[..] {
            known.push((only, column.label));
        }
    }
    known
}

/// Lines above the names of the columns: a title, the institution, the day.
const MAX_TITLES: usize = 20;

/// The sheets that have the columns of a kind, each known by its own header. Beside the first of those that name most
/// columns, a sheet that lacks what a row must have is left out and named with what it lacks; all other faults are
/// reported.
fn parts(
    kind: Kind,
    sheets: Vec<(String, Vec<NumberedRow>)>,
    headers: &Headers,
    checked: &mut Checked,
) -> Result<Vec<Part>, TableError> {
    let columns = &kind.columns()[..];
    let heads: Vec<usize> = sheets.iter().map(|(_, rows)| Header::row(columns, rows, headers, MAX_TITLES).1).collect();
    let most = heads.iter().copied().max().filter(|most| *most > 1);
    let first = heads.iter().position(|known| Some(*known) == most).unwrap_or(0);
    let mut parts = Vec::new();
    for (at, (name, mut rows)) in sheets.into_iter().enumerate() {
        let (above, _) = Header::row(columns, &rows, headers, MAX_TITLES);
        let titles: Vec<u32> = rows.drain(..above).map(|(number, _)| number).collect();
        if rows.is_empty() {
            if at == first {
                return Err(TableError::Empty);
            }
            continue;
        }
        let (number, mut head) = rows.remove(0);
        let mut last = number;
        let second = rows.first().is_some_and(|(_, below)| Header::goes_on(columns, &head, below, headers));
        if second {
            let (number, below) = rows.remove(0);
            last = number;
            Header::join(&mut head, below);
        }
        let (mut faults, mut notes) = (Vec::new(), Vec::new());
        for (at, column) in by_content(kind, columns, &head, &rows, headers) {
            let header = std::mem::replace(&mut head[at], column.to_owned());
            let header = header.trim_end_matches(['*', '＊']).trim();
            notes.push(format!("“{header}”列从内容看是“{column}”"));
        }
        let filled = fills(kind, &name, &|column| Header::names(columns, &head, column, headers), headers, &mut notes);
        for (column, _) in &filled {
            // What is said elsewhere needs no column.
            if !Header::names(columns, &head, column, headers) {
                head.push((*column).to_owned());
            }
        }
        let header = Header::read(columns, (number, &head), headers, &mut faults, &mut notes);
        let place = if name.is_empty() { String::new() } else { format!("工作表“{name}”：") };
        // Another sheet that lacks what a row must have is of something else: a cover, a summary, another list.
        let missing: Vec<&str> =
            faults.iter().filter(|fault| fault.message == MISSING).map(|fault| fault.column.as_str()).collect();
        if at != first && !missing.is_empty() {
            checked.notes.push(format!("没有读工作表“{name}”：缺少必填的列：{}", missing.join("、")));
            checked.left_out.push(name);
            continue;
        }
        if at != first {
            faults.iter_mut().for_each(|fault| fault.message.insert_str(0, &place));
        }
        if let (Some(from), Some(to)) = (titles.first(), titles.last()) {
            let lines = if from == to { format!("第 {from} 行") } else { format!("第 {from}—{to} 行") };
            notes.insert(0, format!("{lines}是标题，没有按数据读"));
        }
        checked.notes.extend(notes.into_iter().map(|note| if at == first { note } else { format!("{place}{note}") }));
        faults.into_iter().for_each(|fault| checked.faults.add(fault));
        parts.push(Part { name, at, head: last, header, filled, rows });
    }
    if parts.is_empty() { Err(TableError::Empty) } else { Ok(parts) }
}

/// The first row of a record.
struct Seen {
    row: String,
    /// Whether the record was known by all but its codes.
    by_name: bool,
}

/// What a row changes; inside `None` where all is as it says, outside where it has faults.
fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: Kind,
    said: Said<'_>,
    file_name: &str,
    seen: &mut HashMap<String, Seen>,
) -> Result<Option<Option<Prepared>>, StoreError> {
    row.check_shape(&kind.columns());
    let note = match checked_text(row.text(NOTE)) {
        Ok(note) => note,
        Err(error) => {
            row.add_fault(NOTE, error.to_string());
            String::new()
        }
    };
    let source = Source::Table(file_name).to_string();
    let wanted = match kind.0.name {
        Regulation::NAME => regulations::read(row, known, kind.0, said.word(&source))?,
        WebName::NAME => web_names::read(row, known, said, file_name)?,
        _ => general::read(row, known, kind.0, said.word(&source))?,
    };
    let Some(mut wanted) = wanted.filter(|_| row.faults.is_empty()) else { return Ok(None) };
    let own = Seen { row: row.location(), by_name: row.by_name };
    if let Some(first) = seen.insert(wanted.id.clone(), own) {
        let told = match first.by_name || row.by_name {
            // Parts of an item, of which one came without its code.
            true => format!("与{}都像是库中的同一条（编号 {}）：请在“编号”列写明哪一行是它", first.row, wanted.id),
            false => format!("与{}是同一条：请合为一行", first.row),
        };
        seen.insert(wanted.id, first);
        row.add_fault(kind.key(), told);
        return Ok(None);
    }
    others_hosts(row, known, kind, &mut wanted)?;
    let published = wanted.before.as_ref().filter(|before| before.state == State::Published);
    if published.is_some_and(|before| before.body == wanted.body) {
        return Ok(Some(None));
    }
    if let Some(before) = &wanted.before
        && !said.is_reviewed()
        && let Some(info) = known.info(&before.id, before.revision)?
        && !is_imported(&info)
        && info.author != AUTHOR
    {
        let done = if before.state == State::Withdrawn { "撤回" } else { "更正" };
        row.add_fault(kind.key(), format!("这条记录已由 {} {done}，批量导入不覆盖：请在工作台改动", info.author));
        return Ok(None);
    }
    if let Body::WebName(name) = &mut wanted.body {
        name.seen = Some(today());
    }
    let record = record(wanted, row.location(), file_name);
    Ok(Some(Some(Prepared { row: row.number, sheet: row.sheet.to_owned(), record, note })))
}

/// Marks the addresses that a row gives and that are recorded for others. The row is taken, since institutions do share
/// hosts; such an address is claimed and no more, whoever brings the table.
fn others_hosts(row: &mut Row<'_>, known: &Known<'_>, kind: Kind, wanted: &mut Wanted) -> Result<(), StoreError> {
    let Some(column) = kind.0.columns.iter().find(|column| column.given && column.name == SITES) else { return Ok(()) };
    if row.text(column.label).is_empty() {
        return Ok(());
    }
    let claimed = |site: &Website| site.evidence == Evidence::Claimed;
    let before = wanted.before.as_ref().map_or(&[][..], |record| record.body.sites());
    let settled: Vec<String> = before.iter().filter(|site| !claimed(site)).map(|site| site.host.clone()).collect();
    let own = [Some(wanted.id.clone()), wanted.body.entry().and_then(|entry| entry.owner_id)];
    let (title, mut told) = (wanted.body.title().to_owned(), Vec::new());
    for site in wanted.body.sites_mut().into_iter().flatten().filter(|site| !settled.contains(&site.host)) {
        let record = known.store.get(&web_name_id(&site.host))?.filter(|record| record.state == State::Published);
        let Some(Body::WebName(name)) = record.map(|record| record.body) else { continue };
        // Whoever shares it has it by a table like this one. There is a 鼓楼区 in 南京 and one in 福州: a name tells
        // only where nothing else does.
        let is_own = match &name.institution_id {
            Some(id) => own.iter().flatten().any(|own| own == id),
            None => name.institution_name == title,
        };
        let counts = name.evidence != Evidence::Claimed && name.status != NameStatus::NotAdopted;
        if !counts || is_own || name.institution_name.is_empty() {
            continue;
        }
        site.evidence = Evidence::Claimed;
        told.push(format!(
            "{} 已是“{}”的网站：请核对；确为本机构的，照收但记为待核实，由管到双方的审核员确认后才推荐",
            site.host, name.institution_name
        ));
    }
    told.into_iter().for_each(|message| row.mark(column.label, message));
    Ok(())
}

fn record(wanted: Wanted, place: String, file_name: &str) -> Record {
    let source = Provenance {
        source: Source::Table(file_name).to_string(),
        place: Some(place),
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
        self.faults.add(prepared.fault(kind.key(), prepared.record.body.title(), message));
    }
}
