//! Growth: what indexing and searching cost at five sizes of a generated library, ours and the raw library's, each size
//! and engine in a process of its own; the exponents are fitted by least squares on the logarithms. The largest is the
//! workload of a million articles.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use indexer::index::{Generation, build};
use serde::{Deserialize, Serialize};
use server::{
    config::Config,
    query::{
        request::{KindFilter, SearchRequest},
        search,
    },
    service::load_lexicon,
};

use crate::{
    generated,
    peers::{RawTantivy, SIZE, TODAY, corpus, protocol::Engine},
    process,
};

const SIZES: [usize; 5] = [10_000, 30_000, 100_000, 300_000, 1_000_000];

/// What one size cost one engine.
#[derive(Serialize, Deserialize)]
struct Cost {
    articles: usize,
    text_bytes: u64,
    index_seconds: f64,
    /// Peak of resident memory while indexing, above what the records in memory held.
    index_kib: u64,
    /// What they held.
    held_kib: u64,
    index_bytes: u64,
    open_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// One figure of a [`Cost`], by the name it is printed under.
type Figure = (&'static str, fn(&Cost) -> f64);

const FIGURES: [Figure; 6] = [
    ("indexing, s", |c| c.index_seconds),
    ("peak memory of indexing above the records held, MiB", |c| c.index_kib as f64 / 1024.0),
    ("index on disk, MiB", |c| c.index_bytes as f64 / f64::from(1 << 20)),
    ("opening, ms", |c| c.open_ms),
    ("uncached search, p50 ms", |c| c.p50_ms),
    ("uncached search, p99 ms", |c| c.p99_ms),
];

pub fn measure(generation: &Generation) -> Result<()> {
    let dir = tempfile::tempdir()?;
    corpus::write(generation, &corpus::records(generation)?, dir.path())?;
    ensure!(!corpus::questions()?.is_empty(), "the rated questions are not there");
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for articles in SIZES {
        ours.push(in_its_own_process("guansou", articles, dir.path())?);
        raw.push(in_its_own_process("tantivy", articles, dir.path())?);
    }
    println!("\nGenerated articles, made of sentences of the real ones, seed {}.\n", generated::SEED);
    let sizes: Vec<String> = ours.iter().map(|c| format!("{} ({} MiB)", c.articles, c.text_bytes >> 20)).collect();
    println!("| articles (text) | {} | exponent |", sizes.join(" | "));
    println!("| --- |{}", " --- |".repeat(SIZES.len() + 1));
    for (engine, costs) in [("guansou", &ours), ("raw tantivy", &raw)] {
        for (name, figure) in FIGURES {
            let cells: Vec<String> = costs.iter().map(|c| rounded(figure(c))).collect();
            println!("| {engine}: {name} | {} | {:.2} |", cells.join(" | "), exponent(costs, figure));
        }
    }
    println!("\n| what | figure |\n| --- | --- |");
    if let (Some(ours), Some(raw)) = (ours.last(), raw.last()) {
        let held = ours.held_kib >> 10;
        crate::row("workload of a million articles, generated: records held in memory", &format!("{held} MiB"));
        let ratios: [Figure; 3] =
            [("index rate", |c| 1.0 / c.index_seconds), ("p50", |c| c.p50_ms), ("p99", |c| c.p99_ms)];
        for (name, figure) in ratios {
            crate::row(
                &format!("likewise: {name}, guansou / raw tantivy"),
                &format!("{:.2}", figure(ours) / figure(raw)),
            );
        }
    }
    Ok(())
}

fn in_its_own_process(engine: &str, articles: usize, dir: &Path) -> Result<Cost> {
    let place = dir.join("index");
    let output = Command::new(std::env::current_exe()?)
        .args(["size", engine, &articles.to_string()])
        .args([dir, &place])
        .stderr(Stdio::inherit())
        .output()?;
    std::fs::remove_dir_all(&place)?;
    ensure!(output.status.success(), "{engine} failed at {articles} articles");
    serde_json::from_slice(&output.stdout).context("the process said something else")
}

/// The process: one engine at one size; prints its [`Cost`].
pub fn run_size(engine: &str, articles: &str, dir: &Path, place: &Path) -> Result<()> {
    let articles: usize = articles.parse()?;
    let records = generated::records(&corpus::read_records(dir)?, &corpus::read_divisions(dir)?, articles);
    let questions: Vec<String> = corpus::questions()?.into_iter().map(|q| q.text).collect();
    let text_bytes = corpus::regulations(&records).flat_map(|n| &n.articles).map(|a| a.text.len() as u64).sum();
    let mut cost = match engine {
        "guansou" => {
            let lexicon = load_lexicon(&Config::default())?;
            let mut cost = indexed(|| Ok(build(place, &records, &lexicon, 0, TODAY, &mut |_| {})?))?;
            drop(records);
            let started = Instant::now();
            let generation = Generation::open_current(place, &lexicon)?.context("no index was built")?;
            cost.open_ms = started.elapsed().as_secs_f64() * 1e3;
            (cost.p50_ms, cost.p99_ms) = asked(&questions, |text| {
                let request =
                    SearchRequest { kind: KindFilter::Article, size: SIZE as u32, ..SearchRequest::new(text) };
                Ok(search(&generation, &request)?)
            })?;
            cost
        }
        "tantivy" => {
            let texts: Vec<String> = corpus::texts(&records).collect();
            drop(records);
            let mut cost = indexed(|| RawTantivy::index(texts.iter().map(String::as_str), place))?;
            drop(texts);
            let started = Instant::now();
            let mut raw = RawTantivy::open(place)?;
            cost.open_ms = started.elapsed().as_secs_f64() * 1e3;
            (cost.p50_ms, cost.p99_ms) = asked(&questions, |text| raw.search(text))?;
            cost
        }
        other => bail!("no engine {other}"),
    };
    cost.articles = articles;
    cost.text_bytes = text_bytes;
    cost.index_bytes = process::size_of(place) as u64;
    println!("{}", serde_json::to_string(&cost)?);
    Ok(())
}

fn indexed<T>(index: impl FnOnce() -> Result<T>) -> Result<Cost> {
    let held_kib = process::own_kib("VmRSS");
    process::reset_own_peak();
    let started = Instant::now();
    index()?;
    let index_seconds = started.elapsed().as_secs_f64();
    let index_kib = process::own_kib("VmHWM").saturating_sub(held_kib);
    Ok(Cost {
        articles: 0,
        text_bytes: 0,
        index_seconds,
        index_kib,
        held_kib,
        index_bytes: 0,
        open_ms: 0.0,
        p50_ms: 0.0,
        p99_ms: 0.0,
    })
}

/// Every question twice, the second time counted: p50 and p99 in milliseconds.
fn asked<T>(questions: &[String], mut ask: impl FnMut(&str) -> Result<T>) -> Result<(f64, f64)> {
    let mut times = Vec::new();
    for _ in 0..2 {
        times.clear();
        for question in questions {
            let started = Instant::now();
            ask(question)?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Ok((at(0.5), at(0.99)))
}

/// b of cost = a · articlesᵇ, by least squares on the logarithms.
fn exponent(costs: &[Cost], figure: fn(&Cost) -> f64) -> f64 {
    slope(&costs.iter().map(|c| ((c.articles as f64).ln(), figure(c).ln())).collect::<Vec<_>>())
}

fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let (over, under) =
        points.iter().fold((0.0, 0.0), |(o, u), p| (o + (p.0 - x) * (p.1 - y), u + (p.0 - x) * (p.0 - x)));
    over / under
}

fn rounded(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_power_is_its_exponent() {
        let points: Vec<(f64, f64)> =
            [10.0_f64, 30.0, 100.0].iter().map(|n| (n.ln(), (3.0 * n.powf(1.5)).ln())).collect();
        assert!((slope(&points) - 1.5).abs() < 1e-9);
    }
}
