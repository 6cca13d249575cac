//! What offices share with each other: found and read on the line of its division, and by nobody else in any way.

use indexer::{
    index::build_for,
    record::{Audience, KINDS, Role, Scope, staffing},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    offices::{BY, get, post, signed_in},
    *,
};
/// A record of the first kind that offices share, with a title, a text and a division.
pub(super) fn record(title: &str, text: &str, division: &str) -> Record {
    let kind = KINDS.iter().find(|kind| kind.is_searched_by(Audience::Offices)).unwrap();
    let mut body = RecordBody::blank(kind.name).unwrap();
    body.fill(|column| {
        Some(match column.name {
            "title" => title,
            "text" => text,
            "division" => division,
            _ => column.example,
        })
    })
    .unwrap();
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

/// A scheme of organization of that title for the offices on the line of a division alone.
fn scheme(title: &str, text: &str, division: &str) -> Record {
    let columns = [
        ("title", title),
        ("institution_name", "遵义市人民政府"),
        ("institution_id", "520300-gov"),
        ("division", division),
        ("duties", text),
        ("staffing", "行政编制10名"),
        ("visibility", "本地区"),
    ];
    super::schemes::record(staffing::SCHEME, &columns)
}

/// Numbers of staff that offices count.
fn count(title: &str, _: &str, division: &str) -> Record {
    let columns = [
        ("title", title),
        ("institution_name", "遵义市人民政府"),
        ("institution_id", "520300-gov"),
        ("division", division),
        ("as_of", "2024-12-31"),
        ("authorised", "行政编制34567名"),
        ("actual", "行政编制34560名"),
        ("posts", "市长1名"),
    ];
    super::schemes::record(staffing::COUNT, &columns)
}

/// A plan of reform.
fn plan(title: &str, text: &str, division: &str) -> Record {
    let columns = [
        ("title", title),
        ("division", division),
        ("date", "2024-03-20"),
        ("measures", "更名：遵义市人民政府→遵义市人民公署"),
        ("note", text),
    ];
    super::schemes::record(staffing::REFORM, &columns)
}

/// Shows what the store holds, to the public and to offices, as the service does.
pub(super) fn catch_up(site: &Site) {
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let store = &site.app.store;
    let at = (store.last_sequence().unwrap(), Date::constant(2026, 1, 1));
    let dir = tempfile::tempdir().unwrap();
    build_for(Audience::Offices, dir.path(), &store.as_of(at.0).of(Audience::Offices), &lexicon, at, &mut |_| {})
        .unwrap();
    site.app.publish_for_offices(Generation::open_current(dir.path(), &lexicon).unwrap().unwrap());
    let shown = site.app.generation().unwrap().manifest.upto;
    let (seen, _) = store.seen_changes_after(Audience::Public, shown, usize::MAX).unwrap();
    assert!(
        seen.iter().all(|change| change.either().all(|r| r.is_public())),
        "the public's index has nothing to take in"
    );
}

/// What an office finds: titles in their order.
async fn found(site: &Site, cookie: &str, query: &str) -> Vec<String> {
    let (status, headers, page) = call(&site.app, get(&format!("/console/shared?q={}", encoded(query)), cookie)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let cards = page.split("<h2><a href=\"/console/shared/").skip(1);
    let text = |card: &str| {
        let title = card.split_once('>').unwrap().1.split("</a>").next().unwrap();
        title.replace("<mark>", "").replace("</mark>", "")
    };
    cards.map(text).collect()
}

#[tokio::test]
async fn an_office_finds_what_is_shared_on_its_line() {
    let site = site();
    let records = [
        record("遵义市编制使用口径", "事业编制的统计口径如下。", "520300"),
        record("贵州省编制使用口径", "全省事业编制的统计口径。", "520000"),
        record("全国编制使用口径", "编制的统计口径。", "000000"),
        record("南京市编制使用口径", "统计口径。", "320100"),
        record("鼓楼区编制使用口径", "统计口径。", "320106"),
    ];
    for one in &records {
        site.app.store.put(one.clone(), &BY).unwrap();
    }
    catch_up(&site);
    let (zunyi, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (gulou, _) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (nation, _) = signed_in(&site, "nation", Role::Reader, "000000");
    let sorted = async |cookie: &str, query: &str| {
        let mut titles = found(&site, cookie, query).await;
        titles.sort();
        titles
    };
    let own = ["全国编制使用口径", "贵州省编制使用口径", "遵义市编制使用口径"];
    assert_eq!(sorted(&zunyi, "统计口径").await, own);
    assert_eq!(sorted(&zunyi, "").await, own);
    assert_eq!(sorted(&gulou, "统计口径").await, ["全国编制使用口径", "南京市编制使用口径", "鼓楼区编制使用口径"]);
    assert_eq!(sorted(&nation, "统计口径").await.len(), 5);
    assert_eq!(found(&site, &zunyi, "遵义市编制使用口径").await[0], "遵义市编制使用口径", "its name leads");
    let page_of = |record: &Record| format!("/console/shared/{}", record.id);
    let (status, _, page) = call(&site.app, get(&page_of(&records[0]), &zunyi)).await;
    assert!(status == StatusCode::OK && page.contains("事业编制的统计口径如下。"), "{page}");
    // To others it is as if it were not there.
    let (status, _, hidden) = call(&site.app, get(&page_of(&records[3]), &zunyi)).await;
    let (_, _, none) = call(&site.app, get("/console/shared/m-000000000000", &zunyi)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.replace(&records[3].id, ""), none.replace("m-000000000000", ""));
    let (status, ..) = call(&site.app, get(&page_of(&records[0]), "")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "to the sign-in");
    for address in ["/console/shared?q=%00", "/console/shared?page=0", "/console/shared?page=51", "/console/shared?x=1"]
    {
        assert_eq!(call(&site.app, get(address, &zunyi)).await.0, StatusCode::BAD_REQUEST, "{address}");
    }
    let long = encoded(&"长".repeat(300));
    assert_eq!(call(&site.app, get(&format!("/console/shared?q={long}"), &zunyi)).await.0, StatusCode::BAD_REQUEST);
}

/// All that somebody may ask who has no right to what is shared: status, headers and bytes of each answer, but for the
/// times that answers took.
async fn asked(
    site: &Site,
    (cookie, token): (&str, &str),
    ids: &[String],
    words: &[&str],
) -> Vec<(String, StatusCode, String, String)> {
    let mut addresses: Vec<String> = [
        "/",
        "/data",
        "/status",
        "/divisions",
        "/divisions/520300",
        "/regulations",
        "/sitemap.xml",
        "/readyz",
        "/metrics",
        "/api/v1/changes",
        "/api/v1/changes?since=0",
        "/api/v1/dumps",
        "/api/v1/divisions/520300",
        "/api/v1/divisions/520300/institutions",
        "/console/queue",
        "/console/shared",
        "/console",
        "/schemes",
        "/schemes?division=520300",
        "/institutions/520300-gov",
        "/institutions/520300-gov?on=2020-01-01",
        "/api/v1/institutions/520300-gov",
        "/api/v1/dumps/staffing_scheme.jsonl",
        "/api/v1/dumps/staffing_scheme.csv",
        "/api/v1/dumps/institution.csv",
        "/feeds/regulations.atom",
        "/feeds/web-names.atom",
        "/feeds/schemes.atom",
        "/coverage",
        "/api/v1/coverage",
        "/power-lists/520300",
        "/bases/520300",
        "/sitemaps/regulations-1.xml",
        "/sitemaps/institutions-1.xml",
        "/console/schemes?division=520300",
        "/console/schemes.csv?division=520300",
        "/console/reforms",
    ]
    .map(str::to_owned)
    .into();
    for word in words.iter().map(|word| encoded(word)) {
        addresses.extend([
            format!("/search?q={word}"),
            format!("/api/v1/search?q={word}&explain=1"),
            format!("/api/v1/search?q={word}&kind=institution&region=520000"),
            format!("/api/v1/suggest?q={word}"),
            format!("/api/v1/resolve?text={word}"),
            format!("/console/shared?q={word}"),
        ]);
    }
    for id in ids {
        addresses.extend([
            format!("/materials/{id}"),
            format!("/schemes/{id}"),
            format!("/staff-counts/{id}"),
            format!("/reforms/{id}"),
            format!("/console/reforms?of={id}"),
            format!("/schemes/compare?new={id}"),
            format!("/api/v1/schemes/compare?old={id}&new={id}"),
            format!("/console/schemes/compare?new={id}"),
            format!("/api/v1/records/{id}"),
            format!("/api/v1/records/{id}/history"),
            format!("/records/{id}/history"),
            format!("/corrections/new?about={id}"),
            format!("/console/shared/{id}"),
            format!("/console/records/{id}/edit"),
            format!("/console/records/{id}/withdraw"),
        ]);
    }
    let mut all = Vec::new();
    for address in addresses {
        let (status, headers, body) = call(&site.app, get(&address, cookie)).await;
        let names_a_record = ids.iter().any(|id| address.contains(id.as_str()));
        assert!(names_a_record || status != StatusCode::NOT_FOUND, "{address} is no address");
        let told = [header::ETAG, header::LAST_MODIFIED, header::CACHE_CONTROL, header::LOCATION];
        let headers = format!("{:?}", told.map(|name| headers.get(name).cloned()));
        all.push((address, status, headers, body));
    }
    // Writing finds out nothing either; what has no form token of a session is refused before it is looked at.
    for id in ids.iter().filter(|_| !token.is_empty()) {
        for (address, fields) in [
            (format!("/console/records/{id}/edit"), vec![("revision", "1"), ("title", "甲")]),
            (format!("/console/records/{id}/withdraw"), vec![("note", "甲")]),
            (format!("/console/records/{id}/restore"), vec![("revision", "1")]),
        ] {
            let fields: Vec<(&str, &str)> = fields.into_iter().chain([("token", token)]).collect();
            let (status, _, body) = call(&site.app, post(&address, cookie, &fields)).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{address}: {body}");
            all.push((address, status, String::new(), body));
        }
    }
    all
}

/// Any sequence of records shared, changed and withdrawn elsewhere leaves every answer as it was: documents, schemes, numbers
/// of staff and plans of reform.
#[tokio::test]
async fn nothing_that_others_share_changes_any_answer() {
    let site = site();
    let own = record("福州市编制使用口径", "事业编制的统计口径如下。", "350100");
    site.app.store.put(own.clone(), &BY).unwrap();
    catch_up(&site);
    let (other, token) = signed_in(&site, "fuzhou", Role::Contributor, "350100");
    let words = [
        "34567",
        "谁负责统计口径",
        "编制",
        "统计口径",
        "遵义市人民政府",
        "遵义",
        "招商基金",
        "zunyi",
        "南京市编制口径",
    ];
    let names = prop::sample::select(vec!["遵义市", "南京市", "招商基金", "编制", "行政许可法"]);
    let tails = prop::sample::select(vec!["编制使用口径", "人民政府答复", "统计口径", "第一条", "教育厅"]);
    let divisions = prop::sample::select(vec!["520300", "320100", "320106", "520000"]);
    let strategy = prop::collection::vec((names, tails, divisions, 0..3u8, 0..4usize), 1..5);
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let steps = strategy.new_tree(&mut runner).unwrap().current();
        let records: Vec<(Record, u8)> = steps
            .into_iter()
            .map(|(name, tail, division, step, kind)| {
                let text = format!("{name}{tail}的说明，编制和统计口径，事业编制的统计口径如下。");
                let make = [record, scheme, count, plan][kind];
                (make(&format!("{name}{tail}"), &text, division), step)
            })
            .collect();
        let ids: Vec<String> = records.iter().map(|(record, _)| record.id.clone()).collect();
        let before = [asked(&site, ("", ""), &ids, &words).await, asked(&site, (&other, &token), &ids, &words).await];
        assert!(
            before[1]
                .iter()
                .any(|(address, _, _, page)| address.starts_with("/console/shared") && page.contains(&own.id))
        );
        for (record, step) in records {
            let revision = site.app.store.current_revision(&record.id).unwrap().unwrap_or(0);
            let state = if step == 0 && revision > 0 { State::Withdrawn } else { State::Published };
            site.app.store.put(Record { state, revision, ..record }, &BY).unwrap();
        }
        catch_up(&site);
        let after = [asked(&site, ("", ""), &ids, &words).await, asked(&site, (&other, &token), &ids, &words).await];
        for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
            assert!(before == after, "{}: {} {}\n{}\n{}", before.0, before.1, before.2, before.3, after.3);
        }
    }
}

#[tokio::test]
async fn a_system_with_the_right_key_finds_what_its_office_does() {
    let site = site();
    let records = [
        record("遵义市编制使用口径", "事业编制的统计口径如下。", "520300"),
        record("南京市编制使用口径", "统计口径。", "320100"),
    ];
    for one in &records {
        site.app.store.put(one.clone(), &BY).unwrap();
    }
    catch_up(&site);
    let key = |scopes| tables::key_for(&site.app, "520300", scopes);
    let (right, wrong) = (key(vec![Scope::Consult]), key(vec![Scope::Search, Scope::Submit]));
    let ask = async |address: &str, key: &str| {
        let request = Request::get(address).header(header::AUTHORIZATION, format!("Bearer {key}"));
        let (status, headers, body) = call(&site.app, request.body(Body::empty()).unwrap()).await;
        assert!(status != StatusCode::OK || headers[header::CACHE_CONTROL] == "no-store");
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let query = format!("/api/v1/shared?q={}", encoded("统计口径"));
    let (status, found) = ask(&query, &right).await;
    assert_eq!(
        (status, &found["total"], &found["hits"][0]["id"]),
        (StatusCode::OK, &1.into(), &records[0].id.as_str().into())
    );
    let (status, whole) = ask(&format!("/api/v1/shared/{}", records[0].id), &right).await;
    assert_eq!((status, &whole["facts"]["正文"][0]), (StatusCode::OK, &"事业编制的统计口径如下。".into()));
    assert_eq!(ask(&format!("/api/v1/shared/{}", records[1].id), &right).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&query, &wrong).await.0, StatusCode::FORBIDDEN);
    assert_eq!(call(&site.app, path(&query)).await.0, StatusCode::UNAUTHORIZED);
}
