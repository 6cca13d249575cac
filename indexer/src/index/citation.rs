//! Citations: 《行政许可法》第十二条第一款第（三）项, in the forms people write.

use std::ops::Range;

use super::{survey::quoted_titles, titles::Titles};
use crate::{
    record::{ArticleNumber, work_key},
    text::{Keyed, Pipeline, numerals},
};

/// Articles one citation may name as a range: 第三十条至第三十二条. A longer range is cut, and says so by its length.
const MAX_RANGE: u32 = 20;
/// The longest law has 1,260 articles; what is larger and bare is a year.
const MAX_ARTICLE: u32 = 1_400;
/// Citations read from one text.
pub const MAX_CITATIONS: usize = 200;

/// A norm, or an article of one, named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Place in the original text, in bytes.
    pub span: Range<usize>,
    pub outcome: Outcome,
    pub article: Option<ArticleNumber>,
    pub within: Within,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Key of a work in the catalogue.
    Work(String),
    /// A title in 《》 that the catalogue does not have.
    UnknownTitle(String),
}

/// The part of an article that is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Within {
    pub paragraph: Option<u32>,
    pub item: Option<u32>,
}

impl Within {
    /// 第一款第（三）项; `None` for the whole article.
    pub fn label(self) -> Option<String> {
        let paragraph = self.paragraph.map(|n| format!("第{}款", numerals::format(n)));
        let item = self.item.map(|n| format!("第（{}）项", numerals::format(n)));
        (paragraph.is_some() || item.is_some()).then(|| [paragraph, item].into_iter().flatten().collect())
    }
}

/// Every citation in a text, in order. A title without an article counts only in 《》 or when it is the whole text.
pub fn find(pipeline: &Pipeline, known: &Titles, text: &str) -> Vec<Citation> {
    let keyed = pipeline.keyed(text);
    let key = keyed.key.as_str();
    let mut found = Vec::new();
    let mut titles = titles(known, text, &keyed);
    titles.sort_by_key(|t| (t.span.start, std::cmp::Reverse(t.span.end)));
    let mut at = 0;
    let mut last: Option<Outcome> = None;
    let mut next = titles.into_iter().peekable();
    while at < key.len() && found.len() < MAX_CITATIONS {
        while next.next_if(|t| t.span.start < at).is_some() {}
        let same = find_same_law(key, at).filter(|_| last.is_some());
        let (outcome, start, end, quoted) = match (next.peek(), same) {
            (title, Some(same)) if title.is_none_or(|t| same.start < t.span.start) => {
                let Some(outcome) = last.clone() else { break };
                (outcome, same.start, same.end, false)
            }
            (Some(title), _) => (title.outcome.clone(), title.span.start, title.span.end, title.quoted),
            (None, _) => break,
        };
        let mut cursor = Cursor { key, at: end };
        cursor.skip(&["的", "中", "规定"]);
        let mut articles = Vec::new();
        loop {
            let from = if articles.is_empty() { start } else { cursor.at };
            let Some((number, within)) = cursor.article() else { break };
            articles.push((from..cursor.at, number, within));
            let before = cursor.at;
            if cursor.skip(&["至", "到"])
                && let Some((last, _)) = cursor.article()
            {
                let span = before..cursor.at;
                let upto = last.number.min(number.number.saturating_add(MAX_RANGE));
                articles.extend(
                    (number.number + 1..=upto)
                        .map(|n| (span.clone(), ArticleNumber { number: n, inserted: 0 }, Within::default())),
                );
            } else {
                cursor.at = before;
                cursor.skip(&["和", "及", "以及", "或者", "或"]);
            }
        }
        let whole_text = start == 0 && end == key.len();
        if articles.is_empty() && (quoted || whole_text) {
            let span = keyed.in_original(start..end);
            found.push(Citation { span, outcome: outcome.clone(), article: None, within: Within::default() });
        }
        at = articles.last().map_or(end, |(span, ..)| span.end);
        for (span, number, within) in articles {
            let span = keyed.in_original(span);
            found.push(Citation { span, outcome: outcome.clone(), article: Some(number), within });
        }
        last = Some(outcome);
    }
    found.truncate(MAX_CITATIONS);
    found
}

struct Title {
    /// In the key, in bytes.
    span: Range<usize>,
    outcome: Outcome,
    quoted: bool,
}

/// Titles of the catalogue wherever they stand, and unknown ones in 《》.
fn titles(known: &Titles, text: &str, keyed: &Keyed) -> Vec<Title> {
    let key = keyed.key.as_str();
    let normalized = &keyed.normalized.text;
    let mut titles: Vec<Title> = Vec::new();
    for quoted in quoted_titles(normalized) {
        let from = quoted.as_ptr() as usize - normalized.as_ptr() as usize;
        let inside = from..from + quoted.len();
        let span = keyed.in_key(inside.clone());
        if span.is_empty() {
            continue;
        }
        let outcome = match known.work(&key[span.clone()]) {
            Some(work) => Outcome::Work(work.to_owned()),
            None => {
                let original = keyed.normalized.original(inside);
                Outcome::UnknownTitle(work_key(text.get(original).unwrap_or(quoted)))
            }
        };
        titles.push(Title { span, outcome, quoted: true });
    }
    for found in known.find(key) {
        let mut span = found.start..found.end;
        if key[..span.start].ends_with("中华人民共和国") {
            span.start -= "中华人民共和国".len();
        }
        // 关于适用《民法典》总则编的解释 is one title, and the one inside it is not meant.
        titles.retain(|t| !(t.quoted && span.start <= t.span.start && t.span.end <= span.end && t.span != span));
        if !titles.iter().any(|t| t.quoted && t.span.start < span.end && span.start < t.span.end) {
            titles.push(Title { span, outcome: Outcome::Work(found.work.to_owned()), quoted: false });
        }
    }
    titles
}

/// 同法 or 该法 before an article, at or after `from`.
fn find_same_law(key: &str, from: usize) -> Option<Range<usize>> {
    let found = ["同法第", "该法第", "同条例第", "该条例第"]
        .iter()
        .filter_map(|word| key.get(from..)?.find(word).map(|at| from + at..from + at + word.len() - "第".len()));
    found.min_by_key(|span| span.start)
}

struct Cursor<'a> {
    key: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        &self.key[self.at..]
    }

    fn skip(&mut self, words: &[&str]) -> bool {
        let found = words.iter().find(|w| self.rest().starts_with(**w)).map(|w| w.len());
        self.at += found.unwrap_or(0);
        found.is_some()
    }

    /// 第十二条之一第二款第三项, 12条; stays where it is when there is none.
    fn article(&mut self) -> Option<(ArticleNumber, Within)> {
        let start = self.at;
        self.skip(&["第"]);
        let number = self.numeral();
        let Some(number) = number.filter(|number| self.skip(&["条", "條"]) || self.is_bare_number(*number)) else {
            self.at = start;
            return None;
        };
        let before = self.at;
        let inserted = if self.skip(&["之"]) { self.numeral() } else { None };
        if inserted.is_none() {
            self.at = before;
        }
        let paragraph = self.part("款");
        let item = self.part("项");
        Some((ArticleNumber { number, inserted: inserted.unwrap_or(0) }, Within { paragraph, item }))
    }

    /// 民法典1079: a number that ends the text is an article's, unless it is a year.
    fn is_bare_number(&self, number: u32) -> bool {
        self.at == self.key.len() && (1..=MAX_ARTICLE).contains(&number)
    }

    fn part(&mut self, unit: &str) -> Option<u32> {
        let start = self.at;
        self.skip(&["第"]);
        let number = self.numeral();
        if number.is_some() && self.skip(&[unit]) {
            return number;
        }
        self.at = start;
        None
    }

    fn numeral(&mut self) -> Option<u32> {
        let len: usize = self.rest().chars().take_while(|c| numerals::is_numeral(*c)).map(char::len_utf8).sum();
        let number = numerals::parse(&self.rest()[..len])?;
        self.at += len;
        Some(number)
    }
}
