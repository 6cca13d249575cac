//! `/check` and `/web-names`: is this address an official web name, may this name be registered, and the whole list.

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use indexer::{
    index::{
        Generation, OFFICIAL_DIR,
        official::{FILTER_FILE, ROWS_FILE},
    },
    record::{Category, Date},
    web_name::rules,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{
    ToSchema,
    openapi::{
        ArrayBuilder, Object, ObjectBuilder,
        schema::{Array, SchemaType, Type},
    },
};

use super::{
    Body,
    parameters::{anything, flag, needed, one_of, optional, parameters, path},
    shapes::{FileBytes, RuleShape},
};
use crate::{
    clock::today,
    exchange,
    http::{
        App, Problem,
        cache::{Known, Rendered, answer, uncached},
        params::{NoParams, Params},
        proposed_name::{Asked, category, judged},
        rdap::{self, RdapDomain},
        sending,
    },
    query::{self, reply::CheckReply},
    urls,
    web_names::{self, BriefCheck, ValidateReply},
};

/// The register of names as a table.
const REGISTER: &str = "register.csv";
/// Addresses checked in one request: a check takes microseconds, and as many lines as this fit into the largest body.
const MAX_CHECKS: usize = 5_000;

parameters! {
    CheckParams: [needed("url", "粘贴来的网址或名称", anything(), "www.zunyi.gov.cn")];
    PrecheckParams: [
        optional("name", "拟注册的名称；只要建议时可以不给", anything()),
        optional("institution", "申请单位的机构编号", anything()),
        optional("category", "机构类别；给了机构编号时可以不给", one_of(Category::ALL.map(Category::label))),
        optional("administrative", "是否承担行政职能：1 或 0", flag()),
        optional("site_code", "网站标识码", anything()),
    ];
    FileName: [path("file", "一个网上名称，或者名录的文件；register.csv 是今天的登记簿", anything(), ROWS_FILE)];
}

/// 核验一个网址。
#[utoipa::path(get, path = "/api/v1/check", tag = "web_names", params(CheckParams),
    responses((status = 200, description = "核验的结论和理由", body = CheckReply), (status = 304)))]
pub async fn check(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::read(raw.as_deref(), &["url"])?;
        let pasted = params.get("url").ok_or_else(|| Problem::bad_parameter("url", "缺少参数 url：要核验的网址"))?;
        let mut reply = query::check_address(generation, pasted)?.reply;
        reply.former = rdap::former(app, reply.host.as_deref())?;
        Rendered::json(&reply)
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Urls {
    #[schema(schema_with = urls)]
    urls: Vec<String>,
}

fn urls() -> Array {
    let url = ObjectBuilder::new().schema_type(Type::String);
    ArrayBuilder::new().items(url).min_items(Some(1)).max_items(Some(MAX_CHECKS)).build()
}

#[derive(Serialize, ToSchema)]
pub struct BulkReply {
    generation: u64,
    /// In the order asked.
    results: Vec<BriefCheck>,
}

/// 核验一批网址。
#[utoipa::path(post, path = "/api/v1/check", tag = "web_names",
    request_body(content = Urls, example = json!({"urls": ["www.zunyi.gov.cn", "zunyi-gov.cn"]})),
    responses((status = 200, description = "各个网址的结论，依所问的先后", body = BulkReply), (status = 415)))]
pub async fn check_many(
    State(app): State<App>,
    known: Known,
    Body(Urls { urls }): Body<Urls>,
) -> Result<Response, Problem> {
    if urls.is_empty() || urls.len() > MAX_CHECKS {
        let detail = format!("urls 应有 1 到 {MAX_CHECKS} 个网址，实有 {} 个", urls.len());
        return Err(Problem::bad_parameter("urls", detail));
    }
    uncached(&app, &known, move |_, generation| {
        let results = urls.iter().map(|url| web_names::brief(generation, url)).collect();
        Rendered::json(&BulkReply { generation: generation.number, results })
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// 拟注册的名称；只要建议时可以不给。
    #[serde(default)]
    name: String,
    /// 申请单位的机构编号。
    institution: Option<String>,
    /// 机构类别（党委、人大、政府……）；给了机构编号时可以不给。
    #[schema(schema_with = categories)]
    category: Option<String>,
    /// 是否承担行政职能。
    administrative: Option<bool>,
    /// 网站标识码。
    site_code: Option<String>,
}

fn categories() -> Object {
    let labels = Category::ALL.map(|category| Some(category.label()));
    let kinds = SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(kinds).enum_values(Some(labels.into_iter().chain([None]))).build()
}

/// 拟注册的名称是否合规，附近有哪些已用的名称，可以用哪些标准名称。
#[utoipa::path(post, path = "/api/v1/web-names/validate", tag = "web_names",
    request_body(content = Proposed, example = json!({"institution": "520300-gov", "name": "遵义.政务"})),
    responses((status = 200, description = "结论、适用的规则和建议", body = ValidateReply), (status = 404, description = "没有这个机构"), (status = 410), (status = 415)))]
pub async fn validate(State(app): State<App>, known: Known, Body(body): Body<Proposed>) -> Result<Response, Problem> {
    uncached(&app, &known, move |app, generation| {
        let wanted = Asked {
            name: &body.name,
            institution: body.institution.as_deref(),
            category: body.category.as_deref().map(category).transpose()?,
            administrative: body.administrative,
            site_code: body.site_code.as_deref(),
        };
        Rendered::json(&judged(app, generation, &wanted)?)
    })
    .await
}

/// 同样的预检，供边填边查：有望通过还是难以通过，理由和三个备选名称。
#[utoipa::path(get, path = "/api/v1/web-names/validate", tag = "web_names", params(PrecheckParams),
    responses((status = 200, description = "结论、适用的规则和备选名称", body = ValidateReply), (status = 304), (status = 404, description = "没有这个机构"), (status = 410)))]
pub async fn precheck(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::read(raw.as_deref(), &["name", "institution", "category", "administrative", "site_code"])?;
        let administrative = match params.get("administrative") {
            None => None,
            Some(_) => Some(params.flag("administrative")?),
        };
        let wanted = Asked {
            name: params.get("name").unwrap_or_default(),
            institution: params.get("institution"),
            category: params.get("category").map(category).transpose()?,
            administrative,
            site_code: params.get("site_code"),
        };
        Rendered::json(&judged(app, generation, &wanted)?)
    })
    .await
}

#[derive(Serialize, ToSchema)]
pub struct RulesReply {
    #[schema(value_type = Vec<RuleShape>)]
    rules: &'static [rules::Rule],
}

/// 名称规则及其出处。
#[utoipa::path(get, path = "/api/v1/web-names/rules", tag = "web_names",
    responses((status = 200, description = "规则", body = RulesReply), (status = 304)))]
pub async fn rules(State(app): State<App>, _: NoParams, known: Known, uri: Uri) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), |_, _| Rendered::json(&RulesReply { rules: rules::ALL })).await
}

#[derive(Serialize, ToSchema)]
pub struct ManifestReply {
    /// 名录的代号：索引的编号。
    generation: u64,
    #[schema(value_type = String, format = Date)]
    built_on: Date,
    /// 名称的条数。
    names: usize,
    files: Vec<ListFile>,
    register: RegisterFile,
}

/// 当天的登记簿：每次请求时由记录写成，没有固定的摘要。
#[derive(Serialize, ToSchema)]
pub struct RegisterFile {
    url: String,
    what: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct ListFile {
    url: String,
    bytes: usize,
    sha256: String,
    /// 文件的格式。
    what: &'static str,
}

/// 可下载的名录及其摘要。
#[utoipa::path(get, path = "/api/v1/web-names", tag = "web_names",
    responses((status = 200, description = "名录的代号、条数、文件和 SHA-256", body = ManifestReply), (status = 304)))]
pub async fn manifest(State(app): State<App>, _: NoParams, known: Known, uri: Uri) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), |_, generation| {
        let file = |name: &str, what| -> Result<ListFile, Problem> {
            let bytes = read(generation, name)?;
            let sha256 = hex::encode(Sha256::digest(&bytes));
            Ok(ListFile { url: urls::api::web_name(name), bytes: bytes.len(), sha256, what })
        };
        Rendered::json(&ManifestReply {
            generation: generation.number,
            built_on: generation.manifest.built_on,
            names: generation.official.len(),
            files: vec![
                file(ROWS_FILE, "全部名称，制表符分隔：主机名、名称（空：同主机名）、证据、状态（空：在用）、归属")?,
                file(FILTER_FILE, "在用名称的有限状态集（fst 0.4 的 Set，键为 A-label 主机名），供离线核对")?,
            ],
            register: RegisterFile {
                url: urls::api::web_name(REGISTER),
                what: "今天的登记簿（CSV）：名称、标识、单位、公用邮箱、状态、注册和到期的日期",
            },
        })
    })
    .await
}

/// 一个网上名称的登记信息（RFC 9083 的用词），或者下载名录的一个文件。
#[utoipa::path(get, path = "/api/v1/web-names/{file}", tag = "web_names", params(FileName), responses(
    (status = 200, description = "文件", content(
        (RdapDomain = "application/json"),
        (String = "text/tab-separated-values"),
        (String = "text/csv"),
        (FileBytes = "application/octet-stream"),
    )),
    (status = 304),
    (status = 404, description = "名录中没有这个名称"),
))]
pub async fn download(
    State(app): State<App>,
    _: NoParams,
    known: Known,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    if file == REGISTER {
        return register(app);
    }
    uncached(&app, &known, move |app, generation| {
        let content_type = match file.as_str() {
            ROWS_FILE => "text/tab-separated-values; charset=utf-8",
            FILTER_FILE => "application/octet-stream",
            name => return Rendered::json(&rdap::of(app, name)?),
        };
        Ok(Rendered::new(read(generation, &file)?, content_type))
    })
    .await
}

/// The register of names as of today: what is reported of each is public, and nobody's own.
fn register(app: App) -> Result<Response, Problem> {
    let place = app.dumps.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let lines = sending::body(place, move |sink| {
        let ended = exchange::register(&app.store, &app.desk, today(), &mut |line| sink.send(line));
        if let Err(error) = ended {
            tracing::error!(%error, "the register broke off");
            sink.fail(&error);
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, lines).into_response())
}

fn read(generation: &Generation, file: &str) -> Result<Vec<u8>, Problem> {
    if file == ROWS_FILE {
        return Ok(generation.official.listing());
    }
    let filter = std::fs::read(generation.path.join(OFFICIAL_DIR).join(file))?;
    Ok(generation.official.filter(filter)?)
}
