//! The audit log: every change in order, each linked to all before it by a hash.
//!
//! A link is the sha256 of the link before and of all that is known of the change: its place, record, revision, time,
//! author, reason, state, and the hash of its content. So nothing in the log, nor any content that it names, can be altered,
//! left out or put in between without every later link becoming wrong. Whoever notes the last link elsewhere can tell even
//! a log that was made anew as a whole.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    StoreError,
    records::{RecordStore, RevisionInfo},
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

/// Walks the whole log: no gap, every link right, every content as its hash says, the end where the store says it is.
pub fn verify(store: &RecordStore, progress: &mut dyn FnMut(u64)) -> Result<Verified, StoreError> {
    let mut found = Verified { changes: 0, before_chain: 0, last_link: String::new(), faults: Vec::new() };
    let (mut faults, mut seen, mut known) = (0, 0, 0);
    // Others go on writing: what came meanwhile is walked too, until the end that was seen is the end.
    let head = loop {
        store.each_row(seen, &mut |sequence, id, revision, stated| {
            found.changes += 1;
            let mut fault = |what: &str| {
                faults += 1;
                if faults <= MAX_FAULTS {
                    found.faults.push(format!("第 {sequence} 条（{id} 第 {revision} 次修订）：{what}"));
                }
            };
            if sequence != found.changes {
                fault("序号不连续，其前有变更缺失");
                found.changes = sequence;
            }
            match (store.info(id, revision)?, stated) {
                (None, _) => fault("没有这次修订的记录"),
                (Some(info), stated) => {
                    if store.content_hash(id, revision)? != info.hash {
                        fault("内容与当时的摘要不符");
                    }
                    match stated {
                        Some(stated) if link(&found.last_link, sequence, id, &info) != stated => fault("链接不符"),
                        None if !found.last_link.is_empty() => fault("没有链接"),
                        None => found.before_chain += 1,
                        Some(_) => {}
                    }
                }
            }
            found.last_link = stated.unwrap_or_default().to_owned();
            seen = sequence;
            progress(sequence);
            Ok(())
        })?;
        let head = store.head();
        // A row that the store knew of before the last walk and that was not met is missing.
        if head.sequence <= seen || seen < known {
            break head;
        }
        known = head.sequence;
    };
    if head.sequence != found.changes || head.link != found.last_link {
        found.faults.push(format!("日志止于第 {} 条，记录库所记的是第 {} 条", found.changes, head.sequence));
    }
    Ok(found)
}
