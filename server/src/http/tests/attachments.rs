//! Files beside the text of a document, from the draft to the reader; and the weight of lists.

use indexer::record::{Role, Shape};

use super::{
    offices::{get, post, signed_in, upload},
    *,
};

/// The form by which a file is put to a draft.
fn attach(at: &str, cookie: &str, token: &str, revision: u64, name: &str, bytes: &[u8]) -> Request<Body> {
    let address = format!("{at}/attachments");
    let mut form = upload(&address, cookie, token, name, b"").into_parts().0;
    let mut body = Vec::new();
    for (field, value) in [("token", token.to_owned()), ("revision", revision.to_string())] {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let file = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(file.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    form.headers.remove(header::CONTENT_LENGTH);
    Request::from_parts(form, Body::from(body))
}

#[tokio::test]
async fn files_go_with_the_document_to_whoever_may_read_it() {
    let site = site();
    let (writer, token) = signed_in(&site, "nation.w", Role::Contributor, "000000");
    let (reviewer, review) = signed_in(&site, "nation.v", Role::Reviewer, "000000");
    let law = site.new_law.clone();
    let fields = [("token", token.as_str()), ("revision", "1"), ("topics", "行政许可"), ("then", "save")];
    let (status, headers, page) =
        call(&site.app, post(&format!("/console/records/{law}/edit"), &writer, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let at = headers[header::LOCATION].to_str().unwrap().to_owned();
    let pdf = b"%PDF-1.7\nthe form";
    for (name, bytes, why) in [
        ("a.exe", &b"MZ\x90\x00"[..], "附件"),
        ("a.html", b"<html><script>x</script></html>", "脚本"),
        ("a.pdf", b"", "空"),
    ] {
        let (status, _, page) = call(&site.app, attach(&at, &writer, &token, 1, name, bytes)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(why), "{name}: {status} {page}");
    }
    let (status, _, page) = call(&site.app, attach(&at, &reviewer, &review, 1, "a.pdf", pdf)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "somebody else's draft: {page}");
    let (status, _, page) = call(&site.app, attach(&at, &writer, &token, 1, "申请表“甲”.pdf", pdf)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let hash = crate::sharing::Sha256Hex::of(pdf).to_string();
    let (_, _, page) = call(&site.app, get(&at, &writer)).await;
    assert!(page.contains("申请表“甲”.pdf") && page.contains(&format!("{at}/attachments/{hash}")), "{page}");
    let (status, ..) = call(&site.app, attach(&at, &writer, &token, 2, "again.pdf", pdf)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the same file twice");
    // Nobody has it before it is published.
    let public = format!("/regulations/{law}/attachments/{hash}");
    assert_eq!(call(&site.app, path(&public)).await.0, StatusCode::NOT_FOUND);
    let moved = |name: &str, cookie: &str, token: &str, revision: &str| {
        post(&format!("{at}/moves/{name}"), cookie, &[("token", token), ("revision", revision)])
    };
    assert_eq!(call(&site.app, moved("submit", &writer, &token, "2")).await.0, StatusCode::SEE_OTHER);
    let (status, ..) = call(&site.app, attach(&at, &writer, &token, 3, "b.pdf", b"%PDF-1.7 b")).await;
    assert_eq!(status, StatusCode::CONFLICT, "what is handed in stays as it is");
    let (status, headers, body) = call(&site.app, get(&format!("{at}/attachments/{hash}"), &reviewer)).await;
    assert_eq!((status, body.as_bytes()), (StatusCode::OK, &pdf[..]), "{headers:?}");
    let (status, _, page) = call(&site.app, moved("approve-and-publish", &reviewer, &review, "3")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{law}"))).await;
    assert!(page.contains(&public) && page.contains("1 KB"), "{page}");
    let (status, headers, body) = call(&site.app, path(&public)).await;
    assert_eq!((status, body.as_bytes()), (StatusCode::OK, &pdf[..]));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename*=UTF-8''%E7%94%B3"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let (_, _, told) = call(&site.app, path(&format!("/api/v1/regulations/{law}?articles=0"))).await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["attachments"][0]["sha256"], &told["attachments"][0]["url"]),
        (&hash.clone().into(), &public.clone().into())
    );
    for none in ["0".repeat(64), "..%2F..".into(), hash.to_uppercase()] {
        let (status, ..) = call(&site.app, path(&format!("/regulations/{law}/attachments/{none}"))).await;
        // A path that goes up is led to what it is without.
        assert!([StatusCode::NOT_FOUND, StatusCode::PERMANENT_REDIRECT].contains(&status), "{none}: {status}");
    }
    let dump = call(&site.app, path("/api/v1/dumps/regulation.csv")).await.2;
    assert!(dump.contains("附件") || dump.contains("attachments"), "{dump:.400}");
    assert!(dump.contains(&hash), "the dump names it: {dump:.400}");
    // Withdrawn, it is nobody's any more.
    let record = site.app.store.get(&law).unwrap().unwrap();
    site.app.store.put_over(Record { state: State::Withdrawn, ..record }).unwrap();
    assert_eq!(call(&site.app, path(&public)).await.0, StatusCode::GONE);
}

/// The form of an upload with documents and files that go with them.
fn uploaded_with(cookie: &str, token: &str, files: &[(&str, &str, &[u8])]) -> Request<Body> {
    let mut form = upload("/console/upload", cookie, token, "", b"").into_parts().0;
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n").into_bytes();
    for (field, name, bytes) in files {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), *bytes, b"\r\n"].concat());
    }
    body.extend_from_slice(b"--b--\r\n");
    form.headers.remove(header::CONTENT_LENGTH);
    Request::from_parts(form, Body::from(body))
}

const REGULATION: &str = "遵义市公园管理办法\n\n第一条 公园免费开放。\n第二条 本办法自2024年5月1日起施行。\n";

/// What is confirmed of it.
fn confirmed(form: &str, cookie: &str, token: &str, then: &str) -> Request<Body> {
    let fields = [
        ("token", token),
        ("name", "办法.txt"),
        ("title", "遵义市公园管理办法"),
        ("level", "规范性文件"),
        ("document_kind", "规范"),
        ("division", "520300"),
        ("then", then),
    ];
    post(form.split('?').next().unwrap(), cookie, &fields)
}

#[tokio::test]
async fn files_come_with_the_document_and_its_preview_leads_to_them() {
    let site = site();
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let document = ("file", "办法.txt", REGULATION.as_bytes());
    let (table, large) = ("单位,数量\n甲,1\n".as_bytes(), vec![b'a'; (20 << 20) + 1]);
    for (files, why) in [
        (vec![document, ("attachment", "表.exe", &b"MZ\x90\x00"[..])], "附件“表.exe”没有收下"),
        (
            vec![document, ("attachment", "好.csv", table), ("attachment", "坏.pdf", &b"%PDF-1.7 /J#61vaScript"[..])],
            "脚本",
        ),
        (vec![document, ("attachment", "大.csv", &large[..])], "至多 20 MiB"),
        (vec![("attachment", "好.csv", table)], "请选择要上传的文件"),
        // Several documents at a time have none.
        (vec![document, ("file", "乙.txt", &b"x"[..]), ("attachment", "好.csv", table)], "再在报送的页面加附件"),
    ] {
        let (status, _, page) = call(&site.app, uploaded_with(&writer, &token, &files)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(why), "{why}: {status} {page}");
        assert!(!page.contains("等待核对</h2>"), "nothing is kept: {page}");
    }
    // An empty part is what a browser sends where nothing was chosen.
    let files = [document, ("attachment", "申请表.csv", table), ("attachment", "", &b""[..])];
    let (status, headers, page) = call(&site.app, uploaded_with(&writer, &token, &files)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get(&form, &writer)).await;
    assert!(page.contains("<h2>附件</h2>") && page.contains("申请表.csv"), "{page}");
    let (status, headers, page) = call(&site.app, confirmed(&form, &writer, &token, "save")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let at = headers[header::LOCATION].to_str().unwrap().to_owned();
    let hash = crate::sharing::Sha256Hex::of(table).to_string();
    let (_, _, page) = call(&site.app, get(&at, &writer)).await;
    assert!(page.contains(&format!("{at}/attachments/{hash}")), "{page}");
    // What the preview links to is there; the public's own addresses are not yet.
    let (_, _, page) = call(&site.app, get(&format!("{at}/preview"), &writer)).await;
    let original = crate::sharing::Sha256Hex::of(REGULATION.as_bytes()).to_string();
    for (link, bytes) in [
        (format!("{at}/attachments/{hash}"), table),
        (format!("/console/files/{original}?submission={}", at.rsplit('/').next().unwrap()), REGULATION.as_bytes()),
    ] {
        assert!(page.contains(&format!("\"{link}\"")), "{link}: {page}");
        let (status, _, body) = call(&site.app, get(&link, &writer)).await;
        assert_eq!((status, body.as_bytes()), (StatusCode::OK, bytes), "{link}");
    }
    assert!(!page.contains("/original\""), "{page}");
}

/// What an attached file says is for everybody too, once it is published.
#[tokio::test]
async fn numbers_kept_back_are_found_in_attached_files() {
    let [_, _, restricted] = super::schemes_compared::three();
    let site = site_with(vec![restricted]);
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let (reviewer, _) = signed_in(&site, "reviewer", Role::Reviewer, "520300");
    let table = "单位,编制\n遵义市市场监督管理局,行政编制82名\n".as_bytes();
    let files = [("file", "办法.txt", REGULATION.as_bytes()), ("attachment", "编制表.csv", table)];
    let (_, headers, page) = call(&site.app, uploaded_with(&writer, &token, &files)).await;
    let form = headers.get(header::LOCATION).unwrap_or_else(|| panic!("{page}")).to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get(&form, &writer)).await;
    assert!(page.contains("附件“编制表.csv”写有编制数或者职数（“行政编制82名”）"), "{page}");
    let (status, headers, page) = call(&site.app, confirmed(&form, &writer, &token, "submit")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, _, page) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &reviewer)).await;
    assert!(page.contains("附件“编制表.csv”写有“行政编制82名”") && page.contains("编制数不公开"), "{page}");
}

/// A draft of a change of a regulation of the nation; where it is, and the cookie and the token of who writes it.
async fn drafted(site: &Site) -> (String, String, String) {
    let (writer, token) = signed_in(site, "nation.w", Role::Contributor, "000000");
    let fields = [("token", token.as_str()), ("revision", "1"), ("topics", "行政许可"), ("then", "save")];
    let (_, headers, page) =
        call(&site.app, post(&format!("/console/records/{}/edit", site.new_law), &writer, &fields)).await;
    let at = headers.get(header::LOCATION).unwrap_or_else(|| panic!("{page}")).to_str().unwrap().to_owned();
    (at, writer, token)
}

/// What a file says is kept with the file and gone with it; nothing is kept of one that could not be attached.
#[tokio::test]
async fn what_files_say_is_kept_only_while_a_draft_has_them() {
    let [_, _, restricted] = super::schemes_compared::three();
    let site = site_with(vec![restricted]);
    let (at, writer, token) = drafted(&site).await;
    let noted = || site.app.store.secrets("file_text").unwrap().len();
    let table = "单位,行政编制,事业编制\n遵义市市场监督管理局,82,5\n".as_bytes();
    let hash = crate::sharing::Sha256Hex::of(table);
    let (status, _, page) = call(&site.app, attach(&at, &writer, &token, 999, "编制表.csv", table)).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(noted() == 0 && !site.app.files.path(&hash).exists(), "of another revision nothing is kept");
    let (status, _, page) = call(&site.app, attach(&at, &writer, &token, 1, "编制表.csv", table)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (status, ..) = call(&site.app, attach(&at, &writer, &token, 2, "又.csv", table)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(noted() > 0, "it is there still");
    let picture = b"\x89PNG\r\n\x1A\n0";
    let (status, _, page) = call(&site.app, attach(&at, &writer, &token, 2, "图.png", picture)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let id = at.rsplit('/').next().unwrap();
    let concerns = || {
        let record = site.app.store.get(id).unwrap().unwrap();
        let submission = crate::workflow::as_submission(&record).unwrap();
        let all =
            crate::workflow::concerns(&site.app.store, &submission.target, submission.content.as_deref().unwrap());
        all.unwrap().into_iter().map(|concern| concern.says).collect::<Vec<_>>()
    };
    let told = concerns();
    assert!(
        told.iter().any(|says| says.contains("附件“编制表.csv”写有“行政编制 82”，而“遵义市市场监督管理局”")),
        "{told:?}"
    );
    assert!(told.iter().any(|says| says.contains("附件“图.png”") && says.contains("没有查过")), "{told:?}");
    for (revision, hash) in [("3", hash), ("4", crate::sharing::Sha256Hex::of(picture))] {
        let take_off = post(&format!("{at}/attachments/{hash}"), &writer, &[("token", &token), ("revision", revision)]);
        assert_eq!(call(&site.app, take_off).await.0, StatusCode::SEE_OTHER);
    }
    assert_eq!((noted(), concerns()), (0, vec![]));
}

/// What comes with a document is kept with it or not at all, and comes with no later upload of it.
#[tokio::test]
async fn files_that_come_with_a_document_are_kept_with_it_and_go_with_it() {
    let [_, _, restricted] = super::schemes_compared::three();
    let site = site_with(vec![restricted]);
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let document = ("file", "办法.txt", REGULATION.as_bytes());
    let table = ("attachment", "编制表.csv", "单位,编制\n遵义市市场监督管理局,行政编制82名\n".as_bytes());
    let waiting = || site.app.store.secrets("upload").unwrap().into_iter().filter(|(_, name)| !name.is_empty()).count();
    let (status, _, page) = call(&site.app, uploaded_with(&writer, &token, &[document, table, table])).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("已经附了同一个文件：编制表.csv"), "{page}");
    assert_eq!((waiting(), site.app.store.secrets("file_text").unwrap().len()), (0, 0));
    let form = async |files: &[(&str, &str, &[u8])]| {
        let (_, headers, page) = call(&site.app, uploaded_with(&writer, &token, files)).await;
        headers.get(header::LOCATION).unwrap_or_else(|| panic!("{page}")).to_str().unwrap().to_owned()
    };
    let at = form(&[document, table]).await;
    let (status, headers, page) = call(&site.app, confirmed(&at, &writer, &token, "save")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let draft = headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let holders = || {
        let rows = site.app.store.secrets("file_text").unwrap();
        rows.iter().filter_map(|(name, _)| Some(name.split_once("/of ")?.1.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(holders(), [draft.as_str()], "the draft has it now");
    let other = ("file", "乙.txt", "遵义市湿地管理办法\n\n第一条 湿地免费开放。\n".as_bytes());
    // Once more, among several and alone: nothing comes with it that was not brought.
    let (status, ..) = call(&site.app, uploaded_with(&writer, &token, &[document, other])).await;
    assert_eq!(status, StatusCode::OK);
    let (_, _, page) = call(&site.app, get(&at, &writer)).await;
    assert!(!page.contains("编制表.csv"), "{page}");
    let at = form(&[document, table]).await;
    assert_eq!(holders().len(), 2);
    let at = at.split('?').next().unwrap();
    let drop = post(&format!("{at}/drop"), &writer, &[("token", &token)]);
    assert_eq!(call(&site.app, drop).await.0, StatusCode::SEE_OTHER);
    assert_eq!((waiting(), holders()), (1, vec![draft]), "乙.txt waits still");
}

#[tokio::test]
async fn a_list_of_many_is_paged_and_no_category_is_lost() {
    let records = (0..300usize).map(|n| {
        let mut body = RecordBody::blank("service").unwrap();
        let (name, says) = (format!("第{n}号办事入口"), "办".repeat(100));
        body.fill(|column| {
            Some(match (column.name, column.shape) {
                ("name", _) => name.as_str(),
                ("purpose", _) => says.as_str(),
                ("division", _) => "520300",
                // Of each category some.
                (_, Shape::Choice(words)) => words()[n % words().len()],
                _ => column.example,
            })
        })
        .unwrap();
        samples::record(&format!("v-{n:04}"), body)
    });
    let site = site_with(records.collect());
    let (mut next, mut seen, mut pages) = (Some("/services".to_owned()), std::collections::BTreeSet::new(), 0);
    while let Some(address) = next.take() {
        let (status, _, page) = call(&site.app, path(&address)).await;
        assert_eq!(status, StatusCode::OK, "{address}");
        assert!(page.len() <= 60 << 10, "{address} has {} bytes", page.len());
        seen.extend(page.split("href=\"/services/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        pages += 1;
        let tag = page.split("<a ").find(|tag| tag.contains("rel=\"next\""));
        next = tag.map(|tag| tag.split('"').nth(1).unwrap().replace("&amp;", "&").replace("&#38;", "&"));
    }
    assert_eq!((seen.len(), pages), (300, 5));
    let (_, _, page) = call(&site.app, path("/services")).await;
    let categories: Vec<&str> =
        page.split("href=\"/services?category=").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(categories.len() > 1, "{page}");
    let (status, _, page) = call(&site.app, path(&format!("/services?category={}", categories[0]))).await;
    assert!(status == StatusCode::OK && page.matches("<section class=\"panel\"").count() == 1, "{page}");
    for (address, status) in [
        ("/services?page=6", StatusCode::BAD_REQUEST),
        ("/services?category=没有", StatusCode::BAD_REQUEST),
        ("/services?division=520300&page=2", StatusCode::OK),
        ("/services?utm_source=x", StatusCode::OK),
    ] {
        assert_eq!(call(&site.app, path(&encoded_query(address))).await.0, status, "{address}");
    }
}

/// An address with its Chinese characters encoded.
fn encoded_query(address: &str) -> String {
    address.chars().map(|c| if c.is_ascii() { c.to_string() } else { encoded(&c.to_string()) }).collect()
}
