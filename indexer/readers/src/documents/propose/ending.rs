//! How titles end.

use std::sync::LazyLock;

use regex::Regex;

use crate::law_markdown::regex;

/// How titles end: the kinds of official documents (党政机关公文处理工作条例 art. 8) and of regulations.
pub static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|法|法典|条例|规定|办法|细则|规则|规章|章程|准则|守则|规程|规范|标准|基准|解释|修正案|方案|规划|计划|要点|纲要|制度|指南|指引|目录|清单|名录|预案|措施|说明|答复|法案|大纲|定额|须知|协定|协议|公约|议定书|宣言|安排|名单|通则|公示|声明|(?:决定|告知|通知|意见|建议|承诺|责任|倡议)书)(?:[（(〈<〔\[][^（()）]{1,20}[）)〉>〕\]]){0,2}$",
    )
});
/// A title that ends with what it brings: 甲办公厅印发《关于乙的意见》.
static BRINGING: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[\p{Han}、]{2,60}(?:印发|转发|批转|发布|公布)《[^》]{4,120}》$"));

pub fn ending(name: &str) -> &str {
    let brings = || name.rfind('《').map(|at| &name[at..]);
    ENDING.find(name).map(|m| m.as_str()).or_else(brings).unwrap_or_default()
}

/// Whether a text ends as titles end.
pub fn ends_as_title(text: &str) -> bool {
    ENDING.is_match(text) || BRINGING.is_match(text)
}
