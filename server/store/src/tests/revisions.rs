//! What is written is there, as revisions, and comes back as it was.

use std::collections::BTreeMap;

use proptest::prelude::*;
use record::Record;

use super::{division, regulation, stored};
use crate::{Backend, By, RecordStore, StoreError};

for_each_backend! {
    revisions_are_kept,
    the_newer_revision_is_told_to_the_second_writer,
    large_texts_come_back_whole,
    bad_records_are_refused,
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

fn large_texts_come_back_whole(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let texts: Vec<String> = [0, 10, 6_000, 100_000].map(|n| "条".repeat(n)).into();
    store.put_over(regulation("r-1", &texts)).unwrap();
    assert_eq!(store.get("r-1").unwrap(), Some(stored(regulation("r-1", &texts), 1)));
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn every_history_is_the_one_that_was_written(steps in proptest::collection::vec((0u8..4, 0u8..3), 1..20)) {
        for backend in [Backend::Sled, Backend::Redb] {
            agrees_with_a_model(backend, &steps);
        }
    }
}
