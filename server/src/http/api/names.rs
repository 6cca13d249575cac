//! `/match`: many names → ids.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Body;
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, uncached},
        params::check_text,
    },
    query::{self, reply::MatchReply, request::MAX_QUERY_CHARS},
};

/// Names matched in one request: each costs a search, and a search takes a few milliseconds.
const MAX_NAMES: usize = 200;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    names: Vec<String>,
}

/// 把一批名称对应到机构。
#[utoipa::path(post, path = "/api/v1/match", request_body = Names,
    responses((status = 200, body = MatchReply), (status = 400, body = Problem), (status = 413, body = Problem)))]
pub async fn match_names(
    State(app): State<App>,
    known: Known,
    Body(Names { names }): Body<Names>,
) -> Result<Response, Problem> {
    if names.is_empty() || names.len() > MAX_NAMES {
        return Err(Problem::bad_parameter(
            "names",
            format!("names 应有 1 到 {MAX_NAMES} 个名称，实有 {} 个", names.len()),
        ));
    }
    for name in &names {
        check_text("names", name.trim(), MAX_QUERY_CHARS)?;
    }
    uncached(&app, &known, move |_, generation| Rendered::json(&query::match_names(generation, &names)?)).await
}
