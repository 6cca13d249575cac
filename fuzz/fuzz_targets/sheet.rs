//! Workbooks and CSV: any bytes as a sheet, as the shared texts, as the styles, and as CSV.
#![no_main]

use fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fuzz_target!(|bytes: &[u8]| {
    read(bytes, "a.csv");
    let relation = |kind: &str, target: &str| {
        format!("<Relationships><Relationship Id='r1' Type='{OFFICE}/{kind}' Target='{target}'/></Relationships>")
    };
    let top = relation("officeDocument", "xl/workbook.xml");
    let below = relation("worksheet", "worksheets/sheet1.xml");
    let book =
        format!("<workbook xmlns:r='{OFFICE}'><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>");
    let sheet = b"<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' s='1'><v>1</v></c></row></sheetData></worksheet>";
    let with = |sheet: &[u8], strings: &[u8], styles: &[u8]| {
        let entries: [(&str, &[u8]); 6] = [
            ("_rels/.rels", top.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", below.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/sharedStrings.xml", strings),
            ("xl/styles.xml", styles),
        ];
        read(&package(&entries), "a.xlsx");
    };
    with(bytes, b"<sst><si><t>a</t></si></sst>", b"<styleSheet/>");
    with(sheet, bytes, b"<styleSheet/>");
    with(sheet, b"<sst><si><t>a</t></si></sst>", bytes);
});
