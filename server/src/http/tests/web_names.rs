//! Is this site the real one: the check over the API, in the search and on pages.

use super::*;

async fn check(app: &App, url: &str) -> Value {
    json(app, &format!("/api/v1/check?url={}", encoded(url))).await
}

/// Whether a check of what is being typed is offered.
async fn holds_address(app: &App, text: &str) -> bool {
    let (_, _, body) = call(app, path(&format!("/api/v1/suggest?q={}", encoded(text)))).await;
    serde_json::from_str::<Value>(&body).unwrap()["holds_address"].as_bool().unwrap()
}

async fn post(app: &App, address: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::post(address).header(header::CONTENT_TYPE, "application/json");
    let (status, _, body) = call(app, request.body(Body::from(body.to_string())).unwrap()).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn a_check_says_whose_and_why() {
    let site = site();
    let reply = check(&site.app, "https://www.zunyi.gov.cn/zwgk/").await;
    assert_eq!((&reply["verdict"], &reply["institution"]["id"]), (&"official".into(), &"520300-gov".into()));
    assert_eq!((&reply["evidence"], &reply["reasons"][0]["code"]), (&"corroborated".into(), &"listed".into()));
    let reply = check(&site.app, "zunyi.gov.cn.evil.top").await;
    assert_eq!((&reply["verdict"], &reply["imitates"]["host"]), (&"lookalike".into(), &"zunyi.gov.cn".into()));
    assert_eq!(reply["see"][0]["id"], "520300-gov", "the right site is pointed to");
    let reply = check(&site.app, "生态环境部.公益").await;
    assert_eq!((&reply["verdict"], &reply["imitates"]["name"]), (&"lookalike".into(), &"生态环境部.政务".into()));
    let reply = check(&site.app, "遵义市政府").await;
    assert_eq!((&reply["verdict"], &reply["see"][0]["id"]), (&"invalid".into(), &"520300-gov".into()));
    let reply = check(&site.app, "njgl.gov.cn").await;
    assert_eq!((&reply["verdict"], &reply["reasons"][0]["code"]), (&"unknown".into(), &"disputed".into()));
    let hostile = format!("{}\u{202E}\u{0}<script>", "a".repeat(300));
    let reply = check(&site.app, &hostile).await;
    assert!(reply["url"].as_str().unwrap().chars().all(|c| c == 'a'), "{reply}");
    let (status, _, _) = call(&site.app, path("/api/v1/check")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// The way to the right site stands in the warning itself, and a name that only governments can have is no stranger's.
#[tokio::test]
async fn a_verdict_says_what_to_do_before_why() {
    let site = site();
    let page = async |url: &str| call(&site.app, path(&format!("/check?url={}", encoded(url)))).await.2;
    let body = page("zunyi-gov.cn").await;
    let (told, _) = body.split_once("为什么").unwrap();
    let (_, told) = told.split_once("class=\"verdict lookalike\"").unwrap();
    assert!(told.contains("真正的网站：<a class=\"go\" href=") && told.contains("zunyi.gov.cn</a>"), "{told}");
    assert!(!told.contains("像官方网站，但不是"), "said once: {told}");
    let heading = |body: &str| {
        body.split("<h2 class=\"verdict-mark\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned()
    };
    for (url, said) in [
        ("other.gov.cn", "名称以 gov.cn 结尾，但资料里没有它"),
        ("example.org", "我们不知道这是不是官方网站"),
        ("njgl.gov.cn", "我们不知道这是不是官方网站"),
    ] {
        let heading = heading(&page(url).await);
        assert!(heading.starts_with(said), "{url}: {heading}");
    }
}

#[tokio::test]
async fn many_addresses_are_checked_at_once() {
    let site = site();
    let urls = serde_json::json!({"urls": ["zunyi.gov.cn", "zunyigov.cn", "example.org", "", "javascript:1"]});
    let (status, reply) = post(&site.app, "/api/v1/check", urls).await;
    assert_eq!(status, StatusCode::OK);
    let results = reply["results"].as_array().unwrap();
    let verdicts: Vec<&str> = results.iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["official", "lookalike", "unknown", "invalid", "invalid"]);
    assert_eq!(results[1]["imitates"], "zunyi.gov.cn");
    for bad in [serde_json::json!({"urls": []}), serde_json::json!({"urls": vec!["a"; 5_001]})] {
        let (status, problem) = post(&site.app, "/api/v1/check", bad).await;
        assert_eq!((status, &problem["parameter"]), (StatusCode::BAD_REQUEST, &"urls".into()));
    }
}

#[tokio::test]
async fn an_address_in_the_box_is_answered_by_its_check() {
    let site = site();
    let reply = search(&site.app, "www.zunyi.gov.cn", "").await;
    assert_eq!((&reply["check"]["verdict"], ids(&reply["direct"])), (&"official".into(), vec!["520300-gov"]));
    let reply = search(&site.app, "zunyi-gov.cn", "").await;
    assert_eq!(reply["check"]["verdict"], "lookalike");
    assert!(reply["direct"][0]["why"][0].as_str().unwrap().contains("仿冒"), "{reply}");
    let reply = search(&site.app, "遵义市政府", "").await;
    assert!(reply["check"].is_null());
    let (_, _, page) = call(&site.app, path("/search?q=zunyi-gov.cn")).await;
    assert!(page.contains("这是仿冒的，不要打开"), "{page}");
    assert!(!page.contains("href=\"http://zunyi-gov.cn") && !page.contains("href=\"https://zunyi-gov.cn"));
}

#[tokio::test]
async fn every_address_of_a_message_is_told_and_the_worst_leads() {
    let site = site();
    let message = "【社保】您的账户已停用，请登录http://www.zunyi-gov.cn/a 办理，咨询www.zunyi.gov.cn，回复t.cn/x退订";
    let reply = check(&site.app, message).await;
    assert_eq!((&reply["verdict"], &reply["host"]), (&"lookalike".into(), &"zunyi-gov.cn".into()), "{reply}");
    assert_eq!(reply["see"][0]["id"], "520300-gov");
    let told: Vec<(&str, &str)> = reply["addresses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["verdict"].as_str().unwrap(), a["host"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("lookalike", "zunyi-gov.cn"), ("unknown", "t.cn"), ("official", "zunyi.gov.cn")]);
    // One address alone is answered as ever.
    let reply = check(&site.app, "https://www.zunyi.gov.cn/").await;
    assert!(reply["addresses"].is_null(), "{reply}");
    for text in [
        "www.zunyi.gov.cn是真的吗",
        "网址：ｗｗｗ．ｚｕｎｙｉ．ｇｏｖ．ｃｎ",
        "www.zunyi.gov.cn（遵义市人民政府）",
        "http:// www.zunyi\n.gov.cn",
    ] {
        let reply = check(&site.app, text).await;
        assert_eq!(
            (&reply["verdict"], &reply["host"]),
            (&"official".into(), &"zunyi.gov.cn".into()),
            "{text}: {reply}"
        );
    }
    let (_, reply) =
        post(&site.app, "/api/v1/check", serde_json::json!({"urls": [message, "www.zunyi.gov.cn是真的吗"]})).await;
    assert_eq!(
        (&reply["results"][0]["verdict"], &reply["results"][1]["verdict"]),
        (&"lookalike".into(), &"official".into())
    );
    let (_, _, page) = call(&site.app, path(&format!("/check?url={}", encoded(message)))).await;
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("这是仿冒的，不要打开") < at("文字里的 3 个网址"));
    assert!(page.contains(&format!(">{message}</textarea>")), "what was pasted stays in the box: {page}");
    assert!(!page.contains("href=\"http://www.zunyi-gov.cn"));
}

/// What readers paste, and what is to be said of it.
const ADDRESSES: &str = include_str!("../../../tests/addresses.tsv");

#[tokio::test]
async fn what_readers_paste_is_judged_alike_in_the_check_and_in_the_box() {
    let of_state = samples::web_name("国务院.政务", "中华人民共和国国务院");
    let site = site_with(vec![samples::record("w-xn--zfr54hdx6e.xn--zfr164b", RecordBody::WebName(of_state))]);
    let rows: Vec<(&str, &str)> =
        ADDRESSES.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap()).collect();
    let urls: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
    let (_, reply) = post(&site.app, "/api/v1/check", serde_json::json!({ "urls": urls })).await;
    assert_eq!(reply["results"].as_array().unwrap().len(), rows.len());
    for ((text, verdict), found) in rows.iter().zip(reply["results"].as_array().unwrap()) {
        assert_eq!(found["verdict"], *verdict, "{text}: {found}");
        let box_says = search(&site.app, text, "").await;
        assert_eq!(box_says["check"]["verdict"], *verdict, "{text}: {box_says}");
        let first = &box_says["direct"][0]["why"];
        assert!(holds_address(&site.app, text).await, "{text}");
        assert!(*verdict == "official" || first.is_null() || first[0].as_str().unwrap().contains("仿冒"), "{box_says}");
    }
}

#[tokio::test]
async fn the_danger_comes_before_any_hit_of_a_search() {
    let site = site();
    let reply = search(&site.app, "请登录zunyi-gov.cn办理遵义市教育", "").await;
    assert_eq!(reply["check"]["verdict"], "lookalike", "{reply}");
    assert_eq!(reply["query"]["intents"][0]["kind"], "address");
    assert_eq!(reply["direct"][0]["id"], "520300-gov");
    // What only asks about the address searches for nothing else.
    for text in ["zunyi-gov.cn 是官方网站吗", "www.zunyi.gov.cn是真的吗？", "网址：zunyi.gov.cn"] {
        let reply = search(&site.app, text, "").await;
        assert_eq!((reply["total"].as_u64(), ids(&reply["direct"])), (Some(0), vec!["520300-gov"]), "{text}: {reply}");
        let wanted = if text.contains('-') { "lookalike" } else { "official" };
        assert_eq!(reply["check"]["verdict"], wanted, "{text}");
    }
    // Other things with a dot are searched for as ever.
    for text in ["附件1.docx", "3.6.3", "2024.1.1", "zwgk@zunyi.gov.cn"] {
        assert!(search(&site.app, text, "").await["check"].is_null(), "{text}");
        assert!(!holds_address(&site.app, text).await, "{text}");
    }
    // A whole message goes to the check.
    let message = format!("{}zunyi-gov.cn", "请尽快办理".repeat(60));
    let response = router(site.app.clone()).oneshot(path(&format!("/search?q={}", encoded(&message)))).await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let to = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, path(&to)).await;
    assert!(status == StatusCode::OK && page.contains("这是仿冒的，不要打开"), "{page}");
    let (status, _, page) = call(&site.app, path(&format!("/search?q={}", encoded(&"长".repeat(300))))).await;
    assert!(status == StatusCode::OK && page.contains("只查了前 256 个字"), "{page}");
}

#[tokio::test]
async fn a_proposed_name_is_judged_with_its_rules() {
    let site = site();
    let address = "/api/v1/web-names/validate";
    let ask = async |body: Value| post(&site.app, address, body).await;
    let (_, reply) = ask(serde_json::json!({"name": "遵义市人民政府.政务", "institution": "520300-gov"})).await;
    assert_eq!(reply["allowed"], true, "{reply}");
    assert!(reply["findings"].as_array().unwrap().iter().all(|f| !f["source"].as_str().unwrap().is_empty()));
    let (_, reply) = ask(serde_json::json!({"name": "遵义市人民政府.公益", "institution": "520300-gov"})).await;
    assert_eq!((&reply["allowed"], &reply["findings"][0]["code"]), (&false.into(), &"public_owner".into()));
    let (_, reply) = ask(serde_json::json!({"name": "生态环境部.政务", "institution": "520300-gov"})).await;
    let codes: Vec<&str> = reply["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"taken"), "{reply}");
    let (_, reply) = ask(serde_json::json!({"name": "鼓楼区人民政府.政务", "institution": "320106-gov"})).await;
    assert_eq!(reply["findings"][0]["code"], "parent", "four places are called so: {reply}");
    let (_, reply) = ask(serde_json::json!({"name": "zunyj.gov.cn", "category": "政府"})).await;
    assert_eq!(reply["neighbours"][0]["host"], "zunyi.gov.cn", "{reply}");
    let (_, reply) =
        ask(serde_json::json!({"name": "zunyi.gov.cn", "institution": "520300-gov", "site_code": "9999990001"})).await;
    assert_eq!((&reply["allowed"], &reply["findings"][0]["code"]), (&false.into(), &"site_code".into()), "{reply}");
    let (_, reply) = ask(serde_json::json!({"institution": "000000-hb"})).await;
    let proposals = reply["proposals"].as_array().unwrap();
    assert!(proposals.iter().any(|p| p["name"] == "生态环境部.政务" && p["held"] == true), "{reply}");
    for (body, status) in [
        (serde_json::json!({"name": ""}), 400),
        (serde_json::json!({"name": "x.政务", "category": "公司"}), 400),
        (serde_json::json!({"name": "x.政务", "institution": "none"}), 404),
    ] {
        assert_eq!(ask(body.clone()).await.0.as_u16(), status, "{body}");
    }
}

#[tokio::test]
async fn the_list_is_downloaded_with_its_hash() {
    use sha2::{Digest, Sha256};
    let site = site();
    let (_, _, body) = call(&site.app, path("/api/v1/web-names")).await;
    let manifest: Value = serde_json::from_str(&body).unwrap();
    for file in manifest["files"].as_array().unwrap() {
        let request = path(file["url"].as_str().unwrap());
        let response = router(site.app.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(file["sha256"], hex::encode(Sha256::digest(&bytes)), "{file}");
        if file["url"].as_str().unwrap().ends_with("fst") {
            let set = fst::Set::new(bytes.to_vec()).unwrap();
            assert!(
                set.contains("zunyi.gov.cn") && !set.contains("njgl.gov.cn"),
                "only what is in use and not in dispute"
            );
        }
    }
    assert_eq!(call(&site.app, path("/api/v1/web-names/other")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_institution_shows_its_names_and_what_was_left_out() {
    let site = site();
    let (_, _, page) = call(&site.app, path("/institutions/000000-hb")).await;
    assert!(page.contains("生态环境部.政务") && page.contains("依据：页脚"), "{page}");
    let (_, _, page) = call(&site.app, path("/institutions/520300-gov")).await;
    assert!(page.contains("old.zunyi.gov.cn") && page.contains("旧名单"), "{page}");
    assert!(!page.contains("href=\"http://old.zunyi.gov.cn"), "what was left out is no link");
}

#[tokio::test]
async fn what_is_asked_by_post_is_never_unchanged() {
    let site = site();
    let ask = async |tag: Option<axum::http::HeaderValue>| {
        let mut request = Request::post("/api/v1/check").header(header::CONTENT_TYPE, "application/json");
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        call(&site.app, request.body(Body::from(r#"{"urls":["zunyi.gov.cn"]}"#)).unwrap()).await
    };
    let (status, headers, first) = ask(None).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let tag = headers.get(header::ETAG).cloned().or_else(|| Some(axum::http::HeaderValue::from_static("*")));
    let (status, _, again) = ask(tag).await;
    assert_eq!((status, again), (StatusCode::OK, first));
}
