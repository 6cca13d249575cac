//! A table that was checked is handed in without being brought again, and its failed rows come back with their reasons.

use indexer::record::Role;

use super::{offices::signed_in, *};

fn sent(cookie: &str, fields: &[(&str, &str)], file: Option<&str>) -> Request<Body> {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let (name, text) = file.map_or(("", ""), |text| ("机构.csv", text));
    body += &format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--b--\r\n"
    );
    Request::post("/console/tables")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_checked_table_need_not_be_brought_again() {
    let site = site();
    let (cookie, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let table = "全称,区划代码,类别\n遵义市甲局,520300,政府\n遵义市乙局,520300,机关\n=丙局,520300,乱写\n";
    let fixed = [("token", token.as_str()), ("kind", "institutions")];
    let with = |more: &[(&'static str, &str)]| -> Vec<(String, String)> {
        fixed.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let ask = |fields: Vec<(String, String)>, file: Option<&str>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        sent(&cookie, &fields, file)
    };
    let (status, _, page) = call(&site.app, ask(with(&[("then", "check"), ("skip_bad", "1")]), Some(table))).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let hash = page_hash(&page);
    assert!(page.contains("“机构.csv”还在") && page.contains("name=\"skip_bad\" value=\"1\" checked"), "{page}");
    // The failed rows, each with its reason; once mended they can be brought again.
    let (status, headers, failed) = call(&site.app, ask(with(&[("then", "faults"), ("kept", &hash)]), None)).await;
    assert_eq!(status, StatusCode::OK, "{failed}");
    assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    let lines: Vec<&str> = failed.lines().collect();
    assert_eq!(lines.len(), 3, "{failed}");
    assert!(lines[0].ends_with(",问题") && lines[1].contains("类别：") && lines[2].starts_with("'="), "{failed}");
    let mended = failed.replace("机关", "政府").replace("乱写", "政府").replace("'=", "");
    let (status, _, page) = call(&site.app, ask(with(&[("then", "check")]), Some(&mended))).await;
    assert!(status == StatusCode::OK && page.contains("新增 2 行"), "{page}");
    // What somebody else has checked, or nobody, is not there.
    let (status, _, page) = call(&site.app, ask(with(&[("then", "submit"), ("kept", &hash)]), None)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "another table was checked since");
    assert!(page.contains("<a href=\"#file\">"), "{page}");
    let (other, other_token) = signed_in(&site, "zunyi2", Role::Contributor, "520300");
    let fields =
        [("token", other_token.as_str()), ("kind", "institutions"), ("then", "submit"), ("kept", hash.as_str())];
    let (status, ..) = call(&site.app, sent(&other, &fields, None)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    // The one that was checked last is handed in.
    let hash = page_hash(&call(&site.app, ask(with(&[("then", "check")]), Some(table))).await.2);
    let (status, _, page) =
        call(&site.app, ask(with(&[("then", "submit"), ("skip_bad", "1"), ("kept", &hash)]), None)).await;
    assert!(status == StatusCode::OK && page.contains("报送了 1 行"), "{status}: {page}");
}

fn page_hash(page: &str) -> String {
    page.split("name=\"kept\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

#[tokio::test]
async fn rows_of_applications_that_failed_stay_in_the_form() {
    let site = site();
    let (cookie, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let table = "名称,申请单位编号,申请事项,名称依据,网站用途,同意文号,联系邮箱,备选名称\n\
                 遵义市人民政府.政务,520300-gov,注册,全称,用途,,,\n遵义示例.政务,无此机构,注册,全称,用途乙,,,\n";
    let fields = [("token", token.as_str()), ("table", table), ("agreed", "1"), ("then", "save")];
    let (status, _, page) = call(&site.app, super::offices::post("/console/names/table", &cookie, &fields)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let form = page.split("<textarea").nth(1).unwrap();
    assert!(form.contains("用途乙") && !form.contains("遵义市人民政府.政务"), "{page}");
    assert!(
        page.contains("href=\"data:text/csv;charset=utf-8,") && page.contains("name=\"agreed\" value=\"1\" checked"),
        "{page}"
    );
}
