//! The query stands in the text word for word: the reader quotes, and wants the source.

/// Doubles the score: enough to pass any text that merely shares the words, since those share at most all of them.
pub const FACTOR: f32 = 2.0;
