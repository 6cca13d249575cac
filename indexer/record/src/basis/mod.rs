//! The bases of a power or a duty as lists write them: regulations with what is said of their history, the articles
//! meant, and their words.
//!
//! ```text
//! 【法规】《甲条例》（2005年1月1日国务院令第1号公布 根据2019年3月2日《…的决定》修订）
//!  第三条第一款：未经许可，不得……。
//!  第二十条、第二十一条：……
//! 【规章】《乙办法》（2010年乙部令第2号）第五条：“……”
//! ```
//! A regulation is one that a line, a mark 【】 or a sentence begins with and not one that the quoted words speak of. What is read is
//! compared with the library elsewhere; here nothing is known but the text.

mod days;
mod heads;
mod notes;
mod passages;
#[cfg(test)]
mod tests;

use regex::Regex;

pub use days::NotedDay;
use heads::{Head, heads, title_of};
use notes::{note, until_next_mark};
use passages::passages;

/// Regulations read from one text: the longest bases name some twenty.
pub const MAX_REGULATIONS: usize = 60;

/// A regulation that is given as a basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedRegulation {
    /// What the list calls it, from 【】: 法律, 规章. Empty where it says nothing.
    pub sort: String,
    /// As it is written, without 《》.
    pub title: String,
    /// What stands in brackets behind the title: adoption, amendments, numbers.
    pub note: String,
    /// The places meant; none where the whole regulation is.
    pub passages: Vec<Passage>,
}

/// A place of a regulation and its words as the list has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Passage {
    /// 第三条第一款; 第五章、第六章; 附件第3项; empty where none is named.
    pub place: String,
    /// Empty where only the place is named.
    pub quote: String,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// The regulations that a text gives as bases, in order.
pub fn read(text: &str) -> Vec<CitedRegulation> {
    read_those(text, |_| true)
}

/// The regulations that a text gives as bases and whose titles are wanted; the places of others are not read.
pub fn read_those(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<CitedRegulation> {
    let heads = heads(text);
    let ends = heads.iter().skip(1).map(|head| head.span.start).chain([text.len()]).collect::<Vec<_>>();
    let regulation = |(head, end): (Head<'_>, usize)| {
        let title = title_of(head.title);
        if !wanted(&title) {
            return None;
        }
        let (note, from) = note(text, head.span.end);
        let passages = passages(until_next_mark(text.get(from..end).unwrap_or_default()));
        Some(CitedRegulation { sort: head.sort.to_owned(), title, note, passages })
    };
    heads.into_iter().zip(ends).filter_map(regulation).collect()
}
