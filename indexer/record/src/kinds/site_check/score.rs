//! The score sheet: a site that fails by one indicator has failed; otherwise it has 100 points less what was taken off.

use super::{Finding, Outcome, SiteCheck, Sort, rules::points};

/// Points, in tenths: from how many on a site has passed, from where on it may earn more, and how much.
const WHOLE: u32 = 1_000;
const PASSES: u32 = 600;
const EARNS_ABOVE: u32 = 800;
const MAX_EARNED: u32 = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    Failed,
    /// What was measured does not tell.
    Open,
}

impl Verdict {
    pub fn label(self) -> &'static str {
        match self {
            Self::Passed => "合格",
            Self::Failed => "不合格",
            Self::Open => "不能判定",
        }
    }
}

/// Points in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points(pub u32);

impl Points {
    pub fn written(self) -> String {
        match self.0 % 10 {
            0 => (self.0 / 10).to_string(),
            tenth => format!("{}.{tenth}", self.0 / 10),
        }
    }
}

/// What follows from the measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub findings: Vec<Finding>,
    /// Points that were taken off, with what for and the evidence; then what was earned.
    pub taken_off: Vec<(Points, String)>,
    pub earned: Vec<(Points, String)>,
    /// `None` where an indicator failed or is open.
    pub score: Option<Points>,
    pub verdict: Verdict,
}

impl SiteCheck {
    pub fn sheet(&self) -> Sheet {
        let findings = self.findings();
        let read = |lines: &[String]| {
            let read = lines.iter().filter_map(|line| points(line).ok());
            read.map(|(tenths, what)| (Points(tenths), what)).collect::<Vec<_>>()
        };
        let (taken_off, earned) = (read(&self.deductions), read(&self.bonus));
        let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
        let sum = |all: &[(Points, String)]| all.iter().map(|(points, _)| points.0).sum::<u32>();
        let (score, verdict) = if has(Outcome::Failed) {
            (None, Verdict::Failed)
        } else if has(Outcome::Open) {
            (None, Verdict::Open)
        } else {
            let mut left = WHOLE.saturating_sub(sum(&taken_off));
            let verdict = if left < PASSES { Verdict::Failed } else { Verdict::Passed };
            if left > EARNS_ABOVE && self.sort == Sort::Portal {
                left += sum(&earned).min(MAX_EARNED);
            }
            (Some(Points(left)), verdict)
        };
        Sheet { findings, taken_off, earned, score, verdict }
    }
}

impl Sheet {
    /// The sheet, a line each.
    pub fn lines(&self) -> Vec<String> {
        let findings = self.findings.iter().map(|f| {
            // What is open says so in its own words already.
            let evidence = f.evidence.strip_prefix("不能判定：").unwrap_or(&f.evidence);
            format!("{}：{}（{evidence}）", f.indicator.label(), f.outcome.label())
        });
        let off = self.taken_off.iter().map(|(points, what)| format!("扣 {} 分：{what}", points.written()));
        let earned = self.earned.iter().map(|(points, what)| format!("加 {} 分：{what}", points.written()));
        findings.chain(off).chain(earned).collect()
    }

    /// What is to be mended, each with its evidence.
    pub fn problems(&self) -> Vec<String> {
        let failed = self.findings.iter().filter(|finding| finding.outcome == Outcome::Failed);
        let failed = failed.map(|finding| format!("{}：{}", finding.indicator.label(), finding.evidence));
        failed.chain(self.taken_off.iter().map(|(_, what)| what.clone())).collect()
    }
}
