//! What holds for every kind of record, found from the list of kinds: whoever adds one writes none of this again.

use std::path::PathBuf;

use indexer::record::{Audience, Body as RecordBody, Info, KINDS, Role, Shape};

use super::{offices::signed_in, *};
use crate::exchange::{self, Format};

/// The general kinds.
fn general() -> impl Iterator<Item = &'static Info> {
    KINDS.iter().copied().filter(|kind| kind.general)
}

/// Those that the public sees.
fn public() -> impl Iterator<Item = &'static Info> {
    general().filter(|kind| kind.is_public())
}

fn feed_of(kind: &Info) -> Request<Body> {
    let address = format!("/feeds/{}.atom", kind.path);
    Request::get(address).header(header::HOST, "guansou.example").body(Body::empty()).unwrap()
}

fn html_of(path: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
}

/// A record whose every given column holds its example.
fn example(kind: &'static Info) -> RecordBody {
    let mut body = RecordBody::blank(kind.name).unwrap();
    body.fill(|column| Some(column.example)).unwrap_or_else(|faults| panic!("{}: {faults:?}", kind.name));
    body
}

fn record_of(kind: &'static Info) -> Record {
    let body = example(kind);
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

#[test]
fn every_kind_is_told_apart_by_name_path_and_tag() {
    for (at, kind) in KINDS.iter().enumerate() {
        for other in &KINDS[at + 1..] {
            assert_ne!(kind.name, other.name);
            assert!(kind.path.is_empty() || kind.path != other.path, "{}", kind.path);
        }
        assert_eq!(kind.is_public(), kind.audience == Audience::Public);
        let searched = kind.is_public() || kind.is_searched_by(Audience::Offices);
        assert_eq!(searched, !kind.path.is_empty(), "{}: what is searched has pages", kind.name);
        let mut names: Vec<_> = kind.columns.iter().map(|column| column.name).collect();
        let mut labels: Vec<_> = kind.columns.iter().map(|column| column.label).collect();
        names.sort_unstable();
        labels.sort_unstable();
        names.dedup();
        labels.dedup();
        assert_eq!((names.len(), labels.len()), (kind.columns.len(), kind.columns.len()), "{}", kind.name);
        for column in kind.columns.iter().filter(|column| column.given) {
            assert!(!column.hint.is_empty(), "{}.{} needs a hint", kind.name, column.name);
        }
    }
    for kind in general() {
        let json = serde_json::to_value(example(kind)).unwrap();
        assert_eq!(json["kind"], kind.name, "the store's name is the kind's");
    }
}

/// A list says of its kind what its records have, and leads to their sites itself.
#[tokio::test]
async fn the_list_of_a_kind_says_what_its_records_have() {
    let site = site_with(public().map(record_of).collect());
    for kind in public() {
        let (_, _, page) = call(&site.app, html_of(&format!("/{}", kind.path))).await;
        assert!(page.contains("共 1 条，每条都写明来源"), "{}: {page}", kind.path);
        let gives_sites = kind.columns.iter().any(|column| column.name == "websites");
        assert_eq!(page.contains("网址注明依据"), gives_sites, "{}: {page}", kind.path);
        for site in example(kind).entry().iter().flat_map(|entry| entry.sites.first()) {
            assert!(page.contains(&site.host), "{}: {page}", kind.path);
        }
    }
}

/// The head of a page leads to no empty lists.
#[tokio::test]
async fn the_head_of_a_page_leads_to_kinds_that_have_a_record() {
    let filled = public().find(|kind| kind.menu).unwrap();
    let site = site_with(vec![record_of(filled)]);
    for at in ["/divisions", "/nothing"] {
        let (_, _, page) = call(&site.app, html_of(at)).await;
        let nav = page.split("主导航").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
        for kind in public().filter(|kind| kind.menu) {
            let leads = nav.contains(&format!("href=\"/{}\"", kind.path));
            assert_eq!(leads, kind.path == filled.path, "{at}, {}: {nav}", kind.path);
        }
    }
}

#[test]
fn what_a_form_gives_comes_back_from_the_table_and_the_dump() {
    for kind in general() {
        let body = example(kind);
        assert_eq!(body.id(), example(kind).id(), "the same facts make the same record");
        // Form → record → form.
        let mut again = RecordBody::blank(kind.name).unwrap();
        let values: Vec<(&str, String)> =
            body.facts().map(|(column, values)| (column.name, values.join("；"))).collect();
        let typed = |name: &str| values.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
        again.fill(|column| typed(column.name)).unwrap();
        assert_eq!(again, body, "{}", kind.name);
        // JSON → record.
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(serde_json::from_str::<RecordBody>(&json).unwrap(), body);
        // Every given column takes effect: what it holds is what was put in.
        for (at, column) in kind.columns.iter().enumerate().filter(|(_, column)| column.given) {
            let read = column.read(column.example).unwrap();
            assert_eq!(body.values(at), read, "{}.{}", kind.name, column.name);
            let long = "长".repeat(100_000);
            assert!(column.read(&long).is_err(), "{}.{} is bounded", kind.name, column.name);
            if matches!(column.shape, Shape::Line(_) | Shape::Text(_) | Shape::Lines { .. }) {
                assert!(column.read("甲\u{202E}乙").is_err(), "{}.{}", kind.name, column.name);
            }
        }
    }
}

#[tokio::test]
async fn every_general_kind_is_found_shown_dumped_and_told() {
    let records: Vec<Record> = public().map(record_of).collect();
    let site = site_with(records.clone());
    for (kind, record) in public().zip(&records) {
        let title = record.body.title();
        let address = format!("/{}/{}", kind.path, record.id);
        let (status, _, page) = call(&site.app, html_of(&address)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(title));
        for (column, values) in record.body.facts().filter(|(_, values)| !values.is_empty()) {
            // Readers know a division by its name.
            let label = if column.label == "区划代码" { "<dt>地区</dt>" } else { column.label };
            assert!(page.contains(label) && page.contains(&values[0]), "{}.{}", kind.name, column.name);
        }
        let (status, _, list) = call(&site.app, html_of(&format!("/{}", kind.path))).await;
        assert!(status == StatusCode::OK && list.contains(&address), "{list}");
        let (status, _, none) = call(&site.app, html_of(&format!("/{}/e-none", kind.path))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{none}");
        // Found by its names, by the box, and alone when asked for its kind.
        let entry = record.body.entry().unwrap();
        for name in std::iter::once(&entry.name).chain(&entry.other_names).chain(&entry.asked_as) {
            let found = json(&site.app, &format!("/api/v1/search?q={}", encoded(name))).await;
            assert_eq!(found["direct"][0]["id"], record.id, "{name}: {found}");
            assert_eq!(found["direct"][0]["url"], address);
            assert_eq!(found["direct"][0][kind.name]["what"], entry.about);
        }
        for host in entry.sites.iter().map(|site| &site.host) {
            let found = json(&site.app, &format!("/api/v1/search?q={}", encoded(host))).await;
            assert!(ids(&found["direct"]).contains(&record.id.as_str()), "{host}: {found}");
        }
        let only = json(&site.app, &format!("/api/v1/search?kind={}&q={}", kind.name, encoded("遵义示例"))).await;
        let hits = only["hits"].as_array().unwrap();
        assert!(!hits.is_empty() && hits.iter().all(|hit| hit["kind"] == kind.name), "{only}");
        let others = json(&site.app, &format!("/api/v1/search?kind=institution&q={}", encoded("遵义示例"))).await;
        assert!(others["hits"].as_array().unwrap().iter().all(|hit| hit["kind"] != kind.name), "{others}");
        // The beginning is what other kinds' examples share, and suggestions are few.
        let typed: String = title.chars().take(title.chars().count() - 1).collect();
        let suggested = json(&site.app, &format!("/api/v1/suggest?q={}", encoded(&typed))).await;
        assert!(suggested["suggestions"].as_array().unwrap().iter().any(|s| s["url"] == address), "{suggested}");
        // The whole record, its dump and its changes.
        let whole = json(&site.app, &format!("/api/v1/records/{}", record.id)).await;
        assert_eq!((&whole["kind"], &whole["title"]), (&kind.name.into(), &title.into()));
        for format in Format::ALL {
            let mut lines = Vec::new();
            exchange::dump(&site.app.store, &Default::default(), kind, format, &mut |line| {
                lines.push(line);
                true
            })
            .unwrap();
            let text = String::from_utf8(lines.concat()).unwrap();
            assert!(text.contains(title), "{text}");
            if format == Format::Jsonl {
                let read: Record = serde_json::from_str(text.lines().next().unwrap()).unwrap();
                assert_eq!(read.body, record.body);
            }
        }
        // Its feed and its history.
        let (status, _, feed) = call(&site.app, feed_of(kind)).await;
        assert_eq!(status, StatusCode::OK, "{feed}");
        assert!(feed.contains(&format!("新增：{title}")) && feed.contains(&address), "{feed}");
        let (status, _, history) = call(&site.app, html_of(&format!("/records/{}/history", record.id))).await;
        assert!(status == StatusCode::OK && history.contains(title), "{history}");
        let dumps = json(&site.app, "/api/v1/dumps").await;
        let told = dumps["files"].as_array().unwrap().iter().find(|file| file["kind"] == kind.name).unwrap();
        assert_eq!(told["records"], 1);
    }
}

#[tokio::test]
async fn every_general_kind_has_a_form_whose_word_is_reviewed() {
    let site = site();
    let (writer, token) = signed_in(&site, "writer", Role::Contributor, "520300");
    let (reviewer, review_token) = signed_in(&site, "reviewer", Role::Reviewer, "520300");
    for kind in general() {
        let address = format!("/console/new/{}", kind.path);
        let (status, _, page) = call(&site.app, offices::get(&address, &writer)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        for column in kind.columns.iter().filter(|column| column.given) {
            assert!(page.contains(&format!("name=\"{}\"", column.name)), "{}", column.name);
        }
        // An empty form tells each column that is missing, and keeps what was typed.
        let first = kind.columns[0];
        let (status, _, page) =
            call(&site.app, offices::post(&address, &writer, &[("token", &token), (first.name, first.example)])).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        for column in kind.columns.iter().filter(|column| column.given && column.required && column.name != first.name)
        {
            let chosen = matches!(column.shape, Shape::Choice(_) | Shape::Division);
            assert!(chosen || page.contains(&format!("{}：不能为空", column.label)), "{}: {page}", column.label);
        }
        assert!(page.contains(first.example));
        let given = kind.columns.iter().filter(|column| column.given);
        let mut fields: Vec<(&str, &str)> = given.map(|column| (column.name, column.example)).collect();
        fields.extend([("token", token.as_str()), ("then", "submit")]);
        let (status, headers, page) = call(&site.app, offices::post(&address, &writer, &fields)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
        let target = example(kind).id().unwrap();
        assert_eq!(site.app.store.get(&target).unwrap(), None, "nothing is published yet");
        let (_, _, page) = call(&site.app, offices::get(&submission, &reviewer)).await;
        assert!(page.contains(kind.columns[0].label) && page.contains(first.example), "{page}");
        for (step, revision) in [("approve", "2"), ("publish", "3")] {
            let fields = [("token", review_token.as_str()), ("revision", revision)];
            let moved = call(&site.app, offices::post(&format!("{submission}/moves/{step}"), &reviewer, &fields)).await;
            assert_eq!(moved.0, StatusCode::SEE_OTHER, "{step}: {}", moved.2);
        }
        let record = site.app.store.get(&target).unwrap().unwrap();
        assert!(record.is_shown_to(kind.audience) && record.body.title() == first.example);
        let claimed = |site: &indexer::record::Website| site.evidence == indexer::record::Evidence::Claimed;
        assert!(record.body.sites().iter().all(claimed), "nobody has seen whose the address is");
        // The same again is a change of what is there, and the form says so.
        let (status, _, page) = call(&site.app, offices::post(&address, &writer, &fields)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        // A reader gets no form, and nobody without an account.
        let (reader, _) = signed_in(&site, &format!("looker.{}", kind.path), Role::Reader, "520300");
        assert_eq!(call(&site.app, offices::get(&address, &reader)).await.0, StatusCode::FORBIDDEN);
    }
    let (status, _, page) = call(&site.app, offices::get("/console/new/regulations", &writer)).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "a regulation begins with its text: {page}");
    // An institution that is there already is not made twice.
    let (status, _, page) = call(&site.app, offices::get("/console/new/institutions", &writer)).await;
    assert!(status == StatusCode::OK && page.contains("新的机构"), "{page}");
    let sent = |name: &'static str| {
        [("token", token.as_str()), ("name", name), ("category", "政府"), ("division", "520300"), ("then", "submit")]
    };
    let (status, _, page) =
        call(&site.app, offices::post("/console/new/institutions", &writer, &sent("遵义市人民政府"))).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("520300-gov"), "{page}");
    let (status, _, page) =
        call(&site.app, offices::post("/console/new/institutions", &writer, &sent("遵义市示例管理局"))).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
}

/// What offices exchange is there for whoever is on its line, and for nobody else as if it were not there.
#[tokio::test]
async fn every_kind_that_only_offices_see_is_shown_to_them_alone() {
    let site = site();
    let kinds = general().filter(|kind| !kind.is_public() && kind.is_searched_by(Audience::Offices));
    let records: Vec<Record> = kinds.map(record_of).collect();
    assert!(records.len() > 1);
    for record in &records {
        site.app.store.put(record.clone(), &offices::BY).unwrap();
    }
    shared::catch_up(&site);
    let account =
        |role: Role, division: &str| signed_in(&site, &format!("{}.{division}", role.name()), role, division).0;
    let own = Role::ALL.map(|role| account(role, "520300"));
    let others = Role::ALL.map(|role| account(role, "320106"));
    for record in &records {
        let address = format!("/console/shared/{}", record.id);
        assert_eq!(record.body.shared_on().as_str(), "520300", "examples are of one place");
        for cookie in &own {
            let (status, _, page) = call(&site.app, offices::get(&address, cookie)).await;
            assert!(status == StatusCode::OK && page.contains(record.body.title()), "{address}: {page}");
        }
        for cookie in &others {
            assert_eq!(call(&site.app, offices::get(&address, cookie)).await.0, StatusCode::NOT_FOUND, "{address}");
        }
        assert_eq!(call(&site.app, offices::get(&address, "")).await.0, StatusCode::SEE_OTHER, "to the sign-in");
        let kind = record.body.info();
        for address in [format!("/{}/{}", kind.path, record.id), format!("/records/{}/history", record.id)] {
            assert_eq!(call(&site.app, html_of(&address)).await.0, StatusCode::NOT_FOUND, "{address}");
        }
        let whole = Request::get(format!("/api/v1/records/{}", record.id)).body(Body::empty()).unwrap();
        assert_eq!(call(&site.app, whole).await.0, StatusCode::NOT_FOUND);
        assert_eq!(call(&site.app, feed_of(kind)).await.0, StatusCode::NOT_FOUND);
    }
}

/// Outside its folder and its line no file of ours names a general kind: whoever adds one touches nothing else.
#[test]
fn no_file_outside_its_folder_names_a_general_kind() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for dir in ["indexer", "server/src", "server/query/src", "server/store/src"] {
        collect(&root.join(dir), &mut files);
    }
    assert!(files.len() > 200);
    for kind in general() {
        let json = serde_json::to_value(example(kind)).unwrap();
        assert!(json.is_object());
        let own = format!("kinds/{}/", kind.name);
        // The type's name, from the one line that lists it.
        let list = std::fs::read_to_string(root.join("indexer/record/src/kinds/mod.rs")).unwrap();
        let line = list.lines().find(|line| line.trim().starts_with(&format!("{}::", kind.name))).unwrap();
        let name = line.trim().trim_end_matches(',').rsplit("::").next().unwrap();
        for file in &files {
            let path = file.to_string_lossy();
            let listed = ["record/src/kinds/mod.rs", "record/src/lib.rs", "record/src/staffing/mod.rs"]
                .iter()
                .any(|list| path.ends_with(list));
            if path.contains(&own) || listed || path.contains("/tests") || path.ends_with("tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(file).unwrap();
            assert!(!text.contains(name), "{path} names {name}");
            assert!(!text.contains(&format!("\"{}\"", kind.path)), "{path} names {}", kind.path);
            let named = text.split("mod tests {").next().unwrap().contains(&format!("\"{}\"", kind.name));
            assert!(!named || SHARED_WORDS.contains(&kind.name), "{path} names {}", kind.name);
            let own_room = ROOMS_OF_SCHEMES.iter().any(|room| path.contains(room));
            // `service` is the name of a room of ours too.
            let module = if kind.name == "service" { "kinds::service::".into() } else { format!("{}::", kind.name) };
            let code = text.split("mod tests {").next().unwrap();
            assert!(own_room || !code.contains(&module), "{path} reaches into {module}");
            for constant in ["staffing::SCHEME", "staffing::EVENT", "staffing::COUNT", "staffing::REFORM"] {
                assert!(own_room || !text.contains(constant), "{path} names {constant}");
            }
        }
    }
}

/// Names of kinds that are names of columns or settings too.
const SHARED_WORDS: [&str; 1] = ["list_version"];
/// Where schemes are read, compared and reformed, which is more than any kind has.
const ROOMS_OF_SCHEMES: [&str; 15] = [
    // Notices and plans become events, and schemes are read as events left them.
    "kinds/reform_plan/",
    "kinds/staffing_scheme/",
    "readers/src/schemes/",
    "query/src/run/lineage.rs",
    "query/src/run/responsible.rs",
    "src/reading/schemes.rs",
    "src/reading/reform.rs",
    "src/reading/then.rs",
    "src/desk/reforms.rs",
    "src/http/schemes.rs",
    "src/http/pages/schemes.rs",
    "pages/console/notice.rs",
    "pages/console/scheme.rs",
    "pages/console/schemes.rs",
    "pages/console/reforms.rs",
];

fn collect(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}
