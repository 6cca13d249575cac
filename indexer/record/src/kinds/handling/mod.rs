//! How a submission is handled 办理: who has taken it in hand, and what its writers and reviewers said to each other about it.
//!
//! It stands beside the submission: what is said changes neither the content nor its place in the queue, and whoever has a
//! form of the submission open is not told that it has changed.

use serde::{Deserialize, Serialize};

use crate::{Audience, DivisionCode, Kind, kind::Field, keys::{Envelope, key, part}};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// Id of the submission, and its title.
    pub submission: String,
    pub title: String,
    /// Who has it in hand; `None`: nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    /// The first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
}

/// Somebody who has a submission in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// The account, and the office that it is of.
    pub by: String,
    pub office_name: String,
    pub at: jiff::Timestamp,
    /// The account that gave it to them; `None`: they took it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_by: Option<String>,
}

/// Something said about a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// The account, and the office that it is of.
    pub by: String,
    pub office_name: String,
    pub at: jiff::Timestamp,
    pub text: String,
}

impl Kind for Handling {
    const NAME: &'static str = "handling";
    const LABEL: &'static str = "办理";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Offices;
    /// It is shown with its submission alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.title
    }

    fn division(&self) -> Option<&DivisionCode> {
        None
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        self.taken.iter().map(|taken| key(&["taken", &part(&taken.by), &of.newest_first()])).collect()
    }
}
