//! A form that was sent when the session had ended: what was typed is carried through signing in and offered again. Nothing is
//! done with it before somebody has pressed a button once more, and then it is checked as any form is. An act (approve,
//! return) is never offered: its words are shown, to be copied, with the page where it is done.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{super::private, Me, picker};
use crate::{
    access::{self, Session},
    http::{
        Problem,
        signed::{is_text, is_typed},
    },
};

#[derive(Template)]
#[template(path = "console/unsaved.html")]
struct Page {
    q: String,
    me: Me,
    /// Where it is sent to; for an act, the page where it is done.
    to: String,
    carried: Carried,
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
    let carried = carried(&to, &fields).unwrap_or(Carried::Shown);
    // A form that opens again shows everything in its fields.
    let shown = |field: &&(String, String)| match carried {
        Carried::Reopened => false,
        Carried::Sent => is_typed(field),
        Carried::Shown => is_text(field),
    };
    let typed = fields.iter().filter(shown).map(|(_, value)| value.clone()).collect();
    // The form is asked for, so what was asked for then is left out; where it is sent as it was, that goes along.
    let left_out: &[&str] = match carried {
        Carried::Reopened => &["token", "then", picker::LOOK, picker::PICK],
        Carried::Sent | Carried::Shown => &["token"],
    };
    let fields = fields.into_iter().filter(|(name, _)| !left_out.contains(&name.as_str())).collect();
    let (to, fields) = match carried {
        Carried::Shown => (page_of(&to), Vec::new()),
        Carried::Reopened | Carried::Sent => (to, fields),
    };
    private(status, &Page { q: String::new(), me: Me::new(session), to, carried, fields, typed })
}

/// Whether a form was filled in by the account that has signed in, as its token says; one without a token is nobody's.
pub fn is_of(session: &Session, fields: &[(String, String)]) -> bool {
    let token = fields.iter().find(|(name, _)| name == "token");
    token.is_some_and(|(_, token)| access::is_form_of(token, &session.actor.name))
}

/// How a form is carried through signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// The form is shown again with what was typed.
    Reopened,
    /// It can be sent as it was.
    Sent,
    /// What was typed is shown: it came with an act, which is done on its own page alone.
    Shown,
}

/// How a form for an address is carried; `None` where it holds nothing that somebody would have to type again, or where it
/// must not travel in a page, as passwords.
pub fn carried(to: &str, fields: &[(String, String)]) -> Option<Carried> {
    if reopens(to) {
        return Some(Carried::Reopened);
    }
    if to == "/console/names/table" || to.ends_with("/comments") {
        return Some(Carried::Sent);
    }
    let acts = ["submissions", "corrections", "names", "tasks", "records", "register"];
    let parts: Vec<&str> = to.trim_matches('/').split('/').collect();
    let is_act = matches!(parts[..], ["console", of, _, ..] if acts.contains(&of));
    (is_act && fields.iter().any(is_text)).then_some(Carried::Shown)
}

/// The page where an act is done: that of what it is done to.
fn page_of(to: &str) -> String {
    let parts: Vec<&str> = to.split('/').take(4).collect();
    match parts[..] {
        ["", "console", "records", _] => "/console".to_owned(),
        ["", "console", "register", "dns"] => "/console/register".to_owned(),
        _ => parts.join("/"),
    }
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
        let reason = [("reason".to_owned(), "与三定规定不一致，请核对".to_owned())];
        let pressed = [
            ("host".to_owned(), "zunyi.gov.cn".to_owned()),
            ("revision".to_owned(), "3".to_owned()),
            ("token".to_owned(), "a".repeat(40)),
        ];
        for (to, with_words, without) in [
            ("/console/names/table", Some(Carried::Sent), Some(Carried::Sent)),
            ("/console/submissions/s/comments", Some(Carried::Sent), Some(Carried::Sent)),
            ("/console/names/new", Some(Carried::Reopened), Some(Carried::Reopened)),
            ("/console/names/n/moves/submit", Some(Carried::Shown), None),
            ("/console/submissions/s/moves/return", Some(Carried::Shown), None),
            ("/console/corrections/c/moves/approve", Some(Carried::Shown), None),
            ("/console/records/r/withdraw", Some(Carried::Shown), None),
            ("/console/tasks/t/close", Some(Carried::Shown), None),
            ("/console/names/n/parts", Some(Carried::Shown), None),
            ("/console/register/list", Some(Carried::Shown), None),
            // No password travels in a page.
            ("/console/accounts/a", None, None),
            ("/console/password", None, None),
        ] {
            assert_eq!(carried(to, &reason), with_words, "{to}");
            assert_eq!(carried(to, &pressed), without, "{to}");
        }
        assert_eq!(page_of("/console/submissions/s/moves/return"), "/console/submissions/s");
        assert_eq!(page_of("/console/register/list"), "/console/register/list");
        assert_eq!(page_of("/console/records/r/withdraw"), "/console");
        assert_eq!(page_of("/console/register/dns"), "/console/register");
    }
}
