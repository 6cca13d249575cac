//! Tables in the place of clauses: each row a duty, a unit or a number, in the columns that the table's first row
//! names.

use super::{
    Read, Scheme, numbers,
    text::{Cell, Line, numbered},
    topic::About,
    units::{UNIT, named, unread},
};
use crate::documents::Span;
use record::staffing::{self, Duty, DutySort, Headcount, Part, counted, mark, totals};
use text::numerals;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Unit,
    Duty,
    Rank,
    Plate,
    /// A number of staff or posts, by what it counts.
    Count,
    /// The heads and the deputies of a unit.
    Posts,
    /// What the number of a row counts.
    What,
    Other,
}

/// What the first row of a table names its columns.
fn column(name: &str) -> Column {
    match name.trim_end_matches(['：', '。']) {
        "序号" | "编号" | "号" => Column::Number,
        "名称" | "机构名称" | "机构" | "内设机构" | "内设机构名称" | "科室" | "科室名称" | "处室" | "处室名称"
        | "股室" | "股室名称" | "部门" => Column::Unit,
        "职责" | "主要职责" | "工作职责" | "职责任务" | "职责内容" | "职能" | "主要职能" => {
            Column::Duty
        }
        "规格" | "级别" | "机构规格" => Column::Rank,
        "加挂牌子" | "挂牌" | "加挂" => Column::Plate,
        "领导职数" | "职数" => Column::Posts,
        "数量" | "编制数" | "名额" | "人数" | "核定数" | "编制数（名）" | "数量（名）" => {
            Column::Count
        }
        "类别" | "编制类别" | "编制类型" | "项目" | "种类" | "职务" => Column::What,
        _ => Column::Other,
    }
}

/// A table whose columns are known.
pub struct Table {
    at: usize,
    columns: Vec<Column>,
    about: About,
}

impl Table {
    /// The table that a row begins, by the names of its columns; what it lists follows from them, or else from the part
    /// that it stands in.
    pub fn begins(line: &Line, part: About) -> Option<Self> {
        let (at, cells) = line.row.as_ref()?;
        let columns: Vec<Column> = cells.iter().map(|cell| column(&cell.text)).collect();
        let has = |column: Column| columns.contains(&column);
        if columns.iter().filter(|column| **column != Column::Other).count() < 2 {
            return None;
        }
        let about = match part {
            About::Duties(sort) if has(Column::Duty) && !has(Column::Unit) => About::Duties(sort),
            _ if has(Column::Unit) => About::Units,
            _ if has(Column::What) && has(Column::Count) => About::Numbers,
            _ if has(Column::Duty) => About::Duties(DutySort::Main),
            _ => return None,
        };
        Some(Self { at: *at, columns, about })
    }

    /// What its rows list.
    pub fn about(&self) -> About {
        self.about
    }

    /// Takes a row of this table; whether it was one. Names of columns begin another, which nothing but an empty line
    /// may part from this one.
    pub fn row(&self, line: &Line, sort: DutySort, scheme: &mut Scheme) -> bool {
        let Some((_, cells)) = line.row.as_ref().filter(|(at, _)| *at == self.at) else { return false };
        if cells.len() > 1 && cells.iter().all(|cell| column(&cell.text) != Column::Other) {
            return false;
        }
        let cell = |wanted: Column| {
            let at = self.columns.iter().position(|column| *column == wanted);
            at.and_then(|at| cells.get(at)).filter(|cell| !cell.text.is_empty())
        };
        match self.about {
            About::Duties(_) => {
                // A sentence in a cell that is as wide as the columns before it, and as this one.
                let wide = || cells.iter().rev().find(|cell| cell.text.ends_with(['。', '；']));
                self.duty(cell(Column::Number), cell(Column::Duty).or_else(wide), sort, scheme);
            }
            About::Units => self.unit(&cell, scheme),
            _ => self.count(cell(Column::What), cell(Column::Count), scheme),
        }
        true
    }

    fn duty(&self, number: Option<&Cell>, text: Option<&Cell>, sort: DutySort, scheme: &mut Scheme) {
        let Some(text) = text else { return };
        match (number, scheme.duties.last_mut()) {
            // A cell beside one that is as high as several rows: the same duty goes on.
            (None, Some(last)) if self.columns.contains(&Column::Number) => {
                last.value.text.push_str(&text.text);
                last.evidence.push(text.span);
            }
            _ => {
                let len = mark(&text.text).map_or(0, |mark| mark.len);
                let own = number.map_or_else(|| text.text[..len].to_owned(), |number| numbered(&number.text));
                let rest = if number.is_some() { &text.text } else { &text.text[len..] };
                let duty = Duty { number: own, sort, institutions: Vec::new(), text: rest.to_owned() };
                scheme.duties.push(Read::of(duty, text.span));
            }
        }
    }

    fn unit<'c>(&self, cell: &dyn Fn(Column) -> Option<&'c Cell>, scheme: &mut Scheme) {
        let duty = cell(Column::Duty);
        let Some(name) = cell(Column::Unit) else {
            // Its name stands in a cell that is as high as several rows.
            if let (Some(last), Some(duty)) = (scheme.units.last_mut(), duty) {
                last.value.text.push_str(&duty.text);
                last.evidence.push(duty.span);
            }
            return;
        };
        let len = mark(&name.text).map_or(0, |mark| mark.len);
        let mut unit = named(&name.text[len..]);
        if !UNIT.is_match(&unit.name) {
            unread(&name.text, duty.map_or("", |duty| &duty.text), name.span, scheme);
            return;
        }
        unit.number = cell(Column::Number).map_or_else(|| name.text[..len].to_owned(), |number| numbered(&number.text));
        unit.text = duty.map(|duty| duty.text.clone()).unwrap_or_default();
        if let Some(rank) = cell(Column::Rank) {
            unit.rank = rank.text.clone();
        }
        if let Some(plate) = cell(Column::Plate) {
            let bare = |plate: &str| plate.trim_start_matches("加挂").trim_end_matches("牌子").to_owned();
            unit.plates.extend(plate.text.split(['、', '；']).map(bare));
        }
        unit.posts = cell(Column::Posts).map(|posts| posts_of_unit(&posts.text)).unwrap_or_default();
        let mut read = Read::of(unit, name.span);
        read.evidence.extend(duty.map(|duty| duty.span));
        scheme.units.push(read);
    }

    fn count(&self, what: Option<&Cell>, number: Option<&Cell>, scheme: &mut Scheme) {
        let (Some(what), Some(number)) = (what, number) else { return };
        let n = number.text.trim_end_matches(['名', '人', '个']);
        if numbers::is_sum(&what.text) {
            let of = |counts: &[Read<Headcount>]| {
                let counts: Vec<Headcount> = counts.iter().map(|read| read.value.clone()).collect();
                totals(&counts).into_iter().flatten().fold(0, u32::saturating_add)
            };
            let staff = of(&scheme.staffing);
            let posts = scheme.posts.iter().fold(staff, |sum, read| sum.saturating_add(read.value.n));
            if let Some(told) = numerals::parse(n).filter(|n| ![staff, posts].contains(n)) {
                let says = format!("表中“{}”是 {told} 名，读到的各类编制之和是 {staff} 名", what.text);
                scheme.unread.push(Read::of(says, super::text::joined(what, number)));
            }
            return;
        }
        if numerals::parse(n).is_some() {
            numbers::read(&format!("{}{n}名", what.text), super::text::joined(what, number), scheme);
        } else if numbers::names_number(&format!("{}{}", what.text, number.text)) {
            numbers::read(&format!("{}{}", what.text, number.text), super::text::joined(what, number), scheme);
        } else if !["—", "-", "/", "／", "0"].contains(&n) {
            let (what_is, n) = (staffing::short(&what.text), staffing::short(&number.text));
            let says = format!("表中“{what_is}”的数量“{n}”不是数，没有读入");
            scheme.unread.push(Read::of(says, super::text::joined(what, number)));
        }
    }
}

/// A table whose columns are not known: its rows are read as running text.
pub struct Unknown {
    at: usize,
    /// What its first row says.
    head: String,
    /// From its first row to its last.
    span: Span,
    rows: usize,
}

impl Unknown {
    /// The table of a row that [`Table::begins`] does not know; `None` for running text, and where one cell alone is
    /// filled, as in tables that set a page.
    pub fn begins(line: &Line) -> Option<Self> {
        let (at, cells) = line.row.as_ref()?;
        let names: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).filter(|name| !name.is_empty()).collect();
        (names.len() > 1).then(|| Self { at: *at, head: staffing::short(&names.join("、")), span: line.span, rows: 0 })
    }

    /// Whether a line is one more row of it.
    pub fn goes_on(&mut self, line: &Line) -> bool {
        let is_row = line.row.as_ref().is_some_and(|(at, _)| *at == self.at);
        if is_row {
            self.rows += 1;
            self.span.end = line.span.end;
        }
        is_row
    }

    /// Reports the table where nothing of it was taken up as running text either.
    pub fn end(self, scheme: &mut Scheme) {
        let within =
            |evidence: &[Span]| evidence.iter().any(|span| self.span.start <= span.start && span.end <= self.span.end);
        let taken = scheme.duties.iter().any(|read| within(&read.evidence))
            || scheme.units.iter().any(|read| within(&read.evidence))
            || scheme.staffing.iter().chain(&scheme.posts).any(|read| within(&read.evidence));
        if self.rows > 0 && !taken {
            let says = format!("表格“{}”的列名没有认出，没有按列读入", self.head);
            scheme.unread.push(Read::of(says, self.span));
        }
    }
}

/// 1正2副, 科长1名, 2: the posts of a unit.
fn posts_of_unit(text: &str) -> Vec<Part> {
    let part = |name: &str, n: &str| numerals::parse(n).map(|n| Part { name: name.to_owned(), n });
    if let Some((head, deputies)) = text.trim_end_matches('副').split_once('正') {
        let deputies = Some(deputies).filter(|n| !n.is_empty());
        return part("正职", head).into_iter().chain(deputies.and_then(|n| part("副职", n))).collect();
    }
    let counted = |piece: &str| counted(piece).or_else(|| part("职数", piece));
    text.split(['、', '，', '；']).filter_map(counted).collect()
}
