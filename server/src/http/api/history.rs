//! `/records/{id}/history`: the public revisions of a record, two of them side by side, and bringing one back.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::record::Record;
use serde_json::{Value, json};

use crate::{
    access::Handed,
    clock::moment,
    exchange::Effect,
    http::{App, Problem, aside::aside, signed::Keyed},
    reading::{
        compare::{Run, RunKind},
        facts::compare as compared,
        history::{by, find, shows},
    },
    workflow,
};

fn none() -> Problem {
    Problem::not_found("没有这条记录，或者它从未公布")
}

async fn reply(
    work: impl FnOnce() -> Result<(StatusCode, Value), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (status, value) = aside(work).await?;
    Ok((status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(value)).into_response())
}

/// 一条记录的修订史：公开过的各次修订的时间、状态、来源和理由。
#[utoipa::path(get, path = "/api/v1/records/{id}/history", params(("id" = String, Path, description = "记录的编号")),
    responses((status = 200, description = "修订，先后有序"), (status = 404, body = Problem)))]
pub async fn history(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Problem> {
    reply(move || {
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        let told: Vec<Value> = revisions
            .iter()
            .map(|info| {
                // Of what is not shown its hash could confirm a guess.
                let hash = shows(&record, &revisions, info.revision).then_some(&info.hash);
                Ok(json!({
                    "revision": info.revision, "at": moment(info.at), "state": info.state,
                    "by": by(&app.store, info)?, "reason": info.reason, "sha256": hash,
                }))
            })
            .collect::<Result<_, Problem>>()?;
        // Of what was withdrawn its name is withdrawn too.
        let title = record.is_public().then(|| record.body.title().to_owned());
        Ok((StatusCode::OK, json!({"id": id, "kind": record.body.kind(), "title": title, "revisions": told})))
    })
    .await
}

/// 一条记录两次修订的差别。
#[utoipa::path(get, path = "/api/v1/records/{id}/history/{old}/{new}",
    params(("id" = String, Path, description = "记录的编号"), ("old" = u64, Path, description = "较早的修订号"), ("new" = u64, Path, description = "较晚的修订号")),
    responses((status = 200, description = "各项的前后值和有改动的条文；effect 是法规现在判定的施行日期与依据；runs 中 old 只在旧文、new 只在新文"), (status = 404, body = Problem)))]
pub async fn compare(
    State(app): State<App>,
    Path((id, old, new)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    // Comparing long texts is work as a search is.
    let shared = app.clone();
    let _turn = shared.turns.take().await?;
    let generation = app.generation()?;
    reply(move || {
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        if !record.is_public() {
            return Err(Problem::not_found("这条记录已经撤回，不再显示它的内容"));
        }
        let side = |revision: &str| -> Result<Record, Problem> {
            let none = || Problem::not_found("没有这次修订，或者它没有公布");
            let revision = revision.parse().map_err(|_| none())?;
            app.store.get_revision(&id, revision)?.filter(|_| shows(&record, &revisions, revision)).ok_or_else(none)
        };
        let (before, after) = (side(&old)?, side(&new)?);
        let c = compared(Some(&before.body), Some(&after.body));
        let facts: Vec<Value> = c
            .pairs
            .iter()
            .map(|p| json!({"name": p.name, "changed": p.changed, "before": runs(&p.before), "after": runs(&p.after)}))
            .collect();
        let articles: Vec<Value> = c
            .articles
            .iter()
            .map(|a| json!({"label": a.label, "change": a.change.name(), "before": runs(&a.before), "after": runs(&a.after)}))
            .collect();
        Ok((
            StatusCode::OK,
            json!({"id": id, "old": before.revision, "new": after.revision, "facts": facts, "articles": articles, "more": c.more,
                "effect": Effect::of(&generation.catalogue, &id)}),
        ))
    })
    .await
}

fn runs(all: &[Run]) -> Vec<Value> {
    let kind = |kind| match kind {
        RunKind::Both => "both",
        RunKind::Old => "old",
        RunKind::New => "new",
    };
    all.iter().filter(|r| !r.text.is_empty()).map(|r| json!({"kind": kind(r.kind), "text": r.text})).collect()
}

/// 报送恢复一条记录先前的某次修订，等待审核。
#[utoipa::path(post, path = "/api/v1/records/{id}/restore/{revision}",
    params(("id" = String, Path, description = "记录的编号"), ("revision" = u64, Path, description = "要恢复的修订号")),
    responses((status = 201, description = "已提交审核"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
pub async fn restore(
    State(app): State<App>,
    Keyed(actor): Keyed,
    Path((id, revision)): Path<(String, String)>,
) -> Result<Response, Problem> {
    reply(move || {
        let revision = revision.parse().map_err(|_| Problem::not_found("修订号应为数字"))?;
        let sent = app.allowed(&actor, Handed::submissions(1), || {
            let written = workflow::restore(&app.store, &actor, &id, revision)?;
            Ok(workflow::hand_in(&app.store, &app.desk, &actor, &written.id, written.revision)?)
        })?;
        Ok((StatusCode::CREATED, json!({"id": sent.id, "revision": sent.revision, "state": sent.state})))
    })
    .await
}
