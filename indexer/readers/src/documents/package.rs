//! A zip file (docx, xlsx, OFD) whose entries are unpacked one by one, in memory, within limits.
//!
//! Entries are taken by name only: nothing is ever written to disk, so that a name such as `../../etc/passwd` leads
//! nowhere; it is refused all the same, as no program that writes these formats makes one. An archive inside an
//! archive is never opened.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use zip::{ZipArchive, result::ZipError};

use super::{DocumentError, TooLarge};

/// Entries of one file. A docx has a few dozen and one more for every picture; an OFD has some a page.
pub const MAX_ENTRIES: usize = 20_000;
/// Bytes that all unpacked entries of one file may have together: the marked-up text of 民法典 has 3 MB as docx, so
/// that this is forty times the longest law, and what is unpacked lies in memory.
pub const MAX_UNPACKED: u64 = 128 << 20;
/// How many times its packed size an entry may have. Word's markup packs 10 to 50 times; deflate cannot pass 1,032,
/// which only bombs come near.
pub const MAX_RATIO: u64 = 300;
/// Entries smaller than this are not measured by their ratio: a sheet of equal cells packs very well. In bytes.
const RATIO_FROM: u64 = 4 << 20;

/// What every entry of the central directory begins with (APPNOTE.TXT 4.3.12).
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// An opened package.
pub struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
    /// Index by name, without the case: ECMA-376 part 2 compares part names so.
    names: BTreeMap<String, usize>,
    unpacked: u64,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8], format: &'static str) -> Result<Self, DocumentError> {
        // Counted before the directory is built, which takes some hundred bytes an entry.
        if bytes.windows(4).filter(|w| *w == DIRECTORY_ENTRY).count() > MAX_ENTRIES {
            return Err(DocumentError::TooLarge(TooLarge::Entries(MAX_ENTRIES)));
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(format, "压缩包的目录", &e))?;
        if zip.len() > MAX_ENTRIES {
            return Err(DocumentError::TooLarge(TooLarge::Entries(MAX_ENTRIES)));
        }
        let mut names = BTreeMap::new();
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|e| broken(format, "压缩包的目录", &e))?;
            let name = entry.name().map_err(|e| broken(format, "压缩包的目录", &e))?.replace('\\', "/");
            if name.split('/').any(|part| part == "..") || name.starts_with('/') || name.contains('\0') {
                let what = format!("压缩包内的路径“{}”指向包外", short(&name));
                return Err(DocumentError::Forbidden { format, what });
            }
            if entry.encrypted() {
                return Err(DocumentError::Encrypted { format });
            }
            if names.insert(name.to_lowercase(), index).is_some() {
                let what = format!("压缩包内有两个“{}”", short(&name));
                return Err(DocumentError::Forbidden { format, what });
            }
        }
        Ok(Self { zip, format, names, unpacked: 0 })
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(&name.to_lowercase())
    }

    pub fn has_below(&self, folder: &str) -> bool {
        self.names.keys().any(|name| name.starts_with(folder))
    }

    /// All names, in lower case and in order, so that the first of several faults is always the same.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Unpacks an entry; `None` when there is none of that name.
    pub fn get(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        let Some(&index) = self.names.get(&name.to_lowercase()) else { return Ok(None) };
        let format = self.format;
        let entry = self.zip.by_index(index).map_err(|e| broken(format, name, &e))?;
        let packed = entry.compressed_size().max(1);
        // What the directory states may be a lie: the limits hold for the bytes that come out.
        let by_ratio = packed.saturating_mul(MAX_RATIO).max(RATIO_FROM);
        let left = MAX_UNPACKED - self.unpacked;
        let limit = by_ratio.min(left);
        let mut bytes = Vec::new();
        entry.take(limit + 1).read_to_end(&mut bytes).map_err(|e| broken(format, name, &ZipError::Io(e)))?;
        let length = bytes.len() as u64;
        if length > left {
            return Err(DocumentError::TooLarge(TooLarge::Unpacked(MAX_UNPACKED >> 20)));
        }
        if length > by_ratio {
            return Err(DocumentError::TooLarge(TooLarge::Ratio { entry: short(name), ratio: MAX_RATIO }));
        }
        self.unpacked += length;
        Ok(Some(bytes))
    }

    /// Unpacks an entry that the format demands.
    pub fn need(&mut self, name: &str) -> Result<Vec<u8>, DocumentError> {
        let format = self.format;
        self.get(name)?.ok_or_else(|| DocumentError::Broken { format, what: format!("缺少“{}”", short(name)) })
    }
}

/// `Doc_0/Pages/Page_0/Content.xml` from the folder `Doc_0` and `Pages/Page_0/Content.xml`; absolute from `/…`.
/// `..` climbs, at most to the root.
pub fn resolve(folder: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|p| !p.is_empty());
    parts.join("/")
}

/// The folder that an entry lies in.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A name fit for a message.
pub fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn broken(format: &'static str, part: &str, error: &ZipError) -> DocumentError {
    match error {
        ZipError::UnsupportedArchive(text) if text.contains("assword") => DocumentError::Encrypted { format },
        ZipError::InvalidPassword => DocumentError::Encrypted { format },
        error => DocumentError::Broken { format, what: format!("“{}”无法解压（{error}）", short(part)) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_resolve_within_the_package() {
        assert_eq!(resolve("Doc_0", "Pages/Page_0/Content.xml"), "Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(resolve("Doc_0/Pages", "../Tpls/./T.xml"), "Doc_0/Tpls/T.xml");
        assert_eq!(resolve("Doc_0", "/Doc_1/A.xml"), "Doc_1/A.xml");
        assert_eq!(resolve("", "../../../etc/passwd"), "etc/passwd");
        assert_eq!(folder("Doc_0/Document.xml"), "Doc_0");
    }
}
