//! What stands around the search for visitors, crawlers and feed readers: regions, figures, status, sitemaps, feeds.

use indexer::record::Role;

use super::*;

fn at_host(path: &str, host: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, host).body(Body::empty()).unwrap()
}

async fn ok(app: &App, address: &str) -> String {
    let (status, headers, body) = call(app, at_host(address, "guansou.example")).await;
    assert_eq!(status, StatusCode::OK, "{address}: {body}");
    assert!(!body.contains("style=\""), "{address} has a style that the policy refuses");
    assert!(headers.contains_key("content-security-policy"));
    body
}

/// Every opening tag is closed, in order, and no bare `&` or `<` stands in a text: what a feed reader trips over.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a declaration");
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        for (amp, _) in text.match_indices('&') {
            let end = text[amp..].find(';').expect("an entity ends");
            let name = &text[amp + 1..amp + end];
            assert!(name.starts_with('#') || ["amp", "lt", "gt", "quot", "apos"].contains(&name), "&{name};");
        }
        let end = tail.find('>').expect("a tag ends");
        let tag = &tail[1..end];
        match (tag.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, true) => {}
            (None, false) => open.push(tag.split_whitespace().next().unwrap()),
        }
        rest = &tail[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
}

#[tokio::test]
async fn what_narrows_a_search_stays_when_one_choice_is_left() {
    let site = site();
    let query = format!("/search?q={}", encoded("招商基金"));
    let body = ok(&site.app, &format!("{query}&kind=article&status={}", encoded("现行有效"))).await;
    for facet in ["层级", "时效", "年份"] {
        assert!(body.contains(&format!("<summary>{facet}</summary>")), "{facet}: {body}");
    }
    let body = ok(&site.app, &format!("{query}&region=520300")).await;
    assert!(body.contains("region=520000\">贵州省</a>"), "the way up by one step: {body}");
}

#[tokio::test]
async fn what_is_printed_bears_its_address_and_its_day_without_scripts() {
    let site = site();
    let body = ok(&site.app, "/institutions/520300-gov?on=2020-01-01").await;
    let stamp = format!("网址 <bdi>/institutions/520300-gov?on=2020-01-01</bdi>，{} 的内容", crate::clock::today());
    assert!(body.contains(&stamp), "{body}");
}

#[tokio::test]
async fn the_console_leads_to_kinds_that_have_a_record_alone() {
    let site = site();
    let (cookie, _) = offices::signed_in(&site, "gulou", Role::Contributor, "320106");
    let (status, _, page) = call(&site.app, offices::get("/console", &cookie)).await;
    assert!(status == StatusCode::OK && page.contains("<a href=\"/divisions\">"), "{page}");
    assert!(!page.contains("<a href=\"/power-items\">"), "{page}");
}

#[tokio::test]
async fn regions_show_tiles_and_how_far_the_records_reach() {
    let site = site();
    let body = ok(&site.app, "/divisions").await;
    assert!(body.contains("<li class=\"row-5 col-5\"><a href=\"/divisions/520000\" title=\"贵州省\">贵州"), "{body}");
    assert!(body.contains("不表示面积和边界") && body.contains("<svg"));
    // Of the eight institutions five have no site; one is in dispute and counts once.
    for figure in ["多方印证 1", "单一来源 1", "来源不一 1", "没有网站 5"] {
        assert!(body.contains(figure), "no {figure}: {body}");
    }
    let body = ok(&site.app, "/divisions/520000").await;
    assert!(body.contains("<strong>1</strong>本级机构") && body.contains("<strong>2</strong>本级和下级机构"), "{body}");
    let body = ok(&site.app, "/divisions/350100").await;
    assert!(body.contains("还没有福州市本级机构的带来源的资料") && body.contains("<strong>2</strong>"), "{body}");
    let body = ok(&site.app, "/divisions/320106001").await;
    assert!(body.contains("没有列出不等于不存在") && !body.contains("<svg"), "{body}");
    for (address, status) in [("/divisions/x", 404), ("/divisions/999999", 404)] {
        assert_eq!(call(&site.app, path(address)).await.0.as_u16(), status, "{address}");
    }
}

#[tokio::test]
async fn figures_are_drawn_and_told() {
    let site = site();
    let body = ok(&site.app, "/data").await;
    for part in [
        "aria-labelledby=\"chart-regulation-levels-title chart-regulation-levels-text\"",
        "2020年 1；2019年 1；2003年 1",
        "全国性 2",
        "县级 3",
        "乡级 0",
        "缺少数据包 甲",
        "更新于 2026-01-01",
        "天前",
    ] {
        assert!(body.contains(part), "no {part}: {body}");
    }
}

#[tokio::test]
async fn the_status_is_told_with_and_without_an_index() {
    let site = site();
    let body = ok(&site.app, "/status").await;
    assert!(
        body.contains("可以检索") && body.contains("<strong>8</strong>机构") && body.contains("缺少数据包 甲"),
        "{body}"
    );
    // A revision that no index shows yet.
    let newer = law("乙法", Date::constant(2024, 2, 29), &["一。"], None);
    site.app.store.import("more", vec![newer], &mut |_| {}).unwrap();
    assert!(ok(&site.app, "/status").await.contains("有刚刚公布的修订"));
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("corpus")).unwrap();
    std::fs::write(dir.path().join("corpus/sources.csv"), TABLES[0].1).unwrap();
    let store = RecordStore::open(Backend::Redb, &dir.path().join("store")).unwrap();
    let app = bare(&dir, store);
    let (status, headers, body) = call(&app, path("/status")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("还不能检索") && headers.contains_key(header::RETRY_AFTER));
    for address in ["/sitemap.xml", "/sitemaps/divisions-1.xml", "/feeds/regulations.atom"] {
        let (status, _, _) = call(&app, at_host(address, "a.cn")).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
    }
}

#[tokio::test]
async fn crawlers_are_told_where_to_look() {
    let site = site();
    let robots = ok(&site.app, "/robots.txt").await;
    assert!(
        robots.contains("Disallow: /search\n") && robots.contains("\nSitemap: http://guansou.example/sitemap.xml\n")
    );
    let request = Request::get("/robots.txt").header(header::HOST, "a.cn").header("x-forwarded-proto", "https");
    let (_, _, robots) = call(&site.app, request.body(Body::empty()).unwrap()).await;
    assert!(robots.contains("https://a.cn/sitemap.xml"));
    for host in ["a.cn/x", "a b", "<a>", "evil\"", "a.cn@b"] {
        let (status, _, robots) = call(&site.app, at_host("/robots.txt", host)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!robots.contains("Sitemap"), "{host}: {robots}");
        let (status, _, body) = call(&site.app, at_host("/sitemap.xml", host)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{host}");
        assert!(!body.contains("<urlset"));
    }
    let index = ok(&site.app, "/sitemap.xml").await;
    assert_well_formed(&index);
    for part in ["regulations", "institutions", "divisions"] {
        let address = format!("http://guansou.example/sitemaps/{part}-1.xml");
        assert!(index.contains(&format!("<loc>{address}</loc><lastmod>2026-01-01</lastmod>")), "{index}");
        assert_well_formed(&ok(&site.app, &format!("/sitemaps/{part}-1.xml")).await);
    }
    let regulations = ok(&site.app, "/sitemaps/regulations-1.xml").await;
    assert!(
        regulations.contains(&site.new_law) && !regulations.contains(&site.old_law),
        "only what is in force: {regulations}"
    );
    let bodies = ok(&site.app, "/sitemaps/institutions-1.xml").await;
    assert_eq!(bodies.matches("<loc>").count(), 8, "{bodies}");
    assert!(bodies.contains("<loc>http://guansou.example/institutions/x-%3Cb%3E</loc>"), "{bodies}");
    let divisions = ok(&site.app, "/sitemaps/divisions-1.xml").await;
    assert!(divisions.contains("/divisions/320106<") && !divisions.contains("320106001"), "no townships: {divisions}");
    for part in ["regulations-2", "regulations-0", "regulations-99999999999999999999", "cats-1", "regulations", "%FF"] {
        let (status, _, _) = call(&site.app, at_host(&format!("/sitemaps/{part}.xml"), "a.cn")).await;
        assert!(status.is_client_error(), "{part}: {status}");
    }
}

#[tokio::test]
async fn new_regulations_are_fed() {
    let site = site();
    let (_, headers, feed) = call(&site.app, at_host("/feeds/regulations.atom", "guansou.example")).await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    assert_well_formed(&feed);
    assert_eq!(feed.matches("<entry>").count(), 2, "versions in force only: {feed}");
    assert!(feed.contains("<updated>2020-01-01T00:00:00+08:00</updated>\n<link rel=\"self\""), "{feed}");
    let (first, second) = (feed.find("招商引资条例").unwrap(), feed.find("行政许可法").unwrap());
    assert!(first < second, "newest first");
    assert!(feed.contains(&format!("href=\"http://guansou.example/regulations/{}\"", site.new_law)), "{feed}");
    let tag = headers[header::ETAG].clone();
    let again = Request::get("/feeds/regulations.atom").header(header::HOST, "guansou.example");
    let again = again.header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    assert_eq!(call(&site.app, again).await.0, StatusCode::NOT_MODIFIED);
    let laws = ok(&site.app, &format!("/feeds/regulations.atom?level={}&region=", encoded("法律"))).await;
    assert_eq!(laws.matches("<entry>").count(), 2);
    assert!(laws.contains("新法规（法律）"));
    let local = ok(&site.app, &format!("/feeds/regulations.atom?level={}&region=520000", encoded("法律"))).await;
    assert_well_formed(&local);
    assert!(
        !local.contains("<entry>") && local.contains("region=520000\""),
        "national norms are of no region: {local}"
    );
    for query in [
        "level=cat",
        "region=1",
        "region=999999",
        "level=%3Cscript%3E",
        "x=1",
        "region=520000&region=520000",
        "level=%FF",
    ] {
        let (status, _, body) = call(&site.app, at_host(&format!("/feeds/regulations.atom?{query}"), "a.cn")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert!(!body.contains("<script>"), "{query}: {body}");
    }
    let list = ok(&site.app, "/regulations").await;
    assert!(
        list.contains("<link rel=\"alternate\" href=\"/feeds/regulations.atom\" type=\"application/atom+xml\""),
        "{list}"
    );
}

#[tokio::test]
async fn titles_are_escaped_in_feeds() {
    let site = site();
    let title = "甲&<乙>\"丙\"\u{8}条例]]>";
    let store = site.app.store.clone();
    store.import("more", vec![law(title, Date::constant(2024, 2, 29), &["一。"], None)], &mut |_| {}).unwrap();
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let index = tempfile::tempdir().unwrap();
    let upto = store.last_sequence().unwrap();
    build(index.path(), &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    site.app.publish(Generation::open_current(index.path(), &lexicon).unwrap().unwrap());
    assert!(ok(&site.app, "/status").await.contains("都已经可以检索到"));
    let feed = ok(&site.app, "/feeds/regulations.atom").await;
    assert_well_formed(&feed);
    assert!(feed.contains("甲&#38;&#60;乙&#62;") && !feed.contains('\u{8}'), "{feed}");
    assert!(feed.contains("2024-02-29T00:00:00+08:00"));
}

#[tokio::test]
async fn pages_say_what_they_are_about_when_shared() {
    let site = site();
    let law = &site.new_law;
    for (address, title, kind) in [
        ("/".to_owned(), "官搜", "website"),
        ("/institutions/520300-gov".to_owned(), "遵义市人民政府", "website"),
        (format!("/regulations/{law}"), "中华人民共和国行政许可法", "article"),
        (format!("/regulations/{law}/articles/2"), "《中华人民共和国行政许可法》第二条", "article"),
        (format!("/search?q={}", encoded("遵义")), "“遵义”的检索结果", "website"),
        ("/divisions/520300".to_owned(), "遵义市的机构", "website"),
    ] {
        let body = ok(&site.app, &address).await;
        for (name, value) in [("title", title), ("type", kind), ("site_name", "官搜")] {
            let tag = format!("<meta property=\"og:{name}\" content=\"{value}\">");
            assert!(body.contains(&tag), "{address} lacks {tag}: {body}");
        }
        assert_eq!(body.matches("og:description").count(), 1);
    }
    let body = ok(&site.app, &format!("/institutions/{}", encoded("x-<b>"))).await;
    assert!(!body.contains("content=\"一个“<"), "{body}");
    let hostile = encoded("\"><script>alert(1)</script>");
    let body = ok(&site.app, &format!("/search?q={hostile}")).await;
    assert!(!body.contains("\"><script>alert"), "{body}");
}

#[test]
fn any_host_and_parameter_is_answered_without_a_server_error() {
    let site = site();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    proptest!(ProptestConfig::with_cases(100), |(host in "[ -~]{0,30}", text in "[0-9a-z\u{4e00}-\u{4e20}.%<&-]{0,20}")| {
        for address in [
            "/robots.txt".to_owned(),
            "/sitemap.xml".to_owned(),
            format!("/sitemaps/{}", encoded(&text)),
            format!("/feeds/regulations.atom?region={}", encoded(&text)),
            format!("/divisions/{}", encoded(&text)),
        ] {
            let (status, _, body) = runtime.block_on(call(&site.app, at_host(&address, &host)));
            prop_assert!(!status.is_server_error(), "{}: {}", address, body);
        }
    });
}

#[tokio::test]
async fn an_institutions_page_shows_its_place_and_what_the_law_says_of_its_kind() {
    let texts = ["县级以上地方人民政府教育行政部门主管本行政区域内的教育工作。", "学校应当依法办学。"];
    let local = "教育行政部门履行下列职责：（一）规划。";
    let mut elsewhere = law("福建省教育条例", Date::constant(2020, 1, 1), &[local], None);
    let RecordBody::Regulation(r) = &mut elsewhere.body else { unreachable!() };
    r.division = Some("350000".parse().unwrap());
    r.level = RegulationLevel::LocalRegulation;
    let more = vec![law("中华人民共和国教育法", Date::constant(2021, 4, 29), &texts, None), elsewhere];
    let site = site_with([more, vec![institution("520300-jy", "遵义市教育局", "520300")]].concat());
    let (status, _, page) = call(&site.app, path("/institutions/520000-jy")).await;
    assert_eq!(status, StatusCode::OK);
    for part in
        ["下一级的同类机构", "遵义市教育局", "法律法规规定的职责", "教育行政部门", "中华人民共和国教育法 第一条"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("福建省教育条例"), "another province's norms give it no duties");
    let (_, _, page) = call(&site.app, path("/institutions/520300-jy")).await;
    assert!(page.contains("上一级的同类机构") && page.contains("/institutions/520000-jy"), "{page}");
    assert!(page.contains("/corrections/new?about=520300"), "{page}");
}

#[tokio::test]
async fn a_certain_answer_shows_what_goes_with_it() {
    let under = law("行政许可法实施办法", Date::constant(2021, 1, 1), &["为了实施。"], None);
    let site = site_with(vec![under, institution("520300-jy", "遵义市教育局", "520300")]);
    for (query, related) in [
        ("行政许可法", "行政许可法实施办法"),
        ("行政许可法第二条", "行政许可法实施办法"),
        ("遵义市教育局", "贵州省教育厅"),
    ] {
        let (_, _, page) = call(&site.app, path(&format!("/search?q={}", encoded(query)))).await;
        let line = page.split("class=\"related\"").nth(1).and_then(|rest| rest.split("</p>").next());
        assert!(line.is_some_and(|line| line.contains(related)), "{query}: {page}");
    }
}

#[tokio::test]
async fn any_two_versions_can_be_chosen() {
    let site = site();
    let (old, new) = (&site.old_law, &site.new_law);
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{new}"))).await;
    assert!(page.contains("action=\"/regulations/compare\"") && page.contains(&format!("value=\"{old}\"")), "{page}");
    let (status, headers, _) = call(&site.app, path(&format!("/regulations/compare?old={old}&new={new}"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let to = headers[header::LOCATION].to_str().unwrap();
    assert_eq!(to, format!("/regulations/{old}/compare/{new}"));
    assert_eq!(call(&site.app, path(to)).await.0, StatusCode::OK);
    for query in ["", "?old=a", "?old=a&new=a", "?old=../x&new=b", "?old=a&new=%0d%0a"] {
        let (status, ..) = call(&site.app, path(&format!("/regulations/compare{query}"))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
}
