//! 工作台: what offices do with their accounts. One file a page; every one asks [`access::may`] before it shows or does
//! anything.

mod accounts;
mod attachments;
mod corrections;
mod edit;
mod forms;
mod handled;
mod handling;
mod keys;
mod log;
mod moves;
mod name_bulk;
mod name_documents;
mod name_register;
mod names;
mod notice;
mod notices;
mod overview;
mod paging;
mod permitted;
mod picker;
mod preview;
mod queue;
mod reforms;
mod scheme;
mod schemes;
mod shared;
mod sign_in;
mod start;
mod submission;
mod tables;
mod tasks;
mod unsaved;
mod upload;

pub use sign_in::for_unsaved;
#[cfg(test)]
pub use unsaved::carried;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Redirect, Response},
    routing as open,
};
use indexer::{corpus::documents::MAX_UPLOAD, record::DivisionCode};

use permitted::{form, get, post};

use crate::{
    access::{self, Act, Actor, Session, Subject},
    http::{App, Problem, aside::aside},
    naming::MAX_DOCUMENT,
    sharing::MAX_ATTACHED_FILE,
};

/// Room for the other fields of an upload's form.
const FORM_ROOM: usize = 64 << 10;

pub fn routes() -> Router<App> {
    let upload = Router::new()
        .route("/console/upload", form(upload::page, upload::submit))
        .route("/console/tables", form(tables::page, tables::submit))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD + FORM_ROOM));
    let attached = Router::new()
        .route("/console/submissions/{id}/attachments", post(attachments::attach))
        .layer(DefaultBodyLimit::max(MAX_ATTACHED_FILE + FORM_ROOM));
    let documents = Router::new()
        .route("/console/names/{id}/documents", post(name_documents::attach))
        .layer(DefaultBodyLimit::max(MAX_DOCUMENT + FORM_ROOM));
    Router::new()
        .route("/sign-in", open::get(sign_in::page).post(sign_in::submit))
        .route("/set-password/{token}", open::get(sign_in::set_page).post(sign_in::set))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/console", get(overview::page))
        .route("/console/start", get(start::page))
        .route("/console/password", form(sign_in::password, sign_in::change_password))
        .route("/console/upload/{hash}", form(upload::confirm, upload::confirmed))
        .route("/console/upload/{hash}/drop", post(upload::drop_pending))
        .route("/console/files/{hash}", get(upload::original))
        .route("/console/new/{path}", form(edit::new_page, edit::new))
        .route("/console/records/{id}/edit", form(edit::page, edit::submit))
        .route("/console/records/{id}/withdraw", form(edit::withdraw_page, edit::withdraw))
        .route("/console/records/{id}/restore", post(edit::restore))
        .route("/console/submissions/{id}", get(submission::page))
        .route("/console/submissions/{id}/preview", get(preview::page))
        .route("/console/submissions/{id}/edit", form(edit::revise_page, edit::revise))
        .route("/console/submissions/{id}/moves/{name}", post(submission::perform))
        .route("/console/submissions/{id}/proofs", post(submission::prove))
        .route("/console/submissions/{id}/schedule", post(submission::schedule))
        .route("/console/submissions/{id}/take", post(handling::take))
        .route("/console/submissions/{id}/colleagues", get(handling::colleagues))
        .route("/console/submissions/{id}/assign", post(handling::assign))
        .route("/console/submissions/{id}/give-back", post(handling::give_back))
        .route("/console/submissions/{id}/comments", post(handling::comment))
        .route("/console/submissions/{id}/attachments/{hash}", form(attachments::one, attachments::detach))
        .route("/console/notices", form(notices::page, notices::mark))
        .route("/console/notices/settings", post(notices::change))
        .route("/console/shared", get(shared::page))
        .route("/console/shared/{id}", get(shared::one))
        .route("/console/shared/{id}/attachments/{hash}", get(attachments::shared))
        .route("/console/schemes", get(schemes::page))
        .route("/console/schemes.csv", get(schemes::csv))
        .route("/console/schemes/compare", get(schemes::compare))
        .route("/console/tables.csv", get(tables::csv))
        .route("/console/reforms", get(reforms::page))
        .route("/console/queue", form(queue::page, queue::submit))
        .route("/console/corrections", get(corrections::page))
        .route("/console/corrections/{id}", get(corrections::case))
        .route("/console/corrections/{id}/moves/{name}", post(corrections::perform))
        .route("/console/tasks", form(tasks::page, tasks::ask))
        .route("/console/tasks/{id}", get(tasks::one))
        .route("/console/tasks/{id}/finish", post(tasks::finish))
        .route("/console/tasks/{id}/close", post(tasks::close))
        .route("/console/names", get(names::page))
        .route("/console/names/new", form(names::new_page, names::new))
        .route("/console/names/{id}", form(names::one, names::revise))
        .route("/console/names/{id}/moves/{name}", post(names::perform))
        .route("/console/names/{id}/parts", post(names::judge_part))
        .route("/console/accounts", form(accounts::page, accounts::create))
        .route("/console/accounts/{name}", post(accounts::change))
        .route("/console/keys", form(keys::page, keys::create))
        .route("/console/keys/{id}", post(keys::withdraw))
        .route("/console/log", get(log::page))
        .route("/console/log.jsonl", get(log::export))
        .route("/console/names/{id}/documents/{hash}", form(name_documents::document, name_documents::detach))
        .route("/console/names/table", form(name_bulk::table, name_bulk::take_table))
        .route("/console/register/list", form(name_bulk::list, name_bulk::take_list))
        .route("/console/register/print", get(name_bulk::print))
        .route("/console/register", form(name_register::page, name_register::renew))
        .route("/console/register/dns", post(name_register::dns))
        .route("/console/register/{id}", get(name_register::one))
        .route("/console/register/{id}/cancel", post(name_register::cancel))
        .merge(upload)
        .merge(attached)
        .merge(documents)
}

/// Who is signed in, for the head of every page.
struct Me {
    account: String,
    office: String,
    role: &'static str,
    /// By name and code.
    division: String,
    /// Stands in every form.
    token: String,
    submits: bool,
    reviews: bool,
    /// Whether they make and end tasks.
    settles: bool,
    manages: bool,
    audits: bool,
    /// Notices that were not read.
    unread: usize,
}

impl Me {
    fn new(session: &Session) -> Self {
        let actor = &session.actor;
        let can = |act| access::may(Some(actor), act, &Subject::of(&actor.division)).is_ok();
        let whole = DivisionCode::nation();
        Self {
            account: actor.name.clone(),
            office: actor.office_name.clone(),
            role: actor.role().map_or("", |role| role.label()),
            division: session.division_name.clone(),
            token: session.form_token.clone(),
            submits: can(Act::Submit),
            reviews: can(Act::Review),
            settles: can(Act::Settle),
            manages: can(Act::Manage),
            unread: session.unread,
            audits: access::may(Some(actor), Act::Audit, &Subject::of(&whole)).is_ok(),
        }
    }
}

/// Does what a form asks for, and leads to where that is seen.
async fn led(work: impl FnOnce() -> Result<String, Problem> + Send + 'static) -> Result<Response, Problem> {
    Ok(Redirect::to(&aside(work).await?).into_response())
}

/// Whether somebody may see what offices share in a division.
fn may_see(session: &Session) -> impl Fn(&DivisionCode) -> bool {
    |of| access::may(Some(&session.actor), Act::Consult, &Subject::of(of)).is_ok()
}

/// Whether somebody may do an act in a division.
fn must(actor: &Actor, act: Act, division: &DivisionCode) -> Result<(), Problem> {
    access::may(Some(actor), act, &Subject::of(division)).map_err(|denied| denied.into())
}
