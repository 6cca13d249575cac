//! The file that a record was made from, byte for byte.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use crate::{
    http::{App, Problem, aside::aside, records::find_regulation, sending},
    sharing,
};

pub async fn download(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Problem> {
    let place = app.downloads.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let worker = app.clone();
    let work = aside(move || -> Result<_, Problem> {
        let (record, _) = find_regulation(&worker, &id)?;
        let none = || Problem::not_found("这部法规不是由上传的文件收录的，没有原件");
        let hash = sharing::original(&record).ok_or_else(none)?;
        Ok((hash, sharing::original_name(&record).unwrap_or("原件").to_owned()))
    });
    let (hash, name) = work.await?;
    sending::original(&headers, place, &app.files.path(&hash), &hash, &name).await
}
