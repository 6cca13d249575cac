//! The judgement on a name that somebody would register, for the interface and the page.

use indexer::{index::Generation, record::Category};

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

/// The judgement on a name.
pub fn judged(app: &App, generation: &Generation, asked: &Asked<'_>) -> Result<ValidateReply, Problem> {
    let found = asked.institution.map(|id| find_institution(app, id)).transpose()?;
    let &Asked { name, category, administrative, site_code, .. } = asked;
    let institution = found.as_ref().map(|(record, i)| (record.id.as_str(), i));
    let wanted = Wanted { name, institution, category, administrative, site_code };
    web_names::validate(generation, &wanted).map_err(|fault| Problem::bad_parameter("name", fault.to_string()))
}
