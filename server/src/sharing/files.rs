//! Originals of uploads, by the hash of their content; and files that are still coming, which nobody has kept yet.

use std::{
    fmt,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
    time::SystemTime,
};

use indexer::record::is_sha256;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::SharingError;

/// A sha256 in lower-case hex. As it holds nothing else, it can name a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// Of a file's content, read piece by piece.
    pub fn of_file(path: &Path) -> std::io::Result<Self> {
        let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 64 << 10]);
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Self(hex::encode(hash.finalize()))),
                n => hash.update(&piece[..n]),
            }
        }
    }
}

impl FromStr for Sha256Hex {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if is_sha256(text) { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What lies in the folder of originals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub path: PathBuf,
    pub size: u64,
    pub modified: SystemTime,
}

impl Stored {
    fn of(path: PathBuf) -> std::io::Result<Self> {
        let about = fs::symlink_metadata(&path)?;
        Ok(Self { size: about.len(), modified: about.modified()?, path })
    }

    /// The hash that names it; `None` for what is no original, such as what an upload left that was cut off.
    pub fn hash(&self) -> Option<Sha256Hex> {
        self.path.file_name()?.to_str()?.parse().ok()
    }
}

/// A file on disk, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub path: PathBuf,
    pub size: u64,
    pub hash: Sha256Hex,
}

impl Original {
    /// A file that lies somewhere.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let hash = Sha256Hex::of_file(path)?;
        Ok(Self { path: path.to_owned(), size: fs::metadata(path)?.len(), hash })
    }
}

/// A file that is coming in, piece by piece. It lies on disk, for its owner alone, and is gone when this is dropped.
pub struct Arriving {
    aside: NamedTempFile,
    size: u64,
    hash: Sha256,
}

/// A file that has come and is not kept yet; gone when this is dropped.
pub struct Arrived {
    aside: NamedTempFile,
    original: Original,
}

impl Arriving {
    pub fn put(&mut self, piece: &[u8]) -> Result<(), SharingError> {
        self.hash.update(piece);
        self.size += piece.len() as u64;
        self.aside.write_all(piece).map_err(|source| failed(self.aside.path(), source))
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn done(self) -> Arrived {
        let hash = Sha256Hex(hex::encode(self.hash.finalize()));
        let original = Original { path: self.aside.path().to_owned(), size: self.size, hash };
        Arrived { aside: self.aside, original }
    }
}

impl std::ops::Deref for Arrived {
    type Target = Original;

    fn deref(&self) -> &Original {
        &self.original
    }
}

/// Folder of what is coming in, beside the originals: a file becomes one by a new name.
const INCOMING: &str = "incoming";
const DAMAGED: &str = "内容与摘要不符，文件已损坏";
/// What is copied at a time, in bytes.
const PIECE: usize = 64 << 10;

fn failed(path: &Path, source: std::io::Error) -> SharingError {
    SharingError::Io { path: path.display().to_string(), source }
}

/// The folder of originals.
pub struct Files {
    dir: PathBuf,
}

impl Files {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Removes what was coming in when the process before was ended.
    pub fn clear(&self) -> std::io::Result<()> {
        match fs::remove_dir_all(self.dir.join(INCOMING)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Begins to take a file in.
    pub fn arriving(&self) -> Result<Arriving, SharingError> {
        let folder = self.dir.join(INCOMING);
        let aside = fs::create_dir_all(&folder).and_then(|()| NamedTempFile::new_in(&folder));
        Ok(Arriving { aside: aside.map_err(|source| failed(&folder, source))?, size: 0, hash: Sha256::new() })
    }

    /// Takes in a copy of a file, or of what else can be read.
    pub fn copied(&self, mut from: impl Read) -> Result<Arrived, SharingError> {
        let (mut arriving, mut piece) = (self.arriving()?, vec![0; PIECE]);
        loop {
            match from.read(&mut piece).map_err(|source| failed(arriving.aside.path(), source))? {
                0 => return Ok(arriving.done()),
                n => arriving.put(&piece[..n])?,
            }
        }
    }

    /// Keeps a file, byte for byte; durable when this returns. What is there already stays as it is.
    pub fn keep(&self, hash: &Sha256Hex, bytes: &[u8]) -> Result<(), SharingError> {
        if self.has(hash)? {
            return Ok(());
        }
        let mut arriving = self.arriving()?;
        arriving.put(bytes)?;
        self.place(arriving.aside, hash)
    }

    /// Keeps a file that has come; durable when this returns. What is there already stays as it is.
    pub fn take(&self, arrived: Arrived) -> Result<(), SharingError> {
        if self.has(&arrived.hash)? { Ok(()) } else { self.place(arrived.aside, &arrived.original.hash) }
    }

    /// Whether there is such an original. It is as if it had come now: what waits for its confirmation is found by
    /// its age from what nobody wants.
    fn has(&self, hash: &Sha256Hex) -> Result<bool, SharingError> {
        let path = self.path(hash);
        if !path.exists() {
            return Ok(false);
        }
        let touched = File::open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        touched.map(|()| true).map_err(|source| failed(&path, source))
    }

    fn place(&self, aside: NamedTempFile, hash: &Sha256Hex) -> Result<(), SharingError> {
        let path = self.path(hash);
        let failed = |source| failed(&path, source);
        let folder = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(folder).map_err(failed)?;
        aside.as_file().sync_all().map_err(failed)?;
        aside.persist(&path).map_err(|e| failed(e.error))?;
        // The name is durable when its folder is, and a new folder when those above are.
        let above = [folder, self.dir.as_path(), self.dir.parent().unwrap_or(Path::new("."))];
        above.iter().try_for_each(|dir| File::open(dir)?.sync_all()).map_err(failed)
    }

    /// An original to be read where it lies, checked against its hash; `None` where there is none.
    pub fn find(&self, hash: &Sha256Hex) -> Result<Option<Original>, SharingError> {
        let path = self.path(hash);
        match Original::of(&path) {
            Ok(found) if found.hash == *hash => Ok(Some(found)),
            Ok(_) => Err(failed(&path, std::io::Error::other(DAMAGED))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// An original, checked against its hash; `None` where there is none.
    pub fn read(&self, hash: &Sha256Hex) -> Result<Option<Vec<u8>>, SharingError> {
        let path = self.path(hash);
        let failed = |source| SharingError::Io { path: path.display().to_string(), source };
        match fs::read(&path) {
            Ok(bytes) if Sha256Hex::of(&bytes) == *hash => Ok(Some(bytes)),
            Ok(_) => Err(failed(std::io::Error::other(DAMAGED))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Hands out what lies in the folder, whatever it is; nothing where there is no folder yet.
    pub fn each(&self, take: &mut dyn FnMut(Stored)) -> Result<(), SharingError> {
        let failed = |source| SharingError::Io { path: self.dir.display().to_string(), source };
        if !self.dir.exists() {
            return Ok(());
        }
        for folder in fs::read_dir(&self.dir).map_err(failed)? {
            let folder = folder.map_err(failed)?.path();
            if !folder.is_dir() {
                take(Stored::of(folder).map_err(failed)?);
                continue;
            }
            for file in fs::read_dir(&folder).map_err(failed)? {
                take(Stored::of(file.map_err(failed)?.path()).map_err(failed)?);
            }
        }
        Ok(())
    }

    /// Spread over 256 folders: some file systems are slow with very large ones.
    pub fn path(&self, hash: &Sha256Hex) -> PathBuf {
        self.dir.join(&hash.0[..2]).join(&hash.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_were_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::new(dir.path().join("files"));
        let hash = Sha256Hex::of(b"x\0y");
        assert!(files.read(&hash).unwrap().is_none());
        files.keep(&hash, b"x\0y").unwrap();
        files.keep(&hash, b"x\0y").unwrap();
        assert_eq!(files.read(&hash).unwrap().unwrap(), b"x\0y");
        fs::write(files.path(&hash), b"other").unwrap();
        assert!(files.read(&hash).is_err(), "a damaged original is not handed out");
        assert!(files.find(&hash).is_err());
        for bad in ["", "../../etc/passwd", &"g".repeat(64), &"A".repeat(64)] {
            assert!(bad.parse::<Sha256Hex>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_comes_in_is_on_disk_for_its_owner_alone_and_gone_unless_it_is_kept() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let files = Files::new(dir.path().join("files"));
        let incoming = || fs::read_dir(dir.path().join("files/incoming")).map_or(0, Iterator::count);
        let mut arriving = files.arriving().unwrap();
        arriving.put(b"x").unwrap();
        assert_eq!(incoming(), 1);
        arriving.put(b"\0y").unwrap();
        assert_eq!(arriving.size(), 3);
        let arrived = arriving.done();
        assert_eq!((arrived.size, arrived.hash.clone()), (3, Sha256Hex::of(b"x\0y")));
        assert_eq!(fs::metadata(&arrived.path).unwrap().permissions().mode() & 0o777, 0o600);
        let hash = arrived.hash.clone();
        assert_eq!(files.find(&hash).unwrap(), None);
        files.take(arrived).unwrap();
        assert_eq!(incoming(), 0);
        let found = files.find(&hash).unwrap().unwrap();
        assert_eq!((found.size, fs::read(found.path).unwrap()), (3, b"x\0y".to_vec()));
        // Once more the same, and one that nobody keeps.
        files.take(files.copied(&b"x\0y"[..]).unwrap()).unwrap();
        drop(files.copied(&b"z"[..]).unwrap());
        assert_eq!(incoming(), 0);
        // One whose process was killed.
        std::mem::forget(files.copied(&b"z"[..]).unwrap());
        assert_eq!(incoming(), 1);
        files.clear().unwrap();
        files.clear().unwrap();
        assert_eq!(incoming(), 0);
    }
}
