//! 分享本页: a page's address to copy, and as a code that a phone reads from the screen.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};
use qrcode::{EcLevel, QrCode, render::svg};

use super::{feeds::public_base, private};
use crate::http::{App, Problem, params::Params};

/// Longest address that is shared, in bytes: the code of a longer one has points too small for a phone.
const MAX_ADDRESS: usize = 800;
/// Side of the code on the page, in pixels.
const CODE_SIDE: u32 = 240;

#[derive(Template)]
#[template(path = "share.html")]
struct Page {
    q: String,
    path: String,
    address: String,
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
    let path = params.get("path").filter(|path| is_own(path));
    let path = path.or_else(|| came_from(&headers, &base)).unwrap_or("/");
    let address = format!("{base}{path}");
    let code = QrCode::with_error_correction_level(&address, EcLevel::M).ok();
    let code = code.map(|code| {
        let picture = code.render::<svg::Color<'_>>().min_dimensions(CODE_SIDE, CODE_SIDE).build();
        // The declaration belongs to files.
        picture.split_once("?>").map_or(picture.clone(), |(_, svg)| svg.to_owned())
    });
    private(StatusCode::OK, &Page { q: String::new(), path: path.to_owned(), address, code })
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
        for path in
            ["", "x", "//evil.example", "/\\evil", "/a b", "/法", "/\"><script>", &format!("/{}", "a".repeat(900))]
        {
            assert!(!is_own(path), "{path}");
        }
    }
}
