//! What several pages show: a site with its evidence, a place with the path to it, a link of a list.

use indexer::{
    corpus::directory::Source,
    index::{Generation, catalogue::RegulationEntry},
    record::{self, Date, Info, KINDS, Status, Website},
};

use crate::{
    urls,
    web_names::{Standing, standing},
};

/// A link with words beside it.
pub struct Link {
    pub url: String,
    pub text: String,
    pub detail: String,
}

/// A site as pages show it.
pub struct Site {
    pub url: String,
    pub host: String,
    pub evidence: &'static str,
    pub label: &'static str,
    pub meaning: &'static str,
    pub sources: Vec<String>,
    pub off_gov_cn: bool,
    /// Good enough to be offered as the way to the body.
    pub recommended: bool,
    /// May be opened: good enough, or under a recorded name.
    pub linked: bool,
    /// What to say of one that is linked and not recommended.
    pub standing_label: &'static str,
}

impl Site {
    /// `anywhere`: see [`record::NameStatus::of`].
    pub fn new(generation: &Generation, site: &Website, anywhere: bool, sources: &[Source]) -> Self {
        let standing = standing(generation, &site.host, site.evidence, anywhere);
        Self {
            url: site.url.clone(),
            host: site.host.clone(),
            evidence: site.evidence.name(),
            label: site.evidence.label(),
            meaning: site.evidence.meaning(),
            sources: site.sources.iter().map(|id| source_title(sources, id)).collect(),
            off_gov_cn: site.off_gov_cn,
            recommended: standing == Standing::Official,
            linked: standing.is_linked(),
            standing_label: standing.label(),
        }
    }
}

/// Public kinds that the directory knows in general.
pub fn general_kinds() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.general && kind.is_public())
}

/// What a source is called: the title of a list, or what it is that came from somebody.
pub fn source_title(sources: &[Source], id: &str) -> String {
    if let Some(known) = sources.iter().find(|s| s.id == id) {
        return known.title.clone();
    }
    match record::Source::of(id) {
        record::Source::Laws(file) => format!("导入的法规 {file}"),
        record::Source::Upload(file) => format!("上传的文件 {file}"),
        record::Source::Table(file) => format!("导入的表格 {file}"),
        record::Source::Office(office) => format!("机构报送 {office}"),
        record::Source::Mirror(host) => format!("镜像自 {host}"),
        record::Source::List(id) => id.to_owned(),
    }
    .trim_end()
    .to_owned()
}

/// Links from the province down to a division.
pub fn path(generation: &Generation, code: &str) -> Vec<Link> {
    let link = |d: &indexer::index::catalogue::DivisionEntry| Link {
        url: urls::division(&d.code),
        text: d.name.clone(),
        detail: String::new(),
    };
    generation.catalogue.path(code).into_iter().map(link).collect()
}

/// The class of a status, for its colour.
pub fn status_class(status: Status) -> &'static str {
    match status {
        Status::InForce => "in-force",
        Status::NotYetInForce => "not-yet",
        Status::Superseded => "superseded",
        Status::Repealed => "repealed",
    }
}

/// Whether lists show a text: of each norm the one in force or about to be; the others are on its page.
pub fn is_current(status: Status) -> bool {
    matches!(status, Status::InForce | Status::NotYetInForce)
}

/// A norm in a list.
pub struct NormLink {
    pub id: String,
    pub url: String,
    pub title: String,
    pub level: &'static str,
    pub status: &'static str,
    pub status_class: &'static str,
    pub date: String,
    pub number: String,
}

impl NormLink {
    pub fn new(r: &RegulationEntry) -> Self {
        Self {
            id: r.id.clone(),
            url: urls::regulation(&r.id),
            title: r.title.clone(),
            level: r.level.label(),
            status: r.status.label(),
            status_class: status_class(r.status),
            date: r.version_date.map(|d| d.to_string()).unwrap_or_default(),
            number: r.document_number.clone().unwrap_or_default(),
        }
    }
}

/// How long ago a day was, in words. A day ahead of the clock is told as today: clocks differ, the index is not of
/// tomorrow.
pub fn age(day: Date, today: Date) -> String {
    match day.duration_until(today).as_hours() / 24 {
        ..=0 => "今天".to_owned(),
        1 => "昨天".to_owned(),
        days => format!("{days} 天前"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_in_words() {
        let day = Date::constant(2026, 2, 28);
        for (today, words) in [
            (Date::constant(2026, 2, 27), "今天"),
            (day, "今天"),
            (Date::constant(2026, 3, 1), "昨天"),
            (Date::constant(2027, 2, 28), "365 天前"),
        ] {
            assert_eq!(age(day, today), words);
        }
    }
}
