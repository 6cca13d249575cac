//! What every part of the service may know of a record without knowing its kind.
//!
//! A kind is one folder below [`kinds`](super::kinds) with an implementation of [`Kind`], and one line in the list there. All
//! else works on plain data: the [`Info`] of a kind, its [`Column`]s with the values of a record, and what search knows of a
//! record, its [`Entry`].

use serde::{Deserialize, Serialize};

use super::{Body, Date, DivisionCode, Evidence, RegulationLevel, Website, lists::ListRow, staffing::Measure, typed};
use text::names;

/// Who may see records of a kind at all; a record's [`State`](super::State) narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, once a record is published.
    Public,
    /// Signed-in offices, never the public.
    Offices,
    /// The service itself and its administrators.
    Service,
}

/// A kind, as plain data.
#[derive(Debug)]
pub struct Info {
    /// Name in the store and in the API, in the singular: `institution`.
    pub name: &'static str,
    /// Name for people: 机构.
    pub label: &'static str,
    /// Name in addresses, in the plural: `institutions`. Pages lie below it, dumps and tables are called by it.
    pub path: &'static str,
    pub audience: Audience,
    /// Whether the general form, page and place in the directory serve it; other kinds have their own.
    pub general: bool,
    /// Whether pages lead to it from everywhere; parts of what another kind leads to need none of that.
    pub menu: bool,
    /// Whether several records of one title may stand in one division: versions, told apart by their days.
    pub versions: bool,
    pub columns: &'static [&'static Column],
}

impl Info {
    pub fn is_public(&self) -> bool {
        self.audience == Audience::Public
    }

    /// Whether an audience searches and reads its published records. What offices exchange about their work (submissions,
    /// suggestions of readers) has pages and rules of its own.
    pub fn is_searched_by(&self, audience: Audience) -> bool {
        match audience {
            Audience::Public => self.is_public(),
            Audience::Offices => self.audience == audience && self.general,
            Audience::Service => false,
        }
    }
}

/// A fact of a kind, declared once: dumps, comparisons and pages are made of it, forms and tables where it is given in them.
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
    /// Whether it came after the first dumps: it stands behind all others there, so that whoever counts columns finds them
    /// where they were.
    pub later: bool,
    /// Whether it stays as it was given with a new record.
    pub fixed: bool,
    /// Whether it names norms, places in them and their words, which are held against the library: see
    /// [`basis`](crate::basis).
    pub cites: bool,
    /// What the tables of offices call it beside its label.
    pub also: &'static [&'static str],
    /// Which word of a [`Shape::Choice`] is meant by what lists write for it.
    pub meant: Option<fn(&str) -> Option<&'static str>>,
}

impl Column {
    /// A fact that people give.
    pub const fn given(name: &'static str, label: &'static str, shape: Shape) -> Self {
        let (hint, example, also) = ("", "", &[]);
        let (required, given, later, fixed, cites) = (false, true, false, false, false);
        Self { name, label, hint, example, shape, required, given, later, fixed, cites, also, meant: None }
    }

    /// A fact that the service makes.
    pub const fn made(name: &'static str, label: &'static str, shape: Shape) -> Self {
        Self { given: false, ..Self::given(name, label, shape) }
    }

    pub const fn later(self) -> Self {
        Self { later: true, ..self }
    }

    pub const fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    pub const fn cites(self) -> Self {
        Self { cites: true, ..self }
    }

    pub const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    pub const fn meant(self, meant: fn(&str) -> Option<&'static str>) -> Self {
        Self { meant: Some(meant), ..self }
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

    /// Cuts what was typed into values, brings codes and days to their standard form and checks the shape. The error says
    /// how to mend it.
    pub fn read(&self, text: &str) -> Result<Values, String> {
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

/// Whose word the facts of a form or a table are.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// What stands for it among the sources of an address.
    pub source: &'a str,
    pub weight: Weight,
    /// The day on which it is given.
    pub day: Date,
}

/// How much a word settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// No office answers for it: it claims addresses and takes none away.
    Claim,
    /// An office answers for it.
    Office,
    /// The institution speaks of itself, which also settles what is said of its addresses.
    Own,
}

/// A column's name and what is wrong with its values.
pub type Fault = (&'static str, String);

/// What a kind of record brings. Its facts are its fields; its rules stand in its folder.
pub trait Kind: Sized + 'static {
    /// See [`Info`].
    const NAME: &'static str;
    const LABEL: &'static str;
    const PATH: &'static str;
    const AUDIENCE: Audience;
    const GENERAL: bool = false;
    const VERSIONS: bool = false;
    const MENU: bool = true;
    const FIELDS: &'static [Field<Self>];

    /// Name or title, for people.
    fn title(&self) -> &str;

    /// The division that it belongs to; `None` for the nation, and where only another record tells.
    fn division(&self) -> Option<&DivisionCode>;

    /// What the general form begins with where there is no record; `None` for kinds with a form of their own.
    fn blank() -> Option<Self> {
        None
    }

    /// The addresses that it gives, best evidence first.
    fn sites(&self) -> &[Website] {
        &[]
    }

    fn sites_mut(&mut self) -> Option<&mut Vec<Website>> {
        None
    }

    /// What becomes of facts that a form or a table has put into it, and what is wrong with them beside what stood there
    /// `before`. By default known addresses keep their evidence, and new ones are claimed.
    fn complete(&mut self, before: Option<&Self>, word: Word<'_>) -> Vec<Fault> {
        let known = before.map_or(&[][..], Kind::sites);
        for site in self.sites_mut().into_iter().flatten() {
            (site.evidence, site.sources) = match known.iter().find(|known| known.host == site.host) {
                Some(known) => (known.evidence, known.sources.clone()),
                None => (Evidence::Claimed, vec![word.source.to_owned()]),
            };
        }
        Vec::new()
    }

    /// An institution that it names, and where that one's id is kept: found by the name where nobody gives it.
    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        None
    }

    /// The id of a record with these facts: the same facts make the same record. `None` where ids come from elsewhere.
    fn id(&self) -> Option<String> {
        None
    }

    /// What it rests on, so that its office is told when that changes: ids of records, and works of law as
    /// [`work_reference`](super::work_reference) names them. By default the institution in charge.
    fn rests_on(&self) -> Vec<String> {
        self.entry().and_then(|entry| entry.owner_id).into_iter().collect()
    }

    /// Levels of norms of which it has to rest on at least one; `None` where the law asks for none.
    fn may_rest_on(&self) -> Option<&'static [RegulationLevel]> {
        None
    }

    /// Whether it keeps back something from the public that its columns could hold. Of its past only revisions that kept it
    /// back too are shown.
    fn restricts(&self) -> bool {
        false
    }

    /// What is to be mended of it, though it stands: told to whoever looks after it.
    fn shortcomings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What it tells to be wrong with what it is about, to be mended by a day; `None` for kinds that tell of no such things.
    fn to_mend(&self) -> Option<Vec<Mend>> {
        None
    }

    /// The site that it vouches for, for kinds that are a mark of one.
    fn vouches(&self) -> Option<Vouched> {
        None
    }

    /// What it is in a list of powers and duties; `None` for all else.
    fn listed(&self) -> Option<ListRow> {
        None
    }

    /// What it does to bodies once it is published; nothing for kinds that are no plan.
    fn plan(&self) -> Vec<Planned> {
        Vec::new()
    }

    /// What the directory's index knows of it; `None` where it has none, or an index of its own.
    fn entry(&self) -> Option<Entry> {
        None
    }
}

/// A measure of a plan, with the records that are published with the plan because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub measure: Measure,
    pub brings: Vec<Body>,
}

/// Something to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What is wrong and how to mend it, in a sentence.
    pub what: String,
    pub due: Option<Date>,
}

/// A site that a record is the mark of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The one host, in A-labels and without `www.`.
    pub host: String,
    pub title: String,
    /// Whose it is, in a line.
    pub says: String,
    /// Of the badge, as CSS writes it.
    pub colour: &'static str,
    pub standing: &'static str,
    pub holds: bool,
}

/// What search knows of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub other_names: Vec<String>,
    /// What else people type for it; not shown.
    pub asked_as: Vec<String>,
    /// What it is for, in a sentence.
    pub about: String,
    /// Words for what kind of thing it is.
    pub category: String,
    /// The institution in charge, by name, and its record where there is one.
    pub owner_name: String,
    pub owner_id: Option<String>,
    pub division: Option<DivisionCode>,
    /// A number that people call.
    pub phone: Option<String>,
    /// Whose number it is, in words, where the record is the number of a whole system: 国家税务总局, 公安机关.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_for: Option<String>,
    /// What else a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub sites: Vec<Website>,
    /// Texts in it that answer a question of their own, such as who is in charge of something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Passage>,
    /// What it tells to have happened to a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
    /// Whether people have it done at an office: everyday words for errands lead to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub applied_for: bool,
}

/// A text within a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What it is called there: 主要职责（一）.
    pub label: String,
    pub text: String,
}

/// What happened to a body on a day; names are those of that day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    pub day: Option<Date>,
    /// In a word: 更名.
    pub change: String,
    pub document_number: Option<String>,
    pub from: Vec<String>,
    pub to: Vec<String>,
    /// Whether nobody has held it against its document yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
}

/// The columns of a kind; `N` is their number.
pub(super) const fn columns<K: Kind, const N: usize>() -> [&'static Column; N] {
    const NONE: Column = Column::made("", "", Shape::Line(0));
    let mut all = [&NONE; N];
    let mut at = 0;
    while at < N {
        all[at] = &K::FIELDS[at].column;
        at += 1;
    }
    all
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
        assert!(Column::given("a", "说明", Shape::Text(10)).read("甲\n乙").is_ok());
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
