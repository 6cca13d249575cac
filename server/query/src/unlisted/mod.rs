//! Powers that regulations give to institutions of a kind: 由县级以上人民政府农业农村主管部门…处…罚款. Held against an
//! institution's list they show what may be missing from it; whether it is, the institution settles.

mod territory;

use std::sync::Arc;

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::{ArticleNumber, DivisionCode, InstitutionLevel, RegulationLevel, Status},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Occur, Query},
};

use super::{
    SearchError,
    plan::bigrams,
    run::{articles_of, exact, facts, library_entry, phrase},
};
use crate::urls;

/// Articles looked through for one institution: those that name it most plainly come first.
const CANDIDATES: usize = 1_500;
/// Powers told of one institution.
pub const MAX: usize = 300;
/// Characters between 由 and the institution's name: 由县级以上地方人民政府…, with two or three institutions beside it.
const LONGEST_SUBJECT: usize = 30;
/// Characters behind the institution's name within which a licence or a check is what it does, and not what somebody
/// lacks.
const NEAR: usize = 12;

/// Characters shown of what stands before 由: its end, which says most.
const LONGEST_LEAD: usize = 120;

/// What an institution may do by an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Licence,
    Penalty,
    Inspection,
}

impl Sort {
    pub fn label(self) -> &'static str {
        match self {
            Self::Licence => "行政许可",
            Self::Penalty => "行政处罚",
            Self::Inspection => "行政检查",
        }
    }
}

const GOVERNMENT: &str = "人民政府";
/// What names of departments end in, and words that put one beside what stands before.
const DEPARTMENTS: [&str; 5] = ["部门", "机构", "机关", "管理局", "行政局"];
const BESIDE: [&str; 6] = ["及", "或", "和", "、", "与", "会同"];

const PENALTIES: [&str; 9] =
    ["罚款", "给予警告", "没收", "吊销", "暂扣", "停产停业", "停业整顿", "通报批评", "限制从业"];
const LICENCES: [&str; 7] = ["审批", "批准", "许可", "核准", "核发", "颁发", "审查批准"];
const INSPECTIONS: [&str; 3] = ["监督检查", "进行检查", "实施检查"];
/// Words before a licence's that make it something else: 责令其补办审批手续, 未经批准.
const NOT_GIVEN: [&str; 11] = ["责令", "未经", "补办", "撤销", "吊销", "报", "申请", "经", "按照", "依照", "根据"];
/// What is approved and is allows nobody to do anything: 地方预算收入的退库，由…批准.
const NOT_LICENSED: &str = "退库";
/// Words before a check's that make it something else: 纳入常规监督检查对象库.
const NOT_CHECKED: [&str; 3] = ["责令", "纳入", "列入"];
/// The penalty that superiors give their own people too, and what stands beside it then, before or behind:
/// 依法给予行政处分，并给予通报批评; 依法给予处分，并由示例机构予以通报批评.
const REPRIMAND: &str = "通报批评";
const DISCIPLINE: &str = "处分";
/// What stands right before the word where it means discipline, and what stands somewhere before it in its clause; behind
/// the latter may follow a thing, which is then disposed of: 依法处分抵押物.
const OF_DISCIPLINE: [&str; 4] = ["行政", "政务", "纪律", "党纪"];
const DISCIPLINED: [&str; 4] = ["给予", "予以", "受到", "依法"];
const DISPOSED_OF: [&str; 13] =
    ["财", "物", "资产", "标的", "抵押", "质押", "不动产", "股", "该", "其", "国有", "集体", "权利"];
/// The penalty whose name officials are disciplined by too: 给予警告、记过或者记大过处分.
const WARNING: &str = "给予警告";

/// A power that an article gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub sort: Sort,
    /// Key of the work, title of the regulation and label of the article.
    pub work: String,
    pub title: String,
    pub article: String,
    /// Id of the regulation, the article's number and all that it says.
    pub regulation: String,
    pub number: Option<ArticleNumber>,
    pub text: Arc<str>,
    pub url: String,
    /// The sentence, from 由 on.
    pub sentence: String,
}

/// What stands before the name of a certificate and is none of it.
const BEFORE_A_CERTIFICATE: [&str; 8] = ["的", "取得", "领取", "申领", "办理", "持有", "需要", "其他"];
const CERTIFICATE: &str = "许可证";
/// Characters of the shortest name that tells one certificate from another: 捕捞许可.
const LEAST_CERTIFICATE: usize = 4;
/// Names that many certificates have.
const ANY_CERTIFICATE: [&str; 4] = ["经营许可", "生产许可", "使用许可", "建设许可"];

impl Given {
    /// What the article says in the sentence before 由: the deed that is punished, or what is issued.
    fn before(&self) -> Option<&str> {
        let before = &self.text[..self.text.find(&self.sentence)?];
        before.rsplit(['。', '；', '\n']).next()
    }

    /// The deed that is punished, without 违反本法规定 and the like before it.
    pub fn deed(&self) -> Option<&str> {
        let deed = self.before().filter(|_| self.sort == Sort::Penalty)?.trim_start();
        let broken = deed.split_once('，').filter(|(broken, _)| broken.starts_with("违反"));
        Some(broken.map_or(deed, |(_, rest)| rest)).filter(|deed| !deed.is_empty())
    }

    /// What stands before 由 as a reader needs it: the deed without what it breaks, or what is issued or checked.
    pub fn lead(&self) -> String {
        let lead = if self.sort == Sort::Penalty { self.deed() } else { self.before() };
        let lead = lead.unwrap_or_default().trim_start();
        match lead.chars().count().saturating_sub(LONGEST_LEAD) {
            0 => lead.to_owned(),
            over => std::iter::once('…').chain(lead.chars().skip(over)).collect(),
        }
    }

    /// The certificate that the article says who issues, without its last character, as items name it:
    /// 内陆水域的捕捞许可证，由…批准发放 is 捕捞许可.
    pub fn certificate(&self) -> Option<&str> {
        let clause = self.before().filter(|_| self.sort == Sort::Licence)?;
        let clause = clause.trim_end_matches(['，', '的', ' ', '\u{3000}']);
        let name = clause.strip_suffix(CERTIFICATE).map(|_| &clause[..clause.len() - '证'.len_utf8()])?;
        let from = BEFORE_A_CERTIFICATE.iter().filter_map(|word| Some(name.rfind(word)? + word.len())).max();
        let from = from.max(name.rfind(['，', '、', '：']).map(|at| at + '，'.len_utf8())).unwrap_or_default();
        let name = &name[from..];
        (name.chars().count() >= LEAST_CERTIFICATE && !ANY_CERTIFICATE.contains(&name)).then_some(name)
    }
}

/// What laws call an institution, by its name with its region or without; none for a kind that no dictionary knows. Lists
/// name two beside each other, and in brackets the one whose sign an office has: 市委办公室（市档案局）.
pub fn terms(generation: &Generation, name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for term in name.split(['（', '）', '(', ')', '、']).flat_map(|part| terms_of_part(generation, part)) {
        if !all.contains(term) {
            all.push(term.clone());
        }
    }
    all
}

fn terms_of_part<'g>(generation: &'g Generation, name: &str) -> &'g [String] {
    let starts = name.char_indices().map(|(at, _)| at);
    let known =
        |at: usize| generation.known_offices.key("", &name[at..]).map(|key| generation.known_offices.in_law(&key));
    starts.filter_map(known).find(|terms| !terms.is_empty()).unwrap_or_default()
}

/// The powers that articles in force give to institutions of a kind at the level of a division, of regulations that
/// hold there.
pub fn given(generation: &Generation, terms: &[String], division: &DivisionCode) -> Result<Vec<Given>, SearchError> {
    let terms: Vec<String> = terms.iter().filter(|term| territory::has_such(term, division)).cloned().collect();
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let f = &generation.library.fields;
    let named = terms.iter().map(|term| phrase(f.bigrams, &bigrams(&generation.pipeline.normalizer.text(term))));
    let in_force = Status::ALL.iter().position(|s| *s == Status::InForce).unwrap_or_default() as u64;
    let clauses: Vec<(Occur, Box<dyn Query>)> = vec![
        (Occur::Must, Box::new(BooleanQuery::union(named.collect()))),
        (Occur::Must, Box::new(exact(Term::from_field_u64(f.status, in_force)))),
    ];
    let level = InstitutionLevel::of(division);
    let mut all = Vec::new();
    for (_, at, regulation, _) in articles_of(generation, &BooleanQuery::new(clauses), CANDIDATES)? {
        let Some(r) = facts(generation, regulation).filter(|r| holds(generation, r, division)) else { continue };
        let entry = library_entry(generation, at)?;
        let Some(article) = entry.article else { continue };
        let text: Arc<str> = entry.text.as_str().into();
        let mut in_charge = terms.clone();
        in_charge.retain(|term| territory::is_in_charge(&r.title, term, level));
        let told = sentences(&entry.text, &in_charge, level);
        for (sort, sentence) in told.into_iter().filter(|(_, told)| is_given_here(generation, told, division)) {
            let given = Given {
                sort,
                work: r.work.clone(),
                title: r.title.clone(),
                article: article.label.clone(),
                regulation: r.id.clone(),
                number: article.slug.parse().ok(),
                text: text.clone(),
                url: urls::article(&r.id, &article.slug),
                sentence,
            };
            if given.before().is_none_or(|deed| territory::has_what(deed, division)) {
                all.push(given);
            }
        }
    }
    all.sort_by(|a, b| (a.sort, &a.title, &a.url, &a.sentence).cmp(&(b.sort, &b.title, &b.url, &b.sentence)));
    all.dedup();
    Ok(all)
}

/// Whether a regulation gives powers in a division: national ones of some weight, and those of the regions that it lies
/// in.
fn holds(generation: &Generation, r: &RegulationEntry, division: &DivisionCode) -> bool {
    let weighs = matches!(
        r.level,
        RegulationLevel::Law
            | RegulationLevel::AdministrativeRegulation
            | RegulationLevel::DepartmentRule
            | RegulationLevel::LocalRegulation
            | RegulationLevel::LocalGovernmentRule
    );
    weighs
        && match r.division.as_deref() {
            Some(code) => generation.catalogue.lies_in(division.as_str(), code),
            None => territory::covers(generation, &r.title, division),
        }
}

/// Whether a sentence gives its power here, and not by name to another place: 由上海市人民政府交通主管部门….
fn is_given_here(generation: &Generation, sentence: &str, division: &DivisionCode) -> bool {
    let subject = sentence.strip_prefix('由').unwrap_or(sentence);
    !territory::is_elsewhere(generation, subject, division)
}

/// The sentences of an article that give a power to an institution of these names, each with what it is.
pub fn sentences(text: &str, terms: &[String], level: InstitutionLevel) -> Vec<(Sort, String)> {
    let mut found: Vec<(Sort, String)> = Vec::new();
    for clause in text.split(['。', '；', '\n']) {
        for term in terms {
            let Some(at) = clause.find(term.as_str()) else { continue };
            let Some(by) = clause[..at].rfind('由') else { continue };
            let subject = &clause[by + '由'.len_utf8()..at];
            let plain = subject.chars().count() <= LONGEST_SUBJECT && !subject.contains(['，', '：', '（', '“', '》']);
            // 事由, 由此, 理由
            let before = clause[..by].chars().next_back();
            let word = before.is_some_and(|c| "事理自缘".contains(c)) || subject.starts_with('此');
            if !plain || word || !is_of_level(subject, level) {
                continue;
            }
            let rest = &clause[at + term.len()..];
            if term.ends_with(GOVERNMENT) && is_a_department(rest) {
                continue;
            }
            if let Some(sort) = power(&clause[..by], rest) {
                let told = (sort, clause[by..].trim().to_owned());
                if !found.contains(&told) {
                    found.push(told);
                }
            }
            break;
        }
    }
    found
}

/// Whether what stands behind 人民政府 makes the name of one of its departments of it: 县级以上人民政府林业主管部门.
/// With one beside it the government acts itself: 人民政府及其有关部门.
fn is_a_department(rest: &str) -> bool {
    let near: String = rest.chars().take(LONGEST_SUBJECT).collect();
    let end = DEPARTMENTS.iter().filter_map(|word| near.find(word)).min();
    end.is_some_and(|end| {
        let name = &near[..end];
        !BESIDE.iter().any(|word| name.starts_with(word))
            && !name.contains(['，', '责', '处', '给', '批', '决', '组', '没', '吊', '撤', '取'])
            && !["可以", "应当", "依法", "会同"].iter().any(|word| name.contains(word))
    })
}

/// Whether a subject means institutions of a level: 国务院 and 省级 mean others.
fn is_of_level(subject: &str, level: InstitutionLevel) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| subject.contains(word));
    // What a government does to those who work for it is no power over others.
    if subject.contains("本级人民政府") {
        return false;
    }
    if subject.contains("以上") && !has(&["省级以上", "省、自治区", "国务院"]) {
        return level != InstitutionLevel::Township
            && (level != InstitutionLevel::County || !has(&["设区的市级以上", "市级以上"]));
    }
    let central = has(&["国务院", "国家"]);
    let province = has(&["省级", "省、自治区", "自治区", "直辖市"]);
    let city = has(&["设区的市", "市级", "市（地）", "市、县", "州"]);
    let county = has(&["县级", "县（市", "县、"]);
    match level {
        InstitutionLevel::Central => central,
        InstitutionLevel::Province => !central || province,
        InstitutionLevel::Prefecture => !central && !province && !county || city,
        InstitutionLevel::County => !central && !province && !city || county,
        InstitutionLevel::Township => false,
    }
}

/// What the words behind an institution's name say that it does; `before` is the sentence up to 由.
fn power(before: &str, rest: &str) -> Option<Sort> {
    let near: String = rest.chars().take(NEAR).collect();
    let first = |words: &[&str]| words.iter().filter_map(|word| near.find(word)).min();
    let given = |at: &usize| !NOT_GIVEN.iter().any(|word| near[..*at].contains(word));
    let of_superiors = disciplines(before) || disciplines(rest);
    let given_to_others = |word: &str| match word {
        REPRIMAND => !of_superiors,
        WARNING => !rest.split('，').any(|part| part.find(WARNING).is_some_and(|at| disciplines(&part[at..]))),
        _ => true,
    };
    let mut penalties = PENALTIES.iter().filter(|word| rest.contains(**word)).peekable();
    if penalties.peek().is_some() {
        return penalties.any(|word| given_to_others(word)).then_some(Sort::Penalty);
    }
    if first(&LICENCES).filter(given).is_some() && ![before, rest].iter().any(|text| text.contains(NOT_LICENSED)) {
        return Some(Sort::Licence);
    }
    let checked = |at: &usize| !NOT_CHECKED.iter().any(|word| near[..*at].contains(word));
    first(&INSPECTIONS).filter(checked).map(|_| Sort::Inspection)
}

/// Whether a text says that officials are disciplined, and not that goods are disposed of, for which the word is the same:
/// 擅自处分查封的财物.
fn disciplines(text: &str) -> bool {
    text.match_indices(DISCIPLINE).any(|(at, word)| {
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        let clause = before.rsplit(['，', '。', '；', '：']).next().unwrap_or_default();
        let of_things = DISPOSED_OF.iter().any(|thing| behind.starts_with(thing));
        OF_DISCIPLINE.iter().any(|kind| clause.ends_with(kind))
            || !of_things && DISCIPLINED.iter().any(|word| clause.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, level: InstitutionLevel) -> Vec<(Sort, String)> {
        sentences(text, &["示例主管部门".to_owned()], level)
    }

    #[test]
    fn powers_are_read_with_whom_they_are_given_to() {
        let county = InstitutionLevel::County;
        for (text, sort) in [
            ("违反本法规定的，由县级以上人民政府示例主管部门责令改正，处一万元以下的罚款。", Sort::Penalty),
            ("设立甲场所，由所在地县级人民政府示例主管部门批准。", Sort::Licence),
            ("甲场所的安全由示例主管部门进行监督检查。", Sort::Inspection),
        ] {
            let found = told(text, county);
            assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [sort], "{text}");
            assert!(found[0].1.starts_with('由'));
        }
        assert_eq!(told("由国务院示例主管部门批准。", county), []);
        assert_eq!(told("由国务院示例主管部门批准。", InstitutionLevel::Central).len(), 1);
        assert_eq!(told("由设区的市级以上示例主管部门处罚款。", county), []);
        assert_eq!(told("由设区的市级以上示例主管部门处罚款。", InstitutionLevel::Prefecture).len(), 1);
        assert_eq!(told("由县级人民政府示例主管部门处罚款。", InstitutionLevel::Prefecture), []);
        assert_eq!(told("由县级人民政府示例主管部门处罚款。", county).len(), 1);
        for subject in ["市、县级人民政府", "设区的市、县级人民政府", "县级以上人民政府", ""]
        {
            let text = format!("由{subject}示例主管部门处罚款。");
            assert_eq!(told(&text, InstitutionLevel::Prefecture).len(), 1, "{text}");
        }
    }

    fn given(text: &str) -> Given {
        let (sort, sentence) = told(text, InstitutionLevel::County).swap_remove(0);
        Given {
            sort,
            work: String::new(),
            title: String::new(),
            article: String::new(),
            regulation: String::new(),
            number: None,
            text: text.into(),
            url: String::new(),
            sentence,
        }
    }

    #[test]
    fn a_deed_is_what_is_punished_whether_or_not_it_says_what_is_broken() {
        for (text, deed) in [
            ("违反本法规定，擅自移动示例标志的，由示例主管部门处罚款。", Some("擅自移动示例标志的，")),
            ("擅自移动示例标志的，由示例主管部门处罚款。", Some("擅自移动示例标志的，")),
            ("前款规定。移动示例标志，拒不改正的，由示例主管部门处罚款。", Some("移动示例标志，拒不改正的，")),
            ("违反本法第二条规定的，由示例主管部门处罚款。", None),
            ("设立示例场所，由示例主管部门批准。", None),
        ] {
            assert_eq!(given(text).deed(), deed, "{text}");
        }
    }

    #[test]
    fn a_reader_sees_what_the_power_is_about() {
        for (text, lead) in [
            ("违反本法规定，擅自移动示例标志的，由示例主管部门处罚款。", "擅自移动示例标志的，"),
            ("前款规定。设立示例场所，由示例主管部门批准。", "设立示例场所，"),
            ("由示例主管部门处罚款。", ""),
        ] {
            assert_eq!(given(text).lead(), lead, "{text}");
        }
        let long = format!("{}，由示例主管部门处罚款。", "长".repeat(500));
        assert!(given(&long).lead().starts_with('…') && given(&long).lead().ends_with("长，"));
        assert_eq!(given(&long).lead().chars().count(), LONGEST_LEAD + 1);
    }

    #[test]
    fn the_word_for_discipline_also_means_to_dispose_of_goods() {
        for (text, is) in [
            ("依法给予处分", true),
            ("对直接负责的主管人员依法给予记过或者降级的处分", true),
            ("给予政务处分", true),
            ("擅自处分查封的财物", false),
            ("依法处分抵押物", false),
            ("予以没收后处分该物品", false),
            ("", false),
        ] {
            assert_eq!(disciplines(text), is, "{text}");
        }
        let county = InstitutionLevel::County;
        for text in
            ["擅自处分查封财物的，由示例主管部门予以通报批评。", "由示例主管部门给予警告，对直接责任人员依法给予处分。"]
        {
            assert_eq!(told(text, county).len(), 1, "{text}");
        }
        for text in [
            "示例主管人员徇私的，由示例主管部门给予警告、记过或者记大过处分。",
            "示例主管人员徇私的，由示例主管部门给予警告处分。",
        ] {
            assert_eq!(told(text, county), [], "{text}");
        }
    }

    #[test]
    fn a_certificate_is_named_as_items_name_it() {
        let of = |text: &str| {
            let given = given(text);
            assert!(given.deed().is_none_or(|deed| !deed.starts_with("违反")));
            given.certificate().map(str::to_owned)
        };
        for (text, name) in [
            ("内陆水域的示例许可证，由县级人民政府示例主管部门批准发放。", Some("示例许可")),
            ("依照本法，单位需要取得示例许可证的，由示例主管部门核发。", Some("示例许可")),
            ("采伐许可证由示例主管部门核发。", Some("采伐许可")),
            ("经营许可证由示例主管部门核发。", None),
            ("示例证书由示例主管部门核发。", None),
            ("无示例许可证的，由示例主管部门处罚款。", None),
        ] {
            assert_eq!(of(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn what_gives_no_power_is_left_out() {
        for text in [
            "甲场所未经示例主管部门批准不得开办。",
            "由示例主管部门责令补办审批手续。",
            "由此，示例主管部门处罚款。",
            "由公安机关处理，示例主管部门协助，处罚款。",
            "由示例主管部门负责规划。",
            "由本级人民政府或者示例主管部门责令改正，通报批评。",
            "由示例主管部门制定。违者处罚款。",
            "由示例主管部门责令改正，依法给予行政处分，并可以给予通报批评。",
            "由示例主管部门按照批准的预算安排。",
            "示例费由示例主管部门依照批准发放许可证的权限征收。",
            "示例主管人员有下列行为之一的，依法给予处分，并由示例主管部门予以通报批评。",
            "地方预算收入的退库，由地方政府示例主管部门或者其授权的机构批准。",
            "示例生产单位由示例主管部门纳入常规监督检查对象库。",
        ] {
            assert_eq!(told(text, InstitutionLevel::County), [], "{text}");
        }
    }

    #[test]
    fn what_a_department_of_a_government_may_do_is_not_the_governments() {
        let told = |text: &str| sentences(text, &["人民政府".to_owned()], InstitutionLevel::County);
        for text in [
            "由县级以上人民政府林业主管部门责令改正，处罚款。",
            "由县级人民政府有关部门给予警告。",
            "由县级以上人民政府公安机关没收违法所得。",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
        for text in [
            "由县级以上人民政府责令停业整顿。",
            "由县级以上人民政府及其有关部门责令改正，给予警告。",
            "由县级人民政府责令改正，由主管部门处罚款。",
            "由县级以上人民政府批准。",
            "由县级以上人民政府依法吊销该机构许可证。",
            "由县级以上人民政府可以会同有关部门予以没收。",
        ] {
            assert_eq!(told(text).len(), 1, "{text}");
        }
    }
}
