//! Codes of items: 基本编码 and 实施编码 (GB/T 39554.1-2020), the shape of Sichuan that is older, the 16 characters of
//! lists of power (as in Xinjiang and Hubei) and the ten of DB52/T 1264-2018 (Guizhou).
//!
//! ```text
//! 实施编码 31 = USCC of the institution 18 + level 1 + 基本编码 12
//! 基本编码 12 = province 2 + kind 2 + main item 5 + sub-item 3
//! Sichuan     = base "-" division 12 "-" 000 "-" institution "-" digit "-" two digits;   base = 51x + letter + 8 or 10 digits,
//!               a 基本编码, or one with two digits more
//! list 16     = division 6 + institution 3 + letters of the kind 2 + item 3 + sub-item 2
//! Guizhou 10  = letters of the kind 2 + main item 5 + sub-item 3
//! ```
//! What is wrong is reported by the part that it is in. An institution code that lost a digit is repaired only in words: the check
//! characters may leave one way to write it, and whoever fills in the form decides.

use std::fmt;

use text::narrow;

use super::{Level, PowerSort};
use crate::{CreditCodeFault, credit_code};

/// Characters of a unified social credit code.
const BODY: usize = 18;
/// Characters of a 基本编码.
const BASIC: usize = 12;
/// The same with a sub-item of five digits, as Sichuan has it.
const BASIC_LONGER: usize = 14;
const WHOLE: usize = BODY + 1 + BASIC;
/// Characters of an item in a list of powers of the older shape.
const LISTED: usize = 16;
/// First two digits of a province's code (GB/T 2260); 00 stands for items of the nation.
const PROVINCES: [&str; 35] = [
    "00", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
    "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// What a code says of the item that it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Credit code, or another code, of the institution.
    pub institution: Option<String>,
    pub level: Option<Level>,
    pub sort: Option<PowerSort>,
    /// The 基本编码 inside.
    pub basic: Option<String>,
}

/// A code in its standard form, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub text: String,
    pub parts: Parts,
}

/// What is wrong with a part of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFault {
    /// Which characters, and what they stand for.
    pub part: String,
    pub reason: String,
}

impl fmt::Display for CodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.part, self.reason)
    }
}

fn fault(part: impl Into<String>, reason: impl Into<String>) -> CodeFault {
    CodeFault { part: part.into(), reason: reason.into() }
}

/// Full-width letters and digits as plain ones, without spaces.
fn plain(text: &str) -> String {
    let plain = |c: char| match narrow(c) {
        '—' | '–' | '‐' => '-',
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(plain).collect()
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a 基本编码.
pub fn basic_code(text: &str) -> Result<Code, CodeFault> {
    let code = plain(text);
    if !code.is_ascii() || code.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        return Err(fault("基本编码", "只能有数字、字母和连字符"));
    }
    if digits(&code) && code.len() == BASIC {
        let sort = basic_parts(&code, 1)?;
        return Ok(Code { text: code, parts: Parts { sort, ..Parts::default() } });
    }
    if let Some(sort) = sichuan_base(&code).or_else(|| letters_10(&code)) {
        return Ok(Code { text: code, parts: Parts { sort, ..Parts::default() } });
    }
    if digits(&code) {
        let reason = format!("有 {} 位，应为 {BASIC} 位（省 2、事项类型 2、主项 5、子项 3）", code.len());
        return Err(fault("基本编码", reason));
    }
    Err(fault(
        "基本编码",
        "应为 12 位数字（省 2、事项类型 2、主项 5、子项 3），或如 511A0017300006、XK00101000 的地方编码",
    ))
}

/// Checks the parts of a 基本编码 of 12 digits that begins at a place of the whole code.
fn basic_parts(code: &str, first: usize) -> Result<Option<PowerSort>, CodeFault> {
    let place = |from: usize, to: usize, what: &str| format!("第 {}—{} 位（{what}）", first + from, first + to);
    if !PROVINCES.contains(&&code[..2]) {
        return Err(fault(place(0, 1, "省级代码"), format!("“{}”不是省级区划代码的前两位", &code[..2])));
    }
    let sort = PowerSort::of_code(&code[2..4]);
    if sort.is_none() {
        return Err(fault(place(2, 3, "事项类型"), format!("“{}”不在 01—10、20 之中", &code[2..4])));
    }
    Ok(sort)
}

/// The base of Sichuan; the outer `None` for another shape. Of letters only what A stands for is known: 行政许可.
/// Digits alone tell the kind of power where a 基本编码 has it.
fn sichuan_base(code: &str) -> Option<Option<PowerSort>> {
    if digits(code) {
        let fits = code.starts_with("51") && matches!(code.len(), BASIC | BASIC_LONGER);
        return fits.then(|| PowerSort::of_code(&code[2..4])).filter(Option::is_some);
    }
    let (lead, rest) = code.split_at_checked(3)?;
    let mut chars = rest.chars();
    let letter = chars.next()?;
    let rest = chars.as_str();
    let fits = lead.starts_with("51") && digits(lead) && letter.is_ascii_uppercase();
    let fits = fits && digits(rest) && matches!(rest.len(), 8 | 10);
    fits.then(|| (letter == 'A').then_some(PowerSort::Licence))
}

/// XK00101000: letters of the kind, main item, sub-item.
fn letters_10(code: &str) -> Option<Option<PowerSort>> {
    let (kind, rest) = code.split_at_checked(2)?;
    let fits = rest.len() == 8 && digits(&rest[..5]) && rest[5..].bytes().all(|b| b.is_ascii_alphanumeric());
    let known = PowerSort::of_letters(kind);
    (fits && known.is_some()).then_some(known)
}

/// Reads an 实施编码, or the code that a list of powers gives.
pub fn implementation_code(text: &str) -> Result<Code, CodeFault> {
    let code = plain(text);
    if let Some((base, rest)) = code.split_once('-').filter(|_| code.matches('-').count() >= 3) {
        return sichuan(&code, base, rest);
    }
    if let Some(parts) = listed_16(&code) {
        return Ok(Code { text: code, parts });
    }
    if !code.is_ascii() || code.contains(|c: char| !c.is_ascii_alphanumeric()) {
        return Err(fault("实施编码", "只能有数字和大写字母"));
    }
    if code.len() != WHOLE {
        let reason = format!(
            "有 {} 位，应为 {WHOLE} 位（实施主体统一社会信用代码 18、行使层级 1、基本编码 12）{}",
            code.len(),
            shorter(&code)
        );
        return Err(fault("实施编码", reason));
    }
    let (body, rest) = code.split_at(BODY);
    institution_code(body).map_err(|reason| fault("第 1—18 位（实施主体统一社会信用代码）", reason))?;
    let Some(level) = Level::of_digit(&rest[..1]) else {
        let reason = format!("“{}”不是层级：1 国家级、2 省级、3 市级、4 县级、5 乡镇级、6 分级管理", &rest[..1]);
        return Err(fault("第 19 位（行使层级）", reason));
    };
    let basic = &rest[1..];
    if !digits(basic) {
        return Err(fault("第 20—31 位（基本编码）", format!("“{basic}”应为 12 位数字")));
    }
    let sort = basic_parts(basic, BODY + 2)?;
    let parts = Parts { institution: Some(body.to_owned()), level: Some(level), sort, basic: Some(basic.to_owned()) };
    Ok(Code { text: code, parts })
}

/// Which part a shorter code has lost something of, where the rest tells.
fn shorter(code: &str) -> String {
    let Some(tail) = code.len().checked_sub(1 + BASIC).filter(|_| code.len() + 1 == WHOLE) else {
        return String::new();
    };
    let (body, rest) = code.split_at(tail);
    let fits = digits(&rest[1..]) && Level::of_digit(&rest[..1]).is_some() && basic_parts(&rest[1..], 1).is_ok();
    match fits.then(|| repair(body)).flatten() {
        Some(whole) => format!("；前 {tail} 位像是实施主体代码少了一位，按校验位应为 {whole}，请核对"),
        None => String::new(),
    }
}

fn sichuan(code: &str, base: &str, rest: &str) -> Result<Code, CodeFault> {
    let shape = "应如 511A0017300006-511602000000-000-115113016823646795-1-00";
    let Some(sort) = sichuan_base(base) else {
        return Err(fault("第一段（基本编码）", format!("“{base}”不对：{shape}")));
    };
    let parts: Vec<&str> = rest.split('-').collect();
    let [division, zeros, body, digit, sub] = parts[..] else {
        let told = if parts.len() < 5 { "少了一段" } else { "多了一段：机构代码里不写连字符" };
        return Err(fault("分段", format!("{told}，{shape}")));
    };
    if division.len() != 12 || !digits(division) {
        return Err(fault("第二段（区划代码）", format!("“{division}”应为 12 位数字")));
    }
    if zeros.len() != 3 || !digits(zeros) {
        return Err(fault("第三段", format!("“{zeros}”应为 3 位数字")));
    }
    institution_code(body).map_err(|reason| fault("第四段（实施主体统一社会信用代码）", reason))?;
    if digit.len() != 1 || !digits(digit) || sub.len() != 2 || !digits(sub) {
        return Err(fault("末两段", format!("“{digit}-{sub}”应为 1 位数字、2 位数字")));
    }
    let parts = Parts { institution: Some(body.to_owned()), level: None, sort, basic: Some(base.to_owned()) };
    Ok(Code { text: code.to_owned(), parts })
}

/// 650200207CF49000
fn listed_16(code: &str) -> Option<Parts> {
    if code.len() != LISTED || !code.is_ascii() {
        return None;
    }
    let sort = PowerSort::of_letters(&code[9..11])?;
    let fits = digits(&code[..9]) && PROVINCES.contains(&&code[..2]) && digits(&code[11..]);
    fits.then(|| Parts { sort: Some(sort), ..Parts::default() })
}

/// Checks the code of an institution. The reason offers the one way to mend it where there is one.
pub fn institution_code(text: &str) -> Result<String, String> {
    let code = plain(text);
    let offered = |reason: String| match repair(&code) {
        Some(whole) => format!("{reason}；按校验位只能是 {whole}，请核对后改写"),
        None => reason,
    };
    if code.len() >= 8 && code.as_bytes().windows(2).all(|pair| pair[0] == pair[1]) {
        return Err("是占位的代码：请填写实施主体的统一社会信用代码".to_owned());
    }
    if code.len() == BODY && code.contains(|c: char| c.is_ascii_lowercase()) {
        return Err(offered("有小写字母，应为大写".to_owned()));
    }
    if is_organization_code(&code) {
        return Err("是旧的 9 位组织机构代码：请填写 18 位统一社会信用代码".to_owned());
    }
    if code.chars().count() != BODY {
        return Err(offered(format!("有 {} 位，应为 {BODY} 位", code.chars().count())));
    }
    match credit_code(&code) {
        None => Err(offered(
            "不合统一社会信用代码的式样：18 位大写字母和数字，没有 I、O、S、V、Z，第 3—8 位是数字".to_owned(),
        )),
        Some(read) => match read.fault {
            None => Ok(read.code),
            Some(CreditCodeFault::Organization) => Err(offered("第 9—17 位（组织机构代码）的校验位不符".to_owned())),
            Some(CreditCodeFault::Whole) => Err(offered("第 18 位校验位不符".to_owned())),
        },
    }
}

/// Eight characters and the check that fits them (GB 11714-1997), with a hyphen between or without.
fn is_organization_code(code: &str) -> bool {
    let bare = code.replace('-', "");
    // Inside any credit code the same check stands at the same place.
    bare.len() == 9
        && credit_code(&format!("11100000{bare}0"))
            .is_some_and(|read| read.fault != Some(CreditCodeFault::Organization))
}

/// The one valid code that an institution code with a slip was: in lower case, with a letter that looks like a digit,
/// or with one digit lost. `None` where there is none, or more than one.
pub fn repair(text: &str) -> Option<String> {
    let code = plain(text).to_ascii_uppercase();
    if !code.is_ascii() {
        return None;
    }
    let valid = |code: &str| credit_code(code).is_some_and(|read| read.fault.is_none());
    let mut found: Vec<String> = Vec::new();
    let mut offer = |code: String| {
        if valid(&code) && !found.contains(&code) {
            found.push(code);
        }
    };
    if code.len() == BODY {
        // I, O, S, V and Z are in no code, since they look like digits and letters that are.
        let read = |c: char| match c {
            'I' => '1',
            'O' => '0',
            'S' => '5',
            'Z' => '2',
            c => c,
        };
        offer(code.chars().map(read).collect());
    } else if code.len() + 1 == BODY {
        for at in 0..=code.len() {
            for digit in '0'..='9' {
                offer(format!("{}{digit}{}", &code[..at], &code[at..]));
            }
        }
    }
    match found.as_slice() {
        [only] if *only != text => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Codes of three provinces' institutions as they are published.
    const LIVE: [(&str, Level, PowerSort); 3] = [
        ("11440100007482575H3440118009000", Level::City, PowerSort::Licence),
        ("11440000MB2D0164XH2440289876000", Level::Province, PowerSort::Penalty),
        ("11650000010183859F2650116013001", Level::Province, PowerSort::Licence),
    ];

    #[test]
    fn codes_of_31_characters_tell_body_level_kind_and_basic_code() {
        for (text, level, sort) in LIVE {
            let code = implementation_code(text).unwrap();
            assert_eq!(code.parts.institution.as_deref(), Some(&text[..18]));
            assert_eq!((code.parts.level, code.parts.sort), (Some(level), Some(sort)));
            assert_eq!(code.parts.basic.as_deref(), Some(&text[19..]));
            assert!(basic_code(&text[19..]).is_ok());
        }
        assert_eq!(
            implementation_code(" １１４４０１００００７４８２５７５Ｈ３ 440118009000").unwrap().text,
            LIVE[0].0
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_its_part() {
        let live = LIVE[2].0;
        for (text, part, reason) in [
            (&live[..30], "实施编码", "有 30 位，应为 31 位"),
            ("11650000010183859G2650116013001", "第 1—18 位", "第 18 位校验位不符"),
            ("11650000010183858F2650116013001", "第 1—18 位", "第 9—17 位"),
            ("11650000010183859F7650116013001", "第 19 位（行使层级）", "“7”"),
            ("11650000010183859F2990116013001", "第 20—21 位（省级代码）", "“99”"),
            ("11650000010183859F2651116013001", "第 22—23 位（事项类型）", "“11”"),
            ("11650000010183859F26501160130A1", "第 20—31 位（基本编码）", "12 位数字"),
            ("511A0017300006-511602-000-115113016823646795-1-00", "第二段（区划代码）", "12 位"),
            ("511A0081000003-511602000000-000-00877868-5-1-00", "分段", "多了一段"),
            ("511A0077700002-511602000000-000-8282348-1-00", "第四段", "有 7 位"),
            ("511B0122100004-511602000000-000-2222222222222-1-00", "第四段", "占位"),
            ("511B0122100004-511602000000-000-060324189-1-00", "第四段", "组织机构代码"),
        ] {
            let fault = implementation_code(text).unwrap_err();
            assert!(fault.part.contains(part) && fault.reason.contains(reason), "{text}: {fault}");
        }
        assert_eq!(basic_code("651116013001").unwrap_err().part, "第 3—4 位（事项类型）");
        assert!(basic_code("65011601300").unwrap_err().reason.contains("有 11 位"));
        assert!(basic_code("甲").is_err() && basic_code("").is_err());
    }

    #[test]
    fn older_shapes_are_read_too() {
        let code = implementation_code("511A0017300006-511602000000-000-115113016823646795-1-00").unwrap();
        assert_eq!(code.parts.sort, Some(PowerSort::Licence));
        assert_eq!(code.parts.institution.as_deref(), Some("115113016823646795"));
        assert_eq!(code.parts.basic.as_deref(), Some("511A0017300006"));
        for base in ["512012002012", "51201200200013"] {
            let code = implementation_code(&format!("{base}-511602000000-000-115113016823646795-1-00")).unwrap();
            assert_eq!(code.parts.basic.as_deref(), Some(base));
            assert_eq!(code.parts.sort, basic_code(base).unwrap().parts.sort);
            assert!(code.parts.sort.is_some());
        }
        for base in ["5120120020120", "519912002012", "440118009000"] {
            let code = format!("{base}-511602000000-000-115113016823646795-1-00");
            assert_eq!(implementation_code(&code).unwrap_err().part, "第一段（基本编码）", "{base}");
        }
        assert_eq!(implementation_code("650200207CF49000").unwrap().parts.sort, Some(PowerSort::Penalty));
        assert_eq!(basic_code("XK00101000").unwrap().parts.sort, Some(PowerSort::Licence));
        assert!(implementation_code("650200207ZZ49000").is_err());
    }

    #[test]
    fn p9_a_lost_digit_is_offered_where_the_checks_leave_one_way() {
        assert_eq!(repair("1151130000877869M").as_deref(), Some("11511300008778693M"));
        assert_eq!(repair("1151130108778239R").as_deref(), Some("11511301008778239R"));
        assert_eq!(institution_code("11511300008778693M"), Ok("11511300008778693M".to_owned()));
        let told = institution_code("1151130000877869M").unwrap_err();
        assert!(told.contains("有 17 位") && told.contains("11511300008778693M"), "{told}");
        let told = institution_code("11511300008778693m").unwrap_err();
        assert!(told.contains("小写") && told.contains("11511300008778693M"), "{told}");
        assert_eq!(repair("11511300008778693M"), None, "nothing to mend");
        let whole = format!("{}2650116013001", "1165000001018385F");
        assert!(implementation_code(&whole).unwrap_err().reason.contains("有 30 位"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = (implementation_code(&text), basic_code(&text), institution_code(&text), repair(&text));
        }

        #[test]
        fn what_is_offered_is_valid(lost in 0usize..18, which in 0usize..3) {
            let whole = &LIVE[which].0[..18];
            let short: String = whole.chars().enumerate().filter(|(at, _)| *at != lost).map(|(_, c)| c).collect();
            if let Some(offered) = repair(&short) {
                prop_assert!(institution_code(&offered).is_ok());
            }
        }
    }
}
