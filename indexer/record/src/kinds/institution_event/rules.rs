//! What events are held to, alone and beside the others of an institution. A finding refuses nothing.
//!
//! Approval one level up: 地方各级人民政府机构设置和编制管理条例, art. 9. Inner units are for the staffing office of
//! the same level: art. 13.

use text::names::without_country;

use super::{Change, InstitutionEvent};
use crate::{Body, Date, staffing::Item};

pub fn findings(e: &InstitutionEvent) -> Vec<String> {
    let mut told = Vec::new();
    if e.date.is_none() {
        told.push("没有写日期：不能核对与别的变动的先后，按日期查看时列为“日期不详”".to_owned());
    }
    // S3: before ± change = after.
    for number in e.numbers.iter().filter(|number| number.contradicts()) {
        told.push(format!("数量变化“{}”算不平", number.written()));
    }
    // S6: what is merged or abolished leaves its duties to somebody.
    let gone = matches!(e.change, Change::Merged | Change::Abolished);
    if gone && e.to.is_empty() {
        told.push(format!("{}没有写明由哪个机构承接职责", e.change.label()));
    }
    if matches!(e.change, Change::Renamed | Change::Merged | Change::Divided) && e.from.is_empty() {
        told.push(format!("{}没有写明变动前的机构", e.change.label()));
    }
    if let (Some(day), Some(number)) = (e.date, &e.document_number)
        && let Some(year) = year_of(number)
        && i32::from(day.year()) < year
    {
        told.push(format!("日期 {day} 早于文号“{number}”的年份"));
    }
    told.extend(approval(e));
    told
}

/// The year in the brackets of a document's number.
fn year_of(number: &str) -> Option<i32> {
    let (_, rest) = number.split_once('〔')?;
    rest.split_once('〕')?.0.parse().ok()
}

/// S7: setting up, abolishing, merging, renaming and changing the rank of an institution is approved one level up.
fn approval(e: &InstitutionEvent) -> Option<String> {
    let weighty = matches!(
        e.change,
        Change::SetUp | Change::Abolished | Change::Merged | Change::Divided | Change::Renamed | Change::Raised | Change::Lowered
    );
    let organ = e.organ.as_deref().filter(|_| weighty && !e.division.is_nation())?;
    let staffing_office = ["编办", "编委", "编制委员会"].iter().any(|word| organ.contains(word));
    let own_level = level(organ).zip(division_level(e.division.as_str())).is_some_and(|(organ, own)| organ >= own);
    (staffing_office && own_level).then(|| {
        format!("{}机构应由上一级政府批准，这里的决定机关是“{organ}”，请核对（地方各级人民政府机构设置和编制管理条例第九条）", e.change.label())
    })
}

/// How far down an organ stands, by its name: 1 a province's, 2 a prefecture's, 3 a county's.
fn level(organ: &str) -> Option<u8> {
    let at = organ.find(['委', '编']).or_else(|| organ.find("人民政府")).unwrap_or(organ.len());
    let region = organ[..at].trim_start_matches("中共").trim_end_matches("机构");
    match region.chars().next_back()? {
        '省' => Some(1),
        '州' | '盟' => Some(2),
        '市' => Some(2),
        '县' | '区' | '旗' if region.ends_with("自治区") => Some(1),
        '县' | '区' | '旗' => Some(3),
        _ => None,
    }
}

fn division_level(code: &str) -> Option<u8> {
    match code.get(..6)? {
        code if code.ends_with("0000") => Some(1),
        code if code.ends_with("00") => Some(2),
        _ => Some(3),
    }
}

/// When a name was in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetime {
    pub name: String,
    pub from: Option<Date>,
    /// The first day on which it was no longer.
    pub until: Option<Date>,
    /// Who took over.
    pub successors: Vec<String>,
}

impl Lifetime {
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// The names that events tell of, with when each was in use, and what contradicts that: events of a name before it was
/// set up or after it was abolished (rule S6). Whether a name was in use on a day (rule S10) follows from it.
pub fn line_of_descent(events: &[InstitutionEvent]) -> (Vec<Lifetime>, Vec<String>) {
    let mut events: Vec<&InstitutionEvent> = events.iter().filter(|event| event.date.is_some()).collect();
    events.sort_by_key(|event| event.date);
    let mut lives: Vec<Lifetime> = Vec::new();
    let mut told = Vec::new();
    for event in events {
        let Some(day) = event.date else { continue };
        let ends = match event.change {
            Change::Renamed | Change::Merged | Change::Divided | Change::Abolished => &event.from[..],
            _ => &[],
        };
        let begins = match event.change {
            Change::SetUp | Change::Renamed | Change::Merged | Change::Divided => &event.to[..],
            _ => &[],
        };
        let own = std::slice::from_ref(&event.institution_name);
        let (ends, begins) = match event.change {
            Change::Abolished if ends.is_empty() => (own, begins),
            Change::SetUp if begins.is_empty() => (ends, own),
            _ => (ends, begins),
        };
        let named: Vec<&String> = if ends.is_empty() && begins.is_empty() { own.iter().collect() } else { ends.iter().collect() };
        for name in named {
            let life = lives.iter().rev().find(|life| life.name == *name);
            match life {
                Some(Lifetime { until: Some(until), .. }) if day >= *until && !begins.contains(name) => {
                    told.push(format!("{day}“{}”晚于“{name}”终止的日期 {until}", event.title));
                }
                _ => {}
            }
        }
        for name in ends.iter().filter(|name| !begins.contains(name)) {
            let known = lives.iter().any(|life| life.name == *name);
            if let Some(life) = lives.iter_mut().rev().find(|life| life.name == *name && life.until.is_none()) {
                (life.until, life.successors) = (Some(day), event.to.clone());
            } else if !known {
                let successors = event.to.clone();
                lives.push(Lifetime { name: name.clone(), from: None, until: Some(day), successors });
            }
        }
        for name in begins.iter().filter(|name| !ends.contains(name)) {
            match lives.iter().find(|life| life.name == *name && life.until.is_none_or(|until| until > day)) {
                // An institution that others are merged into was there before.
                Some(_) if event.change == Change::SetUp => told.push(format!("{day}“{}”：“{name}”此前已经设立", event.title)),
                Some(_) => {}
                None => lives.push(Lifetime { name: name.clone(), from: Some(day), until: None, successors: Vec::new() }),
            }
        }
        if ends.is_empty() && begins.is_empty() && !lives.iter().any(|life| life.name == event.institution_name) {
            lives.push(Lifetime { name: event.institution_name.clone(), from: None, until: None, successors: Vec::new() });
        }
    }
    (lives, told)
}

/// Rule S6: what does not fit into the line of other events once an event is among them, and the events that could not
/// be looked at since they have no day; nothing of a record of another kind.
pub fn out_of_line(body: &Body, mut others: Vec<InstitutionEvent>) -> Vec<String> {
    let Some(event) = super::event_of(body) else { return Vec::new() };
    let (_, before) = line_of_descent(&others);
    // Of an event that has no day itself, it is said once, with the event.
    let undated = others.iter().filter(|other| event.date.is_some() && other.date.is_none());
    let unplaced: Vec<String> =
        undated.map(|other| format!("“{}”没有写日期，没有核对与它的先后", other.title)).collect();
    others.push(event.clone());
    let (_, mut told) = line_of_descent(&others);
    told.retain(|finding| !before.contains(finding));
    told.extend(unplaced);
    told
}

/// Rule S10: every institution named exists on the day. Names that events tell to have ended before or begun after it,
/// and those of which an event without a day may tell that, in words; of names that no event tells of nothing is claimed.
pub fn names_out_of_time<'n>(
    names: impl Iterator<Item = &'n str>,
    day: Date,
    events: &[InstitutionEvent],
) -> Vec<String> {
    let (lives, _) = line_of_descent(events);
    let mut told = Vec::new();
    for name in names.map(without_country) {
        let own: Vec<&Lifetime> = lives.iter().filter(|life| without_country(&life.name) == name).collect();
        if own.is_empty() || own.iter().any(|life| life.holds_on(day)) {
            if let Some(says) = undated_ends_of(name, day, &own, events).filter(|says| !told.contains(says)) {
                told.push(says);
            }
            continue;
        }
        let ended = own.iter().filter_map(|life| Some((life.until?, life))).filter(|(until, _)| *until <= day).max_by_key(|(until, _)| *until);
        let says = match (ended, own.iter().filter_map(|life| life.from).min()) {
            (Some((until, life)), _) if life.successors.is_empty() => format!("“{name}”到 {until} 为止，{day} 时已经没有"),
            (Some((until, life)), _) => {
                format!("“{name}”到 {until} 为止，{day} 时已由{}承接", life.successors.join("、"))
            }
            (None, Some(from)) => format!("“{name}”到 {from} 才设立，{day} 时还没有"),
            (None, None) => continue,
        };
        if !told.contains(&says) {
            told.push(says);
        }
    }
    told
}

/// What events without a day tell of the beginning or the end of a name that may hold on a day, where no dated event
/// tells the same.
fn undated_ends_of(name: &str, day: Date, own: &[&Lifetime], events: &[InstitutionEvent]) -> Option<String> {
    let holding = own.iter().filter(|life| life.holds_on(day));
    let (begun, ending) = holding
        .fold((false, false), |(begun, ending), life| (begun || life.from.is_some(), ending || life.until.is_some()));
    let has = |names: &[String]| names.iter().any(|known| without_country(known) == name);
    let undated = || events.iter().filter(|event| event.date.is_none());
    let end = undated().find(|event| !ending && has(&event.gone()));
    if let Some(event) = end {
        return Some(format!("“{}”没有写日期，不知道 {day} 时“{name}”是否还在", event.title));
    }
    let begins = |event: &&InstitutionEvent| match event.change {
        Change::SetUp => has(&event.to) || event.to.is_empty() && without_country(&event.institution_name) == name,
        Change::Renamed | Change::Merged | Change::Divided => has(&event.to) && !has(&event.from),
        _ => false,
    };
    let event = undated().filter(|_| !begun).find(begins)?;
    Some(format!("“{}”没有写日期，不知道 {day} 时是否已经有“{name}”", event.title))
}
