//! What became of a basis, and why.

use record::{
    ArticleNumber, RegulationLevel,
    basis::{CitedRegulation, Passage},
};

/// What became of a basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The place is in the text in force, with the words quoted where some are.
    Standing,
    /// Only the regulation is named, and it is in force.
    WholeRegulation,
    /// The words are in force under another number.
    Moved,
    /// The words are those of an earlier version, or the place was taken out.
    Amended,
    /// The place is there, and the words are those of no version.
    Misquoted,
    Repealed,
    /// No version of the regulation has the place.
    NoSuchPlace,
    /// The library's copy of the regulation breaks off before the place.
    IncompleteText,
    /// The regulation is that of another region.
    OtherRegion,
    /// The library does not have the regulation.
    UnknownRegulation,
    /// An annex, or a place that nobody could read: not compared.
    NotCompared,
}

impl Outcome {
    pub const ALL: [Outcome; 11] = [
        Self::Standing,
        Self::WholeRegulation,
        Self::Moved,
        Self::Amended,
        Self::Misquoted,
        Self::Repealed,
        Self::NoSuchPlace,
        Self::IncompleteText,
        Self::OtherRegion,
        Self::UnknownRegulation,
        Self::NotCompared,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Standing => "现行一致",
            Self::WholeRegulation => "现行有效，未写条款",
            Self::Moved => "条号已变",
            Self::Amended => "已修改",
            Self::Misquoted => "引文有出入",
            Self::Repealed => "已废止",
            Self::NoSuchPlace => "条文不存在",
            Self::IncompleteText => "库中文本不全",
            Self::OtherRegion => "外地法规",
            Self::UnknownRegulation => "库中没有该法",
            Self::NotCompared => "未能核对",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::WholeRegulation => "whole_norm",
            Self::Moved => "moved",
            Self::Amended => "amended",
            Self::Misquoted => "misquoted",
            Self::Repealed => "repealed",
            Self::NoSuchPlace => "no_such_place",
            Self::IncompleteText => "incomplete_text",
            Self::OtherRegion => "other_region",
            Self::UnknownRegulation => "unknown_norm",
            Self::NotCompared => "not_compared",
        }
    }

    /// Whether somebody has to look at it.
    pub fn needs_care(self) -> bool {
        !matches!(
            self,
            Self::Standing | Self::WholeRegulation | Self::IncompleteText | Self::UnknownRegulation | Self::NotCompared
        )
    }

    /// Whether the regulation was found and the place in one of its versions.
    pub fn is_resolved(self) -> bool {
        matches!(
            self,
            Self::Standing | Self::WholeRegulation | Self::Moved | Self::Amended | Self::Misquoted | Self::Repealed
        )
    }
}

/// One place of one regulation, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub outcome: Outcome,
    /// Title, place and words as the list has them.
    pub title: String,
    pub place: String,
    pub quote: String,
    /// The version that it was compared with: in force, or the newest where none is.
    pub regulation: Option<String>,
    pub level: Option<RegulationLevel>,
    /// The article in that version: the place's own, or the one that has its words now.
    pub article: Option<ArticleNumber>,
    /// The earlier version that has the words.
    pub earlier: Option<String>,
    /// What repealed it.
    pub by: Option<String>,
    /// The words before and now, where they differ.
    pub was: String,
    pub now: String,
    /// For a reader: why.
    pub reason: String,
}

impl Finding {
    /// Of a place of which nothing is known yet.
    pub(super) fn new(cited: &CitedRegulation, passage: &Passage, outcome: Outcome, reason: String) -> Self {
        Self {
            outcome,
            title: cited.title.clone(),
            place: passage.place.clone(),
            quote: passage.quote.clone(),
            regulation: None,
            level: None,
            article: None,
            earlier: None,
            by: None,
            was: String::new(),
            now: String::new(),
            reason,
        }
    }
}
