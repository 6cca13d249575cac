//! Schemes of organization 三定规定: what an institution is for, how it is divided, and how many it may employ.

mod as_of;
pub mod comparison;
mod consolidated;
mod passages;
mod rules;

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Column, Date, DivisionCode, Entry, Fault, Kind, Shape, Word,
    fields::field,
    kind::Field,
    staffing::{
        Clause, Duty, Headcount, Item as _, Unit, Visibility,
        of_institution::{self, NAME},
    },
};

pub use as_of::{AsOf, NameThen, Then, as_of};
pub use consolidated::consolidated;

use passages::passages_of;

/// Characters of the longest column: the longest schemes have some 20,000 in all, the longest list of duties a third.
const LONGEST_TEXT: usize = 30_000;

/// The scheme of one institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingScheme {
    pub title: String,
    /// The institution that it is for, by full name, and its record where there is one.
    pub institution_name: String,
    pub institution_id: Option<String>,
    pub division: DivisionCode,
    pub document_number: Option<String>,
    #[serde(default)]
    pub issuers: Vec<String>,
    /// Who approved it 审批机关, where somebody else issued it.
    pub approved_by: Option<String>,
    /// 成文日期
    pub signed: Option<Date>,
    /// 施行日期
    pub effective: Option<Date>,
    /// The day from which it no longer holds.
    pub repealed: Option<Date>,
    /// Number or title of the scheme that it takes the place of.
    pub supersedes: Option<String>,
    /// What kind of institution it is: 工作部门, 直属机构, 国家局, 公益一类事业单位, 议事协调机构.
    #[serde(default)]
    pub nature: String,
    /// The institution above it: 甲市人民政府.
    #[serde(default)]
    pub superior: String,
    /// 正处级
    #[serde(default)]
    pub rank: String,
    /// Further names that it goes by 加挂牌子.
    #[serde(default)]
    pub plates: Vec<String>,
    /// What it was made by.
    #[serde(default)]
    pub basis: Vec<String>,
    #[serde(default)]
    pub clauses: Vec<Clause>,
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// How many inner units it is said to have; they may be listed or not.
    pub stated_units: Option<u32>,
    #[serde(default)]
    pub units: Vec<Unit>,
    /// Who may read it.
    #[serde(default)]
    pub visibility: Visibility,
    pub numbers: Numbers,
    #[serde(default)]
    pub staffing: Vec<Headcount>,
    #[serde(default)]
    pub posts: Vec<Headcount>,
    #[serde(default)]
    pub note: String,
}

/// Who may know how many it may employ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// Everybody: they stand in this record.
    #[default]
    Open,
    /// Offices: this record has none. They are a record of their own, for offices.
    Restricted,
}

impl Numbers {
    pub const ALL: [Numbers; 2] = [Self::Open, Self::Restricted];

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "公开",
            Self::Restricted => "不公开",
        }
    }
}

impl StaffingScheme {
    /// What does not add up, or is not as the rules have it, in words for whoever reviews it.
    pub fn findings(&self) -> Vec<String> {
        rules::findings(self)
    }
}

impl Kind for StaffingScheme {
    const NAME: &'static str = "staffing_scheme";
    const LABEL: &'static str = "三定规定";
    const PATH: &'static str = "schemes";
    const AUDIENCE: Audience = Audience::Public;
    const NARROWS: bool = true;
    const GENERAL: bool = true;
    /// An institution has schemes of one title one after the other.
    const VERSIONS: bool = true;
    const BY_LINES: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(line title, of_institution::TITLE.hint("规定的标题").example("遵义示例局三定方案")),
        field!(line institution_name, of_institution::INSTITUTION.hint("规定所管机构的全称").example("遵义市示例局")),
        field!(maybe institution_id, of_institution::INSTITUTION_ID),
        field!(division division, of_institution::DIVISION),
        field!(maybe document_number, of_institution::DOCUMENT_NUMBER.hint("发文字号").example("遵示办发〔2019〕3号")),
        field!(
            lines issuers,
            Column::given("issuers", "制定机关", Shape::Lines { most: 10, longest: NAME }).also(&["发文机关"]).hint("多个用分号隔开").example("遵义市示例办公室")
        ),
        field!(
            maybe approved_by,
            Column::given("approved_by", "审批机关", Shape::Line(NAME)).hint("由谁审议批准；没有写明的留空")
        ),
        field!(day signed, Column::given("signed", "成文日期", Shape::Day).hint("如 2019-03-20").example("2019-03-20")),
        field!(day effective, Column::given("effective", "施行日期", Shape::Day).hint("如 2019-04-01").example("2019-04-01")),
        field!(day repealed, Column::given("repealed", "废止日期", Shape::Day).hint("从哪一天起不再有效；现行的留空")),
        field!(
            maybe supersedes,
            Column::given("supersedes", "取代的规定", Shape::Line(120)).hint("被它取代的规定的文号或标题；没有就留空")
        ),
        field!(
            line nature,
            Column::given("nature", "机构性质", Shape::Line(60))
                .hint("工作部门、直属机构、部门管理机构、事业单位、议事协调机构等")
                .example("工作部门")
        ),
        field!(
            line superior,
            Column::given("superior", "隶属", Shape::Line(NAME)).hint("上级机关").example("遵义市人民政府")
        ),
        field!(line rank, Column::given("rank", "规格", Shape::Line(20)).hint("正部级、正厅级、正处级、正科级等").example("正处级")),
        field!(
            lines plates,
            Column::given("plates", "加挂牌子", Shape::Lines { most: 10, longest: NAME }).hint("多个用分号隔开").example("遵义市示例办")
        ),
        field!(
            lines basis,
            Column::given("basis", "制定依据", Shape::Lines { most: 20, longest: 200 }).hint("多个用分号隔开").example("中国共产党机构编制工作条例")
        ),
        field!(
            items duties,
            Column::given("duties", "职责", Shape::Text(LONGEST_TEXT))
                .hint("一行一项：“（一）负责……”；职能转变写“【职能转变】……”，职责分工写“【职责分工：乙局、丙局】……”")
                .example("（一）负责示例管理工作。\n（二）完成市委、市政府交办的其他任务。\n【职责分工：遵义市样本局】（三）示例事项由两局共同负责。")
        ),
        field!(
            number stated_units,
            Column::given("stated_units", "写明的内设机构数", Shape::Number).hint("原文写明设几个内设机构").example("2")
        ),
        field!(
            items units,
            Column::given("units", "内设机构", Shape::Text(LONGEST_TEXT))
                .hint("一行一个：“（一）办公室【正科级，加挂机要室牌子】：负责……”")
                .example("（一）办公室【正科级】：负责机关日常工作。\n（二）示例科：负责示例工作。")
        ),
        field!(
            choice numbers,
            Numbers::ALL,
            Column::given("numbers", "编制数", Shape::Choice(|| Numbers::ALL.map(Numbers::label).to_vec()))
                .required()
                .hint("公开；不公开的，本记录不能含有编制数和职数，另记在编制数中，只供机构之间查阅")
                .example("公开")
        ),
        field!(
            items staffing,
            Column::given("staffing", "人员编制", Shape::Text(2_000))
                .hint("一行一类：“行政编制20名（含援派编制2名）”")
                .example("机关行政编制20名（含援派编制2名）")
        ),
        field!(
            items posts,
            Column::given("posts", "领导职数", Shape::Text(2_000))
                .hint("一行一种：“局长1名”“副局长2名”“科级领导职数4名（含机关党委专职副书记1名）”")
                .example("局长1名\n副局长2名")
        ),
        field!(
            items clauses,
            Column::given("clauses", "条文", Shape::Text(LONGEST_TEXT))
                .hint("一条一段：“第二条　……”；其中列出的职责、内设机构分别写在上面")
                .example("第一条　根据有关规定，制定本规定。\n第二条　遵义市示例局是市人民政府工作部门，为正处级。")
        ),
        field!(line note, of_institution::NOTE.hint("读者还应知道的")),
        Field::given(
            Column::given("visibility", "可见范围", Shape::Choice(|| Visibility::ALL.map(Visibility::label).to_vec()))
                .later()
                .hint("公开：人人可见；系统内：登录的各地机构可以查阅；本地区：本地区及其上级、下级的机构可以查阅")
                .example("公开"),
            |s| vec![s.visibility.label().to_owned()],
            |s, values| {
                // A table without the column says nothing of it.
                if !values.is_empty() {
                    let chosen = Visibility::ALL.into_iter().find(|v| values.iter().any(|value| value == v.label()));
                    s.visibility = chosen.ok_or("请从列表中选择")?;
                }
                Ok(())
            },
        ),
        Field::shown(of_institution::findings("findings"), |s| s.findings()),
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

    fn audience(&self) -> Audience {
        self.visibility.audience()
    }

    fn shared_on(&self) -> Option<DivisionCode> {
        Some(self.visibility.line_of(&self.division))
    }

    /// Numbers that are not for the public stay out of every part of the record.
    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        if self.restricts() {
            unnumber(&mut self.clauses);
        }
        let mut faults = rules::disclosed_numbers(self);
        if let (Some(effective), Some(repealed)) = (self.effective, self.repealed)
            && repealed < effective
        {
            faults.push(("repealed", format!("早于施行日期 {effective}，请核对")));
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.institution_name, &mut self.institution_id))
    }

    /// `sd-` and 12 hex digits of the sha256 of division, title, and the document's number or day: institutions have
    /// schemes of one title one after the other.
    fn id(&self) -> Option<String> {
        let day = self.signed.or(self.effective).map(|day| day.to_string());
        let which = self.document_number.clone().or(day).unwrap_or_default();
        of_institution::id("sd", &self.division, &self.title, &which)
    }

    fn restricts(&self) -> bool {
        self.numbers == Numbers::Restricted
    }

    fn entry(&self) -> Option<Entry> {
        let standing = format!("{}{}", self.superior, self.nature);
        // An institution has several of one title: the number and the days tell them apart.
        let number = self.document_number.clone().unwrap_or_default();
        let day = |day: Option<Date>, what: &str| day.map(|day| format!("{day} {what}")).unwrap_or_default();
        let days = [day(self.effective, "起施行"), day(self.repealed, "废止")];
        let parts = [self.institution_name.clone(), standing, self.rank.clone(), number].into_iter().chain(days);
        let about: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        let body = (self.institution_name.as_str(), &self.institution_id);
        Some(Entry {
            about: about.join("，"),
            since: self.effective.or(self.signed),
            until: self.repealed,
            passages: passages_of(&self.duties, &self.institution_name),
            ..of_institution::entry(&self.title, "三定规定", body, &self.division)
        })
    }
}

/// Takes the numbers off clauses, so that one that is not among them leaves no gap: one text is left of them.
fn unnumber(clauses: &mut Vec<Clause>) {
    let Some(mut whole) = clauses.first().cloned() else { return };
    whole.number.clear();
    for clause in &clauses[1..] {
        whole.go_on(&Clause { number: String::new(), ..clause.clone() }.written());
    }
    *clauses = vec![whole];
}

#[cfg(test)]
mod tests;
