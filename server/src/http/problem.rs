//! The one envelope for everything that goes wrong: RFC 9457 `application/problem+json`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong and how to mend it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable; one for each sort of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    /// The parameter that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What may be given instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// Seconds after which to try again.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            parameter: None,
            allowed: Vec::new(),
            retry_after: None,
        }
    }

    pub fn bad_parameter(parameter: &str, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "/problems/bad-parameter", "参数有误", detail);
        Self { parameter: Some(parameter.to_owned()), ..problem }
    }

    pub fn with_allowed<S: Into<String>>(self, allowed: impl IntoIterator<Item = S>) -> Self {
        Self { allowed: allowed.into_iter().map(Into::into).collect(), ..self }
    }

    pub fn bad_query(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-query-string", "网址中的查询部分有误", detail)
    }

    pub fn bad_path() -> Self {
        let detail = "网址路径中的百分号编码不是 UTF-8 文字，请核对链接是否完整";
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-path", "网址有误", detail)
    }

    pub fn bad_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-body", "请求正文有误", detail)
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
    /// Whether whoever filled in a form can mend it, or wait for it to pass: it is told beside the form then, and nothing
    /// that was typed is lost.
    pub fn is_mendable(&self) -> bool {
        matches!(self.status, 409 | 422 | 429)
    }

    /// A page that tells the problem, answered as the problem is.
    pub fn beside(&self, mut page: Response) -> Response {
        *page.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(seconds) = self.retry_after {
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        page
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
