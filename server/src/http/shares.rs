//! A room that many share: so much in all, and so much of it for one source, so that none uses up everybody's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::source::Source;

pub struct Shares {
    all: usize,
    each: usize,
    held: Mutex<Held>,
}

/// Only sources that hold something stand here, so that there are never more than there is room.
#[derive(Default)]
struct Held {
    all: usize,
    by_source: HashMap<Source, usize>,
}

/// What one holds; given back when dropped.
pub struct Share {
    of: Arc<Shares>,
    source: Source,
    amount: usize,
}

impl Shares {
    /// Room for `all`, of which one source has `each` at most.
    pub fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, held: Mutex::default() })
    }

    /// A share of nothing, to which more can be taken.
    pub fn empty(self: &Arc<Self>, source: Source) -> Share {
        Share { of: self.clone(), source, amount: 0 }
    }

    /// A share of one; `None` where there is no room for it.
    pub fn take(self: &Arc<Self>, source: Source) -> Option<Share> {
        let mut share = self.empty(source);
        share.take(1).then_some(share)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes so much more; `false`, and nothing taken, where there is no room.
    pub fn take(&mut self, amount: usize) -> bool {
        let mut held = self.of.held();
        let own = held.by_source.get(&self.source).copied().unwrap_or(0);
        let room = own.saturating_add(amount) <= self.of.each && held.all.saturating_add(amount) <= self.of.all;
        if room && amount > 0 {
            held.all += amount;
            held.by_source.insert(self.source, own + amount);
            self.amount += amount;
        }
        room
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.amount == 0 {
            return;
        }
        let mut held = self.of.held();
        held.all -= self.amount;
        let left = held.by_source.get(&self.source).map_or(0, |own| own - self.amount);
        if left == 0 {
            held.by_source.remove(&self.source);
        } else {
            held.by_source.insert(self.source, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(n: u8) -> Source {
        Source::of([192, 0, 2, n].into())
    }

    #[test]
    fn one_source_has_its_share_and_all_have_the_room() {
        let shares = Shares::new(5, 2);
        let mut held: Vec<Share> = (0..2).filter_map(|_| shares.take(source(1))).collect();
        assert_eq!(held.len(), 2);
        assert!(shares.take(source(1)).is_none(), "its share is used up");
        held.extend([2, 3, 3].into_iter().filter_map(|n| shares.take(source(n))));
        assert_eq!(held.len(), 5);
        assert!(shares.take(source(4)).is_none(), "the room is used up");
        held.remove(0);
        held.extend(shares.take(source(4)));
        assert_eq!(held.len(), 5);
        drop(held);
        assert!(shares.held().all == 0 && shares.held().by_source.is_empty(), "nothing is remembered of who has gone");
    }

    #[test]
    fn a_share_grows_as_far_as_there_is_room() {
        let shares = Shares::new(100, 60);
        let mut one = shares.empty(source(1));
        assert!(one.take(50) && !one.take(11) && one.take(10) && !one.take(usize::MAX));
        let mut other = shares.empty(source(2));
        assert!(!other.take(41) && other.take(40));
        drop(one);
        assert!(other.take(20));
    }
}
