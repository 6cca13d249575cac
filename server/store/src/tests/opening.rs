//! How a store is opened, and what keeps it from that.

use super::{division, regulation, stored};
use crate::{Backend, Batch, LOCK_TRIES, RecordStore, StoreError, audit, open_at_once, open_kv, open_patiently};

for_each_backend! {
    a_dropped_store_is_free_at_once,
    unusable_places_are_named,
    a_torn_end_is_mended_or_told,
    whoever_opens_a_database_in_use_waits_for_it_and_is_told,
    what_was_not_made_smaller_is_read_beside_what_is,
}

/// Before format 5 contents lay there as they are.
fn what_was_not_made_smaller_is_read_beside_what_is(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let long = |text: &str| regulation("r-1", &[text.repeat(9_000), "短".into()]);
    store.put_over(long("条")).unwrap();
    let smaller = store.dump();
    let pieces = |store: &RecordStore| store.dump().iter().filter(|(key, _)| key[0] == b'r').count();
    assert_eq!(pieces(&store), 3, "the head and two articles, each a piece");
    // As format 4 left it: in pieces of the largest value, and none smaller.
    let mut batch = Batch::default();
    for (key, value) in smaller.into_iter().filter(|(key, _)| key[0] == b'r') {
        let (front, content) = (&key[..key.len() - 4], crate::packed::unpack(value).unwrap());
        for (n, piece) in (0u32..).zip(content.chunks(crate::kv::MAX_VALUE)) {
            batch.put([front, &n.to_be_bytes()].concat(), piece);
        }
    }
    batch.put("mformat", "4");
    drop(store);
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    assert!(pieces(&store) > 3);
    assert_eq!(store.get("r-1").unwrap(), Some(stored(long("条"), 1)));
    assert_eq!(store.head_of("r-1").unwrap().map(|record| record.id), Some("r-1".to_owned()));
    assert_eq!(store.put_over(long("条")).unwrap(), 1, "it is the same content");
    assert_eq!(store.put_over(long("款")).unwrap(), 2);
    assert_eq!(store.get_revision("r-1", 1).unwrap(), Some(stored(long("条"), 1)));
    assert_eq!(store.get("r-1").unwrap(), Some(stored(long("款"), 2)));
    let found = audit::verify(&store, &mut |_| {}).unwrap();
    assert_eq!((found.changes, found.faults), (2, Vec::new()));
    assert_eq!(store.meta("format").unwrap().as_deref(), Some("5"));
}

fn a_dropped_store_is_free_at_once(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    for n in 1..=5 {
        let store = RecordStore::open(backend, dir.path()).expect("whoever had it before has let go");
        store.put_over(division("a", &"甲".repeat(n))).unwrap();
    }
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

fn whoever_opens_a_database_in_use_waits_for_it_and_is_told(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let first = open_kv(backend, dir.path()).unwrap();
    let mut pauses = 0;
    let second = open_patiently(|| open_at_once(backend, dir.path()), || pauses += 1);
    assert!(matches!(second.map(|_| ()), Err(StoreError::Locked { .. })));
    assert_eq!(pauses, LOCK_TRIES - 1);
    // The first lets go while another is waiting for it.
    let mut first = Some(first);
    open_patiently(|| open_at_once(backend, dir.path()), || drop(first.take())).unwrap();
    assert!(first.is_none(), "it was in use until then");
}
