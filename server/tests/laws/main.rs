//! Laws of the sources, one a file. Here: crates point one way, and ask for no library that they do not use.

#![allow(clippy::panic, reason = "a test stops at what must not be")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

mod addresses;
mod circles;
mod tokens;
mod words;

/// Each crate with those of ours that it may know, from the bottom up.
const CRATES: [(&str, &[&str]); 10] = [
    ("text", &[]),
    ("embed", &[]),
    ("record", &["text"]),
    ("readers", &["record", "text"]),
    ("index", &["record", "text", "embed"]),
    ("indexer", &["index", "readers", "record", "text", "embed"]),
    ("store", &["record"]),
    ("query", &["indexer"]),
    ("server", &["query", "store", "indexer"]),
    ("benches", &["server", "indexer"]),
];
/// Who may know a library that shapes everything it touches.
const LIBRARIES: [(&str, &[&str]); 5] = [
    ("tantivy", &["index", "query", "benches"]),
    ("axum", &["server", "benches"]),
    ("tokio", &["server", "benches"]),
    ("sled", &["store", "benches"]),
    ("redb", &["store", "benches"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest(path: &Path) -> toml::Table {
    toml::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders of the workspace's crates.
fn members() -> Vec<PathBuf> {
    let workspace = manifest(&root().join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array().map(Vec::as_slice).unwrap_or_default();
    members.iter().filter_map(toml::Value::as_str).map(|member| root().join(member)).collect()
}

#[test]
fn crates_point_one_way() {
    let crates = BTreeMap::from(CRATES);
    let mut seen = BTreeSet::new();
    for member in members() {
        let manifest = manifest(&member.join("Cargo.toml"));
        let name = manifest["package"]["name"].as_str().unwrap_or_default();
        let Some(may_know) = crates.get(name) else { panic!("{name} has no place among the crates") };
        seen.insert(name.to_owned());
        let used = manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flat_map(|all| all.keys());
        for used in used {
            if crates.contains_key(used.as_str()) {
                assert!(may_know.contains(&used.as_str()), "{name} must not know {used}");
            }
            if let Some((_, by)) = LIBRARIES.iter().find(|(library, _)| library == used) {
                assert!(by.contains(&name), "{name} must not know {used}");
            }
        }
    }
    assert!(crates.keys().all(|name| seen.contains(*name)), "{seen:?}");
}

#[test]
fn no_crate_asks_for_a_library_that_it_does_not_use() {
    for member in members() {
        let manifest = manifest(&member.join("Cargo.toml"));
        let mut sources = BTreeMap::new();
        for folder in ["src", "tests", "benches"].map(|folder| member.join(folder)).iter().filter(|f| f.is_dir()) {
            circles::modules(folder, &Vec::new(), &mut sources);
        }
        let used: BTreeSet<String> = sources.values().flat_map(|source| tokens::tokens(source)).collect();
        let table = |name| manifest.get(name).and_then(toml::Value::as_table).into_iter().flatten();
        // What is there for a feature of its own that a feature of the crate turns on.
        let features: BTreeSet<&str> = table("features")
            .filter_map(|(_, all)| all.as_array())
            .flatten()
            .filter_map(|feature| Some(feature.as_str()?.split_once('/')?.0))
            .collect();
        let asked = table("dependencies").map(|(name, _)| name).filter(|name| !features.contains(name.as_str()));
        for library in asked.map(|name| name.replace('-', "_")) {
            assert!(used.contains(&library), "{} does not use {library}", member.display());
        }
    }
}

/// The sources below a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}
