//! The parts of a document: what stands above the title, the title, the caption, the body, and what closes it.
//!
//! The elements of an official document and their order are those of GB/T 9704-2012, 7.2 to 7.4: 发文机关标志,
//! 发文字号, 标题, 主送机关, 正文, 附件说明, 发文机关署名, 成文日期, 附注, 附件, 版记. Regulations have a caption 题注
//! below the title.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    day,
    line::{ARTICLE, HEADING, Line, opens_main_text},
    names, number, rows,
};
use crate::{
    documents::{Document, furniture},
    law_markdown::regex,
};
use text::numerals;

/// Lines joined to one text, with the way back.
#[derive(Debug, Default)]
pub struct Joined {
    pub text: String,
    /// Where each line begins, here and in the document's text.
    starts: Vec<(usize, usize)>,
}

impl Joined {
    /// Within parentheses a line goes on with the one before it, in the middle of a date even; but for the names of
    /// organs that open them.
    fn of(lines: &[Line<'_>]) -> Self {
        let mut joined = Self::default();
        let mut open = 0;
        let mut named = false;
        for line in lines {
            if (open <= 0 || named) && !joined.text.is_empty() {
                joined.text.push('\n');
            }
            joined.starts.push((joined.text.len(), line.start));
            joined.text.push_str(line.text);
            open += parentheses(line.text);
            let bare = line.text.trim_start_matches(['（', '(']);
            named = (named || bare.len() < line.text.len()) && names::is_signature(bare);
        }
        joined
    }

    /// The place in the document's text of a place here; neither is empty.
    pub fn original_range(&self, at: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let line = self.starts.partition_point(|(here, _)| *here <= at).saturating_sub(1);
            self.starts.get(line).map_or(at, |(here, there)| there + (at - here))
        };
        // The end belongs to the last character's line.
        let last = self.text.get(at.start..at.end).and_then(|t| t.chars().next_back()).map_or(1, char::len_utf8);
        place(at.start)..place(at.end.saturating_sub(last)) + last
    }

    pub fn span(&self, at: Range<usize>) -> super::Span {
        self.original_range(at).into()
    }
}

pub struct Layout<'t> {
    pub text: &'t str,
    pub lines: Vec<Line<'t>>,
    /// Ranges of lines. `title` is empty where there is none.
    pub title: Range<usize>,
    pub caption: Range<usize>,
    pub caption_text: Joined,
    /// What stands above the title.
    pub head_text: Joined,
    pub body: Range<usize>,
    /// Lines of a table of contents: they repeat the headings.
    pub contents: HashSet<usize>,
    /// Signature and its date below the body or an order's text, as lines.
    pub signature: Option<Range<usize>>,
}

/// What may stand in a caption.
static CAPTION: LazyLock<Regex> =
    LazyLock::new(|| regex(r"通过|公布|发布|公告|批准|修正|修订|修改|施行|印发|颁布|令|号"));
/// What a site sets between title and text.
static LABELS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[\[【（(]?\s*(?:发布时间|发布日期|发文日期|成文日期|公布日期|印发日期|日期|时间|来源|信息来源|文章来源|索\s*引\s*号|发布机构|发文机关|发文单位|浏览次数|访问量|点击数?|阅读|字[号体]|作者|编辑)\s*[：:\t]",
    )
});
/// Characters of the longest line of labels that a site sets.
const LONGEST_LABELS: usize = 100;
/// Lines at the front that a site's labels stand in.
pub const LABEL_LINES: usize = 60;
/// Lines at the end that a site may have added.
const ADDED_BELOW: usize = 20;
/// Lines of a caption: the most often amended regulations have some twenty amendments.
const MAX_CAPTION: usize = 60;
/// Rows of names of organs in front of the date of a caption.
const ROWS_OF_NAMES: usize = 4;
/// Rows that tell where and when a report was given.
const ROWS_OF_PLACE: usize = 4;
/// Lines of a table of contents: 民法典 has 120 headings.
const MAX_CONTENTS: usize = 600;
/// Lines looked through for a signature, from each end: the closing of a document with a long list of copies.
const SIGNATURE_WITHIN: usize = 4_000;

impl<'t> Layout<'t> {
    /// `text` is the document's text.
    pub fn of(document: &'t Document, text: &'t str) -> Self {
        let mut start = 0;
        let lines: Vec<Line<'t>> = document
            .lines
            .iter()
            .map(|line| {
                let at = start;
                start += line.text.len() + 1;
                Line { start: at, text: &line.text, heading: line.heading, margin: line.margin }
            })
            .collect();
        let title = rows::find(&lines).unwrap_or(0..0);
        let caption = caption(&lines, title.end);
        let contents = contents(&lines, caption.end);
        let signature = signature(&lines, &title, &caption);
        // Reports are signed below their title.
        let in_front =
            signature.as_ref().filter(|s| s.start == caption.end && s.end < lines.len() && !title.is_empty());
        let caption = caption.start..in_front.map_or(caption.end, |signature| signature.end);
        let last_article = last_article(&lines);
        let end = match &signature {
            Some(lines) if lines.start >= caption.end && last_article.is_none_or(|at| at < lines.start) => lines.start,
            _ => lines.len(),
        };
        let caption_text = Joined::of(&lines[caption.clone()]);
        let head_text = Joined::of(&lines[..title.start]);
        let added = |line: &&Line<'_>| furniture::is_below_text(line.text);
        let end = end - lines[..end].iter().rev().take(ADDED_BELOW).take_while(added).count();
        let body = caption.end..end.max(caption.end);
        Self { text, lines, title, caption, caption_text, head_text, body, contents, signature }
    }

    /// The text of a range of lines and where it begins.
    pub fn slice(&self, lines: Range<usize>) -> (usize, &'t str) {
        let Some(lines) = self.lines.get(lines).filter(|l| !l.is_empty()) else { return (0, "") };
        let from = lines[0].start;
        let to = lines[lines.len() - 1].span().end;
        (from, self.text.get(from..to).unwrap_or_default())
    }
}

/// The last line that opens an article. Where no space follows the number it has to follow on the one before, as
/// sentences speak of articles too.
fn last_article(lines: &[Line<'_>]) -> Option<usize> {
    let (mut found, mut last) = (None, 0);
    for (at, line) in lines.iter().enumerate() {
        let Some(c) = ARTICLE.captures(line.text) else { continue };
        let number = numerals::parse(&c[1]).unwrap_or(0);
        let mention = line.text[c[0].len()..]
            .starts_with(['规', '第', '的', '、', '和', '至', '及', '所', '，', '与', '或', '中', '之', '；', '）']);
        if c.get(2).is_some() || (!mention && (number == last + 1 || number == last)) {
            (found, last) = (Some(at), number);
        }
    }
    found
}

/// The lines below the title that tell when it was adopted, published, amended: in parentheses, or a date a line.
fn caption(lines: &[Line<'_>], from: usize) -> Range<usize> {
    let mut end = from;
    let mut open = 0i32;
    // ——2024年1月9日在甲市第七届人民代表大会 / 第三次会议上 / 甲市市长　张三: where a report was given, and by whom.
    let mut given: Option<Range<usize>> = None;
    while end < lines.len() && end - from < MAX_CAPTION {
        let line = lines[end].text;
        if line.starts_with('—') && day::find(line).is_some() {
            let rows = lines[end..].iter().take(ROWS_OF_PLACE).position(|l| l.text.ends_with('上'));
            given = Some(end..end + rows.unwrap_or(0) + 1);
        }
        let place = given.as_ref().is_some_and(|rows| rows.contains(&end));
        let speaker = given.as_ref().is_some_and(|rows| rows.end == end) && names::is_signature(line);
        let balance = parentheses(line);
        // （甲局　乙局 / 2020年11月2日印发）
        let told = |line: &str| CAPTION.is_match(line) || day::find(line).is_some();
        let rows = || lines[end..].iter().take(ROWS_OF_NAMES);
        let closes = || {
            let mut open = 0;
            rows().position(|row| {
                open += parentheses(row.text);
                open == 0
            })
        };
        let below = || closes().is_some_and(|last| rows().take(last + 1).any(|row| told(row.text)));
        let begins = line.starts_with(['（', '(']) && (told(line) || (balance == 1 && below()));
        let dated =
            day::find(line).is_some_and(|(at, _)| at.start == 0) && (CAPTION.is_match(line) || day::is_date(line));
        let number = number::is_number_line(line);
        let goes_on = open > 0 && !opens_main_text(line);
        // 根据… goes on with the line before it.
        let amended = end > from && line.starts_with("根据") && CAPTION.is_match(line) && day::find(line).is_some();
        let labels = LABELS.is_match(line) && line.chars().nth(LONGEST_LABELS).is_none() && !line.contains('。');
        let buttons = furniture::is_buttons(line);
        if !(begins || dated || number || goes_on || amended || labels || buttons || place || speaker) {
            break;
        }
        open = (open + balance).max(0);
        end += 1;
    }
    from..end
}

fn parentheses(line: &str) -> i32 {
    line.chars().fold(0, |n, c| match c {
        '（' | '(' => n.saturating_add(1),
        '）' | ')' => n.saturating_sub(1),
        _ => n,
    })
}

/// A table of contents right below the caption: 目录 and the headings that come again.
fn contents(lines: &[Line<'_>], from: usize) -> HashSet<usize> {
    let mut found = HashSet::new();
    let within = lines.len().min(from + 20);
    let is_mark = |line: &str| matches!(line.split_whitespace().collect::<String>().as_str(), "目录" | "目次");
    let Some(mark) = (from..within).find(|&at| is_mark(lines[at].text)) else { return found };
    found.insert(mark);
    let mut seen = HashSet::new();
    for (at, line) in lines.iter().enumerate().skip(mark + 1).take(MAX_CONTENTS) {
        let name: String = line
            .text
            .trim_end_matches(|c: char| {
                c.is_ascii_digit() || matches!(c, '.' | '…' | '·' | '-' | '—' | '(' | ')') || c.is_whitespace()
            })
            .split_whitespace()
            .collect();
        if !HEADING.is_match(&name) && !matches!(name.as_str(), "附则" | "总则" | "序言" | "附件" | "附录") {
            break;
        }
        // 第一节 comes again in each chapter, 第一章 only in the text itself.
        let repeats = name.contains(['章', '编']) && !seen.insert(name);
        if repeats {
            break;
        }
        found.insert(at);
    }
    // Of a list that is not repeated below, nothing is left out.
    let repeated =
        lines.iter().enumerate().skip(mark + 1).any(|(at, line)| !found.contains(&at) && HEADING.is_match(line.text));
    if repeated { found } else { HashSet::new() }
}

/// Signature and date: names of organs and below them a line that is a date, or both in one line.
fn signature(lines: &[Line<'_>], title: &Range<usize>, caption: &Range<usize>) -> Option<Range<usize>> {
    let free = |at: usize| !title.contains(&at) && !lines[at].margin;
    let at = |at: usize| {
        let line = lines[at].text;
        let one_line = names::signed_and_dated(line);
        let first = day::ending_at(lines, at).map(|(first, _)| first).or(one_line.then_some(at))?;
        let mut from = first;
        // Notes of seals stand between name and date; alone they are no signature.
        let mut lowest = first;
        while lowest > 0 && free(lowest - 1) && names::is_seal(lines[lowest - 1].text) {
            lowest -= 1;
        }
        let mut at_name = lowest;
        while at_name > 0 && first - at_name < 12 && free(at_name - 1) {
            let line = lines[at_name - 1].text;
            let with_above = || at_name > 1 && free(at_name - 2) && over(lines, at_name - 2);
            let step = match () {
                () if with_above() => 2,
                () if names::is_signature(line) => 1,
                () => break,
            };
            at_name -= step;
            from = at_name;
        }
        (from < first || one_line).then_some(from..at + 1)
    };
    // The first below the title is the document's own; those of attachments come later.
    let below = (caption.end..lines.len()).take(SIGNATURE_WITHIN).find_map(at);
    let last = || (caption.end..lines.len()).rev().take(SIGNATURE_WITHIN).find_map(at);
    // An order's text stands above the regulation's title.
    let above = || (0..title.start).rev().take(SIGNATURE_WITHIN).find_map(at);
    below.or_else(last).or_else(above)
}

/// Whether a line and the next make one name.
fn over(lines: &[Line<'_>], at: usize) -> bool {
    names::over_two_lines(lines[at].text, lines[at + 1].text).is_some()
}
