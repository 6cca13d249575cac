//! Where a norm of the nation gives powers: everywhere, or in the part of the nation that it is about.

use indexer::{index::Generation, record::DivisionCode};

/// Norms that hold for some provinces, by a word of their titles: the first two digits of the provinces' codes, as the second
/// article of each names them. Of some a part alone; which one, the norm does not say by name.
const AREAS: [(&str, &[&str]); 6] = [
    (
        "长江保护法",
        &[
            "63", "51", "54", "53", "50", "42", "43", "36", "34", "32", "31", "62", "61", "41", "52", "45", "44", "33",
            "35",
        ],
    ),
    ("黄河保护法", &["63", "51", "62", "64", "15", "14", "61", "41", "37"]),
    ("黄河水量调度", &["63", "51", "62", "64", "15", "61", "14", "41", "37", "13", "12"]),
    ("青藏高原生态保护法", &["54", "63", "65", "51", "62", "53"]),
    ("黑土地保护法", &["23", "22", "21", "15"]),
    ("太湖流域", &["32", "33", "31"]),
];
/// Provinces with a coast: in the others nobody is in charge of the sea.
const COAST: [&str; 11] = ["12", "13", "21", "31", "32", "33", "35", "37", "44", "45", "46"];
const SEA: &str = "海洋";
/// What the titles of national norms begin with.
const NATION: &str = "中华人民共和国";
/// Characters of a place's name at the beginning of a text: 新 is a name of 新疆, and 新闻 is not about it.
const LEAST_NAME: usize = 2;

/// Whether a title of the nation's is of a norm that holds in a division: none is that begins with another place, or that is
/// about an area elsewhere.
pub fn covers(generation: &Generation, title: &str, division: &DivisionCode) -> bool {
    let title = title.strip_prefix(NATION).unwrap_or(title);
    let about = AREAS.iter().find(|(word, _)| title.contains(word));
    about.is_none_or(|(_, provinces)| provinces.iter().any(|code| division.as_str().starts_with(code)))
        && !is_elsewhere(generation, title, division)
}

/// Whether a body in a division is what laws call so.
pub fn has_such(term: &str, division: &DivisionCode) -> bool {
    !term.contains(SEA) || division.is_nation() || COAST.iter().any(|code| division.as_str().starts_with(code))
}

/// Whether a text begins with the name of a province or a prefecture that neither is the division, nor lies in it, nor has it
/// within.
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
