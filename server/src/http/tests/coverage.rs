//! How far the directory reaches, what is looked for in vain, and that nobody's question is kept.

use super::*;
use crate::http::wanted::MIN_REPORTED;

#[tokio::test]
async fn what_the_law_gives_every_division_is_counted_beside_what_is_on_record() {
    let site = site();
    let reply = json(&site.app, "/api/v1/coverage").await;
    let rows = reply["by_law"].as_array().unwrap();
    let of = |level: &str| {
        let row = rows.iter().find(|row| row["body"] == "government" && row["level"] == level).unwrap();
        let figures = &row["figures"];
        (row["exist"].as_u64(), figures["institutions"].as_u64(), figures["with_site"].as_u64())
    };
    // Three provinces, three cities, two districts of the name 鼓楼区; the street has no government.
    assert_eq!(of("province"), (Some(3), Some(0), Some(0)));
    assert_eq!(of("prefecture"), (Some(3), Some(1), Some(1)));
    assert_eq!(of("county"), (Some(2), Some(2), Some(1)));
    assert!(rows.iter().all(|row| row["level"] != "township"), "{reply}");
    let total = &reply["total"];
    let sums = |groups: &str| -> u64 {
        let all = reply[groups].as_array().unwrap();
        all.iter().map(|g| g["figures"]["institutions"].as_u64().unwrap()).sum()
    };
    assert_eq!((sums("by_level"), sums("by_category")), (8, 8));
    assert_eq!(total["institutions"], 8);
    // The nation's own lie in no province.
    assert_eq!(sums("by_province"), 5);
    let of_province = json(&site.app, "/api/v1/coverage?region=520000").await;
    assert_eq!(
        (&of_province["total"]["institutions"], &of_province["by_province"]),
        (&2.into(), &serde_json::json!([]))
    );
    for bad in ["520300", "990000", "x"] {
        let (status, _, body) = call(&site.app, path(&format!("/api/v1/coverage?region={bad}"))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}: {body}");
    }
}

#[tokio::test]
async fn the_page_tells_the_same() {
    let site = site();
    for (address, parts) in [
        ("/coverage", ["数据覆盖", "依法应有", "贵州省"]),
        ("/coverage?region=520000", ["数据覆盖：贵州省", "看全国", "监察法第七条"]),
    ] {
        let (status, _, page) = call(&site.app, path(address)).await;
        assert_eq!(status, StatusCode::OK);
        for part in parts {
            assert!(page.contains(part), "{address} lacks {part}: {page}");
        }
    }
}

#[tokio::test]
async fn what_is_looked_for_in_vain_is_counted_by_names_of_the_directory_alone() {
    let site = site();
    let ask = async |query: &str, times: u32| {
        for _ in 0..times {
            search(&site.app, query, "").await;
        }
    };
    let wanted = async || json(&site.app, "/api/v1/coverage").await["wanted"].clone();
    ask("南京市政府", MIN_REPORTED - 1).await;
    ask("农发行", MIN_REPORTED + 1).await;
    // What names nothing of the directory is no one's to know; what is found is not wanted.
    ask("我在南京的邻居张三欠钱不还", MIN_REPORTED + 1).await;
    ask("遵义市政府", MIN_REPORTED + 1).await;
    let told = wanted().await;
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!((&told[0]["institution_id"], &told[0]["searches"]), (&"000000-nfh".into(), &(MIN_REPORTED + 1).into()));
    // Pages and replies count alike, kept or not.
    call(&site.app, path(&format!("/search?q={}", encoded("南京市政府")))).await;
    let told = wanted().await;
    assert_eq!((&told[1]["division"], &told[1]["body"]), (&"320100".into(), &"政府".into()), "{told}");
    let (_, _, page) = call(&site.app, path("/coverage")).await;
    assert!(page.contains("江苏省南京市 政府") && page.contains("中国农业发展银行的网站"), "{page}");
    assert!(!page.contains("张三"), "{page}");
    let elsewhere = json(&site.app, "/api/v1/coverage?region=520000").await;
    assert_eq!(elsewhere["wanted"], serde_json::json!([]));
}

#[tokio::test]
async fn a_missing_body_offers_what_is_known_of_the_region_and_asks() {
    let site = site();
    let reply = search(&site.app, "南京市政府", "").await;
    assert_eq!((&reply["missing"]["division"], &reply["missing"]["body"]), (&"320100".into(), &"政府".into()));
    let (_, _, page) = call(&site.app, path(&format!("/search?q={}", encoded("南京市政府")))).await;
    assert!(page.contains("href=\"/divisions/320100\"") && page.contains("告诉我们"), "{page}");
    let tell = format!("/corrections/new?about=320100&missing={}", encoded("政府"));
    assert!(page.contains(&tell.replace('&', "&#38;")) || page.contains(&tell), "{page}");
    let (status, _, form) = call(&site.app, path(&tell)).await;
    assert_eq!(status, StatusCode::OK, "{form}");
    assert!(form.contains("资料里没有政府：") && form.contains("<option value=\"missing\" selected>"), "{form}");
    assert!(search(&site.app, "遵义市政府", "").await["missing"].is_null());
}

#[tokio::test]
async fn hints_name_only_what_is_on_record() {
    let site = site();
    let reply = search(&site.app, "政府", "").await;
    let note = reply["query"]["notes"][0].as_str().unwrap().to_owned();
    let example = note.split("如“").nth(1).and_then(|rest| rest.split('”').next()).unwrap_or_else(|| panic!("{note}"));
    assert!(!ids(&search(&site.app, example, "").await["direct"]).is_empty(), "{note}");
    let note = search(&site.app, "检察院", "").await["query"]["notes"].to_string();
    assert!(note.contains("各地都有") && !note.contains('如'), "{note}");
    // Of the home page and of a search that finds nothing.
    for address in ["/".to_owned(), format!("/search?q={}", encoded("囍囍囍"))] {
        let (_, _, page) = call(&site.app, path(&address)).await;
        let examples =
            page.split("<ul").skip(1).find(|list| list.contains("/search?q=")).unwrap_or_else(|| panic!("{page}"));
        let list = examples.split("</ul>").next().unwrap();
        for link in list.split("href=\"/search?q=").skip(1) {
            let query = link.split('"').next().unwrap();
            let reply = json(&site.app, &format!("/api/v1/search?q={query}")).await;
            assert!(!reply["direct"].as_array().unwrap().is_empty() || reply["total"] != 0, "{address}: {query}");
        }
    }
}
