//! The one text pipeline: normalize, segment, expand. The same code makes tokens for the index and for queries.

pub mod dictionaries;
pub mod numerals;
