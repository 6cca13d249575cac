//! `/search`, `/suggest`, `/resolve`.

use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Body;
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer, uncached},
        params::{Params, check_text, search_request},
    },
    query::{
        self,
        reply::{ResolveReply, SearchReply, SuggestReply},
    },
    web_names,
};

/// Suggestions when no number is given, and at most.
const SUGGESTIONS: (u32, u32) = (8, 20);
/// Longest beginning that is completed, in characters.
const MAX_SUGGEST_CHARS: usize = 64;
/// Longest text whose citations are resolved, in characters: a judgment of twenty pages.
const MAX_RESOLVE_CHARS: usize = 20_000;

/// 检索机构、法规与条文。
#[utoipa::path(get, path = "/api/v1/search", params(
    ("q" = String, Query, description = "名称、网址、引用、文号、代码或问题，最多 256 字"),
    ("kind" = Option<String>, Query, description = "all、institution、regulation 或 article"),
    ("region" = Option<String>, Query, description = "区划代码，含其下级"),
    ("level" = Option<String>, Query, description = "法规位阶（法律、行政法规……）或机构层级（central、province……）"),
    ("status" = Option<String>, Query, description = "现行有效、尚未生效、已修改或已废止"),
    ("from" = Option<String>, Query, description = "版本日期下限：年、年-月或年-月-日"),
    ("to" = Option<String>, Query, description = "版本日期上限"),
    ("page" = Option<u32>, Query, description = "页码，从 1 起；page × size ≤ 1000"),
    ("size" = Option<u32>, Query, description = "每页条数，1 到 100"),
    ("sort" = Option<String>, Query, description = "relevance、date 或 level：排序；直接答案总在最前"),
    ("explain" = Option<String>, Query, description = "1：附上检索的各个步骤"),
), responses(
    (status = 200, body = SearchReply, headers(
        ("Server-Timing" = String, description = "search;dur=检索所用的毫秒数；缓存的答复，是当初检索所用的"),
    )),
    (status = 400, body = Problem),
    (status = 503, body = Problem),
))]
pub async fn search(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let request = search_request(raw.as_deref(), generation)?;
        let reply = query::search(generation, &request)?;
        Ok(Rendered::json(&reply)?.searched_for(reply.took_ms))
    })
    .await
}

/// 补全正在输入的内容。
#[utoipa::path(get, path = "/api/v1/suggest", params(
    ("q" = String, Query, description = "已输入的内容，最多 64 字"),
    ("size" = Option<u32>, Query, description = "条数，1 到 20"),
), responses((status = 200, body = SuggestReply), (status = 400, body = Problem)))]
pub async fn suggest(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let params = Params::read(raw.as_deref(), &["q", "size"])?;
        let size = params.number("size", SUGGESTIONS.0, SUGGESTIONS.1)?;
        let text = params.text("q", MAX_SUGGEST_CHARS)?;
        let mut reply = query::suggest(generation, &text, size as usize);
        reply.holds_address = !web_names::spot(&generation.official, &generation.pipeline, &text).is_empty();
        Rendered::json(&reply)
    })
    .await
}

/// 解析一段文字中的全部引用。
#[utoipa::path(get, path = "/api/v1/resolve", params(("text" = String, Query, description = "含引用的文字")),
    responses((status = 200, body = ResolveReply), (status = 400, body = Problem)))]
pub async fn resolve(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let text = Params::read(raw.as_deref(), &["text"])?.text("text", MAX_RESOLVE_CHARS)?;
    resolved(app, known, text).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveText {
    text: String,
}

/// 解析一段较长文字中的全部引用。
#[utoipa::path(post, path = "/api/v1/resolve", request_body = ResolveText,
    responses((status = 200, body = ResolveReply), (status = 400, body = Problem), (status = 413, body = Problem)))]
pub async fn resolve_text(
    State(app): State<App>,
    known: Known,
    Body(body): Body<ResolveText>,
) -> Result<Response, Problem> {
    check_text("text", body.text.trim(), MAX_RESOLVE_CHARS)?;
    resolved(app, known, body.text).await
}

async fn resolved(app: App, known: Known, text: String) -> Result<Response, Problem> {
    uncached(&app, &known, move |_, generation| Rendered::json(&query::resolve(generation, &text)?)).await
}
