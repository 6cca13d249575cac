//! Whether a data directory is whole: what was acknowledged, log, current revisions, listings, originals, index.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::Result;
use indexer::index::{Generation, IndexError, current_number, generation_dir, seal};

use crate::{
    report::{Report, Said, progress},
    sharing::{Files, Sha256Hex, SharingError, Stored, originals},
    store::{RecordStore, StoreError, audit},
};

/// Originals without a record younger than this wait for the confirmation of their upload.
const UNCONFIRMED: Duration = Duration::from_secs(24 * 60 * 60);
/// Faults told by name; a broken store has thousands.
const MAX_REPORTED: u64 = 200;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub changes: u64,
    pub originals: u64,
    pub faults: u64,
    pub orphans: u64,
    pub orphan_bytes: u64,
    pub removed: u64,
}

/// Checks everything below `data`, whose store is open; faults are reported as they are found. With `remove_orphans`,
/// originals that no record names are deleted, unless they may still be confirmed.
pub fn check(store: &RecordStore, data: &Path, remove_orphans: bool, tell: &mut Report<'_>) -> Result<Found> {
    let mut check = Check { store, tell, found: Found::default(), ended: None };
    check.acknowledged()?;
    check.log()?;
    check.current()?;
    check.index(&data.join("index"))?;
    let named = check.named()?;
    let files = Files::new(data.join("files"));
    check.originals(&files, &named)?;
    check.orphans(&files, &named, remove_orphans)?;
    Ok(check.found)
}

struct Check<'a, 'b> {
    store: &'a RecordStore,
    tell: &'a mut Report<'b>,
    found: Found,
    /// Why nobody listens any more.
    ended: Option<io::Error>,
}

impl Check<'_, '_> {
    fn fault(&mut self, what: String) -> io::Result<()> {
        self.found.faults += 1;
        match self.found.faults {
            n if n <= MAX_REPORTED => (self.tell)(Said::Line(what)),
            n if n == MAX_REPORTED + 1 => (self.tell)(Said::Line("……其余的不再逐条列出".into())),
            _ => Ok(()),
        }
    }

    /// Tells a fault from inside a walk, which ends where that fails.
    fn noted(&mut self, what: String) {
        if let Err(error) = self.fault(what) {
            self.ended.get_or_insert(error);
        }
    }

    fn step(&mut self, stage: &str, done: u64, total: u64) -> Result<(), StoreError> {
        let told = match self.ended.take() {
            Some(error) => Err(error),
            None => progress(self.tell, stage, done, total),
        };
        told.map_err(|e| StoreError::Engine(format!("没有检查完（{e}）")))
    }

    /// Nothing that was acknowledged is missing, and writing goes on.
    fn acknowledged(&mut self) -> Result<()> {
        match (self.store.closed(), self.store.missing()?) {
            // Says what is missing, too.
            (Some(reason), _) => self.fault(reason.to_owned())?,
            (None, Some(what)) => self.fault(StoreError::Lost { what }.to_string())?,
            (None, None) => {}
        }
        for loss in self.store.accepted_loss()?.iter().flat_map(|losses| losses.lines()) {
            (self.tell)(Said::Note(format!("曾有内容丢失而被承认：{loss}")))?;
        }
        Ok(())
    }

    fn log(&mut self) -> Result<()> {
        let total = self.store.last_sequence()?;
        let verified = audit::verify(self.store, &mut |n| {
            if let Err(error) = self.step("核对变更", n, total) {
                self.ended = Some(io::Error::other(error.to_string()));
            }
        });
        match verified {
            Ok(verified) => {
                self.found.changes = verified.changes;
                verified.faults.into_iter().try_for_each(|fault| self.fault(fault))?;
            }
            Err(error @ StoreError::Damaged { .. }) => self.fault(error.to_string())?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn current(&mut self) -> Result<()> {
        let check = std::cell::RefCell::new(self);
        let store = check.borrow().store;
        let checked = store.check_current(&mut |fault| check.borrow_mut().noted(fault), &mut |done, total| {
            check.borrow_mut().step("核对当前版本与目录", done, total)
        });
        match checked {
            Err(error @ StoreError::Damaged { .. }) => Ok(check.into_inner().fault(error.to_string())?),
            other => Ok(other?),
        }
    }

    /// A generation shows nothing that the store does not have, and its files are as they were written. That it is old
    /// is no fault: it is made anew.
    fn index(&mut self, dir: &Path) -> Result<()> {
        let manifest = match current_number(dir) {
            Ok(None) => return Ok(()),
            Ok(Some(number)) => Generation::read_manifest(&generation_dir(dir, number)),
            Err(error) => Err(error),
        };
        if let Ok(manifest) = &manifest {
            let place = generation_dir(dir, manifest.number);
            for (name, reason) in seal::broken(&place, &manifest.files, |_| true)? {
                let path = place.join(name);
                self.fault(format!("索引文件 {}：{reason}，请运行 guansou index --rebuild", path.display()))?;
            }
        }
        match manifest {
            // Read before the store's end, which only grows.
            Ok(manifest) if manifest.upto > self.store.head().sequence => self.fault(format!(
                "第 {} 代索引显示到第 {} 条变更，超出了记录库：属于别的记录库，请运行 guansou index --rebuild",
                manifest.number, manifest.upto
            ))?,
            Err(error @ (IndexError::Damaged { .. } | IndexError::Io { .. })) => self.fault(error.to_string())?,
            _ => {}
        }
        Ok(())
    }

    /// The originals that records name, in any of their revisions; on the way the public's count is compared.
    fn named(&mut self) -> Result<BTreeSet<String>> {
        let mut named = BTreeSet::new();
        let check = std::cell::RefCell::new(self);
        let store = check.borrow().store;
        let walked =
            store.check_public_log(&mut |fault| check.borrow_mut().noted(fault), &mut |done, total, record| {
                named.extend(originals(record).map(|hash| hash.to_string()));
                check.borrow_mut().step("核对公开变更，查找原件", done, total)
            });
        match walked {
            Err(error @ StoreError::Damaged { .. }) => check.into_inner().fault(error.to_string())?,
            other => other?,
        }
        Ok(named)
    }

    fn originals(&mut self, files: &Files, named: &BTreeSet<String>) -> Result<()> {
        for (done, name) in (1..).zip(named) {
            let Ok(hash) = name.parse::<Sha256Hex>() else { continue };
            match files.read(&hash) {
                Ok(Some(_)) => self.found.originals += 1,
                Ok(None) => self.fault(format!("原件 {name} 缺失"))?,
                Err(SharingError::Io { path, source }) => {
                    self.fault(format!("原件 {name} 有误：{source}（{path}）"))?
                }
                Err(error) => return Err(error.into()),
            }
            self.step("核对原件", done, named.len() as u64)?;
        }
        Ok(())
    }

    fn orphans(&mut self, files: &Files, named: &BTreeSet<String>, remove: bool) -> Result<()> {
        let now = SystemTime::now();
        let mut orphans: Vec<Stored> = Vec::new();
        files.each(&mut |file| {
            let is_named =
                file.hash().is_some_and(|hash| files.path(&hash) == file.path && named.contains(&hash.to_string()));
            if !is_named {
                orphans.push(file);
            }
        })?;
        for orphan in orphans {
            self.found.orphans += 1;
            self.found.orphan_bytes += orphan.size;
            // A clock that was set back makes a file look younger than it is, and it stays.
            let age = now.duration_since(orphan.modified).unwrap_or_default();
            if remove && age > UNCONFIRMED {
                fs::remove_file(&orphan.path)
                    .map_err(|source| SharingError::Io { path: orphan.path.display().to_string(), source })?;
                self.found.removed += 1;
            }
        }
        Ok(())
    }
}
