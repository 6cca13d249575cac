//! Finds titles of regulations in a text: whole works, and the short titles in use.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    IndexError,
    catalogue::{Catalogue, RegulationEntry},
};
use record::work_key;
use text::Pipeline;

/// Shortest title looked for without 《》: 刑法, 宪法.
const MIN_CHARS: usize = 2;

/// An automaton over the keys of all titles.
pub struct Titles {
    automaton: AhoCorasick,
    /// Work of each pattern.
    works: Vec<String>,
    by_key: HashMap<String, u32>,
    /// Keys of each regulation's title and work by its position: every search compares hundreds of them.
    of_regulations: HashMap<u32, [String; 2]>,
}

/// A title found in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    pub start: usize,
    pub end: usize,
    /// As in [`crate::catalogue::RegulationEntry::work`].
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
        for work in &known {
            // 关于适用《婚姻法》若干问题的解释, as people and later texts write it.
            add(&work.replace("《中华人民共和国", "《"), work);
            interpretation(work).into_iter().for_each(|short| add(&short, work));
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .map_err(|e| IndexError::Damaged { path: "titles".into(), reason: e.to_string() })?;
        let keys = |r: &RegulationEntry| [pipeline.key(&r.title), pipeline.key(&r.work)];
        let of_regulations = catalogue.regulations().iter().map(|r| (r.position, keys(r))).collect();
        Ok(Self { automaton, works, by_key, of_regulations })
    }

    /// Keys of the title and the work of a regulation, by its position in the catalogue.
    pub fn keys(&self, position: u64) -> &[String] {
        u32::try_from(position).ok().and_then(|at| self.of_regulations.get(&at)).map_or(&[], <[String; 2]>::as_slice)
    }

    /// The work that a whole key names.
    pub fn work(&self, key: &str) -> Option<&str> {
        let bare = key.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty());
        let at = self.by_key.get(key).or_else(|| self.by_key.get(bare?)).or_else(|| self.by_key.get(&loose(key)?))?;
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

/// What lawyers call an interpretation of a law: 民事诉讼法解释, 保险法解释三.
fn interpretation(work: &str) -> Vec<String> {
    let quoted = work.strip_prefix("最高人民法院关于适用《").and_then(|rest| rest.split_once('》'));
    let Some((law, rest)) = quoted else { return Vec::new() };
    let law = law.strip_prefix("中华人民共和国").unwrap_or(law);
    let rest = rest.trim_start_matches("若干问题").trim_start_matches('的');
    let (name, number) = rest.split_once('（').unwrap_or((rest, ""));
    if !matches!(name, "解释" | "规定") {
        return Vec::new();
    }
    let number = number.trim_end_matches('）');
    let mut names = vec![format!("{law}解释{number}"), format!("{law}司法解释{number}")];
    if number == "一" {
        // The first of several is often the only one, and is then called by the law's name alone.
        names.extend([format!("{law}解释"), format!("{law}司法解释")]);
    }
    names
}

/// 民法典婚姻家庭编司法解释一 as the table of short titles has it: 婚姻家庭编解释一.
fn loose(key: &str) -> Option<String> {
    let shorter = key.strip_prefix("民法典").filter(|rest| rest.contains('编')).unwrap_or(key);
    let shorter = shorter.replace("司法解释", "解释");
    (shorter != key).then_some(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpretations_go_by_their_laws_names() {
        let names = |work: &str| interpretation(work);
        assert_eq!(
            names("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释"),
            ["民事诉讼法解释", "民事诉讼法司法解释"]
        );
        assert_eq!(
            names("最高人民法院关于适用《中华人民共和国保险法》若干问题的解释（三）"),
            ["保险法解释三", "保险法司法解释三"]
        );
        assert!(names("最高人民法院关于适用《中华人民共和国公司法》时间效力的若干规定").is_empty());
        assert!(names("中华人民共和国民事诉讼法").is_empty());
    }

    #[test]
    fn loose_forms_lead_to_the_tables() {
        assert_eq!(loose("民法典婚姻家庭编司法解释一").as_deref(), Some("婚姻家庭编解释一"));
        assert_eq!(loose("民法典"), None);
    }
}
