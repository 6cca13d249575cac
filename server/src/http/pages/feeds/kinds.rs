//! Records of a kind that the directory knows in general: those that are new or changed, the last first.

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use indexer::record::{Record, kind_at};

use super::{ENTRIES, Feed, FeedEntry, base_or_problem, clean, midnight, urn, xml};
use crate::{
    http::{
        App, Problem,
        cache::{Known, uncached},
        params::Params,
    },
    store::listings::List,
    urls,
};

pub async fn feed(
    State(app): State<App>,
    known: Known,
    headers: HeaderMap,
    uri: Uri,
    Path(file): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let base = base_or_problem(&app, &headers, &uri)?;
    let kind = file.strip_suffix(".atom").and_then(kind_at).filter(|kind| kind.general && kind.is_public());
    let kind = kind.ok_or_else(|| Problem::not_found("没有这个订阅地址：各类记录的列表页底部有它的订阅地址"))?;
    uncached(&app, &known, move |app, generation| {
        let records = app.store.page(&List::Changed(kind.name), None, ENTRIES)?.records;
        let mut entries = Vec::new();
        for record in &records {
            let at = app.store.revisions(&record.id)?.last().map(|revision| revision.at.to_string());
            entries.push(entry(record, at.unwrap_or_else(|| midnight(generation.manifest.built_on))));
        }
        let own = urls::feed_of(kind);
        let feed = Feed {
            base,
            id: urn(&own),
            title: format!("官搜：{}的变动", kind.label),
            subtitle: "新收录和有变更的记录，后发生的在前。",
            own,
            page: format!("/{}", kind.path),
            updated: entries.first().map_or_else(|| midnight(generation.manifest.built_on), |e| e.updated.clone()),
            entries,
        };
        xml(&feed, "application/atom+xml; charset=utf-8")
    })
    .await
}

fn entry(record: &Record, updated: String) -> FeedEntry {
    let level = if record.revision == 1 { "新增" } else { "变更" };
    let said = record.body.entry().unwrap_or_default();
    FeedEntry {
        id: urn(&format!("{} {}", record.id, record.revision)),
        title: clean(&format!("{level}：{}", record.body.title())),
        url: urls::record(record.body.info(), &record.id),
        updated,
        published: None,
        issuers: Some(clean(&said.owner_name)).filter(|owner| !owner.is_empty()).into_iter().collect(),
        level,
        summary: clean(&said.about),
    }
}
