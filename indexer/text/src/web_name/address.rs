//! Web addresses as people paste them → the host that a browser would go to.
//!
//! Reading follows the URL Standard (WHATWG), as browsers do, after what pasting adds has been taken off: quotation
//! marks, brackets, invisible marks, a missing scheme, ideographic full stops. The host's canonical form is that of
//! UTS #46 (non-transitional): lower-case A-labels, with the U-labels beside them.

use std::borrow::Cow;

use url::Url;

/// Longest text read, in bytes: browsers and proxies refuse longer addresses, and no official one has a tenth of it.
pub const MAX_BYTES: usize = 4096;
/// Longest host (RFC 1035, section 2.3.4) and longest label (section 2.3.1), in bytes.
pub const MAX_HOST: usize = 253;
pub const MAX_LABEL: usize = 63;

/// The name of a host, in both its forms, without `www.` and without a trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// A-labels in lower case.
    pub ascii: String,
    /// U-labels: what people read.
    pub unicode: String,
}

/// An address, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: Host,
    /// The host as it was written, before capitals became small and signs were mapped to what they stand for.
    pub written: String,
    /// Whether `http://` or `https://` was typed.
    pub scheme: bool,
    /// What stands before `@`: a browser does not go there, and imitators put an official name in it.
    pub user: String,
    /// Path, query and fragment.
    pub rest: String,
}

/// Why a text is no address of a site. Codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AddressFault {
    #[error("没有内容。请粘贴网址，例如 www.zunyi.gov.cn")]
    Empty,
    #[error("太长：超过 4096 字节。只需要粘贴网址本身，例如 www.zunyi.gov.cn")]
    TooLong,
    #[error("这不是网页地址：只能核验 http:// 或 https:// 的网址，或者单独的网站名称")]
    Scheme,
    #[error("网址中夹有空格或不能出现的字符。请核对是否多粘了别的文字")]
    Character,
    #[error("这是数字形式的 IP 地址，不是网上名称；官方网站不会只给出 IP 地址")]
    IpAddress,
    #[error("这不像网址：没有用点隔开的后缀，例如 .gov.cn、.政务。查找机构请直接用检索框")]
    NoDot,
    #[error("网址中的名称不合规范：每一段要有 1 到 63 个字节，全长不超过 253 个字节，编码要正确")]
    Malformed,
}

impl AddressFault {
    pub const ALL: [AddressFault; 7] =
        [Self::Empty, Self::TooLong, Self::Scheme, Self::Character, Self::IpAddress, Self::NoDot, Self::Malformed];

    /// The stable code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Scheme => "scheme",
            Self::Character => "character",
            Self::IpAddress => "ip_address",
            Self::NoDot => "no_dot",
            Self::Malformed => "malformed",
        }
    }
}

impl Host {
    /// A host alone: `www.`, port, path and the like are not accepted.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let ascii = idna::domain_to_ascii_strict(text).map_err(|_| AddressFault::Malformed)?;
        Self::from_ascii(&ascii)
    }

    fn from_ascii(ascii: &str) -> Result<Self, AddressFault> {
        let ascii = ascii.strip_suffix('.').unwrap_or(ascii);
        let mut ascii = ascii;
        while let Some(rest) = ascii.strip_prefix("www.").filter(|rest| rest.contains('.')) {
            ascii = rest;
        }
        if !ascii.contains('.') {
            return Err(AddressFault::NoDot);
        }
        let sane = |l: &str| (1..=MAX_LABEL).contains(&l.len()) && !l.starts_with('-') && !l.ends_with('-');
        let permitted = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_');
        let last = ascii.rsplit('.').next().unwrap_or_default();
        let fits = ascii.len() <= MAX_HOST
            && ascii.bytes().all(permitted)
            && ascii.split('.').all(sane)
            && last.bytes().any(|b| b.is_ascii_lowercase());
        if !fits {
            return Err(AddressFault::Malformed);
        }
        let unicode = if ascii.contains("xn--") {
            let (unicode, outcome) = idna::domain_to_unicode(ascii);
            outcome.map_err(|_| AddressFault::Malformed)?;
            // A decoded label that looks encoded would be decoded again by the next reader (UTS #46, 4.1).
            if unicode.split('.').any(|label| label.starts_with("xn--")) {
                return Err(AddressFault::Malformed);
            }
            unicode
        } else {
            ascii.to_owned()
        };
        Ok(Self { ascii: ascii.to_owned(), unicode })
    }

    /// Whether a label of it is not plain ASCII.
    pub fn is_international(&self) -> bool {
        self.ascii != self.unicode
    }
}

/// Bytes of a label as it is registered: its A-label, whether or not that fits. `None` where it cannot be encoded.
pub fn label_bytes(label: &str) -> Option<usize> {
    const PREFIX: usize = "xn--".len();
    if label.is_ascii() { Some(label.len()) } else { idna::punycode::encode_str(label).map(|text| text.len() + PREFIX) }
}

/// Reads an address as pasted.
pub fn parse(pasted: &str) -> Result<Address, AddressFault> {
    if pasted.len() > MAX_BYTES {
        return Err(AddressFault::TooLong);
    }
    // Typed with a Chinese keyboard; browsers refuse ：／／ and ＠, and a reader means what they stand for.
    let narrow = pasted.chars().map(narrow).collect::<String>();
    let text = narrow.trim_matches(is_wrapping);
    if text.is_empty() {
        return Err(AddressFault::Empty);
    }
    let (scheme, text) = with_scheme(text)?;
    let authority = text.split('/').nth(2).unwrap_or_default();
    if authority.split(['?', '#', '\\']).next().is_some_and(|a| a.contains([' ', '\u{3000}', '\u{A0}'])) {
        return Err(AddressFault::Character);
    }
    // The URL Standard drops tabs and line ends and takes `\` for `/`; a space in the host it refuses.
    let url = Url::parse(&text).map_err(|error| match error {
        url::ParseError::EmptyHost => AddressFault::Empty,
        url::ParseError::InvalidIpv4Address | url::ParseError::InvalidIpv6Address => AddressFault::IpAddress,
        url::ParseError::InvalidDomainCharacter => AddressFault::Character,
        _ => AddressFault::Malformed,
    })?;
    let domain = match url.host() {
        Some(url::Host::Domain(domain)) => domain,
        // 12345 is read as the IPv4 address 0.0.48.57 by browsers; nobody who types it means that.
        Some(url::Host::Ipv4(_)) if !text.contains('.') => return Err(AddressFault::NoDot),
        Some(_) => return Err(AddressFault::IpAddress),
        None => return Err(AddressFault::Empty),
    };
    let host = Host::from_ascii(domain)?;
    let written = written_in(authority);
    let user = match url.password() {
        Some(password) => format!("{}:{password}", url.username()),
        None => url.username().to_owned(),
    };
    let rest = &url[url::Position::BeforePath..];
    let rest = if rest == "/" { String::new() } else { rest.to_owned() };
    Ok(Address { host, written, scheme, user, rest })
}

/// The host of an address as it was written, whether or not it can be read: for seeing what it looks like.
pub fn written(pasted: &str) -> Option<String> {
    if pasted.len() > MAX_BYTES {
        return None;
    }
    let narrow = pasted.chars().map(narrow).collect::<String>();
    let (_, text) = with_scheme(narrow.trim_matches(is_wrapping)).ok()?;
    Some(written_in(text.split('/').nth(2).unwrap_or_default())).filter(|host| !host.is_empty())
}

/// The host of an authority: without user, port and what follows, with %2e and the like decoded.
fn written_in(authority: &str) -> String {
    let host = authority.split(['?', '#', '\\']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    let port = |after: &str| after.bytes().all(|b| b.is_ascii_digit());
    let host = host.rsplit_once(':').filter(|(_, after)| port(after)).map_or(host, |(before, _)| before);
    percent_encoding::percent_decode_str(host).decode_utf8_lossy().into_owned()
}

/// The ASCII form of a full-width one. Full-width commas, brackets, quotation marks and the like stay: they belong to the
/// text around an address and not to the address.
pub(super) fn narrow(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '．'
        | '／'
        | '：'
        | '＠'
        | '－'
        | '＿'
        | '％'
        | '？'
        | '＃'
        | '＆'
        | '＝' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What pasting leaves around an address: white space, quotation marks, brackets, invisible and directional marks.
fn is_wrapping(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\'' | '“' | '”' | '‘' | '’' | '<' | '>' | '《' | '》' | '〈' | '〉' | '（' | '）' | '(' | ')' | '「'
                | '」' | '【' | '】' | '，' | ',' | '；' | ';' | '、' | '！' | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

/// The text with a scheme that the URL parser takes, and whether one was typed.
fn with_scheme(text: &str) -> Result<(bool, Cow<'_, str>), AddressFault> {
    let colon = text.find([':', '：']).map(|at| (at, text[at..].chars().next().map_or(1, char::len_utf8)));
    let Some((at, len)) = colon else {
        // //zunyi.gov.cn is an address without its scheme.
        return Ok((false, Cow::Owned(format!("http://{}", text.trim_start_matches(['/', '\\'])))));
    };
    let (name, rest) = (&text[..at], &text[at + len..]);
    // Tabs and line ends inside are dropped by browsers: java\nscript: is javascript:.
    let name: String = name.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if name.eq_ignore_ascii_case("http") || name.eq_ignore_ascii_case("https") {
        let rest = rest.trim_start_matches(['/', '\\', '／']);
        if rest.is_empty() {
            return Err(AddressFault::Empty);
        }
        return Ok((true, Cow::Owned(format!("{}://{rest}", name.to_ascii_lowercase()))));
    }
    // A colon after something that is no scheme comes before a port, or stands in the user's part or the path.
    let after = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let port = !after.is_empty() && after.chars().all(char::is_numeric);
    if port || name.contains(['.', '。', '．', '｡', '/', '[', '@', '%']) {
        return Ok((false, Cow::Owned(format!("http://{name}:{rest}"))));
    }
    Err(AddressFault::Scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn host(text: &str) -> Result<String, AddressFault> {
        parse(text).map(|a| a.host.ascii)
    }

    #[test]
    fn pasted_forms_lead_to_the_host() {
        for (text, wanted) in [
            ("https://www.zunyi.gov.cn/zwgk/?a=1#b", "zunyi.gov.cn"),
            ("ZUNYI.GOV.CN.", "zunyi.gov.cn"),
            ("xiuyan．gov．cn", "xiuyan.gov.cn"),
            ("www.jnq.gov.cn:443", "jnq.gov.cn"),
            ("www.jnq.gov.cn：443", "jnq.gov.cn"),
            ("国务院.政务", "xn--zfr54hdx6e.xn--zfr164b"),
            ("国务院。政务", "xn--zfr54hdx6e.xn--zfr164b"),
            ("青海省人民政府。政务。cn", "xn--gmq000bv3esyhdybw20atl7c.xn--zfr164b.cn"),
            ("http://user@evil.top/", "evil.top"),
            ("http://user:secret@evil.top", "evil.top"),
            ("www.zunyi.gov.cn:a@evil.top", "evil.top"),
            ("「 zunyi.gov.cn 」", "zunyi.gov.cn"),
            ("“https://zunyi.gov.cn/”，", "zunyi.gov.cn"),
            ("\u{FEFF}zunyi.gov.cn\u{200B}", "zunyi.gov.cn"),
            ("//zunyi.gov.cn/a", "zunyi.gov.cn"),
            ("http:zunyi.gov.cn", "zunyi.gov.cn"),
            ("http：//zunyi.gov.cn", "zunyi.gov.cn"),
            ("https:\\\\zunyi.gov.cn\\a", "zunyi.gov.cn"),
            ("zunyi.gov.cn/a:b", "zunyi.gov.cn"),
            ("ｚｕｎｙｉ.gov.cn", "zunyi.gov.cn"),
            // As browsers read them, not as they look.
            ("http://zunyi.gov.cn\t.evil.top/", "zunyi.gov.cn.evil.top"),
            ("http://evil.top\\@zunyi.gov.cn/", "evil.top"),
            ("http://zunyi.gov.cn%2Eevil.top/", "zunyi.gov.cn.evil.top"),
            ("zunyi%2egov%2ecn", "zunyi.gov.cn"),
            ("http://zunyi.gov.cn#@evil.top", "zunyi.gov.cn"),
        ] {
            assert_eq!(host(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_stands_before_the_at_sign_is_kept_apart() {
        let address = parse("https://www.fxtp.gov.cn@login-check.top/x?y").unwrap();
        assert_eq!((address.host.ascii.as_str(), address.user.as_str()), ("login-check.top", "www.fxtp.gov.cn"));
        assert_eq!(address.rest, "/x?y");
        assert!(address.scheme && !parse("a.gov.cn").unwrap().scheme);
    }

    #[test]
    fn faults_are_told_apart() {
        use AddressFault::*;
        for (text, fault) in [
            ("", Empty),
            ("  ", Empty),
            ("http://", Empty),
            ("javascript:alert(1)", Scheme),
            ("java\nscript:alert(1)", Scheme),
            ("data:text/html,<b>", Scheme),
            ("ftp://a.gov.cn", Scheme),
            ("javascript:alert(1)@zunyi.gov.cn", Scheme),
            ("mailto:a@b.gov.cn", Scheme),
            ("http://exa mple.com", Character),
            ("not a url", Character),
            ("12345", NoDot),
            ("遵义市政府", NoDot),
            ("http://localhost/", NoDot),
            ("http://127.0.0.1/", IpAddress),
            ("http://[::1]/", IpAddress),
            ("http://[::1", IpAddress),
            ("xn--zzzzzzzz--.政务", Malformed),
            ("-a.gov.cn", Malformed),
            ("xn--xn--OOOOOKn--xn--OOOOOKn--xn--OOOOOKOOOOyO.cn", Malformed),
            ("a..gov.cn", Malformed),
        ] {
            assert_eq!(host(text), Err(fault), "{text}");
        }
        assert_eq!(host(&"a.".repeat(65_536)), Err(TooLong));
        assert!(host(&format!("{}.gov.cn", "a".repeat(64))).is_err());
        let codes: std::collections::HashSet<_> = AddressFault::ALL.iter().map(|f| f.code()).collect();
        assert_eq!(codes.len(), AddressFault::ALL.len());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_is_idempotent(text in "(https?://)?[a-z0-9.。@:/%\\\\\\-xn政务公益国\u{202E}\u{0}\u{430}①Ⅷ ]{0,40}") {
            if let Ok(address) = parse(&text) {
                for form in [&address.host.ascii, &address.host.unicode] {
                    let again = parse(form);
                    prop_assert_eq!(again.map(|a| a.host), Ok(address.host.clone()), "{}", text);
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }
    }
}
