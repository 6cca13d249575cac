//! What each part of a query says of given articles: the text search gives one sum for all of them, and only for what
//! it finds itself.

use indexer::index::{Generation, fields::LibraryFields};
use tantivy::{
    DocAddress, DocSet, Searcher, Term,
    query::{EnableScoring, Query, Scorer, TermQuery},
    schema::IndexRecordOption,
};

use super::engine;
use crate::{SearchError, grams::distinct, plan::Plan};

/// A word in more than this share of all texts tells nothing about any of them and costs the most to walk.
pub const COMMON: f64 = 0.35;

/// What the parts of a query say of one article.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// BM25 over words.
    pub words: f32,
    /// BM25 over pairs of characters.
    pub bigrams: f32,
    /// BM25 over what the law calls the everyday words.
    pub everyday: f32,
    /// The query's pairs that stand there.
    pub held: PairSet,
    /// Pairs of characters in the article, as the index counts them: a little rounded.
    pub length: u32,
}

/// Some of a query's pairs of characters, by their places in [`Pairs::telling`]: a query has no more than fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairSet([u64; 4]);

impl PairSet {
    pub fn insert(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn has(self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| (word >> (place % 64)) & 1 == 1)
    }
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

    /// What some of the pairs tell, as a share of all, and their share by number.
    pub fn share(&self, some: PairSet) -> (f32, f32) {
        let (mut tell, mut number) = (0.0, 0.0f32);
        for (_, (_, tells)) in self.telling.iter().enumerate().filter(|(place, _)| some.has(*place)) {
            tell += tells / self.all;
            number += 1.0;
        }
        (tell, number / self.telling.len().max(1) as f32)
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
    for (place, (text, _)) in pairs.telling.iter().enumerate() {
        let term = Term::from_field_text(fields.bigrams, text);
        let counts = rare(&term);
        each(searcher, term, sorted, |at, score| {
            out[at].bigrams += if counts { score } else { 0.0 };
            out[at].held.insert(place);
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
        parts.length = known.as_ref().map_or(0, |(_, regulations)| regulations.fieldnorm(at.doc_id));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_the_pairs_tell() {
        let pairs = Pairs { telling: vec![("押金".into(), 3.0), ("房东".into(), 1.0)], all: 4.0 };
        let (mut first, mut second) = (PairSet::default(), PairSet::default());
        first.insert(0);
        second.insert(1);
        second.insert(1_000);
        assert_eq!(pairs.share(first), (0.75, 0.5));
        assert_eq!(pairs.share(first.or(second)), (1.0, 1.0));
        assert_eq!(pairs.share(PairSet::default()), (0.0, 0.0));
    }
}
