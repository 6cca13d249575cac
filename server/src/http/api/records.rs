//! `/records`: any published record, whatever its kind.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::Record;
use serde_json::json;

use crate::http::{
    App, Problem,
    cache::{Known, Rendered, answer},
    params::Params,
};

/// 一条已公布记录的全部事实和来源，不论类别。
#[utoipa::path(get, path = "/api/v1/records/{id}", params(("id" = String, Path, description = "记录编号，即页面地址的最后一段")),
    responses((status = 200, description = "记录：类别（kind）、各项事实（facts，按列名）、完整内容（record）"), (status = 404, body = Problem)))]
pub async fn record(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, _| {
        let record = app.store.get(&id)?.filter(Record::is_public);
        let record = record.ok_or_else(|| Problem::not_found("没有这条记录，或者它还没有公布"))?;
        let kind = record.body.info();
        let facts: serde_json::Map<_, _> =
            record.body.facts().map(|(column, values)| (column.label.to_owned(), json!(values))).collect();
        Rendered::json(&json!({
            "id": record.id, "kind": kind.name, "kind_label": kind.label, "title": record.body.title(),
            "revision": record.revision, "facts": facts, "record": record,
        }))
    })
    .await
}
