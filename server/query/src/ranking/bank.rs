//! Asked questions that are like the query, and what they say of an article: columns `bank_…`. People ask the same in
//! nearly the same words, and seldom in the law's; of a law they ask around the same articles.

use std::collections::hash_map::Entry;

use indexer::index::bank::{Answering, Bank};
use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::Row;

/// Questions that share in the vote on the article and the regulation.
const VOTERS: usize = 20;
/// How much a question's vote loses with its distance from the likest: a tenth less like has half a vote.
const STEEPNESS: f32 = 7.0;
/// The same by meaning, where likenesses lie closer together: cosines of questions lie between 0.75 and 1.
const STEEPNESS_BY_MEANING: f32 = 30.0;
/// Articles beside one, on each side, that what is asked of it speaks for.
const BESIDE: u64 = 3;
/// Articles around one, on each side.
pub const AROUND: u64 = 8;
/// How fast a vote fades with the distance in articles.
const FADE: f32 = 2.0;
/// Keys of articles are their numbers times this, and what was inserted after them; see `article_key`.
pub const NUMBER: u64 = 1_000;

/// What questions that are like the query say of an article.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Said {
    /// Likeness of the likest question, whatever it was asked of.
    pub best: f32,
    /// Likeness of the likest question asked of the article.
    pub article: f32,
    /// The same of the articles beside it.
    pub neighbours: f32,
    /// The article's share of the questions that are likest.
    pub share: f32,
    /// The same with the articles around it, the nearer the heavier.
    pub around: f32,
    /// The regulation's share of the questions that are likest.
    pub regulation: f32,
}

/// What the bank says of a query.
pub struct Like<'g> {
    bank: &'g Bank,
    left_out: &'g FxHashSet<u32>,
    /// The likest question by regulation and article, and its likeness.
    articles: FxHashMap<(u64, u64), (u32, f32)>,
    /// Each article once, the likest first.
    likest: Vec<Answering>,
    /// Likeness by regulation and number.
    numbers: FxHashMap<(u64, u64), f32>,
    /// Votes by regulation and article.
    votes: Vec<((u64, u64), f32)>,
    all_votes: f32,
    best: f32,
}

impl<'g> Like<'g> {
    /// `text` is the normalized query without its chatter; the questions `left_out` are treated as if nobody had asked
    /// them.
    pub fn new(bank: &'g Bank, text: &str, left_out: &'g FxHashSet<u32>) -> Self {
        Self::of(bank, bank.questions.like(text), STEEPNESS, left_out)
    }

    /// The same of questions that are like the query by meaning, the likest first.
    pub fn by_meaning(bank: &'g Bank, alike: Vec<(u32, f32)>, left_out: &'g FxHashSet<u32>) -> Self {
        Self::of(bank, alike, STEEPNESS_BY_MEANING, left_out)
    }

    fn of(bank: &'g Bank, found: Vec<(u32, f32)>, steepness: f32, left_out: &'g FxHashSet<u32>) -> Self {
        let mut like = Self {
            bank,
            left_out,
            articles: FxHashMap::default(),
            likest: Vec::new(),
            numbers: FxHashMap::default(),
            votes: Vec::new(),
            all_votes: 0.0,
            best: 0.0,
        };
        let found = found.into_iter().filter(|(question, _)| !left_out.contains(question));
        let answered = found.filter_map(|(question, likeness)| Some((question, bank.answering(question)?, likeness)));
        // By falling likeness: the first of an article is its likest.
        for (place, (question, answering, likeness)) in answered.enumerate() {
            let article = (answering.regulation, answering.key);
            if place == 0 {
                like.best = likeness;
            }
            if place < VOTERS {
                let vote = ((likeness - like.best) * steepness).exp();
                like.votes.push((article, vote));
                like.all_votes += vote;
            }
            if let Entry::Vacant(free) = like.articles.entry(article) {
                free.insert((question, likeness));
                like.likest.push(answering);
            }
            like.numbers.entry((answering.regulation, answering.key / NUMBER)).or_insert(likeness);
        }
        like
    }

    /// The articles that the likest questions were asked of, the likest first.
    pub fn likest(&self, most: usize) -> Vec<Answering> {
        self.likest.iter().take(most).copied().collect()
    }

    /// The likest question that was asked of an article, and its likeness.
    pub fn likest_of(&self, regulation: u64, key: u64) -> Option<(u32, f32)> {
        self.articles.get(&(regulation, key)).copied()
    }

    /// What they say of an article.
    pub fn say(&self, regulation: u64, key: u64) -> Said {
        let number = key / NUMBER;
        let beside = (number.saturating_sub(BESIDE)..=number + BESIDE).filter(|other| *other != number);
        let mut said = Said {
            best: self.best,
            article: self.likest_of(regulation, key).map_or(0.0, |(_, likeness)| likeness),
            neighbours: beside.filter_map(|other| self.numbers.get(&(regulation, other))).copied().fold(0.0, f32::max),
            ..Said::default()
        };
        for ((of, article), vote) in &self.votes {
            if *of != regulation {
                continue;
            }
            let share = vote / self.all_votes;
            said.regulation += share;
            said.share += if *article == key { share } else { 0.0 };
            said.around += share * fading(number, article / NUMBER);
        }
        said
    }

    /// Fills the columns of an article.
    pub fn fill(&self, row: &mut Row, regulation: u64, key: u64) {
        let said = self.say(regulation, key);
        row.bank_best = said.best;
        row.bank_article = said.article;
        row.bank_beside = said.neighbours;
        row.bank_regulation = said.regulation;
        row.bank_share = said.share;
        row.bank_around = said.around;
    }

    /// Fills the columns of an article that are by meaning.
    pub fn fill_by_meaning(&self, row: &mut Row, regulation: u64, key: u64) {
        let said = self.say(regulation, key);
        row.alike_best = said.best;
        row.alike_article = said.article;
        row.alike_beside = said.neighbours;
        row.alike_regulation = said.regulation;
        row.alike_share = said.share;
        row.alike_around = said.around;
    }

    /// Calls `take` with every pair that stands in a question and the regulation and key of the question's article;
    /// `pairs` are identified by their positions.
    pub fn asked_with<'p>(&self, pairs: impl Iterator<Item = &'p str>, mut take: impl FnMut(usize, (u64, u64))) {
        for (place, pair) in pairs.enumerate() {
            for question in self.bank.questions.holding(pair).filter(|question| !self.left_out.contains(question)) {
                if let Some(answering) = self.bank.answering(question) {
                    take(place, (answering.regulation, answering.key));
                }
            }
        }
    }
}

/// From 1 for the same number to nothing for one that is far.
pub fn fading(number: u64, other: u64) -> f32 {
    let distance = number.abs_diff(other);
    if distance > AROUND { 0.0 } else { (-(distance as f32) / FADE).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_an_article_speaks_for_its_neighbours_the_less_the_further() {
        assert_eq!(fading(5, 5), 1.0);
        assert!(fading(5, 6) > fading(5, 8));
        assert_eq!(fading(5, 6), fading(6, 5));
        assert_eq!(fading(1, 100), 0.0);
    }
}
