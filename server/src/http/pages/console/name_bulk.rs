//! Many names at once: applications by the table, the list of the official register held against ours, certificates to
//! print.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::Body;

use super::{super::private, Me};
use crate::{
    access::{Session, Submitted, acts},
    clock::today,
    desk::Grounds,
    exchange::{REASON, csv_line},
    http::{
        App, Problem,
        aside::aside,
        faults::Faults,
        params::Params,
        proposed_name::may_be_filed,
        signed::{Fields, Sent, SignedIn},
    },
    naming::{
        self, Decision, Difference, ListGiven, MAX_BY_FORM, NamingError, RowOutcome, TABLE_COLUMNS, as_application,
    },
};

/// Certificates on a page.
const MAX_CERTIFICATES: usize = 500;

#[derive(Template)]
#[template(path = "console/name_table.html")]
struct TablePage {
    q: String,
    me: Me,
    /// What stands in the form.
    table: String,
    agreed: bool,
    faults: Faults,
    outcome: Vec<Row>,
    /// The rows that failed with their reasons, as a table to be saved: its address holds it.
    failed: Option<String>,
}

impl TablePage {
    fn new(session: &Session, rows: &str, agreed: bool) -> Self {
        Self {
            q: String::new(),
            me: Me::new(session),
            table: if rows.is_empty() { format!("{}\n", TABLE_COLUMNS.join(",")) } else { rows.to_owned() },
            agreed,
            faults: Faults::default(),
            outcome: Vec::new(),
            failed: None,
        }
    }
}

/// What came of a row: the application that was written, or why not; and why it was not handed in.
struct Row {
    name: String,
    done: Result<String, String>,
    fault: Option<String>,
}

/// The rows of a table that failed: as they came, to be mended in the form, and with a column of reasons.
fn failed_rows(table: &str, outcome: &[RowOutcome]) -> Result<(String, Vec<u8>), Problem> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(table.trim_start_matches('\u{FEFF}').as_bytes());
    let mut header: Vec<String> = TABLE_COLUMNS.map(str::to_owned).to_vec();
    let mut rows = csv_line(header.clone())?;
    header.push(REASON.to_owned());
    let mut told = [b"\xEF\xBB\xBF".to_vec(), csv_line(header)?].concat();
    for (row, (_, done)) in reader.records().flatten().zip(outcome) {
        let Err(fault) = done else { continue };
        let mut cells: Vec<String> = row.iter().take(TABLE_COLUMNS.len()).map(str::to_owned).collect();
        cells.resize(TABLE_COLUMNS.len(), String::new());
        rows.extend(csv_line(cells.clone())?);
        cells.push(fault.clone());
        told.extend(csv_line(cells)?);
    }
    Ok((String::from_utf8_lossy(&rows).replace("\r\n", "\n"), told))
}

pub async fn table(SignedIn(session, _): SignedIn<acts::Submit>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    private(StatusCode::OK, &TablePage::new(&session, "", false))
}

/// Takes a table of applications in; what came of each row is reported.
pub async fn take_table(State(app): State<App>, sent: Sent<acts::Submit>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["table", "agreed", "then"])?;
    let hands_in = super::forms::hands_in(&fields)?;
    aside(move || {
        let agreed = fields.get("agreed") == "1";
        let table = fields.get("table");
        let rows = table.lines().count();
        let written = app.allowed(&session.actor, Submitted::submissions(rows), || {
            Ok(naming::drafts(&app.store, &session.actor, table, agreed)?)
        });
        let outcome = match written {
            Ok(outcome) => outcome,
            Err(problem) if problem.is_mendable() => {
                let faults = Faults::of("table", "表格", &problem.detail);
                let page = TablePage { faults, ..TablePage::new(&session, table, agreed) };
                return Ok(problem.on_page(private(StatusCode::OK, &page)?));
            }
            Err(problem) => return Err(problem),
        };
        // What was written stays written, and is mended on its own page: its row does not come back.
        let (rows, told) = failed_rows(table, &outcome)?;
        let mut page = TablePage::new(&session, &rows, agreed);
        if outcome.iter().any(|(_, done)| done.is_err()) {
            let text = percent_encoding::percent_encode(&told, percent_encoding::NON_ALPHANUMERIC);
            page.failed = Some(format!("data:text/csv;charset=utf-8,{text}"));
        }
        page.outcome = outcome
            .into_iter()
            .map(|(name, done)| {
                let handed = done.as_ref().ok().filter(|_| hands_in).map(|id| handed_in(&app, &session, id));
                let fault = handed.and_then(Result::err).map(|problem| problem.detail);
                Row { name, done, fault }
            })
            .collect();
        private(StatusCode::OK, &page)
    })
    .await
}

fn handed_in(app: &App, session: &Session, id: &str) -> Result<(), Problem> {
    let record = naming::find(&app.store, &session.actor, id)?;
    may_be_filed(app, as_application(&record).ok_or(NamingError::Unknown)?)?;
    let seen = (id, record.revision);
    naming::perform(&app.store, &app.desk, &session.actor, seen, "submit", Grounds::default())?;
    Ok(())
}

#[derive(Template)]
#[template(path = "console/register_list.html")]
struct ListPage<'a> {
    q: String,
    me: Me,
    table: String,
    called: String,
    on: String,
    whole: bool,
    found: &'a [Difference],
    told: String,
}

fn list_page(
    session: &Session,
    fields: Option<&Fields>,
    found: &[Difference],
    told: String,
) -> Result<Response, Problem> {
    let given = |name: &str| fields.map_or("", |fields| fields.get(name)).to_owned();
    let (table, on) = (given("table"), given("on"));
    let page = ListPage {
        q: String::new(),
        me: Me::new(session),
        table: if table.is_empty() { format!("{}\n", naming::LIST_COLUMNS.join(",")) } else { table },
        called: given("called"),
        on: if on.is_empty() { today().to_string() } else { on },
        whole: given("whole") == "1",
        found,
        told,
    };
    private(StatusCode::OK, &page)
}

pub async fn list(SignedIn(session, _): SignedIn<acts::Read>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    list_page(&session, None, &[], String::new())
}

/// Holds a list against ours, and settles what is asked for: a row as somebody decides, or all that the rules can.
pub async fn take_list(State(app): State<App>, sent: Sent<acts::Approve>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["table", "called", "on", "whole", "then"])?;
    aside(move || {
        let on = fields.get("on").parse().map_err(|_| Problem::bad_parameter("on", "名单的日期应为 年-月-日"))?;
        let called = fields.get("called").trim();
        if called.is_empty() || called.chars().count() > 60 {
            return Err(Problem::unprocessable("请写明名单的名称，至多 60 个字"));
        }
        let whole = fields.get("whole") == "1";
        let given = ListGiven { table: fields.get("table"), most: MAX_BY_FORM, called, on, whole };
        let (store, desk, who) = (&app.store, &app.desk, &session.actor);
        let told = match fields.get("then") {
            "" => String::new(),
            "rule" => {
                let found = naming::differences(store, desk, who, given)?;
                let came = naming::settle_by_rule(store, desk, who, given, &found, &|_| None, &mut |_| ())?;
                let refused: String =
                    came.refused.iter().map(|(name, why)| format!("；{name} 未办理：{why}")).collect();
                format!("按规则办理了 {} 个{refused}", came.settled)
            }
            // A decision, and the name with its revision.
            row => {
                let wrong = || Problem::bad_parameter("then", "then 应为 rule，或者决定和名称");
                let (decision, of) = row.split_once(' ').ok_or_else(wrong)?;
                let (id, revision) = of.split_once('@').ok_or_else(wrong)?;
                let revision = revision.parse().map_err(|_| wrong())?;
                let decision = Decision::ALL.into_iter().find(|d| d.name() == decision).ok_or_else(wrong)?;
                naming::settle(store, desk, who, given, (id, revision), decision)?
            }
        };
        let found = naming::differences(store, desk, who, given)?;
        list_page(&session, Some(&fields), &found, told)
    })
    .await
}

struct Certificate {
    name: String,
    ascii: String,
    holder: String,
    stage: &'static str,
    registered: String,
    expires: String,
    document: String,
    office: String,
}

#[derive(Template)]
#[template(path = "console/certificates.html")]
struct PrintPage {
    q: String,
    me: Me,
    certificates: Vec<Certificate>,
    most: usize,
    today: String,
}

/// The certificates of a territory's names, to be printed.
pub async fn print(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    aside(move || {
        let records = naming::of_territory(&app.store, &app.desk, &session.actor, MAX_CERTIFICATES)?;
        let certificates = records.into_iter().filter_map(|record| {
            let Body::WebName(name) = record.body else { return None };
            let life = name.life?;
            let terms = app.desk.name_terms.of(&name.ascii).terms;
            let event = life.events.first().cloned();
            Some(Certificate {
                stage: life.stage(&terms, today()).label(),
                registered: life.registered.to_string(),
                expires: life.expires.map(|day| day.to_string()).unwrap_or_default(),
                document: event.as_ref().map(|event| event.document.clone()).unwrap_or_default(),
                office: event.map(|event| event.actor).unwrap_or_default(),
                name: name.name,
                ascii: name.ascii,
                holder: name.institution_name,
            })
        });
        let page = PrintPage {
            q: String::new(),
            me: Me::new(&session),
            certificates: certificates.collect(),
            most: MAX_CERTIFICATES,
            today: today().to_string(),
        };
        private(StatusCode::OK, &page)
    })
    .await
}
