//! Every file of `tests/documents`, read and proposed as an upload is, against `tests/documents/expected.tsv`.
//!
//! The files are made up; each carries what programs that write documents do and readers of them miss.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at what must not be")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use indexer::corpus::documents::{Context, Document, Proposal, propose, read};

/// File, what is asked of it, and the answer; `-` where nothing is to be proposed.
const EXPECTED: &str = include_str!("documents/expected.tsv");

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

fn expected() -> BTreeMap<&'static str, Vec<(&'static str, &'static str)>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in EXPECTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [file, asked, answer] = cells[..] else { panic!("three columns, not {line}") };
        all.entry(file).or_default().push((asked, answer));
    }
    all
}

/// What is wrong with what was made of a file; `None` where it is as expected.
fn fault(document: &Document, proposal: &Proposal, asked: &str, answer: &str) -> Option<String> {
    let text = document.text();
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let found = match asked {
        "title" => or_none(proposal.title.value.clone()),
        "number" => or_none(proposal.document_number.value.clone()),
        "issuers" => or_none(proposal.issuers.value.as_ref().map(|all| all.join("、"))),
        "signed" => or_none(proposal.version_date.value.map(|day| day.to_string())),
        "published" => or_none(proposal.published.value.map(|day| day.to_string())),
        "effective" => or_none(proposal.effective.value.map(|day| day.to_string())),
        "level" => or_none(proposal.level.value.map(|level| level.label().to_owned())),
        "articles" => proposal.text.articles.iter().map(|a| a.label.as_str()).collect::<Vec<_>>().join("、"),
        "last" => or_none(proposal.text.articles.last().map(|a| a.text.clone())),
        "line" => return (!document.lines.iter().any(|l| l.text == answer)).then_some(text),
        "without" => return text.contains(answer).then_some(text),
        "warning" => {
            let told = document.warnings.iter().any(|warning| warning.contains(answer));
            return (!told).then(|| document.warnings.join("；"));
        }
        other => panic!("{other} can not be asked of a document"),
    };
    (found != answer).then_some(found)
}

#[test]
fn every_document_is_proposed_as_it_is() {
    let expected = expected();
    let mut faults = Vec::new();
    for (file, rows) in &expected {
        let bytes = std::fs::read(folder().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        let document = match read(&bytes, file) {
            Ok(document) => document,
            Err(error) => {
                let told = error.to_string();
                let refused = rows.iter().all(|(asked, part)| *asked == "refused" && told.contains(part));
                faults.extend((!refused).then(|| format!("{file}: {told}")));
                continue;
            }
        };
        let proposal = propose(&document, &Context { divisions: &|_| None });
        for (asked, answer) in rows {
            let wrong = fault(&document, &proposal, asked, answer);
            faults.extend(wrong.map(|found| format!("{file}: {asked} should be {answer}, is {found}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_is_expected() {
    let mut files = BTreeSet::new();
    for kind in std::fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|e| e.path().is_dir()) {
        for file in std::fs::read_dir(kind.path()).unwrap() {
            files.insert(format!("{}/{}", kind.file_name().display(), file.unwrap().file_name().display()));
        }
    }
    let expected: BTreeSet<String> = expected().into_keys().map(str::to_owned).collect();
    assert_eq!(files, expected);
}
