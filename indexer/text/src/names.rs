//! Names of institutions: what people may write, and which names a reader takes for one another.
//!
//! Names that come in lists stay as the lists have them; what people enter is brought to one spelling or refused.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::confusable_detection::skeleton;

use super::normalize::{self, Normalizer};
use crate::{variants::variants, web_name::fold};

/// A character that no name of an institution holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", describe(*.0))]
pub struct Unwritable(pub char);

/// The one spelling of a name that somebody enters: compatible forms by NFKC, brackets and dots as names are printed,
/// no spaces but between Latin words.
///
/// A name holds Chinese characters, Latin letters, digits and the marks that names of institutions are printed with.
/// Everything else is refused, since what cannot be seen or reads in another direction serves only to look like another
/// name.
pub fn standard(name: &str) -> Result<String, Unwritable> {
    if let Some(c) = name.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Unwritable(c));
    }
    let chars: Vec<char> = name.nfkc().map(printed).collect();
    if let Some(c) = chars.iter().find(|c| !is_written(**c)) {
        return Err(Unwritable(*c));
    }
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    let mut out = String::with_capacity(name.len());
    for (at, c) in chars.iter().enumerate() {
        let before = chars[..at].iter().rev().find(|c| **c != ' ');
        let between = *c != ' ' || (latin(before) && latin(chars.get(at + 1)));
        if between {
            out.push(*c);
        }
    }
    Ok(out)
}

/// As names of institutions are printed.
fn printed(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        '•' | '‧' | '∙' | '⋅' | '・' => '·',
        '‐' | '–' | '−' => '-',
        '―' => '—',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

fn is_written(c: char) -> bool {
    normalize::is_han(c) || c.is_ascii_alphanumeric() || " （）·—-、“”《》".contains(c)
}

/// What is wrong with a character, for whoever wrote it.
fn describe(c: char) -> String {
    let code = c as u32;
    if hides(c) {
        return format!("中间有看不见的字符 U+{code:04X}：请删去后重新填写");
    }
    let fits = "名称只用汉字、拉丁字母、数字和（）·—-、“”《》";
    match c {
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => format!("有自造字 U+{code:04X}，别处显示不出来：请换成规范汉字"),
        '\u{2E80}'..='\u{2FDF}' | '\u{31C0}'..='\u{31EF}' => {
            format!("“{c}”（U+{code:04X}）是部首或笔画，不是汉字：{fits}")
        }
        c if is_combining_mark(c) => format!("有附加符号 U+{code:04X}：{fits}"),
        c => format!("“{c}”（U+{code:04X}）不能用于名称：{fits}"),
    }
}

fn hides(c: char) -> bool {
    c.is_control() || normalize::is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a name holds what its reader does not see, or sees only as part of another character: it looks like a name
/// that it is not.
pub fn deceives(name: &str) -> bool {
    let private = |c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    name.chars().any(|c| hides(c) || private(c) || is_combining_mark(c))
}

/// The name of a central institution as it is mostly said: 中华人民共和国生态环境部 is 生态环境部.
pub fn without_country(name: &str) -> &str {
    name.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// The form that two names share when a hurried reader may take one for the other: spaces, marks and case aside, the
/// confusable characters of UTS #39, variant characters, and Chinese characters that small type tells apart by a
/// stroke.
pub fn alike(name: &str) -> String {
    static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::new(&variants()));
    static STROKES: LazyLock<HashMap<char, char>> = LazyLock::new(strokes);
    let key = NORMALIZER.key(name);
    let plain: String = skeleton(&key).filter(|c| !is_combining_mark(*c)).collect();
    // A skeleton may be of another script or case than the key.
    let plain = NORMALIZER.key(&plain);
    fold(&plain.chars().map(|c| STROKES.get(&c).copied().unwrap_or(c)).collect::<String>())
}

/// Characters of names of institutions and places that differ by a stroke or its length; UTS #39 has hardly any of
/// them. From: made for this product by going through the characters of the names in `corpus/`.
const STROKES: &[&str] = &[
    "人入八",
    "己已巳",
    "土士",
    "日曰",
    "未末",
    "王玉",
    "太大犬",
    "千干于",
    "天夫",
    "戊戌戍",
    "刀力",
    "田由甲申",
    "市巿",
    "州卅",
    "贷货",
    "侯候",
    "今令",
    "治冶",
    "段叚",
    "赢嬴",
    "拨拔",
    "折拆",
    "析柝",
    "徽微",
    "崇祟",
    "荥荣",
    "氏氐",
    "免兔",
    "孑子",
    "毫亳",
    "汨汩",
    "洺洛",
    "沭沐",
    "盱盯",
    "圆园",
    "管菅",
    "厅斤",
    "院阮",
    "乂义",
];

fn strokes() -> HashMap<char, char> {
    let group = |group: &&'static str| {
        let first = group.chars().next();
        group.chars().skip(1).filter_map(move |c| Some((c, first?)))
    };
    STROKES.iter().flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_as_they_are_printed_stand_and_others_are_brought_to_them() {
        for (given, name) in [
            ("遵义市人民政府", "遵义市人民政府"),
            ("中共中央党校(国家行政学院)", "中共中央党校（国家行政学院）"),
            (" 遵 义 市\u{3000}教育局 ", "遵义市教育局"),
            ("遵义市⼈力资源和社会保障局", "遵义市人力资源和社会保障局"),
            ("ＴＣ２６０", "TC260"),
            ("TC  260 委员会", "TC 260委员会"),
            ("《求是》杂志社", "《求是》杂志社"),
            ("北京市科学技术委员会、中关村科技园区管理委员会", "北京市科学技术委员会、中关村科技园区管理委员会"),
            ("德宏•芒市", "德宏·芒市"),
        ] {
            assert_eq!(standard(given).as_deref(), Ok(name), "{given}");
        }
        for (given, told) in [
            ("国\u{200B}务院", "看不见"),
            ("国\u{202E}务院", "看不见"),
            ("国\u{7}务院", "看不见"),
            ("国\n务院", "看不见"),
            ("国\u{3164}务院", "看不见"),
            ("国\u{FE00}务院", "看不见"),
            ("国\u{E001}务院", "自造字"),
            ("国务院\u{301}", "附加符号"),
            ("国务\u{20DD}院", "附加符号"),
            ("⺠政局", "部首"),
            ("国务院：", "“:”"),
            ("国务院局Ж", "“Ж”"),
            ("國務院<b>", "“<”"),
            ("カ市", "“カ”"),
            ("遵义市😀局", "“😀”"),
        ] {
            let fault = standard(given).unwrap_err().to_string();
            assert!(fault.contains(told), "{given}: {fault}");
        }
    }

    #[test]
    fn what_a_reader_takes_for_another_is_alike() {
        for (fake, real) in [
            ("国\u{200B}务院", "国务院"),
            ("國務院", "国务院"),
            ("囯务院", "国务院"),
            ("贵州省入民政府", "贵州省人民政府"),
            ("贵卅省人民政府", "贵州省人民政府"),
            ("中华人民共和国 国务院", "中华人民共和国国务院"),
            ("网安标委（TC26O）", "网安标委TC260"),
            ("TС260", "TC260"),
            ("遵乂市人民政府", "遵义市人民政府"),
            ("遵义市⼈民政府", "遵义市人民政府"),
            ("ニ七区人民政府", "二七区人民政府"),
        ] {
            assert_eq!(alike(fake), alike(real), "{fake}");
        }
        for (one, other) in [("遵义市教育局", "遵义市体育局"), ("贵州省人民政府", "贵阳市人民政府"), ("吉县", "蓟县")]
        {
            assert_ne!(alike(one), alike(other), "{one}");
        }
    }

    #[test]
    fn only_what_is_hidden_deceives() {
        for name in ["国\u{200B}务院", "国\u{FEFF}务院", "国\u{E001}务院", "国务\u{20DD}院", "a\u{7}"] {
            assert!(deceives(name), "{name}");
        }
        for name in ["国务院", "连云港市方：连云港市应急管理局", "TC260", "苏州市数据局 苏州市政务服务管理办公室"]
        {
            assert!(!deceives(name), "{name}");
        }
    }

    /// Names of the corpus that read alike and are not the same: as few as a person can look through.
    #[test]
    fn the_names_of_the_corpus_pass_and_hardly_any_two_are_alike() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/institutions.csv");
        let mut reader = csv::Reader::from_path(path).unwrap();
        let mut seen: HashMap<String, String> = HashMap::new();
        let (mut refused, mut confused) = (Vec::new(), Vec::new());
        for row in reader.records() {
            let name = row.unwrap()[1].to_owned();
            if standard(&name).is_err() {
                refused.push(name.clone());
            }
            if let Some(other) = seen.insert(alike(&name), name.clone()).filter(|other| *other != name) {
                confused.push((name, other));
            }
        }
        assert_eq!(refused, ["连云港市方：连云港市应急管理局"], "a mistake of the list");
        assert!(confused.len() <= 2, "{confused:?}");
    }

    proptest! {
        #[test]
        fn a_standard_name_stays_and_deceives_nobody(name in "\\PC{0,40}") {
            if let Ok(once) = standard(&name) {
                prop_assert_eq!(standard(&once), Ok(once.clone()));
                prop_assert!(!deceives(&once));
            }
        }

        #[test]
        fn what_is_not_seen_makes_no_other_name(name in "[国务院人民政府TC0-9]{1,12}", at in 0usize..12, c in "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2064}\u{FEFF}\u{AD}\u{3164}\u{115F}\u{E0020}\u{FE00}]") {
            let mut chars: Vec<char> = name.chars().collect();
            let at = at.min(chars.len());
            chars.splice(at..at, c.chars());
            let hidden: String = chars.into_iter().collect();
            prop_assert_eq!(alike(&hidden), alike(&name));
            prop_assert!(deceives(&hidden));
            prop_assert!(standard(&hidden).is_err());
        }

        #[test]
        fn being_alike_is_settled(name in "\\PC{0,40}") {
            let once = alike(&name);
            prop_assert_eq!(alike(&once), once);
        }
    }
}
