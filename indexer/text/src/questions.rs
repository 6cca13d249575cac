//! The bank of asked questions: which of them a query is like. What was asked once is asked again in nearly the same
//! words, and seldom in the law's.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Everyday, Normalizer, bigrams, dictionaries::Question, matters::MatterArticle};

/// The questions, by the pairs of characters they are made of.
pub struct Questions {
    /// Each with its position in `articles`.
    texts: Vec<(String, u32)>,
    articles: Vec<MatterArticle>,
    /// Which questions a pair stands in, each with the pair's share of the question's length 1.
    pairs: FxHashMap<String, Vec<(u32, f32)>>,
}

impl Questions {
    pub fn new(normalizer: &Normalizer, everyday: &Everyday, questions: &[Question]) -> Self {
        let mut articles: BTreeMap<(&str, &str), u32> =
            questions.iter().map(|q| ((q.title.as_str(), q.phrase.as_str()), 0)).collect();
        for (at, place) in (0..).zip(articles.values_mut()) {
            *place = at;
        }
        let of = |q: &Question| articles.get(&(q.title.as_str(), q.phrase.as_str())).copied().unwrap_or_default();
        let texts: Vec<(String, u32)> = questions.iter().map(|q| (normalizer.text(&q.text), of(q))).collect();
        let mut pairs: FxHashMap<String, Vec<(u32, f32)>> = FxHashMap::default();
        for (at, (text, _)) in (0..).zip(&texts) {
            for pair in pairs_of(&everyday.without_chatter(text)) {
                pairs.entry(pair).or_default().push((at, 0.0));
            }
        }
        let mut lengths = vec![0.0f32; texts.len()];
        // In the order of the pairs, so that the sums are the same each time.
        let mut sorted: Vec<(&String, &mut Vec<(u32, f32)>)> = pairs.iter_mut().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
        for (_, holders) in &mut sorted {
            let rare = rarity(texts.len(), holders.len());
            for (at, weight) in holders.iter_mut() {
                *weight = rare;
                lengths[*at as usize] += rare * rare;
            }
        }
        for (_, holders) in sorted {
            for (at, weight) in holders.iter_mut() {
                *weight /= lengths[*at as usize].sqrt();
            }
        }
        let article =
            |(title, phrase): (&str, &str)| MatterArticle { title: title.to_owned(), phrase: normalizer.text(phrase) };
        Self { articles: articles.into_keys().map(article).collect(), texts, pairs }
    }

    /// The questions that share a pair of characters with a normalized text without its chatter, each with its likeness
    /// from 0 to 1: the cosine over pairs, the rarer a pair the heavier. By falling likeness.
    pub fn like(&self, text: &str) -> Vec<(u32, f32)> {
        let mut likeness = vec![0.0f32; self.texts.len()];
        let mut length = 0.0f32;
        for pair in pairs_of(text) {
            let holders = self.pairs.get(&pair).map_or(&[][..], Vec::as_slice);
            let rare = rarity(self.texts.len(), holders.len());
            length += rare * rare;
            for (at, weight) in holders {
                likeness[*at as usize] += rare * weight;
            }
        }
        let length = length.sqrt();
        let shared = (0..).zip(likeness).filter(|(_, sum)| *sum > 0.0);
        let mut found: Vec<(u32, f32)> = shared.map(|(at, sum)| (at, sum / length)).collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    /// The questions in which a pair of characters stands.
    pub fn holding(&self, pair: &str) -> impl Iterator<Item = u32> {
        self.pairs.get(pair).into_iter().flatten().map(|(at, _)| *at)
    }

    /// The position of a question's article in [`Questions::articles`].
    pub fn article_of(&self, question: u32) -> u32 {
        self.texts.get(question as usize).map_or(0, |(_, article)| *article)
    }

    /// What was asked.
    pub fn text_of(&self, question: u32) -> Option<&str> {
        self.texts.get(question as usize).map(|(text, _)| text.as_str())
    }

    /// The articles, by their law and words of their own.
    pub fn articles(&self) -> &[MatterArticle] {
        &self.articles
    }

    /// Each normalized question, in the order of their numbers.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|(text, _)| text.as_str())
    }
}

fn pairs_of(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    bigrams(text, &mut |pair| pairs.push(pair.text.to_owned()));
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// How much a pair tells that stands in `having` of `all` questions.
fn rarity(all: usize, having: usize) -> f32 {
    (1.0 + all as f32 / (having as f32 + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn bank(asked: &[(&str, &str)]) -> Questions {
        let normalizer = Normalizer::new(&HashMap::new());
        let everyday = Everyday::new(&normalizer, &HashMap::new(), &["怎么办".to_owned()]);
        let question = |(phrase, text): &(&str, &str)| Question {
            title: "甲法".to_owned(),
            phrase: (*phrase).to_owned(),
            text: (*text).to_owned(),
        };
        Questions::new(&normalizer, &everyday, &asked.iter().map(question).collect::<Vec<_>>())
    }

    #[test]
    fn the_likest_question_leads_to_its_article() {
        let bank =
            bank(&[("拖欠报酬", "老板不发工资怎么办"), ("住房押金", "房东不退押金怎么办"), ("住房押金", "押金被扣")]);
        assert_eq!(bank.articles().len(), 2);
        let found = bank.like("房东扣押金");
        let phrase = |(question, _): &(u32, f32)| &bank.articles()[bank.article_of(*question) as usize].phrase;
        assert_eq!(found.iter().map(phrase).collect::<Vec<_>>(), ["住房押金", "住房押金"]);
        assert_eq!(found[0].0, 1, "two words of three");
        let itself = bank.like("老板不发工资 ");
        assert!((itself[0].1 - 1.0).abs() < 1e-5, "{itself:?}");
        assert_eq!(bank.holding("押金").collect::<Vec<_>>(), [1, 2]);
        assert!(bank.like("无关").is_empty());
        assert!(bank.like("").is_empty());
    }

    proptest! {
        #[test]
        fn likeness_stays_between_none_and_the_same(asked in prop::collection::vec("[甲乙丙丁a1 ]{0,6}", 0..6), text in "[甲乙丙丁a1 ]{0,8}") {
            let rows: Vec<(&str, &str)> = asked.iter().map(|q| ("某条原文", q.as_str())).collect();
            let found = bank(&rows).like(&text);
            prop_assert!(found.iter().all(|(at, like)| (*at as usize) < asked.len() && *like > 0.0 && *like <= 1.0001));
            prop_assert!(found.windows(2).all(|two| two[0].1 >= two[1].1));
        }
    }
}
