//! 纠错建议: what readers say is wrong, for the office in charge to answer.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{Body, Correction, Record, State as RecordState};

use super::{
    super::private,
    Me, led,
    moves::{AskedMove, Offered},
    must,
    paging::{cursor_for_address, cursor_from_address},
    submission::{Step, division_name, steps},
};
use crate::{
    access::{Act, Session, acts},
    corrections::state_label,
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    urls,
    urls::record_url,
    workflow,
};

const PER_PAGE: usize = 50;

/// The states shown: what waits, what was taken up, what was not.
const STATES: [(RecordState, &str, &str); 3] = [
    (RecordState::Submitted, "submitted", "待答复"),
    (RecordState::Approved, "accepted", "已采纳"),
    (RecordState::Returned, "declined", "未采纳"),
];

struct Line {
    id: String,
    title: String,
    matter: &'static str,
    says: String,
    division: String,
    sent: String,
}

#[derive(Template)]
#[template(path = "console/corrections.html")]
struct Page {
    q: String,
    me: Me,
    /// Name, label, whether it is this one.
    states: Vec<(&'static str, &'static str, bool)>,
    state: &'static str,
    lines: Vec<Line>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "console/correction.html")]
struct CasePage {
    q: String,
    me: Me,
    id: String,
    revision: u64,
    title: String,
    url: Option<String>,
    edit: Option<String>,
    state: &'static str,
    matter: &'static str,
    says: String,
    evidence: Option<String>,
    answer: Option<String>,
    sent: String,
    moves: Vec<Offered>,
    steps: Vec<Step>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["state", "after"])?;
    let names = STATES.map(|(_, name, _)| name);
    let state = params.one_of("state", &names, |name| name)?.unwrap_or("submitted");
    let after = params.get("after").map(cursor_from_address).transpose()?;
    let page = aside(move || {
        let actor = &session.actor;
        let shown = STATES.iter().find(|(_, name, _)| *name == state).map_or(RecordState::Submitted, |(s, ..)| *s);
        let waiting = workflow::waiting(&app.store, "correction", shown, &actor.division, after.as_deref(), PER_PAGE)?;
        Ok(Page {
            q: String::new(),
            me: Me::new(&session),
            states: STATES.iter().map(|(_, name, label)| (*name, *label, *name == state)).collect(),
            state,
            lines: waiting.records.iter().filter_map(|r| line(&app, r).transpose()).collect::<Result<_, _>>()?,
            next: waiting.next.map(|place| cursor_for_address(&place)),
        })
    });
    private(StatusCode::OK, &page.await?)
}

fn line(app: &App, record: &Record) -> Result<Option<Line>, Problem> {
    let Body::Correction(c) = &record.body else { return Ok(None) };
    Ok(Some(Line {
        id: record.id.clone(),
        title: c.about_title.clone(),
        matter: c.matter.label(),
        says: c.says.chars().take(80).collect(),
        division: division_name(&app.store, record)?,
        sent: sent(record),
    }))
}

fn sent(record: &Record) -> String {
    record.provenance.first().and_then(|p| p.date).map(|d| d.to_string()).unwrap_or_default()
}

pub async fn case(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = aside(move || {
        let (record, c) = find(&app, &session, &id)?;
        let about = app.store.get(&c.about)?.filter(Record::is_public);
        let editable = about.as_ref().filter(|r| matches!(r.body, Body::Institution(_) | Body::Regulation(_)));
        let may_edit = |r: &&Record| must(&session.actor, Act::Submit, &workflow::division_of(r)).is_ok();
        let open = record.state == RecordState::Submitted;
        let moves = workflow::open_moves(&app.store, &session.actor, &record)?.0;
        Ok(CasePage {
            q: String::new(),
            me: Me::new(&session),
            revision: record.revision,
            title: c.about_title,
            url: about.as_ref().map(record_url),
            edit: editable.filter(may_edit).filter(|_| open).map(|r| urls::console::edit(&r.id, &id)),
            state: state_label(record.state),
            matter: c.matter.label(),
            says: c.says,
            evidence: c.evidence,
            answer: c.answer,
            sent: sent(&record),
            moves: moves.into_iter().map(|step| Offered::new(&app.desk, step)).collect(),
            steps: steps(&app.store, &id)?,
            id,
        })
    });
    private(StatusCode::OK, &page.await?)
}

/// A suggestion that somebody may read.
fn find(app: &App, session: &Session, id: &str) -> Result<(Record, Correction), Problem> {
    let none = || Problem::not_found("没有这条建议，或者它不在您的账户所管的区划之内");
    let record = app.store.get(id)?.ok_or_else(none)?;
    let Body::Correction(c) = record.body.clone() else { return Err(none()) };
    must(&session.actor, Act::Read, &workflow::division_of(&record)).map_err(|_| none())?;
    Ok((record, c))
}

pub async fn perform(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    sent: Sent<acts::Read>,
) -> Result<Response, Problem> {
    let asked = AskedMove::read(sent)?;
    led(move || {
        let (who, grounds) = (&asked.session.actor, asked.grounds());
        find(&app, &asked.session, &id)?;
        workflow::perform(&app.store, &app.desk, who, &id, asked.revision, &name, grounds)?;
        Ok(urls::console::correction(&id))
    })
    .await
}
