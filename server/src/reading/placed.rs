//! In which division an institution lies that a document names: by its record, else by the names of divisions that
//! begin its name.

use indexer::record::{Body, Division, DivisionCode, DivisionLevel, Record};

use crate::store::{RecordStore, StoreError, listings::List};

/// Institutions and divisions of one name that are looked through: the commonest name of a township has some hundred.
const MAX_ALIKE: usize = 500;
/// Characters of the longest name of a division: 积石山保安族东乡族撒拉族自治县.
const LONGEST: usize = 15;

/// What names of institutions of the whole country begin with, what ends such an institution's own name, and what the
/// offices that it has in places end in.
const NATION: [&str; 3] = ["中华人民共和国", "国家", "国务院"];
const OFFICES: [&str; 8] = ["总局", "总署", "监察局", "管理局", "统计局", "委员会", "部", "局"];
const LOCAL: [&str; 8] = ["局", "队", "站", "海关", "中心", "办事处", "专员办", "分行"];

/// The division of an institution, or `None` where neither a record nor its name tells it. `near` is the division of
/// whoever asks: of several of one name the one on its line is meant.
pub fn division_of(store: &RecordStore, name: &str, near: &DivisionCode) -> Result<Option<DivisionCode>, StoreError> {
    let mut called: Vec<DivisionCode> = Vec::new();
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        let Some(Record { body: Body::Institution(body), .. }) = store.get(&id)?.filter(Record::is_public) else {
            continue;
        };
        if body.name == name && !called.contains(&body.division) {
            called.push(body.division);
        }
    }
    if let Some(only) = the_one(called, near) {
        return Ok(Some(only));
    }
    let rest = name.strip_prefix("中共").unwrap_or(name);
    let national = of_the_nation(name);
    let found = within(store, national.unwrap_or(rest), near)?;
    let is_local = |rest: &str| LOCAL.iter().any(|end| rest.ends_with(end));
    Ok(found.or_else(|| national.filter(|rest| !is_local(rest)).map(|_| DivisionCode::nation())))
}

/// What stands behind the name of an institution of the whole country, nothing for the institution itself; `None` where
/// a name doesn't begin with one. 国家税务总局习水县税务局 is the tax office of a county.
fn of_the_nation(name: &str) -> Option<&str> {
    let rest = NATION.iter().find_map(|front| name.strip_prefix(front))?;
    let end = OFFICES.iter().filter_map(|office| rest.find(office).map(|at| at + office.len())).min();
    Some(match end {
        Some(end) => &rest[end..],
        // 中华人民共和国遵义海关
        None if rest.ends_with("海关") => rest,
        None => "",
    })
}

/// The division that a text begins with, the narrowest.
fn within(store: &RecordStore, mut rest: &str, near: &DivisionCode) -> Result<Option<DivisionCode>, StoreError> {
    let mut found: Option<DivisionCode> = None;
    while let Some((code, len)) = beginning(store, rest, found.as_ref(), near)? {
        (found, rest) = (Some(code), &rest[len..]);
    }
    Ok(found)
}

/// The division with the longest name that a text begins with, and the bytes of the name; within another one where a
/// name stands behind that of another: 贵州省遵义市.
fn beginning(
    store: &RecordStore,
    text: &str,
    within: Option<&DivisionCode>,
    near: &DivisionCode,
) -> Result<Option<(DivisionCode, usize)>, StoreError> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(2).take(LONGEST - 1).collect();
    for end in ends.into_iter().rev() {
        let front = &text[..end];
        let mut codes: Vec<DivisionCode> = Vec::new();
        for (_, id) in store.list(&List::Division(front), None, MAX_ALIKE)? {
            let Some(Record { body: Body::Division(Division { name, code, level, .. }), .. }) = store.get(&id)? else {
                continue;
            };
            let fits = within.is_none_or(|within| within.covers(&code) && *within != code);
            if name == front && level != DivisionLevel::Township && fits && !codes.contains(&code) {
                codes.push(code);
            }
        }
        if let Some(code) = the_one(codes, near) {
            return Ok(Some((code, end)));
        }
    }
    Ok(None)
}

/// The only one, or the only one on the line of a division.
fn the_one(mut codes: Vec<DivisionCode>, near: &DivisionCode) -> Option<DivisionCode> {
    if codes.len() > 1 {
        codes.retain(|code| near.covers(code) || code.covers(near));
    }
    if codes.len() == 1 { codes.pop() } else { None }
}

#[cfg(test)]
mod tests {
    use indexer::record::samples;

    use super::*;
    use crate::store::Backend;

    #[test]
    fn a_body_lies_where_its_record_or_its_name_says() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let divisions = [
            ("520000", "贵州省", DivisionLevel::Province, None),
            ("520300", "遵义市", DivisionLevel::Prefecture, Some("520000")),
            ("520330", "习水县", DivisionLevel::County, Some("520300")),
        ];
        let division = |(code, name, level, parent)| samples::division(code, name, name, level, parent);
        let mut records = divisions.map(division).to_vec();
        records.push(samples::institution("gy-customs", "中华人民共和国贵阳海关", "520000"));
        store.import("test", records, &mut |_| {}).unwrap();
        let at = |name: &str| division_of(&store, name, &DivisionCode::nation()).unwrap().map(|code| code.to_string());
        for (name, code) in [
            ("国家税务总局", Some("000000")),
            ("国家市场监督管理总局", Some("000000")),
            ("国务院国有资产监督管理委员会", Some("000000")),
            ("中华人民共和国教育部", Some("000000")),
            ("中华人民共和国海关总署", Some("000000")),
            ("国家税务总局习水县税务局", Some("520330")),
            ("国家税务总局贵州省税务局", Some("520000")),
            ("国家统计局遵义市调查队", Some("520300")),
            // The place has its short name: not known.
            ("国家统计局遵义调查队", None),
            ("国家税务总局仁怀市税务局", None),
            ("中华人民共和国遵义海关", None),
            ("中华人民共和国贵阳海关", Some("520000")),
            ("中共贵州省遵义市委员会", Some("520300")),
            ("习水县公安局", Some("520330")),
        ] {
            assert_eq!(at(name).as_deref(), code, "{name}");
        }
    }
}
