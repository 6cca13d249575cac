//! What other portals mirror.

use indexer::record::samples;

use super::*;

#[tokio::test]
async fn a_mirror_gets_all_and_then_what_changes() {
    let site = site();
    let dumps = json(&site.app, "/api/v1/dumps").await;
    let counted = dumps["files"].as_array().unwrap().iter().map(|f| (f["kind"].as_str().unwrap(), &f["records"]));
    for (kind, records) in counted {
        let (status, headers, body) = call(&site.app, path(&format!("/api/v1/dumps/{kind}.jsonl"))).await;
        assert_eq!((status, headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
        assert_eq!(body.lines().count() as u64, records.as_u64().unwrap(), "{kind}");
        for line in body.lines() {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let effect = line.as_object_mut().unwrap().remove("effect");
            assert_eq!(effect.is_some(), *kind == *"regulation", "{line}");
            let record: Record = serde_json::from_value(line).unwrap();
            assert!(record.body.kind() == kind && !record.provenance.is_empty());
        }
    }
    // All pages of changes have the same records as the dumps.
    let (mut since, mut ids) = (0, Vec::new());
    loop {
        let page = json(&site.app, &format!("/api/v1/changes?since={since}&limit=3")).await;
        let changes = page["changes"].as_array().unwrap();
        assert!(changes.len() <= 3 && changes.iter().all(|c| c["state"] == "published" && c["record"].is_null()));
        ids.extend(changes.iter().map(|c| c["id"].as_str().unwrap().to_owned()));
        since = page["next"].as_u64().unwrap();
        if !page["more"].as_bool().unwrap() {
            break;
        }
    }
    let all: u64 = dumps["files"].as_array().unwrap().iter().map(|f| f["records"].as_u64().unwrap()).sum();
    assert_eq!(ids.len() as u64, all);
    assert_eq!(dumps["changes_since"], format!("/api/v1/changes?since={since}"));
    let whole = json(&site.app, "/api/v1/changes?limit=1000&records=1").await;
    assert!(whole["changes"].as_array().unwrap().iter().all(|c| c["record"]["provenance"][0]["source"].is_string()));
}

#[tokio::test]
async fn what_readers_said_is_in_no_dump() {
    let site = site();
    let draft = Record { state: State::Draft, ..samples::institution("520300-x", "未公布局", "520300") };
    site.app.store.put_over(draft).unwrap();
    for address in ["/api/v1/dumps/institution.jsonl", "/api/v1/changes?limit=1000&records=1"] {
        assert!(!call(&site.app, path(address)).await.2.contains("未公布局"), "{address}");
    }
    for (address, status, part) in [
        ("/api/v1/dumps/correction.jsonl", 404, "institution.jsonl"),
        ("/api/v1/dumps/..%2Fstore", 404, "可下载的有"),
        ("/api/v1/changes?since=-1", 400, "since 应为"),
        ("/api/v1/changes?since=18446744073709551615", 400, "变更只到第"),
        ("/api/v1/changes?limit=0", 400, "limit"),
        ("/api/v1/changes?limit=1001", 400, "limit"),
        ("/api/v1/changes?records=yes", 400, "0 或 1"),
        ("/api/v1/changes?x=1", 400, "不认识参数"),
    ] {
        let (told, _, body) = call(&site.app, path(address)).await;
        assert_eq!(told.as_u16(), status, "{address}: {body}");
        assert!(body.contains(part), "{address}: {body}");
    }
}

#[tokio::test]
async fn spreadsheets_get_flat_tables_that_run_nothing() {
    let hostile = samples::institution("520300-y", "=HYPERLINK(\"http://a.cn\")", "520300");
    let site = site_with(vec![hostile]);
    let dumps = json(&site.app, "/api/v1/dumps").await;
    assert!(dumps["terms"].as_str().unwrap().contains("许可"));
    for file in dumps["files"].as_array().unwrap() {
        let (status, headers, body) = call(&site.app, path(file["csv"].as_str().unwrap())).await;
        assert_eq!(
            (status, headers["content-type"].to_str().unwrap()),
            (StatusCode::OK, "text/csv; charset=utf-8; header=present")
        );
        let body = body.strip_prefix('\u{FEFF}').expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(body.as_bytes());
        assert!(reader.headers().unwrap().iter().any(|name| name == "许可"));
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len() as u64, file["records"].as_u64().unwrap(), "{file}");
        assert!(!rows.iter().flatten().any(|cell| cell.starts_with(['=', '+', '-', '@'])));
    }
    let (_, _, body) = call(&site.app, path("/api/v1/dumps/institution.csv")).await;
    assert!(body.contains("\"'=HYPERLINK(\"\"http://a.cn\"\")\""), "{body}");
    let (_, _, body) = call(&site.app, path("/api/v1/dumps/regulation.csv")).await;
    assert!(body.contains("国务院令第588号") && !body.contains("准予从事特定活动"), "facts and no texts: {body}");
}

#[tokio::test]
async fn the_day_of_effect_is_the_judged_one_in_files_and_comparisons() {
    let mut amended = super::citing::amended_by_a_decision();
    if let RecordBody::Regulation(r) = &mut amended.body {
        // What a source states, and what the rule does not follow.
        r.effective = r.version_date;
    }
    let (title, id) = (amended.body.title().to_owned(), amended.id.clone());
    let earlier = law(&title, Date::constant(2000, 1, 2), &["一。", "本法自公布之日起施行。"], None);
    let first = earlier.id.clone();
    let site = site_with(vec![amended.clone(), earlier]);
    let judged = json(&site.app, &format!("/api/v1/regulations/{id}")).await;
    let (day, basis) = ("2024-01-01", judged["effective_basis"].as_str().unwrap());
    assert_eq!(judged["effective"], day);
    let effect = serde_json::json!({"date": day, "basis": basis});

    let (_, _, lines) = call(&site.app, path("/api/v1/dumps/regulation.jsonl")).await;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["id"] == *id).unwrap();
    assert_eq!((&line["effect"], &line["body"]["effective"]), (&effect, &"2023-09-01".into()), "{line}");
    let changes = json(&site.app, "/api/v1/changes?limit=1000&records=1").await;
    let change = changes["changes"].as_array().unwrap().iter().find(|c| c["id"] == *id).unwrap();
    assert_eq!(change["effect"], effect);

    let (_, _, csv) = call(&site.app, path("/api/v1/dumps/regulation.csv")).await;
    let mut csv = csv::Reader::from_reader(csv.trim_start_matches('\u{FEFF}').as_bytes());
    let columns = csv.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let row = rows.iter().find(|row| row[0] == id).unwrap();
    assert_eq!((&row[at("施行日期")], &row[at("施行日期依据")]), (day, basis));
    let unknown = rows.iter().find(|row| row[0] == first).unwrap();
    assert_eq!((&unknown[at("施行日期")], &unknown[at("施行日期依据")]), ("", ""));

    let told = format!("{day}（依据：{}", &basis[.."《".len()]);
    let (_, _, page) = call(&site.app, path(&format!("/regulations/{first}/compare/{id}"))).await;
    assert!(page.contains(&format!("施行日期：未知 → {told}")), "{page}");
    if let RecordBody::Regulation(r) = &mut amended.body {
        r.document_number = Some("甲字第1号".into());
    }
    site.app.store.put_over(amended).unwrap();
    let (_, _, page) = call(&site.app, path(&format!("/records/{id}/history/1/2"))).await;
    assert!(page.contains(&format!("现在判定的施行日期：{told}")), "{page}");
    let history = json(&site.app, &format!("/api/v1/records/{id}/history/1/2")).await;
    assert_eq!(history["effect"], effect);
    let stated = history["facts"].as_array().unwrap().iter().find(|f| f["name"] == "施行日期（记录所载）").unwrap();
    assert_eq!((&stated["changed"], &stated["after"][0]["text"]), (&false.into(), &"2023-09-01".into()));
    // A regulation that no index has seen yet is judged by none.
    site.app.store.put_over(law("新法", Date::constant(2026, 1, 1), &["一。"], None)).unwrap();
    let (_, _, csv) = call(&site.app, path("/api/v1/dumps/regulation.csv")).await;
    assert!(csv.lines().any(|line| line.contains("新法") && line.ends_with("刚有变更，尚未判定")), "{csv}");
}
