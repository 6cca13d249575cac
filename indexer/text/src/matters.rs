//! Everyday matters and the articles that settle them: what people say when they ask, and the words by which the law
//! that answers knows its own article. The article is found by its words, not its number, so that an amendment that
//! renumbers a law breaks no entry.

use std::collections::{BTreeMap, HashSet};

use aho_corasick::AhoCorasick;

use super::{Normalizer, dictionaries::Matter};

/// What people put into the words for a matter without saying another thing.
const FILLERS: [&str; 6] = ["留下", "立过", "立", "写", "过", "了"];

/// Finds the matters of a question.
pub struct Matters {
    parts: AhoCorasick,
    /// One way of saying a matter: positions in `parts`, the characters they have, position in `articles`.
    ways: Vec<(Vec<usize>, usize, usize)>,
    articles: Vec<MatterArticle>,
}

/// An article, by its law and words that stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterArticle {
    /// Title without 中华人民共和国.
    pub title: String,
    /// Normalized.
    pub phrase: String,
}

impl Matters {
    pub fn new(normalizer: &Normalizer, matters: &[Matter]) -> Self {
        let mut parts: BTreeMap<String, usize> = BTreeMap::new();
        let said = |way: &Vec<String>| way.iter().map(|part| normalizer.text(part)).collect::<Vec<_>>();
        let ways: Vec<(Vec<String>, usize)> =
            matters.iter().enumerate().flat_map(|(at, m)| m.said.iter().map(move |way| (said(way), at))).collect();
        parts.extend(ways.iter().flat_map(|(way, _)| way).map(|part| (part.clone(), 0)));
        for (at, place) in parts.values_mut().enumerate() {
            *place = at;
        }
        let ways = ways.into_iter().map(|(way, article)| {
            let chars = way.iter().map(|part| part.chars().count()).sum();
            (way.iter().filter_map(|part| parts.get(part).copied()).collect(), chars, article)
        });
        let article = |m: &Matter| MatterArticle { title: m.title.clone(), phrase: normalizer.text(&m.phrase) };
        Self {
            ways: ways.collect(),
            articles: matters.iter().map(article).collect(),
            parts: AhoCorasick::new(parts.keys())
                .unwrap_or_else(|error| unreachable!("a few thousand short patterns fit an automaton: {error}")),
        }
    }

    /// The articles that settle what a normalized question is about, each with the number of its characters that say so;
    /// the most telling first.
    pub fn find(&self, text: &str) -> Vec<(usize, &MatterArticle)> {
        // 没有留下遗嘱 says 没有遗嘱.
        let mut tight = text.to_owned();
        for filler in FILLERS {
            tight = tight.replace(filler, "");
        }
        let parts = [text, &tight].map(|text| self.parts.find_overlapping_iter(text).map(|m| m.pattern().as_usize()));
        let there: HashSet<usize> = parts.into_iter().flatten().collect();
        let mut told: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, chars, article) in self.ways.iter().filter(|(way, ..)| way.iter().all(|part| there.contains(part))) {
            let most = told.entry(*article).or_default();
            *most = (*most).max(*chars);
        }
        let mut found: Vec<_> = told.into_iter().map(|(article, chars)| (chars, &self.articles[article])).collect();
        found.sort_by_key(|(chars, _)| std::cmp::Reverse(*chars));
        found
    }

    pub fn articles(&self) -> &[MatterArticle] {
        &self.articles
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn all_parts_of_a_way_must_be_said_and_the_most_telling_leads() {
        let matter = |said: &[&[&str]], title: &str| Matter {
            said: said.iter().map(|way| way.iter().map(|part| (*part).to_owned()).collect()).collect(),
            title: title.into(),
            phrase: "甲，乙".into(),
        };
        let matters = [matter(&[&["酒驾"], &["醉驾"]], "道路交通安全法"), matter(&[&["醉驾", "判"]], "刑法")];
        let matters = Matters::new(&Normalizer::new(&HashMap::new()), &matters);
        let titles = |text: &str| -> Vec<(usize, String)> {
            matters.find(text).into_iter().map(|(chars, article)| (chars, article.title.clone())).collect()
        };
        assert_eq!(titles("醉驾判几年"), [(3, "刑法".to_owned()), (2, "道路交通安全法".to_owned())]);
        assert_eq!(titles("酒驾判几年"), [(2, "道路交通安全法".to_owned())]);
        assert_eq!(titles("超速"), []);
        assert_eq!(titles("醉了驾判几年")[0], (3, "刑法".to_owned()), "a filler says nothing");
        assert_eq!(titles("醉酒驾判几年"), [(2, "道路交通安全法".to_owned())], "another word does");
    }
}
