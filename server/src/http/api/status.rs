//! Whether the service lives and is ready, and its metrics.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::http::{App, Problem};

pub async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

pub async fn readyz(State(app): State<App>) -> Result<Json<Value>, Problem> {
    if let Some(reason) = app.store.closed() {
        return Err(Problem::read_only(Some(reason)));
    }
    let generation = app.generation()?;
    Ok(Json(json!({"status": "ready", "generation": generation.number})))
}

pub async fn metrics(State(app): State<App>) -> String {
    app.metrics.render()
}
