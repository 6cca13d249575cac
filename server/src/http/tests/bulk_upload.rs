//! Several files at once: each waits to be confirmed by whoever brought it, and those that cannot be read keep none back.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in},
    *,
};

fn several(cookie: &str, token: &str, files: &[(&str, &[u8])]) -> Request<Body> {
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n").into_bytes();
    for (name, bytes) in files {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    Request::post("/console/upload")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap()
}

/// The addresses at which files wait to be confirmed, as a page lists them.
fn waiting(page: &str) -> Vec<String> {
    let links = page.split("<a href=\"").skip(1).filter(|rest| rest.starts_with("/console/upload/"));
    links.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn several_files_become_drafts_one_by_one() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (other, _) = signed_in(&site, "other", Role::Contributor, "320106");
    let first = "鼓楼区公园管理办法\n\n第一条 公园免费开放。\n".as_bytes();
    let second = "鼓楼区停车管理办法\n\n第一条 停车收费。\n".as_bytes();
    let files: [(&str, &[u8]); 4] =
        [("甲.txt", first), ("坏.pdf", b"%PDF-1.7 broken"), ("空.txt", b""), ("乙.txt", second)];
    let (status, headers, page) = call(&site.app, several(&writer, &token, &files)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert!(page.contains("收下了 2 份") && page.contains("<li>坏.pdf："), "{page}");
    assert_eq!(waiting(&page).len(), 2, "{page}");
    // They wait still when one comes back, and for nobody else.
    let shown = async |cookie: &str| call(&site.app, get("/console/upload", cookie)).await.2;
    assert_eq!(waiting(&shown(&writer).await), waiting(&page));
    assert!(waiting(&shown(&other).await).is_empty());
    for address in waiting(&page) {
        let (status, _, form) = call(&site.app, get(&address, &writer)).await;
        assert!(status == StatusCode::OK && form.contains("管理办法"), "{form}");
        assert_eq!(call(&site.app, get(&address, &other)).await.0, StatusCode::NOT_FOUND);
    }
    // One is confirmed, one is not wanted.
    let [one, two] = &waiting(&page)[..] else { panic!("{page}") };
    let at = |address: &str| address.split('?').next().unwrap().to_owned();
    let fields = [
        ("token", token.as_str()),
        ("name", "甲.txt"),
        ("title", "鼓楼区某某管理办法"),
        ("level", "规范性文件"),
        ("document_kind", "规范"),
        ("division", "320106"),
        ("then", "save"),
    ];
    let (status, _, told) = call(&site.app, post(&at(one), &writer, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{told}");
    assert_eq!(waiting(&shown(&writer).await), std::slice::from_ref(two));
    let gone = format!("{}/drop", at(two));
    assert_eq!(call(&site.app, post(&gone, &writer, &[("token", &token)])).await.0, StatusCode::SEE_OTHER);
    assert!(waiting(&shown(&writer).await).is_empty());
    assert_eq!(call(&site.app, post(&gone, &writer, &[("token", &token)])).await.0, StatusCode::NOT_FOUND);
    // None of several can be read.
    let (status, _, page) = call(&site.app, several(&writer, &token, &[files[1], ("坏2.pdf", b"x")])).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("坏2.pdf"), "{page}");
    // More than an office may have on their way.
    let nine: Vec<(&str, &[u8])> = vec![("甲.txt", first); 9];
    let (status, ..) = call(&site.app, several(&writer, &token, &nine)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}
