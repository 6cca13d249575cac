//! All schemes of one division on a day: what nobody does any more, what two do, what is divided by one side alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Held,
    in_force::{self, InForce, begins},
    named::{may_mean, meant},
    similar::{Alike, STILL_DONE, LEAST_CHARS, Matter, SAME, WITHIN, is_catch_all, matters, says},
};
use crate::{
    Date,
    staffing::{Duty, DutySort, division_named},
};

/// Institutions beyond which a matter that all of them have is a phrase of schemes (管行业必须管安全) and no overlap:
/// the longest divisions of duties name four.
pub const FORMULA: usize = 4;
/// Institutions told for one matter that left another.
const MAX_ARRIVALS: usize = 3;
/// Words of a matter that is a part in somebody else's duty.
const TAKES_PART: [&str; 10] =
    ["会同", "配合", "协助", "协同", "参与", "按职责分工", "按照职责分工", "与有关部门", "协调配合", "支持"];

/// A duty of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemeDuty<'s> {
    pub held: Held<'s>,
    pub duty: &'s Duty,
}

/// A matter that an institution's scheme before had and its present one has not.
#[derive(Debug, Clone, PartialEq)]
pub struct Left<'s> {
    pub from: SchemeDuty<'s>,
    /// As it stands in the duty.
    pub matter: String,
    /// Where it is now; empty where no scheme in force has it.
    pub arrived: Vec<Arrival<'s>>,
    /// The scheme that the institution has now, where it has one.
    pub now: Option<Held<'s>>,
}

impl Left<'_> {
    /// Whether it arrived at none.
    pub fn is_orphan(&self) -> bool {
        self.arrived.is_empty()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Arrival<'s> {
    pub at: SchemeDuty<'s>,
    pub score: f32,
}

/// One matter at two institutions.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap<'s> {
    pub one: SchemeDuty<'s>,
    pub other: SchemeDuty<'s>,
    /// The matter, as each has it.
    pub matters: (String, String),
    pub score: f32,
}

/// Matters that two institutions have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlaps<'s> {
    /// Those of which neither says how they are divided.
    pub open: Vec<Overlap<'s>>,
    /// Those of which one says so, each with the clause.
    pub divided: Vec<(Overlap<'s>, SchemeDuty<'s>)>,
    /// How many matters were left out since too many institutions have them.
    pub formulas: usize,
}

/// A division of duties that one institution's scheme tells and the other's does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneSided<'s> {
    pub by: SchemeDuty<'s>,
    /// The other institution, as the scheme calls it.
    pub named: String,
    /// Its scheme, which does not name the first.
    pub silent: Held<'s>,
}

/// An institution with what its schemes say.
struct Member<'s> {
    name: &'s str,
    schemes: Vec<Held<'s>>,
    now: InForce<'s>,
    /// The one before, whose duties may have left.
    before: Option<Held<'s>>,
}

/// A matter within a duty of a member, by place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    member: usize,
    duty: usize,
}

/// A clause that divides duties, by place, and what it divides: nothing where it names no matter.
struct Dividing {
    duty: usize,
    matters: Vec<u32>,
}

pub struct Territory<'s> {
    members: Vec<Member<'s>>,
    /// The clauses of each member's scheme in force.
    clauses: Vec<Vec<Dividing>>,
    alike: Alike,
    /// By distinct text: the matters of schemes in force that say it, and the duties that do as a whole.
    matters_at: HashMap<u32, Vec<(At, String)>>,
    duties_at: HashMap<u32, Vec<At>>,
}

fn main_duties<'s>(held: &Held<'s>) -> impl Iterator<Item = (usize, &'s Duty)> {
    let scheme = held.scheme;
    scheme.duties.iter().enumerate().filter(|(_, duty)| duty.sort == DutySort::Main && !is_catch_all(&duty.text))
}

fn divisions<'s>(held: &Held<'s>) -> impl Iterator<Item = (usize, &'s Duty)> {
    held.scheme.duties.iter().enumerate().filter(|(_, duty)| duty.sort == DutySort::Division)
}

/// What a clause divides: what each side is said to do, and what the heading names (在地下水方面的职责分工).
fn divided(clause: &str) -> Vec<String> {
    let mut all = Vec::new();
    for piece in clause.split(['，', '。', '；', '：', '\n', ',']).map(str::trim) {
        let (what, least) = match division_named(piece) {
            Some(end) => {
                let topic = piece.split_once('在').and_then(|(_, rest)| rest.split_once("方面")).map(|(topic, _)| topic);
                let named = &piece[..end];
                let bare = &named[crate::staffing::mark(named).map_or(0, |mark| mark.len)..];
                let bare = bare.trim_start_matches("关于").trim_end_matches("有关").trim_end_matches('的');
                let whose = bare.is_empty() || bare.contains(['与', '同']);
                (topic.unwrap_or(if whose { "" } else { bare }), 2)
            }
            None => {
                let act = ["负责", "承担", "牵头", "主管"].iter().filter_map(|word| piece.find(word)).min();
                (&piece[act.unwrap_or(0)..], LEAST_CHARS)
            }
        };
        all.extend(Some(says(what)).filter(|says| says.chars().count() >= least));
    }
    all
}

impl<'s> Territory<'s> {
    /// The schemes of one division, of all times.
    pub fn new(schemes: &[Held<'s>], day: Date) -> Self {
        // A scheme that names no record is of the institution that another of that name does.
        let named = |held: &Held<'s>| Some((held.scheme.institution_name.as_str(), held.scheme.institution_id.as_deref()?));
        let ids: HashMap<&str, &str> = schemes.iter().filter_map(named).collect();
        let mut institutions: BTreeMap<&str, Vec<Held<'s>>> = BTreeMap::new();
        for held in schemes {
            let name = held.scheme.institution_name.as_str();
            let id = held.scheme.institution_id.as_deref().or_else(|| ids.get(name).copied());
            institutions.entry(id.unwrap_or(name)).or_default().push(*held);
        }
        let members: Vec<Member<'s>> = institutions.into_values().map(|schemes| Member::of(schemes, day)).collect();
        let relevant = || members.iter().flat_map(|m| m.now.scheme().into_iter().chain(m.before));
        let texts: Vec<String> = relevant()
            .flat_map(|held| main_duties(&held).collect::<Vec<_>>())
            .flat_map(|(_, duty)| {
                matters(&duty.text).into_iter().map(|matter| matter.says).chain([says(&duty.text)]).collect::<Vec<_>>()
            })
            .collect();
        let divided: Vec<Vec<(usize, Vec<String>)>> = members
            .iter()
            .map(|member| {
                let of = |held: Held<'s>| divisions(&held).map(|(at, duty)| (at, divided(&duty.text))).collect();
                member.now.scheme().map(of).unwrap_or_default()
            })
            .collect();
        let of_clauses = divided.iter().flatten().flat_map(|(_, texts)| texts);
        let alike = Alike::new(texts.iter().chain(of_clauses).map(String::as_str));
        let dividing = |(duty, texts): &(usize, Vec<String>)| Dividing {
            duty: *duty,
            matters: texts.iter().filter_map(|says| alike.number(says)).collect(),
        };
        let clauses = divided.iter().map(|clauses| clauses.iter().map(dividing).collect()).collect();
        let mut matters_at: HashMap<u32, Vec<(At, String)>> = HashMap::new();
        let mut duties_at: HashMap<u32, Vec<At>> = HashMap::new();
        for (member, held) in members.iter().enumerate().filter_map(|(at, m)| Some((at, m.now.scheme()?))) {
            for (duty, text) in main_duties(&held) {
                let at = At { member, duty };
                if let Some(number) = alike.number(&says(&text.text)) {
                    duties_at.entry(number).or_default().push(at);
                }
                for Matter { text, says } in matters(&text.text) {
                    if let Some(number) = alike.number(&says) {
                        matters_at.entry(number).or_default().push((at, text));
                    }
                }
            }
        }
        Self { members, clauses, alike, matters_at, duties_at }
    }

    fn place(&self, at: At) -> Option<SchemeDuty<'s>> {
        let held = self.members[at.member].now.scheme()?;
        Some(SchemeDuty { held, duty: &held.scheme.duties[at.duty] })
    }

    /// What left the institution that had it: see [`Left`].
    pub fn left(&self) -> Vec<Left<'s>> {
        let mut all = Vec::new();
        for (member, m) in self.members.iter().enumerate() {
            let Some(before) = m.before else { continue };
            for (_, duty) in main_duties(&before) {
                for Matter { text, says } in matters(&duty.text) {
                    let Some(number) = self.alike.number(&says) else { continue };
                    let doing = self.doing(number);
                    let members: BTreeSet<usize> = doing.iter().map(|(at, _)| at.member).collect();
                    if members.contains(&member) || members.len() > FORMULA {
                        continue;
                    }
                    let arrived =
                        doing.into_iter().filter_map(|(at, score)| Some(Arrival { at: self.place(at)?, score }));
                    let arrived = arrived.take(MAX_ARRIVALS);
                    let from = SchemeDuty { held: before, duty };
                    all.push(Left { from, matter: text, arrived: arrived.collect(), now: m.now.scheme() });
                }
            }
        }
        all
    }

    /// The duties in force that say a matter, the surest first.
    fn doing(&self, matter: u32) -> Vec<(At, f32)> {
        let mut best: BTreeMap<At, f32> = BTreeMap::new();
        let mut put = |at: At, score: f32| {
            let known = best.entry(at).or_insert(score);
            *known = known.max(score);
        };
        for other in self.alike.near(matter) {
            let within = self.alike.within(matter, other);
            if within >= WITHIN {
                self.duties_at.get(&other).into_iter().flatten().for_each(|at| put(*at, within));
            }
            let alike = self.alike.between(matter, other);
            if alike >= STILL_DONE {
                self.matters_at.get(&other).into_iter().flatten().for_each(|(at, _)| put(*at, alike));
            }
        }
        let mut all: Vec<(At, f32)> = best.into_iter().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all
    }

    /// The same matter at two institutions.
    pub fn overlaps(&self) -> Overlaps<'s> {
        self.overlaps_from(SAME)
    }

    /// The same with another threshold, by which it is set.
    pub(super) fn overlaps_from(&self, least: f32) -> Overlaps<'s> {
        let mut best: BTreeMap<(At, At, bool), (Overlap<'s>, Option<SchemeDuty<'s>>)> = BTreeMap::new();
        let mut formulas = 0;
        let mut texts: Vec<u32> = self.matters_at.keys().copied().collect();
        texts.sort_unstable();
        for text in texts {
            let like: Vec<(u32, f32)> = self
                .alike
                .near(text)
                .into_iter()
                .filter(|other| self.matters_at.contains_key(other))
                .map(|other| (other, self.alike.between(text, other)))
                .filter(|(_, score)| *score >= least)
                .collect();
            let members: BTreeSet<usize> =
                like.iter().flat_map(|(other, _)| self.matters_at[other].iter().map(|(at, _)| at.member)).collect();
            if members.len() > FORMULA {
                formulas += 1;
                continue;
            }
            for (at, matter) in &self.matters_at[&text] {
                for (other, score) in &like {
                    for (there, said) in self.matters_at[other].iter().filter(|(there, _)| there.member > at.member) {
                        let Some(overlap) = self.overlap((*at, matter), (*there, said), *score) else { continue };
                        let clause = self.settled(*at, *there, [text, *other]);
                        let known = best.get(&(*at, *there, clause.is_some()));
                        if known.is_none_or(|(known, _)| known.score < *score) {
                            best.insert((*at, *there, clause.is_some()), (overlap, clause));
                        }
                    }
                }
            }
        }
        let mut all = Overlaps { formulas, ..Overlaps::default() };
        for (overlap, clause) in best.into_values() {
            match clause {
                Some(clause) => all.divided.push((overlap, clause)),
                None => all.open.push(overlap),
            }
        }
        all
    }

    fn overlap(&self, (at, matter): (At, &str), (there, said): (At, &str), score: f32) -> Option<Overlap<'s>> {
        let takes_part = |text: &str| TAKES_PART.iter().any(|word| text.contains(word));
        if takes_part(matter) || takes_part(said) {
            return None;
        }
        let matters = (matter.to_owned(), said.to_owned());
        Some(Overlap { one: self.place(at)?, other: self.place(there)?, matters, score })
    }

    /// The clause of either institution that says how a matter of both is divided. One that names no matter divides
    /// all.
    fn settled(&self, at: At, there: At, matters: [u32; 2]) -> Option<SchemeDuty<'s>> {
        let speaks = |clause: u32, matter: u32| {
            self.alike.between(clause, matter) >= STILL_DONE
                || self.alike.within(clause, matter) >= WITHIN
                || self.alike.within(matter, clause) >= WITHIN
        };
        let of = |member: usize, with: usize| {
            let held = self.members[member].now.scheme()?;
            let name = self.members[with].name;
            let settles = |clause: &&Dividing| {
                let about = clause.matters.is_empty()
                    || clause.matters.iter().any(|clause| matters.iter().any(|matter| speaks(*clause, *matter)));
                about && names(&held.scheme.duties[clause.duty], name)
            };
            let clause = self.clauses[member].iter().find(settles)?;
            Some(SchemeDuty { held, duty: &held.scheme.duties[clause.duty] })
        };
        of(at.member, there.member).or_else(|| of(there.member, at.member))
    }

    /// Whether an institution's scheme says how its duties are divided with another's.
    fn divides(&self, member: usize, with: usize) -> bool {
        let Some(held) = self.members[member].now.scheme() else { return false };
        divisions(&held).any(|(_, duty)| names(duty, self.members[with].name))
    }

    /// Divisions of duties told by one side alone. Of institutions whose scheme is not on record nothing is claimed.
    pub fn one_sided(&self) -> Vec<OneSided<'s>> {
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for (member, m) in self.members.iter().enumerate() {
            let Some(held) = m.now.scheme() else { continue };
            for duty in held.scheme.duties.iter().filter(|duty| duty.sort == DutySort::Division) {
                for named in &duty.institutions {
                    let others: Vec<usize> = (0..self.members.len()).filter(|other| *other != member).collect();
                    let found = meant(named, others.iter().map(|other| self.members[*other].name));
                    let Some(other) = found.map(|at| others[at]) else { continue };
                    let Some(silent) = self.members[other].now.scheme() else { continue };
                    if !self.divides(other, member) && seen.insert((member, other)) {
                        all.push(OneSided { by: SchemeDuty { held, duty }, named: named.clone(), silent });
                    }
                }
            }
        }
        all
    }

    /// Rule S12: two schemes of one institution that hold on the same day, with the first such day.
    pub fn double(&self) -> Vec<(Held<'s>, Held<'s>, Date)> {
        self.members.iter().flat_map(|member| in_force::double(&member.schemes)).collect()
    }

    /// Each institution that has a scheme on record, by name, with the one in force; where none that has a day is, one
    /// without.
    pub fn in_force(&self) -> impl Iterator<Item = (&'s str, Option<Held<'s>>)> {
        self.members.iter().map(|member| {
            let without_day = || member.schemes.iter().copied().find(in_force::is_undated);
            let unknown = member.now == InForce::Unknown;
            (member.name, member.now.scheme().or_else(|| without_day().filter(|_| unknown)))
        })
    }
}

/// Whether a clause names an institution.
fn names(clause: &Duty, name: &str) -> bool {
    clause.institutions.iter().any(|body| may_mean(body, name)) || clause.text.contains(name)
}

impl<'s> Member<'s> {
    fn of(mut schemes: Vec<Held<'s>>, day: Date) -> Self {
        schemes.sort_by(|a, b| begins(a).cmp(&begins(b)).then_with(|| a.id.cmp(b.id)));
        let now = in_force::on_day(&schemes, day);
        let before = match &now {
            // An institution that is gone leaves all that it did.
            InForce::Ended(held, _) => Some(*held),
            InForce::One(held) => {
                let earlier = |other: &&Held<'_>| begins(other).is_some() && begins(other) < begins(held);
                schemes.iter().rev().find(earlier).copied()
            }
            InForce::Several(all) => all.last().copied(),
            InForce::NotYet(_) | InForce::Unknown => None,
        };
        let name = now
            .scheme()
            .or(before)
            .or(schemes.last().copied())
            .map_or("", |held| held.scheme.institution_name.as_str());
        Self { name, schemes, now, before }
    }
}
