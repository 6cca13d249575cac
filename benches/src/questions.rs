//! What meaning costs: time and memory of searches without it, with it, and while vectors are computed beside.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use indexer::index::Generation;
use server::{
    config::Config,
    meaning::{self, Progress, State},
    query::{request::SearchRequest, search},
};

use crate::{open, open_load, percentiles, process, row};

/// Rated consultations, much longer than the questions of the query log.
const RATED: &str = "../shared/eval/lay-queries.dev.jsonl";
/// Questions timed while vectors are computed.
const BESIDE: usize = 200;

/// # Errors
/// If there is no index in `data`, or no vectors of nearly all its articles.
pub fn measure(data: &Path) -> Result<()> {
    let generation = open(data)?;
    let rated = rated()?;
    open_load::by_kind(&generation, ", without meaning")?;
    times_of(&generation, &rated, "without meaning")?;
    let before = process::own_kib("VmRSS");
    ensure!(benches::meanings::load(&generation, data, false)?, "no vectors there: tune DATA_DIR --fill");
    times_of(&generation, &rated, "with meaning")?;
    open_load::by_kind(&generation, ", with meaning")?;
    let more = process::own_kib("VmRSS").saturating_sub(before) >> 10;
    row("resident more with meaning, searches included", &format!("{more} MiB"));
    beside(&generation, data, &rated)
}

fn rated() -> Result<Vec<String>> {
    let Ok(text) = fs::read_to_string(RATED) else { return Ok(Vec::new()) };
    let query = |line: &str| Ok(serde_json::from_str::<serde_json::Value>(line)?["query"].as_str().map(str::to_owned));
    text.lines().filter(|line| !line.trim().is_empty()).filter_map(|line| query(line).transpose()).collect()
}

/// The times of questions, each once uncounted and once timed.
fn times_of(generation: &Generation, questions: &[String], how: &str) -> Result<()> {
    if questions.is_empty() {
        row("rated questions", "not there");
        return Ok(());
    }
    asked(generation, questions)?;
    let mut times = asked(generation, questions)?;
    let what = format!("uncached search in-process, {} rated questions, {how}", times.len());
    row(&what, &percentiles(&mut times));
    Ok(())
}

fn asked(generation: &Generation, questions: &[String]) -> Result<Vec<Duration>> {
    let time = |question: &String| {
        let started = Instant::now();
        search(generation, &SearchRequest::new(question.as_str()))?;
        Ok(started.elapsed())
    };
    questions.iter().map(time).collect()
}

/// The same while the service's own thread computes vectors for another generation, on as many threads at once as there
/// are cores, so that it has none to itself.
fn beside(generation: &Generation, data: &Path, questions: &[String]) -> Result<()> {
    let questions = &questions[..questions.len().min(BESIDE)];
    if questions.is_empty() {
        return Ok(());
    }
    let cores = std::thread::available_parallelism()?.get();
    let on_all = || -> Result<Vec<Duration>> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(|| asked(generation, questions))).collect();
            let mut all = Vec::new();
            for thread in threads {
                all.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(all)
        })
    };
    row(&format!("the same, {} on each of {cores} threads", questions.len()), &percentiles(&mut on_all()?));
    let empty = tempfile::tempdir()?;
    std::os::unix::fs::symlink(fs::canonicalize(data.join("packages"))?, empty.path().join("packages"))?;
    let (served, told) = (Arc::new(open(data)?), Progress::default());
    let pinned = server::packages::pinned(&Config::default().corpus)?;
    let filling = meaning::start(pinned, empty.path().to_owned(), told.clone(), move || Some(served.clone()))?;
    while told.state() == State::Reading {
        std::thread::sleep(Duration::from_millis(50));
    }
    ensure!(!told.state().is_fault(), "{}", told.state());
    row("the same while vectors are computed", &percentiles(&mut on_all()?));
    drop(filling);
    Ok(())
}
