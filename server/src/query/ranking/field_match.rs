//! Field match: an article is searched by words, by bigrams of characters, and by what the law calls the query's
//! everyday words; each counts by BM25 with its own weight.

use indexer::index::fields::LibraryFields;
use tantivy::Term;

use super::Weights;
use crate::query::plan::{Plan, distinct};

/// The terms to search articles by, each with its weight; a weight of 0 switches its field off.
pub fn terms(fields: &LibraryFields, plan: &Plan, weights: &Weights) -> Vec<(Term, f32)> {
    let bigrams = distinct(&plan.bigrams);
    let typed = |text: &String| bigrams.binary_search(text).is_ok();
    let meant = plan.legal.iter().filter(|(text, _)| !typed(text));
    let words = plan.words.iter().map(|text| (Term::from_field_text(fields.words, text), weights.words));
    let meant = meant.map(|(text, share)| (Term::from_field_text(fields.bigrams, text), share * weights.everyday));
    let runs = bigrams.iter().map(|text| (Term::from_field_text(fields.bigrams, text), weights.bigrams));
    words.chain(runs).chain(meant).filter(|(_, weight)| *weight > 0.0).collect()
}
