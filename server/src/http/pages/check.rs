//! 网址核验: is this address the real one?

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};

use super::{
    card::{Card, card},
    html,
    share::MAX_ADDRESS,
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        rdap,
    },
    query::{
        self,
        reply::{CheckReply, Hit},
    },
    urls,
};

/// Institutions shown for one address: offices can share a platform, and a reader needs to see whose it is, not all.
const MAX_ABOUT: usize = 3;

#[derive(Template)]
#[template(path = "check.html")]
struct Page<'a> {
    q: String,
    /// What was pasted.
    url: &'a str,
    check: Option<&'a CheckReply>,
    see: Vec<Card<'a>>,
    /// Where this result stands.
    path: String,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::of_page(raw.as_deref(), &["url"])?;
        let Some(pasted) = params.get("url") else {
            return html(&Page { q: String::new(), url: "", check: None, see: Vec::new(), path: String::new() });
        };
        let mut checked = query::check_address(generation, pasted)?;
        checked.reply.former = rdap::former(app, checked.reply.host.as_deref())?;
        let mut hits: Vec<Hit> = checked.reply.see.clone();
        if hits.is_empty() {
            let about = checked.about.iter().map(String::as_str).take(MAX_ABOUT);
            hits = query::institutions_by_id(generation, about)?;
        }
        let see = hits.iter().map(card).collect();
        // A long message is shared by the address in it that decides.
        let whole = urls::check(pasted.trim());
        let path = if whole.len() > MAX_ADDRESS { urls::check(&checked.reply.url) } else { whole };
        html(&Page { q: String::new(), url: pasted.trim(), check: Some(&checked.reply), see, path })
    })
    .await
}
