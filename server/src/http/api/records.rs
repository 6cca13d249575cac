//! `/records`: any published record, whatever its kind.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::Record;
use serde::Serialize;
use utoipa::ToSchema;

use super::{parameters::RecordId, shapes::RecordShape};

use crate::http::{
    App, Problem,
    cache::{Known, Rendered, answer},
    params::Params,
    records::absent,
};

#[derive(Serialize, ToSchema)]
pub struct RecordReply {
    id: String,
    kind: &'static str,
    kind_label: &'static str,
    title: String,
    revision: u64,
    /// 各项事实，按列名。
    facts: BTreeMap<String, Vec<String>>,
    /// 完整内容。
    #[schema(value_type = RecordShape)]
    record: Record,
}

/// 一条已公布记录的全部事实和来源，不论类别。
#[utoipa::path(get, path = "/api/v1/records/{id}", tag = "records", params(RecordId),
    responses((status = 200, description = "记录", body = RecordReply), (status = 304), (status = 404), (status = 410)))]
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
        let record = record.ok_or_else(|| absent(app, &id, "记录"))?;
        let kind = record.body.info();
        Rendered::json(&RecordReply {
            id: record.id.clone(),
            kind: kind.name,
            kind_label: kind.label,
            title: record.body.title().to_owned(),
            revision: record.revision,
            facts: record.body.facts().map(|(column, values)| (column.label.to_owned(), values)).collect(),
            record,
        })
    })
    .await
}
