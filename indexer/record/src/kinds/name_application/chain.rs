//! Through whose hands an application goes, as data.
//!
//! Sources: 国办函〔2018〕55号 for gov.cn (governments of provinces and departments of the State Council: noted by its general
//! office; below: the general office of the government above, level by level up to the province); the guide of the registry
//! of 2016 for .政务 and .公益 (the 编办 of the same level, then the registry).

use serde::{Deserialize, Serialize};

use crate::DivisionCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chain {
    /// gov.cn, of provinces and departments of the State Council.
    A,
    /// gov.cn, of prefectures and counties.
    B,
    /// .政务 and .公益.
    Conac,
}

/// An office of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub label: &'static str,
    pub at: At,
}

/// Of which division an office of a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The applicant's own.
    Own,
    /// The one above, and so on up to the province, an office each.
    UpToProvince,
    Nation,
}

const A: [Link; 2] = [
    Link { label: "国务院办公厅（备案）", at: At::Nation },
    Link { label: "注册管理机构", at: At::Nation },
];
const B: [Link; 2] = [
    Link { label: "上级政府办公厅（室）", at: At::UpToProvince },
    Link { label: "注册管理机构", at: At::Nation },
];
const CONAC: [Link; 2] = [
    Link { label: "同级机构编制部门", at: At::Own },
    Link { label: "注册管理机构", at: At::Nation },
];

impl Chain {
    /// The chain of a name (A-labels) for an applicant of a division; `None` for a name under no official registry.
    pub fn of(ascii: &str, division: &DivisionCode) -> Option<Self> {
        use text::web_name::Registry;
        let top = division.significant().len() <= 2;
        Some(match Registry::of(ascii)? {
            Registry::Government if top => Self::A,
            Registry::Government => Self::B,
            Registry::Affairs | Registry::PublicInterest => Self::Conac,
        })
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::A => "gov.cn：省级政府和国务院部门",
            Self::B => "gov.cn：地市级、县级",
            Self::Conac => ".政务、.公益",
        }
    }

    /// First review, second review.
    pub fn links(self) -> &'static [Link] {
        match self {
            Self::A => &A,
            Self::B => &B,
            Self::Conac => &CONAC,
        }
    }

    /// The division whose office has the application at a link, when it comes there.
    pub fn desk(self, link: usize, own: &DivisionCode) -> DivisionCode {
        match self.links().get(link).map(|link| link.at) {
            Some(At::Own) => own.clone(),
            Some(At::UpToProvince) => own.above(),
            Some(At::Nation) | None => DivisionCode::nation(),
        }
    }

    /// The next office at the same link; `None` where the link ends with this one.
    pub fn next_desk(self, link: usize, desk: &DivisionCode) -> Option<DivisionCode> {
        let goes_up = self.links().get(link).is_some_and(|link| link.at == At::UpToProvince);
        Some(desk.above()).filter(|above| goes_up && !above.is_nation())
    }
}
