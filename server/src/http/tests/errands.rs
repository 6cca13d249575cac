//! Everyday words for errands lead to the items of the reader's region, and change nothing else.

use super::*;
use indexer::record::{KINDS, lists::ListRow};

/// An item that people have done, of an institution of a division.
fn item(name: &str, division: &str) -> Record {
    item_that(name, division, |row| matches!(row, ListRow::Item(_)))
}

/// An item that people have done, of a kind that `is` right.
fn item_that(name: &str, division: &str, is: impl Fn(&ListRow) -> bool) -> Record {
    let blank = |kind: &&indexer::record::Info| indexer::record::Body::blank(kind.name);
    let of = |body: &mut indexer::record::Body| {
        body.fill(|column| {
            Some(match (column.name, column.shape) {
                ("name", _) => name,
                (_, indexer::record::Shape::Division) => division,
                _ => column.example,
            })
        })
        .ok()?;
        body.entry().filter(|entry| entry.applied_for)
    };
    let mut bodies = KINDS.iter().filter_map(blank).filter(|body| body.listed().as_ref().is_some_and(&is));
    let body = bodies.find_map(|mut body| of(&mut body).map(|_| body)).expect("a kind that people apply for");
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

fn leading(reply: &Value) -> Vec<&str> {
    reply["hits"].as_array().unwrap().iter().filter_map(|hit| hit["title"].as_str()).collect()
}

#[tokio::test]
async fn everyday_words_lead_to_the_items_of_the_region() {
    let food = item("食品（含保健食品）经营许可证核发", "520300");
    let wedding = item("内地居民结婚登记", "520300");
    let clinic = item("诊所备案", "320100");
    let site = site_with(vec![
        clinic.clone(),
        food.clone(),
        wedding.clone(),
        item("食品经营许可变更", "520300"),
        item("食品经营许可", "320106"),
    ]);
    for said in ["开饭店", "我要开饭店", "想开一家饭店需要什么手续"] {
        let near = search(&site.app, said, "&near=520300").await;
        assert_eq!(near["hits"][0]["id"], food.id, "{said}: {near}");
        assert!(near["hits"][0]["why"][0].as_str().unwrap().contains("当地办这件事"), "{near}");
        assert!(near["direct"].as_array().unwrap().is_empty());
        let elsewhere = search(&site.app, said, "&near=320106").await;
        assert_eq!(leading(&elsewhere)[0], "食品经营许可", "{elsewhere}");
    }
    for said in ["遵义开饭店", "我想在遵义市开饭店", "开饭店 遵义", "遵义开饭店要办什么证"]
    {
        let found = search(&site.app, said, "").await;
        assert_eq!(found["hits"][0]["id"], food.id, "{said}: {found}");
    }
    let married = search(&site.app, "结婚需要什么材料", "&near=520300").await;
    assert_eq!(married["hits"][0]["id"], wedding.id, "{married}");
    // A county's reader is led to the city's items where the county has none.
    let below = search(&site.app, "开诊所", "&near=320106").await;
    assert_eq!(below["hits"][0]["id"], clinic.id, "{below}");
}

#[tokio::test]
async fn the_items_of_the_region_lead_beside_the_entrance_for_the_whole_country() {
    let mut entrance = RecordBody::blank("service").unwrap();
    let cells = [
        ("name", "示例身份平台"),
        ("other_names", "示例身份网;办身份证"),
        ("purpose", "身份证办理"),
        ("entrance", "办理"),
        ("owner_name", "示例部门"),
        ("division", "000000"),
        ("websites", "https://sf.gov.cn/"),
    ];
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |cell| cell.1);
    entrance.fill(|column| Some(cell(column.name))).unwrap();
    let here = item("居民身份证办理", "520300");
    let site = site_with(vec![samples::record(&entrance.id().unwrap(), entrance), here.clone()]);
    let near = search(&site.app, "办身份证", "&near=520300").await;
    assert_eq!(near["direct"][0]["title"], "示例身份平台", "{near}");
    assert_eq!(near["hits"][0]["id"], here.id, "{near}");
}

/// From the everyday words to the page of the item: who does it, what to bring, how long it takes, when and where.
#[tokio::test]
async fn a_restaurant_owner_sees_who_what_when_and_where() {
    let mut local = item("食品经营许可证核发", "520300");
    let told = [
        ("owner_name", "遵义市示例管理局"),
        ("documents", "营业执照；示例布局图"),
        ("promised_limit", "12个工作日"),
        ("places", "示例路1号政务服务大厅"),
        ("hours", "工作日9:00至17:00"),
        ("fee", "不收费"),
        ("conditions", "有示例经营场所的"),
        ("basis", "《行政许可法》第一条"),
        ("phones", ""),
    ];
    local.body.fill(|column| told.iter().find(|(name, _)| *name == column.name).map(|(_, cell)| *cell)).unwrap();
    let model = item_that("食品经营许可", "000000", |row| matches!(row, ListRow::Catalogued(_)));
    let site = site_with(vec![local.clone(), model.clone()]);
    let html = |address: String| Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let address = format!("/{}/{}", local.body.info().path, local.id);
    for chosen in ["near", "region"] {
        let asked = format!("/search?q={}&{chosen}=520300", encoded("我要开饭店"));
        let (status, _, found) = call(&site.app, html(asked)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(found.contains(&address) && found.contains("遵义市示例管理局"), "{chosen}: {found}");
    }
    let (_, _, page) = call(&site.app, html(address.clone())).await;
    for (_, cell) in told {
        for part in cell.split('；') {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    // In everyday words, before all that the list has besides, and with what it leaves open.
    let (before, rest) = page.split_once("<h2>办事指南</h2>").unwrap();
    let guide = rest.split("</section>").next().unwrap();
    for told in
        ["<dt>带什么</dt><dd class=\"text\">营业执照\n示例布局图</dd>", "承诺 12个工作日", "《行政许可法》", "问谁。"]
    {
        assert!(guide.contains(told), "{told}: {guide}");
    }
    assert!(!before.contains("<h2>怎么办</h2>") && !before.contains("<h2>基本情况</h2>"), "{page}");
    // Without a region: the nation's model, and that a region leads to the local item.
    let (_, _, anywhere) = call(&site.app, html(format!("/search?q={}", encoded("我要开饭店")))).await;
    assert!(anywhere.contains(&format!("/{}/{}", model.body.info().path, model.id)), "{anywhere}");
    assert!(anywhere.contains("写上地区，或者选定地区，先列当地的事项、地点和时间"), "{anywhere}");
}

/// Without a region the reader sees what lists call it, and the nation's own item where there is one.
#[tokio::test]
async fn without_a_region_the_nations_item_leads_and_what_to_choose_is_told() {
    let (nations, local) = (item("食品经营许可", "000000"), item("食品经营许可证核发", "520300"));
    let site = site_with(vec![nations.clone(), local.clone()]);
    let anywhere = search(&site.app, "我要开饭店", "").await;
    assert_eq!(anywhere["hits"][0]["id"], nations.id, "{anywhere}");
    assert!(anywhere["hits"][0]["why"][0].as_str().unwrap().contains("国家部门办理的事项"), "{anywhere}");
    let notes = anywhere["query"]["notes"].to_string();
    assert!(
        notes.contains("“开饭店”清单里多叫“食品(含保健食品)经营许可核发”，也有叫“") && notes.contains("选定地区"),
        "{notes}"
    );
    assert_eq!(search(&site.app, "我要开饭店", "&near=520300").await["hits"][0]["id"], local.id);
    // A region that has none is reported of the nation's.
    let elsewhere = search(&site.app, "我要开饭店", "&near=320106").await;
    assert_eq!(elsewhere["hits"][0]["id"], nations.id, "{elsewhere}");
    let unknown = search(&site.app, "办身份证", "").await;
    assert!(unknown["query"]["notes"].to_string().contains("清单里多叫“居民身份证办理"), "{unknown}");
}

/// A catalogue says what institutions below call an item; it has none of its own.
#[tokio::test]
async fn an_item_of_a_catalogue_is_told_as_such() {
    let model = item_that("食品经营许可", "000000", |row| matches!(row, ListRow::Catalogued(_)));
    let site = site_with(vec![model.clone()]);
    let found = search(&site.app, "我要开饭店", "").await;
    assert_eq!(found["hits"][0]["id"], model.id, "{found}");
    let why = found["hits"][0]["why"][0].as_str().unwrap();
    assert!(why.contains("基本目录里的事项，各地以本地的为准"), "{found}");
    // The page says so as well.
    let address = format!("/search?q={}", encoded("我要开饭店"));
    let html = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (_, _, page) = call(&site.app, html).await;
    assert!(page.contains("基本目录里的事项，各地以本地的为准"), "{page}");
}

#[tokio::test]
async fn what_is_no_errand_is_answered_as_before() {
    let with = site_with(vec![item("食品经营许可", "520300"), item("结婚登记", "520300")]);
    for query in [
        "行政许可法第十二条",
        "遵义市财政局",
        "行政许可法",
        "国发〔2016〕51号",
        "12345",
        "http://www.zunyi.gov.cn/",
        "结婚彩礼要退吗",
    ] {
        let near = search(&with.app, query, "&near=520300").await;
        let why = |reply: &Value| reply.to_string().contains("当地办这件事");
        assert!(!why(&near), "{query}: {near}");
    }
    // Without a region nothing is led to; without items nothing changes.
    let nowhere = search(&with.app, "开饭店", "").await;
    assert!(nowhere["query"]["notes"].to_string().contains("各地的事项不同"), "{nowhere}");
    assert!(!nowhere.to_string().contains("当地办这件事"), "{nowhere}");
    let without = site();
    for query in ["开饭店", "我要开饭店"] {
        let (near, far) = (search(&without.app, query, "&near=520300").await, search(&without.app, query, "").await);
        assert_eq!(ids(&near["hits"]), ids(&far["hits"]), "{query}");
        assert_eq!(near["direct"], far["direct"], "{query}");
    }
}

/// The same item is in many lists: by its name that of the place is reported first that the query names, or where the
/// reader is.
#[tokio::test]
async fn an_item_that_many_have_is_told_of_the_place_that_is_meant() {
    let name = "食品（含保健食品）经营许可证核发";
    let (here, there) = (item(name, "520300"), item(name, "320100"));
    let site = site_with(vec![here.clone(), there.clone()]);
    for (query, more, first) in [
        (name.to_owned(), "&near=520300", Some(&here)),
        (name.to_owned(), "&near=320100", Some(&there)),
        // The city's for a reader in one of its districts.
        (name.to_owned(), "&near=320106", Some(&there)),
        (format!("遵义市{name}"), "", Some(&here)),
        (format!("遵义 {name}"), "", Some(&here)),
        (format!("南京市{name}"), "&near=520300", Some(&there)),
        (format!("南京市{name}"), "&region=520300", None),
    ] {
        let found = search(&site.app, &query, more).await;
        let told = found["direct"].as_array().unwrap().first().and_then(|hit| hit["id"].as_str());
        assert_eq!(told, first.map(|item| item.id.as_str()), "{query} {more}: {found}");
    }
    let anywhere = search(&site.app, name, "").await;
    assert_eq!(anywhere["direct"].as_array().unwrap().len(), 2, "{anywhere}");
}
