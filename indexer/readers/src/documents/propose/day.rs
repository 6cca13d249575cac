//! A day as documents write it: where it stands in a text, and which it is.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::line::Line;
use crate::law_markdown::regex;
use record::Date;
use text::numerals;

/// A day as documents write it: 2024年4月2日, 二〇二四年四月二日, 二 O 二 四 年 四 月 二 日. The sign for zero is whatever the
/// writer's keyboard had: 〇, ○, 零, 0, O.
pub const DAY: &str = r"([12１２一二](?:\s*[\d〇○◯零ＯOo一二三四五六七八九]){3})\s*年\s*(\d(?:\s*\d)?|[元一二三四五六七八九十](?:\s*[一二三四五六七八九十])?)\s*月\s*(\d(?:\s*\d)?|[一二三四五六七八九十廿卅](?:\s*[一二三四五六七八九十]){0,2})\s*日";
/// A day in digits alone: 2024-04-02, 2024.4.2, 2024/4/2.
const DIGITS: &str = r"([12１２]\d{3})\s*[-/.．。·－—年]\s*(\d{1,2})\s*[-/.．。·－—月]\s*(\d{1,2})日?";
/// What may stand behind the date below a signature.
const SEAL: &str = r"(?:\s*[（(]\s*(?:印章?|盖章|公章|签章|章)\s*[）)])?";
static DATE: LazyLock<Regex> = LazyLock::new(|| regex(DAY));
static DIGITS_AT_END: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?:^|[\s（(\p{{Han}}：:]){DIGITS}[）)]?$")));
static ONLY_DATE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^[（(]?\s*{DAY}\s*[）)]?{SEAL}$")));
static ONLY_DIGITS: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^[（(]?\s*{DIGITS}\s*[）)]?{SEAL}$")));
/// 20240402, alone in its line.
static COMPACT: LazyLock<Regex> = LazyLock::new(|| regex(r"^([12]\d{3})(\d\d)(\d\d)$"));
/// What may stand before the date below a signature.
static DATE_LABEL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:签发|成文|发文|落款)?(?:日\s*期|时\s*间)\s*[：:]\s*"));
/// Bytes of the longest date over two lines, with spaces between its characters.
const LONGEST_DATE: usize = 90;

/// The first date of a text, with its place in bytes; in digits alone only where it ends the text.
pub fn find(text: &str) -> Option<(Range<usize>, Date)> {
    if let Some(c) = DATE.captures(text) {
        return Some((c.get(0)?.range(), day(&c, 1)?));
    }
    let c = DIGITS_AT_END.captures(text.trim_end())?;
    Some((c.get(1)?.start()..c.get(3)?.end(), day(&c, 1)?))
}

/// Whether a line is nothing but a date.
pub fn is_date(line: &str) -> bool {
    only_date(line).is_some()
}

pub fn only_date(line: &str) -> Option<Date> {
    let line = line.trim();
    let line = DATE_LABEL.find(line).map_or(line, |label| &line[label.end()..]);
    let found = ONLY_DATE.captures(line).or_else(|| ONLY_DIGITS.captures(line)).or_else(|| COMPACT.captures(line));
    found.and_then(|c| day(&c, 1))
}

/// The date that ends at a line: alone in it, or begun in the line before. With the line that it begins in.
pub fn ending_at(lines: &[Line<'_>], at: usize) -> Option<(usize, Date)> {
    let line = lines.get(at)?.text;
    if let Some(date) = only_date(line) {
        return Some((at, date));
    }
    let before = at.checked_sub(1).map(|before| lines[before].text)?;
    let short = before.len() + line.len() < LONGEST_DATE;
    (short && !is_date(before)).then(|| only_date(&format!("{before}{line}"))).flatten().map(|date| (at - 1, date))
}

pub fn day(c: &Captures<'_>, first: usize) -> Option<Date> {
    let number = |i: usize| -> Option<i32> { number(c.get(first + i)?.as_str()) };
    let year = number(0).filter(|year| (1900..=2100).contains(year))?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(number(1)?).ok()?, i8::try_from(number(2)?).ok()?).ok()
}

/// The number of a part of a date: 2024, 二〇二四, 二0二四, 十二, 元.
pub fn number(text: &str) -> Option<i32> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.contains(['十', '廿', '卅']) {
        return i32::try_from(numerals::parse(&text)?).ok();
    }
    let digit = |c: char| match c {
        '〇' | '○' | '◯' | '零' | 'Ｏ' | 'O' | 'o' => '0',
        '元' => '1',
        c => c,
    };
    let single = |c: char| numerals::parse(digit(c).encode_utf8(&mut [0; 4]));
    text.chars().try_fold(0i32, |sum, c| sum.checked_mul(10)?.checked_add(i32::try_from(single(c)?).ok()?))
}

/// The text with its dates in digits, as the reader of captions knows them.
pub fn in_digits(text: &str) -> String {
    DATE.replace_all(text, |c: &Captures<'_>| match day(c, 1) {
        Some(day) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        None => c[0].to_owned(),
    })
    .into_owned()
}
