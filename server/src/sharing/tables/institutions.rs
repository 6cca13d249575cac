//! Tables of bodies.

use indexer::{
    record::{
        Body, BodyLevel, Category, DivisionCode, DivisionLevel, Evidence, Institution, NameBasis, Source, Website,
        typed,
    },
    text::names,
};

use super::{
    ID, NOTHING, Said,
    known::{Known, body_id},
    prepared::Wanted,
    row::Row,
};
use crate::{store::StoreError, workflow::InstitutionEdit};

pub const NAME: &str = "全称";
pub const DIVISION: &str = "区划代码";
const CATEGORY: &str = "类别";
const LEVEL: &str = "级别";
const SHORT: &str = "简称";
const FORMER: &str = "曾用名";
const PARENT: &str = "上级机构";
const SITES: &str = "网址";
const CREDIT_CODE: &str = "统一社会信用代码";

/// The bodies that a table names as its own.
pub fn announce(row: &Row<'_>, known: &mut Known<'_>) {
    if let (true, Some(division)) = (row.text(ID).is_empty(), typed::code(row.text(DIVISION)))
        && !row.text(NAME).is_empty()
    {
        known.announce(&standard(row.text(NAME)), &division);
    }
}

/// What a row wants; `None` where it has faults.
pub fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    said: Said<'_>,
    file_name: &str,
) -> Result<Option<Wanted>, StoreError> {
    check_names(row);
    let category = row.one_of(CATEGORY, &Category::ALL, Category::label);
    let level = row.one_of(LEVEL, &BodyLevel::ALL, BodyLevel::label);
    let division = row.code(DIVISION);
    let place = division.as_ref().map(|code| known.division(code)).transpose()?.flatten();
    // The nation is no row of every list of divisions.
    let nation = division.as_ref().is_some_and(DivisionCode::is_nation);
    if division.is_some() && place.is_none() && !nation {
        row.tell(DIVISION, "库中没有这个区划，请核对代码");
    }
    let before = match &division {
        Some(division) => found(row, known, division)?,
        None => None,
    };
    let (Some(division), Some(category), true) = (division, category, row.faults.is_empty()) else { return Ok(None) };
    let name = row.text(NAME);
    let (id, before) = match before {
        Some((id, before)) => (id, before),
        None => (body_id(&division, &standard(name)), None),
    };
    let own_level = place.map_or(BodyLevel::Central, |d| level_of(d.level));
    let (record, was) = match before {
        Some((record, was)) => (Some(record), was),
        // Without a name: one that stands already would not be looked at.
        None => (None, blank("", category, own_level, division.clone())),
    };
    let mut edit =
        InstitutionEdit { name: name.to_owned(), category: row.text(CATEGORY).to_owned(), ..InstitutionEdit::of(&was) };
    row.list(SHORT).into_iter().for_each(|names| edit.short_names = names);
    row.list(FORMER).into_iter().for_each(|names| edit.former_names = names);
    row.list(SITES).into_iter().for_each(|sites| edit.websites = sites);
    row.change(CREDIT_CODE).into_iter().for_each(|code| edit.credit_code = code.to_owned());
    let source = Source::Table(file_name).to_string();
    let mut body = match edit.apply(&was, said.office().unwrap_or(&source)) {
        Ok(body) => body,
        Err(error) => {
            row.tell(NAME, error.to_string());
            return Ok(None);
        }
    };
    if said.office().is_none() {
        if row.text(SITES) == NOTHING && !was.websites.is_empty() {
            row.tell(SITES, "去掉已有的网址须有机构为依据：请用 --office 写明");
            return Ok(None);
        }
        only_claimed(&was, &mut body, &source);
    }
    if let Some(level) = level {
        body.level = level;
    }
    if let Some(parent) = row.change(PARENT) {
        body.parent_name = Some(parent.to_owned()).filter(|name| !name.is_empty());
        body.parent_id = match known.bodies(parent, None)[..] {
            [only] => Some(only.to_owned()),
            // Of several of one name it is not known which; the name stays.
            _ => None,
        };
    }
    let owner = match &record {
        Some(record) => record.owner.clone(),
        None => Some(division).filter(|d| !d.is_nation()),
    };
    Ok(Some(Wanted { id, before: record, owner, body: Body::Institution(body) }))
}

type Found = Option<(indexer::record::Record, Institution)>;

/// The record that the row is about: its id, and what is there. Tells where that cannot be.
fn found(row: &mut Row<'_>, known: &Known<'_>, division: &DivisionCode) -> Result<Option<(String, Found)>, StoreError> {
    let (id, name) = (row.text(ID), row.text(NAME));
    if !id.is_empty() {
        let Some((record, body)) = known.body(id)? else {
            row.tell(ID, "库中没有这个编号的机构：请核对；新机构留空");
            return Ok(None);
        };
        if body.division != *division {
            row.tell(DIVISION, format!("库中这个机构的区划是 {}：区划不能用表格改动", body.division));
        }
        return Ok(Some((record.id.clone(), Some((record, body)))));
    }
    // As a list has it, or as it would be written now.
    let written = standard(name);
    let listed = known.bodies(name, Some(division));
    let listed = if listed.is_empty() { known.bodies(&written, Some(division)) } else { listed };
    let id = match listed[..] {
        [] => body_id(division, &written),
        [only] => only.to_owned(),
        [..] => {
            row.tell(NAME, "库中同一区划有几个同名的机构：请在“编号”列写明是哪一个");
            return Ok(None);
        }
    };
    match known.store.get(&id)? {
        None => Ok(Some((id, None))),
        Some(record) => match record.body.clone() {
            Body::Institution(body) if body.name == name || body.name == written => {
                Ok(Some((id, Some((record, body)))))
            }
            // The id stays when a body is renamed.
            body => {
                let now = body.title();
                row.tell(NAME, format!("这个机构已改名为“{now}”：请用现在的名称，或在“编号”列填写 {id}"));
                Ok(None)
            }
        },
    }
}

/// A name as a form would keep it; where none would, as it stands, and the form tells why.
fn standard(name: &str) -> String {
    names::standard(name).unwrap_or_else(|_| name.to_owned())
}

/// Puts the values of a cell into the form.
type Setter = fn(&mut InstitutionEdit, Vec<String>);

/// Asks the form about one field at a time, so that every wrong cell is told and not only the first.
fn check_names(row: &mut Row<'_>) {
    let one = |text: &str| vec![text.to_owned()];
    if let Some(error) = form_says(|edit| edit.name = row.text(NAME).to_owned()).filter(|_| !row.text(NAME).is_empty())
    {
        row.tell(NAME, error);
    }
    let fields: [(&str, Setter); 3] = [
        (SHORT, |edit, names| edit.short_names = names),
        (FORMER, |edit, names| edit.former_names = names),
        (SITES, |edit, sites| edit.websites = sites),
    ];
    for site in row.list(SITES).unwrap_or_default() {
        if let Some(note) = note_behind(&site) {
            row.tell(SITES, format!("网址里夹着“{note}”：只写网址，其余写在“说明”列"));
        }
    }
    for (column, set) in fields {
        let Some(values) = row.list(column) else { continue };
        let each: Vec<String> = values.iter().filter_map(|v| form_says(|edit| set(edit, one(v)))).collect();
        let all = if each.is_empty() { form_says(|edit| set(edit, values)) } else { None };
        each.into_iter().chain(all).for_each(|error| row.tell(column, error));
    }
    if let Some(parent) = row.change(PARENT).filter(|parent| !parent.is_empty())
        && let Some(error) = form_says(|edit| edit.name = parent.to_owned())
    {
        row.tell(PARENT, error);
    }
    if let Some(code) = row.change(CREDIT_CODE)
        && let Some(error) = form_says(|edit| edit.credit_code = code.to_owned())
    {
        row.tell(CREDIT_CODE, error);
    }
}

/// Words behind an address that are none of it: https://jyj.zunyi.gov.cn/（建设中）. Chinese names of hosts are addresses;
/// what Chinese follows a host is written in a path with per cent signs where it is one.
fn note_behind(site: &str) -> Option<String> {
    let host = site.find("://").map_or(0, |at| at + 3);
    let path = host + site[host..].find(['/', '?', '#']).unwrap_or(0);
    let brackets = |c: char| "（）()【】［］[]《》，。；、".contains(c);
    let is_note = |(at, c): &(usize, char)| brackets(*c) || (path > host && *at >= path && !c.is_ascii());
    let (at, _) = site.char_indices().skip_while(|(at, _)| *at < host).find(is_note)?;
    Some(site[at..].chars().filter(|c| !c.is_control()).take(20).collect())
}

/// What the form says of a body that is right but for what `change` does to it.
fn form_says(change: impl FnOnce(&mut InstitutionEdit)) -> Option<String> {
    let right = blank("甲", Category::Other, BodyLevel::Central, DivisionCode::nation());
    let mut edit = InstitutionEdit::of(&right);
    change(&mut edit);
    edit.apply(&right, "甲").err().map(|error| error.to_string())
}

/// Without an office behind it a table confirms no address and takes none away: new ones wait for review.
fn only_claimed(was: &Institution, body: &mut Institution, source: &str) {
    let mut sites = was.websites.clone();
    for site in std::mem::take(&mut body.websites) {
        if was.websites.iter().all(|known| known.host != site.host) {
            sites.push(Website { evidence: Evidence::Claimed, sources: vec![source.to_owned()], ..site });
        }
    }
    let former = was.former_sites.iter().filter(|f| sites.iter().all(|site| site.host != f.host));
    body.former_sites = former.cloned().collect();
    body.websites = sites;
}

fn level_of(level: DivisionLevel) -> BodyLevel {
    match level {
        DivisionLevel::Nation => BodyLevel::Central,
        DivisionLevel::Province => BodyLevel::Province,
        DivisionLevel::Prefecture => BodyLevel::Prefecture,
        DivisionLevel::County => BodyLevel::County,
        DivisionLevel::Township => BodyLevel::Township,
    }
}

fn blank(name: &str, category: Category, level: BodyLevel, division: DivisionCode) -> Institution {
    Institution {
        name: name.to_owned(),
        short_names: Vec::new(),
        former_names: Vec::new(),
        category,
        level,
        division,
        parent_id: None,
        parent_name: None,
        name_basis: NameBasis::Source,
        websites: Vec::new(),
        former_sites: Vec::new(),
        web_names: Vec::new(),
        credit_code: None,
    }
}
