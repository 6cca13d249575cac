//! From rows of print with places to paragraphs: what PDF and OFD share, which know places and no paragraphs.
//!
//! Chinese text is set justified, with the first row of a paragraph indented by two characters (GB/T 9704-2012, 7.3.3).
//! So a row goes on with the one before it when that one reaches the right edge and this one begins at the left edge.
//! Where nothing is indented, the end of a sentence ends the paragraph too.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{DocumentError, Lines, radicals};
use crate::law_markdown::regex;

/// Characters that follow each other at one height, with their place from the page's upper left corner. All measures
/// of a document in one unit, whichever.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub left: f64,
    pub right: f64,
    /// The line that the characters stand on, from the page's upper edge down.
    pub base: f64,
    /// Width of a Chinese character.
    pub size: f64,
    pub text: String,
}

/// A row of print.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    left: f64,
    right: f64,
    size: f64,
    text: String,
}

/// The rows of a page or of one of its columns, and the edges of its print.
struct Column {
    rows: Vec<Row>,
    left: f64,
    right: f64,
}

impl Column {
    fn of(pieces: Vec<Piece>) -> Self {
        let rows = rows(pieces);
        let (left, right) = edges(&rows);
        Self { rows, left, right }
    }

    /// Whether a row reaches the right edge. One with wide gaps is no running text, however far it reaches.
    fn is_full(&self, row: &Row) -> bool {
        let length = row.right - row.left;
        let dense = printed(&row.text) * row.size > 0.7 * length;
        row.right > self.right - 1.6 * row.size && length > 8.0 * row.size && dense
    }

    /// Whether a row begins away from the left edge: indented, or centred.
    fn sets_in(&self, row: &Row) -> bool {
        row.left > self.left + 0.5 * row.size
    }

    /// Whether a row is indented by two characters, as the first of a paragraph is.
    fn has_indents(&self) -> bool {
        self.rows.iter().any(|row| (1.4..2.6).contains(&((row.left - self.left) / row.size.max(1e-6))))
    }
}

/// The number at a page's foot: 1, - 1 -, — 2 —, 第 3 页, 第3页 共9页 (GB/T 9704-2012, 7.5).
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[-—–－―_· ]{0,6}(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–－―_· ]{0,6}$")
});
/// What opens a paragraph however it is set.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:第[〇零一二三四五六七八九十百千\d]{1,9}[编章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?:\D|$)|[①-⑳]|附件)",
    )
});
/// What is a paragraph of its own, whatever stands before it: a document number (with what it is called, of an order or of
/// an announcement too) or a date, alone in its row.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?:(?:发文字号|发文文号|发文编号|文\s*号|文件编号|公告编号)\s*[：:]\s*)?[\p{Han}]{1,20}\s*[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号|[\p{Han}、 ]{2,40}(?:令|公告|通告)\s*(?:\d{4}\s*年\s*)?第\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号|[\p{Han}]{2,30}第\s*\d{1,5}\s*号令|[12１２一二][\d〇○零０Oo一二三四五六七八九]{3}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日)$",
    )
});
/// The number of an article or a heading with its space: no sentence goes on so.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^第[〇零一二三四五六七八九十百千两\d]{1,9}[编章节条](?:之[一二三四五六七八九十]{1,3})?[\s\u{3000}]")
});
/// A document number with who signed the document in the same row.
static SIGNER_BESIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"号[\s\u{3000}]*签发人[\s\u{3000}：:]*[\p{Han}\s]{0,12}$"));
/// Organs that sign below a text set without indents.
static SIGNATURE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[\p{Han}]{2,30}(?:人民政府|委员会|办公厅|办公室|法院|检察院|厅|局|部|委|院)$"));

/// The number of an article or a heading, and nothing else.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^第[〇零一二三四五六七八九十百千两\d]{1,9}(?:[编章节]|条(?:之[一二三四五六七八九十]{1,3})?)$")
});

/// Rows that reach the right edge where text goes on from row to row and nothing is indented, at least, and of how many
/// rows one does; of rows that are paragraphs each, few are as long as the longest.
const FULL_ROWS: usize = 2;
const FULL_OF: usize = 3;
/// Ends of sentences, and of a caption.
const ENDS: [char; 8] = ['。', '；', '：', '！', '？', ';', ':', '）'];

/// Characters of a row, at least, that may all stand apart; the share of them that do; the least gap, in characters, which
/// justified text does not reach; and how far apart their beginnings are at most: cells of a table stand farther apart.
const APART_LEAST: usize = 6;
const APART: f64 = 0.6;
const APART_GAP: f64 = 0.45;
const APART_PITCH: f64 = 2.2;

/// A column has at least this many pieces; fewer are a letterhead or a table.
const COLUMN_PIECES: usize = 6;
/// Parts of its width that the pieces of a column of text fill on average; cells of a table fill less.
const COLUMN_FILLED: f64 = 0.6;

/// Adds the paragraphs of the pages. A paragraph bears the page on which it begins.
pub fn paragraphs(pages: Vec<Vec<Piece>>, lines: &mut Lines) -> Result<(), DocumentError> {
    let pages: Vec<Vec<Column>> = pages.into_iter().map(|p| columns(p).into_iter().map(Column::of).collect()).collect();
    let with_indents = pages.iter().flatten().any(Column::has_indents);
    let mut open: Option<(String, u32)> = None;
    let mut last: Option<(f64, bool)> = None;
    for (page, columns) in (1u32..).zip(&pages) {
        for column in columns {
            let full = column.rows.iter().filter(|row| column.is_full(row)).count();
            let wraps = with_indents || (full >= FULL_ROWS && full * FULL_OF >= column.rows.len());
            for (at, row) in column.rows.iter().enumerate() {
                let edge_of_page = at < 1 || at + 2 >= column.rows.len();
                if edge_of_page && PAGE_NUMBER.is_match(&row.text) {
                    continue;
                }
                let indented = column.sets_in(row);
                let follows = last.is_some_and(|(size, full)| full && (size - row.size).abs() < 0.2 * row.size);
                let goes_on = |text: &str| {
                    let ended = !with_indents && text.ends_with(ENDS);
                    follows && !indented && !ended && !begins(text, &row.text)
                };
                match open.as_mut().filter(|(text, _)| goes_on(text)) {
                    Some((text, _)) => join(text, &row.text),
                    None => {
                        if let Some((text, page)) = open.replace((row.text.clone(), page)) {
                            lines.push(&text, Some(page), None)?;
                        }
                    }
                }
                last = Some((row.size, wraps && column.is_full(row)));
            }
        }
    }
    open.map_or(Ok(()), |(text, page)| lines.push(&text, Some(page), None))
}

/// Whether a row opens a paragraph although it stands at the left edge.
fn begins(before: &str, row: &str) -> bool {
    let row = row.trim();
    let stopped = before.ends_with(['。', '；', '：', ';', ':']);
    // Below a title, whom the document is addressed to; the text of an article goes on to 主要职责是：.
    let titled = !before.contains(['，', '。', '；', '：', ',']) && !OPENING.is_match(before);
    let addressed = row.ends_with(['：', ':']) && !row.contains('。') && titled;
    (stopped && (OPENING.is_match(row) || SIGNATURE.is_match(row)))
        || NUMBERED.is_match(row)
        || addressed
        || ALONE.is_match(row)
        || ALONE.is_match(before)
        || SIGNER_BESIDE.is_match(before)
}

fn join(text: &mut String, row: &str) {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    if latin(text.chars().last()) && latin(row.chars().next()) {
        text.push(' ');
    }
    text.push_str(row);
}

/// The page's pieces as one column, or as two that stand side by side.
fn columns(mut pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    pieces.retain(|p| !p.text.trim().is_empty());
    let left = pieces.iter().map(|p| p.left).fold(f64::MAX, f64::min);
    let right = pieces.iter().map(|p| p.right).fold(f64::MIN, f64::max);
    let middle = f64::midpoint(left, right);
    let filled = |pieces: &[&Piece], width: f64| {
        let sum: f64 = pieces.iter().map(|p| p.right - p.left).sum();
        pieces.len() >= COLUMN_PIECES && sum > COLUMN_FILLED * width * pieces.len() as f64
    };
    let before: Vec<&Piece> = pieces.iter().filter(|p| p.right <= middle).collect();
    let behind: Vec<&Piece> = pieces.iter().filter(|p| p.left >= middle).collect();
    let across = pieces.len() - before.len() - behind.len();
    let two = filled(&before, middle - left) && filled(&behind, right - middle) && across * 4 < pieces.len();
    if !two {
        return vec![pieces];
    }
    let (behind, before) = pieces.into_iter().partition(|p| p.left >= middle);
    vec![before, behind]
}

/// Pieces ordered into rows: from top to bottom, in a row from left to right.
fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.left.total_cmp(&b.left)));
    let mut rows: Vec<Row> = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    for piece in pieces {
        if row.first().is_some_and(|first| piece.base - first.base > 0.4 * first.size.max(piece.size)) {
            rows.extend(row_of(std::mem::take(&mut row)));
        }
        row.push(piece);
    }
    rows.extend(row_of(row));
    rows
}

fn row_of(mut pieces: Vec<Piece>) -> Option<Row> {
    pieces.sort_by(|a, b| a.left.total_cmp(&b.left));
    for piece in &mut pieces {
        // Spaces in front of the characters move them.
        let bare = piece.text.trim_start();
        if !bare.is_empty() && bare.len() < piece.text.len() {
            let all = width(&piece.text).max(0.5);
            piece.left += (piece.right - piece.left) * (width(&piece.text) - width(bare)) / all;
            piece.text = bare.to_owned();
        }
    }
    let first = pieces.first()?;
    // The longest piece tells the size best: a single letter may be wide or narrow.
    let size = pieces.iter().max_by_key(|p| p.text.len()).map_or(first.size, |p| p.size);
    let mut row = Row { left: first.left, right: first.left, size, text: String::new() };
    let mut printed = Printed::default();
    // Where a space was put for a gap, and how wide that is; and how many characters stand apart from the one before.
    let mut gaps: Vec<(usize, f64)> = Vec::new();
    let mut apart = 0;
    for piece in &pieces {
        // The same characters printed twice a little aside make bold type.
        let text = printed.new_of(piece);
        if text.trim().is_empty() && !piece.text.trim().is_empty() {
            continue;
        }
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let letters = latin(row.text.chars().last()) && latin(text.chars().next());
        // Justified characters stand apart by a fifth of one; behind 第一条 even a narrow gap is a space.
        let least = match () {
            () if letters => 0.12,
            () if NUMBER.is_match(&row.text) => 0.25,
            () => 0.6,
        };
        apart += usize::from(!row.text.is_empty() && piece.left - row.right > APART_GAP * size);
        if !row.text.is_empty() && piece.left - row.right > least * size {
            gaps.push((row.text.len(), piece.left - row.right));
            row.text.push(' ');
        }
        row.text.push_str(&text);
        row.right = row.right.max(piece.right);
    }
    if let Some(text) = set_apart(&row, gaps, apart) {
        row.text = text;
        row.size = (row.right - row.left) / self::printed(&row.text).max(0.5);
    }
    row.text = radicals::fold(row.text.trim()).into_owned();
    Some(row).filter(|row| !row.text.is_empty())
}

/// The text of a row whose characters all stand apart, 主 要 职 责, as programs that read scans print them, without the
/// spaces between them; `None` of any other row. A gap wider than the others is a space still.
fn set_apart(row: &Row, mut gaps: Vec<(usize, f64)>, apart: usize) -> Option<String> {
    let characters = row.text.chars().filter(|c| !c.is_whitespace()).count();
    let apart = apart.max(row.text.split_whitespace().count().saturating_sub(1));
    let pitch = (row.right - row.left) / printed(&row.text).max(0.5);
    if characters < APART_LEAST || apart as f64 <= APART * (characters - 1) as f64 || pitch > APART_PITCH * row.size {
        return None;
    }
    let usual = pitch - row.size;
    gaps.retain(|(_, width)| *width > usual + 0.6 * row.size);
    let mut text = String::with_capacity(row.text.len());
    for (at, c) in row.text.char_indices() {
        if !c.is_whitespace() {
            text.push(c);
        } else if gaps.iter().any(|(gap, _)| *gap == at) {
            text.push(' ');
        }
    }
    Some(text)
}

/// The characters of a row that other pieces have printed, by where they stand.
#[derive(Default)]
struct Printed {
    /// Left edges by character and by the part of the row that they lie in.
    places: HashMap<(char, i64), f64>,
}

impl Printed {
    /// Characters of a size that two prints of one may stand apart.
    const ASIDE: f64 = 0.3;

    /// The piece's text without what stands there already.
    fn new_of(&mut self, piece: &Piece) -> String {
        let apart = Self::ASIDE * piece.size;
        let advance = (piece.right - piece.left) / width(&piece.text).max(0.5);
        let mut left = piece.left;
        let mut text = String::with_capacity(piece.text.len());
        let mut places = Vec::new();
        for c in piece.text.chars() {
            let part = (left / apart.max(1e-6)) as i64;
            let twice = !c.is_whitespace()
                && (-1..=1).any(|n: i64| {
                    self.places.get(&(c, part.saturating_add(n))).is_some_and(|there| (there - left).abs() < apart)
                });
            if !twice {
                text.push(c);
            }
            places.push(((c, part), left));
            left += advance * width(c.encode_utf8(&mut [0; 4]));
        }
        self.places.extend(places);
        text
    }
}

/// The edges of what is printed; the left one is that of the long rows, so that a margin note does not move it. A stop
/// may hang over the right edge.
fn edges(rows: &[Row]) -> (f64, f64) {
    let hangs = |row: &Row| row.text.ends_with(['，', '。', '、', '；', '：', '”', '）', '》', '！', '？']);
    let solid = |row: &Row| if hangs(row) { row.right - row.size } else { row.right };
    let right = rows.iter().map(solid).fold(f64::MIN, f64::max);
    let least = rows.iter().map(|r| r.left).fold(f64::MAX, f64::min);
    let long = rows.iter().filter(|r| r.right - r.left > 0.5 * (right - least));
    let long = long.map(|r| r.left).fold(f64::MAX, f64::min);
    (if long == f64::MAX { least } else { long }, right)
}

/// Widths of a text in Chinese characters: letters and digits count half.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| if (c as u32) < 0x2000 { 0.5 } else { 1.0 }).sum()
}

/// Widths of a text without its spaces.
fn printed(text: &str) -> f64 {
    text.split_whitespace().map(width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One piece a row, 30 apart; a character is 10 wide.
    fn page(rows: &[(f64, &str)]) -> Vec<Piece> {
        let rows = (1u8..).zip(rows);
        rows.map(|(n, (left, text))| Piece {
            left: *left,
            right: left + 10.0 * width(text),
            base: 30.0 * f64::from(n),
            size: 10.0,
            text: (*text).into(),
        })
        .collect()
    }

    fn read(pages: Vec<Vec<Piece>>) -> Vec<(String, Option<u32>)> {
        let mut lines = Lines::default();
        paragraphs(pages, &mut lines).unwrap();
        lines.lines.into_iter().map(|l| (l.text, l.page)).collect()
    }

    #[test]
    fn rows_go_on_over_lines_and_pages() {
        let pages = vec![
            page(&[
                (40.0, "关于甲的通知"),
                (20.0, "第一条　甲甲甲甲甲甲甲甲甲甲"),
                (0.0, "乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙20"),
                (80.0, "— 1 —"),
            ]),
            page(&[(0.0, "23年丙。"), (20.0, "丁丁丁丁丁丁丁丁丁丁丁丁丁丁"), (0.0, "戊。")]),
        ];
        let want = [
            ("关于甲的通知", 1),
            ("第一条　甲甲甲甲甲甲甲甲甲甲乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙2023年丙。", 1),
            ("丁丁丁丁丁丁丁丁丁丁丁丁丁丁戊。", 2),
        ];
        let want: Vec<(String, Option<u32>)> = want.map(|(text, page)| (text.to_owned(), Some(page))).to_vec();
        assert_eq!(read(pages), want);
    }

    #[test]
    fn a_numbered_paragraph_at_the_edge_stands_alone() {
        let rows = [(0.0, "第一条　甲甲甲甲甲甲甲甲甲。"), (0.0, "第二条　乙乙乙乙乙乙乙乙乙乙"), (0.0, "丙。")];
        assert_eq!(read(vec![page(&rows)]).len(), 2);
    }

    fn texts(rows: &[(f64, &str)]) -> Vec<String> {
        read(vec![page(rows)]).into_iter().map(|l| l.0).collect()
    }

    #[test]
    fn an_article_follows_a_full_row_of_any_kind() {
        let rows = [
            (20.0, "（甲甲甲甲甲甲甲甲甲甲甲甲甲甲"),
            (0.0, "乙乙乙乙乙乙乙乙乙乙乙乙乙乙通过"),
            (0.0, "第一条　丙。"),
        ];
        assert_eq!(texts(&rows).len(), 2);
        // A sentence that speaks of an article goes on.
        let rows = [(20.0, "甲甲甲甲甲甲甲甲甲甲甲甲甲依照"), (0.0, "第一条的规定办理。")];
        assert_eq!(texts(&rows).len(), 1);
    }

    #[test]
    fn an_article_goes_on_to_what_it_lists() {
        for second in ["政策和决策部署。主要职责是：", "政策和各项决策部署要求，主要职责是："]
        {
            let rows =
                [(20.0, "第三条　甲局负责贯彻落实上级关于甲工作的方针"), (0.0, second), (20.0, "（一）负责甲。")];
            assert_eq!(texts(&rows).len(), 2, "{second}");
        }
        // A title has somebody whom it is addressed to below it.
        let rows = [
            (0.0, "甲市人民政府关于印发甲乙丙丁戊办法的通知全文"),
            (0.0, "各县人民政府，市政府各部门："),
            (20.0, "（一）负责甲。"),
        ];
        assert_eq!(texts(&rows).len(), 3);
    }

    #[test]
    fn spaces_indent_as_places_do() {
        let rows =
            [(0.0, "　　甲甲甲甲甲甲甲甲甲甲甲甲甲。"), (0.0, "　　乙乙乙乙乙乙乙乙乙乙乙乙乙，"), (0.0, "丙丙。")];
        assert_eq!(texts(&rows), ["甲甲甲甲甲甲甲甲甲甲甲甲甲。", "乙乙乙乙乙乙乙乙乙乙乙乙乙，丙丙。"]);
    }

    #[test]
    fn spaces_fill_no_row() {
        let rows = [(0.0, "甲府发〔2024〕7号　　　　　　密级：无"), (0.0, "关于甲的答复")];
        assert_eq!(texts(&rows).len(), 2);
    }

    #[test]
    fn without_indents_a_sentence_ends_its_paragraph() {
        // The longest of rows that are paragraphs each.
        let long = "现将甲办法印发给你们，请认真组织实施";
        assert_eq!(texts(&[(0.0, "各单位：甲"), (0.0, long), (0.0, "甲市医疗保障局"), (0.0, "2024年4月2日")]).len(), 4);
        let rows = [
            (0.0, "甲甲甲甲甲甲甲甲甲甲"),
            (0.0, "乙乙乙乙乙乙乙乙乙。"),
            (0.0, "丙丙丙丙丙丙丙丙丙丙"),
            (0.0, "丁。"),
        ];
        assert_eq!(texts(&rows), ["甲甲甲甲甲甲甲甲甲甲乙乙乙乙乙乙乙乙乙。", "丙丙丙丙丙丙丙丙丙丙丁。"]);
    }

    #[test]
    fn a_stop_may_hang_over_the_edge() {
        let rows = [(20.0, "甲甲甲甲甲甲甲甲甲甲，"), (0.0, "乙乙乙乙乙乙乙乙乙乙乙乙"), (0.0, "丙。")];
        assert_eq!(read(vec![page(&rows)]).len(), 1);
    }

    #[test]
    fn pieces_at_one_height_are_one_row_with_gaps() {
        let mut pieces = page(&[(0.0, "左"), (150.0, "右")]);
        pieces[1].base = pieces[0].base + 1.0;
        pieces.extend(page(&[]));
        pieces.push(Piece { base: 90.0, ..pieces[0].clone() });
        assert_eq!(read(vec![pieces]).into_iter().map(|l| l.0).collect::<Vec<_>>(), ["左 右", "左"]);
    }

    /// 主 要 职 责: each character by itself, one and a half or two of its widths from the next.
    #[test]
    fn characters_that_stand_apart_are_running_text() {
        let spaced = |rows: &[(f64, &str)], pitch: f64| {
            let mut pieces = Vec::new();
            for (n, (left, text)) in (1u8..).zip(rows) {
                let mut at = *left;
                for c in text.chars() {
                    if c != ' ' {
                        let (left, base) = (at, 30.0 * f64::from(n));
                        pieces.push(Piece { left, right: left + 10.0, base, size: 10.0, text: c.to_string() });
                    }
                    at += pitch;
                }
            }
            read(vec![pieces]).into_iter().map(|l| l.0).collect::<Vec<_>>()
        };
        let rows = [
            (0.0, "甲市乙局职能配置、内设机构和人员编制规定"),
            (30.0, "第三条 甲市乙局的主要职责是："),
            (30.0, "（一）负责甲乙丙丁戊己庚辛，拟订甲乙丙丁"),
            (0.0, "规划并组织实施。"),
        ];
        for pitch in [15.0, 16.5, 20.0] {
            let rows = rows.map(|(left, text)| (left * pitch / 15.0, text));
            let want = [rows[0].1, rows[1].1, "（一）负责甲乙丙丁戊己庚辛，拟订甲乙丙丁规划并组织实施。"];
            assert_eq!(spaced(&rows, pitch), want, "{pitch}");
        }
        // Cells of a table stay apart, and so do the two characters of a name.
        assert_eq!(spaced(&[(0.0, "甲乙丙丁戊己庚")], 40.0), ["甲 乙 丙 丁 戊 己 庚"]);
        assert_eq!(spaced(&[(0.0, "目录")], 30.0), ["目 录"]);
    }

    #[test]
    fn what_is_printed_twice_is_read_once() {
        let mut pieces = page(&[(0.0, "文号："), (0.0, "文号：甲府办发〔2024〕7号"), (20.0, "人人有责")]);
        pieces[1].base = pieces[0].base;
        pieces[1].left += 1.5;
        let mut bold = pieces[2].clone();
        bold.left += 0.8;
        bold.base += 0.5;
        pieces.push(bold);
        assert_eq!(
            read(vec![pieces]).into_iter().map(|l| l.0).collect::<Vec<_>>(),
            ["文号：甲府办发〔2024〕7号", "人人有责"]
        );
    }

    #[test]
    fn numbers_addressees_dates_and_items_stand_alone_without_indents() {
        let full = "甲市人民政府关于印发甲办法的通知";
        let rows = [
            full,
            "甲府发〔2024〕7号",
            "各县人民政府：",
            "1.甲甲甲甲甲甲甲甲甲甲甲甲甲甲。",
            "2.乙乙乙乙乙乙乙乙乙乙乙乙乙乙。",
            "甲市人民政府",
            "2024年4月2日",
        ];
        let placed: Vec<(f64, &str)> = rows.iter().map(|row| (0.0, *row)).collect();
        assert_eq!(read(vec![page(&placed)]).into_iter().map(|l| l.0).collect::<Vec<_>>(), rows);
        for number in [
            "文号：甲府发〔2024〕7号",
            "发文字号：甲府发（2024）7号",
            "甲市人民政府令第7号",
            "甲市人民政府第7号令",
            "甲市财政局公告2024年第7号",
            "甲市财政局 甲市税务局通告第七号",
        ] {
            let placed = [(0.0, full), (0.0, number), (0.0, "甲市人民政府")];
            assert_eq!(read(vec![page(&placed)])[1].0, number);
        }
        let placed = [(0.0, full), (0.0, "各县人民政府：")];
        assert_eq!(read(vec![page(&placed)]).len(), 2);
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut pieces = page(&[(0.0, "甲甲甲甲甲甲甲甲甲"); 8]);
        pieces.extend(page(&[(100.0, "乙乙乙乙乙乙乙乙乙"); 8]));
        let read = read(vec![pieces]);
        assert_eq!(read.len(), 1);
        assert!(read[0].0.starts_with(&"甲".repeat(72)) && read[0].0.ends_with(&"乙".repeat(72)));
    }

    proptest::proptest! {
        #[test]
        fn no_character_is_lost_or_moved(
            rows in proptest::collection::vec((0u8..60, "[　 ]{0,2}[甲乙丙第一条。：（）]{1,30}"), 0..40),
        ) {
            let placed: Vec<(f64, &str)> = rows.iter().map(|(left, text)| (f64::from(*left), text.as_str())).collect();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let printed: String = rows.iter().map(|(_, text)| bare(text)).collect();
            proptest::prop_assert_eq!(texts(&placed).iter().map(|line| bare(line)).collect::<String>(), printed);
        }
    }
}
