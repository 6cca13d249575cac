//! One suite for every backend, and what happens when a writer fails or the process is killed.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use proptest::prelude::*;
use record::{
    Article, Body, Division, DivisionCode, DivisionLevel, Provenance, Record, Regulation, RegulationLevel, State,
};

use super::{Backend, Batch, By, Kv, LOCK_PAUSE, RecordStore, StoreError, audit, kv::Visit, listings::List, open_kv};

fn provenance() -> Vec<Provenance> {
    vec![Provenance { source: "test".into(), place: None, date: None, licence: None }]
}

fn division(id: &str, name: &str) -> Record {
    let division = Division {
        code: DivisionCode::nation(),
        name: name.into(),
        level: DivisionLevel::County,
        parent: None,
        short_name: name.into(),
        aliases: Vec::new(),
        former_names: Vec::new(),
        former: Vec::new(),
    };
    Record::published(id, None, provenance(), Body::Division(division))
}

fn regulation(id: &str, texts: &[String]) -> Record {
    let article = |text: &String| Article { label: "第一条".into(), number: None, text: text.clone() };
    let regulation = Regulation {
        articles: texts.iter().map(article).collect(),
        ..Regulation::blank("甲法", RegulationLevel::Law)
    };
    Record::published(id, None, provenance(), Body::Regulation(regulation))
}

fn stored(record: Record, revision: u64) -> Record {
    Record { revision, ..record }
}

fn revisions_are_kept(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    assert_eq!(store.put_over(division("a", "甲")).unwrap(), 1);
    assert_eq!(store.put_over(division("a", "甲")).unwrap(), 1, "the same content makes no revision");
    assert_eq!(store.put_over(division("a", "乙")).unwrap(), 2);
    assert_eq!(store.put_over(division("ab", "丙")).unwrap(), 1);
    assert_eq!(store.get("a").unwrap(), Some(stored(division("a", "乙"), 2)));
    assert_eq!(store.get_revision("a", 1).unwrap(), Some(stored(division("a", "甲"), 1)));
    assert_eq!(store.get_revision("a", 3).unwrap(), None);
    assert_eq!(store.get("b").unwrap(), None);
    let numbers: Vec<u64> = store.revisions("a").unwrap().iter().map(|r| r.revision).collect();
    assert_eq!(numbers, [1, 2]);
    let changes = store.changes_after(0, 10).unwrap();
    assert_eq!(changes, [(1, "a".into(), 1), (2, "a".into(), 2), (3, "ab".into(), 1)]);
    assert_eq!(store.changes_after(1, 1).unwrap(), [(2, "a".into(), 2)]);
    drop(store);
    let store = RecordStore::open(backend, dir.path()).unwrap();
    assert_eq!(store.last_sequence().unwrap(), 3);
    assert_eq!(store.put_over(division("c", "丁")).unwrap(), 1);
    assert_eq!(store.last_sequence().unwrap(), 4);
}

fn a_dropped_store_is_free_at_once(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    for n in 1..=5 {
        let store = RecordStore::open(backend, dir.path()).expect("whoever had it before has let go");
        store.put_over(division("a", &"甲".repeat(n))).unwrap();
    }
}

fn large_texts_come_back_whole(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let texts: Vec<String> = [0, 10, 6_000, 100_000].map(|n| "条".repeat(n)).into();
    store.put_over(regulation("r-1", &texts)).unwrap();
    assert_eq!(store.get("r-1").unwrap(), Some(stored(regulation("r-1", &texts), 1)));
}

fn imports_follow_their_source(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let first = store.import("s", [division("a", "甲"), division("b", "乙")], &mut |_| {}).unwrap();
    assert_eq!((first.added, first.changed, first.unchanged, first.withdrawn), (2, 0, 0, 0));
    store.import("other", [division("a", "甲")], &mut |_| {}).unwrap();
    let second = store.import("s", [division("c", "丙")], &mut |_| {}).unwrap();
    assert_eq!((second.added, second.withdrawn), (1, 1), "a is still in the other import");
    assert_eq!(store.get("b").unwrap().unwrap().state, State::Withdrawn);
    assert_eq!(store.get("a").unwrap().unwrap().state, State::Published);
    let twice = store.import("s", [division("d", "丁"), division("d", "丁")], &mut |_| {});
    assert!(matches!(twice, Err(StoreError::Refused { .. })));
}

/// A record is withdrawn by the last import that loses it, whichever that is, and what its marks say survives an opening by
/// an earlier version, which kept them in one direction.
fn a_record_goes_with_the_last_import_that_brought_it(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let import = |store: &RecordStore, tag: &str, ids: &[&str]| {
        let records: Vec<Record> = ids.iter().map(|id| division(id, id)).collect();
        store.import(tag, records, &mut |_| {}).unwrap()
    };
    // Ids and tags that begin like others are told from them.
    import(&store, "s", &["a", "ab", "b"]);
    import(&store, "st", &["a", "b"]);
    import(&store, "t", &["abc"]);
    assert_eq!(import(&store, "s", &[]).withdrawn, 1, "ab alone was nobody else's");
    assert_eq!(import(&store, "st", &["b"]).withdrawn, 1, "the last that brought a lost it");
    assert_eq!(
        ["a", "ab", "b", "abc"].map(|id| store.get(id).unwrap().unwrap().state == State::Published),
        [false, false, true, true]
    );
    assert_eq!(import(&store, "s", &["b"]).unchanged, 1);
    let after = store.dump();
    drop(store);
    // As the version before left it, with a note of the reverse that it did not follow.
    let mut batch = Batch::default();
    batch.delete("bb\0s");
    batch.delete("bb\0st");
    batch.put("bb\0u", "");
    batch.put("mlistings", "1");
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    assert_eq!(store.dump(), after, "made when the store is opened");
    assert_eq!(import(&store, "s", &[]).withdrawn, 0, "b is still in the other import");
    assert_eq!(import(&store, "st", &[]).withdrawn, 1);
}

/// The records of a kind are found without the others, also in a store that was written before there was such a list.
fn a_kind_is_read_alone(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    store.put_over(division("b", "乙")).unwrap();
    store.put_over(regulation("c", &["甲".into()])).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    store.put_over(Record { state: State::Withdrawn, ..division("a", "甲") }).unwrap();
    let of = |store: &RecordStore, kind: &str| -> Vec<Record> {
        let mut found = Vec::new();
        let take = &mut |record| {
            found.push(record);
            Ok::<(), StoreError>(())
        };
        store.each_of(kind, take).unwrap();
        found
    };
    let divisions =
        [Record { state: State::Withdrawn, ..stored(division("a", "甲"), 2) }, stored(division("b", "乙"), 1)];
    assert_eq!(of(&store, "division"), divisions);
    assert_eq!(of(&store, "regulation"), [stored(regulation("c", &["甲".into()]), 1)]);
    assert_eq!((of(&store, "div"), of(&store, "institution")), (Vec::new(), Vec::new()));
    // The reading stops at the first error.
    let mut taken = 0;
    let stopped = store.each_of("division", &mut |_| {
        taken += 1;
        Err(StoreError::Engine("enough".into()))
    });
    assert!(stopped.is_err() && taken == 1);
    // What is unreadable of other kinds does not matter.
    let mut batch = Batch::default();
    batch.put([&b"rc\0"[..], &1u64.to_be_bytes(), &[0; 8]].concat(), "{");
    kv.apply(batch).unwrap();
    assert_eq!(of(&store, "division"), divisions);
    let mut batch = Batch::default();
    batch.put([&b"rc\0"[..], &1u64.to_be_bytes(), &[0; 8]].concat(), {
        let head = regulation("c", &[]);
        serde_json::to_vec(&head).unwrap()
    });
    // As the version before left it.
    for id in ["division\0a", "division\0b", "regulation\0c"] {
        batch.delete(format!("xkind\0{id}"));
    }
    for id in ["a", "b", "c"] {
        let key = format!("c{id}");
        let mut current: serde_json::Value = serde_json::from_slice(&kv.get(key.as_bytes()).unwrap().unwrap()).unwrap();
        let listed = current["listed"].as_array_mut().unwrap();
        listed.retain(|entry| !entry.as_str().unwrap().starts_with("kind\0"));
        batch.put(key, current.to_string());
    }
    batch.put("mlistings", "1");
    kv.apply(batch).unwrap();
    let listed = |store: &RecordStore| store.count_listed(&List::Kind("division"), 9).unwrap();
    assert_eq!(listed(&store), 0);
    assert_eq!(of(&store, "division"), divisions, "found also where nothing may be written");
    drop(store);
    let store = RecordStore::over(kv).unwrap();
    assert_eq!((listed(&store), of(&store, "division")), (2, divisions.into()), "made when the store is opened");
}

fn bad_records_are_refused(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    for id in ["", "a\0b", &"x".repeat(201)] {
        assert!(matches!(store.put_over(division(id, "甲")), Err(StoreError::Refused { .. })));
    }
    let without = Record { provenance: Vec::new(), ..division("a", "甲") };
    assert!(matches!(store.put_over(without), Err(StoreError::Refused { .. })));
    assert_eq!(store.count().unwrap(), 0);
}

fn unusable_places_are_named(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = RecordStore::open(backend, &file.join("store")).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
    let first = RecordStore::open(backend, dir.path()).unwrap();
    assert!(RecordStore::open(backend, dir.path()).is_err(), "two services must not share a store");
    drop(first);
}

/// Counts what is read.
struct Counting {
    inner: Arc<dyn Kv>,
    read: AtomicUsize,
}

impl Kv for Counting {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.inner.apply(batch)
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read.fetch_add(1, Ordering::SeqCst);
        self.inner.get(key)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.inner.scan(prefix, from, &mut |key, value| {
            self.read.fetch_add(1, Ordering::SeqCst);
            visit(key, value)
        })
    }
}

/// Withdrawing costs by what is withdrawn, and reading a kind by what there is of it, however much else there is.
fn what_is_read_grows_with_what_is_asked_for(backend: Backend) {
    const MANY: usize = 200;
    let dir = tempfile::tempdir().unwrap();
    let counting = Arc::new(Counting { inner: open_kv(backend, dir.path()).unwrap(), read: AtomicUsize::new(0) });
    let store = RecordStore::over(counting.clone()).unwrap();
    let records = |start: &str| (0..MANY).map(|n| division(&format!("{start}{n}"), "甲")).collect::<Vec<_>>();
    store.import("other", records("x"), &mut |_| {}).unwrap();
    store.import("s", records("y"), &mut |_| {}).unwrap();
    store.put_over(regulation("r", &["甲".into()])).unwrap();
    let read = |work: &mut dyn FnMut()| {
        let before = counting.read.load(Ordering::SeqCst);
        work();
        counting.read.load(Ordering::SeqCst) - before
    };
    let withdrawing = read(&mut || {
        assert_eq!(store.import("s", [], &mut |_| {}).unwrap().withdrawn, MANY as u64);
    });
    assert!(withdrawing < 10 * MANY, "{withdrawing} reads for {MANY} records");
    let of_a_kind = read(&mut || store.each_of::<StoreError>("regulation", &mut |_| Ok(())).unwrap());
    assert!(of_a_kind < 10, "{of_a_kind} reads for one record");
}

/// Fails the n-th write from now on.
struct Failing {
    inner: Arc<dyn Kv>,
    left: AtomicUsize,
}

impl Kv for Failing {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(StoreError::Engine("磁盘已满".into())),
            _ => self.inner.apply(batch),
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.inner.scan(prefix, from, visit)
    }
}

/// After an error nobody knows what will be there: nothing more is taken until the store is opened again.
fn a_failed_write_closes_the_store_for_writing(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let inner = open_kv(backend, dir.path()).unwrap();
    let kv = Failing { inner: inner.clone(), left: AtomicUsize::new(2) };
    let store = RecordStore::over(Arc::new(kv)).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    assert_eq!(store.closed(), None);
    let error = store.put_over(division("b", "乙")).unwrap_err();
    assert!(error.to_string().contains("磁盘已满"));
    assert!(store.closed().is_some_and(|reason| reason.contains("磁盘已满")));
    assert_eq!(store.get("b").unwrap(), None);
    for refused in [store.put_over(division("c", "丙")), store.put_over(division("a", "甲"))] {
        assert!(matches!(refused, Err(StoreError::ReadOnly { .. })), "{refused:?}");
    }
    assert!(store.put_meta("x", "y").is_err() && store.put_secret("password", "x", Some("y")).is_err());
    assert_eq!(store.get("a").unwrap(), Some(stored(division("a", "甲"), 1)), "what is there is still read");
    drop(store);
    let store = RecordStore::over(inner).unwrap();
    store.put_over(division("c", "丙")).unwrap();
    let changes: Vec<u64> = store.changes_after(0, 10).unwrap().iter().map(|c| c.0).collect();
    assert_eq!(changes, [1, 2], "no gap where the write failed");
}

/// A database that writes what it then says it could not: as when the disk takes the data and the sync fails.
struct WritesAndFails {
    inner: Arc<dyn Kv>,
    left: AtomicUsize,
}

impl Kv for WritesAndFails {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.inner.apply(batch)?;
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(StoreError::Engine("同步失败".into())),
            _ => Ok(()),
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.inner.scan(prefix, from, visit)
    }
}

/// What stays of a failed write has its entry in the log, which no later one takes.
fn what_a_failed_write_leaves_keeps_its_entry(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let inner = open_kv(backend, dir.path()).unwrap();
    let kv = WritesAndFails { inner: inner.clone(), left: AtomicUsize::new(2) };
    let store = RecordStore::over(Arc::new(kv)).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    assert!(store.put_over(division("b", "乙")).is_err());
    assert!(store.put_over(division("c", "丙")).is_err());
    drop(store);
    let store = RecordStore::over(inner).unwrap();
    store.put_over(division("c", "丙")).unwrap();
    let changes: Vec<(u64, String)> =
        store.changes_after(0, 9).unwrap().into_iter().map(|(at, id, _)| (at, id)).collect();
    assert_eq!(changes, [(1, "a".into()), (2, "b".into()), (3, "c".into())]);
    assert_eq!(audit::verify(&store, &mut |_| {}).unwrap().faults, Vec::<String>::new());
}

/// An entry that is gone from the log while its record stays: what a number given twice would leave.
fn a_missing_entry_is_told(backend: Backend) {
    let row = |n: u64| [&b"o"[..], &n.to_be_bytes()].concat();
    for lost in ["the last revision", "one before the last", "the only one"] {
        let dir = tempfile::tempdir().unwrap();
        let kv = open_kv(backend, dir.path()).unwrap();
        let store = RecordStore::over(kv.clone()).unwrap();
        store.put_over(division("a", "甲")).unwrap();
        // What another change of the same number writes over.
        let before = store.dump();
        store.put_over(division(if lost == "the only one" { "c" } else { "a" }, "乙")).unwrap();
        let kept: Vec<_> = store.dump().into_iter().filter(|(key, _)| !matches!(key[0], b'o' | b'm' | b'p')).collect();
        drop(store);
        let mut batch = Batch::default();
        batch.delete(row(2));
        before.into_iter().filter(|(key, _)| matches!(key[0], b'm' | b'p')).for_each(|(k, v)| batch.put(k, v));
        kv.apply(batch).unwrap();
        let store = RecordStore::over(kv.clone()).unwrap();
        store.put_over(division("b", "丙")).unwrap();
        if lost == "one before the last" {
            store.put_over(division("a", "丁")).unwrap();
        }
        for (key, _) in kept.iter().filter(|(key, _)| matches!(key[0], b'r' | b'i')) {
            assert!(kv.get(key).unwrap().is_some(), "{lost}: the revisions stay");
        }
        let verified = audit::verify(&store, &mut |_| {}).unwrap();
        assert_eq!(verified.faults.len(), 1, "{lost}: {verified:?}");
    }
}

/// The files of a store as they were at an earlier time: complete, right, and short of what was acknowledged since.
fn an_older_state_is_told_as_a_loss(backend: Backend) {
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let copied = Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
        assert!(copied.success());
    };
    let dir = tempfile::tempdir().unwrap();
    let place = backend.place(dir.path());
    let then = dir.path().join("then");
    let open = || RecordStore::open(backend, dir.path());
    let lost = || match open() {
        Err(StoreError::Lost { what }) => what,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("nothing was told"),
    };
    open().unwrap().put_over(division("a", "甲")).unwrap();
    copy(&place, &then);
    let store = open().unwrap();
    store.put_over(division("a", "乙")).unwrap();
    store.put_over(division("b", "乙")).unwrap();
    assert_eq!(store.missing().unwrap(), None);
    drop(store);
    let clear = || if place.is_dir() { std::fs::remove_dir_all(&place) } else { std::fs::remove_file(&place) };
    clear().unwrap();
    copy(&then, &place);
    assert!(lost().contains("第 2 至 3 条"), "{}", lost());
    let store = RecordStore::open_to_examine(backend, dir.path()).unwrap();
    assert!(store.closed().is_some_and(|reason| reason.contains("第 2 至 3 条")));
    assert!(matches!(store.put_over(division("c", "丙")), Err(StoreError::ReadOnly { .. })));
    drop(store);
    // A new log that has come to the same length.
    clear().unwrap();
    let other = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, other.path()).unwrap();
    for id in ["x", "y", "z"] {
        store.put_over(division(id, "甲")).unwrap();
    }
    drop(store);
    copy(&backend.place(other.path()), &place);
    assert!(lost().contains("第 3 条不是"), "{}", lost());
    // What is in no log: a password.
    clear().unwrap();
    copy(&then, &place);
    assert!(RecordStore::accept_loss(backend, dir.path()).unwrap().is_some());
    assert_eq!(RecordStore::accept_loss(backend, dir.path()).unwrap(), None, "once");
    assert!(open().unwrap().accepted_loss().unwrap().is_some_and(|loss| loss.contains("第 2 至 3 条")));
    clear().unwrap();
    std::fs::remove_file(dir.path().join("anchor")).unwrap();
    copy(&then, &place);
    drop(open().unwrap());
    std::fs::remove_dir_all(&then).or_else(|_| std::fs::remove_file(&then)).unwrap();
    copy(&place, &then);
    open().unwrap().put_secret("password", "zunyi", Some("hash")).unwrap();
    clear().unwrap();
    copy(&then, &place);
    assert!(lost().contains("最后 1 次写入"), "{}", lost());
}

/// One that was written before commits were counted and noted opens as it is, and is watched from then on.
fn a_store_from_before_there_was_a_note_opens(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    RecordStore::over(kv.clone()).unwrap().put_over(division("a", "甲")).unwrap();
    let mut batch = Batch::default();
    batch.delete("mcommits");
    kv.apply(batch).unwrap();
    drop(kv);
    assert!(!dir.path().join("anchor").exists());
    let store = RecordStore::open(backend, dir.path()).unwrap();
    assert_eq!(store.put_over(division("a", "乙")).unwrap(), 2);
    assert_eq!(store.missing().unwrap(), None);
    drop(store);
    // Without the note, the whole log is proved instead.
    std::fs::remove_file(dir.path().join("anchor")).unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    assert_eq!(store.put_over(division("a", "丙")).unwrap(), 3);
}

/// A store goes over to the other database as it is, and the first is told from it afterwards.
fn a_store_is_converted_with_its_log(backend: Backend) {
    let other = if backend == Backend::Sled { Backend::Redb } else { Backend::Sled };
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    store.import("s", [division("a", "甲"), division("b", "乙")], &mut |_| {}).unwrap();
    store.put_over(regulation("r-1", &["条".repeat(9_000)])).unwrap();
    store.put_secret("password", "zunyi", Some("hash")).unwrap();
    let (before, head) = (store.dump(), store.head());
    drop(store);
    assert!(super::convert(dir.path(), backend, backend, &mut |_, _, _| {}).is_err());
    assert!(super::convert(dir.path(), other, backend, &mut |_, _, _| {}).is_err());
    let converted = super::convert(dir.path(), backend, other, &mut |_, _, _| {}).unwrap();
    assert_eq!(converted.head, head);
    assert!(super::convert(dir.path(), backend, other, &mut |_, _, _| {}).is_err(), "nothing is written over");
    let store = RecordStore::open(other, dir.path()).unwrap();
    assert_eq!((store.dump(), store.head()), (before, head));
    store.put_over(division("c", "丙")).unwrap();
    drop(store);
    assert!(matches!(RecordStore::open(backend, dir.path()), Err(StoreError::Lost { .. })), "the first is behind now");
}

fn agrees_with_a_model(backend: Backend, steps: &[(u8, u8)]) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let mut model: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (id, content) in steps {
        let id = format!("id{}", id % 4);
        store.put_over(division(&id, &content.to_string())).unwrap();
        let history = model.entry(id).or_default();
        if history.last() != Some(content) {
            history.push(*content);
        }
    }
    for (id, history) in &model {
        for (revision, content) in (1..).zip(history) {
            let want = stored(division(id, &content.to_string()), revision);
            assert_eq!(store.get_revision(id, revision).unwrap(), Some(want));
        }
        assert_eq!(store.revisions(id).unwrap().len(), history.len());
    }
    let changes: usize = model.values().map(Vec::len).sum();
    assert_eq!(store.last_sequence().unwrap(), changes as u64);
}

/// Set for the child process of the kill test: where to write, and with what.
const CHILD_DIR: &str = "GUANSOU_TEST_STORE_CHILD";
const CHILD_BACKEND: &str = "GUANSOU_TEST_STORE_BACKEND";

/// The child: writes until it is killed, naming each record once it was acknowledged.
#[test]
fn kill_test_child() {
    let (Ok(dir), Ok(backend)) = (std::env::var(CHILD_DIR), std::env::var(CHILD_BACKEND)) else { return };
    let backend = if backend == "sled" { Backend::Sled } else { Backend::Redb };
    let store = RecordStore::open(backend, dir.as_ref()).unwrap();
    let start = store.count().unwrap();
    for n in start.. {
        store.put_over(regulation(&format!("k{n}"), &["甲".repeat(3_000), n.to_string()])).unwrap();
        println!("\nacknowledged {n}");
    }
}

fn nothing_acknowledged_is_lost(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..6u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::kill_test_child", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .env(CHILD_BACKEND, if backend == Backend::Sled { "sled" } else { "redb" })
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // A different moment each round, by the number of writes and not by the clock.
        let mut heard = 0;
        while heard < 3 + round {
            let line = lines.next().unwrap_or_else(|| panic!("round {round}: the child ended before it was killed"));
            if let Some(n) = line.unwrap().strip_prefix("acknowledged ") {
                acknowledged = n.parse::<u64>().unwrap() + 1;
                heard += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let store = RecordStore::open(backend, dir.path()).unwrap();
    for n in 0..acknowledged {
        let want = regulation(&format!("k{n}"), &["甲".repeat(3_000), n.to_string()]);
        assert_eq!(store.get(&format!("k{n}")).unwrap(), Some(stored(want, 1)), "k{n} was acknowledged");
    }
}

macro_rules! suite {
    ($name:ident, $backend:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn revisions_are_kept() {
                super::revisions_are_kept($backend);
            }

            #[test]
            fn the_newer_revision_is_told_to_the_second_writer() {
                super::the_newer_revision_is_told_to_the_second_writer($backend);
            }

            #[test]
            fn the_audit_log_proves_itself_whole() {
                super::the_audit_log_proves_itself_whole($backend);
            }

            #[test]
            fn the_public_counts_only_what_it_may_know_of() {
                super::the_public_counts_only_what_it_may_know_of($backend);
            }

            #[test]
            fn what_stands_before_the_chain_is_read_and_told() {
                super::what_stands_before_the_chain_is_read_and_told($backend);
            }

            #[test]
            fn a_clock_set_back_changes_no_order() {
                super::a_clock_set_back_changes_no_order($backend);
            }

            #[test]
            fn a_torn_end_is_mended_or_told() {
                super::a_torn_end_is_mended_or_told($backend);
            }

            #[test]
            fn listings_follow_their_records() {
                super::listings_follow_their_records($backend);
            }

            #[test]
            fn tampering_is_told() {
                super::tampering_is_told($backend);
            }

            #[test]
            fn a_dropped_store_is_free_at_once() {
                super::a_dropped_store_is_free_at_once($backend);
            }

            #[test]
            fn large_texts_come_back_whole() {
                super::large_texts_come_back_whole($backend);
            }

            #[test]
            fn imports_follow_their_source() {
                super::imports_follow_their_source($backend);
            }

            #[test]
            fn a_record_goes_with_the_last_import_that_brought_it() {
                super::a_record_goes_with_the_last_import_that_brought_it($backend);
            }

            #[test]
            fn a_kind_is_read_alone() {
                super::a_kind_is_read_alone($backend);
            }

            #[test]
            fn what_is_read_grows_with_what_is_asked_for() {
                super::what_is_read_grows_with_what_is_asked_for($backend);
            }

            #[test]
            fn bad_records_are_refused() {
                super::bad_records_are_refused($backend);
            }

            #[test]
            fn unusable_places_are_named() {
                super::unusable_places_are_named($backend);
            }

            #[test]
            fn a_failed_write_closes_the_store_for_writing() {
                super::a_failed_write_closes_the_store_for_writing($backend);
            }

            #[test]
            fn what_a_failed_write_leaves_keeps_its_entry() {
                super::what_a_failed_write_leaves_keeps_its_entry($backend);
            }

            #[test]
            fn a_missing_entry_is_told() {
                super::a_missing_entry_is_told($backend);
            }

            #[test]
            fn an_older_state_is_told_as_a_loss() {
                super::an_older_state_is_told_as_a_loss($backend);
            }

            #[test]
            fn a_store_from_before_there_was_a_note_opens() {
                super::a_store_from_before_there_was_a_note_opens($backend);
            }

            #[test]
            fn a_store_is_converted_with_its_log() {
                super::a_store_is_converted_with_its_log($backend);
            }

            #[test]
            fn nothing_acknowledged_is_lost() {
                super::nothing_acknowledged_is_lost($backend);
            }

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(12))]
                #[test]
                fn agrees_with_a_model(steps in proptest::collection::vec((0u8..4, 0u8..3), 1..20)) {
                    super::agrees_with_a_model($backend, &steps);
                }
            }
        }
    };
}

suite!(sled_backend, Backend::Sled);
suite!(redb_backend, Backend::Redb);

fn the_newer_revision_is_told_to_the_second_writer(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let by = By { author: "甲", reason: "改名" };
    assert_eq!(store.put(division("a", "甲"), &by).unwrap(), 1);
    let (first, second) = (stored(division("a", "乙"), 1), stored(division("a", "丙"), 1));
    assert_eq!(store.put(first, &by).unwrap(), 2);
    match store.put(second, &by) {
        Err(StoreError::Conflict { seen: 1, current: 2, .. }) => {}
        other => panic!("{other:?}"),
    }
    assert!(matches!(store.put(division("a", "丁"), &by), Err(StoreError::Conflict { seen: 0, .. })));
    assert_eq!(store.get("a").unwrap(), Some(stored(division("a", "乙"), 2)), "nothing was lost");
    let info = store.info("a", 2).unwrap().unwrap();
    assert_eq!((info.author.as_str(), info.reason.as_str()), ("甲", "改名"));
}

fn the_audit_log_proves_itself_whole(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    store.import("s", [division("a", "甲"), division("b", "乙")], &mut |_| {}).unwrap();
    store.put_over(regulation("r-1", &["条".repeat(9_000)])).unwrap();
    store.put_over(division("a", "丙")).unwrap();
    drop(store);
    let store = RecordStore::open(backend, dir.path()).unwrap();
    store.put_over(division("c", "丁")).unwrap();
    let whole = audit::verify(&store, &mut |_| {}).unwrap();
    assert_eq!((whole.changes, whole.before_chain, whole.faults.len()), (5, 0, 0), "{whole:?}");
    assert_eq!(whole.last_link, store.head().link);
    let mut entries = Vec::new();
    audit::each(&store, &mut |entry| {
        entries.push(entry);
        Ok(())
    })
    .unwrap();
    assert_eq!(entries.iter().map(|e| e.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!((entries[0].info.author.as_str(), entries[4].info.author.as_str()), ("import:s", "test"));
}

/// Order is told by the sequence and proven by the chain; a clock that is set back changes neither.
fn a_clock_set_back_changes_no_order(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = RecordStore::open(backend, dir.path()).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    store.clock = || jiff::Timestamp::UNIX_EPOCH;
    store.put_over(division("a", "乙")).unwrap();
    store.put_over(division("b", "丙")).unwrap();
    let revisions = store.revisions("a").unwrap();
    assert!(revisions[0].at > revisions[1].at);
    assert_eq!(store.get("a").unwrap(), Some(stored(division("a", "乙"), 2)));
    let order: Vec<(u64, String)> =
        store.changes_after(0, 9).unwrap().into_iter().map(|(at, id, _)| (at, id)).collect();
    assert_eq!(order, [(1, "a".into()), (2, "a".into()), (3, "b".into())]);
    assert_eq!(audit::verify(&store, &mut |_| {}).unwrap().faults, Vec::<String>::new());
}

/// The end of the database's file as a crash of the machine may leave it: cut off, or with what was never written there.
/// Such a store opens with a whole beginning of what it had, or says why it does not; it never shows anything else.
fn a_torn_end_is_mended_or_told(backend: Backend) {
    let file = if backend == Backend::Sled { "sled/db" } else { "records.redb" };
    for (cut, garbage) in [(1, 0), (4_096, 0), (100_000, 0), (0, 300), (5_000, 5_000)] {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(backend, dir.path()).unwrap();
        for n in 0..60 {
            store.put_over(regulation(&format!("r-{n}"), &["条".repeat(3_000)])).unwrap();
        }
        drop(store);
        let path = dir.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(bytes.len().saturating_sub(cut));
        bytes.extend(std::iter::repeat_n(0xA5, garbage));
        std::fs::write(&path, bytes).unwrap();
        match RecordStore::open(backend, dir.path()) {
            Err(error) => assert!(error.to_string().contains("备份"), "{error}"),
            Ok(store) => match audit::verify(&store, &mut |_| {}) {
                Err(error) => assert!(!error.to_string().is_empty()),
                Ok(verified) => {
                    let last = store.last_sequence().unwrap();
                    assert!(verified.changes == last || !verified.faults.is_empty(), "{verified:?}");
                }
            },
        }
    }
}

/// Entries of the listings follow their records, also in a store that was written before there were any.
fn listings_follow_their_records(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let named = |store: &RecordStore, name: &str| -> Vec<String> {
        store.list(&List::Division(name), None, 9).unwrap().into_iter().map(|(_, id)| id).collect()
    };
    store.put_over(division("a", "甲")).unwrap();
    store.put_over(division("b", "甲")).unwrap();
    assert_eq!(named(&store, "甲"), ["a", "b"]);
    store.put_over(division("a", "乙")).unwrap();
    assert_eq!((named(&store, "甲"), named(&store, "乙")), (vec!["b".into()], vec!["a".into()]));
    store.put_over(Record { state: State::Withdrawn, ..division("b", "甲") }).unwrap();
    assert_eq!(named(&store, "甲"), Vec::<String>::new());
    let mut batch = Batch::default();
    batch.delete([&b"x"[..], "division\0乙\0a".as_bytes()].concat());
    batch.put("ca", r#"{"revision":2,"hash":"x"}"#);
    batch.put("mformat", "2");
    kv.apply(batch).unwrap();
    assert_eq!(named(&store, "乙"), Vec::<String>::new());
    drop(store);
    assert_eq!(named(&RecordStore::over(kv).unwrap(), "乙"), ["a"], "made when the store is opened");
}

/// What the public may know of is numbered without gaps, also in a store that was written before there were such numbers.
fn the_public_counts_only_what_it_may_know_of(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let draft = |id: &str| Record { state: State::Draft, ..division(id, "甲") };
    store.put_over(draft("hidden")).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    store.put_over(Record { state: State::Withdrawn, ..draft("hidden") }).unwrap();
    store.put_over(division("b", "乙")).unwrap();
    store.put_over(Record { state: State::Withdrawn, ..division("a", "甲") }).unwrap();
    let told = |store: &RecordStore| -> Vec<(u64, String, u64)> {
        store.public_changes_after(0, 9).unwrap().into_iter().map(|t| (t.number, t.id, t.revision)).collect()
    };
    let expected = [(1, "a".into(), 1), (2, "b".into(), 1), (3, "a".into(), 2)];
    assert_eq!(told(&store), expected);
    let upto: Vec<u64> = (0..7).map(|sequence| store.public_number_at(sequence).unwrap()).collect();
    assert_eq!(upto, [0, 0, 1, 1, 2, 3, 3]);
    assert_eq!(["a", "b", "hidden"].map(|id| store.last_public_change(id).unwrap()), [Some(3), Some(2), None]);
    let after = store.dump();
    // As format 3 left it.
    drop(store);
    let mut batch = Batch::default();
    for (key, value) in after.iter().filter(|(key, _)| matches!(key[0], b'p' | b'c') || key == b"mtold") {
        match key[0] {
            b'c' => {
                let mut current: serde_json::Value = serde_json::from_slice(value).unwrap();
                current.as_object_mut().unwrap().remove("told");
                batch.put(key.clone(), current.to_string());
            }
            _ => batch.delete(key.clone()),
        }
    }
    batch.put("mformat", "3");
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    assert_eq!((told(&store), store.public_count().unwrap()), (expected.to_vec(), 3));
    let parsed = |all: Vec<(Vec<u8>, Vec<u8>)>| -> BTreeMap<Vec<u8>, Result<serde_json::Value, Vec<u8>>> {
        all.into_iter().map(|(k, v)| (k, serde_json::from_slice(&v).map_err(|_| v))).collect()
    };
    assert_eq!(parsed(store.dump()), parsed(after), "made when the store is opened");
}

/// A store of format 1 had rows without links.
fn what_stands_before_the_chain_is_read_and_told(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    RecordStore::over(kv.clone()).unwrap().put_over(division("a", "甲")).unwrap();
    let mut batch = Batch::default();
    batch.put([&b"o"[..], &1u64.to_be_bytes()].concat(), "[\"a\",1]");
    batch.put("mlink", "");
    batch.put("mformat", "1");
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    assert_eq!(store.changes_after(0, 9).unwrap(), [(1, "a".into(), 1)]);
    store.put_over(division("a", "乙")).unwrap();
    let found = audit::verify(&store, &mut |_| {}).unwrap();
    assert_eq!((found.changes, found.before_chain, found.faults), (2, 1, Vec::new()));
    assert_eq!(store.meta("format").unwrap().as_deref(), Some("4"));
}

/// Every way of tampering that a writer of the database has is told.
fn tampering_is_told(backend: Backend) {
    let records = |store: &RecordStore| {
        store.put_over(division("a", "甲")).unwrap();
        store.put_over(division("b", "乙")).unwrap();
        store.put_over(division("a", "丙")).unwrap();
    };
    let revision = |id: &str, n: u64| [&b"i"[..], id.as_bytes(), b"\0", &n.to_be_bytes()].concat();
    let row = |n: u64| [&b"o"[..], &n.to_be_bytes()].concat();
    let piece = [&b"r"[..], b"a\0", &1u64.to_be_bytes(), &[0; 8]].concat();
    for (what, key) in
        [("content", piece), ("author", revision("b", 1)), ("order", row(2)), ("end", b"msequence".to_vec())]
    {
        let dir = tempfile::tempdir().unwrap();
        let kv = open_kv(backend, dir.path()).unwrap();
        let store = RecordStore::over(kv.clone()).unwrap();
        records(&store);
        assert!(audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty());
        let before = String::from_utf8(kv.get(&key).unwrap().expect(what)).unwrap();
        let after = match what {
            "content" => before.replace("甲", "戊"),
            "author" => before.replace("test", "tset"),
            "order" => before.replace("\"b\"", "\"a\""),
            _ => "2".to_owned(),
        };
        assert_ne!(before, after, "{what}");
        drop(store);
        let mut batch = Batch::default();
        batch.put(key, after);
        kv.apply(batch).unwrap();
        let store = RecordStore::over(kv).unwrap();
        assert!(!audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty(), "{what}");
    }
}

#[test]
fn whoever_opens_a_database_in_use_waits_a_moment_for_it_and_is_told() {
    for backend in [Backend::Sled, Backend::Redb] {
        let dir = tempfile::tempdir().unwrap();
        let first = open_kv(backend, dir.path()).unwrap();
        let second = open_kv(backend, dir.path()).err();
        assert!(matches!(second, Some(StoreError::Locked { .. })), "{backend:?}: {second:?}");
        // The first lets go while another is waiting for it.
        let waiting = std::thread::spawn({
            let path = dir.path().to_owned();
            move || open_kv(backend, &path).map(|_| ())
        });
        std::thread::sleep(LOCK_PAUSE);
        drop(first);
        waiting.join().unwrap().unwrap_or_else(|error| panic!("{backend:?}: {error}"));
    }
}
