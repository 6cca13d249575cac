//! The words that the bases of a list quote, to find among them an article of the law that nothing cites by its number: it was
//! renumbered, or taken over into another law.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::OnceLock,
};

use super::words::Words;

/// Characters of a quotation below which it is like too much.
const TELLING: usize = 20;
/// Quotations that are looked at: those of one city's lists are some 6,000.
const MOST: usize = 20_000;
/// Share of what a quotation says, weighed by how seldom it is said, above which an article is the one that it is of.
const ALIKE: f32 = 0.6;

/// Quoted words, each with a number of whoever quotes them, beside the articles that are to be found among them.
#[derive(Default)]
pub struct Quotations {
    known: HashSet<String>,
    /// Of each text; `None` where it is an article.
    whose: Vec<Option<u32>>,
    /// Texts that have a pair of neighbouring characters.
    pairs: HashMap<(char, char), Vec<u32>>,
    /// What each says, weighed.
    weights: OnceLock<Vec<f32>>,
}

impl Quotations {
    /// Adds an article that is to be found: what many articles say tells none of them.
    pub fn look_for(&mut self, article: &str) {
        self.hold(&Words::bare(article), None);
    }

    /// Adds words; the first who quotes them counts.
    pub fn add(&mut self, quote: &str, whose: u32) {
        let words = Words::of(quote);
        if words.length() < TELLING || self.known.len() >= MOST {
            return;
        }
        let bare = words.pieces().join("\n");
        if !self.known.contains(&bare) {
            self.hold(&bare, Some(whose));
            self.known.insert(bare);
        }
    }

    fn hold(&mut self, bare: &str, whose: Option<u32>) {
        let at = self.whose.len() as u32;
        for pair in pairs(bare) {
            self.pairs.entry(pair).or_default().push(at);
        }
        self.whose.push(whose);
        self.weights = OnceLock::new();
    }

    /// How much a pair says that so many texts have.
    fn weight(&self, held_by: usize) -> f32 {
        ((self.whose.len() as f32 + 1.0) / held_by as f32).ln()
    }

    fn weights(&self) -> &[f32] {
        self.weights.get_or_init(|| {
            let mut all = vec![0.0; self.whose.len()];
            // Sums of fractions hang on their order, and a hash map has another one each time.
            let mut pairs: Vec<_> = self.pairs.iter().collect();
            pairs.sort_unstable_by_key(|(pair, _)| **pair);
            for (_, holders) in pairs {
                let weight = self.weight(holders.len());
                holders.iter().for_each(|at| all[*at as usize] += weight);
            }
            all
        })
    }

    /// Who quotes words that an article says nearly all of, or nearly all that an article says; the nearest of several. What
    /// every law says weighs little: 由县级以上人民政府…责令改正，处…罚款.
    pub fn nearest(&self, article: &str) -> Option<u32> {
        let mut common = vec![0.0f32; self.whose.len()];
        let mut said = 0.0;
        for pair in pairs(&Words::bare(article)) {
            let Some(holders) = self.pairs.get(&pair) else {
                said += self.weight(1);
                continue;
            };
            let weight = self.weight(holders.len());
            said += weight;
            holders.iter().for_each(|at| common[*at as usize] += weight);
        }
        let whole = self.weights();
        let share = |at: usize| common[at] / whole[at].min(said).max(f32::EPSILON);
        let quoted = (0..self.whose.len()).filter_map(|at| Some((at, self.whose[at]?)));
        let (best, whose) = quoted.max_by(|a, b| share(a.0).total_cmp(&share(b.0)))?;
        (share(best) >= ALIKE).then_some(whose)
    }
}

/// Each pair of neighbouring characters once, always in the same order.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let neighbours = text.chars().zip(text.chars().skip(1));
    neighbours.filter(|(a, b)| *a != '\n' && *b != '\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "违反本条例规定，在示例河道内倾倒废弃示例物的，由县级以上人民政府示例主管部门责令改正，处一万元以上五万元以下罚款。";
    const LICENCE: &str = "违反本条例规定，未取得示例经营许可证从事示例经营的，由县级以上人民政府示例主管部门责令改正，处一万元以上五万元以下罚款。";

    fn quoted(all: &[&str]) -> Quotations {
        let mut quotations = Quotations::default();
        (0..).zip(all).for_each(|(whose, quote)| quotations.add(quote, whose));
        quotations
    }

    #[test]
    fn an_article_is_found_by_its_words_under_whatever_number() {
        let list = quoted(&[FINE, "示例船舶应当按照规定的航道航行，并遵守航行规则和示例信号。"]);
        assert_eq!(list.nearest(FINE), Some(0));
        // Other sums, and another law's way to name itself.
        let newer = FINE.replace("本条例", "本法").replace("一万元以上五万元", "二万元以上二十万元");
        assert_eq!(list.nearest(&newer), Some(0));
        assert_eq!(list.nearest("示例博物馆应当向公众开放，开放时间由馆长确定并提前公布。"), None);
    }

    #[test]
    fn what_every_law_says_makes_no_two_articles_alike() {
        let forms = ["乱堆", "擅自采挖", "私自移动", "破坏", "侵占"].map(|deed| {
            let thing = ["草原", "示例矿产", "测量标志", "水文设施", "航道"][deed.len() % 5];
            format!(
                "违反本条例规定，{deed}{thing}的，由县级以上人民政府示例主管部门责令改正，处一万元以上五万元以下罚款。"
            )
        });
        let mut all: Vec<&str> = forms.iter().map(String::as_str).collect();
        all.push(FINE);
        assert_eq!(quoted(&all).nearest(LICENCE), None);
    }

    #[test]
    fn short_words_are_like_nothing() {
        assert_eq!(quoted(&["处一万元罚款。"]).nearest(FINE), None);
        assert_eq!(Quotations::default().nearest(FINE), None);
    }
}
