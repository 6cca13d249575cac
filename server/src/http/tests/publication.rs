//! What an issuer says of a document's publication, from the form to the page and the interface.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in},
    power_lists::rebuilt,
    *,
};

const SAID: [(&str, &str); 5] = [
    ("topics", "行政许可\n审批改革"),
    ("index_number", "000014349/2004-00001"),
    ("valid_until", "2040-12-31"),
    ("openness", "主动公开"),
    ("explanation", "https://www.gov.cn/jd/1.html"),
];

#[tokio::test]
async fn what_an_issuer_says_of_a_publication_is_given_reviewed_and_shown() {
    let site = site();
    let (writer, token) = signed_in(&site, "nation.w", Role::Contributor, "000000");
    let (reviewer, review) = signed_in(&site, "nation.v", Role::Reviewer, "000000");
    let law = site.new_law.clone();
    let edit = format!("/console/records/{law}/edit");
    let (_, _, form) = call(&site.app, get(&edit, &writer)).await;
    for (name, _) in SAID {
        assert!(form.contains(&format!("name=\"{name}\"")), "{name}: {form}");
    }
    let fields = |said: &[(&'static str, &'static str)]| {
        [("token", token.clone()), ("revision", "1".into()), ("then", "submit".into())]
            .into_iter()
            .chain(said.iter().map(|(name, value)| (*name, (*value).to_owned())))
            .collect::<Vec<_>>()
    };
    let send = async |said: &[(&'static str, &'static str)]| {
        let fields = fields(said);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        call(&site.app, post(&edit, &writer, &fields)).await
    };
    for (name, wrong) in [
        ("explanation", "https://www.example.com/jd"),
        ("valid_until", "明年"),
        ("openness", "不公开"),
        ("index_number", "甲\u{202E}乙"),
    ] {
        let (status, _, page) = send(&[(name, wrong)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.contains(wrong) || name == "openness", "what was typed stays: {page}");
    }
    let (status, headers, page) = send(&SAID).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let at = headers[header::LOCATION].to_str().unwrap().to_owned();
    let done = [("token", review.as_str()), ("revision", "2")];
    let (status, _, page) = call(&site.app, post(&format!("{at}/moves/approve-and-publish"), &reviewer, &done)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{law}"))).await;
    for told in [
        "行政许可；审批改革",
        "000014349/2004-00001",
        "2040-12-31",
        "主动公开",
        "href=\"https://www.gov.cn/jd/1.html\"",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/regulations/{law}?articles=0"))).await;
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(told["topics"][1], "审批改革");
    assert_eq!((&told["valid_until"], &told["openness"]), (&"2040-12-31".into(), &"主动公开".into()));
    // Those that say nothing of it show nothing of it.
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{}", site.old_law))).await;
    assert!(!page.contains("索引号") && !page.contains("公开范围"), "{page}");
}

#[tokio::test]
async fn regulations_are_found_by_what_their_issuers_class_them() {
    let site = site();
    let law = site.new_law.clone();
    let search = async |query: &str| {
        let (status, _, body) = call(&site.app, path(&format!("/api/v1/search?{query}"))).await;
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let asked = format!("q={}", encoded("许可"));
    let (_, before) = search(&asked).await;
    assert_eq!(before["facets"]["topic"], serde_json::json!([]), "none is classed");
    let mut record = site.app.store.get(&law).unwrap().unwrap();
    if let RecordBody::Regulation(r) = &mut record.body {
        r.publication.topics = vec!["行政许可".into(), "审批、改革".into()];
    }
    site.app.store.put_over(record).unwrap();
    rebuilt(&site);
    let (_, all) = search(&asked).await;
    let values: Vec<&str> =
        all["facets"]["topic"].as_array().unwrap().iter().map(|v| v["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["审批、改革", "行政许可"], "{all}");
    assert!(all["facets"]["topic"][0]["count"].as_u64().unwrap() > 0, "{all}");
    let mut totals = std::collections::BTreeSet::new();
    for topic in ["审批、改革", "审批改革", "行政许可"] {
        let (_, found) = search(&format!("{asked}&topic={}", encoded(topic))).await;
        assert!(found["total"].as_u64().unwrap() > 0, "{topic} {found}");
        totals.insert(found["total"].as_u64().unwrap());
        for hit in found["hits"].as_array().unwrap() {
            let of = hit["article"]["regulation_id"].as_str().or(hit["id"].as_str());
            assert_eq!(of, Some(law.as_str()), "{hit}");
        }
    }
    let (_, operator) = search(&format!("q={}", encoded("许可 主题:行政许可"))).await;
    totals.insert(operator["total"].as_u64().unwrap());
    assert_eq!(totals.len(), 1, "each of these ways finds the same: {totals:?}");
    let (status, none) = search(&format!("{asked}&topic={}", encoded("水利"))).await;
    assert_eq!((status, &none["total"]), (StatusCode::OK, &0.into()));
    let (status, told) = search(&format!("{asked}&topic={}", encoded(&"长".repeat(41)))).await;
    assert!(status == StatusCode::BAD_REQUEST && told["detail"].as_str().unwrap().contains("topic"), "{told}");
    // The page offers it, keeps it and leads out of it.
    let (_, _, page) = call(&site.app, path(&format!("/search?{asked}"))).await;
    assert!(
        page.contains("<summary>主题</summary>") && page.contains(&format!("topic={}", encoded("行政许可"))),
        "{page}"
    );
    let (_, _, page) = call(&site.app, path(&format!("/search?{asked}&topic={}", encoded("行政许可")))).await;
    assert!(
        page.contains("去掉限定 行政许可") && page.contains("<strong aria-current=\"true\">行政许可</strong>"),
        "{page}"
    );
}
