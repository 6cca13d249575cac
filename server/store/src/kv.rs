//! What the store asks of an embedded database: atomic durable batches, reads, ordered scans. Nothing more, so that
//! another one is a file away.

use std::ops::ControlFlow;

use super::StoreError;

/// Largest value, in bytes. sled keeps messages over 128 KiB in files of their own that it never fsyncs; at this size
/// no message comes near, and a read never loads much more than it needs.
pub const MAX_VALUE: usize = 16 << 10;

/// Writes that happen together or not at all, in this order; of several for a key the last holds.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    /// `None` takes the key out.
    pub writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        let (key, value) = (key.into(), value.into());
        debug_assert!(value.len() <= MAX_VALUE);
        self.writes.push((key, Some(value)));
    }

    pub fn delete(&mut self, key: impl Into<Vec<u8>>) {
        self.writes.push((key.into(), None));
    }

    /// Bytes of the writes from a place on.
    pub fn bytes_from(&self, from: usize) -> usize {
        self.writes[from..].iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

/// Called with key and value until it breaks.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

pub trait Kv: Send + Sync {
    /// Writes a batch; when this returns, it is on the disk.
    fn apply(&self, batch: Batch) -> Result<(), StoreError>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits the keys that begin with `prefix` and are not before `from`, in order.
    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError>;
}
