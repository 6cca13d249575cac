//! The moves of an application: what leads from where to where, who makes it and what it asks for.

use jiff::civil::Date;

use super::{Lack, MAX_KEPT, NameApplication, Reviewer, Stage, StageChange};
use crate::{Clock, DivisionCode, Letter, Record, SERVICE};

/// Who makes a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Applicant,
    /// The office that has it before it.
    Desk,
}

/// What a move asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Nothing,
    /// A reason for what the applicant has to add.
    Supplement,
    /// A reason for refusing.
    Refusal,
    /// A reason for not taking it on.
    NonAcceptance,
}

/// What a move does to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It goes to the first review, or back to whoever asked for more.
    Submit,
    Withdraw,
    TakeOn,
    AskForMore,
    /// It goes to the next desk or link of the chain, or is approved.
    Pass,
    Register,
    Refuse,
    DoNotAccept,
    Lapse,
}

/// A step from some stages to another.
#[derive(Debug, PartialEq, Eq)]
pub struct Move {
    /// Name in addresses.
    pub name: &'static str,
    pub label: &'static str,
    pub from: &'static [Stage],
    pub by: By,
    pub asks: Asked,
    pub then: Then,
}

macro_rules! moves {
    ($($name:literal, $label:literal, [$($from:ident),*], $by:ident, $asks:ident, $then:ident;)*) => {
        /// All moves. Where submitting and passing lead depends on the chain.
        pub const MOVES: &[Move] = &[$(Move {
            name: $name, label: $label, from: &[$(Stage::$from),*], by: By::$by, asks: Asked::$asks,
            then: Then::$then,
        }),*];
    };
}

moves! {
    "submit", "提交", [Draft, Supplement], Applicant, Nothing, Submit;
    "withdraw", "撤回", [Draft, AwaitsFirst, InFirst, Supplement, AwaitsSecond, InSecond], Applicant, Nothing, Withdraw;
    "take", "受理", [AwaitsFirst, AwaitsSecond], Desk, Nothing, TakeOn;
    "supplement", "要求补正", [InFirst, InSecond], Desk, Supplement, AskForMore;
    "pass", "通过", [InFirst, InSecond], Desk, Nothing, Pass;
    "register", "登记", [Approved], Desk, Nothing, Register;
    "refuse", "拒绝", [InFirst, InSecond], Desk, Refusal, Refuse;
    "not-accept", "不予受理", [AwaitsFirst, InFirst], Desk, NonAcceptance, DoNotAccept;
    "lapse", "逾期失效", [Supplement], Desk, Nothing, Lapse;
}

/// The move of a name.
pub fn move_named(name: &str) -> Option<&'static Move> {
    MOVES.iter().find(|step| step.name == name)
}

/// Why a move cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("申请现在是“{}”，不能{label}", .stage.label())]
    Stage { stage: Stage, label: &'static str },
    #[error("{}", .0.iter().map(|lack| lack.text).collect::<Vec<_>>().join("；"))]
    Lacks(Vec<Lack>),
    #[error("经办人、初审人、复审人应是三个人：您已经办理过这份申请")]
    SamePerson,
    #[error("这份申请由另一位审核人员受理，须由受理人办理")]
    NotInvestigator,
    #[error("有部分没有审核通过：{0}。请先写明各部分的意见")]
    Sections(String),
    #[error("补正期限 {0} 还没有过")]
    NotOverdue(Date),
    #[error("这次补正没有期限，不能按逾期办理")]
    NoDeadline,
}

/// A move on its way.
pub struct Step<'a> {
    pub step: &'static Move,
    pub account: &'a str,
    pub office: &'a str,
    pub day: Date,
    pub letter: Option<Letter>,
    /// Clocks of the next review, should the move begin one; of the time for adding, should it ask for that.
    pub review_clock: Option<Clock>,
    pub barred_until: Option<Date>,
}

impl Step<'_> {
    /// Makes the move.
    pub fn apply(self, of: &mut NameApplication) -> Result<(), Refused> {
        let step = self.step;
        if !step.from.contains(&of.stage) {
            return Err(Refused::Stage { stage: of.stage, label: step.label });
        }
        // What time alone brings is nobody's review.
        if step.by == By::Desk && self.account != SERVICE {
            self.third_person(of)?;
        }
        let links = of.chain.links().len();
        let second = of.link + 1 >= links;
        let (before, own) = (of.stage, of.applicant.division.clone());
        let to = match step.then {
            Then::Submit => {
                let lacks = of.lacks();
                if !lacks.is_empty() {
                    return Err(Refused::Lacks(lacks));
                }
                of.last_submitted = Some(self.day);
                match before {
                    // What was added comes back to whoever asked for it.
                    Stage::Supplement if second => Stage::InSecond,
                    Stage::Supplement => Stage::InFirst,
                    _ => {
                        of.first_submitted.get_or_insert(self.day);
                        of.link = 0;
                        of.desk = of.chain.desk(0, &own);
                        Stage::AwaitsFirst
                    }
                }
            }
            Then::TakeOn => {
                of.reviewers.push(Reviewer { link: of.link, account: self.account.to_owned() });
                if second { Stage::InSecond } else { Stage::InFirst }
            }
            Then::Pass => {
                let held: Vec<&str> = of.sections.iter().filter(|s| s.verdict != super::Verdict::Approve).map(|s| s.part.label()).collect();
                if !held.is_empty() {
                    return Err(Refused::Sections(held.join("、")));
                }
                match of.chain.next_desk(of.link, &of.desk) {
                    Some(next) => {
                        of.desk = next;
                        Stage::AwaitsFirst
                    }
                    None if second => Stage::Approved,
                    None => {
                        of.link += 1;
                        of.desk = of.chain.desk(of.link, &own);
                        Stage::AwaitsSecond
                    }
                }
            }
            Then::AskForMore => Stage::Supplement,
            Then::Withdraw => Stage::Withdrawn,
            Then::Register => Stage::Registered,
            Then::Refuse => Stage::Refused,
            Then::Lapse => {
                let due = of.due.ok_or(Refused::NoDeadline)?;
                if self.day <= due {
                    return Err(Refused::NotOverdue(due));
                }
                Stage::Lapsed
            }
            Then::DoNotAccept => {
                of.barred_until = self.barred_until;
                Stage::NotAccepted
            }
        };
        set_clock(of, before, to, self.day, self.review_clock);
        of.stage = to;
        of.letters.extend(self.letter);
        of.stages.push(StageChange { on: self.day, act: step.label.to_owned(), to, office: self.office.to_owned() });
        let older = of.letters.len().saturating_sub(MAX_KEPT);
        of.letters.drain(..older);
        let older = of.stages.len().saturating_sub(MAX_KEPT);
        of.stages.drain(..older);
        Ok(())
    }

    /// Whoever wrote it reviews nothing of it, nobody reviews it at two links or for two offices, and who has taken it on goes
    /// on with it.
    fn third_person(&self, of: &NameApplication) -> Result<(), Refused> {
        if of.handlers.iter().any(|handler| handler == self.account) {
            return Err(Refused::SamePerson);
        }
        let last = of.reviewers.last();
        match of.stage {
            Stage::AwaitsFirst | Stage::AwaitsSecond if of.reviewers.iter().any(|r| r.account == self.account) => {
                Err(Refused::SamePerson)
            }
            Stage::InFirst | Stage::InSecond | Stage::Approved | Stage::Supplement
                if last.is_some_and(|last| last.account != self.account) =>
            {
                Err(Refused::NotInvestigator)
            }
            _ => Ok(()),
        }
    }
}

/// The clock of a review begins when it comes to an office, stands while the applicant has to act and ends with the review.
fn set_clock(of: &mut NameApplication, before: Stage, to: Stage, day: Date, next: Option<Clock>) {
    match (before, to) {
        (_, Stage::Supplement) => {
            if let Some(clock) = &mut of.clock {
                clock.pause(day);
            }
        }
        (Stage::Supplement, Stage::InFirst | Stage::InSecond) => {
            if let Some(clock) = &mut of.clock {
                clock.resume(day);
            }
        }
        (_, Stage::AwaitsFirst | Stage::AwaitsSecond) => of.clock = next,
        (_, Stage::InFirst | Stage::InSecond) => {}
        _ => of.clock = None,
    }
}

/// A record whose envelope says what its application does: who has it, and where it stands.
pub fn enveloped(mut record: Record) -> Record {
    if let crate::Body::NameApplication(of) = &record.body {
        let owner = in_charge(of).clone();
        (record.state, record.owner) = (of.stage.state(), Some(owner).filter(|owner| !owner.is_nation()));
    }
    record
}

/// The division that answers for an application where it stands: the applicant's own, or that of the desk.
pub fn in_charge(of: &NameApplication) -> &DivisionCode {
    if of.stage.is_open_to_applicant() { &of.applicant.division } else { &of.desk }
}
