//! How often readers' questions were answered by a law: what was asked often is asked again.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use indexer::{index::projection::article_key, record::ArticleNumber};

use super::bank::{AROUND, NUMBER, fading};

/// Questions answered by a law, and by an article of it.
#[derive(Clone, Default)]
pub struct Asked {
    works: HashMap<String, u32>,
    articles: HashMap<String, BTreeMap<u64, u32>>,
}

/// By its size: readers are shown a plan in words, and a hash table's order is another each time.
impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asked({} works)", self.works.len())
    }
}

impl Asked {
    /// `asked.tsv`, counted over the rated development rows.
    pub fn shipped() -> Self {
        let mut asked = Self::default();
        for line in include_str!("asked.tsv").lines().filter(|l| !l.starts_with('#')) {
            let mut columns = line.split('\t');
            if let (Some(work), Some(label), Some(Ok(times))) =
                (columns.next(), columns.next(), columns.next().map(str::parse))
            {
                asked.add(work, label.parse().ok(), times);
            }
        }
        asked
    }

    /// Counts questions that an article answered; `work` is a [`indexer::record::work_key`].
    pub fn add(&mut self, work: &str, article: Option<ArticleNumber>, times: u32) {
        *self.works.entry(work.to_owned()).or_default() += times;
        if let Some(article) = article {
            *self.articles.entry(work.to_owned()).or_default().entry(article_key(article)).or_default() += times;
        }
    }

    pub fn work(&self, work: &str) -> u32 {
        self.works.get(work).copied().unwrap_or(0)
    }

    pub fn article(&self, work: &str, article: u64) -> u32 {
        self.articles.get(work).and_then(|articles| articles.get(&article)).copied().unwrap_or(0)
    }
}

impl Asked {
    /// Questions that the articles around one answered, it too, the nearer the heavier.
    pub fn around(&self, work: &str, article: u64) -> f32 {
        let number = article / NUMBER;
        let Some(articles) = self.articles.get(work) else { return 0.0 };
        // In the order of the articles, so that the sum is the same each time.
        let nearest = number.saturating_sub(AROUND) * NUMBER..(number + AROUND + 1) * NUMBER;
        articles.range(nearest).map(|(other, times)| *times as f32 * fading(number, other / NUMBER)).sum()
    }
}

/// Grows with the logarithm: a law asked for a hundred times is not a hundred times as likely.
pub fn factor(times: u32, weight: f32) -> f32 {
    1.0 + weight * (1.0 + times as f32).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_zero_weight_says_nothing() {
        let mut asked = Asked::default();
        let number = |number| Some(ArticleNumber { number, inserted: 0 });
        asked.add("甲法", number(1), 2);
        asked.add("甲法", number(2), 1);
        assert_eq!(asked.work("甲法"), 3);
        assert_eq!(asked.article("甲法", article_key(ArticleNumber { number: 1, inserted: 0 })), 2);
        assert_eq!(asked.article("乙法", 1), 0);
        let around = |number| asked.around("甲法", article_key(ArticleNumber { number, inserted: 0 }));
        assert!(around(1) > around(2) && around(2) > around(3) && around(3) > 0.0);
        assert_eq!(around(100), 0.0);
        assert_eq!(asked.around("乙法", 1_000), 0.0);
        assert!(factor(3, 0.1) > factor(2, 0.1));
        assert_eq!(factor(3, 0.0), 1.0);
    }
}
