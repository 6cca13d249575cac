//! Makes a backup.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use serde::Serialize;

use super::{
    BackupError, CHANGES, CHUNK, END, End, FORMAT, IMPORTS, MANIFEST, MAX_LINE, METAS, Manifest, SECRETS, chunk_name,
    file_name, restore,
};
use crate::{
    report::{Report, Said, progress},
    sharing::{Files, Sha256Hex, SharingError, originals},
    store::{Backend, Chain, FullChange, Head, RecordStore, StoreError},
};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub head: Head,
    pub end: End,
    pub bytes: u64,
}

/// Writes a backup to a file that does not exist yet; durable when it returns, and not there at all where it fails. A
/// backup that could not be restored is none: every change is checked on the way, and the whole is restored once, into
/// a folder beside it that is gone afterwards.
pub fn write(store: &RecordStore, files: &Files, to: &Path, tell: &mut Report<'_>) -> Result<Written, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.display().to_string()));
    }
    let aside = Aside::new(to)?;
    let failed = |source| BackupError::Io { path: aside.path.display().to_string(), source };
    let mut archive = Archive::new(&aside.file, &aside.path)?;
    let snapshot = store.snapshot()?;
    archive.json(
        MANIFEST,
        &Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").into(),
            made: archive.made,
            sequence: snapshot.head.sequence,
            link: snapshot.head.link.clone(),
            metas: snapshot.metas.len() as u64,
            secrets: snapshot.secrets.len() as u64,
            imports: snapshot.imports.len() as u64,
        },
    )?;
    archive.lines(METAS, &snapshot.metas)?;
    archive.lines(SECRETS, &snapshot.secrets)?;
    archive.lines(IMPORTS, &snapshot.imports)?;
    let named = changes(store, &snapshot.head, &mut archive, tell)?;
    let end = put_files(files, &named, &mut archive, tell)?;
    archive.json(END, &end)?;
    archive.finish()?;
    aside.file.sync_all().map_err(failed)?;
    let bytes = aside.file.metadata().map_err(failed)?.len();
    prove(&aside.path, &snapshot.head, tell)?;
    aside.keep(to)?;
    Ok(Written { head: snapshot.head, end, bytes })
}

/// Restores what was written, as a trial.
fn prove(written: &Path, head: &Head, tell: &mut Report<'_>) -> Result<(), BackupError> {
    let trial = Trial::new(written)?;
    // The one that proves its pages when it is opened.
    let restored = restore(Backend::Redb, written, &trial.0, &mut |said| {
        tell(match said {
            Said::Progress { stage, done, total } => Said::Progress { stage: format!("试{stage}"), done, total },
            other => other,
        })
    });
    match restored {
        Ok(restored) if restored.head == *head => Ok(()),
        Ok(_) => Err(BackupError::Broken("试恢复得到的日志末尾与记录库的不同".into())),
        Err(BackupError::Archive(what)) => Err(BackupError::Broken(format!("写出的备份不能恢复：{what}"))),
        Err(error) => Err(error),
    }
}

/// A folder for a trial, gone when this is.
struct Trial(PathBuf);

impl Trial {
    fn new(written: &Path) -> Result<Self, BackupError> {
        let mut name = OsString::from(written);
        name.push(".trial");
        let trial = Self(PathBuf::from(name));
        let failed = |source| BackupError::Io { path: trial.0.display().to_string(), source };
        // What a killed backup left.
        if trial.0.exists() {
            fs::remove_dir_all(&trial.0).map_err(failed)?;
        }
        // For its owner's eyes, as the backup.
        fs::DirBuilder::new().mode(0o700).create(&trial.0).map_err(failed)?;
        Ok(trial)
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes the changes; returns the originals that they name.
fn changes(
    store: &RecordStore,
    head: &Head,
    archive: &mut Archive<'_>,
    tell: &mut Report<'_>,
) -> Result<BTreeSet<String>, BackupError> {
    let mut named = BTreeSet::new();
    let (mut chain, mut chunk) = (Chain::default(), Chunk::new(CHANGES));
    let taken = store.full_changes(head.sequence, &mut |change: FullChange| {
        chain.take(&change).map_err(BackupError::Broken)?;
        named.extend(originals(&change.record()?).map(|hash| hash.to_string()));
        chunk.push(&change, archive)?;
        progress(tell, "备份记录", change.sequence, head.sequence).map_err(BackupError::Stopped)
    });
    taken.map_err(|error| match error {
        BackupError::Store(error @ StoreError::Damaged { .. }) => BackupError::Broken(error.to_string()),
        error => error,
    })?;
    if chain.head() != head {
        return Err(BackupError::Broken("日志的末尾与记录库所记的不符".into()));
    }
    chunk.end(archive)?;
    Ok(named)
}

fn put_files(
    files: &Files,
    named: &BTreeSet<String>,
    archive: &mut Archive<'_>,
    tell: &mut Report<'_>,
) -> Result<End, BackupError> {
    let mut end = End::default();
    for (done, name) in (1..).zip(named) {
        let Ok(hash) = name.parse::<Sha256Hex>() else { continue };
        match files.read(&hash) {
            Ok(Some(bytes)) => {
                archive.entry(&file_name(name), &bytes)?;
                end.files += 1;
            }
            // One damaged original must not keep all the rest from being saved; it is reported at the end.
            Ok(None) | Err(SharingError::Io { .. }) => end.missing.push(name.clone()),
            Err(error) => return Err(error.into()),
        }
        progress(tell, "备份原件", done, named.len() as u64).map_err(BackupError::Stopped)?;
    }
    Ok(end)
}

/// The file under another name until it is whole.
struct Aside {
    file: File,
    path: PathBuf,
}

impl Aside {
    fn new(to: &Path) -> Result<Self, BackupError> {
        let mut name = OsString::from(to);
        name.push(".partial");
        let path = PathBuf::from(name);
        let failed = |source| BackupError::Io { path: path.display().to_string(), source };
        // For its owner's eyes: drafts and hashes of passwords are in it.
        let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = open.map_err(failed)?;
        // What a killed backup left is written over; what another is writing is not.
        file.try_lock().map_err(|_| BackupError::Busy(path.display().to_string()))?;
        file.set_len(0).map_err(failed)?;
        Ok(Self { file, path })
    }

    fn keep(self, to: &Path) -> Result<(), BackupError> {
        let failed = |source| BackupError::Io { path: to.display().to_string(), source };
        fs::rename(&self.path, to).map_err(failed)?;
        let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // Has another name by now where all went well.
        let _ = fs::remove_file(&self.path);
    }
}

struct Archive<'a> {
    builder: tar::Builder<GzEncoder<BufWriter<&'a File>>>,
    path: &'a Path,
    made: jiff::Timestamp,
}

impl<'a> Archive<'a> {
    fn new(file: &'a File, path: &'a Path) -> Result<Self, BackupError> {
        let encoder = GzEncoder::new(BufWriter::new(file), Compression::default());
        Ok(Self { builder: tar::Builder::new(encoder), path, made: jiff::Timestamp::now() })
    }

    fn entry(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made.as_second()).unwrap_or_default());
        self.builder.append_data(&mut header, name, bytes).map_err(|e| self.failed(e))
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), BackupError> {
        let bytes = serde_json::to_vec(value).map_err(|e| self.failed(e.into()))?;
        self.entry(name, &bytes)
    }

    fn lines(&mut self, folder: &'static str, values: &[impl Serialize]) -> Result<(), BackupError> {
        let mut chunk = Chunk::new(folder);
        values.iter().try_for_each(|value| chunk.push(value, self))?;
        chunk.end(self)
    }

    fn finish(self) -> Result<(), BackupError> {
        let failed = |source| BackupError::Io { path: self.path.display().to_string(), source };
        let encoder = self.builder.into_inner().map_err(failed)?;
        encoder.finish().and_then(|mut file| file.flush()).map_err(failed)
    }

    fn failed(&self, source: std::io::Error) -> BackupError {
        BackupError::Io { path: self.path.display().to_string(), source }
    }
}

/// Lines gathered into entries.
struct Chunk {
    folder: &'static str,
    number: u64,
    bytes: Vec<u8>,
}

impl Chunk {
    fn new(folder: &'static str) -> Self {
        Self { folder, number: 0, bytes: Vec::new() }
    }

    fn push(&mut self, value: &impl Serialize, archive: &mut Archive<'_>) -> Result<(), BackupError> {
        let line = serde_json::to_vec(value).map_err(|e| archive.failed(e.into()))?;
        if line.len() > MAX_LINE {
            return Err(BackupError::Broken(format!("一次修订超过 {} MiB", MAX_LINE >> 20)));
        }
        if !self.bytes.is_empty() && self.bytes.len() + line.len() >= CHUNK {
            self.end(archive)?;
        }
        self.bytes.extend_from_slice(&line);
        self.bytes.push(b'\n');
        Ok(())
    }

    fn end(&mut self, archive: &mut Archive<'_>) -> Result<(), BackupError> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        self.number += 1;
        archive.entry(&chunk_name(self.folder, self.number), &self.bytes)?;
        self.bytes.clear();
        Ok(())
    }
}
