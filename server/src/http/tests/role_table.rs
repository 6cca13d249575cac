//! Every route of the console for every role inside and outside its division, and every form without the token of its
//! session. The tables are held to the router: a route that they lack fails.

use std::collections::BTreeSet;

use indexer::record::{KINDS, Role};

use super::{
    offices::{get, post, signed_in, submitted_one, upload},
    *,
};
use crate::{
    access::{Actor, Rights},
    desk::Asked,
    http::pages,
};

/// A route as the router names it, and a method that it answers.
type Route = (String, &'static str);

/// Every route of the console, as the router itself tells them.
async fn routes(app: &App) -> BTreeSet<Route> {
    let told = format!("{:?}", pages::routes());
    let named: BTreeSet<&str> = told.split('"').filter(|text| text.starts_with("/console")).collect();
    assert!(named.contains("/console/new/{path}"), "the router tells its routes in another way: {named:?}");
    let mut routes = BTreeSet::new();
    for name in named {
        let never = Request::builder().method("TRACE").uri(name.replace(['{', '}'], "")).body(Body::empty()).unwrap();
        let (status, headers, _) = call(app, never).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{name}");
        for method in headers[header::ALLOW].to_str().unwrap().split(',').filter(|method| *method != "HEAD") {
            let method = ["GET", "POST"].into_iter().find(|known| *known == method.trim());
            routes.insert((name.to_owned(), method.unwrap_or_else(|| panic!("{name}: a method without a table"))));
        }
    }
    routes
}

/// Whether an address is one of a route.
fn is_of(address: &str, route: &str) -> bool {
    let (address, route) = (address.split('?').next().unwrap_or_default().split('/'), route.split('/'));
    address.clone().count() == route.clone().count()
        && address.zip(route).all(|(part, name)| part == name || name.starts_with('{') && !part.is_empty())
}

/// Fails where a table lacks a route that answers the method.
async fn holds_all<'a>(app: &App, method: &'static str, addresses: impl Iterator<Item = &'a str>) {
    let addresses: Vec<&str> = addresses.collect();
    for (route, _) in routes(app).await.iter().filter(|(_, answered)| *answered == method) {
        assert!(addresses.iter().any(|address| is_of(address, route)), "no row for {method} {route}");
    }
}

/// What there is to see: the county's submission of a record, its upload, its submission of that upload, and a reader's word.
struct Shown {
    writer: String,
    token: String,
    submission: String,
    hash: String,
    /// An upload that was confirmed.
    file: String,
    correction: String,
}

async fn shown(site: &Site) -> Shown {
    let (writer, token) = signed_in(site, "gulou", Role::Contributor, "320106");
    let submission = submitted_one(site, &writer, &token).await;
    let text = "鼓楼区公园管理办法\n\n第一条 公园免费开放。\n第二条 本办法自2024年5月1日起施行。\n";
    let sent = upload("/console/upload", &writer, &token, "办法.txt", text.as_bytes());
    let (status, headers, page) = call(&site.app, sent).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let fields = [
        ("token", token.as_str()),
        ("name", "办法.txt"),
        ("title", "鼓楼区公园管理办法"),
        ("level", "规范性文件"),
        ("document_kind", "规范"),
        ("division", "320106"),
        ("then", "submit"),
    ];
    let (status, headers, page) = call(&site.app, post(&form, &writer, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let confirmed = headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap();
    let hash = form.rsplit('/').next().unwrap().to_owned();
    let word = [("about", "320106-gov"), ("matter", "website"), ("says", "网址打不开")];
    assert_eq!(call(&site.app, post("/corrections", "", &word)).await.0, StatusCode::SEE_OTHER);
    let mut correction = None;
    let mut look = |record: Record| -> Result<(), crate::store::StoreError> {
        correction = matches!(record.body, RecordBody::Correction(_)).then_some(record.id).or(correction.take());
        Ok(())
    };
    site.app.store.each(&mut look).unwrap();
    let file = format!("/console/files/{hash}?submission={confirmed}");
    Shown { writer, token, submission, hash, file, correction: correction.unwrap() }
}

/// A task that somebody of the province made about a record.
fn task_about(site: &Site, id: &str) -> String {
    let asks = Actor {
        name: "asks".into(),
        office_id: None,
        office_name: "省的机构".into(),
        division: "320000".parse().unwrap(),
        rights: Rights::Account(Role::Contributor),
        behind: Vec::new(),
    };
    let asked = Asked { about: id, says: "请核对网址", due: None };
    crate::desk::ask(&site.app.store, &site.app.desk, &asks, asked).unwrap().id
}

/// An application for a name by the county's office.
fn name_asked_for(site: &Site) -> AskedFor {
    let asks = Actor {
        name: "asks.name".into(),
        office_id: None,
        office_name: "区的机构".into(),
        division: "320106".parse().unwrap(),
        rights: Rights::Account(Role::Contributor),
        behind: Vec::new(),
    };
    let form = crate::naming::Form {
        matter: indexer::record::name_application::Matter::Register,
        name: "南京市鼓楼区政府.政务",
        institution: "320106-gov",
        ground: indexer::record::name_application::Ground::StandardShort,
        purpose: "",
        consent: "",
        contact: "",
        agreed: false,
        alternatives: Vec::new(),
        parallel: Vec::new(),
        main_name: "",
        administrative: None,
        freeze: None,
        successor: None,
    };
    let made = crate::naming::draft(&site.app.store, &asks, &form).unwrap();
    let bytes = b"%PDF-1.7";
    let hash = crate::sharing::Sha256Hex::of(bytes);
    site.app.files.keep(&hash, bytes).unwrap();
    let document = crate::naming::SubmittedDocument { what: "申请表", file_name: "a.pdf", hash: &hash, bytes };
    let made = crate::naming::attach(&site.app.store, &asks, (&made.id, made.revision), &document).unwrap();
    AskedFor { at: format!("/console/names/{}", made.id), document: hash.to_string() }
}

/// An application for a name, and a document of it.
struct AskedFor {
    at: String,
    document: String,
}

/// A registered name of the county's.
fn registered_name(site: &Site) -> String {
    let mut name = samples::web_name("南京市鼓楼区旧名.政务", "南京市鼓楼区人民政府");
    name.institution_id = Some("320106-gov".into());
    let day = Date::constant(2026, 1, 1);
    name.life = Some(indexer::record::NameLife::begin(day, &Default::default(), "", ""));
    let id = indexer::record::web_name_id(&name.ascii);
    site.app.store.put(samples::record(&id, RecordBody::WebName(name)), &super::offices::BY).unwrap();
    format!("/console/register/{id}")
}

/// Puts a file beside the text of a record; its hash.
fn with_file(site: &Site, body: &mut RecordBody) -> String {
    let bytes = b"%PDF-1.7 attached";
    let hash = crate::sharing::Sha256Hex::of(bytes);
    site.app.files.keep(&hash, bytes).unwrap();
    crate::sharing::attach(body.attached_mut().unwrap(), ("a.pdf", "PDF"), bytes.len() as u64, &hash).unwrap();
    hash.to_string()
}

/// The path of a kind of which new records are proposed over the console.
fn new_record() -> String {
    let kind = KINDS.iter().find(|kind| kind.general).unwrap();
    format!("/console/new/{}", kind.path)
}

/// Every route of the console with what each role is answered inside its division, written out by hand. Outside of it
/// (and for what lies above) nobody is answered with anything but a refusal.
#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    const OK: u16 = 200;
    const NO: u16 = 403;
    const GONE: u16 = 404;
    let site = site();
    let Shown { submission, hash, file, correction, .. } = shown(&site).await;
    let submission = format!("/console/submissions/{submission}");
    let (edit, preview) = (format!("{submission}/edit"), format!("{submission}/preview"));
    let colleagues = format!("{submission}/colleagues");
    let uploaded = format!("/console/upload/{hash}?name=a.txt");
    let correction = format!("/console/corrections/{correction}");
    let new = new_record();
    let mut record = super::shared::record("鼓楼区统计口径", "口径如下。", "320106");
    let hash_of_file = with_file(&site, &mut record.body);
    let shared = format!("/console/shared/{}", record.id);
    let shared_file = format!("{shared}/attachments/{hash_of_file}");
    site.app.store.put(record, &super::offices::BY).unwrap();
    let uploaded_one = file.rsplit('=').next().unwrap().to_owned();
    let mut record = site.app.store.get(&uploaded_one).unwrap().unwrap();
    if let RecordBody::Submission(s) = &mut record.body {
        with_file(&site, s.content.as_deref_mut().unwrap());
    }
    site.app.store.put(record, &super::offices::BY).unwrap();
    let attached = format!("/console/submissions/{uploaded_one}/attachments/{hash_of_file}");
    let task = format!("/console/tasks/{}", task_about(&site, "320106-gov"));
    let AskedFor { at: named, document } = name_asked_for(&site);
    let document = format!("{named}/documents/{document}");
    let registered = registered_name(&site);
    // Reader, contributor of another office, reviewer, administrator; then a reviewer of another division.
    let table: [(&str, [u16; 4], u16); 42] = [
        ("/console/names", [OK; 4], OK),
        ("/console/names/new", [NO, OK, OK, NO], OK),
        (&named, [OK; 4], GONE),
        (&document, [OK; 4], GONE),
        ("/console/register", [OK; 4], OK),
        ("/console/names/table", [NO, OK, OK, NO], OK),
        ("/console/register/list", [OK; 4], OK),
        ("/console/register/print", [OK; 4], OK),
        (&registered, [OK; 4], GONE),
        ("/console", [OK; 4], OK),
        ("/console/start", [OK; 4], OK),
        ("/console/password", [OK; 4], OK),
        ("/console/queue", [OK; 4], OK),
        ("/console/schemes", [OK; 4], OK),
        ("/console/schemes.csv", [OK; 4], OK),
        ("/console/tables", [NO, OK, OK, NO], OK),
        ("/console/tables.csv?kind=staff-counts", [OK; 4], OK),
        ("/console/schemes/compare?new=sd-000000000000", [GONE; 4], GONE),
        ("/console/reforms", [OK; 4], OK),
        ("/console/notices", [OK; 4], OK),
        ("/console/shared", [OK; 4], OK),
        (&shared, [OK; 4], GONE),
        (&shared_file, [OK; 4], GONE),
        (&attached, [OK; 4], GONE),
        ("/console/corrections", [OK; 4], OK),
        ("/console/tasks", [OK; 4], OK),
        (&task, [OK; 4], GONE),
        (&correction, [OK; 4], GONE),
        ("/console/upload", [NO, OK, OK, NO], OK),
        // Only whoever uploaded a file sees it before it is handed in.
        (&uploaded, [NO, GONE, GONE, NO], GONE),
        (&file, [OK; 4], GONE),
        (&new, [NO, OK, OK, NO], OK),
        ("/console/records/320106-gov/edit", [NO, OK, OK, NO], NO),
        ("/console/records/320106-gov/withdraw", [NO, OK, OK, NO], NO),
        (&submission, [OK; 4], GONE),
        (&preview, [OK; 4], GONE),
        (&colleagues, [NO, NO, OK, OK], GONE),
        (&edit, [NO; 4], GONE),
        ("/console/accounts", [NO, NO, NO, OK], NO),
        ("/console/keys", [NO, NO, NO, OK], NO),
        ("/console/log", [NO; 4], NO),
        ("/console/log.jsonl", [NO; 4], NO),
    ];
    holds_all(&site.app, "GET", table.iter().map(|(path, ..)| *path)).await;
    let inside = [
        ("r.320100", Role::Reader),
        ("c.320100", Role::Contributor),
        ("v.320100", Role::Reviewer),
        ("a.320100", Role::Administrator),
    ]
    .map(|(name, role)| signed_in(&site, name, role, "320100").0);
    let (outside, _) = signed_in(&site, "v.350000", Role::Reviewer, "350000");
    let (nation, _) = signed_in(&site, "a.000000", Role::Administrator, "000000");
    for (path, answers, beside) in &table {
        for (cookie, want) in inside.iter().zip(answers) {
            let (status, headers, _) = call(&site.app, get(path, cookie)).await;
            assert_eq!(status.as_u16(), *want, "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        }
        assert_eq!(call(&site.app, get(path, &outside)).await.0.as_u16(), *beside, "{path} beside");
        let (status, headers, _) = call(&site.app, get(path, "")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path} for nobody");
        assert!(headers[header::LOCATION].to_str().unwrap().starts_with("/sign-in?next="), "{path}");
    }
    for path in ["/console/log", "/console/log.jsonl"] {
        assert_eq!(call(&site.app, get(path, &nation)).await.0, StatusCode::OK, "{path}");
    }
}

/// Whom a form refuses that comes with the token of their session: a reader of the division, a reviewer of another one.
#[derive(Clone, Copy, PartialEq)]
enum Refuses {
    Both,
    /// Whoever hands in may, whatever their division: it is about nothing that is there.
    Reader,
    /// It is about their own account.
    Neither,
}

/// Where a form goes, whom it refuses, and its fields.
type Form<'a> = (&'a str, Refuses, Vec<(&'a str, &'a str)>);

/// Every form for those who may not send it, and without the token of its session. What is not refused is wrong in another
/// way, so that nothing is written.
#[tokio::test]
async fn forms_are_refused_to_those_who_may_not_and_without_their_token() {
    use Refuses::{Both, Neither, Reader};
    let site = site();
    let Shown { writer, token, submission: id, hash, correction, .. } = shown(&site).await;
    let (reader, reader_token) = signed_in(&site, "reader.1", Role::Reader, "320100");
    let (other, other_token) = signed_in(&site, "fujian", Role::Reviewer, "350000");
    let of_submission = |name: &str| format!("/console/submissions/{id}/{name}");
    let (approve, both, recall) =
        (of_submission("moves/approve"), of_submission("moves/approve-and-publish"), of_submission("moves/recall"));
    let (edit, proofs) = (of_submission("edit"), of_submission("proofs"));
    let schedule = of_submission("schedule");
    let (assign, attach_file) = (of_submission("assign"), of_submission("attachments"));
    let detach_file = format!("{attach_file}/{}", "0".repeat(64));
    let (take, give_back, comments) = (of_submission("take"), of_submission("give-back"), of_submission("comments"));
    let uploaded = format!("/console/upload/{hash}");
    let dropped = format!("/console/upload/{}/drop", "0".repeat(64));
    let answer = format!("/console/corrections/{correction}/moves/accept");
    let new = new_record();
    let task = task_about(&site, "320106-gov");
    let (finish, close) = (format!("/console/tasks/{task}/finish"), format!("/console/tasks/{task}/close"));
    let AskedFor { at: named, document } = name_asked_for(&site);
    let (attach, document) = (format!("{named}/documents"), format!("{named}/documents/{document}"));
    let cancel = format!("{}/cancel", registered_name(&site));
    let (submit_name, parts) = (format!("{named}/moves/submit"), format!("{named}/parts"));
    let body = [("revision", "2"), ("reason", "x")];
    let forms: [Form<'_>; 45] = [
        ("/console/names/new", Reader, vec![]),
        (&named, Both, vec![("revision", "1"), ("matter", "register"), ("ground", "full_name")]),
        (&submit_name, Both, vec![("revision", "1")]),
        (&attach, Both, vec![]),
        (&document, Both, vec![("revision", "1")]),
        ("/console/register", Reader, vec![("document", "甲")]),
        ("/console/register/dns", Reader, vec![("table", "甲")]),
        ("/console/names/table", Reader, vec![("table", "甲")]),
        ("/console/register/list", Both, vec![("table", "甲"), ("called", "甲"), ("on", "2026-01-01")]),
        (&cancel, Both, vec![("revision", "1"), ("document", "甲")]),
        (&parts, Both, vec![("revision", "1"), ("part", "name"), ("verdict", "approve")]),
        (&approve, Both, body.to_vec()),
        (&both, Both, body.to_vec()),
        (&recall, Both, body.to_vec()),
        (&edit, Both, vec![("revision", "2"), ("name", "甲"), ("category", "政府")]),
        (&take, Both, vec![]),
        (&attach_file, Both, vec![]),
        (&detach_file, Both, vec![("revision", "2")]),
        (&assign, Both, vec![("to", "gulou")]),
        // They are about one's own account; what is sent here is wrong.
        ("/console/notices", Neither, vec![("one", "0")]),
        ("/console/notices/settings", Neither, vec![("action", "0")]),
        (&schedule, Both, vec![("revision", "2"), ("on", "2031-01-06")]),
        (&give_back, Both, vec![]),
        (&comments, Both, vec![("text", "甲")]),
        ("/console/queue", Reader, vec![("chosen", "s-1@1"), ("do", "take")]),
        // A bulk approval tells of each: the reviewer from elsewhere has the right to none of these.
        ("/console/queue", Reader, vec![("chosen", "s-1@1")]),
        ("/console/records/320106-gov/edit", Both, vec![("revision", "1"), ("name", "甲"), ("category", "政府")]),
        ("/console/records/320106-gov/withdraw", Both, vec![("note", "甲")]),
        ("/console/records/320106-gov/restore", Both, vec![("revision", "1")]),
        (
            "/console/accounts",
            Both,
            vec![("name", "abc"), ("office_name", "甲局"), ("role", "reader"), ("division", "320106")],
        ),
        (&proofs, Both, vec![("revision", "2"), ("host", "njgl.gov.cn"), ("method", "dns"), ("note", "x")]),
        ("/console/accounts/gulou", Both, vec![("action", "close")]),
        ("/console/accounts/gulou", Both, vec![("action", "confirm")]),
        (
            "/console/keys",
            Both,
            vec![
                ("purpose", "甲乙"),
                ("office_name", "甲局"),
                ("division", "320106"),
                ("scope", "search"),
                ("quota", "1"),
            ],
        ),
        ("/console/keys/key-1", Both, vec![]),
        ("/console/password", Neither, vec![("old", "x"), ("new", "甲乙丙丁"), ("again", "丁丙乙甲")]),
        (UPLOAD, Reader, vec![]),
        ("/console/tables", Reader, vec![]),
        // Only whoever uploaded a file has it.
        (&dropped, Both, vec![]),
        (
            &uploaded,
            Both,
            vec![("name", "a.txt"), ("title", "甲办法"), ("level", "规范性文件"), ("document_kind", "规范")],
        ),
        (&new, Reader, vec![]),
        ("/console/tasks", Both, vec![("about", "320106-gov"), ("says", "请核对")]),
        (&finish, Both, vec![("revision", "1")]),
        (&close, Both, vec![("revision", "1"), ("code", "not_affected")]),
        (&answer, Both, vec![("revision", "1"), ("reason", "x")]),
    ];
    holds_all(&site.app, "POST", forms.iter().map(|(path, ..)| *path)).await;
    let before = site.app.store.head();
    for (path, refuses, fields) in &forms {
        let sent = |cookie: &str, token: Option<&str>| match (*path, token) {
            // The forms with a file, which is empty.
            (path, token)
                if path == UPLOAD
                    || ["/documents", "/attachments", "/tables"].iter().any(|end| path.ends_with(end)) =>
            {
                upload(path, cookie, token.unwrap_or_default(), "a.txt", b"")
            }
            (path, Some(token)) => post(path, cookie, &[&[("token", token)][..], fields].concat()),
            (path, None) => post(path, cookie, fields),
        };
        for (cookie, token, whom) in [(&reader, &reader_token, Reader), (&other, &other_token, Both)] {
            let (status, _, page) = call(&site.app, sent(cookie, Some(token))).await;
            let refused = matches!(status.as_u16(), 403 | 404);
            assert_eq!(refused, [Both, whom].contains(refuses), "{path}: {status} {page}");
            assert!(
                refused || status == StatusCode::UNPROCESSABLE_ENTITY || page.contains("没有办成"),
                "{path}: {page}"
            );
        }
        for wrong in [None, Some("0"), Some(other_token.as_str())] {
            let (status, ..) = call(&site.app, sent(&writer, wrong)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path} without its token");
        }
        let mut foreign = sent(&writer, Some(&token));
        foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(call(&site.app, foreign).await.0, StatusCode::FORBIDDEN, "{path} from another site");
        // What was typed is kept on the page where one signs in; of an act alone nothing is.
        let nobody = sent("", None);
        let with_file = nobody.headers()[header::CONTENT_TYPE].as_bytes().starts_with(b"multipart");
        let typed: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let leads = with_file || fields.is_empty() || crate::http::pages::carried(path, &typed).is_none();
        let want = if leads { StatusCode::SEE_OTHER } else { StatusCode::UNAUTHORIZED };
        assert_eq!(call(&site.app, nobody).await.0, want, "{path} for nobody");
    }
    assert_eq!(site.app.store.head(), before, "nothing was written");
}

const UPLOAD: &str = "/console/upload";

#[test]
fn addresses_belong_to_their_routes() {
    assert!(is_of("/console/upload", "/console/upload") && is_of("/console/upload/0?name=a", "/console/upload/{hash}"));
    assert!(is_of("/console/records/a/edit", "/console/records/{id}/edit"));
    for (address, route) in [
        ("/console/upload", "/console/upload/{hash}"),
        ("/console/upload/", "/console/upload/{hash}"),
        ("/console/records/a/withdraw", "/console/records/{id}/edit"),
        ("/console/submissions/a/edit", "/console/records/{id}/edit"),
    ] {
        assert!(!is_of(address, route), "{address} {route}");
    }
}
