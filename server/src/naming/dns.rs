//! What was seen of names in the DNS, as a table that an office hands in: nothing here asks the network.

use indexer::record::{Body, DivisionCode, DnsFacts, DnsFault, LifeStep, NameEvent, Record, read_dns, web_name_id};

use super::NamingError;
use crate::{
    access::{self, Act, Actor, Subject},
    desk::{self, Desk, Pending},
    store::{By, RecordStore},
};

/// Faults of a table that are reported; nobody mends more before trying again.
const MAX_REPORTED: usize = 20;

/// What became of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Noted {
    pub noted: usize,
    /// Names that nobody has registered here, or that lie in another division.
    pub unknown: Vec<String>,
    /// Names that lead elsewhere than the register says: each has a task.
    pub wrong: usize,
}

/// Takes a table of what was seen. An older day than the one that is known changes nothing.
pub fn note_dns(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    table: &str,
    source: &str,
) -> Result<Noted, NamingError> {
    access::may(Some(who), Act::Review, &Subject::of(&who.division))?;
    let source = super::text("测量的单位", source)?;
    let facts = read_dns(table, if source.is_empty() { &who.office_name } else { &source });
    let facts = facts.map_err(|faults| NamingError::Table(told(&faults)))?;
    let mut outcome = Noted::default();
    for (name, facts) in facts {
        let id = web_name_id(&name);
        match store.get(&id)?.filter(Record::is_public) {
            Some(record) if is_ours(store, who, &record)? => {
                let wrong = put(store, desk, who, record, facts)?;
                outcome.noted += 1;
                outcome.wrong += usize::from(wrong);
            }
            _ => outcome.unknown.push(name),
        }
    }
    Ok(outcome)
}

fn told(faults: &[DnsFault]) -> String {
    let all: Vec<String> = faults.iter().take(MAX_REPORTED).map(ToString::to_string).collect();
    all.join("；")
}

/// Whether somebody looks after a registered name.
pub(super) fn is_ours(store: &RecordStore, who: &Actor, record: &Record) -> Result<bool, NamingError> {
    let Body::WebName(name) = &record.body else { return Ok(false) };
    if name.life.is_none() {
        return Ok(false);
    }
    let division: DivisionCode = desk::division_of_name(store, name)?;
    Ok(access::may(Some(who), Act::Review, &Subject::of(&division)).is_ok())
}

fn put(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    mut record: Record,
    facts: DnsFacts,
) -> Result<bool, NamingError> {
    let Body::WebName(name) = &mut record.body else { return Ok(false) };
    let (terms, owner) = (desk.name_terms.of(&name.ascii).terms, name.institution_name.clone());
    let owner_id = name.institution_id.clone();
    let Some(life) = &mut name.life else { return Ok(false) };
    if life.dns.as_ref().is_some_and(|known| known.on > facts.on) {
        return Ok(life.misdelegated().is_some());
    }
    // The first day on which it is seen to lead somewhere.
    if life.resolved.is_none() && !facts.servers.is_empty() && life.registered <= facts.on {
        let event =
            NameEvent { on: facts.on, step: LifeStep::Resolved, document: String::new(), actor: facts.source.clone() };
        match life.happen(event, &terms, (owner_id.as_deref(), &owner)) {
            // What has happened since came later than it was seen.
            Ok(()) | Err(indexer::record::LifeFault::Backwards { .. }) => {
                life.resolved = life.resolved.or(Some(facts.on))
            }
            Err(_) => {}
        }
    }
    if life.servers.is_empty() {
        life.servers.clone_from(&facts.servers);
    }
    life.dns = Some(facts);
    let wrong = life.misdelegated().is_some();
    let tasks = || {
        let mut tasks = Pending::new(store, desk);
        tasks.settle_name(&record, "解析已核对", false)?;
        tasks.misdelegated(&record)?;
        Ok(tasks.into_tasks().collect())
    };
    desk::written(store, std::slice::from_ref(&record), By { author: &who.name, reason: "核对解析" }, tasks)?;
    Ok(wrong)
}
