//! What a move does besides: the record that a submission is about changes with it, in the same write.

use std::collections::BTreeSet;

use indexer::{
    record::{
        Body, DivisionCode, Evidence, Institution, NameForm, NameOwner, NameStatus, Provenance, Record, Source, State,
        Submission, WebName, Website, web_name_id,
    },
    web_name::Host,
};

use super::{Move, Then, WorkflowError, as_submission, basis, concerns, division_of, settling, site_names, under_way};
use crate::{
    access::{self, Act, Actor, Subject},
    clock::today,
    desk::{Desk, LimitKey},
    store::{By, RecordStore, StoreError},
};

/// Concerns that a submission carries: as many as a page shows. All are asked when it is approved.
const MAX_CONCERNS: usize = 20;

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
    desk: &Desk,
    moved: &mut Record,
    step: &Move,
    who: &Actor,
    by: &By<'_>,
) -> Result<Vec<Effect>, WorkflowError> {
    check_answers(store, moved, step, who)?;
    match (&mut moved.body, step.then) {
        (Body::Submission(s), Then::HandIn) => {
            run_clock(desk, s);
            let target = s.target.clone();
            if let Some(content) = s.content.as_deref_mut() {
                s.concerns = concerns(store, &target, content)?;
                s.concerns.truncate(MAX_CONCERNS);
                let before = store.get(&target)?.map(|r| r.body);
                s.new_hosts = settling::settle(store, &target, before.as_ref(), content, &[])?;
            }
            check_target(store, moved)?;
            match under_way(store, &target)?.filter(|other| other.id != moved.id) {
                Some(other) => Err(WorkflowError::UnderWay { title: moved.body.title().to_owned(), other: other.id }),
                None => Ok(Vec::new()),
            }
        }
        // The office has to act, and the time that it takes is not the reviewer's.
        (Body::Submission(s), Then::Nothing) if matches!(step.to, State::Draft | State::Returned) => {
            if let Some(clock) = &mut s.clock {
                clock.pause(today());
                s.due = None;
            }
            Ok(Vec::new())
        }
        (Body::Submission(_), Then::Publish) => {
            check_target(store, moved)?;
            let effects = published(store, moved, by)?;
            if let Body::Submission(s) = &mut moved.body {
                // The store counts on from the revision that was just found to be the newest.
                s.published_as = Some(s.based_on + 1);
            }
            Ok(effects)
        }
        (Body::Submission(s), Then::Withdraw) => {
            let record = store.get(&s.target)?.filter(|r| r.state == State::Published && s.content.is_some());
            let record = record.ok_or(WorkflowError::WrongState { label: "撤回", state: State::Withdrawn })?;
            // What others have made of it since is not this submission's to take out.
            if s.published_as != Some(record.revision) {
                let (seen, current) = (s.published_as.unwrap_or(s.based_on), record.revision);
                return Err(WorkflowError::Outdated { title: s.target_title.clone(), seen, current });
            }
            with_web_names(store, Record { state: State::Withdrawn, ..record }, by)
        }
        (Body::Correction(c), Then::Answer) => {
            c.answer = Some(c.letter.as_ref().map_or(by.reason, |letter| &letter.text).to_owned());
            Ok(Vec::new())
        }
        _ => Ok(Vec::new()),
    }
}

/// Begins the time for a review, or lets it go on where it stood while the office had to act.
pub(super) fn run_clock(desk: &Desk, submission: &mut Submission) {
    let start = || desk.limits.get(LimitKey::SubmissionReview).start(today());
    let clock = submission.clock.get_or_insert_with(start);
    clock.resume(today());
    submission.due = desk.calendar.due(clock).day;
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
        (None, Some(before)) => Record { state: State::Withdrawn, revision: s.based_on, ..before },
        (None, None) => return Err(WorkflowError::Unknown),
        (Some(content), before) => {
            let mut provenance = before.as_ref().map(|b| b.provenance.clone()).unwrap_or_default();
            // A text has one original: the one that it was made from, and never one that was withdrawn.
            let withdrawn = before.as_ref().is_some_and(|b| b.state == State::Withdrawn);
            if withdrawn || s.provenance.iter().any(|p| p.original().is_some()) {
                provenance.retain(|p| p.original().is_none());
            }
            provenance.extend(s.provenance.iter().cloned());
            let mut seen = BTreeSet::new();
            provenance.retain(|p| seen.insert(p.clone()));
            let mut body = (**content).clone();
            settling::settle(store, &s.target, before.as_ref().map(|b| &b.body), &mut body, &s.proofs)?;
            // Whose word a confirmed address rests on.
            let source = Source::Office(&s.office_name).to_string();
            let proven = |host: &str| s.proofs.iter().any(|proof| proof.host == host);
            for site in body.sites_mut().into_iter().flatten() {
                if proven(&site.host) && !site.sources.contains(&source) {
                    site.sources.push(source.clone());
                }
            }
            Record {
                id: s.target.clone(),
                revision: s.based_on,
                state: State::Published,
                provenance,
                valid_from: before.as_ref().and_then(|b| b.valid_from),
                valid_to: before.as_ref().and_then(|b| b.valid_to),
                owner: match &**content {
                    // It belongs where its owner does.
                    Body::WebName(_) => before.as_ref().and_then(|b| b.owner.clone()),
                    content => content.division().cloned(),
                },
                body,
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

/// The record as a submission would make it if it were published now; `None` for none.
pub(super) fn proposed(store: &RecordStore, submission: &Record) -> Result<Option<Record>, WorkflowError> {
    let nobody = By { author: "", reason: "" };
    Ok(published(store, submission, &nobody)?.into_iter().next().map(|effect| effect.record))
}

/// Whether the web names that an institution would newly have are nobody else's; whoever answers for both may say that
/// they share.
fn check_names(store: &RecordStore, submission: &Record, who: &Actor) -> Result<(), WorkflowError> {
    let Some(s) = as_submission(submission) else { return Ok(()) };
    let Some(Body::Institution(now)) = s.content.as_deref() else { return Ok(()) };
    let before = store.get(&s.target)?;
    let had = |host: &str| match before.as_ref().map(|r| &r.body) {
        Some(Body::Institution(i)) => i.websites.iter().any(|site| site.host == host),
        _ => false,
    };
    for site in now.websites.iter().filter(|site| !had(&site.host)) {
        let Some(Record { state: State::Published, body: Body::WebName(name), .. }) =
            store.get(&web_name_id(&site.host))?
        else {
            continue;
        };
        if name.status == NameStatus::NotAdopted || !belongs_to_another(&name, &s.target, now) {
            continue;
        }
        // Whose record is not known belongs to the nation.
        let owner = name.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
        let division = owner.map_or_else(DivisionCode::nation, |r| division_of(&r));
        if access::may(Some(who), Act::Review, &Subject::of(&division)).is_err() {
            let (host, owner) = (name.name, name.institution_name);
            return Err(WorkflowError::NameTaken { host, owner });
        }
    }
    Ok(())
}

/// Whether whoever approves or publishes a submission answers for all whom it concerns.
pub(super) fn check_answers(
    store: &RecordStore,
    submission: &Record,
    step: &Move,
    who: &Actor,
) -> Result<(), WorkflowError> {
    if !matches!(step.then, Then::Approve | Then::Publish) {
        return Ok(());
    }
    check_names(store, submission, who)?;
    check_concerns(store, submission, who)
}

/// Whether somebody answers for all whom the names of an institution concern. Asked anew each time: another institution
/// may have come by such a name since.
fn check_concerns(store: &RecordStore, submission: &Record, who: &Actor) -> Result<(), WorkflowError> {
    let Some(s) = as_submission(submission) else { return Ok(()) };
    let Some(content) = s.content.as_deref() else { return Ok(()) };
    for concern in concerns(store, &s.target, content)? {
        if access::may(Some(who), Act::Review, &Subject::of(&concern.division)).is_err() {
            return Err(WorkflowError::NotOwnName { says: concern.says, division: concern.division });
        }
    }
    Ok(())
}

/// Whether a web name is given for another institution than this.
fn belongs_to_another(name: &WebName, id: &str, body: &Institution) -> bool {
    match &name.institution_id {
        Some(owner) => owner != id,
        None => !name.institution_name.is_empty() && name.institution_name != body.name,
    }
}

/// A record with the web names that change with it: an address that an institution no longer gives must not be shown as
/// its own.
pub(crate) fn with_web_names(store: &RecordStore, record: Record, by: &By<'_>) -> Result<Vec<Effect>, WorkflowError> {
    let mut together = Vec::new();
    if let Body::Institution(now) = &record.body {
        let before = store.get(&record.id)?;
        let before = before.filter(|r| r.state == State::Published).and_then(|r| match r.body {
            Body::Institution(i) => Some(i),
            _ => None,
        });
        // Sites, and the Chinese names that it is known to have.
        let hosts = |i: &Institution| {
            let names = i.web_names.iter().filter_map(|name| Host::parse(name).ok()).map(|host| host.ascii);
            i.websites.iter().map(|w| w.host.clone()).chain(names).collect::<BTreeSet<_>>()
        };
        let was = before.as_ref().map(hosts).unwrap_or_default();
        let is = if record.state == State::Published { hosts(now) } else { BTreeSet::new() };
        let name_changed = before.as_ref().is_some_and(|b| b.name != now.name);
        for host in was.difference(&is) {
            together.extend(given_up(store, host, &record.id)?.map(|name| Effect::new(name, by)));
        }
        let as_before = |site: &Website| {
            let known = before.as_ref().and_then(|b| b.websites.iter().find(|w| w.host == site.host));
            known.is_some_and(|w| w.evidence == site.evidence)
        };
        let shown = record.state == State::Published;
        for site in now.websites.iter().filter(|site| shown && (name_changed || !as_before(site))) {
            let name = taken(store, site, &record.id, now, &record.provenance)?;
            together.extend(name.map(|name| Effect::new(name, by)));
        }
        if shown && name_changed {
            let sites: BTreeSet<&str> = now.websites.iter().map(|w| w.host.as_str()).collect();
            for host in is.iter().filter(|host| was.contains(*host) && !sites.contains(host.as_str())) {
                let name = renamed(store, host, &record.id, &now.name)?;
                together.extend(name.map(|name| Effect::new(name, by)));
            }
        }
    }
    together.extend(site_names::names(store, &record)?.into_iter().map(|name| Effect::new(name, by)));
    together.insert(0, Effect::new(record, by));
    Ok(together)
}

/// The host's record without the institution.
fn given_up(store: &RecordStore, host: &str, body: &str) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(&web_name_id(host))?.filter(|r| r.state == State::Published) else {
        return Ok(None);
    };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    name.shared_with.retain(|owner| owner.id != body);
    if name.institution_id.as_deref() == Some(body) {
        match name.shared_with.is_empty() {
            false => {
                // What is known of the next one's use is what its own record says.
                let next = name.shared_with.remove(0);
                let (site, anywhere) = match store.get(&next.id)?.filter(Record::is_public).map(|r| r.body) {
                    Some(Body::Institution(i)) => {
                        let anywhere = i.category.has_own_names();
                        (i.websites.into_iter().find(|site| site.host == host), anywhere)
                    }
                    _ => (None, false),
                };
                name.evidence = site.map_or(Evidence::Claimed, |site| site.evidence);
                name.status = NameStatus::of(host, name.evidence, anywhere);
                (name.institution_id, name.institution_name) = (Some(next.id), next.name);
            }
            // Nobody has it now. It stays known as what it was, so that whoever meets it is reported.
            true => {
                (name.status, name.evidence) = (NameStatus::NotAdopted, Evidence::Claimed);
                name.basis = "机构更正，不再使用".to_owned();
            }
        }
    }
    Ok(Some(record))
}

/// The host's record with the institution's new name.
fn renamed(store: &RecordStore, host: &str, body: &str, to: &str) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(&web_name_id(host))?.filter(|r| r.state == State::Published) else {
        return Ok(None);
    };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    if name.institution_id.as_deref() == Some(body) {
        name.institution_name = to.to_owned();
    }
    for shared in name.shared_with.iter_mut().filter(|o| o.id == body) {
        shared.name = to.to_owned();
    }
    Ok(Some(record))
}

/// The host's record with the institution.
fn taken(
    store: &RecordStore,
    site: &Website,
    id: &str,
    body: &Institution,
    provenance: &[Provenance],
) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(&web_name_id(&site.host))? else {
        let unicode = Host::parse(&site.host).map_or_else(|_| site.host.clone(), |host| host.unicode);
        let name = WebName {
            name: unicode,
            ascii: site.host.clone(),
            institution_name: body.name.clone(),
            institution_id: Some(id.to_owned()),
            shared_with: Vec::new(),
            form: NameForm::Latin,
            status: NameStatus::of(&site.host, site.evidence, body.category.has_own_names()),
            evidence: site.evidence,
            basis: basis::of(site.evidence).to_owned(),
            sources: site.sources.clone(),
            seen: Some(today()),
            life: None,
        };
        let id = web_name_id(&site.host);
        return Ok(Some(Record::published(id, None, provenance.to_vec(), Body::WebName(name))));
    };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    let in_use = record.state == State::Published && name.status != NameStatus::NotAdopted;
    if in_use && belongs_to_another(name, id, body) {
        // Both are named, and neither is taken out here.
        match name.shared_with.iter_mut().find(|o| o.id == id) {
            Some(shared) => shared.name = body.name.clone(),
            None => name.shared_with.push(NameOwner { id: id.to_owned(), name: body.name.clone() }),
        }
    } else {
        (name.institution_id, name.institution_name) = (Some(id.to_owned()), body.name.clone());
        name.status = NameStatus::of(&site.host, site.evidence, body.category.has_own_names());
        name.evidence = site.evidence;
        basis::of(site.evidence).clone_into(&mut name.basis);
    }
    name.seen = Some(today());
    record.state = State::Published;
    // What it rested on before stays with it.
    let new: Vec<Provenance> = provenance.iter().filter(|p| !record.provenance.contains(p)).cloned().collect();
    record.provenance.extend(new);
    Ok(Some(record))
}
