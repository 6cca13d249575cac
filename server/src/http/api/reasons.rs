//! `/reasons`: the codes by which something is refused, sent back or taken out.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    desk::ReasonedAct,
    http::{App, params::NoParams},
};

/// 一种动作的理由代码。
#[derive(Serialize, ToSchema)]
pub struct Codes {
    /// `submission_return`、`submission_withdraw`、`correction_decline` 等。
    act: &'static str,
    label: &'static str,
    reasons: Vec<Code>,
}

#[derive(Serialize, ToSchema)]
pub struct Code {
    code: String,
    label: String,
    /// 是否必须另写说明。
    needs_words: bool,
}

/// 退回、撤回、不采纳的理由代码。
#[utoipa::path(get, path = "/api/v1/reasons", tag = "submissions",
    responses((status = 200, description = "每种动作的理由代码", body = Vec<Codes>)))]
pub async fn reasons(State(app): State<App>, _: NoParams) -> Json<Vec<Codes>> {
    let codes = |act| {
        let all = app.desk.reasons.of(act);
        all.map(|r| Code { code: r.code.clone(), label: r.label.clone(), needs_words: r.needs_words }).collect()
    };
    let acts = ReasonedAct::ALL.into_iter();
    Json(acts.map(|act| Codes { act: act.name(), label: act.label(), reasons: codes(act) }).collect())
}
