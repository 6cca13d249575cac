//! Divisions that were: what became of them, told with the answers.

use std::collections::BTreeMap;

use indexer::{index::Generation, record::Succession};

use super::{
    SearchError,
    plan::Lookup,
    request::{KindFilter, SearchRequest},
    run::{self, Answer, Found},
    understand::{FormerRegion, Understanding, What},
};

/// Readings answered: a county that was divided went to four at most, and more places of one former name than these are
/// told by the note.
const MAX_ANSWERED: usize = 6;
/// Score of what may have been meant: above what merely shares characters with the query, below a name itself.
const MAY_BE_MEANT: f32 = 0.96;
const GOVERNMENT: &str = "政府";

/// What became of what a query names, a line for each former division.
pub fn notes(generation: &Generation, u: &Understanding) -> Vec<String> {
    let mut successors: BTreeMap<(String, Vec<String>), Vec<&FormerRegion>> = BTreeMap::new();
    for region in &u.former.all {
        let key = match (&region.what, region.former(generation)) {
            (_, Some(former)) => {
                // The parts of one division are told together, two divisions of one name apart.
                let place = match former.succession {
                    Succession::Part => former.code.iter().map(ToString::to_string).collect(),
                    _ => vec![region.division.to_string()],
                };
                (former.name.clone(), place)
            }
            (What::OtherLevel(typed), _) => (typed.clone(), Vec::new()),
            (What::Former(_), None) => continue,
        };
        successors.entry(key).or_default().push(region);
    }
    let line = |((name, _), regions): (&(String, Vec<String>), &Vec<&FormerRegion>)| {
        let now: Vec<String> = regions
            .iter()
            .filter_map(|r| r.division(generation))
            .map(|d| generation.catalogue.full_name(&d.code))
            .collect();
        match regions.first().and_then(|r| r.former(generation)) {
            Some(former) => former.description(&now),
            None => format!("没有找到地名“{name}”；名称相近的有{}", now.join("、")),
        }
    };
    successors.iter().map(line).take(MAX_ANSWERED).collect()
}

/// Puts what an uncertain former name may mean above what was found; nothing where a certain answer was.
pub fn join(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    found: &mut Found,
) -> Result<(), SearchError> {
    let wanted = matches!(request.kind, KindFilter::All | KindFilter::Institution);
    if u.former.certain || !wanted || !found.direct.is_empty() {
        return Ok(());
    }
    let mut answers: Vec<Answer> = Vec::new();
    for region in u.former.all.iter().take(MAX_ANSWERED) {
        let Some(division) = region.division(generation) else { continue };
        let lay_in = region.former(generation).is_some_and(|f| f.succession == Succession::Unknown);
        let why = match region.what {
            What::Former(_) if lay_in => "原区划曾在这里",
            What::Former(_) => "原区划的所在地",
            What::OtherLevel(_) => "地名相近",
        };
        // The province that a county lay in has its own offices, not the county's.
        if let Some(office) = region.office.as_ref().filter(|_| !lay_in) {
            for office in [office.as_str(), GOVERNMENT] {
                let lookup = Lookup::RegionOffice(division.code.clone(), office.to_owned());
                let offices = run::look_up(generation, &lookup, request)?;
                if !offices.is_empty() {
                    answers.extend(offices.into_iter().map(|a| Answer { why, ..a }));
                    break;
                }
            }
        }
        let place = run::look_up(generation, &Lookup::Division(region.division), request)?;
        answers.extend(place.into_iter().map(|a| Answer { why, ..a }));
    }
    for answer in answers.into_iter().rev() {
        let identity = answer.content.identity();
        let list = found.list_of(&answer.content);
        list.retain(|a| a.content.identity() != identity);
        let best = list.first().map_or(MAY_BE_MEANT, |a| a.score.max(MAY_BE_MEANT));
        list.insert(0, Answer { score: best, ..answer });
    }
    Ok(())
}
