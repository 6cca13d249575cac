//! The public's own count of changes.
//!
//! The log counts everything, also what stays between offices; gaps in its numbers would tell how much that is. So what
//! the public may know of is numbered apart, without gaps: every publication of a record that is for the public, and
//! the one change that takes it away again.

use std::{collections::HashMap, ops::ControlFlow};

use record::{Record, State};
use serde::{Deserialize, Serialize};

use super::{
    RecordStore, StoreError,
    kv::Batch,
    layout::{Current, decode, json, key, number},
};

/// A change that the public may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicChange {
    /// Its place among all of these, from 1.
    pub number: u64,
    pub id: String,
    pub revision: u64,
}

/// A row as it lies in the store: place in the log, id, revision.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row(pub u64, pub String, pub u64);

/// What the public knows of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PublicState {
    /// The number of the last change that it may know of; 0 for none.
    pub number: u64,
    /// Whether that change took the record away.
    pub hidden: bool,
}

impl PublicState {
    /// What the public knows after a change, which has `next` for a number if it may know of it.
    pub fn after(self, record: &Record, next: u64) -> Self {
        let shown = record.body.is_for_the_public() && record.state == State::Published;
        let was_shown = self.number > 0 && !self.hidden;
        if shown || was_shown { Self { number: next, hidden: !shown } } else { self }
    }
}

/// Counts along a log from its beginning.
#[derive(Default)]
pub(super) struct Counter {
    pub count: u64,
    /// What is known of each record of which anything is.
    pub last: HashMap<String, PublicState>,
}

impl Counter {
    /// Takes the next change of the log; its number, where it has one.
    pub fn take(&mut self, record: &Record) -> Option<u64> {
        let before = self.last.get(&record.id).copied().unwrap_or_default();
        let told = before.after(record, self.count + 1);
        (told != before).then(|| {
            self.count = told.number;
            self.last.insert(record.id.clone(), told);
            told.number
        })
    }

    /// Takes a number that the next change has in the store though nothing was to be reported of it: until changes to
    /// what had been taken away were left out, each of them was reported.
    pub fn take_needless(&mut self, record: &Record) {
        self.count += 1;
        self.last.insert(record.id.clone(), PublicState { number: self.count, hidden: true });
    }
}

impl RecordStore {
    /// How many changes the public may know of.
    pub fn public_count(&self) -> Result<u64, StoreError> {
        match self.meta("told")?.and_then(|told| told.parse().ok()) {
            Some(told) => Ok(told),
            // A new store, or one that has lost the count.
            None => {
                let mut told = 0;
                self.kv.scan(b"p", b"p", &mut |key, _| {
                    told = number(&key[1..]);
                    ControlFlow::Continue(())
                })?;
                Ok(told)
            }
        }
    }

    /// Those after a number, at most `limit`, in order.
    pub fn public_changes_after(&self, after: u64, limit: usize) -> Result<Vec<PublicChange>, StoreError> {
        let mut found = Vec::new();
        let mut damaged = None;
        let from = key(&[b"p", &after.saturating_add(1).to_be_bytes()]);
        self.kv.scan(b"p", &from, &mut |key, value| {
            match decode::<Row>(key, value) {
                Ok(Row(_, id, revision)) => found.push(PublicChange { number: number(&key[1..]), id, revision }),
                Err(error) => damaged = Some(error),
            }
            if found.len() < limit && damaged.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        damaged.map_or(Ok(found), Err)
    }

    /// How many of them there were when the log ended at a sequence.
    pub fn public_number_at(&self, sequence: u64) -> Result<u64, StoreError> {
        let (mut there, mut beyond) = (0, self.public_count()? + 1);
        while there + 1 < beyond {
            let middle = there + (beyond - there) / 2;
            match self.public_row(middle)? {
                Some(Row(at, ..)) if at <= sequence => there = middle,
                _ => beyond = middle,
            }
        }
        Ok(there)
    }

    /// The number of a record's last change that the public may know of.
    pub fn last_public_change(&self, id: &str) -> Result<Option<u64>, StoreError> {
        Ok(self.current(id)?.map(|current| current.public_number).filter(|told| *told > 0))
    }

    pub(super) fn public_row(&self, number: u64) -> Result<Option<Row>, StoreError> {
        let key = key(&[b"p", &number.to_be_bytes()]);
        self.kv.get(&key)?.map(|value| decode(&key, &value)).transpose()
    }

    /// Numbers the changes of a store that had no such count. A revision that cannot be read is passed over, so that
    /// the store can be opened and `fsck` can tell it.
    pub(super) fn number_all(&self) -> Result<(), StoreError> {
        let (mut counter, mut batch) = (Counter::default(), Batch::default());
        let mut take = |sequence, _: u64, record: Record| {
            let Some(number) = counter.take(&record) else { return Ok(()) };
            batch.put(key(&[b"p", &number.to_be_bytes()]), json(&Row(sequence, record.id, record.revision))?);
            if batch.writes.len() > 10_000 { self.kv.apply(std::mem::take(&mut batch), &self.head()) } else { Ok(()) }
        };
        self.each_revision_head(&mut |fault| tracing::warn!(fault, "not counted"), &mut take)?;
        for (id, told) in counter.last {
            let Some(current) = self.current(&id)? else { continue };
            let current = Current { public_number: told.number, hidden: told.hidden, ..current };
            batch.put(key(&[b"c", id.as_bytes()]), json(&current)?);
            if batch.writes.len() > 10_000 {
                self.kv.apply(std::mem::take(&mut batch), &self.head())?;
            }
        }
        batch.put(key(&[b"m", b"told"]), counter.count.to_string());
        self.kv.apply(batch, &self.head())
    }
}
