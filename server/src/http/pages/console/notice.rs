//! A file that is a notice which changes an institution (核减4名，调整后78名): each event that was read of it beside
//! its sentence, the form that makes a record of it, and the institution's scheme as the notice leaves it. Nothing
//! changes before a person has handed it in and another has approved it.

use std::collections::{BTreeMap, HashMap, HashSet};

use askama::Template;
use axum::{http::StatusCode, response::Response};
use indexer::{
    corpus::{
        documents::Document,
        schemes::notice::{self, Notice},
    },
    record::{
        Body, Date, Record,
        comparison::{Held, Names, in_force, is_without_region, meant},
        kind_named,
        kinds::staffing_scheme::consolidated,
        staffing,
    },
};

use super::{super::private, Me, forms::GeneralFields, may_see};
use crate::{
    access::Session,
    clock::today,
    http::{App, Problem},
    reading::schemes::{self as reading, Schemes},
    sharing::Upload,
    urls,
};

#[derive(Template)]
#[template(path = "console/notice.html")]
struct Page {
    q: String,
    me: Me,
    hash: String,
    file_name: String,
    title: String,
    events: Vec<Event>,
    /// What the form below makes: an event, or the consolidated text.
    chosen: String,
    action: String,
    form: GeneralFields,
    findings: Vec<String>,
    note: String,
    consolidated: Vec<Consolidated>,
    as_regulation: String,
    /// How many duties it lists, and where it is read as a scheme.
    duties: usize,
    as_scheme: String,
}

struct Event {
    title: String,
    change: &'static str,
    sentence: String,
    numbers: Vec<String>,
    url: String,
    chosen: bool,
}

/// The scheme that the notice changes.
struct Consolidated {
    called: String,
    url: String,
    /// Where its form stands here, and where the older scheme is closed.
    form_url: String,
    close_url: String,
    day: Option<Date>,
    chosen: bool,
}

/// What of a notice is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// One of its events, by place.
    Event(usize),
    /// The scheme of one of the institutions that it changes as it leaves it, by place.
    Text(usize),
}

/// Whether a file reads as one with something to tell.
pub fn is_one(document: &Document) -> bool {
    notice::read(document).is_some_and(|notice| !notice.changes.is_empty())
}

/// The schemes in force that a notice changes, each once, and which of them each of its names means.
#[derive(Default)]
struct Changed {
    schemes: Vec<Record>,
    /// By place.
    meant: HashMap<String, usize>,
    /// Whether more schemes have names like these than were read.
    more: bool,
}

impl Changed {
    /// Of the institution of a notice's title and of every one that it tells of, in the account's division or below.
    fn by(app: &App, session: &Session, notice: &Notice) -> Result<Self, Problem> {
        let before = notice.changes.iter().filter(|told| told.change == "更名").flat_map(|told| &told.from);
        let told = [&notice.institution.value]
            .into_iter()
            .chain(before)
            .chain(notice.changes.iter().map(|told| &told.institution));
        let mut names: Vec<&str> = Vec::new();
        let mut known = HashSet::new();
        names.extend(told.map(String::as_str).filter(|name| known.insert(*name)));
        let (own, ready) = (&session.actor.division, Names::of(names.iter().copied()));
        let read = Schemes::read(&app.store, &may_see(session), |held| {
            own.covers(&held.scheme.division) && ready.any_means(&held.scheme.institution_name)
        })?;
        let mut of: BTreeMap<&str, Vec<Held<'_>>> = BTreeMap::new();
        let all = read.held();
        for held in &all {
            of.entry(&held.scheme.institution_name).or_default().push(*held);
        }
        let institutions: Vec<&str> = of.keys().copied().collect();
        let day = notice.signed.value.unwrap_or_else(today);
        let mut changed = Self { more: read.more, ..Self::default() };
        for name in &names {
            let body = body_meant(name, &names, &institutions);
            let Some(held) = body.and_then(|body| in_force::on_day(of.get(body)?, day).scheme()) else { continue };
            let at = match changed.schemes.iter().position(|known| known.id == held.id) {
                Some(at) => at,
                None => {
                    let Some(record) = app.store.get(held.id)? else { continue };
                    changed.schemes.push(record);
                    changed.schemes.len() - 1
                }
            };
            changed.meant.insert((*name).to_owned(), at);
        }
        Ok(changed)
    }

    /// The scheme of the institution that the notice calls by a name.
    fn of(&self, name: &str) -> Option<&Record> {
        self.meant.get(name).and_then(|at| self.schemes.get(*at))
    }
}

/// The institution with a scheme that a notice means by a name: the one that is called so, else the nearest of all that
/// the notice names and that have schemes. Where several are as near, none is.
fn body_meant<'b>(name: &str, named: &[&str], recorded: &[&'b str]) -> Option<&'b str> {
    let exact = |name: &str| recorded.iter().copied().find(|body| *body == name);
    if let Some(body) = exact(name) {
        return Some(body);
    }
    let others: Vec<&str> = named.iter().copied().filter(|other| *other != name && exact(other).is_none()).collect();
    let at = meant(name, recorded.iter().copied().chain(others.iter().copied()))?;
    match at.checked_sub(recorded.len()) {
        None => recorded.get(at).copied(),
        // 市市场监管局 is the 市市场监督管理局 of the title.
        Some(at) => {
            let mut own = recorded.iter().copied().filter(|body| is_without_region(others[at], body));
            own.next().filter(|_| own.next().is_none())
        }
    }
}

pub fn page(app: &App, session: &Session, upload: &Upload, chosen: Chosen) -> Result<Response, Problem> {
    let none = || Problem::unprocessable("这个文件不是机构编制的调整通知，请按法规文件或者内部资料报送".to_owned());
    let kind = kind_named(staffing::EVENT).ok_or_else(none)?;
    let scheme_kind = kind_named(staffing::SCHEME).ok_or_else(none)?;
    let notice = notice::read(&upload.document).filter(|notice| !notice.changes.is_empty()).ok_or_else(none)?;
    let read: Vec<(Body, Vec<String>)> = notice
        .changes
        .iter()
        .filter_map(|told| {
            let (body, faults) = notice.body(told);
            Some((body?, faults))
        })
        .collect();
    let events: Vec<Body> = read.iter().map(|(body, _)| body.clone()).collect();
    let changed = Changed::by(app, session, &notice)?;
    let schemes = &changed.schemes;
    let number = notice.document_number.value.as_deref();
    let address =
        |which: &str| format!("{}&{which}", urls::console::upload(&upload.hash.to_string(), &upload.file_name));
    let (body, told, form_kind, scheme) = match chosen {
        Chosen::Text(at) => {
            let scheme = schemes.get(at);
            let institutions: Vec<&str> =
                schemes.iter().filter_map(Held::of).map(|held| held.scheme.institution_name.as_str()).collect();
            let text = scheme
                .and_then(|scheme| consolidated(&scheme.body, &events, &institutions, notice.signed.value, number));
            let none = || Problem::not_found("没有收录这个机构现行的三定规定，不能做合并文本");
            let (body, told) = text.ok_or_else(none)?;
            (body, told, scheme_kind, scheme)
        }
        Chosen::Event(at) => {
            let (body, told) = read.get(at).cloned().ok_or_else(|| Problem::not_found("通知中没有这一项变动"))?;
            // An institution that gets another name has its scheme under the one before.
            let before = |one: &notice::InstitutionChange| one.from.iter().find_map(|name| changed.of(name));
            let scheme = notice
                .changes
                .get(at)
                .and_then(|one| changed.of(&one.institution).or_else(|| before(one).filter(|_| one.change == "更名")));
            (body, told, kind, scheme)
        }
    };
    let found = body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values);
    let unread = notice.unread.iter().map(|unread| unread.value.clone());
    let mut findings: Vec<String> = unread.chain(told).chain(found).collect();
    let mut form = GeneralFields::of(&body);
    if let (Chosen::Text(_), Some(day)) = (chosen, notice.effective.value) {
        form = form.with("effective", day.to_string());
    }
    if let Some(scheme) = scheme {
        let held = Held::of(scheme);
        // 市水务局 is written out, but for a name that it gets by this very notice.
        if let Chosen::Event(at) = chosen
            && let Some(held) = held
            && notice.changes.get(at).is_some_and(|one| changed.of(&one.institution).is_some())
        {
            form = form.with("institution_name", held.scheme.institution_name.clone());
        }
        let division = held.map(|held| held.scheme.division.to_string()).unwrap_or_default();
        form = form.with("division", division);
        if let Some(id) = held.and_then(|held| held.scheme.institution_id.clone()) {
            form = form.with("institution_id", id);
        }
    } else {
        let (division, unsure) = super::scheme::named_division(app, session, form.text("institution_name"))?;
        form = form.with("division", division.to_string());
        findings.extend(unsure);
    }
    // S6 and S10, as whoever reviews it will be reported.
    let mut placed = body.clone();
    let (called, division) = (form.text("institution_name").to_owned(), form.text("division").to_owned());
    let from = form.text("effective").to_owned();
    let _ = placed.fill(|column| match column.name {
        "institution_name" => Some(called.as_str()),
        "division" => Some(division.as_str()),
        "effective" => Some(from.as_str()),
        _ => None,
    });
    let sees = may_see(session);
    findings.extend(reading::against_records(&app.store, &sees, &placed, None, &session.actor.division)?);
    if changed.more {
        findings.push("名称相近的三定规定太多，没有全部比对，请自行核对机构".to_owned());
    }
    let event = |(at, told): (usize, &notice::InstitutionChange)| Event {
        title: told.title(),
        change: told.change,
        sentence: told.sentence.clone(),
        numbers: staffing::written(&told.numbers),
        url: address(&format!("event={}", at + 1)),
        chosen: chosen == Chosen::Event(at),
    };
    let text = |(at, record): (usize, &Record)| {
        let held = Held::of(record)?;
        Some(Consolidated {
            called: held.called(),
            url: reading::url(&held),
            form_url: address(&format!("as=text&event={}", at + 1)),
            close_url: urls::console::edit(&record.id, ""),
            day: notice.from_day().value,
            chosen: chosen == Chosen::Text(at),
        })
    };
    let texts = schemes.iter().enumerate().filter_map(text).collect();
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        hash: upload.hash.to_string(),
        file_name: upload.file_name.clone(),
        title: notice.title.value.clone(),
        events: notice.changes.iter().enumerate().map(event).collect(),
        chosen: body.title().to_owned(),
        action: urls::console::new_record(form_kind),
        form: form.with_pickers(app, None)?,
        findings,
        note: super::scheme::note(&notice.title.value, number),
        consolidated: texts,
        as_regulation: address("as=norm"),
        duties: super::scheme::duties_listed(&upload.document),
        as_scheme: address("as=scheme"),
    };
    private(StatusCode::OK, &page)
}

#[cfg(test)]
mod tests {
    use super::body_meant;

    #[test]
    fn a_name_means_the_nearest_of_what_is_named_and_what_is_on_record() {
        for (name, named, recorded, expected) in [
            ("甲市水务局", &["甲市水务局"][..], &["甲市水务局"][..], Some("甲市水务局")),
            ("市水务局", &["市水务局"], &["甲市水务局", "甲市财政局"], Some("甲市水务局")),
            // The office on record alone, or with the institution that it is an office of.
            ("市财政局", &["市财政局"], &["甲市财政局监督检查局"], None),
            ("市财政局", &["市财政局"], &["甲市财政局", "甲市财政局监督检查局"], Some("甲市财政局")),
            ("市城市管理局", &["市城市管理局"], &["甲市城市管理综合行政执法局"], None),
            (
                "市城市管理局",
                &["市城市管理局"],
                &["甲市城市管理局", "甲市城市管理综合行政执法局"],
                Some("甲市城市管理局"),
            ),
            // A name that the notice has in full means that institution, also where only another one has a scheme.
            ("市发展局", &["市发展局", "甲市发展局"], &["甲市发展改革局"], None),
            (
                "市市场监管局",
                &["市市场监管局", "市市场监督管理局"],
                &["甲市市场监督管理局"],
                Some("甲市市场监督管理局"),
            ),
            ("区财政局", &["区财政局"], &["甲区财政局", "乙区财政局"], None),
        ] {
            assert_eq!(body_meant(name, named, recorded), expected, "{name} {recorded:?}");
        }
    }
}
