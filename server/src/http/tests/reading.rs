//! Reading law: references as links both ways, two versions compared.

use super::*;

/// A site with a law in two versions and a regulation that refers to it.
fn library() -> (Site, String) {
    let site = site_with(vec![law(
        "行政许可实施条例",
        Date::constant(2021, 1, 1),
        &[
            "根据《中华人民共和国行政许可法》，制定本条例。",
            "依照《行政许可法》第一条、第九十九条和本条例第一条办理；违反前条的，依照《无此法》处理。",
        ],
        None,
    )]);
    let id = regulation_id("行政许可实施条例", Some(Date::constant(2021, 1, 1)), None);
    (site, id)
}

#[tokio::test]
async fn references_are_links_both_ways() {
    let (site, id) = library();
    let law = &site.new_law;
    let (status, _, page) = call(&site.app, path(&format!("/regulations/{id}"))).await;
    assert_eq!(status, StatusCode::OK);
    for link in [
        format!("href=\"/regulations/{law}\" title=\"中华人民共和国行政许可法\">《中华人民共和国行政许可法》</a>"),
        format!("href=\"/regulations/{law}#a1\" title=\"中华人民共和国行政许可法\">《行政许可法》第一条</a>"),
        "href=\"#a1\">本条例第一条</a>".to_owned(),
        "href=\"#a1\">前条</a>".to_owned(),
    ] {
        assert!(page.contains(&link), "{link}: {page}");
    }
    assert!(!page.contains("无此法》</a>"), "what is not there is no link");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{law}/articles/1"))).await;
    assert!(page.contains(&format!("href=\"/regulations/{id}/articles/2\">第二条</a>")), "{page}");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{law}/references"))).await;
    assert!(page.contains("<svg") && page.contains("行政许可实施条例"), "{page}");
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/regulations/{law}/references"))).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(reply["incoming_total"], 3, "{reply}");
    let to_first = reply["incoming"].as_array().unwrap().iter().find(|r| r["to"]["article"] == "第一条").unwrap();
    assert_eq!((&to_first["from"]["article"], &to_first["kind"]), (&"第二条".into(), &"cites".into()));
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/regulations/{id}/references"))).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert!(reply["outgoing"].as_array().unwrap().iter().any(|r| r["kind"] == "basis"), "{reply}");
    for address in ["/regulations/none/references", "/api/v1/regulations/none/references"] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn versions_are_compared() {
    let site = site();
    let (old, new) = (&site.old_law, &site.new_law);
    let address = format!("/regulations/{old}/compare/{new}");
    let (status, _, page) = call(&site.app, path(&address)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<del>") && page.contains("<ins>") && page.contains("新增"), "{page}");
    // Narrow screens show the texts as one, wide ones side by side, and both lead to what has changed.
    for part in ["class=\"sides only-wide\"", "class=\"law text only-narrow\"", "<a href=\"#c1\">", "id=\"c1\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, _, page) = call(&site.app, path(&format!("{address}?view=side"))).await;
    assert!(page.contains("class=\"sides\"") && !page.contains("only-narrow"), "{page}");
    let (_, _, page) = call(&site.app, path(&format!("{address}?view=inline&all=1"))).await;
    assert!(page.contains("左右对照") && page.contains("只看有变化的条文"), "{page}");
    assert!(!page.contains("class=\"sides") && page.contains("加线的</ins>是 "), "{page}");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{new}"))).await;
    assert!(page.contains(&format!("href=\"{address}\">与上一文本对照")), "{page}");
    for (address, status) in [
        (format!("/regulations/{old}/compare/none"), 404),
        (format!("{address}?view=upside-down"), 400),
        (format!("{address}?all=maybe"), 400),
    ] {
        assert_eq!(call(&site.app, path(&address)).await.0.as_u16(), status, "{address}");
    }
    let other = regulation_id("招商引资条例", Some(Date::constant(2020, 1, 1)), None);
    let (status, _, page) = call(&site.app, path(&format!("/regulations/{other}/compare/{new}"))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("不是同一部法规"), "{page}");
}

#[tokio::test]
async fn a_regulation_stands_beside_the_one_that_it_was_made_by() {
    let local = law(
        "遵义市行政许可实施办法",
        Date::constant(2021, 1, 1),
        &[
            "根据《中华人民共和国行政许可法》，制定本办法。",
            "本办法所称行政许可，是指准予从事特定活动的行为，内部审批和人事审批除外。",
            "本市设立政务服务大厅，统一受理申请。",
        ],
        None,
    );
    let id = local.id.clone();
    let site = site_with(vec![local]);
    let address = format!("/regulations/{id}/parallel/{}", site.new_law);
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{id}"))).await;
    assert!(page.contains(&format!("href=\"{address}\">与《中华人民共和国行政许可法》对照")), "{page}");
    let (status, _, page) = call(&site.app, path(&address)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("（没有找到对应的条文）") && page.contains("（一）内部审批；"), "{page}");
    assert!(page.contains(&format!("href=\"{address}?matched=1\">只看有对应的条文")), "{page}");
    let (_, _, page) = call(&site.app, path(&format!("{address}?matched=1"))).await;
    assert!(!page.contains("（没有找到对应的条文）") && page.contains("（一）内部审批；"), "{page}");
    assert!(page.contains("3 条中有") && page.contains(&format!("href=\"{address}\">也列出没有对应的条文")), "{page}");
    // The other way round it was not made by it.
    let (status, _, page) = call(&site.app, path(&format!("/regulations/{}/parallel/{id}", site.new_law))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("没有写明是根据"), "{page}");
    assert_eq!(call(&site.app, path(&format!("{address}?x=1"))).await.0, StatusCode::OK);
    assert_eq!(call(&site.app, path(&format!("/regulations/{id}/parallel/none"))).await.0, StatusCode::NOT_FOUND);
}
