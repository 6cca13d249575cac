//! Runs a plan against one generation: certain look-ups, then ranked candidates.

mod articles;
mod character;
mod cited;
mod entrances;
pub mod explanation;
mod holding;
pub mod items;
mod learned;
pub mod lineage;
mod look_up;
mod parts;
mod queries;
mod responsible;
mod situation;

use std::collections::HashSet;

use indexer::index::{
    Generation,
    catalogue::RegulationEntry,
    fields::DocKind,
    projection::{DirectoryEntry, LibraryEntry},
    stored,
};
use indexer::record::{DocumentKind, Entry, Institution, InstitutionLevel};
use rustc_hash::FxHashMap;
use tantivy::{
    DocAddress, Term,
    columnar::Column,
    query::{BooleanQuery, Query},
};

use super::{
    SearchError,
    home::is_local,
    plan::Plan,
    ranking::{evidence, institution_level, region, regulation_level, similarity::similarity, validity},
    request::{KindFilter, LevelFilter, SearchRequest},
    understand::{Step, Within, hotline},
};
use articles::{ARTICLE_CANDIDATES, articles};
pub use explanation::BY_MEANING;
use explanation::Explanation;
use look_up::directory_answers;
use queries::{directory_filters, latin_query, library_filters, named, phrase_filters, top, with_filters};

pub use articles::{BY_TEXT, OFTEN_ASKED, matter_article, table};
use cited::cited_regulation;
pub use cited::{Fault, cited, regulation_of};
pub use learned::Table;
pub use look_up::{look_up, look_ups};
pub use queries::{exact, phrase};
use situation::in_region;

/// Names taken for re-ranking. The text search over short names puts the right one far above this.
const NAME_CANDIDATES: usize = 200;
/// Articles and regulations that a query cites, each with its whole text: what a reader goes through on one page.
pub const MAX_CITED: usize = 50;
/// A name at least this much like the query stands before any text that mentions it.
pub const STRONG_NAME: f32 = 0.62;
/// Why a regulation is a hit whose title holds the query: 养犬 in 上海市养犬管理条例.
pub const IN_TITLE: &str = "标题里就有";
/// What a title that holds the query counts for that alone; the rest by how much of it the query is: titles have the
/// place and the kind of regulation besides.
const MIN_TITLE_SHARE: f32 = 0.6;
/// A name this much like the query is what was typed, after every factor.
const SAME_NAME: f32 = 0.99;
/// A name less like the query than this shares an odd character or two with it.
const NAME_FLOOR: f32 = 0.2;

/// How many answers of a kind were found, as a reader is reported: beyond the candidates nobody counts.
pub fn counted(kind: KindFilter, count: u64) -> String {
    let most = match kind {
        KindFilter::All | KindFilter::Article => ARTICLE_CANDIDATES,
        _ => NAME_CANDIDATES,
    };
    if count >= most as u64 { format!("{most}+") } else { count.to_string() }
}

/// What was found, before it is made presentable.
#[derive(Debug, Default)]
pub struct Found {
    pub direct: Vec<Answer>,
    /// By falling score.
    pub institutions: Vec<Answer>,
    pub regulations: Vec<Answer>,
    pub articles: Vec<Answer>,
    /// Articles left out since they hold only pieces of what was asked for.
    pub partial_articles: u64,
    /// What speaks for the articles of the page, by regulation and key, where a question was asked.
    pub explanations: FxHashMap<(u64, u64), Explanation>,
    /// How many of `institutions` lead since they are what is asked for in everyday words.
    pub items: usize,
}

/// One answer with what it rests on.
#[derive(Debug, Clone)]
pub struct Answer {
    pub score: f32,
    pub content: Content,
    pub why: &'static str,
}

#[derive(Debug, Clone)]
pub enum Content {
    Directory(DirectoryEntry),
    /// A regulation, by its position in the catalogue.
    Regulation(u64),
    /// An article still in the index: only those shown are loaded.
    Article {
        regulation: u64,
        key: u64,
        at: DocAddress,
        within: Within,
    },
    /// A heading, by the first article below it.
    Section {
        regulation: u64,
        key: u64,
        at: DocAddress,
        step: Step,
    },
}

/// Tells whether two answers are the same thing.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    Record(String),
    Regulation(u64),
    Article(u64, u64),
    Section(u64, u64, String),
}

impl Content {
    /// Orders equals always the same way.
    fn label(&self) -> String {
        match self.identity() {
            Identity::Record(id) => id,
            Identity::Regulation(position) => format!("{position:08}"),
            Identity::Article(position, key) => format!("{position:08}/{key}"),
            Identity::Section(position, key, step) => format!("{position:08}/{key}/{step}"),
        }
    }

    pub fn identity(&self) -> Identity {
        match self {
            Self::Directory(
                DirectoryEntry::Institution { id, .. }
                | DirectoryEntry::WebName { id, .. }
                | DirectoryEntry::Listed { id, .. },
            ) => Identity::Record(id.clone()),
            Self::Directory(DirectoryEntry::Division { code }) => Identity::Record(code.clone()),
            Self::Regulation(position) => Identity::Regulation(*position),
            Self::Article { regulation, key, .. } => Identity::Article(*regulation, *key),
            Self::Section { regulation, key, step, .. } => Identity::Section(*regulation, *key, step.label()),
        }
    }
}

/// Runs a plan.
pub fn run(generation: &Generation, plan: &Plan, request: &SearchRequest) -> Result<Found, SearchError> {
    let mut found = Found { direct: look_ups(generation, plan, request)?, ..Found::default() };
    if plan.search_directory {
        found.institutions = institutions(generation, plan, request)?;
    }
    if plan.search_articles {
        let of_query = articles(generation, plan, request, &found.direct)?;
        (found.articles, found.partial_articles, found.explanations) =
            (of_query.answers, of_query.left_out, of_query.explanations);
    }
    if plan.search_regulations {
        found.regulations = regulations(generation, plan, request)?;
    }
    if let Some(errand) = plan.errand.as_ref().filter(|_| found.direct.is_empty()) {
        let leading = items::items(generation, errand, request)?;
        if !leading.is_empty() {
            items::lead(&mut found, leading);
        }
    }
    if plan.search_directory {
        entrances::lead(generation, plan, request, &mut found)?;
    }
    let seen: HashSet<Identity> = found.direct.iter().map(|answer| answer.content.identity()).collect();
    for list in [&mut found.institutions, &mut found.articles, &mut found.regulations] {
        list.retain(|answer| !seen.contains(&answer.content.identity()));
    }
    Ok(found)
}

impl Found {
    /// Whether a name was found that is the query itself.
    pub fn has_the_name(&self) -> bool {
        self.institutions.iter().chain(&self.regulations).any(|a| a.score >= SAME_NAME)
    }

    /// The ranked list that a content belongs to.
    pub fn list_of(&mut self, content: &Content) -> &mut Vec<Answer> {
        match content {
            Content::Directory(_) => &mut self.institutions,
            Content::Regulation(_) | Content::Section { .. } => &mut self.regulations,
            Content::Article { .. } => &mut self.articles,
        }
    }
}

/// A school belongs to a ministry or province, and still is not asked for more often than the offices of a city.
fn rank_level(institution: &indexer::record::Institution) -> InstitutionLevel {
    if institution.category.has_own_names() { InstitutionLevel::Township } else { institution.level }
}

/// A name that hides characters is nobody's own: whatever else speaks for the institution, it comes behind the one that
/// is called so.
fn plain_name(institution: &indexer::record::Institution) -> f32 {
    if institution.names().any(indexer::text::names::deceives) { 0.1 } else { 1.0 }
}

/// The columns that ranking reads, one pair a segment.
struct Columns {
    regulation: Vec<Column<u64>>,
    article: Vec<Column<u64>>,
}

impl Columns {
    fn open(generation: &Generation) -> Result<Self, SearchError> {
        let segments = generation.library.searcher.segment_readers();
        let all =
            |name: &str| segments.iter().map(|s| s.fast_fields().u64(name)).collect::<Result<_, _>>().map_err(engine);
        Ok(Self { regulation: all("regulation")?, article: all("article")? })
    }

    /// The regulation's position in the catalogue and the article's key (0 for the regulation itself).
    fn of(&self, at: DocAddress) -> Option<(u64, u64)> {
        let segment = at.segment_ord as usize;
        let regulation = self.regulation.get(segment)?.first(at.doc_id)?;
        Some((regulation, self.article.get(segment)?.first(at.doc_id).unwrap_or(0)))
    }
}

fn institutions(generation: &Generation, plan: &Plan, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let part = &generation.directory;
    let f = &part.fields;
    let w = &plan.ranking.weights;
    let query = match &plan.latin {
        Some(latin) => latin_query(latin, &[f.pinyin], &[f.initials])?,
        None => named(&part.searcher, f.words, f.bigrams, plan),
    };
    let Some(query) = query else { return Ok(Vec::new()) };
    let mut filters = directory_filters(generation, request);
    filters.extend(phrase_filters(f.bigrams, &plan.phrases));
    let query = with_filters(query, filters);
    let mut answers = Vec::new();
    for (_, at) in top(&part.searcher, &*query, NAME_CANDIDATES)? {
        let entry = directory_entry(generation, at)?;
        let (alike, why, factor) = match &entry {
            DirectoryEntry::Institution { institution: i, .. } => {
                let (alike, why) = best_name(generation, plan, i.names());
                let factor = institution_level::factor(rank_level(i), w.institution_level)
                    * evidence::factor(&i.websites, w.evidence);
                (alike, why, factor * plain_name(i))
            }
            DirectoryEntry::Division { code } => {
                let names =
                    generation.catalogue.division(code).into_iter().flat_map(|d| [d.name.as_str(), &d.short_name]);
                let (alike, _) = best_name(generation, plan, names);
                // An institution serves who looks for a site; its division follows.
                (alike, "行政区划", 0.9)
            }
            DirectoryEntry::WebName { web_name, .. } => {
                let names = [web_name.name.as_str(), web_name.institution_name.as_str()];
                (best_name(generation, plan, names).0, "网上名称", 0.9)
            }
            // 12346 is not 12345: who asks for a number is shown no other one.
            DirectoryEntry::Listed { entry, .. } if has_another_number(plan, entry) => continue,
            DirectoryEntry::Listed { entry, .. } => {
                let names = std::iter::once(&entry.name).chain(&entry.other_names).chain(&entry.asked_as);
                let (alike, why) = best_name(generation, plan, names.map(String::as_str));
                let level = entry.division.as_ref().map_or(InstitutionLevel::Central, InstitutionLevel::of);
                (
                    alike,
                    why,
                    institution_level::factor(level, w.institution_level) * evidence::factor(&entry.sites, w.evidence),
                )
            }
        };
        answers.push(Answer { score: alike * factor, content: Content::Directory(entry), why });
    }
    Ok(ranked(answers, NAME_FLOOR))
}

/// Whether a query names a number to call and a record another one.
fn has_another_number(plan: &Plan, entry: &Entry) -> bool {
    let mut asked = hotline::in_text(&plan.key).peekable();
    let names = || entry.other_names.iter().chain([&entry.name]).chain(&entry.phone);
    let has = |number: &str| names().any(|name| hotline::in_text(name).any(|known| known == number));
    asked.peek().is_some() && names().any(|name| hotline::in_text(name).next().is_some()) && !asked.any(has)
}

/// The best likeness among names, and what it rests on.
fn best_name<'n>(
    generation: &Generation,
    plan: &Plan,
    names: impl IntoIterator<Item = &'n str>,
) -> (f32, &'static str) {
    let keys: Vec<String> = names.into_iter().map(|name| generation.pipeline.key(name)).collect();
    likest(generation, plan, &keys)
}

/// The same for names that are keys already.
fn likest(generation: &Generation, plan: &Plan, keys: &[String]) -> (f32, &'static str) {
    let pinyin = &generation.pipeline.pinyin;
    let mut best = 0.0f32;
    for key in keys {
        best = best.max(match &plan.latin {
            None => similarity(&plan.key, key, plan.ranking.weights.two_sided),
            Some(latin) => latin_likeness(latin, &pinyin.full(key), &pinyin.initials(key)),
        });
    }
    (best, if plan.latin.is_some() { "拼音相符" } else { "名称相近" })
}

/// Whole pinyin counts full, initials less, a beginning by the share that was typed.
fn latin_likeness(typed: &str, full: &str, initials: &str) -> f32 {
    if typed == full {
        1.0
    } else if typed == initials {
        0.8
    } else if full.starts_with(typed) {
        0.7 * typed.len() as f32 / full.len() as f32
    } else {
        0.1
    }
}

fn regulations(generation: &Generation, plan: &Plan, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let part = &generation.library;
    let f = &part.fields;
    let w = &plan.ranking.weights;
    if matches!(request.level, Some(LevelFilter::Body(_))) {
        return Ok(Vec::new());
    }
    let query = match &plan.latin {
        Some(latin) => latin_query(latin, &[f.pinyin], &[])?,
        None => named(&part.searcher, f.title_words, f.title_bigrams, plan),
    };
    let Some(query) = query else { return Ok(Vec::new()) };
    let mut filters = library_filters(generation, request);
    filters.extend(phrase_filters(f.title_bigrams, &plan.phrases));
    let query = with_filters(query, filters);
    let columns = Columns::open(generation)?;
    let titled = plan.latin.is_none() && plan.key.chars().nth(1).is_some();
    let mut answers = Vec::new();
    for (_, at) in top(&part.searcher, &*query, NAME_CANDIDATES)? {
        let Some((position, _)) = columns.of(at) else { continue };
        let Some(r) = facts(generation, position) else { continue };
        let keys = generation.titles.keys(position);
        let (mut alike, mut why) = likest(generation, plan, keys);
        if let Some(share) = titled.then(|| title_share(&plan.key, keys, r)).flatten()
            && alike < STRONG_NAME
        {
            (alike, why) = (STRONG_NAME * (MIN_TITLE_SHARE + (1.0 - MIN_TITLE_SHARE) * share), IN_TITLE);
        }
        let regional = in_region(generation, r, plan);
        let score = alike
            * validity::factor(r.status, r.status_by.is_some(), w.validity)
            * (regulation_level::factor(r.level, r.document_kind, w.regulation_level)
                * region::factor(is_local(r), regional, w.region))
            .sqrt();
        answers.push(Answer { score, content: Content::Regulation(position), why });
    }
    Ok(ranked(answers, NAME_FLOOR))
}

/// The share of a regulation's title that the query is, where the query stands in it as it is. A decision about others
/// is no text on what their titles say.
fn title_share(key: &str, titles: &[String], r: &RegulationEntry) -> Option<f32> {
    if matches!(r.document_kind, DocumentKind::Amendment | DocumentKind::Abolition) {
        return None;
    }
    let chars = |text: &str| text.chars().count() as f32;
    let holding = titles.iter().filter(|title| title.contains(key));
    holding.map(|title| chars(key) / chars(title)).max_by(f32::total_cmp)
}

/// By falling score, equals always the same way.
fn sort(answers: &mut [Answer]) {
    answers.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.content.label().cmp(&b.content.label())));
}

fn ranked(mut answers: Vec<Answer>, floor: f32) -> Vec<Answer> {
    sort(&mut answers);
    answers.retain(|a| a.score >= floor);
    answers
}

pub fn facts(generation: &Generation, position: u64) -> Option<&RegulationEntry> {
    u32::try_from(position).ok().and_then(|at| generation.catalogue.at(at))
}

pub fn directory_entry(generation: &Generation, at: DocAddress) -> Result<DirectoryEntry, SearchError> {
    stored::read(&generation.directory.searcher, at).map_err(|e| SearchError::Index(e.to_string()))
}

pub fn library_entry(generation: &Generation, at: DocAddress) -> Result<LibraryEntry, SearchError> {
    stored::read(&generation.library.searcher, at).map_err(|e| SearchError::Index(e.to_string()))
}

pub fn engine(error: tantivy::TantivyError) -> SearchError {
    SearchError::Index(error.to_string())
}

/// Articles that a query finds: score, document, the regulation's position and the article's key.
pub fn articles_of(
    generation: &Generation,
    query: &dyn Query,
    limit: usize,
) -> Result<Vec<(f32, DocAddress, u64, u64)>, SearchError> {
    let columns = Columns::open(generation)?;
    let found = top(&generation.library.searcher, query, limit)?;
    Ok(found
        .into_iter()
        .filter_map(|(score, at)| columns.of(at).map(|(regulation, key)| (score, at, regulation, key)))
        .collect())
}

/// What a query finds in the directory, in no particular order.
pub fn top_entries(
    generation: &Generation,
    query: &dyn Query,
    limit: usize,
) -> Result<Vec<DirectoryEntry>, SearchError> {
    top(&generation.directory.searcher, query, limit)?
        .into_iter()
        .map(|(_, at)| directory_entry(generation, at))
        .collect()
}

/// Whether a record of the directory has a term. The index counts those that are gone until they are merged away.
pub fn is_on_record(generation: &Generation, term: Term) -> bool {
    let searcher = &generation.directory.searcher;
    searcher.doc_freq(&term).is_ok_and(|all| all > 0)
        && (searcher.segment_readers().iter().all(|segment| !segment.has_deletes())
            || top(searcher, &exact(term), 1).is_ok_and(|alive| !alive.is_empty()))
}

/// Some institutions of a kind of office, by its key.
pub fn offices_of_kind(generation: &Generation, office: &str, most: usize) -> Result<Vec<Institution>, SearchError> {
    let f = &generation.directory.fields;
    let query = BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_text(f.office, office))),
        Box::new(exact(Term::from_field_u64(f.kind, DocKind::Institution as u64))),
    ]);
    let found = top(&generation.directory.searcher, &query, most)?.into_iter();
    let institutions = found.map(|(_, at)| match directory_entry(generation, at)? {
        DirectoryEntry::Institution { institution, .. } => Ok(Some(*institution)),
        _ => Ok(None),
    });
    institutions.filter_map(Result::transpose).collect()
}

/// The institutions of a division itself.
pub fn institutions_in(generation: &Generation, division: &str) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let query = BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_text(f.division, division))),
        Box::new(exact(Term::from_field_u64(f.kind, DocKind::Institution as u64))),
    ]);
    // A province's own institutions number in the hundreds; a page lists them all.
    top(&generation.directory.searcher, &query, 5_000)?
        .into_iter()
        .map(|(_, at)| {
            let entry = directory_entry(generation, at)?;
            Ok(Answer { score: 1.0, content: Content::Directory(entry), why: "本地区机构" })
        })
        .collect()
}
