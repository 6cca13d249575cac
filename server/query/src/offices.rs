//! What offices share with each other: found by them alone, each on the line of its own division.
//!
//! The generation that holds it stands apart from the public's, so that nothing in it changes what the public is answered.
//! Between offices the same is held: what one finds, its order and its count rest on what that office may read, and the
//! frequencies of words are those of the public's generation, so that no record tells of itself by the scores of others.

use indexer::{
    index::{Generation, projection::DirectoryEntry, stored},
    record::{DivisionCode, Entry},
};
use tantivy::{
    Term,
    collector::{Count, TopDocs},
    query::{BooleanQuery, BoostQuery, Occur, Query, RegexQuery, TermQuery, TermSetQuery},
    schema::IndexRecordOption,
};

use super::{SearchError, grams::distinct, highlight::Marker, plan::bigrams, run::engine};

/// Hits that paging reaches; each is read before the first page is shown, so that equals always come in one order.
const MAX: usize = PAGE * MAX_PAGE as usize;
/// Deepest page.
pub const MAX_PAGE: u32 = 50;
/// Hits a page: an office shares hundreds, and the search narrows them.
pub const PAGE: usize = 20;

/// A record that an office finds.
pub struct SharedHit {
    pub id: String,
    /// The kind's name.
    pub kind: String,
    pub entry: Entry,
    /// As HTML: escaped, matches in `<mark>`.
    pub title_html: String,
    pub snippet: String,
}

/// What an office finds.
#[derive(Default)]
pub struct SharedHits {
    pub total: usize,
    pub hits: Vec<SharedHit>,
}

/// Searches what is shared with an office of `division`; all of it, by division and title, for an empty text. `page` counts
/// from 1.
pub fn shared(
    public: &Generation,
    shared: &Generation,
    text: &str,
    division: &DivisionCode,
    page: usize,
) -> Result<SharedHits, SearchError> {
    let f = &shared.directory.fields;
    let normalized = public.pipeline.normalizer.text(text.trim());
    let mut words = Vec::new();
    public.pipeline.segmenter.words(&normalized, &mut |t| words.push(t.text.to_owned()));
    words.sort_unstable();
    words.dedup();
    let pairs = distinct(&bigrams(&normalized));
    let terms = words.iter().map(|word| (f.words, word)).chain(pairs.iter().map(|pair| (f.bigrams, pair)));
    let term = |(field, text): (_, &String)| -> (Occur, Box<dyn Query>) {
        let term = Term::from_field_text(field, text);
        (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
    };
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = terms.map(term).collect();
    let asked = !clauses.is_empty();
    if asked {
        clauses = vec![(Occur::Must, Box::new(BooleanQuery::new(clauses)))];
    }
    // It narrows and does not score.
    clauses.push((Occur::Must, Box::new(BoostQuery::new(readable(shared, division)?, 0.0))));
    let query = BooleanQuery::new(clauses);
    let searcher = &shared.directory.searcher;
    let total = searcher.search(&query, &Count).map_err(engine)?;
    let best = TopDocs::with_limit(MAX).order_by_score();
    let found = searcher.search_with_statistics_provider(&query, &best, &public.directory.searcher).map_err(engine)?;
    let mut entries = Vec::with_capacity(found.len());
    for (score, at) in found {
        let entry: DirectoryEntry = stored::read(searcher, at).map_err(|e| SearchError::Index(e.to_string()))?;
        if let DirectoryEntry::Listed { id, of, entry } = entry {
            entries.push((if asked { score } else { 0.0 }, id, of, *entry));
        }
    }
    entries.sort_by(|a, b| {
        let place = |e: &(f32, String, String, Entry)| (e.3.division.clone(), e.3.name.clone(), e.1.clone());
        b.0.total_cmp(&a.0).then_with(|| place(a).cmp(&place(b)))
    });
    let marker = Marker::new(&public.pipeline, text, &[], [""; 0], None);
    let hit = |(_, id, kind, entry): (f32, String, String, Entry)| SharedHit {
        title_html: marker.whole(&entry.name),
        snippet: marker.snippet(&entry.about),
        id,
        kind,
        entry,
    };
    let hits = entries.into_iter().skip((page - 1) * PAGE).take(PAGE).map(hit).collect();
    Ok(SharedHits { total, hits })
}

/// What an office of a division may read: what belongs to its division, to one above it or to one below it.
fn readable(shared: &Generation, division: &DivisionCode) -> Result<Box<dyn Query>, SearchError> {
    let field = shared.directory.fields.division;
    let above = std::iter::successors(Some(division.clone()), |d| (!d.is_nation()).then(|| d.above()));
    let above = TermSetQuery::new(above.map(|d| Term::from_field_text(field, d.as_str())));
    let below = RegexQuery::from_pattern(&format!("{}[0-9]*", division.significant()), field).map_err(engine)?;
    Ok(Box::new(BooleanQuery::union(vec![Box::new(above), Box::new(below)])))
}
