//! One rule of officialness: what the check says of an address and how cards, pages and the API offer it.

use indexer::record::{Category, Evidence, NameStatus, WebName, Website, web_name_id};

use super::*;

/// An institution with one site, and the record of its host.
fn with_site(id: &str, name: &str, category: Category, host: &str, evidence: Evidence) -> Vec<Record> {
    let mut record = institution(id, name, "520300");
    if let RecordBody::Institution(i) = &mut record.body {
        i.category = category;
        let off_gov_cn = !host.ends_with("gov.cn");
        let sources = vec!["a".into()];
        i.websites = vec![Website { url: format!("http://{host}/"), host: host.into(), evidence, sources, off_gov_cn }];
    }
    let name = WebName {
        institution_id: Some(id.into()),
        evidence,
        status: NameStatus::of(host, evidence, category.has_own_names()),
        ..samples::web_name(host, name)
    };
    let provenance = record.provenance.clone();
    vec![record, Record::published(web_name_id(host), None, provenance, RecordBody::WebName(name))]
}

fn world() -> Site {
    let bodies = [
        ("jy", "遵义市教育局", Category::Government, "jyj.zunyi.gov.cn", Evidence::Claimed),
        ("sw", "遵义市商务局", Category::Government, "sw.zunyi.gov.cn", Evidence::Disputed),
        ("cz", "遵义市财政局", Category::Government, "zycz.gov.cn", Evidence::Claimed),
        ("kj", "遵义市科学技术局", Category::Government, "zykj.cn", Evidence::Corroborated),
        ("daxue", "黔北示例大学", Category::School, "qbsl.edu.cn", Evidence::Corroborated),
        ("tsg", "黔北示例图书馆", Category::Library, "lib.qbsl.edu.cn", Evidence::Single),
    ];
    site_with(bodies.into_iter().flat_map(|(id, name, kind, host, e)| with_site(id, name, kind, host, e)).collect())
}

const UNSETTLED: &str = "政府域名；是否该机构的网站待核对";

#[tokio::test]
async fn the_check_the_card_the_page_and_the_interface_say_the_same() {
    let site = world();
    let division = call(&site.app, path("/divisions/520300")).await.2;
    for (id, name, host, verdict, standing, says) in [
        ("jy", "遵义市教育局", "jyj.zunyi.gov.cn", "official", "government_name", UNSETTLED),
        ("sw", "遵义市商务局", "sw.zunyi.gov.cn", "official", "government_name", UNSETTLED),
        ("cz", "遵义市财政局", "zycz.gov.cn", "unknown", "unverified", ""),
        ("kj", "遵义市科学技术局", "zykj.cn", "unknown", "unverified", ""),
        ("daxue", "黔北示例大学", "qbsl.edu.cn", "official", "official", ""),
        ("tsg", "黔北示例图书馆", "lib.qbsl.edu.cn", "official", "recorded_name", "在已核实的域名之下"),
    ] {
        let reply: Value =
            serde_json::from_str(&call(&site.app, path(&format!("/api/v1/check?url={host}"))).await.2).unwrap();
        assert_eq!(reply["verdict"], verdict, "{host}: {reply}");
        let label = reply["verdict_label"].as_str().unwrap();
        assert!(says.is_empty() || label.contains(says), "{host}: {label}");
        let body: Value =
            serde_json::from_str(&call(&site.app, path(&format!("/api/v1/institutions/{id}"))).await.2).unwrap();
        assert_eq!(body["websites"][0]["standing"], standing, "{body}");
        let found = search(&site.app, name, "").await;
        assert_eq!(found["direct"][0]["institution"]["websites"][0]["standing"], standing, "{found}");
        let linked = standing != "unverified";
        let card = call(&site.app, path(&format!("/search?q={}", encoded(name)))).await.2;
        let page = call(&site.app, path(&format!("/institutions/{id}"))).await.2;
        for (of, html) in [("card", &card), ("page", &page), ("division", &division)] {
            assert_eq!(html.contains(&format!("href=\"http://{host}/\"")), linked, "{of} of {host}: {html}");
            assert!(html.contains(says), "{of} of {host}: {html}");
        }
        // Only what is the institution's own is offered as the way to it.
        let own = standing == "official";
        assert_eq!(page.contains(&format!("class=\"go\" href=\"http://{host}/\"")), own, "{page}");
        assert_eq!(page.contains(&format!("\"url\":\"http://{host}/\"")), own, "{page}");
    }
}

#[tokio::test]
async fn a_government_name_that_is_not_recorded_is_no_stranger() {
    let site = world();
    let check = async |url: &str| -> Value {
        serde_json::from_str(&call(&site.app, path(&format!("/api/v1/check?url={url}"))).await.2).unwrap()
    };
    let (government, stranger) = (check("weizhi.gov.cn").await, check("weizhi.com").await);
    assert_eq!((&government["verdict"], &stranger["verdict"]), (&"unknown".into(), &"unknown".into()));
    assert_ne!(government["verdict_label"], stranger["verdict_label"]);
    assert!(government["meaning"].as_str().unwrap().contains("只有政府机构能注册"), "{government}");
    let page = call(&site.app, path("/check?url=weizhi.gov.cn")).await.2;
    assert!(page.contains("政府域名，但不知道属于哪个机构"), "{page}");
}
