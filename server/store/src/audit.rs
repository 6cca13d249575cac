//! The audit log: every change in order, each linked to all before it by a hash.
//!
//! A link is the sha256 of the link before and of all that is known of the change: its place, record, revision, time,
//! author, reason, state, and the hash of its content. So nothing in the log, nor any content that it names, can be
//! altered, left out or put in between without every later link becoming wrong. Whoever notes the last link elsewhere
//! can tell even a log that was made anew as a whole.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    RecordStore, StoreError,
    layout::{Head, RevisionInfo},
};

/// One change, as it is exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub sequence: u64,
    pub id: String,
    #[serde(flatten)]
    pub info: RevisionInfo,
    /// `None` for what was written before there was a chain.
    pub link: Option<String>,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub changes: u64,
    /// Changes written before there was a chain: their content is checked, their order is not proven.
    pub before_chain: u64,
    pub last_link: String,
    /// The first faults, each with its place; none: the log is whole.
    pub faults: Vec<String>,
}

/// Faults told by name; a broken log has thousands.
const MAX_FAULTS: usize = 20;

/// The link of a change behind another.
pub(super) fn link(before: &str, sequence: u64, id: &str, info: &RevisionInfo) -> String {
    let (sequence, revision) = (sequence.to_string(), info.revision.to_string());
    // The name in the store, which never changes.
    let (at, state) = (info.at.to_string(), serde_json::to_string(&info.state).unwrap_or_default());
    let mut hash = Sha256::new();
    for part in [before, &sequence, id, &revision, &at, &state, &info.hash, &info.author, &info.reason] {
        // With its length, so that no two rows of parts run together to the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// Hands out all changes in order.
pub fn each(store: &RecordStore, take: &mut dyn FnMut(Entry) -> Result<(), StoreError>) -> Result<(), StoreError> {
    store.each_row(0, &mut |sequence, id, revision, link| {
        let info = store.info(id, revision)?.ok_or_else(|| StoreError::Damaged {
            key: format!("{id} {revision}"),
            reason: "变更记录中有，修订记录中没有".into(),
        })?;
        take(Entry { sequence, id: id.to_owned(), info, link: link.map(str::to_owned) })
    })
}

/// Walks the whole log: no gap, every link right, every content as its hash says, the revisions of each record without
/// a gap, nothing current that the log does not have, the end where the store says it is.
pub fn verify(store: &RecordStore, progress: &mut dyn FnMut(u64)) -> Result<Verified, StoreError> {
    verify_after(store, &Head::default(), progress)
}

/// The same for what follows a change that is known to be right; from the beginning for the default.
pub(super) fn verify_after(
    store: &RecordStore,
    from: &Head,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, StoreError> {
    let mut walk = Walk::new(store, from);
    // Others go on writing: what came meanwhile is walked too, until the end that was seen is the end.
    let mut known = 0;
    let head = loop {
        walk.go_on(progress)?;
        let head = store.head();
        // A row that the store knew of before the last walk and that was not met is missing.
        if head.sequence <= walk.seen || walk.seen < known {
            break head;
        }
        known = head.sequence;
    };
    if head.sequence != walk.found.changes || head.link != walk.found.last_link {
        walk.found.faults.push(format!("日志止于第 {} 条，记录库所记的是第 {} 条", walk.found.changes, head.sequence));
    }
    if from.sequence == 0 {
        walk.nothing_without_an_entry(progress)?;
    }
    Ok(walk.found)
}

struct Walk<'a> {
    store: &'a RecordStore,
    found: Verified,
    /// Also those that are not reported by name.
    faults: usize,
    seen: u64,
    /// Whether the walk began at the beginning, so that every record's first revision was met.
    is_whole: bool,
    /// The last revision of each record that was met.
    last: HashMap<String, u64>,
}

impl<'a> Walk<'a> {
    fn new(store: &'a RecordStore, from: &Head) -> Self {
        let found =
            Verified { changes: from.sequence, before_chain: 0, last_link: from.link.clone(), faults: Vec::new() };
        Self { store, found, faults: 0, seen: from.sequence, is_whole: from.sequence == 0, last: HashMap::new() }
    }

    /// Walks to the end as it is now.
    fn go_on(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(), StoreError> {
        let store = self.store;
        store.each_row(self.seen, &mut |sequence, id, revision, stated| {
            self.row(sequence, id, revision, stated)?;
            progress(sequence);
            Ok(())
        })
    }

    fn row(&mut self, sequence: u64, id: &str, revision: u64, stated: Option<&str>) -> Result<(), StoreError> {
        let mut faults = Vec::new();
        self.found.changes += 1;
        if sequence != self.found.changes {
            faults.push("序号不连续，其前有变更缺失");
            self.found.changes = sequence;
        }
        let before = self.last.insert(id.to_owned(), revision);
        if (self.is_whole || before.is_some()) && revision != before.unwrap_or(0) + 1 {
            faults.push("修订号不连续，日志里缺少其前的修订");
        }
        match self.store.info(id, revision)? {
            None => faults.push("没有这次修订的记录"),
            Some(info) => {
                match self.store.content_hash(id, revision) {
                    Ok(hash) if hash == info.hash => {}
                    Ok(_) => faults.push("内容与当时的摘要不符"),
                    Err(StoreError::Damaged { .. }) => faults.push("内容无法解读"),
                    Err(error) => return Err(error),
                }
                match stated {
                    Some(stated) if link(&self.found.last_link, sequence, id, &info) != stated => {
                        faults.push("链接不符");
                    }
                    None if !self.found.last_link.is_empty() => faults.push("没有链接"),
                    None => self.found.before_chain += 1,
                    Some(_) => {}
                }
            }
        }
        for what in faults {
            self.fault(format!("第 {sequence} 条（{id} 第 {revision} 次修订）：{what}"));
        }
        self.found.last_link = stated.unwrap_or_default().to_owned();
        self.seen = sequence;
        Ok(())
    }

    fn fault(&mut self, what: String) {
        self.faults += 1;
        if self.faults <= MAX_FAULTS {
            self.found.faults.push(what);
        }
    }

    /// Every current revision is the last that the log has of its record.
    fn nothing_without_an_entry(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(), StoreError> {
        let mut others = Vec::new();
        self.store.each_current(&mut |id, revision| {
            if self.last.get(id) != Some(&revision) {
                others.push(id.to_owned());
            }
        })?;
        // A record that was written while they were looked through has its entry behind what was walked.
        if !others.is_empty() {
            self.go_on(progress)?;
        }
        for id in others {
            let revision = self.store.current_revision(&id)?.unwrap_or_default();
            match self.last.get(&id) {
                // Newer than the log's end as it was walked: written just now.
                Some(last) if revision >= *last && self.store.last_sequence()? > self.seen => {}
                Some(last) if *last == revision => {}
                last => {
                    let last = last.copied().unwrap_or_default();
                    self.fault(format!("{id}：当前是第 {revision} 次修订，日志里最后的是第 {last} 次"));
                }
            }
        }
        Ok(())
    }
}
