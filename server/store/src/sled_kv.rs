//! sled behind [`Kv`]. Its `flush` does not fsync on Linux, so we do.

use std::{
    fs::{self, File},
    io,
    ops::ControlFlow,
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use super::{
    StoreError,
    caught::caught,
    kv::{Batch, Kv, Visit},
};

/// Memory for sled's pages; the default of 1 GiB would exceed what the whole service may take.
const CACHE_BYTES: u64 = 64 << 20;

/// Longest time for a commit. sled waits without end for a write that has failed on another of its threads; the slowest disk
/// that still works answers in a few seconds.
const MAX_COMMIT: Duration = Duration::from_secs(20);

pub struct SledKv {
    /// `None` only while it is dropped.
    db: Option<sled::Db>,
    requests: Option<mpsc::Sender<Request>>,
    committer: Option<thread::JoinHandle<()>>,
    /// Whether a commit has failed: sled may then never answer again.
    has_failed: AtomicBool,
}

/// A batch, how many writes it has, and whom to tell.
type Request = (sled::Batch, usize, mpsc::SyncSender<Result<(), StoreError>>);

impl SledKv {
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let failed = |reason: String| StoreError::Open { path: dir.display().to_string(), reason };
        caught(|| {
            remove_unfinished(dir).map_err(|e| failed(e.to_string()))?;
            let db = sled::Config::new()
                .path(dir)
                .cache_capacity(CACHE_BYTES)
                .mode(sled::Mode::HighThroughput)
                // Every batch is flushed before it is acknowledged.
                .flush_every_ms(None)
                .open()
                .map_err(|error| match error {
                    error if is_locked(&error) => StoreError::Locked { path: dir.display().to_string() },
                    other => failed(other.to_string()),
                })?;
            // Kept open: a commit must not fail because no further file can be opened.
            let file = File::open(dir.join("db")).map_err(|e| failed(e.to_string()))?;
            let (sender, requests) = mpsc::channel();
            let tree = db.clone();
            let committer = thread::Builder::new()
                .name("store-committer".into())
                .spawn(move || commit(&tree, &file, &requests))
                .map_err(|e| failed(e.to_string()))?;
            Ok(Self {
                db: Some(db),
                requests: Some(sender),
                committer: Some(committer),
                has_failed: AtomicBool::new(false),
            })
        })
        .map_err(|error| match error {
            error @ (StoreError::Open { .. } | StoreError::Locked { .. }) => error,
            other => failed(other.to_string()),
        })
    }

    fn db(&self) -> Result<&sled::Db, StoreError> {
        self.db.as_ref().ok_or_else(|| StoreError::Engine("记录库已关闭".into()))
    }
}

/// Whether another has the database open. sled has no error of its own for it, and makes one of the lock's with these words;
/// a test of both backends holds them to it.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock"))
}

/// Removes snapshots that were being written when the process or the disk failed. They shorten the next start and hold
/// nothing of their own; sled renames a finished one, but takes an unfinished one for damage.
fn remove_unfinished(dir: &Path) -> io::Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Writes batches one by one and makes each durable before it answers.
fn commit(db: &sled::Db, file: &File, requests: &mpsc::Receiver<Request>) {
    while let Ok((batch, writes, done)) = requests.recv() {
        let written = caught(|| {
            db.apply_batch(batch).map_err(engine)?;
            db.flush().map_err(engine)?;
            file.sync_all().map_err(|e| StoreError::Engine(e.to_string()))
        });
        free_replaced(writes);
        // Whoever asked may have given up.
        let _ = done.send(written);
    }
}

/// Writes after which replaced pages are looked through once. A look frees eight bags of 64 at most, and a write leaves
/// some three behind: the page as it was, its parent's where it is split, what told of its place on the disk.
const WRITES_A_LOOK: usize = 128;

/// Frees what sled has replaced. It leaves that to crossbeam's epochs, which look through a little of it at every 128th time
/// that a thread begins to read or write; a batch of thousands of writes is one such time, so that an import would leave
/// behind more than is ever freed: every state of every page in memory, and on the disk the segments that are not given back
/// before these states are gone.
fn free_replaced(writes: usize) {
    // Two more, since what was just replaced is freed when all have gone on twice.
    for _ in 0..writes / WRITES_A_LOOK + 2 {
        crossbeam_epoch::pin().flush();
    }
}

/// The committer holds the database too: whoever opens it next must find it free. sled writes what it still holds when it
/// is dropped, which it must not after a failure, and may never end.
impl Drop for SledKv {
    fn drop(&mut self) {
        drop(self.requests.take());
        let (db, committer) = (self.db.take(), self.committer.take());
        if self.has_failed.load(Ordering::SeqCst) {
            std::mem::forget(db);
            return;
        }
        let closed = caught(|| {
            drop(committer.map(thread::JoinHandle::join));
            drop(db);
            Ok(())
        });
        if let Err(error) = closed {
            tracing::error!(%error, "the database was not closed in order");
        }
    }
}

impl Kv for SledKv {
    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let (mut writes, count) = (sled::Batch::default(), batch.writes.len());
        for (key, value) in batch.writes {
            match value {
                Some(value) => writes.insert(key, value),
                None => writes.remove(key),
            }
        }
        let gone = || StoreError::Engine("写入线程已停止".into());
        let (done, wait) = mpsc::sync_channel(1);
        let sent = self.requests.as_ref().ok_or_else(gone)?.send((writes, count, done)).map_err(|_| gone());
        let written = sent.and_then(|()| match wait.recv_timeout(MAX_COMMIT) {
            Ok(written) => written,
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(gone()),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                Err(StoreError::Engine(format!("写入在 {} 秒内没有完成", MAX_COMMIT.as_secs())))
            }
        });
        written.inspect_err(|_| self.has_failed.store(true, Ordering::SeqCst))
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        caught(|| Ok(self.db()?.get(key).map_err(engine)?.map(|v| v.to_vec())))
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let mut items = self.db()?.range(from.max(prefix).to_vec()..);
        while let Some((key, value)) = caught(|| items.next().transpose().map_err(engine))? {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_snapshot_is_no_damage() {
        let dir = tempfile::tempdir().unwrap();
        let mut batch = Batch::default();
        batch.put("a", "甲");
        SledKv::open(dir.path()).unwrap().apply(batch).unwrap();
        fs::write(dir.path().join("snap.FFFFFFFFFFFFFFFF.generating"), b"half").unwrap();
        let kv = SledKv::open(dir.path()).unwrap();
        assert_eq!(kv.get(b"a").unwrap().as_deref(), Some("甲".as_bytes()));
    }
}
