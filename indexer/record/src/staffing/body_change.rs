//! What happens to institutions: by events that have been, and by measures of a reform that are to be.

use serde::{Deserialize, Serialize};

/// What an event or a measure of a reform does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    #[default]
    SetUp,
    Renamed,
    Merged,
    Divided,
    Abolished,
    Raised,
    Lowered,
    PlateAdded,
    PlateRemoved,
    Moved,
    Duties,
    Staffing,
    Posts,
    Units,
    Joined,
}

impl Change {
    pub const ALL: [Change; 15] = [
        Self::SetUp,
        Self::Renamed,
        Self::Merged,
        Self::Divided,
        Self::Abolished,
        Self::Raised,
        Self::Lowered,
        Self::PlateAdded,
        Self::PlateRemoved,
        Self::Moved,
        Self::Duties,
        Self::Staffing,
        Self::Posts,
        Self::Units,
        Self::Joined,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::SetUp => "设立",
            Self::Renamed => "更名",
            Self::Merged => "合并",
            Self::Divided => "分设",
            Self::Abolished => "撤销",
            Self::Raised => "升格",
            Self::Lowered => "降格",
            Self::PlateAdded => "挂牌",
            Self::PlateRemoved => "摘牌",
            Self::Moved => "划转隶属",
            Self::Duties => "调整职责",
            Self::Staffing => "调整编制",
            Self::Posts => "调整职数",
            Self::Units => "调整内设",
            Self::Joined => "合署",
        }
    }
}
