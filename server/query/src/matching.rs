//! Many names → ids, for portals that hold lists of institutions. A shared abbreviation alone never makes a match
//! certain.

use indexer::index::{Generation, projection::DirectoryEntry};

use super::{
    SearchError,
    plan::plan,
    ranking::Ranking,
    reply::{MatchCandidate, MatchReply, MatchResult},
    request::{KindFilter, SearchRequest},
    run::{self, Answer, Content},
    understand::understand,
};

/// Candidates given for one name.
const MAX_CANDIDATES: usize = 5;
/// Below this a candidate is noise.
const MIN_CONFIDENCE: f32 = 0.5;

/// Matches names to institutions.
pub fn match_names(generation: &Generation, names: &[String]) -> Result<MatchReply, SearchError> {
    let results = names.iter().map(|name| match_one(generation, name)).collect::<Result<_, _>>()?;
    Ok(MatchReply { generation: generation.number, results })
}

fn match_one(generation: &Generation, name: &str) -> Result<MatchResult, SearchError> {
    let request = SearchRequest { kind: KindFilter::Institution, partial: true, ..SearchRequest::new(name.trim()) };
    let understood = understand(generation, &request.text);
    let found = run::run(generation, &plan(generation, &understood, &request, Ranking::shipped()), &request)?;
    let direct = found.direct.iter().filter_map(|a| candidate(a, confidence(a.why)));
    let alike = found.institutions.iter().filter_map(|a| candidate(a, (a.score * 0.9).min(0.9)));
    let mut candidates: Vec<MatchCandidate> = direct.chain(alike).filter(|c| c.confidence >= MIN_CONFIDENCE).collect();
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    candidates.truncate(MAX_CANDIDATES);
    let certain: Vec<&MatchCandidate> = candidates.iter().filter(|c| c.confidence >= 1.0).collect();
    let chosen = match certain.as_slice() {
        [one] => Some(one.id.clone()),
        _ => None,
    };
    Ok(MatchResult { name: name.to_owned(), chosen, candidates })
}

/// What a direct answer's reason is worth. Only a full name, or a region with an institution, tells institutions apart.
fn confidence(why: &str) -> f32 {
    match why {
        "名称一致" | "地区与机构一致" | "统一社会信用代码一致" | "网址一致" => 1.0,
        "简称一致" => 0.9,
        _ => 0.7,
    }
}

fn candidate(answer: &Answer, confidence: f32) -> Option<MatchCandidate> {
    match &answer.content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => {
            Some(MatchCandidate { id: id.clone(), name: institution.name.clone(), confidence, basis: answer.why })
        }
        _ => None,
    }
}
