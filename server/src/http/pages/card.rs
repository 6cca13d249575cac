//! The card of a hit, on the results and wherever an institution is pointed to.

use indexer::record::{Article, Paragraph};

use super::view::status_class;
use crate::{
    query::{
        OFTEN_ASKED,
        reply::{Hit, ListedPart},
    },
    web_names::Standing,
};

/// A hit with what its card shows beside the reply's own fields.
pub struct Card<'a> {
    pub hit: &'a Hit,
    pub paragraphs: Vec<Paragraph>,
    pub status_class: &'static str,
    pub disputed: bool,
    /// The status rests on the source's word alone.
    pub unattested: bool,
    /// It settles a matter that many ask about.
    pub often_asked: bool,
    pub sites: Vec<SiteLine<'a>>,
}

pub struct SiteLine<'a> {
    pub url: &'a str,
    pub host: &'a str,
    pub label: &'static str,
    pub evidence: &'static str,
    pub off_gov_cn: bool,
    pub recommended: bool,
    pub linked: bool,
    pub standing_label: &'static str,
}

impl Card<'_> {
    /// Whether a phone of the institution is known.
    pub fn has_phone(&self) -> bool {
        let contacts = self.hit.institution.as_ref().and_then(|i| i.contacts.as_ref());
        contacts.is_some_and(|contacts| !contacts.phones.is_empty())
    }

    /// What is told of a record of a general kind.
    pub fn listed(&self) -> Option<&ListedPart> {
        self.hit.listed.values().next()
    }
}

/// Makes the card of a hit.
pub fn card(hit: &Hit) -> Card<'_> {
    let text = hit.article.as_ref().and_then(|a| a.text.clone());
    let paragraphs = text.map(|text| Article { label: String::new(), number: None, text }.paragraphs());
    let norm = hit.article.as_ref().map(|a| &a.norm).or(hit.regulation.as_ref().map(|r| &r.norm));
    let sites: Vec<SiteLine<'_>> = hit
        .institution
        .iter()
        .flat_map(|i| &i.websites)
        .chain(hit.listed.values().flat_map(|part| &part.websites))
        .map(|w| SiteLine {
            url: &w.url,
            host: &w.host,
            label: w.evidence.label(),
            evidence: w.evidence.name(),
            off_gov_cn: w.off_gov_cn,
            recommended: w.standing == Standing::Official.name(),
            linked: w.linked,
            standing_label: w.standing_label,
        })
        .collect();
    Card {
        hit,
        paragraphs: paragraphs.unwrap_or_default(),
        status_class: norm.map_or("", |n| status_class(n.validity)),
        often_asked: hit.why.iter().any(|why| why == OFTEN_ASKED),
        unattested: norm.is_some_and(|n| !n.attested),
        disputed: sites.iter().any(|s| s.evidence == "disputed"),
        sites,
    }
}
