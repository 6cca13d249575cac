//! The regions whose local rules a reader asks about: the query names one beside its matter (加装电梯 杭州, 杭州养犬),
//! or the reader has told theirs. What holds there comes before what holds everywhere; what holds elsewhere comes last.

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::RegulationLevel,
};

use crate::{request::SearchRequest, understand::Understanding};

/// What a local rule gains at home: enough to pass the national one that it carries out where both speak of the matter,
/// too little for one that shares an odd word with the query.
const AT_HOME: f32 = 3.0;
/// What the rule of another region keeps: it does not hold there, and still shows how others do it.
const ELSEWHERE: f32 = 0.3;
/// Longest name of a division that is looked for at the end of a query without spaces, in characters.
const LONGEST_END: usize = 8;

#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Codes of the divisions: several where a name is that of several, none where no region is asked about.
    codes: Vec<String>,
    /// The region as the query has it, as a key; empty where the query does not name it.
    typed: String,
}

impl Home {
    pub fn of(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Self {
        if let Some(named) = named(generation, u) {
            return named;
        }
        let chosen = request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation());
        Self { codes: chosen.map(ToString::to_string).into_iter().collect(), typed: String::new() }
    }

    /// Code of the one division that the query names beside its matter.
    pub fn named(&self) -> Option<&str> {
        match &*self.codes {
            [code] if !self.typed.is_empty() => Some(code),
            _ => None,
        }
    }

    /// Whether a word of the query is the region or a part of its name.
    pub fn names(&self, word: &str) -> bool {
        self.typed.contains(word)
    }

    /// Whether what is laid down for a division holds in one of the regions.
    pub fn lies_in(&self, generation: &Generation, division: &str) -> bool {
        self.codes.iter().any(|code| generation.catalogue.lies_in(code, division))
    }

    /// What a regulation gains or loses.
    pub fn factor(&self, generation: &Generation, r: &RegulationEntry) -> f32 {
        match r.division.as_deref().filter(|_| !self.codes.is_empty() && is_local(r)) {
            None => 1.0,
            Some(division) if self.lies_in(generation, division) => AT_HOME,
            // Asked about a province: the rules of its cities hold in a part of it.
            Some(division) if self.codes.iter().any(|code| generation.catalogue.lies_in(division, code)) => 1.0,
            Some(_) => ELSEWHERE,
        }
    }
}

/// The region that stands before, after or, between spaces, anywhere in a query that asks for something besides.
fn named(generation: &Generation, u: &Understanding) -> Option<Home> {
    let telling = |name: &str| name.chars().nth(1).is_some();
    let home = |name: &str, rest: &str| {
        let divisions = generation.gazetteer.named(name).iter();
        let code = |at: &u32| generation.catalogue.divisions().get(*at as usize).map(|d| d.code.to_string());
        let codes: Vec<String> = divisions.filter_map(code).collect();
        (telling(name) && telling(rest) && !codes.is_empty()).then(|| Home { codes, typed: name.to_owned() })
    };
    let mut pieces = u.words.split_whitespace().map(|piece| generation.pipeline.key(piece));
    let apart = pieces.find_map(|piece| home(&piece, &u.key.replace(&piece, "")));
    let before = || {
        let readings = generation.gazetteer.readings(&generation.catalogue, &u.key);
        let longest = readings.iter().map(|reading| reading.len).max()?;
        let (name, rest) = u.key.split_at_checked(longest)?;
        // 杭州市西湖区 is read as two names: each reading tells where its last one lies.
        let of_reading = readings.iter().filter(|reading| reading.len == longest);
        let code = |at: u32| generation.catalogue.divisions().get(at as usize).map(|d| d.code.to_string());
        let codes: Vec<String> = of_reading.filter_map(|reading| code(reading.division)).collect();
        (telling(name) && telling(rest) && !codes.is_empty()).then(|| Home { codes, typed: name.to_owned() })
    };
    let after = || {
        let starts: Vec<usize> = u.key.char_indices().rev().map(|(at, _)| at).take(LONGEST_END).collect();
        starts.iter().rev().find_map(|at| home(&u.key[*at..], &u.key[..*at]))
    };
    apart.or_else(before).or_else(after)
}

/// Whether a regulation holds in its region alone.
pub fn is_local(r: &RegulationEntry) -> bool {
    matches!(r.level, RegulationLevel::LocalRegulation | RegulationLevel::LocalGovernmentRule)
}
