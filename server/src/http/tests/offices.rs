//! What offices do over the pages: signing in, uploads, files that are hostile, keys, histories. Who is let in where stands in
//! [`super::role_table`].

use indexer::record::{Account, DivisionCode, Role, Scope};

use super::*;
use crate::{
    access::{self, Maker, NewAccount, NewKey, Submitted},
    store::By,
};

pub(super) const BY: By<'_> = By { author: "test", reason: "" };
pub(super) const PASSWORD: &str = "八角亭的第3棵老树下";

/// Puts an office on record.
pub(super) fn office(site: &Site, name: &str, division: &str) {
    let body = samples::institution(&format!("o-{name}"), name, division);
    site.app.store.import(&format!("office {name}"), [body], &mut |_| {}).unwrap();
}

/// Makes an account whose owner has set the password; returns the cookie of a session and the token of its forms.
pub(super) fn signed_in(site: &Site, name: &str, role: Role, division: &str) -> (String, String) {
    office(site, &format!("{name}的机构"), division);
    let new = NewAccount {
        name: name.into(),
        office_id: None,
        office_name: format!("{name}的机构"),
        role,
        division: division.parse().unwrap(),
    };
    let link = access::create(&site.app.store, new, None, Maker::Operator, &BY).unwrap().unwrap();
    assert_eq!(access::set_password(&site.app.store, &link, PASSWORD).unwrap(), name);
    let token = access::sign_in(&site.app.store, &site.app.attempts, name, PASSWORD, None).unwrap().session;
    let form = access::by_token(&site.app.store, &token).unwrap().unwrap().form_token;
    (format!("guansou_session={token}"), form)
}

pub(super) fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").header(header::COOKIE, cookie).body(Body::empty()).unwrap()
}

pub(super) fn post(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(Body::from(body.join("&")))
        .unwrap()
}

pub(super) fn upload(path: &str, cookie: &str, token: &str, name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    body.extend_from_slice(
        format!("--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap()
}

async fn json_of(app: &App, address: &str) -> (StatusCode, Value) {
    let (status, _, body) = call(app, path(address)).await;
    (status, serde_json::from_str(&body).unwrap())
}

/// A submission of the county's, handed in; its id.
pub(super) async fn submitted_one(site: &Site, cookie: &str, token: &str) -> String {
    let fields = [
        ("token", token),
        ("revision", "1"),
        ("name", "南京市鼓楼区人民政府"),
        ("short_names", "鼓楼区政府"),
        ("category", "政府"),
        ("websites", "http://njgl.gov.cn/"),
        ("then", "submit"),
    ];
    let (status, headers, page) = call(&site.app, post("/console/records/320106-gov/edit", cookie, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn signing_in_says_the_same_to_all_and_stops_guessing() {
    let site = site();
    signed_in(&site, "gulou", Role::Contributor, "320106");
    let form = |name: &str, password: &str| {
        post("/sign-in", "", &[("name", name), ("password", password), ("next", "//evil")])
    };
    let wrong = call(&site.app, form("gulou", "wrong")).await;
    let unknown = call(&site.app, form("nobody", "wrong")).await;
    assert_eq!((wrong.0, unknown.0), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(wrong.2.replace("gulou", "nobody"), unknown.2);
    let (status, headers, _) = call(&site.app, form("gulou", PASSWORD)).await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/console"));
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    for _ in 0..5 {
        call(&site.app, form("gulou", "wrong")).await;
    }
    let (status, _, page) = call(&site.app, form("gulou", PASSWORD)).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && page.contains("锁定"), "{page}");
    // The browser that has signed in before is let in all the same.
    let device = headers.get_all(header::SET_COOKIE).iter().nth(1).unwrap().to_str().unwrap();
    assert!(device.starts_with("guansou_device_gulou=") && device.contains("HttpOnly"), "{device}");
    let known = post("/sign-in", device.split(';').next().unwrap(), &[("name", "gulou"), ("password", PASSWORD)]);
    assert_eq!(call(&site.app, known).await.0, StatusCode::SEE_OTHER);
    for hostile in ["", "a\0b", &"长".repeat(5_000), "' or 1=1 --"] {
        let (status, ..) = call(&site.app, form(hostile, hostile)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{hostile:.20}");
    }
}

#[tokio::test]
async fn a_password_that_others_know_is_changed_first() {
    let site = site();
    let new = NewAccount {
        name: "fresh".into(),
        office_id: Some("320106-gov".into()),
        office_name: String::new(),
        role: Role::Contributor,
        division: "320106".parse().unwrap(),
    };
    let first = "第1个密码，登录后改掉".to_owned();
    access::create(&site.app.store, new, Some(&first), Maker::Operator, &BY).unwrap();
    let token = access::sign_in(&site.app.store, &site.app.attempts, "fresh", &first, None).unwrap().session;
    let cookie = format!("guansou_session={token}");
    let form_token = access::by_token(&site.app.store, &token).unwrap().unwrap().form_token;
    let (status, headers, _) = call(&site.app, get("/console", &cookie)).await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/console/password"));
    let change = |old: &str, new: &str| {
        post("/console/password", &cookie, &[("token", &form_token), ("old", old), ("new", new), ("again", new)])
    };
    for (old, new, told) in
        [("x", PASSWORD, "原密码不对"), (&first, "short", "至少 10"), (&first, &first, "不能与原密码相同")]
    {
        let (status, _, page) = call(&site.app, change(old, new)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{told}: {page}");
    }
    let (status, headers, _) = call(&site.app, change(&first, PASSWORD)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let cookie = headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(call(&site.app, get("/console", &cookie)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_nothing_is_kept() {
    let site = site();
    let (cookie, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let before = site.app.store.head();
    for (name, bytes, told) in [
        ("a.docx", &b"PK\x03\x04 broken"[..], ""),
        ("a.exe", b"MZ\x90\x00", ""),
        ("a.pdf", b"%PDF-1.4 nothing", ""),
        ("a.txt", b"", "请选择"),
    ] {
        let (status, _, page) = call(&site.app, upload("/console/upload", &cookie, &token, name, bytes)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{name}: {status} {page}");
        assert!(page.contains("role=\"alert\""), "{name}");
    }
    let (status, ..) = call(&site.app, upload("/console/upload", &cookie, "0", "a.txt", b"x")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let huge = vec![b'a'; (64 << 20) + (70 << 10)];
    let (status, _, page) = call(&site.app, upload("/console/upload", &cookie, &token, "a.txt", &huge)).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE && page.contains("64 MiB"), "{status} {page}");
    assert_eq!(site.app.store.head(), before);
}

#[tokio::test]
async fn an_upload_is_confirmed_and_path_tricks_stay_names() {
    let site = site();
    let (cookie, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let text = "鼓楼区公园管理办法\n\n第一条 公园免费开放。\n第二条 本办法自2024年5月1日起施行。\n";
    let request = upload("/console/upload", &cookie, &token, "..%2f..\\\\etc\\\\办法.txt", text.as_bytes());
    let (status, headers, page) = call(&site.app, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get(&form, &cookie)).await;
    assert!(page.contains("鼓楼区公园管理办法") && page.contains("<mark"), "{page}");
    let fields = |division: &'static str, level: &'static str| {
        vec![
            ("token", token.clone()),
            ("name", "办法.txt".into()),
            ("title", "鼓楼区公园管理办法".into()),
            ("level", level.into()),
            ("document_kind", "规范".into()),
            ("division", division.into()),
            ("effective", "2024-05-01".into()),
            ("then", "submit".into()),
        ]
    };
    let send = |fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        post(form.split('?').next().unwrap(), &cookie, &fields)
    };
    for (division, level, told) in
        [("320106", "", "效力层级"), ("350000", "规范性文件", "320106"), ("x", "规范性文件", "区划代码")]
    {
        let (status, _, page) = call(&site.app, send(fields(division, level))).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{told}: {page}");
        assert!(page.contains("鼓楼区公园管理办法"), "what was typed is not lost");
    }
    let (status, headers, page) = call(&site.app, send(fields("320106", "规范性文件"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&submission, &cookie)).await;
    assert!(status == StatusCode::OK && page.contains("已提交") && page.contains("公园免费开放"), "{page}");
    let (status, _, page) = call(&site.app, send(fields("320106", "规范性文件"))).await;
    assert!(status == StatusCode::CONFLICT && page.contains("在办"), "{page}");
    // A day's allowance used up: told beside the form, and for a file before it is kept.
    let office = access::by_token(&site.app.store, cookie.split_once('=').unwrap().1).unwrap().unwrap().actor;
    for size in [64 << 20, 4 << 10] {
        while site.app.allow(&office, Submitted::file(size)).is_ok() {}
    }
    let head = site.app.store.head();
    let another = upload("/console/upload", &cookie, &token, "b.txt", &vec![b'b'; 65 << 10]);
    let (status, headers, page) = call(&site.app, another).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && page.contains("今天上传的文件已满"), "{status} {page}");
    assert!(headers.contains_key(header::RETRY_AFTER));
    while site.app.allow(&office, Submitted::submissions(1)).is_ok() {}
    let (status, _, page) = call(&site.app, send(fields("320106", "规范性文件"))).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && page.contains("今天报送已满"), "{status} {page}");
    assert!(page.contains("鼓楼区公园管理办法"), "what was typed is not lost");
    assert_eq!(site.app.store.head(), head);
}

#[tokio::test]
async fn lists_of_accounts_and_keys_go_on_page_by_page() {
    let site = site();
    let (cookie, _) = signed_in(&site, "admin", Role::Administrator, "320106");
    for (name, list) in [("accounts", "/console/accounts"), ("keys", "/console/keys")] {
        let after = hex::encode(if name == "keys" { "access\0api_key\0" } else { "access\0account\0" });
        let (status, _, page) = call(&site.app, get(&format!("{list}?after={after}"), &cookie)).await;
        assert_eq!((status, page.contains("admin")), (StatusCode::OK, true), "{name}");
        for (wrong, status) in [("after=zz", 400), ("after=ff", 400), ("x=1", 400), ("after=", 200)] {
            let (told, ..) = call(&site.app, get(&format!("{list}?{wrong}"), &cookie)).await;
            assert_eq!(told, status, "{list} {wrong}");
        }
    }
    // More than a page holds.
    for n in 0..100 {
        let account = samples::record(
            &format!("account-a{n:03}"),
            RecordBody::Account(Account {
                name: format!("a{n:03}"),
                office_id: None,
                office_name: "鼓楼区某局".into(),
                role: Role::Reader,
                division: "320106".parse().unwrap(),
                resets: 0,
                asked: None,
            }),
        );
        site.app.store.put(Record { state: State::Approved, ..account }, &BY).unwrap();
    }
    let (_, _, first) = call(&site.app, get("/console/accounts", &cookie)).await;
    let next = first.split("/console/accounts?after=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (status, _, second) = call(&site.app, get(&format!("/console/accounts?after={next}"), &cookie)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(first.contains(">a000<") && !first.contains(">admin<"), "{first}");
    assert!(!second.contains(">a000<") && second.contains(">admin<") && !second.contains("?after="), "{second}");
}

#[tokio::test]
async fn a_key_asks_within_its_quota_and_hands_in() {
    let site = site();
    office(&site, "鼓楼区档案馆", "320106");
    let key = |scopes: Vec<Scope>, quota: u32| {
        let new = NewKey {
            purpose: "区里的系统".into(),
            office_id: None,
            office_name: "鼓楼区档案馆".into(),
            division: "320106".parse::<DivisionCode>().unwrap(),
            scopes,
            quota,
            until: None,
            holder: None,
        };
        access::create_key(&site.app.store, new, &BY).unwrap()
    };
    let ask = |key: &str| {
        Request::get("/api/v1/divisions/320106")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .body(Body::empty())
            .unwrap()
    };
    let asks = key(vec![Scope::Search], 2);
    for want in [200, 200, 429] {
        let (status, headers, _) = call(&site.app, ask(&asks)).await;
        assert_eq!(status.as_u16(), want);
        assert_eq!(headers.contains_key(header::RETRY_AFTER), want == 429);
    }
    assert_eq!(call(&site.app, ask("guansou_0")).await.0, StatusCode::UNAUTHORIZED);
    let text = "鼓楼区档案管理办法\n\n第一条 档案免费查阅。\n第二条 本办法自2024年5月1日起施行。\n";
    let send = |key: &str, form: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{form}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{text}\r\n--b--\r\n"
        );
        let request =
            Request::post("/api/v1/submissions").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        request.header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::from(body)).unwrap()
    };
    let form = r#"{"title":"鼓楼区档案管理办法","level":"规范性文件","document_kind":"norm","document_number":null,"division":"320106","version_date":null,"published":null,"effective":"2024-05-01"}"#;
    assert_eq!(call(&site.app, send(&key(vec![Scope::Search], 9), form)).await.0, StatusCode::FORBIDDEN);
    let hands_in = key(vec![Scope::Submit], 9);
    let (status, _, reply) = call(&site.app, send(&hands_in, form)).await;
    assert_eq!(status, StatusCode::CREATED, "{reply}");
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["state"], "submitted");
    let status_of = |key: &str| {
        let path = format!("/api/v1/submissions/{}", reply["id"].as_str().unwrap());
        Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap()
    };
    assert_eq!(call(&site.app, status_of(&hands_in)).await.0, StatusCode::OK);
    let mut without = status_of(&hands_in);
    without.headers_mut().remove(header::AUTHORIZATION);
    assert_eq!(call(&site.app, without).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(call(&site.app, send(&hands_in, "{")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(call(&site.app, send(&hands_in, form)).await.0, StatusCode::CONFLICT, "it is under way already");
}

#[tokio::test]
async fn the_second_writer_is_told_the_newer_revision() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let id = submitted_one(&site, &writer, &token).await;
    let recall = |revision: &str| {
        post(
            &format!("/console/submissions/{id}/moves/recall"),
            &writer,
            &[("token", &token), ("revision", revision), ("reason", "")],
        )
    };
    let (status, _, page) = call(&site.app, recall("1")).await;
    assert!(status == StatusCode::CONFLICT && page.contains("第 2 次修订"), "{status} {page}");
    assert_eq!(call(&site.app, recall("2")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(call(&site.app, recall("2")).await.0, StatusCode::CONFLICT, "the same again is no longer the newest");
}

#[tokio::test]
async fn histories_tell_the_public_past_and_nothing_else() {
    let site = site();
    let (status, _, page) = call(&site.app, get("/records/320106-gov/history", "")).await;
    assert!(status == StatusCode::OK && page.contains("导入公开资料"), "{page}");
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, _) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let id = submitted_one(&site, &writer, &token).await;
    for path in
        [format!("/records/{id}/history"), "/records/account-gulou/history".into(), "/records/none/history".into()]
    {
        assert_eq!(call(&site.app, get(&path, &reviewer)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/records/320106-gov/history/1/2", "/records/320106-gov/history/x/y"] {
        assert_eq!(call(&site.app, get(path, "")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let store = &site.app.store;
    let actor = |cookie: &str| access::by_token(store, cookie.split_once('=').unwrap().1).unwrap().unwrap().actor;
    crate::workflow::approve_and_publish(store, &site.app.desk, &actor(&reviewer), &id, 2, "").unwrap();
    let (_, _, page) = call(&site.app, get("/records/320106-gov/history", "")).await;
    assert!(page.contains("gulou的机构") && page.contains("与第 1 次对照") && !page.contains("报送恢复"), "{page}");
    let (_, _, page) = call(&site.app, get("/records/320106-gov/history", &writer)).await;
    assert!(page.contains("报送恢复这次的内容"));
    let (status, _, page) = call(&site.app, get("/records/320106-gov/history/1/2", "")).await;
    assert!(status == StatusCode::OK && page.contains("<ins>"), "{page}");
    let (status, reply) = json_of(&site.app, "/api/v1/records/320106-gov/history").await;
    assert_eq!((status, reply["revisions"].as_array().unwrap().len()), (StatusCode::OK, 2));
    assert_eq!(reply["revisions"][1]["by"], "gulou的机构");
    let (_, reply) = json_of(&site.app, "/api/v1/records/320106-gov/history/1/2").await;
    let changed: Vec<&Value> =
        reply["facts"].as_array().unwrap().iter().filter(|f| f["changed"] == true).map(|f| &f["name"]).collect();
    assert!(changed.contains(&&Value::from("简称")), "{reply}");
    for path in ["account-gulou/history", "320106-gov/history/1/9", "320106-gov/history/x/2"] {
        assert_eq!(json_of(&site.app, &format!("/api/v1/records/{path}")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let restore = post("/console/records/320106-gov/restore", &writer, &[("token", &token), ("revision", "1")]);
    assert_eq!(call(&site.app, restore).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_new_body_is_of_the_level_of_its_division_unless_another_is_chosen() {
    let site = site();
    let (writer, token) = signed_in(&site, "zunyi.w", Role::Contributor, "520300");
    let (_, _, form) = call(&site.app, get("/console/new/institutions", &writer)).await;
    let levels = form.split("<select id=\"level\"").nth(1).unwrap().split("</select>").next().unwrap();
    // None is chosen, so that it follows from another division as well.
    assert!(levels.contains("<option value=\"\">") && !levels.contains("selected"), "{levels}");
    assert!(form.contains("value=\"520300\""), "{form}");
    let (national, _) = signed_in(&site, "nation.w", Role::Contributor, "000000");
    let (_, _, form) = call(&site.app, get("/console/new/institutions", &national)).await;
    assert!(!form.contains("<option selected>中央"), "{form}");
    let sent_in = async |division: &str, name: &str, level: Option<&str>| {
        let mut fields = vec![("token", token.as_str()), ("name", name), ("division", division)];
        fields.extend([("category", "事业单位"), ("then", "submit")]);
        fields.extend(level.map(|level| ("level", level)));
        let (status, headers, page) = call(&site.app, post("/console/new/institutions", &writer, &fields)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let id = headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let record = site.app.store.get(&id).unwrap().unwrap();
        let submission = crate::workflow::as_submission(&record).unwrap().clone();
        let RecordBody::Institution(body) = *submission.content.unwrap() else { panic!("a body") };
        (body.level.label(), submission.concerns.len())
    };
    let sent = async |name: &str, level: Option<&str>| sent_in("520300", name, level).await;
    assert_eq!(sent_in("520302", "红花岗区甲中心", Some("")).await, ("县级", 0), "of the division that was chosen");
    assert_eq!(sent("遵义市甲中心", None).await, ("地级", 0), "nobody above is asked");
    assert_eq!(sent("遵义市乙中心", Some("")).await, ("地级", 0));
    assert_eq!(sent("遵义市丙中心", Some("地级")).await, ("地级", 0));
    assert_eq!(sent("遵义市丁中心", Some("中央")).await, ("中央", 1), "what was chosen stands");
}
