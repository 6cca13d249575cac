//! `/institutions` and `/divisions`.

use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::DivisionEntry},
    record::{
        Category, Date, DivisionLevel, Evidence, FormerDivision, Institution, InstitutionLevel, NameBasis, Provenance,
        Record, Succession, Website,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    parameters::{Code, InstitutionId, day, optional, parameters},
    shapes::{FormerDivisionShape, ProvenanceShape},
};

use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::{find_division, find_institution},
    },
    query::{
        self, Seat,
        reply::{ContactsPart, GovernmentPart, Hit, HotlinePart},
        seat,
    },
    reading::then::{InstitutionThen, then},
    urls,
    web_names::{Standing, standing},
};

#[derive(Serialize, ToSchema)]
pub struct InstitutionReply {
    id: String,
    revision: u64,
    name: String,
    short_names: Vec<String>,
    former_names: Vec<String>,
    /// 政府、党委……
    #[schema(value_type = String)]
    category: Category,
    /// `central`、`province`、`prefecture`、`county` 或 `township`。
    #[schema(value_type = String)]
    level: InstitutionLevel,
    /// 全称的依据：`source`（名单所载）、`curated`（人工整理）或 `constructed`（按规则拼成）。
    #[schema(value_type = String)]
    name_basis: NameBasis,
    division: DivisionPath,
    parent: ParentPart,
    websites: Vec<SitePart>,
    web_names: Vec<String>,
    /// 统一社会信用代码。
    credit_code: Option<String>,
    /// 联系方式，每一项都有来源；没有资料时省去。
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<ContactsPart>,
    #[schema(value_type = Vec<ProvenanceShape>)]
    provenance: Vec<Provenance>,
    /// 网页的路径。
    url: String,
    /// 参数 `on` 所问那一天的情况；没有问的没有。
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<InstitutionThen>,
}

/// 区划，连同它的各级上级，由高到低。
#[derive(Serialize, ToSchema)]
pub struct DivisionPath {
    code: String,
    path: Vec<DivisionName>,
}

#[derive(Serialize, ToSchema)]
pub struct DivisionName {
    code: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct ParentPart {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SitePart {
    url: String,
    host: String,
    /// `registry`、`confirmed`、`corroborated`、`single`、`claimed` 或 `disputed`。
    #[schema(value_type = String)]
    evidence: Evidence,
    evidence_label: &'static str,
    evidence_meaning: &'static str,
    /// 不在 gov.cn 之下，待核实。
    off_gov_cn: bool,
    /// 可以怎样给出：`official` 是它的网站；`government_name`、`recorded_name` 在已记录的域名之下，是否该机构的网站待核对；
    /// `unverified` 没有依据，不链接。
    standing: &'static str,
    /// 上一项的说法；`official` 和 `unverified` 没有。
    #[serde(skip_serializing_if = "str::is_empty")]
    standing_label: &'static str,
    sources: Vec<SourcePart>,
}

/// 一份名单。
#[derive(Serialize, ToSchema)]
pub struct SourcePart {
    id: String,
    title: Option<String>,
    /// 取得的日期。
    #[schema(value_type = Option<String>, format = Date)]
    taken: Option<Date>,
}

parameters! {
    OnDay: [
        optional("on", "要问哪一天的情况（名称、上级、规格、牌子、三定规定），答复在 `then` 中", day()),
        optional("as_of", "与 on 相同", day()),
    ];
}

/// 一个机构的全部事实；给出 `on` 的，另有它在那一天的情况。
#[utoipa::path(get, path = "/api/v1/institutions/{id}", tag = "directory", params(InstitutionId, OnDay),
    responses((status = 200, description = "机构", body = InstitutionReply), (status = 304), (status = 404), (status = 410)))]
pub async fn institution(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let on = Params::read(raw.as_deref(), &["on", "as_of"])?.day_asked()?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, institution) = find_institution(app, &id)?;
        let then = on
            .map(|day| then(&app.store, generation, (&id, &institution.name, &institution.division), day))
            .transpose()?;
        Rendered::json(&InstitutionReply { then, ..reply_of(app, generation, record, institution) })
    })
    .await
}

fn reply_of(app: &App, generation: &Generation, record: Record, i: Institution) -> InstitutionReply {
    let source = |id: String| {
        let source = app.sources.iter().find(|s| s.id == id);
        SourcePart { title: source.map(|s| s.title.clone()), taken: source.and_then(|s| s.taken), id }
    };
    let anywhere = i.category.has_own_names();
    let site = |w: Website, standing: Standing| SitePart {
        standing: standing.name(),
        standing_label: standing.label(),
        url: w.url,
        host: w.host,
        evidence: w.evidence,
        evidence_label: w.evidence.label(),
        evidence_meaning: w.evidence.meaning(),
        off_gov_cn: w.off_gov_cn,
        sources: w.sources.into_iter().map(source).collect(),
    };
    let path = generation.catalogue.path(i.division.as_str());
    InstitutionReply {
        url: urls::institution(&record.id),
        id: record.id,
        revision: record.revision,
        name: i.name,
        short_names: i.short_names,
        former_names: i.former_names,
        category: i.category,
        level: i.level,
        name_basis: i.name_basis,
        division: DivisionPath {
            code: i.division.to_string(),
            path: path.iter().map(|d| DivisionName { code: d.code.clone(), name: d.name.clone() }).collect(),
        },
        parent: ParentPart { id: i.parent_id, name: i.parent_name },
        websites: i
            .websites
            .into_iter()
            .map(|w| {
                let standing = standing(generation, &w.host, w.evidence, anywhere);
                site(w, standing)
            })
            .collect(),
        web_names: i.web_names,
        contacts: ContactsPart::of(&i.contacts),
        credit_code: i.credit_code,
        provenance: record.provenance,
        then: None,
    }
}

/// 现在的区划，或者已不使用的代码原来的名称和现在归属的区划。
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum DivisionAnswer {
    Today(DivisionReply),
    Former(FormerReply),
}

#[derive(Serialize, ToSchema)]
pub struct DivisionReply {
    code: String,
    name: String,
    /// 不带级别的名称：遵义。
    short_name: String,
    /// `nation`、`province`、`prefecture`、`county` 或 `township`。
    #[schema(value_type = String)]
    level: DivisionLevel,
    aliases: Vec<String>,
    /// 上级的代码。
    parent: Option<String>,
    /// 本级的机构数。
    institutions: u32,
    /// 并入本区划，或原在其中的区划。
    #[schema(value_type = Vec<FormerDivisionShape>)]
    former: Vec<FormerDivision>,
    /// 各级上级和自己，由高到低。
    path: Vec<DivisionBrief>,
    children: Vec<DivisionBrief>,
    /// 人民政府和它的网站；没有可以打开的，接着是最近的上级。
    governments: Vec<GovernmentPart>,
    /// 本地区或最近的上级人民政府主管的电话。
    hotlines: Vec<HotlinePart>,
}

#[derive(Serialize, ToSchema)]
pub struct DivisionBrief {
    code: String,
    name: String,
    #[schema(value_type = String)]
    level: DivisionLevel,
    institutions: u32,
}

impl From<&DivisionEntry> for DivisionBrief {
    fn from(d: &DivisionEntry) -> Self {
        Self { code: d.code.clone(), name: d.name.clone(), level: d.level, institutions: d.institutions }
    }
}

/// What a code was that no division has any more, and where its place belongs now.
#[derive(Serialize, ToSchema)]
pub struct FormerReply {
    code: String,
    /// 原来的名称。
    name: Option<String>,
    /// 总是 `true`。
    abolished: bool,
    successors: Vec<SuccessorPart>,
}

#[derive(Serialize, ToSchema)]
pub struct SuccessorPart {
    code: String,
    name: String,
    full_name: String,
    /// `whole`（唯一的后继）、`part`（后继之一）或 `unknown`（原在其中）。
    #[schema(value_type = String)]
    succession: Succession,
    url: String,
    #[schema(value_type = FormerDivisionShape)]
    former: FormerDivision,
    /// 变动的经过，一句话。
    told: String,
}

fn former(generation: &Generation, code: &str, all: &[(&DivisionEntry, &FormerDivision)]) -> FormerReply {
    let successor = |(division, former): &(&DivisionEntry, &FormerDivision)| {
        let full_name = generation.catalogue.full_name(&division.code);
        SuccessorPart {
            code: division.code.clone(),
            name: division.name.clone(),
            succession: former.succession,
            url: urls::division(&division.code),
            former: (*former).clone(),
            told: former.description(std::slice::from_ref(&full_name)),
            full_name,
        }
    };
    let name = all.first().map(|(_, former)| former.name.clone());
    FormerReply { code: code.to_owned(), name, abolished: true, successors: all.iter().map(successor).collect() }
}

/// 一个行政区划及其下级；已不使用的代码，答复它原来的名称和现在归属的区划（`abolished`、`successors`）。
#[utoipa::path(get, path = "/api/v1/divisions/{code}", tag = "directory", params(Code),
    responses((status = 200, description = "区划", body = DivisionAnswer), (status = 304), (status = 404)))]
pub async fn division(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let gone = generation.catalogue.former_code(&code);
        if !gone.is_empty() {
            return Rendered::json(&DivisionAnswer::Former(former(generation, &code, &gone)));
        }
        let division = find_division(generation, &code)?;
        let Seat { governments, hotlines } = seat(generation, &code)?;
        Rendered::json(&DivisionAnswer::Today(DivisionReply {
            code: division.code.clone(),
            name: division.name.clone(),
            short_name: division.short_name.clone(),
            level: division.level,
            aliases: division.aliases.clone(),
            parent: division.parent.clone(),
            institutions: division.institutions,
            former: division.former.clone(),
            path: generation.catalogue.path(&code).into_iter().map(DivisionBrief::from).collect(),
            children: generation.catalogue.children(&code).map(DivisionBrief::from).collect(),
            governments,
            hotlines,
        }))
    })
    .await
}

#[derive(Serialize, ToSchema)]
pub struct DivisionInstitutions {
    division: String,
    total: usize,
    institutions: Vec<Hit>,
}

/// 一个行政区划本级的机构。
#[utoipa::path(get, path = "/api/v1/divisions/{code}/institutions", tag = "directory", params(Code),
    responses((status = 200, description = "机构列表", body = DivisionInstitutions), (status = 304), (status = 404)))]
pub async fn division_institutions(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |_, generation| {
        find_division(generation, &code)?;
        let institutions = query::institutions_of(generation, &code)?;
        Rendered::json(&DivisionInstitutions { division: code, total: institutions.len(), institutions })
    })
    .await
}
