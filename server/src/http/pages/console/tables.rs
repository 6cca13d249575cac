//! 表格: whole tables of a kind, brought by a form, each row a submission of its own; and what there is, as the same
//! tables.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use askama::Template;
use axum::{
    extract::{Multipart, RawQuery, State, multipart::MultipartRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::corpus::documents::MAX_UPLOAD;

use super::{super::private, Me, may_see};
use crate::{
    access::{Session, Submitted, acts},
    exchange::{REASON, csv_line},
    http::{
        App, Problem,
        api::tables::{Brought, How, Taken, take},
        aside::aside,
        faults::Faults as FormFaults,
        params::Params,
        sending,
        signed::{self, SignedIn},
        uploads::{self, Come},
    },
    reading::schemes::is_read_by,
    sharing::{
        self, Original, Sha256Hex,
        tables::{CheckedBases, Fault, Headers, Kind, MAX_SUBMITTED_ROWS, export},
    },
    urls,
};

#[derive(Template)]
#[template(path = "console/tables.html")]
struct Page {
    q: String,
    me: Me,
    kinds: Vec<Kind>,
    filled: Filled,
    faults: FormFaults,
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
    /// Whether the rows that have some can be had as a table.
    separable: bool,
    /// Submissions: row, title, address.
    created: Vec<(u32, String, String)>,
    /// What the rows rest on, counted by how it stands, and what of it is to be looked at.
    rests: String,
    bases: Vec<Fault>,
    more_bases: usize,
}

impl Told {
    fn of(taken: Taken, dry_run: bool) -> Self {
        let Taken { checked, bases: CheckedBases { outcomes, faults: bases }, waiting, created, refused, .. } = taken;
        let rests: Vec<String> = outcomes.iter().map(|(outcome, n)| format!("{} {n}", outcome.label())).collect();
        let rows = format!("新增 {} 行，改动 {} 行，未变 {} 行", checked.added, checked.changed, checked.unchanged);
        let on_their_way = if waiting > 0 { format!("，已经在办 {waiting} 行") } else { String::new() };
        let wrong = if checked.bad > 0 { format!("，有问题 {} 行", checked.bad) } else { String::new() };
        let done = match (dry_run, refused) {
            (true, _) => "只核对，没有报送".to_owned(),
            (false, true) => "没有报送：请改正下列问题，或者略过有问题的行".to_owned(),
            (false, false) => format!("报送了 {} 行", created.len()),
        };
        Self {
            says: format!("{done}。{rows}{on_their_way}{wrong}。"),
            notes: checked.notes,
            more: checked.faults.count - checked.faults.reported.len(),
            separable: checked.header_row.is_some() && !checked.faults.is_empty(),
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
    skip_bad: bool,
    skip_bad_codes: bool,
    /// The file that was checked and need not be brought again.
    kept: Option<KeptTable>,
}

/// The last table that an account has checked, by hash and name.
struct KeptTable {
    hash: String,
    name: String,
}

/// Where it is noted which table that is: one an account.
const CHECKED: &str = "checked-table";

impl KeptTable {
    /// The table of a form, where it is the one that the account checked last and still there.
    fn find(app: &App, session: &Session, hash: &str) -> Result<Option<(Self, Original)>, Problem> {
        let noted = app.store.secret(CHECKED, &session.actor.name)?;
        let Some((of, name)) = noted.as_deref().and_then(|noted| noted.split_once(' ')) else { return Ok(None) };
        let Some(parsed) = of.parse::<Sha256Hex>().ok().filter(|_| of == hash) else { return Ok(None) };
        let found = app.files.find(&parsed)?;
        Ok(found.map(|original| (Self { hash: hash.to_owned(), name: name.to_owned() }, original)))
    }

    /// Keeps a table that was checked, as long as files are kept that nobody has confirmed; `None` where the office may
    /// bring no more today.
    fn keep(app: &App, session: &Session, come: Come, name: &str) -> Result<Option<Self>, Problem> {
        let (hash, size) = (come.file.hash.to_string(), come.file.size);
        let kept = app.allowed(&session.actor, Submitted::file(size), || {
            app.files.take(come.file)?;
            app.store.put_secret(CHECKED, &session.actor.name, Some(&format!("{hash} {name}")))?;
            Ok(Self { hash, name: name.to_owned() })
        });
        match kept {
            Ok(kept) => Ok(Some(kept)),
            Err(problem) if problem.status == 429 => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

fn shown(
    session: &Session,
    status: StatusCode,
    filled: Filled,
    faults: FormFaults,
    told: Option<Told>,
) -> Result<Response, Problem> {
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        kinds: Kind::all().collect(),
        filled,
        faults,
        told,
        most: MAX_SUBMITTED_ROWS,
    };
    private(status, &page)
}

pub async fn page(SignedIn(session, _): SignedIn<acts::Submit>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["kind"])?;
    let filled = Filled { kind: params.get("kind").unwrap_or_default().to_owned(), ..Filled::default() };
    shown(&session, StatusCode::OK, filled, FormFaults::default(), None)
}

/// Takes a table in: to check it alone, or to hand its rows in.
pub async fn submit(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    headers: HeaderMap,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    signed::from_our_own_pages(&headers)?;
    let known = ["token", "kind", "then", "skip_bad", "skip_bad_codes", "skip_columns", "columns", "kept"];
    let brought = uploads::brought(&app, &session.actor, multipart, &known, MAX_UPLOAD).await?;
    signed::check_token(&session, brought.fields.get("token"))?;
    let field = |name: &str| brought.fields.get(name).to_owned();
    let mut filled = Filled {
        kind: field("kind"),
        columns: field("columns"),
        skip_columns: field("skip_columns") == "1",
        skip_bad: field("skip_bad") == "1",
        skip_bad_codes: field("skip_bad_codes") == "1",
        kept: None,
    };
    let (worker, of, hash) = (app.clone(), session.clone(), field("kept"));
    let kept = aside(move || KeptTable::find(&worker, &of, &hash)).await?;
    let wrong = |filled: Filled, field: &str, label: &str, fault: &str| {
        shown(&session, StatusCode::UNPROCESSABLE_ENTITY, filled, FormFaults::of(field, label, fault), None)
    };
    let then = field("then");
    let come = brought.file.filter(|(_, come)| come.file.size > 0);
    let (name, table) = match (come, kept) {
        (Some((name, come)), _) => (sharing::file_name(Path::new(&name)), Brought::Come(come)),
        (None, Some((kept, original))) => {
            let name = kept.name.clone();
            filled.kept = Some(kept);
            (name, Brought::Kept(original))
        }
        (None, None) => return wrong(filled, "file", "文件", "请选择要导入的表格（文件不能是空的）"),
    };
    let Some(kind) = Kind::of(&filled.kind) else {
        return wrong(filled, "kind", "表格里是什么", "请选择表格里是什么");
    };
    let named = match Headers::said_of_all(&filled.columns) {
        Ok(named) => named,
        Err(fault) => return wrong(filled, "columns", "表头的叫法", &fault),
    };
    let how = How {
        dry_run: then != "submit",
        skip_bad: filled.skip_bad,
        named,
        skip_unknown: filled.skip_columns,
        skip_codes: filled.skip_bad_codes,
    };
    let table = Arc::new(table);
    let taken = match take(&app, &session.actor, (kind, table.clone(), Some(name.clone())), how).await {
        Ok(taken) => taken,
        Err(problem) if problem.is_mendable() => return wrong(filled, "file", "文件", &problem.detail),
        Err(problem) => return Err(problem),
    };
    if then == "faults" {
        return failed_rows(&name, &taken);
    }
    let over = then == "submit" && !taken.refused && taken.checked.faults.is_empty();
    let (worker, of) = (app.clone(), session.clone());
    let kept = filled.kept.take();
    filled.kept = aside(move || match Arc::into_inner(table) {
        _ if over => worker.store.put_secret(CHECKED, &of.actor.name, None).map(|()| None).map_err(Problem::from),
        Some(Brought::Come(come)) => KeptTable::keep(&worker, &of, come, &name),
        _ => Ok(kept),
    })
    .await?;
    let status = if taken.refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let told = Told::of(taken, then != "submit");
    shown(&session, status, filled, FormFaults::default(), Some(told))
}

/// What stands in the place of faults that were only counted.
const MORE_IN_ROW: &str = "这一行还有问题，没有逐处写出：改好以后再核对一次";

/// The rows that have faults, all of them, below the rows that stand above them all, each with its reasons: to be mended and brought
/// again.
fn failed_rows(name: &str, taken: &Taken) -> Result<Response, Problem> {
    let none = || {
        Problem::unprocessable("这个表格有几张工作表，或者一条记录占几行，不能单独下载有问题的行：请按列出的行号改正")
    };
    let head = taken.checked.header_row.ok_or_else(none)?;
    let width = taken.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for fault in &taken.checked.faults.reported {
        let column = if fault.column.is_empty() { String::new() } else { format!("{}：", fault.column) };
        reasons.entry(fault.row).or_default().push(format!("{column}{}", fault.message));
    }
    let unlisted = &taken.checked.faults.unlisted_rows;
    let mut table = b"\xEF\xBB\xBF".to_vec();
    for (number, cells) in &taken.rows {
        let said = match reasons.get(number) {
            _ if *number == head => REASON.to_owned(),
            _ if *number < head => String::new(),
            Some(said) if unlisted.contains(number) => format!("{}；{MORE_IN_ROW}", said.join("；")),
            Some(said) => said.join("；"),
            None if unlisted.contains(number) => MORE_IN_ROW.to_owned(),
            None => continue,
        };
        let mut cells = cells.clone();
        cells.resize(width, String::new());
        cells.push(said);
        table.extend(csv_line(cells)?);
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let name = urls::encode(&format!("{stem}-有问题的行.csv"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, table).into_response())
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
