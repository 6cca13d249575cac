//! The scheme as notices leave it: an adjustment 核减4名，调整后78名 makes an event and a text in which the numbers are
//! those after it. Proposed for a person to confirm; what does not fit is reported and stays as it was.

use text::numerals;

use super::{Numbers, StaffingScheme, comparison::is_without_region};
use crate::{
    Body, Date,
    kinds::institution_event::{Change, event_of},
    staffing::{Headcount, Item, NumberChange, StaffKind, Unit},
};

/// A scheme with what events of one notice change, as the record that takes its place; and what could not be changed.
/// Events of other institutions change nothing and are reported, as are those of which one of `others` may be meant:
/// the institutions whose schemes the notice changes besides. `None` where the institution is no scheme.
pub fn consolidated(
    scheme: &Body,
    events: &[Body],
    others: &[&str],
    day: Option<Date>,
    number: Option<&str>,
) -> Option<(Body, Vec<String>)> {
    let Body::StaffingScheme(old) = scheme else { return None };
    let mut new = old.clone();
    let mut told = Vec::new();
    let mut done: Vec<String> = Vec::new();
    for event in events {
        let Some(event) = event_of(event) else { continue };
        let renamed: &[String] = if event.change == Change::Renamed { &event.from } else { &[] };
        if !is_of(&event.institution_name, renamed, old, others) {
            told.push(format!("“{}”：属于{}，未写入", event.title, event.institution_name));
            continue;
        }
        for change in &event.numbers {
            match number_changed(&mut new, change) {
                Ok(()) => done.push(change.written()),
                Err(fault) => told.push(fault),
            }
        }
        match event.change {
            Change::Renamed => match (&event.from[..], &event.to[..]) {
                ([from], [to]) if *from == new.institution_name || new.institution_name.ends_with(from.as_str()) => {
                    for text in new.clauses.iter_mut().map(|c| &mut c.text).chain(new.duties.iter_mut().map(|d| &mut d.text)) {
                        *text = text.replace(from, to);
                    }
                    new.title = new.title.replace(from, to);
                    new.institution_name = new.institution_name.replace(from, to);
                    done.push(format!("{from}更名为{to}"));
                }
                _ => told.push(format!("“{}”：与本规定的机构名称不符，请自行改动", event.title)),
            },
            Change::PlateAdded => {
                new.plates.extend(event.to.iter().filter(|plate| !old.plates.contains(plate)).cloned());
                done.push(format!("加挂{}牌子", event.to.join("、")));
            }
            Change::PlateRemoved => {
                new.plates.retain(|plate| !event.from.contains(plate));
                done.push(format!("不再加挂{}牌子", event.from.join("、")));
            }
            Change::Units if event.numbers.is_empty() => match (&event.from[..], &event.to[..]) {
                ([], added) => {
                    let added = added.iter().filter(|name| !old.units.iter().any(|unit| unit.name == **name));
                    let number = |at: usize| format!("（{}）", numerals::format(u32::try_from(at).unwrap_or(u32::MAX)));
                    for name in added {
                        new.units.push(Unit { number: number(new.units.len() + 1), name: name.clone(), ..Unit::default() });
                        done.push(format!("增设{name}"));
                    }
                }
                ([from], [to]) if new.units.iter().any(|unit| unit.name == *from) => {
                    new.units.iter_mut().filter(|unit| unit.name == *from).for_each(|unit| unit.name.clone_from(to));
                    done.push(format!("{from}更名为{to}"));
                }
                _ => told.push(format!("“{}”：没有写入内设机构，请自行改动", event.title)),
            },
            Change::Raised | Change::Lowered => match event.to.iter().find(|rank| rank.ends_with('级')) {
                Some(rank) => {
                    new.rank.clone_from(rank);
                    done.push(format!("规格改为{rank}"));
                }
                None => told.push(format!("“{}”：没有写明规格，请自行改动", event.title)),
            },
            Change::Moved => {
                if let Some(superior) = event.to.first() {
                    new.superior.clone_from(superior);
                    done.push(format!("隶属改为{superior}"));
                }
            }
            _ if event.numbers.is_empty() => told.push(format!("“{}”：请自行改动条文", event.title)),
            _ => {}
        }
    }
    new.supersedes = old.document_number.clone().or_else(|| Some(old.title.clone()));
    (new.document_number, new.signed, new.effective, new.repealed) = (number.map(str::to_owned), day, day, None);
    let by = number.map(|number| format!("按{number}")).unwrap_or_default();
    new.note = format!("合并文本：{by}调整。{}", done.join("；")).chars().take(500).collect();
    Some((Body::StaffingScheme(new), told))
}

/// Whether an event is of the institution that a scheme is for: by the name that it gives the institution, which may be
/// none, or by one that the institution had before it. Numbers are written by it, so that it leaves out the region at
/// most.
fn is_of(named: &str, before: &[String], scheme: &StaffingScheme, others: &[&str]) -> bool {
    let own = &scheme.institution_name;
    let of_another = |name: &str| others.iter().any(|other| other != own && is_without_region(name, other));
    let means = |name: &str| name == own || is_without_region(name, own) && !of_another(name);
    named.is_empty() || means(named) || before.iter().any(|name| means(name))
}

/// Changes a number of staff, of posts, or of units.
fn number_changed(scheme: &mut StaffingScheme, change: &NumberChange) -> Result<(), String> {
    let written = change.written();
    if change.contradicts() {
        return Err(format!("“{written}”算不平，没有改动"));
    }
    let (before, after) = if change.name == "内设机构" {
        let stated = scheme.stated_units.ok_or_else(|| format!("“{written}”：规定没有写明内设机构数，没有改动"))?;
        let after = result(change, stated, &written)?;
        scheme.stated_units = Some(after);
        (stated, after)
    } else {
        if scheme.numbers == Numbers::Restricted {
            return Err(format!("{}的数量变化没有写入：编制数不公开，请记在“编制数”中", change.name));
        }
        let count = count_of(scheme, &change.name).ok_or_else(|| format!("“{written}”：规定中没有这一项，没有改动"))?;
        let before = count.n;
        count.n = result(change, before, &written)?;
        (before, count.n)
    };
    if before != after && !retold(scheme, before, after) {
        return Err(format!("“{written}”：数已改为 {after}，条文中没有找到原数 {before}，请自行改动条文"));
    }
    Ok(())
}

/// The number after a change of one that is `there`.
fn result(change: &NumberChange, there: u32, written: &str) -> Result<u32, String> {
    if let Some(before) = change.before()
        && before != i64::from(there)
    {
        return Err(format!("“{written}”：调整前应为 {before}，现行规定是 {there}，没有改动，请核对"));
    }
    let after = change.after().or_else(|| Some(i64::from(there) + change.change?));
    let after = after.and_then(|n| u32::try_from(n).ok());
    after.ok_or_else(|| format!("“{written}”：没有写明调整后的数，没有改动"))
}

/// The count that a notice calls by a name: of the same name, or the only one of its kind.
fn count_of<'s>(scheme: &'s mut StaffingScheme, name: &str) -> Option<&'s mut Headcount> {
    let lists = || scheme.staffing.iter().chain(&scheme.posts);
    let place = lists().position(|count| count.name == name).or_else(|| {
        let kind = Headcount::new(name, 0).kind();
        let alike = |count: &Headcount| match kind {
            StaffKind::Other => count.name.ends_with(name) || name.ends_with(&count.name),
            kind => count.kind() == kind,
        };
        let mut found = lists().enumerate().filter(|(_, count)| alike(count)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    })?;
    let staff = scheme.staffing.len();
    if place < staff { scheme.staffing.get_mut(place) } else { scheme.posts.get_mut(place - staff) }
}

/// Writes the number after in the place of the one before in the clauses that speak of numbers; whether one did.
fn retold(scheme: &mut StaffingScheme, before: u32, after: u32) -> bool {
    let forms = [(before.to_string(), after.to_string()), (numerals::format(before), numerals::format(after))];
    for clause in scheme.clauses.iter_mut().filter(|clause| ["编制", "职数", "内设机构"].iter().any(|word| clause.text.contains(word))) {
        for (old, new) in &forms {
            for unit in ["名", "人", "个"] {
                let (from, to) = (format!("{old}{unit}"), format!("{new}{unit}"));
                // 12名 is no 2名.
                let at = clause.text.match_indices(&from).map(|(at, _)| at).find(|at| {
                    !clause.text[..*at].ends_with(|c: char| c.is_ascii_digit() || numerals::is_numeral(c))
                });
                if let Some(at) = at {
                    clause.text.replace_range(at..at + from.len(), &to);
                    return true;
                }
            }
        }
    }
    false
}
