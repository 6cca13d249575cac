use proptest::prelude::*;

use super::*;
use crate::{Body, Weight};

fn check() -> SiteCheck {
    let mut body = Body::blank(SiteCheck::NAME).unwrap();
    let word = Word { source: "a", weight: Weight::Office, day: Date::constant(2026, 7, 1) };
    body.edit(None, word, |column| Some(column.example)).unwrap();
    let Body::SiteCheck(check) = body else { unreachable!() };
    check
}

/// Visits on seven days.
fn visits(days: [(u32, u32); 7]) -> Vec<String> {
    (24..).zip(days).map(|(day, (visits, failed))| format!("2026-06-{day}｜{visits}｜{failed}")).collect()
}

fn outcome(check: &SiteCheck, indicator: Indicator) -> Outcome {
    check.findings().into_iter().find(|finding| finding.indicator == indicator).unwrap().outcome
}

#[test]
fn n11_a_site_fails_where_one_visit_in_twenty_does() {
    let with = |days| outcome(&SiteCheck { visits: visits(days), ..check() }, Indicator::Reachable);
    let mut days = [(20, 1); 7];
    days[6] = (20, 0);
    assert_eq!(with(days), Outcome::Passed, "6 of 140 are 4.3 per cent");
    assert_eq!(with([(20, 1); 7]), Outcome::Failed, "7 of 140 are 5.0 per cent");
    days[3] = (19, 0);
    assert_eq!(with(days), Outcome::Open, "19 visits on a day");
    let six = SiteCheck { visits: visits([(20, 5); 7])[..6].to_vec(), ..check() };
    assert_eq!(outcome(&six, Indicator::Reachable), Outcome::Open);
}

#[test]
fn a_site_that_is_well_kept_passes_with_its_score() {
    let mut check = check();
    let sheet = check.sheet();
    assert_eq!((sheet.verdict, sheet.score.map(|score| score.written())), (Verdict::Passed, Some("100".into())), "{:?}", sheet.lines());
    check.deductions = vec!["3｜网民找错未答复｜留言 12".into(), "2.5｜错别字 5 处｜截图 3".into()];
    check.bonus = vec!["20｜数据开放｜网页 1".into(), "15｜英文版｜网页 2".into()];
    let sheet = check.sheet();
    assert_eq!(sheet.score.unwrap().written(), "124.5", "at most thirty are earned");
    assert_eq!(sheet.problems(), ["网民找错未答复（留言 12）", "错别字 5 处（截图 3）"]);
    check.sort = Sort::Department;
    assert_eq!(check.sheet().score.unwrap().written(), "94.5", "portals alone earn more");
    check.deductions = vec!["40.1｜甲｜乙".into()];
    assert_eq!((check.sheet().verdict, check.sheet().score.unwrap().written()), (Verdict::Failed, "59.9".into()));
}

#[test]
fn each_indicator_fails_at_its_bound_and_says_by_what() {
    let with = |change: fn(&mut SiteCheck)| {
        let mut check = check();
        change(&mut check);
        check
    };
    let lines = |n: usize, line: &str| vec![line.to_owned(); n];
    for (check, indicator, is) in [
        (with(|c| c.home_updated = "2026-06-16".parse().ok()), Indicator::HomeUpdated, Outcome::Passed),
        (with(|c| c.home_updated = "2026-06-15".parse().ok()), Indicator::HomeUpdated, Outcome::Failed),
        (with(|c| c.home_updated = None), Indicator::HomeUpdated, Outcome::Open),
        (SiteCheck { columns: lines(4, "动态要闻｜要闻｜2026-06-01"), ..check() }, Indicator::Columns, Outcome::Passed),
        (SiteCheck { columns: lines(5, "动态要闻｜要闻｜2026-06-01"), ..check() }, Indicator::Columns, Outcome::Failed),
        (SiteCheck { columns: lines(5, "政策文件｜文件｜2025-12-30"), ..check() }, Indicator::Columns, Outcome::Passed),
        (SiteCheck { columns: lines(5, "政策文件｜文件｜2025-12-29"), ..check() }, Indicator::Columns, Outcome::Failed),
        (SiteCheck { columns: lines(9, "其他｜专题｜2020-01-01｜365"), ..check() }, Indicator::Columns, Outcome::Passed),
        (SiteCheck { columns: lines(10, "其他｜专题｜2020-01-01｜365"), ..check() }, Indicator::Columns, Outcome::Failed),
        (SiteCheck { columns: lines(10, "其他｜专题｜2020-01-01"), ..check() }, Indicator::Columns, Outcome::Passed),
        (SiteCheck { columns: lines(5, "其他｜空｜"), ..check() }, Indicator::Columns, Outcome::Failed),
        (with(|c| c.errors = vec!["域名被篡改｜截图 1".into()]), Indicator::Errors, Outcome::Failed),
        (with(|c| c.interaction = Presence::Missing), Indicator::Interaction, Outcome::Failed),
        (with(|c| c.messages = vec!["咨询｜2026-03-29".into()]), Indicator::Interaction, Outcome::Failed),
        (with(|c| c.messages = vec!["咨询｜2026-03-30".into()]), Indicator::Interaction, Outcome::Passed),
        (with(|c| c.messages = vec!["咨询｜2026-01-01｜2026-03-01".into()]), Indicator::Interaction, Outcome::Passed),
        (with(|c| c.messages = vec!["去年｜2025-01-01".into()]), Indicator::Interaction, Outcome::Passed),
        (with(|c| c.services = Presence::Missing), Indicator::Services, Outcome::Failed),
        (with(|c| c.guides = vec!["甲证｜事项名称、设定依据".into()]), Indicator::Services, Outcome::Failed),
        (with(|c| c.services = Presence::Unseen), Indicator::Services, Outcome::Open),
    ] {
        assert_eq!(outcome(&check, indicator), is, "{indicator:?} {:?}", check.findings());
        if is == Outcome::Failed {
            assert_eq!((check.sheet().verdict, check.sheet().score), (Verdict::Failed, None));
            assert_eq!(check.sheet().problems().len(), 1);
        }
    }
}

#[test]
fn what_is_wrong_is_to_be_mended_by_its_day_until_it_is() {
    let mut check = check();
    check.mend_by = "2026-08-01".parse().ok();
    check.services = Presence::Missing;
    let open = check.to_mend().unwrap();
    assert_eq!((open[0].what.as_str(), open[0].due), ("办事服务：没有办事服务", check.mend_by));
    check.mended = vec![open[0].what.clone()];
    assert_eq!(check.to_mend(), Some(Vec::new()));
}

#[test]
fn lines_that_cannot_be_read_are_told_by_column() {
    let check = SiteCheck {
        visits: vec!["昨天｜20｜0".into(), "2026-06-24｜20｜21".into()],
        columns: vec!["别的｜甲｜2026-01-01".into()],
        errors: vec!["没有证据".into()],
        deductions: vec!["101｜甲｜乙".into(), "3｜甲".into()],
        ..check()
    };
    let columns: Vec<&str> = check.unreadable().iter().map(|(column, _)| *column).collect();
    assert_eq!(columns, ["visits", "visits", "columns", "deductions", "deductions", "errors"]);
}

proptest! {
    #[test]
    fn no_measurement_panics_and_more_failures_never_help(
        text in prop::collection::vec("[0-9a-z｜|、。\\-]{0,30}", 0..8),
        failed in prop::collection::vec(0u32..=20, 7),
        more in 0u32..=20,
    ) {
        let lines = |text: &[String]| text.to_vec();
        let odd = SiteCheck { visits: lines(&text), columns: lines(&text), messages: lines(&text), guides: lines(&text), deductions: lines(&text), ..check() };
        let _ = (odd.sheet().lines(), odd.unreadable());
        let days = |failed: &[u32]| visits(std::array::from_fn(|at| (20, failed[at])));
        let mut worse = failed.clone();
        worse[0] = worse[0].max(more);
        let passes = |failed: &[u32]| outcome(&SiteCheck { visits: days(failed), ..check() }, Indicator::Reachable) == Outcome::Passed;
        prop_assert!(passes(&failed) || !passes(&worse));
    }
}
