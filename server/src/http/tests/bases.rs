//! Bases on pages: a record's beside the text in force, and how those of a division stand.

use super::*;
use indexer::record::KINDS;

fn html_of(path: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
}

/// A record of the kind that cites, with a basis.
fn citing(name: &str, basis: &str) -> Record {
    let kind = KINDS.iter().find(|kind| kind.columns.iter().any(|column| column.cites)).unwrap();
    let mut body = indexer::record::Body::blank(kind.name).unwrap();
    body.fill(|column| {
        Some(match column.name {
            "name" => name,
            "basis" => basis,
            _ => column.example,
        })
    })
    .unwrap();
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

#[tokio::test]
async fn a_basis_stands_beside_the_text_in_force() {
    let amended = citing(
        "遵义示例旧依据许可",
        "【法律】《中华人民共和国行政许可法》（2003年8月27日通过）\n第一条：为了规范旧的行政许可。",
    );
    let right = citing("遵义示例新依据许可", "《行政许可法》第一条：为了规范行政许可的设定和实施，制定本法。");
    let unknown = citing("遵义示例不明依据许可", "《没有收录的条例》第二条");
    let beyond = citing("遵义示例越界依据许可", "《行政许可法》第九十九条");
    let whole_law = samples::law(
        "示例完整法",
        indexer::record::Date::constant(2010, 1, 1),
        &["为了示例，制定本法。", "本法自2010年1月1日起施行。"],
    );
    let outside = citing("遵义示例无此条许可", "《示例完整法》第九十九条");
    let records = [&amended, &right, &unknown, &beyond, &outside, &whole_law].map(Clone::clone);
    let site = site_with(records.to_vec());
    let page = async |record: &Record| {
        let info = record.body.info();
        let (status, _, page) = call(&site.app, html_of(&format!("/{}/{}", info.path, record.id))).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page
    };
    let old = page(&amended).await;
    for told in ["已修改", "有依据须核对", "2003-08-27", "两个文本对照", "<del>", "<ins>", "/compare/", "没有责任事项"]
    {
        assert!(old.contains(told), "{told}: {old}");
    }
    let good = page(&right).await;
    assert!(good.contains("现行一致") && good.contains("依据现行有效") && good.contains("/articles/1\""), "{good}");
    assert!(page(&unknown).await.contains("库中没有该法"));
    let none = page(&outside).await;
    assert!(none.contains("条文不存在") && none.contains("没有第九十九条"), "{none}");
    // The library's copy ends before its closing article: nobody's fault.
    let torn = page(&beyond).await;
    assert!(torn.contains("库中文本不全") && torn.contains("有依据未能核对"), "{torn}");
    // And the other way: from the article to what rests on it, and from nothing that is withheld.
    let (_, _, article) = call(&site.app, html_of(&format!("/regulations/{}/articles/1", site.new_law))).await;
    assert!(article.contains("以这一条为依据的（2）") && article.contains(&right.id), "{article}");
    let (_, _, second) = call(&site.app, html_of(&format!("/regulations/{}/articles/2", site.new_law))).await;
    assert!(!second.contains("以这一条为依据的"), "{second}");
    let (_, _, whole) = call(&site.app, html_of(&format!("/regulations/{}/references", site.new_law))).await;
    assert!(whole.contains("以它为依据的（3）") && whole.contains(&beyond.id), "{whole}");
    let references = json(&site.app, &format!("/api/v1/regulations/{}/references", site.new_law)).await;
    assert_eq!(
        (&references["records_total"], &references["records"][0]["kind"]),
        (&3.into(), &right.body.info().name.into())
    );
    // The division's figures, and the records behind each.
    let (status, _, health) = call(&site.app, html_of("/bases/520300")).await;
    assert_eq!(status, StatusCode::OK, "{health}");
    assert!(health.contains("核对 5 条记录") && health.contains("outcome=amended"), "{health}");
    let (_, _, listed) = call(&site.app, html_of("/bases/520300?outcome=amended")).await;
    assert!(listed.contains(&amended.id) && !listed.contains(&right.id), "{listed}");
    let (_, _, above) = call(&site.app, html_of("/bases/520000")).await;
    assert!(above.contains("核对 5 条记录"), "{above}");
    let (_, _, elsewhere) = call(&site.app, html_of("/bases/320100")).await;
    assert!(elsewhere.contains("还没有收录"), "{elsewhere}");
    assert_eq!(call(&site.app, html_of("/bases/999999")).await.0, StatusCode::NOT_FOUND);
    let (status, _, _) = call(&site.app, html_of("/bases/520300?outcome=none")).await;
    assert!(status.is_client_error());
}
