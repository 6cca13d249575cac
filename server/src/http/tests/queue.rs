//! The queue: its parts, what is looked for in it, who has a submission in hand, and what is said about it.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in, submitted_one},
    *,
};

async fn page_at(site: &Site, address: &str, cookie: &str) -> String {
    let (status, headers, page) = call(&site.app, get(address, cookie)).await;
    assert_eq!(status, StatusCode::OK, "{address}: {page}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    page
}

/// Sends a form of a page and follows it; what is not taken comes back as it is reported.
async fn send(
    site: &Site,
    address: &str,
    (cookie, token): (&str, &str),
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
    let fields = [&[("token", token)][..], fields].concat();
    let (status, headers, page) = call(&site.app, post(address, cookie, &fields)).await;
    match headers.get(header::LOCATION) {
        Some(to) => (status, page_at(site, to.to_str().unwrap().split('#').next().unwrap(), cookie).await),
        None => (status, page),
    }
}

/// Whether a page lists a submission.
fn lists(page: &str, id: &str) -> bool {
    page.contains(&format!("<h3><a href=\"/console/submissions/{id}\">"))
}

#[tokio::test]
async fn a_queue_is_looked_through_by_part_word_kind_and_division() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, review) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    let look = async |query: &str| page_at(&site, &format!("/console/queue{query}"), &reviewer).await;
    for found in [
        "",
        "?tab=todo&state=submitted",
        "?state=submitted",
        // In the title, and in the office's name, in any width and case.
        &format!("?q={}", encoded("鼓楼区　人民政府")),
        &format!("?q={}", encoded("ＧＵＬＯＵ的机构")),
        "?kind=institution",
        &format!("?division={}", encoded("鼓楼区")),
        &format!("?division={}", encoded("鼓楼")),
        "?division=320106",
        "?division=320100&kind=institution",
    ] {
        let page = look(found).await;
        assert!(lists(&page, &id), "{found}: {page}");
    }
    for none in [
        "?state=approved",
        "?tab=ended",
        "?tab=taken",
        "?tab=own",
        &format!("?q={}", encoded("教育")),
        "?kind=regulation",
        "?division=320100001",
    ] {
        assert!(!lists(&look(none).await, &id), "{none}");
    }
    // Another 鼓楼区 is none of theirs, and is told so; what was typed stays in the form.
    let page = look(&format!("?division={}&q={}&kind=institution", encoded("福州市"), encoded("“鼓楼”"))).await;
    assert!(page.contains("没有“福州市”") && !lists(&page, &id), "{page}");
    assert!(page.contains("value=\"福州市\"") && page.contains("value=\"“鼓楼”\""), "{page}");
    assert!(page.contains("<option value=\"institution\" selected>"), "{page}");
    for wrong in ["?tab=all", "?state=x", "?kind=account", "?q=%00", "?after=zz", "?page=2"] {
        let (status, ..) = call(&site.app, get(&format!("/console/queue{wrong}"), &reviewer)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    // Its own office finds it, and it moves on to what has ended.
    assert!(lists(&page_at(&site, "/console/queue?tab=own", &writer).await, &id));
    assert!(!lists(&page_at(&site, "/console/queue?tab=own&state=draft", &writer).await, &id));
    let chosen = format!("{id}@2");
    let (status, page) =
        send(&site, "/console/queue", (&reviewer, &review), &[("chosen", &chosen), ("do", "approve")]).await;
    assert!(status == StatusCode::OK && page.contains("已核准并公布"), "{page}");
    assert!(lists(&look("?tab=ended").await, &id));
    assert!(lists(&look("?tab=ended&state=published").await, &id));
    assert!(!lists(&look("?tab=ended&state=withdrawn").await, &id));
    let (above, _) = signed_in(&site, "fujian", Role::Reviewer, "350000");
    assert!(!lists(&page_at(&site, "/console/queue?tab=ended", &above).await, &id));
}

#[tokio::test]
async fn a_reviewer_takes_what_waits_and_gives_it_back() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (first, one) = signed_in(&site, "first", Role::Reviewer, "320100");
    let (second, two) = signed_in(&site, "second", Role::Reviewer, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    let at = |name: &str| format!("/console/submissions/{id}/{name}");
    let own = page_at(&site, at("").trim_end_matches('/'), &writer).await;
    assert!(!own.contains("/take\""), "whoever wrote it is not offered its review");
    let (status, page) = send(&site, &at("take"), (&first, &one), &[]).await;
    assert!(status == StatusCode::SEE_OTHER && page.contains("由您办理"), "{page}");
    assert!(lists(&page_at(&site, "/console/queue?tab=taken", &first).await, &id));
    let listed = page_at(&site, "/console/queue", &second).await;
    assert!(listed.contains("first的机构的 first 在办"), "{listed}");
    let (status, page) = send(&site, &at("take"), (&second, &two), &[]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("已取走办理"), "{page}");
    let (_, page) = send(&site, &at("take"), (&second, &two), &[("over", "1")]).await;
    assert!(page.contains("由您办理") && page.contains("<strong>取走办理</strong>"), "{page}");
    assert!(!lists(&page_at(&site, "/console/queue?tab=taken", &first).await, &id));
    let (_, page) = send(&site, &at("give-back"), (&second, &two), &[]).await;
    assert!(page.contains("还没有人取走") && page.contains("<strong>交还</strong>"), "{page}");
    let (status, _) = send(&site, &at("give-back"), (&second, &two), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    // Several at once, by the list.
    let chosen = format!("{id}@2");
    let (_, page) = send(&site, "/console/queue", (&first, &one), &[("chosen", &chosen), ("do", "take")]).await;
    assert!(page.contains("已取走办理"), "{page}");
    // Published, it is in nobody's hands.
    let done = send(&site, &at("moves/approve-and-publish"), (&second, &two), &[("revision", "2")]).await;
    assert_eq!(done.0, StatusCode::SEE_OTHER, "{}", done.1);
    assert!(!lists(&page_at(&site, "/console/queue?tab=taken", &first).await, &id));
}

#[tokio::test]
async fn writers_and_reviewers_talk_about_a_submission_and_nobody_listens() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, review) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let (other, _) = signed_in(&site, "other", Role::Contributor, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    let at = format!("/console/submissions/{id}");
    let comments = format!("{at}/comments");
    let said = "依据是哪份文件？<script>";
    let (status, page) = send(&site, &comments, (&reviewer, &review), &[("text", said)]).await;
    assert!(status == StatusCode::SEE_OTHER && page.contains("依据是哪份文件？&#60;script&#62;"), "{page}");
    let (_, page) = send(&site, &comments, (&writer, &token), &[("text", "南京编办发〔2026〕1号")]).await;
    let (first, second) = (page.find("依据是哪份文件").unwrap(), page.find("南京编办发").unwrap());
    assert!(first < second && page.contains("nanjing的机构") && page.contains("<strong>留言</strong>"), "{page}");
    assert!(page_at(&site, "/console/queue", &reviewer).await.contains("留言 2"));
    // Another office sees the submission, as before, and not what is said.
    let seen = page_at(&site, &at, &other).await;
    assert!(!seen.contains("南京编办发") && !seen.contains("/comments\""), "{seen}");
    for empty in ["", " \n ", &"长".repeat(501)] {
        let (status, _) = send(&site, &comments, (&writer, &token), &[("text", empty)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Nothing of it is public, nor comes with what is shared.
    let done =
        send(&site, &format!("{at}/moves/approve-and-publish"), (&reviewer, &review), &[("revision", "2")]).await;
    assert_eq!(done.0, StatusCode::SEE_OTHER, "{}", done.1);
    for public in [
        "/records/320106-gov/history".to_owned(),
        "/api/v1/records/320106-gov/history".to_owned(),
        format!("/api/v1/records/h-{id}"),
        format!("/api/v1/records/h-{id}/history"),
        format!("/records/h-{id}/history"),
        "/api/v1/changes".to_owned(),
    ] {
        let (_, _, body) = call(&site.app, path(&public)).await;
        assert!(!body.contains("南京编办发") && !body.contains("依据是哪份"), "{public}: {body}");
    }
    let (status, ..) = call(&site.app, get(&format!("/console/shared/h-{id}"), &reviewer)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_approved_submission_waits_for_its_day() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, review) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    let at = |name: &str| format!("/console/submissions/{id}/{name}");
    let who = (reviewer.as_str(), review.as_str());
    let day = crate::clock::today().checked_add(jiff::Span::new().days(10)).unwrap();
    let on = day.to_string();
    let (status, page) = send(&site, &at("schedule"), who, &[("revision", "2"), ("on", &on)]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("不能定日公布"), "it is not approved: {page}");
    let (_, page) = send(&site, &at("moves/approve"), who, &[("revision", "2")]).await;
    assert!(page.contains("定日公布</button>"), "{page}");
    for wrong in ["", "明天", "2020-01-01", "2999-01-01"] {
        let (status, _) = send(&site, &at("schedule"), who, &[("revision", "3"), ("on", wrong)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let (_, page) = send(&site, &at("schedule"), who, &[("revision", "3"), ("on", &on)]).await;
    assert!(page.contains(&format!("<strong>{on}</strong>，到时自动公布")) && page.contains("取消定日公布"), "{page}");
    let listed = page_at(&site, "/console/queue?state=approved", &reviewer).await;
    assert!(listed.contains(&format!("定于 {on} 公布")), "{listed}");
    let (_, page) = send(&site, &at("schedule"), who, &[("revision", "4"), ("cancel", "1")]).await;
    assert!(!page.contains("到时自动公布") && page.contains("取消定日公布"), "its history tells: {page}");
    send(&site, &at("schedule"), who, &[("revision", "5"), ("on", &on)]).await;
    crate::workflow::schedule::publish_due(&site.app.store, &site.app.desk, day).unwrap();
    let page = page_at(&site, at("").trim_end_matches('/'), &reviewer).await;
    assert!(page.contains("已公布") && page.contains(&format!("按定日（{on}）公布")), "{page}");
}

#[tokio::test]
async fn a_withdrawal_that_lacks_something_is_asked_for_again_at_the_field() {
    let site = site();
    let (writer, token) = signed_in(&site, "city.w", Role::Contributor, "520300");
    let address = "/console/records/520300-gov/withdraw";
    for (code, note, field, told) in [
        ("", "已经合并", "code", "请选择理由"),
        ("none", "已经合并", "code", "没有理由代码"),
        ("other", " ", "note", "还请写明具体情况"),
        ("duplicate", "甲\u{7}乙", "note", "控制字符"),
    ] {
        let (status, page) = send(&site, address, (&writer, &token), &[("code", code), ("note", note)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{code}: {page}");
        assert!(page.contains("<h1>申请撤回：遵义市人民政府</h1>") && page.contains(told), "{code}: {page}");
        let blamed = page.split(&format!("id=\"{field}\"")).nth(1).and_then(|rest| rest.split('>').next());
        assert!(blamed.is_some_and(|tag| tag.contains("aria-describedby=\"fault\"")), "{code}: {page}");
        assert_eq!(page.matches("id=\"fault\"").count(), 1, "{code}: {page}");
        assert_eq!(page.contains("已经合并"), note == "已经合并", "what was typed stays: {page}");
        assert_eq!(page.contains("value=\"other\" selected"), code == "other", "{page}");
    }
    let (status, page) = send(&site, address, (&writer, &token), &[("code", "other"), ("note", "已经合并")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
}
