//! Questions of who is in charge of something: 谁负责校外培训, 遵义市哪个部门管养犬.

use indexer::index::Generation;

/// What somebody asks to be told who is in charge of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub matter: String,
    /// The region in front of the question, by code.
    pub region: Option<String>,
}

/// Ways to ask; the longest of those that fit counts.
const WAYS: [&str; 30] = [
    "哪个部门负责",
    "哪个部门管理",
    "哪个部门主管",
    "哪个部门管",
    "哪个单位负责",
    "哪个单位管",
    "哪个机构负责",
    "哪个机构管",
    "哪个局负责",
    "哪个局管",
    "什么部门负责",
    "什么部门管理",
    "什么部门主管",
    "什么部门管",
    "什么单位负责",
    "什么单位管",
    "由谁负责",
    "由谁管理",
    "由谁主管",
    "归谁管",
    "归谁负责",
    "谁来负责",
    "谁来管",
    "谁负责",
    "谁管理",
    "谁主管",
    "谁管",
    "哪些部门负责",
    "哪些部门管",
    "谁在管",
];
/// Words around the matter that tell nothing.
const FRONT: [&str; 6] = ["请问", "想问", "是", "由", "归", "应该"];
const BEHIND: [&str; 6] = ["是", "由", "归", "应该", "的事", "工作"];

/// Reads a question; `None` where it is none of this kind.
pub fn asked(generation: &Generation, text: &str) -> Option<Asked> {
    let text = text.trim().trim_end_matches(['?', '？', '。', '呢', '啊', '吗', '的']);
    let found = WAYS.iter().filter_map(|way| text.find(way).map(|at| (at, way.len())));
    // The first, and of those the longest.
    let (at, len) = found.min_by_key(|(at, len)| (*at, std::cmp::Reverse(*len)))?;
    let before = trimmed(&text[..at]);
    let behind = trimmed(&text[at + len..]);
    let region = |text: &str| -> Option<(String, usize)> {
        let key = generation.pipeline.key(text);
        let reading = generation.gazetteer.readings(&generation.catalogue, &key).into_iter().next()?;
        let code = generation.catalogue.divisions().get(reading.division as usize)?.code.clone();
        // Keys leave nothing out of a name in Han.
        (key == text).then_some((code, reading.len))
    };
    let (matter, region) = if behind.is_empty() {
        match region(before) {
            Some((code, len)) if len < before.len() => (before[len..].to_owned(), Some(code)),
            _ => (before.to_owned(), None),
        }
    } else {
        (behind.to_owned(), region(before).map(|(code, _)| code))
    };
    let matter = matter.trim_start_matches('的').to_owned();
    (matter.chars().count() >= 2).then_some(Asked { matter, region })
}

fn trimmed(text: &str) -> &str {
    let mut text = text.trim().trim_matches(['，', ',', ' ', '“', '”']);
    loop {
        let front = FRONT.iter().find_map(|word| text.strip_prefix(word));
        let cut = front.or_else(|| BEHIND.iter().find_map(|word| text.strip_suffix(word)));
        match cut {
            Some(cut) if !cut.is_empty() => text = cut,
            _ => return text,
        }
    }
}
