//! Documents of an application for a name: attached, shown to those who review it, taken off again.

use axum::{
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::HeaderMap,
    response::Response,
};

use super::led;
use crate::{
    access::{Submitted as Counted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        sending,
        signed::{self, Sent, SignedIn},
        uploads::{self, Brought},
    },
    naming::{self, MAX_DOCUMENT, NamingError, SubmittedDocument},
    sharing, urls,
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
    aside(move || Ok(naming::may_attach(&worker.store, &by.actor, &of)?)).await?;
    let known = ["token", "revision", "what"];
    let Brought { fields, file } = uploads::brought(&app, &session.actor, multipart, &known, MAX_DOCUMENT).await?;
    signed::check_token(&session, fields.get("token"))?;
    let revision = fields.revision()?;
    let (name, come) = file.ok_or_else(|| NamingError::Rule("请选择要上传的文件".to_owned()))?;
    led(move || {
        let name = sharing::file_name(std::path::Path::new(&name));
        let bytes = std::fs::read(&come.file.path)?;
        let hash = come.file.hash.clone();
        let document = SubmittedDocument { what: fields.get("what"), file_name: &name, hash: &hash, bytes: &bytes };
        naming::acceptable(&document)?;
        app.allowed(&session.actor, Counted::file(bytes.len() as u64), || {
            // The file first: a record never names one that is not there.
            app.files.keep(&hash, &bytes)?;
            Ok(naming::attach(&app.store, &session.actor, (&id, revision), &document)?)
        })?;
        Ok(urls::console::application(&id))
    })
    .await
}

pub async fn detach(
    State(app): State<App>,
    Path((id, hash)): Path<(String, String)>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision"])?;
    led(move || {
        naming::detach(&app.store, &session.actor, (&id, fields.revision()?), &hash)?;
        Ok(urls::console::application(&id))
    })
    .await
}

pub async fn document(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    headers: HeaderMap,
    Path((id, hash)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    sending::original(app, headers, move |app| Ok(naming::document(&app.store, &session.actor, &id, &hash)?)).await
}
