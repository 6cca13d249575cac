//! The indicators on which a site fails by one alone 单项否决, each from what was measured.

use jiff::{Span, civil::Date};

use super::{Presence, SiteCheck};
use crate::{
    Fault,
    naming::{Day, Reachable, reachable},
};

/// Columns that are stale, and blank ones, from which on a site fails.
const STALE_NEWS: usize = 5;
const STALE_OTHERS: usize = 10;
const BLANK: usize = 5;
/// What a guide has to say.
const ELEMENTS: [&str; 4] = ["事项名称", "设定依据", "申请条件", "办理材料"];
/// Between the parts of a line.
const BARS: [char; 2] = ['｜', '|'];

/// An indicator, as the state's check counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    Reachable,
    HomeUpdated,
    Columns,
    Errors,
    Interaction,
    Services,
}

impl Indicator {
    pub const ALL: [Indicator; 6] =
        [Self::Reachable, Self::HomeUpdated, Self::Columns, Self::Errors, Self::Interaction, Self::Services];

    pub fn label(self) -> &'static str {
        match self {
            Self::Reachable => "网站打得开",
            Self::HomeUpdated => "首页更新",
            Self::Columns => "栏目更新",
            Self::Errors => "严重错误",
            Self::Interaction => "互动回应",
            Self::Services => "办事服务",
        }
    }
}

/// What became of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// What was measured does not tell.
    Open,
}

impl Outcome {
    pub fn label(self) -> &'static str {
        match self {
            Self::Passed => "通过",
            Self::Failed => "否决",
            Self::Open => "不能判定",
        }
    }
}

/// An indicator with its outcome and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub indicator: Indicator,
    pub outcome: Outcome,
    pub evidence: String,
}

fn parts(line: &str) -> Vec<&str> {
    line.split(BARS).map(str::trim).collect()
}

/// A day's visits.
fn day(line: &str) -> Result<Day, String> {
    let wrong = || format!("“{line}”应为 日期｜访问次数｜失败次数");
    let [on, visits, failed] = parts(line)[..] else { return Err(wrong()) };
    let (Ok(on), Ok(visits), Ok(failed)) = (on.parse(), visits.parse(), failed.parse()) else { return Err(wrong()) };
    if failed > visits { Err(format!("“{line}”失败的次数多于访问的次数")) } else { Ok(Day { day: on, visits, failed }) }
}

/// How long a column may go without news.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    /// 动态要闻: two weeks.
    News,
    /// 通知公告, 政策文件: six months.
    Notices,
    /// Others, in so many days, where anything is said of them.
    Others(Option<u32>),
}

struct ColumnLine {
    rhythm: Rhythm,
    name: String,
    updated: Option<Date>,
}

fn column(line: &str) -> Result<ColumnLine, String> {
    let wrong = || format!("“{line}”应为 动态要闻、通知公告、政策文件或其他｜栏目名称｜最后更新日期");
    let all = parts(line);
    let (Some(sort), Some(name)) = (all.first(), all.get(1).filter(|name| !name.is_empty())) else {
        return Err(wrong());
    };
    let every = all.get(3).filter(|text| !text.is_empty()).map(|text| text.parse().map_err(|_| wrong())).transpose()?;
    let rhythm = match *sort {
        "动态要闻" => Rhythm::News,
        "通知公告" | "政策文件" => Rhythm::Notices,
        "其他" => Rhythm::Others(every),
        _ => return Err(wrong()),
    };
    let updated = all.get(2).filter(|text| !text.is_empty()).map(|text| text.parse().map_err(|_| wrong()));
    Ok(ColumnLine { rhythm, name: (*name).to_owned(), updated: updated.transpose()? })
}

struct Message {
    title: String,
    came: Date,
    answered: Option<Date>,
}

fn message(line: &str) -> Result<Message, String> {
    let wrong = || format!("“{line}”应为 标题｜收到日期｜答复日期");
    let all = parts(line);
    let (Some(title), Some(came)) = (all.first(), all.get(1)) else { return Err(wrong()) };
    let answered = all.get(2).filter(|text| !text.is_empty()).map(|text| text.parse().map_err(|_| wrong()));
    Ok(Message { title: (*title).to_owned(), came: came.parse().map_err(|_| wrong())?, answered: answered.transpose()? })
}

/// A guide: the item, and which of the elements it lacks.
fn guide(line: &str) -> Result<(String, Vec<&'static str>), String> {
    let [item, has] = parts(line)[..] else { return Err(format!("“{line}”应为 事项｜指南写明的要素")) };
    let has: Vec<&str> = has.split(['、', '，', ',']).map(str::trim).collect();
    Ok((item.to_owned(), ELEMENTS.into_iter().filter(|element| !has.contains(element)).collect()))
}

/// Points with what they are for and the evidence.
pub(super) fn points(line: &str) -> Result<(u32, String), String> {
    let wrong = || format!("“{line}”应为 分数｜问题｜证据，证据不能空");
    let [points, what, evidence] = parts(line)[..] else { return Err(wrong()) };
    let tenths = tenths(points).ok_or_else(wrong)?;
    if what.is_empty() || evidence.is_empty() { Err(wrong()) } else { Ok((tenths, format!("{what}（{evidence}）"))) }
}

/// Points as they are written, in tenths: 2.5 is 25. At most 100.
fn tenths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let whole: u32 = whole.parse().ok().filter(|n| *n <= 100)?;
    let part: u32 = part.parse().ok().filter(|n| *n <= 9 && part.len() == 1)?;
    Some(whole * 10 + part)
}

fn months_before(day: Date, months: i64) -> Date {
    day.checked_sub(Span::new().months(months)).unwrap_or(Date::MIN)
}

fn days_before(day: Date, days: u32) -> Date {
    day.checked_sub(Span::new().days(i64::from(days))).unwrap_or(Date::MIN)
}

impl SiteCheck {
    /// What of the measurements cannot be read, by column.
    pub(super) fn unreadable(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        fn all<T>(lines: &[String], read: fn(&str) -> Result<T, String>) -> Vec<String> {
            lines.iter().filter_map(|line| read(line).err()).collect()
        }
        for (column, told) in [
            ("visits", all(&self.visits, day)),
            ("columns", all(&self.columns, column)),
            ("messages", all(&self.messages, message)),
            ("guides", all(&self.guides, guide)),
            ("deductions", all(&self.deductions, points)),
            ("bonus", all(&self.bonus, points)),
        ] {
            faults.extend(told.into_iter().map(|fault| (column, fault)));
        }
        let no_evidence = self.errors.iter().filter(|line| parts(line).len() != 2 || parts(line)[1].is_empty());
        faults.extend(no_evidence.map(|line| ("errors", format!("“{line}”应为 错误｜证据"))));
        faults
    }

    /// The six indicators, each with what it rests on.
    pub fn findings(&self) -> Vec<Finding> {
        let of = |indicator, (outcome, evidence)| Finding { indicator, outcome, evidence };
        vec![
            of(Indicator::Reachable, self.reachable()),
            of(Indicator::HomeUpdated, self.home()),
            of(Indicator::Columns, self.stale_columns()),
            of(Indicator::Errors, self.serious()),
            of(Indicator::Interaction, self.answers()),
            of(Indicator::Services, self.guidance()),
        ]
    }

    fn reachable(&self) -> (Outcome, String) {
        let days: Vec<Day> = self.visits.iter().filter_map(|line| day(line).ok()).collect();
        let judged = reachable(&days);
        let outcome = match judged {
            Reachable::Passes { .. } => Outcome::Passed,
            Reachable::Fails { .. } => Outcome::Failed,
            Reachable::NoVerdict(_) => Outcome::Open,
        };
        (outcome, judged.words())
    }

    fn home(&self) -> (Outcome, String) {
        let (Some(updated), Some(checked)) = (self.home_updated, self.checked) else {
            return (Outcome::Open, "没有首页最后更新的日期".to_owned());
        };
        let told = format!("首页最后更新 {updated}");
        let stale = updated < days_before(checked, 14);
        (if stale { Outcome::Failed } else { Outcome::Passed }, told)
    }

    fn stale_columns(&self) -> (Outcome, String) {
        let all: Vec<ColumnLine> = self.columns.iter().filter_map(|line| column(line).ok()).collect();
        let Some(checked) = self.checked.filter(|_| !all.is_empty()) else {
            return (Outcome::Open, "没有栏目的记录".to_owned());
        };
        let names = |list: &[&ColumnLine]| {
            list.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join("、")
        };
        let stale = |column: &&ColumnLine| {
            let Some(updated) = column.updated else { return false };
            match column.rhythm {
                Rhythm::News => updated < days_before(checked, 14),
                Rhythm::Notices => updated < months_before(checked, 6),
                Rhythm::Others(every) => every.is_some_and(|days| updated < days_before(checked, days)),
            }
        };
        let (others, news): (Vec<&ColumnLine>, Vec<&ColumnLine>) =
            all.iter().filter(stale).partition(|column| matches!(column.rhythm, Rhythm::Others(_)));
        let blank: Vec<&ColumnLine> = all.iter().filter(|column| column.updated.is_none()).collect();
        let mut told = vec![format!("{} 个栏目", all.len())];
        for (label, list) in [("要闻、公告、文件不更新", &news), ("其他栏目不更新", &others), ("空白", &blank)] {
            if !list.is_empty() {
                told.push(format!("{label} {} 个（{}）", list.len(), names(list)));
            }
        }
        let fails = news.len() >= STALE_NEWS || others.len() >= STALE_OTHERS || blank.len() >= BLANK;
        (if fails { Outcome::Failed } else { Outcome::Passed }, told.join("，"))
    }

    fn serious(&self) -> (Outcome, String) {
        match self.errors.len() {
            0 => (Outcome::Passed, "没有记录".to_owned()),
            _ => (Outcome::Failed, self.errors.join("、")),
        }
    }

    fn answers(&self) -> (Outcome, String) {
        match self.interaction {
            Presence::Unseen => return (Outcome::Open, "没有检查互动渠道".to_owned()),
            Presence::Missing => return (Outcome::Failed, "没有互动渠道".to_owned()),
            Presence::There => {}
        }
        let Some(checked) = self.checked else { return (Outcome::Open, "没有检查截止日期".to_owned()) };
        let year = months_before(checked, 12);
        let late = |m: &Message| {
            let waited_until = months_before(m.answered.unwrap_or(checked), 3);
            m.came >= year && m.came < waited_until
        };
        let all = self.messages.iter().filter_map(|line| message(line).ok());
        let late: Vec<String> = all.filter(late).map(|m| format!("{}（{} 收到）", m.title, m.came)).collect();
        match late.len() {
            0 => (Outcome::Passed, format!("留言 {} 件，都在三个月内答复", self.messages.len())),
            n => (Outcome::Failed, format!("超过三个月没有答复 {n} 件：{}", late.join("、"))),
        }
    }

    fn guidance(&self) -> (Outcome, String) {
        match self.services {
            Presence::Unseen => return (Outcome::Open, "没有检查办事服务".to_owned()),
            Presence::Missing => return (Outcome::Failed, "没有办事服务".to_owned()),
            Presence::There => {}
        }
        let all: Vec<(String, Vec<&str>)> = self.guides.iter().filter_map(|line| guide(line).ok()).collect();
        let lacking = all.iter().filter(|(_, lacks)| !lacks.is_empty());
        let lacking: Vec<String> = lacking.map(|(item, lacks)| format!("{item}缺{}", lacks.join("、"))).collect();
        match (all.len(), lacking.len()) {
            (0, _) => (Outcome::Open, "没有办事指南的记录".to_owned()),
            (n, 0) => (Outcome::Passed, format!("办事指南 {n} 个，要素齐全")),
            _ => (Outcome::Failed, lacking.join("；")),
        }
    }
}
