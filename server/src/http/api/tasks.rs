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

use crate::{
    access::{self, Act, Subject},
    desk::{self, TaskError, as_task},
    http::{App, Problem, aside::aside, params::Params, signed::Keyed},
};

/// Tasks on a page.
const PER_PAGE: usize = 100;
const STATES: [(&str, RecordState); 4] = [
    ("open", RecordState::Submitted),
    ("waiting", RecordState::Returned),
    ("done", RecordState::Approved),
    ("closed", RecordState::Withdrawn),
];

/// A page of tasks.
#[derive(Serialize, ToSchema)]
pub struct Tasks {
    tasks: Vec<OfficeTask>,
    /// `after` for the next page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OfficeTask {
    id: String,
    revision: u64,
    /// `regulation_changed`, `institution_changed`, `sites_changed`, `confirm`, `asked`.
    matter: &'static str,
    state: &'static str,
    division: String,
    about: String,
    about_title: String,
    says: String,
    /// `event`, `time`, `person`.
    came: &'static str,
    /// Last day, by Beijing's calendar.
    #[schema(value_type = Option<String>)]
    due: Option<Date>,
    /// Ids of the records to be looked at; `more` tells how many there are besides.
    records: Vec<String>,
    more: usize,
    /// The act that ended it, or the letter with which it was closed.
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
#[utoipa::path(get, path = "/api/v1/tasks",
    params(("state" = Option<String>, Query, description = "open（默认）、waiting、done、closed"), ("after" = Option<String>, Query, description = "上一页的 next")),
    responses((status = 200, description = "一页任务，按区划、期限排列", body = Tasks), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn tasks(State(app): State<App>, Keyed(actor): Keyed, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
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
        access::may(Some(&actor), Act::Read, &Subject::of(&actor.division))?;
        let page = desk::inbox(&app.store, state, &actor.division, after.as_deref(), PER_PAGE)?;
        Ok(Tasks { tasks: page.records.iter().filter_map(told).collect(), next: page.next.map(hex::encode) })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}

/// 一项任务。
#[utoipa::path(get, path = "/api/v1/tasks/{id}", params(("id" = String, Path, description = "任务的编号")),
    responses((status = 200, description = "任务", body = OfficeTask), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn task(State(app): State<App>, Keyed(actor): Keyed, Path(id): Path<String>) -> Result<Response, Problem> {
    let reply = aside(move || {
        let record = desk::find_task(&app.store, &actor, &id)?;
        told(&record).ok_or_else(|| TaskError::Unknown.into())
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}
