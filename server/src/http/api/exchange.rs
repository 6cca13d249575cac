//! `/changes` and `/dumps`: what other portals and offices mirror.

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use indexer::{
    index::catalogue::SourceCount,
    record::{Date, Info, Record, State as RecordState},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    parameters::{flag, number, one_of, optional, parameters, path, place},
    shapes::{RecordShape, SourceCountShape},
};
use crate::{
    exchange::{self, Changed, Effect, Format},
    http::{
        App, Problem,
        aside::aside,
        cache::{Known, Rendered, answer},
        params::{NoParams, Params},
        sending,
    },
    urls,
};

/// Changes a page where no number is given, and at most.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;

/// On what terms the files are given out, for whoever takes them.
const TERMS: &str = "每条记录附有来源（provenance；CSV 中为“来源”“来源日期”“许可”三列），使用时请保留。各来源的许可不同，以每条所附为准，\
                     未说明的请向来源核实。CSV 是便于表格软件使用的摘要，法规只有各项事实、没有正文；以 =、+、-、@ 开头的格子前面加了撇号，\
                     以免被当作公式。法规的施行日期是本站综合各来源判定的（JSON 中为 effect，附依据；记录内的 effective 是来源所载），CSV 中为“施行日期”“施行日期依据”两列。完整内容以 JSON Lines 为准。";

#[derive(Serialize, ToSchema)]
pub struct ChangesReply {
    since: u64,
    /// 变更到第几条为止。
    upto: u64,
    /// 下一页的 since。
    next: u64,
    /// 是否还有下一页。
    more: bool,
    changes: Vec<ChangePart>,
}

#[derive(Serialize, ToSchema)]
pub struct ChangePart {
    /// 在全部公开变更中的序号，从 1 起；后来又有变更的，序号空缺。
    sequence: u64,
    id: String,
    kind: &'static str,
    revision: u64,
    /// `published` 或 `withdrawn`。
    #[schema(value_type = String)]
    state: RecordState,
    /// 记录现在的全部内容；`records=1` 并且已公布时才有。
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RecordShape>)]
    record: Option<Record>,
    /// 法规判定的施行日期；附有记录时才有。
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<EffectPart>,
}

/// 法规判定的施行日期与依据。
#[derive(Serialize, ToSchema)]
#[schema(as = Effect)]
pub struct EffectPart {
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    basis: Option<String>,
}

impl From<Effect<'_>> for EffectPart {
    fn from(effect: Effect<'_>) -> Self {
        Self { date: effect.date, basis: effect.basis.map(str::to_owned) }
    }
}

impl From<Changed<'_>> for ChangePart {
    fn from(c: Changed<'_>) -> Self {
        Self {
            sequence: c.sequence,
            id: c.id,
            kind: c.kind,
            revision: c.revision,
            state: c.state,
            record: c.record,
            effect: c.effect.map(EffectPart::from),
        }
    }
}

parameters! {
    ChangesParams: [
        optional("since", "上一页的 next；0 或不写：从头开始", place(0)),
        optional("limit", "一页的变更数", number(DEFAULT_LIMIT, MAX_LIMIT)),
        optional("records", "1：附上已公布记录的全部内容和来源，法规另附判定的施行日期与依据（effect）", flag()),
    ];
    DumpFile: [path("file", "类别（见 /api/v1/dumps）加 .jsonl 或 .csv", one_of(dump_files().map(file_name)), "service.csv")];
}

/// 某一序号之后的公开变更，供镜像。
#[utoipa::path(get, path = "/api/v1/changes", tag = "exchange", params(ChangesParams), responses(
    (status = 200, description = "变更，先后有序；每个记录只出现一次，以现状为准；撤回的只告知撤回", body = ChangesReply),
    (status = 304),
))]
pub async fn changes(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["since", "limit", "records"])?;
    let since = match params.get("since") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Problem::bad_parameter("since", "since 应为上一页的 next，是不小于 0 的整数；从头开始用 0"))?,
    };
    let limit = params.number("limit", DEFAULT_LIMIT, MAX_LIMIT)?;
    let with_records = params.flag("records")?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let upto = app.store.public_number_at(generation.manifest.upto)?;
        if since > upto {
            let detail = format!("变更只到第 {upto} 条：这个编号可能来自别的记录库，或是旧的编法，请核实后从 0 开始");
            return Err(Problem::bad_parameter("since", detail));
        }
        let page = exchange::changes(&app.store, &generation.catalogue, (since, upto), limit as usize, with_records)?;
        let changes = page.changes.into_iter().map(ChangePart::from).collect();
        Rendered::json(&ChangesReply { since, upto, next: page.next, more: page.more, changes })
    })
    .await
}

#[derive(Serialize, ToSchema)]
pub struct DumpsReply {
    files: Vec<DumpPart>,
    /// 全量文件之后的变更从这里取。
    changes_since: String,
    /// 各个来源的记录数。
    #[schema(value_type = Vec<SourceCountShape>)]
    sources: Vec<SourceCount>,
    /// 使用的条件。
    terms: &'static str,
}

/// 一类记录的全量文件。
#[derive(Serialize, ToSchema)]
pub struct DumpPart {
    kind: &'static str,
    /// JSON Lines 文件的路径。
    url: String,
    /// CSV 文件的路径。
    csv: String,
    records: u64,
}

/// 可下载的全量数据。
#[utoipa::path(get, path = "/api/v1/dumps", tag = "exchange",
    responses((status = 200, description = "各类记录的全量文件", body = DumpsReply), (status = 304)))]
pub async fn dumps(State(app): State<App>, _: NoParams, known: Known, uri: Uri) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), |app, generation| {
        let counts = generation.catalogue.counts();
        let file = |kind: &'static Info| {
            let [url, csv] = Format::ALL.map(|format| urls::api::dump(&file_name((kind, format))));
            DumpPart { kind: kind.name, url, csv, records: counts.of(kind) }
        };
        let upto = app.store.public_number_at(generation.manifest.upto)?;
        Rendered::json(&DumpsReply {
            files: exchange::kinds().map(file).collect(),
            changes_since: urls::api::changes(upto),
            sources: counts.by_source.clone(),
            terms: TERMS,
        })
    })
    .await
}

/// Every file that can be had: kinds and formats.
fn dump_files() -> impl Iterator<Item = (&'static Info, Format)> {
    Format::ALL.into_iter().flat_map(|format| exchange::kinds().map(move |kind| (kind, format)))
}

fn file_name((kind, format): (&Info, Format)) -> String {
    format!("{}.{}", kind.name, format.ending())
}

/// 下载一类记录的全部，附来源与许可：每行一条 JSON（法规另附判定的施行日期与依据 effect），或 CSV（UTF-8 带字节顺序标记；法规没有正文）。
#[utoipa::path(get, path = "/api/v1/dumps/{file}", tag = "exchange", params(DumpFile), responses(
    (status = 200, description = "JSON Lines 或 CSV", content((String = "application/x-ndjson"), (String = "text/csv")),
        headers(("X-Changes-Since" = u64, description = "之后的变更从这里取：/api/v1/changes 的 since"))),
    (status = 404),
))]
pub async fn dump(State(app): State<App>, _: NoParams, Path(file): Path<String>) -> Result<Response, Problem> {
    let Some((kind, format)) = dump_files().find(|known| file_name(*known) == file) else {
        let files = dump_files().map(file_name).collect::<Vec<_>>().join("、");
        return Err(Problem::not_found(format!("没有这个文件，可下载的有：{files}")));
    };
    // The dump goes on after this handler, and so does its place.
    let place = app.dumps.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let (generation, worker) = (app.generation()?, app.clone());
    let shown = generation.manifest.upto;
    let upto = aside(move || Ok(worker.store.public_number_at(shown)?)).await?;
    let lines = sending::body(place, move |sink| {
        if let Err(error) = exchange::dump(&app.store, &generation.catalogue, kind, format, &mut |line| sink.send(line))
        {
            tracing::error!(%error, kind = kind.name, "a dump broke off");
            sink.fail(&error);
        }
    });
    let content_type = match format {
        Format::Jsonl => "application/x-ndjson; charset=utf-8",
        Format::Csv => "text/csv; charset=utf-8; header=present",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Where to go on with the changes after this dump.
        (HeaderName::from_static("x-changes-since"), HeaderValue::from(upto)),
    ];
    Ok((headers, lines).into_response())
}
