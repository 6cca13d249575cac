//! Facts of a kind, each declared once: what a column is called, what its values look like, and how they are read from
//! a record and put into one. Forms, tables, dumps, comparisons and the interface are made of these.

use text::names;

use super::typed;

/// A fact of a kind, declared once: dumps, comparisons and pages are made of it, forms and tables where it is given in
/// them.
#[derive(Debug)]
pub struct Column {
    /// Name in forms, as in the record's JSON.
    pub name: &'static str,
    /// The word for it, everywhere: form, table, dump, comparison, page.
    pub label: &'static str,
    /// For whoever fills it in: what belongs here.
    pub hint: &'static str,
    /// What the example row of a table's template has here.
    pub example: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// Whether people give it; all others the service makes.
    pub given: bool,
    /// Whether it came after the first dumps: it stands behind all others there, so that whoever counts columns finds
    /// them where they were.
    pub later: bool,
    /// Under which title a long form folds it up with others; empty for what is in sight.
    pub group: &'static str,
    /// Whether it stays as it was given with a new record.
    pub fixed: bool,
    /// Whether it names regulations, places in them and their words, which are held against the library: see
    /// [`basis`](crate::basis).
    pub cites: bool,
    /// What the tables of offices call it beside its label.
    pub also: &'static [&'static str],
    /// Which word of a [`Shape::Choice`] is meant by what lists write for it.
    pub meant: Option<fn(&str) -> Option<&'static str>>,
    /// Whether it is a code, without which a table's row may be taken where it is wrong.
    pub code: bool,
    /// The column to which goes what lists write behind a word of a [`Shape::Choice`], or in place of one.
    pub rest_to: Option<&'static str>,
    /// Whether a cell looks like one of this column and of no other, so that a table's column is known by what stands
    /// in it.
    pub looks: Option<fn(&str) -> bool>,
}

impl Column {
    /// A fact that people give.
    pub const fn given(name: &'static str, label: &'static str, shape: Shape) -> Self {
        let (hint, example, group, also) = ("", "", "", &[]);
        let (required, given, later, fixed, cites) = (false, true, false, false, false);
        let (code, rest_to, meant, looks) = (false, None, None, None);
        Self {
            name,
            label,
            hint,
            example,
            shape,
            required,
            given,
            later,
            group,
            fixed,
            cites,
            also,
            meant,
            code,
            rest_to,
            looks,
        }
    }

    /// A fact that the service makes.
    pub const fn made(name: &'static str, label: &'static str, shape: Shape) -> Self {
        Self { given: false, ..Self::given(name, label, shape) }
    }

    pub const fn later(self) -> Self {
        Self { later: true, ..self }
    }

    pub const fn group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    pub const fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    pub const fn cites(self) -> Self {
        Self { cites: true, ..self }
    }

    pub const fn code(self) -> Self {
        Self { code: true, ..self }
    }

    pub const fn rest_to(self, column: &'static str) -> Self {
        Self { rest_to: Some(column), ..self }
    }

    pub const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    pub const fn meant(self, meant: fn(&str) -> Option<&'static str>) -> Self {
        Self { meant: Some(meant), ..self }
    }

    pub const fn looks(self, looks: fn(&str) -> bool) -> Self {
        Self { looks: Some(looks), ..self }
    }

    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// Cuts what was typed into values, brings codes and days to their standard form and checks the shape. White space
    /// around a line says nothing, whether it came by a form or by a table. The error says how to mend it.
    pub fn read(&self, text: &str) -> Result<Values, String> {
        let text = text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        let text = text.trim();
        if text.is_empty() {
            return if self.required { Err("不能为空".to_owned()) } else { Ok(Vec::new()) };
        }
        let values = match self.shape {
            Shape::Lines { .. } => {
                let mut all: Values = Vec::new();
                for value in text.split(['；', ';', '\n']).map(str::trim).filter(|value| !value.is_empty()) {
                    if !all.iter().any(|known| known == value) {
                        all.push(value.to_owned());
                    }
                }
                all
            }
            Shape::Division => typed::code(text).into_iter().map(|code| code.to_string()).collect(),
            Shape::Day => typed::day(text).into_iter().map(|day| day.to_string()).collect(),
            Shape::Choice(_) => vec![self.meant.and_then(|meant| meant(text)).unwrap_or(text).to_owned()],
            _ => vec![text.to_owned()],
        };
        match (self.shape, values.is_empty()) {
            (Shape::Division, true) => {
                return Err("不是区划代码：应为 6 位、9 位或 12 位数字，如 520300；全国写 000000".to_owned());
            }
            (Shape::Day, true) => return Err(typed::not_a_day()),
            _ => {}
        }
        self.check(&values)?;
        Ok(values)
    }

    fn check(&self, values: &[String]) -> Result<(), String> {
        let (most, longest) = match self.shape {
            Shape::Line(longest) | Shape::Text(longest) => (1, longest),
            Shape::Lines { most, longest } => (most, longest),
            Shape::Choice(words) => {
                let words = words();
                let known = values.iter().all(|value| words.contains(&value.as_str()));
                return if known { Ok(()) } else { Err(format!("应为以下之一：{}", words.join("、"))) };
            }
            Shape::Division | Shape::Day => return Ok(()),
            Shape::Number => {
                let number = values.iter().all(|value| value.parse::<u64>().is_ok());
                return if number { Ok(()) } else { Err("不是数字".to_owned()) };
            }
        };
        if values.len() > most {
            return Err(format!("有 {} 项，最多 {most} 项", values.len()));
        }
        for value in values {
            let length = value.chars().count();
            if length > longest {
                return Err(format!("有 {length} 个字，最多 {longest} 个"));
            }
            let breaks = matches!(self.shape, Shape::Text(_));
            let hidden = |c: char| c.is_control() || names::deceives(c.encode_utf8(&mut [0; 4]));
            if let Some(c) = value.chars().find(|c| !(breaks && *c == '\n') && hidden(*c)) {
                return Err(names::Unwritable(c).to_string());
            }
        }
        Ok(())
    }
}

/// What the values of a column look like. Lengths are in characters.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line of at most so many characters.
    Line(usize),
    /// Text of several lines, of at most so many characters.
    Text(usize),
    /// Several lines, each a value.
    Lines {
        most: usize,
        longest: usize,
    },
    /// One of these words.
    Choice(fn() -> Vec<&'static str>),
    /// Code of a division.
    Division,
    Day,
    Number,
}

/// The values of a column: none, one, or several where its shape has several.
pub type Values = Vec<String>;

/// A column with how its values are read from a record and put into one.
pub struct Field<K: 'static> {
    pub column: Column,
    pub get: fn(&K) -> Values,
    /// Takes values that have the column's shape; the error says how to mend them.
    pub set: fn(&mut K, Values) -> Result<(), String>,
}

impl<K> Field<K> {
    /// A column that people give.
    pub const fn given(column: Column, get: fn(&K) -> Values, set: fn(&mut K, Values) -> Result<(), String>) -> Self {
        Self { column, get, set }
    }

    /// A column that is only shown, or that a form of the kind's own gives.
    pub const fn shown(column: Column, get: fn(&K) -> Values) -> Self {
        Self { column, get, set: |_, _| Err("这一项不能在这里填写".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_becomes_values_of_the_columns_shape() {
        let lines = Column::given("names", "简称", Shape::Lines { most: 2, longest: 4 });
        assert_eq!(lines.read("甲；乙\n 甲 ;"), Ok(vec!["甲".to_owned(), "乙".to_owned()]));
        assert_eq!(lines.read(" "), Ok(Vec::new()));
        assert!(lines.read("甲;乙;丙").unwrap_err().contains("最多 2 项"));
        assert!(lines.read("甲乙丙丁戊").unwrap_err().contains("最多 4 个"));
        assert!(lines.read("甲\u{200B}").unwrap_err().contains("U+200B"));
        let line = Column::given("name", "名称", Shape::Line(10)).required();
        assert_eq!(line.read(""), Err("不能为空".to_owned()));
        assert!(line.read("甲\n乙").is_err(), "one line");
        let text = Column::given("a", "说明", Shape::Text(10));
        assert_eq!(text.read(" 甲 \r\n　乙\n"), Ok(vec!["甲\n乙".to_owned()]), "as a form sends it");
        let choice = Column::given("kind", "种类", Shape::Choice(|| vec!["查询", "办理"]));
        assert!(choice.read("查询").is_ok());
        assert!(choice.read("别的").unwrap_err().contains("查询、办理"));
        for (shape, good, bad) in
            [(Shape::Division, "520300", "5203"), (Shape::Day, "2024-04-02", "2024-02-30"), (Shape::Number, "12", "-1")]
        {
            let column = Column::given("a", "甲", shape);
            assert!(column.read(good).is_ok() && column.read(bad).is_err(), "{shape:?}");
        }
    }
}
