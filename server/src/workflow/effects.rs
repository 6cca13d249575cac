//! What a move does besides: the record that a submission is about changes with it, in the same write.

use std::collections::BTreeSet;

use indexer::{
    record::{
        Body, Evidence, FormerSite, Institution, NameForm, NameOwner, NameStatus, Provenance, Record, State, WebName,
        Website,
    },
    web_name::{Host, Registry},
};

use super::{Move, WorkflowError, as_submission, due};
use crate::{
    clock::today,
    store::{By, RecordStore, StoreError},
};

/// What the evidence of an address rests on that an office gave and another approved.
pub(crate) const REPORTED: &str = "机构报送，经主管部门审核";

/// A record that changes together with the one that moves.
pub(crate) struct Effect {
    pub record: Record,
    /// In the log: the office's account for what it proposed, the mover's for the rest.
    pub author: String,
    pub reason: String,
}

impl Effect {
    fn new(record: Record, by: &By<'_>) -> Self {
        Self { record, author: by.author.to_owned(), reason: by.reason.to_owned() }
    }
}

/// Records to be written together with the one that moves, which may be changed here too.
pub(super) fn of(
    store: &RecordStore,
    moved: &mut Record,
    step: &Move,
    by: &By<'_>,
) -> Result<Vec<Effect>, WorkflowError> {
    match (&mut moved.body, step.name) {
        (Body::Submission(s), "submit") => {
            s.due = due();
            check_target(store, moved)?;
            Ok(Vec::new())
        }
        (Body::Submission(_), "publish") => {
            check_target(store, moved)?;
            published(store, moved, by)
        }
        (Body::Submission(s), "withdraw") => {
            let (target, content) = (s.target.clone(), s.content.is_some());
            match store.get(&target)?.filter(|r| r.state == State::Published && content) {
                Some(record) => with_web_names(store, Record { state: State::Withdrawn, ..record }, by),
                None => Err(WorkflowError::WrongState { label: "撤回", state: State::Withdrawn }),
            }
        }
        (Body::Correction(c), _) => {
            c.answer = Some(by.reason.to_owned());
            Ok(Vec::new())
        }
        _ => Ok(Vec::new()),
    }
}

/// A submission is of use only where its record is still the one that it was written on.
pub(super) fn check_target(store: &RecordStore, submission: &Record) -> Result<(), WorkflowError> {
    let Some(s) = as_submission(submission) else { return Ok(()) };
    let current = store.current_revision(&s.target)?.unwrap_or(0);
    if current == s.based_on {
        return Ok(());
    }
    Err(WorkflowError::Outdated { title: s.target_title.clone(), seen: s.based_on, current })
}

/// The record as the submission makes it, and what follows from that.
fn published(store: &RecordStore, submission: &Record, by: &By<'_>) -> Result<Vec<Effect>, WorkflowError> {
    let Some(s) = as_submission(submission) else { return Ok(Vec::new()) };
    // The office's word, and the way by which it came to be published.
    let reason = [s.note.as_str(), &format!("（报送 {}）", submission.id)].concat();
    let office = By { author: s.authors.last().map_or(by.author, String::as_str), reason: &reason };
    let before = store.get(&s.target)?;
    let record = match (&s.content, before) {
        (None, Some(before)) => Record { state: State::Withdrawn, ..before },
        (None, None) => return Err(WorkflowError::Unknown),
        (Some(content), before) => {
            let mut provenance = before.as_ref().map(|b| b.provenance.clone()).unwrap_or_default();
            provenance.extend(s.provenance.iter().cloned());
            let mut seen = BTreeSet::new();
            provenance.retain(|p| seen.insert(p.clone()));
            Record {
                id: s.target.clone(),
                revision: s.based_on,
                state: State::Published,
                provenance,
                valid_from: before.as_ref().and_then(|b| b.valid_from),
                valid_to: before.as_ref().and_then(|b| b.valid_to),
                owner: submission.owner.clone(),
                body: (**content).clone(),
            }
        }
    };
    let mut together = with_web_names(store, record, &office)?;
    if let Some(id) = &s.answers
        && let Some(mut correction) = store.get(id)?.filter(|r| r.state == State::Submitted)
        && let Body::Correction(c) = &mut correction.body
    {
        c.answer = Some("已按建议更正".to_owned());
        together.push(Effect::new(Record { state: State::Approved, ..correction }, by));
    }
    Ok(together)
}

/// A record with the web names that change with it: an address that a body no longer gives must not be shown as its own.
pub(crate) fn with_web_names(store: &RecordStore, record: Record, by: &By<'_>) -> Result<Vec<Effect>, WorkflowError> {
    let mut together = Vec::new();
    if let Body::Institution(now) = &record.body {
        let before = store.get(&record.id)?;
        let before = before.filter(|r| r.state == State::Published).and_then(|r| match r.body {
            Body::Institution(i) => Some(i),
            _ => None,
        });
        let hosts = |i: &Institution| i.websites.iter().map(|w| w.host.clone()).collect::<BTreeSet<_>>();
        let was = before.as_ref().map(hosts).unwrap_or_default();
        let is = if record.state == State::Published { hosts(now) } else { BTreeSet::new() };
        let name_changed = before.as_ref().is_some_and(|b| b.name != now.name);
        for host in was.difference(&is) {
            together.extend(given_up(store, host, &record.id)?.map(|name| Effect::new(name, by)));
        }
        for site in now.websites.iter().filter(|site| is.contains(&site.host)) {
            if name_changed || !was.contains(&site.host) {
                let name = taken(store, site, &record.id, now, &record.provenance)?;
                together.extend(name.map(|name| Effect::new(name, by)));
            }
        }
    }
    together.insert(0, Effect::new(record, by));
    Ok(together)
}

/// Id of a host's record, as the fact tables have it.
fn web_name_id(host: &str) -> String {
    format!("w-{host}")
}

/// The host's record without the body.
fn given_up(store: &RecordStore, host: &str, body: &str) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(&web_name_id(host))?.filter(|r| r.state == State::Published) else {
        return Ok(None);
    };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    name.shared_with.retain(|owner| owner.id != body);
    if name.institution_id.as_deref() == Some(body) {
        match name.shared_with.is_empty() {
            false => {
                let next = name.shared_with.remove(0);
                (name.institution_id, name.institution_name) = (Some(next.id), next.name);
            }
            // Nobody has it now. It stays known as what it was, so that whoever meets it is told.
            true => {
                (name.status, name.evidence) = (NameStatus::NotAdopted, Evidence::Claimed);
                name.basis = "机构更正，不再使用".to_owned();
            }
        }
    }
    Ok(Some(record))
}

/// The host's record with the body.
fn taken(
    store: &RecordStore,
    site: &Website,
    id: &str,
    body: &Institution,
    provenance: &[Provenance],
) -> Result<Option<Record>, StoreError> {
    let there = store.get(&web_name_id(&site.host))?;
    let official = is_official(&site.host);
    let status = match site.evidence {
        _ if !official => NameStatus::Pending,
        Evidence::Disputed => NameStatus::Disputed,
        Evidence::Claimed => NameStatus::Pending,
        _ => NameStatus::InUse,
    };
    let (revision, mut name) = match there {
        Some(Record { revision, state, body: Body::WebName(name), .. }) => {
            let mut name = name;
            let owned = state == State::Published && name.status != NameStatus::NotAdopted;
            let own = name.institution_id.as_deref() == Some(id);
            if owned && !own && name.institution_id.is_some() {
                // Somebody else's already: both are named, and neither is taken out here.
                if let Some(shared) = name.shared_with.iter_mut().find(|o| o.id == id) {
                    shared.name = body.name.clone();
                } else {
                    name.shared_with.push(NameOwner { id: id.to_owned(), name: body.name.clone() });
                }
            } else {
                (name.institution_id, name.institution_name) = (Some(id.to_owned()), body.name.clone());
                (name.status, name.evidence, name.basis) = (status, site.evidence, REPORTED.to_owned());
            }
            (revision, name)
        }
        Some(_) => return Ok(None),
        None => {
            let unicode = Host::parse(&site.host).map_or_else(|_| site.host.clone(), |host| host.unicode);
            let name = WebName {
                name: unicode,
                ascii: site.host.clone(),
                institution_name: body.name.clone(),
                institution_id: Some(id.to_owned()),
                shared_with: Vec::new(),
                form: NameForm::Latin,
                status,
                evidence: site.evidence,
                basis: REPORTED.to_owned(),
                sources: site.sources.clone(),
                seen: None,
            };
            (0, name)
        }
    };
    name.seen = Some(today());
    let record = Record::published(web_name_id(&site.host), None, provenance.to_vec(), Body::WebName(name));
    Ok(Some(Record { revision, ..record }))
}

/// The sites of a body as its office gives them: known addresses keep their evidence, new ones rest on the office's word,
/// and what it leaves out is kept as given up.
pub(super) fn sites(before: &Institution, urls: Vec<(String, Host)>, office: &str) -> (Vec<Website>, Vec<FormerSite>) {
    let mut now: Vec<Website> = Vec::new();
    for (url, host) in urls {
        let known = before.websites.iter().find(|site| site.host == host.ascii);
        // What sources disagree about, and what nobody had reviewed, is settled by the body's own reviewed word.
        let settled = |e| matches!(e, Evidence::Registry | Evidence::Corroborated | Evidence::Confirmed);
        let (evidence, mut sources) = match known {
            Some(site) if settled(site.evidence) => (site.evidence, site.sources.clone()),
            Some(site) => (Evidence::Confirmed, site.sources.clone()),
            None => (Evidence::Confirmed, Vec::new()),
        };
        if evidence == Evidence::Confirmed && !sources.iter().any(|s| s == office) {
            sources.push(office.to_owned());
        }
        now.push(Website { off_gov_cn: !is_official(&host.ascii), url, host: host.ascii, evidence, sources });
    }
    let mut former: Vec<FormerSite> =
        before.former_sites.iter().filter(|f| now.iter().all(|site| site.host != f.host)).cloned().collect();
    for gone in before.websites.iter().filter(|site| now.iter().all(|n| n.host != site.host)) {
        former.push(FormerSite {
            host: gone.host.clone(),
            sources: gone.sources.clone(),
            reason: "机构更正，不再使用".to_owned(),
        });
    }
    (now, former)
}

fn is_official(host: &str) -> bool {
    host == "gov.cn" || Registry::of(host).is_some()
}
