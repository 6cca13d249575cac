//! Schemes of organization as people keep them in a spreadsheet: a duty, a unit or a number a row. The rows of one scheme
//! follow each other and become one row, whose cells have a line for each.

use indexer::record::{self, Body, Info, Shape};

use super::{
    Column, Kind,
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

/// Joins the rows of each record. What is wrong with a line is told at its own row, which is left out.
pub fn join(kind: Kind, header: &mut Header, rows: Rows, tell: &mut dyn FnMut(Row<'_>)) -> Rows {
    let (Some(part), Some(line)) = (header.index_of(PART.name), header.index_of(LINE.name)) else { return rows };
    // Cells beyond the header stand beneath no name, and stay so.
    let widest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    header.widen(widest, columns(kind.0).map(|column| column.label));
    let header = &*header;
    let key = header.index_of(kind.key());
    let text = |cells: &[String], at: usize| cells.get(at).map_or("", |cell| cell.trim()).to_owned();
    let mut joined: Rows = Vec::new();
    for (number, mut cells) in rows {
        let (what, says) = (text(&cells, part), text(&cells, line));
        if what.is_empty() && says.is_empty() {
            joined.push((number, cells));
            continue;
        }
        let mut row = Row::new(number, header, &cells);
        let column = columns(kind.0).find(|column| column.label == what);
        let into = column.and_then(|column| header.index_of(column.label));
        match (column, into) {
            (None, _) => row.tell(
                PART.name,
                format!("应为以下之一：{}", columns(kind.0).map(|c| c.label).collect::<Vec<_>>().join("、")),
            ),
            (Some(column), _) if says.is_empty() => row.tell(LINE.name, format!("不能为空：写一项{}", column.label)),
            (Some(column), _) => {
                // By itself, so that a fault is told where it stands.
                let fault = Body::blank(kind.0.name)
                    .and_then(|mut body| body.fill(|c| (c.name == column.name).then_some(says.as_str())).err());
                if let Some((_, fault)) = fault.into_iter().flatten().next() {
                    let fault = fault.split_once('：').map_or(fault.as_str(), |(_, says)| says).to_owned();
                    row.tell(LINE.name, fault);
                }
            }
        }
        if !row.faults.is_empty() {
            tell(row);
            continue;
        }
        let Some(into) = into else { continue };
        for at in [part, line] {
            if let Some(cell) = cells.get_mut(at) {
                cell.clear();
            }
        }
        let same = |last: &Vec<String>| {
            key.is_none_or(|key| text(&cells, key).is_empty() || text(&cells, key) == text(last, key))
        };
        match joined.last_mut().filter(|(_, last)| same(last)) {
            Some((_, last)) => {
                put(last, into, &says);
                // What a later row says of the record too.
                for (at, cell) in cells.iter().enumerate().filter(|(at, cell)| *at != into && !cell.trim().is_empty()) {
                    last.resize(last.len().max(at + 1), String::new());
                    if last[at].trim().is_empty() {
                        last[at].clone_from(cell);
                    }
                }
            }
            None => {
                put(&mut cells, into, &says);
                joined.push((number, cells));
            }
        }
    }
    joined
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
