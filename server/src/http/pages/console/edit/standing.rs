//! Changing a record that stands: a form with what it is now, which becomes a submission.

use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::Record;

use super::{
    super::{forms, must},
    form::{
        About, Warned, changed, form_of, form_page, form_sent, hand_in, has_form, lead_of, office_source, picked_page,
        warned_page,
    },
};
use crate::{
    access::{Act, Session, Submitted, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        records::find_shared,
        signed::{Sent, SignedIn},
    },
    urls::{self, record_url},
    workflow::{self, Draft, draft},
};

/// The record to be changed, where somebody may propose it.
pub(super) fn record(app: &App, session: &Session, id: &str) -> Result<Record, Problem> {
    let record = app.store.get(id)?.filter(Record::is_public);
    let record = match record {
        Some(record) => record,
        None => find_shared(app, &session.actor, id)?.0,
    };
    must(&session.actor, Act::Submit, &workflow::division_of(&record))?;
    Ok(record)
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["answers"])?;
    let answers = params.get("answers").unwrap_or_default().to_owned();
    aside(move || {
        let record = record(&app, &session, &id)?;
        let form = form_of(&record.body)?;
        form_page(&app, &session, about(&record, answers, String::new()), form)
    })
    .await
}

fn about(record: &Record, answers: String, note: String) -> About {
    About {
        title: record.body.title().to_owned(),
        lead: lead_of(&record.body),
        back: record_url(record),
        action: urls::console::edit(&record.id, ""),
        revision: record.revision,
        answers,
        note,
    }
}

pub async fn submit(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let (revision, hands_in) = (fields.revision()?, forms::hands_in(&fields)?);
    aside(move || {
        let record = record(&app, &session, &id)?;
        has_form(&record.body)?;
        let again = || About { revision, ..about(&record, String::new(), String::new()) };
        if let Some(page) = picked_page(&app, &session, again, &mut fields, &record.body)? {
            return Ok(page);
        }
        let form = form_sent(&fields, &record.body)?;
        let note = fields.get(forms::NOTE).to_owned();
        let answers = Some(fields.get("answers").to_owned()).filter(|a| !a.is_empty());
        let content = changed(&app, &form, &record.id, &record.body, &session.actor);
        if let Ok(content) = &content {
            let warned = Warned::of(&app, &record.id, content)?;
            if !warned.says.is_empty() && warned.seen != fields.get("seen") {
                let about = About { revision, ..about(&record, answers.unwrap_or_default(), note) };
                return warned_page(&app, &session, about, form, warned);
            }
        }
        let outcome = content.and_then(|content| {
            let proposed = Draft {
                target: record.id.clone(),
                based_on: revision,
                provenance: vec![office_source(&session)],
                content: Some(content),
                answers: answers.clone(),
                note: note.clone(),
            };
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = draft(&app.store, &session.actor, proposed)?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&urls::submission(&id)).into_response()),
            Err(problem) if problem.is_mendable() => {
                let about = About { revision, ..about(&record, answers.unwrap_or_default(), note) };
                Ok(problem.on_page(form_page(&app, &session, about, form.with_faults(problem.field_faults()))?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}
