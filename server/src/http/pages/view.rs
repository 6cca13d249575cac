//! What several pages show: a site with its evidence, a place with the path to it, a link of a list.

use indexer::{
    corpus::{
        china_law,
        directory::{Attestation, Source, attestation},
        division_history,
    },
    index::{Generation, catalogue::RegulationEntry},
    record::{self, Date, DivisionCode, Evidence, Info, KINDS, Record, Status, Website},
};

use crate::{
    reading::{
        bases::Light,
        resting::{Resting, RestingRecord},
    },
    urls,
    web_names::{Standing, standing},
};

/// A link with words beside it.
pub struct Link {
    pub url: String,
    pub text: String,
    pub detail: String,
}

/// Where a reader said to be.
pub struct Near {
    pub code: String,
    pub name: String,
}

impl Near {
    pub fn of(generation: &Generation, code: &DivisionCode) -> Self {
        let name = generation.catalogue.division(code.as_str()).map_or_else(|| code.to_string(), |d| d.name.clone());
        Self { code: code.to_string(), name }
    }
}

/// A site as pages show it.
pub struct Site {
    pub url: String,
    pub host: String,
    pub evidence: &'static str,
    pub label: &'static str,
    pub meaning: &'static str,
    /// How many lists that is, and from when.
    pub attested: String,
    pub sources: Vec<String>,
    pub off_gov_cn: bool,
    /// Good enough to be offered as the way to the institution.
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
            attested: told(site.evidence, attestation(sources, &site.sources)),
            sources: site.sources.iter().map(|id| source_title(sources, id)).collect(),
            off_gov_cn: site.off_gov_cn,
            recommended: standing == Standing::Official,
            linked: standing.is_linked(),
            standing_label: standing.label(),
        }
    }
}

/// 共 3 份，最近一份取得于 2026-11-23；其中有官方网页 1 份。 Nothing where no list counts.
fn told(evidence: Evidence, Attestation { lists, latest, official_pages }: Attestation) -> String {
    let latest = latest.map(|day| format!("取得于 {day}"));
    let lists = match evidence {
        // The record's own word, where lists were read anew since.
        Evidence::Corroborated => lists.max(2),
        _ => lists,
    };
    let first = match (lists, latest) {
        (0, _) => return String::new(),
        (1, None) => "名单 1 份".to_owned(),
        (1, Some(latest)) => format!("名单 1 份，{latest}"),
        (_, None) => format!("互不抄录的名单共 {lists} 份"),
        (_, Some(latest)) => format!("互不抄录的名单共 {lists} 份，最近一份{latest}"),
    };
    let pages = if official_pages > 0 { format!("；其中官方网页 {official_pages} 份") } else { String::new() };
    format!("{first}{pages}。")
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
        record::Source::List(id) if [china_law::PACKAGE, division_history::PACKAGE].contains(&id) => {
            format!("数据包 {id}")
        }
        record::Source::List(id) => id.to_owned(),
    }
    .trim_end()
    .to_owned()
}

/// The address that calls a number: an extension is dialled after a pause, since phones take nothing but digits and
/// signs.
pub fn tel(number: &str) -> String {
    format!("tel:{}", number.replace('转', ","))
}

/// Where a record comes from, with the day on which it was taken.
pub fn provenance(sources: &[Source], record: &Record) -> Vec<String> {
    let line = |from: &record::Provenance| {
        let title = source_title(sources, &from.source);
        from.date.map_or_else(|| title.clone(), |day| format!("{title}（{day} 取得）"))
    };
    record.provenance.iter().map(line).collect()
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

/// Whether lists show a text: of each regulation the one in force or about to be; the others are on its page.
pub fn is_current(status: Status) -> bool {
    matches!(status, Status::InForce | Status::NotYetInForce)
}

/// A regulation in a list.
pub struct RegulationLink {
    pub id: String,
    pub url: String,
    pub title: String,
    pub level: &'static str,
    pub status: &'static str,
    pub status_class: &'static str,
    pub date: String,
    pub number: String,
}

impl RegulationLink {
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

/// How long ago a day was, in words. A day ahead of the clock is reported as today: clocks differ, the index is not of
/// tomorrow.
pub fn age(day: Date, today: Date) -> String {
    match day.duration_until(today).as_hours() / 24 {
        ..=0 => "今天".to_owned(),
        1 => "昨天".to_owned(),
        days => format!("{days} 天前"),
    }
}

/// What rests on a regulation or an article, as its page lists it.
pub struct RestingLines {
    pub lines: Vec<RestingLine>,
    pub more: usize,
    /// Whether more may rest on it than were looked through.
    pub unfinished: bool,
}

pub struct RestingLine {
    pub url: String,
    pub kind: &'static str,
    pub title: String,
    pub owner: String,
    pub passages: String,
    pub light: Light,
}

impl RestingLines {
    pub fn new(resting: Resting) -> Self {
        let line = |one: RestingRecord| {
            let entry = one.record.body.entry().unwrap_or_default();
            RestingLine {
                url: urls::record_url(&one.record),
                kind: one.record.body.info().label,
                title: entry.name,
                owner: entry.owner_name,
                passages: one.passages.join("、"),
                light: one.light,
            }
        };
        let more = resting.total - resting.shown.len();
        Self { lines: resting.shown.into_iter().map(line).collect(), more, unfinished: resting.unfinished }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_in_words() {
        let of = |lists, latest: Option<&str>, official_pages| Attestation {
            lists,
            latest: latest.map(|day| day.parse().unwrap()),
            official_pages,
        };
        for (evidence, attestation, words) in [
            (Evidence::Single, of(1, Some("2026-11-23"), 0), "名单 1 份，取得于 2026-11-23。"),
            (Evidence::Single, of(1, None, 1), "名单 1 份；其中官方网页 1 份。"),
            (
                Evidence::Corroborated,
                of(3, Some("2026-11-23"), 1),
                "互不抄录的名单共 3 份，最近一份取得于 2026-11-23；其中官方网页 1 份。",
            ),
            (Evidence::Disputed, of(2, None, 0), "互不抄录的名单共 2 份。"),
            (Evidence::Claimed, of(0, None, 0), ""),
            (Evidence::Confirmed, of(0, None, 0), ""),
        ] {
            assert_eq!(told(evidence, attestation), words);
        }
    }

    #[test]
    fn numbers_to_call() {
        for (number, address) in [
            ("12345", "tel:12345"),
            ("0851-28222222", "tel:0851-28222222"),
            ("0851-28222222转801", "tel:0851-28222222,801"),
        ] {
            assert_eq!(indexer::record::contact::phone(number).as_deref(), Ok(number), "as the record keeps it");
            assert_eq!(tel(number), address);
        }
    }

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
