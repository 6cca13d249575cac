//! The whole of a service in one file, and back.
//!
//! A `.tar.gz` whose entries come in this order:
//!
//! | entry | content |
//! | --- | --- |
//! | `backup.json` | [`Manifest`]: the version of all this, the end of the log, how much is to come |
//! | `metas/000001.jsonl` … | facts beside the records: name, value |
//! | `secrets/000001.jsonl` … | table, name, value: hashes of passwords, and never who is signed in |
//! | `imports/000001.jsonl` … | which import brought which record |
//! | `changes/000001.jsonl` … | every [change](crate::store::FullChange) from the first to the manifest's, in order |
//! | `files/ab/ab…` | the originals that the changes name, byte for byte |
//! | `end.json` | [`End`]: how many files there were, and which were missing |
//!
//! It is as of one sequence, whoever writes meanwhile: the log only grows. The index is not in it, being made of the rest.

mod restore;
#[cfg(test)]
mod tests;
mod write;

use std::io;

use serde::{Deserialize, Serialize};

pub use restore::{Restored, restore};
pub use write::{Written, write};

use crate::{sharing::SharingError, store::StoreError};

/// Version of the format above.
const FORMAT: u32 = 1;
/// Largest entry made of lines, in bytes, unless a single line is longer: held in memory until it is written, since an
/// entry begins with its size.
const CHUNK: usize = 32 << 20;
/// Longest line, in bytes: the longest text of an upload (32 MiB), in which JSON may need four bytes for one, as it is
/// escaped twice.
const MAX_LINE: usize = 128 << 20;
/// Largest entry that is read as one, in bytes: the manifest has some hundred; the end names missing originals.
const MAX_SMALL: usize = 4 << 20;

const MANIFEST: &str = "backup.json";
const END: &str = "end.json";
const METAS: &str = "metas";
const SECRETS: &str = "secrets";
const IMPORTS: &str = "imports";
const CHANGES: &str = "changes";
const FILES: &str = "files";

/// What a backup begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The program that made it.
    pub program: String,
    pub made: jiff::Timestamp,
    pub sequence: u64,
    pub link: String,
    pub metas: u64,
    pub secrets: u64,
    pub imports: u64,
}

/// What a backup ends with; one without it was cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub files: u64,
    /// Originals that were named and not there, or damaged, when the backup was made.
    pub missing: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("无法读写 {path}：{source}。请检查路径是否存在、可写，磁盘是否已满")]
    Io { path: String, source: io::Error },
    #[error("{0} 已存在：备份不覆盖已有的文件，请换一个名字")]
    Exists(String),
    #[error("{0} 正在被另一个备份写入")]
    Busy(String),
    #[error("记录库有损坏，没有备份：{0}。请用 guansou fsck 查明，从较早的备份恢复")]
    Broken(String),
    #[error("备份文件有误，没有恢复：{0}")]
    Archive(String),
    #[error("备份的格式版本为 {found}，本程序只认识 {FORMAT}：请使用较新的 guansou")]
    Newer { found: u32 },
    #[error("数据目录 {0} 不是空的：恢复只写入空的目录，请用 --data 另指定一个")]
    NotEmpty(String),
    #[error("数据目录 {0} 正在被另一次恢复写入")]
    Restoring(String),
    #[error("没有做完：{0}")]
    Stopped(io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sharing(#[from] SharingError),
}

/// Name of an entry made of lines; counted from 1.
fn chunk_name(folder: &str, number: u64) -> String {
    format!("{folder}/{number:06}.jsonl")
}

fn file_name(hash: &str) -> String {
    format!("{FILES}/{}/{hash}", hash.get(..2).unwrap_or_default())
}
