//! Whether the service lives and is ready, and its metrics.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{App, Problem},
    reading::lists::Progress,
};

#[derive(Serialize, ToSchema)]
pub struct HealthReply {
    /// `ok`.
    status: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct ReadyReply {
    /// `ready`.
    status: &'static str,
    /// 索引的编号。
    generation: u64,
    /// 启动后清单的依据还在核对时，核对到哪里；清单的页面在此期间以 503 答复，其他照常。
    #[serde(skip_serializing_if = "Option::is_none")]
    lists: Option<ListsProgress>,
}

/// 清单的核对。
#[derive(Serialize, ToSchema)]
pub struct ListsProgress {
    /// 已核对的条数。
    done: usize,
    /// 要核对的条数。
    of: usize,
}

/// 服务是否在运行。
#[utoipa::path(get, path = "/healthz", tag = "status",
    responses((status = 200, description = "在运行", body = HealthReply)))]
pub async fn healthz() -> Json<HealthReply> {
    Json(HealthReply { status: "ok" })
}

/// 服务是否可以答复检索、保存报送。
#[utoipa::path(get, path = "/readyz", tag = "status",
    responses((status = 200, description = "可以", body = ReadyReply)))]
pub async fn readyz(State(app): State<App>) -> Result<Json<ReadyReply>, Problem> {
    if let Some(reason) = app.store.closed() {
        return Err(Problem::read_only(Some(reason)));
    }
    let generation = app.generation()?;
    let lists = app.lists_progress().map(|Progress { done, of }| ListsProgress { done, of });
    Ok(Json(ReadyReply { status: "ready", generation: generation.number, lists }))
}

/// 供 Prometheus 采集的指标。
#[utoipa::path(get, path = "/metrics", tag = "status",
    responses((status = 200, description = "指标", body = String, content_type = "text/plain")))]
pub async fn metrics(State(app): State<App>) -> String {
    app.metrics.render()
}
