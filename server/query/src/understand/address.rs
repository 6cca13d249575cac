//! Web addresses and web names in what is typed into the box. Finding and judging them is [`crate::web_names`]'s; here it is
//! told what else the text asks for.

use std::ops::Range;

use indexer::{index::Generation, web_name::unescaped};

use crate::web_names::{is_one, spot, worst_first};

/// An address in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAddress {
    /// As it was read.
    pub text: String,
    /// The host in U-labels, or the text where it is none.
    pub host: String,
}

/// The addresses of a query, the worst first, and what it says besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    pub found: Vec<QueryAddress>,
    /// The text without them; empty where it only asks what they are.
    pub rest: String,
}

/// What is said of an address and names nothing, longest first.
const SAID_OF_ADDRESSES: [&str; 44] = [
    "是不是官方网站",
    "是不是真的",
    "是不是假的",
    "是不是官网",
    "是官方网站",
    "是真是假",
    "官方网站",
    "政府网站",
    "安不安全",
    "是诈骗",
    "可靠吗",
    "可信吗",
    "网站地址",
    "是官网",
    "是真的",
    "是假的",
    "真的假的",
    "安全吗",
    "靠谱吗",
    "正规吗",
    "能点吗",
    "请登录",
    "请访问",
    "请点击",
    "这个网址",
    "这个网站",
    "这个链接",
    "网址",
    "网站",
    "官网",
    "链接",
    "域名",
    "登录",
    "访问",
    "点击",
    "打开",
    "查看",
    "请问",
    "这个",
    "真假",
    "核验",
    "是",
    "吗",
    "呢",
];

/// Reads the addresses of a query.
pub fn read(generation: &Generation, text: &str) -> Addresses {
    let text: &str = &unescaped(text);
    let spotted = spot(&generation.official, &generation.pipeline, text);
    if spotted.is_empty() {
        return Addresses { found: Vec::new(), rest: text.to_owned() };
    }
    let rest = if is_one(text, &spotted) { String::new() } else { without(text, spotted.iter().map(|s| &s.span)) };
    let mut asked = rest.clone();
    for words in SAID_OF_ADDRESSES {
        asked = asked.replace(words, " ");
    }
    let rest = if asked.chars().any(char::is_alphanumeric) { rest } else { String::new() };
    let found = worst_first(spotted).into_iter().map(|spotted| {
        let host = spotted.check.address.map_or_else(|| spotted.text.clone(), |address| address.host.unicode);
        QueryAddress { text: spotted.text, host }
    });
    Addresses { found: found.collect(), rest }
}

/// A text with a space in place of some of its parts, which are in its order and may overlap.
fn without<'a>(text: &str, parts: impl Iterator<Item = &'a Range<usize>>) -> String {
    let (mut rest, mut at) = (String::new(), 0);
    for part in parts {
        if part.start >= at {
            rest.push_str(&text[at..part.start]);
            rest.push(' ');
        }
        at = at.max(part.end);
    }
    rest.push_str(&text[at..]);
    rest.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_out() {
        assert_eq!(without("甲a乙b丙", [3..4, 7..8].iter()), "甲 乙 丙");
        assert_eq!(without("abcdef", [1..3, 1..5].iter()), "a f");
        assert_eq!(without("abc", std::iter::empty()), "abc");
        assert!(SAID_OF_ADDRESSES.iter().all(|words| !words.is_empty()));
    }
}
