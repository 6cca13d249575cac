//! 接口密钥: for portals that ask and for offices' own systems that hand in.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{ApiKey, Body, Record, Scope, State as RecordState};

use super::{
    super::private,
    Me,
    accounts::{PER_PAGE, Refusal, WIDER, after, by, division_and_office, fill_in},
    must,
    paging::cursor_for_address,
    picker::{self, Asks, Picker},
};
use crate::{
    access::{self, Act, KeyError, NewKey, Session, acts},
    called,
    http::{
        App, Problem,
        aside::aside,
        signed::{Fields, Sent, SignedIn},
    },
};

/// Requests a minute where the form gives none.
const DEFAULT_QUOTA: u32 = 600;

#[derive(Template)]
#[template(path = "console/keys.html")]
struct Page {
    q: String,
    me: Me,
    keys: Vec<Line>,
    /// Where the next page begins.
    next: Option<String>,
    scopes: Vec<(Scope, bool)>,
    purpose: String,
    office_id: String,
    office_name: String,
    division: String,
    office_picker: Picker,
    division_picker: Picker,
    holder: String,
    quota: String,
    until: String,
    fault: Option<String>,
    /// The division that is wider than the office's, to be sent again by whoever means it so.
    wider: String,
    /// The key, shown once.
    made: Option<String>,
}

struct Line {
    id: String,
    purpose: String,
    office: String,
    division: String,
    scopes: String,
    quota: u32,
    until: String,
    open: bool,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Manage>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let after = after(raw.as_deref())?;
    aside(move || render(&app, &session, Shown { after, ..Shown::default() })).await
}

/// What a page shows beside the form and the list's beginning.
#[derive(Default)]
struct Shown<'a> {
    status: StatusCode,
    fields: Option<&'a Fields>,
    fault: Option<String>,
    wider: String,
    made: Option<String>,
    after: Option<String>,
}

fn render(app: &App, session: &Session, shown: Shown<'_>) -> Result<Response, Problem> {
    let Shown { status, fields, fault, wider, made, after } = shown;
    let actor = &session.actor;
    let line = |(record, k): (Record, ApiKey)| -> Result<Line, Problem> {
        Ok(Line {
            open: record.state == RecordState::Approved,
            id: record.id,
            purpose: k.purpose,
            office: called::office(&app.store, k.office_id.as_deref(), &k.office_name)?,
            division: called::division(&app.store, &k.division)?,
            scopes: k.scopes.iter().map(|s| s.label()).collect::<Vec<_>>().join("、"),
            quota: k.quota,
            until: k.until.map_or_else(|| "不限".to_owned(), |d| d.to_string()),
        })
    };
    let given = |name: &str, default: String| match fields.map_or("", |f| f.get(name)) {
        "" => default,
        text => text.to_owned(),
    };
    let wanted = fields.and_then(picker::wanted);
    let chosen = |scope: Scope| fields.map_or(scope == Scope::Search, |f| f.all("scope").any(|s| s == scope.name()));
    let listed = access::list_keys(&app.store, &actor.division, after.as_deref(), PER_PAGE)?;
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        keys: listed.records.into_iter().map(line).collect::<Result<_, _>>()?,
        next: listed.next.map(|place| cursor_for_address(&place)),
        scopes: Scope::ALL.map(|s| (s, chosen(s))).to_vec(),
        purpose: given("purpose", String::new()),
        office_picker: Picker::new(
            app,
            Asks::Institution,
            "office_id",
            &given("office_id", String::new()),
            wanted.as_ref(),
        )?,
        division_picker: Picker::new(
            app,
            Asks::Division,
            "division",
            &given("division", String::new()),
            wanted.as_ref(),
        )?,
        office_id: given("office_id", String::new()),
        office_name: given("office_name", String::new()),
        division: given("division", String::new()),
        holder: given("holder", String::new()),
        quota: given("quota", DEFAULT_QUOTA.to_string()),
        until: given("until", String::new()),
        fault,
        wider,
        made,
    };
    private(status, &page)
}

pub async fn create(State(app): State<App>, sent: Sent<acts::Manage>) -> Result<Response, Problem> {
    const FIELDS: &[&str] = &[
        "purpose",
        "office_id",
        "office_name",
        "division",
        WIDER,
        "holder",
        "scope",
        "quota",
        "until",
        picker::LOOK,
        picker::PICK,
    ];
    let (session, mut fields) = sent.read(FIELDS)?;
    aside(move || {
        if picker::wanted(&fields).is_some() {
            fill_in(&app, &mut fields)?;
            return render(&app, &session, Shown { fields: Some(&fields), ..Shown::default() });
        }
        let again = |refusal: Refusal| {
            let Refusal { says, wider } = refusal;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let shown = Shown { status, fields: Some(&fields), fault: Some(says), wider, ..Shown::default() };
            render(&app, &session, shown)
        };
        let new = match read(&app, &session, &fields) {
            Ok(new) => new,
            Err(refusal) => return again(refusal),
        };
        match access::create_key(&app.store, new, &by(&session)) {
            Ok(key) => render(&app, &session, Shown { made: Some(key), ..Shown::default() }),
            Err(error @ (KeyError::Store(_) | KeyError::Random(_))) => Err(error.into()),
            Err(error) => again(error.to_string().into()),
        }
    })
    .await
}

fn read(app: &App, session: &Session, fields: &Fields) -> Result<NewKey, Refusal> {
    let (division, office_id) = division_and_office(app, session, fields)?;
    let until = match fields.get("until").trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| "有效期应为 年-月-日，如 2027-12-31".to_owned())?),
    };
    let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|s| fields.all("scope").any(|f| f == s.name())).collect();
    Ok(NewKey {
        purpose: fields.get("purpose").to_owned(),
        office_id,
        office_name: fields.get("office_name").to_owned(),
        division,
        scopes,
        quota: fields.get("quota").trim().parse().map_err(|_| "每分钟的次数应为整数".to_owned())?,
        until,
        holder: Some(fields.get("holder").trim().to_lowercase()).filter(|name| !name.is_empty()),
    })
}

pub async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Manage>,
) -> Result<Response, Problem> {
    let (session, _) = sent.read(&[])?;
    aside(move || {
        let none = || Problem::not_found("没有这个密钥，或者它不在您所管的区划之内");
        let record = app.store.get(&id)?.ok_or_else(none)?;
        let Body::ApiKey(key) = &record.body else { return Err(none()) };
        must(&session.actor, Act::Manage, &key.division).map_err(|_| none())?;
        match access::withdraw_key(&app.store, &id, &by(&session)) {
            Ok(()) => Ok(Redirect::to("/console/keys").into_response()),
            Err(KeyError::Store(error)) => Err(error.into()),
            Err(error) => Err(Problem::not_found(error.to_string())),
        }
    })
    .await
}
