//! Names of institutions that are not in use any more: until when each was, and who took over, by the events on record,
//! and by the dictionaries where none is.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::{Entry, Happened},
    text::{dictionaries::FormerName, names::without_country},
};

use super::{
    run::{Answer, Content, Found},
    understand::Understanding,
};

/// Events told: a name was given up once, seldom twice.
const MAX: usize = 3;

/// A line for each event among what was found in which an institution gave up the name that the query is.
pub fn notes(generation: &Generation, u: &Understanding, found: &Found) -> Vec<String> {
    let is_named_today = is_named_today(generation, u, found);
    let answers = found.direct.iter().chain(&found.institutions).take(20);
    let lines = answers.filter_map(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => line(generation, &u.key, entry, is_named_today),
        _ => None,
    });
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        if !all.contains(&line) {
            all.push(line);
        }
    }
    all.truncate(MAX);
    if all.is_empty() {
        all.extend(by_dictionary(generation, u).filter(|_| !is_named_today));
    }
    all
}

/// Whether an institution that was found has the name today.
fn is_named_today(generation: &Generation, u: &Understanding, found: &Found) -> bool {
    let is_named = |answer: &Answer| match &answer.content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => {
            let mut names = std::iter::once(&institution.name).chain(&institution.short_names);
            names.any(|name| generation.pipeline.key(name) == u.key)
        }
        _ => false,
    };
    found.direct.iter().chain(&found.institutions).any(is_named)
}

/// What the dictionaries know of a name that no institution found has today.
fn by_dictionary(generation: &Generation, u: &Understanding) -> Option<String> {
    let known = &generation.former_names;
    if let Some(name) = known.central(&u.key).filter(|name| is_former(name)) {
        return Some(format!("“{}”是曾用名，现为{}（{}）", name.name, without_country(&name.successor), name.note));
    }
    let typed = u.region_offices.first().map_or(u.key.as_str(), |reading| reading.typed.as_str());
    let name = known.local(typed).filter(|name| is_former(name))?;
    Some(format!(
        "“{}”是曾用名，{} 年起各地陆续改设，现在多为{}（{}）",
        name.name, name.year, name.successor, name.note
    ))
}

/// Whether a name was an institution's, and is not only what people call it.
fn is_former(name: &FormerName) -> bool {
    !name.note.starts_with("俗称")
}

/// What an event tells of the name that the query is. By what people called it only where no institution is called so
/// today.
fn line(generation: &Generation, key: &str, entry: &Entry, is_named_today: bool) -> Option<String> {
    let Happened { day, change, document_number, from, to, unseen } = entry.happened.as_ref()?;
    let is_key = |name: &str| generation.pipeline.key(name) == key;
    let gone = match entry.asked_as.iter().find(|name| is_key(name) || is_key(without_country(name))) {
        Some(asked) => format!("“{asked}”"),
        // 环保部 is what people called 环境保护部.
        None if !is_named_today => {
            let forms = &generation.former_names.short_forms;
            let short = |name: &String| forms.of(without_country(name)).into_iter().find(|short| is_key(short));
            let (asked, whole) = entry.asked_as.iter().find_map(|name| Some((short(name)?, name)))?;
            format!("“{asked}”（{}）", without_country(whole))
        }
        None => return None,
    };
    let until = day.map_or_else(|| "日期不详".to_owned(), |day| format!("用到 {day} 为止"));
    let after: Vec<&str> = to.iter().filter(|name| !from.contains(name)).map(String::as_str).collect();
    let after = if after.is_empty() {
        "没有写明由谁承接".to_owned()
    } else {
        format!("由{}承接", after.join("、"))
    };
    let document = document_number.as_ref().map(|number| format!("，{number}")).unwrap_or_default();
    let unseen = if *unseen { "（未对照文件原文）" } else { "" };
    Some(format!("{gone}是曾用名，{until}（{change}{document}），{after}{unseen}"))
}
