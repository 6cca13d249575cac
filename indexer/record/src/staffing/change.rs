//! Changes of numbers: 行政编制：82－4＝78, with a question mark for what a document leaves out.

use serde::{Deserialize, Serialize};

use super::Item;

/// A number before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberChange {
    /// What is counted: 行政编制, 领导职数.
    pub name: String,
    pub before: Option<u32>,
    /// What was added, or taken away where negative.
    pub change: Option<i64>,
    pub after: Option<u32>,
}

impl NumberChange {
    /// Whether the numbers contradict each other: all three are reported and do not add up.
    pub fn contradicts(&self) -> bool {
        match (self.before, self.change, self.after) {
            (Some(before), Some(change), Some(after)) => i64::from(before) + change != i64::from(after),
            (None, Some(change), Some(after)) => i64::from(after) - change < 0,
            (Some(before), Some(change), None) => i64::from(before) + change < 0,
            _ => false,
        }
    }

    /// The number before, as told or as the others give it.
    pub fn before(&self) -> Option<i64> {
        self.before.map(i64::from).or_else(|| Some(i64::from(self.after?) - self.change?))
    }

    /// The number after, as told or as the others give it.
    pub fn after(&self) -> Option<i64> {
        self.after.map(i64::from).or_else(|| Some(i64::from(self.before?) + self.change?))
    }
}

impl Item for NumberChange {
    fn written(&self) -> String {
        let told = |n: Option<u32>| n.map_or_else(|| "？".to_owned(), |n| n.to_string());
        let change = match self.change {
            Some(n) if n < 0 => format!("－{}", n.unsigned_abs()),
            Some(n) => format!("＋{n}"),
            None => "＋？".to_owned(),
        };
        format!("{}：{}{change}＝{}", self.name, told(self.before), told(self.after))
    }

    fn read(line: &str) -> Result<Self, String> {
        let shape = || "应写作“行政编制：82－4＝78”，不知道的数写“？”".to_owned();
        let number = |text: &str| match text.trim() {
            "?" | "？" => Ok(None),
            text => text.parse().map(Some).map_err(|_| shape()),
        };
        let (name, sum) = line.rsplit_once(['：', ':']).ok_or_else(shape)?;
        let (left, after) = sum.split_once(['＝', '=']).ok_or_else(shape)?;
        let sign = left.find(['＋', '+', '－', '-', '−']).ok_or_else(shape)?;
        let (before, change) = left.split_at(sign);
        let minus = change.starts_with(['－', '-', '−']);
        let change: Option<u32> = number(change.trim_start_matches(['＋', '+', '－', '-', '−']))?;
        let change = change.map(|n| if minus { -i64::from(n) } else { i64::from(n) });
        if name.trim().is_empty() {
            return Err(shape());
        }
        Ok(Self { name: name.trim().to_owned(), before: number(before)?, change, after: number(after)? })
    }
}
