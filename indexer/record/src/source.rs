//! Where records come from when an index is made of them: the store, or a list.

use super::Record;

/// What a source, or whoever takes from it, failed with.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// All current records. Asked twice while an index is built.
pub trait RecordSource {
    /// Hands every current record to `take`, in a stable order; stops at the first error.
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), SourceError>) -> Result<(), SourceError>;
}

impl RecordSource for Vec<Record> {
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.iter().try_for_each(|record| take(record.clone()))
    }
}
