//! Uploading a document: it is read, what it seems to be is shown with the places that speak for it, and what somebody
//! confirms becomes a submission.

use askama::Template;
use axum::{
    extract::{Multipart, Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use indexer::{
    corpus::documents::{Field, Form, MAX_UPLOAD},
    record::{AttachedFile, Body, Date, DocumentKind, Regulation, RegulationLevel, Weight, Word},
};

use super::{
    super::private,
    Me,
    attachments::{Looked, look_through},
    edit,
    forms::{self, GeneralFields},
    led, notice, picker, scheme, submission,
};
use crate::{
    access::{Session, Submitted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        sending,
        signed::{self, Sent, SignedIn},
        uploads::{self, AllBrought, Come, MAX_OF_AN_OFFICE},
    },
    sharing::{self, Confirmed, MAX_ATTACHED_FILE, Sha256Hex, Upload},
    urls,
    workflow::{self, Draft, Noted, as_submission, draft},
};

/// Table of who has uploaded which file, and of the files that came with one, by the same names.
const UPLOADS: &str = "upload";
const ATTACHED: &str = "upload_attached";
/// Files listed that wait to be confirmed: some days' work.
const MAX_PENDING: usize = 50;
/// Characters of the text shown beside the form: the first pages, where a document says what it is.
const SHOWN_CHARS: usize = 6_000;

/// Events of one notice: the longest lists of institutions that a reform changes have some hundreds.
const MAX_EVENTS: u32 = 1_000;

#[derive(Template)]
#[template(path = "console/upload.html")]
struct UploadPage {
    q: String,
    me: Me,
    limit_mib: usize,
    /// The same of a file that goes with it.
    attached_mib: usize,
    /// Files at a time.
    most: usize,
    pending: Vec<Pending>,
    told: Told,
}

#[derive(Template)]
#[template(path = "console/confirm.html")]
struct ConfirmPage {
    q: String,
    me: Me,
    hash: String,
    file_name: String,
    format: &'static str,
    pages: Option<u32>,
    size_kib: u64,
    warnings: Vec<String>,
    /// The files that came with it.
    attached: Vec<AttachedFile>,
    no_text: bool,
    known: Option<String>,
    form: GeneralFields,
    /// Field, why it is so, where the text says so.
    reasons: Vec<Reason>,
    /// The beginning of the text, in pieces: whether a piece is evidence, and of which fields.
    text: Vec<Piece>,
    cut: bool,
    articles: usize,
    note: String,
}

struct Reason {
    field: &'static str,
    reason: String,
    found: bool,
    /// Number of the mark in the text, where it is shown.
    mark: Option<usize>,
}

struct Piece {
    text: String,
    mark: Option<(usize, &'static str)>,
}

/// What the page of uploads tells: a fault, and what came of each of several files.
#[derive(Default)]
struct Told {
    fault: Option<String>,
    /// The files that could not be read, each with why.
    failed: Vec<(String, String)>,
    /// How many of several were kept.
    kept: usize,
}

/// A file that was uploaded and waits to be confirmed.
struct Pending {
    hash: String,
    name: String,
    address: String,
}

pub async fn page(State(app): State<App>, SignedIn(session, _): SignedIn<acts::Submit>) -> Result<Response, Problem> {
    aside(move || upload_page(&app, &session, Told::default())).await
}

fn upload_page(app: &App, session: &Session, told: Told) -> Result<Response, Problem> {
    let wrong = told.fault.is_some() || (!told.failed.is_empty() && told.kept == 0);
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let limit_mib = MAX_UPLOAD >> 20;
    let page = UploadPage {
        q: String::new(),
        me: Me::new(session),
        limit_mib,
        attached_mib: MAX_ATTACHED_FILE >> 20,
        most: MAX_OF_AN_OFFICE,
        pending: pending(app, session)?,
        told,
    };
    private(status, &page)
}

/// The files of an account that wait to be confirmed.
fn pending(app: &App, session: &Session) -> Result<Vec<Pending>, Problem> {
    let own = format!("{} ", session.actor.name);
    let listed = app.store.secrets_starting(UPLOADS, &own)?;
    // What was confirmed has no name any more.
    let waiting = listed.into_iter().filter(|(_, name)| !name.is_empty()).take(MAX_PENDING);
    Ok(waiting
        .map(|(key, name)| {
            let hash = key.trim_start_matches(&own).to_owned();
            Pending { address: urls::console::upload(&hash, &name), hash, name }
        })
        .collect())
}

/// Keeps the files and leads to the form of the one, or lists those of several. Whatever cannot be read is refused, and
/// nothing of it is kept; the others are.
pub async fn submit(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    headers: HeaderMap,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Problem> {
    signed::from_our_own_pages(&headers)?;
    let AllBrought { fields, files, attached } =
        uploads::all_brought(&app, &session.actor, multipart, &["token"], MAX_UPLOAD).await?;
    signed::check_token(&session, fields.get("token"))?;
    let several = files.len() > 1;
    let wrong = match (files.is_empty(), several && !attached.is_empty()) {
        (true, _) => Some("请选择要上传的文件（文件不能是空的）".to_owned()),
        (_, true) => Some("附件随一份文件上传：一次选几份的，请逐份核对报送，再在报送的页面加附件".to_owned()),
        _ => None,
    };
    if wrong.is_some() {
        return aside(move || upload_page(&app, &session, Told { fault: wrong, ..Told::default() })).await;
    }
    // Looked through before anything is kept.
    let mut looked = Vec::new();
    for (name, come) in attached {
        let fault = match come.file.size > MAX_ATTACHED_FILE as u64 {
            true => format!("“{name}”过大：每个附件至多 {} MiB", MAX_ATTACHED_FILE >> 20),
            false => match look_through(&app, &session.actor, name.clone(), come).await {
                Ok(file) => {
                    looked.push(file);
                    continue;
                }
                Err(problem) if problem.status < 500 => format!("附件“{name}”没有收下：{}", problem.detail),
                Err(problem) => return Err(problem),
            },
        };
        let told = Told { fault: Some(fault), ..Told::default() };
        return aside(move || upload_page(&app, &session, told)).await;
    }
    let mut listed = Vec::new();
    if let Some(fault) = looked.iter().find_map(|file| file.put_to(&mut listed).err()) {
        let told = Told { fault: Some(format!("附件没有收下：{fault}")), ..Told::default() };
        return aside(move || upload_page(&app, &session, told)).await;
    }
    let (mut told, mut with) = (Told::default(), (listed, looked));
    for (name, come) in files {
        let name = sharing::file_name(std::path::Path::new(&name));
        match keep(&app, &session, &name, come, std::mem::take(&mut with)).await {
            Ok(Ok(_)) if several => told.kept += 1,
            Ok(Ok(hash)) => return Ok(Redirect::to(&urls::console::upload(&hash, &name)).into_response()),
            Ok(Err(fault)) if several => told.failed.push((name, fault)),
            Ok(Err(fault)) => told.fault = Some(fault),
            // Of several, those that came before are kept and listed; the rest is reported with them.
            Err(problem) if several && problem.status < 500 => told.failed.push((name, problem.detail)),
            Err(problem) => return Err(problem),
        }
    }
    aside(move || upload_page(&app, &session, told)).await
}

/// Reads a file and keeps it for whoever brought it, with those that came with it; its hash, or why it cannot be read.
async fn keep(
    app: &App,
    session: &Session,
    name: &str,
    come: Come,
    (listed, looked): (Vec<AttachedFile>, Vec<Looked>),
) -> Result<Result<String, String>, Problem> {
    // Only now, so that nobody holds a turn by sending slowly; and until the file is read, whoever has gone meanwhile.
    let turn = app.readings.turn(&session.actor.office()).await?;
    let (app, by, name) = (app.clone(), session.clone(), name.to_owned());
    aside(move || {
        let read = sharing::read(&app.store, &app.reader, &come.file, &name);
        drop(turn);
        let upload = match read {
            Ok(upload) => upload,
            Err(error) => match Problem::from(error) {
                told if told.status == 422 => return Ok(Err(told.detail)),
                problem => return Err(problem),
            },
        };
        let hash = upload.hash.to_string();
        let holder = uploaded(&by, &hash);
        let size = looked.iter().map(|file| file.size).fold(upload.size, u64::saturating_add);
        app.allowed(&by.actor, Submitted::file(size), || {
            app.files.take(come.file)?;
            looked.into_iter().try_for_each(|file| file.keep(&app, &holder).map(|_| ()))?;
            set_waiting(&app, &holder, Some(name.as_str()), &listed)
        })?;
        Ok(Ok(hash))
    })
    .await
}

/// Says under which name an upload waits and which files are with it, in one write; what came with it before is
/// forgotten.
fn set_waiting(app: &App, holder: &str, name: Option<&str>, with: &[AttachedFile]) -> Result<(), Problem> {
    let gone: Vec<String> = listed(app, holder)?
        .into_iter()
        .map(|file| file.sha256)
        .filter(|before| with.iter().all(|file| file.sha256 != *before))
        .collect();
    let with = match with {
        [] => None,
        with => Some(serde_json::to_string(with).map_err(|error| Problem::internal(&error))?),
    };
    Ok(app.store.change_secrets(|secrets| {
        for (table, value) in [(UPLOADS, name), (ATTACHED, with.as_deref())] {
            match value {
                Some(value) => secrets.put(table, holder, value),
                None => secrets.delete(table, holder),
            }
        }
        gone.iter().try_for_each(|hash| workflow::forget_file(secrets, holder, hash))
    })?)
}

/// The files that came with an upload.
fn listed(app: &App, holder: &str) -> Result<Vec<AttachedFile>, Problem> {
    let kept = app.store.secret(ATTACHED, holder)?;
    let files = kept.map(|kept| serde_json::from_str(&kept)).transpose().map_err(|error| Problem::internal(&error))?;
    Ok(files.unwrap_or_default())
}

/// The files that came with one, those that are still there.
fn attached_to(app: &App, session: &Session, of: &Sha256Hex) -> Result<Vec<AttachedFile>, Problem> {
    let mut files = listed(app, &uploaded(session, &of.to_string()))?;
    files.retain(|file| file.sha256.parse().is_ok_and(|hash| app.files.path(&hash).exists()));
    Ok(files)
}

/// Takes a file off those that wait to be confirmed.
pub async fn drop_pending(
    State(app): State<App>,
    Path(hash): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, _) = sent.read(&[])?;
    led(move || {
        let none = || Problem::not_found("没有这个等待核对的文件");
        let hash: Sha256Hex = hash.parse().map_err(|()| none())?;
        let name = uploaded(&session, &hash.to_string());
        app.store.secret(UPLOADS, &name)?.filter(|name| !name.is_empty()).ok_or_else(none)?;
        set_waiting(&app, &name, None, &[])?;
        Ok("/console/upload".to_owned())
    })
    .await
}

pub async fn confirm(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(hash): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["name", "as", "event"])?;
    let name = params.get("name").unwrap_or_default().to_owned();
    let as_regulation = params.get("as") == Some("norm");
    let chosen = match params.get("as") {
        Some("text") => notice::Chosen::Text(params.number("event", 1, MAX_EVENTS)? as usize - 1),
        _ => notice::Chosen::Event(params.number("event", 1, MAX_EVENTS)? as usize - 1),
    };
    let turn = app.readings.turn(&session.actor.office()).await?;
    aside(move || {
        let _turn = turn;
        let mut upload = kept(&app, &session, &hash, &name)?;
        if !as_regulation && !attached_to(&app, &session, &upload.hash)?.is_empty() && is_no_regulation(&upload) {
            upload.document.warnings.push("一起上传的附件只随法规文件保存：要带附件的，请改按法规文件读取".to_owned());
        }
        // A notice that lists duties is read as the scheme that it is besides.
        let as_scheme = params.get("as") == Some("scheme") && scheme::duties_listed(&upload.document) > 0;
        if !as_regulation && (as_scheme || scheme::is_one(&upload.document)) {
            return scheme::page(&app, &session, &upload);
        }
        if !as_regulation && notice::is_one(&upload.document) {
            return notice::page(&app, &session, &upload, chosen);
        }
        let mut form = proposed(&upload);
        // Nothing in the text spoke for a division: the account's own is the likeliest, and it is there to be changed.
        if form.text("division").is_empty() && !session.actor.division.is_nation() {
            form = form.with("division", session.actor.division.to_string());
        }
        confirm_page(&app, &session, &upload, form, String::new())
    })
    .await
}

/// Whether it is read as something else than a regulation.
fn is_no_regulation(upload: &Upload) -> bool {
    scheme::is_one(&upload.document) || notice::is_one(&upload.document)
}

/// An office answers for what it confirms. A regulation keeps neither the source nor the day of a word.
const WORD: Word<'static> = Word { source: "", weight: Weight::Office, day: Date::ZERO };

/// A regulation of which nothing is known yet.
fn blank() -> Body {
    Body::Regulation(Regulation::blank("", RegulationLevel::Other))
}

/// The form as the text proposes it; what nothing speaks for is left to be chosen.
fn proposed(upload: &Upload) -> GeneralFields {
    let form = upload.proposal.form();
    let (level, kind) = (form.level, form.document_kind);
    let regulation = Regulation {
        title: form.title,
        issuers: form.issuers,
        document_number: form.document_number,
        division: form.division,
        version_date: form.version_date,
        published: form.published,
        effective: form.effective,
        ..Regulation::blank("", RegulationLevel::Other)
    };
    GeneralFields::of(&Body::Regulation(regulation))
        .with("level", level.map_or("", RegulationLevel::label).to_owned())
        .with("document_kind", kind.map_or("", DocumentKind::label).to_owned())
}

/// Name of an upload among the secrets.
fn uploaded(session: &Session, hash: &str) -> String {
    format!("{} {hash}", session.actor.name)
}

/// A file that was uploaded, read again, for whoever uploaded it: hashes are no secret, drafts are.
fn kept(app: &App, session: &Session, hash: &str, name: &str) -> Result<Upload, Problem> {
    let none = || Problem::not_found("没有这个上传的文件，请重新上传");
    let hash: Sha256Hex = hash.parse().map_err(|()| none())?;
    app.store.secret(UPLOADS, &uploaded(session, &hash.to_string()))?.ok_or_else(none)?;
    let name = sharing::file_name(std::path::Path::new(name));
    let original = app.files.find(&hash)?.ok_or_else(none)?;
    Ok(sharing::read(&app.store, &app.reader, &original, &name)?)
}

pub async fn confirmed(
    State(app): State<App>,
    Path(hash): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let hands_in = forms::hands_in(&fields)?;
    let turn = app.readings.turn(&session.actor.office()).await?;
    aside(move || {
        let _turn = turn;
        let upload = kept(&app, &session, &hash, fields.get("name"))?;
        if picker::wanted(&fields).is_some() {
            picker::fill_in(&app, &mut fields, &GeneralFields::of(&blank()).asking())?;
            let form = GeneralFields::read(&fields, &blank()).with_pickers(&app, Some(&fields))?;
            return confirm_page(&app, &session, &upload, form, fields.get(forms::NOTE).to_owned());
        }
        let (form, note) = (GeneralFields::read(&fields, &blank()), fields.get(forms::NOTE).to_owned());
        let again = |problem: Problem| {
            // Another division is a field of the form.
            let problem = if problem.status == 403 { Problem::unprocessable(problem.detail) } else { problem };
            if !problem.is_mendable() {
                return Err(problem);
            }
            let upload = kept(&app, &session, &hash, fields.get("name"))?;
            let form = form.clone().with_faults(problem.field_faults());
            Ok(problem.on_page(confirm_page(&app, &session, &upload, form, note.clone())?))
        };
        let (facts, publication) = match form.apply(None, &blank(), WORD) {
            Ok(Body::Regulation(regulation)) => (Form::of(&regulation), regulation.publication),
            Ok(_) => return again(Problem::unprocessable("这里只收法规文件".to_owned())),
            Err(faults) => return again(Problem::in_fields(faults)),
        };
        let attached = attached_to(&app, &session, &upload.hash)?;
        let Confirmed { id, mut regulation, provenance, based_on } = match sharing::confirm(&app.store, upload, facts) {
            Ok(confirmed) => confirmed,
            Err(error) => return again(error.into()),
        };
        // The text says nothing of these.
        regulation.publication = publication;
        regulation.publication.attachments = attached.clone();
        let proposed = Draft {
            target: id,
            based_on,
            content: Some(Body::Regulation(regulation)),
            provenance: vec![provenance],
            answers: None,
            note: note.clone(),
        };
        let written = app.allowed(&session.actor, Submitted::submissions(1), || {
            let written = draft(&app.store, &session.actor, proposed)?;
            edit::hand_in(&app, &session, &written, hands_in)?;
            Ok(written)
        });
        if let Ok(written) = &written {
            let holder = uploaded(&session, &hash);
            app.store.change_secrets(|secrets| {
                attached.iter().try_for_each(|f| workflow::hand_over_file(secrets, &holder, &written.id, &f.sha256))
            })?;
            // It waits no more; whoever goes back to the form still finds the file.
            set_waiting(&app, &holder, Some(""), &[])?;
        }
        match written {
            Ok(written) => Ok(Redirect::to(&urls::submission(&written.id)).into_response()),
            Err(problem) => again(problem),
        }
    })
    .await
}

fn confirm_page(
    app: &App,
    session: &Session,
    upload: &Upload,
    form: GeneralFields,
    note: String,
) -> Result<Response, Problem> {
    let known = sharing::known(&app.store, upload, Some(form.text("document_number")).filter(|n| !n.is_empty()))?;
    let (text, reasons, cut) = evidence(upload);
    let attached = attached_to(app, session, &upload.hash)?;
    let mut warnings: Vec<String> = upload.document.warnings.iter().cloned().chain(disclosed_numbers(upload)).collect();
    for file in &attached {
        let Noted { number, unread } = workflow::noted(&app.store, &file.sha256)?;
        warnings.extend(number.map(|number| {
            format!(
                "附件“{}”写有编制数或者职数（“{number}”）。附件公布以后人人可见；不公开的，请不要附上，或者先从文件中删去",
                file.name
            )
        }));
        warnings.extend(unread.map(|why| {
            format!("附件“{}”{why}，没有查过是否写有不公开的编制数：附件公布以后人人可见，请看过再附上", file.name)
        }));
    }
    private(
        StatusCode::OK,
        &ConfirmPage {
            q: String::new(),
            me: Me::new(session),
            hash: upload.hash.to_string(),
            file_name: upload.file_name.clone(),
            format: upload.document.format.label(),
            pages: upload.document.pages,
            size_kib: upload.size.div_ceil(1024),
            warnings,
            attached,
            no_text: !upload.document.has_text,
            known: known.map(|k| k.to_string()),
            form: if form.inputs.iter().any(|input| input.picker.is_some()) {
                form
            } else {
                form.with_pickers(app, None)?
            },
            reasons,
            text,
            cut,
            articles: upload.proposal.text.articles.len(),
            note,
        },
    )
}

/// The text of a regulation and its original are for everybody.
fn disclosed_numbers(upload: &Upload) -> Option<String> {
    let text = upload.document.text();
    let number = workflow::staff_number_in(&text)?;
    Some(format!(
        "正文写有编制数或者职数（“{number}”）。法规的正文和原件公布以后人人可见；不公开的，请不要在这里报送，或者先从文件中删去"
    ))
}

/// The beginning of the text with its evidence marked, and the reasons of the fields.
fn evidence(upload: &Upload) -> (Vec<Piece>, Vec<Reason>, bool) {
    let text = upload.document.text();
    let end = text.char_indices().nth(SHOWN_CHARS).map_or(text.len(), |(at, _)| at);
    let p = &upload.proposal;
    let mut marks: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut reasons = Vec::new();
    fn note<T>(
        field: &'static str,
        f: &Field<T>,
        end: usize,
        marks: &mut Vec<(usize, usize, &'static str)>,
        reasons: &mut Vec<Reason>,
    ) {
        let shown = f.evidence.first().filter(|span| span.end <= end);
        if let Some(span) = shown {
            marks.push((span.start, span.end, field));
        }
        reasons.push(Reason {
            field,
            reason: f.reason.clone(),
            found: f.value.is_some(),
            mark: shown.map(|s| s.start),
        });
    }
    note("标题", &p.title, end, &mut marks, &mut reasons);
    note("文号", &p.document_number, end, &mut marks, &mut reasons);
    note("制定机关", &p.issuers, end, &mut marks, &mut reasons);
    note("效力层级", &p.level, end, &mut marks, &mut reasons);
    note("文件种类", &p.document_kind, end, &mut marks, &mut reasons);
    note("区划", &p.division, end, &mut marks, &mut reasons);
    note("成文日期", &p.version_date, end, &mut marks, &mut reasons);
    note("公布日期", &p.published, end, &mut marks, &mut reasons);
    note("施行日期", &p.effective, end, &mut marks, &mut reasons);
    marks.sort_unstable_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let mut pieces = Vec::new();
    let (mut at, mut numbers) = (0, Vec::new());
    for (start, stop, field) in marks {
        // Fields that rest on the same place share its mark.
        if start >= at && start < stop {
            pieces.push(Piece { text: text[at..start].to_owned(), mark: None });
            numbers.push((start, stop, numbers.len() + 1));
            pieces.push(Piece { text: text[start..stop].to_owned(), mark: Some((numbers.len(), field)) });
            at = stop;
        }
    }
    pieces.push(Piece { text: text[at..end.max(at)].to_owned(), mark: None });
    for reason in &mut reasons {
        let place = reason.mark;
        reason.mark = numbers
            .iter()
            .find(|(start, stop, _)| place.is_some_and(|p| (*start..*stop).contains(&p)))
            .map(|(.., number)| *number);
    }
    pieces.retain(|p| !p.text.is_empty());
    (pieces, reasons, end < text.len())
}

/// The original of a submission, for those who may read it.
pub async fn original(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    headers: HeaderMap,
    Path(hash): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["submission"])?;
    let id = params.get("submission").unwrap_or_default().to_owned();
    sending::original(app, headers, move |app| {
        let none = || Problem::not_found("这份报送没有这个原件");
        let record = submission::find(app, &session, &id)?;
        let s = as_submission(&record).ok_or_else(none)?;
        let hash: Sha256Hex = hash.parse().map_err(|()| none())?;
        let source = s.provenance.iter().find(|p| sharing::original_of(p).as_ref() == Some(&hash)).ok_or_else(none)?;
        Ok((hash, source.upload_name().unwrap_or("原件").to_owned()))
    })
    .await
}
