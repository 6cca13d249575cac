//! What became of a record: every revision that was public, and any two of them side by side.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{Body, Record};

use super::private;
use crate::{
    access,
    clock::moment,
    http::{App, Problem, aside::aside, signed},
    reading::{
        compare::RunKind,
        facts::{self, Comparison},
        history::{by, find, reason, shown, shows},
    },
    urls::record_url,
    workflow,
};

/// Revisions shown, the newest first.
const MAX_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    q: String,
    id: String,
    title: String,
    kind: &'static str,
    url: Option<String>,
    revisions: Vec<Revision>,
    left_out: usize,
    /// For somebody who may bring an earlier one back: the token of the form.
    restores: Option<String>,
}

struct Revision {
    number: u64,
    at: String,
    state: &'static str,
    by: String,
    reason: String,
    public: bool,
    current: bool,
    /// The public revision before, to compare with.
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "history_compare.html")]
struct ComparePage {
    q: String,
    id: String,
    title: String,
    old_name: String,
    old_at: String,
    new_name: String,
    new_at: String,
    /// The judged day of effect of a regulation as it is now, on which its revisions only say what they were told.
    effect: Option<String>,
    comparison: Comparison,
    same: bool,
}

fn none() -> Problem {
    Problem::not_found("没有这条记录，或者它从未公布")
}

pub async fn page(
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = aside(move || {
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        let session = match signed::token(&headers) {
            Some(token) => access::by_token(&app.store, &token)?,
            None => None,
        };
        let division = workflow::division_of(&record);
        let restores = session
            .filter(|_| matches!(record.body, Body::Institution(_) | Body::Regulation(_)))
            .filter(|s| access::may(Some(&s.actor), access::Act::Submit, &access::Subject::of(&division)).is_ok())
            .map(|s| s.form_token);
        let public = record.is_public();
        let mut before = None;
        let mut rows = Vec::new();
        for info in &revisions {
            let shown = shows(&app.store, &record, &revisions, info.revision)?;
            rows.push(Revision {
                number: info.revision,
                at: moment(info.at),
                state: info.state.label(),
                by: by(&app.store, info)?,
                reason: reason(&record, info, shown),
                public: shown,
                current: info.revision == record.revision,
                before: before.filter(|_| shown),
            });
            before = Some(info.revision).filter(|_| shown).or(before);
        }
        rows.reverse();
        let left_out = rows.len().saturating_sub(MAX_SHOWN);
        rows.truncate(MAX_SHOWN);
        Ok(Page {
            q: String::new(),
            title: if public { record.body.title().to_owned() } else { "已撤回的记录".to_owned() },
            kind: record.body.kind_label(),
            url: public.then(|| record_url(&record)),
            revisions: rows,
            left_out,
            restores,
            id,
        })
    });
    private(StatusCode::OK, &page.await?)
}

pub async fn compare(
    State(app): State<App>,
    Path((id, old, new)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| Problem::not_found("修订号应为数字，请从修订史页面选择"));
    let (old, new) = (number(&old)?, number(&new)?);
    // Comparing long texts is work as a search is.
    let shared = app.clone();
    let generation = app.generation()?;
    let page = shared.admission.work(move || {
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        if !record.is_public() {
            return Err(Problem::not_found("这条记录已经撤回，不再显示它的内容"));
        }
        let no_revision = || Problem::not_found("没有这次修订，或者它没有公布");
        let side = |revision: u64| -> Result<(Record, String), Problem> {
            let shown = shown(&app.store, &record, &revisions, revision)?.ok_or_else(no_revision)?;
            let at = app.store.info(&id, revision)?.map(|info| moment(info.at)).unwrap_or_default();
            Ok((shown, at))
        };
        let ((before, old_at), (after, new_at)) = (side(old)?, side(new)?);
        let comparison = facts::compare(Some(&before.body), Some(&after.body));
        Ok(ComparePage {
            q: String::new(),
            title: record.body.title().to_owned(),
            old_name: format!("第 {old} 次"),
            old_at,
            new_name: format!("第 {new} 次"),
            new_at,
            effect: generation.catalogue.regulation(&id).and_then(super::regulation::effect),
            same: comparison.pairs.iter().all(|p| !p.changed) && comparison.articles.is_empty(),
            comparison,
            id,
        })
    });
    private(StatusCode::OK, &page.await?)
}
