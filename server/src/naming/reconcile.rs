//! A list of the official register held against ours. The differences are told name by name; what a rule settles is settled
//! when somebody asks for it, and the rest one by one by a person. What a list attests has evidence `registry`.

use indexer::{
    record::{
        Body, Date, DivisionCode, Evidence, LifeStep, NameEvent, NameForm, NameLife, NameStatus, Provenance, Record,
        WebName, web_name_id,
    },
    web_name::{
        Host, Registry,
        naming::{Here, RegistryRow, Settlement, Sides, Where, read_list},
    },
};

use super::{NamingError, dns::is_ours, register::is_held, seen};
use crate::{
    access::{self, Act, Actor, Subject},
    clock::today,
    desk::{self, Desk, Pending},
    store::{By, RecordStore, StoreError, listings::List},
};

/// Bodies of one name that are looked at for a holder.
const MAX_BODIES: usize = 50;
/// Names of ours that are looked through for what a list lacks.
const MAX_LOOKED_AT: usize = 20_000;

/// A name on which the list and ours are held against one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub id: String,
    pub revision: u64,
    pub name: String,
    pub sides: Sides,
    pub place: Where,
    pub settlement: Settlement,
}

/// What somebody decides about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// As the list has it.
    List,
    /// As it stands here.
    Ours,
}

impl Decision {
    pub const ALL: [Decision; 2] = [Self::List, Self::Ours];

    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Ours => "ours",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::List => "按名单",
            Self::Ours => "按本平台",
        }
    }
}

/// A list as it was handed in.
#[derive(Debug, Clone, Copy)]
pub struct ListGiven<'a> {
    pub table: &'a str,
    /// What it is called, and the day as of which it holds.
    pub called: &'a str,
    pub on: Date,
    /// Whether it has all names of the registries that it has any of: what it lacks is a difference then.
    pub whole: bool,
}

/// Holds a list against ours; nothing is written. What both say the same is told too, so that it can be attested.
pub fn differences(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
) -> Result<Vec<Difference>, NamingError> {
    access::may(Some(who), Act::Approve, &Subject::of(&DivisionCode::nation()))?;
    let list = read_list(given.table, given.on).map_err(|faults| NamingError::Table(faults.join("；")))?;
    let mut all = Vec::new();
    for (ascii, row) in &list {
        if Registry::of(ascii).is_none() {
            return Err(NamingError::NoRegistry(ascii.clone()));
        }
        let id = web_name_id(ascii);
        let record = store.get(&id)?.filter(Record::is_public);
        all.push(difference(store, desk, &id, ascii, record.as_ref(), Some(row.clone()))?);
    }
    if given.whole {
        let registries: Vec<Registry> = list.keys().filter_map(|ascii| Registry::of(ascii)).collect();
        for (_, id) in store.list(&List::Expiries, None, MAX_LOOKED_AT)? {
            let Some(record) = store.get(&id)?.filter(Record::is_public) else { continue };
            let Body::WebName(name) = &record.body else { continue };
            let covered = Registry::of(&name.ascii).is_some_and(|registry| registries.contains(&registry));
            if covered && !list.contains_key(&name.ascii) && is_held(desk, name) {
                all.push(difference(store, desk, &id, &name.ascii, Some(&record), None)?);
            }
        }
    }
    all.sort_by(|a, b| b.settlement.cmp(&a.settlement).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

fn difference(
    store: &RecordStore,
    desk: &Desk,
    id: &str,
    ascii: &str,
    record: Option<&Record>,
    list: Option<RegistryRow>,
) -> Result<Difference, NamingError> {
    let ours = record.and_then(|record| match &record.body {
        Body::WebName(name) => Some(name),
        _ => None,
    });
    let before = ours.and_then(|name| name.life.as_ref()).and_then(|life| life.listed.clone());
    let here = match ours.filter(|name| is_held(desk, name)) {
        Some(name) => {
            let holder = name.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
            let also = match holder.map(|holder| holder.body) {
                Some(Body::Institution(body)) => body.names().map(str::to_owned).collect(),
                _ => Vec::new(),
            };
            let expires = name.life.as_ref().and_then(|life| life.expires);
            Some(Here { holder: name.institution_name.clone(), also, expires })
        }
        None => None,
    };
    let sides = Sides { before, list, here };
    let name = Host::parse(ascii).map_or_else(|_| ascii.to_owned(), |host| host.unicode);
    Ok(Difference {
        id: id.to_owned(),
        revision: record.map_or(0, |record| record.revision),
        name,
        place: sides.place(),
        settlement: sides.settlement(),
        sides,
    })
}

/// Settles one name of a list as somebody decides. What was decided stands with the name, so that the next list is held against it.
pub fn settle(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    (id, revision): (&str, u64),
    decision: Decision,
) -> Result<String, NamingError> {
    let all = differences(store, desk, who, given)?;
    let of = all.iter().find(|difference| difference.id == id).ok_or(NamingError::Unknown)?;
    settle_one(store, desk, who, given, of, revision, Some(decision))
}

/// Settles all that the rules can: how many.
pub fn settle_by_rule(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
) -> Result<usize, NamingError> {
    let all = differences(store, desk, who, given)?;
    let mut settled = 0;
    for of in all.iter().filter(|of| of.settlement != Settlement::Ask) {
        settle_one(store, desk, who, given, of, of.revision, None)?;
        settled += 1;
    }
    Ok(settled)
}

fn settle_one(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
    of: &Difference,
    revision: u64,
    decision: Option<Decision>,
) -> Result<String, NamingError> {
    let decision = match (decision, of.settlement) {
        (Some(decision), _) => decision,
        (None, Settlement::Same | Settlement::FollowList) => Decision::List,
        (None, Settlement::KeepOurs) => Decision::Ours,
        (None, Settlement::Ask) => return Err(NamingError::Rule("这一行要由人决定按哪一边".to_owned())),
    };
    let before = store.get(&of.id)?.filter(Record::is_public);
    if let Some(record) = &before {
        seen(record, revision)?;
    }
    let (mut record, told) = match (&of.sides.list, decision, before) {
        (Some(row), Decision::List, before) => (as_listed(store, desk, who, given, of, row, before)?, "按名单办理"),
        (_, Decision::Ours, Some(record)) => (record, "按本平台的登记"),
        (None, Decision::List, Some(record)) => (ended(desk, who, given, record)?, "名单中没有，办理注销"),
        _ => return Err(NamingError::Unknown),
    };
    if let Body::WebName(name) = &mut record.body
        && let Some(life) = &mut name.life
    {
        life.listed.clone_from(&of.sides.list);
    }
    let tasks = || {
        let mut tasks = Pending::new(store, desk);
        tasks.settle_name(&record, told, true)?;
        tasks.changed(&record)?;
        Ok(tasks.into_tasks().collect())
    };
    let reason = format!("{told}：{}（{}）", given.called, given.on);
    desk::written(store, std::slice::from_ref(&record), By { author: &who.name, reason: &reason }, tasks)?;
    Ok(format!("{}：{told}", of.name))
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
        source: format!("table:{}", given.called),
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

/// The body of a name, where it is the only one.
fn holder(store: &RecordStore, name: &str) -> Result<Option<(String, String)>, StoreError> {
    let mut found = None;
    for (_, id) in store.list(&List::Alike(name), None, MAX_BODIES)? {
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

/// Whether somebody may look after the list at all, for the page.
pub fn may_reconcile(who: &Actor) -> bool {
    access::may(Some(who), Act::Approve, &Subject::of(&DivisionCode::nation())).is_ok()
}

/// Names of a territory with their certificates, by the day on which they run out.
pub fn of_territory(store: &RecordStore, desk: &Desk, who: &Actor, most: usize) -> Result<Vec<Record>, NamingError> {
    let mut found = Vec::new();
    for (_, id) in store.list(&List::Expiries, None, MAX_LOOKED_AT)? {
        let Some(record) = store.get(&id)?.filter(Record::is_public) else { continue };
        let Body::WebName(name) = &record.body else { continue };
        if is_held(desk, name) && is_ours(store, who, &record)? {
            found.push(record);
            if found.len() == most {
                break;
            }
        }
    }
    Ok(found)
}
