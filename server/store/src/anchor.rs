//! What was last acknowledged, noted outside the database.
//!
//! An embedded database that finds its last pages damaged goes on from the state before them, as after a crash: what was
//! acknowledged since is gone, and nothing inside the database tells. So after every commit its number, with the end of the
//! audit log, is written to a small file of its own, and the two are compared when the store is opened and by `fsck`.
//!
//! The file has two slots that are written in turn, each with a checksum, so that a torn write leaves the one before.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{StoreError, layout::Head};

pub(super) const FILE: &str = "anchor";
/// Distance between the slots, in bytes: no sector or page holds parts of both.
const SLOT: u64 = 4_096;
/// Bytes of a slot that are used: two numbers and two hashes have less than 200.
const USED: usize = 256;
const MAGIC: &str = "guansou-anchor";

/// A state of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Batches written since the store was made.
    pub commits: u64,
    /// The end of the audit log after them.
    pub head: Head,
}

/// What the file said when it was opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Noted {
    /// There was none.
    Nothing,
    /// There was one, and neither slot can be read.
    Damaged,
    Mark(Mark),
}

/// The open file.
pub(super) struct Anchor {
    file: File,
    path: PathBuf,
}

impl Anchor {
    /// Opens the file in `dir`, or makes it.
    pub fn open(dir: &Path) -> Result<(Self, Noted), StoreError> {
        let path = dir.join(FILE);
        let failed = |source| StoreError::Io { path: path.display().to_string(), source };
        let is_new = !path.exists();
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = options.map_err(failed)?;
        if is_new {
            // The room is taken once, so that no later write has to find some.
            file.write_all_at(&[b' '; USED], 0)
                .and_then(|()| file.write_all_at(&[b' '; USED], SLOT))
                .and_then(|()| file.sync_all())
                .and_then(|()| File::open(dir)?.sync_all())
                .map_err(failed)?;
        }
        let noted = if is_new { Noted::Nothing } else { read(&file).map_err(failed)? };
        Ok((Self { file, path }, noted))
    }

    /// What the file says now.
    pub fn read(&self) -> Result<Noted, StoreError> {
        read(&self.file).map_err(|source| StoreError::Io { path: self.path.display().to_string(), source })
    }

    /// Notes a state; on the disk when this returns.
    pub fn note(&self, mark: &Mark) -> io::Result<()> {
        let mut slot = [b' '; USED];
        let line = mark.to_string();
        slot[..line.len()].copy_from_slice(line.as_bytes());
        self.file.write_all_at(&slot, mark.commits % 2 * SLOT)?;
        self.file.sync_data()
    }
}

fn read(file: &File) -> io::Result<Noted> {
    let mut slots = [[0; USED]; 2];
    for (slot, at) in slots.iter_mut().zip([0, SLOT]) {
        match file.read_exact_at(slot, at) {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            _ => {}
        }
    }
    let last = slots.iter().filter_map(|slot| Mark::parse(slot)).max_by_key(|mark| mark.commits);
    Ok(last.map_or(Noted::Damaged, Noted::Mark))
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { commits, head: Head { sequence, link } } = self;
        // The first change has no link before it.
        let link = if link.is_empty() { "-" } else { link };
        let content = format!("{MAGIC} {commits} {sequence} {link}");
        write!(f, "{content} {}", checksum(&content))
    }
}

impl Mark {
    fn parse(slot: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(slot).ok()?.trim_end_matches(' ');
        let (content, stated) = line.rsplit_once(' ')?;
        let mut words = content.split(' ');
        let words = [words.next()?, words.next()?, words.next()?, words.next()?];
        if words[0] != MAGIC || stated != checksum(content) {
            return None;
        }
        let link = if words[3] == "-" { "" } else { words[3] };
        let head = Head { sequence: words[2].parse().ok()?, link: link.to_owned() };
        Some(Self { commits: words[1].parse().ok()?, head })
    }
}

/// The first 16 hex digits of the sha256: it tells damage, not intent.
fn checksum(content: &str) -> String {
    hex::encode(&Sha256::digest(content)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(commits: u64) -> Mark {
        Mark { commits, head: Head { sequence: commits + 1, link: "f".repeat(64) } }
    }

    #[test]
    fn the_last_state_noted_is_the_one_that_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let (anchor, noted) = Anchor::open(dir.path()).unwrap();
        assert_eq!(noted, Noted::Nothing);
        anchor.note(&Mark::default()).unwrap();
        assert_eq!(anchor.read().unwrap(), Noted::Mark(Mark::default()));
        for commits in 1..5 {
            anchor.note(&mark(commits)).unwrap();
            assert_eq!(Anchor::open(dir.path()).unwrap().1, Noted::Mark(mark(commits)));
        }
        let longest = Mark { commits: u64::MAX, head: Head { sequence: u64::MAX, link: "f".repeat(64) } };
        anchor.note(&longest).unwrap();
        assert_eq!(anchor.read().unwrap(), Noted::Mark(longest));
    }

    #[test]
    fn a_torn_or_flipped_slot_leaves_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let (anchor, _) = Anchor::open(dir.path()).unwrap();
        anchor.note(&mark(1)).unwrap();
        anchor.note(&mark(2)).unwrap();
        let path = dir.path().join(FILE);
        let whole = std::fs::read(&path).unwrap();
        for bit in 0..mark(2).to_string().len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(Anchor::open(dir.path()).unwrap().1, Noted::Mark(mark(1)), "bit {bit}");
        }
        std::fs::write(&path, &whole[..100]).unwrap();
        assert_eq!(Anchor::open(dir.path()).unwrap().1, Noted::Damaged);
        std::fs::write(&path, b"").unwrap();
        assert_eq!(Anchor::open(dir.path()).unwrap().1, Noted::Damaged);
    }
}
