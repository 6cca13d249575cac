//! Finds the divisions named at the front of a text: 贵州遵义, 遵义市, 黔, 南京鼓楼.

use std::collections::HashMap;

use super::catalogue::Catalogue;
use crate::{record::DivisionLevel, text::Pipeline};

/// Longest name of a division, in characters: 双江拉祜族佤族布朗族傣族自治县 has 15.
const MAX_NAME_CHARS: usize = 16;
/// Readings kept of one text; enough for every division of one of the commonest names.
const MAX_READINGS: usize = 64;
/// Divisions one below the other in a text: province, prefecture, county, township.
const MAX_CHAIN: usize = 4;

/// Names of divisions → positions in [`Catalogue::divisions`].
pub struct Gazetteer {
    by_name: HashMap<String, Vec<u32>>,
}

/// One way to read the front of a text as a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Position in [`Catalogue::divisions`] of the innermost division named.
    pub division: u32,
    /// Bytes of the text that name it.
    pub len: usize,
}

impl Gazetteer {
    pub fn new(catalogue: &Catalogue, pipeline: &Pipeline) -> Self {
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        for (division, at) in catalogue.divisions().iter().zip(0..) {
            if division.level == DivisionLevel::Nation {
                continue;
            }
            let names = [&division.name, &division.short_name].into_iter().chain(&division.aliases);
            for name in names {
                let key = pipeline.key(name);
                let one_character = key.chars().nth(1).is_none();
                // 京, 黔: only provinces go by one character; a county's would be found everywhere.
                if key.is_empty() || (one_character && division.level != DivisionLevel::Province) {
                    continue;
                }
                let mut forms = vec![key];
                // 浦东 for 浦东新区; 清 for 清新区 would be no name.
                let bare = forms[0].strip_suffix("新区").filter(|bare| bare.chars().nth(1).is_some());
                forms.extend(bare.map(str::to_owned));
                if one_character {
                    // 黔省, 沪市: the one character with the level word of the whole name.
                    forms.extend(division.name.chars().last().map(|level| format!("{}{level}", forms[0])));
                }
                for form in forms {
                    let list: &mut Vec<u32> = by_name.entry(form).or_default();
                    if !list.contains(&at) {
                        list.push(at);
                    }
                }
            }
        }
        Self { by_name }
    }

    /// Divisions of exactly this name, as a key.
    pub fn named(&self, key: &str) -> &[u32] {
        self.by_name.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every way to read the front of a key as a region, longest first. A division named after another must lie in it.
    pub fn readings(&self, catalogue: &Catalogue, key: &str) -> Vec<Reading> {
        let mut found = Vec::new();
        self.extend(catalogue, key, 0, None, MAX_CHAIN, &mut found);
        found.sort_by_key(|r| std::cmp::Reverse(r.len));
        found.dedup();
        found
    }

    fn extend(
        &self,
        catalogue: &Catalogue,
        key: &str,
        from: usize,
        within: Option<u32>,
        left: usize,
        found: &mut Vec<Reading>,
    ) {
        if left == 0 || found.len() >= MAX_READINGS {
            return;
        }
        let rest = &key[from..];
        let ends: Vec<usize> =
            rest.char_indices().skip(1).map(|(i, _)| i).chain([rest.len()]).take(MAX_NAME_CHARS).collect();
        for &end in ends.iter().rev().filter(|&&end| end > 0) {
            let divisions = catalogue.divisions();
            for &at in self.named(&rest[..end]) {
                let inside = within.is_none_or(|outer| {
                    outer != at && catalogue.lies_in(&divisions[at as usize].code, &divisions[outer as usize].code)
                });
                if inside && found.len() < MAX_READINGS {
                    found.push(Reading { division: at, len: from + end });
                    self.extend(catalogue, key, from + end, Some(at), left - 1, found);
                }
            }
        }
    }
}
