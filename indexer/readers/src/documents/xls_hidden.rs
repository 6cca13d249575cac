//! Rows and columns that an old workbook hides, which calamine does not tell (MS-XLS 2.4.221 Row, 2.4.53 ColInfo).

use std::collections::BTreeSet;

use super::{
    compound::{stream, u16_at, u32_at},
    xlsx::MAX_SHEETS,
};

/// Records looked at.
const SHEET: u16 = 0x0085;
const BEGINS: u16 = 0x0809;
const ENDS: u16 = 0x000A;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007D;
/// The flag of a row without height.
const NO_HEIGHT: u16 = 0x20;
/// The flag of hidden columns.
const HIDDEN: u16 = 0x01;

/// What a sheet hides.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Indices of rows.
    pub rows: BTreeSet<u32>,
    /// First and last index of columns.
    pub columns: Vec<(u32, u32)>,
}

/// What each sheet hides, in the order of the workbook; `None` where the file does not lead to them.
pub fn of_sheets(file: &[u8]) -> Option<Vec<Hidden>> {
    let book = stream(file, &["Workbook", "Book"])?;
    let mut places = Vec::new();
    for (kind, data) in (Records { book: &book, at: 0 }) {
        match kind {
            // All may name one place, which would be walked through as often.
            SHEET if places.len() < MAX_SHEETS => places.push(u32_at(data, 0)? as usize),
            ENDS => break,
            _ => {}
        }
    }
    Some(places.into_iter().map(|at| of_sheet(&book, at)).collect())
}

fn of_sheet(book: &[u8], at: usize) -> Hidden {
    let mut hidden = Hidden::default();
    // Charts within the sheet begin and end as it does.
    let mut depth = 0usize;
    for (kind, data) in (Records { book, at }) {
        match kind {
            BEGINS => depth += 1,
            ENDS if depth <= 1 => break,
            ENDS => depth -= 1,
            ROW if depth == 1 => {
                if let (Some(row), Some(flags)) = (u16_at(data, 0), u16_at(data, 12))
                    && flags & NO_HEIGHT != 0
                {
                    hidden.rows.insert(row.into());
                }
            }
            COLUMNS if depth == 1 => {
                if let (Some(first), Some(last), Some(width), Some(flags)) =
                    (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4), u16_at(data, 8))
                    && (flags & HIDDEN != 0 || width == 0)
                {
                    hidden.columns.push((first.into(), last.into()));
                }
            }
            _ => {}
        }
    }
    hidden
}

/// The records of a workbook from a place on: what each is, and its data.
struct Records<'b> {
    book: &'b [u8],
    at: usize,
}

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.book, self.at)?, u16_at(self.book, self.at.checked_add(2)?)?);
        let from = self.at + 4;
        let data = self.book.get(from..from + usize::from(length))?;
        self.at = from + data.len();
        Some((kind, data))
    }
}
