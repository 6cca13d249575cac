//! What the public may know of is numbered apart.

use std::collections::BTreeMap;

use record::{Record, State};

use super::division;
use crate::{Backend, Batch, RecordStore, open_kv};

for_each_backend! {
    the_public_counts_only_what_it_may_know_of,
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
