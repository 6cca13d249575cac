//! Changing a draft, or what was sent back.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{Body, Record};

use super::{
    super::{forms, submission},
    form::{
        About, Warned, changed, form_of, form_page, form_sent, hand_in, has_form, lead_of, picked_page, warned_page,
    },
};
use crate::{
    access::{Act, Session, Submitted, acts},
    http::{
        App, Problem,
        aside::aside,
        signed::{Sent, SignedIn},
    },
    urls,
    workflow::{self, as_submission},
};

pub async fn revise_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let (record, content) = draft_of(&app, &session, &id)?;
        let form = form_of(&content)?;
        form_page(&app, &session, about_draft(&record), form)
    })
    .await
}

/// A draft that somebody may change, and its content.
fn draft_of(app: &App, session: &Session, id: &str) -> Result<(Record, Body), Problem> {
    let record = submission::find(app, session, id)?;
    let division = workflow::division_of(&record);
    crate::access::may(Some(&session.actor), Act::Submit, &workflow::subject(&record, &division))?;
    let content = as_submission(&record).and_then(|s| s.content.as_deref().cloned());
    let content = content.ok_or_else(|| Problem::unprocessable("撤回申请没有可修改的内容"))?;
    Ok((record, content))
}

fn about_draft(record: &Record) -> About {
    let note = as_submission(record).map(|s| s.note.clone()).unwrap_or_default();
    About {
        title: record.body.title().to_owned(),
        lead: lead_of(&record.body),
        back: urls::submission(&record.id),
        action: urls::console::edit_submission(&record.id),
        revision: record.revision,
        answers: String::new(),
        note,
    }
}

pub async fn revise(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let (revision, hands_in) = (fields.revision()?, forms::hands_in(&fields)?);
    aside(move || {
        let (record, content) = draft_of(&app, &session, &id)?;
        has_form(&content)?;
        let again = || About { revision, ..about_draft(&record) };
        if let Some(page) = picked_page(&app, &session, again, &mut fields, &content)? {
            return Ok(page);
        }
        let form = form_sent(&fields, &content)?;
        // An institution's form is read against what is published, so that evidence is computed from there and not from a draft.
        let target = as_submission(&record).map(|s| (s.target.clone(), s.based_on));
        let base = match (&content, target) {
            (content, Some((target, based_on))) if !matches!(content, Body::Regulation(_)) => {
                app.store.get_revision(&target, based_on)?.map(|r| r.body)
            }
            _ => None,
        };
        let about = as_submission(&record).map(|s| s.target.clone()).unwrap_or_default();
        let changed = changed(&app, &form, &about, base.as_ref().unwrap_or(&content), &session.actor);
        if let Ok(changed) = &changed {
            let warned = Warned::of(&app, &about, changed)?;
            if !warned.says.is_empty() && warned.seen != fields.get("seen") {
                let about = About { revision, note: fields.get(forms::NOTE).to_owned(), ..about_draft(&record) };
                return warned_page(&app, &session, about, form, warned);
            }
        }
        let outcome = changed.and_then(|changed| {
            let note = fields.get(forms::NOTE);
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = workflow::revise(&app.store, &session.actor, &id, revision, note, |_| Ok(Some(changed)))?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&urls::submission(&id)).into_response()),
            Err(problem) if problem.is_mendable() => {
                let about = About { revision, note: fields.get(forms::NOTE).to_owned(), ..about_draft(&record) };
                Ok(problem.on_page(form_page(&app, &session, about, form.with_faults(problem.field_faults()))?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}
