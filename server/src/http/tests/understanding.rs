//! What people type, and what users of other Chinese search engines complain of.

use indexer::record::DivisionLevel;

use super::*;

/// Labels of the articles of 招商引资条例 that a query finds.
async fn articles(app: &App, query: &str) -> Vec<String> {
    let reply = search(app, query, "&kind=article").await;
    let hits = reply["hits"].as_array().unwrap().iter();
    let ours = hits.filter(|h| h["article"]["regulation"] == "招商引资条例");
    ours.map(|h| h["article"]["number"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn slips_of_sound_shape_and_order_are_put_right() {
    let site = site();
    for (query, id) in [
        ("尊义市人民政府", "520300-gov"),
        ("遵义市人民民政府", "520300-gov"),
        ("遵市义政府", "520300-gov"),
        ("贵州省尊义市人民政府", "520300-gov"),
        ("遵yi市政府", "520300-gov"),
        ("zunyisizengfu", "520300-gov"),
        ("尊义政府", "520300-gov"),
        ("行政许克法", site.new_law.as_str()),
    ] {
        let reply = search(&site.app, query, "").await;
        let first = ids(&reply["direct"]).first().copied().or(ids(&reply["hits"]).first().copied());
        assert_eq!(first, Some(id), "{query}: {reply}");
        assert!(reply["query"]["corrected"].is_string(), "{query}: {}", reply["query"]);
        assert_eq!(reply["query"]["text"], query, "what was typed is told as it was typed");
    }
    let reply = search(&site.app, "行政许克法第2条", "").await;
    assert_eq!(reply["direct"][0]["article"]["number"], "第二条");
}

#[tokio::test]
async fn a_good_query_is_never_corrected() {
    let site = site();
    for query in ["遵义市人民政府", "行政许可", "行政许可法第二条", "待处理", "贵州教育厅", "安顺市人民政府", "拖欠"]
    {
        let reply = search(&site.app, query, "").await;
        let certain = reply["query"]["corrected"].is_string() && reply["query"]["did_you_mean"].is_null();
        assert!(!certain, "{query}: {}", reply["query"]);
    }
}

#[tokio::test]
async fn former_short_and_composed_names_lead_to_the_body() {
    let site = site();
    for (query, id) in [
        ("环保部", "000000-hb"),
        ("黔省教育厅", "520000-jy"),
        ("贵州省的教育厅", "520000-jy"),
        ("工商联", "000000-gsl"),
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&id), "{query}: {}", reply["direct"]);
    }
}

#[tokio::test]
async fn a_body_without_a_record_leads_to_the_nearest() {
    let site = site();
    for (query, hits) in [
        ("遵义市教育局", &["520000-jy", "520300-gov"][..]),
        ("遵义教育", &["520000-jy", "520300-gov"]),
        ("教育局 遵义", &["520000-jy", "520300-gov"]),
        ("遵义医保查询", &["520300-gov"]),
        ("环保局", &["000000-hb"]),
        ("zunyi yibao", &["520300-gov"]),
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(reply["direct"].as_array().unwrap().len(), 0, "{query}: none of them is certain");
        assert!(ids(&reply["hits"]).starts_with(hits), "{query}: {:?}", ids(&reply["hits"]));
    }
    let reply = search(&site.app, "教育局", "&region=520000").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&"520000-jy"), "the reader's region counts");
    let reply = search(&site.app, "遵义交通违章怎么处理", "").await;
    assert!(reply["query"]["notes"].is_null(), "a question names no body: {}", reply["query"]);
}

#[tokio::test]
async fn what_is_certainly_not_there_is_said() {
    let site = site();
    let note = |reply: &Value| reply["query"]["notes"][0].as_str().unwrap_or_default().to_owned();
    assert!(note(&search(&site.app, "12100000400002259P", "").await).contains("校验位都正确"));
    assert!(note(&search(&site.app, "遵义市教育局", "").await).contains("还没有遵义市"));
    assert!(note(&search(&site.app, "国发〔2016〕51号", "").await).contains("没有文号"));
}

#[tokio::test]
async fn a_part_of_a_word_finds_the_whole() {
    let site = site();
    assert!(articles(&site.app, "处理").await.contains(&"第一条".to_owned()));
    assert!(articles(&site.app, "工程").await.contains(&"第二条".to_owned()));
    let reply = search(&site.app, "农业", "&kind=institution").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&"000000-nfh"));
    assert!(articles(&site.app, "百千万亿兆京垓秭穰沟涧正载极一").await.contains(&"第五条".to_owned()));
}

#[tokio::test]
async fn everyday_words_find_the_laws_words() {
    let site = site();
    assert_eq!(articles(&site.app, "请问公司欠薪怎么办").await.first().map(String::as_str), Some("第四条"));
}

#[tokio::test]
async fn operators_do_what_they_say() {
    let site = site();
    assert_eq!(articles(&site.app, "\"招商基金\" -公司").await, ["第三条"]);
    assert_eq!(articles(&site.app, "“招商基金” －公司").await, ["第三条"]);
    let reply = search(&site.app, "标题:行政许可 设定", "&kind=article").await;
    let titles = reply["hits"].as_array().unwrap().iter().chain(reply["direct"].as_array().unwrap());
    assert!(titles.clone().count() > 0);
    assert!(titles.into_iter().all(|h| h["article"]["regulation"].as_str().unwrap().contains("行政许可")));
    let reply = search(&site.app, "行政许可 年份:2019..2024", "&kind=article").await;
    assert!(!ids(&reply["hits"]).is_empty());
    assert!(ids(&reply["hits"]).iter().all(|id| id.starts_with(&site.new_law)), "{reply}");
    assert_eq!(articles(&site.app, "招商基金 机关:国务院").await, [""; 0]);
    let reply = search(&site.app, "政府 地区:福建", "&kind=institution").await;
    assert!(ids(&reply["hits"]).iter().all(|id| *id == "350102-gov" || *id == "x-<b>"), "{reply}");
    for (query, part) in
        [("层级:没有 招商", "层级"), ("年份:去年 招商", "年份"), ("地区:无此地 招商", "地区"), ("-人 招商", "两个字")]
    {
        let reply = search(&site.app, query, "").await;
        assert!(reply["query"]["notes"][0].as_str().unwrap_or_default().contains(part), "{query}: {}", reply["query"]);
    }
}

#[tokio::test]
async fn hits_are_sorted_and_grouped() {
    let site = site();
    let reply = search(&site.app, "特定活动 主管部门批准", "&kind=article&sort=date").await;
    let dates: Vec<&str> =
        reply["hits"].as_array().unwrap().iter().map(|h| h["article"]["version_date"].as_str().unwrap()).collect();
    assert!(dates.contains(&"2020-01-01") && dates.contains(&"2019-04-23"), "{dates:?}");
    assert!(dates.windows(2).all(|pair| pair[0] >= pair[1]), "{dates:?}");
    let (_, _, page) = call(&site.app, path(&format!("/search?q={}", encoded("招商基金")))).await;
    assert!(page.contains("class=\"group\"") && page.contains(">招商引资条例</a> <span class=\"count\">"), "{page}");
    let (status, _, _) = call(&site.app, path("/api/v1/search?q=a&sort=colour")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn marks_are_whole_words_and_never_break_the_page() {
    let site = site();
    let reply = search(&site.app, "虚拟机", "&kind=article").await;
    let snippet = reply["hits"][0]["snippet"].as_str().unwrap();
    assert!(snippet.contains("<mark>虚拟机</mark> a : a : a"), "{snippet}");
    let reply = search(&site.app, "欠薪", "&kind=article").await;
    let snippet = reply["hits"][0]["snippet"].as_str().unwrap();
    assert!(snippet.contains("<mark>拖欠劳动报酬</mark>"), "what the law calls it: {snippet}");
    let reply = search(&site.app, "gzsjyt", "").await;
    let hit = reply["hits"].as_array().unwrap().iter().find(|h| h["id"] == "520000-jy").unwrap();
    assert!(hit["title_html"].as_str().unwrap().contains("<mark>贵州省教育厅</mark>"), "{hit}");
    let reply = search(&site.app, "遵义市人民民政府", "").await;
    let title = reply["direct"][0]["title_html"].as_str().unwrap();
    assert_eq!(title, "<mark>遵义市人民政府</mark>", "marked as it was meant");
}

#[tokio::test]
async fn completions_are_grouped_and_put_slips_right() {
    let site = site();
    let suggest = async |text: &str| -> Vec<(String, String)> {
        let (status, _, body) = call(&site.app, path(&format!("/api/v1/suggest?q={}", encoded(text)))).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let reply: Value = serde_json::from_str(&body).unwrap();
        let part = |s: &Value, name: &str| s[name].as_str().unwrap().to_owned();
        reply["suggestions"].as_array().unwrap().iter().map(|s| (part(s, "kind"), part(s, "text"))).collect()
    };
    let first =
        |all: &[(String, String)], kind: &str| all.iter().find(|(k, _)| k == kind).map(|(_, text)| text.clone());
    let all = suggest("遵义").await;
    assert_eq!(first(&all, "institution").as_deref(), Some("遵义市人民政府"));
    assert_eq!(first(&all, "division").as_deref(), Some("遵义市"));
    assert_eq!(first(&suggest("许可").await, "regulation").as_deref(), Some("中华人民共和国行政许可法"));
    assert_eq!(first(&suggest("zys").await, "institution").as_deref(), Some("遵义市人民政府"));
    assert_eq!(first(&suggest("欠薪").await, "query").as_deref(), Some("欠薪"));
    assert_eq!(first(&suggest("尊义市人民政府").await, "institution").as_deref(), Some("遵义市人民政府"));
    assert!(suggest("无此名称").await.is_empty());
}

#[tokio::test]
async fn a_real_place_is_never_corrected_to_another() {
    let site = site_with(vec![institution("350100-yb", "福州市医疗保障局", "350100")]);
    let reply = search(&site.app, "南京市医疗保障局", "").await;
    assert!(reply["query"]["corrected"].is_null() && ids(&reply["direct"]).is_empty(), "{reply}");
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("南京市"), "{}", reply["query"]);
    let reply = search(&site.app, "福州市医疗保章局", "").await;
    assert_eq!(ids(&reply["direct"]).first(), Some(&"350100-yb"), "{reply}");
    // 福洲市 may be a place that we do not know: it comes first, and the reader is asked.
    let reply = search(&site.app, "福洲市医疗保障局", "").await;
    assert_eq!(ids(&reply["direct"]), [""; 0], "{reply}");
    assert_eq!(ids(&reply["hits"]).first(), Some(&"350100-yb"), "{reply}");
    assert_eq!(reply["query"]["did_you_mean"][0], "福州市医疗保障局");
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("没有找到地名“福洲市”"), "{}", reply["query"]);
}

#[tokio::test]
async fn a_court_or_hospital_by_its_number_is_no_slip_for_another() {
    let mut hospital = institution("520300-h1", "遵义市第一人民医院", "520300");
    if let indexer::record::Body::Institution(i) = &mut hospital.body {
        i.short_names = vec!["遵义一院".into()];
    }
    let site = site_with(vec![hospital]);
    for query in ["遵义一中院", "遵义四院"] {
        let reply = search(&site.app, query, "").await;
        let echo = &reply["query"];
        assert!(echo["corrected"].is_null() && echo["did_you_mean"].is_null(), "{query}: {echo}");
        assert!(echo["notes"][0].as_str().unwrap().contains("资料中还没有遵义市的"), "{query}: {echo}");
    }
    assert_eq!(ids(&search(&site.app, "遵义一院", "").await["direct"]), ["520300-h1"]);
}

#[tokio::test]
async fn all_places_of_a_name_are_answered_and_named() {
    let site = site();
    let reply = search(&site.app, "鼓楼区税务局", "").await;
    let note = reply["query"]["notes"][0].as_str().unwrap();
    assert!(note.contains("同名的还有") && note.contains("鼓楼区"), "{note}");
    let found = ids(&reply["hits"]);
    assert!(found.contains(&"320106-gov") && found.contains(&"350102-gov"), "{found:?}");
}

#[tokio::test]
async fn the_beginning_of_an_office_s_name_is_no_name_of_its_region() {
    let office = institution("gz-sw", "国家税务总局贵州省税务局", "520000");
    let site = site_with(vec![office]);
    let reply = search(&site.app, "国家税务总局贵州", "").await;
    assert!(!ids(&reply["direct"]).contains(&"520000"), "{reply}");
    assert_eq!(ids(&reply["hits"]).first(), Some(&"gz-sw"), "{reply}");
}

#[tokio::test]
async fn two_characters_are_never_taken_for_others_for_certain() {
    let mut other = institution("sb", "上海示例博物馆", "310000");
    if let RecordBody::Institution(i) = &mut other.body {
        i.short_names = vec!["上博".into()];
        i.division = "000000".parse().unwrap();
    }
    let site = site_with(vec![other]);
    let reply = search(&site.app, "陕博", "").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
    assert_eq!(reply["hits"][0]["why"][0], "可能是要找这个", "{reply}");
}

#[tokio::test]
async fn an_errand_leads_to_the_office_or_the_government() {
    let site = site();
    let reply = search(&site.app, "遵义12345", "").await;
    assert_eq!(ids(&reply["direct"]).first(), Some(&"520300-gov"), "{reply}");
    let reply = search(&site.app, "遵义民政局离婚预约", "").await;
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("遵义市的“民政局”"), "{}", reply["query"]);
    assert_eq!(ids(&reply["hits"]).first(), Some(&"520300-gov"));
    let reply = search(&site.app, "遵义无此事项查询", "").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&"520300-gov"), "{reply}");
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("没有认出"), "{}", reply["query"]);
}

#[tokio::test]
async fn a_matter_that_everyone_asks_about_leads_to_its_article() {
    let date = Date::constant(2012, 12, 28);
    let texts = ["试用买卖的试用期最长由当事人约定。", "劳动合同期限三个月以上不满一年的，试用期不得超过一个月。"];
    let site = site_with(vec![law("中华人民共和国劳动合同法", date, &texts, None)]);
    let reply = search(&site.app, "试用期最长多久", "&kind=article").await;
    assert_eq!(reply["hits"][0]["article"]["number"], "第二条", "{reply}");
    assert_eq!(reply["hits"][0]["why"][0], "常问事项");
    // A law that another text repeals leads nowhere.
    let repeal = law("劳动法典", Date::constant(2020, 1, 1), &["《中华人民共和国劳动合同法》同时废止。"], None);
    let site = site_with(vec![law("中华人民共和国劳动合同法", date, &texts, None), repeal]);
    let reply = search(&site.app, "试用期最长多久", "&kind=article").await;
    assert!(reply["hits"].as_array().unwrap().iter().all(|h| h["why"][0] != "常问事项"), "{reply}");
}

#[tokio::test]
async fn a_law_that_was_taken_into_another_leads_there_and_says_so() {
    let site = site_with(vec![law("中华人民共和国民法典", Date::constant(2020, 5, 28), &["为了保护。"], None)]);
    for query in ["合同法", "中华人民共和国合同法", "合同法第52条", "物权法全文"] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(reply["direct"][0]["title"], "中华人民共和国民法典", "{query}: {reply}");
        assert!(reply["query"]["notes"][0].as_str().unwrap().contains("2021 年"), "{query}: {}", reply["query"]);
    }
}

#[tokio::test]
async fn citations_without_the_word_for_article_and_titles_inside_titles() {
    let interpretation = "最高人民法院关于适用《中华人民共和国行政许可法》的解释";
    let site = site_with(vec![law(interpretation, Date::constant(2021, 1, 1), &["解释的第一条。"], None)]);
    for query in ["行政许可法2", "行政许可法第2", "行政许可法第二"] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(reply["direct"][0]["article"]["number"], "第二条", "{query}: {reply}");
    }
    let reply = search(&site.app, "行政许可法2019", "").await;
    assert!(reply["direct"].as_array().unwrap().iter().all(|h| h["kind"] != "article"), "a year is no article");
    let reply = search(&site.app, interpretation, "").await;
    assert_eq!(reply["direct"][0]["title"], interpretation, "{reply}");
    let full = format!("{interpretation}第一条");
    let shorter = full.replace("《中华人民共和国", "《");
    for query in ["行政许可法解释第1条", "行政许可法司法解释第一条", &full, &shorter] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(reply["direct"][0]["article"]["regulation"], interpretation, "{query}: {reply}");
    }
}

#[tokio::test]
async fn a_document_number_that_is_not_there_finds_only_what_names_it() {
    let naming = law("丁办法", Date::constant(2020, 1, 1), &["依照《甲规定》（国务院令第999号）办理。"], None);
    let site = site_with(vec![naming]);
    let reply = search(&site.app, "国务院令第999号", "").await;
    assert!(reply["query"]["notes"][0].as_str().unwrap().contains("没有文号"));
    let titles: Vec<&str> = reply["hits"].as_array().unwrap().iter().map(|h| h["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["丁办法 第一条"]);
    assert_eq!(search(&site.app, "国令第998号", "").await["total"], 0);
}

#[tokio::test]
async fn a_kind_of_office_is_none_of_a_place_that_is_called_like_its_beginning() {
    let place = samples::division("421022", "公安县", "公安", DivisionLevel::County, Some("000000"));
    let ministry = samples::institution("000000-ga", "中华人民共和国公安部", "000000");
    let own = samples::institution("421022-gov", "公安县人民政府", "421022");
    let site = site_with(vec![place, ministry, own]);
    let reply = search(&site.app, "公安局", "").await;
    let hits = ids(&reply["hits"]);
    assert_eq!(hits.first(), Some(&"000000-ga"), "{reply}");
    let reply = search(&site.app, "公安政府", "").await;
    assert_eq!(ids(&reply["direct"]).first(), Some(&"421022-gov"), "{reply}");
}

#[tokio::test]
async fn an_office_without_a_region_is_looked_for_where_the_reader_is() {
    let site = site();
    // 遵义市 has no 教育局 on record: what stands above it, as where the region is typed.
    let (near, typed) =
        (search(&site.app, "教育局", "&near=520300").await, search(&site.app, "遵义市教育局", "").await);
    assert_eq!(ids(&near["hits"]).first(), ids(&typed["hits"]).first(), "{near}");
    assert_eq!(ids(&near["hits"]).first(), Some(&"520000-jy"), "{near}");
    assert!(near["query"]["notes"][0].as_str().unwrap().contains("资料中还没有遵义市的“教育局”"), "{}", near["query"]);
    let nowhere = search(&site.app, "教育局", "").await;
    assert!(nowhere["query"]["notes"].to_string().contains("各地都有"), "{}", nowhere["query"]);
}
