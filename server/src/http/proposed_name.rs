//! The judgement on a name that somebody would register, for the interface and the page.

use indexer::{
    index::Generation,
    record::{Body, Category, NameApplication, WebName, name_application::Matter, web_name_id},
    web_name::rules::{FORMER, Finding, Severity, TAKEN, VARIANT},
};

use super::{App, Problem, records::find_institution};
use crate::web_names::{self, ValidateReply, Wanted};

/// A category by its word.
pub fn category(word: &str) -> Result<Category, Problem> {
    Category::ALL.into_iter().find(|c| c.label() == word).ok_or_else(|| {
        Problem::bad_parameter("category", "没有这个机构类别").with_allowed(Category::ALL.map(Category::label))
    })
}

/// What is asked of a name, the institution by its id.
#[derive(Default)]
pub struct Asked<'a> {
    pub name: &'a str,
    pub institution: Option<&'a str>,
    pub category: Option<Category>,
    pub administrative: Option<bool>,
    pub site_code: Option<&'a str>,
}

/// Refuses an application that a rule speaks against: nobody hands in what nobody could approve. Whose a name is, the
/// register itself tells.
pub fn may_be_filed(app: &App, of: &NameApplication) -> Result<(), Problem> {
    if of.matter != Matter::Register {
        return Ok(());
    }
    let (name, administrative) = (of.name.as_str(), of.applicant.administrative);
    let Ok(record) = find_institution(app, &of.applicant.id) else { return Ok(()) };
    let asked = Asked { name, institution: Some(&record.0.id), administrative, ..Asked::default() };
    let generation = app.generation()?;
    let reply = judged(app, &generation, &asked)?;
    let blocks = |f: &&Finding| f.severity == Severity::Blocks && f.rule != TAKEN && f.rule != VARIANT;
    match reply.findings.iter().find(blocks) {
        Some(finding) => {
            let detail = format!("{}：{}", finding.rule.text, finding.detail);
            Err(Problem::against_rule(finding.rule.code, detail))
        }
        None => Ok(()),
    }
}

/// The judgement on a name.
pub fn judged(app: &App, generation: &Generation, asked: &Asked<'_>) -> Result<ValidateReply, Problem> {
    let found = asked.institution.map(|id| find_institution(app, id)).transpose()?;
    let &Asked { name, category, administrative, site_code, .. } = asked;
    let institution = found.as_ref().map(|(record, i)| (record.id.as_str(), i));
    let wanted = Wanted { name, institution, category, administrative, site_code };
    let judged = web_names::validate(generation, &wanted);
    let mut reply = judged.map_err(|fault| Problem::bad_parameter("name", fault.to_string()))?;
    let record = reply.host.as_deref().map(|host| app.store.get(&web_name_id(host))).transpose()?.flatten();
    if let Some(Body::WebName(WebName { life: Some(life), .. })) = record.map(|record| record.body) {
        let mut others = life.tombstones.iter().rev().filter(|stone| stone.owner_id.as_deref() != asked.institution);
        if let Some(stone) = others.next() {
            reply.ask(Finding::new(FORMER, Severity::Asks, stone.words()));
        }
    }
    Ok(reply)
}
