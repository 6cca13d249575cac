//! `/tables`: whole tables handed in by an office's system, each row a submission of its own.

use std::{fs::File, io::Read as _, path::Path};

use axum::{
    Json,
    body::Body,
    extract::{Path as InPath, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::record::Record;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    access::{self, Act, Actor, Handed, Subject},
    desk::Desk,
    http::{App, Problem, aside::aside, params::Params, signed::Keyed, uploads},
    sharing::{
        self,
        tables::{self, Checked, Fault, Kind, MAX_ROWS_HANDED_IN, Prepared, Said},
    },
    store::RecordStore,
    workflow::{self, Draft, WorkflowError, as_submission, draft, under_way},
};

/// A submission that a row became.
#[derive(Debug, Serialize)]
struct Created {
    row: u32,
    id: String,
    target: String,
    title: String,
}

/// 空白表格：列名和一行示例。
#[utoipa::path(get, path = "/api/v1/tables/{kind}.csv",
    params(("kind" = String, Path, description = "institutions、regulations 或 web-names")),
    responses((status = 200, description = "CSV，UTF-8 带字节顺序标记"), (status = 404, body = Problem)))]
pub async fn template(InPath(file): InPath<String>) -> Result<Response, Problem> {
    let kind = file.strip_suffix(".csv").and_then(Kind::of).ok_or_else(unknown)?;
    let disposition = format!("attachment; filename=\"{}.csv\"", kind.name());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(disposition)?),
    ];
    Ok((headers, tables::template(kind)).into_response())
}

/// 批量报送：表格的每一行成为一份报送，等待审核；不会直接公布。
#[utoipa::path(post, path = "/api/v1/tables/{kind}",
    params(("kind" = String, Path, description = "institutions、regulations 或 web-names"),
        ("dry_run" = Option<String>, Query, description = "1：只核对，列出全部问题和将有的变动"),
        ("skip_bad" = Option<String>, Query, description = "1：略过有问题的行，报送其余各行；否则有一处问题就一行也不报送"),
        ("name" = Option<String>, Query, description = "文件名，记入来源")),
    request_body(content_type = "application/octet-stream", description = "csv（UTF-8 或 GB18030）或 xlsx 文件，最多 2000 行；列名见空白表格"),
    responses((status = 200, description = "dry_run：将有的变动和问题；或没有可报送的"), (status = 201, description = "已提交审核的各行"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, description = "有问题，没有报送：problems 按行和列列出", body = Problem), (status = 429, description = "贵单位今天的份数已满，没有报送", body = Problem)))]
pub async fn submit(
    State(app): State<App>,
    InPath(kind): InPath<String>,
    RawQuery(raw): RawQuery,
    Keyed(actor): Keyed,
    body: Body,
) -> Result<Response, Problem> {
    let kind = Kind::of(&kind).ok_or_else(unknown)?;
    let params = Params::read(raw.as_deref(), &["dry_run", "skip_bad", "name"])?;
    let (dry_run, skip_bad) = (params.flag("dry_run")?, params.flag("skip_bad")?);
    access::may(Some(&actor), Act::Submit, &Subject::of(&actor.division))?;
    let broken = |_| Problem::bad_body("请求正文没有收全");
    let come = uploads::receive(&app, &actor, body.into_data_stream(), broken).await?;
    let given = params.get("name").map(|name| sharing::file_name(std::path::Path::new(name)));
    let given = given.filter(|name| name.contains('.'));
    let turn = app.readings.turn(&actor.office()).await?;
    let work = aside(move || {
        let name = match given {
            Some(name) => name,
            None => format!("{}.{}", kind.name(), ending(&come.file.path)?),
        };
        let sheet = app.reader.sheet(&come.file.path, &name)?;
        // What is left to do is no reading.
        drop(turn);
        let office = workflow::office_list(&actor);
        let said = Said::Office(&office);
        let mut checked = tables::check(&app.store, kind, (&name, sheet), said, MAX_ROWS_HANDED_IN, &mut |_, _| {})?;
        let rows = std::mem::take(&mut checked.prepared);
        let mut ready = Vec::new();
        let mut waiting = 0;
        for row in rows {
            match stands(&app.store, &actor, &row)? {
                Stand::Free => ready.push(row),
                Stand::Waiting => waiting += 1,
                Stand::Refused(reason) => checked.refuse(&row, kind, reason),
            }
        }
        let report = |checked: &Checked, created: Vec<Created>| {
            json!({
                "kind": kind.name(), "dry_run": dry_run, "added": checked.added, "changed": checked.changed,
                "unchanged": checked.unchanged, "waiting": waiting, "examples": checked.examples,
                "problem_count": checked.faults.count, "problems": checked.faults.told,
                "sheets_left_out": checked.left_out, "notes": checked.notes, "created": created,
            })
        };
        if dry_run {
            return Ok((StatusCode::OK, report(&checked, Vec::new())));
        }
        if !checked.faults.is_empty() && !skip_bad {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, refused(&checked)));
        }
        app.allow(&actor, Handed::submissions(ready.len()))?;
        let mut created = Vec::new();
        for row in &ready {
            match hand_in(&app.store, &app.desk, &actor, row) {
                Ok(sent) => created.push(of(row, &sent)),
                Err(WorkflowError::Store(error)) => return Err(error.into()),
                // Somebody else was faster.
                Err(error) => checked.refuse(row, kind, error.to_string()),
            }
        }
        let status = if created.is_empty() { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, report(&checked, created)))
    });
    let (status, reply) = work.await?;
    let kind = if status.is_client_error() { "application/problem+json" } else { "application/json" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((status, headers, Json(reply)).into_response())
}

/// The content tells the format; a name without an ending would say another one.
fn ending(file: &Path) -> Result<&'static str, Problem> {
    let mut beginning = Vec::new();
    File::open(file).and_then(|file| file.take(2).read_to_end(&mut beginning))?;
    Ok(if beginning == b"PK" { "xlsx" } else { "csv" })
}

fn unknown() -> Problem {
    let files = tables::all_kinds();
    Problem::not_found(format!("没有这类表格，可用的有：{files}；空白表格的地址以 .csv 结尾"))
}

/// Where a row stands before anything is written.
enum Stand {
    Free,
    /// The same is on its way already, from the same office: the table was handed in before.
    Waiting,
    Refused(String),
}

fn stands(store: &RecordStore, actor: &Actor, row: &Prepared) -> Result<Stand, Problem> {
    let target = store.get(&row.record.id)?;
    let divisions = [Some(workflow::division_of(&row.record)), target.as_ref().map(workflow::division_of)];
    for division in divisions.iter().flatten() {
        if let Err(denied) = access::may(Some(actor), Act::Submit, &Subject::of(division)) {
            return Ok(Stand::Refused(denied.to_string()));
        }
    }
    let Some(other) = under_way(store, &row.record.id)? else { return Ok(Stand::Free) };
    let content = workflow::as_drafted(store, &row.record.id, row.record.body.clone())?;
    let same =
        as_submission(&other).is_some_and(|s| s.content.as_deref() == Some(&content) && s.office == actor.office());
    Ok(match same {
        true => Stand::Waiting,
        false => Stand::Refused(format!("已有另一份报送在办（{}）：请先办完那一份", other.id)),
    })
}

fn hand_in(store: &RecordStore, desk: &Desk, actor: &Actor, row: &Prepared) -> Result<Record, WorkflowError> {
    let record = &row.record;
    let proposed = Draft {
        target: record.id.clone(),
        based_on: record.revision,
        content: Some(record.body.clone()),
        // What is there already is joined when it is published.
        provenance: record.provenance.last().cloned().into_iter().collect(),
        answers: None,
        note: row.note.clone(),
    };
    let written = draft(store, actor, proposed)?;
    workflow::hand_in(store, desk, actor, &written.id, written.revision)
}

fn of(row: &Prepared, sent: &Record) -> Created {
    let title = row.record.body.title().to_owned();
    Created { row: row.row, id: sent.id.clone(), target: row.record.id.clone(), title }
}

/// The envelope of every problem, with those of the rows in it.
fn refused(checked: &Checked) -> Value {
    let detail = format!(
        "表格有 {} 处问题，没有报送：请按 problems 所列的行和列改正，或加 skip_bad=1 略过有问题的行",
        checked.faults.count
    );
    let mut envelope = serde_json::to_value(Problem::unprocessable(detail)).unwrap_or_default();
    let faults: &[Fault] = &checked.faults.told;
    envelope["problems"] = json!(faults);
    envelope["problem_count"] = json!(checked.faults.count);
    envelope
}
