//! Words that ask how an institution is reached and name nothing: 税务局电话, 习水县政府的联系方式, 公安局电话是多少.

/// Words that ask for a number to call and for nothing else, longest first.
const ASKS_A_NUMBER: [&str; 34] = [
    "应该打什么电话",
    "拨打什么电话",
    "服务热线电话",
    "投诉举报电话",
    "打哪个电话",
    "打什么电话",
    "电话号码",
    "咨询电话",
    "服务电话",
    "官方电话",
    "客服电话",
    "投诉电话",
    "举报电话",
    "监督电话",
    "维权电话",
    "求助电话",
    "报修电话",
    "热线电话",
    "热线号码",
    "客服号码",
    "咨询热线",
    "服务热线",
    "客服热线",
    "投诉热线",
    "举报热线",
    "监督热线",
    "维权热线",
    "求助热线",
    "报修热线",
    "官方客服",
    "人工客服",
    "服务台",
    "热线",
    "客服",
];
/// The same in danger. Their first half is a field of its own where nothing stands before it: 报警电话, 急救电话.
const ASKS_FOR_HELP: [&str; 5] = ["报警电话", "求救电话", "救援电话", "急救电话", "火警电话"];
/// Words that ask how an institution is reached by phone, or however it may be, behind its name; behind another word they
/// need not: 骚扰电话. The longest first.
const ASKS: [&str; 5] = ["联系电话", "联系方式", "办公电话", "值班电话", "电话"];
/// Words that ask where something is, or when it is open: what is asked for before what makes a question of it, as in
/// 地址在哪里.
const WHERE_OR_WHEN: [&str; 12] = [
    "办公地址",
    "详细地址",
    "办公时间",
    "上班时间",
    "工作时间",
    "地址",
    "邮编",
    "在哪里",
    "在哪儿",
    "怎么走",
    "怎么去",
    "在哪",
];
/// What makes a question of them.
const QUESTIONS: [&str; 8] = ["是多少号", "是多少", "是什么", "多少", "查询", "在哪里", "在哪儿", "在哪"];

/// The name without the words that ask how it is reached; `None` where nothing asks for that, or nothing is left.
pub fn strip(key: &str) -> Option<&str> {
    split(key).map(|(name, _)| name)
}

/// The same, and whether the words ask for a number to call and for nothing else.
pub fn split(key: &str) -> Option<(&str, bool)> {
    let asked = QUESTIONS.iter().find_map(|tail| key.strip_suffix(tail)).unwrap_or(key);
    let without =
        |words: &[&str]| words.iter().find_map(|word| [asked, key].iter().find_map(|key| key.strip_suffix(word)));
    let help = without(&ASKS_FOR_HELP).filter(|rest| rest.chars().nth(1).is_some()).map(|rest| (rest, true));
    let number = without(&ASKS_A_NUMBER).map(|rest| (rest, true));
    let reached = || without(&ASKS).or_else(|| without(&WHERE_OR_WHEN)).map(|rest| (rest, false));
    let (rest, number) = help.or(number).or_else(reached)?;
    let rest = rest.trim_end_matches(['的', '了']);
    rest.chars().nth(1).is_some().then_some((rest, number))
}

/// Whether a query asks where something is, or when it is open.
pub fn asks_where_or_when(key: &str) -> bool {
    WHERE_OR_WHEN.iter().any(|word| key.ends_with(word))
}

/// What is left of a text without the words that ask for a number to call, one character too: 水 of 水客服电话.
pub fn without_asked(text: &str) -> &str {
    let asked = QUESTIONS.iter().find_map(|tail| text.strip_suffix(tail)).unwrap_or(text);
    let words = || ASKS_A_NUMBER.iter().chain(&ASKS).chain(&WHERE_OR_WHEN);
    let rest = words().find_map(|word| [asked, text].iter().find_map(|text| text.strip_suffix(word)));
    rest.map(|rest| rest.trim_end_matches(['的', '了'])).filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Whether a text is nothing but words that ask for a number to call.
pub fn only_asks(key: &str) -> bool {
    let asked = QUESTIONS.iter().find_map(|tail| key.strip_suffix(tail)).unwrap_or(key);
    ASKS_A_NUMBER.contains(&asked)
}

/// What the names of offices end with.
const OFFICES: &str = "局厅委办院部署府所处队";

/// An office that is asked for alone, without the words that ask how it is reached: these would make another text of it.
/// Text and key; `None` where something else is asked for (骚扰电话).
pub fn office(words: &str, key: &str) -> Option<(String, String)> {
    let name = strip(key).filter(|name| name.ends_with(|c| OFFICES.contains(c)))?;
    // Text and key have the same end, character by character.
    let cut = key.chars().count() - name.chars().count();
    let kept = words.chars().count().checked_sub(cut)?;
    let text: String = words.chars().take(kept).collect();
    Some((text.trim_end_matches(['的', ' ']).to_owned(), name.to_owned()))
}

/// A number to call, as people type it alone: 110, 12345. Longer ones are codes or have an area code in front.
pub fn is_number(key: &str) -> bool {
    let digits = key.bytes().all(|b| b.is_ascii_digit());
    digits && matches!((key.len(), key.as_bytes().first()), (3, Some(b'1')) | (5, Some(b'1' | b'9')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_what_it_is_however_it_is_asked_for() {
        let office = |text: &str| office(text, &text.replace(' ', ""));
        for text in ["税务局电话", "税务局 电话", "税务局的联系电话", "税务局电话是多少"] {
            assert_eq!(office(text), Some(("税务局".to_owned(), "税务局".to_owned())), "{text}");
        }
        for text in ["骚扰电话", "12345电话", "税务局", "电话", "诈骗电话怎么举报"] {
            assert_eq!(office(text), None, "{text}");
        }
    }

    #[test]
    fn what_asks_for_contacts_goes_and_names_stay() {
        for (key, want) in [
            ("税务局电话", Some("税务局")),
            ("习水县政府电话", Some("习水县政府")),
            ("遵义市公安局的联系方式", Some("遵义市公安局")),
            ("遵义市公安局电话是多少", Some("遵义市公安局")),
            ("遵义市公安局办公地址", Some("遵义市公安局")),
            ("遵义市公安局地址在哪里", Some("遵义市公安局")),
            ("遵义市公安局在哪儿", Some("遵义市公安局")),
            ("遵义市公安局怎么走", Some("遵义市公安局")),
            ("12345热线", Some("12345")),
            ("医保的咨询电话是多少", Some("医保")),
            ("停水了打什么电话", Some("停水")),
            ("报警电话", Some("报警")),
            ("火灾报警电话", Some("火灾")),
            ("急救电话是多少", Some("急救")),
            ("电话", None),
            ("举报电话", None),
            ("遵义市公安局", None),
        ] {
            assert_eq!(strip(key), want, "{key}");
        }
    }

    #[test]
    fn what_asks_for_a_number_alone_is_told_from_what_only_has_the_word() {
        assert_eq!(split("胰岛素打多少"), None, "a dose is no number to call");
        for (key, only) in [("热线", true), ("咨询电话", true), ("供电热线", false), ("电话", false)] {
            assert_eq!(only_asks(key), only, "{key}");
        }
        for (key, certain) in [("供电热线", true), ("快递投诉电话", true), ("骚扰电话", false), ("税务局地址", false)]
        {
            assert_eq!(split(key).map(|(_, certain)| certain), Some(certain), "{key}");
        }
    }

    #[test]
    fn numbers_to_call_are_told_from_years_and_codes() {
        for key in ["110", "12345", "12346", "96110", "95598"] {
            assert!(is_number(key), "{key}");
        }
        for key in ["2024", "520300", "1234", "34567", "热线", ""] {
            assert!(!is_number(key), "{key}");
        }
    }
}
