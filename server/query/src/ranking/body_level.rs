//! Level of a body: of two names equally like the query, the higher body is asked for more often.

use indexer::record::BodyLevel;

/// Small: it decides between equals and never against a closer name.
pub fn factor(level: BodyLevel, weight: f32) -> f32 {
    let lead: f32 = match level {
        BodyLevel::Central => 1.04,
        BodyLevel::Province => 1.03,
        BodyLevel::Prefecture => 1.02,
        BodyLevel::County => 1.01,
        BodyLevel::Township => 1.0,
    };
    lead.powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_bodies_win_ties() {
        assert!(BodyLevel::ALL.windows(2).all(|pair| factor(pair[0], 1.0) > factor(pair[1], 1.0)));
    }
}
