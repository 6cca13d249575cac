//! Web addresses and web names as people paste them.

/// A host read from a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// A-labels in lower case, without `www.`, port, path or user.
    pub host: String,
}

/// Dots that people type for a full stop in an address.
const DOTS: [char; 4] = ['。', '．', '｡', '·'];
/// Longest host by RFC 1035, section 2.3.4.
const MAX_HOST: usize = 253;

/// Reads an address; `None` for anything that does not look like one.
pub fn parse(text: &str) -> Option<Address> {
    let text = text.trim().trim_matches(['"', '“', '”', '\'', '<', '>', '《', '》', '，', ',']);
    let (scheme, rest) = match text.find("://") {
        Some(at) => (Some(&text[..at]), &text[at + 3..]),
        None => (None, text),
    };
    if scheme.is_some_and(|s| !s.eq_ignore_ascii_case("http") && !s.eq_ignore_ascii_case("https")) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.chars().any(char::is_whitespace) {
        return None;
    }
    let host: String = host.chars().map(|c| if DOTS.contains(&c) { '.' } else { c }).collect();
    let host = match host.rsplit_once([':', '：']) {
        Some((host, port)) if !port.is_empty() && port.chars().all(|c| c.is_numeric()) => host,
        _ => &host,
    };
    let ascii = idna::domain_to_ascii(host.trim_end_matches('.')).ok()?;
    let ascii = ascii.strip_prefix("www.").unwrap_or(&ascii).to_owned();
    let labels: Vec<&str> = ascii.split('.').collect();
    let last = labels.last()?;
    let shaped = labels.len() >= 2
        && ascii.len() <= MAX_HOST
        && labels.iter().all(|l| !l.is_empty() && l.len() <= 63)
        && last.bytes().any(|b| b.is_ascii_alphabetic());
    // 第1.2条 or a sentence with a stop in it is no address: its last part is no ending known for one.
    let ending = scheme.is_some() || last.starts_with("xn--") && chinese_ending(last) || is_ascii_ending(host, last);
    (shaped && ending).then_some(Address { host: ascii })
}

/// Chinese top-level names that an address can end in.
fn chinese_ending(label: &str) -> bool {
    // 政务, 公益, 中国, 网址, 公司, 网络, 网店, 商城
    const ENDINGS: [&str; 8] = [
        "xn--zfr164b",
        "xn--55qw42g",
        "xn--fiqs8s",
        "xn--ses554g",
        "xn--55qx5d",
        "xn--io0a7i",
        "xn--hxt814e",
        "xn--czru2d",
    ];
    ENDINGS.contains(&label)
}

fn is_ascii_ending(typed: &str, last: &str) -> bool {
    let typed_last = typed.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    !last.starts_with("xn--") && last.len() >= 2 && typed_last.chars().all(|c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_forms_lead_to_the_host() {
        for (text, host) in [
            ("https://www.zunyi.gov.cn/zwgk/?a=1#b", "zunyi.gov.cn"),
            ("ZUNYI.GOV.CN.", "zunyi.gov.cn"),
            ("xiuyan．gov．cn", "xiuyan.gov.cn"),
            ("www.jnq.gov.cn:443", "jnq.gov.cn"),
            ("国务院.政务", "xn--zfr54hdx6e.xn--zfr164b"),
            ("国务院。政务", "xn--zfr54hdx6e.xn--zfr164b"),
            ("http://user@evil.top/", "evil.top"),
        ] {
            assert_eq!(parse(text).map(|a| a.host).as_deref(), Some(host), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_addresses() {
        for text in
            ["遵义市政府", "行政许可法第十二条", "3.14", "甲。乙", "ftp://a.gov.cn", "a b.gov.cn", "...", "http://"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
