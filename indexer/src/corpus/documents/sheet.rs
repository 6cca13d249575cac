//! A file as one table whose rows keep their numbers: whoever filled it in is told where a fault lies.

use serde::{Deserialize, Serialize};

use super::{Document, DocumentError, Format, MAX_UPLOAD, TooLarge, format, separated, xlsx};

/// The first sheet that has anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Rows that are not empty, with their numbers from 1 as a spreadsheet shows them. Cells are trimmed.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Names of further sheets that have something and were not taken.
    pub left_out: Vec<String>,
}

/// Reads a csv or xlsx file.
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
    let sheets = match format::recognize(bytes, file_name)? {
        Format::Csv => vec![(String::new(), separated::numbered(bytes)?)],
        Format::Xlsx => xlsx::numbered(bytes, &mut Document::new(Format::Xlsx))?,
        other => {
            return Err(DocumentError::Unsupported {
                found: other.label(),
                mend: "表格请存为 csv 或 xlsx 文件，扩展名与内容一致",
            });
        }
    };
    let filled = sheets.into_iter().map(|(name, mut rows)| {
        rows.retain(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
        (name, rows)
    });
    let mut filled = filled.filter(|(_, rows)| !rows.is_empty());
    let (_, rows) = filled.next().unwrap_or_default();
    Ok(Sheet { rows, left_out: filled.map(|(name, _)| name).collect() })
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
    fn what_is_no_table_is_refused() {
        assert!(sheet(b"", "a.csv").is_err());
        let error = sheet("甲".as_bytes(), "a.txt").unwrap_err().to_string();
        assert!(error.contains("csv 或 xlsx"), "{error}");
    }
}
