//! A row while it is read: its cells by column, and what is wrong with them.

use indexer::record::{Date, DivisionCode};

use super::{Column, Fault, NOTHING};

/// Years that a date of this service may have; others are slips of the hand.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// Where each column stands.
pub struct Header(Vec<Option<&'static str>>);

impl Header {
    /// Reads the row with the names of the columns; all that is wrong with it goes to `faults`.
    pub fn read(columns: &'static [Column], number: u32, cells: &[String], faults: &mut Vec<Fault>) -> Self {
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
    pub fn check_shape(&mut self, columns: &'static [Column]) {
        for column in columns.iter().filter(|c| c.required) {
            if matches!(self.text(column.name), "" | NOTHING) {
                self.tell(column.name, format!("不能为空：{}", column.meaning));
            }
        }
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
        let code = text.parse();
        if code.is_err() {
            self.tell(column, "不是区划代码：应为 6 位、9 位或 12 位数字，如 520300；全国写 000000");
        }
        code.ok()
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

/// 2024-04-02, 2024/4/2, 2024.4.2, 2024年4月2日.
fn day(text: &str) -> Option<Date> {
    let text = text.strip_suffix(" 00:00").unwrap_or(text);
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [year, month, day] = parts[..] else { return None };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_usual_way() {
        let want = Some(Date::constant(2024, 4, 2));
        for text in ["2024-04-02", "2024-4-2", "2024/4/2", "2024.04.02", "2024年4月2日", "2024-04-02 00:00"] {
            assert_eq!(day(text), want, "{text}");
        }
        for text in ["2024", "2024-13-01", "202-04-02", "45384", "二〇二四年四月二日", "2024-02-30"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
