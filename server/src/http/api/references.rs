//! `/regulations/{id}/references`: what a regulation refers to and who refers to it, article by article.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::index::{
    Generation,
    references::{Edge, ReferenceKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::RegulationId;
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::find_facts,
    },
    reading::{
        links,
        resting::{RestingRecord, resting_on},
    },
    urls,
};

/// References given in each direction: the most cited code has fewer within itself, and a reply stays below a megabyte.
const MAX_REFERENCES: usize = 2_000;

#[derive(Serialize, ToSchema)]
pub struct ReferencesReply {
    generation: u64,
    regulation_id: String,
    /// References of its articles, in the order of the text.
    outgoing: Vec<ReferencePart>,
    outgoing_total: usize,
    /// References to it by texts that are or will be in force: to the whole first, then by article.
    incoming: Vec<ReferencePart>,
    incoming_total: usize,
    /// Public records of other kinds that cite it as what they rest on, at most 50.
    records: Vec<RestingPart>,
    records_total: usize,
}

#[derive(Serialize, ToSchema)]
pub struct RestingPart {
    id: String,
    kind: &'static str,
    title: String,
    url: String,
    /// The places that it cites, as it writes them.
    places: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ReferencePart {
    from: EndPart,
    to: EndPart,
    /// `cites`, `internal`, `basis` or `repeals`.
    #[schema(value_type = String)]
    kind: ReferenceKind,
}

#[derive(Serialize, ToSchema)]
pub struct EndPart {
    regulation: String,
    regulation_id: String,
    /// 第十二条; `None` for the regulation as a whole.
    article: Option<String>,
    url: String,
}

/// 一部法规引用了什么、被谁引用。
#[utoipa::path(get, path = "/api/v1/regulations/{id}/references", tag = "references", params(RegulationId),
    responses((status = 200, description = "引用与被引用，每个方向至多 2000 处", body = ReferencesReply), (status = 304), (status = 404)))]
pub async fn references(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let facts = find_facts(generation, &id)?;
        let regulation = generation.catalogue.position(&id).unwrap_or(u32::MAX);
        let outgoing = generation.references.of_regulation(regulation);
        let incoming: Vec<&Edge> = generation
            .references
            .to_regulation(regulation)
            .filter(|e| e.from.0 != regulation && links::counts(generation, e))
            .collect();
        let part = |edge: &Edge| part(generation, edge);
        let resting = resting_on(generation, &app.store, facts, None)?;
        let record = |one: RestingRecord| RestingPart {
            kind: one.record.body.info().name,
            title: one.record.body.title().to_owned(),
            url: urls::record_url(&one.record),
            id: one.record.id,
            places: one.passages,
        };
        Rendered::json(&ReferencesReply {
            generation: generation.number,
            outgoing: outgoing.iter().take(MAX_REFERENCES).filter_map(part).collect(),
            outgoing_total: outgoing.len(),
            incoming: incoming.iter().take(MAX_REFERENCES).filter_map(|e| part(e)).collect(),
            incoming_total: incoming.len(),
            records_total: resting.total,
            records: resting.shown.into_iter().map(record).collect(),
            regulation_id: id,
        })
    })
    .await
}

fn part(generation: &Generation, edge: &Edge) -> Option<ReferencePart> {
    let end = |regulation: u32, article: Option<indexer::index::references::ArticleKey>| {
        let regulation = generation.catalogue.at(regulation)?;
        Some(EndPart {
            regulation: regulation.title.clone(),
            regulation_id: regulation.id.clone(),
            article: article.map(|place| place.label()),
            url: article.map_or_else(|| urls::regulation(&regulation.id), |place| links::path(&regulation.id, place)),
        })
    };
    Some(ReferencePart {
        from: end(edge.from.0, Some(edge.from_article))?,
        to: end(edge.to, edge.article)?,
        kind: edge.kind,
    })
}
