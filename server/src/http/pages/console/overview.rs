//! The first page: what waits for one, and how what one's office handed in has fared.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::State as RecordState;

use super::{super::private, Me, aside, must, submission::Line};
use crate::{
    access::{Act, Actor},
    clock::moment,
    http::{App, Problem, params::Params, signed::SignedIn},
    store::listings::{List, Page as Listed},
    workflow,
};

/// Submissions on a page.
const PER_PAGE: usize = 20;
/// Table of when each account last looked.
const VISITED: &str = "visited";
/// Counted no further: beyond, the exact number helps nobody.
pub const COUNT_TO: usize = 1_000;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Page {
    q: String,
    me: Me,
    submitted: Count,
    approved: Count,
    corrections: Count,
    lines: Vec<Line>,
    next: Option<String>,
}

/// A number that is told up to a bound.
pub struct Count(usize);

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 >= COUNT_TO { write!(f, "{COUNT_TO} 以上") } else { write!(f, "{}", self.0) }
    }
}

/// How many of a kind wait in a state where somebody is in charge.
pub fn count(app: &App, actor: &Actor, kind: &'static str, state: RecordState) -> Result<Count, Problem> {
    Ok(Count(workflow::count_waiting(&app.store, kind, state, &actor.division, COUNT_TO)?))
}

/// How many a listing has.
pub fn count_listed(app: &App, list: &List<'_>) -> Result<Count, Problem> {
    Ok(Count(app.store.count_listed(list, COUNT_TO)?))
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["after"])?;
    let after = params.get("after").map(super::queue::place).transpose()?;
    let page = aside(move || {
        let actor = &session.actor;
        let Listed { records, next } = workflow::lists_of(&app.store, &actor.office(), after.as_deref(), PER_PAGE)?;
        // An office is a name that an administrator gave: what is another division's is not shown for it.
        let own = records.iter().filter(|r| must(actor, Act::Read, &workflow::division_of(r)).is_ok());
        let mut lines: Vec<Line> = own.map(|r| Line::new(&app.store, r)).collect::<Result<_, _>>()?;
        let before = app.store.secret(VISITED, &actor.name)?.unwrap_or_default();
        for line in &mut lines {
            // Both as written, by the same clock.
            line.fresh = line.by != actor.name && line.moved > before;
        }
        // Noted only where there was something: each note is a durable write.
        if after.is_none() && lines.iter().any(|line| line.fresh) {
            app.store.put_secret(VISITED, &actor.name, Some(&moment(jiff::Timestamp::now())))?;
        }
        Ok(Page {
            q: String::new(),
            submitted: count(&app, actor, "submission", RecordState::Submitted)?,
            approved: count(&app, actor, "submission", RecordState::Approved)?,
            corrections: count(&app, actor, "correction", RecordState::Submitted)?,
            lines,
            next: next.map(|place| super::queue::place_for_address(&place)),
            me: Me::new(&session),
        })
    });
    private(StatusCode::OK, &page.await?)
}
