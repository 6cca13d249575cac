//! A change that an office proposes 报送: what a record shall be, on its way through review.
//!
//! It is a record of its own, so that what is published stays as it is until the change is, and no draft stands where
//! the public looks.

use serde::{Deserialize, Serialize};

use crate::{Audience, Body, Clock, Date, DivisionCode, Kind, Letter, Provenance, kind::Field, State, keys::{Envelope, key, part}};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The office that proposes: what it is distinguished by, and its name.
    pub office: String,
    pub office_name: String,
    /// Accounts that wrote it: none of them may approve it.
    pub authors: Vec<String>,
    /// Id of the record that it changes or makes.
    pub target: String,
    /// Name or title of that record, for lists.
    pub target_title: String,
    /// The revision of the target that it was written on; 0 for a new record.
    pub based_on: u64,
    /// What the target shall be; `None`: it shall be withdrawn.
    pub content: Option<Box<Body>>,
    /// Where the content comes from; joins the target's sources.
    pub provenance: Vec<Provenance>,
    /// The reader's suggestion that it follows.
    pub answers: Option<String>,
    /// In the office's words: why.
    pub note: String,
    /// The target's revision that it became; `None` until it is published.
    #[serde(default)]
    pub published_as: Option<u64>,
    /// Day by which it should have been reviewed; set when it is handed in.
    pub due: Option<Date>,
    /// The limit that the day comes of; it stands while the office has to act. `None` before it is handed in, and for
    /// what was handed in before clocks were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// What it says that more than its own division has to answer for; found when it is handed in, and again when it is
    /// approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<Concern>,
    /// Why it was sent back, or what it had published was taken out, or shall be: the last letter is the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Letter>,
    /// Hosts that the institution would have and that nothing records for it yet; found when it is handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_hosts: Vec<String>,
    /// How it was seen that a host is in the institution's hands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The day on which it is published, where it is approved and a day was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_on: Option<Scheduled>,
}

/// A publication that is set for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    pub on: Date,
    /// The account that set it, and publishes it.
    pub by: String,
}

/// Something that the reviewers of a division have to answer for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// The lowest division that covers whom it is about.
    pub division: DivisionCode,
    /// For people: what it is.
    pub says: String,
}

/// That a host is in an institution's hands, as a reviewer saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// ASCII, without `www.`.
    pub host: String,
    pub method: ProofMethod,
    /// What was seen, in the reviewer's words.
    pub note: String,
    /// The reviewer's account.
    pub by: String,
    pub at: jiff::Timestamp,
}

/// Where it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    /// The registry's own entry names the institution.
    Registry,
    /// The submission's value stands in a TXT record of the host.
    Dns,
    /// The submission's value stands in a file of the site.
    File,
}

impl ProofMethod {
    pub const ALL: [ProofMethod; 3] = [Self::Registry, Self::Dns, Self::File];

    /// The name used in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Dns => "dns",
            Self::File => "file",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Registry => "注册管理机构的登记",
            Self::Dns => "域名的 TXT 记录",
            Self::File => "网站上的文件",
        }
    }
}

impl Kind for Submission {
    const NAME: &'static str = "submission";
    const LABEL: &'static str = "报送";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Offices;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.target_title
    }

    fn division(&self) -> Option<&DivisionCode> {
        None
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let mut all = vec![key(&["office", &part(&self.office), &of.newest_first()])];
        if of.is_open() {
            all.extend([of.waiting(), key(&["target", &part(&self.target), of.id])]);
        } else {
            all.push(key(&["ended", of.owner_code(), &of.newest_first()]));
        }
        let set = self.publish_on.as_ref().filter(|_| of.state == State::Approved);
        all.extend(set.map(|set| key(&["publish", &set.on.to_string(), of.id])));
        let own = of.owner.cloned().unwrap_or_else(DivisionCode::nation);
        if matches!(of.state, State::Submitted | State::Approved) {
            let mut above: Vec<&DivisionCode> =
                self.concerns.iter().map(|c| &c.division).filter(|d| !own.covers(d)).collect();
            above.sort();
            above.dedup();
            all.extend(above.iter().map(|division| key(&["raised", division.as_str(), &of.oldest_first()])));
        }
        if !self.new_hosts.is_empty() && matches!(of.state, State::Submitted | State::Approved | State::Published) {
            all.push(key(&["hosts", own.above().as_str(), &of.newest_first()]));
        }
        all
    }
}
