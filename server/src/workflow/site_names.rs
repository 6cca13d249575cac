//! The web names of the sites that records of general kinds give change with these records, as those of institutions do:
//! what a page offers, the check of addresses knows.

use std::collections::BTreeSet;

use indexer::{
    record::{Body, Entry, Evidence, NameForm, NameStatus, Record, State, WebName, Website, web_name_id},
    web_name::Host,
};

use super::basis;
use crate::{
    clock::today,
    store::{RecordStore, StoreError, listings::List},
};

/// The records of web names that change with a record. A name that an institution has stays the institution's.
pub(super) fn names(store: &RecordStore, record: &Record) -> Result<Vec<Record>, StoreError> {
    let entry_of = |r: &Record| r.body.entry().filter(|_| r.body.info().is_public());
    let Some(now) = entry_of(record) else { return Ok(Vec::new()) };
    let was = store.get(&record.id)?.filter(|r| r.state == State::Published);
    let was = was.as_ref().and_then(entry_of).map(|entry| entry.sites).unwrap_or_default();
    let shown = record.state == State::Published;
    let is: &[Website] = if shown { &now.sites } else { &[] };
    let mut changed = Vec::new();
    for site in is.iter().filter(|site| was.iter().all(|w| w.host != site.host || w.evidence != site.evidence)) {
        changed.extend(taken(store, site, &now, record)?);
    }
    for gone in was.iter().filter(|site| is.iter().all(|i| i.host != site.host)) {
        changed.extend(given_up(store, &gone.host, &now, &record.id)?);
    }
    let mut seen = BTreeSet::new();
    changed.retain(|name: &Record| seen.insert(name.id.clone()));
    Ok(changed)
}

fn is_of(name: &WebName, entry: &Entry) -> bool {
    name.institution_id == entry.owner_id && name.institution_name == entry.owner_name
}

fn taken(store: &RecordStore, site: &Website, entry: &Entry, record: &Record) -> Result<Option<Record>, StoreError> {
    let id = web_name_id(&site.host);
    let status = NameStatus::of(&site.host, site.evidence, true);
    let known = store.get(&id)?;
    if let Some(mut known) = known {
        let Body::WebName(name) = &mut known.body else { return Ok(None) };
        let free = known.state != State::Published || name.status == NameStatus::NotAdopted;
        let better = is_of(name, entry) && site.evidence < name.evidence;
        if !free && !better {
            return Ok(None);
        }
        (name.institution_id, name.institution_name) = (entry.owner_id.clone(), entry.owner_name.clone());
        (name.status, name.evidence, name.seen) = (status, site.evidence, Some(today()));
        basis::of(site.evidence).clone_into(&mut name.basis);
        known.state = State::Published;
        let new: Vec<_> = record.provenance.iter().filter(|p| !known.provenance.contains(p)).cloned().collect();
        known.provenance.extend(new);
        return Ok(Some(known));
    }
    let name = WebName {
        name: Host::parse(&site.host).map_or_else(|_| site.host.clone(), |host| host.unicode),
        ascii: site.host.clone(),
        institution_name: entry.owner_name.clone(),
        institution_id: entry.owner_id.clone(),
        shared_with: Vec::new(),
        form: NameForm::Latin,
        status,
        evidence: site.evidence,
        basis: basis::of(site.evidence).to_owned(),
        sources: site.sources.clone(),
        seen: Some(today()),
        life: None,
    };
    Ok(Some(Record::published(id, None, record.provenance.clone(), Body::WebName(name))))
}

/// The name of a host that a record no longer gives, where neither its owner nor another record does.
fn given_up(store: &RecordStore, host: &str, entry: &Entry, id: &str) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(&web_name_id(host))?.filter(|r| r.state == State::Published) else {
        return Ok(None);
    };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    if !is_of(name, entry) || name.status == NameStatus::NotAdopted || !name.shared_with.is_empty() {
        return Ok(None);
    }
    let gives = |r: &Record| r.is_public() && r.body.sites().iter().any(|site| site.host == host);
    let owner = entry.owner_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
    let elsewhere = store.list(&List::Site(host), None, 2)?.iter().any(|(_, other)| other != id);
    if elsewhere || owner.is_some_and(|owner| gives(&owner)) {
        return Ok(None);
    }
    (name.status, name.evidence) = (NameStatus::NotAdopted, Evidence::Claimed);
    name.basis = "办事入口更正，不再使用".to_owned();
    Ok(Some(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Backend, By};
    use indexer::record::samples::institution;

    fn entrance(name: &str, sites: &str, evidence: Evidence) -> Record {
        let mut body = Body::blank("service").unwrap();
        let value = |column: &str| match column {
            "name" => name,
            "purpose" => "查示例",
            "entrance" => "查询",
            "owner_name" => "遵义市人民政府",
            "division" => "520300",
            "websites" => sites,
            _ => "",
        };
        body.fill(|column| Some(value(column.name))).unwrap();
        body.sites_mut().into_iter().flatten().for_each(|site| site.evidence = evidence);
        let provenance = institution("x", "甲", "520300").provenance;
        Record::published(body.id().unwrap(), None, provenance, body)
    }

    #[test]
    fn what_an_entrance_gives_and_takes_away_is_known_to_the_check() {
        const BY: By<'static> = By { author: "test", reason: "" };
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let publish = |record: Record| {
            let changed = names(&store, &record).unwrap();
            for record in std::iter::once(record).chain(changed) {
                let revision = store.current_revision(&record.id).unwrap().unwrap_or(0);
                store.put(Record { revision, ..record }, &BY).unwrap();
            }
        };
        let status = || match store.get(&web_name_id("cx.example.cn")).unwrap().map(|r| r.body) {
            Some(Body::WebName(name)) => Some((name.status, name.institution_name)),
            _ => None,
        };
        let owned = |status| Some((status, "遵义市人民政府".to_owned()));
        const SITE: &str = "https://cx.example.cn/";
        publish(entrance("示例查询网", SITE, Evidence::Claimed));
        assert_eq!(status(), owned(NameStatus::Pending));
        publish(entrance("示例查询网", SITE, Evidence::Confirmed));
        assert_eq!(status(), owned(NameStatus::InUse));
        publish(entrance("示例办事网", SITE, Evidence::Confirmed));
        publish(entrance("示例查询网", "", Evidence::Confirmed));
        assert_eq!(status(), owned(NameStatus::InUse), "the other entrance gives it");
        publish(entrance("示例办事网", "", Evidence::Confirmed));
        assert_eq!(status(), owned(NameStatus::NotAdopted));
    }
}
