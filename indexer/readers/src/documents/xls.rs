//! Workbooks of Excel 97 to 2003 and of WPS ([MS-XLS] in [MS-CFB]): every sheet is a table.
//!
//! calamine reads them whole, a sheet as the rectangle around its cells. What that takes is bounded by the process that files are
//! read in; what is kept of it is counted as that of other workbooks.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{Data, DataRef, Reader as _, SheetType, SheetVisible, Xls, XlsError};

use super::{
    Document, DocumentError,
    tables::Room,
    xls_hidden::{self, Hidden},
    xlsx::{MAX_SHEETS, Named, Sheet, is_within, length, shown, united, warn_of_left_out, warn_of_more},
};

const FORMAT: &str = "xls";

/// Sheets by name, each with its rows that have cells and their numbers; what is merged down several rows stands in each of them.
pub fn filled(bytes: &[u8], document: &mut Document) -> Result<Vec<Named>, DocumentError> {
    let broken = |error: XlsError| match error {
        XlsError::Password => DocumentError::Encrypted { format: "Excel" },
        error => {
            let text: String = error.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
            DocumentError::Broken { format: FORMAT, what: format!("无法读出工作表（{text}）") }
        }
    };
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    let hidden = xls_hidden::of_sheets(bytes);
    if hidden.is_none() {
        document.warn("旧版 xls 文件：这一份里隐藏的行和列认不出来，一并读了，请核对");
    }
    let mut hidden = hidden.unwrap_or_default().into_iter();
    let (mut room, mut sheets) = (Room::default(), Vec::new());
    let all = workbook.sheets_metadata().to_vec();
    warn_of_more(all.len(), document);
    for of in all.into_iter().take(MAX_SHEETS) {
        let Hidden { rows: hidden_rows, columns } = hidden.next().unwrap_or_default();
        let hidden_columns = united(columns);
        let name = of.name;
        if of.visible != SheetVisible::Visible {
            document.warn(format!("工作表“{name}”是隐藏的，没有读取：如需读取请取消隐藏"));
            continue;
        }
        if of.typ != SheetType::WorkSheet {
            document.warn(format!("“{name}”是图表或者宏，没有读取"));
            continue;
        }
        let range = workbook.worksheet_range(&name).map_err(broken)?;
        let Some((first_row, first_column)) = range.start() else { continue };
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(broken)?;
        let merged: Vec<(u32, u32, u32)> = merged
            .iter()
            .map(|range| (range.start.0, range.end.0, range.start.1))
            .filter(|(first, last, _)| first < last)
            .collect();
        let mut sheet = Sheet::of(&merged);
        let (mut left_out, mut columns_left_out) = (BTreeSet::new(), BTreeSet::new());
        for (row, column, data) in range.used_cells() {
            let (row, column) = (first_row + row as u32, first_column + column as u32);
            if hidden_rows.contains(&row) {
                left_out.insert(row);
                if sheet.begins(row, column) && !is_within(&hidden_columns, column) {
                    let cell = borrowed(data);
                    room.text(length(&cell))?;
                    sheet.put_above(row, column, shown(&cell));
                }
                continue;
            }
            if is_within(&hidden_columns, column) {
                columns_left_out.insert(column);
                continue;
            }
            let cell = borrowed(data);
            room.text(length(&cell))?;
            sheet.put(row, column, shown(&cell), &mut room)?;
        }
        warn_of_left_out(&name, &left_out, &columns_left_out, document);
        sheet.fill(&merged, &mut room)?;
        sheets.push((name, sheet.rows()));
    }
    Ok(sheets)
}

fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(time) => DataRef::DateTime(*time),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
