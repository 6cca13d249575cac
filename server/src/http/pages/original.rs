//! The file that a record was made from, byte for byte.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    http::{App, Problem, api::find_regulation},
    sharing,
};

/// Always offered for saving: what offices upload is never shown in this site's name.
pub async fn download(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Problem> {
    let work = tokio::task::spawn_blocking(move || -> Result<_, Problem> {
        let (record, _) = find_regulation(&app, &id)?;
        let none = || Problem::not_found("这部法规不是由上传的文件收录的，没有原件");
        let hash = sharing::original(&record).ok_or_else(none)?;
        let bytes = app.files.read(&hash).map_err(|e| Problem::internal(&e))?;
        let bytes = bytes.ok_or_else(|| Problem::not_found("原件不在本机"))?;
        let name = sharing::original_name(&record).unwrap_or("原件");
        let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        Ok((bytes, format!("attachment; filename*=UTF-8''{name}"), hash))
    });
    let (bytes, disposition, hash) = work.await.map_err(|e| Problem::internal(&e))??;
    let disposition = HeaderValue::try_from(disposition).map_err(|e| Problem::internal(&e))?;
    let tag = HeaderValue::try_from(format!("\"{hash}\"")).map_err(|e| Problem::internal(&e))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        // It may be withdrawn.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::ETAG, tag),
    ];
    Ok((headers, bytes).into_response())
}
