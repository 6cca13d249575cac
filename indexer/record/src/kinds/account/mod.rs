//! Accounts 账户: who may act for an office. Secrets are no part of them: a record is kept for ever, a password is not.

use serde::{Deserialize, Serialize};

use crate::{Audience, DivisionCode, Kind, kind::Field, keys::{Envelope, key}};

/// An account of an office. It is never published: in force it stands in state `Approved`, closed in `Withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What one signs in with: lower-case letters, digits, `.`, `_`, `-`.
    pub name: String,
    /// The office that owns it, by record where there is one, and by name.
    pub office_id: Option<String>,
    pub office_name: String,
    pub role: Role,
    /// The role holds in this division and all below it.
    pub division: DivisionCode,
    /// How often somebody else has set its password: whoever could act in its name is in the log.
    #[serde(default)]
    pub resets: u32,
    /// A role that one administrator asked for and that another has to confirm before it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<AskedRole>,
}

/// A role on its way to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRole {
    pub role: Role,
    /// The administrator's account.
    pub by: String,
}

/// What an account may do in its division. The roles are no ladder: whoever gives out accounts approves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Reader,
    Contributor,
    Reviewer,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 4] = [Self::Reader, Self::Contributor, Self::Reviewer, Self::Administrator];

    /// Whether it takes two administrators to give it: whoever gave it alone could write and approve, or make the second one.
    pub fn takes_two(self) -> bool {
        matches!(self, Self::Reviewer | Self::Administrator)
    }

    /// The name used on the command line, in forms and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Contributor => "contributor",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Reader => "查阅员",
            Self::Contributor => "报送员",
            Self::Reviewer => "审核员",
            Self::Administrator => "管理员",
        }
    }

    /// What the role is for, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Reader => "查看本地区的报送和办理情况",
            Self::Contributor => "报送文件、更正记录、答复纠错建议",
            Self::Reviewer => "审核报送：核准公布、退回、撤回",
            Self::Administrator => "开设和停用账户、接口密钥，核对变更日志",
        }
    }
}

impl Kind for Account {
    const NAME: &'static str = "account";
    const LABEL: &'static str = "账户";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Service;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        vec![key(&["access", of.kind, self.division.as_str(), of.id])]
    }
}
