//! Secrets, which are no records: hashes of passwords, sessions. They have no history, and no export has them.

use super::{RecordStore, StoreError, kv::Batch, records::key};

impl RecordStore {
    /// A secret of a table.
    pub fn secret(&self, table: &str, name: &str) -> Result<Option<String>, StoreError> {
        let value = self.kv.get(&secret_key(table, name))?;
        Ok(value.map(|v| String::from_utf8_lossy(&v).into_owned()))
    }

    /// Keeps a secret, or takes it out; durable when this returns.
    pub fn put_secret(&self, table: &str, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        match value {
            Some(value) => batch.put(secret_key(table, name), value),
            None => batch.delete(secret_key(table, name)),
        }
        self.kv.apply(batch)
    }

    /// All names and secrets of a table.
    pub fn secrets(&self, table: &str) -> Result<Vec<(String, String)>, StoreError> {
        let prefix = secret_key(table, "");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(self.collect(&prefix)?.iter().map(|(key, value)| (text(&key[prefix.len()..]), text(value))).collect())
    }
}

pub(super) fn secret_key(table: &str, name: &str) -> Vec<u8> {
    key(&[b"s", table.as_bytes(), b"\0", name.as_bytes()])
}
