//! The names of institutions in a line, and the lines that they sign with.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{day, ending::ends_as_title};
use crate::law_markdown::regex;

/// How names of institutions end.
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[\p{Han}（）()·]{2,40}(?:人民政府|人民代表大会|委员会|办公厅|办公室|法院|检察院|国务院|国务院|管委会|厅|局|部|委|院|署|总署|银行|会|社|总队|支队|中心|海关|公司|学校|大学|处|站|所|馆|组|指挥部|党组|党委)(?:[（(][\p{Han}]{1,20}[）)])?$",
    )
});
static SHORT_BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:国务院|外交部|教育部|科技部|公安部|民政部|司法部|财政部|商务部|水利部|审计署|中央军委|中共中央|中央编办|税务总局|海关总署)$",
    )
});
/// The signer of an order: 总理 李强, 教育部部长 张三.
static SIGNER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:国家主席|(?:中华人民共和国)?主席|委员长|总理|代省长|省长|自治区主席|代市长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长|会长)[\s\u{3000}：:]*[\p{Han}·\s]{2,12}$|^[\p{Han}]{2,16}(?:主席|委员长|总理|省长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长)[\s\u{3000}：:]+\p{Han}(?:[\p{Han}·]{1,10}|[\s\u{3000}]+\p{Han})$",
    )
});
/// 第十四届 before 人民代表大会: the institution is the same in every term.
static TERM: LazyLock<Regex> =
    LazyLock::new(|| regex(r"第[〇零一二三四五六七八九十百\d]{1,4}届((?:全国)?(?:人民代表大会|人大))"));
/// What stands behind or below a name for whose seal it is: （代章）, （甲局代章）, （盖章）.
static SEAL: LazyLock<Regex> = LazyLock::new(|| regex(r"\s*[（(][\p{Han}\s]{0,24}[章印]\s*[）)]$"));
/// Names that begin with their place or stand at the top.
static OWN_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:[\p{Han}]{1,10}?(?:省|市|县|区|州|盟|旗|镇|乡)|国家|国务院|中共|中国|中华|全国|最高)")
});
/// Characters of a row of a name that is set in two, and of both.
const LONGEST_ROW: usize = 30;

/// What follows a date and spaces at the front of a text, and where.
pub fn without_date(text: &str) -> (usize, &str) {
    let from = day::find(text).filter(|(at, _)| at.start == 0).map_or(0, |(at, _)| at.end);
    let rest = text[from..].trim_start();
    (text.len() - rest.len(), rest)
}

/// The names in a line that is nothing but names of organs, each with its place in the line, in bytes.
pub fn names(line: &str) -> Vec<(Range<usize>, String)> {
    let line = SEAL.find(line).map_or(line, |seal| &line[..seal.start()]);
    if line.chars().nth(80).is_some() || line.contains(['。', '，', '：', ':', '；', '《']) {
        return Vec::new();
    }
    let mut pieces: Vec<(Range<usize>, String)> = Vec::new();
    let separators = |c: char| c.is_whitespace() || c == '、';
    let mut start = 0;
    for part in line.split_inclusive(separators) {
        let name = part.trim_matches(separators);
        if !name.is_empty() {
            pieces.push((
                start..start + name.len(),
                TERM.replace(name, "$1").replace("人大常委会", "人民代表大会常务委员会"),
            ));
        }
        start += part.len();
    }
    if pieces.iter().all(|(_, name)| is_institution(name)) {
        return pieces;
    }
    // Set with spaces between the characters: 国 务 院.
    let whole: String = pieces.iter().map(|(_, name)| name.as_str()).collect();
    match (pieces.first(), pieces.last()) {
        (Some((first, _)), Some((last, _))) if is_institution(&whole) => vec![(first.start..last.end, whole)],
        _ => Vec::new(),
    }
}

pub fn is_institution(name: &str) -> bool {
    SHORT_BODY.is_match(name) || (BODY.is_match(name) && !name.contains("关于"))
}

/// Whether a line says nothing but whose seal stands for that of the institution above.
pub fn is_seal(line: &str) -> bool {
    SEAL.find(line).is_some_and(|seal| seal.start() == 0)
}

/// The name that two lines make, where one alone is none: 甲市应对突发事件 / 应急指挥部综合组.
pub fn over_two_lines(upper: &str, lower: &str) -> Option<String> {
    let row = |line: &str| -> Option<String> {
        let line = SEAL.find(line).map_or(line, |seal| &line[..seal.start()]);
        let name: String = line.split_whitespace().collect();
        let fits = (2..=LONGEST_ROW).contains(&name.chars().count());
        (fits && name.chars().all(|c| c.is_alphabetic())).then_some(name)
    };
    let (upper, lower) = (row(upper)?, row(lower)?);
    let whole = format!("{upper}{lower}");
    let one = OWN_PLACE.is_match(&upper) && !OWN_PLACE.is_match(&lower);
    let apart = is_institution(&upper) && is_institution(&lower);
    (one && !apart && !ends_as_title(&upper) && is_institution(&whole)).then_some(whole)
}

/// Whether a line is a signature: names of institutions, or the person who signs an order.
pub fn is_signature(line: &str) -> bool {
    // 市　长：张三
    let bare = || line.split_whitespace().collect::<String>();
    !names(line).is_empty() || SIGNER.is_match(line) || (line.contains(char::is_whitespace) && SIGNER.is_match(&bare()))
}

/// Whether names of institutions and a date stand in one line.
pub fn signed_and_dated(line: &str) -> bool {
    day::find(line).is_some_and(|(at, _)| {
        line[at.end..].trim().is_empty() && at.start > 0 && !names(line[..at.start].trim()).is_empty()
    })
}
