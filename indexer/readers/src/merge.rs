//! The same version of a regulation from two sources becomes one record with both sources named.

use std::collections::HashMap;

use super::china_law;
use record::{Body, Heading, Record, Regulation, effect, work_key};

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
            Body::Regulation(other) => {
                let days = if from_one_source(&merged[at], &record) { 0 } else { SAME_DAYS };
                merged[at].id == record.id || same_text(other, regulation, days)
            }
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

/// Whether a source has both: it gives the days of its texts in one way, so that another day means another version.
fn from_one_source(a: &Record, b: &Record) -> bool {
    a.provenance.iter().any(|of_a| b.provenance.iter().any(|of_b| of_a.source == of_b.source))
}

/// Whether two texts are one version: all but the same and of nearly the same day, or wholly the same. An amendment
/// that changes ten articles of five hundred makes another version.
fn same_text(a: &Regulation, b: &Regulation, most_days: i64) -> bool {
    let days = match (a.version_date, b.version_date) {
        (Some(a), Some(b)) => a.duration_until(b).as_hours().abs() / 24,
        _ => 0,
    };
    alike(a, b) >= if days <= most_days { SAME_TEXT } else { 1.0 }
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
    let news = other.provenance.iter().find(|p| !kept.provenance.iter().any(|k| k.source == p.source));
    let other_source = news.or(other.provenance.first()).map(|p| p.source.clone());
    kept.provenance.extend(other.provenance);
    kept.provenance.sort();
    kept.provenance.dedup();
    if let (Body::Regulation(r), Body::Regulation(mut o)) = (&mut kept.body, other.body) {
        if r.issuers.is_empty() {
            r.issuers = std::mem::take(&mut o.issuers);
        }
        r.document_number = r.document_number.take().or_else(|| o.document_number.take());
        r.published = r.published.or(o.published);
        r.stated_status = r.stated_status.or(o.stated_status);
        let source = other_source.as_deref().unwrap_or_default();
        // What the other source says of the version's days stays beside ours, for whoever judges between them.
        let dates = [
            o.effective
                .filter(|day| r.effective.is_some_and(|ours| ours != *day))
                .map(|day| effect::stated(source, day)),
            o.version_date.filter(|day| r.version_date != Some(*day)).map(|day| effect::version_stated(source, day)),
        ];
        let statements = |r: &Regulation| r.history.iter().filter(|e| effect::is_statement(e)).count();
        let (ours, theirs) = (r.history.len() - statements(r), o.history.len() - statements(&o));
        let (kept, given) = if ours > 0 || theirs == 0 {
            (std::mem::take(&mut r.history), std::mem::take(&mut o.history))
        } else {
            (std::mem::take(&mut o.history), std::mem::take(&mut r.history))
        };
        r.history = kept;
        r.effective = r.effective.or(o.effective);
        for event in given.into_iter().filter(effect::is_statement).chain(dates.into_iter().flatten()) {
            if !r.history.contains(&event) {
                r.history.push(event);
            }
        }
        if r.preamble.is_empty() {
            r.preamble = std::mem::take(&mut o.preamble);
        }
        if richness(&o.headings) > richness(&r.headings) {
            let headings = placed(&o, r);
            if richness(&headings) > richness(&r.headings) {
                r.headings = headings;
            }
        }
        if r.attachment.is_empty() {
            r.attachment = std::mem::take(&mut o.attachment);
        }
    }
}

/// How much headings tell: those with a number of their own first, since a source that numbers them keeps their order.
fn richness(headings: &[Heading]) -> (usize, usize) {
    (headings.iter().filter(|h| h.title.starts_with('第')).count(), headings.len())
}

/// The headings of one text at the articles of another, by the articles' labels. A heading above an article that the
/// other text lacks stands above the next one that it has.
fn placed(from: &Regulation, onto: &Regulation) -> Vec<Heading> {
    if from.articles.len() == onto.articles.len() {
        return from.headings.clone();
    }
    let places: HashMap<&str, usize> = onto.articles.iter().zip(0..).map(|(a, at)| (a.label.as_str(), at)).collect();
    let mut headings: Vec<Heading> = Vec::with_capacity(from.headings.len());
    for heading in &from.headings {
        let below = from.articles.iter().skip(heading.first_article);
        let Some(first_article) = below.filter_map(|a| places.get(a.label.as_str()).copied()).next() else { continue };
        // Labels that are not in order would put headings out of order.
        if headings.last().is_none_or(|before| before.first_article <= first_article) {
            headings.push(Heading { first_article, ..heading.clone() });
        }
    }
    headings
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{Article, Date, Event, EventKind, Provenance, RegulationLevel, regulation_id};

    fn record(source: &str, date: (i16, i8, i8), texts: &[&str]) -> Record {
        let version_date = Some(Date::constant(date.0, date.1, date.2));
        let article = |(i, text): (usize, &&str)| Article { label: format!("{i}"), number: None, text: (*text).into() };
        let regulation = Regulation {
            document_number: (source == "laws").then(|| "主席令第1号".into()),
            version_date,
            articles: texts.iter().enumerate().map(article).collect(),
            ..Regulation::blank("甲法", RegulationLevel::Law)
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

    fn regulation(record: &mut Record) -> &mut Regulation {
        let Body::Regulation(r) = &mut record.body else { panic!("a law") };
        r
    }

    fn heading(depth: u8, title: &str, first_article: usize) -> Heading {
        Heading { depth, title: title.into(), first_article }
    }

    #[test]
    fn the_richer_headings_stay_whichever_text_is_kept() {
        let texts = ["甲。", "乙。", "丙。", "丁。"];
        let mut whole = record("laws", (2020, 1, 1), &texts);
        let all = vec![
            heading(1, "第一编 子", 0),
            heading(3, "第一章 丑", 0),
            heading(1, "第二编 寅", 2),
            heading(1, "附则", 3),
        ];
        regulation(&mut whole).headings = all.clone();
        let mut flat = record(china_law::PACKAGE, (2020, 1, 1), &texts);
        regulation(&mut flat).headings = vec![heading(3, "第一章 丑", 0)];
        for both in [vec![whole.clone(), flat.clone()], vec![flat.clone(), whole.clone()]] {
            let (mut merged, _) = merge_regulations(both);
            assert_eq!(merged.len(), 1);
            assert_eq!(regulation(&mut merged[0]).headings, all);
        }
        // Read again beside what was merged before, nothing changes.
        let (merged, _) = merge_regulations(vec![whole, flat.clone()]);
        let (again, _) = merge_regulations(vec![merged[0].clone(), flat]);
        assert_eq!(again, merged);
    }

    #[test]
    fn headings_move_with_their_articles() {
        let mut texts: Vec<String> = (0..60).map(|n| format!("第{n}。")).collect();
        let borrowed =
            |texts: &[String]| record("laws", (2020, 1, 1), &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let longer = borrowed(&texts);
        // The other source lacks the last two articles and has all headings.
        texts.truncate(58);
        let mut shorter = borrowed(&texts);
        regulation(&mut shorter).headings = vec![heading(3, "第一章 子", 0), heading(3, "第二章 丑", 30)];
        let (mut merged, united) = merge_regulations(vec![shorter, longer]);
        assert_eq!(united, 1);
        let r = regulation(&mut merged[0]);
        assert_eq!((r.articles.len(), r.headings.len(), r.headings[1].first_article), (60, 2, 30));
    }

    #[test]
    fn other_sources_days_are_kept_beside_ours_once() {
        let mut ours = record("laws", (2020, 1, 1), &["甲。"]);
        regulation(&mut ours).effective = Some(Date::constant(2020, 6, 1));
        regulation(&mut ours).history =
            vec![Event {
                date: Some(Date::constant(2020, 1, 1)), kind: EventKind::Adopted, text: "某会议通过".into()
            }];
        let mut theirs = record("x", (2020, 1, 3), &["甲。"]);
        regulation(&mut theirs).effective = Some(Date::constant(2020, 7, 1));
        let (mut merged, _) = merge_regulations(vec![ours, theirs.clone()]);
        let texts = |r: &mut Record| regulation(r).history.iter().map(|e| e.text.clone()).collect::<Vec<_>>();
        let want = ["某会议通过", "施行（x 所载）", "版本日期（x 所载）"];
        assert_eq!(texts(&mut merged[0]), want);
        let (mut again, _) = merge_regulations(vec![merged.remove(0), theirs]);
        assert_eq!(texts(&mut again[0]), want, "once, however often it is read");
        assert_eq!(regulation(&mut again[0]).effective, Some(Date::constant(2020, 6, 1)));
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
        let of_one_source = vec![record("laws", (2020, 1, 1), &many), record("laws", (2020, 1, 3), &amended)];
        assert_eq!(merge_regulations(of_one_source).0.len(), 2, "two days apart in one folder");
        let different = vec![record("laws", (2020, 1, 1), &["甲。"]), record("x", (2021, 1, 1), &["丙。"])];
        assert_eq!(merge_regulations(different).0.len(), 2);
    }
}
