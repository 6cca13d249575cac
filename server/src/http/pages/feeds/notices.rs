//! What an account is reported, as a feed at an address that only its owner has. Whoever comes by the address is
//! reported no more than what everybody may read: see [`Notice::in_public`](crate::notices::Notice::in_public).

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};

use askama::Template;

use super::{ENTRIES, Feed, FeedEntry, base_or_problem, clean, urn};
use crate::{
    http::{App, Problem, aside::aside, params::Params},
    notices::{self, StoredNotice},
    store::{RecordStore, StoreError},
    urls,
};

pub async fn feed(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let base = base_or_problem(&app, &headers, &uri)?;
    let text = aside(move || {
        let none = || Problem::not_found("没有这个订阅地址，或者它已经作废：请在工作台“通知”一页取新的");
        let account = notices::account_of_feed(&app.store, &token)?.ok_or_else(none)?;
        let settings = notices::settings_of(&app.store, &account)?;
        let told = notices::list(&app.store, &account)?.into_iter().filter(|kept| settings.includes(kept.notice.what));
        let told: Vec<StoredNotice> = told.take(ENTRIES).collect();
        let updated = told.first().map_or(jiff::Timestamp::UNIX_EPOCH, |kept| kept.notice.at);
        let entries = told.iter().map(|kept| entry(&app.store, &account, kept)).collect::<Result<_, _>>()?;
        let feed = Feed {
            base,
            id: urn(&format!("notices {account}")),
            title: "官搜工作台：通知".to_owned(),
            subtitle: "只写发生了什么事；详情登录工作台查看。",
            own: urls::feed_of_notices(&token),
            page: "/console/notices".to_owned(),
            updated: updated.to_string(),
            entries,
        };
        Ok(feed.render()?)
    })
    .await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, text).into_response())
}

fn entry(store: &RecordStore, account: &str, kept: &StoredNotice) -> Result<FeedEntry, StoreError> {
    let StoredNotice { id, notice } = kept;
    Ok(FeedEntry {
        id: urn(&format!("notice {account} {id}")),
        title: clean(&notice.in_public(store)?),
        url: "/console/notices".to_owned(),
        updated: notice.at.to_string(),
        published: None,
        issuers: Vec::new(),
        level: notice.what.label(),
        summary: "详情登录工作台查看。".to_owned(),
    })
}
