//! Which articles hold what was asked for as it is, and not merely pieces of it.
//!
//! Beside a certain answer an article holds the query or the answer's name, otherwise a word of the query or what the
//! law calls it. The others are kept off the page and counted in the reply; `partial=1` lists them.

use indexer::index::{Generation, projection::DirectoryEntry};
use rustc_hash::FxHashSet;
use tantivy::{
    DocAddress, DocSet, Searcher, Term,
    query::{EnableScoring, Query},
};

use super::{
    Answer, Content, engine, facts,
    queries::{exact, phrase},
};
use crate::{
    SearchError,
    plan::{Bigrams, Plan, bigrams},
};

/// Other names of an entrance that texts are looked through for. Behind the names by which it is known stand the words
/// for what people do there, 举报电话, which texts have for much else.
const MAX_OTHER_NAMES: usize = 4;

/// What an article must hold to be listed: any one of these.
pub struct Wanted {
    phrases: Vec<Bigrams>,
    /// As a word, and not merely as two characters side by side.
    word: Option<String>,
}

impl Wanted {
    /// Of a query that names one thing and asks for nothing else: the query as it was typed, or a name of a certain
    /// answer.
    pub fn named(generation: &Generation, plan: &Plan, certain: &[Answer]) -> Self {
        let mut names = Vec::new();
        for answer in certain {
            match &answer.content {
                Content::Directory(DirectoryEntry::Institution { institution, .. }) => {
                    // Texts with a former name are of another time.
                    let short = institution.short_names.iter().filter(|name| is_telling(name));
                    names.extend(std::iter::once(&institution.name).chain(short).cloned());
                }
                Content::Directory(DirectoryEntry::Division { code }) => {
                    let division = generation.catalogue.division(code);
                    names.extend(division.into_iter().flat_map(|d| [d.name.clone(), d.short_name.clone()]));
                }
                Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
                    let others = entry.other_names.iter().take(MAX_OTHER_NAMES).filter(|name| is_telling(name));
                    names.extend(std::iter::once(&entry.name).chain(others).cloned());
                }
                Content::Regulation(position) => {
                    names.extend(facts(generation, *position).map(|regulation| regulation.work.clone()));
                }
                // A citation: what else is wanted names the article as the query does, and not merely its law.
                Content::Article { .. } | Content::Section { .. } => {}
                // Certain answers are loaded.
                Content::Directory(DirectoryEntry::WebName { .. }) | Content::Unread { .. } => {}
            }
        }
        // Two characters stand in other words by chance: 民法 in 人民法院. Short names of so few are
        // nothing that an article is listed by.
        if names.is_empty() || plan.whole_key.chars().nth(3).is_some() {
            names.push(plan.whole_key.clone());
        }
        let phrases = names.iter().map(|name| bigrams(&generation.pipeline.normalizer.text(name)));
        Self { phrases: phrases.filter(|phrase| !phrase.is_empty()).collect(), word: None }
    }

    /// Otherwise: a word of the query that not every text has, or what the law calls it.
    pub fn words(generation: &Generation, plan: &Plan, common: f64) -> Self {
        let library = &generation.library;
        let most = (library.searcher.num_docs() as f64 * common) as u64;
        let rare = |phrase: &&Bigrams| {
            let documents = |(_, text): &(usize, String)| {
                let term = Term::from_field_text(library.fields.bigrams, text);
                library.searcher.doc_freq(&term).unwrap_or_default()
            };
            phrase.iter().map(documents).min().is_some_and(|documents| documents <= most)
        };
        let telling: Vec<Bigrams> = plan.held.iter().filter(rare).cloned().collect();
        let phrases = if telling.is_empty() { plan.held.clone() } else { telling };
        Self { phrases, word: plan.held_word.clone() }
    }

    pub fn phrases(&self) -> &[Bigrams] {
        &self.phrases
    }

    /// The documents among `candidates` that hold it.
    pub fn held_by(&self, generation: &Generation, candidates: &[DocAddress]) -> Result<Holders, SearchError> {
        let field = generation.library.fields.bigrams;
        let mut open = candidates.to_vec();
        open.sort_unstable();
        let mut held = Holders::default();
        if let Some(word) = &self.word {
            let term = Term::from_field_text(generation.library.fields.words, word);
            held = matching(&generation.library.searcher, &exact(term), &open)?;
            open.retain(|at| !held.contains(at));
        }
        for wanted in &self.phrases {
            if open.is_empty() {
                break;
            }
            let found = matching(&generation.library.searcher, &*phrase(field, wanted), &open)?;
            open.retain(|at| !found.contains(at));
            held.extend(found);
        }
        Ok(held)
    }
}

/// Two characters stand in other words by chance: 华科 in 在华科技.
fn is_telling(name: &str) -> bool {
    name.chars().nth(2).is_some()
}

pub type Holders = FxHashSet<DocAddress>;

/// The documents among `sorted` that match a query. Skips from one to the next, so that its cost follows their number
/// and not that of all matches.
pub fn matching(searcher: &Searcher, query: &dyn Query, sorted: &[DocAddress]) -> Result<Holders, SearchError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher)).map_err(engine)?;
    let mut found = Holders::default();
    for of_segment in sorted.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let Some(first) = of_segment.first() else { continue };
        let mut documents = weight.scorer(searcher.segment_reader(first.segment_ord), 1.0).map_err(engine)?;
        for at in of_segment {
            if documents.doc() < at.doc_id {
                documents.seek(at.doc_id);
            }
            if documents.doc() == at.doc_id {
                found.insert(*at);
            }
        }
    }
    Ok(found)
}
