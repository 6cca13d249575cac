//! The pairs of variant characters, compiled in: which names are alike must not change with a folder of language data.

use std::collections::HashMap;

/// Every variant character with the one that stands for it.
pub(crate) fn variants() -> HashMap<char, char> {
    let lines = include_str!("../../../dictionaries/variants.tsv").lines();
    let pairs = lines.filter_map(|line| line.split_once('\t'));
    pairs.filter_map(|(from, to)| Some((one(from)?, one(to)?))).collect()
}

fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}
