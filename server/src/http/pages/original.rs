//! A regulation as a file: the one that its record was made from, byte for byte, and others made of its text.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    clock::today,
    http::{
        App, Problem,
        aside::aside,
        records::{find_facts, find_regulation},
        sending,
    },
    reading::export::Format,
    sharing, urls,
};

/// The text of a regulation as Markdown, plain text, a Word document or a PDF, with what it is at its front.
pub async fn text(State(app): State<App>, Path((id, format)): Path<(String, String)>) -> Result<Response, Problem> {
    let format = Format::ALL.into_iter().find(|f| f.name() == format);
    let format = format.ok_or_else(|| Problem::not_found("可以下载的格式：md、txt、docx、pdf"))?;
    let worker = app.clone();
    let (bytes, title) = aside(move || {
        let (_, regulation) = find_regulation(&worker, &id)?;
        let generation = worker.generation()?;
        let facts = find_facts(&generation, &id)?;
        let mut about = vec![format!("{}。{}。", facts.status.label(), facts.status_reason)];
        about.extend(regulation.document_number.iter().map(|number| format!("文号：{number}")));
        about.extend(facts.effective.map(|day| format!("施行日期：{day}")));
        about.push(format!("取自官搜 {}，{}。以公布机关的正式文本为准。", urls::regulation(&id), today()));
        Ok((format.write(&regulation, &about)?, regulation.title))
    })
    .await?;
    let name = urls::encode(&format!("{title}.{}", format.name()));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, bytes).into_response())
}

/// A file beside the text of a regulation.
pub async fn attached(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, hash)): Path<(String, String)>,
) -> Result<Response, Problem> {
    sending::original(app, headers, move |app| {
        let (record, _) = find_regulation(app, &id)?;
        Ok(sharing::find_attached(record.body.attached(), &hash)?)
    })
    .await
}

pub async fn download(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Problem> {
    sending::original(app, headers, move |app| {
        let (record, _) = find_regulation(app, &id)?;
        let none = || Problem::not_found("这部法规不是由上传的文件收录的，没有原件");
        let hash = sharing::original(&record).ok_or_else(none)?;
        Ok((hash, sharing::original_name(&record).unwrap_or("原件").to_owned()))
    })
    .await
}
