//! The kinds of records that the head of every page leads to: of what a page is made from, those that have a record. A page
//! that is made without a generation leads to all of them.

use std::cell::RefCell;

use indexer::{
    index::Generation,
    record::{Info, KINDS},
};

thread_local! {
    /// The kinds that have a record, for the page that is being made on this thread.
    static FILLED: RefCell<Option<Vec<&'static Info>>> = const { RefCell::new(None) };
}

/// Forgets them when the page is made, also where making it fails.
struct Made;

impl Drop for Made {
    fn drop(&mut self) {
        FILLED.take();
    }
}

/// Makes a page of a generation.
pub fn making<T>(generation: &Generation, make: impl FnOnce() -> T) -> T {
    let _made = Made;
    let counts = generation.catalogue.counts();
    FILLED.set(Some(all().filter(|kind| counts.of(kind) > 0).collect()));
    make()
}

/// The kinds that the page which is being made leads to.
pub fn kinds() -> Vec<&'static Info> {
    FILLED.with_borrow(Clone::clone).unwrap_or_else(|| all().collect())
}

fn all() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.general && kind.menu && kind.is_public())
}
