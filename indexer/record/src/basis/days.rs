//! Days that tell the version of a regulation that is meant.

use std::{fmt, ops::Range, sync::LazyLock};

use regex::Regex;
use text::narrow;

use super::{CitedRegulation, regex};
use crate::Date;

static DAY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"([12]\d{3})\s*[年.．/-]\s*(\d{1,2})\s*(?:[月.．/-]\s*(\d{1,2})\s*日?|月)"));

/// A day in a regulation's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotedDay {
    /// The first of the month where only that is written.
    pub day: Date,
    /// Whether only the month is written: 2017年10月修正.
    pub month: bool,
    /// Whether it is the day from which the regulation is applied, which says nothing of its version.
    pub effect: bool,
}

impl CitedRegulation {
    /// The days in its note, in order.
    pub fn days(&self) -> Vec<NotedDay> {
        let note: String = self.note.chars().map(narrow).collect();
        let found: Vec<(Range<usize>, (Date, bool))> =
            DAY.captures_iter(&note).filter_map(|c| Some((c.get(0)?.range(), read_day(&c)?))).collect();
        let ends: Vec<usize> = found.iter().skip(1).map(|(span, _)| span.start).chain([note.len()]).collect();
        let day = |((span, (day, month)), end): (&(Range<usize>, (Date, bool)), usize)| {
            let behind = &note[span.end..end.max(span.end)];
            let says = |word: &str| behind.find(word);
            let effect = [says("施行"), says("实施"), says("执行")].into_iter().flatten().min();
            let other = ["通过", "公布", "发布", "修正", "修订", "修改", "令", "号", "批准", "颁布", "决定"];
            let other = other.into_iter().filter_map(says).min();
            NotedDay { day: *day, month: *month, effect: effect.is_some_and(|at| other.is_none_or(|other| at < other)) }
        };
        found.iter().zip(ends).map(day).collect()
    }

    /// The newest day that tells the version: adoption or the last amendment that the note knows.
    pub fn version(&self) -> Option<NotedDay> {
        self.days().into_iter().filter(|noted| !noted.effect).max_by_key(|noted| noted.day)
    }
}

impl NotedDay {
    /// The last day that may be meant.
    pub fn last(self) -> Date {
        if self.month { self.day.last_of_month() } else { self.day }
    }

    /// Whether a day is the one that is written, or in the month that is.
    pub fn is(self, day: Date) -> bool {
        (self.day..=self.last()).contains(&day)
    }
}

impl fmt::Display for NotedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            true => write!(f, "{} 年 {} 月", self.day.year(), self.day.month()),
            false => write!(f, "{}", self.day),
        }
    }
}

/// A day, and whether only its month is written.
fn read_day(captures: &regex::Captures<'_>) -> Option<(Date, bool)> {
    let number = |at: usize| captures.get(at)?.as_str().parse::<i16>().ok();
    let month = captures.get(3).is_none();
    let day = if month { 1 } else { number(3)? };
    Some((Date::new(number(1)?, number(2)?.try_into().ok()?, day.try_into().ok()?).ok()?, month))
}
