//! `/shared`: what offices share with each other and not with the public, for their systems.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{id, number, optional, parameters, path, text};
use crate::{
    access::acts,
    http::{App, Problem, aside::aside, params::Params, records::find_shared, signed::Keyed},
    query::{MAX_SHARED_PAGE, SharedHits, request::MAX_QUERY_CHARS, shared},
};

/// 找到的内部资料，每页 20 份。
#[derive(Serialize, ToSchema)]
pub struct SharedReply {
    total: usize,
    hits: Vec<SharedPart>,
}

#[derive(Serialize, ToSchema)]
pub struct SharedPart {
    id: String,
    /// 类别，如 `material`。
    kind: String,
    title: String,
    /// 最相符的一段，HTML：已转义，相符处在 mark 中。
    snippet: String,
    category: String,
    owner: String,
    /// 所属区划的代码。
    division: Option<String>,
}

/// 一份内部资料的全部事实。
#[derive(Serialize, ToSchema)]
pub struct SharedRecord {
    id: String,
    kind: &'static str,
    title: String,
    revision: u64,
    /// 各项事实，按列名。
    facts: BTreeMap<String, Vec<String>>,
}

parameters! {
    SharedQuery: [
        optional("q", "要查的内容；不给则列出全部", text(MAX_QUERY_CHARS)),
        optional("page", "第几页", number(1, MAX_SHARED_PAGE)),
    ];
    SharedId: [path("id", "内部资料的编号", id(), "m-0123456789ab")];
}

/// 查本机构可以查阅的内部资料：本地区及其上级、下级的。
#[utoipa::path(get, path = "/api/v1/shared", tag = "shared", params(SharedQuery), security(("key" = [])),
    responses((status = 200, description = "相符的内部资料", body = SharedReply), (status = 403)))]
pub async fn search_shared(
    State(app): State<App>,
    Keyed(actor, _): Keyed<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["q", "page"])?;
    let page = params.number("page", 1, MAX_SHARED_PAGE)? as usize;
    let asked = match params.get("q") {
        None => String::new(),
        Some(_) => params.text("q", MAX_QUERY_CHARS)?,
    };
    let reply = aside(move || {
        let found = match app.for_offices() {
            Some(generation) => shared(&*app.generation()?, &generation, &asked, &actor.division, page)?,
            None => SharedHits::default(),
        };
        let part = |hit: crate::query::SharedHit| SharedPart {
            id: hit.id,
            kind: hit.kind,
            title: hit.entry.name,
            snippet: hit.snippet,
            category: hit.entry.category,
            owner: hit.entry.owner_name,
            division: hit.entry.division.map(|division| division.to_string()),
        };
        Ok(SharedReply { total: found.total, hits: found.hits.into_iter().map(part).collect() })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}

/// 一份内部资料。
#[utoipa::path(get, path = "/api/v1/shared/{id}", tag = "shared", params(SharedId), security(("key" = [])),
    responses((status = 200, description = "内部资料", body = SharedRecord), (status = 403), (status = 404)))]
pub async fn shared_record(
    State(app): State<App>,
    Keyed(actor, _): Keyed<acts::Consult>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let reply = aside(move || {
        let (record, _) = find_shared(&app, &actor, &id)?;
        Ok(SharedRecord {
            kind: record.body.kind(),
            title: record.body.title().to_owned(),
            revision: record.revision,
            facts: record.body.facts().map(|(column, values)| (column.label.to_owned(), values)).collect(),
            id: record.id,
        })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply.await?)).into_response())
}
