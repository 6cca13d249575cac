//! Other names that could be had, made by rule; each passes the check that its proposal comes from.

use serde::Serialize;
use text::web_name::is_dot;

use super::precheck::{Known, Likelihood, precheck};
use crate::registration::{Applicant, Severity, TAKEN, is_organ};

/// As many as are proposed.
pub const MAX: usize = 3;
/// Candidates looked at: each is a check of some microseconds.
const MAX_CANDIDATES: usize = 40;
/// What a site is called where the institution's own name is not to be had.
const SITE_WORDS: [&str; 3] = ["网", "信息网", "门户网"];

/// A name that could be had instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    pub name: String,
    /// How it was made: 全称, 简称, 网站名称 …
    pub made_from: &'static str,
}

/// Up to [`MAX`] names that no rule speaks against. `names` are the applicant's own, each with what it is.
pub fn alternatives(
    wanted: &str,
    names: &[(&str, &'static str)],
    applicant: &Applicant,
    known: &Known<'_>,
) -> Vec<Alternative> {
    let typed = wanted.trim();
    let mut labels: Vec<(String, &'static str)> = Vec::new();
    let add = |labels: &mut Vec<(String, &'static str)>, label: String, made_from| {
        if !label.is_empty() && labels.iter().all(|(known, _)| *known != label) {
            labels.push((label, made_from));
        }
    };
    for (name, made_from) in names {
        let label = written(name.strip_prefix("中华人民共和国").unwrap_or(name));
        add(&mut labels, with_parent(&label, applicant), made_from);
    }
    // What was typed, under another ending or with what it lacks.
    let own = typed.split(is_dot).next().filter(|label| !label.is_ascii()).map(written).unwrap_or_default();
    add(&mut labels, with_parent(&own, applicant), "所填名称");
    let bases: Vec<String> = labels.iter().map(|(label, _)| label.clone()).collect();
    for base in &bases {
        add(&mut labels, base.replace("人民政府", "政府"), "简写");
        for word in SITE_WORDS {
            add(&mut labels, format!("{base}{word}"), "网站名称");
        }
    }
    let mut out: Vec<Alternative> = Vec::new();
    let all = endings(applicant).into_iter().flat_map(|ending| labels.iter().map(move |label| (ending, label)));
    for (ending, (label, made_from)) in all.take(MAX_CANDIDATES) {
        let name = format!("{label}.{ending}");
        if name == typed {
            continue;
        }
        let told = precheck(&name, applicant, known);
        // A name that the applicant has already is no other one.
        let had = told.findings.iter().any(|f| f.rule == TAKEN && f.severity == Severity::Informs);
        if told.likelihood == Likelihood::Likely && !had {
            out.push(Alternative { name, made_from });
            if out.len() == MAX {
                break;
            }
        }
    }
    out
}

/// The endings that the applicant may have, the likelier first.
fn endings(applicant: &Applicant) -> [&'static str; 2] {
    let affairs = applicant.administrative == Some(true) || applicant.category.is_some_and(is_organ);
    if affairs { ["政务", "政务.cn"] } else { ["公益", "公益.cn"] }
}

/// A name without what a label does not have.
fn written(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// With the parent before a place that is not the only one of its name.
fn with_parent(label: &str, applicant: &Applicant) -> String {
    let Some(shared) = &applicant.shared_division else { return label.to_owned() };
    let lacks = label.contains(&shared.name) && !shared.above.iter().any(|above| label.contains(above.as_str()));
    let parent = shared.above.first().filter(|_| lacks).map_or("", String::as_str);
    format!("{parent}{label}")
}
