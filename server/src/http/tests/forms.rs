//! Forms that come back: faults beside their fields, institutions found by name, and what was typed when the session had ended.

use indexer::record::Role;

use super::{
    offices::{PASSWORD, get, post, signed_in},
    *,
};

/// Whether a page leads from its top to a field at fault, and says beside it what is wrong.
fn blames(page: &str, field: &str) -> bool {
    [
        format!("<a href=\"#{field}\">"),
        format!("id=\"{field}\""),
        format!("aria-describedby=\"{field}_fault"),
        format!("<p class=\"fault\" id=\"{field}_fault\">"),
    ]
    .iter()
    .all(|part| page.contains(part.as_str()))
        && page.contains("aria-invalid=\"true\"")
}

#[tokio::test]
async fn faults_stand_beside_their_fields_in_every_form() {
    let site = site();
    let (cookie, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let typed =
        [("token", token.as_str()), ("division", "320106"), ("name", ""), ("owner_name", "南京市鼓楼区人民政府")];
    let (status, _, page) = call(&site.app, post("/console/new/services", &cookie, &typed)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blames(&page, "name") && !blames(&page, "division"), "{page}");
    assert!(page.contains("value=\"南京市鼓楼区人民政府\""), "{page}");
    // A division that is not theirs is a field of the form, and nothing that was typed is lost.
    let other = [("token", token.as_str()), ("division", "520300"), ("name", "遵义示例科"), ("category", "政府")];
    let (status, _, page) = call(&site.app, post("/console/new/institutions", &cookie, &other)).await;
    assert!(status.is_client_error() && page.contains("value=\"遵义示例科\""), "{status}: {page}");
    for (fields, field) in [
        (&[("name", "不是名称"), ("institution", "320106-gov")][..], "name"),
        (&[("name", "南京示例.政务"), ("institution", "无此机构")][..], "institution"),
        (
            &[
                ("name", "南京示例.政务"),
                ("institution", "320106-gov"),
                ("successor", "无此机构"),
                ("successor_document", "鼓发〔2026〕1号"),
            ][..],
            "successor",
        ),
        (&[("name", "南京示例.政务"), ("institution", "320106-gov"), ("alternatives", "http://")][..], "alternatives"),
    ] {
        let fixed = [("token", token.as_str()), ("matter", "register"), ("ground", "full_name"), ("purpose", "用途甲")];
        let sent = [&fixed[..], fields].concat();
        let (status, _, page) = call(&site.app, post("/console/names/new", &cookie, &sent)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {page}");
        assert!(blames(&page, field) && page.contains("用途甲"), "{field}: {page}");
    }
    let (status, _, page) =
        call(&site.app, post("/console/names/table", &cookie, &[("token", &token), ("table", "甲,乙\n1,2")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blames(&page, "table") && page.contains("甲,乙"), "{page}");
}

#[tokio::test]
async fn applications_find_their_institutions_by_name() {
    let site = site();
    let (cookie, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let before = site.app.store.head();
    // One's own office stands there already, and what other matters ask for is folded up.
    let (_, _, page) = call(&site.app, get("/console/names/new", &cookie)).await;
    assert!(page.contains("value=\"o-gulou的机构\"") && page.contains("data-matter=\"freeze\"><summary>"), "{page}");
    for (field, beside) in [("institution", "purpose"), ("successor", "contact")] {
        let look = [("token", token.as_str()), (beside, "留着"), (field, "南京市鼓楼区人民政府"), ("look", field)];
        let (status, _, page) = call(&site.app, post("/console/names/new", &cookie, &look)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(&format!("name=\"pick\" value=\"{field}=320106-gov\"")), "{field}: {page}");
        assert!(page.contains("留着"), "{page}");
        let value = format!("{field}=320106-gov");
        let pick = [("token", token.as_str()), (beside, "留着"), (field, "南京"), ("pick", value.as_str())];
        let (_, _, page) = call(&site.app, post("/console/names/new", &cookie, &pick)).await;
        assert!(page.contains("value=\"320106-gov\"") && page.contains("留着"), "{field}: {page}");
    }
    // What is asked of the rules is not stored, and the form stays filled in.
    let check = [
        ("token", token.as_str()),
        ("name", "南京市鼓楼区.政务"),
        ("institution", "320106-gov"),
        ("purpose", "留着"),
        ("then", "check"),
    ];
    let (_, _, page) = call(&site.app, post("/console/names/new", &cookie, &check)).await;
    assert!(page.contains("预检：") && page.contains("留着"), "{page}");
    assert_eq!(site.app.store.head(), before, "nothing was saved");
    let (status, _, page) =
        call(&site.app, get("/console/schemes?division=%E9%BC%93%E6%A5%BC&look=division", &cookie)).await;
    assert!(status == StatusCode::OK && page.contains("name=\"pick\" value=\"division=320106\""), "{page}");
    let (_, _, page) =
        call(&site.app, get("/console/schemes?division=x&on=2026-01-05&pick=division%3D320106", &cookie)).await;
    assert!(page.contains("value=\"320106\"") && page.contains("2026-01-05"), "{page}");
}

#[tokio::test]
async fn a_form_sent_after_the_session_has_ended_is_offered_again() {
    let site = site();
    let (cookie, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let before = site.app.store.head();
    let typed = [
        ("token", token.as_str()),
        ("name", "办税厅“甲”"),
        ("division", "320106"),
        ("note", "一行\r\n两行"),
        ("then", "submit"),
    ];
    // The session has ended: one signs in, and what was typed comes along.
    let (status, headers, page) = call(&site.app, post("/console/new/services", "", &typed)).await;
    assert_eq!((status, &headers[header::CACHE_CONTROL]), (StatusCode::UNAUTHORIZED, &"no-store".parse().unwrap()));
    assert!(page.contains("没有丢失") && page.contains("name=\"unsaved.name\" value=\"办税厅“甲”\""), "{page}");
    let carried: Vec<(String, &str)> = typed.iter().map(|(name, value)| (format!("unsaved.{name}"), *value)).collect();
    let mut fields = vec![("name", "gulou"), ("unsaved_to", "/console/new/services"), ("password", "wrong wrong 1")];
    fields.extend(carried.iter().map(|(name, value)| (name.as_str(), *value)));
    let (status, _, page) = call(&site.app, post("/sign-in", "", &fields)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("name=\"unsaved.name\" value=\"办税厅“甲”\""), "a wrong password loses nothing: {page}");
    fields[2].1 = PASSWORD;
    let (status, headers, page) = call(&site.app, post("/sign-in", "", &fields)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(headers.contains_key(header::SET_COOKIE) && page.contains("回到填写的表单"), "{page}");
    assert!(page.contains("action=\"/console/new/services\"") && page.contains("办税厅“甲”"), "{page}");
    assert!(!page.contains(&token) && !page.contains("name=\"then\""), "{page}");
    assert_eq!(site.app.store.head(), before, "nothing is done before a second press");
    // The second press shows the form with all of it, and saves nothing either.
    let again = [("token", token.as_str()), ("look", "_"), typed[1], typed[2], typed[3]];
    let (status, _, page) = call(&site.app, post("/console/new/services", &cookie, &again)).await;
    assert!(status == StatusCode::OK && page.contains("value=\"办税厅“甲”\"") && page.contains("两行"), "{page}");
    // In another session meanwhile, the page offers it with that one's token.
    let mut other = typed;
    let old = "0".repeat(48) + &token[48..];
    other[0].1 = &old;
    let (status, _, page) = call(&site.app, post("/console/new/services", &cookie, &other)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains(&token) && page.contains("办税厅“甲”"), "{page}");
    assert_eq!(site.app.store.head(), before);
    // Nor is it shown to another account, in its session or when it signs in; that of the form still can.
    let (stranger, _) = signed_in(&site, "nanjing", Role::Contributor, "320106");
    let (status, _, page) = call(&site.app, post("/console/new/services", &stranger, &typed)).await;
    assert!(status == StatusCode::FORBIDDEN && page.contains("用另一个账户填写的"), "{page}");
    fields[0].1 = "nanjing";
    let (status, _, page) = call(&site.app, post("/sign-in", "", &fields)).await;
    assert!(status == StatusCode::FORBIDDEN && page.contains("用另一个账户填写的"), "{page}");
    assert!(!page.contains("回到填写的表单"), "{page}");
    fields[0].1 = "gulou";
    let (status, _, page) = call(&site.app, post("/sign-in", "", &fields)).await;
    assert!(status == StatusCode::OK && page.contains("回到填写的表单"), "{page}");
    // One that does not say whose it is is offered to nobody.
    fields.retain(|(name, _)| *name != "unsaved.token");
    let (status, _, page) = call(&site.app, post("/sign-in", "", &fields)).await;
    assert!(status == StatusCode::FORBIDDEN && !page.contains("回到填写的表单"), "{page}");
    // Another site's form is offered to nobody.
    let mut foreign = post("/console/new/services", "", &typed);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let (status, _, page) = call(&site.app, foreign).await;
    assert!(status == StatusCode::SEE_OTHER && !page.contains("办税厅"), "{page}");
}
