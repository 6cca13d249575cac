//! Taking a record out, with a reason; bringing one back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::Record;

use super::{
    super::{super::private, Me, led, moves::codes},
    form::hand_in,
    standing::record,
};
use crate::{
    access::{Session, Submitted, acts},
    desk::{Grounds, InvalidGrounds, ReasonedAct},
    http::{
        App, Problem,
        aside::aside,
        signed::{Sent, SignedIn},
    },
    urls::{self, record_url},
    workflow::{self, WorkflowError},
};

#[derive(Template)]
#[template(path = "console/withdraw.html")]
struct WithdrawPage {
    q: String,
    me: Me,
    title: String,
    id: String,
    back: String,
    /// Codes of reasons with their words.
    codes: Vec<(String, String)>,
    /// What was typed.
    code: String,
    note: String,
    fault: Option<Fault>,
}

/// Why a withdrawal was not taken, and the field to mend; none where no field is to blame.
struct Fault {
    field: &'static str,
    says: String,
}

impl Fault {
    /// `None` where it is nothing that the form can mend.
    fn of(error: &WorkflowError) -> Option<Self> {
        let field = match error {
            WorkflowError::Grounds(InvalidGrounds::None | InvalidGrounds::Unknown { .. }) => "code",
            WorkflowError::Grounds(InvalidGrounds::NoWords(_))
            | WorkflowError::LongReason(_)
            | WorkflowError::Control(_) => "note",
            _ => return None,
        };
        Some(Self { field, says: error.to_string() })
    }
}

pub async fn withdraw_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let record = record(&app, &session, &id)?;
        private(StatusCode::OK, &withdraw_form(&app, &session, &record, ["", ""], None))
    })
    .await
}

fn withdraw_form(
    app: &App,
    session: &Session,
    record: &Record,
    [code, note]: [&str; 2],
    fault: Option<Fault>,
) -> WithdrawPage {
    WithdrawPage {
        q: String::new(),
        me: Me::new(session),
        title: record.body.title().to_owned(),
        id: record.id.clone(),
        back: record_url(record),
        codes: codes(&app.desk, ReasonedAct::Withdraw),
        code: code.to_owned(),
        note: note.to_owned(),
        fault,
    }
}

pub async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["code", "note"])?;
    aside(move || {
        let record = record(&app, &session, &id)?;
        let typed = [fields.get("code"), fields.get("note")];
        let mut fault = None;
        let outcome = app.allowed(&session.actor, Submitted::submissions(1), || {
            let grounds = Grounds::new(typed[0], typed[1]);
            let written = workflow::withdrawal(&app.store, &app.desk, &session.actor, &id, grounds)
                .inspect_err(|error| fault = Fault::of(error))?;
            hand_in(&app, &session, &written, true)?;
            Ok(urls::submission(&written.id))
        });
        match outcome {
            Ok(submission) => Ok(Redirect::to(&submission).into_response()),
            Err(problem) if problem.is_mendable() => {
                let fault = fault.unwrap_or_else(|| Fault { field: "", says: problem.detail.clone() });
                let page = withdraw_form(&app, &session, &record, typed, Some(fault));
                Ok(problem.on_page(private(StatusCode::OK, &page)?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

pub async fn restore(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision"])?;
    let revision = fields.revision()?;
    led(move || {
        app.allowed(&session.actor, Submitted::submissions(1), || {
            Ok(urls::submission(&workflow::restore(&app.store, &session.actor, &id, revision)?.id))
        })
    })
    .await
}
