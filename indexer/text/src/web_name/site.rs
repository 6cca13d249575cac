//! May this address be recorded as the site of an institution? The one place that every form, table and upload asks.

use super::{
    Address, AddressFault, Host, address,
    shared::{Shared, operator, shared_above},
};

/// Why an address is no site of an institution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteFault {
    #[error("应以 http:// 或 https:// 开头")]
    Scheme,
    #[error("中间有空白、换行或看不见的字符，请删去后重新填写")]
    Invisible,
    #[error("不能有反斜杠“\\”，请改成“/”")]
    Backslash,
    #[error("网址中不能有用户名，请删去“@”和它前面的部分")]
    UserInfo,
    #[error("“{0}”是公共后缀，谁都能在它下面注册，不能作为一个机构的网站；请填写完整的主机名，例如 www.zunyi.gov.cn")]
    PublicSuffix(String),
    #[error("“{0}”是许多人共用的平台{1}，不能作为一个机构的网站；请填写机构自己的域名")]
    Platform(String, String),
    #[error("“{0}”是短链接{1}，看不出指向哪里；请填写它所指向的网址")]
    ShortLink(String, String),
    #[error(transparent)]
    Address(#[from] AddressFault),
}

/// An address as the site of an institution.
pub fn site(text: &str) -> Result<Address, SiteFault> {
    if text.chars().any(is_invisible) {
        return Err(SiteFault::Invisible);
    }
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Err(SiteFault::Scheme);
    }
    if text.contains('\\') {
        return Err(SiteFault::Backslash);
    }
    // Before the address is read, since an empty user (https://@a.cn) is dropped in reading.
    let authority = text.split("://").nth(1).unwrap_or_default();
    if authority.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains(['@', '＠', '﹫'])) {
        return Err(SiteFault::UserInfo);
    }
    let address = address::parse(text)?;
    site_host(&address.host)?;
    Ok(address)
}

/// A host alone, as the web name of an institution.
pub fn site_host(host: &Host) -> Result<(), SiteFault> {
    let Some((at, kind)) = shared_above(&host.ascii) else { return Ok(()) };
    let by = operator(at).map(|operator| format!("（{operator}）")).unwrap_or_default();
    let at = if at == host.ascii { host.unicode.clone() } else { at.to_owned() };
    Err(match kind {
        Shared::PublicSuffix => SiteFault::PublicSuffix(at),
        Shared::ShortLink => SiteFault::ShortLink(at, by),
        Shared::Hosting | Shared::Accounts => SiteFault::Platform(at, by),
    })
}

/// What no reader sees, or what changes the order of what they see: white space, control, formatting and directional
/// characters, fillers and tags.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
                | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_of_institutions_are_taken() {
        for (text, host) in [
            ("https://www.zunyi.gov.cn/", "zunyi.gov.cn"),
            ("http://www.gov.cn/", "gov.cn"),
            ("http://jyj.zunyi.gov.cn:8080/a/@b?c", "jyj.zunyi.gov.cn"),
            ("https://www.zycourt.org/", "zycourt.org"),
            ("http://zunyi.example.com.cn/", "zunyi.example.com.cn"),
            ("http://国务院.政务/", "xn--zfr54hdx6e.xn--zfr164b"),
        ] {
            assert_eq!(site(text).map(|a| a.host.ascii).as_deref(), Ok(host), "{text}");
        }
    }

    #[test]
    fn what_is_nobodys_own_or_hides_something_is_refused() {
        let code = |fault: SiteFault| match fault {
            SiteFault::Scheme => "scheme",
            SiteFault::Invisible => "invisible",
            SiteFault::Backslash => "backslash",
            SiteFault::UserInfo => "user",
            SiteFault::PublicSuffix(_) => "suffix",
            SiteFault::Platform(..) => "platform",
            SiteFault::ShortLink(..) => "short",
            SiteFault::Address(_) => "address",
        };
        for (text, wanted) in [
            ("http://com.cn/", "suffix"),
            ("http://www.com.cn/", "suffix"),
            ("https://org.cn", "suffix"),
            ("https://gz.cn", "suffix"),
            ("http://公司.cn/", "suffix"),
            ("http://政务.cn/", "suffix"),
            ("https://weibo.com/zunyi", "platform"),
            ("https://m.weibo.com/zunyi", "platform"),
            ("https://mp.weixin.qq.com/s/x", "platform"),
            ("https://zunyi.github.io/", "platform"),
            ("https://zunyi.eu.org/", "platform"),
            ("https://zunyi.cn.com/", "platform"),
            ("http://t.cn/A6", "short"),
            ("https://zunyi.gov.cn@evil.com/", "user"),
            ("https://@evil.com/", "user"),
            ("https://zunyi.gov.cn＠evil.com/", "user"),
            ("https:\\\\evil.com/", "scheme"),
            ("https://evil.com\\@zunyi.gov.cn", "backslash"),
            ("https://zunyi.gov.cn\u{200B}/", "invisible"),
            ("https://zunyi.gov.cn/\u{202E}a", "invisible"),
            ("https://zunyi.gov.cn/ a", "invisible"),
            ("https://zunyi.gov.cn/\u{0}", "invisible"),
            ("https://zu\u{AD}nyi.gov.cn/", "invisible"),
            ("zunyi.gov.cn", "scheme"),
            ("ftp://zunyi.gov.cn", "scheme"),
            ("http://127.0.0.1/", "address"),
        ] {
            assert_eq!(site(text).map_err(code).map(|a| a.host.ascii), Err(wanted), "{text:?}");
        }
    }
}
