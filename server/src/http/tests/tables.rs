//! Whole tables handed in with a key: they become submissions, and nothing is published.

use indexer::record::Scope;

use super::*;
use crate::{
    access::{NewKey, create_key},
    sharing::tables::MAX_SUBMITTED_ROWS,
    store::By,
    workflow,
};

const BODIES: &str = "全称,区划代码,类别,网址\n遵义市教育局,520300,政府,https://jyj.zunyi.gov.cn/\n遵义市人民政府,520300,政府,https://www.zunyi.gov.cn/；https://new.zunyi.gov.cn/\n";

pub fn key(app: &App, division: &str, scope: Scope) -> String {
    key_for(app, division, vec![scope])
}

/// A key that may be used for several things.
pub fn key_for(app: &App, division: &str, scopes: Vec<Scope>) -> String {
    if app.store.get("zy-bb").unwrap().is_none() {
        app.store.import("office", [institution("zy-bb", "遵义市委编办", "520300")], &mut |_| {}).unwrap();
    }
    let new = NewKey {
        purpose: "批量报送".into(),
        office_id: None,
        office_name: "遵义市委编办".into(),
        division: division.parse().unwrap(),
        scopes,
        quota: 600,
        until: None,
        holder: None,
    };
    create_key(&app.store, new, &By { author: "test", reason: "" }).unwrap()
}

fn post(address: &str, key: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(address).header(header::AUTHORIZATION, format!("Bearer {key}")).body(body.into()).unwrap()
}

pub async fn sent(app: &App, address: &str, key: &str, body: impl Into<Body>) -> (u16, Value) {
    let (status, headers, text) = call(app, post(address, key, body)).await;
    let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
    assert_eq!(kind == "application/problem+json", !status.is_success(), "{status}: {text}");
    (status.as_u16(), serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn rows_become_submissions_and_nothing_is_published() {
    let site = site();
    let key = key(&site.app, "520300", Scope::Submit);
    let head = site.app.store.head();
    let (status, reply) = sent(&site.app, "/api/v1/tables/institutions?dry_run=1", &key, BODIES).await;
    assert_eq!((status, &reply["added"], &reply["changed"]), (200, &1.into(), &1.into()), "{reply}");
    assert_eq!(
        (reply["created"].as_array().unwrap().len(), site.app.store.head()),
        (0, head),
        "a dry run writes nothing"
    );
    let (status, reply) = sent(&site.app, "/api/v1/tables/institutions?name=bodies.csv", &key, BODIES).await;
    assert_eq!(status, 201, "{reply}");
    let created = reply["created"].as_array().unwrap();
    assert_eq!((created.len(), &created[1]["target"], &created[1]["row"]), (2, &"520300-gov".into(), &3.into()));
    let target = created[0]["target"].as_str().unwrap();
    assert_eq!(site.app.store.get(target).unwrap(), None, "what is new is not there before it is published");
    let record = site.app.store.get(created[0]["id"].as_str().unwrap()).unwrap().unwrap();
    assert_eq!(record.state, State::Submitted);
    let submission = workflow::as_submission(&record).unwrap();
    assert!(submission.due.is_some());
    assert_eq!(submission.provenance[0].source, "table:bodies.csv");
    let mut request = path(&format!("/api/v1/submissions/{}", record.id));
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
    let reply: Value = serde_json::from_str(&call(&site.app, request).await.2).unwrap();
    assert_eq!(reply["state"], "submitted");
    // Handed in again it is not handed in twice.
    let (status, reply) = sent(&site.app, "/api/v1/tables/institutions", &key, BODIES).await;
    assert_eq!((status, &reply["waiting"], reply["created"].as_array().unwrap().len()), (200, &2.into(), 0), "{reply}");
}

#[tokio::test]
async fn one_fault_stops_all_unless_bad_rows_are_left_out() {
    let site = site();
    let key = key(&site.app, "520300", Scope::Submit);
    let head = site.app.store.head();
    let text = format!("{BODIES}贵州省甲厅,520000,政府,\n遵义市乙局,520300,机关,\n");
    let (status, reply) = sent(&site.app, "/api/v1/tables/institutions", &key, text.clone()).await;
    assert_eq!((status, site.app.store.head()), (422, head), "{reply}");
    assert_eq!((&reply["problem_count"], &reply["type"]), (&2.into(), &"/problems/unprocessable".into()));
    let problems = reply["problems"].to_string();
    assert!(problems.contains("不在您的账户所管的 520300 之内") && problems.contains("应为以下之一"), "{problems}");
    assert!(reply["problems"].as_array().unwrap().iter().any(|p| p["row"] == 5 && p["column"] == "类别"));
    let (status, reply) = sent(&site.app, "/api/v1/tables/institutions?skip_bad=1", &key, text).await;
    assert_eq!((status, reply["created"].as_array().unwrap().len(), &reply["problem_count"]), (201, 2, &2.into()));
    // Regulations and names go the same way.
    let regulations = "标题,效力层级,区划代码,成文日期\n遵义市湿地保护条例,地方性法规,520300,2018-10-30\n";
    assert_eq!(sent(&site.app, "/api/v1/tables/regulations", &key, regulations).await.0, 201);
    let names = "网上名称,机构\nfw.zunyi.gov.cn,遵义市人民政府\n";
    let (status, reply) = sent(&site.app, "/api/v1/tables/web-names", &key, names).await;
    assert_eq!((status, &reply["created"][0]["target"]), (201, &"w-fw.zunyi.gov.cn".into()), "{reply}");
}

#[tokio::test]
async fn tables_need_a_key_a_kind_and_bounds() {
    let site = site();
    let (submit, search) = (key(&site.app, "520300", Scope::Submit), key(&site.app, "520300", Scope::Search));
    let many = format!("全称,区划代码,类别\n{}", "甲,520300,政府\n".repeat(MAX_SUBMITTED_ROWS + 1));
    for (address, key, body, status, part) in [
        ("/api/v1/tables/institutions", &search, BODIES, 403, "报送"),
        ("/api/v1/tables/divisions", &submit, BODIES, 404, "institutions"),
        ("/api/v1/tables/institutions?dry_run=yes", &submit, BODIES, 400, "0 或 1"),
        ("/api/v1/tables/institutions?x=1", &submit, BODIES, 400, "不认识参数"),
        ("/api/v1/tables/institutions", &submit, "", 422, "空的"),
        ("/api/v1/tables/institutions", &submit, "%PDF-1.7", 422, "PDF"),
        ("/api/v1/tables/institutions", &submit, "\0\0", 422, ""),
        ("/api/v1/tables/institutions", &submit, &many, 422, "最多 4000 行"),
    ] {
        let (told, reply) = sent(&site.app, address, key, body.to_owned()).await;
        assert_eq!(told, status, "{address}: {reply}");
        assert!(reply["detail"].as_str().unwrap().contains(part), "{address}: {reply}");
    }
    let none = Request::post("/api/v1/tables/institutions").body(Body::from(BODIES)).unwrap();
    assert_eq!(call(&site.app, none).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn templates_are_for_everyone() {
    let site = site();
    for kind in ["institutions", "regulations", "web-names"] {
        let (status, headers, body) = call(&site.app, path(&format!("/api/v1/tables/{kind}.csv"))).await;
        assert_eq!((status, body.lines().count()), (StatusCode::OK, 2), "{kind}");
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
        assert!(body.starts_with('\u{FEFF}') && body.contains("示例"));
    }
    for kind in ["institutions", "x.csv", "..%2Fa.csv"] {
        assert_eq!(call(&site.app, path(&format!("/api/v1/tables/{kind}"))).await.0, StatusCode::NOT_FOUND, "{kind}");
    }
}

#[tokio::test]
async fn a_list_as_its_office_has_it_is_checked_with_what_it_rests_on() {
    let site = site_with(vec![law(
        "甲示例条例",
        Date::constant(2020, 1, 1),
        &["经营场所应当取得许可。", "本条例自2020年1月1日起施行。"],
        None,
    )]);
    let key = key(&site.app, "520300", Scope::Submit);
    let list = "序号,职权名称,职权类型,实施机关,法律依据,科室\n\
                1,甲场所许可,许可,遵义市示例局,《甲示例条例》第一条,一科\n\
                2,乙场所许可,许可,遵义市示例局,《甲示例条例》第九条,二科\n";
    let address = |more: &str| format!("/api/v1/tables/power-items?dry_run=1{more}");
    let (status, reply) = sent(&site.app, &address(""), &key, list).await;
    assert_eq!((status, &reply["problems"][0]["column"]), (200, &"科室".into()), "{reply}");
    for more in ["&skip_columns=1", &format!("&columns={}", encoded("科室=承办机构"))] {
        let (status, reply) = sent(&site.app, &address(more), &key, list).await;
        assert_eq!((status, &reply["added"], &reply["problem_count"]), (200, &2.into(), &0.into()), "{reply}");
        assert!(reply["notes"].to_string().contains("各行按 520300 读"), "{reply}");
        assert_eq!((&reply["basis_count"], &reply["bases"][0]["row"]), (&1.into(), &3.into()), "{reply}");
        assert!(reply["bases"][0]["message"].as_str().unwrap().contains("条文不存在"), "{reply}");
    }
    let wrong = format!("&columns={}", encoded("科室"));
    let (status, reply) = sent(&site.app, &address(&wrong), &key, list).await;
    assert!(status == 422 && reply["detail"].as_str().unwrap().contains("科室"), "{reply}");
}
