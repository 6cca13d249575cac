//! The institutions that the law gives every division of a kind, so that it can be told how many there are though no
//! list has them all.

use serde::{Deserialize, Serialize};

use record::{Category, DivisionLevel, Institution, InstitutionLevel};

/// An institution of which a division has one by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatutoryInstitution {
    Government,
    Congress,
    Supervision,
}

/// Taiwan, Hong Kong and Macao, whose institutions are made by other law.
const ELSEWHERE: [&str; 3] = ["71", "81", "82"];

impl StatutoryInstitution {
    pub const ALL: [StatutoryInstitution; 3] = [Self::Government, Self::Congress, Self::Supervision];

    pub fn name(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Congress => "congress",
            Self::Supervision => "supervision",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Government => "人民政府",
            Self::Congress => "人民代表大会（常务委员会）",
            Self::Supervision => "监察委员会",
        }
    }

    /// The article that says so.
    pub fn basis(self) -> &'static str {
        match self {
            Self::Government | Self::Congress => {
                "宪法第九十五条：省、直辖市、县、市、市辖区、乡、民族乡、镇设立人民代表大会和人民政府；自治区、自治州、自治县设立自治机关"
            }
            Self::Supervision => "监察法第七条：省、自治区、直辖市、自治州、县、自治县、市、市辖区设立监察委员会",
        }
    }

    /// Which of them an institution is, by its category and name.
    pub fn of(i: &Institution) -> Option<Self> {
        match i.category {
            Category::Government if i.name.ends_with("人民政府") => Some(Self::Government),
            Category::Congress if i.name.contains("人民代表大会") || i.name.contains("人大常委会") => {
                Some(Self::Congress)
            }
            // One office, two institutions: 中共甲市纪律检查委员会（甲市监察委员会）.
            Category::Supervision | Category::Party if i.name.contains("监察委员会") => Some(Self::Supervision),
            _ => None,
        }
    }

    /// Whether a division of this code, name and level has one. 地区 and 盟 are areas of a province's agency, 街道 of a
    /// district's; areas of other kinds (开发区, 农场) are no divisions by law.
    pub fn has_one(self, code: &str, name: &str, level: DivisionLevel) -> bool {
        if ELSEWHERE.iter().any(|place| code.starts_with(place)) {
            return false;
        }
        let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
        match level {
            DivisionLevel::Nation => false,
            DivisionLevel::Province | DivisionLevel::County => true,
            DivisionLevel::Prefecture => !ends(&["地区", "盟"]),
            DivisionLevel::Township => self != Self::Supervision && ends(&["乡", "镇", "苏木"]),
        }
    }
}

/// The level of the institutions of a division.
pub fn institution_level(level: DivisionLevel) -> InstitutionLevel {
    match level {
        DivisionLevel::Nation => InstitutionLevel::Central,
        DivisionLevel::Province => InstitutionLevel::Province,
        DivisionLevel::Prefecture => InstitutionLevel::Prefecture,
        DivisionLevel::County => InstitutionLevel::County,
        DivisionLevel::Township => InstitutionLevel::Township,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{Body, samples::institution};

    #[test]
    fn a_division_has_what_the_law_gives_it() {
        use DivisionLevel::{County, Nation, Prefecture, Province, Township};
        for (code, name, level, wanted) in [
            ("000000", "全国", Nation, [false, false, false]),
            ("520000", "贵州省", Province, [true, true, true]),
            ("810000", "香港特别行政区", Province, [false, false, false]),
            ("520300", "遵义市", Prefecture, [true, true, true]),
            ("232700", "大兴安岭地区", Prefecture, [false, false, false]),
            ("152200", "兴安盟", Prefecture, [false, false, false]),
            ("520381", "赤水市", County, [true, true, true]),
            ("520381100", "甲镇", Township, [true, true, false]),
            ("520381200", "乙民族乡", Township, [true, true, false]),
            ("520381001", "丙街道", Township, [false, false, false]),
            ("520381400", "丁农场", Township, [false, false, false]),
        ] {
            assert_eq!(StatutoryInstitution::ALL.map(|b| b.has_one(code, name, level)), wanted, "{name}");
        }
    }

    #[test]
    fn institutions_by_law_are_told_from_departments() {
        let of = |name: &str, category: Category| {
            let Body::Institution(mut i) = institution("x", name, "520300").body else { panic!("no institution") };
            i.category = category;
            StatutoryInstitution::of(&i)
        };
        assert_eq!(of("遵义市人民政府", Category::Government), Some(StatutoryInstitution::Government));
        assert_eq!(of("遵义市人民政府办公室", Category::Government), None);
        assert_eq!(of("遵义市人民代表大会常务委员会", Category::Congress), Some(StatutoryInstitution::Congress));
        assert_eq!(of("遵义市监察委员会", Category::Supervision), Some(StatutoryInstitution::Supervision));
        let joint = "中共遵义市纪律检查委员会（遵义市监察委员会）";
        assert_eq!(of(joint, Category::Supervision), Some(StatutoryInstitution::Supervision));
        assert_eq!(of("中共遵义市委组织部", Category::Party), None);
        assert_eq!(of("遵义市人民法院", Category::Court), None);
    }
}
