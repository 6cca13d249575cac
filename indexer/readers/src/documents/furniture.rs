//! What a site sets around a text: buttons, and the notes below it. None of it is the document's.

use std::sync::LazyLock;

use regex::Regex;

use crate::law_markdown::regex;

/// Characters of the longest such line.
const LONGEST: usize = 80;

/// Nothing but buttons: 【打印】【关闭】, 打印本页 | 关闭窗口, 字号：大 中 小.
static BUTTONS: LazyLock<Regex> = LazyLock::new(|| {
    let button = "打印(?:本页|此页|本文|正文|页面)?|关闭(?:窗口|本页|此页|页面)?|返回(?:顶部|首页|列表|上一页|上页)?|收藏(?:本页|本文)?|分享(?:到|本页)?|我要纠错|纠错|复制链接|下载(?:文件|原文|附件)?|字[号体](?:大小)?|繁體|繁体|简体|无障碍|适老版|微信|微博|新浪微博|QQ空间|大|中|小|默认|正常|扫一扫(?:[，,]?(?:在手机(?:上)?打开|分享|分享到)(?:当前页|本页|此页|微信)?)?";
    let around = r"[\s\u{3000}|｜/·:：<>《》【】〖〗\[\]（）()]*";
    regex(&format!("^{around}(?:(?:{button}){around})+$"))
});
/// What stands below a text on a site.
static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:[【\[（(]?\s*(?:责任编辑|编辑|审核|作者|来源|信息来源|上一[篇条]|下一[篇条]|浏览次数|访问量|点击(?:数|率|量)|阅读(?:数|量|次数)|扫一扫|扫码|主办(?:单位)?|承办(?:单位)?|网站标识码|版权所有|备案号|技术支持|相关(?:链接|文件|解读|新闻|阅读|附件|信息)|关联(?:文件|阅读|解读)|附件下载)\s*[】\]）)]?[：:|\s>]|[\p{Han}]{1,2}ICP备|[\p{Han}]{1,2}公网安备|主办：|©|Copyright)",
    )
});

/// Whether a line is nothing but buttons of a page.
pub fn is_buttons(line: &str) -> bool {
    line.chars().nth(LONGEST).is_none() && BUTTONS.is_match(line)
}

/// Whether a line at the end of a page is the site's and not the text's.
pub fn is_below_text(line: &str) -> bool {
    line.chars().nth(LONGEST).is_none() && (BUTTONS.is_match(line) || BELOW.is_match(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_told_from_text() {
        for line in [
            "【打印】【关闭】",
            "打印本页 | 关闭窗口",
            "字号：[大 中 小]　打印",
            "分享到：微信 微博",
            "返回顶部",
            "扫一扫在手机打开当前页",
        ] {
            assert!(is_buttons(line), "{line}");
        }
        for line in ["打印店管理办法", "大", "关闭小煤矿的通知", "第一条　打印", "中小学"] {
            assert_eq!(is_buttons(line), line == "大", "{line}");
        }
        for line in ["责任编辑：张三", "上一篇：甲通知", "网站标识码：5203000001", "甲ICP备12345678号"]
        {
            assert!(is_below_text(line), "{line}");
        }
        for line in ["第三条　本办法自2024年5月1日起施行。", "附件：1.甲表", "来源合法的资金，依法使用。"]
        {
            assert!(!is_below_text(line), "{line}");
        }
    }
}
