//! Divisions lead to sites: of their own governments, else of the nearest above.

use indexer::record::{DivisionLevel, Evidence, Website};

use super::*;

fn division(code: &str, name: &str, short_name: &str, parent: Option<&str>) -> Record {
    let level = match code {
        _ if code.len() > 6 => DivisionLevel::Township,
        _ if code.ends_with("0000") => DivisionLevel::Province,
        _ if code.ends_with("00") => DivisionLevel::Prefecture,
        _ => DivisionLevel::County,
    };
    samples::division(code, name, short_name, level, parent.or(Some("000000")))
}

/// Two districts of one name with their governments, a town below one of them, and a county without a record.
fn world() -> Site {
    let government = |code: &str, name: &str, host: &str| {
        let mut record = institution(&format!("{code}-gov"), name, code);
        if let RecordBody::Institution(i) = &mut record.body {
            i.websites = vec![Website {
                url: format!("http://{host}/"),
                host: host.into(),
                evidence: Evidence::Corroborated,
                sources: vec!["a".into()],
                off_gov_cn: false,
            }];
        }
        record
    };
    site_with(vec![
        division("110000", "北京市", "北京", None),
        division("110105", "朝阳区", "朝阳", Some("110000")),
        division("220000", "吉林省", "吉林", None),
        division("220100", "长春市", "长春", Some("220000")),
        division("220104", "朝阳区", "朝阳", Some("220100")),
        division("520381", "赤水市", "赤水", Some("520300")),
        division("520381100", "甲镇", "甲镇", Some("520381")),
        division("110105100", "乙乡", "乙乡", Some("110105")),
        government("110105", "北京市朝阳区人民政府", "bjchy.gov.cn"),
        government("220104", "长春市朝阳区人民政府", "ccchy.gov.cn"),
        // On record, and nobody knows a site.
        institution("110105100-gov", "乙乡人民政府", "110105100"),
        hotline("遵义市示例热线", "520300-gov", "遵义市人民政府"),
    ])
}

fn hotline(name: &str, owner: &str, owner_name: &str) -> Record {
    let mut body = RecordBody::blank("service").unwrap();
    let value = |column: &str| match column {
        "name" => name,
        "purpose" => "政务咨询和投诉",
        "entrance" => "电话",
        "owner_name" => owner_name,
        "owner_id" => owner,
        "division" => "520300",
        "hotline" => "0851-12345",
        _ => "",
    };
    body.fill(|column| Some(value(column.name))).unwrap();
    let provenance = institution("x", "甲", "520300").provenance;
    Record::published(body.id().unwrap(), None, provenance, body)
}

async fn page(app: &App, address: &str) -> String {
    let (status, _, body) = call(app, path(address)).await;
    assert_eq!(status, StatusCode::OK, "{address}: {body}");
    body
}

#[tokio::test]
async fn a_name_of_two_districts_leads_to_both_governments() {
    let site = world();
    let reply = search(&site.app, "朝阳区", "").await;
    let all: Vec<&Value> = reply["direct"].as_array().unwrap().iter().filter(|h| h["kind"] == "division").collect();
    let hosts: Vec<&str> =
        all.iter().map(|d| d["division"]["governments"][0]["websites"][0]["host"].as_str().unwrap()).collect();
    assert_eq!(hosts.len(), 2, "{reply}");
    assert!(hosts.contains(&"bjchy.gov.cn") && hosts.contains(&"ccchy.gov.cn"), "{hosts:?}");
    let html = page(&site.app, &format!("/search?q={}", encoded("朝阳区"))).await;
    for host in hosts {
        assert!(html.contains(&format!("class=\"go\" href=\"http://{host}/\"")), "{host}: {html}");
    }
}

#[tokio::test]
async fn the_page_of_a_division_begins_with_its_government_s_site() {
    let site = world();
    let html = page(&site.app, "/divisions/110105").await;
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    assert!(at("href=\"http://bjchy.gov.cn/\"") < at("id=\"bodies\""));
    assert!(!html.contains("上一级："), "its own: {html}");
}

#[tokio::test]
async fn what_has_no_site_of_its_own_leads_on_to_the_nearest_above() {
    let site = world();
    // A town without a record below a county without one.
    let html = page(&site.app, "/divisions/520381100").await;
    assert!(
        html.contains("上一级：<a class=\"alone\" href=\"/institutions/520300-gov\">") && html.contains("zunyi.gov.cn"),
        "{html}"
    );
    assert!(html.contains("href=\"tel:0851-12345\"") && html.contains("遵义市示例热线"), "{html}");
    // A town's government without a site, then the district's.
    let reply: Value = serde_json::from_str(&page(&site.app, "/api/v1/divisions/110105100").await).unwrap();
    let all = reply["governments"].as_array().unwrap();
    assert_eq!(
        all.iter().map(|g| (g["id"].as_str().unwrap(), g["own"].as_bool().unwrap())).collect::<Vec<_>>(),
        [("110105100-gov", true), ("110105-gov", false)]
    );
    // Nobody above has any: nothing is made up.
    let reply: Value = serde_json::from_str(&page(&site.app, "/api/v1/divisions/220100").await).unwrap();
    assert_eq!((&reply["governments"], &reply["hotlines"]), (&serde_json::json!([]), &serde_json::json!([])));
}
