//! Web names whose holder is gone, that have another holder, or that nobody holds any more.

use indexer::record::{Body, DivisionCode, NameStatus, Record, TaskMatter, TaskOrigin, WebName, web_name_id};

use super::happened::Happened;
use crate::{
    clock::today,
    desk::{
        LimitKey,
        tasks::{Pending, as_task, id_of, new, start},
    },
    store::{StoreError, listings::List},
};

/// Names of one institution that get a task each when it is gone: a platform has some hundred. Others are reported
/// together.
pub(super) const MAX_NAMES: usize = 500;
/// Open tasks about a name that are looked through.
const MAX_OF_A_NAME: usize = 50;
/// Records that rest on an institution, read at a time.
const AT_A_TIME: usize = 4_096;

/// A name that has another holder, or that nobody holds any more.
pub(super) fn happened(id: &str, was: &WebName, is: Option<&Body>) -> Option<Happened> {
    let held = |name: &WebName| name.status != NameStatus::NotAdopted;
    let is = match is {
        Some(Body::WebName(is)) if held(is) => Some(is),
        _ => None,
    };
    let says = match is {
        None if held(was) => format!("网上名称“{}”不再使用", was.name),
        Some(is) if held(was) && is.institution_id != was.institution_id && was.institution_id.is_some() => {
            format!("网上名称“{}”改由{}持有", is.name, is.institution_name)
        }
        _ => return None,
    };
    Some(Happened::new(TaskMatter::NameChanged, says, vec![id.to_owned()]))
}

impl Pending<'_> {
    /// A name of an institution that is gone, merged or called otherwise: it is to be changed, handed on or given up
    /// (N10). One that somebody looks after already is not reported again.
    pub(super) fn name_of_holder(
        &mut self,
        name: &Record,
        says: &str,
        holder: &Record,
        (cause, revision): (&str, u64),
    ) -> Result<(), StoreError> {
        // What was never registered and only follows the institution's site changes with its record, in the same write.
        let is_site = |host: &str| holder.body.sites().iter().any(|site| site.host == host);
        if matches!(&name.body, Body::WebName(name) if name.life.is_none() && is_site(&name.ascii)) {
            return Ok(());
        }
        for (_, task) in self.store.list(&List::TasksAbout(&name.id), None, MAX_OF_A_NAME)? {
            let open = self.get(&task)?;
            if open.as_ref().and_then(as_task).is_some_and(|t| t.matter == TaskMatter::NameHolder && t.ended.is_none())
            {
                return Ok(());
            }
        }
        let of = format!("{}\0{cause}\0{revision}", name.id);
        let id = id_of(TaskMatter::NameHolder, &of);
        if self.get(&id)?.is_some() {
            return Ok(());
        }
        let title = name.body.title();
        let says = format!(
            "{says}。请为它的网上名称“{title}”办理变更；转移只能给承继职责的单位，并写明文号；不再使用的办理注销"
        );
        let division = holder.owner.clone().or_else(|| holder.body.division().cloned());
        let came = TaskOrigin::Event { record: cause.to_owned(), revision };
        let mut task =
            new(TaskMatter::NameHolder, &of, &division.unwrap_or_else(DivisionCode::nation), name, says, came);
        if let Body::Task(task) = &mut task.body {
            start(self.desk, task, LimitKey::ChangeFollowup, today());
        }
        self.set(task);
        Ok(())
    }

    /// The public web names of an institution, among all that rests on it: its list of powers may be longer than any
    /// number of names.
    pub(super) fn names_of(&self, institution: &str) -> Result<Vec<Record>, StoreError> {
        let prefix = web_name_id("");
        let (mut names, mut after) = (Vec::new(), None::<String>);
        while names.len() < MAX_NAMES {
            let page = self.store.list(&List::RestsOn(institution), after.as_deref(), AT_A_TIME)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            // Only names have ids of this form, so that nothing else is read.
            for id in page.iter().map(|(_, id)| id).filter(|id| id.starts_with(&prefix)) {
                let name = self.store.get(id)?.filter(Record::is_public);
                names.extend(name.filter(|name| matches!(name.body, Body::WebName(_))));
            }
        }
        names.truncate(MAX_NAMES);
        Ok(names)
    }

    /// A name that was somebody's, lapsed, and is another's now: the office of the former holder has to know, since
    /// links, documents and signs may still lead there.
    pub(super) fn reregistered(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        revision: u64,
    ) -> Result<(), StoreError> {
        let (Some(Body::WebName(was)), Body::WebName(is)) = (before.map(|before| &before.body), &after.body) else {
            return Ok(());
        };
        let lapsed = was.status == NameStatus::NotAdopted && is.status != NameStatus::NotAdopted;
        let Some(stone) = is.life.as_ref().and_then(|life| life.tombstones.last()).filter(|_| lapsed) else {
            return Ok(());
        };
        if stone.owner_id.is_some() && stone.owner_id == is.institution_id || !after.is_public() {
            return Ok(());
        }
        let of = format!("{}\0{revision}", after.id);
        if self.get(&id_of(TaskMatter::NameReregistered, &of))?.is_some() {
            return Ok(());
        }
        let former = stone.owner_id.as_deref().map(|id| self.store.get(id)).transpose()?.flatten();
        let division = former.and_then(|former| former.owner.or(former.body.division().cloned()));
        let says = format!(
            "“{}”{}，现由{}注册。请核对旧文件、链接和标识牌是否还指向它",
            is.name,
            stone.words(),
            if is.institution_name.is_empty() { "别的单位" } else { &is.institution_name }
        );
        let came = TaskOrigin::Event { record: after.id.clone(), revision };
        let mut task =
            new(TaskMatter::NameReregistered, &of, &division.unwrap_or_else(DivisionCode::nation), after, says, came);
        if let Body::Task(task) = &mut task.body {
            start(self.desk, task, LimitKey::ChangeFollowup, today());
        }
        self.set(task);
        Ok(())
    }
}
