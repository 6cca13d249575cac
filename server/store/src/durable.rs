//! The one way by which anything is written: each batch is counted, and the count noted outside the database when the batch
//! is on the disk.
//!
//! After an error nobody knows whether the batch will be there: the database may hold it in memory, or on a disk whose last
//! `fsync` failed and whose next one would succeed all the same. Writing on would then build on what may be gone, or number
//! another change the same. So the first error closes the store for writing until it is opened again, which proves what
//! is there.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{
    StoreError,
    anchor::{Anchor, Mark},
    kv::{Batch, Kv, Visit},
    layout::Head,
};

/// The fact that holds the number of commits, written with each.
pub(super) const COMMITS: &str = "commits";
/// File that tells the next start that writing failed.
pub(super) const FAILED_FILE: &str = "failed";

pub(super) struct Durable {
    kv: Arc<dyn Kv>,
    /// None for a database that stands alone, as in tests.
    anchor: Option<Anchor>,
    /// Where [`FAILED_FILE`] is left.
    dir: Option<PathBuf>,
    commits: Mutex<u64>,
    /// Why nothing is written any more.
    closed: OnceLock<String>,
}

impl Durable {
    pub fn new(kv: Arc<dyn Kv>, anchor: Option<(Anchor, PathBuf)>, commits: u64) -> Self {
        let (anchor, dir) = anchor.unzip();
        Self { kv, anchor, dir, commits: Mutex::new(commits), closed: OnceLock::new() }
    }

    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        #[cfg(any(test, feature = "testing"))]
        serving::check();
        self.kv.get(key)
    }

    pub fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        #[cfg(any(test, feature = "testing"))]
        serving::check();
        self.kv.scan(prefix, from, visit)
    }

    /// Writes a batch, after which the audit log ends at `head`; on the disk, and noted, when this returns.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] once any write has failed. The first error closes the store.
    pub fn apply(&self, mut batch: Batch, head: &Head) -> Result<(), StoreError> {
        #[cfg(any(test, feature = "testing"))]
        serving::check();
        let mut commits = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked also where there is nothing to write: what a failed write left must not pass for stored.
        if let Some(reason) = self.closed.get() {
            return Err(StoreError::ReadOnly { reason: reason.clone() });
        }
        if batch.is_empty() {
            return Ok(());
        }
        let mark = Mark { commits: *commits + 1, head: head.clone() };
        batch.put([&b"m"[..], COMMITS.as_bytes()].concat(), mark.commits.to_string());
        let written = self.kv.apply(batch).and_then(|()| self.note(&mark));
        match &written {
            Ok(()) => *commits = mark.commits,
            Err(error) => self.close(error.to_string()),
        }
        written
    }

    fn note(&self, mark: &Mark) -> Result<(), StoreError> {
        let Some(anchor) = &self.anchor else { return Ok(()) };
        anchor.note(mark).map_err(|e| StoreError::Engine(format!("无法在库外记下写入的次序（{e}）")))
    }

    /// What the file outside says now; `None` where there is none.
    pub fn noted(&self) -> Result<Option<super::anchor::Noted>, StoreError> {
        self.anchor.as_ref().map(Anchor::read).transpose()
    }

    /// Counts on from what the database says.
    pub fn go_on_from(&self, commits: u64) {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner) = commits;
    }

    /// Notes the state as it is: one commit may have come to the disk without its note.
    pub fn note_again(&self, head: &Head) -> Result<(), StoreError> {
        self.note(&Mark { commits: self.commits(), head: head.clone() })
    }

    /// Batches written so far.
    pub fn commits(&self) -> u64 {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets nothing be written from now on.
    pub fn close(&self, reason: String) {
        tracing::error!(reason, "the store is closed for writing");
        // Where even this cannot be written, the next start still proves what was written after the last mark.
        if let Some(dir) = &self.dir {
            let _ = std::fs::write(dir.join(FAILED_FILE), &reason);
        }
        let _ = self.closed.set(reason);
    }

    /// Opens for reading alone.
    pub fn close_quietly(&self, reason: String) {
        let _ = self.closed.set(reason);
    }

    /// Why nothing is written any more; `None` while all is well.
    pub fn closed(&self) -> Option<&str> {
        self.closed.get().map(String::as_str)
    }
}

/// For tests: threads that serve connections, on which nothing may wait for the disk.
#[cfg(any(test, feature = "testing"))]
pub mod serving {
    use std::cell::Cell;

    thread_local! {
        static SERVING: Cell<bool> = const { Cell::new(false) };
    }

    struct Over;

    impl Drop for Over {
        fn drop(&mut self) {
            SERVING.set(false);
        }
    }

    /// Does a piece of serving; the store may not be asked meanwhile on this thread.
    pub fn serve<T>(piece: impl FnOnce() -> T) -> T {
        let _over = Over;
        SERVING.set(true);
        piece()
    }

    pub(super) fn check() {
        assert!(!SERVING.get(), "the store was asked on a thread that serves connections");
    }

    #[test]
    fn the_store_is_not_asked_where_connections_are_served() {
        check();
        assert!(std::panic::catch_unwind(|| serve(check)).is_err());
        serve(|| std::thread::spawn(check).join().unwrap());
        check();
    }
}
