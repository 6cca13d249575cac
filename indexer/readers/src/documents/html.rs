//! HTML: the text of the page by blocks, headings and tables.
//!
//! A scanner of its own instead of a tree: building a tree as browsers do takes time that grows with the square of the
//! open elements or of a tag's attributes, and memory many times the file's. This one looks at every byte once.

use std::collections::HashSet;

use super::{
    Document, DocumentError, Format, Lines, charset, furniture,
    tables::Tables,
    unseen::{self, Faint},
};

/// Elements whose text is no text of the page (WHATWG HTML, 13.2.5: raw text).
const RAW: [&str; 9] = ["script", "style", "title", "textarea", "xmp", "iframe", "noframes", "noembed", "noscript"];
/// Elements that stand around the page's matter.
const AROUND: [&str; 7] = ["nav", "footer", "aside", "select", "button", "svg", "head"];
/// Elements that end a line before and after them.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "ul",
];
/// Elements that have no end.
const VOID: [&str; 9] = ["br", "hr", "img", "input", "link", "meta", "area", "col", "wbr"];
/// Elements that the next of their kind ends.
const ENDED_BY_NEXT: [&str; 6] = ["p", "li", "td", "th", "tr", "option"];
/// Longest name of a tag or an entity that means anything, in bytes.
const LONGEST_NAME: usize = 12;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let text = charset::decode(bytes)?.text;
    let (document, open) = read_text(&text, true)?;
    // What is left out was never closed: then nothing is left out.
    if open {
        let (mut document, _) = read_text(&text, false)?;
        document.warn("网页中隐藏的部分没有结束标记：已全部读取，请核对");
        return Ok(document);
    }
    Ok(document)
}

/// The document, and whether an element around the matter was still open at the end.
fn read_text(text: &str, leave_out: bool) -> Result<(Document, bool), DocumentError> {
    let mut reader = Reader {
        document: Document::new(Format::Html),
        lines: Lines::default(),
        tables: Tables::default(),
        text: String::new(),
        heading: None,
        around: 0,
        hidden: None,
        hidden_text: String::new(),
        unseen: HashSet::new(),
        reading: false,
        leave_out,
        faint: None,
        on_paper: None,
    };
    scan(text, &mut reader)?;
    reader.block()?;
    let Reader { mut document, mut lines, mut tables, around, hidden, hidden_text: text, .. } = reader;
    tables.end_all(&mut document, &mut lines)?;
    document.lines = lines.lines;
    document.lines.retain(|line| line.table.is_some() || !furniture::is_buttons(&line.text));
    if !text.is_empty() {
        document.warn(unseen::hidden_text(&text, text.chars().count()));
    }
    Ok((document.finish(), around > 0 || hidden.is_some()))
}

struct Reader {
    document: Document,
    lines: Lines,
    tables: Tables,
    /// The block's text up to here.
    text: String,
    heading: Option<u8>,
    /// Open elements of [`AROUND`].
    around: usize,
    /// The open element that a reader does not see, and how many of its name are open.
    hidden: Option<(String, usize)>,
    /// What it holds.
    hidden_text: String,
    /// Classes and ids, with their dot or hash, that the page's own style takes off the page.
    unseen: HashSet<String>,
    /// Within the reading of a character (ruby), which is no text, nor are the parentheses around it.
    reading: bool,
    leave_out: bool,
    /// Whether the element that opens has text of its own that nobody can read.
    faint: Option<Faint>,
    /// Whether the page has no colour anywhere that white text could be seen on, once that was asked.
    on_paper: Option<bool>,
}

impl Reader {
    /// Whether a page sets no ground: what a style sheet elsewhere says is not known.
    fn on_paper(&mut self, page: &str) -> bool {
        *self.on_paper.get_or_insert_with(|| {
            let page = page.to_ascii_lowercase();
            ["background", "bgcolor", "stylesheet", "@import"].iter().all(|word| !page.contains(word))
        })
    }

    fn text(&mut self, text: &str) {
        if self.around > 0 || self.reading {
            return;
        }
        if self.hidden.is_some() {
            self.hidden_text.extend(text.chars().filter(|c| !c.is_whitespace()));
            return;
        }
        for c in text.chars() {
            // White space of the source means one space; Chinese text has none, and its line breaks mean nothing.
            if matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}') {
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            } else {
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }

    /// Ends the block.
    fn block(&mut self) -> Result<(), DocumentError> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if self.tables.in_cell() {
            self.tables.text(text);
            return Ok(());
        }
        self.lines.push(text, None, self.heading)
    }

    fn tag(&mut self, name: &str, closes: bool, attributes: &str) -> Result<(), DocumentError> {
        if self.is_hidden(name, closes, attributes) {
            return Ok(());
        }
        match name {
            "rt" | "rp" => self.reading = !closes,
            "ruby" | "rb" => self.reading = false,
            name if BLOCKS.contains(&name) => self.reading = false,
            _ => {}
        }
        if self.leave_out && AROUND.contains(&name) {
            self.block()?;
            self.around = if closes { self.around.saturating_sub(1) } else { self.around + 1 };
            return Ok(());
        }
        if name == "body" {
            self.around = 0;
        }
        if self.around > 0 {
            return Ok(());
        }
        match (name, closes) {
            ("table", false) => {
                self.block()?;
                self.tables.start();
            }
            ("table", true) => {
                self.block()?;
                self.tables.end(&mut self.document, &mut self.lines)?;
            }
            ("tr", false) => {
                self.block()?;
                self.tables.start_row()?;
            }
            ("tr", true) => {
                self.block()?;
                self.tables.end_cell()?;
                self.tables.end_row();
            }
            ("td" | "th", false) => {
                self.block()?;
                self.tables.start_cell()?;
            }
            ("td" | "th", true) => {
                self.block()?;
                self.tables.end_cell()?;
            }
            (name, closes) if BLOCKS.contains(&name) => {
                self.block()?;
                let level = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok());
                if name != "br" {
                    self.heading = level.filter(|_| !closes);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Reader {
    /// Whether a tag lies in what is not seen, or opens it.
    fn is_hidden(&mut self, name: &str, closes: bool, attributes: &str) -> bool {
        if let Some((hidden, open)) = &mut self.hidden {
            let of_its_name = name == hidden;
            match closes {
                true if of_its_name => *open -= 1,
                // What the next of its kind ends, and a paragraph that any other block ends, may lack an end of its own.
                false if of_its_name && ENDED_BY_NEXT.contains(&name) => *open = 0,
                false if of_its_name => *open += 1,
                _ if hidden == "p" && ends_paragraph(name) => *open = 0,
                _ => {}
            }
            if *open > 0 {
                return true;
            }
            self.hidden = None;
            if closes && of_its_name {
                return true;
            }
        }
        let opens = self.leave_out && self.around == 0 && !closes && !VOID.contains(&name) && name != "body";
        let hides =
            opens && !attributes.is_empty() && (self.faint.is_some() || unseen::is_unseen(attributes, &self.unseen));
        if hides {
            self.hidden = Some((name.to_owned(), 1));
        }
        hides
    }
}

/// Whether a text begins with the end of an element.
fn ends_element(text: &str, name: &str) -> bool {
    let Some(inside) = text.strip_prefix("</") else { return false };
    let after = inside.get(name.len()..).unwrap_or_default();
    inside.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
        && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn ends_paragraph(name: &str) -> bool {
    name != "br" && (BLOCKS.contains(&name) || matches!(name, "table" | "tr" | "td" | "th"))
}

/// Cuts a text into tags and text.
fn scan(text: &str, reader: &mut Reader) -> Result<(), DocumentError> {
    let mut rest = text;
    while !rest.is_empty() {
        let Some(open) = rest.find('<') else {
            reader.text(&unescape(rest));
            break;
        };
        reader.text(&unescape(&rest[..open]));
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            let closes = rest[1..].starts_with('/');
            let inside = &rest[1 + usize::from(closes)..];
            let length = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
            let name = if length <= LONGEST_NAME { inside[..length].to_ascii_lowercase() } else { String::new() };
            rest = after_tag(&inside[length..]);
            let attributes = &inside[length..inside.len() - rest.len()];
            if !closes && RAW.contains(&name.as_str()) {
                let inside = rest;
                rest = after_raw(rest, &name);
                if name == "style" {
                    reader.unseen.extend(unseen::selectors(&inside[..inside.len() - rest.len()]));
                }
            } else {
                // An element within has a style of its own.
                let alone = || rest.find('<').is_some_and(|at| ends_element(&rest[at..], &name));
                let faint = if closes || attributes.is_empty() { None } else { unseen::faint(attributes) };
                reader.faint = faint.filter(|faint| alone() && (*faint == Faint::Tiny || reader.on_paper(text)));
                reader.tag(&name, closes, attributes)?;
            }
        } else {
            reader.text("<");
            rest = &rest[1..];
        }
    }
    Ok(())
}

/// What follows a tag's end; an end within quotes is none.
fn after_tag(text: &str) -> &str {
    let mut quote = None;
    let mut value = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => continue,
            (None, '>') => return &text[at + 1..],
            // Quotes open only a value.
            (None, '"' | '\'') if value => quote = Some(c),
            _ => {}
        }
        if !c.is_whitespace() {
            value = c == '=';
        }
    }
    ""
}

/// What follows the end of an element of raw text.
fn after_raw<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        let inside = &rest[at + 2..];
        if inside.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return after_tag(&inside[name.len()..]);
        }
        rest = inside;
    }
    ""
}

/// Resolves character references: numbers, and the names that Chinese pages use.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let inside = &rest[1..];
        let end = inside.bytes().take(LONGEST_NAME).position(|b| b == b';');
        match end.and_then(|end| Some((reference(&inside[..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &inside[end + 1..];
            }
            None => {
                out.push('&');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    let names = [
        ("nbsp", '\u{a0}'),
        ("ensp", '\u{2002}'),
        ("emsp", '\u{2003}'),
        ("lt", '<'),
        ("gt", '>'),
        ("amp", '&'),
        ("quot", '"'),
        ("apos", '\''),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("middot", '·'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("hellip", '…'),
        ("times", '×'),
        ("deg", '°'),
        ("copy", '©'),
    ];
    names.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_headings_and_tables() {
        let page = "<!DOCTYPE html><html><head><title>网站</title><script>if (a<b) '<p>坏</p>'</script></head>\
            <body><nav><a>首页</a></nav><h1>关于甲的&ldquo;通知&rdquo;</h1><div a='>' b=\"<p>\">第一段<b>黑</b><br>\
            第二段&nbsp;&#x4E59;&unknown;</div><table><tr><th>项<th>值</tr><tr><td>甲<p>乙</td><td>1</table>\
            <table><tr><td><p>框内。</p></td></tr></table>尾 < 5";
        let document = read(page.as_bytes()).unwrap();
        let lines: Vec<(&str, Option<u8>)> = document.lines.iter().map(|l| (l.text.as_str(), l.heading)).collect();
        let want = [
            ("关于甲的“通知”", Some(1)),
            ("第一段黑", None),
            ("第二段 乙&unknown;", None),
            ("项\t值", None),
            ("甲 乙\t1", None),
            ("框内。", None),
            ("尾 < 5", None),
        ];
        assert_eq!(lines, want);
        assert_eq!(document.tables.len(), 1);
        assert_eq!(document.tables[0].header, ["项", "值"]);
    }

    #[test]
    fn what_is_not_seen_is_left_out_and_told() {
        let page = "<html><body><p>第一条　甲。<p style='color:red; DISPLAY : none'>内部<b>稿</b><p>第二条　乙。</p>\
            <div class=x hidden><div>丙</div>丁</div><span style=\"mso-hide:all\">戊</span><p style='mso-hide:none'>第三条　己。</p>\
            <input style='display:none'><div><p hidden>庚</div>辛<p>(<ruby>濮<rp>(</rp><rt>pu<rp>)</ruby>阳)<p>【打印】【关闭】</body></html>";
        let document = read(page.as_bytes()).unwrap();
        let lines: Vec<&str> = document.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(lines, ["第一条　甲。", "第二条　乙。", "第三条　己。", "辛", "(濮阳)"]);
        assert!(
            document.warnings[0].contains("内部稿") && document.warnings[0].contains("7 字"),
            "{:?}",
            document.warnings
        );
    }

    #[test]
    fn type_that_nobody_can_read_is_left_out_and_told() {
        let page = "<html><body><p>第一条　甲<span style='font-size:1pt'>乙府发〔1999〕1号</span>。</p>\
            <p><font color='#FFFFFF'>内部</font>第二条　丙。</p><p style='font-size:0'><span style='font-size:16pt'>第三条　丁。</span></p></body></html>";
        let texts =
            |page: &str| -> Vec<String> { read(page.as_bytes()).unwrap().lines.into_iter().map(|l| l.text).collect() };
        assert_eq!(texts(page), ["第一条　甲。", "第二条　丙。", "第三条　丁。"]);
        let told = read(page.as_bytes()).unwrap().warnings;
        assert!(told[0].contains("乙府发") && told[0].contains("13 字"), "{told:?}");
        // Where a page has colours, white text may be seen.
        let coloured = page.replace("<body>", "<body><div class=a style='background:#c00'></div>");
        assert_eq!(texts(&coloured)[1], "内部第二条　丙。");
    }

    #[test]
    fn a_style_sheet_takes_elements_off_the_page() {
        let page = "<html><head><style>@media print{.main{display:none}} p{color:red} .x , #y{ display:none } .z p{display:none}</style></head>\
            <body><div class=main>甲<p class='a x'>乙</p><p id=y>丙</p><p class=z>丁</p></div></body></html>";
        let document = read(page.as_bytes()).unwrap();
        let lines: Vec<&str> = document.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(lines, ["甲", "丁"]);
    }

    #[test]
    fn hidden_that_never_ends_is_read_and_told() {
        let document = read("<html><body><div style=display:none><p>正文。".as_bytes()).unwrap();
        assert_eq!((document.lines[0].text.as_str(), document.warnings.len()), ("正文。", 1));
        for odd in [
            "<p style",
            "<p style=",
            "<p style='",
            "<p =x>",
            "<p / hidden",
            "<p \"\" hidden=''>",
            "<p style==display:none>",
        ] {
            let _ = read(format!("<html>{odd}").as_bytes()).unwrap();
        }
    }

    #[test]
    fn an_unclosed_frame_hides_nothing() {
        let document = read("<html><body><nav><a>首页</a><p>正文。".as_bytes()).unwrap();
        assert_eq!(document.lines.last().unwrap().text, "正文。");
    }
}
