//! Divisions that were: 宣武区政府, 杭州富阳市, 110104; and names that differ from one in use by the word for the level.

use indexer::{
    index::{
        Generation,
        catalogue::DivisionEntry,
        gazetteer::{FormerReading, Reading},
    },
    record::{FormerDivision, Succession},
};

use super::{Understanding, code, without_errand};

/// What a query names that is not there any more.
#[derive(Debug, Clone, Default)]
pub struct FormerRegions {
    pub all: Vec<FormerRegion>,
    /// Whether one division is the successor for certain.
    pub certain: bool,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerRegion {
    /// Position in the catalogue's divisions of the one that the place belongs to now.
    pub division: u32,
    pub what: What,
    /// The institution that follows, as [`indexer::index::office_key`] has it.
    pub office: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Position among the former divisions that the division holds.
    Former(u32),
    /// A name that no source has, and that is this division's but for the level: what was typed.
    OtherLevel(String),
}

impl FormerRegions {
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl FormerRegion {
    pub fn division<'g>(&self, generation: &'g Generation) -> Option<&'g DivisionEntry> {
        generation.catalogue.divisions().get(self.division as usize)
    }

    pub fn former<'g>(&self, generation: &'g Generation) -> Option<&'g FormerDivision> {
        match self.what {
            What::Former(at) => self.division(generation)?.former.get(at as usize),
            What::OtherLevel(_) => None,
        }
    }
}

/// Words for a level at the end of a name, one character each.
const LEVELS: [char; 6] = ['省', '市', '县', '区', '旗', '盟'];

/// The ways to read the front of a text as a region. Former divisions go into `u`; the readings returned are those that
/// hold beside them, a certain successor among them.
pub fn read_name(generation: &Generation, lead: &str, text: &str, u: &mut Understanding) -> Vec<Reading> {
    let (mut readings, former) = generation.gazetteer.readings_with_former(&generation.catalogue, text);
    let longest = readings.first().map_or(0, |r| r.len);
    // What is called so today is meant first: 江北区 in 宁波, not the one that was in 重庆.
    let mut former: Vec<FormerReading> = former.into_iter().filter(|f| f.len > longest).collect();
    former.retain(|f| is_empty_or_office(generation, &text[f.len..]));
    let Some(len) = former.iter().map(|f| f.len).max() else {
        other_level(generation, lead, text, &readings, u);
        return readings;
    };
    former.retain(|f| f.len == len);
    if former.iter().any(|f| !f.stem) {
        former.retain(|f| !f.stem);
    }
    // 富阳市政府 is no 市政府 of 富阳.
    readings.clear();
    let office = office_of(generation, lead, &text[len..]);
    let all =
        former.iter().map(|f| FormerRegion { division: f.division, what: What::Former(f.at), office: office.clone() });
    u.former = FormerRegions { all: all.collect(), certain: false };
    u.former.certain = former.iter().all(|f| !f.stem) && one_successor(generation, &u.former.all);
    if u.former.certain {
        readings.extend(former.first().map(|f| Reading { division: f.division, len }));
    }
    readings
}

/// A code that no division has any more. Codes of counties are written with three or six more zeros too.
pub fn read_code(generation: &Generation, text: &str, u: &mut Understanding) {
    let Some(code) = code::division_code(text).filter(|_| u.division_code.is_none()) else { return };
    let county = code.get(..6).filter(|_| code[6..].bytes().all(|b| b == b'0'));
    let found = county.map(|county| generation.catalogue.former_code(county)).unwrap_or_default();
    for (division, former) in found {
        let at = division.former.iter().position(|f| f == former);
        let position = generation.catalogue.divisions().binary_search_by(|d| d.code.cmp(&division.code));
        if let (Some(at), Ok(position)) = (at, position) {
            let what = What::Former(at as u32);
            u.former.all.push(FormerRegion { division: position as u32, what, office: None });
        }
    }
    u.former.certain = one_successor(generation, &u.former.all);
    if u.former.certain {
        u.regions.extend(u.former.all.first().map(|f| f.division));
    }
}

/// Whether all readings lead to one division that took the whole place.
fn one_successor(generation: &Generation, all: &[FormerRegion]) -> bool {
    let whole = |f: &FormerRegion| f.former(generation).is_some_and(|f| f.succession == Succession::Whole);
    all.first().is_some_and(|first| all.iter().all(|f| f.division == first.division && whole(f)))
}

/// 富阳市 where only 富阳区 is known: most likely it was called so once, but no source says so.
fn other_level(generation: &Generation, lead: &str, text: &str, readings: &[Reading], u: &mut Understanding) {
    let longest = readings.first().map_or(0, |r| r.len);
    for reading in readings.iter().filter(|r| r.len == longest) {
        let Some(level) = text[reading.len..].chars().next().filter(|c| LEVELS.contains(c)) else { return };
        let rest = &text[reading.len + level.len_utf8()..];
        let divisions = generation.catalogue.divisions();
        let Some(division) = divisions.get(reading.division as usize) else { continue };
        let short = generation.pipeline.key(&division.short_name);
        let by_short_name = text[..reading.len].ends_with(short.as_str()) && !short.ends_with(LEVELS);
        if by_short_name && short.chars().nth(1).is_some() && is_empty_or_office(generation, rest) {
            let what = What::OtherLevel(format!("{short}{level}"));
            let office = office_of(generation, lead, rest);
            u.former.all.push(FormerRegion { division: reading.division, what, office });
        }
    }
}

fn office_of(generation: &Generation, lead: &str, rest: &str) -> Option<String> {
    let typed = without_errand(&generation.asked_words, rest.trim_start_matches('的'));
    generation.known_offices.key(lead, typed).filter(|_| !typed.is_empty())
}

/// Whether what follows a region's name is nothing or an office, so that the region was meant.
pub fn is_empty_or_office(generation: &Generation, rest: &str) -> bool {
    let typed = without_errand(&generation.asked_words, rest.trim_start_matches('的'));
    typed.is_empty()
        || generation.known_offices.known(typed).is_some()
        || typed.ends_with("政府")
        || super::offices::ends_as_office(typed)
}
