//! Sets the ranking's weights: a search over the rated lay questions, with cross-validation, and the rated look-ups of
//! sites and regulations, reproducible to the digit.
//!
//! usage: tune DATA_DIR [weight=value ...]     one measurement with these weights in place of the shipped ones
//!        tune DATA_DIR --search               coordinate search from the shipped weights
//!        tune DATA_DIR --effects              what each weight does alone: off, halved, as shipped, doubled
//!        tune DATA_DIR --count                prints ranking/asked.tsv, counted over all rows
//!        tune DATA_DIR --table OUT            writes the table that the trees learn from: OUT.tsv, a line a question, and
//!                                             OUT.f32, its rows; see tune/table.rs
//!        tune DATA_DIR --tunings DIR [--table …] with these tunings of questions' vectors, one a fold and that of all
//!        tune DATA_DIR --trees FILE [FILE…]   measures with these trees: one for all rows, or one a fold that was
//!                                             trained without it
//!        tune DATA_DIR --plain …              as if there were no vectors
//!        tune DATA_DIR --fill                 computes the vectors that are missing, with the model of the cached package
//!        tune DATA_DIR --pairs OUT            writes what the model of meaning learns of questions from; see
//!                                             tune/pairs.rs
//!        tune DATA_DIR --questions            names the asked questions whose article the library does not have
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
    embed::tuning::Tuning,
    index::Generation,
    index::projection::article_key,
    record::{ArticleNumber, work_key},
};
use server::{
    config::Config,
    query::{
        ranking::{Ranking, Weights, asked::Asked, columns::Row as Columns, trees::Trees},
        reply::Hit,
        request::{KindFilter, SearchRequest},
        search_with,
    },
    service::load_lexicon,
};

#[path = "tune/pairs.rs"]
mod pairs;
#[path = "tune/table.rs"]
mod table;

const FOLDS: usize = 5;
const ROWS: &str = "../shared/eval/lay-queries.dev.jsonl";
const LOOK_UPS: [&str; 2] = ["../shared/eval/site-lookups.dev.jsonl", "../shared/eval/regulation-lookups.dev.jsonl"];
/// Answers looked through for the right one of a look-up.
const LOOK_UP_DEPTH: u32 = 10;

struct Row {
    query: String,
    /// Work and label: 民法典, 第五十六条.
    relevant: Vec<(String, String)>,
}

/// A name, title or citation as typed, and what is right.
struct LookUp {
    query: String,
    right: Right,
}

enum Right {
    /// Hosts of the institution, without www.
    Site(Vec<String>),
    /// The regulation's work, loosely, and the article's label where one is meant.
    Regulation(String, Option<String>),
}

#[derive(Clone, Copy)]
struct Score {
    ndcg: f64,
    recall: f64,
}

/// All that a set of weights is judged by.
#[derive(Clone, Copy)]
struct Measured {
    /// Lay questions, cross-validated.
    lay: Score,
    /// Mean reciprocal rank of the right answer to look-ups of sites and of regulations.
    look_ups: [f64; 2],
}

impl Measured {
    /// Recall counts a third: it decides what a later stage can still put right.
    fn worth(&self) -> f64 {
        self.lay.ndcg + self.lay.recall / 3.0 + self.look_ups.iter().sum::<f64>() / 2.0
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [sites, regulations] = self.look_ups;
        let Score { ndcg, recall } = self.lay;
        write!(out, "nDCG@10 {ndcg:.4}  R@100 {recall:.4}  sites {sites:.4}  regulations {regulations:.4}")
    }
}

/// The rated rows of all sets.
struct Rated {
    lay: Vec<Row>,
    look_ups: [Vec<LookUp>; 2],
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let data = args.next().context("usage: tune DATA_DIR [weight=value ...] [--search] [--effects]")?;
    let config = Config { data: data.into(), ..Config::default() };
    let generation = Generation::open_current(&config.data.join("index"), &load_lexicon(&config)?)?;
    let generation = generation.context("no index there")?;
    if !std::env::args().any(|arg| arg == "--plain") {
        benches::meanings::load(&generation, &config.data, std::env::args().any(|arg| arg == "--fill"))?;
    }
    let rated = Rated {
        lay: rows(Path::new(ROWS), &generation)?,
        look_ups: [look_ups(Path::new(LOOK_UPS[0]))?, look_ups(Path::new(LOOK_UPS[1]))?],
    };
    let mut weights = serde_json::to_value(Weights::shipped())?;
    let (mut search, mut effects, mut trees, mut tunings) = (false, false, Vec::new(), Vec::new());
    while let Some(arg) = args.next() {
        match arg.split_once('=') {
            Some((name, value)) if weights.get(name).is_some() => weights[name] = value.parse::<f64>()?.into(),
            _ if arg == "--search" => search = true,
            _ if arg == "--effects" => effects = true,
            _ if arg == "--count" => return print_counts(&rated.lay),
            _ if arg == "--questions" => return table::print_missing(&generation),
            _ if arg == "--table" => {
                let out = args.next().context("--table OUT")?;
                return table::write(&generation, &rated.lay, &tunings, Path::new(&out));
            }
            _ if arg == "--fill" => return Ok(()),
            _ if arg == "--plain" => {}
            _ if arg == "--tunings" => {
                let dir = args.next().context("--tunings DIR")?;
                tunings = read_tunings(Path::new(&dir))?;
            }
            _ if arg == "--pairs" => {
                let out = args.next().context("--pairs OUT")?;
                return pairs::write(&generation, &rated.lay, Path::new(&out));
            }
            _ if arg == "--trees" => trees = args.by_ref().map(|file| read_trees(&file)).collect::<Result<_>>()?,
            _ => bail!("no such weight: {arg}"),
        }
    }
    if !trees.is_empty() {
        let weights: Weights = serde_json::from_value(weights)?;
        return table::measure(&generation, &rated, &weights, &trees, &tunings);
    }
    let start = measure(&generation, &rated, &weights)?;
    println!("start  {start}");
    if effects {
        show_effects(&generation, &rated, &weights)?;
    }
    if search {
        find_better(&generation, &rated, start, weights)?;
    }
    Ok(())
}

/// All but validity, which is a rule of the house: whatever it costs, what is no longer in force does not lead.
fn tuned(weights: &serde_json::Value) -> Vec<String> {
    weights.as_object().into_iter().flatten().map(|(name, _)| name.clone()).filter(|name| name != "validity").collect()
}

fn show_effects(generation: &Generation, rated: &Rated, weights: &serde_json::Value) -> Result<()> {
    for name in weights.as_object().into_iter().flatten().map(|(name, _)| name) {
        let shipped = weights[name].as_f64().unwrap_or_default();
        let steps = if shipped == 0.0 { [0.1, 0.2, 0.4] } else { [0.0, shipped * 0.5, shipped * 2.0] };
        for value in steps {
            let mut tried = weights.clone();
            tried[name] = value.into();
            println!("{name:<14} {value:<6.3} {}", measure(generation, rated, &tried)?);
        }
    }
    Ok(())
}

/// Coordinate search in two rounds.
fn find_better(
    generation: &Generation,
    rated: &Rated,
    mut best: Measured,
    mut weights: serde_json::Value,
) -> Result<()> {
    for round in 1..=2 {
        for name in tuned(&weights) {
            let from = weights[&name].as_f64().unwrap_or_default();
            let steps = if from == 0.0 { vec![0.05, 0.15, 0.4] } else { vec![0.0, from * 0.7, from * 1.4] };
            for value in steps {
                let mut tried = weights.clone();
                tried[&name] = value.into();
                let measured = measure(generation, rated, &tried)?;
                if measured.worth() > best.worth() + 1e-4 {
                    (best, weights) = (measured, tried);
                    println!("{round} {name} = {value:.3}  {best}");
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

fn look_ups(path: &Path) -> Result<Vec<LookUp>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let parse = |line: &str| -> Result<LookUp> {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let right = match row["hosts"].as_array() {
            Some(hosts) => Right::Site(hosts.iter().filter_map(text).collect()),
            None => Right::Regulation(loose(row["title"].as_str().unwrap_or_default()), text(&row["article"])),
        };
        Ok(LookUp { query: text(&row["query"]).unwrap_or_default(), right })
    };
    text.lines().map(parse).collect()
}

fn measure(generation: &Generation, rated: &Rated, weights: &serde_json::Value) -> Result<Measured> {
    let weights: Weights = serde_json::from_value(weights.clone())?;
    let mut look_ups = [0.0; 2];
    for (mean, rows) in look_ups.iter_mut().zip(&rated.look_ups) {
        let ranking = Arc::new(Ranking::by_formula(weights.clone(), Asked::shipped()));
        let ranks: Vec<f64> =
            rows.iter().map(|row| reciprocal_rank(generation, row, &ranking)).collect::<Result<_>>()?;
        *mean = ranks.iter().sum::<f64>() / ranks.len() as f64;
    }
    Ok(Measured { lay: measure_lay(generation, &rated.lay, &weights, &[], &[])?, look_ups })
}

/// 1 over the place of the right answer; 0 where it is not among the first.
fn reciprocal_rank(generation: &Generation, row: &LookUp, ranking: &Arc<Ranking>) -> Result<f64> {
    let kind = match &row.right {
        Right::Site(_) => KindFilter::Institution,
        Right::Regulation(_, None) => KindFilter::Regulation,
        Right::Regulation(_, Some(_)) => KindFilter::Article,
    };
    let request = SearchRequest { kind, size: LOOK_UP_DEPTH, ..SearchRequest::new(row.query.as_str()) };
    let reply = search_with(generation, &request, ranking)?;
    let right = |hit: &Hit| match &row.right {
        Right::Site(hosts) => hit.institution.iter().flat_map(|i| &i.websites).any(|site| hosts.contains(&site.host)),
        Right::Regulation(title, None) => loose(&hit.title) == *title,
        Right::Regulation(title, Some(label)) => {
            hit.article.as_ref().is_some_and(|a| loose(&a.regulation) == *title && a.number == *label)
        }
    };
    let place = reply.direct.iter().chain(&reply.hits).position(right);
    Ok(place.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)))
}

/// One a fold, which was trained without it, and that of all at the end.
fn read_tunings(dir: &Path) -> Result<Vec<Arc<Tuning>>> {
    let names = (0..FOLDS).map(|fold| fold.to_string()).chain(["all".to_owned()]);
    names.map(|name| Ok(Arc::new(Tuning::read(&fs::read(dir.join(name + ".tuning"))?)?))).collect()
}

fn read_trees(file: &str) -> Result<Trees> {
    let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
    Ok(Trees::read(&text, Columns::NAMES)?)
}

/// How often each article was asked for in the rows of the other folds.
fn asked_elsewhere(rows: &[Row], fold: usize) -> Asked {
    let mut asked = Asked::default();
    for (_, row) in rows.iter().enumerate().filter(|(at, _)| at % FOLDS != fold) {
        for (work, label) in &row.relevant {
            asked.add(work, label.parse().ok(), 1);
        }
    }
    asked
}

/// Mean over all rows, each answered with what the other folds know; `trees` as for `--trees`, none for the formula.
fn measure_lay(
    generation: &Generation,
    rows: &[Row],
    weights: &Weights,
    trees: &[Trees],
    tunings: &[Arc<Tuning>],
) -> Result<Score> {
    let folds: Vec<Vec<Score>> = std::thread::scope(|scope| {
        let of = |fold: usize| {
            let weights = weights.clone();
            scope.spawn(move || -> Result<Vec<Score>> {
                let asked = asked_elsewhere(rows, fold);
                let trees = trees.get(fold).or(trees.first()).cloned();
                let ranking = Ranking::by_formula(weights, asked);
                let question_tuning = tunings.get(fold).cloned();
                let ranking = Arc::new(Ranking { meaning_trees: trees.clone(), trees, question_tuning, ..ranking });
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
