//! What proves a generation whole: the size and hash of each of its files, in its manifest, which has a hash of its own.
//!
//! One altered byte in a table of names can make a false site an official one, so nothing is read that was not compared.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    IndexError, Manifest,
    files::{MANIFEST_FILE, same_file},
};

/// Files read at once. One is limited by the hash, more than two by the disk.
const THREADS: usize = 2;
/// Bytes read at once.
const BUFFER: usize = 256 << 10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
}

/// By path below the generation, with `/` between folders.
pub type Seals = BTreeMap<String, Seal>;

/// The seals of all files below `dir`. A file that is linked from the generation before has the seal that it has there.
pub(super) fn seal(dir: &Path, before: Option<(&Path, &Seals)>) -> Result<Seals, IndexError> {
    let mut seals = Seals::new();
    for name in files(dir)? {
        let path = dir.join(&name);
        let known = before.and_then(|(place, seals)| {
            let seal = seals.get(&name)?;
            same_file(&path, &place.join(&name)).then(|| seal.clone())
        });
        let seal = known.map_or_else(|| read(&path).map_err(|e| IndexError::io(&path, e)), Ok)?;
        seals.insert(name, seal);
    }
    Ok(seals)
}

/// The first files below `dir` that are not as they were sealed, each with the reason; those alone whose names `chosen` takes.
pub fn broken(
    dir: &Path,
    seals: &Seals,
    chosen: impl Fn(&str) -> bool + Sync,
) -> Result<Vec<(String, String)>, IndexError> {
    let mut found: Vec<(String, String)> = Vec::new();
    for name in files(dir)?.into_iter().filter(|name| chosen(name) && !seals.contains_key(name)) {
        found.push((name, "不在清单里".into()));
    }
    // The largest first, so that no thread is left with one of them at the end.
    let mut due: Vec<(&String, &Seal)> = seals.iter().filter(|(name, _)| chosen(name)).collect();
    due.sort_by_key(|(_, seal)| std::cmp::Reverse(seal.bytes));
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(&mut found));
    thread::scope(|scope| {
        let work = || {
            while let Some((name, seal)) = due.get(next.fetch_add(1, Ordering::Relaxed)) {
                let reason = match read(&dir.join(name)) {
                    Ok(now) if now == **seal => continue,
                    Ok(now) if now.bytes != seal.bytes => format!("应有 {} 字节，实有 {}", seal.bytes, now.bytes),
                    Ok(_) => "内容的摘要不符".into(),
                    Err(error) => format!("读不出（{error}）"),
                };
                faults.lock().unwrap_or_else(PoisonError::into_inner).push(((*name).clone(), reason));
            }
        };
        for _ in 1..THREADS.min(due.len()) {
            scope.spawn(work);
        }
        work();
    });
    found.sort();
    Ok(found)
}

/// As [`broken`], with the first as an error.
pub(super) fn verify(dir: &Path, seals: &Seals, chosen: impl Fn(&str) -> bool + Sync) -> Result<(), IndexError> {
    match broken(dir, seals, chosen)?.into_iter().next() {
        Some((name, reason)) => Err(IndexError::Damaged { path: dir.join(name).display().to_string(), reason }),
        None => Ok(()),
    }
}

impl Manifest {
    /// With the hash over all the rest.
    pub(super) fn sealed(self) -> Result<Self, IndexError> {
        let own = self.hash()?;
        Ok(Self { own, ..self })
    }

    /// sha256 of the manifest without this hash.
    pub(super) fn hash(&self) -> Result<String, IndexError> {
        let bytes = serde_json::to_vec(&Self { own: String::new(), ..self.clone() })?;
        Ok(hex::encode(Sha256::digest(bytes)))
    }
}

/// All files below a folder but the manifest, by path; what tantivy locks with is no content.
fn files(dir: &Path) -> Result<Vec<String>, IndexError> {
    fn walk(dir: &Path, below: &str, found: &mut Vec<String>) -> Result<(), IndexError> {
        for entry in fs::read_dir(dir).map_err(|e| IndexError::io(dir, e))? {
            let path: PathBuf = entry.map_err(|e| IndexError::io(dir, e))?.path();
            let name = format!("{below}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), found)?;
            } else if path.extension().is_none_or(|e| e != "lock") && name != MANIFEST_FILE {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(dir, "", &mut found)?;
    Ok(found)
}

fn read(path: &Path) -> std::io::Result<Seal> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        bytes += n as u64;
    }
    Ok(Seal { bytes, sha256: hex::encode(hash.finalize()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, Generation, Lexicon, build, generation_dir, update};
    use record::{Audience, Body, Date, DivisionLevel, Record, samples};
    use text::dictionaries::Dictionaries;

    const TODAY: Date = Date::constant(2026, 1, 1);

    fn lexicon() -> Lexicon {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        Lexicon::new(Dictionaries::load(&dir).unwrap(), Vec::new())
    }

    fn name(host: &str) -> Record {
        samples::record(&format!("w-{host}"), Body::WebName(samples::web_name(host, "遵义市人民政府")))
    }

    /// One built, and one made from it by a change, so that all kinds of files are there.
    fn generation(dir: &Path, lexicon: &Lexicon) -> PathBuf {
        let records = vec![
            samples::division("000000", "中华人民共和国", "中国", DivisionLevel::Nation, None),
            samples::institution("000000-gov", "国务院", "000000"),
            samples::law("甲法", Date::constant(2010, 1, 1), &["罚款一百元。"]),
            name("zunyi.gov.cn"),
        ];
        build(dir, &records, lexicon, 1, TODAY, &mut |_| {}).unwrap();
        let first = Generation::open_current(dir, lexicon).unwrap().unwrap();
        let changes: Vec<Change> =
            [name("guizhou.gov.cn"), samples::institution("520300-gov", "遵义市人民政府", "000000")]
                .into_iter()
                .filter_map(|record| Change::seen(Audience::Public, None, Some(record)))
                .collect();
        update(dir, &first, &changes, &|_| Ok(None), lexicon, (2, TODAY)).unwrap();
        generation_dir(dir, 2)
    }

    /// Documents hold their kind as its place in the list: read by another list they would be of other kinds.
    #[test]
    fn a_generation_of_kinds_in_another_order_is_stale() {
        let (dir, lexicon) = (tempfile::tempdir().unwrap(), lexicon());
        let whole = generation(dir.path(), &lexicon);
        let mut manifest = Generation::read_manifest(&whole).unwrap();
        assert!(manifest.check(&lexicon).is_ok());
        let last = manifest.kinds.pop().unwrap();
        manifest.kinds.insert(0, last);
        crate::writer::write_manifest(&whole, manifest).unwrap();
        let stale = Generation::open(&whole, &lexicon).map(|_| ());
        assert!(matches!(stale, Err(IndexError::Stale { .. })), "{stale:?}");
    }

    #[test]
    fn no_byte_of_a_generation_can_be_altered_unnoticed() {
        let (dir, lexicon) = (tempfile::tempdir().unwrap(), lexicon());
        let whole = generation(dir.path(), &lexicon);
        let manifest = Generation::read_manifest(&whole).unwrap();
        assert!(manifest.files.keys().any(|name| name.starts_with("changed/official/")), "{:?}", manifest.files);
        assert!(Generation::open(&whole, &lexicon).is_ok());
        let mut names = files(&whole).unwrap();
        assert_eq!(names.len(), manifest.files.len());
        names.push(MANIFEST_FILE.to_owned());
        let damaged = |what: &str| match Generation::open(&whole, &lexicon) {
            Err(IndexError::Damaged { .. } | IndexError::Stale { .. }) => {}
            Err(other) => panic!("{what}: {other}"),
            Ok(_) => panic!("{what} was not noticed"),
        };
        for name in &names {
            let path = whole.join(name);
            let bytes = fs::read(&path).unwrap();
            // What is linked to the generation before must not change there.
            let altered = |bytes: &[u8]| {
                fs::remove_file(&path).unwrap();
                fs::write(&path, bytes).unwrap();
            };
            for at in [0, bytes.len() / 2, bytes.len().saturating_sub(1)] {
                let Some(byte) = bytes.get(at) else { continue };
                // White space between the words of the manifest says nothing.
                if name == MANIFEST_FILE && byte.is_ascii_whitespace() {
                    continue;
                }
                let mut flipped = bytes.clone();
                flipped[at] ^= 1;
                altered(&flipped);
                damaged(&format!("byte {at} of {name}"));
            }
            altered(&[&bytes[..], b"\n"].concat());
            if name != MANIFEST_FILE {
                damaged(&format!("a byte behind {name}"));
            }
            altered(&bytes);
            fs::remove_file(&path).unwrap();
            damaged(&format!("no {name}"));
            fs::write(&path, &bytes).unwrap();
        }
        assert!(Generation::open(&whole, &lexicon).is_ok(), "all are as they were");
        fs::write(whole.join("official/more"), "x").unwrap();
        damaged("one file more");
        assert_eq!(broken(&whole, &manifest.files, |_| true).unwrap(), [("official/more".into(), "不在清单里".into())]);
    }
}
