//! What each part of a query says of given articles: the text search gives one sum for all of them, and only for what it
//! finds itself.

use indexer::index::{Generation, fields::LibraryFields};
use tantivy::{
    DocAddress, DocSet, Searcher, Term,
    query::{EnableScoring, Query, Scorer, TermQuery},
    schema::IndexRecordOption,
};

use super::{articles::COMMON, engine};
use crate::{SearchError, grams::distinct, plan::Plan};

/// What the parts of a query say of one article.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// BM25 over words.
    pub words: f32,
    /// BM25 over pairs of characters.
    pub bigrams: f32,
    /// BM25 over what the law calls the everyday words.
    pub everyday: f32,
    /// Share of the query's pairs that stand there, the rarer the heavier.
    pub covered: f32,
    /// The same by number.
    pub shared: f32,
    /// Pairs of characters in the article, as the index counts them: a little rounded.
    pub length: u32,
}

/// The query's pairs of characters, each with how much it tells.
pub struct Pairs {
    pub telling: Vec<(String, f32)>,
    /// What all of them tell.
    pub all: f32,
}

impl Pairs {
    pub fn new(generation: &Generation, plan: &Plan) -> Self {
        let library = &generation.library;
        let texts = library.searcher.num_docs() as f32;
        let rarity = |text: &String| {
            let term = Term::from_field_text(library.fields.bigrams, text);
            (1.0 + texts / (library.searcher.doc_freq(&term).unwrap_or_default() as f32 + 0.5)).ln()
        };
        let telling: Vec<(String, f32)> =
            distinct(&plan.bigrams).into_iter().map(|text| (rarity(&text), text)).map(|(r, text)| (text, r)).collect();
        let all = telling.iter().map(|(_, tells)| tells).sum::<f32>().max(f32::MIN_POSITIVE);
        Self { telling, all }
    }
}

/// The parts for each of `sorted`. Skips from one to the next, so that the cost follows their number and the query's
/// terms, and not how often these stand in the library.
pub fn parts(
    generation: &Generation,
    plan: &Plan,
    pairs: &Pairs,
    sorted: &[DocAddress],
) -> Result<Vec<Parts>, SearchError> {
    let (searcher, fields) = (&generation.library.searcher, &generation.library.fields);
    let mut out = vec![Parts::default(); sorted.len()];
    lengths(searcher, fields, sorted, &mut out)?;
    let most = (searcher.num_docs() as f64 * COMMON) as u64;
    let rare = |term: &Term| (1..=most).contains(&searcher.doc_freq(term).unwrap_or_default());
    for word in &plan.words {
        let term = Term::from_field_text(fields.words, word);
        if rare(&term) {
            each(searcher, term, sorted, |at, score| out[at].words += score)?;
        }
    }
    let number = pairs.telling.len().max(1) as f32;
    for (text, tells) in &pairs.telling {
        let term = Term::from_field_text(fields.bigrams, text);
        let counts = rare(&term);
        each(searcher, term, sorted, |at, score| {
            out[at].bigrams += if counts { score } else { 0.0 };
            out[at].covered += tells / pairs.all;
            out[at].shared += 1.0 / number;
        })?;
    }
    let typed = |text: &String| pairs.telling.binary_search_by(|(pair, _)| pair.cmp(text)).is_ok();
    for (text, share) in plan.legal.iter().filter(|(text, _)| !typed(text)) {
        let term = Term::from_field_text(fields.bigrams, text);
        if rare(&term) {
            each(searcher, term, sorted, |at, score| out[at].everyday += share * score)?;
        }
    }
    Ok(out)
}

fn lengths(
    searcher: &Searcher,
    fields: &LibraryFields,
    sorted: &[DocAddress],
    out: &mut [Parts],
) -> Result<(), SearchError> {
    let mut known = None;
    for (at, parts) in sorted.iter().zip(out) {
        if known.as_ref().is_none_or(|(segment, _)| *segment != at.segment_ord) {
            let reader = searcher.segment_reader(at.segment_ord);
            known = Some((at.segment_ord, reader.get_fieldnorms_reader(fields.bigrams).map_err(engine)?));
        }
        parts.length = known.as_ref().map_or(0, |(_, norms)| norms.fieldnorm(at.doc_id));
    }
    Ok(())
}

/// Calls `add` with the place in `sorted` and the BM25 score of every document there that has a term.
fn each(
    searcher: &Searcher,
    term: Term,
    sorted: &[DocAddress],
    mut add: impl FnMut(usize, f32),
) -> Result<(), SearchError> {
    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).map_err(engine)?;
    let mut place = 0;
    for of_segment in sorted.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let Some(first) = of_segment.first() else { continue };
        let mut documents = weight.scorer(searcher.segment_reader(first.segment_ord), 1.0).map_err(engine)?;
        for at in of_segment {
            if documents.doc() < at.doc_id {
                documents.seek(at.doc_id);
            }
            if documents.doc() == at.doc_id {
                add(place, documents.score());
            }
            place += 1;
        }
    }
    Ok(())
}
