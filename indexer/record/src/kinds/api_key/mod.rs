//! Keys 接口密钥 of other systems that act for an office. The key itself is no part of the record.

use serde::{Deserialize, Serialize};

use crate::{Audience, Date, DivisionCode, Kind, kind::Field, keys::{Envelope, key, part}};

/// A key of another system, in the name of an office. In force in state `Approved`, as accounts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// What it is for, as the administrator put it.
    pub purpose: String,
    pub office_id: Option<String>,
    pub office_name: String,
    pub division: DivisionCode,
    pub scopes: Vec<Scope>,
    /// Requests a minute.
    pub quota: u32,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Accounts that made it or hold it: what it hands in is theirs too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<String>,
    /// sha256 of the key in hex; the key itself, 256 random bits, is shown once and not kept.
    pub hash: String,
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Ask the public interfaces, within the key's own quota.
    Search,
    /// Hand in documents and corrections of records for review.
    Submit,
    /// Search and read what offices share with each other.
    Consult,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Self::Search, Self::Submit, Self::Consult];

    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Submit => "submit",
            Self::Consult => "consult",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Search => "检索",
            Self::Submit => "报送",
            Self::Consult => "查阅内部资料",
        }
    }
}

impl Kind for ApiKey {
    const NAME: &'static str = "api_key";
    const LABEL: &'static str = "接口密钥";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Service;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.purpose
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let access = key(&["access", of.kind, self.division.as_str(), of.id]);
        vec![access, key(&["key", &part(&self.hash), of.id])]
    }
}
