use proptest::prelude::*;

use super::*;

fn again<T: Item + PartialEq + std::fmt::Debug + Clone>(items: &[T]) -> Result<(), TestCaseError> {
    let read: Vec<T> = read(written(items)).map_err(TestCaseError::fail)?;
    prop_assert_eq!(read, items.to_vec());
    Ok(())
}

const NAME: &str = "[甲乙丙机关行政编制局长科级领导职数]{1,8}";
const TEXT: &str = "[甲乙负责指导监督，。；0-9：“”]{0,20}负责";
const NUMBER: &str = "|（[一二三四五六七八九]）|[1-9]\\.";

fn part() -> impl Strategy<Value = Part> {
    (NAME, 0..2_000u32).prop_map(|(name, n)| Part { name, n })
}

/// A measure with as many institutions on either side as its kind takes.
fn measure() -> impl Strategy<Value = Measure> {
    let three = |chars: &'static str| {
        prop::collection::btree_set(chars, 3).prop_map(|names| names.into_iter().collect::<Vec<_>>())
    };
    let drawn = (
        prop::sample::select(Measure::CHANGES.to_vec()),
        (three("[甲乙丙机关]{1,8}"), three("[丁戊己局委办]{2,8}"), three("[甲乙负责指导监督]{1,9}")),
        (1..=3usize, 1..=3usize, 1..=3usize),
    );
    drawn.prop_map(|(change, (mut from, mut to, mut matters), (senders, receivers, moved))| {
        let (senders, receivers) = match change {
            Change::SetUp => (0, receivers),
            Change::Merged => (senders, 1),
            Change::Divided => (1, receivers.max(2)),
            Change::Abolished => (senders, receivers - 1),
            Change::Duties => (1, receivers),
            _ => (1, 1),
        };
        from.truncate(senders);
        to.truncate(receivers);
        matters.truncate(if matches!(change, Change::Units | Change::Duties) { moved } else { 0 });
        Measure { change, from, matters, to }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        counts in prop::collection::vec((NAME, 0..20_000u32, prop::collection::vec(part(), 0..3)), 0..4),
        duties in prop::collection::vec((NUMBER, 0..3usize, prop::collection::vec(NAME, 0..3), TEXT), 0..4),
        units in prop::collection::vec((NUMBER, NAME, "|正科级|副处级", prop::collection::vec(NAME, 0..2), "|负责[甲乙，：。]{0,9}负责"), 0..4),
        changes in prop::collection::vec((NAME, prop::option::of(0..900u32), prop::option::of(-90..90i64), prop::option::of(0..900u32)), 0..4),
    ) {
        again(&counts.into_iter().map(|(name, n, of_which)| Headcount { name, n, of_which }).collect::<Vec<_>>())?;
        let duty = |(number, sort, institutions, text): (String, usize, Vec<String>, String)| {
            Duty { number, sort: DutySort::ALL[sort], institutions, text: format!("负责{text}") }
        };
        again(&duties.into_iter().map(duty).collect::<Vec<_>>())?;
        let unit = |(number, name, rank, plates, text): (String, String, String, Vec<String>, String)| {
            Unit { number, name, rank, plates, text, posts: vec![Part { name: "科长".into(), n: 1 }] }
        };
        again(&units.into_iter().map(unit).collect::<Vec<_>>())?;
        let change = |(name, before, change, after)| NumberChange { name, before, change, after };
        again(&changes.into_iter().map(change).collect::<Vec<_>>())?;
    }

    #[test]
    fn measures_are_read_again(measures in prop::collection::vec(measure(), 1..4)) {
        again(&measures)?;
    }

    #[test]
    fn measures_that_lack_what_they_need_are_refused(whole in measure()) {
        let refused = |part: Measure| part.check().is_err();
        let (lacks_to, lacks_from) = (Measure { to: Vec::new(), ..whole.clone() }, Measure { from: Vec::new(), ..whole.clone() });
        prop_assert_eq!(refused(lacks_to), whole.change != Change::Abolished);
        prop_assert_eq!(refused(lacks_from), whole.change != Change::SetUp);
        prop_assert_eq!(refused(Measure { matters: Vec::new(), ..whole.clone() }), whole.moves_matters());
    }

    #[test]
    fn clauses_are_read_again(clauses in prop::collection::vec(("第[一二三四]条|[一二三]", "|内设机构", "[甲乙，。]{1,9}负责(\n[甲乙，。]{1,9})?"), 0..4)) {
        let clause = |(number, heading, text)| Clause { number, heading, text };
        again(&clauses.into_iter().map(clause).collect::<Vec<_>>())?;
    }

    #[test]
    fn no_line_makes_any_reader_panic(line in "\\PC{0,30}", tail in "[（）(一二0-9名人个、：【】＝＋－？第条]{0,12}") {
        for text in [line.clone(), tail.clone(), format!("{line}{tail}"), format!("{tail}{line}")] {
            let _ = (mark(&text), Headcount::read(&text).is_ok(), Duty::read(&text).is_ok(), Unit::read(&text).is_ok());
            let _ = (Clause::read(&text).is_ok(), NumberChange::read(&text).is_ok());
            for change in Measure::CHANGES {
                let _ = Measure::read(&format!("{}：{text}", change.label())).is_ok();
            }
        }
    }

    /// Numbers in words, in digits and in wide digits are one number (rule S11).
    #[test]
    fn numerals_and_widths_are_one_number(n in 1..=9_999u32) {
        let wide: String = n.to_string().chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
        for text in [format!("行政编制{n}名"), format!("行政编制{wide}名"), format!("行政编制{}名", text::numerals::format(n)), format!("行政编制 {n} 名。")] {
            prop_assert_eq!(Headcount::read(&text), Ok(Headcount::new("行政编制", n)), "{}", text);
        }
    }
}

#[test]
fn numbers_are_read_as_documents_write_them() {
    let whole = "机关行政编制805名(含两委人员编制2名、援派机动编制3名、离退休干部工作人员编制15名)。";
    let read = Headcount::read(whole).unwrap();
    assert_eq!(
        (read.name.as_str(), read.n, read.included(), read.kind()),
        ("机关行政编制", 805, 20, StaffKind::Administrative)
    );
    assert_eq!(Headcount::read("行政编制一百二十名").unwrap().n, 120);
    assert_eq!(Headcount::read("编制共 12 人").unwrap(), Headcount::new("编制", 12));
    for wrong in ["", "20名", "行政编制", "行政编制二三十名", "行政编制20名（另行规定）"] {
        assert!(Headcount::read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn numbers_of_items_are_told_from_what_speaks_of_them() {
    fn told(text: &str) -> Option<(MarkStyle, u32, &str)> {
        mark(text).map(|mark| (mark.style, mark.n, &text[mark.len..]))
    }
    assert_eq!(told("（一）负责"), Some((MarkStyle::Parenthesis, 1, "负责")));
    assert_eq!(told("(十二) 负责"), Some((MarkStyle::Parenthesis, 12, "负责")));
    assert_eq!(told("（三)负责"), Some((MarkStyle::Parenthesis, 3, "负责")));
    assert_eq!(told("（1）负责"), Some((MarkStyle::ArabicParenthesis, 1, "负责")));
    assert_eq!(told("第五条　机关"), Some((MarkStyle::Article, 5, "机关")));
    assert_eq!(told("三、内设机构"), Some((MarkStyle::Part, 3, "内设机构")));
    assert_eq!(told("12. 与乙局"), Some((MarkStyle::Arabic, 12, "与乙局")));
    // A name that begins with 和 is no second article.
    for apart in ["　", " ", ""] {
        for name in ["和溪镇设", "和布克赛尔蒙古自治县设", "和平街道设", "和县人民政府设"] {
            assert_eq!(told(&format!("第四条{apart}{name}")), Some((MarkStyle::Article, 4, name)));
        }
    }
    assert_eq!(told("第四条　和解工作由甲局承担"), Some((MarkStyle::Article, 4, "和解工作由甲局承担")));
    // Nor is one that begins as what is within an article does.
    assert_eq!(told("第二条　中华人民共和国甲部是"), Some((MarkStyle::Article, 2, "中华人民共和国甲部是")));
    assert_eq!(told("第二条中共甲县委乙部是"), Some((MarkStyle::Article, 2, "中共甲县委乙部是")));
    assert_eq!(told("第七条所属事业单位的设置"), Some((MarkStyle::Article, 7, "所属事业单位的设置")));
    // Names begin as what is said of an article does.
    assert_eq!(told("第三条中关村管委会是"), Some((MarkStyle::Article, 3, "中关村管委会是")));
    assert_eq!(told("第三条中规院的"), Some((MarkStyle::Article, 3, "中规院的")));
    assert_eq!(told("第三条中应急"), Some((MarkStyle::Article, 3, "中应急")));
    for none in [
        "第三条中关于编制的规定",
        "第三条中有关职责",
        "第三条中有下列情形",
        "第三条中应当载明",
        "第三条中增加一款",
        "第三条中的职责",
        "第三条中规定的职责",
        "第三条规定",
        "第三条和第四条规定",
        "第三条和四条",
        "第三条和本规定",
        "第三条和有关规定执行",
        "第三条 和有关规定执行",
        "第三条和相关法律",
        "第三条和国家有关规定",
        "第三条和市委有关规定",
        "第三条和法律的规定",
        "第三条所列职责",
        "1.5倍",
        "十多个",
        "负责",
        "（略）",
        "",
    ] {
        assert_eq!(told(none), None, "{none}");
    }
}

/// Heads of units are distinguished from those of the institution by how they are called.
#[test]
fn posts_of_units_are_told_from_those_of_the_body() {
    let told = |lines: &[&str]| {
        let posts: Vec<Headcount> = lines.iter().map(|line| Headcount::read(line).unwrap()).collect();
        let told = leadership(&posts);
        (told.head, told.deputies, told.of_units, told.of_units_parts.len())
    };
    assert_eq!(told(&["局长1名", "副局长2名", "正副科长（主任）6名"]), (Some(1), Some(2), Some(6), 1));
    assert_eq!(
        told(&["理事长1名", "副理事长2名", "部长（主任）4名", "副部长（副主任）1名"]),
        (Some(1), Some(2), Some(5), 2)
    );
    // An institution whose head has two names, and one whose units are reported besides.
    assert_eq!(told(&["局长（主任）1名", "副局长（副主任）3名"]), (Some(1), Some(3), None, 0));
    assert_eq!(
        told(&["局长（主任）1名", "副局长（副主任）3名", "科长（主任）6名", "副科长（副主任）2名"]),
        (Some(1), Some(3), Some(8), 2)
    );
    assert_eq!(told(&["领导职数9名（含书记1名、副书记2名）", "部长（主任）4名"]), (Some(1), Some(2), Some(4), 1));
    assert_eq!(
        told(&["局长1名", "副局长4名", "正副司长职数16名（含安全总监1名、机关党委专职副书记1名）"]),
        (Some(1), Some(4), Some(16), 2)
    );
    assert_eq!(told(&["局长1人", "副局长4人", "司局级领导干部15人"]), (Some(1), Some(4), Some(15), 0));
    assert_eq!(
        told(&["部长1名", "副部长4名", "正司级领导职数9名", "副司级领导职数9名"]),
        (Some(1), Some(4), Some(18), 2)
    );
}

#[test]
fn measures_are_read_as_plans_write_them() {
    let read = |line: &str| Measure::read(line).map(|m| (m.from.join("+"), m.matters.join("+"), m.to.join("+")));
    let told = |a: &str, b: &str, c: &str| Ok((a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(read("合并：甲局、乙局→丙局"), told("甲局+乙局", "", "丙局"));
    assert_eq!(read("合并: 甲局，乙局 -> 丙局。"), told("甲局+乙局", "", "丙局"));
    assert_eq!(read("设立：甲局"), told("", "", "甲局"));
    assert_eq!(read("设立：→甲局"), told("", "", "甲局"));
    assert_eq!(read("撤销：甲局"), told("甲局", "", ""));
    assert_eq!(read("调整内设：甲局（人事科、培训科）→乙局"), told("甲局", "人事科+培训科", "乙局"));
    assert_eq!(
        read("调整职责：甲局（负责校外培训、夏令营的管理；学校食堂）→乙局"),
        told("甲局", "负责校外培训、夏令营的管理+学校食堂", "乙局")
    );
    for (wrong, says) in [
        ("", "种类开头"),
        ("甲局改名乙局", "种类开头"),
        ("改名：甲局→乙局", "设立、更名"),
        ("更名：甲局", "更名：甲局→乙局"),
        ("更名：甲局、丙局→乙局", "更名：甲局→乙局"),
        ("合并：甲局→甲局", "合并：甲局、乙局→丙局"),
        ("分设：甲局→乙局", "分设：甲局→乙局、丙局"),
        ("调整内设：甲局→乙局", "人事科"),
        ("调整内设：甲局（人事科→乙局", "括号"),
        ("撤销：→乙局", "承接"),
    ] {
        assert!(Measure::read(wrong).is_err_and(|fault| fault.contains(says)), "{wrong}: {:?}", Measure::read(wrong));
    }
    let many = format!("撤销：{}", (0..30).map(|n| format!("甲{n}局")).collect::<Vec<_>>().join("、"));
    assert!(Measure::read(&many).is_err_and(|fault| fault.contains("20 个机构")));
}

/// A number of all kinds together is counted by its kinds, once.
#[test]
fn a_sum_beside_its_parts_is_not_counted_twice() {
    let [administrative, justice, public, service, other] = [0, 1, 2, 3, 4];
    for (lines, expected) in [
        ("机关编制35名（含行政编制32名、工勤编制3名）", vec![(administrative, 32), (service, 3)]),
        (
            "机关编制35名（含行政编制32名、工勤编制3名）\n行政编制32名\n工勤编制3名",
            vec![(administrative, 32), (service, 3)],
        ),
        ("行政编制32名\n工勤编制3名\n编制总数35名", vec![(administrative, 32), (service, 3)]),
        ("机关编制26名（含行政编制21名）", vec![(administrative, 21), (other, 5)]),
        ("行政编制20名\n行政编制4名", vec![(administrative, 24)]),
        ("政法专项编制12名（含援派编制2名）\n事业编制6名", vec![(justice, 12), (public, 6)]),
        ("编制8名", vec![(other, 8)]),
        ("", vec![]),
    ] {
        let staff: Vec<Headcount> = read(vec![lines.to_owned()]).unwrap();
        let got: Vec<(usize, u32)> =
            totals(&staff).into_iter().enumerate().filter_map(|(at, n)| Some((at, n?))).collect();
        assert_eq!(got, expected, "{lines}");
    }
}
