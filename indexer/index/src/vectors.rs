//! A file of vectors, kept by the hash of the text that each is of, so that a new generation takes over all whose text is
//! the same.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use embed::rows::{Rows, shorten};
use sha2::{Digest, Sha256};

use super::IndexError;

/// Marks the file and its layout.
const MAGIC: &[u8; 8] = b"GSMEAN1\n";
const HEAD: usize = MAGIC.len() + 4;
const KEY: usize = 32;

/// The hash of a text.
pub type Key = [u8; KEY];

pub fn key_of(text: &str) -> Key {
    Sha256::digest(text.as_bytes()).into()
}

/// The file of vectors. What is added lies at its end; a row that was not written whole is cut off when it is opened.
pub struct StoredVectors {
    path: PathBuf,
    rows: Rows,
    place: HashMap<Key, u32>,
}

impl StoredVectors {
    /// Opens the file, or starts it anew where it is not there or is of another width or layout.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn open(path: &Path, width: usize) -> Result<Self, IndexError> {
        let mut kept = Self { path: path.to_owned(), rows: Rows::new(width), place: HashMap::new() };
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(|e| IndexError::io(path, e))?,
        };
        let head = kept.head();
        if bytes.get(..HEAD) != Some(head.as_slice()) {
            if let Some(dir) = path.parent() {
                fs::create_dir_all(dir).map_err(|e| IndexError::io(dir, e))?;
            }
            fs::write(path, head).map_err(|e| IndexError::io(path, e))?;
            return Ok(kept);
        }
        let rows = bytes[HEAD..].chunks_exact(KEY + 4 + width);
        let whole = bytes.len() - rows.remainder().len();
        for row in rows {
            let Some((key, rest)) = row.split_first_chunk::<KEY>() else { continue };
            let Some((scale, numbers)) = rest.split_first_chunk::<4>() else { continue };
            let numbers: Vec<i8> = numbers.iter().map(|byte| *byte as i8).collect();
            kept.take(*key, f32::from_le_bytes(*scale), &numbers);
        }
        if whole < bytes.len() {
            let file = OpenOptions::new().write(true).open(path).map_err(|e| IndexError::io(path, e))?;
            file.set_len(whole as u64).map_err(|e| IndexError::io(path, e))?;
        }
        Ok(kept)
    }

    fn head(&self) -> Vec<u8> {
        let width = self.rows.width() as u32;
        [MAGIC.as_slice(), &width.to_le_bytes()].concat()
    }

    fn take(&mut self, key: Key, scale: f32, numbers: &[i8]) {
        // A vector is one long: its largest number is not above one.
        if (0.0..=1.0).contains(&scale) && self.rows.push(scale, numbers) {
            self.place.insert(key, self.rows.len() as u32 - 1);
        }
    }

    pub fn get(&self, key: &Key) -> Option<(f32, &[i8])> {
        self.rows.get(*self.place.get(key)? as usize)
    }

    pub fn len(&self) -> usize {
        self.place.len()
    }

    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Adds vectors at the end of the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, vectors: &[(Key, Vec<f32>)]) -> Result<(), IndexError> {
        let path = self.path.clone();
        let io = |e| IndexError::io(&path, e);
        let mut file = BufWriter::new(OpenOptions::new().append(true).open(&path).map_err(io)?);
        for (key, vector) in vectors {
            let (scale, numbers) = shorten(vector);
            file.write_all(key).map_err(io)?;
            file.write_all(&scale.to_le_bytes()).map_err(io)?;
            let bytes: Vec<u8> = numbers.iter().map(|number| *number as u8).collect();
            file.write_all(&bytes).map_err(io)?;
            self.take(*key, scale, &numbers);
        }
        let file: File = file.into_inner().map_err(|e| IndexError::io(&self.path, e.into_error()))?;
        file.sync_data().map_err(|e| IndexError::io(&self.path, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(first: f32) -> Vec<f32> {
        vec![first, 0.5, -0.25, 0.0]
    }

    #[test]
    fn what_is_kept_is_there_when_the_file_is_opened_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("meanings").join("vectors");
        let mut kept = StoredVectors::open(&path, 4).unwrap();
        kept.add(&[(key_of("甲"), vector(1.0)), (key_of("乙"), vector(-1.0))]).unwrap();
        kept.add(&[(key_of("丙"), vector(0.75))]).unwrap();
        let again = StoredVectors::open(&path, 4).unwrap();
        assert_eq!(again.len(), 3);
        for text in ["甲", "乙", "丙"] {
            assert_eq!(again.get(&key_of(text)), kept.get(&key_of(text)), "{text}");
        }
        assert_eq!(again.get(&key_of("丁")), None);
        assert_eq!(again.get(&key_of("乙")).unwrap().1, [-127, 64, -32, 0]);
    }

    #[test]
    fn a_row_that_was_not_written_whole_is_cut_off_and_others_can_follow() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        StoredVectors::open(&path, 4)
            .unwrap()
            .add(&[(key_of("甲"), vector(1.0)), (key_of("乙"), vector(-1.0))])
            .unwrap();
        let bytes = fs::read(&path).unwrap();
        for cut in 1..KEY + 8 {
            fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
            let mut kept = StoredVectors::open(&path, 4).unwrap();
            assert_eq!(kept.len(), 1, "cut by {cut}");
            kept.add(&[(key_of("丙"), vector(0.5))]).unwrap();
            let again = StoredVectors::open(&path, 4).unwrap();
            assert!(again.get(&key_of("甲")).is_some() && again.get(&key_of("丙")).is_some(), "cut by {cut}");
        }
    }

    #[test]
    fn a_file_of_another_width_or_kind_is_begun_anew_and_no_number_that_is_none_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        StoredVectors::open(&path, 4).unwrap().add(&[(key_of("甲"), vector(1.0))]).unwrap();
        assert!(StoredVectors::open(&path, 8).unwrap().is_empty());
        for text in ["", "GSMEAN1", "something else altogether, and longer"] {
            fs::write(&path, text).unwrap();
            assert!(StoredVectors::open(&path, 4).unwrap().is_empty(), "{text}");
        }
        let row = [&key_of("甲")[..], &f32::NAN.to_le_bytes(), &[1, 2, 3, 4]].concat();
        fs::write(&path, [MAGIC.as_slice(), &4u32.to_le_bytes(), &row].concat()).unwrap();
        assert!(StoredVectors::open(&path, 4).unwrap().is_empty());
    }
}
