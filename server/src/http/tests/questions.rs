//! Questions in plain words: answered from the bank of asked questions, and nothing else is changed by it.

use super::*;

/// A law with one article that has the words by which the bank knows it, among articles that have not; and a question
/// asked of it.
fn asked_law() -> (Record, String, usize) {
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let asked = dictionaries.questions.iter().find(|q| (15..40).contains(&q.text.chars().count())).unwrap();
    let mut texts: Vec<String> = (1..=12).map(|n| format!("样例的第{n}件事，由主管部门处理。")).collect();
    let place = 7;
    texts[place - 1] = format!("样例。{}，依照规定处理。", asked.phrase);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let title = format!("中华人民共和国{}", asked.title);
    (law(&title, Date::constant(2024, 1, 1), &texts, None), asked.text.clone(), place)
}

#[tokio::test]
async fn a_question_like_one_that_was_asked_finds_its_article() {
    let (law, question, place) = asked_law();
    let article = format!("{}/{place}", law.id);
    let site = site_with(vec![law]);
    for question in [question.clone(), format!("请问{question}"), format!("{question}，怎么办")] {
        let reply = search(&site.app, &question, "&kind=article").await;
        assert_eq!(ids(&reply["hits"]).first(), Some(&article.as_str()), "{question}: {}", reply["hits"]);
        assert_eq!(reply["direct"], serde_json::json!([]), "likeness is no certainty");
        let scores: Vec<f64> =
            reply["hits"].as_array().unwrap().iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
        assert!(scores.windows(2).all(|two| two[0] >= two[1]), "{scores:?}");
    }
    let reply = search(&site.app, &question, "&kind=article&to=2023-12-31").await;
    assert!(!ids(&reply["hits"]).contains(&article.as_str()), "the reader's filter holds for what was asked, too");
}

#[tokio::test]
async fn a_long_question_is_searched_for_by_its_beginning_on_pages() {
    let (law, question, place) = asked_law();
    let site = site_with(vec![law]);
    let long = format!("{question}{}", "，后来又说了许多".repeat(60));
    let (status, _, page) = call(&site.app, path(&format!("/search?q={}", encoded(&long)))).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("只查了前 256 个字") && page.contains(&format!("/articles/{place}")), "{page}");
    let (status, ..) = call(&site.app, path(&format!("/api/v1/search?q={}", encoded(&long)))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "the interface says what is wrong");
}

#[tokio::test]
async fn an_article_is_found_by_its_words_whatever_its_number() {
    let (law, question, place) = asked_law();
    let article = format!("{}/{place}", law.id);
    let mut moved = law.clone();
    if let RecordBody::Regulation(r) = &mut moved.body {
        // The article's words stand in another place.
        let text = std::mem::replace(&mut r.articles[place - 1].text, "样例的事。".into());
        r.articles[2].text = text;
    }
    let site = site_with(vec![moved]);
    let reply = search(&site.app, &question, "&kind=article").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&format!("{}/3", law.id).as_str()), "{}", reply["hits"]);
    assert_ne!(ids(&reply["hits"]).first(), Some(&article.as_str()));
}

#[tokio::test]
async fn the_data_page_tells_how_questions_are_answered() {
    let site = site();
    let (status, _, body) = call(&site.app, path("/data")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("问句的排序") && body.contains("棵决策树"), "{body}");
    let reply = search(&site.app, "公司拖欠工资怎么办", "&kind=article&explain=1").await;
    assert!(reply["explain"]["ranking"]["trees"].as_u64().is_some_and(|trees| trees > 0), "{}", reply["explain"]);
}

#[test]
fn no_question_is_a_fault_of_the_service() {
    let site = site_with(vec![asked_law().0]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let questions = "([公司拖欠工资房东押金离婚孩子怎么办吗？，]|[a-z0-9 ]|\\PC){1,256}";
    proptest!(ProptestConfig::with_cases(100), |(text in questions)| {
        let address = format!("/api/v1/search?q={}&kind=article", encoded(&text));
        let (status, _, body) = runtime.block_on(call(&site.app, path(&address)));
        prop_assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST, "{}: {} {}", text, status, body);
    });
}
