use super::*;
use crate::{Weight, staffing};

fn reform(measures: &str) -> ReformPlan {
    ReformPlan {
        title: "甲市机构改革方案".into(),
        division: "520300".parse().unwrap(),
        date: Some(Date::constant(2024, 3, 20)),
        document_number: Some("甲办〔2024〕7号".into()),
        organ: Some("乙省人民政府".into()),
        measures: staffing::read(vec![measures.to_owned()]).unwrap(),
        ..ReformPlan::default()
    }
}

#[test]
fn each_measure_becomes_events_of_the_institutions_that_are_there_afterwards() {
    for (measure, titles) in [
        ("设立：甲局、乙局", &["设立甲局", "设立乙局"][..]),
        ("更名：甲局→乙局", &["甲局更名为乙局"]),
        ("合并：甲局、乙局→丙局", &["甲局、乙局合并为丙局"]),
        ("合并：甲局→乙局", &["甲局并入乙局"]),
        ("分设：甲局→甲局、乙局", &["甲局分设为甲局、乙局"]),
        ("撤销：甲局→乙局", &["撤销甲局，职责由乙局承接"]),
        ("撤销：甲局", &["撤销甲局"]),
        ("划转隶属：甲局→乙市人民政府", &["甲局改由乙市人民政府管理"]),
        ("调整内设：甲局（人事科、培训科）→乙局", &["甲局的人事科、培训科划入乙局", "乙局承接甲局划出的人事科、培训科"]),
        ("调整职责：甲局（校外培训管理）→乙局", &["甲局的校外培训管理划入乙局", "乙局承接甲局划出的校外培训管理"]),
    ] {
        let reform = reform(measure);
        assert_eq!(reform.brought(), titles, "{measure}");
        for event in reform.plan().into_iter().flat_map(|planned| planned.brings) {
            let value = |name: &str| event.facts().find(|(column, _)| column.name == name).unwrap().1.concat();
            assert_eq!((value("date"), value("document_number"), value("organ")), ("2024-03-20".into(), "甲办〔2024〕7号".into(), "乙省人民政府".into()));
            // An event that a plan makes is one that its form would take.
            let mut again = Body::blank(staffing::EVENT).unwrap();
            again.fill(|column| event.facts().find(|(c, _)| c.name == column.name).map(|(_, v)| &*Box::leak(v.join("\n").into_boxed_str()))).unwrap();
            assert_eq!(again, event);
        }
    }
}

#[test]
fn long_measures_make_events_that_fit() {
    let long = format!("调整职责：甲局（{}）→乙局", vec!["很长的职责".repeat(30); 15].join("；"));
    for event in reform(&long).plan().into_iter().flat_map(|planned| planned.brings) {
        for (column, values) in event.facts().filter(|(column, _)| column.given) {
            assert!(column.read(&values.join("\n")).is_ok(), "{}: {values:?}", column.name);
        }
    }
}

#[test]
fn measures_that_contradict_each_other_are_told() {
    let told = |measures: &str| reform(measures).findings();
    assert_eq!(told("合并：甲局、乙局→丙局\n调整内设：丁局（人事科）→丙局"), [""; 0]);
    assert!(told("撤销：甲局→乙局\n更名：甲局→丙局")[0].contains("第 1 项和第 2 项措施都使“甲局”终止"));
    assert!(told("撤销：甲局→乙局\n撤销：乙局→丙局")[0].contains("第 1 项措施由“乙局”承接，而第 2 项措施使它终止"));
    // S6: whoever goes leaves the duties to somebody.
    assert!(told("撤销：甲局")[0].contains("没有写明由哪个机构承接职责"));
    // S7: approved one level up.
    let own = ReformPlan { organ: Some("中共甲市委机构编制委员会".into()), ..reform("更名：甲局→乙局") };
    assert!(own.findings()[0].contains("上一级政府批准"), "{:?}", own.findings());
    assert!(told("调整内设：甲局（人事科）→乙局\n调整内设：甲局（人事科）→乙局").iter().any(|says| says.contains("同一条沿革")));
}

#[test]
fn numbers_of_staff_stay_out_of_what_becomes_public() {
    let word = Word { source: "office:甲", weight: Weight::Office, day: Date::constant(2024, 1, 1) };
    let faults = |measures: &str| reform(measures).complete(None, word);
    assert_eq!(faults("调整内设：甲局（人事科）→乙局"), []);
    assert!(faults("调整职责：甲局（行政编制4名）→乙局")[0].1.contains("行政编制4名"));
    let many: Vec<String> = (0..201).map(|n| format!("更名：甲{n}局→乙{n}局")).collect();
    assert!(faults(&many.join("\n"))[0].1.contains("最多 200 项"));
}
