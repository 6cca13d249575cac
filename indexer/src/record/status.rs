//! placeholder
use super::{Date, Regulation, Status, work_key};
use std::collections::HashMap;
pub struct StatusBasis {
    pub status: Status,
    pub reason: String,
    pub by: Option<String>,
}
pub fn derive(regulations: &[(&str, &Regulation)], _today: Date) -> HashMap<String, StatusBasis> {
    let mut newest: HashMap<(String, Option<String>), (Option<Date>, &str)> = HashMap::new();
    for (id, r) in regulations {
        let k = (work_key(&r.title), r.division.as_ref().map(|d| d.to_string()));
        let e = newest.entry(k).or_insert((r.version_date, id));
        if r.version_date > e.0 {
            *e = (r.version_date, id);
        }
    }
    regulations
        .iter()
        .map(|(id, r)| {
            let k = (work_key(&r.title), r.division.as_ref().map(|d| d.to_string()));
            let status = if let Some(s) = r.stated_status {
                s
            } else if newest[&k].1 == *id {
                Status::InForce
            } else {
                Status::Superseded
            };
            (id.to_string(), StatusBasis { status, reason: String::new(), by: None })
        })
        .collect()
}
