//! Where an application stands.

use serde::{Deserialize, Serialize};

use crate::State;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    AwaitsFirst,
    InFirst,
    /// The applicant has to add something, in place.
    Supplement,
    AwaitsSecond,
    InSecond,
    Approved,
    Registered,
    Refused,
    /// Not taken on: the same may not be asked for again before a day.
    NotAccepted,
    Withdrawn,
    /// The applicant has added nothing in time.
    Lapsed,
}

impl Stage {
    pub const ALL: [Stage; 12] = [
        Self::Draft,
        Self::AwaitsFirst,
        Self::InFirst,
        Self::Supplement,
        Self::AwaitsSecond,
        Self::InSecond,
        Self::Approved,
        Self::Registered,
        Self::Refused,
        Self::NotAccepted,
        Self::Withdrawn,
        Self::Lapsed,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::AwaitsFirst => "待初审",
            Self::InFirst => "初审中",
            Self::Supplement => "需补正",
            Self::AwaitsSecond => "待复审",
            Self::InSecond => "复审中",
            Self::Approved => "批准",
            Self::Registered => "已登记",
            Self::Refused => "拒绝",
            Self::NotAccepted => "不予受理",
            Self::Withdrawn => "撤回",
            Self::Lapsed => "逾期失效",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::Registered | Self::Refused | Self::NotAccepted | Self::Withdrawn | Self::Lapsed)
    }

    /// Whether it was handed in and is not decided.
    pub fn is_under_way(self) -> bool {
        !self.is_over() && !matches!(self, Self::Draft | Self::Approved)
    }

    /// Whether the applicant may change what it says.
    pub fn is_open_to_applicant(self) -> bool {
        matches!(self, Self::Draft | Self::Supplement)
    }

    /// What the envelope of its record says.
    pub fn state(self) -> State {
        match self {
            Self::Draft => State::Draft,
            Self::AwaitsFirst | Self::InFirst | Self::AwaitsSecond | Self::InSecond => State::Submitted,
            Self::Supplement => State::Returned,
            Self::Approved | Self::Registered => State::Approved,
            Self::Refused | Self::NotAccepted | Self::Withdrawn | Self::Lapsed => State::Withdrawn,
        }
    }
}
