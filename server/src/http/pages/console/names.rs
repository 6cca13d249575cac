//! 网上名称申请: a new one with its pre-check, the queue, and one application with what may be done about it.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{
    FreezeReason, NameApplication, Record, State as RecordState,
    name_application::{self, Asked as Asks, Attached, Ground, Matter, Part, Then, Verdict},
};

use super::{
    super::private,
    Me,
    forms::chosen,
    led,
    moves::{AskedMove, LetterLine, codes},
    picker::{self, Picker},
};
use crate::{
    access::{Session, acts},
    clock::today,
    desk::{MAX_WORDS, ReasonedAct},
    http::{
        App, Problem,
        aside::aside,
        asks_for_json,
        faults::Faults,
        params::Params,
        proposed_name::{Asked, judged, may_be_filed},
        signed::{Fields, Sent, SignedIn},
    },
    naming::{self, Form, NamingError, as_application},
    urls,
    web_names::ValidateReply,
};

/// Applications listed on the page: the office's own, and those that wait; who has more goes through them from the
/// front.
const PER_PAGE: usize = 50;

const FIELDS: &[&str] = &[
    "revision",
    "name",
    "institution",
    "matter",
    "ground",
    "purpose",
    "consent",
    "contact",
    "agreed",
    "alternatives",
    "parallel",
    "main_name",
    "administrative",
    "freeze",
    "successor",
    "successor_document",
    "then",
    picker::LOOK,
    picker::PICK,
];

/// The fields that ask for the id of an institution.
const ASKING: [(&str, picker::Asks); 2] =
    [("institution", picker::Asks::Institution), ("successor", picker::Asks::Institution)];

struct Line {
    id: String,
    name: String,
    matter: &'static str,
    applicant: String,
    stage: &'static str,
    at_desk: &'static str,
    since: String,
    due: String,
    overdue: bool,
}

impl Line {
    fn new(record: &Record) -> Option<Self> {
        let a = as_application(record)?;
        let day = |day: Option<indexer::record::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Some(Self {
            id: record.id.clone(),
            name: a.name.clone(),
            matter: a.matter.label(),
            applicant: a.applicant.name.clone(),
            stage: a.stage.label(),
            at_desk: a.at_desk(),
            since: day(a.since()),
            due: day(a.due),
            overdue: a.due.is_some_and(|due| due < today()) && !a.stage.is_over(),
        })
    }
}

#[derive(Template)]
#[template(path = "console/names.html")]
struct Page {
    q: String,
    me: Me,
    own: Vec<Line>,
    waiting: Vec<Line>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    aside(move || {
        let actor = &session.actor;
        let lines = |records: Vec<Record>| records.iter().filter_map(Line::new).collect::<Vec<_>>();
        let waiting = naming::queue(&app.store, RecordState::Submitted, &actor.division, None, PER_PAGE)?;
        let approved = naming::queue(&app.store, RecordState::Approved, &actor.division, None, PER_PAGE)?;
        let waiting = waiting.records.into_iter().chain(approved.records).collect();
        let own = naming::own(&app.store, &actor.office(), None, PER_PAGE)?.records;
        let page = Page { q: String::new(), me: Me::new(&session), own: lines(own), waiting: lines(waiting) };
        private(StatusCode::OK, &page)
    })
    .await
}

/// What stands in the form.
#[derive(Default)]
struct Filled {
    name: String,
    institution: String,
    matter: &'static str,
    ground: &'static str,
    purpose: String,
    consent: String,
    contact: String,
    agreed: bool,
    alternatives: String,
    parallel: String,
    main_name: String,
    administrative: Option<bool>,
    freeze: &'static str,
    successor: String,
    successor_document: String,
}

impl Filled {
    /// The means to find the institutions that it asks for.
    fn pickers(&self, app: &App, fields: Option<&Fields>) -> Result<[Picker; 2], Problem> {
        let wanted = fields.and_then(picker::wanted);
        let [applicant, successor] = ASKING;
        Ok([
            Picker::new(app, applicant.1, applicant.0, &self.institution, wanted.as_ref())?,
            Picker::new(app, successor.1, successor.0, &self.successor, wanted.as_ref())?,
        ])
    }

    fn of(a: &NameApplication) -> Self {
        let successor = a.successor.as_ref();
        Self {
            name: a.name.clone(),
            institution: a.applicant.id.clone(),
            matter: a.matter.name(),
            ground: a.ground.name(),
            purpose: a.purpose.clone(),
            consent: a.consent.as_ref().map(|c| c.document.clone()).unwrap_or_default(),
            contact: a.contact.clone(),
            agreed: a.agreed,
            alternatives: a.alternatives.join("\n"),
            parallel: a.parallel.join("\n"),
            main_name: a.main_name.clone().unwrap_or_default(),
            administrative: a.applicant.administrative,
            freeze: a.freeze.map_or("", FreezeReason::label),
            successor: successor.and_then(|s| s.id.clone()).unwrap_or_default(),
            successor_document: successor.map(|s| s.document.clone()).unwrap_or_default(),
        }
    }

    /// What was typed; what is none of the words to choose from is the first of them.
    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            name: text("name"),
            institution: text("institution"),
            matter: Matter::ALL
                .into_iter()
                .find(|m| m.name() == fields.get("matter"))
                .unwrap_or(Matter::Register)
                .name(),
            ground: Ground::ALL
                .into_iter()
                .find(|g| g.name() == fields.get("ground"))
                .unwrap_or(Ground::FullName)
                .name(),
            purpose: text("purpose"),
            consent: text("consent"),
            contact: text("contact"),
            agreed: fields.get("agreed") == "1",
            alternatives: text("alternatives"),
            parallel: text("parallel"),
            main_name: text("main_name"),
            administrative: match fields.get("administrative") {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            },
            freeze: FreezeReason::ALL.into_iter().find(|r| r.label() == fields.get("freeze")).map_or("", |r| r.label()),
            successor: text("successor"),
            successor_document: text("successor_document"),
        }
    }

    fn matters(&self) -> Vec<(&'static str, &'static str, bool)> {
        Matter::ALL.map(|m| (m.name(), m.label(), m.name() == self.matter)).to_vec()
    }

    fn grounds(&self) -> Vec<(&'static str, &'static str, bool)> {
        Ground::ALL.map(|g| (g.name(), g.label(), g.name() == self.ground)).to_vec()
    }

    fn freezes(&self) -> Vec<(&'static str, bool)> {
        FreezeReason::ALL.map(|r| (r.label(), r.label() == self.freeze)).to_vec()
    }
}

/// Reads the form.
fn form(fields: &Fields) -> Result<Form<'_>, Problem> {
    let matter = chosen(fields, "matter", (Matter::ALL, Matter::name), "申请事项")?;
    let ground = chosen(fields, "ground", (Ground::ALL, Ground::name), "名称的依据")?;
    let freezes = !fields.get("freeze").is_empty();
    let freeze = freezes.then(|| chosen(fields, "freeze", (FreezeReason::ALL, FreezeReason::label), "冻结的原因"));
    let administrative = match fields.get("administrative") {
        "" => None,
        "1" => Some(true),
        "0" => Some(false),
        _ => return Err(Problem::unprocessable("请选择是否承担行政职能")),
    };
    Ok(Form {
        matter,
        name: fields.get("name"),
        institution: fields.get("institution"),
        ground,
        purpose: fields.get("purpose"),
        consent: fields.get("consent"),
        contact: fields.get("contact"),
        agreed: fields.get("agreed") == "1",
        alternatives: fields.get("alternatives").lines().collect(),
        parallel: fields.get("parallel").lines().collect(),
        main_name: fields.get("main_name"),
        administrative,
        freeze: freeze.transpose()?,
        successor: Some((fields.get("successor"), fields.get("successor_document")))
            .filter(|(id, _)| !id.trim().is_empty()),
    })
}

#[derive(Template)]
#[template(path = "console/name_new.html")]
struct NewPage {
    q: String,
    me: Me,
    form: Filled,
    applicant_picker: Picker,
    successor_picker: Picker,
    checked: Option<ValidateReply>,
    faults: Faults,
    longest: usize,
}

/// The form of a new application; with a name and an institution it is checked before anything is written.
pub async fn new_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["name", "institution"])?;
    let name = params.get("name").unwrap_or_default().to_owned();
    // Most offices apply for themselves.
    let institution = params.get("institution").map(str::to_owned);
    let institution = institution.or_else(|| session.actor.office_id.clone()).unwrap_or_default();
    aside(move || {
        let form = Filled {
            name,
            institution,
            matter: Matter::Register.name(),
            ground: Ground::FullName.name(),
            ..Filled::default()
        };
        private(StatusCode::OK, &NewPage::new(&app, &session, form, None)?.checked(&app))
    })
    .await
}

impl NewPage {
    /// The form with what stands in it; `fields`: what it was sent with.
    fn new(app: &App, session: &Session, form: Filled, fields: Option<&Fields>) -> Result<Self, Problem> {
        let [applicant_picker, successor_picker] = form.pickers(app, fields)?;
        Ok(Self {
            q: String::new(),
            me: Me::new(session),
            form,
            applicant_picker,
            successor_picker,
            checked: None,
            faults: Faults::default(),
            longest: MAX_WORDS,
        })
    }

    /// The form with what the rules say of its name, where there is one.
    fn checked(mut self, app: &App) -> Self {
        let name = self.form.name.trim();
        if name.is_empty() {
            return self;
        }
        let institution = Some(self.form.institution.trim()).filter(|id| !id.is_empty());
        let told = app
            .generation()
            .and_then(|generation| judged(app, &generation, &Asked { name, institution, ..Asked::default() }));
        match told {
            Ok(reply) => self.checked = Some(reply),
            // The rules know of the institution by its id alone.
            Err(problem) if problem.status == 404 => {
                self.faults = problem.blaming("institution", "申请单位").field_faults();
            }
            Err(problem) => self.faults = problem.blaming("name", "名称").field_faults(),
        }
        self
    }
}

pub async fn new(State(app): State<App>, headers: HeaderMap, sent: Sent<acts::Submit>) -> Result<Response, Problem> {
    let by_program = asks_for_json(&headers);
    let (session, mut fields) = sent.read(FIELDS)?;
    let asks_for_check = match fields.get("then") {
        "" | "save" => false,
        "check" => true,
        _ => return Err(Problem::bad_parameter("then", "then 应为 save 或 check")),
    };
    aside(move || {
        if picker::wanted(&fields).is_some() {
            picker::fill_in(&app, &mut fields, &ASKING)?;
            return private(StatusCode::OK, &NewPage::new(&app, &session, Filled::typed(&fields), Some(&fields))?);
        }
        if asks_for_check {
            let page = NewPage::new(&app, &session, Filled::typed(&fields), None)?;
            let page = match page.form.name.trim() {
                "" => NewPage { faults: Faults::of("name", "名称", "请先写要预检的名称"), ..page },
                _ => page.checked(&app),
            };
            return private(StatusCode::OK, &page);
        }
        let drafted = form(&fields).and_then(|form| Ok(naming::draft(&app.store, &session.actor, &form)?));
        match drafted {
            Ok(record) => Ok(Redirect::to(&urls::console::application(&record.id)).into_response()),
            Err(problem) if problem.is_mendable() && !by_program => {
                let page = NewPage::new(&app, &session, Filled::typed(&fields), None)?;
                Ok(problem.on_page(private(StatusCode::OK, &NewPage { faults: problem.field_faults(), ..page })?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

struct OpenMove {
    name: &'static str,
    then: Then,
    label: &'static str,
    codes: Vec<(String, String)>,
}

impl OpenMove {
    /// Whether it brings the application further on its way.
    fn leads_on(&self) -> bool {
        matches!(self.then, Then::Submit | Then::TakeOn | Then::Pass | Then::Register)
    }
}

#[derive(Template)]
#[template(path = "console/name.html")]
struct OnePage {
    q: String,
    me: Me,
    line: Line,
    /// The id of the institution that applies.
    applicant: String,
    /// Through whose hands it goes.
    chain: String,
    revision: u64,
    facts: Vec<(&'static str, String)>,
    form: Filled,
    applicant_picker: Picker,
    successor_picker: Picker,
    /// Why nothing was done.
    faults: Faults,
    /// Whether the reader may change what it says.
    edits: bool,
    moves: Vec<OpenMove>,
    /// Whether the reader looks at its parts.
    judges: bool,
    parts: Vec<(&'static str, &'static str, String)>,
    verdicts: Vec<(&'static str, &'static str)>,
    documents: Vec<Attached>,
    usual: [&'static str; 5],
    document_mib: usize,
    most_documents: usize,
    /// What its register entry tells to whoever reviews it: whose it was before.
    warnings: Vec<String>,
    letters: Vec<LetterLine>,
    turns: Vec<(String, String, &'static str, String)>,
    longest: usize,
}

pub async fn one(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || private(StatusCode::OK, &shown(&app, &session, &id)?)).await
}

impl OnePage {
    /// The page with what was typed. It goes on from the revision that was seen: what others have changed since is
    /// refused to be written over, however often the form is sent.
    fn with(self, app: &App, form: Filled, fields: &Fields, picks: bool) -> Result<Self, Problem> {
        let [applicant_picker, successor_picker] = form.pickers(app, Some(fields).filter(|_| picks))?;
        let revision = fields.revision().unwrap_or(self.revision);
        Ok(Self { form, applicant_picker, successor_picker, revision, ..self })
    }
}

fn shown(app: &App, session: &Session, id: &str) -> Result<OnePage, Problem> {
    let record = naming::find(&app.store, &session.actor, id)?;
    let (Some(a), Some(line)) = (as_application(&record), Line::new(&record)) else {
        return Err(NamingError::Unknown.into());
    };
    let open = naming::open_moves(&session.actor, a);
    let offered = open.iter().map(|step| OpenMove {
        name: step.name,
        then: step.then,
        label: step.label,
        codes: match step.asks {
            Asks::Nothing => Vec::new(),
            Asks::Supplement => codes(&app.desk, ReasonedAct::NameSupplement),
            Asks::Refusal => codes(&app.desk, ReasonedAct::NameRefuse),
            Asks::NonAcceptance => codes(&app.desk, ReasonedAct::NameNotAccept),
        },
    });
    let told = |part: Part| {
        let section = a.sections.iter().find(|section| section.part == part);
        section.map(|s| {
            format!("{}{}", s.verdict.label(), if s.note.is_empty() { String::new() } else { format!("：{}", s.note) })
        })
    };
    let facts = [
        ("用途", a.purpose.clone()),
        ("名称依据", a.ground.label().to_owned()),
        ("同意文号", a.consent.as_ref().map(|c| c.document.clone()).unwrap_or_default()),
        ("联系邮箱", a.contact.clone()),
        ("备选名称", a.alternatives.join("、")),
        ("并用名称", a.parallel.join("、")),
        ("主域名", a.main_name.clone().unwrap_or_default()),
        ("冻结原因", a.freeze.map(|f| f.label().to_owned()).unwrap_or_default()),
        ("承继单位", a.successor.as_ref().map(|s| format!("{}（{}）", s.name, s.document)).unwrap_or_default()),
    ];
    let form = Filled::of(a);
    let [applicant_picker, successor_picker] = form.pickers(app, None)?;
    Ok(OnePage {
        q: String::new(),
        me: Me::new(session),
        applicant: a.applicant.id.clone(),
        chain: a.chain.links().iter().map(|link| link.label).collect::<Vec<_>>().join("，再到"),
        revision: record.revision,
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        form,
        applicant_picker,
        successor_picker,
        faults: Faults::default(),
        edits: a.stage.is_open_to_applicant() && open.iter().any(|step| step.then == Then::Submit),
        judges: open.iter().any(|step| step.then == Then::Pass),
        moves: offered.collect(),
        parts: Part::ALL
            .map(|part| (part.name(), part.label(), told(part).unwrap_or_else(|| "还没有意见".to_owned())))
            .to_vec(),
        verdicts: Verdict::ALL.map(|verdict| (verdict.name(), verdict.label())).to_vec(),
        documents: a.documents.clone(),
        usual: naming::USUAL,
        document_mib: naming::MAX_DOCUMENT >> 20,
        most_documents: naming::MAX_DOCUMENTS,
        warnings: naming::warnings(&app.store, a)?,
        letters: a.letters.iter().rev().map(LetterLine::new).collect(),
        turns: a
            .stages
            .iter()
            .map(|turn| (turn.on.to_string(), turn.act.clone(), turn.to.label(), turn.office.clone()))
            .collect(),
        longest: MAX_WORDS,
        line,
    })
}

pub async fn revise(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let by_program = asks_for_json(&headers);
    let (session, mut fields) = sent.read(FIELDS)?;
    aside(move || {
        naming::find(&app.store, &session.actor, &id)?;
        if picker::wanted(&fields).is_some() {
            picker::fill_in(&app, &mut fields, &ASKING)?;
            let page = shown(&app, &session, &id)?.with(&app, Filled::typed(&fields), &fields, true)?;
            return private(StatusCode::OK, &page);
        }
        let revised = fields
            .revision()
            .and_then(|revision| Ok(naming::revise(&app.store, &session.actor, &id, revision, &form(&fields)?)?));
        done_or_told(&app, &session, &id, revised.map(drop), Some(&fields), by_program)
    })
    .await
}

/// Leads back to an application; where something is to be mended, its page tells what, with what was typed.
fn done_or_told(
    app: &App,
    session: &Session,
    id: &str,
    done: Result<(), Problem>,
    typed: Option<&Fields>,
    by_program: bool,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(Redirect::to(&urls::console::application(id)).into_response()),
        Err(problem) if problem.is_mendable() && !by_program => {
            let mut page = shown(app, session, id)?;
            if let Some(fields) = typed {
                page = page.with(app, Filled::typed(fields), fields, false)?;
            }
            // Where the form is not shown, there is no field to lead to.
            page.faults = if page.edits { problem.field_faults() } else { Faults::of("", "", &problem.detail) };
            Ok(problem.on_page(private(StatusCode::OK, &page)?))
        }
        Err(problem) => Err(problem),
    }
}

pub async fn perform(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    sent: Sent<acts::Read>,
) -> Result<Response, Problem> {
    let by_program = asks_for_json(&headers);
    let asked = AskedMove::read(sent)?;
    aside(move || {
        let (who, grounds) = (&asked.session.actor, asked.grounds());
        let submits = name_application::move_named(&name).is_some_and(|step| step.then == Then::Submit);
        let perform = || {
            if submits && let Some(application) = as_application(&naming::find(&app.store, who, &id)?) {
                may_be_filed(&app, application)?;
            }
            naming::perform(&app.store, &app.desk, who, (&id, asked.revision), &name, grounds)?;
            Ok(())
        };
        let done = perform();
        // What is lacking stands beside the form of the application; of other acts the words are shown again.
        if submits {
            return done_or_told(&app, &asked.session, &id, done, None, by_program);
        }
        done.map(|()| Redirect::to(&urls::console::application(&id)).into_response())
    })
    .await
}

pub async fn judge_part(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Read>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision", "part", "verdict", "note"])?;
    let revision = fields.revision()?;
    let part = chosen(&fields, "part", (Part::ALL, Part::name), "申请的部分")?;
    let verdict = chosen(&fields, "verdict", (Verdict::ALL, Verdict::name), "意见")?;
    led(move || {
        naming::judge_part(&app.store, &session.actor, (&id, revision), part, verdict, fields.get("note"))?;
        Ok(urls::console::application(&id))
    })
    .await
}
