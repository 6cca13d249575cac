//! The lines of a document without the white space that typing and scanning leave in them.

use crate::documents::{Document, Span};
use record::staffing::{MarkStyle, mark};

/// A line: without white space, but for tabs of a table, and where it stands in the document's text.
pub struct Line {
    pub text: String,
    /// As it stands in the document.
    pub raw: String,
    pub span: Span,
}

pub struct Lines(pub Vec<Line>);

impl Lines {
    pub fn of(document: &Document) -> Self {
        let mut start = 0;
        let mut lines = Vec::with_capacity(document.lines.len());
        for line in &document.lines {
            let span = Span { start, end: start + line.text.len() };
            start += line.text.len() + 1;
            let text = plain(&line.text);
            if line.margin || text.is_empty() {
                continue;
            }
            match &apart(&text)[..] {
                [_] => lines.push(Line { text, raw: line.text.trim().to_owned(), span }),
                parts => {
                    let part = |part: &&str| Line { text: (*part).to_owned(), raw: (*part).to_owned(), span };
                    lines.extend(parts.iter().map(part));
                }
            }
        }
        Self(lines)
    }
}

/// Items that stand in one row, each behind a stop, as rows of their own: …即：（一）办公室；（二）财务科。
fn apart(text: &str) -> Vec<&str> {
    let behind_stops =
        text.char_indices().filter(|(_, c)| ['：', '；', '。'].contains(c)).map(|(at, c)| at + c.len_utf8());
    let mut cuts: Vec<usize> = Vec::new();
    let mut last = mark(text).map(|first| (first.style, first.n));
    for at in behind_stops {
        let Some(found) = mark(&text[at..]) else { continue };
        let listed = matches!(found.style, MarkStyle::Parenthesis | MarkStyle::Arabic | MarkStyle::ArabicParenthesis);
        let follows = last.is_some_and(|(style, n)| style == found.style && found.n == n + 1);
        let begins = found.n == 1 && cuts.is_empty() && last.is_none_or(|(style, _)| style != found.style);
        if listed && (follows || begins) {
            cuts.push(at);
            last = Some((found.style, found.n));
        }
    }
    // 1 alone begins no list.
    if cuts.len() == 1 && mark(text).is_none_or(|first| Some((first.style, first.n + 1)) != last) {
        return vec![text];
    }
    let mut from = 0;
    let mut parts: Vec<&str> = Vec::new();
    for at in cuts {
        parts.push(&text[from..at]);
        from = at;
    }
    parts.push(&text[from..]);
    parts
}

/// Without white space; parentheses, digits and points of either width as Chinese text has them.
pub fn plain(text: &str) -> String {
    let text = text.trim();
    let fold = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '(' => '（',
        ')' => '）',
        '<' | '〈' => '《',
        '>' | '〉' => '》',
        '：' | ':' => '：',
        ';' => '；',
        ',' => '，',
        c => c,
    };
    text.chars().filter(|c| *c == '\t' || !(c.is_whitespace() || *c == '\u{FEFF}')).map(fold).collect()
}

/// The sentences of a text, without their stops.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '；', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// Splits at separators that stand outside parentheses.
pub fn split_outside<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0u32);
    for (at, c) in text.char_indices() {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            c if depth == 0 && separators.contains(&c) => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}
