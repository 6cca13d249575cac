//! Citations as people write them, asked of the search and of `/resolve`.

use indexer::record::{Article, ArticleNumber, Event, EventKind, effect};

use super::*;

fn many() -> Record {
    let texts: Vec<String> = (1..=60).map(|n| format!("样例的第{n}件事。")).collect();
    law("样例法", Date::constant(2020, 1, 1), &texts.iter().map(String::as_str).collect::<Vec<_>>(), None)
}

async fn numbers(app: &App, query: &str) -> Vec<String> {
    let reply = search(app, query, "").await;
    let direct = reply["direct"].as_array().unwrap().iter().filter(|h| h["kind"] == "article");
    direct.map(|h| h["article"]["number"].as_str().unwrap().to_owned()).collect()
}

async fn notes(app: &App, query: &str) -> String {
    search(app, query, "").await["query"]["notes"].to_string()
}

async fn resolved(app: &App, text: &str) -> Value {
    let body = serde_json::json!({ "text": text }).to_string();
    let request = Request::post("/api/v1/resolve").header(header::CONTENT_TYPE, "application/json");
    let (status, _, body) = call(app, request.body(Body::from(body)).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    serde_json::from_str::<Value>(&body).unwrap()["citations"].take()
}

#[tokio::test]
async fn all_cited_articles_are_answers_within_a_bound() {
    let site = site_with(vec![many()]);
    for query in ["样例法第3、4、5条", "样例法3-5", "样例法第3～5条", "样例法第三至五条", "《样例法》第叁、肆、伍条"]
    {
        assert_eq!(numbers(&site.app, query).await, ["第三条", "第四条", "第五条"], "{query}");
        let found = resolved(&site.app, query).await;
        let outcomes: Vec<&str> = found.as_array().unwrap().iter().map(|c| c["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["resolved"; 3], "{query}");
        assert_eq!(found[2]["canonical"], "《样例法》第五条", "{query}");
    }
    assert_eq!(numbers(&site.app, "样例法第1至45条").await.len(), 45);
    let found = numbers(&site.app, "样例法第1至60条").await;
    assert_eq!(found.len(), 50);
    assert!(notes(&site.app, "样例法第1至60条").await.contains("另有 10 条"));
    assert_eq!(numbers(&site.app, "样例法第二、三十条").await, ["第二条", "第三十条"]);
    let reply = search(&site.app, "行政许可法第二条第一、二款", "").await;
    assert_eq!(reply["direct"][0]["article"]["within"], "第一款、第二款");
}

/// Citations as people write them, and what they cite.
const CITATIONS: &str = include_str!("../../../tests/citations.tsv");

/// The cited regulations with made-up texts, each with as many articles as are cited.
fn cited_regulations() -> Vec<Record> {
    let regulation = |title: &str, date: Date, articles: usize, number: Option<&str>| {
        law(title, date, &vec!["样例。"; articles], number)
    };
    let mut penal = regulation("中华人民共和国刑法", Date::constant(2023, 12, 29), 134, None);
    if let RecordBody::Regulation(r) = &mut penal.body {
        let number = ArticleNumber { number: 133, inserted: 1 };
        let inserted = Article { label: number.to_string(), number: Some(number), text: "样例。".into() };
        r.articles.insert(133, inserted);
    }
    vec![
        penal,
        regulation("中华人民共和国公司法", Date::constant(2018, 10, 26), 5, None),
        regulation("中华人民共和国公司法", Date::constant(2023, 12, 29), 5, None),
        regulation("中华人民共和国行政处罚法", Date::constant(2021, 1, 22), 40, None),
        regulation("民法典", Date::constant(2020, 5, 28), 1_090, None),
        regulation("样例管理条例", Date::constant(2024, 3, 10), 2, Some("国务院令第777号")),
    ]
}

#[tokio::test]
async fn every_citation_is_understood_by_resolving_and_by_the_search() {
    let site = site_with(cited_regulations());
    for line in CITATIONS.lines().filter(|line| !line.starts_with('#')) {
        let (text, cited) = line.split_once('\t').unwrap();
        let found = resolved(&site.app, text).await;
        let found = found.as_array().unwrap();
        let canonical: Vec<&str> = found.iter().map(|c| c["canonical"].as_str().unwrap()).collect();
        assert_eq!(canonical.join("；"), cited, "{text}");
        assert!(found.iter().all(|c| c["outcome"] == "resolved"), "{text}: {found:?}");
        let reply = search(&site.app, text, "").await;
        let direct = reply["direct"].as_array().unwrap();
        assert_eq!(direct.len(), found.len(), "{text}: {reply}");
        for (hit, canonical) in direct.iter().zip(canonical) {
            let article = hit["article"]["number"].as_str();
            assert!(article.is_none_or(|article| canonical.ends_with(article)), "{text}: {hit}");
            assert_eq!(article.is_some(), canonical.contains('《'), "{text}: {hit}");
        }
    }
}

#[tokio::test]
async fn the_version_in_brackets_is_the_one_that_answers() {
    let site = site();
    for (query, id) in [
        ("行政许可法（2003）第一条", format!("{}/1", site.old_law)),
        ("《行政许可法（2003年）》第1条", format!("{}/1", site.old_law)),
        ("行政许可法（2019修正）第1条", format!("{}/1", site.new_law)),
        ("行政许可法2019年修正第二条", format!("{}/2", site.new_law)),
        ("行政许可法第一条", format!("{}/1", site.new_law)),
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&id.as_str()), "{query}: {reply}");
    }
    let query = "行政许可法（2011）第一条";
    assert_eq!(numbers(&site.app, query).await, Vec::<String>::new());
    let told = notes(&site.app, query).await;
    assert!(told.contains("没有《行政许可法》2011 年的文本") && told.contains("2019-04-23"), "{told}");
    assert_eq!(resolved(&site.app, query).await[0]["outcome"], "no_such_version");
}

#[tokio::test]
async fn a_heading_leads_to_its_place() {
    let site = site();
    for query in ["行政许可法第一章", "《行政许可法》第1章"] {
        let reply = search(&site.app, query, "").await;
        let hit = &reply["direct"][0];
        assert_eq!(hit["title"], "中华人民共和国行政许可法 第一章 总则", "{query}: {reply}");
        assert_eq!(hit["url"], format!("/regulations/{}#a1", site.new_law));
        let found = resolved(&site.app, query).await;
        assert_eq!(
            (&found[0]["outcome"], &found[0]["canonical"]),
            (&"resolved".into(), &"《中华人民共和国行政许可法》第一章".into())
        );
    }
    assert!(notes(&site.app, "行政许可法第三章").await.contains("没有第三章"));
    assert_eq!(resolved(&site.app, "行政许可法第三章").await[0]["outcome"], "no_such_section");
}

#[tokio::test]
async fn a_deleted_article_is_a_gap_and_no_hit() {
    let gap = law("缺条法", Date::constant(2020, 1, 1), &["缺条的第一件事。", "（删去）", "缺条的第三件事。"], None);
    let id = gap.id.clone();
    let site = site_with(vec![gap]);
    for query in ["缺条法", "删去", "缺条法删去", "第二条删去", "总则"] {
        let reply = search(&site.app, query, "&kind=article&size=100").await;
        let hits = reply["hits"].as_array().unwrap().iter().chain(reply["direct"].as_array().unwrap());
        assert!(!hits.clone().any(|h| h["id"] == format!("{id}/2")), "{query}: {reply}");
    }
    let reply = search(&site.app, "缺条的第三件事", "&kind=article").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&format!("{id}/3").as_str()));
    assert_eq!(numbers(&site.app, "缺条法第二条").await, Vec::<String>::new());
    assert!(notes(&site.app, "缺条法第二条").await.contains("第二条已经删去"));
    assert_eq!(resolved(&site.app, "缺条法第1、2条").await[1]["outcome"], "deleted_article");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{id}"))).await;
    assert!(page.contains("（删去）"), "the reading page shows the gap");
}

#[tokio::test]
async fn orders_are_found_in_every_form() {
    let site = site();
    for query in [
        "国务院令（第588号）",
        "国务院第588号令",
        "国务院令588号",
        "第588号国务院令",
        "《国务院令第588号》",
        "国务院令〔第５８８号〕",
        "国务院令第五百八十八号",
        "中华人民共和国国务院令 第 588 号",
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&site.new_law.as_str()), "{query}: {reply}");
        let found = resolved(&site.app, query).await;
        assert_eq!(
            (&found[0]["outcome"], &found[0]["canonical"]),
            (&"resolved".into(), &"国务院令第588号".into()),
            "{query}"
        );
    }
    assert_eq!(resolved(&site.app, "国务院令第999号").await[0]["outcome"], "no_such_number");
    let text = "依照国务院令第588号、行政许可法第1、2条和第999号国务院令办理";
    let found = resolved(&site.app, text).await;
    let told: Vec<&str> = found.as_array().unwrap().iter().map(|c| c["text"].as_str().unwrap()).collect();
    assert_eq!(told, ["国务院令第588号", "行政许可法第1", "2条"], "{found}");
}

/// A version whose decision says another day of effect than the list that has it.
pub(super) fn amended_by_a_decision() -> Record {
    let version = Date::constant(2023, 9, 1);
    let mut amended = law("中华人民共和国民事诉讼法", version, &["一。", "本法自公布之日起施行。"], None);
    if let RecordBody::Regulation(r) = &mut amended.body {
        let event = |kind, text: &str| Event { date: Some(version), kind, text: text.into() };
        r.published = Some(version);
        r.history =
            vec![event(EventKind::Amended, "《关于修改〈甲法〉的决定》修正"), effect::stated("甲名单", version)];
    }
    amended
}

#[tokio::test]
async fn the_day_of_effect_is_the_decisions_and_contradictions_are_told() {
    let amended = amended_by_a_decision();
    let id = amended.id.clone();
    let site = site_with(vec![amended]);
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/regulations/{id}"))).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(reply["effective"], "2024-01-01", "{body}");
    assert!(reply["effective_basis"].as_str().unwrap().contains("决定"));
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{id}"))).await;
    assert!(page.contains("2024-01-01（依据："));
    let (_, _, page) = call(&site.app, path("/data")).await;
    assert!(page.contains("甲名单 所载为 2023-09-01") && page.contains("采用后者"), "{page}");
}
