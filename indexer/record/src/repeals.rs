//! What a text says it repeals: regulations in their closing articles, and decisions anywhere.
//!
//! ```text
//! 本条例自2020年1月1日起施行。《甲条例》同时废止。
//! 国务院决定废止《乙条例》、《丙条例》。
//! 《丁条例》自2026年10月26日起废止。
//! 二、对下列行政法规予以废止：
//! 1.《戊条例》（1990年1月1日公布）
//! ```
//! Where a part of a regulation is repealed, or a repeal only spoken of, nothing is reported. Of a closing sentence those titles alone
//! count that run up to the word; what it leans on before them (根据《立法法》的规定, 对《己条例》作出修改) stands.

use std::sync::LazyLock;

use regex::Regex;

use super::{Date, DocumentKind, Regulation, effect};
use text::quoted_titles;

const REPEAL: &str = "废止";
/// Texts that nobody has adopted.
const DRAFTS: [&str; 4] = ["草案", "征求意见", "送审稿", "讨论稿"];
/// What stands before the word where nothing is repealed.
const NOT_REPEALED: [&str; 10] = ["不予", "不再", "不", "未", "拟", "建议", "提请", "是否", "被", "已经"];
/// What stands before a title that the sentence only leans on.
const LEANS_ON: [&str; 6] = ["根据", "依据", "依照", "按照", "适用", "违反"];
/// Characters between the word and the first title: 废止下列由国务院公布的行政法规.
const LONGEST_GAP: usize = 40;
/// Characters of what stands in brackets behind a title, all of its amendments among it.
const LONGEST_HISTORY: usize = 300;
/// Signs behind a title that leave it whole.
const SIGNS_BEHIND: &[char] =
    &['《', '、', '，', ',', '；', ';', '。', '：', ':', '”', '’', '」', '』', '）', ')', '》', '〉', '！'];
/// Words behind a title that leave it whole.
const WORDS_BEHIND: &[&str] = &[
    "和",
    "与",
    "及",
    "以及",
    "并",
    "同时",
    "同日",
    "一并",
    "一同",
    "予以",
    "即行",
    "自",
    "从",
    "于",
    "停止",
    "均",
    "都",
    "也",
    "则",
    "应",
    "现",
    "宣布",
    "相应",
    "随之",
    "全部",
    "一律",
    "废止",
    "失效",
    "的决定",
    "的决议",
    "的命令",
];
/// What 等 may not lead to where the titles before it are whole: 《甲条例》等法规部分条款.
const PARTS: [&str; 5] = ["条款", "条文", "部分规定", "个别规定", "部分内容"];
/// What stands behind the title of a decision that has only changed the regulation named next:
/// 根据《…的决定》修正的《甲条例》.
static CHANGED_BY: LazyLock<Regex> = LazyLock::new(|| effect::regex(r"^(?:第.{1,3}次)?(?:修正|修订|修改)"));
/// What stands between two titles of one run: a joint, and what is said of the second.
static JOINT: LazyLock<Regex> = LazyLock::new(|| effect::regex(r"^[，,]?(?:、|和|及|与|以及)"));
/// What ends the words on a regulation before its title, behind a comma: 1990年1月1日国务院发布的, 最高人民法院.
const SAID_OF_A_REGULATION: [&str; 4] = ["的", "院", "日", "号"];
/// Characters of a heading above a list: 国务院决定废止的行政法规.
const LONGEST_HEADING: usize = 40;

static FROM: LazyLock<Regex> =
    LazyLock::new(|| effect::regex(&format!(r"自\s*{}\s*起(?:同时|一并|予以|即行)?{REPEAL}", effect::DAY)));
/// A line of a list, before its title.
static LISTED: LazyLock<Regex> =
    LazyLock::new(|| effect::regex(r"^[\s　]*(?:[（(]?[\d一二三四五六七八九十百]{1,4}[）).．、]?[\s　]*)?《"));

/// A regulation that a text repeals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repealed<'r> {
    pub title: &'r str,
    /// The article that says so; `None` where title, preamble or annex do.
    pub article: Option<&'r str>,
    /// The day from which it is repealed, where the sentence tells one of its own.
    pub from: Option<Date>,
}

/// Whether a text is a decision that may repeal in other words than those of a closing article.
pub fn decides(r: &Regulation) -> bool {
    match r.document_kind {
        DocumentKind::Abolition | DocumentKind::Decision => true,
        // 关于修改和废止部分行政法规的决定
        DocumentKind::Amendment => r.title.contains(REPEAL),
        DocumentKind::Regulation | DocumentKind::Interpretation => false,
    }
}

/// The regulations that a text repeals as a whole. A draft repeals none, nor does an interpretation, nor an amendment
/// whose title speaks of no repeal.
pub fn repealed(r: &Regulation) -> Vec<Repealed<'_>> {
    if DRAFTS.iter().any(|word| r.title.contains(word)) {
        return Vec::new();
    }
    let mut all = Vec::new();
    if decides(r) {
        let of_title = by_the_word(&r.title).into_iter();
        all.extend(of_title.map(|title| Repealed { title, article: None, from: None }));
        for (text, article) in texts(r) {
            decided(text, article, &mut all);
        }
    } else if r.document_kind == DocumentKind::Regulation {
        for article in &r.articles {
            for sentence in sentences(&article.text) {
                let from = from_day(sentence);
                let label = Some(article.label.as_str());
                all.extend(closing(sentence).into_iter().map(|title| Repealed { title, article: label, from }));
            }
        }
    }
    all
}

fn texts(r: &Regulation) -> impl Iterator<Item = (&str, Option<&str>)> {
    let articles = r.articles.iter();
    let articles = articles.map(|a| (a.text.as_str(), Some(a.label.as_str()).filter(|label| label.starts_with('第'))));
    [(r.preamble.as_str(), None)].into_iter().chain(articles).chain([(r.attachment.as_str(), None)])
}

/// What the lines of a decision repeal.
fn decided<'r>(text: &'r str, article: Option<&'r str>, all: &mut Vec<Repealed<'r>>) {
    let mut listing = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            continue;
        }
        if listing && LISTED.is_match(line) {
            all.extend(whole_titles(line).into_iter().map(|title| Repealed { title, article, from: None }));
            continue;
        }
        listing = opens_a_list(line);
        for sentence in sentences(line) {
            let from = from_day(sentence);
            let said = [by_the_word(sentence), closing(sentence)].concat();
            all.extend(said.into_iter().map(|title| Repealed { title, article, from }));
        }
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '\n']).filter(|sentence| sentence.contains(REPEAL))
}

fn from_day(sentence: &str) -> Option<Date> {
    effect::day_of(&FROM.captures_iter(sentence).last()?)
}

/// …《甲》同时废止, and not 《甲》第三条同时废止, which repeals but a part: the titles that run up to the word.
fn closing(sentence: &str) -> Vec<&str> {
    let Some(at) = sentence.rfind(REPEAL) else { return Vec::new() };
    let before = &sentence[..at];
    let ends = sentence.trim_end().trim_end_matches(['；', ';']).ends_with(REPEAL);
    if !ends || is_denied(before) {
        return Vec::new();
    }
    let place = |title: &str| title.as_ptr() as usize - before.as_ptr() as usize;
    let titles: Vec<&str> = quoted_titles(before).collect();
    // The run from its end, with how many titles stand behind its last comma.
    let (mut run, mut behind_comma): (Vec<&str>, Option<usize>) = (Vec::new(), None);
    let mut to = before.len();
    for title in titles.into_iter().rev() {
        let from = place(title) + title.len() + '》'.len_utf8();
        let behind = past_brackets(&before[from..to]).trim();
        to = place(title) - '《'.len_utf8();
        if run.is_empty() {
            if !is_whole(behind.trim_start_matches(['，', ','])) {
                return Vec::new();
            }
        } else if CHANGED_BY.is_match(behind) {
            // The history of the one that follows.
            continue;
        } else if !is_joint(behind) {
            break;
        } else if behind.starts_with(['，', ',']) && !JOINT.is_match(behind) {
            behind_comma = Some(run.len());
        }
        if LEANS_ON.iter().any(|word| before[..to].ends_with(word)) {
            // 根据《甲法》和《乙法》，…的《丙条例》: all before the comma is leaned on.
            run.truncate(behind_comma.unwrap_or(0));
            break;
        }
        run.push(title);
    }
    run.reverse();
    run
}

/// Whether what stands between two titles puts them side by side: 、, 和, ，1990年1月1日国务院发布的; not 第三条和,
/// 的规定，.
fn is_joint(between: &str) -> bool {
    if between.is_empty() {
        return true;
    }
    let said = match JOINT.find(between) {
        Some(joint) => &between[joint.end()..],
        None => match between.strip_prefix(['，', ',']) {
            // 对《甲条例》，《乙条例》 alone would be two clauses.
            Some(said) if !said.is_empty() => said,
            _ => return false,
        },
    };
    let is_apart = between.starts_with(['，', ',']) || said.contains(['，', ',']);
    !said.contains(['；', ';', '：', ':'])
        && (!is_apart || said.is_empty() || SAID_OF_A_REGULATION.iter().any(|end| said.ends_with(end)))
}

/// 废止《甲》、《乙》 and 废止下列行政法规：《甲》; not 废止《甲》第三条.
fn by_the_word(sentence: &str) -> Vec<&str> {
    let mut titles = Vec::new();
    let mut depth = 0u32;
    for (at, c) in sentence.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => depth = depth.saturating_sub(1),
            '废' if depth == 0 && sentence[at..].starts_with(REPEAL) && !is_denied(&sentence[..at]) => {
                let behind = &sentence[at + REPEAL.len()..];
                let near = behind.char_indices().take(LONGEST_GAP + 1).find(|(_, c)| *c == '《');
                let Some((open, _)) = near else { continue };
                let gap = &behind[..open];
                let named = ["下列", "以下"].iter().any(|word| gap.starts_with(word));
                let fits = gap.trim().is_empty() || named && !gap.contains([',', '，', '；', ';']);
                if fits {
                    titles.extend(run(&behind[open..]));
                }
            }
            _ => {}
        }
    }
    titles
}

/// The titles that follow one another at the beginning of a text, but for those of which only a part is meant.
fn run(text: &str) -> Vec<&str> {
    let mut titles = Vec::new();
    let mut rest = text;
    while let Some((title, behind)) = titled(rest) {
        if is_whole(behind) {
            titles.push(title);
        }
        let next = behind.trim_start_matches(['、', '，', ',', '和', '及', '与', '以', '；', ';', ' ', '\u{3000}']);
        if next.len() == behind.len() && !next.starts_with('《') {
            break;
        }
        rest = next;
    }
    titles
}

/// The titles of a line of a list of which nothing but their history is said.
fn whole_titles(line: &str) -> Vec<&str> {
    let Some(open) = line.find('《') else { return Vec::new() };
    match titled(&line[open..]) {
        Some((title, behind)) if is_whole(behind) || tells_history(behind) => vec![title],
        _ => Vec::new(),
    }
}

/// Whether columns with days, numbers and issuers stand behind the title of a line of a list.
fn tells_history(behind: &str) -> bool {
    behind.trim_start().starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

/// A title at the beginning, and what stands behind it and behind the brackets with its history.
fn titled(text: &str) -> Option<(&str, &str)> {
    let title = text.starts_with('《').then(|| quoted_titles(text).next())??;
    let behind = text.get('《'.len_utf8() + title.len() + '》'.len_utf8()..)?;
    Some((title, past_brackets(behind)))
}

/// What stands behind brackets at the beginning of a text.
fn past_brackets(text: &str) -> &str {
    let mut rest = text;
    while let Some(open) = rest.trim_start().chars().next().filter(|c| matches!(c, '（' | '(')) {
        let close = if open == '（' { '）' } else { ')' };
        let Some((end, _)) = rest.char_indices().take(LONGEST_HISTORY).find(|(_, c)| *c == close) else { break };
        rest = &rest[end + close.len_utf8()..];
    }
    rest
}

/// Whether what stands behind a title leaves it whole, by what may stand there: not 第三条, 中的, 若干条款;
/// 《甲》的决定 ends the title of a decision.
fn is_whole(behind: &str) -> bool {
    let behind = behind.trim_start();
    if let Some(more) = behind.strip_prefix('等') {
        let more = more.split(['，', '。', '；', '《']).next().unwrap_or_default();
        return !PARTS.iter().any(|part| more.contains(part));
    }
    behind.is_empty() || behind.starts_with(SIGNS_BEHIND) || WORDS_BEHIND.iter().any(|word| behind.starts_with(word))
}

fn is_denied(before: &str) -> bool {
    let before = before.trim_end();
    NOT_REPEALED.iter().any(|word| before.ends_with(word))
}

/// 对下列行政法规予以废止：, or a heading 国务院决定废止的行政法规.
fn opens_a_list(line: &str) -> bool {
    let line = line.trim();
    if !line.contains(REPEAL) || line.contains("修改") || line.contains('《') || line.contains("条款") {
        return false;
    }
    let announces = line.ends_with(['：', ':']) && (line.contains("下列") || line.contains("以下"));
    let heads =
        line.contains("废止的") && line.chars().count() <= LONGEST_HEADING && !line.contains(['。', '，', '；']);
    announces || heads
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Article, RegulationLevel};

    fn decision(title: &str, text: &str) -> Regulation {
        Regulation {
            document_kind: DocumentKind::Abolition,
            articles: vec![Article { label: "正文".into(), number: None, text: text.into() }],
            ..Regulation::blank(title, RegulationLevel::AdministrativeRegulation)
        }
    }

    fn told(r: &Regulation) -> Vec<&str> {
        let mut titles: Vec<&str> = repealed(r).into_iter().map(|repealed| repealed.title).collect();
        titles.dedup();
        titles
    }

    #[test]
    fn a_decision_repeals_what_its_title_or_text_says() {
        for (title, text, repealed) in [
            ("国务院关于废止《甲条例》的决定", "国务院决定废止《甲条例》。\n本决定自公布之日起施行。", &["甲条例"][..]),
            ("国务院关于废止《甲条例》的决定", "", &["甲条例"]),
            ("关于废止部分行政法规的决定", "《甲条例》自2026年10月26日起废止。", &["甲条例"]),
            (
                "关于废止部分行政法规的决定",
                "根据《丙法》，决定废止《甲条例》、《乙条例》（1990年公布）。",
                &["甲条例", "乙条例"],
            ),
            (
                "关于废止部分法规的决定",
                "废止下列法规：\n一、《甲条例》（1990年1月1日公布）\n\n（二）《乙条例》；\n本决定自公布之日起施行。",
                &["甲条例", "乙条例"],
            ),
            (
                "关于修改和废止部分行政法规的决定",
                "一、对下列行政法规予以修改：\n1.《丙条例》\n二、对下列行政法规予以废止：\n1.《甲条例》\n2.《乙条例》第三条\n附件：\n国务院决定废止的行政法规\n1.《丁条例》",
                &["甲条例", "丁条例"],
            ),
            ("关于废止《甲条例》等三部条例的决定", "", &["甲条例"]),
            ("关于修改《丙条例》和废止《甲条例》的决定", "", &["甲条例"]),
        ] {
            assert_eq!(told(&decision(title, text)), repealed, "{title}: {text}");
        }
    }

    #[test]
    fn what_repeals_a_part_or_only_speaks_of_it_repeals_nothing() {
        for (title, text) in [
            ("关于废止《甲条例》第三条的决定", "废止《甲条例》第三条。"),
            ("关于废止《甲条例》有关条款的决定", "《甲条例》第三条自2026年10月26日起废止。"),
            ("关于处理问题的决定", "不予废止《甲条例》。《甲条例》不再废止。建议废止《甲条例》。"),
            ("关于批准《乙市人大常委会关于废止〈甲条例〉的决定》的决定", "批准《乙市关于废止〈甲条例〉的决定》。"),
            ("关于废止《甲条例》的决定（草案）", "废止《甲条例》。"),
            ("关于废止部分文件的决定（征求意见稿）", "废止《甲条例》。"),
            ("关于清理的决定", "依照《甲条例》的规定办理废止。"),
        ] {
            let told = told(&decision(title, text)).into_iter().filter(|t| *t == "甲条例").count();
            assert_eq!(told, 0, "{title}: {text}");
        }
        let mut amendment = decision("关于修改《甲条例》的决定", "《乙条例》同时废止。");
        amendment.document_kind = DocumentKind::Amendment;
        assert_eq!(told(&amendment), [""; 0], "a decision that only amends");
    }

    fn closing_article(text: &str) -> Regulation {
        Regulation {
            document_kind: DocumentKind::Regulation,
            articles: vec![Article { label: "第九条".into(), number: None, text: text.into() }],
            ..Regulation::blank("丙条例", RegulationLevel::LocalRegulation)
        }
    }

    #[test]
    fn a_closing_sentence_repeals_the_titles_that_run_up_to_the_word() {
        for (text, repealed) in [
            ("本条例自公布之日起施行。《甲条例》同时废止。", &["甲条例"][..]),
            ("《甲条例》（1990年公布）、《乙条例》同时废止。", &["甲条例", "乙条例"]),
            ("1990年国务院发布的《甲条例》和1992年1月1日财政部发布的《乙条例》同时废止。", &["甲条例", "乙条例"]),
            ("1990年发布的《甲条例》，1992年1月1日发布的《乙条例》，同时废止。", &["甲条例", "乙条例"]),
            (
                "《甲解释》（法释〔2001〕1号），以及最高人民法院、最高人民检察院《乙解释》同时废止。",
                &["甲解释", "乙解释"],
            ),
            ("《甲条例》、1990年1月1日通过，2010年1月1日修改的《乙条例》同时废止。", &["甲条例", "乙条例"]),
            ("1990年通过、根据2010年《关于修改〈甲条例〉的决定》修正的《甲条例》同时废止。", &["甲条例"]),
            ("《甲条例》和本省其他有关规定同时废止。", &["甲条例"]),
            ("《甲条例》等三部法规自本条例施行之日起废止。", &["甲条例"]),
            // What the sentence leans on or amends stands.
            ("根据《立法法》和《贵州省地方立法条例》的规定，《甲条例》予以废止。", &["甲条例"]),
            ("根据《立法法》，《甲条例》予以废止。", &["甲条例"]),
            ("根据《立法法》和《地方立法条例》，1990年公布的《甲条例》予以废止。", &["甲条例"]),
            ("对《甲条例》作出修改，《乙条例》同时废止。", &["乙条例"]),
            ("对《甲条例》和《丁条例》作出修改，《乙条例》、《戊条例》同时废止。", &["乙条例", "戊条例"]),
            ("依照《甲法》制定的《乙条例》同时废止。", &["乙条例"]),
            ("《甲条例》第三条和《乙条例》同时废止。", &["乙条例"]),
            ("《甲条例》第三条、《乙条例》第四条同时废止。", &[]),
            ("《甲条例》中有关会计的规定同时废止。", &[]),
            ("《甲条例》若干条款同时废止。", &[]),
            ("本条例依照《甲法》制定，原办法同时废止。", &[]),
        ] {
            assert_eq!(told(&closing_article(text)), repealed, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_regulation_is_not_the_regulation() {
        for part in ["若干条款", "个别规定", "一部分", "部分条款", "有关规定", "等法规部分条款", "第三条", "里的条款"]
        {
            for title in [format!("关于废止《甲条例》{part}的决定"), "关于清理的决定".to_owned()] {
                let told = decision(&title, &format!("决定废止《甲条例》{part}。\n废止下列规定：\n1.《甲条例》{part}"));
                assert_eq!(self::told(&told), [""; 0], "{title} {part}");
            }
        }
    }

    /// Searching the whole rest for each word would take minutes.
    #[test]
    fn a_text_of_nothing_but_the_word_is_read_in_one_walk() {
        for piece in ["废止", "废止《甲》（", "废止下列", "废止《甲》、", "《甲》（", "《甲》和", "《"]
        {
            let text = piece.repeat(100_000);
            let begun = std::time::Instant::now();
            let longer = format!("{text}废止");
            let read = [by_the_word(&text), closing(&text), closing(&longer)];
            assert!(begun.elapsed().as_secs() < 60, "{piece}: {} titles", read.iter().flatten().count());
        }
    }

    #[test]
    fn a_sentence_may_tell_its_own_day() {
        let day = |text: &str| repealed(&decision("关于处理问题的决定", text))[0].from;
        assert_eq!(day("《甲条例》自2026年10月26日起废止。"), Some(Date::constant(2026, 10, 26)));
        assert_eq!(day("《甲条例》自二〇二六年十月二十六日起同时废止。"), Some(Date::constant(2026, 10, 26)));
        assert_eq!(day("废止《甲条例》。"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(title in "[《》废止关于的决定甲修改]{0,20}", text in "[《》废止、，。；：:\n第条下列1.（）甲乙自2026年1月1日起的决定不予]{0,80}") {
            for kind in DocumentKind::ALL {
                let r = Regulation { document_kind: kind, ..decision(&title, &text) };
                for repealed in repealed(&r) {
                    prop_assert!(text.contains(repealed.title) || title.contains(repealed.title));
                }
            }
        }
    }
}
