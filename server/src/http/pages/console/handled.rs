//! How a submission is handled, as its page shows it.

use indexer::record::{Handling, Record, State};

use crate::{
    access::{self, Act, Actor},
    clock::moment,
    workflow::{self, handling::MAX_COMMENTS},
};

/// How a submission is handled, as its page shows it to somebody.
#[derive(Default)]
pub struct Handled {
    /// Who has it in hand, and since when.
    pub taken: Option<(String, String)>,
    /// Who gave it to them.
    pub given_by: Option<String>,
    /// Whether the reader may give it to others.
    pub assigns: bool,
    pub is_own: bool,
    /// Whether the reader may take it and give it back now.
    pub takes: bool,
    /// Whether the reader may read and write comments.
    pub talks: bool,
    pub comments: Vec<CommentLine>,
    pub full: bool,
}

pub struct CommentLine {
    pub by: String,
    pub office: String,
    pub at: String,
    pub text: String,
}

impl Handled {
    pub fn new(who: &Actor, submission: &Record, handling: Option<Handling>) -> Self {
        let division = workflow::division_of(submission);
        let may = |act| access::may(Some(who), act, &workflow::subject(submission, &division)).is_ok();
        let in_review = matches!(submission.state, State::Submitted | State::Approved);
        let taken = handling.as_ref().and_then(|h| h.taken.as_ref());
        let talks = may(Act::Comment);
        let comments = handling.as_ref().map(|h| h.comments.as_slice()).filter(|_| talks).unwrap_or_default();
        Self {
            given_by: taken.and_then(|taken| taken.given_by.clone()),
            assigns: workflow::handling::may_assign(who, submission),
            is_own: taken.is_some_and(|taken| taken.by == who.name),
            taken: taken.map(|taken| (format!("{}的 {}", taken.office_name, taken.by), moment(taken.at))),
            takes: in_review && may(Act::Take),
            talks,
            full: comments.len() >= MAX_COMMENTS,
            comments: comments
                .iter()
                .map(|comment| CommentLine {
                    by: comment.by.clone(),
                    office: comment.office_name.clone(),
                    at: moment(comment.at),
                    text: comment.text.clone(),
                })
                .collect(),
        }
    }
}
