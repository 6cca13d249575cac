//! `/coverage`.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use indexer::record::{Category, Evidence, InstitutionLevel};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{division_code, optional, parameters};
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, uncached},
        coverage::{province, wanted},
        params::Params,
        wanted::Lack,
    },
    query::coverage::{self, Figures, figures, lies_in},
};

parameters! {
    CoverageParams: [optional("region", "省级区划的代码；不写是全国", division_code())];
}

#[derive(Serialize, ToSchema)]
pub struct CoverageReply {
    generation: u64,
    /// 省级区划的代码。
    region: Option<String>,
    total: FiguresPart,
    by_level: Vec<GroupPart>,
    by_category: Vec<GroupPart>,
    /// 各省级地区；限定了地区的没有。
    by_province: Vec<GroupPart>,
    /// 每个区划依法各有一个的机构。
    by_law: Vec<ByLawPart>,
    /// 人们检索而没有的，多的在前；少于 5 次的不列出。
    wanted: Vec<WantedPart>,
}

/// 有记录的机构，和其中有网站的：每个按依据最好的一个网站计一次。
#[derive(Serialize, ToSchema)]
pub struct FiguresPart {
    institutions: u64,
    with_site: u64,
    /// 有公开电话或地址的。
    with_contact: u64,
    by_evidence: Vec<EvidencePart>,
}

#[derive(Serialize, ToSchema)]
pub struct EvidencePart {
    #[schema(value_type = String)]
    evidence: Evidence,
    institutions: u64,
}

#[derive(Serialize, ToSchema)]
pub struct GroupPart {
    /// 级别、类别或区划代码。
    value: String,
    label: String,
    figures: FiguresPart,
}

#[derive(Serialize, ToSchema)]
pub struct ByLawPart {
    /// `government`、`congress` 或 `supervision`。
    body: &'static str,
    label: &'static str,
    #[schema(value_type = String)]
    level: InstitutionLevel,
    /// 依法应有的数目。
    exist: u64,
    /// 哪一条法律。
    basis: &'static str,
    figures: FiguresPart,
}

#[derive(Serialize, ToSchema)]
pub struct WantedPart {
    name: String,
    /// 缺机构的：区划代码和机构种类。
    division: Option<String>,
    body: Option<String>,
    /// 缺网站的：机构编号。
    institution_id: Option<String>,
    searches: u32,
}

impl From<Figures> for FiguresPart {
    fn from(figures: Figures) -> Self {
        let by_evidence = Evidence::ALL.into_iter().zip(figures.by_evidence);
        Self {
            institutions: figures.institutions,
            with_site: figures.with_site(),
            with_contact: figures.with_contact,
            by_evidence: by_evidence.map(|(evidence, institutions)| EvidencePart { evidence, institutions }).collect(),
        }
    }
}

/// 数据覆盖：有多少机构、收录了多少、网站有什么依据、还缺什么。
#[utoipa::path(get, path = "/api/v1/coverage", tag = "directory", params(CoverageParams),
    responses((status = 200, description = "覆盖情况", body = CoverageReply), (status = 304)))]
pub async fn coverage(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["region"])?;
    uncached(&app, &known, move |app, generation| {
        let region = province(&params, generation)?;
        let code = region.as_deref();
        let group = |value: &str, label: &str, figures: Figures| {
            let (value, label) = (value.to_owned(), label.to_owned());
            (figures.institutions > 0).then(|| GroupPart { value, label, figures: figures.into() })
        };
        let levels = InstitutionLevel::ALL.into_iter().filter_map(|level| {
            let all = figures(generation, |cell| cell.level == level && lies_in(cell, code));
            group(level.name(), level.label(), all)
        });
        let categories = Category::ALL.into_iter().filter_map(|category| {
            let all = figures(generation, |cell| cell.category == category && lies_in(cell, code));
            group(category.label(), category.label(), all)
        });
        let provinces = generation.catalogue.children("000000").filter(|_| code.is_none());
        let provinces =
            provinces.filter_map(|d| group(&d.code, &d.name, figures(generation, |cell| cell.province == d.code)));
        let by_law = coverage::by_law(generation, code).into_iter().map(|row| ByLawPart {
            body: row.institution.name(),
            label: row.institution.label(),
            level: row.level,
            exist: row.exist,
            basis: row.institution.basis(),
            figures: row.figures.into(),
        });
        let wanted = wanted(app, generation, code)?.into_iter().map(|line| {
            let (division, body, institution_id) = match line.lack {
                Lack::Body { division, body } => (Some(division), Some(body), None),
                Lack::Site { institution } => (None, None, Some(institution)),
            };
            WantedPart { name: line.name, division, body, institution_id, searches: line.searches }
        });
        Rendered::json(&CoverageReply {
            generation: generation.number,
            total: figures(generation, |cell| lies_in(cell, code)).into(),
            by_level: levels.collect(),
            by_category: categories.collect(),
            by_province: provinces.collect(),
            by_law: by_law.collect(),
            wanted: wanted.collect(),
            region: region.clone(),
        })
    })
    .await
}
