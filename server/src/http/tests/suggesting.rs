//! What the box completes: names that are on record, offices by what people call them, every group with its name.

use indexer::record::{Category, DivisionLevel};

use super::*;

fn world() -> Site {
    let body = |id: &str, name: &str, division: &str, category: Category| {
        let mut record = institution(id, name, division);
        if let RecordBody::Institution(i) = &mut record.body {
            i.category = category;
        }
        record
    };
    let mut service = RecordBody::blank("service").unwrap();
    let value = |column: &str| match column {
        "name" => "遵义医保查询网",
        "purpose" => "查医保",
        "entrance" => "查询",
        "owner_name" => "贵州省医疗保障局",
        "division" => "520300",
        _ => "",
    };
    service.fill(|column| Some(value(column.name))).unwrap();
    let provenance = institution("x", "甲", "520300").provenance;
    site_with(vec![
        body("yb", "贵州省医疗保障局", "520000", Category::Government),
        body("ga", "遵义市公安局", "520300", Category::Government),
        body("gab", "中华人民共和国公安部", "000000", Category::Government),
        body("fy", "遵义市示例人民法院", "520300", Category::Court),
        body("yk", "遵义医科示例大学", "520300", Category::School),
        Record::published(service.id().unwrap(), None, provenance, service),
        samples::division("520302", "红花岗区", "红花岗", DivisionLevel::County, Some("520300")),
        law("中华人民共和国民法典", Date::constant(2020, 5, 28), &["为了保护民事主体的合法权益。"], None),
    ])
}

async fn completed(app: &App, text: &str) -> Vec<Value> {
    let (status, _, body) = call(app, path(&format!("/api/v1/suggest?q={}", encoded(text)))).await;
    assert_eq!(status, StatusCode::OK, "{text}: {body}");
    serde_json::from_str::<Value>(&body).unwrap()["suggestions"].as_array().unwrap().clone()
}

async fn completed_near(app: &App, text: &str, near: &str) -> Vec<Value> {
    let (status, _, body) = call(app, path(&format!("/api/v1/suggest?q={}&near={near}", encoded(text)))).await;
    assert_eq!(status, StatusCode::OK, "{text}: {body}");
    serde_json::from_str::<Value>(&body).unwrap()["suggestions"].as_array().unwrap().clone()
}

fn texts<'a>(all: &'a [Value], kind: &str) -> Vec<&'a str> {
    all.iter().filter(|s| s["kind"] == kind).map(|s| s["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn offices_are_completed_by_what_people_call_them() {
    let site = world();
    for (typed, wanted) in [
        ("遵义派出", "遵义市公安局"),
        ("遵义市派出所", "遵义市公安局"),
        ("派出所", "中华人民共和国公安部"),
        ("贵州医保", "贵州省医疗保障局"),
        // It has none on record: the one above is what there is.
        ("遵义医保", "贵州省医疗保障局"),
    ] {
        assert_eq!(texts(&completed(&site.app, typed).await, "institution").first(), Some(&wanted), "{typed}");
    }
    let all = completed(&site.app, "遵义医").await;
    assert_eq!(texts(&all, "institution"), ["遵义医科示例大学", "贵州省医疗保障局"], "{all:?}");
}

#[tokio::test]
async fn without_a_region_the_reader_s_office_comes_first_and_others_show_how_to_ask() {
    let site = world();
    let here = completed_near(&site.app, "派出所", "520300").await;
    assert_eq!(texts(&here, "institution"), ["遵义市公安局", "中华人民共和国公安部"], "{here:?}");
    // A county without one of its own is led to the city above it.
    let here = completed_near(&site.app, "派出所", "520302").await;
    assert_eq!(texts(&here, "institution").first(), Some(&"遵义市公安局"), "{here:?}");
    // A region that is named is the one that is meant.
    let named = completed_near(&site.app, "贵州医保", "520300").await;
    assert_eq!(texts(&named, "institution").first(), Some(&"贵州省医疗保障局"), "{named:?}");
    // A browser keeps the code of a division that is no more.
    assert_eq!(completed_near(&site.app, "派出所", "990000").await, completed(&site.app, "派出所").await);
    let (status, _, body) = call(&site.app, path("/api/v1/suggest?q=x&near=1")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
}

#[tokio::test]
async fn what_begins_so_comes_before_what_has_it_inside() {
    let site = world();
    assert_eq!(completed(&site.app, "民法").await[0]["text"], "中华人民共和国民法典");
}

#[tokio::test]
async fn every_group_has_a_name() {
    let site = world();
    let mut labels = std::collections::BTreeMap::new();
    for typed in ["遵义", "遵义医保", "民法", "拖欠"] {
        for suggestion in completed(&site.app, typed).await {
            let label = suggestion["label"].as_str().unwrap().to_owned();
            assert!(!label.is_empty(), "{suggestion}");
            labels.insert(suggestion["kind"].as_str().unwrap().to_owned(), label);
        }
    }
    assert_eq!(labels.get("service").map(String::as_str), Some("办事入口"), "{labels:?}");
    assert_eq!(labels.get("institution").map(String::as_str), Some("机构"));
}

#[tokio::test]
async fn the_beginning_of_an_address_completes_whose_it_is_and_a_place_its_government_first() {
    let site = site();
    for (typed, wanted) in [
        ("zunyi.g", "遵义市人民政府"),
        ("zunyi.gov", "遵义市人民政府"),
        ("jyt.guizhou", "贵州省教育厅"),
        ("jytguizhou", "贵州省教育厅"),
    ] {
        assert_eq!(texts(&completed(&site.app, typed).await, "institution").first(), Some(&wanted), "{typed}");
    }
    let site = world();
    for typed in ["zunyi", "遵义"] {
        let all = completed(&site.app, typed).await;
        assert_eq!(texts(&all, "institution").first(), Some(&"遵义市人民政府"), "{typed}: {all:?}");
    }
}
