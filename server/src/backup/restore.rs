//! Makes a data directory of a backup.
//!
//! A backup may come from anywhere: only entries of the names and in the order that we write are taken, none is read
//! beyond its bound, and every change and original proves itself. Everything is written aside, inside the data
//! directory since that may be a mount of its own, and takes its place when it is whole.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use indexer::corpus::documents::MAX_UPLOAD;
use serde::de::DeserializeOwned;

use super::{
    BackupError, CHANGES, END, End, FILES, FORMAT, IMPORTS, MANIFEST, MAX_LINE, MAX_SMALL, METAS, Manifest, SECRETS,
    chunk_name, file_name,
};
use crate::{
    report::{Report, progress},
    sharing::{Files, Sha256Hex, originals},
    store::{Backend, FullChange, Head, Restoring, StoreError},
};

/// The folder inside the data directory in which it is put together.
const ASIDE: &str = ".restoring";
/// Bytes read behind the end of the archive: its padding, and the checksum of the compression.
const TRAILER: u64 = 1 << 20;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub head: Head,
    pub made: jiff::Timestamp,
    pub end: End,
}

/// Restores a backup into a data directory that is empty or does not exist.
pub fn restore(backend: Backend, from: &Path, data: &Path, tell: &mut Report<'_>) -> Result<Restored, BackupError> {
    let failed = |source| BackupError::Io { path: from.display().to_string(), source };
    let file = File::open(from).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("不是文件")));
    }
    let aside = Aside::new(data)?;
    let restored = Reader::new(backend, &aside.path)?.read(file, tell)?;
    aside.into_place()?;
    Ok(restored)
}

/// The folder in which a data directory is put together; gone when this is.
struct Aside<'a> {
    data: &'a Path,
    path: PathBuf,
    /// Whether the data directory was not there before.
    made: bool,
    /// Holds others off.
    _lock: File,
}

impl<'a> Aside<'a> {
    fn new(data: &'a Path) -> Result<Self, BackupError> {
        let failed = |source| BackupError::Io { path: data.display().to_string(), source };
        let made = !data.exists();
        fs::create_dir_all(data).map_err(failed)?;
        let lock = File::open(data).map_err(failed)?;
        lock.try_lock().map_err(|_| BackupError::Restoring(data.display().to_string()))?;
        for entry in fs::read_dir(data).map_err(failed)? {
            // What a killed restore left is no data.
            if entry.map_err(failed)?.file_name() != ASIDE {
                return Err(BackupError::NotEmpty(data.display().to_string()));
            }
        }
        let path = data.join(ASIDE);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(failed)?;
        }
        fs::create_dir(&path).map_err(failed)?;
        Ok(Self { data, path, made, _lock: lock })
    }

    /// The originals first: without a store, they are no data directory.
    fn into_place(mut self) -> Result<(), BackupError> {
        let failed = |source| BackupError::Io { path: self.data.display().to_string(), source };
        let [files, store] = ["files", "store"].map(|name| (self.path.join(name), self.data.join(name)));
        if files.1.exists() || store.1.exists() {
            // A service was started in it meanwhile.
            return Err(BackupError::NotEmpty(self.data.display().to_string()));
        }
        let take = |(from, to): &(PathBuf, PathBuf)| sync_folders(from).and_then(|()| fs::rename(from, to));
        if files.0.exists() {
            take(&files).map_err(failed)?;
        }
        if let Err(error) = take(&store) {
            let _ = fs::remove_dir_all(&files.1);
            return Err(failed(error));
        }
        self.made = false;
        File::open(self.data).and_then(|dir| dir.sync_all()).map_err(failed)
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
        if self.made {
            // Not where somebody has put something there meanwhile.
            let _ = fs::remove_dir(self.data);
        }
    }
}

/// Makes the names in a folder and those below it durable.
fn sync_folders(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(dir)?.sync_all()
}

type Entry<'a> = tar::Entry<'a, GzDecoder<BufReader<File>>>;

struct Reader {
    store: Restoring,
    files: Files,
    manifest: Option<Manifest>,
    end: Option<End>,
    /// What was read of metas, secrets, imports, changes: lines, and entries.
    read: [u64; 4],
    chunks: [u64; 4],
    /// The folder that entries come from now; none before it may follow.
    stage: usize,
    named: BTreeSet<String>,
    kept: BTreeSet<String>,
}

/// Folders of entries in their order; those of lines first.
const STAGES: [&str; 5] = [METAS, SECRETS, IMPORTS, CHANGES, FILES];

impl Reader {
    fn new(backend: Backend, dir: &Path) -> Result<Self, BackupError> {
        Ok(Self {
            store: Restoring::begin(backend, &dir.join("store"))?,
            files: Files::new(dir.join("files")),
            manifest: None,
            end: None,
            read: [0; 4],
            chunks: [0; 4],
            stage: 0,
            named: BTreeSet::new(),
            kept: BTreeSet::new(),
        })
    }

    fn read(mut self, file: File, tell: &mut Report<'_>) -> Result<Restored, BackupError> {
        let mut archive = tar::Archive::new(GzDecoder::new(BufReader::new(file)));
        // Raw: nothing in the archive names or links anything else than what we look at.
        for entry in archive.entries().map_err(unreadable)?.raw(true) {
            self.entry(entry.map_err(unreadable)?, tell)?;
        }
        io::copy(&mut archive.into_inner().take(TRAILER), &mut io::sink()).map_err(unreadable)?;
        self.finish()
    }

    fn entry(&mut self, mut entry: Entry<'_>, tell: &mut Report<'_>) -> Result<(), BackupError> {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() {
            return Err(wrong(&name, "不是普通文件"));
        }
        if self.end.is_some() {
            return Err(wrong(&name, "在结尾之后"));
        }
        let Some(manifest) = self.manifest.clone() else {
            if name != MANIFEST {
                return Err(BackupError::Archive("不是官搜的备份（第一项应为 backup.json）".into()));
            }
            let manifest: Manifest = small(&mut entry, MANIFEST)?;
            if manifest.format != FORMAT {
                return Err(BackupError::Newer { found: manifest.format });
            }
            self.manifest = Some(manifest);
            return Ok(());
        };
        if name == END {
            self.end = Some(small(&mut entry, END)?);
            return Ok(());
        }
        let folder = name.split('/').next().unwrap_or_default();
        let stage = STAGES.iter().position(|stage| *stage == folder).filter(|stage| *stage >= self.stage);
        let stage = stage.ok_or_else(|| wrong(&name, "不该有，或次序不对"))?;
        self.stage = stage;
        if folder == FILES {
            return self.file(&mut entry, &name, tell);
        }
        self.chunks[stage] += 1;
        if name != chunk_name(folder, self.chunks[stage]) {
            return Err(wrong(&name, "不该有，或次序不对"));
        }
        let mut lines = Lines { reader: BufReader::new(entry), name: &name, number: 0, bytes: Vec::new() };
        match folder {
            METAS => {
                while let Some((key, value)) = lines.next::<(String, String)>()? {
                    self.read[stage] += 1;
                    self.store.meta(&key, &value).map_err(|e| lines.refused(e))?;
                }
            }
            SECRETS => {
                while let Some((table, key, value)) = lines.next::<(String, String, String)>()? {
                    self.read[stage] += 1;
                    self.store.secret(&table, &key, &value).map_err(|e| lines.refused(e))?;
                }
            }
            IMPORTS => {
                while let Some((tag, id)) = lines.next::<(String, String)>()? {
                    self.read[stage] += 1;
                    self.store.import(&tag, &id).map_err(|e| lines.refused(e))?;
                }
            }
            _ => {
                while let Some(change) = lines.next::<FullChange>()? {
                    self.read[stage] += 1;
                    let record = self.store.change(&change).map_err(|e| lines.refused(e))?;
                    self.named.extend(originals(&record).map(|hash| hash.to_string()));
                    progress(tell, "恢复记录", change.sequence, manifest.sequence).map_err(BackupError::Stopped)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, entry: &mut Entry<'_>, name: &str, tell: &mut Report<'_>) -> Result<(), BackupError> {
        let hash: Option<Sha256Hex> = name.rsplit('/').next().and_then(|hash| hash.parse().ok());
        let hash = hash.filter(|hash| file_name(&hash.to_string()) == name).ok_or_else(|| wrong(name, "名称不对"))?;
        if !self.named.contains(&hash.to_string()) {
            return Err(wrong(name, "没有记录用到这个原件"));
        }
        if !self.kept.insert(hash.to_string()) {
            return Err(wrong(name, "重复"));
        }
        let bytes = bounded(entry, name, MAX_UPLOAD)?;
        if Sha256Hex::of(&bytes) != hash {
            return Err(wrong(name, "内容与摘要不符"));
        }
        self.files.keep(&hash, &bytes)?;
        progress(tell, "恢复原件", self.kept.len() as u64, self.named.len() as u64).map_err(BackupError::Stopped)
    }

    /// Whether everything that was announced has come.
    fn finish(self) -> Result<Restored, BackupError> {
        let short = |what: String| BackupError::Archive(format!("不完整：{what}"));
        let manifest = self.manifest.ok_or_else(|| short("没有内容".into()))?;
        let end = self.end.ok_or_else(|| short("没有结尾，文件被截断".into()))?;
        let due = [manifest.metas, manifest.secrets, manifest.imports, manifest.sequence];
        for ((folder, due), read) in STAGES.iter().zip(due).zip(self.read) {
            if due != read {
                return Err(short(format!("{folder} 应有 {due} 行，实有 {read} 行")));
            }
        }
        let missing: BTreeSet<String> = end.missing.iter().cloned().collect();
        if let Some(hash) = self.named.iter().find(|hash| self.kept.contains(*hash) == missing.contains(*hash)) {
            return Err(short(format!("原件 {hash} 与结尾所记不符")));
        }
        if end.files != self.kept.len() as u64 {
            return Err(short(format!("应有 {} 个原件，实有 {} 个", end.files, self.kept.len())));
        }
        let head = self.store.finish()?;
        if head != (Head { sequence: manifest.sequence, link: manifest.link }) {
            return Err(BackupError::Archive("末尾的链接与 backup.json 所记不符".into()));
        }
        Ok(Restored { head, made: manifest.made, end })
    }
}

/// The lines of an entry.
struct Lines<'a, R> {
    reader: BufReader<R>,
    name: &'a str,
    number: u64,
    bytes: Vec<u8>,
}

impl<R: Read> Lines<'_, R> {
    fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, BackupError> {
        self.bytes.clear();
        self.number += 1;
        let mut bounded = (&mut self.reader).take(MAX_LINE as u64 + 1);
        let read = bounded.read_until(b'\n', &mut self.bytes).map_err(unreadable)?;
        if read == 0 {
            return Ok(None);
        }
        if read > MAX_LINE {
            return Err(self.wrong(&format!("超过 {} MiB", MAX_LINE >> 20)));
        }
        serde_json::from_slice(&self.bytes).map(Some).map_err(|e| self.wrong(&format!("无法解读（{e}）")))
    }

    fn wrong(&self, what: &str) -> BackupError {
        wrong(self.name, &format!("第 {} 行{what}", self.number))
    }

    /// What the store refuses is the archive's fault; that it cannot write is not.
    fn refused(&self, error: StoreError) -> BackupError {
        match error {
            StoreError::Refused { .. } | StoreError::Damaged { .. } => self.wrong(&format!("：{error}")),
            error => error.into(),
        }
    }
}

fn small<T: DeserializeOwned>(entry: &mut Entry<'_>, name: &str) -> Result<T, BackupError> {
    let bytes = bounded(entry, name, MAX_SMALL)?;
    serde_json::from_slice(&bytes).map_err(|e| wrong(name, &format!("无法解读（{e}）")))
}

fn bounded(entry: &mut Entry<'_>, name: &str, most: usize) -> Result<Vec<u8>, BackupError> {
    if entry.size() > most as u64 {
        return Err(wrong(name, &format!("超过 {} MiB", most >> 20)));
    }
    let mut bytes = Vec::new();
    entry.take(most as u64).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// Characters of an entry's name that are reported: ours are shorter.
const NAME_CHARS: usize = 100;

fn wrong(name: &str, what: &str) -> BackupError {
    let name: String = name.chars().take(NAME_CHARS).flat_map(char::escape_debug).collect();
    BackupError::Archive(format!("其中的 {name} {what}"))
}

fn unreadable(error: io::Error) -> BackupError {
    BackupError::Archive(match error.kind() {
        io::ErrorKind::UnexpectedEof => "文件不完整，被截断".into(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
            format!("不是完好的 .tar.gz（{error}）")
        }
        _ => format!("读不下去（{error}）"),
    })
}
