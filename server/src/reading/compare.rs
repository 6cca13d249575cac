//! Two versions of a regulation, article by article.
//!
//! Articles with the same words are the same, whatever their numbers: an amendment that inserts one moves all that
//! follow. Between those, articles that share most of their characters are one article, changed; the rest were added or
//! taken out.

use indexer::{
    record::{Article, Regulation},
    text::narrow,
};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Share of characters in common above which two articles are one, changed.
const SAME_ARTICLE: f32 = 0.5;
/// Pairs tried between two unchanged articles: a rewritten chapter of a code has fewer than these squared.
const MAX_GAP: usize = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Same,
    /// Only its number is another.
    Moved,
    Changed,
    Added,
    Removed,
}

impl Change {
    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "未变",
            Self::Moved => "条号改变",
            Self::Changed => "有修改",
            Self::Added => "新增",
            Self::Removed => "删去",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// One row of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub change: Change,
    /// Position in the older and in the newer version.
    pub old: Option<usize>,
    pub new: Option<usize>,
}

/// A run of text and whether it stands in both versions, only in the older or only in the newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub kind: RunKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    Both,
    Old,
    New,
}

/// The rows, in the order of both texts.
pub fn rows(old: &Regulation, new: &Regulation) -> Vec<Row> {
    let words = |r: &Regulation| -> Vec<String> { r.articles.iter().map(|a| bare(&a.text)).collect() };
    let (before, after) = (words(old), words(new));
    let mut rows = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &before, &after) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                rows.extend((0..len).map(|n| {
                    let (o, n) = (old_index + n, new_index + n);
                    let moved = old.articles[o].label != new.articles[n].label;
                    let change = if moved { Change::Moved } else { Change::Same };
                    Row { change, old: Some(o), new: Some(n) }
                }));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                rows.extend((old_index..old_index + old_len).map(removed));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                rows.extend((new_index..new_index + new_len).map(added));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let (o, n) = (old_index..old_index + old_len, new_index..new_index + new_len);
                rows.extend(paired(&old.articles, &new.articles, o, n));
            }
        }
    }
    rows
}

fn removed(at: usize) -> Row {
    Row { change: Change::Removed, old: Some(at), new: None }
}

fn added(at: usize) -> Row {
    Row { change: Change::Added, old: None, new: Some(at) }
}

/// Characters that say something: a space or a comma more is no change of the law's words.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Pairs the articles of a gap: the alignment that shares the most, in order.
fn paired(old: &[Article], new: &[Article], o: std::ops::Range<usize>, n: std::ops::Range<usize>) -> Vec<Row> {
    if o.len().max(n.len()) > MAX_GAP {
        return o.map(removed).chain(n.map(added)).collect();
    }
    let columns = n.len() + 1;
    let mut best = vec![0.0f32; (o.len() + 1) * columns];
    let mut alike = vec![0.0f32; o.len() * n.len()];
    for i in (0..o.len()).rev() {
        for j in (0..n.len()).rev() {
            let share = shared(&old[o.start + i], &new[n.start + j]);
            alike[i * n.len() + j] = share;
            let pair = if share >= SAME_ARTICLE { best[(i + 1) * columns + j + 1] + share } else { 0.0 };
            best[i * columns + j] = pair.max(best[(i + 1) * columns + j]).max(best[i * columns + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut rows = Vec::new();
    while i < o.len() && j < n.len() {
        let share = alike[i * n.len() + j];
        let here = best[i * columns + j];
        if share >= SAME_ARTICLE && here == best[(i + 1) * columns + j + 1] + share {
            rows.push(Row { change: Change::Changed, old: Some(o.start + i), new: Some(n.start + j) });
            (i, j) = (i + 1, j + 1);
        } else if here == best[(i + 1) * columns + j] {
            rows.push(removed(o.start + i));
            i += 1;
        } else {
            rows.push(added(n.start + j));
            j += 1;
        }
    }
    rows.extend((i..o.len()).map(|at| removed(o.start + at)));
    rows.extend((j..n.len()).map(|at| added(n.start + at)));
    rows
}

/// Share of pairs of characters in common (Dice), with a little for the same number.
fn shared(a: &Article, b: &Article) -> f32 {
    let grams = |text: &str| {
        let chars: Vec<char> = bare(text).chars().collect();
        let mut grams: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
        grams.sort_unstable();
        grams
    };
    let (x, y) = (grams(&a.text), grams(&b.text));
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < x.len() && j < y.len() {
        match x[i].cmp(&y[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    let dice = 2.0 * common as f32 / (x.len() + y.len()).max(1) as f32;
    if a.label == b.label { dice + 0.1 } else { dice }
}

/// What became of a text, character by character, joined to readable runs.
pub fn runs(old: &str, new: &str) -> Vec<Run> {
    let exact = |text: &'_ str| -> Vec<(char, usize)> { text.char_indices().map(|(at, c)| (c, at)).collect() };
    differing((old, &exact(old)), (new, &exact(new)))
}

/// The same of the words of a regulation. Where lines break and how wide a sign is written is no change: what both have
/// stands as the newer text writes it.
pub fn redline(old: &str, new: &str) -> Vec<Run> {
    differing((old, &signs(old)), (new, &signs(new)))
}

/// Texts with their signs, each with where it begins.
fn differing((old, before): (&str, &[(char, usize)]), (new, after): (&str, &[(char, usize)])) -> Vec<Run> {
    let folded = |signs: &[(char, usize)]| signs.iter().map(|(sign, _)| *sign).collect::<Vec<_>>();
    let part = |text: &str, signs: &[(char, usize)], from: usize, len: usize| {
        let at = |sign: usize| signs.get(sign).map_or(text.len(), |(_, at)| *at);
        text[at(from)..at(from + len)].to_owned()
    };
    let (of_old, of_new) = (|from, len| part(old, before, from, len), |from, len| part(new, after, from, len));
    let mut runs: Vec<Run> = Vec::new();
    let mut push = |kind, text: String| match runs.last_mut().filter(|run| run.kind == kind) {
        Some(run) => run.text.push_str(&text),
        None if text.is_empty() => {}
        None => runs.push(Run { kind, text }),
    };
    for op in capture_diff_slices(Algorithm::Myers, &folded(before), &folded(after)) {
        match op {
            DiffOp::Equal { new_index, len, .. } => push(RunKind::Both, of_new(new_index, len)),
            DiffOp::Delete { old_index, old_len, .. } => push(RunKind::Old, of_old(old_index, old_len)),
            DiffOp::Insert { new_index, new_len, .. } => push(RunKind::New, of_new(new_index, new_len)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                push(RunKind::Old, of_old(old_index, old_len));
                push(RunKind::New, of_new(new_index, new_len));
            }
        }
    }
    joined(runs)
}

/// The signs of a text, folded, without spaces: what stands between two belongs to the first, and at the front to the
/// second.
fn signs(text: &str) -> Vec<(char, usize)> {
    let signs = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let mut signs: Vec<(char, usize)> = signs.map(|(at, c)| (fold(c), at)).collect();
    if let Some((_, at)) = signs.first_mut() {
        *at = 0;
    }
    signs
}

fn fold(c: char) -> char {
    match narrow(c) {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        c => c,
    }
}

/// A single character kept between two changes reads worse than one longer change: 罚款【五】【十】万【百】元.
const MIN_KEPT: usize = 2;

fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let (mut old, mut new) = (String::new(), String::new());
    let flush = |old: &mut String, new: &mut String, out: &mut Vec<Run>| {
        for (kind, text) in [(RunKind::Old, std::mem::take(old)), (RunKind::New, std::mem::take(new))] {
            if !text.is_empty() {
                out.push(Run { kind, text });
            }
        }
    };
    let last = runs.len().saturating_sub(1);
    for (at, run) in runs.into_iter().enumerate() {
        match run.kind {
            RunKind::Old => old.push_str(&run.text),
            RunKind::New => new.push_str(&run.text),
            RunKind::Both => {
                let between = at > 0 && at < last && !(old.is_empty() && new.is_empty());
                if between && run.text.chars().count() < MIN_KEPT && !run.text.contains('\n') {
                    old.push_str(&run.text);
                    new.push_str(&run.text);
                } else {
                    flush(&mut old, &mut new, &mut out);
                    out.push(run);
                }
            }
        }
    }
    flush(&mut old, &mut new, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use indexer::record::{ArticleNumber, RegulationLevel};
    use proptest::prelude::*;

    fn law(articles: &[&str]) -> Regulation {
        let article = |(n, text): (u32, &&str)| {
            let number = ArticleNumber { number: n, inserted: 0 };
            Article { label: number.to_string(), number: Some(number), text: (*text).to_owned() }
        };
        Regulation {
            articles: (1..).zip(articles).map(article).collect(),
            ..Regulation::blank("甲法", RegulationLevel::Law)
        }
    }

    #[test]
    fn articles_are_followed_through_new_numbers() {
        let old = law(&[
            "为了规范甲事制定本法。",
            "甲事由市人民政府主管。",
            "违反本法的处一万元罚款。",
            "本法自公布之日起施行。",
        ]);
        let new = law(&[
            "为了规范甲事制定本法。",
            "国家鼓励公众参与监督。",
            "甲事由市、县人民政府主管。",
            "本法自公布之日起施行。",
        ]);
        let told: Vec<_> = rows(&old, &new).into_iter().map(|r| (r.change, r.old, r.new)).collect();
        assert_eq!(
            told,
            [
                (Change::Same, Some(0), Some(0)),
                (Change::Added, None, Some(1)),
                (Change::Changed, Some(1), Some(2)),
                (Change::Removed, Some(2), None),
                (Change::Same, Some(3), Some(3)),
            ]
        );
        let moved = rows(&law(&["甲乙丙丁。"]), &law(&["新的一条在此。", "甲乙丙丁。"]));
        assert_eq!(moved[1].change, Change::Moved);
    }

    #[test]
    fn changed_words_are_marked_in_readable_runs() {
        let told: Vec<_> = runs("处一万元以下罚款", "处十万元以上罚款").into_iter().map(|r| (r.kind, r.text)).collect();
        use RunKind::*;
        let expected =
            [(Both, "处"), (Old, "一"), (New, "十"), (Both, "万元以"), (Old, "下"), (New, "上"), (Both, "罚款")];
        assert_eq!(told, expected.map(|(kind, text)| (kind, text.to_owned())));
        let same = redline("下列之一：(一)甲,乙;(二)丙", "下列之一：\n（一）甲，乙；\n（二）丙");
        assert_eq!(same, [Run { kind: Both, text: "下列之一：\n（一）甲，乙；\n（二）丙".into() }]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(old in "[甲乙丙丁。（(，,\n ]{0,30}", new in "[甲乙丙丁。）(，,\n ]{0,30}") {
            fn read(runs: &[Run], without: RunKind) -> String {
                runs.iter().filter(|r| r.kind != without).map(|r| r.text.as_str()).collect()
            }
            let exact = runs(&old, &new);
            prop_assert_eq!(read(&exact, RunKind::New), old.clone());
            prop_assert_eq!(read(&exact, RunKind::Old), new.clone());
            let runs = redline(&old, &new);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).map(fold).collect::<String>();
            prop_assert_eq!(bare(&read(&runs, RunKind::New)), bare(&old));
            // A text of spaces alone has no signs.
            if !new.trim().is_empty() {
                prop_assert_eq!(read(&runs, RunKind::Old), new);
            }
        }

        #[test]
        fn the_width_of_signs_and_the_breaks_of_lines_are_no_change(text in "[甲乙（），：。]{0,30}", at in 0usize..30) {
            let narrow: String = text.chars().map(fold).collect();
            let mut broken: Vec<char> = narrow.chars().collect();
            broken.insert(at.min(broken.len()), '\n');
            let broken: String = broken.into_iter().collect();
            prop_assert!(redline(&broken, &text).iter().all(|run| run.kind == RunKind::Both));
        }

        #[test]
        fn every_article_is_in_one_row(old in prop::collection::vec("[甲乙丙丁戊己]{1,8}", 0..8), new in prop::collection::vec("[甲乙丙丁戊己]{1,8}", 0..8)) {
            let texts = |list: &[String]| law(&list.iter().map(String::as_str).collect::<Vec<_>>());
            let rows = rows(&texts(&old), &texts(&new));
            prop_assert_eq!(rows.iter().filter_map(|r| r.old).collect::<Vec<_>>(), (0..old.len()).collect::<Vec<_>>());
            prop_assert_eq!(rows.iter().filter_map(|r| r.new).collect::<Vec<_>>(), (0..new.len()).collect::<Vec<_>>());
        }
    }
}
