//! The documents point at what is there, and the manifests keep the house's lints.

#![allow(clippy::panic, reason = "a test stops at what must not be")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Names of the pages in `docs/`.
fn manual() -> Vec<String> {
    let files = std::fs::read_dir(root().join("docs")).unwrap_or_else(|error| panic!("docs: {error}")).flatten();
    files.map(|file| format!("docs/{}", file.file_name().display())).collect()
}

/// Where the links of a document lead, as far as that is here.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.match_indices("](").map(|(at, _)| text[at + 2..].split([')', '#']).next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let documents = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "corpus/README.md",
        "dictionaries/README.md",
        "benches/README.md",
        "benches/fixture/README.md",
        "indexer/readers/tests/README.md",
    ];
    let mut found = 0;
    for document in documents.into_iter().map(str::to_owned).chain(manual()) {
        let folder = root().join(&document).parent().map(PathBuf::from).unwrap_or_default();
        for target in links(&read(&document)) {
            found += 1;
            assert!(folder.join(target).exists(), "{document} points to {target}, which is not there");
        }
    }
    assert!(found > 60, "only {found} links were found: is the way they are read still right?");
}

#[test]
fn every_page_of_the_manual_is_reached_from_the_readme() {
    let readme = read("README.md");
    let reached: Vec<&str> = links(&readme).collect();
    let pages = manual();
    assert!(pages.len() >= 4);
    for page in pages {
        assert!(reached.contains(&page.as_str()), "README.md does not lead to {page}");
    }
}

#[test]
fn every_member_of_the_workspace_keeps_its_lints() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap_or_else(|error| panic!("{error}"));
    let members = manifest["workspace"]["members"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert!(!members.is_empty());
    for member in members.iter().filter_map(toml::Value::as_str) {
        let manifest: toml::Table =
            toml::from_str(&read(&format!("{member}/Cargo.toml"))).unwrap_or_else(|error| panic!("{member}: {error}"));
        let keeps = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        assert_eq!(keeps, Some(true), "{member}/Cargo.toml lacks `lints.workspace = true`");
    }
}

/// The names of all tests below a folder that begin as those of a rule do: `p12_`, `s3_`.
fn tests_of_rules(folder: &Path, into: &mut Vec<String>) {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in files.flatten().map(|file| file.path()) {
        if path.is_dir() {
            tests_of_rules(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split_once('_'));
            into.extend(names.map(|(first, _)| first.to_owned()).filter(|first| first.starts_with(['p', 's'])));
        }
    }
}

#[test]
fn every_rule_of_the_document_has_a_test() {
    let mut tests = Vec::new();
    ["server/src", "indexer"].iter().for_each(|folder| tests_of_rules(&root().join(folder), &mut tests));
    let rules = read("docs/rules.md");
    let rules: Vec<String> = rules
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .filter(|rule| rule.starts_with(['P', 'S']))
        .map(str::to_lowercase)
        .collect();
    assert_eq!(rules.len(), 12 + 16);
    let without: Vec<&String> = rules.iter().filter(|rule| !tests.contains(rule)).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// The sources of the product below a folder.
fn sources(folder: &Path, into: &mut String) {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in files.flatten().map(|file| file.path()) {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            into.push_str(&text);
        }
    }
}

#[test]
fn every_type_of_the_glossary_is_there() {
    let mut code = String::new();
    ["server", "indexer"].iter().for_each(|folder| sources(&root().join(folder), &mut code));
    let mut declared: Vec<&str> = Vec::new();
    for word in ["pub struct ", "pub enum ", "pub trait ", "pub type "] {
        let names = code.split(word).skip(1);
        declared.extend(names.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()));
    }
    let architecture = read("ARCHITECTURE.md");
    let (_, glossary) = architecture.split_once("| term | type |").unwrap_or_else(|| panic!("there is no glossary"));
    let rows = glossary.lines().skip(1).take_while(|line| line.starts_with('|'));
    // A type, or one of its variants: `State::Published`.
    let types: Vec<&str> =
        rows.flat_map(|row| row.split('`').skip(1).step_by(2)).filter_map(|named| named.split("::").next()).collect();
    assert!(types.len() > 30, "only {} types were found: is the way they are read still right?", types.len());
    let missing: Vec<&&str> = types.iter().filter(|named| !declared.contains(*named)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names types that are not there: {missing:?}");
}
