//! A reader's word that a record is wrong 纠错建议: it goes to the office in charge and changes nothing by itself.

use serde::{Deserialize, Serialize};

use crate::{Audience, DivisionCode, Kind, Letter, kind::Field, keys::{Envelope}};

/// What a reader says of a record. Who said it is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Id of the record that it is about.
    pub about: String,
    /// The revision that the reader saw.
    pub about_revision: u64,
    /// Name or title of that record then.
    pub about_title: String,
    pub matter: CorrectionMatter,
    pub says: String,
    /// Where it can be checked, as the reader gave it.
    pub evidence: Option<String>,
    /// What the office in charge answered.
    pub answer: Option<String>,
    /// Why it was not followed; `None` where it was, and for what was answered before there were letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
}

/// What is said to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionMatter {
    Website,
    Contact,
    Name,
    Place,
    Text,
    Validity,
    Missing,
    Other,
}

impl CorrectionMatter {
    pub const ALL: [CorrectionMatter; 8] =
        [Self::Website, Self::Contact, Self::Name, Self::Place, Self::Text, Self::Validity, Self::Missing, Self::Other];

    /// The name used in forms and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Contact => "contact",
            Self::Name => "name",
            Self::Place => "place",
            Self::Text => "text",
            Self::Validity => "validity",
            Self::Missing => "missing",
            Self::Other => "other",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Website => "网址不对或打不开",
            Self::Contact => "联系方式有误或没有",
            Self::Name => "名称有误",
            Self::Place => "地区或上下级有误",
            Self::Text => "条文文字有误",
            Self::Validity => "时效或日期有误",
            Self::Missing => "缺少内容",
            Self::Other => "其他",
        }
    }
}

impl Kind for Correction {
    const NAME: &'static str = "correction";
    const LABEL: &'static str = "纠错建议";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Offices;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.about_title
    }

    fn division(&self) -> Option<&DivisionCode> {
        None
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        if of.is_open() { vec![of.waiting()] } else { Vec::new() }
    }
}
