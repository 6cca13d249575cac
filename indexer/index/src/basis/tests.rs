use std::collections::HashMap;

use super::*;
use crate::{
    catalogue::Positions,
    survey::{Facts, Survey},
};
use record::{Body, Record, basis, samples};
use text::{Normalizer, Pinyin, Segmenter};

/// A small library: 甲法 of 2013 and 2019, 丙法 that 丁法 repeals, a local regulation of Zhejiang.
struct Shelf {
    pipeline: Pipeline,
    titles: Titles,
    catalogue: Catalogue,
    texts: HashMap<String, Arc<RegulationText>>,
}

const LICENCE_2013: &str =
    "未经县级人民政府主管部门许可，任何单位和个人不得经营甲类示例场所。\n违反规定的，处一万元以下罚款。";
const LICENCE_2019: &str =
    "未经县级人民政府主管部门许可，任何单位和个人不得经营甲类示例场所。\n违反规定的，处五万元以上十万元以下罚款。";

fn shelf() -> Shelf {
    let mut local = samples::law("丙示例条例", Date::constant(2018, 1, 1), &["丙条例的示例规定在浙江省内施行。"]);
    if let Body::Regulation(r) = &mut local.body {
        r.division = "330000".parse().ok();
        r.level = RegulationLevel::LocalRegulation;
    }
    local.id = "local".into();
    let named = |id: &str, record: Record| Record { id: id.to_owned(), ..record };
    let records = [
        named(
            "old",
            samples::law(
                "中华人民共和国甲示例法",
                Date::constant(2013, 6, 1),
                &["为了规范示例场所，制定本法。", LICENCE_2013, "本条只在旧的文本里，说的是示例场所的年度检验和登记。"],
            ),
        ),
        named(
            "now",
            samples::law(
                "中华人民共和国甲示例法",
                Date::constant(2019, 6, 1),
                &["为了规范示例场所，制定本法。", LICENCE_2019],
            ),
        ),
        named("gone", samples::law("乙示例法", Date::constant(2001, 1, 1), &["乙示例场所由县级人民政府管理。"])),
        named(
            "by",
            samples::law(
                "丁示例法",
                Date::constant(2015, 1, 1),
                &["丁。", "本法自公布之日起施行。《乙示例法》同时废止。"],
            ),
        ),
        local,
    ];
    let mut survey = Survey::default();
    records.iter().for_each(|record| survey.add(record));
    let pipeline = Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    };
    let catalogue = survey.catalogue(Facts::default(), Date::constant(2026, 1, 1), &Positions::default());
    let titles = Titles::new(&catalogue, &pipeline, &HashMap::new()).unwrap();
    let text = |record: Record| match record.body {
        Body::Regulation(r) => Some((record.id, Arc::new(RegulationText::new(r)))),
        _ => None,
    };
    Shelf { pipeline, titles, catalogue, texts: records.into_iter().filter_map(text).collect() }
}

fn found(text: &str) -> Vec<Finding> {
    let shelf = shelf();
    let texts = |id: &str| shelf.texts.get(id).cloned();
    let library =
        Library { pipeline: &shelf.pipeline, titles: &shelf.titles, catalogue: &shelf.catalogue, texts: &texts };
    let division = "650200".parse().unwrap();
    basis::read(text).iter().flat_map(|cited| check(&library, cited, &division)).collect()
}

fn outcome(text: &str) -> Outcome {
    let all = found(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all[0].outcome
}

#[test]
fn p1_a_basis_resolves_to_an_article_in_force() {
    assert_eq!(outcome("《甲示例法》第二条"), Outcome::Standing);
    assert_eq!(outcome("【法律】《中华人民共和国甲示例法》\n第二条第二款"), Outcome::Standing);
    let repealed = &found("《乙示例法》第一条：乙示例场所由县级人民政府管理。")[0];
    assert_eq!((repealed.outcome, repealed.by.as_deref()), (Outcome::Repealed, Some("by")));
    assert!(repealed.reason.contains("丁示例法"));
    let beyond = &found("《甲示例法》第九条：不知所云的一条。")[0];
    assert_eq!(beyond.outcome, Outcome::NoSuchPlace);
    assert!(beyond.reason.contains("没有第九条"), "{}", beyond.reason);
    let paragraph = &found("《甲示例法》第二条第五款")[0];
    assert!(paragraph.outcome == Outcome::NoSuchPlace && paragraph.reason.contains("只有二款"), "{paragraph:?}");
    assert_eq!(outcome("《不存在的法》第一条"), Outcome::UnknownRegulation);
    assert_eq!(outcome("《丙示例条例》第一条"), Outcome::OtherRegion);
    assert_eq!(outcome("【法律】《甲示例法》"), Outcome::WholeRegulation);
}

#[test]
fn p2_quoted_words_are_those_of_the_text_in_force() {
    assert_eq!(outcome(&format!("《甲示例法》（2019年6月1日修订）第二条：“{LICENCE_2019}”")), Outcome::Standing);
    assert_eq!(
        outcome("《甲示例法》第二条： 未经县级人民政府主管部门许可,任何单位和个人不得经营甲类示例场所……"),
        Outcome::Standing,
        "signs and omissions say nothing"
    );
    let amended = &found(&format!("《甲示例法》（2013年6月1日通过）第二条：{LICENCE_2013}"))[0];
    assert_eq!((amended.outcome, amended.earlier.as_deref()), (Outcome::Amended, Some("old")));
    assert!(amended.was.contains("一万元") && amended.now.contains("五万元"), "{amended:?}");
    assert!(amended.reason.contains("2013-06-01") && amended.reason.contains("2019-06-01"));
    let gone = &found("《甲示例法》第三条：本条只在旧的文本里，说的是示例场所的年度检验和登记。")[0];
    assert!(gone.outcome == Outcome::Amended && gone.reason.contains("没有相应的条文"), "{gone:?}");
    assert_eq!(outcome("《甲示例法》（2019年6月1日修订）第二条：未经许可的处二十万元罚款。"), Outcome::Misquoted);
    let moved = &found("《甲示例法》第一条：未经县级人民政府主管部门许可，任何单位和个人不得经营甲类示例场所。")[0];
    assert_eq!(moved.outcome, Outcome::Moved);
    assert_eq!(moved.article.map(|n| n.number), Some(2));
    assert_eq!(
        outcome(
            "《甲示例法》第二条：未经县级人民政府主管部门许可，任何单位和个人不得经营甲类示例场所：违反规定的，处5万元以上10万元以下罚款。"
        ),
        Outcome::Standing,
        "numbers in either script"
    );
    let slip = LICENCE_2013.replace("一万元", "一万圆");
    let near = &found(&format!("《甲示例法》第二条：{slip}"))[0];
    assert!(near.outcome == Outcome::Amended && near.reason.contains("近于 2013-06-01"), "{near:?}");
    let adopted = &found("《甲示例法》（2019年4月20日通过）第二条：未经许可的处二十万元罚款。")[0];
    assert_eq!(adopted.outcome, Outcome::Misquoted, "adopted in April and published in June: one text");
    let unheld = &found("《甲示例法》（2005年6月1日通过）第二条：未经许可经营甲类示例场所的，处五千元罚款。")[0];
    assert!(unheld.outcome == Outcome::Amended && unheld.earlier.is_none(), "{unheld:?}");
}

#[test]
fn words_are_compared_with_the_article_that_speaks_of_the_same() {
    let fake = "违反本法第三条规定，生产假示例的，没收违法所得和示例，吊销许可证；处一万元以上十万元以下罚款。";
    let poor = "违反本法第四条规定，生产劣示例的，没收违法所得和示例；处一万元以上五万元以下罚款。";
    let long =
        format!("{fake}{}", "转让、出租、购买、运输示例的，由主管部门按照职责分工责令改正，没收示例。".repeat(6));
    let texts = ["甲。", poor, fake, &long, "说的是完全不同的事情，与示例无关。"];
    let Body::Regulation(norm) = samples::law("甲法", Date::constant(2021, 1, 1), &texts).body else {
        unreachable!()
    };
    let text = RegulationText::new(norm);
    let now = |quote: &str, own: u32| {
        let numbers = [(ArticleNumber { number: own, inserted: 0 }, Within::default())];
        corresponding(&text, &Words::of(quote), &super::found(&text, &numbers)).and_then(|a| a.number).map(|n| n.number)
    };
    let old = "违反本法第九条规定，生产假示例的，没收违法所得和示例，吊销许可证；处五千元以上五万元以下罚款。";
    assert_eq!(now(old, 2), Some(3), "not the neighbour that has its number, nor the one that says much besides");
    assert_eq!(now("违反本法第四条规定，生产劣示例的，没收违法所得和示例；处一千元以上五千元以下罚款。", 2), Some(2));
    assert_eq!(now("另一件在现行文本里再也没有的旧事，由国务院规定。", 5), None, "nothing is set beside it");
}
