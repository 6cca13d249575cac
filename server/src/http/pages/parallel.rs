//! A regulation beside one that it was made by: each article with the other's article on the same matter.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{index::references::ArticleKey, text::quoted};

use super::{
    html,
    regulation::{Head, head, made_by},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::{find_facts, find_regulation},
    },
    reading::parallel::parallel,
    urls,
};

#[derive(Template)]
#[template(path = "parallel.html")]
struct Page {
    q: String,
    title: String,
    other_title: String,
    head: Head,
    other: Head,
    rows: Vec<Row>,
    articles: usize,
    matched: usize,
    /// Whether articles without a match are left out, and the address with the other choice.
    only_matched: bool,
    other_scope: String,
}

struct Row {
    own: Side,
    /// The other regulation's article on the same matter.
    other: Option<Side>,
}

struct Side {
    label: String,
    url: String,
    text: String,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, other)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let only_matched = Params::of_page(raw.as_deref(), &["matched"])?.flag("matched")?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (own, above) = (find_regulation(app, &id)?.1, find_regulation(app, &other)?.1);
        let (facts, above_facts) = (find_facts(generation, &id)?, find_facts(generation, &other)?);
        let address = urls::parallel(&id, &other);
        if !made_by(generation, &id).iter().any(|link| link.url == address) {
            let detail = format!("《{}》没有写明是根据《{}》制定的，不能这样对照", own.title, above.title);
            return Err(Problem::bad_parameter("other", detail));
        }
        let side = |id: &str, regulation: &indexer::record::Regulation, at: usize| {
            let article = &regulation.articles[at];
            Side {
                label: article.label.clone(),
                url: urls::article(id, &ArticleKey::of(article, at).slug()),
                text: article.text.clone(),
            }
        };
        let pairs = parallel(&own, &above);
        let row = |(at, matched): (usize, &Option<usize>)| Row {
            own: side(&id, &own, at),
            other: matched.map(|at| side(&other, &above, at)),
        };
        html(&Page {
            q: String::new(),
            title: own.title.clone(),
            other_title: quoted(&above.title),
            head: head(generation, facts),
            other: head(generation, above_facts),
            articles: pairs.len(),
            matched: pairs.iter().flatten().count(),
            rows: pairs.iter().enumerate().filter(|(_, pair)| !only_matched || pair.is_some()).map(row).collect(),
            only_matched,
            other_scope: if only_matched { address } else { format!("{address}?matched=1") },
        })
    })
    .await
}
