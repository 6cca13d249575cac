//! What the document says of all operations alike: who runs the service and on what terms, how one shows a key, and the
//! answers that the layers around the handlers give. What an operation says of itself stands at its handler.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Header, HeaderBuilder, ObjectBuilder, PathItem, Ref, RefOr, Response,
        path::Operation,
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::http::Problem;

/// The name of the way to show a key.
const KEY: &str = "key";
const PROBLEM: &str = "application/problem+json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "官搜 Guansou",
        version = "1",
        description = "全国公共机构官方网站与法律法规检索。第一版的字段以后只增不改。\n\n错误一律为 `application/problem+json`（RFC 9457）：\
            `type` 不变，`detail` 说明错在哪里、怎样改正。地址中不认识的参数、重复的参数一律答 400，\
            空的参数视同没有给出。带 `ETag` 的答复可以用 \
            `If-None-Match` 再问，没有变就答 304。429 和 503 的 `Retry-After` 是几秒后再试。报告问题时请附上 `X-Request-Id`。\n\n\
            检索和查看不需要密钥；带着密钥的，按密钥的限额计。报送须有密钥。",
        contact(name = "本站的数据说明与管理单位", url = "/data"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "本服务")),
    tags(
        (name = "search", description = "检索、补全、引用解析"),
        (name = "names", description = "名称对应"),
        (name = "directory", description = "机构和区划"),
        (name = "library", description = "法规和条文"),
        (name = "references", description = "法规之间的引用"),
        (name = "web_names", description = "网址核验和网上名称"),
        (name = "records", description = "任何公开记录"),
        (name = "history", description = "修订史"),
        (name = "exchange", description = "镜像：变更和全量文件"),
        (name = "submissions", description = "报送文件"),
        (name = "tables", description = "报送表格"),
        (name = "tasks", description = "机构的任务"),
        (name = "shared", description = "机构之间共享的内部资料"),
        (name = "status", description = "服务的状况"),
    ),
    // A key is never needed where an operation doesn't say so, and counted wherever it comes.
    security((), ("key" = [])),
    components(schemas(Problem)),
    modifiers(&Keys)
)]
pub struct Base;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "密钥由管理员在 /console/keys 开设，分检索、报送、查阅内部资料三种权限，按每分钟次数限额；只能报送，不能核准。",
        ));
        let components = document.components.get_or_insert_default();
        components.security_schemes.insert(KEY.to_owned(), RefOr::T(SecurityScheme::Http(scheme.build())));
    }
}

/// Whatever any operation may answer, by the layers around it: a key that doesn't hold or is used up, an address that
/// can't be read, an index that isn't ready, too many requests at once, a fault of the service.
const ANYWHERE: [&str; 5] = ["400", "401", "429", "500", "503"];
/// The same where a body comes.
const WITH_BODY: [&str; 2] = ["408", "413"];
const NOT_MODIFIED: &str = "304";

/// What a status means, where the operation doesn't say more.
fn meaning(status: &str) -> &'static str {
    match status {
        NOT_MODIFIED => "没有变：If-None-Match 所带的 ETag 仍然有效",
        "400" => "参数、路径或请求正文有误",
        "401" => "需要密钥，或者密钥不对、已经停用、过期",
        "403" => "没有这样做的权限",
        "404" => "没有找到",
        "410" => "曾经公布，已经撤回；detail 写明日期和理由，history 是修订史的地址",
        "408" => "请求正文没有在时限内收全",
        "409" => "与现有内容冲突",
        "413" => "请求正文过大",
        "415" => "请求正文的类型不支持",
        "422" => "内容不能接受",
        "429" => "密钥每分钟的次数已经用完",
        "500" => "服务内部出错",
        "503" => "索引还没有准备好，或者同时到来的请求太多、没有在时限内完成、暂时不能保存",
        _ => "",
    }
}

/// Brings the answers of the layers to every operation, and problems, tags and request ids to every answer.
pub fn completed(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    // The body of every POST is taken in, also where none is asked for.
    for (with_body, operation) in document.paths.paths.values_mut().flat_map(operations) {
        let responses = &mut operation.responses.responses;
        let layers = ANYWHERE.iter().chain(WITH_BODY.iter().filter(|_| with_body));
        for status in layers {
            responses.entry((*status).to_owned()).or_insert_with(|| Response::default().into());
        }
        let tagged = responses.contains_key(NOT_MODIFIED);
        for (status, response) in responses {
            let RefOr::T(response) = response else { continue };
            complete(status, response, tagged);
        }
    }
    document
}

fn complete(status: &str, response: &mut Response, tagged: bool) {
    if response.description.is_empty() {
        response.description = meaning(status).to_owned();
    }
    let refused = status.starts_with(['4', '5']);
    if refused && response.content.is_empty() {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        response.content.insert(PROBLEM.to_owned(), content.into());
    }
    let mut header = |name: &str, header: HeaderBuilder| {
        response.headers.entry(name.to_owned()).or_insert_with(|| RefOr::T(header.build()));
    };
    header("X-Request-Id", told("这次请求的编号，报告问题时请附上"));
    if tagged && (status == "200" || status == NOT_MODIFIED) {
        header("ETag", told("答复的标记，下次放在 If-None-Match 里"));
    }
    if matches!(status, "429" | "503") {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        header("Retry-After", Header::builder().schema(Some(seconds)).description(Some("几秒后再试")));
    }
}

fn told(what: &str) -> HeaderBuilder {
    Header::builder().schema(Some(ObjectBuilder::new().schema_type(Type::String))).description(Some(what))
}

/// The operations of a path, each with whether it is a POST.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let read = item.get.iter_mut().map(|operation| (false, operation));
    read.chain(item.post.iter_mut().map(|operation| (true, operation)))
}

/// Whether an operation is only for those who show a key.
#[cfg(test)]
pub fn needs_key(operation: &Operation) -> bool {
    operation
        .security
        .as_ref()
        .is_some_and(|all| *all == [utoipa::openapi::SecurityRequirement::new(KEY, [] as [&str; 0])])
}
