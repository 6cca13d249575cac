//! What in a file could do something on its reader's machine: sought by what the formats call it, wherever it may stand.
//!
//! It is a search and no proof: what a format lets one hide in yet another way isn't found. What can't be searched is refused.

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::{DocumentError, Format, package::Package};

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

/// Names of a PDF (ISO 32000-1, 7.3.5) that stand for what acts or brings files along.
const PDF_NAMES: [(&[u8], &str); 5] = [
    (b"/JavaScript", "脚本"),
    (b"/Launch", "启动程序的命令"),
    (b"/EmbeddedFile", "夹带的文件"),
    (b"/RichMedia", "多媒体程序"),
    (b"/XFA", "带脚本的表单（XFA）"),
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
        Format::Html => Ok(Some(Active { what: "网页", mend: "里面可能有脚本" })),
        Format::Ofd | Format::Csv | Format::Markdown | Format::Text => Ok(None),
    }
}

fn pdf(bytes: &[u8]) -> Option<Active> {
    if let Some(found) = named(bytes) {
        return Some(found);
    }
    // Objects packed into streams are searched unpacked.
    let unsearched = Active { what: "加密的或者不照规定压缩的内容", mend: NOT_SEARCHED };
    let (mut from, mut left) = (0, MAX_OBJECTS);
    while let Some(at) = find(bytes, b"stream", from) {
        let (head, data) = (&bytes[from..at], &bytes[at + b"stream".len()..]);
        from = at + b"stream".len();
        let head = plain_names(head);
        if head.ends_with(b"end") || find(&head, b"/ObjStm", 0).is_none() {
            continue;
        }
        let has = |name: &[u8]| find(&head, name, 0).is_some();
        if !has(b"/Filter") {
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
    None
}

fn named(bytes: &[u8]) -> Option<Active> {
    let plain = plain_names(bytes);
    let found = PDF_NAMES.iter().find(|(name, _)| {
        let mut from = 0;
        while let Some(at) = find(&plain, name, from) {
            // The names of more than one: EmbeddedFiles.
            let next = plain.get(at + name.len()).copied().unwrap_or(b' ');
            if !next.is_ascii_alphanumeric() || next == b's' {
                return true;
            }
            from = at + name.len();
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
        if !types && !relations && !links {
            continue;
        }
        let text = letters_of(&package.need(&name[1..])?);
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
            return of("与别的程序的链接（DDE）", "打开时可能运行，请断开链接以后另存");
        }
    }
    Ok(None)
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
            ("<< /AcroForm << /XFA [] >> >>", "带脚本的表单（XFA）"),
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
        ] {
            assert_eq!(what(&bytes, format), found);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_searched_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let whole = [&b"%PDF-1.7 /ObjStm /Filter /FlateDecode stream\n"[..], &bytes[..]].concat();
            let _ = active(&whole, Format::Pdf);
            let _ = active(&bytes, Format::Docx);
            prop_assert!(plain_names(&bytes).len() <= bytes.len());
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
