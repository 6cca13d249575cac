//! Why something is refused, sent back or taken out: one table of codes, each with the letter that tells it. Nothing is refused
//! in free words alone, so that reasons can be counted and whoever reads one knows what to do.

use indexer::record::{Date, Letter};

use super::table::{Table, TableError};

const COLUMNS: &[&str] = &["act", "code", "label", "says", "letter"];
/// Longest letter in the table, in characters: a page of its own helps nobody.
const MAX_LETTER: usize = 500;
/// What a letter may name.
const PLACEHOLDERS: [&str; 4] = ["title", "office", "day", "said"];
/// Begins what was added in somebody's own words, where the letter says what it is.
const ADDED: &str = "补充说明：";

/// What needs a reason; each has its codes in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonedAct {
    /// Giving a submission back to its office.
    Return,
    /// Taking out what is published.
    Withdraw,
    /// Not doing what a reader suggests.
    Decline,
    /// Closing a task that nothing is done about.
    CloseTask,
    /// Asking for what an application for a name lacks.
    NameSupplement,
    NameRefuse,
    /// Not taking one on.
    NameNotAccept,
    /// Letting one go that was not mended in time.
    NameLapse,
}

impl ReasonedAct {
    pub const ALL: [ReasonedAct; 8] = [
        Self::Return,
        Self::Withdraw,
        Self::Decline,
        Self::CloseTask,
        Self::NameSupplement,
        Self::NameRefuse,
        Self::NameNotAccept,
        Self::NameLapse,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Return => "submission_return",
            Self::Withdraw => "submission_withdraw",
            Self::Decline => "correction_decline",
            Self::CloseTask => "task_close",
            Self::NameSupplement => "name_supplement",
            Self::NameRefuse => "name_refuse",
            Self::NameNotAccept => "name_not_accept",
            Self::NameLapse => "name_lapse",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Return => "退回报送",
            Self::Withdraw => "撤回已公布的内容",
            Self::Decline => "不采纳纠错建议",
            Self::CloseTask => "关闭任务",
            Self::NameSupplement => "要求补正网上名称申请",
            Self::NameRefuse => "拒绝网上名称申请",
            Self::NameNotAccept => "不予受理网上名称申请",
            Self::NameLapse => "网上名称申请逾期失效",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub act: ReasonedAct,
    pub code: String,
    pub label: String,
    /// Whether it says nothing without some words of one's own.
    pub needs_words: bool,
    letter: String,
}

/// The grounds that somebody gives: a code of the table, and what they add to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grounds<'a> {
    pub code: &'a str,
    pub said: &'a str,
}

impl<'a> Grounds<'a> {
    pub fn new(code: &'a str, said: &'a str) -> Self {
        Self { code, said }
    }

    /// A remark where no reason is asked for.
    pub fn remark(said: &'a str) -> Self {
        Self { code: "", said }
    }
}

/// What a letter is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub title: &'a str,
    /// The office that it goes to; empty for a reader.
    pub office: &'a str,
    pub day: Date,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGrounds {
    #[error("请选择理由")]
    None,
    #[error("“{}”没有理由代码“{code}”，可用：{known}", .act.label())]
    Unknown { act: ReasonedAct, code: String, known: String },
    #[error("选了“{0}”，还请写明具体情况")]
    NoWords(String),
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons(Vec<Reason>);

impl Reasons {
    pub(super) fn read(table: &Table) -> Result<Self, TableError> {
        let mut all: Vec<Reason> = Vec::new();
        table.each(COLUMNS, &mut |row| {
            let name = row.get("act");
            let act = ReasonedAct::ALL.into_iter().find(|act| act.name() == name);
            let act = act.ok_or_else(|| format!("不认识的动作“{name}”"))?;
            let code = row.some("code")?;
            if !code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') || code.len() > 40 {
                return Err("code 只用小写字母和下划线，至多 40 个".to_owned());
            }
            if all.iter().any(|known| known.act == act && known.code == code) {
                return Err(format!("“{name}”的代码“{code}”重复"));
            }
            let needs_words = match row.get("says") {
                "required" => true,
                "optional" => false,
                other => return Err(format!("says 应为 required 或 optional，而不是“{other}”")),
            };
            let letter = row.some("letter")?.to_owned();
            check_letter(&letter)?;
            let label = row.some("label")?.to_owned();
            all.push(Reason { act, code: code.to_owned(), label, needs_words, letter });
            Ok(())
        })?;
        match ReasonedAct::ALL.into_iter().find(|act| all.iter().all(|reason| reason.act != *act)) {
            Some(act) => {
                Err(TableError::Missing { file: table.file.clone(), what: format!("{} 的理由", act.name()) })
            }
            None => Ok(Self(all)),
        }
    }

    /// The codes of an act, in the table's order.
    pub fn of(&self, act: ReasonedAct) -> impl Iterator<Item = &Reason> {
        self.0.iter().filter(move |reason| reason.act == act)
    }

    /// Writes the letter for what somebody gives as grounds.
    pub fn write(&self, act: ReasonedAct, grounds: Grounds<'_>, about: About<'_>) -> Result<Letter, InvalidGrounds> {
        let code = grounds.code.trim();
        if code.is_empty() {
            return Err(InvalidGrounds::None);
        }
        let reason = self.of(act).find(|reason| reason.code == code).ok_or_else(|| InvalidGrounds::Unknown {
            act,
            code: code.chars().filter(|c| !c.is_control()).take(40).collect(),
            known: self.of(act).map(|reason| reason.code.as_str()).collect::<Vec<_>>().join("、"),
        })?;
        let said = grounds.said.trim();
        if reason.needs_words && said.is_empty() {
            return Err(InvalidGrounds::NoWords(reason.label.clone()));
        }
        Ok(Letter {
            act: act.name().to_owned(),
            code: reason.code.clone(),
            label: reason.label.clone(),
            said: said.to_owned(),
            text: reason.filled(said, about),
            day: about.day,
        })
    }
}

impl Reason {
    fn filled(&self, said: &str, about: About<'_>) -> String {
        let said = if said.is_empty() || self.needs_words { said.to_owned() } else { format!("{ADDED}{said}") };
        let day = about.day.to_string();
        // One pass, so that what somebody writes is never taken for a placeholder.
        let mut text = String::new();
        let mut rest = self.letter.as_str();
        while let Some((before, behind)) = rest.split_once('{')
            && let Some((name, after)) = behind.split_once('}')
        {
            text.push_str(before);
            text.push_str(match name {
                "title" => about.title,
                "office" => about.office,
                "day" => &day,
                _ => &said,
            });
            rest = after;
        }
        text + rest
    }
}

/// The words for the log: the code's label, and what was added to it.
pub fn words(letter: &Letter) -> String {
    if letter.said.is_empty() { letter.label.clone() } else { format!("{}：{}", letter.label, letter.said) }
}

/// Whether a letter names nothing that there is not, and leaves room for one's own words.
fn check_letter(letter: &str) -> Result<(), String> {
    if letter.chars().count() > MAX_LETTER {
        return Err(format!("letter 超过 {MAX_LETTER} 个字"));
    }
    let mut rest = letter;
    while let Some(at) = rest.find(['{', '}']) {
        let behind = &rest[at..];
        let name = behind.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, after) = name.ok_or_else(|| "letter 的花括号不成对".to_owned())?;
        if !PLACEHOLDERS.contains(&name) {
            return Err(format!("letter 中没有“{{{name}}}”可填，可用：{}", PLACEHOLDERS.join("、")));
        }
        rest = after;
    }
    if !letter.contains("{said}") {
        return Err("letter 缺少 {said}：补充说明要写得进去".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::Desk;

    const ABOUT: About<'_> =
        About { title: "甲市公园办法", office: "甲市园林局", day: Date::constant(2030, 1, 2) };

    #[test]
    fn a_code_becomes_a_letter_and_a_line_of_the_log() {
        let reasons = Desk::shipped().reasons;
        let letter = reasons.write(ReasonedAct::Return, Grounds::new("no_basis", ""), ABOUT).unwrap();
        assert!(letter.text.contains("甲市园林局报送的《甲市公园办法》没有附上"), "{}", letter.text);
        assert!(!letter.text.contains("补充说明"));
        assert_eq!(words(&letter), "缺少依据");
        let letter = reasons.write(ReasonedAct::Return, Grounds::new("no_basis", " 附批文\n"), ABOUT).unwrap();
        assert!(letter.text.ends_with("补充说明：附批文"), "{}", letter.text);
        assert_eq!((words(&letter).as_str(), letter.said.as_str()), ("缺少依据：附批文", "附批文"));
        let letter = reasons.write(ReasonedAct::Return, Grounds::new("incomplete", "{title}"), ABOUT).unwrap();
        assert!(letter.text.ends_with("还需要：{title}"), "what is typed is no placeholder: {}", letter.text);
    }

    #[test]
    fn free_words_alone_are_no_reason() {
        let reasons = Desk::shipped().reasons;
        let told = |code, said| reasons.write(ReasonedAct::Decline, Grounds::new(code, said), ABOUT).unwrap_err();
        assert_eq!(told("", "不对"), InvalidGrounds::None);
        assert!(told("incomplete", "不对").to_string().contains("可用：no_evidence、"));
        assert!(told("\u{7}丙", "不对").to_string().contains("“丙”"));
        assert_eq!(told("other", " "), InvalidGrounds::NoWords("其他".into()));
    }

    #[test]
    fn wrong_tables_are_told_by_line() {
        for (rows, part) in [
            ("fly,a,甲,optional,{said}\n", "第 2 行：不认识的动作“fly”"),
            ("submission_return,A,甲,optional,{said}\n", "小写字母"),
            ("submission_return,a,甲,maybe,{said}\n", "required 或 optional"),
            ("submission_return,a,,optional,{said}\n", "label 不能为空"),
            ("submission_return,a,甲,optional,\n", "letter 不能为空"),
            ("submission_return,a,甲,optional,{name}{said}\n", "没有“{name}”可填"),
            ("submission_return,a,甲,optional,{said\n", "不成对"),
            ("submission_return,a,甲,optional,}{said}\n", "不成对"),
            ("submission_return,a,甲,optional,甲\n", "缺少 {said}"),
            ("submission_return,a,甲,optional,{said}\nsubmission_return,a,乙,optional,{said}\n", "第 3 行"),
            ("submission_return,a,甲,optional,{said}\n", "缺少 submission_withdraw 的理由"),
        ] {
            let text = format!("{}\n{rows}", COLUMNS.join(","));
            let told = Reasons::read(&Table { file: "reasons.csv".into(), text }).unwrap_err().to_string();
            assert!(told.contains(part), "{rows}: {told}");
        }
    }

    proptest! {
        /// Whatever is typed stands in the letter as it was typed, once, and no placeholder is left over.
        #[test]
        fn letters_hold_what_was_said(said in "[^\u{0}-\u{1F}]{1,40}", title in "[甲乙丙]{1,20}") {
            let reasons = Desk::shipped().reasons;
            for reason in &reasons.0 {
                let about = About { title: &title, ..ABOUT };
                let Ok(letter) = reasons.write(reason.act, Grounds::new(&reason.code, &said), about) else {
                    prop_assert!(said.trim().is_empty() && reason.needs_words);
                    continue;
                };
                prop_assert!(letter.text.contains(said.trim()), "{}", letter.text);
                prop_assert_eq!(letter.text.matches("{said}").count(), said.matches("{said}").count());
            }
        }
    }
}
