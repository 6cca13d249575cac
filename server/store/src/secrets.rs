//! Secrets, which are no records: hashes of passwords, sessions. They have no history, and no export has them.

use super::{RecordStore, StoreError, kv::Batch, layout::key};

/// Secrets while nobody else changes any.
pub struct Secrets<'a> {
    store: &'a RecordStore,
    batch: &'a mut Batch,
}

impl<'a> Secrets<'a> {
    pub(super) fn new(store: &'a RecordStore, batch: &'a mut Batch) -> Self {
        Self { store, batch }
    }

    /// A secret as it is before these changes.
    pub fn get(&self, table: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.store.secret(table, name)
    }

    /// The names that begin so, with their secrets, as they are before these changes.
    pub fn starting(&self, table: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.store.secrets_starting(table, prefix)
    }

    pub fn put(&mut self, table: &str, name: &str, value: &str) {
        self.batch.put(secret_key(table, name), value);
    }

    pub fn delete(&mut self, table: &str, name: &str) {
        self.batch.delete(secret_key(table, name));
    }
}

impl RecordStore {
    /// A secret of a table.
    pub fn secret(&self, table: &str, name: &str) -> Result<Option<String>, StoreError> {
        let value = self.kv.get(&secret_key(table, name))?;
        Ok(value.map(|v| String::from_utf8_lossy(&v).into_owned()))
    }

    /// Changes secrets by what they are, all or none; durable when this returns.
    pub fn change_secrets<T>(
        &self,
        change: impl FnOnce(&mut Secrets<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        Ok(self.put_with_secrets(Vec::new(), change)?.1)
    }

    /// Keeps a secret, or takes it out; durable when this returns.
    pub fn put_secret(&self, table: &str, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.change_secrets(|secrets| {
            match value {
                Some(value) => secrets.put(table, name, value),
                None => secrets.delete(table, name),
            }
            Ok(())
        })
    }

    /// All names and secrets of a table.
    pub fn secrets(&self, table: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.secrets_starting(table, "")
    }

    /// The names of a table that begin so, with their secrets.
    pub fn secrets_starting(&self, table: &str, start: &str) -> Result<Vec<(String, String)>, StoreError> {
        let name_at = secret_key(table, "").len();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = self.collect(&secret_key(table, start))?;
        Ok(found.iter().map(|(key, value)| (text(&key[name_at..]), text(value))).collect())
    }
}

pub(super) fn secret_key(table: &str, name: &str) -> Vec<u8> {
    key(&[b"s", table.as_bytes(), b"\0", name.as_bytes()])
}
