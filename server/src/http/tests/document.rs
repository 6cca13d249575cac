//! The document of the interface is held to what the service answers: every operation is asked once in each way that it
//! answers well, and the reply has to be what the document says, with no field that it doesn't.

use std::collections::{BTreeMap, BTreeSet};

use indexer::record::Scope;

use super::*;
use crate::http::api;

/// The properties of an object, through references and `allOf`; and what else it may hold, where that is said.
#[derive(Default)]
struct Shape<'d> {
    properties: BTreeMap<&'d str, &'d Value>,
    required: BTreeSet<&'d str>,
    more: Option<&'d Value>,
}

struct Document(Value);

impl Document {
    fn resolved<'d>(&'d self, mut schema: &'d Value) -> &'d Value {
        while let Some(name) = schema["$ref"].as_str() {
            schema = self.0.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} leads nowhere"));
        }
        schema
    }

    fn shape<'d>(&'d self, schema: &'d Value, shape: &mut Shape<'d>) {
        let schema = self.resolved(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.shape(part, shape);
        }
        let properties = schema["properties"].as_object().into_iter().flatten();
        shape.properties.extend(properties.map(|(name, schema)| (name.as_str(), schema)));
        shape.required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
        shape.more = schema.get("additionalProperties").or(shape.more);
    }

    /// What is wrong with a value, where it isn't what a schema says.
    fn fits(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let tried: Vec<_> = choices.iter().map(|choice| self.fits(choice, value, at)).collect();
            return match tried.iter().any(Result::is_ok) {
                true => Ok(()),
                false => Err(format!("{at}: none of {tried:?}")),
            };
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(n) if n.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let told = &schema["type"];
        let fits = |t: &Value| t == kind || t == "number" && kind == "integer";
        if !(told.is_null() || fits(told) || told.as_array().is_some_and(|all| all.iter().any(fits))) {
            return Err(format!("{at}: {kind} for {told}"));
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
            return Err(format!("{at}: {value} is none of {}", schema["enum"]));
        }
        match value {
            Value::Array(items) => {
                let tuple = schema["prefixItems"].as_array();
                let schema = |n: usize| tuple.and_then(|all| all.get(n)).unwrap_or(&schema["items"]);
                items.iter().enumerate().try_for_each(|(n, item)| self.fits(schema(n), item, &format!("{at}[{n}]")))
            }
            Value::Object(fields) if told.is_string() || schema.get("allOf").is_some() => {
                let mut shape = Shape::default();
                self.shape(schema, &mut shape);
                if let Some(name) = shape.required.iter().find(|name| !fields.contains_key(**name)) {
                    return Err(format!("{at}: lacks {name}"));
                }
                fields.iter().try_for_each(|(name, value)| match (shape.properties.get(name.as_str()), shape.more) {
                    (Some(schema), _) => self.fits(schema, value, &format!("{at}.{name}")),
                    (None, Some(Value::Bool(true))) => Ok(()),
                    (None, Some(schema)) if schema.is_object() => self.fits(schema, value, &format!("{at}.{name}")),
                    (None, _) => Err(format!("{at}: {name} isn't documented")),
                })
            }
            _ => Ok(()),
        }
    }
}

/// How an operation is asked, by the path that the document gives it; and the status of the answer.
struct Asked {
    method: &'static str,
    path: &'static str,
    address: String,
    body: Option<(&'static str, Vec<u8>)>,
    status: u16,
}

fn multipart(fields: &[(&str, &str)]) -> Option<(&'static str, Vec<u8>)> {
    let part = |(name, value): &(&str, &str)| {
        let file = if *name == "file" { "; filename=\"办法.txt\"" } else { "" };
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    let body: String = fields.iter().map(part).collect();
    Some(("multipart/form-data; boundary=x", format!("{body}--x--\r\n").into_bytes()))
}

fn all(law: &str, submission: &str, shared: &str, [old, new]: [&str; 2]) -> Vec<Asked> {
    let get = |path, address: &str, status| Asked { method: "get", path, address: address.into(), body: None, status };
    let post = |path, address: &str, body: &str, status| Asked {
        method: "post",
        path,
        address: address.into(),
        body: Some(("application/json", body.as_bytes().to_vec())),
        status,
    };
    let raw = |path, address: &str, body: &str, status| Asked {
        body: Some(("application/octet-stream", body.as_bytes().to_vec())),
        ..post(path, address, "", status)
    };
    let text = "遵义市公园管理办法\n\n第一条 公园免费开放。\n第二条 本办法自2024年5月1日起施行。\n";
    let form = r#"{"title":"遵义市公园管理办法","level":"规范性文件","document_kind":"norm","issuers":[],"division":"520300"}"#;
    let rows = "全称,区划代码,类别\n遵义市教育局,520300,政府\n";
    let files = |fields: &[(&str, &str)], status| Asked {
        body: multipart(fields),
        ..post("/api/v1/submissions", "/api/v1/submissions", "", status)
    };
    let search = |query: &str| format!("/api/v1/search?q={}&explain=1", encoded(query));
    vec![
        get("/api/v1/search", &search("遵义市政府"), 200),
        get("/api/v1/search", &search("行政许可法第二条"), 200),
        get("/api/v1/search", &search("zunyi-gov.cn"), 200),
        get("/api/v1/search", &search("520300"), 200),
        get("/api/v1/search", "/api/v1/search?q=", 400),
        get("/api/v1/suggest", "/api/v1/suggest?q=zunyi", 200),
        get("/api/v1/resolve", &format!("/api/v1/resolve?text={}", encoded("依照行政许可法第二条")), 200),
        post("/api/v1/resolve", "/api/v1/resolve", r#"{"text":"依照行政许可法第二条"}"#, 200),
        post("/api/v1/match", "/api/v1/match", r#"{"names":["遵义市政府","鼓楼区政府"]}"#, 200),
        get("/api/v1/check", "/api/v1/check?url=zunyi-gov.cn", 200),
        get("/api/v1/check", "/api/v1/check?url=www.zunyi.gov.cn", 200),
        post("/api/v1/check", "/api/v1/check", r#"{"urls":["www.zunyi.gov.cn","zunyi-gov.cn","x"]}"#, 200),
        get("/api/v1/web-names", "/api/v1/web-names", 200),
        get("/api/v1/web-names/rules", "/api/v1/web-names/rules", 200),
        post(
            "/api/v1/web-names/validate",
            "/api/v1/web-names/validate",
            r#"{"institution":"520300-gov","name":"遵义.政务"}"#,
            200,
        ),
        get("/api/v1/web-names/validate", "/api/v1/web-names/validate?institution=520300-gov", 200),
        get("/api/v1/web-names/queue", "/api/v1/web-names/queue", 200),
        get("/api/v1/web-names/{file}", "/api/v1/web-names/names.tsv", 200),
        get("/api/v1/web-names/{file}", "/api/v1/web-names/official.fst", 200),
        get("/api/v1/web-names/{file}", "/api/v1/web-names/x", 404),
        get("/api/v1/institutions/{id}", "/api/v1/institutions/520300-gov", 200),
        get("/api/v1/institutions/{id}", "/api/v1/institutions/520300-gov?on=2017-01-01", 200),
        get("/api/v1/institutions/{id}", "/api/v1/institutions/none", 404),
        get("/api/v1/schemes/compare", &format!("/api/v1/schemes/compare?old={old}&new={new}"), 200),
        get("/api/v1/schemes/compare", &format!("/api/v1/schemes/compare?old={old}&new=none"), 404),
        get("/api/v1/divisions/{code}", "/api/v1/divisions/520000", 200),
        get("/api/v1/divisions/{code}/institutions", "/api/v1/divisions/520300/institutions", 200),
        get("/api/v1/coverage", "/api/v1/coverage?region=520000", 200),
        get("/api/v1/regulations/{id}", &format!("/api/v1/regulations/{law}"), 200),
        get("/api/v1/regulations/{id}", &format!("/api/v1/regulations/{law}?articles=0"), 200),
        get("/api/v1/regulations/{id}/references", &format!("/api/v1/regulations/{law}/references"), 200),
        get("/api/v1/regulations/{id}/articles/{number}", &format!("/api/v1/regulations/{law}/articles/2"), 200),
        get("/api/v1/records/{id}", "/api/v1/records/520300-gov", 200),
        get("/api/v1/records/{id}", &format!("/api/v1/records/{law}"), 200),
        get("/api/v1/records/{id}/history", "/api/v1/records/520300-gov/history", 200),
        get("/api/v1/records/{id}/history/{old}/{new}", "/api/v1/records/520300-gov/history/1/1", 200),
        get("/api/v1/records/{id}/history/{old}/{new}", "/api/v1/records/520300-gov/history/1/9", 404),
        post("/api/v1/records/{id}/restore/{revision}", "/api/v1/records/520300-gov/restore/1", "", 422),
        post("/api/v1/records/{id}/restore/{revision}", "/api/v1/records/320106-gov/restore/1", "", 403),
        get("/api/v1/changes", "/api/v1/changes?records=1", 200),
        get("/api/v1/dumps", "/api/v1/dumps", 200),
        get("/api/v1/dumps/{file}", "/api/v1/dumps/institution.jsonl", 200),
        get("/api/v1/dumps/{file}", "/api/v1/dumps/institution.csv", 200),
        get("/api/v1/tables/{table}", "/api/v1/tables/institutions.csv", 200),
        raw("/api/v1/tables/{table}", "/api/v1/tables/institutions?dry_run=1", rows, 200),
        raw("/api/v1/tables/{table}", "/api/v1/tables/institutions", rows, 201),
        raw("/api/v1/tables/{table}", "/api/v1/tables/institutions", "全称,区划代码,类别\n甲,520300,x\n", 422),
        raw("/api/v1/tables/{table}", "/api/v1/tables/x", rows, 404),
        files(&[("file", text), ("dry_run", "1")], 200),
        files(&[("file", text), ("form", form), ("note", "说明")], 201),
        files(&[("file", text), ("form", form)], 409),
        // A mistyped trial is no handing in.
        files(&[("file", text), ("dry_run", "true")], 400),
        raw("/api/v1/tables/{table}", "/api/v1/tables/institutions", "%PDF-1.7", 422),
        get("/api/v1/submissions/{id}", &format!("/api/v1/submissions/{submission}"), 200),
        get("/api/v1/reasons", "/api/v1/reasons", 200),
        get("/api/v1/tasks", "/api/v1/tasks", 200),
        get("/api/v1/tasks", "/api/v1/tasks?state=x", 400),
        get("/api/v1/tasks/{id}", "/api/v1/tasks/t-none", 404),
        get("/api/v1/shared", &format!("/api/v1/shared?q={}", encoded("口径")), 200),
        get("/api/v1/shared", "/api/v1/shared?page=0", 400),
        get("/api/v1/shared/{id}", &format!("/api/v1/shared/{shared}"), 200),
        get("/api/v1/shared/{id}", "/api/v1/shared/m-none", 404),
        get("/healthz", "/healthz", 200),
        get("/readyz", "/readyz", 200),
        get("/metrics", "/metrics", 200),
    ]
}

#[tokio::test]
async fn every_operation_answers_as_the_document_says() {
    let site = site();
    let document = Document(serde_json::to_value(api::document()).unwrap());
    let key = tables::key_for(&site.app, "520300", vec![Scope::Submit, Scope::Consult]);
    let record = shared::record("遵义市统计口径", "口径如下。", "520300");
    site.app.store.put(record.clone(), &offices::BY).unwrap();
    let schemes = schemes_compared::three();
    for scheme in &schemes {
        site.app.store.put(scheme.clone(), &offices::BY).unwrap();
    }
    shared::catch_up(&site);
    let rows = "全称,区划代码,类别\n遵义市民政局,520300,政府\n";
    let (_, sent) = tables::sent(&site.app, "/api/v1/tables/institutions", &key, rows).await;
    let submission = sent["created"][0]["id"].as_str().unwrap();
    let mut unasked: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, item) in document.0["paths"].as_object().unwrap() {
        unasked.extend(item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    for Asked { method, path, address, body, status } in
        all(&site.new_law, submission, &record.id, [&schemes[0].id, &schemes[1].id])
    {
        unasked.remove(&(method.to_owned(), path.to_owned()));
        let operation = &document.0["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} isn't documented");
        let mut request = Request::builder().method(method.to_ascii_uppercase().as_str()).uri(&address);
        if operation["security"].is_array() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let (kind, body) = body.unwrap_or_default();
        let request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let (got, headers, text) = call(&site.app, request).await;
        assert_eq!(got.as_u16(), status, "{method} {address}: {text}");
        let response = &operation["responses"][status.to_string()];
        assert!(response.is_object(), "{method} {path}: {status} isn't documented");
        for name in response["headers"].as_object().unwrap().keys() {
            assert!(headers.contains_key(name.as_str()), "{method} {address}: no {name}");
        }
        let kind = headers[header::CONTENT_TYPE].to_str().unwrap().split(';').next().unwrap();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{method} {path}: {status} as {kind} isn't documented");
        if matches!(kind, "application/json" | "application/problem+json") {
            let reply: Value = serde_json::from_str(&text).unwrap();
            let fits = document.fits(&content["schema"], &reply, "");
            assert_eq!(fits, Ok(()), "{method} {address}: {reply}");
        }
    }
    assert_eq!(unasked, BTreeSet::new(), "operations without a row");
}

/// Whoever shows no key is told so, exactly where the document asks for one; a key for searching hands nothing in.
#[tokio::test]
async fn keys_are_needed_where_the_document_says() {
    let site = site();
    let document = serde_json::to_value(api::document()).unwrap();
    let search = tables::key(&site.app, "520300", Scope::Search);
    let mut needed = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let address = path.replace(['{', '}'], "");
            let ask = |key: Option<&str>| {
                let mut request = Request::builder().method(method.to_ascii_uppercase().as_str()).uri(&address);
                if let Some(key) = key {
                    request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
                }
                request.body(Body::empty()).unwrap()
            };
            let needs = operation["security"].is_array();
            needed += usize::from(needs);
            let (status, ..) = call(&site.app, ask(None)).await;
            assert_eq!(status == StatusCode::UNAUTHORIZED, needs, "{method} {path}: {status}");
            let (status, ..) = call(&site.app, ask(Some(&search))).await;
            assert_eq!(status == StatusCode::FORBIDDEN, needs, "{method} {path} with a key for searching: {status}");
            let (status, headers, _) = call(&site.app, ask(Some("nobody's"))).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} with nobody's key");
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        }
    }
    assert_eq!(needed, 8);
}

/// What no operation knows is reported, and not passed over: a caller who misspells a parameter would get another
/// answer than was asked for. The three for machines that watch the service take whatever they add.
#[tokio::test]
async fn unknown_parameters_are_refused_everywhere() {
    let site = site();
    let document = serde_json::to_value(api::document()).unwrap();
    let key = tables::key_for(&site.app, "520300", vec![Scope::Submit, Scope::Consult]);
    let mut refused = 0;
    for (path, operation) in document["paths"].as_object().unwrap().iter().map(|(path, item)| (path, &item["get"])) {
        if operation.is_null() || ["/healthz", "/readyz", "/metrics"].contains(&path.as_str()) {
            continue;
        }
        let address = format!("{}?unheard_of=1", path.replace(['{', '}'], ""));
        let request = Request::builder().uri(&address).header(header::AUTHORIZATION, format!("Bearer {key}"));
        let (status, _, body) = call(&site.app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {body}");
        assert!(operation["responses"]["400"].is_object(), "{path} does not say so");
        refused += 1;
    }
    assert!(refused > 20, "{refused}");
}

/// The checker above finds what it is there to find.
#[test]
fn what_does_not_fit_is_told() {
    let document = Document(serde_json::json!({"a": {"type": "object", "required": ["x"], "properties": {
        "x": {"type": ["string", "null"]}, "y": {"type": "array", "items": {"$ref": "#/b"}}}},
        "b": {"enum": ["k"], "type": "string"}, "c": {"allOf": [{"$ref": "#/a"}, {"type": "object", "properties": {"z": {}}}]}}));
    let fits = |name: &str, value: Value| document.fits(&document.0[name], &value, "");
    use serde_json::json;
    assert_eq!(fits("a", json!({"x": null, "y": ["k"]})), Ok(()));
    assert_eq!(fits("c", json!({"x": "1", "z": 5})), Ok(()));
    for (name, value) in [
        ("a", json!({})),
        ("a", json!({"x": 1})),
        ("a", json!({"x": "1", "w": 1})),
        ("a", json!({"x": "1", "y": ["l"]})),
        ("c", json!({"z": 5})),
        ("c", json!({"x": "1", "w": 5})),
        ("b", json!(null)),
    ] {
        assert!(fits(name, value.clone()).is_err(), "{name} {value}");
    }
}
