//! 办理: taking a submission in hand, giving it back, and what is said about it.

use super::{led, submission};
use crate::{
    access::{Actor, Session, Submitted, acts},
    http::{App, Problem, signed::Sent},
    urls,
    workflow::{self, handling},
};
use axum::{
    extract::{Path, State},
    response::Response,
};

pub async fn take(State(app): State<App>, Path(id): Path<String>, sent: Sent<acts::Take>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["over"])?;
    let over = fields.get("over") == "1";
    change(app, session, id, move |app, who, id| workflow::handling::take(&app.store, who, id, over)).await
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
