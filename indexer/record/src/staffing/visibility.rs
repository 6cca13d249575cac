//! Who may read a record of an institution's organization.

use serde::{Deserialize, Serialize};

use crate::{Audience, DivisionCode};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Signed-in offices, wherever they are.
    System,
    /// Offices on the line of the record's division: its own, those above and those below.
    Division,
}

impl Visibility {
    pub const ALL: [Visibility; 3] = [Self::Public, Self::System, Self::Division];

    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "公开",
            Self::System => "系统内",
            Self::Division => "本地区",
        }
    }

    pub fn audience(self) -> Audience {
        match self {
            Self::Public => Audience::Public,
            Self::System | Self::Division => Audience::Offices,
        }
    }

    /// On the line of which division offices read what belongs to `own`: the line of the nation has them all.
    pub fn line_of(self, own: &DivisionCode) -> DivisionCode {
        match self {
            Self::System => DivisionCode::nation(),
            Self::Public | Self::Division => own.clone(),
        }
    }
}
