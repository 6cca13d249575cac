//! The same records give the same answers, whichever build of the index answers.

use axum::http::HeaderMap;
use indexer::record::DocumentKind;

use super::*;

/// Far more names of equal likeness than are taken for re-ranking, and more articles of equal score than are ranked.
const ALIKE: usize = 1_500;

/// Characters that tell the made names apart, and nothing else does.
const LETTERS: &str =
    "东南西北中上下左右前后春夏秋冬金木水火土山川河湖海江田林石玉风云雨雪雷电星月日光明青红黄蓝白黑紫";

/// Two letters, the same for the same number.
fn letters(n: usize) -> String {
    let all: Vec<char> = LETTERS.chars().collect();
    [all[n / all.len() % all.len()], all[n % all.len()]].into_iter().collect()
}

/// Institutions and regulations whose names have the same length and the same words, spread over regions, levels and
/// years, so that what is cut off shows in totals and facets.
fn look_alikes() -> Vec<Record> {
    let divisions = ["520300", "320100", "350100", "520000"];
    let bodies = (0..ALIKE).map(|n| {
        institution(&format!("alike-{n:04}"), &format!("{}水务局", letters(n)), divisions[n * 7 % divisions.len()])
    });
    let regulations = (0..ALIKE).map(|n| {
        let date = Date::constant(1990 + (n * 11 % 30) as i16, 1, 1);
        let texts = ["取水的单位应当办理登记。", "不办理登记的，责令改正。", "本办法自公布之日起施行。"];
        let mut regulation = samples::law(&format!("{}登记办法", letters(n)), date, &texts);
        if let RecordBody::Regulation(r) = &mut regulation.body {
            r.level = RegulationLevel::ALL[n * 5 % RegulationLevel::ALL.len()];
            r.document_kind = DocumentKind::Regulation;
        }
        regulation
    });
    bodies.chain(regulations).collect()
}

/// The site's records in an index of their own in `dir`.
fn built_again(site: &Site, dir: &Path) -> App {
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let store = &site.app.store;
    let upto = store.last_sequence().unwrap();
    build(dir, &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let config = Config { data: dir.join("data"), ..Config::default() };
    let (store, desk) = (store.clone(), site.app.desk.clone());
    let app = App::new(&config, Reader::Here, store, desk, site.app.sources.clone(), site.app.missing.clone(), metrics);
    app.publish(Generation::open_current(dir, &lexicon).unwrap().unwrap());
    app
}

/// Queries for the made names in all the ways that people write them, so that there are two thousand addresses in all.
fn mixed() -> impl Iterator<Item = String> {
    const FORMS: [fn(&str) -> String; 10] = [
        |name| format!("{name}水务局"),
        |name| format!("{name}水务"),
        |name| format!("南京{name}水务局"),
        |name| format!("{name}水物局"),
        |name| format!("{name}水务局官网"),
        |name| format!("{name}登记办法"),
        |name| format!("《{name}登记办法》第2条"),
        |name| format!("{name}登记办法 1995"),
        |name| format!("{name}怎么办理登记"),
        |name| format!("{name}取水不登记会怎样"),
    ];
    (0..1_700).map(|n| {
        let query = encoded(&FORMS[n % FORMS.len()](&letters(n * 37 % ALIKE)));
        format!("/api/v1/search?q={query}{}", ["", "&kind=institution", "&region=520000"][n / FORMS.len() % 3])
    })
}

/// Every kind of query, of filter, of order and of page.
fn addresses() -> Vec<String> {
    let queries = [
        "水务局",
        "登记办法",
        "办理登记",
        "取水应当办理登记吗",
        "不登记怎么办",
        "责令改正",
        "施行",
        "shuiwuju",
        "南京水务局",
        "贵州水务局",
        "东南水务局",
        "东南登记办法",
        "东南登记办法第二条",
        "《东南登记办法》第2条",
        "“应当办理登记”",
        "登记办法 1995",
        "登记办发",
        "水物局",
        "鼓楼区政府",
        "遵义市政府官网",
        "行政许可法第二条",
        "拖欠工资",
        "zunyi.gov.cn",
        "国务院令第588号",
        "登记 -取水",
    ];
    let more = [
        "",
        "&kind=institution",
        "&kind=regulation",
        "&kind=article",
        "&page=2&size=50",
        "&size=100&sort=date",
        "&size=100&sort=level",
        "&region=520000",
        "&from=2000&to=2010",
        "&explain=1",
    ];
    let mut addresses = Vec::new();
    for query in queries.map(encoded) {
        addresses.extend(more.iter().map(|more| format!("/api/v1/search?q={query}{more}")));
        for place in ["/search", "/api/v1/suggest", "/api/v1/resolve"] {
            addresses.push(format!("{place}?q={query}"));
        }
    }
    for id in ["alike-0000", "320106-gov"] {
        addresses.push(format!("/api/v1/institutions/{id}"));
        addresses.push(format!("/institutions/{id}"));
    }
    for code in ["520000", "320100"] {
        addresses.push(format!("/api/v1/divisions/{code}/institutions"));
        addresses.push(format!("/divisions/{code}"));
    }
    addresses
}

/// What is reported of one request alone.
fn lasting(mut headers: HeaderMap) -> HeaderMap {
    for name in ["server-timing", "x-request-id", "date"] {
        headers.remove(name);
    }
    headers
}

#[tokio::test]
async fn two_builds_of_one_store_answer_alike_to_the_byte() {
    let site = site_with(look_alikes());
    let dir = tempfile::tempdir().unwrap();
    let other = built_again(&site, dir.path());
    let (mut answered, mut tagged, mut different) = (0, 0, Vec::new());
    for address in addresses().into_iter().chain(mixed()) {
        let (status, headers, body) = call(&site.app, path(&address)).await;
        let (again, other_headers, other_body) = call(&other, path(&address)).await;
        answered += usize::from(status == StatusCode::OK);
        tagged += usize::from(headers.contains_key(header::ETAG));
        if (status, lasting(headers), body) != (again, lasting(other_headers), other_body) {
            different.push(address);
        }
    }
    assert_eq!(different, [""; 0]);
    assert!(answered > 2_000 && tagged > 2_000, "{answered} answered, {tagged} with a tag");
    // Else nothing was cut between equals, and the test would hold for any order.
    for (query, kind) in [("水务局", "institution"), ("登记办法", "regulation"), ("办理登记", "article")] {
        let found = search(&site.app, query, &format!("&kind={kind}")).await["total"].as_u64().unwrap();
        assert!(found > 100 && found < ALIKE as u64, "{query}: {found}");
    }
}

#[tokio::test]
async fn the_time_of_a_search_stands_in_a_header_and_not_in_the_answer() {
    let site = site();
    let address = format!("/api/v1/search?q={}", encoded("遵义市政府"));
    let (_, headers, body) = call(&site.app, path(&address)).await;
    let timing = headers["server-timing"].to_str().unwrap();
    let milliseconds: f64 = timing.strip_prefix("search;dur=").unwrap().parse().unwrap();
    assert!(milliseconds > 0.0, "{timing}");
    assert!(!body.contains("took"), "{body}");
    // A kept answer tells what it took when it was made.
    let (_, again, _) = call(&site.app, path(&address)).await;
    assert_eq!(again["server-timing"], timing);
}
