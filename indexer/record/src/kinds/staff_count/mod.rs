//! Numbers of staff 编制数 of an institution at a day: how many it may employ, and how many it does. For offices, never
//! the public; counts alone, no persons.

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Body, Column, Date, DivisionCode, Entry, Kind, Shape,
    fields::field,
    kind::Field,
    staffing::{Headcount, Item, of_institution},
};

/// The numbers of one institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffCount {
    pub title: String,
    pub institution_name: String,
    pub institution_id: Option<String>,
    pub division: DivisionCode,
    /// The day on which they were so.
    pub as_of: Option<Date>,
    /// The document that authorises them.
    pub document_number: Option<String>,
    /// 核定编制
    #[serde(default)]
    pub authorised: Vec<Headcount>,
    /// 实有人数
    #[serde(default)]
    pub actual: Vec<Headcount>,
    /// 核定领导职数
    #[serde(default)]
    pub posts: Vec<Headcount>,
    /// 实配领导
    #[serde(default)]
    pub posts_filled: Vec<Headcount>,
    /// 借调
    pub seconded: Option<u32>,
    #[serde(default)]
    pub note: String,
}

/// The counts that a record tells; `None` of any other kind.
pub fn of(body: &Body) -> Option<&StaffCount> {
    match body {
        Body::StaffCount(count) => Some(count),
        _ => None,
    }
}

/// What a sheet of institutions says of the counts of each.
pub const CELLS: [&str; 7] = ["编制数截至", "核定编制", "实有人数", "核定领导职数", "实配领导", "借调", "超编空编"];

impl StaffCount {
    /// The cells of a sheet's row, as [`CELLS`] calls them.
    pub fn cells(&self) -> [String; CELLS.len()] {
        let lines = |counts: &[Headcount]| counts.iter().map(Item::written).collect::<Vec<_>>().join("，");
        [
            self.as_of.map(|day| day.to_string()).unwrap_or_default(),
            lines(&self.authorised),
            lines(&self.actual),
            lines(&self.posts),
            lines(&self.posts_filled),
            self.seconded.map(|n| n.to_string()).unwrap_or_default(),
            self.balance().join("；"),
        ]
    }

    /// Kind by kind, how many there are more or fewer than may be.
    fn balance(&self) -> Vec<String> {
        let pairs = [(&self.authorised, &self.actual, "超编", "空编"), (&self.posts, &self.posts_filled, "超配", "空缺")];
        let mut told = Vec::new();
        for (may, are, over, open) in pairs {
            for count in may {
                let Some(there) = are.iter().find(|there| there.name == count.name) else { continue };
                let differs = i64::from(there.n) - i64::from(count.n);
                let word = match differs {
                    0 => "满编".to_owned(),
                    n if n > 0 => format!("{over} {n} 名"),
                    n => format!("{open} {} 名", n.unsigned_abs()),
                };
                told.push(format!("{}：核定 {} 名，实有 {} 名，{word}", count.name, count.n, there.n));
            }
        }
        let whole = |counts: &[Headcount]| counts.iter().map(Headcount::included).zip(counts).find(|(sum, c)| *sum > u64::from(c.n)).map(|(_, c)| c.written());
        told.extend([&self.authorised, &self.actual, &self.posts, &self.posts_filled].into_iter().filter_map(|c| whole(c)).map(|c| format!("{c}：其中各项合计多于总数")));
        told
    }
}

impl Kind for StaffCount {
    const NAME: &'static str = "staff_count";
    const LABEL: &'static str = "编制数";
    const PATH: &'static str = "staff-counts";
    const AUDIENCE: Audience = Audience::Offices;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(line title, of_institution::TITLE.hint("机构和时点").example("遵义示例局编制数（2024年末）")),
        field!(line institution_name, of_institution::INSTITUTION.hint("机构的全称").example("遵义市示例局")),
        field!(maybe institution_id, of_institution::INSTITUTION_ID),
        field!(division division, of_institution::DIVISION.hint("本地区及其上级、下级的机构可以查阅")),
        field!(day as_of, Column::given("as_of", "截至日期", Shape::Day).required().hint("如 2024-12-31").example("2024-12-31")),
        field!(maybe document_number, Column { label: "核定文号", ..of_institution::DOCUMENT_NUMBER }.hint("核定编制的文件的文号")),
        field!(items authorised, Column::given("authorised", "核定编制", Shape::Text(2_000)).hint("一行一类：“行政编制20名（含援派编制2名）”").example("行政编制20名")),
        field!(items actual, Column::given("actual", "实有人数", Shape::Text(2_000)).hint("一行一类，名称与核定编制相同；只写人数，不写姓名").example("行政编制18名")),
        field!(items posts, Column::given("posts", "核定领导职数", Shape::Text(2_000)).hint("一行一种：“局长1名”").example("局长1名\n副局长2名")),
        field!(items posts_filled, Column::given("posts_filled", "实配领导", Shape::Text(2_000)).hint("一行一种，名称与核定职数相同").example("局长1名\n副局长3名")),
        field!(number seconded, Column::given("seconded", "借调人数", Shape::Number).hint("从外单位借调的人数").example("1")),
        field!(line note, of_institution::NOTE.hint("口径等")),
        Field::shown(of_institution::findings("balance"), |s| s.balance()),
    ];

    fn title(&self) -> &str {
        &self.title
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self::default())
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.institution_name, &mut self.institution_id))
    }

    /// `sc-` and 12 hex digits of the sha256 of division, institution and day.
    fn id(&self) -> Option<String> {
        let day = self.as_of.map(|day| day.to_string()).unwrap_or_default();
        of_institution::id("sc", &self.division, &self.institution_name, &day)
    }

    fn entry(&self) -> Option<Entry> {
        let counts: Vec<String> = self.authorised.iter().map(Item::written).collect();
        let body = (self.institution_name.as_str(), &self.institution_id);
        Some(Entry {
            about: format!("{}：{}", self.institution_name, counts.join("，")),
            ..of_institution::entry(&self.title, Self::LABEL, body, &self.division)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staffing;

    #[test]
    fn more_and_fewer_than_may_be_are_told_kind_by_kind() {
        let items = |text: &str| staffing::read::<Headcount>(vec![text.to_owned()]).unwrap();
        let mut s = StaffCount::blank().unwrap();
        (s.authorised, s.actual) = (items("行政编制20名\n工勤编制2名"), items("行政编制23名\n工勤编制2名"));
        (s.posts, s.posts_filled) = (items("副局长2名"), items("副局长1名"));
        let told = ["行政编制：核定 20 名，实有 23 名，超编 3 名", "工勤编制：核定 2 名，实有 2 名，满编", "副局长：核定 2 名，实有 1 名，空缺 1 名"];
        assert_eq!(s.balance(), told);
        let cells = s.cells();
        assert_eq!((cells[1].as_str(), cells[4].as_str()), ("行政编制20名，工勤编制2名", "副局长1名"));
        assert_eq!(cells[6], told.join("；"));
    }
}
