//! What speaks for each of the first articles in the answer to a question, in words.

use indexer::index::Generation;
use rustc_hash::FxHashMap;

use super::{Answer, Content, learned::Table};
use crate::ranking::columns::Row;

/// Why an article is there that holds no word of the query, and that one is near by meaning.
pub const BY_MEANING: &str = "意思相近";
/// An article so near by meaning is told to be: the ten first by that, counted from 0.
const NEAR: f32 = 9.0;

/// What speaks for one article.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// A question that was asked of it, nearly as the query is.
    pub asked: Option<String>,
    /// Whether it is among those that are likest by meaning.
    pub meant: bool,
    pub row: Row,
}

impl Explanation {
    /// In a word or two, for the card.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let asked = self.asked.as_ref().map(|question| format!("有人这样问过：{question}"));
        asked.into_iter().chain(self.meant.then(|| BY_MEANING.to_owned()))
    }
}

/// What speaks for the first `most` answers, by regulation and key.
pub fn of(
    generation: &Generation,
    table: &Table,
    answers: &[Answer],
    most: usize,
) -> FxHashMap<(u64, u64), Explanation> {
    let places: FxHashMap<_, usize> = table.candidates.iter().enumerate().map(|(at, c)| (c.at, at)).collect();
    let first = answers.iter().take(most).filter_map(|answer| match answer.content {
        Content::Article { regulation, key, at, .. } => Some(((regulation, key), *places.get(&at)?)),
        _ => None,
    });
    let near = NEAR.ln_1p();
    let explanation = |at: usize| -> Option<Explanation> {
        let row = *table.rows.get(at)?;
        let question = |question: u32| generation.bank.questions.text_of(question).map(str::to_owned);
        Some(Explanation {
            asked: (*table.asked.get(at)?).and_then(question),
            meant: table.by_meaning && row.meaning > 0.0 && row.meaning_place.min(row.tuned_place) <= near,
            row,
        })
    };
    first.filter_map(|(article, at)| Some((article, explanation(at)?))).collect()
}
