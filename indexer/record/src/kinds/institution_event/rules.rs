//! What events are held to, alone and beside the others of an institution. A finding refuses nothing.
//!
//! Approval one level up: 地方各级人民政府机构设置和编制管理条例, art. 9. Inner units are for the staffing office of
//! the same level: art. 13.

use std::collections::{HashMap, HashSet};

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

/// How names of public institutions 事业单位 end, which the staffing office of their own level approves.
const PUBLIC: [&str; 16] =
    ["中心", "站", "馆", "校", "中学", "小学", "大学", "院", "园", "所", "台", "场", "社", "团", "队", "库"];

/// How names of institutions end that coordinate 议事协调机构, which a government sets up itself.
const COORDINATING: [&str; 3] = ["小组", "指挥部", "联席会议"];

/// S7: setting up, abolishing, merging, renaming and changing the rank of an institution is approved one level up; its
/// inner units by the staffing office of its own level.
fn approval(e: &InstitutionEvent) -> Option<String> {
    let organ = e.organ.as_deref().filter(|_| !e.division.is_nation())?;
    let staffing_office = ["编办", "编委", "编制委员会"].iter().any(|word| organ.contains(word));
    let levels = level(organ).zip(division_level(e.division.as_str()));
    if e.change == Change::Units {
        // 市 may be a city at the level of a county or of a province.
        let may_be_own = |organ: u8, own: u8| {
            organ == own || organ == 2 && (own == 1 || e.division.as_str().get(4..6).is_some_and(|city| city >= "81"))
        };
        // A plan of reform by an upper government moves units between institutions.
        let of_another = levels.is_some_and(|(organ, own)| {
            if staffing_office { !may_be_own(organ, own) } else { organ == own && organ_is_government(e) }
        });
        return of_another.then(|| {
            format!("内设机构由本级机构编制管理机关审批，这里的决定机关是“{organ}”，请核对（地方各级人民政府机构设置和编制管理条例第十三条）")
        });
    }
    let weighty = matches!(
        e.change,
        Change::SetUp | Change::Abolished | Change::Merged | Change::Divided | Change::Renamed | Change::Raised | Change::Lowered
    );
    // By any of its names: 甲县水文站 may become 甲县水文局.
    let is_other = |name: &String| PUBLIC.iter().chain(&COORDINATING).any(|end| name.ends_with(end));
    let other = std::iter::once(&e.institution_name).chain(&e.from).chain(&e.to).any(is_other);
    let own_level = levels.is_some_and(|(organ, own)| organ >= own);
    let decides = staffing_office || organ_is_government(e);
    (weighty && !other && decides && own_level).then(|| {
        format!("{}机构应由上一级政府批准，这里的决定机关是“{organ}”，请核对（地方各级人民政府机构设置和编制管理条例第九条）", e.change.label())
    })
}

fn organ_is_government(e: &InstitutionEvent) -> bool {
    e.organ.as_deref().is_some_and(|organ| organ.ends_with("人民政府"))
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

/// The same of a division. A township has no staffing office and no units of its own: none of it is judged.
fn division_level(code: &str) -> Option<u8> {
    match code.get(..6)? {
        _ if code.bytes().skip(6).any(|digit| digit != b'0') => None,
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
pub fn line_of_descent<'e>(events: impl IntoIterator<Item = &'e InstitutionEvent>) -> (Vec<Lifetime>, Vec<String>) {
    let mut events: Vec<&InstitutionEvent> = events.into_iter().filter(|event| event.date.is_some()).collect();
    events.sort_by_key(|event| event.date);
    let mut lives = Lives::default();
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
            match lives.of(name).last().map(|at| &lives.all[*at]) {
                Some(Lifetime { until: Some(until), .. }) if day >= *until && !begins.contains(name) => {
                    told.push(format!("{day}“{}”晚于“{name}”终止的日期 {until}", event.title));
                }
                _ => {}
            }
        }
        for name in ends.iter().filter(|name| !begins.contains(name)) {
            let open = lives.of(name).iter().rev().copied().find(|at| lives.all[*at].until.is_none());
            if let Some(at) = open {
                (lives.all[at].until, lives.all[at].successors) = (Some(day), event.to.clone());
            } else if lives.of(name).is_empty() {
                lives.put(name, None, Some(day), event.to.clone());
            }
        }
        for name in begins.iter().filter(|name| !ends.contains(name)) {
            match lives.of(name).iter().any(|at| lives.all[*at].until.is_none_or(|until| until > day)) {
                // An institution that others are merged into was there before.
                true if event.change == Change::SetUp => told.push(format!("{day}“{}”：“{name}”此前已经设立", event.title)),
                true => {}
                false => lives.put(name, Some(day), None, Vec::new()),
            }
        }
        if ends.is_empty() && begins.is_empty() && lives.of(&event.institution_name).is_empty() {
            lives.put(&event.institution_name, None, None, Vec::new());
        }
    }
    (lives.all, told)
}

/// Lifetimes in the order in which they were found, and where those of a name are among them.
#[derive(Default)]
struct Lives<'e> {
    all: Vec<Lifetime>,
    by_name: HashMap<&'e str, Vec<usize>>,
}

impl<'e> Lives<'e> {
    fn of(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    fn put(&mut self, name: &'e str, from: Option<Date>, until: Option<Date>, successors: Vec<String>) {
        self.by_name.entry(name).or_default().push(self.all.len());
        self.all.push(Lifetime { name: name.to_owned(), from, until, successors });
    }
}

/// Rule S6: what does not fit into the line of other events once an event is among them, and the events that could not
/// be looked at since they have no day; nothing of a record of another kind.
pub fn out_of_line(body: &Body, others: &[&InstitutionEvent]) -> Vec<String> {
    let Some(event) = super::event_of(body) else { return Vec::new() };
    let before: HashSet<String> = line_of_descent(others.iter().copied()).1.into_iter().collect();
    // Of an event that has no day itself, it is said once, with the event.
    let undated = others.iter().filter(|other| event.date.is_some() && other.date.is_none());
    let unplaced = undated.map(|other| format!("“{}”没有写日期，没有核对与它的先后", other.title));
    let (_, mut told) = line_of_descent(others.iter().copied().chain([event]));
    told.retain(|finding| !before.contains(finding));
    told.extend(unplaced);
    told
}

/// When names were in use, worked out once of some events.
pub struct InUse<'e> {
    /// By the name without 中华人民共和国.
    lives: HashMap<String, Vec<Lifetime>>,
    undated: Vec<&'e InstitutionEvent>,
}

impl<'e> InUse<'e> {
    pub fn of(events: impl IntoIterator<Item = &'e InstitutionEvent>) -> Self {
        let (dated, undated): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.date.is_some());
        let mut lives: HashMap<String, Vec<Lifetime>> = HashMap::new();
        for life in line_of_descent(dated).0 {
            lives.entry(without_country(&life.name).to_owned()).or_default().push(life);
        }
        Self { lives, undated }
    }

    /// Rule S10 of one name: that events tell it to have ended before a day or begun after it, or that one without a day
    /// may tell that, in words; of a name that no event tells of nothing is claimed.
    pub fn out_of_time(&self, name: &str, day: Date) -> Option<String> {
        let name = without_country(name);
        let own = self.lives.get(name).map(Vec::as_slice).unwrap_or_default();
        if own.is_empty() || own.iter().any(|life| life.holds_on(day)) {
            return undated_ends_of(name, day, own, &self.undated);
        }
        let ended = own.iter().filter_map(|life| Some((life.until?, life))).filter(|(until, _)| *until <= day).max_by_key(|(until, _)| *until);
        match (ended, own.iter().filter_map(|life| life.from).min()) {
            (Some((until, life)), _) if life.successors.is_empty() => Some(format!("“{name}”到 {until} 为止，{day} 时已经没有")),
            (Some((until, life)), _) => {
                Some(format!("“{name}”到 {until} 为止，{day} 时已由{}承接", life.successors.join("、")))
            }
            (None, Some(from)) => Some(format!("“{name}”到 {from} 才设立，{day} 时还没有")),
            (None, None) => None,
        }
    }
}

/// Rule S10: every institution named exists on the day. What is told of each name, once.
pub fn names_out_of_time<'n, 'e>(
    names: impl Iterator<Item = &'n str>,
    day: Date,
    events: impl IntoIterator<Item = &'e InstitutionEvent>,
) -> Vec<String> {
    let in_use = InUse::of(events);
    let mut seen = HashSet::new();
    let names = names.filter(|name| seen.insert(without_country(name)));
    names.filter_map(|name| in_use.out_of_time(name, day)).collect()
}

/// What events without a day tell of the beginning or the end of a name that may hold on a day, where no dated event
/// tells the same.
fn undated_ends_of(name: &str, day: Date, own: &[Lifetime], undated: &[&InstitutionEvent]) -> Option<String> {
    let holding = own.iter().filter(|life| life.holds_on(day));
    let (begun, ending) = holding
        .fold((false, false), |(begun, ending), life| (begun || life.from.is_some(), ending || life.until.is_some()));
    let has = |names: &[String]| names.iter().any(|known| without_country(known) == name);
    let end = undated.iter().find(|event| !ending && has(&event.gone()));
    if let Some(event) = end {
        return Some(format!("“{}”没有写日期，不知道 {day} 时“{name}”是否还在", event.title));
    }
    let begins = |event: &InstitutionEvent| match event.change {
        Change::SetUp => has(&event.to) || event.to.is_empty() && without_country(&event.institution_name) == name,
        Change::Renamed | Change::Merged | Change::Divided => has(&event.to) && !has(&event.from),
        _ => false,
    };
    let event = undated.iter().find(|event| !begun && begins(event))?;
    Some(format!("“{}”没有写日期，不知道 {day} 时是否已经有“{name}”", event.title))
}
