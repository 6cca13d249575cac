//! Notices, and replies that list what an institution is for.

use super::*;

/// 关于设立甲中心的批复, which lists what the institution is for: an event, and a scheme with the duties, units and
/// numbers.
#[test]
fn a_reply_that_lists_duties_is_read_as_the_scheme_that_it_is_besides() {
    let text = "关于设立云岭县油茶产业服务中心的批复\n云编发〔2022〕18号\n\n县林业局：\n你局《关于设立云岭县油茶产业服务中心的请示》（云林请〔2022〕31号）收悉。经县委编委研究，现批复如下：\n一、同意设立云岭县油茶产业服务中心，为你局所属公益一类事业单位，机构规格股级。\n二、主要职责\n（一）承担油茶良种选育和推广。\n（二）承担油茶产业技术指导和培训。\n（三）完成县林业局交办的其他任务。\n三、内设2个股室：综合股、技术推广股。\n四、核定全额拨款事业编制9名，设主任1名、副主任1名。\n此复。\n\n中共云岭县委机构编制委员会\n2022年7月14日\n";
    let document = Document::from(text);
    assert!(!is_scheme(&document), "its title is that of a notice");
    let scheme = read_reply(&document).unwrap();
    assert_eq!(scheme.title.value, "关于设立云岭县油茶产业服务中心的批复");
    assert_eq!(scheme.institution.value, "云岭县油茶产业服务中心");
    assert_eq!(scheme.document_number.value.as_deref(), Some("云编发〔2022〕18号"));
    assert_eq!(scheme.signed.value, Some(Date::constant(2022, 7, 14)));
    let of = [&scheme.superior.value, &scheme.nature.value, &scheme.rank.value];
    assert_eq!(of, ["县林业局", "公益一类事业单位", "股级"]);
    let duties: Vec<String> = scheme.duties.iter().map(|duty| duty.value.written()).collect();
    assert_eq!(
        duties,
        ["（一）承担油茶良种选育和推广。", "（二）承担油茶产业技术指导和培训。", "（三）完成县林业局交办的其他任务。"]
    );
    let units: Vec<&str> = scheme.units.iter().map(|unit| unit.value.name.as_str()).collect();
    assert_eq!((scheme.stated_units.value, &units[..]), (Some(2), &["综合股", "技术推广股"][..]));
    let counts = |counts: &[Read<Headcount>]| counts.iter().map(|count| count.value.written()).collect::<Vec<_>>();
    assert_eq!(counts(&scheme.staffing), ["全额拨款事业编制9名"]);
    assert_eq!(counts(&scheme.posts), ["主任1名", "副主任1名"]);
    // Each beside its sentence.
    let span = scheme.duties[0].evidence[0];
    assert_eq!(&document.text()[span.start..span.end], "（一）承担油茶良种选育和推广。");
    let (body, faults) = scheme.body();
    assert!(body.is_some() && faults.is_empty(), "{faults:?}");
    // The events are reported of the institution, and of no heading.
    let notice = notice::read(&document).unwrap();
    let told: Vec<(&str, &str)> = notice.changes.iter().map(|one| (one.change, one.institution.as_str())).collect();
    assert_eq!(told, [("设立", "云岭县油茶产业服务中心"), ("调整编制", "云岭县油茶产业服务中心")]);
}

#[test]
fn a_reply_in_running_text_gives_duties_and_the_numbers_after_the_change() {
    let text = "关于市河道管理处更名及职责调整的批复\n安编〔2017〕9号\n\n市水利局：\n经研究，同意安澜市河道管理处更名为安澜市河湖事务中心，为你局所属副处级公益一类事业单位。更名后，其主要职责为：\n1.承担河湖岸线巡查和保洁的事务性工作；\n2.承担河道采砂规划的技术支撑；\n3.承担市局交办的其他工作。\n事业编制由40名调整为46名，设主任1名、副主任3名。原市湖泊管理所撤销，其职责和人员划入安澜市河湖事务中心。\n\n安澜市机构编制委员会\n2017年4月25日\n";
    let document = Document::from(text);
    let scheme = read_reply(&document).unwrap();
    assert_eq!(scheme.institution.value, "安澜市河湖事务中心");
    assert_eq!((scheme.superior.value.as_str(), scheme.rank.value.as_str()), ("市水利局", "副处级"));
    let duties: Vec<&str> = scheme.duties.iter().map(|duty| duty.value.text.as_str()).collect();
    assert_eq!(
        duties,
        ["承担河湖岸线巡查和保洁的事务性工作；", "承担河道采砂规划的技术支撑；", "承担市局交办的其他工作。"]
    );
    let counts = |counts: &[Read<Headcount>]| counts.iter().map(|count| count.value.written()).collect::<Vec<_>>();
    assert_eq!(counts(&scheme.staffing), ["事业编制46名"]);
    assert_eq!(counts(&scheme.posts), ["主任1名", "副主任3名"]);
    assert_eq!(scheme.issuers.value, ["安澜市机构编制委员会"]);
    let notice = notice::read(&document).unwrap();
    let told: Vec<(&str, String)> = notice.changes.iter().map(|one| (one.change, one.title())).collect();
    assert_eq!(
        told,
        [
            ("更名", "安澜市河道管理处更名为安澜市河湖事务中心".to_owned()),
            ("调整编制", "安澜市河湖事务中心调整编制（事业编制）".to_owned()),
            ("撤销", "撤销市湖泊管理所".to_owned()),
        ]
    );
    assert_eq!(notice.changes[2].to, ["安澜市河湖事务中心"]);
    // A notice without duties is no scheme.
    let bare = "关于核减市水务局行政编制的通知\n甲编〔2019〕66号\n市水务局：\n核减你局行政编制4名，调整后78名。\n";
    assert!(notice::read(&Document::from(bare)).is_some() && read_reply(&Document::from(bare)).is_none());
}

/// A notice about several institutions: each number, plate and unit is of the institution that its own sentence names.
#[test]
fn each_number_of_a_notice_is_of_the_body_that_its_sentence_names() {
    let text = "关于调整甲市自然资源局机构编制的通知\n甲编〔2021〕9号\n一、核减甲市自然资源局行政编制2名，调整后30名。\n二、从市自然资源局划转事业编制3名到市水务局。市水务局加挂市节水办公室牌子。\n三、副局长职数由4名减少为3名。\n2021年5月6日\n";
    let notice = notice::read(&Document::from(text)).unwrap();
    let told: Vec<(&str, &str, String)> = notice
        .changes
        .iter()
        .map(|one| (one.change, one.institution.as_str(), one.numbers.iter().map(Item::written).collect::<String>()))
        .collect();
    let number = |text: &str| text.to_owned();
    assert_eq!(
        told,
        [
            ("调整编制", "甲市自然资源局", number("行政编制：？－2＝30")),
            ("调整编制", "市自然资源局", number("事业编制：？－3＝？")),
            ("调整编制", "市水务局", number("事业编制：？＋3＝？")),
            ("挂牌", "市水务局", String::new()),
            ("调整职数", "甲市自然资源局", number("副局长职数：4－1＝3")),
        ]
    );
}

/// Whoever an item names holds for the rest of it: for its other sentences, and for what is listed below it.
#[test]
fn a_body_that_an_item_names_holds_for_the_rest_of_it() {
    let water = |change: &str| ("市水务局".to_owned(), change.to_owned());
    let own = |change: &str| ("甲市自然资源局".to_owned(), change.to_owned());
    for (items, expected) in [
        (
            "二、市水务局行政编制由26名增加到28名。副局长职数由2名增加到3名。\n三、副局长职数由4名减少为3名。",
            vec![water("行政编制：26＋2＝28"), water("副局长职数：2＋1＝3"), own("副局长职数：4－1＝3")],
        ),
        (
            "二、市水务局行政编制由26名增加到28名。\n（一）副局长职数由2名增加到3名。\n（二）增加内设机构1个。\n三、核减行政编制2名。",
            vec![
                water("行政编制：26＋2＝28"),
                water("副局长职数：2＋1＝3"),
                water("内设机构：？＋1＝？"),
                own("行政编制：？－2＝？"),
            ],
        ),
        (
            "二、市水务局机构编制调整：\n（一）行政编制由26名增加到28名。\n1.副局长职数由2名增加到3名。\n三、核减行政编制2名。",
            vec![water("行政编制：26＋2＝28"), water("副局长职数：2＋1＝3"), own("行政编制：？－2＝？")],
        ),
        (
            "二、关于市水务局\n行政编制由26名增加到28名。\n副局长职数由2名增加到3名。",
            vec![water("行政编制：26＋2＝28"), water("副局长职数：2＋1＝3")],
        ),
        // An item of the same sort below another ends what the one before it named.
        (
            "二、调整如下：\n（一）市水务局行政编制由26名增加到28名。\n（二）副局长职数由4名减少为3名。",
            vec![water("行政编制：26＋2＝28"), own("副局长职数：4－1＝3")],
        ),
        (
            "二、核增市水务局行政编制2名，调整后28名。副局长职数由2名增加到3名。",
            vec![water("行政编制：？＋2＝28"), water("副局长职数：2＋1＝3")],
        ),
        ("二、市水务局加挂市节水办公室牌子。副局长职数由2名增加到3名。", vec![water(""), water("副局长职数：2＋1＝3")]),
        // What is reported of others in passing, and of those between whom numbers move, ends with its sentence.
        (
            "二、市水务局行政编制由26名增加到28名。所属市水文站事业编制由5名增加到6名。副局长职数由2名增加到3名。",
            vec![
                water("行政编制：26＋2＝28"),
                ("市水文站".to_owned(), "事业编制：5＋1＝6".to_owned()),
                water("副局长职数：2＋1＝3"),
            ],
        ),
        (
            "二、将市农业局行政编制2名划转到市水务局管理。副局长职数由4名减少为3名。",
            vec![
                ("市农业局".to_owned(), "行政编制：？－2＝？".to_owned()),
                water("行政编制：？＋2＝？"),
                own("副局长职数：4－1＝3"),
            ],
        ),
        // Without numbers each paragraph is an item; a row that names an institution heads a list, numbered anew.
        (
            "市水务局行政编制由26名增加到28名。副局长职数由2名增加到3名。\n副局长职数由4名减少为3名。",
            vec![water("行政编制：26＋2＝28"), water("副局长职数：2＋1＝3"), own("副局长职数：4－1＝3")],
        ),
        (
            "1.核减行政编制2名。\n市水务局：\n1.行政编制由26名增加到28名。\n2.副局长职数由2名增加到3名。",
            vec![own("行政编制：？－2＝？"), water("行政编制：26＋2＝28"), water("副局长职数：2＋1＝3")],
        ),
    ] {
        let text =
            format!("关于调整甲市自然资源局机构编制的通知\n甲编〔2021〕9号\n甲市林业局：\n{items}\n2021年5月6日\n");
        let notice = notice::read(&Document::from(text.as_str())).unwrap();
        let numbers = |one: &notice::InstitutionChange| one.numbers.iter().map(Item::written).collect::<String>();
        let told: Vec<(String, String)> =
            notice.changes.iter().map(|one| (one.institution.clone(), numbers(one))).collect();
        assert_eq!(told, expected, "{items}");
    }
}

/// Duties that leave the institution, a unit that is renamed, a plate given to whom the notice is sent to; and what was
/// not read is reported.
#[test]
fn a_notice_is_read_item_by_item_and_what_is_not_is_told() {
    let text = "关于调整甲市乙局机构编制事项的通知\n甲编办〔2021〕44号\n甲市乙局：\n经研究，现将有关事项通知如下：\n一、核减你局行政编制4名，调整后行政编制79名。\n二、在你局加挂甲市政府债务管理办公室牌子。\n三、你局预算科更名为预算管理科。\n四、将国有资产监管职责划转至甲市丙委。\n五、请按规定办理所需资产的移交手续。\n六、将甲市丁站更名为甲市丁中心，机构规格由股级调整为副科级。\n七、收回甲市戊所空编3名。\n2021年2月30日\n";
    let notice = notice::read(&Document::from(text)).unwrap();
    let told: Vec<(&str, String)> = notice.changes.iter().map(|one| (one.change, one.title())).collect();
    assert_eq!(
        told,
        [
            ("调整编制", "甲市乙局调整编制（行政编制）".to_owned()),
            ("挂牌", "甲市乙局加挂甲市政府债务管理办公室牌子".to_owned()),
            ("调整内设", "甲市乙局内设机构预算科更名为预算管理科".to_owned()),
            ("调整职责", "甲市乙局的职责划入甲市丙委".to_owned()),
            ("更名", "甲市丁站更名为甲市丁中心".to_owned()),
            ("升格", "甲市丁中心由股级升格为副科级".to_owned()),
            ("调整编制", "甲市戊所调整编制（编制）".to_owned()),
        ]
    );
    let duties = notice.columns(&notice.changes[3]);
    let note = duties.iter().find(|proposed| proposed.column == "note").unwrap();
    assert_eq!(note.text, "将国有资产监管职责划转至甲市丙委");
    let unread: Vec<&str> = notice.unread.iter().map(|told| told.value.as_str()).collect();
    assert!(unread.len() == 2 && unread[0].contains("2月30日") && unread[1].contains("移交手续"), "{unread:?}");
}

/// Duties are of whoever stands before them, and names stay whole; a unit stays one behind the words of a decision.
#[test]
fn duties_are_of_whom_the_sentence_names() {
    for (sentence, change, title) in [
        ("将甲市丁局承担的粮食储备职责划转至甲市丙委。", "调整职责", "甲市丁局的职责划入甲市丙委"),
        ("将甲市丁局承担的粮食储备职责划转至你局。", "调整职责", "甲市丁局的职责划入甲市乙局"),
        ("将应急值守职责划入甲市应急管理局。", "调整职责", "甲市乙局的职责划入甲市应急管理局"),
        (
            "将资产监管职责划转至甲市国有资产监督管理委员会管理。",
            "调整职责",
            "甲市乙局的职责划入甲市国有资产监督管理委员会",
        ),
        ("将计量职责交由甲市市场监督管理局承担。", "调整职责", "甲市乙局的职责划入甲市市场监督管理局"),
        ("同意你局预算科更名为预算管理科。", "调整内设", "甲市乙局内设机构预算科更名为预算管理科"),
        ("决定将你局预算科更名为预算管理科。", "调整内设", "甲市乙局内设机构预算科更名为预算管理科"),
    ] {
        let text = format!("关于调整甲市乙局机构编制事项的通知\n甲编办〔2021〕44号\n甲市乙局：\n一、{sentence}\n");
        let notice = notice::read(&Document::from(text.as_str())).unwrap();
        let told: Vec<(&str, String)> = notice.changes.iter().map(|one| (one.change, one.title())).collect();
        assert_eq!(told, [(change, title.to_owned())], "{sentence}");
    }
}

/// What a notice about 甲市乙局 with some rows is read as: the events, and what was not read.
fn read_rows(rows: &str) -> (Vec<(&'static str, String)>, Vec<String>) {
    let text = format!("关于调整甲市乙局机构编制事项的通知\n甲编办〔2021〕44号\n甲市乙局：\n{rows}\n");
    let notice = notice::read(&Document::from(text.as_str())).unwrap();
    let changes = notice.changes.iter().map(|one| {
        let numbers: Vec<String> = one.numbers.iter().map(Item::written).collect();
        (one.change, if numbers.is_empty() { one.title() } else { format!("{} {}", one.institution, numbers.join("")) })
    });
    (changes.collect(), notice.unread.into_iter().map(|unread| unread.value).collect())
}

/// An institution that is divided or goes down in rank, posts that are added; and what is told in other words is reported.
#[test]
fn whatever_tells_of_a_change_is_read_or_reported() {
    for (row, change, says) in [
        ("一、将甲市丁局分设为甲市戊局和甲市己局。", "分设", "甲市丁局分设为甲市戊局、甲市己局"),
        ("一、将甲市丁局分设为甲市文化和旅游局、甲市己局。", "分设", "甲市丁局分设为甲市文化和旅游局、甲市己局"),
        ("一、将你局分设为甲市戊局和甲市己局。", "分设", "甲市乙局分设为甲市戊局、甲市己局"),
        ("一、甲市丁局与甲市戊局合署办公。", "合署", "甲市丁局、甲市戊局合署办公"),
        ("一、你局与甲市丁局合署办公。", "合署", "甲市乙局、甲市丁局合署办公"),
        ("一、同意你局更名为甲市丙局。", "更名", "甲市乙局更名为甲市丙局"),
        ("一、你局综合科分设为行政科、财务科。", "调整内设", "甲市乙局内设机构综合科分设为行政科、财务科"),
        ("一、机构规格由正科级降格为副科级。", "降格", "甲市乙局由正科级降格为副科级"),
        ("一、增设副局长职数1名。", "调整职数", "甲市乙局 副局长职数：？＋1＝？"),
    ] {
        assert_eq!(read_rows(row), (vec![(change, says.to_owned())], vec![]), "{row}");
    }
    for row in [
        "一、减少副主任1名。",
        "一、增设1名副主任。",
        "一、有关许可交由窗口办理。",
        "一、对该站予以摘牌。",
        "一、你县档案馆与甲县史志办合署办公。",
        "一、该站降格。",
        "一、内设机构设置调整为三个层次。",
    ] {
        let (changes, unread) = read_rows(row);
        assert!(changes.is_empty() && unread.len() == 1 && unread[0].contains("没有读出变动"), "{row} {unread:?}");
    }
    // Documents that are quoted tell nothing of their own, and what stands between two of them does.
    assert_eq!(read_rows("按《关于核减行政编制4名的请示》和《关于撤销丁站的意见》办理。"), (vec![], vec![]));
    let (changes, unread) = read_rows("按《甲意见》，该项机构撤销事宜另行研究，按《乙办法》安置。");
    assert!(changes.is_empty() && unread.len() == 1, "{changes:?} {unread:?}");
    // What an institution is for speaks of changes that are its work.
    assert_eq!(read_rows("（一）承担有关机构撤销后的档案移交工作。"), (vec![], vec![]));
    // A sentence of which a part was read.
    let (changes, unread) = read_rows("一、撤销甲市丁站，有关事业编制尚余12名，另行核定。");
    assert_eq!(changes, [("撤销", "撤销甲市丁站".to_owned())]);
    assert!(unread.len() == 1 && unread[0].starts_with("“12名”没有读入"), "{unread:?}");
}

#[test]
fn rows_of_a_notices_tables_are_read_by_their_columns_or_reported() {
    // Institutions by row, kinds by column; a sum is none, and a row that has no number is reported.
    let rows = "单位\t原事业编制\t核减数\t调整后事业编制\n甲市丁站\t12\t2\t10\n甲市戊所\t6\t—\t待定\n合计\t18\t2\t16";
    let (changes, unread) = read_rows(rows);
    let number = |of: &str| ("调整编制", of.to_owned());
    assert_eq!(changes[0], number("甲市丁站 事业编制：12－2＝10"));
    assert!(unread.len() == 1 && unread[0].contains("甲市戊所"), "{changes:?} {unread:?}");
    let renamed = "| 序号 | 原名称 | 更名后名称 |\n|---|---|---|\n| 1 | 甲市丁站 | 甲市丁中心 |";
    assert_eq!(read_rows(renamed), (vec![("更名", "甲市丁站更名为甲市丁中心".to_owned())], vec![]));
    // Without names of columns a row is what, before, change, after; a table of anything else is named.
    let bare = read_rows("行政编制\t52\t＋3\t55");
    assert_eq!(bare, (vec![number("甲市乙局 行政编制：52＋3＝55")], vec![]));
    let (changes, unread) = read_rows("层级\t安排\n市\t留 3 名\n县\t留 4 名");
    assert!(changes.is_empty() && unread == ["表格“层级、安排”的列名没有认出，有 2 行没有读出变动"], "{unread:?}");
}

/// What a column may also mean is left to whoever confirms it, and is reported.
#[test]
fn rows_of_a_notices_tables_claim_no_more_than_their_columns_say() {
    let number = |of: &str| ("调整编制", of.to_owned());
    for (rows, reported) in [
        // Of whoever is above an institution, of two columns that are called alike, and of no change at all.
        ("单位\t调整前主管部门\t调整后主管部门\n甲市丁站\t甲市乙局\t甲市丙局", "甲市丙局"),
        ("原单位名称\t整合后单位名称\n甲市丁站\t甲市戊中心", "甲市戊中心"),
        ("单位\t原编制\t原编制\t调整后编制\n甲市丁站\t12\t3\t10", "甲市丁站"),
        ("单位\t核减编制\t核减编制\n甲市丁站\t2\t1", "甲市丁站"),
        ("单位\t原事业编制\t核减数\t调整后事业编制\n甲市丁站\t12\t0\t12", "甲市丁站"),
        // Nobody knows whose it is.
        ("单位\t原事业编制\t核减数\t调整后事业编制\n各乡镇\t12\t2\t10", "各乡镇"),
        ("单位\t原事业编制\t核减数\t调整后事业编制\n其他单位\t12\t2\t10", "其他单位"),
    ] {
        let (changes, unread) = read_rows(rows);
        assert!(changes.is_empty() && unread.len() == 1 && unread[0].contains(reported), "{changes:?} {unread:?}");
    }
    // What is counted and whose it is may stand in a cell as high as several rows.
    let rows = "| 单位 | 类别 | 原核定 | 调整后 |\n|---|---|---|---|\n| 甲市丁站 | 事业编制 | 12 | 10 |\n|  | 工勤编制 | 3 | 2 |\n| 甲市戊所 |  | 6 | 5 |";
    let (changes, unread) = read_rows(rows);
    let read = ["甲市丁站 事业编制：12－2＝10", "甲市丁站 工勤编制：3－1＝2", "甲市戊所 工勤编制：6－1＝5"];
    assert_eq!((changes, unread), (read.map(number).to_vec(), vec![]));
    // A reason is no number of before, and a number that no column places is reported.
    let rows = "单位\t原事业编制\t调整后事业编制\t领导职数\t调整原因\n甲市丁站\t12\t10\t3\t职责划出";
    let (changes, unread) = read_rows(rows);
    assert_eq!(changes, [number("甲市丁站 事业编制：12－2＝10")]);
    assert!(unread.len() == 1 && unread[0].contains("领导职数 3"), "{unread:?}");
    // Of very many only the number is said.
    let rows: String = (0..230).map(|n| format!("一、该站降格{n}。\n")).collect();
    let (_, unread) = read_rows(&rows);
    assert!(unread.len() == 201 && unread[200].contains("另有 30 处"), "{} {:?}", unread.len(), unread.last());
}

/// What a notice changes is so from the day that it says, else from that of its signature.
#[test]
fn an_event_has_the_day_from_which_a_notice_holds() {
    for (row, day) in [
        ("本通知自2021年7月1日起执行。", "2021-07-01"),
        ("本通知自印发之日起执行。", "2021-06-06"),
        ("原规定自2019年1月1日起施行，现予废止。", "2021-06-06"),
    ] {
        let text = format!(
            "关于调整甲市乙局机构编制事项的通知\n甲编办〔2021〕44号\n甲市乙局：\n一、核减你局行政编制4名。\n{row}\n2021年6月6日\n"
        );
        let notice = notice::read(&Document::from(text.as_str())).unwrap();
        let columns = notice.columns(&notice.changes[0]);
        let date = columns.iter().find(|proposed| proposed.column == "date").unwrap();
        assert_eq!(date.text, day, "{row}");
    }
}
