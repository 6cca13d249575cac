//! Files made by the tests; whole ones, as programs write them, lie in `indexer/tests/documents`.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

/// A zip file of these entries.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A docx around the inside of `w:institution`, with further entries.
pub fn docx_with(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#
    );
    let styles = format!(
        r#"<w:styles xmlns:w="{WORD}"><w:style w:styleId="a"><w:name w:val="Title"/></w:style><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="b"><w:name w:val="mine"/><w:basedOn w:val="1"/></w:style><w:style w:styleId="c"><w:name w:val="loop"/><w:basedOn w:val="c"/></w:style></w:styles>"#
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ];
    entries.extend(more);
    zip(&entries)
}

/// A docx with one paragraph a line.
pub fn docx(text: &str) -> Vec<u8> {
    let body: String = text.lines().map(|line| format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escaped(line))).collect();
    docx_with(&body, &[])
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// An OFD with one page a text; each row of a page stands below the one before it, 10 mm apart.
pub fn ofd(pages: &[&str]) -> Vec<u8> {
    let rows = |page: &&str| {
        page.lines().enumerate().map(|(row, text)| ofd_row(20.0, 20.0 + 10.0 * row as f64, text)).collect()
    };
    ofd_of(&pages.iter().map(rows).collect::<Vec<String>>())
}

/// An OFD with one page for each of these lists of objects.
fn ofd_of(pages: &[String]) -> Vec<u8> {
    let entry = r#"<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;
    let list: String = (0..pages.len())
        .map(|n| format!(r#"<ofd:Page ID="{}" BaseLoc="Pages/Page_{n}/Content.xml"/>"#, n + 1))
        .collect();
    let document = format!(
        r#"<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:TemplatePage ID="99" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"#
    );
    let mut files: Vec<(String, String)> =
        vec![("OFD.xml".into(), entry.into()), ("Doc_0/Document.xml".into(), document)];
    for (n, objects) in pages.iter().enumerate() {
        files.push((
            format!("Doc_0/Pages/Page_{n}/Content.xml"),
            format!(r#"<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"#),
        ));
    }
    let entries: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&entries)
}

/// A text object with characters 5 mm apart.
pub fn ofd_row(x: f64, y: f64, text: &str) -> String {
    let count = text.chars().count().saturating_sub(1);
    format!(
        r#"<ofd:TextObject Boundary="{x} {y} 150 6" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="g {count} 5">{}</ofd:TextCode></ofd:TextObject>"#,
        escaped(text)
    )
}

/// An OFD set as offices set theirs (GB/T 9704-2012, 5.2 and 7.3): 28 characters a row, 22 rows a page, paragraphs
/// indented by two, `^` centred and larger, `>` to the right, `<` at the left edge. Paragraphs are indented by where
/// their characters stand or by spaces among them.
pub fn ofd_set(text: &str, by_spaces: bool) -> Vec<u8> {
    let pages: Vec<String> = set(text, by_spaces)
        .into_iter()
        .map(|rows| rows.iter().map(|row| object(row.left, row.top, row.size, &row.text)).collect())
        .collect();
    ofd_of(&pages)
}

/// A PDF set the same way; of its letters it has only what they mean.
pub fn pdf_set(text: &str) -> Vec<u8> {
    let pages = set(text, false);
    let mut objects: Vec<String> = Vec::new();
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 6 + 2 * n)).collect();
    objects.push("<</Type/Catalog/Pages 2 0 R>>".to_owned());
    objects.push(format!("<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 595 842]>>", pages.len()));
    objects.push(
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
            .to_owned(),
    );
    objects.push("<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[32 126 500]/FontDescriptor<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>".to_owned());
    let ranges =
        |high: u32| (high..high + 64).map(|h| format!("<{h:02X}00><{h:02X}FF><{h:02X}00>\n")).collect::<String>();
    let blocks: String =
        [0, 64, 128, 192].into_iter().map(|high| format!("64 beginbfrange\n{}endbfrange\n", ranges(high))).collect();
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def 1 begincodespacerange <0000><FFFF> endcodespacerange\n{blocks}endcmap end end"
    );
    objects.push(format!("<</Length {}>>stream\n{map}\nendstream", map.len()));
    const POINTS: f64 = 72.0 / 25.4;
    for (n, rows) in pages.iter().enumerate() {
        let row = |row: &SetRow| {
            let letters: String = row.text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            let (left, bottom, size) = (row.left * POINTS, 842.0 - (row.top + row.size) * POINTS, row.size * POINTS);
            format!("BT /F {size:.2} Tf {left:.2} {bottom:.2} Td <{letters}> Tj ET\n")
        };
        let shown: String = rows.iter().map(row).collect();
        objects.push(format!("<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents {} 0 R>>", 7 + 2 * n));
        objects.push(format!("<</Length {}>>stream\n{shown}endstream", shown.len()));
    }
    let mut file = String::from("%PDF-1.5\n");
    let mut places = Vec::new();
    for (n, object) in (1..).zip(&objects) {
        places.push(file.len());
        file += &format!("{n} 0 obj\n{object}\nendobj\n");
    }
    let at = file.len();
    let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let count = objects.len() + 1;
    file += &format!(
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"
    );
    file.into_bytes()
}

/// A row of a page, in millimetres from its left and upper edge.
struct SetRow {
    left: f64,
    top: f64,
    size: f64,
    text: String,
}

/// The rows of each page, with its number.
fn set(text: &str, by_spaces: bool) -> Vec<Vec<SetRow>> {
    const SIZE: f64 = 5.6;
    const LARGE: f64 = 7.7;
    const LEFT: f64 = 28.0;
    const WIDTH: f64 = 28.0 * SIZE;
    let mut rows: Vec<(f64, f64, String)> = Vec::new();
    for line in text.lines() {
        let (mark, inside) = match line.chars().next() {
            Some(mark @ ('^' | '>' | '<')) => (mark, &line[1..]),
            _ => (' ', line),
        };
        let size = if mark == '^' { LARGE } else { SIZE };
        let indent = if mark == ' ' { 2.0 * SIZE } else { 0.0 };
        for (n, row) in rows_of(inside, WIDTH, indent, size).into_iter().enumerate() {
            let length = size * super::page::width(&row);
            let (left, row) = match mark {
                '^' => (LEFT + (WIDTH - length) / 2.0, row),
                '>' => (LEFT + WIDTH - length - 4.0 * SIZE, row),
                _ if n > 0 || mark == '<' => (LEFT, row),
                _ if by_spaces => (LEFT, format!("　　{row}")),
                _ => (LEFT + indent, row),
            };
            rows.push((left, size, row));
        }
    }
    let mut pages = Vec::new();
    for (page, rows) in (1..).zip(rows.chunks(22)) {
        let row = |(n, (left, size, text)): (usize, &(f64, f64, String))| SetRow {
            left: *left,
            top: 37.0 + 10.2 * n as f64,
            size: *size,
            text: text.clone(),
        };
        let mut shown: Vec<SetRow> = rows.iter().enumerate().map(row).collect();
        shown.push(SetRow { left: LEFT + WIDTH / 2.0 - 10.0, top: 272.0, size: 4.9, text: format!("— {page} —") });
        pages.push(shown);
    }
    pages
}

/// Rows of a paragraph that is so wide, the first one indented; a stop never begins a row.
fn rows_of(text: &str, width: f64, indent: f64, size: f64) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut left = indent;
    for c in text.chars() {
        if left + size > width + 0.01 && !"，。、；：”）》".contains(c) {
            rows.push(String::new());
            left = 0.0;
        }
        rows.last_mut().unwrap().push(c);
        left += size * super::page::width(c.encode_utf8(&mut [0; 4]));
    }
    rows
}

/// A text object with characters as far apart as they are wide.
fn object(x: f64, y: f64, size: f64, text: &str) -> String {
    let apart = |c: char| (size * super::page::width(c.encode_utf8(&mut [0; 4]))).to_string();
    let apart: Vec<String> = text.chars().take(text.chars().count().saturating_sub(1)).map(apart).collect();
    format!(
        r#"<ofd:TextObject Boundary="{x} {y} 180 {size}" Size="{size}"><ofd:TextCode X="0" Y="{size}" DeltaX="{}">{}</ofd:TextCode></ofd:TextObject>"#,
        apart.join(" "),
        escaped(text)
    )
}

/// A workbook of one sheet; cells are `A1` and their inner text.
pub fn xlsx(cells: &[(&str, &str)]) -> Vec<u8> {
    let cell = |(place, text): &(&str, &str)| {
        let row: String = place.chars().filter(char::is_ascii_digit).collect();
        format!(r#"<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{}</t></is></c></row>"#, escaped(text))
    };
    xlsx_of(&cells.iter().map(cell).collect::<String>())
}

pub fn xlsx_of(rows: &str) -> Vec<u8> {
    workbook(rows, "", "")
}

/// A workbook of one sheet with its columns, and what the workbook says of itself.
pub fn xlsx_columns(rows: &str, columns: &str, properties: &str) -> Vec<u8> {
    workbook_of(&[("权力清单", rows, "")], columns, "", "", properties)
}

/// A workbook of one sheet with merged ranges.
pub fn xlsx_merged(rows: &str, ranges: &[&str]) -> Vec<u8> {
    let all: String = ranges.iter().map(|range| format!(r#"<mergeCell ref="{range}"/>"#)).collect();
    workbook_of(&[("权力清单", rows, &format!("<mergeCells>{all}</mergeCells>"))], "", "", "", "")
}

/// A workbook of several sheets: names and rows.
pub fn xlsx_sheets(sheets: &[(&str, &str)]) -> Vec<u8> {
    let sheets: Vec<(&str, &str, &str)> = sheets.iter().map(|(name, rows)| (*name, *rows, "")).collect();
    workbook_of(&sheets, "", "", "", "")
}

/// A workbook of one sheet whose cells may name these strings by their number.
pub fn xlsx_sharing(rows: &str, strings: &str) -> Vec<u8> {
    workbook(rows, strings, "")
}

/// A workbook of one sheet that the workbook lists with further attributes.
pub fn xlsx_with(rows: &str, attributes: &str) -> Vec<u8> {
    workbook(rows, "", attributes)
}

fn workbook(rows: &str, strings: &str, attributes: &str) -> Vec<u8> {
    workbook_of(&[("权力清单", rows, "")], "", strings, attributes, "")
}

/// Sheets by name, rows and what stands behind these.
fn workbook_of(
    sheets: &[(&str, &str, &str)],
    columns: &str,
    strings: &str,
    attributes: &str,
    properties: &str,
) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (n, (name, rows, behind)) in (1..).zip(sheets) {
        // The first ids are those of the strings and the styles.
        let id = if n == 1 { 1 } else { n + 2 };
        listed.push_str(&format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{id}" {attributes}/>"#));
        related.push_str(&format!(
            r#"<Relationship Id="rId{id}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        ));
        let sheet = format!(r#"<worksheet xmlns="{main}">{columns}<sheetData>{rows}</sheetData>{behind}</worksheet>"#);
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
    }
    let workbook =
        format!(r#"<workbook xmlns="{main}" xmlns:r="{office}">{properties}<sheets>{listed}</sheets></workbook>"#);
    let rels = format!(
        r#"<Relationships xmlns="{package}">{related}<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
    );
    // The second format shows a number as a day.
    let styles =
        format!(r#"<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#);
    let strings = format!(r#"<sst xmlns="{main}">{strings}</sst>"#);
    let top = format!(
        r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", top.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    all.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    zip(&all)
}

/// A PDF as Chinese office programs write it: a Type 0 font in GBK-EUC-H without a way back to Unicode. Each row is
/// its left edge in characters and its text. No row makes a page without text.
pub fn pdf(pages: &[&[(f64, &str)]]) -> Vec<u8> {
    let sized = |rows: &&[(f64, &str)]| rows.iter().map(|(left, text)| (*left, 16.0, (*text).to_owned())).collect();
    pdf_sized(&pages.iter().map(sized).collect::<Vec<Vec<(f64, f64, String)>>>())
}

/// A PDF as [`pdf`] makes it, of rows with their left edge in characters of 16 points, their size in points and text.
pub fn pdf_sized(pages: &[Vec<(f64, f64, String)>]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 6 + 2 * n)).collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes());
    objects.push(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /FangSong /Encoding /GBK-EUC-H /DescendantFonts [4 0 R] >>".to_vec(),
    );
    objects.push(b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /FangSong /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor 5 0 R >>".to_vec());
    objects.push(b"<< /Type /FontDescriptor /FontName /FangSong /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 859 /Descent -140 /CapHeight 700 /StemV 80 >>".to_vec());
    for (n, rows) in pages.iter().enumerate() {
        let content = 7 + 2 * n;
        objects.push(
            format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {content} 0 R >>")
                .into_bytes(),
        );
        let mut stream = String::new();
        for (row, (left, size, text)) in rows.iter().enumerate() {
            let bytes = encoding_rs::GBK.encode(text).0.into_owned();
            let hexed: String = bytes.iter().map(|b| format!("{b:02X}")).collect();
            let (x, y) = (80.0 + left * 16.0, 760.0 - 28.0 * row as f64);
            stream.push_str(&format!("BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{hexed}> Tj ET\n"));
        }
        objects.push(format!("<< /Length {} >>\nstream\n{stream}endstream", stream.len()).into_bytes());
    }
    assemble(&objects, "")
}

/// Objects 1, 2 … with their table; `trailer` is put into the trailer's dictionary.
pub fn assemble(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", n + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    file
}

/// What a cell of an old workbook has.
pub enum OldCell {
    Text(&'static str),
    Number(f64),
    /// By its code (MS-XLS 2.5.10).
    Error(u8),
    /// With its result.
    Formula(f64),
    /// No cell: its row is hidden, by the user or by a filter.
    HiddenRow,
    /// No cell: its column is hidden.
    HiddenColumn,
}

/// Sheets of an old workbook: name, how it is hidden, cells by row and column, and merged ranges as first row, last
/// row, column.
pub type OldSheet<'a> = (&'a str, u8, &'a [(u16, u16, OldCell)], &'a [(u16, u16, u16)]);

/// An old workbook (MS-XLS, BIFF8) in a compound file (MS-CFB) of 512-byte sectors.
pub fn xls(sheets: &[OldSheet<'_>]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let begins = |kind: u16| record(0x0809, &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let ends = record(0x000A, &[]);
    let at = |row: u16, column: u16| [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat();
    let cell = |(row, column, cell): &(u16, u16, OldCell)| {
        let at = at(*row, *column);
        match cell {
            OldCell::Text(text) => {
                let length = text.encode_utf16().count() as u16;
                record(0x0204, &[&at[..], &length.to_le_bytes(), &[1], &utf16(text)].concat())
            }
            OldCell::Number(number) => record(0x0203, &[&at[..], &number.to_le_bytes()].concat()),
            OldCell::Error(code) => record(0x0205, &[&at[..], &[*code, 1]].concat()),
            OldCell::HiddenRow => {
                record(0x0208, &[&row.to_le_bytes()[..], &[0; 10], &0x0120u16.to_le_bytes(), &[0; 2]].concat())
            }
            OldCell::HiddenColumn => {
                let column = column.to_le_bytes();
                record(0x007D, &[&column[..], &column, &[0, 8], &[0; 2], &1u16.to_le_bytes(), &[0; 2]].concat())
            }
            OldCell::Formula(result) => record(0x0006, &[&at[..], &result.to_le_bytes(), &[0; 8]].concat()),
        }
    };
    let body = |(_, _, cells, merged): &OldSheet<'_>| {
        let ranges = merged.iter().flat_map(|(first, last, column)| [*first, *last, *column, *column]);
        let ranges: Vec<u8> = ranges.flat_map(u16::to_le_bytes).collect();
        let merged = record(0x00E5, &[&(merged.len() as u16).to_le_bytes()[..], &ranges].concat());
        [begins(0x0010), cells.iter().flat_map(cell).collect(), merged, ends.clone()].concat()
    };
    let institutions: Vec<Vec<u8>> = sheets.iter().map(body).collect();
    let head = |(name, hidden, ..): &OldSheet<'_>, place: u32| {
        let length = name.encode_utf16().count() as u8;
        record(0x0085, &[&place.to_le_bytes()[..], &[*hidden, 0, length, 1], &utf16(name)].concat())
    };
    let globals = begins(0x0005).len() + sheets.iter().map(|sheet| head(sheet, 0).len()).sum::<usize>() + ends.len();
    let mut stream = begins(0x0005);
    let mut place = globals;
    for (sheet, body) in sheets.iter().zip(&institutions) {
        stream.extend(head(sheet, place as u32));
        place += body.len();
    }
    stream.extend(&ends);
    institutions.iter().for_each(|body| stream.extend(body));
    compound("Workbook", stream)
}

/// A compound file with one stream: its header, one sector of the table of sectors, one of the directory, and the
/// stream.
pub fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    let (end, none, in_table) = (0xFFFF_FFFEu32, 0xFFFF_FFFFu32, 0xFFFF_FFFDu32);
    // A shorter one would stand in a smaller stream.
    stream.resize(stream.len().max(4096).next_multiple_of(SECTOR), 0);
    let sectors = stream.len() / SECTOR;
    assert!(sectors + 2 <= SECTOR / 4, "one sector of the table is enough");
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.extend([0; 16]);
    [0x3Eu16, 3, 0xFFFE, 9, 6, 0, 0, 0].iter().for_each(|n| header.extend(n.to_le_bytes()));
    [0u32, 1, 1, 0, 4096, end, 0, end, 0, 0].iter().for_each(|n| header.extend(n.to_le_bytes()));
    header.resize(SECTOR, 0xFF);
    let chain = (2..).take(sectors).map(|at| if at == sectors as u32 + 1 { end } else { at + 1 });
    let mut table: Vec<u8> = [in_table, end].into_iter().chain(chain).flat_map(u32::to_le_bytes).collect();
    table.resize(SECTOR, 0xFF);
    let entry = |name: &str, kind: u8, child: u32, first: u32, length: u64| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(bytes.to_le_bytes());
        entry.extend([kind, 1]);
        [none, none, child].iter().for_each(|n| entry.extend(n.to_le_bytes()));
        entry.extend([0; 36]);
        entry.extend(first.to_le_bytes());
        entry.extend(length.to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, 1, end, 0);
    directory.extend(entry(name, 2, none, 2, stream.len() as u64));
    directory.resize(SECTOR, 0);
    [header, table, directory, stream].concat()
}
