//! What search knows of a record, whatever its kind.

use serde::{Deserialize, Serialize};

use super::{Date, DivisionCode, Website};

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
    /// The day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The day from which it holds no more, where that is known; it may be to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The institution in charge, by name, and its record where there is one.
    pub owner_name: String,
    pub owner_id: Option<String>,
    pub division: Option<DivisionCode>,
    /// A number that people call.
    pub phone: Option<String>,
    /// Whose number it is, in words, where the record is the number of a whole system: 国家税务总局, 公安机关.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_for: Option<String>,
    /// The fields of life whose number it is, as people name them: 医保, 报税.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// What else a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub sites: Vec<Website>,
    /// Texts in it that answer a question of their own, such as who is in charge of something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Passage>,
    /// What happened to an institution, by an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
    /// Whether people have it done at an office: everyday words for errands lead to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub applied_for: bool,
}

impl Entry {
    /// Whether it holds no more on a day.
    pub fn is_over(&self, day: Date) -> bool {
        self.until.is_some_and(|until| until <= day)
    }
}

/// A text within a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What it is called there: 主要职责（一）.
    pub label: String,
    pub text: String,
    /// Who does what it says, by the name that the record uses, where that is not the institution in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What happened to an institution on a day; names are those of that day.
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
