//! Records as rows of a flat table, for spreadsheets: CSV (RFC 4180) in UTF-8 with a byte order mark.
//!
//! What stands in a name may come from anybody, and a spreadsheet takes a cell that begins with `=` for a formula: such
//! cells get an apostrophe in front ([`guarded`]). The whole record, to the letter, is in the JSON dump.

use indexer::record::{Date, Info, Kind as _, Record, Regulation};

use super::Effect;
use crate::store::StoreError;

/// The first column.
const ID: &str = "编号";
/// Where the facts of a row come from, and on what terms.
pub const EVERY: &[&str] = &["修订", "来源", "来源日期", "许可"];

/// The column with a regulation's day of effect, which is not what the record states but what the index judges, and
/// what that rests on. Other kinds state theirs.
const EFFECTIVE: &str = "effective";
const EFFECTIVE_BASIS: &str = "施行日期依据";
/// In the place of what the day of effect rests on, for a regulation that is newer than the index.
const NOT_JUDGED: &str = "刚有变更，尚未判定";

/// Between several values in a cell.
const BETWEEN: &str = "；";

/// The first line of a kind's file, with the byte order mark by which Excel knows UTF-8.
pub fn header(kind: &Info) -> Result<Vec<u8>, StoreError> {
    let own = |later: bool| kind.columns.iter().filter(move |c| c.later == later).map(|column| column.label);
    let judged = (kind.name == Regulation::NAME).then_some(EFFECTIVE_BASIS);
    let names = std::iter::once(ID).chain(own(false)).chain(EVERY.iter().copied()).chain(own(true)).chain(judged);
    Ok([b"\xEF\xBB\xBF".to_vec(), line(names.map(str::to_owned).collect())?].concat())
}

/// A record as a line of its kind's file. A regulation's day of effect is the judged one.
pub fn row(record: &Record, effect: Option<&Effect<'_>>) -> Result<Vec<u8>, StoreError> {
    let mut judged = None;
    let (mut cells, mut later) = (vec![record.id.clone()], Vec::new());
    for (column, values) in record.body.facts() {
        let cell = if column.name == EFFECTIVE && record.body.kind() == Regulation::NAME {
            judged = Some(effect.map_or(NOT_JUDGED, |effect| effect.basis.unwrap_or_default()).to_owned());
            day(effect.and_then(|effect| effect.date))
        } else {
            values.join(BETWEEN)
        };
        if column.later { later.push(cell) } else { cells.push(cell) }
    }
    let sources = record.provenance.iter();
    cells.push(record.revision.to_string());
    cells.push(all(sources.clone().map(|p| match &p.place {
        Some(place) => format!("{}（{place}）", p.source),
        None => p.source.clone(),
    })));
    cells.push(all(sources.clone().map(|p| day(p.date))));
    cells.push(all(sources.map(|p| p.licence.clone().unwrap_or_else(|| "未说明".to_owned()))));
    line(cells.into_iter().chain(later).chain(judged).collect())
}

fn all(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(BETWEEN)
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// The column in which rows that were refused say why. Whoever brings them again may leave it.
pub const REASON: &str = "问题";

/// A line of a table for spreadsheets.
pub fn line(cells: Vec<String>) -> Result<Vec<u8>, StoreError> {
    let failed = |error: String| StoreError::Engine(error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(guarded)).map_err(|e| failed(e.to_string()))?;
    writer.into_inner().map_err(|e| failed(e.to_string()))
}

/// A cell that no spreadsheet runs: what it would take for a formula gets an apostrophe in front, by which it is text.
/// Dates, codes and numbers of this service never begin so.
fn guarded(cell: String) -> String {
    if cell.starts_with(RUN) { format!("'{cell}") } else { cell }
}

/// What a spreadsheet takes the beginning of a formula for.
const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell as it was before it was [guarded](line).
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(RUN)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use indexer::record::{Body, Provenance, samples};

    use super::*;

    fn read(lines: &[Vec<u8>]) -> Vec<Vec<String>> {
        let text = lines.concat();
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_kind_has_as_many_cells_as_columns() {
        let law = samples::law("甲法", Date::constant(2020, 1, 1), &["一。"]);
        let level = indexer::record::DivisionLevel::Prefecture;
        for record in [
            samples::division("520300", "遵义市", "遵义", level, Some("520000")),
            samples::institution("a", "甲局", "520300"),
            law,
            samples::record("w", Body::WebName(samples::web_name("zunyi.gov.cn", "甲局"))),
        ] {
            let rows = read(&[header(record.body.info()).unwrap(), row(&record, None).unwrap()]);
            assert_eq!(rows[0].len(), rows[1].len(), "{rows:?}");
            assert_eq!((rows[0][0].as_str(), &rows[1][0]), ("编号", &record.id));
        }
    }

    #[test]
    fn a_guard_comes_off_again() {
        for cell in ["-无备注", "+86 851", "=1+1", "@甲", "甲", "", "2024-01-01"] {
            let rows =
                read(&[[b"\xEF\xBB\xBF".to_vec(), line(vec![cell.to_owned(), "乙".to_owned()]).unwrap()].concat()]);
            assert_eq!(unguarded(&rows[0][0]), cell);
        }
        assert_eq!(unguarded("'甲'"), "'甲'");
    }

    /// Only of a regulation the index judges the day: a scheme, a list of powers keep what they state.
    #[test]
    fn a_record_that_is_no_regulation_keeps_its_day_of_effect() {
        let mut told = 0;
        for kind in indexer::record::KINDS.iter().filter(|kind| kind.name != Regulation::NAME) {
            let Some(mut body) = Body::blank(kind.name) else { continue };
            let Some(at) = kind.columns.iter().position(|column| column.name == EFFECTIVE) else { continue };
            body.fill(|column| (column.name == EFFECTIVE).then_some("2019-04-01")).unwrap();
            let rows = read(&[header(kind).unwrap(), row(&samples::record("r", body), None).unwrap()]);
            let column = rows[0].iter().position(|name| name == kind.columns[at].label).unwrap();
            assert_eq!(rows[1][column], "2019-04-01", "{}", kind.name);
            assert!(!rows[0].contains(&EFFECTIVE_BASIS.to_owned()) && rows[0].len() == rows[1].len(), "{rows:?}");
            told += 1;
        }
        assert!(told > 0);
    }

    fn record_kind() -> &'static Info {
        indexer::record::kind_named("institution").unwrap()
    }

    #[test]
    fn hostile_names_are_text_and_quotes_and_breaks_survive() {
        for (name, cell) in [
            ("=HYPERLINK(\"http://a.cn\",\"甲\")", "'=HYPERLINK(\"http://a.cn\",\"甲\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("甲,\"乙\"\r\n丙", "甲,\"乙\"\r\n丙"),
            ("a=b", "a=b"),
        ] {
            let rows =
                read(&[header(record_kind()).unwrap(), row(&samples::institution("a", name, "520300"), None).unwrap()]);
            assert_eq!(rows[1][1], cell);
        }
    }

    #[test]
    fn sources_and_licences_go_with_every_row() {
        let from = |source: &str, licence: Option<&str>| Provenance {
            source: source.into(),
            place: Some("第 2 行".into()),
            date: Some(Date::constant(2026, 1, 2)),
            licence: licence.map(str::to_owned),
        };
        let record = samples::institution("a", "甲局", "520300");
        let record = Record { provenance: vec![from("甲名单", Some("MIT")), from("=cmd", None)], ..record };
        let rows = read(&[header(record_kind()).unwrap(), row(&record, None).unwrap()]);
        let from = rows[0].iter().position(|name| name == EVERY[0]).unwrap();
        let last = &rows[1][from..from + EVERY.len()];
        assert_eq!(last, ["0", "甲名单（第 2 行）；=cmd（第 2 行）", "2026-01-02；2026-01-02", "MIT；未说明"]);
    }
}
