//! Keeps what is served at what the store holds: a change is searchable within a second of its acknowledgement.
//!
//! One thread looks at the store ten times a second and makes the next generation of what has changed. Now and then, and
//! where the dictionaries were edited, a full build runs beside it and takes over when it has caught up.

use std::{
    path::PathBuf,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::Result;
use indexer::index::Generation;

use crate::{
    clock::today,
    http::App,
    service::{CHANGES_PER_BUILD, Progress, Service},
};

/// How often the store is looked at. A look costs microseconds where nothing has changed, and changes that come together
/// share a generation.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Looks at the store between two looks at the dictionaries, which people edit by hand and which cost a reading.
const LOOKS_PER_READING: u32 = 100;

/// Stops the following when dropped, after what it is doing.
pub struct Following {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Following {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Follows the store from `generation` on, which `app` serves.
pub fn start(service: Service, app: App, generation: Arc<Generation>) -> Result<Following> {
    let (stop, stopped) = mpsc::channel();
    let looked = generation.manifest.upto;
    let mut follower = Follower {
        service,
        app,
        generation,
        looked,
        offices: None,
        looked_for_offices: None,
        building: None,
        preparing: None,
    };
    follower.prepare();
    let thread = thread::Builder::new().name("follow".into()).spawn(move || {
        let mut looks = 0u32;
        while stopped.recv_timeout(LOOK_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
            looks = looks.wrapping_add(1);
            if let Err(error) = follower.look(looks.is_multiple_of(LOOKS_PER_READING)) {
                // The next look tries again: a full disk may have room by then.
                tracing::warn!("没有换上新的索引，继续用第 {} 代：{error:#}", follower.generation.number);
                thread::sleep(Duration::from_secs(1));
            }
        }
    })?;
    Ok(Following { stop: Some(stop), thread: Some(thread) })
}

struct Follower {
    service: Service,
    app: App,
    generation: Arc<Generation>,
    /// Sequence up to which nothing is to be taken in.
    looked: u64,
    /// What offices search, and the sequence up to which nothing is to be taken into it; `None` before the first look.
    offices: Option<Arc<Generation>>,
    looked_for_offices: Option<u64>,
    building: Option<JoinHandle<Result<PathBuf>>>,
    /// Looking up the lists of powers for the newest generation, so that no reader waits for it.
    preparing: Option<JoinHandle<()>>,
}

impl Follower {
    fn look(&mut self, read_dictionaries: bool) -> Result<()> {
        if self.building.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(built) = self.building.take()
        {
            let built = built.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            let generation = self.service.take_over(&built)?;
            return self.serve(generation);
        }
        if read_dictionaries && self.service.reload_lexicon()? {
            self.build();
        }
        // The first time may have failed, and nothing needs to change for long.
        if read_dictionaries && !self.app.has_lists() {
            self.prepare();
        }
        self.look_for_offices()?;
        let day_is_over = self.generation.manifest.built_on != today();
        if self.service.store.last_sequence()? > self.looked || day_is_over {
            match self.service.caught_up(&self.generation)? {
                Progress::Same(upto) => self.looked = upto,
                Progress::Next(next) => self.serve(*next)?,
            }
            let changes = self.generation.manifest.changes;
            if changes > CHANGES_PER_BUILD || day_is_over && changes > 0 {
                self.build();
            }
        }
        Ok(())
    }

    fn look_for_offices(&mut self) -> Result<()> {
        if self.looked_for_offices != Some(self.service.store.last_sequence()?) {
            match self.service.for_offices(self.offices.as_deref())? {
                Progress::Same(upto) => self.looked_for_offices = Some(upto),
                Progress::Next(next) => {
                    self.looked_for_offices = Some(next.manifest.upto);
                    self.offices = Some(self.app.publish_for_offices(*next));
                }
            }
        }
        Ok(())
    }

    fn serve(&mut self, generation: Generation) -> Result<()> {
        self.looked = generation.manifest.upto;
        self.generation = self.app.publish(generation);
        tracing::info!(number = self.generation.number, upto = self.looked, "serving a new generation");
        self.prepare();
        Ok(())
    }

    /// Looks up the lists as the newest generation knows them, one generation at a time: whoever asks for one that was passed
    /// over has it looked up.
    fn prepare(&mut self) {
        if self.preparing.as_ref().is_none_or(JoinHandle::is_finished) {
            let (app, generation) = (self.app.clone(), self.generation.clone());
            self.preparing = Some(thread::spawn(move || {
                if let Err(error) = app.prepare_lists(&generation) {
                    tracing::warn!(%error, "the lists of powers could not be looked up");
                }
            }));
        }
    }

    /// Begins a full build, unless one is under way.
    fn build(&mut self) {
        if self.building.is_none() {
            let rebuild = self.service.rebuilding();
            tracing::info!("building the index anew beside the one that serves");
            self.building = Some(thread::spawn(move || rebuild.run()));
        }
    }
}
