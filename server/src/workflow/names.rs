//! Names that could be taken for another institution's, or that name a region elsewhere: who has to answer for them.
//!
//! Only names that an institution did not have before are looked at. Nothing is refused here: each concern names the
//! lowest division whose reviewers cover everybody that it is about, and without one of them the change is not
//! approved.

use indexer::{
    record::{Body, Concern, Division, DivisionCode, DivisionLevel, Institution, InstitutionLevel, Record, State},
    text::names::alike,
};

use crate::store::{RecordStore, StoreError, listings::List};

/// Institutions of names that are alike, and divisions of one name, that are looked at. The commonest name of a county
/// is had by four, and what more institutions are called is nobody's name.
const MAX_ALIKE: usize = 100;
/// A name that institutions of so many divisions have, as 教育局, stands for none of them.
const GENERIC: usize = 3;
/// Longest name of a division, in characters: 双江拉祜族佤族布朗族傣族自治县 has 15.
const MAX_REGION: usize = 16;
/// Divisions one below the other at the front of a name, and ways to read them that are followed.
const MAX_CHAIN: usize = 4;
const MAX_READINGS: usize = 64;
/// What names of the nation's own institutions begin with.
const NATIONAL: [&str; 8] = ["中华人民共和国", "中国", "中共中央", "中央", "国家", "全国", "国务院", "最高人民"];

/// What is to be answered for by more than the institution's own division, or is to be looked at closely.
pub(super) fn concerns(
    store: &RecordStore,
    target: &str,
    before: Option<&Institution>,
    now: &Institution,
) -> Result<Vec<Concern>, StoreError> {
    let before = before.filter(|b| b.division == now.division);
    let mut found = Vec::new();
    found.extend(before.is_none_or(|b| b.level != now.level).then(|| level(now)).flatten());
    let present = std::iter::once(&now.name).chain(&now.short_names).map(|name| (name.as_str(), false));
    for (name, former) in present.chain(now.former_names.iter().map(|name| (name.as_str(), true))) {
        let known = before.is_some_and(|b| match former {
            false => b.name == *name || b.short_names.iter().any(|n| n == name),
            true => b.names().any(|n| n == name),
        });
        if known {
            continue;
        }
        let place = place(store, name, &now.division)?;
        found.extend(others(store, target, now, (name, former), place == Place::Own)?);
        if let Place::Elsewhere { division, says } = place {
            found.push(Concern { division, says });
        }
    }
    found.dedup();
    Ok(found)
}

/// An institution ranks by its level, so that none is given a higher one than its division's without that level's word.
fn level(now: &Institution) -> Option<Concern> {
    let digits = match now.level {
        InstitutionLevel::Central => 0,
        InstitutionLevel::Province => 2,
        InstitutionLevel::Prefecture => 4,
        InstitutionLevel::County => 6,
        InstitutionLevel::Township => return None,
    };
    let mut division = now.division.clone();
    while division.significant().len() > digits {
        division = division.above();
    }
    let says = || format!("级别写的是{}，高于区划 {} 的级别", now.level.label(), now.division);
    (division != now.division).then(|| Concern { says: says(), division })
}

/// Whose region a name names.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// The institution's own division or one below it.
    Own,
    /// None.
    Nowhere,
    /// Another; with the division that covers both.
    Elsewhere { division: DivisionCode, says: String },
}

fn place(store: &RecordStore, name: &str, own: &DivisionCode) -> Result<Place, StoreError> {
    if own.is_nation() {
        return Ok(Place::Own);
    }
    let named = named(store, name)?;
    if named.iter().any(|d| own.covers(&d.code)) {
        return Ok(Place::Own);
    }
    // 国家税务总局遵义市税务局, 贵州省烟草公司遵义市公司: a branch names its own region behind the institution that it
    // is of.
    let bare = without_brackets(name);
    let mut above = own.clone();
    let mut answers = None;
    while !above.is_nation() {
        if let Some(Body::Division(d)) = store.get(above.as_str())?.map(|r| r.body)
            && [&d.name, &d.short_name].into_iter().any(|region| is_named_in(&bare, region))
        {
            answers = Some((above, d.name));
            break;
        }
        above = above.above();
    }
    Ok(match (answers, &named[..]) {
        (Some((division, _)), _) if division == *own => Place::Own,
        (Some((division, region)), _) => Place::Elsewhere {
            division,
            says: format!("“{name}”写的是{region}，不是本机构的区划 {own}"),
        },
        (None, [first, ..]) => {
            let division = named.iter().fold(own.clone(), |all, d| all.common(&d.code));
            Place::Elsewhere {
                division, says: format!("“{name}”写的是{}，不在本机构的区划 {own} 之内", first.name)
            }
        }
        (None, []) => match NATIONAL.into_iter().find(|lead| name.starts_with(lead)) {
            Some(lead) => Place::Elsewhere {
                division: DivisionCode::nation(),
                says: format!("“{name}”以“{lead}”开头，像是国家机构的名称，本机构的区划是 {own}"),
            },
            None => Place::Nowhere,
        },
    })
}

/// Whether a name names a region and then what of it: 遵义市 alone, at the end, is no institution's.
fn is_named_in(name: &str, region: &str) -> bool {
    region.chars().nth(1).is_some()
        && name.match_indices(region).any(|(at, _)| name[at + region.len()..].chars().nth(1).is_some())
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The divisions that the front of a name can be read as, one below the other: 贵州省, then 遵义市.
fn named(store: &RecordStore, name: &str) -> Result<Vec<Division>, StoreError> {
    let mut found: Vec<Division> = Vec::new();
    let mut open: Vec<(Option<DivisionCode>, usize)> = vec![(None, 0)];
    for _ in 0..MAX_CHAIN {
        let mut next = Vec::new();
        for (within, from) in open {
            let rest = &name[from..];
            let ends = rest.char_indices().skip(2).map(|(at, _)| at).chain([rest.len()]).take(MAX_REGION);
            for part in ends.map(|end| &rest[..end]) {
                for (_, id) in store.list(&List::Division(part), None, MAX_ALIKE)? {
                    let Some(Record { state: State::Published, body: Body::Division(d), .. }) = store.get(&id)? else {
                        continue;
                    };
                    // 和平 and 城关 begin names that no county is meant by; 遵义 and 贵州 do not.
                    let large = matches!(d.level, DivisionLevel::Province | DivisionLevel::Prefecture);
                    let meant = part == d.name || (part == d.short_name && (large || within.is_some()));
                    let inside = within.as_ref().is_none_or(|w| w.covers(&d.code) && *w != d.code);
                    if meant && inside && found.len() < MAX_READINGS {
                        next.push((Some(d.code.clone()), from + part.len()));
                        found.push(d);
                    }
                }
            }
        }
        open = next;
    }
    Ok(found)
}

/// Other institutions whose names a reader could take this one for. `own` says that it names the institution's own
/// region.
fn others(
    store: &RecordStore,
    target: &str,
    now: &Institution,
    (name, former): (&str, bool),
    own: bool,
) -> Result<Vec<Concern>, StoreError> {
    let key = alike(name);
    let mut found: Vec<(Concern, DivisionCode, bool)> = Vec::new();
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        if id == target {
            continue;
        }
        let Some(Record { state: State::Published, body: Body::Institution(other), .. }) = store.get(&id)? else {
            continue;
        };
        let Some(theirs) = other.names().find(|theirs| alike(theirs) == key) else { continue };
        let same = theirs == name;
        let apart = !now.division.covers(&other.division) && !other.division.covers(&now.division);
        // 鼓楼区人民政府 here and there: each names its own region.
        if same && own && apart {
            continue;
        }
        let mut division = now.division.common(&other.division);
        let past = former || other.former_names.iter().any(|n| n == theirs);
        if division == now.division && !past {
            // Within one division, whoever gave one institution the other's name would answer for it alone.
            division = division.above();
        }
        let what = if same { "相同" } else { "看上去相同" };
        let says = format!("“{name}”与{}（区划 {}）的名称“{theirs}”{what}", other.name, other.division);
        found.push((Concern { division, says }, other.division, same));
    }
    let mut divisions: Vec<&DivisionCode> = found.iter().map(|(_, division, _)| division).collect();
    divisions.sort();
    divisions.dedup();
    if divisions.len() >= GENERIC && found.iter().all(|(.., same)| *same) {
        return Ok(Vec::new());
    }
    Ok(found.into_iter().map(|(concern, ..)| concern).collect())
}

#[cfg(test)]
mod tests {
    use indexer::record::samples;

    use super::*;
    use crate::store::Backend;

    fn store() -> (tempfile::TempDir, RecordStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        use DivisionLevel::{County, Prefecture, Province};
        let division = |code: &str, name: &str, short: &str, level| samples::division(code, name, short, level, None);
        let body = |id: &str, name: &str, division: &str| samples::institution(id, name, division);
        let mut records = vec![
            division("520000", "贵州省", "贵州", Province),
            division("520300", "遵义市", "遵义", Prefecture),
            division("520302", "红花岗区", "红花岗", County),
            division("520400", "安顺市", "安顺", Prefecture),
            division("530000", "云南省", "云南", Province),
            division("320106", "鼓楼区", "鼓楼", County),
            division("350102", "鼓楼区", "鼓楼", County),
            body("gwy", "中华人民共和国国务院", "000000"),
            body("gz", "贵州省人民政府", "520000"),
            body("zy", "遵义市人民政府", "520300"),
            body("zy-jy", "遵义市教育局", "520300"),
            body("gl-1", "鼓楼区人民政府", "320106"),
        ];
        for (body, short) in records[7..].iter_mut().zip(["国务院", "省政府", "市政府", "市教育局", "区政府"])
        {
            let Body::Institution(i) = &mut body.body else { unreachable!() };
            i.short_names = vec![short.into()];
        }
        store.import("corpus", records, &mut |_| {}).unwrap();
        (dir, store)
    }

    fn body(name: &str, short: &str, former: &str, division: &str) -> Institution {
        let Body::Institution(mut i) = samples::institution("x", name, division).body else { unreachable!() };
        let one = |name: &str| Some(name.to_owned()).filter(|n| !n.is_empty()).into_iter().collect();
        (i.short_names, i.former_names) = (one(short), one(former));
        i.level = match i.division.significant().len() {
            0 => InstitutionLevel::Central,
            2 => InstitutionLevel::Province,
            4 => InstitutionLevel::Prefecture,
            _ => InstitutionLevel::County,
        };
        i
    }

    /// Name, short name, former name, division; who has to answer besides, and what is reported.
    #[test]
    fn whose_name_it_could_be_answers_for_it() {
        let (_dir, store) = store();
        for (name, short, former, division, answers, told) in [
            ("遵义市档案局", "", "", "520300", None, ""),
            ("红花岗区档案局", "", "", "520302", None, ""),
            ("贵州省遵义市红花岗区人民法院", "", "", "520302", None, ""),
            ("中国共产党遵义市委员会", "", "", "520300", None, ""),
            ("国家税务总局遵义市税务局", "", "", "520300", None, ""),
            ("鼓楼区人民政府", "", "", "350102", None, ""),
            ("和平小学", "", "", "520300", None, ""),
            ("中华人民共和国国务院", "", "", "520300", Some("000000"), "相同"),
            ("中华人民共和国国\u{200B}务院", "", "", "520300", Some("000000"), "看上去相同"),
            ("中华人民共和国国务院（遵义市）", "", "", "520300", Some("000000"), "国家机构"),
            ("中华人民共和国国务院遵义", "", "", "520300", Some("000000"), "国家机构"),
            ("遵义市示例局", "国务院", "", "520300", Some("000000"), "相同"),
            ("遵义市示例局", "", "国务院", "520300", Some("000000"), "相同"),
            ("囯务院", "", "", "520300", Some("000000"), "看上去相同"),
            ("贵州省人民政府", "", "", "520302", Some("520000"), "贵州省"),
            ("贵州省入民政府", "", "", "520300", Some("520000"), "看上去相同"),
            ("贵州省人民政府（遵义市）", "", "", "520300", Some("520000"), "贵州省"),
            ("遵义市第一中学", "", "", "520302", Some("520300"), "遵义市"),
            ("安顺市公安局", "", "", "520300", Some("520000"), "安顺市"),
            ("云南省公安厅", "", "", "520300", Some("000000"), "云南省"),
            ("云南教育考试院", "", "", "520300", Some("000000"), "云南省"),
            ("鼓楼区人民政府", "", "", "520300", Some("000000"), "鼓楼区"),
            ("遵义市教育局", "", "", "520300", Some("520000"), "相同"),
            ("遵乂市教育局", "", "", "520300", Some("520000"), "看上去相同"),
        ] {
            let found = concerns(&store, "x", None, &body(name, short, former, division)).unwrap();
            let own: DivisionCode = division.parse().unwrap();
            let highest = found.iter().map(|c| &c.division).min_by_key(|d| d.significant().len());
            assert_eq!(
                highest.filter(|d| !own.covers(d)).map(DivisionCode::as_str),
                answers,
                "{name} {short} {former}: {found:?}"
            );
            assert!(told.is_empty() || found.iter().any(|c| c.says.contains(told)), "{name}: {found:?}");
        }
    }

    #[test]
    fn what_a_body_was_called_before_is_not_asked_again() {
        let (_dir, store) = store();
        let odd = body("安顺市公安局", "国务院", "", "520300");
        assert_eq!(concerns(&store, "x", Some(&odd), &odd).unwrap(), []);
        // But a former name does not become the name.
        let was = body("遵义市示例局", "", "国务院", "520300");
        let now = body("国务院", "", "", "520300");
        assert!(!concerns(&store, "x", Some(&was), &now).unwrap().is_empty());
        assert!(
            !concerns(&store, "x", Some(&Institution { division: "530000".parse().unwrap(), ..odd.clone() }), &odd)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn what_many_are_called_is_nobodys_name() {
        let (_dir, store) = store();
        let many = (0..3).map(|n| {
            let mut record = samples::institution(&format!("o-{n}"), &format!("第{n}局"), &format!("53010{n}"));
            let Body::Institution(i) = &mut record.body else { unreachable!() };
            i.short_names = vec!["教育局".into()];
            record
        });
        store.import("many", many, &mut |_| {}).unwrap();
        assert_eq!(concerns(&store, "x", None, &body("遵义市示例局", "教育局", "", "520300")).unwrap(), []);
    }

    #[test]
    fn a_higher_level_needs_that_levels_word() {
        let (_dir, store) = store();
        let level = |level, division| {
            let now = Institution { level, ..body("示例局", "", "", division) };
            concerns(&store, "x", None, &now).unwrap().first().map(|c| c.division.to_string())
        };
        assert_eq!(level(InstitutionLevel::Central, "520302").as_deref(), Some("000000"));
        assert_eq!(level(InstitutionLevel::Province, "520302").as_deref(), Some("520000"));
        assert_eq!(level(InstitutionLevel::County, "520302"), None);
        assert_eq!(level(InstitutionLevel::County, "520300"), None);
        assert_eq!(level(InstitutionLevel::Central, "000000"), None);
    }
}
