use std::collections::HashMap;

use super::{
    articles::{self, breaks_off_before, corresponding, corresponding_of},
    words::Words,
    *,
};
use crate::{
    catalogue::Positions,
    citation::Within,
    survey::{Facts, Survey},
};
use record::{Article, ArticleNumber, Body, Date, Record, RegulationLevel, basis, samples};
use text::{Normalizer, Pinyin, Segmenter, dictionaries::FormerLaw};

/// A small library: 甲法 of 2013 and 2019, 丙法 that 丁法 repeals, a local regulation of Zhejiang.
struct Shelf {
    pipeline: Pipeline,
    titles: Titles,
    catalogue: Catalogue,
    texts: HashMap<String, Arc<RegulationText>>,
    former: HashMap<String, FormerLaw>,
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
                &["为了规范示例场所，制定本法。", LICENCE_2019, "本法自2019年6月1日起施行。"],
            ),
        ),
        named(
            "torn",
            samples::law(
                "辛示例条例",
                Date::constant(2016, 1, 1),
                &["为了辛，制定本条例。", "本条例所称辛，是指示例。"],
            ),
        ),
        named(
            "shares",
            samples::law(
                "壬示例办法",
                Date::constant(2016, 1, 1),
                &[
                    "擅自预售示例的，处预付款1%以下的罚款。\n情节严重的，由县级人民政府主管部门责令停业。",
                    "自2016年1月1日起施行。",
                ],
            ),
        ),
        named(
            "items-old",
            samples::law(
                "癸示例办法",
                Date::constant(2016, 1, 1),
                &[
                    "申请示例的，应当交申请书。",
                    "乙。",
                    "示例场所的负责人对示例场所的安全负责。",
                    "自2016年1月1日起施行。",
                ],
            ),
        ),
        named(
            "items",
            samples::law(
                "癸示例办法",
                Date::constant(2020, 1, 1),
                &[
                    "申请示例的，应当交：\n（一）申请书；\n（二）营业执照。\n主管部门应当十日内答复。",
                    "示例分：（一）甲；（二）乙。",
                    "示例场所应当有负责人。\n示例场所的负责人对示例场所的安全负责。",
                    "示例分为：\n一、甲类示例；\n二、乙类示例。",
                    "自2020年1月1日起施行。",
                ],
            ),
        ),
        named(
            "rules",
            samples::law(
                "壬示例办法实施细则",
                Date::constant(2017, 1, 1),
                &["细则一。", "细则二。", "自2017年1月1日起施行。"],
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
    let former = FormerLaw { title: "戊示例法".into(), successor: "甲示例法".into(), year: 2013 };
    let unheld = FormerLaw { title: "己示例法".into(), successor: "庚示例法".into(), year: 2013 };
    let former = [former, unheld].map(|law| (pipeline.key(&law.title), law)).into();
    Shelf { pipeline, titles, catalogue, former, texts: records.into_iter().filter_map(text).collect() }
}

fn found(text: &str) -> Vec<Finding> {
    let shelf = shelf();
    let texts = |id: &str| shelf.texts.get(id).cloned();
    let library = Library {
        pipeline: &shelf.pipeline,
        titles: &shelf.titles,
        catalogue: &shelf.catalogue,
        former: &shelf.former,
        texts: &texts,
    };
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
    assert_eq!(outcome("《甲示例法》第一至第三条"), Outcome::Standing);
    assert_eq!(outcome("《甲示例法》第一至第九条"), Outcome::NoSuchPlace);
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
    assert!(gone.outcome == Outcome::Amended && gone.reason.contains("没有找到文字相近的条文"), "{gone:?}");
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

/// A paragraph or an item beyond the last is no place of the law, whatever is quoted of the article.
#[test]
fn paragraphs_and_items_that_an_article_lacks_are_told() {
    let fine = "违反规定的，处五万元以上十万元以下罚款。";
    for (text, told) in [
        (format!("《甲示例法》第二条第五款：{fine}"), ["第二条只有二款，没有第五款", "引文在第二款"]),
        ("《甲示例法》第二条第三款：从来没有过的话。".to_owned(), ["没有第三款", "引文与现行文本不同"]),
        ("《甲示例法》第二条第三项".to_owned(), ["没有分项", "没有第（三）项"]),
        ("《癸示例办法》第一条第（三）项".to_owned(), ["第一条只到第（二）项", "没有第（三）项"]),
        ("《癸示例办法》第一条第二款第（一）项".to_owned(), ["第二款没有分项", "没有第（一）项"]),
    ] {
        let found = &found(&text)[0];
        assert_eq!(found.outcome, Outcome::NoSuchPlace, "{text}: {found:?}");
        assert!(told.iter().all(|told| found.reason.contains(told)), "{text}: {}", found.reason);
    }
    for there in [
        "《甲示例法》第二条第二款",
        "《癸示例办法》第四条第二项",
        "《癸示例办法》第四条第一款第（二）项：乙类示例。",
        "《癸示例办法》第一条第一款第（二）项",
        "《癸示例办法》第一条第（二）项",
        "《癸示例办法》第二条第（二）项",
    ] {
        assert_eq!(outcome(there), Outcome::Standing, "{there}");
    }
}

/// A number of an older text says nothing of the paragraphs of the article that has it now.
#[test]
fn paragraphs_of_an_older_numbering_are_not_looked_for_in_another_article() {
    let found =
        &found("《甲示例法》第一条第二款：未经县级人民政府主管部门许可，任何单位和个人不许经营甲类的示例场所。")[0];
    assert_eq!(found.outcome, Outcome::Misquoted, "{found:?}");
    assert!(found.reason.contains("近于现行文本的") && found.article.map(|n| n.number) == Some(2), "{found:?}");
}

/// Words of another paragraph or item than the one named.
#[test]
fn words_of_another_paragraph_of_the_article_are_told_where_they_stand() {
    let fine = "违反规定的，处五万元以上十万元以下罚款。";
    for (text, told) in [
        (format!("《甲示例法》第二条第一款：{fine}"), "引文在第二条第二款，不在所引的第一款"),
        (
            "《癸示例办法》第一条第（一）项：申请示例的，应当交：（二）营业执照。".to_owned(),
            "引文在第一条第一款第（二）项，不在所引的第（一）项",
        ),
        ("《癸示例办法》第一条第一款：主管部门应当十日内答复。".to_owned(), "引文在第一条第二款"),
    ] {
        let found = &found(&text)[0];
        assert_eq!(found.outcome, Outcome::Misquoted, "{text}: {found:?}");
        assert!(found.reason.contains(told), "{text}: {}", found.reason);
    }
    for right in [
        format!("《甲示例法》第二条第二款：{fine}"),
        format!("《甲示例法》第二条第一款：{LICENCE_2019}"),
        format!("《甲示例法》第二条：{fine}"),
        "《癸示例办法》第一条第（二）项：申请示例的，应当交：（二）营业执照。".to_owned(),
        "《癸示例办法》第一条第一款：申请示例的，应当交：（一）申请书；（二）营业执照。".to_owned(),
    ] {
        assert_eq!(outcome(&right), Outcome::Standing, "{right}");
    }
    let moved = &found("《癸示例办法》第三条第一款：示例场所的负责人对示例场所的安全负责。")[0];
    assert_eq!(moved.outcome, Outcome::Moved, "{moved:?}");
    assert!(moved.reason.contains("现在第三条第二款") && moved.reason.contains("2016-01-01"), "{}", moved.reason);
}

#[test]
fn words_are_compared_with_the_article_that_speaks_of_the_same() {
    let fake = "违反本法第三条规定，生产假示例的，没收违法所得和示例，吊销许可证；处一万元以上十万元以下罚款。";
    let poor = "违反本法第四条规定，生产劣示例的，没收违法所得和示例；处一万元以上五万元以下罚款。";
    let long =
        format!("{fake}{}", "转让、出租、购买、运输示例的，由主管部门按照职责分工责令改正，没收示例。".repeat(6));
    let texts = ["甲。", poor, fake, &long, "说的是完全不同的事情，与示例无关。"];
    let Body::Regulation(regulation) = samples::law("甲法", Date::constant(2021, 1, 1), &texts).body else {
        unreachable!()
    };
    let text = RegulationText::new(regulation);
    let now = |quote: &str, own: u32| {
        let numbers = [(ArticleNumber { number: own, inserted: 0 }, Within::default())];
        corresponding(&text, &Words::of(quote), &articles::found(&text, &numbers))
            .and_then(|a| a.number)
            .map(|n| n.number)
    };
    let old = "违反本法第九条规定，生产假示例的，没收违法所得和示例，吊销许可证；处五千元以上五万元以下罚款。";
    assert_eq!(now(old, 2), Some(3), "not the neighbour that has its number, nor the one that says much besides");
    assert_eq!(now("违反本法第四条规定，生产劣示例的，没收违法所得和示例；处一千元以上五千元以下罚款。", 2), Some(2));
    assert_eq!(now("另一件在现行文本里再也没有的旧事，由国务院规定。", 5), None, "nothing is set beside it");
    // Where the nearest has become of another article, the next of those that are free is taken.
    let is_free = |article: &Article| article.number.is_none_or(|number| number.number != 3);
    let next = corresponding_of(&text, &Words::of(old), &[], is_free).and_then(|article| article.number);
    assert!(next.is_some_and(|number| number.number != 3), "{next:?}");
}

#[test]
fn rules_for_carrying_out_a_regulation_are_looked_up_as_their_own() {
    for text in ["《壬示例办法》实施细则》\n第三条", "《壬示例办法》实施细则第三条"] {
        let all = found(text);
        assert_eq!(
            (all.len(), all[0].regulation.as_deref(), all[0].outcome),
            (1, Some("rules"), Outcome::Standing),
            "{text}"
        );
    }
    assert_eq!(outcome("《甲示例法》实施细则第九条"), Outcome::UnknownRegulation);
    assert_eq!(outcome("《甲示例法》实施条例》第九条"), Outcome::UnknownRegulation);
}

#[test]
fn what_a_copy_without_its_end_lacks_is_not_the_lists_fault() {
    let beyond = &found("《辛示例条例》第三十条：经批准的示例，可以经营。")[0];
    assert_eq!(beyond.outcome, Outcome::IncompleteText);
    assert!(!beyond.outcome.needs_care() && beyond.article.is_none());
    assert!(beyond.reason.contains("到第二条为止") && beyond.reason.contains("不是清单的错"), "{}", beyond.reason);
    assert_eq!(outcome("《辛示例条例》第二条：本条例所称辛，是指示例。"), Outcome::Standing);
    // What else is issued need not have one.
    for level in RegulationLevel::ALL {
        let closes = ["法律", "行政法规", "地方性法规", "部门规章", "地方政府规章"].contains(&level.label());
        let Body::Regulation(regulation) = samples::law("辛", Date::constant(2021, 1, 1), &["甲。", "乙。"]).body
        else {
            unreachable!()
        };
        let text = RegulationText::new(record::Regulation { level, ..regulation });
        let beyond = [(ArticleNumber { number: 3, inserted: 0 }, Within::default())];
        assert_eq!(breaks_off_before(&text, &beyond).is_some(), closes, "{}", level.label());
    }
    // A copy with a closing article is whole, and one that cites beyond it is wrong.
    assert_eq!(outcome("《壬示例办法》第九条"), Outcome::NoSuchPlace);
}

#[test]
fn labels_of_paragraphs_and_the_script_of_shares_are_no_difference() {
    assert_eq!(outcome("《壬示例办法》第一条：擅自预售示例的，处预付款百分之一以下的罚款。"), Outcome::Standing);
    assert_eq!(
        outcome(
            "《壬示例办法》第一条：擅自预售示例的，处预付款1%以下的罚款。\n第二款：情节严重的，由县级人民政府主管部门责令停业。"
        ),
        Outcome::Standing
    );
    assert_eq!(outcome("《壬示例办法》第一条：擅自预售示例的，处预付款百分之二以下的罚款。"), Outcome::Misquoted);
}

#[test]
fn a_month_alone_is_a_version_that_the_library_may_have() {
    let text = "第二条：未经许可经营甲类示例场所的，处七千元罚款。";
    let held = &found(&format!("《甲示例法》（2013年6月修正）{text}"))[0];
    assert_eq!(held.outcome, Outcome::Misquoted, "the library has the text of that month: {held:?}");
    let unheld = &found(&format!("《甲示例法》（2010年10月修正）{text}"))[0];
    assert_eq!(unheld.outcome, Outcome::Amended);
    assert!(unheld.reason.contains("所引为 2010 年 10 月 文本"), "{}", unheld.reason);
}

#[test]
fn a_law_that_another_has_replaced_is_repealed_though_the_library_lacks_its_text() {
    let gone = &found("《中华人民共和国戊示例法》第一百条：戊。")[0];
    assert_eq!((gone.outcome, gone.by.as_deref()), (Outcome::Repealed, Some("now")));
    assert!(gone.reason.contains("今《甲示例法》") && gone.reason.contains("2013"), "{}", gone.reason);
    assert_eq!(
        outcome("《己示例法》第一条"),
        Outcome::UnknownRegulation,
        "nothing is claimed without the other's text"
    );
}
