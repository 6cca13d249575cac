//! Evidence of an institution's site: of two equal names, the one whose site is known serves the reader.

use indexer::record::Evidence;

/// Small, like the level's: it decides between equals. `first` is that of the first site.
pub fn factor(first: Option<Evidence>, weight: f32) -> f32 {
    let trust: f32 = match first {
        Some(Evidence::Registry | Evidence::Confirmed | Evidence::Corroborated) => 1.02,
        Some(Evidence::Single) => 1.01,
        Some(Evidence::Claimed | Evidence::Disputed) => 1.0,
        None => 0.99,
    };
    trust.powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attested_sites_win_ties() {
        let of = |evidence| factor(Some(evidence), 1.0);
        assert!(of(Evidence::Corroborated) > of(Evidence::Single));
        assert!(of(Evidence::Single) > of(Evidence::Disputed));
        assert!(of(Evidence::Claimed) > factor(None, 1.0));
    }
}
