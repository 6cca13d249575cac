//! A new record: an empty form, which becomes a submission.

use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{Audience, Body, DivisionCode, Info, Weight, kind_at};

use super::{
    super::{
        forms::{self, GeneralFields},
        must,
    },
    form::{About, Warned, form_page, form_says, hand_in, office_source, picked_page, warned_page},
};
use crate::{
    access::{Act, Submitted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    urls,
    workflow::{self, Draft, WorkflowError, draft},
};

/// A kind whose records begin with an empty form. A regulation begins with its text, which is uploaded.
fn new_kind(path: &str) -> Result<(&'static Info, Body), Problem> {
    let none = || Problem::not_found("没有这类记录，或者它不能这样新建");
    let kind =
        kind_at(path).filter(|kind| forms::has_form(kind) && (kind.general || !kind.versions)).ok_or_else(none)?;
    Ok((kind, Body::blank(kind.name).ok_or_else(none)?))
}

fn about_new(kind: &Info, note: String) -> About {
    About {
        title: format!("新的{}", kind.label),
        lead: "",
        back: if kind.is_public() { format!("/{}", kind.path) } else { "/console/shared".to_owned() },
        action: urls::console::new_record(kind),
        revision: 0,
        answers: String::new(),
        note,
    }
}

/// Any division that another level follows from than from the nation.
const SOME_COUNTY: &str = "110101";

/// What follows from the division of a new record where nothing else is said, by column: the level of an institution does.
fn following(blank: &Body, division: &str) -> Vec<(&'static str, String)> {
    let left_out = |division: &str| {
        let mut body = blank.clone();
        let filled = body.fill(|column| match column.name {
            "division" => Some(division),
            _ => (!column.required).then_some(""),
        });
        filled.ok().map(|()| body)
    };
    // What is no division is reported when the form is read.
    let nation = DivisionCode::nation();
    let (Some(anywhere), Some(there)) = (left_out(nation.as_str()), left_out(division)) else { return Vec::new() };
    anywhere
        .facts()
        .zip(there.facts())
        .filter(|((column, anywhere), (_, there))| column.given && anywhere != there)
        .map(|(_, (column, there))| (column.name, there.join("\n")))
        .collect()
}

/// A new record in a division, with what follows from that.
fn placed(blank: Body, division: &str) -> Body {
    let follows = following(&blank, division);
    let text = |name: &str| follows.iter().find(|(column, _)| *column == name).map(|(_, text)| text.as_str());
    let mut placed = blank.clone();
    if placed.fill(|column| text(column.name)).is_ok() { placed } else { blank }
}

pub async fn new_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(path): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let (kind, blank) = new_kind(&path)?;
    // What a link that leads here has filled in already.
    let said = Params::of_page(raw.as_deref(), &forms::ANY)?;
    aside(move || {
        // The account's own is the likeliest, and it is there to be changed. What follows from it is left open, so that
        // it follows from another one too.
        let own = &session.actor.division;
        let follows = following(&blank, SOME_COUNTY).into_iter().filter(|(column, _)| *column != "division");
        let empty = GeneralFields::of(&blank).unchosen();
        let mut form = follows.fold(empty, |form, (column, _)| form.with(column, String::new()));
        if !own.is_nation() {
            form = form.with("division", own.to_string());
        }
        for column in kind.columns.iter().filter(|column| column.given) {
            form = said.get(column.name).into_iter().fold(form, |form, text| form.with(column.name, text.to_owned()));
        }
        form_page(&app, &session, about_new(kind, String::new()), form)
    })
    .await
}

pub async fn new(
    State(app): State<App>,
    Path(path): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (kind, blank) = new_kind(&path)?;
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let hands_in = forms::hands_in(&fields)?;
    let blank = placed(blank, fields.get("division"));
    aside(move || {
        if let Some(page) = picked_page(&app, &session, || about_new(kind, String::new()), &mut fields, &blank)? {
            return Ok(page);
        }
        let form = GeneralFields::read(&fields, &blank);
        let note = fields.get(forms::NOTE).to_owned();
        let content = form_says(&app, &form, None, &blank, &session.actor, Weight::Office);
        // What an institution's name may be taken for is told to whoever reviews it.
        if let Ok(content) = &content
            && kind.general
            && let Some(target) = content.id()
        {
            let warned = Warned::of(&app, &target, content)?;
            if !warned.says.is_empty() && warned.seen != fields.get("seen") {
                return warned_page(&app, &session, about_new(kind, note), form, warned);
            }
        }
        let outcome = content.and_then(|content| {
            // Whether there is one of that name is told to whoever may write it, and to nobody else.
            must(&session.actor, Act::Submit, content.division().unwrap_or(&DivisionCode::nation()))
                .map_err(|problem| problem.blaming("division", "区划"))?;
            let target = content.id().ok_or_else(|| Problem::from(WorkflowError::WrongKind))?;
            if app.store.get(&target)?.is_some_and(|record| record.is_public() || record.is_shown_to(Audience::Offices))
            {
                let detail = format!("已有同名的{}（{target}）：请在它的页面上更正", kind.label);
                return Err(Problem::unprocessable(detail));
            }
            if let Some(there) = workflow::doubled(&app.store, &content)? {
                return Err(Problem::unprocessable(format!(
                    "这个区划已有同名的{}（{there}）：请在它的页面上更正",
                    kind.label
                )));
            }
            let based_on = app.store.current_revision(&target)?.unwrap_or(0);
            let provenance = vec![office_source(&session)];
            let proposed =
                Draft { target, based_on, content: Some(content), provenance, answers: None, note: note.clone() };
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = draft(&app.store, &session.actor, proposed)?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&urls::submission(&id)).into_response()),
            Err(problem) if problem.is_mendable() => {
                let page = form_page(&app, &session, about_new(kind, note), form.with_faults(problem.field_faults()))?;
                Ok(problem.on_page(page))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}
