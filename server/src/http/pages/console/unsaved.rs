//! A form that was sent when the session had ended: what was typed is carried through signing in and offered again. Nothing is
//! done with it before somebody has pressed a button once more, and then it is checked as any form is.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{super::private, Me, picker};
use crate::{access::Session, http::Problem};

/// Fields that nobody has typed, and that a page must not show as if somebody had.
const HIDDEN: [&str; 8] = ["token", "revision", "then", "seen", "answers", picker::LOOK, picker::PICK, "kept"];

#[derive(Template)]
#[template(path = "console/unsaved.html")]
struct Page {
    q: String,
    me: Me,
    /// Where it is sent to, and whether that shows the form again when it is asked to.
    to: String,
    reopens: bool,
    fields: Vec<(String, String)>,
    /// What somebody typed.
    typed: Vec<String>,
}

/// Offers a form again that was not saved.
pub fn again(
    status: StatusCode,
    session: &Session,
    to: String,
    fields: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let reopens = reopens(&to);
    let is_typed = |(name, value): &&(String, String)| !HIDDEN.contains(&name.as_str()) && !value.trim().is_empty();
    let typed = fields.iter().filter(is_typed).map(|(_, value)| value.clone()).collect();
    // The form is asked for, so what was asked for then is left out; where it is sent as it was, that goes along.
    let left_out: &[&str] = if reopens { &["token", "then", picker::LOOK, picker::PICK] } else { &["token"] };
    let fields = fields.into_iter().filter(|(name, _)| !left_out.contains(&name.as_str())).collect();
    private(status, &Page { q: String::new(), me: Me::new(session), to, reopens, fields, typed })
}

/// Whether what was typed into a form is carried through signing in: into one that is shown again, or where words are the most
/// of it. Of an act alone (approve, close) nothing is carried: whoever signs in sees the page first, and presses there.
pub fn is_carried(to: &str) -> bool {
    reopens(to) || to == "/console/names/table" || to.ends_with("/comments")
}

/// Whether a form is shown again, with what was typed, when it is sent to look for candidates of no field at all.
fn reopens(to: &str) -> bool {
    let parts: Vec<&str> = to.trim_matches('/').split('/').collect();
    match parts[..] {
        ["console", "new" | "upload" | "names", _] => to != "/console/names/table",
        ["console", "records" | "submissions", _, "edit"] => true,
        ["console", "accounts" | "keys" | "tasks"] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_with_pickers_are_opened_again_and_others_sent() {
        for to in ["/console/new/services", "/console/records/i/edit", "/console/names/new", "/console/tasks"] {
            assert!(reopens(to), "{to}");
        }
        for to in ["/console/names/table", "/console/submissions/s/comments", "/console/names/n/moves/submit", "/x"] {
            assert!(!reopens(to), "{to}");
        }
        for (to, carried) in [
            ("/console/names/table", true),
            ("/console/submissions/s/comments", true),
            ("/console/names/new", true),
            ("/console/names/n/moves/submit", false),
            ("/console/accounts/a", false),
            // No password travels in a page.
            ("/console/password", false),
        ] {
            assert_eq!(is_carried(to), carried, "{to}");
        }
    }
}
