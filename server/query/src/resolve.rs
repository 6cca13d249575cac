//! Every citation of a text → the articles it means.

use std::ops::Range;

use indexer::index::{Generation, citation};

use super::{
    SearchError,
    plan::Lookup,
    present,
    reply::{Hit, ResolveReply, ResolvedCitation},
    request::SearchRequest,
    run::{self, Answer},
    understand::{
        Outcome, Understanding,
        document_number::{self, DocumentNumber},
    },
};

/// Citations resolved of one text: a long judgment cites fewer, and each costs a look-up.
const MAX_RESOLVED: usize = 100;

/// Document numbers looked for in one text; each has a look-up for every way to read who issued it.
const MAX_NUMBERS: usize = 20;

/// Resolves every citation in a text: articles, headings and regulations by title, regulations by their numbers.
pub fn resolve(generation: &Generation, text: &str) -> Result<ResolveReply, SearchError> {
    let found = citation::find(&generation.pipeline, &generation.titles, text);
    let truncated = found.len() > MAX_RESOLVED || found.iter().any(|citation| citation.omitted > 0);
    let presenter = present::Presenter::new(generation, &Understanding::default());
    let request = SearchRequest::new(text);
    let mut resolved: Vec<(Range<usize>, ResolvedCitation)> = Vec::new();
    for citation in found.iter().take(MAX_RESOLVED) {
        let (outcome, answers) = match run::cited(generation, citation, &request)? {
            Ok(answers) => ("resolved", answers),
            Err(fault) => (fault.name(), Vec::new()),
        };
        let canonical = matches!(citation.outcome, Outcome::Work(_)).then(|| present::canonical(generation, citation));
        let hits = answers.iter().map(|a| presenter.hit(a, true)).collect::<Result<_, _>>()?;
        resolved.push((citation.span.clone(), blank(outcome, canonical, hits)));
    }
    for (span, number, answers) in numbers(generation, text, &request)? {
        let outcome = if answers.is_empty() { "no_such_number" } else { "resolved" };
        let hits = answers.iter().map(|a| presenter.hit(a, true)).collect::<Result<_, _>>()?;
        resolved.push((span, blank(outcome, Some(number), hits)));
    }
    resolved.sort_by_key(|(span, _)| span.start);
    let mut counted = (0, 0);
    let citations = resolved.into_iter().map(|(span, citation)| {
        let start = chars_before(text, span.start, &mut counted);
        let written = text.get(span).unwrap_or_default();
        ResolvedCitation { text: written.to_owned(), span: (start, start + written.chars().count()), ..citation }
    });
    Ok(ResolveReply { generation: generation.number, citations: citations.collect(), truncated })
}

/// A citation without its place.
fn blank(outcome: &'static str, canonical: Option<String>, hits: Vec<Hit>) -> ResolvedCitation {
    ResolvedCitation { text: String::new(), span: (0, 0), canonical, outcome, hits }
}

/// Where a document number stands, as it is written in full, and the regulations that have it.
type Numbered = (Range<usize>, String, Vec<Answer>);

/// Document numbers with the regulations that have them: those that the library knows, and the one that is the whole
/// text.
fn numbers(generation: &Generation, text: &str, request: &SearchRequest) -> Result<Vec<Numbered>, SearchError> {
    let normalized = generation.pipeline.normalizer.normalized(text);
    let look_up = |number: &DocumentNumber| -> Result<Vec<Answer>, SearchError> {
        for form in std::iter::once(&number.canonical).chain(&number.others) {
            let answers = run::look_up(generation, &Lookup::DocumentNumber(form.clone()), request)?;
            if !answers.is_empty() {
                return Ok(answers);
            }
        }
        Ok(Vec::new())
    };
    if let Some(number) = document_number::parse(&normalized.text) {
        let answers = look_up(&number)?;
        return Ok(vec![(0..text.len(), number.canonical, answers)]);
    }
    let mut all = Vec::new();
    for readings in document_number::candidates(&normalized.text).into_iter().take(MAX_NUMBERS) {
        for (span, number) in readings {
            let answers = look_up(&number)?;
            if !answers.is_empty() {
                all.push((normalized.original(span), number.canonical, answers));
                break;
            }
        }
    }
    Ok(all)
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
