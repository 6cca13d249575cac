//! Query strings, read strictly: what is unknown, repeated or broken is reported, never guessed.

use axum::{extract::FromRequestParts, http::request::Parts};
use indexer::{
    index::Generation,
    record::{Date, DivisionCode, InstitutionLevel, RegulationLevel, Status},
};
use percent_encoding::percent_decode_str;

use super::Problem;
use crate::query::request::{
    Conditions, DEFAULT_SIZE, KindFilter, LevelFilter, MAX_QUERY_CHARS, MAX_REACH, MAX_SIZE, MAX_TOPIC_CHARS,
    SearchRequest, Sort,
};

/// A request without parameters, for operations that have none.
pub struct NoParams;

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Params::read(parts.uri.query(), &[]).map(|_| Self)
    }
}

/// Decoded pairs of a query string, each taken once.
pub struct Params {
    pairs: Vec<(String, String)>,
    known: &'static [&'static str],
}

impl Params {
    /// Reads a raw query string in which only `known` parameters may stand, each once.
    pub fn read(raw: Option<&str>, known: &'static [&'static str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in self::pairs(raw.unwrap_or_default())? {
            if !known.contains(&name.as_str()) {
                let problem = Problem::bad_parameter(&name, format!("不认识参数“{}”", shown(&name)));
                return Err(problem.with_allowed(known.iter().copied()));
            }
            if pairs.iter().any(|(n, _)| *n == name) {
                return Err(Problem::bad_parameter(&name, format!("参数 {name} 只能给出一次")));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs, known })
    }

    /// Reads the query string of a page. Links pick up parameters on their way (utm_source, fbclid, a chat's
    /// from=timeline): what the page does not know is left alone, and of what stands twice the first counts.
    pub fn of_page(raw: Option<&str>, known: &'static [&'static str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in raw.unwrap_or_default().split('&') {
            let name = part.split_once('=').map_or(part, |(name, _)| name);
            if !known.contains(&name) || pairs.iter().any(|(n, _)| n == name) {
                continue;
            }
            pairs.extend(self::pairs(part)?);
        }
        Ok(Self { pairs, known })
    }

    /// The value, `None` where it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(self.known.contains(&name));
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, default: u32, max: u32) -> Result<u32, Problem> {
        let Some(value) = self.get(name) else { return Ok(default) };
        let number = value.parse::<u32>().ok().filter(|n| (1..=max).contains(n));
        number.ok_or_else(|| Problem::bad_parameter(name, format!("{name} 应为 1 到 {max} 的整数")))
    }

    /// One of a list of values, by name.
    pub fn one_of<T: Copy>(&self, name: &str, all: &[T], label: fn(T) -> &'static str) -> Result<Option<T>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        all.iter().copied().find(|t| label(*t) == value).map(Some).ok_or_else(|| {
            let problem = Problem::bad_parameter(name, format!("{name} 不能是“{}”", shown(value)));
            problem.with_allowed(all.iter().map(|t| label(*t)))
        })
    }

    /// A day; a month or year stands for its first.
    pub fn day(&self, name: &str) -> Result<Option<Date>, Problem> {
        date(self, name, (1, 1))
    }

    /// The day as of which an institution is asked for: `on`, as on the pages of regulations, or `as_of`.
    pub fn day_asked(&self) -> Result<Option<Date>, Problem> {
        Ok(self.day("on")?.or(self.day("as_of")?))
    }

    pub fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name) {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(Problem::bad_parameter(name, format!("{name} 应为 0 或 1")).with_allowed(["0", "1"])),
        }
    }

    /// The text of a query: some letter or digit, no control characters, not too long.
    pub fn text(&self, name: &str, max_chars: usize) -> Result<String, Problem> {
        let text = self.get(name).unwrap_or_default().trim();
        check_text(name, text, max_chars)?;
        Ok(text.to_owned())
    }
}

/// The parameters of a search.
pub const SEARCH: &[&str] = &[
    "q", "kind", "region", "near", "level", "status", "topic", "from", "to", "page", "size", "sort", "partial",
    "explain",
];

/// The same on the page of results, where `from` means to chats where a link was shared.
const SEARCH_PAGE: &[&str] = &[
    "q", "kind", "region", "near", "level", "status", "topic", "since", "until", "from", "to", "page", "size", "sort",
    "partial", "explain",
];

/// Checks all parameters of a search.
pub fn search_request(raw: Option<&str>, generation: &Generation) -> Result<SearchRequest, Problem> {
    let params = Params::read(raw, SEARCH)?;
    let dates = (date(&params, "from", (1, 1))?, date(&params, "to", (12, 31))?);
    let text = params.text("q", MAX_QUERY_CHARS)?;
    request_of(&params, text, dates, division(&params, "near", generation)?, generation)
}

/// The search that a page shows. `from` and `to` of earlier addresses hold where they are dates.
pub fn page_request(raw: Option<&str>, generation: &Generation) -> Result<SearchRequest, Problem> {
    let params = Params::of_page(raw, SEARCH_PAGE)?;
    let bound = |name: &str, earlier: &str, end| match params.get(name) {
        Some(_) => date(&params, name, end),
        None => Ok(date(&params, earlier, end).unwrap_or_default()),
    };
    let dates = (bound("since", "from", (1, 1))?, bound("until", "to", (12, 31))?);
    // What is longer is searched for by its beginning, which the page says.
    let text: String = params.get("q").unwrap_or_default().trim().chars().take(MAX_QUERY_CHARS).collect();
    check_text("q", &text, MAX_QUERY_CHARS)?;
    request_of(&params, text, dates, remembered_region(&params, generation), generation)
}

/// Where the reader is, as a browser has kept it or a shared link says. Divisions come and go: one that is no more
/// names no place, and keeps nobody from an answer.
pub fn remembered_region(params: &Params, generation: &Generation) -> Option<DivisionCode> {
    division(params, "near", generation).unwrap_or_default()
}

/// The same where something else than a code is a mistake of whoever asks.
pub fn near(params: &Params, generation: &Generation) -> Result<Option<DivisionCode>, Problem> {
    match params.get("near").map(str::parse::<DivisionCode>) {
        Some(Err(_)) => division(params, "near", generation),
        _ => Ok(remembered_region(params, generation)),
    }
}

fn request_of(
    params: &Params,
    text: String,
    (from, to): (Option<Date>, Option<Date>),
    near: Option<DivisionCode>,
    generation: &Generation,
) -> Result<SearchRequest, Problem> {
    let size = params.number("size", DEFAULT_SIZE, MAX_SIZE)?;
    let page = params.number("page", 1, MAX_REACH)?;
    if page * size > MAX_REACH {
        let detail = format!("只能翻到第 {MAX_REACH} 条结果（page × size ≤ {MAX_REACH}），请缩小检索范围");
        return Err(Problem::bad_parameter("page", detail));
    }
    Ok(SearchRequest {
        conditions: Conditions::default(),
        text,
        kind: params.one_of("kind", &KindFilter::all(), KindFilter::name)?.unwrap_or(KindFilter::All),
        region: division(params, "region", generation)?,
        near,
        level: level(params)?,
        status: params.one_of("status", &Status::ALL, Status::label)?,
        topic: topic(params)?,
        from,
        to,
        page,
        size,
        sort: params.one_of("sort", &Sort::ALL, Sort::name)?.unwrap_or(Sort::Relevance),
        partial: params.flag("partial")?,
        explain: params.flag("explain")?,
    })
}

/// A division by its code.
pub fn division(params: &Params, name: &str, generation: &Generation) -> Result<Option<DivisionCode>, Problem> {
    let Some(code) = params.get(name) else { return Ok(None) };
    let known = generation.catalogue.division(code).and_then(|d| d.code.parse().ok());
    let detail = format!("{name} 应为已知的区划代码（6 位或 9 位数字，如 520300）");
    known.map(Some).ok_or_else(|| Problem::bad_parameter(name, detail))
}

fn level(params: &Params) -> Result<Option<LevelFilter>, Problem> {
    let Some(value) = params.get("level") else { return Ok(None) };
    let regulation = RegulationLevel::ALL.into_iter().find(|l| l.label() == value).map(LevelFilter::Regulation);
    let body = || InstitutionLevel::ALL.into_iter().find(|l| l.name() == value).map(LevelFilter::Body);
    regulation.or_else(body).map(Some).ok_or_else(|| {
        let problem = Problem::bad_parameter("level", format!("level 不能是“{}”", shown(value)));
        problem.with_allowed(levels())
    })
}

/// What an issuer classes regulations by; whichever text, since issuers have words of their own.
fn topic(params: &Params) -> Result<Option<String>, Problem> {
    params.get("topic").map(|_| params.text("topic", MAX_TOPIC_CHARS)).transpose()
}

/// What the parameter `level` may be: the level of a regulation or of an institution.
pub fn levels() -> impl Iterator<Item = &'static str> {
    RegulationLevel::ALL
        .map(RegulationLevel::label)
        .into_iter()
        .chain(InstitutionLevel::ALL.map(InstitutionLevel::name))
}

/// A day, or a month or year that stands for its first or last day.
fn date(params: &Params, name: &str, (month, day): (i8, i8)) -> Result<Option<Date>, Problem> {
    let Some(value) = params.get(name) else { return Ok(None) };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let year = value.split('-').next().filter(|year| year.len() == 4);
    let parts = year.filter(|_| value.split('-').all(digits));
    let parts: Option<Vec<i16>> = parts.and_then(|_| value.split('-').map(|p| p.parse().ok()).collect());
    let date = match parts.as_deref() {
        Some([year]) => Date::new(*year, month, day).ok(),
        Some([year, m]) => i8::try_from(*m)
            .ok()
            .and_then(|m| Date::new(*year, m, 1).ok())
            .map(|first| if day == 1 { first } else { first.last_of_month() }),
        Some([_, _, _]) => value.parse().ok(),
        _ => None,
    };
    let detail = format!("{name} 应为 年、年-月 或 年-月-日，如 2019、2019-05、2019-05-01");
    date.map(Some).ok_or_else(|| Problem::bad_parameter(name, detail))
}

/// Whether a text can be searched for.
pub fn check_text(name: &str, text: &str, max_chars: usize) -> Result<(), Problem> {
    if text.is_empty() {
        return Err(Problem::bad_parameter(name, format!("请给出要查的内容：{name} 不能为空")));
    }
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Problem::bad_parameter(name, format!("{name} 中有控制字符 U+{:04X}，请删去", c as u32)));
    }
    let chars = text.chars().count();
    if chars > max_chars {
        return Err(Problem::bad_parameter(name, format!("{name} 有 {chars} 个字，最多 {max_chars} 个")));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Problem::bad_parameter(name, format!("{name} 只有标点，请写出要查的字词")));
    }
    Ok(())
}

/// The decoded pairs of a query string or form, in its order.
pub fn pairs(raw: &str) -> Result<Vec<(String, String)>, Problem> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(name)?, decode(value)?))
    };
    raw.split('&').filter(|p| !p.is_empty()).map(pair).collect()
}

/// Decodes `%xx` and `+`. Broken encoding and bytes that are no UTF-8 are refused.
fn decode(text: &str) -> Result<String, Problem> {
    let bytes = text.as_bytes();
    let broken = bytes.iter().enumerate().any(|(at, b)| {
        *b == b'%' && !bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    if broken {
        return Err(Problem::bad_query("百分号编码不完整：% 之后应有两位十六进制数字"));
    }
    let plus = text.replace('+', " ");
    let decoded = percent_decode_str(&plus).decode_utf8();
    decoded.map(|t| t.into_owned()).map_err(|_| Problem::bad_query("内容不是 UTF-8 编码的文字"))
}

/// The front of a value, for a message.
fn shown(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strict_reading() {
        let read = |raw| Params::read(Some(raw), &["q", "size"]);
        assert_eq!(read("q=%E6%B3%95+a&size=").unwrap().get("q"), Some("法 a"));
        for (raw, part) in [("x=1", "不认识参数"), ("q=1&q=2", "只能给出一次"), ("q=%4", "百分号"), ("q=%FF", "UTF-8")]
        {
            let problem = read(raw).map(|_| ()).unwrap_err();
            assert!(problem.detail.contains(part), "{raw}: {}", problem.detail);
            assert_eq!(problem.status, 400);
        }
        assert!(read("size=0").unwrap().number("size", 1, 9).is_err());
        assert!(read("size=10").unwrap().number("size", 1, 9).is_err());
    }

    #[test]
    fn pages_leave_alone_what_links_pick_up() {
        let read = |raw| Params::of_page(Some(raw), &["q", "page"]);
        let raw = "utm_source=%FF&q=%E6%B3%95&fbclid=%&q=2&isappinstalled&from=timeline&page=2";
        let params = read(raw).unwrap();
        assert_eq!((params.get("q"), params.get("page")), (Some("法"), Some("2")));
        assert!(read("q=%4").is_err_and(|problem| problem.status == 400), "what the page needs is still told");
    }

    #[test]
    fn texts_are_checked() {
        for (text, part) in [("", "不能为空"), ("a\u{0}b", "U+0000"), ("。，！", "只有标点"), ("法法法法", "最多 3 个")]
        {
            assert!(check_text("q", text, 3).unwrap_err().detail.contains(part), "{text:?}");
        }
        assert!(check_text("q", "法", 3).is_ok());
    }

    #[test]
    fn dates_of_three_lengths() {
        let read = |raw: &str, end| date(&Params::read(Some(raw), &["from"]).unwrap(), "from", end);
        assert_eq!(read("from=2019", (1, 1)).unwrap(), Some(Date::constant(2019, 1, 1)));
        assert_eq!(read("from=2019-02", (12, 31)).unwrap(), Some(Date::constant(2019, 2, 28)));
        assert_eq!(read("from=2019-02-03", (1, 1)).unwrap(), Some(Date::constant(2019, 2, 3)));
        assert_eq!(read("from=2019-2", (1, 1)).unwrap(), Some(Date::constant(2019, 2, 1)));
        for wrong in ["2019-13", "2019-02-30", "2019-2-3", "soon", "0", "19", "%2B2019", "-019", "2019-", "2019-+2"] {
            assert!(read(&format!("from={wrong}"), (1, 1)).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_query_string_is_read_or_told(raw in "[ -~]{0,60}") {
            if let Err(problem) = Params::read(Some(&raw), SEARCH) {
                prop_assert_eq!(problem.status, 400);
            }
        }
    }
}
