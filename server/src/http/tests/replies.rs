//! Whole replies of the interface, as portals read them: a field that changes or goes is seen here.

use super::*;

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[tokio::test]
async fn replies_stay_as_portals_know_them() {
    let site = site();
    let law = format!("/api/v1/regulations/{}", site.new_law);
    for (name, address) in [
        ("search_institution", format!("/api/v1/search?q={}", encoded("遵义市政府"))),
        ("search_citation", format!("/api/v1/search?q={}", encoded("行政许可法第二条"))),
        ("suggest", format!("/api/v1/suggest?q={}", encoded("遵义"))),
        ("check_official", "/api/v1/check?url=https%3A%2F%2Fwww.zunyi.gov.cn%2F".to_owned()),
        ("check_lookalike", "/api/v1/check?url=zunyi-gov.cn".to_owned()),
        ("institution", "/api/v1/institutions/520300-gov".to_owned()),
        ("division", "/api/v1/divisions/520300".to_owned()),
        ("article", format!("{law}/articles/1")),
        ("resolve", format!("/api/v1/resolve?text={}", encoded("依照《行政许可法》第一条办理"))),
        ("web_name", "/api/v1/web-names/zunyi.gov.cn".to_owned()),
    ] {
        let reply = json(&site.app, &address).await;
        settings().bind(|| {
            insta::assert_json_snapshot!(name, reply);
        });
    }
}
