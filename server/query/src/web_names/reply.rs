//! What is reported of an address, in the shape of the API's contract.

use indexer::{
    index::{Generation, official::Name},
    record::{Evidence, NameStatus},
    web_name::unescaped,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    check::{Check, Verdict, check},
    imitation::Imitated,
    reason::Reason,
    spot::{is_one, spot, worst_first},
};
use crate::urls;

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
        Self { id: id.map(str::to_owned), name: name.to_owned(), url: id.map(urls::institution) }
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
pub fn shown(pasted: &str) -> String {
    const SHOWN_CHARS: usize = 200;
    let harmless = |c: &char| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    pasted.chars().filter(harmless).take(SHOWN_CHARS).collect()
}

impl AddressPart {
    pub fn new(text: &str, checked: &Check<'_>) -> Self {
        let host = checked.address.as_ref().map(|a| &a.host);
        let told = matches!(checked.verdict, Verdict::Official | Verdict::Lookalike);
        Self {
            url: shown(text),
            verdict: checked.verdict.name(),
            verdict_label: checked.label(),
            host: host.map(|h| h.ascii.clone()),
            host_unicode: host.map(|h| h.unicode.clone()),
            institution: owners(checked).next().filter(|_| told).map(OwnerPart::from),
            imitates: checked.imitates.map(|i| Imitates::from(i).name),
            reason: checked.reasons.first().map(|reason| ReasonPart::from(*reason)),
        }
    }
}

/// Owners of the name, else of the name imitated.
pub fn owners<'n>(checked: &Check<'n>) -> impl Iterator<Item = (Option<&'n str>, &'n str)> + use<'n> {
    let name = checked.name.or(match checked.imitates {
        Some(Imitated::Name(name)) => Some(name),
        _ => None,
    });
    name.into_iter().flat_map(|name| name.owners())
}

/// Checks an address for a bulk answer.
pub fn brief(generation: &Generation, pasted: &str) -> BriefCheck {
    let pasted: &str = &unescaped(pasted);
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
