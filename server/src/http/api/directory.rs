//! `/institutions` and `/divisions`.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::DivisionEntry},
    record::{FormerDivision, Institution, Record},
};
use serde_json::{Value, json};

use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::{find_division, find_institution},
    },
    query, urls,
};

/// 一个机构的全部事实。
#[utoipa::path(get, path = "/api/v1/institutions/{id}", params(("id" = String, Path, description = "机构编号")),
    responses((status = 200, description = "机构"), (status = 404, body = Problem)))]
pub async fn institution(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, institution) = find_institution(app, &id)?;
        Rendered::json(&institution_json(app, generation, &record, &institution))
    })
    .await
}

fn institution_json(app: &App, generation: &Generation, record: &Record, i: &Institution) -> Value {
    let sources = |ids: &[String]| -> Vec<Value> {
        ids.iter()
            .map(|id| {
                let source = app.sources.iter().find(|s| s.id == *id);
                json!({"id": id, "title": source.map(|s| &s.title), "taken": source.and_then(|s| s.taken)})
            })
            .collect()
    };
    let websites: Vec<Value> = i
        .websites
        .iter()
        .map(|w| {
            json!({
                "url": w.url, "host": w.host, "evidence": w.evidence, "evidence_label": w.evidence.label(),
                "evidence_meaning": w.evidence.meaning(), "off_gov_cn": w.off_gov_cn, "sources": sources(&w.sources),
            })
        })
        .collect();
    let path = generation.catalogue.path(i.division.as_str());
    json!({
        "id": record.id, "revision": record.revision, "name": i.name, "short_names": i.short_names,
        "former_names": i.former_names, "category": i.category, "level": i.level, "name_basis": i.name_basis,
        "division": {"code": i.division, "path": path.iter().map(|d| json!({"code": d.code, "name": d.name})).collect::<Vec<_>>()},
        "parent": {"id": i.parent_id, "name": i.parent_name},
        "websites": websites, "web_names": i.web_names, "credit_code": i.credit_code,
        "provenance": record.provenance, "url": urls::institution(&record.id),
    })
}

/// What a code was that no division has any more, and where its place belongs now.
fn former_json(generation: &Generation, code: &str, all: &[(&DivisionEntry, &FormerDivision)]) -> Value {
    let successors: Vec<Value> = all
        .iter()
        .map(|(division, former)| {
            let full_name = generation.catalogue.full_name(&division.code);
            json!({
                "code": division.code, "name": division.name, "full_name": full_name, "succession": former.succession,
                "url": urls::division(&division.code), "former": former,
                "told": former.told(&[full_name]),
            })
        })
        .collect();
    let name = all.first().map(|(_, former)| former.name.as_str());
    json!({"code": code, "name": name, "abolished": true, "successors": successors})
}

/// 一个行政区划及其下级；已不使用的代码，答复它原来的名称和现在归属的区划（`abolished`、`successors`）。
#[utoipa::path(get, path = "/api/v1/divisions/{code}", params(("code" = String, Path, description = "6 位或 9 位区划代码")),
    responses((status = 200, description = "区划"), (status = 404, body = Problem)))]
pub async fn division(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let former = generation.catalogue.former_code(&code);
        if !former.is_empty() {
            return Rendered::json(&former_json(generation, &code, &former));
        }
        let division = find_division(generation, &code)?;
        let brief = |d: &DivisionEntry| json!({"code": d.code, "name": d.name, "level": d.level, "institutions": d.institutions});
        Rendered::json(&json!({
            "code": division.code, "name": division.name, "short_name": division.short_name, "level": division.level,
            "aliases": division.aliases, "parent": division.parent, "institutions": division.institutions,
            "former": division.former,
            "path": generation.catalogue.path(&code).into_iter().map(brief).collect::<Vec<_>>(),
            "children": generation.catalogue.children(&code).map(brief).collect::<Vec<_>>(),
        }))
    })
    .await
}

/// 一个行政区划本级的机构。
#[utoipa::path(get, path = "/api/v1/divisions/{code}/institutions",
    params(("code" = String, Path, description = "区划代码")),
    responses((status = 200, description = "机构列表"), (status = 404, body = Problem)))]
pub async fn division_institutions(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |_, generation| {
        find_division(generation, &code)?;
        let hits = query::institutions_of(generation, &code)?;
        Rendered::json(&json!({"division": code, "total": hits.len(), "institutions": hits}))
    })
    .await
}
