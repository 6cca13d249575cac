//! 办理: taking a submission in hand, giving it back, and what is said about it.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{
    super::private,
    Me, led,
    paging::{cursor_for_address, cursor_from_address},
    submission,
};
use crate::{
    access::{Actor, Session, Submitted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    urls,
    workflow::{self, handling},
};

pub async fn take(State(app): State<App>, Path(id): Path<String>, sent: Sent<acts::Take>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["over"])?;
    let over = fields.get("over") == "1";
    change(app, session, id, move |app, who, id| workflow::handling::take(&app.store, who, id, over)).await
}

#[derive(Template)]
#[template(path = "console/colleagues.html")]
struct Colleagues {
    q: String,
    me: Me,
    submission: String,
    title: String,
    /// Account, and the office that people know it by.
    colleagues: Vec<(String, String)>,
    next: Option<String>,
}

/// To whom a submission may be given.
pub async fn colleagues(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Assign>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["after"])?;
    let after = params.get("after").map(cursor_from_address).transpose()?;
    let page = aside(move || {
        let record = submission::find(&app, &session, &id)?;
        let page = handling::colleagues(&app.store, &session.actor, &record, after.as_deref())?;
        Ok(Colleagues {
            q: String::new(),
            me: Me::new(&session),
            submission: urls::submission(&id),
            title: record.body.title().to_owned(),
            colleagues: page.records.into_iter().map(|colleague| (colleague.name, colleague.office_name)).collect(),
            next: page.next.as_deref().map(cursor_for_address),
        })
    });
    private(StatusCode::OK, &page.await?)
}

pub async fn assign(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Assign>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["to"])?;
    let to = fields.get("to").trim().to_owned();
    change(app, session, id, move |app, who, id| handling::assign(&app.store, who, id, &to)).await
}

pub async fn give_back(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Take>,
) -> Result<Response, Problem> {
    let (session, _) = sent.read(&[])?;
    change(app, session, id, |app, who, id| handling::give_back(&app.store, who, id)).await
}

pub async fn comment(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Comment>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["text"])?;
    led(move || {
        submission::find(&app, &session, &id)?;
        app.allowed(&session.actor, Submitted::submissions(1), || {
            Ok(handling::comment(&app.store, &session.actor, &id, fields.get("text"))?)
        })?;
        Ok(format!("{}#comments", urls::submission(&id)))
    })
    .await
}

async fn change(
    app: App,
    session: Session,
    id: String,
    change: impl FnOnce(&App, &Actor, &str) -> Result<(), workflow::WorkflowError> + Send + 'static,
) -> Result<Response, Problem> {
    led(move || {
        submission::find(&app, &session, &id)?;
        change(&app, &session.actor, &id)?;
        Ok(urls::submission(&id))
    })
    .await
}
