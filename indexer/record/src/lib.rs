//! The one record grammar: an envelope around a typed body.
//!
//! All that the service knows is a [`Record`]. A system of the platform is a kind of record with its rules and pages;
//! it brings no storage, index or permission code of its own.

mod attached_file;
pub mod basis;
mod change;
mod clock;
mod column;
pub mod contact;
mod credit_code;
mod division_code;
pub mod effect;
mod entry;
pub mod evidence;
mod fields;
pub mod ids;
pub mod keys;
pub mod kind;
pub mod kinds;
mod letter;
pub mod lists;
pub mod naming;
mod origin;
mod original;
pub mod registration;
mod reminders;
pub mod repeals;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod shared_name;
mod source;
pub mod staffing;
pub mod status;
pub mod typed;
mod website;

pub use attached_file::{AttachedFile, MAX_ATTACHED, MAX_FILE_NAME};
pub use change::Change;
pub use clock::{Clock, Pause, TimeUnit};
pub use credit_code::{CreditCode, CreditCodeFault, credit_code};
pub use division_code::{DivisionCode, InvalidDivisionCode};
pub use ids::web_name_id;
pub use kind::{
    Audience, Column, Entry, Fault, Happened, Info, Kind, Mend, Passage, Planned, Shape, Values, Vouched, Weight, Word,
};
pub use kinds::{
    Body, KINDS,
    account::{Account, AskedRole, Role},
    api_key::{ApiKey, Scope},
    correction::{Correction, CorrectionMatter},
    division::{Division, DivisionLevel, FormerDivision, Succession},
    handling::{Comment, Handling, Taken},
    institution::{Category, Contacts, FormerSite, Institution, InstitutionLevel, NameBasis, Stated},
    kind_at, kind_named,
    name_application::{self, NameApplication},
    power_item::PowerItem,
    regulation::{
        Article, ArticleNumber, DocumentKind, Event, EventKind, Heading, InvalidArticleNumber, Item, Openness,
        Paragraph, Publication, Regulation, RegulationLevel, Status, is_deleted, regulation_id, work_key,
        work_reference,
    },
    service::{Entrance, OfficialService},
    staffing_scheme::comparison,
    submission::{Concern, Proof, ProofMethod, Scheduled, Submission},
    task::{Reminder, Task, TaskEnd, TaskMatter, TaskOrigin, TaskRecord, task_state_label},
    web_name::{
        Cancelled, DnsFacts, DnsFault, FreezeReason, Frozen, LifeFault, LifeStep, NameEvent, NameForm, NameLife,
        NameOwner, NameStage, NameStatus, Successor, Terms, Tombstone, WebName, read_dns,
    },
};
pub use letter::Letter;
pub use origin::{Author, COMMAND_LINE, READER, SERVICE, Source};
pub use original::{ORIGINAL, is_sha256};
pub use reminders::{next_reminder, reminders_due};
pub use shared_name::SharedName;
pub use source::{RecordSource, SourceError};
pub use website::{Evidence, Website};

pub use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A fact the service holds, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Stable and unique over all kinds: a division's code, an institution's id, `r-` + 12 hex digits for a regulation.
    pub id: String,
    /// Counted from 1 by the store; 0 = not stored yet.
    #[serde(default)]
    pub revision: u64,
    pub state: State,
    /// Where the facts come from; never empty.
    pub provenance: Vec<Provenance>,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    /// The division whose offices answer for this record; `None` for the nation.
    pub owner: Option<DivisionCode>,
    pub body: Body,
}

impl Record {
    /// A published record that is not stored yet.
    pub fn published(
        id: impl Into<String>,
        owner: Option<DivisionCode>,
        provenance: Vec<Provenance>,
        body: Body,
    ) -> Self {
        Self {
            id: id.into(),
            revision: 0,
            state: State::Published,
            provenance,
            valid_from: None,
            valid_to: None,
            owner,
            body,
        }
    }

    /// Whether the public sees it.
    pub fn is_public(&self) -> bool {
        self.is_shown_to(Audience::Public)
    }

    /// Whether an audience may find and read it. Which offices, [`Body::shared_on`] tells.
    pub fn is_shown_to(&self, audience: Audience) -> bool {
        self.state == State::Published && self.body.audience() == audience && self.body.info().is_searched_by(audience)
    }
}

/// Where a record stands in its workflow. Only [`State::Published`] is shown to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
    Returned,
    Approved,
    Published,
    Withdrawn,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "已提交",
            Self::Returned => "已退回",
            Self::Approved => "已核准",
            Self::Published => "已公布",
            Self::Withdrawn => "已撤回",
        }
    }
}

/// One source of a record's facts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Id of a row in `corpus/sources.csv`, a data package's name, or an upload's name.
    pub source: String,
    /// The place inside the source: file, line or row.
    pub place: Option<String>,
    /// When the source was taken.
    pub date: Option<Date>,
    /// Licence under which the source gives its data, where it states one.
    pub licence: Option<String>,
}
