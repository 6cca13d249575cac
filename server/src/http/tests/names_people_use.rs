//! Schools, hospitals and libraries by the names that people use, and short names that several institutions share.

use indexer::record::{Category, DivisionLevel, Evidence, SharedName, Website};

use super::*;

fn body(id: &str, name: &str, short: &[&str], category: Category) -> Record {
    let mut record = institution(id, name, "520300");
    if let RecordBody::Institution(i) = &mut record.body {
        i.category = category;
        i.short_names = short.iter().map(|s| (*s).to_owned()).collect();
    }
    record
}

/// The small site with institutions of the kinds that have names of their own.
fn with_schools() -> Site {
    let mut school = body("school-1", "黔北示例大学", &["示大", "黔示大"], Category::School);
    if let RecordBody::Institution(i) = &mut school.body {
        i.websites = vec![Website {
            url: "http://www.qbsl.edu.cn/".into(),
            host: "qbsl.edu.cn".into(),
            evidence: Evidence::Corroborated,
            sources: vec!["a".into(), "b".into()],
            off_gov_cn: true,
        }];
    }
    let site = site_with(vec![
        school,
        body("school-2", "南明示例大学", &["示大"], Category::School),
        body("library-1", "遵义市图书馆", &[], Category::Library),
        body("hospital-1", "黔北医科大学附属医院", &[], Category::Hospital),
    ]);
    let shared = SharedName {
        short: "示大".into(),
        institutions: vec!["南明示例大学".into(), "黔北示例大学".into()],
        ground: "提及最多".into(),
    };
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new()).with_shared_names(vec![shared]);
    let index = site._dir.path().join("shared-names");
    let store = &site.app.store;
    let upto = store.last_sequence().unwrap();
    build(&index, &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    site.app.publish(Generation::open_current(&index, &lexicon).unwrap().unwrap());
    site
}

#[tokio::test]
async fn a_short_name_of_several_is_answered_with_all_and_a_reason() {
    let site = with_schools();
    let reply = search(&site.app, "示大", "").await;
    assert_eq!(ids(&reply["direct"])[..2], ["school-2", "school-1"], "{reply}");
    let notes = reply["query"]["notes"].to_string();
    assert!(notes.contains("“示大”可以指南明示例大学和黔北示例大学") && notes.contains("提及最多"), "{notes}");
    let reply = search(&site.app, "黔示大官网", "").await;
    assert_eq!(ids(&reply["direct"]), ["school-1"]);
    assert!(reply["query"]["notes"].is_null(), "nothing to tell: {reply}");
}

#[tokio::test]
async fn an_errand_after_a_name_is_the_body_s() {
    let site = with_schools();
    for query in
        ["黔北示例大学招生", "黔示大招生网", "黔北医科大学附属医院挂号", "黔示大现在叫什么", "黔北示例大学是什么学校"]
    {
        let reply = search(&site.app, query, "").await;
        assert_eq!(reply["direct"][0]["kind"], "institution", "{query}: {reply}");
    }
}

#[tokio::test]
async fn a_region_and_a_library_are_the_region_s_library_and_offices_stay_first() {
    let site = with_schools();
    let reply = search(&site.app, "遵义图书馆", "").await;
    assert_eq!(ids(&reply["direct"]), ["library-1"]);
    assert_eq!(reply["direct"][0]["institution"]["category"], "图书馆");
    // A school is not what its city's name and 大学 mean.
    assert!(ids(&search(&site.app, "遵义大学", "").await["direct"]).is_empty());
    let completed = call(&site.app, path(&format!("/api/v1/suggest?q={}", encoded("遵义")))).await.2;
    let completed: Value = serde_json::from_str(&completed).unwrap();
    let texts: Vec<&str> =
        completed["suggestions"].as_array().unwrap().iter().map(|s| s["text"].as_str().unwrap()).collect();
    let at = |text: &str| texts.iter().position(|t| *t == text);
    assert!(at("遵义市人民政府") < at("遵义市图书馆") && at("遵义市人民政府").is_some(), "{texts:?}");
}

#[tokio::test]
async fn what_two_lists_give_for_a_school_is_offered_outside_gov_cn() {
    let site = with_schools();
    let page = call(&site.app, path("/institutions/school-1")).await.2;
    assert!(
        page.contains("href=\"http://www.qbsl.edu.cn/\"") && page.contains("打开后请再看页面所写的主办单位"),
        "{page}"
    );
    let page = call(&site.app, path("/institutions/school-2")).await.2;
    assert!(page.contains("没有找到有依据的网站"));
}

#[tokio::test]
async fn what_asks_for_a_site_goes_with_all_that_is_asked_of_it() {
    let site = with_schools();
    for (name, id) in [("黔北示例大学", "school-1"), ("黔示大", "school-1"), ("遵义市政府", "520300-gov")]
    {
        for asked in [
            "官网入口",
            "官网登录",
            "官网是多少",
            "网址是多少",
            "网站在哪",
            "官网电话",
            "官网链接",
            "官网登录入口",
            "官方网站首页入口",
            "官网预约挂号",
            " 官网 app",
        ] {
            let reply = search(&site.app, &format!("{name}{asked}"), "").await;
            assert_eq!(ids(&reply["direct"]).first(), Some(&id), "{name}{asked}: {reply}");
            assert!(!reply["query"]["notes"].to_string().contains("还没有"), "{name}{asked}: {}", reply["query"]);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_there_is_never_said_to_be_missing() {
    let site = site_with(vec![body("zy-jy", "遵义市教育局", &[], Category::Government)]);
    for q in ["遵义市教育局", "遵义市教肓局", "遵义教育局官网入口", "遵义市教育局办事大厅网站"]
    {
        let reply = search(&site.app, q, "").await;
        let all = reply["direct"].as_array().unwrap().iter().chain(reply["hits"].as_array().unwrap());
        let there = all.clone().any(|hit| hit["id"] == "zy-jy");
        let missing = reply["query"]["notes"].to_string().contains("还没有遵义市的“教育局”");
        assert!(there && !missing, "{q}: {reply}");
    }
    let reply = search(&site.app, "遵义大学", "").await;
    assert!(reply["query"]["notes"].to_string().contains("还没有遵义市的“大学”"), "{reply}");
    // A province's is called 教育厅.
    let reply = search(&site.app, "贵州省教育局", "").await;
    let first = ids(&reply["direct"]).into_iter().chain(ids(&reply["hits"])).next();
    assert_eq!(first, Some("520000-jy"), "{reply}");
    assert!(!reply["query"]["notes"].to_string().contains("还没有"), "{reply}");
}

#[tokio::test]
async fn a_region_in_letters_ends_where_the_letters_end() {
    let site = site_with(vec![body("zy-ga", "遵义市公安局", &[], Category::Government)]);
    for q in ["zunyi公安局", "zunyishi公安局", "zy公安局"] {
        let reply = search(&site.app, q, "").await;
        let first = ids(&reply["direct"]).first().copied().or(ids(&reply["hits"]).first().copied());
        assert_eq!(first, Some("zy-ga"), "{q}: {reply}");
    }
}

#[tokio::test]
async fn a_part_of_a_school_elsewhere_leads_to_the_school_and_is_said_to_have_no_record() {
    let site = with_schools();
    for q in ["黔示大南京", "黔示大南京校区", "黔北示例大学南京校区官网入口"] {
        let reply = search(&site.app, q, "").await;
        assert_eq!(ids(&reply["hits"]).first(), Some(&"school-1"), "{q}: {reply}");
        assert!(reply["query"]["notes"].to_string().contains("在南京的校区"), "{q}: {reply}");
    }
}

/// 北京大学图书馆 is no library of the city in whose name the school's begins.
#[tokio::test]
async fn a_part_of_a_school_leads_to_the_school() {
    let site = with_schools();
    for q in ["黔北示例大学图书馆", "黔示大图书馆", "黔北示例大学校医院"] {
        let reply = search(&site.app, q, "").await;
        assert_eq!(ids(&reply["hits"]).first(), Some(&"school-1"), "{q}: {reply}");
        assert!(reply["query"]["notes"].to_string().contains("单独的记录"), "{q}: {reply}");
    }
}

/// 新 stands for 新疆 before an office alone.
#[tokio::test]
async fn an_adjective_names_no_province() {
    let site = site_with(vec![
        samples::division("650000", "新疆维吾尔自治区", "新疆", DivisionLevel::Province, None),
        body("xj-gov", "新疆维吾尔自治区人民政府", &[], Category::Government),
        body("xj-jy", "新疆维吾尔自治区教育厅", &[], Category::Government),
    ]);
    for q in ["新高考报名", "新高考", "新农合"] {
        let reply = search(&site.app, q, "").await;
        assert!(!reply["query"]["notes"].to_string().contains("新疆"), "{q}: {reply}");
        assert!(reply["missing"].is_null(), "{q}: {reply}");
    }
}

#[tokio::test]
async fn a_school_by_its_number_is_said_to_be_missing_and_no_matter_of_law() {
    let site = with_schools();
    let reply = search(&site.app, "遵义四中", "").await;
    assert!(reply["query"]["notes"].to_string().contains("还没有遵义市的“四中”"), "{reply}");
}
