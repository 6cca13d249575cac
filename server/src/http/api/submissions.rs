//! `/submissions`: handing in by other systems of an office, with its key.

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use indexer::{corpus::documents::Form, record::Body};
use serde_json::{Value, json};

use crate::{
    access::{self, Act, Handed, Subject},
    clock::moment,
    http::{App, Problem, aside::aside, signed::Keyed, uploads},
    sharing::{self, Confirmed},
    workflow::{self, Draft, as_submission, draft},
};

/// Largest part of a request besides the file, in bytes.
const MAX_FORM: usize = 64 << 10;

/// 报送一份文件，等待审核。
#[utoipa::path(post, path = "/api/v1/submissions",
    request_body(content_type = "multipart/form-data", description = "file：文件；form：改正识别结果的 JSON（可省，字段同 dry_run 返回的 form）；note：说明；dry_run：1 只识别不保存"),
    responses((status = 200, description = "dry_run：识别出的各项和依据"), (status = 201, description = "已提交审核"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem), (status = 429, description = "贵单位今天的份数或字节数已满", body = Problem)))]
pub async fn submit(
    State(app): State<App>,
    Keyed(actor): Keyed,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Problem> {
    access::may(Some(&actor), Act::Submit, &Subject::of(&actor.division))?;
    let mut multipart = multipart.map_err(|_| Problem::bad_body("请求正文应为 multipart/form-data"))?;
    let (mut file, mut form, mut note, mut dry_run) = (None, None, String::new(), false);
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => uploads::too_large(),
        _ => Problem::bad_body("请求正文不是完整的 multipart/form-data"),
    };
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let name = field.file_name().unwrap_or_default().to_owned();
            file = Some((name, uploads::receive(&app, &actor, field, broken).await?));
            continue;
        }
        let text = uploads::short(field, MAX_FORM, broken).await?;
        match name.as_str() {
            "form" => {
                let read = serde_json::from_str::<Form>(&text);
                form = Some(read.map_err(|e| Problem::bad_body(format!("form 不符合要求：{e}")))?);
            }
            "note" => note = text,
            "dry_run" => dry_run = text == "1",
            _ => {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(Problem::bad_body(format!("不认识字段“{shown}”，可用：file、form、note、dry_run")));
            }
        }
    }
    let (name, come) = file.ok_or_else(|| Problem::bad_body("缺少 file：请附上文件"))?;
    // Only now, so that nobody holds a turn by sending slowly; and until the work is done, whoever has gone meanwhile.
    let turn = app.readings.turn(&actor.office()).await?;
    let name = sharing::file_name(std::path::Path::new(&name));
    let work = aside(move || -> Result<_, Problem> {
        let upload = sharing::read(&app.store, &app.reader, &come.file, &name)?;
        // What is left to do is no reading.
        drop(turn);
        let form = form.unwrap_or_else(|| upload.proposal.form());
        if dry_run {
            let known = sharing::known(&app.store, &upload, form.document_number.as_deref())?;
            let reply = json!({
                "sha256": upload.hash.to_string(), "has_text": upload.document.has_text,
                "warnings": upload.document.warnings, "form": form, "proposal": upload.proposal,
                "known": known.map(|k| k.to_string()),
            });
            return Ok((StatusCode::OK, reply));
        }
        let size = upload.size;
        let Confirmed { id, norm, provenance, based_on } = sharing::confirm(&app.store, upload, form)?;
        let proposed = Draft {
            target: id,
            based_on,
            content: Some(Body::Regulation(norm)),
            provenance: vec![provenance],
            answers: None,
            note,
        };
        app.allow(&actor, Handed::file(size))?;
        app.files.take(come.file)?;
        let sent = app.allowed(&actor, Handed::submissions(1), || {
            let written = draft(&app.store, &actor, proposed)?;
            Ok(workflow::hand_in(&app.store, &app.desk, &actor, &written.id, written.revision)?)
        })?;
        Ok((StatusCode::CREATED, told(&app, &sent)?))
    });
    let (status, reply) = work.await?;
    Ok((status, no_store(), Json(reply)).into_response())
}

/// 一份报送的办理情况。
#[utoipa::path(get, path = "/api/v1/submissions/{id}", params(("id" = String, Path, description = "报送的编号")),
    responses((status = 200, description = "状态和经过"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn status(State(app): State<App>, Keyed(actor): Keyed, Path(id): Path<String>) -> Result<Response, Problem> {
    let work = aside(move || {
        let none = || Problem::not_found("没有这份报送，或者它不是这个密钥的机构报送的");
        let record = app.store.get(&id)?.ok_or_else(none)?;
        let s = as_submission(&record).ok_or_else(none)?;
        let division = workflow::division_of(&record);
        access::may(Some(&actor), Act::Read, &workflow::subject(&record, &division)).map_err(|_| none())?;
        // A key sees its own office's: it stands for a system, not for somebody who reviews.
        if s.office != actor.office() {
            return Err(none());
        }
        told(&app, &record)
    });
    let reply = work.await?;
    Ok((no_store(), Json(reply)).into_response())
}

fn told(app: &App, record: &indexer::record::Record) -> Result<Value, Problem> {
    let s = as_submission(record);
    let history: Vec<Value> = app
        .store
        .revisions(&record.id)?
        .iter()
        .map(|i| json!({"revision": i.revision, "at": moment(i.at), "state": i.state, "author": i.author, "reason": i.reason}))
        .collect();
    Ok(json!({
        "id": record.id, "revision": record.revision, "state": record.state, "title": record.body.title(),
        "target": s.map(|s| s.target.clone()), "due": s.and_then(|s| s.due), "letters": s.map(|s| s.letters.as_slice()).unwrap_or_default(), "history": history,
    }))
}

fn no_store() -> [(axum::http::HeaderName, &'static str); 1] {
    [(axum::http::header::CACHE_CONTROL, "no-store")]
}
