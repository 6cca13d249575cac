//! How often other regulations cite a regulation: what lawyers build on is what people ask for.

/// `cited` counts the works that cite the regulation's title.
pub fn factor(cited: u32, weight: f32) -> f32 {
    1.0 + weight * (1.0 + cited as f32).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_slowly() {
        assert_eq!(factor(0, 0.15), 1.0);
        assert!(factor(10, 0.15) > factor(1, 0.15));
        assert!(factor(1000, 0.15) < 2.1);
    }
}
