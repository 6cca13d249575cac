//! 表格: whole tables of a kind, brought by a form, each row a submission of its own; and what there is, as the same tables.

use askama::Template;
use axum::{
    extract::{Multipart, RawQuery, State, multipart::MultipartRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::corpus::documents::MAX_UPLOAD;

use super::{super::private, Me, may_see};
use crate::{
    access::{Session, acts},
    http::{
        App, Problem,
        api::tables::{How, Taken, take},
        params::Params,
        sending,
        signed::{self, SignedIn},
        uploads,
    },
    reading::schemes::is_read_by,
    sharing::tables::{CheckedBases, Fault, Headers, Kind, MAX_ROWS_HANDED_IN, export},
    urls,
};

#[derive(Template)]
#[template(path = "console/tables.html")]
struct Page {
    q: String,
    me: Me,
    kinds: Vec<Kind>,
    chosen: String,
    /// What was said of the headers.
    columns: String,
    skip_columns: bool,
    fault: Option<String>,
    told: Option<Told>,
    most: usize,
}

/// What came of a table.
struct Told {
    says: String,
    notes: Vec<String>,
    faults: Vec<Fault>,
    /// Faults beyond those that are listed.
    more: usize,
    /// Submissions: row, title, address.
    created: Vec<(u32, String, String)>,
    /// What the rows rest on, counted by how it stands, and what of it is to be looked at.
    rests: String,
    bases: Vec<Fault>,
    more_bases: usize,
}

impl Told {
    fn of(taken: Taken, dry_run: bool) -> Self {
        let Taken { checked, bases: CheckedBases { outcomes, faults: bases }, waiting, created, refused } = taken;
        let rests: Vec<String> = outcomes.iter().map(|(outcome, n)| format!("{} {n}", outcome.label())).collect();
        let rows = format!("新增 {} 行，改动 {} 行，未变 {} 行", checked.added, checked.changed, checked.unchanged);
        let on_their_way = if waiting > 0 { format!("，已经在办 {waiting} 行") } else { String::new() };
        let wrong = if checked.bad > 0 { format!("，有问题 {} 行", checked.bad) } else { String::new() };
        let done = match (dry_run, refused) {
            (true, _) => "只核对，没有报送".to_owned(),
            (false, true) => "没有报送：请改正下列问题，或者略过有问题的行".to_owned(),
            (false, false) => format!("报送了 {} 行", created.len()),
        };
        let left_out = checked.left_out.iter().map(|name| format!("没有读工作表“{name}”"));
        Self {
            says: format!("{done}。{rows}{on_their_way}{wrong}。"),
            notes: checked.notes.iter().cloned().chain(left_out).collect(),
            more: checked.faults.count - checked.faults.reported.len(),
            faults: checked.faults.reported,
            created: created.into_iter().map(|row| (row.row, row.title, urls::submission(&row.id))).collect(),
            rests: rests.join("，"),
            more_bases: bases.unlisted_count(),
            bases: bases.reported,
        }
    }
}

/// What is filled in again in the form.
#[derive(Default)]
struct Filled {
    kind: String,
    columns: String,
    skip_columns: bool,
}

fn shown(
    session: &Session,
    status: StatusCode,
    filled: &Filled,
    fault: Option<String>,
    told: Option<Told>,
) -> Result<Response, Problem> {
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        kinds: Kind::all().collect(),
        chosen: filled.kind.clone(),
        columns: filled.columns.clone(),
        skip_columns: filled.skip_columns,
        fault,
        told,
        most: MAX_ROWS_HANDED_IN,
    };
    private(status, &page)
}

pub async fn page(SignedIn(session, _): SignedIn<acts::Submit>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["kind"])?;
    let filled = Filled { kind: params.get("kind").unwrap_or_default().to_owned(), ..Filled::default() };
    shown(&session, StatusCode::OK, &filled, None, None)
}

/// Takes a table in: to check it alone, or to hand its rows in.
pub async fn submit(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    headers: HeaderMap,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    signed::from_our_own_pages(&headers)?;
    let known = ["token", "kind", "then", "skip_bad", "skip_columns", "columns"];
    let brought = uploads::brought(&app, &session.actor, multipart, &known, MAX_UPLOAD).await?;
    signed::check_token(&session, brought.fields.get("token"))?;
    let filled = Filled {
        kind: brought.fields.get("kind").to_owned(),
        columns: brought.fields.get("columns").to_owned(),
        skip_columns: brought.fields.get("skip_columns") == "1",
    };
    let wrong = |fault: &str| shown(&session, StatusCode::UNPROCESSABLE_ENTITY, &filled, Some(fault.to_owned()), None);
    let Some((name, come)) = brought.file.filter(|(_, come)| come.file.size > 0) else {
        return wrong("请选择要导入的表格（文件不能是空的）");
    };
    let Some(kind) = Kind::of(&filled.kind) else { return wrong("请选择表格里是什么") };
    let named = match Headers::said_of_all(&filled.columns) {
        Ok(named) => named,
        Err(fault) => return wrong(&format!("表头的叫法：{fault}")),
    };
    let dry_run = brought.fields.get("then") != "submit";
    let skip_bad = brought.fields.get("skip_bad") == "1";
    let how = How { dry_run, skip_bad, named, skip_unknown: filled.skip_columns };
    match take(&app, &session.actor, (kind, come, Some(name)), how).await {
        Ok(taken) => {
            let status = if taken.refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shown(&session, status, &filled, None, Some(Told::of(taken, dry_run)))
        }
        Err(problem) if problem.is_mendable() => wrong(&problem.detail),
        Err(problem) => Err(problem),
    }
}

/// The records of a kind that somebody reads, as a table that can be brought in again.
pub async fn csv(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["kind"])?;
    let kind = params.get("kind").and_then(Kind::of);
    let kind = kind.ok_or_else(|| Problem::bad_parameter("kind", "kind 应为一类表格，如 staff-counts"))?;
    let place = app.downloads.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let lines = sending::body(place, move |sink| {
        let may_see = may_see(&session);
        if let Err(error) =
            export(&app.store, kind, &|record| is_read_by(record, &may_see), &mut |line| sink.send(line))
        {
            tracing::error!(%error, kind = kind.name(), "a table broke off");
            sink.fail(&error);
        }
    });
    let name = urls::encode(&format!("{}.csv", kind.label()));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, lines).into_response())
}
