//! The records that an address names, for the interface and the pages; a problem where there is none for whoever asks.

use indexer::{
    index::{
        Generation,
        catalogue::{DivisionEntry, RegulationEntry},
        projection::slug,
    },
    record::{
        Article, ArticleNumber, Audience, Body, Date, DivisionCode, Institution, InvalidArticleNumber, Kind as _,
        Record, Regulation, State,
    },
};

use super::{App, Problem};
use crate::{
    access::{self, Act, Actor, Subject},
    clock::moment,
    reading::{
        history,
        in_time::{OnDay, on_day},
    },
    urls,
};

/// The published record of an institution.
pub fn find_institution(app: &App, id: &str) -> Result<(Record, Institution), Problem> {
    let record = app.store.get(id)?;
    match record.filter(Record::is_public) {
        Some(record) => match record.body.clone() {
            Body::Institution(institution) => Ok((record, institution)),
            _ => Err(absent(app, id, Institution::LABEL)),
        },
        None => Err(absent(app, id, Institution::LABEL)),
    }
}

/// Why there is no record to show: it was withdrawn after the public had seen it, or there never was one.
pub fn absent(app: &App, id: &str, label: &str) -> Problem {
    let gone = match history::find(&app.store, id) {
        Ok(Some((record, revisions))) if record.state == State::Withdrawn => revisions.into_iter().next_back(),
        Ok(_) => None,
        Err(error) => return error.into(),
    };
    let shown: String = id.chars().take(60).collect();
    let Some(last) = gone else { return Problem::not_found(format!("没有编号为“{shown}”的{label}")) };
    let reason = if last.reason.is_empty() { String::new() } else { format!("，理由：{}", last.reason) };
    let detail = format!("编号为“{shown}”的{label}已于 {} 撤回{reason}", moment(last.at));
    Problem::gone(detail, urls::history(id))
}

/// A record that offices share, with its division, where `actor` may read it; else it is as if it were not there.
pub fn find_shared(app: &App, actor: &Actor, id: &str) -> Result<(Record, DivisionCode), Problem> {
    let none = || Problem::not_found("没有这份内部资料，或者它不在本机构的查阅范围内");
    let record = app.store.get(id)?.filter(|record| record.is_shown_to(Audience::Offices)).ok_or_else(none)?;
    let division = record.body.division().cloned().unwrap_or_else(DivisionCode::nation);
    access::may(Some(actor), Act::Consult, &Subject::of(&record.body.shared_on())).map_err(|_| none())?;
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
    let none = || absent(app, id, Regulation::LABEL);
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

/// All versions of a regulation, newest first.
pub fn versions_of<'g>(
    generation: &'g Generation,
    facts: &'g RegulationEntry,
) -> impl Iterator<Item = &'g RegulationEntry> {
    generation.catalogue.versions(&facts.work).filter(|v| v.division == facts.division)
}

/// The text of a regulation in force on a day; a problem that says why there is none.
pub fn in_force_on<'g>(
    generation: &'g Generation,
    (title, work, division): (&str, &str, Option<&str>),
    day: Date,
) -> Result<&'g RegulationEntry, Problem> {
    let none = |why: String| Problem::not_found(format!("没有 {day} 施行的文本：{why}"));
    Err(match on_day(generation, work, division, day) {
        OnDay::InForce(version) => return Ok(version),
        OnDay::NotYet(first) => {
            let problem = none(format!("库中《{title}》最早的文本自 {first} 起施行"));
            let mut versions = generation.catalogue.versions(work).filter(|v| v.division.as_deref() == division);
            match versions.find(|version| version.effective == Some(first)) {
                Some(earliest) => {
                    problem.with_nearest(urls::regulation(&earliest.id), format!("看自 {first} 起施行的文本"))
                }
                None => problem,
            }
        }
        OnDay::Repealed(last, end) => none(format!("《{title}》已于 {end} 废止"))
            .with_nearest(urls::regulation(&last.id), "看废止前的文本".to_owned()),
        OnDay::Unknown => none(format!("库中《{title}》有文本的施行日期不明，无法判断，请在历次文本中查看")),
    })
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
