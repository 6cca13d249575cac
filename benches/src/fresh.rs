//! How soon a changed record is found: from its acknowledgement by the store to a generation that shows it. The service
//! looks at the store ten times a second, so that up to a tenth of a second comes on top.

use std::time::Instant;

use anyhow::{Context, Result};
use indexer::{
    index::Generation,
    record::{Body, Record, State},
};
use server::{
    config::Config,
    query::{request::SearchRequest, search},
    service::{Progress, Service},
    store::By,
};

use crate::{percentiles, row};

const BY: By<'_> = By { author: "benches", reason: "" };
/// Changes of each kind.
const CHANGES: usize = 12;

/// Changes records of each kind in the store of `config`, one at a time, and puts them back as they were.
pub fn measure(config: &Config, what: &str) -> Result<()> {
    let service = Service::open(config)?;
    let mut generation = service.generation(false)?;
    let mut chosen: [Vec<Record>; 3] = Default::default();
    service.store.each::<anyhow::Error>(&mut |record| {
        let kind = match &record.body {
            Body::Institution(_) => 0,
            Body::Regulation(_) => 1,
            Body::WebName(_) => 2,
            _ => return Ok(()),
        };
        if record.state == State::Published && chosen[kind].len() < CHANGES {
            chosen[kind].push(record);
        }
        Ok(())
    })?;
    for (records, kind) in chosen.iter().zip(["body renamed", "norm retitled", "web name withdrawn"]) {
        let mut times = Vec::new();
        for (record, at) in records.iter().zip(1..) {
            let told = format!("新近改名{kind}{at}");
            service.store.put(changed(record.clone(), &told), &BY)?;
            let acknowledged = Instant::now();
            generation = next(&service, &generation)?;
            times.push(acknowledged.elapsed());
            assert_shown(&generation, record, &told)?;
        }
        row(&format!("{what}{kind}, from acknowledged to shown"), &percentiles(&mut times));
        for record in records {
            service.store.put(Record { revision: record.revision + 1, ..record.clone() }, &BY)?;
        }
        generation = next(&service, &generation)?;
    }
    Ok(())
}

fn next(service: &Service, generation: &Generation) -> Result<Generation> {
    match service.caught_up(generation)? {
        Progress::Next(next) => Ok(*next),
        Progress::Same(_) => anyhow::bail!("a change was not seen"),
    }
}

fn changed(record: Record, name: &str) -> Record {
    match record.body {
        Body::Institution(mut i) => {
            i.name = name.to_owned();
            Record { body: Body::Institution(i), ..record }
        }
        Body::Regulation(mut r) => {
            r.title = name.to_owned();
            Record { body: Body::Regulation(r), ..record }
        }
        _ => Record { state: State::Withdrawn, ..record },
    }
}

/// A change that is not shown was not made in time, however fast.
fn assert_shown(generation: &Generation, before: &Record, name: &str) -> Result<()> {
    if let Body::WebName(w) = &before.body {
        anyhow::ensure!(generation.official.iter().all(|n| n.host != w.ascii), "{} is still there", w.ascii);
        return Ok(());
    }
    let request = SearchRequest::new(name);
    let reply = search(generation, &request).context("search")?;
    let titles = reply.direct.iter().chain(&reply.hits).any(|hit| hit.title == name);
    anyhow::ensure!(titles, "{name} is not found");
    Ok(())
}
