//! Nothing acknowledged is lost: the process is killed while several write and an index follows, over and over; and the disk
//! fills up in the middle of a write.
//!
//! `GUANSOU_KILL_ROUNDS` sets how often (`make soak`: 200).

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use indexer::record::{Body, Provenance, Record, State, Submission, samples};

use crate::{
    config::Config,
    service::{Progress, Service},
    store::{Backend, By, RecordStore, audit, listings::List},
};

pub(crate) const BY: By<'_> = By { author: "zunyi.bb", reason: "按批文" };
/// For the child: where to write, with what, and what to do.
const DIR: &str = "GUANSOU_TEST_KILL_DIR";
const BACKEND: &str = "GUANSOU_TEST_KILL_BACKEND";
const TASK: &str = "GUANSOU_TEST_KILL_TASK";
/// Threads that write at once.
const WRITERS: usize = 4;
const ROUNDS: u64 = 10;
/// Writes that take seconds, while the index follows in a fraction of one.
const MANY_WRITES: u64 = 50_000;

fn rounds() -> u64 {
    std::env::var("GUANSOU_KILL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS)
}

fn config(dir: &Path, backend: Backend) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Config {
        data: dir.to_owned(),
        corpus: root.join("corpus"),
        dictionaries: root.join("dictionaries"),
        store: backend,
        ..Config::default()
    }
}

pub(crate) fn body(id: &str, name: &str) -> Record {
    samples::institution(id, name, "520300")
}

pub(crate) fn submission(id: &str, target: &str) -> Record {
    let submission = Submission {
        office: "520300/遵义市委编办".into(),
        office_name: "遵义市委编办".into(),
        authors: vec!["zunyi.bb".into()],
        target: target.into(),
        target_title: "局".into(),
        based_on: 1,
        content: None,
        provenance: Vec::<Provenance>::new(),
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
    let record = samples::record(id, Body::Submission(submission));
    Record { state: State::Submitted, owner: Some("520300".parse().unwrap()), ..record }
}

/// The child. Writes until it is killed or the disk is full, and tells each revision once it was acknowledged.
#[test]
#[ignore = "started by the tests that watch it"]
fn child() {
    let (Ok(dir), Ok(backend), Ok(task)) = (std::env::var(DIR), std::env::var(BACKEND), std::env::var(TASK)) else {
        return;
    };
    let backend = if backend == "sled" { Backend::Sled } else { Backend::Redb };
    match task.as_str() {
        "write and follow" => write_and_follow(Path::new(&dir), backend),
        "review" => crate::desk::kill_tests::review(Path::new(&dir), backend),
        _ => write_until_full(Path::new(&dir), backend),
    }
}

pub(crate) fn report_acknowledged(out: &Mutex<std::io::Stdout>, id: &str, revision: u64) {
    say(out, &format!("acknowledged {id} {revision}"));
}

fn say(out: &Mutex<std::io::Stdout>, text: &str) {
    let mut out = out.lock().unwrap();
    // On a line of its own, whatever the test's harness has written.
    writeln!(out, "\n{text}").unwrap();
    out.flush().unwrap();
}

fn write_and_follow(dir: &Path, backend: Backend) {
    let service = Service::open(&config(dir, backend)).unwrap();
    let store = service.store.clone();
    let mut generation = service.generation(false).unwrap();
    let out = Arc::new(Mutex::new(std::io::stdout()));
    let start = store.last_sequence().unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, out) = (store.clone(), out.clone());
            std::thread::spawn(move || {
                for n in 0.. {
                    let id = format!("k{start}-{writer}-{n}");
                    let revision = store.put(body(&id, &format!("第{n}局")), &BY).unwrap();
                    report_acknowledged(&out, &id, revision);
                    // Two that change together: a submission, and the record that it is about.
                    let asked = submission(&format!("s-{id}"), &id);
                    let changed = Record { revision, ..body(&id, &format!("第{n}委员会")) };
                    let both = store.put_together(vec![(asked, BY), (changed, BY)]).unwrap();
                    report_acknowledged(&out, &format!("s-{id}"), both[0]);
                    report_acknowledged(&out, &id, both[1]);
                }
            })
        })
        .collect();
    while writers.iter().all(|w| !w.is_finished()) {
        if let Progress::Next(next) = service.caught_up(&generation).unwrap() {
            generation = *next;
            say(&out, &format!("followed to {}", generation.number));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn write_until_full(dir: &Path, backend: Backend) {
    let out = Mutex::new(std::io::stdout());
    let store = RecordStore::open(backend, &dir.join("store")).unwrap();
    for n in 0..100_000 {
        let text = "条".repeat(9_000);
        let record = samples::law(&format!("第{n}法"), jiff::civil::date(2020, 1, 1), &[&text]);
        match store.put(record.clone(), &BY) {
            Ok(revision) => report_acknowledged(&out, &record.id, revision),
            Err(error) => {
                println!("\nrefused {error}");
                return;
            }
        }
    }
}

pub(crate) fn start(dir: &Path, backend: Backend, task: &str, shell: Option<&str>) -> Child {
    let own = std::env::current_exe().unwrap();
    let mut command = match shell {
        None => Command::new(&own),
        Some(before) => {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("{before}; exec \"$0\" \"$@\"")]).arg(&own);
            command
        }
    };
    command
        .args(["--exact", "kill_tests::child", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .env(BACKEND, if backend == Backend::Sled { "sled" } else { "redb" })
        .env(TASK, task)
        .env_remove("GUANSOU_KILL_ROUNDS")
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(words(dir)).unwrap())
        .spawn()
        .unwrap()
}

/// Where a child says what went wrong.
fn words(dir: &Path) -> std::path::PathBuf {
    dir.join("child.err")
}

/// What a line tells: id and revision.
pub(crate) fn acknowledged(line: &str) -> Option<(String, u64)> {
    let (id, revision) = line.strip_prefix("acknowledged ")?.split_once(' ')?;
    Some((id.to_owned(), revision.parse().ok()?))
}

/// Every acknowledged revision is there, in order, and the chain and the listings are whole.
pub(crate) fn whole(store: &RecordStore, acknowledged: &BTreeMap<String, u64>) {
    for (id, revision) in acknowledged {
        let current = store.current_revision(id).unwrap();
        assert!(current >= Some(*revision), "{id}: {revision} was acknowledged, there is {current:?}");
        for n in 1..=*revision {
            assert!(store.get_revision(id, n).unwrap().is_some(), "{id} revision {n}");
        }
    }
    let verified = audit::verify(store, &mut |_| {}).unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    let mut waiting = 0;
    store
        .each::<crate::store::StoreError>(&mut |record| {
            waiting += usize::from(matches!(record.body, Body::Submission(_)) && record.state == State::Submitted);
            Ok(())
        })
        .unwrap();
    let listed = List::Waiting("submission", State::Submitted, &"520300".parse().unwrap());
    assert_eq!(store.count_listed(&listed, usize::MAX).unwrap(), waiting, "the queue has what the records say");
}

fn killed_over_and_over(backend: Backend, rounds: u64) {
    let dir = tempfile::tempdir().unwrap();
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for round in 0..rounds {
        let mut child = start(dir.path(), backend, "write and follow", None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Another moment each round, by the number of writes; then some more time, so that the kill falls anywhere in one.
        // Every other round the index has followed before, and is following again.
        let moment = 5 + round * 7 % 60;
        let (mut heard, mut followed) = (0, round % 2 == 0);
        while heard < moment || !followed {
            assert!(heard < MANY_WRITES, "round {round}: no index follows");
            let Some(line) = lines.next() else {
                let said = std::fs::read_to_string(words(dir.path())).unwrap_or_default();
                panic!("round {round}: the child ended before it was killed: {said}");
            };
            let line = line.unwrap();
            if let Some((id, revision)) = acknowledged(&line) {
                all.insert(id, revision);
                heard += 1;
            }
            followed |= line.starts_with("followed to ");
        }
        std::thread::sleep(Duration::from_micros(round * 997 % 5_000));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was written to the pipe before the kill was acknowledged too.
        for line in lines.map_while(Result::ok) {
            if let Some((id, revision)) = acknowledged(&line) {
                all.insert(id, revision);
            }
        }
        let service = Service::open(&config(dir.path(), backend)).unwrap();
        whole(&service.store, &all);
        let mut public = 0;
        service
            .store
            .each::<crate::store::StoreError>(&mut |record| {
                public += u64::from(record.is_public());
                Ok(())
            })
            .unwrap();
        let generation = service.generation(false).unwrap();
        assert_eq!(generation.catalogue.counts().institutions, public, "index and store agree");
        assert_eq!(generation.manifest.upto, service.store.last_sequence().unwrap());
    }
}

#[test]
fn killed_over_and_over_sled_loses_nothing() {
    killed_over_and_over(Backend::Sled, rounds());
}

#[test]
fn killed_over_and_over_redb_loses_nothing() {
    killed_over_and_over(Backend::Redb, rounds().div_ceil(2));
}

fn a_full_disk_loses_nothing(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    // No file may grow beyond 8 MiB (blocks of 512 bytes): a write then fails as on a full disk, at any place within it.
    let child = start(dir.path(), backend, "write until full", Some("trap '' XFSZ; ulimit -f 16384"));
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let all: BTreeMap<String, u64> = text.lines().filter_map(acknowledged).collect();
    assert!(all.len() > 50, "{} were acknowledged", all.len());
    assert!(text.lines().any(|line| line.starts_with("refused ")), "the disk was not filled: {text}");
    let store = RecordStore::open(backend, &dir.path().join("store")).unwrap();
    whole(&store, &all);
    // And with room again it goes on.
    store.put(body("after", "之后局"), &BY).unwrap();
    assert!(audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty());
}

#[test]
fn a_full_disk_loses_nothing_with_sled() {
    a_full_disk_loses_nothing(Backend::Sled);
}

#[test]
fn a_full_disk_loses_nothing_with_redb() {
    a_full_disk_loses_nothing(Backend::Redb);
}
