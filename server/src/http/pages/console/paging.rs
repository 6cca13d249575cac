//! Pages of listings: how many there are, and where the next one begins.

use indexer::record::State;

use crate::{
    access::Actor,
    http::{App, Problem},
    store::listings::List,
    workflow,
};

/// Counted no further: beyond, the exact number helps nobody.
pub const COUNT_TO: usize = 1_000;

/// A number that is reported up to a bound.
pub struct Count(usize);

impl Count {
    pub fn is_none(&self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 >= COUNT_TO { write!(f, "{COUNT_TO} 以上") } else { write!(f, "{}", self.0) }
    }
}

/// How many of a kind wait in a state where somebody is in charge.
pub fn count(app: &App, actor: &Actor, kind: &'static str, state: State) -> Result<Count, Problem> {
    Ok(Count(workflow::count_waiting(&app.store, kind, state, &actor.division, COUNT_TO)?))
}

/// How many a listing has.
pub fn count_listed(app: &App, list: &List<'_>) -> Result<Count, Problem> {
    Ok(Count(app.store.count_listed(list, COUNT_TO)?))
}

/// A place in a listing, as an address carries it: its bytes in hex, since it holds what no address does.
pub fn cursor_for_address(place: &str) -> String {
    hex::encode(place)
}

pub fn cursor_from_address(text: &str) -> Result<String, Problem> {
    let bytes = hex::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.ok_or_else(|| Problem::bad_parameter("after", "after 应取自上一页的“下一页”链接"))
}
