//! Every citation of a text → the articles it means.

use indexer::index::{Generation, citation};

use super::{
    SearchError, present,
    reply::{ResolveReply, ResolvedCitation},
    request::SearchRequest,
    run,
    understand::{Outcome, Understanding},
};

/// Citations resolved of one text: a long judgment cites fewer, and each costs a look-up.
const MAX_RESOLVED: usize = 100;

/// Resolves every citation in a text.
pub fn resolve(generation: &Generation, text: &str) -> Result<ResolveReply, SearchError> {
    let found = citation::find(&generation.pipeline, &generation.titles, text);
    let truncated = found.len() > MAX_RESOLVED;
    let presenter = present::Presenter::new(generation, &Understanding::default());
    let request = SearchRequest::new(text);
    let mut citations = Vec::new();
    let mut counted = (0, 0);
    for citation in found.iter().take(MAX_RESOLVED) {
        let answers = run::cited(generation, citation, &request)?;
        let outcome = match (&citation.outcome, answers.is_empty()) {
            (Outcome::UnknownTitle(_), _) => "unknown_title",
            (Outcome::Work(_), true) => "no_such_article",
            (Outcome::Work(_), false) => "resolved",
        };
        let start = chars_before(text, citation.span.start, &mut counted);
        let written = text.get(citation.span.clone()).unwrap_or_default();
        citations.push(ResolvedCitation {
            text: written.to_owned(),
            span: (start, start + written.chars().count()),
            canonical: matches!(citation.outcome, Outcome::Work(_)).then(|| present::canonical(generation, citation)),
            outcome,
            hits: answers.iter().map(|a| presenter.hit(a, true)).collect::<Result<_, _>>()?,
        });
    }
    Ok(ResolveReply { generation: generation.number, citations, truncated })
}

/// Characters before a byte, counted on from the last call's place, so that a long text is walked once.
fn chars_before(text: &str, byte: usize, counted: &mut (usize, usize)) -> usize {
    if byte < counted.0 {
        *counted = (0, 0);
    }
    counted.1 += text.get(counted.0..byte).unwrap_or_default().chars().count();
    counted.0 = byte;
    counted.1
}
