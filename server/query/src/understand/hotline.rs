//! A number to call that a query asks for.

use super::{RegionOffice, Understanding, contact_words, ends_as_office, is_number};

/// Where everybody's matter with a local government is taken (国办发〔2020〕53号): it answers where a field has no number.
pub const OF_GOVERNMENTS: &str = "12345";
/// The key of a government.
pub const GOVERNMENT: &str = "政府";

/// The number that a query asks for: alone, with words that ask for a number, or behind a region (武汉12345).
pub fn asked(u: &Understanding) -> Option<&str> {
    let behind = u.region_offices.iter().map(|reading| reading.typed.as_str());
    std::iter::once(u.bare.as_str()).chain(behind).find(|typed| is_number(typed))
}

/// The runs of digits of a text that may be numbers to call.
pub fn in_text(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| is_number(digits))
}

/// A field of life whose number a query asks for: 医保 of 医保热线, 拖欠工资 of 拖欠工资投诉电话.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedField {
    pub said: String,
    /// Whether it is certain that a number is asked for: 热线, and not the 电话 of 骚扰电话.
    pub certain: bool,
}

/// What people want to do by the call: 举报贪污电话, 打车投诉.
const CALLS: [&str; 3] = ["举报", "投诉", "咨询"];

/// The field whose number a query asks for, where it names neither a number nor an office.
pub fn field(u: &Understanding) -> Option<AskedField> {
    if asked(u).is_some() || u.title.is_some() {
        return None;
    }
    of_key(&u.key)
}

fn of_key(key: &str) -> Option<AskedField> {
    let of = |said: &str, certain| AskedField { said: without_centre(said).to_owned(), certain };
    let Some((said, certain)) = contact_words::split(key) else {
        // 打车投诉 may ask for the law as well: only a field that has a number is meant.
        let said = CALLS.iter().find_map(|call| key.strip_suffix(call))?;
        return said.chars().nth(1).map(|_| of(said, false));
    };
    // 药店在哪 asks for no number; who asks where 公积金中心 is may call it.
    if contact_words::asks_where_or_when(key) && without_centre(said) == said {
        return None;
    }
    let called = CALLS.iter().find_map(|call| said.strip_prefix(call)).filter(|said| said.chars().nth(1).is_some());
    Some(called.map_or_else(|| of(said, certain), |said| of(said, true)))
}

/// 公积金 of 公积金中心, 急救 of 急救中心: who answers for a field is often called after it.
fn without_centre(said: &str) -> &str {
    let rest = ["管理中心", "服务中心", "中心"].iter().find_map(|end| said.strip_suffix(end));
    rest.filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(said)
}

/// The same behind a region: 供水 of 遵义供水热线.
pub fn field_behind(u: &Understanding, reading: &RegionOffice) -> Option<AskedField> {
    let certain = field(u)?.certain;
    let names_one = !ends_as_office(&reading.typed) && !is_bare(reading);
    let said = without_centre(contact_words::without_asked(&reading.typed));
    names_one.then(|| AskedField { said: said.to_owned(), certain })
}

/// Whether nothing but words that ask for a number stand behind a region: 遵义热线, 遵义市咨询电话.
pub fn is_bare(reading: &RegionOffice) -> bool {
    contact_words::only_asks(&reading.typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_what_stands_beside_the_words_that_ask_for_a_call() {
        for (key, said, certain) in [
            ("医保热线", "医保", true),
            ("医保电话", "医保", false),
            ("举报贪污电话", "贪污", true),
            ("投诉快递打什么电话", "快递", true),
            ("打车投诉", "打车", false),
            ("公积金中心电话", "公积金", false),
            ("急救中心热线", "急救", true),
            ("中心热线", "中心", true),
        ] {
            assert_eq!(of_key(key), Some(AskedField { said: said.to_owned(), certain }), "{key}");
        }
        for key in ["医保", "投诉", "举报电话", "热线"] {
            assert_eq!(of_key(key), None, "{key}");
        }
    }
}
