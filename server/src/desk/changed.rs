//! Which articles a new version of a norm leaves as they were: whoever rests on these alone has nothing to look after.

use std::collections::BTreeSet;

use indexer::{
    index::citation,
    record::{Article, ArticleNumber, Body, Record, Regulation, basis, work_reference},
};

use crate::store::{RecordStore, StoreError, listings::List};

/// Versions of a norm that are compared: no norm has had as many.
pub(super) const MAX_VERSIONS: usize = 200;

/// The articles that stand under the same number with the same words in two versions.
#[derive(Debug, PartialEq, Eq)]
pub struct Unchanged(BTreeSet<ArticleNumber>);

/// An article of two versions whose words differ; `None` where a version has none of the number.
pub struct ChangedArticle {
    pub number: ArticleNumber,
    pub old: Option<Article>,
    pub new: Option<Article>,
}

/// Letters and figures alone: a comma more is no change of the law's words.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn numbered(norm: &Regulation, number: ArticleNumber) -> Option<&Article> {
    norm.articles.iter().find(|article| article.number == Some(number))
}

impl Unchanged {
    pub fn between(old: &Regulation, new: &Regulation) -> Self {
        let same = |article: &&Article| {
            let other = article.number.and_then(|number| numbered(new, number));
            other.is_some_and(|other| bare(&other.text) == bare(&article.text))
        };
        Self(old.articles.iter().filter(same).filter_map(|article| article.number).collect())
    }

    /// How many articles of a version are not among them.
    pub fn missing_of(&self, norm: &Regulation) -> usize {
        norm.articles.iter().filter_map(|article| article.number).filter(|number| !self.0.contains(number)).count()
    }

    /// Whether a record rests on more of a work than these articles. One that names no article rests on all of it.
    pub fn leaves(&self, body: &Body, work: &str) -> bool {
        let places = cited(body, work);
        !places.is_empty()
            && places.iter().all(|numbers| !numbers.is_empty() && numbers.iter().all(|n| self.0.contains(n)))
    }

    /// The articles that a record names of a work and that are not among these, with what both versions have there.
    pub fn changed_for(&self, body: &Body, work: &str, old: &Regulation, new: &Regulation) -> Vec<ChangedArticle> {
        let numbers: BTreeSet<ArticleNumber> = cited(body, work).into_iter().flatten().collect();
        let changed = |number: ArticleNumber| ChangedArticle {
            number,
            old: numbered(old, number).cloned(),
            new: numbered(new, number).cloned(),
        };
        numbers.into_iter().filter(|number| !self.0.contains(number)).map(changed).collect()
    }
}

/// The articles of each place of a work that a record's bases name; none for a place that is no article.
fn cited(body: &Body, work: &str) -> Vec<Vec<ArticleNumber>> {
    let texts = body.bases().flat_map(|(_, values)| values);
    let mut all = Vec::new();
    for norm in texts.flat_map(|text| basis::read_those(&text, |title| work_reference(title) == work)) {
        if norm.passages.is_empty() {
            all.push(Vec::new());
        }
        all.extend(norm.passages.iter().map(|passage| {
            let place: String = passage.place.chars().map(narrow).collect();
            citation::articles(&place).into_iter().map(|(number, _)| number).collect()
        }));
    }
    all
}

fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// The version of a norm that a newer one came after: the newest of those that are older.
pub fn version_before(store: &RecordStore, id: &str, norm: &Regulation) -> Result<Option<Record>, StoreError> {
    let mut newest: Option<Record> = None;
    for (_, other) in store.list(&List::Work(&work_reference(&norm.title)), None, MAX_VERSIONS)? {
        let Some(head) = store.head_of(&other)?.filter(|other| other.id != id && other.is_public()) else { continue };
        let day = |record: &Record| match &record.body {
            Body::Regulation(r) => r.version_date,
            _ => None,
        };
        let older = day(&head).is_some() && day(&head) < norm.version_date;
        if older && newest.as_ref().is_none_or(|known| day(known) < day(&head)) {
            newest = Some(head);
        }
    }
    newest.map_or(Ok(None), |head| store.get(&head.id))
}

#[cfg(test)]
mod tests {
    use indexer::record::{Date, KINDS, samples};

    use super::*;

    fn norm(articles: &[&str]) -> Regulation {
        match samples::law("甲法", Date::constant(2020, 1, 1), articles).body {
            Body::Regulation(r) => r,
            _ => unreachable!(),
        }
    }

    fn resting(basis: &str) -> Body {
        let kind = KINDS.iter().find(|kind| kind.columns.iter().any(|c| c.cites)).unwrap();
        let mut body = Body::blank(kind.name).unwrap();
        body.fill(|column| Some(if column.name == "basis" { basis } else { column.example })).unwrap();
        body
    }

    #[test]
    fn only_what_rests_on_changed_articles_is_concerned() {
        let (old, new) = (norm(&["甲，由县办。", "乙由县办。", "丙由县办。"]), norm(&["甲由县办。", "乙由市办。"]));
        let unchanged = Unchanged::between(&old, &new);
        let work = work_reference("甲法");
        for (basis, left) in [
            ("《甲法》第一条：甲由县办。", true),
            ("《甲法》第二条", false),
            ("《甲法》第一条、第二条", false),
            ("《甲法》第三条", false),
            ("《甲法》第九条", false),
            ("《甲法》", false),
            ("《甲法》第一条；《甲法》第二章", false),
            ("《乙法》第一条", false),
        ] {
            assert_eq!(unchanged.leaves(&resting(basis), &work), left, "{basis}");
        }
        let changed = unchanged.changed_for(&resting("《甲法》第一条、第二条、第三条"), &work, &old, &new);
        let told: Vec<(u32, bool, bool)> =
            changed.iter().map(|c| (c.number.number, c.old.is_some(), c.new.is_some())).collect();
        assert_eq!(told, [(2, true, true), (3, true, false)]);
        assert_eq!(unchanged.missing_of(&old), 2);
    }
}
