//! Notices over the pages: the list, the count in the head, the feed, and what anybody may learn of them.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in, submitted_one},
    *,
};
use crate::notices;

#[tokio::test]
async fn a_writer_sees_what_came_of_it_and_the_feed_tells_no_more_than_everybody_may_read() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, review) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let mut from = None;
    let mut look = || while notices::follow(&site.app.store, &mut from).unwrap() {};
    look();
    let id = submitted_one(&site, &writer, &token).await;
    let said = [("token", review.as_str()), ("text", "请补充依据")];
    let (status, _, page) =
        call(&site.app, post(&format!("/console/submissions/{id}/comments"), &reviewer, &said)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    look();
    let (_, _, page) = call(&site.app, get("/console", &writer)).await;
    assert!(page.contains("1 条未读"), "{page}");
    let (_, _, page) = call(&site.app, get("/console/notices", &writer)).await;
    assert!(page.contains("新的留言") && page.contains("请补充依据") && page.contains(&id), "{page}");
    assert!(page.contains("不能寄邮件"), "no server is named: {page}");
    let act = |fields: &[(&str, &str)]| {
        post("/console/notices/settings", &writer, &[&[("token", token.as_str())][..], fields].concat())
    };
    let (status, _, page) = call(&site.app, act(&[("action", "mail"), ("address", "a@b.cn")])).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("没有设置"), "{page}");
    let (_, _, page) = call(&site.app, act(&[("action", "feed")])).await;
    let feed = page.split("/feeds/notices/").nth(1).unwrap()[..64].to_owned();
    let address = format!("/feeds/notices/{feed}");
    let fetch = |address: &str| Request::get(address).header(header::HOST, "guansou.cn").body(Body::empty()).unwrap();
    let (status, headers, atom) = call(&site.app, fetch(&address)).await;
    assert_eq!(status, StatusCode::OK, "{atom}");
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
    assert!(headers["content-type"].to_str().unwrap().starts_with("application/atom+xml"));
    assert!(atom.contains("新的留言：南京市鼓楼区人民政府"), "the title of a public record: {atom}");
    assert!(!atom.contains("请补充依据") && !atom.contains(&id), "what offices say stays among them: {atom}");
    for (name, told) in [("choose", false), ("all", true)] {
        let mut fields = vec![("action", "choose"), ("what", "returned")];
        if name == "all" {
            fields.push(("what", "comment"));
        }
        call(&site.app, act(&fields)).await;
        let (_, _, atom) = call(&site.app, fetch(&address)).await;
        assert_eq!(atom.contains("新的留言"), told, "{atom}");
    }
    // One's own to mark; another's are not there for anybody else.
    let newest = notices::list(&site.app.store, "gulou").unwrap()[0].id.clone();
    let mark =
        |cookie: &str, token: &str| post("/console/notices", cookie, &[("token", token), ("one", newest.as_str())]);
    assert_eq!(call(&site.app, mark(&reviewer, &review)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, headers, _) = call(&site.app, mark(&writer, &token)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers[header::LOCATION].to_str().unwrap(), format!("/console/submissions/{id}"));
    let (_, _, page) = call(&site.app, get("/console", &writer)).await;
    assert!(!page.contains("条未读"), "{page}");
    call(&site.app, act(&[("action", "no-feed")])).await;
    for gone in [address.as_str(), "/feeds/notices/0", &format!("/feeds/notices/{}", "0".repeat(64))] {
        assert_eq!(call(&site.app, fetch(gone)).await.0, StatusCode::NOT_FOUND, "{gone}");
    }
}

#[tokio::test]
async fn a_colleague_takes_what_was_given_to_them() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (admin, admin_token) = signed_in(&site, "admin", Role::Administrator, "320100");
    signed_in(&site, "below", Role::Reviewer, "320106");
    let id = submitted_one(&site, &writer, &token).await;
    let at = format!("/console/submissions/{id}");
    let (_, _, page) = call(&site.app, get(&at, &admin)).await;
    let choice = format!("{at}/colleagues");
    assert!(page.contains("交给同事") && page.contains(&choice), "{page}");
    let (_, _, page) = call(&site.app, get(&choice, &admin)).await;
    assert!(page.contains("below") && page.contains("below的机构") && !page.contains("gulou的机构"), "{page}");
    let (_, _, page) = call(&site.app, get(&at, &writer)).await;
    assert!(!page.contains("交给同事"), "{page}");
    let give = |to: &str| post(&format!("{at}/assign"), &admin, &[("token", admin_token.as_str()), ("to", to)]);
    for wrong in ["gulou", "admin", "nobody", ""] {
        assert_eq!(call(&site.app, give(wrong)).await.0, StatusCode::FORBIDDEN, "{wrong}");
    }
    assert_eq!(call(&site.app, give("below")).await.0, StatusCode::SEE_OTHER);
    let (_, _, page) = call(&site.app, get(&at, &admin)).await;
    assert!(page.contains("由 admin 交给"), "{page}");
}
