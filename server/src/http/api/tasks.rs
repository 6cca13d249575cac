//! `/tasks`: what an office has to do, for its own systems.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use indexer::record::{Date, Record, State as RecordState, TaskOrigin, TaskRecord, task_state_label};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{anything, id, one_of, optional, parameters, path};
use crate::{
    access::acts,
    desk::{self, TaskError, as_task},
    http::{
        App, Problem,
        aside::aside,
        params::{NoParams, Params},
        signed::Keyed,
    },
};

/// Tasks on a page.
const PER_PAGE: usize = 100;
const STATES: [(&str, RecordState); 4] = [
    ("open", RecordState::Submitted),
    ("waiting", RecordState::Returned),
    ("done", RecordState::Approved),
    ("closed", RecordState::Withdrawn),
];

parameters! {
    TasksQuery: [
        optional("state", "open 待办（默认）、waiting 等待对方、done 已办、closed 不再办理", one_of(STATES.map(|(name, _)| name))),
        optional("after", "上一页的 next", anything()),
    ];
    TaskId: [path("id", "任务的编号", id(), "t-1")];
}

/// 一页任务。
#[derive(Serialize, ToSchema)]
pub struct Tasks {
    tasks: Vec<OfficeTask>,
    /// 下一页的 after。
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OfficeTask {
    id: String,
    revision: u64,
    /// `regulation_changed`、`institution_changed`、`sites_changed`、`confirm`、`asked`。
    matter: &'static str,
    state: &'static str,
    division: String,
    /// 承办的机构；空的由本地区的主管机构承办。
    office: String,
    /// 承办机构的编号，库中有这个机构的。
    #[serde(skip_serializing_if = "Option::is_none")]
    office_id: Option<String>,
    about: String,
    about_title: String,
    says: String,
    /// `event`、`time`、`person`。
    came: &'static str,
    /// 最后一天，按北京时间。
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// 要看的记录的编号；另有 more 条。
    records: Vec<String>,
    more: usize,
    /// 怎样办结的，或者不再办理的说明。
    ended: Option<String>,
}

fn told(record: &Record) -> Option<OfficeTask> {
    // Reviews are for people, and a key sees no other office's submissions.
    let task = as_task(record).filter(|task| !task.matter.follows_a_review())?;
    let ended = task.ended.as_ref();
    let ended = ended.map(|end| end.letter.as_ref().map_or_else(|| end.act.clone(), |letter| letter.text.clone()));
    Some(OfficeTask {
        id: record.id.clone(),
        revision: record.revision,
        matter: task.matter.name(),
        state: task_state_label(record.state),
        division: record.owner.as_ref().map_or_else(|| "000000".to_owned(), ToString::to_string),
        office: task.office.clone(),
        office_id: task.office_id.clone(),
        about: task.about.clone(),
        about_title: task.about_title.clone(),
        says: task.says.clone(),
        came: match task.came {
            TaskOrigin::Event { .. } => "event",
            TaskOrigin::Time => "time",
            TaskOrigin::Person { .. } => "person",
        },
        due: task.due,
        records: task.records.iter().map(|TaskRecord { id, .. }| id.clone()).collect(),
        more: task.more,
        ended,
    })
}

/// 本地区和下级的任务。
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(TasksQuery), security(("key" = [])),
    responses((status = 200, description = "一页任务，按区划、期限排列", body = Tasks), (status = 403)))]
pub async fn tasks(
    State(app): State<App>,
    Keyed(actor, _): Keyed<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["state", "after"])?;
    let names = STATES.map(|(name, _)| name);
    let name = params.one_of("state", &names, |name| name)?.unwrap_or("open");
    let state = STATES.iter().find(|(known, _)| *known == name).map_or(RecordState::Submitted, |(_, state)| *state);
    let after = params.get("after").map(|text| {
        let bytes = hex::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        bytes.ok_or_else(|| Problem::bad_parameter("after", "after 应取自上一页的 next"))
    });
    let after = after.transpose()?;
    let reply = aside(move || {
        let page = desk::inbox(&app.store, state, &actor.division, after.as_deref(), PER_PAGE)?;
        Ok(Tasks { tasks: page.records.iter().filter_map(told).collect(), next: page.next.map(hex::encode) })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}

/// 一项任务。
#[utoipa::path(get, path = "/api/v1/tasks/{id}", tag = "tasks", params(TaskId), security(("key" = [])),
    responses((status = 200, description = "任务", body = OfficeTask), (status = 403), (status = 404)))]
pub async fn task(
    State(app): State<App>,
    _: NoParams,
    Keyed(actor, _): Keyed<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let reply = aside(move || {
        let record = desk::find_task(&app.store, &actor, &id)?;
        told(&record).ok_or_else(|| TaskError::Unknown.into())
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}
