//! Cells as people and spreadsheets write them.

use std::io::Write as _;

use indexer::record::Date;

use super::tests::{OFFICE, assert_told, counts, kind, shelf};

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
    assert_told(&checked, &[(2, "区划代码", "6 位")]);
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
    // The same body twice in one table.
    let text = bodies(&["遵义市示例管理局,520300,政府,", "遵 义 市 示 例 管 理 局,520300,政府,"]);
    assert_told(&shelf.check(kind("institutions"), &text, OFFICE), &[(3, "全称", "第 2 行")]);
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
        assert!(checked.faults.told.iter().all(|f| f.column == "网址"), "{:?}", checked.faults);
    }
    let good = "https://slj.zunyi.gov.cn/a/?b=1#c";
    let checked =
        shelf.check(kind("institutions"), &bodies(&[&format!("遵义市示例管理局,520300,政府,{good}")]), OFFICE);
    assert_eq!(counts(&checked), (1, 0, 0, 0), "{:?}", checked.faults);
}

#[test]
fn a_formula_that_failed_is_told_and_not_taken_for_nothing() {
    let shelf = shelf();
    let checked = shelf.check(kind("institutions"), &bodies(&["遵义市示例管理局,520300,政府,#N/A"]), OFFICE);
    let told: Vec<&str> = checked.faults.told.iter().map(|f| f.message.as_str()).collect();
    assert!(told.iter().any(|message| message.contains("#N/A")), "{told:?}");
    assert_eq!(counts(&checked), (0, 0, 0, 1));
}

/// A workbook of one sheet with these rows, as SpreadsheetML; style 1 is a date with its time.
fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd h:mm:ss"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#)),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn row(number: u32, attributes: &str, cells: &[&str]) -> String {
    let cell = |(at, cell): (usize, &&str)| {
        let place = format!("{}{number}", char::from(b'A' + at as u8));
        match cell.strip_prefix("<v") {
            Some(value) => format!(r#"<c r="{place}"{value}"#),
            None => format!(r#"<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>"#),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!(r#"<row r="{number}" {attributes}>{cells}</row>"#)
}

#[test]
fn days_come_as_moments_and_as_numbers() {
    let shelf = shelf();
    for cell in
        [r#"<v s="1"><v>43403.39583333334</v></c>"#, "<v><v>43403</v></c>", "2018-10-30 09:30:00", "2018年10月30日"]
    {
        let rows = row(1, "", &["标题", "效力层级", "区划代码", "成文日期"])
            + &row(2, "", &["遵义市示例条例", "地方性法规", "<v><v>520300</v></c>", cell]);
        let checked = shelf.check_file(kind("regulations"), "表.xlsx", &workbook(&rows), OFFICE);
        assert_eq!(counts(&checked), (1, 0, 0, 0), "{cell}: {:?}", checked.faults);
        let indexer::record::Body::Regulation(norm) = &checked.prepared[0].record.body else { panic!() };
        assert_eq!(norm.version_date, Some(Date::constant(2018, 10, 30)), "{cell}");
    }
}

#[test]
fn hidden_rows_are_left_out_and_told() {
    let shelf = shelf();
    let rows = row(1, "", &["全称", "区划代码", "类别"])
        + &row(2, "", &["遵义市示例管理局", "520300", "政府"])
        + &row(3, "hidden=\"1\"", &["遵义市隐藏示例局", "520300", "政府"]);
    let checked = shelf.check_file(kind("institutions"), "表.xlsx", &workbook(&rows), OFFICE);
    assert_eq!(counts(&checked), (1, 0, 0, 0));
    assert!(checked.notes[0].contains("第 3 行"), "{:?}", checked.notes);
}
