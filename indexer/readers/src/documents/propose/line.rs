//! A line of a document, and what it is by itself.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::law_markdown::regex;

pub static ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^第([〇零一二三四五六七八九十百千两\d]{1,9})条(?:之[一二三四五六七八九十]{1,3})?([\s\u{3000}]|$)?")
});
pub static HEADING: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^第[〇零一二三四五六七八九十百千\d]{1,9}(?:编|分编|章|节)"));
static PART: LazyLock<Regex> = LazyLock::new(|| regex(r"^[一二三四五六七八九十]{1,3}、"));
static ATTACHMENT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^附\s*[件表录]\s*[一二三四五六七八九十\d]{0,3}\s*[:：]?$"));
/// Characters of the longest titles of chapters.
const LONGEST_HEADING: usize = 40;

/// A line with its place in the document's text, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Line<'t> {
    pub start: usize,
    pub text: &'t str,
    pub heading: Option<u8>,
    /// Whether it stands in the margin of the pages.
    pub margin: bool,
}

impl Line<'_> {
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Whether a line opens part of the body: an article, a heading, a numbered part.
pub fn opens_main_text(line: &str) -> bool {
    ARTICLE.captures(line).is_some_and(|c| c.get(2).is_some()) || HEADING.is_match(line) || PART.is_match(line)
}

/// Whether a line is a heading and nothing else. Titles list things (第七章　监督、罢免和补选); sentences about chapters
/// end in a stop.
pub fn is_heading(line: &str) -> bool {
    let Some(number) = HEADING.find(line) else { return false };
    let title = &line[number.end()..];
    let spaced = title.starts_with(char::is_whitespace);
    let mention = title.starts_with(['规', '的', '、', '和', '至', '及', '所', '与', '或', '中', '第']);
    !title.trim().is_empty()
        && title.chars().nth(LONGEST_HEADING).is_none()
        && !title.contains(['。', '；', '：', '，', '\t'])
        && (spaced || !mention)
}

/// Whether a line is nothing but the mark of an attachment: 附件, 附件2：.
pub fn is_attachment(line: &str) -> bool {
    ATTACHMENT.is_match(line)
}
