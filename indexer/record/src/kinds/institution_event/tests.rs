use super::*;
use crate::staffing;

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
    }
}

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
    // Whoever goes leaves the duties to somebody.
    assert_eq!(rules::findings(&event(Change::Merged, "2019-03-01", &["甲局", "丙局"], &["市场监管局"])), [""; 0]);
    let nobody = rules::findings(&event(Change::Abolished, "2019-03-01", &["甲局"], &[]));
    assert_eq!(nobody, ["撤销没有写明由哪个机构承接职责"]);
}

#[test]
fn s7_weighty_changes_are_approved_one_level_up() {
    let by = |organ: &str, change| InstitutionEvent { organ: Some(organ.into()), ..event(change, "2019-03-01", &["甲局"], &["乙局"]) };
    assert_eq!(rules::findings(&by("乙市人民政府", Change::Renamed)), [""; 0]);
    assert!(rules::findings(&by("中共甲县委机构编制委员会办公室", Change::Renamed))[0].contains("上一级政府批准"));
    assert!(rules::findings(&by("甲县编办", Change::Renamed))[0].contains("上一级政府批准"));
    assert_eq!(rules::findings(&by("中共甲县委机构编制委员会办公室", Change::Units)), [""; 0], "inner units are its own");
}

#[test]
fn s10_a_name_is_in_use_between_its_events() {
    let renamed = event(Change::Renamed, "2018-03-17", &["环境保护部"], &["生态环境部"]);
    let (lives, told) = line_of_descent(&[renamed]);
    assert!(told.is_empty());
    let on = |name: &str, day: &str| lives.iter().any(|life| life.name == name && life.holds_on(day.parse().unwrap()));
    assert!(on("生态环境部", "2020-01-01") && !on("环境保护部", "2020-01-01"));
    assert!(on("环境保护部", "2017-01-01") && !on("生态环境部", "2017-01-01"));
}

#[test]
fn a_number_of_a_later_year_than_the_day_is_told() {
    let early = InstitutionEvent { document_number: Some("甲编〔2020〕3号".into()), ..event(Change::Staffing, "2019-03-01", &[], &["甲局"]) };
    assert_eq!(rules::findings(&early), ["日期 2019-03-01 早于文号“甲编〔2020〕3号”的年份"]);
}

proptest::proptest! {
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
