//! The one envelope for everything that goes wrong: RFC 9457 `application/problem+json`.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header, header::InvalidHeaderValue},
    response::{IntoResponse, Response},
};
use indexer::index::IndexError;
use serde::Serialize;
use tokio::{
    sync::{AcquireError, oneshot::error::RecvError},
    task::JoinError,
};
use utoipa::ToSchema;

use super::faults::Faults;
use crate::{
    access::{AccountError, ChangeError, Denied, KeyError, LinkError, SignInError},
    corrections::Refused,
    desk::TaskError,
    naming::NamingError,
    query::SearchError,
    reading::{lists::Progress, reform::ReformError, then::ThenError},
    sharing::{NotAttached, ReadError, SharingError, tables::TableError},
    store::StoreError,
    workflow::WorkflowError,
};

/// Seconds after which a suggestion may be tried again where too many came: they are counted over an hour.
const AGAIN: u32 = 600;

/// Whether a caller is a program that reads JSON, to which problems are told so.
pub fn asks_for_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"))
}

/// Kinds whose pages say something of their own.
const BAD_BODY: &str = "/problems/bad-body";
const FORM_EXPIRED: &str = "/problems/form-expired";

/// What went wrong and how to mend it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable; one for each sort of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    /// The rule that speaks against it, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The parameter that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Where the history of a record that was taken back is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
    /// What may be given instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// The page that comes nearest, for a reader: its address, and what it is.
    #[serde(skip)]
    pub nearest: Option<Box<(String, String)>>,
    /// Seconds after which to try again.
    #[serde(skip)]
    pub retry_after: Option<u32>,
    /// The fields of a form that are to blame, for the page that shows it again.
    #[serde(skip)]
    pub faults: Faults,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            rule: None,
            parameter: None,
            history: None,
            allowed: Vec::new(),
            nearest: None,
            retry_after: None,
            faults: Faults::default(),
        }
    }

    pub fn bad_parameter(parameter: &str, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "/problems/bad-parameter", "参数有误", detail);
        Self { parameter: Some(parameter.to_owned()), ..problem }
    }

    pub fn with_allowed<S: Into<String>>(self, allowed: impl IntoIterator<Item = S>) -> Self {
        Self { allowed: allowed.into_iter().map(Into::into).collect(), ..self }
    }

    pub fn with_nearest(self, address: String, text: String) -> Self {
        Self { nearest: Some(Box::new((address, text))), ..self }
    }

    pub fn bad_query(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-query-string", "网址中的查询部分有误", detail)
    }

    pub fn bad_path() -> Self {
        let detail = "网址路径中的百分号编码不是 UTF-8 文字，请核对链接是否完整";
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-path", "网址有误", detail)
    }

    pub fn bad_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, BAD_BODY, "请求正文有误", detail)
    }

    pub fn unsupported_type() -> Self {
        let detail = "请求正文应为 JSON，请带上 Content-Type: application/json";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "/problems/unsupported-type", "请求正文的类型不支持", detail)
    }

    pub fn too_large(limit: usize) -> Self {
        let detail = format!("请求正文不得超过 {limit} 字节，请分批提交");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "/problems/too-large", "请求正文过大", detail)
    }

    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "/problems/not-found", "没有找到", detail)
    }

    /// It was there, and whoever was in charge took it back.
    pub fn gone(detail: impl Into<String>, history: String) -> Self {
        let problem = Self::new(StatusCode::GONE, "/problems/gone", "已撤回", detail);
        Self { history: Some(history), ..problem }
    }

    pub fn expired_form() -> Self {
        let detail = "表单已经过期，或者不是从本站的页面提交的：请打开页面重新填写";
        Self::new(StatusCode::FORBIDDEN, FORM_EXPIRED, "表单已经过期", detail)
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "/problems/forbidden", "不允许这样做", detail)
    }

    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "/problems/unauthorized", "需要身份", detail)
    }

    /// Somebody else has changed it meanwhile, or it is there already.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "/problems/conflict", "与现有内容冲突", detail)
    }

    /// Understood, but not to be stored as it is.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/unprocessable", "内容不能接受", detail)
    }

    /// A form with faults in its fields.
    pub fn in_fields(faults: Faults) -> Self {
        Self { faults: faults.clone(), ..Self::unprocessable(faults.in_one_line()) }
    }

    /// The same problem with the field of a form that it is about, and what that one is called.
    pub fn blaming(self, field: &str, label: &str) -> Self {
        Self { faults: Faults::of(field, label, &self.detail), ..self }
    }

    /// What a form tells of it: by the fields where some are to blame.
    pub fn field_faults(&self) -> Faults {
        if self.faults.is_empty() { Faults::of("", "", &self.detail) } else { self.faults.clone() }
    }

    /// A rule of its kind, by its code, speaks against a name.
    pub fn against_rule(kind: &'static str, detail: impl Into<String>) -> Self {
        Self { rule: Some(kind), ..Self::unprocessable(detail) }
    }

    pub fn too_many(detail: impl Into<String>, seconds: u32) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/too-many-requests", "请求太频繁", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    pub fn method_not_allowed() -> Self {
        let detail = "此地址不接受这种请求方法，允许的方法见 Allow 头";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "/problems/method-not-allowed", "请求方法不允许", detail)
    }

    pub fn not_ready() -> Self {
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/not-ready", "索引还没有准备好", "请稍候再试");
        Self { retry_after: Some(5), ..problem }
    }

    /// What stands in lists is being held against the library for the first time since the start.
    pub fn lists_not_ready(progress: Progress) -> Self {
        let how_far = match progress {
            Progress { of: 0, .. } => String::new(),
            Progress { done, of } => format!("，已核对 {done} 条，共 {of} 条"),
        };
        let detail = format!("正在把清单的依据逐条与法规库核对{how_far}。检索可以照常使用，请稍候再试");
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/lists-not-ready", "清单还没有核对完", detail);
        Self { retry_after: Some(10), ..problem }
    }

    /// A write failed, and the store takes none until it is opened again.
    pub fn read_only(reason: Option<&str>) -> Self {
        let reason = reason.map(|reason| format!("（{reason}）")).unwrap_or_default();
        let detail = format!("写入时出错，服务只供查询，没有保存；须由管理员检查磁盘并重新启动服务{reason}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/read-only", "暂时不能保存", detail)
    }

    pub fn busy() -> Self {
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/busy", "服务繁忙", "同时到来的请求太多，请稍候再试");
        Self { retry_after: Some(1), ..problem }
    }

    pub fn timeout() -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/timeout",
            "请求超时",
            "没有在时限内完成，请缩短查询或稍候再试",
        );
        Self { retry_after: Some(2), ..problem }
    }

    /// The body stayed out too long (RFC 9110, 15.5.9).
    pub fn slow_body() -> Self {
        let detail = "请求正文没有在时限内收全，请检查网络后再试";
        Self::new(StatusCode::REQUEST_TIMEOUT, "/problems/slow-body", "请求正文来得太慢", detail)
    }

    /// Something that the reader cannot mend. What it was goes to the log, never to the reader.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "internal error");
        let detail = "服务内部出错，已经记录。请稍候再试";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "/problems/internal", "服务出错", detail)
    }
}

impl Problem {
    /// What happened, in the words of a reader of pages.
    pub fn headline(&self) -> &'static str {
        match self.status {
            400 if self.kind == BAD_BODY => "提交的内容不完整",
            400 if self.parameter.is_some() => "有一项不对",
            400 => "这个网址不完整",
            401 => "需要先登录",
            404 if self.nearest.is_some() => "没有那一天的文本",
            404 => "没有找到这个页面",
            405 => "这个网址不能这样打开",
            410 => "这条内容已经撤回",
            413 => "内容太大，没有收下",
            _ => self.title,
        }
    }

    /// What a reader of pages may do about it.
    pub fn advice(&self) -> &'static [&'static str] {
        match self.status {
            400 if self.kind == BAD_BODY => &["回到刚才的页面，刷新以后再提交一次"],
            403 if self.kind == FORM_EXPIRED => &["回到刚才的页面，刷新以后再提交一次"],
            400 => &["按上面的说明改正，或者从首页重新查找", "网址是从别处复制来的，请核对是否复制完整"],
            401 | 403 => &["用有权限的账户登录后再试", "应当有权限的，请与本地区的管理员联系"],
            404 if self.nearest.is_some() => &["打开上面列出的文本", "换一个日期再查"],
            404 => &["核对网址是否完整", "用名称、文号或者网址重新检索"],
            405 => &["从首页或者刚才的页面重新打开"],
            409 => &["回到刚才的页面，刷新以后看别人改了什么，再改一次"],
            410 => &["修订史里写着撤回的日期和理由", "用名称重新检索，看有没有新的"],
            408 | 413 => &["减小文件或者分几次提交", "检查网络以后再试"],
            429 => &["稍等一会儿再试"],
            500.. => &["稍等一会儿，刷新本页再试", "一直这样的，请告诉管理这个网站的人"],
            _ => &["回到刚才的页面，按说明改正以后再试"],
        }
    }

    /// Whether whoever filled in a form can mend it, or wait for it to pass: it is reported beside the form then, and
    /// nothing that was typed is lost.
    pub fn is_mendable(&self) -> bool {
        matches!(self.status, 409 | 422 | 429) || !self.faults.is_empty()
    }

    /// A page that tells the problem, answered as the problem is.
    pub fn on_page(&self, mut page: Response) -> Response {
        *page.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(seconds) = self.retry_after {
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        page
    }
}

/// Errors that nobody who asks can mend. Those of JSON are not among them: they are mostly a caller's.
macro_rules! internal {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Self::internal(&error)
            }
        }
    )+};
}

internal!(
    AcquireError,
    IndexError,
    InvalidHeaderValue,
    JoinError,
    RecvError,
    SearchError,
    askama::Error,
    std::io::Error,
    zip::result::ZipError,
);

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotSignedIn => Problem::unauthorized(denied.to_string()),
            _ => Problem::forbidden(denied.to_string()),
        }
    }
}

impl From<ThenError> for Problem {
    fn from(error: ThenError) -> Self {
        match error {
            ThenError::Search(error) => error.into(),
            ThenError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Problem::conflict(error.to_string()),
            StoreError::ReadOnly { .. } => {
                tracing::error!(%error, "not stored");
                Problem::read_only(None)
            }
            _ => Problem::internal(&error),
        }
    }
}

impl From<WorkflowError> for Problem {
    fn from(error: WorkflowError) -> Self {
        match error {
            WorkflowError::Unknown => Problem::not_found(error.to_string()),
            WorkflowError::UnknownMove(_) => Problem::not_found(error.to_string()),
            WorkflowError::Denied(denied) => denied.into(),
            WorkflowError::Store(error) => error.into(),
            WorkflowError::WrongState { .. }
            | WorkflowError::Outdated { .. }
            | WorkflowError::UnderWay { .. }
            | WorkflowError::NotOwnName { .. }
            | WorkflowError::Taken { .. }
            | WorkflowError::NotTaken
            | WorkflowError::NotScheduled
            | WorkflowError::NameTaken { .. } => Problem::conflict(error.to_string()),
            WorkflowError::NoReason
            | WorkflowError::Grounds(_)
            | WorkflowError::LongReason(_)
            | WorkflowError::Control(_)
            | WorkflowError::NoSuchHost(_)
            | WorkflowError::ManyProofs(_)
            | WorkflowError::NoComment
            | WorkflowError::PublicationDay { .. }
            | WorkflowError::ManyComments(_)
            | WorkflowError::Same
            | WorkflowError::WrongKind => Problem::unprocessable(error.to_string()),
            WorkflowError::Random(_) => Problem::internal(&error),
        }
    }
}

impl From<NotAttached> for Problem {
    fn from(error: NotAttached) -> Self {
        match error {
            NotAttached::Unknown => Problem::not_found(error.to_string()),
            _ => Problem::unprocessable(error.to_string()),
        }
    }
}

impl From<NamingError> for Problem {
    fn from(error: NamingError) -> Self {
        let (blames, lacks) = (error.blames(), error.lacks());
        let problem = match error {
            NamingError::Unknown | NamingError::UnknownMove(_) | NamingError::NoDocument => {
                Problem::not_found(error.to_string())
            }
            NamingError::Denied(denied) => denied.into(),
            NamingError::Store(error) => error.into(),
            NamingError::Workflow(error) => error.into(),
            NamingError::Random(_) => Problem::internal(&error),
            NamingError::In(_, error) => (*error).into(),
            NamingError::Taken { .. }
            | NamingError::UnderWay { .. }
            | NamingError::Abolished(_)
            | NamingError::Barred(_)
            | NamingError::Closed
            | NamingError::NotOwn(_)
            | NamingError::Refused(_)
            | NamingError::Life(_) => Problem { kind: error.code(), ..Problem::conflict(error.to_string()) },
            error => Problem { kind: error.code(), ..Problem::unprocessable(error.to_string()) },
        };
        match blames {
            _ if !lacks.is_empty() => Problem { faults: lacks.into_iter().collect(), ..problem },
            Some((field, label)) => problem.blaming(field, label),
            None => problem,
        }
    }
}

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Unknown => Problem::not_found(error.to_string()),
            TaskError::Ended | TaskError::Follows => Problem::conflict(error.to_string()),
            TaskError::Words | TaskError::NoRecord(_) | TaskError::Grounds(_) => {
                Problem::unprocessable(error.to_string())
            }
            TaskError::Denied(denied) => denied.into(),
            TaskError::Store(error) => error.into(),
            TaskError::Random(_) => Problem::internal(&error),
        }
    }
}

impl From<SharingError> for Problem {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Read(error) => error.into(),
            SharingError::Form(_) => Problem::unprocessable(error.to_string()),
            SharingError::Known(_) => Problem::conflict(error.to_string()),
            SharingError::Store(error) => error.into(),
            SharingError::Io { .. } => Problem::internal(&error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            // Nothing that the sender can mend but by waiting.
            ReadError::System(error) => {
                tracing::error!(%error, "a file could not be read");
                Problem {
                    detail: "现在不能读取文件，请稍后再试".into(), retry_after: Some(5), ..Problem::busy()
                }
            }
            error => Problem::unprocessable(error.to_string()),
        }
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Store(error) => error.into(),
            TableError::Empty | TableError::Rows { .. } => Problem::unprocessable(error.to_string()),
        }
    }
}

impl From<Refused> for Problem {
    fn from(error: Refused) -> Self {
        match error {
            Refused::TooMany | Refused::TooManyOfSource => Problem::too_many(error.to_string(), AGAIN),
            Refused::Store(error) => error.into(),
            Refused::Random(_) => Problem::internal(&error),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Hash(_) | AccountError::Random(_) => Problem::internal(&error),
            error => Problem::unprocessable(error.to_string()),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            KeyError::Office(error) => error.into(),
            KeyError::Random(_) => Problem::internal(&error),
            KeyError::Unknown => Problem::not_found(error.to_string()),
            error => Problem::unprocessable(error.to_string()),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Problem::unauthorized(error.to_string()),
            SignInError::Locked(wait) => {
                Problem::too_many(error.to_string(), wait.as_secs().try_into().unwrap_or(u32::MAX))
            }
            SignInError::Store(error) => error.into(),
            SignInError::Random(_) => Problem::internal(&error),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::SignIn(error) => error.into(),
            ChangeError::Hash(_) => Problem::internal(&error),
            ChangeError::Weak(_) => Problem::unprocessable(error.to_string()),
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<ReformError> for Problem {
    fn from(error: ReformError) -> Self {
        match error {
            ReformError::Search(error) => error.into(),
            ReformError::Store(error) => error.into(),
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Over => Problem::not_found(error.to_string()),
            LinkError::Weak(_) => Problem::unprocessable(error.to_string()),
            LinkError::Hash(_) => Problem::internal(&error),
            LinkError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // Where a person is reading, a layer makes a page of it.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A way that an error of the store may come, and what it is called here.
    type Way = (&'static str, fn(StoreError) -> Problem);

    fn conflict() -> StoreError {
        StoreError::Conflict { id: "a".into(), seen: 1, current: 2 }
    }

    fn read_only() -> StoreError {
        StoreError::ReadOnly { reason: "磁盘已满".into() }
    }

    /// Whatever an error of the store has gone through, it is answered as what it is.
    #[test]
    fn an_error_of_the_store_stays_what_it_is() {
        let ways: [Way; 12] = [
            ("naming", |e| NamingError::Store(e).into()),
            ("store", |e| e.into()),
            ("workflow", |e| WorkflowError::Store(e).into()),
            ("sharing", |e| SharingError::Store(e).into()),
            ("tables", |e| TableError::Store(e).into()),
            ("corrections", |e| Refused::Store(e).into()),
            ("accounts", |e| AccountError::Store(e).into()),
            ("keys", |e| KeyError::Store(e).into()),
            ("accounts of keys", |e| KeyError::Office(AccountError::Store(e)).into()),
            ("signing in", |e| SignInError::Store(e).into()),
            ("passwords", |e| ChangeError::SignIn(SignInError::Store(e)).into()),
            ("links", |e| LinkError::Store(e).into()),
        ];
        for (what, problem) in ways {
            let told = problem(conflict());
            assert_eq!((told.status, told.kind), (409, "/problems/conflict"), "{what}");
            assert!(told.detail.contains("第 2 次"), "{what}: {}", told.detail);
            let told = problem(read_only());
            assert_eq!((told.status, told.kind), (503, "/problems/read-only"), "{what}");
            assert!(!told.detail.contains("磁盘已满"), "{what}: the reason goes to the log");
            let told = problem(StoreError::Engine("x".into()));
            assert_eq!((told.status, told.kind), (500, "/problems/internal"), "{what}");
        }
    }
}
