//! Workbooks (ECMA-376 part 1, SpreadsheetML): every sheet is a table.
//!
//! calamine reads the cells. Before it sees the file, all parts that it may read are unpacked within the limits and
//! walked through, so that no bomb, declaration or endless depth reaches it; and cells are taken one by one, as a
//! sheet with one cell in its last corner would otherwise be built as 17 thousand million empty ones; and each is
//! counted before it is copied, as a thousand cells may share one string of megabytes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    io::Cursor,
};

use calamine::{DataRef, Reader as _, Xlsx};

use super::{
    Document, DocumentError, Format,
    package::{Package, folder, resolve},
    tables::{Room, table_of},
    xml::{Element, Part, Xml, walk},
};

const FORMAT: &str = "xlsx";
/// Columns of a sheet: the widest lists of items have some 60.
const MAX_COLUMNS: u32 = 1_024;
/// What a cell says whose formula was stored without its result, as programs do that write workbooks and never open them. An
/// empty cell would mean that there is nothing.
pub const NO_RESULT: &str = "#公式没有结果";
/// Sheets read.
pub(super) const MAX_SHEETS: usize = 256;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut document = Document::new(Format::Xlsx);
    for (name, rows) in numbered(bytes, &mut document)? {
        document.tables.extend(table_of(Some(name), rows.into_iter().map(|(_, row)| row).collect()));
    }
    Ok(document.finish())
}

/// Sheets by name, each with its rows that have cells and their numbers.
pub fn numbered(bytes: &[u8], document: &mut Document) -> Result<Vec<Named>, DocumentError> {
    rows_of(bytes, document, false)
}

/// The same where what is merged down several rows stands in each of them, as whoever filled the table in sees it.
pub fn filled(bytes: &[u8], document: &mut Document) -> Result<Vec<Named>, DocumentError> {
    rows_of(bytes, document, true)
}

fn rows_of(bytes: &[u8], document: &mut Document, fill: bool) -> Result<Vec<Named>, DocumentError> {
    let hidden = inspect(bytes, document)?;
    let broken = |error: calamine::XlsxError| DocumentError::Broken { format: FORMAT, what: said(&error) };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut room, mut sheets) = (Room::default(), Vec::new());
    let names = workbook.sheet_names();
    warn_of_more(names.len(), document);
    for name in names.into_iter().take(MAX_SHEETS) {
        if hidden.sheets.contains(&name) {
            document.warn(format!("工作表“{name}”是隐藏的，没有读取：如需读取请取消隐藏"));
            continue;
        }
        let (hidden_rows, hidden_columns) = (hidden.rows(&name), hidden.columns(&name));
        let is_hidden =
            |row: u32, column: u32| hidden_rows.binary_search(&row).is_ok() || is_within(hidden_columns, column);
        let (mut left_out, mut columns_left_out) = (BTreeSet::new(), BTreeSet::new());
        match workbook.worksheet_cells_reader(&name) {
            Ok(mut reader) => {
                let mut sheet = Sheet::of(if fill { hidden.merged(&name) } else { &[] });
                while let Some(cell) = reader.next_cell().map_err(broken)? {
                    let (row, column) = cell.get_position();
                    if hidden_rows.binary_search(&row).is_ok() {
                        left_out.insert(row);
                        if sheet.begins(row, column) && !is_within(hidden_columns, column) {
                            room.text(length(cell.get_value()))?;
                            sheet.put_above(row, column, shown(cell.get_value()));
                        }
                        continue;
                    }
                    if is_within(hidden_columns, column) {
                        if !matches!(cell.get_value(), DataRef::Empty) {
                            columns_left_out.insert(column);
                        }
                        continue;
                    }
                    room.text(length(cell.get_value()))?;
                    sheet.put(row, column, shown(cell.get_value()), &mut room)?;
                }
                for (row, column) in
                    hidden.without_result(&name).iter().filter(|(row, column)| !is_hidden(*row, *column))
                {
                    room.text(NO_RESULT.len())?;
                    sheet.put(*row, *column, NO_RESULT.to_owned(), &mut room)?;
                }
                warn_of_left_out(&name, &left_out, &columns_left_out, document);
                if fill {
                    sheet.fill(hidden.merged(&name), &mut room)?;
                }
                sheets.push((name, sheet.rows()));
            }
            Err(calamine::XlsxError::NotAWorksheet(_)) => document.warn(format!("“{name}”是图表，没有读取")),
            Err(error) => return Err(broken(error)),
        }
    }
    Ok(sheets)
}

/// Tells of sheets that are not read since there are so many.
pub(super) fn warn_of_more(sheets: usize, document: &mut Document) {
    if sheets > MAX_SHEETS {
        document.warn(format!("共有 {sheets} 张工作表，只读了前 {MAX_SHEETS} 张：请把其余的另存为一个文件"));
    }
}

/// Tells of the rows and columns, by index, that a sheet hides and that have something.
pub(super) fn warn_of_left_out(name: &str, rows: &BTreeSet<u32>, columns: &BTreeSet<u32>, document: &mut Document) {
    if let Some(first) = rows.first() {
        document.warn(format!(
            "工作表“{name}”有 {} 个隐藏行（第 {} 行等），没有读取：如需读取请取消隐藏或筛选",
            rows.len(),
            u64::from(*first) + 1
        ));
    }
    if let Some(first) = columns.first() {
        document.warn(format!(
            "工作表“{name}”有 {} 个隐藏列（{} 列等），没有读取：如需读取请取消隐藏",
            columns.len(),
            letters(*first)
        ));
    }
}

/// A sheet's name and its numbered rows.
pub(super) type Named = (String, Vec<(u32, Vec<String>)>);

/// What a workbook hides (18.2.19, 18.3.1.13, 18.3.1.73), which calamine does not tell.
#[derive(Default)]
struct Hidden {
    /// Names of sheets.
    sheets: HashSet<String>,
    /// Indices of rows, in order, by the path of the sheet's part.
    rows: HashMap<String, Vec<u32>>,
    /// First and last index of columns, in order and apart, by the path of the sheet's part.
    columns: HashMap<String, Vec<(u32, u32)>>,
    /// Ranges whose cells are one (18.3.1.55): first row, last row and first column, by the path of the sheet's part.
    merged: HashMap<String, Vec<(u32, u32, u32)>>,
    /// Rows and columns of cells with a formula and no result, by the path of the sheet's part.
    without_result: HashMap<String, Vec<(u32, u32)>>,
    /// Ids of the sheets' relationships by name, and paths by id.
    relations: HashMap<String, String>,
    paths: HashMap<String, String>,
}

impl Hidden {
    fn path(&self, sheet: &str) -> Option<&String> {
        self.paths.get(self.relations.get(sheet)?)
    }

    fn rows(&self, sheet: &str) -> &[u32] {
        self.path(sheet).and_then(|path| self.rows.get(path)).map_or(&[], Vec::as_slice)
    }

    fn columns(&self, sheet: &str) -> &[(u32, u32)] {
        self.path(sheet).and_then(|path| self.columns.get(path)).map_or(&[], Vec::as_slice)
    }

    fn merged(&self, sheet: &str) -> &[(u32, u32, u32)] {
        self.path(sheet).and_then(|path| self.merged.get(path)).map_or(&[], Vec::as_slice)
    }

    fn without_result(&self, sheet: &str) -> &[(u32, u32)] {
        self.path(sheet).and_then(|path| self.without_result.get(path)).map_or(&[], Vec::as_slice)
    }

    /// Looks for formulas without a result.
    fn follow(&mut self, part: &str, event: &Xml<'_>, cell: &mut Cell) {
        match event {
            Xml::Start(element) => match element.name {
                "row" => cell.begin_row(element),
                "c" => cell.begin(element),
                "f" => cell.formula = true,
                "v" | "t" => {
                    cell.in_value = true;
                    // ="" comes to a text of nothing.
                    cell.value |= cell.is_text;
                }
                _ => {}
            },
            Xml::Text(text) => cell.value |= cell.in_value && !text.trim().is_empty(),
            Xml::End("v" | "t") => cell.in_value = false,
            Xml::End("c") => {
                if cell.formula && !cell.value {
                    self.without_result.entry(part.to_owned()).or_default().push(cell.place);
                }
                cell.end();
            }
            Xml::End(_) => {}
        }
    }

    fn take(&mut self, part: &str, element: &Element<'_>, next_row: &mut u32) {
        let is_workbook = part.ends_with("workbook.xml");
        match element.name {
            "row" => {
                let row = element
                    .attribute("r")
                    .and_then(|r| r.parse::<u32>().ok())
                    .map_or(*next_row, |r| r.saturating_sub(1));
                *next_row = row.saturating_add(1);
                if is_hidden(element, "ht") {
                    self.rows.entry(part.to_owned()).or_default().push(row);
                }
            }
            "col" if is_hidden(element, "width") => {
                let edge = |name: &str| element.attribute(name)?.parse::<u32>().ok()?.checked_sub(1);
                if let (Some(first), Some(last)) = (edge("min"), edge("max")) {
                    self.columns.entry(part.to_owned()).or_default().push((first, last));
                }
            }
            "mergeCell" => {
                let range = element.attribute("ref");
                if let Some(range) = range.as_deref().and_then(rows_merged).filter(|(first, last, _)| first < last) {
                    self.merged.entry(part.to_owned()).or_default().push(range);
                }
            }
            "sheet" if is_workbook => {
                let Some(name) = element.attribute("name") else { return };
                if element.attribute("state").is_some_and(|s| s != "visible") {
                    self.sheets.insert(name.clone());
                }
                self.relations.extend(element.attribute("id").map(|id| (name, id)));
            }
            "Relationship" if part.ends_with("workbook.xml.rels") => {
                if let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target")) {
                    // The relationships lie in a folder beside the workbook.
                    let beside = folder(part).trim_end_matches('/').trim_end_matches("_rels").to_owned();
                    self.paths.insert(id, resolve(&beside, &target).to_lowercase());
                }
            }
            _ => {}
        }
    }
}

/// The cell that is being walked through (18.3.1.4).
#[derive(Default)]
struct Cell {
    /// Row and column, from 0; those of the next where a cell does not name its own.
    place: (u32, u32),
    next_row: u32,
    /// Whether its result is a text, which may be empty.
    is_text: bool,
    formula: bool,
    in_value: bool,
    value: bool,
}

impl Cell {
    fn begin_row(&mut self, element: &Element<'_>) {
        let row = element.attribute("r").and_then(|r| r.parse::<u32>().ok()?.checked_sub(1)).unwrap_or(self.next_row);
        self.next_row = row.saturating_add(1);
        self.place = (row, 0);
    }

    fn begin(&mut self, element: &Element<'_>) {
        if let Some(named) = element.attribute("r").as_deref().and_then(place) {
            self.place = named;
        }
        self.is_text = element.attribute("t").is_some_and(|kind| kind == "str");
        (self.formula, self.in_value, self.value) = (false, false, false);
    }

    fn end(&mut self) {
        self.place.1 = self.place.1.saturating_add(1);
        (self.formula, self.in_value, self.value) = (false, false, false);
    }
}

/// Unpacks all parts within the limits, whatever they are called, as the workbook may name any of them a sheet; and
/// walks through those in XML.
fn inspect(bytes: &[u8], document: &mut Document) -> Result<Hidden, DocumentError> {
    let mut hidden = Hidden::default();
    let mut package = Package::open(bytes, FORMAT)?;
    let mut names: Vec<String> = package.names().map(str::to_owned).collect();
    names.sort_unstable();
    for name in &names {
        if name.ends_with("vbaproject.bin") {
            document.warn("文件含有宏：宏没有读取，也不会运行");
        }
        let part = package.need(name)?;
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let (mut next_row, mut cell) = (0, Cell::default());
            walk(&part, Part::new(FORMAT, name), |event| {
                hidden.follow(name, &event, &mut cell);
                if let Xml::Start(element) = event {
                    hidden.take(name, &element, &mut next_row);
                }
                Ok(())
            })?;
        }
    }
    hidden.rows.values_mut().for_each(|rows| rows.sort_unstable());
    hidden.columns.values_mut().for_each(|columns| *columns = united(std::mem::take(columns)));
    Ok(hidden)
}

/// The rows and the first column of a range: A1:A3 is rows 0 to 2 of column 0.
fn rows_merged(range: &str) -> Option<(u32, u32, u32)> {
    let (from, to) = range.split_once(':')?;
    let ((first, column), (last, _)) = (place(from)?, place(to)?);
    Some((first, last, column))
}

/// Row and column of a cell's name, from 0.
fn place(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = cell.split_at(digits);
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, b| column * 26 + u32::from(b - b'A') + 1);
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Whether a row or a column says that it is hidden, or has no height or width.
fn is_hidden(element: &Element<'_>, size: &str) -> bool {
    element.attribute("hidden").is_some_and(|v| matches!(v.as_str(), "1" | "true"))
        || element.attribute(size).and_then(|v| v.parse::<f64>().ok()).is_some_and(|size| size <= 0.0)
}

/// Ranges in order, those that touch made one.
pub(super) fn united(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut all: Vec<(u32, u32)> = Vec::new();
    for (first, last) in ranges {
        match all.last_mut().filter(|before| first <= before.1) {
            Some(before) => before.1 = before.1.max(last),
            None => all.push((first, last)),
        }
    }
    all
}

/// Whether a number lies in one of these ranges, which are in order and apart.
pub(super) fn is_within(ranges: &[(u32, u32)], number: u32) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= number);
    after > 0 && number <= ranges[after - 1].1
}

/// The letters of a column as a spreadsheet shows them: A, Z, AA.
fn letters(index: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(index);
    while let Some(number) = rest {
        letters.push(char::from(b'A' + (number % 26) as u8));
        rest = (number / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}

#[derive(Default)]
pub(super) struct Sheet {
    /// Rows that have cells, by their number.
    rows: BTreeMap<u32, Vec<String>>,
    /// First cells of ranges whose cells are one, with what stands in those whose row is hidden: the rows below show it.
    above: BTreeMap<(u32, u32), String>,
}

impl Sheet {
    /// An empty one with its merged ranges.
    pub(super) fn of(merged: &[(u32, u32, u32)]) -> Self {
        let above = merged.iter().map(|(first, _, column)| ((*first, *column), String::new())).collect();
        Self { above, ..Self::default() }
    }

    /// Whether a merged range begins with a cell.
    pub(super) fn begins(&self, row: u32, column: u32) -> bool {
        self.above.contains_key(&(row, column))
    }

    pub(super) fn put_above(&mut self, row: u32, column: u32, text: String) {
        self.above.insert((row, column), text);
    }

    pub(super) fn put(&mut self, row: u32, column: u32, text: String, room: &mut Room) -> Result<(), DocumentError> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            let what = format!("第 {} 列超出上限 {MAX_COLUMNS} 列", u64::from(column) + 1);
            return Err(DocumentError::Forbidden { format: FORMAT, what });
        }
        let row = self.rows.entry(row).or_default();
        let column = column as usize;
        if row.len() <= column {
            // Empty cells before it count too: they take as much room.
            room.cells(column + 1 - row.len())?;
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        Ok(())
    }

    /// Puts what stands in the first cell of a merged range into the rows below that have cells; the steps are as
    /// many as a file may have cells, so that ranges upon ranges end.
    pub(super) fn fill(&mut self, merged: &[(u32, u32, u32)], room: &mut Room) -> Result<(), DocumentError> {
        let mut steps = Room::default();
        for (first, last, column) in merged {
            let at = *column as usize;
            let shown = self.rows.get(first).and_then(|row| row.get(at)).filter(|text| !text.is_empty());
            let hidden = || self.above.get(&(*first, *column)).filter(|text| !text.is_empty());
            let Some(text) = shown.or_else(hidden).cloned() else { continue };
            for (_, row) in self.rows.range_mut(first + 1..=*last) {
                steps.cells(1)?;
                if row.len() <= at {
                    room.cells(at + 1 - row.len())?;
                    row.resize(at + 1, String::new());
                }
                if row[at].is_empty() {
                    room.text(text.len())?;
                    row[at].clone_from(&text);
                }
            }
        }
        Ok(())
    }

    pub(super) fn rows(self) -> Vec<(u32, Vec<String>)> {
        self.rows.into_iter().map(|(row, cells)| (row.saturating_add(1), cells)).collect()
    }
}

/// Bytes of a cell's text; numbers and the like take next to none.
pub(super) fn length(value: &DataRef<'_>) -> usize {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len(),
        DataRef::SharedString(text) => text.len(),
        _ => 0,
    }
}

/// A cell as its reader sees it; dates as 2023-03-01.
pub(super) fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") }
        }
        DataRef::DateTime(time) => time.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // Told and not dropped: an empty cell would mean that there is nothing.
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn said(error: &calamine::XlsxError) -> String {
    let text: String = error.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
    format!("无法读出工作表（{text}）")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_cells_have_a_place() {
        for (name, want) in [("A1", Some((0, 0))), ("AB12", Some((11, 27))), ("XFD1048576", Some((1_048_575, 16_383)))]
        {
            assert_eq!(place(name), want, "{name}");
        }
        for name in ["", "A", "1", "A0", "-A1", " 1", "甲1", "a1", "ABCD1", "A99999999999"] {
            assert_eq!(place(name), None, "{name}");
        }
    }
}
