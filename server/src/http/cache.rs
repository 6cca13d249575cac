//! Rendered answers by generation and address. What a generation said never changes, so nothing is ever purged: with a
//! new generation the keys are new.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use indexer::index::Generation;
use sha2::{Digest, Sha256};

use super::{App, Problem};

/// The version that the caller already has: `If-None-Match`.
pub struct Known(Option<HeaderValue>);

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

/// Seconds for which a browser or proxy may reuse an answer without asking. A new generation appears at most every few
/// minutes, and a minute's delay is less than what people notice between publication and search.
const MAX_AGE: &str = "public, max-age=60";

/// Overhead of an entry beside its bytes: key, headers, bookkeeping.
const ENTRY_OVERHEAD: usize = 256;

pub struct Cache(moka::future::Cache<(u64, String), Arc<Rendered>>);

/// An answer ready to send.
pub struct Rendered {
    pub body: Bytes,
    pub content_type: HeaderValue,
    etag: HeaderValue,
}

impl Rendered {
    pub fn new(body: Vec<u8>, content_type: &'static str) -> Self {
        let hash = hex::encode(Sha256::digest(&body));
        let etag = HeaderValue::from_str(&format!("\"{}\"", &hash[..24]));
        Self {
            body: body.into(),
            content_type: HeaderValue::from_static(content_type),
            etag: etag.unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }

    /// JSON of an answer.
    pub fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        serde_json::to_vec(value).map(|body| Self::new(body, "application/json")).map_err(|e| Problem::internal(&e))
    }

    fn response(&self, known: &Known) -> Response {
        let same = known.0.as_ref().is_some_and(|tags| {
            tags.to_str().is_ok_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == self.etag))
        });
        let (status, body) =
            if same { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, self.body.clone().into()) };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(MAX_AGE));
        if !same {
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        }
        response
    }
}

impl Cache {
    pub fn new(bytes: u64) -> Self {
        let weigh = |key: &(u64, String), value: &Arc<Rendered>| {
            u32::try_from(key.1.len() + value.body.len() + ENTRY_OVERHEAD).unwrap_or(u32::MAX)
        };
        Self(moka::future::Cache::builder().max_capacity(bytes).weigher(weigh).build())
    }
}

/// The answer to `address` from the cache, or made by `make` on a blocking thread, once however many ask for it.
pub async fn answer(
    app: &App,
    known: &Known,
    address: String,
    make: impl FnOnce(&App, &Generation) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let generation = app.generation()?;
    let key = (generation.number, address);
    if let Some(rendered) = app.cache.0.get(&key).await {
        return Ok(rendered.response(known));
    }
    metrics::counter!("guansou_cache_misses_total").increment(1);
    let worker = app.clone();
    // A task of its own: a caller who goes away must not take the work along that others wait for.
    let made = app.cache.0.try_get_with(key, async move {
        let task = tokio::spawn(async move { run(&worker, generation, make).await });
        task.await.map_err(|e| Problem::internal(&e))?.map(Arc::new)
    });
    let rendered = made.await.map_err(|problem: Arc<Problem>| (*problem).clone())?;
    Ok(rendered.response(known))
}

/// The same without the cache, for answers that are asked for once.
pub async fn uncached(
    app: &App,
    known: &Known,
    make: impl FnOnce(&App, &Generation) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let generation = app.generation()?;
    Ok(run(app, generation, make).await?.response(known))
}

async fn run(
    app: &App,
    generation: Arc<Generation>,
    make: impl FnOnce(&App, &Generation) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Rendered, Problem> {
    let _turn = app.searches.acquire().await.map_err(|e| Problem::internal(&e))?;
    let app = app.clone();
    let work = tokio::task::spawn_blocking(move || make(&app, &generation));
    work.await.map_err(|e| Problem::internal(&e))?
}
