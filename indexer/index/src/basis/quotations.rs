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
/// Share of what two deeds say, weighed likewise, that both say, above which they are one.
const SAME_DEED: f32 = 0.7;
/// Characters of the shortest deed that tells one from another.
const SHORTEST_DEED: usize = 8;
/// What names of items have around the deed: 对擅自……的行为的行政处罚.
const AROUND_A_DEED: [&str; 9] = ["对于", "对", "行政处罚", "处罚", "的", "行为", "违法", "等", "情形"];
/// Characters of a deed that say nothing of what is done: 向河道倾倒 is 在河道内倾倒.
const JOINS: [char; 9] = ['的', '等', '在', '向', '对', '或', '者', '和', '及'];

/// Words of a deed that leave what is done to another place: 有下列行为之一.
const SAID_ELSEWHERE: [&str; 3] = ["下列", "前款", "前条"];

/// Pairs of neighbouring characters, always in the same order.
type Pairs = BTreeSet<(char, char)>;

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

/// What items are called, to be held against deeds that articles name, under the weights of quotations.
pub struct Deeds<'q> {
    quotations: &'q Quotations,
    all: Vec<Named>,
}

/// A deed as an item names it: its characters, its pairs, what they say, and whose it is.
struct Named {
    words: Vec<char>,
    pairs: Pairs,
    says: f32,
    whose: u32,
}

impl Quotations {
    /// Names of items, each with a number of whose it is.
    pub fn deeds<'n>(&self, names: impl Iterator<Item = (&'n str, u32)>) -> Deeds<'_> {
        let of = |(name, whose): (&str, u32)| {
            let deed = bare_deed(name)?;
            let pairs = pairs(&deed);
            let says = self.says(&pairs);
            Some(Named { words: words(&deed), pairs, says, whose })
        };
        Deeds { quotations: self, all: names.filter_map(of).collect() }
    }

    fn says(&self, pairs: &Pairs) -> f32 {
        pairs.iter().map(|pair| self.weight(self.pairs.get(pair).map_or(1, Vec::len))).sum()
    }
}

impl Deeds<'_> {
    /// Whose name says what a deed is: most of either stands in the other, and all words of the shorter do in their
    /// order, since 生产 is not 经营. An article that is written anew, and what the item quotes of it is not, is found by
    /// that.
    pub fn nearest(&self, deed: &str) -> Option<u32> {
        let deed = bare_deed(deed)?;
        let (words, pairs) = (words(&deed), pairs(&deed));
        let says = self.quotations.says(&pairs);
        let share = |other: &Named| {
            let common: Pairs = pairs.intersection(&other.pairs).copied().collect();
            2.0 * self.quotations.says(&common) / (says + other.says).max(f32::EPSILON)
        };
        let within = self.all.iter().filter(|one| stand_in(&one.words, &words) || stand_in(&words, &one.words));
        let best = within.map(|one| (share(one), one.whose)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 >= SAME_DEED).then_some(best.1)
    }
}

/// Deeds that items of others are called by, or quote, found only where these have all of its words in their order and none
/// between them: an institution's own items may be less near.
#[derive(Default)]
pub struct SameDeeds<'n> {
    named: HashMap<String, &'n str>,
    quoted: Vec<(String, &'n str)>,
}

impl<'n> SameDeeds<'n> {
    /// Adds the name of an item with whose it is; the first of several counts.
    pub fn name(&mut self, name: &str, whose: &'n str) {
        if let Some(deed) = bare_deed(name) {
            self.named.entry(said(&deed)).or_insert(whose);
        }
    }

    /// Adds quoted words.
    pub fn quote(&mut self, quote: &str, whose: &'n str) {
        if self.quoted.len() < MOST {
            self.quoted.push((said(quote), whose));
        }
    }

    /// Whose items are called by a deed alone, or quote it where it is long enough to tell.
    pub fn find(&self, deed: &str) -> Option<&'n str> {
        if SAID_ELSEWHERE.iter().any(|word| deed.contains(word)) {
            return None;
        }
        let deed = said(&bare_deed(deed)?);
        let tells = deed.chars().count() >= TELLING;
        let quoted = || self.quoted.iter().find(|(words, _)| tells && words.contains(deed.as_str()));
        self.named.get(&deed).copied().or_else(|| quoted().map(|(_, whose)| *whose))
    }
}

/// What a text says of what is done, without signs.
fn said(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() && !JOINS.contains(c)).collect()
}

/// A deed without what names have around it; `None` where it is too short to tell.
fn bare_deed(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut deed = bare.as_str();
    while let Some(rest) = AROUND_A_DEED.iter().find_map(|word| deed.strip_prefix(word).or(deed.strip_suffix(word))) {
        deed = rest;
    }
    (deed.chars().count() >= SHORTEST_DEED).then(|| deed.to_owned())
}

/// The characters of a deed that say what is done.
fn words(deed: &str) -> Vec<char> {
    deed.chars().filter(|c| !JOINS.contains(c)).collect()
}

/// Whether all characters of some words stand in others, in their order.
fn stand_in(words: &[char], others: &[char]) -> bool {
    let mut others = others.iter();
    words.iter().all(|c| others.any(|other| other == c))
}

/// Each pair of neighbouring characters once, always in the same order.
fn pairs(text: &str) -> Pairs {
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
    fn a_deed_is_known_by_what_items_are_called() {
        let mut list = quoted(&[FINE, LICENCE]);
        list.look_for("示例企业未按照规定报送示例检验记录的，由县级以上人民政府示例主管部门处一万元以下罚款。");
        let names = [
            "对在示例河道内倾倒废弃示例物行为的行政处罚",
            "对用于科研、展示的示例动物未附有检疫证明的处罚",
            "示例经营许可",
        ];
        let deeds = list.deeds(names.into_iter().zip(0..));
        for (deed, whose) in [
            ("用于科研、展示等用途的示例动物未附有检疫证明的，", Some(1)),
            ("向示例河道倾倒废弃示例物的，", Some(0)),
            ("伪造、变造示例检疫证明的，", None),
            ("情节严重的，", None),
            ("", None),
        ] {
            assert_eq!(deeds.nearest(deed), whose, "{deed}");
        }
    }

    #[test]
    fn deeds_that_differ_in_what_is_done_are_two() {
        let list = quoted(&[FINE, LICENCE]);
        for (one, other) in [
            ("未取得食品生产许可从事食品生产活动", "未取得食品经营许可从事食品经营活动"),
            ("擅自进口属于禁止进口的固体废物", "擅自出口属于禁止出口的固体废物"),
            ("非法运输危险物质", "非法储存危险物质"),
            ("未按照规定保存药品购销记录", "未按照规定报告药品购销记录"),
        ] {
            for (deed, item) in [(one, other), (other, one)] {
                let named = |name: &str| format!("对{name}的行政处罚");
                let alone = named(item);
                assert_eq!(list.deeds([(alone.as_str(), 0)].into_iter()).nearest(deed), None, "{deed}");
                let own = named(deed);
                let both = list.deeds([(alone.as_str(), 0), (own.as_str(), 1)].into_iter());
                assert_eq!(both.nearest(deed), Some(1), "{deed}");
            }
        }
    }

    #[test]
    fn a_deed_is_anothers_only_in_all_its_words() {
        let long = "在示例湖泊保护范围内新建示例取水口并且不按照规定安装示例计量设施";
        let mut same = SameDeeds::default();
        same.name("对向示例河道内倾倒废弃示例物的行政处罚", "甲局");
        same.name("对在示例河道倾倒废弃示例物的处罚", "乙局");
        same.name("对有下列行为之一的处罚", "乙局");
        same.quote(
            &format!("第九条　违反本条例规定，{long}的，由示例主管部门处罚款；伪造示例检疫证明的，处罚款。"),
            "丙局",
        );
        for (deed, whose) in [
            ("在示例河道内倾倒废弃示例物的，", Some("甲局")),
            ("在示例河道倾倒废弃示例物，", Some("乙局")),
            ("在示例河道内堆放废弃示例物的，", None),
            (long, Some("丙局")),
            // Too short to be sought among quoted words.
            ("伪造示例检疫证明的，", None),
            ("有下列行为之一的，", None),
            ("情节严重的，", None),
        ] {
            assert_eq!(same.find(deed), whose, "{deed}");
        }
    }

    #[test]
    fn short_words_are_like_nothing() {
        assert_eq!(quoted(&["处一万元罚款。"]).nearest(FINE), None);
        assert_eq!(Quotations::default().nearest(FINE), None);
    }
}
