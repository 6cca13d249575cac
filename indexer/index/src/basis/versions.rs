//! Which versions of a regulation a basis may mean, and what has replaced one that the library does not have.

use record::{DivisionCode, Status, basis::NotedDay};

use super::{Library, Outcome};
use crate::catalogue::RegulationEntry;

/// The versions of a regulation that an institution of a division may mean, newest first: national ones, or those of
/// the nearest division above it.
pub(super) fn versions_for<'a>(
    library: &Library<'a>,
    title: &str,
    division: &DivisionCode,
) -> Result<Vec<&'a RegulationEntry>, (Outcome, String)> {
    let unknown = || (Outcome::UnknownRegulation, "库中没有这部法规，不能核对".to_owned());
    let work = library.titles.work(&library.pipeline.key(title));
    let work =
        work.or_else(|| library.titles.work(&library.pipeline.key(&record::work_key(title)))).ok_or_else(unknown)?;
    let all: Vec<&RegulationEntry> = library.catalogue.versions(work).collect();
    let reach = |entry: &RegulationEntry| match &entry.division {
        None => Some(0),
        Some(code) => {
            let own: DivisionCode = code.parse().ok()?;
            own.covers(division).then(|| own.significant().len())
        }
    };
    let national = all.iter().any(|entry| entry.division.is_none());
    let nearest = if national { Some(0) } else { all.iter().filter_map(|entry| reach(entry)).max() };
    let Some(nearest) = nearest else {
        let place = all.first().and_then(|entry| entry.division.as_deref()).unwrap_or_default();
        let place = library.catalogue.full_name(place);
        return Err((Outcome::OtherRegion, format!("库中只有{place}的同名法规，在本地不适用")));
    };
    let mut meant: Vec<_> = all.into_iter().filter(|entry| reach(entry) == Some(nearest)).collect();
    meant.sort_by(|a, b| b.version_date.cmp(&a.version_date).then_with(|| a.id.cmp(&b.id)));
    Ok(meant)
}

/// What is said of a regulation that the library does not have and that another has replaced, and the other's text in
/// force.
pub(super) fn replaced(library: &Library<'_>, title: &str) -> Option<(Outcome, String, Option<String>)> {
    let key = |title: &str| library.pipeline.key(&record::work_key(title));
    let law = library.former.get(&key(title))?;
    let successor = library.titles.work(&key(&law.successor));
    let versions: Vec<&RegulationEntry> =
        successor.map(|work| library.catalogue.versions(work).filter(|v| v.division.is_none()).collect())?;
    let by = versions.iter().find(|version| version.status == Status::InForce)?;
    let reason = format!("《{}》自 {} 年起不再施行，今《{}》；条号不相沿用", law.title, law.year, law.successor);
    Some((Outcome::Repealed, reason, Some(by.id.clone())))
}

/// Whether a day is one of a version's.
pub(super) fn is_of(entry: &RegulationEntry, noted: NotedDay) -> bool {
    [entry.version_date, entry.published].into_iter().flatten().any(|day| noted.is(day))
}
