//! One institution: its site and how we know, its place, its kin.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::Generation,
    record::{Body, Date, Institution, Record, web_name_id},
    web_name::Host,
};

use super::{
    descent::{self, Descent},
    html,
    view::{Link, RegulationLink, Site, is_current, path, source_title},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::find_institution,
    },
    query::{Duties, End, Events, KinInstitution, Listed, duties, in_charge_of, institution_in, institutions_of, kin},
    reading::{
        schemes::comparison_url,
        then::{InstitutionThen, is_scheme, then},
    },
    urls,
};

/// Other institutions of the same division that are listed; the division's page has them all.
const MAX_SIBLINGS: usize = 24;

#[derive(Template)]
#[template(path = "institution.html")]
struct Page {
    q: String,
    id: String,
    name: String,
    institution: Institution,
    names: Vec<ChineseName>,
    former: Vec<Former>,
    constructed: bool,
    sites: Vec<Site>,
    disputed: bool,
    contacts: Vec<ContactLine>,
    path: Vec<Link>,
    /// A parent that a list names and the directory has no record of.
    parent_name: Option<String>,
    kin: Vec<KinList>,
    siblings: Vec<Link>,
    duties: Duties,
    /// Its own schemes of organization that have taken effect, with the duties that they give it.
    schemes: Vec<Listed>,
    /// Those whose day is still to come.
    coming: Vec<Coming>,
    descent: Descent,
    /// Records of other kinds that it is in charge of.
    in_charge: Vec<Listed>,
    /// Whether schemes that give it no duties today are among these.
    has_schemes: bool,
    revision: u64,
    places: Vec<String>,
    issued: Issued,
    json_ld: String,
    /// The institution on the day that was asked about.
    then: Option<InstitutionThen>,
    ended: Option<Ended>,
    /// Where each of its schemes is set beside others, by id.
    compare: fn(&str) -> String,
}

/// How the institution came to its end.
struct Ended {
    says: String,
    /// The event, and who took over where that is on record.
    event: Link,
    after: Vec<Link>,
}

fn ended(generation: &Generation, i: &Institution, end: End) -> Result<Ended, Problem> {
    let mut after = Vec::new();
    for name in &end.to {
        let there = institution_in(generation, name, i.division.as_str())?;
        after.extend(there.map(|id| body_link(name, &id)));
    }
    let event = Link { url: end.url.clone(), text: end.title.clone(), detail: String::new() };
    Ok(Ended { says: end.says(&i.name), event, after })
}

/// A scheme that holds from a day to come.
struct Coming {
    scheme: Listed,
    from: Date,
}

/// Institutions that stand in one relation to the institution.
struct KinList {
    title: &'static str,
    /// The first few; the rest are folded away.
    first: Vec<Link>,
    rest: Vec<Link>,
}

/// Regulations that an institution issued.
struct Issued {
    regulations: Vec<RegulationLink>,
    total: usize,
    /// Where all are listed.
    all: String,
}

/// Regulations of an institution shown on its page.
const SHOWN_REGULATIONS: usize = 10;

/// Institutions of one relation shown at once: a screen of a phone.
const SHOWN_KIN: usize = 12;

impl KinList {
    fn new(title: &'static str, institutions: Vec<KinInstitution>) -> Option<Self> {
        let mut first: Vec<Link> = institutions.into_iter().map(|body| body_link(&body.name, &body.id)).collect();
        let rest = first.split_off(first.len().min(SHOWN_KIN));
        (!first.is_empty()).then_some(Self { title, first, rest })
    }
}

fn body_link(name: &str, id: &str) -> Link {
    Link { url: urls::institution(id), text: name.to_owned(), detail: String::new() }
}

/// A Chinese web name of the institution.
struct ChineseName {
    name: String,
    form: &'static str,
    status: &'static str,
    class: &'static str,
    basis: String,
}

/// A way to reach the institution.
struct ContactLine {
    /// The column's name, by which the forms are reported of it.
    field: &'static str,
    label: &'static str,
    values: Vec<String>,
    /// The values are numbers to call.
    callable: bool,
    /// Where they come from, and since when.
    source: String,
}

/// What is asked for most, and therefore told of even where nothing is known.
const ALWAYS_TOLD: [&str; 3] = ["phones", "address", "hours"];

fn contact_lines(app: &App, i: &Institution) -> Vec<ContactLine> {
    let lines = i.ways().map(|(column, values)| {
        let stated = i.contacts.stated.get(column.name);
        let day = |day: indexer::record::Date| format!("（{day}）");
        let source = stated.map(|s| source_title(&app.sources, &s.source) + &s.day.map(day).unwrap_or_default());
        ContactLine {
            field: column.name,
            label: column.label,
            values,
            callable: column.name == "phones",
            source: source.unwrap_or_default(),
        }
    });
    lines.filter(|line| !line.values.is_empty() || ALWAYS_TOLD.contains(&line.field)).collect()
}

/// A host that a list gave and that was not taken over.
struct Former {
    host: String,
    reason: String,
    sources: String,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let on = Params::of_page(raw.as_deref(), &["on", "as_of"])?.day_asked()?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, i) = find_institution(app, &id)?;
        let then = on.map(|day| then(&app.store, generation, (&id, &i.name, &i.division), day)).transpose()?;
        html(&whole(app, generation, &record, i, then)?)
    })
    .await
}

/// The page of an institution as a record that nobody has published yet makes it.
pub fn proposed(app: &App, generation: &Generation, record: &Record) -> Result<String, Problem> {
    let Body::Institution(i) = &record.body else { return Err(Problem::not_found("这不是机构的记录")) };
    Ok(whole(app, generation, record, i.clone(), None)?.render()?)
}

fn whole(
    app: &App,
    generation: &Generation,
    record: &Record,
    i: Institution,
    then: Option<InstitutionThen>,
) -> Result<Page, Problem> {
    let id = &record.id;
    let anywhere = i.category.has_own_names();
    let sites: Vec<Site> = i.websites.iter().map(|w| Site::new(generation, w, anywhere, &app.sources)).collect();
    let kin = kin(generation, id, &i)?;
    let known: Vec<&str> = kin.above.iter().chain(&kin.below).chain(&kin.siblings).map(|b| b.id.as_str()).collect();
    let hits = institutions_of(generation, i.division.as_str())?;
    let others = hits.iter().filter(|h| h.id != *id && !known.contains(&h.id.as_str()));
    let siblings = others.take(MAX_SIBLINGS).map(|h| body_link(&h.title, &h.id)).collect();
    let parent_name = i.parent_name.clone().filter(|_| kin.above.is_empty());
    let lists = [
        ("上级", kin.above),
        ("上一级的同类机构", kin.field_above),
        ("同级", kin.siblings),
        ("下级", kin.below),
        ("下一级的同类机构", kin.field_below),
    ];
    let events = Events::of(generation, &i.name, i.division.as_str(), Some(id))?;
    let descent = descent::of(&events.line(id, &i.name));
    let ended = events.end(&i.name, generation.manifest.built_on).map(|end| ended(generation, &i, end)).transpose()?;
    let others = in_charge_of(generation, id)?.into_iter().filter(|record| record.entry.happened.is_none());
    let today = generation.manifest.built_on;
    let (schemes, in_charge): (Vec<Listed>, Vec<Listed>) =
        others.partition(|record| !record.entry.passages.is_empty() && !record.entry.is_over(today));
    let is_to_come = |scheme: &Listed| scheme.entry.since.filter(|day| *day > today);
    let (coming, held): (Vec<Listed>, Vec<Listed>) = schemes.into_iter().partition(|one| is_to_come(one).is_some());
    let mut coming: Vec<Coming> =
        coming.into_iter().filter_map(|scheme| Some(Coming { from: is_to_come(&scheme)?, scheme })).collect();
    coming.sort_by_key(|coming| coming.from);
    let mut schemes = held;
    // The last one leads; those before it may not be told to be over.
    schemes.sort_by_key(|scheme| std::cmp::Reverse(scheme.entry.since));
    // What a scheme says that others do stands on its own page.
    schemes.iter_mut().for_each(|scheme| scheme.entry.passages.retain(|passage| passage.by.is_none()));
    let kin = lists.into_iter().filter_map(|(title, institutions)| KinList::new(title, institutions)).collect();
    let names = chinese_names(app, &i)?;
    let former = i.former_sites.iter().map(|site| {
        let title = |id: &String| source_title(&app.sources, id);
        let sources = site.sources.iter().map(title).collect::<Vec<_>>().join("、");
        Former { host: site.host.clone(), reason: site.reason.clone(), sources }
    });
    Ok(Page {
        q: String::new(),
        id: record.id.clone(),
        names,
        former: former.collect(),
        name: i.name.clone(),
        constructed: i.may_be_called_otherwise(),
        contacts: contact_lines(app, &i),
        disputed: sites.iter().any(|s| s.evidence == "disputed"),
        path: path(generation, i.division.as_str()),
        parent_name,
        kin,
        siblings,
        schemes,
        coming,
        descent,
        has_schemes: in_charge.iter().any(is_scheme),
        in_charge,
        duties: duties(generation, &i)?,
        revision: record.revision,
        places: record
            .provenance
            .iter()
            .map(|p| {
                let title = source_title(&app.sources, &p.source);
                p.date.map_or_else(|| title.clone(), |d| format!("{title}（{d} 取得）"))
            })
            .collect(),
        issued: issued(generation, &i),
        json_ld: json_ld(&i, &sites),
        sites,
        then,
        ended,
        compare: |id| comparison_url("", id),
        institution: i,
    })
}

/// Regulations that it issued, under any name that it has or had, and that are valid or will be: the newest, and how
/// many.
fn issued(generation: &Generation, i: &Institution) -> Issued {
    let names = std::iter::once(&i.name).chain(&i.former_names);
    let mut regulations: Vec<_> = names.flat_map(|name| generation.catalogue.issued_by(name)).collect();
    regulations.retain(|regulation| is_current(regulation.status));
    regulations.sort_by(|a, b| b.version_date.cmp(&a.version_date).then_with(|| a.id.cmp(&b.id)));
    regulations.dedup_by(|a, b| a.id == b.id);
    let total = regulations.len();
    let all = urls::regulations(&[("issuer", &i.name)]);
    Issued {
        regulations: regulations.into_iter().take(SHOWN_REGULATIONS).map(RegulationLink::new).collect(),
        total,
        all,
    }
}

/// The records of an institution's Chinese names.
fn chinese_names(app: &App, i: &Institution) -> Result<Vec<ChineseName>, Problem> {
    let mut names = Vec::new();
    for name in &i.web_names {
        let Ok(host) = Host::parse(name) else { continue };
        let record = app.store.get(&web_name_id(&host.ascii))?;
        if let Some(Body::WebName(w)) = record.map(|r| r.body) {
            names.push(ChineseName {
                form: w.form.label(),
                status: w.evidence.label(),
                class: w.evidence.name(),
                basis: w.basis,
                name: w.name,
            });
        }
    }
    Ok(names)
}

/// schema.org's GovernmentOrganization. `<` is escaped so that no name can end the script element.
fn json_ld(i: &Institution, sites: &[Site]) -> String {
    let url = sites.iter().find(|s| s.recommended).map(|s| s.url.as_str());
    let mut value = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": i.name,
        "alternateName": i.short_names,
        "url": url,
    });
    let contacts = &i.contacts;
    let mut tell = |name: &str, known: Option<serde_json::Value>| {
        if let Some(known) = known {
            value[name] = known;
        }
    };
    tell("telephone", (!contacts.phones.is_empty()).then(|| contacts.phones.clone().into()));
    let address = contacts.address.as_ref().or(contacts.postcode.as_ref()).map(|_| {
        let mut address = serde_json::json!({ "@type": "PostalAddress", "addressCountry": "CN" });
        contacts.address.iter().for_each(|street| address["streetAddress"] = street.clone().into());
        contacts.postcode.iter().for_each(|code| address["postalCode"] = code.clone().into());
        address
    });
    tell("address", address);
    // Office hours are words here, and no openingHours of the vocabulary.
    let code = i
        .credit_code
        .as_ref()
        .map(|code| serde_json::json!({ "@type": "PropertyValue", "propertyID": "统一社会信用代码", "value": code }));
    tell("identifier", code);
    value.to_string().replace('<', "\\u003c")
}
