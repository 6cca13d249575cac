//! One institution: its site and how we know, its place, its kin.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::{Institution, NameBasis};

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
    name: String,
    institution: Institution,
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
        html(&Page {
            q: String::new(),
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
