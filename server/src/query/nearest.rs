//! A body that is named for certain and has no record: what comes nearest to it, and a word about it.
//!
//! 遵义医保局 without a record of its own: a body of the same field in 遵义, else the one above in 贵州, and the
//! government of 遵义. 人社局 without a region: the nation's body of the field. All are hits, never certain answers.

use indexer::index::{Generation, catalogue::DivisionEntry, projection::DirectoryEntry};

use super::{
    SearchError,
    plan::Lookup,
    request::{KindFilter, SearchRequest},
    run::{self, Answer, Content, Found},
    understand::Understanding,
};

/// Regions looked at for one query: 鼓楼区税务局 can mean four.
const MAX_REGIONS: usize = 4;
/// Scores by nearness; all above what merely shares characters with the query, below a name itself.
const SAME_FIELD: f32 = 0.95;
const ABOVE: f32 = 0.93;
const GOVERNMENT: f32 = 0.91;
/// Ends of names that offices have.
const OFFICES: [&str; 12] = ["局", "厅", "委", "办", "院", "部", "中心", "常委会", "政协", "支队", "管委会", "海关"];

/// What stands in for a body that has no record.
#[derive(Default)]
pub struct Nearest {
    pub answers: Vec<Answer>,
    pub note: Option<String>,
}

/// Finds the nearest bodies, where the query names one and no certain answer was found.
pub fn nearest(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    found: &Found,
) -> Result<Nearest, SearchError> {
    let wanted = matches!(request.kind, KindFilter::All | KindFilter::Institution);
    if !wanted || !found.direct.is_empty() || u.title.is_some() || !u.citations.is_empty() {
        return Ok(Nearest::default());
    }
    if let Some(body) = &u.body {
        return without_region(generation, u, body, request);
    }
    let mut nearest = Nearest::default();
    for reading in u.region_bodies.iter().filter(|r| is_office(generation, &r.typed, &r.body)).take(MAX_REGIONS) {
        let Some(division) = generation.catalogue.divisions().get(reading.division as usize) else { continue };
        of_division(generation, division, &reading.body, request, &mut nearest.answers)?;
        nearest.note.get_or_insert_with(|| {
            format!(
                "资料中还没有{}的“{}”，下面是相近的机构和当地政府；也可到{}人民政府的网站上查找",
                division.name, reading.typed, division.name
            )
        });
    }
    let mut seen = std::collections::HashSet::new();
    nearest.answers.retain(|a| seen.insert(a.content.identity()));
    nearest.answers.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(nearest)
}

fn is_office(generation: &Generation, typed: &str, key: &str) -> bool {
    OFFICES.iter().any(|end| key.ends_with(end)) || generation.bodies.known(typed).is_some()
}

fn without_region(
    generation: &Generation,
    u: &Understanding,
    body: &str,
    request: &SearchRequest,
) -> Result<Nearest, SearchError> {
    let nation = "000000".to_owned();
    let answers = of_field(generation, &nation, body, request)?;
    let answers = answers.into_iter().map(|a| Answer { score: SAME_FIELD, why: "国家层面的同类机构", ..a }).collect();
    let note = format!("“{0}”各地都有：在前面加上地区，如“贵阳{0}”，可以找到当地的机构", u.words.trim());
    Ok(Nearest { answers, note: Some(note) })
}

fn of_division(
    generation: &Generation,
    division: &DivisionEntry,
    body: &str,
    request: &SearchRequest,
    answers: &mut Vec<Answer>,
) -> Result<(), SearchError> {
    let root = generation.bodies.root(body).unwrap_or(body);
    let mut here: Vec<(usize, Answer)> = Vec::new();
    for answer in run::institutions_in(generation, &division.code)? {
        let Content::Directory(DirectoryEntry::Institution { institution, .. }) = &answer.content else { continue };
        let keys = indexer::index::body_keys_of(generation, institution);
        let near = |key: &String| {
            let other = generation.bodies.root(key).unwrap_or(key);
            (part_of(root, other) || part_of(other, root)).then(|| other.chars().count().abs_diff(root.chars().count()))
        };
        if let Some(distance) = keys.iter().filter_map(near).min() {
            here.push((distance, Answer { score: SAME_FIELD, why: "同一地区、名称相近的机构", ..answer }));
        }
    }
    here.sort_by_key(|(distance, _)| *distance);
    answers.extend(here.into_iter().map(|(_, answer)| answer).take(2));
    for above in generation.catalogue.path(&division.code).iter().rev().skip(1) {
        let kin = of_field(generation, &above.code, body, request)?;
        if !kin.is_empty() {
            answers.extend(kin.into_iter().map(|a| Answer { score: ABOVE, why: "上一级的同类机构", ..a }));
            break;
        }
    }
    let government = Lookup::RegionBody(division.code.clone(), "政府".to_owned());
    let government = run::look_up(generation, &government, request)?;
    answers.extend(government.into_iter().map(|a| Answer { score: GOVERNMENT, why: "当地人民政府", ..a }));
    Ok(())
}

/// Bodies of the same field in a division: of the same name, or of the same name but for the kind of office.
fn of_field(
    generation: &Generation,
    division: &str,
    body: &str,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    let mut found = run::look_up(generation, &Lookup::RegionBody(division.to_owned(), body.to_owned()), request)?;
    if let Some(root) = generation.bodies.root(body).filter(|_| found.is_empty()) {
        found = run::look_up(generation, &Lookup::RegionBody(division.to_owned(), format!("~{root}")), request)?;
    }
    Ok(found)
}

/// Whether all characters of one stand in the other in order: 文化旅游 in 文化广电旅游.
fn part_of(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().count() >= 2 && part.chars().all(|c| rest.any(|other| other == c))
}

impl Nearest {
    /// Puts the nearest bodies above what merely shares characters with the query.
    pub fn join(&mut self, found: &mut Found) {
        for answer in std::mem::take(&mut self.answers).into_iter().rev() {
            let identity = answer.content.identity();
            let list = found.list_of(&answer.content);
            list.retain(|a| a.content.identity() != identity);
            let best = list.first().map_or(0.0, |a| a.score);
            list.insert(0, Answer { score: answer.score.max(best), ..answer });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_in_order() {
        assert!(part_of("文化旅游", "文化广电旅游"));
        assert!(part_of("自然资源", "规划自然资源"));
        assert!(!part_of("旅游文化", "文化旅游"));
        assert!(!part_of("教", "教育"));
    }
}
