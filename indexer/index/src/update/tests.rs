//! A chain of updates must show what a full build of the same records shows.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use proptest::prelude::*;
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::*;
use crate::{build, completions::CompletionKind};
use record::{Audience, DivisionLevel, Evidence, State, Website, samples};
use text::dictionaries::Dictionaries;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    Lexicon::new(Dictionaries::load(&dir).unwrap(), Vec::new())
});

const TODAY: Date = Date::constant(2026, 1, 1);

type World = BTreeMap<String, Record>;

fn world(records: impl IntoIterator<Item = Record>) -> World {
    records.into_iter().map(|r| (r.id.clone(), r)).collect()
}

fn beginning() -> World {
    let division = |code, name, short, level, parent| samples::division(code, name, short, level, parent);
    world([
        division("000000", "中华人民共和国", "中国", DivisionLevel::Nation, None),
        division("520000", "贵州省", "贵州", DivisionLevel::Province, Some("000000")),
        division("520300", "遵义市", "遵义", DivisionLevel::Prefecture, Some("520000")),
        samples::institution("520300-gov", "遵义市人民政府", "520300"),
        samples::institution("520300-cz", "遵义市财政局", "520300"),
        samples::law("甲法", Date::constant(2010, 1, 1), &["依照本法办理。", "依照《乙条例》第一条处罚。"]),
        samples::law("乙条例", Date::constant(2011, 1, 1), &["罚款一百元。", "自公布之日起施行。"]),
        name("zunyi.gov.cn", "遵义市人民政府"),
    ])
}

fn name(host: &str, owner: &str) -> Record {
    samples::record(&format!("w-{host}"), Body::WebName(samples::web_name(host, owner)))
}

/// A regulation that its issuer classes.
fn classed(mut regulation: Record, topics: &[&str]) -> Record {
    if let Body::Regulation(r) = &mut regulation.body {
        r.publication.topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
    }
    regulation
}

/// All that readers see of a generation, in words.
fn shown(generation: &Generation) -> BTreeMap<String, Vec<String>> {
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut tell = |what: &str, lines: Vec<String>| {
        let mut lines = lines;
        lines.sort();
        shown.insert(what.to_owned(), lines);
    };
    let catalogue = &generation.catalogue;
    let regulations = catalogue
        .regulations()
        .iter()
        .map(|r| format!("{:?}", crate::catalogue::RegulationEntry { position: 0, ..r.clone() }));
    tell("norms", regulations.collect());
    tell("divisions", catalogue.divisions().iter().map(|d| format!("{d:?}")).collect());
    tell("counts", vec![format!("{:?}", catalogue.counts())]);
    let documents = |part: &tantivy::Searcher, entry: tantivy::schema::Field| {
        let mut found = Vec::new();
        for segment in part.segment_readers() {
            let store = segment.get_store_reader(1).unwrap();
            for doc in segment.doc_ids_alive() {
                let doc: TantivyDocument = store.get(doc).unwrap();
                found.push(doc.get_first(entry).and_then(|v| v.as_str()).unwrap().to_owned());
            }
        }
        found
    };
    tell("directory", documents(&generation.directory.searcher, generation.directory.fields.entry));
    tell("library", documents(&generation.library.searcher, generation.library.fields.entry));
    for (kind, prefix) in [
        (CompletionKind::Institution, "遵义"),
        (CompletionKind::Institution, "zunyi"),
        (CompletionKind::Regulation, "甲"),
        (CompletionKind::Regulation, "乙"),
        (CompletionKind::Regulation, "丙"),
        (CompletionKind::Division, "贵"),
        (CompletionKind::Division, "遵义"),
    ] {
        let best = generation.completions.best(kind, prefix, 9);
        // Ranks of works count citations, as of the last full build.
        tell(prefix, best.iter().map(|c| format!("{} {} {}", c.id, c.text, c.detail)).collect());
    }
    tell("names", generation.official.iter().map(|n| format!("{n:?}")).collect());
    tell("names for download", vec![String::from_utf8(generation.official.listing()).unwrap()]);
    let filter = std::fs::read(generation.path.join(OFFICIAL_DIR).join(official::FILTER_FILE)).unwrap();
    let filter = fst::Set::new(generation.official.filter(filter).unwrap()).unwrap();
    tell("hosts in use", filter.stream().into_strs().unwrap());
    let title = |at: u32| catalogue.at(at).map(|r| r.id.clone()).expect("a norm that is there");
    let edges = generation.references.iter();
    tell(
        "references",
        edges.map(|e| format!("{} {:?} → {} {:?}", title(e.from.0), e.from_article, title(e.to), e.article)).collect(),
    );
    // A regulation's documents carry its status.
    let f = &generation.library.fields;
    let mut statuses = Vec::new();
    for r in catalogue.regulations() {
        let of_regulation = tantivy::query::TermQuery::new(
            Term::from_field_u64(f.regulation, u64::from(r.position)),
            tantivy::schema::IndexRecordOption::Basic,
        );
        for (segment, docs) in generation
            .library
            .searcher
            .search(&of_regulation, &tantivy::collector::DocSetCollector)
            .unwrap()
            .into_iter()
            .map(|at| (at.segment_ord, at.doc_id))
        {
            let column = generation.library.searcher.segment_reader(segment).fast_fields().u64("status").unwrap();
            statuses.push(format!("{} {:?} {:?}", r.id, r.status, column.first(docs)));
        }
    }
    tell("statuses", statuses);
    let topics: BTreeSet<&String> = catalogue.regulations().iter().flat_map(|r| &r.topics).collect();
    let with = |topic: &str| {
        let term = Term::from_field_text(f.topic, &generation.pipeline.key(topic));
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        generation.library.searcher.search(&query, &tantivy::collector::Count).unwrap()
    };
    tell("topics", topics.into_iter().map(|topic| format!("{topic} {}", with(topic))).collect());
    shown
}

fn built(dir: &Path, world: &World) -> Generation {
    let records: Vec<Record> = world.values().cloned().collect();
    build(dir, &records, &LEXICON, 0, TODAY, &mut |_| {}).unwrap();
    Generation::open_current(dir, &LEXICON).unwrap().unwrap()
}

fn updated(dir: &Path, before: &Generation, then: &World, now: &World) -> Generation {
    let ids: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let changes: Vec<Change> = ids
        .into_iter()
        .filter(|id| then.get(*id) != now.get(*id))
        .filter_map(|id| Change::seen(Audience::Public, then.get(id).cloned(), now.get(id).cloned()))
        .collect();
    let find = |id: &str| Ok(now.get(id).cloned());
    update(dir, before, &changes, &find, &LEXICON, (before.manifest.upto + 1, TODAY)).unwrap()
}

/// Updates from the first world through all others, compared with a full build of each.
fn assert_same(worlds: &[World]) {
    let dir = tempfile::tempdir().unwrap();
    let mut generation = built(dir.path(), &worlds[0]);
    for pair in worlds.windows(2) {
        generation = updated(dir.path(), &generation, &pair[0], &pair[1]);
        let fresh = tempfile::tempdir().unwrap();
        let (mut now, mut whole) = (shown(&generation), shown(&built(fresh.path(), &pair[1])));
        // Texts that did not change may refer to regulations that are new: the next full build finds that.
        let (now_edges, all_edges) = (now.remove("references").unwrap(), whole.remove("references").unwrap());
        assert!(now_edges.iter().all(|edge| all_edges.contains(edge)), "{now_edges:?} {all_edges:?}");
        for (what, lines) in &now {
            assert_eq!(lines, &whole[what], "{what}");
        }
    }
    // What was written is what a later start reads.
    let again = Generation::open_current(dir.path(), &LEXICON).unwrap().unwrap();
    assert_eq!(shown(&again), shown(&generation));
    assert_eq!(again.number, worlds.len() as u64);
}

#[test]
fn records_come_change_and_go() {
    let first = beginning();
    let mut second = first.clone();
    let mut government = samples::institution("520300-gov", "遵义市人民政府", "520300");
    if let Body::Institution(i) = &mut government.body {
        i.short_names.push("遵义市政府".into());
        i.websites.push(Website {
            url: "https://www.zunyi.gov.cn/".into(),
            host: "zunyi.gov.cn".into(),
            evidence: Evidence::Registry,
            sources: vec!["a".into()],
            off_gov_cn: false,
        });
    }
    second.extend(world([
        government,
        samples::institution("520300-jy", "遵义市教育局", "520300"),
        name("jyj.zunyi.gov.cn", "遵义市教育局"),
        classed(
            samples::law("乙条例", Date::constant(2011, 1, 1), &["罚款一百元。", "自公布之日起施行。"]),
            &["财政、税收"],
        ),
        // A version that repeals another law.
        samples::law("甲法", Date::constant(2020, 1, 1), &["本法自公布之日起施行，《乙条例》同时废止。"]),
    ]));
    let mut third = second.clone();
    third.remove("520300-cz");
    third.remove("w-zunyi.gov.cn");
    third.retain(|_, r| !matches!(&r.body, Body::Regulation(r) if r.version_date == Some(Date::constant(2020, 1, 1))));
    third.extend(world([
        samples::division("520500", "毕节市", "毕节", DivisionLevel::Prefecture, Some("520000")),
        samples::law("丙办法", Date::constant(2021, 1, 1), &["依照《甲法》第二条和《乙条例》第二条办理。"]),
    ]));
    assert_same(&[first.clone(), second, third, first]);
}

#[test]
fn what_was_withdrawn_is_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let first = beginning();
    let generation = built(dir.path(), &first);
    let mut second = first.clone();
    second.retain(|_, r| matches!(r.body, Body::Division(_)));
    let generation = updated(dir.path(), &generation, &first, &second);
    let text = format!("{:?}", shown(&generation));
    for gone in ["财政局", "甲法", "zunyi.gov.cn"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    let list = String::from_utf8(generation.official.listing()).unwrap();
    assert!(!list.contains("zunyi"), "{list}");
}

/// Moved into its place, and then the machine stopped before the pointer named it.
#[test]
fn what_was_never_pointed_to_stands_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let then = beginning();
    let mut now = then.clone();
    now.extend(world([samples::institution("520300-jy", "遵义市教育局", "520300")]));
    let orphan = |number| {
        std::fs::create_dir(super::super::generation_dir(dir.path(), number)).unwrap();
        std::fs::write(super::super::generation_dir(dir.path(), number).join("catalogue.json"), "half").unwrap();
    };
    orphan(1);
    let before = built(dir.path(), &then);
    orphan(2);
    let after = updated(dir.path(), &before, &then, &now);
    assert_eq!((before.number, after.number), (1, 2));
    assert_eq!(after.catalogue.counts().institutions, 3);
}

#[test]
fn drafts_are_no_change() {
    let record = |state| Some(Record { state, ..samples::institution("a", "甲局", "520300") });
    assert!(Change::seen(Audience::Public, record(State::Draft), record(State::Submitted)).is_none());
    assert!(Change::seen(Audience::Public, None, record(State::Draft)).is_none());
    let change = Change::seen(Audience::Public, record(State::Published), record(State::Withdrawn)).unwrap();
    assert!(change.before.is_some() && change.after.is_none());
}

/// Any of the records that the worlds are made of.
fn pool() -> Vec<Record> {
    let law = |title, year, articles: &[&str]| samples::law(title, Date::constant(year, 1, 1), articles);
    let mut pool: Vec<Record> = beginning().into_values().filter(|r| !matches!(r.body, Body::Division(_))).collect();
    pool.extend([
        law("甲法", 2015, &["罚款。", "依照《乙条例》第二条办理。", "自公布之日起施行。"]),
        law("甲法", 2020, &["《乙条例》同时废止。"]),
        law("乙条例", 2022, &["《甲法》第一条的罚款，为二百元。"]),
        classed(law("丙办法", 2021, &["依照《甲法》第二条办理。"]), &["财政、税收", "审批改革"]),
        classed(law("甲法", 2010, &["依照本法办理。"]), &["审批改革"]),
        samples::institution("520300-jy", "遵义市教育局", "520300"),
        samples::institution("520300-cz", "遵义市财政和国资局", "520300"),
        name("jyj.zunyi.gov.cn", "遵义市教育局"),
    ]);
    pool
}

proptest! {
    // Each case builds several indexes.
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]
    #[test]
    fn any_chain_of_changes_shows_what_a_full_build_shows(
        choices in prop::collection::vec(prop::collection::vec(any::<bool>(), 16), 2..4)
    ) {
        let divisions = || beginning().into_iter().filter(|(_, r)| matches!(r.body, Body::Division(_)));
        let worlds: Vec<World> = choices
            .iter()
            .map(|chosen| {
                let records = pool().into_iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(r, _)| (r.id.clone(), r));
                divisions().chain(records).collect()
            })
            .collect();
        assert_same(&worlds);
    }
}
