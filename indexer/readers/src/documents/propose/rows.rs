//! The rows of the title: what a style marks as such, else the first centred lines that end as titles end.
//!
//! Much stands above a title that reads like one: the name of a gazette, the section of a site, a letterhead, the mark
//! of an attachment. And a title has several rows, so that every line next to it has to be distinguished from its rows.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    day,
    ending::{ENDING, ends_as_title},
    line::{Line, opens_main_text},
    names, number,
};
use crate::{documents::furniture, law_markdown::regex};

/// Lines looked through: an order or a letterhead stands above the title, the navigation of a site above both.
const WITHIN: usize = 120;
/// Rows of the longest titles.
const MAX_ROWS: usize = 8;
/// Characters of the longest titles: decisions that name several regulations reach 120.
const MAX_LENGTH: usize = 200;
/// Characters of a note in brackets behind a title: （征求意见稿）, （2021—2025年）.
const MAX_NOTE: usize = 16;
/// How titles with 关于 end: by the kind of document, and a word before it that leads to it.
static ENDING_ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:的[\p{Han}]{0,4}?|若干|实施|指导|暂行|试行)(?:决议|决定|命令|令|公报|公告|通告|公示|意见|通知|通报|报告|请示|批复|议案|函|纪要|规定|办法|细则|规则|条例|解释|答复|方案|措施)(?:[（(〈<〔\[][^（()）]{1,20}[）)〉>〕\]]){0,2}$",
    )
});
/// What stands above a title and ends as titles do not, or only seems to.
static NO_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[（(]?\d{1,6}[）)]?$|^(?:机密|秘密|绝密|特急|加急|急件)|签发人|^第[^条]{1,12}号$|^(?:总统|主席|总理|省长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长)[\s\u{3000}：:]|^(?:首页|当前位置|您的位置|您现在的位置|索\s*引\s*号|发布机构|发文机关|成文日期|发布日期|发布时间|发文字号|文\s*号|主题分类|有\s*效\s*性|来\s*源|字\s*号|分享|打印|标\s*题|名\s*称|信息分类|公开方式|主题词|体裁分类|服务对象|责任编辑)|^附\s*[件表录]\s*[一二三四五六七八九十\d]{0,3}\s*(?:[:：]|$)|^附\s*[:：]|^目\s*[录次]$",
    )
});
/// The name of a gazette, with its issue or without, and the headings that divide it.
static GAZETTE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:政府|国务院|委员会|常委会|法院|检察院|厅|局|部|办公室|市|省|县|区)公报(?:\s*[（(·]?\s*\d{4}\s*[年.·]?.{0,14})?$|^\d{4}\s*年?\s*第?\s*\d{1,3}\s*期|^[（(]?总第?\s*\d|^第?\s*\d{1,3}\s*期|^[·•◆●■☆★※【〔\[]\s*[\p{Han}]{2,14}\s*[·•◆●■☆★※】〕\]]$",
    )
});
/// A section of a site: 政策文件库, 政府信息公开, 通知公告.
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:[\p{Han}]{0,16}?(?:政策|法规|规章|文件|信息|公文|法律|制度)(?:文件|法规|规章|公开|发布|资料|信息)?(?:数据)?(?:库|专栏|栏目|选登)|[\p{Han}]{0,8}(?:政府|部门|政策|规范性|规章|市|省|县|区|国务院|行政)文件|[\p{Han}]{0,10}信息公开(?:目录|指南|专栏|平台|网)?|[\p{Han}]{0,8}(?:政务公开|政策法规|法律法规|政策解读|通知公告|公告公示|公示公告|公示公告栏|公告栏|通知公示|公告通知|政府公告|最新公告|最新文件|新闻公告|规章制度|公共服务|互动交流|文件通知|权威发布|政策发布|重要文件|法治政府|决策公开)|[\p{Han}]{2,24}(?:门户网站|政府网站|政府网|官方网站|官网|网站|政务网|普法网|法制网|法治网|发布厅|网))$",
    )
});
/// Words with which a row goes on that would be complete without it.
const GOING_ON: [char; 9] = ['和', '与', '及', '暨', '的', '、', '等', '《', '〈'];
/// Names that begin with their place.
static OWN_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:中华人民共和国|[\p{Han}]{1,7}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|县|区|盟))")
});
/// Issuers that are too many to name: 甲市教育局等五部门.
static AND_OTHERS: LazyLock<Regex> = LazyLock::new(|| regex(r"等[\p{Han}\d]{0,4}(?:部门|单位|机关|部委|厅局)$"));
/// What a year's plans and reports begin with.
static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:19|20)\d\d年"));
/// An item of a list: 1．甲办法.
static ITEM: LazyLock<Regex> = LazyLock::new(|| regex(r"^\d{1,3}\s*[.．、]\s*[^\d\s]"));
/// The number of a report: （第一号）.
static ISSUE: LazyLock<Regex> = LazyLock::new(|| regex(r"^[（(]第[一二三四五六七八九十\d]{1,3}号[）)]$"));
/// The kind of document that a letterhead names: 公告, 专题会议纪要.
static KIND_ALONE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:公告|通告|公报|(?:常务|专题|办公|全体|工作|联席)?会议纪要)$"));

/// The lines of the title.
pub fn find(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let head = &lines[..lines.len().min(WITHIN)];
    // What the file itself calls its title, where it reads as one.
    let styled = |level: u8| {
        let marked = |l: &Line<'_>| l.heading == Some(level) && is_row(l.text) && !l.margin;
        let from = head.iter().position(|l| marked(l) && !is_above_title(l.text))?;
        let rows = head[from..].iter().take(MAX_ROWS).take_while(|l| marked(l)).count();
        let read = (from..from + rows).find_map(|at| rows_from(&head[..from + rows], at));
        let named = joined(&head[from..from + rows]);
        let whole = level == 0 && named.chars().count() >= 2 && !opens_main_text(&named);
        read.or(whole.then_some(from..from + rows))
    };
    let plain = || {
        let mut weak = None;
        for from in 0..head.len() {
            match rows_from(head, from) {
                // The text of an announcement may publish a regulation whose title stands below.
                Some(rows) if is_announcement(&joined(&head[rows.clone()])) => weak = weak.or(Some(rows)),
                Some(rows) => match &weak {
                    Some(first) if !leads_to(head, first.end, &rows) => return weak,
                    _ => return Some(rows),
                },
                None => {}
            }
        }
        weak
    };
    let own = styled(0).or_else(|| styled(1)).or_else(plain);
    // A title in the margin of the pages is the document's where the text has none before it is signed.
    let margin = in_margin(head);
    match &own {
        Some(rows) if margin.is_none() || !is_below_signature(head, rows.start) => own,
        _ => margin.or(own),
    }
}

/// A row of the pages' margin that reads as a title.
fn in_margin(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let at = lines.iter().position(|l| l.margin && is_row(l.text) && ENDING.is_match(l.text))?;
    Some(at..at + 1)
}

/// Whether a document that is addressed to somebody, as notices are and orders are not, is signed above a line.
fn is_below_signature(lines: &[Line<'_>], from: usize) -> bool {
    let above: Vec<&Line<'_>> = lines[..from].iter().filter(|l| !l.margin).collect();
    let signed = |pair: &[&Line<'_>]| day::is_date(pair[1].text) && names::is_signature(pair[0].text);
    let addressed = above.iter().any(|l| l.text.ends_with(['：', ':']) && !l.text.contains('。'));
    addressed && (above.windows(2).any(signed) || above.iter().any(|l| names::signed_and_dated(l.text)))
}

/// 甲市财政局公告, 甲市人民政府常务会议纪要: the name of an institution and the kind of document, and nothing about
/// what.
fn is_announcement(name: &str) -> bool {
    KIND_ALONE.find(name).is_some_and(|kind| names::is_institution(&name[..kind.start()]))
}

/// Whether an announcement's own name leads to these rows: nothing but its number stands between, or the lines between
/// name what is published below them (《甲办法》已经…通过，现予公布).
fn leads_to(lines: &[Line<'_>], from: usize, rows: &Range<usize>) -> bool {
    let name = joined(&lines[rows.clone()]);
    let bare = name.find(['（', '(']).filter(|at| *at > 0).map_or(name.as_str(), |at| &name[..at]);
    let between = lines.get(from..rows.start).unwrap_or_default();
    let numbered = |text: &str| number::is_number_line(text) || day::is_date(text) || names::signed_and_dated(text);
    // Names of two institutions stand beside each other in a title and with 、 in a sentence; names within names get
    // 〈〉.
    let run = |text: &str| -> String {
        let outer = |c| match c {
            '〈' => '《',
            '〉' => '》',
            c => c,
        };
        text.chars().filter(|c| !c.is_whitespace() && *c != '、').map(outer).collect()
    };
    let bare = run(bare);
    between.iter().all(|l| numbered(l.text) || NO_TITLE.is_match(l.text))
        || between.iter().any(|l| run(l.text).contains(&bare))
}

/// The longest run of rows from here that ends as titles end.
fn rows_from(lines: &[Line<'_>], from: usize) -> Option<Range<usize>> {
    let mut best = None;
    let mut name = String::new();
    for (row, line) in lines[from..].iter().take(MAX_ROWS).enumerate() {
        // Codes and ornaments stand above a title: ZJAC01-2024-0003, ★.
        let said = line.text.contains(is_chinese);
        let first = || row == 0 && said && !is_above_title(line.text);
        let further = || {
            row > 0
                && (said || line.text.starts_with(['（', '(']))
                && goes_on(&name, line.text)
                && joins(&name, &lines[from + row - 1], line)
        };
        if line.margin || !is_row(line.text) || !(first() || further()) {
            break;
        }
        name.extend(line.text.split_whitespace());
        let length = name.chars().count();
        if length > MAX_LENGTH {
            break;
        }
        // An order's own name is no title: 国务院令.
        let order = name.ends_with('令') && !name.contains("关于");
        if length >= 3 && !order && ends_as_title(&name) {
            best = Some(from..from + row + 1);
        }
    }
    best
}

fn is_chinese(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// Whether a line may be a row of a title.
fn is_row(line: &str) -> bool {
    !line.is_empty()
        && line.len() <= MAX_LENGTH * 3
        && !line.contains(['。', '；', '\t'])
        && !line.ends_with(['：', ':', '，', '!', '！', '?', '？'])
        && !opens_main_text(line)
        && !ITEM.is_match(line)
        && !NO_TITLE.is_match(line)
        && !furniture::is_buttons(line)
        && !day::is_date(line)
        && !names::signed_and_dated(line)
        && !number::is_number_line(line)
}

/// Whether a line is the name of a gazette or a section of a site. Reports are called 公报 too: those of statistics, of
/// the environment, of a plenary session.
fn is_above_title(line: &str) -> bool {
    let bare: String = line.split_whitespace().collect();
    !bare.contains("关于") && (bare.ends_with("文件") || GAZETTE.is_match(&bare) || SECTION.is_match(&bare))
}

/// Whether a line may be a further row of a title: no caption, no table of contents.
fn goes_on(above: &str, line: &str) -> bool {
    let name: String = line.split_whitespace().collect();
    // （试行） may stand in a row of its own, a caption never ends there.
    let long = name.chars().count() > MAX_NOTE;
    let told = ["日", "号", "通过", "公布", "发布", "会议", "施行", "批准"].iter().any(|word| name.contains(word));
    // 甲市第三次普查公报 / （第一号）: reports of one census are distinguished so.
    let issue = above.ends_with("公报") && ISSUE.is_match(&name);
    let bracketed = name.starts_with(['（', '(']) && (long || told) && !issue;
    !bracketed && name != "序言" && day::find(&name).is_none_or(|(at, _)| at.start > 0)
}

/// Whether a line is a row of the title that `name` is so far.
fn joins(name: &str, above: &Line<'_>, line: &Line<'_>) -> bool {
    let next: String = line.text.split_whitespace().collect();
    let is_open = |open: char, close: char| name.matches(open).count() > name.matches(close).count();
    if is_open('《', '》') || is_open('（', '）') || is_open('〈', '〉') || next.starts_with(['（', '(']) {
        return true;
    }
    let leads = |text: &str| ["关于", "印发", "转发", "批转"].iter().any(|word| text.contains(word));
    let about = leads(name);
    if about {
        return !ENDING_ABOUT.is_match(name) || next.starts_with(GOING_ON);
    }
    let begins_about = ["关于", "印发", "转发", "批转"].iter().any(|word| next.starts_with(word));
    let above = above.text.trim();
    let issuer = names::is_signature(above) || AND_OTHERS.is_match(above);
    if issuer {
        // An institution is part of a title where the matter follows, or one more institution, or nothing but the kind
        // of document, as where it is written to one person (行政处罚决定书) or tells of a year (2023年工作报告).
        return begins_about
            || names::is_signature(line.text)
            || AND_OTHERS.is_match(&next)
            || next.ends_with('书')
            || YEAR_FIRST.is_match(&next)
            || next.chars().count() <= 3;
    }
    if begins_about {
        return OWN_PLACE.is_match(name) && !ENDING.is_match(name);
    }
    // A line that is a title of its own: 甲市人民政府 above 甲市共享单车管理办法.
    let place = |text: &str| OWN_PLACE.find(text).map(|m| m.as_str().to_owned()).filter(|p| !is_common_word(p));
    let only_place = place(name).is_some_and(|place| place == name);
    let own = place(&next).is_some_and(|there| there != next && place(name).is_none_or(|here| here == there));
    only_place || !(own && (ENDING.is_match(&next) || leads(&next)))
}

/// 城市, 社区: words that end as names of places do.
fn is_common_word(word: &str) -> bool {
    [
        "城市",
        "都市",
        "超市",
        "集市",
        "上市",
        "社区",
        "地区",
        "小区",
        "园区",
        "景区",
        "城区",
        "辖区",
        "市区",
        "库区",
        "新区",
        "保护区",
        "开发区",
    ]
    .iter()
    .any(|common| word.ends_with(common) && word.chars().count() <= 3)
}

pub fn joined(lines: &[Line<'_>]) -> String {
    lines.iter().flat_map(|l| l.text.split_whitespace()).collect()
}
