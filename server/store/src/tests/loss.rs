//! A store that lost acknowledged writes says so; one that is converted loses none.

use std::process::Command;

use super::{division, regulation};
use crate::{Backend, Batch, RecordStore, StoreError, convert, open_kv};

for_each_backend! {
    an_older_state_is_told_as_a_loss,
    a_store_from_before_there_was_a_note_opens,
    a_store_is_converted_with_its_log,
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

/// A store goes over to the other database as it is, and the first is distinguished from it afterwards.
fn a_store_is_converted_with_its_log(backend: Backend) {
    let other = if backend == Backend::Sled { Backend::Redb } else { Backend::Sled };
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    store.import("s", [division("a", "甲"), division("b", "乙")], &mut |_| {}).unwrap();
    store.put_over(regulation("r-1", &["条".repeat(9_000)])).unwrap();
    store.put_secret("password", "zunyi", Some("hash")).unwrap();
    let (before, head) = (store.dump(), store.head());
    drop(store);
    assert!(convert(dir.path(), backend, backend, &mut |_, _, _| {}).is_err());
    assert!(convert(dir.path(), other, backend, &mut |_, _, _| {}).is_err());
    let converted = convert(dir.path(), backend, other, &mut |_, _, _| {}).unwrap();
    assert_eq!(converted.head, head);
    assert!(convert(dir.path(), backend, other, &mut |_, _, _| {}).is_err(), "nothing is written over");
    let store = RecordStore::open(other, dir.path()).unwrap();
    assert_eq!((store.dump(), store.head()), (before, head));
    store.put_over(division("c", "丙")).unwrap();
    drop(store);
    assert!(matches!(RecordStore::open(backend, dir.path()), Err(StoreError::Lost { .. })), "the first is behind now");
}
