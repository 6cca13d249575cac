//! A check in the shape of the API's contract; the page is made from the same values.

use indexer::{
    index::{Generation, official::Name},
    record::{Evidence, NameStatus},
    web_name::fold,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    check::{Check, Reason, Verdict, check},
    imitation::Imitated,
    spot::{is_one, spot, worst_first},
};
use crate::query::{
    self, SearchError,
    reply::{Hit, SearchReply},
    request::{KindFilter, SearchRequest},
};

/// Institutions pointed to by name where an address is not official.
const MAX_SEE: usize = 3;
/// Addresses of one text that are told one by one: a message has a few, and the worst come first.
const MAX_ADDRESSES: usize = 100;

/// Whether an address is an official web name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckReply {
    /// The address as pasted, without control characters; of several in a text the worst.
    pub url: String,
    /// `official`, `lookalike`, `unknown` or `invalid`.
    pub verdict: &'static str,
    pub verdict_label: &'static str,
    /// What the verdict means, in words for everyone.
    pub meaning: &'static str,
    /// The host that a browser would go to, in A-labels.
    pub host: Option<String>,
    /// The same in U-labels.
    pub host_unicode: Option<String>,
    /// The listed name that it is, or lies under.
    pub name: Option<ListedName>,
    /// A nearer name that a list gives to another body, not reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearer: Option<ListedName>,
    /// Whose the name is, where the verdict is `official`.
    pub institution: Option<OwnerPart>,
    #[schema(value_type = Option<String>)]
    pub evidence: Option<Evidence>,
    pub evidence_label: Option<&'static str>,
    /// The deciding reason first.
    pub reasons: Vec<ReasonPart>,
    /// What it imitates.
    pub imitates: Option<Imitates>,
    /// Institutions that may be meant, with their own sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<Hit>,
    /// Where a text was pasted that is not one address alone: every address in it, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressPart>,
    pub generation: u64,
}

/// One of the addresses in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AddressPart {
    /// As it was read in the text.
    pub url: String,
    pub verdict: &'static str,
    pub verdict_label: &'static str,
    pub host: Option<String>,
    pub host_unicode: Option<String>,
    /// Whose it is, where the verdict is `official`, or whose name it imitates.
    pub institution: Option<OwnerPart>,
    /// The name imitated.
    pub imitates: Option<String>,
    /// The deciding reason.
    pub reason: Option<ReasonPart>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedName {
    pub host: String,
    /// In U-labels.
    pub name: String,
    #[schema(value_type = String)]
    pub evidence: Evidence,
    pub evidence_label: &'static str,
    #[schema(value_type = String)]
    pub status: NameStatus,
    pub status_label: &'static str,
    pub owners: Vec<OwnerPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnerPart {
    pub id: Option<String>,
    pub name: String,
    /// Path of its page.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonPart {
    /// Stable.
    pub code: &'static str,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Imitates {
    /// The name imitated, in U-labels; the bare ending where no single name is.
    pub name: String,
    pub host: String,
    pub owners: Vec<OwnerPart>,
}

/// One line of a bulk answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BriefCheck {
    pub url: String,
    pub verdict: &'static str,
    pub host: Option<String>,
    /// Owner of the name, or of the one imitated: its record's id.
    pub institution_id: Option<String>,
    pub institution: Option<String>,
    pub imitates: Option<String>,
    /// Codes.
    pub reasons: Vec<&'static str>,
}

impl From<(Option<&str>, &str)> for OwnerPart {
    fn from((id, name): (Option<&str>, &str)) -> Self {
        Self { id: id.map(str::to_owned), name: name.to_owned(), url: id.map(|id| format!("/institutions/{id}")) }
    }
}

impl From<Name<'_>> for ListedName {
    fn from(name: Name<'_>) -> Self {
        Self {
            host: name.host.to_owned(),
            name: name.unicode.to_owned(),
            evidence: name.evidence,
            evidence_label: name.evidence.label(),
            status: name.status,
            status_label: name.status.label(),
            owners: name.owners().map(OwnerPart::from).collect(),
        }
    }
}

impl From<Imitated<'_>> for Imitates {
    fn from(imitated: Imitated<'_>) -> Self {
        match imitated {
            Imitated::Name(name) => Self {
                name: name.unicode.to_owned(),
                host: name.host.to_owned(),
                owners: name.owners().map(OwnerPart::from).collect(),
            },
            Imitated::Ending(ending) => Self { name: ending.to_owned(), host: ending.to_owned(), owners: Vec::new() },
        }
    }
}

impl From<Reason> for ReasonPart {
    fn from(reason: Reason) -> Self {
        Self { code: reason.code(), text: reason.text() }
    }
}

/// What a reader may be shown of a pasted text: no control or directional characters, and not more than a line or two.
fn shown(pasted: &str) -> String {
    const SHOWN_CHARS: usize = 200;
    let harmless = |c: &char| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    pasted.chars().filter(harmless).take(SHOWN_CHARS).collect()
}

/// Checks one address, with all that a page shows.
pub struct Answer {
    pub reply: CheckReply,
    /// Ids of the institutions that the address is about, the owner first.
    pub about: Vec<String>,
}

/// Checks what was pasted: an address, or a text with addresses in it, of which the worst leads.
pub fn answer(generation: &Generation, pasted: &str) -> Result<Answer, SearchError> {
    let spotted = spot(&generation.official, &generation.pipeline, pasted);
    if is_one(pasted, &spotted) {
        return match spotted.into_iter().next() {
            // Full-width, spelt out or broken by spaces: what it was read as.
            Some(one) if !pasted.is_ascii() || pasted.trim().contains(char::is_whitespace) => {
                answer_for(generation, one.check, &one.text)
            }
            _ => answer_for(generation, check(&generation.official, &generation.pipeline, pasted), pasted),
        };
    }
    let spotted = worst_first(spotted);
    let addresses = spotted.iter().take(MAX_ADDRESSES).map(|one| AddressPart::new(&one.text, &one.check)).collect();
    let Some(worst) = spotted.into_iter().next() else {
        return answer_for(generation, check(&generation.official, &generation.pipeline, pasted), pasted);
    };
    let mut answer = answer_for(generation, worst.check, &worst.text)?;
    answer.reply.addresses = addresses;
    Ok(answer)
}

impl AddressPart {
    fn new(text: &str, checked: &Check<'_>) -> Self {
        let host = checked.address.as_ref().map(|a| &a.host);
        let told = matches!(checked.verdict, Verdict::Official | Verdict::Lookalike);
        Self {
            url: shown(text),
            verdict: checked.verdict.name(),
            verdict_label: checked.verdict.label(),
            host: host.map(|h| h.ascii.clone()),
            host_unicode: host.map(|h| h.unicode.clone()),
            institution: owners(checked).next().filter(|_| told).map(OwnerPart::from),
            imitates: checked.imitates.map(|i| Imitates::from(i).name),
            reason: checked.reasons.first().map(|reason| ReasonPart::from(*reason)),
        }
    }
}

/// The answer for one address.
fn answer_for(generation: &Generation, checked: Check<'_>, pasted: &str) -> Result<Answer, SearchError> {
    let see = match checked.verdict {
        Verdict::Official => Vec::new(),
        _ => see(generation, &checked, pasted)?,
    };
    let about = owners(&checked).filter_map(|(id, _)| id.map(str::to_owned)).collect();
    let institution =
        if checked.verdict == Verdict::Official { owners(&checked).next().map(OwnerPart::from) } else { None };
    let evidence = checked.name.map(|name| name.evidence);
    let host = checked.address.as_ref().map(|a| &a.host);
    let reply = CheckReply {
        url: shown(pasted),
        verdict: checked.verdict.name(),
        verdict_label: checked.verdict.label(),
        meaning: checked.verdict.meaning(),
        host: host.map(|h| h.ascii.clone()),
        host_unicode: host.map(|h| h.unicode.clone()),
        institution,
        evidence,
        evidence_label: evidence.map(Evidence::label),
        reasons: checked.reasons.iter().map(|r| ReasonPart::from(*r)).collect(),
        name: checked.name.map(ListedName::from),
        nearer: checked.nearer.map(ListedName::from),
        imitates: checked.imitates.map(Imitates::from),
        see,
        addresses: Vec::new(),
        generation: generation.number,
    };
    Ok(Answer { reply, about })
}

/// Adds to a search's reply what the address is that was typed, where one was. The right sites are its direct answers.
pub fn attach(generation: &Generation, reply: &mut SearchReply) -> Result<(), SearchError> {
    if reply.query.intents.iter().any(|intent| intent.kind == "address") {
        let mut answer = answer(generation, &reply.query.text)?;
        answer.reply.see.retain(|hit| !reply.direct.iter().any(|direct| direct.id == hit.id));
        reply.check = Some(Box::new(answer.reply));
    }
    Ok(())
}

/// Owners of the name, else of the name imitated.
fn owners<'n>(checked: &Check<'n>) -> impl Iterator<Item = (Option<&'n str>, &'n str)> + use<'n> {
    let name = checked.name.or(match checked.imitates {
        Some(Imitated::Name(name)) => Some(name),
        _ => None,
    });
    name.into_iter().flat_map(|name| name.owners())
}

/// The right sites by name: of the institutions that the address is listed for or imitates, else of those that the words
/// in it name.
fn see(generation: &Generation, checked: &Check<'_>, pasted: &str) -> Result<Vec<Hit>, SearchError> {
    let ids: Vec<&str> = owners(checked).filter_map(|(id, _)| id).collect();
    if !ids.is_empty() {
        return query::institutions_by_id(generation, ids.into_iter().take(MAX_SEE));
    }
    let mut hits: Vec<Hit> = Vec::new();
    match &checked.address {
        None => {
            // Not an address: perhaps a name typed where an address was asked for.
            let text: String = pasted.trim().chars().take(query::request::MAX_QUERY_CHARS).collect();
            if text.chars().any(char::is_alphanumeric) {
                hits = named(generation, &text)?;
            }
        }
        Some(address) => {
            for label in address.host.unicode.split('.').filter(|label| !label.is_ascii()) {
                hits.extend(named(generation, label)?);
            }
            let labels = address.host.ascii.split(['.', '-']).filter(|l| l.len() >= 4);
            for label in labels {
                let likely = format!("{label}.gov.cn");
                let likely = generation.official.exact(&likely, &fold(&likely));
                let ids = likely.into_iter().flat_map(|n| n.owners()).filter_map(|(id, _)| id);
                hits.extend(query::institutions_by_id(generation, ids)?);
            }
        }
    }
    hits.truncate(MAX_SEE);
    Ok(hits)
}

/// Institutions that a text certainly names.
fn named(generation: &Generation, text: &str) -> Result<Vec<Hit>, SearchError> {
    let request = SearchRequest { kind: KindFilter::Institution, size: 1, ..SearchRequest::new(text) };
    Ok(query::search(generation, &request)?.direct.into_iter().filter(|h| h.institution.is_some()).collect())
}

/// Checks an address for a bulk answer.
pub fn brief(generation: &Generation, pasted: &str) -> BriefCheck {
    let spotted = spot(&generation.official, &generation.pipeline, pasted);
    let plain = is_one(pasted, &spotted) && pasted.is_ascii() && !pasted.trim().contains(char::is_whitespace);
    let checked = match worst_first(spotted).into_iter().next() {
        Some(worst) if !plain => worst.check,
        _ => check(&generation.official, &generation.pipeline, pasted),
    };
    let owner = owners(&checked).next();
    BriefCheck {
        url: shown(pasted),
        verdict: checked.verdict.name(),
        institution_id: owner.and_then(|(id, _)| id).map(str::to_owned),
        institution: owner.map(|(_, name)| name.to_owned()),
        imitates: checked.imitates.map(|i| Imitates::from(i).name),
        reasons: checked.reasons.iter().map(|r| r.code()).collect(),
        host: checked.address.map(|a| a.host.ascii),
    }
}
