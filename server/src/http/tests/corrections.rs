//! 报告错误: a reader's word goes to the office and nowhere else.

use indexer::record::Role;

use super::{
    offices::{get, post, signed_in},
    *,
};

fn form(fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    Request::post("/corrections")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .body(Body::from(body.join("&")))
        .unwrap()
}

const GOOD: [(&str, &str); 4] = [
    ("about", "520300-gov"),
    ("matter", "website"),
    ("says", "网址已经换成别的\n请核对"),
    ("evidence", "https://example.org/"),
];

/// All records that are suggestions.
fn stored(app: &App) -> Vec<Record> {
    let mut found = Vec::new();
    app.store
        .each::<crate::store::StoreError>(&mut |record| {
            if matches!(record.body, RecordBody::Correction(_)) {
                found.push(record);
            }
            Ok(())
        })
        .unwrap();
    found
}

#[tokio::test]
async fn a_suggestion_is_stored_for_the_office_and_shown_to_its_sender_alone() {
    let site = site();
    let (status, headers, page) = call(&site.app, path("/corrections/new?about=520300-gov")).await;
    assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-store"));
    assert!(page.contains("遵义市人民政府") && page.contains("method=\"post\""));
    let shown = site.app.store.last_sequence().unwrap();
    let (status, headers, _) = call(&site.app, form(&GOOD)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let link = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, headers, page) = call(&site.app, path(&link)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["x-robots-tag"], "noindex");
    for part in ["已提交", "网址已经换成别的", "网址不对或打不开", "/institutions/520300-gov"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let records = stored(&site.app);
    let RecordBody::Correction(correction) = &records[0].body else { unreachable!() };
    assert_eq!((records[0].state, records[0].owner.as_ref().unwrap().as_str()), (State::Submitted, "520300"));
    assert_eq!((correction.about.as_str(), correction.about_revision), ("520300-gov", 1));
    assert!(!records[0].id.contains(link.rsplit('/').next().unwrap()), "the id does not give the link away");
    assert!(
        site.app.store.seen_changes_after(indexer::record::Audience::Public, shown, usize::MAX).unwrap().0.is_empty(),
        "nothing that the public sees has changed"
    );
    let reply = search(&site.app, "网址已经换成别的", "").await;
    assert!(!reply.to_string().contains("请核对"), "never found");
    for address in ["/corrections/0", "/corrections/%00", &format!("/institutions/{}", records[0].id)] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_told_and_nothing_written_is_lost() {
    let site = site();
    for (name, value, part) in [
        ("matter", "", "请选择"),
        ("matter", "colour", "请选择"),
        ("says", "错", "至少"),
        ("homepage", "http://spam.example/", "留空"),
    ] {
        let mut fields: Vec<(&str, &str)> = GOOD.into_iter().filter(|(n, _)| *n != name).collect();
        fields.push((name, value));
        let (status, _, page) = call(&site.app, form(&fields)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
        assert!(page.contains(part) && page.contains("https://example.org/"), "{name}: {page}");
    }
    for (fields, status) in [
        (&[("about", "none")][..], StatusCode::NOT_FOUND),
        (&[("matter", "website")], StatusCode::BAD_REQUEST),
        (&[("about", "520300-gov"), ("colour", "red")], StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(call(&site.app, form(fields)).await.0, status, "{fields:?}");
    }
    let bytes = Request::post("/corrections").body(Body::from(vec![0xff, 0xfe])).unwrap();
    assert_eq!(call(&site.app, bytes).await.0, StatusCode::BAD_REQUEST);
    let long = "字".repeat(200_000);
    let (status, _, page) = call(&site.app, form(&[("about", "520300-gov"), ("says", &long)])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains("正文过大"), "{page}");
    assert!(stored(&site.app).is_empty());
}

#[tokio::test]
async fn another_site_cannot_send_the_form_in_a_readers_name() {
    let site = site();
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://a.example")]
    {
        let mut request = form(&GOOD);
        request.headers_mut().insert(header::HOST, "guansou.example".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(call(&site.app, request).await.0, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let mut own = form(&GOOD);
    own.headers_mut().insert(header::HOST, "guansou.example".parse().unwrap());
    own.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
    own.headers_mut().insert(header::ORIGIN, "https://guansou.example".parse().unwrap());
    assert_eq!(call(&site.app, own).await.0, StatusCode::SEE_OTHER);
    assert_eq!(stored(&site.app).len(), 1);
}

#[tokio::test]
async fn one_address_closes_the_channel_for_itself_alone() {
    let site = site();
    let from = |address: &str| {
        let mut request = form(&GOOD);
        request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
        request
    };
    let mut taken = 0;
    for n in 0..118 {
        // A script behind one line, whose machine may choose its addresses there.
        let address =
            if n % 2 == 0 { format!("2001:db8:7:7::{n:x}") } else { format!("1.2.3.4, 2001:db8:7:7:{n:x}::1") };
        let (status, _, page) = call(&site.app, from(&address)).await;
        match status {
            StatusCode::SEE_OTHER => taken += 1,
            _ => {
                assert!(
                    status == StatusCode::TOO_MANY_REQUESTS && page.contains("从您的网络收到的建议太多"),
                    "{status} {page}"
                );
                assert!(page.contains("网址已经换成别的"), "what was written is kept: {page}");
            }
        }
    }
    assert!((5..=30).contains(&taken), "{taken}");
    for other in ["2001:db8:7:8::1", "203.0.113.7"] {
        assert_eq!(call(&site.app, from(other)).await.0, StatusCode::SEE_OTHER, "{other}");
    }
    assert_eq!(stored(&site.app).len(), taken + 2);
}

#[tokio::test]
async fn reasons_are_chosen_from_the_table_and_the_letter_reaches_the_reader() {
    let site = site();
    let (status, headers, _) = call(&site.app, form(&GOOD)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let link = headers[header::LOCATION].to_str().unwrap().to_owned();
    let id = stored(&site.app)[0].id.clone();
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let case = format!("/console/corrections/{id}");
    let (_, _, page) = call(&site.app, get(&case, &writer)).await;
    assert!(page.contains("value=\"no_evidence\"") && page.contains("没有依据"), "{page}");
    let decline = |code: &str, said: &str| {
        let fields = [("token", token.as_str()), ("revision", "1"), ("code", code), ("reason", said)];
        post(&format!("{case}/moves/decline"), &writer, &fields)
    };
    for (code, said, part) in [("", "不对", "请选择理由"), ("fly", "", "没有理由代码"), ("other", "", "写明具体情况")]
    {
        let (status, _, page) = call(&site.app, decline(code, said)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(part), "{code}: {status} {page}");
    }
    assert_eq!(call(&site.app, decline("no_evidence", "官网未改")).await.0, StatusCode::SEE_OTHER);
    let (_, _, page) = call(&site.app, path(&link)).await;
    assert!(page.contains("没有找到支持它的依据") && page.contains("补充说明：官网未改"), "{page}");
    let (_, _, codes) = call(&site.app, path("/api/v1/reasons")).await;
    let codes: Value = serde_json::from_str(&codes).unwrap();
    assert!(codes.as_array().unwrap().iter().any(|act| act["act"] == "submission_return"), "{codes}");
}
