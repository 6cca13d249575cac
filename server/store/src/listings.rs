//! What is found by something else than its id: queues of an office or a division, documents by number or by file.
//!
//! An entry is a [key](record::keys) that a record makes of itself, so that entries are right whenever records are: they
//! are written in the same batch, and taken out when the record no longer makes them.

use std::{collections::BTreeMap, ops::ControlFlow};

use record::{
    DivisionCode, Record, State,
    keys::{self, Envelope, alike, part},
};

use super::{
    RecordStore, StoreError,
    kv::Batch,
    layout::{Current, json, key},
};

/// The fact that tells with which [version](super::layout::LISTINGS) the listings were made.
pub(super) const VERSION: &str = "listings";

/// Where to look.
#[derive(Debug, Clone, Copy)]
pub enum List<'a> {
    /// What waits in a division and below it: kind, state. Divisions in order, in each the longest waiting first.
    Waiting(&'static str, State, &'a DivisionCode),
    /// What an office has handed in, whatever became of it; what moved last comes first.
    Office(&'a str),
    /// Submissions of a division and below it that were published or given up; division by division, the last first.
    Ended(&'a DivisionCode),
    /// How submissions are handled that an account has in hand, the last taken first.
    Taken(&'a str),
    /// Submissions with a day on which they are published, by that day.
    Scheduled,
    /// Regulations with a document number.
    Number(&'a str),
    /// Regulations made from a file, by its sha256.
    File(&'a str),
    /// Divisions of a full or short name.
    Division(&'a str),
    /// Accounts or keys in a division and below it.
    Access(&'static str, &'a DivisionCode),
    /// What is on its way to a record.
    Target(&'a str),
    /// The key with a hash.
    Key(&'a str),
    /// All institutions, by a hash of each of their names.
    Institutions,
    /// Institutions that have a name which a reader takes for this one.
    Alike(&'a str),
    /// Submissions that a division or one below it has to answer for besides the submission's own; the longest waiting
    /// first.
    Raised(&'a DivisionCode),
    /// Submissions that gave institutions below a division, or below one that it covers, addresses that nothing
    /// recorded for them; the last first.
    NewHosts(&'a DivisionCode),
    /// All records of a kind, whatever their state, by id.
    Kind(&'a str),
    /// Records of a kind in a division that may have several versions there one after the other, as schemes of
    /// institutions do.
    Versions(&'a str, &'a DivisionCode),
    /// Tasks in a state in a division and below it: division by division, the most urgent first, of those that have
    /// ended the last first.
    Tasks(State, &'a DivisionCode),
    /// Tasks that are about a record or name it, and have not ended.
    TasksAbout(&'a str),
    /// Tasks that are to be brought to mind, by the day.
    Reminders,
    /// What rests on a record, or on a work of law by its reference.
    RestsOn(&'a str),
    /// Public events that tell of an institution of this name.
    Events(&'a str),
    /// The versions of a regulation, by the reference of its work.
    Work(&'a str),
    /// Names, and applications for one, that are the same but for traditional and variant characters.
    Variant(&'a str),
    /// Applications for names by an office, the last first.
    Applied(&'a str),
    /// Names that a reader takes for this one, by a hash.
    LookAlikes(&'a str),
    /// Public records of general kinds that give this host as a site of theirs.
    Site(&'a str),
    /// Web names with a last day, by that day.
    Expiries,
    /// Public records of a general kind, and registered web names, the last changed first.
    Changed(&'a str),
}

impl List<'_> {
    pub(super) fn prefix(&self) -> String {
        match self {
            Self::Waiting(kind, state, division) => {
                format!("waiting\0{kind}\0{}\0{}", keys::state(*state), division.significant())
            }
            Self::Office(office) => format!("office\0{}\0", part(office)),
            Self::Ended(division) => format!("ended\0{}", division.significant()),
            Self::Taken(account) => format!("taken\0{}\0", part(account)),
            Self::Scheduled => "publish\0".to_owned(),
            Self::Number(number) => format!("number\0{}\0", part(number)),
            Self::File(hash) => format!("file\0{}\0", part(hash)),
            Self::Division(name) => format!("division\0{}\0", part(name)),
            Self::Access(kind, division) => format!("access\0{kind}\0{}", division.significant()),
            Self::Target(target) => format!("target\0{}\0", part(target)),
            Self::Key(hash) => format!("key\0{}\0", part(hash)),
            Self::Institutions => "alike\0".to_owned(),
            Self::Alike(name) => format!("alike\0{}\0", alike(name)),
            Self::Raised(division) => format!("raised\0{}", division.significant()),
            Self::NewHosts(division) => format!("hosts\0{}", division.significant()),
            Self::Kind(kind) => format!("kind\0{}\0", part(kind)),
            Self::Versions(kind, division) => format!("at\0{}\0{division}\0", part(kind)),
            Self::Tasks(state, division) => format!("task\0{}\0{}", keys::state(*state), division.significant()),
            Self::TasksAbout(id) => format!("about\0{}\0", part(id)),
            Self::Reminders => "remind\0".to_owned(),
            Self::RestsOn(key) => format!("rests\0{}\0", part(key)),
            Self::Events(name) => format!("event\0{}\0", keys::named_in_event(name)),
            Self::Work(work) => format!("work\0{}\0", part(work)),
            Self::Variant(form) => format!("variant\0{}\0", part(form)),
            Self::Applied(office) => format!("applied\0{}\0", part(office)),
            Self::LookAlikes(name) => format!("looks\0{}\0", alike(name)),
            Self::Site(host) => format!("site\0{}\0", part(host)),
            Self::Expiries => "expires\0".to_owned(),
            Self::Changed(kind) => format!("changed\0{}\0", part(kind)),
        }
    }
}

/// The entries of a record whose change has this place among all changes.
pub(super) fn entries(record: &Record, sequence: u64) -> Vec<String> {
    let envelope = Envelope::of(record, sequence);
    let mut all = record.body.keys(&envelope);
    all.push(format!("kind\0{}\0{}", record.body.kind(), record.id));
    let info = record.body.info();
    let at = record.body.division().filter(|_| info.general && info.versions && record.state == State::Published);
    all.extend(at.map(|division| format!("at\0{}\0{division}\0{}", info.name, record.id)));
    if record.is_public() {
        all.extend(info.general.then(|| envelope.changed()));
        all.extend(rests_on(record));
        let sites = record.body.sites().iter().filter(|_| info.general);
        all.extend(sites.map(|site| format!("site\0{}\0{}", part(&site.host), record.id)));
    }
    all
}

/// What a record rests on, so that it is found from there.
fn rests_on(record: &Record) -> impl Iterator<Item = String> {
    let mut on = record.body.rests_on();
    on.sort_unstable();
    on.dedup();
    on.into_iter().map(|key| format!("rests\0{}\0{}", part(&key), record.id))
}

/// A page of a listing.
#[derive(Debug, Default)]
pub struct RecordPage<T = Record> {
    pub records: Vec<T>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl RecordPage {
    /// The same page of what each record is taken for.
    pub fn filter_map<T>(self, take: impl FnMut(Record) -> Option<T>) -> RecordPage<T> {
        RecordPage { records: self.records.into_iter().filter_map(take).collect(), next: self.next }
    }
}

impl RecordStore {
    /// The records of a listing, beginning after `after`, at most `limit`.
    pub fn page(&self, list: &List<'_>, after: Option<&str>, limit: usize) -> Result<RecordPage, StoreError> {
        let listed = self.list(list, after, limit + 1)?;
        let next = (listed.len() > limit).then(|| listed[limit - 1].0.clone());
        let records = listed.iter().take(limit).map(|(_, id)| self.get(id));
        Ok(RecordPage { records: records.filter_map(Result::transpose).collect::<Result<_, _>>()?, next })
    }

    /// The ids of a listing below a prefix, in its order, beginning after `after`: at most `limit`, each with its key
    /// to go on from.
    pub fn list(
        &self,
        list: &List<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        self.each_listed(list, after, &mut |key, id| {
            found.push((key.to_owned(), id.to_owned()));
            if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(found)
    }

    /// How many a listing has below a prefix, counted up to `most`.
    pub fn count_listed(&self, list: &List<'_>, most: usize) -> Result<usize, StoreError> {
        let mut n = 0;
        self.each_listed(list, None, &mut |_, _| {
            n += 1;
            if n < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(n)
    }

    fn each_listed(
        &self,
        list: &List<'_>,
        after: Option<&str>,
        take: &mut dyn FnMut(&str, &str) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let prefix = key(&[b"x", list.prefix().as_bytes()]);
        let from = after.map_or_else(|| prefix.clone(), |after| key(&[b"x", after.as_bytes(), b"\0"]));
        self.kv.scan(&prefix, &from, &mut |key, id| {
            take(&String::from_utf8_lossy(&key[1..]), &String::from_utf8_lossy(id))
        })
    }

    /// Writes the listings of every record and the reverse of the imports: once, for a store that had none or others.
    pub(super) fn list_all(&self) -> Result<(), StoreError> {
        let mut places: BTreeMap<String, u64> = BTreeMap::new();
        self.each_row(0, &mut |sequence, id, _, _| {
            places.insert(id.to_owned(), sequence);
            Ok(())
        })?;
        let mut batch = Batch::default();
        self.each::<StoreError>(&mut |record| {
            let Some(current) = self.current(&record.id)? else { return Ok(()) };
            let listed = entries(&record, places.get(&record.id).copied().unwrap_or_default());
            relist(record.id.as_bytes(), &current.listed, &listed, &mut batch);
            batch.put(key(&[b"c", record.id.as_bytes()]), json(&Current { listed, ..current })?);
            if batch.writes.len() > 10_000 { self.kv.apply(std::mem::take(&mut batch), &self.head()) } else { Ok(()) }
        })?;
        self.kv.apply(batch, &self.head())?;
        self.mark_imports_anew()
    }
}

/// Brings a record's entries in the listings from what they were to what they are.
pub(super) fn relist(id: &[u8], before: &[String], now: &[String], batch: &mut Batch) {
    for gone in before.iter().filter(|entry| !now.contains(entry)) {
        batch.delete(key(&[b"x", gone.as_bytes()]));
    }
    for entry in now.iter().filter(|entry| !before.contains(entry)) {
        batch.put(key(&[b"x", entry.as_bytes()]), id);
    }
}
