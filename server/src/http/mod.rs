//! The asynchronous shell around the search: limits, caching, problems; the JSON API and the pages.

mod admission;
mod api;
mod aside;
mod bodies;
mod cache;
mod connections;
mod counters;
mod coverage;
mod cross_origin;
mod faults;
mod layers;
mod listening;
mod menu;
mod og;
mod pages;
mod params;
mod problem;
mod proposed_name;
mod pulse;
mod rdap;
mod records;
mod schemes;
mod sending;
mod shares;
mod signed;
#[cfg(test)]
mod tests;
mod tidy_address;
mod uploads;
mod wanted;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use axum::{Router, middleware};
use indexer::{corpus::directory::Source, index::Generation, record::Date};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{
    access::{Actor, Allowances, Attempts, Quotas, Submitted},
    clock::{seconds_left_today, today},
    config::Config,
    corrections::Corrections,
    descriptors,
    desk::Desk,
    meaning,
    naming::{self, Board},
    reading::lists::{Lists, Progress, Shelf},
    sharing::{Files, Reader},
    source::Proxies,
    store::{RecordStore, StoreError},
};
use admission::Admission;
use bodies::Pace;
use cache::Cache;
use connections::Caps;
use counters::Counters;
use listening::Listening;
use pulse::Patience;
use shares::Shares;
use uploads::{Arrivals, Readings};
use wanted::Wanted;

pub use problem::{Problem, asks_for_json};

/// Dumps sent at once: each keeps a thread reading for as long as its reader takes, and mirrors ask once a day.
const MAX_DUMPS: usize = 2;
/// Tables of bases sent at once: each reads and checks all records of its division, which takes a core, and people ask
/// for one now and then. It has a place of its own, so that no mirror waits for it.
const MAX_BASE_TABLES: usize = 1;
/// Originals sent at once: each takes a thread and a piece of memory for as long as its reader does.
const MAX_DOWNLOADS: usize = 16;
/// Exports of the log at once, for administrators.
const MAX_EXPORTS: usize = 1;
/// Passwords checked at once: each takes 19 MiB and a core for some 20 ms.
const MAX_SIGN_INS: usize = 2;
/// Sign-ins under way or waiting for these; beyond, they are told to come again, so that a flood of them leaves room
/// for the rest. The last has its turn after two thirds of a second.
const MAX_SIGN_INS_WAITING: usize = 64;
/// Of these, from one source: an office whose people all sign in at nine sends some a second, and whoever guesses from
/// one address leaves fifteen sixteenths of the room to others.
const MAX_SIGN_INS_WAITING_OF_SOURCE: usize = 4;

/// What every handler shares.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    /// `None` until the first index is ready.
    generation: ArcSwapOption<Generation>,
    /// What offices share with each other; `None` while they share nothing.
    offices: ArcSwapOption<Generation>,
    pub store: Arc<RecordStore>,
    pub desk: Arc<Desk>,
    /// Lists that facts come from, for pages.
    pub sources: Vec<Source>,
    /// What could not be brought in at start, in words for the data page.
    pub missing: Vec<String>,
    /// How far what articles mean is known.
    pub meaning: meaning::Progress,
    pub corrections: Corrections,
    /// Lists of powers with how their bases stand, as the newest generation knows them.
    lists: Shelf,
    /// Originals of uploads.
    pub files: Files,
    /// What was looked for and is not on record.
    wanted: Wanted,
    /// Failed attempts to sign in, and what keys have asked for.
    pub attempts: Attempts,
    quotas: Quotas,
    /// What offices have handed in today.
    allowances: Allowances,
    admission: Admission,
    sign_ins: Arc<Semaphore>,
    sign_ins_waiting: Arc<Shares>,
    /// Where requests come from.
    proxies: Proxies,
    patience: Patience,
    pace: Pace,
    /// Places for requests whose bodies have come, and room for the bodies.
    places: Semaphore,
    bodies: Arc<Shares>,
    /// Places for originals and for exports of the log under way.
    downloads: Arc<Semaphore>,
    exports: Arc<Semaphore>,
    /// Reads uploads, in processes of their own.
    pub reader: Reader,
    /// Files on their way, and the queue of those that are to be read.
    arrivals: Arc<Arrivals>,
    readings: Arc<Readings>,
    /// Places for dumps under way.
    dumps: Arc<Semaphore>,
    /// The place for a table of bases under way.
    base_tables: Arc<Semaphore>,
    /// What the public sees of applications for names, as of a change of the store and a day.
    board: Mutex<Option<(u64, Date, Arc<Board>)>>,
    cache: Cache,
    counters: Counters,
    timeout: Duration,
    /// Scheme and host by which others reach the service, where the operator has named them.
    public_base: Option<String>,
    /// Whether notices go by mail at all.
    mails: bool,
    metrics: PrometheusHandle,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    pub fn new(
        config: &Config,
        reader: Reader,
        store: Arc<RecordStore>,
        desk: Arc<Desk>,
        sources: Vec<Source>,
        missing: Vec<String>,
        metrics: PrometheusHandle,
    ) -> Self {
        let files = Files::new(config.data.join("files"));
        if let Err(error) = files.clear() {
            tracing::warn!(%error, "what was uploaded in part before could not be removed");
        }
        Self(Arc::new(Shared {
            generation: ArcSwapOption::empty(),
            offices: ArcSwapOption::empty(),
            store,
            desk,
            sources,
            missing,
            meaning: meaning::Progress::default(),
            corrections: Corrections::default(),
            lists: Shelf::default(),
            files,
            wanted: Wanted::default(),
            attempts: Attempts::default(),
            quotas: Quotas::default(),
            allowances: Allowances::default(),
            sign_ins: Arc::new(Semaphore::new(MAX_SIGN_INS)),
            sign_ins_waiting: Shares::new(MAX_SIGN_INS_WAITING, MAX_SIGN_INS_WAITING_OF_SOURCE),
            proxies: config.trusted_proxies.clone(),
            patience: Patience::default(),
            pace: Pace::default(),
            places: Semaphore::new(layers::MAX_REQUESTS),
            bodies: Shares::new(bodies::MAX_BODIES, bodies::MAX_BODIES_OF_SOURCE),
            downloads: Arc::new(Semaphore::new(MAX_DOWNLOADS)),
            exports: Arc::new(Semaphore::new(MAX_EXPORTS)),
            reader,
            arrivals: Arc::default(),
            readings: Arc::default(),
            admission: Admission::new(config.max_searches),
            dumps: Arc::new(Semaphore::new(MAX_DUMPS)),
            base_tables: Arc::new(Semaphore::new(MAX_BASE_TABLES)),
            board: Mutex::default(),
            cache: Cache::new(config.cache_mb << 20),
            counters: Counters::default(),
            timeout: Duration::from_millis(config.timeout_ms),
            public_base: config.public_base(),
            mails: config.smtp().is_some(),
            metrics,
        }))
    }

    /// Answers from `generation` from now on. Requests under way keep the one they began with.
    pub fn publish(&self, generation: Generation) -> Arc<Generation> {
        metrics::gauge!("guansou_generation").set(generation.number as f64);
        let generation = Arc::new(generation);
        self.generation.store(Some(generation.clone()));
        generation
    }

    /// Answers offices from `generation` from now on, beside what the public is answered from.
    pub fn publish_for_offices(&self, generation: Generation) -> Arc<Generation> {
        let generation = Arc::new(generation);
        self.offices.store(Some(generation.clone()));
        generation
    }

    /// The lists of powers as a generation knows them. The first who asks for those of a new one has them looked up;
    /// while many are looked up, for the first time or anew, readers are told to come again.
    pub fn lists(&self, generation: &Generation) -> Result<Arc<Lists>, Problem> {
        let known = self.lists.at(generation, &self.store, &self.desk.duty_stages)?;
        known.map_err(Problem::lists_not_ready)
    }

    /// Looks them up ahead of readers.
    pub fn prepare_lists(&self, generation: &Generation) -> Result<(), StoreError> {
        self.lists.read(generation, &self.store, &self.desk.duty_stages).map(drop)
    }

    /// Whether they have been looked up since the start.
    pub fn has_lists(&self) -> bool {
        self.lists.is_filled()
    }

    /// As right after a start, with more records than anybody waits for where these are more than `awaited`.
    #[cfg(test)]
    pub fn forget_lists(&self, awaited: usize) {
        self.lists.empty(awaited);
    }

    /// Does something while so many of them are being looked up.
    #[cfg(test)]
    pub fn while_lists_are_looked_up(&self, of: usize, does: impl FnOnce()) {
        self.lists.meanwhile(of, does);
    }

    /// How far the first looking up has come, while it takes long.
    pub fn lists_progress(&self) -> Option<Progress> {
        self.lists.first_progress()
    }

    /// What offices share with each other, if they share anything.
    pub fn for_offices(&self) -> Option<Arc<Generation>> {
        self.offices.load_full()
    }

    /// Does what hands something in, and counts it where it was done; refused where that is more than the office may on
    /// a day.
    pub fn allowed<T>(
        &self,
        actor: &Actor,
        handed: Submitted,
        work: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.allow(actor, handed)?;
        work().inspect_err(|_| self.allowances.give_back(&actor.office(), handed, today()))
    }

    /// Counts what somebody's office hands in; refused where that is more than it may on a day.
    pub fn allow(&self, actor: &Actor, handed: Submitted) -> Result<(), Problem> {
        let taken = self.allowances.take(&actor.office(), handed, today());
        taken.map_err(|exceeded| Problem::too_many(exceeded.to_string(), seconds_left_today()))
    }

    /// What the public sees of applications for names: made anew after a change, and on another day.
    pub fn board(&self) -> Result<Arc<Board>, Problem> {
        let (at, day) = (self.store.last_sequence()?, today());
        let mut kept = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, board)) = kept.as_ref().filter(|(of, on, _)| (*of, *on) == (at, day)) {
            return Ok(board.clone());
        }
        let board = Arc::new(naming::board(&self.store)?);
        *kept = Some((at, day, board.clone()));
        Ok(board)
    }

    /// The generation to answer from.
    pub fn generation(&self) -> Result<Arc<Generation>, Problem> {
        self.generation.load_full().ok_or_else(Problem::not_ready)
    }
}

/// All routes with all layers.
pub fn router(app: App) -> Router {
    let keyed = middleware::from_fn_with_state(app.clone(), signed::keyed);
    let routes = Router::new().merge(api::routes().layer(keyed)).merge(pages::routes());
    let routed = layers::around(routes, app.clone()).with_state(app.clone());
    Router::new().fallback_service(routed).layer(middleware::from_fn_with_state(app, layers::cached_first))
}

/// Serves until `stop` resolves, then lets requests under way finish. There are as many connections as the process may
/// open files for, with a reserve for all else.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()>) {
    let caps = Caps::within(descriptors::limit());
    tracing::info!(most = caps.all, of_one_source = caps.each, "taking connections");
    let with = Listening { caps, patience: app.patience, proxies: app.proxies.clone() };
    listening::serve(listener, router(app), with, stop).await;
}

/// Descriptors with which there are as many connections as there are ever to be.
pub const DESCRIPTORS: usize = Caps::wanted();
