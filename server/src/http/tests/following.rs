//! What the store takes is served soon after, and what it withdraws is gone, also from the answers that were kept.

use std::time::{Duration, Instant};

use indexer::record::samples;

use super::*;
use crate::{follow, service::Service, store::By};

const BY: By<'_> = By { author: "test", reason: "" };

/// Waits until an answer has, or no longer has, a text.
async fn until(app: &App, address: &str, text: &str, there: bool) {
    let begun = Instant::now();
    while call(app, path(address)).await.2.contains(text) != there {
        assert!(begun.elapsed() < Duration::from_secs(20), "{address}: {text} there: {there}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn changes_are_served_and_withdrawals_are_gone_from_every_cache() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = dir.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    for (file, text) in TABLES {
        std::fs::write(corpus.join(file), text).unwrap();
    }
    let config = Config {
        data: dir.path().join("data"),
        corpus,
        dictionaries: Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries"),
        store: Backend::Redb,
        ..Config::default()
    };
    let service = Service::open(&config).unwrap();
    let store = service.store.clone();
    crate::intake::corpus(&store, &config.corpus, &mut |_, _, _| {}).unwrap();
    let generation = service.generation(false).unwrap();
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let app = App::new(&config, Reader::Here, store.clone(), service.desk.clone(), Vec::new(), Vec::new(), metrics);
    let generation = app.publish(generation);
    let following = follow::start(service, app.clone(), generation).unwrap();
    let found = format!("/api/v1/search?q={}", encoded("遵义市公园管理局"));
    let completed = format!("/api/v1/suggest?q={}", encoded("遵义市公园"));
    for address in [&found, &completed] {
        assert!(!call(&app, path(address)).await.2.contains("520300-gy"), "{address}");
    }
    let draft = Record { state: State::Draft, ..samples::institution("520300-mm", "遵义市秘密局", "520300") };
    store.put(draft, &BY).unwrap();
    let body = samples::institution("520300-gy", "遵义市公园管理局", "520300");
    let revision = store.put(body.clone(), &BY).unwrap();
    for address in [&found, &completed] {
        until(&app, address, "520300-gy", true).await;
    }
    assert_eq!(call(&app, path("/institutions/520300-gy")).await.0, StatusCode::OK);
    store.put(Record { state: State::Withdrawn, revision, ..body }, &BY).unwrap();
    for address in [&found, &completed] {
        until(&app, address, "520300-gy", false).await;
    }
    assert_eq!(call(&app, path("/institutions/520300-gy")).await.0, StatusCode::GONE);
    for address in ["/sitemaps/institutions-1.xml", "/api/v1/changes?limit=1000", "/api/v1/dumps/institution.jsonl"] {
        let text = call(&app, path(address)).await.2;
        assert!(!text.contains("公园管理局") && !text.contains("520300-mm") && !text.contains("秘密局"), "{address}");
    }
    drop(following);
}
