//! The truth of the service: records with all their revisions, durable before they are acknowledged.
//!
//! [`RecordStore`] knows records; [`kv`] is the narrow trait below it, with one file for each embedded database that
//! serves it. The index follows the store's outbox and can be thrown away at any time.

mod anchor;
mod as_of;
pub mod audit;
mod backup;
mod caught;
mod convert;
mod durable;
mod fsck;
mod imports;
pub mod kv;
mod layout;
pub mod listings;
mod open;
mod packed;
mod public_log;
mod records;
mod redb_kv;
mod secrets;
mod sled_kv;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

pub use backup::{Chain, FullChange, Restoring, Snapshot};
pub use convert::{Converted, convert};
#[cfg(any(test, feature = "testing"))]
pub use durable::serving;
pub use kv::{Batch, Kv};
pub use layout::{Head, RevisionInfo};
pub use public_log::PublicChange;
pub use records::{By, ImportSummary, is_imported};
pub use secrets::Secrets;

use durable::Durable;
use layout::End;

/// What a value of a revision says, for tests that look below the store.
#[cfg(any(test, feature = "testing"))]
pub fn content(kept: Vec<u8>) -> Option<Vec<u8>> {
    packed::unpack(kept)
}

/// The store. Cheap to share behind an `Arc`.
pub struct RecordStore {
    kv: Durable,
    /// Writers take turns, so that sequence and revision numbers have no gaps.
    writer: Mutex<End>,
    /// What time it is; a test sets another.
    clock: fn() -> jiff::Timestamp,
}

/// Which embedded database keeps the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    Sled,
    Redb,
}

impl Backend {
    /// Where its files lie in the store's directory.
    fn place(self, dir: &Path) -> PathBuf {
        match self {
            Self::Sled => dir.join("sled"),
            Self::Redb => dir.join("records.redb"),
        }
    }
}

impl std::fmt::Display for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sled => "sled",
            Self::Redb => "redb",
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("无法读写记录库 {path}：{source}。请检查目录是否存在、可写，磁盘是否已满")]
    Io { path: String, source: std::io::Error },
    #[error("记录库 {path} 打不开：{reason}。若文件已损坏，请从备份恢复或清空后重新导入")]
    Open { path: String, reason: String },
    #[error("记录库 {path} 正被另一个 guansou 使用：请先停止那一个，或等它结束")]
    Locked { path: String },
    #[error("记录库出错：{0}")]
    Engine(String),
    #[error("记录库中的 {key} 无法解读：{reason}")]
    Damaged { key: String, reason: String },
    #[error("记录库的格式版本为 {found}，本程序只认识 {known}：请使用较新的 guansou")]
    Newer { found: u32, known: u32 },
    /// Somebody else changed the record meanwhile; nothing was written.
    #[error("{id} 已被别人改到第 {current} 次修订（您看到的是第 {seen} 次）：请在新的内容上再改")]
    Conflict { id: String, seen: u64, current: u64 },
    /// A write failed, and nothing is written any more until the store is opened again and has proved what is there.
    #[error("记录库已转为只读，没有保存：{reason}。请检查磁盘后重新启动服务，启动时会核对变更日志")]
    ReadOnly { reason: String },
    /// What was acknowledged is not there.
    #[error(
        "记录库丢失了已经确认的内容：{what}。请从备份恢复（guansou restore），或从镜像重新取得（guansou pull）；刚改过 store 设置的，先用 guansou store convert 转换；确定无法找回的，用 guansou store accept-loss 承认后才能继续使用"
    )]
    Lost { what: String },
    /// A record that must not be stored as it is.
    #[error("记录 {id} 不能保存：{reason}")]
    Refused { id: String, reason: String },
}

/// Times that a locked database is tried, and the pause between: a process that is just starting another shares its open
/// files with it, locks included, until that one runs.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Opens the database of a backend in `dir`; waits a second for whoever is letting go of it.
pub fn open_kv(backend: Backend, dir: &Path) -> Result<std::sync::Arc<dyn Kv>, StoreError> {
    open_patiently(|| open_at_once(backend, dir), || std::thread::sleep(LOCK_PAUSE))
}

/// Tries until the database is no longer locked, [`LOCK_TRIES`] times at most, with a pause between two tries.
fn open_patiently<T>(open: impl Fn() -> Result<T, StoreError>, mut pause: impl FnMut()) -> Result<T, StoreError> {
    for _ in 1..LOCK_TRIES {
        match open() {
            Err(StoreError::Locked { .. }) => pause(),
            other => return other,
        }
    }
    open()
}

fn open_at_once(backend: Backend, dir: &Path) -> Result<std::sync::Arc<dyn Kv>, StoreError> {
    std::fs::create_dir_all(dir).map_err(|source| StoreError::Io { path: dir.display().to_string(), source })?;
    Ok(match backend {
        Backend::Sled => std::sync::Arc::new(sled_kv::SledKv::open(&backend.place(dir))?),
        Backend::Redb => std::sync::Arc::new(redb_kv::RedbKv::open(&backend.place(dir))?),
    })
}
