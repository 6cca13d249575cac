//! Exactness: how much of a name a query says, and how much of the query the name.
//!
//! Names are short and people type most of one, so overlap of bigrams on both sides tells more than BM25, which favours
//! rare characters wherever they stand.

use super::length;

/// From 0 (nothing shared) to 1 (the same key). See [`length::overlap`] for
/// `two_sided`.
pub fn similarity(query: &str, name: &str, two_sided: f32) -> f32 {
    if query == name {
        return 1.0;
    }
    let (asked, has) = (grams(query), grams(name));
    if asked.is_empty() || has.is_empty() {
        return 0.0;
    }
    let mut left = has.clone();
    let shared = asked
        .iter()
        .filter(|gram| left.iter().position(|other| other == *gram).map(|at| left.swap_remove(at)).is_some())
        .count();
    // Below 1 even when both sides overlap wholly: another order of the same bigrams is not the same name.
    0.99 * length::overlap(shared, asked.len(), has.len(), two_sided)
}

/// Bigrams with the first character once more alone, so that a wrong or missing character costs two of them, not all.
fn grams(key: &str) -> Vec<(char, char)> {
    let chars: Vec<char> = key.chars().collect();
    let first = chars.first().map(|c| ('^', *c));
    first.into_iter().chain(chars.windows(2).map(|w| (w[0], w[1]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_names_score_higher() {
        let query = "遵义市民政府";
        assert_eq!(similarity(query, query, 0.6), 1.0);
        assert!(similarity(query, "遵义市人民政府", 0.6) > similarity(query, "贵阳市人民政府", 0.6));
        assert!(similarity("遵义市人政府", "遵义市人民政府", 0.6) > similarity("遵义市人政府", "遵义市民政局", 0.6));
        assert_eq!(similarity("甲", "乙", 0.6), 0.0);
        assert_eq!(similarity("", "乙", 0.6), 0.0);
    }
}
