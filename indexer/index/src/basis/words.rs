//! Quoted words and the words of the law, without what says nothing: spaces, signs, the width of letters, the script of
//! numbers, the labels that lists put before paragraphs.

use std::{borrow::Cow, collections::HashMap};

use record::Article;
use text::{narrow, numerals};

/// Characters of a quotation that tell one article from all others.
pub const TELLING: usize = 20;
/// Share of pairs of characters above which an article is the one that a quotation speaks of.
pub const SAME: f32 = 0.5;
/// Below which it speaks of something else.
pub const UNRELATED: f32 = 0.3;
/// Shares nearer to each other than this say nothing: then the article that says the least besides is meant.
const AS_NEAR: f32 = 0.05;
/// Marks of what was left out.
const LEFT_OUT: [&str; 6] = ["……", "…", "......", "（略）", "(略)", "。。。"];

/// An article with its words, bare.
#[derive(Clone, Copy)]
pub struct ArticleWords<'t> {
    pub article: &'t Article,
    pub words: &'t str,
}

/// A quotation as the pieces that stand in the law one by one: lines, items, and what is between omissions.
pub struct Words(Vec<String>);

impl Words {
    pub fn of(quote: &str) -> Self {
        let mut text = quote.to_owned();
        for mark in LEFT_OUT {
            text = text.replace(mark, "\n");
        }
        let mut pieces = Vec::new();
        // Lists give the sentence before the items and then the one item that is meant.
        for line in text.split(['\n', '：', ':']) {
            pieces.extend(items(unlabelled(line)).map(Self::bare).filter(|piece| piece.chars().count() > 1));
        }
        Self(pieces)
    }

    /// Letters and figures alone; 五万 is 5万, 百分之五 is 5%.
    pub fn bare(text: &str) -> String {
        let mut bare = String::with_capacity(text.len());
        let mut run = String::new();
        let close = |run: &mut String, bare: &mut String| {
            match numerals::parse(run) {
                Some(number) => bare.push_str(&number.to_string()),
                None => bare.push_str(run),
            }
            run.clear();
        };
        for c in percents(text).chars().map(narrow) {
            if numerals::is_numeral(c) {
                run.push(c);
                continue;
            }
            if !run.is_empty() {
                close(&mut run, &mut bare);
            }
            if c.is_alphanumeric() || matches!(c, '%' | '‰') {
                bare.push(c);
            }
        }
        if !run.is_empty() {
            close(&mut run, &mut bare);
        }
        bare
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pieces, bare.
    pub fn pieces(&self) -> &[String] {
        &self.0
    }

    /// Characters in all.
    pub fn length(&self) -> usize {
        self.0.iter().map(|piece| piece.chars().count()).sum()
    }

    /// Whether every piece stands in one of the articles.
    pub fn are_in(&self, articles: &[ArticleWords<'_>]) -> bool {
        self.0.iter().all(|piece| articles.iter().any(|article| article.words.contains(piece.as_str())))
    }

    pub fn are_in_bare(&self, text: &str) -> bool {
        self.0.iter().all(|piece| text.contains(piece.as_str()))
    }

    /// Share of the quotation's pairs of characters that an article has.
    pub fn share(&self, article: ArticleWords<'_>) -> f32 {
        Pairs::of(self).likeness(article.words).share
    }

    /// The article that the words speak of, with their share that it has: the one that has the most of them, and of several
    /// that have nearly as many the one that says the least besides.
    pub fn nearest<'t>(&self, articles: impl Iterator<Item = ArticleWords<'t>>) -> Option<(ArticleWords<'t>, f32)> {
        let mut pairs = Pairs::of(self);
        let all: Vec<(ArticleWords<'t>, Likeness)> =
            articles.map(|article| (article, pairs.likeness(article.words))).collect();
        let most = all.iter().map(|(_, likeness)| likeness.share).fold(0.0, f32::max);
        let near = all.into_iter().filter(|(_, likeness)| likeness.share + AS_NEAR >= most);
        let best = near.max_by(|a, b| a.1.both_ways.total_cmp(&b.1.both_ways))?;
        Some((best.0, best.1.share))
    }
}

/// How like a text is to a quotation.
#[derive(Debug, Clone, Copy)]
struct Likeness {
    /// Share of the quotation's pairs that the text has.
    share: f32,
    /// Twice the pairs that both have, of all that either has.
    both_ways: f32,
}

/// The pairs of neighbouring characters of a quotation, to be looked for in many articles.
struct Pairs {
    /// How often a pair stands in the quotation, and the last text that had it.
    pairs: HashMap<(char, char), (u32, u32)>,
    all: u32,
    texts: u32,
}

impl Pairs {
    fn of(words: &Words) -> Self {
        let mut pairs: HashMap<(char, char), (u32, u32)> = HashMap::new();
        let mut all = 0;
        for pair in words.0.iter().flat_map(|piece| piece.chars().zip(piece.chars().skip(1))) {
            pairs.entry(pair).or_default().0 += 1;
            all += 1;
        }
        Self { pairs, all, texts: 0 }
    }

    fn likeness(&mut self, text: &str) -> Likeness {
        if self.all == 0 {
            return Likeness { share: 0.0, both_ways: 0.0 };
        }
        self.texts += 1;
        let (mut common, mut there) = (0, 0);
        for pair in text.chars().zip(text.chars().skip(1)) {
            there += 1;
            if let Some((count, seen)) = self.pairs.get_mut(&pair)
                && *seen != self.texts
            {
                *seen = self.texts;
                common += *count;
            }
        }
        let both_ways = (2 * common) as f32 / (self.all + there) as f32;
        Likeness { share: common as f32 / self.all as f32, both_ways }
    }
}

/// A line without the label that a list puts before a paragraph's words: 第二款：…, 第（三）项 …
fn unlabelled(line: &str) -> &str {
    let text = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '（' | '('));
    let Some(behind) = text.trim_start_matches(['（', '(']).strip_prefix('第') else { return line };
    let number = |c: char| numerals::is_numeral(c) || c.is_whitespace() || matches!(c, '（' | '(' | '）' | ')');
    let unit = behind.trim_start_matches(number);
    let Some(rest) = unit.strip_prefix(['款', '项', '目']).filter(|_| unit.len() < behind.len()) else {
        return line;
    };
    let ends = |c: char| c.is_whitespace() || matches!(c, '）' | ')' | '】' | '”' | '"');
    if rest.is_empty() || rest.starts_with(ends) { rest } else { line }
}

/// The text with shares written in one way: 百分之五 as 五%, 千分之零点五 as 零.五‰.
fn percents(text: &str) -> Cow<'_, str> {
    let mut written = String::new();
    let mut rest = text;
    while let Some((at, mark)) = next_share(rest) {
        let (before, share) = rest.split_at(at);
        let share = &share["百分之".len()..];
        let whole = share.find(|c| !numerals::is_numeral(c)).unwrap_or(share.len());
        let part = share[whole..]
            .strip_prefix('点')
            .map_or(0, |part| part.find(|c| !numerals::is_numeral(c)).unwrap_or(part.len()));
        written.push_str(before);
        if whole == 0 {
            // 百分之…… of a form: nothing to write otherwise.
            written.push_str(&rest[at..at + "百分之".len()]);
            rest = share;
            continue;
        }
        written.push_str(&share[..whole]);
        let mut end = whole;
        if part > 0 {
            written.push('.');
            written.push_str(&share[whole + '点'.len_utf8()..][..part]);
            end += '点'.len_utf8() + part;
        }
        written.push(mark);
        rest = &share[end..];
    }
    if written.is_empty() {
        return Cow::Borrowed(text);
    }
    written.push_str(rest);
    Cow::Owned(written)
}

/// Where the next share begins, and its sign. One walk, which ends there.
fn next_share(text: &str) -> Option<(usize, char)> {
    text.match_indices("分之").find_map(|(at, _)| {
        let (from, unit) = text[..at].char_indices().next_back()?;
        match unit {
            '百' => Some((from, '%')),
            '千' => Some((from, '‰')),
            _ => None,
        }
    })
}

/// A line cut before its items （一）, which lists run together.
fn items(line: &str) -> impl Iterator<Item = &str> {
    let starts =
        line.char_indices().filter(|(at, c)| matches!(c, '（' | '(') && numbered(&line[*at..])).map(|(at, _)| at);
    let mut cuts: Vec<usize> = [0].into_iter().chain(starts).chain([line.len()]).collect();
    cuts.dedup();
    (1..cuts.len()).map(move |at| &line[cuts[at - 1]..cuts[at]])
}

fn numbered(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    let inside: String = chars.by_ref().take_while(|c| !matches!(c, '）' | ')')).take(4).collect();
    !inside.is_empty() && inside.chars().count() < 4 && inside.chars().all(numerals::is_numeral)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_are_the_same_in_either_script() {
        for (chinese, figures) in [
            ("预付款百分之一以下", "预付款1%以下"),
            ("百分之五十以上百分之一百以下", "50%以上100％以下"),
            ("按日加收千分之五", "按日加收5‰"),
            ("百分之零点五", "0.5%"),
            ("百分之十二点五", "12.5%"),
        ] {
            assert_eq!(Words::bare(chinese), Words::bare(figures), "{chinese}");
        }
        assert_ne!(Words::bare("百分之一"), Words::bare("一"));
        assert_ne!(Words::bare("百分之一"), Words::bare("千分之一"));
        assert_eq!(percents("百分之"), "百分之");
    }

    /// Looking for both from each on would take minutes.
    #[test]
    fn many_shares_of_one_sort_are_read_in_one_walk() {
        let long = "百分之。".repeat(1_000_000);
        assert_eq!(percents(&long), long);
        let long = format!("{}。一分之一", "千分之五，".repeat(500_000));
        assert!(percents(&long).ends_with("五‰，。一分之一"));
    }

    #[test]
    fn labels_of_paragraphs_are_no_words() {
        let pieces = |quote: &str| Words::of(quote).0;
        assert_eq!(pieces("甲由县管。\n第二款：乙由市管。\n第三款 丙由省管。"), ["甲由县管", "乙由市管", "丙由省管"]);
        assert_eq!(pieces("（第二款）乙由市管。\n第（三）项：丙由省管；"), ["乙由市管", "丙由省管"]);
        // What the law itself says of its paragraphs are words.
        assert_eq!(pieces("第二款规定的甲。"), ["第2款规定的甲"]);
        assert_eq!(pieces("前款所列甲。"), ["前款所列甲"]);
    }

    proptest! {
        #[test]
        fn any_text_has_words(text in "[第二款项目（）百千分之点一五0-9%‰：:甲 \n]{0,40}") {
            let _ = (Words::of(&text), Words::bare(&text), percents(&text).into_owned());
        }

        #[test]
        fn any_share_is_the_same_in_either_script(whole in 0u32..10_000) {
            let chinese = format!("百分之{}以下", numerals::format(whole));
            prop_assert_eq!(Words::bare(&chinese), Words::bare(&format!("{whole}%以下")));
        }
    }
}
