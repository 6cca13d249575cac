//! 网上名称申请: writing one, changing it in place, and its moves through the offices of its chain.
//!
//! What a move does to the application itself is pure and stands with the kind
//! ([`name_application`](indexer::record::name_application)); here stands who may make it and what it needs of the
//! store: the letter, the clock, whether the name is still to be had, and the web name that is written in the same
//! batch.

mod board;
mod dns;
mod documents;
#[cfg(test)]
mod life_tests;
mod reconcile;
mod register;
mod renewals;
mod table;
#[cfg(test)]
mod tests;

use std::sync::Mutex;

use indexer::{
    record::{
        Body, DivisionCode, FreezeReason, Kind as _, LifeFault, NameApplication, Provenance, Record, SERVICE, State,
        Successor, ids,
        name_application::{
            ApplicantInstitution, Asked, By as Who, Chain, Consent, Ground, Matter, Part, Refused, Section, Stage,
            Step, Then, Verdict, enveloped, move_named,
        },
    },
    web_name::{AddressFault, Host, naming},
};

use crate::{
    access::{self, Act, Actor, Denied, Subject},
    clock::today,
    desk::{self, About, Desk, Grounds, InvalidGrounds, LimitKey, Pending, ReasonedAct, words},
    store::{
        By, RecordStore, StoreError,
        listings::{List, RecordPage},
    },
    workflow::{WorkflowError, checked_text},
};

pub use board::{Board, board};
pub use dns::{Noted, note_dns};
pub use documents::{
    MAX_DOCUMENT, MAX_DOCUMENTS, SubmittedDocument, USUAL, acceptable, attach, detach, document, may_attach,
};
pub use reconcile::{
    COLUMNS as LIST_COLUMNS, DIFFERENCE_COLUMNS, Decision, Difference, ListGiven, MAX_BY_COMMAND, MAX_BY_FORM, Settled,
    differences, may_reconcile, of_territory, settle, settle_by_rule,
};
pub use register::warnings;
pub use renewals::{MAX_AT_ONCE as MAX_RENEWED, Renewed, cancel_lapsed, renew};
pub use table::{COLUMNS as TABLE_COLUMNS, RowOutcome, drafts};

/// Longest free text of an application, in characters.
const MAX_TEXT: usize = 500;
/// Other names of the site, and others that would do.
const MAX_NAMES: usize = 10;
/// Applications of an office that are looked through for a bar.
const MAX_OF_OFFICE: usize = 500;
/// How long one that was not taken on bars the next: no rule is known, so that it is a row of the table of limits.
const BAR: LimitKey = LimitKey::NameBar;

#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    #[error("没有这份申请，或者它不在您的账户所管的区划之内")]
    Unknown,
    #[error("申请没有“{0}”这个动作")]
    UnknownMove(String),
    #[error("{0}")]
    Name(#[from] AddressFault),
    #[error("“{0}”不在 gov.cn、.政务、.公益、.政务.cn、.公益.cn 之下，不能在这里申请")]
    NoRegistry(String),
    #[error("{0}")]
    Rule(String),
    #[error("没有编号为“{0}”的已公布机构")]
    NoInstitution(String),
    #[error("申请单位“{0}”已撤销或不再公布，不能批准：请由承继其职责的单位重新申请")]
    Abolished(String),
    #[error("“{name}”已属于{owner}：名称（含繁简、异体写法）不能重复注册")]
    Taken { name: String, owner: String },
    #[error("“{name}”已有另一份申请在办（{other}）")]
    UnderWay { name: String, other: String },
    #[error("同样的申请没有受理，{0} 之前不能再提")]
    Barred(indexer::record::Date),
    #[error("“{0}”没有登记信息，或不属于申请单位：请先办理注册")]
    NotOwn(String),
    #[error("{what}有 {n} 个字，最多 {MAX_TEXT} 个")]
    Long { what: &'static str, n: usize },
    /// Said of another field of the form than the one that it is mostly about.
    #[error("{1}")]
    In(&'static str, Box<NamingError>),
    #[error("没有这份材料")]
    NoDocument,
    #[error("材料没有收下：{0}。可以用 PDF、OFD、docx，或者 PNG、JPEG 图片")]
    Format(String),
    #[error("表格没有收下：{0}")]
    Table(String),
    #[error("现在不能改动申请的内容：只有草稿和需补正的可以改")]
    Closed,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Life(#[from] LifeFault),
    #[error(transparent)]
    Grounds(#[from] InvalidGrounds),
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// What the fields of the form are called that may be to blame.
const LABELS: [(&str, &str); 11] = [
    ("name", "名称"),
    ("institution", "申请单位"),
    ("purpose", "网站用途"),
    ("consent", "负责人同意的文号"),
    ("contact", "单位的公用邮箱"),
    ("alternatives", "备选名称"),
    ("parallel", "同一网站并用的名称"),
    ("successor", "承继单位"),
    ("successor_document", "承继的文号"),
    ("agreed", "注册协议"),
    ("freeze", "冻结的原因"),
];

/// The field of the form where something that an application lacks is to be given, by its code.
fn field_of(lack: &str) -> &str {
    match lack {
        "agreement" => "agreed",
        "personal-contact" => "contact",
        "succession" => "successor",
        same => same,
    }
}

impl NamingError {
    /// What an application lacks: the field where it is to be given, what that is called, and how to mend it.
    pub fn lacks(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let Self::Refused(Refused::Lacks(lacks)) = self else { return Vec::new() };
        let named = |code: &str| LABELS.into_iter().find(|(field, _)| *field == field_of(code)).unwrap_or(("", ""));
        lacks
            .iter()
            .map(|lack| (named(lack.code), lack.text))
            .map(|((field, label), text)| (field, label, text))
            .collect()
    }

    /// The field of the form that is to be mended, and what it is called; `None` where it is none of them.
    pub fn blames(&self) -> Option<(&'static str, &'static str)> {
        let field = self.field()?;
        LABELS.into_iter().find(|(known, _)| *known == field)
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::In(field, _) => Some(field),
            Self::Name(_)
            | Self::NoRegistry(_)
            | Self::Taken { .. }
            | Self::UnderWay { .. }
            | Self::Barred(_)
            | Self::NotOwn(_) => Some("name"),
            Self::NoInstitution(_) | Self::Abolished(_) => Some("institution"),
            Self::Long { what, .. } => Some(match *what {
                "用途" => "purpose",
                "同意文号" => "consent",
                "联系邮箱" => "contact",
                "承继的文号" => "successor_document",
                _ => return None,
            }),
            _ => None,
        }
    }

    /// What sort of refusal it is: stays whatever its words become.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name(_) => "/problems/name-unreadable",
            Self::NoRegistry(_) => "/problems/name-no-registry",
            Self::Rule(_) => "/problems/name-rule",
            Self::NoInstitution(_) => "/problems/name-no-applicant",
            Self::Abolished(_) => "/problems/name-abolished",
            Self::Taken { .. } => "/problems/name-taken",
            Self::UnderWay { .. } => "/problems/name-under-way",
            Self::Barred(_) => "/problems/name-barred",
            Self::NotOwn(_) => "/problems/name-not-own",
            Self::Long { .. } => "/problems/name-too-long",
            Self::Closed => "/problems/name-closed",
            Self::In(_, error) => error.code(),
            Self::Format(_) => "/problems/name-document-format",
            Self::Table(_) => "/problems/name-table",
            Self::Life(_) => "/problems/name-life",
            Self::Grounds(_) => "/problems/name-no-reason",
            Self::Refused(Refused::SamePerson) => "/problems/name-same-person",
            Self::Refused(Refused::NotInvestigator) => "/problems/name-not-investigator",
            Self::Refused(Refused::Sections(_)) => "/problems/name-held",
            Self::Refused(Refused::Stage { .. }) => "/problems/name-stage",
            Self::Refused(Refused::NotOverdue(_) | Refused::NoDeadline) => "/problems/name-not-overdue",
            Self::Refused(Refused::Lacks(lacks)) => match lacks.first().map_or("", |lack| lack.code) {
                "personal-contact" => "/problems/name-personal-contact",
                "succession" => "/problems/name-succession",
                _ => "/problems/name-incomplete",
            },
            Self::Unknown
            | Self::UnknownMove(_)
            | Self::NoDocument
            | Self::Workflow(_)
            | Self::Denied(_)
            | Self::Store(_)
            | Self::Random(_) => "/problems/unprocessable",
        }
    }
}

/// What an applicant fills in.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    pub matter: Matter,
    pub name: &'a str,
    /// Record of the applicant.
    pub institution: &'a str,
    pub ground: Ground,
    pub purpose: &'a str,
    /// Number of the document of the head's consent.
    pub consent: &'a str,
    pub contact: &'a str,
    pub agreed: bool,
    pub alternatives: Vec<&'a str>,
    /// The site's other live names.
    pub parallel: Vec<&'a str>,
    pub main_name: &'a str,
    pub administrative: Option<bool>,
    pub freeze: Option<FreezeReason>,
    /// For a transfer: the institution that has the duties, its record and the document.
    pub successor: Option<(&'a str, &'a str)>,
}

/// The application of a record.
pub fn as_application(record: &Record) -> Option<&NameApplication> {
    match &record.body {
        Body::NameApplication(application) => Some(application),
        _ => None,
    }
}

/// An application that somebody may read; to all others there is none.
pub fn find(store: &RecordStore, who: &Actor, id: &str) -> Result<Record, NamingError> {
    let record = store.get(id)?.ok_or(NamingError::Unknown)?;
    let application = as_application(&record).ok_or(NamingError::Unknown)?;
    let may = access::may(Some(who), Act::Read, &Subject::of(&application.applicant.division));
    may.map_err(|_| NamingError::Unknown)?;
    Ok(record)
}

/// What lies before the offices of a division and those below it, the longest waiting first.
pub fn queue(
    store: &RecordStore,
    state: State,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::Waiting(NameApplication::NAME, state, division), after, limit)
}

/// An office's own applications, the last first.
pub fn own(store: &RecordStore, office: &str, after: Option<&str>, limit: usize) -> Result<RecordPage, StoreError> {
    store.page(&List::Applied(office), after, limit)
}

/// Writes a draft; durable when it returns.
pub fn draft(store: &RecordStore, who: &Actor, form: &Form<'_>) -> Result<Record, NamingError> {
    let application = filled(store, who, form, None)?;
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes)?;
    let id = format!("{}{}", ids::NAME_APPLICATION, hex::encode(bytes));
    let from = Provenance { source: "office".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id, None, vec![from], Body::NameApplication(application));
    put(store, who, enveloped(record), "")
}

/// Changes a draft, or in place what is to be added to; durable when it returns.
pub fn revise(
    store: &RecordStore,
    who: &Actor,
    id: &str,
    revision: u64,
    form: &Form<'_>,
) -> Result<Record, NamingError> {
    let record = find(store, who, id)?;
    let before = as_application(&record).ok_or(NamingError::Unknown)?;
    by_applicant(who, before)?;
    seen(&record, revision)?;
    if !before.stage.is_open_to_applicant() {
        return Err(NamingError::Closed);
    }
    let application = filled(store, who, form, Some(before))?;
    put(store, who, Record { body: Body::NameApplication(application), ..record }, "")
}

/// Notes what a reviewer says of a part; durable when it returns.
pub fn judge_part(
    store: &RecordStore,
    who: &Actor,
    (id, revision): (&str, u64),
    part: Part,
    verdict: Verdict,
    note: &str,
) -> Result<Record, NamingError> {
    let mut record = find(store, who, id)?;
    let application = as_application(&record).ok_or(NamingError::Unknown)?;
    at_desk(who, application)?;
    seen(&record, revision)?;
    let (stage, label) = (application.stage, "审核各部分");
    if !matches!(stage, Stage::InFirst | Stage::InSecond) {
        return Err(Refused::Stage { stage, label }.into());
    }
    if application.reviewers.last().is_none_or(|last| last.account != who.name) {
        return Err(Refused::NotInvestigator.into());
    }
    let note = checked_text(note)?;
    if verdict != Verdict::Approve && note.is_empty() {
        return Err(WorkflowError::NoReason.into());
    }
    let section = Section { part, verdict, note, reviewer: who.name.clone(), on: today() };
    if let Body::NameApplication(application) = &mut record.body {
        application.sections.retain(|known| known.part != part);
        application.sections.push(section);
        application.sections.sort_by_key(|section| Part::ALL.iter().position(|known| *known == section.part));
    }
    put(store, who, record, "")
}

/// Makes the move of a name; durable when it returns. What it changes besides is written in the same batch.
pub fn perform(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
    name: &str,
    grounds: Grounds<'_>,
) -> Result<Record, NamingError> {
    // Two names that are variants of one another are two records: between looking and writing nobody else approves.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let record = find(store, who, id)?;
    let shown = || name.chars().filter(|c| !c.is_control()).take(40).collect();
    let step = move_named(name).ok_or_else(|| NamingError::UnknownMove(shown()))?;
    let mut application = as_application(&record).ok_or(NamingError::Unknown)?.clone();
    match step.by {
        Who::Applicant => by_applicant(who, &application)?,
        Who::Desk => at_desk(who, &application)?,
    }
    seen(&record, revision)?;
    let said = checked_text(grounds.said)?;
    let grounds = Grounds { said: &said, ..grounds };
    let act = match step.asks {
        Asked::Nothing => None,
        Asked::Supplement => Some(ReasonedAct::NameSupplement),
        Asked::Refusal => Some(ReasonedAct::NameRefuse),
        Asked::NonAcceptance => Some(ReasonedAct::NameNotAccept),
    };
    let about = About { title: &application.name, office: &application.applicant.name, day: today() };
    let letter = act.map(|act| desk.reasons.write(act, grounds, about)).transpose()?;
    let reason = letter.as_ref().map_or_else(|| said.clone(), words);
    if step.then == Then::Submit {
        may_be_had(store, desk, id, &application)?;
        hold_look_alike(store, desk, &mut application)?;
        if !application.handlers.contains(&who.name) {
            application.handlers.push(who.name.clone());
        }
    }
    let last = application.chain.next_desk(application.link, &application.desk).is_none();
    let limit = if step.then == Then::Pass && last { LimitKey::NameSecondReview } else { LimitKey::NameFirstReview };
    let made = Step {
        step,
        account: &who.name,
        office: &who.office_name,
        day: today(),
        letter,
        review_clock: Some(desk.limits.get(limit).start(today())),
        barred_until: desk.calendar.due(&desk.limits.get(BAR).start(today())).day,
    };
    made.apply(&mut application)?;
    application.due = match application.stage {
        Stage::Supplement => desk.calendar.due(&desk.limits.get(LimitKey::NameSupplement).start(today())).day,
        _ => application.clock.as_ref().and_then(|clock| desk.calendar.due(clock).day),
    };
    let mut name = None;
    if application.stage == Stage::Approved {
        may_be_had(store, desk, id, &application)?;
        name = Some(register::web_name(store, desk, id, &application, &who.office_name)?);
    }
    let matter = application.matter;
    let record = enveloped(Record { body: Body::NameApplication(application), ..record });
    let tasks = || {
        let mut tasks = Pending::new(store, desk);
        tasks.follow_review(&record)?;
        if let Some(name) = &name {
            let of_holder = matches!(matter, Matter::Change | Matter::Transfer | Matter::Cancel);
            tasks.settle_name(name, matter.label(), of_holder)?;
            tasks.changed(name)?;
        }
        Ok(tasks.into_tasks().collect())
    };
    let together: Vec<Record> = std::iter::once(record.clone()).chain(name.clone()).collect();
    let revisions = desk::written(store, &together, By { author: &who.name, reason: &reason }, tasks)?;
    Ok(Record { revision: revisions.first().copied().unwrap_or_default(), ..record })
}

/// Holds the name's part where another's looks like it: nobody passes it before a reviewer has said that it may stand.
fn hold_look_alike(store: &RecordStore, desk: &Desk, of: &mut NameApplication) -> Result<(), NamingError> {
    let others = match of.matter {
        Matter::Register => register::look_alikes(store, desk, of)?,
        _ => Vec::new(),
    };
    of.sections.retain(|section| section.reviewer != SERVICE);
    if others.is_empty() || of.sections.iter().any(|section| section.part == Part::Name) {
        return Ok(());
    }
    let note = format!("与已注册的“{}”看起来相像，须核对是否会被误认", others.join("”“"));
    let held = Section { part: Part::Name, verdict: Verdict::Hold, note, reviewer: SERVICE.to_owned(), on: today() };
    of.sections.push(held);
    Ok(())
}

/// The moves that somebody may make now, by role and place; whose turn it is among several, the move itself tells.
pub fn open_moves(who: &Actor, application: &NameApplication) -> Vec<&'static indexer::record::name_application::Move> {
    let mine = |by| match by {
        Who::Applicant => by_applicant(who, application).is_ok(),
        Who::Desk => at_desk(who, application).is_ok(),
    };
    let all = indexer::record::name_application::MOVES.iter();
    all.filter(|step| step.from.contains(&application.stage) && mine(step.by)).collect()
}

fn by_applicant(who: &Actor, of: &NameApplication) -> Result<(), Denied> {
    let applicant = &of.applicant;
    let subject = Subject { division: &applicant.division, office: Some(&applicant.office), authors: &of.handlers };
    access::may(Some(who), Act::Submit, &subject)
}

fn at_desk(who: &Actor, of: &NameApplication) -> Result<(), Denied> {
    access::may(Some(who), Act::Review, &Subject::of(&of.desk))
}

fn seen(record: &Record, revision: u64) -> Result<(), StoreError> {
    if record.revision == revision {
        return Ok(());
    }
    Err(StoreError::Conflict { id: record.id.clone(), seen: revision, current: record.revision })
}

fn put(store: &RecordStore, who: &Actor, record: Record, reason: &str) -> Result<Record, NamingError> {
    let revision = store.put(record.clone(), &By { author: &who.name, reason })?;
    Ok(Record { revision, ..record })
}

fn text(what: &'static str, text: &str) -> Result<String, NamingError> {
    match text.trim().chars().count() {
        n if n > MAX_TEXT => Err(NamingError::Long { what, n }),
        _ => Ok(checked_text(text)?),
    }
}

/// A name among several of a field.
fn parsed(field: &'static str, name: &str) -> Result<Host, NamingError> {
    Host::parse(name).map_err(|fault| NamingError::In(field, Box::new(NamingError::Name(fault))))
}

/// The application as a form has it.
fn filled(
    store: &RecordStore,
    who: &Actor,
    form: &Form<'_>,
    before: Option<&NameApplication>,
) -> Result<NameApplication, NamingError> {
    let host = Host::parse(form.name.trim())?;
    let shown = || form.institution.chars().filter(|c| !c.is_control()).take(40).collect();
    let body = store.get(form.institution.trim())?.filter(Record::is_public);
    let (id, body) = match body {
        Some(Record { id, body: Body::Institution(body), .. }) => (id, body),
        _ => return Err(NamingError::NoInstitution(shown())),
    };
    access::may(Some(who), Act::Submit, &Subject::of(&body.division))
        .map_err(|denied| NamingError::In("institution", Box::new(denied.into())))?;
    let chain = Chain::of(&host.ascii, &body.division).ok_or_else(|| NamingError::NoRegistry(host.unicode.clone()))?;
    let parallel = form.parallel.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    let parallel = parallel.map(|name| parsed("parallel", name)).collect::<Result<Vec<Host>, _>>()?;
    let main = Some(form.main_name.trim()).filter(|main| !main.is_empty());
    let mut all = parallel.clone();
    if !all.contains(&host) {
        all.push(host.clone());
    }
    if let Some(finding) = naming::parallel(&all, main) {
        let rule = NamingError::Rule(format!("{}：{}", finding.rule.text, finding.detail));
        return Err(NamingError::In("parallel", Box::new(rule)));
    }
    let alternatives = form.alternatives.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    let alternatives =
        alternatives.map(|name| Ok(parsed("alternatives", name)?.unicode)).collect::<Result<Vec<_>, NamingError>>()?;
    for (field, n) in [("alternatives", alternatives.len()), ("parallel", parallel.len())] {
        if n > MAX_NAMES {
            let many = NamingError::Rule(format!("备选名称和并用名称各至多 {MAX_NAMES} 个"));
            return Err(NamingError::In(field, Box::new(many)));
        }
    }
    let consent = text("同意文号", form.consent)?;
    let successor = match form.successor {
        Some((name, document)) if !name.trim().is_empty() => {
            let body = store.get(name.trim())?.filter(Record::is_public);
            let Some(Record { id, body: Body::Institution(body), .. }) = body else {
                let shown = name.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(NamingError::In("successor", Box::new(NamingError::NoInstitution(shown))));
            };
            Some(Successor { id: Some(id), name: body.name, document: text("承继的文号", document)? })
        }
        _ => None,
    };
    let mut handlers = before.map(|before| before.handlers.clone()).unwrap_or_default();
    for account in who.behind.iter().chain([&who.name]) {
        if !handlers.contains(account) {
            handlers.push(account.clone());
        }
    }
    let fresh = NameApplication {
        matter: form.matter,
        chain,
        stage: Stage::Draft,
        name: host.unicode,
        ascii: host.ascii,
        alternatives,
        applicant: Box::new(ApplicantInstitution {
            id,
            name: body.name,
            category: body.category,
            credit_code: body.credit_code,
            office: before.map_or_else(|| who.office(), |before| before.applicant.office.clone()),
            administrative: form.administrative,
            division: body.division.clone(),
        }),
        purpose: text("用途", form.purpose)?,
        ground: form.ground,
        parallel: parallel.into_iter().map(|host| host.unicode).collect(),
        main_name: main.map(str::to_owned),
        current_site: String::new(),
        consent: (!consent.is_empty()).then_some(Consent { document: consent, day: None }),
        documents: Vec::new(),
        contact: text("联系邮箱", form.contact)?,
        agreed: form.agreed,
        freeze: form.freeze,
        successor,
        sections: Vec::new(),
        handlers,
        reviewers: Vec::new(),
        link: 0,
        desk: body.division,
        clock: None,
        due: None,
        letters: Vec::new(),
        stages: Vec::new(),
        first_submitted: None,
        last_submitted: None,
        barred_until: None,
    };
    let Some(before) = before else { return Ok(fresh) };
    // Under review only what it says changes; where the name leads elsewhere, it is another application.
    if before.stage != Stage::Draft
        && (before.chain != fresh.chain || before.applicant.id != fresh.applicant.id || before.matter != fresh.matter)
    {
        return Err(NamingError::Rule("补正时不能换申请单位、事项和名称所在的后缀，请撤回后重新申请".to_owned()));
    }
    Ok(NameApplication {
        stage: before.stage,
        sections: before.sections.clone(),
        documents: before.documents.clone(),
        reviewers: before.reviewers.clone(),
        link: before.link,
        desk: before.desk.clone(),
        clock: before.clock.clone(),
        due: before.due,
        letters: before.letters.clone(),
        stages: before.stages.clone(),
        first_submitted: before.first_submitted,
        last_submitted: before.last_submitted,
        ..fresh
    })
}

/// Whether what is asked for can be had now: by the register, by other applications and by what became of the
/// applicant.
fn may_be_had(store: &RecordStore, desk: &Desk, id: &str, of: &NameApplication) -> Result<(), NamingError> {
    let applicant = store.get(&of.applicant.id)?.filter(Record::is_public);
    if applicant.is_none() {
        return Err(NamingError::Abolished(of.applicant.name.clone()));
    }
    for (_, other) in store.list(&List::Applied(&of.applicant.office), None, MAX_OF_OFFICE)? {
        let other = store.get(&other)?;
        let Some(other) = other
            .as_ref()
            .and_then(as_application)
            .filter(|a| a.ascii == of.ascii && a.applicant.id == of.applicant.id)
        else {
            continue;
        };
        if let Some(until) = other.barred_until.filter(|until| *until >= today()) {
            return Err(NamingError::Barred(until));
        }
    }
    register::refuse_taken(store, desk, id, of)
}
