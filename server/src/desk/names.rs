//! What the desk does for web names by their clocks: it asks holders to renew, asks the registry to take out what
//! nobody can buy back any more, notes what has ended by itself, and lets applications go that were not mended in time.
//!
//! Where a name stands follows from its last day, so that nothing is lost by a run that was missed. Each request is a
//! task whose id comes of the name and its last day: it is made once, whenever the run comes, and
//! [`reminders`](super::keeper) follow it.

#[cfg(test)]
mod tests;

use indexer::record::{
    Body, Date, DivisionCode, LifeStep, NameEvent, NameStage, NameStatus, Record, SERVICE, State, TaskMatter,
    TaskOrigin, WebName,
    ids::web_name_host,
    name_application::{Step, enveloped, move_named},
};
use jiff::Span;

use super::{
    About, Desk, Grounds, LimitKey, Pending, ReasonedAct,
    batches::{MAX_AT_ONCE, write},
    tasks::{id_of, new},
};
use crate::store::{RecordStore, StoreError, listings::List};

/// On which day it was last looked, and by which terms.
const LOOKED: &str = "desk:names";
/// Who ends a name whose time is over, in its events.
const BY_ITSELF: &str = "到期";

/// One look; once a day, and again where the terms are others.
pub(super) fn look(store: &RecordStore, desk: &Desk, today: Date) -> Result<(), StoreError> {
    let mark = format!("{today} {}", desk.terms_fingerprint());
    if store.meta(LOOKED)?.as_deref() == Some(&mark) {
        return Ok(());
    }
    let horizon = today.checked_add(Span::new().days(desk.name_terms.earliest_notice())).unwrap_or(Date::MAX);
    let mut after = None;
    loop {
        let listed = store.list(&List::Expiries, after.as_deref(), MAX_AT_ONCE)?;
        let mut to_write = Vec::new();
        let mut is_last = listed.len() < MAX_AT_ONCE;
        for (key, id) in &listed {
            let Some(last) = key.split('\0').nth(1).and_then(|day| day.parse::<Date>().ok()) else { continue };
            // In the order of their days.
            if last > horizon {
                is_last = true;
                break;
            }
            to_write.extend(due(store, desk, id, last, today)?);
        }
        write(store, to_write.into_iter(), "")?;
        if is_last {
            break;
        }
        after = listed.last().map(|(key, _)| key.clone());
    }
    let_go(store, desk, today)?;
    store.put_meta(LOOKED, &mark)
}

/// What is to be written for a name with this last day; nothing where all was written before.
fn due(store: &RecordStore, desk: &Desk, id: &str, last: Date, today: Date) -> Result<Option<Record>, StoreError> {
    let terms = desk.name_terms.of(web_name_host(id).unwrap_or(id));
    let matter = match terms.terms.age(last, today) {
        NameStage::Cancelled => return ended(store, id, last, desk),
        NameStage::PendingDelete => TaskMatter::NameDeletion,
        _ if today >= terms.notice_from(last) => TaskMatter::NameRenewal,
        _ => return Ok(None),
    };
    let of = format!("{id}\0{last}");
    if store.get(&id_of(matter, &of))?.is_some() {
        return Ok(None);
    }
    let Some(record) = store.get(id)? else { return Ok(None) };
    let Body::WebName(name) = &record.body else { return Ok(None) };
    let (division, says) = match matter {
        TaskMatter::NameDeletion => {
            (DivisionCode::nation(), format!("“{}”已于 {last} 到期，过了赎回期，请办理注销", name.name))
        }
        _ => {
            let says = format!("“{}”于 {last} 到期：请核对持有单位和联系方式，办理续费或确认", name.name);
            (division_of(store, name)?, says)
        }
    };
    let mut task = new(matter, &of, &division, &record, says, TaskOrigin::Time);
    if let Body::Task(task) = &mut task.body {
        task.due = Some(last);
        if matter == TaskMatter::NameRenewal {
            task.remind_before = terms.remind_before;
        }
    }
    Ok(Some(task))
}

/// The name as it is when its time is over: nobody's any more, with whose it was.
fn ended(store: &RecordStore, id: &str, last: Date, desk: &Desk) -> Result<Option<Record>, StoreError> {
    let Some(mut record) = store.get(id)? else { return Ok(None) };
    let Body::WebName(name) = &mut record.body else { return Ok(None) };
    let terms = desk.name_terms.of(&name.ascii).terms;
    let (owner_id, owner) = (name.institution_id.clone(), name.institution_name.clone());
    let (Some(life), Some(on)) = (&mut name.life, terms.ends(last)) else { return Ok(None) };
    let event = NameEvent { on, step: LifeStep::Cancelled, document: String::new(), actor: BY_ITSELF.to_owned() };
    if life.happen(event, &terms, (owner_id.as_deref(), &owner)).is_err() {
        return Ok(None);
    }
    name.status = NameStatus::NotAdopted;
    Ok(Some(record))
}

/// The division whose office looks after a name: its holder's.
pub fn division_of(store: &RecordStore, name: &WebName) -> Result<DivisionCode, StoreError> {
    let holder = name.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
    Ok(holder.map_or_else(DivisionCode::nation, |holder| match (&holder.owner, &holder.body) {
        (Some(owner), _) => owner.clone(),
        (None, body) => body.division().cloned().unwrap_or_else(DivisionCode::nation),
    }))
}

/// Ends applications whose time for mending them is over; their applicants are informed by a letter.
fn let_go(store: &RecordStore, desk: &Desk, today: Date) -> Result<(), StoreError> {
    let (nation, mut after) = (DivisionCode::nation(), None);
    loop {
        let list = List::Waiting("name_application", State::Returned, &nation);
        let page = store.page(&list, after.as_deref(), MAX_AT_ONCE)?;
        for mut record in page.records {
            let Body::NameApplication(application) = &mut record.body else { continue };
            if application.due.is_none_or(|due| due >= today) {
                continue;
            }
            let about = About { title: &application.name, office: &application.applicant.name, day: today };
            let grounds = Grounds::new("overdue", "");
            let (Some(step), Ok(letter)) =
                (move_named("lapse"), desk.reasons.write(ReasonedAct::NameLapse, grounds, about))
            else {
                continue;
            };
            let step = Step {
                step,
                account: SERVICE,
                office: "",
                day: today,
                letter: Some(letter),
                review_clock: None,
                barred_until: None,
            };
            if step.apply(application).is_err() {
                continue;
            }
            application.due = None;
            let record = enveloped(record);
            let mut tasks = Pending::new(store, desk);
            tasks.follow_review(&record)?;
            write(store, std::iter::once(record).chain(tasks.into_tasks()), "补正逾期")?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

impl Pending<'_> {
    /// Ends what an act on a name settles: the request to renew it where it has another last day, what its holder's
    /// change asked for where it was changed, handed on or given up. `record` is as it will be written.
    pub fn settle_name(&mut self, record: &Record, act: &str, of_holder: bool) -> Result<(), StoreError> {
        let Body::WebName(WebName { life: Some(life), .. }) = &record.body else { return Ok(()) };
        let gone = life.cancelled.is_some();
        self.end_about(&record.id, act, |task| match task.matter {
            TaskMatter::NameRenewal => gone || life.expires != task.due,
            TaskMatter::NameHolder => gone || of_holder,
            TaskMatter::NameDeletion => gone || life.expires != task.due,
            TaskMatter::Delegation => gone || life.misdelegated().is_none(),
            _ => false,
        })
    }

    /// Asks the holder to mend where a name leads, once for what was seen on a day.
    pub fn misdelegated(&mut self, record: &Record) -> Result<(), StoreError> {
        let Body::WebName(name) = &record.body else { return Ok(()) };
        let Some(life) = &name.life else { return Ok(()) };
        let (Some(wrong), Some(dns)) = (life.misdelegated(), &life.dns) else { return Ok(()) };
        let of = format!("{}\0{}", record.id, dns.on);
        if self.get(&id_of(TaskMatter::Delegation, &of))?.is_some() {
            return Ok(());
        }
        let says = format!("“{}”{wrong}：请核对，改正解析或者变更登记", name.name);
        let division = division_of(self.store, name)?;
        let mut task = new(TaskMatter::Delegation, &of, &division, record, says, TaskOrigin::Time);
        if let Body::Task(task) = &mut task.body {
            super::tasks::start(self.desk, task, LimitKey::ChangeFollowup, crate::clock::today());
        }
        self.set(task);
        Ok(())
    }
}
