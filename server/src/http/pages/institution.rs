//! One institution: its site and how we know, its place, its kin.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    record::{Body, Institution, NameBasis},
    web_name::Host,
};

use super::{
    html,
    view::{Link, Site, path},
};
use crate::{
    http::{
        App, Problem,
        api::find_institution,
        cache::{Known, answer},
        params::Params,
    },
    query::institutions_of,
};

/// Other bodies of the same division that are listed; the division's page has them all.
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
    path: Vec<Link>,
    parent: Option<Link>,
    siblings: Vec<Link>,
    revision: u64,
    places: Vec<String>,
    json_ld: String,
}

/// A Chinese web name of the institution.
struct ChineseName {
    name: String,
    form: &'static str,
    status: &'static str,
    class: &'static str,
    basis: String,
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
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, i) = find_institution(app, &id)?;
        let sites: Vec<Site> = i.websites.iter().map(|w| Site::new(w, &app.sources)).collect();
        let link = |text: &str, id: &str| Link {
            url: format!("/institutions/{id}"),
            text: text.to_owned(),
            detail: String::new(),
        };
        let parent = i.parent_name.as_ref().map(|name| match &i.parent_id {
            Some(id) => link(name, id),
            None => Link { url: String::new(), text: name.clone(), detail: String::new() },
        });
        let hits = institutions_of(generation, i.division.as_str()).map_err(|e| Problem::internal(&e))?;
        let siblings = hits.iter().filter(|h| h.id != id).take(MAX_SIBLINGS).map(|h| link(&h.title, &h.id)).collect();
        let names = chinese_names(app, &i)?;
        let former = i.former_sites.iter().map(|site| {
            let title = |id: &String| app.sources.iter().find(|s| s.id == *id).map_or(id.clone(), |s| s.title.clone());
            let sources = site.sources.iter().map(title).collect::<Vec<_>>().join("、");
            Former { host: site.host.clone(), reason: site.reason.clone(), sources }
        });
        html(&Page {
            q: String::new(),
            id: record.id.clone(),
            names,
            former: former.collect(),
            name: i.name.clone(),
            constructed: i.name_basis == NameBasis::Constructed,
            disputed: sites.iter().any(|s| s.evidence == "disputed"),
            path: path(generation, i.division.as_str()),
            parent,
            siblings,
            revision: record.revision,
            places: record
                .provenance
                .iter()
                .map(|p| {
                    let title = app.sources.iter().find(|s| s.id == p.source).map_or(p.source.as_str(), |s| &s.title);
                    p.date.map_or_else(|| title.to_owned(), |d| format!("{title}（{d} 取得）"))
                })
                .collect(),
            json_ld: json_ld(&i, &sites),
            sites,
            institution: i,
        })
    })
    .await
}

/// The records of an institution's Chinese names.
fn chinese_names(app: &App, i: &Institution) -> Result<Vec<ChineseName>, Problem> {
    let mut names = Vec::new();
    for name in &i.web_names {
        let Ok(host) = Host::parse(name) else { continue };
        let record = app.store.get(&format!("w-{}", host.ascii)).map_err(|e| Problem::internal(&e))?;
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
    let value = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": i.name,
        "alternateName": i.short_names,
        "url": url,
    });
    value.to_string().replace('<', "\\u003c")
}
