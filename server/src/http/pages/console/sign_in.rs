//! Signing in and out, and one's own password.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{super::private, Me, unsaved};
use crate::{
    access::{self, ChangeError, LINK_HOURS, LinkError, SignInError},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{self, SignedInAnyhow},
    },
    source::Source,
};

/// The same where it is kept until they have signed in.
const KEPT: &str = "登录已过期，刚才提交的内容还没有保存，但没有丢失。请重新登录，登录后核对并再提交一次。";

/// What is told to whoever sent a form after the session had ended.
const ENDED: &str = "登录已过期，刚才提交的内容没有保存。请重新登录；登录后回到填写的页面。";

/// What is told to whoever has signed in to another account than that of the form.
const OF_ANOTHER: &str =
    "刚才提交的内容是用另一个账户填写的，这里不显示，也没有保存。请用填写它的账户登录，登录后核对并再提交一次。";

#[derive(Template, Default)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    q: String,
    name: String,
    next: String,
    fault: Option<String>,
    /// Where a form goes that was not saved, and its fields.
    unsaved_to: String,
    unsaved: Vec<(String, String)>,
    /// Whether somebody has signed in meanwhile, and not to the account of that form.
    other: bool,
}

#[derive(Template)]
#[template(path = "console/password.html")]
struct PasswordPage {
    q: String,
    me: Me,
    must: bool,
    fault: Option<String>,
}

pub async fn page(RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["next", "ended"])?;
    let ended = params.flag("ended")?;
    let fault = ended.then(|| ENDED.to_owned());
    let next = own_address(params.get("next")).to_owned();
    private(StatusCode::OK, &SignInPage { next, fault, ..SignInPage::default() })
}

/// The page for a form that was sent when the session had ended: where one signs in, with what was typed; or, where there is
/// another session meanwhile, what was typed.
pub fn for_unsaved(sent: signed::Unsaved, of: &HeaderMap) -> Option<Response> {
    let signed::Unsaved { to, fields, session } = sent;
    unsaved::carried(&to, &fields)?;
    match session {
        Some(session) if !unsaved::is_of(&session, &fields) => of_another(None, to, fields).ok(),
        Some(session) => unsaved::again(StatusCode::FORBIDDEN, &session, to, fields).ok(),
        None => {
            let next = of.get(header::LOCATION).and_then(|to| to.to_str().ok()).and_then(next_of);
            with_unsaved(next, to, fields).ok()
        }
    }
}

/// The page with a form that was sent when the session had ended.
fn with_unsaved(next: Option<String>, to: String, fields: Vec<(String, String)>) -> Result<Response, Problem> {
    let next = own_address(next.as_deref()).to_owned();
    let page =
        SignInPage { next, fault: Some(KEPT.to_owned()), unsaved_to: to, unsaved: fields, ..SignInPage::default() };
    private(StatusCode::UNAUTHORIZED, &page)
}

/// The page for a form of another account than that which has signed in.
fn of_another(next: Option<&str>, to: String, fields: Vec<(String, String)>) -> Result<Response, Problem> {
    let next = own_address(next).to_owned();
    let fault = Some(OF_ANOTHER.to_owned());
    let page = SignInPage { next, fault, unsaved_to: to, unsaved: fields, other: true, ..SignInPage::default() };
    private(StatusCode::FORBIDDEN, &page)
}

/// Where an address of this page leads on to.
fn next_of(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    Params::read(Some(query), &["next", "ended"]).ok()?.get("next").map(str::to_owned)
}

pub async fn submit(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let known = &["name", "password", "next", "unsaved_to"];
    let (fields, unsaved) = signed::form_with_unsaved(&headers, body, known)?;
    let field = |name: &str| fields.get(name).to_owned();
    let (name, password, next) = (field("name"), field("password"), own_address(Some(fields.get("next"))).to_owned());
    let unsaved_to = own_address(Some(fields.get("unsaved_to"))).to_owned();
    // Longer ones are nobody's; they are not worth hashing.
    let (name, password): (String, String) = (name.chars().take(60).collect(), password.chars().take(300).collect());
    let waiting = app.sign_ins_waiting.take(source).ok_or_else(Problem::busy)?;
    let place = app.sign_ins.clone().acquire_owned().await?;
    let (worker, tried, device) = (app.clone(), name.clone(), signed::device(&headers, &name));
    let outcome = aside(move || {
        let outcome = access::sign_in(&worker.store, &worker.attempts, &tried, &password, device.as_deref());
        drop((place, waiting));
        Ok(outcome)
    });
    let (status, fault) = match outcome.await? {
        Ok(tokens) => {
            let mut response = match unsaved::carried(&unsaved_to, &unsaved).is_none() {
                true => Redirect::to(&next).into_response(),
                false => {
                    let worker = app.clone();
                    let of = tokens.session.clone();
                    let session = aside(move || Ok(access::by_token(&worker.store, &of)?)).await?;
                    let session = session.ok_or_else(|| Problem::unauthorized("登录没有成功，请再试一次"))?;
                    if unsaved::is_of(&session, &unsaved) {
                        unsaved::again(StatusCode::OK, &session, unsaved_to, unsaved)?
                    } else {
                        of_another(Some(next.as_str()), unsaved_to, unsaved)?
                    }
                }
            };
            signed::remember(&mut response, &headers, &name, &tokens)?;
            response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            return Ok(response);
        }
        Err(wrong @ SignInError::Wrong) => (StatusCode::UNAUTHORIZED, wrong.to_string()),
        Err(locked @ SignInError::Locked(_)) => (StatusCode::TOO_MANY_REQUESTS, locked.to_string()),
        Err(error) => return Err(error.into()),
    };
    private(status, &SignInPage { name, next, fault: Some(fault), unsaved_to, unsaved, ..SignInPage::default() })
}

pub async fn sign_out(
    State(app): State<App>,
    SignedInAnyhow(session): SignedInAnyhow,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    signed::session_form(&session, &headers, body, &[])?;
    if let Some(token) = signed::token(&headers) {
        aside(move || Ok(access::sign_out(&app.store, &token)?)).await?;
    }
    let mut response = Redirect::to("/").into_response();
    signed::forget(&mut response, &headers)?;
    Ok(response)
}

pub async fn password(SignedInAnyhow(session): SignedInAnyhow) -> Result<Response, Problem> {
    let (me, must) = (Me::new(&session), session.must_change_password);
    private(StatusCode::OK, &PasswordPage { q: String::new(), me, must, fault: None })
}

pub async fn change_password(
    State(app): State<App>,
    SignedInAnyhow(session): SignedInAnyhow,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let fields = signed::session_form(&session, &headers, body, &["old", "new", "again"])?;
    let (old, new, again) =
        (fields.get("old").to_owned(), fields.get("new").to_owned(), fields.get("again").to_owned());
    let again_page = |fault: String| {
        let (me, must) = (Me::new(&session), session.must_change_password);
        private(StatusCode::UNPROCESSABLE_ENTITY, &PasswordPage { q: String::new(), me, must, fault: Some(fault) })
    };
    if new != again {
        return again_page("两次输入的新密码不一样".to_owned());
    }
    if new == old {
        return again_page("新密码不能与原密码相同".to_owned());
    }
    let place = app.sign_ins.clone().acquire_owned().await?;
    let name = session.actor.name.clone();
    let device = signed::device(&headers, &name);
    let changed = aside(move || {
        let _place = place;
        let changed = access::change_password(&app.store, &app.attempts, &name, (&old, &new), device.as_deref());
        changed.map(Ok).or_else(|error| match error {
            ChangeError::Weak(weak) => Ok(Err(weak.to_string())),
            ChangeError::SignIn(SignInError::Wrong) => Ok(Err("原密码不对".to_owned())),
            ChangeError::SignIn(locked @ SignInError::Locked(_)) => Ok(Err(locked.to_string())),
            error => Err(Problem::from(error)),
        })
    });
    match changed.await? {
        Ok(tokens) => {
            let mut response = Redirect::to("/console").into_response();
            signed::remember(&mut response, &headers, &session.actor.name, &tokens)?;
            Ok(response)
        }
        Err(fault) => again_page(fault),
    }
}

#[derive(Template)]
#[template(path = "console/set_password.html")]
struct SetPage {
    q: String,
    /// The account; `None` where the link is over.
    name: Option<String>,
    hours: i64,
    fault: Option<String>,
}

fn set_page_of(name: Option<String>, fault: Option<String>) -> Result<Response, Problem> {
    let status = match (&name, &fault) {
        (None, _) => StatusCode::NOT_FOUND,
        (Some(_), Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (Some(_), None) => StatusCode::OK,
    };
    private(status, &SetPage { q: String::new(), name, hours: LINK_HOURS, fault })
}

/// The form by which an account's owner sets a password. Looking at it ends nothing: mail programs open links too.
pub async fn set_page(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Problem> {
    let name = aside(move || Ok(access::account_of(&app.store, &token)?)).await?;
    set_page_of(name, None)
}

pub async fn set(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let fields = signed::form(&headers, body, &["new", "again"])?;
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (new, again) = (field("new"), field("again"));
    let (worker, tried) = (app.clone(), token.clone());
    let Some(name) = aside(move || Ok(access::account_of(&worker.store, &tried)?)).await? else {
        return set_page_of(None, None);
    };
    if new != again {
        return set_page_of(Some(name), Some("两次输入的密码不一样".to_owned()));
    }
    let place = app.sign_ins.clone().acquire_owned().await?;
    let set = aside(move || {
        let _place = place;
        Ok(access::set_password(&app.store, &token, &new))
    });
    match set.await? {
        Ok(_) => Ok(Redirect::to("/sign-in").into_response()),
        Err(LinkError::Over) => set_page_of(None, None),
        Err(LinkError::Weak(weak)) => set_page_of(Some(name), Some(weak.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// An address of this site to go on to; never another's.
fn own_address(next: Option<&str>) -> &str {
    next.filter(|next| signed::is_own(next)).unwrap_or("/console")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_only_led_to_this_site() {
        for other in
            ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb", "/\u{1}"]
        {
            assert_eq!(own_address(Some(other)), "/console", "{other}");
        }
        assert_eq!(own_address(Some("/console/queue?state=submitted")), "/console/queue?state=submitted");
        assert_eq!(own_address(None), "/console");
    }
}
