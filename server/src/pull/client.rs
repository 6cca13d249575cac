//! Asking another 官搜 over the network: within limits of size and time, and again where it was only busy.

use std::{io::Read as _, time::Duration};

use ureq::{
    http::{Response, StatusCode, Uri, header},
    unversioned::{
        resolver::DefaultResolver,
        transport::{ConnectProxyConnector, Connector as _, TcpConnector},
    },
};

use super::{
    Page, Pin, PullError,
    pinned::{ANOTHER_KEY, Pinned},
};

/// Largest page taken, in bytes unpacked: four times what a page of changes is made of.
pub const MAX_PAGE: usize = 16 << 20;
/// Time for a connection, and for a whole page over a slow line.
const CONNECT_TIME: Duration = Duration::from_secs(10);
const PAGE_TIME: Duration = Duration::from_secs(120);
/// Times that a page is asked for again. With pauses that double from one second they span half a minute, in which a
/// restart is over.
const RETRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);
/// Longest pause that an origin may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The site that is mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    base: String,
    /// Its host, with a port that is not the usual one: by this it is named in sources and in the log.
    pub host: String,
}

impl Origin {
    /// `plain_loopback` takes an address without TLS where it is this machine's own.
    pub fn parse(url: &str, plain_loopback: bool) -> Result<Self, PullError> {
        let wrong = || PullError::Address(url.chars().filter(|c| !c.is_control()).take(100).collect());
        let uri: Uri = url.trim().parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().filter(|s| ["http", "https"].contains(s)).ok_or_else(wrong)?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
        if !bare {
            return Err(wrong());
        }
        let name = authority.host().to_ascii_lowercase();
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != usual);
        let host = port.map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
        let origin = Self { base: format!("{scheme}://{authority}"), host };
        if scheme == "http" && !(plain_loopback && origin.is_here()) {
            return Err(PullError::Plain(origin.base));
        }
        Ok(origin)
    }

    /// Whether it is this machine, to which no proxy leads.
    fn is_here(&self) -> bool {
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|here| self.host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
    }
}

pub struct Client {
    pub origin: Origin,
    agent: ureq::Agent,
    pause: Duration,
}

/// Why a page did not come.
enum Trouble {
    /// It may come if it is asked for again, after a pause where the origin names one.
    Passing(String, Option<Duration>),
    Final(PullError),
}

impl Client {
    /// A client of an origin whose certificate has one of these keys; several while it changes from one to the next. Only an
    /// origin without TLS, on this machine, needs none.
    pub fn new(origin: Origin, pins: Vec<Pin>) -> Result<Self, PullError> {
        if pins.is_empty() && origin.base.starts_with("https:") {
            return Err(PullError::NoPin);
        }
        let config = ureq::Agent::config_builder()
            .user_agent(concat!("guansou/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT_TIME))
            .timeout_global(Some(PAGE_TIME))
            .http_status_as_error(false)
            // Where it leads elsewhere, whoever runs this shall know.
            .max_redirects(0)
            .max_redirects_will_error(false);
        let config = if origin.is_here() { config.proxy(None) } else { config };
        let failed = |e: rustls::Error| PullError::Certificate { host: origin.host.clone(), reason: e.to_string() };
        let pinned = Pinned::new(pins).map_err(failed)?;
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(pinned);
        let agent = ureq::Agent::with_parts(config.build(), connector, DefaultResolver::default());
        Ok(Self { origin, agent, pause: PAUSE })
    }

    /// The same with other pauses, for tests.
    #[cfg(test)]
    pub fn with_pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// The changes after `since`, at most `limit`, with their records.
    pub(super) fn page(&self, since: u64, limit: u32) -> Result<Page, PullError> {
        let address = format!("{}/api/v1/changes?since={since}&limit={limit}&records=1", self.origin.base);
        let mut tried = 0;
        let bytes = loop {
            match self.once(&address) {
                Ok(bytes) => break bytes,
                // How a 官搜 answers to a place that it does not have.
                Err(Trouble::Final(PullError::Status { host, status: 400 })) if since > 0 => {
                    return Err(PullError::Behind { host, since });
                }
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Passing(reason, _)) if tried == RETRIES => {
                    return Err(PullError::Unreachable { host: self.origin.host.clone(), reason, tries: tried });
                }
                Err(Trouble::Passing(_, asked)) => {
                    let pause = self.pause * 2u32.pow(tried);
                    std::thread::sleep(asked.map_or(pause, |asked| asked.clamp(pause, LONGEST_PAUSE)));
                    tried += 1;
                }
            }
        };
        self.read(&bytes)
    }

    fn once(&self, address: &str) -> Result<Vec<u8>, Trouble> {
        let host = || self.origin.host.clone();
        let answer = self.agent.get(address).header(header::ACCEPT, "application/json").call();
        let response = answer.map_err(|error| {
            let said = error.to_string();
            match (said.split_once(ANOTHER_KEY), error) {
                (Some((_, seen)), _) => Trouble::Final(PullError::OtherKey { host: host(), seen: seen.to_owned() }),
                (_, ureq::Error::Rustls(_) | ureq::Error::Tls(_)) => {
                    Trouble::Final(PullError::Certificate { host: host(), reason: said })
                }
                _ => Trouble::Passing(said, None),
            }
        })?;
        let status = response.status();
        match status {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => {
                let asked = said(&response, header::RETRY_AFTER).parse().ok().map(Duration::from_secs);
                return Err(Trouble::Passing(format!("答复 {}", status.as_u16()), asked));
            }
            status if status.is_redirection() => {
                let to = said(&response, header::LOCATION).chars().filter(|c| !c.is_control()).take(200).collect();
                return Err(Trouble::Final(PullError::Moved { host: host(), to }));
            }
            status => return Err(Trouble::Final(PullError::Status { host: host(), status: status.as_u16() })),
        }
        let mut bytes = Vec::new();
        let mut reader = response.into_body().into_reader().take(MAX_PAGE as u64 + 1);
        reader.read_to_end(&mut bytes).map_err(|error| Trouble::Passing(error.to_string(), None))?;
        if bytes.len() > MAX_PAGE {
            return Err(Trouble::Final(PullError::TooLarge { host: host() }));
        }
        Ok(bytes)
    }

    fn read(&self, bytes: &[u8]) -> Result<Page, PullError> {
        let host = self.origin.host.clone();
        match serde_json::from_slice::<Page>(bytes) {
            Ok(page) => Ok(page),
            Err(error) => {
                // One that has what a page has is a 官搜 of another version.
                let shape: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
                let page =
                    shape.is_some_and(|v| ["changes", "next", "more", "upto"].iter().all(|k| v.get(k).is_some()));
                Err(match page {
                    true => PullError::Unreadable { host, reason: error.to_string() },
                    false => PullError::NotGuansou { host, reason: "没有按变更接口的格式答复".to_owned() },
                })
            }
        }
    }
}

fn said<T>(response: &Response<T>, name: header::HeaderName) -> &str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sites_are_read_and_others_refused() {
        for (url, host) in [
            ("https://A.gov.cn", "a.gov.cn"),
            ("https://a.gov.cn:443/", "a.gov.cn"),
            ("https://a.gov.cn:8443", "a.gov.cn:8443"),
            ("http://127.0.0.1:80", "127.0.0.1"),
        ] {
            assert_eq!(Origin::parse(url, true).unwrap().host, host);
        }
        for url in
            ["a.gov.cn", "ftp://a.cn", "https://", "https://a.cn/x", "https://u:p@a.cn", "https://a.cn?x=1", "x y"]
        {
            assert!(matches!(Origin::parse(url, true), Err(PullError::Address(_))), "{url}");
        }
        for (url, plain) in [
            ("http://a.gov.cn", true),
            ("http://localhost.example.org", true),
            ("http://127.0.0.1.example.org", true),
            ("http://localhost:1", false),
        ] {
            assert!(matches!(Origin::parse(url, plain), Err(PullError::Plain(_))), "{url}");
        }
        assert!(Origin::parse("http://localhost:1", true).unwrap().is_here());
        let origin = Origin::parse("https://a.gov.cn", false).unwrap();
        assert!(matches!(Client::new(origin, Vec::new()), Err(PullError::NoPin)));
    }
}
