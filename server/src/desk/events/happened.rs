//! A change that others have to know of, and whether a record that rests on what changed is concerned.

use indexer::{
    record::{DivisionCode, Record, Regulation, TaskMatter},
    web_name::below,
};

use crate::desk::changed::{Concerned, Unchanged};

/// A change that those have to know of who rest on the record.
pub struct Happened {
    pub matter: TaskMatter,
    pub says: String,
    /// What is rested on, as [`Body::rests_on`] names it.
    pub on: Vec<String>,
    /// Hosts that are given up: only what gives an address at or below one is concerned. Empty where the whole record
    /// is meant.
    pub hosts: Vec<String>,
    /// Whether marks of sites alone are concerned: they show what else a record tells.
    pub marks: bool,
    /// A work of which the articles that stand as they did are known: what rests on these alone is not concerned.
    pub unchanged: Option<(String, Unchanged)>,
    /// The division of a local regulation: others have regulations of the same title.
    pub within: Option<DivisionCode>,
}

impl Happened {
    pub fn new(matter: TaskMatter, says: String, on: Vec<String>) -> Self {
        Self { matter, says, on, hosts: Vec::new(), marks: false, unchanged: None, within: None }
    }

    /// The same of a regulation: that of a place concerns nobody elsewhere, who may have one of the same title.
    pub fn about(self, regulation: &Regulation) -> Self {
        Self { within: regulation.division.clone(), ..self }
    }

    /// Whether a record that rests on something that has changed is concerned, and how.
    pub fn concerns(&self, record: &Record, on: &str) -> Option<Concerned> {
        let gone = |host: &str| self.hosts.iter().any(|gone| host == gone || below(host, gone));
        let vouches = || record.body.vouches().is_some_and(|mark| gone(&mark.host));
        let concerned = (self.hosts.is_empty() || record.body.sites().iter().any(|site| gone(&site.host)) || vouches())
            && (!self.marks || record.body.vouches().is_some())
            && self.within.as_ref().is_none_or(|within| {
                record.owner.as_ref().or(record.body.division()).is_some_and(|own| within.covers(own))
            });
        match &self.unchanged {
            Some((work, unchanged)) if concerned && work == on => unchanged.concerns(&record.body, work),
            _ => concerned.then_some(Concerned::ByArticle),
        }
    }
}

#[cfg(test)]
mod tests {
    use indexer::record::{Body, Evidence, Website, samples};

    use super::*;

    #[test]
    fn a_site_that_is_gone_concerns_those_at_or_below_it() {
        let with = |host: &str| {
            let mut record = samples::institution("b", "甲局", "520300");
            let Body::Institution(i) = &mut record.body else { unreachable!() };
            i.websites = vec![Website {
                url: format!("https://{host}/"),
                host: host.to_owned(),
                evidence: Evidence::Single,
                sources: vec!["a".into()],
                off_gov_cn: false,
            }];
            record
        };
        let gone = Happened {
            hosts: vec!["sj.jia.gov.cn".into()],
            ..Happened::new(TaskMatter::SitesChanged, String::new(), Vec::new())
        };
        for (host, concerned) in
            [("sj.jia.gov.cn", true), ("bm.sj.jia.gov.cn", true), ("xsj.jia.gov.cn", false), ("jia.gov.cn", false)]
        {
            assert_eq!(gone.concerns(&with(host), "").is_some(), concerned, "{host}");
        }
        let all = Happened::new(TaskMatter::InstitutionChanged, String::new(), Vec::new());
        assert!(all.concerns(&samples::institution("b", "甲局", "520300"), "").is_some());
    }
}
