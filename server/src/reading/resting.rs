//! What rests on a regulation: the public records, of whatever kind, whose columns cite it. The other end of
//! [`super::bases`].

use indexer::{
    index::{Generation, basis::Finding, catalogue::RegulationEntry},
    record::{ArticleNumber, Record, work_reference},
};

use super::bases::{Bases, Light};
use crate::store::{RecordStore, StoreError, listings::List};

/// Records looked through for one regulation: a city's list has some hundred that rest on its most cited law, and each
/// takes some tenths of a millisecond.
const MAX_LOOKED_AT: usize = 1_000;
/// Records told of one regulation or article; the others are counted.
pub const MAX_REPORTED: usize = 50;

/// What rests on a regulation, or on one of its articles.
#[derive(Default)]
pub struct Resting {
    pub shown: Vec<RestingRecord>,
    pub total: usize,
    /// Whether more may rest on it than were looked through.
    pub unfinished: bool,
}

pub struct RestingRecord {
    pub record: Record,
    /// The places that it cites, as it writes them, each once.
    pub passages: Vec<String>,
    /// The worst that is to be said of them.
    pub light: Light,
}

/// The public records that cite a regulation; with an article, those that cite it or whose quoted words stand in it
/// now.
pub fn resting_on(
    generation: &Generation,
    store: &RecordStore,
    regulation: &RegulationEntry,
    article: Option<ArticleNumber>,
) -> Result<Resting, StoreError> {
    let bases = Bases::new(generation, store);
    let work = work_reference(&regulation.title);
    let mut ids = store.list(&List::RestsOn(&work), None, MAX_LOOKED_AT + 1)?;
    let mut found = Resting { unfinished: ids.len() > MAX_LOOKED_AT, ..Resting::default() };
    ids.truncate(MAX_LOOKED_AT);
    let is_meant = |finding: &Finding| {
        finding.regulation.as_deref() == Some(regulation.id.as_str())
            && article.is_none_or(|wanted| finding.article == Some(wanted))
    };
    for (_, id) in ids {
        // What is not for everybody is not told here, not even in the count.
        let Some(record) = store.get(&id)?.filter(|r| r.is_public() && r.body.info().is_public()) else { continue };
        let findings: Vec<Finding> =
            bases.of(&record.body).into_iter().flat_map(|checked| checked.findings).filter(is_meant).collect();
        let Some(light) = findings.iter().map(|finding| Light::of(finding.outcome)).max() else { continue };
        found.total += 1;
        if found.shown.len() < MAX_REPORTED {
            let mut places: Vec<String> = findings.into_iter().map(|finding| finding.place).collect();
            places.sort_unstable();
            places.dedup();
            found.shown.push(RestingRecord { record, passages: places, light });
        }
    }
    Ok(found)
}
