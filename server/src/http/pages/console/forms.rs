//! The forms by which a norm's and a body's facts are given, filled in from what is there and read back.

use std::sync::LazyLock;

use indexer::{
    corpus::documents::Form,
    record::{Body, Category, Column, Date, DivisionCode, DocumentKind, KINDS, NormLevel, Shape},
};

use crate::{
    http::{Problem, signed::Fields},
    workflow::{InstitutionEdit, NormEdit},
};

/// Fields of the form that confirms an upload.
pub const NORM: &[&str] = &[
    "revision",
    "note",
    "title",
    "number",
    "issuers",
    "level",
    "kind",
    "division",
    "version_date",
    "published",
    "effective",
    "name",
    "answers",
    "then",
];
/// Every field that the form of a record has, whatever its kind.
pub static ANY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let own = ["short_names", "former_names", "category", "websites", "credit_code", "seen"];
    let general = KINDS.iter().filter(|kind| kind.general).flat_map(|kind| kind.columns).map(|column| column.name);
    let mut all: Vec<&'static str> = NORM.iter().copied().chain(own).chain(general).collect();
    all.sort_unstable();
    all.dedup();
    all
});

/// A form made of the columns of its kind.
#[derive(Debug, Clone)]
pub struct GeneralFields {
    pub inputs: Vec<Input>,
}

/// A column with what was typed, or with what is there.
#[derive(Debug, Clone)]
pub struct Input {
    pub column: &'static Column,
    pub text: String,
}

impl Input {
    /// Words to choose from, each with whether it is chosen.
    pub fn choices(&self) -> Vec<(&'static str, bool)> {
        match self.column.shape {
            Shape::Choice(words) => words().into_iter().map(|word| (word, word == self.text)).collect(),
            _ => Vec::new(),
        }
    }

    pub fn is_long(&self) -> bool {
        matches!(self.column.shape, Shape::Lines { .. } | Shape::Text(_))
    }

    pub fn is_day(&self) -> bool {
        matches!(self.column.shape, Shape::Day)
    }
}

impl GeneralFields {
    pub fn of(body: &Body) -> Self {
        let given = body.facts().filter(|(column, _)| column.given);
        Self { inputs: given.map(|(column, values)| Input { column, text: values.join("\n") }).collect() }
    }

    pub fn read(fields: &Fields, body: &Body) -> Self {
        let given = body.info().columns.iter().copied().filter(|column| column.given);
        let text = |column: &Column| fields.get(column.name).replace("\r\n", "\n").trim().to_owned();
        Self { inputs: given.map(|column| Input { column, text: text(column) }).collect() }
    }

    /// The body with what was typed; `office` stands as the source of new addresses. The error tells all that is wrong.
    pub fn apply(&self, before: &Body, office: &str) -> Result<Body, String> {
        let mut body = before.clone();
        let typed = |column: &'static Column| {
            self.inputs.iter().find(|input| input.column.name == column.name).map(|input| input.text.as_str())
        };
        let faults = body.fill(typed).err().unwrap_or_default();
        if faults.is_empty() {
            return Ok(body.with_evidence_of(Some(before), office));
        }
        Err(faults.iter().map(|(column, fault)| format!("{}：{fault}", column.label)).collect::<Vec<_>>().join("；"))
    }
}

/// A norm's form as text, the way it was typed.
#[derive(Debug, Clone, Default)]
pub struct NormFields {
    pub title: String,
    pub number: String,
    pub issuers: String,
    pub level: String,
    pub kind: String,
    pub division: String,
    pub version_date: String,
    pub published: String,
    pub effective: String,
}

impl NormFields {
    pub fn of(form: &Form) -> Self {
        let day = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
        Self {
            title: form.title.clone(),
            number: form.document_number.clone().unwrap_or_default(),
            issuers: form.issuers.join("\n"),
            level: form.level.map_or("", NormLevel::label).to_owned(),
            kind: form.document_kind.map_or("", DocumentKind::label).to_owned(),
            division: form.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            version_date: day(form.version_date),
            published: day(form.published),
            effective: day(form.effective),
        }
    }

    pub fn read(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).trim().to_owned();
        Self {
            title: get("title"),
            number: get("number"),
            issuers: fields.lines("issuers").join("\n"),
            level: get("level"),
            kind: get("kind"),
            division: get("division"),
            version_date: get("version_date"),
            published: get("published"),
            effective: get("effective"),
        }
    }

    /// The form's values; the error says which field is wrong and how to mend it.
    pub fn parse(&self) -> Result<NormEdit, String> {
        let day = |name: &str, text: &str| match text {
            "" => Ok(None),
            text => text
                .parse::<Date>()
                .map(Some)
                .map_err(|_| format!("{name}“{}”不是日期：应为 年-月-日，如 2024-04-02", shown(text))),
        };
        let level = match self.level.as_str() {
            "" => None,
            label => Some(NormLevel::ALL.into_iter().find(|l| l.label() == label).ok_or("效力层级请从列表中选择")?),
        };
        let kind = match self.kind.as_str() {
            "" => None,
            label => Some(DocumentKind::ALL.into_iter().find(|k| k.label() == label).ok_or("文件种类请从列表中选择")?),
        };
        let division = match self.division.as_str() {
            "" => None,
            code => Some(code.parse::<DivisionCode>().map_err(|e| e.to_string())?),
        };
        Ok(NormEdit(Form {
            title: self.title.clone(),
            level,
            document_kind: kind,
            issuers: self.issuers.lines().map(str::to_owned).collect(),
            document_number: Some(self.number.clone()).filter(|n| !n.is_empty()),
            division,
            version_date: day("成文日期", &self.version_date)?,
            published: day("公布日期", &self.published)?,
            effective: day("施行日期", &self.effective)?,
        }))
    }

    pub fn levels(&self) -> Vec<(&'static str, bool)> {
        NormLevel::ALL.map(|l| (l.label(), l.label() == self.level)).to_vec()
    }

    pub fn kinds(&self) -> Vec<(&'static str, bool)> {
        DocumentKind::ALL.map(|k| (k.label(), k.label() == self.kind)).to_vec()
    }
}

/// A body's form as text.
#[derive(Debug, Clone, Default)]
pub struct InstitutionFields {
    pub name: String,
    pub short_names: String,
    pub former_names: String,
    pub category: String,
    pub websites: String,
    pub credit_code: String,
}

impl InstitutionFields {
    pub fn of(edit: &InstitutionEdit) -> Self {
        Self {
            name: edit.name.clone(),
            short_names: edit.short_names.join("\n"),
            former_names: edit.former_names.join("\n"),
            category: edit.category.clone(),
            websites: edit.websites.join("\n"),
            credit_code: edit.credit_code.clone(),
        }
    }

    pub fn read(fields: &Fields) -> Self {
        Self {
            name: fields.get("name").trim().to_owned(),
            short_names: fields.lines("short_names").join("\n"),
            former_names: fields.lines("former_names").join("\n"),
            category: fields.get("category").to_owned(),
            websites: fields.lines("websites").join("\n"),
            credit_code: fields.get("credit_code").trim().to_owned(),
        }
    }

    pub fn edit(&self) -> InstitutionEdit {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        InstitutionEdit {
            name: self.name.clone(),
            short_names: lines(&self.short_names),
            former_names: lines(&self.former_names),
            category: self.category.clone(),
            websites: lines(&self.websites),
            credit_code: self.credit_code.clone(),
        }
    }

    pub fn categories(&self) -> Vec<(&'static str, bool)> {
        Category::ALL.map(|c| (c.label(), c.label() == self.category)).to_vec()
    }
}

/// What to do after saving: hand in at once, or keep the draft.
pub fn hands_in(fields: &Fields) -> Result<bool, Problem> {
    match fields.get("then") {
        "submit" => Ok(true),
        "" | "save" => Ok(false),
        _ => Err(Problem::bad_parameter("then", "then 应为 save 或 submit")),
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(20).collect()
}
