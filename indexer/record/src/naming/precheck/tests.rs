use proptest::prelude::*;
use text::web_name::variant;

use super::*;
use crate::{
    Category,
    naming::{MAX_ALTERNATIVES, alternatives},
    registration::{self as rules, Rule, SharedDivision},
};

const PLACES: [&str; 5] = ["遵义市", "遵义", "南京市", "鼓楼区", "甲县"];
const REGISTERED: [(&str, &str); 2] = [("遵义市教育局.政务", "遵义市教育局"), ("甲县公安局.政务", "甲县公安局")];

fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn found(host: &Host) -> Option<Taken> {
    let (name, owner) = REGISTERED.into_iter().find(|(name, _)| variant(name) == variant(&host.unicode))?;
    Some(Taken { name: name.into(), owner: owner.into(), own: false })
}

fn known() -> Known<'static> {
    Known { key: &key, is_division: &|key| PLACES.contains(&key), taken: &found }
}

fn applicant(category: Category, names: &[&str]) -> Applicant {
    Applicant {
        names: names.iter().map(|n| (*n).to_owned()).collect(),
        category: Some(category),
        ..Applicant::default()
    }
}

fn blocks(name: &str, applicant: &Applicant) -> Vec<Rule> {
    let told = precheck(name, applicant, &known());
    let blocks: Vec<Rule> = told.findings.iter().filter(|f| f.severity == Severity::Blocks).map(|f| f.rule).collect();
    assert_eq!(told.likelihood == Likelihood::Unlikely, !blocks.is_empty());
    blocks
}

#[test]
fn n1_a_label_has_twenty_characters_and_sixty_three_bytes() {
    let a = applicant(Category::Government, &[]);
    assert_eq!(blocks("遵义市红花岗区新蒲新区公共资源交易服务.政务", &a), []);
    assert_eq!(label_bytes("遵义市红花岗区新蒲新区公共资源交易服务"), Some(60));
    let told = precheck("遵义市红花岗区人力资源和社会保障局综合.政务", &a, &known());
    assert_eq!(told.findings[0].rule, LABEL_BYTES);
    assert!(told.findings[0].detail.contains("64 个字节"), "{:?}", told.findings);
    assert_eq!(blocks("一二三四五六七八九十一二三四五六七八九十一.政务", &a)[0], CHARACTER_COUNT);
}

#[test]
fn n2_a_bare_place_name_is_its_governments() {
    let government = Applicant {
        governs: vec!["遵义市".into(), "遵义".into()],
        ..applicant(Category::Government, &["遵义市人民政府"])
    };
    assert_eq!(blocks("遵义市.政务", &government), []);
    let bureau = applicant(Category::Government, &["遵义市教育局"]);
    assert_eq!(blocks("遵义市.政务", &bureau), [RESERVED]);
    assert_eq!(blocks("遵义.政务.cn", &bureau), [RESERVED], "and its short name, under the sister ending");
    assert_eq!(blocks("南京市.政务", &government), [RESERVED], "another place's");
    assert_eq!(blocks("南京市遵义市.政务", &bureau), [RESERVED], "places alone, one behind another");
    assert_eq!(blocks("南京市遵义.政务", &government), [], "the last of them is the government's own");
    assert_eq!(blocks("遵义市南京市.政务", &government), [RESERVED]);
}

#[test]
fn n3_a_place_that_is_not_the_only_one_has_its_parent_before_it() {
    let shared = SharedDivision { name: "鼓楼区".into(), above: vec!["南京市".into(), "南京".into()] };
    let a = Applicant {
        shared_division: Some(shared),
        ..applicant(Category::Government, &["鼓楼区教育局", "南京市鼓楼区教育局"])
    };
    assert_eq!(blocks("南京市鼓楼区教育局.政务", &a), []);
    assert_eq!(blocks("鼓楼区教育局.政务", &a), [rules::PARENT]);
}

#[test]
fn n5_gov_cn_is_for_those_with_administrative_functions() {
    let bureau = applicant(Category::Government, &["甲市教育局"]);
    assert_eq!(blocks("jyj.jia.gov.cn", &bureau), []);
    let library = Applicant { credit_code: Some("12100000400002259P".into()), ..Applicant::default() };
    let asked = precheck("tsg.jia.gov.cn", &library, &known());
    let question = asked.findings.iter().find(|f| f.rule == rules::GOV_OWNER).unwrap();
    assert_eq!((question.severity, asked.likelihood), (Severity::Asks, Likelihood::Likely), "a question, told as one");
    let none = Applicant { administrative: Some(false), ..library.clone() };
    assert_eq!(blocks("tsg.jia.gov.cn", &none), [rules::GOV_OWNER]);
    let some = Applicant { administrative: Some(true), ..library };
    assert_eq!(blocks("tsg.jia.gov.cn", &some), []);
}

/// N13 before filing; approval asks the register once more.
#[test]
fn n13_a_taken_name_is_blocked_with_its_variants() {
    let a = applicant(Category::Government, &["甲县财政局"]);
    assert_eq!(blocks("遵义市教育局.政务", &a), [TAKEN]);
    assert_eq!(blocks("遵義市教育局.政务", &a), [VARIANT]);
    assert!(blocks("遵义市教育局.政務", &a).contains(&VARIANT), "政务 and 政務");
    assert_eq!(blocks("甲县财政局.政务", &a), []);
}

#[test]
fn alternatives_pass_the_check_themselves() {
    let shared = SharedDivision { name: "鼓楼区".into(), above: vec!["南京市".into(), "南京".into()] };
    let a = Applicant { shared_division: Some(shared), ..applicant(Category::Government, &["鼓楼区教育局"]) };
    let names = [("鼓楼区教育局", "全称"), ("鼓楼教育局", "简称")];
    let told = alternatives("鼓楼区教育局.公益", &names, &a, &known());
    let shown: Vec<&str> = told.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(shown[0], "南京市鼓楼区教育局.政务", "{shown:?}");
    assert_eq!(shown.len(), MAX_ALTERNATIVES);
    for other in &shown {
        assert_eq!(blocks(other, &a), [], "{other}");
    }
    // A taken name has others too, for somebody without a record.
    let told = alternatives("甲县公安局.政务", &[], &applicant(Category::Government, &[]), &known());
    assert_eq!(told.len(), MAX_ALTERNATIVES, "{told:?}");
    assert!(told.iter().all(|a| a.name != "甲县公安局.政务"));
}

#[test]
fn names_that_differ_in_a_number_are_all_likely() {
    let a = applicant(Category::Government, &["甲县财政局"]);
    let names: Vec<String> = (0..20_000).map(|n| format!("甲县第{n}财政所.政务")).collect();
    let likely = names.iter().filter(|name| precheck(name, &a, &known()).likelihood == Likelihood::Likely).count();
    assert_eq!(likely, names.len());
}

proptest! {
    #[test]
    fn any_text_is_judged_and_any_alternative_passes(
        name in "[遵义南京市鼓楼区县教育局政務务a-z0-9 ._-]{0,40}(\\.政务|\\.公益|\\.gov\\.cn|)",
        own in "[遵义南京鼓楼甲县市区教育财政局]{2,30}",
    ) {
        let a = applicant(Category::Government, &[]);
        let told = precheck(&name, &a, &known());
        prop_assert_eq!(told.host.is_none() && told.findings.is_empty(), false);
        for other in alternatives(&name, &[(own.as_str(), "全称")], &a, &known()) {
            prop_assert_eq!(precheck(&other.name, &a, &known()).likelihood, Likelihood::Likely);
        }
    }

    #[test]
    fn no_text_panics(name in "\\PC{0,80}") {
        let a = Applicant::default();
        precheck(&name, &a, &known());
        alternatives(&name, &[], &a, &known());
    }
}
