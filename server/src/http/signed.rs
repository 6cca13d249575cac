//! Who is asking: the session of a cookie, the key of a header; and forms that only our own pages send.

use std::{
    convert::Infallible,
    marker::PhantomData,
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    App, Problem,
    aside::aside,
    bodies::MAX_BODY,
    params::{Params, pairs},
};
use crate::{
    access::{self, Actor, DEVICE_DAYS, Needed, SESSION_HOURS, Session, Subject, Tokens},
    notices,
    source::Source,
};

/// The cookie of a session.
const COOKIE: &str = "guansou_session";
/// The cookie of a browser from which somebody has signed in to an account before: this and the account's name, since
/// several may share a browser.
const DEVICE: &str = "guansou_device_";
/// The field of a form that holds the session's token.
const TOKEN: &str = "token";
/// Where one signs in, and where one changes a password that somebody else knows.
pub const SIGN_IN: &str = "/sign-in";
pub const PASSWORD: &str = "/console/password";

/// Somebody who has signed in and whose role allows the act `A` in their own division; whoever has not signed in is led to
/// where one does. Nobody comes by a session without naming an act. Whether it is allowed on what it is done to is asked
/// where that is known.
pub struct SignedIn<A>(pub Session, pub PhantomData<A>);

/// Whoever has signed in, for what concerns their own account alone: its password, and signing out.
pub struct SignedInAnyhow(pub Session);

/// A form that came from whoever has signed in and whose role allows the act `A`, as [`SignedIn`] tells.
pub struct Sent<A> {
    session: Session,
    pub headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
    act: PhantomData<A>,
}

/// Whose key an interface is called with; it allows the act `A` in its own division.
pub struct Keyed<A>(pub Actor, pub PhantomData<A>);

/// What the layer of keys found out; nothing else takes it from a request but [`Keyed`].
#[derive(Clone)]
struct OfKey(Actor);

/// Whether somebody may do the act at all: in their own division, to nothing in particular.
fn permitted<A: Needed>(actor: &Actor) -> Result<(), Problem> {
    Ok(access::may(Some(actor), A::ACT, &Subject::of(&actor.division))?)
}

impl<S: Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Found by the layer that every request passes.
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::here()))
    }
}

impl<A: Needed> FromRequest<App> for Sent<A> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = SignedIn::<A>::from_request_parts(&mut parts, app).await;
        let (headers, to, ended) = (parts.headers.clone(), parts.uri.path().to_owned(), session_ended(&session));
        let words = parts.extensions.get::<Words>().cloned();
        let body = Bytes::from_request(Request::from_parts(parts, body), app).await;
        let SignedIn(session, act) = match session {
            Ok(session) => session,
            Err(mut response) => {
                if ended && let Some(fields) = unsaved(&headers, &body) {
                    response.extensions_mut().insert(Unsaved { to, fields, session: None });
                }
                return Err(response);
            }
        };
        // Somebody who has signed in anew on another page: the token on the page is that of the session before.
        if let Some(fields) = unsaved(&headers, &body)
            && let Some((_, token)) = fields.iter().find(|(name, _)| name == TOKEN)
            && is_token(token)
            && let Err(problem) = check_token(&session, token)
        {
            let mut response = problem.into_response();
            response.extensions_mut().insert(Unsaved { to, fields, session: Some(session) });
            return Err(response);
        }
        if let (Some(words), Some(fields)) = (words, unsaved(&headers, &body)) {
            words.set(&fields);
        }
        Ok(Self { session, headers, body, act })
    }
}

/// What somebody typed into the form of a request, for the page that tells why it was refused: whoever wrote a reason must
/// not write it again.
#[derive(Debug, Clone, Default)]
pub struct Words(Arc<OnceLock<Vec<String>>>);

/// Fields that nobody has typed.
const UNTYPED: [&str; 8] = [TOKEN, "revision", "then", "seen", "answers", "look", "pick", "kept"];
/// Characters from which on a text is worth being shown again.
const MIN_SHOWN: usize = 4;

/// Whether a field holds something that somebody typed.
pub fn is_typed((name, value): &(String, String)) -> bool {
    !UNTYPED.contains(&name.as_str()) && !value.trim().is_empty()
}

/// Whether it is words, and no code, day or address.
pub fn is_text(field: &(String, String)) -> bool {
    is_typed(field) && field.1.trim().chars().nth(MIN_SHOWN).is_some() && !field.1.is_ascii()
}

impl Words {
    fn set(&self, fields: &[(String, String)]) {
        let _ = self.0.set(fields.iter().filter(|field| is_text(field)).map(|(_, value)| value.clone()).collect());
    }

    pub fn get(&self) -> &[String] {
        self.0.get().map_or(&[], Vec::as_slice)
    }
}

/// A form that was sent when the session had ended, with what was typed: whoever shows the answer offers it again.
#[derive(Clone)]
pub struct Unsaved {
    /// Where it was sent to.
    pub to: String,
    pub fields: Vec<(String, String)>,
    /// The session that there is meanwhile.
    pub session: Option<Session>,
}

/// Room for the names by which a form that was not saved travels on, and for those who sign in.
const ROOM_OF_UNSAVED: usize = 2 << 10;
/// What the fields of such a form are called on their way: nothing that the page of signing in asks for.
pub const UNSAVED: &str = "unsaved.";

/// The fields of a form from one of our own pages, where there is something to lose and all of it fits into the next form.
fn unsaved(headers: &HeaderMap, body: &Result<Bytes, BytesRejection>) -> Option<Vec<(String, String)>> {
    let bytes = body.as_ref().ok()?;
    let text = std::str::from_utf8(bytes).ok()?;
    from_our_own_pages(headers).ok()?;
    let fields = pairs(text).ok()?;
    let grown = text.len() + fields.len() * UNSAVED.len() + ROOM_OF_UNSAVED;
    let typed = fields.iter().any(|(name, value)| name != TOKEN && !value.is_empty());
    (typed && grown <= MAX_BODY).then_some(fields)
}

/// Whether somebody has to sign in first.
fn session_ended<T>(session: &Result<T, Response>) -> bool {
    let leads_to = |response: &Response| response.headers().get(header::LOCATION).map(|to| to.as_bytes().to_vec());
    session.as_ref().err().and_then(leads_to).is_some_and(|to| to.starts_with(SIGN_IN.as_bytes()))
}

impl<A> Sent<A> {
    /// Who sent it, and its fields, some of which may come several times.
    pub fn read(self, known: &'static [&'static str]) -> Result<(Session, Fields), Problem> {
        let fields = session_form(&self.session, &self.headers, self.body, known)?;
        Ok((self.session, fields))
    }
}

impl FromRequestParts<App> for SignedInAnyhow {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let session = match token(&parts.headers) {
            Some(token) => {
                let worker = app.clone();
                let found = aside(move || {
                    let mut found = access::by_token(&worker.store, &token)?;
                    if let Some(session) = &mut found {
                        session.unread = notices::unread(&worker.store, &session.actor.name)?;
                    }
                    Ok(found)
                })
                .await;
                found.map_err(IntoResponse::into_response)?
            }
            None => None,
        };
        session.map(Self).ok_or_else(|| {
            // Only what was asked for with GET can be gone back to: from what was sent, the page that sent it.
            let sent = parts.method != Method::GET;
            let back = if sent { sent_from(&parts.headers) } else { Some(parts.uri.to_string()) };
            let back = back.unwrap_or_else(|| "/console".to_owned());
            let back = percent_encoding::utf8_percent_encode(&back, percent_encoding::NON_ALPHANUMERIC);
            let ended = if sent { "&ended=1" } else { "" };
            let mut response = Redirect::to(&format!("{SIGN_IN}?next={back}{ended}")).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        })
    }
}

/// The page of this service that a form was sent from, as the browser tells.
pub fn sent_from(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find('/')?);
    (Some(authority) == text(header::HOST) && is_own(path)).then(|| path.to_owned())
}

/// Whether an address is a path of this service, and nothing that a browser takes for another site's.
pub fn is_own(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && address.bytes().all(|b| b.is_ascii_graphic())
}

impl<A: Needed> FromRequestParts<App> for SignedIn<A> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedInAnyhow(session) = SignedInAnyhow::from_request_parts(parts, app).await?;
        if session.must_change_password {
            return Err(Redirect::to(PASSWORD).into_response());
        }
        permitted::<A>(&session.actor).map_err(IntoResponse::into_response)?;
        Ok(Self(session, PhantomData))
    }
}

impl<A: Needed> FromRequestParts<App> for Keyed<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        // Found and counted by the layer that every interface passes.
        let OfKey(actor) = parts.extensions.get().cloned().ok_or_else(|| {
            Problem::unauthorized("此接口需要密钥：请在请求头写 Authorization: Bearer 密钥，密钥由本地区的管理员开设")
        })?;
        permitted::<A>(&actor)?;
        Ok(Self(actor, PhantomData))
    }
}

/// The key of a request, where it has one.
pub fn key(headers: &HeaderMap) -> Option<Result<&str, Problem>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let key = value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    Some(key.map(str::trim).ok_or_else(|| Problem::unauthorized("Authorization 应写作 Bearer 密钥")))
}

/// Finds out whose key a request brings and counts it against the key's quota. Without a key it passes as anyone's.
pub async fn keyed(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let key = match key(request.headers()) {
        None => return next.run(request).await,
        Some(Err(problem)) => return problem.into_response(),
        Some(Ok(key)) => key.to_owned(),
    };
    let worker = app.clone();
    let (actor, quota) = match aside(move || Ok(access::find_key(&worker.store, &key)?)).await {
        Ok(Some(found)) => found,
        Ok(None) => return Problem::unauthorized("密钥不对，或者已经停用、过期").into_response(),
        Err(problem) => return problem.into_response(),
    };
    if let Err(wait) = app.quotas.take(&actor.name, quota, Instant::now()) {
        let seconds = wait.as_secs().max(1);
        let detail = format!("这个密钥每分钟可请求 {quota} 次，已经用完，请 {seconds} 秒后再试");
        return Problem::too_many(detail, seconds as u32).into_response();
    }
    request.extensions_mut().insert(OfKey(actor));
    next.run(request).await
}

/// The token of the session's cookie.
pub fn token(headers: &HeaderMap) -> Option<String> {
    cookie_of(headers, COOKIE)
}

/// The token of a browser from which somebody has signed in to an account before.
pub fn device(headers: &HeaderMap, account: &str) -> Option<String> {
    cookie_of(headers, &format!("{DEVICE}{}", access::canonical(account)))
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|c| c.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A token in a cookie.
fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let token = cookie(headers, name)?;
    is_token(token).then(|| token.to_owned())
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Gives a browser the cookies of somebody who has just signed in.
pub fn remember(response: &mut Response, headers: &HeaderMap, account: &str, tokens: &Tokens) -> Result<(), Problem> {
    set_cookie(response, headers, COOKIE, &tokens.session, SESSION_HOURS * 3_600)?;
    let device = format!("{DEVICE}{}", access::canonical(account));
    set_cookie(response, headers, &device, &tokens.device, DEVICE_DAYS * 24 * 3_600)
}

/// Takes the session's cookie out of a browser; the browser stays known.
pub fn forget(response: &mut Response, headers: &HeaderMap) -> Result<(), Problem> {
    set_cookie(response, headers, COOKIE, "", 0)
}

/// Only sent over TLS where the request came so. `age` is in seconds.
pub fn set_cookie(
    response: &mut Response,
    headers: &HeaderMap,
    name: &str,
    value: &str,
    age: i64,
) -> Result<(), Problem> {
    let secure = headers.get("x-forwarded-proto").is_some_and(|v| v.as_bytes() == b"https");
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    let cookie = HeaderValue::try_from(cookie)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// A form that another site sends in somebody's name is turned away. Without a browser's headers it is a program of the
/// sender's own.
pub fn from_our_own_pages(headers: &HeaderMap) -> Result<(), Problem> {
    let value = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let site = value(HeaderName::from_static("sec-fetch-site")).is_none_or(|s| s == "same-origin" || s == "none");
    let origin = match (value(header::ORIGIN), value(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    };
    if site && origin {
        Ok(())
    } else {
        Err(Problem::forbidden("表单须从本站的页面提交，请打开页面重新填写"))
    }
}

/// The fields of a form that brings on what was not saved besides those that are known.
pub fn form_with_unsaved(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    known: &'static [&'static str],
) -> Result<(Fields, Vec<(String, String)>), Problem> {
    let (mut fields, mut unsaved) = (Vec::new(), Vec::new());
    for (name, value) in pairs(&text(headers, body)?)? {
        match name.strip_prefix(UNSAVED) {
            Some(name) => unsaved.push((name.to_owned(), value)),
            None if known.contains(&name.as_str()) => fields.push((name, value)),
            None => return Err(Problem::bad_parameter(&name, "表单中有不认识的字段，请打开页面重新填写")),
        }
    }
    Ok((Fields(fields), unsaved))
}

/// The fields of a form, from one of our own pages.
pub fn form(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    known: &'static [&'static str],
) -> Result<Params, Problem> {
    Params::read(Some(&text(headers, body)?), known)
}

/// The fields of a form of a session, some of which may come several times.
pub fn session_form(
    session: &Session,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    known: &'static [&'static str],
) -> Result<Fields, Problem> {
    let fields = Fields(pairs(&text(headers, body)?)?);
    check_token(session, fields.get(TOKEN))?;
    match fields.0.iter().find(|(name, _)| name != TOKEN && !known.contains(&name.as_str())) {
        Some((name, _)) => Err(Problem::bad_parameter(name, "表单中有不认识的字段，请打开页面重新填写")),
        None => Ok(fields),
    }
}

/// Whether a form came from a page of the session itself.
pub fn check_token(session: &Session, given: &str) -> Result<(), Problem> {
    if given == session.form_token { Ok(()) } else { Err(Problem::expired_form()) }
}

fn text(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<String, Problem> {
    from_our_own_pages(headers)?;
    let body = body.map_err(|_| Problem::too_large(MAX_BODY))?;
    String::from_utf8(body.to_vec()).map_err(|_| Problem::bad_body("表单内容不是 UTF-8 编码的文字"))
}

/// Fields by name, in their order.
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Puts a value in the place of those that a field has.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value));
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value as a whole number, as a form's hidden field has it.
    pub fn revision(&self) -> Result<u64, Problem> {
        self.get("revision")
            .parse()
            .map_err(|_| Problem::bad_parameter("revision", "表单缺少修订号，请打开页面重新填写"))
    }
}
