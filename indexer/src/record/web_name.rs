//! Official web names 网上名称: hosts under gov.cn and names under .政务 and .公益.

use serde::{Deserialize, Serialize};

use super::{Date, Evidence};

/// A web name met in a source, whether or not its owner has a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebName {
    /// As people read it, in U-labels: 国务院.政务, zunyi.gov.cn.
    pub name: String,
    /// The A-label form (UTS #46), in lower case, without `www.`: xn--zfr54hdx6e.xn--zfr164b.
    pub ascii: String,
    pub institution_name: String,
    /// Record of the owner, where there is one.
    pub institution_id: Option<String>,
    /// Other bodies for which the same name is given: offices that share a platform, or a mistake of a list.
    #[serde(default)]
    pub shared_with: Vec<NameOwner>,
    #[serde(default)]
    pub form: NameForm,
    #[serde(default)]
    pub status: NameStatus,
    /// The best that a list gives for any of its owners.
    pub evidence: Evidence,
    /// What the attribution rests on, as the source says it.
    pub basis: String,
    /// Ids of the lists that give it, as in `corpus/sources.csv`.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Day on which the latest of these lists was taken.
    #[serde(default)]
    pub seen: Option<Date>,
}

impl WebName {
    /// Whether it is a Chinese name, that is, not written in Latin letters alone.
    pub fn is_chinese(&self) -> bool {
        self.name != self.ascii
    }

    /// Its owner, then those that share it.
    pub fn owners(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let first = (self.institution_id.as_deref(), self.institution_name.as_str());
        let others = self.shared_with.iter().map(|o| (Some(o.id.as_str()), o.name.as_str()));
        std::iter::once(first).filter(|(_, name)| !name.is_empty()).chain(others)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameOwner {
    pub id: String,
    pub name: String,
}

/// What a name says of its owner (guide of the registry for .政务 and .公益, 2016: full name, standard short name, other
/// usual short name, or the site's name).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameForm {
    FullName,
    ShortName,
    SiteName,
    /// Latin letters: pinyin or English.
    #[default]
    Latin,
}

impl NameForm {
    pub fn label(self) -> &'static str {
        match self {
            Self::FullName => "全称",
            Self::ShortName => "简称",
            Self::SiteName => "网站名称",
            Self::Latin => "英文或拼音名称",
        }
    }
}

/// Where a name stands, as far as the sources tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameStatus {
    /// Under an official registry and given by a source that counts.
    #[default]
    InUse,
    /// Under an official registry, but the sources disagree about whose it is or which one is in use.
    Disputed,
    /// Outside the official registries, or only guessed: it may have lapsed and waits for review 待核实.
    Pending,
    /// A list gave it once and it was not taken over; the basis says why.
    NotAdopted,
}

impl NameStatus {
    pub const ALL: [NameStatus; 4] = [Self::InUse, Self::Disputed, Self::Pending, Self::NotAdopted];

    /// The name used in the API and in the downloadable list.
    pub fn name(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Disputed => "disputed",
            Self::Pending => "pending",
            Self::NotAdopted => "not_adopted",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::InUse => "在用",
            Self::Disputed => "来源不一",
            Self::Pending => "待核实",
            Self::NotAdopted => "未采用",
        }
    }
}
