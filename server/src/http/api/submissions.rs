//! `/submissions`: handing in by other systems of an office, with its key.

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use indexer::{
    corpus::documents::{Form, Proposal},
    record::{Body, Date, Letter, Record, State as RecordState},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    parameters::{id, parameters, path},
    shapes::{FormShape, ProposalShape},
};

use crate::{
    access::{self, Act, Submitted, acts},
    clock::moment,
    http::{App, Problem, aside::aside, params::NoParams, signed::Keyed, uploads},
    sharing::{self, Confirmed},
    store::RevisionInfo,
    workflow::{self, Draft, as_submission, draft},
};

/// Largest part of a request besides the file, in bytes.
const MAX_FORM: usize = 64 << 10;

/// 报送的一份文件和对它的说明。
#[derive(ToSchema)]
#[allow(dead_code, reason = "only described: the parts are read while they come")]
pub struct UploadForm {
    /// 文件，最多 64 MiB：docx、ofd、pdf、html、txt。
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// 改正识别结果的 JSON，字段同 dry_run 答复的 form；可省。
    #[schema(required = false)]
    form: FormShape,
    /// 给审核员的说明；可省。
    #[schema(required = false)]
    note: String,
    /// 1：只识别，不保存。
    #[schema(schema_with = super::parameters::flag)]
    dry_run: Option<String>,
}

/// 一份报送：办到哪一步，经过怎样。
#[derive(Serialize, ToSchema)]
pub struct SubmissionReply {
    id: String,
    revision: u64,
    /// `draft`、`submitted`、`returned`、`approved`、`published` 或 `withdrawn`。
    #[schema(value_type = String)]
    state: RecordState,
    title: String,
    /// 它要新增或改动的记录。
    target: Option<String>,
    /// 应当办结的日期。
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// 退回、撤回时给出的理由和函件。
    letters: Vec<LetterPart>,
    history: Vec<StepPart>,
}

/// 一封函件：为什么退回或撤回。
#[derive(Serialize, ToSchema)]
pub struct LetterPart {
    act: String,
    /// 理由代码，见 /api/v1/reasons。
    code: String,
    label: String,
    /// 另写的说明。
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    said: String,
    text: String,
    #[schema(value_type = String, format = Date)]
    day: Date,
}

impl LetterPart {
    fn of(letter: &Letter) -> Self {
        let Letter { act, code, label, said, text, day } = letter.clone();
        Self { act, code, label, said, text, day }
    }
}

#[derive(Serialize, ToSchema)]
pub struct StepPart {
    revision: u64,
    /// 北京时间：2026-01-02 08:00:00。
    at: String,
    #[schema(value_type = String)]
    state: RecordState,
    author: String,
    reason: String,
}

/// 从文件识别出的各项。
#[derive(Serialize, ToSchema)]
pub struct ReadReply {
    sha256: String,
    /// 是否有文字；扫描件没有。
    has_text: bool,
    warnings: Vec<String>,
    #[schema(value_type = FormShape)]
    form: Form,
    #[schema(value_type = ProposalShape)]
    proposal: Proposal,
    /// 已有的同一份文件，或者同一文号的文件。
    known: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Read(Box<ReadReply>),
    Sent(SubmissionReply),
}

parameters! {
    SubmissionId: [path("id", "报送的编号", id(), "s-1")];
}

/// 报送一份文件，等待审核。
#[utoipa::path(post, path = "/api/v1/submissions", tag = "submissions", security(("key" = [])),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "dry_run：识别出的各项和依据", body = ReadReply),
        (status = 201, description = "已提交审核", body = SubmissionReply),
        (status = 403),
        (status = 409, description = "已有同一份文件，或者同一文号、同一版本"),
        (status = 422),
        (status = 429, description = "密钥每分钟的次数，或者贵单位今天的份数、字节数已经用完"),
    ))]
pub async fn submit(
    State(app): State<App>,
    Keyed(actor, _): Keyed<acts::Submit>,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Problem> {
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
            // As a form sends what was left out.
            "form" if text.is_empty() => {}
            "form" => {
                let read = serde_json::from_str::<Form>(&text);
                form = Some(read.map_err(|e| Problem::bad_body(format!("form 不符合要求：{e}")))?);
            }
            "note" => note = text,
            "dry_run" => {
                // Whoever means to try and mistypes it must not hand in.
                dry_run = match text.as_str() {
                    "" | "0" => false,
                    "1" => true,
                    _ => return Err(Problem::bad_parameter("dry_run", "dry_run 应为 0 或 1").with_allowed(["0", "1"])),
                };
            }
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
            let reply = ReadReply {
                sha256: upload.hash.to_string(),
                has_text: upload.document.has_text,
                warnings: upload.document.warnings,
                form,
                proposal: upload.proposal,
                known: known.map(|k| k.to_string()),
            };
            return Ok((StatusCode::OK, Answer::Read(Box::new(reply))));
        }
        let size = upload.size;
        let Confirmed { id, regulation, provenance, based_on } = sharing::confirm(&app.store, upload, form)?;
        let proposed = Draft {
            target: id,
            based_on,
            content: Some(Body::Regulation(regulation)),
            provenance: vec![provenance],
            answers: None,
            note,
        };
        app.allow(&actor, Submitted::file(size))?;
        app.files.take(come.file)?;
        let sent = app.allowed(&actor, Submitted::submissions(1), || {
            let written = draft(&app.store, &actor, proposed)?;
            Ok(workflow::hand_in(&app.store, &app.desk, &actor, &written.id, written.revision)?)
        })?;
        Ok((StatusCode::CREATED, Answer::Sent(reply_of(&app, &sent)?)))
    });
    let (status, reply) = work.await?;
    Ok((status, no_store(), Json(reply)).into_response())
}

/// 一份报送的办理情况。
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", security(("key" = [])), params(SubmissionId),
    responses((status = 200, description = "状态和经过", body = SubmissionReply), (status = 403), (status = 404)))]
pub async fn status(
    State(app): State<App>,
    _: NoParams,
    Keyed(actor, _): Keyed<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
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
        reply_of(&app, &record)
    });
    let reply = work.await?;
    Ok((no_store(), Json(reply)).into_response())
}

fn reply_of(app: &App, record: &Record) -> Result<SubmissionReply, Problem> {
    let s = as_submission(record);
    let step = |i: RevisionInfo| StepPart {
        revision: i.revision,
        at: moment(i.at),
        state: i.state,
        author: i.author,
        reason: i.reason,
    };
    Ok(SubmissionReply {
        id: record.id.clone(),
        revision: record.revision,
        state: record.state,
        title: record.body.title().to_owned(),
        target: s.map(|s| s.target.clone()),
        due: s.and_then(|s| s.due),
        letters: s.map(|s| s.letters.iter().map(LetterPart::of).collect()).unwrap_or_default(),
        history: app.store.revisions(&record.id)?.into_iter().map(step).collect(),
    })
}

fn no_store() -> [(axum::http::HeaderName, &'static str); 1] {
    [(axum::http::header::CACHE_CONTROL, "no-store")]
}
