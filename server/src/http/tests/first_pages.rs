//! What stands on the first page: articles that hold what was asked for, and none that merely share characters with it.

use super::*;

/// Numbers of the articles of a regulation that a query finds, in their order.
async fn of(app: &App, regulation: &str, query: &str, more: &str) -> Vec<String> {
    let reply = search(app, query, more).await;
    let hits = reply["hits"].as_array().unwrap().iter();
    let ours = hits.filter(|h| h["article"]["regulation"] == regulation);
    ours.map(|h| h["article"]["number"].as_str().unwrap().to_owned()).collect()
}

fn site_of(texts: &[&str]) -> Site {
    site_with(vec![law("甲市管理办法", Date::constant(2021, 1, 1), texts, None)])
}

#[tokio::test]
async fn beside_a_certain_answer_stand_articles_that_name_it() {
    let site = site_of(&[
        "坚持社会主义市场经济体制，依法管理市政设施。",
        "遵义市人民政府负责本办法的实施。",
        "遵义市政府可以制定细则。",
        "政府应当公开信息。",
    ]);
    for query in ["遵义市政府", "zunyi zhengfu", "遵义市人民政府官网"] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&"520300-gov"), "{query}");
        let mut found = of(&site.app, "甲市管理办法", query, "").await;
        found.sort();
        assert_eq!(found, ["第三条", "第二条"], "{query}");
    }
}

#[tokio::test]
async fn a_regulation_is_a_hit_itself_whose_title_holds_the_query() {
    let dogs = law("遵义市养犬管理条例", Date::constant(2021, 1, 1), &["养犬应当登记。", "养犬人应当文明养犬。"], None);
    let mut about =
        law("遵义市人大常委会关于修改《遵义市养犬管理条例》的决定", Date::constant(2022, 1, 1), &["养犬。"], None);
    if let RecordBody::Regulation(r) = &mut about.body {
        r.document_kind = indexer::record::DocumentKind::Amendment;
    }
    let site = site_with(vec![dogs.clone(), about]);
    for query in ["养犬", "养犬管理", "遵义养犬"] {
        let reply = search(&site.app, query, "").await;
        let hits = reply["hits"].as_array().unwrap();
        let at = hits.iter().position(|hit| hit["id"] == dogs.id.as_str());
        assert!(at.is_some_and(|at| at <= 3), "{query}: {reply}");
        assert!(
            hits[0]["kind"] == "article" && !hits.iter().any(|hit| hit["why"][0] == "可能是要找这个"),
            "{query}: {reply}"
        );
    }
    let reply = search(&site.app, "养犬", "&kind=regulation").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&dogs.id.as_str()), "{reply}");
}

#[tokio::test]
async fn articles_left_out_are_counted_and_one_step_away() {
    let site = site_of(&["坚持社会主义市场经济体制，依法管理市政设施。", "政府应当公开信息。"]);
    for query in ["遵义市政府", "zunyi zhengfu"] {
        assert_eq!(of(&site.app, "甲市管理办法", query, "").await, [""; 0], "{query}");
        let reply = search(&site.app, query, "").await;
        let left_out = reply["partial_articles"].as_u64().unwrap();
        assert!(left_out >= 1, "{query}: {left_out}");
        let all = search(&site.app, query, "&partial=1").await;
        assert_eq!(all["partial_articles"], 0);
        assert_eq!(all["total"].as_u64().unwrap(), reply["total"].as_u64().unwrap() + left_out);
        assert_eq!(of(&site.app, "甲市管理办法", query, "&partial=1&size=100").await.len() as u64, left_out, "{query}");
    }
    let (_, _, page) = call(&site.app, path(&format!("/search?q={}", encoded("遵义市政府")))).await;
    assert!(page.contains("条条文只含其中部分字词") && page.contains("partial=1"), "{page}");
    let (status, _, _) = call(&site.app, path("/api/v1/search?q=a&partial=yes")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_office_without_a_record_brings_no_pieces_of_its_name() {
    let site = site_of(&["花岗岩的开采应当经批准，法院依法审理。", "遵义市教育局负责教育。", "教育应当公平。"]);
    assert_eq!(of(&site.app, "甲市管理办法", "遵义市教育局", "").await, ["第二条"]);
}

/// 市监 and 监局 stand side by side in other words: nobody who asks for 市场监督管理局 asks for prisons.
#[tokio::test]
async fn the_short_name_of_an_office_brings_no_pieces_of_it() {
    let texts = ["加强城市监管。", "监狱应当保障罪犯的权利。", "由乙市监局负责。"];
    let site = site_with(vec![
        law("甲市管理办法", Date::constant(2021, 1, 1), &texts, None),
        institution("l-1", "遵义市监狱管理局", "520300"),
    ]);
    for (query, held) in [("市监局", vec!["第三条"]), ("市监", vec![])] {
        assert_eq!(of(&site.app, "甲市管理办法", query, "").await, held, "{query}");
        let reply = search(&site.app, query, "").await;
        let all = search(&site.app, query, "&partial=1").await;
        let left_out = |of: &str| reply[of].as_u64().unwrap();
        assert!(left_out("partial_articles") + left_out("partial_names") >= 1, "{query}: {reply} {all}");
        assert!(!ids(&reply["hits"]).contains(&"l-1"), "{query}: {reply}");
        assert!(all["partial_articles"] == 0 && all["partial_names"] == 0, "{query}: {all}");
    }
}

#[tokio::test]
async fn an_article_holds_a_word_of_the_query_or_what_the_law_calls_it() {
    let site = site_of(&[
        "子女对父母有赡养义务。",
        "设立养老机构应当备案。",
        "学校、养老院门前应当设置标线。",
        "收藏单位应当配备防盗设施。",
        "禁止在临街安装防盗窗。",
        "申领残疾人证不收费用。",
        "保护残疾人的合法权益。",
        "享受优待的，出示残疾证。",
    ]);
    let found = of(&site.app, "甲市管理办法", "养老院", "").await;
    assert_eq!(found, ["第三条", "第二条"], "the word itself, then the law's word, and nothing of a piece of it");
    assert_eq!(of(&site.app, "甲市管理办法", "防盗窗", "").await, ["第五条"]);
    assert_eq!(of(&site.app, "甲市管理办法", "残疾证", "").await, ["第八条", "第六条", "第七条"]);
}

/// 附件 sounds like 福建, and is a word of its own.
#[tokio::test]
async fn a_word_that_articles_have_is_no_slip_for_a_place() {
    let site = site_of(&["附件与正文具有同等效力。"]);
    let reply = search(&site.app, "附件", "").await;
    assert!(reply["query"]["did_you_mean"].is_null() && reply["query"]["corrected"].is_null(), "{}", reply["query"]);
    assert_eq!(reply["hits"][0]["kind"], "article", "{reply}");
}

#[tokio::test]
async fn pieces_are_shown_where_nothing_holds_the_word() {
    let site = site_of(&["收藏单位应当配备防盗设施。"]);
    assert_eq!(of(&site.app, "甲市管理办法", "防盗帘", "").await, ["第一条"]);
}

#[tokio::test]
async fn a_single_character_finds_every_text_that_holds_it() {
    let site = site_of(&[
        "禁止养狗。",
        "狗应当拴绳。",
        "携带猫、狗、鸟的，不得乘车。",
        "犬只登记免费。",
        "本市对流浪狗和流浪猫实行收容。",
    ]);
    let mut found = of(&site.app, "甲市管理办法", "狗", "").await;
    found.sort();
    assert_eq!(found, ["第一条", "第三条", "第二条", "第五条"], "at the front, at the end, alone and inside");
    assert_eq!(of(&site.app, "甲市管理办法", "狗", "&from=2022").await, [""; 0], "filters hold");
    assert_eq!(of(&site.app, "甲市管理办法", "鼋", "").await, [""; 0]);
    assert_eq!(search(&site.app, "狗", "&status=已废止").await["total"], 0);
}

/// A national law and the rules of two places on one matter.
fn local_and_national() -> Site {
    let of = |title: &str, division: &str| {
        let mut regulation =
            law(title, Date::constant(2021, 1, 1), &["既有住宅加装电梯的，应当征求相邻业主的意见。"], None);
        let RecordBody::Regulation(r) = &mut regulation.body else { unreachable!() };
        (r.division, r.level) = (Some(division.parse().unwrap()), RegulationLevel::LocalRegulation);
        regulation
    };
    site_with(vec![
        law(
            "电梯法",
            Date::constant(2021, 1, 1),
            &["既有住宅加装电梯的，应当征求相邻业主的意见，由业主共同决定。"],
            None,
        ),
        of("贵州省电梯条例", "520000"),
        of("福建省电梯条例", "350000"),
    ])
}

#[tokio::test]
async fn what_holds_where_the_reader_asks_about_comes_first() {
    let site = local_and_national();
    let order = async |query: &str, more: &str| -> Vec<String> {
        let reply = search(&site.app, query, &format!("&kind=article{more}")).await;
        let hits = reply["hits"].as_array().unwrap().iter();
        hits.map(|h| h["article"]["regulation"].as_str().unwrap().to_owned()).collect()
    };
    for (query, more) in [
        ("加装电梯 遵义", ""),
        ("遵义加装电梯", ""),
        ("加装电梯遵义市", ""),
        ("贵州省遵义市 加装电梯", ""),
        ("加装电梯", "&near=520300"),
        ("加装电梯 遵义", "&near=350000"),
    ] {
        assert_eq!(order(query, more).await, ["贵州省电梯条例", "电梯法", "福建省电梯条例"], "{query}{more}");
    }
    assert_eq!(order("加装电梯", "&near=350102").await[0], "福建省电梯条例");
    assert_eq!(order("加装电梯", "").await[0], "电梯法", "nobody said where");
    let notes = async |query: &str| search(&site.app, query, "").await["query"]["notes"].to_string();
    let told = notes("加装电梯 南京").await;
    assert!(told.contains("没有找到南京市自己关于这件事的规定"), "{told}");
    for query in ["加装电梯 遵义", "加装电梯"] {
        let told = notes(query).await;
        assert!(!told.contains("没有找到"), "{query}: {told}");
    }
    let (status, _, reply) = call(&site.app, path(&format!("/api/v1/search?q={}&near=999999", encoded("电梯")))).await;
    assert!(status == StatusCode::BAD_REQUEST && reply.contains("near"), "{reply}");
}

#[tokio::test]
async fn a_reader_says_once_where_they_are() {
    let site = local_and_national();
    let (_, _, division) = call(&site.app, path("/divisions/520300")).await;
    assert!(division.contains("/?near=520300"), "{division}");
    let (_, _, home) = call(&site.app, path("/?near=520300")).await;
    assert!(home.contains("name=\"near\" value=\"520300\"") && home.contains("以遵义市"), "{home}");
    let (_, _, results) = call(&site.app, path(&format!("/search?q={}&near=520300", encoded("加装电梯")))).await;
    assert!(results.contains("name=\"near\" value=\"520300\"") && results.contains("以遵义市为先"), "{results}");
    let tab = results.split("kind=article").nth(1).and_then(|rest| rest.split('"').next());
    assert!(tab.is_some_and(|rest| rest.contains("near=520300")), "tabs keep it: {results}");
    let (_, _, plain) = call(&site.app, path("/")).await;
    assert!(!plain.contains("name=\"near\""));
    // A browser keeps the code of a division that is no more, and links may hold anything.
    for lost in ["999999", "x"] {
        for page in [format!("/?near={lost}"), format!("/search?q={}&near={lost}", encoded("加装电梯"))] {
            let (status, _, body) = call(&site.app, path(&page)).await;
            assert_eq!(status, StatusCode::OK, "{page}: {body}");
            let kept = [format!("near={lost}"), format!("value=\"{lost}\""), "name=\"near\"".to_owned()];
            assert!(kept.iter().all(|kept| !body.contains(kept.as_str())), "{page}: {body}");
        }
    }
}

/// 文物局 alone is the nation's, which is called so with 国家 before it; 移民局 is not the office that some counties
/// had for those who made way for reservoirs. With a region it is the region's.
#[tokio::test]
async fn an_office_without_a_region_is_the_nations_that_is_called_so() {
    let with_short = |id: &str, name: &str, short: &str| {
        let mut record = samples::institution(id, name, "000000");
        let RecordBody::Institution(body) = &mut record.body else { unreachable!() };
        body.short_names = vec![short.to_owned()];
        record
    };
    let site = site_with(vec![
        samples::institution("n-1", "国家文物局", "000000"),
        with_short("n-2", "国家移民管理局", "国家移民局"),
        samples::institution("l-1", "遵义市文物局", "520300"),
    ]);
    for (query, id) in
        [("文物局", "n-1"), ("文物局电话", "n-1"), ("移民局", "n-2"), ("遵义市文物局", "l-1"), ("国家文物局", "n-1")]
    {
        let reply = search(&site.app, query, "").await;
        let all = [ids(&reply["direct"]), ids(&reply["hits"])].concat();
        assert_eq!(all.first(), Some(&id), "{query}");
    }
}

#[tokio::test]
async fn beside_an_institution_that_is_meant_others_of_like_names_are_only_counted() {
    let site = site_with(vec![
        institution("520400-gov", "安顺市人民政府", "520400"),
        institution("520300-office", "遵义市人民政府办公室", "520300"),
    ]);
    let reply = search(&site.app, "遵义市人民政府", "").await;
    assert_eq!(ids(&reply["direct"]), ["520300-gov"]);
    let hits = ids(&reply["hits"]);
    assert!(hits.contains(&"520300-office") && !hits.contains(&"520400-gov"), "{reply}");
    assert!(hits.contains(&"520300"), "its own division: {reply}");
    let left_out = reply["partial_names"].as_u64().unwrap();
    assert!(left_out > 0);
    let all = search(&site.app, "遵义市人民政府", "&partial=1").await;
    assert!(all["partial_names"] == 0 && ids(&all["hits"]).contains(&"520400-gov"), "{all}");
    // A division of the same name elsewhere is not its.
    let reply = search(&site.app, "南京市鼓楼区人民政府", "").await;
    assert!(ids(&reply["direct"]) == ["320106-gov"] && !ids(&reply["hits"]).contains(&"350102"), "{reply}");
    // Without a certain answer what is alike is all there is.
    let reply = search(&site.app, "安顺市人民政府办公厅", "").await;
    assert!(ids(&reply["hits"]).contains(&"520400-gov") && reply["partial_names"] == 0, "{reply}");
}
