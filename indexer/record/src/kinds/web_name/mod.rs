//! Official web names 网上名称: hosts under gov.cn and names under .政务 and .公益.

use serde::{Deserialize, Serialize};

use crate::{Audience, Column, Date, DivisionCode, Evidence, Kind, Shape, kind::Field, State, keys::{Envelope, alike, key, part}};
use text::web_name::{is_official, variant};

mod dns;
mod life;

pub use dns::{DnsFacts, DnsFault, read_dns};
pub use life::{
    Cancelled, FreezeReason, Frozen, LifeFault, LifeStep, NameEvent, NameLife, NameStage, Successor, Terms, Tombstone,
};

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
    /// Other institutions for which the same name is given: offices that share a platform, or a mistake of a list.
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
    /// What the register tells of its life; `None` where it was only met in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<NameLife>,
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

/// What a name says of its owner (guide of the registry for .政务 and .公益, 2016: full name, standard short name,
/// other usual short name, or the site's name).
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
    /// Under an official registry and given by a source that counts; elsewhere see [`NameStatus::of`].
    #[default]
    InUse,
    /// The sources disagree about whose it is or which one is in use.
    Disputed,
    /// Outside the official registries, or only guessed: it may have lapsed and waits for review 待核实.
    Pending,
    /// A list gave it once and it was not taken over; the basis says why.
    NotAdopted,
}

impl NameStatus {
    pub const ALL: [NameStatus; 4] = [Self::InUse, Self::Disputed, Self::Pending, Self::NotAdopted];

    /// The one rule of where a host (A-labels) stands that is given with this evidence. `anywhere`: for an institution
    /// or an entrance that has its address outside the official registries by right (schools, hospitals, 12306.cn);
    /// what offices had there lapses more often, and waits for review.
    pub fn of(host: &str, evidence: Evidence, anywhere: bool) -> Self {
        let in_registry = is_official(host);
        match evidence {
            Evidence::Disputed if in_registry || anywhere => Self::Disputed,
            Evidence::Claimed | Evidence::Disputed => Self::Pending,
            _ if in_registry || (anywhere && evidence.is_attested()) => Self::InUse,
            Evidence::Registry | Evidence::Confirmed | Evidence::Corroborated | Evidence::Single => Self::Pending,
        }
    }

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

/// Owners by which a name is found: a platform may have hundreds, and each is an entry in the store.
const MAX_LISTED_OWNERS: usize = 50;

impl Kind for WebName {
    const NAME: &'static str = "web_name";
    const LABEL: &'static str = "网上名称";
    const PATH: &'static str = "web-names";
    const AUDIENCE: Audience = Audience::Public;
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown(
            Column::given("name", "网上名称", Shape::Line(300))
                .required()
                .hint("只写主机名，不带 http://、端口和路径；中文名称照写")
                .example("jyj.zunyi.gov.cn"),
            |w| vec![w.name.clone()],
        ),
        Field::shown(Column::made("ascii", "编码形式", Shape::Line(300)), |w| vec![w.ascii.clone()]),
        Field::shown(
            Column::given("institution_name", "机构", Shape::Line(60))
                .required()
                .hint("所属机构的全称；库中要有这个机构")
                .example("遵义市教育局"),
            |w| vec![w.institution_name.clone()],
        ),
        Field::shown(
            Column::given("institution_id", "机构编号", Shape::Line(200)).hint("所属机构的编号；写了它，全称只用来核对"),
            |w| w.institution_id.iter().cloned().collect(),
        ),
        Field::shown(Column::made("shared_with", "共用机构", Shape::Lines { most: 100, longest: 60 }), |w| {
            w.shared_with.iter().map(|owner| owner.name.clone()).collect()
        }),
        Field::shown(Column::made("form", "名称形式", Shape::Line(20)), |w| vec![w.form.label().to_owned()]),
        Field::shown(Column::made("status", "状态", Shape::Line(10)), |w| vec![w.status.label().to_owned()]),
        Field::shown(Column::made("evidence", "依据等级", Shape::Line(10)), |w| vec![w.evidence.label().to_owned()]),
        Field::shown(
            Column::given("basis", "依据", Shape::Line(200))
                .hint("凭什么说它是这个机构的")
                .example("机构公文所附的网址"),
            |w| vec![w.basis.clone()],
        ),
        Field::shown(Column::made("sources", "所载名单", Shape::Lines { most: 100, longest: 100 }), |w| {
            w.sources.clone()
        }),
        Field::shown(Column::made("seen", "名单日期", Shape::Day), |w| w.seen.iter().map(ToString::to_string).collect()),
    ];

    fn title(&self) -> &str {
        &self.name
    }

    /// Its owners.
    fn rests_on(&self) -> Vec<String> {
        self.owners().filter_map(|(id, _)| id).take(MAX_LISTED_OWNERS).map(str::to_owned).collect()
    }

    /// It belongs where its owner does, which the owner's record tells.
    fn division(&self) -> Option<&DivisionCode> {
        None
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        if of.state != State::Published {
            return Vec::new();
        }
        let life = self.life.as_ref().filter(|life| life.cancelled.is_none());
        let expires = life.and_then(|life| life.expires).map(|day| key(&["expires", &day.to_string(), of.id]));
        let looks = key(&["looks", &alike(&self.name), of.id]);
        let written = key(&["variant", &part(&variant(&self.name)), of.id]);
        let registered = self.life.as_ref().is_some_and(|life| !life.events.is_empty());
        let changed = registered.then(|| of.changed());
        [looks, written].into_iter().chain(expires).chain(changed).collect()
    }
}
