//! 变更日志: proven whole, and exported, for the administrator of the whole.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::record::DivisionCode;

use super::{super::private, Me, must};
use crate::{
    access::{Act, acts},
    clock::moment,
    http::{App, Problem, aside::aside, sending, signed::SignedIn},
    store::{StoreError, audit},
};

/// Changes shown on the page.
const SHOWN: u64 = 50;

#[derive(Template)]
#[template(path = "console/log.html")]
struct Page {
    q: String,
    me: Me,
    sequence: u64,
    link: String,
    lines: Vec<Line>,
}

struct Line {
    sequence: u64,
    id: String,
    revision: u64,
    at: String,
    author: String,
    state: &'static str,
    reason: String,
}

pub async fn page(State(app): State<App>, SignedIn(session, _): SignedIn<acts::Audit>) -> Result<Response, Problem> {
    let page = aside(move || {
        must(&session.actor, Act::Audit, &DivisionCode::nation())?;
        let head = app.store.head();
        let mut lines = Vec::new();
        for (sequence, id, revision) in app.store.changes_after(head.sequence.saturating_sub(SHOWN), usize::MAX)? {
            let Some(info) = app.store.info(&id, revision)? else { continue };
            lines.push(Line {
                sequence,
                id,
                revision,
                at: moment(info.at),
                author: info.author,
                state: info.state.label(),
                reason: info.reason,
            });
        }
        lines.reverse();
        Ok(Page { q: String::new(), me: Me::new(&session), sequence: head.sequence, link: head.link, lines })
    });
    private(StatusCode::OK, &page.await?)
}

/// The whole log, a change a line.
pub async fn export(State(app): State<App>, SignedIn(session, _): SignedIn<acts::Audit>) -> Result<Response, Problem> {
    must(&session.actor, Act::Audit, &DivisionCode::nation())?;
    let place = app.exports.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let lines = sending::body(place, move |sink| {
        let gone = || StoreError::Engine("没有人在接收".into());
        let ended = audit::each(&app.store, &mut |entry| {
            let mut line = serde_json::to_vec(&entry).map_err(|e| StoreError::Engine(e.to_string()))?;
            line.push(b'\n');
            if sink.send(line) { Ok(()) } else { Err(gone()) }
        });
        if let Err(error) = ended {
            sink.fail(&error);
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=log.jsonl")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, lines).into_response())
}
