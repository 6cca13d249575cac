//! How records lie in a [`Kv`](super::Kv).
//!
//! Keys, all ordered so that what belongs together is scanned together:
//!
//! | key | value |
//! | --- | --- |
//! | `c` id | the current revision: number, content hash, last public number, entries in the listings |
//! | `r` id 0 revision part chunk | a piece of the revision: part 0 is the record without its articles, part n the n-th article; [made smaller](super::packed) |
//! | `i` id 0 revision | when, by whom, why, state, hash |
//! | `o` sequence | the outbox, which is the audit log: id and revision of each change, in order, and its link of the [chain](super::audit) |
//! | `p` number | the changes that the public may know of, by their [own count](super::public_log) |
//! | `m` name | small facts: format, sequence, number of [commits](super::durable), fingerprints of imports |
//! | `t` tag 0 id | the records that an import brought |
//! | `b` id 0 tag | the imports that brought a record: the reverse of `t`, written with it and made anew with the listings |
//! | `x` list 0 … | what is found by something else than its id: see [`listings`](super::listings); made of the records, and made anew from them where it is missing |
//! | `s` table 0 name | secrets, which are no records: they have no history, and no export has them |

use record::{Article, Body, Record, State};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;

/// Version of this layout. 1 had no chain; what it wrote stays readable and stands before the chain. Before 3 there
/// were no listings, before 4 no public count; they are made when such a store is opened. Before 5 contents were not
/// made smaller; what lies there stays as it is.
pub(super) const FORMAT: u32 = 5;
/// First version with listings.
pub(super) const FORMAT_WITH_LISTINGS: u32 = 3;
/// Version of what the listings hold besides: with another one they are made anew when a store is opened, and with them
/// the reverse of the imports. Raised whenever records make other entries of themselves, as when other names are taken
/// to be alike. 1 had no list of each kind and no reverse of the imports, 2 not what rests on what, 4 not the last days
/// of web names, 5 not the submissions that have ended, 6 not what has versions in a division, 7 neither the
/// events of a name nor what changed last, 8 not what has a host for its site.
pub(super) const LISTINGS: &str = "9";
/// First version with the public count.
pub(super) const FORMAT_WITH_PUBLIC_COUNT: u32 = 4;
/// Longest id, in bytes; ids are codes and hashes.
const MAX_ID: usize = 200;

/// Where the store's numbers stand.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    pub head: Head,
    /// Changes that the public may know of.
    pub public_changes: u64,
}

/// The end of the outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub sequence: u64,
    /// Link of the last change; empty before the first.
    pub link: String,
}

/// Key and value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Current {
    pub revision: u64,
    pub hash: String,
    /// The number of its last change that the public may know of; 0 for none.
    #[serde(default, rename = "told", skip_serializing_if = "is_zero")]
    pub public_number: u64,
    /// Whether that change took it from the public, so that nothing is reported of it until it is published again.
    /// Stores written before this was kept tell of one change more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Its entries in the listings, as they lie in the store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<String>,
}

/// One revision in a record's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionInfo {
    #[serde(default)]
    pub revision: u64,
    pub at: jiff::Timestamp,
    pub state: State,
    /// sha256 of the content, in hex.
    pub hash: String,
    /// Empty for what was written before authors were kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum OutboxRow {
    Chained(String, u64, String),
    /// As format 1 wrote it.
    Bare(String, u64),
}

impl OutboxRow {
    pub(super) fn parts(self) -> (String, u64, Option<String>) {
        match self {
            Self::Chained(id, revision, link) => (id, revision, Some(link)),
            Self::Bare(id, revision) => (id, revision, None),
        }
    }
}

/// Whether something can be a record's id.
pub(super) fn check_id(id: &str) -> Result<(), StoreError> {
    if id.is_empty() || id.len() > MAX_ID || id.contains('\0') {
        return Err(StoreError::Refused {
            id: id.to_owned(), reason: "编号为空、过长或含有空字符".into()
        });
    }
    Ok(())
}

/// Takes a row of the outbox: sequence, id, revision, link.
pub(super) type RowTaker<'a, T> = dyn FnMut(u64, &str, u64, Option<&str>) -> Result<T, StoreError> + 'a;

/// The record without articles, then each article.
pub(super) fn encode(record: &Record) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut head = record.clone();
    head.revision = 0;
    let articles = match &mut head.body {
        Body::Regulation(r) => std::mem::take(&mut r.articles),
        _ => Vec::new(),
    };
    std::iter::once(json(&head)).chain(articles.iter().map(json)).collect()
}

pub(super) fn content_hash<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// What [`encode`] took apart; `key` is named where it cannot be read.
pub(super) fn assemble<T: AsRef<[u8]>>(key: &[u8], parts: &[T], revision: u64) -> Result<Record, StoreError> {
    let head = parts.first().map_or(&[][..], T::as_ref);
    let mut record: Record = decode(key, head)?;
    if let Body::Regulation(r) = &mut record.body {
        let articles = parts.iter().skip(1).map(|part| decode::<Article>(key, part.as_ref()));
        r.articles = articles.collect::<Result<_, _>>()?;
    }
    record.revision = revision;
    Ok(record)
}

pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|e| StoreError::Engine(e.to_string()))
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(key: &[u8], value: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(value).map_err(|e| damaged(key, e.to_string()))
}

pub(super) fn damaged(key: &[u8], reason: String) -> StoreError {
    StoreError::Damaged { key: String::from_utf8_lossy(key).replace('\0', " "), reason }
}

pub(super) fn key(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |b| u64::from_be_bytes(*b))
}
