//! The records that an address names, for the interface and the pages; a problem where there is none for whoever asks.

use indexer::{
    index::{
        Generation,
        catalogue::{DivisionEntry, RegulationEntry},
        projection::slug,
    },
    record::{
        Article, ArticleNumber, Audience, Body, DivisionCode, Institution, InvalidArticleNumber, Record, Regulation,
    },
};

use super::{App, Problem};
use crate::access::{self, Act, Actor, Subject};

/// The published record of an institution.
pub fn find_institution(app: &App, id: &str) -> Result<(Record, Institution), Problem> {
    let record = app.store.get(id)?;
    match record.filter(Record::is_public) {
        Some(record) => match record.body.clone() {
            Body::Institution(institution) => Ok((record, institution)),
            _ => Err(no_institution(id)),
        },
        None => Err(no_institution(id)),
    }
}

fn no_institution(id: &str) -> Problem {
    Problem::not_found(format!("没有编号为“{}”的机构", id.chars().take(60).collect::<String>()))
}

/// A record that offices share, with its division, where `actor` may read it; else it is as if it were not there.
pub fn find_shared(app: &App, actor: &Actor, id: &str) -> Result<(Record, DivisionCode), Problem> {
    let none = || Problem::not_found("没有这份内部资料，或者它不在本机构的查阅范围内");
    let record = app.store.get(id)?.filter(|record| record.is_shown_to(Audience::Offices)).ok_or_else(none)?;
    let division = record.body.division().cloned().unwrap_or_else(DivisionCode::nation);
    access::may(Some(actor), Act::Consult, &Subject::of(&division)).map_err(|_| none())?;
    Ok((record, division))
}

/// A division of today, by its code.
pub fn find_division<'g>(generation: &'g Generation, code: &str) -> Result<&'g DivisionEntry, Problem> {
    generation.catalogue.division(code).ok_or_else(|| {
        Problem::not_found(format!("没有代码为“{}”的行政区划", code.chars().take(20).collect::<String>()))
    })
}

/// The published record of a regulation.
pub fn find_regulation(app: &App, id: &str) -> Result<(Record, Regulation), Problem> {
    let none = || Problem::not_found(format!("没有编号为“{}”的法规", id.chars().take(60).collect::<String>()));
    let record = app.store.get(id)?;
    let record = record.filter(Record::is_public).ok_or_else(none)?;
    match &record.body {
        Body::Regulation(r) => {
            let regulation = r.clone();
            Ok((record, regulation))
        }
        _ => Err(none()),
    }
}

/// What the generation knows of a regulation: a record newer than the index has no facts yet.
pub fn find_facts<'g>(generation: &'g Generation, id: &str) -> Result<&'g RegulationEntry, Problem> {
    generation.catalogue.regulation(id).ok_or_else(|| Problem::not_found("这部法规还没有进入索引，请稍候再试"))
}

/// All versions of a norm, newest first.
pub fn versions_of<'g>(
    generation: &'g Generation,
    facts: &'g RegulationEntry,
) -> impl Iterator<Item = &'g RegulationEntry> {
    generation.catalogue.versions(&facts.work).filter(|v| v.division == facts.division)
}

/// Position of an article by its number in any form, or by its slug.
pub fn find_article(r: &Regulation, number: &str) -> Result<usize, Problem> {
    let by_slug = |(at, a): &(usize, &Article)| slug(a, *at) == number || a.label == number;
    if let Some((at, _)) = r.articles.iter().enumerate().find(by_slug) {
        return Ok(at);
    }
    let wanted: ArticleNumber =
        number.parse().map_err(|e: InvalidArticleNumber| Problem::bad_parameter("number", e.to_string()))?;
    let at = r.articles.iter().position(|a| a.number == Some(wanted));
    at.ok_or_else(|| Problem::not_found(format!("《{}》没有{wanted}", r.title)))
}

/// Headings above an article, outermost first.
pub fn headings_above(r: &Regulation, article: usize) -> Vec<&str> {
    let mut open: Vec<(u8, &str)> = Vec::new();
    for heading in r.headings.iter().filter(|h| h.first_article <= article) {
        open.retain(|(depth, _)| *depth < heading.depth);
        open.push((heading.depth, &heading.title));
    }
    open.into_iter().map(|(_, title)| title).collect()
}
