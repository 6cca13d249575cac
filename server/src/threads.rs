//! Many records looked at on as many threads as the machine has.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::store::StoreError;

/// Records that a thread looks at before it takes the next.
const AT_A_TIME: usize = 256;

/// What `look` makes of each id, in the order of the ids; those of which it makes nothing are left out.
pub fn each<T: Send>(
    ids: &[String],
    look: impl Fn(&str) -> Result<Option<T>, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Vec<T>)>, StoreError> {
        let mut done = Vec::new();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            let Some(some) = ids.chunks(AT_A_TIME).nth(part) else { return Ok(done) };
            let mut made = Vec::with_capacity(some.len());
            for id in some {
                made.extend(look(id)?);
            }
            done.push((part, made));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(ids.len().div_ceil(AT_A_TIME));
    let mut parts = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut parts = work()?;
        for other in others {
            parts.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<_, StoreError>(parts)
    })?;
    parts.sort_unstable_by_key(|(part, _)| *part);
    Ok(parts.into_iter().flat_map(|(_, made)| made).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_ids_and_an_error_ends_all() {
        for count in [0, 1, AT_A_TIME, 5 * AT_A_TIME + 3] {
            let ids: Vec<String> = (0..count).map(|n| n.to_string()).collect();
            let even = |id: &str| Ok(id.parse().ok().filter(|n: &usize| n.is_multiple_of(2)));
            let all: Vec<usize> = (0..count).filter(|n| n.is_multiple_of(2)).collect();
            assert_eq!(each(&ids, even).unwrap(), all, "{count}");
        }
        let ids: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
        let fails = |id: &str| match id {
            "700" => Err(StoreError::Refused { id: id.into(), reason: "test".into() }),
            _ => Ok(Some(())),
        };
        assert!(each(&ids, fails).is_err());
    }
}
