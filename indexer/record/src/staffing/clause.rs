//! Clauses of a document: 第五条　…, 三、内设机构.

use serde::{Deserialize, Serialize};

use super::{Item, MarkStyle, mark};

/// A clause without what it lists, which stands among duties, units and numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// 第五条, 三; empty for what stands before the first.
    pub number: String,
    /// Its title, where it has one: 内设机构.
    #[serde(default)]
    pub heading: String,
    /// Paragraphs, separated by line feeds.
    pub text: String,
}

fn opening(line: &str) -> Option<(String, &str)> {
    let mark = mark(line)?;
    let number = line[..mark.len].trim().trim_end_matches(['、', '.', '．']);
    matches!(mark.style, MarkStyle::Article | MarkStyle::Part).then(|| (number.to_owned(), &line[mark.len..]))
}

impl Item for Clause {
    fn written(&self) -> String {
        let mut line = self.number.clone();
        if !line.is_empty() {
            line.push(if line.starts_with('第') { '　' } else { '、' });
        }
        if !self.heading.is_empty() {
            line = format!("{line}【{}】", self.heading);
        }
        line + &self.text
    }

    fn read(line: &str) -> Result<Self, String> {
        let (number, rest) = opening(line).unwrap_or_else(|| (String::new(), line));
        let heading = rest.strip_prefix('【').and_then(|rest| rest.split_once('】'));
        let (heading, text) = heading.unwrap_or(("", rest));
        Ok(Self { number, heading: heading.to_owned(), text: text.trim().to_owned() })
    }

    fn go_on(&mut self, line: &str) -> bool {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        true
    }

    fn opens(line: &str) -> bool {
        opening(line).is_some()
    }
}
