//! The same version of a norm from two sources becomes one record with both sources named.

use std::collections::HashMap;

use super::china_law;
use crate::record::{Body, Record, Regulation, work_key};

/// Share of equal articles from which two texts of one work count as one version whose date the sources give
/// differently: one takes the day of adoption, the other that of publication.
const SAME_TEXT: f64 = 0.95;
/// Days between adoption and publication at most; an amendment that changes few articles comes later than that.
const SAME_DAYS: i64 = 200;

/// Unites records of regulations. Returns them with the number of records that were taken into others.
pub fn merge_regulations(records: Vec<Record>) -> (Vec<Record>, u64) {
    let mut merged: Vec<Record> = Vec::with_capacity(records.len());
    let mut by_work: HashMap<(String, Option<String>), Vec<usize>> = HashMap::new();
    let mut united = 0;
    for record in records {
        let Body::Regulation(regulation) = &record.body else {
            merged.push(record);
            continue;
        };
        let work = (work_key(&regulation.title), regulation.division.as_ref().map(ToString::to_string));
        let others = by_work.entry(work).or_default();
        let same = others.iter().copied().find(|&at| match &merged[at].body {
            Body::Regulation(other) => merged[at].id == record.id || same_text(other, regulation),
            _ => false,
        });
        match same {
            Some(at) => {
                unite(&mut merged[at], record);
                united += 1;
            }
            None => {
                others.push(merged.len());
                merged.push(record);
            }
        }
    }
    (merged, united)
}

/// Whether two texts are one version: all but the same and of nearly the same day, or wholly the same. An amendment that
/// changes ten articles of five hundred makes another version.
fn same_text(a: &Regulation, b: &Regulation) -> bool {
    let days = match (a.version_date, b.version_date) {
        (Some(a), Some(b)) => a.duration_until(b).as_hours().abs() / 24,
        _ => 0,
    };
    alike(a, b) >= if days <= SAME_DAYS { SAME_TEXT } else { 1.0 }
}

/// Share of the longer text's articles that the other has in the same words.
fn alike(a: &Regulation, b: &Regulation) -> f64 {
    let (fewer, more) = if a.articles.len() <= b.articles.len() { (a, b) } else { (b, a) };
    if fewer.articles.is_empty() {
        return 0.0;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let texts: HashMap<&str, String> = more.articles.iter().map(|a| (a.label.as_str(), letters(&a.text))).collect();
    let equal =
        fewer.articles.iter().filter(|a| texts.get(a.label.as_str()).is_some_and(|t| *t == letters(&a.text))).count();
    equal as f64 / more.articles.len() as f64
}

/// Takes `other` into `kept`. The longer text wins, the package's on a tie; what the winner lacks comes from the other.
fn unite(kept: &mut Record, mut other: Record) {
    let articles = |r: &Record| if let Body::Regulation(r) = &r.body { r.articles.len() } else { 0 };
    let from_package = |r: &Record| r.provenance.iter().any(|p| p.source == china_law::PACKAGE);
    let (ours, theirs) = (articles(kept), articles(&other));
    if theirs > ours || (theirs == ours && from_package(&other) && !from_package(kept)) {
        std::mem::swap(kept, &mut other);
        // Links to the record that was there first stay good.
        std::mem::swap(&mut kept.id, &mut other.id);
    }
    kept.provenance.extend(other.provenance);
    kept.provenance.sort();
    kept.provenance.dedup();
    if let (Body::Regulation(r), Body::Regulation(o)) = (&mut kept.body, other.body) {
        if r.issuers.is_empty() {
            r.issuers = o.issuers;
        }
        r.document_number = r.document_number.take().or(o.document_number);
        r.published = r.published.or(o.published);
        r.effective = r.effective.or(o.effective);
        r.stated_status = r.stated_status.or(o.stated_status);
        if r.history.is_empty() {
            r.history = o.history;
        }
        if r.preamble.is_empty() {
            r.preamble = o.preamble;
        }
        if r.headings.is_empty() && r.articles.len() == o.articles.len() {
            r.headings = o.headings;
        }
        if r.attachment.is_empty() {
            r.attachment = o.attachment;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Article, Date, DocumentKind, NormLevel, Provenance, regulation_id};

    fn record(source: &str, date: (i16, i8, i8), texts: &[&str]) -> Record {
        let version_date = Some(Date::constant(date.0, date.1, date.2));
        let article = |(i, text): (usize, &&str)| Article { label: format!("{i}"), number: None, text: (*text).into() };
        let regulation = Regulation {
            title: "甲法".into(),
            level: NormLevel::Law,
            document_kind: DocumentKind::Norm,
            issuers: Vec::new(),
            document_number: (source == "laws").then(|| "主席令第1号".into()),
            division: None,
            version_date,
            published: None,
            effective: None,
            stated_status: None,
            history: Vec::new(),
            preamble: String::new(),
            headings: Vec::new(),
            articles: texts.iter().enumerate().map(article).collect(),
            attachment: String::new(),
        };
        let provenance = Provenance { source: source.into(), place: None, date: None, licence: None };
        Record::published(
            regulation_id("甲法", version_date, None),
            None,
            vec![provenance],
            Body::Regulation(regulation),
        )
    }

    #[test]
    fn one_version_from_two_sources_is_one_record() {
        let (merged, united) = merge_regulations(vec![
            record("laws", (2020, 1, 1), &["甲。", "乙。"]),
            record(china_law::PACKAGE, (2020, 1, 1), &["甲。", "乙。"]),
        ]);
        assert_eq!((merged.len(), united), (1, 1));
        assert_eq!(merged[0].provenance.len(), 2);
        let Body::Regulation(r) = &merged[0].body else { panic!() };
        assert_eq!(r.document_number.as_deref(), Some("主席令第1号"));
    }

    #[test]
    fn equal_texts_under_two_dates_are_one_and_different_texts_are_two() {
        let same = vec![record("laws", (2020, 1, 1), &["甲。"]), record("x", (2020, 1, 9), &["甲 。"])];
        assert_eq!(merge_regulations(same).0.len(), 1);
        let many: Vec<String> = (0..100).map(|n| format!("第{n}。")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut amended = many.clone();
        amended[7] = "改了。";
        for (later, versions) in [((2020, 3, 1), 1), ((2023, 1, 1), 2)] {
            let both = vec![record("laws", (2020, 1, 1), &many), record("x", later, &amended)];
            assert_eq!(merge_regulations(both).0.len(), versions, "{later:?}");
        }
        let different = vec![record("laws", (2020, 1, 1), &["甲。"]), record("x", (2021, 1, 1), &["丙。"])];
        assert_eq!(merge_regulations(different).0.len(), 2);
    }
}
