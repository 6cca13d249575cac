//! Tables of every kind that has a form of its columns: they say what a row may hold, and the kind what it means.

use indexer::{
    record::{
        Body, Column, Info, Record, Shape, State, Word,
        lists::{ListRow, Standing},
        staffing, typed,
    },
    text::names,
};

use super::{ID, NOTHING, known::Known, prepared::Wanted, row::Row};
use crate::store::StoreError;

/// The column with the addresses of a kind that has some.
pub const SITES: &str = "websites";
/// Ids of records that are named where a row may be any of them.
const MAX_NAMED: usize = 5;
/// The fact that tells what does not add up in a record.
const FINDINGS: &str = "findings";

/// The record that a table would make of a row that names none, so that others of the table can refer to it.
pub fn announced(row: &Row<'_>, kind: &'static Info, word: Word<'_>) -> Option<(Body, String)> {
    let mut body = Body::blank(kind.name).filter(|_| row.text(ID).is_empty())?;
    let key = |column: &Column| column.label == kind.columns[0].label || matches!(column.shape, Shape::Division);
    let typed = |column: &'static Column| key(column).then(|| row.text(column.label));
    body.edit(None, word, typed).ok()?;
    let id = body.id()?;
    Some((body, id))
}

/// What a row wants; `None` where it has faults. An empty cell leaves what is there.
pub fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    word: Word<'_>,
) -> Result<Option<Wanted>, StoreError> {
    notes_behind(row, kind);
    let column = division_column(kind);
    if let Some(code) = row.change(column).and_then(typed::code).filter(|code| !code.is_nation())
        && known.division(&code)?.is_none()
    {
        row.add_fault(column, "库中没有这个区划，请核对代码");
    }
    let Some((id, before)) = found(row, known, kind, word)? else { return Ok(None) };
    let Some(mut body) = filled(row, kind, before.as_ref(), word) else { return Ok(None) };
    taken_out(row, kind, before.as_ref());
    let division = body.division().cloned();
    if let Some((name, id @ None)) = body.named_institution()
        // Of several of one name it is not known which; the name stays.
        && let [only] = known.institutions_named(name, None)[..]
    {
        *id = Some(only.to_owned());
    }
    // What does not add up in a row is reported and refuses nothing: the document may have it so.
    let findings = body.facts().filter(|(column, _)| !column.given && column.name == FINDINGS);
    let told: Vec<(&str, String)> =
        findings.flat_map(|(column, values)| values.into_iter().map(|value| (column.label, value))).collect();
    told.into_iter().for_each(|(label, finding)| row.mark(label, finding));
    let owner = match &before {
        Some(record) => record.owner.clone(),
        None => division.filter(|code| !code.is_nation()),
    };
    Ok(Some(Wanted { id, before, owner, body }))
}

/// Whether a cell says that nothing is meant to stand in it: in words, or by a stroke.
pub fn is_nothing(text: &str) -> bool {
    matches!(text, NOTHING | "/" | "／")
}

/// Marks what a cell takes out of a record, and the parts of a new one that a cell says not to be there: somebody may
/// have meant the word itself.
fn taken_out(row: &mut Row<'_>, kind: &'static Info, before: Option<&Record>) {
    let is_part = |column: &Column| kind.by_lines && matches!(column.shape, Shape::Text(_));
    for column in kind.columns.iter().copied().filter(|column| column.given) {
        if !is_nothing(row.text(column.label)) {
            continue;
        }
        let was = before.and_then(|record| record.body.facts().find(|(known, _)| known.name == column.name));
        let was = was.map(|(_, values)| values.join("；").replace('\n', " ")).filter(|was| !was.is_empty());
        let says = match was {
            Some(was) => format!("去掉原有的“{}”；要保留的，这一格留空", staffing::short(&was)),
            None if before.is_none() && is_part(column) => {
                "按没有这一项读；确有名称、职责就是这个字的，写明编号，如“（一）无”".to_owned()
            }
            None => continue,
        };
        row.mark(column.label, says);
    }
}

/// The record that the row is about: its id, and what is there. Tells where that cannot be.
fn found(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    word: Word<'_>,
) -> Result<Option<(String, Option<Record>)>, StoreError> {
    let (id, key) = (row.text(ID), kind.columns[0].label);
    if !id.is_empty() {
        let there = known.get(id)?.filter(|r| r.state == State::Published && r.body.kind() == kind.name);
        if there.is_none() {
            row.add_fault(ID, format!("库中没有这个编号的{}：请核对；新记录留空", kind.label));
        }
        return Ok(there.map(|record| (record.id.clone(), Some(record))));
    }
    // As a list has it, or as it would be written now.
    let written = names::standard(row.text(key)).unwrap_or_else(|_| row.text(key).to_owned());
    let mut listed = Vec::new();
    if let Some(division) = typed::code(row.text(division_column(kind))).filter(|_| !kind.versions) {
        listed = known.titled(kind, row.text(key), &division);
        if listed.is_empty() {
            listed = known.titled(kind, &written, &division);
        }
    }
    let id = match listed[..] {
        [only] => only.to_owned(),
        [] => {
            let Some(fresh) = filled(row, kind, None, word) else { return Ok(None) };
            let Some(id) = fresh.id() else { return Ok(None) };
            if known.get(&id)?.is_some() {
                id
            } else {
                match same_but_for_codes(row, known, kind, (&fresh, &id))? {
                    Same::None => id,
                    Same::One(id) => id,
                    Same::Several => return Ok(None),
                }
            }
        }
        [..] => {
            row.add_fault(key, format!("库中同一区划有几个同名的{}：请在“编号”列写明是哪一个", kind.label));
            return Ok(None);
        }
    };
    let there = known.get(&id)?;
    // The id stays when a record is renamed.
    let renamed = |now: &&str| ![row.text(key), &written].contains(now);
    if let Some(now) = there.as_ref().map(|record| record.body.title()).filter(renamed) {
        row.add_fault(key, format!("这个{}已改名为“{now}”：请用现在的名称，或在“编号”列填写 {id}", kind.label));
        return Ok(None);
    }
    Ok(Some((id, there)))
}

/// Records that are the row's but for codes.
enum Same {
    None,
    One(String),
    /// Which was reported.
    Several,
}

/// The record that a row is about though its id is another: one whose facts make the row's id now, or, where the name
/// leaves no doubt, one that lacks the code that the row has, or has one where the row has none. All others of the name
/// are told: ids are made of codes where there are some, since parts of an item may share its name.
fn same_but_for_codes(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    (fresh, id): (&Body, &str),
) -> Result<Same, StoreError> {
    let codes: Vec<&Column> = kind.columns.iter().copied().filter(|column| column.code && column.given).collect();
    let (Some(division), Some(bare)) = (fresh.division(), without_codes(fresh, &codes)) else { return Ok(Same::None) };
    if codes.is_empty() {
        return Ok(Same::None);
    }
    let (key, has_code) = (kind.columns[0].label, bare != id);
    let (mut exact, mut namesakes) = (Vec::new(), Vec::new());
    for other in known.titled(kind, fresh.title(), division) {
        let Some(record) = known.get(other)? else { continue };
        // What was cancelled comes back by its code or its number alone.
        let comes_back = !has_code && !is_exercised(&record.body) && is_exercised(fresh);
        if record.body.id().as_deref() == Some(id) && sort_of(&record.body) == sort_of(fresh) && !comes_back {
            exact.push(record.id);
        } else if without_codes(&record.body, &codes).as_deref() == Some(bare.as_str()) {
            namesakes.push(record);
        }
    }
    match &exact[..] {
        [] => {}
        [only] => return Ok(Same::One(only.clone())),
        several => {
            let told = format!(
                "库中有 {} 条同名的{}（编号 {}）：请在“编号”列写明是哪一条",
                several.len(),
                kind.label,
                few(several.iter().map(String::as_str))
            );
            row.add_fault(key, told);
            return Ok(Same::Several);
        }
    }
    let lacks_one = |record: &Record| (record.body.id().as_deref() != Some(bare.as_str())) != has_code;
    if let Some(only) = by_name(row, known, kind, (fresh, &namesakes[..])).filter(|only| lacks_one(only)) {
        let told = match has_code {
            true => format!("库中同一事项（编号 {}）没有编码：更新这一条，补上编码", only.id),
            false => format!("没有写编码，按库中同一事项（编号 {}）更新，它的编码不变", only.id),
        };
        row.mark(key, told);
        row.by_name = true;
        return Ok(Same::One(only.id.clone()));
    }
    if !namesakes.is_empty() {
        let ids = few(namesakes.iter().map(|record| record.id.as_str()));
        let told =
            format!("库中另有同名的{}（编号 {ids}），这一行没有按它读：是同一条的，请在“编号”列写明", kind.label);
        row.mark(key, told);
    }
    Ok(Same::None)
}

/// The first few ids of records.
fn few<'i>(ids: impl Iterator<Item = &'i str>) -> String {
    ids.take(MAX_NAMED).collect::<Vec<_>>().join("、")
}

/// The one of the records of a row's name that it is about without a doubt: no other is of its sort, it is exercised, no
/// code says otherwise, and no other row of the table may be it.
fn by_name<'r>(
    row: &Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    (fresh, namesakes): (&Body, &'r [Record]),
) -> Option<&'r Record> {
    let mut of_its_sort = namesakes.iter().filter(|record| sort_of(&record.body) == sort_of(fresh));
    let (Some(only), None) = (of_its_sort.next(), of_its_sort.next()) else { return None };
    // Of a row that is read without its codes nobody knows what they would say.
    let is_sure = !row.lacks_codes
        && only.state == State::Published
        && is_exercised(&only.body)
        && !codes_differ(&only.body, fresh)
        && known.rows_called(&called(row, kind)) == 1
        && !known.is_of_a_row(&only.id);
    is_sure.then_some(only)
}

/// Notes of a row, before any is read, what it is called and which record it means by its number or its exact facts.
pub fn note(row: &Row<'_>, known: &mut Known<'_>, kind: &'static Info) {
    if !kind.columns.iter().any(|column| column.code && column.given) {
        return;
    }
    let id = match row.text(ID) {
        "" => exact_id(row, kind),
        id => Some(id.to_owned()),
    };
    known.note_row(called(row, kind), id);
}

/// The id that the facts of a row make; `None` where they cannot be read, which is told with the row.
fn exact_id(row: &Row<'_>, kind: &'static Info) -> Option<String> {
    let mut body = Body::blank(kind.name)?;
    let typed = |column: &'static Column| match row.text(column.label) {
        // Ids are made of none of these.
        _ if matches!(column.shape, Shape::Text(_)) => None,
        text if is_nothing(text) => Some(""),
        text => Some(text),
    };
    body.fill(typed).ok()?;
    body.id()
}

/// What rows of one name and institution have in common.
fn called(row: &Row<'_>, kind: &'static Info) -> String {
    let owner = kind.columns.iter().find(|column| column.name == "owner_name").map_or("", |column| column.label);
    let text = |label: &str| row.text(label).split_whitespace().collect::<String>();
    format!("{}\0{}", text(kind.columns[0].label), text(owner))
}

/// The sort of an item; nothing where the kind has none.
fn sort_of(body: &Body) -> Vec<String> {
    body.facts().find(|(column, _)| column.name == "sort").map(|(_, values)| values).unwrap_or_default()
}

/// Whether an item is one that somebody has; what was cancelled or refused is not.
fn is_exercised(body: &Body) -> bool {
    match body.listed() {
        Some(ListRow::Item(item)) => item.is_exercised(),
        Some(ListRow::Catalogued(item)) => item.standing != Some(Standing::Cancelled) && item.cancelled.is_none(),
        _ => true,
    }
}

/// Whether two records of a kind have one code of a sort each, and not the same.
fn codes_differ(one: &Body, other: &Body) -> bool {
    let is_code = |column: &Column| column.given && (column.code || column.label.ends_with("编码"));
    let codes = |body: &Body| -> Vec<Vec<String>> {
        body.facts().filter(|(column, _)| is_code(column)).map(|(_, values)| values).collect()
    };
    let (one, other) = (codes(one), codes(other));
    one.iter().zip(&other).any(|(one, other)| !one.is_empty() && !other.is_empty() && one != other)
}

/// The id of a record with the facts of a body but for its codes.
fn without_codes(body: &Body, codes: &[&Column]) -> Option<String> {
    let mut bare = body.clone();
    bare.fill(|column| codes.iter().any(|code| code.name == column.name).then_some("")).ok()?;
    bare.id()
}

/// The record's facts, or a blank's, with the row's over them; `None` where the row has faults, which are reported.
fn filled(row: &mut Row<'_>, kind: &'static Info, before: Option<&Record>, word: Word<'_>) -> Option<Body> {
    let mut body = before.map(|record| record.body.clone()).or_else(|| Body::blank(kind.name))?;
    let typed = |column: &'static Column| match row.text(column.label) {
        "" if before.is_some() => None,
        text if is_nothing(text) => Some(""),
        text => Some(text),
    };
    let faults = body.edit(before.map(|record| &record.body), word, typed).err().unwrap_or_default();
    // What a cell was reported for already says enough.
    let told: Vec<String> = row.faults.iter().map(|fault| fault.column.clone()).collect();
    let new = faults.into_iter().filter(|(column, _)| told.iter().all(|told| told != column.label));
    new.for_each(|(column, fault)| row.add_fault(column.label, fault));
    row.faults.is_empty().then_some(body)
}

fn division_column(kind: &Info) -> &'static str {
    kind.columns.iter().find(|column| matches!(column.shape, Shape::Division)).map_or("", |column| column.label)
}

/// Tells words behind an address that are none of it: https://jyj.zunyi.gov.cn/（建设中）.
fn notes_behind(row: &mut Row<'_>, kind: &'static Info) {
    let Some(column) = kind.columns.iter().find(|column| column.given && column.name == SITES) else { return };
    for site in row.text(column.label).split([';', '；', '\n']) {
        if let Some(note) = note_behind(site.trim()) {
            row.add_fault(column.label, format!("网址里夹着“{note}”：只写网址，其余写在“说明”列"));
        }
    }
}

/// Chinese names of hosts are addresses; what Chinese follows a host is written in a path with per cent signs where it
/// is one.
fn note_behind(site: &str) -> Option<String> {
    let host = site.find("://").map_or(0, |at| at + 3);
    let path = host + site[host..].find(['/', '?', '#']).unwrap_or(0);
    let brackets = |c: char| "（）()【】［］[]《》，。；、".contains(c);
    let is_note = |(at, c): &(usize, char)| brackets(*c) || (path > host && *at >= path && !c.is_ascii());
    let (at, _) = site.char_indices().skip_while(|(at, _)| *at < host).find(is_note)?;
    Some(site[at..].chars().filter(|c| !c.is_control()).take(20).collect())
}
