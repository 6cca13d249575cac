//! An institution as it was on a day, in words: for its page and for the interface.

use indexer::{
    index::Generation,
    record::{
        Date, DivisionCode, Record,
        comparison::{Held, InForce, in_force},
        kind_named, kinds, staffing,
    },
};
use kinds::{
    institution_event::Happening,
    staffing_scheme::{AsOf, NameThen, Then, as_of},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    query::{Events, Listed, SearchError, in_charge_of},
    store::{RecordStore, StoreError},
    urls,
};

/// 说明某一点的记录。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SaidBy {
    id: String,
    pub title: String,
    pub url: String,
    /// 据以变动的文件的文号，或者规定的文号。
    pub document_number: Option<String>,
    /// 变动的日期，或者规定施行的日期。
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
}

/// 某一天的一项情况和依据。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fact {
    pub value: String,
    pub by: Option<SaidBy>,
}

/// 一个机构在某一天的情况；没有记录说明的，不写。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InstitutionThen {
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// `called`（当天叫这个名称）、`not_yet`（还没有设立）、`ended`（已经撤销）或 `unrecorded`（没有记录）。
    pub standing: &'static str,
    /// 当天的名称；`unrecorded` 时没有。
    pub name: Option<String>,
    /// 这个名称从哪一次变动开始。
    pub since: Option<SaidBy>,
    /// 用到哪一次变动为止；还没有设立的，到哪一次变动才设立。
    pub until: Option<SaidBy>,
    /// 之后由谁承接；还没有设立的，是由哪些机构组成的。
    pub others: Vec<String>,
    pub superior: Option<Fact>,
    pub rank: Option<Fact>,
    pub plates: Vec<Fact>,
    /// 当天现行的三定规定。
    pub scheme: Option<SaidBy>,
    /// 当天没有可以依据的三定规定，不止一份，或者另有没有写日期的时候的说明。
    pub scheme_note: Option<String>,
    /// 没有写日期的变动：不知道当天是否已经发生。
    pub undated: Vec<SaidBy>,
}

#[derive(Debug, thiserror::Error)]
pub enum ThenError {
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether a record is a scheme, which tells of an institution on a day.
pub fn is_scheme(record: &Listed) -> bool {
    record.kind.name == staffing::SCHEME
}

/// An institution that has the name `name` today, as it was on a day, by the published schemes of its record and the
/// events of its division that tell of it under any of its names.
pub fn then(
    store: &RecordStore,
    generation: &Generation,
    (id, name, division): (&str, &str, &DivisionCode),
    day: Date,
) -> Result<InstitutionThen, ThenError> {
    let schemes = in_charge_of(generation, id)?.into_iter().filter(is_scheme);
    let mut ids: Vec<String> = schemes.map(|listed| listed.id).collect();
    let events = Events::of(generation, name, division.as_str(), Some(id))?;
    ids.extend(events.own(id, name).into_iter().map(|event| event.id.clone()));
    let mut records: Vec<Record> = Vec::new();
    for id in &ids {
        records.extend(store.get(id)?.filter(Record::is_public));
    }
    let events: Vec<Happening<'_>> = records.iter().filter_map(Happening::of).collect();
    let schemes: Vec<Held<'_>> = records.iter().filter_map(Held::of).collect();
    Ok(told(&as_of(name, &events, &schemes, day), &records))
}

fn said_by(records: &[Record], id: &str) -> Option<SaidBy> {
    let record = records.iter().find(|record| record.id == id)?;
    let (document_number, day) = match (Happening::of(record), Held::of(record)) {
        (Some(h), _) => (h.event.document_number.clone(), h.event.date),
        (_, Some(held)) => (held.scheme.document_number.clone(), held.scheme.effective.or(held.scheme.signed)),
        (None, None) => (None, None),
    };
    Some(SaidBy {
        id: id.to_owned(),
        title: record.body.title().to_owned(),
        url: kind_named(record.body.kind()).map(|kind| urls::record(kind, id)).unwrap_or_default(),
        document_number,
        day,
    })
}

fn told(as_of: &AsOf<'_>, records: &[Record]) -> InstitutionThen {
    let said = |h: &Happening<'_>| said_by(records, h.id);
    let fact = |then: &Then<'_>| Fact { value: then.value.clone(), by: said_by(records, then.by.0) };
    let (standing, name, since, until, others) = match &as_of.name {
        NameThen::Called { name, since, until } => {
            let after = until.map(|until| until.event.to.clone()).unwrap_or_default();
            ("called", Some(name.clone()), since.as_ref().and_then(said), until.as_ref().and_then(said), after)
        }
        NameThen::NotYet { by, before } => ("not_yet", None, None, said(by), before.clone()),
        NameThen::Ended { by, successors } => ("ended", None, said(by), None, successors.clone()),
        NameThen::Unrecorded(_) => ("unrecorded", None, None, None, Vec::new()),
    };
    let scheme_note = match &as_of.scheme {
        InForce::One(_) => None,
        InForce::Several(all) => Some(format!("收录的三定规定中有 {} 份当天同时现行，这里取最新的一份", all.len())),
        InForce::NotYet(first) => Some(format!("收录的三定规定最早自 {first} 起施行")),
        InForce::Ended(_, end) => Some(format!("收录的三定规定已于 {end} 废止，没有收录取代它的")),
        // Of what is gone no scheme is reported.
        InForce::Unknown if standing == "ended" => Some("当天已经没有这个机构".to_owned()),
        InForce::Unknown if records.iter().any(|record| Held::of(record).is_some()) => {
            Some("收录了三定规定，日期不详，不知道当天是否现行".to_owned())
        }
        InForce::Unknown => Some("没有收录当天现行的三定规定".to_owned()),
    };
    // One without a day may have been in force beside the others.
    let undated = records.iter().filter_map(Held::of).filter(in_force::is_undated).count();
    let beside = (undated > 0 && as_of.scheme != InForce::Unknown)
        .then(|| format!("另有 {undated} 份日期不详，不知道当天是否现行"));
    let scheme_note = match (scheme_note, beside) {
        (Some(note), Some(beside)) => Some(format!("{note}；{beside}")),
        (note, beside) => note.or(beside),
    };
    InstitutionThen {
        day: as_of.day,
        standing,
        name,
        since,
        until,
        others,
        superior: as_of.superior.as_ref().map(fact),
        rank: as_of.rank.as_ref().map(fact),
        plates: as_of.plates.iter().map(fact).collect(),
        scheme: as_of.scheme.scheme().and_then(|held| said_by(records, held.id)),
        scheme_note,
        undated: as_of.undated.iter().filter_map(said).collect(),
    }
}
