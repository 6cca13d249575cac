//! Public institutions 机构 and their official sites.

mod contacts;
mod given;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Audience, Column, DivisionCode, Fault, Kind, Shape, Website, Word, kind::Field, State, keys::{Envelope, alike, key}};

pub use contacts::{Contacts, Stated};

/// Names of one kind that an institution may have, sites that it may give; characters of a name and of an address.
const MAX_NAMES: usize = 30;
const MAX_SITES: usize = 10;
const MAX_NAME: usize = 60;
const MAX_SITE: usize = 300;

/// An institution of the party, state or public service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Full name 全称.
    pub name: String,
    /// Standard and usual short names 规范简称, 常用简称.
    #[serde(default)]
    pub short_names: Vec<String>,
    /// Names of institutions whose duties it took over, or its own before a change.
    #[serde(default)]
    pub former_names: Vec<String>,
    pub category: Category,
    pub level: InstitutionLevel,
    /// The division it serves; `000000` for a central institution.
    pub division: DivisionCode,
    /// The institution above it: its record's id where there is one.
    pub parent_id: Option<String>,
    /// The institution above it, by name.
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
    /// How the public reaches it.
    #[serde(default, skip_serializing_if = "Contacts::is_empty")]
    pub contacts: Contacts,
}

impl Institution {
    /// An institution of which nothing else is known.
    pub fn new(name: impl Into<String>, category: Category, division: DivisionCode) -> Self {
        Self {
            name: name.into(),
            short_names: Vec::new(),
            former_names: Vec::new(),
            category,
            level: InstitutionLevel::of(&division),
            division,
            parent_id: None,
            parent_name: None,
            name_basis: NameBasis::Source,
            websites: Vec::new(),
            former_sites: Vec::new(),
            web_names: Vec::new(),
            credit_code: None,
            contacts: Contacts::default(),
        }
    }

    /// Full, short and former names, in this order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.short_names).chain(&self.former_names).map(String::as_str)
    }

    /// Whether the name was made by rule and may differ from the real one. What the laws of organization call an
    /// institution, a region's name and 人民政府, 人民法院 or 人民检察院 behind it, is its name.
    pub fn may_be_called_otherwise(&self) -> bool {
        let by_law = ["人民政府", "人民法院", "人民检察院"].iter().any(|body| self.name.ends_with(body));
        self.name_basis == NameBasis::Constructed && !by_law
    }

    /// How the full name is known, for a reader.
    pub fn name_basis_label(&self) -> &'static str {
        match self.name_basis {
            NameBasis::Constructed if !self.may_be_called_otherwise() => "地区名称加法律规定的机构名称",
            basis => basis.label(),
        }
    }
}

/// A host that is not, or no longer, taken for an institution's site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerSite {
    /// ASCII host in lower case, without `www.`.
    pub host: String,
    pub sources: Vec<String>,
    /// Why, for a reader.
    pub reason: String,
}

/// Kind of institution 机构类别.
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
    /// Universities and other schools, whoever runs them; most are 事业单位 and all are looked for as schools.
    #[serde(rename = "学校")]
    School,
    #[serde(rename = "医院")]
    Hospital,
    #[serde(rename = "图书馆")]
    Library,
    /// Museums and memorial halls 纪念馆; cemeteries and monuments of martyrs are [`Category::PublicInstitution`].
    #[serde(rename = "博物馆")]
    Museum,
    #[serde(rename = "其他")]
    Other,
}

impl Category {
    pub const ALL: [Category; 16] = [
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
        Self::School,
        Self::Hospital,
        Self::Library,
        Self::Museum,
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
            Self::School => "学校",
            Self::Hospital => "医院",
            Self::Library => "图书馆",
            Self::Museum => "博物馆",
            Self::Other => "其他",
        }
    }

    /// Whether institutions of this kind are known by a name of their own and not by region and field of work: there
    /// are thousands, and whoever types a region's name looks for its offices first.
    pub fn has_own_names(self) -> bool {
        matches!(self, Self::School | Self::Hospital | Self::Library | Self::Museum)
    }
}

/// Level of an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstitutionLevel {
    Central,
    Province,
    Prefecture,
    County,
    Township,
}

impl InstitutionLevel {
    pub const ALL: [InstitutionLevel; 5] = [Self::Central, Self::Province, Self::Prefecture, Self::County, Self::Township];

    /// The level of institutions that serve a division, told from its code.
    pub fn of(division: &DivisionCode) -> Self {
        match division.significant().len() {
            0 => Self::Central,
            1 | 2 => Self::Province,
            3 | 4 => Self::Prefecture,
            5 | 6 => Self::County,
            _ => Self::Township,
        }
    }

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
    /// Made by rule from division and institution; the real name may differ.
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

/// Names of an institution that are listed. With ids of their longest, as many fit into a store's largest value with
/// room to spare.
const MAX_LISTED_NAMES: usize = 45;

impl Kind for Institution {
    const NAME: &'static str = "institution";
    const LABEL: &'static str = "机构";
    const PATH: &'static str = "institutions";
    const AUDIENCE: Audience = Audience::Public;
    const FIELDS: &'static [Field<Self>] = &[
        Field::given(
            Column::given("name", "全称", Shape::Line(MAX_NAME)).required().hint("机构的全称").example("遵义市教育局"),
            |i| Some(i.name.clone()).filter(|name| !name.is_empty()).into_iter().collect(),
            |i, values| {
                i.name = values.concat();
                Ok(())
            },
        ),
        Field::given(
            Column::given("short_names", "简称", Shape::Lines { most: MAX_NAMES, longest: MAX_NAME })
                .hint("规范简称和常用简称，多个用分号隔开")
                .example("遵义市教育局机关；遵义教育局"),
            |i| i.short_names.clone(),
            |i, values| {
                i.short_names = values;
                Ok(())
            },
        ),
        Field::given(
            Column::given("former_names", "曾用名", Shape::Lines { most: MAX_NAMES, longest: MAX_NAME })
                .hint("曾用名，多个用分号隔开")
                .example("无"),
            |i| i.former_names.clone(),
            |i, values| {
                i.former_names = values;
                Ok(())
            },
        ),
        Field::given(
            Column::given("category", "类别", Shape::Choice(|| Category::ALL.map(Category::label).to_vec()))
                .required()
                .hint("党委、人大、政府、政协、监委、法院、检察院、民主党派、群团、垂管、事业单位、学校、医院、图书馆、博物馆、其他")
                .example("政府"),
            |i| vec![i.category.label().to_owned()],
            |i, values| {
                i.category = chosen(&Category::ALL, Category::label, &values)?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("level", "级别", Shape::Choice(|| InstitutionLevel::ALL.map(InstitutionLevel::label).to_vec()))
                .hint("中央、省级、地级、县级、乡级；不写时按区划的级别")
                .example("地级"),
            |i| vec![i.level.label().to_owned()],
            |i, values| {
                i.level = match values.is_empty() {
                    true => InstitutionLevel::of(&i.division),
                    false => chosen(&InstitutionLevel::ALL, InstitutionLevel::label, &values)?,
                };
                Ok(())
            },
        ),
        Field::given(
            Column::given("division", "区划代码", Shape::Division)
                .required()
                .fixed()
                .hint("机构所服务的行政区划的代码；中央机构写 000000")
                .example("520300"),
            |i| vec![i.division.to_string()],
            |i, values| {
                i.division = values.concat().parse().map_err(|error| format!("{error}"))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("parent_name", "上级机构", Shape::Line(MAX_NAME))
                .hint("上级机构的全称")
                .example("遵义市人民政府"),
            |i| i.parent_name.iter().cloned().collect(),
            |i, values| {
                let parent = values.into_iter().next();
                if parent != i.parent_name {
                    (i.parent_name, i.parent_id) = (parent, None);
                }
                Ok(())
            },
        ),
        Field::shown(Column::made("parent_id", "上级机构编号", Shape::Line(200)), |i| {
            i.parent_id.iter().cloned().collect()
        }),
        Field::given(
            Column::given("websites", "网址", Shape::Lines { most: MAX_SITES, longest: MAX_SITE })
                .hint("以 http:// 或 https:// 开头的网址，最常用的放在最前，多个用分号隔开；删去的会标为“不再使用”")
                .example("https://jyj.zunyi.gov.cn/"),
            |i| i.websites.iter().map(|site| site.url.clone()).collect(),
            |i, values| {
                i.websites = values.into_iter().map(|url| given::site_of(&i.websites, url)).collect();
                Ok(())
            },
        ),
        Field::shown(Column::made("evidence", "网址依据", Shape::Lines { most: MAX_SITES, longest: 10 }), |i| {
            i.websites.iter().map(|site| site.evidence.label().to_owned()).collect()
        }),
        Field::shown(Column::made("web_names", "网上名称", Shape::Lines { most: 10, longest: 300 }), |i| {
            i.web_names.clone()
        }),
        Field::given(
            // Typed with spaces or hyphens it is longer than the 18 characters that are kept.
            Column::given("credit_code", "统一社会信用代码", Shape::Line(30)).hint("18 位统一社会信用代码"),
            |i| i.credit_code.iter().cloned().collect(),
            |i, values| {
                i.credit_code = values.first().map(|text| given::checked_code(text)).transpose()?;
                Ok(())
            },
        ),
        Field::shown(Column::made("name_basis", "名称依据", Shape::Line(20)), |i| vec![i.name_basis.label().to_owned()]),
        Field::shown(Column::made("former_sites", "不再使用的网址", Shape::Lines { most: 100, longest: 300 }).later(), |i| {
            i.former_sites.iter().map(|site| site.host.clone()).collect()
        }),
        contacts::PHONES,
        contacts::ADDRESS,
        contacts::HOURS,
        contacts::POSTCODE,
        contacts::ACCOUNTS,
        contacts::ICP,
        contacts::SITE_CODE,
        contacts::STATED,
    ];

    fn blank() -> Option<Self> {
        Some(Self::new(String::new(), Category::Other, DivisionCode::nation()))
    }

    /// `i-` and 12 hex digits of the sha256 of its division and full name, so that institutions of one name in two
    /// places are two. It stays when the institution is renamed.
    fn id(&self) -> Option<String> {
        let hash = Sha256::digest(format!("{}\0{}", self.division, self.name));
        Some(format!("i-{}", &hex::encode(hash)[..12]))
    }

    fn complete(&mut self, before: Option<&Self>, word: Word<'_>) -> Vec<Fault> {
        given::complete(self, before, word)
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        self.parent_name.as_deref().map(|name| (name, &mut self.parent_id))
    }

    fn title(&self) -> &str {
        &self.name
    }

    /// The institution above it.
    fn rests_on(&self) -> Vec<String> {
        self.parent_id.iter().cloned().collect()
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn sites(&self) -> &[Website] {
        &self.websites
    }

    fn sites_mut(&mut self) -> Option<&mut Vec<Website>> {
        Some(&mut self.websites)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        if of.state != State::Published {
            return Vec::new();
        }
        let names = self.names().take(MAX_LISTED_NAMES);
        let mut all: Vec<String> = names.map(|name| key(&["alike", &alike(name), of.id])).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// The value that a word of a list stands for.
fn chosen<T: Copy>(all: &[T], label: fn(T) -> &'static str, values: &[String]) -> Result<T, String> {
    let word = values.first().map_or("", String::as_str);
    all.iter().copied().find(|value| label(*value) == word).ok_or_else(|| "请从列表中选择".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_stored_by_their_labels() {
        for category in Category::ALL {
            let label = format!("\"{}\"", category.label());
            assert_eq!(serde_json::to_string(&category).unwrap(), label);
            assert_eq!(serde_json::from_str::<Category>(&label).unwrap(), category);
        }
        let hint = Institution::FIELDS.iter().find(|f| f.column.name == "category").unwrap().column.hint;
        assert_eq!(hint, Category::ALL.map(Category::label).join("、"), "the form names every category");
    }

    #[test]
    fn a_name_by_law_is_not_excused() {
        let crate::Body::Institution(mut i) = crate::samples::institution("a", "甲市人民政府", "520300").body else {
            panic!("no institution")
        };
        i.name_basis = NameBasis::Constructed;
        assert!(!i.may_be_called_otherwise());
        assert!(!i.name_basis_label().contains("可能"));
        i.name = "甲市自然资源局".into();
        assert!(i.may_be_called_otherwise() && i.name_basis_label().contains("可能"));
        i.name_basis = NameBasis::Source;
        assert!(!i.may_be_called_otherwise());
    }

    #[test]
    fn values_written_before_schools_were_told_apart_are_read() {
        for label in ["事业单位", "其他", "政府", "垂管"] {
            assert!(serde_json::from_str::<Category>(&format!("\"{label}\"")).is_ok(), "{label}");
        }
        assert!(!Category::PublicInstitution.has_own_names() && Category::School.has_own_names());
    }
}
