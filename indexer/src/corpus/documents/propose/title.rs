//! The title: what a style marks as such, else the first centred lines that end as titles end.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Field, dates,
    layout::{Layout, Line, opens_body},
    numbers,
};
use crate::corpus::law_markdown::regex;

/// Lines looked through: an order or a letterhead stands above the title, the navigation of a site above both.
const WITHIN: usize = 120;
/// Rows of the longest titles.
const MAX_ROWS: usize = 8;
/// Characters of the longest titles: decisions that name several norms reach 120.
const MAX_LENGTH: usize = 200;

/// How titles end: the kinds of official documents (党政机关公文处理工作条例 art. 8) and of norms.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|法|法典|条例|规定|办法|细则|规则|规章|章程|准则|守则|规程|规范|标准|解释|修正案|方案|规划|计划|要点|纲要|制度|指南|指引|目录|清单|名录|预案|措施|说明|答复|法案|大纲|定额|须知|协定|协议|公约|议定书|宣言|安排|名单|通则)(?:[（(〈<][^（()）]{1,20}[）)〉>]){0,2}$",
    )
});
/// What stands above a title and ends as titles do not, or only seems to.
static NO_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"文件$|^[（(]?\d{1,6}[）)]?$|^(?:机密|秘密|绝密|特急|加急|急件)|签发人|^第[^条]{1,12}号$|^(?:总统|主席|总理|省长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长)[\s\u{3000}：:]|^(?:首页|当前位置|您的位置|索引号|发布机构|发文机关|成文日期|发布日期|发文字号|文号|主题分类|有效性|来源|字号|分享|打印|标题|名称|信息分类|公开方式)",
    )
});

pub fn title(layout: &Layout<'_>) -> Field<String> {
    let lines = &layout.lines[layout.title.clone()];
    if lines.is_empty() {
        return Field::none("正文之前没有找到以“通知”“办法”“条例”等结尾的标题");
    }
    let name = joined(lines);
    let reason = if lines[0].heading.is_some_and(|level| level <= 1) {
        "文件中标为标题的段落".to_owned()
    } else {
        format!("位于正文之前，以“{}”结尾", ending(&name))
    };
    Field::found(name, lines.iter().map(|l| l.span().into()).collect(), reason)
}

fn ending(name: &str) -> &str {
    ENDING.find(name).map_or("", |m| m.as_str())
}

/// The lines of the title.
pub fn find(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let head = &lines[..lines.len().min(WITHIN)];
    // What the file itself calls its title, where it reads as one.
    let styled = |level: u8| {
        let from = head.iter().position(|l| l.heading == Some(level) && is_row(l.text))?;
        let rows =
            head[from..].iter().take(MAX_ROWS).take_while(|l| l.heading == Some(level) && is_row(l.text)).count();
        let named = joined(&head[from..from + rows]);
        let reads = level == 0 || ENDING.is_match(&named);
        (reads && named.chars().count() >= 2 && !opens_body(&named)).then_some(from..from + rows)
    };
    styled(0).or_else(|| styled(1)).or_else(|| (0..head.len()).find_map(|from| rows_from(head, from)))
}

/// The longest run of rows from here that ends as titles end.
fn rows_from(lines: &[Line<'_>], from: usize) -> Option<Range<usize>> {
    let mut best = None;
    let mut name = String::new();
    for (row, line) in lines[from..].iter().take(MAX_ROWS).enumerate() {
        if !is_row(line.text) || (row > 0 && !goes_on(line.text)) {
            break;
        }
        name.extend(line.text.split_whitespace());
        let length = name.chars().count();
        if length > MAX_LENGTH {
            break;
        }
        // An order's own name is no title: 国务院令.
        let order = name.ends_with('令') && !name.contains("关于");
        if length >= 3 && !order && ENDING.is_match(&name) {
            best = Some(from..from + row + 1);
        }
    }
    best
}

/// Whether a line may be a row of a title.
fn is_row(line: &str) -> bool {
    !line.is_empty()
        && line.len() <= MAX_LENGTH * 3
        && !line.contains(['。', '；', '\t'])
        && !line.ends_with(['：', ':', '，', '!', '！', '?', '？'])
        && !opens_body(line)
        && !NO_TITLE.is_match(line)
        && !dates::is_date(line)
        && !numbers::is_number_line(line)
}

/// Whether a line may be a further row of a title: no caption, no table of contents.
fn goes_on(line: &str) -> bool {
    let name: String = line.split_whitespace().collect();
    // （试行） may stand in a row of its own, a caption never ends there.
    let bracketed = name.starts_with(['（', '(']) && (name.chars().count() > 14 || name.contains(['年', '号']));
    !bracketed
        && name != "目录"
        && name != "目次"
        && name != "序言"
        && dates::find(&name).is_none_or(|(at, _)| at.start > 0)
}

fn joined(lines: &[Line<'_>]) -> String {
    lines.iter().flat_map(|l| l.text.split_whitespace()).collect()
}
