//! Validity 时效性: an older or repealed text never outranks the one in force on equal words.

use indexer::record::Status;

/// Low enough that the same article of an older version (whose words are all but the same) always follows.
/// `attested` says that the library holds the text that repeals or replaces: a status that a source merely states may
/// be a mistake of the source, and the library then has no better text of that regulation: it is shown with its status.
pub fn factor(status: Status, attested: bool, weight: f32) -> f32 {
    let trust: f32 = match status {
        Status::InForce => 1.0,
        Status::NotYetInForce => 0.9,
        Status::Superseded | Status::Repealed if !attested => 0.95,
        Status::Superseded => 0.4,
        Status::Repealed => 0.35,
    };
    trust.powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_force_comes_first() {
        let order = [Status::InForce, Status::NotYetInForce, Status::Superseded, Status::Repealed];
        assert!(order.windows(2).all(|pair| factor(pair[0], true, 1.0) > factor(pair[1], true, 1.0)));
        assert!(factor(Status::InForce, false, 1.0) > factor(Status::Repealed, false, 1.0));
    }
}
