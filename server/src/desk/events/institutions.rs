//! Institutions that are gone, called otherwise or at other addresses.

use std::collections::BTreeSet;

use indexer::record::{Body, Entry, Institution, Record, TaskMatter};

use super::happened::Happened;
use crate::{
    desk::tasks::Pending,
    store::{StoreError, listings::List},
};

/// What an event calls the end of an institution as it was.
const ENDS_A_BODY: [&str; 4] = ["更名", "合并", "撤销", "分设"];
/// Institutions of one name that are looked through.
const MAX_OF_A_NAME: usize = 50;

/// An institution that is gone, called otherwise, at other addresses on the web, or elsewhere.
pub(super) fn happened(id: &str, was: &Institution, is: Option<&Institution>) -> Vec<Happened> {
    let on = vec![id.to_owned()];
    let Some(is) = is else {
        let says = format!("{}已撤销或不再公布", was.name);
        return vec![Happened::new(TaskMatter::InstitutionChanged, says, on)];
    };
    let hosts = |of: &Institution| of.websites.iter().map(|site| site.host.clone()).collect::<BTreeSet<_>>();
    let (had, has) = (hosts(was), hosts(is));
    // Its own web names follow in the same write; others lean on an address only where it is gone.
    let gone: Vec<String> = had.difference(&has).cloned().collect();
    let come: Vec<String> = has.difference(&had).cloned().collect();
    let sites = (!gone.is_empty()).then(|| match come.is_empty() {
        true => format!("{}不再使用 {}", is.name, gone.join("、")),
        false => format!("{}的网址由 {} 改为 {}", is.name, gone.join("、"), come.join("、")),
    });
    let moved = was.contacts.address.as_deref().and_then(|was| {
        let now = is.contacts.address.as_deref().unwrap_or("（未载明）");
        (was != now).then(|| format!("{}的地址由 {was} 改为 {now}", is.name))
    });
    // Who rests on an institution that is called otherwise has to know all of it.
    if was.name != is.name {
        let renamed = format!("{}改称{}", was.name, is.name);
        let says: Vec<String> = [Some(renamed), sites, moved].into_iter().flatten().collect();
        return vec![Happened::new(TaskMatter::InstitutionChanged, says.join("；"), on)];
    }
    let sites = sites.map(|says| Happened { hosts: gone, ..Happened::new(TaskMatter::SitesChanged, says, on.clone()) });
    // A mark shows where its holder is.
    let moved = moved.map(|says| Happened { marks: true, ..Happened::new(TaskMatter::InstitutionChanged, says, on) });
    sites.into_iter().chain(moved).collect()
}

impl Pending<'_> {
    /// Names of institutions that an event on record tells to be gone, merged or called otherwise, before their own
    /// records say so.
    pub(super) fn said_to_be_gone(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        revision: u64,
    ) -> Result<(), StoreError> {
        if !after.is_public() {
            return Ok(());
        }
        let Some(entry) = after.body.entry() else { return Ok(()) };
        // One that is corrected is reported where it says something else of other institutions than before.
        let said = before.filter(|before| before.is_public()).and_then(|before| before.body.entry());
        let of = |entry: &Entry| {
            let happened = entry.happened.clone().unwrap_or_default();
            (entry.division.clone(), happened.change, happened.from, happened.to)
        };
        if said.is_some_and(|said| of(&said) == of(&entry)) {
            return Ok(());
        }
        let Some(happened) = entry.happened.filter(|happened| ENDS_A_BODY.contains(&happened.change.as_str())) else {
            return Ok(());
        };
        let document = happened.document_number.map(|number| format!("（{number}）")).unwrap_or_default();
        let says = format!("{}{document}", after.body.title());
        for gone in &happened.from {
            for (_, id) in self.store.list(&List::Alike(gone), None, MAX_OF_A_NAME)? {
                let Some(holder) = self.store.get(&id)?.filter(Record::is_public) else { continue };
                let Body::Institution(body) = &holder.body else { continue };
                if !body.names().any(|name| name == gone) || entry.division.as_ref() != Some(&body.division) {
                    continue;
                }
                for name in self.names_of(&id)? {
                    self.name_of_holder(&name, &says, &holder, (&after.id, revision))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use indexer::record::{Evidence, Website, samples};

    use super::*;

    #[test]
    fn a_body_that_moves_concerns_the_marks_of_its_sites_alone() {
        let at = |address: &str| {
            let Body::Institution(mut body) = samples::institution("b", "甲局", "520300").body else {
                unreachable!()
            };
            body.contacts.address = Some(address.to_owned());
            body
        };
        assert!(happened("b", &at("甲路1号"), Some(&at("甲路1号"))).is_empty());
        let moved = happened("b", &at("甲路1号"), Some(&at("乙路2号"))).remove(0);
        assert_eq!(moved.says, "甲局的地址由 甲路1号 改为 乙路2号");
        // One that gives up a site as well is reported with both.
        let mut with_site = at("甲路1号");
        with_site.websites = vec![Website {
            url: "https://jia.gov.cn/".into(),
            host: "jia.gov.cn".into(),
            evidence: Evidence::Single,
            sources: vec!["a".into()],
            off_gov_cn: false,
        }];
        let both = happened("b", &with_site, Some(&at("乙路2号")));
        let told: Vec<(TaskMatter, &str)> = both.iter().map(|one| (one.matter, one.says.as_str())).collect();
        assert_eq!(
            told,
            [
                (TaskMatter::SitesChanged, "甲局不再使用 jia.gov.cn"),
                (TaskMatter::InstitutionChanged, "甲局的地址由 甲路1号 改为 乙路2号")
            ]
        );
        let mut renamed = at("乙路2号");
        renamed.name = "乙局".to_owned();
        let told = happened("b", &with_site, Some(&renamed));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].says, "甲局改称乙局；乙局不再使用 jia.gov.cn；乙局的地址由 甲路1号 改为 乙路2号");
        let mark = samples::record("m-1", Body::blank("site_mark").unwrap());
        assert!(moved.concerns(&mark, "").is_some());
        assert!(moved.concerns(&samples::institution("c", "甲局办公室", "520300"), "").is_none());
    }
}
