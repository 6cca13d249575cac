//! Records of a kind that the directory knows in general: those that are new or changed, the last first.

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use indexer::record::{Info, Record, kind_at};

use super::{ENTRIES, Feed, FeedEntry, base_or_problem, clean, midnight, urn, xml};
use crate::{
    http::{
        App, Problem,
        cache::{Known, uncached},
        params::Params,
    },
    store::{PublicChange, StoreError, listings::List},
    urls,
};

/// Records of a kind whose last changes are compared; where a kind has more, public changes that are looked through instead,
/// from the last one backwards, so many at a time: some tenths of a second.
const MAX_LOOKED_AT: usize = 20_000;
const STEP: usize = 1_000;

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
        let records = last_changed(app, kind)?;
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

/// The public records of a kind that changed last.
fn last_changed(app: &App, kind: &Info) -> Result<Vec<Record>, StoreError> {
    let listed = app.store.list(&List::Kind(kind.name), None, MAX_LOOKED_AT + 1)?;
    let mut found = Vec::new();
    let mut take = |id: &str| {
        found.extend(app.store.get(id)?.filter(|record| record.is_public() && record.body.info().name == kind.name));
        Ok::<_, StoreError>(found.len() == ENTRIES)
    };
    if listed.len() <= MAX_LOOKED_AT {
        let mut changes = Vec::new();
        for (_, id) in listed {
            changes.extend(app.store.last_public_change(&id)?.map(|number| (number, id)));
        }
        changes.sort_unstable_by(|a, b| b.cmp(a));
        for (_, id) in changes {
            if take(&id)? {
                break;
            }
        }
        return Ok(found);
    }
    let last = app.store.public_count()?;
    let mut upto = last;
    while upto > 0 && last - upto < MAX_LOOKED_AT as u64 {
        let since = upto.saturating_sub(STEP as u64);
        let changes = app.store.public_changes_after(since, STEP)?;
        for PublicChange { number, id, .. } in changes.into_iter().rev().filter(|change| change.number <= upto) {
            if app.store.last_public_change(&id)? == Some(number) && take(&id)? {
                return Ok(found);
            }
        }
        upto = since;
    }
    Ok(found)
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
