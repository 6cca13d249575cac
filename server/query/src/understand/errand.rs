//! An errand at an office, asked for in everyday words: 我要开饭店, 遵义开饭店.

use indexer::index::Generation;

use super::Understanding;
use crate::request::{KindFilter, SearchRequest};

/// An errand and where it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The everyday word.
    pub word: String,
    /// What lists call it, the likeliest first; none where no word of ours is meant.
    pub names: Vec<String>,
    /// Codes of the divisions that may be meant; none where no region is named or chosen.
    pub regions: Vec<String>,
}

/// Readings of a name of a region that are tried: 朝阳 is one of four.
const REGIONS: usize = 4;
/// Longest name of a division at the end of a query, in characters.
const LONGEST_END: usize = 8;

/// Reads a query that is an errand and nothing besides. Items are those of a place: without a region none can be named.
pub fn errand(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Option<Errand> {
    let says_another_thing = !u.addresses.is_empty()
        || !u.citations.is_empty()
        || !u.phrases.is_empty()
        || u.document_number.is_some()
        || u.credit_code.is_some()
        || u.title.is_some()
        || u.former_law.is_some()
        || u.contacts;
    let wanted = matches!(request.kind, KindFilter::All | KindFilter::Listed(_));
    if says_another_thing || !wanted || u.key.is_empty() {
        return None;
    }
    let words = &generation.item_words;
    let of = |(word, names): (&str, &[String]), regions: Vec<String>| {
        Some(Errand { word: word.to_owned(), names: names.to_vec(), regions })
    };
    if let Some(found) = words.find(&u.key) {
        let region = request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation());
        return of(found, region.map(ToString::to_string).into_iter().collect());
    }
    let codes = |all: &mut dyn Iterator<Item = u32>| -> Vec<String> {
        let divisions = generation.catalogue.divisions();
        all.filter_map(|at| divisions.get(at as usize)).map(|d| d.code.clone()).take(REGIONS).collect()
    };
    // 遵义开饭店, 我想在遵义开饭店
    for start in words.starts(&u.key) {
        let rest = &u.key[start..];
        let readings = generation.gazetteer.readings(&generation.catalogue, rest);
        for len in distinct_lengths(readings.iter().map(|reading| reading.len)) {
            let Some(found) = rest.get(len..).and_then(|behind| words.find(behind)) else { continue };
            let divisions = readings.iter().filter(|reading| reading.len == len).map(|reading| reading.division);
            return of(found, codes(&mut divisions.into_iter()));
        }
    }
    // 开饭店 遵义
    let places: Vec<usize> = u.key.char_indices().rev().map(|(at, _)| at).take(LONGEST_END).collect();
    let behind = places.into_iter().rev().filter(|at| *at > 0).find_map(|at| {
        let divisions = generation.gazetteer.named(&u.key[at..]);
        let found = words.find(&u.key[..at]).filter(|_| !divisions.is_empty())?;
        of(found, codes(&mut divisions.iter().copied()))
    });
    behind.or_else(|| {
        // 遵义开理发店要办什么手续: lists may have it in other words.
        let asked = words.asked(&u.key)?;
        let readings = generation.gazetteer.readings(&generation.catalogue, asked);
        let len = readings.iter().map(|reading| reading.len).max().unwrap_or_default();
        let said = asked.get(len..).filter(|said| !said.is_empty())?;
        let named = codes(&mut readings.iter().filter(|reading| reading.len == len && len > 0).map(|r| r.division));
        let chosen = || request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation());
        let regions = if named.is_empty() { chosen().map(ToString::to_string).into_iter().collect() } else { named };
        of((said, &[]), regions)
    })
}

fn distinct_lengths(all: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut all: Vec<usize> = all.filter(|len| *len > 0).collect();
    all.sort_unstable_by_key(|len| std::cmp::Reverse(*len));
    all.dedup();
    all
}
