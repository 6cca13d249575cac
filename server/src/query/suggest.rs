//! Completions of what is being typed, grouped by kind.

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        completions::{Completion, CompletionKind},
    },
    record::Status,
};

use super::reply::{SuggestReply, Suggestion};

/// Suggestions of one kind, so that none crowds out the others.
const PER_KIND: usize = 5;

/// Completes what is being typed; `text` not empty, `size` from 1 to 20.
pub fn suggest(generation: &Generation, text: &str, size: usize) -> SuggestReply {
    let key = generation.pipeline.key(text);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    if !key.is_empty() {
        for kind in CompletionKind::ALL {
            let best = generation.completions.best(kind, &key, PER_KIND);
            suggestions.extend(best.into_iter().map(|c| suggestion(generation, c)));
        }
    }
    if suggestions.is_empty() {
        // A slip in what is typed: the names it may have meant.
        for proposal in generation.spelling.proposals(&generation.pipeline, &key) {
            for kind in CompletionKind::ALL {
                let meant = generation.completions.best(kind, proposal.name, 1);
                suggestions.extend(meant.into_iter().map(|c| suggestion(generation, c)));
            }
        }
    }
    suggestions.truncate(size);
    SuggestReply { query: text.to_owned(), generation: generation.number, suggestions }
}

fn suggestion(generation: &Generation, c: Completion) -> Suggestion {
    let (kind, url) = match c.kind {
        CompletionKind::Institution => ("institution", format!("/institutions/{}", c.id)),
        CompletionKind::Regulation => ("regulation", format!("/regulations/{}", c.id)),
        CompletionKind::Division => ("division", format!("/divisions/{}", c.id)),
        CompletionKind::Everyday => ("query", format!("/search?q={}", encoded(&c.text))),
    };
    let detail = match c.kind {
        CompletionKind::Regulation => generation.catalogue.regulation(&c.id).map(norm_detail).unwrap_or_default(),
        _ => c.detail,
    };
    Suggestion { kind, text: c.text, detail, url }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn norm_detail(r: &RegulationEntry) -> String {
    let year = r.version_date.map(|d| d.year().to_string()).unwrap_or_default();
    match r.status {
        Status::InForce => format!("{} {year}", r.level.label()),
        other => format!("{} {year} {}", r.level.label(), other.label()),
    }
}
