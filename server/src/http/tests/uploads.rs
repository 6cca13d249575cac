//! Files on their way: they wait on disk and hold no turn, each office has its turns, and what is too much is reported.

use std::time::Duration;

use axum::body::Bytes;
use indexer::record::{Role, Scope};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{
    offices::{post as form, signed_in, submitted_one},
    *,
};
use crate::{
    access::{NewKey, create_key},
    store::By,
};

const BODIES: &str = "全称,区划代码,类别\n遵义市教育局,520300,政府\n";
const TABLE: &str = "/api/v1/tables/institutions?dry_run=1&name=a.csv";
/// Files of an office on their way, as its own message has it.
const MAX: usize = 8;

fn key(app: &App, office: &str) -> String {
    let body = samples::institution(&format!("o-{office}"), office, "520300");
    app.store.import(&format!("office {office}"), [body], &mut |_| {}).unwrap();
    let new = NewKey {
        purpose: "批量报送".into(),
        office_id: None,
        office_name: office.into(),
        division: "520300".parse().unwrap(),
        scopes: vec![Scope::Submit],
        quota: 600,
        until: None,
        holder: None,
    };
    create_key(&app.store, new, &By { author: "test", reason: "" }).unwrap()
}

fn post(key: &str, body: Body) -> Request<Body> {
    Request::post(TABLE).header(header::AUTHORIZATION, format!("Bearer {key}")).body(body).unwrap()
}

type Answer = JoinHandle<(StatusCode, axum::http::HeaderMap, String)>;
type Sender = mpsc::UnboundedSender<Result<Bytes, std::io::Error>>;

/// An upload whose pieces come when they are sent.
fn slowly(app: &App, key: &str) -> (Sender, Answer) {
    let (sender, pieces) = mpsc::unbounded_channel();
    let (app, request) = (app.clone(), post(key, Body::from_stream(UnboundedReceiverStream::new(pieces))));
    (sender, tokio::spawn(async move { call(&app, request).await }))
}

fn incoming(site: &Site) -> usize {
    std::fs::read_dir(site._dir.path().join("data/files/incoming")).map_or(0, Iterator::count)
}

async fn until(done: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it does not come to pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_senders_hold_no_turn_and_an_office_only_so_many_places() {
    let site = site();
    let (slow, quick) = (key(&site.app, "遵义市甲局"), key(&site.app, "遵义市乙局"));
    let (half, rest) = BODIES.split_at(20);
    let senders: Vec<(Sender, Answer)> = (0..MAX).map(|_| slowly(&site.app, &slow)).collect();
    for (sender, _) in &senders {
        sender.send(Ok(Bytes::from_static(half.as_bytes()))).unwrap();
    }
    until(|| incoming(&site) == MAX).await;
    let (status, headers, told) = call(&site.app, post(&slow, Body::from(BODIES))).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && told.contains("正在上传"), "{status} {told}");
    assert!(headers.contains_key(header::RETRY_AFTER));
    let (status, _, told) = call(&site.app, post(&quick, Body::from(BODIES))).await;
    assert_eq!(status, StatusCode::OK, "another office is served meanwhile: {told}");
    // Some end as they should, some break off, some go away.
    for (n, (sender, answer)) in senders.into_iter().enumerate() {
        match n % 3 {
            0 => {
                sender.send(Ok(Bytes::from_static(rest.as_bytes()))).unwrap();
                drop(sender);
                assert_eq!(answer.await.unwrap().0, StatusCode::OK);
            }
            1 => {
                sender.send(Err(std::io::Error::other("gone"))).unwrap();
                assert_eq!(answer.await.unwrap().0, StatusCode::BAD_REQUEST);
            }
            _ => answer.abort(),
        }
    }
    until(|| incoming(&site) == 0).await;
    assert_eq!(call(&site.app, post(&slow, Body::from(BODIES))).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_waits_for_its_turn_holds_up_no_other() {
    let site = site();
    let (busy, other) = (key(&site.app, "遵义市甲局"), key(&site.app, "遵义市乙局"));
    let actor = crate::access::find_key(&site.app.store, &busy).unwrap().unwrap().0;
    // As if one of its files took for ever.
    let turn = site.app.readings.turn(&actor.office()).await.ok();
    assert!(turn.is_some());
    let (sender, waits) = slowly(&site.app, &busy);
    sender.send(Ok(Bytes::from_static(BODIES.as_bytes()))).unwrap();
    drop(sender);
    until(|| incoming(&site) == 1).await;
    for _ in 0..3 {
        assert_eq!(call(&site.app, post(&other, Body::from(BODIES))).await.0, StatusCode::OK);
    }
    assert!(!waits.is_finished());
    drop(turn);
    assert_eq!(waits.await.unwrap().0, StatusCode::OK);
}

#[tokio::test]
async fn what_its_reader_does_not_survive_is_told_and_what_cannot_be_read_now_may_come_again() {
    let site = site();
    let key = key(&site.app, "遵义市甲局");
    let with = |reader| {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let config = Config { data: site._dir.path().join("data"), ..Config::default() };
        App::new(&config, reader, site.app.store.clone(), site.app.desk.clone(), Vec::new(), Vec::new(), metrics)
    };
    let (status, _, told) = call(&with(Reader::Process("/bin/false".into())), post(&key, Body::from(BODIES))).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && told.contains("另存为"), "{status} {told}");
    let gone = with(Reader::Process("/nowhere/guansou".into()));
    let (status, headers, told) = call(&gone, post(&key, Body::from(BODIES))).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && told.contains("请稍后再试"), "{status} {told}");
    assert!(headers.contains_key(header::RETRY_AFTER));
    let huge = vec![b'a'; (64 << 20) + 1];
    let (status, _, told) = call(&site.app, post(&key, Body::from(huge))).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE && told.contains("64 MiB"), "{status} {told}");
}

/// A form that brings a file behind some fields, ended or as if the rest were still to come.
fn bringing(
    address: &str,
    cookie: &str,
    fields: &[(&str, &str)],
    (name, bytes): (&str, &[u8]),
    ended: bool,
) -> Request<Body> {
    let field = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = fields.iter().map(field).collect::<String>().into_bytes();
    body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend_from_slice(bytes);
    let body = match ended {
        true => Body::from([&body[..], b"\r\n--b--\r\n"].concat()),
        false => {
            let (sender, pieces) = mpsc::unbounded_channel::<Result<Bytes, std::io::Error>>();
            sender.send(Ok(body.into())).unwrap();
            std::mem::forget(sender);
            Body::from_stream(UnboundedReceiverStream::new(pieces))
        }
    };
    Request::post(address)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(body)
        .unwrap()
}

/// Forms of words have 256 KiB; those that bring a file have what they say, and nobody who may not is listened to.
#[tokio::test(flavor = "multi_thread")]
async fn forms_that_bring_a_file_take_a_large_one_from_whoever_may_hand_in() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reader, reader_token) = signed_in(&site, "reader.1", Role::Reader, "320106");
    let (nation, nation_token) = signed_in(&site, "nation.w", Role::Contributor, "000000");
    let fields = [("token", nation_token.as_str()), ("revision", "1"), ("topics", "行政许可"), ("then", "save")];
    let address = format!("/console/records/{}/edit", site.new_law);
    let (status, headers, page) = call(&site.app, form(&address, &nation, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let draft = format!("{}/attachments", headers[header::LOCATION].to_str().unwrap());
    let others = submitted_one(&site, &writer, &token).await;
    let others = format!("/console/submissions/{others}/attachments");
    let large = [b"%PDF-1.7\n".to_vec(), vec![b'a'; 300 << 10]].concat();
    let rows: String = (0..400).map(|n| format!("第{n}局,520300,政府,{}\n", "长".repeat(250))).collect();
    let table = format!("全称,区划代码,类别,简称\n{rows}");
    assert!(table.len() > 256 << 10);
    let (token_of, first) = (nation_token.as_str(), ("revision", "1"));
    for (address, fields, file, want) in [
        ("/console/upload", vec![("token", token_of)], ("a.pdf", &large[..]), "PDF"),
        (
            "/console/tables",
            vec![("token", token_of), ("kind", "institutions"), ("then", "check")],
            ("a.csv", table.as_bytes()),
            "只核对，没有报送",
        ),
        (draft.as_str(), vec![("token", token_of), first], ("a.pdf", &large[..]), ""),
    ] {
        let (status, _, page) = call(&site.app, bringing(address, &nation, &fields, file, true)).await;
        assert!(status != StatusCode::PAYLOAD_TOO_LARGE, "{address}: {status}");
        assert!(page.contains(want), "{address}: {status} {page}");
    }
    let (_, _, page) = call(&site.app, super::offices::get(draft.trim_end_matches("/attachments"), &nation)).await;
    assert!(page.contains("PDF · 30"), "the file is there: {page}");
    for (address, cookie, token) in [
        ("/console/upload", &reader, &reader_token),
        ("/console/tables", &reader, &reader_token),
        (draft.as_str(), &reader, &reader_token),
        (others.as_str(), &nation, &nation_token),
    ] {
        let fields = [("token", token.as_str()), ("revision", "1")];
        let never_ends = bringing(address, cookie, &fields, ("a.pdf", &large), false);
        let answer = tokio::time::timeout(Duration::from_secs(20), call(&site.app, never_ends)).await;
        let (status, ..) = answer.unwrap_or_else(|_| panic!("{address} waits for what nobody may hand in"));
        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status), "{address}: {status}");
    }
}
