//! What every engine is given: the articles of a generation's library as texts and as records, and rated questions.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::{Context, Result};
use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        projection::{ArticleEntry, LibraryEntry},
        stored,
    },
    record::{Article, Body, Heading, Provenance, Record, Regulation, work_key},
};
use tantivy::DocAddress;

/// Work and label of an article: 民法典, 第五十六条. Its versions share it.
pub type Key = (String, String);

const QUESTIONS: &str = "../shared/eval/lay-queries.dev.jsonl";
/// One text a line, with `\` and line breaks escaped: every language reads it without a library.
pub const TEXTS_FILE: &str = "texts.txt";
/// One regulation a line, as the store would hold it.
const RECORDS_FILE: &str = "records.jsonl";
/// Code and name of a division a line.
const PLACES_FILE: &str = "places.tsv";

/// A question and the articles that answer it.
pub struct Question {
    pub text: String,
    pub relevant: HashSet<Key>,
}

/// The articles' regulations, in the order of the catalogue, with the articles in theirs.
pub fn records(generation: &Generation) -> Result<Vec<Record>> {
    let mut articles: BTreeMap<u32, Vec<(ArticleEntry, String)>> = BTreeMap::new();
    let searcher = &generation.library.searcher;
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        for doc in reader.doc_ids_alive() {
            let entry: LibraryEntry = stored::read(searcher, DocAddress::new(segment, doc))?;
            let position = generation.catalogue.position(&entry.regulation_id);
            if let (Some(article), Some(position)) = (entry.article, position) {
                articles.entry(position).or_default().push((article, entry.text));
            }
        }
    }
    let regulations = articles.into_iter().filter_map(|(at, articles)| Some((generation.catalogue.at(at)?, articles)));
    regulations.map(|(regulation, articles)| record(regulation, articles)).collect()
}

fn record(regulation: &RegulationEntry, mut articles: Vec<(ArticleEntry, String)>) -> Result<Record> {
    articles.sort_by_key(|(article, _)| article.ordinal);
    let mut headings = Vec::new();
    let mut above: &[String] = &[];
    for (at, (article, _)) in articles.iter().enumerate() {
        let same = above.iter().zip(&article.headings).take_while(|(a, b)| a == b).count();
        for (depth, title) in article.headings.iter().enumerate().skip(same) {
            headings.push(Heading { depth: depth as u8 + 1, title: title.clone(), first_article: at });
        }
        above = &article.headings;
    }
    let division = regulation.division.as_deref().map(str::parse).transpose().ok().flatten();
    let body = Regulation {
        document_kind: regulation.document_kind,
        issuers: regulation.issuers.clone(),
        document_number: regulation.document_number.clone(),
        division,
        version_date: regulation.version_date,
        published: regulation.published,
        effective: regulation.effective,
        stated_status: Some(regulation.status),
        headings,
        articles: articles
            .into_iter()
            .map(|(article, text)| Article { number: article.slug.parse().ok(), label: article.label, text })
            .collect(),
        ..Regulation::blank(&regulation.title, regulation.level)
    };
    let source = Provenance { source: "benches".into(), place: None, date: None, licence: None };
    Ok(Record::published(regulation.id.clone(), body.division.clone(), vec![source], Body::Regulation(body)))
}

/// The regulations of a list of records.
pub fn regulations(records: &[Record]) -> impl Iterator<Item = &Regulation> {
    records.iter().filter_map(|record| match &record.body {
        Body::Regulation(regulation) => Some(regulation),
        _ => None,
    })
}

/// Each article as a text of its own, its title and label before it.
pub fn texts(records: &[Record]) -> impl Iterator<Item = String> {
    regulations(records).flat_map(|regulation| {
        regulation.articles.iter().map(|article| format!("{}\n{}\n{}", regulation.title, article.label, article.text))
    })
}

/// The key of each text, in the same order.
pub fn keys(records: &[Record]) -> Vec<Key> {
    let of = |regulation: &Regulation| {
        let work = work_key(&regulation.title);
        regulation.articles.iter().map(|article| (work.clone(), article.label.clone())).collect::<Vec<_>>()
    };
    regulations(records).flat_map(of).collect()
}

/// Writes what the engines' processes read.
pub fn write(generation: &Generation, records: &[Record], dir: &Path) -> Result<()> {
    let file = |name: &str| -> Result<BufWriter<File>> {
        Ok(BufWriter::new(File::create(dir.join(name)).with_context(|| name.to_owned())?))
    };
    let mut out = file(TEXTS_FILE)?;
    for text in texts(records) {
        writeln!(out, "{}", text.replace('\\', "\\\\").replace('\r', "").replace('\n', "\\n"))?;
    }
    out.flush()?;
    let mut out = file(RECORDS_FILE)?;
    for record in records {
        writeln!(out, "{}", serde_json::to_string(record)?)?;
    }
    out.flush()?;
    let mut out = file(PLACES_FILE)?;
    for division in generation.catalogue.divisions() {
        writeln!(out, "{}\t{}", division.code, division.name)?;
    }
    Ok(out.flush()?)
}

pub fn read_texts(dir: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(dir.join(TEXTS_FILE)).context(TEXTS_FILE)?;
    Ok(text.lines().map(|line| line.replace("\\n", "\n").replace("\\\\", "\\")).collect())
}

pub fn read_records(dir: &Path) -> Result<Vec<Record>> {
    let text = fs::read_to_string(dir.join(RECORDS_FILE)).context(RECORDS_FILE)?;
    text.lines().map(|line| serde_json::from_str(line).context(RECORDS_FILE)).collect()
}

/// Codes and names of all divisions.
pub fn read_divisions(dir: &Path) -> Result<Vec<(String, String)>> {
    let text = fs::read_to_string(dir.join(PLACES_FILE)).context(PLACES_FILE)?;
    Ok(text.lines().filter_map(|l| l.split_once('\t')).map(|(c, n)| (c.to_owned(), n.to_owned())).collect())
}

/// The rated questions; none where they are not beside the checkout.
pub fn questions() -> Result<Vec<Question>> {
    let Ok(text) = fs::read_to_string(QUESTIONS) else { return Ok(Vec::new()) };
    let parse = |line: &str| -> Result<Question> {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let part = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let relevant = row["relevant"].as_array().into_iter().flatten();
        Ok(Question {
            // A question is one line to every engine; some were written on two.
            text: part(&row["query"]).split_whitespace().collect::<Vec<_>>().join(" "),
            relevant: relevant.map(|r| (work_key(&part(&r["title"])), part(&r["article"]))).collect(),
        })
    };
    text.lines().map(parse).collect()
}
