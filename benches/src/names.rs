//! Checks of addresses over a national list of generated web names: single, in bulk on one core, and the memory it
//! takes.

use std::time::{Duration, Instant};

use anyhow::Result;
use indexer::{
    index::{
        Generation,
        official::{OfficialNames, Row, encode},
    },
    record::{Evidence, NameForm, NameStatus, WebName},
    web_name::Host,
};
use server::web_names::{Verdict, check};

use crate::completions::INSTITUTIONS;

/// Seed of the choice of addresses checked.
const SEED: u64 = 20_261_124;
/// Addresses checked.
const CHECKS: usize = 400_000;

/// What was measured.
pub struct Checked {
    pub names: usize,
    pub made_in: Duration,
    /// Memory that the open list holds.
    pub bytes: usize,
    pub single: Vec<Duration>,
    pub per_second: f64,
    /// Verdicts of the addresses checked, by [`Verdict::ALL`].
    pub verdicts: [usize; 4],
}

pub fn over_generated(generation: &Generation) -> Result<Checked> {
    let names = generated(generation);
    let addresses = addresses(&names);
    let dir = tempfile::tempdir()?;
    let started = Instant::now();
    for (file, bytes) in encode(&generation.pipeline, names.iter().map(Row::from).collect())? {
        std::fs::write(dir.path().join(file), bytes)?;
    }
    let made_in = started.elapsed();
    drop(names);
    let official = OfficialNames::open(dir.path())?;
    let pipeline = &generation.pipeline;
    let mut verdicts = [0; 4];
    let started = Instant::now();
    for address in &addresses {
        let verdict = check(&official, pipeline, address).verdict;
        verdicts[Verdict::ALL.iter().position(|v| *v == verdict).unwrap_or_default()] += 1;
    }
    let per_second = addresses.len() as f64 / started.elapsed().as_secs_f64();
    let single = addresses.iter().map(|address| {
        let started = Instant::now();
        std::hint::black_box(check(&official, pipeline, address));
        started.elapsed()
    });
    Ok(Checked {
        names: official.len(),
        made_in,
        bytes: official.bytes(),
        single: single.collect(),
        per_second,
        verdicts,
    })
}

/// Every division with the institutions it has by law: three in four with a host under gov.cn, one with a Chinese name.
fn generated(generation: &Generation) -> Vec<WebName> {
    let pinyin = &generation.pipeline.pinyin;
    let initials: Vec<String> = INSTITUTIONS.iter().map(|body| pinyin.initials(body)).collect();
    let mut names = Vec::new();
    for division in generation.catalogue.divisions() {
        let place = format!("{}{}", pinyin.full(&division.short_name), division.code);
        let path: String = generation.catalogue.path(&division.code).iter().map(|d| d.name.as_str()).collect();
        for (at, body) in INSTITUTIONS.iter().enumerate() {
            let name = if at % 4 == 3 {
                let label: String =
                    format!("{path}{body}").chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
                format!("{label}.政务")
            } else {
                format!("{}.{place}.gov.cn", initials[at])
            };
            let Ok(host) = Host::parse(&name) else { continue };
            names.push(WebName {
                name: host.unicode,
                ascii: host.ascii,
                institution_name: format!("{}{body}", division.name),
                institution_id: Some(format!("{}-{at}", division.code)),
                shared_with: Vec::new(),
                form: NameForm::Latin,
                status: NameStatus::InUse,
                evidence: Evidence::Single,
                basis: String::new(),
                sources: Vec::new(),
                seen: None,
                life: None,
            });
        }
    }
    names
}

/// Of a hundred addresses, 60 are listed, 15 lie under a listed one, 15 imitate one and 10 have to do with none.
fn addresses(names: &[WebName]) -> Vec<String> {
    let mut state = SEED;
    let mut random = || {
        // Numerical Recipes' linear congruential generator: only the choice of rows hangs on it.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    (0..CHECKS)
        .map(|_| {
            let name = &names[random() % names.len()];
            let (n, unicode) = (random() % 100, &name.name);
            match n {
                0..60 => format!("https://www.{unicode}/zwgk/{n}.html"),
                60..75 => format!("xxgk.{}", name.ascii),
                75..79 => format!("{unicode}.verify-{n}.top/login"),
                79..83 => unicode.replace(".gov.cn", "-gov.cn"),
                83..87 => unicode.replace('o', "о"),
                87..90 => unicode.replace(".政务", ".com").replace(".gov.cn", ".gov.cm"),
                _ => format!("shop{}.example{n}.com/a?b", random() % 10_000),
            }
        })
        .collect()
}
