//! What crawlers and feed readers fetch: robots.txt, sitemaps, Atom feeds of regulations, of names and of the kinds that the
//! directory knows in general.
//!
//! All of them name addresses in full, and what this service is called only the request knows: the `Host` is taken when
//! it has the strict shape of one. None is cached by address, since a stranger may send any host.

mod kinds;
mod notices;
mod web_names;

use askama::Template;
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri, header, uri::Authority},
    response::{IntoResponse, Response},
    routing::get,
};
use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        fields::{DocKind, doc_kind},
    },
    record::{Date, DivisionLevel, RegulationLevel, kind_at},
};
use sha2::{Digest, Sha256};

use super::view::{general_kinds, is_current};
use crate::{
    host::is_host,
    http::{
        App, Problem,
        cache::{Known, Rendered, uncached},
        params::Params,
    },
    query, urls,
};

/// Addresses of one sitemap, by the protocol's own limit (sitemaps.org, "Sitemap index files").
const PART: usize = 50_000;
/// Entries of a feed.
const ENTRIES: usize = 50;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/sitemaps/{file}", get(part))
        .route("/feeds/regulations.atom", get(regulations))
        .route("/feeds/web-names.atom", get(web_names::feed))
        .route("/feeds/{file}", get(kinds::feed))
        .route("/feeds/notices/{token}", get(notices::feed))
}

async fn robots(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let mut text =
        "User-agent: *\nDisallow: /api/\nDisallow: /search\nDisallow: /corrections\nDisallow: /feeds/notices/\n"
            .to_owned();
    // The line takes a full address or none.
    if let Some(base) = public_base(&app, &headers, &uri) {
        text.push_str(&format!("\nSitemap: {base}/sitemap.xml\n"));
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (kind, text).into_response()
}

/// Scheme and host by which others reach the service: as the operator has named them, else as the caller used them.
pub(super) fn public_base(app: &App, headers: &HeaderMap, uri: &Uri) -> Option<String> {
    app.public_base.clone().or_else(|| base(headers, uri))
}

/// Scheme and host that the caller used.
pub(super) fn base(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let given = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => uri.authority().map(Authority::as_str),
    };
    let host = given.filter(|host| is_host(host))?;
    let forwarded = headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok());
    let scheme = if forwarded == Some("https") { "https" } else { "http" };
    Some(format!("{scheme}://{}", host.to_ascii_lowercase()))
}

fn base_or_problem(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<String, Problem> {
    public_base(app, headers, uri).ok_or_else(|| {
        Problem::bad_parameter("Host", "请求的 Host 头不是域名或 IP 地址（可带端口），无法写出完整的网址")
    })
}

/// What is listed for crawlers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Listed {
    Regulations,
    Institutions,
    Divisions,
    /// A kind that the directory knows in general, by its path.
    General(&'static str),
}

impl Listed {
    fn all() -> impl Iterator<Item = Self> {
        let general = general_kinds().map(|kind| Self::General(kind.path));
        [Self::Regulations, Self::Institutions, Self::Divisions].into_iter().chain(general)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Regulations => "regulations",
            Self::Institutions => "institutions",
            Self::Divisions => "divisions",
            Self::General(path) => path,
        }
    }

    /// How many there are, without listing them.
    fn count(self, generation: &Generation) -> usize {
        match self {
            Self::Regulations => current(generation).count(),
            Self::Institutions => usize::try_from(generation.catalogue.counts().institutions).unwrap_or(usize::MAX),
            Self::Divisions => divisions(generation).count(),
            Self::General(path) => kind_at(path).map_or(0, |kind| generation.catalogue.counts().of(kind) as usize),
        }
    }

    /// The paths of one part, counted from 1, in an order that stays the same within a generation.
    fn paths(self, generation: &Generation, part: usize) -> Result<Vec<String>, Problem> {
        let page = |id: &str| format!("/{}/{}", self.name(), encode_path(id));
        let skip = part.saturating_sub(1).saturating_mul(PART);
        Ok(match self {
            Self::Regulations => current(generation).skip(skip).take(PART).map(|r| page(&r.id)).collect(),
            Self::Divisions => divisions(generation).skip(skip).take(PART).map(page).collect(),
            Self::Institutions => {
                let ids = query::ids_of(generation, DocKind::Institution as u64)?;
                ids.iter().skip(skip).take(PART).map(|id| page(id)).collect()
            }
            Self::General(path) => {
                let Some(kind) = kind_at(path) else { return Ok(Vec::new()) };
                let ids = query::ids_of(generation, doc_kind(kind))?;
                ids.iter().skip(skip).take(PART).map(|id| page(id)).collect()
            }
        })
    }
}

fn current(generation: &Generation) -> impl Iterator<Item = &RegulationEntry> {
    generation.catalogue.regulations().iter().filter(|r| is_current(r.status))
}

/// Townships are left out: forty thousand pages that say only where they lie.
fn divisions(generation: &Generation) -> impl Iterator<Item = &str> {
    let all = generation.catalogue.divisions().iter();
    all.filter(|d| d.level != DivisionLevel::Township).map(|d| d.code.as_str())
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    base: String,
    /// An index of other sitemaps rather than of pages.
    index: bool,
    paths: Vec<String>,
    /// When the parts were made; pages do not know when they last changed.
    built_on: String,
}

async fn sitemap(
    State(app): State<App>,
    known: Known,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let base = base_or_problem(&app, &headers, &uri)?;
    uncached(&app, &known, move |_, generation| {
        let parts = |listed: Listed| {
            let parts = listed.count(generation).div_ceil(PART);
            (1..=parts).map(move |n| urls::sitemap(listed.name(), n))
        };
        let paths = Listed::all().flat_map(parts).collect();
        xml(&Sitemap { base, index: true, paths, built_on: generation.manifest.built_on.to_string() }, XML)
    })
    .await
}

async fn part(
    State(app): State<App>,
    known: Known,
    headers: HeaderMap,
    uri: Uri,
    Path(file): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let none = || Problem::not_found("没有这一份网站地图，各份见 /sitemap.xml");
    let (listed, number) = part_of(&file).ok_or_else(none)?;
    let base = base_or_problem(&app, &headers, &uri)?;
    uncached(&app, &known, move |_, generation| {
        let paths = listed.paths(generation, number)?;
        if paths.is_empty() {
            return Err(none());
        }
        xml(&Sitemap { base, index: false, paths, built_on: String::new() }, XML)
    })
    .await
}

/// Reads `regulations-1.xml`.
fn part_of(file: &str) -> Option<(Listed, usize)> {
    let (name, number) = file.strip_suffix(".xml")?.rsplit_once('-')?;
    let listed = Listed::all().find(|l| l.name() == name)?;
    // One spelling only: no sign, no leading zero.
    let number = number.parse::<usize>().ok().filter(|n| *n > 0 && n.to_string() == number)?;
    Some((listed, number))
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    base: String,
    id: String,
    title: String,
    subtitle: &'static str,
    /// The feed itself and the page it belongs to.
    own: String,
    page: String,
    updated: String,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    id: String,
    title: String,
    url: String,
    updated: String,
    published: Option<String>,
    issuers: Vec<String>,
    level: &'static str,
    summary: String,
}

async fn regulations(
    State(app): State<App>,
    known: Known,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let base = base_or_problem(&app, &headers, &uri)?;
    uncached(&app, &known, move |_, generation| {
        let params = Params::read(raw.as_deref(), &["level", "region"])?;
        let level = params.one_of("level", &RegulationLevel::ALL, RegulationLevel::label)?;
        let region = match params.get("region") {
            None => None,
            Some(code) => Some(generation.catalogue.division(code).ok_or_else(|| {
                Problem::bad_parameter("region", "region 应为已知的区划代码（6 位或 9 位数字，如 520300）")
            })?),
        };
        let within = |r: &RegulationEntry| match region {
            None => true,
            Some(d) => r.division.as_deref().is_some_and(|code| generation.catalogue.lies_in(code, &d.code)),
        };
        // What has no date cannot be told to be new.
        let mut newest: Vec<(Date, &RegulationEntry)> = current(generation)
            .filter(|r| level.is_none_or(|l| l == r.level) && within(r))
            .filter_map(|r| r.version_date.max(r.published).map(|day| (day, r)))
            .collect();
        newest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        newest.truncate(ENTRIES);
        let (of_level, of_region) = (level.map_or("", RegulationLevel::label), region.map_or("", |d| d.code.as_str()));
        let page = match (level, region) {
            (None, Some(region)) => urls::division(&region.code),
            _ => urls::regulations(&[("level", of_level)]),
        };
        let scope: Vec<&str> =
            region.map(|d| d.name.as_str()).into_iter().chain(level.map(RegulationLevel::label)).collect();
        let scope = if scope.is_empty() { "全部".to_owned() } else { scope.join(" ") };
        let own = urls::feed_of_regulations(&[("level", of_level), ("region", of_region)]);
        let day = newest.first().map_or(generation.manifest.built_on, |(day, _)| *day);
        let feed = Feed {
            base,
            id: urn(&own),
            title: clean(&format!("官搜：新法规（{scope}）")),
            subtitle: "按公布或最近修改的日期排列，来源见各法规的页面；正式文本以公布机关的为准。",
            own,
            page,
            updated: midnight(day),
            entries: newest.into_iter().map(|(day, r)| entry(day, r)).collect(),
        };
        xml(&feed, "application/atom+xml; charset=utf-8")
    })
    .await
}

fn entry(day: Date, r: &RegulationEntry) -> FeedEntry {
    let facts = [
        Some(format!("{}，{}：{}", r.level.label(), r.status.label(), r.status_reason)),
        r.document_number.clone(),
        r.effective.map(|d| format!("{d} 起施行")),
    ];
    FeedEntry {
        id: urn(&r.id),
        title: clean(&r.title),
        url: urls::regulation(&r.id),
        updated: midnight(day),
        published: r.published.map(midnight),
        issuers: r.issuers.iter().map(|i| clean(i)).collect(),
        level: r.level.label(),
        summary: clean(&facts.into_iter().flatten().collect::<Vec<_>>().join("；")),
    }
}

/// The beginning of a day in Beijing (RFC 3339): the sources give days, not times.
fn midnight(day: Date) -> String {
    format!("{day}T00:00:00+08:00")
}

/// An id that stays the same whatever the service is called (RFC 4287, section 4.2.6): a UUID made from a hash, which
/// is version 8 of RFC 9562.
fn urn(name: &str) -> String {
    let hash = Sha256::digest(format!("guansou:{name}"));
    let mut bytes: Vec<u8> = hash.iter().copied().take(16).collect();
    for (i, byte) in bytes.iter_mut().enumerate() {
        match i {
            6 => *byte = *byte & 0x0f | 0x80,
            8 => *byte = *byte & 0x3f | 0x80,
            _ => {}
        }
    }
    let hex = hex::encode(bytes);
    let cut = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default().to_owned());
    format!("urn:uuid:{}", cut.join("-"))
}

/// Without the characters that XML 1.0 cannot hold in any spelling (section 2.2); the template escapes the others.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// A segment of a path. What RFC 3986 leaves unreserved stays, so that addresses read as they do on pages.
fn encode_path(segment: &str) -> String {
    const SEGMENT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(segment, SEGMENT).to_string()
}

const XML: &str = "application/xml; charset=utf-8";

fn xml(template: &impl Template, kind: &'static str) -> Result<Rendered, Problem> {
    let text = template.render()?;
    Ok(Rendered::new(text.into_bytes(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hosts_are_read_strictly() {
        for host in ["a", "guansou.example.cn", "GUANSOU.cn:8080", "127.0.0.1:80", "[::1]", "[::1]:8080", "xn--fiqs8s"]
        {
            assert!(is_host(host), "{host}");
        }
        let long = format!("{}.cn", "a".repeat(64));
        for host in [
            "",
            ":",
            "a:",
            "a:0",
            "a:65536",
            "a:+1",
            "a:1:2",
            "a b",
            "a/b",
            "a@b",
            "a\"b",
            "<a>",
            "-a",
            "a-",
            "a..b",
            "a.",
            ".a",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "[::1",
            "[::1]x",
            "[::1]:",
            "[a]",
            "中国.cn",
            "a_b",
            "a%20b",
            &long,
        ] {
            assert!(!is_host(host), "{host}");
        }
    }

    #[test]
    fn parts_have_one_spelling() {
        assert_eq!(part_of("regulations-1.xml"), Some((Listed::Regulations, 1)));
        for file in [
            "regulations-0.xml",
            "regulations-01.xml",
            "regulations-+1.xml",
            "regulations.xml",
            "x-1.xml",
            "-1.xml",
            ".xml",
            "",
        ] {
            assert_eq!(part_of(file), None, "{file}");
        }
    }

    #[test]
    fn ids_are_stable_uuids() {
        let id = urn("r-850da5d2ee0a");
        assert_eq!(id, urn("r-850da5d2ee0a"));
        assert_ne!(id, urn("r-850da5d2ee0b"));
        let parts: Vec<&str> = id.trim_start_matches("urn:uuid:").split('-').collect();
        assert_eq!(parts.iter().map(|p| p.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('8') && parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
    }

    proptest! {
        #[test]
        fn a_host_that_is_let_in_can_stand_anywhere(text in "[a-zA-Z0-9.:<>\"&'/ \\[\\]-]{0,24}") {
            if is_host(&text) {
                prop_assert!(!text.contains(['<', '>', '"', '&', '\'', '/', ' ']));
            }
        }

        #[test]
        fn cleaned_text_is_xml(text in any::<String>()) {
            let cleaned = clean(&text);
            prop_assert!(cleaned.chars().all(|c| c >= ' ' || matches!(c, '\t' | '\n' | '\r')));
        }
    }
}
