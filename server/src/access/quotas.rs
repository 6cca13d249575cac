//! How many requests a key has made in this minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const MINUTE: Duration = Duration::from_secs(60);

/// Counts by key; there are as many as administrators made, so that they need no bound.
#[derive(Default)]
pub struct Quotas {
    counts: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Quotas {
    /// Counts a request of a key that may make `quota` a minute; where that is used up, how long until the next minute.
    pub fn take(&self, key: &str, quota: u32, now: Instant) -> Result<(), Duration> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (began, count) = counts.entry(key.to_owned()).or_insert((now, 0));
        let over = now.duration_since(*began);
        if over >= MINUTE {
            (*began, *count) = (now, 0);
        }
        if *count >= quota {
            return Err(MINUTE.saturating_sub(over));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_quota_each_minute() {
        let (quotas, start) = (Quotas::default(), Instant::now());
        assert!((0..3).all(|_| quotas.take("k", 3, start).is_ok()));
        assert_eq!(quotas.take("k", 3, start + Duration::from_secs(20)), Err(Duration::from_secs(40)));
        assert_eq!(quotas.take("other", 3, start), Ok(()));
        assert_eq!(quotas.take("k", 3, start + MINUTE), Ok(()));
    }
}
