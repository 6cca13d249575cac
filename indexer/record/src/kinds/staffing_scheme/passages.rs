//! What a scheme says who does, sentence by sentence: the institution's own duties, what another institution does by a
//! division of duties, and what was given to another.

use std::sync::LazyLock;

use regex::Regex;

use super::comparison::may_mean;
use crate::{
    Passage,
    staffing::{Duty, DutySort, mark},
};

/// Words of what an institution does no more: whoever asks who does it is not to be told this institution.
const GIVEN_UP: [&str; 6] = ["划出", "下放", "移交", "交给", "交由", "不再"];
/// How an institution begins what it does itself about what was cancelled: 加强取消事项的事中事后监管.
const KEEPS: [&str; 14] =
    ["加强", "强化", "做好", "完善", "健全", "落实", "优化", "推进", "规范", "改进", "加快", "推动", "开展", "对"];
/// What goes to whoever is named behind it: 划给, 划转至, 转由, 整合到, 移交.
static GIVEN_TO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let moved = "划转|划拨|划出|划|移交|移送|移|转交|转隶|转移|转|归并|合并|整合|下放|交";
    Regex::new(&format!("(?:{moved})(?:给|入|归|至|到|由)|并(?:入|到|至|给)|移交|转交|转给")).ok()
});
/// Words with which somebody does something.
const ACTS: [&str; 5] = ["负责", "承担", "牵头", "会同", "主管"];
/// The same behind whom something was given to.
const ACTS_OF_RECEIVER: [&str; 8] = ["承担", "负责", "管理", "行使", "实施", "组织", "办理", "统一"];
/// Words between somebody and what they do.
const BETWEEN: [&str; 12] =
    ["按照职责分工", "按职责分工", "根据职责分工", "按照各自职责", "按各自职责", "共同", "分别", "依法", "具体", "主要", "统一", "等部门"];
/// How names of institutions end.
const BODY_ENDS: [&str; 24] = [
    "局", "厅", "委", "部", "办", "委员会", "办公室", "总局", "署", "院", "中心", "海关", "银行", "政府", "公司", "支队", "大队", "总队", "站", "所", "馆",
    "小组", "学会", "协会",
];
/// Characters of the shortest name of an institution, and of the longest.
const NAME: std::ops::RangeInclusive<usize> = 3..=30;

/// The passages of duties: none of what the institution gave up to nobody who is named, and of duties that are divided
/// each part with whose it is.
pub fn passages_of(duties: &[Duty], own: &str) -> Vec<Passage> {
    let passage = |duty: &Duty, text: &str, by: Option<String>| Passage { label: duty.called(), text: text.to_owned(), by };
    let mut all = Vec::new();
    for duty in duties {
        match duty.sort {
            DutySort::Main => all.push(passage(duty, &duty.text, None)),
            DutySort::Change => {
                for text in sentences(&duty.text) {
                    let receivers = receivers(text);
                    if receivers.iter().any(|name| is_own(name, own, &duty.institutions)) {
                        all.push(passage(duty, text, None));
                    } else if !receivers.is_empty() {
                        all.extend(receivers.into_iter().map(|name| passage(duty, text, Some(name))));
                    } else if !gave_up(text) {
                        all.push(passage(duty, text, None));
                    }
                }
            }
            DutySort::Division => {
                for text in sentences(&duty.text).flat_map(parts) {
                    match doers(&text, own, &duty.institutions) {
                        Doers::Own => all.push(passage(duty, &text, None)),
                        Doers::Others(names) => all.extend(names.into_iter().map(|name| passage(duty, &text, Some(name)))),
                    }
                }
            }
        }
    }
    all
}

/// The sentences of a text, each with its stop.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '；', '\n']).map(str::trim).filter(|text| text.chars().any(char::is_alphanumeric))
}

/// A sentence in parts, each with somebody of its own: 甲局负责登记，乙局负责收费.
fn parts(sentence: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for piece in sentence.split_inclusive('，') {
        match all.last_mut() {
            Some(last) if !(has_doer(last) && has_doer(piece)) => last.push_str(piece),
            _ => all.push(piece.to_owned()),
        }
    }
    all.into_iter().map(|part| part.trim_end_matches('，').to_owned()).collect()
}

/// Whether a text names an institution that does something.
fn has_doer(text: &str) -> bool {
    let is_one = |name: &String| is_institution(name) || name.starts_with(['本', '我']) && name.chars().count() == 2;
    subject(text).is_some_and(|names| names.iter().any(is_one))
}

/// Whether a text is the name of an institution, and not of institutions in general: 教育行政部门.
fn is_institution(name: &str) -> bool {
    let general = ["有关", "相关", "各", "县级", "市级", "省级", "上级", "下级", "地方", "基层", "其他", "同级"];
    NAME.contains(&name.chars().count())
        && BODY_ENDS.iter().any(|end| name.ends_with(end))
        && !general.iter().any(|word| name.starts_with(word))
        && !name.contains(['（', '“', '《', '的'])
}

/// Whom the first words of a text name as those who do what it tells; `None` where nobody does anything.
fn subject(text: &str) -> Option<Vec<String>> {
    let rest = &text[mark(text).map_or(0, |mark| mark.len)..];
    let at = ACTS.iter().filter_map(|word| rest.find(word)).min()?;
    let mut named = rest[..at].rsplit(['，', '：']).next().unwrap_or_default().trim();
    // 收费由乙局负责, and not 自由贸易区管委会.
    if let Some(by) = named.rfind('由').filter(|by| !named[..*by].ends_with('自')) {
        named = &named[by + '由'.len_utf8()..];
    }
    while let Some(less) = BETWEEN.iter().find_map(|word| named.strip_suffix(word)).filter(|less| !less.is_empty()) {
        named = less.trim_end_matches('等');
    }
    // 文化和旅游局 is one name with 和 in it: whole, and in its parts.
    let mut names = vec![named.to_owned()];
    if named.contains(['、', '和', '与']) {
        names.extend(named.split(['、', '和', '与']).map(str::to_owned));
    }
    Some(names)
}

/// Who does what a part of a division tells.
enum Doers {
    /// The institution itself, alone or with others.
    Own,
    Others(Vec<String>),
}

fn doers(part: &str, own: &str, others: &[String]) -> Doers {
    let rest = &part[mark(part).map_or(0, |mark| mark.len)..];
    // 与丙局共同管理: who does it with others is the institution itself.
    if rest.starts_with('与') && rest.contains("共同") {
        return Doers::Own;
    }
    let Some(names) = subject(part) else { return Doers::Others(Vec::new()) };
    if names.iter().any(|name| is_own(name, own, others)) {
        return Doers::Own;
    }
    let known = |name: &&String| others.contains(name);
    let whole = names.first().filter(|name| others.contains(name) || is_institution(name) && !name.contains('、'));
    let found = match (whole, &names[..]) {
        (Some(whole), _) if !names.iter().skip(1).all(|part| is_institution(part)) || names.len() == 1 => vec![whole.clone()],
        (_, [_, parts @ ..]) => parts.iter().filter(|name| known(name) || is_institution(name)).cloned().collect(),
        _ => Vec::new(),
    };
    Doers::Others(found)
}

/// Whether a name is the institution's own.
fn is_own(name: &str, own: &str, others: &[String]) -> bool {
    let of_itself = name.strip_prefix(['本', '我']).is_some_and(|kind| !kind.is_empty() && own.ends_with(kind));
    name == own || of_itself || !others.iter().any(|other| other == name) && may_mean(name, own)
}

/// To whom a sentence gives what it tells: 将考务工作交给市考试中心, 划归乙局管理.
fn receivers(sentence: &str) -> Vec<String> {
    let given = GIVEN_TO.as_ref().into_iter().flat_map(|words| words.find_iter(sentence)).map(|found| found.end());
    // 不再承担考务工作，由市考试中心承担
    let left_to = sentence.find("，由").filter(|_| gave_up(sentence)).map(|at| at + "，由".len());
    let mut named = given.chain(left_to).map(|at| named_behind(&sentence[at..]));
    named.find(|names| !names.is_empty()).unwrap_or_default()
}

/// Whether a sentence tells what the institution does no more. What it cancels stands first or last in its clause.
fn gave_up(sentence: &str) -> bool {
    let text = &sentence[mark(sentence).map_or(0, |mark| mark.len)..];
    text.split(['，', '。', '；', '：', '\n']).map(str::trim).any(|clause| {
        let cancels = clause.starts_with("取消") || clause.ends_with("取消");
        let keeps = KEEPS.iter().any(|word| clause.starts_with(word));
        cancels || !keeps && GIVEN_UP.iter().any(|word| clause.contains(word))
    })
}

/// The institutions that a text begins with.
fn named_behind(behind: &str) -> Vec<String> {
    let end = behind.find(['，', '。', '；', '（', '\n']).unwrap_or(behind.len());
    let behind = &behind[..end];
    // 划入市农业局承担的职责: what it did is reported, and not what it is to do.
    let is_act = |(at, word): &(usize, &str)| !behind[at + word.len()..].starts_with('的');
    let acts = ACTS_OF_RECEIVER.iter().flat_map(|word| behind.match_indices(word)).filter(is_act).map(|(at, _)| at);
    // 市市场监督管理局管理: the name has the word in it.
    let named = acts.filter(|at| is_institution(&behind[..*at])).min();
    let named = &behind[..named.unwrap_or(behind.len())];
    let names = if is_institution(named) && !named.contains('、') { vec![named] } else { named.split('、').collect() };
    names.into_iter().map(|name| name.trim().trim_start_matches("原").to_owned()).filter(|name| is_institution(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staffing;

    fn of(lines: &str) -> Vec<(String, Option<String>)> {
        let duties: Vec<Duty> = staffing::read(vec![lines.to_owned()]).unwrap();
        passages_of(&duties, "甲市教育局").into_iter().map(|passage| (passage.text, passage.by)).collect()
    }

    #[test]
    fn each_part_of_a_division_is_of_whoever_does_it() {
        for (lines, expected) in [
            (
                "【职责分工：市市场监督管理局】1.与市市场监督管理局的职责分工。市教育局负责校外培训机构的资质；市市场监督管理局负责校外培训机构的登记、收费。",
                vec![("市教育局负责校外培训机构的资质；", None), ("市市场监督管理局负责校外培训机构的登记、收费。", Some("市市场监督管理局"))],
            ),
            (
                "【职责分工：市水务局、市卫生健康局】2.本局负责教育，市水务局负责警示，市卫生健康局负责救治。",
                vec![("本局负责教育", None), ("市水务局负责警示", Some("市水务局")), ("市卫生健康局负责救治。", Some("市卫生健康局"))],
            ),
            // Whoever does it with others is reported with what they do together.
            (
                "【职责分工：市水务局】市水务局负责评估工作，会同市教育局等部门制定计划。",
                vec![("市水务局负责评估工作，会同市教育局等部门制定计划。", Some("市水务局"))],
            ),
            ("【职责分工：市文化和旅游局】市文化和旅游局负责艺术类培训。", vec![("市文化和旅游局负责艺术类培训。", Some("市文化和旅游局"))]),
            (
                "【职责分工：市公安局、市水务局】市公安局、市水务局按职责分工负责巡查。",
                vec![("市公安局、市水务局按职责分工负责巡查。", Some("市公安局")), ("市公安局、市水务局按职责分工负责巡查。", Some("市水务局"))],
            ),
            ("【职责分工：市公安局】校车检查由市公安局负责。", vec![("校车检查由市公安局负责。", Some("市公安局"))]),
            ("【职责分工：市公安局】县级教育行政部门负责日常检查。", vec![]),
            ("【职责分工：市公安局】市教育局与市公安局建立衔接机制。", vec![]),
            ("【职责分工】与市公安局共同管理校车。", vec![("与市公安局共同管理校车。", None)]),
        ] {
            let expected: Vec<(String, Option<String>)> = expected.into_iter().map(|(text, by)| (text.to_owned(), by.map(str::to_owned))).collect();
            assert_eq!(of(lines), expected, "{lines}");
        }
    }

    #[test]
    fn what_was_given_away_is_of_whoever_received_it() {
        for (sentence, expected) in [
            ("将自学考试考务的组织职责交给市招生考试中心。", Some(Some("市招生考试中心"))),
            ("将校车管理职责划给市交通运输局承担。", Some(Some("市交通运输局"))),
            ("学校食堂许可划归市市场监督管理局管理。", Some(Some("市市场监督管理局"))),
            ("不再承担考务工作，由市招生考试中心承担。", Some(Some("市招生考试中心"))),
            ("将原市体育局的职责划入市教育局。", Some(None)),
            ("加强学前教育管理。", Some(None)),
            ("将学校食堂监管职责划给市市场监管局。", Some(Some("市市场监管局"))),
            ("把学校食堂监管职责划转至市市场监管局。", Some(Some("市市场监管局"))),
            ("考务工作转由市招生考试中心承担。", Some(Some("市招生考试中心"))),
            ("将考务职责整合到市招生考试中心。", Some(Some("市招生考试中心"))),
            ("将考务职责并入市招生考试中心。", Some(Some("市招生考试中心"))),
            ("将考务职责划转给市招生考试中心、市人事考试中心。", Some(Some("市招生考试中心"))),
            ("将学前教育管理职责划入市教育局。", Some(None)),
            ("划入市农业局承担的农村职业教育职责。", Some(None)),
            ("组织编制规划并由市财政局安排经费。", Some(None)),
            ("加强取消事项的事中事后监管。", Some(None)),
            ("做好取消、下放事项的后续监管。", Some(None)),
            ("对已取消的审批事项加强监管。", Some(None)),
            ("（一）取消民办学校年检。", None),
            ("民办学校年检予以取消。", None),
            ("不再承担考务工作。", None),
            ("取消民办学校年检。", None),
            ("将民办幼儿园审批下放县级教育行政部门。", None),
            ("将考务移交有关部门。", None),
        ] {
            let mut got = of(&format!("【职能转变】{sentence}"));
            got.truncate(1);
            let expected: Vec<(String, Option<String>)> = expected.map(|by: Option<&str>| (sentence.to_owned(), by.map(str::to_owned))).into_iter().collect();
            assert_eq!(got, expected, "{sentence}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_duties_make_passages_of_their_own_words(lines in proptest::collection::vec("[【】：；。，、由与和共同负责承担会同划给交取消不再甲市教育局公安自等本（）一1. a]{1,30}", 1..5)) {
            for sort in DutySort::ALL {
                let duties: Vec<Duty> = lines.iter().map(|text| Duty { number: String::new(), sort, institutions: vec!["市公安局".into()], text: text.clone() }).collect();
                for passage in passages_of(&duties, "甲市教育局") {
                    let own = |by: &String| duties.iter().any(|duty| duty.text.contains(by.as_str()));
                    proptest::prop_assert!(duties.iter().any(|duty| duty.text.contains(&passage.text)), "{:?}", passage);
                    proptest::prop_assert!(passage.by.as_ref().is_none_or(own), "{:?}", passage);
                }
            }
        }
    }
}
