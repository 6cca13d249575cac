//! The badge of a record that is the mark of a site: it tells for which one host it stands, and where another page shows it, it
//! says that it is not that page's.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use indexer::{
    record::{Record, Vouched},
    web_name::{Host, address},
};

use crate::http::{App, Problem, aside::aside, params::Params};

/// Characters of a line on the badge: what is longer is cut, and stands whole on the record's page.
const LINE: usize = 26;

#[derive(Template)]
#[template(path = "badge.svg")]
struct Badge {
    colour: &'static str,
    head: String,
    title: String,
    line: String,
}

pub async fn badge(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    let shown_on = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let own = headers.get(header::HOST).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let svg = aside(move || {
        let none = || Problem::not_found("没有这个网站标识");
        let record = app.store.get(&id)?.filter(Record::is_public).ok_or_else(none)?;
        let vouched = record.body.vouches().ok_or_else(none)?;
        let verdict = verdict(&vouched, shown_on.as_deref(), own.as_deref());
        Ok(drawn(&vouched, verdict).render()?)
    })
    .await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8")),
        // It depends on the page that shows it, and on today's standing.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("referer")),
        // Pages of other sites may show it: that is what it is for.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    Ok((headers, svg).into_response())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// On a page of the host itself, and in force.
    Holds,
    /// There, and not in force.
    Stands,
    /// On a page of another host.
    Borrowed,
    /// On no page that is known: on its own, or where the browser does not say.
    Alone,
}

/// What the badge says on a page (its address, as the browser tells) to a reader; `own` is the host of this service.
fn verdict(vouched: &Vouched, shown_on: Option<&str>, own: Option<&str>) -> Verdict {
    let Some(page) = shown_on else { return Verdict::Alone };
    // The service may stand at an address that is no name, such as localhost.
    if own.is_some() && authority(page) == own {
        return Verdict::Alone;
    }
    // An address that no browser sends is no page of the host.
    let Ok(page) = address::parse(page) else { return Verdict::Borrowed };
    let host = bare(&page.host);
    let own = own.and_then(|own| address::parse(own).ok()).map(|own| bare(&own.host));
    match host == vouched.host {
        true if vouched.holds => Verdict::Holds,
        true => Verdict::Stands,
        false if own.as_ref() == Some(&host) => Verdict::Alone,
        false => Verdict::Borrowed,
    }
}

/// Host and port of a page's address, as the header `Host` has them.
fn authority(page: &str) -> Option<&str> {
    page.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default())
}

fn bare(host: &Host) -> String {
    host.ascii.strip_prefix("www.").unwrap_or(&host.ascii).to_owned()
}

fn drawn(vouched: &Vouched, verdict: Verdict) -> Badge {
    let short = |text: &str| {
        let cut: String = text.chars().take(LINE).collect();
        if cut.len() < text.len() { format!("{cut}…") } else { cut }
    };
    let (colour, head, line) = match verdict {
        Verdict::Holds => (vouched.colour, "网站标识有效".to_owned(), vouched.says.clone()),
        Verdict::Stands => ("#5f6368", format!("网站标识{}", vouched.standing), vouched.says.clone()),
        Verdict::Borrowed => ("#5f6368", "冒用：标识不属于这个网站".to_owned(), format!("它只属于 {}", vouched.host)),
        Verdict::Alone => {
            (vouched.colour, format!("网站标识{}", vouched.standing), format!("只对 {} 有效", vouched.host))
        }
    };
    let title = if verdict == Verdict::Borrowed {
        format!("真正的网站是{}", vouched.title)
    } else {
        vouched.title.clone()
    };
    Badge { colour, head: short(&head), title: short(&title), line: short(&line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_holds_on_its_own_host_alone() {
        let vouched = Vouched {
            host: "shili.gov.cn".into(),
            title: "示例网站".into(),
            says: "示例政府".into(),
            colour: "#b3261e",
            standing: "有效",
            holds: true,
        };
        let on = |page| verdict(&vouched, page, Some("guansou.example:8080"));
        assert_eq!(on(Some("https://www.shili.gov.cn/")), Verdict::Holds);
        assert_eq!(on(Some("https://SHILI.gov.cn:8443/a")), Verdict::Holds);
        for page in [
            "https://shili.gov.cn.evil.top/",
            "https://evil.top/shili.gov.cn",
            "https://a.shili.gov.cn/",
            "https://shili.gov.cn@evil.top/",
        ] {
            assert_eq!(on(Some(page)), Verdict::Borrowed, "{page}");
        }
        assert_eq!((on(None), on(Some("not an address"))), (Verdict::Alone, Verdict::Borrowed));
        assert_eq!(on(Some("http://guansou.example:8080/site-marks/m-1")), Verdict::Alone);
        for own in ["127.0.0.1:9130", "localhost:8080", "[::1]:8080"] {
            let page = format!("http://{own}/site-marks/m-1");
            assert_eq!(verdict(&vouched, Some(&page), Some(own)), Verdict::Alone, "{own}");
            assert_eq!(verdict(&vouched, Some("http://10.0.0.1/"), Some(own)), Verdict::Borrowed, "{own}");
        }
        let revoked = Vouched { holds: false, standing: "撤销", ..vouched };
        assert_eq!(verdict(&revoked, Some("https://shili.gov.cn/"), None), Verdict::Stands);
        assert_eq!(drawn(&revoked, Verdict::Stands).head, "网站标识撤销");
    }
}
