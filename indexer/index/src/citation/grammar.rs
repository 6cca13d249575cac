//! What follows a title in a citation: a version, headings, articles, paragraphs and items.
//!
//! ```text
//! tail     = [version] [glue] (articles | sections)
//! version  = "（2023）" | "（2021年修订）" | "2021修订"
//! articles = group { [join | to] group }
//! group    = ["第"] number { (join | to) ["第"] number } "条" ["之" number] parts
//! parts    = { [join | to] ( list "款" | list "项" | list "目" ) }
//! list     = ["第"] element { [join | to] ["第"] element }      element = number | "（" number "）"
//! sections = { [join | to] list ("编" | "分编" | "章" | "节") }
//! ```
//! All of it is read from normalized text, whose brackets are `(`, `)`, `《`, `》` and whose spaces are plain.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Part, SectionUnit, Step, Within};
use record::ArticleNumber;
use text::numerals;

/// Articles that one range names at most: a page of them. A longer range is cut, and tells by how many.
pub const MAX_RANGE: u32 = 50;
/// The longest law has 1,260 articles; what is larger and bare is a year.
const MAX_ARTICLE: u32 = 1_400;
/// Paragraphs, items or headings of one list at most: no article has more.
const MAX_LIST: usize = 60;
/// The most articles inserted after one: 133-1 is 第一百三十三条之一, and 133-85 no article of that kind.
const MAX_INSERTED: u32 = 20;

/// Words and signs between the members of a list.
const JOINS: [&str; 9] = ["、", ",", "以及", "或者", "和", "及", "与", "或", "/"];
/// Words and signs between the ends of a range.
const TO: [&str; 9] = ["——", "--", "至", "到", "~", "〜", "—", "–", "―"];
/// Dashes that make a range of 1079-1085 and an inserted article of 133-1.
const HYPHENS: [&str; 4] = ["-", "‐", "‑", "−"];
/// What may stand between a title and the first number.
const GLUE: [&str; 21] = [
    "》", "(", ")", "\"", "'", ",", "、", ":", "-", "—", "_", "/", "·", ".", "|", "规定", "的", "中", "里", "内", "之",
];

/// A year in brackets with what people write beside it: (2023), (2021年修订), (2018-10-26修正).
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^ *\( *((?:19|20)\d\d) *(?:年|[-./]\d{1,2}[-./]\d{1,2})?(?:[^()《》。;\d]|\d{1,2}[月日]|第[^()]次){0,14}\)")
});
/// Without brackets only with a word for a version: 2021修订, 2023年版.
static BARE_VERSION: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^ *((?:19|20)\d\d) *年? *(?:版本|版|修订版|修正版|修订|修正|修改版)"));
/// The same before a title: 2023年修订的公司法.
static VERSION_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"((?:19|20)\d\d) *年? *(?:版本|版|修订版|修正版|修订|修正|修改)(?:通过|公布)?(?:后)?(?:的)? *《?(?:中华人民共和国)?$",
    )
});
/// A number or date of the regulation in brackets, which says nothing of the article: (国务院令第777号).
static ASIDE: LazyLock<Regex> = LazyLock::new(|| regex(r"^ *\([^()。]{1,40}(?:号|修正|修订|公布|发布|通过)\)"));
/// 同法 or 该法 before an article.
static SAME_LAW: LazyLock<Regex> = LazyLock::new(|| regex(r"((?:同|该)(?:法|条例|办法)) *第"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// An article that is named, with the place of its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub span: Range<usize>,
    pub number: ArticleNumber,
    pub within: Within,
    /// Articles of its range beyond [`MAX_RANGE`].
    pub omitted: u32,
}

/// What follows a title.
#[derive(Debug, Default)]
pub struct Tail {
    pub version: Option<i16>,
    pub articles: Vec<Named>,
    /// Headings, each with its place and its way from the outermost.
    pub sections: Vec<(Range<usize>, Vec<Step>)>,
    /// Where the version ends, or what was read of the rest.
    pub end: usize,
}

/// The place of 同法, at or after `from`.
pub fn same_law(text: &str, from: usize) -> Option<Range<usize>> {
    SAME_LAW.captures(text.get(from..)?)?.get(1).map(|m| from + m.start()..from + m.end())
}

/// The year of a version that stands before a title.
pub fn version_before(text: &str, title: usize) -> Option<i16> {
    /// Bytes looked back over: 2023年修订通过后的《中华人民共和国.
    const BACK: usize = 64;
    let mut from = title.saturating_sub(BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    VERSION_BEFORE.captures(text.get(from..title)?)?.get(1)?.as_str().parse().ok()
}

/// A title that ends with a version: without it, and its year.
pub fn split_version(title: &str) -> Option<(&str, i16)> {
    let open = title.rfind('(')?;
    let found = VERSION.captures(&title[open..]).filter(|f| f.get(0).is_some_and(|m| m.end() == title.len() - open))?;
    (open > 0).then_some((&title[..open], found.get(1)?.as_str().parse().ok()?))
}

/// The second end of a range as people shorten it: 1079至81 is 1079 to 1081, 一百二十至三十 is 120 to 130.
fn full_end(from: u32, to: u32) -> Option<u32> {
    if to > from {
        return Some(to);
    }
    let size = 10u32.pow(to.checked_ilog10()? + 1);
    // 120至30 shortens a number of three digits; 10至3 shortens nothing.
    Some(from - from % size + to).filter(|full| *full > from && from >= size)
}

/// Reads a normalized text from a place on.
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    /// Passes over spaces and one of the words; stays where it is when none follows.
    fn skip(&mut self, words: &[&str]) -> bool {
        let rest = self.rest().trim_start_matches(' ');
        let Some(word) = words.iter().find(|w| rest.starts_with(**w)) else { return false };
        self.at += self.rest().len() - rest.len() + word.len();
        true
    }

    /// Runs `read`, and goes back where it finds nothing.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = start;
        }
        found
    }

    pub fn tail(mut self) -> Tail {
        let mut tail = Tail::default();
        // The bracket that closes the title's own quotation.
        self.skip(&["》"]);
        tail.version = self.version();
        while let Some(aside) = ASIDE.find(self.rest()) {
            self.at += aside.end();
        }
        tail.end = self.at;
        let start = self.at;
        while self.skip(&GLUE) {}
        self.spaces();
        tail.sections = self.sections();
        if !tail.sections.is_empty() {
            while self.skip(&GLUE) {}
        }
        tail.articles = self.articles();
        if tail.articles.is_empty() && tail.sections.is_empty() {
            self.at = start;
        } else {
            tail.end = self.at;
        }
        tail
    }

    fn version(&mut self) -> Option<i16> {
        let found = VERSION.captures(self.rest()).or_else(|| BARE_VERSION.captures(self.rest()))?;
        let (end, year) = (found.get(0)?.end(), found.get(1)?.as_str().parse().ok()?);
        // 国发(2016)51号 is a number and no version.
        let after = self.rest()[end..].trim_start_matches([' ', '第']);
        let digits = after.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < after.len() && digits.starts_with('号') {
            return None;
        }
        self.at += end;
        Some(year)
    }

    /// Articles, in the order in which they are named.
    pub fn articles(&mut self) -> Vec<Named> {
        let mut all: Vec<Named> = Vec::new();
        loop {
            let before = self.at;
            let to = !all.is_empty() && (self.skip(&TO) || self.skip(&HYPHENS));
            if !to && !all.is_empty() {
                self.skip(&JOINS);
            }
            let Some(mut group) = self.attempt(Self::group) else {
                self.at = before;
                return all;
            };
            if let (true, Some(first), Some(last)) = (to, group.first_mut(), all.last()) {
                first.span.start = before;
                let from = last.number;
                let end = first.number;
                let span = first.span.clone();
                first.omitted = fill(&mut all, from, end, &span);
                if first.omitted > 0 {
                    // What the range ends with lies beyond what is listed of it.
                    let omitted = first.omitted + 1;
                    group.remove(0);
                    if let Some(last) = all.last_mut() {
                        last.omitted = omitted;
                    }
                }
            }
            all.append(&mut group);
        }
    }

    /// Numbers that share one 条: 第1079、1080条, 第二十至三十条之一第二款.
    fn group(&mut self) -> Option<Vec<Named>> {
        let mut all: Vec<Named> = Vec::new();
        let mut start = self.at;
        loop {
            self.skip(&["第"]);
            let number = self.numeral()?;
            let inserted = self.attempt(|c| c.skip(&["之"]).then(|| c.numeral()).flatten()).unwrap_or(0);
            let first = ArticleNumber { number, inserted };
            all.push(Named { span: start..self.at, number: first, within: Within::default(), omitted: 0 });
            self.range_end(&mut all);
            if self.skip(&["条"]) {
                end_at(&mut all, self.at);
                self.inserted(&mut all);
                let within = self.parts();
                end_at(&mut all, self.at);
                if let Some(last) = all.last_mut() {
                    last.within = within;
                }
                return Some(all);
            }
            let end = self.at;
            let more = self.skip(&JOINS);
            start = self.at;
            if !more || !self.numeral_follows() {
                self.at = end;
                break;
            }
        }
        // 民法典1079: numbers that end the text are articles', unless one is a year.
        let bare = !self.rest().contains(char::is_alphanumeric);
        let plausible = all.iter().all(|n| (1..=MAX_ARTICLE).contains(&n.number.number));
        (bare && plausible).then_some(all)
    }

    fn numeral_follows(&self) -> bool {
        let mut ahead = Cursor::new(self.text, self.at);
        ahead.skip(&["第"]);
        ahead.numeral().is_some()
    }

    /// 至1085 and -1 after the last number: the end of its range, or the place after it that it was inserted at.
    fn range_end(&mut self, all: &mut Vec<Named>) {
        let Some(from) = all.last().map(|n| n.number) else { return };
        let before = self.at;
        let hyphen = self.skip(&HYPHENS);
        if !hyphen && !self.skip(&TO) {
            return;
        }
        self.skip(&["第"]);
        let Some(second) = self.numeral() else {
            self.at = before;
            return;
        };
        if hyphen && from.inserted == 0 && (1..=MAX_INSERTED).contains(&second) && second < from.number {
            if let Some(last) = all.last_mut() {
                last.number.inserted = second;
                last.span.end = self.at;
            }
            return;
        }
        let inserted = self.attempt(|c| c.skip(&["之"]).then(|| c.numeral()).flatten()).unwrap_or(0);
        let span = before..self.at;
        let end = ArticleNumber { number: full_end(from.number, second).unwrap_or(second), inserted };
        let omitted = fill(all, from, end, &span);
        if omitted == 0 {
            all.push(Named { span, number: end, within: Within::default(), omitted });
        } else if let Some(last) = all.last_mut() {
            last.omitted = omitted + 1;
        }
    }

    /// 之一, 之一、之二, 之一至之六 after 条.
    fn inserted(&mut self, all: &mut Vec<Named>) {
        let Some(number) = all.last().map(|n| n.number.number) else { return };
        let one = |c: &mut Self| {
            let inserted = c.skip(&["之"]).then(|| c.numeral()).flatten()?;
            // 第三条之一般规定
            (!c.rest().starts_with(['般', '切', '定', '致', '些', '条'])).then_some(inserted)
        };
        let Some(first) = self.attempt(one) else { return };
        if let Some(last) = all.last_mut() {
            last.number.inserted = first;
        }
        loop {
            let before = self.at;
            let to = self.skip(&TO) || self.skip(&HYPHENS);
            let joined = to || self.skip(&JOINS);
            let Some(inserted) = joined.then(|| self.attempt(one)).flatten() else {
                self.at = before;
                return;
            };
            let (Some(from), span) = (all.last().map(|n| n.number), before..self.at) else { return };
            let end = ArticleNumber { number, inserted };
            if to {
                fill(all, from, end, &span);
            }
            all.push(Named { span, number: end, within: Within::default(), omitted: 0 });
        }
    }

    /// 第二款第（一）、（三）项, 第一、三款.
    fn parts(&mut self) -> Within {
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let before = self.at;
            let to = !parts.is_empty() && (self.skip(&TO) || self.skip(&HYPHENS));
            if !to && !parts.is_empty() {
                self.skip(&JOINS);
            }
            let last = parts.last().copied().unwrap_or_default();
            let mut read: Vec<Part> = Vec::new();
            if let Some(numbers) = self.list("款") {
                let numbers = if to { upto(last.paragraph, numbers) } else { numbers };
                read.extend(numbers.into_iter().map(|n| Part { paragraph: Some(n), ..Part::default() }));
            } else if let Some(numbers) = self.list("项") {
                let numbers = if to { upto(last.item, numbers) } else { numbers };
                read.extend(numbers.into_iter().map(|n| Part { item: Some(n), subitem: None, ..last }));
                // The paragraph or the item itself was only the way to it.
                if last.item.is_none() && last.paragraph.is_some() && !to {
                    parts.pop();
                }
            } else if let Some(numbers) = self.list("目").filter(|_| last.item.is_some()) {
                read.extend(numbers.into_iter().map(|n| Part { subitem: Some(n), ..last }));
                if last.subitem.is_none() {
                    parts.pop();
                }
            }
            if read.is_empty() || parts.len() + read.len() > MAX_LIST {
                self.at = before;
                return Within { parts };
            }
            parts.append(&mut read);
        }
    }

    /// Headings that are named, each with its way from the outermost: 第二章第一节、第二节.
    pub fn sections(&mut self) -> Vec<(Range<usize>, Vec<Step>)> {
        let mut all: Vec<(Range<usize>, Vec<Step>)> = Vec::new();
        loop {
            let before = self.at;
            let to = !all.is_empty() && (self.skip(&TO) || self.skip(&HYPHENS));
            let joined = to || (!all.is_empty() && self.skip(&JOINS));
            let start = self.at;
            // A heading's number has 第 before it; 三章 counts chapters.
            let led = self.rest().trim_start_matches(' ').starts_with('第');
            let read = SectionUnit::ALL.into_iter().find_map(|unit| Some((unit, self.list(unit.label())?)));
            let Some((unit, numbers)) = read.filter(|_| led && all.len() < MAX_LIST) else {
                self.at = before;
                return all;
            };
            let last = all.last().map(|(_, path)| path.clone()).unwrap_or_default();
            let above: Vec<Step> = last.iter().copied().filter(|step| step.unit < unit).collect();
            let number_before = last.iter().find(|step| step.unit == unit).map(|step| step.number);
            let numbers = if to { upto(number_before, numbers) } else { numbers };
            // 第二章第一节: the chapter was only the way.
            let deeper = !joined && last.last().is_some_and(|step| step.unit < unit);
            let from = if deeper { all.pop().map_or(start, |(span, _)| span.start) } else { start };
            let span = from..self.at;
            all.extend(numbers.into_iter().map(|number| {
                let path = above.iter().copied().chain([Step { unit, number }]).collect();
                (span.clone(), path)
            }));
        }
    }

    /// Numbers that share one unit, in brackets or without: 第一、三款, 第（一）（三）项.
    fn list(&mut self, unit: &str) -> Option<Vec<u32>> {
        self.attempt(|c| {
            c.skip(&["第"]);
            let (first, _) = c.element()?;
            let mut numbers = vec![first];
            loop {
                if c.skip(&[unit]) {
                    // 第二项目, 第一目的, 第一章程, 第二编制: other words.
                    let other = match unit {
                        "项" => c.rest().starts_with('目'),
                        "目" => c.rest().starts_with(['的', '标', '录', '前']),
                        "章" => c.rest().starts_with('程'),
                        "编" => c.rest().starts_with(['制', '号', '辑', '委']),
                        _ => false,
                    };
                    return (!other).then_some(numbers);
                }
                let to = c.skip(&TO) || c.skip(&HYPHENS);
                let joined = to || c.skip(&JOINS);
                c.skip(&["第"]);
                let (next, bracketed) = c.element()?;
                if !joined && !bracketed {
                    return None;
                }
                numbers.extend(if to { upto(numbers.last().copied(), vec![next]) } else { vec![next] });
                if numbers.len() > MAX_LIST {
                    return None;
                }
            }
        })
    }

    /// A number, and whether it stands in brackets.
    fn element(&mut self) -> Option<(u32, bool)> {
        let bracketed = self.skip(&["("]);
        let number = self.numeral()?;
        (!bracketed || self.skip(&[")"])).then_some((number, bracketed))
    }

    /// 12, 一百零二, 一 百 零 二. Goes back where none follows.
    fn numeral(&mut self) -> Option<u32> {
        self.attempt(|c| {
            c.spaces();
            let rest = c.rest();
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits > 0 {
                c.at += digits;
                return numerals::parse(&rest[..digits]);
            }
            let is_letter = |letter: char| numerals::is_numeral(letter) && !letter.is_ascii_digit();
            let spaced = &rest[..rest.find(|l: char| !is_letter(l) && l != ' ').unwrap_or(rest.len())];
            let together = &spaced[..spaced.find(' ').unwrap_or(spaced.len())];
            // 一 百 零 二 is one number, and 三 二十 are two.
            [spaced.trim_end_matches(' '), together].into_iter().find_map(|run| {
                let number = numerals::parse(&run.replace(' ', ""))?;
                c.at += run.len();
                Some(number)
            })
        })
    }
}

/// Moves the end of the last place, which all members of a range share.
fn end_at(all: &mut [Named], end: usize) {
    let start = all.last().map(|last| last.span.start);
    for named in all.iter_mut().rev().take_while(|named| Some(named.span.start) == start) {
        named.span.end = end;
    }
}

/// Names what lies between the ends of a range, without both. Returns how many were left out for [`MAX_RANGE`].
fn fill(all: &mut Vec<Named>, from: ArticleNumber, to: ArticleNumber, span: &Range<usize>) -> u32 {
    let name = |number, inserted| Named {
        span: span.clone(),
        number: ArticleNumber { number, inserted },
        within: Within::default(),
        omitted: 0,
    };
    if from.number == to.number {
        let between = from.inserted.saturating_add(1)..to.inserted;
        all.extend(between.take(MAX_RANGE as usize).map(|inserted| name(from.number, inserted)));
        return 0;
    }
    let first = from.number.saturating_add(1);
    // Both ends count; 第十条之一 as the end stands after 第十条.
    let upto = if to.inserted > 0 { to.number.saturating_add(1) } else { to.number };
    let listed = upto.min(from.number.saturating_add(MAX_RANGE));
    all.extend((first..listed).map(|number| name(number, 0)));
    upto.saturating_sub(listed.max(first))
}

/// The numbers after `from` up to the first of `numbers`, and the rest of them.
fn upto(from: Option<u32>, numbers: Vec<u32>) -> Vec<u32> {
    let between = from.zip(numbers.first().copied()).map_or(0..0, |(from, to)| from.saturating_add(1)..to);
    between.take(MAX_LIST).chain(numbers).collect()
}
