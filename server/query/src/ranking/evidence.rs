//! Evidence of an institution's site: of two equal names, the one whose site is known serves the reader.

use indexer::record::{Evidence, Website};

/// Small, like the level's: it decides between equals.
pub fn factor(sites: &[Website], weight: f32) -> f32 {
    let trust: f32 = match sites.first().map(|s| s.evidence) {
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

    fn site(evidence: Evidence) -> Website {
        let (url, host) = ("http://a.gov.cn/".to_owned(), "a.gov.cn".to_owned());
        Website { url, host, evidence, sources: Vec::new(), off_gov_cn: false }
    }

    #[test]
    fn attested_sites_win_ties() {
        let of = |evidence| factor(&[site(evidence)], 1.0);
        assert!(of(Evidence::Corroborated) > of(Evidence::Single));
        assert!(of(Evidence::Single) > of(Evidence::Disputed));
        assert!(of(Evidence::Claimed) > factor(&[], 1.0));
    }
}
