//! Names of the register that are new, changed or gone, the last first.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use indexer::record::{Body, Kind as _, LifeStep, NameEvent, Record, WebName};

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
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let base = base_or_problem(&app, &headers, &uri)?;
    uncached(&app, &known, move |app, generation| {
        let names = changed(app)?;
        let own = "/feeds/web-names.atom".to_owned();
        let day = names.first().map_or(generation.manifest.built_on, |(_, _, event)| event.on);
        let feed = Feed {
            base,
            id: urn(&own),
            title: "官搜：网上名称的变动".to_owned(),
            subtitle: "新登记、有变更和已注销的网上名称，后发生的在前。",
            own,
            page: "/web-names/queue".to_owned(),
            updated: midnight(day),
            entries: names.iter().map(|(id, name, event)| entry(id, name, event)).collect(),
        };
        xml(&feed, "application/atom+xml; charset=utf-8")
    })
    .await
}

/// The names that changed last, each with what happened to it last.
fn changed(app: &App) -> Result<Vec<(String, WebName, NameEvent)>, Problem> {
    let page = app.store.page(&List::Changed(WebName::NAME), None, ENTRIES)?;
    let with_event = |Record { id, body, .. }| match body {
        Body::WebName(name) => {
            let event = name.life.as_ref()?.events.last()?.clone();
            Some((id, name, event))
        }
        _ => None,
    };
    Ok(page.filter_map(with_event).records)
}

fn entry(id: &str, name: &WebName, event: &NameEvent) -> FeedEntry {
    let level = match event.step {
        LifeStep::Registered => "新增",
        LifeStep::Cancelled => "注销",
        _ => "变更",
    };
    let holder = if event.step == LifeStep::Cancelled { "" } else { name.institution_name.as_str() };
    let former = name.life.iter().flat_map(|life| life.tombstones.last()).map(|stone| stone.words());
    let told = [holder.to_owned(), event.step.label().to_owned(), event.document.clone()].into_iter().chain(former);
    FeedEntry {
        id: urn(&format!("{id} {} {}", event.on, event.step.label())),
        title: clean(&format!("{level}：{}", name.name)),
        url: urls::api::web_name(&name.name),
        updated: midnight(event.on),
        published: None,
        issuers: Some(clean(holder)).filter(|holder| !holder.is_empty()).into_iter().collect(),
        level,
        summary: clean(&told.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；")),
    }
}
