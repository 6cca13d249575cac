use super::*;
use crate::{
    kinds::staffing_scheme::{NameThen, as_of},
    staffing,
};

fn event(change: Change, day: &str, from: &[&str], to: &[&str]) -> InstitutionEvent {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let body = to.first().or(from.first()).map_or("甲局", |name| name);
    InstitutionEvent {
        title: format!("{}{}", from.join("、"), change.label()),
        institution_name: body.to_owned(),
        institution_id: None,
        division: "520321".parse().unwrap(),
        date: Some(day.parse().unwrap()),
        change,
        document_number: None,
        organ: None,
        from: names(from),
        to: names(to),
        numbers: Vec::new(),
        note: String::new(),
        checked: Seen::default(),
    }
}

/// S3: before ± change = after. Valid: 82−4=78. Invalid: 82−4=79.
#[test]
fn s3_numbers_before_and_after_a_change_add_up() {
    let staffing = |line: &str| InstitutionEvent {
        numbers: staffing::read(vec![line.to_owned()]).unwrap(),
        ..event(Change::Staffing, "2019-11-02", &[], &["甲局"])
    };
    assert_eq!(rules::findings(&staffing("行政编制：82－4＝78")), [""; 0]);
    assert_eq!(rules::findings(&staffing("行政编制：82－4＝79")), ["数量变化“行政编制：82－4＝79”算不平"]);
    let told_after_alone = staffing("行政编制：？－4＝78");
    assert_eq!(rules::findings(&told_after_alone), [""; 0]);
    assert_eq!(told_after_alone.numbers[0].before(), Some(82), "what was before follows");
}

/// S6: 设立 ≤ every event ≤ 撤销; 合并/撤销 names a receiver of duties. Valid: 合并 → 市场监管局. Invalid: an event of
/// 2020, abolished in 2019.
#[test]
fn s6_events_lie_between_setting_up_and_abolishing() {
    let set_up = event(Change::SetUp, "2010-01-01", &[], &["甲局"]);
    let abolished = event(Change::Abolished, "2019-03-01", &["甲局"], &["乙局"]);
    let within = event(Change::Staffing, "2015-05-01", &[], &["甲局"]);
    let late = event(Change::Staffing, "2020-05-01", &[], &["甲局"]);
    let (lives, told) = line_of_descent(&[within.clone(), abolished.clone(), set_up.clone()]);
    assert_eq!(told, [""; 0]);
    assert_eq!(lives[0].successors, ["乙局"]);
    let (_, told) = line_of_descent(&[set_up.clone(), abolished.clone(), within, late]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("2019-03-01"), "{told:?}");
    // One that comes to the others is reported with what it makes wrong, and no more.
    let told = |event: &InstitutionEvent, others: &[&InstitutionEvent]| {
        out_of_line(&Body::InstitutionEvent(event.clone()), others)
    };
    let late = event(Change::Staffing, "2020-05-01", &[], &["甲局"]);
    assert_eq!(told(&late, &[&set_up, &abolished]).len(), 1);
    assert_eq!(told(&abolished, &[&set_up, &late]), ["2020-05-01“调整编制”晚于“甲局”终止的日期 2019-03-01"]);
    let early = event(Change::Staffing, "2012-05-01", &[], &["甲局"]);
    assert_eq!(told(&early, &[&set_up, &abolished, &late]), [""; 0]);
    // Whoever goes leaves the duties to somebody.
    assert_eq!(rules::findings(&event(Change::Merged, "2019-03-01", &["甲局", "丙局"], &["市场监管局"])), [""; 0]);
    let nobody = rules::findings(&event(Change::Abolished, "2019-03-01", &["甲局"], &[]));
    assert_eq!(nobody, ["撤销没有写明由哪个机构承接职责"]);
}

/// S7: approval one level up for 设立/撤销/合并/改名/规格; own 编办 for 内设 (a warning). Valid: 市政府批准县局.
/// Invalid: 县编办批准县局.
#[test]
fn s7_weighty_changes_are_approved_one_level_up() {
    let by = |organ: &str, change| InstitutionEvent { organ: Some(organ.into()), ..event(change, "2019-03-01", &["甲局"], &["乙局"]) };
    assert_eq!(rules::findings(&by("乙市人民政府", Change::Renamed)), [""; 0]);
    assert!(rules::findings(&by("中共甲县委机构编制委员会办公室", Change::Renamed))[0].contains("上一级政府批准"));
    assert!(rules::findings(&by("甲县编办", Change::Renamed))[0].contains("上一级政府批准"));
    assert!(rules::findings(&by("甲县人民政府", Change::Renamed))[0].contains("上一级政府批准"));
    assert_eq!(rules::findings(&by("中共甲县委机构编制委员会办公室", Change::Units)), [""; 0], "inner units are its own");
    for organ in ["乙市编办", "甲县人民政府"] {
        assert!(rules::findings(&by(organ, Change::Units))[0].contains("第十三条"), "{organ}");
    }
    let city = InstitutionEvent { division: "520382".parse().unwrap(), ..by("仁怀市委编办", Change::Units) };
    assert_eq!(rules::findings(&city), [""; 0], "a city of a county's level");
    // Of public institutions the staffing office decides itself.
    let station = InstitutionEvent { institution_name: "甲县水文站".into(), ..by("甲县编办", Change::Renamed) };
    assert_eq!(rules::findings(&station), [""; 0]);
    let was_a_station = InstitutionEvent { from: vec!["甲县水文站".into()], ..by("甲县编办", Change::Renamed) };
    assert_eq!(rules::findings(&was_a_station), [""; 0], "by the name before as well");
    let coordinates = event(Change::SetUp, "2019-03-01", &[], &["甲县防汛指挥部"]);
    let coordinates = InstitutionEvent { organ: Some("甲县人民政府".into()), ..coordinates };
    assert_eq!(rules::findings(&coordinates), [""; 0], "a government sets it up itself");
    // The county above a township decides for it.
    for change in [Change::Renamed, Change::Units] {
        let town = InstitutionEvent { division: "520302001".parse().unwrap(), ..by("甲县编办", change) };
        assert_eq!(rules::findings(&town), [""; 0], "{change:?}");
    }
}

/// S10: every institution named exists on the effective date. Valid in 2020: 生态环境部. Invalid in 2020: 环境保护部.
#[test]
fn s10_a_name_is_in_use_between_its_events() {
    let renamed = event(Change::Renamed, "2018-03-17", &["环境保护部"], &["生态环境部"]);
    let day = |year| Date::constant(year, 1, 1);
    let on_day = |name: &'static str, year| names_out_of_time([name].into_iter(), day(year), std::slice::from_ref(&renamed));
    assert_eq!(on_day("生态环境部", 2020), [""; 0]);
    assert_eq!(on_day("环境保护部", 2020), ["“环境保护部”到 2018-03-17 为止，2020-01-01 时已由生态环境部承接"]);
    assert_eq!(on_day("中华人民共和国环境保护部", 2020), ["“环境保护部”到 2018-03-17 为止，2020-01-01 时已由生态环境部承接"]);
    assert_eq!(on_day("中华人民共和国生态环境部", 2020), [""; 0]);
    assert_eq!(on_day("生态环境部", 2017), ["“生态环境部”到 2018-03-17 才设立，2017-01-01 时还没有"]);
    assert_eq!(on_day("水利部", 2020), [""; 0], "of what no event tells nothing is claimed");
    let (lives, told) = line_of_descent(&[renamed]);
    assert!(told.is_empty());
    let on = |name: &str, day: &str| lives.iter().any(|life| life.name == name && life.holds_on(day.parse().unwrap()));
    assert!(on("生态环境部", "2020-01-01") && !on("环境保护部", "2020-01-01"));
    assert!(on("环境保护部", "2017-01-01") && !on("生态环境部", "2017-01-01"));
}

/// What has no day is never left out without a word: not of the line (S6), nor where names are looked up on a day (S10).
#[test]
fn events_without_a_day_are_told() {
    let undated = |change, from: &[&str], to: &[&str]| InstitutionEvent { date: None, ..event(change, "2019-03-20", from, to) };
    let renamed = undated(Change::Renamed, &["甲局"], &["乙局"]);
    assert!(rules::findings(&renamed)[0].contains("没有写日期"));
    let staffing = event(Change::Staffing, "2020-05-01", &[], &["甲局"]);
    let told = |event: &InstitutionEvent, other: &InstitutionEvent| {
        out_of_line(&Body::InstitutionEvent(event.clone()), &[other])
    };
    assert_eq!(told(&staffing, &renamed), ["“甲局更名”没有写日期，没有核对与它的先后"]);
    assert_eq!(told(&renamed, &staffing), [""; 0], "its own finding says so");
    let day = Date::constant(2020, 1, 1);
    let on_day = |name: &'static str, events: &[InstitutionEvent]| names_out_of_time([name].into_iter(), day, events);
    assert_eq!(on_day("甲局", std::slice::from_ref(&renamed)), ["“甲局更名”没有写日期，不知道 2020-01-01 时“甲局”是否还在"]);
    assert_eq!(on_day("乙局", std::slice::from_ref(&renamed)), ["“甲局更名”没有写日期，不知道 2020-01-01 时是否已经有“乙局”"]);
    assert_eq!(on_day("丙局", std::slice::from_ref(&renamed)), [""; 0]);
    // Where dated events tell both ends, those without a day add nothing.
    let known = [
        renamed,
        event(Change::SetUp, "2010-01-01", &[], &["甲局"]),
        event(Change::Abolished, "2024-03-01", &["甲局"], &["丁局"]),
    ];
    assert_eq!(on_day("甲局", &known), [""; 0]);
    let ended = [undated(Change::SetUp, &[], &["甲局"]), event(Change::Abolished, "2019-03-01", &["甲局"], &["丁局"])];
    assert_eq!(on_day("甲局", &ended), ["“甲局”到 2019-03-01 为止，2020-01-01 时已由丁局承接"]);
}

/// On a day an event without one is listed, whatever else is known.
#[test]
fn events_without_a_day_are_listed_of_every_day() {
    let undated = InstitutionEvent { date: None, ..event(Change::Renamed, "2019-03-20", &["甲局"], &["乙局"]) };
    let set_up = event(Change::SetUp, "2010-01-01", &[], &["甲局"]);
    let happenings = [Happening { id: "ev-1", event: &undated }, Happening { id: "ev-2", event: &set_up }];
    for year in [2005, 2015] {
        let then = as_of("乙局", &happenings, &[], Date::constant(year, 1, 1));
        assert_eq!(then.undated.iter().map(|happening| happening.id).collect::<Vec<_>>(), ["ev-1"], "{year}");
    }
    let alone = as_of("乙局", &happenings[..1], &[], Date::constant(2015, 1, 1));
    assert_eq!((alone.name, alone.undated.len()), (NameThen::Unrecorded("乙局".into()), 1));
}

#[test]
fn a_number_of_a_later_year_than_the_day_is_told() {
    let early = InstitutionEvent { document_number: Some("甲编〔2020〕3号".into()), ..event(Change::Staffing, "2019-03-01", &[], &["甲局"]) };
    assert_eq!(rules::findings(&early), ["日期 2019-03-01 早于文号“甲编〔2020〕3号”的年份"]);
}

#[test]
fn names_that_nobody_has_after_an_event_are_told() {
    for (change, from, to, expected) in [
        (Change::Renamed, &["甲局"][..], &["乙局"][..], vec!["甲局"]),
        (Change::Merged, &["甲局", "乙局"], &["乙局"], vec!["甲局"]),
        (Change::Abolished, &["甲局"], &[], vec!["甲局"]),
        (Change::Abolished, &[], &[], vec!["甲局"]),
        (Change::Units, &["甲局"], &["乙局"], vec![]),
    ] {
        assert_eq!(event(change, "2019-03-20", from, to).gone(), expected, "{change:?} {from:?}");
    }
}

/// An institution on days of its life: set up, renamed, moved, abolished.
#[test]
fn a_body_is_told_as_it_was_on_a_day() {
    use crate::kinds::staffing_scheme::comparison::{Held, InForce};
    let day = |text: &str| text.parse::<Date>().unwrap();
    let mut scheme = crate::kinds::staffing_scheme::StaffingScheme {
        title: "甲局主要职责、内设机构和人员编制规定".into(),
        institution_name: "甲局".into(),
        superior: "某市人民政府".into(),
        rank: "正处级".into(),
        plates: vec!["丙办".into()],
        effective: Some(day("2014-05-01")),
        ..Default::default()
    };
    scheme.repealed = Some(day("2019-03-20"));
    let schemes = [Held { id: "sd-1", scheme: &scheme }];
    let moved = InstitutionEvent { institution_name: "甲局".into(), ..event(Change::Moved, "2016-01-01", &["某市人民政府"], &["某市商务局"]) };
    let plate = InstitutionEvent { institution_name: "甲局".into(), ..event(Change::PlateAdded, "2018-01-01", &[], &["丁办"]) };
    let events = [
        event(Change::SetUp, "2010-01-01", &[], &["甲局"]),
        moved,
        plate,
        event(Change::Renamed, "2019-03-20", &["甲局"], &["乙局"]),
        event(Change::Abolished, "2023-05-01", &["乙局"], &["戊局"]),
    ];
    let ids = ["ev-1", "ev-2", "ev-3", "ev-4", "ev-5"];
    let happenings: Vec<Happening<'_>> = ids.iter().zip(&events).map(|(id, event)| Happening { id, event }).collect();
    let on = |text: &str| as_of("乙局", &happenings, &schemes, day(text));
    let then = on("2017-01-01");
    assert!(matches!(&then.name, NameThen::Called { name, since: Some(s), until: Some(u) } if name == "甲局" && s.id == "ev-1" && u.id == "ev-4"), "{then:?}");
    assert_eq!(then.scheme, InForce::One(schemes[0]));
    assert_eq!(then.superior.as_ref().map(|s| (s.value.as_str(), s.by.0)), Some(("某市商务局", "ev-2")));
    assert_eq!(then.rank.map(|rank| rank.value), Some("正处级".to_owned()));
    assert_eq!(then.plates.iter().map(|plate| plate.value.as_str()).collect::<Vec<_>>(), ["丙办"]);
    assert_eq!(on("2015-01-01").superior.map(|s| s.value), Some("某市人民政府".to_owned()));
    assert_eq!(on("2018-06-01").plates.len(), 2);
    assert!(matches!(on("2009-01-01").name, NameThen::NotYet { by, .. } if by.id == "ev-1"));
    assert_eq!(on("2009-01-01").scheme, InForce::NotYet(day("2014-05-01")));
    assert!(matches!(&on("2020-01-01").name, NameThen::Called { name, .. } if name == "乙局"));
    assert!(matches!(&on("2024-01-01").name, NameThen::Ended { successors, .. } if successors == &["戊局"]));
    assert_eq!(as_of("己局", &[], &[], day("2017-01-01")).name, NameThen::Unrecorded("己局".into()));
    // Before its first known event, a renamed institution had the name that it gave up.
    let renamed = [happenings[3]];
    let before = as_of("乙局", &renamed, &[], day("2017-01-01"));
    assert!(matches!(&before.name, NameThen::Called { name, since: None, until: Some(_) } if name == "甲局"));
}

/// An institution that was merged into another, or divided, is gone by the day, and nothing is reported of it after.
#[test]
fn a_body_that_was_merged_into_another_has_ended() {
    let merged = event(Change::Merged, "2019-03-20", &["甲局", "乙局"], &["丙局"]);
    let plate = InstitutionEvent { institution_name: "甲局".into(), ..event(Change::PlateAdded, "2018-01-01", &[], &["丁办"]) };
    let happenings = [Happening { id: "ev-1", event: &plate }, Happening { id: "ev-2", event: &merged }];
    let on = |name: &str, day: &str| as_of(name, &happenings, &[], day.parse().unwrap());
    let then = on("甲局", "2020-01-01");
    assert!(matches!(&then.name, NameThen::Ended { successors, .. } if successors == &["丙局"]), "{then:?}");
    assert!(then.plates.is_empty() && then.superior.is_none());
    assert!(matches!(&on("丙局", "2020-01-01").name, NameThen::Called { name, .. } if name == "丙局"));
    // One that took others in and kept its name goes on.
    let kept = event(Change::Merged, "2019-03-20", &["甲局", "乙局"], &["甲局"]);
    let then = as_of("甲局", &[Happening { id: "ev", event: &kept }], &[], Date::constant(2020, 1, 1));
    assert!(matches!(then.name, NameThen::Called { .. }));
}

/// Before an institution goes into another it is there by its own name, even where nothing tells since when; each of
/// several that one is divided into begins with that.
#[test]
fn a_body_is_there_until_it_is_merged_and_from_when_it_was_divided_off() {
    let merged = event(Change::Merged, "2026-12-01", &["甲局", "乙局"], &["丙局"]);
    let happenings = [Happening { id: "ev-1", event: &merged }];
    let on = |name: &str, day: &str| as_of(name, &happenings, &[], day.parse().unwrap()).name;
    for name in ["甲局", "乙局"] {
        assert!(matches!(on(name, "2017-01-01"), NameThen::Called { name: then, since: None, until: Some(_) } if then == name));
        assert!(matches!(on(name, "2027-01-01"), NameThen::Ended { .. }));
    }
    assert!(matches!(on("丙局", "2017-01-01"), NameThen::NotYet { before, .. } if before == ["甲局", "乙局"]));
    let divided = event(Change::Divided, "2010-01-01", &["戊局"], &["甲局", "乙局"]);
    let renamed = event(Change::Renamed, "2015-01-01", &["乙局"], &["丁局"]);
    let happenings = [Happening { id: "ev-1", event: &divided }, Happening { id: "ev-2", event: &renamed }];
    let on = |day: &str| as_of("丁局", &happenings, &[], day.parse().unwrap()).name;
    assert!(matches!(on("2012-01-01"), NameThen::Called { name, .. } if name == "乙局"));
    assert!(matches!(on("2016-01-01"), NameThen::Called { name, .. } if name == "丁局"));
    assert!(matches!(on("2009-01-01"), NameThen::NotYet { before, .. } if before == ["戊局"]));
}

proptest::proptest! {
    #[test]
    fn any_events_and_any_day_make_a_body_as_it_was(order in proptest::collection::vec((0..15usize, 2000..2030i16, 0..4usize, 0..4usize), 0..8), year in 1999..2031i16) {
        let names = ["甲局", "乙局", "丙局", "正处级"];
        let events: Vec<_> = order.into_iter().map(|(change, year, from, to)| {
            event(Change::ALL[change], &format!("{year}-01-01"), &[names[from]], &[names[to]])
        }).collect();
        let happenings: Vec<Happening<'_>> = events.iter().map(|event| Happening { id: "ev", event }).collect();
        let day = Date::constant(year, 6, 1);
        let told = as_of("甲局", &happenings, &[], day);
        let names = |change| matches!(change, Change::SetUp | Change::Renamed | Change::Merged | Change::Divided | Change::Abolished);
        let dates: Vec<Date> = events.iter().filter(|event| names(event.change)).filter_map(|event| event.date).collect();
        let last = dates.iter().copied().filter(|date| *date <= day).max();
        let next = dates.iter().copied().filter(|date| *date > day).min();
        let date = |happening: Happening<'_>| happening.event.date;
        match &told.name {
            NameThen::Unrecorded(name) => proptest::prop_assert_eq!((name.as_str(), last, next), ("甲局", None, None)),
            NameThen::Called { since, until, .. } => {
                proptest::prop_assert_eq!((since.and_then(date), until.and_then(date)), (last, next));
                proptest::prop_assert!(since.is_some() || until.is_some());
            }
            NameThen::NotYet { by, .. } => proptest::prop_assert_eq!((last, date(*by)), (None, next)),
            NameThen::Ended { by, .. } => proptest::prop_assert_eq!(date(*by), last),
        }
        for plate in &told.plates {
            let added = |event: &InstitutionEvent| event.change == Change::PlateAdded && event.to.contains(&plate.value) && event.date <= Some(day);
            proptest::prop_assert!(events.iter().any(added), "{:?}", plate);
        }
    }

    #[test]
    fn any_events_make_a_line(order in proptest::collection::vec((0..15usize, 2000..2030i16, 0..4usize, 0..4usize), 0..12)) {
        let names = ["甲局", "乙局", "丙局", "丁局"];
        let events: Vec<_> = order.into_iter().map(|(change, year, from, to)| {
            event(Change::ALL[change], &format!("{year}-01-01"), &[names[from]], &[names[to]])
        }).collect();
        let (lives, _) = line_of_descent(&events);
        for life in lives {
            proptest::prop_assert!(life.from.is_none() || life.until.is_none() || life.from <= life.until);
        }
    }
}
