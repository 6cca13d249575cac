//! What the sources may know of each other: crates point one way, and the folders and files of a crate make no circle.
//!
//! An arrow is a path that code writes: `crate::a::b`, `super::a`, also within braces. A name that a module re-exports counts
//! as that module's own, since whoever asks it does not say where the name lies. Tests may look anywhere.

#![allow(clippy::panic, reason = "a test stops at what must not be")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

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
            modules(folder, &Vec::new(), &mut sources);
        }
        let used: BTreeSet<String> = sources.values().flat_map(|source| tokens(source)).collect();
        let asked = manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flat_map(|all| all.keys());
        for library in asked.map(|name| name.replace('-', "_")) {
            assert!(used.contains(&library), "{} does not use {library}", member.display());
        }
    }
}

/// Names, `::` and single signs of a source, without comments and literals.
fn tokens(source: &str) -> Vec<String> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        match chars[i] {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
            }
            '"' => {
                i += 1;
                while i < chars.len() && chars[i] != '"' {
                    i += if chars[i] == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            'r' if matches!(at(i + 1), '"' | '#') && (i == 0 || !is_word(at(i - 1)) || at(i - 1) == 'b') => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                if at(i + 1 + hashes) != '"' {
                    i += 1;
                    continue;
                }
                i += 2 + hashes;
                let ends = |i: usize| at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
                while i < chars.len() && !ends(i) {
                    i += 1;
                }
                i += 1 + hashes;
            }
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < chars.len() && chars[i] != '\'' {
                    i += 1;
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            ':' if at(i + 1) == ':' => {
                found.push("::".to_owned());
                i += 2;
            }
            c if is_word(c) => {
                let word: String = chars[i..].iter().take_while(|c| is_word(**c)).collect();
                i += word.chars().count();
                found.push(word);
            }
            c => {
                if !c.is_whitespace() {
                    found.push(c.to_string());
                }
                i += 1;
            }
        }
    }
    found
}

/// The place behind the bracket that closes the one at `from`.
fn closed(tokens: &[String], from: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(from) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

/// Without the items that only tests have.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|token| token == text);
    let mut left = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !(is(i, "#") && is(i + 1, "[") && is(i + 2, "cfg")) {
            left.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let end = closed(tokens, i + 1);
        if !tokens[i..end].iter().any(|token| token == "test") {
            left.extend_from_slice(&tokens[i..end]);
            i = end;
            continue;
        }
        i = end;
        while is(i, "#") {
            i = closed(tokens, i + 1);
        }
        while i < tokens.len() && !is(i, ";") {
            let opens = matches!(tokens[i].as_str(), "{" | "(" | "[");
            let body = is(i, "{");
            i = if opens { closed(tokens, i) } else { i + 1 };
            if body {
                break;
            }
        }
    }
    left
}

/// Takes in the path that begins at `i`, with all that its braces hold; the place behind it.
fn path(tokens: &[String], mut i: usize, mut base: Vec<String>, into: &mut Vec<Vec<String>>) -> usize {
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|token| token == text);
    loop {
        base.push(tokens[i].clone());
        i += 1;
        if !is(i, "::") {
            into.push(base);
            return i;
        }
        i += 1;
        if is(i, "{") {
            let end = closed(tokens, i);
            i += 1;
            while i + 1 < end {
                let begins = tokens[i].starts_with(|c: char| c.is_alphabetic() || c == '_');
                i = if begins { path(tokens, i, base.clone(), into) } else { i + 1 };
                if is(i, "as") {
                    i += 2;
                }
            }
            return end;
        }
        if !tokens.get(i).is_some_and(|token| token.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
            into.push(base);
            return i;
        }
    }
}

/// Every path that begins within the crate.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let begins = matches!(tokens[i].as_str(), "crate" | "super" | "self");
        if begins && tokens.get(i + 1).is_some_and(|token| token == "::") {
            i = path(tokens, i, Vec::new(), &mut found);
        } else {
            i += 1;
        }
    }
    found
}

type Module = Vec<String>;

/// The module that a path leads to, as far as files go.
fn target(modules: &BTreeMap<Module, String>, from: &Module, path: &[String]) -> Module {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (mut at, rest) = match path[0].as_str() {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (from.clone(), &path[1..]),
        _ => (from[..from.len().saturating_sub(supers)].to_vec(), &path[supers..]),
    };
    for part in rest {
        at.push(part.clone());
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
    }
    at
}

/// A way from `to` back to `from`.
fn way<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, to: &'a str, from: &'a str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([to]);
    let mut ways = vec![vec![to]];
    while let Some(way) = ways.pop() {
        let last = way[way.len() - 1];
        if last == from {
            return Some(way);
        }
        for next in graph.get(last).into_iter().flatten() {
            if seen.insert(next) {
                ways.push(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

/// The circles among files and folders that lie side by side, in words.
fn circles(modules: &BTreeMap<Module, String>) -> Vec<String> {
    let mut arrows = Vec::new();
    for (module, source) in modules {
        for path in paths(&without_tests(&tokens(source))) {
            arrows.push((module, target(modules, module, &path)));
        }
    }
    let folders: BTreeSet<&[String]> = modules.keys().flat_map(|m| (0..m.len()).map(|n| &m[..n])).collect();
    let mut found = Vec::new();
    for folder in folders {
        let within = |m: &[String]| m.len() > folder.len() && m.starts_with(folder);
        let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, to) in arrows.iter().filter(|(from, to)| within(from) && within(to)) {
            let (from, to) = (from[folder.len()].as_str(), to[folder.len()].as_str());
            if from != to {
                graph.entry(from).or_default().insert(to);
            }
        }
        for (from, to) in graph.iter().flat_map(|(from, all)| all.iter().map(|to| (*from, *to))) {
            if let Some(back) = way(&graph, to, from) {
                found.push(format!("{}: {from} → {}", folder.join("::"), back.join(" → ")));
            }
        }
    }
    found
}

/// The files below `folder` by the module that each is; those of tests are left out.
fn modules(folder: &Path, at: &Module, into: &mut BTreeMap<Module, String>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if stem.ends_with("tests") {
            continue;
        }
        let inner = || at.iter().cloned().chain([stem.to_owned()]).collect();
        if path.is_dir() {
            modules(&path, &inner(), into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = if matches!(stem, "mod" | "lib" | "main") { at.clone() } else { inner() };
            into.entry(module).or_default().push_str(&read(&path));
        }
    }
}

#[test]
fn no_files_or_folders_of_a_crate_know_each_other_in_a_circle() {
    let mut files = 0;
    for member in members() {
        let mut all = BTreeMap::new();
        modules(&member.join("src"), &Vec::new(), &mut all);
        files += all.len();
        let found = circles(&all);
        assert!(found.is_empty(), "{}:\n{}", member.display(), found.join("\n"));
    }
    assert!(files > 300, "only {files} files were read");
}

#[test]
fn a_circle_is_found_wherever_its_arrows_stand() {
    let sources = |all: &[(&str, &str)]| -> BTreeMap<Module, String> {
        let module = |name: &str| name.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        all.iter().map(|(name, source)| (module(name), (*source).to_owned())).collect()
    };
    let apart = [("", "mod a; mod b;"), ("a", "use super::b::{self, B};"), ("b", "pub struct B(char); // crate::a")];
    assert_eq!(circles(&sources(&apart)), Vec::<String>::new());
    for back in [
        "use crate::a::A;",
        "use super::{c, a::{A, Other}};",
        "fn f<'a>(_: &'a str) -> char { let _ = '\"'; crate::a::f() }",
        "/* \" */ fn f() { let _ = r#\"\"\"#; crate::a::f() }",
        "macro_rules! m { () => { $crate::a::f() } }",
        "#[cfg(test)] mod tests { use super::*; } use crate::a::A;",
    ] {
        let circle = [apart[0], apart[1], ("b", back), ("c", "")];
        assert_eq!(circles(&sources(&circle)).len(), 2, "{back}");
    }
    for none in [
        "//! See [`crate::a`].",
        "const A: &str = \"crate::a::A\";",
        "#[cfg(test)] mod tests { use crate::a::A; }",
        "#[cfg(any(test, feature = \"samples\"))] use crate::a::A;",
        "#[cfg(test)] fn f() -> [u8; 2] { crate::a::f() }",
    ] {
        let line = [apart[0], apart[1], ("b", none)];
        assert_eq!(circles(&sources(&line)), Vec::<String>::new(), "{none}");
    }
    // Folders that lie apart and files within one folder.
    let deep = [("", ""), ("a/x", "use crate::b::y::Y;"), ("b/y", "use crate::a::Z;"), ("a", ""), ("b", "")];
    assert_eq!(circles(&sources(&deep)).len(), 2);
    let within = [("", ""), ("a", ""), ("a/x", "use super::y::Y;"), ("a/y", "use super::x::X;")];
    assert_eq!(circles(&sources(&within)), ["a: x → y → x", "a: y → x → y"]);
}

/// Words that names for everybody don't use, with those that they do. "Body" is the typed content of a record or of a
/// message, and never an institution.
const PLAIN_WORDS: [(&str, &str); 12] = [
    ("norm", "regulation"),
    ("norms", "regulations"),
    ("bodies", "institutions"),
    ("told", "reported, or what it is"),
    ("tell", "report"),
    ("tells", "reports"),
    ("kept", "stored, cached, retained"),
    ("handed", "submitted"),
    ("turns", "stages"),
    ("places", "divisions, locations, passages"),
    ("beside", "next, neighbours"),
    ("besides", "rest"),
];
/// Files whose bodies are those of messages.
const OF_MESSAGES: [&str; 1] = ["server/src/http/bodies.rs"];

/// The words of a name, in snake case or camel case.
fn words(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && lower) {
            all.push(String::new());
        }
        lower = c.is_lowercase();
        if let Some(last) = all.last_mut().filter(|_| c != '_') {
            last.extend(c.to_lowercase());
        }
    }
    all
}

/// Names that other files can use: items and fields behind `pub`, with whatever stands in between.
fn public_names(tokens: &[String]) -> Vec<&str> {
    const BETWEEN: [&str; 12] =
        ["(", ")", "crate", "super", "in", "async", "unsafe", "fn", "struct", "enum", "mod", "type"];
    let between =
        |token: &&String| BETWEEN.contains(&token.as_str()) || ["trait", "const", "static"].contains(&token.as_str());
    let named = |at: usize| tokens[at + 1..].iter().find(|token| !between(token)).map(String::as_str);
    let public = tokens.iter().enumerate().filter(|(_, token)| *token == "pub");
    public.filter_map(|(at, _)| named(at)).collect()
}

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

#[test]
fn public_names_are_of_plain_words() {
    let mut wrong = Vec::new();
    let (mut files, mut names) = (Vec::new(), 0);
    members().iter().for_each(|member| sources(&member.join("src"), &mut files));
    for file in files {
        let tokens = without_tests(&tokens(&read(&file)));
        for name in public_names(&tokens) {
            names += 1;
            for (word, plain) in PLAIN_WORDS {
                let of_messages = word == "bodies" && OF_MESSAGES.iter().any(|of| file.ends_with(of));
                if words(name).iter().any(|one| one == word) && !of_messages {
                    wrong.push(format!("{}: {name}: {plain}", file.display()));
                }
            }
        }
    }
    assert!(names > 1_000, "{names}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Where paths are no addresses of ours.
const OTHER_PATHS: [&str; 1] = ["server/src/control/mod.rs"];

#[test]
fn addresses_are_made_in_one_file() {
    let mut files = Vec::new();
    for folder in ["server/src", "server/query/src"] {
        sources(&root().join(folder), &mut files);
    }
    let (mut wrong, mut made) = (Vec::new(), 0);
    for file in files.iter().filter(|file| OTHER_PATHS.iter().all(|other| !file.ends_with(other))) {
        let tests = file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs");
        let source = read(file);
        let source = source.split("mod tests {").next().unwrap_or_default();
        for (at, line) in source.lines().enumerate() {
            let path =
                line.split("format!(\"/").nth(1).filter(|path| path.starts_with(|c: char| c.is_ascii_lowercase()));
            match path {
                Some(_) if file.ends_with("query/src/urls.rs") => made += 1,
                Some(_) if !tests => wrong.push(format!("{}:{}: {line}", file.display(), at + 1)),
                _ => {}
            }
        }
    }
    assert!(made > 20, "{made}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_of_names_are_found() {
    let source =
        "pub(crate) async fn kept_first() {} pub struct ToldOnce { pub at: u8, pub(super) r#norm: u8 } fn tell() {}";
    let tokens = tokens(source);
    let names = public_names(&tokens);
    assert_eq!(names[..3], ["kept_first", "ToldOnce", "at"]);
    assert_eq!(words("ToldOnce"), ["told", "once"]);
    assert_eq!(words("MAX_KEPT"), ["max", "kept"]);
}
