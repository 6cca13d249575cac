//! sled behind [`Kv`]. Its `flush` does not fsync on Linux, so the committer does.

use std::{
    fs::File,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use super::{
    StoreError,
    kv::{Batch, Kv, Visit},
};

/// Memory for sled's pages; the default of 1 GiB would exceed what the whole service may take.
const CACHE_BYTES: u64 = 64 << 20;
/// Batches joined into one flush. Each waits for the same fsync anyway; the bound keeps one write from growing large.
const MAX_JOINED: usize = 256;

pub struct SledKv {
    db: sled::Db,
    /// `None` only while it is dropped.
    requests: Option<mpsc::Sender<Request>>,
    committer: Option<thread::JoinHandle<()>>,
}

struct Request {
    batch: Batch,
    done: mpsc::SyncSender<Result<(), String>>,
}

impl SledKv {
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let open = |reason: String| StoreError::Open { path: dir.display().to_string(), reason };
        let db = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .mode(sled::Mode::HighThroughput)
            // Every batch is flushed by the committer before it is acknowledged.
            .flush_every_ms(None)
            .open()
            .map_err(|e| open(e.to_string()))?;
        let file = dir.join("db");
        let (sender, requests) = mpsc::channel();
        let tree = db.clone();
        let committer = thread::Builder::new()
            .name("store-committer".into())
            .spawn(move || commit(&tree, &file, &requests))
            .map_err(|e| open(e.to_string()))?;
        Ok(Self { db, requests: Some(sender), committer: Some(committer) })
    }
}

/// The committer holds the database too: whoever opens it next must find it free.
impl Drop for SledKv {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(committer) = self.committer.take() {
            let _ = committer.join();
        }
    }
}

/// Joins waiting batches, writes them, makes them durable, then answers.
fn commit(db: &sled::Db, file: &PathBuf, requests: &mpsc::Receiver<Request>) {
    while let Ok(first) = requests.recv() {
        let mut joined = vec![first];
        while let Some(next) = (joined.len() < MAX_JOINED).then(|| requests.try_recv().ok()).flatten() {
            joined.push(next);
        }
        let mut batch = sled::Batch::default();
        for (key, value) in joined.iter_mut().flat_map(|r| r.batch.writes.drain(..)) {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let written = db
            .apply_batch(batch)
            .and_then(|()| db.flush())
            .map_err(|e| e.to_string())
            .and_then(|_| File::open(file).and_then(|f| f.sync_all()).map_err(|e| e.to_string()));
        for request in joined {
            // Whoever asked may have gone; the write stands all the same.
            let _ = request.done.send(written.clone());
        }
    }
}

impl Kv for SledKv {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let gone = || StoreError::Engine("写入线程已停止".into());
        let (done, wait) = mpsc::sync_channel(1);
        let requests = self.requests.as_ref().ok_or_else(gone)?;
        requests.send(Request { batch, done }).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?.map_err(StoreError::Engine)
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key).map_err(engine)?.map(|v| v.to_vec()))
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        for item in self.db.range(from.max(prefix).to_vec()..) {
            let (key, value) = item.map_err(engine)?;
            if !key.starts_with(prefix) || visit(&key, &value) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }
}

fn engine(error: sled::Error) -> StoreError {
    StoreError::Engine(error.to_string())
}
