//! The pieces of tantivy queries: exact terms, weighted unions, phrases, pinyin, and the filters of a request.

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        fields::{DocKind, doc_kind},
        projection::day_number,
    },
    record::{InstitutionLevel, KINDS, RegulationLevel, Status, kind_named},
};
use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentReader, Term,
    collector::TopDocs,
    columnar::Column,
    query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery, TermSetQuery},
    schema::{Field, IndexRecordOption},
};

use super::engine;
use crate::{
    SearchError,
    grams::distinct,
    plan::{Plan, bigrams},
    request::{Conditions, KindFilter, LevelFilter, SearchRequest},
};

pub fn passes_filters(generation: &Generation, r: &RegulationEntry, request: &SearchRequest) -> bool {
    let region = request.region.as_ref().filter(|region| !region.is_nation());
    region.is_none_or(|region| r.division.as_ref().is_some_and(|d| generation.catalogue.lies_in(d, region.as_str())))
        && request.status.is_none_or(|s| s == r.status)
        && request.topic.as_ref().is_none_or(|topic| {
            let key = |text: &str| generation.pipeline.key(text);
            r.topics.iter().any(|of| key(of) == key(topic))
        })
        && match request.level {
            None => true,
            Some(LevelFilter::Regulation(level)) => level == r.level,
            Some(LevelFilter::Body(_)) => false,
        }
        && request.from.is_none_or(|from| r.version_date.is_some_and(|d| d >= from))
        && request.to.is_none_or(|to| r.version_date.is_some_and(|d| d <= to))
        && fits(generation, r, request)
}

/// Whether a regulation fits the conditions of the query's operators.
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

/// Places in the index that one union walks at most: reckoned at five to ten nanoseconds each, some tens of
/// milliseconds. A pasted paragraph of everyday characters in a large library would go beyond, and loses what tells
/// least in it.
pub const MAX_POSTINGS: u64 = 4_000_000;
/// The same among names, some ten milliseconds: every region has the same offices and every list the same items, so
/// that of a nation's lists each word of a name is in thousands. In a directory of some ten thousand only a pasted page
/// comes near.
const MAX_NAME_POSTINGS: u64 = 1_000_000;

/// A term of a union.
struct Scored {
    term: Term,
    weight: f32,
    /// Documents that have it.
    documents: u64,
}

/// A union of scored terms. Terms in more than `common` of all documents are left out unless nothing else is asked, and
/// so are the commonest of more terms than can be walked. `None` where no document has any of them.
pub fn any_of(searcher: &Searcher, terms: Vec<(Term, f32)>, common: f64) -> Option<Box<dyn Query>> {
    any_within(searcher, terms, common, MAX_POSTINGS)
}

fn any_within(searcher: &Searcher, terms: Vec<(Term, f32)>, common: f64, most: u64) -> Option<Box<dyn Query>> {
    let counted = |(term, weight)| Scored { documents: searcher.doc_freq(&term).unwrap_or_default(), term, weight };
    let terms = terms.into_iter().map(counted).filter(|t| t.weight > 0.0 && t.documents > 0).collect();
    let terms = telling(terms, (searcher.num_docs() as f64 * common) as u64, most);
    let query = |t: Scored| -> Box<dyn Query> {
        Box::new(BoostQuery::new(Box::new(TermQuery::new(t.term, IndexRecordOption::WithFreqs)), t.weight))
    };
    let clauses: Vec<_> = terms.into_iter().map(|term| (Occur::Should, query(term))).collect();
    (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
}

fn telling(mut terms: Vec<Scored>, common: u64, most: u64) -> Vec<Scored> {
    if terms.iter().any(|t| t.documents <= common) {
        terms.retain(|t| t.documents <= common);
    }
    if terms.iter().map(|t| t.documents).sum::<u64>() > most {
        terms.sort_by_key(|t| t.documents);
        let walked = terms.iter().scan(0, |walked, t| {
            *walked += t.documents;
            Some(*walked)
        });
        let fitting = walked.take_while(|walked| *walked <= most).count();
        terms.truncate(fitting.max(1));
    }
    terms
}

/// Names by the words and bigrams of the query, which count alike.
pub fn named(searcher: &Searcher, words: Field, bigrams: Field, plan: &Plan) -> Option<Box<dyn Query>> {
    let of = |field, texts: &[String]| -> Vec<(Term, f32)> {
        texts.iter().map(|text| (Term::from_field_text(field, text), 1.0)).collect()
    };
    let terms = [of(words, &plan.words), of(bigrams, &distinct(&plan.bigrams))].concat();
    any_within(searcher, terms, 1.0, MAX_NAME_POSTINGS)
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

pub fn must_not(query: impl Query) -> (Occur, Box<dyn Query>) {
    (Occur::MustNot, Box::new(query))
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
    if request.kind == KindFilter::Institution {
        let listed = KINDS.iter().filter(|kind| kind.general);
        filters.extend(listed.map(|kind| must_not(exact(Term::from_field_u64(f.kind, doc_kind(kind))))));
    }
    if let KindFilter::Listed(name) = request.kind
        && let Some(kind) = kind_named(name)
    {
        filters.push(must(exact(Term::from_field_u64(f.kind, doc_kind(kind)))));
    }
    if let Some(LevelFilter::Body(level)) = request.level {
        let at = InstitutionLevel::ALL.iter().position(|l| *l == level).unwrap_or_default();
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
    if let Some(LevelFilter::Regulation(level)) = request.level {
        let at = RegulationLevel::ALL.iter().position(|l| *l == level).unwrap_or_default();
        filters.push(must(exact(Term::from_field_u64(f.level, at as u64))));
    }
    if let Some(status) = request.status {
        let at = Status::ALL.iter().position(|s| *s == status).unwrap_or_default();
        filters.push(must(exact(Term::from_field_u64(f.status, at as u64))));
    }
    if let Some(topic) = &request.topic {
        filters.push(must(exact(Term::from_field_text(f.topic, &generation.pipeline.key(topic)))));
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
/// anything can be skipped, and looking for it takes two to four times what scoring everything takes, more so the
/// larger the index; of the best two hundred names of a national directory it saves a fifth (benches/README.md).
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

/// Scored documents, the best first.
type Ranked = Vec<(f32, DocAddress)>;

/// The best documents of a query in the library, and the best of those whose regulation holds in the whole country and
/// is in force, in one walk over all matches.
pub fn top_and_nationwide(
    searcher: &Searcher,
    query: &dyn Query,
    limit: usize,
    nationwide: usize,
) -> Result<(Ranked, Ranked), SearchError> {
    let in_force = Status::ALL.iter().position(|s| *s == Status::InForce).unwrap_or_default() as u64;
    let all = TopDocs::with_limit(limit).tweak_score(|_: &SegmentReader| |_: DocId, score: Score| score);
    let of_nation = TopDocs::with_limit(nationwide).tweak_score(move |segment: &SegmentReader| {
        let column = |name| segment.fast_fields().u64(name).ok();
        let (status, province) = (column("status"), column("province"));
        move |document: DocId, score: Score| {
            let is =
                |column: &Option<Column<u64>>, value| column.as_ref().and_then(|c| c.first(document)) == Some(value);
            if is(&status, in_force) && is(&province, 0) { score } else { Score::NEG_INFINITY }
        }
    });
    let (all, mut of_nation) = searcher.search(query, &(all, of_nation)).map_err(engine)?;
    of_nation.retain(|(score, _)| score.is_finite());
    Ok((all, of_nation))
}

#[cfg(test)]
mod tests {
    use tantivy::{
        Index, doc,
        schema::{Schema, TEXT},
    };

    use super::*;

    fn scored(documents: &[u64]) -> Vec<Scored> {
        let of = |documents: &u64| Scored {
            term: Term::from_field_u64(Field::from_field_id(0), *documents),
            weight: 1.0,
            documents: *documents,
        };
        documents.iter().map(of).collect()
    }

    #[test]
    fn what_tells_least_is_left_out() {
        let kept = |documents: &[u64], common| -> Vec<u64> {
            telling(scored(documents), common, MAX_POSTINGS).iter().map(|t| t.documents).collect()
        };
        let few = telling(scored(&[MAX_NAME_POSTINGS, 10, 20]), u64::MAX, MAX_NAME_POSTINGS);
        assert_eq!(few.iter().map(|t| t.documents).collect::<Vec<_>>(), [10, 20], "fewer are walked among names");
        assert_eq!(kept(&[5, 90, 7], 35), [5, 7]);
        assert_eq!(kept(&[90, 80], 35), [90, 80], "nothing else is asked");
        assert!(kept(&[], 35).is_empty());
        assert_eq!(kept(&[3_000_000, 2_000_000, 1_000_000, 10], u64::MAX), [10, 1_000_000, 2_000_000]);
        assert_eq!(kept(&[MAX_POSTINGS + 2, MAX_POSTINGS + 1], u64::MAX), [MAX_POSTINGS + 1], "something is searched");
    }

    /// A word for each prime, in every document whose number it divides, up to three times.
    #[test]
    fn scoring_everything_finds_what_skipping_finds() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("words", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15 << 20).unwrap();
        let primes = [2, 3, 5, 7, 11, 13, 17];
        for at in 0..2_000 {
            let words = primes.iter().filter(|p| at % *p == 0).map(|p| format!("w{p} ").repeat(at / p % 3 + 1));
            writer.add_document(doc!(field => words.collect::<String>())).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let terms = primes.iter().map(|p| (Term::from_field_text(field, &format!("w{p}")), 1.0)).collect();
        let query = any_of(&searcher, terms, 1.0).unwrap();
        let skipping = top(&searcher, &*query, WALK_ALL_FROM - 1).unwrap();
        let everything = top(&searcher, &*query, WALK_ALL_FROM).unwrap();
        assert_eq!((skipping.len(), everything.len()), (WALK_ALL_FROM - 1, WALK_ALL_FROM));
        // The order in which a document's terms are summed differs, so equal scores may change places.
        for ((one, _), (other, _)) in skipping.iter().zip(&everything) {
            assert!((one - other).abs() < 1e-4, "{one} and {other}");
        }
    }
}
