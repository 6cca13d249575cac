use proptest::prelude::*;

use super::*;
use crate::{Body, samples};

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

fn event(date: Date, kind: EventKind, text: &str) -> Event {
    Event { date: Some(date), kind, text: text.into() }
}

fn adopted() -> Event {
    event(day(1991, 4, 9), EventKind::Adopted, "第一届某会议通过")
}

fn law(title: &str, version: Date, closing: &str, history: Vec<Event>) -> Regulation {
    let Body::Regulation(mut r) = samples::law(title, version, &["一。", closing]).body else { unreachable!() };
    r.history = history;
    r
}

fn effects(all: &[&Regulation], dictionary: &[AmendingDecision]) -> Vec<Effect> {
    let ids: Vec<String> = (0..all.len()).map(|n| n.to_string()).collect();
    let borrowed: Vec<(&str, &Regulation)> = ids.iter().map(String::as_str).zip(all.iter().copied()).collect();
    let mut found = derive(&borrowed, dictionary);
    ids.iter().map(|id| found.remove(id).unwrap()).collect()
}

#[test]
fn a_decision_on_parts_is_no_revision_of_the_whole() {
    let amended = |year, text: &str| event(day(year, 1, 1), EventKind::Amended, text);
    let in_parts = "某会议《关于修改〈甲法〉的决定》第二次修正";
    let history = [adopted(), amended(2001, "某会议修订"), amended(2010, "某会议第二次修订"), amended(2018, in_parts)];
    assert_eq!(last_revision(&history), Some(day(2010, 1, 1)));
    assert_eq!(last_revision(&[adopted(), amended(2018, in_parts)]), None);
    assert_eq!(last_revision(&[]), None);
}

#[test]
fn a_first_version_and_a_revision_say_it_themselves() {
    let closing = "本法自2024年3月1日起施行。";
    let first = law("甲法", day(2023, 12, 1), closing, vec![adopted()]);
    let revised = law(
        "乙法",
        day(2023, 12, 1),
        closing,
        vec![adopted(), event(day(2023, 12, 1), EventKind::Amended, "某会议修订")],
    );
    let package = law("丙法", day(2023, 12, 1), closing, Vec::new());
    for r in [&first, &revised, &package] {
        assert_eq!(effects(&[r], &[])[0].date, Some(day(2024, 3, 1)), "{}", r.title);
    }
    let mut published = law("甲法", day(2023, 12, 1), "本法自公布之日起施行。", vec![adopted()]);
    assert_eq!(effects(&[&published], &[])[0].date, None, "the day of publication is not known");
    published.published = Some(day(2023, 12, 3));
    assert_eq!(effects(&[&published], &[])[0].date, Some(day(2023, 12, 3)));
    let earlier = law("甲办法", day(2014, 1, 5), "本办法自2014年1月1日起施行。", vec![adopted()]);
    assert_eq!(effects(&[&earlier], &[])[0].date, Some(day(2014, 1, 1)), "a first version may apply from before");
}

#[test]
fn an_amended_version_keeps_the_closing_article_of_its_first() {
    let version = day(2023, 9, 1);
    let amended = |text: &str| vec![adopted(), event(version, EventKind::Amended, text)];
    for text in ["某会议《关于修改〈甲法〉的决定》第五次修正", "《某机关关于修改部分行政法规的决定》第一次修订"]
    {
        for closing in ["本法自1991年4月9日起施行。", "本法自公布之日起施行。", "本法由甲部负责解释。"]
        {
            let mut r = law("甲法", version, closing, amended(text));
            r.published = Some(version);
            // What the package made of it.
            r.history.push(stated("包", version));
            let found = &effects(&[&r], &[])[0];
            assert_eq!(found.date, None, "{text} {closing}");
            assert!(found.contradiction.as_ref().unwrap().contains("包 所载为 2023-09-01"), "{found:?}");
            r.effective = Some(version);
            assert_eq!(effects(&[&r], &[])[0].date, None, "a record that was read before the rule");
        }
    }
    let mut later = law("甲法", version, "本法自公布之日起施行。", amended("《关于修改〈甲法〉的决定》修正"));
    later.effective = Some(day(2024, 1, 1));
    assert_eq!(effects(&[&later], &[])[0].date, Some(day(2024, 1, 1)), "what a person enters counts");
    let coming = law("甲法", version, "本法自2024年5月1日起施行。", amended("《关于修改〈甲法〉的决定》修正"));
    assert_eq!(effects(&[&coming], &[])[0].date, Some(day(2024, 5, 1)), "amended before it took effect");
}

#[test]
fn the_amending_decision_says_it() {
    let version = day(2023, 9, 1);
    let mut law_ = law(
        "中华人民共和国甲法",
        version,
        "本法自公布之日起施行。",
        vec![adopted(), event(version, EventKind::Amended, "《关于修改〈甲法〉的决定》修正")],
    );
    law_.history.push(stated("包", version));
    let known = AmendingDecision {
        work: "甲法".into(),
        adopted: version,
        effective: day(2024, 1, 1),
        source: "某会议关于修改《甲法》的决定".into(),
    };
    let found = &effects(&[&law_], std::slice::from_ref(&known))[0];
    assert_eq!(found.date, Some(day(2024, 1, 1)));
    assert_eq!(
        found.contradiction.as_deref(),
        Some(
            "《中华人民共和国甲法》（2023-09-01）施行日期：包 所载为 2023-09-01；《某会议关于修改《甲法》的决定》为 2024-01-01，采用后者"
        )
    );
    let mut decision =
        law("某会议关于修改《中华人民共和国甲法》的决定", version, "本决定自2024年2月1日起施行。", Vec::new());
    decision.document_kind = DocumentKind::Amendment;
    let found = effects(&[&law_, &decision], &[]);
    assert_eq!((found[0].date, found[1].date), (Some(day(2024, 2, 1)), Some(day(2024, 2, 1))));
    // The library's word and the dictionary's differ: the library's counts, and both are reported.
    let found = &effects(&[&law_, &decision], &[known])[0];
    assert_eq!(found.date, Some(day(2024, 2, 1)));
    assert!(found.contradiction.as_ref().unwrap().contains("2024-01-01"));
    // Another version of the same law is none of the decision's.
    let older = law("甲法", day(2012, 8, 31), "本法自公布之日起施行。", law_.history[..1].to_vec());
    assert_eq!(effects(&[&older, &decision], &[])[0].date, None);
    assert_eq!(amended("中华人民共和国甲法修正案（十一）"), ["甲法"]);
}

#[test]
fn a_version_without_history_counts_only_where_it_stands_alone() {
    let version = day(2025, 10, 28);
    let mut r = law("甲法", version, "本法自公布之日起施行。", vec![stated("包", version)]);
    r.published = Some(version);
    assert_eq!(effects(&[&r], &[])[0].date, Some(version));
    let older = law("甲法", day(2018, 12, 29), "本法自公布之日起施行。", Vec::new());
    assert_eq!(effects(&[&r, &older], &[])[0].date, None, "a text with an older one may be amended");
}

#[test]
fn sources_that_differ_are_told() {
    let mut r = law("甲法", day(2020, 1, 1), "本法自2020年6月1日起施行。", vec![adopted()]);
    r.effective = Some(day(2020, 6, 1));
    assert_eq!(effects(&[&r], &[])[0].contradiction, None);
    r.history.push(stated("乙源", day(2020, 7, 1)));
    r.history.push(version_stated("乙源", day(2020, 1, 9)));
    let found = &effects(&[&r], &[])[0];
    assert_eq!(found.date, Some(day(2020, 6, 1)));
    let told = found.contradiction.as_deref().unwrap();
    assert!(told.contains("乙源 所载为 2020-07-01") && told.contains("乙源 所载版本日期为 2020-01-09"), "{told}");
}

#[test]
fn days_are_read_in_every_numeral_and_from_the_regulations_own_sentence() {
    for (text, want) in [
        ("本条例自2004年1月1日起施行。", Some(day(2004, 1, 1))),
        ("本办法自 2004 年 1 月 1 日起实施。", Some(day(2004, 1, 1))),
        ("本规定自二〇〇四年十二月三十一日起施行。", Some(day(2004, 12, 31))),
        ("本法自2021年1月1日起施行。第三条自2022年1月1日起施行。", Some(day(2021, 1, 1))),
        ("自2004年1月1日起执行。", Some(day(2004, 1, 1))),
        ("本法自2004年2月30日起施行。", None),
        ("本法自公布之日起施行。", None),
    ] {
        assert_eq!(stated_day(text), want, "{text}");
    }
}

proptest! {
    /// Whatever is said of a version that a decision made, the first version's day is never taken for its own, and
    /// what is chosen is what somebody said.
    #[test]
    fn a_chosen_day_is_a_stated_one_and_never_the_first_versions(
        closing in 0..3usize, package in 0..400i64, person in proptest::option::of(0..400i64), decided in proptest::option::of(0..400i64),
    ) {
        let version = day(2020, 3, 1);
        let later = |days: i64| version.checked_add(jiff::Span::new().days(days)).unwrap();
        let closing = ["本法自1991年5月1日起施行。", "本法自公布之日起施行。", "本法由甲部解释。"][closing];
        let mut r = law("甲法", version, closing, vec![adopted(), event(version, EventKind::Amended, "《关于修改〈甲法〉的决定》修正")]);
        r.published = Some(version);
        r.history.push(stated("包", later(package)));
        r.effective = person.map(later);
        let decision = decided.map(|days| AmendingDecision {
            work: "甲法".into(), adopted: version, effective: later(days), source: "决定".into(),
        });
        let found = effects(&[&r], decision.as_slice()).remove(0);
        match (decided, found.date) {
            (Some(days), date) => prop_assert_eq!(date, Some(later(days))),
            (None, Some(date)) => {
                prop_assert!(date >= version);
                prop_assert!(date == later(package) || Some(date) == person.map(later));
            }
            (None, None) => prop_assert_eq!(package, 0),
        }
    }
}
