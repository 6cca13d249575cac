//! Web addresses and web names typed into the box. Reading one is [`indexer::web_name::address`]'s; here it is told apart
//! from other texts with a stop in them.

use indexer::web_name::{Address, address};

/// Reads an address; `None` for anything that does not look like one.
pub fn parse(text: &str) -> Option<Address> {
    let address = address::parse(text).ok()?;
    // A sentence with a space in it is none, and neither is 第1.2条: its last part is no ending known for one.
    let typed = text.trim();
    let spaced = typed.split(['/', '?', '#']).next().is_some_and(|host| host.contains(char::is_whitespace));
    let last = address.host.ascii.rsplit('.').next().unwrap_or_default();
    let unicode_last = address.host.unicode.rsplit('.').next().unwrap_or_default();
    let latin = !last.starts_with("xn--") && last.len() >= 2 && !last.starts_with(|c: char| c.is_ascii_digit());
    let ending = address.scheme || latin || CHINESE_ENDINGS.contains(&unicode_last) || is_mixed(unicode_last);
    (ending && !spaced).then_some(address)
}

/// Chinese top-level names that an address can end in, and what people take for one.
const CHINESE_ENDINGS: [&str; 9] = ["政务", "公益", "中国", "网址", "公司", "网络", "网店", "商城", "政府"];

/// Letters of other scripts that look Latin: сn for cn. No Chinese text has them.
fn is_mixed(last: &str) -> bool {
    last.chars().any(|c| matches!(c, '\u{370}'..='\u{52F}' | '\u{C0}'..='\u{24F}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for (text, host) in [
            ("https://www.zunyi.gov.cn/zwgk/?a=1#b", "zunyi.gov.cn"),
            ("xiuyan．gov．cn", "xiuyan.gov.cn"),
            ("国务院。政务", "xn--zfr54hdx6e.xn--zfr164b"),
            ("http://user@evil.top/", "evil.top"),
            ("czs.gov.сn", "czs.gov.xn--n-6tb"),
        ] {
            assert_eq!(parse(text).map(|a| a.host.ascii).as_deref(), Some(host), "{text}");
        }
        for text in [
            "遵义市政府",
            "行政许可法第十二条",
            "3.14",
            "甲。乙",
            "第1.2条",
            "ftp://a.gov.cn",
            "a b.gov.cn",
            "...",
            "http://",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
