//! Sets the ranking's weights: a search over the rated lay questions with cross-validation, reproducible to the digit.
//!
//! usage: tune DATA_DIR [weight=value ...]     one measurement with these weights in place of the shipped ones
//!        tune DATA_DIR --search               coordinate search from the shipped weights
//!        tune DATA_DIR --count                prints ranking/asked.tsv, counted over all rows
//!
//! Folds are by row number modulo their count. What counts how often a law was asked for is counted on the other folds
//! only, so no row helps to answer itself.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use indexer::{
    index::Generation,
    index::projection::article_key,
    record::{ArticleNumber, work_key},
};
use server::{
    config::Config,
    query::{
        ranking::{Ranking, Weights, asked::Asked},
        request::{KindFilter, SearchRequest},
        search_with,
    },
    service::load_lexicon,
};

const FOLDS: usize = 5;
const ROWS: &str = "../shared/eval/lay-queries.dev.jsonl";

struct Row {
    query: String,
    /// Work and label: 民法典, 第五十六条.
    relevant: Vec<(String, String)>,
}

#[derive(Clone, Copy)]
struct Score {
    ndcg: f64,
    recall: f64,
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let data = args.next().context("usage: tune DATA_DIR [weight=value ...] [--search]")?;
    let config = Config { data: data.into(), ..Config::default() };
    let generation = Generation::open_current(&config.data.join("index"), &load_lexicon(&config)?)?;
    let generation = generation.context("no index there")?;
    let rows = rows(Path::new(ROWS), &generation)?;
    let mut weights = serde_json::to_value(Weights::shipped())?;
    let (mut search, mut count) = (false, false);
    for arg in args {
        match arg.split_once('=') {
            Some((name, value)) if weights.get(name).is_some() => weights[name] = value.parse::<f64>()?.into(),
            _ if arg == "--search" => search = true,
            _ if arg == "--count" => count = true,
            _ => bail!("no such weight: {arg}"),
        }
    }
    if count {
        return print_counts(&rows);
    }
    let mut best = measure(&generation, &rows, &weights)?;
    println!("start  nDCG@10 {:.4}  R@100 {:.4}", best.ndcg, best.recall);
    if !search {
        return Ok(());
    }
    const TUNED: [&str; 5] = ["words", "everyday", "citations", "asked", "asked_article"];
    for round in 1..=2 {
        for name in TUNED {
            let from = weights[name].as_f64().unwrap_or_default();
            let steps = if from == 0.0 { vec![0.05, 0.15, 0.4] } else { vec![0.0, from * 0.7, from * 1.4] };
            for value in steps {
                let mut tried = weights.clone();
                tried[name] = value.into();
                let score = measure(&generation, &rows, &tried)?;
                // Recall counts a third: it decides what a later stage can still put right.
                if score.ndcg + score.recall / 3.0 > best.ndcg + best.recall / 3.0 + 1e-4 {
                    (best, weights) = (score, tried);
                    println!("{round} {name} = {value:.3}  nDCG@10 {:.4}  R@100 {:.4}", best.ndcg, best.recall);
                }
            }
        }
    }
    println!("{}", serde_json::to_string_pretty(&weights)?);
    Ok(())
}

fn print_counts(rows: &[Row]) -> Result<()> {
    let mut counts: BTreeMap<(&str, u64), (u32, &str)> = BTreeMap::new();
    for (work, label) in rows.iter().flat_map(|r| &r.relevant) {
        counts.entry((work, label.parse::<ArticleNumber>().map_or(0, article_key))).or_insert((0, label)).0 += 1;
    }
    println!(
        "# How often an article answered a question.\n# From: STARD (THUIR, MIT), the rated development rows; made by `tune DATA_DIR --count`.\n# work, article, times"
    );
    for ((work, _), (times, label)) in counts {
        println!("{work}\t{label}\t{times}");
    }
    Ok(())
}

/// As the rows write titles: without 中华人民共和国 wherever it stands, and without a trailing parenthesis.
fn loose(title: &str) -> String {
    let title = title.replace("中华人民共和国", "");
    match title.rfind('（').filter(|_| title.ends_with('）')) {
        Some(open) => title[..open].to_owned(),
        None => title,
    }
}

fn rows(path: &Path, generation: &Generation) -> Result<Vec<Row>> {
    let mut works: Vec<&str> = generation.catalogue.works().collect();
    works.sort_unstable();
    let works: HashMap<String, &str> = works.into_iter().map(|work| (loose(work), work)).collect();
    let work = |title: String| works.get(&loose(&title)).map_or(title, |work| (*work).to_owned());
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let parse = |line: &str| -> Result<Row> {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let relevant = row["relevant"].as_array().into_iter().flatten();
        let part = |x: &serde_json::Value, name: &str| x[name].as_str().unwrap_or_default().to_owned();
        Ok(Row {
            query: part(&row, "query"),
            relevant: relevant.map(|x| (work(part(x, "title")), part(x, "article"))).collect(),
        })
    };
    text.lines().map(parse).collect()
}

/// Mean over all rows, each answered with what the other folds know.
fn measure(generation: &Generation, rows: &[Row], weights: &serde_json::Value) -> Result<Score> {
    let weights: Weights = serde_json::from_value(weights.clone())?;
    let folds: Vec<Vec<Score>> = std::thread::scope(|scope| {
        let of = |fold: usize| {
            let weights = weights.clone();
            scope.spawn(move || -> Result<Vec<Score>> {
                let mut asked = Asked::default();
                for (_, row) in rows.iter().enumerate().filter(|(at, _)| at % FOLDS != fold) {
                    for (work, label) in &row.relevant {
                        asked.add(work, label.parse().ok(), 1);
                    }
                }
                let ranking = Arc::new(Ranking { weights, asked });
                let held_out = rows.iter().enumerate().filter(|(at, _)| at % FOLDS == fold);
                held_out.map(|(_, row)| score(generation, row, &ranking)).collect()
            })
        };
        let running: Vec<_> = (0..FOLDS).map(of).collect();
        running.into_iter().map(|r| r.join().map_err(|_| anyhow::anyhow!("a fold panicked"))?).collect::<Result<_>>()
    })?;
    let all: Vec<Score> = folds.concat();
    let mean = |of: fn(&Score) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    Ok(Score { ndcg: mean(|s| s.ndcg), recall: mean(|s| s.recall) })
}

fn score(generation: &Generation, row: &Row, ranking: &Arc<Ranking>) -> Result<Score> {
    let request = SearchRequest { kind: KindFilter::Article, size: 100, ..SearchRequest::new(row.query.as_str()) };
    let reply = search_with(generation, &request, ranking)?;
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut place = 0;
    for hit in reply.direct.iter().chain(&reply.hits) {
        let Some(article) = &hit.article else { continue };
        let key = (work_key(&article.regulation), article.number.clone());
        places.entry(key).or_insert_with(|| {
            place += 1;
            place - 1
        });
    }
    let found: Vec<usize> = row.relevant.iter().filter_map(|r| places.get(r).copied()).filter(|p| *p < 100).collect();
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let ideal: f64 = (0..row.relevant.len().min(10)).map(gain).sum();
    Ok(Score {
        ndcg: found.iter().filter(|p| **p < 10).map(|p| gain(*p)).sum::<f64>() / ideal,
        recall: found.len() as f64 / row.relevant.len() as f64,
    })
}
