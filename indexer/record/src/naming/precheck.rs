//! What is likely to become of an application for a name, with the rules that speak for and against it.

use serde::Serialize;
use text::web_name::{
    Host, Registry,
    address::{MAX_LABEL, label_bytes},
    is_dot,
};

use crate::registration::{
    Applicant, CHARACTER_COUNT, CHARACTERS, Finding, LABEL_BYTES, MAX_CHARACTERS, RESERVED, Severity, TAKEN, VARIANT,
    judge,
};

/// What the check asks of the register and of the list of places.
pub struct Known<'a> {
    /// Brings a label to the form of [`Applicant::names`].
    pub key: &'a dyn Fn(&str) -> String,
    /// Whether a key is the full or short name of a place.
    pub is_division: &'a dyn Fn(&str) -> bool,
    /// Whose a name is, or one that differs from it by traditional or variant characters alone.
    pub taken: &'a dyn Fn(&Host) -> Option<Taken>,
}

/// A name that is somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// As it is registered.
    pub name: String,
    pub owner: String,
    /// Whether the owner is the applicant.
    pub own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// No rule speaks against it; what is still to be shown stands among the findings.
    Likely,
    Unlikely,
}

impl Likelihood {
    pub fn name(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Unlikely => "unlikely",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Likely => "有望通过",
            Self::Unlikely => "难以通过",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precheck {
    /// `None` where it is no name at all.
    pub host: Option<Host>,
    pub likelihood: Likelihood,
    /// What blocks it first.
    pub findings: Vec<Finding>,
}

/// Judges a name before anybody files for it.
pub fn precheck(name: &str, applicant: &Applicant, known: &Known<'_>) -> Precheck {
    let (host, mut findings) = match Host::parse(name.trim()) {
        Ok(host) => (Some(host), Vec::new()),
        Err(fault) => (None, unreadable(name.trim(), &fault.to_string())),
    };
    if let Some(host) = &host {
        findings = judge(host, applicant, known.key);
        findings.extend(reserved(host, applicant, known));
        findings.extend(taken(host, known));
        findings.sort_by_key(|finding| finding.severity);
    }
    let blocked = findings.iter().any(|finding| finding.severity == Severity::Blocks);
    Precheck { host, likelihood: if blocked { Likelihood::Unlikely } else { Likelihood::Likely }, findings }
}

/// Why a text cannot be a name: what is too long is measured by its length, since a reader counts characters and not
/// bytes.
fn unreadable(name: &str, fault: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for label in name.split(is_dot) {
        let count = label.chars().count();
        if count > MAX_CHARACTERS {
            findings.push(Finding::new(CHARACTER_COUNT, Severity::Blocks, format!("“{label}”有 {count} 个字")));
        }
        if let Some(bytes) = label_bytes(label).filter(|bytes| *bytes > MAX_LABEL) {
            findings.push(Finding::new(LABEL_BYTES, Severity::Blocks, format!("“{label}”编码后有 {bytes} 个字节")));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::new(CHARACTERS, Severity::Blocks, fault.to_owned()));
    }
    findings
}

/// A bare place name is for the government of that place alone.
fn reserved(host: &Host, applicant: &Applicant, known: &Known<'_>) -> Option<Finding> {
    if !matches!(Registry::of(&host.ascii), Some(Registry::Affairs | Registry::PublicInterest)) {
        return None;
    }
    let label = host.unicode.split('.').next().unwrap_or_default();
    let key = (known.key)(label);
    let last = last_of_places(&key, known.is_division)?;
    Some(if applicant.governs.iter().any(|governed| *governed == key || governed == last) {
        Finding::new(RESERVED, Severity::Informs, format!("“{label}”的人民政府可以使用"))
    } else {
        Finding::new(RESERVED, Severity::Blocks, format!("“{label}”是地名，请在后面写明单位名称"))
    })
}

/// The place that a key names, where it is the name of a place and nothing else, with those that it lies in before it
/// or without (播州区, 遵义市播州区).
fn last_of_places<'a>(key: &'a str, is_place: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    if is_place(key) {
        return Some(key);
    }
    // From the longest: what lies within it is a name of its own.
    let ends = key.char_indices().map(|(at, _)| at).skip(1).collect::<Vec<_>>();
    ends.into_iter().rev().filter(|at| is_place(&key[..*at])).find_map(|at| last_of_places(&key[at..], is_place))
}

fn taken(host: &Host, known: &Known<'_>) -> Option<Finding> {
    let taken = (known.taken)(host)?;
    let owner = if taken.owner.is_empty() { "未载明的单位" } else { &taken.owner };
    Some(match (taken.own, taken.name == host.unicode) {
        (true, _) => Finding::new(TAKEN, Severity::Informs, "已经是申请单位的名称"),
        (false, true) => Finding::new(TAKEN, Severity::Blocks, format!("它属于{owner}")),
        (false, false) => Finding::new(VARIANT, Severity::Blocks, format!("“{}”属于{owner}", taken.name)),
    })
}

#[cfg(test)]
mod tests;
