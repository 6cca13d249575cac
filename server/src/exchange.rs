//! What others may mirror: the changes since a point, and all records of a kind.
//!
//! Only what is published now is handed out, and of what was withdrawn nothing but that it was. A record that has
//! changed several times is reported once, as it is. Records between a reader and an office are never told, nor
//! counted: the numbers are those of the public's [own count](crate::store::RecordStore::told).
//!
//! A regulation's record holds what its source states of the day of effect; beside it stands the day that the pages
//! show, as the index judges it ([`Effect`]).

pub mod flat;
mod register;

pub use flat::{REASON, line as csv_line, unguarded};

use indexer::{
    index::catalogue::Catalogue,
    record::{Date, Info, KINDS, Record, State},
};
use serde::Serialize;

use crate::store::{PublicChange, RecordStore, StoreError};

pub use register::register;

/// Changes looked through for one page, told or not: some milliseconds of reading.
const MAX_LOOKED_AT: usize = 10_000;
/// Largest page with records, in bytes: the longest law has 700 KiB.
const MAX_BYTES: usize = 4 << 20;

/// The kinds that are handed out.
pub fn kinds() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.is_public())
}

/// From which day a version of a regulation applies, as judged of all that is said of it; see
/// [`indexer::record::effect`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect<'g> {
    /// `None` where nothing that is known of the regulation tells it.
    pub date: Option<Date>,
    /// What the day rests on, for a reader.
    pub basis: Option<&'g str>,
}

impl<'g> Effect<'g> {
    /// `None` for what is no regulation, and for one that is newer than the index.
    pub fn of(catalogue: &'g Catalogue, id: &str) -> Option<Self> {
        let entry = catalogue.regulation(id)?;
        Some(Self { date: entry.effective, basis: entry.effective_basis.as_deref() })
    }
}

/// One change of a record.
#[derive(Debug, Serialize)]
pub struct Changed<'g> {
    /// Place in the order of all public changes, from 1; what was changed again later leaves a gap.
    pub sequence: u64,
    pub id: String,
    pub kind: &'static str,
    pub revision: u64,
    /// `published` or `withdrawn`.
    pub state: State,
    /// The record as it is now, where it was asked for and is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Of a regulation whose record is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect<'g>>,
}

/// A page of changes, oldest first.
#[derive(Debug, Serialize)]
pub struct ChangesPage<'g> {
    pub changes: Vec<Changed<'g>>,
    /// `since` for the next page.
    pub next: u64,
    /// Whether there is more already.
    pub more: bool,
}

/// The changes after the number `since` and not after `upto`, at most `limit`.
pub fn changes<'g>(
    store: &RecordStore,
    catalogue: &'g Catalogue,
    (since, upto): (u64, u64),
    limit: usize,
    with_records: bool,
) -> Result<ChangesPage<'g>, StoreError> {
    let mut page = ChangesPage { changes: Vec::new(), next: since, more: false };
    let mut bytes = 0;
    let looked = store.public_changes_after(since, MAX_LOOKED_AT)?;
    let all = looked.len() < MAX_LOOKED_AT;
    for PublicChange { number, id, revision } in looked {
        if number > upto {
            return Ok(page);
        }
        if page.changes.len() == limit || bytes > MAX_BYTES {
            return Ok(ChangesPage { more: true, ..page });
        }
        page.next = number;
        // What was changed again later is reported there, and does not cost the reading of a record.
        if store.last_public_change(&id)? != Some(number) {
            continue;
        }
        let Some(record) = store.get_revision(&id, revision)?.filter(|r| r.body.info().is_public()) else { continue };
        let kind = record.body.kind();
        let state = if record.is_public() { State::Published } else { State::Withdrawn };
        let record = (with_records && state == State::Published).then_some(record);
        bytes += record.as_ref().map_or(0, size);
        let effect = record.as_ref().and_then(|record| Effect::of(catalogue, &record.id));
        page.changes.push(Changed { sequence: number, id, kind, revision, state, record, effect });
    }
    page.more = !all;
    Ok(page)
}

/// Bytes that a record takes as JSON.
fn size(record: &Record) -> usize {
    // Structs of strings and numbers always have a JSON form.
    serde_json::to_vec(record).map_or(0, |json| json.len())
}

/// As what a dump is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line of JSON a record: all of it, and of a regulation its [`Effect`] as `effect`.
    Jsonl,
    /// A flat table for spreadsheets: of regulations the facts, without their texts.
    Csv,
}

impl Format {
    pub const ALL: [Format; 2] = [Self::Jsonl, Self::Csv];

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// Hands out every published record of a kind as a line, with its line break, until `take` wants no more.
pub fn dump(
    store: &RecordStore,
    catalogue: &Catalogue,
    kind: &Info,
    format: Format,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Line<'r> {
        #[serde(flatten)]
        record: &'r Record,
        #[serde(skip_serializing_if = "Option::is_none")]
        effect: Option<Effect<'r>>,
    }
    if format == Format::Csv && !take(flat::header(kind)?) {
        return Ok(());
    }
    store.each_until(kind.name, &mut |record| {
        if !record.is_public() {
            return Ok(true);
        }
        let effect = Effect::of(catalogue, &record.id);
        let line = match format {
            Format::Jsonl => {
                let line = Line { record: &record, effect };
                let mut line = serde_json::to_vec(&line).map_err(|e| StoreError::Engine(e.to_string()))?;
                line.push(b'\n');
                line
            }
            Format::Csv => flat::row(&record, effect.as_ref())?,
        };
        Ok(take(line))
    })
}

#[cfg(test)]
mod tests {
    use indexer::record::{Body, Correction, CorrectionMatter, kind_named, samples};

    use super::*;
    use crate::store::Backend;

    fn store(dir: &tempfile::TempDir) -> RecordStore {
        RecordStore::open(Backend::Redb, dir.path()).unwrap()
    }

    fn told<'p>(page: &'p ChangesPage<'_>) -> Vec<(&'p str, u64, State, bool)> {
        page.changes.iter().map(|c| (c.id.as_str(), c.revision, c.state, c.record.is_some())).collect()
    }

    #[test]
    fn each_record_is_told_once_as_it_is_and_what_is_private_never() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        let body = |id: &str, name: &str| samples::institution(id, name, "520300");
        store.put_over(body("a", "甲局")).unwrap();
        store.put_over(body("b", "乙局")).unwrap();
        store.put_over(body("a", "甲委")).unwrap();
        store.put_over(Record { state: State::Withdrawn, ..body("b", "乙局") }).unwrap();
        store.put_over(Record { state: State::Draft, ..body("c", "丙局") }).unwrap();
        store.put_over(Record { state: State::Withdrawn, ..body("c", "丙局") }).unwrap();
        let said = Correction {
            about: "a".into(),
            about_revision: 1,
            about_title: "甲局".into(),
            matter: CorrectionMatter::Name,
            says: "名称有误".into(),
            evidence: None,
            answer: None,
            letter: None,
        };
        store.put_over(samples::record("k-1", Body::Correction(said))).unwrap();
        let upto = store.public_count().unwrap();
        let none = Catalogue::default();
        let page = changes(&store, &none, (0, upto), 10, true).unwrap();
        assert_eq!(told(&page), [("a", 2, State::Published, true), ("b", 2, State::Withdrawn, false)]);
        assert_eq!((page.next, page.more), (upto, false));
        assert_eq!(upto, 4, "how much was private cannot be counted");
        assert!(!format!("{page:?}").contains("乙局"), "of what was withdrawn nothing is told");
        // Page by page it is the same.
        let first = changes(&store, &none, (0, upto), 1, false).unwrap();
        assert_eq!((told(&first), first.more), (vec![("a", 2, State::Published, false)], true));
        let rest = changes(&store, &none, (first.next, upto), 1, false).unwrap();
        assert_eq!(told(&rest), [("b", 2, State::Withdrawn, false)]);
        // What the index does not show yet is not reported yet.
        assert_eq!(told(&changes(&store, &none, (0, 3), 10, false).unwrap()), [("a", 2, State::Published, false)]);
    }

    #[test]
    fn a_dump_has_the_published_records_of_its_kind() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        store.put_over(samples::institution("a", "甲局", "520300")).unwrap();
        store.put_over(samples::institution("b", "乙局", "520300")).unwrap();
        store.put_over(Record { state: State::Draft, ..samples::institution("c", "丙局", "520300") }).unwrap();
        store.put_over(samples::record("w", Body::WebName(samples::web_name("zunyi.gov.cn", "甲局")))).unwrap();
        let mut lines = Vec::new();
        dump(&store, &Catalogue::default(), kind_named("institution").unwrap(), Format::Jsonl, &mut |line| {
            lines.push(line);
            true
        })
        .unwrap();
        let read: Vec<Record> = lines.iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
        assert_eq!(read.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let mut taken = 0;
        dump(&store, &Catalogue::default(), kind_named("institution").unwrap(), Format::Jsonl, &mut |_| {
            taken += 1;
            false
        })
        .unwrap();
        assert_eq!(taken, 1, "whoever goes away costs no more");
    }
}
