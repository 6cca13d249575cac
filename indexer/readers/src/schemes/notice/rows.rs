//! Tables in a notice: each row is what an institution's number was, by how much it changes and what it is then, in the
//! columns that the table's first row names, or else in this order. What is not read is reported, by row where the
//! columns are known and by table where they are not.

use super::{
    super::{Read, numbers::is_sum, text::Line},
    change::InstitutionChange,
    numbers::{KIND, push_number},
    speaking::is_institution,
};
use crate::documents::Span;
use record::staffing::{self, NumberChange};
use text::numerals;

/// What stands in front of a number that is a change.
const SIGNS: [char; 7] = ['+', '＋', '-', '－', '−', '增', '减'];
/// What stands in a cell that has no number.
const NONE: [&str; 7] = ["—", "——", "-", "－", "/", "／", "无"];
/// How names of institutions end.
const ENDS: [&str; 22] = [
    "局", "委", "会", "办", "室", "处", "中心", "站", "馆", "所", "院", "园", "场", "部", "厅", "社", "队", "镇", "乡",
    "街道", "学", "校",
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Institution,
    /// What is counted.
    What,
    Before,
    Change,
    After,
    Other,
}

struct Column {
    name: String,
    holds: Holds,
    /// What its numbers count, where its name tells it: 原行政编制.
    kind: Option<String>,
    /// Whether its numbers are taken away: 核减数.
    less: bool,
}

/// The column that the first row of a table calls so.
fn column(name: &str) -> Column {
    // 后勤 says nothing of what comes after.
    let bare = name.replace("后勤", "");
    let has = |words: &[&str]| words.iter().any(|word| bare.contains(word));
    let holds = match name {
        "单位" | "单位名称" | "机构" | "机构名称" | "部门" | "部门名称" => Holds::Institution,
        "项目" | "类别" | "编制类别" | "编制类型" | "编制性质" | "种类" => Holds::What,
        _ if has(&["原因", "理由", "依据", "备注", "说明"]) => Holds::Other,
        _ if has(&["后", "现核定", "现名称", "新名称"]) => Holds::After,
        _ if has(&["原", "前", "现有"]) => Holds::Before,
        _ if has(&["增", "减", "调整", "变动", "变化", "收回", "划出", "划入"]) => Holds::Change,
        _ => Holds::Other,
    };
    let less = has(&["减", "收回", "划出"]) && !has(&["增", "划入"]);
    Column { name: name.to_owned(), holds, kind: kind_in(name), less }
}

impl Column {
    fn counts(&self) -> bool {
        matches!(self.holds, Holds::Before | Holds::Change | Holds::After)
    }

    /// Whether a name in it may be one of the institution itself: not of whoever is above it, of its units, or of several
    /// that become one.
    fn may_name_it(&self) -> bool {
        const OTHERS: [&str; 9] = ["主管", "隶属", "所属", "管理", "举办", "内设", "合并", "整合", "组建"];
        !OTHERS.iter().any(|word| self.name.contains(word))
    }
}

/// Gives columns of numbers that do not say what they count what the one before them counts: 核减数 behind 原行政编制.
fn go_on<'c>(columns: impl Iterator<Item = &'c mut Column>) {
    let mut last: Option<String> = None;
    for column in columns.filter(|column| column.counts()) {
        if let Some(own) = column.kind.clone() {
            last = Some(own);
        } else {
            column.kind.clone_from(&last);
        }
    }
}

/// What a text counts: 行政编制.
fn kind_in(text: &str) -> Option<String> {
    KIND.find_iter(text).last().map(|kind| kind.as_str().to_owned())
}

fn number(cell: &str) -> Option<u32> {
    numerals::parse(cell.trim_start_matches(SIGNS).trim_end_matches(['名', '个', '人']))
}

/// Whether a cell is the name of an institution.
fn is_name(cell: &str) -> bool {
    cell.chars().nth(2).is_some() && ENDS.iter().any(|end| cell.ends_with(end)) && is_institution(cell)
}

/// Whose numbers a row has by the cell that names it: `None` is the institution that is spoken of, and a name without a
/// character one that is not known.
fn whose(cell: &str) -> Option<String> {
    let begins = |words: &[&str]| words.iter().any(|word| cell.starts_with(word));
    let is_kind = || KIND.find(cell).is_some_and(|kind| kind.as_str() == cell);
    let is_other = number(cell).is_some() || is_kind() || begins(&["其他", "其它", "全省", "全市", "全县", "全区"]);
    let is_own = || begins(&["你", "该", "本", "机关"]);
    match is_institution(cell) {
        true if is_other => Some(String::new()),
        true => Some(cell.to_owned()),
        false if is_own() => None,
        false => Some(String::new()),
    }
}

/// Whether a number is another one than before.
fn is_change(number: &NumberChange) -> bool {
    number.change.is_some_and(|by| by != 0) || number.after.is_some() && number.after != number.before
}

fn cells(line: &Line) -> Vec<&str> {
    match &line.row {
        Some((_, cells)) => cells.iter().map(|cell| cell.text.as_str()).collect(),
        None => line.text.split('\t').map(str::trim).collect(),
    }
}

/// A table that is being read.
pub(super) struct Table {
    /// By its place in the document; `None` where tabs alone make it.
    at: Option<usize>,
    /// Empty where its first row names none.
    columns: Vec<Column>,
    /// What its first row says, and from where to where the table goes.
    head: String,
    span: Span,
    /// The institution of the row before, and what it counts: their cells may be as high as several rows. Without a
    /// character where it is not known.
    institution: Option<String>,
    what: Option<String>,
    rows: usize,
    /// Rows of which nothing was read, the first among them where `headed`.
    unread: usize,
    headed: bool,
}

impl Table {
    /// The table that a row begins.
    pub(super) fn of(line: &Line) -> Self {
        let cells = cells(line);
        let mut columns: Vec<Column> = cells.iter().map(|cell| column(cell)).collect();
        go_on(columns.iter_mut());
        go_on(columns.iter_mut().rev());
        let known = columns.iter().filter(|column| column.holds != Holds::Other).count();
        if known < 2 || !columns.iter().any(Column::counts) || cells.iter().any(|cell| number(cell).is_some()) {
            columns.clear();
        }
        let head: Vec<&str> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        Self {
            at: line.row.as_ref().map(|(at, _)| *at),
            columns,
            head: staffing::short(&head.join("、")),
            span: line.span,
            institution: None,
            what: None,
            rows: 0,
            unread: 0,
            headed: false,
        }
    }

    /// Whether a line is of this table.
    pub(super) fn goes_on(&self, line: &Line) -> bool {
        let at = line.row.as_ref().map(|(at, _)| *at);
        at == self.at && (at.is_some() || line.text.contains('\t'))
    }

    /// Reads a row. `institution` is what its numbers are of where it names no other, `last` what they count where it does
    /// not say that.
    pub(super) fn row(
        &mut self,
        line: &Line,
        (institution, last): (&str, &str),
        changes: &mut Vec<InstitutionChange>,
        unread: &mut Vec<Read<String>>,
    ) {
        let cells = cells(line);
        self.rows += 1;
        self.span.end = line.span.end;
        if self.rows == 1 && !self.columns.is_empty() {
            return;
        }
        let first = cells.iter().find(|cell| !cell.is_empty());
        let named = self.columns.iter().zip(&cells).find(|(column, _)| column.holds == Holds::Institution);
        if first.is_none_or(|cell| is_sum(cell)) || named.is_some_and(|(_, cell)| is_sum(cell)) {
            return;
        }
        let before = changes.len();
        if self.columns.is_empty() {
            by_place(&cells, line, institution, changes);
        } else {
            self.by_columns(&cells, line, (institution, last), changes);
        }
        if changes.len() > before {
            for (column, cell) in self.columns.iter().zip(&cells) {
                let counts = column.holds == Holds::Other && column.kind.is_some();
                if counts && number(cell).is_some_and(|n| n > 0) {
                    let row = staffing::short(&line.text.replace('\t', "，"));
                    unread.push(Read::of(format!("表中“{row}”的“{} {cell}”没有读入", column.name), line.span));
                }
            }
            return;
        }
        if self.columns.is_empty() {
            self.unread += 1;
            self.headed |= self.rows == 1;
        } else {
            let says = format!("表中“{}”没有读出变动", staffing::short(&line.text.replace('\t', "，")));
            unread.push(Read::of(says, line.span));
        }
    }

    fn by_columns(
        &mut self,
        cells: &[&str],
        line: &Line,
        (institution, last): (&str, &str),
        changes: &mut Vec<InstitutionChange>,
    ) {
        let cell = |holds: Holds| {
            let found = self.columns.iter().zip(cells).find(|(column, _)| column.holds == holds);
            found.map(|(_, cell)| *cell).filter(|cell| !cell.is_empty())
        };
        // 原名称, 更名后名称
        if let (Some(was), Some(is)) = (cell(Holds::Before), cell(Holds::After))
            && is_name(was)
            && is_name(is)
            && was != is
        {
            let named = cell(Holds::Institution).is_none_or(|named| named == was);
            if named && self.columns.iter().filter(|column| column.counts()).all(Column::may_name_it) {
                changes.push(InstitutionChange {
                    change: "更名",
                    institution: is.to_owned(),
                    from: vec![was.to_owned()],
                    to: vec![is.to_owned()],
                    numbers: Vec::new(),
                    sentence: line.text.clone(),
                    span: line.span,
                });
            }
            return;
        }
        if let Some(what) = cell(Holds::What) {
            self.what = Some(kind_in(what).unwrap_or_default());
        }
        if let Some(named) = cell(Holds::Institution) {
            self.institution = whose(named);
        }
        if [&self.what, &self.institution].into_iter().flatten().any(String::is_empty) {
            return;
        }
        let mut seen: Vec<(&str, Holds, bool)> = Vec::new();
        let mut counted: Vec<NumberChange> = Vec::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            if !column.counts() || cell.is_empty() || NONE.contains(cell) {
                continue;
            }
            let name = self.what.as_deref().or(column.kind.as_deref()).unwrap_or(last);
            // Half of a row is none, and of two columns that are called alike nobody knows which is which.
            let place = (name, column.holds, column.less);
            let Some(n) = number(cell).filter(|_| !name.is_empty() && !seen.contains(&place)) else { return };
            seen.push(place);
            let at = match counted.iter().position(|known| known.name == name) {
                Some(at) => at,
                None => {
                    counted.push(NumberChange { name: name.to_owned(), before: None, change: None, after: None });
                    counted.len() - 1
                }
            };
            let there = &mut counted[at];
            match column.holds {
                Holds::Before => there.before = Some(n),
                Holds::After => there.after = Some(n),
                _ => {
                    let less = cell.starts_with(['-', '－', '−', '减']);
                    let less = less || column.less && !cell.starts_with(['+', '＋', '增']);
                    let n = if less { -i64::from(n) } else { i64::from(n) };
                    there.change = Some(there.change.unwrap_or_default() + n);
                }
            }
        }
        let named = self.institution.as_deref().unwrap_or(institution);
        for number in counted.into_iter().filter(is_change) {
            push_number(number, &line.text, line.span, named, changes);
        }
    }

    /// Reports the rows of a table without known columns that were not read, all at once.
    pub(super) fn end(self, unread: &mut Vec<Read<String>>) {
        let rows = self.unread - usize::from(self.headed && self.rows > 1);
        if rows > 0 {
            let says = format!("表格“{}”的列名没有认出，有 {rows} 行没有读出变动", self.head);
            unread.push(Read::of(says, self.span));
        }
    }
}

/// A row of a table that names no columns: what, before, change, after.
fn by_place(cells: &[&str], line: &Line, institution: &str, changes: &mut Vec<InstitutionChange>) {
    let [what, before, change, after] = cells else { return };
    let Some(name) = KIND.find(what).map(|kind| kind.as_str().to_owned()) else { return };
    let less = change.starts_with(['-', '－', '−', '减']);
    let by = number(change).map(|n| if less { -i64::from(n) } else { i64::from(n) });
    let number = NumberChange { name, before: number(before), change: by, after: number(after) };
    if number.before.is_some() || number.change.is_some() || number.after.is_some() {
        push_number(number, &line.text, line.span, institution, changes);
    }
}
