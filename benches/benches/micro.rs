//! The steps of the service one by one: text, projection, queries, addresses, answers.
//!
//! Over the repository's tables and laws made here, or over the index in `GUANSOU_BENCH_DATA`. The inputs are fixed; no
//! random choice is made. About a minute.

#![allow(clippy::panic, reason = "a test stops at what must not be")]

use std::{hint::black_box, path::Path, time::Duration};

use benches::{
    fixture::{Fixture, make},
    operations::ALL,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jieba_rs::Jieba;

/// An index to measure over, in place of the one made here.
const DATA: &str = "GUANSOU_BENCH_DATA";

fn fixture() -> Fixture {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let opened = match std::env::var_os(DATA) {
        Some(data) => Fixture::open(&tables, Path::new(&data)),
        None => tempfile::tempdir().map_err(anyhow::Error::from).and_then(|data| {
            make(&tables, data.path())?;
            // The files stay readable after they are unlinked.
            Fixture::open(&tables, data.path())
        }),
    };
    opened.unwrap_or_else(|error| panic!("no index to measure over: {error:#}"))
}

fn micro(criterion: &mut Criterion) {
    let fixture = fixture();
    let jieba = Jieba::new();
    let bytes = Throughput::Bytes(fixture.text.len() as u64);
    let mut text = criterion.benchmark_group("text");
    text.throughput(bytes);
    text.bench_function("bare jieba-rs cut_for_search", |b| {
        b.iter(|| black_box(jieba.cut_for_search(&fixture.text, false).len()));
    });
    let of_text = |name: &str| matches!(name, "normalize" | "segment" | "cite");
    for operation in ALL.iter().filter(|o| of_text(o.name)) {
        text.bench_function(operation.name, |b| b.iter(|| black_box((operation.run)(&fixture))));
    }
    text.finish();
    for operation in ALL.iter().filter(|o| !of_text(o.name)) {
        criterion.bench_function(operation.name, |b| b.iter(|| black_box((operation.run)(&fixture))));
    }
}

criterion_group! {
    name = steps;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = micro
}
criterion_main!(steps);
