//! Bigrams of a query as terms to search by.

/// The texts of bigrams, each once, sorted.
pub fn distinct(bigrams: &[(usize, String)]) -> Vec<String> {
    let mut texts: Vec<String> = bigrams.iter().map(|(_, text)| text.clone()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
