//! The pieces of tantivy queries: exact terms, weighted unions, phrases, pinyin, and the filters of a request.

use indexer::{
    index::{Generation, catalogue::RegulationEntry, fields::DocKind, projection::day_number},
    record::{BodyLevel, NormLevel, Status},
};
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentReader, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery, TermSetQuery},
    schema::{Field, IndexRecordOption},
};

use super::engine;
use crate::query::{
    SearchError,
    plan::{Plan, bigrams, distinct},
    request::{Conditions, LevelFilter, SearchRequest},
};

pub fn passes_filters(generation: &Generation, r: &RegulationEntry, request: &SearchRequest) -> bool {
    let region = request.region.as_ref().filter(|region| !region.is_nation());
    region.is_none_or(|region| r.division.as_ref().is_some_and(|d| generation.catalogue.lies_in(d, region.as_str())))
        && request.status.is_none_or(|s| s == r.status)
        && match request.level {
            None => true,
            Some(LevelFilter::Norm(level)) => level == r.level,
            Some(LevelFilter::Body(_)) => false,
        }
        && request.from.is_none_or(|from| r.version_date.is_some_and(|d| d >= from))
        && request.to.is_none_or(|to| r.version_date.is_some_and(|d| d <= to))
        && fits(generation, r, request)
}

/// Whether a norm fits the conditions of the query's operators.
pub fn fits(generation: &Generation, r: &RegulationEntry, request: &SearchRequest) -> bool {
    let conditions = &request.conditions;
    if *conditions == Conditions::default() {
        return true;
    }
    let key = |text: &str| generation.pipeline.key(text);
    let issuers: Vec<String> = r.issuers.iter().map(|issuer| key(issuer)).collect();
    conditions.fit(&key(&r.title), &issuers)
}

pub fn exact(term: Term) -> TermQuery {
    TermQuery::new(term, IndexRecordOption::Basic)
}

/// A union of scored terms. Terms in more than `common` of all documents are left out unless nothing else is asked.
pub fn any_of(searcher: &Searcher, mut terms: Vec<(Term, f32)>, common: f64) -> Option<Box<dyn Query>> {
    let limit = (searcher.num_docs() as f64 * common) as u64;
    let telling =
        |(term, weight): &(Term, f32)| *weight > 0.0 && searcher.doc_freq(term).is_ok_and(|df| df > 0 && df <= limit);
    if terms.iter().any(telling) {
        terms.retain(telling);
    }
    let scored = |term, weight| -> Box<dyn Query> {
        Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), weight))
    };
    let clauses: Vec<_> = terms.into_iter().map(|(term, weight)| (Occur::Should, scored(term, weight))).collect();
    (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
}

/// Names by the words and bigrams of the query, which count alike.
pub fn named(searcher: &Searcher, words: Field, bigrams: Field, plan: &Plan) -> Option<Box<dyn Query>> {
    let of = |field, texts: &[String]| -> Vec<(Term, f32)> {
        texts.iter().map(|text| (Term::from_field_text(field, text), 1.0)).collect()
    };
    let terms = [of(words, &plan.words), of(bigrams, &distinct(&plan.bigrams))].concat();
    any_of(searcher, terms, 1.0)
}

/// Names whose pinyin begins with the letters, or whose initials are the letters.
pub fn latin_query(letters: &str, begin: &[Field], whole: &[Field]) -> Result<Option<Box<dyn Query>>, SearchError> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for field in begin {
        clauses.push((Occur::Should, Box::new(exact(Term::from_field_text(*field, letters)))));
        let prefix = RegexQuery::from_pattern(&format!("{letters}.*"), *field).map_err(engine)?;
        clauses.push((Occur::Should, Box::new(prefix)));
    }
    for field in whole {
        clauses.push((Occur::Should, Box::new(exact(Term::from_field_text(*field, letters)))));
    }
    Ok(Some(Box::new(BooleanQuery::new(clauses))))
}

pub fn phrase(field: Field, bigrams: &[(usize, String)]) -> Box<dyn Query> {
    match bigrams {
        [(_, one)] => Box::new(TermQuery::new(Term::from_field_text(field, one), IndexRecordOption::WithFreqs)),
        many => {
            let first = many.first().map_or(0, |(at, _)| *at);
            let terms = many.iter().map(|(at, text)| (at - first, Term::from_field_text(field, text))).collect();
            Box::new(PhraseQuery::new_with_offset(terms))
        }
    }
}

pub fn phrase_filters(field: Field, phrases: &[Vec<(usize, String)>]) -> Vec<(Occur, Box<dyn Query>)> {
    phrases.iter().map(|p| (Occur::Must, phrase(field, p))).collect()
}

pub fn with_filters(query: Box<dyn Query>, filters: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
    if filters.is_empty() {
        return query;
    }
    Box::new(BooleanQuery::new(std::iter::once((Occur::Must, query)).chain(filters).collect()))
}

pub fn must(query: impl Query) -> (Occur, Box<dyn Query>) {
    (Occur::Must, Box::new(query))
}

/// Texts in which a word stands that the reader left out.
pub fn excluded(field: Field, request: &SearchRequest) -> impl Iterator<Item = (Occur, Box<dyn Query>)> {
    request.conditions.excluded.iter().map(move |word| (Occur::MustNot, phrase(field, &bigrams(word))))
}

pub fn directory_filters(generation: &Generation, request: &SearchRequest) -> Vec<(Occur, Box<dyn Query>)> {
    let f = &generation.directory.fields;
    let mut filters: Vec<_> = excluded(f.bigrams, request).collect();
    if let Some(region) = request.region.as_ref().filter(|r| !r.is_nation()) {
        filters.push(must(exact(Term::from_field_text(f.region, region.as_str()))));
    }
    if let Some(LevelFilter::Body(level)) = request.level {
        let at = BodyLevel::ALL.iter().position(|l| *l == level).unwrap_or_default();
        filters.push(must(exact(Term::from_field_u64(f.level, at as u64))));
        filters.push(must(exact(Term::from_field_u64(f.kind, DocKind::Institution as u64))));
    }
    filters
}

pub fn library_filters(generation: &Generation, request: &SearchRequest) -> Vec<(Occur, Box<dyn Query>)> {
    let f = &generation.library.fields;
    let mut filters: Vec<_> = excluded(f.bigrams, request).chain(excluded(f.title_bigrams, request)).collect();
    if !request.conditions.titles.is_empty() || !request.conditions.issuers.is_empty() {
        let fitting = generation.catalogue.regulations().iter().filter(|r| fits(generation, r, request));
        filters
            .push(must(TermSetQuery::new(fitting.map(|r| Term::from_field_u64(f.regulation, u64::from(r.position))))));
    }
    if let Some(region) = request.region.as_ref().filter(|r| !r.is_nation()) {
        filters.push(must(exact(Term::from_field_text(f.region, region.as_str()))));
    }
    if let Some(LevelFilter::Norm(level)) = request.level {
        let at = NormLevel::ALL.iter().position(|l| *l == level).unwrap_or_default();
        filters.push(must(exact(Term::from_field_u64(f.level, at as u64))));
    }
    if let Some(status) = request.status {
        let at = Status::ALL.iter().position(|s| *s == status).unwrap_or_default();
        filters.push(must(exact(Term::from_field_u64(f.status, at as u64))));
    }
    if request.from.is_some() || request.to.is_some() {
        use std::ops::Bound;
        let term = |date| Term::from_field_u64(f.date, day_number(date));
        let from = request.from.map_or(Bound::Excluded(Term::from_field_u64(f.date, 0)), |d| Bound::Included(term(d)));
        let to = request.to.map_or(Bound::Unbounded, |d| Bound::Included(term(d)));
        filters.push(must(RangeQuery::new(from, to)));
    }
    filters
}

/// Documents wanted from which on every match is scored.
///
/// tantivy skips what cannot reach the best few. Of a union of many terms from which a thousand are wanted hardly
/// anything can be skipped, and looking for it takes two to four times what scoring everything takes, more so the larger
/// the index; of the best two hundred names of a national directory it saves a fifth (benches/README.md).
const WALK_ALL_FROM: usize = 500;

/// The best documents of a query, the best first.
pub fn top(searcher: &Searcher, query: &dyn Query, limit: usize) -> Result<Vec<(f32, DocAddress)>, SearchError> {
    let best = TopDocs::with_limit(limit);
    if limit < WALK_ALL_FROM {
        return searcher.search(query, &best.order_by_score()).map_err(engine);
    }
    // A key of its own, though it is the score, keeps tantivy from skipping.
    let best = best.tweak_score(|_: &SegmentReader| |_: DocId, score: Score| score);
    searcher.search(query, &best).map_err(engine)
}
