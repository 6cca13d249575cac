//! An institution that is named for certain and has no record: what comes nearest to it, and a word about it.
//!
//! 遵义医保局 without a record of its own: an institution of the same field in 遵义, else the one above in 贵州, and
//! the government of 遵义. 人社局 or 文物局 without a region: the nation's institution of the field. All are hits,
//! never certain answers.

use indexer::{
    index::{Generation, catalogue::DivisionEntry, projection::DirectoryEntry},
    record::{Category, DivisionLevel, Institution, InstitutionLevel},
};
use tantivy::Term;

use super::{
    SearchError, hotlines,
    plan::Lookup,
    ranking::Ranking,
    reply::MissingPart,
    request::{KindFilter, SearchRequest},
    run::{self, Answer, Content, Found},
    unchecked,
    understand::{self, RegionOffice, Understanding, ends_as_office},
};
use crate::urls;

/// Regions looked at for one query: 鼓楼区税务局 can mean four.
const MAX_REGIONS: usize = 4;
/// Scores by nearness; all above what merely shares characters with the query, below a name itself.
const SAME_FIELD: f32 = 0.95;
const ABOVE: f32 = 0.93;
const GOVERNMENT: f32 = 0.91;
/// What is near the next region of the same name follows all that is near the one before.
const NEXT_HOMONYM: f32 = 0.06;

/// Why an institution of the nation answers where no region is named.
const OF_NATION: &str = "国家层面的同类机构";
/// Why a school answers for a part of it.
const OF_THE_SCHOOL: &str = "所指校区的学校";
/// Why a school answers for what belongs to it.
const OF_THE_PART: &str = "所指单位所在的学校";
/// What names of the nation's offices begin with.
const NATION: &str = "国家";
const NATION_CODE: &str = "000000";

/// What stands in for an institution that has no record.
#[derive(Default)]
pub struct Nearest {
    pub answers: Vec<Answer>,
    pub note: Option<String>,
    /// The institution that was named, where it is of a kind that other regions have.
    pub missing: Option<MissingPart>,
}

/// Finds the nearest institutions, where the query names one and no certain answer was found.
pub fn nearest(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    found: &Found,
) -> Result<Nearest, SearchError> {
    let wanted = matches!(request.kind, KindFilter::All | KindFilter::Institution);
    if !wanted || !found.direct.is_empty() || found.items > 0 || u.title.is_some() || !u.citations.is_empty() {
        return Ok(Nearest::default());
    }
    if let Some(parent) = campus(generation, u, request)? {
        return Ok(parent);
    }
    if let Some(school) = part_of_school(generation, u, request)? {
        return Ok(school);
    }
    let national = of_nation(generation, u, request)?;
    let here = u.office.as_ref().and_then(|office| at_home(generation, u, office, request));
    if let Some(office) = u.office.as_ref().filter(|_| here.is_none()) {
        return without_region(generation, u, office, national, request);
    }
    if here.is_none() && !national.is_empty() {
        return Ok(Nearest { answers: national, ..Nearest::default() });
    }
    // 文物局 where the reader's city has none may be the nation's too.
    let national = national.into_iter().map(|a| Answer { score: ABOVE, ..a });
    let mut nearest = Nearest { answers: national.collect(), ..Nearest::default() };
    let mut homonyms = Vec::new();
    let wanted = here.map_or_else(|| named_institutions(generation, u), |here| vec![here]);
    for (rank, wanted) in wanted.into_iter().take(MAX_REGIONS).enumerate() {
        let Some(division) = generation.catalogue.divisions().get(wanted.division as usize) else { continue };
        let mut answers = Vec::new();
        match &wanted.office {
            Some(office) => of_division(generation, division, office, request, &mut answers)?,
            None => answers.extend(government(generation, division, request)?),
        }
        // 朝阳 is the city, and the districts of the same name: what is near each of them stays together.
        answers.iter_mut().for_each(|a| a.score -= NEXT_HOMONYM * rank as f32);
        // 遵义市教肓局: spelt otherwise, the institution is there.
        let there = answers.iter().any(|answer| wanted.is(generation, division, answer));
        nearest.answers.extend(answers);
        match nearest.note {
            None if there => {}
            None => {
                nearest.note = Some(wanted.note(division));
                nearest.missing = wanted.missing(generation, division);
            }
            Some(_) => homonyms.push(full_name(generation, division)),
        }
    }
    if let Some(note) = nearest.note.as_mut().filter(|_| !homonyms.is_empty()) {
        note.push_str(&format!("。同名的还有{}", homonyms.join("、")));
    }
    let mut seen = std::collections::HashSet::new();
    nearest.answers.retain(|a| seen.insert(a.content.identity()));
    nearest.answers.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(nearest)
}

/// The schools of a name.
fn schools(generation: &Generation, name: &str, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let mut answers = run::look_up(generation, &Lookup::Name(name.to_owned()), request)?;
    answers.retain(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => institution.category == Category::School,
        _ => false,
    });
    Ok(answers)
}

/// 哈工大深圳: a school and a place where it has a part without a record of its own.
fn campus(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Result<Option<Nearest>, SearchError> {
    let key = u.bare.as_str();
    let campuses = &generation.asked_words.campuses;
    let bare = campuses.iter().find_map(|end| key.strip_suffix(end.as_str())).unwrap_or(key);
    let cuts = bare.char_indices().skip(2).map(|(at, _)| at);
    for (school, place) in cuts.map(|at| bare.split_at(at)) {
        if place.chars().nth(1).is_none() || generation.gazetteer.named(place).is_empty() {
            continue;
        }
        let answers = schools(generation, school, request)?;
        // 中国矿大北京 has a record of its own.
        let own = answers.iter().any(|answer| match &answer.content {
            Content::Directory(DirectoryEntry::Institution { institution, .. }) => institution.name.contains(place),
            _ => false,
        });
        if answers.is_empty() || own {
            continue;
        }
        let answers = answers.into_iter().map(|a| Answer { score: SAME_FIELD, why: OF_THE_SCHOOL, ..a }).collect();
        let note = format!("资料中没有“{school}”在{place}的校区（分校）单独的记录，下面是这所学校本身");
        return Ok(Some(Nearest { answers, note: Some(note), missing: None }));
    }
    Ok(None)
}

/// 北京大学图书馆: a part of a school, and never one of the city in whose name it begins.
fn part_of_school(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
) -> Result<Option<Nearest>, SearchError> {
    let parts = generation.asked_words.school_parts.iter();
    for (school, part) in parts.filter_map(|part| Some((u.bare.strip_suffix(part.as_str())?, part))) {
        if school.chars().nth(1).is_none() {
            continue;
        }
        let answers = schools(generation, school, request)?;
        if answers.is_empty() {
            continue;
        }
        let answers = answers.into_iter().map(|a| Answer { score: SAME_FIELD, why: OF_THE_PART, ..a }).collect();
        let note = format!("资料中没有“{school}”的“{part}”单独的记录，下面是这所学校本身");
        return Ok(Some(Nearest { answers, note: Some(note), missing: None }));
    }
    Ok(None)
}

fn full_name(generation: &Generation, division: &DivisionEntry) -> String {
    generation.catalogue.path(&division.code).iter().map(|d| d.name.as_str()).collect()
}

/// An institution that a query names and that has no record, or an errand for which there is none.
struct WantedOffice {
    division: u32,
    /// As [`indexer::index::office_key`] has it; `None` where only the region is understood.
    office: Option<String>,
    typed: String,
}

impl WantedOffice {
    /// Whether an answer is the institution itself, by whatever word for its kind of office: a province's 教育局 is its 教育厅.
    fn is(&self, generation: &Generation, division: &DivisionEntry, answer: &Answer) -> bool {
        let Content::Directory(DirectoryEntry::Institution { institution, .. }) = &answer.content else { return false };
        let here = institution.division.as_str() == division.code;
        let field = |key: &str| generation.known_offices.root(key).unwrap_or(key).to_owned();
        let wanted = self.office.as_ref().map(|office| field(office));
        here && wanted.is_some_and(|wanted| generation.office_keys(institution).iter().any(|key| field(key) == wanted))
    }

    fn note(&self, division: &DivisionEntry) -> String {
        let place = &division.name;
        match &self.office {
            None => format!("没有认出{place}的哪个机构办理“{}”，先给出当地政府的网站", self.typed),
            Some(office) if office == GOVERNMENT_KEY => format!("资料中还没有{place}人民政府，下面是相近的机构"),
            Some(_) => {
                // 遵义市委 is the 市委 of 遵义市; 高考分数 is a matter, and the office is what is missing.
                let one = self.typed.chars().nth(1).is_none();
                let level: String = place.chars().last().filter(|_| one).into_iter().collect();
                let matter = !one && !ends_as_office(&self.typed);
                let office = self.office.as_ref().filter(|_| matter).unwrap_or(&self.typed);
                format!(
                    "资料中还没有{place}的“{level}{office}”，下面是相近的机构和当地政府；也可到{place}人民政府的网站上查找"
                )
            }
        }
    }
}

impl WantedOffice {
    /// Never of words that are no kind of office: what is reported and counted of them are names of the directory
    /// alone.
    fn missing(&self, generation: &Generation, division: &DivisionEntry) -> Option<MissingPart> {
        let office = self.office.clone().filter(|office| is_kind_of_office(generation, office))?;
        Some(MissingPart {
            division: division.code.clone(),
            division_name: division.name.clone(),
            office,
            institutions: u64::from(division.institutions),
            url: urls::division(&division.code),
        })
    }
}

/// The key of a government.
pub(super) const GOVERNMENT_KEY: &str = "政府";

/// The office that a query names without a region, where the reader is.
fn at_home(generation: &Generation, u: &Understanding, office: &str, request: &SearchRequest) -> Option<WantedOffice> {
    let reader = request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation())?;
    let division = generation.catalogue.divisions().iter().position(|d| d.code == reader.as_str())?;
    Some(WantedOffice { division: division as u32, office: Some(office.to_owned()), typed: u.bare.clone() })
}

/// The readings of a query as a region and an institution: only those whose institution is of a kind that there is,
/// where there are any (义乌 and 市场监管局, not 义乌市 and 场监管局); else an office at the front of what follows
/// (民政局离婚预约); else an errand. Larger places first.
fn named_institutions(generation: &Generation, u: &Understanding) -> Vec<WantedOffice> {
    let of = |office: Option<String>, r: &RegionOffice| WantedOffice {
        division: r.division,
        office,
        typed: r.typed.clone(),
    };
    let readings = || u.region_offices.iter();
    let mut found: Vec<WantedOffice> =
        readings().filter(|r| is_kind_of_office(generation, &r.typed)).map(|r| of(Some(r.office.clone()), r)).collect();
    if found.is_empty() {
        // 教肓局: what is nearest in spelling, where something is.
        let spelt = |r: &RegionOffice| {
            let near = generation.spelling.proposals(&generation.pipeline, &r.typed);
            near.into_iter().find_map(|p| generation.known_offices.known(p.name)).unwrap_or_else(|| r.office.clone())
        };
        found = readings().filter(|r| ends_as_office(&r.office)).map(|r| of(Some(spelt(r)), r)).collect();
    }
    if found.is_empty() {
        let in_front = |r: &RegionOffice| {
            let front = office_in_front(generation, &r.typed)?;
            let office = generation.known_offices.known(front);
            Some(WantedOffice { typed: front.to_owned(), ..of(office, r) })
        };
        found = readings().filter_map(in_front).collect();
    }
    if found.is_empty() && is_errand(u) {
        // The longest reading of the region alone: the rest is the errand.
        found = readings().take(1).map(|r| of(None, r)).collect();
    }
    let level = |w: &WantedOffice| {
        let division = generation.catalogue.divisions().get(w.division as usize);
        DivisionLevel::ALL.iter().position(|l| division.is_some_and(|d| d.level == *l))
    };
    found.sort_by_key(level);
    found.dedup_by_key(|w| w.division);
    found
}

/// Whether a text is what institutions of some region are called: 医疗保障局, 人社局.
pub fn is_kind_of_office(generation: &Generation, typed: &str) -> bool {
    let held =
        |key: String| run::is_on_record(generation, Term::from_field_text(generation.directory.fields.office, &key));
    generation.known_offices.known(typed).is_some() || generation.known_offices.key("", typed).is_some_and(held)
}

/// The longest office at the front of a text with more behind it.
fn office_in_front<'t>(generation: &Generation, typed: &'t str) -> Option<&'t str> {
    let ends: Vec<usize> = typed.char_indices().map(|(at, _)| at).skip(2).collect();
    ends.into_iter().rev().map(|end| &typed[..end]).find(|front| generation.known_offices.known(front).is_some())
}

/// Whether a query ends with what people do at an office, or is a number to call: 上海落户办理, 武汉12345.
fn is_errand(u: &Understanding) -> bool {
    let called = u.key.chars().rev().take_while(char::is_ascii_digit).count();
    u.bare.len() < u.key.len() || (MIN_PHONE..=MAX_PHONE).contains(&called)
}

/// 12345 has five digits, a number with its area code twelve.
const MIN_PHONE: usize = 5;
const MAX_PHONE: usize = 12;

/// What stands before the name of an office of the Party's centre: 组织部, 党校.
const OF_PARTY: [&str; 2] = ["中共中央", "中央"];

/// The nation's office that is called so with 国家 before it: 文物局 alone is 国家文物局, since no region is named.
fn of_nation(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let typed = u.bare.as_str();
    if !ends_as_office(typed) || typed.starts_with(NATION) {
        return Ok(Vec::new());
    }
    // 市监局 is an office by its short name, and the nation's a 总局.
    let office = u.office.as_deref().unwrap_or(typed);
    let general = office.strip_suffix('局').map(|front| format!("{NATION}{front}总局"));
    let names = [format!("{NATION}{typed}"), format!("{NATION}{office}")].into_iter().chain(general);
    for name in names.chain(OF_PARTY.map(|lead| format!("{lead}{typed}"))) {
        let named = run::look_up(generation, &Lookup::Name(generation.pipeline.key(&name)), request)?;
        if !named.is_empty() {
            return Ok(named.into_iter().map(|a| Answer { score: SAME_FIELD, why: OF_NATION, ..a }).collect());
        }
    }
    Ok(Vec::new())
}

fn without_region(
    generation: &Generation,
    u: &Understanding,
    office: &str,
    mut answers: Vec<Answer>,
    request: &SearchRequest,
) -> Result<Nearest, SearchError> {
    if answers.is_empty() {
        let of_field = of_field(generation, NATION_CODE, office, request)?;
        answers.extend(of_field.into_iter().map(|a| Answer { score: SAME_FIELD, why: OF_NATION, ..a }));
    }
    let typed = u.words.trim();
    let example = example_of(generation, office, typed)?.map(|name| format!("，如“{name}”"));
    let mut note = match example {
        Some(example) => {
            format!("“{typed}”各地都有：在前面加上地区{example}，或者选定地区，可以找到当地的机构")
        }
        // 法院 and 政务服务网: those on record are called otherwise, 高级人民法院 and 贵州政务服务网.
        None => {
            format!("“{}”各地都有：请在前面加上地区，或者选定地区；资料还不全，没有收录的会写明", u.text.trim())
        }
    };
    if u.contacts {
        // 法院电话: whoever wants to call is given the number for the whole country, where there is one.
        let numbers = hotlines::of_office(generation, office, request)?;
        note.push_str(&match hotlines::in_words(&numbers) {
            none if none.is_empty() => format!("；各地的电话不同，资料中没有“{typed}”全国统一的号码"),
            numbers => format!("。全国统一的号码是 {numbers}，在哪里都可以拨打"),
        });
        if answers.is_empty() {
            answers.extend(numbers.into_iter().map(|a| Answer { score: SAME_FIELD, ..a }));
        }
    }
    Ok(Nearest { answers, note: Some(note), missing: None })
}

/// Institutions of a kind that are looked at for an example: of some the region's short name is shared.
const EXAMPLES: usize = 20;

/// Kinds of office that an example is taken of, as people type them.
const ASKED_OFTEN: [&str; 4] = ["教育局", "人社局", "公安局", "政府"];

/// An office with its region, as people type it, that is on record.
pub fn example_office(generation: &Generation) -> Result<Option<String>, SearchError> {
    for typed in ASKED_OFTEN {
        let Some(office) = generation.known_offices.known(typed).or_else(|| generation.known_offices.key("", typed))
        else {
            continue;
        };
        if let Some(name) = example_of(generation, &office, typed)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Whether a name certainly leads to an institution.
pub fn is_on_record(generation: &Generation, name: &str) -> Result<bool, SearchError> {
    let request = SearchRequest { kind: KindFilter::Institution, size: 1, ..SearchRequest::new(name) };
    Ok(!unchecked(generation, &request, Ranking::shipped())?.direct.is_empty())
}

/// A region and the words of a query that lead to an institution on record, its site known where one is.
fn example_of(generation: &Generation, office: &str, typed: &str) -> Result<Option<String>, SearchError> {
    let mut found = run::offices_of_kind(generation, office, EXAMPLES)?;
    // A city's is asked for more than a county's, and one with a site leads further.
    let rank = |i: &Institution| (i.websites.is_empty(), i.level != InstitutionLevel::Prefecture, i.level);
    found.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
    for i in found.iter().filter(|i| !i.division.is_nation()) {
        let Some(division) = generation.catalogue.division(i.division.as_str()) else { continue };
        let name = format!("{}{typed}", division.short_name);
        let leads = understand::understand(generation, &name).region_offices.into_iter().any(|named| {
            let place = generation.catalogue.divisions().get(named.division as usize);
            named.office == office && place.is_some_and(|place| place.code == division.code)
        });
        if leads {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn of_division(
    generation: &Generation,
    division: &DivisionEntry,
    office: &str,
    request: &SearchRequest,
    answers: &mut Vec<Answer>,
) -> Result<(), SearchError> {
    let root = generation.known_offices.root(office).unwrap_or(office);
    let mut here: Vec<(usize, Answer)> = Vec::new();
    for answer in run::institutions_in(generation, &division.code)? {
        let Content::Directory(DirectoryEntry::Institution { institution, .. }) = &answer.content else { continue };
        let keys = generation.office_keys(institution);
        let near = |key: &String| {
            let other = generation.known_offices.root(key).unwrap_or(key);
            (part_of(root, other) || part_of(other, root)).then(|| other.chars().count().abs_diff(root.chars().count()))
        };
        if let Some(distance) = keys.iter().filter_map(near).min() {
            here.push((distance, Answer { score: SAME_FIELD, why: "同一地区、名称相近的机构", ..answer }));
        }
    }
    // Equals come in the order of institutions of a division, which is that of their ids.
    here.sort_by_key(|(distance, _)| *distance);
    answers.extend(here.into_iter().map(|(_, answer)| answer).take(2));
    for above in generation.catalogue.path(&division.code).iter().rev().skip(1) {
        let kin = of_field(generation, &above.code, office, request)?;
        if !kin.is_empty() {
            answers.extend(kin.into_iter().map(|a| Answer { score: ABOVE, why: "上一级的同类机构", ..a }));
            break;
        }
    }
    answers.extend(government(generation, division, request)?);
    Ok(())
}

/// The government of a division; where a town has none on record, that of the division above it.
fn government(
    generation: &Generation,
    division: &DivisionEntry,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    for place in generation.catalogue.path(&division.code).iter().rev() {
        let found =
            run::look_up(generation, &Lookup::RegionOffice(place.code.clone(), GOVERNMENT_KEY.to_owned()), request)?;
        if !found.is_empty() {
            let why = if place.code == division.code { "当地人民政府" } else { "上一级的人民政府" };
            return Ok(found.into_iter().map(|a| Answer { score: GOVERNMENT, why, ..a }).collect());
        }
    }
    Ok(Vec::new())
}

/// Institutions of the same field in a division: of the same name, or of the same name but for the kind of office.
pub fn of_field(
    generation: &Generation,
    division: &str,
    office: &str,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    let mut found = run::look_up(generation, &Lookup::RegionOffice(division.to_owned(), office.to_owned()), request)?;
    if let Some(root) = generation.known_offices.root(office).filter(|_| found.is_empty()) {
        found = run::look_up(generation, &Lookup::RegionOffice(division.to_owned(), format!("~{root}")), request)?;
    }
    Ok(found)
}

/// Whether all characters of one stand in the other in order: 文化旅游 in 文化广电旅游.
fn part_of(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().count() >= 2 && part.chars().all(|c| rest.any(|other| other == c))
}

impl Nearest {
    /// Puts the nearest institutions above what merely shares characters with the query.
    pub fn join(&mut self, found: &mut Found) {
        for answer in std::mem::take(&mut self.answers).into_iter().rev() {
            let identity = answer.content.identity();
            let list = found.list_of(&answer.content);
            list.retain(|a| a.content.identity() != identity);
            let best = list.first().map_or(0.0, |a| a.score);
            list.insert(0, Answer { score: answer.score.max(best), ..answer });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_in_order() {
        assert!(part_of("文化旅游", "文化广电旅游"));
        assert!(part_of("自然资源", "规划自然资源"));
        assert!(!part_of("旅游文化", "文化旅游"));
        assert!(!part_of("教", "教育"));
    }
}
