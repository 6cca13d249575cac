//! The records as they were at a sequence, for building an index while others write.

use std::collections::BTreeMap;

use record::{Record, RecordSource, SourceError};

use super::RecordStore;

/// The records as they were at a sequence, while others go on writing.
pub struct AsOf<'a> {
    store: &'a RecordStore,
    upto: u64,
}

impl<'a> AsOf<'a> {
    pub(super) fn new(store: &'a RecordStore, upto: u64) -> Self {
        Self { store, upto }
    }
}

impl RecordSource for AsOf<'_> {
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), SourceError>) -> Result<(), SourceError> {
        // First revision of each record that came later, as far as the outbox was read.
        let (mut later, mut read): (BTreeMap<String, u64>, u64) = (BTreeMap::new(), self.upto);
        self.store.each(&mut |record| {
            // A record is written together with its place in the outbox, so a later one that was just read is there.
            for (at, id, revision) in self.store.changes_after(read, usize::MAX)? {
                read = at;
                later.entry(id).or_insert(revision);
            }
            let record = match later.get(&record.id) {
                Some(first) => self.store.get_revision(&record.id, first - 1)?,
                None => Some(record),
            };
            record.map_or(Ok(()), &mut *take)
        })
    }
}
