//! `/tables`: whole tables handed in by an office's system, each row a submission of its own.

use std::{fs::File, io::Read as _, path::Path, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{Path as InPath, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::{
    corpus::documents::NumberedRow,
    index::Generation,
    record::{DivisionCode, Record},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    parameters::{anything, flag, one_of, optional, parameters, path},
    shapes::{FaultShape, FileBytes},
};

use crate::{
    access::{self, Act, Actor, Subject, Submitted, acts},
    desk::Desk,
    http::{
        App, Problem,
        aside::aside,
        params::{NoParams, Params},
        signed::Keyed,
        uploads::{self, Come},
    },
    sharing::{
        self, Original,
        tables::{self, Checked, CheckedBases, Fault, Headers, Kind, MAX_SUBMITTED_ROWS, Prepared, Said, check_bases},
    },
    store::RecordStore,
    workflow::{self, Draft, WorkflowError, as_submission, draft, under_way},
};

/// A submission that a row became.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedSubmission)]
pub struct Created {
    pub row: u32,
    pub id: String,
    target: String,
    pub title: String,
}

/// 表格核对或报送的结果。
#[derive(Serialize, ToSchema)]
pub struct TableReply {
    kind: &'static str,
    dry_run: bool,
    /// 新增的行数。
    added: usize,
    /// 改动已有记录的行数。
    changed: usize,
    unchanged: usize,
    /// 同样的内容已经在办的行数。
    waiting: usize,
    /// 只是示例的行数。
    examples: usize,
    problem_count: usize,
    /// 前若干处问题。
    #[schema(value_type = Vec<FaultShape>)]
    problems: Vec<Fault>,
    /// 没有读的工作表。
    sheets_left_out: Vec<String>,
    /// 别的要知道的：没有读的隐藏的行和工作表，已是别的机构的网址。
    notes: Vec<String>,
    /// 各行成为的报送。
    created: Vec<Created>,
    /// 只核对时：依据与库中法规对照，要看的有多少处；不影响报送。
    basis_count: usize,
    /// 前若干处。
    #[schema(value_type = Vec<FaultShape>)]
    bases: Vec<Fault>,
}

/// 表格有问题，没有报送；整个文件不能读的，没有逐行的问题。
#[derive(Serialize, ToSchema)]
pub struct TableProblem {
    #[serde(flatten)]
    problem: Problem,
    #[schema(required = false)]
    problem_count: usize,
    /// 前若干处问题。
    #[schema(value_type = Vec<FaultShape>, required = false)]
    problems: Vec<Fault>,
}

parameters! {
    Template: [path("table", "表格的种类加 .csv", one_of(Kind::all().map(|k| format!("{}.csv", k.name()))), "institutions.csv")];
    Table: [
        path("table", "表格的种类", one_of(Kind::all().map(Kind::name)), "institutions"),
        optional("dry_run", "1：只核对，列出全部问题和将有的变动", flag()),
        optional("skip_bad", "1：略过有问题的行，报送其余各行；否则有一处问题就一行也不报送", flag()),
        optional("skip_bad_codes", "1：略过有问题的编码，照收该行其余各列，在 notes 里逐行列出", flag()),
        optional("skip_columns", "1：不认识的列略过不读，在 notes 里列出", flag()),
        optional("columns", "表头另有叫法时写明：表头=列名，多个用逗号隔开；等号后不写的一列略过不读", anything()),
        optional("name", "文件名，记入来源", anything()),
    ];
}

/// 空白表格：列名和一行示例。
#[utoipa::path(get, path = "/api/v1/tables/{table}", tag = "tables", params(Template), responses(
    (status = 200, description = "CSV，UTF-8 带字节顺序标记", body = String, content_type = "text/csv"),
    (status = 404),
))]
pub async fn template(_: NoParams, InPath(file): InPath<String>) -> Result<Response, Problem> {
    let kind = file.strip_suffix(".csv").and_then(Kind::of).ok_or_else(unknown)?;
    let disposition = format!("attachment; filename=\"{}.csv\"", kind.name());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(disposition)?),
    ];
    Ok((headers, tables::template(kind)).into_response())
}

/// 批量报送：表格的每一行成为一份报送，等待审核；不会直接公布。
#[utoipa::path(post, path = "/api/v1/tables/{table}", tag = "tables", operation_id = "submit_table", params(Table),
    security(("key" = [])),
    request_body(content = FileBytes, content_type = "application/octet-stream",
        description = "csv（UTF-8 或 GB18030）、xlsx 或 xls 文件，最多 4000 行；列名见空白表格，没有区划一列的按贵单位的区划读"),
    responses(
        (status = 200, description = "dry_run：将有的变动和问题；或者没有可报送的", body = TableReply),
        (status = 201, description = "已提交审核的各行", body = TableReply),
        (status = 403),
        (status = 404),
        (status = 409),
        (status = 422, description = "有问题，没有报送：problems 按行和列列出", body = TableProblem,
            content_type = "application/problem+json"),
        (status = 429, description = "密钥每分钟的次数，或者贵单位今天的份数已经用完，没有报送"),
    ))]
pub async fn submit(
    State(app): State<App>,
    InPath(kind): InPath<String>,
    RawQuery(raw): RawQuery,
    Keyed(actor, _): Keyed<acts::Submit>,
    body: Body,
) -> Result<Response, Problem> {
    let kind = Kind::of(&kind).ok_or_else(unknown)?;
    let params =
        Params::read(raw.as_deref(), &["dry_run", "skip_bad", "skip_bad_codes", "skip_columns", "columns", "name"])?;
    let named = params.get("columns").unwrap_or_default();
    let how = How {
        dry_run: params.flag("dry_run")?,
        skip_bad: params.flag("skip_bad")?,
        named: Headers::said_of_all(named).map_err(|fault| Problem::unprocessable(format!("columns 有误：{fault}")))?,
        skip_unknown: params.flag("skip_columns")?,
        skip_codes: params.flag("skip_bad_codes")?,
    };
    let broken = |_| Problem::bad_body("请求正文没有收全");
    let come = uploads::receive(&app, &actor, body.into_data_stream(), broken).await?;
    let given = params.get("name").map(str::to_owned);
    let dry_run = how.dry_run;
    let taken = take(&app, &actor, (kind, Arc::new(Brought::Come(come)), given), how).await?;
    let (status, reply) = match taken.refused {
        true => (StatusCode::UNPROCESSABLE_ENTITY, Answer::Refused(refused(taken.checked))),
        false => {
            let status = if taken.created.is_empty() { StatusCode::OK } else { StatusCode::CREATED };
            (status, Answer::Done(report(kind, taken, dry_run)))
        }
    };
    let kind = if status.is_client_error() { "application/problem+json" } else { "application/json" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((status, headers, Json(reply)).into_response())
}

/// How a table is to be taken.
pub struct How {
    pub dry_run: bool,
    /// Whether the rows without faults are handed in where others have some.
    pub skip_bad: bool,
    /// See [`Headers`].
    pub named: Vec<(String, String)>,
    pub skip_unknown: bool,
    pub skip_codes: bool,
}

/// The file of a table.
pub enum Brought {
    /// It has come with the request.
    Come(Come),
    /// It was kept when it was checked.
    Kept(Original),
}

impl Brought {
    pub fn file(&self) -> &Original {
        match self {
            Self::Come(come) => &come.file,
            Self::Kept(original) => original,
        }
    }
}

/// What came of a table.
pub struct Taken {
    pub checked: Checked,
    /// On a dry run, what the rows rest on.
    pub bases: CheckedBases,
    /// Rows whose content is on its way already.
    pub waiting: usize,
    pub created: Vec<Created>,
    /// Whether nothing was handed in for the faults that it has.
    pub refused: bool,
    /// The rows as they came, by number, with those above them that name the columns.
    pub rows: Vec<NumberedRow>,
}

/// Checks a table that somebody brings, by a file and the name that it came by, and hands its rows in: none on a dry
/// run, and none where some are wrong and they are not to be skipped.
pub async fn take(
    app: &App,
    actor: &Actor,
    (kind, brought, given): (Kind, Arc<Brought>, Option<String>),
    How { dry_run, skip_bad, named, skip_unknown, skip_codes }: How,
) -> Result<Taken, Problem> {
    let given = given.map(|name| sharing::file_name(Path::new(&name))).filter(|name| name.contains('.'));
    let turn = app.readings.turn(&actor.office()).await?;
    // The library is asked where it is to be told what the rows rest on, and nowhere else.
    let generation = (dry_run && kind.cites()).then(|| app.generation()).transpose()?;
    let division = Some(actor.division.clone()).filter(|code| !code.is_nation());
    let headers = Headers { named, skip_unknown, skip_codes, division };
    let (app, actor) = (app.clone(), actor.clone());
    aside(move || {
        let name = match given {
            Some(name) => name,
            None => format!("{}.{}", kind.name(), ending(&brought.file().path)?),
        };
        let sheet = app.reader.sheet(&brought.file().path, &name)?;
        // What is left to do is no reading.
        drop(turn);
        let came = sheet.rows.clone();
        let office = workflow::office_list(&actor);
        // Of what others share nothing is reported, not even that it is there.
        let may = |act, of: &DivisionCode| access::may(Some(&actor), act, &Subject::of(of)).is_ok();
        let may_see = |of: &DivisionCode| may(Act::Consult, of) || may(Act::Read, of);
        let table = (name.as_str(), sheet);
        let mut checked =
            tables::check_for(&app.store, &may_see, kind, table, &headers, Said::Office(&office), MAX_SUBMITTED_ROWS)?;
        checked.hold_posts(&app.desk.post_limits);
        let against = |generation: Arc<Generation>| check_bases(&generation, &app.store, &checked.prepared);
        let bases = generation.map(against).unwrap_or_default();
        let rows = std::mem::take(&mut checked.prepared);
        let (mut ready, mut created, mut waiting) = (Vec::new(), Vec::new(), 0);
        for row in rows {
            match stands(&app.store, &actor, &row)? {
                Stand::Free => ready.push(row),
                Stand::Waiting => waiting += 1,
                Stand::Refused(reason) => checked.refuse(&row, kind, reason),
            }
        }
        let refused = !dry_run && !checked.faults.is_empty() && !skip_bad;
        if dry_run || refused {
            return Ok(Taken { checked, bases, waiting, created, refused, rows: came });
        }
        app.allow(&actor, Submitted::submissions(ready.len()))?;
        for row in &ready {
            match hand_in(&app.store, &app.desk, &actor, row) {
                Ok(sent) => created.push(of(row, &sent)),
                Err(WorkflowError::Store(error)) => return Err(error.into()),
                // Somebody else was faster.
                Err(error) => checked.refuse(row, kind, error.to_string()),
            }
        }
        Ok(Taken { checked, bases, waiting, created, refused, rows: came })
    })
    .await
}

fn report(kind: Kind, Taken { checked, bases, waiting, created, .. }: Taken, dry_run: bool) -> TableReply {
    TableReply {
        kind: kind.name(),
        dry_run,
        added: checked.added,
        changed: checked.changed,
        unchanged: checked.unchanged,
        waiting,
        examples: checked.examples,
        problem_count: checked.faults.count,
        problems: checked.faults.reported,
        sheets_left_out: checked.left_out,
        notes: checked.notes,
        created,
        basis_count: bases.faults.count,
        bases: bases.faults.reported,
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Done(TableReply),
    Refused(TableProblem),
}

/// The content tells the format; a name without an ending would say another one.
fn ending(file: &Path) -> Result<&'static str, Problem> {
    let mut beginning = Vec::new();
    File::open(file).and_then(|file| file.take(2).read_to_end(&mut beginning))?;
    Ok(match &beginning[..] {
        b"PK" => "xlsx",
        b"\xD0\xCF" => "xls",
        _ => "csv",
    })
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
fn refused(checked: Checked) -> TableProblem {
    let detail = format!(
        "表格有 {} 处问题，没有报送：请按 problems 所列的行和列改正，或加 skip_bad=1 略过有问题的行",
        checked.faults.count
    );
    TableProblem {
        problem: Problem::unprocessable(detail),
        problem_count: checked.faults.count,
        problems: checked.faults.reported,
    }
}
