//! Bases of real lists of powers against a library of real laws, with figures. Neither is part of the repository:
//! `GUANSOU_LAWS` names a folder or archive of laws, `GUANSOU_BASES` a file of JSON lines `{"division": …, "basis":
//! …}`, and `GUANSOU_BASES_TOLD` where every finding is written to, for somebody to go through. The first two
//! are needed: `cargo test -p indexer --test real_bases -- --ignored`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at what must not be")]

use std::{collections::BTreeMap, collections::HashMap, env, fmt::Write as _, path::PathBuf, sync::Arc, time::Instant};

use indexer::{
    corpus::{law_markdown, merge},
    index::{
        Generation, Lexicon,
        basis::{Library, Outcome, RegulationText, check},
        build,
    },
    record::{Body, Date, DivisionCode, Record, basis},
    text::dictionaries::Dictionaries,
};

/// Share of the places of regulations that the library has which have to be found.
const FOUND: f64 = 0.95;

fn records(laws: PathBuf) -> Vec<Record> {
    let mut records = Vec::new();
    let mut take = |r| {
        records.push(r);
        Ok(())
    };
    let provinces: HashMap<&str, &str> = [
        ("北京", "110000"),
        ("上海", "310000"),
        ("浙江", "330000"),
        ("山东", "370000"),
        ("河南", "410000"),
        ("广东", "440000"),
        ("重庆", "500000"),
        ("新疆", "650000"),
    ]
    .into();
    let code = |name: &str| provinces.get(name).and_then(|code| code.parse().ok());
    law_markdown::read(&laws, &code, &mut take, &mut |_, _| {}).unwrap();
    merge::merge_regulations(records).0
}

#[test]
#[ignore = "needs GUANSOU_LAWS and GUANSOU_BASES, real laws and a real list"]
fn bases_of_a_real_list_are_found() {
    let (laws, bases) = (env::var_os("GUANSOU_LAWS").unwrap(), env::var_os("GUANSOU_BASES").unwrap());
    let records = records(laws.into());
    let dictionaries = Dictionaries::load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), &records, &lexicon, 1, Date::constant(2026, 11, 26), &mut |_| {}).unwrap();
    let generation = Generation::open_current(dir.path(), &lexicon).unwrap().unwrap();
    let text = |record: Record| match record.body {
        Body::Regulation(r) => Some((record.id, Arc::new(RegulationText::new(r)))),
        _ => None,
    };
    let by_id: HashMap<String, Arc<RegulationText>> = records.into_iter().filter_map(text).collect();
    let texts = |id: &str| by_id.get(id).cloned();
    let library = Library {
        pipeline: &generation.pipeline,
        titles: &generation.titles,
        catalogue: &generation.catalogue,
        former: &generation.former_laws,
        texts: &texts,
    };
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let (mut told, mut items, mut unread) = (String::new(), 0, 0);
    let started = Instant::now();
    for line in std::fs::read_to_string(bases).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let division: DivisionCode = row["division"].as_str().unwrap().parse().unwrap();
        items += 1;
        let cited = basis::read(row["basis"].as_str().unwrap());
        unread += usize::from(cited.is_empty());
        if cited.is_empty() {
            println!("nothing read of: {}", row["basis"]);
        }
        for finding in cited.iter().flat_map(|cited| check(&library, cited, &division)) {
            *counts.entry(finding.outcome).or_default() += 1;
            if finding.outcome == Outcome::UnknownRegulation {
                *unknown.entry(finding.title.clone()).or_default() += 1;
            }
            writeln!(told, "{}", serde_json::json!({
                "item": items, "outcome": finding.outcome.name(), "title": finding.title, "place": finding.place,
                "quote": finding.quote, "reason": finding.reason, "norm": finding.regulation, "was": finding.was, "now": finding.now,
                "article": finding.article.map(|n| n.to_string()), "earlier": finding.earlier, "by": finding.by,
            }))
            .unwrap();
        }
    }
    println!("{items} bases in {:?}, nothing read of {unread}", started.elapsed());
    for (outcome, count) in &counts {
        println!("{count:6} {}", outcome.label());
    }
    let of = |test: fn(Outcome) -> bool| counts.iter().filter(|(o, _)| test(**o)).map(|(_, n)| n).sum::<usize>();
    let held = of(|o| !matches!(o, Outcome::UnknownRegulation | Outcome::OtherRegion));
    let found = of(Outcome::is_resolved);
    println!("{found} of {held} places of norms that the library has are found");
    let mut unknown: Vec<_> = unknown.into_iter().collect();
    unknown.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    for (title, count) in unknown.iter().take(60) {
        println!("{count:6} not in the library: {title}");
    }
    if let Some(path) = env::var_os("GUANSOU_BASES_TOLD") {
        std::fs::write(path, told).unwrap();
    }
    assert!(found as f64 >= FOUND * held as f64, "{found} of {held}");
}
