//! A generation open for reading.

use std::path::PathBuf;

use super::catalogue::Catalogue;

/// Everything one generation needs to answer: immutable, shared by all requests.
pub struct Generation {
    /// Counted from 1; part of every cache key and ETag.
    pub number: u64,
    pub path: PathBuf,
    pub catalogue: Catalogue,
}
