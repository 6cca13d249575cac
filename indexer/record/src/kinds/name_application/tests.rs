use proptest::prelude::*;

use super::*;
use crate::TimeUnit;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn application(name: &str, ascii: &str, division: &str) -> NameApplication {
    let division: DivisionCode = division.parse().unwrap();
    let chain = Chain::of(ascii, &division).unwrap();
    NameApplication {
        matter: Matter::Register,
        chain,
        stage: Stage::Draft,
        name: name.into(),
        ascii: ascii.into(),
        alternatives: Vec::new(),
        applicant: Box::new(ApplicantInstitution {
            id: "jy".into(),
            name: "甲县教育局".into(),
            category: Category::Government,
            credit_code: None,
            division: division.clone(),
            office: "jy".into(),
            administrative: Some(true),
        }),
        purpose: "发布教育工作信息".into(),
        ground: Ground::FullName,
        parallel: Vec::new(),
        main_name: None,
        current_site: String::new(),
        consent: Some(Consent { document: "甲教函〔2030〕3号".into(), day: None }),
        documents: Vec::new(),
        contact: "bgs@jyj.jia.gov.cn".into(),
        agreed: true,
        freeze: None,
        successor: None,
        sections: Vec::new(),
        handlers: vec!["甲".into()],
        reviewers: Vec::new(),
        link: 0,
        desk: division,
        clock: None,
        due: None,
        letters: Vec::new(),
        stages: Vec::new(),
        first_submitted: None,
        last_submitted: None,
        barred_until: None,
    }
}

pub(super) fn conac() -> NameApplication {
    application("甲县教育局.政务", "xn--a.xn--zfr164b", "520322")
}

fn clock(on: Date) -> Clock {
    Clock { limit: "name_first_review".into(), started: on, length: 5, unit: TimeUnit::WorkingDays, pauses: Vec::new() }
}

fn make(of: &mut NameApplication, name: &str, account: &str, on: &str) -> Result<(), Refused> {
    let step = Step {
        step: move_named(name).unwrap(),
        account,
        office: "某办",
        day: day(on),
        letter: None,
        review_clock: Some(clock(day(on))),
        barred_until: None,
    };
    step.apply(of)
}

#[test]
fn n7_handler_first_and_second_reviewer_are_three_persons() {
    let mut a = conac();
    make(&mut a, "submit", "甲", "2026-02-02").unwrap();
    assert_eq!((a.stage.label(), a.at_desk()), ("待初审", "同级机构编制部门"));
    assert_eq!(make(&mut a, "take", "甲", "2026-02-03"), Err(Refused::SamePerson), "the handler");
    make(&mut a, "take", "乙", "2026-02-03").unwrap();
    assert_eq!(make(&mut a, "pass", "丁", "2026-02-03"), Err(Refused::NotInvestigator));
    make(&mut a, "pass", "乙", "2026-02-04").unwrap();
    assert_eq!((a.stage.label(), a.at_desk(), a.desk.is_nation()), ("待复审", "注册管理机构", true));
    for again in ["甲", "乙"] {
        assert_eq!(make(&mut a, "take", again, "2026-02-05"), Err(Refused::SamePerson), "{again}");
    }
    make(&mut a, "take", "丙", "2026-02-05").unwrap();
    make(&mut a, "pass", "丙", "2026-02-06").unwrap();
    make(&mut a, "register", "丙", "2026-02-06").unwrap();
    assert_eq!((a.stage.label(), a.since()), ("已登记", Some(day("2026-02-06"))));
    assert_eq!(a.stages.len(), 6);
}

#[test]
fn n8_the_clock_stands_while_the_applicant_adds() {
    let mut a = conac();
    make(&mut a, "submit", "甲", "2026-02-02").unwrap();
    make(&mut a, "take", "乙", "2026-02-03").unwrap();
    assert_eq!(a.clock.as_ref().unwrap().started, day("2026-02-02"), "the day of receipt");
    make(&mut a, "supplement", "乙", "2026-02-04").unwrap();
    assert!(a.clock.as_ref().unwrap().is_paused() && a.stage.is_open_to_applicant());
    assert_eq!(a.at_desk(), "申请单位");
    // It is changed in place and handed in again: back to whoever asked.
    a.purpose = "发布教育工作信息，办理入学登记".into();
    make(&mut a, "submit", "甲", "2026-02-06").unwrap();
    let resumed = a.clock.as_ref().unwrap();
    assert!(!resumed.is_paused() && resumed.pauses[0].until == Some(day("2026-02-06")));
    assert_eq!((a.stage.label(), a.first_submitted, a.last_submitted), ("初审中", Some(day("2026-02-02")), Some(day("2026-02-06"))));
    make(&mut a, "pass", "乙", "2026-02-09").unwrap();
    assert_eq!(a.clock.as_ref().unwrap().started, day("2026-02-09"), "each review has its own");
}

#[test]
fn gov_cn_goes_up_level_by_level() {
    let mut a = application("jyj.jia.gov.cn", "jyj.jia.gov.cn", "520322");
    assert_eq!(a.chain, Chain::B);
    make(&mut a, "submit", "甲", "2026-02-02").unwrap();
    assert_eq!(a.desk.as_str(), "520300");
    make(&mut a, "take", "乙", "2026-02-03").unwrap();
    make(&mut a, "pass", "乙", "2026-02-03").unwrap();
    assert_eq!((a.stage, a.desk.as_str()), (Stage::AwaitsFirst, "520000"));
    assert_eq!(make(&mut a, "take", "乙", "2026-02-03"), Err(Refused::SamePerson));
    make(&mut a, "take", "丙", "2026-02-04").unwrap();
    make(&mut a, "pass", "丙", "2026-02-04").unwrap();
    assert_eq!((a.stage, a.desk.is_nation()), (Stage::AwaitsSecond, true));
    let province: DivisionCode = "520000".parse().unwrap();
    assert_eq!(Chain::of("jia.gov.cn", &province), Some(Chain::A));
    assert_eq!(Chain::of("jia.com", &province), None);
    assert_eq!(Chain::B.desk(0, &"520300".parse().unwrap()), province);
}

#[test]
fn what_lacks_something_is_not_handed_in() {
    for (spoil, part) in [
        ((|a: &mut NameApplication| a.contact = "zhangsan@qq.com".into()) as fn(&mut NameApplication), "公用邮箱"),
        (|a| a.contact = "13800138000@jia.gov.cn".into(), "公用邮箱"),
        (|a| a.contact.clear(), "联系邮箱"),
        (|a| a.consent = None, "文号"),
        (|a| a.agreed = false, "协议"),
        (|a| a.purpose = " ".into(), "用途"),
        (|a| a.matter = Matter::Freeze, "冻结的原因"),
        (|a| a.matter = Matter::Transfer, "承继"),
    ] {
        let mut a = conac();
        spoil(&mut a);
        let told = make(&mut a, "submit", "甲", "2026-02-02").unwrap_err().to_string();
        assert!(told.contains(part) && a.stage == Stage::Draft, "{told}");
    }
}

#[test]
fn a_part_that_is_held_is_settled_before_it_passes() {
    let mut a = conac();
    make(&mut a, "submit", "甲", "2026-02-02").unwrap();
    make(&mut a, "take", "乙", "2026-02-03").unwrap();
    a.sections.push(Section {
        part: Part::Name,
        verdict: Verdict::Hold,
        note: "是否为规范简称".into(),
        reviewer: "乙".into(),
        on: day("2026-02-03"),
    });
    assert!(make(&mut a, "pass", "乙", "2026-02-03").unwrap_err().to_string().contains("名称"));
    a.sections[0].verdict = Verdict::Approve;
    make(&mut a, "pass", "乙", "2026-02-03").unwrap();
}

#[test]
fn what_is_not_added_in_time_lapses_and_not_before() {
    let mut a = conac();
    make(&mut a, "submit", "甲", "2026-02-02").unwrap();
    make(&mut a, "take", "乙", "2026-02-03").unwrap();
    make(&mut a, "supplement", "乙", "2026-02-04").unwrap();
    assert_eq!(make(&mut a, "lapse", "乙", "2026-03-30"), Err(Refused::NoDeadline));
    a.due = Some(day("2026-03-04"));
    assert_eq!(make(&mut a, "lapse", "乙", "2026-03-04"), Err(Refused::NotOverdue(day("2026-03-04"))));
    make(&mut a, "lapse", "乙", "2026-03-05").unwrap();
    assert!(a.stage.is_over() && a.stage.state() == crate::State::Withdrawn);
}

proptest! {
    /// Whatever is tried, in whatever order: nobody has two parts in an application, and what is over stays over.
    #[test]
    fn no_order_of_moves_breaks_the_rules(tries in prop::collection::vec((0..MOVES.len(), 0usize..4), 0..60)) {
        let mut a = conac();
        for (at, who) in tries {
            let account = ["甲", "乙", "丙", "丁"][who];
            let step = &MOVES[at];
            if step.by == By::Applicant && account != "甲" {
                continue;
            }
            let before = a.clone();
            let made = make(&mut a, step.name, account, "2026-02-02");
            prop_assert_eq!(made.is_err(), a == before, "what is refused changes nothing");
            prop_assert!(!before.stage.is_over() || made.is_err());
            let people: std::collections::BTreeSet<&str> =
                a.reviewers.iter().map(|r| r.account.as_str()).chain(a.handlers.iter().map(String::as_str)).collect();
            prop_assert_eq!(people.len(), a.reviewers.len() + a.handlers.len());
            if matches!(a.stage, Stage::Approved | Stage::Registered) {
                prop_assert_eq!(people.len(), 3);
            }
        }
    }
}
