//! `/regulations` and their articles.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::RegulationEntry, projection::slug},
    record::{Record, Regulation},
};
use serde_json::{Value, json};

use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::{find_article, find_facts, find_regulation, headings_above, versions_of},
    },
    urls,
};

/// 一部法规：版本、目录与条文。
#[utoipa::path(get, path = "/api/v1/regulations/{id}", params(
    ("id" = String, Path, description = "法规编号"),
    ("articles" = Option<String>, Query, description = "0：不附条文"),
), responses((status = 200, description = "法规"), (status = 404, body = Problem)))]
pub async fn regulation(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["articles"])?;
    let with_articles = params.get("articles").is_none() || params.flag("articles")?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let mut value = regulation_json(generation, &record, &r, facts);
        if with_articles {
            let articles: Vec<Value> = r
                .articles
                .iter()
                .enumerate()
                .map(|(at, a)| json!({"number": slug(a, at), "label": a.label, "text": a.text}))
                .collect();
            value["articles"] = articles.into();
        }
        Rendered::json(&value)
    })
    .await
}

fn brief(r: &RegulationEntry) -> Value {
    json!({
        "id": r.id, "title": r.title, "version_date": r.version_date, "status": r.status,
        "url": urls::regulation(&r.id),
    })
}

fn regulation_json(generation: &Generation, record: &Record, r: &Regulation, facts: &RegulationEntry) -> Value {
    let versions: Vec<Value> = versions_of(generation, facts).map(brief).collect();
    let by = facts.status_by.as_ref().and_then(|id| generation.catalogue.regulation(id)).map(brief);
    json!({
        "id": record.id, "revision": record.revision, "title": r.title, "level": r.level,
        "document_kind": r.document_kind, "issuers": r.issuers, "document_number": r.document_number,
        "division": r.division, "version_date": r.version_date, "published": r.published, "effective": facts.effective,
        "effective_basis": facts.effective_basis,
        "status": facts.status, "status_reason": facts.status_reason, "status_by": by,
        "cited_by": facts.cited, "history": r.history, "preamble": r.preamble, "headings": r.headings,
        "attachment": r.attachment, "versions": versions, "provenance": record.provenance,
        "url": urls::regulation(&record.id),
    })
}

/// 一条条文，按款、项、目分开。
#[utoipa::path(get, path = "/api/v1/regulations/{id}/articles/{number}", params(
    ("id" = String, Path, description = "法规编号"),
    ("number" = String, Path, description = "条号：12、120-1、第十二条"),
), responses((status = 200, description = "条文"), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn article(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let at = find_article(&r, &number)?;
        let a = &r.articles[at];
        let link = |at: usize| r.articles.get(at).map(|a| urls::article(&id, &slug(a, at)));
        Rendered::json(&json!({
            "regulation": brief(facts), "level": r.level, "status": facts.status, "number": slug(a, at),
            "label": a.label, "text": a.text, "paragraphs": a.paragraphs(), "headings": headings_above(&r, at),
            "previous": at.checked_sub(1).and_then(link), "next": link(at + 1), "provenance": record.provenance,
        }))
    })
    .await
}
