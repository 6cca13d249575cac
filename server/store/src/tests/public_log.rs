//! What the public may know of is numbered apart.

use std::collections::BTreeMap;

use record::{Record, State};

use super::division;
use crate::{Backend, Batch, RecordStore, open_kv};

for_each_backend! {
    the_public_counts_only_what_it_may_know_of,
    nothing_is_told_of_what_was_taken_away_until_it_is_back,
    what_the_public_never_knew_has_no_row,
}

fn told(store: &RecordStore) -> Vec<(u64, String, u64)> {
    store.public_changes_after(0, 9).unwrap().into_iter().map(|t| (t.number, t.id, t.revision)).collect()
}

/// What is wrong with the public's count.
fn faults(store: &RecordStore) -> Vec<String> {
    let mut faults = Vec::new();
    store.check_public_log(&mut |fault| faults.push(fault), &mut |_, _, _| Ok(())).unwrap();
    faults
}

/// What the public may know of is numbered without gaps, also in a store that was written before there were such
/// numbers.
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
                let fields = current.as_object_mut().unwrap();
                fields.remove("told");
                fields.remove("hidden");
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

/// Work on a record that the public knew once and does not any more tells it nothing. Stores in which each such change
/// had been reported are whole.
fn nothing_is_told_of_what_was_taken_away_until_it_is_back(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    let put = |name: &str, state: State| store.put_over(Record { state, ..division("a", name) }).unwrap();
    put("甲", State::Published);
    for name in ["甲", "乙", "丙"] {
        put(name, State::Withdrawn);
    }
    put("丁", State::Draft);
    let (known, taken_away) = ((1, "a".into(), 1), (2, "a".into(), 2));
    assert_eq!(told(&store), [known.clone(), taken_away.clone()]);
    put("丁", State::Published);
    put("戊", State::Published);
    assert_eq!(told(&store), [known, taken_away, (3, "a".into(), 6), (4, "a".into(), 7)]);
    assert!(faults(&store).is_empty(), "{:?}", faults(&store));

    put("己", State::Withdrawn);
    put("庚", State::Withdrawn);
    assert_eq!((store.public_count().unwrap(), store.last_public_change("a").unwrap()), (5, Some(5)));
    drop(store);
    // As it was reported before.
    let of = |revision: u64| {
        let mut batch = Batch::default();
        batch.put([&b"p"[..], &6u64.to_be_bytes()].concat(), format!("[9,\"a\",{revision}]"));
        batch.put("mtold", "6");
        let mut current: serde_json::Value = serde_json::from_slice(&kv.get(b"ca").unwrap().unwrap()).unwrap();
        current["told"] = 6.into();
        current.as_object_mut().unwrap().remove("hidden");
        batch.put("ca", current.to_string());
        kv.apply(batch).unwrap();
        faults(&RecordStore::over(kv.clone()).unwrap())
    };
    assert!(of(9).is_empty(), "{:?}", of(9));
    assert!(!of(8).is_empty(), "another change than the one that has the number");
}

/// A row of a draft in the public's log is a fault, and so is a record that is shown and said to be taken away.
fn what_the_public_never_knew_has_no_row(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let kv = open_kv(backend, dir.path()).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    store.put_over(Record { state: State::Draft, ..division("hidden", "乙") }).unwrap();
    assert!(faults(&store).is_empty(), "{:?}", faults(&store));
    drop(store);
    let written = |id: &str, told: u64, hidden: bool| {
        let at = format!("c{id}");
        let mut current: serde_json::Value = serde_json::from_slice(&kv.get(at.as_bytes()).unwrap().unwrap()).unwrap();
        (current["told"], current["hidden"]) = (told.into(), hidden.into());
        let mut batch = Batch::default();
        batch.put(at, current.to_string());
        kv.apply(batch).unwrap();
    };
    written("a", 1, true);
    let told = faults(&RecordStore::over(kv.clone()).unwrap());
    assert!(told.len() == 1 && told[0].contains("a：公众看得到"), "{told:?}");
    written("a", 1, false);
    let mut batch = Batch::default();
    batch.put([&b"p"[..], &2u64.to_be_bytes()].concat(), "[2,\"hidden\",1]");
    batch.put("mtold", "2");
    kv.apply(batch).unwrap();
    written("hidden", 2, true);
    let told = faults(&RecordStore::over(kv.clone()).unwrap());
    assert!(told.iter().any(|fault| fault.contains("公开变更应有 1 条")), "{told:?}");
}
