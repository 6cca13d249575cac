//! Recency: of two regulations with the same words the younger is more often the one that is applied.

/// Years back at which the factor has lost half of what it can lose.
const HALF: f32 = 20.0;

/// `age` in years since the version's date, 0 where that is unknown: not knowing is no fault of the regulation.
pub fn factor(age: f32, weight: f32) -> f32 {
    1.0 - weight * (1.0 - HALF / (HALF + age.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn younger_regulations_lead() {
        assert!(factor(1.0, 0.2) > factor(30.0, 0.2));
        assert_eq!(factor(20.0, 0.2), 0.9);
        assert_eq!(factor(0.0, 0.2), 1.0);
    }
}
