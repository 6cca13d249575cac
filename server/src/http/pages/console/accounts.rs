//! 账户: made, given another role, closed and opened by the administrator of a division. Who reviews or administers is
//! confirmed by a second one; passwords are set by their owners over a link.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{Account, Body, DivisionCode, Record, Role, State as RecordState};

use super::{
    super::{feeds::public_base, private},
    Me, must,
    paging::{cursor_for_address, cursor_from_address},
    picker::{self, Asks, Picker},
};
use crate::{
    access::{self, AccountError, Act, Actor, Denied, LINK_HOURS, Maker, NewAccount, Session, Subject, acts},
    called,
    clock::moment,
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Fields, Sent, SignedIn},
    },
    notices,
    store::{By, StoreError},
};

/// Accounts or keys on a page.
pub const PER_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "console/accounts.html")]
struct Page {
    q: String,
    me: Me,
    accounts: Vec<Line>,
    /// Where the next page begins.
    next: Option<String>,
    roles: Vec<(Role, bool)>,
    name: String,
    office_id: String,
    office_name: String,
    division: String,
    office_picker: Picker,
    division_picker: Picker,
    fault: Option<String>,
    /// The division that is wider than the office's, to be sent again by whoever means it so.
    wider: String,
    /// Letters of these accounts that the server of mail has not taken: account, what became of them, what it said.
    undelivered: Vec<(String, String, String)>,
    /// A link by which an account's owner sets a password, shown once; and whether the role waits for another administrator.
    made: Option<Made>,
    hours: i64,
}

/// An account with its link.
struct Made {
    name: String,
    link: String,
    waits: bool,
}

struct Line {
    name: String,
    office: String,
    role: Role,
    division: String,
    open: bool,
    own: bool,
    /// Whether its owner has set a password.
    set: bool,
    /// The role that waits, who asked for it, and whether the reader may confirm it.
    asked: Option<(Role, String, bool)>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Manage>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let after = after(raw.as_deref())?;
    aside(move || render(&app, &session, Shown { after, ..Shown::default() })).await
}

/// The place in a list at which a page of it begins.
pub fn after(query: Option<&str>) -> Result<Option<String>, Problem> {
    Params::read(query, &["after"])?.get("after").map(cursor_from_address).transpose()
}

/// The fields of the forms of accounts and keys that ask for a code or an id.
const PICKED: [(&str, Asks); 2] = [("office_id", Asks::Institution), ("division", Asks::Division)];

/// What a page shows beside the form and the list's beginning.
#[derive(Default)]
struct Shown<'a> {
    status: StatusCode,
    fields: Option<&'a Fields>,
    fault: Option<String>,
    wider: String,
    made: Option<Made>,
    after: Option<String>,
}

impl<'a> Shown<'a> {
    fn refused(fields: Option<&'a Fields>, refusal: Refusal) -> Self {
        let Refusal { says, wider } = refusal;
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, fields, fault: Some(says), wider, ..Self::default() }
    }
}

/// Why a form is not taken as it is.
pub struct Refusal {
    pub says: String,
    /// What to send again, where all that speaks against it is that the division lies beyond the office's.
    pub wider: String,
}

impl From<String> for Refusal {
    fn from(says: String) -> Self {
        Self { says, wider: String::new() }
    }
}

fn render(app: &App, session: &Session, shown: Shown<'_>) -> Result<Response, Problem> {
    let Shown { status, fields, fault, wider, made, after } = shown;
    let actor = &session.actor;
    let line = |(record, a): (Record, Account)| -> Result<Line, Problem> {
        let may = a.name != actor.name && may_confirm(actor, &a).is_ok();
        Ok(Line {
            own: a.name == actor.name,
            open: record.state == RecordState::Approved,
            set: access::has_password(&app.store, &a.name)?,
            asked: a.asked.map(|asked| (asked.role, asked.by, may)),
            name: a.name,
            office: called::office(&app.store, a.office_id.as_deref(), &a.office_name)?,
            role: a.role,
            division: called::division(&app.store, &a.division)?,
        })
    };
    let given = |name: &str| fields.map_or("", |f| f.get(name)).to_owned();
    let wanted = fields.and_then(picker::wanted);
    let role = given("role");
    let division = given("division");
    let listed = access::list(&app.store, &actor.division, after.as_deref(), PER_PAGE)?;
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        accounts: listed.records.into_iter().map(line).collect::<Result<_, _>>()?,
        next: listed.next.map(|place| cursor_for_address(&place)),
        roles: Role::ALL.map(|r| (r, r.name() == role)).to_vec(),
        name: given("name"),
        office_picker: Picker::new(app, Asks::Institution, "office_id", &given("office_id"), wanted.as_ref())?,
        division_picker: Picker::new(app, Asks::Division, "division", &division, wanted.as_ref())?,
        office_id: given("office_id"),
        office_name: given("office_name"),
        division,
        fault,
        wider,
        undelivered: undelivered(app, actor)?,
        made,
        hours: LINK_HOURS,
    };
    private(status, &page)
}

/// The letters that did not come through to accounts which somebody manages.
fn undelivered(app: &App, actor: &Actor) -> Result<Vec<(String, String, String)>, Problem> {
    let mut lines = Vec::new();
    for letter in notices::mail::undelivered(&app.store)? {
        let Some((_, account)) = access::find(&app.store, &letter.account)? else { continue };
        if must(actor, Act::Manage, &account.division).is_ok() {
            let became = match letter.next {
                Some(next) => format!("试了 {} 次，{} 再试", letter.tries, moment(next)),
                None => format!("试了 {} 次，已放弃", letter.tries),
            };
            lines.push((letter.account, became, letter.said));
        }
    }
    Ok(lines)
}

/// Whether somebody may confirm the role that was asked for an account.
fn may_confirm(actor: &Actor, account: &Account) -> Result<(), Denied> {
    let asked: Vec<String> = account.asked.iter().map(|asked| asked.by.clone()).collect();
    let on = Subject { division: &account.division, office: None, authors: &asked };
    access::may(Some(actor), Act::Confirm, &on)
}

/// A link as it is handed on.
fn made(app: &App, headers: &HeaderMap, name: String, token: &str) -> Result<Made, Problem> {
    let base = public_base(app, headers, &Uri::default()).unwrap_or_default();
    let waits = access::find(&app.store, &name)?.is_some_and(|(_, account)| account.asked.is_some());
    Ok(Made { name, link: format!("{base}/set-password/{token}"), waits })
}

pub async fn create(State(app): State<App>, sent: Sent<acts::Manage>) -> Result<Response, Problem> {
    let headers = sent.headers.clone();
    const FIELDS: &[&str] =
        &["name", "office_id", "office_name", "role", "division", WIDER, picker::LOOK, picker::PICK];
    let (session, mut fields) = sent.read(FIELDS)?;
    aside(move || {
        if picker::wanted(&fields).is_some() {
            fill_in(&app, &mut fields)?;
            return render(&app, &session, Shown { fields: Some(&fields), ..Shown::default() });
        }
        let again = |refusal: Refusal| render(&app, &session, Shown::refused(Some(&fields), refusal));
        let new = match read(&app, &session, &fields) {
            Ok(new) => new,
            Err(refusal) => return again(refusal),
        };
        let name = new.name.clone();
        match access::create(&app.store, new, None, Maker::Administrator, &by(&session)) {
            Ok(token) => {
                let made = made(&app, &headers, name, &token.unwrap_or_default())?;
                render(&app, &session, Shown { made: Some(made), ..Shown::default() })
            }
            Err(error) => again(told(error)?.into()),
        }
    })
    .await
}

/// The field that says a division beyond the office's own is meant: the division and the office.
pub const WIDER: &str = "wider";

/// Fills in what a picker chose; where no division is given, an office brings its own.
pub fn fill_in(app: &App, fields: &mut Fields) -> Result<(), Problem> {
    picker::fill_in(app, fields, &PICKED)?;
    let picks_office = matches!(picker::wanted(fields), Some(picker::Wanted::Pick("office_id", _)));
    if picks_office
        && fields.get("division").trim().is_empty()
        && let Some(division) = division_of_office(app, fields.get("office_id"))?
    {
        fields.put("division", division.to_string());
    }
    Ok(())
}

/// The division that an institution belongs to.
fn division_of_office(app: &App, id: &str) -> Result<Option<DivisionCode>, StoreError> {
    if id.is_empty() || id.contains('\0') {
        return Ok(None);
    }
    Ok(match app.store.get(id)?.filter(Record::is_public).map(|record| record.body) {
        Some(Body::Institution(institution)) => Some(institution.division),
        _ => None,
    })
}

/// The division and the office that a form names, if its sender may give out accounts and keys there: nobody does so in the
/// name of an office elsewhere. Where no division is given it is the office's; one beyond it has to be meant.
pub fn division_and_office(
    app: &App,
    session: &Session,
    fields: &Fields,
) -> Result<(DivisionCode, Option<String>), Refusal> {
    let may = |division: &DivisionCode| must(&session.actor, Act::Manage, division).map_err(|problem| problem.detail);
    let given: Option<DivisionCode> = match fields.get("division").trim() {
        "" => None,
        text => Some(text.parse::<DivisionCode>().map_err(|e| e.to_string())?),
    };
    if let Some(division) = &given {
        may(division)?;
    }
    let (id, name) = (fields.get("office_id"), fields.get("office_name"));
    let (office_id, _) = access::office(&app.store, Some(id), name, Maker::Administrator).map_err(|e| e.to_string())?;
    let at = division_of_office(app, office_id.as_deref().unwrap_or_default()).map_err(|e| e.to_string())?;
    if let Some(at) = &at {
        may(at)?;
    }
    let Some(division) = given.or_else(|| at.clone()) else {
        return Err("请写明区划代码".to_owned().into());
    };
    // Meant for this office: another one that is picked afterwards is asked about again.
    let meant = format!("{division} {}", office_id.as_deref().unwrap_or_default());
    if let Some(at) = at.filter(|at| !at.covers(&division))
        && fields.get(WIDER) != meant
    {
        let name = |code: &DivisionCode| called::division(&app.store, code).map_err(|e| e.to_string());
        let (wide, own) = (name(&division)?, name(&at)?);
        let relation = if division.covers(&at) {
            format!("比机构所在的{own}大")
        } else {
            format!("不在机构所在的{own}之内")
        };
        let says = format!(
            "区划写的是{wide}，{relation}，权限将在{wide}和下级有效。确要如此，请再按一次“开设”；否则请把区划改为 {at}"
        );
        return Err(Refusal { says, wider: meant });
    }
    Ok((division, office_id))
}

/// The new account that a form asks for, if its maker may make it.
fn read(app: &App, session: &Session, fields: &Fields) -> Result<NewAccount, Refusal> {
    let role = Role::ALL.into_iter().find(|r| r.name() == fields.get("role"));
    let role = role.ok_or_else(|| "请选择角色".to_owned())?;
    let (division, office_id) = division_and_office(app, session, fields)?;
    Ok(NewAccount {
        name: fields.get("name").trim().to_lowercase(),
        office_id,
        office_name: fields.get("office_name").to_owned(),
        role,
        division,
    })
}

pub async fn change(
    State(app): State<App>,
    Path(name): Path<String>,
    sent: Sent<acts::Manage>,
) -> Result<Response, Problem> {
    let headers = sent.headers.clone();
    let (session, fields) = sent.read(&["action", "role"])?;
    aside(move || {
        let none = || Problem::not_found("没有这个账户，或者它不在您所管的区划之内");
        let (_, account) = access::find(&app.store, &name)?.ok_or_else(none)?;
        must(&session.actor, Act::Manage, &account.division).map_err(|_| none())?;
        if account.name == session.actor.name {
            return Err(Problem::unprocessable("不能改动自己的账户：请由另一位管理员来改，以免没有人能管理"));
        }
        let by = by(&session);
        let done = match fields.get("action") {
            "close" => access::set_standing(&app.store, &name, false, &by),
            "open" => access::set_standing(&app.store, &name, true, &by),
            "role" => {
                let role = Role::ALL.into_iter().find(|r| r.name() == fields.get("role"));
                let role = role.ok_or_else(|| Problem::bad_parameter("role", "请选择角色"))?;
                access::set_role(&app.store, &name, role, Maker::Administrator, &by)
            }
            "confirm" => {
                may_confirm(&session.actor, &account)?;
                access::confirm(&app.store, &name, &by).map(|_| ())
            }
            "decline" => access::decline(&app.store, &name, &by),
            "link" => match access::new_link(&app.store, &name, Maker::Administrator, &by) {
                Ok(token) => {
                    let made = made(&app, &headers, name, &token)?;
                    return render(&app, &session, Shown { made: Some(made), ..Shown::default() });
                }
                Err(error) => Err(error),
            },
            _ => {
                return Err(Problem::bad_parameter(
                    "action",
                    "action 应为 close、open、role、confirm、decline 或 link",
                ));
            }
        };
        match done {
            Ok(()) => Ok(Redirect::to("/console/accounts").into_response()),
            Err(error) => render(&app, &session, Shown::refused(None, told(error)?.into())),
        }
    })
    .await
}

/// What the form can mend.
fn told(error: AccountError) -> Result<String, Problem> {
    match error {
        AccountError::Store(_) | AccountError::Hash(_) | AccountError::Random(_) => Err(error.into()),
        other => Ok(other.to_string()),
    }
}

pub fn by(session: &Session) -> By<'_> {
    By { author: &session.actor.name, reason: "" }
}
