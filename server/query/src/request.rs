//! What is asked of a search, once every parameter has been checked.

use indexer::record::{Date, DivisionCode, InstitutionLevel, KINDS, RegulationLevel, Status, kind_named};

/// Longest query, in characters. A paragraph to resolve goes to `/resolve`; the longest title in the library has
/// fewer than 120 characters, so 256 leaves room for a title, an article and a question.
pub const MAX_QUERY_CHARS: usize = 256;
/// Most hits a page.
pub const MAX_SIZE: u32 = 100;
/// Hits a page when none is asked for.
pub const DEFAULT_SIZE: u32 = 10;
/// Deepest hit that paging reaches: every page costs the collection of all hits before it, and nobody reads beyond.
pub const MAX_REACH: u32 = 1_000;

/// Longest topic, in characters: as many as one of a record has.
pub const MAX_TOPIC_CHARS: usize = 40;

/// A checked search request; also the cache's key beside the generation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchRequest {
    /// Trimmed, not empty, at most [`MAX_QUERY_CHARS`] characters.
    pub text: String,
    pub kind: KindFilter,
    /// Only what belongs to this division or one below it.
    pub region: Option<DivisionCode>,
    /// Where the reader is: what holds there comes first, nothing is left out.
    pub near: Option<DivisionCode>,
    pub level: Option<LevelFilter>,
    pub status: Option<Status>,
    /// Only regulations that their issuer classes so.
    pub topic: Option<String>,
    /// Only regulations whose version is of this day or later.
    pub from: Option<Date>,
    /// Only regulations whose version is of this day or earlier.
    pub to: Option<Date>,
    pub conditions: Conditions,
    /// From 1; `page * size` ≤ [`MAX_REACH`].
    pub page: u32,
    /// From 1 to [`MAX_SIZE`].
    pub size: u32,
    pub sort: Sort,
    /// Whether articles are wanted that hold only pieces of what was asked for, and institutions that are only called
    /// alike.
    pub partial: bool,
    pub explain: bool,
}

impl SearchRequest {
    /// A request with nothing but a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            kind: KindFilter::All,
            region: None,
            near: None,
            level: None,
            status: None,
            topic: None,
            from: None,
            to: None,
            conditions: Conditions::default(),
            page: 1,
            size: DEFAULT_SIZE,
            sort: Sort::Relevance,
            partial: false,
            explain: false,
        }
    }

    /// Whether only regulations can have what is asked for: such a level, or a topic.
    pub fn means_regulations(&self) -> bool {
        matches!(self.level, Some(LevelFilter::Regulation(_))) || self.topic.is_some()
    }
}

/// What operators in the text ask for, as keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Conditions {
    /// Words that must not stand in a hit.
    pub excluded: Vec<String>,
    /// What must stand in the title of a regulation.
    pub titles: Vec<String>,
    /// What must stand in the name of an issuer.
    pub issuers: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KindFilter {
    All,
    Institution,
    /// A kind that the directory knows in general, by its name.
    Listed(&'static str),
    Regulation,
    Article,
}

impl KindFilter {
    /// All of them, in the order in which they are shown.
    pub fn all() -> Vec<Self> {
        let listed = KINDS.iter().filter(|kind| kind.general && kind.is_public()).map(|kind| Self::Listed(kind.name));
        [Self::All, Self::Institution, Self::Regulation, Self::Article].into_iter().chain(listed).collect()
    }

    /// The parameter's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Institution => "institution",
            Self::Listed(name) => name,
            Self::Regulation => "regulation",
            Self::Article => "article",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::All => "全部",
            Self::Institution => "机构",
            Self::Listed(name) => kind_named(name).map_or(name, |kind| kind.label),
            Self::Regulation => "法规",
            Self::Article => "条文",
        }
    }
}

/// The order of the ranked hits; direct answers stay above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    Relevance,
    /// Newest version first.
    Date,
    /// Highest regulation or institution first.
    Level,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Self::Relevance, Self::Date, Self::Level];

    /// The parameter's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
            Self::Level => "level",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Relevance => "相关程度",
            Self::Date => "日期",
            Self::Level => "层级",
        }
    }
}

/// The parameter `level` means a regulation's level (法律, 行政法规 …) or an institution's (central, province …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LevelFilter {
    Regulation(RegulationLevel),
    Body(InstitutionLevel),
}
