//! Schemes of organization as people keep them in a spreadsheet: a duty, a unit or a number a row. The rows of one
//! scheme follow each other and become one row, whose cells have a line for each.

use indexer::record::{self, Body, Info, Shape};

use super::{
    Column, Kind,
    general::is_nothing,
    row::{Header, Row},
};

/// Which column a row has a line for.
pub const PART: Column = Column::optional(
    "分项",
    "一行只写一项时，写这一行是什么：职责、内设机构、人员编制、领导职数或者条文；同一份规定的各行相连，标题相同或者从第二行起留空",
    "",
);
/// The line.
pub const LINE: Column =
    Column::optional("内容", "一行只写一项时，写这一项：“（一）负责……”“（一）办公室：负责……”“行政编制20名”", "");

/// Rows of a part of a table, each with its number.
type Rows = Vec<(u32, Vec<String>)>;

/// Joins the rows of each record. What is wrong with a line is reported at its own row; the record is left out whole,
/// so that nothing of it is lost and none of its lines comes to another.
pub fn join(kind: Kind, header: &mut Header, sheet: &str, rows: Rows, tell: &mut dyn FnMut(Row<'_>)) -> Rows {
    let (Some(part), Some(line)) = (header.index_of(PART.name), header.index_of(LINE.name)) else { return rows };
    // Cells beyond the header stand beneath no name, and stay so.
    let widest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    header.widen(widest, columns(kind.0).map(|column| column.label));
    let table = Table { kind, header, sheet, part, line };
    table.records(rows).into_iter().filter_map(|rows| table.record(rows, tell)).collect()
}

/// A sheet whose rows have a line each.
struct Table<'t> {
    kind: Kind,
    header: &'t Header,
    sheet: &'t str,
    part: usize,
    line: usize,
}

impl Table<'_> {
    /// The rows of each record: those that follow each other under one title, or none.
    fn records(&self, rows: Rows) -> Vec<Rows> {
        let key = self.header.index_of(self.kind.key());
        let title = |cells: &[String]| key.map(|key| text(cells, key).to_owned()).unwrap_or_default();
        let mut records: Vec<Rows> = Vec::new();
        for (number, cells) in rows {
            let goes_on = |rows: &Rows| {
                let own = title(&cells);
                self.has_line(&cells) && (own.is_empty() || rows.first().is_some_and(|(_, first)| title(first) == own))
            };
            match records.last_mut().filter(|rows| goes_on(rows)) {
                Some(rows) => rows.push((number, cells)),
                None => records.push(vec![(number, cells)]),
            }
        }
        records
    }

    fn has_line(&self, cells: &[String]) -> bool {
        [self.part, self.line].into_iter().any(|at| !text(cells, at).is_empty())
    }

    /// The one row of a record; `None` where a line of it is wrong.
    fn record(&self, rows: Rows, tell: &mut dyn FnMut(Row<'_>)) -> Option<(u32, Vec<String>)> {
        let alone = rows.len() == 1;
        // What the rows say of the record as a whole, and the lines besides.
        let mut joined: Option<(u32, Vec<String>)> = None;
        let mut lines: Vec<(usize, String)> = Vec::new();
        let mut whole = true;
        for (number, mut cells) in rows {
            let line =
                self.has_line(&cells).then(|| (text(&cells, self.part).to_owned(), text(&cells, self.line).to_owned()));
            let mut row = Row::new(number, self.header, &cells);
            row.sheet = self.sheet;
            let into = line.as_ref().and_then(|(what, says)| self.column(&mut row, what, says));
            if let Some(before) = &joined {
                row.check_beyond();
                self.differs(&mut row, &cells, before);
            }
            if !row.faults.is_empty() {
                whole = false;
                let others = if alone { "" } else { "；改好以前，这一份的各行都不导入" };
                row.faults.iter_mut().for_each(|fault| fault.message.push_str(others));
                tell(row);
                joined.get_or_insert((number, cells));
                continue;
            }
            for at in [self.part, self.line] {
                if let Some(cell) = cells.get_mut(at) {
                    cell.clear();
                }
            }
            let (_, record) = joined.get_or_insert_with(|| (number, Vec::new()));
            // What a later row says of the record too.
            for (at, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
                record.resize(record.len().max(at + 1), String::new());
                record[at] = cell;
            }
            lines.extend(into.zip(line).map(|(into, (_, says))| (into, says)));
        }
        let (number, mut record) = joined.filter(|_| whole)?;
        lines.iter().for_each(|(into, says)| put(&mut record, *into, says));
        Some((number, record))
    }

    /// Where the line of a row goes. What is wrong with it is reported.
    fn column(&self, row: &mut Row<'_>, what: &str, says: &str) -> Option<usize> {
        let Some(column) = columns(self.kind.0).find(|column| column.label == what) else {
            let all = columns(self.kind.0).map(|c| c.label).collect::<Vec<_>>().join("、");
            row.add_fault(PART.name, format!("应为以下之一：{all}"));
            return None;
        };
        if says.is_empty() {
            row.add_fault(LINE.name, format!("不能为空：写一项{}", column.label));
            return None;
        }
        // In a cell of its own it takes out all that is there.
        if is_nothing(says) {
            let told = format!("不是一项{}：没有这一项就删去这一行", column.label);
            row.add_fault(LINE.name, told);
            return None;
        }
        // By itself, so that a fault is reported where it stands.
        let fault = Body::blank(self.kind.0.name)
            .and_then(|mut body| body.fill(|c| (c.name == column.name).then_some(says)).err());
        if let Some((_, fault)) = fault.into_iter().flatten().next() {
            let fault = fault.split_once('：').map_or(fault.as_str(), |(_, says)| says).to_owned();
            row.add_fault(LINE.name, fault);
        }
        self.header.index_of(column.label)
    }

    /// Tells where a later row says something else of the record than the rows before it.
    fn differs(&self, row: &mut Row<'_>, cells: &[String], (first, record): &(u32, Vec<String>)) {
        for (at, cell) in cells.iter().enumerate().filter(|(at, _)| ![self.part, self.line].contains(at)) {
            let (own, before) = (cell.trim(), text(record, at));
            if let Some(column) = self.header.name(at)
                && !own.is_empty()
                && !before.is_empty()
                && before != own
            {
                row.add_fault(column, format!("与第 {first} 行起的同一份不一样：各行写一样的，或者从第二行起留空"));
            }
        }
    }
}

/// The text of a cell; empty where there is none.
fn text(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| cell.trim())
}

/// One line more of a cell.
fn put(cells: &mut Vec<String>, at: usize, line: &str) {
    cells.resize(cells.len().max(at + 1), String::new());
    let cell = &mut cells[at];
    if !cell.trim().is_empty() {
        cell.push('\n');
    }
    cell.push_str(line);
}

/// The columns that a row may have a line for.
fn columns(kind: &'static Info) -> impl Iterator<Item = &'static record::Column> + use<> {
    kind.columns.iter().copied().filter(|column| column.given && matches!(column.shape, Shape::Text(_)))
}
