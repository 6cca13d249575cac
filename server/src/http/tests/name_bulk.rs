//! Many names at once, the list of the official register, marks of sites and their checks, over the real router.

use indexer::record::{KINDS, Role, WebName, web_name_id};

use super::{
    offices::{BY, get, post, signed_in},
    *,
};

fn body(id: &str, name: &str) -> Record {
    let mut record = institution(id, name, "520300");
    record.owner = Some("520300".parse().unwrap());
    record
}

fn city() -> Site {
    site_with(vec![body("jy", "遵义市教育局"), body("ty", "遵义市体育局")])
}

fn registered(site: &Site, name: &str, holder: (&str, &str), last: &str) -> String {
    let mut name = WebName { institution_id: Some(holder.0.into()), ..samples::web_name(name, holder.1) };
    let life = indexer::record::NameLife::begin(Date::constant(2026, 1, 1), &Default::default(), "甲〔2026〕1号", "甲");
    name.life = Some(indexer::record::NameLife { expires: Some(last.parse().unwrap()), ..life });
    let id = web_name_id(&name.ascii);
    site.app.store.put(samples::record(&id, RecordBody::WebName(name)), &BY).unwrap();
    id
}

fn name(site: &Site, id: &str) -> WebName {
    match site.app.store.get(id).unwrap().unwrap().body {
        RecordBody::WebName(name) => name,
        _ => panic!(),
    }
}

#[tokio::test]
async fn a_table_of_applications_tells_what_came_of_each_row() {
    let site = city();
    let (cookie, token) = signed_in(&site, "clerk", Role::Contributor, "520300");
    let header = crate::naming::TABLE_COLUMNS.join(",");
    let rows = "遵义市教育局.政务,jy,注册,全称,发布信息,遵教〔2030〕1号,bgs@jyj.zunyi.gov.cn,\"遵义教育.政务;遵教.政务\"\n\
                遵义市体育局.政务,ty,注册,全称,发布信息,遵体〔2030〕1号,zhang@qq.com,\n\
                遵义市体育局.网址,ty,注册,全称,,,,\n\
                遵义市体育局.公益,ty,买卖,全称,,,,\n";
    let sent = |table: &str| {
        post(
            "/console/names/table",
            &cookie,
            &[("token", &token), ("table", table), ("agreed", "1"), ("then", "submit")],
        )
    };
    let (status, _, page) = call(&site.app, sent(&format!("{header}\n{rows}"))).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let told: Vec<&str> = page.split("<li>").filter(|line| line.contains("遵义市") && line.contains("<bdi>")).collect();
    assert_eq!(told.len(), 4, "{page}");
    assert!(told[0].contains("已办") && told[1].contains("公用邮箱"), "{told:?}");
    assert!(told[2].contains("不能在这里申请") && told[3].contains("申请事项应为以下之一"), "{told:?}");
    // What failed comes back with reasons, and can be sent again with them; what a spreadsheet's guard added is off again.
    let again = format!("{header},问题\n遵义市体育局.政务,ty,注册,全称,发布信息,'-,bgs@tyj.zunyi.gov.cn,,公用邮箱\n");
    let (status, _, page) = call(&site.app, sent(&again)).await;
    assert!(status == StatusCode::OK && page.contains("已办"), "{status} {page}");
    let mut consents = Vec::new();
    site.app
        .store
        .each_of::<crate::store::StoreError>("name_application", &mut |record| {
            if let RecordBody::NameApplication(application) = record.body {
                consents.extend(application.consent.map(|consent| consent.document));
            }
            Ok(())
        })
        .unwrap();
    assert!(consents.iter().any(|number| number == "-"), "{consents:?}");
    for wrong in ["名称,单位\n甲,乙\n".to_owned(), format!("{header}\n"), String::new()] {
        let (status, _, page) = call(&site.app, sent(&wrong)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    }
}

#[tokio::test]
async fn renewals_of_a_territory_are_confirmed_in_one_go() {
    let site = city();
    let today = crate::clock::today();
    let last = today.checked_add(jiff::Span::new().days(20)).unwrap().to_string();
    let ids = [("遵义市教育局.政务", ("jy", "遵义市教育局")), ("遵义市体育局.政务", ("ty", "遵义市体育局"))]
        .map(|(name, holder)| registered(&site, name, holder, &last));
    // Not the territory's: its holder lies in the nation.
    let other = registered(&site, "生态环境部示例.政务", ("000000-hb", "中华人民共和国生态环境部"), &last);
    crate::desk::look(&site.app.store, &site.app.desk, today).unwrap();
    let (cookie, token) = signed_in(&site, "bianban", Role::Reviewer, "520300");
    let (_, _, page) = call(&site.app, get("/console/register", &cookie)).await;
    assert!(page.contains("遵义市教育局.政务") && page.contains(&last) && !page.contains("生态环境部示例"), "{page}");
    let chosen: Vec<String> = ids.iter().chain([&other]).map(|id| format!("{id}@1")).collect();
    let mut fields: Vec<(&str, &str)> = chosen.iter().map(|chosen| ("chosen", chosen.as_str())).collect();
    fields.extend([("token", token.as_str()), ("document", "")]);
    let (status, _, page) = call(&site.app, post("/console/register", &cookie, &fields)).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("文号"), "{page}");
    *fields.last_mut().unwrap() = ("document", "遵编〔2030〕7号");
    let (status, _, page) = call(&site.app, post("/console/register", &cookie, &fields)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(page.matches("已续期，至").count(), 2, "{page}");
    assert!(page.contains("没有办成") && page.contains("没有要续期的名称"), "{page}");
    let life = name(&site, &ids[0]).life.unwrap();
    assert_eq!(life.events.last().unwrap().document, "遵编〔2030〕7号");
    assert!(life.expires.unwrap().to_string() > last);
    assert_eq!(name(&site, &other).life.unwrap().expires.unwrap().to_string(), last);
    let (_, _, page) = call(&site.app, get("/console/register/print", &cookie)).await;
    assert_eq!(page.matches("网上名称注册证书").count(), 2, "{page}");
    let (_, _, page) = call(&site.app, get(&format!("/console/register/{}", ids[0]), &cookie)).await;
    assert!(page.contains("遵编〔2030〕7号") && page.contains("续期"), "{page}");
    // What was seen in the DNS.
    let table = format!(
        "名称,日期,域名服务器,DNSSEC,地址\n遵义市教育局.政务,{today},,,\n遵义市体育局.政务,{today},ns1.zunyi.gov.cn,是,192.0.2.1\n甲.政务,{today},,,\n"
    );
    let sent = [("token", token.as_str()), ("table", table.as_str()), ("source", "甲中心")];
    let (status, _, page) = call(&site.app, post("/console/register/dns", &cookie, &sent)).await;
    assert!(status == StatusCode::OK && page.contains("记下 2 个，其中指向有误的 1 个"), "{page}");
    let (_, _, page) = call(&site.app, get("/console/tasks", &cookie)).await;
    assert!(page.contains("解析核对") && page.contains("没有域名服务器"), "{page}");
}

#[tokio::test]
async fn a_list_of_the_register_is_held_against_ours_and_settled() {
    let site = city();
    let ours = registered(&site, "遵义市教育局.政务", ("jy", "遵义市教育局"), "2030-01-01");
    let only_ours = registered(&site, "遵义市旧站.政务", ("ty", "遵义市体育局"), "2030-01-01");
    let (cookie, token) = signed_in(&site, "registry", Role::Reviewer, "000000");
    let sent = |rows: &str, on: &str, then: &str| {
        let table = format!("名称,持有单位,到期\n{rows}");
        let fields = [
            ("token", token.as_str()),
            ("table", &table),
            ("called", "登记名单"),
            ("on", on),
            ("whole", "1"),
            ("then", then),
        ];
        post("/console/register/list", &cookie, &fields)
    };
    let first = "遵义市教育局.政务,遵义市教育局,2030-01-01\n遵义市体育局.政务,遵义市体育局,2030-05-01\n";
    let (status, _, page) = call(&site.app, sent(first, "2026-02-01", "")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for told in ["只在名单", "只在本平台", "一致"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // What both say the same is attested by a rule, the rest by a person.
    let (_, _, page) = call(&site.app, sent(first, "2026-02-01", "rule")).await;
    assert!(page.contains("按规则办理了 1 个"), "{page}");
    assert_eq!(name(&site, &ours).evidence, indexer::record::Evidence::Registry);
    let new = web_name_id(&samples::web_name("遵义市体育局.政务", "").ascii);
    let (_, _, page) = call(&site.app, sent(first, "2026-02-01", &format!("list {new}@0"))).await;
    assert!(page.contains("按名单办理"), "{page}");
    let taken = name(&site, &new);
    assert_eq!((taken.institution_id.as_deref(), taken.evidence), (Some("ty"), indexer::record::Evidence::Registry));
    assert_eq!(taken.life.unwrap().expires.unwrap().to_string(), "2030-05-01");
    let (_, _, page) = call(&site.app, sent(first, "2026-02-01", &format!("ours {only_ours}@1"))).await;
    assert!(page.contains("按本平台的登记"), "{page}");
    // The next list: only it has changed, and it is followed; a change of ours stands.
    let second = first.replace("2030-01-01", "2031-01-01");
    let (_, _, page) = call(&site.app, sent(&second, "2026-03-01", "rule")).await;
    assert!(page.contains("按规则办理了 2 个"), "{page}");
    assert_eq!(name(&site, &ours).life.unwrap().expires.unwrap().to_string(), "2031-01-01");
    // An office of a place has no say in it, and a list that cannot be read changes nothing.
    let head = site.app.store.head();
    let (status, _, page) = call(&site.app, sent("甲.政务,甲\n", "2026-03-01", "rule")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("第 2 行"), "{page}");
    let (status, ..) = call(&site.app, sent(first, "2026-03-01", "list nothing@1")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(site.app.store.head(), head);
    let (local, local_token) = signed_in(&site, "local", Role::Reviewer, "520300");
    let fields =
        [("token", local_token.as_str()), ("table", "x"), ("called", "甲"), ("on", "2026-01-01"), ("then", "rule")];
    let (status, ..) = call(&site.app, post("/console/register/list", &local, &fields)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// A record of a kind by its columns' examples, with some of them otherwise.
fn by_columns(kind: &str, more: &[(&str, &str)]) -> Record {
    let mut body = RecordBody::blank(kind).unwrap();
    let word =
        indexer::record::Word { source: "a", weight: indexer::record::Weight::Office, day: Date::constant(2026, 7, 1) };
    let typed = |column: &'static indexer::record::Column| {
        Some(more.iter().find(|(name, _)| *name == column.name).map_or(column.example, |(_, text)| *text))
    };
    body.edit(None, word, typed).unwrap();
    let id = body.id().unwrap();
    let mut record = samples::record(&id, body);
    record.owner = Some("520300".parse().unwrap());
    record
}

#[tokio::test]
async fn a_mark_vouches_for_one_host_and_a_borrowed_badge_says_so() {
    assert!(KINDS.iter().any(|kind| kind.path == "site-marks"));
    let mark = by_columns("site_mark", &[("institution_id", "jy"), ("english_name", "shili.gov.cn")]);
    let site = site_with(vec![body("jy", "遵义市教育局"), mark.clone()]);
    let badge = format!("/records/{}/badge.svg", mark.id);
    let shown = async |on: &str| {
        let mut request = path(&badge);
        request.headers_mut().insert(header::HOST, "guansou.example".parse().unwrap());
        if !on.is_empty() {
            request.headers_mut().insert(header::REFERER, on.parse().unwrap());
        }
        let (status, headers, svg) = call(&site.app, request).await;
        assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-store"));
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("image/svg+xml"));
        svg
    };
    assert!(shown("https://www.shili.gov.cn/").await.contains("网站标识有效"));
    let borrowed = shown("https://evil.top/").await;
    assert!(borrowed.contains("冒用") && borrowed.contains("它只属于 shili.gov.cn"), "{borrowed}");
    assert!(shown("").await.contains("只对 shili.gov.cn 有效"));
    for hostile in ["javascript:alert(1)", "\"><script>", "https://shili.gov.cn@evil.top/"] {
        assert!(!shown(hostile).await.contains("网站标识有效"), "{hostile}");
    }
    let (status, ..) = call(&site.app, path("/records/520300-gov/badge.svg")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut page = path(&format!("/site-marks/{}", mark.id));
    page.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
    let (status, headers, page) = call(&site.app, page).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("本页只证明 shili.gov.cn") && page.contains("5203000001") && page.contains("红色"), "{page}");
    assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    // Its institution is called otherwise: the mark is looked at again.
    crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    let mut renamed = site.app.store.get("jy").unwrap().unwrap();
    if let RecordBody::Institution(body) = &mut renamed.body {
        body.name = "遵义市教育和体育局".into();
    }
    site.app.store.put(renamed, &BY).unwrap();
    crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    let (cookie, _) = signed_in(&site, "looker", Role::Reader, "520300");
    let (_, _, page) = call(&site.app, get("/console/tasks", &cookie)).await;
    assert!(page.contains("请核对引用它的记录：遵义示例门户网站"), "{page}");
}

/// A check that is brought again before the desk looks, as tables are imported while the service is down, or with
/// another day: what it tells last holds.
#[tokio::test]
async fn of_a_check_that_is_brought_twice_the_last_holds() {
    let check = |more: &[(&str, &str)], revision| {
        let own = [("home_page", "https://bad.gov.cn/"), ("site_name", "遵义示例旧站")];
        indexer::record::Record { revision, ..by_columns("site_check", &[&own, more].concat()) }
    };
    let site = site_with(vec![by_columns("site_check", &[])]);
    let look = || crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    let (cookie, _) = signed_in(&site, "looker", Role::Reader, "520300");
    let tasks = async || call(&site.app, get("/console/tasks", &cookie)).await.2;
    look();
    let errors = ("deductions", "3｜网民找错未答复｜留言 12");
    site.app.store.put(check(&[("public_services", "没有"), errors, ("mend_by", "2030-01-01")], 0), &BY).unwrap();
    site.app.store.put(check(&[errors, ("mend_by", "2031-02-02")], 1), &BY).unwrap();
    look();
    let page = tasks().await;
    assert!(page.contains("网民找错未答复") && page.contains("2031-02-02"), "{page}");
    assert!(!page.contains("没有办事服务") && !page.contains("2030-01-01"), "{page}");
    // The day alone changes.
    site.app.store.put(check(&[errors, ("mend_by", "2032-03-03")], 2), &BY).unwrap();
    look();
    look();
    let page = tasks().await;
    assert!(page.contains("2032-03-03") && !page.contains("2031-02-02"), "{page}");
    // No day any more: the office's own limit holds.
    site.app.store.put(check(&[errors, ("mend_by", "")], 3), &BY).unwrap();
    look();
    let page = tasks().await;
    assert!(page.contains("网民找错未答复") && !page.contains("2032-03-03"), "{page}");
    // Mended, and wrong again after that.
    let mended = ("mended", "网民找错未答复（留言 12）");
    site.app.store.put(check(&[errors, ("mend_by", "2033-04-04"), mended], 4), &BY).unwrap();
    look();
    assert!(!tasks().await.contains("网民找错未答复"));
    site.app.store.put(check(&[errors, ("mend_by", "2034-05-05")], 5), &BY).unwrap();
    look();
    let page = tasks().await;
    assert!(page.contains("网民找错未答复") && page.contains("2034-05-05"), "{page}");
}

#[tokio::test]
async fn what_a_check_of_a_site_finds_is_public_by_division_and_a_task() {
    let good = by_columns("site_check", &[]);
    let bad = by_columns(
        "site_check",
        &[
            ("home_page", "https://bad.gov.cn/"),
            ("site_name", "遵义示例旧站"),
            ("public_services", "没有"),
            ("deductions", "3｜网民找错未答复｜留言 12"),
            ("mend_by", "2030-01-01"),
        ],
    );
    let site = site_with(vec![good.clone()]);
    crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    site.app.store.put(bad.clone(), &BY).unwrap();
    crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    let (cookie, _) = signed_in(&site, "looker", Role::Reader, "520300");
    let (_, _, page) = call(&site.app, get("/console/tasks", &cookie)).await;
    assert!(page.contains("办事服务：没有办事服务") && page.contains("网民找错未答复（留言 12）"), "{page}");
    assert!(page.contains("2030-01-01"), "{page}");
    let html = async |path: &str| {
        let mut request = super::path(path);
        request.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
        call(&site.app, request).await
    };
    let (_, _, page) = html(&format!("/site-checks/{}", good.id)).await;
    assert!(page.contains("合格") && page.contains("网站打得开：通过") && page.contains("0.7 %"), "{page}");
    for (division, there) in [("520300", true), ("520000", true), ("320000", false)] {
        let (status, _, page) = html(&format!("/site-checks?division={division}")).await;
        assert_eq!((status, page.contains("遵义示例政务网站")), (StatusCode::OK, there), "{division}: {page}");
    }
    assert_eq!(html("/site-checks?division=x").await.0, StatusCode::BAD_REQUEST);
    // Mended: the tasks end.
    let mut mended = by_columns(
        "site_check",
        &[
            ("home_page", "https://bad.gov.cn/"),
            ("site_name", "遵义示例旧站"),
            ("deductions", "3｜网民找错未答复｜留言 12"),
            ("mended", "网民找错未答复（留言 12）"),
        ],
    );
    mended.revision = 1;
    assert_eq!(mended.id, bad.id);
    site.app.store.put(mended, &BY).unwrap();
    crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    let (_, _, page) = call(&site.app, get("/console/tasks", &cookie)).await;
    assert!(!page.contains("没有办事服务") && !page.contains("网民找错"), "{page}");
}
