use proptest::prelude::*;

use super::*;
use crate::{WebName, samples};

const OWNER: (Option<&str>, &str) = (Some("jy"), "甲市教育局");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn days(from: Date, n: i64) -> Date {
    from.checked_add(Span::new().days(n)).unwrap()
}

/// Terms made up for the test: which ones hold is data.
fn terms() -> Terms {
    use TimeUnit::{CalendarDays, Months};
    Terms {
        term: Some((12, Months)),
        renewal: Some((60, CalendarDays)),
        grace: Some((45, CalendarDays)),
        redemption: Some((15, CalendarDays)),
        pending_delete: Some((5, CalendarDays)),
    }
}

fn at(on: &str, step: LifeStep) -> NameEvent {
    NameEvent { on: day(on), step, document: "甲编办〔2030〕1号".into(), actor: "甲市委编办".into() }
}

#[test]
fn a_name_lives_through_all_its_states() {
    let terms = terms();
    let mut life = NameLife::begin(day("2030-03-01"), &terms, "a-1", "注册管理机构");
    let stage = |life: &NameLife, on: &str| life.stage(&terms, day(on)).label();
    assert_eq!(life.expires, Some(day("2031-03-01")));
    assert_eq!(stage(&life, "2030-03-02"), "待解析");
    life.happen(at("2030-03-20", LifeStep::Resolved), &terms, OWNER).unwrap();
    assert_eq!(stage(&life, "2030-03-20"), "正常");
    // Sixty days before the last day it is to be renewed, and on the last day it still is.
    assert_eq!(stage(&life, "2030-12-30"), "正常");
    assert_eq!((stage(&life, "2030-12-31"), stage(&life, "2031-03-01")), ("待续", "待续"));
    life.happen(at("2031-01-05", LifeStep::Renewed), &terms, OWNER).unwrap();
    assert_eq!((life.expires, stage(&life, "2031-03-02")), (Some(day("2032-03-01")), "正常"));
    // Frozen and free again.
    life.happen(at("2031-05-01", LifeStep::Frozen(FreezeReason::Dispute)), &terms, OWNER).unwrap();
    assert_eq!(stage(&life, "2031-06-01"), "冻结");
    assert!(life.happen(at("2031-06-01", LifeStep::Frozen(FreezeReason::Violation)), &terms, OWNER).is_err());
    life.happen(at("2031-07-01", LifeStep::Unfrozen), &terms, OWNER).unwrap();
    // Nobody renews: grace of 45 days, redemption of 15, five days to its end.
    for (on, label, ends) in [
        ("2032-03-01", "待续", Some("2032-03-01")),
        ("2032-03-02", "宽限", Some("2032-04-15")),
        ("2032-04-15", "宽限", Some("2032-04-15")),
        ("2032-04-16", "赎回", Some("2032-04-30")),
        ("2032-05-01", "待删", Some("2032-05-05")),
        ("2032-05-06", "注销", None),
    ] {
        assert_eq!(stage(&life, on), label, "{on}");
        assert_eq!(life.stage_ends(&terms, day(on)), ends.map(day), "{on}");
    }
    // In redemption its owner can buy it back, afterwards nobody can.
    let mut bought = life.clone();
    bought.happen(at("2032-04-20", LifeStep::Renewed), &terms, OWNER).unwrap();
    assert_eq!(stage(&bought, "2032-04-20"), "正常");
    assert!(life.clone().happen(at("2032-05-02", LifeStep::Renewed), &terms, OWNER).is_err());
    assert!(life.clone().happen(at("2032-05-10", LifeStep::Resolved), &terms, OWNER).is_err());
    life.happen(at("2032-05-06", LifeStep::Cancelled), &terms, OWNER).unwrap();
    let stone = life.tombstones.last().unwrap();
    assert_eq!(stone.words(), "曾为甲市教育局的网上名称，至 2032-05-06");
    assert_eq!(stone.from, Some(day("2030-03-01")));
    assert!(life.happen(at("2032-05-07", LifeStep::Cancelled), &terms, OWNER).is_err());
    assert_eq!(life.events.len(), 6);
}

#[test]
fn the_day_of_its_end_is_told_where_all_terms_are_known() {
    let last = day("2032-03-01");
    let ends = terms().ends(last).unwrap();
    assert_eq!((terms().age(last, days(ends, -1)), terms().age(last, ends)), (NameStage::PendingDelete, NameStage::Cancelled));
    assert_eq!(Terms { pending_delete: None, ..terms() }.ends(last), None);
}

#[test]
fn a_term_that_nobody_knows_never_runs_out() {
    let none = Terms::default();
    let life = NameLife::begin(day("2030-01-01"), &none, "", "");
    assert_eq!((life.expires, life.stage(&none, day("2099-01-01"))), (None, NameStage::Unresolved));
    let some = Terms { term: Some((12, TimeUnit::Months)), ..none };
    let life = NameLife::begin(day("2030-01-01"), &some, "", "");
    assert_eq!(life.stage(&some, day("2099-01-01")), NameStage::Grace);
    assert_eq!(life.stage_ends(&some, day("2099-01-01")), None);
}

#[test]
fn what_comes_before_what_has_happened_is_refused() {
    let mut life = NameLife::begin(day("2030-03-01"), &terms(), "", "");
    let told = life.happen(at("2030-02-01", LifeStep::Resolved), &terms(), OWNER).unwrap_err();
    assert!(told.to_string().contains("2030-02-01 早于上一件事的日期 2030-03-01"));
}

/// N12: no change of owner except to the institution that has its duties, with document.
#[test]
fn n12_a_name_goes_to_its_owners_successor_alone() {
    let mut life = NameLife::begin(day("2030-03-01"), &terms(), "", "");
    let to = |name: &str| at("2030-09-01", LifeStep::Transferred(name.into()));
    assert_eq!(life.happen(to("乙公司"), &terms(), OWNER), Err(LifeFault::NoSuccession), "sale");
    let successor = |document: &str| Successor { id: Some("jt".into()), name: "甲市教育和体育局".into(), document: document.into() };
    life.successor = Some(successor(""));
    assert_eq!(life.happen(to("甲市教育和体育局"), &terms(), OWNER), Err(LifeFault::NoSuccession), "without a document");
    life.successor = Some(successor("甲编〔2030〕9号"));
    assert_eq!(life.happen(to("乙公司"), &terms(), OWNER), Err(LifeFault::NoSuccession), "lending");
    life.happen(to("甲市教育和体育局"), &terms(), OWNER).unwrap();
    assert_eq!(life.tombstones[0].words(), "曾为甲市教育局的网上名称，至 2030-09-01");
    // The next owner's time begins there.
    life.happen(at("2030-12-01", LifeStep::Cancelled), &terms(), (Some("jt"), "甲市教育和体育局")).unwrap();
    assert_eq!(life.tombstones[1].from, Some(day("2030-09-01")));
}

#[test]
fn old_records_are_read_as_they_lie_and_written_back_so() {
    let old = serde_json::to_string(&samples::web_name("zunyi.gov.cn", "遵义市人民政府")).unwrap();
    assert!(!old.contains("life"), "nothing is added where nothing is known: {old}");
    let name: WebName = serde_json::from_str(&old).unwrap();
    assert_eq!((name.life.as_ref(), serde_json::to_string(&name).unwrap()), (None, old));
    let with = WebName { life: Some(NameLife::begin(day("2030-03-01"), &terms(), "a-1", "甲")), ..name };
    assert_eq!(serde_json::from_str::<WebName>(&serde_json::to_string(&with).unwrap()).unwrap(), with);
}

proptest! {
    #[test]
    fn a_name_only_grows_older_while_nobody_acts(a in 0i64..900, b in 0i64..900, resolved in any::<bool>()) {
        let mut life = NameLife::begin(day("2030-03-01"), &terms(), "", "");
        if resolved {
            life.happen(at("2030-03-01", LifeStep::Resolved), &terms(), OWNER).unwrap();
        }
        let stage = |n| life.stage(&terms(), days(day("2030-03-01"), n));
        prop_assert!(stage(a.min(b)) <= stage(a.max(b)));
    }
}
