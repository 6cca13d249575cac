//! How a store is opened, and what keeps it from that.

use super::{division, regulation};
use crate::{Backend, LOCK_TRIES, RecordStore, StoreError, audit, open_at_once, open_kv, open_patiently};

for_each_backend! {
    a_dropped_store_is_free_at_once,
    unusable_places_are_named,
    a_torn_end_is_mended_or_told,
    whoever_opens_a_database_in_use_waits_for_it_and_is_told,
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
