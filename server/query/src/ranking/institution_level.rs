//! Level of an institution: of two names equally like the query, the higher institution is asked for more often.

use indexer::record::InstitutionLevel;

/// Small: it decides between equals and never against a closer name.
pub fn factor(level: InstitutionLevel, weight: f32) -> f32 {
    let lead: f32 = match level {
        InstitutionLevel::Central => 1.04,
        InstitutionLevel::Province => 1.03,
        InstitutionLevel::Prefecture => 1.02,
        InstitutionLevel::County => 1.01,
        InstitutionLevel::Township => 1.0,
    };
    lead.powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_institutions_win_ties() {
        assert!(InstitutionLevel::ALL.windows(2).all(|pair| factor(pair[0], 1.0) > factor(pair[1], 1.0)));
    }
}
