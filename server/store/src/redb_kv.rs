//! redb behind [`Kv`]: a commit is durable when it returns, and every page proves itself when the file is opened.

use std::{ops::ControlFlow, path::Path};

use redb::{Database, ReadableDatabase, TableDefinition};

use super::{
    StoreError,
    caught::caught,
    kv::{Batch, Kv, Visit},
};

const TABLE: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");
/// Memory for redb's pages, as for sled.
const CACHE_BYTES: usize = 64 << 20;

pub struct RedbKv {
    db: Database,
}

impl RedbKv {
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let failed = |reason: String| StoreError::Open { path: file.display().to_string(), reason };
        caught(|| {
            let mut builder = Database::builder();
            // Pages are not checked when they are read, so that a damaged one would be taken for what was written.
            builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
            let db = builder.create(file).map_err(|error| match error {
                redb::DatabaseError::DatabaseAlreadyOpen => StoreError::Locked { path: file.display().to_string() },
                other => failed(other.to_string()),
            })?;
            let kv = Self { db };
            // Makes the table, so that readers never meet a database without it.
            kv.write(&Batch::default()).map_err(|e| failed(e.to_string()))?;
            Ok(kv)
        })
        .map_err(|error| match error {
            error @ (StoreError::Open { .. } | StoreError::Locked { .. }) => error,
            other => failed(other.to_string()),
        })
    }

    fn write(&self, batch: &Batch) -> Result<(), redb::Error> {
        let transaction = self.db.begin_write()?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (key, value) in &batch.writes {
                match value {
                    Some(value) => table.insert(key.as_slice(), value.as_slice())?,
                    None => table.remove(key.as_slice())?,
                };
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, redb::Error> {
        let table = self.db.begin_read()?.open_table(TABLE)?;
        Ok(table.get(key)?.map(|v| v.value().to_vec()))
    }

    fn walk(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), redb::Error> {
        let table = self.db.begin_read()?.open_table(TABLE)?;
        for item in table.range::<&[u8]>(from.max(prefix)..)? {
            let (key, value) = item?;
            if !key.value().starts_with(prefix) || visit(key.value(), value.value()) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }
}

impl Kv for RedbKv {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() { Ok(()) } else { caught(|| self.write(&batch).map_err(engine)) }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        caught(|| self.read(key).map_err(engine))
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.walk(prefix, from, visit).map_err(engine)
    }
}

fn engine(error: redb::Error) -> StoreError {
    StoreError::Engine(error.to_string())
}
