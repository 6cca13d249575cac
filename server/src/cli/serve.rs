//! `guansou up` and `guansou serve`
//!
//! In order: the bound on open files is raised and the data directory closed to others; the port is taken; store and
//! current generation are opened side by side; what has changed is brought in; a generation is built where there is
//! none that is whole, of this version and near the store; then it is served, and followed ([`follow`]).

use std::time::Duration;

use anyhow::{Context, Result};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

use super::dispatch;
use crate::{
    config::{Config, LogFormat},
    descriptors, desk, follow,
    http::{self, App},
    meaning, notices,
    notices::mail::Post,
    packages, private,
    service::Service,
    sharing::Reader,
    workflow::schedule,
};

/// Requests under way at a stop get this long.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves. With `bring_in`, data is fetched and read first; without, what is there is served.
pub fn run(config: &Config, bring_in: bool) -> Result<()> {
    start_log(config);
    descriptors::raise(http::DESCRIPTORS);
    close_to_others(config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Taken first: whoever else has the port should hear of it before minutes of work, not after. By tokio, which lets
    // 1,024 connections wait to be taken; with the 128 of the standard library, a burst beyond waits a second to try
    // again.
    let listener = runtime
        .block_on(TcpListener::bind(&config.listen))
        .with_context(|| format!("无法监听 {}：可能已被占用，可用 --listen 换一个端口", config.listen))?;
    let post = config.smtp().map(|smtp| Post::new(&smtp)).transpose().context("发信的设置有误")?;
    let (mut service, current) = Service::open_with_generation(config)?;
    // Held until the end, so that the socket is gone before another service can have the store.
    let store = service.store.clone();
    let listening = dispatch::listen(&service);
    let metrics = PrometheusBuilder::new().install_recorder()?;
    if bring_in {
        service.bring_in(false)?;
    }
    let generation = service.generation_from(Some(current))?;
    let reader = Reader::of_this_program();
    let (sources, desk) = (service.sources()?, service.desk.clone());
    let app = App::new(config, reader, store.clone(), desk, sources, service.missing.clone(), metrics);
    let generation = app.publish(generation);
    let served = runtime.block_on(async {
        // Listened for before anybody is told that it is ready: a signal that comes first would end the process at
        // once.
        let mut asked_to_stop = StopSignals::new()?;
        eprintln!("官搜已就绪：http://{}", listener.local_addr()?);
        let keeping = desk::keep(app.store.clone(), app.desk.clone(), schedule::publish_due)?;
        let telling = notices::start(app.store.clone(), post, config.public_base())?;
        let (pinned, data, served) = (packages::pinned(&config.corpus)?, config.data.clone(), app.clone());
        let filling = meaning::start(pinned, data, app.meaning.clone(), move || served.generation().ok())?;
        let stop_following = follow::start(service, app.clone(), generation)?;
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let serving = http::serve(listener, app, async move {
            asked_to_stop.come().await;
            let _ = stopping.send(());
        });
        tokio::select! {
            () = serving => {}
            () = async { let _ = stopped.await; tokio::time::sleep(DRAIN).await } => {}
        };
        drop(filling);
        drop(stop_following);
        drop(keeping);
        drop(telling);
        anyhow::Ok(())
    });
    drop(listening);
    drop(store);
    served
}

/// Closes a data directory that others may enter, and says so.
fn close_to_others(config: &Config) {
    let data = config.data.display();
    match private::close(&config.data) {
        Ok(0) => {}
        Ok(closed) => eprintln!("数据目录 {data} 原先可由其他用户读取，已收紧为仅本人可读写（{closed} 处）"),
        Err(error) => eprintln!("数据目录 {data} 可由其他用户读取，无法收紧为仅本人可读写：{error}"),
    }
}

/// The signals by which people and service managers ask it to stop.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn start_log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = match config.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
