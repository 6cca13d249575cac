//! From a document's text to a proposed regulation: a filled-in form with evidence, for a person to confirm.
//!
//! Nothing is invented: a field that no place of the text speaks for is empty and says what was looked for. Every
//! other one shows the places that it rests on.

mod dates;
pub(crate) mod day;
mod ending;
mod form;
mod layout;
mod line;
mod names;
pub(crate) mod number;
mod numbers;
mod offices;
mod rows;
mod standing;
mod title;

#[cfg(test)]
mod measured;

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::form::{Form, InvalidForm};
use self::layout::Layout;
use super::{Document, furniture};
use crate::law_markdown::{self, FindDivision, body::Body};
use record::{Date, DivisionCode, DocumentKind, Event, RegulationLevel};

/// What a proposal needs to know besides the document.
pub struct Context<'a> {
    /// Finds a division by its full or short name; `None` for unknown and for ambiguous names.
    pub divisions: &'a FindDivision<'a>,
}

/// A place in [`Document::text`], in bytes of UTF-8; both ends are character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A proposed value and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field<T> {
    /// `None` where the text does not say.
    pub value: Option<T>,
    /// Where the text says so; empty exactly when there is no value.
    pub evidence: Vec<Span>,
    /// Why, in a Chinese sentence for the person who confirms it; for an empty field, what was looked for.
    pub reason: String,
}

impl<T> Field<T> {
    fn found(value: T, evidence: Vec<Span>, reason: impl Into<String>) -> Self {
        if evidence.is_empty() {
            return Self::none(reason);
        }
        Self { value: Some(value), evidence, reason: reason.into() }
    }

    fn none(reason: impl Into<String>) -> Self {
        Self { value: None, evidence: Vec::new(), reason: reason.into() }
    }
}

/// What a document seems to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub title: Field<String>,
    /// Issuing institutions 发文机关.
    pub issuers: Field<Vec<String>>,
    /// Canonical 发文字号 or order number.
    pub document_number: Field<String>,
    /// 成文日期: the day of signature; for regulations with a caption 题注, of adoption or the last amendment.
    pub version_date: Field<Date>,
    pub published: Field<Date>,
    pub effective: Field<Date>,
    pub document_kind: Field<DocumentKind>,
    pub level: Field<RegulationLevel>,
    pub division: Field<DivisionCode>,
    /// The caption's events, in its order.
    pub history: Vec<Event>,
    /// Headings, articles and what stands around them.
    pub text: ProposedText,
}

/// The text cut into its parts, by the same rules as every other source of regulations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedText {
    pub preamble: String,
    pub headings: Vec<record::Heading>,
    pub articles: Vec<record::Article>,
    pub attachment: String,
}

/// Proposes what the document is. Works for any text, in time that grows with its length.
pub fn propose(document: &Document, context: &Context<'_>) -> Proposal {
    let text = document.text();
    let layout = Layout::of(document, &text);
    let title = title::title(&layout);
    let document_number = numbers::document_number(&layout);
    let body = body(&layout);
    let (history, dates) = dates::dates(&layout);
    let issuers = offices::issuers(&layout, &title);
    let level = standing::level(&layout, &title, &document_number, &issuers);
    let division = standing::division(&layout, &title, &issuers, context);
    let document_kind = match (&title.value, level.value) {
        (Some(name), level) => {
            let kind = law_markdown::document_kind(name, level.unwrap_or(RegulationLevel::Other));
            Field::found(kind, title.evidence.clone(), format!("由标题“{name}”的用词判断"))
        }
        _ => Field::none("没有标题，无法判断文件种类"),
    };
    Proposal {
        title,
        issuers,
        document_number,
        version_date: dates.version,
        published: dates.published,
        effective: dates.effective,
        document_kind,
        level,
        division,
        history,
        text: ProposedText {
            preamble: body.preamble,
            headings: body.headings,
            articles: body.articles,
            attachment: body.attachment,
        },
    }
}

/// The text below title and caption. What closes a document (signature, date, copies to) is no part of its last
/// article: it goes to the attachment.
fn body(layout: &Layout<'_>) -> Body {
    let from = layout.body.start;
    let lines = layout.lines[from..layout.body.end].iter().enumerate();
    let lines = lines.filter(|(at, line)| !layout.contents.contains(&(from + at)) && !line.margin);
    let set_apart = |line: &str| line::is_heading(line) || line::is_attachment(line);
    let mut body = law_markdown::body::parse_lines(lines.map(|(_, line)| (set_apart(line.text), line.text)));
    let behind = &layout.lines[layout.body.end..];
    for line in behind.iter().filter(|line| !line.margin && !furniture::is_below_text(line.text)) {
        if !body.attachment.is_empty() {
            body.attachment.push('\n');
        }
        body.attachment.push_str(line.text);
    }
    body
}
