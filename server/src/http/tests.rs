//! The real router in-process, over a small store and a generation made from it.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    routing::get,
};
use http_body_util::BodyExt;
use indexer::{
    corpus::directory,
    index::{Generation, Lexicon, build},
    record::{
        Body as RecordBody, Date, Heading, Record, RegulationLevel, State, regulation_id,
        samples::{self, institution},
    },
    text::dictionaries::Dictionaries,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use proptest::prelude::*;
use serde_json::Value;
use tower::ServiceExt;

mod addresses;
mod attachments;
mod bases;
mod bulk_upload;
mod checked_tables;
mod citing;
mod contacts;
mod corrections;
mod coverage;
mod cross_origin;
mod determinism;
mod document;
mod errands;
mod exchange;
mod first_pages;
mod following;
mod former_divisions;
mod forms;
mod impersonation;
mod kinds;
mod listening;
mod meaning;
mod name_bulk;
mod names_people_use;
mod naming;
mod notices;
mod offices;
mod officialness;
mod overload;
mod picking;
mod portal;
mod power_lists;
mod publication;
mod pulling;
mod questions;
mod queue;
mod read_only;
mod reading;
mod reforms;
mod replies;
mod restricted;
mod role_table;
mod schemes;
mod schemes_asked;
mod schemes_compared;
mod seats;
mod shared;
mod sharing;
mod suggesting;
mod tables;
mod tasks;
mod understanding;
mod uploads;
mod web_names;

use super::{App, layers, router};
use crate::{
    config::Config,
    desk::Desk,
    sharing::Reader,
    store::{Backend, RecordStore, serving},
};

const TABLES: [(&str, &str); 9] = [
    (
        "sources.csv",
        "id,title,licence,taken,counted,ancestor,note\na,甲名单,MIT,2026-01-01,yes,,\nb,乙名单,,2026-01-02,yes,,\n",
    ),
    (
        "divisions.csv",
        "code,name,level,parent_code,short_name\n520000,贵州省,province,,贵州\n520300,遵义市,prefecture,520000,遵义\n320000,江苏省,province,,江苏\n320100,南京市,prefecture,320000,南京\n320106,鼓楼区,county,320100,鼓楼\n350000,福建省,province,,福建\n350100,福州市,prefecture,350000,福州\n350102,鼓楼区,county,350100,鼓楼\n",
    ),
    ("townships.csv", "code,name,county_code\n320106001,宁海路街道,320106\n"),
    (
        "institutions.csv",
        "id,name,short_names,category,level,division_code,parent,name_basis,sources\n520300-gov,遵义市人民政府,遵义市政府,政府,prefecture,520300,贵州省人民政府,source,a;b\n520000-jy,贵州省教育厅,,政府,province,520000,贵州省人民政府,source,a\n320106-gov,南京市鼓楼区人民政府,,政府,county,320106,,constructed,a\n350102-gov,福州市鼓楼区人民政府,,政府,county,350102,,constructed,a\n000000-hb,中华人民共和国生态环境部,生态环境部,政府,central,000000,,curated,a;b\n000000-nfh,中国农业发展银行,农发行,事业单位,central,000000,,curated,a\n000000-gsl,中华全国工商业联合会,全国工商联,群团,central,000000,,curated,a\nx-<b>,一个“<script>”局,,政府,county,350102,,source,a\n",
    ),
    (
        "websites.csv",
        "institution_id,url,host,sources\n520300-gov,https://www.zunyi.gov.cn/,zunyi.gov.cn,a;b\n520000-jy,https://jyt.guizhou.gov.cn/,jyt.guizhou.gov.cn,a\n320106-gov,http://njgl.gov.cn/,njgl.gov.cn,a\n320106-gov,http://gl.nanjing.gov.cn/,gl.nanjing.gov.cn,b\n",
    ),
    (
        "web_names.csv",
        "name,ascii,institution,basis,strength\n生态环境部.政务,xn--0ns37o3xr9kbiw5e.xn--zfr164b,中华人民共和国生态环境部,页脚,strong\n福州大学.公益,xn--pss25ce2cf20c.xn--55qw42g,,页脚,medium\n",
    ),
    ("dropped_hosts.csv", "institution_id,host,sources,reason\n520300-gov,old.zunyi.gov.cn,a,旧名单\n"),
    ("former_divisions.csv", "name,code,successors,year,change,document,source\n"),
    ("abbreviations.csv", "short,full,scope,basis,source\n黔,贵州省,division,seen,a\n"),
];

fn law(title: &str, date: Date, articles: &[&str], number: Option<&str>) -> Record {
    let mut record = samples::law(title, date, articles);
    if let RecordBody::Regulation(r) = &mut record.body {
        r.document_number = number.map(str::to_owned);
        r.headings = vec![Heading { depth: 3, title: "第一章 总则".into(), first_article: 0 }];
    }
    record
}

struct Site {
    _dir: tempfile::TempDir,
    app: App,
    old_law: String,
    new_law: String,
}

fn site() -> Site {
    site_with(Vec::new())
}

/// The site with more records, which stand for those of the same ids.
fn site_with(more: Vec<Record>) -> Site {
    let dir = tempfile::tempdir().unwrap();
    let corpus = dir.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    for (file, text) in TABLES {
        std::fs::write(corpus.join(file), text).unwrap();
    }
    let mut records = Vec::new();
    let mut take = |r| {
        records.push(r);
        Ok(())
    };
    let report = directory::read(&corpus, &mut take).unwrap();
    assert_eq!(report.rejected, []);
    let old = law("中华人民共和国行政许可法", Date::constant(2003, 8, 27), &["为了规范旧的行政许可。"], None);
    let articles = [
        "为了规范行政许可的设定和实施，制定本法。",
        "本法所称行政许可，是指准予从事特定活动的行为。\n下列除外：\n（一）内部审批；\n（二）人事审批。",
    ];
    let new = law("中华人民共和国行政许可法", Date::constant(2019, 4, 23), &articles, Some("国务院令第588号"));
    let (old_law, new_law) = (old.id.clone(), new.id.clone());
    let texts = [
        "虚拟机 a : a : a 上的待处理事项，由主管部门处理。",
        "在建工程的招商基金，由公司管理。",
        "招商基金的设立，由主管部门批准。",
        "用人单位拖欠劳动报酬的，劳动者可以解除合同。",
        "一二三四五六七八九十百千万亿兆京垓秭穰沟涧正载极一二三四五六七八九十百千万亿兆京垓秭穰沟涧正载极终。",
    ];
    let other = law("招商引资条例", Date::constant(2020, 1, 1), &texts, None);
    records.extend([old, new, other]);
    let others: std::collections::HashSet<String> = more.iter().map(|r| r.id.clone()).collect();
    records.retain(|r| !others.contains(&r.id));
    records.extend(more);
    let store = RecordStore::open(Backend::Redb, &dir.path().join("store")).unwrap();
    store.import("test", records, &mut |_| {}).unwrap();
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let index = dir.path().join("index");
    let upto = store.last_sequence().unwrap();
    build(&index, &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    let generation = Generation::open_current(&index, &lexicon).unwrap().unwrap();
    let app = bare(&dir, store);
    app.publish(generation);
    Site { _dir: dir, app, old_law, new_law }
}

fn bare(dir: &tempfile::TempDir, store: RecordStore) -> App {
    let sources = directory::sources(&dir.path().join("corpus"), &mut Default::default()).unwrap();
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let config = Config { data: dir.path().join("data"), ..Config::default() };
    App::new(
        &config,
        Reader::Here,
        Arc::new(store),
        Arc::new(Desk::shipped()),
        sources,
        vec!["缺少数据包 甲".into()],
        metrics,
    )
}

/// Answers as the service does; a handler that asks the store on the thread that serves fails.
async fn call(app: &App, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, String) {
    let mut answering = std::pin::pin!(router(app.clone()).oneshot(request));
    let response = std::future::poll_fn(|cx| serving::serve(|| answering.as_mut().poll(cx))).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

fn path(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What an address of the interface answers, which is there.
async fn json(app: &App, address: &str) -> Value {
    let (status, _, body) = call(app, path(address)).await;
    assert_eq!(status, StatusCode::OK, "{address}: {body}");
    serde_json::from_str(&body).unwrap()
}

async fn search(app: &App, query: &str, more: &str) -> Value {
    json(app, &format!("/api/v1/search?q={}{more}", encoded(query))).await
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().filter_map(|h| h["id"].as_str()).collect()
}

#[tokio::test]
async fn certain_answers_come_first() {
    let site = site();
    for (query, id) in [
        ("遵义市人民政府", "520300-gov"),
        ("遵义市政府官网", "520300-gov"),
        ("遵义政府", "520300-gov"),
        ("遵義市人民政府", "520300-gov"),
        ("https://www.zunyi.gov.cn/zwgk/", "520300-gov"),
        ("zwfw.zunyi.gov.cn", "520300-gov"),
        ("贵州教育厅", "520000-jy"),
        ("黔教育厅", "520000-jy"),
        ("生态环境部", "000000-hb"),
        ("环保部", "000000-hb"),
        ("520300", "520300"),
        ("遵义市", "520300"),
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&id), "{query}: {}", reply["direct"]);
    }
    let reply = search(&site.app, "鼓楼区政府", "").await;
    let mut found = ids(&reply["direct"]);
    found.sort_unstable();
    assert_eq!(found, ["320106-gov", "350102-gov"], "a name that two share has two answers");
    let reply = search(&site.app, "鼓楼区政府", "&region=350000").await;
    assert_eq!(ids(&reply["direct"]), ["350102-gov"]);
    let reply = search(&site.app, "zunyishirenminzhengfu", "").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&"520300-gov"));
}

#[tokio::test]
async fn law_is_found_by_title_citation_number_and_words() {
    let site = site();
    let article = format!("{}/2", site.new_law);
    for query in ["行政许可法第二条", "《中华人民共和国行政许可法》第2条", "行政许可法 2条", "行政許可法第二條"]
    {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&article.as_str()), "{query}: {reply}");
    }
    let reply = search(&site.app, "行政许可法第二条第二款第（一）项", "").await;
    assert_eq!(reply["direct"][0]["article"]["within"], "第二款第（一）项");
    for query in ["行政许可法", "国务院令第588号", "国务院令588号"] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&site.new_law.as_str()), "{query}");
    }
    let reply = search(&site.app, "准予从事特定活动", "&kind=article").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&article.as_str()));
    assert!(reply["hits"][0]["snippet"].as_str().unwrap().contains("<mark>"));
    let reply = search(&site.app, "行政许可法", "&kind=regulation&status=%E5%B7%B2%E4%BF%AE%E6%94%B9").await;
    assert_eq!(ids(&reply["direct"]), [site.old_law.as_str()], "the filter asks for the older text");
    let reply = search(&site.app, "行政许可法第九十九条", "").await;
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("没有第九十九条"));
}

#[tokio::test]
async fn other_resources_answer() {
    let site = site();
    let law = &site.new_law;
    for (address, part) in [
        ("/api/v1/suggest?q=%E9%81%B5%E4%B9%89".to_owned(), "遵义市人民政府"),
        ("/api/v1/institutions/520300-gov".to_owned(), "甲名单"),
        ("/api/v1/divisions/520000".to_owned(), "遵义市"),
        ("/api/v1/divisions/520300/institutions".to_owned(), "zunyi.gov.cn"),
        (format!("/api/v1/regulations/{law}"), "准予从事特定活动"),
        (format!("/api/v1/regulations/{law}/articles/2"), "内部审批"),
        (format!("/api/v1/regulations/{law}/articles/{}", encoded("第二条")), "内部审批"),
        (
            format!("/api/v1/resolve?text={}", encoded("依照《行政许可法》第一条、第二条和《无此法》第三条")),
            "unknown_title",
        ),
        ("/readyz".to_owned(), "ready"),
        ("/openapi.json".to_owned(), "/api/v1/search"),
    ] {
        let (status, _, body) = call(&site.app, path(&address)).await;
        assert_eq!(status, StatusCode::OK, "{address}: {body}");
        assert!(body.contains(part), "{address}: {body}");
    }
    let names = r#"{"names":["遵义市人民政府","鼓楼区政府","毫无关系"]}"#;
    let request =
        Request::post("/api/v1/match").header(header::CONTENT_TYPE, "application/json").body(Body::from(names));
    let (status, _, body) = call(&site.app, request.unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(reply["results"][0]["chosen"], "520300-gov");
    assert_eq!(reply["results"][1]["chosen"], Value::Null, "two candidates, none is chosen");
    assert_eq!(reply["results"][2]["chosen"], Value::Null);
}

#[tokio::test]
async fn resolving_tells_places_and_canonical_forms() {
    let site = site();
    let text = "依照《行政许可法》第一条、第二条，同法第1条。";
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/resolve?text={}", encoded(text)))).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    let citations = reply["citations"].as_array().unwrap();
    assert_eq!(citations.len(), 3, "{body}");
    assert!(citations.iter().all(|c| c["outcome"] == "resolved"));
    assert_eq!(citations[1]["canonical"], "《中华人民共和国行政许可法》第二条");
    for c in citations {
        let (from, to) = (c["span"][0].as_u64().unwrap() as usize, c["span"][1].as_u64().unwrap() as usize);
        let slice: String = text.chars().skip(from).take(to - from).collect();
        assert_eq!(c["text"], slice);
    }
}

#[tokio::test]
async fn bad_input_is_told() {
    let site = site();
    let long = "法".repeat(257);
    for (address, status, kind) in [
        ("/api/v1/search".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=%E3%80%82%EF%BC%8C".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a%00b".to_owned(), 400, "bad-parameter"),
        (format!("/api/v1/search?q={}", encoded(&long)), 400, "bad-parameter"),
        ("/api/v1/search?q=%E6%B3".to_owned(), 400, "bad-query-string"),
        ("/api/v1/search?q=%zz".to_owned(), 400, "bad-query-string"),
        ("/api/v1/search?q=a&colour=red".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&kind=cat".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&level=x".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&status=x".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&region=999999".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&from=soon".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&size=101".to_owned(), 400, "bad-parameter"),
        ("/api/v1/search?q=a&page=101".to_owned(), 400, "bad-parameter"),
        ("/api/v1/institutions/none".to_owned(), 404, "not-found"),
        ("/api/v1/institutions/520300".to_owned(), 404, "not-found"),
        ("/api/v1/divisions/1".to_owned(), 404, "not-found"),
        ("/api/v1/regulations/r-000000000000".to_owned(), 404, "not-found"),
        (format!("/api/v1/regulations/{}/articles/99", site.new_law), 404, "not-found"),
        (format!("/api/v1/regulations/{}/articles/x", site.new_law), 400, "bad-parameter"),
        ("/api/v1/nothing".to_owned(), 404, "not-found"),
    ] {
        let (got, headers, body) = call(&site.app, path(&address)).await;
        assert_eq!(got.as_u16(), status, "{address}: {body}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{address}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{address}");
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
    let allowed = call(&site.app, path("/api/v1/search?q=a&kind=cat")).await.2;
    assert!(allowed.contains("institution"));
}

#[tokio::test]
async fn bad_methods_and_bodies_are_told() {
    let site = site();
    let json = "application/json";
    let surrogate = r#"{"text":"\ud800"}"#;
    let big = format!(r#"{{"text":"{}"}}"#, "a".repeat(300_000));
    for (method, address, content_type, body, status) in [
        ("DELETE", "/api/v1/search", json, "", 405),
        ("GET", "/api/v1/match", json, "", 405),
        ("POST", "/api/v1/match", "text/plain", "{}", 415),
        ("POST", "/api/v1/match", json, "{", 400),
        ("POST", "/api/v1/match", json, r#"{"names":[]}"#, 400),
        ("POST", "/api/v1/match", json, r#"{"names":[1]}"#, 400),
        ("POST", "/api/v1/match", json, r#"{"nomes":["a"]}"#, 400),
        ("POST", "/api/v1/resolve", json, surrogate, 400),
        ("POST", "/api/v1/resolve", json, big.as_str(), 413),
    ] {
        let request = Request::builder().method(method).uri(address).header(header::CONTENT_TYPE, content_type);
        let (got, headers, text) = call(&site.app, request.body(Body::from(body.to_owned())).unwrap()).await;
        assert_eq!(got.as_u16(), status, "{method} {address} {body:.30}: {text}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test]
async fn answers_are_cached_and_revalidated() {
    let site = site();
    let address = format!("/api/v1/search?q={}", encoded("遵义市政府"));
    let (_, first, body) = call(&site.app, path(&address)).await;
    let (_, second, again) = call(&site.app, path(&address)).await;
    assert_eq!(body, again);
    assert_eq!(first["server-timing"], second["server-timing"], "the time would differ, had it been searched again");
    let tag = first[header::ETAG].clone();
    let request = Request::get(&address).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    let (status, _, empty) = call(&site.app, request).await;
    assert_eq!((status, empty.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let mut request = path(&address);
    request.headers_mut().insert(header::ACCEPT_ENCODING, "gzip, br".parse().unwrap());
    let (status, compressed, bytes) = call(&site.app, request).await;
    assert_eq!((status, compressed[header::CONTENT_ENCODING].to_str().unwrap()), (StatusCode::OK, "br"));
    assert!(bytes.len() < body.len() && compressed[header::ETAG] != first[header::ETAG]);
    for name in [header::VARY, header::ACCESS_CONTROL_ALLOW_ORIGIN, header::CONTENT_TYPE] {
        assert!(compressed.contains_key(&name), "{name}");
    }
    let request = Request::head(&address).body(Body::empty()).unwrap();
    let (status, _, empty) = call(&site.app, request).await;
    assert_eq!((status, empty.as_str()), (StatusCode::OK, ""));
    assert!(first[header::CACHE_CONTROL].to_str().unwrap().contains("no-cache"));
    assert!(first.contains_key("x-request-id") && first.contains_key("content-security-policy"));
}

#[tokio::test]
async fn without_an_index_searches_wait_and_the_service_lives() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("corpus")).unwrap();
    std::fs::write(dir.path().join("corpus/sources.csv"), TABLES[0].1).unwrap();
    let store = RecordStore::open(Backend::Redb, &dir.path().join("store")).unwrap();
    let app = bare(&dir, store);
    assert_eq!(call(&app, path("/healthz")).await.0, StatusCode::OK);
    for address in ["/readyz", "/api/v1/search?q=a", "/"] {
        let (status, headers, _) = call(&app, path(address)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert!(headers.contains_key(header::RETRY_AFTER));
    }
    drop(site);
}

#[tokio::test]
async fn a_panic_ends_one_request_only() {
    let site = site();
    async fn panics() -> &'static str {
        panic!("on purpose")
    }
    let routes = Router::new().route("/api/panic", get(panics)).route("/fine", get(|| async { "fine" }));
    let app = layers::around(routes, site.app.clone()).with_state(site.app.clone());
    let response = app.clone().oneshot(path("/api/panic")).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains("on purpose"), "what went wrong goes to the log");
    assert_eq!(app.oneshot(path("/fine")).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn pages_render_escape_and_tell() {
    let site = site();
    let law = &site.new_law;
    for (address, status, part) in [
        ("/".to_owned(), 200, "找机构的官方网站"),
        (format!("/search?q={}", encoded("遵义市政府")), 200, "zunyi.gov.cn"),
        (format!("/search?q={}", encoded("囍囍囍")), 200, "没有找到"),
        ("/search?q=".to_owned(), 400, "参数有误"),
        ("/institutions/520300-gov".to_owned(), 200, "两份以上相互独立的公开名单"),
        ("/institutions/none".to_owned(), 404, "没有找到"),
        ("/divisions".to_owned(), 200, "贵州"),
        ("/divisions/320106".to_owned(), 200, "宁海路街道"),
        ("/regulations".to_owned(), 200, "行政许可法"),
        ("/regulations?region=000000&year=2019".to_owned(), 200, "制定机关筛选（已选 2 项）</summary>"),
        (format!("/regulations/{law}"), 200, "id=\"a2\""),
        (format!("/regulations/{}", site.old_law), 200, "已有更新的文本"),
        (format!("/regulations/{law}/articles/2"), 200, "《中华人民共和国行政许可法》第二条（2019年4月23日的文本）"),
        (format!("/regulations/{law}/articles/2"), 200, "/text/docx\">Word"),
        (format!("/regulations/{law}"), 200, "/text/pdf\">PDF"),
        ("/data".to_owned(), 200, "缺少数据包 甲"),
        ("/check".to_owned(), 200, "怎样自己看"),
        ("/check?url=www.zunyi.gov.cn".to_owned(), 200, "官方网上名称"),
        ("/check?url=zunyi-gov.cn".to_owned(), 200, "它仿冒的是"),
        ("/check?url=example.org".to_owned(), 200, "不能证明它是官方网站"),
        ("/check?url=javascript:alert(1)".to_owned(), 200, "不是网页地址"),
        ("/web-names/validate".to_owned(), 200, "规则和出处"),
        ("/web-names/validate?institution=520300-gov".to_owned(), 200, "遵义市人民政府.政务"),
        (format!("/web-names/validate?name={}", encoded("不是名称")), 200, "这不像网址"),
        ("/web-names/validate?institution=none".to_owned(), 404, "没有找到"),
        ("/nothing".to_owned(), 404, "没有这个地址"),
    ] {
        let (got, headers, body) = call(&site.app, path(&address)).await;
        assert_eq!(got.as_u16(), status, "{address}");
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{address}");
        assert!(body.contains(part), "{address} lacks {part}: {body}");
        for needed in ["<html lang=\"zh-CN\">", "<h1", "<main"] {
            assert!(body.contains(needed), "{address} lacks {needed}");
        }
    }
    let (_, _, body) = call(&site.app, path("/institutions/320106-gov")).await;
    assert!(body.contains("均不作推荐") && !body.contains("class=\"go\""), "a site in dispute is no button");
    let (_, _, body) = call(&site.app, path(&format!("/institutions/{}", encoded("x-<b>")))).await;
    assert!(!body.contains("<script>”") && body.contains("\\u003cscript"), "{body}");
    let hostile = encoded("<script>alert(1)</script>\u{202E}\"'");
    let (_, _, body) = call(&site.app, path(&format!("/search?q={hostile}"))).await;
    assert!(!body.contains("<script>alert"));
}

#[test]
fn any_address_is_answered_without_a_server_error() {
    let site = site();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let parameters = "[&=%+a-z0-9\u{4e00}-\u{4e20}《》〔〕第条\"'<>.:/@-]{0,40}";
    proptest!(ProptestConfig::with_cases(150), |(text in parameters, name in "(q|page|size|level|from|kind|region)")| {
        for address in [
            format!("/api/v1/search?q={}", encoded(&text)),
            format!("/api/v1/search?q=a&{name}={}", encoded(&text)),
            format!("/api/v1/suggest?q={}", encoded(&text)),
            format!("/api/v1/resolve?text={}", encoded(&text)),
            format!("/search?q={}", encoded(&text)),
            format!("/api/v1/regulations/{}/articles/{}", site.new_law, encoded(&text)),
        ] {
            let (status, _, body) = runtime.block_on(call(&site.app, path(&address)));
            prop_assert!(!status.is_server_error(), "{}: {}", address, body);
        }
    });
}

/// The contract that portals build on. After a wanted change, write the file anew: `GUANSOU_WRITE_OPENAPI=1 cargo test`.
#[test]
fn the_api_is_as_committed() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let now = super::api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("GUANSOU_WRITE_OPENAPI").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(committed == now, "the API differs from {}; a version only ever adds", file.display());
}
