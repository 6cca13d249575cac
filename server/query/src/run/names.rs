//! Names that are like the query: institutions, divisions and general records of the directory, and titles of
//! regulations. The text search takes candidates; how alike each name is puts them in order.

use indexer::index::{Generation, catalogue::RegulationEntry, projection::DirectoryEntry, stored, summary::Summary};
use indexer::record::{DocumentKind, Evidence, Institution, InstitutionLevel, Website};

use super::{
    Answer, Columns, Content, facts, index_error,
    queries::{directory_filters, latin_query, library_filters, named, phrase_filters, top, with_filters},
    situation::in_region,
    sort,
};
use crate::{
    SearchError,
    home::is_local,
    plan::Plan,
    ranking::{evidence, institution_level, region, regulation_level, similarity::similarity, validity},
    request::{LevelFilter, SearchRequest},
    understand::hotline,
};

/// Names taken for re-ranking. The text search over short names puts the right one far above this.
pub(super) const NAME_CANDIDATES: usize = 200;
/// A name at least this much like the query stands before any text that mentions it.
pub const STRONG_NAME: f32 = 0.62;
/// Why a regulation is a hit whose title holds the query: 养犬 in 上海市养犬管理条例.
pub const IN_TITLE: &str = "标题里就有";
/// What a title that holds the query counts for that alone; the rest by how much of it the query is: titles have the
/// place and the kind of regulation besides.
const MIN_TITLE_SHARE: f32 = 0.6;
/// A name less like the query than this shares an odd character or two with it.
const NAME_FLOOR: f32 = 0.2;
/// What a division's name counts for, other than in letters.
const BELOW_ITS_OFFICES: f32 = 0.9;
/// What a name that hides characters counts for.
const HIDDEN_CHARACTERS: f32 = 0.1;

/// A school belongs to a ministry or province, and still is not asked for more often than the offices of a city.
pub(super) fn rank_level(level: InstitutionLevel, has_own_name: bool) -> InstitutionLevel {
    if has_own_name { InstitutionLevel::Township } else { level }
}

pub(super) fn first_evidence(sites: &[Website]) -> Option<Evidence> {
    sites.first().map(|site| site.evidence)
}

/// A name that hides characters is nobody's own: whatever else speaks for the institution, it comes behind the one that
/// is called so.
pub(super) fn plain_name(institution: &Institution) -> f32 {
    if institution.names().any(indexer::text::names::deceives) { HIDDEN_CHARACTERS } else { 1.0 }
}

/// The names of the directory that are like the query; `certain` are the answers known already. Beside an institution that
/// is what was asked for, others of other names (孝义市人民政府 for 遵义市政府) and divisions elsewhere are left out
/// and counted.
pub(super) fn institutions(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
    certain: &[Answer],
) -> Result<(Vec<Answer>, u64), SearchError> {
    let part = &generation.directory;
    let f = &part.fields;
    let w = &plan.ranking.weights;
    let query = match &plan.latin {
        Some(latin) => latin_query(latin, &[f.pinyin], &[f.initials])?,
        None => named(&part.searcher, f.words, f.bigrams, plan),
    };
    let Some(query) = query else { return Ok(Default::default()) };
    let mut filters = directory_filters(generation, request);
    filters.extend(phrase_filters(f.bigrams, &plan.phrases));
    let query = with_filters(query, filters);
    let asks_for_a_number = hotline::in_text(&plan.key).next().is_some();
    let named = if request.partial { Vec::new() } else { named_already(generation, plan, certain) };
    let homes = if named.is_empty() { Vec::new() } else { homes(certain) };
    let field = plan.office_alone.as_deref().filter(|_| !request.partial).map(|office| Field::of(generation, office));
    let (mut answers, mut left_out) = (Vec::new(), 0);
    for (_, at) in top(&part.searcher, &*query, NAME_CANDIDATES)? {
        let stored = stored::text(&part.searcher, at).map_err(index_error)?;
        if let Some(of) = Summary::read(&stored) {
            // 12346 is not 12345: who asks for a number is shown no other one.
            if asks_for_a_number && of.of.is_some() && has_another_number(plan, &stored)? {
                continue;
            }
            let (alike, why) = likest(generation, plan, of.keys());
            let factor = institution_level::factor(rank_level(of.level, of.has_own_name), w.institution_level)
                * evidence::factor(of.evidence, w.evidence);
            let score = alike * (factor * if of.deceives { HIDDEN_CHARACTERS } else { 1.0 });
            let another = |named: &[String]| !named.is_empty() && !of.keys().any(|key| holds_one(key, named));
            let elsewhere =
                |field: &Field<'_>| !of.keys().any(|key| field.has(generation, (key, of.division), &plan.key));
            let another = of.of.is_none() && (another(&named) || field.as_ref().is_some_and(elsewhere));
            if score >= NAME_FLOOR && another {
                left_out += 1;
            } else if score >= NAME_FLOOR {
                let (id, division) = (of.id.to_owned(), of.division.map(str::to_owned));
                let content = Content::Unread { id, of: of.of, division, level: of.level, at };
                answers.push(Answer { score, content, why });
            }
            continue;
        }
        let entry = stored::parse(&stored).map_err(index_error)?;
        let (alike, why, factor) = match &entry {
            DirectoryEntry::Institution { .. } | DirectoryEntry::Listed { .. } => {
                return Err(SearchError::Index("机构或者一般记录的摘要无法解读".to_owned()));
            }
            DirectoryEntry::Division { code } => {
                let names =
                    generation.catalogue.division(code).into_iter().flat_map(|d| [d.name.as_str(), &d.short_name]);
                let (alike, _) = best_name(generation, plan, names);
                // 遵义街道 in 吉林 is another place than that of 遵义市政府.
                let catalogue = &generation.catalogue;
                let is_near = |home: &&str| catalogue.lies_in(code, home) || catalogue.lies_in(home, code);
                if !homes.is_empty() && !homes.iter().any(is_near) {
                    left_out += u64::from(alike * BELOW_ITS_OFFICES >= NAME_FLOOR);
                    continue;
                }
                // An institution serves who looks for a site; its division follows. Letters are the place's before they are
                // those of a short name that sounds alike: zunyi is 遵义, and not 遵医.
                (alike, "行政区划", if plan.latin.is_some() { 1.05 } else { BELOW_ITS_OFFICES })
            }
            DirectoryEntry::WebName { web_name, .. } => {
                let names = [web_name.name.as_str(), web_name.institution_name.as_str()];
                (best_name(generation, plan, names).0, "网上名称", 0.9)
            }
        };
        answers.push(Answer { score: alike * factor, content: Content::Directory(entry), why });
    }
    Ok((ranked(answers, NAME_FLOOR), left_out))
}

/// Keys of what is asked for, where an institution is that for certain: the query's own, and the institutions' full and
/// short names. Empty where none is, or where letters were typed, of which many names are.
fn named_already(generation: &Generation, plan: &Plan, certain: &[Answer]) -> Vec<String> {
    let mut keys = Vec::new();
    for answer in certain.iter().filter(|_| plan.names_one_thing && plan.latin.is_none()) {
        if let Content::Directory(DirectoryEntry::Institution { institution, .. }) = &answer.content {
            let names = std::iter::once(&institution.name).chain(&institution.short_names);
            keys.extend(names.map(|name| generation.pipeline.key(name)).filter(|key| key.chars().nth(1).is_some()));
        }
    }
    if !keys.is_empty() {
        keys.push(plan.key.clone());
    }
    keys
}

/// Where the institutions are that are known already.
fn homes(certain: &[Answer]) -> Vec<&str> {
    let homes = certain.iter().filter_map(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => Some(institution.division.as_str()),
        _ => None,
    });
    homes.collect()
}

/// The field of work of an office that is asked for without a region.
struct Field<'o>(&'o str);

impl<'o> Field<'o> {
    fn of(generation: &Generation, office: &'o str) -> Self {
        Self(generation.known_offices.root(office).unwrap_or(office))
    }

    /// Whether an institution of a division has the field, or what was typed for it, in its name.
    fn has(&self, generation: &Generation, (name, division): (&str, Option<&str>), typed: &str) -> bool {
        let key = |name: &str| generation.known_offices.key("", name);
        let places = division.map(|code| generation.catalogue.path(code)).unwrap_or_default();
        let own = || places.iter().fold(name.to_owned(), |own, place| own.replace(place.name.as_str(), ""));
        is_called(name, typed)
            || key(name).is_some_and(|key| key.contains(self.0))
            || (!places.is_empty() && key(&own()).is_some_and(|own| is_office_for(&own, typed)))
    }
}

/// What kinds of offices are called, behind their field.
const KINDS_OF_OFFICE: [char; 5] = ['局', '厅', '委', '办', '部'];

/// Whether a name has what was typed for an office: 常州市人社局 has 人社, and 上海市监狱管理局 is no 市监局. Two characters
/// stand in names by chance where no kind of office follows.
fn is_called(name: &str, typed: &str) -> bool {
    let field = field_of(typed);
    let is_office =
        |(at, _): (usize, &str)| name.get(at + field.len()..).is_some_and(|rest| rest.starts_with(KINDS_OF_OFFICE));
    (typed.chars().nth(2).is_some() && name.contains(typed)) || name.match_indices(field).any(is_office)
}

/// Whether an office without its places has in its name what was typed for one: 科技创新局 is asked for as 科技局.
fn is_office_for(office: &str, typed: &str) -> bool {
    office.ends_with(KINDS_OF_OFFICE) && office.contains(field_of(typed))
}

/// What was typed without the word for a kind of office, where that leaves a word.
fn field_of(typed: &str) -> &str {
    typed.strip_suffix(KINDS_OF_OFFICE).filter(|field| field.chars().nth(1).is_some()).unwrap_or(typed)
}

fn holds_one(key: &str, named: &[String]) -> bool {
    named.iter().any(|name| key.contains(name.as_str()))
}

/// Whether a query names a number to call and the record of a stored text another one.
fn has_another_number(plan: &Plan, stored: &str) -> Result<bool, SearchError> {
    let DirectoryEntry::Listed { entry, .. } = stored::parse(stored).map_err(index_error)? else { return Ok(false) };
    let names = || entry.other_names.iter().chain([&entry.name]).chain(&entry.phone);
    let has = |number: &str| names().any(|name| hotline::in_text(name).any(|known| known == number));
    Ok(names().any(|name| hotline::in_text(name).next().is_some()) && !hotline::in_text(&plan.key).any(has))
}

/// The best likeness among names, and what it rests on.
fn best_name<'n>(
    generation: &Generation,
    plan: &Plan,
    names: impl IntoIterator<Item = &'n str>,
) -> (f32, &'static str) {
    let keys: Vec<String> = names.into_iter().map(|name| generation.pipeline.key(name)).collect();
    likest(generation, plan, keys.iter().map(String::as_str))
}

/// The same for names that are keys already.
fn likest<'k>(generation: &Generation, plan: &Plan, keys: impl Iterator<Item = &'k str>) -> (f32, &'static str) {
    let pinyin = &generation.pipeline.pinyin;
    let mut best = 0.0f32;
    for key in keys {
        best = best.max(match &plan.latin {
            None => similarity(&plan.key, key, plan.ranking.weights.two_sided),
            Some(latin) => latin_likeness(latin, &pinyin.full(key), &pinyin.initials(key)),
        });
    }
    (best, if plan.latin.is_some() { "拼音相符" } else { "名称相近" })
}

/// Whole pinyin counts full, initials less, a beginning by the share that was typed.
fn latin_likeness(typed: &str, full: &str, initials: &str) -> f32 {
    if typed == full {
        1.0
    } else if typed == initials {
        0.8
    } else if full.starts_with(typed) {
        0.7 * typed.len() as f32 / full.len() as f32
    } else {
        0.1
    }
}

pub(super) fn regulations(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    let part = &generation.library;
    let f = &part.fields;
    let w = &plan.ranking.weights;
    if matches!(request.level, Some(LevelFilter::Body(_))) {
        return Ok(Vec::new());
    }
    let query = match &plan.latin {
        Some(latin) => latin_query(latin, &[f.pinyin], &[])?,
        None => named(&part.searcher, f.title_words, f.title_bigrams, plan),
    };
    let Some(query) = query else { return Ok(Vec::new()) };
    let mut filters = library_filters(generation, request);
    filters.extend(phrase_filters(f.title_bigrams, &plan.phrases));
    let query = with_filters(query, filters);
    let columns = Columns::open(generation)?;
    let titled = plan.latin.is_none() && plan.key.chars().nth(1).is_some();
    let mut answers = Vec::new();
    for (_, at) in top(&part.searcher, &*query, NAME_CANDIDATES)? {
        let Some((position, _)) = columns.of(at) else { continue };
        let Some(r) = facts(generation, position) else { continue };
        let keys = generation.titles.keys(position);
        let (mut alike, mut why) = likest(generation, plan, keys.iter().map(String::as_str));
        if let Some(share) = titled.then(|| title_share(&plan.key, keys, r)).flatten()
            && alike < STRONG_NAME
        {
            (alike, why) = (STRONG_NAME * (MIN_TITLE_SHARE + (1.0 - MIN_TITLE_SHARE) * share), IN_TITLE);
        }
        let regional = in_region(generation, r, plan);
        let score = alike
            * validity::factor(r.status, r.status_by.is_some(), w.validity)
            * (regulation_level::factor(r.level, r.document_kind, w.regulation_level)
                * region::factor(is_local(r), regional, w.region))
            .sqrt();
        answers.push(Answer { score, content: Content::Regulation(position), why });
    }
    Ok(ranked(answers, NAME_FLOOR))
}

/// The share of a regulation's title that the query is, where the query stands in it as it is. A decision about others
/// is no text on what their titles say.
fn title_share(key: &str, titles: &[String], r: &RegulationEntry) -> Option<f32> {
    if matches!(r.document_kind, DocumentKind::Amendment | DocumentKind::Abolition) {
        return None;
    }
    let chars = |text: &str| text.chars().count() as f32;
    let holding = titles.iter().filter(|title| title.contains(key));
    holding.map(|title| chars(key) / chars(title)).max_by(f32::total_cmp)
}

fn ranked(mut answers: Vec<Answer>, floor: f32) -> Vec<Answer> {
    sort(&mut answers);
    answers.retain(|a| a.score >= floor);
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_short_form_where_a_kind_of_office_follows() {
        for (name, typed) in [
            ("常州市人社局", "人社"),
            ("常州市人社局", "人社厅"),
            ("镇江市住建局", "住建"),
            ("遵义市市监局", "市监"),
            ("浙江省不动产登记中心", "不动产登记中心"),
        ] {
            assert!(is_called(name, typed), "{name} {typed}");
        }
        for (name, typed) in [
            ("上海市监狱管理局", "市监局"),
            ("上海市监狱管理局", "市监"),
            ("无锡市监察委员会", "市监"),
            ("国防科技大学", "科技"),
        ] {
            assert!(!is_called(name, typed), "{name} {typed}");
        }
        for (office, typed, is) in [
            ("科技创新局", "科技局", true),
            ("文化广电旅游局", "广电局", true),
            ("监狱管理局", "市监局", false),
            ("政府办公厅", "民政局", false),
            ("科技大学", "科技局", false),
        ] {
            assert_eq!(is_office_for(office, typed), is, "{office} {typed}");
        }
    }
}
