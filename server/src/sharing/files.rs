//! Originals of uploads, by the hash of their content.

use std::{
    fmt,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
    time::SystemTime,
};

use sha2::{Digest, Sha256};

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
        let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { Ok(Self(text.to_owned())) } else { Err(()) }
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

/// The folder of originals.
pub struct Files {
    dir: PathBuf,
}

impl Files {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Keeps a file, byte for byte; durable when this returns. What is there already stays as it is.
    pub fn keep(&self, hash: &Sha256Hex, bytes: &[u8]) -> Result<(), SharingError> {
        let path = self.path(hash);
        let failed = |source| SharingError::Io { path: path.display().to_string(), source };
        if path.exists() {
            // As if it had come now: what waits for its confirmation is told by its age from what nobody wants.
            return File::open(&path).and_then(|file| file.set_modified(SystemTime::now())).map_err(failed);
        }
        let folder = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(folder).map_err(failed)?;
        let mut aside = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        aside.write_all(bytes).and_then(|()| aside.as_file().sync_all()).map_err(failed)?;
        aside.persist(&path).map_err(|e| failed(e.error))?;
        // The name is durable when its folder is, and a new folder when those above are.
        let above = [folder, self.dir.as_path(), self.dir.parent().unwrap_or(Path::new("."))];
        above.iter().try_for_each(|dir| File::open(dir)?.sync_all()).map_err(failed)
    }

    /// An original, checked against its hash; `None` where there is none.
    pub fn read(&self, hash: &Sha256Hex) -> Result<Option<Vec<u8>>, SharingError> {
        let path = self.path(hash);
        let failed = |source| SharingError::Io { path: path.display().to_string(), source };
        match fs::read(&path) {
            Ok(bytes) if Sha256Hex::of(&bytes) == *hash => Ok(Some(bytes)),
            Ok(_) => Err(failed(std::io::Error::other("内容与摘要不符，文件已损坏"))),
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
        for bad in ["", "../../etc/passwd", &"g".repeat(64), &"A".repeat(64)] {
            assert!(bad.parse::<Sha256Hex>().is_err(), "{bad}");
        }
    }
}
