//! Field match: an article is searched by words, by bigrams of characters, and by what the law calls the query's
//! everyday words; each counts by BM25 with its own weight.

use indexer::index::fields::LibraryFields;
use tantivy::Term;

use super::Weights;
use crate::grams::distinct;

/// What a query searches articles by.
pub struct Sought<'a> {
    pub words: &'a [String],
    /// With their positions.
    pub bigrams: &'a [(usize, String)],
    /// Bigrams of what the law calls the query's everyday words, each with its share of the weight.
    pub legal: &'a [(String, f32)],
}

/// The terms to search articles by, each with its weight; a weight of 0 switches its field off.
pub fn terms(fields: &LibraryFields, sought: &Sought<'_>, weights: &Weights) -> Vec<(Term, f32)> {
    let bigrams = distinct(sought.bigrams);
    let typed = |text: &String| bigrams.binary_search(text).is_ok();
    let meant = sought.legal.iter().filter(|(text, _)| !typed(text));
    let words = sought.words.iter().map(|text| (Term::from_field_text(fields.words, text), weights.words));
    let meant = meant.map(|(text, share)| (Term::from_field_text(fields.bigrams, text), share * weights.everyday));
    let runs = bigrams.iter().map(|text| (Term::from_field_text(fields.bigrams, text), weights.bigrams));
    words.chain(runs).chain(meant).filter(|(_, weight)| *weight > 0.0).collect()
}
