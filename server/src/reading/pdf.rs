//! A text set as a PDF (ISO 32000-1) on A4, with its headings as bookmarks.
//!
//! The font is named and not embedded, as Chinese office programs do it: 宋体 of the character collection Adobe-GB1, for
//! which every reader of PDF has a font at hand. No font with all characters of Chinese could be part of the program: the
//! smallest are larger than it. What is copied out of the file is right wherever it is shown, since the way back to
//! Unicode is in it.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write as _},
};

use flate2::{Compression, write::ZlibEncoder};

/// A4 in points, and the margin on all sides.
const PAGE: (f64, f64) = (595.0, 842.0);
const MARGIN: f64 = 72.0;
/// The room of a line in points.
const MEASURE: f64 = PAGE.0 - 2.0 * MARGIN;
/// Size of what stands at the foot of each page.
const FOOT: f64 = 9.0;
/// Most characters that no line is broken between: shorter than a line in the largest type.
const LONGEST_UNIT: usize = 20;
/// What begins no line, and what ends none (GB/T 15834-2011, 5.1).
const CLOSING: &str = "。，、；：？！”’）》】〉〕」』—…%％℃·)],.;:?!";
const OPENING: &str = "（《【〈〔「『“‘([";
/// What stands in the place of a character that the font's collection has not.
const STAND_IN: &str = "〓";
/// Such characters that are named: a text has some few.
const MAX_NAMED: usize = 200;
/// Widths of the characters from the space to the tilde in the named font, in thousandths of its size; all others are as
/// wide as high.
const WIDTHS: [u16; 95] = [
    207, 270, 342, 467, 462, 797, 710, 239, 374, 374, 423, 605, 238, 375, 238, 334, 462, 462, 462, 462, 462, 462, 462,
    462, 462, 462, 238, 238, 605, 605, 605, 344, 748, 684, 560, 695, 739, 563, 511, 729, 793, 318, 312, 666, 526, 896,
    758, 772, 544, 772, 628, 465, 607, 753, 711, 972, 647, 620, 607, 374, 333, 374, 606, 500, 239, 417, 503, 427, 529,
    415, 264, 444, 518, 241, 230, 495, 228, 793, 527, 524, 524, 504, 338, 336, 277, 517, 450, 652, 466, 452, 407, 370,
    258, 370, 605,
];

/// What a paragraph is of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Title,
    /// On what the text is.
    About,
    Heading,
    /// An ordinary paragraph, its first line set in.
    Text,
}

impl Style {
    /// Size of type, height of a line, room above the paragraph, all in points.
    fn measures(self) -> (f64, f64, f64) {
        match self {
            Self::Title => (18.0, 28.0, 0.0),
            Self::About => (FOOT, 14.0, 2.0),
            Self::Heading => (14.0, 22.0, 14.0),
            Self::Text => (12.0, 20.0, 2.0),
        }
    }

    fn is_centred(self) -> bool {
        matches!(self, Self::Title | Self::Heading)
    }

    fn indent(self) -> f64 {
        if self == Self::Text { 24.0 } else { 0.0 }
    }
}

pub struct Paragraph {
    pub style: Style,
    pub text: String,
    /// How many characters at its front are set heavier.
    pub strong: usize,
}

/// A line where it stands: left edge and base line in points, size of type.
struct Line {
    x: f64,
    y: f64,
    size: f64,
    strong: String,
    plain: String,
}

/// A heading, and the page and height at which it stands.
struct Bookmark {
    title: String,
    page: usize,
    y: f64,
}

/// The file. The same paragraphs make the same bytes.
pub fn write(title: &str, mut paragraphs: Vec<Paragraph>) -> io::Result<Vec<u8>> {
    let note = stand_in(&mut paragraphs);
    paragraphs.extend(note);
    let (mut pages, bookmarks) = set(&paragraphs);
    let count = pages.len();
    for (n, page) in pages.iter_mut().enumerate() {
        let foot = format!("第 {} 页，共 {count} 页", n + 1);
        page.push(Line {
            x: (PAGE.0 - width(&foot, FOOT)) / 2.0,
            y: MARGIN / 2.0,
            size: FOOT,
            strong: String::new(),
            plain: foot,
        });
    }
    // 1 to 7 are always there, then two objects a page, then the bookmarks.
    let page_object = |page: usize| 8 + 2 * page;
    let bookmark_object = |n: usize| 8 + 2 * count + n;
    let outlines = if bookmarks.is_empty() { "" } else { " /Outlines 7 0 R /PageMode /UseOutlines" };
    let kids: Vec<String> = (0..count).map(|n| format!("{} 0 R", page_object(n))).collect();
    let widths: Vec<String> = WIDTHS.iter().map(u16::to_string).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        format!("<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>{outlines} >>")
            .into_bytes(),
        format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>".to_vec(),
        format!("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> /DW 1000 /W [1 [{}]] /FontDescriptor 5 0 R >>", widths.join(" "))
            .into_bytes(),
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>".to_vec(),
        stream(&to_unicode(&pages))?,
        match bookmarks.len() {
            0 => b"<< /Type /Outlines /Count 0 >>".to_vec(),
            n => format!("<< /Type /Outlines /First {} 0 R /Last {} 0 R /Count {n} >>", bookmark_object(0), bookmark_object(n - 1))
                .into_bytes(),
        },
    ];
    for (n, page) in pages.iter().enumerate() {
        let (wide, high) = PAGE;
        let content = page_object(n) + 1;
        objects.push(
            format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] /Resources << /Font << /F 3 0 R >> >> /Contents {content} 0 R >>")
                .into_bytes(),
        );
        objects.push(stream(&page.iter().map(shown).collect::<String>())?);
    }
    for (n, bookmark) in bookmarks.iter().enumerate() {
        let previous = if n == 0 { String::new() } else { format!(" /Prev {} 0 R", bookmark_object(n - 1)) };
        let next =
            if n + 1 == bookmarks.len() { String::new() } else { format!(" /Next {} 0 R", bookmark_object(n + 1)) };
        let (title, page) = (hex(&bookmark.title), page_object(bookmark.page));
        objects.push(
            format!(
                "<< /Title <FEFF{title}> /Parent 7 0 R{previous}{next} /Dest [{page} 0 R /XYZ 0 {:.1} null] >>",
                bookmark.y
            )
            .into_bytes(),
        );
    }
    let info = objects.len() + 1;
    objects.push(format!("<< /Title <FEFF{}> >>", hex(title)).into_bytes());
    Ok(assemble(&objects, info))
}

/// Puts a sign in the place of each character that the font has not, and says at the end which they are.
fn stand_in(paragraphs: &mut [Paragraph]) -> Option<Paragraph> {
    // Beyond the first plane; what was added to the first after GB 18030-2000; what has no meaning of its own.
    let lacks =
        |c: char| c > '\u{FFFF}' || ('\u{9FA6}'..='\u{9FFF}').contains(&c) || ('\u{E000}'..='\u{F8FF}').contains(&c);
    let mut lacking = Vec::new();
    for paragraph in paragraphs.iter_mut().filter(|paragraph| paragraph.text.contains(lacks)) {
        lacking.extend(paragraph.text.chars().filter(|c| lacks(*c)).map(|c| format!("U+{:X}", u32::from(c))));
        paragraph.text = paragraph.text.replace(lacks, STAND_IN);
    }
    let more = if lacking.len() > MAX_NAMED { format!(" 等 {} 处", lacking.len()) } else { String::new() };
    let named = lacking.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
    let says = format!("{STAND_IN}是这份 PDF 的字体没有的字，依次为 {named}{more}，见网页或者 Word 文本。");
    (!lacking.is_empty()).then_some(Paragraph { style: Style::About, text: says, strong: 0 })
}

/// Objects 1, 2 … with their table.
fn assemble(objects: &[Vec<u8>], info: usize) -> Vec<u8> {
    // The second line says that the file is not of letters alone (7.5.2).
    let mut file = b"%PDF-1.5\n%\xE5\xAE\x98\xE6\x90\x9C\n".to_vec();
    let mut starts = Vec::with_capacity(objects.len());
    for (n, object) in objects.iter().enumerate() {
        starts.push(file.len());
        file.extend(format!("{} 0 obj\n", n + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let size = objects.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for start in starts {
        file.extend(format!("{start:010} 00000 n \n").bytes());
    }
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info {info} 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    file
}

fn stream(text: &str) -> io::Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes())?;
    let packed = packed.finish()?;
    let mut object = format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).into_bytes();
    object.extend(packed);
    object.extend(b"\nendstream");
    Ok(object)
}

/// Lines on pages, and the headings among them.
fn set(paragraphs: &[Paragraph]) -> (Vec<Vec<Line>>, Vec<Bookmark>) {
    let mut pages = vec![Vec::new()];
    let mut bookmarks = Vec::new();
    let mut y = PAGE.1 - MARGIN;
    for paragraph in paragraphs {
        let (size, height, above) = paragraph.style.measures();
        let lines = broken(&paragraph.text, size, paragraph.style.indent());
        // A heading is not left alone at the end of a page.
        let wanted = if paragraph.style == Style::Heading { height * (lines.len() as f64 + 2.0) } else { height };
        y -= above;
        if y - wanted < MARGIN {
            pages.push(Vec::new());
            y = PAGE.1 - MARGIN;
        }
        if paragraph.style == Style::Heading {
            bookmarks.push(Bookmark { title: paragraph.text.clone(), page: pages.len() - 1, y });
        }
        let mut strong = paragraph.strong;
        for (n, line) in lines.iter().enumerate() {
            if y - height < MARGIN {
                pages.push(Vec::new());
                y = PAGE.1 - MARGIN;
            }
            y -= height;
            let x = match paragraph.style {
                style if style.is_centred() => MARGIN + (MEASURE - width(line, size)) / 2.0,
                style if n == 0 => MARGIN + style.indent(),
                _ => MARGIN,
            };
            let front: String = line.chars().take(strong).collect();
            strong -= front.chars().count();
            let plain = line[front.len()..].to_owned();
            if let Some(page) = pages.last_mut() {
                page.push(Line { x, y, size, strong: front, plain });
            }
        }
    }
    (pages, bookmarks)
}

/// A paragraph's lines, none wider than the measure; the first is shorter by `indent`.
fn broken(text: &str, size: f64, indent: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), indent);
    for unit in units(text) {
        let wide = width(&unit, size);
        if used + wide > MEASURE && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        line.push_str(&unit);
        used += wide;
    }
    lines.push(line);
    lines
}

/// What no line is broken within: a word or number, a character with the marks that go with it.
fn units(text: &str) -> Vec<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let mut units: Vec<String> = Vec::new();
    // A tab between two numbers of a table is no letter, and still keeps them apart.
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let joins = |last: &String| {
            let end = last.chars().next_back();
            CLOSING.contains(c) || end.is_some_and(|end| OPENING.contains(end) || (is_word(end) && is_word(c)))
        };
        match units.last_mut() {
            Some(last) if joins(last) && last.chars().count() < LONGEST_UNIT => last.push(c),
            _ => units.push(c.to_string()),
        }
    }
    units
}

/// Width of a text in points.
fn width(text: &str, size: f64) -> f64 {
    let thousandths = |c: char| {
        let at = usize::try_from(u32::from(c)).ok().and_then(|code| code.checked_sub(0x20));
        at.and_then(|at| WIDTHS.get(at)).map_or(1_000.0, |width| f64::from(*width))
    };
    text.chars().map(thousandths).sum::<f64>() * size / 1_000.0
}

/// A line as the page's content. The heavier front is stroked as well as filled: the font has no other weight.
fn shown(line: &Line) -> String {
    let Line { x, y, size, strong, plain } = line;
    let mut out = format!("BT /F {size} Tf 1 0 0 1 {x:.2} {y:.2} Tm ");
    if !strong.is_empty() {
        let _ = write!(out, "0.3 w 2 Tr <{}> Tj 0 Tr ", hex(strong));
    }
    if !plain.is_empty() {
        let _ = write!(out, "<{}> Tj ", hex(plain));
    }
    out.push_str("ET\n");
    out
}

/// UTF-16, as the named encoding and the names of bookmarks have it.
fn hex(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "{unit:04X}");
        out
    })
}

/// The way back to Unicode, by ranges of 256, which is how far one may go (9.10.3).
fn to_unicode(pages: &[Vec<Line>]) -> String {
    let texts = pages.iter().flatten().flat_map(|line| [&line.strong, &line.plain]);
    let high: BTreeSet<u16> = texts.flat_map(|text| text.encode_utf16()).map(|unit| unit >> 8).collect();
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Guansou def\n/CMapType 2 def\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let ranges: Vec<String> =
        high.iter().map(|high| format!("<{high:02X}00> <{high:02X}FF> <{high:02X}00>\n")).collect();
    // A hundred at a time, and no more.
    for some in ranges.chunks(100) {
        let _ = write!(out, "{} beginbfrange\n{}endbfrange\n", some.len(), some.concat());
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_page_nor_begins_with_a_mark() {
        let text = "为了示例，制定本办法（GB/T 2260—2007）。".repeat(40) + &"a".repeat(200);
        let lines = broken(&text, 12.0, 24.0);
        assert!(lines.len() > 10);
        assert_eq!(lines.concat(), text, "nothing is lost");
        for (n, line) in lines.iter().enumerate() {
            let indent = if n == 0 { 24.0 } else { 0.0 };
            assert!(width(line, 12.0) + indent <= MEASURE, "{line}");
            assert!(!line.starts_with(['。', '，', '）']) && !line.ends_with('（'), "{line}");
        }
        assert_eq!(broken("", 12.0, 0.0), [""]);
        assert_eq!(broken("12\t34", 12.0, 0.0), ["12 34"], "two numbers stay two");
    }

    #[test]
    fn long_texts_go_on_to_the_next_page_and_headings_with_what_follows() {
        let text = |text: &str| Paragraph { style: Style::Text, text: text.to_owned(), strong: 3 };
        let heading = || Paragraph { style: Style::Heading, text: "第一章　总则".to_owned(), strong: 0 };
        for before in 0..60 {
            let mut paragraphs: Vec<Paragraph> = (0..before).map(|_| text("第一条　甲。")).collect();
            paragraphs.push(heading());
            paragraphs.push(text("第二条　乙。"));
            let (pages, bookmarks) = set(&paragraphs);
            let of = |words: &str| pages.iter().position(|p| p.iter().any(|l| l.plain.contains(words)));
            assert_eq!((of("总则"), bookmarks[0].page), (of("乙"), of("乙").unwrap()), "{before}");
            assert!(pages.iter().flatten().all(|line| line.y >= MARGIN && line.y < PAGE.1 - MARGIN), "{before}");
        }
    }

    #[test]
    fn characters_that_the_font_has_not_are_told() {
        let mut paragraphs = [Paragraph { style: Style::Text, text: "甲𠮷乙龥鿏㑊".to_owned(), strong: 0 }];
        let note = stand_in(&mut paragraphs).unwrap();
        assert_eq!(paragraphs[0].text, "甲〓乙龥〓㑊");
        assert!(note.text.contains("U+20BB7、U+9FCF"), "{}", note.text);
        assert!(stand_in(&mut paragraphs).is_none());
        paragraphs[0].text = "𠮷".repeat(MAX_NAMED + 1);
        let note = stand_in(&mut paragraphs).unwrap();
        assert!(note.text.matches("U+").count() == MAX_NAMED && note.text.contains("等 201 处"), "{}", note.text);
    }

    #[test]
    fn the_table_leads_to_each_object() {
        let text = |text: &str| Paragraph { style: Style::Text, text: text.to_owned(), strong: 0 };
        let bytes = write("甲市办法", vec![text("正文"), text("正文")]).unwrap();
        let find = |needle: &[u8]| bytes.windows(needle.len()).rposition(|at| at == needle).unwrap();
        let table = find(b"\nxref\n") + 1;
        let tail = String::from_utf8_lossy(&bytes[table..]).into_owned();
        assert!(tail.contains(&format!("startxref\n{table}\n")), "{tail}");
        let starts: Vec<usize> = tail
            .lines()
            .skip(3)
            .map_while(|row| row.strip_suffix(" 00000 n "))
            .map(|row| row.parse().unwrap())
            .collect();
        assert!(starts.len() > 8, "{tail}");
        for (n, start) in starts.iter().enumerate() {
            assert!(bytes[*start..].starts_with(format!("{} 0 obj\n", n + 1).as_bytes()), "{n}");
        }
    }
}
