//! Addresses in a text that people paste or type: a message, a sentence, a question.
//!
//! Chinese text has no spaces around an address, so that every end is found by what it is: a host ends with a top-level
//! name that exists, Latin labels end where Han characters begin, and a Chinese label begins after a word that leads in
//! an address. Dots, slashes and colons may be full-width, look like ones, be spelt out (点) or stand apart; what no
//! reader sees is passed over, as browsers do. Where a browser would join what a reader may take for two things, it is
//! joined: zunyi.gov.cn.evil.top is no official name with something behind it.

use std::ops::Range;

use super::{address, fold::looks_like_dot, fold::looks_like_mark, fold_loosely, is_dot, is_invisible, is_top_level};

/// An address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// What it is read as, for [`address::parse`].
    pub text: String,
    /// What it may be read as besides, where a Chinese label has no clear beginning: all that stands before the dot, and
    /// what stands after each word that may lead in an address. The longest first.
    pub others: Vec<String>,
    /// Whether it is meant as an address beyond doubt. 附件.zip, Li·Na and the like are addresses only if they turn out
    /// to be known, or to imitate what is known.
    pub certain: bool,
}

/// Finds every address, in the order of the text.
pub fn find(text: &str) -> Vec<Found> {
    if !text.chars().any(|c| is_dot(c) || looks_like_dot(c) || c == '点') {
        return Vec::new();
    }
    let reader = Reader { chars: chars(text) };
    let mut found = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < reader.chars.len() {
        let next = match reader.scheme(at) {
            Some(authority) => reader.with_scheme(at, authority, &mut found).or(Some(authority)),
            None => reader.dot(at).and_then(|_| reader.bare(at, from, &mut found)),
        };
        match next.filter(|next| *next > at) {
            Some(next) => (at, from) = (next, next),
            None => at += 1,
        }
    }
    found
}

/// Labels of a Chinese name have 20 characters at most; what is longer is prose.
const MAX_HAN_LABEL: usize = 25;
/// White space that may break an address: a line end with an indent.
const MAX_GAP: usize = 4;
/// A host has 127 labels at most (253 bytes, RFC 1035), and what stands before its path is looked through so far: no text
/// may cost more than its length.
const MAX_LABELS: usize = 128;
const MAX_AUTHORITY: usize = 1024;
/// Second-level names under cn that are top-level names too: gov .cn is one ending.
const SECOND_LEVEL: [&str; 6] = ["gov", "com", "net", "org", "edu", "ac"];
/// Top-level names that files end with more often than hosts.
const FILE_ENDINGS: [&str; 10] = ["zip", "mov", "md", "py", "rs", "sh", "pl", "ps", "so", "ai"];
/// Words that stand right before an address in Chinese, so that a Chinese label may begin after them.
const LEADING: [&str; 54] = [
    "登录", "登陆", "访问", "网址", "网站", "官网", "域名", "地址", "点击", "打开", "链接", "进入", "前往", "浏览",
    "详见", "参见", "输入", "搜索", "名称", "网页", "首页", "关注", "通过", "例如", "比如", "就是", "还是", "以及",
    "或者", "不是", "请看", "请上", "请到", "是", "为", "叫", "在", "到", "的", "了", "去", "用", "和", "与", "或",
    "及", "请", "从", "由", "见", "看", "上", "起", "点",
];
/// What stands right behind an address that is asked about or talked of.
const TRAILING: [char; 24] = [
    '是', '吗', '的', '真', '假', '可', '能', '有', '和', '与', '及', '或', '这', '怎', '为', '靠', '属', '办', '查',
    '上', '，', '下', '登', '进',
];

/// A character of the text, full-width letters and signs as ASCII.
#[derive(Clone, Copy)]
struct Char {
    c: char,
    from: usize,
    to: usize,
}

fn chars(text: &str) -> Vec<Char> {
    let seen = text.char_indices().filter(|(_, c)| c.is_whitespace() || !is_invisible(*c));
    let all: Vec<Char> = seen.map(|(from, c)| Char { c: address::narrow(c), from, to: from + c.len_utf8() }).collect();
    // zunyi[.]gov[.]cn, as people write an address that must not become a link.
    let bracketed = |at: usize| {
        let c = |at: usize| all.get(at).map_or('\0', |c| c.c);
        matches!((c(at), c(at + 1), c(at + 2)), ('[' | '(' | '【' | '（', '.', ']' | ')' | '】' | '）'))
    };
    let (mut chars, mut at) = (Vec::with_capacity(all.len()), 0);
    while at < all.len() {
        if bracketed(at) {
            chars.push(Char { c: '.', from: all[at].from, to: all[at + 2].to });
            at += 3;
        } else {
            chars.push(all[at]);
            at += 1;
        }
    }
    chars
}

/// Labels looked at behind a spelt dot for the top-level name that it leads to: official names have four.
const MAX_SPELT: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dot {
    /// `.`
    Plain,
    /// 。 which ends sentences too.
    Stop,
    /// · and the like: no browser takes it for a dot.
    Fake,
    /// 点 between Latin labels.
    Spelt,
}

/// A host, found.
struct Run {
    from: usize,
    to: usize,
    labels: Vec<Range<usize>>,
    /// Whether the last label is a top-level name that exists.
    complete: bool,
    /// Whether a dot in it may be none: · is one to no browser, and 。 before a Chinese word ends sentences.
    doubtful: bool,
    /// Whether a dot follows after white space, which browsers drop from what is pasted.
    goes_on: bool,
}

struct Reader {
    chars: Vec<Char>,
}

impl Reader {
    fn at(&self, at: usize) -> char {
        self.chars.get(at).map_or('\0', |c| c.c)
    }

    fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\0', |at| self.at(at))
    }

    /// Letters, digits and hyphens, whatever their script but Han, Kana and Hangul; signs that look like hyphens and
    /// slashes only between two of them.
    fn latin(&self, at: usize) -> bool {
        let plain = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(c, '-' | '_' | '\u{1D7CE}'..='\u{1D7FF}' | '\u{300}'..='\u{36F}')
                || !c.is_ascii() && c.is_alphabetic() && !is_east_asian(c) && !looks_like_dot(c)
        };
        let c = self.at(at);
        let encoded = || self.at(at + 1).is_ascii_hexdigit() && self.at(at + 2).is_ascii_hexdigit();
        plain(c) || c == '%' && encoded() || looks_like_mark(c) && plain(self.before(at)) && plain(self.at(at + 1))
    }

    fn han(&self, at: usize) -> bool {
        is_east_asian(self.at(at)) && !self.latin(at) && self.dot(at).is_none()
    }

    fn gap(&self, at: usize) -> usize {
        (at..self.chars.len()).take(MAX_GAP).take_while(|at| self.at(*at).is_whitespace()).count()
    }

    fn dot(&self, at: usize) -> Option<Dot> {
        match self.at(at) {
            '.' => Some(Dot::Plain),
            c if is_dot(c) => Some(Dot::Stop),
            c if looks_like_dot(c) => Some(Dot::Fake),
            '点' if at > 0 && self.latin(at - 1) && self.latin(at + 1) => self.is_spelt(at).then_some(Dot::Spelt),
            _ => None,
        }
    }

    /// Whether 点 stands for a dot: before a top-level name, or before labels with 点 between them that lead to one.
    fn is_spelt(&self, mut at: usize) -> bool {
        for _ in 0..MAX_SPELT {
            if is_top_level(&self.word(at + 1)) {
                return true;
            }
            at += 1 + (at + 1..self.chars.len()).take_while(|at| self.latin(*at)).count();
            if self.at(at) != '点' || !self.latin(at + 1) {
                return false;
            }
        }
        false
    }

    /// The Latin label that begins here, in lower case.
    fn word(&self, at: usize) -> String {
        let run = (at..self.chars.len()).take_while(|at| self.latin(*at));
        run.map(|at| self.at(at)).collect::<String>().to_lowercase()
    }

    fn text(&self, range: Range<usize>) -> String {
        let shown = range.filter(|at| !self.at(*at).is_whitespace());
        shown.map(|at| if self.at(at) == '点' && self.dot(at).is_some() { '.' } else { self.at(at) }).collect()
    }

    fn span(&self, from: usize, to: usize) -> Range<usize> {
        self.chars[from].from..self.chars[to - 1].to
    }

    /// Where the authority begins if `http:` or `https:` stands here, broken by spaces or not.
    fn scheme(&self, at: usize) -> Option<usize> {
        let letters = ["https", "http", "hxxps", "hxxp"];
        let is = |word: &&str| word.chars().zip(at..).all(|(c, at)| self.at(at).eq_ignore_ascii_case(&c));
        let mut at = at + letters.iter().find(|word| is(word))?.len();
        at += self.gap(at);
        if self.at(at) != ':' {
            return None;
        }
        at += 1;
        at += self.gap(at);
        at += (at..self.chars.len()).take_while(|at| matches!(self.at(*at), '/' | '\\')).count();
        at += self.gap(at);
        Some(at)
    }

    /// Whether what begins here is an address of its own.
    fn starts_anew(&self, at: usize) -> bool {
        self.scheme(at).is_some() || self.word(at) == "www"
    }

    fn with_scheme(&self, start: usize, authority: usize, found: &mut Vec<Found>) -> Option<usize> {
        let most = self.chars.len().min(authority + MAX_AUTHORITY);
        let end = (authority..most).find(|at| ends_authority(self.at(*at))).unwrap_or(most);
        let user = (authority..end).rev().find(|at| self.at(*at) == '@').map(|at| at + 1);
        let host = user.unwrap_or(authority);
        let mut run = self.run(host, true, false)?;
        while user.is_none() && JOINING.contains(self.at(run.to)) && !self.starts_anew(run.to + 1) {
            // A browser takes a&b.top for one name; what begins with www or http is the next address of a list.
            match self.run(run.to + 1, false, false) {
                Some(next) => run = Run { from: run.from, ..next },
                None => break,
            }
        }
        self.emit(start, &run, true, found);
        let joined = if run.goes_on { self.run(host, true, true) } else { None };
        joined.iter().for_each(|joined| self.emit(start, joined, true, found));
        Some(self.path_end(joined.unwrap_or(run).to))
    }

    /// An address without a scheme whose first dot stands at `at`; none of it lies before `from`.
    fn bare(&self, at: usize, from: usize, found: &mut Vec<Found>) -> Option<usize> {
        let mut last = at.checked_sub(1)?;
        while last > from && self.at(last).is_whitespace() && at - last <= MAX_GAP {
            last -= 1;
        }
        let back = |holds: &dyn Fn(usize) -> bool| (from..=last).rev().take_while(|at| holds(*at)).last();
        let start = if self.latin(last) { back(&|at| self.latin(at)) } else { None };
        let (start, han) = match start {
            Some(start) => (start, false),
            None => (back(&|at| (self.han(at) || self.latin(at)) && last - at < MAX_HAN_LABEL)?, true),
        };
        if han && last + 1 != at {
            return None;
        }
        let Some(mut run) = self.run(start, false, false) else {
            // Nothing in what was read is an ending, so that no address begins further on in it.
            return self.tried(start);
        };
        let mut first = start;
        if !han && start > from && self.han(start - 1) {
            // 请登录gov.cn and 遵义gov.cn: an ending alone is the end of what stands before it.
            let whole = self.text(run.from..run.to).to_lowercase();
            let ending_alone =
                super::ZONES.contains(&whole.as_str()) || super::shared(&whole) == Some(super::Shared::PublicSuffix);
            if ending_alone {
                first = (from..start).rev().take_while(|at| self.han(*at) && start - at < MAX_HAN_LABEL).last()?;
            }
        }
        let (before, scheme_before) = (self.before(first), first >= 3 && self.text(first - 3..first) == "://");
        if before == '@' || scheme_before {
            // The domain of an e-mail address, or of something that is no site.
            return Some(run.to);
        }
        if let Some(next) = self.behind_at(run.to) {
            // a.b@c.cn: an e-mail address, unless an official name stands before the @.
            run = Run { from: run.from, doubtful: true, ..next };
        } else if JOINING_BARE.contains(self.at(run.to))
            && !self.starts_anew(run.to + 1)
            && let Some(next) = self.run(run.to + 1, false, false)
        {
            run = Run { from: run.from, ..next };
        }
        self.emit(first, &run, false, found);
        let joined = if run.goes_on { self.run(start, false, true) } else { None };
        joined.iter().for_each(|joined| self.emit(first, joined, false, found));
        Some(self.path_end(joined.unwrap_or(run).to))
    }

    /// The host behind an `@` that belongs to what ends here.
    fn behind_at(&self, end: usize) -> Option<Run> {
        let part = |c: char| {
            c.is_ascii_graphic() && !matches!(c, '/' | '\\' | '?' | '#' | '"' | '<' | '>' | '@') || looks_like_mark(c)
        };
        let most = self.chars.len().min(end + MAX_AUTHORITY);
        let at = (end..most).find(|at| !part(self.at(*at)) && !self.latin(*at))?;
        if self.at(at) != '@' {
            return None;
        }
        self.run(at + 1, false, false)
    }

    /// A host that begins here. `definite`: after a scheme, where every beginning is one. `join`: what goes on after
    /// white space belongs to it.
    fn run(&self, from: usize, definite: bool, join: bool) -> Option<Run> {
        let first = self.label(from, true)?;
        let www = self.text(first.clone()).eq_ignore_ascii_case("www");
        let mut run =
            Run { from, to: first.end, labels: vec![first], complete: false, doubtful: false, goes_on: false };
        while run.labels.len() < MAX_LABELS {
            let Some((dot, next)) = self.next_label(&mut run, definite || www, join) else { break };
            run.complete = is_ending(&self.text(next.clone()));
            run.doubtful |= dot == Dot::Fake || dot == Dot::Stop && self.han(next.start);
            run.to = next.end;
            run.labels.push(next);
        }
        self.trim(&mut run);
        let dotted = run.labels.len() > 1;
        let known_inside = || run.labels[1..].iter().any(|label| is_ending(&self.text(label.clone())));
        (dotted && (run.complete || definite || www || known_inside())).then_some(run)
    }

    /// Where the labels end that begin here and make no host.
    fn tried(&self, from: usize) -> Option<usize> {
        let mut end = self.label(from, true)?.end;
        let mut labels = 1;
        // 是真的吗。bit.ly: the stop ends a sentence, and a name may begin behind it.
        let goes_on = |end: usize| match self.dot(end) {
            Some(Dot::Plain | Dot::Spelt) => true,
            Some(Dot::Stop | Dot::Fake) => !self.han(end - 1),
            None => false,
        };
        while labels < MAX_LABELS && goes_on(end) && self.latin(end + 1) && self.word(end + 1) != "www" {
            end = self.label(end + 1, false)?.end;
            labels += 1;
        }
        // v1.2http://a.cn: a scheme begins wherever it stands.
        (from + 1..end).find(|at| self.scheme(*at).is_some()).or(Some(end))
    }

    /// The label that begins here. A label that begins in Han goes on to its dot where it may; one in Latin letters ends
    /// where Han begins.
    fn label(&self, at: usize, first: bool) -> Option<Range<usize>> {
        let end =
            |holds: &dyn Fn(usize) -> bool| (at..self.chars.len()).find(|at| !holds(*at)).unwrap_or(self.chars.len());
        let (latin, mixed) = (end(&|at| self.latin(at)), end(&|at| self.latin(at) || self.han(at)));
        let to = if first && mixed > latin && self.dot(mixed).is_some() { mixed } else { latin };
        if to == at {
            return None;
        }
        // Dashes between an address and what is said of it.
        let to = (at + 1..=to).rev().find(|to| !matches!(self.at(to - 1), '-' | '_')).unwrap_or(to);
        Some(at..to)
    }

    fn next_label(&self, run: &mut Run, led: bool, join: bool) -> Option<(Dot, Range<usize>)> {
        let last = run.labels.last()?.clone();
        let word = self.text(last.clone());
        let complete = run.complete;
        let splits = |next: &str| SECOND_LEVEL.contains(&word.to_lowercase().as_str()) && next == "cn";
        let (mut at, gap) = (run.to, self.gap(run.to));
        if gap > 0 {
            at += gap;
            if self.latin(at) && led && !complete && self.broken(run.to, gap) && !self.starts_anew(at) {
                // www.zun / yi.gov.cn: a line end inside a label.
                let rest = self.label(at, false)?;
                run.to = rest.end;
                run.labels.last_mut()?.end = rest.end;
                return self.next_label(run, led, join);
            }
            let next = at + 1 + self.gap(at + 1);
            if self.at(at) != '.' || !self.latin(next) {
                return None;
            }
            if complete && !splits(&self.word(next)) && !join {
                run.goes_on = true;
                return None;
            }
        }
        let dot = self.dot(at)?;
        let gap = self.gap(at + 1);
        let next = at + 1 + gap;
        let next_word = self.word(next);
        if gap > 0 {
            let common = next_word == "cn" || SECOND_LEVEL.contains(&next_word.as_str());
            let ending = common && (!complete || splits(&next_word));
            if dot != Dot::Plain || !(ending || led && !complete) || !self.latin(next) {
                return None;
            }
        }
        let han_before = self.han(last.end - 1);
        if self.latin(next) {
            let anew = self.scheme(next).is_some() || next_word == "www" && (han_before || dot != Dot::Plain);
            let ends = is_top_level(&next_word) && self.is_whole_ending(next);
            if anew || (dot == Dot::Stop || dot == Dot::Fake) && han_before && !ends {
                return None;
            }
            return Some((dot, self.label(next, false)?));
        }
        if !self.han(next) {
            return None;
        }
        let (ending, exact) = match self.han_ending(next) {
            Some(to) => (next..to, !self.han(to)),
            None if !complete && !han_before && dot == Dot::Plain => {
                // www.国务院.政务
                let label = self.label(next, true)?;
                let behind = label.end + 1;
                let ends = self.han_ending(behind).is_some() || is_top_level(&self.word(behind));
                return (ends && label.len() < MAX_HAN_LABEL).then_some((dot, label));
            }
            None => return None,
        };
        // A sentence may end before 公司 or 政务, and numbers of a list stand before them.
        let number = run.labels.len() == 1 && word.bytes().all(|b| b.is_ascii_digit());
        let may = exact || dot == Dot::Plain && !complete && !number && last.len() > 1;
        // 。网址：www.zunyi.gov.cn: the word begins the next sentence.
        let leads = LEADING.contains(&self.text(ending.clone()).as_str());
        let begins = leads && (dot == Dot::Stop || self.at(ending.end) == ':');
        (may && !begins).then_some((dot, ending))
    }

    /// Whether the Latin labels that begin here are an ending and no name: cn and gov.cn, but not kg.gov.cn.
    fn is_whole_ending(&self, at: usize) -> bool {
        let word = self.word(at);
        let behind = at + (at..self.chars.len()).take_while(|at| self.latin(*at)).count();
        let goes_on = self.at(behind) == '.' && self.latin(behind + 1);
        !goes_on || SECOND_LEVEL.contains(&word.as_str()) && self.word(behind + 1) == "cn"
    }

    /// Where a Chinese top-level name ends that begins here; the longest.
    fn han_ending(&self, at: usize) -> Option<usize> {
        let run = (at..self.chars.len()).take(6).take_while(|at| self.han(*at)).count();
        (1..=run).rev().map(|len| at + len).find(|to| is_top_level(&self.text(at..*to)))
    }

    fn broken(&self, at: usize, gap: usize) -> bool {
        (at..at + gap).any(|at| matches!(self.at(at), '\n' | '\r'))
    }

    /// Takes off what is no part of the host: the number of the next item of a list, the word after a sentence's stop.
    fn trim(&self, run: &mut Run) {
        let whole = run.labels.len();
        let ends = |at: usize| is_ending(&self.text(run.labels[at].clone()));
        let loose = |at: usize| {
            let number = self.text(run.labels[at].clone()).bytes().all(|b| b.is_ascii_digit());
            number || !ends(at) && self.dot(run.labels[at].start - 1) == Some(Dot::Stop)
        };
        if run.complete {
            return;
        }
        let keep = (1..whole).rev().take_while(|at| loose(*at)).last().unwrap_or(whole);
        if keep > 1 && keep < whole && ends(keep - 1) {
            run.labels.truncate(keep);
            (run.to, run.complete) = (run.labels[keep - 1].end, true);
        }
    }

    /// Where port, path, query and fragment end.
    fn path_end(&self, end: usize) -> usize {
        let digits = (end + 1..self.chars.len()).take_while(|at| self.at(*at).is_ascii_digit()).count();
        let port = if self.at(end) == ':' && digits > 0 && digits < 6 { end + 1 + digits } else { end };
        if !matches!(self.at(port), '/' | '\\' | '?' | '#') {
            return port;
        }
        let part = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^');
        let to = (port..self.chars.len()).find(|at| !part(self.at(*at))).unwrap_or(self.chars.len());
        let mark = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '\'' | '*' | '#' | '&');
        (port..=to).rev().find(|to| *to == port || !mark(self.at(to - 1))).unwrap_or(port)
    }

    fn emit(&self, first: usize, run: &Run, scheme: bool, found: &mut Vec<Found>) {
        let end = self.path_end(run.to);
        let mut starts = vec![first];
        let mut start = first;
        let label = run.labels.first().cloned().unwrap_or(run.from..run.to);
        if !scheme && (first..label.end).any(|at| self.han(at)) {
            // A label of two characters at least; an ending alone (gov.cn) stands by itself.
            let last = if first < run.from { run.from } else { label.end.saturating_sub(2) };
            for at in first + 1..=last {
                let before: String = (first..at).map(|at| self.at(at)).collect();
                let Some(word) = LEADING.iter().find(|word| before.ends_with(**word)) else { continue };
                starts.push(at);
                // 是 and 在 stand in names too; behind a longer word (网址是) they lead in an address.
                let chained = start == at - word.chars().count() && start > first;
                if word.chars().nth(1).is_some() || chained || at == run.from {
                    start = at;
                }
            }
        }
        let text = self.text(start..end);
        let others = starts.into_iter().filter(|at| *at != start).map(|at| self.text(at..end)).collect();
        let certain = scheme || self.is_certain(run, end);
        found.push(Found { span: self.span(first, end), text, others, certain });
    }

    fn is_certain(&self, run: &Run, end: usize) -> bool {
        if run.doubtful || !run.complete {
            return false;
        }
        let labels: Vec<String> = run.labels.iter().map(|label| self.text(label.clone())).collect();
        let (first, last) = (&labels[0], &labels[labels.len() - 1]);
        if first.eq_ignore_ascii_case("www") || end > run.to {
            return true;
        }
        if last.contains(is_east_asian) {
            // 国务院.政务公开 may be two sentences.
            return !self.han(run.to) || TRAILING.contains(&self.at(run.to));
        }
        if labels.len() > 2 {
            return true;
        }
        let small = last.to_lowercase();
        let file = FILE_ENDINGS.contains(&small.as_str());
        let number = first.bytes().all(|b| b.is_ascii_digit()) && !matches!(small.as_str(), "cn" | "com");
        // U.S, Hello.My: two sentences without a space.
        let capital =
            last.starts_with(|c: char| c.is_ascii_uppercase()) && last.bytes().any(|b| b.is_ascii_lowercase());
        let letter = first.chars().count() == 1 && small.len() == 2 && !matches!(small.as_str(), "cn" | "co" | "me");
        !(file || number || capital || letter)
    }
}

/// Signs that a browser takes for a part of a host after a scheme, and between two names that are one to it anywhere.
const JOINING: &str = "&=~!$*+|^,;'(";
const JOINING_BARE: &str = "&~!$*^";

/// Whether a last label is a top-level name, or looks like one.
fn is_ending(label: &str) -> bool {
    let small = label.to_lowercase();
    is_top_level(&small)
        || !small.is_ascii() && is_top_level(&fold_loosely(label))
        || is_top_level(&small.replace('0', "o"))
}

fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// What ends the part of an address in which an `@` counts.
fn ends_authority(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '/' | '\\' | '?' | '#' | '"' | '<' | '>' | '`')
        || matches!(c, '\u{3001}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '\u{FF01}'..='\u{FF0F}'
            | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF60}' | '\u{2018}'..='\u{201F}' | '\u{2026}')
}

#[cfg(test)]
mod tests;
