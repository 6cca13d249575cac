//! Opening a store: what is there is compared with what was acknowledged, and what was written after the last
//! acknowledgement is proved, before anything is written.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use super::{
    Backend, RecordStore, StoreError,
    anchor::{Anchor, Mark, Noted},
    audit,
    durable::{COMMITS, Durable, FAILED_FILE},
    kv::Kv,
    layout::{End, FORMAT, FORMAT_WITH_LISTINGS, FORMAT_WITH_PUBLIC_COUNT, Head, LISTINGS},
    listings, open_kv,
};

/// Fact that tells that a loss was accepted, and which.
const ACCEPTED: &str = "accepted-loss";

impl RecordStore {
    /// Opens the store in `dir` for reading and writing.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where less is there than was acknowledged; [`StoreError::Damaged`] where what was written after
    /// the last acknowledgement, or after a failed write, does not prove itself.
    pub fn open(backend: Backend, dir: &Path) -> Result<Self, StoreError> {
        let (store, noted) = Self::unproven(backend, dir)?;
        store.prove(noted, dir)?;
        store.migrate()
    }

    /// Opens the store in `dir` for reading alone, whatever is missing of it: why [`open`](Self::open) would refuse is
    /// reported by [`closed`](Self::closed).
    pub fn open_to_examine(backend: Backend, dir: &Path) -> Result<Self, StoreError> {
        let (store, noted) = Self::unproven(backend, dir)?;
        match store.prove(noted, dir) {
            Ok(()) => store.migrate(),
            Err(error) => {
                store.kv.close_quietly(error.to_string());
                let told = store.public_count()?;
                store.lock().public_changes = told;
                Ok(store)
            }
        }
    }

    /// A store over an open database that stands alone.
    pub fn over(kv: Arc<dyn Kv>) -> Result<Self, StoreError> {
        Self::read(Durable::new(kv, None, 0))?.migrate()
    }

    /// Goes on from what is there, whatever was acknowledged beyond it; what that was, `None` where nothing is missing.
    /// The loss stays noted in the store.
    pub fn accept_loss(backend: Backend, dir: &Path) -> Result<Option<String>, StoreError> {
        let (store, noted) = Self::unproven(backend, dir)?;
        let what = match store.prove(noted, dir) {
            Ok(()) => return Ok(None),
            Err(StoreError::Lost { what }) => what,
            Err(error) => return Err(error),
        };
        drop(store);
        let path = dir.join(super::anchor::FILE);
        fs::remove_file(&path).map_err(|source| StoreError::Io { path: path.display().to_string(), source })?;
        let store = Self::open(backend, dir)?;
        let before = store.accepted_loss()?.map(|before| format!("{before}\n")).unwrap_or_default();
        store.put_meta(ACCEPTED, &format!("{before}{}：{what}", (store.clock)()))?;
        Ok(Some(what))
    }

    /// The losses that were accepted, a line each: when, and what.
    pub fn accepted_loss(&self) -> Result<Option<String>, StoreError> {
        self.meta(ACCEPTED)
    }

    /// Why nothing can be written; `None` while all is well.
    pub fn closed(&self) -> Option<&str> {
        self.kv.closed()
    }

    /// As after a failed write.
    #[cfg(any(test, feature = "testing"))]
    pub fn close_for_test(&self, reason: &str) {
        self.kv.close(reason.to_owned());
    }

    /// What of the acknowledged is missing or other than it was; `None`: nothing. Writers wait meanwhile.
    pub fn missing(&self) -> Result<Option<String>, StoreError> {
        let _end = self.lock();
        Ok(match self.kv.noted()? {
            None => None,
            Some(Noted::Nothing | Noted::Damaged) => Some("库外所记的写入次序（store/anchor）读不出".into()),
            Some(Noted::Mark(mark)) => self.lost(&mark)?,
        })
    }

    fn unproven(backend: Backend, dir: &Path) -> Result<(Self, Noted), StoreError> {
        let kv = open_kv(backend, dir)?;
        let (anchor, noted) = Anchor::open(dir)?;
        Ok((Self::read(Durable::new(kv, Some((anchor, dir.to_owned())), 0))?, noted))
    }

    /// Reads where the store's numbers stand.
    fn read(kv: Durable) -> Result<Self, StoreError> {
        let mut store = Self { kv, writer: Mutex::new(End::default()), clock: jiff::Timestamp::now };
        let found = store.format()?;
        if let Some(found) = found.filter(|found| *found > FORMAT) {
            return Err(StoreError::Newer { found, known: FORMAT });
        }
        let commits = store.meta(COMMITS)?.and_then(|n| n.parse().ok()).unwrap_or(0);
        store.kv.go_on_from(commits);
        let head = Head { sequence: store.last_sequence()?, link: store.meta("link")?.unwrap_or_default() };
        store.writer = Mutex::new(End { head, public_changes: 0 });
        Ok(store)
    }

    fn format(&self) -> Result<Option<u32>, StoreError> {
        Ok(self.meta("format")?.map(|found| found.parse().unwrap_or(u32::MAX)))
    }

    /// Brings a store that an earlier version wrote up to the layout of today.
    fn migrate(self) -> Result<Self, StoreError> {
        let found = self.format()?;
        let is_listed = self.meta(listings::VERSION)?.as_deref() == Some(LISTINGS);
        if found.is_some_and(|found| found < FORMAT_WITH_LISTINGS || !is_listed) {
            self.list_all()?;
        }
        if found.is_some_and(|found| found < FORMAT_WITH_PUBLIC_COUNT) {
            self.number_all()?;
        }
        if found != Some(FORMAT) || !is_listed {
            self.put_metas(&[("format", &FORMAT.to_string()), (listings::VERSION, LISTINGS)])?;
        }
        let told = self.public_count()?;
        self.lock().public_changes = told;
        Ok(self)
    }

    /// Compares with what was noted, and proves what came after it; all of the log where a write had failed before, or
    /// where nothing is noted any more.
    fn prove(&self, noted: Noted, dir: &Path) -> Result<(), StoreError> {
        let failed = dir.join(FAILED_FILE);
        let from = match noted {
            Noted::Mark(mark) => {
                if let Some(what) = self.lost(&mark)? {
                    return Err(StoreError::Lost { what });
                }
                Some(mark.head)
            }
            // New, or written before there was such a note.
            Noted::Nothing if self.kv.commits() == 0 => Some(self.head()),
            Noted::Nothing | Noted::Damaged => {
                tracing::warn!("the note of the last commit is gone; the whole audit log is verified instead");
                None
            }
        };
        let from = from.filter(|_| !failed.exists()).unwrap_or_default();
        let verified = audit::verify_after(self, &from, &mut |_| {})?;
        if let Some(fault) = verified.faults.first() {
            return Err(StoreError::Damaged { key: "变更日志".into(), reason: fault.clone() });
        }
        self.kv.note_again(&self.head())?;
        match fs::remove_file(&failed) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Io { path: failed.display().to_string(), source })
            }
            _ => Ok(()),
        }
    }

    /// What a state that was acknowledged had and the store has not.
    fn lost(&self, mark: &Mark) -> Result<Option<String>, StoreError> {
        let (commits, sequence) = (self.kv.commits(), self.last_sequence()?);
        if sequence < mark.head.sequence {
            return Ok(Some(format!(
                "变更日志的第 {} 至 {} 条不在了（现有 {sequence} 条）",
                sequence + 1,
                mark.head.sequence
            )));
        }
        if mark.head.sequence > 0 && self.link_of(mark.head.sequence)?.as_deref() != Some(&mark.head.link) {
            let what = format!("变更日志的第 {} 条不是确认过的那一条，记录库换过或被改过", mark.head.sequence);
            return Ok(Some(what));
        }
        Ok((commits < mark.commits)
            .then(|| format!("最后 {} 次写入不在了（密码、登录、导入标记等；变更日志完整）", mark.commits - commits)))
    }
}
