//! What a citation leads to: an article, a heading, or a regulation, in the version that it names.

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        projection::{article_key, section_key},
    },
    record::{ArticleNumber, Date, is_deleted},
};
use tantivy::{DocAddress, Term, query::BooleanQuery};

use super::{
    Answer, Columns, Content, library_entry,
    queries::{exact, passes_filters, top},
};
use crate::{
    SearchError,
    request::SearchRequest,
    understand::{Citation, Outcome},
};

/// Headings of one number that a citation may mean: 刑法 has a 第二章 in either of its two books.
const MAX_SECTIONS: usize = 8;

/// Why a citation leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    UnknownTitle,
    /// The library has no text of that year.
    NoVersion(i16),
    NoArticle,
    /// The article was deleted by an amendment.
    Deleted,
    NoSection,
}

impl Fault {
    /// The word for it in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownTitle => "unknown_title",
            Self::NoVersion(_) => "no_such_version",
            Self::NoArticle => "no_such_article",
            Self::Deleted => "deleted_article",
            Self::NoSection => "no_such_section",
        }
    }
}

/// Answers to a citation, or why there are none: the article where one is named, the heading, else the regulation.
pub fn cited(
    generation: &Generation,
    citation: &Citation,
    request: &SearchRequest,
) -> Result<Result<Vec<Answer>, Fault>, SearchError> {
    let Outcome::Work(work) = &citation.outcome else { return Ok(Err(Fault::UnknownTitle)) };
    let position = match version_meant(generation, work, citation.version, request) {
        Ok(Some(position)) => position,
        // The filters let none through.
        Ok(None) => return Ok(Ok(Vec::new())),
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(number) = citation.article {
        let Some(at) = article_of(generation, position, number)? else { return Ok(Err(Fault::NoArticle)) };
        if is_deleted(&library_entry(generation, at)?.text) {
            return Ok(Err(Fault::Deleted));
        }
        let within = citation.within.clone();
        let content = Content::Article { regulation: position, key: article_key(number), at, within };
        return Ok(Ok(vec![Answer { score: 1.0, content, why: "引用条文" }]));
    }
    if let Some(step) = citation.section.last() {
        let f = &generation.library.fields;
        let query = BooleanQuery::intersection(vec![
            Box::new(exact(Term::from_field_u64(f.regulation, position))),
            Box::new(exact(Term::from_field_text(f.section, &section_key(&citation.section)))),
        ]);
        let columns = Columns::open(generation)?;
        let found = top(&generation.library.searcher, &query, MAX_SECTIONS)?;
        let mut found: Vec<(u64, DocAddress)> =
            found.into_iter().filter_map(|(_, at)| columns.of(at).map(|(_, key)| (key, at))).collect();
        found.sort_unstable();
        let content = |key, at| Content::Section { regulation: position, key, at, step: *step };
        let answers: Vec<Answer> = found
            .into_iter()
            .map(|(key, at)| Answer { score: 1.0, content: content(key, at), why: "引用编章" })
            .collect();
        return Ok(if answers.is_empty() { Err(Fault::NoSection) } else { Ok(answers) });
    }
    Ok(Ok(vec![Answer { score: 1.0, content: Content::Regulation(position), why: "标题一致" }]))
}

/// The regulation that a bare title means.
pub fn cited_regulation(generation: &Generation, work: &str, request: &SearchRequest) -> Option<Answer> {
    let position = version_meant(generation, work, None, request).ok()??;
    Some(Answer { score: 1.0, content: Content::Regulation(position), why: "标题一致" })
}

/// The version that is meant under the request's filters: that of a year where one is named, else the one in force.
fn version_meant(
    generation: &Generation,
    work: &str,
    year: Option<i16>,
    request: &SearchRequest,
) -> Result<Option<u64>, Fault> {
    let passes = |r: &&RegulationEntry| passes_filters(generation, r, request);
    let position = |r: &RegulationEntry| u64::from(r.position);
    let catalogue = &generation.catalogue;
    let Some(year) = year else {
        let current = catalogue.current_version(work).filter(passes);
        return Ok(current.or_else(|| catalogue.versions(work).find(passes)).map(position));
    };
    // A version goes by the year of its decision; some name that of its publication or effect.
    type Day = fn(&RegulationEntry) -> Option<Date>;
    let days: [Day; 3] = [|r| r.version_date, |r| r.published, |r| r.effective];
    let meant = |day: Day| {
        let of_year = catalogue.versions(work).filter(|r| day(r).is_some_and(|day| day.year() == year));
        of_year.min_by_key(|r| (r.division.is_some(), std::cmp::Reverse(r.version_date)))
    };
    let found = days.into_iter().find_map(meant).ok_or(Fault::NoVersion(year))?;
    Ok(Some(found).filter(passes).map(position))
}

/// The regulation that a citation's canonical form names.
pub fn regulation_of<'g>(generation: &'g Generation, citation: &Citation) -> Option<&'g RegulationEntry> {
    let Outcome::Work(work) = &citation.outcome else { return None };
    let all = SearchRequest::new("");
    let meant = version_meant(generation, work, citation.version, &all).ok().flatten();
    let meant = meant.and_then(|at| super::facts(generation, at));
    meant.or_else(|| generation.catalogue.current_version(work))
}

/// The article of a regulation by its number.
fn article_of(
    generation: &Generation,
    regulation: u64,
    number: ArticleNumber,
) -> Result<Option<DocAddress>, SearchError> {
    let f = &generation.library.fields;
    let query = BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_u64(f.regulation, regulation))),
        Box::new(exact(Term::from_field_u64(f.article, article_key(number)))),
    ]);
    Ok(top(&generation.library.searcher, &query, 1)?.first().map(|(_, at)| *at))
}
