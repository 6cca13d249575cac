//! Addresses as people share, cut off and remember them.

use super::*;
use crate::store::By;

async fn led_to(app: &App, address: &str) -> String {
    let (status, headers, body) = call(app, path(address)).await;
    assert!(status.is_redirection(), "{address}: {status} {body}");
    headers[header::LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn pages_leave_alone_what_links_pick_up_and_the_interface_tells_it() {
    let site = site();
    for page in [
        "/",
        "/search?q=a",
        "/institutions/520300-gov",
        "/divisions/320106",
        "/check?url=a.cn",
        "/data",
        "/services",
        "/coverage",
    ] {
        let joint = if page.contains('?') { '&' } else { '?' };
        for more in
            ["utm_source=x&utm_medium=y", "from=timeline", "fbclid=%", "isappinstalled=0&from=groupmessage", "q=%FF"]
        {
            let address = format!("{page}{joint}{more}");
            let (status, _, body) = call(&site.app, path(&address)).await;
            assert_eq!(status, StatusCode::OK, "{address}: {body}");
        }
    }
    let (status, ..) = call(&site.app, path("/api/v1/search?q=a&utm_source=x")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn dates_of_the_results_page_have_names_of_their_own() {
    let site = site();
    let query = encoded("行政许可");
    let narrowed = |page: &str| page.contains("2019-01-01 至 2019-12-31");
    for (dates, filters) in [
        ("&since=2019&until=2019", true),
        ("&from=2019&to=2019", true),
        ("&from=timeline", false),
        ("&from=timeline&since=2019&until=2019", true),
    ] {
        let (status, _, page) = call(&site.app, path(&format!("/search?q={query}{dates}"))).await;
        assert_eq!((status, narrowed(&page)), (StatusCode::OK, filters), "{dates}");
    }
    let (status, ..) = call(&site.app, path(&format!("/search?q={query}&since=soon"))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_a_sentence_left_behind_an_address_is_taken_away() {
    let site = site();
    for (address, want) in [
        ("/check/", "/check"),
        ("/divisions/320106/?utm_source=x", "/divisions/320106?utm_source=x"),
        ("/institutions/520300-gov%E3%80%82", "/institutions/520300-gov"),
        ("/data%EF%BC%89", "/data"),
    ] {
        assert_eq!(led_to(&site.app, address).await, want);
    }
    for address in ["/nothing", "/api/v1/institutions/520300-gov/"] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn a_withdrawn_record_says_so() {
    let site = site();
    let by = By { author: "command-line", reason: "机构已撤销" };
    for id in ["520300-gov", site.old_law.as_str()] {
        let record = site.app.store.get(id).unwrap().unwrap();
        site.app.store.put(Record { state: State::Withdrawn, ..record }, &by).unwrap();
    }
    for address in [
        "/institutions/520300-gov".to_owned(),
        "/api/v1/institutions/520300-gov".to_owned(),
        "/api/v1/records/520300-gov".to_owned(),
        format!("/regulations/{}", site.old_law),
        format!("/api/v1/regulations/{}", site.old_law),
    ] {
        let (status, _, body) = call(&site.app, path(&address)).await;
        assert_eq!(status, StatusCode::GONE, "{address}: {body}");
        assert!(body.contains("机构已撤销") && body.contains("/history"), "{address}: {body}");
        assert!(!body.contains("遵义市人民政府"), "what was withdrawn is not told again");
    }
    let seen =
        Request::get("/institutions/520300-gov").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (_, _, page) = call(&site.app, seen).await;
    assert_eq!(page.matches("/history").count(), 1, "one link, and no address to copy by hand: {page}");
    let link = page.split("<a class=\"alone\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (status, _, history) = call(&site.app, path(link)).await;
    assert!(
        status == StatusCode::OK && history.contains("机构已撤销"),
        "and it leads to the history: {link}, {history}"
    );
    let (status, ..) = call(&site.app, path("/institutions/none")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn law_has_short_addresses_that_stay() {
    let site = site();
    let now = format!("/regulations/{}", site.new_law);
    for (address, want) in [
        (format!("/law/{}", encoded("行政许可法")), now.clone()),
        (format!("/law/{}", encoded("中华人民共和国行政许可法")), now.clone()),
        (format!("/law/{}/2", encoded("行政许可法")), format!("{now}/articles/2")),
        (format!("/law/{}/{}", encoded("行政许可法"), encoded("第二条")), format!("{now}/articles/2")),
        (format!("/law/{}", encoded("行政许可法第二条")), format!("{now}/articles/2")),
        (format!("/law/{}", encoded("行政许可法（2003）")), format!("/regulations/{}", site.old_law)),
        (format!("/law/{}/2", encoded("没有的法")), format!("/search?q={}", encoded("没有的法第二条"))),
    ] {
        assert_eq!(led_to(&site.app, &address).await, want, "{address}");
    }
    for (address, part) in [
        (format!("/law/{}/x", encoded("行政许可法")), "不是条号"),
        (format!("/law/{}?on=soon", encoded("行政许可法")), "on 应为"),
        (format!("/law/{}", "a".repeat(2_000)), "没有这么长的标题"),
    ] {
        let (status, _, page) = call(&site.app, path(&address)).await;
        assert!(status.is_client_error() && page.contains(part), "{address}: {status} {page}");
    }
}

/// Two texts with known days, one between them without.
fn versions(middle: Option<Date>) -> Vec<Record> {
    let text = |decided: Date, effective: Option<Date>| {
        let mut record = samples::law("中华人民共和国示例法", decided, &["为了示例。"]);
        if let RecordBody::Regulation(r) = &mut record.body {
            r.effective = effective;
        }
        record
    };
    vec![
        text(Date::constant(2001, 1, 1), Some(Date::constant(2001, 7, 1))),
        text(Date::constant(2010, 1, 1), middle),
        text(Date::constant(2020, 1, 1), Some(Date::constant(2020, 7, 1))),
    ]
}

#[tokio::test]
async fn a_text_is_found_by_the_day_on_which_it_was_in_force() {
    let records = versions(Some(Date::constant(2010, 7, 1)));
    let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
    let site = site_with(records);
    let title = encoded("示例法");
    for (day, at) in [("2001-07-01", 0), ("2010-06-30", 0), ("2010-07-01", 1), ("2015", 1), ("2025-01-01", 2)] {
        let text = led_to(&site.app, &format!("/law/{title}/1?on={day}")).await;
        let want = format!("/regulations/{}/articles/1?on=", ids[at]);
        assert!(text.starts_with(&want), "{day}: {text}");
        let (status, _, page) = call(&site.app, path(&text)).await;
        assert!(status == StatusCode::OK && page.contains("施行中的文本"), "{text}: {page}");
        // From any other text too.
        if at != 2 {
            let from = format!("/regulations/{}?on={day}", ids[2]);
            assert!(led_to(&site.app, &from).await.starts_with(&format!("/regulations/{}?on=", ids[at])));
        }
    }
    let (status, _, page) = call(&site.app, path(&format!("/law/{title}?on=2000-01-01"))).await;
    assert!(status == StatusCode::NOT_FOUND && page.contains("自 2001-07-01 起施行"), "{page}");
    let earliest = format!("href=\"/regulations/{}\">看自 2001-07-01 起施行的文本", ids[0]);
    assert!(page.contains(&earliest) && !page.contains("核对网址是否完整"), "{page}");
    // As on that day it is shared by a short address too.
    let page = encoded(&format!("/regulations/{}?on=2010-07-01", ids[1]));
    let shared = Request::get(format!("/share?path={page}")).header(header::HOST, "a.example");
    let (_, _, page) = call(&site.app, shared.body(Body::empty()).unwrap()).await;
    let short = format!("http://a.example/law/{title}?on=2010-07-01<");
    assert!(page.contains(&short) && page.contains("总是这一天有效的文本"), "{page}");
    // Where nobody knows since when a text between was in force, nothing is said.
    let site = site_with(versions(None));
    let on = async |day: &str| call(&site.app, path(&format!("/law/{title}?on={day}"))).await;
    assert!(on("2005-01-01").await.0.is_redirection(), "before it was decided");
    let (status, _, page) = on("2015-01-01").await;
    assert!(status == StatusCode::NOT_FOUND && page.contains("施行日期不明"), "{page}");
    assert!(on("2021-01-01").await.0.is_redirection());
}

#[tokio::test]
async fn a_page_is_shared_by_its_address_and_a_code() {
    let site = site();
    let ask = |address: &str, from: Option<&str>| {
        let request = Request::get(address).header(header::HOST, "a.example");
        let request = from.into_iter().fold(request, |request, from| request.header(header::REFERER, from));
        request.body(Body::empty()).unwrap()
    };
    for (address, from, want) in [
        ("/share?path=%2Fdata", None, "http://a.example/data<"),
        ("/share", Some("http://a.example/check?url=a.cn"), "http://a.example/check?url=a.cn<"),
        ("/share", Some("https://a.example/data"), "http://a.example/data<"),
        ("/share", Some("https://evil.example/data"), "http://a.example/<"),
        ("/share", Some("https://a.example.evil.example/data"), "http://a.example/<"),
        ("/share?path=%2F%2Fevil.example", None, "http://a.example/<"),
        ("/share?path=javascript:alert(1)", None, "http://a.example/<"),
    ] {
        let (status, headers, page) = call(&site.app, ask(address, from)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(want) && page.contains("<svg"), "{address} {from:?}: {page}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
    // A text that is in force is shared by the address that stays, an older one by its own; and what it is is named.
    let short = format!("http://a.example/law/{}", encoded("行政许可法"));
    let of = |path: &str| format!("/share?path={}", encoded(path));
    for (path, want, title) in [
        (format!("/regulations/{}/articles/2", site.new_law), format!("{short}/2<"), "中华人民共和国行政许可法第二条"),
        (
            format!("/regulations/{}#a2", site.new_law),
            format!("http://a.example/regulations/{}#a2<", site.new_law),
            "中华人民共和国行政许可法",
        ),
        ("/law/行政许可法/2".to_owned(), format!("{short}/2<"), ""),
        (
            format!("/regulations/{}", site.old_law),
            format!("http://a.example/regulations/{}<", site.old_law),
            "中华人民共和国行政许可法",
        ),
        (
            "/institutions/520300-gov".to_owned(),
            "http://a.example/institutions/520300-gov<".to_owned(),
            "遵义市人民政府",
        ),
    ] {
        let (_, _, page) = call(&site.app, ask(&of(&path), None)).await;
        assert!(page.contains(&want) && page.contains(title), "{path}: {page}");
    }
    for (address, kind) in
        [("/favicon.ico", "image/png"), ("/assets/card.png", "image/png"), ("/assets/icon.png", "image/png")]
    {
        let (status, headers, _) = call(&site.app, path(address)).await;
        assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &kind.parse().unwrap()));
    }
}

#[tokio::test]
async fn a_long_message_is_shared_by_the_address_that_decides() {
    let site = site();
    let message = encoded(&format!("请登录 zunyi-gov.cn 办理{}", "，不要转给别人".repeat(60)));
    let (_, _, page) = call(&site.app, path(&format!("/check?url={message}"))).await;
    let link = page.split("href=\"/share?path=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(link.contains("zunyi") && link.len() < 200, "{link}");
}

#[tokio::test]
async fn large_type_is_chosen_by_a_cookie_that_one_sheet_alone_depends_on() {
    let site = site();
    let ask = |address: &str, from: &str, cookie: &str| {
        let request = Request::get(address).header(header::HOST, "a.example").header(header::COOKIE, cookie);
        request.header(header::REFERER, from).body(Body::empty()).unwrap()
    };
    for (address, from, back, kept) in [
        ("/care?on=1", "http://a.example/data?x=1", "/data?x=1", "guansou_care=1;"),
        ("/care?on=0", "https://a.example/data", "/data", "guansou_care=;"),
        ("/care", "https://evil.example/data", "/", "guansou_care=1;"),
        ("/care?on=1", "http://a.example//evil.example", "/", "guansou_care=1;"),
    ] {
        let (status, headers, _) = call(&site.app, ask(address, from, "")).await;
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, back),
            "{address} {from}"
        );
        assert!(headers[header::SET_COOKIE].to_str().unwrap().starts_with(kept), "{address}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
    let (status, _, page) = call(&site.app, ask("/care?on=2", "", "")).await;
    assert!(status == StatusCode::BAD_REQUEST && page.contains("on"), "{page}");
    let page = async |cookie| call(&site.app, ask("/data", "", cookie)).await.2;
    assert_eq!(page("").await, page("guansou_care=1").await, "pages are the same for everybody");
    for (cookie, large) in
        [("", false), ("guansou_care=1", true), ("guansou_care=0", false), ("a=b; guansou_care=1", true)]
    {
        let (_, headers, sheet) = call(&site.app, ask("/assets/care.css", "", cookie)).await;
        assert_eq!(sheet.contains("font-size"), large, "{cookie}");
        assert!(headers[header::VARY].to_str().unwrap().contains("cookie"));
    }
}

#[tokio::test]
async fn help_stands_at_the_foot_of_every_page() {
    let site = site();
    let (_, _, home) = call(&site.app, path("/")).await;
    for (address, part) in
        [("/help", "可以这样查"), ("/about", "机构 8 个"), ("/privacy", "不记录"), ("/accessibility", "无障碍声明")]
    {
        assert!(home.contains(&format!("href=\"{address}\"")));
        let (status, _, page) = call(&site.app, path(address)).await;
        assert!(status == StatusCode::OK && page.contains(part), "{address}: {page}");
    }
}
