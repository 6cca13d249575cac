//! How the service is, for people; machines ask `/readyz`. Answers even while there is no index.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::view::age;
use crate::{
    clock::today,
    http::{App, Problem, aside::aside, params::Params},
};

/// Seconds after which to ask again while the index is being made.
const RETRY_AFTER: &str = "5";

#[derive(Template)]
#[template(path = "status.html")]
struct Page {
    q: String,
    generation: Option<Shown>,
    missing: Vec<String>,
}

struct Shown {
    number: u64,
    built_on: String,
    age: String,
    /// Whether every published change can be found.
    up_to_date: bool,
    counts: Vec<(&'static str, u64)>,
}

pub async fn page(State(app): State<App>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    let worker = app.clone();
    let shown = app.generation().map_or(0, |generation| generation.manifest.upto);
    // Of what everybody sees: what offices do among themselves is nobody else's.
    let up_to_date = aside(move || Ok(worker.store.public_count()? == worker.store.public_number_at(shown)?)).await?;
    let generation = app.generation().ok().map(|generation| {
        let counts = generation.catalogue.counts();
        Shown {
            number: generation.number,
            built_on: generation.manifest.built_on.to_string(),
            age: age(generation.manifest.built_on, today()),
            up_to_date,
            counts: vec![
                ("机构", counts.institutions),
                ("有网站的机构", counts.institutions_with_site),
                ("行政区划", counts.divisions),
                ("网上名称", counts.web_names),
                ("法规文本", counts.regulations),
                ("条文", counts.articles),
            ],
        }
    });
    let ready = generation.is_some();
    let missing = app.missing.iter().map(|text| what_is_missing(text).to_owned()).collect();
    let text = Page { q: String::new(), generation, missing }.render()?;
    let mut response = Html(text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !ready {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

/// What is missing without the reason behind the colon, which quotes other programs and may name places on the machine.
fn what_is_missing(text: &str) -> &str {
    text.split('：').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_stay_in_the_log() {
        assert_eq!(what_is_missing("缺少数据包 甲（法规）：/home/x 不可写"), "缺少数据包 甲（法规）");
        assert_eq!(what_is_missing("缺少数据包 甲"), "缺少数据包 甲");
    }
}
