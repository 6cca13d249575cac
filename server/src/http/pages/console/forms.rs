//! The forms by which a norm's and a body's facts are given, filled in from what is there and read back.

use std::sync::LazyLock;

use indexer::record::{Body, Category, Column, KINDS, Shape};

use crate::{
    http::{Problem, signed::Fields},
    workflow::InstitutionEdit,
};

/// Every field that the form of a record, or the one that confirms an upload, has, whatever its kind.
pub static ANY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let own = ["revision", "note", "name", "answers", "then", "seen"];
    let given = KINDS.iter().flat_map(|kind| kind.columns).filter(|column| column.given).map(|column| column.name);
    let mut all: Vec<&'static str> = own.into_iter().chain(given).collect();
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
    /// Whether nothing is chosen yet of the words to choose from.
    pub fn is_open(&self) -> bool {
        self.text.is_empty()
    }

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
    /// Whether records of this kind are changed by the form that their columns make.
    pub fn serves(body: &Body) -> bool {
        body.info().general || matches!(body, Body::Regulation(_))
    }

    pub fn of(body: &Body) -> Self {
        let given = body.facts().filter(|(column, _)| column.given);
        Self { inputs: given.map(|(column, values)| Input { column, text: values.join("\n") }).collect() }
    }

    pub fn read(fields: &Fields, body: &Body) -> Self {
        let given = body.info().columns.iter().copied().filter(|column| column.given);
        let text = |column: &Column| fields.get(column.name).replace("\r\n", "\n").trim().to_owned();
        Self { inputs: given.map(|column| Input { column, text: text(column) }).collect() }
    }

    pub fn gives_addresses(&self) -> bool {
        self.inputs.iter().any(|input| input.column.name == "websites")
    }

    /// What stands in a column's input.
    pub fn text(&self, name: &str) -> &str {
        self.inputs.iter().find(|input| input.column.name == name).map_or("", |input| &input.text)
    }

    /// The form with another text in a column's input.
    pub fn with(mut self, name: &str, text: String) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.column.name == name) {
            input.text = text.clone();
        }
        self
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
