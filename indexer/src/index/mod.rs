//! The index: a projection of the records into an immutable directory on disk, a *generation*.
//!
//! A generation holds two tantivy indexes (`directory`: institutions, divisions and web names; `library`: regulations
//! and articles), the [`catalogue`] of small facts that understanding a query needs, the segmenter's words, and a
//! manifest with the schema version and fingerprints.

pub mod catalogue;
mod generation;

pub use generation::Generation;
