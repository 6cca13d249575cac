//! What a scheme is held to. A finding refuses nothing: documents have misprints, and what they say stays as they say
//! it. Only numbers that are not for the public are refused in a public record.
//!
//! The sources: 地方各级人民政府机构设置和编制管理条例, art. 15 (kinds of staff are not mixed); 国务院组织法 (2024),
//! art. 12 and 13 (how many deputies); 国务院行政机构设置和编制管理条例, art. 10 (institutions for coordination have no
//! staff of their own).

use std::collections::HashSet;

use super::{Numbers, StaffingScheme};
use crate::{
    Fault,
    staffing::{DutySort, StaffKind, employee_number_in, leadership, short, staff_phrase_in, stands_behind},
};

/// Deputies of a ministry, and of an institution directly under the State Council.
const OF_MINISTRY: std::ops::RangeInclusive<u32> = 2..=4;
const OF_DIRECT_BODY: std::ops::RangeInclusive<u32> = 2..=5;

pub fn findings(s: &StaffingScheme) -> Vec<String> {
    let mut told = Vec::new();
    units(s, &mut told);
    sums(s, &mut told);
    numbering(s, &mut told);
    coordination(s, &mut told);
    mixing(s, &mut told);
    deputies(s, &mut told);
    told
}

/// The clause that speaks of something, for a reader; what the column is called where none does. A heading tells it
/// best, and of words the first.
fn place(s: &StaffingScheme, words: &[&str], else_called: &str) -> String {
    let by_heading = words.iter().find_map(|word| s.clauses.iter().find(|clause| clause.heading.contains(word)));
    let by_text = || words.iter().find_map(|word| s.clauses.iter().find(|clause| clause.text.contains(word)));
    let clause = by_heading.or_else(by_text);
    let named = clause.filter(|clause| !clause.number.is_empty());
    named.map_or_else(|| format!("“{else_called}”"), |clause| clause.number.clone())
}

/// S1: as many units are listed as are said to be. 机关党委 and the like stand behind the numbered ones without a
/// number and count or do not.
fn units(s: &StaffingScheme, told: &mut Vec<String>) {
    let listed = s.units.len();
    let numbered = s.units.iter().filter(|unit| unit.n().is_some()).count();
    let behind = s.units.iter().skip(numbered).all(|unit| unit.n().is_none());
    // In a list without numbers they are known by their names.
    let others = s.units.iter().filter(|unit| !stands_behind(&unit.name)).count();
    if let Some(stated) = s.stated_units
        && listed > 0
        && stated as usize != listed
        && !(numbered > 0 && behind && stated as usize == numbered)
        && !(numbered == 0 && (others..=listed).contains(&(stated as usize)))
    {
        let at = place(s, &["内设机构"], "内设机构");
        told.push(format!("{at}：写明设内设机构 {stated} 个，列出 {listed} 个"));
    }
}

/// The clause and the sentence that tell a number, for a reader; what the column is called where none does.
fn stated(s: &StaffingScheme, name: &str, n: u32) -> String {
    let forms = [n.to_string(), text::numerals::format(n)];
    // 12名 is no 2名.
    let is_number = |sentence: &str, at: usize| {
        !sentence[..at].ends_with(|c: char| c.is_ascii_digit() || text::numerals::is_numeral(c))
    };
    let tells = |sentence: &&str| {
        let plain: String = sentence.chars().map(half).collect();
        let has = |form: &String| plain.match_indices(form.as_str()).any(|(at, _)| is_number(&plain, at));
        sentence.contains(name) && forms.iter().any(has)
    };
    let of_clause = |clause: &'_ crate::staffing::Clause| {
        let sentence = clause.text.split(['。', '；', '\n']).map(str::trim).find(tells)?.to_owned();
        Some(format!("{}“{}”", clause.number, short(&sentence)))
    };
    s.clauses.iter().find_map(of_clause).unwrap_or_else(|| place(s, &[name, "编制", "职数"], "人员编制"))
}

/// Digits of full width as others.
fn half(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// S2: what a number includes is no more than the number.
fn sums(s: &StaffingScheme, told: &mut Vec<String>) {
    for count in s.staffing.iter().chain(&s.posts) {
        let included = count.included();
        if included > u64::from(count.n) {
            let at = stated(s, &count.name, count.n);
            let parts: Vec<String> = count.of_which.iter().map(|part| part.n.to_string()).collect();
            told.push(format!("{at}：{} {} 名，其中各项合计 {included} 名（{}）", count.name, count.n, parts.join("＋")));
        }
    }
}

/// S4: items are numbered without gap or repetition, and the last duty is what else is assigned.
fn numbering(s: &StaffingScheme, told: &mut Vec<String>) {
    let of = |sort: DutySort| s.duties.iter().filter(move |duty| duty.sort == sort);
    let duties: Vec<(u32, &str)> = of(DutySort::Main).filter_map(|duty| Some((duty.n()?, duty.text.as_str()))).collect();
    let units: Vec<(u32, &str)> = s.units.iter().filter_map(|unit| Some((unit.n()?, unit.name.as_str()))).collect();
    let of_duties: &[&str] = &["主要职责是", "主要职责：", "主要职责", "职责"];
    for (called, words, items) in [("主要职责", of_duties, duties), ("内设机构", &["内设机构"], units)] {
        // A second list begins anew: 5个党政机构 and 2个事业机构.
        let lists = items.chunk_by(|(before, _), (n, _)| !(called == "内设机构" && *n == 1 && *before > 1));
        let fault = |list: &[(u32, &str)]| {
            let numbers: Vec<u32> = list.iter().map(|(n, _)| *n).collect();
            let (at, fault) = sequence(&numbers)?;
            Some(format!("{fault}“{}”", short(list[at].1)))
        };
        if let Some(fault) = lists.into_iter().find_map(fault) {
            told.push(format!("{}：{called}的编号{fault}", place(s, words, called)));
        }
    }
    let clauses = s.clauses.iter().filter(|c| c.number.starts_with('第'));
    let clauses: Vec<(u32, &str)> = clauses.filter_map(|c| Some((crate::staffing::mark(&c.number)?.n, c.number.as_str()))).collect();
    let numbers: Vec<u32> = clauses.iter().map(|(n, _)| *n).collect();
    if let Some((at, fault)) = sequence(&numbers) {
        told.push(format!("“条文”：条的编号{fault}（{}）", clauses[at].1));
    }
    if let Some(last) = of(DutySort::Main).next_back()
        && !["交办的其他", "交办的其它", "交办其他", "承办的其他", "交办的任务"].iter().any(|words| last.text.contains(words))
    {
        let at = place(s, of_duties, "主要职责");
        told.push(format!("{at}：最后一项职责通常是“完成……交办的其他任务”，这里是“{}”", short(&last.text)));
    }
}

/// Where numbers that should run from 1 go wrong, and how; `None` where they do not.
fn sequence(numbers: &[u32]) -> Option<(usize, String)> {
    let mut seen = HashSet::new();
    for (at, n) in numbers.iter().enumerate() {
        let expected = at as u32 + 1;
        if !seen.insert(*n) {
            return Some((at, format!("重复：有两个第 {n} 项")));
        }
        if *n != expected {
            let before = at.checked_sub(1).map(|before| format!("第 {} 项之后是第 {n} 项", numbers[before]));
            return Some((at, format!("不连续：{}", before.unwrap_or_else(|| format!("从第 {n} 项开始")))));
        }
    }
    None
}

/// S5: an institution for coordination has no staff, names who does its work, and until when it is there if it is
/// temporary.
fn coordination(s: &StaffingScheme, told: &mut Vec<String>) {
    let by_nature = ["议事协调", "领导小组", "临时机构"].iter().any(|word| s.nature.contains(word));
    let names = ["领导小组", "协调小组", "指挥部", "联席会议", "工作专班"];
    if !by_nature && !names.iter().any(|end| s.institution_name.ends_with(end)) {
        return;
    }
    let texts = || s.clauses.iter().map(|c| c.text.as_str()).chain(s.duties.iter().map(|d| d.text.as_str()));
    let says = |words: &[&str]| texts().any(|text| words.iter().any(|word| text.contains(word)));
    for count in s.staffing.iter().filter(|count| count.n > 0) {
        let at = place(s, &["编制"], "人员编制");
        told.push(format!("{at}：议事协调机构不单独核定编制，这里有{} {} 名", count.name, count.n));
    }
    if !says(&["办公室设在", "日常工作由", "具体工作由", "承担日常工作", "承担具体工作", "办事机构设在"]) {
        told.push("“条文”：没有写明议事协调机构的具体工作由哪个机构承担".to_owned());
    }
    let temporary = s.nature.contains("临时") || says(&["为临时", "临时机构", "阶段性"]);
    if temporary && !says(&["撤销", "届时", "自动终止", "完成后", "结束后", "期限"]) {
        told.push("“条文”：临时机构没有写明撤销的条件或者期限".to_owned());
    }
}

/// S8: an administrative institution has no staff of public institutions, unless it is run as civil service.
fn mixing(s: &StaffingScheme, told: &mut Vec<String>) {
    let administrative = ["工作部门", "组成部门", "直属机构", "国家局", "管理机构", "行政机关", "办事机构", "派出机关"];
    let exempt = s.nature.contains("事业单位")
        || s.clauses.iter().any(|c| c.text.contains("参照公务员法管理") || c.text.contains("参照《中华人民共和国公务员法》管理"));
    if exempt || !administrative.iter().any(|word| s.nature.contains(word)) {
        return;
    }
    for count in s.staffing.iter().filter(|count| count.n > 0 && count.kind() == StaffKind::Public) {
        let at = place(s, &["事业编制", "编制"], "人员编制");
        told.push(format!("{at}：行政机关使用行政编制，这里有{} {} 名，行政编制和事业编制不得混用", count.name, count.n));
    }
}

/// S9, as far as the law itself says it: deputies of ministries and of institutions directly under the State Council.
/// Places have tables of their own, which are not known here.
fn deputies(s: &StaffingScheme, told: &mut Vec<String>) {
    if !s.division.is_nation() {
        return;
    }
    let (range, called) = match () {
        () if s.nature.contains("组成部门") => (OF_MINISTRY, "国务院组成部门"),
        () if s.nature.contains("直属机构") => (OF_DIRECT_BODY, "国务院直属机构"),
        () => return,
    };
    if let Some(n) = leadership(&s.posts).deputies.filter(|n| !range.contains(n)) {
        let at = place(s, &["职数", "副"], "领导职数");
        told.push(format!("{at}：{called}的副职应为 {} 至 {} 名，这里是 {n} 名", range.start(), range.end()));
    }
}

/// Numbers in a record that is to have none, by column. Every text that people give is looked through.
pub fn disclosed_numbers(s: &StaffingScheme) -> Vec<Fault> {
    if s.numbers == Numbers::Open {
        return Vec::new();
    }
    let mend = "编制数不公开：请在这里删去，另记在“编制数”中，只供机构之间查阅";
    let mut faults: Vec<Fault> = Vec::new();
    for (column, counts) in [("staffing", &s.staffing), ("posts", &s.posts)] {
        if !counts.is_empty() {
            faults.push((column, mend.to_owned()));
        }
    }
    let texts: [(&'static str, Vec<String>); 5] = [
        ("clauses", crate::staffing::written(&s.clauses)),
        ("units", crate::staffing::written(&s.units)),
        ("duties", crate::staffing::written(&s.duties)),
        ("note", vec![s.note.clone()]),
        ("nature", vec![s.nature.clone(), s.rank.clone(), s.superior.clone()]),
    ];
    for (column, texts) in texts {
        if let Some(number) = texts.iter().find_map(|text| employee_number_in(text)) {
            faults.push((column, format!("写有“{number}”；{mend}")));
        }
    }
    // Names of documents speak of 人员编制 and have years: of these what counts people is meant.
    let named: [(&'static str, Vec<&String>); 5] = [
        ("title", vec![&s.title]),
        ("basis", s.basis.iter().collect()),
        ("plates", s.plates.iter().collect()),
        ("supersedes", s.supersedes.iter().collect()),
        ("approved_by", s.approved_by.iter().collect()),
    ];
    for (column, texts) in named {
        if let Some(number) = texts.iter().find_map(|text| staff_phrase_in(text)) {
            faults.push((column, format!("写有“{number}”；{mend}")));
        }
    }
    faults
}
