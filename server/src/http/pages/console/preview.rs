//! 预览: the page that the public would see if a submission were published now.

use axum::{
    extract::{Path, State},
    response::Response,
};
use indexer::record::{Body, Record, State as RecordState};

use super::{
    super::{institution, private_text, record, regulation},
    submission,
};
use crate::{
    access::acts,
    http::{App, Problem, aside::aside, signed::SignedIn},
    sharing, urls, workflow,
};

/// Where the page's own part begins, in every page of the public.
const MAIN: &str = "<main id=\"main\">";

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let submitted = submission::find(&app, &session, &id)?;
        if matches!(submitted.state, RecordState::Published | RecordState::Withdrawn) {
            return Err(Problem::unprocessable("这份报送已经办结，没有可预览的"));
        }
        let proposed =
            workflow::proposed(&app.store, &submitted)?.filter(|record| record.state == RecordState::Published);
        let mut proposed =
            proposed.ok_or_else(|| Problem::unprocessable("公布之后这条记录将不再有页面，没有可预览的"))?;
        if !proposed.body.is_for_the_public() {
            return Err(Problem::unprocessable("这类记录只在机构之间共享，没有公开的页面可预览"));
        }
        // The revision that it would become.
        proposed.revision += 1;
        let page = leading_to(public_page(&app, &proposed)?, &proposed, &id);
        private_text(marked(page, &id)?)
    })
    .await
}

/// The page as the public would see it.
fn public_page(app: &App, proposed: &Record) -> Result<String, Problem> {
    let generation = app.generation()?;
    match &proposed.body {
        Body::Institution(_) => institution::proposed(app, &generation, proposed),
        Body::Regulation(_) => regulation::proposed(app, &generation, proposed),
        _ => record::proposed(app, &generation, proposed),
    }
}

/// The page with links to the files of the submission, which the public does not have yet.
fn leading_to(page: String, proposed: &Record, submission: &str) -> String {
    let Body::Regulation(_) = &proposed.body else { return page };
    let files = format!("{}/attachments/", urls::regulation(&proposed.id));
    let page = page.replace(&files, &format!("{}/attachments/", urls::submission(submission)));
    match sharing::original(proposed) {
        Some(hash) => page.replace(
            &format!("\"{}\"", urls::original(&proposed.id)),
            &format!("\"/console/files/{hash}?submission={submission}\""),
        ),
        None => page,
    }
}

/// The page with the mark that it is none of the public's.
fn marked(page: String, submission: &str) -> Result<String, Problem> {
    let Some((before, after)) = page.split_once(MAIN) else {
        return Err(Problem::internal(&"a page without its main part"));
    };
    let before = before.replacen("<title>", "<title>预览：", 1);
    Ok(format!(
        "{before}{MAIN}\n<div class=\"warn preview-mark\" role=\"note\"><p><strong>预览</strong>：这是报送的内容公布以后的样子，还没有公布，\
         只有能看这份报送的人看得到。页面上的链接通向现在公布的页面；新的记录、正文里的引用，公布以后才连得上。</p>\
         <p><a href=\"{}\">回到报送</a></p></div>{after}",
        urls::submission(submission)
    ))
}
