//! The table that the trees learn from, made by the code that serves, and what they are worth.
//!
//! A question never meets itself: rated rows are asked with the counts of the other folds (their texts are in no bank),
//! written ones without their own text in the bank.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result};
use indexer::{
    embed::tuning::Tuning,
    index::{Generation, projection::article_key},
    record::{ArticleNumber, work_key},
};
use server::query::{
    Table,
    ranking::{Ranking, Weights, asked::Asked, columns::Row as Columns, trees::Trees},
    reply::Hit,
    request::{KindFilter, SearchRequest},
    search_with, table,
};

use super::{FOLDS, Rated, Row, asked_elsewhere, measure_lay, reciprocal_rank};

const SHORT: &str = "benches/quality/short-questions.tsv";

/// Articles that answer a question, by work and key.
type Right = Vec<(String, u64)>;

pub struct Asking {
    pub set: &'static str,
    /// Of rated rows and of written ones: what was learned without it may be asked of it.
    pub fold: usize,
    pub text: String,
    pub right: Right,
    ranking: Arc<Ranking>,
}

/// Writes OUT.tsv (set, fold, articles that are right, rows, text's number) and OUT.f32: a row of little-endian f32 for
/// each article, 1 or 0 for right or wrong and the columns; first in OUT.tsv are the columns' names.
pub fn write(generation: &Generation, rated: &[Row], tunings: &[Arc<Tuning>], out: &Path) -> Result<()> {
    let mut all = askings(generation, rated);
    for asking in &mut all {
        let ranking = Ranking { question_tuning: tunings.get(asking.fold).cloned(), ..(*asking.ranking).clone() };
        asking.ranking = Arc::new(ranking);
    }
    let shipped = Ranking::by_formula(Weights::shipped(), Asked::shipped());
    let shipped = Arc::new(Ranking { question_tuning: tunings.last().cloned(), ..shipped });
    let key = |label: &str| label.parse::<ArticleNumber>().map_or(0, article_key);
    for (text, refs) in short()? {
        let right = refs.iter().filter_map(|(work, label)| Some((work_key(work), key(label.as_deref()?)))).collect();
        all.push(Asking { set: "short", fold: 0, text, right, ranking: shipped.clone() });
    }
    let mut lines = BufWriter::new(File::create(out.with_extension("tsv"))?);
    let mut values = BufWriter::new(File::create(out.with_extension("f32"))?);
    writeln!(lines, "{}", Columns::NAMES.join("\t"))?;
    const THREADS: usize = 2;
    for chunk in all.chunks(64 * THREADS) {
        let tables: Vec<Option<Table>> = std::thread::scope(|scope| {
            let of = |part: &'_ [Asking]| -> Result<Vec<Option<Table>>> {
                let ask = |a: &Asking| {
                    let request = SearchRequest { kind: KindFilter::Article, ..SearchRequest::new(a.text.as_str()) };
                    Ok(table(generation, &request, &a.ranking)?)
                };
                part.iter().map(ask).collect()
            };
            let running: Vec<_> =
                chunk.chunks(chunk.len().div_ceil(THREADS)).map(|part| scope.spawn(move || of(part))).collect();
            let joined = running.into_iter().map(|r| r.join().map_err(|_| anyhow::anyhow!("a part panicked"))?);
            Ok::<_, anyhow::Error>(joined.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        })?;
        for (asking, table) in chunk.iter().zip(tables) {
            let table = table.unwrap_or_default();
            writeln!(lines, "{}\t{}\t{}\t{}", asking.set, asking.fold, asking.right.len(), table.rows.len())?;
            for (candidate, row) in table.candidates.iter().zip(&table.rows) {
                let regulation = u32::try_from(candidate.regulation).ok().and_then(|at| generation.catalogue.at(at));
                let is_right =
                    |(work, key): &(String, u64)| *key == candidate.key && regulation.is_some_and(|r| r.work == *work);
                let right = f32::from(u8::from(asking.right.iter().any(is_right)));
                for value in std::iter::once(right).chain(row.values()) {
                    values.write_all(&value.to_le_bytes())?;
                }
            }
        }
    }
    lines.flush()?;
    values.flush()?;
    println!("{} questions", all.len());
    Ok(())
}

/// The rated questions and the written ones.
pub fn askings(generation: &Generation, rated: &[Row]) -> Vec<Asking> {
    let shipped = Ranking::by_formula(Weights::shipped(), Asked::shipped());
    let by_fold: Vec<Arc<Ranking>> = (0..FOLDS)
        .map(|fold| Arc::new(Ranking::by_formula(Weights::shipped(), asked_elsewhere(rated, fold))))
        .collect();
    let key = |label: &str| label.parse::<ArticleNumber>().map_or(0, article_key);
    let mut all: Vec<Asking> = Vec::new();
    for (at, row) in rated.iter().enumerate() {
        let right = row.relevant.iter().map(|(work, label)| (work.clone(), key(label))).collect();
        let fold = at % FOLDS;
        all.push(Asking { set: "rated", fold, text: row.query.clone(), right, ranking: by_fold[fold].clone() });
    }
    all.extend(written(generation, &shipped));
    all
}

/// The bank's questions, each text once with all its articles, asked without itself.
fn written(generation: &Generation, shipped: &Ranking) -> Vec<Asking> {
    let bank = &generation.bank;
    let mut by_text: std::collections::BTreeMap<&str, Vec<u32>> = std::collections::BTreeMap::new();
    for (at, text) in (0..).zip(bank.questions.texts()) {
        by_text.entry(text).or_default().push(at);
    }
    let asking = |(text, same): (&str, Vec<u32>)| {
        let answering = same.iter().filter_map(|question| bank.answering(*question));
        let right: Right = answering
            .filter_map(|a| {
                let regulation = u32::try_from(a.regulation).ok().and_then(|at| generation.catalogue.at(at))?;
                Some((regulation.work.clone(), a.key))
            })
            .collect();
        let ranking = Ranking { left_out: same.into_iter().collect(), ..shipped.clone() };
        Asking { set: "written", fold: 0, text: text.to_owned(), right, ranking: Arc::new(ranking) }
    };
    let mut askings: Vec<Asking> = by_text.into_iter().map(asking).filter(|asking| !asking.right.is_empty()).collect();
    for (at, asking) in askings.iter_mut().enumerate() {
        asking.fold = at % FOLDS;
    }
    askings
}

/// A regulation's title, and the article's label where one is meant.
type Reference = (String, Option<String>);

fn short() -> Result<Vec<(String, Vec<Reference>)>> {
    let text = std::fs::read_to_string(SHORT).context(SHORT)?;
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let reference = |text: &str| match text.rfind('第').filter(|_| text.contains('条')) {
        Some(at) => (text[..at].to_owned(), Some(text[at..].to_owned())),
        None => (text.to_owned(), None),
    };
    Ok(rows.map(|(question, refs)| (question.to_owned(), refs.split(';').map(reference).collect())).collect())
}

/// What trees are worth, served as they would be.
pub fn measure(
    generation: &Generation,
    rated: &Rated,
    weights: &Weights,
    trees: &[Trees],
    tunings: &[Arc<Tuning>],
) -> Result<()> {
    let lay = measure_lay(generation, &rated.lay, weights, trees, tunings)?;
    println!("rated, nDCG@10 {:.4}  R@100 {:.4}", lay.ndcg, lay.recall);
    let ranking = Ranking::by_formula(weights.clone(), Asked::shipped());
    let question_tuning = tunings.last().cloned();
    let trees = trees.first().cloned();
    let ranking = Arc::new(Ranking { meaning_trees: trees.clone(), trees, question_tuning, ..ranking });
    let (mut first, mut third, rows) = (0, 0, short()?);
    for (text, right) in &rows {
        let request = SearchRequest { size: 10, ..SearchRequest::new(text.as_str()) };
        let reply = search_with(generation, &request, &ranking)?;
        let is_right = |hit: &&Hit| {
            right.iter().any(|(title, label)| match (&hit.article, label) {
                (Some(article), Some(label)) => {
                    work_key(&article.regulation) == work_key(title) && article.number == *label
                }
                (None, None) => work_key(&hit.title) == work_key(title),
                _ => false,
            })
        };
        let place = reply.direct.iter().chain(&reply.hits).position(|hit| is_right(&hit));
        first += u32::from(place == Some(0));
        third += u32::from(place.is_some_and(|place| place < 3));
        if place != Some(0) {
            println!("  not first: {text} ({place:?})");
        }
    }
    let share = |n: u32| f64::from(n) / rows.len() as f64;
    println!("short, S@1 {:.4}  S@3 {:.4}", share(first), share(third));
    for (name, rows) in ["sites", "regulations"].iter().zip(&rated.look_ups) {
        let ranks = rows.iter().map(|row| reciprocal_rank(generation, row, &ranking)).collect::<Result<Vec<f64>>>()?;
        println!("{name}, MRR {:.4}", ranks.iter().sum::<f64>() / ranks.len() as f64);
    }
    Ok(())
}

/// The articles of the bank that the library does not have.
pub fn print_missing(generation: &Generation) -> Result<()> {
    for article in generation.bank.missing() {
        println!("{}\t{}", article.title, article.phrase);
    }
    let all = generation.bank.questions.articles().len();
    eprintln!("{} of {all} articles are not there", generation.bank.missing().count());
    Ok(())
}
