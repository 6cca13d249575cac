//! The kinds of records that the head of every page leads to: of what a page is made from, those that have a record. A page
//! that is made of the store alone leads to those of the generation that was there when it was asked for.

use std::cell::RefCell;

use indexer::{
    index::Generation,
    record::{Info, KINDS},
};

thread_local! {
    /// The kinds that have a record, for the page that is being made on this thread.
    static FILLED: RefCell<Option<Vec<&'static Info>>> = const { RefCell::new(None) };
}

tokio::task_local! {
    /// The same for whatever page is made for the request that this task answers.
    static ASKED: Vec<&'static Info>;
}

/// Answers a request of which pages lead to these kinds.
pub async fn within<T>(kinds: Option<Vec<&'static Info>>, answer: impl Future<Output = T>) -> T {
    match kinds {
        Some(kinds) => ASKED.scope(kinds, answer).await,
        None => answer.await,
    }
}

/// Work for another thread, on which its pages lead to the same as on this one.
pub fn carried<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let asked = ASKED.try_with(Clone::clone).ok();
    move || match asked {
        Some(kinds) => ASKED.sync_scope(kinds, work),
        None => work(),
    }
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
    FILLED.set(Some(filled(generation)));
    make()
}

/// The kinds that the page which is being made leads to.
pub fn kinds() -> Vec<&'static Info> {
    let of_request = || ASKED.try_with(Clone::clone).ok();
    FILLED.with_borrow(Clone::clone).or_else(of_request).unwrap_or_else(|| all().collect())
}

/// The kinds of which a generation has a record.
pub fn filled(generation: &Generation) -> Vec<&'static Info> {
    let counts = generation.catalogue.counts();
    all().filter(|kind| counts.of(kind) > 0).collect()
}

fn all() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.general && kind.menu && kind.is_public())
}
