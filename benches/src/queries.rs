//! What is asked: the rated development sets, or names of the corpus where they are not there.

use std::{fs, path::Path};

use indexer::index::Generation;

const SETS: [&str; 3] = ["site-lookups.dev.jsonl", "regulation-lookups.dev.jsonl", "lay-queries.dev.jsonl"];

pub fn mixed(generation: &Generation) -> Vec<String> {
    let mut queries = Vec::new();
    for set in SETS {
        let text = fs::read_to_string(Path::new("../shared/eval").join(set)).unwrap_or_default();
        let rows = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        queries.extend(rows.filter_map(|row| row["query"].as_str().map(str::to_owned)));
    }
    if queries.is_empty() {
        queries.extend(generation.catalogue.regulations().iter().take(500).map(|r| r.title.clone()));
        queries.extend(generation.catalogue.divisions().iter().take(500).map(|d| format!("{}政府", d.name)));
    }
    queries
}
