//! `/web-names/queue`: at whose desk applications for names lie, and how long offices take.

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    App, Problem,
    cache::{Known, Rendered, uncached},
    params::NoParams,
};

#[derive(Serialize, ToSchema)]
pub struct QueueReply {
    /// 截至哪一天。
    as_of: Option<String>,
    /// 在办的件数；只列出等得最久的。
    under_way: usize,
    waiting: Vec<WaitingPart>,
    offices: Vec<OfficePart>,
}

/// 一份在办的申请。
#[derive(Serialize, ToSchema)]
pub struct WaitingPart {
    name: String,
    matter: &'static str,
    applicant: String,
    stage: &'static str,
    /// 在谁那里。
    at_desk: &'static str,
    since: Option<String>,
    due: Option<String>,
}

/// 一个机关近十二个月的用时：自然日，申请单位补正的日子不算。
#[derive(Serialize, ToSchema)]
pub struct OfficePart {
    office: String,
    decided: usize,
    /// 一半的申请在几天之内审结。
    median_days: u32,
    /// 九成的申请在几天之内审结。
    ninety_percent_days: u32,
}

/// 网上名称申请的办理公示。
#[utoipa::path(get, path = "/api/v1/web-names/queue", tag = "web_names",
    responses((status = 200, description = "在办的申请和各机关的用时", body = QueueReply), (status = 304)))]
pub async fn queue(State(app): State<App>, _: NoParams, known: Known) -> Result<Response, Problem> {
    uncached(&app, &known, |app, _| {
        let board = app.board()?;
        let day = |day: Option<indexer::record::Date>| day.map(|day| day.to_string());
        let waiting = board.waiting.iter().map(|w| WaitingPart {
            name: w.name.clone(),
            matter: w.matter,
            applicant: w.applicant.clone(),
            stage: w.stage,
            at_desk: w.at_desk,
            since: day(w.since),
            due: day(w.due),
        });
        let offices = board.offices.iter().map(|o| OfficePart {
            office: o.office.clone(),
            decided: o.decided,
            median_days: o.median,
            ninety_percent_days: o.ninety,
        });
        Rendered::json(&QueueReply {
            as_of: day(board.as_of),
            under_way: board.under_way,
            waiting: waiting.collect(),
            offices: offices.collect(),
        })
    })
    .await
}
