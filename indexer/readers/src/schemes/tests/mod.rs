//! Whole schemes and notices that are made up, and the ways in which single things are written.

mod files;
mod measured;
mod notices;
mod words;

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// The schemes that the reader was written with, and those that it had not seen.
const KNOWN: &str = "tests/schemes";

/// More of those, in other styles.
const OTHER_STYLES: &str = "tests/schemes_styles";

/// Numbers, texts and answers, in the order of their names.
fn all(folder: &str) -> Vec<(String, Document, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "json"));
    names.sort();
    let read = |path: PathBuf| {
        let answer = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let text = std::fs::read_to_string(path.with_extension("md")).unwrap();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), Document::from(text.as_str()), answer)
    };
    names.into_iter().map(read).collect()
}

fn fold(text: &str) -> String {
    let text = super::text::plain(text);
    text.chars()
        .map(|c| {
            if "[〔［".contains(c) {
                '〔'
            } else if "]〕］".contains(c) {
                '〕'
            } else {
                c
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(lines in prop::collection::vec("([第条一二三（）1-9、.设置内设机构个：。，编制名含局长副挂牌子职责分工与和的\t]|\\PC){0,24}", 0..20)) {
        for top in ["", "甲市乙局职能配置、内设机构和人员编制规定\n", "关于调整甲局机构编制的通知\n"] {
            let document = Document::from(format!("{top}{}", lines.join("\n")).as_str());
            if let Some(scheme) = read(&document) {
                let text = document.text();
                for proposed in scheme.columns() {
                    prop_assert!(!proposed.evidence.is_empty(), "{}", proposed.column);
                    for span in proposed.evidence {
                        prop_assert!(text.get(span.start..span.end).is_some());
                    }
                }
                let _ = scheme.body();
            }
            let _ = notice::read(&document);
        }
    }
}
