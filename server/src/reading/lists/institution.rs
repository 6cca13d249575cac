//! The list of one institution: its versions, what stands in one of them, and how two of them differ.
//!
//! An item names the version that it stands in, and each of its revisions named its own. So the newest revision that
//! named a version is the item as that version has it, and an item that no revision of names it is not in it.

use std::{collections::BTreeMap, sync::Arc};

use indexer::record::{
    Body, Date, Info, Record, State,
    lists::{ListItem, ListRow, ListSort, PowerSort, Stated, Version},
};

use super::Row;
use crate::{
    clock::day_of,
    reading::{
        bases::Light,
        facts::{self, Comparison},
    },
    store::{RecordStore, StoreError},
};

/// Revisions of one item that are read for an old version: a list has a version a year.
const MAX_REVISIONS: usize = 200;
/// The column that tells two versions apart and says nothing of an item.
const VERSION: &str = "清单版本";

/// A version that an institution's list has or had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edition {
    /// What it is called among the versions of its institution: its number, and with lists of several sorts of one
    /// number the sort too.
    pub key: String,
    /// As its items have it.
    pub number: String,
    /// The record of it, where there is one.
    pub id: String,
    pub title: String,
    pub document: String,
    pub sort: Option<ListSort>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Items that name it now.
    pub items: usize,
    /// What its record says that it consists of.
    pub stated: Stated,
}

impl Edition {
    /// Whether it holds on a day; one that does not say since when never does.
    fn holds_on(&self, day: Date) -> bool {
        self.from.is_some_and(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// The versions of an institution's list, the newest first: those with a record, and those that only items name. Lists of
/// several sorts may have one number, which is all that an item names: each has the items of the number.
pub fn editions(rows: &[Arc<Row>]) -> Vec<Edition> {
    let mut known: BTreeMap<(&str, Option<ListSort>), Edition> = BTreeMap::new();
    let mut items: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        match &row.listed {
            Some(ListRow::Version(version)) => {
                known.insert((version.number.as_str(), Some(version.sort)), edition(row, version));
            }
            Some(ListRow::Item(item)) => *items.entry(item.version.as_str()).or_default() += 1,
            _ => {}
        }
    }
    let mut sorts: BTreeMap<&str, usize> = BTreeMap::new();
    known.keys().for_each(|(number, _)| *sorts.entry(*number).or_default() += 1);
    for number in items.keys().copied().filter(|number| !sorts.contains_key(number)) {
        known.insert((number, None), Edition { number: number.to_owned(), ..Edition::default() });
    }
    let named = known.into_iter().map(|((number, sort), edition)| Edition {
        key: match sort.filter(|_| sorts.get(number).is_some_and(|sorts| *sorts > 1)) {
            Some(sort) => format!("{number}（{}）", sort.label()),
            None => number.to_owned(),
        },
        items: items.get(number).copied().unwrap_or_default(),
        ..edition
    });
    let mut all: Vec<Edition> = named.collect();
    all.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| b.number.cmp(&a.number)));
    all
}

fn edition(row: &Row, version: &Version) -> Edition {
    Edition {
        key: String::new(),
        number: version.number.clone(),
        id: row.id.clone(),
        title: row.title.clone(),
        document: version.document_number.clone().unwrap_or_default(),
        sort: Some(version.sort),
        from: version.from,
        until: version.until,
        items: 0,
        stated: version.stated.clone(),
    }
}

/// The one that a word of an address means: by what it is called, else by its number.
pub fn called<'e>(all: &'e [Edition], word: &str) -> Option<&'e Edition> {
    all.iter().find(|edition| edition.key == word).or_else(|| all.iter().find(|edition| edition.number == word))
}

/// The version before one of the same sort, where there is one; of a version without a record the sort is not known.
pub fn before<'e>(all: &'e [Edition], edition: &Edition) -> Option<&'e Edition> {
    let is_alike = |other: &&Edition| {
        other.number != edition.number && (other.sort == edition.sort || other.sort.is_none() || edition.sort.is_none())
    };
    all.iter().skip_while(|other| other.key != edition.key).find(is_alike)
}

/// The day since which the record of a version says its hash.
pub fn stated_on(store: &RecordStore, edition: &Edition) -> Result<Option<Date>, StoreError> {
    let Some(hash) = &edition.stated.hash else { return Ok(None) };
    let mut day = None;
    for info in store.revisions(&edition.id)?.into_iter().rev().take(MAX_REVISIONS) {
        let listed = store.get_revision(&edition.id, info.revision)?.and_then(|record| record.body.listed());
        match listed {
            Some(ListRow::Version(version)) if version.stated.hash.as_ref() == Some(hash) => {
                day = Some(day_of(info.at))
            }
            _ => break,
        }
    }
    Ok(day)
}

/// The version that a reader means: the one named, the one that held on a day, else the one in force today; without
/// days the newest that has items.
pub fn chosen<'e>(all: &'e [Edition], number: Option<&str>, day: Option<Date>, today: Date) -> Option<&'e Edition> {
    if let Some(number) = number {
        return called(all, number);
    }
    if let Some(day) = day {
        return all.iter().find(|edition| edition.holds_on(day));
    }
    let in_force = all.iter().find(|edition| edition.holds_on(today));
    in_force.or_else(|| all.iter().find(|edition| edition.items > 0)).or_else(|| all.first())
}

/// The versions that held on a day, the last one of each sort.
pub fn held_on(all: &[Edition], day: Date) -> Vec<&Edition> {
    let mut held: Vec<&Edition> = Vec::new();
    for edition in all.iter().filter(|edition| edition.holds_on(day)) {
        if !held.iter().any(|known| known.sort == edition.sort) {
            held.push(edition);
        }
    }
    held
}

/// An item of a version, as a page names it.
pub struct Listed {
    pub id: String,
    pub kind: &'static Info,
    pub item: ListItem,
    /// How its bases stand, where it is as the version has it.
    pub light: Option<Light>,
}

/// The items of a version by kind of power, code and name. Those that are as it has them are not read again.
pub fn listed(store: &RecordStore, rows: &[Arc<Row>], number: &str) -> Result<Vec<Listed>, StoreError> {
    let mut all = Vec::new();
    for row in rows {
        let Some(ListRow::Item(now)) = &row.listed else { continue };
        let (item, light) = if now.version == number {
            (Some((**now).clone()), row.light)
        } else {
            let record = earlier(store, &row.id, number)?;
            let then = record.and_then(|record| match record.body.listed() {
                Some(ListRow::Item(item)) => Some(*item),
                _ => None,
            });
            (then, None)
        };
        let item = item.filter(ListItem::is_exercised);
        all.extend(item.map(|item| Listed { id: row.id.clone(), kind: row.kind, item, light }));
    }
    all.sort_by(|a, b| order(&a.item).cmp(&order(&b.item)));
    Ok(all)
}

fn order(item: &ListItem) -> (PowerSort, bool, Option<&str>, &str) {
    (item.sort, item.code.is_none(), item.code.as_deref(), &item.name)
}

/// The records of the items of a version as it has them, in the same order.
pub fn items(store: &RecordStore, rows: &[Arc<Row>], number: &str) -> Result<Vec<Record>, StoreError> {
    let mut all = Vec::new();
    for row in rows {
        let Some(ListRow::Item(now)) = &row.listed else { continue };
        let record = if now.version == number { store.get(&row.id)? } else { earlier(store, &row.id, number)? };
        all.extend(record.filter(|record| record.state == State::Published && stands_in(&record.body, number)));
    }
    let mut all: Vec<(Box<ListItem>, Record)> = all
        .into_iter()
        .filter_map(|record: Record| match record.body.listed() {
            Some(ListRow::Item(item)) => Some((item, record)),
            _ => None,
        })
        .collect();
    all.sort_by(|a, b| order(&a.0).cmp(&order(&b.0)));
    Ok(all.into_iter().map(|(_, record)| record).collect())
}

fn stands_in(body: &Body, number: &str) -> bool {
    matches!(body.listed(), Some(ListRow::Item(item)) if item.version == number && item.is_exercised())
}

/// The newest revision that named a version.
fn earlier(store: &RecordStore, id: &str, number: &str) -> Result<Option<Record>, StoreError> {
    for info in store.revisions(id)?.into_iter().rev().take(MAX_REVISIONS) {
        if info.state != State::Published {
            continue;
        }
        let record = store.get_revision(id, info.revision)?;
        let named = |record: &Record| match record.body.listed() {
            Some(ListRow::Item(item)) => item.version == number,
            _ => false,
        };
        if let Some(record) = record.filter(named) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// An item that two versions have otherwise.
pub struct Amended {
    /// As the newer has it.
    pub record: Record,
    pub comparison: Comparison,
}

/// What became of a list from one version to another.
#[derive(Default)]
pub struct Difference {
    pub added: Vec<Record>,
    pub removed: Vec<Record>,
    pub amended: Vec<Amended>,
    pub same: usize,
}

/// Compares the items of two versions, by their records.
pub fn difference(old: Vec<Record>, new: Vec<Record>) -> Difference {
    let mut found = Difference::default();
    let mut before: BTreeMap<String, Record> = old.into_iter().map(|record| (record.id.clone(), record)).collect();
    for record in new {
        let Some(was) = before.remove(&record.id) else {
            found.added.push(record);
            continue;
        };
        let mut comparison = facts::compare(Some(&was.body), Some(&record.body));
        comparison.pairs.retain(|pair| pair.changed && pair.name != VERSION);
        if comparison.pairs.is_empty() {
            found.same += 1;
        } else {
            found.amended.push(Amended { record, comparison });
        }
    }
    found.removed = before.into_values().collect();
    found
}
