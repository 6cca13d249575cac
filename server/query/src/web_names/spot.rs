//! Every address in a text, each with its verdict, and which of them leads.

use std::ops::Range;

use indexer::{index::official::OfficialNames, text::Pipeline, web_name};

use super::check::{Check, Verdict, check};

/// An address met in a text.
#[derive(Debug, Clone)]
pub struct Spotted<'n> {
    /// As it was read.
    pub text: String,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    pub check: Check<'n>,
}

/// Labels of a Chinese name have 20 characters at most.
const MAX_LABEL_CHARS: usize = 20;

/// The addresses in a text, in its order. What may be no address at all is one where it is known or imitates what is.
pub fn spot<'n>(names: &'n OfficialNames, pipeline: &Pipeline, text: &str) -> Vec<Spotted<'n>> {
    let found = web_name::find(text).into_iter().filter_map(|found| {
        let (text, check) = meant(names, pipeline, found.text, found.others);
        let mailbox = check.address.as_ref().is_some_and(|address| !address.user.is_empty());
        let kept = match check.verdict {
            Verdict::Lookalike => true,
            Verdict::Official => found.certain || !mailbox,
            Verdict::Unknown | Verdict::Invalid => found.certain,
        };
        kept.then_some(Spotted { text, span: found.span, check })
    });
    found.collect()
}

/// The worst first; of equals in the order of the text. Each address stands once.
pub fn worst_first(mut spotted: Vec<Spotted<'_>>) -> Vec<Spotted<'_>> {
    spotted.sort_by_key(|spotted| spotted.check.verdict.danger());
    let mut seen = std::collections::HashSet::new();
    spotted.retain(|spotted| {
        let host = spotted.check.address.as_ref().map_or(&spotted.text, |address| &address.host.ascii);
        seen.insert((host.clone(), spotted.check.verdict))
    });
    spotted
}

/// Whether a text is one address and nothing else. `spotted`: what was found in it.
pub fn is_one(text: &str, spotted: &[Spotted<'_>]) -> bool {
    // As a browser reads it, whatever an eye may part it into.
    let plain = text.is_ascii() && !text.trim().contains(char::is_whitespace);
    let other = |text: &str| text.chars().any(char::is_alphanumeric);
    // http://exa mple.com: an address that is none; what stands behind the space is not what was meant.
    let trimmed = text.trim_start();
    let begins = text.is_ascii() && ["http://", "https://"].iter().any(|scheme| trimmed.starts_with(scheme));
    let is_harmless = |s: &Spotted<'_>| s.check.verdict == Verdict::Unknown && !text[..s.span.start].trim().is_empty();
    match spotted {
        [] => true,
        _ if begins && spotted.iter().all(is_harmless) => true,
        _ if plain && web_name::address::parse(text).is_ok() => true,
        [one] => !other(&text[..one.span.start]) && !other(&text[one.span.end..]),
        _ => false,
    }
}

/// The reading that is meant: one that is official, the longest first, before one that imitates, before the likeliest.
fn meant<'n>(names: &'n OfficialNames, pipeline: &Pipeline, text: String, others: Vec<String>) -> (String, Check<'n>) {
    let mut all: Vec<(String, Check<'n>)> = vec![(text.clone(), check(names, pipeline, &text))];
    all.extend(others.into_iter().map(|other| {
        let check = check(names, pipeline, &other);
        (other, check)
    }));
    for wanted in [Verdict::Official, Verdict::Lookalike] {
        let holds = |(_, check): &&(String, Check<'n>)| check.verdict == wanted;
        if let Some(found) = all.iter().filter(holds).max_by_key(|(text, _)| text.len()) {
            return found.clone();
        }
    }
    let whole = all.iter().max_by_key(|(text, _)| text.len()).map_or(text.as_str(), |(text, _)| text.as_str());
    hidden(names, pipeline, whole).unwrap_or_else(|| all.swap_remove(0))
}

/// An imitated name at the end of a Chinese label that prose runs into: 各位市民请尽快上国务院.com. What is official is
/// never read so: 甲市乙区政府.政务 is not 乙区政府.政务.
fn hidden<'n>(names: &'n OfficialNames, pipeline: &Pipeline, whole: &str) -> Option<(String, Check<'n>)> {
    let label = whole.split(|c| web_name::is_dot(c) || web_name::looks_like_dot(c)).next()?;
    if label.is_ascii() || whole.contains("://") {
        return None;
    }
    let starts: Vec<usize> = label.char_indices().map(|(at, _)| at).skip(1).collect();
    starts.iter().skip(starts.len().saturating_sub(MAX_LABEL_CHARS)).find_map(|start| {
        let key = pipeline.key(&label[*start..]);
        if names.labelled(&key).is_empty() && names.owned(&key).is_empty() {
            return None;
        }
        let check = check(names, pipeline, &whole[*start..]);
        (check.verdict == Verdict::Lookalike).then(|| (whole[*start..].to_owned(), check))
    })
}

#[cfg(test)]
mod tests;
