//! Finds the divisions named at the front of a text: 贵州遵义, 遵义市, 黔, 南京鼓楼; and those that were: 北京宣武区.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use super::catalogue::{Catalogue, DivisionEntry};
use record::{DivisionLevel, FormerDivision, Succession};
use text::Pipeline;

/// Longest name of a division, in characters: 双江拉祜族佤族布朗族傣族自治县 has 15.
const MAX_NAME_CHARS: usize = 16;
/// Readings kept of one text; enough for every division of one of the commonest names.
const MAX_READINGS: usize = 64;
/// Divisions one below the other in a text: province, prefecture, county, township.
const MAX_CHAIN: usize = 4;
/// Words for the level of a division at the end of its name, the longer ones first.
const LEVELS: [&str; 9] = ["自治县", "自治州", "地区", "县", "市", "区", "旗", "盟", "省"];

/// Names of divisions → positions in [`Catalogue::divisions`].
pub struct Gazetteer {
    by_name: HashMap<String, Vec<u32>>,
    /// Names that no division has any more → positions in `former`.
    by_former_name: HashMap<String, Vec<u32>>,
    former: Vec<Former>,
}

/// A former division as a name leads to it.
#[derive(Debug, Clone, Copy)]
struct Former {
    /// Position in [`Catalogue::divisions`] of the division that holds it.
    division: u32,
    /// Position among what that division holds.
    at: u32,
    /// The name without its level word: 宣武 for 宣武区.
    stem: bool,
}

/// One way to read the front of a text as a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Position in [`Catalogue::divisions`] of the innermost division named.
    pub division: u32,
    /// Bytes of the text that name it.
    pub len: usize,
}

/// One way to read the front of a text as a region whose innermost division is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerReading {
    /// Position in [`Catalogue::divisions`] of the division that its place belongs to now.
    pub division: u32,
    /// Position among what that division holds as former.
    pub at: u32,
    pub len: usize,
    /// Whether the level word was left out, so that other things may be called so too.
    pub stem: bool,
}

/// What a text has named so far.
#[derive(Clone, Copy)]
struct Within<'c> {
    division: u32,
    former: Option<&'c FormerDivision>,
}

/// What one walk over a text finds.
#[derive(Default)]
struct Walk {
    readings: Vec<Reading>,
    former: Vec<FormerReading>,
    /// Whether former names are looked at.
    with_former: bool,
}

impl Gazetteer {
    pub fn new(catalogue: &Catalogue, pipeline: &Pipeline) -> Self {
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        for (division, at) in catalogue.divisions().iter().zip(0..) {
            if division.level == DivisionLevel::Nation {
                continue;
            }
            let aliases = division.aliases.iter().filter(|alias| division.former.iter().all(|f| f.name != **alias));
            let names = [&division.name, &division.short_name].into_iter().chain(aliases);
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
                    // 黔省, 沪市: the one character with the level word of the whole name. 新区 is no 新疆维吾尔自治区.
                    let level = division.name.chars().last().filter(|level| *level != '区');
                    forms.extend(level.map(|level| format!("{}{level}", forms[0])));
                }
                for form in forms {
                    let list: &mut Vec<u32> = by_name.entry(form).or_default();
                    if !list.contains(&at) {
                        list.push(at);
                    }
                }
            }
        }
        let mut gazetteer = Self { by_name, by_former_name: HashMap::new(), former: Vec::new() };
        gazetteer.take_former(catalogue, pipeline);
        gazetteer
    }

    /// Former names by their keys. Of those of the same name in one province the last counts; districts' names are their
    /// city's only.
    fn take_former(&mut self, catalogue: &Catalogue, pipeline: &Pipeline) {
        let mut by_name: BTreeMap<&str, Vec<(u32, u32, &FormerDivision)>> = BTreeMap::new();
        for (division, position) in catalogue.divisions().iter().zip(0..) {
            for (former, at) in division.former.iter().zip(0..).filter(|(f, _)| f.had_another_name(&division.name)) {
                by_name.entry(&former.name).or_default().push((position, at, former));
            }
        }
        for (name, mut all) in by_name {
            let known = |f: &FormerDivision| f.succession != Succession::Unknown;
            all.sort_by_key(|(position, _, f)| (Reverse(known(f)), Reverse(f.until), *position));
            let mut kept: Vec<(u32, u32, &FormerDivision)> = Vec::new();
            for (position, at, former) in all {
                let code = |f: &FormerDivision| f.code.as_ref().map_or(String::new(), ToString::to_string);
                let superseded = kept.iter().any(|(other, _, last)| {
                    let digits = if name.ends_with('区') { 4 } else { 2 };
                    let (a, b) = (code(last), code(former));
                    let same_area = a.get(..digits) == b.get(..digits);
                    // Parts of one division end in the same year.
                    *other == position || (same_area && (known(last) != known(former) || last.until != former.until))
                });
                if !superseded {
                    kept.push((position, at, former));
                }
            }
            let key = pipeline.key(name);
            if key.chars().nth(1).is_none() {
                continue;
            }
            let stem = LEVELS.iter().find_map(|level| key.strip_suffix(level)).unwrap_or(&key);
            let stem = Some(stem).filter(|stem| stem.chars().nth(1).is_some() && !self.by_name.contains_key(*stem));
            for (division, at, _) in &kept {
                let forms = [(Some(key.as_str()), false), (stem.filter(|stem| *stem != key), true)];
                for (form, stem) in forms.into_iter().filter_map(|(form, stem)| Some((form?, stem))) {
                    let place = self.former.len() as u32;
                    self.former.push(Former { division: *division, at: *at, stem });
                    self.by_former_name.entry(form.to_owned()).or_default().push(place);
                }
            }
        }
    }

    /// Divisions of exactly this name, as a key.
    pub fn named(&self, key: &str) -> &[u32] {
        self.by_name.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every way to read the front of a key as a region, longest first. A division named after another must lie in it.
    pub fn readings(&self, catalogue: &Catalogue, key: &str) -> Vec<Reading> {
        let mut walk = Walk::default();
        self.extend(catalogue, key, 0, None, MAX_CHAIN, &mut walk);
        walk.sorted().0
    }

    /// The same where a division in the chain may be one that was: 襄樊市樊城区 among the first, 北京宣武区 among the second.
    pub fn readings_with_former(&self, catalogue: &Catalogue, key: &str) -> (Vec<Reading>, Vec<FormerReading>) {
        let mut walk = Walk { with_former: true, ..Walk::default() };
        self.extend(catalogue, key, 0, None, MAX_CHAIN, &mut walk);
        walk.sorted()
    }

    fn extend<'c>(
        &self,
        catalogue: &'c Catalogue,
        key: &str,
        from: usize,
        within: Option<Within<'c>>,
        left: usize,
        walk: &mut Walk,
    ) {
        if left == 0 || walk.is_full() {
            return;
        }
        let rest = &key[from..];
        let ends: Vec<usize> =
            rest.char_indices().skip(1).map(|(i, _)| i).chain([rest.len()]).take(MAX_NAME_CHARS).collect();
        let divisions = catalogue.divisions();
        for &end in ends.iter().rev().filter(|&&end| end > 0) {
            for &at in self.named(&rest[..end]) {
                let inside = within.is_none_or(|outer| {
                    outer.division != at
                        && catalogue.lies_in(&divisions[at as usize].code, &divisions[outer.division as usize].code)
                });
                if inside && !walk.is_full() {
                    walk.readings.push(Reading { division: at, len: from + end });
                    self.extend(
                        catalogue,
                        key,
                        from + end,
                        Some(Within { division: at, former: None }),
                        left - 1,
                        walk,
                    );
                }
            }
            if !walk.with_former {
                continue;
            }
            for place in self.by_former_name.get(&rest[..end]).into_iter().flatten() {
                let Former { division, at, stem } = self.former[*place as usize];
                let holder = &divisions[division as usize];
                let former = &holder.former[at as usize];
                let inside = within.is_none_or(|outer| lay_in(catalogue, holder, former, outer));
                if inside && !walk.is_full() {
                    walk.former.push(FormerReading { division, at, len: from + end, stem });
                    let within = Within { division, former: Some(former) };
                    self.extend(catalogue, key, from + end, Some(within), left - 1, walk);
                }
            }
        }
    }
}

/// Whether a former division lay, or its place lies, in what a text named before it.
fn lay_in(catalogue: &Catalogue, holder: &DivisionEntry, former: &FormerDivision, outer: Within<'_>) -> bool {
    let around = &catalogue.divisions()[outer.division as usize];
    let called = outer.former.map_or(&around.name, |f| &f.name);
    // 四川省万县市 is in 重庆 now.
    catalogue.lies_in(&holder.code, &around.code) || former.within.contains(called)
}

impl Walk {
    fn is_full(&self) -> bool {
        self.readings.len() + self.former.len() >= MAX_READINGS
    }

    fn sorted(mut self) -> (Vec<Reading>, Vec<FormerReading>) {
        self.readings.sort_by_key(|r| Reverse(r.len));
        self.readings.dedup();
        self.former.sort_by_key(|r| Reverse(r.len));
        self.former.dedup();
        (self.readings, self.former)
    }
}
