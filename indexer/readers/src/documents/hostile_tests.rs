//! Every format read as it should be, and every way of breaking or abusing one that is known of.

use proptest::prelude::*;

use super::{fixtures::*, *};

const NOTICE: &str =
    "遵义市人民政府办公室关于印发甲办法的通知\n各县、自治县、区人民政府：\n第一条 为了测试。\n第二条 甲<乙&丙。";

fn texts(document: &Document) -> Vec<&str> {
    document.lines.iter().map(|l| l.text.as_str()).collect()
}

fn refused(bytes: &[u8], name: &str) -> DocumentError {
    read(bytes, name).map(|d| panic!("{name} was read: {:?}", d.lines)).unwrap_err()
}

/// Whether this machine can read PDFs. CI must.
fn has_pdftotext() -> bool {
    let found = std::process::Command::new("pdftotext").arg("-v").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "poppler-utils is missing");
    found
}

#[test]
fn docx_has_paragraphs_headings_and_tables() {
    let body = r#"<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>关于甲</w:t></w:r><w:r><w:br/><w:t>的通知</w:t></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t xml:space="preserve">总则 </w:t></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="c"/><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>第一节</w:t></w:r></w:p>
        <w:p><w:r><w:t>留</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>
        <w:p><w:r><w:instrText>PAGE</w:instrText></w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>重</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>项</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>值</w:t></w:r></w:p></w:tc></w:tr>
        <w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>
        <w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>编号</w:t></w:r></w:p>"#;
    let document = read(&docx_with(body, &[]), "甲.docx").unwrap();
    assert_eq!(texts(&document), ["关于甲", "的通知", "总则", "第一节", "留增", "框", "项\t值", "甲 乙\t内", "编号"]);
    let levels: Vec<Option<u8>> = document.lines.iter().map(|l| l.heading).take(5).collect();
    assert_eq!(levels, [Some(0), Some(0), Some(1), Some(2), None]);
    assert_eq!(document.tables[0].header, ["项", "值"]);
    assert_eq!(document.tables[0].rows, [["甲\n乙", "内"]]);
    assert_eq!((document.lines[6].table, document.pages, document.has_text), (Some(0), None, true));
    assert_eq!(document.warnings.len(), 1, "{:?}", document.warnings);
}

#[test]
fn macros_are_told_and_never_read() {
    let bomb = vec![0u8; 8 << 20];
    let file = docx_with("<w:p><w:r><w:t>甲</w:t></w:r></w:p>", &[("word/vbaProject.bin", &bomb)]);
    for name in ["甲.docm", "甲.docx"] {
        let document = read(&file, name).unwrap();
        assert_eq!(texts(&document), ["甲"]);
        assert!(document.warnings[0].contains("宏"), "{:?}", document.warnings);
    }
}

#[test]
fn ofd_is_ordered_by_place() {
    let document = read(&ofd(&["关于甲的通知\n第一条　甲<乙。", "第二页。\n- 2 -"]), "甲.ofd").unwrap();
    assert_eq!(texts(&document), ["关于甲的通知", "第一条　甲<乙。", "第二页。"]);
    assert_eq!(document.lines.iter().map(|l| l.page).collect::<Vec<_>>(), [Some(1), Some(1), Some(2)]);
    assert_eq!(document.pages, Some(2));
    // Objects in any order, two in one row, one row over two heights, and a template below.
    let page = format!(
        r#"<ofd:Page xmlns:ofd="o"><ofd:Template TemplateID="99"/><ofd:Content><ofd:Layer>{}{}{}<ofd:TextObject Boundary="20 60 9 9" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="5 -5 5" DeltaY="0 10 0">一二三四</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"#,
        ofd_row(20.0, 40.0, "下"),
        ofd_row(100.0, 20.0, "右"),
        ofd_row(20.0, 20.0, "左")
    );
    let template = format!(
        r#"<ofd:Page xmlns:ofd="o"><ofd:Content><ofd:Layer>{}</ofd:Layer></ofd:Content></ofd:Page>"#,
        ofd_row(20.0, 5.0, "国务院文件")
    );
    let file = zip(&[
        ("OFD.xml", b"<ofd:OFD xmlns:ofd='o'><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:OFD>"),
        ("Doc_0/Document.xml", b"<ofd:Document xmlns:ofd='o'><ofd:TemplatePage ID='99' BaseLoc='T.xml'/><ofd:Page BaseLoc='P.xml'/></ofd:Document>"),
        ("Doc_0/P.xml", page.as_bytes()),
        ("Doc_0/T.xml", template.as_bytes()),
    ]);
    assert_eq!(texts(&read(&file, "甲.ofd").unwrap()), ["国务院文件", "左 右", "下", "一二", "三四"]);
}

#[test]
fn workbooks_and_csv_are_tables() {
    let document = read(&xlsx(&[("B2", "事项"), ("C2", "依据"), ("B4", "甲&乙"), ("D4", "丙")]), "甲.xlsx").unwrap();
    let table = &document.tables[0];
    assert_eq!(table.name.as_deref(), Some("权力清单"));
    assert_eq!(table.header, ["", "事项", "依据"]);
    assert_eq!(table.rows, [["", "甲&乙", "", "丙"]]);
    assert!(document.has_text && document.lines.is_empty());
    let csv = encoding_rs::GB18030.encode("\u{4E8B}项;依据\r\n\"甲;乙\";丙\r\n\r\n丁\r\n").0.into_owned();
    let document = read(&csv, "甲.csv").unwrap();
    assert_eq!(document.tables[0].header, ["事项", "依据"]);
    assert_eq!(document.tables[0].rows, [vec!["甲;乙", "丙"], vec!["丁"]]);
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing() {
    let far = read(&xlsx(&[("A1", "甲"), ("A1048576", "乙")]), "甲.xlsx").unwrap();
    assert_eq!(far.tables[0].rows, [["乙"]]);
    assert!(matches!(refused(&xlsx(&[("XFD1048576", "乙")]), "甲.xlsx"), DocumentError::Forbidden { .. }));
    let wide: String = (1..3_000).map(|n| format!(r#"<row r="{n}"><c r="ALA{n}"><v>1</v></c></row>"#)).collect();
    assert!(matches!(refused(&xlsx_of(&wide), "甲.xlsx"), DocumentError::TooLarge(TooLarge::Cells(_))));
}

#[test]
fn cells_that_share_a_long_string_are_counted_before_they_are_copied() {
    let cells = |n: u32| -> String {
        (1..=n).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect()
    };
    let string = format!("<si><t>{}</t></si>", "a".repeat(1 << 20));
    let file = xlsx_sharing(&cells(1_000), &string);
    assert!(file.len() < 20_000, "{} bytes would be a gibibyte", file.len());
    let full = DocumentError::TooLarge(TooLarge::Text);
    assert_eq!(refused(&file, "甲.xlsx"), full);
    assert_eq!(sheet(&file, "甲.xlsx").map(|sheet| sheet.rows.len()), Err(full.clone()));
    let few = read(&xlsx_sharing(&cells(20), &string), "甲.xlsx").unwrap();
    assert_eq!(few.tables[0].rows.len(), 19);
    // The same of separated values, where a cell has its own text.
    let wide = format!("{}\n", "a".repeat(1 << 20)).repeat(33);
    assert_eq!(refused(wide.as_bytes(), "甲.csv"), full);
}

#[test]
fn text_in_every_encoding() {
    let text = "关于甲的通知\r\n\r\n第一条　为了测试。\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        encoding_rs::GB18030.encode(text).0.into_owned(),
        utf16,
    ] {
        assert_eq!(texts(&read(&bytes, "甲.TXT").unwrap()), ["关于甲的通知", "第一条　为了测试。"]);
    }
    let markdown = read("# 甲办法\n\n## 第一章 总则\n第一条 [乙](http://x)**丙**。\n".as_bytes(), "甲.md").unwrap();
    assert_eq!(texts(&markdown), ["甲办法", "第一章 总则", "第一条 乙丙。"]);
    assert_eq!(markdown.lines[0].heading, Some(0));
    assert!(matches!(refused(b"\x81\xFF\x00", "a.txt"), DocumentError::Charset(_)));
}

#[test]
fn pdf_has_a_text_layer_or_none() {
    if !has_pdftotext() {
        println!("pdftotext is not here: PDF is not tested");
        return;
    }
    let full = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄";
    let first = format!("第一条　{}", &full[..20 * 3]);
    let file = pdf(&[
        &[
            (6.0, "关于测试的通知"),
            (2.0, &first),
            (0.0, full),
            (0.0, "结束。"),
            (2.0, "第二条　另一段。"),
            (12.0, "— 1 —"),
        ],
        &[(2.0, "第三条　下一页。")],
    ]);
    let document = read(&file, "甲.pdf").unwrap();
    // A space of a whole character comes back as a plain one.
    let joined = format!("{first}{full}结束。").replace('\u{3000}', " ");
    assert_eq!(texts(&document), ["关于测试的通知", &joined, "第二条 另一段。", "第三条 下一页。"]);
    assert_eq!((document.pages, document.lines[3].page, document.has_text), (Some(2), Some(2), true));
    let scanned = read(&pdf(&[&[], &[]]), "甲.pdf").unwrap();
    assert_eq!((scanned.pages, scanned.has_text, scanned.lines.len()), (Some(2), false, 0));
    assert!(scanned.warnings[0].contains("扫描"));
}

#[test]
fn type_too_small_to_be_read_is_left_out_of_a_pdf_and_told() {
    if !has_pdftotext() {
        return;
    }
    let row = |size: f64, text: &str| (0.0, size, text.to_owned());
    let rows = vec![row(16.0, "关于甲的通知"), row(1.0, "乙府发〔1999〕1号"), row(5.0, "小字")];
    let document = read(&pdf_sized(&[rows]), "甲.pdf").unwrap();
    assert_eq!(texts(&document), ["关于甲的通知", "小字"]);
    assert!(
        document.warnings[0].contains("乙府发") && document.warnings[0].contains("11 字"),
        "{:?}",
        document.warnings
    );
    // Where there is nothing else, the page itself is small.
    assert_eq!(texts(&read(&pdf_sized(&[vec![row(1.0, "甲乙丙")]]), "甲.pdf").unwrap()), ["甲乙丙"]);
}

#[test]
fn broken_and_encrypted_pdfs_are_refused() {
    if !has_pdftotext() {
        return;
    }
    assert!(matches!(refused(b"%PDF-1.4\n", "甲.pdf"), DocumentError::Broken { .. }));
    assert!(matches!(refused(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF", "甲.pdf"), DocumentError::Broken { .. }));
    // The standard handler, revision 3, with keys that no empty password fits (ISO 32000-1, 7.6.3).
    let locked = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec(),
        format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{0}> /U <{0}> >>", "AB".repeat(32)).into_bytes(),
    ];
    let locked = assemble(&locked, "/Encrypt 3 0 R /ID [<01> <01>]");
    assert_eq!(refused(&locked, "甲.pdf"), DocumentError::Encrypted { format: "PDF" });
}

#[test]
fn wrong_extensions_name_both() {
    for (bytes, name, found) in [
        (docx("甲"), "甲.pdf", "docx"),
        (docx("甲"), "甲.xlsx", "docx"),
        (xlsx(&[("A1", "甲")]), "甲.docx", "xlsx"),
        (ofd(&["甲"]), "甲.docx", "OFD"),
        (b"%PDF-1.7".to_vec(), "甲.ofd", "PDF"),
        ("甲".into(), "甲.docx", "纯文本"),
    ] {
        let error = refused(&bytes, name);
        let DocumentError::WrongExtension { found: told, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*told, found);
        assert!(error.to_string().contains(name) && error.to_string().contains(found));
    }
    assert!(matches!(refused(&zip(&[("a.txt", b"a")]), "甲.zip"), DocumentError::Unsupported { .. }));
    assert_eq!(refused(b"", "甲.txt"), DocumentError::Empty);
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; 16 << 20];
    let ratio = [&b"<w:document xmlns:w='w'><w:body>"[..], &zeros, b"</w:body></w:document>"].concat();
    let file = zip(&[("word/document.xml", &ratio)]);
    assert!(file.len() < 100_000);
    assert!(matches!(refused(&file, "甲.docx"), DocumentError::TooLarge(TooLarge::Ratio { .. })));
    let many: Vec<String> = (0..package::MAX_ENTRIES + 1).map(|n| format!("word/{n}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(refused(&zip(&many), "甲.docx"), DocumentError::TooLarge(TooLarge::Entries(_))));
    let lines = "<w:p><w:r><w:t>1</w:t></w:r></w:p>".repeat(MAX_LINES + 1);
    assert_eq!(refused(&docx_with(&lines, &[]), "甲.docx"), DocumentError::TooLarge(TooLarge::Lines));
    let deep = "<w:p>".repeat(300) + &"</w:p>".repeat(300);
    assert!(matches!(refused(&docx_with(&deep, &[]), "甲.docx"), DocumentError::TooLarge(TooLarge::Depth(_))));
    let tables = "<table><tr><td>".repeat(50_000) + "甲";
    assert_eq!(texts(&read(format!("<html>{tables}").as_bytes(), "甲.html").unwrap()), ["甲"]);
    assert!(matches!(refused(&vec![b'a'; MAX_UPLOAD + 1], "甲.txt"), DocumentError::TooLarge(TooLarge::Upload { .. })));
}

#[test]
fn the_sum_of_all_parts_is_bounded() {
    // Each part is below the ratio; together they pass the sum.
    let part: Vec<u8> = (0..3_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 29) as u8 + b'a').collect();
    let part = [&b"<a>"[..], &part, b"</a>"].concat();
    let names: Vec<String> = (0..50).map(|n| format!("xl/worksheets/s{n}.xml")).collect();
    let mut entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), part.as_slice())).collect();
    entries.push(("xl/workbook.xml", b"<workbook/>"));
    let file = zip(&entries);
    assert!(file.len() < MAX_UPLOAD);
    assert!(matches!(refused(&file, "甲.xlsx"), DocumentError::TooLarge(TooLarge::Unpacked(_))));
}

#[test]
fn declarations_and_entities_are_refused_in_every_package() {
    let bomb = r#"<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>"#.as_bytes();
    for (entries, name) in [
        (vec![("word/document.xml", bomb)], "甲.docx"),
        (vec![("word/document.xml", &b"<a/>"[..]), ("word/styles.xml", bomb)], "甲.docx"),
        (vec![("OFD.xml", bomb)], "甲.ofd"),
        (vec![("xl/workbook.xml", bomb)], "甲.xlsx"),
        (vec![("xl/workbook.xml", &b"<a/>"[..]), ("xl/sharedStrings.xml", bomb)], "甲.xlsx"),
    ] {
        let error = refused(&zip(&entries), name);
        assert!(matches!(error, DocumentError::Forbidden { .. }), "{name}: {error:?}");
        assert!(error.to_string().contains("DOCTYPE"), "{error}");
    }
}

#[test]
fn names_that_lead_out_of_the_package_are_refused() {
    for path in ["../../etc/passwd", "/etc/passwd", "word/../../x", "..\\x"] {
        let file = docx_with("<w:p/>", &[(path, b"x")]);
        assert!(matches!(refused(&file, "甲.docx"), DocumentError::Forbidden { .. }), "{path}");
    }
    // The same part twice, in another case: which one would be read?
    let file = docx_with("<w:p/>", &[("Word/Document.xml", b"<a/>")]);
    assert!(matches!(refused(&file, "甲.docx"), DocumentError::Forbidden { .. }));
    // A page that names a place outside is looked for inside.
    let file = zip(&[
        ("OFD.xml", b"<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"),
        ("Doc_0/Document.xml", b"<Document><Page BaseLoc='../../../etc/passwd'/></Document>"),
    ]);
    let error = refused(&file, "甲.ofd");
    assert!(error.to_string().contains("缺少“etc/passwd”"), "{error}");
}

#[test]
fn encrypted_packages_are_refused() {
    // The flag of a traditionally encrypted entry, in both headers (APPNOTE.TXT 4.4.4).
    let mut file = docx(NOTICE);
    for (signature, flags) in [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> =
            file.windows(4).enumerate().filter(|(_, w)| *w == signature).map(|(at, _)| at).collect();
        for at in places {
            file[at + flags] |= 1;
        }
    }
    assert!(matches!(refused(&file, "甲.docx"), DocumentError::Encrypted { .. }));
    let file = zip(&[("Encryptions.xml", b"<a/>"), ("Doc_0/x", b"x")]);
    assert!(matches!(refused(&file, "甲.ofd"), DocumentError::Encrypted { .. }));
}

#[test]
fn every_truncated_package_is_refused() {
    for (file, name) in [(docx(NOTICE), "甲.docx"), (ofd(&[NOTICE]), "甲.ofd"), (xlsx(&[("A1", "甲")]), "甲.xlsx")]
    {
        assert!(read(&file, name).is_ok(), "{name}");
        for length in (1..file.len()).step_by(7) {
            let error = refused(&file[..length], name);
            assert!(!error.to_string().is_empty());
        }
    }
    // Parts that are cut inside a whole zip.
    for cut in ["<w:document><w:body><w:p>", "<w:document", ""] {
        let file = zip(&[("word/document.xml", cut.as_bytes())]);
        assert!(matches!(refused(&file, "甲.docx"), DocumentError::Broken { .. }), "{cut}");
    }
    assert!(matches!(refused(&zip(&[("word/x", b"")]), "甲.docx"), DocumentError::Broken { .. }));
    assert!(matches!(refused(&zip(&[("OFD.xml", b"<OFD/>")]), "甲.ofd"), DocumentError::Broken { .. }));
    assert!(matches!(refused(&zip(&[("xl/workbook.xml", b"<a/>")]), "甲.xlsx"), DocumentError::Broken { .. }));
}

/// Found by fuzzing: a line of controls was kept as an empty one, which moved all evidence by one byte.
#[test]
fn lines_of_controls_are_no_lines() {
    let document = Document::from("\u{5}\u{4}\n关于甲的通知\n\u{1} \u{2}\n正文。");
    assert_eq!(texts(&document), ["关于甲的通知", "正文。"]);
    let at = propose(&document, &Context { divisions: &|_| None }).title.evidence[0];
    assert_eq!(&document.text()[at.start..at.end], "关于甲的通知");
}

#[test]
fn messages_say_how_to_mend_it() {
    for error in [
        DocumentError::Empty,
        DocumentError::TooLarge(TooLarge::Upload { bytes: 1 }),
        DocumentError::Encrypted { format: "PDF" },
        DocumentError::MissingProgram { program: "pdftotext", package: "poppler-utils" },
        DocumentError::Timeout(30),
    ] {
        let text = error.to_string();
        assert!(text.contains("请"), "{text}");
    }
}

/// Some bytes of a valid file changed, taken out or put in.
fn mutated(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = file.len();
    prop::collection::vec((0..length, any::<u8>(), 0..3u8), 1..8).prop_map(move |changes| {
        let mut file = file.clone();
        for (at, byte, how) in changes {
            let at = at.min(file.len().saturating_sub(1));
            match how {
                0 => file[at] = byte,
                1 => file.insert(at, byte),
                _ => drop(file.remove(at)),
            }
        }
        file
    })
}

fn read_and_propose(bytes: &[u8], name: &str) {
    if let Ok(document) = read(bytes, name) {
        let text = document.text();
        let proposal = propose(&document, &Context { divisions: &|_| None });
        for span in proposal.title.evidence.iter().chain(&proposal.issuers.evidence).chain(&proposal.effective.evidence)
        {
            assert!(text.get(span.start..span.end).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), magic in 0..5usize, name in 0..7usize) {
        let magics: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<html>", b"\xFF\xFE"];
        let names = ["甲.docx", "甲.ofd", "甲.xlsx", "甲.csv", "甲.html", "甲.md", "甲.txt"];
        read_and_propose(&[magics[magic], &bytes].concat(), names[name]);
    }

    #[test]
    fn mutated_files_never_panic(
        word in mutated(docx(NOTICE)),
        page in mutated(ofd(&[NOTICE])),
        sheet in mutated(xlsx(&[("A1", "甲"), ("B2", "乙")])),
        html in mutated(format!("<html><body><h1>{NOTICE}</h1><table><tr><td>甲</table>").into_bytes()),
    ) {
        read_and_propose(&word, "甲.docx");
        read_and_propose(&page, "甲.ofd");
        read_and_propose(&sheet, "甲.xlsx");
        read_and_propose(&html, "甲.html");
    }

    #[test]
    fn mutated_parts_never_panic(
        word in mutated("<w:document xmlns:w='w'><w:body><w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>".as_bytes().to_vec()),
        page in mutated(format!("<Page><Content>{}</Content></Page>", ofd_row(1.0, 2.0, "甲乙").replace("ofd:", "")).into_bytes()),
        sheet in mutated("<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1'><v>45000.5</v></c></row></sheetData></worksheet>".as_bytes().to_vec()),
    ) {
        read_and_propose(&zip(&[("word/document.xml", &word)]), "甲.docx");
        read_and_propose(&zip(&[
            ("OFD.xml", b"<OFD><DocRoot>D.xml</DocRoot></OFD>"),
            ("D.xml", b"<Document><Page BaseLoc='P.xml'/></Document>"),
            ("P.xml", &page),
        ]), "甲.ofd");
        read_and_propose(&zip(&[
            ("_rels/.rels", b"<Relationships><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>"),
            ("xl/workbook.xml", b"<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"),
            ("xl/worksheets/sheet1.xml", &sheet),
        ]), "甲.xlsx");
    }
}
