//! 附件: files beside the text of what an office proposes, put to its draft, taken off again, and shown to those who
//! review it.

use axum::{
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::HeaderMap,
    response::Response,
};
use indexer::record::{AttachedFile, Body, Record};

use super::{led, submission};
use crate::{
    access::{self, Act, Actor, Session, Submitted as Counted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        records::find_shared,
        sending,
        signed::{self, Sent, SignedIn},
        uploads::{self, Brought, Come},
    },
    sharing::{self, MAX_ATTACHED_FILE, NotAttached},
    store::StoreError,
    urls,
    workflow::{self, FileSays, WorkflowError, as_submission},
};

pub async fn attach(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
    headers: HeaderMap,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    signed::from_our_own_pages(&headers)?;
    // Asked before a byte of it is taken in.
    let (worker, by, of) = (app.clone(), session.clone(), id.clone());
    aside(move || may_change(&worker, &by, &of)).await?;
    let known = ["token", "revision"];
    let Brought { fields, file } = uploads::brought(&app, &session.actor, multipart, &known, MAX_ATTACHED_FILE).await?;
    signed::check_token(&session, fields.get("token"))?;
    let revision = fields.revision()?;
    let (name, come) = file.ok_or(NotAttached::Empty)?;
    let looked = look_through(&app, &session.actor, name, come).await?;
    led(move || {
        let record = submission::find(&app, &session, &id)?;
        workflow::may_revise(&session.actor, &record)?;
        // All that speaks against it, before anything is kept.
        if record.revision != revision {
            return Err(StoreError::Conflict { id, seen: revision, current: record.revision }.into());
        }
        looked.put_to(&mut attached_to(&record).to_vec())?;
        let (name, format, size, hash) =
            (looked.name.clone(), looked.format, looked.size, looked.come.file.hash.clone());
        let done = app.allowed(&session.actor, Counted::file(size), || {
            // The file first: a record never names one that is not there.
            let says = looked.keep(&app, &id)?;
            let attach = |files: &mut Vec<_>| sharing::attach(files, (&name, format), size, &hash);
            change(&app, &session.actor, &id, revision, attach)?;
            // Whoever took the same file off meanwhile may have taken this from it.
            note_attached(&app, &id, &hash.to_string(), &says)
        });
        if done.is_err() {
            forget(&app, &id, &hash.to_string())?;
        }
        done?;
        Ok(format!("{}#attachments", urls::submission(&id)))
    })
    .await
}

/// The files of a submission.
fn attached_to(record: &Record) -> &[AttachedFile] {
    as_submission(record).and_then(|s| s.content.as_deref()).map_or(&[], Body::attached)
}

/// Keeps nothing of what a file says any more for a submission that does not have it.
fn forget(app: &App, id: &str, hash: &str) -> Result<(), Problem> {
    // Asked within the change: whoever attaches the same file now writes before it or after.
    Ok(app.store.change_secrets(|secrets| match has(app, id, hash)? {
        true => Ok(()),
        false => workflow::forget_file(secrets, id, hash),
    })?)
}

/// Keeps what a file says for a submission that has it; it may have been taken off again meanwhile.
fn note_attached(app: &App, id: &str, hash: &str, says: &FileSays) -> Result<(), Problem> {
    Ok(app.store.change_secrets(|secrets| {
        if has(app, id, hash)? {
            workflow::note_file(secrets, id, hash, says);
        }
        Ok(())
    })?)
}

fn has(app: &App, id: &str, hash: &str) -> Result<bool, StoreError> {
    let is_there = |record: &Record| attached_to(record).iter().any(|file| file.sha256 == hash);
    Ok(app.store.get(id)?.as_ref().is_some_and(is_there))
}

/// A file that may be attached.
pub struct Looked {
    name: String,
    format: &'static str,
    pub size: u64,
    come: Come,
    says: FileSays,
}

impl Looked {
    /// Puts it to those of a document.
    pub fn put_to(&self, files: &mut Vec<AttachedFile>) -> Result<(), NotAttached> {
        sharing::attach(files, (&self.name, self.format), self.size, &self.come.file.hash)
    }

    /// Keeps it, and the numbers of staff that it tells, for whoever has it: whoever reviews it is reported of them.
    pub fn keep(self, app: &App, holder: &str) -> Result<FileSays, Problem> {
        let hash = self.come.file.hash.to_string();
        app.files.take(self.come.file)?;
        note(app, holder, &hash, &self.says)?;
        Ok(self.says)
    }
}

fn note(app: &App, holder: &str, hash: &str, says: &FileSays) -> Result<(), Problem> {
    Ok(app.store.change_secrets(|secrets| {
        workflow::note_file(secrets, holder, hash, says);
        Ok(())
    })?)
}

/// Looks a file through that is to be attached: what could act is refused. Nothing is kept of it yet.
pub async fn look_through(app: &App, actor: &Actor, name: String, come: Come) -> Result<Looked, Problem> {
    let turn = app.readings.turn(&actor.office()).await?;
    let app = app.clone();
    aside(move || {
        let _turn = turn;
        let name = sharing::file_name(std::path::Path::new(&name));
        let bytes = std::fs::read(&come.file.path)?;
        let (format, size) = (sharing::attachable(&bytes, &name)?, bytes.len() as u64);
        drop(bytes);
        let says = sharing::says(&app.reader, &come.file.path, &name)?;
        Ok(Looked { name, format, size, come, says })
    })
    .await
}

/// Takes a file off.
pub async fn detach(
    State(app): State<App>,
    Path((id, hash)): Path<(String, String)>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision"])?;
    led(move || {
        may_change(&app, &session, &id)?;
        change(&app, &session.actor, &id, fields.revision()?, |files| sharing::detach(files, &hash))?;
        forget(&app, &id, &hash)?;
        Ok(format!("{}#attachments", urls::submission(&id)))
    })
    .await
}

/// Whether a submission is somebody's to change.
fn may_change(app: &App, session: &Session, id: &str) -> Result<(), Problem> {
    let record = submission::find(app, session, id)?;
    let division = workflow::division_of(&record);
    Ok(access::may(Some(&session.actor), Act::Submit, &workflow::subject(&record, &division))?)
}

fn change(
    app: &App,
    who: &Actor,
    id: &str,
    revision: u64,
    change: impl FnOnce(&mut Vec<AttachedFile>) -> Result<(), NotAttached>,
) -> Result<(), Problem> {
    let note = match app.store.get(id)?.as_ref().and_then(as_submission) {
        Some(s) => s.note.clone(),
        None => return Err(WorkflowError::Unknown.into()),
    };
    let mut fault = None;
    let changed = workflow::revise(&app.store, who, id, revision, &note, |s| {
        let mut body = s.content.as_deref().cloned().ok_or(WorkflowError::WrongKind)?;
        if let Err(error) = change(body.attached_mut().ok_or(WorkflowError::WrongKind)?) {
            fault = Some(error);
            return Err(WorkflowError::Same);
        }
        Ok(Some(body))
    });
    match (fault, changed) {
        (Some(fault), _) => Err(fault.into()),
        (None, changed) => Ok(changed.map(|_| ())?),
    }
}

/// A file of a submission, for those who may read it.
pub async fn one(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    headers: HeaderMap,
    Path((id, hash)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    sending::original(app, headers, move |app| {
        let record = submission::find(app, &session, &id)?;
        let content = as_submission(&record).and_then(|s| s.content.as_deref());
        Ok(sharing::find_attached(content.map_or(&[][..], Body::attached), &hash)?)
    })
    .await
}

/// A file of what offices share, for those who may read that.
pub async fn shared(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    headers: HeaderMap,
    Path((id, hash)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    sending::original(app, headers, move |app| {
        let (record, _) = find_shared(app, &session.actor, &id)?;
        Ok(sharing::find_attached(record.body.attached(), &hash)?)
    })
    .await
}
