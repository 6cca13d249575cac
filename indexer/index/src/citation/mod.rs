//! Citations: 《行政许可法》第十二条第一款第（三）项, in the forms people write. The same code reads queries and the
//! texts of law.

mod grammar;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::grammar::Cursor;
use super::titles::Titles;
use record::{ArticleNumber, work_key};
use text::{Keyed, Pipeline, numerals, quoted_titles};

/// Citations read from one text.
pub const MAX_CITATIONS: usize = 200;

/// A regulation, or an article or section of one, named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Place in the original text, in bytes.
    pub span: Range<usize>,
    pub outcome: Outcome,
    /// Year of the version that is named: 公司法（2023）.
    pub version: Option<i16>,
    pub article: Option<ArticleNumber>,
    pub within: Within,
    /// The heading that is meant, outermost first, where no article is: 第二编第三章.
    pub section: Vec<Step>,
    /// Articles that the range ending here names beyond [`MAX_RANGE`].
    pub omitted: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Key of a work in the catalogue.
    Work(String),
    /// A title in 《》 that the catalogue does not have.
    UnknownTitle(String),
}

/// The parts of an article that are meant; none for the whole article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    pub parts: Vec<Part>,
}

/// 第二款第（三）项第1目.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    pub paragraph: Option<u32>,
    pub item: Option<u32>,
    pub subitem: Option<u32>,
}

impl Within {
    /// 第一款第（三）项、第（四）项; `None` for the whole article.
    pub fn label(&self) -> Option<String> {
        let mut label = String::new();
        let mut before: Option<Part> = None;
        for part in &self.parts {
            let again = before.is_some_and(|b| b.paragraph == part.paragraph && part.item.is_some());
            if before.is_some() {
                label.push('、');
            }
            if let Some(n) = part.paragraph.filter(|_| !again) {
                label.push_str(&format!("第{}款", numerals::format(n)));
            }
            if let Some(n) = part.item {
                label.push_str(&format!("第（{}）项", numerals::format(n)));
            }
            if let Some(n) = part.subitem {
                label.push_str(&format!("第{n}目"));
            }
            before = Some(*part);
        }
        (!label.is_empty()).then_some(label)
    }
}

/// The unit of a heading, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionUnit {
    Book,
    SubBook,
    Chapter,
    Section,
}

impl SectionUnit {
    /// 分编 before 编, which it ends with.
    pub const ALL: [SectionUnit; 4] = [Self::SubBook, Self::Book, Self::Chapter, Self::Section];

    pub fn label(self) -> &'static str {
        match self {
            Self::Book => "编",
            Self::SubBook => "分编",
            Self::Chapter => "章",
            Self::Section => "节",
        }
    }
}

/// One step on the way to a heading: 第三章.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub unit: SectionUnit,
    pub number: u32,
}

impl Step {
    /// The step that a heading's title begins with: 第三章 总则.
    pub fn of_heading(title: &str) -> Option<Self> {
        let mut cursor = Cursor::new(title, 0);
        match cursor.sections().as_slice() {
            [(_, path)] => path.first().copied(),
            _ => None,
        }
    }

    /// 第三章
    pub fn label(self) -> String {
        format!("第{}{}", numerals::format(self.number), self.unit.label())
    }
}

/// Every citation in a text, in order. A title without an article counts only in 《》, with a heading, or when it is
/// the whole text.
pub fn find(pipeline: &Pipeline, known: &Titles, text: &str) -> Vec<Citation> {
    let keyed = pipeline.keyed(text);
    let normalized = keyed.normalized.text.as_str();
    let mut found = Vec::new();
    let mut titles = titles(known, text, &keyed);
    titles.sort_by_key(|t| (t.span.start, std::cmp::Reverse(t.span.end)));
    let mut at = 0;
    let mut last: Option<Outcome> = None;
    // Looked for again only behind it, so that a long text is walked once.
    let mut same_law = grammar::same_law(normalized, 0);
    let mut next = titles.into_iter().peekable();
    while at < normalized.len() && found.len() < MAX_CITATIONS {
        while next.next_if(|t| t.span.start < at).is_some() {}
        if same_law.as_ref().is_some_and(|span| span.start < at) {
            same_law = grammar::same_law(normalized, at);
        }
        let same = same_law.clone().filter(|_| last.is_some());
        let title = match (next.peek(), same) {
            (title, Some(span)) if title.is_none_or(|t| span.start < t.span.start) => {
                let Some(outcome) = last.clone() else { break };
                Title { span, outcome, quoted: false, version: None }
            }
            (Some(_), _) => match next.next() {
                Some(title) => title,
                None => break,
            },
            (None, _) => break,
        };
        at = title.span.end;
        let tail = Cursor::new(normalized, title.span.end).tail();
        let version = title.version.or(tail.version).or_else(|| grammar::version_before(normalized, title.span.start));
        let cite = |span: Range<usize>| Citation {
            span: keyed.normalized.original(span),
            outcome: title.outcome.clone(),
            version,
            article: None,
            within: Within::default(),
            section: Vec::new(),
            omitted: 0,
        };
        // The first of several carries the title.
        let from_title = |first: bool, span: Range<usize>| if first { title.span.start..span.end } else { span };
        if !tail.articles.is_empty() {
            for (i, named) in tail.articles.into_iter().enumerate() {
                at = at.max(named.span.end);
                let citation = cite(from_title(i == 0, named.span));
                let (within, omitted) = (named.within, named.omitted);
                found.push(Citation { article: Some(named.number), within, omitted, ..citation });
            }
        } else if !tail.sections.is_empty() {
            let first = tail.sections.first().map(|(span, _)| span.clone());
            for (span, section) in tail.sections {
                at = at.max(span.end);
                found.push(Citation { section, ..cite(from_title(Some(&span) == first.as_ref(), span)) });
            }
        } else {
            let bare = |rest: &str| !rest.contains(char::is_alphanumeric);
            let whole_text = bare(&normalized[..title.span.start]) && bare(&normalized[tail.end..]);
            if title.quoted || whole_text {
                found.push(cite(title.span.clone()));
            }
        }
        last = Some(title.outcome);
    }
    found.truncate(MAX_CITATIONS);
    found
}

/// The articles that a place names by itself, as it stands behind a title: 第三条第一款、第五条. In normalized text.
pub fn articles(place: &str) -> Vec<(ArticleNumber, Within)> {
    let named = Cursor::new(place, 0).articles();
    named.into_iter().map(|named| (named.number, named.within)).collect()
}

/// The headings that a place names by itself, each with its way from the outermost: 第五章、第六章.
pub fn sections(place: &str) -> Vec<Vec<Step>> {
    Cursor::new(place, 0).sections().into_iter().map(|(_, path)| path).collect()
}

struct Title {
    /// In the normalized text, in bytes; without the brackets around it.
    span: Range<usize>,
    outcome: Outcome,
    quoted: bool,
    /// Year of the version, where it stands inside the brackets.
    version: Option<i16>,
}

/// Titles of the catalogue wherever they stand, and unknown ones in 《》.
fn titles(known: &Titles, text: &str, keyed: &Keyed) -> Vec<Title> {
    let key = keyed.key.as_str();
    let normalized = &keyed.normalized.text;
    /// A title with its span in the key.
    struct InKey(Range<usize>, Title);
    let mut titles: Vec<InKey> = Vec::new();
    for quoted in quoted_titles(normalized) {
        let from = quoted.as_ptr() as usize - normalized.as_ptr() as usize;
        let inside = from..from + quoted.len();
        let span = keyed.in_key(inside.clone());
        if span.is_empty() {
            continue;
        }
        let work = |span: Range<usize>| known.work(&key[span]).map(|work| Outcome::Work(work.to_owned()));
        // 《行政处罚法（2021修订）》
        let dated = || {
            let (bare, year) = grammar::split_version(quoted)?;
            Some((work(keyed.in_key(from..from + bare.len()))?, Some(year)))
        };
        let (outcome, version) = work(span.clone()).map(|o| (o, None)).or_else(dated).unwrap_or_else(|| {
            let original = keyed.normalized.original(inside.clone());
            (Outcome::UnknownTitle(work_key(text.get(original).unwrap_or(quoted))), None)
        });
        titles.push(InKey(span, Title { span: inside, outcome, quoted: true, version }));
    }
    for found in known.find(key) {
        let mut span = found.start..found.end;
        if key[..span.start].ends_with("中华人民共和国") {
            span.start -= "中华人民共和国".len();
        }
        // 关于适用《民法典》总则编的解释 is one title, and the one inside it is not meant.
        titles.retain(|InKey(t, title)| !(title.quoted && span.start <= t.start && t.end <= span.end && *t != span));
        if !titles.iter().any(|InKey(t, title)| title.quoted && t.start < span.end && span.start < t.end) {
            let outcome = Outcome::Work(found.work.to_owned());
            let inside = keyed.in_normalized(span.clone());
            titles.push(InKey(span, Title { span: inside, outcome, quoted: false, version: None }));
        }
    }
    titles.into_iter().map(|InKey(_, title)| title).collect()
}
