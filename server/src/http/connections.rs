//! Who is connected: so many in all, so many from one source. At the bound the connections on which nothing is being
//! answered make room, those that have rested longest first; where all are at work, whoever comes is refused.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::pulse::Pulse;
use crate::source::Source;

/// Connections at once, however many files may be open: each takes 16 kB at rest (measured), and up to 64 KiB while a
/// head comes and an answer goes, so that all together take a tenth of a gigabyte and at the worst half of one.
pub const MAX_CONNECTIONS: usize = 8_192;
/// Part of all that one source may have: the browsers of an office behind one address keep six each, and those that
/// rest make room for those that ask.
const PART_OF_SOURCE: usize = 16;
/// Least that one source may have: the pages of ten people.
const LEAST_OF_SOURCE: usize = 64;
/// Part of a bound that makes room together, so that the looking is paid by many.
const PART_TOGETHER: usize = 16;
/// After a look over all connections has found none at rest, none is looked for again so long.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Connections that have been told to leave and have not left yet, beyond the bound.
pub const LEAVING: usize = 64;
/// Descriptors for all else: the store, the index, originals, uploads, the control socket, child processes. While an
/// index of 150,000 articles was built there were 32, and what is sent and read at once is bounded to a few dozen.
const RESERVED: usize = 256;

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    pub all: usize,
    pub each: usize,
}

impl Caps {
    /// As many as so many descriptors allow, with a reserve for all else: a fixed one, or half where there are few.
    pub fn within(descriptors: usize) -> Self {
        let reserved = RESERVED.min(descriptors / 2) + LEAVING;
        let all = descriptors.saturating_sub(reserved).clamp(1, MAX_CONNECTIONS);
        Self { all, each: (all / PART_OF_SOURCE).max(LEAST_OF_SOURCE).min(all) }
    }

    /// Descriptors with which there are as many as there are ever to be.
    pub const fn wanted() -> usize {
        MAX_CONNECTIONS + RESERVED + LEAVING
    }
}

/// Why a connection was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There are too many in all.
    All,
    /// Too many from this source.
    Source,
}

pub struct Connections {
    caps: Caps,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// Only sources that are connected.
    open: HashMap<Source, HashMap<u64, Arc<Pulse>>>,
    count: usize,
    last: u64,
    /// When a look over all was in vain.
    in_vain: Option<Instant>,
}

/// A connection's place; given back when dropped.
pub struct Slot {
    of: Arc<Connections>,
    source: Source,
    number: u64,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.of.table().remove(self.source, self.number);
    }
}

impl Connections {
    pub fn new(caps: Caps) -> Arc<Self> {
        Arc::new(Self { caps, table: Mutex::default() })
    }

    /// A place for a connection. A proxy's stand for many people: for them only the bound in all holds.
    pub fn admit(self: &Arc<Self>, source: Source, is_proxy: bool, pulse: &Arc<Pulse>) -> Result<Slot, Refused> {
        let mut table = self.table();
        if !is_proxy && table.open.get(&source).map_or(0, HashMap::len) >= self.caps.each {
            let rested = table.rested(Some(source));
            if !table.make_room(rested, self.caps.each) {
                return Err(Refused::Source);
            }
        }
        if table.count >= self.caps.all {
            if table.in_vain.is_some_and(|at| at.elapsed() < LOOK_AGAIN) {
                return Err(Refused::All);
            }
            let rested = table.rested(None);
            if !table.make_room(rested, self.caps.all) {
                table.in_vain = Some(Instant::now());
                return Err(Refused::All);
            }
        }
        table.last += 1;
        table.count += 1;
        let number = table.last;
        table.open.entry(source).or_default().insert(number, pulse.clone());
        Ok(Slot { of: self.clone(), source, number })
    }

    /// Connections that have a place.
    pub fn count(&self) -> usize {
        self.table().count
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Connections on which nothing is being answered, of one source or of all, with the time since when.
    fn rested(&self, source: Option<Source>) -> Vec<(Instant, Source, u64)> {
        let of = |(source, own): (&Source, &HashMap<u64, Arc<Pulse>>)| {
            let rested = |(number, pulse): (&u64, &Arc<Pulse>)| Some((pulse.resting_since()?, *source, *number));
            own.iter().filter_map(rested).collect::<Vec<_>>()
        };
        match source {
            Some(source) => self.open.get_key_value(&source).map(of).unwrap_or_default(),
            None => self.open.iter().flat_map(of).collect(),
        }
    }

    /// Tells those that have rested longest to leave, a part of `bound`; whether there were any. They count no more.
    fn make_room(&mut self, mut rested: Vec<(Instant, Source, u64)>, bound: usize) -> bool {
        let going = (bound / PART_TOGETHER).clamp(1, LEAVING).min(rested.len());
        if going == 0 {
            return false;
        }
        rested.select_nth_unstable_by_key(going - 1, |(since, _, number)| (*since, *number));
        for (_, source, number) in &rested[..going] {
            if let Some(pulse) = self.remove(*source, *number) {
                pulse.ask_to_close();
            }
        }
        true
    }

    fn remove(&mut self, source: Source, number: u64) -> Option<Arc<Pulse>> {
        let own = self.open.get_mut(&source)?;
        let pulse = own.remove(&number)?;
        if own.is_empty() {
            self.open.remove(&source);
        }
        self.count -= 1;
        Some(pulse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(n: u8) -> Source {
        Source::of([192, 0, 2, n].into())
    }

    #[test]
    fn the_bounds_leave_descriptors_for_all_else() {
        for (descriptors, all, each) in [
            (1_024, 704, 64),
            (20_000, 8_192, 512),
            (Caps::wanted(), 8_192, 512),
            (4_096, 3_776, 236),
            (256, 64, 64),
            (16, 1, 1),
        ] {
            assert_eq!(Caps::within(descriptors), Caps { all, each }, "{descriptors}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_rest_longest_make_room() {
        let connections = Connections::new(Caps { all: 3, each: 2 });
        let mut open = Vec::new();
        for n in 1..=3 {
            let pulse = Pulse::new();
            open.push((connections.admit(source(n), false, &pulse).unwrap(), pulse));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let at_work = open[0].1.answering();
        let newest = Pulse::new();
        let place = connections.admit(source(4), false, &newest).unwrap();
        assert_eq!(connections.count(), 3);
        tokio::time::timeout(Duration::ZERO, open[1].1.asked_to_close()).await.expect("the oldest at rest leaves");
        tokio::time::timeout(Duration::ZERO, open[2].1.asked_to_close()).await.unwrap_err();
        // All at work: whoever comes is refused, and there is room when one goes.
        let more = [open[2].1.answering(), newest.answering()];
        assert_eq!(connections.admit(source(5), true, &Pulse::new()).err(), Some(Refused::All));
        drop((at_work, more));
        assert_eq!(
            connections.admit(source(5), true, &Pulse::new()).err(),
            Some(Refused::All),
            "not looked for at once"
        );
        drop(place);
        assert!(connections.admit(source(5), true, &Pulse::new()).is_ok());
        drop(open);
        let table = connections.table();
        assert!(table.count == 0 && table.open.is_empty(), "nothing is remembered of who has gone");
    }

    #[tokio::test]
    async fn one_source_has_its_part_and_a_proxy_all() {
        let connections = Connections::new(Caps { all: 10, each: 2 });
        let pulses: Vec<_> = (0..3).map(|_| Pulse::new()).collect();
        let _at_work: Vec<_> = pulses.iter().map(Pulse::answering).collect();
        let admit = |n, is_proxy| connections.admit(source(n), is_proxy, &pulses[0]);
        let _first = [admit(1, false).unwrap(), admit(1, false).unwrap()];
        assert_eq!(admit(1, false).err(), Some(Refused::Source));
        let _others: Vec<_> = (0..5).map(|_| admit(2, true).unwrap()).collect();
        assert!(admit(3, false).is_ok());
        assert_eq!(connections.count(), 7);
    }
}
