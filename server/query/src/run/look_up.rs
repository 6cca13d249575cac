//! Certain look-ups: by id, name, number, host, division or citation.

use std::collections::HashSet;

use indexer::{
    index::{
        Generation,
        fields::{DocKind, doc_kind},
        projection::{DirectoryEntry, field_term},
    },
    record::{Body, InstitutionLevel, KINDS},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Query},
    schema::Field,
};

use super::{
    Answer, Columns, Content, MAX_CITED, cited, cited_regulation, directory_entry, exact, facts,
    names::{first_evidence, plain_name, rank_level},
    queries::{directory_filters, library_filters, top, with_filters},
    responsible, sort,
};
use crate::{
    SearchError,
    plan::{Lookup, Plan},
    ranking::{Ranking, evidence, institution_level, validity},
    request::SearchRequest,
    understand::{hotline::AskedField, names_portal},
};

/// Answers of one look-up: the commonest institution of the commonest division name has fewer.
const MAX_DIRECT: usize = 20;

/// The certain answers alone.
pub fn look_ups(generation: &Generation, plan: &Plan, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let (mut answers, mut seen) = (Vec::new(), HashSet::new());
    for lookup in &plan.lookups {
        // Citations come first, and all of them are answers.
        let most = if matches!(lookup, Lookup::Citation(_)) { MAX_CITED } else { MAX_DIRECT.max(answers.len()) };
        if answers.len() >= most {
            continue;
        }
        for answer in look_up(generation, lookup, request)? {
            if answers.len() < most && seen.insert(answer.content.identity()) {
                answers.push(answer);
            }
        }
    }
    Ok(answers)
}

/// What one look-up finds.
pub fn look_up(generation: &Generation, lookup: &Lookup, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let directory = &generation.directory;
    let f = &directory.fields;
    let term = |field: Field, text: &str| -> Box<dyn Query> { Box::new(exact(Term::from_field_text(field, text))) };
    let of_kind = |kind: DocKind| -> Box<dyn Query> { Box::new(exact(Term::from_field_u64(f.kind, kind as u64))) };
    Ok(match lookup {
        Lookup::Institution(id, why) => directory_answers(generation, &*term(f.id, id), request, why)?,
        Lookup::CreditCode(code) => {
            directory_answers(generation, &*term(f.credit_code, code), request, "统一社会信用代码一致")?
        }
        Lookup::Division(at) => {
            let division = generation.catalogue.divisions().get(*at as usize);
            let answer = |code: &str| Answer {
                score: 1.0,
                content: Content::Directory(DirectoryEntry::Division { code: code.to_owned() }),
                why: "行政区划",
            };
            let inside =
                |code: &str| request.region.as_ref().is_none_or(|r| generation.catalogue.lies_in(code, r.as_str()));
            division.filter(|d| inside(&d.code)).map(|d| answer(&d.code)).into_iter().collect()
        }
        Lookup::Name(key) => {
            let mut all = Vec::new();
            for (field, why) in
                [(f.name, "名称一致"), (f.short_name, "简称一致"), (f.former_name, "曾用名一致，现为该机构")]
            {
                let query = BooleanQuery::intersection(vec![term(field, key), of_kind(DocKind::Institution)]);
                all.extend(directory_answers(generation, &query, request, why)?);
            }
            // Whoever is called so comes before whoever only looks it, whichever of its names that is; of those who
            // share a short name the one that is meant most often.
            let shared = generation.shared_names.get(key);
            all.sort_by_key(|answer| match &answer.content {
                Content::Directory(DirectoryEntry::Institution { institution, .. }) => {
                    let place = shared.map(|shared| shared.position(&institution.name));
                    (plain_name(institution) < 1.0, place)
                }
                _ => (false, None),
            });
            all
        }
        Lookup::ListedHost(host) => {
            let mut all = Vec::new();
            for kind in KINDS.iter().filter(|kind| kind.general) {
                let of_kind = Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind))));
                let query = BooleanQuery::intersection(vec![term(f.host, host), of_kind]);
                all.extend(directory_answers(generation, &query, request, "网址一致")?);
            }
            all
        }
        Lookup::ListedName(key) => {
            let mut all = Vec::new();
            for kind in KINDS.iter().filter(|kind| kind.general) {
                for (field, why) in [(f.name, "名称一致"), (f.short_name, "别名一致")] {
                    let of_kind = Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind))));
                    let query = BooleanQuery::intersection(vec![term(field, key), of_kind]);
                    all.extend(directory_answers(generation, &query, request, why)?);
                }
            }
            all
        }
        Lookup::ItemThere(division, name) => item_there(generation, division, name, request)?,
        Lookup::RegionOffice(division, office) => {
            let query = BooleanQuery::intersection(vec![term(f.division, division), term(f.office, office)]);
            directory_answers(generation, &query, request, "地区与机构一致")?
        }
        Lookup::Responsible(asked) => responsible::answers(generation, asked, request)?,
        Lookup::Portal(division) => portal(generation, division, request)?,
        Lookup::Answering(field) => directory_answers(generation, &*term(f.office, field), request, "由它接听")?,
        Lookup::Field(asked) => numbers_of_field(generation, asked, request)?,
        Lookup::DocumentNumber(number) => {
            let field = generation.library.fields.document_number;
            let query = exact(Term::from_field_text(field, &generation.pipeline.key(number)));
            regulation_answers(generation, &query, request, "文号一致")?
        }
        Lookup::Work(work) => cited_regulation(generation, work, request).into_iter().collect(),
        Lookup::Citation(citation) => cited(generation, citation, request)?.unwrap_or_default(),
    })
}

/// Numbers for a field of life: by the whole word, else by the longest word that it ends with, or begins with before
/// what befalls people in such a field, where it is certain that a number is asked for (拖欠农民工工资 has 农民工工资;
/// 消防器材 is another field than 消防). An emergency is called by its own name alone. Those that answer today come
/// before what was merged into them.
fn numbers_of_field(
    generation: &Generation,
    asked: &AskedField,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let term = |word: &str| Term::from_field_text(f.office, &field_term(word));
    let held = |word: &str| super::is_on_record(generation, term(word));
    let chars: Vec<char> = asked.said.chars().take(MAX_FIELD_CHARS).collect();
    let shortest = if asked.certain { MIN_FIELD_CHARS } else { chars.len() };
    let lengths = (shortest..=chars.len()).rev().filter(|length| *length >= MIN_FIELD_CHARS);
    let mut all = Vec::new();
    for length in lengths {
        let (front, behind) = chars.split_at(length);
        let begins = BEFALLS.contains(&&*String::from_iter(behind)).then_some(front);
        let ends = chars.get(chars.len() - length..);
        let whole = length == chars.len();
        for word in begins.into_iter().chain(ends).map(String::from_iter).filter(|word| held(word)) {
            let why = if whole { "是这个领域的电话" } else { "是其中一个领域的电话" };
            all.extend(directory_answers(generation, &exact(term(&word)), request, why)?);
        }
        all.retain(|answer| whole || !is_emergency(answer));
        // A longer word that only records elsewhere have leaves the shorter ones to be tried.
        if !all.is_empty() {
            break;
        }
    }
    all.sort_by_cached_key(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
            let number = entry.phone.clone().unwrap_or_default();
            (entry.answers_for.is_none(), number.len(), number)
        }
        _ => (true, usize::MAX, String::new()),
    });
    Ok(all)
}

/// Whether an answer is a number of three digits, which is for emergencies (110, 119, 120).
fn is_emergency(answer: &Answer) -> bool {
    match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
            entry.phone.as_ref().is_some_and(|number| number.len() == 3)
        }
        _ => false,
    }
}

/// What befalls people in a field of life, or what they want to do there, behind its word: 社保缴费, 工资拖欠,
/// 噪声扰民.
const BEFALLS: [&str; 22] = [
    "拖欠", "不给", "不发", "被骗", "报销", "缴费", "缴纳", "办理", "查询", "咨询", "举报", "投诉", "扰民", "纠纷",
    "问题", "提取", "维权", "服务", "业务", "政策", "待遇", "转移",
];
/// Longest words for a field that are looked at, and the shortest.
const MAX_FIELD_CHARS: usize = 16;
const MIN_FIELD_CHARS: usize = 2;

/// The entrance to what the governments of a division do online; where it has none, that of the nearest one above it.
fn portal(generation: &Generation, division: &str, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let is_entrance = |answer: &Answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
            std::iter::once(&entry.name).chain(&entry.other_names).any(|name| names_portal(name))
        }
        _ => false,
    };
    for place in generation.catalogue.path(division).iter().rev() {
        let why = if place.code == division { "当地的政务服务入口" } else { "上一级的政务服务入口" };
        let mut all = Vec::new();
        for kind in KINDS.iter().filter(|kind| kind.general) {
            let of_kind: Box<dyn Query> = Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind))));
            let here: Box<dyn Query> = Box::new(exact(Term::from_field_text(f.division, &place.code)));
            all.extend(directory_answers(generation, &BooleanQuery::intersection(vec![here, of_kind]), request, why)?);
        }
        all.retain(is_entrance);
        if !all.is_empty() {
            return Ok(all);
        }
    }
    Ok(Vec::new())
}

/// The items of a name in a division, or in the nearest one above it that has any.
fn item_there(
    generation: &Generation,
    division: &str,
    name: &str,
    request: &SearchRequest,
) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let term = |field: Field, text: &str| -> Box<dyn Query> { Box::new(exact(Term::from_field_text(field, text))) };
    let is_item = |answer: &Answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { of, .. }) => stands_in_lists(of),
        _ => false,
    };
    for place in generation.catalogue.path(division).iter().rev() {
        let query = BooleanQuery::intersection(vec![term(f.name, name), term(f.division, &place.code)]);
        let mut found = directory_answers(generation, &query, request, "当地的事项")?;
        found.retain(is_item);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Whether records of a kind, by its name, stand in lists.
pub(super) fn stands_in_lists(kind: &str) -> bool {
    Body::blank(kind).is_some_and(|body| body.listed().is_some())
}

pub(super) fn directory_answers(
    generation: &Generation,
    query: &dyn Query,
    request: &SearchRequest,
    why: &'static str,
) -> Result<Vec<Answer>, SearchError> {
    let query = with_filters(query.box_clone(), directory_filters(generation, request));
    let w = &Ranking::shipped().weights;
    let mut answers = Vec::new();
    for (_, at) in top(&generation.directory.searcher, &*query, MAX_DIRECT)? {
        let entry = directory_entry(generation, at)?;
        let score = match &entry {
            DirectoryEntry::Institution { institution: i, .. } => {
                institution_level::factor(rank_level(i.level, i.category.has_own_names()), w.institution_level)
                    * evidence::factor(first_evidence(&i.websites), w.evidence)
                    * plain_name(i)
            }
            DirectoryEntry::Listed { entry, .. } => {
                let level = entry.division.as_ref().map_or(InstitutionLevel::Central, InstitutionLevel::of);
                institution_level::factor(level, w.institution_level)
                    * evidence::factor(first_evidence(&entry.sites), w.evidence)
            }
            _ => 1.0,
        };
        answers.push(Answer { score, content: Content::Directory(entry), why });
    }
    sort(&mut answers);
    Ok(answers)
}

/// The regulations among a query's documents, those in force first.
fn regulation_answers(
    generation: &Generation,
    query: &dyn Query,
    request: &SearchRequest,
    why: &'static str,
) -> Result<Vec<Answer>, SearchError> {
    let query = with_filters(query.box_clone(), library_filters(generation, request));
    let columns = Columns::open(generation)?;
    let found = top(&generation.library.searcher, &*query, MAX_DIRECT)?;
    let mut answers: Vec<Answer> = found
        .into_iter()
        .filter_map(|(_, at)| {
            let (position, _) = columns.of(at)?;
            let r = facts(generation, position)?;
            let score = validity::factor(r.status, r.status_by.is_some(), 1.0);
            Some(Answer { score, content: Content::Regulation(position), why })
        })
        .collect();
    sort(&mut answers);
    Ok(answers)
}
