//! Words that say "its site" or "its text" and name nothing.

/// Asked after an institution's name, longest first.
const SITE: [&str; 16] = [
    "官方网站首页",
    "门户网站首页",
    "官方网站",
    "门户网站",
    "政务网站",
    "官网首页",
    "官网网址",
    "官网",
    "网站",
    "首页",
    "网址",
    "主页",
    "官方",
    "门户",
    "网页",
    "网",
];
/// Asked after a title.
const TEXT: [&str; 9] = ["最新版全文", "最新全文", "最新版", "全文", "原文", "条文", "最新", "内容", "下载"];
/// Words whose last character 网 belongs to the name.
const NAMES_IN_NET: [&str; 5] = ["中国政府网", "互联网", "电网", "新华网", "人民网"];

/// Drops trailing words that ask for a site. At least two characters stay.
pub fn strip(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(rest) = SITE.iter().find_map(|word| text.strip_suffix(word)) {
        let names = NAMES_IN_NET.iter().any(|name| text.ends_with(name));
        let rest = rest.trim_end().trim_end_matches('的');
        if names || rest.chars().count() < 2 {
            break;
        }
        text = rest;
    }
    text
}

/// Drops trailing words that ask for a text.
pub fn strip_text_words(key: &str) -> &str {
    TEXT.iter().find_map(|word| key.strip_suffix(word)).filter(|rest| rest.chars().count() >= 2).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn site_words_go_and_names_stay() {
        for (text, want) in [
            ("遵义市人民政府官网", "遵义市人民政府"),
            ("庐江县人民政府 官方网站", "庐江县人民政府"),
            ("四川政府网", "四川政府"),
            ("中国政府网", "中国政府网"),
            ("民政部的网站", "民政部"),
            ("官网", "官网"),
        ] {
            assert_eq!(strip(text), want);
        }
        assert_eq!(strip_text_words("行政许可法全文"), "行政许可法");
    }
}
