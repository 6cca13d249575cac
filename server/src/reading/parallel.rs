//! A regulation beside the one that it implements: for each article, the article of the other that speaks of the same.
//!
//! Words decide, weighed by how few articles of the other regulation have them: 行政许可 tells nothing within
//! 行政许可法, 听证 does.

use std::collections::{HashMap, HashSet};

use indexer::record::Regulation;

/// Share of an article's weight that another article must have to speak of the same. Of 30 pairs that were read at 0.3,
/// four were held together by turns of phrase alone (国务院有关部门和各省、自治区、直辖市).
const ALIKE: f32 = 0.34;
/// Articles of each regulation: a code beside a code costs some hundred million comparisons, and nobody reads that.
const MAX_ARTICLES: usize = 600;

/// Two characters that stand beside each other.
type Pair = [char; 2];

/// For each article of `own`, the article of `other` that is the most like it, if any is enough.
pub fn parallel(own: &Regulation, other: &Regulation) -> Vec<Option<usize>> {
    let others: Vec<HashSet<Pair>> = other.articles.iter().take(MAX_ARTICLES).map(|a| pairs(&a.text)).collect();
    let mut holders: HashMap<Pair, Vec<usize>> = HashMap::new();
    for (at, pairs) in others.iter().enumerate() {
        for pair in pairs {
            holders.entry(*pair).or_default().push(at);
        }
    }
    let all = others.len() as f32;
    let weight = |holders: usize| (all / holders as f32).ln();
    let matched = |text: &str| -> Option<usize> {
        let mut shared = vec![0.0f32; others.len()];
        let mut whole = 0.0f32;
        let mut own: Vec<Pair> = pairs(text).into_iter().collect();
        // Sums of floats depend on their order.
        own.sort_unstable();
        for pair in own {
            match holders.get(&pair) {
                Some(holders) => {
                    let weight = weight(holders.len());
                    whole += weight;
                    holders.iter().for_each(|at| shared[*at] += weight);
                }
                // What the other regulation never says makes an article less like any of its own, as much as what it
                // says once.
                None => whole += weight(1),
            }
        }
        let best = shared.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
        (whole > 0.0 && best.1 / whole >= ALIKE).then_some(best.0)
    };
    own.articles.iter().take(MAX_ARTICLES).map(|a| matched(&a.text)).collect()
}

fn pairs(text: &str) -> HashSet<Pair> {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    chars.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use indexer::record::{Body, Date, samples};

    use super::*;

    fn regulation(title: &str, articles: &[&str]) -> Regulation {
        match samples::law(title, Date::constant(2020, 1, 1), articles).body {
            Body::Regulation(r) => r,
            _ => unreachable!("a sample of a norm"),
        }
    }

    #[test]
    fn articles_that_speak_of_the_same_stand_beside_each_other() {
        let law = regulation(
            "养犬法",
            &[
                "为了规范养犬行为，制定本法。",
                "养犬人应当在三十日内办理养犬登记，领取犬牌。",
                "携犬出户应当使用犬绳牵引，主动避让他人。",
                "犬只伤人的，养犬人应当立即送诊并先行支付医疗费用。",
            ],
        );
        let local = regulation(
            "甲市养犬办法",
            &[
                "携犬出户应当使用犬绳牵引，主动避让老年人和儿童。",
                "养犬登记由区公安分局办理，养犬人应当自取得犬只之日起三十日内办理养犬登记。",
                "本市设立犬只收容所，由城市管理部门负责日常运营。",
            ],
        );
        assert_eq!(parallel(&local, &law), [Some(2), Some(1), None]);
        assert_eq!(parallel(&regulation("空办法", &[]), &law), []);
        assert_eq!(parallel(&local, &regulation("空法", &[])), [None, None, None]);
    }
}
