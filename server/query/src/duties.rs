//! What an institution of a kind does, in the words of the law: the articles that give duties to it.
//!
//! Laws speak of 教育行政部门, never of 遵义市教育局; `dictionaries/offices_in_law.tsv` says what they call whom.

use std::collections::HashSet;

use indexer::{
    index::Generation,
    record::{Institution, Status},
};
use tantivy::{
    DocAddress, Term,
    query::{BooleanQuery, BoostQuery, Occur, Query},
};

use super::{
    SearchError,
    plan::bigrams,
    present::Presenter,
    ranking::{Ranking, citations, regulation_level},
    reply::Hit,
    run::{Answer, Content, articles_of, exact, facts, phrase},
    understand::{Understanding, Within},
};

/// Articles ranked; the best regulations of a field are far above this.
const CANDIDATES: usize = 400;
/// Regulations shown.
const MAX_REGULATIONS: usize = 8;
/// Of these, shown at once: a phone's screen.
const SHOWN: usize = 3;
/// Words beside which the law gives a duty: 主管全国的教育工作, 负责本行政区域内的….
const DUTY: [&str; 4] = ["主管全国", "负责本行政区域", "监督管理工作", "履行下列职责"];
/// A duty's words weigh this much against the term itself.
const DUTY_BOOST: f32 = 2.0;

/// What the law says of institutions like one.
#[derive(Debug, Default)]
pub struct Duties {
    /// What the law calls them.
    pub terms: Vec<String>,
    /// One article of each regulation, the most telling first.
    pub articles: Vec<Hit>,
    /// Regulations in force that name them, as far as they were looked through.
    pub regulations: usize,
    /// There are more than were looked through.
    pub more: bool,
}

impl Duties {
    /// The articles shown at once.
    pub fn first(&self) -> &[Hit] {
        &self.articles[..self.articles.len().min(SHOWN)]
    }

    /// Those folded away.
    pub fn rest(&self) -> &[Hit] {
        &self.articles[self.articles.len().min(SHOWN)..]
    }
}

/// Finds the articles in force that give duties to institutions of an institution's kind; local regulations only of its
/// own regions.
pub fn duties(generation: &Generation, i: &Institution) -> Result<Duties, SearchError> {
    let mut terms: Vec<String> = Vec::new();
    for key in generation.office_keys(i) {
        terms.extend(
            generation
                .known_offices
                .in_law(&key)
                .iter()
                .filter(|term| !terms.contains(term))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    if terms.is_empty() {
        return Ok(Duties::default());
    }
    let f = &generation.library.fields;
    let cut = |text: &str| phrase(f.bigrams, &bigrams(text));
    let named = BooleanQuery::union(terms.iter().map(|term| cut(term)).collect());
    let in_force = Status::ALL.iter().position(|s| *s == Status::InForce).unwrap_or_default() as u64;
    let mut clauses: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(named)), (Occur::Must, Box::new(exact(Term::from_field_u64(f.status, in_force))))];
    clauses.extend(
        DUTY.map(|word| -> (Occur, Box<dyn Query>) {
            (Occur::Should, Box::new(BoostQuery::new(cut(word), DUTY_BOOST)))
        }),
    );
    let weights = &Ranking::shipped().weights;
    let mut ranked: Vec<(f32, DocAddress, u64, u64)> = Vec::new();
    let found = articles_of(generation, &BooleanQuery::new(clauses), CANDIDATES)?;
    let more = found.len() == CANDIDATES;
    for (score, at, regulation, article) in found {
        let Some(r) = facts(generation, regulation) else { continue };
        let elsewhere = r.division.as_deref().is_some_and(|d| !generation.catalogue.lies_in(i.division.as_str(), d));
        if elsewhere {
            continue;
        }
        let weight = regulation_level::factor(r.level, r.document_kind, weights.regulation_level)
            * citations::factor(r.cited, weights.citations);
        ranked.push((score * weight, at, regulation, article));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut seen = HashSet::new();
    ranked.retain(|(_, _, regulation, _)| seen.insert(*regulation));
    let words = terms.join(" ");
    let presenter =
        Presenter::new(generation, &Understanding { text: words.clone(), words, ..Understanding::default() });
    let hit = |(score, at, regulation, key): (f32, DocAddress, u64, u64)| {
        let content = Content::Article { regulation, key, at, within: Within::default() };
        presenter.hit(&Answer { score, content, why: "法规提到这类机构" }, false)
    };
    let regulations = ranked.len();
    ranked.truncate(MAX_REGULATIONS);
    Ok(Duties { articles: ranked.into_iter().map(hit).collect::<Result<_, _>>()?, terms, regulations, more })
}
