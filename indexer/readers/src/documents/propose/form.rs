//! What a person confirmed, and the norm that comes of it.

use serde::{Deserialize, Serialize};

use super::Proposal;
use record::{Date, DivisionCode, DocumentKind, NormLevel, Regulation};

/// Characters of the longest titles.
const MAX_TITLE: usize = 300;
/// Bodies of a joint issue: the largest have some forty.
const MAX_ISSUERS: usize = 100;
/// Characters of a body's name or a document number: the longest have some fifty.
const MAX_NAME: usize = 100;

/// The form's values as confirmed or corrected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub title: String,
    pub level: Option<NormLevel>,
    pub document_kind: Option<DocumentKind>,
    #[serde(default)]
    pub issuers: Vec<String>,
    pub document_number: Option<String>,
    pub division: Option<DivisionCode>,
    pub version_date: Option<Date>,
    pub published: Option<Date>,
    pub effective: Option<Date>,
}

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    #[error("没有标题：请填写文件的全称")]
    NoTitle,
    #[error("标题超过 {MAX_TITLE} 字：请只填写文件的全称")]
    LongTitle,
    #[error("没有效力层级：请选择法律、行政法规、规范性文件等")]
    NoLevel,
    #[error("没有文件种类：请选择规范、修改、废止、解释或决定")]
    NoKind,
    #[error("“{0}”须属于一个行政区划：请选择制定机关所在的区划")]
    NoDivision(&'static str),
    #[error("发文机关超过 {MAX_ISSUERS} 个：请只填写署名的机关")]
    ManyIssuers,
    #[error("“{0}……”过长：一个机关或文号最多 {MAX_NAME} 字，机关每行写一个")]
    LongName(String),
    #[error("标题、文号或发文机关中有控制字符 U+{0:04X}，请删去")]
    Control(u32),
}

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

    /// The norm: the form's facts around the document's text. What a caption told remains its history.
    pub fn into_regulation(self, form: Form) -> Result<Regulation, InvalidForm> {
        form.onto(Regulation {
            title: String::new(),
            level: NormLevel::Other,
            document_kind: DocumentKind::Norm,
            issuers: Vec::new(),
            document_number: None,
            division: None,
            version_date: None,
            published: None,
            effective: None,
            stated_status: None,
            history: self.history,
            preamble: self.text.preamble,
            headings: self.text.headings,
            articles: self.text.articles,
            attachment: self.text.attachment,
        })
    }
}

impl Form {
    /// A norm with the form's facts and its own text. A scan has none: then its facts and its original are all there is.
    pub fn onto(self, norm: Regulation) -> Result<Regulation, InvalidForm> {
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(InvalidForm::NoTitle);
        }
        if title.chars().nth(MAX_TITLE).is_some() {
            return Err(InvalidForm::LongTitle);
        }
        let level = self.level.ok_or(InvalidForm::NoLevel)?;
        let document_kind = self.document_kind.ok_or(InvalidForm::NoKind)?;
        let local = matches!(level, NormLevel::LocalRegulation | NormLevel::LocalGovernmentRule);
        if local && self.division.as_ref().is_none_or(DivisionCode::is_nation) {
            return Err(InvalidForm::NoDivision(level.label()));
        }
        let filled = |text: &String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let issuers: Vec<String> = self.issuers.iter().filter_map(filled).collect();
        if issuers.len() > MAX_ISSUERS {
            return Err(InvalidForm::ManyIssuers);
        }
        let number = self.document_number.iter();
        if let Some(long) = issuers.iter().chain(number).find(|text| text.chars().nth(MAX_NAME).is_some()) {
            return Err(InvalidForm::LongName(long.chars().take(20).collect()));
        }
        let texts = issuers.iter().chain(self.document_number.iter());
        if let Some(c) = title.chars().chain(texts.flat_map(|t| t.chars())).find(|c| c.is_control()) {
            return Err(InvalidForm::Control(c as u32));
        }
        Ok(Regulation {
            title,
            level,
            document_kind,
            issuers,
            document_number: self.document_number.as_ref().and_then(filled),
            division: self.division.filter(|code| !code.is_nation()),
            version_date: self.version_date,
            published: self.published,
            effective: self.effective,
            ..norm
        })
    }
}
