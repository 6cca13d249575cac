//! 办理: taking a submission in hand, giving it back, and what is said about it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use indexer::record::{Handling, Record};

use super::{led, submission};
use crate::{
    access::{self, Act, Actor, Session, Submitted, acts},
    clock::moment,
    http::{App, Problem, signed::Sent},
    urls,
    workflow::{
        self,
        handling::{self, MAX_COMMENTS},
    },
};

/// How a submission is handled, as its page shows it to somebody.
#[derive(Default)]
pub struct Handled {
    /// Who has it in hand, and since when.
    pub taken: Option<(String, String)>,
    pub is_own: bool,
    /// Whether the reader may take it and give it back now.
    pub takes: bool,
    /// Whether the reader may read and write comments.
    pub talks: bool,
    pub comments: Vec<CommentLine>,
    pub full: bool,
}

pub struct CommentLine {
    pub by: String,
    pub office: String,
    pub at: String,
    pub text: String,
}

impl Handled {
    pub fn new(who: &Actor, submission: &Record, handling: Option<Handling>) -> Self {
        use indexer::record::State;
        let division = workflow::division_of(submission);
        let may = |act| access::may(Some(who), act, &workflow::subject(submission, &division)).is_ok();
        let in_review = matches!(submission.state, State::Submitted | State::Approved);
        let taken = handling.as_ref().and_then(|h| h.taken.as_ref());
        let talks = may(Act::Comment);
        let comments = handling.as_ref().map(|h| h.comments.as_slice()).filter(|_| talks).unwrap_or_default();
        Self {
            is_own: taken.is_some_and(|taken| taken.by == who.name),
            taken: taken.map(|taken| (format!("{}的 {}", taken.office_name, taken.by), moment(taken.at))),
            takes: in_review && may(Act::Take),
            talks,
            full: comments.len() >= MAX_COMMENTS,
            comments: comments
                .iter()
                .map(|comment| CommentLine {
                    by: comment.by.clone(),
                    office: comment.office_name.clone(),
                    at: moment(comment.at),
                    text: comment.text.clone(),
                })
                .collect(),
        }
    }
}

pub async fn take(State(app): State<App>, Path(id): Path<String>, sent: Sent<acts::Take>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["over"])?;
    let over = fields.get("over") == "1";
    change(app, session, id, move |app, who, id| workflow::handling::take(&app.store, who, id, over)).await
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
