//! A write that fails closes the store for writing and leaves a whole log.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{division, stored};
use crate::{Backend, Batch, Kv, RecordStore, StoreError, audit, kv::Visit, open_kv};

for_each_backend! {
    a_failed_write_closes_the_store_for_writing,
    what_a_failed_write_leaves_keeps_its_entry,
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
