//! A second 官搜 that mirrors this one over the network.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::response::IntoResponse;
use indexer::record::{DivisionCode, Evidence, Institution, samples};

use super::*;
use crate::{
    pull::{Client, MAX_PAGE, MAX_PAGES, Origin, Pin, PullError, Pulled, Wanted, pull},
    store::By,
};

/// Serves a router on a port of its own.
async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

struct Mirror {
    _dir: tempfile::TempDir,
    store: Arc<RecordStore>,
    url: String,
    host: String,
}

impl Mirror {
    fn of(address: SocketAddr) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(RecordStore::open(Backend::Redb, dir.path()).unwrap());
        Self { _dir: dir, store, url: format!("http://{address}/"), host: address.to_string() }
    }

    async fn pull_some(&self, kinds: &'static [&'static str], page: u32, pages: usize) -> Result<Pulled, PullError> {
        self.pull_of(&["000000"], kinds, page, pages).await
    }

    async fn pull_of(
        &self,
        divisions: &[&str],
        kinds: &'static [&'static str],
        page: u32,
        pages: usize,
    ) -> Result<Pulled, PullError> {
        let (store, origin) = (self.store.clone(), Origin::parse(&self.url, true).unwrap());
        let divisions: Vec<DivisionCode> = divisions.iter().map(|d| d.parse().unwrap()).collect();
        let run = move || {
            let client = Client::new(origin, Vec::new())?.with_pause(Duration::from_millis(1));
            let wanted = Wanted { kinds, divisions: &divisions, page, pages, from_start: false };
            pull(&store, &client, &wanted, &mut |_, _| {})
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    async fn pull(&self) -> Pulled {
        self.pull_some(&[], 100, MAX_PAGES).await.unwrap()
    }

    fn body(&self, id: &str) -> Institution {
        match self.store.get(id).unwrap().unwrap().body {
            RecordBody::Institution(body) => body,
            other => panic!("{other:?}"),
        }
    }
}

/// Lets the site show what its store has.
fn publish(site: &Site) {
    let dir = tempfile::tempdir().unwrap();
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let upto = site.app.store.last_sequence().unwrap();
    // Twice, for another number than the first has: answers are kept by it.
    for _ in 0..2 {
        build(dir.path(), &site.app.store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {})
            .unwrap();
    }
    site.app.publish(Generation::open_current(dir.path(), &lexicon).unwrap().unwrap());
}

fn renamed(record: Record, name: &str) -> Record {
    let mut record = record;
    if let RecordBody::Institution(body) = &mut record.body {
        name.clone_into(&mut body.name);
    }
    record
}

const BY: By<'_> = By { author: "zunyi", reason: "" };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_takes_all_and_then_only_what_is_new() {
    let site = site();
    let mirror = Mirror::of(serve(router(site.app.clone())).await);
    let all = site.app.store.count().unwrap();
    let first = mirror.pull().await;
    assert_eq!((first.added, first.changed, first.refused, first.more), (all, 0, 0, false), "{first:?}");
    let (there, here) =
        (site.app.store.get(&site.new_law).unwrap().unwrap(), mirror.store.get(&site.new_law).unwrap().unwrap());
    assert_eq!((&here.body, here.owner), (&there.body, there.owner));
    let (last, before) = here.provenance.split_last().unwrap();
    assert_eq!((before, last.source.as_str()), (&there.provenance[..], format!("mirror:{}", mirror.host).as_str()));
    let info = mirror.store.info(&site.new_law, 1).unwrap().unwrap();
    assert_eq!(info.author, format!("pull:{}", mirror.host));
    let head = mirror.store.head();
    assert_eq!(mirror.pull().await, Pulled::default());
    assert_eq!(mirror.store.head(), head);
    // A change and a withdrawal there.
    let store = &site.app.store;
    let changed = renamed(store.get("520000-jy").unwrap().unwrap(), "贵州省教育厅（新）");
    store.put(changed, &BY).unwrap();
    let gone = store.get("320106-gov").unwrap().unwrap();
    store.put(Record { state: State::Withdrawn, ..gone }, &BY).unwrap();
    publish(&site);
    let second = mirror.pull().await;
    assert_eq!((second.added, second.changed, second.withdrawn), (0, 1, 1), "{second:?}");
    assert_eq!(mirror.body("520000-jy").name, "贵州省教育厅（新）");
    assert_eq!(mirror.store.get("320106-gov").unwrap().unwrap().state, State::Withdrawn);
}

/// What is taken where nobody names a kind, as the place of a mirror is called by it.
fn all_kinds() -> String {
    crate::exchange::kinds().map(|kind| kind.name).collect::<Vec<_>>().join("+")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_interrupted_goes_on_where_it_stopped() {
    let site = site();
    let mirror = Mirror::of(serve(router(site.app.clone())).await);
    let all = site.app.store.count().unwrap();
    let first = mirror.pull_some(&[], 3, 2).await.unwrap();
    assert_eq!((first.added, first.more, mirror.store.count().unwrap()), (6, true, 6));
    let second = mirror.pull_some(&[], 3, MAX_PAGES).await.unwrap();
    assert_eq!((second.added, second.unchanged, second.more), (all - 6, 0, false), "{second:?}");
    // The records of a page that was stored, but whose place was not noted any more, are the same again.
    let place = format!("mirrored:{}:{}", mirror.host, all_kinds());
    mirror.store.put_meta(&place, "0").unwrap();
    let head = mirror.store.head();
    let again = mirror.pull().await;
    assert_eq!((again.added, again.changed, again.unchanged, mirror.store.head()), (0, 0, all, head));
    // One kind has a place of its own.
    let other = Mirror::of(mirror.host.parse().unwrap());
    let some = other.pull_some(&["institution"], 100, MAX_PAGES).await.unwrap();
    assert_eq!((some.added, other.store.count().unwrap()), (8, 8));
    assert_eq!(other.pull().await.added, all - 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_here_of_ones_own_stands() {
    let site = site();
    let mirror = Mirror::of(serve(router(site.app.clone())).await);
    let own = |id: &str, name: &str| samples::institution(id, name, "520300");
    // A person's word, an import's, a record of another kind under the same id, and one that the origin does not have.
    mirror.store.put(own("520300-gov", "本地更正"), &BY).unwrap();
    mirror
        .store
        .import(
            "corpus",
            [own("320106-gov", "本地名单"), own("only-here", "只在本地"), own("520000", "另一类")],
            &mut |_| {},
        )
        .unwrap();
    let pulled = mirror.pull().await;
    assert_eq!((pulled.preserved, pulled.refused, pulled.changed), (1, 1, 1), "{pulled:?}");
    assert!(pulled.faults[0].contains("520000："), "{:?}", pulled.faults);
    assert_eq!(mirror.body("520300-gov").name, "本地更正");
    assert_eq!(mirror.body("320106-gov").name, "南京市鼓楼区人民政府");
    // A person here changes what came from there; then all of it is withdrawn there.
    let changed = renamed(mirror.store.get("350102-gov").unwrap().unwrap(), "本地改名");
    mirror.store.put(changed, &BY).unwrap();
    let store = &site.app.store;
    for id in ["520300-gov", "320106-gov", "350102-gov", "520000-jy"] {
        let gone = store.get(id).unwrap().unwrap();
        store.put(Record { state: State::Withdrawn, ..gone }, &BY).unwrap();
    }
    let only = Record { state: State::Published, ..own("only-here", "对方的") };
    store.put_over(only.clone()).unwrap();
    store.put_over(Record { state: State::Withdrawn, ..only }).unwrap();
    publish(&site);
    let pulled = mirror.pull().await;
    assert_eq!((pulled.withdrawn, pulled.restored, pulled.preserved), (1, 1, 2), "{pulled:?}");
    assert_eq!(mirror.body("520300-gov").name, "本地更正");
    assert_eq!(mirror.body("350102-gov").name, "本地改名");
    assert_eq!(mirror.body("320106-gov").name, "本地名单", "what an import had brought before stands again");
    assert_eq!(mirror.store.get("only-here").unwrap().unwrap().state, State::Published);
    assert_eq!(mirror.store.get("520000-jy").unwrap().unwrap().state, State::Withdrawn);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_mirror_each_other_come_to_an_end() {
    let (one, two) = (site(), site());
    let (at_one, at_two) = (serve(router(one.app.clone())).await, serve(router(two.app.clone())).await);
    let mirror = |site: &Site, origin: SocketAddr| Mirror { store: site.app.store.clone(), ..Mirror::of(origin) };
    one.app.store.import("more", [samples::institution("only-one", "只在甲", "520300")], &mut |_| {}).unwrap();
    publish(&one);
    let (from_two, from_one) = (mirror(&one, at_two), mirror(&two, at_one));
    assert_eq!(from_one.pull().await.added, 1);
    publish(&two);
    let heads = (one.app.store.head(), two.app.store.head());
    for _ in 0..2 {
        let (a, b) = (from_two.pull().await, from_one.pull().await);
        assert_eq!((a.added, a.changed, b.added, b.changed), (0, 0, 0, 0));
    }
    assert_eq!((one.app.store.head(), two.app.store.head()), heads);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_guansou_is_refused_and_what_is_busy_is_asked_again() {
    let page = r#"{"since":0,"upto":0,"next":0,"more":false,"changes":[]}"#;
    let asked: &'static AtomicUsize = Box::leak(Box::default());
    let busy = move |first: usize| {
        move || async move {
            match asked.fetch_add(1, Ordering::SeqCst) {
                n if n < first => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                _ => page.into_response(),
            }
        }
    };
    let says = |text: String| get(move || async move { text });
    let record = serde_json::to_value(samples::institution("a", "甲局", "520300")).unwrap();
    let change = |state: &str, id: &str, record: &Value| {
        serde_json::json!({"since": 0, "upto": 9, "next": 9, "more": false, "changes": [
            {"sequence": 9, "id": id, "kind": "institution", "revision": 1, "state": state, "record": record}]})
        .to_string()
    };
    let newer = serde_json::json!({"since": 0, "upto": 9, "next": 9, "more": false, "changes": [{"sequence": 9}]});
    let stuck = page.replace("false", "true");
    let faults: Vec<(axum::routing::MethodRouter, &str)> = vec![
        (says("<html>你好</html>".into()), "不像官搜"),
        (says("{}".into()), "不像官搜"),
        (says(stuck), "没有往前"),
        (says(page.replace("\"since\":0", "\"since\":5")), "所问的一页"),
        (says(change("published", "b", &record)), "不符"),
        (says(change("withdrawn", "a", &record)), "不符"),
        (says(newer.to_string()), "较新的版本"),
        (says("x".repeat(MAX_PAGE + 1)), "16 MiB"),
        (get(|| async { StatusCode::NOT_FOUND }), "答复 404"),
        (get(|| async { axum::response::Redirect::permanent("https://a.example/") }), "已迁到 https://a.example/"),
        (get(busy(usize::MAX)), "已重试 5 次"),
    ];
    for (answer, part) in faults {
        let mirror = Mirror::of(serve(Router::new().route("/api/v1/changes", answer)).await);
        let error = mirror.pull_some(&[], 100, 9).await.unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
        assert_eq!(mirror.store.count().unwrap(), 0);
    }
    asked.store(0, Ordering::SeqCst);
    let mirror = Mirror::of(serve(Router::new().route("/api/v1/changes", get(busy(3)))).await);
    assert_eq!(mirror.pull().await, Pulled::default());
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    // An origin that has fewer changes than were taken is another store.
    mirror.store.put_meta(&format!("mirrored:{}:{}", mirror.host, all_kinds()), "7").unwrap();
    assert!(matches!(mirror.pull_some(&[], 100, 9).await, Err(PullError::Behind { since: 7, .. })));
    // Nobody there.
    let nobody = Mirror { url: "http://127.0.0.1:9".into(), ..mirror };
    assert!(matches!(nobody.pull_some(&[], 100, 9).await, Err(PullError::Unreachable { .. })));
    // What must not be shown is passed over, and the rest taken.
    let mut evil = record.clone();
    evil["body"]["websites"] = serde_json::json!([{"url": "javascript:alert(1)", "host": "a.cn", "evidence": "single", "sources": [], "off_gov_cn": true}]);
    let mirror = Mirror::of(serve(Router::new().route("/api/v1/changes", says(change("published", "a", &evil)))).await);
    let pulled = mirror.pull().await;
    assert_eq!((pulled.refused, pulled.added), (1, 0), "{pulled:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_named_divisions_are_taken_and_nothing_is_registered_by_it() {
    let site = site();
    let store = &site.app.store;
    let mut registered = store.get("520300-gov").unwrap().unwrap();
    let RecordBody::Institution(body) = &mut registered.body else { unreachable!() };
    body.websites[0].evidence = Evidence::Registry;
    store.put(registered, &BY).unwrap();
    let mut name = store.get("w-zunyi.gov.cn").unwrap().unwrap();
    let RecordBody::WebName(w) = &mut name.body else { unreachable!() };
    w.evidence = Evidence::Registry;
    store.put(name, &BY).unwrap();
    // A body of the division that gives itself an address of the nation's, which stands here already.
    let mut thief = samples::institution("i-thief", "遵义市示例局", "520300");
    let RecordBody::Institution(body) = &mut thief.body else { unreachable!() };
    body.websites = vec![indexer::record::Website {
        url: "https://www.mee.gov.cn/".into(),
        host: "mee.gov.cn".into(),
        evidence: Evidence::Corroborated,
        sources: Vec::new(),
        off_gov_cn: false,
    }];
    let hidden = samples::institution("i-hidden", "贵州省人民\u{200B}政府", "520300");
    store.import("more", [thief, hidden], &mut |_| {}).unwrap();
    publish(&site);
    let mirror = Mirror::of(serve(router(site.app.clone())).await);
    let mut ours = samples::web_name("mee.gov.cn", "中华人民共和国生态环境部");
    ours.institution_id = Some("000000-hb".into());
    mirror.store.import("own", [samples::record("w-mee.gov.cn", RecordBody::WebName(ours))], &mut |_| {}).unwrap();
    assert!(matches!(mirror.pull_of(&[], &[], 100, 9).await, Err(PullError::NoDivision)));
    let pulled = mirror.pull_of(&["520300"], &[], 100, MAX_PAGES).await.unwrap();
    assert!(pulled.outside > 0 && pulled.added >= 3, "{pulled:?}");
    assert_eq!(pulled.refused, 1, "a name that hides characters: {pulled:?}");
    for inside in ["520300", "520300-gov", "w-zunyi.gov.cn"] {
        assert!(mirror.store.get(inside).unwrap().is_some(), "{inside}");
    }
    for outside in ["520000", "520000-jy", "320106-gov", "000000-hb", &site.new_law, "i-thief", "i-hidden"] {
        assert!(mirror.store.get(outside).unwrap().is_none(), "{outside}");
    }
    assert_eq!(mirror.body("520300-gov").websites[0].evidence, Evidence::Single);
    let RecordBody::WebName(w) = mirror.store.get("w-zunyi.gov.cn").unwrap().unwrap().body else { unreachable!() };
    assert_eq!(w.evidence, Evidence::Single);
    let head = mirror.store.head();
    assert_eq!(mirror.pull_of(&["520300"], &[], 100, MAX_PAGES).await.unwrap(), Pulled::default());
    assert_eq!(mirror.store.head(), head);
}

/// Serves one page over TLS with a key of its own; the key's pin.
fn over_tls() -> (SocketAddr, String) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use sha2::Digest;
    use std::io::{Read, Write};
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let public = rustls::server::ParsedCertificate::try_from(&certificate).unwrap().subject_public_key_info();
    let pin = format!("sha256/{}", STANDARD.encode(sha2::Sha256::digest(&public)));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, socket);
            let mut asked = Vec::new();
            let mut buffer = [0; 1024];
            while !asked.windows(4).any(|w| w == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(n) if n > 0 => asked.extend_from_slice(&buffer[..n]),
                    _ => break,
                }
            }
            let page = r#"{"since":0,"upto":0,"next":0,"more":false,"changes":[]}"#;
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}", page.len());
            let _ = stream.write_all(answer.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (address, pin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_origin_is_known_by_its_key_alone() {
    let (address, pin) = over_tls();
    let (other, _) = over_tls();
    let pull_from = |address: SocketAddr, pins: &[&str]| {
        let origin = Origin::parse(&format!("https://{address}/"), false).unwrap();
        let pins: Vec<Pin> = pins.iter().map(|pin| pin.parse().unwrap()).collect();
        tokio::task::spawn_blocking(move || {
            let dir = tempfile::tempdir().unwrap();
            let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
            let client = Client::new(origin, pins)?.with_pause(Duration::from_millis(1));
            let divisions = [DivisionCode::nation()];
            let wanted = Wanted { kinds: &[], divisions: &divisions, page: 9, pages: 9, from_start: false };
            pull(&store, &client, &wanted, &mut |_, _| {})
        })
    };
    assert_eq!(pull_from(address, &[&pin]).await.unwrap().unwrap(), Pulled::default());
    let none = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert_eq!(pull_from(address, &[none, &pin]).await.unwrap().unwrap(), Pulled::default(), "while keys change");
    assert!(matches!(pull_from(address, &[]).await.unwrap(), Err(PullError::NoPin)));
    let told = pull_from(address, &[none]).await.unwrap().unwrap_err();
    assert!(matches!(&told, PullError::OtherKey { seen, .. } if *seen == pin), "{told}");
    assert!(matches!(pull_from(other, &[&pin]).await.unwrap(), Err(PullError::OtherKey { .. })));
}
