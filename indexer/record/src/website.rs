//! An address that a record gives, and how well it is attested.

use serde::{Deserialize, Serialize};

/// A site attributed to an institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Website {
    pub url: String,
    /// ASCII host in lower case, without `www.`.
    pub host: String,
    pub evidence: Evidence,
    /// Ids of the lists that give this address, as in `corpus/sources.csv`.
    pub sources: Vec<String>,
    /// The host is not under gov.cn: it may have lapsed, so it waits for review 待核实.
    pub off_gov_cn: bool,
}

/// How well an address is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Imported from an official register.
    Registry,
    /// The institution itself gives it, and the 机构编制 office in charge has approved that.
    Confirmed,
    /// Two or more independent public lists agree.
    Corroborated,
    /// One public list gives it.
    Single,
    /// Submitted or generated, not reviewed.
    Claimed,
    /// Sources disagree: show both, recommend neither.
    Disputed,
}

impl Evidence {
    pub const ALL: [Evidence; 6] =
        [Self::Registry, Self::Confirmed, Self::Corroborated, Self::Single, Self::Claimed, Self::Disputed];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Confirmed => "confirmed",
            Self::Corroborated => "corroborated",
            Self::Single => "single",
            Self::Claimed => "claimed",
            Self::Disputed => "disputed",
        }
    }

    /// Whether it is good enough for an address that lies where anybody can have one.
    pub fn is_attested(self) -> bool {
        matches!(self, Self::Registry | Self::Confirmed | Self::Corroborated)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Registry => "官方登记",
            Self::Confirmed => "机构报送",
            Self::Corroborated => "多方印证",
            Self::Single => "单一来源",
            Self::Claimed => "待核实",
            Self::Disputed => "来源不一",
        }
    }

    /// What the level means, for a reader of a page.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Registry => "取自官方登记册。",
            Self::Confirmed => "由机构自己报送，经主管部门审核。",
            Self::Corroborated => "两份以上相互独立的公开名单给出同一网址。",
            Self::Single => "只有一份公开名单给出此网址，使用前请再核对。",
            Self::Claimed => "由推测或提交而来，尚未核实，请勿据此办事。",
            Self::Disputed => "各来源给出的网址不一致，两者并列，均不作推荐。",
        }
    }
}
