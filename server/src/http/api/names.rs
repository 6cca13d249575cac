//! `/match`: many names → ids.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::{
    ToSchema,
    openapi::{ArrayBuilder, schema::Array},
};

use super::{Body, parameters::text};
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
    #[schema(schema_with = names)]
    names: Vec<String>,
}

fn names() -> Array {
    ArrayBuilder::new().items(text(MAX_QUERY_CHARS)).min_items(Some(1)).max_items(Some(MAX_NAMES)).build()
}

/// 把一批名称对应到机构。
#[utoipa::path(post, path = "/api/v1/match", tag = "names",
    request_body(content = Names, example = json!({"names": ["遵义市人民政府", "遵义市政府"]})),
    responses((status = 200, description = "各个名称对应的机构，依所问的先后", body = MatchReply), (status = 415)))]
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
