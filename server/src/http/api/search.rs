//! `/search`, `/suggest`, `/resolve`.

use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::Status;
use serde::Deserialize;
use utoipa::{ToSchema, openapi::Object};

use super::{
    Body,
    parameters::{day, division_code, flag, needed, number, one_of, optional, parameters, text},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer, uncached},
        params::{Params, check_text, levels, near, search_request},
        wanted::Lack,
    },
    query::{
        self,
        reply::{ResolveReply, SearchReply, SuggestReply},
        request::{DEFAULT_SIZE, KindFilter, MAX_QUERY_CHARS, MAX_REACH, MAX_SIZE, MAX_TOPIC_CHARS, Sort},
    },
    web_names,
};

/// Suggestions when no number is given, and at most.
const SUGGESTIONS: (u32, u32) = (8, 20);
/// Longest beginning that is completed, in characters.
const MAX_SUGGEST_CHARS: usize = 64;
/// Longest text whose citations are resolved, in characters: a judgment of twenty pages.
const MAX_RESOLVE_CHARS: usize = 20_000;
/// The same in an address, of which a request's head of 32 KiB holds no more: a character takes nine bytes there.
const MAX_RESOLVE_CHARS_IN_ADDRESS: usize = 3_600;

parameters! {
    SearchParams: [
        needed("q", "名称、网址、引用、文号、代码或问题；至少有一个文字或数字", text(MAX_QUERY_CHARS), "遵义市政府"),
        optional("kind", "只要这一类，默认 all", one_of(KindFilter::all().into_iter().map(KindFilter::name))),
        optional("region", "区划代码，含其下级", division_code()),
        optional("near", "读者所在地区的区划代码：那里适用的规定和机构在前，不排除别处", division_code()),
        optional("level", "效力层级（法律、行政法规……）或机构级别（central、province……）", one_of(levels())),
        optional("status", "法规的时效", one_of(Status::ALL.map(Status::label))),
        optional("topic", "法规的主题，照制定机关所写，见 facets.topic", text(MAX_TOPIC_CHARS)),
        optional("from", "版本日期下限：年、年-月或年-月-日", day()),
        optional("to", "版本日期上限：年、年-月或年-月-日", day()),
        optional("page", "页码；page × size ≤ 1000", number(1, MAX_REACH)),
        optional("size", "每页条数", number(DEFAULT_SIZE, MAX_SIZE)),
        optional("sort", "排序，默认 relevance；直接答案总在最前", one_of(Sort::ALL.map(Sort::name))),
        optional("partial", "1：也列出只含所问的部分字词的条文，和只是名称相近的机构", flag()),
        optional("explain", "1：附上检索的各个步骤", flag()),
    ];
    SuggestParams: [
        needed("q", "已输入的内容", text(MAX_SUGGEST_CHARS), "遵义"),
        optional("size", "条数", number(SUGGESTIONS.0, SUGGESTIONS.1)),
        optional("near", "读者所在地区的区划代码：没有写明地区的机构，先给那里的；已不存在的区划不起作用", division_code()),
    ];
    ResolveParams: [needed("text", "含引用的文字；较长的用 POST", text(MAX_RESOLVE_CHARS_IN_ADDRESS), "依照行政许可法第十二条")];
}

/// 检索机构、法规与条文。
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchParams), responses(
    (status = 200, description = "直接答案、排好的结果和分面", body = SearchReply, headers(
        ("Server-Timing" = String, description = "search;dur=检索所用的毫秒数；缓存的答复，是当初检索所用的"),
    )),
    (status = 304),
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
        Ok(Rendered::json(&reply)?.searched_for(reply.took_ms).lacking(Lack::of(&reply)))
    })
    .await
}

/// 补全正在输入的内容。
#[utoipa::path(get, path = "/api/v1/suggest", tag = "search", params(SuggestParams),
    responses((status = 200, description = "建议，按类别", body = SuggestReply), (status = 304)))]
pub async fn suggest(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let params = Params::read(raw.as_deref(), &["q", "size", "near"])?;
        let near = near(&params, generation)?;
        let size = params.number("size", SUGGESTIONS.0, SUGGESTIONS.1)?;
        let text = params.text("q", MAX_SUGGEST_CHARS)?;
        let mut reply = query::suggest(generation, &text, size as usize, near.as_ref().map(|code| code.as_str()));
        reply.holds_address = !web_names::spot(&generation.official, &generation.pipeline, &text).is_empty();
        Rendered::json(&reply)
    })
    .await
}

/// 解析一段文字中的全部引用。
#[utoipa::path(get, path = "/api/v1/resolve", tag = "search", params(ResolveParams),
    responses((status = 200, description = "文字中的引用，先后有序", body = ResolveReply), (status = 304)))]
pub async fn resolve(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let text = Params::read(raw.as_deref(), &["text"])?.text("text", MAX_RESOLVE_CHARS_IN_ADDRESS)?;
    resolved(app, known, text).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveText {
    #[schema(schema_with = resolved_text)]
    text: String,
}

fn resolved_text() -> Object {
    text(MAX_RESOLVE_CHARS)
}

/// 解析一段较长文字中的全部引用。
#[utoipa::path(post, path = "/api/v1/resolve", tag = "search",
    request_body(content = ResolveText, example = json!({"text": "依照行政许可法第十二条、第十三条办理。"})),
    responses((status = 200, description = "文字中的引用，先后有序", body = ResolveReply), (status = 415)))]
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
