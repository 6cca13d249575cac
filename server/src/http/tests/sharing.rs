//! A document that was taken in: its page and its original.

use super::*;
use crate::{sharing, store::By};

const NOTICE: &str = "遵义市人民政府办公室关于加强公园管理的通知\n遵府办发〔2024〕3号\n\n第一条 公园免费开放。\n第二条 公园内不得设置收费停车场。\n\n遵义市人民政府办公室\n2024年4月2日\n";

#[tokio::test]
async fn the_original_is_offered_as_it_came() {
    let mut site = site();
    let dir = tempfile::tempdir().unwrap();
    let files = sharing::Files::new(dir.path().join("files"));
    let file = files.copied(NOTICE.as_bytes()).unwrap();
    let upload = sharing::read(&site.app.store, &Reader::Here, &file, "通知 “甲”.txt").unwrap();
    let mut form = upload.proposal.form();
    form.level = Some(RegulationLevel::Other);
    let record =
        sharing::accept(&site.app.store, &files, (file, upload), form, &By { author: "test", reason: "" }).unwrap();
    let store = site.app.store.clone();
    let upto = store.last_sequence().unwrap();
    let index = tempfile::tempdir().unwrap();
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    build(index.path(), &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let config = Config { data: dir.path().to_owned(), ..Config::default() };
    site.app = App::new(&config, Reader::Here, store, site.app.desk.clone(), Vec::new(), Vec::new(), metrics);
    site.app.publish(Generation::open_current(index.path(), &lexicon).unwrap().unwrap());
    let (status, _, page) = call(&site.app, path(&format!("/regulations/{}", record.id))).await;
    assert_eq!(status, StatusCode::OK);
    let link = format!("/regulations/{}/original", record.id);
    assert!(page.contains(&link) && page.contains("上传的文件 通知"), "{page}");
    let (status, headers, body) = call(&site.app, path(&link)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, NOTICE));
    assert_eq!(headers["content-type"], "application/octet-stream");
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''%E9%80%9A") && !disposition.contains('“'));
    // Found by what stands in it.
    let reply = search(&site.app, "公园内收费停车场", "").await;
    assert!(reply["hits"][0]["article"]["regulation_id"] == record.id.as_str(), "{reply}");
    // What was not uploaded has no original, and what was withdrawn has none any more.
    let law = format!("/regulations/{}/original", site.new_law);
    assert_eq!(call(&site.app, path(&law)).await.0, StatusCode::NOT_FOUND);
    site.app.store.put_over(Record { state: State::Withdrawn, ..record }).unwrap();
    assert_eq!(call(&site.app, path(&link)).await.0, StatusCode::GONE);
}

#[tokio::test]
async fn a_path_that_is_no_text_is_a_problem_in_chinese() {
    let site = site();
    for address in ["/regulations/%F0/original", "/institutions/%FF", "/api/v1/institutions/%FF"] {
        let (status, headers, body) = call(&site.app, path(address)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{address}");
        assert!(body.contains("不是 UTF-8"), "{address}: {body}");
        let kind = headers["content-type"].to_str().unwrap();
        assert_eq!(kind == "application/problem+json", address.starts_with("/api/"), "{address}: {kind}");
    }
}
