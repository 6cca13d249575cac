//! `/records/{id}/history`: the public revisions of a record, two of them side by side, and bringing one back.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::record::{Record, State as RecordState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    exchange::EffectPart,
    parameters::{RecordId, parameters, path, place},
};

use crate::{
    access::{Submitted, acts},
    clock::moment,
    exchange::Effect,
    http::{App, Problem, aside::aside, params::NoParams, signed::Keyed},
    reading::{
        compare::{Run, RunKind},
        facts::{Article, Pair, compare as compared},
        history::{by, find, reason, shown, shows},
    },
    store::RevisionInfo,
    workflow,
};

fn none() -> Problem {
    Problem::not_found("没有这条记录，或者它从未公布")
}

async fn reply<R: Serialize + Send + 'static>(
    work: impl FnOnce() -> Result<(StatusCode, R), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (status, value) = aside(work).await?;
    Ok((status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(value)).into_response())
}

#[derive(Serialize, ToSchema)]
pub struct HistoryReply {
    id: String,
    kind: &'static str,
    /// 记录现在的名称；已撤回的没有。
    title: Option<String>,
    revisions: Vec<RevisionPart>,
}

#[derive(Serialize, ToSchema)]
pub struct RevisionPart {
    revision: u64,
    /// 北京时间：2026-01-02 08:00:00。
    at: String,
    #[schema(value_type = String)]
    state: RecordState,
    /// 哪个单位的修订。
    by: String,
    reason: String,
    /// 内容的 SHA-256；不显示的修订没有。
    sha256: Option<String>,
}

/// 一条记录的修订史：公开过的各次修订的时间、状态、来源和理由。
#[utoipa::path(get, path = "/api/v1/records/{id}/history", tag = "history", params(RecordId),
    responses((status = 200, description = "修订，先后有序", body = HistoryReply), (status = 404)))]
pub async fn history(State(app): State<App>, _: NoParams, Path(id): Path<String>) -> Result<Response, Problem> {
    reply(move || {
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        let part = |info: &RevisionInfo| -> Result<RevisionPart, Problem> {
            let shown = shows(&app.store, &record, &revisions, info.revision)?;
            Ok(RevisionPart {
                revision: info.revision,
                at: moment(info.at),
                state: info.state,
                by: by(&app.store, info)?,
                reason: reason(&record, info, shown),
                // Of what is not shown its hash could confirm a guess.
                sha256: shown.then(|| info.hash.clone()),
            })
        };
        let told = revisions.iter().map(part).collect::<Result<_, _>>()?;
        // Of what was withdrawn its name is withdrawn too.
        let title = record.is_public().then(|| record.body.title().to_owned());
        Ok((StatusCode::OK, HistoryReply { id, kind: record.body.kind(), title, revisions: told }))
    })
    .await
}

#[derive(Serialize, ToSchema)]
pub struct CompareReply {
    id: String,
    old: u64,
    new: u64,
    facts: Vec<ComparedFact>,
    /// 有改动的条文。
    articles: Vec<ComparedArticle>,
    /// 还有几条有改动的条文没有列出。
    more: usize,
    /// 法规现在判定的施行日期与依据；别的记录没有。
    effect: Option<EffectPart>,
}

#[derive(Serialize, ToSchema)]
pub struct ComparedFact {
    name: &'static str,
    changed: bool,
    before: Vec<RunPart>,
    after: Vec<RunPart>,
}

#[derive(Serialize, ToSchema)]
pub struct ComparedArticle {
    label: String,
    /// `moved`、`changed`、`added` 或 `removed`。
    change: &'static str,
    before: Vec<RunPart>,
    after: Vec<RunPart>,
}

/// 一段文字。
#[derive(Serialize, ToSchema)]
pub struct RunPart {
    /// `both`（前后都有）、`old`（只在旧文）或 `new`（只在新文）。
    kind: &'static str,
    text: String,
}

#[derive(Serialize, ToSchema)]
pub struct RestoredReply {
    /// 报送的编号。
    id: String,
    revision: u64,
    /// `submitted`。
    #[schema(value_type = String)]
    state: RecordState,
}

parameters! {
    TwoRevisions: [path("old", "较早的修订号", place(1), 1), path("new", "较晚的修订号", place(1), 2)];
    Revision: [path("revision", "要恢复的修订号", place(1), 1)];
}

/// 一条记录两次修订的差别。
#[utoipa::path(get, path = "/api/v1/records/{id}/history/{old}/{new}", tag = "history", params(RecordId, TwoRevisions),
    responses((status = 200, description = "各项的前后值和有改动的条文", body = CompareReply), (status = 404)))]
pub async fn compare(
    State(app): State<App>,
    _: NoParams,
    Path((id, old, new)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    // Comparing long texts is work as a search is.
    let turn = app.admission.take().await?;
    let generation = app.generation()?;
    reply(move || {
        let _turn = turn;
        let (record, revisions) = find(&app.store, &id)?.ok_or_else(none)?;
        if !record.is_public() {
            return Err(Problem::not_found("这条记录已经撤回，不再显示它的内容"));
        }
        let side = |revision: &str| -> Result<Record, Problem> {
            let none = || Problem::not_found("没有这次修订，或者它没有公布");
            let revision = revision.parse().map_err(|_| none())?;
            shown(&app.store, &record, &revisions, revision)?.ok_or_else(none)
        };
        let (before, after) = (side(&old)?, side(&new)?);
        let c = compared(Some(&before.body), Some(&after.body));
        let article = |a: Article| ComparedArticle {
            label: a.label,
            change: a.change.name(),
            before: runs(a.before),
            after: runs(a.after),
        };
        let reply = CompareReply {
            old: before.revision,
            new: after.revision,
            facts: c.pairs.into_iter().map(ComparedFact::of).collect(),
            articles: c.articles.into_iter().map(article).collect(),
            more: c.more,
            effect: Effect::of(&generation.catalogue, &id).map(EffectPart::from),
            id,
        };
        Ok((StatusCode::OK, reply))
    })
    .await
}

impl ComparedFact {
    pub fn of(p: Pair) -> Self {
        Self { name: p.name, changed: p.changed, before: runs(p.before), after: runs(p.after) }
    }
}

pub fn runs(all: Vec<Run>) -> Vec<RunPart> {
    let kind = |kind| match kind {
        RunKind::Both => "both",
        RunKind::Old => "old",
        RunKind::New => "new",
    };
    let part = |r: Run| RunPart { kind: kind(r.kind), text: r.text };
    all.into_iter().filter(|r| !r.text.is_empty()).map(part).collect()
}

/// 报送恢复一条记录先前的某次修订，等待审核。
#[utoipa::path(post, path = "/api/v1/records/{id}/restore/{revision}", tag = "history", params(RecordId, Revision),
    security(("key" = [])), responses(
        (status = 201, description = "已提交审核", body = RestoredReply),
        (status = 403),
        (status = 404),
        (status = 409),
        (status = 422),
        (status = 429, description = "密钥每分钟的次数，或者贵单位今天的份数已经用完"),
    ))]
pub async fn restore(
    State(app): State<App>,
    Keyed(actor, _): Keyed<acts::Submit>,
    Path((id, revision)): Path<(String, String)>,
) -> Result<Response, Problem> {
    reply(move || {
        let revision = revision.parse().map_err(|_| Problem::not_found("修订号应为数字"))?;
        let sent = app.allowed(&actor, Submitted::submissions(1), || {
            let written = workflow::restore(&app.store, &actor, &id, revision)?;
            Ok(workflow::hand_in(&app.store, &app.desk, &actor, &written.id, written.revision)?)
        })?;
        Ok((StatusCode::CREATED, RestoredReply { id: sent.id, revision: sent.revision, state: sent.state }))
    })
    .await
}
