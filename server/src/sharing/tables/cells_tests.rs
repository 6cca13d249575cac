//! Cells as people and spreadsheets write them.

use std::{collections::BTreeSet, path::Path};

use indexer::record::{Body, Date};

use super::tests::{OFFICE, assert_reported, counts, kind, shelf};

const HEADER: &str = "全称,区划代码,类别,网址";

fn bodies(rows: &[&str]) -> String {
    rows.iter().fold(HEADER.to_owned(), |text, row| text + "\n" + row)
}

#[test]
fn codes_in_every_written_form_are_one() {
    let shelf = shelf();
    for code in ["520300", "'520300", "５２０３００", "\t520300", "520300000", "520300000000"] {
        let checked = shelf.check(kind("institutions"), &bodies(&[&format!("遵义市示例管理局,{code},政府,")]), OFFICE);
        assert_eq!((counts(&checked), checked.faults.count), ((1, 0, 0, 0), 0), "{code}: {:?}", checked.faults);
        assert_eq!(checked.prepared[0].record.owner.as_ref().map(|d| d.as_str()), Some("520300"));
    }
    let checked = shelf.check(kind("institutions"), &bodies(&["遵义市示例管理局,五二零三,政府,"]), OFFICE);
    assert_reported(&checked, &[(2, "区划代码", "6 位")]);
}

#[test]
fn names_with_spaces_or_radicals_are_the_listed_body() {
    let shelf = shelf();
    shelf.take(kind("institutions"), &bodies(&["遵义市人力资源和社会保障局,520300,政府,"]), OFFICE);
    for name in
        ["遵义市⼈⼒资源和社会保障局", "遵 义 市 人 力 资 源 和 社 会 保 障 局", "遵义市\u{3000}人力资源和社会保障局"]
    {
        let checked = shelf.check(kind("institutions"), &bodies(&[&format!("{name},520300,政府,")]), OFFICE);
        assert_eq!(counts(&checked), (0, 0, 1, 0), "{name}: {:?}", checked.faults);
    }
    // The same institution twice in one table.
    let text = bodies(&["遵义市示例管理局,520300,政府,", "遵 义 市 示 例 管 理 局,520300,政府,"]);
    assert_reported(&shelf.check(kind("institutions"), &text, OFFICE), &[(3, "全称", "第 2 行")]);
}

#[test]
fn words_behind_an_address_are_told() {
    let shelf = shelf();
    for site in [
        "https://slj.zunyi.gov.cn/（建设中）",
        "https://slj.zunyi.gov.cn（新）",
        "https://slj.zunyi.gov.cn/ 建设中",
        "https://slj.zunyi.gov.cn/旧站",
    ] {
        let checked =
            shelf.check(kind("institutions"), &bodies(&[&format!("遵义市示例管理局,520300,政府,{site}")]), OFFICE);
        assert_eq!(counts(&checked), (0, 0, 0, 1), "{site}");
        assert!(checked.faults.reported.iter().all(|f| f.column == "网址"), "{:?}", checked.faults);
    }
    let good = "https://slj.zunyi.gov.cn/a/?b=1#c";
    let checked =
        shelf.check(kind("institutions"), &bodies(&[&format!("遵义市示例管理局,520300,政府,{good}")]), OFFICE);
    assert_eq!(counts(&checked), (1, 0, 0, 0), "{:?}", checked.faults);
}

#[test]
fn days_are_read_as_people_write_them() {
    let shelf = shelf();
    for cell in ["2018-10-30 09:30:00", "2018年10月30日"] {
        let text = format!("标题,效力层级,区划代码,成文日期\n遵义市示例条例,地方性法规,520300,{cell}");
        let checked = shelf.check(kind("regulations"), &text, OFFICE);
        assert_eq!(counts(&checked), (1, 0, 0, 0), "{cell}: {:?}", checked.faults);
        let Body::Regulation(regulation) = &checked.prepared[0].record.body else { panic!() };
        assert_eq!(regulation.version_date, Some(Date::constant(2018, 10, 30)), "{cell}");
    }
}

/// Tables as spreadsheet programs and people leave them: file, kind, rows added and bad, and a part of what is read or
/// told.
const FILES: &str = include_str!("../../../tests/tables/expected.tsv");

#[test]
fn every_table_file_is_taken_or_told() {
    let shelf = shelf();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables");
    let mut left: BTreeSet<String> =
        std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.remove("expected.tsv"));
    for line in FILES.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [file, kind, added, bad, part] = cells[..] else { panic!("five columns, not {line}") };
        assert!(left.remove(file), "{file} is there, once");
        let kind = self::kind(kind);
        let checked = shelf.check_file(kind, file, &std::fs::read(folder.join(file)).unwrap(), OFFICE);
        let found = (checked.added.to_string(), checked.bad.to_string());
        assert_eq!((found.0.as_str(), found.1.as_str()), (added, bad), "{file}: {:?}", checked.faults);
        let read = checked.prepared.iter().map(|p| match &p.record.body {
            Body::Institution(i) => format!("{} {}", i.name, i.division),
            Body::Regulation(r) => r.version_date.map(|day| day.to_string()).unwrap_or_default(),
            other => panic!("{other:?}"),
        });
        let told = checked.faults.reported.iter().map(|f| format!("{} {}", f.column, f.message));
        let all: Vec<String> = read.chain(told).chain(checked.notes.iter().cloned()).collect();
        assert!(all.iter().any(|text| text.contains(part)), "{file}: {part} is not in {all:?}");
    }
    assert_eq!(left, BTreeSet::new(), "files that nothing is expected of");
}
