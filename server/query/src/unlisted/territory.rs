//! Where a regulation of the nation gives powers: everywhere, or in the part of the nation that it is about; and at
//! which levels, where its sentences name a department alone.

use std::ops::Range;

use indexer::{
    index::Generation,
    record::{DivisionCode, InstitutionLevel},
};

/// Regulations that hold for some provinces, by a word of their titles: the first two digits of the provinces' codes,
/// as the second article of each names them, of one that on who is in charge. Of some a part alone; which one, the regulation does not say by name.
/// 青藏高原 reaches over the south of 新疆 alone, into the prefectures along the 昆仑山 and the 阿尔金山, by four digits
/// each: 巴音郭楞, 克孜勒苏, 喀什, 和田. Their counties a department settles (第六十一条), and all of these are taken.
const AREAS: [(&str, &[&str]); 7] = [
    (
        "长江保护法",
        &[
            "63", "51", "54", "53", "50", "42", "43", "36", "34", "32", "31", "62", "61", "41", "52", "45", "44", "33",
            "35",
        ],
    ),
    ("黄河保护法", &["63", "51", "62", "64", "15", "14", "61", "41", "37"]),
    ("黄河水量调度", &["63", "51", "62", "64", "15", "61", "14", "41", "37", "13", "12"]),
    ("青藏高原生态保护法", &["54", "63", "6528", "6530", "6531", "6532", "51", "62", "53"]),
    ("黑土地保护法", &["23", "22", "21", "15"]),
    ("太湖流域", &["32", "33", "31"]),
    ("三峡工程建设移民", &["42", "50"]),
];
/// Regulations whose departments are those of the nation and of provinces alone, by their titles, each with these
/// departments: 第五条 of either (what the first says of 县级以上 is of the police and of 工商行政管理).
const OF_PROVINCES: [(&str, &[&str]); 2] =
    [("彩票管理条例", &["财政", "民政", "体育"]), ("对外承包工程管理条例", &["商务"])];
/// Provinces with a coast: in the others nobody is in charge of the sea.
const COAST: [&str; 11] = ["12", "13", "21", "31", "32", "33", "35", "37", "44", "45", "46"];
const SEA: &str = "海洋";
/// What there is on a coast alone.
const OF_THE_COAST: [&str; 5] = [SEA, "海域", "海岛", "海岸", "红树林"];
/// What may follow such a word within the name of the place, the longest first.
const REST_OF_A_PLACE: [&str; 5] = ["湿地", "线", "带", "区", "滩"];
/// What stands between places of which each is meant, the longest first.
const BETWEEN_PLACES: [&str; 7] = ["或者", "以及", "、", "或", "和", "及", "与"];
/// What the titles of national regulations begin with.
const NATION: &str = "中华人民共和国";
/// Characters of a place's name at the beginning of a text: 新 is a name of 新疆, and 新闻 is not about it.
const LEAST_NAME: usize = 2;

/// Whether a title of the nation's is of a regulation that holds in a division: none is that begins with another place,
/// or that is about an area elsewhere.
pub fn covers(generation: &Generation, title: &str, division: &DivisionCode) -> bool {
    let title = title.strip_prefix(NATION).unwrap_or(title);
    is_in_area(title, division) && !is_elsewhere(generation, title, division)
}

/// Whether a division lies in the area that a title is about, or is a province that a part of it lies in, where it is
/// about one. The nation lies in none.
fn is_in_area(title: &str, division: &DivisionCode) -> bool {
    let about = AREAS.iter().find(|(word, _)| title.contains(word));
    let reaches = |code: &str| {
        division.as_str().starts_with(code) || !division.is_nation() && code.starts_with(division.significant())
    };
    about.is_none_or(|(_, parts)| parts.iter().any(|code| reaches(code)))
}

/// Whether a regulation leaves what a department does to a level.
pub fn is_in_charge(title: &str, term: &str, level: InstitutionLevel) -> bool {
    let title = title.strip_prefix(NATION).unwrap_or(title);
    let above = OF_PROVINCES.iter().find(|(name, _)| *name == title);
    matches!(level, InstitutionLevel::Central | InstitutionLevel::Province)
        || above.is_none_or(|(_, departments)| !departments.iter().any(|name| term.starts_with(name)))
}

/// Whether an institution in a division is what laws call so.
pub fn has_such(term: &str, division: &DivisionCode) -> bool {
    !term.contains(SEA) || has_a_coast(division)
}

/// Whether a division may have what a deed is about: 在红树林湿地内投放…的.
pub fn has_what(deed: &str, division: &DivisionCode) -> bool {
    !is_of_the_coast(deed) || has_a_coast(division)
}

fn is_of_the_coast(deed: &str) -> bool {
    let at = |word: &&'static str| deed.match_indices(*word).map(|(at, word)| at..at + word.len()).collect::<Vec<_>>();
    let mut found = OF_THE_COAST.iter().flat_map(at).peekable();
    found.peek().is_some() && !found.any(|place| is_one_of_several(deed, place))
}

/// Whether a word of the coast stands right beside a place that may lie inland: 在河流、湖泊、海域投放. In
/// 在红树林湿地内挖塘、取土 what is named beside it is a deed.
fn is_one_of_several(deed: &str, place: Range<usize>) -> bool {
    let (before, behind) = (&deed[..place.start], &deed[place.end..]);
    let behind = REST_OF_A_PLACE.iter().find_map(|rest| behind.strip_prefix(rest)).unwrap_or(behind);
    let last = BETWEEN_PLACES.iter().find_map(|word| before.strip_suffix(word));
    let next = BETWEEN_PLACES.iter().find_map(|word| behind.strip_prefix(word));
    let parts = ['、', '，', '或', '和', '及', '与'];
    let beside = [last.and_then(|text| text.rsplit(parts).next()), next.and_then(|text| text.split(parts).next())];
    let inland = |text: &str| !text.is_empty() && !OF_THE_COAST.iter().any(|word| text.contains(word));
    beside.into_iter().flatten().any(inland)
}

fn has_a_coast(division: &DivisionCode) -> bool {
    division.is_nation() || COAST.iter().any(|code| division.as_str().starts_with(code))
}

/// Whether a text begins with the name of a province or a prefecture that neither is the division, nor lies in it, nor
/// has it within.
pub fn is_elsewhere(generation: &Generation, text: &str, division: &DivisionCode) -> bool {
    let divisions = generation.catalogue.divisions();
    let key = generation.pipeline.key(text);
    let mut readings = generation.gazetteer.readings(&generation.catalogue, &key);
    readings.retain(|reading| key[..reading.len].chars().count() >= LEAST_NAME);
    let mut codes = readings
        .iter()
        .filter_map(|reading| divisions.get(reading.division as usize))
        .filter_map(|d| DivisionCode::try_from(d.code.clone()).ok())
        .filter(|code| code.as_str().ends_with("00") && !code.is_nation())
        .peekable();
    codes.peek().is_some() && !codes.any(|code| code.covers(division) || division.covers(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    /// Each area with a county within and one outside of it, as the second article of its regulation names the
    /// provinces.
    #[test]
    fn regulations_about_an_area_hold_in_its_provinces_alone() {
        for (title, within, outside) in [
            ("中华人民共和国长江保护法", "520321", "230102"),
            ("中华人民共和国黄河保护法", "410102", "520321"),
            ("黄河水量调度条例", "130102", "520321"),
            ("中华人民共和国青藏高原生态保护法", "540102", "410102"),
            ("中华人民共和国黑土地保护法", "230102", "540102"),
            ("太湖流域管理条例", "320506", "520321"),
            ("长江三峡工程建设移民条例", "420502", "520321"),
        ] {
            assert!(is_in_area(title, &code(within)), "{title} {within}");
            assert!(!is_in_area(title, &code(outside)), "{title} {outside}");
        }
        for everywhere in ["中华人民共和国渔业法", "水库大坝安全管理条例"] {
            assert!(["520321", "230102", "000000"].iter().all(|at| is_in_area(everywhere, &code(at))), "{everywhere}");
        }
        // The regulation on how much water is drawn reaches two provinces that the law does not.
        assert!(
            is_in_area("黄河水量调度条例", &code("120101")) && !is_in_area("中华人民共和国黄河保护法", &code("120101"))
        );
    }

    /// 新疆 itself and four of its prefectures have a part of the plateau; the north of it has none.
    #[test]
    fn the_plateau_reaches_over_the_south_of_xinjiang_alone() {
        let title = "中华人民共和国青藏高原生态保护法";
        for within in ["650000", "652800", "652824", "653022", "653131", "653200", "540000", "630102"] {
            assert!(is_in_area(title, &code(within)), "{within}");
        }
        for outside in ["650200", "650203", "650100", "652300", "654000", "659001", "500000", "000000"] {
            assert!(!is_in_area(title, &code(outside)), "{outside}");
        }
    }

    #[test]
    fn some_regulations_know_the_departments_of_the_nation_and_of_provinces_alone() {
        for (title, term) in
            [("彩票管理条例", "财政部门"), ("彩票管理条例", "体育行政部门"), ("对外承包工程管理条例", "商务主管部门")]
        {
            for (level, is) in [
                (InstitutionLevel::Central, true),
                (InstitutionLevel::Province, true),
                (InstitutionLevel::Prefecture, false),
                (InstitutionLevel::County, false),
            ] {
                assert_eq!(is_in_charge(title, term, level), is, "{title} {term} {level:?}");
            }
        }
        // Others of the same regulation, and the same department of another.
        for (title, term) in [
            ("彩票管理条例", "公安机关"),
            ("对外承包工程管理条例", "建设主管部门"),
            ("彩票管理条例实施细则", "财政部门"),
            ("中华人民共和国预算法", "财政部门"),
        ] {
            assert!(is_in_charge(title, term, InstitutionLevel::Prefecture), "{title} {term}");
        }
    }

    #[test]
    fn institutions_for_the_sea_are_those_of_the_nation_and_of_provinces_with_a_coast() {
        for (division, has) in [
            ("000000", true),
            ("460105", true),
            ("210211", true),
            ("450512", true),
            ("520321", false),
            ("110101", false),
        ] {
            assert_eq!(has_such("海洋主管部门", &code(division)), has, "{division}");
            assert!(has_such("渔业主管部门", &code(division)), "{division}");
            assert_eq!(has_what("在红树林湿地内投放示例物的", &code(division)), has, "{division}");
            assert!(has_what("在泥炭沼泽湿地内投放示例物的", &code(division)), "{division}");
        }
    }

    /// One word of the coast among places that lie inland too takes no power from a county inland.
    #[test]
    fn a_place_on_the_coast_may_be_one_of_several() {
        for (deed, is) in [
            ("在河流、湖泊、海域投放示例物种的", false),
            ("在海域或者湖泊投放示例物种的", false),
            ("占用海岸线、河道的", false),
            ("在草原以及海岛放牧的", false),
            ("在红树林湿地内挖塘、取土的", true),
            ("在海域、海岛建设示例设施的", true),
            ("占用海域，拒不改正的", true),
            ("向海洋倾倒示例物的", true),
            ("向江河、湖泊、海洋倾倒示例物的", false),
            ("在湖泊投放示例物种的", false),
        ] {
            assert_eq!(is_of_the_coast(deed), is, "{deed}");
            assert_eq!(has_what(deed, &code("520321")), !is, "{deed}");
            assert!(has_what(deed, &code("460105")), "{deed}");
        }
    }

    /// No province stands in a list twice, and each is one.
    #[test]
    fn areas_and_the_coast_name_each_province_once() {
        const PROVINCES: [&str; 31] = [
            "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
            "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
        ];
        for list in AREAS.iter().map(|(_, provinces)| *provinces).chain([&COAST[..]]) {
            assert!(list.iter().all(|code| matches!(code.len(), 2 | 4) && PROVINCES.contains(&&code[..2])), "{list:?}");
            assert!(list.iter().all(|code| list.iter().filter(|other| *other == code).count() == 1), "{list:?}");
        }
    }
}
