//! The events that a measure becomes: one of the institution that is there afterwards, and where something moves
//! between two institutions one of each.

use super::ReformPlan;
use crate::{
    Body,
    kinds::institution_event::{Change, Decided},
    staffing::Measure,
};

/// The column of an event that tells what does not add up.
pub(super) const FINDINGS: &str = "findings";
/// Characters of an event's title and of its note.
const TITLE: usize = 120;
const NOTE: usize = 500;
/// Characters of what moves that a title has.
const MATTERS: usize = 50;

pub(super) fn of(reform: &ReformPlan, measure: &Measure) -> Vec<Body> {
    let note = || match measure.moves_matters() {
        true => cut(&format!("{}：{}", if measure.change == Change::Units { "内设机构" } else { "职责" }, measure.matters.join("；")), NOTE),
        false => String::new(),
    };
    let event = |institution_name: &str, title: String| {
        let decided = Decided {
            title: cut(&title, TITLE),
            institution_name,
            division: &reform.division,
            date: reform.date,
            change: measure.change,
            document_number: reform.document_number.as_ref(),
            organ: reform.organ.as_ref(),
            from: &measure.from,
            to: &measure.to,
            note: note(),
        };
        decided.event()
    };
    let (from, to) = (measure.from.join("、"), measure.to.join("、"));
    let first = |names: &[String]| names.first().cloned().unwrap_or_default();
    let matters = || cut(&measure.matters.join("、"), MATTERS);
    match measure.change {
        // Each new institution has a line of descent of its own.
        Change::SetUp => measure.to.iter().map(|name| event(name, format!("设立{name}"))).collect(),
        Change::Renamed => vec![event(&first(&measure.to), format!("{from}更名为{to}"))],
        Change::Merged if measure.from.len() == 1 => vec![event(&first(&measure.to), format!("{from}并入{to}"))],
        Change::Merged => vec![event(&first(&measure.to), format!("{from}合并为{to}"))],
        Change::Divided => {
            let stays = measure.to.iter().find(|name| measure.from.contains(name));
            vec![event(stays.unwrap_or(&first(&measure.to)), format!("{from}分设为{to}"))]
        }
        Change::Abolished if to.is_empty() => vec![event(&first(&measure.from), format!("撤销{from}"))],
        Change::Abolished => vec![event(&first(&measure.from), format!("撤销{from}，职责由{to}承接"))],
        Change::Moved => vec![event(&first(&measure.from), format!("{from}改由{to}管理"))],
        _ => {
            let out = event(&first(&measure.from), format!("{from}的{}划入{to}", matters()));
            let into = measure.to.iter().map(|name| event(name, format!("{name}承接{from}划出的{}", matters())));
            std::iter::once(out).chain(into).collect()
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}
