//! Words that say "its site" or "its text" and name nothing.

use indexer::text::dictionaries::AskedWords;

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

/// Asked of a site, behind the word for it: 官网入口, 网址是多少.
const OF_A_SITE: [&str; 26] = [
    "怎么打开",
    "怎么登录",
    "打不开",
    "怎么进",
    "是多少",
    "是什么",
    "是哪个",
    "是哪里",
    "叫什么",
    "在哪里",
    "在哪儿",
    "手机版",
    "电脑版",
    "官方版",
    "客户端",
    "登录",
    "登陆",
    "入口",
    "链接",
    "地址",
    "下载",
    "最新",
    "在哪",
    "是啥",
    "多少",
    "app",
];

/// What the words for somebody's own site have.
const OWN_SITE: [&str; 4] = ["官", "门户", "首页", "主页"];

/// A text with less and less of what asks for a site behind it, the whole first; at least two characters stay. Whatever
/// else is asked behind the word for somebody's own site goes with it: 浙江大学官网预约入口 is 浙江大学, but 钓鱼网站举报电话 is
/// about a site.
pub fn steps<'t>(asked: &AskedWords, text: &'t str) -> Vec<&'t str> {
    let mut steps = vec![text.trim()];
    while let Some((with, without)) = steps.last().copied().and_then(|text| one_step(asked, text)) {
        if steps.last() != Some(&with) {
            steps.push(with);
        }
        steps.push(without);
    }
    steps
}

/// The next word for a site from the end of a text: the text up to and without it.
fn one_step<'t>(asked: &AskedWords, text: &'t str) -> Option<(&'t str, &'t str)> {
    let (mut with, mut errand) = (text, false);
    loop {
        let word = SITE.iter().find(|word| with.ends_with(**word));
        // 网 alone is a word for a site at the very end, and part of a name before what else is asked.
        let asks = |word: &&&str| match errand {
            true => OWN_SITE.iter().any(|own| word.contains(own)),
            false => with.len() == text.len() || word.chars().nth(1).is_some(),
        };
        if let Some(word) = word.filter(asks) {
            let names = NAMES_IN_NET.iter().any(|name| with.ends_with(name));
            let rest = with.strip_suffix(word)?.trim_end().trim_end_matches('的');
            return (!names && rest.chars().nth(1).is_some()).then_some((with, rest));
        }
        let of_a_site = OF_A_SITE.iter().find_map(|word| with.strip_suffix(word));
        errand |= of_a_site.is_none();
        let before = of_a_site.or_else(|| super::without_asked(asked, with))?;
        with = before.trim_end().trim_end_matches('的');
        with.chars().nth(1)?;
    }
}

/// Drops trailing words that ask for a text.
pub fn strip_text_words(key: &str) -> &str {
    TEXT.iter().find_map(|word| key.strip_suffix(word)).filter(|rest| rest.chars().count() >= 2).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::LazyLock};

    use indexer::text::dictionaries::Dictionaries;

    use super::*;

    static ASKED: LazyLock<AskedWords> = LazyLock::new(|| {
        let dictionaries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        Dictionaries::load(&dictionaries).unwrap().asked_words
    });

    fn strip(text: &str) -> &str {
        steps(&ASKED, text).pop().unwrap_or(text)
    }

    #[test]
    fn every_word_for_a_site_goes_with_every_errand_behind_it() {
        for name in ["遵义市人民政府", "黔北示例大学", "示例查分平台"] {
            for site in SITE.iter().filter(|word| word.chars().nth(1).is_some()) {
                let own = OWN_SITE.iter().any(|own| site.contains(own));
                let errands = ASKED.at_offices.iter().map(String::as_str);
                let errands = errands.chain(["电话", "客服电话", "怎么走"]).filter(|_| own);
                for errand in errands.chain(OF_A_SITE) {
                    if (*site, errand) == ("官方", "电话") {
                        // 官方电话 asks for a number, and for no site.
                        continue;
                    }
                    for text in [format!("{name}{site}{errand}"), format!("{name}的{site} {errand}")] {
                        assert_eq!(strip(&text), name, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn site_words_go_and_names_stay() {
        for (text, want) in [
            ("遵义市人民政府官网", "遵义市人民政府"),
            ("庐江县人民政府 官方网站", "庐江县人民政府"),
            ("四川政府网", "四川政府"),
            ("中国政府网", "中国政府网"),
            ("民政部的网站", "民政部"),
            ("官网", "官网"),
            ("浙江大学官网入口", "浙江大学"),
            ("教育部网址是多少", "教育部"),
            ("教育部 官网 链接", "教育部"),
            ("清华大学官网登录入口", "清华大学"),
            ("最高人民法院官方网站首页入口", "最高人民法院"),
            ("协和医院官网预约挂号", "协和医院"),
            ("教育部网站在哪", "教育部"),
            ("教育部官网电话", "教育部"),
            ("浙江大学招生", "浙江大学招生"),
            ("医保投诉电话", "医保投诉电话"),
            ("互联网投诉电话", "互联网投诉电话"),
            ("中国政府网官网入口", "中国政府网"),
            ("钓鱼网站举报电话", "钓鱼网站举报电话"),
        ] {
            assert_eq!(strip(text), want, "{text}");
        }
        assert_eq!(steps(&ASKED, "学信网官网入口"), ["学信网官网入口", "学信网官网", "学信网", "学信"]);
        assert_eq!(strip_text_words("行政许可法全文"), "行政许可法");
    }
}
