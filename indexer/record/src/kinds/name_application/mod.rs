//! 网上名称申请: an office asks for a name, or for a change of one that it has.
//!
//! The record's [`State`](crate::State) says who may see it, [`Stage`] where it stands. Which moves there are is data
//! ([`moves`]); what a move does to the application is pure ([`Step::apply`]), and whoever writes it to the store adds
//! what only the store knows.

mod chain;
mod moves;
mod stage;
mod waits;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use text::web_name::variant;

use crate::{Audience, Category, Clock, DivisionCode, FreezeReason, Kind, Letter, Successor, kind::Field, keys::{Envelope, key, part}};

pub use chain::{Chain, Link};
pub use moves::{Asked, By, MOVES, Move, Refused, Step, Then, enveloped, in_charge, move_named};
pub use stage::Stage;
pub use waits::{Review, percentile};

/// Letters and turns that an application carries; older ones stay with its older revisions.
const MAX_KEPT: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameApplication {
    pub matter: Matter,
    pub chain: Chain,
    pub stage: Stage,
    /// The name asked for, in U-labels, and its A-labels.
    pub name: String,
    pub ascii: String,
    /// Others that would do, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    pub applicant: Box<ApplicantInstitution>,
    /// What the site is for.
    pub purpose: String,
    pub ground: Ground,
    /// The site's other names that are live, and the main one of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parallel: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_name: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub current_site: String,
    /// The head's consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Attached>,
    /// A mailbox of the office, which may be published: never a person's.
    pub contact: String,
    pub agreed: bool,
    /// For 冻结.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<FreezeReason>,
    /// For 转移: who has the owner's duties, by which document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Accounts that wrote it: none of them reviews it.
    pub handlers: Vec<String>,
    /// Who has looked at it, in the order of the chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewers: Vec<Reviewer>,
    /// Where it lies in the chain: the place of the link among those of [`Chain::links`].
    pub link: usize,
    /// The division whose office has it before it.
    pub desk: DivisionCode,
    pub clock: Option<Clock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Letter>,
    #[serde(default, rename = "turns", skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_submitted: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_submitted: Option<Date>,
    /// Until when the same institution may not apply for the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred_until: Option<Date>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicantInstitution {
    pub id: String,
    pub name: String,
    pub category: Category,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    pub division: DivisionCode,
    /// The office whose accounts handle it, as [`Submission::office`](crate::Submission) names one.
    pub office: String,
    /// Whether it has administrative functions; `None` where that was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrative: Option<bool>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Register,
    Renew,
    Change,
    Transfer,
    Freeze,
    Unfreeze,
    Cancel,
}

impl Matter {
    pub const ALL: [Matter; 7] = [
        Self::Register,
        Self::Renew,
        Self::Change,
        Self::Transfer,
        Self::Freeze,
        Self::Unfreeze,
        Self::Cancel,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Renew => "renew",
            Self::Change => "change",
            Self::Transfer => "transfer",
            Self::Freeze => "freeze",
            Self::Unfreeze => "unfreeze",
            Self::Cancel => "cancel",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Register => "注册",
            Self::Renew => "续费或确认",
            Self::Change => "变更",
            Self::Transfer => "转移",
            Self::Freeze => "冻结",
            Self::Unfreeze => "解冻",
            Self::Cancel => "注销",
        }
    }
}

/// What a name is made of (guide of the registry, 2016).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    FullName,
    StandardShort,
    UsualShort,
    SiteName,
}

impl Ground {
    pub const ALL: [Ground; 4] = [Self::FullName, Self::StandardShort, Self::UsualShort, Self::SiteName];

    pub fn name(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::StandardShort => "standard_short",
            Self::UsualShort => "usual_short",
            Self::SiteName => "site_name",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::FullName => "全称",
            Self::StandardShort => "规范简称",
            Self::UsualShort => "常用简称",
            Self::SiteName => "网站名称",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Number of the document.
    pub document: String,
    pub day: Option<Date>,
}

/// A document that was handed in, kept by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// What it is: 申请表, 法人证书 …
    pub what: String,
    /// Its sha256 in hex.
    pub sha256: String,
    /// Name of the file, its format by its content, and its bytes.
    pub file_name: String,
    pub format: String,
    pub size: u64,
    pub on: Date,
}

/// What a reviewer says of a part of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub part: Part,
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub reviewer: String,
    pub on: Date,
}

/// The parts that are looked at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Applicant,
    Name,
    Purpose,
    Consent,
    Contact,
    Documents,
}

impl Part {
    pub const ALL: [Part; 6] =
        [Self::Applicant, Self::Name, Self::Purpose, Self::Consent, Self::Contact, Self::Documents];

    pub fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Name => "name",
            Self::Purpose => "purpose",
            Self::Consent => "consent",
            Self::Contact => "contact",
            Self::Documents => "documents",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Applicant => "申请单位",
            Self::Name => "名称",
            Self::Purpose => "用途",
            Self::Consent => "负责人同意",
            Self::Contact => "联系方式",
            Self::Documents => "材料",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    Hold,
    Reject,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Self::Approve, Self::Hold, Self::Reject];

    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Hold => "hold",
            Self::Reject => "reject",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Approve => "通过",
            Self::Hold => "存疑",
            Self::Reject => "不通过",
        }
    }
}

/// Somebody who has looked at it, at a link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewer {
    pub link: usize,
    pub account: String,
}

/// A move that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageChange {
    pub on: Date,
    pub act: String,
    pub to: Stage,
    /// The office that made it; accounts stand in the log alone.
    pub office: String,
}

impl NameApplication {
    /// At whose desk it lies, in words.
    pub fn at_desk(&self) -> &'static str {
        match self.stage {
            Stage::Draft | Stage::Supplement => "申请单位",
            stage if stage.is_over() => "已办结",
            Stage::Approved => "注册管理机构",
            _ => self.chain.links().get(self.link).map_or("注册管理机构", |link| link.label),
        }
    }

    /// Since when it lies there.
    pub fn since(&self) -> Option<Date> {
        self.stages.last().map(|turn| turn.on)
    }

    /// What is wrong with it before it may be handed in, each with how to mend it.
    pub fn lacks(&self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let mut need = |holds: bool, code, text| if !holds { lacks.push(Lack { code, text }) };
        need(!self.purpose.trim().is_empty(), "purpose", "请写明网站的用途");
        need(self.consent.as_ref().is_some_and(|c| !c.document.trim().is_empty()), "consent", "请写明负责人同意的文号");
        need(self.agreed, "agreement", "请确认已阅读并接受注册协议");
        need(!self.contact.trim().is_empty(), "contact", "请填写单位的联系邮箱");
        let named = self.contact.trim().is_empty() || is_role_mailbox(&self.contact);
        need(named, "personal-contact", "联系邮箱会公布，请填写单位的公用邮箱，不要填写个人邮箱");
        match self.matter {
            Matter::Freeze => need(self.freeze.is_some(), "freeze", "请选择冻结的原因"),
            Matter::Transfer => need(
                self.successor.as_ref().is_some_and(|s| !s.name.trim().is_empty() && !s.document.trim().is_empty()),
                "succession",
                "名称只能转给承继原单位职责的单位：请写明该单位和文号",
            ),
            _ => {}
        }
        lacks
    }
}

/// Something that an application lacks before it may be handed in: a code that stays, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    pub code: &'static str,
    pub text: &'static str,
}

/// Mailboxes that persons have and offices do not.
const PERSONAL_MAIL: [&str; 14] = [
    "qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com",
    "139.com", "189.cn", "gmail.com", "outlook.com", "hotmail.com",
];

/// Whether an address may be published as an office's: not one of the providers where persons have theirs, and no
/// number of a mobile phone in front of the sign.
fn is_role_mailbox(address: &str) -> bool {
    let Some((user, host)) = address.trim().rsplit_once('@') else { return false };
    let host = host.to_ascii_lowercase();
    let mobile = user.len() == 11 && user.starts_with('1') && user.bytes().all(|b| b.is_ascii_digit());
    let plain = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain(user) && plain(&host) && host.contains('.') && !mobile && !PERSONAL_MAIL.contains(&host.as_str())
}

impl Kind for NameApplication {
    const NAME: &'static str = "name_application";
    const LABEL: &'static str = "网上名称申请";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Offices;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.applicant.division)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let mut all = vec![key(&["applied", &part(&self.applicant.office), &of.newest_first()])];
        if of.is_open() && !self.stage.is_over() {
            all.extend([of.waiting(), key(&["variant", &part(&variant(&self.name)), of.id])]);
        }
        all
    }
}

#[cfg(test)]
mod tests;
