use proptest::prelude::*;

use super::*;
use crate::{Body, Weight, staffing::{self, Item, staff_phrase_in}};

fn scheme(change: impl FnOnce(&mut StaffingScheme)) -> StaffingScheme {
    let mut s = StaffingScheme::blank().unwrap();
    s.institution_name = "甲市乙局".into();
    s.title = "甲市乙局职能配置、内设机构和人员编制规定".into();
    s.division = "520300".parse().unwrap();
    s.nature = "工作部门".into();
    change(&mut s);
    s
}

fn items<T: staffing::Item>(text: &str) -> Vec<T> {
    staffing::read(vec![text.to_owned()]).unwrap()
}

fn units(n: u32) -> Vec<Unit> {
    (1..=n).map(|n| Unit { number: format!("（{}）", text::numerals::format(n)), name: format!("{n}科"), ..Unit::default() }).collect()
}

const WORD: Word<'static> = Word { source: "", weight: Weight::Office, day: Date::ZERO };

/// Findings with some words in them.
fn told(s: &StaffingScheme, words: &str) -> Vec<String> {
    s.findings().into_iter().filter(|finding| finding.contains(words)).collect()
}

/// S1: stated number of units = unit clauses. Valid: 设12个内设机构 and 12 listed. Invalid: 12 stated, 11 listed.
#[test]
fn s1_as_many_units_are_listed_as_are_stated() {
    let clause = || items::<Clause>("第五条　甲市乙局设12个内设机构：");
    let with = |listed| {
        scheme(|s| (s.stated_units, s.units, s.clauses) = (Some(12), units(listed), clause()))
    };
    assert_eq!(with(12).findings(), ["“条文”：条的编号不连续：从第 5 项开始（第五条）"]);
    assert_eq!(told(&with(11), "内设机构 12 个"), ["第五条：写明设内设机构 12 个，列出 11 个"]);
    // 机关党委 stands behind the twelve and is none of them; behind eleven nothing makes up for the twelfth.
    let party = |listed, behind: &[&str]| {
        let behind = behind.iter().map(|name| Unit { name: (*name).into(), ..Unit::default() });
        scheme(|s| (s.stated_units, s.units) = (Some(12), units(listed).into_iter().chain(behind).collect()))
    };
    assert_eq!(party(12, &["机关党委", "离退休干部科"]).findings(), [""; 0]);
    assert_eq!(told(&party(11, &["机关党委", "离退休干部科"]), "列出 13 个").len(), 1);
    // Nor in a list without numbers: 设办公室、法规司2个内设机构，另设机关党委.
    let bare = |stated, names: &[&str]| {
        let named = names.iter().map(|name| Unit { name: (*name).into(), ..Unit::default() });
        scheme(|s| (s.stated_units, s.units) = (Some(stated), named.collect()))
    };
    assert_eq!(bare(2, &["办公室", "法规司", "机关党委"]).findings(), [""; 0]);
    // Of the units that stand behind each counts or does not, by whatever name the reader knows them.
    for stated in [2, 3, 4] {
        assert_eq!(bare(stated, &["办公室", "法规司", "纪检监察组", "人民武装部"]).findings(), [""; 0], "{stated}");
    }
    assert_eq!(told(&bare(3, &["办公室", "法规司"]), "列出 2 个").len(), 1);
}

/// S2: Σ of_which ≤ total. Valid: 805 ≥ 2+3+15, 120 ≥ 1+1+4+1+2. Invalid: total 10, parts 12.
#[test]
fn s2_parts_are_no_more_than_the_whole() {
    let right = "机关行政编制805名（含两委人员编制2名、援派机动编制3名、离退休干部工作人员编制15名）";
    let posts = "司局级领导职数120名（含食品安全总监1名、总工程师1名、市场稽查专员4名、机关党委专职副书记1名、离退休干部办公室领导职数2名）";
    assert_eq!(scheme(|s| (s.staffing, s.posts) = (items(right), items(posts))).findings(), [""; 0]);
    let wrong = scheme(|s| s.staffing = items("行政编制10名（含甲类5名、乙类7名）"));
    assert_eq!(wrong.findings(), ["“人员编制”：行政编制 10 名，其中各项合计 12 名（5＋7）"]);
    // The clause and the sentence are reported, in whichever numerals, and not the first that speaks of staff.
    for n in ["10", "１０", "十"] {
        let placed = scheme(|s| {
            s.staffing = items("行政编制10名（含甲类5名、乙类7名）");
            s.clauses = items(&format!("第一条　本规定确定的主要职责、人员编制等，是基本依据。\n第二条　设主任1名。行政编制{n}名（含甲类5名、乙类7名）。"));
        });
        assert_eq!(placed.findings(), [format!("第二条“行政编制{n}名（含甲类5名、乙类7名）”：行政编制 10 名，其中各项合计 12 名（5＋7）")]);
    }
}

/// S4: items numbered without gap or repeat; the last duty is 完成…交办的其他任务 (a warning). Valid: （一）…（十）.
/// Invalid: （四）（六）.
#[test]
fn s4_items_are_numbered_without_gap_or_repetition() {
    let duties = |numbers: &[u32]| {
        let lines = numbers.iter().map(|n| format!("（{}）负责甲类工作。", text::numerals::format(*n)));
        let all: Vec<String> = lines.collect();
        scheme(|s| {
            s.duties = items(&all.join("\n"));
            s.duties.last_mut().unwrap().text = "完成市委、市政府交办的其他任务。".into();
        })
    };
    assert_eq!(duties(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).findings(), [""; 0]);
    assert_eq!(duties(&[1, 2, 3, 4, 6]).findings(), ["“主要职责”：主要职责的编号不连续：第 4 项之后是第 6 项“完成市委、市政府交办的其他任务。”"]);
    assert_eq!(duties(&[1, 2, 2]).findings(), ["“主要职责”：主要职责的编号重复：有两个第 2 项“完成市委、市政府交办的其他任务。”"]);
    // The clause in which they stand is reported, by its heading before what other clauses say.
    let headed = scheme(|s| {
        s.duties = items("（一）负责甲类工作。\n（三）完成市委、市政府交办的其他任务。");
        s.clauses = items("一、内设机构\n根据上述职责，设下列机构。\n二、主要职责");
    });
    assert_eq!(headed.findings(), ["二：主要职责的编号不连续：第 1 项之后是第 3 项“完成市委、市政府交办的其他任务。”"]);
    // A second list of units begins anew.
    let lists = |second: &[u32]| {
        let more = second.iter().map(|n| Unit { number: format!("{n}."), name: format!("{n}中心"), ..Unit::default() });
        scheme(|s| s.units = units(5).into_iter().chain(more).collect())
    };
    assert_eq!(lists(&[1, 2]).findings(), [""; 0]);
    assert_eq!(lists(&[1, 3]).findings().len(), 1);
    assert_eq!(lists(&[5]).findings().len(), 1);
    let open = scheme(|s| s.duties = items("（一）负责甲类工作。"));
    assert_eq!(told(&open, "交办的其他任务").len(), 1);
    let clauses = scheme(|s| s.clauses = items("第一条　甲。\n第三条　乙。"));
    assert_eq!(told(&clauses, "第 1 项之后是第 3 项").len(), 1);
}

/// S5: 议事协调机构 has no staffing, names the working institution; temporary → end date or condition. Valid:
/// 办公室设在市发改委. Invalid: 编制5名.
#[test]
fn s5_a_body_for_coordination_has_no_staff_and_names_who_works_for_it() {
    let body = |clause: &str, staffing: &str| {
        scheme(|s| {
            s.nature = "议事协调机构".into();
            (s.clauses, s.staffing) = (items(clause), if staffing.is_empty() { Vec::new() } else { items(staffing) });
        })
    };
    assert_eq!(body("第一条　领导小组办公室设在市发展改革委。", "").findings(), [""; 0]);
    let staffed = body("第一条　领导小组办公室设在市发展改革委，核定编制。", "行政编制5名");
    assert_eq!(staffed.findings(), ["第一条：议事协调机构不单独核定编制，这里有行政编制 5 名"]);
    assert_eq!(told(&body("第一条　甲。", ""), "由哪个机构承担").len(), 1);
    // One that does not say what it is is known by its name.
    let named = scheme(|s| {
        (s.institution_name, s.nature) = ("甲市防汛抗旱指挥部".into(), String::new());
        (s.clauses, s.staffing) = (items("第一条　办公室设在市水务局。"), items("行政编制5名"));
    });
    assert_eq!(named.findings(), ["“人员编制”：议事协调机构不单独核定编制，这里有行政编制 5 名"]);
    let temporary = "第一条　领导小组为临时机构，办公室设在市发展改革委。";
    assert_eq!(told(&body(temporary, ""), "撤销的条件").len(), 1);
    assert_eq!(body(&format!("{temporary}任务完成后自行撤销。"), "").findings(), [""; 0]);
}

/// S8: 行政机关 uses 行政编制; 事业编制 in it is mixed (a 参公 flag exempts). Valid: 行政 20. Invalid: 行政 20 and 事业
/// 5.
#[test]
fn s8_kinds_of_staff_are_not_mixed() {
    assert_eq!(scheme(|s| s.staffing = items("行政编制20名\n机关后勤服务人员编制2名")).findings(), [""; 0]);
    let mixed = scheme(|s| s.staffing = items("行政编制20名\n事业编制5名"));
    assert_eq!(told(&mixed, "不得混用"), ["“人员编制”：行政机关使用行政编制，这里有事业编制 5 名，行政编制和事业编制不得混用"]);
    let exempt = scheme(|s| {
        (s.staffing, s.clauses) = (items("事业编制5名"), items("第一条　甲市乙局参照公务员法管理。"));
    });
    assert_eq!(exempt.findings(), [""; 0]);
    let institution = scheme(|s| (s.nature, s.staffing) = ("公益一类事业单位".into(), items("事业编制5名")));
    assert_eq!(institution.findings(), [""; 0]);
}

/// S9: 副职 of a ministry 2 to 4; those of places follow tables of theirs, which are not known here. Valid: 1正3副.
/// Invalid: 1正6副.
#[test]
fn s9_a_ministry_has_two_to_four_deputies() {
    let ministry = |n: u32| {
        scheme(|s| {
            (s.division, s.nature) = (DivisionCode::nation(), "国务院组成部门".into());
            s.posts = items(&format!("部长1名\n副部长{n}名"));
        })
    };
    assert_eq!(ministry(3).findings(), [""; 0]);
    assert_eq!(ministry(6).findings(), ["“领导职数”：国务院组成部门的副职应为 2 至 4 名，这里是 6 名"]);
    // What places allow is not known here, and nothing is guessed.
    assert_eq!(scheme(|s| s.posts = items("局长1名\n副局长6名")).findings(), [""; 0]);
}

/// S11: numerals and widths are equal: 一百二十名 = 120名.
#[test]
fn s11_numerals_and_widths_are_equal() {
    let [a, b, c] = ["行政编制一百二十名", "行政编制120名", "行政编制１２０名"].map(items::<Headcount>);
    assert!(a == b && b == c);
}

/// 湘办〔2019〕66号: 核减4名，调整后78名, so 82 before.
#[test]
fn a_notice_makes_a_consolidated_text() {
    use crate::kinds::institution_event::{Change, InstitutionEvent};
    let mut old = scheme(|s| {
        s.staffing = items("机关行政编制82名（含援派编制2名）");
        s.posts = items("局长1名\n副局长4名");
        s.clauses = items("第五条　甲市乙局机关行政编制82名。设局长1名，副局长4名。");
        s.document_number = Some("甲办发〔2014〕3号".into());
    });
    let event = |line: &str| Body::InstitutionEvent(InstitutionEvent { change: Change::Staffing, numbers: items(line), ..Default::default() });
    let day = Date::constant(2019, 11, 2);
    let apply = |old: &StaffingScheme, events: &[Body]| {
        let (body, told) = consolidated(&Body::StaffingScheme(old.clone()), events, &[], Some(day), Some("甲办〔2019〕66号")).unwrap();
        let Body::StaffingScheme(new) = body else { panic!("a scheme") };
        (new, told)
    };
    let (new, told) = apply(&old, &[event("行政编制：？－4＝78")]);
    assert_eq!(told, [""; 0]);
    assert_eq!(new.staffing[0].written(), "机关行政编制78名（含援派编制2名）");
    assert_eq!(new.clauses[0].text, "甲市乙局机关行政编制78名。设局长1名，副局长4名。");
    assert_eq!((new.supersedes.as_deref(), new.effective), (Some("甲办发〔2014〕3号"), Some(day)));
    assert!(new.note.contains("按甲办〔2019〕66号调整"), "{}", new.note);
    // What does not fit changes nothing and is reported.
    let (same, told) = apply(&old, &[event("行政编制：80－4＝76")]);
    assert!(same.staffing == old.staffing && told[0].contains("调整前应为 80，现行规定是 82"), "{told:?}");
    let (same, told) = apply(&old, &[event("事业编制：？－4＝78")]);
    assert!(same.staffing == old.staffing && told[0].contains("没有这一项"), "{told:?}");
    // Numbers that are not for the public are not written into the public text.
    (old.numbers, old.staffing) = (Numbers::Restricted, Vec::new());
    let (same, told) = apply(&old, &[event("行政编制：？－4＝78")]);
    assert!(same.staffing.is_empty() && told[0].contains("编制数不公开") && !told[0].contains("78"), "{told:?}");
    let renamed = Body::InstitutionEvent(InstitutionEvent {
        change: Change::Renamed,
        from: vec!["甲市乙局".into()],
        to: vec!["甲市丙局".into()],
        ..Default::default()
    });
    let (new, _) = apply(&old, &[renamed]);
    assert!(new.institution_name == "甲市丙局" && new.title.starts_with("甲市丙局"));
}

/// A unit that gets another name is one unit; one that is divided is for a person.
#[test]
fn a_unit_is_renamed_in_a_consolidated_text() {
    use crate::kinds::institution_event::{Change, InstitutionEvent};
    let old = scheme(|s| s.units = items("（一）办公室：负责日常。\n（二）预算科：负责预算。"));
    let apply = |from: &[&str], to: &[&str]| {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (from, to) = (names(from), names(to));
        let event = Body::InstitutionEvent(InstitutionEvent { change: Change::Units, from, to, ..Default::default() });
        let (body, told) = consolidated(&Body::StaffingScheme(old.clone()), &[event], &[], None, None).unwrap();
        let Body::StaffingScheme(new) = body else { panic!("a scheme") };
        (new.units.into_iter().map(|unit| unit.name).collect::<Vec<_>>(), told.len())
    };
    assert_eq!(apply(&["预算科"], &["预算管理科"]), (vec!["办公室".to_owned(), "预算管理科".to_owned()], 0));
    assert_eq!(apply(&["预算科"], &["甲科", "乙科"]), (vec!["办公室".to_owned(), "预算科".to_owned()], 1));
    assert_eq!(apply(&[], &["法规科"]).0, ["办公室", "预算科", "法规科"]);
}

/// A notice about several institutions changes the text of its own alone.
#[test]
fn numbers_of_other_institutions_are_not_written_into_a_consolidated_text() {
    use crate::kinds::institution_event::{Change, InstitutionEvent};
    let old = scheme(|s| {
        s.institution_name = "甲市自然资源局".into();
        s.staffing = items("机关行政编制32名");
        s.clauses = items("第五条　甲市自然资源局机关行政编制32名。");
    });
    let event = |name: &str, line: &str| {
        let (title, institution_name) = (format!("{name}调整编制（行政编制）"), name.to_owned());
        Body::InstitutionEvent(InstitutionEvent { title, institution_name, change: Change::Staffing, numbers: items(line), ..Default::default() })
    };
    let apply = |events: &[Body]| {
        let (body, told) = consolidated(&Body::StaffingScheme(old.clone()), events, &["甲市自然资源局", "甲市乙区资源局"], None, None).unwrap();
        let Body::StaffingScheme(new) = body else { panic!("a scheme") };
        (new.staffing[0].n, new.clauses[0].text.clone(), told)
    };
    let (n, text, told) = apply(&[event("市水务局", "行政编制：？＋？＝28")]);
    assert_eq!((n, text.as_str()), (32, "甲市自然资源局机关行政编制32名。"));
    assert_eq!(told, ["“市水务局调整编制（行政编制）”：属于市水务局，未写入"]);
    // Its unit, or one that has a longer name, is another institution, whatever the name leaves out; so is one of
    // another region.
    for other in ["市自然资源和规划局", "自然资源监察局", "市资源局", "乙县自然资源局"] {
        let (n, _, told) = apply(&[event(other, "行政编制：32－2＝30")]);
        assert_eq!((n, told.len()), (32, 1), "{other}");
    }
    let market = scheme(|s| {
        (s.institution_name, s.staffing) = ("甲市市场监督管理局".into(), items("机关行政编制32名"));
        s.clauses = items("第五条　机关行政编制32名。");
    });
    let (body, told) = consolidated(&Body::StaffingScheme(market), &[event("市市场监管局", "行政编制：32－2＝30")], &[], None, None).unwrap();
    let Body::StaffingScheme(new) = body else { panic!("a scheme") };
    assert_eq!((new.staffing[0].n, told), (30, vec![]), "a name shortened in the usual way is its own");
    for short in ["自然资源局", "市自然资源局", "甲市自然资源局", ""] {
        assert_eq!(apply(&[event(short, "行政编制：32－2＝30")]).0, 30, "{short}");
    }
    // By its short name it is its own.
    let (n, text, told) = apply(&[event("市自然资源局", "行政编制：32－2＝30"), event("市水务局", "行政编制：26＋2＝28")]);
    assert_eq!((n, text.as_str(), told.len()), (30, "甲市自然资源局机关行政编制30名。", 1));
}

/// What an institution gave up is no answer to who does it, nor is what the other side of a division does.
#[test]
fn passages_tell_what_a_body_does_itself() {
    let s = scheme(|s| {
        s.institution_name = "甲市教育局".into();
        s.duties = items(
            "（一）负责基础教育。\n【职能转变】（二）取消民办学校年检。加强学校安全管理。划出学校食堂监管职责。\n【职责分工：市市场监管局】（三）与市市场监管局的职责分工。市市场监管局负责学校食堂食品安全监管；市教育局负责学校食堂日常管理。市教育局与市市场监管局共同负责校园周边整治。",
        );
    });
    let entry = s.entry().unwrap();
    let own = entry.passages.iter().filter(|passage| passage.by.is_none());
    let told: Vec<&str> = own.map(|passage| passage.text.as_str()).collect();
    assert_eq!(
        told,
        ["负责基础教育。", "加强学校安全管理。", "市教育局负责学校食堂日常管理。", "市教育局与市市场监管局共同负责校园周边整治。"]
    );
    let ended = StaffingScheme { repealed: Some(Date::constant(2020, 1, 1)), ..s };
    let entry = ended.entry().unwrap();
    assert!(entry.is_over(Date::constant(2020, 1, 1)) && !entry.is_over(Date::constant(2019, 12, 31)));
}

#[test]
fn numbers_of_staff_and_posts_are_told_in_every_wording() {
    for told in [
        "行政编制由30名减为28名", "领导职数由5名增至6名", "局长1名、副局长3名", "实有在编人员41人", "编制数为25", "行政编制（25名）", "编制共计25名",
        "编制总量25个", "目前超编3人", "编制控制数25", "25名机关行政编制", "从25名人员中核减编制", "领导职数1正2副", "书记一名", "空编２名", "20个编制",
        "行政编制20名", "行政编制：82－4＝78", "行政编制，由20名减为18名", "编制方案核定20名", "编制改革实施方案：行政编制20名", "秘书长1名", "主任2名",
        "行政编制，核定20名", "机关行政编制，其中局机关20名", "设监狱长1名", "护士长2名", "董事长1名", "编制按规定标准配备20名", "全院编制按省定标准共20名", "编制预算内20名",
        "编制规划，核定行政编制5名", "行政编制规划20名",
    ] {
        assert!(staff_phrase_in(told).is_some(), "{told}");
    }
    for not in ["5个工作日内编制完成", "编制完成3个专项规划", "负责机构编制管理", "参会代表120人", "编制规划。选派3名专家", "第3项编制",
        "编制改革实施方案，抽调10名干部组成专班", "排名增长3名", "编制10个专项规划", "抽调10名干部编制改革方案", "抽调10名专家负责编制", "编制权责清单抽调3名骨干",
        "家长3名", "工期延长3名"] {
        assert_eq!(staff_phrase_in(not), None, "{not}");
    }
}

/// The other side of a division is reported of the other side, in whichever order they stand in one sentence.
#[test]
fn a_sentence_that_divides_is_told_of_each_side_in_either_order() {
    let (own, other) = ("市教育局负责学校食堂日常管理", "市市场监管局负责学校食堂食品安全监管");
    for text in [format!("{own}，{other}。"), format!("{other}，{own}。")] {
        let s = scheme(|s| {
            s.institution_name = "甲市教育局".into();
            s.duties = items(&format!("【职责分工：市市场监管局】{text}"));
        });
        let told = s.entry().unwrap().passages;
        let of = |by: Option<&str>| told.iter().filter(|one| one.by.as_deref() == by).map(|one| one.text.trim_end_matches('。')).collect::<String>();
        assert_eq!((of(None).as_str(), of(Some("市市场监管局")).as_str()), (own, other), "{text}");
    }
}

/// A clause that is not for the public leaves no gap in what the public sees: the clauses have no numbers at all there.
fn restricted(clauses: &str) -> StaffingScheme {
    let mut s = scheme(|s| (s.numbers, s.clauses) = (Numbers::Restricted, items(clauses)));
    assert_eq!(s.complete(None, WORD), []);
    s
}

#[test]
fn a_clause_that_is_not_for_the_public_leaves_no_gap() {
    let s = restricted("第一条　根据规定，制定本规定。\n第三条　本规定自2019年4月1日起施行。");
    assert_eq!(s.findings(), [""; 0]);
    assert_eq!(staffing::written(&s.clauses), ["根据规定，制定本规定。\n本规定自2019年4月1日起施行。"]);
}

/// What documents are called may tell a number as well; that they are about 人员编制 and of a year tells none.
#[test]
fn a_restricted_number_stands_in_no_name_of_a_document() {
    let faults = |change: fn(&mut StaffingScheme)| {
        let mut s = scheme(|s| s.numbers = Numbers::Restricted);
        change(&mut s);
        s.complete(None, WORD).into_iter().map(|(column, _)| column).collect::<Vec<_>>()
    };
    const NOTICE: &str = "关于核增甲市乙局行政编制2名的批复";
    assert_eq!(faults(|s| s.title = NOTICE.into()), ["title"]);
    assert_eq!(faults(|s| s.basis = vec![NOTICE.into()]), ["basis"]);
    assert_eq!(faults(|s| s.supersedes = Some(NOTICE.into())), ["supersedes"]);
    assert_eq!(faults(|s| s.note = "编制20名".into()), ["note"]);
    assert!(faults(|s| s.basis = vec!["甲市乙局人员编制规定（2019年）".into()]).is_empty());
}

proptest! {
    /// Whoever may not read a clause sees the same as if it had never been there.
    #[test]
    fn a_clause_taken_out_tells_nothing(texts in proptest::collection::vec("[甲乙丙丁负责，。]{1,12}", 2..9), gone in 0..9usize) {
        let numbered = |texts: &[(usize, &String)]| -> String {
            texts.iter().map(|(n, text)| format!("第{}条　{text}\n", text::numerals::format(*n as u32 + 1))).collect()
        };
        let all: Vec<(usize, &String)> = texts.iter().enumerate().collect();
        let kept: Vec<(usize, &String)> = all.into_iter().filter(|(n, _)| *n != gone % texts.len()).collect();
        let anew: Vec<(usize, &String)> = kept.iter().enumerate().map(|(n, (_, text))| (n, *text)).collect();
        let (with_gap, without) = (restricted(&numbered(&kept)), restricted(&numbered(&anew)));
        prop_assert_eq!(&with_gap, &without);
        // It stays so however often it is written and read again.
        let mut again = with_gap.clone();
        again.clauses = items(&staffing::written(&with_gap.clauses).concat());
        again.complete(None, WORD);
        prop_assert_eq!(again, with_gap);
    }

    /// Wherever a number of people stands, a record whose numbers are restricted does not take it.
    #[test]
    fn a_restricted_number_stands_in_no_column(n in 1..=9_999u32, form in 0..6usize, at in 0..5usize, words in "[甲乙负责]{0,6}") {
        let n = if form % 2 == 0 { n.to_string() } else { text::numerals::format(n) };
        let number = [
            format!("核定行政编制{n}名"), format!("设科长{n}名"), format!("编制总数为{n}"),
            format!("共{n}人"), format!("{n}个编制"), format!("领导职数{n}正2副"),
        ][form].clone();
        let text = format!("{words}，{number}。");
        let mut s = scheme(|s| s.numbers = Numbers::Restricted);
        prop_assert!(s.complete(None, WORD).is_empty());
        match at {
            0 => s.clauses = vec![Clause { number: "第五条".into(), heading: String::new(), text }],
            1 => s.units = vec![Unit { name: "办公室".into(), text, ..Unit::default() }],
            2 => s.duties = vec![Duty { number: String::new(), sort: Default::default(), institutions: Vec::new(), text }],
            3 => s.note = text,
            _ => s.staffing = vec![Headcount::new("行政编制", 5)],
        }
        prop_assert!(!s.complete(None, WORD).is_empty(), "{:?}", s);
        s.numbers = Numbers::Open;
        prop_assert!(s.complete(None, WORD).is_empty());
    }

    #[test]
    fn findings_never_panic(units in ".{0,40}", counts in "[甲乙编制0-9名（含、）\n]{0,40}", clauses in "[第一二条　设个内设机构名编制\n]{0,40}") {
        let mut body = Body::blank(StaffingScheme::NAME).unwrap();
        let _ = body.fill(|column| match column.name {
            "title" => Some("甲"),
            "institution_name" => Some("乙"),
            "division" => Some("520300"),
            "units" | "duties" => Some(&units),
            "staffing" | "posts" => Some(&counts),
            "clauses" => Some(&clauses),
            _ => None,
        });
        let _ = body.facts().count();
    }
}

#[test]
fn what_is_kept_has_passages_for_what_holds_now() {
    let mut s = scheme(|s| s.duties = items("（一）负责校外培训管理。\n【职责分工：丙局】与丙局共同管理。"));
    let passages = s.entry().unwrap().passages;
    assert_eq!((passages[0].label.as_str(), passages[0].text.as_str()), ("主要职责（一）", "负责校外培训管理。"));
    assert_eq!(passages[1].label, "职责分工");
    s.document_number = Some("甲办〔2019〕3号".into());
    (s.effective, s.repealed) = (Some(Date::constant(2019, 4, 1)), Some(Date::constant(2024, 1, 1)));
    let entry = s.entry().unwrap();
    assert_eq!((entry.since, entry.until), (s.effective, s.repealed));
    assert_eq!(entry.about, "甲市乙局，工作部门，甲办〔2019〕3号，2019-04-01 起施行，2024-01-01 废止");
}
