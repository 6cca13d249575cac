//! 关怀版: large type, strong contrast and fewer things, for the whole site. A cookie of the reader's browser keeps the
//! choice, and one style sheet alone depends on it: pages stay the same for everybody, so that they may be cached.

use axum::{
    Router,
    extract::RawQuery,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{feeds::base, share::came_from};
use crate::http::{App, Problem, params::Params, signed};

const COOKIE: &str = "guansou_care";
/// A year, in seconds: whoever needs large type needs it next month too.
const AGE: i64 = 365 * 24 * 3_600;
const STYLE: &str = include_str!("../../../assets/care.css");

pub fn routes() -> Router<App> {
    Router::new().route("/care", get(choose)).route("/assets/care.css", get(style))
}

/// Turns it on (`on=1`) or off and goes back to the page of this site that led here.
async fn choose(headers: HeaderMap, uri: Uri, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), &["on"])?;
    let on = match params.get("on") {
        Some("1") | None => true,
        Some("0") => false,
        Some(_) => return Err(Problem::bad_parameter("on", "应为 1（打开关怀版）或 0（退出）")),
    };
    let back = base(&headers, &uri).and_then(|base| came_from(&headers, &base).map(str::to_owned));
    let back = HeaderValue::try_from(back.unwrap_or_else(|| "/".to_owned()))?;
    let fresh = [(header::LOCATION, back), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let mut response = (StatusCode::SEE_OTHER, fresh).into_response();
    signed::set_cookie(&mut response, &headers, COOKIE, if on { "1" } else { "" }, if on { AGE } else { 0 })?;
    Ok(response)
}

/// The sheet, empty for whoever has not chosen it. Asked for anew with every page, since the choice shows at once.
async fn style(headers: HeaderMap) -> Response {
    let chosen = signed::cookie(&headers, COOKIE) == Some("1");
    let (text, tag) =
        if chosen { (STYLE, concat!("\"care-", env!("CARGO_PKG_VERSION"), "\"")) } else { ("", "\"plain\"") };
    let same = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let told = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::VARY, HeaderValue::from_static("cookie")),
        (header::ETAG, HeaderValue::from_static(tag)),
    ];
    if same { (StatusCode::NOT_MODIFIED, told).into_response() } else { (told, text).into_response() }
}
