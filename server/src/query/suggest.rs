//! Completions of what is being typed: names of bodies, divisions and titles, by prefix and by pinyin.

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::Status,
};

use super::{
    SearchError,
    plan::plan,
    present,
    ranking::Ranking,
    reply::{Hit, SuggestReply, Suggestion},
    request::{KindFilter, SearchRequest},
    run,
    understand::understand,
};

/// Suggestions of one kind, so that none crowds out the others.
const PER_KIND: usize = 5;

/// Completes what is being typed; `text` not empty, `size` from 1 to 20.
pub fn suggest(generation: &Generation, text: &str, size: usize) -> Result<SuggestReply, SearchError> {
    let understood = understand(generation, text);
    let presenter = present::Presenter::new(generation, &understood);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for kind in [KindFilter::Institution, KindFilter::Regulation] {
        let request = SearchRequest { kind, ..SearchRequest::new(text) };
        let found = run::run(generation, &plan(generation, &understood, &request, Ranking::shipped()), &request)?;
        let answers = found.direct.iter().chain(&found.institutions).chain(&found.regulations);
        for answer in answers.take(PER_KIND) {
            suggestions.push(suggestion(generation, presenter.hit(answer, false)?));
        }
    }
    suggestions.dedup_by(|a, b| a.text == b.text && a.detail == b.detail);
    suggestions.truncate(size);
    Ok(SuggestReply { query: text.to_owned(), generation: generation.number, suggestions })
}

fn suggestion(generation: &Generation, hit: Hit) -> Suggestion {
    let detail = match (&hit.institution, &hit.division) {
        (Some(i), _) => i.division_name.clone(),
        (_, Some(d)) => d.path.join(" "),
        _ => generation.catalogue.regulation(&hit.id).map(norm_detail).unwrap_or_default(),
    };
    Suggestion { kind: hit.kind, text: hit.title, detail, url: hit.url }
}

fn norm_detail(r: &RegulationEntry) -> String {
    let year = r.version_date.map(|d| d.year().to_string()).unwrap_or_default();
    match r.status {
        Status::InForce => format!("{} {year}", r.level.label()),
        other => format!("{} {year} {}", r.level.label(), other.label()),
    }
}
