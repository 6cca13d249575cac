//! Tables in running text, as docx and HTML have them: rows of cells, possibly nested, possibly only for layout.

use super::{Document, DocumentError, Lines, MAX_TEXT, Table, TooLarge, radicals};

/// Cells of all tables of one document: the largest lists of power items have some 100,000.
pub const MAX_CELLS: usize = 1_000_000;
/// Columns that one cell may be as wide as: Word has 63 at most.
const MAX_WIDE: usize = 63;
/// Tables within tables; deeper ones are read as text of the cell that they stand in.
const MAX_NESTED: usize = 16;

/// What the cells of one file may take, counted before they are kept: many may name one long text, so that a small file
/// could otherwise grow without bounds.
#[derive(Debug, Default)]
pub struct Room {
    cells: usize,
    bytes: usize,
}

impl Room {
    /// Takes room for more cells, empty ones included.
    pub fn cells(&mut self, more: usize) -> Result<(), DocumentError> {
        self.cells = self.cells.saturating_add(more);
        if self.cells > MAX_CELLS { Err(DocumentError::TooLarge(TooLarge::Cells(MAX_CELLS))) } else { Ok(()) }
    }

    /// Takes room for the text of a cell, in bytes.
    pub fn text(&mut self, more: usize) -> Result<(), DocumentError> {
        self.bytes = self.bytes.saturating_add(more);
        if self.bytes > MAX_TEXT { Err(DocumentError::TooLarge(TooLarge::Text)) } else { Ok(()) }
    }
}

/// Tables being read.
#[derive(Default)]
pub struct Tables {
    open: Vec<Open>,
    /// Tables deeper than [`MAX_NESTED`] that are open.
    beyond: usize,
    room: Room,
    /// Text that there was no room for was left out: told where the cell ends.
    full: bool,
}

#[derive(Default)]
struct Open {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    in_cell: bool,
    /// Columns that the cell takes beside its own.
    wide: usize,
}

impl Tables {
    pub fn start(&mut self) {
        if self.open.len() < MAX_NESTED {
            self.open.push(Open::default());
        } else {
            self.beyond += 1;
        }
    }

    /// Whether text belongs to a cell.
    pub fn in_cell(&self) -> bool {
        self.open.last().is_some_and(|t| t.in_cell)
    }

    pub fn start_row(&mut self) -> Result<(), DocumentError> {
        if self.beyond == 0 {
            self.end_cell()?;
            self.end_row();
        }
        Ok(())
    }

    pub fn start_cell(&mut self) -> Result<(), DocumentError> {
        if self.beyond == 0 {
            self.end_cell()?;
            if let Some(table) = self.open.last_mut() {
                table.in_cell = true;
            }
        }
        Ok(())
    }

    /// The cell is as wide as so many columns.
    pub fn wide(&mut self, columns: usize) {
        if self.beyond == 0
            && let Some(table) = self.open.last_mut().filter(|t| t.in_cell)
        {
            table.wide = columns.clamp(1, MAX_WIDE) - 1;
        }
    }

    pub fn end_cell(&mut self) -> Result<(), DocumentError> {
        if self.beyond == 0
            && let Some(table) = self.open.last_mut().filter(|t| t.in_cell)
        {
            if self.full {
                return Err(DocumentError::TooLarge(TooLarge::Text));
            }
            let wide = std::mem::take(&mut table.wide);
            self.room.cells(1 + wide)?;
            table.row.push(radicals::fold(std::mem::take(&mut table.cell).trim()).into_owned());
            table.row.extend(std::iter::repeat_n(String::new(), wide));
            table.in_cell = false;
        }
        Ok(())
    }

    pub fn end_row(&mut self) {
        if self.beyond == 0
            && let Some(table) = self.open.last_mut()
        {
            let row = std::mem::take(&mut table.row);
            if row.iter().any(|cell| !cell.is_empty()) {
                table.rows.push(row);
            }
        }
    }

    /// A paragraph of the innermost cell. Text between cells goes nowhere else and is kept with the next cell.
    pub fn text(&mut self, text: &str) {
        let text = text.trim();
        if let Some(table) = self.open.last_mut() {
            self.full = self.full || self.room.text(text.len() + 1).is_err();
            if self.full {
                return;
            }
            if !table.cell.is_empty() {
                table.cell.push('\n');
            }
            table.cell.push_str(text);
        }
    }

    /// Ends the innermost table: a nested one becomes text of its cell.
    pub fn end(&mut self, document: &mut Document, lines: &mut Lines) -> Result<(), DocumentError> {
        if self.beyond > 0 {
            self.beyond -= 1;
            return Ok(());
        }
        if let Some(table) = self.open.last_mut()
            && (self.full || !table.cell.trim().is_empty())
        {
            table.in_cell = true;
        }
        self.end_cell()?;
        self.end_row();
        let Some(done) = self.open.pop() else { return Ok(()) };
        if self.open.is_empty() {
            keep(done.rows, document, lines)
        } else {
            for row in done.rows {
                self.text(&row.join("\t"));
            }
            Ok(())
        }
    }

    pub fn end_all(&mut self, document: &mut Document, lines: &mut Lines) -> Result<(), DocumentError> {
        self.beyond = 0;
        while !self.open.is_empty() {
            self.end(document, lines)?;
        }
        Ok(())
    }
}

/// A finished table. One whose rows have a single filled cell each is a frame around text, not a table.
fn keep(rows: Vec<Vec<String>>, document: &mut Document, lines: &mut Lines) -> Result<(), DocumentError> {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
    let frame = rows.iter().all(|row| filled(row) <= 1);
    let table = document.tables.len();
    for row in &rows {
        if filled(row) == 1 {
            let cell = row.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
            for line in cell.lines() {
                lines.line(line, None, None, (!frame).then_some(table))?;
            }
        } else {
            lines.row(row, table)?;
        }
    }
    if !frame {
        document.tables.extend(table_of(None, rows));
    }
    Ok(())
}

/// A table from its rows that are not empty; `None` where all are.
pub fn table_of(name: Option<String>, rows: Vec<Vec<String>>) -> Option<Table> {
    let mut rows = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    let header = rows.next()?;
    Some(Table { name, header, rows: rows.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_counted_over_all_cells() {
        let mut room = Room::default();
        assert_eq!(room.text(MAX_TEXT), Ok(()));
        assert_eq!(room.text(1), Err(DocumentError::TooLarge(TooLarge::Text)));
        assert_eq!(room.text(usize::MAX), Err(DocumentError::TooLarge(TooLarge::Text)));
        assert_eq!(room.cells(MAX_CELLS), Ok(()));
        assert_eq!(room.cells(usize::MAX), Err(DocumentError::TooLarge(TooLarge::Cells(MAX_CELLS))));
    }

    #[test]
    fn text_beyond_the_room_is_not_kept_and_told() {
        let paragraph = "长".repeat(1 << 20);
        let (mut tables, mut document, mut lines) =
            (Tables::default(), Document::new(super::super::Format::Docx), Lines::default());
        tables.start();
        tables.start_row().unwrap();
        tables.start_cell().unwrap();
        for _ in 0..100 {
            tables.text(&paragraph);
        }
        let kept = tables.open.last().map_or(0, |open| open.cell.len());
        assert!(kept <= MAX_TEXT, "{kept}");
        assert_eq!(tables.end(&mut document, &mut lines), Err(DocumentError::TooLarge(TooLarge::Text)));
    }
}
