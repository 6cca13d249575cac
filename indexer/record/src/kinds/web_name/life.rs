//! The life of a registered name: what is known of it, where it stands on a day, and what may happen to it next.
//!
//! Only acts and their days are kept. Where a name stands follows from them, from the day and from the [`Terms`] of its
//! registry, so that no run that was missed leaves a name where it no longer is. Terms are data of the service: how
//! long the registries give is in part unknown, and a term without a length never runs out by itself.

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::dns::DnsFacts;
use crate::{TimeUnit, naming::RegistryRow};

/// Events of a name that are kept: a name that is renewed each year for a century has some hundred.
const MAX_EVENTS: usize = 200;

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameStage {
    /// Registered, and not known to lead to a site yet.
    Unresolved,
    Normal,
    Frozen,
    /// It may be renewed: its last day is near.
    RenewalDue,
    /// Its last day is over, and it can still be renewed as before.
    Grace,
    /// It can be bought back by its owner alone.
    Redemption,
    /// Nothing brings it back but an act of the registry.
    PendingDelete,
    Cancelled,
}

impl NameStage {
    pub const ALL: [NameStage; 8] = [
        Self::Unresolved,
        Self::Normal,
        Self::Frozen,
        Self::RenewalDue,
        Self::Grace,
        Self::Redemption,
        Self::PendingDelete,
        Self::Cancelled,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Normal => "normal",
            Self::Frozen => "frozen",
            Self::RenewalDue => "renewal_due",
            Self::Grace => "grace",
            Self::Redemption => "redemption",
            Self::PendingDelete => "pending_delete",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Unresolved => "待解析",
            Self::Normal => "正常",
            Self::Frozen => "冻结",
            Self::RenewalDue => "待续",
            Self::Grace => "宽限",
            Self::Redemption => "赎回",
            Self::PendingDelete => "待删",
            Self::Cancelled => "注销",
        }
    }

    /// The status of the same meaning in RDAP (RFC 8056 and RFC 9083, section 10.2.2).
    pub fn rdap(self) -> &'static [&'static str] {
        match self {
            Self::Unresolved => &["inactive"],
            Self::Normal => &["active"],
            Self::Frozen => &["server hold"],
            Self::RenewalDue => &["active", "renew period"],
            Self::Grace => &["auto renew period"],
            Self::Redemption => &["redemption period"],
            Self::PendingDelete => &["pending delete"],
            Self::Cancelled => &["removed"],
        }
    }

    /// Whether the name is its owner's still, so that nobody else can have it.
    pub fn is_held(self) -> bool {
        self != Self::Cancelled
    }
}

/// Why a name is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreezeReason {
    Unpaid,
    Violation,
    Dispute,
    Renaming,
}

impl FreezeReason {
    pub const ALL: [FreezeReason; 4] = [Self::Unpaid, Self::Violation, Self::Dispute, Self::Renaming];

    pub fn label(self) -> &'static str {
        match self {
            Self::Unpaid => "未续费",
            Self::Violation => "违规",
            Self::Dispute => "争议",
            Self::Renaming => "更名",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    pub reason: FreezeReason,
    pub since: Date,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    pub on: Date,
}

/// Who has the duties of an owner that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    pub id: Option<String>,
    pub name: String,
    /// Number of the document that says so.
    pub document: String,
}

/// Whose a name was, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    pub owner_id: Option<String>,
    pub owner: String,
    pub from: Option<Date>,
    pub until: Date,
}

impl Tombstone {
    /// For a reader who meets the name years later.
    pub fn words(&self) -> String {
        format!("曾为{}的网上名称，至 {}", self.owner, self.until)
    }
}

/// Something that happened to a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameEvent {
    pub on: Date,
    pub step: LifeStep,
    /// Number of the document, or of the application, that it rests on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// The office that did it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor: String,
}

/// What may happen to a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifeStep {
    Registered,
    /// It is known to lead to a site.
    Resolved,
    Renewed,
    Frozen(FreezeReason),
    Unfrozen,
    /// What the register says of its holder or site is another.
    Changed,
    /// To the institution that has its owner's duties.
    Transferred(String),
    Cancelled,
}

impl LifeStep {
    pub fn label(&self) -> &'static str {
        match self {
            Self::Registered => "注册",
            Self::Resolved => "开通解析",
            Self::Renewed => "续期",
            Self::Frozen(_) => "冻结",
            Self::Unfrozen => "解冻",
            Self::Changed => "变更",
            Self::Transferred(_) => "转移",
            Self::Cancelled => "注销",
        }
    }

    /// The event action of the same meaning in RDAP (RFC 9083, section 10.2.3); none where it has no word for it.
    pub fn rdap(&self) -> Option<&'static str> {
        Some(match self {
            Self::Registered => "registration",
            Self::Renewed => "reregistration",
            Self::Frozen(_) => "locked",
            Self::Unfrozen => "unlocked",
            Self::Changed => "last changed",
            Self::Transferred(_) => "transfer",
            Self::Cancelled => "deletion",
            Self::Resolved => return None,
        })
    }
}

/// How long each part of a name's life is, as a registry gives it: length and unit. `None`: it does not run out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// From registration or renewal to the last day.
    pub term: Option<(u32, TimeUnit)>,
    /// Before the last day, in which it is to be renewed.
    pub renewal: Option<(u32, TimeUnit)>,
    pub grace: Option<(u32, TimeUnit)>,
    pub redemption: Option<(u32, TimeUnit)>,
    pub pending_delete: Option<(u32, TimeUnit)>,
}

impl Terms {
    /// Where a name stands on a day by its last day alone.
    pub fn age(&self, last: Date, day: Date) -> NameStage {
        if day <= last {
            let due = self.renewal.is_some_and(|term| day >= before(last, term));
            return if due { NameStage::RenewalDue } else { NameStage::Normal };
        }
        let mut end = last;
        for (stage, term) in [
            (NameStage::Grace, self.grace),
            (NameStage::Redemption, self.redemption),
            (NameStage::PendingDelete, self.pending_delete),
        ] {
            // A part without a length lasts until somebody acts.
            let Some(term) = term else { return stage };
            end = after(end, term);
            if day <= end {
                return stage;
            }
        }
        NameStage::Cancelled
    }

    /// The first day on which it can be renewed.
    pub fn renewable_from(&self, last: Date) -> Option<Date> {
        self.renewal.map(|term| before(last, term))
    }

    /// The day on which a name has ended that nobody renews; `None` where that takes an act.
    pub fn ends(&self, last: Date) -> Option<Date> {
        let parts = [self.grace?, self.redemption?, self.pending_delete?];
        Some(after(parts.into_iter().fold(last, after), (1, TimeUnit::CalendarDays)))
    }
}

/// What is known of a name's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameLife {
    pub registered: Date,
    /// Its last day; `None` where no term is known.
    pub expires: Option<Date>,
    /// Since when it is known to lead to a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Frozen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancelled>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<NameEvent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
    /// Owners before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tombstones: Vec<Tombstone>,
    /// A mailbox of the holder's office, which is published.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// The main one of the names of its site, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_name: Option<String>,
    /// Name servers, as the register has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// What was last seen of it in the DNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<DnsFacts>,
    /// What the list of the official register said when it was last held against this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<RegistryRow>,
    /// The day of the list that lacked it when somebody decided that it stays here all the same.
    #[serde(default, rename = "kept", skip_serializing_if = "Option::is_none")]
    pub retained: Option<Date>,
}

/// Why something cannot happen to a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifeFault {
    #[error("名称现在是“{}”，不能{what}", .stage.label())]
    Stage { stage: NameStage, what: &'static str },
    #[error("{day} 早于上一件事的日期 {last}：请核对日期")]
    Backwards { day: Date, last: Date },
    #[error("名称只能转给承继原单位职责的单位，并写明文号；买卖、出借不能办理")]
    NoSuccession,
    #[error("这个名称的经过已有 {MAX_EVENTS} 条，请先整理")]
    Full,
}

impl NameLife {
    /// A name that is registered on a day.
    pub fn begin(day: Date, terms: &Terms, document: &str, actor: &str) -> Self {
        let event =
            NameEvent { on: day, step: LifeStep::Registered, document: document.into(), actor: actor.into() };
        Self {
            registered: day,
            expires: terms.term.map(|term| after(day, term)),
            resolved: None,
            frozen: None,
            cancelled: None,
            events: vec![event],
            successor: None,
            tombstones: Vec::new(),
            contact: String::new(),
            main_name: None,
            servers: Vec::new(),
            dns: None,
            listed: None,
            retained: None,
        }
    }

    /// Where it stands on a day.
    pub fn stage(&self, terms: &Terms, day: Date) -> NameStage {
        if self.cancelled.is_some() {
            return NameStage::Cancelled;
        }
        let aged = self.expires.map_or(NameStage::Normal, |last| terms.age(last, day));
        match aged {
            // What is lost for want of renewal is lost whether or not it was frozen before.
            NameStage::Redemption | NameStage::PendingDelete | NameStage::Cancelled => aged,
            _ if self.frozen.is_some() => NameStage::Frozen,
            NameStage::Normal if self.resolved.is_none() => NameStage::Unresolved,
            _ => aged,
        }
    }

    /// The last day of where it stands by itself; `None` where only an act ends it.
    pub fn stage_ends(&self, terms: &Terms, day: Date) -> Option<Date> {
        let last = self.expires?;
        let grace = terms.grace.map(|term| after(last, term));
        let redemption = grace.zip(terms.redemption).map(|(from, term)| after(from, term));
        match self.stage(terms, day) {
            NameStage::RenewalDue => Some(last),
            NameStage::Grace => grace,
            NameStage::Redemption => redemption,
            NameStage::PendingDelete => {
                redemption.zip(terms.pending_delete).map(|(from, term)| after(from, term))
            }
            NameStage::Unresolved | NameStage::Normal | NameStage::Frozen | NameStage::Cancelled => None,
        }
    }

    /// Lets something happen to it. `owner` is whose it is now.
    pub fn happen(
        &mut self,
        event: NameEvent,
        terms: &Terms,
        owner: (Option<&str>, &str),
    ) -> Result<(), LifeFault> {
        let (stage, day) = (self.stage(terms, event.on), event.on);
        if let Some(last) = self.events.last().map(|last| last.on).filter(|last| *last > day) {
            return Err(LifeFault::Backwards { day, last });
        }
        if self.events.len() >= MAX_EVENTS {
            return Err(LifeFault::Full);
        }
        let wrong = Err(LifeFault::Stage { stage, what: event.step.label() });
        let tombstone = |from: Date| Tombstone {
            owner_id: owner.0.map(str::to_owned),
            owner: owner.1.to_owned(),
            from: Some(from),
            until: day,
        };
        let since = self.owned_since();
        match &event.step {
            LifeStep::Registered => return wrong,
            _ if stage == NameStage::Cancelled && event.step != LifeStep::Cancelled => return wrong,
            LifeStep::Resolved if self.resolved.is_some() => return wrong,
            LifeStep::Resolved => self.resolved = Some(day),
            // A renewal goes on from the last day, not from the day on which it comes.
            LifeStep::Renewed => match (stage, self.expires) {
                (NameStage::PendingDelete, _) | (_, None) => return wrong,
                (_, Some(last)) => {
                    self.expires = terms.term.map(|term| after(last.max(self.registered), term));
                    if self.frozen.as_ref().is_some_and(|frozen| frozen.reason == FreezeReason::Unpaid) {
                        self.frozen = None;
                    }
                }
            },
            LifeStep::Frozen(_) if self.frozen.is_some() || stage > NameStage::Grace => return wrong,
            LifeStep::Frozen(reason) => self.frozen = Some(Frozen { reason: *reason, since: day }),
            LifeStep::Unfrozen if self.frozen.is_none() => return wrong,
            LifeStep::Unfrozen => self.frozen = None,
            LifeStep::Changed if stage > NameStage::Grace => return wrong,
            LifeStep::Changed => {}
            LifeStep::Transferred(to) => match &self.successor {
                Some(successor) if successor.name == *to && !successor.document.trim().is_empty() => {
                    self.tombstones.push(tombstone(since));
                    self.successor = None;
                }
                _ => return Err(LifeFault::NoSuccession),
            },
            LifeStep::Cancelled if self.cancelled.is_some() => return wrong,
            LifeStep::Cancelled => {
                self.tombstones.push(tombstone(since));
                self.cancelled = Some(Cancelled { on: day });
            }
        }
        self.events.push(event);
        Ok(())
    }

    /// Since when it has been its present owner's.
    fn owned_since(&self) -> Date {
        let transfers = self.events.iter().rev().find(|event| matches!(event.step, LifeStep::Transferred(_)));
        transfers.map_or(self.registered, |event| event.on)
    }
}

fn span((length, unit): (u32, TimeUnit)) -> Span {
    match unit {
        TimeUnit::Months => Span::new().try_months(length),
        // Registries count by the calendar: a term in working days is no term of a name.
        TimeUnit::CalendarDays | TimeUnit::WorkingDays => Span::new().try_days(length),
    }
    .unwrap_or_default()
}

fn after(day: Date, term: (u32, TimeUnit)) -> Date {
    day.checked_add(span(term)).unwrap_or(Date::MAX)
}

fn before(day: Date, term: (u32, TimeUnit)) -> Date {
    day.checked_sub(span(term)).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests;
