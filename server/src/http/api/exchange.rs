//! `/changes` and `/dumps`: what other portals and offices mirror.

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use indexer::record::Info;
use serde_json::json;

use crate::{
    exchange::{self, Format},
    http::{
        App, Problem,
        aside::aside,
        cache::{Known, Rendered, answer},
        params::Params,
        sending,
    },
};

/// Changes a page where no number is given, and at most.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;

/// On what terms the files are given out, for whoever takes them.
const TERMS: &str = "每条记录附有来源（provenance；CSV 中为“来源”“来源日期”“许可”三列），使用时请保留。各来源的许可不同，以每条所附为准，\
                     未说明的请向来源核实。CSV 是便于表格软件使用的摘要，法规只有各项事实、没有正文；以 =、+、-、@ 开头的格子前面加了撇号，\
                     以免被当作公式。法规的施行日期是本站综合各来源判定的（JSON 中为 effect，附依据；记录内的 effective 是来源所载），CSV 中为“施行日期”“施行日期依据”两列。完整内容以 JSON Lines 为准。";

/// 某一序号之后的公开变更，供镜像。
#[utoipa::path(get, path = "/api/v1/changes", params(
    ("since" = Option<u64>, Query, description = "上一页的 next；0 或不写：从头开始"),
    ("limit" = Option<usize>, Query, description = "一页的变更数，1 至 1000，默认 100"),
    ("records" = Option<String>, Query, description = "1：附上已公布记录的全部内容和来源，法规另附判定的施行日期与依据（effect）"),
), responses((status = 200, description = "变更，先后有序；每个记录只出现一次，以现状为准；撤回的只告知撤回"), (status = 400, body = Problem)))]
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
        let upto = app.store.told_upto(generation.manifest.upto)?;
        if since > upto {
            let detail = format!("变更只到第 {upto} 条：这个编号可能来自别的记录库，或是旧的编法，请核实后从 0 开始");
            return Err(Problem::bad_parameter("since", detail));
        }
        let page = exchange::changes(&app.store, &generation.catalogue, (since, upto), limit as usize, with_records)?;
        Rendered::json(&json!({
            "since": since, "upto": upto, "next": page.next, "more": page.more, "changes": page.changes,
        }))
    })
    .await
}

/// 可下载的全量数据。
#[utoipa::path(get, path = "/api/v1/dumps", responses((status = 200, description = "各类记录的全量文件")))]
pub async fn dumps(State(app): State<App>, known: Known, uri: Uri) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), |app, generation| {
        let counts = generation.catalogue.counts();
        let files: Vec<_> = exchange::kinds()
            .map(|kind| {
                let [url, csv] = Format::ALL.map(|format| format!("/api/v1/dumps/{}.{}", kind.name, format.ending()));
                json!({"kind": kind.name, "url": url, "csv": csv, "records": counts.of(kind)})
            })
            .collect();
        let upto = app.store.told_upto(generation.manifest.upto)?;
        Rendered::json(&json!({
            "files": files,
            "changes_since": format!("/api/v1/changes?since={upto}"),
            "sources": counts.by_source,
            "terms": TERMS,
        }))
    })
    .await
}

/// 下载一类记录的全部，附来源与许可：每行一条 JSON（法规另附判定的施行日期与依据 effect），或 CSV（UTF-8 带字节顺序标记；法规没有正文）。
#[utoipa::path(get, path = "/api/v1/dumps/{file}",
    params(("file" = String, Path, description = "类别（见 /api/v1/dumps）加 .jsonl 或 .csv")),
    responses((status = 200, description = "JSON Lines 或 CSV"), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn dump(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Problem> {
    let files: Vec<(&'static Info, Format)> =
        Format::ALL.into_iter().flat_map(|format| exchange::kinds().map(move |kind| (kind, format))).collect();
    let name = |(kind, format): &(&Info, Format)| format!("{}.{}", kind.name, format.ending());
    let Some((kind, format)) = files.iter().find(|known| name(known) == file).copied() else {
        let files = files.iter().map(name).collect::<Vec<_>>().join("、");
        return Err(Problem::not_found(format!("没有这个文件，可下载的有：{files}")));
    };
    // The dump goes on after this handler, and so does its place.
    let place = app.dumps.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let (generation, worker) = (app.generation()?, app.clone());
    let shown = generation.manifest.upto;
    let upto = aside(move || Ok(worker.store.told_upto(shown)?)).await?;
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
