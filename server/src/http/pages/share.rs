//! 分享本页: a page's address to copy, and as a code that a phone reads from the screen.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};
use indexer::{
    index::Generation,
    record::{ArticleNumber, Body, Date, Record},
};
use qrcode::{EcLevel, QrCode, render::svg};

use super::{feeds::public_base, law::short_address, private};
use crate::http::{App, Problem, aside::aside, params::Params};

/// Longest address that is shared, in bytes: the code of a longer one has points too small for a phone.
pub const MAX_ADDRESS: usize = 800;
/// Side of the code on the page, in pixels.
const CODE_SIDE: u32 = 240;

#[derive(Template)]
#[template(path = "share.html")]
struct Page {
    q: String,
    path: String,
    address: String,
    /// What the page is about, where that is on record.
    title: String,
    /// Whether the address stays when the law is amended.
    stays: bool,
    /// Whether it is that of a text as on a day.
    dated: bool,
    /// The code as an SVG; `None` where it cannot be made.
    code: Option<String>,
}

/// The page that `path` names, or else the one that led here.
pub async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), &["path"])?;
    let base = public_base(&app, &headers, &uri)
        .ok_or_else(|| Problem::bad_parameter("Host", "请求的 Host 头不是域名或 IP 地址，无法写出完整的网址"))?;
    let path = params.get("path").map(in_ascii).filter(|path| is_own(path));
    let path = path.or_else(|| came_from(&headers, &base).map(str::to_owned)).unwrap_or_else(|| "/".to_owned());
    let page = path.clone();
    let (title, short) = aside(move || about(&app, &page)).await?;
    let short = short.filter(|short| is_own(short));
    let address = format!("{base}{}", short.as_deref().unwrap_or(&path));
    let code = QrCode::with_error_correction_level(&address, EcLevel::M).ok();
    let code = code.map(|code| {
        let picture = code.render::<svg::Color<'_>>().min_dimensions(CODE_SIDE, CODE_SIDE).build();
        // The declaration belongs to files.
        picture.split_once("?>").map_or(picture.clone(), |(_, svg)| svg.to_owned())
    });
    let dated = short.as_deref().is_some_and(|short| short.contains("?on="));
    private(StatusCode::OK, &Page { q: String::new(), path, address, title, stays: short.is_some(), dated, code })
}

/// A path as browsers send it: people write one with the characters themselves.
fn in_ascii(path: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(byte).collect()
}

/// What a page is about, and its short address where it has one; empty where nothing on record says so.
fn about(app: &App, path: &str) -> Result<(String, Option<String>), Problem> {
    let Ok(generation) = app.generation() else { return Ok((String::new(), None)) };
    let (bare, fragment) = path.split_once('#').map_or((path, None), |(bare, fragment)| (bare, Some(fragment)));
    let (bare, query) = bare.split_once('?').unwrap_or((bare, ""));
    let parts: Vec<&str> = bare.trim_start_matches('/').split('/').collect();
    let on = query.strip_prefix("on=").and_then(|day| day.parse::<Date>().ok());
    let of_law = |id: &str, number: Option<ArticleNumber>| {
        let (title, short) = law(&generation, id, (number, on), fragment);
        // What was asked for besides a day stands in the page's own address alone.
        (title, short.filter(|_| query.is_empty() || on.is_some()))
    };
    Ok(match parts.as_slice() {
        ["regulations", id] => of_law(id, None),
        // An article without a number has no short address, and neither has its law for it.
        ["regulations", id, "articles", slug] => match slug.parse::<ArticleNumber>() {
            Ok(number) => of_law(id, Some(number)),
            Err(_) => (of_law(id, None).0, None),
        },
        ["divisions", code] => {
            (generation.catalogue.division(code).map(|division| division.name.clone()).unwrap_or_default(), None)
        }
        ["institutions", id] if !id.is_empty() => match app.store.get(id)?.filter(Record::is_public) {
            Some(Record { body: Body::Institution(institution), .. }) => (institution.name, None),
            _ => (String::new(), None),
        },
        _ => (String::new(), None),
    })
}

/// The title of a regulation's page, with the article where it is of one, and the address that stays.
fn law(
    generation: &Generation,
    id: &str,
    (number, on): (Option<ArticleNumber>, Option<Date>),
    fragment: Option<&str>,
) -> (String, Option<String>) {
    let Some(regulation) = generation.catalogue.regulation(id) else { return (String::new(), None) };
    // A place within a page is one of this text: in the text of another day the article of that number is another.
    let short = short_address(generation, regulation, number, on).filter(|_| fragment.is_none());
    let label = number.map(|number| number.to_string()).unwrap_or_default();
    (format!("{}{label}", regulation.title), short)
}

/// The path of the page of this site that led here. The scheme may differ behind a proxy; the host is what tells.
pub fn came_from<'h>(headers: &'h HeaderMap, base: &str) -> Option<&'h str> {
    let host = base.split_once("//").map_or(base, |(_, host)| host);
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok())?;
    from.split_once("//")?.1.strip_prefix(host).filter(|path| is_own(path))
}

/// Whether it is the path of a page here: printable ASCII, as browsers send paths, and no other host.
fn is_own(path: &str) -> bool {
    path.len() <= MAX_ADDRESS
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_shared() {
        for path in ["/", "/regulations/r-0#a1", "/search?q=%E6%B3%95&since=2019-01-01"] {
            assert!(is_own(path), "{path}");
        }
        assert!(is_own(&in_ascii("/law/民法典/1062")) && !is_own(&in_ascii("/a b")) && !is_own(&in_ascii("//法.cn")));
        assert_eq!(in_ascii("/law/法/1?on=2020"), "/law/%E6%B3%95/1?on=2020");
        for path in
            ["", "x", "//evil.example", "/\\evil", "/a b", "/法", "/\"><script>", &format!("/{}", "a".repeat(900))]
        {
            assert!(!is_own(path), "{path}");
        }
    }
}
