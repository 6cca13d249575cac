//! 待办: what waits for review in a division and below it, one by one or a page at once.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::State as RecordState;

use super::{
    super::private,
    Me,
    paging::{Count, count, count_listed, place, place_for_address},
    submission::{self, Line},
};
use crate::{
    access::acts,
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    store::listings::List,
    workflow::{self, MAX_AT_ONCE},
};

/// Submissions on a page.
const PER_PAGE: usize = 50;

/// What is listed besides the states: what a reviewer above has to answer for, and the new addresses of the divisions below.
const RAISED: (&str, &str) = ("raised", "须由本级或上级核准");
const NEW_HOSTS: (&str, &str) = ("new-hosts", "下级的新网址");

/// The states in which a submission waits for somebody.
const STATES: [(RecordState, &str, &str); 4] = [
    (RecordState::Submitted, "submitted", "待审核"),
    (RecordState::Approved, "approved", "已核准待公布"),
    (RecordState::Returned, "returned", "已退回"),
    (RecordState::Draft, "draft", "草稿"),
];

#[derive(Template)]
#[template(path = "console/queue.html")]
struct Page {
    q: String,
    me: Me,
    state: &'static str,
    /// Name, label, count, whether it is this one.
    states: Vec<(&'static str, &'static str, Count, bool)>,
    lines: Vec<Line>,
    next: Option<String>,
    /// What came of a bulk approval.
    outcome: Vec<(String, Result<(), String>)>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["state", "after"])?;
    let names: Vec<&'static str> = STATES.iter().map(|(_, name, _)| *name).chain([RAISED.0, NEW_HOSTS.0]).collect();
    let state = params.one_of("state", &names, |name| name)?.unwrap_or("submitted");
    let after = params.get("after").map(place).transpose()?;
    let page = aside(move || render(&app, &session, state, after.as_deref(), Vec::new()));
    private(StatusCode::OK, &page.await?)
}

/// Approves and publishes what was chosen; each stands for itself, and what came of each is told.
pub async fn submit(State(app): State<App>, sent: Sent<acts::Approve>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["chosen"])?;
    let chosen: Vec<(String, u64)> = fields
        .all("chosen")
        .map(|text| {
            let (id, revision) = text.split_once('@').unwrap_or((text, ""));
            let revision = revision.parse().map_err(|_| Problem::bad_parameter("chosen", "选中的报送缺少修订号"))?;
            Ok((id.to_owned(), revision))
        })
        .collect::<Result<_, Problem>>()?;
    if chosen.is_empty() {
        return Err(Problem::unprocessable("没有选中任何一份报送：请在列表中勾选后再点“核准并公布”"));
    }
    if chosen.len() > MAX_AT_ONCE {
        return Err(Problem::unprocessable(format!("一次最多核准 {MAX_AT_ONCE} 份，请分批")));
    }
    let page = aside(move || {
        let mut outcome = Vec::new();
        for (id, revision) in chosen {
            // Whoever may not read it is told no more than that.
            let record = match submission::find(&app, &session, &id) {
                Ok(record) => record,
                Err(problem) => {
                    outcome.push((id, Err(problem.detail)));
                    continue;
                }
            };
            let done = workflow::approve_and_publish(&app.store, &app.desk, &session.actor, &id, revision, "");
            let title = record.body.title().to_owned();
            outcome.push((title, done.map(|_| ()).map_err(|e| Problem::from(e).detail)));
        }
        render(&app, &session, "submitted", None, outcome)
    });
    private(StatusCode::OK, &page.await?)
}

fn render(
    app: &App,
    session: &crate::access::Session,
    state: &'static str,
    after: Option<&str>,
    outcome: Vec<(String, Result<(), String>)>,
) -> Result<Page, Problem> {
    let actor = &session.actor;
    let shown = STATES.iter().find(|(_, name, _)| *name == state).map_or(RecordState::Submitted, |(s, ..)| *s);
    let waiting = match state {
        name if name == RAISED.0 => workflow::raised(&app.store, &actor.division, after, PER_PAGE)?,
        name if name == NEW_HOSTS.0 => workflow::with_new_hosts(&app.store, &actor.division, after, PER_PAGE)?,
        _ => workflow::waiting(&app.store, "submission", shown, &actor.division, after, PER_PAGE)?,
    };
    let mut states = STATES
        .iter()
        .map(|(s, name, label)| Ok((*name, *label, count(app, actor, "submission", *s)?, *name == state)))
        .collect::<Result<Vec<_>, Problem>>()?;
    for ((name, label), list) in [(RAISED, List::Raised(&actor.division)), (NEW_HOSTS, List::NewHosts(&actor.division))]
    {
        states.push((name, label, count_listed(app, &list)?, name == state));
    }
    Ok(Page {
        q: String::new(),
        me: Me::new(session),
        state,
        states,
        lines: waiting.records.iter().map(|r| Line::new(&app.store, r)).collect::<Result<_, _>>()?,
        next: waiting.next.map(|place| place_for_address(&place)),
        outcome,
    })
}
