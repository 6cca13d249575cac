//! Rendered answers by generation, day and address. What a generation said never changes on a day, so nothing is ever
//! purged: with a new generation, and with a new day, the keys are new.

use std::{
    convert::Infallible,
    io::Write,
    sync::{Arc, OnceLock},
};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use indexer::{index::Generation, record::Date};
use sha2::{Digest, Sha256};

use super::{App, Problem, menu, og, wanted::Lack};
use crate::clock::today;

/// What the caller already has (`If-None-Match`) and how it takes the rest (`Accept-Encoding`).
pub struct Known {
    tags: Option<HeaderValue>,
    encoding: Encoding,
}

impl Known {
    fn of(headers: &HeaderMap) -> Self {
        Self { tags: headers.get(header::IF_NONE_MATCH).cloned(), encoding: Encoding::accepted(headers) }
    }
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = Self::of(&parts.headers);
        // What is asked by POST is never unchanged (RFC 9110, 13.1.2).
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        Ok(Self { tags: known.tags.filter(|_| reads), ..known })
    }
}

/// How a kept body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The smallest that the caller takes.
    fn accepted(headers: &HeaderMap) -> Self {
        let offered = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let takes = |name: &str| {
            offered.split(',').any(|item| {
                let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
                let refused = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()) == Some(0.0);
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        match () {
            () if takes("br") => Self::Brotli,
            () if takes("gzip") => Self::Gzip,
            () => Self::Plain,
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// Browsers and proxies may keep an answer and must ask whether it still holds: what was withdrawn is not shown again.
const CACHED_WITH_QUESTION: &str = "public, no-cache";

/// Headers of an answer, the fixed ones of all answers included: room made once.
const HEADERS: usize = 14;
/// Smallest body that is compressed, in bytes: below it the headers weigh as much as what is saved.
const MIN_COMPRESSED: usize = 1024;
/// Brotli's quality: made once and sent many times, yet the first reader waits for it. 5 takes a millisecond for a
/// page.
const BROTLI_QUALITY: u32 = 5;
/// Brotli's window, as a power of two: the largest page has 700 KiB.
const BROTLI_WINDOW: u32 = 20;
/// Overhead of an entry beside its bytes: key, headers, bookkeeping.
const ENTRY_OVERHEAD: usize = 256;

pub struct Cache(moka::future::Cache<(Stand, String), Arc<Rendered>>);

/// A generation's number; how many of its texts have a vector: questions are answered otherwise with them; and the day,
/// which stands on what is printed.
type Stand = (u64, usize, Date);

fn stand(generation: &Generation) -> Stand {
    (generation.number, generation.meanings().map_or(0, |meanings| meanings.len()), today())
}

/// An answer ready to send.
pub struct Rendered {
    pub body: Bytes,
    pub content_type: HeaderValue,
    /// Of the plain body, without quotation marks.
    tag: String,
    /// What it took to make it, where that was measured: see [`Rendered::searched_for`].
    timing: Option<HeaderValue>,
    /// What was looked for and is not on record: see [`Rendered::lacking`].
    lack: Option<Lack>,
    /// By encoding: the bytes differ, and so does a strong tag (RFC 9110, 8.8.3.3).
    etags: [HeaderValue; 3],
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Rendered {
    pub fn new(body: Vec<u8>, content_type: &'static str) -> Self {
        let mut tag = hex::encode(Sha256::digest(&body));
        tag.truncate(24);
        let etag = |encoding: Encoding| {
            let etag = format!("\"{tag}{}\"", encoding.name().unwrap_or_default());
            HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\""))
        };
        Self {
            etags: [Encoding::Brotli, Encoding::Gzip, Encoding::Plain].map(etag),
            body: body.into(),
            content_type: HeaderValue::from_static(content_type),
            tag,
            timing: None,
            lack: None,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// JSON of an answer.
    pub fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        // Said by name: what cannot be read as JSON is a caller's fault, and no error of JSON turns into a problem by
        // itself.
        serde_json::to_vec(value).map(|body| Self::new(body, "application/json")).map_err(|e| Problem::internal(&e))
    }

    /// Tells how many milliseconds the search took that the answer was made by (`Server-Timing`); a kept answer goes on
    /// telling it. The body does not hold it: the same answer has the same tag.
    pub fn searched_for(self, milliseconds: f64) -> Self {
        let timing = HeaderValue::try_from(format!("search;dur={milliseconds:.3}")).ok();
        Self { timing, ..self }
    }

    /// Tells what was looked for and is not on record; it is counted each time that the answer is given, kept or not.
    pub fn lacking(self, lack: Option<Lack>) -> Self {
        Self { lack, ..self }
    }

    fn given(&self, app: &App, known: &Known) -> Response {
        if let Some(lack) = &self.lack {
            app.wanted.count(lack);
        }
        self.response(known)
    }

    fn response(&self, known: &Known) -> Response {
        let (encoding, body) = self.encoded(known.encoding);
        let same = known.tags.as_ref().is_some_and(|tags| tags.to_str().is_ok_and(|tags| self.is_one_of(tags)));
        let (status, body) =
            if same { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, body.clone().into()) };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(header::ETAG, self.etags[encoding as usize].clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHED_WITH_QUESTION));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(timing) = &self.timing {
            headers.insert(HeaderName::from_static("server-timing"), timing.clone());
        }
        if !same {
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
            if let Some(name) = encoding.name() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        response
    }

    /// Whether one of the caller's tags is of this body, in whatever encoding.
    fn is_one_of(&self, tags: &str) -> bool {
        let of_body = |tag: &str| {
            let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
            tag.strip_prefix(self.tag.as_str()).is_some_and(|rest| matches!(rest, "" | "br" | "gzip"))
        };
        tags.split(',').any(of_body)
    }

    /// The body as the caller takes it, compressed once however many ask.
    fn encoded(&self, wanted: Encoding) -> (Encoding, &Bytes) {
        let compressed = match wanted {
            _ if self.body.len() < MIN_COMPRESSED => None,
            Encoding::Plain => None,
            Encoding::Brotli => Some(self.brotli.get_or_init(|| brotli(&self.body))),
            Encoding::Gzip => Some(self.gzip.get_or_init(|| gzip(&self.body))),
        };
        // Compression that could not be done leaves nothing, and what is larger than the body is no use.
        match compressed.filter(|bytes| !bytes.is_empty() && bytes.len() < self.body.len()) {
            Some(bytes) => (wanted, bytes),
            None => (Encoding::Plain, &self.body),
        }
    }
}

fn brotli(body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(body.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    let written = writer.write_all(body).and_then(|()| writer.flush());
    drop(writer);
    if written.is_ok() { out.into() } else { Bytes::new() }
}

fn gzip(body: &[u8]) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::default());
    writer.write_all(body).and_then(|()| writer.finish()).map(Bytes::from).unwrap_or_default()
}

impl Cache {
    pub fn new(bytes: u64) -> Self {
        // Compressed forms come later and are about half as large together.
        let weigh = |key: &(Stand, String), value: &Arc<Rendered>| {
            u32::try_from(key.1.len() + value.body.len() * 3 / 2 + ENTRY_OVERHEAD).unwrap_or(u32::MAX)
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
    let key = (stand(&generation), address);
    if let Some(rendered) = app.cache.0.get(&key).await {
        return Ok(rendered.given(app, known));
    }
    metrics::counter!("guansou_cache_misses_total").increment(1);
    let (worker, encoding, page) = (app.clone(), known.encoding, key.1.clone());
    // A task of its own: a caller who goes away must not take the work along that others wait for.
    let made = app.cache.0.try_get_with(key, async move {
        let task = tokio::spawn(async move { run(&worker, generation, encoding, Some(page), make).await });
        task.await?.map(Arc::new)
    });
    let rendered = made.await.map_err(|problem: Arc<Problem>| (*problem).clone())?;
    Ok(rendered.given(app, known))
}

/// What may be kept: the address of a request that only reads, and how its caller takes the answer.
pub fn wanted(request: &Request) -> Option<(String, Known)> {
    // What comes with a key is counted first.
    let anyones = request.method() == Method::GET && !request.headers().contains_key(header::AUTHORIZATION);
    let address = request.uri().path_and_query().filter(|_| anyones)?;
    Some((address.as_str().to_owned(), Known::of(request.headers())))
}

/// An answer that is kept already, for the outermost layer: what costs nothing to make passes no queue.
pub async fn cached(app: &App, (address, known): (String, Known)) -> Option<Response> {
    let stand = stand(app.generation.load().as_ref()?);
    let rendered = app.cache.0.get(&(stand, address)).await?;
    Some(rendered.given(app, &known))
}

/// The same without the cache, for answers that are asked for once.
pub async fn uncached(
    app: &App,
    known: &Known,
    make: impl FnOnce(&App, &Generation) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let generation = app.generation()?;
    Ok(run(app, generation, known.encoding, None, make).await?.response(known))
}

async fn run(
    app: &App,
    generation: Arc<Generation>,
    encoding: Encoding,
    address: Option<String>,
    make: impl FnOnce(&App, &Generation) -> Result<Rendered, Problem> + Send + 'static,
) -> Result<Rendered, Problem> {
    let shared = app.clone();
    let work = move || {
        let base = shared.public_base.as_deref();
        let make = || menu::making(&generation, || make(&shared, &generation));
        let rendered = og::making(base, address.as_deref(), make)?;
        // Compressed here and kept: where answers are sent, it would hold up all others.
        rendered.encoded(encoding);
        Ok(rendered)
    };
    app.admission.work(work).await
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn accepted(text: &'static str) -> Encoding {
        Encoding::accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]))
    }

    #[test]
    fn the_callers_wishes_are_read() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(accepted("GZIP;q=0.5, br;q=0"), Encoding::Gzip);
        assert_eq!(accepted("identity, *;q=0.1"), Encoding::Plain);
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Plain);
    }

    #[test]
    fn compressed_bodies_are_the_body() {
        let body = "条文，条文。".repeat(1_000);
        let rendered = Rendered::new(body.clone().into_bytes(), "text/html");
        let mut plain = String::new();
        let (encoding, bytes) = rendered.encoded(Encoding::Gzip);
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut plain).unwrap();
        assert_eq!((encoding, &plain), (Encoding::Gzip, &body));
        plain.clear();
        let (encoding, bytes) = rendered.encoded(Encoding::Brotli);
        brotli::Decompressor::new(&bytes[..], 4096).read_to_string(&mut plain).unwrap();
        assert_eq!((encoding, &plain), (Encoding::Brotli, &body));
        assert!(rendered.is_one_of(&format!("\"x\", W/\"{}br\"", rendered.tag)));
        assert!(!rendered.is_one_of(&format!("\"{}x\"", rendered.tag)));
        let small = Rendered::new(b"{}".to_vec(), "application/json");
        assert_eq!(small.encoded(Encoding::Brotli).0, Encoding::Plain);
    }
}
