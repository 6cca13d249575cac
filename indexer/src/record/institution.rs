//! Public institutions 机构 and their official sites.

use serde::{Deserialize, Serialize};

use super::DivisionCode;

/// A body of the party, state or public service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Full name 全称.
    pub name: String,
    /// Standard and usual short names 规范简称, 常用简称.
    #[serde(default)]
    pub short_names: Vec<String>,
    /// Names of bodies whose duties it took over, or its own before a change.
    #[serde(default)]
    pub former_names: Vec<String>,
    pub category: Category,
    pub level: BodyLevel,
    /// The division it serves; `000000` for a central body.
    pub division: DivisionCode,
    /// The body above it: its record's id where there is one.
    pub parent_id: Option<String>,
    /// The body above it, by name.
    pub parent_name: Option<String>,
    pub name_basis: NameBasis,
    /// Sites known for it, best evidence first. With [`Evidence::Disputed`] none is to be recommended.
    #[serde(default)]
    pub websites: Vec<Website>,
    /// Hosts that a list gave for it and that were not taken over.
    #[serde(default)]
    pub former_sites: Vec<FormerSite>,
    /// Official Chinese web names (U-labels) met for it.
    #[serde(default)]
    pub web_names: Vec<String>,
    /// Unified social credit code (GB 32100-2015), upper case.
    pub credit_code: Option<String>,
}

impl Institution {
    /// Full, short and former names, in this order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.short_names).chain(&self.former_names).map(String::as_str)
    }
}

/// A site attributed to a body.
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

/// A host that is not, or no longer, taken for a body's site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerSite {
    /// ASCII host in lower case, without `www.`.
    pub host: String,
    pub sources: Vec<String>,
    /// Why, for a reader.
    pub reason: String,
}

/// How well an address is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Imported from an official register.
    Registry,
    /// The body itself gives it, and the 机构编制 office in charge has approved that.
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

/// Kind of body 机构类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Category {
    #[serde(rename = "党委")]
    Party,
    #[serde(rename = "人大")]
    Congress,
    #[serde(rename = "政府")]
    Government,
    #[serde(rename = "政协")]
    Cppcc,
    #[serde(rename = "监委")]
    Supervision,
    #[serde(rename = "法院")]
    Court,
    #[serde(rename = "检察院")]
    Procuratorate,
    #[serde(rename = "民主党派")]
    DemocraticParty,
    #[serde(rename = "群团")]
    MassOrganization,
    #[serde(rename = "垂管")]
    VerticallyManaged,
    #[serde(rename = "事业单位")]
    PublicInstitution,
    #[serde(rename = "其他")]
    Other,
}

impl Category {
    pub const ALL: [Category; 12] = [
        Self::Party,
        Self::Congress,
        Self::Government,
        Self::Cppcc,
        Self::Supervision,
        Self::Court,
        Self::Procuratorate,
        Self::DemocraticParty,
        Self::MassOrganization,
        Self::VerticallyManaged,
        Self::PublicInstitution,
        Self::Other,
    ];

    /// The word used in the corpus, the API and on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Party => "党委",
            Self::Congress => "人大",
            Self::Government => "政府",
            Self::Cppcc => "政协",
            Self::Supervision => "监委",
            Self::Court => "法院",
            Self::Procuratorate => "检察院",
            Self::DemocraticParty => "民主党派",
            Self::MassOrganization => "群团",
            Self::VerticallyManaged => "垂管",
            Self::PublicInstitution => "事业单位",
            Self::Other => "其他",
        }
    }
}

/// Level of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyLevel {
    Central,
    Province,
    Prefecture,
    County,
    Township,
}

impl BodyLevel {
    pub const ALL: [BodyLevel; 5] = [Self::Central, Self::Province, Self::Prefecture, Self::County, Self::Township];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Central => "中央",
            Self::Province => "省级",
            Self::Prefecture => "地级",
            Self::County => "县级",
            Self::Township => "乡级",
        }
    }
}

/// How the full name is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameBasis {
    /// A list gives this name.
    Source,
    /// Set by hand.
    Curated,
    /// Made by rule from division and body; the real name may differ.
    Constructed,
}

impl NameBasis {
    pub fn label(self) -> &'static str {
        match self {
            Self::Source => "名单所载",
            Self::Curated => "人工整理",
            Self::Constructed => "按规则拼成，可能与实际名称不同",
        }
    }
}
