//! Where the articles of the bank of asked questions stand in one generation.

use std::sync::Arc;

use tantivy::{
    DocAddress, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

use super::{IndexError, catalogue::Catalogue, fields::LibraryFields};
use record::{Status, work_key};
use text::{Questions, bigrams, matters::MatterArticle};

/// The asked questions, with the place of each one's article.
pub struct Bank {
    pub questions: Arc<Questions>,
    /// By the position of the article in [`Questions::articles`]; `None` where the library does not have it.
    places: Vec<Option<Answering>>,
}

/// An article that answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answering {
    pub at: DocAddress,
    /// The regulation's position in the catalogue.
    pub regulation: u64,
    pub key: u64,
}

impl Bank {
    /// Looks every article up in the library.
    pub fn new(
        questions: Arc<Questions>,
        catalogue: &Catalogue,
        searcher: &Searcher,
        fields: &LibraryFields,
    ) -> Result<Self, IndexError> {
        let places: Vec<Option<Answering>> = questions
            .articles()
            .iter()
            .map(|article| answering(article, catalogue, searcher, fields))
            .collect::<Result<_, _>>()?;
        Ok(Self { questions, places })
    }

    /// The article of a question.
    pub fn answering(&self, question: u32) -> Option<Answering> {
        self.places.get(self.questions.article_of(question) as usize).copied().flatten()
    }

    /// The articles that the library does not have, or not under the words that are to tell them.
    pub fn missing(&self) -> impl Iterator<Item = &MatterArticle> {
        self.questions
            .articles()
            .iter()
            .zip(&self.places)
            .filter(|(_, place)| place.is_none())
            .map(|(article, _)| article)
    }
}

/// The one article of a work's version in force in which the words stand; none where several have them.
fn answering(
    article: &MatterArticle,
    catalogue: &Catalogue,
    searcher: &Searcher,
    fields: &LibraryFields,
) -> Result<Option<Answering>, IndexError> {
    let current = catalogue.current_version(&work_key(&article.title));
    let Some(regulation) = current.filter(|r| r.status_by.is_none() || r.status == Status::InForce) else {
        return Ok(None);
    };
    let regulation = u64::from(regulation.position);
    let mut words = Vec::new();
    bigrams(&article.phrase, &mut |t| words.push((t.position, Term::from_field_text(fields.bigrams, t.text))));
    // A phrase of one pair is no phrase to the engine, and tells no article.
    let [(first, _), _, ..] = words.as_slice() else { return Ok(None) };
    let first = *first;
    words.iter_mut().for_each(|(at, _)| *at -= first);
    let of_regulation = TermQuery::new(Term::from_field_u64(fields.regulation, regulation), IndexRecordOption::Basic);
    let query = BooleanQuery::new(vec![
        (Occur::Must, Box::new(of_regulation) as Box<dyn Query>),
        (Occur::Must, Box::new(PhraseQuery::new_with_offset(words))),
    ]);
    let found = searcher.search(&query, &TopDocs::with_limit(2).order_by_score())?;
    let [(_, at)] = found.as_slice() else { return Ok(None) };
    let column = searcher.segment_reader(at.segment_ord).fast_fields().u64("article")?;
    Ok(column.first(at.doc_id).map(|key| Answering { at: *at, regulation, key }))
}
