//! Completions of what is being typed, grouped by kind.

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        completions::{Completion, CompletionKind},
    },
    record::{Status, Succession, kind_named},
};

use super::reply::{SuggestReply, Suggestion};
use crate::urls;

/// Suggestions of one kind, so that none crowds out the others.
const PER_KIND: usize = 5;

/// Completes what is being typed; `text` not empty, `size` from 1 to 20.
pub fn suggest(generation: &Generation, text: &str, size: usize) -> SuggestReply {
    let key = generation.pipeline.key(text);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    if !key.is_empty() {
        let mut groups = CompletionKind::ALL.map(|kind| completed(generation, kind, &key));
        // 民法 begins 民法典, and is inside 人民法院: kinds with a name that begins so come first.
        groups.sort_by_key(|(begins, _)| !begins);
        let all = groups.into_iter().flat_map(|(_, group)| group);
        suggestions.extend(all.map(|c| suggestion(generation, &key, c)));
    }
    if suggestions.is_empty() {
        // A slip in what is typed: the names it may have meant.
        for proposal in generation.spelling.proposals(&generation.pipeline, &key) {
            for kind in CompletionKind::ALL {
                let meant = completed(generation, kind, proposal.name).1.into_iter().take(1);
                suggestions.extend(meant.map(|c| suggestion(generation, proposal.name, c)));
            }
        }
    }
    suggestions.truncate(size);
    SuggestReply { query: text.to_owned(), generation: generation.number, suggestions, holds_address: false }
}

/// What completes a text: names that begin with it, then those with a word inside that does; and whether any begins so.
fn completed(generation: &Generation, kind: CompletionKind, key: &str) -> (bool, Vec<Completion>) {
    let mut best = generation.completions.best(kind, key, PER_KIND);
    let begins = !best.is_empty();
    for more in generation.completions.best_inside(kind, key, PER_KIND) {
        if best.len() < PER_KIND && best.iter().all(|known| known.id != more.id || known.text != more.text) {
            best.push(more);
        }
    }
    (begins, best)
}

fn suggestion(generation: &Generation, typed: &str, c: Completion) -> Suggestion {
    let (kind, url) = match c.kind {
        CompletionKind::Institution => ("institution", urls::institution(&c.id)),
        CompletionKind::Regulation => ("regulation", urls::regulation(&c.id)),
        CompletionKind::Division => ("division", urls::division(&c.id)),
        CompletionKind::Listed => match kind_named(&c.of) {
            Some(kind) => (kind.name, urls::record(kind, &c.id)),
            None => ("query", urls::search(&c.text)),
        },
        CompletionKind::Everyday => ("query", urls::search(&c.text)),
    };
    let detail = match c.kind {
        CompletionKind::Regulation => generation.catalogue.regulation(&c.id).map(norm_detail).unwrap_or_default(),
        CompletionKind::Division => match former_name(generation, &c.id, typed) {
            Some(former) => format!("{}（{former}）", c.detail),
            None => c.detail,
        },
        _ => c.detail,
    };
    Suggestion { kind, text: c.text, detail, url }
}

/// What became of the name that was typed, where the division has another now: 宣武区 2010 年撤销.
fn former_name(generation: &Generation, code: &str, typed: &str) -> Option<String> {
    let division = generation.catalogue.division(code)?;
    let begins = |name: &str| generation.pipeline.key(name).starts_with(typed);
    if begins(&division.name) || begins(&division.short_name) {
        return None;
    }
    let named = division.former.iter().filter(|f| f.succession != Succession::Unknown && begins(&f.name));
    let last = named.max_by_key(|f| f.until)?;
    Some(match last.until {
        Some(year) => format!("{} {year} 年{}", last.name, last.change),
        None => format!("曾用名 {}", last.name),
    })
}

fn norm_detail(r: &RegulationEntry) -> String {
    let year = r.version_date.map(|d| d.year().to_string()).unwrap_or_default();
    match r.status {
        Status::InForce => format!("{} {year}", r.level.label()),
        other => format!("{} {year} {}", r.level.label(), other.label()),
    }
}
