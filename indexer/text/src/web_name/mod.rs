//! What is a web name 网上名称, which others does it look like, and what do the field's rules allow?
//!
//! [`address`] reads what people paste, [`find`] finds addresses in any text, [`fold`] brings names that look alike to
//! one form, [`shared`] tells what is nobody's own, [`site`] what may be recorded as a site, [`rules`] holds the rules
//! of registration with their sources. All are pure; which names are official is decided by
//! [`index::official::OfficialNames`].

use std::borrow::Cow;

pub mod address;
mod find;
mod fold;
mod shared;
mod site;
mod variant;

pub use address::{Address, AddressFault, Host};
pub use find::{Found, find};
pub use fold::{fold, fold_loosely, is_dot, looks_like_dot};
pub use shared::{Shared, is_top_level, shared, shared_above};
pub use site::{SiteFault, is_invisible, site, site_host};
pub use variant::variant;

/// Zones in which nobody's site lies: a name below one says nothing about the name above it.
pub const ZONES: [&str; 7] =
    ["gov.cn", "gov.hk", "gov.mo", "xn--zfr164b", "xn--55qw42g", "xn--zfr164b.cn", "xn--55qw42g.cn"];

/// Whether a host (A-labels) lies below an ending.
pub fn below(host: &str, ending: &str) -> bool {
    host.strip_suffix(ending).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// A text with the addresses in it decoded that stand there as a parameter of another address has them, scheme and all
/// (`https%3A%2F%2F…`): mail programs and redirects write them so. One within another address stays part of that.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    const SCHEMES: [&str; 2] = ["http%3a%2f%2f", "https%3a%2f%2f"];
    let begins = |run: &str| {
        let run = run.trim_start_matches(|c: char| c.is_ascii_punctuation());
        SCHEMES.iter().any(|s| run.get(..s.len()).is_some_and(|b| b.eq_ignore_ascii_case(s)))
    };
    if !text.contains("%") {
        return Cow::Borrowed(text);
    }
    let runs = text.split_inclusive(|c: char| !c.is_ascii_graphic());
    let decoded =
        |run| if begins(run) { percent_encoding::percent_decode_str(run).decode_utf8_lossy() } else { run.into() };
    runs.map(decoded).collect::<String>().into()
}

/// A host and the names above it that have a dot in them.
pub fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |at| at.split_once('.').map(|(_, above)| above)).take_while(|s| s.contains('.'))
}

/// The registry under which a name lies. Names there go to public institutions only, which is why an unlisted one is unknown
/// and never called an imitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Registry {
    /// gov.cn.
    Government,
    /// .政务 and .政务.cn.
    Affairs,
    /// .公益 and .公益.cn.
    PublicInterest,
}

impl Registry {
    /// Of a host in A-labels.
    pub fn of(host: &str) -> Option<Self> {
        let under = |endings: &[&str]| endings.iter().any(|ending| below(host, ending));
        if under(&["gov.cn"]) {
            Some(Self::Government)
        } else if under(&["xn--zfr164b", "xn--zfr164b.cn"]) {
            Some(Self::Affairs)
        } else if under(&["xn--55qw42g", "xn--55qw42g.cn"]) {
            Some(Self::PublicInterest)
        } else {
            None
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Government => "gov.cn",
            Self::Affairs => ".政务",
            Self::PublicInterest => ".公益",
        }
    }
}

/// Whether a host (A-labels) lies under an official registry, or is gov.cn itself.
pub fn is_official(host: &str) -> bool {
    host == "gov.cn" || Registry::of(host).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_its_scheme_encoded_is_read_as_what_it_stands_for() {
        for (text, read) in [
            ("https%3A%2F%2Fwww.zunyi.gov.cn%2F", "https://www.zunyi.gov.cn/"),
            ("见 HTTP%3a%2f%2fzunyi.gov.cn%2fa 。", "见 HTTP://zunyi.gov.cn/a 。"),
            ("请看https%3A%2F%2Fzunyi.gov.cn", "请看https://zunyi.gov.cn"),
            ("https://evil.top/?u=https%3A%2F%2Fzunyi.gov.cn", "https://evil.top/?u=https%3A%2F%2Fzunyi.gov.cn"),
            ("\"https%3A%2F%2Fzunyi.gov.cn\"", "\"https://zunyi.gov.cn\""),
            ("（https%3A%2F%2Fzunyi.gov.cn）", "（https://zunyi.gov.cn）"),
            ("a%20b", "a%20b"),
            ("https%3A%2F%2F%FF", "https://\u{FFFD}"),
        ] {
            assert_eq!(unescaped(text), read, "{text}");
        }
    }

    #[test]
    fn registries_hold_what_lies_below_them() {
        assert_eq!(Registry::of("zunyi.gov.cn"), Some(Registry::Government));
        assert_eq!(Registry::of("gov.cn"), None);
        assert_eq!(Registry::of("zunyigov.cn"), None);
        assert_eq!(Registry::of("xn--zfr54hdx6e.xn--zfr164b"), Some(Registry::Affairs));
        assert_eq!(Registry::of("a.xn--55qw42g.cn"), Some(Registry::PublicInterest));
        assert_eq!(Registry::of("a.gov.cn.cc"), None);
        assert!(is_official("gov.cn") && is_official("zunyi.gov.cn") && is_official("xn--zfr54hdx6e.xn--zfr164b"));
        assert!(!is_official("zunyigov.cn") && !is_official("xn--zfr164b") && !is_official("a.gov.cn.cc"));
    }
}
