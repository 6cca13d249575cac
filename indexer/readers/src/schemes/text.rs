//! The lines of a document without the white space that typing and scanning leave in them.

use crate::documents::{Document, Span};
use record::staffing::{MarkStyle, mark};
use text::numerals;

/// A line: without white space, but for tabs of a table, and where it stands in the document's text.
pub struct Line {
    pub text: String,
    /// As it stands in the document.
    pub raw: String,
    pub span: Span,
    /// The table that it is a row of, by its place, and its cells, empty ones among them.
    pub row: Option<(usize, Vec<Cell>)>,
}

/// A cell of a row, without white space, and where it stands in the document's text.
pub struct Cell {
    pub text: String,
    pub span: Span,
}

pub struct Lines(pub Vec<Line>);

impl Lines {
    pub fn of(document: &Document) -> Self {
        let mut start = 0;
        let mut lines = Vec::with_capacity(document.lines.len());
        let mut rows = Rows { document, table: None, next: 0, column: 0, left: 0 };
        // Tables that a plain text draws, each by a place behind those of the document.
        let mut drawn = document.tables.len();
        let mut in_drawn = false;
        for line in &document.lines {
            let row = rows.row_of(line);
            let span = Span { start, end: start + line.text.len() };
            start += line.text.len() + 1;
            if let Some(cells) = drawn_row(&line.text).filter(|_| row.is_none() && !line.margin) {
                drawn += usize::from(!in_drawn);
                in_drawn = true;
                if cells.iter().any(|cell| cell.contains(|c| !RULE.contains(&c))) {
                    let cells = placed(&cells, &line.text, span);
                    let text = cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\t");
                    lines.push(Line { text, raw: line.text.trim().to_owned(), span, row: Some((drawn, cells)) });
                }
                continue;
            }
            in_drawn = false;
            let text = plain(&line.text);
            if line.margin || text.is_empty() {
                continue;
            }
            match &apart(&text)[..] {
                [_] => {
                    let row = row.map(|(table, cells)| (table, placed(&cells, &line.text, span)));
                    lines.push(Line { text, raw: line.text.trim().to_owned(), span, row });
                }
                parts => {
                    let part =
                        |part: &&str| Line { text: (*part).to_owned(), raw: (*part).to_owned(), span, row: None };
                    lines.extend(parts.iter().map(part));
                }
            }
        }
        Self(lines)
    }
}

/// What the row between the header and the others of a drawn table is made of: |---|:--|.
const RULE: [char; 4] = ['-', ':', ' ', '—'];

/// The cells of a row of a table as Markdown draws it: | 1 | 办公室 | 负责日常 |.
fn drawn_row(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().to_owned()).collect();
    (cells.len() > 1).then_some(cells)
}

/// The rows of a document's tables in the order of its lines: a line has no cells that are empty at its ends.
struct Rows<'d> {
    document: &'d Document,
    table: Option<usize>,
    /// The row of the next line, counted from the table's header.
    next: usize,
    /// Where the one cell of a row stands that is several lines, and those still to come.
    column: usize,
    left: usize,
}

impl Rows<'_> {
    /// The table of a line and the cells of its row; `None` for running text.
    fn row_of(&mut self, line: &crate::documents::Line) -> Option<(usize, Vec<String>)> {
        let at = line.table?;
        if self.table != Some(at) {
            (self.table, self.next, self.left) = (Some(at), 0, 0);
        }
        let table = self.document.tables.get(at)?;
        if self.left == 0 {
            let row = match self.next.checked_sub(1) {
                None => &table.header,
                Some(at) => table.rows.get(at)?,
            };
            self.next += 1;
            let mut filled = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            let (Some((column, only)), None) = (filled.next(), filled.next()) else { return Some((at, row.clone())) };
            self.left = only.lines().filter(|line| !line.trim().is_empty()).count();
            self.column = column;
        }
        self.left = self.left.saturating_sub(1);
        let cell = |column| if column == self.column { line.text.clone() } else { String::new() };
        Some((at, (0..=self.column).map(cell).collect()))
    }
}

/// The cells of a row, each where it stands in the line that they are.
fn placed(cells: &[String], line: &str, span: Span) -> Vec<Cell> {
    let mut from = 0;
    let place = |cell: &String| {
        let text = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let at = line[from..].find(&text).map_or(from, |at| from + at);
        from = if text.is_empty() { from } else { at + text.len() };
        let span = Span { start: span.start + at, end: span.start + at + text.len() };
        Cell { text: plain(&text), span }
    };
    cells.iter().map(place).collect()
}

/// From one cell to another.
pub fn joined(one: &Cell, other: &Cell) -> Span {
    Span { start: one.span.start.min(other.span.start), end: one.span.end.max(other.span.end) }
}

/// Items that stand in one row, each behind a stop, as rows of their own: …即：（一）办公室；（二）财务科。
fn apart(text: &str) -> Vec<&str> {
    let behind_stops =
        text.char_indices().filter(|(_, c)| ['：', '；', '。'].contains(c)).map(|(at, c)| at + c.len_utf8());
    let mut cuts: Vec<usize> = Vec::new();
    let mut last = mark(text).map(|first| (first.style, first.n));
    for at in behind_stops {
        let Some(found) = mark(&text[at..]) else { continue };
        let listed = matches!(found.style, MarkStyle::Parenthesis | MarkStyle::Arabic | MarkStyle::ArabicParenthesis);
        let follows = last.is_some_and(|(style, n)| style == found.style && found.n == n + 1);
        let begins = found.n == 1 && cuts.is_empty() && last.is_none_or(|(style, _)| style != found.style);
        if listed && (follows || begins) {
            cuts.push(at);
            last = Some((found.style, found.n));
        }
    }
    // 1 alone begins no list.
    if cuts.len() == 1 && mark(text).is_none_or(|first| Some((first.style, first.n + 1)) != last) {
        return vec![text];
    }
    let mut from = 0;
    let mut parts: Vec<&str> = Vec::new();
    for at in cuts {
        parts.push(&text[from..at]);
        from = at;
    }
    parts.push(&text[from..]);
    parts
}

/// The last labels of web names in Chinese.
const WEB_NAME_ENDS: [[char; 2]; 5] = [['政', '务'], ['公', '益'], ['网', '址'], ['中', '国'], ['公', '司']];

/// Without white space; parentheses, digits and points of either width as Chinese text has them.
pub fn plain(text: &str) -> String {
    let text = text.trim();
    let fold = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '(' => '（',
        ')' => '）',
        '<' | '〈' => '《',
        '>' | '〉' => '》',
        '：' | ':' => '：',
        ';' => '；',
        ',' => '，',
        c => c,
    };
    let plain: Vec<char> =
        text.chars().filter(|c| *c == '\t' || !(c.is_whitespace() || *c == '\u{FEFF}')).map(fold).collect();
    // A point behind a word is a stop, 办公室.负责…, unless it is one of a web name: 甲市人民政府.政务.
    let is_word = |c: Option<&char>| c.is_some_and(|c| is_han(*c) && !numerals::is_numeral(*c) || *c == '）');
    let goes_on = |c: Option<&char>| c.is_none_or(|c| is_han(*c));
    let stop = |(at, c): (usize, &char)| {
        let is_stop = ['.', '．'].contains(c)
            && is_word(at.checked_sub(1).and_then(|at| plain.get(at)))
            && goes_on(plain.get(at + 1))
            && !is_of_web_name(&plain, at);
        if is_stop { '。' } else { *c }
    };
    plain.iter().enumerate().map(stop).collect()
}

/// What names of institutions and of places have, and names of their units do not.
const INSTITUTION: [char; 14] = ['局', '厅', '委', '府', '院', '校', '馆', '市', '县', '区', '省', '州', '镇', '乡'];

/// Whether the point at a place is one of a web name: 甲市人民政府.政务, and not 办公室.政务、事务 or 甲局.政务公开.
fn is_of_web_name(plain: &[char], at: usize) -> bool {
    let (before, behind) = (&plain[..at], &plain[at + 1..]);
    // A unit alone stands in a list of units: 办公室.政务、事务. With its institution it has a web name: 甲局办公室.政务.
    let name = before.iter().rev().take_while(|c| is_han(**c)).skip(1);
    let alone = !name.copied().any(|c| INSTITUTION.contains(&c));
    let of_unit = alone && before.last().is_some_and(|c| ['室', '科', '股', '处', '组'].contains(c));
    let over = behind.get(2).is_none_or(|c| !is_han(*c) || ['等', '的', '网', '域'].contains(c));
    !of_unit && over && WEB_NAME_ENDS.iter().any(|end| behind.starts_with(end))
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// The sentences of a text, without their stops.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '；', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// Splits at separators that stand outside parentheses.
pub fn split_outside<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0u32);
    for (at, c) in text.char_indices() {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            c if depth == 0 && separators.contains(&c) => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The number of a row as the number of an item, set off from what follows it: 1 becomes 1.; what is one already stays.
pub fn numbered(cell: &str) -> String {
    match mark(cell) {
        None if numerals::parse(cell).is_some() => {
            let arabic = cell.chars().all(|c| c.is_ascii_digit());
            format!("{cell}{}", if arabic { "." } else { "、" })
        }
        _ => cell.to_owned(),
    }
}
