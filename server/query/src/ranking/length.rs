//! Length of a name against the query: a long name loses by what was not typed of it, but half a name must still find the
//! whole.

/// Overlap of two names by what they share, from 0 to 1. `two_sided` is the share that looks at both lengths; the rest
/// looks only at how much of the query the name covers, so that 0 lets length count for nothing.
pub fn overlap(shared: usize, asked: usize, has: usize, two_sided: f32) -> f32 {
    let both = 2.0 * shared as f32 / (asked + has) as f32;
    let covered = shared as f32 / asked as f32;
    two_sided * both + (1.0 - two_sided) * covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_names_that_cover_the_query_the_shorter_leads() {
        assert!(overlap(4, 4, 5, 0.6) > overlap(4, 4, 9, 0.6));
        assert_eq!(overlap(4, 4, 5, 0.0), overlap(4, 4, 9, 0.0));
        assert_eq!(overlap(4, 4, 4, 0.6), 1.0);
    }
}
