//! Finds titles of norms in a text: whole works, and the short titles in use.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    IndexError,
    catalogue::{Catalogue, RegulationEntry},
};
use crate::{record::work_key, text::Pipeline};

/// Shortest title looked for without 《》: 刑法, 宪法.
const MIN_CHARS: usize = 2;

/// An automaton over the keys of all titles.
pub struct Titles {
    automaton: AhoCorasick,
    /// Work of each pattern.
    works: Vec<String>,
    by_key: HashMap<String, u32>,
    /// Keys of each norm's title and work, as the catalogue orders them: every search compares hundreds of them.
    of_norms: Vec<[String; 2]>,
}

/// A title found in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    pub start: usize,
    pub end: usize,
    /// As in [`crate::index::catalogue::RegulationEntry::work`].
    pub work: &'a str,
}

impl Titles {
    /// `short_titles` maps a short title to a full one; pairs whose full title is not in the catalogue are ignored,
    /// since the library may hold less than the dictionary knows.
    pub fn new(
        catalogue: &Catalogue,
        pipeline: &Pipeline,
        short_titles: &HashMap<String, String>,
    ) -> Result<Self, IndexError> {
        let mut by_key = HashMap::new();
        let (mut patterns, mut works) = (Vec::new(), Vec::new());
        let mut add = |title: &str, work: &str| {
            let key = pipeline.key(title);
            if key.chars().count() >= MIN_CHARS && !by_key.contains_key(&key) {
                by_key.insert(key.clone(), works.len() as u32);
                patterns.push(key);
                works.push(work.to_owned());
            }
        };
        let mut known: Vec<&str> = catalogue.works().collect();
        known.sort_unstable();
        for work in &known {
            add(work, work);
        }
        let mut short_titles: Vec<_> = short_titles.iter().collect();
        short_titles.sort_unstable();
        for (short, full) in short_titles {
            let work = work_key(full);
            if known.binary_search(&work.as_str()).is_ok() {
                add(short, &work);
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .map_err(|e| IndexError::Damaged { path: "titles".into(), reason: e.to_string() })?;
        let keys = |r: &RegulationEntry| [pipeline.key(&r.title), pipeline.key(&r.work)];
        let of_norms = catalogue.regulations().iter().map(keys).collect();
        Ok(Self { automaton, works, by_key, of_norms })
    }

    /// Keys of the title and the work of a norm, by its position in the catalogue.
    pub fn keys(&self, position: u64) -> &[String] {
        self.of_norms.get(position as usize).map_or(&[], <[String; 2]>::as_slice)
    }

    /// The work that a whole key names.
    pub fn work(&self, key: &str) -> Option<&str> {
        let bare = key.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty());
        let at = self.by_key.get(key).or_else(|| self.by_key.get(bare?))?;
        Some(&self.works[*at as usize])
    }

    /// Titles in a key, left to right, the longest at each place.
    pub fn find<'a>(&'a self, key: &'a str) -> impl Iterator<Item = Found<'a>> + 'a {
        self.automaton.find_iter(key).map(|m| Found {
            start: m.start(),
            end: m.end(),
            work: &self.works[m.pattern().as_usize()],
        })
    }
}
