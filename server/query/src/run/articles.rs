//! Articles: found by the query's terms, ranked by every factor, and led by those that settle its matter.

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::Status,
};
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{DocAddress, Term, query::AllQuery};

use super::{
    Answer, Columns, Content, character,
    explanation::{self, BY_MEANING, Explanation},
    facts,
    holding::{Holders, Wanted, matching},
    learned::{ASKED_ALIKE, Candidate, Table, is_question, order, table as table_of},
    parts::COMMON,
    queries::{any_of, exact, library_filters, must, phrase, phrase_filters, top, top_and_nationwide, with_filters},
    situation::{age, in_region},
};
use crate::{
    SearchError,
    home::is_local,
    plan::Plan,
    ranking::{
        asked, citations, columns::Row, field_match, matter, passage, recency, region, regulation_level, validity,
    },
    request::{LevelFilter, MAX_REACH, SearchRequest},
    understand::Within,
};

/// Articles taken from the text search for re-ranking: as deep as paging reaches.
pub(super) const ARTICLE_CANDIDATES: usize = MAX_REACH as usize;
/// Articles in force in the whole country that a question is answered from besides: older versions and local texts say
/// the same in so many places that they would fill the list alone.
const NATIONWIDE: usize = 800;
/// Passages looked for in quotation marks' stead.
const PASSAGE_CANDIDATES: usize = 100;
/// Names of certain answers by which articles are looked for: an institution has three or four, and each costs a
/// look-up.
const MAX_NAMES: usize = 8;
/// A hit with less than this share of the best score shares only odd words with the query.
const SCORE_FLOOR: f32 = 0.12;
/// Why an article leads that settles an everyday matter.
pub const OFTEN_ASKED: &str = "常问事项";
/// Why any other is.
pub const BY_TEXT: &str = "条文相符";

/// Articles for a query.
#[derive(Default)]
pub struct Articles {
    pub answers: Vec<Answer>,
    /// How many were left out since they hold only pieces of what was asked for.
    pub left_out: u64,
    /// What speaks for those on the page, where a question was asked.
    pub explanations: FxHashMap<(u64, u64), Explanation>,
}

/// Articles for a query; `certain` are the answers known already.
pub fn articles(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
    certain: &[Answer],
) -> Result<Articles, SearchError> {
    let part = &generation.library;
    let f = &part.fields;
    if matches!(request.level, Some(LevelFilter::Body(_))) {
        return Ok(Articles::default());
    }
    let w = &plan.ranking.weights;
    if plan.words.is_empty() && plan.bigrams.is_empty() {
        return Ok(Articles::default());
    }
    let matters = matter_articles(generation, plan, request)?;
    if let Some(character) = &plan.character {
        let mut found = character::holding(&part.searcher, f.bigrams, character)?;
        let filters = library_filters(generation, request);
        if !filters.is_empty() {
            let sorted: Vec<DocAddress> = found.iter().map(|(_, at)| *at).collect();
            let passing = matching(&part.searcher, &*with_filters(Box::new(AllQuery), filters), &sorted)?;
            found.retain(|(_, at)| passing.contains(at));
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(ARTICLE_CANDIDATES);
        let mut ranked = weigh(generation, plan, found, &matters)?;
        lead(&mut ranked, &matters, w.matter);
        return Ok(Articles { answers: answers(ranked, &matters), ..Articles::default() });
    }
    let search = search(generation, plan, request, certain)?;
    let mut ranked = weigh(generation, plan, search.found, &matters)?;
    let (mut asked, mut meant) = (Holders::default(), Holders::default());
    let mut ordered = None;
    if let Some(trees) = plan.ranking.trees.as_ref().filter(|_| search.question) {
        let table = table_of(generation, plan, request, &ranked, &matters)?;
        // What was asked in nearly the same words need not hold them.
        let alike = |row: &Row| row.bank_article.max(row.bank_beside) >= ASKED_ALIKE;
        asked.extend(table.candidates.iter().zip(&table.rows).filter(|(_, row)| alike(row)).map(|(c, _)| c.at));
        meant.extend(table.meant.iter().copied());
        let trees = plan.ranking.meaning_trees.as_ref().filter(|_| table.by_meaning).unwrap_or(trees);
        ranked = order(generation, plan, trees, &table, ranked, &matters);
        ordered = Some(table);
    } else {
        lead(&mut ranked, &matters, w.matter);
    }
    at_home(generation, plan, &mut ranked);
    let Search { wanted, named, .. } = search;
    let mut answers = answers(ranked, &matters);
    let shown = (request.page * request.size) as usize;
    let of_page = |answers: &[Answer]| {
        ordered.as_ref().map(|table| explanation::of(generation, table, answers, shown)).unwrap_or_default()
    };
    if request.partial {
        return Ok(Articles { explanations: of_page(&answers), answers, left_out: 0 });
    }
    let places: Vec<DocAddress> = answers.iter().filter_map(place).collect();
    let mut held = wanted.held_by(generation, &places)?;
    for answer in answers.iter_mut().filter(|answer| answer.why == BY_TEXT) {
        if place(answer).is_some_and(|at| meant.contains(&at) && !held.contains(&at)) {
            answer.why = BY_MEANING;
        }
    }
    held.extend(asked);
    held.extend(meant);
    held.extend(matters.iter().map(|(at, _)| *at));
    if held.is_empty() && !named && plan.office_alone.is_none() {
        // Pieces are better than nothing, but for an office: 市监局 is not answered by what 监狱 have.
        return Ok(Articles { explanations: of_page(&answers), answers, left_out: 0 });
    }
    let all = answers.len();
    let holding: Vec<Answer> = answers.into_iter().filter(|a| place(a).is_some_and(|at| held.contains(&at))).collect();
    let left_out = (all - holding.len()) as u64;
    Ok(Articles { explanations: of_page(&holding), answers: holding, left_out })
}

/// What the text search finds, and what kind of query it is.
struct Search {
    found: Vec<(f32, DocAddress)>,
    wanted: Wanted,
    named: bool,
    /// Whether the articles are put in order by what was learned of questions.
    question: bool,
}

fn search(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
    certain: &[Answer],
) -> Result<Search, SearchError> {
    let part = &generation.library;
    let f = &part.fields;
    let w = &plan.ranking.weights;
    let sought = field_match::Sought { words: &plan.words, bigrams: &plan.bigrams, legal: &plan.legal };
    let terms = field_match::terms(f, &sought, w);
    let mut filters = library_filters(generation, request);
    filters.extend(phrase_filters(f.bigrams, &plan.phrases));
    let (mut found, nationwide) = match any_of(&part.searcher, terms, COMMON) {
        Some(query) => {
            let query = with_filters(query, filters);
            top_and_nationwide(&part.searcher, &*query, ARTICLE_CANDIDATES, NATIONWIDE)?
        }
        None => Default::default(),
    };
    let named = plan.names_one_thing && (plan.names_office || !certain.is_empty());
    let wanted = if named { Wanted::named(generation, plan, certain) } else { Wanted::words(generation, plan, COMMON) };
    let whole = plan.passage.iter().map(|passage| (passage, w.passage));
    // What the law calls the only word of the query, after the texts that have the word itself.
    let meant = plan.meant.first().map(|meant| (meant, w.passage / 2.0));
    // Other names of what the query names.
    let names = wanted.phrases().iter().filter(|name| named && plan.passage.as_ref() != Some(name));
    let names = names.take(MAX_NAMES).map(|name| (name, w.passage / 2.0));
    let mut quoted = false;
    for (passage, weight) in whole.chain(meant).chain(names) {
        let query = with_filters(phrase(f.bigrams, passage), library_filters(generation, request));
        let quoting = top(&part.searcher, &*query, PASSAGE_CANDIDATES)?;
        quoted |= !quoting.is_empty() && plan.passage.as_ref() == Some(passage);
        lift(&mut found, quoting.into_iter().map(|(_, at)| at), passage::factor(weight));
    }
    let question = is_question(plan, named, quoted);
    if question {
        let known: FxHashSet<DocAddress> = found.iter().map(|(_, at)| *at).collect();
        found.extend(nationwide.into_iter().filter(|(_, at)| !known.contains(at)));
    }
    Ok(Search { found, wanted, named, question })
}

/// The table of a query that is a question; `None` where it is none. For training.
pub fn table(generation: &Generation, plan: &Plan, request: &SearchRequest) -> Result<Option<Table>, SearchError> {
    if plan.words.is_empty() && plan.bigrams.is_empty() || plan.character.is_some() {
        return Ok(None);
    }
    let certain = super::look_ups(generation, plan, request)?;
    let matters = matter_articles(generation, plan, request)?;
    let search = search(generation, plan, request, &certain)?;
    let ranked = weigh(generation, plan, search.found, &matters)?;
    search.question.then(|| table_of(generation, plan, request, &ranked, &matters)).transpose()
}

/// Where an article stands in the index.
fn place(answer: &Answer) -> Option<DocAddress> {
    match answer.content {
        Content::Article { at, .. } => Some(at),
        _ => None,
    }
}

/// Multiplies the scores of some articles; those that were not found count as found with the best score before.
fn lift(found: &mut Vec<(f32, DocAddress)>, some: impl Iterator<Item = DocAddress>, factor: f32) {
    let best = found.iter().map(|(score, _)| *score).fold(0.0, f32::max);
    let mut missing: FxHashSet<DocAddress> = some.collect();
    for (score, at) in found.iter_mut() {
        if missing.remove(at) {
            *score *= factor;
        }
    }
    found.extend(missing.into_iter().map(|at| (best * factor, at)));
}

/// The articles that settle the query's matter, as far as the library holds them, each with the matter's coverage.
fn matter_articles(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
) -> Result<Vec<(DocAddress, f32)>, SearchError> {
    let mut found = Vec::new();
    for matter in &plan.matters {
        if let Some(at) = matter_article(generation, &matter.work, &matter.phrase, request)? {
            found.push((at, matter.coverage));
        }
    }
    Ok(found)
}

/// The one article of a work's version in force in which a phrase stands; none where several have it.
pub fn matter_article(
    generation: &Generation,
    work: &str,
    words: &[(usize, String)],
    request: &SearchRequest,
) -> Result<Option<DocAddress>, SearchError> {
    let repealed = |r: &&RegulationEntry| r.status_by.is_some() && r.status != Status::InForce;
    let current = generation.catalogue.current_version(work).filter(|r| !repealed(r));
    let position = current.map(|r| u64::from(r.position));
    let Some(position) = position else { return Ok(None) };
    let f = &generation.library.fields;
    let mut clauses = library_filters(generation, request);
    clauses.push(must(exact(Term::from_field_u64(f.regulation, position))));
    let query = with_filters(phrase(f.bigrams, words), clauses);
    let found = top(&generation.library.searcher, &*query, 2)?;
    Ok(found.first().filter(|_| found.len() == 1).map(|(_, at)| *at))
}

/// Articles by falling score of the formula, each once: of several versions the best, which validity puts first.
fn weigh(
    generation: &Generation,
    plan: &Plan,
    mut found: Vec<(f32, DocAddress)>,
    matters: &[(DocAddress, f32)],
) -> Result<Vec<Candidate>, SearchError> {
    let w = &plan.ranking.weights;
    let columns = Columns::open(generation)?;
    // What concerns the regulation is the same for all its articles.
    let mut of_regulations: FxHashMap<u64, f32> = FxHashMap::default();
    let regulation_factor = |r: &RegulationEntry| {
        citations::factor(r.cited, w.citations)
            * validity::factor(r.status, r.status_by.is_some(), w.validity)
            * regulation_level::factor(r.level, r.document_kind, w.regulation_level)
            * region::factor(is_local(r), in_region(generation, r, plan), w.region)
            * recency::factor(age(generation, r), w.recency)
            * asked::factor(plan.ranking.asked.work(&r.work), w.asked)
    };
    for (matter, _) in matters {
        if !found.iter().any(|(_, at)| at == matter) {
            found.push((0.0, *matter));
        }
    }
    let mut ranked: Vec<Candidate> = found
        .into_iter()
        .filter_map(|(text, at)| {
            let (regulation, key) = columns.of(at)?;
            let r = facts(generation, regulation)?;
            let factor = *of_regulations.entry(regulation).or_insert_with(|| regulation_factor(r))
                * asked::factor(plan.ranking.asked.article(&r.work, key), w.asked_article);
            Some(Candidate { score: text * factor, text, at, regulation, key })
        })
        .collect();
    sort(&mut ranked);
    let floor = ranked.first().map_or(0.0, |best| best.score * SCORE_FLOOR);
    let settles = |at: DocAddress| matters.iter().any(|(matter, _)| *matter == at);
    let mut seen = FxHashSet::default();
    // What settles a matter is led forward, so that it goes before other versions and below no floor.
    for c in ranked.iter().filter(|c| settles(c.at)) {
        if let Some(r) = facts(generation, c.regulation) {
            seen.insert((&r.work, &r.division, c.key));
        }
    }
    ranked.retain(|c| {
        settles(c.at)
            || c.score >= floor
                && facts(generation, c.regulation).is_some_and(|r| seen.insert((&r.work, &r.division, c.key)))
    });
    Ok(ranked)
}

/// By falling score; equals by regulation and article, which stay the same where an update has moved the document.
fn sort(ranked: &mut [Candidate]) {
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then((a.regulation, a.key, a.at).cmp(&(b.regulation, b.key, b.at)))
    });
}

/// Leads forward what settles the query's matter.
fn lead(ranked: &mut Vec<Candidate>, matters: &[(DocAddress, f32)], weight: f32) {
    let best = ranked.iter().map(|c| c.score).fold(0.0, f32::max);
    for c in ranked.iter_mut() {
        let coverage = matters.iter().find(|(matter, _)| *matter == c.at).map_or(0.0, |(_, coverage)| *coverage);
        c.score += matter::lead(best, coverage, weight);
    }
    sort(ranked);
    let floor = ranked.first().map_or(0.0, |best| best.score * SCORE_FLOOR);
    ranked.retain(|c| c.score >= floor);
}

/// Puts what holds in the regions asked about before what holds everywhere.
fn at_home(generation: &Generation, plan: &Plan, ranked: &mut [Candidate]) {
    for c in ranked.iter_mut() {
        c.score *= facts(generation, c.regulation).map_or(1.0, |r| plan.home.factor(generation, r));
    }
    sort(ranked);
}

fn answers(ranked: Vec<Candidate>, matters: &[(DocAddress, f32)]) -> Vec<Answer> {
    let answer = |c: Candidate| Answer {
        score: c.score,
        content: Content::Article { regulation: c.regulation, key: c.key, at: c.at, within: Within::default() },
        why: if matters.iter().any(|(matter, _)| *matter == c.at) { OFTEN_ASKED } else { BY_TEXT },
    };
    ranked.into_iter().map(answer).collect()
}
