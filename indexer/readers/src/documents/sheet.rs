//! A file as one table whose rows keep their numbers: whoever filled it in is reported where a fault lies.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Document, DocumentError, Format, MAX_UPLOAD, TooLarge, format, radicals, separated, xls, xlsx};

/// A row with its number.
pub type NumberedRow = (u32, Vec<String>);

/// The first sheet that has anything, and the others behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What it is called; empty in a csv file.
    #[serde(default)]
    pub name: String,
    /// Rows that are not empty, with their numbers from 1 as a spreadsheet shows them. Cells are trimmed.
    pub rows: Vec<NumberedRow>,
    /// Further sheets that have something: their names and rows.
    #[serde(default)]
    pub more: Vec<(String, Vec<NumberedRow>)>,
    /// What else was not read, each in a Chinese sentence for whoever filled the table in.
    pub notes: Vec<String>,
}

/// Reads a csv, xlsx or xls file.
///
/// # Errors
/// As [`super::read`]; other formats are refused.
pub fn sheet(bytes: &[u8], file_name: &str) -> Result<Sheet, DocumentError> {
    if bytes.is_empty() {
        return Err(DocumentError::Empty);
    }
    if bytes.len() > MAX_UPLOAD {
        return Err(DocumentError::TooLarge(TooLarge::Upload { bytes: bytes.len() }));
    }
    let mut workbook = Document::new(Format::Xlsx);
    let sheets = match format::is_old_workbook(bytes, file_name) {
        true => xls::filled(bytes, &mut workbook)?,
        false => match format::recognize(bytes, file_name)? {
            Format::Csv => vec![(String::new(), separated::numbered(bytes)?)],
            Format::Xlsx => xlsx::filled(bytes, &mut workbook)?,
            other => {
                return Err(DocumentError::Unsupported {
                    found: other.label(),
                    mend: "表格请存为 csv、xlsx 或 xls 文件，扩展名与内容一致",
                });
            }
        },
    };
    let filled = sheets.into_iter().map(|(name, mut rows)| {
        rows.retain(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
        for cell in rows.iter_mut().flat_map(|(_, row)| row) {
            if let Cow::Owned(folded) = radicals::fold(cell) {
                *cell = folded;
            }
        }
        (name, rows)
    });
    let mut filled = filled.filter(|(_, rows)| !rows.is_empty());
    let (name, rows) = filled.next().unwrap_or_default();
    Ok(Sheet { name, rows, more: filled.collect(), notes: workbook.warnings })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(u32, String)> {
        sheet(text.as_bytes(), "a.csv").unwrap().rows.into_iter().map(|(n, row)| (n, row.join("|"))).collect()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let told = |rows: &[(u32, &str)]| rows.iter().map(|(n, s)| (*n, (*s).to_owned())).collect::<Vec<_>>();
        let text = "a,b\n1,2\n\n\"x\ny\",3\n,\n4,5";
        let want = told(&[(1, "a|b"), (2, "1|2"), (4, "x\ny|3"), (6, "4|5")]);
        assert_eq!(numbers(text), want);
        assert_eq!(numbers(&text.replace('\n', "\r\n")), want);
        assert_eq!(numbers("\n\na,b\n\n1,2\n"), told(&[(3, "a|b"), (5, "1|2")]));
        assert_eq!(numbers("\u{FEFF}甲;乙\n1;2\n"), told(&[(1, "甲|乙"), (2, "1|2")]));
    }

    #[test]
    fn hidden_rows_and_sheets_are_left_out_and_told() {
        use super::super::fixtures::{xlsx_of, xlsx_with};
        let row = |n: u32, more: &str, cell: &str| format!(r#"<row r="{n}" {more}><c r="A{n}" {cell}</c></row>"#);
        let text = |text: &str| format!(r#"t="inlineStr"><is><t>{text}</t></is>"#);
        let rows =
            row(1, "", &text("全称")) + &row(2, "hidden=\"1\"", &text("甲")) + &row(3, "", r#"t="e"><v>#N/A</v>"#);
        let read = sheet(&xlsx_of(&rows), "a.xlsx").unwrap();
        assert_eq!(read.rows, [(1, vec!["全称".to_owned()]), (3, vec!["#N/A".to_owned()])]);
        assert!(read.notes[0].contains("第 2 行") && read.notes[0].contains("权力清单"), "{:?}", read.notes);
        let read = sheet(&xlsx_with(&rows, "state=\"veryHidden\""), "a.xlsx").unwrap();
        assert!(read.rows.is_empty() && read.notes[0].contains("权力清单"), "{:?}", read.notes);
        let read = sheet("全称\n遵义市⼈⼒资源局\n".as_bytes(), "a.csv").unwrap();
        assert_eq!(read.rows[1].1, ["遵义市人力资源局"]);
    }

    #[test]
    fn hidden_columns_are_left_out_and_told() {
        use super::super::fixtures::xlsx_columns;
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let row = |n: u32, cells: [&str; 4]| {
            let cells: String = ["A", "B", "C", "AB"]
                .iter()
                .zip(cells)
                .map(|(column, text)| cell(&format!("{column}{n}"), text))
                .collect();
            format!(r#"<row r="{n}">{cells}</row>"#)
        };
        let rows = row(1, ["全称", "内部", "网址", "备注"]) + &row(2, ["甲局", "密", "a.gov.cn", "密"]);
        let columns = r#"<cols><col min="28" max="30" width="0"/><col min="2" max="2" hidden="true"/><col min="1" max="1" hidden="0"/><col min="29" max="16384" hidden="1"/></cols>"#;
        let read = sheet(&xlsx_columns(&rows, columns, ""), "a.xlsx").unwrap();
        let kept = |name: &str| vec!["全称".to_owned(), String::new(), name.to_owned()];
        assert_eq!(read.rows[0], (1, kept("网址")));
        assert!(!format!("{:?}", read.rows).contains('密'), "{:?}", read.rows);
        assert!(read.notes[0].contains("2 个隐藏列（B 列"), "{:?}", read.notes);
    }

    #[test]
    fn days_count_from_where_the_workbook_says() {
        use super::super::fixtures::xlsx_columns;
        // ECMA-376 part 1, 18.17.4.1: from 1900, or from 1904.
        for (day, properties) in [("45384", ""), ("43922", r#"<workbookPr date1904="1"/>"#)] {
            let rows = format!(r#"<row r="1"><c r="A1" s="1"><v>{day}</v></c></row>"#);
            let read = sheet(&xlsx_columns(&rows, "", properties), "a.xlsx").unwrap();
            assert_eq!(read.rows, [(1, vec!["2024-04-02".to_owned()])]);
        }
    }

    #[test]
    fn merged_cells_stand_in_each_of_their_rows_and_all_sheets_are_read() {
        use super::super::fixtures::{xlsx_merged, xlsx_sheets};
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let rows = [("1", "甲", "一"), ("2", "", "二"), ("3", "", "三"), ("4", "乙", "四")].map(|(n, a, b)| {
            let first = if a.is_empty() { String::new() } else { cell(&format!("A{n}"), a) };
            format!(r#"<row r="{n}">{first}{}</row>"#, cell(&format!("B{n}"), b))
        });
        let merged = |ranges: &[&str]| xlsx_merged(&rows.concat(), ranges);
        let first = |bytes: &[u8]| -> Vec<String> {
            sheet(bytes, "a.xlsx").unwrap().rows.iter().map(|(_, row)| row[0].clone()).collect()
        };
        assert_eq!(first(&merged(&["A1:A3"])), ["甲", "甲", "甲", "乙"]);
        assert_eq!(first(&merged(&[])), ["甲", "", "", "乙"]);
        // What is no range, or one beyond the sheet, changes nothing.
        assert_eq!(first(&merged(&["", "A9:A4000000000", "甲:乙", "B2:A1", "A4:A4"])), ["甲", "", "", "乙"]);
        let row = |n: u32, text: &str| format!(r#"<row r="{n}">{}</row>"#, cell(&format!("A{n}"), text));
        let all = xlsx_sheets(&[("封面", ""), ("行政许可", &row(1, "全称")), ("行政处罚", &row(2, "简称"))]);
        let two = sheet(&all, "a.xlsx").unwrap();
        assert_eq!((two.name.as_str(), two.rows.len()), ("行政许可", 1));
        assert_eq!(two.more, [("行政处罚".to_owned(), vec![(2, vec!["简称".to_owned()])])]);
    }

    /// A filter may hide the first of the rows over which a cell is merged; the others show what stands in it.
    #[test]
    fn what_is_merged_from_a_hidden_row_stands_in_the_rows_that_are_seen() {
        use super::super::fixtures::{OldCell, xls, xlsx_merged};
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let hidden = format!(r#"<row r="1" hidden="1">{}{}</row>"#, cell("A1", "甲"), cell("B1", "密"));
        let seen = [2, 3].map(|n| format!(r#"<row r="{n}">{}</row>"#, cell(&format!("B{n}"), "项")));
        let read = sheet(&xlsx_merged(&(hidden + &seen.concat()), &["A1:A3"]), "a.xlsx").unwrap();
        let row = || vec!["甲".to_owned(), "项".to_owned()];
        assert_eq!(read.rows, [(2, row()), (3, row())]);
        let text = OldCell::Text;
        let old = [
            (0, 0, text("甲")),
            (0, 1, text("密")),
            (1, 1, text("项")),
            (2, 1, text("项")),
            (0, 0, OldCell::HiddenRow),
        ];
        let read = sheet(&xls(&[("许可", 0, &old, &[(0, 2, 0)])]), "a.xls").unwrap();
        assert_eq!(read.rows, [(2, row()), (3, row())]);
    }

    #[test]
    fn sheets_beyond_the_limit_are_told() {
        use super::super::fixtures::xlsx_sheets;
        let names: Vec<String> = (0..257).map(|n| format!("表{n}")).collect();
        let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let read = sheet(&xlsx_sheets(&all), "a.xlsx").unwrap();
        assert!(read.notes.iter().any(|note| note.contains("共有 257 张工作表，只读了前 256 张")), "{:?}", read.notes);
    }

    #[test]
    fn old_workbooks_are_read_as_new_ones() {
        use super::super::fixtures::{OldCell, xls};
        let text = OldCell::Text;
        let first = [
            (0, 0, text("遵义市示例局权责清单")),
            (1, 0, text("事项名称")),
            (1, 1, text("法定时限")),
            (2, 0, text("甲证核发")),
            (2, 1, OldCell::Number(20.0)),
            (3, 1, OldCell::Error(0x17)),
            (3, 2, OldCell::Formula(15.0)),
        ];
        let second = [(4, 1, text("乙"))];
        let book = xls(&[("许可", 0, &first, &[(2, 3, 0)]), ("底稿", 1, &second, &[]), ("处罚", 0, &second, &[])]);
        let read = sheet(&book, "清单.xls").unwrap();
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(read.name, "许可");
        assert_eq!(
            read.rows,
            [
                (1, row(&["遵义市示例局权责清单"])),
                (2, row(&["事项名称", "法定时限"])),
                (3, row(&["甲证核发", "20"])),
                (4, row(&["甲证核发", "#REF!", "15"])),
            ]
        );
        assert_eq!(read.more, [("处罚".to_owned(), vec![(5, row(&["", "乙"]))])]);
        assert!(read.notes.iter().any(|note| note.contains("底稿") && note.contains("隐藏")), "{:?}", read.notes);
        assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
        // By another name, cut off, and as a document, it is reported.
        assert!(sheet(&book, "清单.xlsx").unwrap_err().to_string().contains("xls"));
        assert!(sheet(&book[..book.len() / 2], "清单.xls").is_err());
        assert!(super::super::read(&book, "清单.xls").is_err(), "documents are not brought as such");
    }

    #[test]
    fn what_an_old_workbook_hides_is_left_out_and_told() {
        use super::super::fixtures::{OldCell, xls};
        let text = OldCell::Text;
        let first = [
            (0, 0, text("事项名称")),
            (0, 1, text("内部意见")),
            (0, 2, text("备注")),
            (1, 0, text("已删的事项")),
            (2, 0, text("甲证核发")),
            (2, 1, text("内部")),
            (2, 2, text("一")),
            (1, 0, OldCell::HiddenRow),
            (0, 1, OldCell::HiddenColumn),
        ];
        let second = [(0, 0, text("事项名称")), (1, 0, text("乙证核发"))];
        let book = xls(&[
            ("底稿", 1, &[(1, 0, OldCell::HiddenRow)], &[]),
            ("许可", 0, &first, &[]),
            ("处罚", 0, &second, &[]),
        ]);
        let read = sheet(&book, "清单.xls").unwrap();
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(read.rows, [(1, row(&["事项名称", "", "备注"])), (3, row(&["甲证核发", "", "一"]))]);
        assert_eq!(read.more, [("处罚".to_owned(), vec![(1, row(&["事项名称"])), (2, row(&["乙证核发"]))])]);
        for told in ["“许可”有 1 个隐藏行（第 2 行等）", "“许可”有 1 个隐藏列（B 列等）"]
        {
            assert!(read.notes.iter().any(|note| note.contains(told)), "{told}: {:?}", read.notes);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(sheet(b"", "a.csv").is_err());
        let error = sheet("甲".as_bytes(), "a.txt").unwrap_err().to_string();
        assert!(error.contains("csv、xlsx 或 xls"), "{error}");
    }
}
