//! Which days are worked, and on which day a limit ends.
//!
//! A table a year says which days of it are off and which weekends are worked. Before that of a year is announced, Monday to
//! Friday count as worked, and what was counted so is told to be provisional.

use std::{collections::BTreeMap, fs, io, path::Path};

use indexer::record::{Clock, Date, TimeUnit};
use jiff::civil::Weekday;

use super::table::{self, Table, TableError};

const COLUMNS: &[&str] = &["date", "day", "name", "source"];

/// The working days that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Of each year that was announced: the days that differ from the week, and whether they are worked.
    years: BTreeMap<i16, BTreeMap<Date, bool>>,
}

/// Where a limit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its last day; `None` while it stands.
    pub day: Option<Date>,
    /// Years whose days off were not known when it was counted.
    pub provisional: Vec<i16>,
}

impl Due {
    /// What a reader has to know of a day that may still move.
    pub fn note(&self) -> Option<String> {
        let years: Vec<String> = self.provisional.iter().map(|year| format!("{year} 年")).collect();
        (!years.is_empty()).then(|| format!("{}的放假安排尚未收录，暂按周一至周五计算", years.join("、")))
    }
}

impl Calendar {
    /// Reads the tables of a folder, one a year: `2026.csv`. No folder, no years.
    pub(super) fn load(dir: &Path) -> Result<Self, TableError> {
        let failed = |path: &Path, source| TableError::Io { file: path.display().to_string(), source };
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(dir, error)),
        };
        let mut calendar = Self::default();
        for entry in entries {
            let path = entry.map_err(|error| failed(dir, error))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let Some(stem) = name.strip_suffix(".csv") else { continue };
            let year = stem.parse().map_err(|_| TableError::Missing {
                file: path.display().to_string(),
                what: "年份：文件名应为 2026.csv 这样".to_owned(),
            })?;
            calendar.read_year(year, &table::text(&path, "")?)?;
        }
        Ok(calendar)
    }

    fn read_year(&mut self, year: i16, table: &Table) -> Result<(), TableError> {
        let mut days = BTreeMap::new();
        table.each(COLUMNS, &mut |row| {
            let date: Date = row.get("date").parse().map_err(|_| "date 应为 年-月-日".to_owned())?;
            if date.year() != year {
                return Err(format!("{date} 不在 {year} 年"));
            }
            let worked = match row.get("day") {
                "放假" => false,
                "上班" => true,
                other => return Err(format!("day 应为 放假 或 上班，而不是“{other}”")),
            };
            if worked && !is_weekend(date) {
                return Err(format!("{date} 不是周末，本来就上班"));
            }
            row.some("source")?;
            if days.insert(date, worked).is_some() {
                return Err(format!("{date} 重复"));
            }
            Ok(())
        })?;
        if days.is_empty() {
            return Err(TableError::Missing { file: table.file.clone(), what: "放假的日子".to_owned() });
        }
        self.years.insert(year, days);
        Ok(())
    }

    pub fn is_announced(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    pub fn is_working(&self, day: Date) -> bool {
        let told = self.years.get(&day.year()).and_then(|year| year.get(&day));
        told.copied().unwrap_or(!is_weekend(day))
    }

    /// The last day of a clock. The day of receipt is not counted, nor are days on which it stood (民法典 第二百零一条). Limits
    /// in working days leave out all days off; others run through them, and where their last day is one they end with the next
    /// working day (民法典 第二百零三条).
    pub fn due(&self, clock: &Clock) -> Due {
        if clock.is_paused() {
            return Due { day: None, provisional: Vec::new() };
        }
        let mut day = clock.started;
        let mut asked: Vec<i16> = Vec::new();
        let mut works = |day: Date| {
            if !asked.contains(&day.year()) {
                asked.push(day.year());
            }
            self.is_working(day)
        };
        let mut left = match clock.unit {
            TimeUnit::Months => {
                let months = jiff::Span::new().try_months(clock.length);
                let end = months.and_then(|months| clock.started.checked_add(months)).unwrap_or(Date::MAX);
                day = end;
                // Days that it stood come behind its end.
                let stood = clock.pauses.iter().filter_map(|pause| pause.from.until(pause.until?).ok());
                stood.map(|span| u32::try_from(span.get_days()).unwrap_or(0)).fold(0, u32::saturating_add)
            }
            TimeUnit::WorkingDays | TimeUnit::CalendarDays => clock.length,
        };
        let stands = |day| clock.unit != TimeUnit::Months && clock.pauses.iter().any(|pause| pause.covers(day));
        while left > 0 {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if !stands(day) && (clock.unit != TimeUnit::WorkingDays || works(day)) {
                left -= 1;
            }
        }
        if clock.unit != TimeUnit::WorkingDays {
            while !works(day)
                && let Ok(next) = day.tomorrow()
            {
                day = next;
            }
        }
        let provisional = asked.into_iter().filter(|year| !self.is_announced(*year)).collect();
        Due { day: Some(day), provisional }
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use indexer::record::Pause;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn clock(started: &str, length: u32, unit: TimeUnit) -> Clock {
        Clock { limit: "a".into(), started: day(started), length, unit, pauses: Vec::new() }
    }

    /// A made-up year: a week off, for which the Sunday before and the Saturday after are worked.
    fn announced() -> Calendar {
        let mut rows = String::from("date,day,name,source\n");
        for date in ["2031-10-01", "2031-10-02", "2031-10-03", "2031-10-06", "2031-10-07"] {
            rows.push_str(&format!("{date},放假,国庆节,甲通知\n"));
        }
        rows.push_str("2031-09-28,上班,国庆节,甲通知\n2031-10-11,上班,国庆节,甲通知\n");
        let mut calendar = Calendar::default();
        calendar.read_year(2031, &Table { file: "2031.csv".into(), text: rows }).unwrap();
        calendar
    }

    fn ends(calendar: &Calendar, clock: &Clock) -> String {
        calendar.due(clock).day.unwrap().to_string()
    }

    /// The days of the yearly announcements of the State Council's General Office.
    #[test]
    fn the_years_of_the_corpus_have_their_days() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/desk/working_days");
        let calendar = Calendar::load(&corpus).unwrap();
        let works = |day: &str| calendar.is_working(day.parse().unwrap());
        for day in ["2024-10-12", "2025-01-26", "2026-01-04", "2026-02-14", "2026-09-30", "2026-10-10"] {
            assert!(works(day), "{day}");
        }
        for day in ["2024-05-01", "2025-10-08", "2026-01-02", "2026-02-23", "2026-10-01", "2026-10-07", "2026-10-11"] {
            assert!(!works(day), "{day}");
        }
        // Of 365 days 104 are weekends; the announcement of 2026 takes 33 days off, of which 14 are weekends, and works on 6.
        let all = Date::constant(2026, 1, 1).series(jiff::Span::new().days(1)).take(365);
        assert_eq!(all.filter(|day| calendar.is_working(*day)).count(), 365 - 104 - 33 + 14 + 6);
        assert!(calendar.is_announced(2026) && !calendar.is_announced(2027));
    }

    #[test]
    fn worked_examples() {
        let none = Calendar::default();
        use TimeUnit::{CalendarDays, Months, WorkingDays};
        // Five working days from Monday the 2nd: Monday the 9th.
        let five = clock("2026-02-02", 5, WorkingDays);
        assert_eq!(ends(&none, &five), "2026-02-09");
        assert_eq!(none.due(&five).provisional, [2026]);
        // Received on a Friday, or on a Sunday: the next Monday is the first day.
        assert_eq!(ends(&none, &clock("2026-02-06", 1, WorkingDays)), "2026-02-09");
        assert_eq!(ends(&none, &clock("2026-02-08", 1, WorkingDays)), "2026-02-09");
        assert_eq!(ends(&none, &clock("2026-02-02", 20, WorkingDays)), "2026-03-02");
        // Ten days by the calendar from a Thursday end on a Sunday, so on the Monday after.
        assert_eq!(ends(&none, &clock("2026-02-05", 10, CalendarDays)), "2026-02-16");
        assert_eq!(ends(&none, &clock("2026-02-02", 10, CalendarDays)), "2026-02-12");
        // Half a year; the last day of a shorter month stands for one that it lacks, and a Saturday moves on.
        assert_eq!(ends(&none, &clock("2026-01-15", 6, Months)), "2026-07-15");
        assert_eq!(ends(&none, &clock("2026-08-31", 6, Months)), "2027-03-01");
        let over_new_year = none.due(&clock("2026-12-30", 5, WorkingDays));
        assert_eq!(over_new_year.provisional, [2026, 2027]);
        assert_eq!(over_new_year.note().unwrap(), "2026 年、2027 年的放假安排尚未收录，暂按周一至周五计算");
    }

    #[test]
    fn days_off_and_worked_weekends_are_those_of_the_table() {
        let year = announced();
        let five = clock("2031-09-26", 5, TimeUnit::WorkingDays);
        // Sunday 28th is worked, Monday, Tuesday; then five days off and the weekend; Wednesday and Thursday.
        assert_eq!(ends(&year, &five), "2031-10-09");
        assert_eq!(year.due(&five), Due { day: Some(day("2031-10-09")), provisional: Vec::new() });
        assert_eq!(year.due(&five).note(), None);
        assert_eq!(ends(&Calendar::default(), &five), "2031-10-03");
        assert_eq!(ends(&year, &clock("2031-09-21", 10, TimeUnit::CalendarDays)), "2031-10-08", "the 1st is off");
        assert!(year.is_working(day("2031-10-11")) && !year.is_working(day("2031-10-12")));
    }

    #[test]
    fn what_the_other_side_takes_is_not_counted() {
        let none = Calendar::default();
        let mut stood = clock("2026-02-02", 5, TimeUnit::WorkingDays);
        stood.pause(day("2026-02-04"));
        assert_eq!(none.due(&stood), Due { day: None, provisional: Vec::new() });
        stood.resume(day("2026-02-06"));
        // Tuesday and Wednesday, then Monday, Tuesday, Wednesday.
        assert_eq!(ends(&none, &stood), "2026-02-11");
        let mut months = clock("2026-01-15", 6, TimeUnit::Months);
        months.pause(day("2026-03-02"));
        months.resume(day("2026-03-05"));
        assert_eq!(ends(&none, &months), "2026-07-20", "three days later is a Saturday");
    }

    #[test]
    fn wrong_tables_are_told_by_line() {
        for (rows, part) in [
            ("2030-01-01,放假,元旦,甲\n", "第 2 行：2030-01-01 不在 2031 年"),
            ("2031-01-01,休息,元旦,甲\n", "放假 或 上班"),
            ("2031-01-01,放假,元旦,\n", "source 不能为空"),
            ("2031-13-01,放假,元旦,甲\n", "年-月-日"),
            ("2031-01-02,上班,元旦,甲\n", "不是周末"),
            ("2031-01-01,放假,元旦,甲\n2031-01-01,放假,元旦,甲\n", "第 3 行：2031-01-01 重复"),
            ("", "缺少 放假的日子"),
        ] {
            let text = format!("date,day,name,source\n{rows}");
            let told = Calendar::default().read_year(2031, &Table { file: "2031.csv".into(), text }).unwrap_err();
            assert!(told.to_string().contains(part), "{rows}: {told}");
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("next.csv"), "").unwrap();
        assert!(Calendar::load(dir.path()).unwrap_err().to_string().contains("2026.csv"));
        assert_eq!(Calendar::load(&dir.path().join("none")).unwrap(), Calendar::default());
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (0..4_000i32).prop_map(|n| day("2029-01-01").checked_add(jiff::Span::new().days(n)).unwrap())
    }

    /// Days after the first up to and including the last.
    fn between(first: Date, last: Date) -> Vec<Date> {
        first.series(jiff::Span::new().days(1)).skip(1).take_while(|day| *day <= last).collect()
    }

    proptest! {
        #[test]
        fn so_many_days_are_counted_as_the_limit_has(
            started in any_day(),
            length in 1u32..80,
            pauses in prop::collection::vec((0i32..60, 0i32..20), 0..4),
            working in any::<bool>(),
        ) {
            let unit = if working { TimeUnit::WorkingDays } else { TimeUnit::CalendarDays };
            let mut clock = Clock { limit: "a".into(), started, length, unit, pauses: Vec::new() };
            let mut at = started;
            for (later, long) in pauses {
                at = at.checked_add(jiff::Span::new().days(later)).unwrap();
                clock.pause(at);
                at = at.checked_add(jiff::Span::new().days(long)).unwrap();
                clock.resume(at);
            }
            let calendar = announced();
            let due = calendar.due(&clock).day.unwrap();
            let counts = |day: &Date| {
                (!working || calendar.is_working(*day)) && !clock.pauses.iter().any(|pause| pause.covers(*day))
            };
            let days = between(started, due);
            let mut counted = days.iter().enumerate().filter(|(_, day)| counts(day));
            // The last day that counts; behind it at most days off, on which no limit ends.
            let (last, _) = counted.nth(length as usize - 1).unwrap();
            prop_assert!(calendar.is_working(due));
            prop_assert!(days[last..days.len() - 1].iter().all(|day| !calendar.is_working(*day)));
            // One day more never ends earlier, and a pause never brings the end nearer.
            let longer = Clock { length: length + 1, ..clock.clone() };
            prop_assert!(calendar.due(&longer).day.unwrap() >= due);
            let straight = Clock { pauses: Vec::new(), ..clock.clone() };
            prop_assert!(calendar.due(&straight).day.unwrap() <= due);
            // A pause that ends on the day on which it began changes nothing.
            let mut same = clock.clone();
            same.pauses.push(Pause { from: due, until: Some(due) });
            prop_assert_eq!(calendar.due(&same).day.unwrap(), due);
        }

        #[test]
        fn no_clock_stops_the_program(years in 1i16..9_999, length in any::<u32>(), unit in 0usize..3) {
            let started = Date::new(years, 12, 31).unwrap();
            let length = length % 4_000;
            let clock = Clock { limit: "a".into(), started, length, unit: TimeUnit::ALL[unit], pauses: Vec::new() };
            prop_assert!(Calendar::default().due(&clock).day.unwrap() >= started);
        }
    }
}
