//! The files and folders of a crate know each other in no circle.
//!
//! An arrow is a path that code writes: `crate::a::b`, `super::a`, also within braces. A name that a module re-exports
//! counts as that module's own, since whoever asks it does not say where the name lies. Tests may look anywhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    members, read,
    tokens::{closed, tokens, without_tests},
};

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

pub type Module = Vec<String>;

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
pub fn modules(folder: &Path, at: &Module, into: &mut BTreeMap<Module, String>) {
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
