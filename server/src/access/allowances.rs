//! How much an office may hand in on a day: a key that runs wild, or one that leaked, fills neither the disk nor the queues
//! of those who review.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use indexer::record::Date;

/// Bytes of files a day: thirty-two of the largest, or some ten thousand documents as offices write them.
pub const MAX_BYTES: u64 = 2 << 30;
/// Submissions written or changed a day: ten of the largest tables. A national list comes by `guansou import table`.
pub const MAX_SUBMISSIONS: u64 = 20_000;

/// What is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Submitted {
    pub bytes: u64,
    pub submissions: u64,
}

impl Submitted {
    pub fn file(bytes: u64) -> Self {
        Self { bytes, submissions: 0 }
    }

    pub fn submissions(n: usize) -> Self {
        Self { bytes: 0, submissions: n as u64 }
    }
}

/// What an office still may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    #[error("贵单位今天上传的文件已满 {} MiB（还可上传 {} MiB）：请明天再传，或请管理员用 guansou import document 导入", MAX_BYTES >> 20, .left >> 20)]
    Bytes { left: u64 },
    #[error(
        "贵单位今天报送已满 {MAX_SUBMISSIONS} 份（还可报送 {left} 份）：请明天再报，或请管理员用 guansou import table 导入"
    )]
    Submissions { left: u64 },
}

/// Counts by office, of one day. A restart begins the day anew; offices are as many as administrators made.
#[derive(Default)]
pub struct Allowances {
    day: Mutex<Option<(Date, HashMap<String, Submitted>)>>,
}

impl Allowances {
    /// Counts what an office hands in; where that is more than it may, nothing is counted.
    pub fn take(&self, office: &str, handed: Submitted, today: Date) -> Result<(), Exceeded> {
        let mut day = self.day.lock().unwrap_or_else(PoisonError::into_inner);
        if day.as_ref().is_none_or(|(day, _)| *day != today) {
            *day = Some((today, HashMap::new()));
        }
        let Some((_, offices)) = day.as_mut() else { return Ok(()) };
        let used = offices.entry(office.to_owned()).or_default();
        let left = Submitted { bytes: MAX_BYTES - used.bytes, submissions: MAX_SUBMISSIONS - used.submissions };
        if handed.bytes > left.bytes {
            return Err(Exceeded::Bytes { left: left.bytes });
        }
        if handed.submissions > left.submissions {
            return Err(Exceeded::Submissions { left: left.submissions });
        }
        used.bytes += handed.bytes;
        used.submissions += handed.submissions;
        Ok(())
    }

    /// Takes back what was counted for something that then was not done.
    pub fn give_back(&self, office: &str, handed: Submitted, today: Date) {
        let mut day = self.day.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, offices)) = day.as_mut().filter(|(day, _)| *day == today)
            && let Some(used) = offices.get_mut(office)
        {
            used.bytes = used.bytes.saturating_sub(handed.bytes);
            used.submissions = used.submissions.saturating_sub(handed.submissions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_has_its_allowance_each_day() {
        let allowances = Allowances::default();
        let (today, tomorrow) = (Date::constant(2026, 1, 1), Date::constant(2026, 1, 2));
        let half = Submitted::file(MAX_BYTES / 2);
        assert_eq!(allowances.take("a", half, today), Ok(()));
        assert_eq!(allowances.take("a", half, today), Ok(()));
        assert_eq!(allowances.take("a", Submitted::file(1), today), Err(Exceeded::Bytes { left: 0 }));
        assert_eq!(allowances.take("a", Submitted::submissions(19_000), today), Ok(()));
        let more = allowances.take("a", Submitted::submissions(2_000), today);
        assert_eq!(more, Err(Exceeded::Submissions { left: 1_000 }));
        assert!(more.unwrap_err().to_string().contains("还可报送 1000 份"));
        assert_eq!(
            allowances.take("a", Submitted::submissions(1_000), today),
            Ok(()),
            "what was refused is not counted"
        );
        allowances.give_back("a", Submitted::submissions(1), today);
        assert_eq!(allowances.take("a", Submitted::submissions(1), today), Ok(()));
        assert!(allowances.take("a", Submitted::submissions(1), today).is_err());
        assert_eq!(allowances.take("b", Submitted::file(1), today), Ok(()));
        assert_eq!(allowances.take("a", Submitted::file(1), tomorrow), Ok(()));
    }
}
