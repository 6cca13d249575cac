//! Codes and ids found by name in the console's forms, the page before it is public, and where a newcomer begins.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in, submitted_one, upload},
    *,
};

async fn sent(site: &Site, at: &str, (cookie, token): (&str, &str), fields: &[(&str, &str)]) -> String {
    let fields = [&[("token", token)][..], fields].concat();
    let (status, headers, page) = call(&site.app, post(at, cookie, &fields)).await;
    assert_eq!(status, StatusCode::OK, "{at}: {page}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    page
}

fn offers(page: &str, field: &str, id: &str) -> bool {
    page.contains(&format!("name=\"pick\" value=\"{field}={id}\""))
}

#[tokio::test]
async fn a_form_finds_divisions_and_institutions_and_keeps_what_was_typed() {
    let site = site();
    let who = signed_in(&site, "gulou", Role::Contributor, "320106");
    let who = (who.0.as_str(), who.1.as_str());
    let new = "/console/new/services";
    let (_, _, page) = call(&site.app, get(new, who.0)).await;
    assert!(page.contains("name=\"look\" value=\"division\" formnovalidate"), "{page}");
    assert!(page.contains("name=\"look\" value=\"owner_id\""), "{page}");
    let before = site.app.store.head();
    let typed = [("name", "办税厅"), ("note", "依据“甲”"), ("owner_name", "")];
    // By name, by pinyin, by its initials, by code and by the beginning of one.
    for (text, id) in [
        ("遵义", "520300"),
        ("zunyi", "520300"),
        ("zys", "520300"),
        ("520300", "520300"),
        ("5203", "520300"),
        ("鼓楼", "320106"),
        ("鼓楼区", "350102"),
    ] {
        let fields = [&typed[..], &[("division", text), ("look", "division")]].concat();
        let page = sent(&site, new, who, &fields).await;
        assert!(offers(&page, "division", id), "{text}: {page}");
        for kept in ["value=\"办税厅\"", "依据“甲”", &format!("value=\"{text}\"")] {
            assert!(page.contains(kept), "{text}: {kept}: {page}");
        }
    }
    for (text, told) in [("", "请先在这一栏写"), ("无此地", "没有找到"), (&"长".repeat(65), "最多 64 个字")]
    {
        let page = sent(&site, new, who, &[("division", text), ("look", "division")]).await;
        assert!(page.contains(told) && !page.contains("name=\"pick\""), "{text}: {page}");
    }
    // What is chosen stands in the field, with what it is called.
    let fields = [&typed[..], &[("division", "鼓楼"), ("pick", "division=320106")]].concat();
    let page = sent(&site, new, who, &fields).await;
    assert!(
        page.contains("value=\"320106\"") && page.contains("鼓楼区（320106）") && page.contains("办税厅"),
        "{page}"
    );
    // An institution brings its name along.
    let page = sent(&site, new, who, &[("owner_id", "鼓楼区人民政府"), ("look", "owner_id")]).await;
    assert!(offers(&page, "owner_id", "320106-gov") && offers(&page, "owner_id", "350102-gov"), "{page}");
    let page = sent(&site, new, who, &[("pick", "owner_id=320106-gov")]).await;
    assert!(page.contains("value=\"320106-gov\"") && page.contains("value=\"南京市鼓楼区人民政府\""), "{page}");
    // No field but those that ask is filled in, whatever is sent, and hostile values are texts.
    for pick in ["name=甲", "division", "=", "token=1", "division=<script>"] {
        let page = sent(&site, new, who, &[("name", "办税厅"), ("pick", pick)]).await;
        assert!(page.contains("value=\"办税厅\"") && !page.contains("=\"<script>"), "{pick}: {page}");
    }
    assert_eq!(site.app.store.head(), before, "nothing was saved");
}

#[tokio::test]
async fn what_is_said_of_a_form_is_kept_beside_a_column_for_notes() {
    let site = site();
    let who = signed_in(&site, "gulou", Role::Contributor, "320106");
    let who = (who.0.as_str(), who.1.as_str());
    let (_, _, page) = call(&site.app, get("/console/new/services", who.0)).await;
    assert!(page.contains("name=\"note\"") && page.contains("name=\"_note\""), "{page}");
    let fields =
        [("name", "办税厅"), ("note", "备注甲"), ("_note", "说明乙"), ("division", "320106"), ("look", "division")];
    let page = sent(&site, "/console/new/services", who, &fields).await;
    for (field, text) in [("note", "备注甲"), ("_note", "说明乙")] {
        let at = page.find(&format!("name=\"{field}\"")).unwrap();
        let until = page[at..].find("</p>").unwrap();
        assert!(page[at..at + until].contains(text), "{field}: {}", &page[at..at + until]);
    }
    // Every kind that begins with an empty form is led to.
    let (_, _, page) = call(&site.app, get("/console", who.0)).await;
    for path in ["institutions", "power-items", "services"] {
        let at = format!("/console/new/{path}");
        assert!(page.contains(&format!("href=\"{at}\"")), "{at}: {page}");
        assert_eq!(call(&site.app, get(&at, who.0)).await.0, StatusCode::OK, "{at}");
    }
}

#[tokio::test]
async fn every_form_that_asks_for_a_code_finds_it() {
    let site = site();
    let writer = signed_in(&site, "gulou", Role::Contributor, "320106");
    let admin = signed_in(&site, "admin.1", Role::Administrator, "320000");
    let (writer, admin) = ((writer.0.as_str(), writer.1.as_str()), (admin.0.as_str(), admin.1.as_str()));
    for at in ["/console/accounts", "/console/keys"] {
        let kept = if at == "/console/accounts" { ("name", "abc.def") } else { ("purpose", "甲系统") };
        let page = sent(&site, at, admin, &[kept, ("division", "gulou"), ("look", "division")]).await;
        assert!(offers(&page, "division", "320106") && page.contains(kept.1), "{at}: {page}");
        let page = sent(&site, at, admin, &[kept, ("office_id", "南京市鼓楼区"), ("look", "office_id")]).await;
        assert!(offers(&page, "office_id", "320106-gov"), "{at}: {page}");
        let page = sent(&site, at, admin, &[kept, ("pick", "office_id=320106-gov")]).await;
        assert!(page.contains("value=\"南京市鼓楼区人民政府\"") && page.contains(kept.1), "{at}: {page}");
    }
    // The offices and divisions that are listed are called by their names.
    let (_, _, page) = call(&site.app, get("/console/accounts", admin.0)).await;
    assert!(page.contains("gulou的机构") && page.contains("鼓楼区（320106）"), "{page}");
    let typed = [("says", "请核对网址"), ("due", "2031-01-06")];
    let look = [&typed[..], &[("about", "njsglqrmzf"), ("look", "about")]].concat();
    let page = sent(&site, "/console/tasks", writer, &look).await;
    assert!(
        offers(&page, "about", "320106-gov") && page.contains("请核对网址") && page.contains("2031-01-06"),
        "{page}"
    );
    let page = sent(&site, "/console/tasks", writer, &[("pick", "about=320106-gov")]).await;
    assert!(page.contains("value=\"320106-gov\"") && page.contains("南京市鼓楼区人民政府"), "{page}");
    // The form of an upload, and that of a record: the division of an institution that stands is not to be changed.
    let text = "鼓楼区公园管理办法\n\n第一条 公园免费开放。\n";
    let (_, headers, _) =
        call(&site.app, upload("/console/upload", writer.0, writer.1, "办法.txt", text.as_bytes())).await;
    let form = headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let fields = [("name", "办法.txt"), ("title", "某办法"), ("division", "南京"), ("look", "division")];
    let page = sent(&site, &form, writer, &fields).await;
    assert!(offers(&page, "division", "320100") && page.contains("value=\"某办法\""), "{page}");
    let (_, _, page) = call(&site.app, get("/console/records/320106-gov/edit", writer.0)).await;
    assert!(!page.contains("name=\"look\""), "{page}");
}

/// Whoever opens an account for an office gives it that office's division, and a wider one by saying so twice.
#[tokio::test]
async fn an_account_reaches_as_far_as_its_office_unless_more_is_meant() {
    let site = site();
    let admin = signed_in(&site, "admin.1", Role::Administrator, "000000");
    let admin = (admin.0.as_str(), admin.1.as_str());
    for at in ["/console/accounts", "/console/keys"] {
        let page = sent(&site, at, admin, &[("division", ""), ("pick", "office_id=320106-gov")]).await;
        assert!(page.contains("name=\"division\" value=\"320106\""), "{at}: {page}");
        let page = sent(&site, at, admin, &[("division", "320100"), ("pick", "office_id=320106-gov")]).await;
        assert!(page.contains("name=\"division\" value=\"320100\""), "what was given stays: {at}: {page}");
    }
    let open = |name: &str, division: &str, wider: &str| {
        let fields = [
            ("token", admin.1),
            ("name", name),
            ("office_id", "320106-gov"),
            ("role", "contributor"),
            ("division", division),
            ("wider", wider),
        ];
        call(&site.app, post("/console/accounts", admin.0, &fields))
    };
    let division = |name: &str| {
        let found = crate::access::find(&site.app.store, name).unwrap();
        found.map(|(_, account)| account.division.to_string())
    };
    let (status, _, page) = open("own", "", "").await;
    assert_eq!((status, division("own").as_deref()), (StatusCode::OK, Some("320106")), "{page}");
    for sent in ["", "320000", "320100", "320100 520300-gov"] {
        let (status, _, page) = open("wide", "320100", sent).await;
        assert_eq!((status, division("wide")), (StatusCode::UNPROCESSABLE_ENTITY, None), "{page}");
        assert!(
            page.contains("再按一次“开设”") && page.contains("name=\"wider\" value=\"320100 320106-gov\""),
            "{page}"
        );
    }
    let (status, _, page) = open("wide", "320100", "320100 320106-gov").await;
    assert_eq!((status, division("wide").as_deref()), (StatusCode::OK, Some("320100")), "{page}");
}

#[tokio::test]
async fn a_submission_is_seen_as_the_public_will_see_it_by_those_who_may() {
    let site = site();
    let writer = signed_in(&site, "gulou", Role::Contributor, "320106");
    let writer = (writer.0.as_str(), writer.1.as_str());
    let (reviewer, review) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let (elsewhere, _) = signed_in(&site, "fujian", Role::Reviewer, "350000");
    let id = submitted_one(&site, writer.0, writer.1).await;
    let at = format!("/console/submissions/{id}");
    let preview = format!("{at}/preview");
    for cookie in [writer.0, &reviewer] {
        let (_, _, page) = call(&site.app, get(&at, cookie)).await;
        assert!(page.contains(&format!("href=\"{preview}\"")), "{page}");
        let (status, headers, page) = call(&site.app, get(&preview, cookie)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers["x-robots-tag"], "noindex");
        assert!(headers.get(header::ETAG).is_none());
        assert!(page.contains("<strong>预览</strong>") && page.contains("<title>预览："), "{page}");
        assert!(page.contains("鼓楼区政府"), "the short name that it would have: {page}");
    }
    let (status, ..) = call(&site.app, get(&preview, &elsewhere)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(call(&site.app, get(&preview, "")).await.0, StatusCode::SEE_OTHER);
    let (_, _, public) = call(&site.app, path("/institutions/320106-gov")).await;
    assert!(!public.contains("鼓楼区政府") && !public.contains("预览"), "{public}");
    // A regulation that is in no index yet, as a draft.
    let text = "鼓楼区公园管理办法\n\n第一条 公园免费开放。\n第二条 本办法自2024年5月1日起施行。\n";
    let (_, headers, _) =
        call(&site.app, upload("/console/upload", writer.0, writer.1, "办法.txt", text.as_bytes())).await;
    let form = headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let fields = [
        ("token", writer.1),
        ("name", "办法.txt"),
        ("title", "鼓楼区公园管理办法"),
        ("level", "规范性文件"),
        ("document_kind", "规范"),
        ("division", "320106"),
        ("effective", "2024-05-01"),
        ("then", "save"),
    ];
    let (status, headers, page) = call(&site.app, post(&form, writer.0, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let draft = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&format!("{draft}/preview"), writer.0)).await;
    assert!(status == StatusCode::OK && page.contains("公园免费开放") && page.contains("现行有效"), "{page}");
    // A record of another kind.
    let fields = [
        ("token", writer.1),
        ("name", "鼓楼区办税厅"),
        ("purpose", "办税"),
        ("entrance", "电话"),
        ("owner_name", "南京市鼓楼区人民政府"),
        ("division", "320106"),
        ("hotline", "12366"),
        ("then", "save"),
    ];
    let (status, headers, page) = call(&site.app, post("/console/new/services", writer.0, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let draft = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&format!("{draft}/preview"), writer.0)).await;
    assert!(
        status == StatusCode::OK && page.contains("鼓楼区办税厅") && page.contains("<strong>预览</strong>"),
        "{page}"
    );
    // Published, it is the public's page and no preview any more.
    let done = [("token", review.as_str()), ("revision", "2")];
    let (status, _, page) = call(&site.app, post(&format!("{at}/moves/approve-and-publish"), &reviewer, &done)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, _, page) = call(&site.app, get(&at, &reviewer)).await;
    assert!(!page.contains("/preview\""), "{page}");
    // What shall be taken out has no page.
    let fields = [("token", writer.1), ("code", "abolished"), ("note", "甲发1号")];
    let (status, headers, page) =
        call(&site.app, post("/console/records/320106-gov/withdraw", writer.0, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let gone = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, ..) = call(&site.app, get(&format!("{gone}/preview"), writer.0)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_newcomer_is_shown_where_to_begin() {
    let site = site();
    let first_steps = [
        (Role::Reader, "报送情况"),
        (Role::Contributor, "上传一份文件"),
        (Role::Reviewer, "看待办的报送"),
        (Role::Administrator, "请另一位管理员确认角色"),
    ];
    for (at, (role, step)) in first_steps.into_iter().enumerate() {
        let (cookie, _) = signed_in(&site, &format!("new.{at}"), role, "320106");
        let (status, _, page) = call(&site.app, get("/console/start", &cookie)).await;
        assert!(status == StatusCode::OK && page.contains(step) && page.contains(role.label()), "{page}");
        assert_eq!(page.matches("<li><strong>").count(), 3, "{page}");
        for link in page.split("<li><strong>").skip(1).map(|li| li.split("href=\"").nth(1).unwrap()) {
            let (status, ..) = call(&site.app, get(link.split('"').next().unwrap(), &cookie)).await;
            assert_eq!(status, StatusCode::OK, "{link}");
        }
    }
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    submitted_one(&site, &writer, &token).await;
    let shown = async || call(&site.app, get("/console", &writer)).await.2.contains("<h2>从这里开始</h2>");
    assert!(shown().await, "the first time");
    assert!(!shown().await, "something is there");
}
