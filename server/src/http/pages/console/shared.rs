//! What offices share with each other and not with the public: found and read by those on the line of its division.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{AttachedFile, Audience, Info, KINDS};

use super::{super::private, Me, reforms};
use crate::{
    access::{self, Act, Subject, acts},
    http::{App, Problem, aside::aside, params::Params, records::find_shared, signed::SignedIn},
    query::{MAX_SHARED_PAGE, SHARED_PAGE, SharedHits, request::MAX_QUERY_CHARS, shared},
    reading::schemes::shared_comparison_of,
    urls,
};

#[derive(Template)]
#[template(path = "console/shared.html")]
struct Page {
    q: String,
    me: Me,
    asked: String,
    found: SharedHits,
    /// Kinds of which a new record can be made, by path and label.
    kinds: Vec<(&'static str, &'static str)>,
    previous: Option<String>,
    next: Option<String>,
}

/// The kinds that offices share.
fn kinds() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.is_searched_by(Audience::Offices))
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["q", "page"])?;
    let number = params.number("page", 1, MAX_SHARED_PAGE)?;
    let asked = match params.get("q").map(str::trim) {
        None | Some("") => String::new(),
        Some(_) => params.text("q", MAX_QUERY_CHARS)?,
    };
    aside(move || {
        let division = session.actor.division.clone();
        let found = match app.for_offices() {
            Some(generation) => shared(&*app.generation()?, &generation, &asked, &division, number as usize)?,
            None => SharedHits::default(),
        };
        let address = |number: u32| urls::console::shared_search(&asked, number);
        let more = found.total > number as usize * SHARED_PAGE && number < MAX_SHARED_PAGE;
        let page = Page {
            q: String::new(),
            me: Me::new(&session),
            previous: (number > 1).then(|| address(number - 1)),
            next: more.then(|| address(number + 1)),
            asked,
            found,
            kinds: kinds().map(|kind| (kind.path, kind.label)).collect(),
        };
        private(StatusCode::OK, &page)
    })
    .await
}

#[derive(Template)]
#[template(path = "console/shared_record.html")]
struct OnePage {
    q: String,
    me: Me,
    id: String,
    label: &'static str,
    title: String,
    /// Where it is seen what it touches, for a plan of reform.
    reach: Option<String>,
    /// Where it is set beside others, for a scheme of organization.
    compared: Option<String>,
    facts: Vec<(&'static str, Vec<String>)>,
    attached: Vec<AttachedFile>,
    revision: u64,
    edits: bool,
}

pub async fn one(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let (record, division) = find_shared(&app, &session.actor, &id)?;
        let edits = access::may(Some(&session.actor), Act::Submit, &Subject::of(&division)).is_ok();
        // Files stand below with their links.
        let facts = record.body.facts().filter(|(c, values)| !values.is_empty() && c.name != "attachments");
        let page = OnePage {
            q: String::new(),
            me: Me::new(&session),
            label: record.body.kind_label(),
            title: record.body.title().to_owned(),
            reach: reforms::reach_url(&record.body, &record.id),
            compared: shared_comparison_of(&record),
            facts: facts.map(|(column, values)| (column.label, values)).collect(),
            attached: record.body.attached().to_vec(),
            revision: record.revision,
            id: record.id,
            edits,
        };
        private(StatusCode::OK, &page)
    })
    .await
}
