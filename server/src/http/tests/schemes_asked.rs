//! Who is in charge of something in a full store, which institution a name in a scheme means, and what became of a name
//! that is gone: whichever office recorded it, in whichever form it is typed.

use indexer::record::{Role, staffing};

use super::{
    offices::{get, signed_in, upload},
    schemes::record,
    *,
};

pub fn scheme(name: &str, division: &str, duties: &str) -> Record {
    let title = format!("{name}职能配置、内设机构和人员编制规定");
    let columns = [
        ("title", title.as_str()),
        ("institution_name", name),
        ("division", division),
        ("effective", "2019-04-01"),
        ("duties", duties),
    ];
    record(staffing::SCHEME, &columns)
}

/// An event that an office of a division recorded.
fn event(division: &str, change: &str, day: &str, from: &str, to: &str) -> Record {
    let title = format!("{from}{change}{to}");
    let columns = [
        ("title", title.as_str()),
        ("institution_name", if to.is_empty() { from } else { to }),
        ("division", division),
        ("date", day),
        ("change", change),
        ("from", from),
        ("to", to),
        ("document_number", "遵编〔2019〕3号"),
    ];
    record(staffing::EVENT, &columns)
}

fn notes(found: &Value) -> Vec<&str> {
    found["query"]["notes"].as_array().into_iter().flatten().map(|note| note.as_str().unwrap()).collect()
}

/// More schemes of other places speak of a matter, and more shortly, than are looked at: the reader's region has its
/// word.
#[tokio::test]
async fn the_readers_region_answers_however_many_others_speak_of_the_matter() {
    let long = format!("（一）拟订{}。负责校外培训机构的监督管理。", "规划、计划和政策并组织实施".repeat(30));
    let own = scheme("遵义市教育局", "520300", &long);
    let others = (0..260).map(|n| scheme(&format!("鼓楼区第{n}教育局"), "320106", "（一）负责校外培训机构。"));
    let site = site_with(others.chain([own.clone()]).collect());
    for (query, more) in
        [("遵义谁负责校外培训", ""), ("谁负责校外培训", "&region=520300"), ("谁负责校外培训", "&near=520300")]
    {
        let found = search(&site.app, query, more).await;
        let told = &found["direct"][0];
        assert_eq!(told["id"], own.id, "{query}{more}: {found}");
        assert!(told["why"][0].as_str().unwrap().contains("该地区机构"), "{found}");
    }
    // Above it as well.
    let found = search(&site.app, "谁负责校外培训", "&near=320100").await;
    assert!(found["direct"].as_array().unwrap().iter().all(|hit| hit["id"] != own.id), "{found}");
}

/// 市公安局 in a district's scheme is the city's, and a short form with a gap is the institution that has a scheme.
#[tokio::test]
async fn a_name_in_a_scheme_means_the_body_of_its_level() {
    let duties = "（一）负责基础教育工作。\n【职责分工：市公安局】（二）与市公安局的职责分工。区教育局负责学校安全；市公安局负责校车安全检查。\n【职责分工：区市场监管局】（三）与区市场监管局的职责分工。区市场监管局负责学校周边食品摊点。";
    let district = scheme("鼓楼区教育局", "320106", duties);
    let market = scheme("鼓楼区市场监督管理局", "320106", "（一）负责企业登记。");
    let site = site_with(vec![
        district.clone(),
        market,
        samples::institution("b-ga", "南京市公安局", "320100"),
        samples::institution("b-qga", "鼓楼区公安局", "320106"),
    ]);
    for (asked, owner) in [("谁负责校车安全检查", "南京市公安局"), ("谁负责学校周边食品摊点", "鼓楼区市场监督管理局")]
    {
        let found = search(&site.app, asked, "&region=320106").await;
        assert_eq!(found["direct"][0]["id"], district.id, "{asked}: {found}");
        assert_eq!(found["direct"][0][staffing::SCHEME]["owner"], owner, "{asked}: {found}");
    }
}

/// What is done by a division of duties is a duty of the institution's own, and is found by its matter.
#[tokio::test]
async fn a_duty_done_by_a_division_of_duties_keeps_its_matter() {
    let text = "鼓楼区教育局职能配置、内设机构和人员编制规定\n第一条　鼓楼区教育局的主要职责是：\n（一）负责全区基础教育工作。\n（二）会同有关部门按照职责分工负责校外培训机构的监督管理。\n（三）完成区委、区政府交办的其他任务。\n第二条　本规定自2019年4月1日起施行。\n";
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let request = upload("/console/upload", &writer, &token, "一.txt", text.as_bytes());
    let (_, headers, _) = call(&site.app, request).await;
    let (_, _, page) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &writer)).await;
    assert!(page.contains("（二）会同有关部门按照职责分工负责校外培训机构的监督管理。"), "{page}");
    assert!(!page.contains("】（二）"), "{page}");
}

/// A name that is gone is found by what people called it, with until when it was and who took over.
#[tokio::test]
async fn a_short_form_of_a_former_name_finds_what_became_of_it() {
    let merged = event("520300", "合并", "2019-02-01", "遵义市工商行政管理局", "遵义市市场监督管理局");
    let ministry = event("000000", "合并", "2018-03-17", "中华人民共和国环境保护部", "生态环境部");
    let mut record_of = samples::institution("b-sl", "遵义市水利局", "520300");
    if let RecordBody::Institution(institution) = &mut record_of.body {
        institution.former_names = vec!["遵义市国土资源局".into()];
    }
    let site = site_with(vec![merged.clone(), ministry.clone(), record_of]);
    for (query, id, told) in [
        (
            "遵义市工商局",
            merged.id.as_str(),
            "“遵义市工商局”（遵义市工商行政管理局）是曾用名，用到 2019-02-01 为止（合并，遵编〔2019〕3号），由遵义市市场监督管理局承接",
        ),
        (
            "环保部",
            &ministry.id,
            "“环保部”（环境保护部）是曾用名，用到 2018-03-17 为止（合并，遵编〔2019〕3号），由生态环境部承接",
        ),
        ("环境保护部", &ministry.id, "“中华人民共和国环境保护部”是曾用名，用到 2018-03-17 为止"),
    ] {
        let found = search(&site.app, query, "").await;
        assert!(notes(&found).iter().any(|note| note.starts_with(told)), "{query}: {found}");
        let hits = || found["direct"].as_array().unwrap().iter().chain(found["hits"].as_array().unwrap());
        assert!(hits().any(|hit| hit["id"] == id), "{query}: {found}");
    }
    let found = search(&site.app, "遵义市国土局", "").await;
    assert!(found["direct"].as_array().unwrap().iter().any(|hit| hit["id"] == "b-sl"), "{found}");
    // Where no event is on record the dictionary tells.
    let found = search(&site.app, "质监局", "").await;
    assert!(notes(&found).iter().any(|note| note.starts_with("“质监局”是曾用名，2018 年起")), "{found}");
    for query in ["教育局", "遵义市人民政府"] {
        let found = search(&site.app, query, "").await;
        assert!(!notes(&found).iter().any(|note| note.contains("曾用名")), "{found}");
    }
}

/// Events stand on the page of an institution whichever office recorded them, and on no page of an institution of the
/// same name elsewhere.
#[tokio::test]
async fn events_recorded_elsewhere_stand_on_the_page_of_the_body() {
    let body = || samples::institution("b-wl", "遵义市文旅局", "520300");
    let page = async |events: Vec<Record>| {
        let site = site_with(events.into_iter().chain([body()]).collect());
        let asked = Request::get("/institutions/b-wl").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        call(&site.app, asked).await.2
    };
    let (from, to) = ("遵义市文体局", "遵义市文旅局");
    for division in ["520300", "520000", "320100"] {
        let shown = page(vec![event(division, "合并", "2019-02-01", from, to)]).await;
        assert!(shown.contains("遵义市文体局合并遵义市文旅局"), "{division}: {shown}");
    }
    // A name that tells no place is of the place that recorded it.
    let shown = page(vec![
        event("520300", "合并", "2019-02-01", "文化体育局", to),
        event("320100", "更名", "2001-02-01", "体委", "文化体育局"),
    ]);
    let shown = shown.await;
    assert!(shown.contains("文化体育局合并") && !shown.contains("体委更名"), "{shown}");
}

/// A long line of an institution is told whole, whatever happened to others of its division.
#[tokio::test]
async fn the_line_of_a_body_is_whole_among_thousands_of_events() {
    let others =
        (0..2_100).map(|n| event("520300", "更名", "2010-01-01", &format!("遵义市第{n}科"), &format!("遵义市第{n}局")));
    let own = [
        event("520300", "更名", "2001-01-01", "遵义市文体局", "遵义市文旅局"),
        event("520300", "撤销", "2020-01-01", "遵义市文旅局", "遵义市人民政府"),
    ];
    let body = samples::institution("b-wl", "遵义市文旅局", "520300");
    let site = site_with(others.chain(own).chain([body]).collect());
    let asked = Request::get("/institutions/b-wl").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let shown = call(&site.app, asked).await.2;
    for told in ["id=\"ended\"", "遵义市文旅局到 2020-01-01 为止", "遵义市文体局更名遵义市文旅局"]
    {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

/// What is uploaded is held against the events on record as what is filled in is: S6, before anybody hands it in.
#[tokio::test]
async fn an_uploaded_notice_after_the_end_of_its_body_is_told() {
    let ended = event("320106", "撤销", "2019-03-01", "鼓楼区教育局", "鼓楼区文教局");
    let site = site_with(vec![ended]);
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let notice = "关于调整鼓楼区教育局机构编制的通知\n鼓编〔2021〕9号\n核减鼓楼区教育局行政编制2名，调整后28名。\n2021年5月6日\n";
    let request = upload("/console/upload", &writer, &token, "调整.txt", notice.as_bytes());
    let (_, headers, _) = call(&site.app, request).await;
    let (_, _, page) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &writer)).await;
    assert!(page.contains("晚于“鼓楼区教育局”终止的日期 2019-03-01"), "{page}");
}

/// A scheme that is to be repealed on a day to come answers until then; one that is over does not.
#[tokio::test]
async fn a_scheme_answers_until_the_day_of_its_end() {
    for (until, answers) in [("2099-01-01", true), ("2020-01-01", false)] {
        let mut own = scheme("遵义市教育局", "520300", "（一）负责校外培训机构的监督管理。");
        own.body.fill(|column| (column.name == "repealed").then_some(until)).unwrap();
        let site = site_with(vec![own.clone()]);
        let found = search(&site.app, "遵义谁负责校外培训", "").await;
        assert_eq!(found["direct"][0]["id"] == own.id, answers, "{until}: {found}");
    }
}

/// 补课 is 校外培训 in schemes as in the law: the answer says so, and needs no model.
#[tokio::test]
async fn a_matter_is_looked_up_as_the_law_calls_it_too() {
    let own = scheme("遵义市教育局", "520300", "（一）负责校外培训机构的监督管理。");
    let site = site_with(vec![own.clone()]);
    let found = search(&site.app, "谁负责补课", "&near=520300").await;
    assert_eq!(found["direct"][0]["id"], own.id, "{found}");
    assert!(found.to_string().contains("“补课”在规定里说的是“校外培训”"), "{found}");
}
