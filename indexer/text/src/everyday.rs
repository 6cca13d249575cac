//! Everyday words: what the law calls them, and those that say nothing.

use std::{collections::HashMap, ops::Range};

use aho_corasick::{AhoCorasick, MatchKind};

use super::Normalizer;

/// Finds everyday words in a normalized text.
pub struct Everyday {
    words: AhoCorasick,
    /// What the law says, by pattern of `words`.
    legal: Vec<Vec<String>>,
    chatter: AhoCorasick,
}

/// An everyday word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// Place in the text, in bytes.
    pub at: Range<usize>,
    /// As it stands in the text.
    pub word: &'a str,
    /// The law's words for it.
    pub legal: &'a [String],
}

impl Everyday {
    /// `colloquial` maps an everyday word to the law's words; `chatter` lists words of questions that mean nothing.
    pub fn new(normalizer: &Normalizer, colloquial: &HashMap<String, Vec<String>>, chatter: &[String]) -> Self {
        let mut pairs: Vec<(String, Vec<String>)> = colloquial
            .iter()
            .map(|(word, legal)| (normalizer.text(word), legal.iter().map(|l| normalizer.text(l)).collect()))
            .collect();
        pairs.sort_unstable();
        let chatter: Vec<String> = chatter.iter().map(|c| normalizer.text(c)).collect();
        let (words, legal): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Self { words: automaton(&words), legal, chatter: automaton(&chatter) }
    }

    /// Everyday words in a text, left to right, the longest at each place.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found<'a>> {
        self.words.find_iter(text).map(|m| Found {
            at: m.range(),
            word: &text[m.range()],
            legal: &self.legal[m.pattern()],
        })
    }

    /// A question without its chatter; the text itself where nothing would be left.
    pub fn without_chatter(&self, text: &str) -> String {
        let mut rest = String::with_capacity(text.len());
        // A space in its place, so that what stood on both sides makes no new words.
        self.chatter.replace_all_with(text, &mut rest, |_, _, out| {
            out.push(' ');
            true
        });
        if rest.chars().filter(|c| c.is_alphanumeric()).count() < MIN_LEFT { text.to_owned() } else { rest }
    }
}

/// Characters that must be left of a question: two make a word.
const MIN_LEFT: usize = 2;

fn automaton(patterns: &[String]) -> AhoCorasick {
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns);
    built.unwrap_or_else(|error| unreachable!("a few hundred short words fit: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everyday() -> Everyday {
        let colloquial = HashMap::from([("欠薪".to_owned(), vec!["拖欠劳动报酬".to_owned()])]);
        Everyday::new(&Normalizer::new(&HashMap::new()), &colloquial, &["怎么办".to_owned(), "请问".to_owned()])
    }

    #[test]
    fn everyday_words_are_found_with_the_laws_words() {
        let everyday = everyday();
        let found: Vec<_> = everyday.find("公司欠薪怎么办").collect();
        assert_eq!(found, [Found { at: 6..12, word: "欠薪", legal: &["拖欠劳动报酬".to_owned()] }]);
    }

    #[test]
    fn chatter_goes_unless_it_is_all() {
        let everyday = everyday();
        assert_eq!(everyday.without_chatter("请问公司欠薪怎么办"), " 公司欠薪 ");
        assert_eq!(everyday.without_chatter("怎么办"), "怎么办");
    }
}
