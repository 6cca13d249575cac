//! The log proves itself whole, and whatever is missing or altered is found.

use super::{division, regulation, stored};
use crate::{Backend, Batch, RecordStore, audit, open_kv};

for_each_backend! {
    the_audit_log_proves_itself_whole,
    a_clock_set_back_changes_no_order,
    what_stands_before_the_chain_is_read_and_told,
    a_missing_entry_is_told,
    tampering_is_told,
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

/// Order is given by the sequence and proven by the chain; a clock that is set back changes neither.
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
    assert_eq!(store.meta("format").unwrap().as_deref(), Some("5"));
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

/// Every way of tampering that a writer of the database has is reported.
fn tampering_is_told(backend: Backend) {
    let records = |store: &RecordStore| {
        store.put_over(division("a", "甲")).unwrap();
        store.put_over(division("b", "乙")).unwrap();
        store.put_over(division("a", "丙")).unwrap();
    };
    let revision = |id: &str, n: u64| [&b"i"[..], id.as_bytes(), b"\0", &n.to_be_bytes()].concat();
    let row = |n: u64| [&b"o"[..], &n.to_be_bytes()].concat();
    let piece = [&b"r"[..], b"a\0", &1u64.to_be_bytes(), &[0; 8]].concat();
    for (what, key) in [
        ("content", piece.clone()),
        ("frame", piece),
        ("author", revision("b", 1)),
        ("order", row(2)),
        ("end", b"msequence".to_vec()),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let kv = open_kv(backend, dir.path()).unwrap();
        let store = RecordStore::over(kv.clone()).unwrap();
        records(&store);
        assert!(audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty());
        let kept = kv.get(&key).unwrap().expect(what);
        let before = String::from_utf8(crate::packed::unpack(kept.clone()).unwrap()).unwrap();
        let after = match what {
            "content" => before.replace("甲", "戊").into_bytes(),
            // Cut off in the middle of what was made smaller.
            "frame" => kept[..kept.len() / 2].to_vec(),
            "author" => before.replace("test", "tset").into_bytes(),
            "order" => before.replace("\"b\"", "\"a\"").into_bytes(),
            _ => b"2".to_vec(),
        };
        assert!(after != kept && after != before.as_bytes(), "{what}");
        drop(store);
        let mut batch = Batch::default();
        batch.put(key, after);
        kv.apply(batch).unwrap();
        let store = RecordStore::over(kv).unwrap();
        assert!(!audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty(), "{what}");
    }
}
