//! The lines of a document without the white space that typing and scanning leave in them.

use crate::documents::{Document, Span};

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
            if !line.margin && !text.is_empty() {
                lines.push(Line { text, raw: line.text.trim().to_owned(), span });
            }
        }
        Self(lines)
    }
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
