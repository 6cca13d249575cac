//! How institutions are reached: on their page, in the API, by the forms, and where a query asks for it.

use indexer::record::{Category, Evidence, Role, Website};

use super::{
    offices::{get, post, signed_in},
    *,
};

/// A number of a whole system.
fn hotline(number: &str, matter: &str, owner: &str, note: &str) -> Record {
    hotline_of(number, matter, owner, note, "")
}

/// The same with the words for its field of life.
fn hotline_of(number: &str, matter: &str, owner: &str, note: &str, fields: &str) -> Record {
    let mut body = RecordBody::blank("service").unwrap();
    let name = format!("{number}{matter}电话");
    let cells = [
        ("name", name.as_str()),
        ("other_names", number),
        ("purpose", matter),
        ("entrance", "电话"),
        ("owner_name", owner),
        ("division", "000000"),
        ("hotline", number),
        ("note", note),
        ("fields", fields),
    ];
    body.fill(|column| Some(cells.iter().find(|(name, _)| *name == column.name).map_or("", |cell| cell.1))).unwrap();
    samples::record(&body.id().unwrap(), body)
}

fn portal(name: &str, division: &str) -> Record {
    service(name, "", "各级部门事项网上办理", "贵州省人民政府", division)
}

/// An entrance to something done online.
fn service(name: &str, other_names: &str, purpose: &str, owner: &str, division: &str) -> Record {
    let mut body = RecordBody::blank("service").unwrap();
    let cells = [
        ("name", name),
        ("other_names", other_names),
        ("purpose", purpose),
        ("entrance", "办理"),
        ("owner_name", owner),
        ("division", division),
        ("websites", "https://zwfw.guizhou.gov.cn/"),
    ];
    body.fill(|column| Some(cells.iter().find(|(name, _)| *name == column.name).map_or("", |cell| cell.1))).unwrap();
    samples::record(&body.id().unwrap(), body)
}

fn body(id: &str, name: &str, division: &str, change: impl Fn(&mut indexer::record::Institution)) -> Record {
    let mut record = institution(id, name, division);
    if let RecordBody::Institution(i) = &mut record.body {
        i.level = indexer::record::InstitutionLevel::of(&i.division);
        change(i);
    }
    Record { owner: Some(division.parse().unwrap()), ..record }
}

fn with_numbers() -> Site {
    site_with(vec![
        hotline("12345", "政务服务便民", "各级人民政府", ""),
        hotline("12366", "纳税服务", "国家税务总局", ""),
        hotline("12389", "公安民警违纪举报", "公安机关", ""),
        hotline("12331", "食品药品举报", "公安机关", "整体并入；今 12315"),
        portal("贵州政务服务网", "520000"),
        body("zy-sw", "国家税务总局遵义市税务局", "520300", |i| i.category = Category::VerticallyManaged),
        body("zy-ga", "遵义市公安局", "520300", |_| {}),
        body("zy-sl", "遵义市水务局", "520300", |i| {
            i.contacts.phones = vec!["0851-28222222".into()];
            i.contacts.address = Some("贵州省遵义市汇川区某某路 1 号".into());
            let stated = indexer::record::Stated { source: "a".into(), day: Some(Date::constant(2026, 11, 1)) };
            i.contacts.stated.insert("phones".into(), stated);
            i.websites = vec![Website {
                url: "https://slj.zunyi.gov.cn/".into(),
                host: "slj.zunyi.gov.cn".into(),
                evidence: Evidence::Corroborated,
                sources: vec!["a".into(), "b".into()],
                off_gov_cn: false,
            }];
        }),
    ])
}

fn html(path: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_query_for_a_phone_leads_to_the_body_and_to_the_number_that_answers_for_it() {
    let site = with_numbers();
    for (q, id, number) in [
        ("遵义市税务局电话", "zy-sw", "12366"),
        ("遵义税务局联系电话", "zy-sw", "12366"),
        ("遵义市公安局的电话是多少", "zy-ga", "12389"),
        ("遵义市政府电话", "520300-gov", "12345"),
        ("遵义市水务局电话", "zy-sl", "12345"),
    ] {
        let reply = search(&site.app, q, "").await;
        let first = &reply["direct"][0];
        assert_eq!(first["id"], id, "{q}: {reply}");
        let lines = first["institution"]["hotlines"].as_array().unwrap();
        assert_eq!(lines[0]["number"], number, "{q}: {first}");
        assert!(lines.iter().all(|line| line["number"] != "12331"), "a number that was taken over answers nobody");
        let (_, _, page) = call(&site.app, html(&format!("/search?q={}", encoded(q)))).await;
        // The institution's own card; others follow it.
        let page = page.split("直接答案</h2>").nth(1).unwrap().split("</article>").next().unwrap();
        let known = id == "zy-sl";
        assert_eq!(page.contains("电话：没有资料"), !known, "{q}: {page}");
        assert_eq!(page.contains("tel:0851-28222222"), known, "{q}: {page}");
        assert!(page.contains(&format!("tel:{number}")), "{q}: {page}");
    }
    // Without a region the words that ask for a phone change nothing in what is found.
    let alone = search(&site.app, "水务局", "").await;
    let asked = search(&site.app, "水务局电话", "").await;
    assert_eq!(ids(&asked["hits"]), ids(&alone["hits"]), "{asked}");
    let reply = search(&site.app, "遵义市税务局", "").await;
    assert!(reply["direct"][0]["institution"]["hotlines"].is_null(), "not asked for: {reply}");
    assert!(reply["query"]["intents"].as_array().unwrap().iter().all(|intent| intent["kind"] != "contacts"));
}

#[tokio::test]
async fn a_number_stands_above_all_hits_and_no_other_one_is_offered_for_it() {
    let site = with_numbers();
    for q in ["12345", "12345热线", "12345电话", "12345是什么电话", "12345是哪里的电话", "遵义12345", "遵义市12345热线"]
    {
        let reply = search(&site.app, q, "").await;
        let first = &reply["direct"][0];
        assert_eq!(
            (&first["service"]["hotline"], &first["kind"]),
            (&"12345".into(), &"service".into()),
            "{q}: {reply}"
        );
        assert_eq!(first["service"]["owner"], "各级人民政府");
        let (_, _, page) = call(&site.app, html(&format!("/search?q={}", encoded(q)))).await;
        let card = page.split("直接答案</h2>").nth(1).unwrap().split("</article>").next().unwrap();
        assert!(card.contains("来源：甲名单"), "{q}: {card}");
        if q.starts_with("遵义") {
            assert!(ids(&reply["direct"]).contains(&"520300-gov"), "who answers there: {reply}");
        }
    }
    for q in ["12346", "12346热线", "遵义12346", "遵义市12346电话"] {
        let reply = search(&site.app, q, "").await;
        assert!(reply["query"]["corrected"].is_null() && reply["query"]["did_you_mean"].is_null(), "{q}: {reply}");
        let all = reply["direct"].as_array().unwrap().iter().chain(reply["hits"].as_array().unwrap());
        assert!(all.clone().all(|hit| hit["service"]["hotline"].is_null()), "{q}: {reply}");
        assert!(reply["query"]["notes"].to_string().contains("没有号码 12346"), "{q}: {reply}");
    }
    let taken_over = search(&site.app, "12331", "").await;
    assert_eq!(taken_over["direct"][0]["service"]["note"], "整体并入；今 12315");
}

#[tokio::test]
async fn a_field_and_a_word_for_a_number_lead_to_the_number_that_answers_for_it() {
    let site = site_with(vec![
        hotline_of("12345", "政务服务便民", "各级人民政府", "", "市民；旅游"),
        hotline_of("12301", "旅游咨询", "文化和旅游部门", "整体并入 12345", "旅游"),
        hotline_of("12393", "医疗保障", "医疗保障部门", "", "医保"),
        hotline_of("12333", "人力资源和社会保障", "人力资源社会保障部门", "", "社保；工资；农民工工资"),
        hotline_of("110", "公安报警", "公安机关", "", "公安；报警"),
        hotline_of("119", "火灾报警", "消防救援机构", "", "消防；火警"),
        hotline_of("12378", "银行保险消费者投诉", "金融监督管理部门", "", "银行；保险"),
        hotline_of("12389", "公安民警违纪举报", "公安机关", "", "公安"),
        body("zy-yb", "遵义市医疗保障局", "520300", |_| {}),
        law("骚扰电话管理办法", Date::constant(2020, 1, 1), &["供电企业应当公布供电热线。不得拨打骚扰电话。"], None),
    ]);
    for (q, numbers) in [
        ("医保热线", &["12393"][..]),
        ("医保 热线", &["12393"]),
        ("医保电话", &["12393"]),
        ("医保中心电话", &["12393"]),
        ("医保的咨询电话是多少", &["12393"]),
        ("报警电话", &["110"]),
        ("报警打什么电话", &["110"]),
        ("公安投诉电话", &["110", "12389"]),
        ("市民热线", &["12345"]),
        // What answers today before what was merged into it.
        ("旅游投诉电话", &["12345", "12301"]),
        // The longest word that it has.
        ("拖欠农民工工资举报电话", &["12333"]),
        ("投诉拖欠工资电话", &["12333"]),
        ("旅游投诉", &["12345", "12301"]),
        ("社保缴费咨询电话", &["12333"]),
        // What only begins so is another matter, and an emergency is called by its own name.
        ("消防器材投诉电话", &["12345"]),
        ("公安大学招生咨询电话", &["12345"]),
        ("小区消防投诉电话", &["12345"]),
        ("消防电话", &["119"]),
    ] {
        let reply = search(&site.app, q, "").await;
        let direct = reply["direct"].as_array().unwrap();
        let found: Vec<&str> = direct.iter().filter_map(|hit| hit["service"]["hotline"].as_str()).collect();
        assert_eq!(found, numbers, "{q}: {reply}");
        assert_eq!(direct.len(), numbers.len(), "{q}: {reply}");
    }
    let reply = search(&site.app, "农村商业银行投诉电话", "").await;
    assert_eq!(reply["direct"][0]["service"]["hotline"], "12378", "{reply}");
    assert_eq!(reply["direct"][0]["why"][0], "是其中一个领域的电话", "{reply}");
    // The institution of that name comes first, and the number of its field behind it.
    let reply = search(&site.app, "遵义医保热线", "").await;
    assert_eq!(reply["direct"][0]["id"], "zy-yb", "{reply}");
    assert_eq!(reply["direct"][1]["service"]["hotline"], "12393", "{reply}");
    let all = json(&site.app, &format!("/api/v1/suggest?q={}", encoded("农民工"))).await;
    assert_eq!(all["suggestions"][0]["text"], "12333人力资源和社会保障电话", "{all}");
    // Without a word that asks for a number nobody asks for one.
    let reply = search(&site.app, "医保", "").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
}

#[tokio::test]
async fn a_field_whose_number_nobody_knows_is_told_so_and_led_to_where_everything_is_taken() {
    let site = site_with(vec![
        hotline("12345", "政务服务便民", "各级人民政府", ""),
        law("骚扰电话管理办法", Date::constant(2020, 1, 1), &["供电企业应当公布供电热线。不得拨打骚扰电话。"], None),
    ]);
    for q in
        ["供电热线", "供电电话", "供电客服", "停水了打什么电话", "某某公司投诉电话", "遵义供电热线", "燃气公司电话"]
    {
        let reply = search(&site.app, q, "").await;
        assert_eq!(reply["direct"][0]["service"]["hotline"], "12345", "{q}: {reply}");
        assert!(reply["query"]["notes"].to_string().contains("不作猜测"), "{q}: {reply}");
        let governments = ids(&reply["direct"]).iter().filter(|id| **id == "520300-gov").count();
        assert_eq!(governments, usize::from(q.starts_with("遵义")), "{q}: {reply}");
    }
    // A region and no field: the number for all, and who answers there.
    for q in ["遵义热线", "遵义市热线电话", "遵义咨询电话", "遵义市客服"] {
        let reply = search(&site.app, q, "").await;
        assert_eq!(reply["direct"][0]["service"]["hotline"], "12345", "{q}: {reply}");
        assert!(ids(&reply["direct"]).contains(&"520300-gov"), "{q}: {reply}");
        assert!(!reply["query"]["notes"].to_string().contains("不作猜测"), "{q}: {reply}");
    }
    // Who looks among articles, or regulations on a topic, asks for no number; a dose is none.
    for (q, more) in [
        ("供电热线", "&kind=article"),
        ("供电热线", "&kind=regulation"),
        ("供电热线", "&topic=能源"),
        ("胰岛素打多少", ""),
    ] {
        let reply = search(&site.app, q, &more.replace("能源", &encoded("能源"))).await;
        assert!(ids(&reply["direct"]).is_empty(), "{q}{more}: {reply}");
        assert!(!reply["query"]["notes"].to_string().contains("不作猜测"), "{q}{more}: {reply}");
    }
    // 骚扰电话 asks for no number.
    let reply = search(&site.app, "骚扰电话", "").await;
    assert!(ids(&reply["direct"]).iter().all(|id| !id.starts_with("e-")), "{reply}");
    assert!(!reply["query"]["notes"].to_string().contains("不作猜测"), "{reply}");
}

#[tokio::test]
async fn the_entrance_to_what_governments_do_online_is_found_by_what_people_call_it() {
    let site = with_numbers();
    for q in [
        "贵州政务服务网",
        "贵州政务服务",
        "贵州省政务服务平台",
        "贵州省办事大厅",
        "贵州网上办事大厅",
        "贵州一网通办",
        "遵义政务服务",
    ] {
        let reply = search(&site.app, q, "").await;
        assert_eq!(reply["direct"][0]["title"], "贵州政务服务网", "{q}: {reply}");
    }
}

#[tokio::test]
async fn a_page_tells_what_is_known_with_its_source_and_asks_for_the_rest() {
    let site = with_numbers();
    let (_, _, page) = call(&site.app, html("/institutions/zy-sl")).await;
    for part in [
        "联系方式",
        "tel:0851-28222222",
        "甲名单（2026-11-01）",
        "贵州省遵义市汇川区某某路 1 号",
        "\"telephone\":[\"0851-28222222\"]",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let asks = "/corrections/new?about=zy-sl&amp;field=hours";
    assert!(page.contains(asks) || page.contains(&asks.replace("&amp;", "&")), "{page}");
    assert!(!page.contains("field=icp"), "what is seldom asked for is told of only where it is known");
    let (status, _, form) = call(&site.app, html("/corrections/new?about=zy-sl&field=hours")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(form.contains("办公时间：</textarea>") && form.contains("value=\"contact\" selected"), "{form}");
    let (status, _, form) = call(&site.app, html("/corrections/new?about=zy-sl&field=%3Cb%3E")).await;
    assert!(status == StatusCode::OK && !form.contains("<b>"), "{form}");
    let (_, _, reply) = call(&site.app, path("/api/v1/institutions/zy-sl")).await;
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["contacts"]["phones"][0], "0851-28222222");
    assert_eq!(reply["contacts"]["sources"][0]["source"], "a");
    let (_, _, reply) = call(&site.app, path("/api/v1/institutions/zy-ga")).await;
    assert!(serde_json::from_str::<Value>(&reply).unwrap()["contacts"].is_null());
    let coverage = json(&site.app, "/api/v1/coverage").await;
    assert_eq!(coverage["total"]["with_contact"], 1, "of all bodies, one can be reached");
}

#[tokio::test]
async fn an_office_gives_its_contacts_by_the_form_and_what_may_not_be_published_is_refused() {
    let site = with_numbers();
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let address = "/console/records/zy-ga/edit";
    let (_, _, form) = call(&site.app, get(address, &writer)).await;
    for column in ["phones", "address", "hours", "postcode", "accounts", "credit_code", "icp", "site_code"] {
        assert!(form.contains(&format!("name=\"{column}\"")), "{column}: {form}");
    }
    for (column, typed, told) in [
        ("phones", "13812345678", "手机号码"),
        ("phones", "28222222", "区号"),
        ("address", "人民路1号", "没有写明所在的区划"),
        ("site_code", "123", "网站标识码"),
        ("division", "520000", "不能改动"),
    ] {
        let fields = [("token", token.as_str()), ("revision", "1"), (column, typed), ("then", "submit")];
        let (status, _, page) = call(&site.app, post(address, &writer, &fields)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{column} {typed}: {page}");
    }
    // What the request does not have stays as it is.
    let fields = [("token", token.as_str()), ("revision", "1"), ("phones", "(0851) 28222223"), ("then", "submit")];
    let (status, headers, page) = call(&site.app, post(address, &writer, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, _, page) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &writer)).await;
    assert!(page.contains("0851-28222223") && page.contains("电话"), "{page}");
}

#[tokio::test]
async fn a_list_is_narrowed_to_a_division_by_its_name() {
    let site = site_with(vec![portal("遵义示例政务服务网", "520300"), portal("江苏示例政务服务网", "320000")]);
    for said in ["520300", "遵义市", "遵义", " zunyi "] {
        let (status, _, page) = call(&site.app, html(&format!("/services?division={}", encoded(said)))).await;
        assert_eq!(status, StatusCode::OK, "{said}: {page}");
        assert!(page.contains("<h1>遵义市：办事入口</h1>"), "{said}: {page}");
        assert!(page.contains("遵义示例政务服务网") && !page.contains("江苏示例政务服务网"), "{said}: {page}");
    }
    for said in ["没有这个地方", "<b>", "999999", "\u{202E}"] {
        let (status, _, page) = call(&site.app, html(&format!("/services?division={}", encoded(said)))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{said}: {page}");
        assert!(page.contains("没有找到叫") && page.contains("如 遵义市"), "{said}: {page}");
    }
}

#[tokio::test]
async fn whoever_is_in_danger_is_led_to_those_who_come_and_never_to_complaints() {
    let site = site_with(vec![
        hotline("12345", "政务服务便民", "各级人民政府", ""),
        hotline_of("110", "公安报警", "公安机关", "", "公安；报警"),
        hotline_of("119", "火灾报警", "消防救援机构", "", "消防；火警；火灾"),
        hotline_of("120", "医疗急救", "卫生健康部门（急救中心）", "", "急救"),
        hotline_of("12338", "妇女维权", "妇联", "", "妇女；家暴"),
    ]);
    for (q, number, told) in [
        ("海上遇险打什么电话", "110", true),
        ("溺水打什么电话", "120", true),
        ("煤气泄漏打什么电话", "119", true),
        ("食物中毒打什么电话", "120", false),
        ("被骗了打什么电话", "110", false),
        ("自杀干预热线", "120", true),
        ("心理援助热线", "120", true),
        ("火灾报警电话", "119", false),
        ("家暴报警电话", "110", false),
        ("森林火警电话", "119", false),
        ("中毒急救电话", "120", false),
        ("海上救援电话", "110", true),
    ] {
        let reply = search(&site.app, q, "").await;
        let direct = reply["direct"].as_array().unwrap();
        assert_eq!(direct[0]["service"]["hotline"], number, "{q}: {reply}");
        assert!(direct.iter().all(|hit| hit["service"]["hotline"] != "12345"), "{q}: {reply}");
        assert_eq!(reply["query"]["notes"].to_string().contains("有危险时请立即拨打"), told, "{q}: {reply}");
    }
    // Nobody's number is guessed where the records have none at all.
    let bare = search(&super::site().app, "溺水打什么电话", "").await;
    assert!(bare["query"]["notes"].to_string().contains("请立即拨打 120"), "{bare}");
}

#[tokio::test]
async fn one_character_of_a_word_is_no_province() {
    let site = with_numbers();
    for q in ["黔西南热线", "黔驴技穷举报电话", "黔江区客服电话", "黔车举报电话", "黔公交客服热线"]
    {
        let reply = search(&site.app, q, "").await;
        let readings = reply["query"]["intents"].to_string();
        assert!(!readings.contains("贵州"), "{q}: {readings}");
        assert!(!ids(&reply["direct"]).contains(&"520000"), "{q}: {reply}");
    }
    for (q, id) in [("黔教育厅", "520000-jy"), ("黔省教育厅", "520000-jy")] {
        assert_eq!(ids(&search(&site.app, q, "").await["direct"]).first(), Some(&id), "{q}");
    }
}

fn entrance(name: &str, other_names: &str, purpose: &str, division: &str) -> Record {
    service(name, other_names, purpose, "国家税务总局", division)
}

#[tokio::test]
async fn texts_are_looked_through_for_names_and_not_for_what_people_do_there() {
    let articles = [
        "有关部门应当公布举报电话。",
        "示例投诉平台由有关部门管理。",
        "标志应当写明具体大小。",
        "黔北体育大学负责培训。",
    ];
    let site = site_with(vec![
        entrance("示例投诉平台", "示例投诉网;示投网;示例维权网;示例申诉网;举报电话", "投诉举报", "000000"),
        body("school", "黔北体育大学", "520300", |i| i.short_names = vec!["体大".into()]),
        law("示例标志管理办法", Date::constant(2020, 1, 1), &articles, None),
    ]);
    for (q, number) in [("示例投诉平台", "/2"), ("黔北体育大学", "/4")] {
        let reply = search(&site.app, q, "").await;
        let found: Vec<&str> = ids(&reply["hits"]).into_iter().filter(|id| id.contains('/')).collect();
        assert!(matches!(found.as_slice(), [one] if one.ends_with(number)), "{q}: {found:?} {reply}");
    }
    // The words for what people do there lead to it still.
    let reply = search(&site.app, "举报电话", "").await;
    assert_eq!(reply["direct"][0]["title"], "示例投诉平台", "{reply}");
}

#[tokio::test]
async fn an_errand_leads_to_its_entrance_before_the_law_about_it() {
    let texts = [
        "个人所得税申报、个税申报和退税的办法，由税务机关规定；公司查询登记信息的，登记机关应当提供。",
        "车辆违章查询、驾照查分由公安机关办理；投诉快递的，邮政管理部门处理。",
    ];
    let site = site_with(vec![
        entrance("示例自然人税务局", "示例个税", "个人所得税申报和汇算、退税", "000000"),
        entrance("示例交通平台", "违章查询;驾驶证换证", "查处违章", "000000"),
        entrance("示例快递申诉网站", "快递投诉", "对快递企业的申诉", "000000"),
        entrance("示例信用公示系统", "企业查询", "查企业登记", "000000"),
        entrance("示例人事考试网", "证书查询", "考试报名", "000000"),
        entrance("贵州示例个税平台", "", "个人所得税申报", "520000"),
        law("办事条例", Date::constant(2020, 1, 1), &texts, None),
    ]);
    for (q, title) in [
        ("个税申报", "示例自然人税务局"),
        ("个税退税", "示例自然人税务局"),
        ("驾照查分", "示例交通平台"),
        ("车辆违章查询", "示例交通平台"),
        ("投诉快递", "示例快递申诉网站"),
        ("公司查询", "示例信用公示系统"),
        ("工商信息查询", "示例信用公示系统"),
        ("查公司信息", "示例信用公示系统"),
        ("今年违章查询", "示例交通平台"),
        ("2027年车辆违章查询", "示例交通平台"),
    ] {
        let reply = search(&site.app, q, "").await;
        let all: Vec<&Value> =
            reply["direct"].as_array().unwrap().iter().chain(reply["hits"].as_array().unwrap()).collect();
        assert_eq!(all[0]["title"], title, "{q}: {reply}");
        assert!(all.iter().all(|hit| hit["title"] != "示例人事考试网"), "{q}: {reply}");
    }
}

#[tokio::test]
async fn numbers_are_completed_by_how_much_they_are_used() {
    let site = site_with(vec![
        hotline_of("12301", "旅游咨询", "文化和旅游部门", "整体并入 12345", "旅游；旅行社；导游"),
        hotline_of("12310", "机构编制举报", "机构编制部门", "", "编制"),
        hotline_of("12333", "人力资源和社会保障", "人力资源社会保障部门", "", "社保；工资；农民工工资"),
    ]);
    let all = json(&site.app, "/api/v1/suggest?q=123").await;
    let found: Vec<&str> =
        all["suggestions"].as_array().unwrap().iter().map(|s| &s["text"].as_str().unwrap()[..5]).collect();
    assert_eq!(found, ["12333", "12310", "12301"], "{all}");
}

/// Courts are everywhere: who asks for their phone without a place is given the one for the whole country.
#[tokio::test]
async fn a_phone_asked_for_without_a_place_says_what_to_do() {
    let site = site_with(vec![hotline("12368", "诉讼服务", "人民法院", "")]);
    let reply = search(&site.app, "法院电话", "").await;
    assert_eq!(reply["hits"][0]["service"]["hotline"], "12368", "{reply}");
    let notes = reply["query"]["notes"].to_string();
    assert!(notes.contains("12368（诉讼服务）"), "{notes}");
    let notes = search(&site.app, "民政局电话", "").await["query"]["notes"].to_string();
    assert!(notes.contains("资料中没有“民政局”全国统一的号码"), "{notes}");
    let notes = search(&site.app, "法院", "").await["query"]["notes"].to_string();
    assert!(!notes.contains("12368"), "not asked for: {notes}");
}

#[tokio::test]
async fn an_entrance_that_is_an_institution_s_own_site_is_no_second_card() {
    let library = |id: &str, name: &str, short: &str, host: &str| {
        body(id, name, "520300", |i| {
            i.category = Category::Library;
            i.short_names = vec![short.to_owned()];
            i.websites = vec![Website {
                url: format!("https://{host}/"),
                host: host.to_owned(),
                evidence: Evidence::Single,
                sources: vec!["a".to_owned()],
                off_gov_cn: false,
            }];
        })
    };
    let mut own = service("黔北示例图书馆", "示图;读者服务", "馆藏检索、办证", "黔北示例图书馆", "520300");
    own.body.fill(|column| (column.name == "note").then_some("预约另站")).unwrap();
    let site = site_with(vec![
        library("lib-1", "黔北示例图书馆", "示图", "zwfw.guizhou.gov.cn"),
        own,
        library("lib-2", "黔南示例图书馆", "南示图", "lib.guizhou.gov.cn"),
        service("黔南示例图书馆", "南示图", "馆藏检索", "黔南示例图书馆", "520300"),
    ]);
    for q in ["示图", "黔北示例图书馆"] {
        let reply = search(&site.app, q, "").await;
        assert_eq!(ids(&reply["direct"]), ["lib-1"], "{q}: {reply}");
        let entrance = &reply["direct"][0]["institution"]["entrances"][0];
        assert_eq!(entrance["what"], "馆藏检索、办证（预约另站）", "{q}: {reply}");
        assert!(entrance["url"].as_str().unwrap().starts_with("/services/"), "{q}: {reply}");
    }
    let page = call(&site.app, path(&format!("/search?q={}", encoded("示图")))).await.2;
    assert!(page.contains("在这个网站办：馆藏检索、办证"), "{page}");
    // Another address is another way in, and has a card of its own.
    let reply = search(&site.app, "南示图", "").await;
    assert_eq!(reply["direct"].as_array().unwrap().len(), 2, "{reply}");
    // What people do there leads to the entrance alone.
    let reply = search(&site.app, "读者服务", "").await;
    assert_eq!(reply["direct"][0]["kind"], "service", "{reply}");
}
