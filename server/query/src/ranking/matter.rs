//! A matter that the query names, and the article that settles it (`dictionaries/matters.tsv`): what everyone asks has an
//! answer that words alone do not find, since the law says it in others.

/// The lead grows with the square of the coverage: what names half of a short query decides it, what names a tenth of a
/// long question is one of its circumstances.
const STEEPNESS: f32 = 5.0;
/// Reached when about half of the query names the matter; more would only spread the scores.
const MAX: f32 = 1.5;

/// Added to an article's score, as a share of `best`, the highest score that the words alone gave.
pub fn lead(best: f32, coverage: f32, weight: f32) -> f32 {
    best * weight * (coverage * coverage * STEEPNESS).min(MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_of_the_query_the_matter_is_the_further_it_leads() {
        assert!(lead(10.0, 1.0, 1.0) >= 10.0);
        assert!(lead(10.0, 0.1, 1.0) < lead(10.0, 0.5, 1.0));
        assert_eq!(lead(10.0, 1.0, 0.0), 0.0);
    }
}
