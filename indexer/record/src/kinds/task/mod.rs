//! Something that an office has to do 任务: about a record, by a day, until an act ends it or it is closed with a
//! reason.
//!
//! Submitted: to be done. Returned: it waits for the other side. Approved: an act has ended it. Withdrawn: closed with
//! a reason.

use serde::{Deserialize, Serialize};

use crate::{Audience, Clock, Date, DivisionCode, Kind, Letter, State, kind::Field, keys::{self, Envelope, key, part}};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub matter: TaskMatter,
    /// Id of the record that it is about, and its name or title.
    pub about: String,
    pub about_title: String,
    /// The institution of the division whose it is to do, where one that has accounts is concerned alone; else the
    /// division's office.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub office: String,
    /// Its record, where its accounts name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_id: Option<String>,
    /// For people: what there is to do.
    pub says: String,
    pub came: TaskOrigin,
    /// Records to be looked at, as many as a page shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<TaskRecord>,
    /// How many there are beyond these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
    /// `None` where no limit holds.
    pub clock: Option<Clock>,
    /// The last day of the clock as the calendar was when it was counted; `None` while it stands.
    pub due: Option<Date>,
    /// How many days before that it is to be brought to mind, and which of these went out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remind_before: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminded: Vec<Reminder>,
    pub ended: Option<TaskEnd>,
}

/// What kind of thing there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskMatter {
    /// A submission waits for its review.
    Review,
    /// A reader's suggestion waits for its answer.
    Answer,
    /// A regulation that records cite has another version, or is gone.
    RegulationChanged,
    /// An institution that records name is called otherwise, or is gone.
    InstitutionChanged,
    /// An institution that records name has other addresses.
    SitesChanged,
    /// Nobody has said for long that a record is right.
    Confirm,
    /// Somebody asks for it.
    Asked,
    /// An application for a web name waits for its review, or for what it lacks.
    NameReview,
    /// A web name is to be renewed.
    NameRenewal,
    /// The holder of a web name is gone, merged or called otherwise.
    NameHolder,
    /// A web name has run out for good and waits for the registry.
    NameDeletion,
    /// A web name that was somebody's is another's now.
    NameReregistered,
    /// What a record rests on is a web name that has another holder or is gone.
    NameChanged,
    /// A web name leads elsewhere than it should.
    Delegation,
    /// A record tells what is wrong, to be mended by a day.
    Deficiency,
    /// A plan of reform changes institutions that records name.
    Reform,
}

impl Task {
    /// Whether it is the institution's that an account of a name, and of a record, is of. One that names none is its
    /// division's. Two institutions may have one name: where both sides name a record, that alone tells.
    pub fn is_of(&self, name: &str, id: Option<&str>) -> bool {
        match (self.office_id.as_deref(), id) {
            (Some(own), Some(id)) => own == id,
            _ => self.office == name,
        }
    }
}

impl TaskMatter {
    pub const ALL: [TaskMatter; 16] = [
        Self::Review,
        Self::Answer,
        Self::RegulationChanged,
        Self::InstitutionChanged,
        Self::SitesChanged,
        Self::Confirm,
        Self::Asked,
        Self::NameReview,
        Self::NameRenewal,
        Self::NameHolder,
        Self::NameDeletion,
        Self::NameReregistered,
        Self::NameChanged,
        Self::Delegation,
        Self::Deficiency,
        Self::Reform,
    ];

    /// The name used in the API and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Answer => "answer",
            Self::RegulationChanged => "regulation_changed",
            Self::InstitutionChanged => "institution_changed",
            Self::SitesChanged => "sites_changed",
            Self::Confirm => "confirm",
            Self::Asked => "asked",
            Self::NameReview => "name_review",
            Self::NameRenewal => "name_renewal",
            Self::NameHolder => "name_holder",
            Self::NameDeletion => "name_deletion",
            Self::NameReregistered => "name_reregistered",
            Self::NameChanged => "name_changed",
            Self::Delegation => "delegation",
            Self::Deficiency => "deficiency",
            Self::Reform => "reform",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Review => "审核报送",
            Self::Answer => "答复建议",
            Self::RegulationChanged => "法规变动",
            Self::InstitutionChanged => "机构变动",
            Self::SitesChanged => "网址变动",
            Self::Confirm => "定期确认",
            Self::Asked => "交办",
            Self::NameReview => "审核网上名称",
            Self::NameRenewal => "网上名称续期",
            Self::NameHolder => "名称的单位变动",
            Self::NameDeletion => "名称到期注销",
            Self::NameReregistered => "原名称另有注册",
            Self::NameChanged => "网上名称变动",
            Self::Delegation => "解析核对",
            Self::Deficiency => "问题整改",
            Self::Reform => "机构改革",
        }
    }

    /// Whether only what is done to its record ends it: it follows a review, and nobody closes it beside that.
    pub fn follows_a_review(self) -> bool {
        matches!(self, Self::Review | Self::Answer | Self::NameReview)
    }
}

/// How it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TaskOrigin {
    /// By a change of a record: its id and the revision that it became.
    Event { record: String, revision: u64 },
    /// By the passing of time.
    Time,
    /// By an account.
    Person { account: String, office_name: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskRecord {
    pub id: String,
    pub title: String,
}

/// A reminder that went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    pub days_before: u32,
    pub on: Date,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskEnd {
    /// The act that ended it, in words; empty where it was closed with a reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub act: String,
    pub letter: Option<Letter>,
    pub on: Date,
}

impl Task {
    /// The day on which it is next to be brought to mind; `None` for one that has ended or stands.
    pub fn next_reminder(&self) -> Option<Date> {
        let sent = |days: &u32| self.reminded.iter().any(|reminder| reminder.days_before == *days);
        let due = self.due.filter(|_| self.ended.is_none())?;
        let days = self.remind_before.iter().filter(|days| !sent(days)).max()?;
        Some(due.checked_sub(jiff::Span::new().days(i64::from(*days))).unwrap_or(Date::MIN))
    }
}

/// What a record's state says of a task.
pub fn task_state_label(state: State) -> &'static str {
    match state {
        State::Draft | State::Submitted | State::Published => "待办",
        State::Returned => "等待对方",
        State::Approved => "已办结",
        State::Withdrawn => "已关闭",
    }
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Kind for Task {
    const NAME: &'static str = "task";
    const LABEL: &'static str = "任务";
    const PATH: &'static str = "";
    const AUDIENCE: Audience = Audience::Offices;
    /// It is shown by pages of its own alone.
    const FIELDS: &'static [Field<Self>] = &[];

    fn title(&self) -> &str {
        &self.about_title
    }

    fn division(&self) -> Option<&DivisionCode> {
        None
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let open = self.ended.is_none();
        let due = || self.due.map_or_else(|| "none".to_owned(), |due| due.to_string());
        let when = if open { due() } else { of.newest_first() };
        let mut all = vec![key(&["task", keys::state(of.state), of.owner_code(), &when, of.id])];
        if open {
            let mut about: Vec<&str> =
                self.records.iter().map(|other| other.id.as_str()).chain([self.about.as_str()]).collect();
            about.sort_unstable();
            about.dedup();
            all.extend(about.iter().map(|about| key(&["about", &part(about), of.id])));
        }
        all.extend(self.next_reminder().map(|day| key(&["remind", &day.to_string(), of.id])));
        all
    }
}
