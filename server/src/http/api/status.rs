//! Whether the service lives and is ready, and its metrics.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{App, Problem};

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
    Ok(Json(ReadyReply { status: "ready", generation: generation.number }))
}

/// 供 Prometheus 采集的指标。
#[utoipa::path(get, path = "/metrics", tag = "status",
    responses((status = 200, description = "指标", body = String, content_type = "text/plain")))]
pub async fn metrics(State(app): State<App>) -> String {
    app.metrics.render()
}
