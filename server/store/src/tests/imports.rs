//! An import owns what it brought until it loses it.

use record::{Record, State};

use super::division;
use crate::{Backend, Batch, RecordStore, StoreError, open_kv};

for_each_backend! {
    imports_follow_their_source,
    a_record_goes_with_the_last_import_that_brought_it,
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

/// A record is withdrawn by the last import that loses it, whichever that is, and what its marks say survives an
/// opening by an earlier version, which kept them in one direction.
fn a_record_goes_with_the_last_import_that_brought_it(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let import = |store: &RecordStore, tag: &str, ids: &[&str]| {
        let records: Vec<Record> = ids.iter().map(|id| division(id, id)).collect();
        store.import(tag, records, &mut |_| {}).unwrap()
    };
    // Ids and tags that begin like others are distinguished from them.
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
