//! What a backup takes out of the store, and how it comes back.
//!
//! The store only grows, so that a state is identified by the end of its log: everything up to it stays as it was while
//! others go on writing.

use std::{collections::HashMap, path::Path};

use record::Record;
use serde::{Deserialize, Serialize};

use super::{
    Backend, Batch, RecordStore, StoreError, audit,
    durable::COMMITS,
    imports,
    kv::MAX_VALUE,
    layout::{Current, End, Head, RevisionInfo, assemble, check_id, content_hash, key},
    listings,
    records::{NewRevision, write_revision},
    secrets::secret_key,
};

/// Tables of secrets that outlive the machine. Who is signed in is not among them: a backup must not sign anybody in.
const KEPT_TABLES: [&str; 8] =
    ["password", "upload", "upload_attached", "file_text", "notice", "notice_unread", "notice_settings", "notice_feed"];
/// Facts that the store makes of its log.
const OWN_METAS: [&str; 6] = ["format", "sequence", "link", "told", listings::VERSION, COMMITS];
/// Rows of the log read at once: a scan is over before their contents are read, so that it holds nobody up.
const ROWS: usize = 1_000;
/// Bytes gathered before a batch is written, as for an import.
const RESTORE_BATCH: usize = 8 << 20;

/// Sequence, id, revision, link.
type Row = (u64, String, u64, Option<String>);

/// A change with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullChange {
    pub sequence: u64,
    pub id: String,
    /// `None` for what was written before there was a chain.
    pub link: Option<String>,
    pub info: RevisionInfo,
    /// The content as it is kept, byte for byte, which is what the hash is of.
    pub parts: Vec<String>,
}

impl FullChange {
    /// The record as of this change.
    pub fn record(&self) -> Result<Record, StoreError> {
        assemble(self.id.as_bytes(), &self.parts, self.info.revision)
    }
}

/// What stands beside the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The end of the log that all this belongs to.
    pub head: Head,
    /// Name, value.
    pub metas: Vec<(String, String)>,
    /// Import, record.
    pub imports: Vec<(String, String)>,
    /// Table, name, value.
    pub secrets: Vec<(String, String, String)>,
}

/// Checks changes one by one as they come: each in its place, linked to all before it, with the content that was
/// hashed.
#[derive(Debug, Default)]
pub struct Chain {
    head: Head,
}

impl Chain {
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Takes the next change; why it cannot be the next, in words for people.
    pub fn take(&mut self, change: &FullChange) -> Result<(), String> {
        let fault = self.fault(change);
        if let Some(what) = fault {
            let shown: String = change.id.chars().take(80).collect();
            return Err(format!("第 {} 条（{shown} 第 {} 次修订）：{what}", change.sequence, change.info.revision));
        }
        self.head = Head { sequence: change.sequence, link: change.link.clone().unwrap_or_default() };
        Ok(())
    }

    fn fault(&self, change: &FullChange) -> Option<&'static str> {
        if change.sequence != self.head.sequence + 1 {
            return Some("序号不连续");
        }
        if content_hash(&change.parts) != change.info.hash {
            return Some("内容与当时的摘要不符");
        }
        match &change.link {
            Some(stated) => {
                let link = audit::link(&self.head.link, change.sequence, &change.id, &change.info);
                (link != *stated).then_some("链接不符")
            }
            None => (!self.head.link.is_empty()).then_some("没有链接"),
        }
    }
}

impl RecordStore {
    /// The end of the log and all that is not in it. Imports wait meanwhile, so that none is marked as brought in whose
    /// records come later.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let end = self.lock();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut metas = Vec::new();
        for (key, value) in self.collect(b"m")? {
            let name = text(&key[1..]);
            if !OWN_METAS.contains(&name.as_str()) {
                metas.push((name, text(&value)));
            }
        }
        let imports = self.all_imports()?.into_iter().collect();
        let mut secrets = Vec::new();
        for table in KEPT_TABLES {
            let all = self.secrets(table)?;
            secrets.extend(all.into_iter().map(|(name, value)| (table.to_owned(), name, value)));
        }
        Ok(Snapshot { head: end.head.clone(), metas, imports, secrets })
    }

    /// Hands out the changes up to a sequence with their contents, in order.
    pub fn full_changes<E: From<StoreError>>(
        &self,
        upto: u64,
        take: &mut dyn FnMut(FullChange) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut read = 0;
        while read < upto {
            let rows = self.rows_after(read, upto)?;
            if rows.is_empty() {
                let reason = format!("变更日志止于第 {read} 条，应有 {upto} 条");
                return Err(StoreError::Damaged { key: "变更日志".into(), reason }.into());
            }
            for (sequence, id, revision, link) in rows {
                read = sequence;
                take(self.full_change(sequence, id, revision, link)?)?;
            }
        }
        Ok(())
    }

    fn full_change(
        &self,
        sequence: u64,
        id: String,
        revision: u64,
        link: Option<String>,
    ) -> Result<FullChange, StoreError> {
        let damaged = |reason: &str| StoreError::Damaged { key: format!("{id} {revision}"), reason: reason.into() };
        let info = self.info(&id, revision)?.ok_or_else(|| damaged("变更记录中有，修订记录中没有"))?;
        let parts = self.parts(&id, revision)?.into_values().map(String::from_utf8).collect::<Result<_, _>>();
        let parts = parts.map_err(|_| damaged("内容不是文本"))?;
        Ok(FullChange { sequence, id, link, info, parts })
    }

    /// The next rows of the log up to a sequence.
    fn rows_after(&self, after: u64, upto: u64) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        self.some_rows(after, &mut |sequence, id, revision, link| {
            if sequence <= upto {
                rows.push((sequence, id.to_owned(), revision, link.map(str::to_owned)));
            }
            Ok(sequence < upto && rows.len() < ROWS)
        })?;
        Ok(rows)
    }
}

/// A store that is being filled from a backup.
pub struct Restoring {
    store: RecordStore,
    chain: Chain,
    /// Changes that the public may know of.
    told: u64,
    batch: Batch,
    size: usize,
    /// What the batch will make current.
    pending: HashMap<String, Current>,
}

impl Restoring {
    /// In an empty folder.
    pub fn begin(backend: Backend, dir: &Path) -> Result<Self, StoreError> {
        let store = RecordStore::open(backend, dir)?;
        Ok(Self { store, chain: Chain::default(), told: 0, batch: Batch::default(), size: 0, pending: HashMap::new() })
    }

    /// Writes a change as it was; returns its record. What does not fit those before is refused with the reason.
    pub fn change(&mut self, change: &FullChange) -> Result<Record, StoreError> {
        let refused = |reason: String| StoreError::Refused { id: change.id.chars().take(80).collect(), reason };
        check_id(&change.id)?;
        let mut end = End { head: self.chain.head().clone(), public_changes: self.told };
        self.chain.take(change).map_err(&refused)?;
        let record = change.record()?;
        if record.id != change.id || record.state != change.info.state {
            return Err(refused("内容与所记的编号或状态不符".into()));
        }
        let before = match self.pending.remove(&change.id) {
            Some(current) => Some(current),
            None => self.store.current(&change.id)?,
        };
        let revision = before.as_ref().map_or(1, |c| c.revision + 1);
        if change.info.revision != revision {
            return Err(refused(format!("修订号应为 {revision}，而不是 {}", change.info.revision)));
        }
        let new = NewRevision {
            record: &record,
            parts: &change.parts,
            info: change.info.clone(),
            before: before.as_ref(),
            chained: change.link.is_some(),
        };
        let from = self.batch.writes.len();
        let current = write_revision(new, &mut end, &mut self.batch)?;
        self.told = end.public_changes;
        self.pending.insert(change.id.clone(), current);
        self.written(from)?;
        Ok(record)
    }

    pub fn meta(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        if OWN_METAS.contains(&name) || !fits(name, value) {
            return Err(out_of_place(name));
        }
        let from = self.batch.writes.len();
        self.batch.put(key(&[b"m", name.as_bytes()]), value);
        self.written(from)
    }

    pub fn import(&mut self, tag: &str, id: &str) -> Result<(), StoreError> {
        check_id(id)?;
        if !fits(tag, "") {
            return Err(out_of_place(tag));
        }
        let from = self.batch.writes.len();
        imports::mark(&mut self.batch, tag, id);
        self.written(from)
    }

    pub fn secret(&mut self, table: &str, name: &str, value: &str) -> Result<(), StoreError> {
        let from = self.batch.writes.len();
        if !KEPT_TABLES.contains(&table) || !fits(name, value) {
            return Err(out_of_place(name));
        }
        self.batch.put(secret_key(table, name), value);
        self.written(from)
    }

    /// Counts what was added from there on, and writes when it is much.
    fn written(&mut self, from: usize) -> Result<(), StoreError> {
        self.size += self.batch.bytes_from(from);
        if self.size >= RESTORE_BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.store.kv.apply(std::mem::take(&mut self.batch), self.chain.head())?;
        self.pending.clear();
        self.size = 0;
        Ok(())
    }

    /// Ends; everything is on the disk when this returns. The end of the log that came of it.
    pub fn finish(mut self) -> Result<Head, StoreError> {
        self.flush()?;
        Ok(self.chain.head)
    }
}

/// Whether a name and its value can stand in the store.
fn fits(name: &str, value: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && !name.contains('\0') && value.len() <= MAX_VALUE
}

/// Longest name, in bytes: names are accounts, imports and the files that imports came as (whose names have 255 at most
/// on any file system).
const MAX_NAME: usize = 1_024;

fn out_of_place(name: &str) -> StoreError {
    StoreError::Refused { id: name.chars().take(80).collect(), reason: "名称或内容不合规定".into() }
}

#[cfg(any(test, feature = "testing"))]
#[allow(clippy::unwrap_used, reason = "what tests compare stops the test where it cannot be read")]
impl RecordStore {
    /// Everything that lies in the store but who is signed in and how often it was written, as a test compares it.
    pub fn dump(&self) -> Vec<super::layout::Pair> {
        let mut all = self.collect(b"").unwrap();
        all.retain(|(key, _)| !key.starts_with(b"ssession\0") && key != b"mcommits");
        all
    }
}
