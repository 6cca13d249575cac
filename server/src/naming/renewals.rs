//! What is done to registered names without an application: renewals that an office confirms for its territory in one go, and
//! the end of names that nobody can buy back any more.

use indexer::record::{Body, DivisionCode, LifeStep, NameEvent, NameStage, NameStatus, Record};

use super::NamingError;
use crate::{
    access::{self, Act, Actor, Denied, Subject},
    clock::today,
    desk::{self, Desk, Pending},
    store::{By, RecordStore, StoreError},
};

/// Names renewed in one go: a page of them.
pub const MAX_AT_ONCE: usize = 200;

/// What came of a name that was to be renewed: its name, and until when it is, or why not.
pub type Renewed = (String, Result<String, String>);

/// Confirms that the holders of names have them still and go on with them: each stands for itself.
pub fn renew(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    chosen: &[(String, u64)],
    document: &str,
) -> Result<Vec<Renewed>, NamingError> {
    let document = needed(document)?;
    if chosen.is_empty() || chosen.len() > MAX_AT_ONCE {
        return Err(NamingError::Rule(format!("请选中 1 到 {MAX_AT_ONCE} 个名称")));
    }
    let mut outcome = Vec::new();
    for (id, revision) in chosen {
        let done = happen(store, desk, who, (id, *revision), LifeStep::Renewed, &document, |_| Ok(()));
        match done {
            Ok((name, until)) => outcome.push((name, Ok(until))),
            Err(NamingError::Store(error @ (StoreError::ReadOnly { .. } | StoreError::Engine(_)))) => {
                return Err(error.into());
            }
            Err(error) => outcome.push((id.clone(), Err(error.to_string()))),
        }
    }
    Ok(outcome)
}

/// Takes a name out of the register that is past its redemption. Only the registry may.
pub fn cancel_lapsed(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    seen: (&str, u64),
    document: &str,
) -> Result<(), NamingError> {
    access::may(Some(who), Act::Approve, &Subject::of(&DivisionCode::nation()))?;
    let document = needed(document)?;
    happen(store, desk, who, seen, LifeStep::Cancelled, &document, |stage| match stage {
        NameStage::PendingDelete => Ok(()),
        _ => Err(NamingError::Rule("只有过了赎回期的名称可以这样注销；其他的由持有单位申请注销".to_owned())),
    })?;
    Ok(())
}

fn needed(document: &str) -> Result<String, NamingError> {
    let document = super::text("文号", document)?;
    if document.is_empty() { Err(NamingError::Rule("请写明据以办理的文号".to_owned())) } else { Ok(document) }
}

/// Lets something happen to a registered name of somebody's territory; its name and its last day.
fn happen(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
    step: LifeStep,
    document: &str,
    may_now: impl Fn(NameStage) -> Result<(), NamingError>,
) -> Result<(String, String), NamingError> {
    let mut record = store.get(id)?.filter(Record::is_public).ok_or(NamingError::Unknown)?;
    super::seen(&record, revision)?;
    let Body::WebName(name) = &mut record.body else { return Err(NamingError::Unknown) };
    let division = desk::division_of_name(store, name)?;
    let may = access::may(Some(who), Act::Approve, &Subject::of(&division));
    may.map_err(|denied| if matches!(denied, Denied::NotSignedIn) { denied.into() } else { NamingError::Unknown })?;
    let terms = desk.name_terms.of(&name.ascii).terms;
    let (owner_id, owner, title) = (name.institution_id.clone(), name.institution_name.clone(), name.name.clone());
    let ends = step == LifeStep::Cancelled;
    let life = name.life.as_mut().ok_or(NamingError::Unknown)?;
    may_now(life.stage(&terms, today()))?;
    let label = step.label();
    let event = NameEvent { on: today(), step, document: document.to_owned(), actor: who.office_name.clone() };
    life.happen(event, &terms, (owner_id.as_deref(), &owner))?;
    let until = life.expires.map(|day| day.to_string()).unwrap_or_default();
    if ends {
        name.status = NameStatus::NotAdopted;
    }
    let tasks = || {
        let mut tasks = Pending::new(store, desk);
        tasks.settle_name(&record, label, false)?;
        tasks.changed(&record)?;
        Ok(tasks.into_tasks().collect())
    };
    desk::written(store, std::slice::from_ref(&record), By { author: &who.name, reason: document }, tasks)?;
    Ok((title, until))
}
