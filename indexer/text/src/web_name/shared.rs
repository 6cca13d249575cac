//! Names under which anybody can have a name or a page of their own: public suffixes, hosting, platforms, short links.
//!
//! Whoever has such a name as their site has not got what lies below it. Public suffixes are recognized by the Public
//! Suffix List (publicsuffix.org, compiled into the crate `psl`), platforms by `corpus/shared_hosts.csv`.

use std::{collections::HashMap, sync::LazyLock};

use super::ZONES;

/// What makes a name nobody's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shared {
    /// com.cn, 公司.cn: names below it are sold to anybody.
    PublicSuffix,
    /// github.io: whoever has a server there has a name below it.
    Hosting,
    /// weibo.com: whoever has an account there has pages on it.
    Accounts,
    /// t.cn: leads to wherever its maker wants.
    ShortLink,
}

/// Hosts that are public suffixes and sites of governments nevertheless.
const ZONES_WITH_A_SITE: [&str; 3] = ["gov.cn", "gov.hk", "gov.mo"];

/// The table `corpus/shared_hosts.csv`: host, kind, operator.
static PLATFORMS: LazyLock<HashMap<&'static str, (Shared, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("../../../../corpus/shared_hosts.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut columns = row.split(',');
        let (host, kind, operator) = (columns.next()?, columns.next()?, columns.next()?);
        Some((host, (kind_of(kind)?, operator)))
    })
    .collect()
});

fn kind_of(word: &str) -> Option<Shared> {
    match word {
        "hosting" => Some(Shared::Hosting),
        "accounts" => Some(Shared::Accounts),
        "short_link" => Some(Shared::ShortLink),
        _ => None,
    }
}

/// What a host (A-labels, without `www.`) itself is shared as; `None` where it can be somebody's own.
pub fn shared(host: &str) -> Option<Shared> {
    if ZONES_WITH_A_SITE.contains(&host) {
        return None;
    }
    if let Some((kind, _)) = PLATFORMS.get(host) {
        return Some(*kind);
    }
    let suffix = psl::suffix_str(host).filter(|_| is_listed_suffix(host));
    match suffix.and_then(|_| psl::suffix(host.as_bytes())?.typ()) {
        Some(psl::Type::Icann) => Some(Shared::PublicSuffix),
        Some(psl::Type::Private) => Some(Shared::Hosting),
        None => ZONES.contains(&host).then_some(Shared::PublicSuffix),
    }
}

/// The shared name that a host is or lies below, public suffixes that are nobody's business (`cn` itself) left out:
/// weibo.com for m.weibo.com, github.io for a.github.io.
pub fn shared_above(host: &str) -> Option<(&str, Shared)> {
    let above = std::iter::successors(Some(host), |at| at.split_once('.').map(|(_, above)| above));
    let found = above.take_while(|at| at.contains('.')).find_map(|at| Some((at, shared(at)?)));
    found.filter(|(at, kind)| *at == host || *kind != Shared::PublicSuffix)
}

/// Who runs a platform of the table.
pub fn operator(host: &str) -> Option<&'static str> {
    PLATFORMS.get(host).map(|(_, operator)| *operator)
}

/// Whether the Public Suffix List has exactly this host as a suffix.
fn is_listed_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes().len() == host.len())
}

/// Whether a last label, in A- or U-form and lower case, is a top-level name that exists.
pub fn is_top_level(label: &str) -> bool {
    if label.is_empty() || label.contains('.') {
        return false;
    }
    if label.is_ascii() {
        return is_listed_suffix(label);
    }
    idna::domain_to_ascii(label).is_ok_and(|ascii| is_listed_suffix(&ascii))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_platforms_and_zones() {
        for (host, wanted) in [
            ("com.cn", Some(Shared::PublicSuffix)),
            ("cn", Some(Shared::PublicSuffix)),
            ("gz.cn", Some(Shared::PublicSuffix)),
            ("xn--55qx5d.cn", Some(Shared::PublicSuffix)),
            ("xn--zfr164b", Some(Shared::PublicSuffix)),
            ("xn--zfr164b.cn", Some(Shared::PublicSuffix)),
            ("github.io", Some(Shared::Hosting)),
            ("cn.com", Some(Shared::Hosting)),
            ("weibo.com", Some(Shared::Accounts)),
            ("t.cn", Some(Shared::ShortLink)),
            ("gov.cn", None),
            ("gov.hk", None),
            ("zunyi.gov.cn", None),
            ("a.com.cn", None),
            ("zunyi.invalid", None),
        ] {
            assert_eq!(shared(host), wanted, "{host}");
        }
        assert_eq!(shared_above("m.weibo.com"), Some(("weibo.com", Shared::Accounts)));
        assert_eq!(shared_above("zunyi.github.io"), Some(("github.io", Shared::Hosting)));
        assert_eq!(shared_above("zunyi.com.cn"), None);
        assert_eq!(shared_above("com.cn"), Some(("com.cn", Shared::PublicSuffix)));
    }

    #[test]
    fn top_level_names_exist_or_not() {
        for label in ["cn", "com", "top", "xyz", "中国", "政务", "公益", "网址", "xn--zfr164b"] {
            assert!(is_top_level(label), "{label}");
        }
        for label in ["docx", "html", "6", "govcn", "办理", "", "a.cn"] {
            assert!(!is_top_level(label), "{label}");
        }
    }

    #[test]
    fn the_table_of_platforms_is_sorted_and_whole() {
        let text = include_str!("../../../../corpus/shared_hosts.csv");
        let rows: Vec<&str> = text.lines().skip(1).collect();
        assert!(text.starts_with("host,kind,operator\n") && rows.is_sorted());
        assert_eq!(PLATFORMS.len(), rows.len(), "every row is read and no host stands twice");
        for host in PLATFORMS.keys() {
            assert_eq!(super::super::Host::parse(host).map(|h| h.ascii).as_deref(), Ok(*host));
        }
    }
}
