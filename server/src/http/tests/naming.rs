//! Applications for web names over the console: what is refused or held and by which code, documents, and what the
//! public sees of a name before, while and after it is somebody's.

use indexer::record::{Role, WebName, web_name_id};

use super::{
    offices::{BY, get, signed_in},
    *,
};

const NAME: &str = "遵义市教育局.政务";
const OWNER: &str = "jy";

/// Somebody with a browser.
struct Person {
    cookie: String,
    token: String,
}

impl Person {
    fn new(site: &Site, name: &str, role: Role, division: &str) -> Self {
        let (cookie, token) = signed_in(site, name, role, division);
        Self { cookie, token }
    }

    /// Sends a form; problems come back as JSON.
    async fn send(&self, site: &Site, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, Value) {
        let all = [&[("token", self.token.as_str())][..], fields].concat();
        let mut request = offices::post(path, &self.cookie, &all);
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        let (status, headers, body) = call(&site.app, request).await;
        let to = headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        (status, to, serde_json::from_str(&body).unwrap_or_default())
    }

    async fn sees(&self, site: &Site, path: &str) -> String {
        let (status, _, page) = call(&site.app, get(path, &self.cookie)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    /// Writes a draft; its address.
    async fn draft(&self, site: &Site, more: &[(&str, &str)]) -> String {
        let (status, to, problem) = self.send(site, "/console/names/new", &filled(more)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{problem}");
        to
    }

    /// Makes a move.
    async fn makes(&self, site: &Site, at: &str, name: &str, more: &[(&str, &str)]) -> (StatusCode, String) {
        let revision = revision(site, at);
        let fields = [&[("revision", revision.as_str())][..], more].concat();
        let (status, _, problem) = self.send(site, &format!("{at}/moves/{name}"), &fields).await;
        (status, problem["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned())
    }

    async fn goes(&self, site: &Site, at: &str, name: &str) {
        let (status, problem) = self.makes(site, at, name, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{name}: {problem}");
    }
}

fn filled<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("name", NAME),
        ("institution", OWNER),
        ("matter", "register"),
        ("ground", "full_name"),
        ("purpose", "发布教育工作信息"),
        ("consent", "遵教函〔2030〕3号"),
        ("contact", "bgs@jyj.zunyi.gov.cn"),
        ("agreed", "1"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend(more);
    fields
}

fn application(site: &Site, at: &str) -> Record {
    site.app.store.get(at.rsplit('/').next().unwrap()).unwrap().unwrap()
}

fn revision(site: &Site, at: &str) -> String {
    application(site, at).revision.to_string()
}

/// A city with a bureau of education and one of sports, and what else is on record.
fn city(more: Vec<Record>) -> Site {
    let bodies = [(OWNER, "遵义市教育局"), ("ty", "遵义市体育局")].map(|(id, name)| {
        let mut record = institution(id, name, "520300");
        record.owner = Some("520300".parse().unwrap());
        record
    });
    site_with(bodies.into_iter().chain(more).collect())
}

fn held(name: &str, owner: &str, id: &str) -> Record {
    let name = WebName { institution_id: Some(id.into()), ..samples::web_name(name, owner) };
    samples::record(&web_name_id(&name.ascii), RecordBody::WebName(name))
}

struct People {
    clerk: Person,
    first: Person,
    registry: Person,
}

fn people(site: &Site) -> People {
    People {
        clerk: Person::new(site, "clerk", Role::Contributor, "520300"),
        first: Person::new(site, "first", Role::Reviewer, "520300"),
        registry: Person::new(site, "registry", Role::Reviewer, "000000"),
    }
}

impl People {
    /// Hands an application in and brings it through both reviews; where it ended and with which problem.
    async fn through(&self, site: &Site, at: &str) -> (StatusCode, String) {
        self.clerk.goes(site, at, "submit").await;
        self.first.goes(site, at, "take").await;
        self.first.goes(site, at, "pass").await;
        self.registry.goes(site, at, "take").await;
        self.registry.makes(site, at, "pass", &[]).await
    }
}

fn multipart(path: &str, who: &Person, fields: &[(&str, &str)], name: &str, file: Body) -> Request<Body> {
    let text = fields
        .iter()
        .map(|(name, value)| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    let head: String = text.collect::<String>()
        + &format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let pieces = tokio_stream::StreamExt::chain(
        tokio_stream::StreamExt::chain(Body::from(head).into_data_stream(), file.into_data_stream()),
        Body::from("\r\n--b--\r\n").into_data_stream(),
    );
    Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, &who.cookie)
        .body(Body::from_stream(pieces))
        .unwrap()
}

/// Whoever saw an older revision writes nothing over what a colleague has changed since, however often the form is
/// sent.
#[tokio::test]
async fn a_form_of_an_older_revision_never_overwrites() {
    let site = city(Vec::new());
    let clerk = Person::new(&site, "clerk", Role::Contributor, "520300");
    let at = clerk.draft(&site, &[]).await;
    let seen = revision(&site, &at);
    let send = async |purpose: &str| {
        let fields = filled(&[("revision", seen.as_str()), ("purpose", purpose)]);
        let all = [&[("token", clerk.token.as_str())][..], &fields].concat();
        let (status, _, page) = call(&site.app, offices::post(&at, &clerk.cookie, &all)).await;
        (status, page)
    };
    assert_eq!(send("同事写的用途").await.0, StatusCode::SEE_OTHER);
    for _ in 0..2 {
        let (status, page) = send("自己写的用途").await;
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        assert!(page.contains("自己写的用途"), "{page}");
        assert!(page.contains(&format!("name=\"revision\" value=\"{seen}\"")), "the page goes on from what was seen");
    }
    let kept = clerk.sees(&site, &at).await;
    assert!(kept.contains("同事写的用途") && !kept.contains("自己写的用途"), "{kept}");
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_by_its_code() {
    let site = city(vec![held("遵义市体育局.政务", "遵义市体育局", "ty")]);
    let People { clerk, first, registry } = people(&site);
    let before = site.app.store.head();
    for (more, code) in [
        // 19 characters of which the A-label has 64 bytes.
        (vec![("name", "遵义市红花岗区人力资源和社会保障局综合.政务")], "name-unreadable"),
        (vec![("name", "遵义市教育局.网址")], "name-no-registry"),
        (vec![("institution", "none")], "name-no-applicant"),
        (vec![("parallel", "遵义教育.政务\njyj.zunyi.gov.cn")], "name-rule"),
    ] {
        let (status, _, problem) = clerk.send(&site, "/console/names/new", &filled(&more)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
    }
    // A reader has the form again, with what was typed.
    let typed = [&[("token", clerk.token.as_str())][..], &filled(&[("institution", "none")])].concat();
    let (status, _, page) = call(&site.app, offices::post("/console/names/new", &clerk.cookie, &typed)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    for kept in ["role=\"alert\"", "action=\"/console/names/new\"", "bgs@jyj.zunyi.gov.cn", "遵教函〔2030〕3号"] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert_eq!(site.app.store.head(), before, "nothing was written");
    for (more, code) in [
        (vec![("contact", "zhangsan@qq.com")], "name-personal-contact"),
        (vec![("contact", "13800138000@jyj.zunyi.gov.cn")], "name-personal-contact"),
        (vec![("consent", "")], "name-incomplete"),
        (vec![("matter", "transfer")], "name-not-own"),
        // Somebody else's, in traditional characters.
        (vec![("name", "遵義市體育局.政务")], "name-taken"),
        (vec![("name", "遵义市体育局.政务")], "name-taken"),
        (vec![("matter", "renew")], "name-not-own"),
    ] {
        let at = clerk.draft(&site, &more).await;
        assert_eq!(clerk.makes(&site, &at, "submit", &[]).await, (StatusCode::CONFLICT, code.to_owned()), "{more:?}");
    }
    // A place's bare name is its government's alone.
    let at = clerk.draft(&site, &[("name", "遵义市.政务")]).await;
    let (status, _, problem) =
        clerk.send(&site, &format!("{at}/moves/submit"), &[("revision", &revision(&site, &at))]).await;
    assert_eq!((status, &problem["rule"]), (StatusCode::UNPROCESSABLE_ENTITY, &"reserved".into()), "{problem}");
    // Two for one name at once, one of them in another form of it.
    let at = clerk.draft(&site, &[]).await;
    clerk.goes(&site, &at, "submit").await;
    let other = clerk.draft(&site, &[("name", "遵義市教育局.政务"), ("institution", "ty")]).await;
    assert_eq!(clerk.makes(&site, &other, "submit", &[]).await, (StatusCode::CONFLICT, "name-under-way".into()));
    // Nobody but the office itself hands in, and what its office wrote nobody of it reviews.
    assert_eq!(first.makes(&site, &other, "submit", &[]).await.0, StatusCode::FORBIDDEN);
    assert_eq!(registry.makes(&site, &at, "take", &[]).await.0, StatusCode::SEE_OTHER, "the nation covers all");
}

#[tokio::test]
async fn handler_first_and_second_reviewer_are_three_persons() {
    let site = city(Vec::new());
    let People { clerk, first, registry } = people(&site);
    // A reviewer who has written it.
    let own = first.draft(&site, &[("name", "遵义市体育局.政务"), ("institution", "ty")]).await;
    first.goes(&site, &own, "submit").await;
    assert_eq!(first.makes(&site, &own, "take", &[]).await, (StatusCode::CONFLICT, "name-same-person".into()));
    let at = clerk.draft(&site, &[]).await;
    clerk.goes(&site, &at, "submit").await;
    registry.goes(&site, &at, "take").await;
    assert_eq!(first.makes(&site, &at, "pass", &[]).await, (StatusCode::CONFLICT, "name-not-investigator".into()));
    registry.goes(&site, &at, "pass").await;
    assert_eq!(registry.makes(&site, &at, "take", &[]).await, (StatusCode::CONFLICT, "name-same-person".into()));
    let other = Person::new(&site, "registry.2", Role::Reviewer, "000000");
    other.goes(&site, &at, "take").await;
    other.goes(&site, &at, "pass").await;
}

#[tokio::test]
async fn parts_are_looked_at_one_by_one_and_what_lacks_is_mended_in_place() {
    let site = city(Vec::new());
    let People { clerk, first, registry } = people(&site);
    let at = clerk.draft(&site, &[]).await;
    let sent = |fields: Vec<(&'static str, String)>, name: &'static str, file: Body| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        multipart(&format!("{at}/documents"), &clerk, &fields, name, file)
    };
    let fields =
        || vec![("token", clerk.token.clone()), ("revision", revision(&site, &at)), ("what", "申请表".to_owned())];
    let (status, _, body) = call(&site.app, sent(fields(), "申请表.pdf", Body::from("%PDF-1.7 盖章"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (status, _, _) = call(&site.app, sent(fields(), "扫描.png", Body::from(&b"\x89PNG\r\n\x1A\n scan"[..]))).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // What the content is decides, not the name.
    for (name, content, told) in [
        ("申请表.pdf", &b"MZ\x90\x00\x03 program"[..], "name-document-format"),
        ("申请表.docx", b"%PDF-1.7", "name-document-format"),
        ("申请表.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "name-document-format"),
        ("a.pdf", b"", "name-rule"),
    ] {
        let (status, _, body) = call(&site.app, sent(fields(), name, Body::from(content))).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains(told), "{name}: {status} {body}");
    }
    // 200 MiB, told as soon as it is too large.
    let piece = axum::body::Bytes::from(vec![b'a'; 1 << 20]);
    let huge = Body::from_stream(tokio_stream::iter((0..200).map(move |_| Ok::<_, std::io::Error>(piece.clone()))));
    let (status, _, body) = call(&site.app, sent(fields(), "a.pdf", huge)).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE && body.contains("最多 20 MiB"), "{status} {body}");
    let page = first.sees(&site, &at).await;
    assert!(page.contains("申请表.pdf") && page.contains("PNG 图片"), "{page}");
    let document = page.split(&format!("{at}/documents/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(first.sees(&site, &format!("{at}/documents/{document}")).await, "%PDF-1.7 盖章");
    let far = Person::new(&site, "far", Role::Reviewer, "350000");
    assert_eq!(call(&site.app, get(&format!("{at}/documents/{document}"), &far.cookie)).await.0, StatusCode::NOT_FOUND);
    clerk.goes(&site, &at, "submit").await;
    let (status, _, body) = call(&site.app, sent(fields(), "后补.pdf", Body::from("%PDF-1.7"))).await;
    assert!(status == StatusCode::CONFLICT && body.contains("name-closed"), "{status} {body}");
    first.goes(&site, &at, "take").await;
    // Approve, hold and reject; with a note where it is no approval.
    let judged = async |part: &str, verdict: &str, note: &str| {
        let revision = revision(&site, &at);
        let fields = [("revision", revision.as_str()), ("part", part), ("verdict", verdict), ("note", note)];
        first.send(&site, &format!("{at}/parts"), &fields).await.0
    };
    assert_eq!(judged("name", "approve", "").await, StatusCode::SEE_OTHER);
    assert_eq!(judged("documents", "hold", "").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(judged("documents", "hold", "看不清印章").await, StatusCode::SEE_OTHER);
    assert_eq!(judged("purpose", "reject", "与职责不符").await, StatusCode::SEE_OTHER);
    assert_eq!(judged("nothing", "hold", "x").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(first.makes(&site, &at, "pass", &[]).await, (StatusCode::CONFLICT, "name-held".into()));
    assert_eq!(first.makes(&site, &at, "supplement", &[]).await.0, StatusCode::UNPROCESSABLE_ENTITY, "by a code");
    let asked = [("code", "documents"), ("reason", "请附清楚的申请表")];
    assert_eq!(first.makes(&site, &at, "supplement", &asked).await.0, StatusCode::SEE_OTHER);
    let page = clerk.sees(&site, &at).await;
    assert!(
        page.contains("还需要：请附清楚的申请表") && page.contains("看不清印章"),
        "one letter, and each part: {page}"
    );
    // In place, without withdrawing it.
    let mended = revision(&site, &at);
    let fields_of = filled(&[("purpose", "入学登记")]);
    let fields_of = [&[("revision", mended.as_str())][..], &fields_of].concat();
    assert_eq!(clerk.send(&site, &at, &fields_of).await.0, StatusCode::SEE_OTHER);
    let (status, _, problem) =
        clerk.send(&site, &format!("{at}/documents/{document}"), &[("revision", &revision(&site, &at))]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{problem}");
    let (status, ..) = call(&site.app, sent(fields(), "清楚的申请表.pdf", Body::from("%PDF-1.7 清楚"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    clerk.goes(&site, &at, "submit").await;
    for part in ["documents", "purpose"] {
        assert_eq!(judged(part, "approve", "").await, StatusCode::SEE_OTHER);
    }
    first.goes(&site, &at, "pass").await;
    registry.goes(&site, &at, "take").await;
    registry.goes(&site, &at, "pass").await;
    registry.goes(&site, &at, "register").await;
    assert!(clerk.sees(&site, &at).await.contains("已登记"));
}

#[tokio::test]
async fn a_name_that_looks_like_anothers_is_held_until_a_reviewer_says_so() {
    // 未 and 末 differ by the length of a stroke.
    let site = city(vec![held("遵义市未来局.政务", "遵义市体育局", "ty")]);
    let People { clerk, first, .. } = people(&site);
    let at = clerk.draft(&site, &[("name", "遵义市末来局.政务"), ("ground", "site_name")]).await;
    clerk.goes(&site, &at, "submit").await;
    let page = first.sees(&site, &at).await;
    first.goes(&site, &at, "take").await;
    assert_eq!(first.makes(&site, &at, "pass", &[]).await, (StatusCode::CONFLICT, "name-held".into()), "{page}");
    let page = first.sees(&site, &at).await;
    assert!(page.contains("与已注册的“遵义市未来局.政务”看起来相像"), "{page}");
    let revision = revision(&site, &at);
    let fields = [("revision", revision.as_str()), ("part", "name"), ("verdict", "approve"), ("note", "")];
    assert_eq!(first.send(&site, &format!("{at}/parts"), &fields).await.0, StatusCode::SEE_OTHER);
    first.goes(&site, &at, "pass").await;
}

#[tokio::test]
async fn an_applicant_abolished_meanwhile_gets_nothing() {
    let site = city(Vec::new());
    let people = people(&site);
    let at = people.clerk.draft(&site, &[]).await;
    people.clerk.goes(&site, &at, "submit").await;
    people.first.goes(&site, &at, "take").await;
    people.first.goes(&site, &at, "pass").await;
    people.registry.goes(&site, &at, "take").await;
    let body = site.app.store.get(OWNER).unwrap().unwrap();
    site.app.store.put(Record { state: State::Withdrawn, ..body }, &BY).unwrap();
    assert_eq!(people.registry.makes(&site, &at, "pass", &[]).await, (StatusCode::CONFLICT, "name-abolished".into()));
    let refused = people.registry.makes(&site, &at, "refuse", &[("code", "abolished"), ("reason", "")]).await;
    assert_eq!(refused.0, StatusCode::SEE_OTHER);
    let page = people.clerk.sees(&site, &at).await;
    assert!(page.contains("申请单位已经撤销，请由承继其职责的单位重新申请"), "{page}");
}

async fn rdap(site: &Site, name: &str) -> (StatusCode, Value) {
    let (status, _, body) = call(&site.app, path(&format!("/api/v1/web-names/{}", encoded(name)))).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn the_public_sees_a_name_its_holder_and_what_it_was() {
    let site = city(Vec::new());
    let people = people(&site);
    assert_eq!(rdap(&site, NAME).await.0, StatusCode::NOT_FOUND);
    let at = people.clerk.draft(&site, &[]).await;
    assert_eq!(people.through(&site, &at).await.0, StatusCode::SEE_OTHER);
    let (status, name) = rdap(&site, NAME).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&name["objectClassName"], &name["unicodeName"]), (&"domain".into(), &NAME.into()));
    assert_eq!((&name["status"][0], &name["statusLabel"]), (&"inactive".into(), &"待解析".into()));
    let actions: Vec<&str> =
        name["events"].as_array().unwrap().iter().map(|e| e["eventAction"].as_str().unwrap()).collect();
    assert_eq!(actions, ["registration", "expiration"]);
    assert_eq!(name["entities"][0]["name"], "遵义市教育局");
    assert!(name["ldhName"].as_str().unwrap().starts_with("xn--"));
    let text = name.to_string();
    assert!(!text.contains("clerk") && !text.contains("first"), "no account is told: {text}");
    // Cancelled: whose it was stays reported, and whoever opens it is warned.
    let at = people.clerk.draft(&site, &[("matter", "cancel")]).await;
    assert_eq!(people.through(&site, &at).await.0, StatusCode::SEE_OTHER);
    let (_, name) = rdap(&site, NAME).await;
    assert_eq!((&name["statusLabel"], &name["entities"]), (&"注销".into(), &Value::Array(Vec::new())));
    assert!(name["former"][0].as_str().unwrap().starts_with("曾为遵义市教育局的网上名称，至 "), "{name}");
    let (_, _, check) = call(&site.app, path(&format!("/api/v1/check?url={}", encoded(NAME)))).await;
    let check: Value = serde_json::from_str(&check).unwrap();
    let former = check["former"].to_string();
    assert!(former.contains("曾为遵义市教育局的网上名称") && former.contains("可能已由他人注册"), "{check}");
    let mut page = path(&format!("/check?url={}", encoded(NAME)));
    page.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
    let (_, _, page) = call(&site.app, page).await;
    assert!(page.contains("曾为遵义市教育局的网上名称"), "{page}");
    // Another institution asks for it: the check before, and whoever reviews it, are told whose it was.
    let asked = [("name", NAME), ("institution", "ty")].map(|(n, v)| format!("{n}={}", encoded(v))).join("&");
    let page = people.clerk.sees(&site, &format!("/console/names/new?{asked}")).await;
    assert!(page.contains("曾为遵义市教育局的网上名称"), "{page}");
    let at = people.clerk.draft(&site, &[("institution", "ty"), ("ground", "site_name")]).await;
    assert!(people.first.sees(&site, &at).await.contains("请核对旧文件和链接是否还指向原单位"));
}

#[tokio::test]
async fn the_public_sees_where_applications_lie_and_what_is_registered() {
    let site = city(Vec::new());
    let people = people(&site);
    let page = async |path: &str| {
        let mut request = super::path(path);
        request.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
        request.headers_mut().insert(header::HOST, "guansou.example".parse().unwrap());
        let (status, _, page) = call(&site.app, request).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    };
    assert!(page("/web-names/queue").await.contains("没有在办的申请"));
    let draft = people.clerk.draft(&site, &[("name", "遵义市体育局.政务"), ("institution", "ty")]).await;
    assert!(page("/web-names/queue").await.contains("没有在办的申请"), "a draft is nobody's business");
    people.clerk.goes(&site, &draft, "submit").await;
    let at = people.clerk.draft(&site, &[]).await;
    assert_eq!(people.through(&site, &at).await.0, StatusCode::SEE_OTHER);
    let queue = page("/web-names/queue").await;
    assert!(queue.contains("遵义市体育局.政务") && queue.contains("同级机构编制部门"), "{queue}");
    assert!(queue.contains("first的机构") && queue.contains("当天"), "{queue}");
    let (_, _, body) = call(&site.app, path("/api/v1/web-names/queue")).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&reply["under_way"], &reply["offices"][0]["median_days"]), (&2.into(), &0.into()), "{reply}");
    let (_, _, table) = call(&site.app, path("/api/v1/web-names/register.csv")).await;
    let rows: Vec<&str> = table.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(rows[1].starts_with(&format!("{NAME},xn--")), "{table}");
    assert!(rows[1].contains("遵义市教育局,jy,bgs@jyj.zunyi.gov.cn,待解析"), "{table}");
    let feed = page("/feeds/web-names.atom").await;
    assert!(feed.contains(&format!("新增：{NAME}")) && feed.contains("遵教函〔2030〕3号"), "{feed}");
    for public in [queue, body, table, feed] {
        assert!(!public.contains("clerk") || public.contains("clerk的机构"), "{public}");
        assert!(!public.contains("registry\""), "no account is told: {public}");
    }
    let at = people.clerk.draft(&site, &[("matter", "cancel")]).await;
    assert_eq!(people.through(&site, &at).await.0, StatusCode::SEE_OTHER);
    let feed = page("/feeds/web-names.atom").await;
    assert!(feed.contains(&format!("注销：{NAME}")) && !feed.contains("新增："), "each name once: {feed}");
    let (_, _, table) = call(&site.app, path("/api/v1/web-names/register.csv")).await;
    assert!(!table.contains("bgs@jyj.zunyi.gov.cn") && table.contains("注销"), "{table}");
}
