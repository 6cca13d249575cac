//! The register's side of an application: whose a name is, and the web name as it becomes by an approval.

use indexer::{
    record::{
        Body, Evidence, LifeStep, NameApplication, NameEvent, NameForm, NameLife, NameStatus, Provenance, Record,
        Source, State, Tombstone, WebName,
        name_application::{Ground, Matter},
        web_name_id,
    },
    text::names,
    web_name::variant,
};

use super::{NamingError, as_application};
use crate::{
    clock::today,
    desk::Desk,
    store::{RecordStore, listings::List},
};

/// Records of one name and its variants that are looked through.
const MAX_VARIANTS: usize = 50;

/// Refuses a name that lives elsewhere, itself or in traditional or variant characters, and one that another
/// application is under way for. For all but a registration it has to be the applicant's own.
pub fn refuse_taken(store: &RecordStore, desk: &Desk, id: &str, of: &NameApplication) -> Result<(), NamingError> {
    let form = variant(&of.name);
    let mut own = false;
    for (_, other) in store.list(&List::Variant(&form), None, MAX_VARIANTS)? {
        let Some(record) = store.get(&other)?.filter(|record| record.id != id) else { continue };
        match &record.body {
            Body::WebName(name) if variant(&name.name) == form && is_held(desk, name) => {
                // Who has the duties of a holder that is gone asks for its names, by the document that says so (N12).
                let succeeds = of.matter == Matter::Transfer
                    && of.successor.as_ref().is_some_and(|s| s.id.as_ref() == Some(&of.applicant.id));
                if succeeds || name.owners().any(|(owner, _)| owner == Some(of.applicant.id.as_str())) {
                    own |= name.ascii == of.ascii && name.life.is_some();
                } else {
                    let owner =
                        if name.institution_name.is_empty() { "未载明的单位" } else { &name.institution_name };
                    return Err(NamingError::Taken { name: name.name.clone(), owner: owner.to_owned() });
                }
            }
            Body::NameApplication(_) => {
                let Some(application) = as_application(&record) else { continue };
                let open = application.stage.is_under_way();
                if open && variant(&application.name) == form {
                    return Err(NamingError::UnderWay { name: application.name.clone(), other: record.id });
                }
            }
            _ => {}
        }
    }
    match of.matter {
        Matter::Register if own => Err(NamingError::Taken { name: of.name.clone(), owner: of.applicant.name.clone() }),
        Matter::Register => Ok(()),
        _ if own => Ok(()),
        _ => Err(NamingError::NotOwn(of.name.clone())),
    }
}

/// Names of others that a hurried reader would take for the one that is asked for: a reviewer decides.
pub fn look_alikes(store: &RecordStore, desk: &Desk, of: &NameApplication) -> Result<Vec<String>, NamingError> {
    let (form, looks) = (variant(&of.name), names::alike(&of.name));
    let mut found = Vec::new();
    for (_, other) in store.list(&List::LookAlikes(&of.name), None, MAX_VARIANTS)? {
        let Some(Record { body: Body::WebName(name), .. }) = store.get(&other)? else { continue };
        let is_own = name.owners().any(|(owner, _)| owner == Some(of.applicant.id.as_str()));
        if !is_own && variant(&name.name) != form && names::alike(&name.name) == looks && is_held(desk, &name) {
            found.push(name.name);
        }
    }
    Ok(found)
}

/// What whoever reviews an application should know of the name: whose it was before.
pub fn warnings(store: &RecordStore, of: &NameApplication) -> Result<Vec<String>, NamingError> {
    let Some(record) = store.get(&web_name_id(&of.ascii))? else { return Ok(Vec::new()) };
    let Body::WebName(name) = &record.body else { return Ok(Vec::new()) };
    let life = name.life.as_ref().filter(|_| of.matter == Matter::Register);
    let others = life.into_iter().flat_map(|life| &life.tombstones);
    let others = others.filter(|stone| stone.owner_id.as_deref() != Some(&of.applicant.id));
    Ok(others.map(|stone| format!("这个名称{}：请核对旧文件和链接是否还指向原单位", stone.words())).collect())
}

/// Whether a name is somebody's still.
pub(super) fn is_held(desk: &Desk, name: &WebName) -> bool {
    match &name.life {
        Some(life) => life.stage(&desk.name_terms.of(&name.ascii).terms, today()).is_held(),
        None => name.status != NameStatus::NotAdopted,
    }
}

/// The web name as an approved application makes it.
pub fn web_name(
    store: &RecordStore,
    desk: &Desk,
    id: &str,
    of: &NameApplication,
    office: &str,
) -> Result<Record, NamingError> {
    let terms = desk.name_terms.of(&of.ascii).terms;
    let before = store.get(&web_name_id(&of.ascii))?;
    let by_succession = of.successor.as_ref().filter(|_| of.matter == Matter::Transfer).map(|s| &s.document);
    let document = by_succession.or(of.consent.as_ref().map(|consent| &consent.document));
    let document = document.filter(|document| !document.is_empty()).cloned().unwrap_or_else(|| id.to_owned());
    let event = |step| NameEvent { on: today(), step, document: document.clone(), actor: office.to_owned() };
    if of.matter == Matter::Register {
        return Ok(registered(before, id, of, &event(LifeStep::Registered), &terms));
    }
    let mut record = before.ok_or_else(|| NamingError::NotOwn(of.name.clone()))?;
    let Body::WebName(name) = &mut record.body else { return Err(NamingError::NotOwn(of.name.clone())) };
    let owner = (name.institution_id.clone(), name.institution_name.clone());
    let life = name.life.as_mut().ok_or_else(|| NamingError::NotOwn(of.name.clone()))?;
    let step = match of.matter {
        Matter::Renew => LifeStep::Renewed,
        Matter::Freeze => LifeStep::Frozen(of.freeze.ok_or_else(|| NamingError::Rule("请选择冻结的原因".into()))?),
        Matter::Unfreeze => LifeStep::Unfrozen,
        Matter::Cancel => LifeStep::Cancelled,
        Matter::Transfer => {
            life.successor.clone_from(&of.successor);
            LifeStep::Transferred(of.successor.as_ref().map(|s| s.name.clone()).unwrap_or_default())
        }
        Matter::Register | Matter::Change => {
            name.institution_name.clone_from(&of.applicant.name);
            LifeStep::Changed
        }
    };
    life.happen(event(step), &terms, (owner.0.as_deref(), &owner.1))?;
    if matches!(of.matter, Matter::Renew | Matter::Change | Matter::Transfer) {
        life.contact.clone_from(&of.contact);
        life.main_name.clone_from(&of.main_name);
    }
    match (of.matter, &of.successor) {
        (Matter::Cancel, _) => name.status = NameStatus::NotAdopted,
        (Matter::Transfer, Some(successor)) => {
            (name.institution_id, name.institution_name) = (successor.id.clone(), successor.name.clone());
        }
        _ => {}
    }
    Ok(record)
}

/// A name that is registered anew; whose it was before stays reported.
fn registered(
    before: Option<Record>,
    id: &str,
    of: &NameApplication,
    event: &NameEvent,
    terms: &indexer::record::Terms,
) -> Record {
    let mut life = NameLife::begin(event.on, terms, &event.document, &event.actor);
    life.contact.clone_from(&of.contact);
    life.main_name.clone_from(&of.main_name);
    let (revision, mut provenance) = match &before {
        Some(record) => (record.revision, record.provenance.clone()),
        None => (0, Vec::new()),
    };
    let previous = match &before {
        Some(Record { body: Body::WebName(was), .. }) => {
            Some((was.institution_id.clone(), was.institution_name.clone()))
        }
        _ => None,
    };
    if let Some(Record { body: Body::WebName(was), .. }) = &before
        && let Some(was) = &was.life
    {
        life.tombstones.clone_from(&was.tombstones);
        // One that ran out without anybody's act has no stone yet.
        if was.cancelled.is_none() {
            let (owner_id, owner) = previous.unwrap_or_default();
            let until = was.expires.unwrap_or(event.on);
            life.tombstones.push(Tombstone { owner_id, owner, from: Some(was.registered), until });
        }
    }
    provenance.push(Provenance {
        source: "office".into(),
        place: Some(id.to_owned()),
        date: Some(event.on),
        licence: None,
    });
    let name = WebName {
        name: of.name.clone(),
        ascii: of.ascii.clone(),
        institution_name: of.applicant.name.clone(),
        institution_id: Some(of.applicant.id.clone()),
        shared_with: Vec::new(),
        form: match of.ground {
            _ if of.name == of.ascii => NameForm::Latin,
            Ground::FullName => NameForm::FullName,
            Ground::StandardShort | Ground::UsualShort => NameForm::ShortName,
            Ground::SiteName => NameForm::SiteName,
        },
        status: NameStatus::of(&of.ascii, Evidence::Confirmed, false),
        evidence: Evidence::Confirmed,
        basis: format!("网上名称申请 {id} 经审核批准"),
        sources: vec![Source::Office(&event.actor).to_string()],
        seen: Some(event.on),
        life: Some(life),
    };
    let record = Record::published(web_name_id(&of.ascii), None, provenance, Body::WebName(name));
    Record { revision, state: State::Published, ..record }
}
