//! What every part of the service may know of a record without knowing its kind.
//!
//! A kind is one folder below [`kinds`](super::kinds) with an implementation of [`Kind`], and one line in the list
//! there. All else works on plain data: the [`Info`] of a kind, its [`Column`]s with the values of a record, and what
//! search knows of a record, its [`Entry`].

use super::{
    AttachedFile, Body, Date, DivisionCode, Evidence, RegulationLevel, Website, keys::Envelope, lists::ListRow,
    staffing::Measure,
};

pub use super::{
    column::{Column, Field, Shape, Values},
    entry::{Entry, Happened, Passage},
};

/// Who may see records of a kind at all; a record's [`State`](super::State) narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, once a record is published.
    Public,
    /// Signed-in offices, never the public.
    Offices,
    /// The service itself and its administrators.
    Service,
}

/// A kind, as plain data.
#[derive(Debug)]
pub struct Info {
    /// Name in the store and in the API, in the singular: `institution`.
    pub name: &'static str,
    /// Name for people: 机构.
    pub label: &'static str,
    /// Name in addresses, in the plural: `institutions`. Pages lie below it, dumps and tables are called by it.
    pub path: &'static str,
    pub audience: Audience,
    /// Whether some of its records are for offices alone, though the kind is public: see [`Kind::audience`].
    pub narrows: bool,
    /// Whether the general form, page and place in the directory serve it; other kinds have their own.
    pub general: bool,
    /// Whether pages lead to it from everywhere; parts of what another kind leads to need none of that.
    pub menu: bool,
    /// Whether several records of one title may stand in one division: versions, distinguished by their days.
    pub versions: bool,
    /// Whether a table may have a row for each line of a record's columns, since a record is a whole document.
    pub by_lines: bool,
    pub columns: &'static [&'static Column],
}

impl Info {
    pub fn is_public(&self) -> bool {
        self.audience == Audience::Public
    }

    /// Whether an audience searches and reads published records of it, all or [some](Kind::audience). What offices
    /// exchange about their work (submissions, suggestions of readers) has pages and rules of its own.
    pub fn is_searched_by(&self, audience: Audience) -> bool {
        match audience {
            Audience::Public => self.is_public(),
            Audience::Offices => (self.audience == audience || self.narrows) && self.general,
            Audience::Service => false,
        }
    }
}

/// Whose word the facts of a form or a table are.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// What stands for it among the sources of an address.
    pub source: &'a str,
    pub weight: Weight,
    /// The day on which it is given.
    pub day: Date,
}

/// How much a word settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// No office answers for it: it claims addresses and takes none away.
    Claim,
    /// An office answers for it.
    Office,
    /// The institution speaks of itself, which also settles what is said of its addresses.
    Own,
}

/// A column's name and what is wrong with its values.
pub type Fault = (&'static str, String);

/// What a kind of record brings. Its facts are its fields; its rules stand in its folder.
pub trait Kind: Sized + 'static {
    /// See [`Info`].
    const NAME: &'static str;
    const LABEL: &'static str;
    const PATH: &'static str;
    const AUDIENCE: Audience;
    /// Whether [`audience`](Self::audience) differs from record to record.
    const NARROWS: bool = false;
    const GENERAL: bool = false;
    const VERSIONS: bool = false;
    const BY_LINES: bool = false;
    const MENU: bool = true;
    const FIELDS: &'static [Field<Self>];

    /// Name or title, for people.
    fn title(&self) -> &str;

    /// The division that it belongs to; `None` for the nation, and where only another record tells.
    fn division(&self) -> Option<&DivisionCode>;

    /// Who may see this record at all.
    fn audience(&self) -> Audience {
        Self::AUDIENCE
    }

    /// The division on whose line offices may read it, where it is for them; `None`: the nation's, on which they all
    /// are.
    fn shared_on(&self) -> Option<DivisionCode> {
        self.division().cloned()
    }

    /// What the general form begins with where there is no record; `None` for kinds with a form of their own.
    fn blank() -> Option<Self> {
        None
    }

    /// The addresses that it gives, best evidence first.
    fn sites(&self) -> &[Website] {
        &[]
    }

    fn sites_mut(&mut self) -> Option<&mut Vec<Website>> {
        None
    }

    /// What becomes of facts that a form or a table has put into it, and what is wrong with them beside what stood
    /// there `before`. By default known addresses keep their evidence, and new ones are claimed.
    fn complete(&mut self, before: Option<&Self>, word: Word<'_>) -> Vec<Fault> {
        let known = before.map_or(&[][..], Kind::sites);
        for site in self.sites_mut().into_iter().flatten() {
            (site.evidence, site.sources) = match known.iter().find(|known| known.host == site.host) {
                Some(known) => (known.evidence, known.sources.clone()),
                None => (Evidence::Claimed, vec![word.source.to_owned()]),
            };
        }
        Vec::new()
    }

    /// An institution that it names, and where that one's id is kept: found by the name where nobody gives it.
    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        None
    }

    /// The institution in charge, by its name and its record's id: that of its [entry](Self::entry). A kind of which
    /// very many are looked through says it without making one.
    fn in_charge(&self) -> Option<(String, Option<String>)> {
        self.entry().map(|entry| (entry.owner_name, entry.owner_id))
    }

    /// The id of a record with these facts: the same facts make the same record. `None` where ids come from elsewhere.
    fn id(&self) -> Option<String> {
        None
    }

    /// Keys by which it is found by something else than its id; see [`keys`](super::keys). By default none: all records
    /// of a kind are listed, and what it [rests on](Self::rests_on) finds it, without them.
    fn keys(&self, _of: &Envelope<'_>) -> Vec<String> {
        Vec::new()
    }

    /// What it rests on, so that its office is told when that changes: ids of records, and works of law as
    /// [`work_reference`](super::work_reference) names them. By default the institution in charge.
    fn rests_on(&self) -> Vec<String> {
        self.entry().and_then(|entry| entry.owner_id).into_iter().collect()
    }

    /// Levels of regulations of which it has to rest on at least one; `None` where the law asks for none.
    fn may_rest_on(&self) -> Option<&'static [RegulationLevel]> {
        None
    }

    /// Whether it keeps back something from the public that its columns could hold. Of its past only revisions that
    /// kept it back too are shown.
    fn restricts(&self) -> bool {
        false
    }

    /// What is to be mended of it, though it stands: told to whoever looks after it.
    fn shortcomings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What it tells to be wrong with what it is about, to be mended by a day; `None` for kinds that tell of no such
    /// things.
    fn to_mend(&self) -> Option<Vec<Mend>> {
        None
    }

    /// The files beside its text.
    fn attached(&self) -> &[AttachedFile] {
        &[]
    }

    /// The same to be changed; `None` for kinds that have none.
    fn attached_mut(&mut self) -> Option<&mut Vec<AttachedFile>> {
        None
    }

    /// The site that it vouches for, for kinds that are a mark of one.
    fn vouches(&self) -> Option<Vouched> {
        None
    }

    /// What it is in a list of powers and duties; `None` for all else.
    fn listed(&self) -> Option<ListRow> {
        None
    }

    /// What it does to institutions once it is published; nothing for kinds that are no plan.
    fn plan(&self) -> Vec<Planned> {
        Vec::new()
    }

    /// What the directory's index knows of it; `None` where it has none, or an index of its own.
    fn entry(&self) -> Option<Entry> {
        None
    }
}

/// A measure of a plan, with the records that are published with the plan because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub measure: Measure,
    pub brings: Vec<Body>,
}

/// Something to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What is wrong and how to mend it, in a sentence.
    pub what: String,
    pub due: Option<Date>,
}

/// A site that a record is the mark of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The one host, in A-labels and without `www.`.
    pub host: String,
    pub title: String,
    /// Whose it is, in a line.
    pub says: String,
    /// Of the badge, as CSS writes it.
    pub colour: &'static str,
    pub standing: &'static str,
    pub holds: bool,
}

/// The columns of a kind; `N` is their number.
pub(super) const fn columns<K: Kind, const N: usize>() -> [&'static Column; N] {
    const NONE: Column = Column::made("", "", Shape::Line(0));
    let mut all = [&NONE; N];
    let mut at = 0;
    while at < N {
        all[at] = &K::FIELDS[at].column;
        at += 1;
    }
    all
}
