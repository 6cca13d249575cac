//! Names of institutions that are not in use any more: until when each was, and who took over, by the events on record.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::{Entry, Happened},
};

use super::{
    run::{Content, Found},
    understand::Understanding,
};

/// Events told: a name was given up once, seldom twice.
const MAX: usize = 3;

/// A line for each event among what was found in which an institution gave up the name that the query is.
pub fn notes(generation: &Generation, u: &Understanding, found: &Found) -> Vec<String> {
    let answers = found.direct.iter().chain(&found.institutions).take(20);
    let lines = answers.filter_map(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => line(generation, &u.key, entry),
        _ => None,
    });
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        if !all.contains(&line) {
            all.push(line);
        }
    }
    all.truncate(MAX);
    all
}

fn line(generation: &Generation, key: &str, entry: &Entry) -> Option<String> {
    let Happened { day, change, document_number, from, to, unseen } = entry.happened.as_ref()?;
    let gone = entry.asked_as.iter().find(|name| generation.pipeline.key(name) == key)?;
    let until = day.map_or_else(|| "日期不详".to_owned(), |day| format!("用到 {day} 为止"));
    let after: Vec<&str> = to.iter().filter(|name| !from.contains(name)).map(String::as_str).collect();
    let after = if after.is_empty() {
        "没有写明由谁承接".to_owned()
    } else {
        format!("由{}承接", after.join("、"))
    };
    let document = document_number.as_ref().map(|number| format!("，{number}")).unwrap_or_default();
    let unseen = if *unseen { "（未对照文件原文）" } else { "" };
    Some(format!("“{gone}”是曾用名，{until}（{change}{document}），{after}{unseen}"))
}
