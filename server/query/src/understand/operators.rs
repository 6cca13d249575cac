//! Operators: -词, 标题:, 地区:, 层级:, 状态:, 机关:, 年份:2019..2024. What is no valid operator is words, with a hint.

use indexer::{
    index::Generation,
    record::{Date, InstitutionLevel, RegulationLevel, Status},
};

use crate::request::{Conditions, LevelFilter, MAX_TOPIC_CHARS, SearchRequest};

/// Operators read from one query: more than anyone types, and each costs a filter.
const MAX_OPERATORS: usize = 12;

/// The request with its operators taken out of the text and put where they belong, and what was wrong with others.
pub fn read(generation: &Generation, request: &SearchRequest) -> (SearchRequest, Vec<String>) {
    let mut read = SearchRequest { text: String::new(), ..request.clone() };
    let mut hints = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut operators = 0;
    for token in tokens(&request.text) {
        let taken = operators < MAX_OPERATORS
            && match operator(generation, token, &mut read) {
                Ok(taken) => taken,
                Err(hint) => {
                    hints.push(hint);
                    false
                }
            };
        if taken {
            operators += 1;
        } else {
            words.push(token);
        }
    }
    if operators == 0 {
        return (request.clone(), hints);
    }
    if words.is_empty() {
        // 标题:劳动合同 alone asks for the titles themselves; other operators alone ask for nothing.
        words = read.conditions.titles.iter().map(String::as_str).collect();
        if words.is_empty() {
            hints.push("只有检索条件，没有要查的内容，已按原文查找".to_owned());
            return (request.clone(), hints);
        }
    }
    read.text = words.join(" ");
    (read, hints)
}

/// Pieces between white space; a quoted phrase is one piece.
fn tokens(text: &str) -> Vec<&str> {
    let (mut out, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '“' | '”' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                out.extend(start.take().map(|from| &text[from..at]));
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    out.extend(start.map(|from| &text[from..]));
    out
}

/// Whether a piece is an operator, and if so, does what it says. `Err` tells what is wrong with one.
fn operator(generation: &Generation, token: &str, request: &mut SearchRequest) -> Result<bool, String> {
    let key = |text: &str| generation.pipeline.key(text);
    if let Some(word) = token.strip_prefix(['-', '－']) {
        // -5 and --- are no words to leave out.
        let a_word = word.starts_with(|c: char| c.is_alphabetic() || c == '"' || c == '“');
        return match key(word) {
            // A single character stands inside words of every meaning.
            key if a_word && key.chars().count() < 2 => Err(format!("“-”后面至少要两个字，已作为字词查找：{token}")),
            key if a_word => {
                request.conditions.excluded.push(key);
                Ok(true)
            }
            _ => Ok(false),
        };
    }
    let Some((name, value)) = token.split_once([':', '：']).filter(|(_, value)| !value.is_empty()) else {
        return Ok(false);
    };
    match name {
        "标题" => request.conditions.titles.push(key(value)),
        "机关" => request.conditions.issuers.push(key(value)),
        "主题" => {
            let topic: String = value.chars().take(MAX_TOPIC_CHARS).collect();
            request.topic = Some(topic);
        }
        "地区" => {
            let named = generation.gazetteer.named(&key(value)).first();
            let division = named.and_then(|at| generation.catalogue.divisions().get(*at as usize));
            let code = division.and_then(|d| d.code.parse().ok());
            request.region = Some(code.ok_or_else(|| format!("“地区:”后面不是已知的地区：{value}，已作为字词查找"))?);
        }
        "层级" => {
            let regulation =
                RegulationLevel::ALL.iter().find(|l| l.label() == value).map(|l| LevelFilter::Regulation(*l));
            let body = || InstitutionLevel::ALL.iter().find(|l| l.label() == value).map(|l| LevelFilter::Body(*l));
            let names = || {
                let regulations = RegulationLevel::ALL.iter().map(|l| l.label());
                regulations.chain(InstitutionLevel::ALL.iter().map(|l| l.label())).collect::<Vec<_>>().join("、")
            };
            let level = regulation.or_else(body);
            request.level = Some(level.ok_or_else(|| format!("“层级:”可以是{}，已作为字词查找", names()))?);
        }
        "状态" => {
            let status = Status::ALL.iter().find(|s| s.label() == value).copied();
            let names = || Status::ALL.iter().map(|s| s.label()).collect::<Vec<_>>().join("、");
            request.status = Some(status.ok_or_else(|| format!("“状态:”可以是{}，已作为字词查找", names()))?);
        }
        "年份" => {
            let (from, to) = value.split_once("..").unwrap_or((value, value));
            let year = |text: &str| text.parse::<i16>().ok().filter(|y| (1900..=2100).contains(y));
            let day = |text: &str, month, day| match text {
                "" => Ok(None),
                text => year(text)
                    .map(|y| Some(Date::constant(y, month, day)))
                    .ok_or_else(|| format!("“年份:”应写成 2024 或 2019..2024，已作为字词查找：{value}")),
            };
            (request.from, request.to) = (day(from, 1, 1)?, day(to, 12, 31)?);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

impl Conditions {
    /// Whether a title (as a key) and its issuers (as keys) fit.
    pub fn fit(&self, title: &str, issuers: &[String]) -> bool {
        self.titles.iter().all(|t| title.contains(t.as_str()))
            && self.issuers.iter().all(|wanted| issuers.iter().any(|i| i.contains(wanted.as_str())))
            && !self.excluded.iter().any(|word| title.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_keep_phrases_whole() {
        assert_eq!(tokens("\"招商 基金\" -公司  标题:法"), ["\"招商 基金\"", "-公司", "标题:法"]);
        assert_eq!(tokens("半个\"引 号"), ["半个\"引 号"]);
        assert_eq!(tokens("  "), [""; 0]);
    }

    #[test]
    fn titles_and_issuers_must_fit() {
        let conditions =
            Conditions {
                excluded: vec!["实施".into()], titles: vec!["食品".into()], issuers: vec!["国务院".into()]
            };
        assert!(conditions.fit("食品安全法", &["国务院".into()]));
        assert!(!conditions.fit("食品安全法实施条例", &["国务院".into()]));
        assert!(!conditions.fit("食品安全法", &["全国人大".into()]));
        assert!(!conditions.fit("药品管理法", &["国务院".into()]));
    }
}
