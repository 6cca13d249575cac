//! Every kind of page over loopback: how long until the whole page is here when it is made (uncached) and when it is
//! kept (cached), and how heavy it is.

use std::time::{Duration, Instant};

use anyhow::Result;
use indexer::index::Generation;

use crate::load::{Client, encoded};

/// Pages of one kind asked for.
const EACH: usize = 60;

/// Times and weights of one kind of page.
pub struct Kind {
    pub name: &'static str,
    pub uncached: Vec<Duration>,
    pub cached: Vec<Duration>,
    /// Bytes, as they are without compression.
    pub heaviest: usize,
}

/// Asks for pages of every kind, each twice. Nothing asked for here may have been asked for before.
pub fn over_loopback(address: &str, generation: &Generation, queries: &[String]) -> Result<Vec<Kind>> {
    let mut client = Client::connect(address)?;
    let catalogue = &generation.catalogue;
    // Spread over the whole, so that no kind of regulation or place is left out.
    let spread = |n: usize| (n / EACH).max(1);
    let regulations: Vec<&str> = catalogue.regulations().iter().map(|r| r.id.as_str()).collect();
    let regulations: Vec<&str> = regulations.iter().copied().step_by(spread(regulations.len())).collect();
    let divisions = catalogue.divisions();
    let longest = catalogue.regulations().iter().max_by_key(|r| r.articles).map(|r| r.id.as_str());
    let versions = catalogue.works().filter_map(|work| {
        let mut versions = catalogue.versions(work);
        Some((versions.next()?.id.as_str(), versions.next()?.id.as_str()))
    });
    let mut versions: Vec<_> = versions.collect();
    versions.sort_unstable();
    let institutions = institutions(&mut client, divisions.iter().map(|d| d.code.as_str()))?;
    let path = |ids: &[&str], make: &dyn Fn(&str) -> String| ids.iter().map(|id| make(id)).collect::<Vec<String>>();
    let codes: Vec<&str> = divisions.iter().map(|d| d.code.as_str()).step_by(spread(divisions.len())).collect();
    let kinds: Vec<(&'static str, Vec<String>)> = vec![
        ("home", vec!["/".into()]),
        (
            "results",
            queries.iter().step_by(spread(queries.len())).map(|q| format!("/search?q={}", encoded(q))).collect(),
        ),
        ("institution", institutions.iter().map(|id| format!("/institutions/{id}")).collect()),
        ("division", path(&codes, &|code| format!("/divisions/{code}"))),
        ("check", path(&codes, &|code| format!("/check?url={code}.gov.cn"))),
        ("regulation", path(&regulations, &|id| format!("/regulations/{id}"))),
        ("longest regulation", longest.iter().map(|id| format!("/regulations/{id}")).collect()),
        ("article", path(&regulations, &|id| format!("/regulations/{id}/articles/1"))),
        ("references", path(&regulations, &|id| format!("/regulations/{id}/references"))),
        (
            "comparison",
            versions.iter().take(EACH).map(|(new, old)| format!("/regulations/{old}/compare/{new}")).collect(),
        ),
        ("regulations", vec!["/regulations".into()]),
        ("data", vec!["/data".into()]),
        ("status", vec!["/status".into()]),
    ];
    let mut measured = Vec::new();
    for (name, paths) in kinds {
        let mut kind = Kind { name, uncached: Vec::new(), cached: Vec::new(), heaviest: 0 };
        for path in &paths {
            for times in [&mut kind.uncached, &mut kind.cached] {
                let started = Instant::now();
                // A regulation without a first article has no page of it.
                let Ok(body) = client.get(path) else { continue };
                times.push(started.elapsed());
                kind.heaviest = kind.heaviest.max(body.len());
            }
        }
        measured.push(kind);
    }
    Ok(measured)
}

/// Some institutions: the first of each of the first divisions that have any.
fn institutions<'d>(client: &mut Client, divisions: impl Iterator<Item = &'d str>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for code in divisions {
        let body = client.get(&format!("/api/v1/divisions/{code}/institutions"))?;
        let reply: serde_json::Value = serde_json::from_slice(&body)?;
        found.extend(
            reply["institutions"]
                .as_array()
                .into_iter()
                .flatten()
                .take(3)
                .filter_map(|hit| Some(hit["id"].as_str()?.to_owned())),
        );
        if found.len() >= EACH {
            break;
        }
    }
    Ok(found)
}
