//! From which day a version of a regulation applies, judged from all that is said of it.
//!
//! The rule, strongest first:
//! 1. The day that the amending decision states, where the version is what a decision made of an older text. The decision
//!    is a regulation of the library of the version's own day (关于修改《甲法》的决定, 甲法修正案), or one of the dictionary
//!    `amending_decisions.tsv`.
//! 2. The day that a source states of this version.
//! 3. The closing article (本法自…起施行): for the first version and for a revision 修订, which restate it. What a decision
//!    merely amends 修正 carries the closing article of its first version, which says nothing of this one: such a day
//!    counts only where it lies behind the decision's.
//!
//! A package reads days off closing articles as well. Where that made it give the day of an amendment itself, the day
//! is no evidence. What is not known stays unknown; where sources contradict each other or the rule, the contradiction
//! is reported along with what was chosen.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use regex::Regex;

use super::{Date, DocumentKind, Event, EventKind, Regulation, work_key};
use text::{dictionaries::AmendingDecision, numerals, quoted_titles};

/// When a version takes effect, and what that rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    pub date: Option<Date>,
    /// For a reader of the page: 修改决定, 末条.
    pub basis: Option<String>,
    /// What sources say otherwise, for the data page.
    pub contradiction: Option<String>,
}

const STATED_BEFORE: &str = "施行（";
const VERSION_BEFORE: &str = "版本日期（";
const STATED_AFTER: &str = " 所载）";

/// A source's word on the day of effect, to stand in a regulation's history.
pub fn stated(source: &str, day: Date) -> Event {
    Event { date: Some(day), kind: EventKind::Effective, text: format!("{STATED_BEFORE}{source}{STATED_AFTER}") }
}

/// A source's word on the day of the version, where another source gives another.
pub fn version_stated(source: &str, day: Date) -> Event {
    Event { date: Some(day), kind: EventKind::Other, text: format!("{VERSION_BEFORE}{source}{STATED_AFTER}") }
}

/// Whether an event is a source's word of one of these kinds, and no event of the regulation's own header.
pub fn is_statement(event: &Event) -> bool {
    source_of(event, STATED_BEFORE).or_else(|| source_of(event, VERSION_BEFORE)).is_some()
}

fn source_of<'e>(event: &'e Event, before: &str) -> Option<&'e str> {
    event.text.strip_prefix(before)?.strip_suffix(STATED_AFTER)
}

pub(crate) const DAY: &str = r"([\d〇○零一二三四五六七八九十]{4})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日";

/// A sentence of the regulation on itself, and any other.
static OWN: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"本\p{{Han}}{{1,8}}?自\s*{DAY}\s*起\s*(?:施行|实施|生效|执行)")));
static ANY: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"自\s*{DAY}\s*起\s*(?:施行|实施|生效|执行)")));
static ON_PUBLICATION: LazyLock<Regex> = LazyLock::new(|| regex(r"自(?:公布|发布|颁布)之日起(?:施行|实施|生效|执行)"));

pub(crate) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// The day from which a text says of itself that it applies. `closing` are its last articles.
pub fn stated_day(closing: &str) -> Option<Date> {
    let found = OWN.captures_iter(closing).last().or_else(|| ANY.captures_iter(closing).last())?;
    day_of(&found)
}

/// The day that a pattern with [`DAY`] in it has found.
pub(crate) fn day_of(found: &regex::Captures<'_>) -> Option<Date> {
    let number = |at: usize| numerals::parse(&found[at]);
    Date::new(i16::try_from(number(1)?).ok()?, i8::try_from(number(2)?).ok()?, i8::try_from(number(3)?).ok()?).ok()
}

/// Whether a closing article says from when the regulation applies; what the survey keeps of a regulation's text.
pub fn is_closing(text: &str) -> bool {
    ["起施行", "起实施", "起生效", "起执行"].iter().any(|word| text.contains(word))
}

/// Closing articles looked at: some regulations put a last article on interpretation behind it.
pub const CLOSING_ARTICLES: usize = 3;

/// Whether a day that a text states of itself can be that of this version: the first version's closing article stays in
/// all amended ones.
pub fn may_be_of(day: Date, version: Option<Date>, history: &[Event]) -> bool {
    matches!(origin(history), Origin::First) || version.is_none_or(|version| day >= version)
}

/// How a version came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    First,
    /// Adopted anew as a whole 修订.
    Revision,
    /// A decision changed parts of it 修正.
    Amended,
    /// The source tells nothing of it.
    Unknown,
}

fn origin(history: &[Event]) -> Origin {
    let own = || history.iter().filter(|e| !is_statement(e));
    let amended = own().filter(|e| e.kind == EventKind::Amended).max_by_key(|e| e.date);
    match amended {
        Some(e) if is_whole(e) => Origin::Revision,
        Some(_) => Origin::Amended,
        None if own().next().is_some() => Origin::First,
        None => Origin::Unknown,
    }
}

/// Whether a change is a revision of the whole. The State Council calls what its decisions amend 修订 too.
fn is_whole(amended: &Event) -> bool {
    amended.text.contains("修订") && !amended.text.contains("决定") && !amended.text.contains("修改")
}

/// The day of the last revision of the whole 修订 that a history has.
pub fn last_revision(history: &[Event]) -> Option<Date> {
    let revisions = history.iter().filter(|e| e.kind == EventKind::Amended && !is_statement(e) && is_whole(e));
    revisions.filter_map(|e| e.date).max()
}

type Work = (String, Option<String>);

fn work_of(r: &Regulation) -> Work {
    (work_key(&r.title), r.division.as_ref().map(ToString::to_string))
}

/// Something that is said of a version's day of effect.
struct Claim {
    by: String,
    day: Date,
    /// Counts as evidence.
    counts: bool,
}

/// The effect of every version. Of each regulation only its last articles are needed.
pub fn derive(regulations: &[(&str, &Regulation)], dictionary: &[AmendingDecision]) -> HashMap<String, Effect> {
    let mut versions: HashMap<Work, usize> = HashMap::new();
    for (_, r) in regulations {
        *versions.entry(work_of(r)).or_default() += 1;
    }
    let decisions = decisions(regulations, dictionary);
    let judged = regulations.iter().map(|(id, r)| {
        let work = work_of(r);
        let alone = versions.get(&work) == Some(&1);
        let decision = r.version_date.and_then(|day| decisions.get(&(work, day)));
        ((*id).to_owned(), judge(r, decision, alone))
    });
    judged.collect()
}

/// Work and day of a decision → what is said of the day from which it applies, the library's word first.
fn decisions(
    regulations: &[(&str, &Regulation)],
    dictionary: &[AmendingDecision],
) -> HashMap<(Work, Date), Vec<(String, Date)>> {
    let mut all: HashMap<(Work, Date), Vec<(String, Date)>> = HashMap::new();
    for (_, r) in regulations.iter().filter(|(_, r)| r.document_kind == DocumentKind::Amendment) {
        let (Some(version), Effect { date: Some(day), .. }) = (r.version_date, judge(r, None, true)) else { continue };
        let division = r.division.as_ref().map(ToString::to_string);
        for title in amended(&r.title) {
            all.entry(((title, division.clone()), version)).or_default().push((format!("《{}》", r.title), day));
        }
    }
    for decision in dictionary {
        let said = (format!("《{}》", decision.source), decision.effective);
        all.entry(((decision.work.clone(), None), decision.adopted)).or_default().push(said);
    }
    all
}

/// The works that an amendment's title names: 关于修改《甲法》、《乙法》的决定, 甲法修正案（二）.
fn amended(title: &str) -> Vec<String> {
    let quoted: Vec<String> = quoted_titles(title).map(work_key).collect();
    match title.split_once("修正案") {
        Some((work, _)) if quoted.is_empty() => vec![work_key(work)],
        _ => quoted,
    }
}

fn judge(r: &Regulation, decision: Option<&Vec<(String, Date)>>, alone: bool) -> Effect {
    let claims = claims(r, decision.map_or(&[][..], Vec::as_slice), alone);
    let chosen = claims.iter().find(|claim| claim.counts);
    let others: BTreeMap<Date, Vec<&str>> = claims
        .iter()
        .filter(|claim| chosen.is_none_or(|chosen| claim.day != chosen.day))
        .fold(BTreeMap::new(), |mut all, claim| {
            let by: &mut Vec<&str> = all.entry(claim.day).or_default();
            if !by.contains(&claim.by.as_str()) {
                by.push(&claim.by);
            }
            all
        });
    let mut said: Vec<String> = others.iter().map(|(day, by)| format!("{}为 {day}", by.join("、"))).collect();
    if !said.is_empty() {
        said.push(match chosen {
            Some(chosen) => format!("{}为 {}，采用后者", chosen.by, chosen.day),
            None => "没有能证实它的修改决定，施行日期作未知".to_owned(),
        });
    }
    let versions: Vec<String> = r
        .history
        .iter()
        .filter_map(|e| Some(format!("{} 所载版本日期为 {}", source_of(e, VERSION_BEFORE)?, e.date?)))
        .filter(|_| r.version_date.is_some())
        .collect();
    let contradiction = match (said.is_empty(), versions.is_empty()) {
        (true, true) => None,
        _ => {
            let version = r.version_date.map(|day| format!("（{day}）")).unwrap_or_default();
            let said = if said.is_empty() { None } else { Some(format!("施行日期：{}", said.join("；"))) };
            let told: Vec<String> = said.into_iter().chain(versions).collect();
            Some(format!("《{}》{version}{}", r.title, told.join("；")))
        }
    };
    Effect { date: chosen.map(|c| c.day), basis: chosen.map(|c| c.by.clone()), contradiction }
}

/// What is said of the version's day of effect, strongest first.
fn claims(r: &Regulation, decisions: &[(String, Date)], alone: bool) -> Vec<Claim> {
    let origin = match r.document_kind {
        // An amendment or interpretation is not itself amended in place.
        DocumentKind::Regulation => origin(&r.history),
        _ => Origin::First,
    };
    let version = r.version_date;
    let behind = |day: Date| version.is_none_or(|version| day > version);
    let not_before = |day: Date| version.is_none_or(|version| day >= version);
    let statements: Vec<(&str, Date)> =
        r.history.iter().filter_map(|e| Some((source_of(e, STATED_BEFORE)?, e.date?))).collect();
    let mut claims: Vec<Claim> =
        decisions.iter().map(|(by, day)| Claim { by: by.clone(), day: *day, counts: true }).collect();
    // The package's day of an amendment is what it made of 自公布之日起施行.
    let derived = |day: Date| statements.iter().any(|(_, said)| *said == day) && !behind(day);
    let by_amendment = origin == Origin::Amended || origin == Origin::Unknown && !alone;
    if let Some(day) = r.effective.filter(|day| origin == Origin::First || not_before(*day)) {
        claims.push(Claim { by: "来源所载".into(), day, counts: !(by_amendment && derived(day)) });
    }
    for (source, day) in statements.iter().filter(|(_, day)| not_before(*day)) {
        claims.push(Claim { by: format!("{source} 所载"), day: *day, counts: !by_amendment || behind(*day) });
    }
    let own = r.history.iter().filter(|e| e.kind == EventKind::Effective && !is_statement(e)).filter_map(|e| e.date);
    claims.extend(own.filter(|day| not_before(*day)).map(|day| Claim { by: "题注".into(), day, counts: true }));
    let closing: Vec<&str> = r.articles.iter().rev().take(CLOSING_ARTICLES).map(|a| a.text.as_str()).collect();
    let closing = closing.into_iter().rev().collect::<Vec<_>>().join("\n");
    match stated_day(&closing) {
        Some(day) if origin == Origin::First || not_before(day) => {
            claims.push(Claim { by: "末条".into(), day, counts: true });
        }
        Some(_) => {}
        None if !by_amendment && ON_PUBLICATION.is_match(&closing) => {
            let published = r.published.filter(|day| not_before(*day));
            let by = "自公布之日起施行".to_owned();
            claims.extend(published.map(|day| Claim { by, day, counts: true }));
        }
        None => {}
    }
    claims
}

#[cfg(test)]
#[path = "effect_tests.rs"]
mod tests;
