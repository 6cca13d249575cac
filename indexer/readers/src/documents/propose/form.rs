//! What a person confirmed, and the regulation that comes of it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Proposal;
use record::{Body, Date, DivisionCode, DocumentKind, Regulation, RegulationLevel, Weight, Word};

/// The form's values as confirmed or corrected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub title: String,
    pub level: Option<RegulationLevel>,
    pub document_kind: Option<DocumentKind>,
    #[serde(default)]
    pub issuers: Vec<String>,
    pub document_number: Option<String>,
    pub division: Option<DivisionCode>,
    pub version_date: Option<Date>,
    pub published: Option<Date>,
    pub effective: Option<Date>,
}

/// What is wrong with a form: each field's word, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidForm(pub Vec<(&'static str, String)>);

impl fmt::Display for InvalidForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self.0.iter().map(|(field, fault)| format!("{field}：{fault}")).collect();
        f.write_str(&told.join("；"))
    }
}

impl std::error::Error for InvalidForm {}

impl Proposal {
    /// The form filled in as proposed.
    pub fn form(&self) -> Form {
        Form {
            title: self.title.value.clone().unwrap_or_default(),
            level: self.level.value,
            document_kind: self.document_kind.value,
            issuers: self.issuers.value.clone().unwrap_or_default(),
            document_number: self.document_number.value.clone(),
            division: self.division.value.clone(),
            version_date: self.version_date.value,
            published: self.published.value,
            effective: self.effective.value,
        }
    }

    /// The regulation: the form's facts around the document's text. What a caption told remains its history.
    pub fn into_regulation(self, form: Form) -> Result<Regulation, InvalidForm> {
        form.onto(Regulation {
            history: self.history,
            preamble: self.text.preamble,
            headings: self.text.headings,
            articles: self.text.articles,
            attachment: self.text.attachment,
            ..Regulation::blank("", RegulationLevel::Other)
        })
    }
}

impl Form {
    /// The facts that a regulation has.
    pub fn of(regulation: &Regulation) -> Self {
        Self {
            title: regulation.title.clone(),
            level: Some(regulation.level),
            document_kind: Some(regulation.document_kind),
            issuers: regulation.issuers.clone(),
            document_number: regulation.document_number.clone(),
            division: regulation.division.clone(),
            version_date: regulation.version_date,
            published: regulation.published,
            effective: regulation.effective,
        }
    }

    /// A regulation with the form's facts and its own text. A scan has none: then its facts and its original are all
    /// there is.
    pub fn onto(self, regulation: Regulation) -> Result<Regulation, InvalidForm> {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let typed = BTreeMap::from([
            ("title", self.title),
            ("level", self.level.map_or("", RegulationLevel::label).to_owned()),
            ("document_kind", self.document_kind.map_or("", DocumentKind::label).to_owned()),
            ("issuers", self.issuers.join("\n")),
            ("document_number", self.document_number.unwrap_or_default()),
            ("division", self.division.map(|code| code.to_string()).unwrap_or_default()),
            ("version_date", day(self.version_date)),
            ("published", day(self.published)),
            ("effective", day(self.effective)),
        ]);
        let mut body = Body::Regulation(regulation);
        // A regulation keeps neither the source nor the day of a word.
        let word = Word { source: "", weight: Weight::Office, day: Date::ZERO };
        let filled = body.edit(None, word, |column| typed.get(column.name).map(String::as_str));
        filled
            .map_err(|faults| InvalidForm(faults.into_iter().map(|(column, fault)| (column.label, fault)).collect()))?;
        match body {
            Body::Regulation(regulation) => Ok(regulation),
            _ => unreachable!("filling in changes no kind"),
        }
    }
}
