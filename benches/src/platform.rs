//! What the record platform costs: durable writes, imports, deciding who may, reading a document, opening a queue.

use std::{
    hint::black_box,
    io::Write,
    time::{Duration, Instant},
};

use anyhow::Result;
use indexer::{
    corpus::documents,
    record::{
        Body, Category, DivisionCode, Institution, InstitutionLevel, Provenance, Record, Role, State, Submission,
    },
};
use server::{
    access::{self, Act, Actor, Rights, Subject},
    store::{Backend, Batch, By, RecordStore, open_kv},
    workflow,
};

use crate::{percentiles, row};

const BY: By<'_> = By { author: "benches", reason: "" };
/// Writes of each sort that are timed.
const WRITES: usize = 2_000;
const IMPORTED: usize = 50_000;
const QUEUED: usize = 100_000;
const DECISIONS: u32 = 1_000_000;
/// A page of a document has some 28 lines of 28 characters (GB/T 9704-2012, 5.2.1: 22 lines of 28).
const PAGES: usize = 100;
const LINES: usize = 22;

pub fn measure() -> Result<()> {
    for (backend, name) in [(Backend::Sled, "sled"), (Backend::Redb, "redb")] {
        writes(backend, name)?;
        import(backend, name)?;
    }
    decisions();
    document()?;
    queue()
}

fn institution(id: &str, name: &str) -> Record {
    let body = Institution {
        short_names: vec![format!("{name}简称")],
        level: InstitutionLevel::County,
        ..Institution::new(name, Category::Government, DivisionCode::nation())
    };
    Record::published(id, None, vec![source()], Body::Institution(body))
}

fn source() -> Provenance {
    Provenance { source: "benches".into(), place: None, date: None, licence: None }
}

/// Acknowledged revisions a second beside bare durable writes of the same database.
fn writes(backend: Backend, name: &str) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let bare = {
        let kv = open_kv(backend, dir.path())?;
        let value = serde_json::to_vec(&institution("x", "某某局"))?;
        let started = Instant::now();
        for n in 0..WRITES {
            let mut batch = Batch::default();
            batch.put(format!("bare{n}"), value.clone());
            kv.apply(batch)?;
        }
        WRITES as f64 / started.elapsed().as_secs_f64()
    };
    let store = RecordStore::open(backend, &dir.path().join("records"))?;
    let mut times = Vec::with_capacity(WRITES);
    let started = Instant::now();
    for n in 0..WRITES {
        let begun = Instant::now();
        store.put(institution(&format!("i-{n}"), &format!("第{n}局")), &BY)?;
        times.push(begun.elapsed());
    }
    let rate = WRITES as f64 / started.elapsed().as_secs_f64();
    row(
        &format!("durable revisions, {name}, one writer"),
        &format!("{rate:.0} a second, {:.2} of bare durable writes; {}", rate / bare, percentiles(&mut times)),
    );
    Ok(())
}

fn import(backend: Backend, name: &str) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let store = RecordStore::open(backend, dir.path())?;
    let records: Vec<Record> = (0..IMPORTED).map(|n| institution(&format!("i-{n:06}"), &format!("第{n}局"))).collect();
    let started = Instant::now();
    store.import("benches", records, &mut |_| {})?;
    let rate = IMPORTED as f64 / started.elapsed().as_secs_f64();
    row(&format!("bulk import of {IMPORTED} bodies, {name}"), &format!("{rate:.0} a second"));
    Ok(())
}

/// Every act for every role, inside and outside its division.
fn decisions() {
    let divisions: Vec<DivisionCode> =
        ["000000", "520000", "520300", "520302", "530000"].iter().filter_map(|code| code.parse().ok()).collect();
    let actors: Vec<Actor> = Role::ALL
        .into_iter()
        .map(|role| Actor {
            name: role.name().to_owned(),
            office_id: None,
            office_name: "某办".to_owned(),
            division: divisions[2].clone(),
            rights: Rights::Account(role),
            behind: Vec::new(),
        })
        .collect();
    let authors = ["reviewer".to_owned(), "somebody".to_owned()];
    let started = Instant::now();
    let mut allowed = 0u32;
    for n in 0..DECISIONS as usize {
        let on = Subject { division: &divisions[n % divisions.len()], office: Some("某办"), authors: &authors };
        let who = &actors[n / 7 % actors.len()];
        allowed += u32::from(access::may(black_box(Some(who)), Act::ALL[n % Act::ALL.len()], black_box(&on)).is_ok());
    }
    let each = started.elapsed() / DECISIONS;
    row("one decision who may do what", &format!("{} ns ({allowed} of {DECISIONS} allowed)", each.as_nanos()));
}

fn document() -> Result<()> {
    let line = "为了加强城市公园管理，改善人居环境，根据有关法律法规，制定本办法的第某条规定。";
    let paragraphs = (1..=PAGES * LINES).map(|n| format!("<w:p><w:r><w:t>第{n}条　{line}</w:t></w:r></w:p>"));
    let body: String = paragraphs.collect();
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let text = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"{space}\"><w:body>{body}</w:body></w:document>");
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    packed.start_file("[Content_Types].xml", options)?;
    packed.write_all(b"<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>")?;
    packed.start_file("word/document.xml", options)?;
    packed.write_all(text.as_bytes())?;
    let bytes = packed.finish()?.into_inner();
    let started = Instant::now();
    let read = documents::read(&bytes, "办法.docx")?;
    let proposal = documents::propose(&read, &documents::Context { divisions: &|_| None });
    let took = started.elapsed();
    let articles = proposal.text.articles.len();
    row(
        &format!("reading a docx of {PAGES} pages and proposing what it is"),
        &format!("{:.0} ms, {articles} articles", took.as_secs_f64() * 1e3),
    );
    Ok(())
}

/// The first page of a reviewer's queue, with the counts above it.
fn queue() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let store = RecordStore::open(Backend::Sled, dir.path())?;
    let records = (0..QUEUED).map(|n| {
        let submission = Submission {
            office: "520000/某办".into(),
            office_name: "某办".into(),
            authors: vec!["somebody".into()],
            target: format!("i-{n}"),
            target_title: format!("第{n}局"),
            based_on: 0,
            content: Some(Box::new(institution(&format!("i-{n}"), &format!("第{n}局")).body)),
            provenance: vec![source()],
            answers: None,
            note: String::new(),
            published_as: None,
            due: None,
            concerns: Vec::new(),
            clock: None,
            letters: Vec::new(),
            new_hosts: Vec::new(),
            proofs: Vec::new(),
            publish_on: None,
        };
        let owner = format!("52{:02}{:02}", n % 9 + 1, n % 17 + 1).parse().ok();
        let record = Record::published(format!("s-{n:016x}"), owner, vec![source()], Body::Submission(submission));
        Record { state: State::Submitted, ..record }
    });
    store.import("benches", records, &mut |_| {})?;
    let division: DivisionCode = "520000".parse()?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..50 {
        let started = Instant::now();
        let page = workflow::waiting(&store, "submission", State::Submitted, &division, None, 50)?;
        for state in [State::Submitted, State::Approved, State::Returned, State::Draft] {
            black_box(workflow::count_waiting(&store, "submission", state, &division, 1_000)?);
        }
        anyhow::ensure!(page.records.len() == 50 && page.next.is_some());
        times.push(started.elapsed());
    }
    row(&format!("a queue of {QUEUED}, its first 50 and the counts"), &percentiles(&mut times));
    Ok(())
}
