//! `/schemes/compare`: two schemes of organization duty by duty.

use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::comparison::Held;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    history::{ComparedFact, RunPart, runs},
    parameters::{id, needed, parameters},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        schemes::find_scheme,
    },
    reading::schemes::{self, Schemes},
};

#[derive(Serialize, ToSchema)]
pub struct SchemesReply {
    old: SchemePart,
    new: SchemePart,
    /// 各项职责，按新规定的次序；删去的排在它原来的前一项之后。
    duties: Vec<DutyPart>,
    /// 职责和条文以外的各项。
    facts: Vec<ComparedFact>,
}

/// 一份三定规定。
#[derive(Serialize, ToSchema)]
pub struct SchemePart {
    id: String,
    title: String,
    institution: String,
    document_number: Option<String>,
    url: String,
}

#[derive(Serialize, ToSchema)]
pub struct DutyPart {
    /// `same`、`renumbered`、`changed`、`added` 或 `removed`。
    change: &'static str,
    /// 主要职责（一）；序号改变的写出前后。
    label: String,
    before: Vec<RunPart>,
    after: Vec<RunPart>,
    /// 同一机构的前后两份之间，删去的职责现见于哪里。
    traces: Vec<TracePart>,
}

#[derive(Serialize, ToSchema)]
pub struct TracePart {
    says: String,
    /// 现在写有它的规定的页面；没有承接的机构的没有。
    url: Option<String>,
}

parameters! {
    TwoSchemes: [
        needed("old", "较早的，或者别处同类机构的三定规定的编号", id(), "sd-000000000000"),
        needed("new", "较新的，或者本机构的三定规定的编号", id(), "sd-111111111111"),
    ];
}

fn part(held: &Held<'_>) -> SchemePart {
    SchemePart {
        id: held.id.to_owned(),
        title: held.scheme.title.clone(),
        institution: held.scheme.institution_name.clone(),
        document_number: held.scheme.document_number.clone(),
        url: schemes::url(held),
    }
}

/// 两份三定规定逐项职责的差别：一个机构的前后两份，或者两处同类机构的。
#[utoipa::path(get, path = "/api/v1/schemes/compare", tag = "records", params(TwoSchemes), responses(
    (status = 200, description = "逐项职责和其他各项的差别", body = SchemesReply),
    (status = 304),
    (status = 404),
    (status = 410),
))]
pub async fn compare_schemes(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["old", "new"])?;
    let named = |name: &str| {
        let id = params.get(name).map(str::to_owned);
        id.ok_or_else(|| Problem::bad_parameter(name, format!("{name} 应为一份三定规定的编号")))
    };
    let (old, new) = (named("old")?, named("new")?);
    answer(&app, &known, uri.to_string(), move |app, _| {
        let (old, new) = (find_scheme(app, &old)?, find_scheme(app, &new)?);
        let none = || Problem::not_found("没有这份三定规定");
        let (before, after) = (Held::of(&old).ok_or_else(none)?, Held::of(&new).ok_or_else(none)?);
        let beside = match schemes::same_institution(&before, &after) {
            true => Schemes::of_division(&app.store, &schemes::the_public, &after.scheme.division)?,
            false => Schemes::default(),
        };
        let redline = schemes::compare(&old, &new, &beside).ok_or_else(none)?;
        let trace = |(says, url): (String, String)| TracePart { says, url: Some(url).filter(|url| !url.is_empty()) };
        Rendered::json(&SchemesReply {
            old: part(&before),
            new: part(&after),
            duties: redline
                .rows
                .into_iter()
                .map(|row| DutyPart {
                    change: row.change.name(),
                    label: row.label,
                    before: runs(row.old),
                    after: runs(row.new),
                    traces: row.traces.into_iter().map(trace).collect(),
                })
                .collect(),
            facts: redline.others.into_iter().map(ComparedFact::of).collect(),
        })
    })
    .await
}
