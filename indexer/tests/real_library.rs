//! What holds of every version of a whole library of real laws, and figures of it. The laws are not part of the
//! repository: `GUANSOU_LAWS` names a folder or archive of them, `GUANSOU_LAW_PACKAGE` the cached data package. The
//! first is needed: `cargo test -p indexer --test real_library -- --ignored`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at what must not be")]

use std::{env, path::PathBuf};

use indexer::{
    corpus::{china_law, law_markdown, merge},
    index::{
        Generation, Lexicon, build,
        citation::{self, Outcome},
        references::ReferenceKind,
    },
    record::{Body, Date, EventKind, Record, Regulation, RegulationLevel, work_key},
    text::dictionaries::Dictionaries,
};

/// Laws of the package first, as the service brings them in.
fn records() -> Vec<Record> {
    let laws = PathBuf::from(env::var_os("GUANSOU_LAWS").unwrap());
    let mut records = Vec::new();
    let mut take = |r| {
        records.push(r);
        Ok(())
    };
    if let Some(package) = env::var_os("GUANSOU_LAW_PACKAGE") {
        china_law::read(&PathBuf::from(package), &mut take).unwrap();
    }
    let all = |name: &str| match name {
        "北京" => "110000".parse().ok(),
        "上海" => "310000".parse().ok(),
        "浙江" => "330000".parse().ok(),
        "山东" => "370000".parse().ok(),
        "河南" => "410000".parse().ok(),
        "广东" => "440000".parse().ok(),
        "重庆" => "500000".parse().ok(),
        _ => None,
    };
    law_markdown::read(&laws, &all, &mut take, &mut |_, _| {}).unwrap();
    let (merged, united) = merge::merge_regulations(records);
    println!("{} records, {united} united", merged.len());
    merged
}

fn regulation(record: &Record) -> &Regulation {
    let Body::Regulation(r) = &record.body else { panic!("only laws were read") };
    r
}

/// The rule of `record::effect` over all versions.
fn effects(generation: &Generation, records: &[Record]) {
    let mut known = 0;
    for record in records {
        let r = regulation(record);
        let facts = generation.catalogue.regulation(&record.id).unwrap();
        known += u32::from(facts.effective.is_some());
        assert_eq!(facts.effective.is_some(), facts.effective_basis.is_some(), "{}: a day has a source", r.title);
        let amended = r.history.iter().any(|e| e.kind == EventKind::Amended);
        if let (true, Some(day), Some(version)) = (amended, facts.effective, facts.version_date) {
            assert!(day >= version, "{} {version}: {day} is the first version's", r.title);
        }
    }
    println!("{known} of {} versions have a known day of effect", records.len());
    for told in &generation.catalogue.counts().contradictions {
        println!("  ! {told}");
    }
    for r in
        generation.catalogue.regulations().iter().filter(|r| r.level <= RegulationLevel::Law && r.effective.is_none())
    {
        println!("  ? {}\t{}", r.work, r.version_date.map_or(String::new(), |d| d.to_string()));
    }
    let constitution = generation.catalogue.current_version("宪法").unwrap();
    assert_eq!(constitution.effective, constitution.version_date, "the amendment of that day says it");
    let procedure = generation.catalogue.current_version("民事诉讼法").unwrap();
    assert_eq!(procedure.effective, Some(Date::constant(2024, 1, 1)), "{:?}", procedure.effective_basis);
}

/// 民法典: seven books and the supplementary provisions, all headings in order.
fn headings_of_the_code(generation: &Generation, records: &[Record]) {
    let id = &generation.catalogue.current_version("民法典").unwrap().id;
    let code = regulation(records.iter().find(|r| r.id == *id).unwrap());
    let books: Vec<&str> = code.headings.iter().filter(|h| h.depth == 1).map(|h| h.title.as_str()).collect();
    let want = [
        "第一编 总则",
        "第二编 物权",
        "第三编 合同",
        "第四编 人格权",
        "第五编 婚姻家庭",
        "第六编 继承",
        "第七编 侵权责任",
        "附则",
    ];
    assert_eq!(books, want);
    assert!(code.headings.is_sorted_by_key(|h| h.first_article));
    let starts: Vec<&str> =
        code.headings.iter().filter(|h| h.depth == 1).map(|h| code.articles[h.first_article].label.as_str()).collect();
    println!("民法典: {} headings, books from {starts:?}", code.headings.len());
}

/// Laws that have more headings than the package gives them.
fn richer_headings(records: &[Record]) {
    let Some(package) = env::var_os("GUANSOU_LAW_PACKAGE") else { return };
    let mut richer = Vec::new();
    let mut take = |alone: Record| {
        let (id, count) = (alone.id.clone(), regulation(&alone).headings.len());
        let merged = records.iter().find(|r| r.id == id).map(regulation);
        if let Some(merged) = merged.filter(|merged| merged.headings.len() > count) {
            richer.push(format!("{} {count} → {}", merged.title, merged.headings.len()));
        }
        Ok(())
    };
    china_law::read(&PathBuf::from(package), &mut take).unwrap();
    println!("{} laws with more headings than the package has: {}", richer.len(), richer.join("; "));
}

/// Citations of a query set (`GUANSOU_LOOKUPS`, lines of {"way", "query", "title", "article"}) and what is read of
/// them.
fn lookups(generation: &Generation) {
    let Some(file) = env::var_os("GUANSOU_LOOKUPS") else { return };
    let (mut right, mut all) = (0, 0);
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (query, article) = (row["query"].as_str().unwrap(), row["article"].as_str());
        let found = citation::find(&generation.pipeline, &generation.titles, query);
        let Some(article) = article.filter(|_| row["way"] == "citation") else { continue };
        all += 1;
        let title = Outcome::Work(work_key(row["title"].as_str().unwrap()));
        match found.as_slice() {
            [c] if c.outcome == title && c.article.is_some_and(|n| n.to_string() == article) => right += 1,
            other => println!("  {query}: {other:?}"),
        }
    }
    println!("{right} of {all} cited look-ups are read right");
}

/// Every question of the bank has its article, by words that stand in that article alone.
fn questions(generation: &Generation) {
    let missing: Vec<_> = generation.bank.missing().collect();
    let all = generation.bank.questions.articles().len();
    println!("{} of {all} articles of the bank are not there", missing.len());
    for article in &missing {
        println!("  ? {} “{}”", article.title, article.phrase);
    }
    // Without the data package some laws are not there.
    if env::var_os("GUANSOU_LAW_PACKAGE").is_some() {
        assert!(missing.len() * 100 <= all, "at most one in a hundred, where a source has changed");
    }
}

#[test]
#[ignore = "needs GUANSOU_LAWS, real laws"]
fn what_holds_of_a_whole_library() {
    let records = records();
    let dictionaries = Dictionaries::load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), &records, &lexicon, 1, Date::constant(2026, 11, 26), &mut |_| {}).unwrap();
    let generation = Generation::open_current(dir.path(), &lexicon).unwrap().unwrap();

    let headings: usize = records.iter().map(|r| regulation(r).headings.len()).sum();
    println!("{headings} headings");
    effects(&generation, &records);
    headings_of_the_code(&generation, &records);
    richer_headings(&records);
    lookups(&generation);
    questions(&generation);
    let deleted = records.iter().flat_map(|r| regulation(r).articles.iter()).filter(|a| a.is_deleted()).count();
    println!("{deleted} deleted articles");
    let references = &generation.references;
    for kind in ReferenceKind::ALL {
        let of_kind = || references.iter().filter(|e| e.kind == kind);
        let to_articles = of_kind().filter(|e| e.article.is_some()).count();
        println!("{}: {} references, {to_articles} to articles", kind.label(), of_kind().count());
    }
    let unresolved = &references.unresolved;
    println!("unresolved: {} titles, {} articles", unresolved.titles, unresolved.articles);
    for u in unresolved.most.iter().take(10) {
        println!("  {} {}", u.times, u.target);
    }
    if let Some(out) = env::var_os("GUANSOU_HEADINGS_OUT") {
        let mut lines: Vec<String> = records
            .iter()
            .map(|record| format!("{}\t{}\t{}", record.id, regulation(record).title, regulation(record).headings.len()))
            .collect();
        lines.sort();
        std::fs::write(out, lines.join("\n")).unwrap();
    }
    if let Some(out) = env::var_os("GUANSOU_REFERENCES_OUT") {
        let lines: Vec<String> = references
            .iter()
            .map(|e| {
                let title = |at: u32| generation.catalogue.at(at).map_or("", |r| r.title.as_str()).to_owned();
                let from = generation.catalogue.at(e.from.0).map_or("", |r| r.id.as_str());
                let to = e.article.map_or(String::new(), |p| p.label());
                format!("{} {from} {} {:?} → {}{to}", title(e.from.0), e.from_article.label(), e.span, title(e.to))
            })
            .collect();
        std::fs::write(out, lines.join("\n")).unwrap();
    }
}
