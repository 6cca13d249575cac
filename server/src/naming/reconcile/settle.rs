//! What becomes of the differences: as a rule has it, or as somebody decides.

use indexer::{
    record::{
        Body, Evidence, LifeStep, NameEvent, NameForm, NameLife, NameStatus, Provenance, Record, Source, WebName,
    },
    web_name::{
        Host,
        naming::{RegistryRow, Settlement},
    },
};

use super::{
    super::{NamingError, seen},
    Decision, Difference, ListGiven, RegisterList, may_settle,
};
use crate::{
    access::Actor,
    clock::today,
    desk::{self, Desk, Pending},
    store::{By, RecordStore, StoreError, listings::List},
};

/// Institutions of one name that are looked at for a holder.
const MAX_INSTITUTIONS: usize = 50;
/// Names that are written at once: one wait for the disk for all.
const PER_BATCH: usize = 200;

/// What came of the differences.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Names that are written; those that are so already are not counted.
    pub settled: usize,
    /// Names that could not be settled so, with the reason.
    pub refused: Vec<(String, String)>,
}

impl Settled {
    /// Notes why a name could not be settled; what is wrong with the store ends the work.
    fn refuse(&mut self, name: &str, error: NamingError) -> Result<(), NamingError> {
        match error {
            NamingError::Store(error) if !matches!(error, StoreError::Conflict { .. }) => Err(error.into()),
            error => {
                self.refused.push((name.to_owned(), error.to_string()));
                Ok(())
            }
        }
    }
}

/// What is done about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    AsListed,
    AsHere,
    Ended,
}

impl Done {
    fn label(self) -> &'static str {
        match self {
            Self::AsListed => "按名单办理",
            Self::AsHere => "按本平台的登记",
            Self::Ended => "名单中没有，办理注销",
        }
    }
}

/// Settles one name of a list as somebody decides. What was decided stands with the name, so that the next list is held
/// against it.
pub fn settle(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    (id, revision): (&str, u64),
    decision: Decision,
) -> Result<String, NamingError> {
    let list = RegisterList::read(who, given)?;
    let of = list.difference(store, desk, id)?.ok_or(NamingError::Unknown)?;
    let (record, done) = settled(store, desk, who, given, &of, revision, decision)?;
    if let Some(record) = record {
        written(store, desk, who, given, std::slice::from_ref(&record), done)?;
    }
    Ok(format!("{}：{}", of.name, done.label()))
}

/// Settles what the rules can of some differences, and what `decided` says of the others. `progress` is told how many
/// of them have been gone through.
pub fn settle_by_rule(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    all: &[Difference],
    decided: &dyn Fn(&Difference) -> Option<Decision>,
    progress: &mut dyn FnMut(usize),
) -> Result<Settled, NamingError> {
    may_settle(who)?;
    let mut came = Settled::default();
    for (at, batch) in all.chunks(PER_BATCH).enumerate() {
        let mut ready: Vec<(Record, Done)> = Vec::new();
        for of in batch {
            let decision = match of.settlement {
                Settlement::Same | Settlement::FollowList => Some(Decision::List),
                Settlement::KeepOurs => Some(Decision::Ours),
                Settlement::Ask => decided(of),
            };
            if let Some(decision) = decision {
                match settled(store, desk, who, given, of, of.revision, decision) {
                    Ok((record, done)) => ready.extend(record.map(|record| (record, done))),
                    Err(error) => came.refuse(&of.name, error)?,
                }
            }
        }
        for done in [Done::AsListed, Done::AsHere, Done::Ended] {
            let records: Vec<Record> =
                ready.iter().filter(|(_, how)| *how == done).map(|(record, _)| record.clone()).collect();
            if records.is_empty() {
                continue;
            }
            match written(store, desk, who, given, &records, done) {
                Ok(()) => came.settled += records.len(),
                // Somebody is at one of them: the others are written by themselves.
                Err(NamingError::Store(StoreError::Conflict { .. })) => {
                    for record in &records {
                        match written(store, desk, who, given, std::slice::from_ref(record), done) {
                            Ok(()) => came.settled += 1,
                            Err(error) => came.refuse(record.body.title(), error)?,
                        }
                    }
                }
                Err(error) => return Err(error),
            }
        }
        progress((at * PER_BATCH) + batch.len());
    }
    Ok(came)
}

fn written(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    records: &[Record],
    done: Done,
) -> Result<(), NamingError> {
    let tasks = || {
        let mut tasks = Pending::new(store, desk);
        for record in records {
            tasks.settle_name(record, done.label(), true)?;
            tasks.changed(record)?;
        }
        Ok(tasks.into_tasks().collect())
    };
    let reason = format!("{}：{}（{}）", done.label(), given.called, given.on);
    desk::written(store, records, By { author: &who.name, reason: &reason }, tasks)?;
    Ok(())
}

/// A name as it is when its difference is settled; none where it is so already.
fn settled(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    of: &Difference,
    revision: u64,
    decision: Decision,
) -> Result<(Option<Record>, Done), NamingError> {
    let there = store.get(&of.id)?;
    // Of one that was withdrawn, what comes is the next revision.
    let last = there.as_ref().map_or(0, |record| record.revision);
    let before = there.filter(Record::is_public);
    let was = before.clone();
    if let Some(record) = &before {
        seen(record, revision)?;
    }
    let (mut record, done) = match (&of.sides.list, decision, before) {
        (Some(row), Decision::List, before) => (as_listed(store, desk, who, given, of, row, before)?, Done::AsListed),
        (_, Decision::Ours, Some(record)) if of.ours => (record, Done::AsHere),
        (None, Decision::List, Some(record)) => (ended(desk, who, given, record)?, Done::Ended),
        _ => {
            let says =
                "本平台没有登记过这个名称，只能按名单办理；持有单位只是写法不同的，先把名单的写法加为该机构的其他名称";
            return Err(NamingError::Rule(says.to_owned()));
        }
    };
    record.revision = last;
    if let Body::WebName(name) = &mut record.body
        && let Some(life) = &mut name.life
    {
        life.listed.clone_from(&of.sides.list);
        life.retained = life.retained.or(Some(given.on)).filter(|_| done == Done::AsHere && of.sides.list.is_none());
    }
    let changed = was.is_none_or(|was| was.body != record.body || was.provenance != record.provenance);
    Ok((changed.then_some(record), done))
}

/// The name as the list has it, attested by the register.
fn as_listed(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    of: &Difference,
    row: &RegistryRow,
    before: Option<Record>,
) -> Result<Record, NamingError> {
    let host = Host::parse(&of.name)?;
    let terms = desk.name_terms.of(&host.ascii).terms;
    let holder = holder(store, &row.holder)?;
    let mut record = match before {
        Some(record) => record,
        None => {
            let name = WebName {
                form: if host.unicode == host.ascii { NameForm::Latin } else { NameForm::SiteName },
                name: host.unicode,
                ascii: host.ascii,
                institution_name: row.holder.clone(),
                institution_id: None,
                shared_with: Vec::new(),
                status: NameStatus::InUse,
                evidence: Evidence::Registry,
                basis: String::new(),
                sources: Vec::new(),
                seen: None,
                life: None,
            };
            Record::published(of.id.clone(), None, Vec::new(), Body::WebName(name))
        }
    };
    let from = Provenance {
        source: Source::Table(given.called).to_string(),
        place: Some(of.name.clone()),
        date: Some(given.on),
        licence: None,
    };
    if !record.provenance.contains(&from) {
        record.provenance.push(from);
    }
    let Body::WebName(name) = &mut record.body else { return Err(NamingError::Unknown) };
    let (was_id, was) = (name.institution_id.clone(), name.institution_name.clone());
    let held = of.sides.here.as_ref();
    let same_holder = held.is_some_and(|here| here.holder == row.holder || here.also.contains(&row.holder));
    let called = given.called.to_owned();
    let life = match &mut name.life {
        Some(life) if held.is_some() => {
            if !same_holder || row.expires.is_some_and(|day| life.expires != Some(day)) {
                let event = NameEvent {
                    on: today(),
                    step: LifeStep::Changed,
                    document: called.clone(),
                    actor: who.office_name.clone(),
                };
                life.happen(event, &terms, (was_id.as_deref(), &was))?;
            }
            life
        }
        known => {
            let fresh = NameLife::begin(given.on, &terms, &called, &who.office_name);
            let stones = known.as_ref().map(|life| life.tombstones.clone()).unwrap_or_default();
            known.insert(NameLife { tombstones: stones, expires: None, ..fresh })
        }
    };
    if row.expires.is_some() {
        life.expires = row.expires;
    }
    if !same_holder {
        (name.institution_name, name.institution_id) = match holder {
            Some((id, full)) => (full, Some(id)),
            None => (row.holder.clone(), None),
        };
    }
    (name.status, name.evidence, name.seen) = (NameStatus::InUse, Evidence::Registry, Some(given.on));
    name.basis = format!("注册管理机构的名单“{}”（{}）", given.called, given.on);
    Ok(record)
}

/// The institution of a name, where it is the only one.
fn holder(store: &RecordStore, name: &str) -> Result<Option<(String, String)>, StoreError> {
    let mut found = None;
    for (_, id) in store.list(&List::Alike(name), None, MAX_INSTITUTIONS)? {
        let Some(record) = store.get(&id)?.filter(Record::is_public) else { continue };
        let Body::Institution(body) = &record.body else { continue };
        if body.names().any(|known| known == name) {
            if found.is_some() {
                return Ok(None);
            }
            found = Some((record.id.clone(), body.name.clone()));
        }
    }
    Ok(found)
}

/// A name that the register has no more.
fn ended(desk: &Desk, who: &Actor, given: ListGiven<'_>, mut record: Record) -> Result<Record, NamingError> {
    let Body::WebName(name) = &mut record.body else { return Err(NamingError::Unknown) };
    let terms = desk.name_terms.of(&name.ascii).terms;
    let (id, owner) = (name.institution_id.clone(), name.institution_name.clone());
    let life = name.life.as_mut().ok_or(NamingError::Unknown)?;
    let event = NameEvent {
        on: today(),
        step: LifeStep::Cancelled,
        document: given.called.to_owned(),
        actor: who.office_name.clone(),
    };
    life.happen(event, &terms, (id.as_deref(), &owner))?;
    name.status = NameStatus::NotAdopted;
    Ok(record)
}
