//! Short addresses of law that stay when a law is amended: `/law/民法典`, `/law/民法典/1079`, `/law/公司法（2018）/3`,
//! each also as on a day (`?on=2019-05-01`). They lead to the text that is meant.

use axum::{
    extract::{Path, RawQuery, State},
    response::Redirect,
};
use indexer::{
    index::{Generation, catalogue::RegulationEntry, citation},
    record::{ArticleNumber, Date},
};

use super::regulation::on_day_of;
use crate::{
    http::{App, Problem, aside::aside, params::Params, records::in_force_on},
    query::{regulation_of, request::MAX_QUERY_CHARS},
    urls,
};

pub async fn regulation(
    State(app): State<App>,
    Path(title): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Redirect, Problem> {
    lead(app, title, None, raw).await
}

pub async fn article(
    State(app): State<App>,
    Path((title, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Redirect, Problem> {
    let number: ArticleNumber =
        number.parse().map_err(|e: indexer::record::InvalidArticleNumber| Problem::not_found(e.to_string()))?;
    lead(app, title, Some(number), raw).await
}

async fn lead(
    app: App,
    title: String,
    number: Option<ArticleNumber>,
    raw: Option<String>,
) -> Result<Redirect, Problem> {
    let on = Params::of_page(raw.as_deref(), &["on"])?.day("on")?;
    if title.chars().nth(MAX_QUERY_CHARS).is_some() {
        return Err(Problem::not_found("没有这么长的标题"));
    }
    aside(move || {
        let generation = app.generation()?;
        let Some((regulation, cited)) = meant(&generation, &title, on)? else {
            // Whoever wrote the address by hand is closer to the law by a search than by an error.
            return Ok(Redirect::to(&urls::search(&match number {
                Some(number) => format!("{title}{number}"),
                None => title,
            })));
        };
        let page = match number.or(cited) {
            Some(ArticleNumber { number, inserted: 0 }) => urls::article(&regulation.id, &number.to_string()),
            Some(ArticleNumber { number, inserted }) => urls::article(&regulation.id, &format!("{number}-{inserted}")),
            None => urls::regulation(&regulation.id),
        };
        Ok(Redirect::to(&on_day_of(&page, on)))
    })
    .await
}

/// The short address of a text, or of an article of it, where its title leads to it: it stays when the law is amended. With
/// a day it is that of the text that was in force then.
pub fn short_address(
    generation: &Generation,
    regulation: &RegulationEntry,
    number: Option<ArticleNumber>,
    on: Option<Date>,
) -> Option<String> {
    let title = regulation.title.strip_prefix("中华人民共和国").unwrap_or(&regulation.title);
    let (found, _) = meant(generation, title, on).ok().flatten()?;
    let same = match on {
        None => found.id == regulation.id,
        Some(_) => (&found.work, &found.division) == (&regulation.work, &regulation.division),
    };
    let number = number.map(|ArticleNumber { number, inserted }| match inserted {
        0 => number.to_string(),
        inserted => format!("{number}-{inserted}"),
    });
    same.then(|| on_day_of(&urls::law(title, number.as_deref()), on))
}

/// The text that a title means, with the article where the title goes on to name one.
fn meant<'g>(
    generation: &'g Generation,
    title: &str,
    on: Option<Date>,
) -> Result<Option<(&'g RegulationEntry, Option<ArticleNumber>)>, Problem> {
    let named = |regulation: Option<&'g RegulationEntry>| match (regulation, on) {
        (Some(regulation), Some(day)) => {
            in_force_on(generation, (&regulation.title, &regulation.work, regulation.division.as_deref()), day)
                .map(Some)
        }
        (regulation, _) => Ok(regulation),
    };
    let whole = generation.titles.work(&generation.pipeline.key(title));
    if let Some(regulation) = whole.and_then(|work| generation.catalogue.current_version(work)) {
        return Ok(named(Some(regulation))?.map(|regulation| (regulation, None)));
    }
    let found = citation::find(&generation.pipeline, &generation.titles, title);
    let [citation] = found.as_slice() else { return Ok(None) };
    Ok(named(regulation_of(generation, citation))?.map(|regulation| (regulation, citation.article)))
}
