//! A row while it is read: its cells by column, and what is wrong with them.

use indexer::record::{Date, DivisionCode};
use jiff::ToSpan;

use super::{Column, Fault, NOTHING};

/// Years that a date of this service may have; others are slips of the hand.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// Columns with names of bodies, in which spaces mean nothing.
const NAMES: [&str; 5] = ["全称", "简称", "曾用名", "上级机构", "机构"];
/// What a spreadsheet shows where a formula fails (ECMA-376 part 1, 18.17.3).
const ERRORS: [&str; 11] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
];
/// Numbers by which spreadsheets count the days from 1900-01-01 to 2100-12-31 (ECMA-376 part 1, 18.17.4.1). Those of
/// four digits are years rather than days of before 1928.
const DAY_NUMBERS: std::ops::RangeInclusive<i32> = 10_000..=73_415;

/// Where each column stands.
pub struct Header(Vec<Option<&'static str>>);

impl Header {
    /// Reads the row with the names of the columns; all that is wrong with it goes to `faults`.
    pub fn read(columns: &[Column], number: u32, cells: &[String], faults: &mut Vec<Fault>) -> Self {
        let mut places: Vec<Option<&'static str>> = Vec::new();
        for cell in cells {
            let name = cell.trim_end_matches(['*', '＊']).trim();
            let column = columns.iter().find(|column| column.name == name);
            let mut tell = |message: String| faults.push(Fault::new(number, cell, "", message));
            match column {
                _ if name.is_empty() => places.push(None),
                None => {
                    let known = columns.iter().map(|c| c.name).collect::<Vec<_>>().join("、");
                    tell(format!("不认识这一列，请改名或删去；可用的列：{known}"));
                    places.push(None);
                }
                Some(column) if places.contains(&Some(column.name)) => {
                    tell("这一列出现了两次，请留一列".to_owned());
                    places.push(None);
                }
                Some(column) => places.push(Some(column.name)),
            }
        }
        for missing in columns.iter().filter(|c| c.required && !places.contains(&Some(c.name))) {
            faults.push(Fault::new(number, missing.name, "", "缺少这一列，它是必填的"));
        }
        Self(places)
    }

    /// Takes the spaces out of names: 遵 义 市 教 育 局 is the body 遵义市教育局.
    pub fn tidy(&self, cells: &mut [String]) {
        for (name, cell) in self.0.iter().zip(cells) {
            if name.is_some_and(|name| NAMES.contains(&name)) && cell.contains(char::is_whitespace) {
                *cell = without_spaces(cell);
            }
        }
    }
}

/// A name without the spaces beside its Chinese characters. Line breaks part the names of a list and stay.
fn without_spaces(name: &str) -> String {
    let is_space = |c: char| c.is_whitespace() && c != '\n';
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut out = String::with_capacity(name.len());
    let mut rest = name.trim().chars().peekable();
    while let Some(c) = rest.next() {
        if !is_space(c) {
            out.push(c);
            continue;
        }
        while rest.next_if(|c| is_space(*c)).is_some() {}
        // Between two words in Latin letters the space belongs to the name.
        if is_letter(out.chars().last()) && is_letter(rest.peek().copied()) {
            out.push(' ');
        }
    }
    out
}

/// A row and its faults.
pub struct Row<'a> {
    pub number: u32,
    header: &'a Header,
    cells: &'a [String],
    pub faults: Vec<Fault>,
}

impl<'a> Row<'a> {
    pub fn new(number: u32, header: &'a Header, cells: &'a [String]) -> Self {
        Self { number, header, cells, faults: Vec::new() }
    }

    /// The text of a cell; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        let at = self.header.0.iter().position(|name| *name == Some(column));
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// What is told of a cell.
    pub fn tell(&mut self, column: &str, message: impl Into<String>) {
        self.faults.push(Fault::new(self.number, column, self.text(column), message));
    }

    /// Tells what of the row can be told without knowing what it means: required cells that are empty, cells beyond the
    /// header.
    pub fn check_shape(&mut self, columns: &[Column]) {
        for column in columns.iter().filter(|c| c.required) {
            if matches!(self.text(column.name), "" | NOTHING) {
                self.tell(column.name, format!("不能为空：{}", column.meaning));
            }
        }
        let failed = self.header.0.iter().zip(self.cells).filter_map(|(name, cell)| {
            let (name, cell) = ((*name)?, cell.trim());
            let told = || format!("这一格是公式出错的结果 {cell}：请改成确定的值，没有就留空");
            ERRORS.contains(&cell.to_ascii_uppercase().as_str()).then(|| Fault::new(self.number, name, cell, told()))
        });
        let failed: Vec<Fault> = failed.collect();
        self.faults.extend(failed);
        let named = |at: usize| self.header.0.get(at).copied().flatten().is_some();
        // A column that is unknown was told with the header.
        let beyond = self.cells.iter().enumerate().skip(self.header.0.len());
        let beyond: Vec<Fault> = beyond
            .filter(|(at, cell)| !named(*at) && !cell.trim().is_empty())
            .map(|(at, cell)| {
                let message = format!("第 {} 格没有列名：请删去，或检查前面是否多了一格", at + 1);
                Fault::new(self.number, "", cell, message)
            })
            .collect();
        self.faults.extend(beyond);
    }

    /// The values of a cell that may have several; `None` leaves what is there.
    pub fn list(&self, column: &str) -> Option<Vec<String>> {
        match self.text(column) {
            "" => None,
            NOTHING => Some(Vec::new()),
            text => {
                let parts = text.split([';', '；', '\n']).map(|part| part.trim().to_owned());
                Some(parts.filter(|part| !part.is_empty()).collect())
            }
        }
    }

    /// A value, `Some("")` to take it out, `None` to leave what is there.
    pub fn change(&self, column: &str) -> Option<&'a str> {
        match self.text(column) {
            "" => None,
            NOTHING => Some(""),
            text => Some(text),
        }
    }

    /// One of a list of words.
    pub fn one_of<T: Copy>(&mut self, column: &str, all: &[T], label: fn(T) -> &'static str) -> Option<T> {
        let text = self.change(column).filter(|text| !text.is_empty())?;
        let found = all.iter().copied().find(|value| label(*value) == text);
        if found.is_none() {
            self.tell(
                column,
                format!("应为以下之一：{}", all.iter().map(|v| label(*v)).collect::<Vec<_>>().join("、")),
            );
        }
        found
    }

    /// The code of a division.
    pub fn code(&mut self, column: &str) -> Option<DivisionCode> {
        let text = self.change(column).filter(|text| !text.is_empty())?;
        let code = code(text);
        if code.is_none() {
            self.tell(column, "不是区划代码：应为 6 位、9 位或 12 位数字，如 520300；全国写 000000");
        }
        code
    }

    /// A day, `Some(None)` to take it out.
    pub fn date(&mut self, column: &str) -> Option<Option<Date>> {
        match self.change(column)? {
            "" => Some(None),
            text => {
                let day = day(text);
                if day.is_none() {
                    let message = format!(
                        "不是日期：应为 年-月-日，如 2024-04-02，年份在 {} 到 {} 之间",
                        YEARS.start(),
                        YEARS.end()
                    );
                    self.tell(column, message);
                }
                day.map(Some)
            }
        }
    }
}

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
fn day(text: &str) -> Option<Date> {
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

    #[test]
    fn names_lose_the_spaces_beside_their_characters() {
        for (name, want) in [
            ("遵 义 市\u{3000}示例 管理局", "遵义市示例管理局"),
            ("甲\n乙 丙", "甲\n乙丙"),
            ("甲市 Big Data 局", "甲市Big Data局"),
        ] {
            assert_eq!(without_spaces(name), want);
        }
    }
}
