//! Measures the whole service: import and index, start, memory, uncached searches in-process, cached answers over
//! loopback against a bare handler that returns the same bytes, completions over the corpus and a generated
//! directory, and checks of addresses over a generated list of web names.
//!
//! usage: benches                       everything but growth, the load and the national directory, some minutes
//!        benches quick                 what tells most of today's corpus, with the peers of this binary: three minutes
//!        benches platform              writing, decisions, reading of documents, queues
//!        benches registry              proposed names judged, and the daily run over 100,000 names of a year
//!        benches names DATA_DIR        the checks of addresses alone, over an index that is there
//!        benches pages DATA_DIR        the pages alone, likewise
//!        benches peers DATA_DIR        other engines over the same articles and questions, and the text pipeline
//!        benches pipeline DATA_DIR     the text pipeline against the bare segmenter alone
//!        benches growth DATA_DIR       indexing and searching at five sizes of a library generated from the articles there
//!        benches national DATA_DIR     a generated national directory, made from the divisions there
//!        benches load DATA_DIR         an open-loop load with oha, up to and beyond what the service can do
//!        benches kinds DATA_DIR        searches in-process by kind of query, over the query log
//!        benches questions DATA_DIR    what meaning costs: time and memory without it, with it, and while it is computed
//!        benches seals DATA_DIR        comparing an index with its hashes alone
//!        benches lists DATA_DIR ITEMS [import|search|pages|change]
//!                                      lists of powers of so many items, generated into the data there; a part of it alone
//!        benches fresh DATA_DIR        changes some records there, and how soon each is found
//!        benches cached DATA_DIR       cached answers against a bare handler alone, likewise
//!
//! Corpus: the repository's tables, the pinned package, and `../shared/corpus/laws.tar.gz` where it is there. Queries:
//! the rated development sets beside the checkout, in their order; without them, names and titles of the corpus. No
//! random choice is made, so there is no seed. Prints a Markdown table; nothing is asserted.

mod completions;
mod fresh;
mod generated;
mod growth;
mod lists;
mod load;
mod names;
mod national;
mod open_load;
mod pages;
mod peers;
mod pipeline;
mod platform;
mod process;
mod queries;
mod query_log;
mod questions;
mod registry;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use indexer::index::{Generation, current_number, generation_dir, seal};
use server::{
    config::Config,
    query::{
        request::{KindFilter, SearchRequest},
        search,
    },
    service::load_lexicon,
};

use process::{Finished, Running};

/// The service's own, so that what is measured in-process is what is served. Every engine of this binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: benches [quick|platform|registry] | benches names|pages|peers|pipeline|growth|national|load|kinds|questions|seals|fresh|cached DATA_DIR | benches lists DATA_DIR ITEMS [import|search|pages|change]";

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Quick,
    Full,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(done) = child(&args) {
        return done;
    }
    if let [what, data, items, only @ ..] = args.as_slice()
        && what == "lists"
        && only.len() < 2
    {
        return lists::measure(&default_binary(), Path::new(data), items.parse()?, only.first().map(String::as_str));
    }
    if let [what, data] = args.as_slice() {
        let data = Path::new(data);
        match what.as_str() {
            "names" => return checks(&open(data)?),
            "cached" => return cached(&Running::start(&default_binary(), data)?, &queries::mixed(&open(data)?)),
            "peers" => return compared(&open(data)?, data, Extent::Full),
            "pipeline" => return segmented(&open(data)?),
            "growth" => return growth::measure(&open(data)?),
            "national" => return national::measure(&default_binary(), &open(data)?, tempfile::tempdir()?.path()),
            "load" => return open_load::measure(&default_binary(), data),
            "seals" => return seals(data, ""),
            "fresh" => return fresh::measure(&Config { data: data.to_owned(), ..Config::default() }, ""),
            "kinds" => return open_load::by_kind(&open(data)?, ""),
            "questions" => return questions::measure(data),
            "pages" => return pages(&Running::start(&default_binary(), data)?, &open(data)?),
            _ => {}
        }
    }
    let extent = match args.as_slice() {
        [] => Extent::Full,
        [what] if what == "quick" => Extent::Quick,
        [what] if what == "platform" => return platform::measure(),
        [what] if what == "registry" => return registry::measure(),
        _ => anyhow::bail!(USAGE),
    };
    let binary = default_binary();
    let data = tempfile::tempdir()?;
    let laws = Path::new("../shared/corpus/laws.tar.gz");
    println!("| what | figure |\n| --- | --- |");
    row("machine", &process::machine());

    let mut import: Vec<String> = vec!["--data".into(), data.path().display().to_string()];
    if laws.exists() {
        import.extend(["import".into(), "laws".into(), laws.display().to_string()]);
    } else {
        import.push("index".into());
        row("laws.tar.gz", "not there: only the package and the tables are measured");
    }
    let Finished { seconds, peak_mib } = process::run(&binary, &import)?;
    row("import and index, all sources, from nothing", &format!("{seconds:.1} s, {peak_mib} MiB peak"));
    row("index on disk", &format!("{:.0} MiB", process::size_of(&data.path().join("index")) / (1 << 20) as f64));
    row("store on disk", &format!("{:.0} MiB", process::size_of(&data.path().join("store")) / (1 << 20) as f64));

    let started = Instant::now();
    let generation = open(data.path())?;
    row("opening a generation", &format!("{:.0} ms", started.elapsed().as_secs_f64() * 1e3));
    seals(data.path(), "")?;
    row(
        "corpus",
        &format!(
            "{} regulations, {} articles",
            generation.catalogue.counts().regulations,
            generation.catalogue.counts().articles
        ),
    );
    let queries = queries::mixed(&generation);
    row("queries", &format!("{} mixed", queries.len()));
    uncached(&generation, &queries, "")?;
    if extent == Extent::Full {
        open_load::by_kind(&generation, "")?;
    }
    compared(&generation, data.path(), extent)?;
    row("completions over the corpus", &percentiles(&mut completions::over_the_corpus(&generation, &queries)));
    if extent == Extent::Full {
        generated_completions(&generation)?;
    }
    checks(&generation)?;
    if extent == Extent::Full {
        pages(&Running::start(&binary, data.path())?, &generation)?;
    }
    drop(generation);

    fresh::measure(&Config { data: data.path().to_owned(), ..Config::default() }, "")?;
    if extent == Extent::Full {
        platform::measure()?;
    }
    let service = Running::start(&binary, data.path())?;
    row("second start until ready, serve only", &format!("{:.2} s", service.ready_after.as_secs_f64()));
    let mut client = load::Client::connect(&service.address)?;
    for query in queries.iter().take(1_000) {
        client.get(&load::search_path(query))?;
    }
    row("resident after 1,000 mixed queries", &format!("{} MiB", service.resident_mib()?));
    cached(&service, &queries)
}

/// Other engines and the bare segmenter over the same texts.
fn compared(generation: &Generation, data: &Path, extent: Extent) -> Result<()> {
    peers::measure(generation, data, extent == Extent::Quick)?;
    segmented(generation)
}

/// The text pipeline against the bare segmenter.
fn segmented(generation: &Generation) -> Result<()> {
    let records = peers::corpus::records(generation)?;
    pipeline::measure(generation, peers::corpus::texts(&records))
}

fn generated_completions(generation: &Generation) -> Result<()> {
    let mut generated = completions::over_generated(generation)?;
    row(
        &format!("completions over {} generated names", generated.names),
        &format!(
            "{}; made in {:.0} s, {} MiB",
            percentiles(&mut generated.times),
            generated.made_in.as_secs_f64(),
            generated.bytes >> 20
        ),
    );
    Ok(())
}

/// The processes that measurements start of this same binary, so that the memory of each is its own.
fn child(args: &[String]) -> Option<Result<()>> {
    match args {
        [what, engine, data, dir, place] if what == "engine" => {
            Some(peers::run_engine(engine, data.as_ref(), dir.as_ref(), place.as_ref()))
        }
        [what, data, corpus, of] if what == "fresh" => {
            let config = Config { data: data.into(), corpus: corpus.into(), ..Config::default() };
            Some(fresh::measure(&config, of))
        }
        [what, engine, articles, dir, place] if what == "size" => {
            Some(growth::run_size(engine, articles, dir.as_ref(), place.as_ref()))
        }
        _ => None,
    }
}

fn pages(service: &Running, generation: &Generation) -> Result<()> {
    for mut kind in pages::over_loopback(&service.address, generation, &queries::mixed(generation))? {
        let (uncached, cached) = (percentiles(&mut kind.uncached), percentiles(&mut kind.cached));
        let weight = kind.heaviest as f64 / 1024.0;
        row(&format!("page, {}", kind.name), &format!("made {uncached}; kept {cached}; at most {weight:.0} KiB"));
    }
    Ok(())
}

/// The service beside this binary, of the same profile.
fn default_binary() -> PathBuf {
    std::env::current_exe().map_or_else(|_| "target/release/guansou".into(), |own| own.with_file_name("guansou"))
}

fn row(what: &str, figure: &str) {
    println!("| {what} | {figure} |");
}

fn checks(generation: &Generation) -> Result<()> {
    let mut checked = names::over_generated(generation)?;
    row(
        &format!("list of {} generated web names", checked.names),
        &format!("made in {:.0} s, {} MiB of memory", checked.made_in.as_secs_f64(), checked.bytes >> 20),
    );
    row("one check over it", &percentiles(&mut checked.single));
    let [official, lookalike, unknown, invalid] = checked.verdicts;
    let of = format!("{official} official, {lookalike} look-alikes, {unknown} unknown, {invalid} invalid");
    row("bulk checks over it, one core", &format!("{:.0} a second ({of})", checked.per_second));
    Ok(())
}

fn open(data: &Path) -> Result<Generation> {
    let config = Config { data: data.to_owned(), ..Config::default() };
    Generation::open_current(&data.join("index"), &load_lexicon(&config)?)?.context("no index was built")
}

/// What opening spends on comparing every file with its hash, in the same way: the middle of five rounds, files cached.
fn seals(data: &Path, of: &str) -> Result<()> {
    let dir = data.join("index");
    let number = current_number(&dir)?.context("no index was built")?;
    let generation = generation_dir(&dir, number);
    let files = Generation::read_manifest(&generation)?.files;
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let broken = seal::broken(&generation, &files, |_| true)?;
        rounds.push(started.elapsed());
        ensure!(broken.is_empty(), "the generation is damaged: {broken:?}");
    }
    rounds.sort();
    let mib = files.values().map(|seal| seal.bytes).sum::<u64>() as f64 / f64::from(1 << 20);
    let what = format!("{of}comparing all files of a generation with their hashes");
    row(&what, &format!("{:.0} ms, {mib:.0} MiB in {} files", rounds[2].as_secs_f64() * 1e3, files.len()));
    Ok(())
}

/// Every query once in each kind, on one thread; the first round warms the page cache and is not counted.
fn uncached(generation: &Generation, queries: &[String], of: &str) -> Result<()> {
    for (name, kind) in
        [("all kinds", KindFilter::All), ("institutions", KindFilter::Institution), ("articles", KindFilter::Article)]
    {
        let mut times = Vec::with_capacity(queries.len());
        for round in 0..2 {
            times.clear();
            for query in queries {
                let request = SearchRequest { kind, ..SearchRequest::new(query.as_str()) };
                let started = Instant::now();
                search(generation, &request)?;
                times.push(started.elapsed());
            }
            if round == 1 {
                row(&format!("{of}uncached search in-process, {name}"), &percentiles(&mut times));
            }
        }
    }
    Ok(())
}

/// Turns of the comparison of cached answers with a bare handler; the middle one counts.
const CACHED_ROUNDS: usize = 9;
/// Length of each side's turn.
const CACHED_TURN: Duration = Duration::from_millis(1_500);

/// One query again and again, against a bare handler that returns the same bytes.
fn cached(service: &Running, queries: &[String]) -> Result<()> {
    let path = load::search_path(queries.first().context("there are no queries")?);
    let body = load::Client::connect(&service.address)?.get(&path)?;
    row("cached answer", &format!("{} bytes", body.len()));
    let bare = load::bare_handler(body)?;
    // In turns, so that whatever else the machine does falls on both.
    let mut rounds = Vec::new();
    for _ in 0..CACHED_ROUNDS {
        let theirs = load::rate(&bare, "/", CACHED_TURN)?;
        rounds.push((load::rate(&service.address, &path, CACHED_TURN)?, theirs));
    }
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (ours, theirs) = rounds[rounds.len() / 2];
    row("bare axum handler, 8 connections", &format!("{theirs:.0} requests/s"));
    row("cached search, 8 connections", &format!("{ours:.0} requests/s"));
    let of = |at: usize| rounds[at].0 / rounds[at].1;
    let (least, middle, most) = (of(0), of(rounds.len() / 2), of(rounds.len() - 1));
    row("cached search / bare handler, nine rounds", &format!("median {middle:.2}, from {least:.2} to {most:.2}"));
    Ok(())
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!("p50 {:.3} ms, p99 {:.3} ms, max {:.2} ms", at(0.5), at(0.99), at(1.0))
}
