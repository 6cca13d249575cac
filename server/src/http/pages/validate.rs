//! 拟定网上名称: may this name be registered, and which would be standard ones?

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    record::Category,
    web_name::rules::{self, Rule},
};

use super::html;
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        proposed_name::{Asked, category, judged},
        records::find_institution,
    },
    web_names::ValidateReply,
};

#[derive(Template)]
#[template(path = "validate.html")]
struct Page<'a> {
    q: String,
    name: &'a str,
    id: &'a str,
    institution: Option<String>,
    categories: Vec<(&'static str, bool)>,
    administrative: Option<bool>,
    site_code: &'a str,
    reply: Option<ValidateReply>,
    fault: Option<String>,
    rules: &'static [Rule],
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params =
            Params::of_page(raw.as_deref(), &["name", "institution", "category", "administrative", "site_code"])?;
        let name = params.get("name").unwrap_or_default();
        let id = params.get("institution");
        let institution = id.map(|id| find_institution(app, id)).transpose()?.map(|(_, i)| i.name);
        let chosen = params.get("category").map(category).transpose()?;
        let administrative = match params.get("administrative") {
            None => None,
            Some(_) => Some(params.flag("administrative")?),
        };
        let site_code = params.get("site_code");
        let mut page = Page {
            q: String::new(),
            name,
            id: id.unwrap_or_default(),
            institution,
            categories: Category::ALL.into_iter().map(|c| (c.label(), Some(c) == chosen)).collect(),
            administrative,
            site_code: site_code.unwrap_or_default(),
            reply: None,
            fault: None,
            rules: rules::ALL,
        };
        let asked = Asked { name, institution: id, category: chosen, administrative, site_code };
        if !name.is_empty() || id.is_some() {
            match judged(app, generation, &asked) {
                Ok(reply) => page.reply = Some(reply),
                // A text that is no name is reported beside the form, where it can be mended.
                Err(problem) => page.fault = Some(problem.detail),
            }
        }
        html(&page)
    })
    .await
}
