//! Which articles a new version of a regulation leaves as they were: whoever rests on these alone has nothing to look
//! after.
//!
//! Bases cite the version of their day. What they mean of the version before the new one is found as the check of bases
//! finds it, by their words, and not by the numbers that these had then.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use indexer::{
    index::basis::{Meant, Named, RegulationText, counterpart, meant, taken},
    record::{
        Article, ArticleNumber, Body, DivisionCode, Record, Regulation,
        basis::{self, Passage},
        work_reference,
    },
};

use crate::store::{RecordStore, StoreError, listings::List};

/// Versions of the regulations of one title that are compared: every county may have one of the same title.
pub(super) const MAX_VERSIONS: usize = 10_000;
/// Passages whose meaning is kept while the records that rest on a law are looked through: lists of many counties quote
/// alike.
const MAX_KEPT: usize = 20_000;

/// A version of a regulation beside the one that comes after it.
pub struct Unchanged {
    old: RegulationText,
    new: RegulationText,
    /// The articles that stand under the same number with the same words in both.
    same: BTreeSet<ArticleNumber>,
    /// Those of the newer version that the older one has word for word, under whatever number.
    taken: BTreeSet<ArticleNumber>,
    known: Mutex<HashMap<Passage, Arc<Meant>>>,
}

/// An article of the older version that is not the same in the newer one, and what has become of it there; `None` where
/// a version has none.
#[derive(Debug)]
pub struct ChangedArticle {
    pub number: ArticleNumber,
    pub old: Option<Article>,
    pub new: Option<Article>,
}

/// How a record is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerned {
    ByArticle,
    /// It names a heading or the whole regulation, of which something has changed.
    InGeneral,
}

/// Letters and figures alone: a comma more is no change of the law's words.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn numbered(regulation: &Regulation, number: ArticleNumber) -> Option<&Article> {
    regulation.articles.iter().find(|article| article.number == Some(number))
}

impl Unchanged {
    pub fn between(old: Regulation, new: Regulation) -> Self {
        let same = |article: &&Article| {
            let other = article.number.and_then(|number| numbered(&new, number));
            other.is_some_and(|other| bare(&other.text) == bare(&article.text))
        };
        let same = old.articles.iter().filter(same).filter_map(|article| article.number).collect();
        let (old, new) = (RegulationText::new(old), RegulationText::new(new));
        Self { same, taken: taken(&old, &new), old, new, known: Mutex::default() }
    }

    /// How many articles of the older version are not among them.
    pub fn missing(&self) -> usize {
        let numbers = self.old.regulation.articles.iter().filter_map(|article| article.number);
        numbers.filter(|number| !self.same.contains(number)).count()
    }

    /// Whether a record rests on more of the work than these articles, and how it says so. One that names no article
    /// rests on all of it.
    pub fn concerns(&self, body: &Body, work: &str) -> Option<Concerned> {
        let cited = self.cited(body, work);
        if cited.is_empty() {
            return Some(Concerned::InGeneral);
        }
        let touched = |meant: &&Arc<Meant>| meant.articles.is_empty() || !meant.articles.is_subset(&self.same);
        let named = cited.iter().filter(touched).map(|meant| &meant.named).min()?;
        Some(if *named == Named::Article { Concerned::ByArticle } else { Concerned::InGeneral })
    }

    /// The articles that a record means of the older version and that are not among these, with what both versions
    /// have.
    pub fn changed_for(&self, body: &Body, work: &str) -> Vec<ChangedArticle> {
        let cited = self.cited(body, work);
        let numbers: BTreeSet<ArticleNumber> = cited.iter().flat_map(|meant| meant.articles.iter().copied()).collect();
        let changed = |number: ArticleNumber| {
            let old = numbered(&self.old.regulation, number);
            let new = match old {
                Some(old) => counterpart(&self.new, old, &self.taken),
                None => numbered(&self.new.regulation, number),
            };
            ChangedArticle { number, old: old.cloned(), new: new.cloned() }
        };
        numbers.into_iter().filter(|number| !self.same.contains(number)).map(changed).collect()
    }

    /// How a record names the work where it names no article of it: 第五章; 整部.
    pub fn named_in_general(&self, body: &Body, work: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for meant in self.cited(body, work) {
            let label = match &meant.named {
                Named::Article => continue,
                Named::Heading(label) => label.clone(),
                Named::Whole => "整部".to_owned(),
            };
            if !all.contains(&label) {
                all.push(label);
            }
        }
        all
    }

    /// What each place of the work that a record's bases name means of the older version.
    fn cited(&self, body: &Body, work: &str) -> Vec<Arc<Meant>> {
        let texts = body.bases().flat_map(|(_, values)| values);
        let mut all = Vec::new();
        for regulation in texts.flat_map(|text| basis::read_those(&text, |title| work_reference(title) == work)) {
            if regulation.passages.is_empty() {
                all.push(Arc::new(Meant { named: Named::Whole, articles: BTreeSet::new() }));
            }
            all.extend(regulation.passages.into_iter().map(|passage| self.meant(passage)));
        }
        all
    }

    fn meant(&self, passage: Passage) -> Arc<Meant> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(meant) = known().get(&passage) {
            return meant.clone();
        }
        let found = Arc::new(meant(&self.old, &passage));
        let mut known = known();
        if known.len() >= MAX_KEPT {
            known.clear();
        }
        known.insert(passage, found.clone());
        found
    }
}

/// A version of the regulation of a title, of the nation or of the place `of` whose text speaks of it, that everybody
/// may read: only of such a one there are pages.
pub fn public_version(
    store: &RecordStore,
    title: &str,
    of: Option<&DivisionCode>,
) -> Result<Option<String>, StoreError> {
    let is_meant = |version: &Record| match &version.body {
        Body::Regulation(regulation) => {
            regulation.division.as_ref().is_none_or(|own| of.is_some_and(|of| own.covers(of)))
        }
        _ => false,
    };
    for (_, id) in store.list(&List::Work(&work_reference(title)), None, MAX_VERSIONS)? {
        if store.head_of(&id)?.is_some_and(|version| version.is_public() && is_meant(&version)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The version of a regulation that a newer one came after: the newest of those of the same place that are older.
pub fn version_before(store: &RecordStore, id: &str, regulation: &Regulation) -> Result<Option<Record>, StoreError> {
    let mut newest: Option<Record> = None;
    for (_, other) in store.list(&List::Work(&work_reference(&regulation.title)), None, MAX_VERSIONS)? {
        let Some(head) = store.head_of(&other)?.filter(|other| other.id != id && other.is_public()) else { continue };
        // Another place has regulations of the same title.
        let day = |record: &Record| match &record.body {
            Body::Regulation(r) if r.division == regulation.division => r.version_date,
            _ => None,
        };
        let older = day(&head).is_some() && day(&head) < regulation.version_date;
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

    fn regulation(articles: &[&str]) -> Regulation {
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

    fn told(changed: &[ChangedArticle]) -> Vec<(u32, Option<u32>, Option<u32>)> {
        let number = |article: &Option<Article>| article.as_ref().and_then(|a| a.number).map(|n| n.number);
        changed.iter().map(|c| (c.number.number, number(&c.old), number(&c.new))).collect()
    }

    #[test]
    fn only_what_rests_on_changed_articles_is_concerned() {
        let (old, new) =
            (regulation(&["甲，由县办。", "乙由县办。", "丙由县办。"]), regulation(&["甲由县办。", "乙由市办。"]));
        let unchanged = Unchanged::between(old, new);
        let work = work_reference("甲法");
        use Concerned::*;
        for (basis, concerned) in [
            ("《甲法》第一条：甲由县办。", None),
            ("《甲法》第二条", Some(ByArticle)),
            ("《甲法》第一条、第二条", Some(ByArticle)),
            ("《甲法》第三条", Some(ByArticle)),
            ("《甲法》第九条", Some(ByArticle)),
            ("《甲法》", Some(InGeneral)),
            ("《甲法》第一条；《甲法》第二章", Some(InGeneral)),
            ("《乙法》第一条", Some(InGeneral)),
        ] {
            assert_eq!(unchanged.concerns(&resting(basis), &work), concerned, "{basis}");
        }
        let changed = unchanged.changed_for(&resting("《甲法》第一条、第二条、第三条"), &work);
        assert_eq!(told(&changed), [(2, Some(2), Some(2)), (3, Some(3), None)]);
        assert_eq!(unchanged.missing(), 2);
    }

    const ANNUAL: &str = "经营甲类示例场所的单位应当每年向县级人民政府主管部门报送检验记录和登记表。";
    const FINE: &str = "未经许可经营甲类示例场所的，由县级人民政府主管部门处一万元以上五万元以下罚款。";
    const SIGN: &str = "甲类示例场所的门口应当悬挂统一制作的标志牌，并写明负责人的姓名和电话。";

    /// Bases that cite an older version by its own numbers: the articles with their words count, and not the neighbours
    /// that have these numbers now.
    #[test]
    fn an_article_that_has_another_number_now_is_found_by_its_words() {
        let old = regulation(&["为了示例，制定本法。", FINE, ANNUAL, SIGN]);
        let fine = FINE.replace("五万元", "十万元");
        let unchanged = Unchanged::between(old, regulation(&["为了示例，制定本法。", &fine, ANNUAL, SIGN]));
        let work = work_reference("甲法");
        let older = FINE.replace("一万元以上", "五千元以上");
        for (basis, concerned) in [
            // The changed article, under the number that it had before.
            (format!("《甲法》（2015年修订）第三条：{FINE}"), true),
            (format!("《甲法》（2015年修订）第三条第一款：{older}"), true),
            // Unchanged ones under the number of the changed article.
            (format!("《甲法》（2015年修订）第二条：{ANNUAL}"), false),
            // Both are named, and the words stand in one of them.
            (format!("《甲法》第二条、第三条：{ANNUAL}"), true),
            // Without words the number is all there is.
            ("《甲法》（2015年修订）第二条".to_owned(), true),
            ("《甲法》（2015年修订）第三条".to_owned(), false),
            // Words that no article has.
            ("《甲法》第二条：另一件与此完全不同的事，归另外的机构管。".to_owned(), true),
        ] {
            assert_eq!(unchanged.concerns(&resting(&basis), &work).is_some(), concerned, "{basis}");
        }
        let changed = unchanged.changed_for(&resting(&format!("《甲法》（2015年修订）第三条：{FINE}")), &work);
        assert_eq!(told(&changed), [(2, Some(2), Some(2))], "the redline is of the article that has the words");
    }

    #[test]
    fn an_article_that_an_inserted_one_moved_is_set_beside_itself() {
        let old = regulation(&[FINE, ANNUAL]);
        let unchanged = Unchanged::between(old, regulation(&["新的一条说的是别的示例事项。", FINE, ANNUAL]));
        let changed = unchanged.changed_for(&resting("《甲法》第一条"), &work_reference("甲法"));
        assert_eq!(told(&changed), [(1, Some(1), Some(2))]);
        assert_eq!(changed[0].new.as_ref().unwrap().text, FINE);
    }

    /// The next article has the number of one that was taken out, and words that all such articles have.
    #[test]
    fn an_article_that_was_taken_out_is_set_beside_nothing() {
        let next = FINE.replace("经营甲类示例场所", "设置示例标志牌").replace("未经许可", "不按规定");
        let old = regulation(&["为了示例，制定本法。", FINE, &next]);
        let unchanged = Unchanged::between(old, regulation(&["为了示例，制定本法。", &next]));
        let changed = unchanged.changed_for(&resting(&format!("《甲法》第二条：{FINE}")), &work_reference("甲法"));
        assert_eq!(told(&changed), [(2, Some(2), None)]);
    }

    #[test]
    fn a_chapter_means_the_articles_below_it() {
        let with_chapters = |articles: &[&str]| {
            let heading = |title: &str, first_article| indexer::record::Heading {
                depth: 1,
                title: title.to_owned(),
                first_article,
            };
            Regulation {
                headings: vec![heading("第一章 总则", 0), heading("第二章 罚则", 2)], ..regulation(articles)
            }
        };
        let fine = FINE.replace("五万元", "十万元");
        let old = with_chapters(&["为了示例，制定本法。", ANNUAL, FINE]);
        let unchanged = Unchanged::between(old, with_chapters(&["为了示例，制定本法。", ANNUAL, &fine]));
        let work = work_reference("甲法");
        assert_eq!(unchanged.concerns(&resting("《甲法》第一章。"), &work), None);
        let both = resting("《甲法》第一章、第二章。");
        assert_eq!(unchanged.concerns(&both, &work), Some(Concerned::InGeneral));
        assert_eq!(unchanged.named_in_general(&both, &work), ["第一章、第二章"]);
        assert_eq!(told(&unchanged.changed_for(&both, &work)), [(3, Some(3), Some(3))]);
        assert_eq!(unchanged.named_in_general(&resting("《甲法》"), &work), ["整部"]);
    }
}
