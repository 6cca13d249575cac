//! What Word shows and no text holds, and what the text holds and Word does not show.

use super::super::{fixtures::*, *};

fn texts(document: &Document) -> Vec<&str> {
    document.lines.iter().map(|l| l.text.as_str()).collect()
}

const W: &str = r#"xmlns:w="w" xmlns:r="r""#;

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A docx with styles, lists and further parts, each by its path.
fn word(body: &str, styles: &str, levels: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    let styles = format!("<w:styles {W}>{styles}</w:styles>");
    let numbering = format!(
        r#"<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
    ];
    entries.extend(more.iter().map(|(name, text)| (*name, text.as_bytes())));
    zip(&entries)
}

const ARTICLES: &str = r#"<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>"#;

#[test]
fn numbers_come_from_paragraph_and_from_style() {
    let styles = r#"<w:style w:styleId="t"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="x"><w:basedOn w:val="t"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>"#;
    let number = |level: u8| format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>"#);
    let body = paragraph(&number(0), "甲。")
        + &paragraph(r#"<w:pStyle w:val="t"/>"#, "乙：")
        + &paragraph(&number(1), "丙；")
        + &paragraph(r#"<w:pStyle w:val="t"/><w:numPr><w:numId w:val="0"/></w:numPr>"#, "丁。")
        + &paragraph(r#"<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>"#, "戊。")
        + &paragraph(r#"<w:pStyle w:val="t"/>"#, "己。");
    let document = read(&word(&body, styles, ARTICLES, &[]), "甲.docx").unwrap();
    assert_eq!(texts(&document), ["第一条　甲。", "第二条　乙：", "（一）丙；", "丁。", "戊。", "第三条　己。"]);
    let proposal = propose(&document, &Context { divisions: &|_| None });
    assert_eq!(proposal.text.articles.len(), 3);
}

#[test]
fn hidden_text_is_left_out_and_told() {
    let styles = r#"<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="i"><w:basedOn w:val="h"/></w:style>"#;
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let body = [
        format!("<w:p>{}{}</w:p>", run("<w:vanish/>", "内部"), run(r#"<w:vanish w:val="0"/>"#, "甲")),
        format!("<w:p>{}{}</w:p>", run(r#"<w:rStyle w:val="i"/>"#, "稿"), run("", "乙")),
        paragraph(r#"<w:pStyle w:val="h"/><w:numPr><w:numId w:val="1"/></w:numPr>"#, "丙"),
        // Of a mark alone nothing is hidden.
        paragraph("<w:numPr><w:numId w:val=\"1\"/></w:numPr><w:rPr><w:vanish/></w:rPr>", "丁"),
        "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>戊</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            .to_owned(),
    ]
    .concat();
    let document = read(&word(&body, styles, ARTICLES, &[]), "甲.docx").unwrap();
    assert_eq!(texts(&document), ["甲", "乙", "第一条　丁"]);
    let told = &document.warnings[0];
    assert!(told.contains("内部稿丙戊") && told.contains("5 字") && told.contains("请"), "{told}");
}

#[test]
fn white_text_on_paper_and_tiny_text_are_left_out_and_told() {
    let styles = r#"<w:style w:styleId="w"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style><w:style w:type="table" w:styleId="g"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="1F4E79"/></w:tcPr></w:tblStylePr></w:style>"#;
    let white = r#"<w:color w:val="FFFFFF"/>"#;
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let para = |properties: &str, run: &str| format!("<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>");
    let cell = |properties: &str, run: &str| {
        format!(
            "<w:tbl>{properties}<w:tr><w:tc><w:tcPr><w:shd w:val=\"clear\" w:fill=\"auto\"/></w:tcPr><w:p>{run}</w:p></w:tc></w:tr></w:tbl>"
        )
    };
    let shading = r#"<w:shd w:val="clear" w:color="auto" w:fill="C00000"/>"#;
    let unseen = [
        run(white, "一"),
        run(r#"<w:color w:val="FEFEFE"/><w:shd w:val="clear" w:fill="FFFFFF"/>"#, "二"),
        run(r#"<w:rStyle w:val="w"/>"#, "三"),
        run(r#"<w:sz w:val="2"/>"#, "四"),
        run(r#"<w:sz w:val="1"/><w:color w:val="000000"/>"#, "五"),
    ]
    .map(|run| para("", &run))
    .concat()
        + &cell("", &run(white, "六"));
    let seen = para(shading, &run(white, "甲"))
        + &para("", &run(&format!("{white}{shading}"), "乙"))
        + &para("", &run(&format!("{white}<w:highlight w:val=\"red\"/>"), "丙"))
        + &para("", &run("<w:color w:val=\"auto\"/><w:sz w:val=\"32\"/>", "丁"))
        + &para("", &run("<w:rStyle w:val=\"w\"/><w:color w:val=\"FF0000\"/>", "戊"))
        + &para("", &format!("<w:r><w:txbxContent>{}</w:txbxContent></w:r>", para("", &run(white, "己"))))
        + &cell(r#"<w:tblPr><w:tblStyle w:val="g"/></w:tblPr>"#, &run(white, "庚"))
        + &cell(&format!("<w:tblPr>{shading}</w:tblPr>"), &run(white, "辛"));
    let document = read(&word(&(unseen.clone() + &seen), styles, "", &[]), "甲.docx").unwrap();
    assert_eq!(texts(&document), ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]);
    assert!(document.warnings[0].contains("一二三四五六"), "{:?}", document.warnings);
    // On coloured pages white text is seen.
    let coloured = format!("<w:background w:color=\"204060\"/>{}", para("", &run(white, "壬")));
    assert_eq!(texts(&read(&word(&coloured, styles, "", &[]), "甲.docx").unwrap()), ["壬"]);
}

#[test]
fn readings_of_characters_are_no_text() {
    let body = "<w:p><w:r><w:ruby><w:rt><w:r><w:t>pú</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>濮</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>阳市</w:t></w:r></w:p>";
    assert_eq!(texts(&read(&word(body, "", "", &[]), "甲.docx").unwrap()), ["濮阳市"]);
}

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

#[test]
fn parts_in_other_formats_are_read_in_their_place_or_told() {
    let relations = format!(
        r#"<Relationships><Relationship Id="a" Type="{KIND}/aFChunk" Target="c.html"/><Relationship Id="b" Type="{KIND}/aFChunk" Target="c.rtf"/><Relationship Id="c" Type="{KIND}/aFChunk" TargetMode="External" Target="http://x/y.html"/></Relationships>"#
    );
    let html = "<html><body><p>第一条　甲。</p><table><tr><td>项<td>值</table><p hidden>暗</p></body></html>";
    let body = paragraph("", "前")
        + r#"<w:altChunk r:id="a"/>"#
        + &paragraph("", "后")
        + r#"<w:altChunk r:id="b"/><w:altChunk r:id="c"/>"#;
    let more =
        [("word/_rels/document.xml.rels", relations.as_str()), ("word/c.html", html), ("word/c.rtf", "{\\rtf1 乙}")];
    let document = read(&word(&body, "", "", &more), "甲.docx").unwrap();
    assert_eq!(texts(&document), ["前", "第一条　甲。", "项\t值", "后"]);
    assert_eq!((document.tables.len(), document.lines[2].table), (1, Some(0)));
    let told = document.warnings.join("；");
    assert!(told.contains("rtf") && told.contains("看不见") && told.contains("之外"), "{told}");
}

#[test]
fn a_title_in_the_page_header_is_found() {
    let relations = format!(
        r#"<Relationships><Relationship Id="a" Type="{KIND}/header" Target="h1.xml"/><Relationship Id="b" Type="{KIND}/footer" Target="f1.xml"/></Relationships>"#
    );
    let header = |text: &str| format!("<w:hdr {W}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:hdr>");
    let title = "甲市人民政府办公室关于印发甲市示例管理办法的通知";
    let text = [
        "甲府办发〔2024〕7号",
        "各县人民政府：",
        "请认真执行。",
        "甲市人民政府办公室",
        "2024年4月2日",
        "甲市示例管理办法",
        "第一条　甲。",
    ];
    let of = |lines: &[&str], head: &str| {
        let body: String = lines.iter().map(|line| paragraph("", line)).collect();
        let (header, footer) = (header(head), header("- 1 -"));
        let more =
            [("word/_rels/document.xml.rels", relations.as_str()), ("word/h1.xml", &header), ("word/f1.xml", &footer)];
        let document = read(&word(&body, "", "", &more), "甲.docx").unwrap();
        let proposal = propose(&document, &Context { divisions: &|_| None });
        (proposal.title.value, proposal.document_number.value, document.warnings)
    };
    let (found, number, told) = of(&text, title);
    assert_eq!((found.as_deref(), number.as_deref()), (Some(title), Some("甲府办发〔2024〕7号")));
    assert!(told[0].contains("页眉"), "{told:?}");
    // A text with a title of its own keeps it, and what it says itself is not said twice.
    let own: Vec<&str> = std::iter::once(title).chain(text).collect();
    assert_eq!(of(&own, "甲市单位管理制度汇编规定").0.as_deref(), Some(title));
    assert_eq!(of(&own, title), (Some(title.to_owned()), Some("甲府办发〔2024〕7号".to_owned()), Vec::new()));
}
