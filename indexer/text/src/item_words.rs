//! Everyday words for what people have done at offices: 我要开饭店 asks for a licence that the lists call 食品经营许可.
//!
//! A query asks for it where it is such a word and nothing besides but what people say around an errand, so that a question
//! about it (结婚彩礼要退吗) stays a question.

use std::collections::HashMap;

use super::{Normalizer, dictionaries::ItemWord};

/// What people say before an errand, beside the words that say nothing in any question.
const FRONT: [&str; 22] = [
    "我要",
    "我想",
    "我们要",
    "我们想",
    "想要",
    "想",
    "要",
    "打算",
    "准备",
    "计划",
    "在",
    "到",
    "去",
    "想在",
    "如何",
    "怎么",
    "怎样",
    "怎么办理",
    "申请",
    "申办",
    "办理",
    "办",
];
/// What people ask behind it.
const BEHIND: [&str; 58] = [
    "需要",
    "要",
    "什么",
    "哪些",
    "啥",
    "要什么",
    "要哪些",
    "要啥",
    "需要什么",
    "需要哪些",
    "要办什么",
    "要办哪些",
    "办什么",
    "办哪些",
    "需要办什么",
    "需要办理什么",
    "需要办哪些",
    "材料",
    "资料",
    "手续",
    "证",
    "证件",
    "证照",
    "执照",
    "条件",
    "流程",
    "程序",
    "步骤",
    "费用",
    "时间",
    "地点",
    "地址",
    "在哪",
    "在哪里",
    "在哪儿",
    "去哪",
    "去哪里",
    "去哪儿",
    "到哪",
    "到哪里",
    "到哪儿",
    "哪里",
    "哪儿",
    "哪",
    "找谁",
    "多少钱",
    "多久",
    "多长时间",
    "几天",
    "怎么办",
    "怎么办理",
    "怎么申请",
    "如何办理",
    "怎么弄",
    "办理",
    "申请",
    "办",
    "的",
];
/// What stands between doing and what is done: 开一家饭店.
const MEASURES: [&str; 14] =
    ["一家小", "一个小", "一间小", "一家", "一个", "一间", "一所", "家小", "个小", "家", "个", "间", "所", "一"];

/// What is done with a thing that has a word of its own, longest first.
const VERBS: [&str; 8] = ["补办", "申领", "开", "办", "领", "挂", "做", "报"];

/// Words of these that are said around an errand alone, and not around a question: of the rest, 什么 and 怎么办 are said around
/// anything.
const OF_ERRANDS: [&str; 12] =
    ["办理", "申请", "申办", "手续", "材料", "资料", "证", "证件", "证照", "执照", "流程", "程序"];

/// Finds the errand of a query.
pub struct ItemWords {
    /// Names of items by everyday word, as keys.
    names: HashMap<String, Vec<String>>,
    /// Longest first.
    front: Vec<String>,
    behind: Vec<String>,
}

impl ItemWords {
    /// `chatter` are words that say nothing in any question.
    pub fn new(normalizer: &Normalizer, words: &[ItemWord], chatter: &[String]) -> Self {
        let with = |own: &[&str]| {
            let own = own.iter().map(|word| normalizer.key(word));
            let mut all: Vec<String> = own.chain(chatter.iter().map(|word| normalizer.key(word))).collect();
            all.retain(|word| !word.is_empty());
            all.sort_unstable();
            all.dedup();
            all
        };
        let names = words.iter().map(|word| (normalizer.key(&word.word), word.names.clone())).collect();
        Self { names, front: with(&FRONT), behind: with(&BEHIND) }
    }

    /// What the lists call the errand that a key is, the likeliest first.
    pub fn find(&self, key: &str) -> Option<(&str, &[String])> {
        let starts = self.starts(key);
        let ends = self.ends(key);
        // The longest word: 退休人员死了 is none of 退休.
        let mut spans: Vec<(usize, usize)> =
            starts.iter().flat_map(|start| ends.iter().map(|end| (*start, *end))).filter(|(s, e)| s < e).collect();
        spans.sort_by_key(|(start, end)| std::cmp::Reverse(end - start));
        spans.into_iter().find_map(|(start, end)| self.named(&key[start..end]))
    }

    /// What a key says between words that are said around errands alone, as 开理发店 in 我想开理发店要办什么手续; `None` where no
    /// such word is there or too little is left.
    pub fn asked<'k>(&self, key: &'k str) -> Option<&'k str> {
        /// Characters of what is done.
        const LEAST: usize = 3;
        let (start, end) = (self.starts(key).into_iter().max()?, self.ends(key).into_iter().min()?);
        let said = key.get(start..end).filter(|said| said.chars().count() >= LEAST)?;
        let around = [&key[..start], &key[end..]];
        OF_ERRANDS.iter().any(|word| around.iter().any(|around| around.contains(word))).then_some(said)
    }

    fn named(&self, said: &str) -> Option<(&str, &[String])> {
        let known = |said: &str| self.names.get_key_value(said).map(|(word, names)| (word.as_str(), names.as_slice()));
        let with_measure = || {
            let verb = said.chars().next()?.len_utf8();
            let (verb, rest) = said.split_at(verb);
            MEASURES.iter().find_map(|measure| known(&format!("{verb}{}", rest.strip_prefix(measure)?)))
        };
        // 开网吧, 领失业金: the thing itself is the word.
        let thing = || {
            let rest = VERBS.iter().find_map(|verb| said.strip_prefix(verb))?;
            let bare = MEASURES.iter().find_map(|measure| rest.strip_prefix(measure)).and_then(&known);
            known(rest).or(bare)
        };
        known(said).or_else(with_measure).or_else(thing)
    }

    /// Where the errand may begin: at the front, and behind each run of words before it. The front first.
    pub fn starts(&self, key: &str) -> Vec<usize> {
        let mut found = vec![0];
        let mut at = 0;
        while let Some(start) = found.get(at).copied() {
            for word in &self.front {
                let next = start + word.len();
                if key[start..].starts_with(word.as_str()) && next < key.len() && !found.contains(&next) {
                    found.push(next);
                }
            }
            at += 1;
        }
        found.sort_unstable();
        found
    }

    fn ends(&self, key: &str) -> Vec<usize> {
        let mut found = vec![key.len()];
        let mut at = 0;
        while let Some(end) = found.get(at).copied() {
            for word in &self.behind {
                if key[..end].ends_with(word.as_str()) && end > word.len() && !found.contains(&(end - word.len())) {
                    found.push(end - word.len());
                }
            }
            at += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> ItemWords {
        let word = |word: &str, names: &[&str]| ItemWord {
            word: word.into(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let all = [
            word("开饭店", &["食品经营许可", "个体工商户设立登记"]),
            word("办厂", &["企业投资项目备案"]),
            word("结婚", &["结婚登记"]),
            word("身份证", &["居民身份证办理"]),
            word("退休", &["退休核准"]),
            word("网吧", &["开办互联网上网服务营业场所"]),
        ];
        ItemWords::new(&Normalizer::new(&HashMap::new()), &all, &["请问".to_owned(), "我想问一下".to_owned()])
    }

    #[test]
    fn an_errand_is_found_in_what_people_say_around_it() {
        let words = words();
        for (said, word) in [
            ("开饭店", "开饭店"),
            ("我要开饭店", "开饭店"),
            ("我想开一家饭店需要什么手续", "开饭店"),
            ("请问开个小饭店要办什么证", "开饭店"),
            ("想办厂", "办厂"),
            ("怎么办厂", "办厂"),
            ("结婚需要哪些材料", "结婚"),
            ("身份证去哪里办理", "身份证"),
            ("办身份证多久", "身份证"),
            ("补办身份证", "身份证"),
            ("我要开网吧", "网吧"),
            ("我想开一家网吧", "网吧"),
        ] {
            assert_eq!(words.find(said).map(|found| found.0), Some(word), "{said}");
        }
        assert_eq!(words.find("开饭店").unwrap().1[0], "食品经营许可");
    }

    #[test]
    fn what_says_more_is_no_errand() {
        for said in
            ["结婚彩礼要退吗", "饭店", "退休人员死了怎么办", "结婚法", "开饭店被罚款", "", "要", "身份证法第二条"]
        {
            assert_eq!(words().find(said), None, "{said}");
        }
    }

    #[test]
    fn what_is_said_between_words_of_errands_is_an_errand_though_no_word_of_ours() {
        let words = words();
        for (said, errand) in [
            ("我想开理发店要办什么手续", Some("开理发店")),
            ("办理种子生产许可证需要哪些材料", Some("种子生产许可")),
            ("公司不给交社保怎么办", None),
            ("房东不退押金", None),
            ("办证", None),
            ("申请材料", None),
            ("", None),
        ] {
            assert_eq!(words.asked(said), errand, "{said}");
        }
    }

    proptest! {
        #[test]
        fn any_key_is_read(key in "[我要想开一家饭店结婚办厂需什么证的在a0]{0,30}") {
            let words = words();
            if let Some((word, _)) = words.find(&key) {
                prop_assert!(word.chars().all(|c| key.contains(c)));
            }
            prop_assert!(words.starts(&key).iter().all(|at| key.is_char_boundary(*at)));
            prop_assert!(words.asked(&key).is_none_or(|said| key.contains(said)));
        }
    }
}
