//! Completions of what is being typed: names by their beginning, by the beginning of any word in them, by pinyin and by
//! initials.
//!
//! All keys of one kind lie sorted in a finite-state set; the keys under a prefix are one run of it, and a tree of
//! minima over their entries' ranks gives the best few of any run without walking it. So the cost depends on how many
//! are shown, not on how many match.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    path::Path,
    sync::Arc,
};

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use serde::{Deserialize, Serialize};
use tantivy::directory::OwnedBytes;

use super::{IndexError, mapped};
use text::Pipeline;

/// Longest key kept, in characters: nobody types on when the completion is in sight.
const MAX_KEY_CHARS: usize = 24;
/// Ids that a full build's completions no longer show, as JSON.
pub(super) const HIDDEN_FILE: &str = "hidden.json";
/// The entries, best first, and the CRC-32 of that file.
const ENTRIES_FILE: &str = "entries.jsonl";
/// Words of a name at which it can be found; the region and the institution come first.
const MAX_WORDS: usize = 6;
/// Begins the keys that are the rest of a name from a word inside it, which lie apart: whoever types 民法 means what
/// begins so before 人民法院. No key of a name has it, since those are letters and digits.
const INSIDE: char = '\u{1}';

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionKind {
    Institution,
    Regulation,
    Division,
    /// A record of a kind that the directory knows in general.
    Listed,
    /// An everyday word for something that the law has another word for.
    Everyday,
}

impl CompletionKind {
    /// In the order in which they are shown.
    pub const ALL: [CompletionKind; 5] =
        [Self::Institution, Self::Listed, Self::Regulation, Self::Division, Self::Everyday];
}

/// What a completion leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    pub kind: CompletionKind,
    /// Name of the record's kind, for [`CompletionKind::Listed`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// The record's id or the division's code; empty for an everyday word.
    pub id: String,
    /// What the box is filled with.
    pub text: String,
    /// Tells it from others of the same name.
    pub detail: String,
    /// Other names it is found by.
    #[serde(skip)]
    pub other_names: Vec<String>,
    /// Lower is shown first; equal ones by text.
    #[serde(default)]
    pub rank: u32,
}

/// The completions of a generation: those of its last full build, and those of what has changed since.
pub struct Completions {
    base: Arc<Set>,
    fresh: Option<Set>,
    /// Ids of the base that are not shown any more: changed or withdrawn.
    hidden: HashSet<String>,
}

/// Entries stay text, a line of JSON each, and only those that are shown are read: a national directory has a million.
struct Set {
    /// Best first.
    entries: OwnedBytes,
    /// Where each begins.
    starts: Vec<u32>,
    kinds: Vec<(CompletionKind, Keys)>,
}

/// The keys of one kind.
struct Keys {
    /// Key → its place among the keys.
    places: Map<OwnedBytes>,
    /// A binary tree of minima: leaves are the entries of the keys in order, from `leaves` on.
    minima: Vec<u32>,
    leaves: usize,
}

/// The files' content, made once for a generation.
pub fn encode(pipeline: &Pipeline, mut entries: Vec<Completion>) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    entries.sort_by(Completion::order);
    let mut lines = String::new();
    for entry in &entries {
        lines.push_str(&serde_json::to_string(entry)?);
        lines.push('\n');
    }
    let mut files = vec![(ENTRIES_FILE.to_owned(), lines.into_bytes())];
    for kind in CompletionKind::ALL {
        let mut keys: Vec<(String, u32)> = Vec::new();
        for (entry, at) in entries.iter().zip(0u32..).filter(|(entry, _)| entry.kind == kind) {
            for name in std::iter::once(&entry.text).chain(&entry.other_names) {
                keys.extend(keys_of(pipeline, name).into_iter().map(|key| (key, at)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let mut map = MapBuilder::memory();
        for ((key, entry), place) in keys.iter().zip(0u64..) {
            // Names that share a key stay apart by their entry.
            let key = [key.as_bytes(), &[0], &entry.to_be_bytes()].concat();
            map.insert(key, place).map_err(broken)?;
        }
        let entries: Vec<u8> = keys.iter().flat_map(|(_, entry)| entry.to_le_bytes()).collect();
        files.push((format!("{}.fst", kind.file()), map.into_inner().map_err(broken)?));
        files.push((format!("{}.entries", kind.file()), entries));
    }
    Ok(files)
}

fn broken(error: fst::Error) -> IndexError {
    IndexError::Damaged { path: "completions".into(), reason: error.to_string() }
}

/// Every key under which a name is found.
fn keys_of(pipeline: &Pipeline, name: &str) -> Vec<String> {
    let cut = |key: &str| key.chars().take(MAX_KEY_CHARS).collect::<String>();
    let key = pipeline.key(name);
    let mut keys = vec![cut(&key), cut(&pipeline.pinyin.full(&key)), cut(&pipeline.pinyin.initials(&key))];
    let mut starts: Vec<usize> = Vec::new();
    pipeline.segmenter.words(&key, &mut |word| {
        if word.start > 0 && !starts.contains(&word.start) {
            starts.push(word.start);
        }
    });
    keys.retain(|key| !key.is_empty());
    let inside = starts.into_iter().take(MAX_WORDS).map(|from| &key[from..]);
    keys.extend(inside.filter(|rest| rest.chars().nth(1).is_some()).map(|rest| format!("{INSIDE}{}", cut(rest))));
    keys
}

impl CompletionKind {
    fn file(self) -> &'static str {
        match self {
            Self::Institution => "institutions",
            Self::Regulation => "regulations",
            Self::Division => "divisions",
            Self::Listed => "listed",
            Self::Everyday => "everyday",
        }
    }
}

impl Completions {
    /// Those of a full build.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self { base: Arc::new(Set::open(dir)?), fresh: None, hidden: HashSet::new() })
    }

    /// Those of the last full build alone.
    pub fn base(&self) -> Self {
        Self { base: self.base.clone(), fresh: None, hidden: HashSet::new() }
    }

    /// The same base with what has changed since it was built, from `dir`.
    pub fn changed(&self, dir: &Path) -> Result<Self, IndexError> {
        let path = dir.join(HIDDEN_FILE);
        let bytes = std::fs::read(&path).map_err(|e| IndexError::io(&path, e))?;
        let hidden = serde_json::from_slice(&bytes)?;
        Ok(Self { base: self.base.clone(), fresh: Some(Set::open(dir)?), hidden })
    }

    /// The best `count` of a kind that have a word inside their name, from which on it begins with `prefix`.
    pub fn best_inside(&self, kind: CompletionKind, prefix: &str, count: usize) -> Vec<Completion> {
        self.best(kind, &format!("{INSIDE}{prefix}"), count)
    }

    /// The best `count` of a kind whose names begin with `prefix`, a [`Pipeline::key`].
    pub fn best(&self, kind: CompletionKind, prefix: &str, count: usize) -> Vec<Completion> {
        let mut best = self.base.best(kind, prefix, count, &self.hidden);
        if let Some(fresh) = &self.fresh {
            best.extend(fresh.best(kind, prefix, count, &HashSet::new()));
            best.sort_by(Completion::order);
            best.truncate(count);
        }
        best
    }

    pub fn len(&self) -> usize {
        self.base.len() - self.hidden.len().min(self.base.len()) + self.fresh.as_ref().map_or(0, Set::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Completion {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (self.rank, &self.text, &self.id).cmp(&(other.rank, &other.text, &other.id))
    }
}

impl Set {
    fn open(dir: &Path) -> Result<Self, IndexError> {
        let read = |name: &str| mapped::read(dir, name);
        let damaged =
            |name: &str, reason: String| IndexError::Damaged { path: dir.join(name).display().to_string(), reason };
        let entries = read(ENTRIES_FILE)?;
        let lines = std::str::from_utf8(&entries).map_err(|e| damaged(ENTRIES_FILE, e.to_string()))?;
        let mut starts = Vec::new();
        let mut at = 0;
        for line in lines.split_inclusive('\n') {
            starts.push(at as u32);
            at += line.len();
        }
        let mut kinds = Vec::new();
        for kind in CompletionKind::ALL {
            let name = format!("{}.fst", kind.file());
            let places = Map::new(read(&name)?).map_err(|e| damaged(&name, e.to_string()))?;
            let bytes = read(&format!("{}.entries", kind.file()))?;
            let of_keys: Vec<u32> =
                bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            if of_keys.len() != places.len() || of_keys.iter().any(|at| *at as usize >= starts.len()) {
                return Err(damaged(&name, "条目与键不符".into()));
            }
            kinds.push((kind, Keys::new(places, &of_keys)));
        }
        Ok(Self { entries, starts, kinds })
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    fn entry(&self, at: u32) -> Option<Completion> {
        let start = *self.starts.get(at as usize)? as usize;
        // Written by this code and checked when it was opened.
        serde_json::from_slice(self.entries[start..].split(|b| *b == b'\n').next()?).ok()
    }

    fn best(&self, kind: CompletionKind, prefix: &str, count: usize, hidden: &HashSet<String>) -> Vec<Completion> {
        let keys = self.kinds.iter().find(|(k, _)| *k == kind).map(|(_, keys)| keys);
        let shown = |at: u32| hidden.is_empty() || self.entry(at).is_some_and(|entry| !hidden.contains(&entry.id));
        let found = keys.into_iter().flat_map(|keys| keys.best(prefix, count, shown));
        found.filter_map(|at| self.entry(at)).collect()
    }
}

impl Keys {
    fn new(places: Map<OwnedBytes>, of_keys: &[u32]) -> Self {
        let leaves = of_keys.len().next_power_of_two();
        let mut minima = vec![u32::MAX; leaves * 2];
        minima[leaves..leaves + of_keys.len()].copy_from_slice(of_keys);
        for node in (1..leaves).rev() {
            minima[node] = minima[node * 2].min(minima[node * 2 + 1]);
        }
        Self { places, minima, leaves }
    }

    /// Places of the keys that begin with a prefix.
    fn run(&self, prefix: &str) -> std::ops::Range<usize> {
        let at = |key: &[u8]| {
            let mut stream = self.places.range().ge(key).into_stream();
            stream.next().map_or(self.places.len(), |(_, place)| place as usize)
        };
        // No UTF-8 text has this byte, so it comes after every key with the prefix.
        at(prefix.as_bytes())..at(&[prefix.as_bytes(), &[0xFF]].concat())
    }

    /// Different entries of a run that are `shown`, the lowest first.
    fn best(&self, prefix: &str, count: usize, shown: impl Fn(u32) -> bool) -> Vec<u32> {
        let run = self.run(prefix);
        let mut found: Vec<u32> = Vec::new();
        let mut heap: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        let (mut from, mut to) = (run.start + self.leaves, run.end + self.leaves);
        while from < to {
            if from % 2 == 1 {
                heap.push(Reverse((self.minima[from], from)));
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                heap.push(Reverse((self.minima[to], to)));
            }
            (from, to) = (from / 2, to / 2);
        }
        while let Some(Reverse((entry, node))) = heap.pop() {
            if found.len() == count || entry == u32::MAX {
                break;
            }
            if node >= self.leaves {
                // Several keys of one entry in a run come out one after the other.
                if found.last() != Some(&entry) && shown(entry) {
                    found.push(entry);
                }
            } else {
                heap.extend([node * 2, node * 2 + 1].map(|child| Reverse((self.minima[child], child))));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::LazyLock};

    use proptest::prelude::*;

    use super::*;
    use text::{Normalizer, Pinyin, Segmenter};

    static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    });

    fn completions(names: &[&str]) -> Completions {
        let entry = |(rank, name): (u32, &&str)| Completion {
            kind: CompletionKind::Institution,
            of: String::new(),
            id: rank.to_string(),
            text: (*name).to_owned(),
            detail: String::new(),
            other_names: Vec::new(),
            rank,
        };
        let dir = tempfile::tempdir().unwrap();
        for (file, bytes) in encode(&PIPELINE, (0..).zip(names).map(entry).collect()).unwrap() {
            std::fs::write(dir.path().join(file), bytes).unwrap();
        }
        Completions::open(dir.path()).unwrap()
    }

    fn best(c: &Completions, prefix: &str, count: usize) -> Vec<String> {
        c.best(CompletionKind::Institution, prefix, count).into_iter().map(|e| e.text).collect()
    }

    fn inside(c: &Completions, prefix: &str, count: usize) -> Vec<String> {
        c.best_inside(CompletionKind::Institution, prefix, count).into_iter().map(|e| e.text).collect()
    }

    #[test]
    fn beginnings_words_pinyin_and_initials() {
        let c = completions(&["遵义市人民政府", "遵义市财政局", "贵阳市财政局"]);
        assert_eq!(best(&c, "遵义", 5), ["遵义市人民政府", "遵义市财政局"]);
        assert_eq!(best(&c, "遵义", 1), ["遵义市人民政府"]);
        assert_eq!(best(&c, "财政", 5), [""; 0]);
        assert_eq!(inside(&c, "财政", 5), ["遵义市财政局", "贵阳市财政局"]);
        assert_eq!(inside(&c, "遵义", 5), [""; 0], "that is its beginning");
        assert_eq!(best(&c, "zunyishic", 5), ["遵义市财政局"]);
        assert_eq!(best(&c, "zys", 5), ["遵义市人民政府", "遵义市财政局"]);
        assert_eq!(best(&c, "无", 5), [""; 0]);
        assert_eq!(best(&c, "", 9).len(), 3);
        assert!(completions(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn the_same_as_walking_all(names in prop::collection::btree_set("[甲乙丙]{1,5}", 1..12), prefix in "[甲乙丙]{1,2}", count in 1usize..5) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let c = completions(&names);
            let walked = |prefix: &str| -> Vec<&str> {
                let has = |name: &&&str| keys_of(&PIPELINE, name).iter().any(|key| key.starts_with(prefix));
                names.iter().filter(has).copied().take(count).collect()
            };
            prop_assert_eq!(best(&c, &prefix, count), walked(&prefix));
            prop_assert_eq!(inside(&c, &prefix, count), walked(&format!("{INSIDE}{prefix}")));
        }
    }
}
