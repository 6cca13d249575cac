//! The records as they were at a sequence, for building an index while others write.

use std::collections::BTreeMap;

use record::{Audience, KINDS, Record, RecordSource, SourceError};

use super::RecordStore;

/// The records as they were at a sequence, while others go on writing.
pub struct AsOf<'a> {
    store: &'a RecordStore,
    upto: u64,
    /// The audience whose kinds alone are read; `None`: all kinds.
    audience: Option<Audience>,
}

impl<'a> AsOf<'a> {
    pub(super) fn new(store: &'a RecordStore, upto: u64) -> Self {
        Self { store, upto, audience: None }
    }

    /// Only the records of kinds that an audience searches: where these are few, nothing else is read.
    pub fn of(self, audience: Audience) -> Self {
        Self { audience: Some(audience), ..self }
    }

    fn each(&self, take: &mut dyn FnMut(Record) -> Result<(), SourceError>) -> Result<(), SourceError> {
        let Some(audience) = self.audience else { return self.store.each(take) };
        for kind in KINDS.iter().filter(|kind| kind.is_searched_by(audience)) {
            self.store.each_of(kind.name, take)?;
        }
        Ok(())
    }
}

impl RecordSource for AsOf<'_> {
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), SourceError>) -> Result<(), SourceError> {
        // First revision of each record that came later, as far as the outbox was read.
        let (mut later, mut read): (BTreeMap<String, u64>, u64) = (BTreeMap::new(), self.upto);
        self.each(&mut |record| {
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
