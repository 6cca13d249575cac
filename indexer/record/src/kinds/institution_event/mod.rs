//! What happened to an institution 机构沿革: it was set up, renamed, merged, given other staff, each by a document on a
//! day.

mod rules;

use serde::{Deserialize, Serialize};
use text::names::without_country;

use crate::{
    Audience, Body, Column, Date, DivisionCode, Entry, Happened, Kind, Record, Shape,
    fields::field,
    kind::Field,
    staffing::{
        NumberChange,
        of_institution::{self, NAME},
    }, keys::{Envelope, key, part}};

pub use crate::staffing::Change;
pub use rules::{InUse, Lifetime, line_of_descent, names_out_of_time, out_of_line};

/// One event. `from` and `to` are names of institutions as they were on the day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionEvent {
    /// In a sentence: 甲局更名为乙局.
    pub title: String,
    /// The institution that it is reported of: the one that is there afterwards, where there is one.
    pub institution_name: String,
    pub institution_id: Option<String>,
    pub division: DivisionCode,
    pub date: Option<Date>,
    pub change: Change,
    pub document_number: Option<String>,
    /// Who decided it.
    pub organ: Option<String>,
    #[serde(default)]
    pub from: Vec<String>,
    #[serde(default)]
    pub to: Vec<String>,
    #[serde(default)]
    pub numbers: Vec<NumberChange>,
    #[serde(default)]
    pub note: String,
    #[serde(default, skip_serializing_if = "Seen::is_document")]
    pub checked: Seen,
}

/// Whether whoever recorded it had the document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    #[default]
    Document,
    /// It is reported from memory or by others, and waits for somebody who has the document.
    NotSeen,
}

impl Seen {
    pub const ALL: [Seen; 2] = [Self::Document, Self::NotSeen];

    pub fn label(self) -> &'static str {
        match self {
            Self::Document => "已对照文件",
            Self::NotSeen => "未对照文件",
        }
    }

    fn is_document(&self) -> bool {
        *self == Self::Document
    }
}

impl InstitutionEvent {
    /// The names that nobody has after it.
    pub fn gone(&self) -> Vec<String> {
        match self.change {
            // Of what was abolished the event itself is reported.
            Change::Abolished if self.from.is_empty() => vec![self.institution_name.clone()],
            Change::Renamed | Change::Merged | Change::Divided | Change::Abolished => {
                self.from.iter().filter(|name| !self.to.contains(name)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Makes an event of what was decided elsewhere, as its form would.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    pub title: String,
    pub institution_name: &'a str,
    pub division: &'a DivisionCode,
    pub date: Option<Date>,
    pub change: Change,
    pub document_number: Option<&'a String>,
    pub organ: Option<&'a String>,
    pub from: &'a [String],
    pub to: &'a [String],
    pub note: String,
}

impl Decided<'_> {
    pub fn event(self) -> Body {
        Body::InstitutionEvent(InstitutionEvent {
            title: self.title,
            institution_name: self.institution_name.to_owned(),
            institution_id: None,
            division: self.division.clone(),
            date: self.date,
            change: self.change,
            document_number: self.document_number.cloned(),
            organ: self.organ.cloned(),
            from: self.from.to_vec(),
            to: self.to.to_vec(),
            numbers: Vec::new(),
            note: self.note,
            checked: Seen::Document,
        })
    }
}

/// An event and the id of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening<'r> {
    pub id: &'r str,
    pub event: &'r InstitutionEvent,
}

impl<'r> Happening<'r> {
    /// The event of a record; `None` of any other kind.
    pub fn of(record: &'r Record) -> Option<Self> {
        Some(Self { id: &record.id, event: event_of(&record.body)? })
    }
}

/// The event that a record tells; `None` of any other kind.
pub fn event_of(body: &Body) -> Option<&InstitutionEvent> {
    match body {
        Body::InstitutionEvent(event) => Some(event),
        _ => None,
    }
}

/// The names of institutions that an event tells of, without 中华人民共和国; none of a record of another kind.
pub fn names_of(body: &Body) -> Vec<&str> {
    event_of(body).map(InstitutionEvent::names).unwrap_or_default()
}

impl InstitutionEvent {
    /// The names of institutions that it tells of, without 中华人民共和国.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.from.iter().chain(&self.to).chain([&self.institution_name]).map(|name| without_country(name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Kind for InstitutionEvent {
    const NAME: &'static str = "institution_event";
    const LABEL: &'static str = "机构沿革";
    const PATH: &'static str = "institution-events";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line title,
            Column { label: "事项", ..of_institution::TITLE }.hint("一句话").example("遵义示例事务局更名为遵义示例管理局")
        ),
        field!(
            line institution_name,
            of_institution::INSTITUTION.hint("变动之后的机构的全称；撤销的写原机构").example("遵义示例管理局")
        ),
        field!(maybe institution_id, of_institution::INSTITUTION_ID),
        field!(division division, of_institution::DIVISION),
        field!(
            day date,
            Column::given("date", "日期", Shape::Day).required().hint("从哪一天起，如 2019-03-20").example("2019-03-20")
        ),
        field!(
            choice change,
            Change::ALL,
            Column::given("change", "变动", Shape::Choice(|| Change::ALL.map(Change::label).to_vec()))
                .required()
                .hint("设立、更名、合并、分设、撤销、升格、降格、挂牌、摘牌、划转隶属、调整职责、调整编制、调整职数、调整内设、合署")
                .example("更名")
        ),
        field!(
            maybe document_number,
            of_institution::DOCUMENT_NUMBER.hint("据以变动的文件的文号").example("遵示办〔2019〕7号")
        ),
        field!(
            maybe organ,
            Column::given("organ", "决定机关", Shape::Line(NAME)).hint("作出决定的机关").example("贵州示例人民政府")
        ),
        field!(
            lines from,
            Column::given("from", "变动前", Shape::Lines { most: 20, longest: NAME }).hint("变动之前的机构，多个用分号隔开").example("遵义示例事务局")
        ),
        field!(
            lines to,
            Column::given("to", "变动后", Shape::Lines { most: 20, longest: NAME })
                .hint("变动之后的机构，或者接收职责的机构，多个用分号隔开")
                .example("遵义示例管理局")
        ),
        field!(
            items numbers,
            Column::given("numbers", "数量变化", Shape::Text(1_000))
                .hint("一行一项：“行政编制：82－4＝78”，不知道的数写“？”；不公开的不写在这里，另记在编制数中")
        ),
        field!(line note, of_institution::NOTE.hint("原文的说法等")),
        Field::shown(of_institution::findings("findings"), rules::findings),
        Field::given(
            Column::given("checked", "核对", Shape::Choice(|| Seen::ALL.map(Seen::label).to_vec()))
                .later()
                .hint("已对照文件；没有见到文件的写“未对照文件”，页面照此说明；表格里空着的按“未对照文件”")
                .example("已对照文件"),
            |e| vec![e.checked.label().to_owned()],
            |e, values| {
                // Where nobody says that it was held against its document, it was not.
                let chosen = Seen::ALL.into_iter().find(|seen| values.iter().any(|value| value == seen.label()));
                let chosen = chosen.or(values.is_empty().then_some(Seen::NotSeen));
                e.checked = chosen.ok_or("请从列表中选择")?;
                Ok(())
            },
        ),
    ];

    fn title(&self) -> &str {
        &self.title
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self::default())
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.institution_name, &mut self.institution_id))
    }

    /// `ev-` and 12 hex digits of the sha256 of division, title and day.
    fn id(&self) -> Option<String> {
        let day = self.date.map(|day| day.to_string()).unwrap_or_default();
        of_institution::id("ev", &self.division, &self.title, &day)
    }

    fn entry(&self) -> Option<Entry> {
        let told = [self.date.map(|day| day.to_string()), Some(self.change.label().to_owned()), self.document_number.clone()];
        let body = (self.institution_name.as_str(), &self.institution_id);
        Some(Entry {
            // Whoever types a name that is gone finds what became of it.
            asked_as: self.gone(),
            about: told.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            happened: Some(Happened {
                day: self.date,
                change: self.change.label().to_owned(),
                document_number: self.document_number.clone(),
                from: self.from.clone(),
                to: self.to.clone(),
                unseen: self.checked == Seen::NotSeen,
            }),
            ..of_institution::entry(&self.title, self.change.label(), body, &self.division)
        })
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let names = if of.is_public { self.names() } else { Vec::new() };
        names.into_iter().map(|name| key(&["event", &part(name), of.id])).collect()
    }
}

#[cfg(test)]
mod tests;
