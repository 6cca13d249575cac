//! Records and their revisions over a [`Kv`].

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::{MutexGuard, PoisonError},
};

use record::{Audience, Author, Change, Record, State};
use serde::{Deserialize, Serialize};

use super::{
    RecordStore, StoreError,
    as_of::AsOf,
    audit, imports,
    kv::{Batch, MAX_VALUE},
    layout::{
        Current, End, Head, LISTINGS, OutboxRow, Pair, RevisionInfo, RowTaker, assemble, check_id, content_hash,
        damaged, decode, encode, json, key, number,
    },
    listings::{self, List},
    packed::{pack, unpack},
    public_log::{self, PublicState},
    secrets::Secrets,
};

/// Bytes gathered before a batch of an import is written: large enough that the fsyncs do not count, and small enough
/// that memory stays flat. Within a batch sled keeps every state of a page that changes: with batches of 8 MiB it grew
/// by 5 KiB a record, to 15 GiB over 2.4 million.
const IMPORT_BATCH: usize = 1 << 20;

/// Who changes a record, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By<'a> {
    /// An account, or what stands in for one: `import:corpus`, `reader`.
    pub author: &'a str,
    /// In the author's words; empty where none was given.
    pub reason: &'a str,
}

/// A revision on its way into the store.
pub(super) struct NewRevision<'a, T> {
    pub record: &'a Record,
    /// Its content as it is kept: see [`encode`].
    pub parts: &'a [T],
    pub info: RevisionInfo,
    /// What was current before.
    pub before: Option<&'a Current>,
    /// `false` only for what comes back from before there was a chain.
    pub chained: bool,
}

/// What an import changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportSummary {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Records that the source no longer has.
    pub withdrawn: u64,
    /// Records that an office has changed since: its word stands, the source's is passed over.
    #[serde(rename = "kept")]
    pub preserved: u64,
}

/// Whether a revision is an import's and not a person's word. The first format kept no authors and knew only imports.
pub fn is_imported(info: &RevisionInfo) -> bool {
    Author::of(&info.author).is_machine()
}

impl RecordStore {
    /// Stores a record as a new revision and returns its number; durable when it returns. The same content as the
    /// current revision's makes none. `record.revision` is the one that the author saw, 0 for none: where another has
    /// come since, nothing is written, and [`StoreError::Conflict`] tells the newer one.
    pub fn put(&self, record: Record, by: &By<'_>) -> Result<u64, StoreError> {
        Ok(self.put_together(vec![(record, *by)])?[0])
    }

    /// Stores several records, all or none, each as [`put`](Self::put) does; no two may have the same id.
    pub fn put_together(&self, records: Vec<(Record, By<'_>)>) -> Result<Vec<u64>, StoreError> {
        Ok(self.put_with_secrets(records, |_| Ok(()))?.0)
    }

    /// Stores records as [`put_together`](Self::put_together) does, and changes secrets with them, all or none.
    pub fn put_with_secrets<T>(
        &self,
        records: Vec<(Record, By<'_>)>,
        change: impl FnOnce(&mut Secrets<'_>) -> Result<T, StoreError>,
    ) -> Result<(Vec<u64>, T), StoreError> {
        let mut end = self.lock();
        let mut batch = Batch::default();
        let mut next = end.clone();
        let mut revisions = Vec::with_capacity(records.len());
        let mut ids = BTreeSet::new();
        for (record, by) in records {
            if !ids.insert(record.id.clone()) {
                return Err(StoreError::Refused { id: record.id, reason: "同一批次中编号重复".into() });
            }
            let before = self.current(&record.id)?;
            let current = before.as_ref().map_or(0, |current| current.revision);
            if record.revision != current {
                return Err(StoreError::Conflict { id: record.id, seen: record.revision, current });
            }
            revisions.push(self.stage(record, before.as_ref(), &by, &mut next, &mut batch)?.0);
        }
        let changed = change(&mut Secrets::new(self, &mut batch))?;
        self.kv.apply(batch, &next.head)?;
        *end = next;
        Ok((revisions, changed))
    }

    /// Stores over whatever is there, as a test.
    #[cfg(any(test, feature = "testing"))]
    pub fn put_over(&self, record: Record) -> Result<u64, StoreError> {
        let revision = self.current(&record.id)?.map_or(0, |c| c.revision);
        self.put(Record { revision, ..record }, &By { author: "test", reason: "" })
    }

    /// The end of the audit log.
    pub fn head(&self) -> Head {
        self.lock().head.clone()
    }

    /// Brings the records of one source up to date: new and changed ones get a revision, those that it no longer has
    /// are withdrawn. `tag` names the source from one import to the next.
    pub fn import(
        &self,
        tag: &str,
        records: impl IntoIterator<Item = Record>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ImportSummary, StoreError> {
        let author = Author::Import(tag).to_string();
        let by = By { author: &author, reason: "" };
        let mut end = self.lock();
        let mut summary = ImportSummary::default();
        let before = self.import_ids(tag)?;
        let mut now = BTreeSet::new();
        let mut batch = Batch::default();
        let (mut next, mut size) = (end.clone(), 0);
        for (done, record) in records.into_iter().enumerate() {
            if !now.insert(record.id.clone()) {
                return Err(StoreError::Refused { id: record.id, reason: "同一批次中编号重复".into() });
            }
            let from = batch.writes.len();
            if !before.contains(&record.id) {
                imports::mark(&mut batch, tag, &record.id);
            }
            let current = self.current(&record.id)?;
            if let Some(current) = &current
                && self.is_a_persons(&record.id, current.revision)?
            {
                summary.preserved += 1;
            } else {
                match self.stage(record, current.as_ref(), &by, &mut next, &mut batch)?.1 {
                    true if current.is_none() => summary.added += 1,
                    true => summary.changed += 1,
                    false => summary.unchanged += 1,
                }
            }
            size += batch.bytes_from(from);
            if size >= IMPORT_BATCH {
                self.kv.apply(std::mem::take(&mut batch), &next.head)?;
                (*end, size) = (next.clone(), 0);
            }
            progress(done as u64 + 1);
        }
        for id in before.difference(&now) {
            let from = batch.writes.len();
            if !self.is_brought_by_another(tag, id)?
                && let Some(record) = self.get(id)?.filter(|r| r.state != State::Withdrawn)
            {
                if self.is_a_persons(id, record.revision)? {
                    summary.preserved += 1;
                    continue;
                }
                let (gone, before) = (Record { state: State::Withdrawn, ..record }, self.current(id)?);
                self.stage(gone, before.as_ref(), &by, &mut next, &mut batch)?;
                summary.withdrawn += 1;
            }
            // Gone from here, so that another import that loses it too can withdraw it.
            imports::unmark(&mut batch, tag, id);
            size += batch.bytes_from(from);
            if size >= IMPORT_BATCH {
                self.kv.apply(std::mem::take(&mut batch), &next.head)?;
                (*end, size) = (next.clone(), 0);
            }
        }
        self.kv.apply(batch, &next.head)?;
        *end = next;
        Ok(summary)
    }

    /// The current revision of a record.
    pub fn get(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.current_revision(id)?.map(|revision| self.load(id, revision)).transpose()
    }

    /// The current revision of a record without the articles of a regulation, which are most of it.
    pub fn head_of(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.current_revision(id)?.map(|revision| self.load_head(id, revision)).transpose()
    }

    /// A revision without the articles of a regulation.
    pub(super) fn load_head(&self, id: &str, revision: u64) -> Result<Record, StoreError> {
        let prefix = key(&[b"r", id.as_bytes(), b"\0", &revision.to_be_bytes(), &0u32.to_be_bytes()]);
        let mut head = Vec::new();
        self.kv.scan(&prefix, &prefix, &mut |_, value| {
            head.extend_from_slice(value);
            ControlFlow::Continue(())
        })?;
        assemble(&prefix, &[whole(&prefix, head)?], revision)
    }

    pub fn get_revision(&self, id: &str, revision: u64) -> Result<Option<Record>, StoreError> {
        let known = self.kv.get(&key(&[b"i", id.as_bytes(), b"\0", &revision.to_be_bytes()]))?;
        known.map(|_| self.load(id, revision)).transpose()
    }

    /// All revisions of a record, oldest first.
    pub fn revisions(&self, id: &str) -> Result<Vec<RevisionInfo>, StoreError> {
        let prefix = key(&[b"i", id.as_bytes(), b"\0"]);
        let mut found = Vec::new();
        for (key, value) in self.collect(&prefix)? {
            let mut info: RevisionInfo = decode(&key, &value)?;
            info.revision = number(&key[prefix.len()..]);
            found.push(info);
        }
        Ok(found)
    }

    /// Hands out the current revision of every record, by id; stops at the first error.
    pub fn each<E: From<StoreError>>(&self, take: &mut dyn FnMut(Record) -> Result<(), E>) -> Result<(), E> {
        // Ids first: they are small, and reading records inside a scan would keep it open for long.
        for (key, value) in self.collect(b"c")? {
            let id = String::from_utf8_lossy(&key[1..]).into_owned();
            let current: Current = decode(&key, &value)?;
            take(self.load(&id, current.revision)?)?;
        }
        Ok(())
    }

    /// The same for the records of one kind; others are not read.
    pub fn each_of<E: From<StoreError>>(
        &self,
        kind: &str,
        take: &mut dyn FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        for id in self.ids_of(kind)? {
            // Of another kind, or gone, is what was written over since the ids were read.
            if let Some(record) = self.get(&id)?.filter(|record| record.body.kind() == kind) {
                take(record)?;
            }
        }
        Ok(())
    }

    /// The same until `take` wants no more.
    pub fn each_until(
        &self,
        kind: &str,
        take: &mut dyn FnMut(Record) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        /// Nobody listens any more; or the store failed.
        enum End {
            Gone,
            Failed(StoreError),
        }
        impl From<StoreError> for End {
            fn from(error: StoreError) -> Self {
                Self::Failed(error)
            }
        }
        match self.each_of(kind, &mut |record| if take(record)? { Ok(()) } else { Err(End::Gone) }) {
            Ok(()) | Err(End::Gone) => Ok(()),
            Err(End::Failed(error)) => Err(error),
        }
    }

    /// The ids of the records of one kind, whatever their state.
    pub fn ids_of(&self, kind: &str) -> Result<Vec<String>, StoreError> {
        if self.meta(listings::VERSION)?.as_deref() == Some(LISTINGS) {
            return Ok(self.list(&List::Kind(kind), None, usize::MAX)?.into_iter().map(|(_, id)| id).collect());
        }
        // A store that is only examined may not have been brought up to today's listings.
        let mut ids = Vec::new();
        self.each::<StoreError>(&mut |record| {
            if record.body.kind() == kind {
                ids.push(record.id);
            }
            Ok(())
        })?;
        Ok(ids)
    }

    /// The records as they were at a sequence, for building an index while others write.
    pub fn as_of(&self, upto: u64) -> AsOf<'_> {
        AsOf::new(self, upto)
    }

    /// How many records there are, withdrawn ones included.
    pub fn count(&self) -> Result<u64, StoreError> {
        let mut n = 0;
        self.kv.scan(b"c", b"c", &mut |_, _| {
            n += 1;
            ControlFlow::Continue(())
        })?;
        Ok(n)
    }

    /// The sequence of the last change; 0 for an empty store.
    pub fn last_sequence(&self) -> Result<u64, StoreError> {
        Ok(self.meta("sequence")?.and_then(|v| v.parse().ok()).unwrap_or(0))
    }

    /// The changes after a sequence, at most `limit`, in order: sequence, id, revision.
    pub fn changes_after(&self, sequence: u64, limit: usize) -> Result<Vec<(u64, String, u64)>, StoreError> {
        let mut found = Vec::new();
        let from = key(&[b"o", &sequence.saturating_add(1).to_be_bytes()]);
        let mut damaged = None;
        self.kv.scan(b"o", &from, &mut |key, value| {
            match decode::<OutboxRow>(key, value).map(OutboxRow::parts) {
                Ok((id, revision, _)) => found.push((number(&key[1..]), id, revision)),
                Err(error) => damaged = Some(error),
            }
            if found.len() < limit && damaged.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        damaged.map_or(Ok(found), Err)
    }

    /// What an audience sees otherwise than it did at a sequence, of at most `limit` changes, and the sequence up to
    /// which that was looked through.
    pub fn seen_changes_after(
        &self,
        audience: Audience,
        sequence: u64,
        limit: usize,
    ) -> Result<(Vec<Change>, u64), StoreError> {
        let changes = self.changes_after(sequence, limit)?;
        let upto = changes.last().map_or(sequence, |(at, ..)| *at);
        // First and last new revision of each record.
        let mut revisions: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (_, id, revision) in &changes {
            revisions.entry(id).and_modify(|(_, last)| *last = *revision).or_insert((*revision, *revision));
        }
        let mut seen = Vec::new();
        for (id, (first, last)) in revisions {
            let states = [self.state_of(id, first - 1)?, self.state_of(id, last)?];
            // Kinds that are never public stand in other states than this, or are distinguished when they are read.
            if states.contains(&Some(State::Published)) {
                let (before, after) = (self.get_revision(id, first - 1)?, self.get_revision(id, last)?);
                seen.extend(Change::seen(audience, before, after));
            }
        }
        Ok((seen, upto))
    }

    /// Number of a record's newest revision.
    pub fn current_revision(&self, id: &str) -> Result<Option<u64>, StoreError> {
        /// What is read of it where its listings are not wanted.
        #[derive(Deserialize)]
        struct Number {
            revision: u64,
        }
        let key = key(&[b"c", id.as_bytes()]);
        let number = self.kv.get(&key)?.map(|value| decode::<Number>(&key, &value)).transpose()?;
        Ok(number.map(|number| number.revision))
    }

    /// Whether a revision is the word of a person, and so not an import's to change.
    fn is_a_persons(&self, id: &str, revision: u64) -> Result<bool, StoreError> {
        Ok(self.info(id, revision)?.is_some_and(|info| !is_imported(&info)))
    }

    fn state_of(&self, id: &str, revision: u64) -> Result<Option<State>, StoreError> {
        Ok(self.info(id, revision)?.map(|info| info.state))
    }

    /// When, by whom and why a revision was made.
    pub fn info(&self, id: &str, revision: u64) -> Result<Option<RevisionInfo>, StoreError> {
        let key = key(&[b"i", id.as_bytes(), b"\0", &revision.to_be_bytes()]);
        let info = self.kv.get(&key)?.map(|value| decode::<RevisionInfo>(&key, &value)).transpose()?;
        Ok(info.map(|info| RevisionInfo { revision, ..info }))
    }

    /// Hands out the rows of the outbox after a sequence, in order: sequence, id, revision, link.
    pub(super) fn each_row(&self, after: u64, take: &mut RowTaker<'_, ()>) -> Result<(), StoreError> {
        self.some_rows(after, &mut |sequence, id, revision, link| take(sequence, id, revision, link).map(|()| true))
    }

    /// The same for as long as more is wanted.
    pub(super) fn some_rows(&self, after: u64, take: &mut RowTaker<'_, bool>) -> Result<(), StoreError> {
        let mut failed = None;
        let from = key(&[b"o", &after.saturating_add(1).to_be_bytes()]);
        self.kv.scan(b"o", &from, &mut |key, value| {
            let row = decode::<OutboxRow>(key, value).map(OutboxRow::parts);
            match row.and_then(|(id, revision, link)| take(number(&key[1..]), &id, revision, link.as_deref())) {
                Ok(true) => ControlFlow::Continue(()),
                Ok(false) => ControlFlow::Break(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// The link of a change; `None` where there is no such change, empty where it stands before the chain.
    pub(super) fn link_of(&self, sequence: u64) -> Result<Option<String>, StoreError> {
        let key = key(&[b"o", &sequence.to_be_bytes()]);
        let row = self.kv.get(&key)?.map(|value| decode::<OutboxRow>(&key, &value)).transpose()?;
        Ok(row.map(|row| row.parts().2.unwrap_or_default()))
    }

    /// Hands out every record's id and the number of its current revision; one that cannot be read counts as 0.
    pub(super) fn each_current(&self, take: &mut dyn FnMut(&str, u64)) -> Result<(), StoreError> {
        self.kv.scan(b"c", b"c", &mut |key, value| {
            let revision = decode::<Current>(key, value).map_or(0, |current| current.revision);
            take(&String::from_utf8_lossy(&key[1..]), revision);
            ControlFlow::Continue(())
        })
    }

    /// sha256 of a revision's content as it lies in the store.
    pub(super) fn content_hash(&self, id: &str, revision: u64) -> Result<String, StoreError> {
        let parts = self.parts(id, revision)?;
        Ok(content_hash(&parts.into_values().collect::<Vec<_>>()))
    }

    /// A small fact kept beside the records, such as the fingerprint of an imported file.
    pub fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let value = self.kv.get(&key(&[b"m", name.as_bytes()]))?;
        Ok(value.map(|v| String::from_utf8_lossy(&v).into_owned()))
    }

    pub fn put_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.put_metas(&[(name, value)])
    }

    /// Several, all or none.
    pub(super) fn put_metas(&self, facts: &[(&str, &str)]) -> Result<(), StoreError> {
        let end = self.lock();
        let mut batch = Batch::default();
        for (name, value) in facts {
            batch.put(key(&[b"m", name.as_bytes()]), *value);
        }
        self.kv.apply(batch, &end.head)
    }

    /// Adds a record's change from what is current to a batch. Returns its revision, and whether that is a new one.
    fn stage(
        &self,
        record: Record,
        current: Option<&Current>,
        by: &By<'_>,
        end: &mut End,
        batch: &mut Batch,
    ) -> Result<(u64, bool), StoreError> {
        check_id(&record.id)?;
        if record.provenance.is_empty() {
            return Err(StoreError::Refused { id: record.id, reason: "没有来源".into() });
        }
        let parts = encode(&record)?;
        let hash = content_hash(&parts);
        if let Some(current) = current.filter(|c| c.hash == hash) {
            return Ok((current.revision, false));
        }
        let revision = current.map_or(1, |c| c.revision + 1);
        let info = RevisionInfo {
            revision,
            at: (self.clock)(),
            state: record.state,
            hash,
            author: by.author.to_owned(),
            reason: by.reason.to_owned(),
        };
        let new = NewRevision { record: &record, parts: &parts, info, before: current, chained: true };
        write_revision(new, end, batch)?;
        Ok((revision, true))
    }

    pub(super) fn current(&self, id: &str) -> Result<Option<Current>, StoreError> {
        let key = key(&[b"c", id.as_bytes()]);
        self.kv.get(&key)?.map(|value| decode(&key, &value)).transpose()
    }

    pub(super) fn load(&self, id: &str, revision: u64) -> Result<Record, StoreError> {
        let prefix = key(&[b"r", id.as_bytes(), b"\0", &revision.to_be_bytes()]);
        let parts: Vec<Vec<u8>> = self.parts(id, revision)?.into_values().collect();
        assemble(&prefix, &parts, revision)
    }

    /// The pieces of a revision put together: the record without its articles, then each article.
    pub(super) fn parts(&self, id: &str, revision: u64) -> Result<BTreeMap<u32, Vec<u8>>, StoreError> {
        let prefix = key(&[b"r", id.as_bytes(), b"\0", &revision.to_be_bytes()]);
        let mut parts: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        self.kv.scan(&prefix, &prefix, &mut |key, value| {
            let part = key[prefix.len()..].first_chunk().map_or(0, |b| u32::from_be_bytes(*b));
            parts.entry(part).or_default().extend_from_slice(value);
            ControlFlow::Continue(())
        })?;
        parts.into_iter().map(|(part, kept)| Ok((part, whole(&prefix, kept)?))).collect()
    }

    pub(super) fn collect(&self, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        let mut found = Vec::new();
        self.kv.scan(prefix, prefix, &mut |key, value| {
            found.push((key.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, End> {
        // What is inside changes only after a batch was written, so that a panicking writer leaves it right.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of a revision as it was before it was made smaller; `key` is named where it cannot be read.
fn whole(key: &[u8], kept: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    unpack(kept).ok_or_else(|| damaged(key, "内容无法解压".into()))
}

/// Adds a revision, and all that is made of it, to a batch as the change after `end`.
pub(super) fn write_revision<T: AsRef<[u8]>>(
    new: NewRevision<'_, T>,
    end: &mut End,
    batch: &mut Batch,
) -> Result<Current, StoreError> {
    let NewRevision { record, parts, info, before, chained } = new;
    let End { head, public_changes: count } = end;
    let (id, revision) = (record.id.as_bytes(), info.revision);
    for (part, bytes) in (0u32..).zip(parts) {
        let bytes = &*pack(bytes.as_ref())?;
        let chunks = if bytes.is_empty() { vec![bytes] } else { bytes.chunks(MAX_VALUE).collect() };
        for (chunk, piece) in (0u32..).zip(chunks) {
            let at = [&revision.to_be_bytes()[..], &part.to_be_bytes(), &chunk.to_be_bytes()].concat();
            batch.put(key(&[b"r", id, b"\0", &at]), piece);
        }
    }
    head.sequence += 1;
    let listed = listings::entries(record, head.sequence);
    listings::relist(id, before.map_or(&[], |before| &before.listed), &listed, batch);
    let known = before
        .map_or(PublicState::default(), |before| PublicState { number: before.public_number, hidden: before.hidden });
    let told = known.after(record, *count + 1);
    if told != known {
        *count = told.number;
        let row = public_log::Row(head.sequence, record.id.clone(), revision);
        batch.put(key(&[b"p", &told.number.to_be_bytes()]), json(&row)?);
        batch.put(key(&[b"m", b"told"]), told.number.to_string());
    }
    let current =
        Current { revision, hash: info.hash.clone(), public_number: told.number, hidden: told.hidden, listed };
    let row = if chained {
        head.link = audit::link(&head.link, head.sequence, &record.id, &info);
        OutboxRow::Chained(record.id.clone(), revision, head.link.clone())
    } else {
        OutboxRow::Bare(record.id.clone(), revision)
    };
    // The number stands in the key.
    let info = RevisionInfo { revision: 0, ..info };
    let about = [
        (key(&[b"i", id, b"\0", &revision.to_be_bytes()]), json(&info)?),
        (key(&[b"c", id]), json(&current)?),
        (key(&[b"o", &head.sequence.to_be_bytes()]), json(&row)?),
        (key(&[b"m", b"sequence"]), head.sequence.to_string().into_bytes()),
        (key(&[b"m", b"link"]), head.link.clone().into_bytes()),
    ];
    for (key, value) in about {
        if value.len() > MAX_VALUE {
            let reason = "作者、理由或来源过长".to_owned();
            return Err(StoreError::Refused { id: record.id.clone(), reason });
        }
        batch.put(key, value);
    }
    Ok(current)
}
