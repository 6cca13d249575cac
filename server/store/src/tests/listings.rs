//! What is found by something else than its id.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use record::{Record, State};

use super::{division, regulation, stored};
use crate::{Backend, Batch, Kv, RecordStore, StoreError, kv::Visit, listings::List, open_kv};

for_each_backend! {
    a_kind_is_read_alone,
    listings_follow_their_records,
    what_is_read_grows_with_what_is_asked_for,
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
