//! Failed attempts to sign in: after a few, a name is locked for a while, whether or not there is such an account.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures after which a name is locked: people mistype twice or thrice.
const MAX_FAILURES: u32 = 5;
/// For how long it is locked, and after how long failures are forgotten: at five guesses a quarter of an hour a password
/// of ten characters outlasts everyone.
const LOCKED: Duration = Duration::from_secs(15 * 60);
/// Names remembered; beyond, the oldest is forgotten. Each costs an attacker a checked password.
const MAX_NAMES: usize = 10_000;

#[derive(Default)]
pub struct Attempts {
    failed: Mutex<HashMap<String, Failures>>,
}

struct Failures {
    count: u32,
    last: Instant,
}

impl Attempts {
    /// How long a name is still locked.
    pub fn locked(&self, name: &str, now: Instant) -> Option<Duration> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = failed.get(name)?;
        let over = now.duration_since(failures.last);
        if over >= LOCKED {
            failed.remove(name);
            return None;
        }
        (failures.count >= MAX_FAILURES).then(|| LOCKED - over)
    }

    pub fn fail(&self, name: &str, now: Instant) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= MAX_NAMES && !failed.contains_key(name) {
            failed.retain(|_, f| now.duration_since(f.last) < LOCKED);
            if failed.len() >= MAX_NAMES
                && let Some(oldest) = failed.iter().min_by_key(|(_, f)| f.last).map(|(name, _)| name.clone())
            {
                failed.remove(&oldest);
            }
        }
        let failures = failed.entry(name.to_owned()).or_insert(Failures { count: 0, last: now });
        failures.count += 1;
        failures.last = now;
    }

    pub fn succeed(&self, name: &str) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_locked_after_five_failures_and_free_again_later() {
        let attempts = Attempts::default();
        let start = Instant::now();
        for _ in 0..4 {
            attempts.fail("a", start);
        }
        assert_eq!(attempts.locked("a", start), None);
        attempts.fail("a", start);
        assert_eq!(attempts.locked("a", start), Some(LOCKED));
        assert_eq!(attempts.locked("b", start), None);
        assert_eq!(attempts.locked("a", start + LOCKED), None);
        attempts.fail("a", start + LOCKED);
        assert_eq!(attempts.locked("a", start + LOCKED), None, "counted anew");
        attempts.succeed("a");
        assert_eq!(attempts.locked("a", start), None);
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        let start = Instant::now();
        for n in 0..MAX_NAMES + 5 {
            attempts.fail(&n.to_string(), start + Duration::from_micros(n as u64));
        }
        assert_eq!(attempts.failed.lock().unwrap().len(), MAX_NAMES);
    }
}
