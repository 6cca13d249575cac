//! Shapes of what records are made of, for the document: the record crate knows nothing of HTTP. The tests hold every
//! documented operation's reply to its schema, and so these to the types that they stand for.
#![allow(dead_code, reason = "never made: they only describe what other types are written as")]

use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat,
        schema::{AdditionalProperties, Type},
    },
};

/// 一个来源：名单、数据包或者上传的文件。
#[derive(ToSchema)]
#[schema(as = Provenance)]
pub struct ProvenanceShape {
    /// 来源的编号；各名单的说明见数据说明页。
    source: String,
    /// 在来源中的位置：文件、行。
    place: Option<String>,
    /// 取得来源的日期。
    #[schema(format = Date)]
    date: Option<String>,
    /// 来源载明的许可。
    licence: Option<String>,
}

/// 一条记录的全部内容。
#[derive(ToSchema)]
#[schema(as = Record)]
pub struct RecordShape {
    /// 编号，在所有类别中唯一。
    id: String,
    /// 修订号，从 1 起。
    revision: u64,
    /// `published`。
    state: String,
    provenance: Vec<ProvenanceShape>,
    #[schema(format = Date)]
    valid_from: Option<String>,
    #[schema(format = Date)]
    valid_to: Option<String>,
    /// 负责这条记录的区划。
    owner: Option<String>,
    body: BodyShape,
}

/// 内容：`kind` 是类别，其余各项因类别而异，名称与数据表的列名一致。
pub struct BodyShape;

impl PartialSchema for BodyShape {
    fn schema() -> RefOr<Schema> {
        let kind = super::parameters::one_of(indexer::record::KINDS.iter().filter(|k| k.is_public()).map(|k| k.name));
        ObjectBuilder::new()
            .description(Some("内容：kind 是类别，其余各项因类别而异，以后只增不改。"))
            .property("kind", kind)
            .required("kind")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for BodyShape {
    fn name() -> std::borrow::Cow<'static, str> {
        "RecordBody".into()
    }
}

/// 已不存在或者换了代码的区划。
#[derive(ToSchema)]
#[schema(as = FormerDivision)]
pub struct FormerDivisionShape {
    name: String,
    code: Option<String>,
    /// 当时的上级，由高到低；没有的不写。
    #[schema(required = false)]
    within: Vec<String>,
    /// 哪一年不再使用。
    until: Option<i32>,
    /// 怎样变动的：撤县设区、更名、撤销；没有的不写。
    #[schema(required = false)]
    change: String,
    /// 批准的文件；没有的不写。
    document: Option<String>,
    /// `whole`（唯一的后继）、`part`（后继之一）或 `unknown`（原在其中）。
    succession: String,
    source: String,
}

/// 编、章、节的标题。
#[derive(ToSchema)]
#[schema(as = Heading)]
pub struct HeadingShape {
    /// 1 为最外一层。
    depth: u8,
    title: String,
    /// 其下第一条在 `articles` 中的位置，从 0 起。
    first_article: u64,
}

/// 一款，连同它的各项。
#[derive(ToSchema)]
#[schema(as = Paragraph)]
pub struct ParagraphShape {
    text: String,
    items: Vec<ItemShape>,
}

/// 一项，连同它的各目。
#[derive(ToSchema)]
#[schema(as = Item)]
pub struct ItemShape {
    /// （三）是 3。
    number: u32,
    text: String,
    subitems: Vec<String>,
}

/// 一部法规的经过。
#[derive(ToSchema)]
#[schema(as = Event)]
pub struct EventShape {
    #[schema(format = Date)]
    date: Option<String>,
    /// `adopted`、`approved`、`published`、`amended`、`effective`、`repealed` 或 `other`。
    kind: String,
    text: String,
}

/// 一个来源有多少条记录。
#[derive(ToSchema)]
#[schema(as = SourceCount)]
pub struct SourceCountShape {
    source: String,
    kind: String,
    records: u64,
    #[schema(format = Date)]
    date: Option<String>,
    licence: Option<String>,
}

/// 一条名称规则及其出处。
#[derive(ToSchema)]
#[schema(as = Rule)]
pub struct RuleShape {
    /// 不变。
    code: String,
    text: String,
    source: String,
}

/// 表格中的一处问题。
#[derive(ToSchema)]
#[schema(as = TableFault)]
pub struct FaultShape {
    /// 表格软件显示的行号。
    row: u32,
    column: String,
    value: String,
    message: String,
}

/// 识别结果的各项，可以改正后随文件一起报送。
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = DocumentForm)]
#[serde(deny_unknown_fields)]
pub struct FormShape {
    title: String,
    level: Option<String>,
    document_kind: Option<String>,
    #[schema(required = false)]
    issuers: Vec<String>,
    document_number: Option<String>,
    division: Option<String>,
    #[schema(format = Date)]
    version_date: Option<String>,
    #[schema(format = Date)]
    published: Option<String>,
    #[schema(format = Date)]
    effective: Option<String>,
}

/// 识别出的各项：每一项有值（`value`）、原文中的依据（`evidence`，字节位置）和理由（`reason`）。
#[derive(ToSchema)]
#[schema(as = DocumentProposal)]
pub struct ProposalShape {
    title: ProposedField,
    issuers: ProposedField,
    document_number: ProposedField,
    version_date: ProposedField,
    published: ProposedField,
    effective: ProposedField,
    document_kind: ProposedField,
    level: ProposedField,
    division: ProposedField,
    history: Vec<EventShape>,
    text: ProposedText,
}

#[derive(ToSchema)]
pub struct ProposedField {
    /// 文字，发文机关为文字的列表；文件没有载明时为 null。
    value: Option<Value>,
    evidence: Vec<ProposedSpan>,
    reason: String,
}

#[derive(ToSchema)]
pub struct ProposedSpan {
    start: u64,
    end: u64,
}

#[derive(ToSchema)]
pub struct ProposedText {
    preamble: String,
    headings: Vec<HeadingShape>,
    articles: Vec<ProposedArticle>,
    attachment: String,
}

#[derive(ToSchema)]
pub struct ProposedArticle {
    label: String,
    number: Option<ProposedNumber>,
    text: String,
}

/// 第一百二十条之一：`number` 120，`inserted` 1。
#[derive(ToSchema)]
pub struct ProposedNumber {
    number: u32,
    inserted: u32,
}

/// 一个文件的字节。
pub struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(binary)).into()
    }
}

impl ToSchema for FileBytes {}
