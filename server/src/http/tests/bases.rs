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

/// A division with more records of one outcome than a page names: every one is on a page, and all are in the table.
#[tokio::test]
async fn findings_are_named_by_page_and_come_whole_as_a_table() {
    const MANY: usize = 301;
    let mut records: Vec<Record> = (0..MANY)
        .map(|n| citing(&format!("遵义示例第{n}号许可"), "《行政许可法》第二条第九款"))
        .chain([citing("遵义示例新依据许可", "《行政许可法》第一条：为了规范行政许可的设定和实施，制定本法。")])
        .collect();
    records.push(citing("遵义示例公式许可", "《=HYPERLINK法》第二条"));
    // The law stands, and what is wrong is another's: neither is counted with both.
    records.push(citing(
        "遵义示例两法许可",
        "《行政许可法》第一条：为了规范行政许可的设定和实施，制定本法。\n《没有收录的条例》第二条",
    ));
    let site = site_with(records);
    let page = async |path: &str| call(&site.app, html_of(path)).await;
    let (_, _, first) = page("/bases/520300?outcome=no_such_place").await;
    let (_, _, second) = page("/bases/520300?outcome=no_such_place&page=2").await;
    let named = |page: &str| page.matches("号许可</a>").count();
    assert_eq!((named(&first), named(&second)), (300, 1), "{second}");
    assert!(first.contains("301 条记录") && first.contains("第 1 / 2 页"), "{first}");
    assert!(first.contains("page=2\" rel=\"next\"") && !first.contains("rel=\"prev\""), "{first}");
    assert!(second.contains("page=1\" rel=\"prev\"") && !second.contains("rel=\"next\""), "{second}");
    let (status, _, told) = page("/bases/520300?outcome=no_such_place&page=3").await;
    assert!(status == StatusCode::BAD_REQUEST && told.contains("只有 2 页"), "{told}");
    // By the regulation that they cite, whatever became of it.
    let law = format!("/bases/520300?law={}", site.new_law);
    let (_, _, citing) = page(&law).await;
    assert!(citing.contains("引用《中华人民共和国行政许可法》：303 条记录"), "{citing}");
    let (_, _, standing) = page(&format!("{law}&outcome=standing")).await;
    assert!(standing.contains("2 条记录") && standing.contains("遵义示例新依据许可"), "{standing}");
    let (_, _, wrong) = page(&format!("{law}&outcome=no_such_place")).await;
    assert!(wrong.contains("301 条记录"), "{wrong}");
    let (_, _, none) = page(&format!("{law}&outcome=unknown_norm")).await;
    assert!(none.contains("0 条记录") && !none.contains("遵义示例两法许可"), "{none}");
    assert_eq!(page("/bases/520300?law=r-none").await.0, StatusCode::NOT_FOUND);
    // The table.
    let table = async |more: &str| {
        let (status, headers, text) = page(&format!("/bases/520300/findings.csv{more}")).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
        text
    };
    let all = table("").await;
    assert!(all.starts_with("\u{feff}编号,事项,机构,区划,列,法规,条款,核对结果,说明"), "{}", &all[..200]);
    assert_eq!(all.lines().count(), 1 + MANY + 4, "a place a line");
    assert!(all.contains("条文不存在") && all.contains("现行一致") && all.contains("没有第九款"));
    assert!(all.contains(",'=HYPERLINK法,"), "no cell is a formula");
    assert_eq!(table("?outcome=standing").await.lines().count(), 3);
    assert_eq!(table(&format!("?law={}", site.new_law)).await.lines().count(), 1 + MANY + 2);
    assert_eq!(page("/bases/999999/findings.csv").await.0, StatusCode::NOT_FOUND);
    assert!(page("/bases/520300/findings.csv?outcome=none").await.0.is_client_error());
}
