//! Each rule as the offices write it, with what fits and what does not.

use super::*;
use crate::lists::{Claim, ListMove};

fn body(name: &str, division: &str) -> ListOwner {
    ListOwner { division: division.parse().unwrap(), name: name.into(), id: None }
}

fn item(name: &str, code: &str, body: ListOwner) -> ListItem {
    ListItem {
        owner: body,
        name: name.into(),
        sort: PowerSort::Licence,
        basic_code: Some(code.into()),
        code: None,
        level: Some(Level::County),
        version: "2024年版".into(),
        standing: None,
        claim: None,
        claim_reason: String::new(),
        statutory_limit: None,
        promised_limit: None,
        fee: String::new(),
        documents: 0,
        visits: None,
        steps: Vec::new(),
        duties: String::new(),
    }
}

fn catalogued(name: &str, code: &str, levels: &[Level]) -> Catalogued {
    Catalogued {
        division: "520000".parse().unwrap(),
        name: name.into(),
        sort: PowerSort::Licence,
        basic_code: Some(code.into()),
        levels: levels.to_vec(),
        standing: None,
        cancelled: None,
        from_codes: Vec::new(),
    }
}

fn placed<T>(all: &[T]) -> Vec<(String, &T)> {
    all.iter().enumerate().map(|(at, one)| (format!("p-{at}"), one)).collect()
}

fn borrowed<'a, T>(all: &'a [(String, &'a T)]) -> Vec<WithId<'a, T>> {
    all.iter().map(|(id, one)| (id.as_str(), *one)).collect()
}

/// The rule over items, with its findings as id and column.
fn told(found: &[RuleFinding]) -> Vec<(&str, &str)> {
    found.iter().map(|told| (told.id.as_str(), told.column)).collect()
}

const CODE: &str = "520112345000";

#[test]
fn p7_every_power_has_a_duty_for_each_stage() {
    let licence = item("甲证核发", CODE, body("甲县乙局", "520302"));
    let duty = |stage: &str| ListDuty {
        owner: licence.owner.clone(),
        power: licence.name.clone(),
        power_ids: Vec::new(),
        stage: stage.into(),
    };
    let stages = ["受理", "审查", "决定", "送达"];
    let four: Vec<ListDuty> = stages.into_iter().map(duty).collect();
    assert_eq!(missing_stages(&licence, &stages, &four.iter().collect::<Vec<_>>()), None, "4 of 4");
    let three: Vec<&ListDuty> = four.iter().take(3).collect();
    assert_eq!(missing_stages(&licence, &stages, &three).as_deref(), Some("责任事项里没有送达环节"), "送达 missing");
    assert!(missing_stages(&licence, &stages, &[]).unwrap().contains("没有责任事项"), "no power without duty");
    let refused = ListItem { claim: Some(Claim::Refused), ..licence.clone() };
    assert_eq!(missing_stages(&refused, &stages, &[]), None);
    let text = ListItem { duties: "受理、审查、决定、送达各环节责任".into(), ..licence };
    assert_eq!(missing_stages(&text, &stages, &[]), None);
}

#[test]
fn p12_one_basic_code_has_one_name_and_kind_everywhere() {
    let all = [
        item("甲证核发", CODE, body("甲县乙局", "520302")),
        item("甲证核发", CODE, body("丙县乙局", "520303")),
        item("甲证审批", CODE, body("丁县乙局", "520304")),
        ListItem { sort: PowerSort::Other, ..item("甲证 核发", CODE, body("戊县乙局", "520321")) },
    ];
    let ids = placed(&all);
    assert_eq!(told(&one_code_one_name(&borrowed(&ids), &[])), [("p-2", "name"), ("p-3", "sort")]);
    // The catalogue settles it, however many items say otherwise.
    let catalogue = [catalogued("甲证审批", CODE, &[])];
    let entries = placed(&catalogue);
    let found = one_code_one_name(&borrowed(&ids), &borrowed(&entries));
    assert_eq!(told(&found), [("p-0", "name"), ("p-1", "name"), ("p-3", "name"), ("p-3", "sort")]);
    assert!(found[0].says.contains("基本目录里是“甲证审批”"), "{found:?}");
    let parts = [
        item("甲证核发", CODE, body("甲县乙局", "520302")),
        item("甲证核发（变更）", CODE, body("甲县乙局", "520302")),
    ];
    assert_eq!(one_code_one_name(&borrowed(&placed(&parts)), &[]), []);
}

#[test]
fn p14_every_item_of_the_catalogue_is_claimed_or_refused_with_a_reason() {
    let county: DivisionCode = "520302".parse().unwrap();
    let catalogue = [
        catalogued("甲证核发", CODE, &[Level::County]),
        catalogued("乙证核发", "520112346000", &[Level::County, Level::City]),
        catalogued("丙证核发", "520112347000", &[Level::Province]),
        catalogued("丁证核发", "520112348000", &[]),
        Catalogued { standing: Some(Standing::Cancelled), ..catalogued("戊证核发", "520112349000", &[]) },
        Catalogued { division: "530000".parse().unwrap(), ..catalogued("己证核发", "530112349000", &[]) },
    ];
    let refused = |reason: &str| ListItem {
        claim: Some(Claim::Refused),
        claim_reason: reason.into(),
        ..item("乙证核发", "520112346000", body("甲县乙局", "520302"))
    };
    let all = [item("甲证核发", CODE, body("甲县乙局", "520302")), refused("无此职能")];
    let (entries, ids) = (placed(&catalogue), placed(&all));
    let gaps = unclaimed(&county, &borrowed(&entries), &borrowed(&ids));
    assert_eq!(told(&gaps), [("p-3", "claim")], "a silent gap: {gaps:?}");
    let silent = [item("甲证核发", CODE, body("甲县乙局", "520302")), refused(" ")];
    let found = unclaimed(&county, &borrowed(&entries), &borrowed(&placed(&silent)));
    assert!(told(&found).contains(&("p-1", "claim_reason")), "{found:?}");
    // What another county claims answers for nobody else.
    let other = [item("甲证核发", CODE, body("丙县乙局", "520303"))];
    assert_eq!(unclaimed(&county, &borrowed(&entries), &borrowed(&placed(&other))).len(), 3);
}

#[test]
fn p15_one_code_at_two_institutions_of_one_level_and_division_is_asked_about() {
    let here = |name: &str, level| ListItem { level: Some(level), ..item("甲证核发", CODE, body(name, "520302")) };
    let all = [here("甲县乙局", Level::County), here("甲县丙局", Level::County)];
    let found = one_code_one_institution(&borrowed(&placed(&all)));
    assert_eq!(told(&found), [("p-0", "basic_code"), ("p-1", "basic_code")], "two county bureaus");
    assert!(found[0].says.contains("甲县丙局"));
    let levels = [here("甲县乙局", Level::County), here("甲市丙局", Level::City)];
    assert_eq!(one_code_one_institution(&borrowed(&placed(&levels))), [], "市/县");
    let one_body = [here("甲县乙局", Level::County), here("甲县乙局", Level::County)];
    assert_eq!(one_code_one_institution(&borrowed(&placed(&one_body))), []);
}

#[test]
fn p16_a_cancelled_code_is_never_reused_and_merged_items_keep_their_links() {
    let gone = Catalogued { standing: Some(Standing::Cancelled), ..catalogued("旧证核发", CODE, &[]) };
    let again = [item("新证核发", CODE, body("甲县乙局", "520302"))];
    let found = no_code_again(&borrowed(&placed(&again)), &[("ci-1", &gone)], &[]);
    assert_eq!(told(&found), [("p-0", "basic_code")], "old code, new meaning");
    let fresh = [item("新证核发", "520112346000", body("甲县乙局", "520302"))];
    assert_eq!(no_code_again(&borrowed(&placed(&fresh)), &[("ci-1", &gone)], &[]), [], "new code");
    let ended = [ListItem {
        standing: Some(Standing::Cancelled),
        ..item("旧证核发", CODE, body("甲县乙局", "520302"))
    }];
    assert_eq!(no_code_again(&borrowed(&placed(&ended)), &[], &[]), [], "the cancelled item keeps its own");
    let there = |name: &str, institution: &str, standing: Option<Standing>| ListItem {
        standing,
        ..item(name, CODE, body(institution, "520302"))
    };
    let cancelled = |name: &str| there(name, "甲县乙局", Some(Standing::Cancelled));
    let reused = [cancelled("旧证核发"), there("新证核发", "甲县乙局", None)];
    assert_eq!(told(&no_code_again(&borrowed(&placed(&reused)), &[], &[])), [("p-1", "basic_code")]);
    let elsewhere = [cancelled("旧证核发"), there("旧证的核发", "甲县丙局", None)];
    assert_eq!(no_code_again(&borrowed(&placed(&elsewhere)), &[], &[]), [], "another institution has it still");
    let parts = [cancelled("旧证核发（注销）"), there("旧证核发（新办）", "甲县乙局", None)];
    assert_eq!(no_code_again(&borrowed(&placed(&parts)), &[], &[]), [], "parts share a code");
    let merged = |to: &str| Changed {
        owner: body("甲县乙局", "520302"),
        title: "合并".into(),
        change: ListMove::Merged,
        from_codes: vec![CODE.into()],
        to_codes: vec![to.into()],
        approved: None,
        published: None,
    };
    let kept = [item("甲证核发", CODE, body("甲县乙局", "520302"))];
    let ids = placed(&kept);
    let change = merged("520112346000");
    assert_eq!(told(&no_code_again(&borrowed(&ids), &[], &[("lc-1", &change)])), [("lc-1", "from_codes")]);
    assert_eq!(no_code_again(&borrowed(&ids), &[], &[("lc-1", &merged(CODE))]), []);
    let others = [there("甲证核发", "甲县丙局", None)];
    assert_eq!(no_code_again(&borrowed(&placed(&others)), &[], &[("lc-1", &change)]), [], "another's list goes on");
}
