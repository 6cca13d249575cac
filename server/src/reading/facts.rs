//! A record as rows of name and value, and two of them side by side: what reviewers and readers of a history look at.

use indexer::record::Body;

use super::compare::{Change, Run, RunKind, rows, runs};

/// A row of a record: its name and its value, empty where there is none.
pub type Fact = (&'static str, String);

/// A row of two records.
pub struct Pair {
    pub name: &'static str,
    pub before: Vec<Run>,
    pub after: Vec<Run>,
    pub changed: bool,
}

/// An article that is not the same in both.
pub struct Article {
    pub label: String,
    pub change: Change,
    pub before: Vec<Run>,
    pub after: Vec<Run>,
}

/// Two states of a record.
#[derive(Default)]
pub struct Comparison {
    pub pairs: Vec<Pair>,
    pub articles: Vec<Article>,
    /// Articles that differ beyond those shown.
    pub more: usize,
}

/// Articles shown of a comparison: a whole new code would make a page of megabytes.
const MAX_ARTICLES: usize = 300;

/// Bytes of a text that is compared character by character: the work grows with the square. Longer ones stand whole.
const MAX_COMPARED: usize = 30_000;

pub fn facts(body: &Body) -> Vec<Fact> {
    body.facts()
        .map(|(column, values)| match column.name {
            // The judged day is a matter of the whole library, and of the regulation as it is now.
            "effective" if matches!(body, Body::Regulation(_)) => ("施行日期（记录所载）", values.join("\n")),
            _ if column.given => (column.label, values.join("\n")),
            _ => (column.label, in_words(&values.join("\n"))),
        })
        .collect()
}

/// What the service notes of sources, as people read it: an office's word is stored behind `office:`.
fn in_words(made: &str) -> String {
    made.replace("office:", "机构报送 ")
}

/// What differs between two states; either may be missing.
pub fn compare(before: Option<&Body>, after: Option<&Body>) -> Comparison {
    let (old, new) = (before.map(facts).unwrap_or_default(), after.map(facts).unwrap_or_default());
    let names = if new.is_empty() { &old } else { &new };
    let value =
        |all: &[Fact], name: &str| all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let pairs = names.iter().filter_map(|(name, _)| {
        let (b, a) = (value(&old, name), value(&new, name));
        if b.is_empty() && a.is_empty() {
            return None;
        }
        let (before, after) = if old.is_empty() || new.is_empty() { (whole(&b), whole(&a)) } else { sides(&b, &a) };
        Some(Pair { name, changed: b != a, before, after })
    });
    let mut comparison = Comparison { pairs: pairs.collect(), ..Comparison::default() };
    if let (Some(Body::Regulation(old)), Some(Body::Regulation(new))) = (before, after) {
        let changed: Vec<_> = rows(old, new).into_iter().filter(|row| row.change != Change::Same).collect();
        comparison.more = changed.len().saturating_sub(MAX_ARTICLES);
        comparison.articles = changed
            .iter()
            .take(MAX_ARTICLES)
            .map(|row| {
                let (b, a) = (row.old.map(|at| &old.articles[at]), row.new.map(|at| &new.articles[at]));
                let text =
                    |article: Option<&indexer::record::Article>| article.map_or("", |a| a.text.as_str()).to_owned();
                let (before, after) = sides(&text(b), &text(a));
                let label = a.or(b).map(|article| article.label.clone()).unwrap_or_default();
                Article { label, change: row.change, before, after }
            })
            .collect();
    }
    comparison
}

fn whole(text: &str) -> Vec<Run> {
    vec![Run { kind: RunKind::Both, text: text.to_owned() }]
}

/// The two texts, each cut where it differs from the other.
fn sides(before: &str, after: &str) -> (Vec<Run>, Vec<Run>) {
    if before.len().max(after.len()) > MAX_COMPARED {
        return (whole(before), whole(after));
    }
    let all = runs(before, after);
    let without = |kind| all.iter().filter(|run| run.kind != kind).cloned().collect();
    (without(RunKind::New), without(RunKind::Old))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offices_word_is_called_so() {
        let made = "电话：office:遵义市财政局（2026-11-28）";
        assert_eq!(in_words(made), "电话：机构报送 遵义市财政局（2026-11-28）");
        assert_eq!(in_words("多方印证"), "多方印证");
    }
}
