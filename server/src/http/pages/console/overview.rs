//! The first page: what waits for one, and how what one's office handed in has fared.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::State as RecordState;

use super::{
    super::private,
    Me, forms, must,
    paging::{Count, count, count_listed, cursor_for_address, cursor_from_address},
    start::Start,
    submission::Line,
};
use crate::{
    access::{Act, acts},
    clock::moment,
    http::{App, Problem, aside::aside, params::Params, signed::SignedIn},
    store::listings::{List, RecordPage as Listed},
    workflow,
};

/// Submissions on a page.
const PER_PAGE: usize = 20;
/// Table of when each account last looked.
const VISITED: &str = "visited";
/// Table of the accounts that have been shown where to begin.
const STARTED: &str = "started";

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Page {
    q: String,
    me: Me,
    submitted: Count,
    approved: Count,
    corrections: Count,
    tasks: Count,
    /// Where to begin, the first time and for whom nothing is there.
    start: Option<Start>,
    /// Forms for new records: where each is, and what it is of.
    beginnings: Vec<(String, &'static str)>,
    lines: Vec<Line>,
    next: Option<String>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["after"])?;
    let after = params.get("after").map(cursor_from_address).transpose()?;
    let page = aside(move || {
        let actor = &session.actor;
        let Listed { records, next } = workflow::lists_of(&app.store, &actor.office(), after.as_deref(), PER_PAGE)?;
        // An office is a name that an administrator gave: what is another division's is not shown for it.
        let own = records.iter().filter(|r| must(actor, Act::Read, &workflow::division_of(r)).is_ok());
        let mut lines: Vec<Line> = own.map(|r| Line::new(&app.store, r)).collect::<Result<_, _>>()?;
        let before = app.store.secret(VISITED, &actor.name)?.unwrap_or_default();
        for line in &mut lines {
            // Both as written, by the same clock.
            line.fresh = line.author != actor.name && line.moved > before;
        }
        // Noted only where there was something: each note is a durable write.
        if after.is_none() && lines.iter().any(|line| line.fresh) {
            app.store.put_secret(VISITED, &actor.name, Some(&moment(jiff::Timestamp::now())))?;
        }
        let submitted = count(&app, actor, "submission", RecordState::Submitted)?;
        let first = app.store.secret(STARTED, &actor.name)?.is_none();
        if first {
            app.store.put_secret(STARTED, &actor.name, Some(""))?;
        }
        let idle = lines.is_empty() && submitted.is_none() && after.is_none();
        Ok(Page {
            q: String::new(),
            start: (first || idle).then(|| Start::new(actor)),
            beginnings: forms::beginnings(),
            submitted,
            approved: count(&app, actor, "submission", RecordState::Approved)?,
            corrections: count(&app, actor, "correction", RecordState::Submitted)?,
            tasks: count_listed(&app, &List::Tasks(RecordState::Submitted, &actor.division))?,
            lines,
            next: next.map(|place| cursor_for_address(&place)),
            me: Me::new(&session),
        })
    });
    private(StatusCode::OK, &page.await?)
}
