//! Whether an address is in the hands of the institution that gives it.
//!
//! An office's word and another's approval say what is wanted, and not whose a host is. Until a host is recorded for
//! the institution by a source that counts, or a reviewer has noted how its control was seen, it is published as
//! claimed at most. Nothing here asks the network: the service may have none, and a reviewer looks with other means.

use indexer::record::{Body, Evidence, NameStatus, Proof, ProofMethod, Record, Source, State, Submission, Website};
use sha2::{Digest, Sha256};

use super::{MAX_REASON, WorkflowError, as_submission, checked_text, division_of, effects, subject};
use crate::{
    access::{self, Act, Actor, Subject},
    store::{By, RecordStore, StoreError},
};

/// Notes of one submission: some for each of its sites.
const MAX_PROOFS: usize = 40;

/// What whoever has a host puts there, for one submission: derived from it, so that an old value proves nothing new.
pub fn value_to_place(submission: &str, host: &str) -> String {
    let hash = hex::encode(Sha256::digest(format!("control of a host\0{submission}\0{host}")));
    format!("guansou-verification={}", &hash[..32])
}

/// The hosts of a submission whose control can be noted: those that would be published as claimed, and those noted
/// already.
pub fn provable(submission: &Submission) -> Vec<&str> {
    let noted = |host: &str| submission.proofs.iter().any(|proof| proof.host == host);
    match submission.content.as_deref() {
        Some(Body::WebName(name)) if name.evidence == Evidence::Claimed || noted(&name.ascii) => vec![&name.ascii],
        Some(content) => {
            let sites = content.sites().iter().filter(|site| site.evidence == Evidence::Claimed || noted(&site.host));
            sites.map(|site| site.host.as_str()).collect()
        }
        None => Vec::new(),
    }
}

/// Notes how a reviewer saw that a host is in the institution's hands; durable when it returns. What is published
/// already as claimed becomes confirmed by it, in the same write. Nobody notes it who wrote the submission.
pub fn note_proof(
    store: &RecordStore,
    who: &Actor,
    id: &str,
    revision: u64,
    (host, method, note): (&str, ProofMethod, &str),
) -> Result<Record, WorkflowError> {
    let mut record = store.get(id)?.filter(|r| as_submission(r).is_some()).ok_or(WorkflowError::Unknown)?;
    access::may(Some(who), Act::Approve, &subject(&record, &division_of(&record)))?;
    if record.revision != revision {
        return Err(StoreError::Conflict { id: id.to_owned(), seen: revision, current: record.revision }.into());
    }
    if !matches!(record.state, State::Submitted | State::Approved | State::Published) {
        return Err(WorkflowError::WrongState { label: "核验网址", state: record.state });
    }
    let note = checked_text(note)?;
    if note.is_empty() {
        return Err(WorkflowError::NoReason);
    }
    let published = record.state == State::Published;
    let Body::Submission(s) = &mut record.body else { return Err(WorkflowError::Unknown) };
    if !provable(s).contains(&host) {
        return Err(WorkflowError::NoSuchHost(host.chars().take(80).collect()));
    }
    if s.proofs.len() >= MAX_PROOFS {
        return Err(WorkflowError::ManyProofs(MAX_PROOFS));
    }
    let reason = format!("核验 {host}：{}；{note}", method.label()).chars().take(MAX_REASON).collect::<String>();
    let by = By { author: &who.name, reason: &reason };
    let at = jiff::Timestamp::now();
    s.proofs.push(Proof { host: host.to_owned(), method, note, by: who.name.clone(), at });
    let mut effects = Vec::new();
    if published {
        let target = store.get(&s.target)?.ok_or(WorkflowError::Unknown)?;
        if s.published_as != Some(target.revision) {
            let (seen, current) = (s.published_as.unwrap_or(s.based_on), target.revision);
            return Err(WorkflowError::Outdated { title: s.target_title.clone(), seen, current });
        }
        access::may(Some(who), Act::Review, &Subject::of(&division_of(&target)))?;
        effects = confirmed(store, target, host, &s.office_name, &by)?;
        if !effects.is_empty() {
            s.published_as = s.published_as.map(|revision| revision + 1);
        }
    }
    let mut together = vec![(record.clone(), by)];
    together.extend(effects.iter().map(|e| (e.record.clone(), By { author: &e.author, reason: &e.reason })));
    let revisions = store.put_together(together)?;
    Ok(Record { revision: revisions.first().copied().unwrap_or_default(), ..record })
}

/// A published record with a claimed host confirmed, and what follows; empty where nothing is claimed any more.
fn confirmed(
    store: &RecordStore,
    mut target: Record,
    host: &str,
    office: &str,
    by: &By<'_>,
) -> Result<Vec<effects::Effect>, WorkflowError> {
    match &mut target.body {
        Body::WebName(name) if name.evidence == Evidence::Claimed => {
            name.evidence = Evidence::Confirmed;
            let owner = name.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
            let anywhere = matches!(owner.map(|r| r.body), Some(Body::Institution(i)) if i.category.has_own_names());
            name.status = NameStatus::of(&name.ascii, name.evidence, anywhere);
        }
        body => {
            let claimed = |site: &&mut Website| site.host == host && site.evidence == Evidence::Claimed;
            let Some(site) = body.sites_mut().and_then(|sites| sites.iter_mut().find(claimed)) else {
                return Ok(Vec::new());
            };
            site.evidence = Evidence::Confirmed;
            let source = Source::Office(office).to_string();
            if !site.sources.contains(&source) {
                site.sources.push(source);
            }
        }
    }
    effects::with_web_names(store, target, by)
}
