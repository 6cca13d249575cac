//! What is known of the addresses that a submission gives: until one is recorded for the institution by a source that
//! counts, or its control was noted, it is published as claimed at most.

use indexer::{
    record::{Body, Evidence, NameStatus, Proof, Record, State, WebName, Website, web_name_id},
    web_name::{ZONES, below},
};

use crate::store::{RecordStore, StoreError};

/// Brings the evidence of what a submission would publish to what is known of its addresses; returns the hosts that
/// nothing records for the institution yet.
pub(super) fn settle(
    store: &RecordStore,
    target: &str,
    before: Option<&Body>,
    now: &mut Body,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    if let Body::WebName(now) = now {
        return settle_name(store, before, now, proofs);
    }
    let owner = now.entry().and_then(|entry| entry.owner_id);
    let owners: Vec<&str> = std::iter::once(target).chain(owner.as_deref()).collect();
    let before = before.map_or(&[][..], Body::sites);
    now.sites_mut().map_or_else(|| Ok(Vec::new()), |sites| settle_sites(store, &owners, before, sites, proofs))
}

fn settle_sites(
    store: &RecordStore,
    owners: &[&str],
    before: &[Website],
    now: &mut [Website],
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    let mut new = Vec::new();
    for site in now {
        let known = before.iter().find(|known| known.host == site.host);
        let claimed = known.map_or(Evidence::Claimed, |known| known.evidence) == Evidence::Claimed;
        if !claimed {
            continue;
        }
        let recorded = known.is_none() && is_recorded(store, owners, before, &site.host)?;
        let proven = recorded || proofs.iter().any(|proof| proof.host == site.host);
        if known.is_none() && !recorded {
            new.push(site.host.clone());
        }
        site.evidence = if proven { Evidence::Confirmed } else { Evidence::Claimed };
    }
    Ok(new)
}

/// Whether a source that counts gives a host, or one above it, for the record or for the institution in charge of it.
fn is_recorded(store: &RecordStore, owners: &[&str], before: &[Website], host: &str) -> Result<bool, StoreError> {
    let counts = |evidence| !matches!(evidence, Evidence::Claimed | Evidence::Disputed);
    let above = |known: &str| !ZONES.contains(&known) && below(host, known);
    if before.iter().any(|site| counts(site.evidence) && above(&site.host)) {
        return Ok(true);
    }
    let Some(Record { state: State::Published, body: Body::WebName(name), .. }) = store.get(&web_name_id(host))? else {
        return Ok(false);
    };
    let own = name.owners().any(|(id, _)| id.is_some_and(|id| owners.contains(&id)));
    Ok(own && name.status == NameStatus::InUse && counts(name.evidence))
}

/// A web name that is handed in by itself.
fn settle_name(
    store: &RecordStore,
    before: Option<&Body>,
    now: &mut WebName,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    let counts = |evidence| !matches!(evidence, Evidence::Claimed | Evidence::Disputed);
    let before = match before {
        Some(Body::WebName(name)) if name.status != NameStatus::NotAdopted => Some(name),
        _ => None,
    };
    let known = before.is_some_and(|b| counts(b.evidence) && b.institution_id == now.institution_id);
    let owner = now.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
    let (on_record, anywhere) = match owner.filter(|r| r.state == State::Published).map(|r| r.body) {
        Some(Body::Institution(i)) => {
            let on_record = i.websites.iter().any(|site| site.host == now.ascii && counts(site.evidence));
            (on_record, i.category.has_own_names())
        }
        _ => (false, false),
    };
    if known || on_record || !counts(now.evidence) {
        return Ok(Vec::new());
    }
    let proven = proofs.iter().any(|proof| proof.host == now.ascii);
    now.evidence = if proven { Evidence::Confirmed } else { Evidence::Claimed };
    now.status = NameStatus::of(&now.ascii, now.evidence, anywhere);
    Ok(if before.is_some() { Vec::new() } else { vec![now.ascii.clone()] })
}
