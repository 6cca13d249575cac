//! A page of another's changes becomes revisions here.
//!
//! What is withdrawn there is withdrawn here only where it came from there; what another import had brought before
//! stands again. Records that say the same from the same sources make no revision, through whatever mirrors they came,
//! so that two services that mirror each other come to an end.

use std::collections::BTreeMap;

use indexer::{
    record::{Author, Body, DivisionCode, Evidence, NameStatus, Provenance, Record, Source, State, web_name_id},
    text::names,
    web_name::{Host, site, site_host},
};
use serde::Serialize;

use super::{Change, Origin, Page};
use crate::{
    clock::today,
    exchange,
    store::{By, RecordStore, StoreError, is_imported},
};

/// Refused records told by name.
const MAX_REPORTED: usize = 20;
/// Longest id taken, in bytes, as the store has it.
const MAX_ID: usize = 200;

/// What a run brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pulled {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Withdrawn there and so here.
    pub withdrawn: u64,
    /// Withdrawn there; here stands again what another import had brought before.
    pub restored: u64,
    /// Of divisions that were not asked for, or over something of theirs here: nothing was done.
    pub outside: u64,
    /// Changed here by a person: that stands.
    pub preserved: u64,
    /// Records that do not fit what is here, or that no 官搜 would publish.
    pub refused: u64,
    /// The first of these, in words.
    pub faults: Vec<String>,
    /// Whether the origin has more.
    pub more: bool,
}

/// Stores what a page tells, all of it or nothing.
pub fn apply(
    store: &RecordStore,
    origin: &Origin,
    page: Page,
    (kinds, divisions): (&[&str], &[DivisionCode]),
    pulled: &mut Pulled,
) -> Result<(), StoreError> {
    let author = Author::Pull(&origin.host).to_string();
    let by = By { author: &author, reason: "" };
    let mut told = pulled.clone();
    let mut together: BTreeMap<String, Record> = BTreeMap::new();
    for change in page.changes {
        let wanted = exchange::kinds().any(|kind| kind.name == change.kind)
            && (kinds.is_empty() || kinds.contains(&change.kind.as_str()));
        if wanted && !is_inside(store, &together, divisions, &change)? {
            told.outside += 1;
        } else if wanted && let Some(record) = outcome(store, origin, &author, change, &mut told)? {
            together.insert(record.id.clone(), record);
        }
    }
    store.put_together(together.into_values().map(|record| (record, by)).collect())?;
    *pulled = told;
    Ok(())
}

/// Whether a change is about the divisions that were asked for: what is said there, and what stands here.
fn is_inside(
    store: &RecordStore,
    together: &BTreeMap<String, Record>,
    divisions: &[DivisionCode],
    change: &Change,
) -> Result<bool, StoreError> {
    let inside = |division: &DivisionCode| divisions.iter().any(|d| d.covers(division));
    // Ids that the store has no room for are distinguished.
    let here = if change.id.len() > MAX_ID { None } else { store.get(&change.id)? };
    for record in change.record.iter().chain(&here) {
        if !inside(&place(store, together, record)?) {
            return Ok(false);
        }
        // A site's address is as good as the name: one that somebody else has here is not the origin's to give.
        for site in record.body.sites().iter().filter(|site| site.host.len() < MAX_ID - 2) {
            let there = store.get(&web_name_id(&site.host))?.filter(Record::is_public);
            let taken = there.filter(|r| matches!(&r.body, Body::WebName(w) if w.status != NameStatus::NotAdopted));
            if let Some(name) = taken
                && !is_of(&name, record)
                && !inside(&place(store, together, &name)?)
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Whether a web name is that of a record's institution in charge, which may have no record of its own.
fn is_of(name: &Record, record: &Record) -> bool {
    let Body::WebName(name) = &name.body else { return false };
    record.body.info().general
        && record
            .body
            .entry()
            .is_some_and(|entry| name.institution_id == entry.owner_id && name.institution_name == entry.owner_name)
}

/// The division that a record speaks for; a web name speaks for its owner's, and one whose owner is not known for the
/// nation.
fn place(
    store: &RecordStore,
    together: &BTreeMap<String, Record>,
    record: &Record,
) -> Result<DivisionCode, StoreError> {
    let nation = DivisionCode::nation;
    Ok(match &record.body {
        Body::WebName(w) => {
            let owner = w.institution_id.as_deref().filter(|id| id.len() <= MAX_ID);
            let known = match owner {
                Some(id) => together.get(id).cloned().map_or_else(|| store.get(id), |r| Ok(Some(r)))?,
                None => None,
            };
            match known.map(|r| r.body) {
                Some(Body::Institution(i)) => i.division,
                _ => nation(),
            }
        }
        body => body.division().cloned().unwrap_or_else(nation),
    })
}

/// A record as one takes it from elsewhere: what is registered there is not registered here, but given by one list.
fn theirs(mut record: Record) -> Record {
    let lower = |evidence: &mut Evidence| {
        if *evidence == Evidence::Registry {
            *evidence = Evidence::Single;
        }
    };
    if let Some(sites) = record.body.sites_mut() {
        sites.iter_mut().for_each(|site| lower(&mut site.evidence));
    }
    if let Body::WebName(w) = &mut record.body {
        lower(&mut w.evidence);
    }
    record
}

/// What a change makes of the record here; `None` leaves it as it is.
fn outcome(
    store: &RecordStore,
    origin: &Origin,
    author: &str,
    change: Change,
    pulled: &mut Pulled,
) -> Result<Option<Record>, StoreError> {
    let mut refuse = |what: &str| {
        pulled.refused += 1;
        if pulled.faults.len() < MAX_REPORTED {
            let id: String = change.id.chars().filter(|c| !c.is_control()).take(60).collect();
            pulled.faults.push(format!("{id}：{what}"));
        }
    };
    if change.id.is_empty() || change.id.len() > MAX_ID || change.id.contains(char::is_control) {
        refuse("编号不能用");
        return Ok(None);
    }
    let here = store.get(&change.id)?;
    if here.as_ref().is_some_and(|here| here.body.kind() != change.kind) {
        refuse("本地有同一编号的另一类记录");
        return Ok(None);
    }
    if let Some(fault) = change.record.as_ref().and_then(unsound) {
        refuse(fault);
        return Ok(None);
    }
    let info = here.as_ref().map(|here| store.info(&here.id, here.revision)).transpose()?.flatten();
    if info.as_ref().is_some_and(|info| !is_imported(info)) {
        pulled.preserved += 1;
        return Ok(None);
    }
    match (change.record.map(theirs), here) {
        (Some(record), here) => {
            let mirror = Provenance {
                source: Source::Mirror(&origin.host).to_string(),
                place: Some(format!("第 {} 次修订", change.revision)),
                date: Some(today()),
                licence: None,
            };
            if here.as_ref().is_some_and(|here| says_the_same(here, &record)) {
                pulled.unchanged += 1;
                return Ok(None);
            }
            if here.is_none() {
                pulled.added += 1
            } else {
                pulled.changed += 1
            }
            let mut provenance = record.provenance;
            provenance.retain(|p| p.source != mirror.source);
            provenance.push(mirror);
            let revision = here.map_or(0, |here| here.revision);
            Ok(Some(Record { revision, provenance, ..record }))
        }
        (None, Some(here)) if here.state != State::Withdrawn => {
            // What another import wrote over it since is not the origin's to withdraw.
            if info.is_none_or(|info| info.author != author) {
                return Ok(None);
            }
            let revision = here.revision;
            match before_the_pull(store, &here.id, author)? {
                Some(own) => {
                    pulled.restored += 1;
                    Ok(Some(Record { revision, ..own }))
                }
                None => {
                    pulled.withdrawn += 1;
                    Ok(Some(Record { state: State::Withdrawn, ..here }))
                }
            }
        }
        (None, _) => Ok(None),
    }
}

/// What the record was before the origin's word came over it, where that was published.
fn before_the_pull(store: &RecordStore, id: &str, author: &str) -> Result<Option<Record>, StoreError> {
    let own = store.revisions(id)?.into_iter().rev().find(|info| info.author != author);
    match own.filter(|info| info.state == State::Published) {
        Some(info) => store.get_revision(id, info.revision),
        None => Ok(None),
    }
}

/// Whether a record here says what the origin's says, from the same sources. Which mirrors it came through does not
/// count: two that mirror each other would else never come to an end.
fn says_the_same(here: &Record, there: &Record) -> bool {
    let sources = |record: &Record| -> Vec<Provenance> {
        record.provenance.iter().filter(|p| !matches!(p.origin(), Source::Mirror(_))).cloned().collect()
    };
    here.state == there.state
        && theirs(here.clone()).body == there.body
        && here.owner == there.owner
        && (here.valid_from, here.valid_to) == (there.valid_from, there.valid_to)
        && sources(here) == sources(there)
}

/// What must not be shown here, whoever publishes it.
fn unsound(record: &Record) -> Option<&'static str> {
    // As a form here would take it: no platform, no ending that everybody shares, no user before the host.
    let own = |host: &str| Host::parse(host).is_ok_and(|parsed| parsed.ascii == host && site_host(&parsed).is_ok());
    let deceives = || match &record.body {
        Body::Institution(i) => i.names().any(names::deceives),
        body => body.entry().is_some_and(|entry| {
            std::iter::once(&entry.name)
                .chain(&entry.other_names)
                .chain(&entry.asked_as)
                .any(|name| names::deceives(name))
        }),
    };
    match &record.body {
        _ if record.provenance.is_empty() => Some("没有来源"),
        _ if deceives() => Some("名称中有看不见的字符"),
        body if !body.sites().iter().all(|w| site(&w.url).is_ok() && own(&w.host)) => Some("网址不合规范"),
        Body::WebName(name) if !own(&name.ascii) => Some("网上名称不合规范"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use indexer::record::{Website, samples};

    use super::*;

    #[test]
    fn what_no_form_would_take_is_not_taken_from_others_either() {
        let name = |host: &str| samples::record("w", Body::WebName(samples::web_name(host, "甲局")));
        for host in ["zunyi.gov.cn", "xn--fiqs8s.gov.cn"] {
            assert_eq!(unsound(&name(host)), None, "{host}");
        }
        for host in ["com.cn", "github.io"] {
            assert!(unsound(&name(host)).is_some(), "{host}");
        }
        let with_site = |url: &str, host: &str| {
            let mut record = samples::institution("i", "甲局", "520300");
            if let Body::Institution(i) = &mut record.body {
                i.websites = vec![Website {
                    url: url.into(),
                    host: host.into(),
                    evidence: Evidence::Single,
                    sources: vec!["a".into()],
                    off_gov_cn: false,
                }];
            }
            record
        };
        assert_eq!(unsound(&with_site("https://www.zunyi.gov.cn/", "zunyi.gov.cn")), None);
        for (url, host) in [
            ("https://zunyi.gov.cn@evil.com/", "evil.com"),
            ("javascript:alert(1)", "zunyi.gov.cn"),
            ("https://a.github.io/", "github.io"),
        ] {
            assert!(unsound(&with_site(url, host)).is_some(), "{url}");
        }
    }

    #[test]
    fn sites_of_every_kind_are_held_to_the_same() {
        let kinds = exchange::kinds().filter_map(|kind| Body::blank(kind.name));
        let with_sites: Vec<Body> = kinds.filter(|body| body.clone().sites_mut().is_some()).collect();
        assert!(with_sites.len() > 1);
        for body in with_sites {
            let with = |url: &str, host: &str| {
                let mut record = samples::record("r", body.clone());
                *record.body.sites_mut().unwrap() = vec![Website {
                    url: url.into(),
                    host: host.into(),
                    evidence: Evidence::Registry,
                    sources: vec!["a".into()],
                    off_gov_cn: false,
                }];
                record
            };
            let sound = with("https://www.zunyi.gov.cn/", "zunyi.gov.cn");
            assert_eq!(unsound(&sound), None, "{}", body.kind());
            assert_eq!(theirs(sound).body.sites()[0].evidence, Evidence::Single, "nothing is registered here");
            assert!(unsound(&with("https://zunyi.gov.cn@evil.com/", "evil.com")).is_some(), "{}", body.kind());
            assert!(unsound(&with("https://a.github.io/", "github.io")).is_some(), "{}", body.kind());
        }
    }
}
