//! Which import brought which record, in both directions: what an import no longer has is withdrawn only where no other
//! brings it too, and that must not cost a look at all records of all imports.

use std::{collections::BTreeSet, ops::ControlFlow};

use super::{RecordStore, StoreError, kv::Batch, layout::key};

/// Writes at once while the reverse is made anew, as for the listings.
const WRITES: usize = 10_000;

/// Notes that an import brought a record.
pub(super) fn mark(batch: &mut Batch, tag: &str, id: &str) {
    batch.put(forward(tag, id), Vec::new());
    batch.put(reverse(id, tag), Vec::new());
}

/// Takes the note out: the import has the record no longer.
pub(super) fn unmark(batch: &mut Batch, tag: &str, id: &str) {
    batch.delete(forward(tag, id));
    batch.delete(reverse(id, tag));
}

fn forward(tag: &str, id: &str) -> Vec<u8> {
    key(&[b"t", tag.as_bytes(), b"\0", id.as_bytes()])
}

fn reverse(id: &str, tag: &str) -> Vec<u8> {
    key(&[b"b", id.as_bytes(), b"\0", tag.as_bytes()])
}

impl RecordStore {
    /// The records that an import brought.
    pub(super) fn import_ids(&self, tag: &str) -> Result<BTreeSet<String>, StoreError> {
        let prefix = forward(tag, "");
        let found = self.collect(&prefix)?;
        Ok(found.into_iter().map(|(key, _)| String::from_utf8_lossy(&key[prefix.len()..]).into_owned()).collect())
    }

    /// Whether another import brings the record too.
    pub(super) fn is_brought_by_another(&self, tag: &str, id: &str) -> Result<bool, StoreError> {
        let prefix = reverse(id, "");
        let mut is_brought = false;
        self.kv.scan(&prefix, &prefix, &mut |key, _| {
            is_brought = key[prefix.len()..] != *tag.as_bytes();
            if is_brought { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(is_brought)
    }

    /// Every import with every record that it brought.
    pub(super) fn all_imports(&self) -> Result<BTreeSet<(String, String)>, StoreError> {
        Ok(self.pairs(b"t")?.into_iter().collect())
    }

    /// The same as the reverse has it.
    pub(super) fn all_imports_reversed(&self) -> Result<BTreeSet<(String, String)>, StoreError> {
        Ok(self.pairs(b"b")?.into_iter().map(|(id, tag)| (tag, id)).collect())
    }

    /// What stands on both sides of the `\0` of all keys that begin so.
    fn pairs(&self, prefix: &[u8]) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        self.kv.scan(prefix, prefix, &mut |key, _| {
            if let Some((one, other)) = String::from_utf8_lossy(&key[prefix.len()..]).split_once('\0') {
                found.push((one.to_owned(), other.to_owned()));
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Makes the reverse anew: what an earlier version wrote has none, or one that it did not follow.
    pub(super) fn mark_imports_anew(&self) -> Result<(), StoreError> {
        let (due, there) = (self.all_imports()?, self.all_imports_reversed()?);
        let gone = there.difference(&due).map(|(tag, id)| (reverse(id, tag), None));
        let new = due.difference(&there).map(|(tag, id)| (reverse(id, tag), Some(Vec::new())));
        let mut batch = Batch::default();
        for write in gone.chain(new) {
            batch.writes.push(write);
            if batch.writes.len() >= WRITES {
                self.kv.apply(std::mem::take(&mut batch), &self.head())?;
            }
        }
        self.kv.apply(batch, &self.head())
    }
}
