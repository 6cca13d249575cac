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
mod names;
mod parts;
mod queries;
mod responsible;
mod situation;

use std::collections::HashSet;

use indexer::index::{
    Generation, IndexError,
    catalogue::RegulationEntry,
    fields::DocKind,
    projection::{DirectoryEntry, LibraryEntry},
    stored,
};
use indexer::record::{Institution, InstitutionLevel};
use rustc_hash::FxHashMap;
use tantivy::{
    DocAddress, Term,
    columnar::Column,
    query::{BooleanQuery, Query},
};

use super::{
    SearchError,
    plan::Plan,
    request::{KindFilter, SearchRequest},
    understand::{Step, Within, errand::Errand},
};
use articles::{ARTICLE_CANDIDATES, articles};
pub use explanation::BY_MEANING;
use explanation::Explanation;
use look_up::directory_answers;
use queries::top;

pub use articles::{BY_TEXT, OFTEN_ASKED, matter_article, table};
use cited::cited_regulation;
pub use cited::{Fault, cited, regulation_of};
pub use learned::Table;
pub use look_up::{look_up, look_ups};
pub use names::{IN_TITLE, STRONG_NAME};
use names::{NAME_CANDIDATES, institutions, regulations};
pub use queries::{exact, phrase};

/// Articles and regulations that a query cites, each with its whole text: what a reader goes through on one page.
pub const MAX_CITED: usize = 50;
/// A name this much like the query is what was typed, after every factor.
const SAME_NAME: f32 = 0.99;
/// Names at the top whose entries are read for what is said besides of a query; those further down are read when
/// they are shown.
const READ_AHEAD: usize = 20;

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
    /// Institutions left out since they are only called alike.
    pub partial_names: u64,
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
    /// An institution or a record of a general kind that is still in the index: only those near the top, and those shown,
    /// are loaded.
    Unread {
        id: String,
        /// Name of the general kind; `None` of an institution.
        of: Option<&'static str>,
        division: Option<String>,
        level: InstitutionLevel,
        at: DocAddress,
    },
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
            Self::Unread { id, .. } => Identity::Record(id.clone()),
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
        (found.institutions, found.partial_names) = institutions(generation, plan, request, &found.direct)?;
    }
    if plan.search_articles {
        let of_query = articles(generation, plan, request, &found.direct)?;
        (found.articles, found.partial_articles, found.explanations) =
            (of_query.answers, of_query.left_out, of_query.explanations);
    }
    if plan.search_regulations {
        found.regulations = regulations(generation, plan, request)?;
    }
    // The items of the region lead beside an entrance for the whole country: 办身份证 there.
    let is_entrance = |answer: &Answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { of, .. }) => !look_up::stands_in_lists(of),
        _ => false,
    };
    // What is only meant leads where nothing is certain.
    let leads = |errand: &&Errand| match errand.names.is_empty() {
        true => found.direct.is_empty(),
        false => found.direct.iter().all(is_entrance),
    };
    if let Some(errand) = plan.errand.as_ref().filter(leads) {
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
    load(generation, found.institutions.iter_mut().take(READ_AHEAD))?;
    Ok(found)
}

/// Reads the entries of answers that are still in the index.
fn load<'a>(generation: &Generation, answers: impl Iterator<Item = &'a mut Answer>) -> Result<(), SearchError> {
    for answer in answers {
        if let Content::Unread { at, .. } = answer.content {
            answer.content = Content::Directory(directory_entry(generation, at)?);
        }
    }
    Ok(())
}

impl Found {
    /// Whether a name was found that is the query itself.
    pub fn has_the_name(&self) -> bool {
        self.institutions.iter().chain(&self.regulations).any(|a| a.score >= SAME_NAME)
    }

    /// The ranked list that a content belongs to.
    pub fn list_of(&mut self, content: &Content) -> &mut Vec<Answer> {
        match content {
            Content::Directory(_) | Content::Unread { .. } => &mut self.institutions,
            Content::Regulation(_) | Content::Section { .. } => &mut self.regulations,
            Content::Article { .. } => &mut self.articles,
        }
    }
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

/// By falling score, equals always the same way.
fn sort(answers: &mut [Answer]) {
    answers.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.content.label().cmp(&b.content.label())));
}

pub fn facts(generation: &Generation, position: u64) -> Option<&RegulationEntry> {
    u32::try_from(position).ok().and_then(|at| generation.catalogue.at(at))
}

pub fn directory_entry(generation: &Generation, at: DocAddress) -> Result<DirectoryEntry, SearchError> {
    stored::read(&generation.directory.searcher, at).map_err(index_error)
}

pub fn library_entry(generation: &Generation, at: DocAddress) -> Result<LibraryEntry, SearchError> {
    stored::read(&generation.library.searcher, at).map_err(index_error)
}

fn index_error(error: IndexError) -> SearchError {
    SearchError::Index(error.to_string())
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

/// Whether a query finds anything in the directory.
pub fn is_found(generation: &Generation, query: &dyn Query) -> Result<bool, SearchError> {
    Ok(!top(&generation.directory.searcher, query, 1)?.is_empty())
}

/// The institutions of a division itself, by id.
pub fn institutions_in(generation: &Generation, division: &str) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let query = BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_text(f.division, division))),
        Box::new(exact(Term::from_field_u64(f.kind, DocKind::Institution as u64))),
    ]);
    // A province's own institutions number in the hundreds; a page lists them all.
    let mut all = top(&generation.directory.searcher, &query, 5_000)?
        .into_iter()
        .map(|(_, at)| {
            let entry = directory_entry(generation, at)?;
            Ok(Answer { score: 1.0, content: Content::Directory(entry), why: "本地区机构" })
        })
        .collect::<Result<Vec<Answer>, SearchError>>()?;
    sort(&mut all);
    Ok(all)
}
