//! The operations that are measured one by one. Each returns something of its result, so that none is left out by the
//! compiler.

use std::collections::HashMap;

use indexer::{
    index::{citation, projection::Projection},
    text::dictionaries::ShortForms,
};
use server::{
    query::{highlight::Marker, plan, ranking::Ranking, request::SearchRequest, search, suggest, understand},
    web_names::check,
};

use crate::fixture::{Fixture, QUESTION};

pub struct Operation {
    pub name: &'static str,
    pub run: fn(&Fixture) -> usize,
}

/// In the order of a query's way, what makes the index first.
pub const ALL: [Operation; 10] = [
    Operation { name: "normalize", run: normalize },
    Operation { name: "segment", run: segment },
    Operation { name: "cite", run: cite },
    Operation { name: "project", run: project },
    Operation { name: "understand", run: understand_and_plan },
    Operation { name: "search", run: search_mixed },
    Operation { name: "suggest", run: suggest_typed },
    Operation { name: "check", run: check_addresses },
    Operation { name: "mark", run: mark },
    Operation { name: "render", run: render },
];

/// What is asked where an operation takes a query: every way in which a query is read.
pub const QUERIES: [&str; 8] = [
    "遵义市人民政府",
    "贵州教育厅",
    "行政许可法第十二条第一款",
    "《劳动合同法》第三十条",
    QUESTION,
    "遵意市政府",
    "zunyishi",
    "www.zunyi.gov.cn",
];

/// Articles of a law through the steps of normalization.
fn normalize(f: &Fixture) -> usize {
    f.generation.pipeline.normalizer.text(&f.text).len()
}

/// The same and cut into words.
fn segment(f: &Fixture) -> usize {
    let pipeline = &f.generation.pipeline;
    let mut tokens = 0;
    pipeline.segmenter.words(&pipeline.normalizer.text(&f.text), &mut |_| tokens += 1);
    tokens
}

/// Every citation in the articles.
fn cite(f: &Fixture) -> usize {
    citation::find(&f.generation.pipeline, &f.generation.titles, &f.text).len()
}

/// A law as documents.
fn project(f: &Fixture) -> usize {
    let short_forms = ShortForms::default();
    let projection = Projection {
        directory: &f.directory,
        library: &f.library,
        catalogue: &f.generation.catalogue,
        pipeline: &f.generation.pipeline,
        known_offices: &f.known_offices,
        former_names: HashMap::new(),
        short_forms: &short_forms,
        today: f.generation.manifest.built_on,
    };
    projection.regulation(&f.facts, &f.regulation).map(|doc| doc.len()).sum()
}

fn understand_and_plan(f: &Fixture) -> usize {
    let planned = QUERIES.iter().map(|query| {
        let understood = understand::understand(&f.generation, query);
        let plan = plan::plan(&f.generation, &understood, &SearchRequest::new(*query), Ranking::shipped());
        plan.lookups.len() + plan.words.len()
    });
    planned.sum()
}

fn search_mixed(f: &Fixture) -> usize {
    let found = QUERIES.iter().filter_map(|query| search(&f.generation, &SearchRequest::new(*query)).ok());
    found.map(|reply| reply.direct.len() + reply.hits.len()).sum()
}

/// Names as they are typed, character by character.
fn suggest_typed(f: &Fixture) -> usize {
    let typed = QUERIES.iter().flat_map(|query| (1..=6).map(|n| query.chars().take(n).collect::<String>()));
    typed.map(|text| suggest(&f.generation, &text, 8, None).suggestions.len()).sum()
}

fn check_addresses(f: &Fixture) -> usize {
    const PASTED: [&str; 6] = [
        "https://www.zunyi.gov.cn/zwgk/1.html",
        "jyt.guizhou.gov.cn",
        "zunyi-gov.cn",
        "zunуi.gov.cn",
        "shop.example.com/a?b",
        "生态环境部.政务",
    ];
    PASTED.iter().map(|pasted| check(&f.generation.official, &f.generation.pipeline, pasted).reasons.len()).sum()
}

/// The best passage of every article, with the words of a question marked.
fn mark(f: &Fixture) -> usize {
    let marker = Marker::new(&f.generation.pipeline, QUESTION, &[], ["劳动报酬"], None);
    f.regulation.articles.iter().map(|article| marker.snippet(&article.text).len()).sum()
}

/// Room for an answer, in bytes: growing would cost now more and now less, by the luck of the allocator.
const ROOM: usize = 64 << 10;

/// An answer as JSON.
fn render(f: &Fixture) -> usize {
    let mut json = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut json, &f.reply).map_or(0, |()| json.len())
}
