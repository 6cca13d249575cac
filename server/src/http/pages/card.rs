//! The card of a hit, on the results and wherever an institution is pointed to.

use indexer::record::{Article, Paragraph};

use super::view::status_class;
use crate::{
    query::{
        BY_MEANING, BY_TEXT, OFTEN_ASKED, TO_KNOW,
        reply::{GovernmentPart, Hit, HotlinePart, ListedPart, WebsitePart},
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
    /// Whether it is among the likest by meaning.
    pub by_meaning: bool,
    pub sites: Vec<SiteLine<'a>>,
    /// Where a division leads.
    pub seat: SeatLines<'a>,
    /// Where what is reported of a number is from.
    pub sources: Vec<String>,
}

/// Where a division leads, as lines.
#[derive(Default)]
pub struct SeatLines<'a> {
    pub governments: Vec<GovernmentLine<'a>>,
    pub hotlines: &'a [HotlinePart],
}

/// A government with its sites.
pub struct GovernmentLine<'a> {
    pub government: &'a GovernmentPart,
    pub disputed: bool,
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

    /// The snippet in two: a regulation's ends in its date, which browsers would break behind each hyphen.
    pub fn dated(&self) -> (&str, &str) {
        let regulation = self.hit.regulation.as_ref();
        let date = regulation.and_then(|regulation| regulation.summary.version_date.as_ref()).map(ToString::to_string);
        let before = date.and_then(|date| self.hit.snippet.strip_suffix(&date)).unwrap_or(&self.hit.snippet);
        self.hit.snippet.split_at(before.len())
    }

    /// The sentence of an article that answers the question, as HTML.
    pub fn sentence(&self) -> Option<&str> {
        self.hit.article.as_ref()?.sentence.as_deref()
    }

    /// What speaks for an article besides what its tags tell.
    pub fn evidence(&self) -> impl Iterator<Item = &String> {
        let why = self.hit.article.iter().flat_map(|_| &self.hit.why);
        why.filter(|why| ![BY_TEXT, BY_MEANING, OFTEN_ASKED].contains(&why.as_str()))
    }

    /// That an item is not one of the reader's place but of the nation, or of a catalogue that places go by, or that it is
    /// only alike by meaning.
    pub fn to_know(&self) -> Option<&String> {
        let why = self.hit.listed.values().next().and_then(|_| self.hit.why.first());
        why.filter(|why| TO_KNOW.contains(&why.as_str()))
    }

    /// Whether it is a number to call and nothing else: what stands behind a site is judged by its evidence.
    pub fn is_number(&self) -> bool {
        self.sites.is_empty() && self.listed().is_some_and(|part| part.hotline.is_some())
    }

    /// What is reported of a record of a general kind.
    pub fn listed(&self) -> Option<&ListedPart> {
        self.hit.listed.values().next()
    }
}

/// Makes the card of a hit.
pub fn card(hit: &Hit) -> Card<'_> {
    let text = hit.article.as_ref().and_then(|a| a.text.clone());
    let paragraphs = text.map(|text| Article { label: String::new(), number: None, text }.paragraphs());
    let regulation = hit.article.as_ref().map(|a| &a.summary).or(hit.regulation.as_ref().map(|r| &r.summary));
    let own = hit.institution.iter().flat_map(|i| &i.websites);
    let sites: Vec<SiteLine<'_>> =
        own.chain(hit.listed.values().flat_map(|part| &part.websites)).map(SiteLine::from).collect();
    Card {
        hit,
        paragraphs: paragraphs.unwrap_or_default(),
        status_class: regulation.map_or("", |n| status_class(n.validity)),
        often_asked: hit.why.iter().any(|why| why == OFTEN_ASKED),
        by_meaning: hit.why.iter().any(|why| why == BY_MEANING),
        unattested: regulation.is_some_and(|n| !n.attested),
        disputed: is_disputed(&sites),
        sites,
        seat: hit.division.as_ref().map(|d| SeatLines::new(&d.governments, &d.hotlines)).unwrap_or_default(),
        sources: Vec::new(),
    }
}

fn is_disputed(sites: &[SiteLine<'_>]) -> bool {
    sites.iter().any(|s| s.evidence == "disputed")
}

impl<'a> SeatLines<'a> {
    pub fn new(governments: &'a [GovernmentPart], hotlines: &'a [HotlinePart]) -> Self {
        let line = |government: &'a GovernmentPart| {
            let sites: Vec<SiteLine<'a>> = government.websites.iter().map(SiteLine::from).collect();
            GovernmentLine { government, disputed: is_disputed(&sites), sites }
        };
        Self { governments: governments.iter().map(line).collect(), hotlines }
    }
}

impl<'a> From<&'a WebsitePart> for SiteLine<'a> {
    fn from(w: &'a WebsitePart) -> Self {
        Self {
            url: &w.url,
            host: &w.host,
            label: w.evidence.label(),
            evidence: w.evidence.name(),
            off_gov_cn: w.off_gov_cn,
            recommended: w.standing == Standing::Official.name(),
            linked: w.linked,
            standing_label: w.standing_label,
        }
    }
}
