//! Tasks of offices, over the pages and the interface: they come with what causes them and end with what is done.

use indexer::record::{Role, Scope};

use super::{
    offices::{BY, get, office, post, signed_in, submitted_one},
    *,
};
use crate::{
    access::{self, NewKey},
    store::listings::List,
};

/// The tasks in a state, as the store lists them.
fn listed(site: &Site, state: State) -> Vec<Record> {
    site.app.store.page(&List::Tasks(state, &"000000".parse().unwrap()), None, 100).unwrap().records
}

#[tokio::test]
async fn a_review_is_a_task_that_ends_with_it() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, reviewer_token) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    let tasks = listed(&site, State::Submitted);
    let [task] = &tasks[..] else { panic!("{tasks:?}") };
    let (_, _, page) = call(&site.app, get("/console/tasks", &reviewer)).await;
    assert!(page.contains("审核gulou的机构报送的《南京市鼓楼区人民政府》") && page.contains("期限 "), "{page}");
    let address = format!("/console/tasks/{}", task.id);
    let (_, _, page) = call(&site.app, get(&address, &reviewer)).await;
    assert!(page.contains(&format!("/console/submissions/{id}")) && page.contains("没有查到规定"), "{page}");
    assert!(!page.contains("/finish"), "it ends with the review alone");
    let close = [("token", reviewer_token.as_str()), ("revision", "1"), ("code", "not_affected")];
    let (status, ..) = call(&site.app, post(&format!("{address}/close"), &reviewer, &close)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    // Given back: it waits for the office. Handed in again: it goes on. Published: it has ended.
    let step = |name: &str, revision: &str, cookie: &str, token: &str| {
        let fields = [("token", token), ("revision", revision), ("code", "incomplete"), ("reason", "附批文")];
        post(&format!("/console/submissions/{id}/moves/{name}"), cookie, &fields)
    };
    let states = || {
        [State::Submitted, State::Returned, State::Approved, State::Withdrawn].map(|state| listed(&site, state).len())
    };
    assert_eq!(call(&site.app, step("return", "2", &reviewer, &reviewer_token)).await.0, StatusCode::SEE_OTHER);
    assert_eq!(states(), [0, 1, 0, 0]);
    let (_, _, page) = call(&site.app, get(&format!("/console/submissions/{id}"), &writer)).await;
    assert!(page.contains("材料不全，现退回补正。还需要：附批文") && page.contains("等待对方"), "{page}");
    assert_eq!(call(&site.app, step("submit", "3", &writer, &token)).await.0, StatusCode::SEE_OTHER);
    assert_eq!(states(), [1, 0, 0, 0]);
    let publish = step("approve-and-publish", "4", &reviewer, &reviewer_token);
    assert_eq!(call(&site.app, publish).await.0, StatusCode::SEE_OTHER);
    assert_eq!(states(), [0, 0, 1, 0]);
    let (_, _, page) = call(&site.app, get(&address, &writer)).await;
    assert!(page.contains("已办结") && page.contains("（公布）"), "{page}");
}

#[tokio::test]
async fn what_is_asked_is_done_or_closed_with_a_reason() {
    let site = site();
    let (city, city_token) = signed_in(&site, "nanjing", Role::Contributor, "320100");
    let (county, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let ask = |about: &str, says: &str, due: &str| {
        let fields = [("token", city_token.as_str()), ("about", about), ("says", says), ("due", due)];
        post("/console/tasks", &city, &fields)
    };
    for (about, says, due, status) in [
        ("none", "请核对", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("320106-gov", " ", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("320106-gov", "请\u{7}核对", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("320106-gov", "请核对", "明天", StatusCode::UNPROCESSABLE_ENTITY),
        ("520300-gov", "请核对", "", StatusCode::FORBIDDEN),
        ("account-gulou", "请核对", "", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(call(&site.app, ask(about, says, due)).await.0, status, "{about} {says} {due}");
    }
    let long = "长".repeat(501);
    assert_eq!(call(&site.app, ask("320106-gov", &long, "")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(listed(&site, State::Submitted).is_empty(), "nothing was made");
    let (status, headers, _) = call(&site.app, ask("320106-gov", "请核对<b>网址", "2026-01-05")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let first = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get("/console/tasks", &county)).await;
    assert!(page.contains("请核对&#60;b&#62;网址") && page.contains("已过期限 2026-01-05"), "{page}");
    assert!(page.contains("nanjing的机构交办"), "{page}");
    // It is the county's to do: the city has it among all of its division alone, and only those are counted.
    let (_, _, page) = call(&site.app, get("/console/tasks", &city)).await;
    assert!(!page.contains("网址</p>") && page.contains("state=done&of=own") && page.contains("没有。"), "{page}");
    let (_, _, page) = call(&site.app, get("/console/tasks?of=all", &city)).await;
    assert!(page.contains("请核对&#60;b&#62;网址") && page.contains("state=done&of=all"), "{page}");
    let send = |address: &str, act: &str, fields: &[(&str, &str)]| {
        post(&format!("{address}/{act}"), &county, &[&[("token", token.as_str()), ("revision", "1")], fields].concat())
    };
    for (code, part) in [("", "请选择理由"), ("fly", "没有理由代码"), ("other", "写明具体情况")] {
        let (status, _, page) = call(&site.app, send(&first, "close", &[("code", code)])).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(part), "{code}: {page}");
    }
    let closed = send(&first, "close", &[("code", "not_affected"), ("reason", "网址未变")]);
    assert_eq!(call(&site.app, closed).await.0, StatusCode::SEE_OTHER);
    let (_, _, page) = call(&site.app, get(&first, &city)).await;
    assert!(page.contains("不受影响，不需要改动。补充说明：网址未变") && page.contains("已关闭"), "{page}");
    assert_eq!(call(&site.app, send(&first, "finish", &[])).await.0, StatusCode::CONFLICT, "it is another revision");
    let (_, headers, _) = call(&site.app, ask("320106-gov", "再核对一次", "")).await;
    let second = headers[header::LOCATION].to_str().unwrap().to_owned();
    assert_eq!(call(&site.app, send(&second, "finish", &[])).await.0, StatusCode::SEE_OTHER);
    let again = [("token", token.as_str()), ("revision", "2")];
    let (status, _, page) = call(&site.app, post(&format!("{second}/finish"), &county, &again)).await;
    assert!(status == StatusCode::CONFLICT && page.contains("已经办结"), "{page}");
    for (wrong, status) in [("state=fly", 400), ("after=zz", 400), ("x=1", 400), ("state=done", 200)] {
        assert_eq!(call(&site.app, get(&format!("/console/tasks?{wrong}"), &county)).await.0, status, "{wrong}");
    }
}

#[tokio::test]
async fn systems_of_an_office_read_its_tasks_and_no_reviews() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    submitted_one(&site, &writer, &token).await;
    let ask = [("token", token.as_str()), ("about", "320106-gov"), ("says", "请核对网址"), ("due", "2031-01-06")];
    assert_eq!(call(&site.app, post("/console/tasks", &writer, &ask)).await.0, StatusCode::SEE_OTHER);
    office(&site, "甲局", "320106");
    office(&site, "乙局", "350102");
    let key = |office: &str, division: &str, scope| {
        let new = NewKey {
            purpose: "区里的系统".into(),
            office_id: None,
            office_name: office.into(),
            division: division.parse().unwrap(),
            scopes: vec![scope],
            quota: 100,
            until: None,
            holder: None,
        };
        access::create_key(&site.app.store, new, &BY).unwrap()
    };
    let ask = |key: &str, address: &str| {
        Request::get(address).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap()
    };
    let own = key("甲局", "320106", Scope::Submit);
    let (status, headers, body) = call(&site.app, ask(&own, "/api/v1/tasks")).await;
    assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-store"));
    let reply: Value = serde_json::from_str(&body).unwrap();
    let tasks = reply["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 1, "{reply}");
    assert_eq!((&tasks[0]["matter"], &tasks[0]["due"]), (&"asked".into(), &"2031-01-06".into()));
    let one = format!("/api/v1/tasks/{}", tasks[0]["id"].as_str().unwrap());
    assert_eq!(call(&site.app, ask(&own, &one)).await.0, StatusCode::OK);
    let elsewhere = key("乙局", "350102", Scope::Submit);
    assert_eq!(call(&site.app, ask(&elsewhere, &one)).await.0, StatusCode::NOT_FOUND);
    let (_, _, body) = call(&site.app, ask(&elsewhere, "/api/v1/tasks")).await;
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["tasks"], serde_json::json!([]));
    let searches = key("甲局", "320106", Scope::Search);
    assert_eq!(call(&site.app, ask(&searches, "/api/v1/tasks")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(call(&site.app, path("/api/v1/tasks")).await.0, StatusCode::UNAUTHORIZED);
    for wrong in ["state=fly", "after=zz", "x=1"] {
        let status = call(&site.app, ask(&own, &format!("/api/v1/tasks?{wrong}"))).await.0;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}
