//! What web names cost an office that looks after very many: judging proposed ones, and the daily run over those that expire.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use indexer::{
    record::{
        Body, Category, Date, DivisionCode, Evidence, Institution, NameForm, NameLife, NameStatus, Provenance, Record,
        State, TaskMatter, WebName, web_name_id,
    },
    web_name::{
        Host,
        naming::{Known, Likelihood, Taken, precheck},
        rules::Applicant,
    },
};
use server::{
    desk::{self, Desk},
    store::{Backend, By, RecordStore, listings::List},
};

use crate::{percentiles, row};

const BY: By<'_> = By { author: "benches", reason: "" };
const NAMES: usize = 100_000;
/// Records that are written at once.
const BATCH: usize = 500;
/// Days on which nothing ran, at the middle of the year.
const OUTAGE: u64 = 3;
/// The year over which the names run out.
const YEAR: u64 = 365;
const FIRST_DAY: Date = Date::constant(2030, 1, 1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub fn measure() -> Result<()> {
    judged();
    year()
}

fn name(n: usize) -> String {
    let kinds = ["教育局", "财政局", "民政局", "水务局", "应急管理局"];
    format!("第{}县{}.政务", n / kinds.len(), kinds[n % kinds.len()])
}

/// Proposed names judged by all rules, a fifth of them taken, on one thread.
fn judged() {
    let taken: HashSet<String> =
        (0..NAMES).step_by(5).filter_map(|n| Host::parse(&name(n)).ok()).map(|h| h.ascii).collect();
    let places: HashSet<String> = (0..NAMES / 5).map(|n| format!("第{n}县")).collect();
    let known = Known {
        key: &|label| label.to_owned(),
        is_division: &|key| places.contains(key),
        taken: &|host| {
            let taken = taken.contains(&host.ascii);
            taken.then(|| Taken { name: host.unicode.clone(), owner: "某局".into(), own: false })
        },
    };
    let proposed: Vec<String> = (0..NAMES).map(name).collect();
    let applicant =
        Applicant {
            names: vec!["第7县教育局".into()], category: Some(Category::Government), ..Applicant::default()
        };
    let started = Instant::now();
    let likely =
        proposed.iter().filter(|name| precheck(name, &applicant, &known).likelihood == Likelihood::Likely).count();
    let rate = NAMES as f64 / started.elapsed().as_secs_f64();
    row("proposed names judged by all rules, one thread", &format!("{rate:.0} a second, {likely} of {NAMES} likely"));
}

/// Names that run out over a year, a daily run on most days: every name gets its reminder, and none two.
fn year() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let store = RecordStore::open(Backend::Sled, dir.path())?;
    let desk = Desk::load(std::path::Path::new("corpus"))?;
    let day = |n: u64| FIRST_DAY.checked_add(DAY * u32::try_from(n).unwrap_or(u32::MAX)).unwrap_or(Date::MAX);
    let source = || Provenance { source: "benches".into(), place: None, date: None, licence: None };
    for division in 0..100 {
        let code: DivisionCode = format!("52{:04}", 100 + division).parse()?;
        let body = Institution::new(format!("第{division}号局"), Category::Government, code.clone());
        let record = Record::published(format!("i-{division}"), Some(code), vec![source()], Body::Institution(body));
        store.put(record, &BY)?;
    }
    let started = Instant::now();
    let records = (0..NAMES).map(|n| {
        let host = Host::parse(&name(n)).unwrap_or_else(|_| unreachable!("the names are made of plain characters"));
        let terms = desk.name_terms.of(&host.ascii).terms;
        let mut life = NameLife::begin(FIRST_DAY, &terms, "benches", "benches");
        // In an order that has nothing to do with their names.
        life.expires = Some(day(100 + (n as u64 * 7919) % YEAR));
        let body = WebName {
            ascii: host.ascii.clone(),
            name: host.unicode,
            institution_name: format!("第{}号局", n % 100),
            institution_id: Some(format!("i-{}", n % 100)),
            shared_with: Vec::new(),
            form: NameForm::SiteName,
            status: NameStatus::InUse,
            evidence: Evidence::Registry,
            basis: String::new(),
            sources: Vec::new(),
            seen: None,
            life: Some(life),
        };
        Record::published(web_name_id(&host.ascii), None, vec![source()], Body::WebName(body))
    });
    let mut batch = Vec::with_capacity(BATCH);
    for record in records {
        batch.push((record, BY));
        if batch.len() == BATCH {
            store.put_together(std::mem::take(&mut batch))?;
        }
    }
    row(&format!("{NAMES} registered names written"), &format!("{:.0} s", started.elapsed().as_secs_f64()));
    let mut times: Vec<Duration> = Vec::new();
    let mut after_outage = Duration::ZERO;
    // Until all have been asked to be renewed, and none has lapsed for good.
    for n in 0..YEAR + 100 {
        // Daily around the outage; else once a week, which is an outage too.
        let watched = (YEAR / 2 - 14..YEAR / 2 + 14).contains(&n);
        if (YEAR / 2..YEAR / 2 + OUTAGE).contains(&n) || !watched && !n.is_multiple_of(7) {
            continue;
        }
        let begun = Instant::now();
        desk::look(&store, &desk, day(n))?;
        if n == YEAR / 2 + OUTAGE {
            after_outage = begun.elapsed();
        }
        if watched {
            times.push(begun.elapsed());
        }
    }
    let (mut reminders, mut names, mut after) = (0, HashSet::new(), None);
    for state in [State::Submitted, State::Published, State::Withdrawn] {
        loop {
            let page = store.page(&List::Tasks(state, &DivisionCode::nation()), after.as_deref(), 1_000)?;
            for record in &page.records {
                let Body::Task(task) = &record.body else { continue };
                if task.matter == TaskMatter::NameRenewal {
                    reminders += 1;
                    names.insert(task.about.clone());
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        after = None;
    }
    row(
        &format!("the daily run over {NAMES} names that run out within a year"),
        &format!(
            "{}; {:.0} ms on the day after {OUTAGE} days without one",
            percentiles(&mut times),
            after_outage.as_secs_f64() * 1e3
        ),
    );
    row("reminders", &format!("{reminders} for {} of {NAMES} names", names.len()));
    ensure!(reminders == NAMES && names.len() == NAMES, "a name was not reminded of, or twice");
    Ok(())
}
