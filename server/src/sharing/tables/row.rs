//! A row while it is read: its cells by column, and what is wrong with them.

use indexer::{
    corpus::documents::NO_RESULT,
    record::{DivisionCode, Shape, typed},
};

use super::{Column, Fault, Kind, NOTHING};
use crate::exchange::{REASON, flat, unguarded};

/// Columns with names of institutions, in which spaces mean nothing.
const NAMES: [&str; 5] = ["全称", "简称", "曾用名", "上级机构", "机构"];
/// What a spreadsheet shows where a formula fails (ECMA-376 part 1, 18.17.3).
const ERRORS: [&str; 11] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
];
/// How the headers of a table are taken.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    /// Headers with the column that each means, as whoever brings the table says; an empty column leaves it out.
    pub named: Vec<(String, String)>,
    /// Whether columns that nobody knows are left out rather than told as faults.
    pub skip_unknown: bool,
    /// Whether a code that is wrong is left out, and the rest of its row taken.
    pub skip_codes: bool,
    /// The division of all rows, where the table has no column for it.
    pub division: Option<DivisionCode>,
}

impl Headers {
    /// What is said of one header: 表头=列名, or 表头= to leave it out.
    pub fn said(text: &str) -> Result<(String, String), String> {
        let (header, column) =
            text.split_once('=').or_else(|| text.split_once('＝')).ok_or("应如 职权名称=事项名称")?;
        let (header, column) = (header.trim().to_owned(), column.trim().to_owned());
        if header.is_empty() { Err("等号前应为表头".to_owned()) } else { Ok((header, column)) }
    }

    /// The same of several, between commas or one a line.
    pub fn said_of_all(text: &str) -> Result<Vec<(String, String)>, String> {
        let all = text.split([',', '，', '\n']).map(str::trim).filter(|said| !said.is_empty());
        all.map(|said| Self::said(said).map_err(|fault| format!("{said}：{fault}"))).collect()
    }
}

/// The number of a line, which lists have in front, and where a line stood in the workbook that a table was made of.
/// The name of a sheet may be that of a sort of power, and is none.
const NUMBERS: [&str; 9] = ["序号", "编次", "No.", "seq", "工作表", "sheet", "文件", "file", "row"];

/// Whether a column says nothing that could be taken: numbers of lines, what downloads tell of where a record comes
/// from, and why a row failed before.
fn is_beside(name: &str) -> bool {
    NUMBERS.contains(&name) || flat::EVERY.contains(&name) || name == REASON
}

/// What is reported of a required column that a header does not name.
pub const MISSING: &str = "缺少这一列，它是必填的";

/// The beginning of a header, in one line.
fn shown(header: &str) -> String {
    header.chars().filter(|c| !c.is_control()).take(30).collect()
}

/// Where each column stands.
pub struct Header {
    columns: Vec<Option<&'static str>>,
    /// How many cells the table's own header has.
    width: usize,
}

/// The column that a cell of a header means; outside `None` where it means none, inside where it is left out.
fn meant<'c>(columns: &'c [Column], cell: &str, headers: &Headers) -> Option<Option<&'c Column>> {
    let written = cell.trim_end_matches(['*', '＊']).trim();
    let named = headers.named.iter().find(|(header, _)| header == written).map(|(_, column)| column.as_str());
    if named == Some("") {
        return Some(None);
    }
    let name = named.unwrap_or(written);
    let exact = columns.iter().find(|column| column.name == name);
    exact.or_else(|| columns.iter().find(|column| column.is_called(name))).map(Some)
}

impl Header {
    /// Where the row with the names of the columns is, and how many it names: the first of those near the top that name
    /// most. Lists have titles above it.
    pub fn row(columns: &[Column], rows: &[(u32, Vec<String>)], headers: &Headers, most: usize) -> (usize, usize) {
        let named = |cells: &Vec<String>| cells.iter().filter(|cell| meant(columns, cell, headers).is_some()).count();
        let counts = rows.iter().take(most).map(|(_, cells)| named(cells)).enumerate();
        let best = counts.max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at))).unwrap_or_default();
        // One name alone may be a word of a title.
        if best.1 > 1 { best } else { (0, best.1) }
    }

    /// Whether the row below a header names columns too: 时限 above, 法定时限 and 承诺时限 below.
    pub fn goes_on(columns: &[Column], head: &[String], below: &[String], headers: &Headers) -> bool {
        let filled = || below.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let known = |(at, cell): (usize, &String)| {
            head.get(at) == Some(cell) || meant(columns, cell, headers).is_some_and(|column| column.is_some())
        };
        let new = |(at, cell): (usize, &String)| head.get(at) != Some(cell);
        filled().all(known) && filled().any(new)
    }

    /// Whether a header names a column.
    pub fn names(columns: &[Column], head: &[String], column: &str, headers: &Headers) -> bool {
        head.iter().any(|cell| meant(columns, cell, headers).flatten().is_some_and(|known| known.name == column))
    }

    /// Puts the names of the second row of a header over those of the first.
    pub fn join(head: &mut Vec<String>, below: Vec<String>) {
        head.resize(head.len().max(below.len()), String::new());
        for (cell, below) in head.iter_mut().zip(below).filter(|(_, below)| !below.is_empty()) {
            *cell = below;
        }
    }

    /// The cells of a header that no column is known for, each with its place.
    pub fn unknown<'h>(columns: &[Column], head: &'h [String], headers: &Headers) -> Vec<(usize, &'h str)> {
        let cells = head.iter().map(|cell| cell.trim_end_matches(['*', '＊']).trim()).enumerate();
        cells
            .filter(|(_, cell)| !cell.is_empty() && !is_beside(cell) && meant(columns, cell, headers).is_none())
            .collect()
    }

    /// Where a column stands.
    pub fn index_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == Some(column))
    }

    /// The column that stands at a place.
    pub fn name(&self, at: usize) -> Option<&'static str> {
        self.columns.get(at).copied().flatten()
    }

    /// Makes room for columns that the table lacks, behind cells of that many columns.
    pub fn widen(&mut self, cells: usize, columns: impl Iterator<Item = &'static str>) {
        self.columns.resize(self.columns.len().max(cells), None);
        for column in columns {
            if self.index_of(column).is_none() {
                self.columns.push(Some(column));
            }
        }
    }

    /// What the first of some columns that has something says.
    pub fn first_of(&self, cells: &[String], columns: &[&str]) -> Option<String> {
        let cell = |column: &&str| cells.get(self.index_of(column)?).map(|cell| cell.trim());
        columns
            .iter()
            .filter_map(cell)
            .find(|cell| !matches!(*cell, "" | "/" | "／" | "无" | "—" | "-"))
            .map(str::to_owned)
    }

    /// Fills an empty cell of a column, or that of a column that the table lacks.
    pub fn complete(&self, cells: &mut Vec<String>, column: &str, word: &str) {
        let Some(at) = self.index_of(column) else { return };
        cells.resize(cells.len().max(at + 1), String::new());
        if cells[at].trim().is_empty() {
            word.clone_into(&mut cells[at]);
        }
    }

    /// Reads the row with the names of the columns; all that is wrong with it goes to `faults`, and what is taken for
    /// another name or left out to `told`.
    pub fn read(
        columns: &[Column],
        (number, cells): (u32, &[String]),
        headers: &Headers,
        faults: &mut Vec<Fault>,
        told: &mut Vec<String>,
    ) -> Self {
        let mut places: Vec<Option<&'static str>> = Vec::new();
        let mut left_out: Vec<&str> = Vec::new();
        for cell in cells {
            let written = cell.trim_end_matches(['*', '＊']).trim();
            let column = match meant(columns, cell, headers) {
                Some(None) => {
                    left_out.push(written);
                    places.push(None);
                    continue;
                }
                Some(column) => column,
                None => None,
            };
            let mut tell = |message: String| faults.push(Fault::new(number, cell, "", message));
            match column {
                _ if written.is_empty() => places.push(None),
                None if headers.skip_unknown || is_beside(written) => {
                    left_out.push(written);
                    places.push(None);
                }
                None => {
                    let known = columns.iter().map(|c| c.name).collect::<Vec<_>>().join("、");
                    tell(format!("不认识这一列，请改名或删去；可用的列：{known}"));
                    places.push(None);
                }
                Some(column) if places.contains(&Some(column.name)) => {
                    tell("这一列出现了两次，请留一列".to_owned());
                    places.push(None);
                }
                Some(column) => {
                    if written != column.name {
                        told.push(format!("“{}”列按“{}”读", shown(written), column.name));
                    }
                    places.push(Some(column.name));
                }
            }
        }
        if !left_out.is_empty() {
            let names: Vec<String> = left_out.into_iter().map(shown).collect();
            told.push(format!("略过没有读的列：{}", names.join("、")));
        }
        for missing in columns.iter().filter(|c| c.required && !places.contains(&Some(c.name))) {
            faults.push(Fault::new(number, missing.name, "", MISSING));
        }
        Self { width: places.len(), columns: places }
    }

    /// Takes the spaces out of names: 遵 义 市 教 育 局 is the institution 遵义市教育局.
    /// Lists whose cells are narrow break their lines; where a column is one line, those breaks mean nothing.
    pub fn tidy(&self, cells: &mut [String], kind: Kind) {
        let is_list = kind.0.columns.iter().any(|column| column.cites);
        let one_line = |name: &str| {
            kind.0.columns.iter().any(|column| column.label == name && matches!(column.shape, Shape::Line(_)))
        };
        for (name, cell) in self.columns.iter().zip(cells) {
            if is_list && cell.contains('\n') && name.is_some_and(one_line) {
                *cell = cell.lines().map(str::trim).collect();
            }
            if name.is_some_and(|name| NAMES.contains(&name)) && cell.contains(char::is_whitespace) {
                *cell = without_spaces(cell);
            }
        }
    }
}

/// A name without the spaces beside its Chinese characters. Line breaks part the names of a list and stay.
fn without_spaces(name: &str) -> String {
    let is_space = |c: char| c.is_whitespace() && c != '\n';
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut out = String::with_capacity(name.len());
    let mut rest = name.trim().chars().peekable();
    while let Some(c) = rest.next() {
        if !is_space(c) {
            out.push(c);
            continue;
        }
        while rest.next_if(|c| is_space(*c)).is_some() {}
        // Between two words in Latin letters the space belongs to the name.
        if is_letter(out.chars().last()) && is_letter(rest.peek().copied()) {
            out.push(' ');
        }
    }
    out
}

/// A row and its faults.
pub struct Row<'a> {
    pub number: u32,
    /// The sheet that it stands in; empty where the table has one alone.
    pub sheet: &'a str,
    header: &'a Header,
    cells: &'a [String],
    pub faults: Vec<Fault>,
    /// What is to be looked at and keeps the row from nothing.
    pub marks: Vec<Fault>,
    /// Whether it is read without codes that were wrong in it.
    pub lacks_codes: bool,
    /// Whether its record was known by all but its codes.
    pub by_name: bool,
}

impl<'a> Row<'a> {
    pub fn new(number: u32, header: &'a Header, cells: &'a [String]) -> Self {
        Self {
            number,
            sheet: "",
            header,
            cells,
            faults: Vec::new(),
            marks: Vec::new(),
            lacks_codes: false,
            by_name: false,
        }
    }

    /// The text of a cell; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        let at = self.header.index_of(column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| unguarded(cell.trim()))
    }

    /// Where it stands, in words.
    pub fn location(&self) -> String {
        match self.sheet {
            "" => format!("第 {} 行", self.number),
            sheet => format!("工作表“{sheet}”第 {} 行", self.number),
        }
    }

    /// What is reported of a cell.
    pub fn add_fault(&mut self, column: &str, message: impl Into<String>) {
        let fault = self.fault(column, self.text(column), message.into());
        self.faults.push(fault);
    }

    fn add_fault_of(&mut self, column: &str, value: &str, message: impl Into<String>) {
        let fault = self.fault(column, value, message.into());
        self.faults.push(fault);
    }

    /// What is to be looked at in a cell of a row that is taken.
    pub fn mark(&mut self, column: &str, message: String) {
        let mark = self.fault(column, self.text(column), message);
        self.marks.push(mark);
    }

    fn fault(&self, column: &str, value: &str, message: String) -> Fault {
        Fault::in_sheet(self.sheet, self.number, column, value, message)
    }

    /// Tells what of the row can be reported without knowing what it means: required cells that are empty, cells beyond
    /// the header.
    pub fn check_shape(&mut self, columns: &[Column]) {
        for column in columns.iter().filter(|c| c.required) {
            if matches!(self.text(column.name), "" | NOTHING) {
                self.add_fault(column.name, format!("不能为空：{}", column.meaning));
            }
        }
        let (header, cells) = (self.header, self.cells);
        for (name, cell) in header.columns.iter().zip(cells).filter_map(|(name, cell)| Some(((*name)?, cell.trim()))) {
            if cell == NO_RESULT {
                let told =
                    "这一格是公式，文件里公式没有存结果：请在表格软件中打开并保存一次，或改成确定的值，没有就留空";
                self.add_fault_of(name, cell, told.to_owned());
            }
            if ERRORS.contains(&cell.to_ascii_uppercase().as_str()) {
                self.add_fault_of(name, cell, format!("这一格是公式出错的结果 {cell}：请改成确定的值，没有就留空"));
            }
        }
        self.check_beyond();
    }

    /// Tells cells beyond the header. A column that is unknown was reported with the header.
    pub fn check_beyond(&mut self) {
        let (header, cells) = (self.header, self.cells);
        for (at, cell) in cells.iter().enumerate().skip(header.width) {
            if header.name(at).is_none() && !cell.trim().is_empty() {
                self.add_fault_of("", cell, format!("第 {} 格没有列名：请删去，或检查前面是否多了一格", at + 1));
            }
        }
    }

    /// A value, `Some("")` to take it out, `None` to leave what is there.
    pub fn change(&self, column: &str) -> Option<&'a str> {
        match self.text(column) {
            "" => None,
            NOTHING => Some(""),
            text => Some(text),
        }
    }

    /// The code of a division.
    pub fn code(&mut self, column: &str) -> Option<DivisionCode> {
        let text = self.change(column).filter(|text| !text.is_empty())?;
        let code = typed::code(text);
        if code.is_none() {
            self.add_fault(column, "不是区划代码：应为 6 位、9 位或 12 位数字，如 520300；全国写 000000");
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_spaces_beside_their_characters() {
        for (name, want) in [
            ("遵 义 市\u{3000}示例 管理局", "遵义市示例管理局"),
            ("甲\n乙 丙", "甲\n乙丙"),
            ("甲市 Big Data 局", "甲市Big Data局"),
        ] {
            assert_eq!(without_spaces(name), want);
        }
    }
}
