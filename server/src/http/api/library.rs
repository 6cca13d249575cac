//! `/regulations` and their articles.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::RegulationEntry, projection::slug},
    record::{
        Article, AttachedFile, Date, DivisionCode, DocumentKind, Event, Heading, Openness, Paragraph, Provenance,
        Record, Regulation, RegulationLevel, Status,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    parameters::{RegulationId, anything, flag, optional, parameters, path},
    shapes::{EventShape, HeadingShape, ParagraphShape, ProvenanceShape},
};

use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::{find_article, find_facts, find_regulation, headings_above, versions_of},
    },
    urls,
};

/// 正文之外的一个附件。
#[derive(Serialize, ToSchema)]
pub struct Attachment {
    name: String,
    /// 按内容认出的格式。
    format: String,
    /// 字节数。
    size: u64,
    /// 内容的 sha256，十六进制小写。
    sha256: String,
    /// 下载的地址。
    url: String,
}

impl Attachment {
    fn new(id: &str, file: AttachedFile) -> Self {
        let url = format!("{}/attachments/{}", urls::regulation(id), file.sha256);
        let AttachedFile { name, format, size, sha256 } = file;
        Self { name, format, size, sha256, url }
    }
}

#[derive(Serialize, ToSchema)]
pub struct RegulationReply {
    id: String,
    revision: u64,
    title: String,
    /// 法律、行政法规……
    #[schema(value_type = String)]
    level: RegulationLevel,
    /// `norm`、`amendment`、`abolition`、`interpretation` 或 `decision`。
    #[schema(value_type = String)]
    document_kind: DocumentKind,
    issuers: Vec<String>,
    document_number: Option<String>,
    /// 地方法规所属区划的代码。
    #[schema(value_type = Option<String>)]
    division: Option<DivisionCode>,
    #[schema(value_type = Option<String>, format = Date)]
    version_date: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    published: Option<Date>,
    /// 施行日期，综合各来源判定。
    #[schema(value_type = Option<String>, format = Date)]
    effective: Option<Date>,
    effective_basis: Option<String>,
    #[schema(value_type = String)]
    status: Status,
    status_reason: String,
    /// 制定机关写的主题分类。
    topics: Vec<String>,
    /// 制定机关的政府信息公开目录里的索引号。
    index_number: Option<String>,
    /// 文件写明的有效期的最后一天。
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Date>,
    /// `主动公开` 或 `依申请公开`。
    #[schema(value_type = Option<String>)]
    openness: Option<Openness>,
    /// 制定机关解读它的网页。
    explanation: Option<String>,
    /// 正文之外的附件。
    attachments: Vec<Attachment>,
    /// 废止或取代它的法规。
    status_by: Option<RegulationBrief>,
    /// 别的法规引用它的次数。
    cited_by: u32,
    #[schema(value_type = Vec<EventShape>)]
    history: Vec<Event>,
    preamble: String,
    #[schema(value_type = Vec<HeadingShape>)]
    headings: Vec<Heading>,
    attachment: String,
    /// 各个版本，由新到旧。
    versions: Vec<RegulationBrief>,
    #[schema(value_type = Vec<ProvenanceShape>)]
    provenance: Vec<Provenance>,
    url: String,
    /// 条文；`articles=0` 时没有。
    #[serde(skip_serializing_if = "Option::is_none")]
    articles: Option<Vec<ArticleText>>,
}

#[derive(Serialize, ToSchema)]
pub struct ArticleText {
    /// 地址中的条号：12、120-1。
    number: String,
    /// 第十二条。
    label: String,
    text: String,
}

#[derive(Serialize, ToSchema)]
pub struct RegulationBrief {
    id: String,
    title: String,
    #[schema(value_type = Option<String>, format = Date)]
    version_date: Option<Date>,
    #[schema(value_type = String)]
    status: Status,
    url: String,
}

impl From<&RegulationEntry> for RegulationBrief {
    fn from(r: &RegulationEntry) -> Self {
        Self {
            id: r.id.clone(),
            title: r.title.clone(),
            version_date: r.version_date,
            status: r.status,
            url: urls::regulation(&r.id),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ArticleReply {
    regulation: RegulationBrief,
    #[schema(value_type = String)]
    level: RegulationLevel,
    #[schema(value_type = String)]
    status: Status,
    number: String,
    label: String,
    text: String,
    /// 按款、项、目分开的各行。
    #[schema(value_type = Vec<ParagraphShape>)]
    paragraphs: Vec<Paragraph>,
    /// 所在的编、章、节，由外到内。
    headings: Vec<String>,
    /// 前一条的路径。
    previous: Option<String>,
    /// 后一条的路径。
    next: Option<String>,
    #[schema(value_type = Vec<ProvenanceShape>)]
    provenance: Vec<Provenance>,
}

parameters! {
    RegulationParams: [optional("articles", "0：不附条文", flag())];
    ArticleNumber: [path("number", "条号：12、120-1、第十二条", anything(), "12")];
}

/// 一部法规：版本、目录与条文。
#[utoipa::path(get, path = "/api/v1/regulations/{id}", tag = "library", params(RegulationId, RegulationParams),
    responses((status = 200, description = "法规", body = RegulationReply), (status = 304), (status = 404), (status = 410)))]
pub async fn regulation(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["articles"])?;
    let with_articles = params.get("articles").is_none() || params.flag("articles")?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let article = |(at, a): (usize, &Article)| ArticleText {
            number: slug(a, at),
            label: a.label.clone(),
            text: a.text.clone(),
        };
        let articles = with_articles.then(|| r.articles.iter().enumerate().map(article).collect());
        Rendered::json(&told(generation, record, r, facts, articles))
    })
    .await
}

fn told(
    generation: &Generation,
    record: Record,
    r: Regulation,
    facts: &RegulationEntry,
    articles: Option<Vec<ArticleText>>,
) -> RegulationReply {
    let by = facts.status_by.as_ref().and_then(|id| generation.catalogue.regulation(id));
    let attachments = r.publication.attachments.into_iter().map(|file| Attachment::new(&record.id, file)).collect();
    RegulationReply {
        url: urls::regulation(&record.id),
        id: record.id,
        revision: record.revision,
        title: r.title,
        level: r.level,
        document_kind: r.document_kind,
        issuers: r.issuers,
        document_number: r.document_number,
        division: r.division,
        version_date: r.version_date,
        published: r.published,
        effective: facts.effective,
        effective_basis: facts.effective_basis.clone(),
        status: facts.status,
        status_reason: facts.status_reason.clone(),
        topics: r.publication.topics,
        index_number: r.publication.index_number,
        valid_until: r.publication.valid_until,
        openness: r.publication.openness,
        explanation: r.publication.explanation,
        attachments,
        status_by: by.map(RegulationBrief::from),
        cited_by: facts.cited,
        history: r.history,
        preamble: r.preamble,
        headings: r.headings,
        attachment: r.attachment,
        versions: versions_of(generation, facts).map(RegulationBrief::from).collect(),
        provenance: record.provenance,
        articles,
    }
}

/// 一条条文，按款、项、目分开。
#[utoipa::path(get, path = "/api/v1/regulations/{id}/articles/{number}", tag = "library",
    params(RegulationId, ArticleNumber),
    responses((status = 200, description = "条文", body = ArticleReply), (status = 304), (status = 404), (status = 410)))]
pub async fn article(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let at = find_article(&r, &number)?;
        let a = &r.articles[at];
        let link = |at: usize| r.articles.get(at).map(|a| urls::article(&id, &slug(a, at)));
        Rendered::json(&ArticleReply {
            regulation: facts.into(),
            level: r.level,
            status: facts.status,
            number: slug(a, at),
            label: a.label.clone(),
            text: a.text.clone(),
            paragraphs: a.paragraphs(),
            headings: headings_above(&r, at).into_iter().map(str::to_owned).collect(),
            previous: at.checked_sub(1).and_then(link),
            next: link(at + 1),
            provenance: record.provenance,
        })
    })
    .await
}
