//! What regulations let institutions of a kind do and no item of an institution's list rests on: for its office to
//! settle.

use askama::Template;
use axum::response::Response;

use super::{
    asked::{Asking, answered},
    html,
};
use crate::{
    http::Problem,
    query::unlisted::{Given, MAX, given, terms},
    reading::lists::unlisted::sort,
};

#[derive(Template)]
#[template(path = "power_list_unlisted.html")]
struct Page {
    q: String,
    name: String,
    url: String,
    /// What laws call such an institution.
    terms: Vec<String>,
    /// Powers that regulations give, and those of them that an item rests on.
    given: usize,
    listed: usize,
    shown: Vec<Given>,
    in_all: usize,
    /// Those that a regulation older than the revision of its law gives.
    before_revision: usize,
    /// Those whose words an item quotes of another article, and those that others of the division list.
    alike: Vec<(Given, String)>,
    alike_in_all: usize,
    elsewhere: Vec<(Given, String)>,
    elsewhere_in_all: usize,
}

pub async fn page(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, generation, _, asked| {
        let terms = terms(generation, &asked.name);
        let all = given(generation, &terms, &asked.division)?;
        let in_regulations = all.len();
        let lists = app.lists(generation)?;
        let mut sorted = sort((generation, &app.store), &lists, (&asked.division, asked.rows), all)?;
        let in_all = sorted.unlisted.len();
        let (alike_in_all, elsewhere_in_all) = (sorted.alike.len(), sorted.elsewhere.len());
        sorted.unlisted.truncate(MAX);
        sorted.alike.truncate(MAX);
        sorted.elsewhere.truncate(MAX);
        html(&Page {
            q: String::new(),
            url: asked.url(),
            name: asked.name.clone(),
            terms,
            given: in_regulations,
            listed: sorted.listed,
            shown: sorted.unlisted,
            in_all,
            before_revision: sorted.before_revision,
            alike: sorted.alike,
            alike_in_all,
            elsewhere: sorted.elsewhere,
            elsewhere_in_all,
        })
    })
    .await
}
