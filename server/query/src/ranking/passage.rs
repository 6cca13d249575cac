//! The query stands in the text word for word: the reader quotes, and wants the source.

/// At weight 1 doubles the score: enough to pass any text that merely shares the words, which shares at most all of them.
pub fn factor(weight: f32) -> f32 {
    1.0 + weight
}
