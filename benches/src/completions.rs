//! Completions as one types: over the corpus, and over a national directory of generated names.

use std::time::{Duration, Instant};

use anyhow::Result;
use indexer::index::{
    Generation,
    completions::{Completion, CompletionKind, Completions, encode},
};

/// Institutions that every division is given in the generated directory; 41,964 divisions make 1.2 million names of
/// them.
pub const INSTITUTIONS: [&str; 29] = [
    "人民政府",
    "发展和改革局",
    "教育局",
    "科学技术局",
    "工业和信息化局",
    "公安局",
    "民政局",
    "司法局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源局",
    "生态环境局",
    "住房和城乡建设局",
    "交通运输局",
    "水利局",
    "农业农村局",
    "商务局",
    "文化和旅游局",
    "卫生健康局",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "第一中学",
    "中心小学",
    "人民医院",
    "疾病预防控制中心",
];
/// Every how many-th name is typed, character by character.
const STEP: usize = 1_009;
/// Characters typed of a name.
const TYPED: usize = 6;

/// Times of completions over the corpus: every kind, as the box asks.
pub fn over_the_corpus(generation: &Generation, names: &[String]) -> Vec<Duration> {
    let mut times = Vec::new();
    for name in names {
        for typed in beginnings(name) {
            let started = Instant::now();
            std::hint::black_box(server::query::suggest(generation, &typed, 8, None));
            times.push(started.elapsed());
        }
    }
    times
}

/// A directory of generated names: how many, the seconds it takes to make, its bytes, and the times of completions.
pub struct Generated {
    pub names: usize,
    pub made_in: Duration,
    pub bytes: u64,
    pub times: Vec<Duration>,
}

pub fn over_generated(generation: &Generation) -> Result<Generated> {
    let divisions = generation.catalogue.divisions();
    let entries: Vec<Completion> = divisions
        .iter()
        .flat_map(|d| INSTITUTIONS.iter().map(move |body| (d, body)))
        .zip(0u32..)
        .map(|((d, body), rank)| Completion {
            of: String::new(),
            kind: CompletionKind::Institution,
            id: format!("{}-{rank}", d.code),
            text: format!("{}{body}", d.name),
            detail: String::new(),
            other_names: Vec::new(),
            rank,
        })
        .collect();
    let typed: Vec<String> = entries.iter().step_by(STEP).map(|e| e.text.clone()).collect();
    let names = entries.len();
    let dir = tempfile::tempdir()?;
    let started = Instant::now();
    let mut bytes = 0;
    for (file, content) in encode(&generation.pipeline, entries)? {
        bytes += content.len() as u64;
        std::fs::write(dir.path().join(file), content)?;
    }
    let made_in = started.elapsed();
    let completions = Completions::open(dir.path())?;
    let mut times = Vec::new();
    for name in &typed {
        for typed in beginnings(name) {
            let started = Instant::now();
            let key = generation.pipeline.key(&typed);
            std::hint::black_box(completions.best(CompletionKind::Institution, &key, 8));
            times.push(started.elapsed());
        }
    }
    Ok(Generated { names, made_in, bytes, times })
}

/// What stands in the box after each character.
fn beginnings(name: &str) -> impl Iterator<Item = String> {
    (1..=TYPED).map(|n| name.chars().take(n).collect())
}
