//! Values as people and spreadsheets write them.

use jiff::ToSpan;

use super::{Date, DivisionCode};

/// Years that a date of this service may have; others are slips of the hand.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;
/// Numbers by which spreadsheets count the days from 1900-01-01 to 2100-12-31 (ECMA-376 part 1, 18.17.4.1). Those of
/// four digits are years rather than days of before 1928.
const DAY_NUMBERS: std::ops::RangeInclusive<i32> = 10_000..=73_415;

/// A division's code as people write it: with the apostrophe that keeps a spreadsheet from counting, in full-width
/// digits, and with the zeros of the 12-digit form (GB/T 10114), which stand for no division below.
pub fn code(text: &str) -> Option<DivisionCode> {
    let text = text.trim().trim_start_matches(['\'', '’', '‘', '＇', '`', '′']).trim();
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let mut digits: String = text.chars().map(plain).collect();
    while matches!(digits.len(), 9 | 12) && digits.ends_with("000") {
        digits.truncate(digits.len() - 3);
    }
    digits.parse().ok()
}

/// 2024-04-02, 2024/4/2, 2024.4.2, 2024年4月2日, each with a time of day or without; 45384, as a spreadsheet counts the
/// days of a cell that is not set as a date.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let number = number.floor() as i32;
        let first = Date::constant(1899, 12, 30);
        // Four digits are rather a year; a number has no sign and no exponent here.
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() <= 1;
        let date = (plain && DAY_NUMBERS.contains(&number)).then(|| first.checked_add(number.days()).ok()).flatten();
        return date.filter(|date| YEARS.contains(&date.year()));
    }
    let text = without_time(text);
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [year, month, day] = parts[..] else { return None };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// What is reported of a text that is none.
pub fn not_a_day() -> String {
    format!("不是日期：应为 年-月-日，如 2024-04-02，年份在 {} 到 {} 之间", YEARS.start(), YEARS.end())
}

/// The day of a moment: 2024-04-02 09:30:00, 2024-04-02T09:30:00.
fn without_time(text: &str) -> &str {
    match text.split_once(|c: char| c.is_whitespace() || c == 'T') {
        Some((day, time)) if time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.Z+ ".contains(c)) => {
            day
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_usual_way() {
        let want = Some(Date::constant(2024, 4, 2));
        for text in [
            "2024-04-02",
            "2024-4-2",
            "2024/4/2",
            "2024.04.02",
            "2024年4月2日",
            "2024 年 4 月 2 日",
            "2024-04-02 00:00",
            "2024-04-02 09:30",
            "2024/4/2 9:30:15",
            "2024-04-02T09:30:00",
            "45384",
            "45384.395833333",
        ] {
            assert_eq!(day(text), want, "{text}");
        }
        for text in [
            "2024",
            "2024-13-01",
            "202-04-02",
            "20240402",
            "4.5e4",
            "-45384",
            "9999999",
            "inf",
            "2024-02-30",
            "2024-04-02 上午",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for text in ["520300", "'520300", "’520300", "５２０３００", "520300000000", "520300000", " 520300 "] {
            assert_eq!(code(text).as_ref().map(DivisionCode::as_str), Some("520300"), "{text}");
        }
        assert_eq!(code("520302001000").as_ref().map(DivisionCode::as_str), Some("520302001"));
        assert_eq!(code("520302001003").as_ref().map(DivisionCode::as_str), Some("520302001003"));
        assert_eq!(code("000000").as_ref().map(DivisionCode::as_str), Some("000000"));
        for text in ["52030", "5203oo", "520300'", "''", "五二零三零零"] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
