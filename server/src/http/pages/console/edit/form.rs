//! What every form of a record's facts does: shows what is there or was typed, reads it, and hands the change in.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use indexer::record::{Body, Concern, Provenance, Record, Weight, Word};
use sha2::{Digest, Sha256};

use super::super::{
    super::private,
    Me,
    forms::{self, GeneralFields},
    picker,
};
use crate::{
    access::{Actor, Session},
    http::{App, Problem, signed::Fields},
    workflow::{self, WorkflowError},
};

/// Warnings that a form shows.
const MAX_WARNINGS: usize = 10;

#[derive(Template)]
#[template(path = "console/general_form.html")]
struct GeneralPage {
    q: String,
    me: Me,
    title: String,
    back: String,
    action: String,
    revision: u64,
    answers: String,
    note: String,
    form: GeneralFields,
    warned: Warned,
    lead: &'static str,
}

/// What a form is about: a record that stands, or a draft.
pub(super) struct About {
    pub title: String,
    /// What else whoever opens the form should know.
    pub lead: &'static str,
    pub back: String,
    pub action: String,
    pub revision: u64,
    pub answers: String,
    pub note: String,
}

/// What a form was reported besides faults, and what its next sending carries so that the same is not reported again.
#[derive(Default)]
pub(super) struct Warned {
    pub says: Vec<String>,
    pub seen: String,
}

impl Warned {
    pub fn of(app: &App, target: &str, content: &Body) -> Result<Self, Problem> {
        let concerns = workflow::concerns(&app.store, target, content)?;
        let say = |c: Concern| format!("{}，须由管到区划 {} 的审核员核准", c.says, c.division);
        let says: Vec<String> = concerns.into_iter().take(MAX_WARNINGS).map(say).collect();
        let seen = if says.is_empty() { String::new() } else { hex::encode(Sha256::digest(says.join("\n"))) };
        Ok(Self { says, seen })
    }
}

pub(super) fn form_page(app: &App, session: &Session, about: About, form: GeneralFields) -> Result<Response, Problem> {
    warned_page(app, session, about, form, Warned::default())
}

/// The form once more, where it was sent to find or to choose a code and not to be saved.
pub(super) fn picked_page(
    app: &App,
    session: &Session,
    about: impl FnOnce() -> About,
    fields: &mut Fields,
    blank: &Body,
) -> Result<Option<Response>, Problem> {
    if picker::wanted(fields).is_none() {
        return Ok(None);
    }
    picker::fill_in(app, fields, &GeneralFields::of(blank).asking())?;
    let form = form_sent(fields, blank)?.with_pickers(app, Some(fields))?;
    let about =
        About { note: fields.get(forms::NOTE).to_owned(), answers: fields.get("answers").to_owned(), ..about() };
    Ok(Some(general_page(session, about, form, Warned::default())?))
}

pub(super) fn warned_page(
    app: &App,
    session: &Session,
    about: About,
    form: GeneralFields,
    warned: Warned,
) -> Result<Response, Problem> {
    general_page(session, about, form.with_pickers(app, None)?, warned)
}

pub(super) fn general_page(
    session: &Session,
    about: About,
    form: GeneralFields,
    warned: Warned,
) -> Result<Response, Problem> {
    let About { title, lead, back, action, revision, answers, note } = about;
    let (q, me) = (String::new(), Me::new(session));
    let page = GeneralPage { q, me, title, back, action, revision, answers, note, form, warned, lead };
    private(StatusCode::OK, &page)
}

/// The form of a record as it is; a problem for kinds that have none.
pub(super) fn form_of(body: &Body) -> Result<GeneralFields, Problem> {
    has_form(body)?;
    Ok(GeneralFields::of(body))
}

/// The form as it was sent.
pub(super) fn form_sent(fields: &Fields, body: &Body) -> Result<GeneralFields, Problem> {
    has_form(body)?;
    Ok(GeneralFields::read(fields, body))
}

pub(super) fn has_form(body: &Body) -> Result<(), Problem> {
    if forms::has_form(body.info()) { Ok(()) } else { Err(WorkflowError::WrongKind.into()) }
}

/// The body as the form of a record changes it.
pub(super) fn changed(
    app: &App,
    form: &GeneralFields,
    id: &str,
    before: &Body,
    actor: &Actor,
) -> Result<Body, Problem> {
    let own = actor.office_id.as_deref() == Some(id);
    form_says(app, form, Some(before), before, actor, if own { Weight::Own } else { Weight::Office })
}

/// The body as an office gives it by a form of columns.
pub(super) fn form_says(
    app: &App,
    form: &GeneralFields,
    before: Option<&Body>,
    blank: &Body,
    actor: &Actor,
    weight: Weight,
) -> Result<Body, Problem> {
    let source = workflow::office_list(actor);
    let word = Word { source: &source, weight, day: crate::clock::today() };
    let mut body = form.apply(before, blank, word).map_err(Problem::in_fields)?;
    workflow::link(&app.store, &mut body)?;
    Ok(body)
}

pub(super) fn lead_of(body: &Body) -> &'static str {
    match body {
        Body::Regulation(_) => "正文有改动时，请上传新的文本。",
        _ => "",
    }
}

/// Where a correction comes from: the office that gives it.
pub(super) fn office_source(session: &Session) -> Provenance {
    Provenance {
        source: workflow::office_list(&session.actor),
        place: None,
        date: Some(crate::clock::today()),
        licence: None,
    }
}

/// Hands a draft in where that was asked for.
pub fn hand_in(app: &App, session: &Session, written: &Record, asked: bool) -> Result<(), WorkflowError> {
    if asked {
        workflow::hand_in(&app.store, &app.desk, &session.actor, &written.id, written.revision)?;
    }
    Ok(())
}
