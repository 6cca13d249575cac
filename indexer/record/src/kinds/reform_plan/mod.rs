//! A plan of reform 改革方案: what is to become of institutions from a day on, measure by measure. For offices. What it
//! does is public once it is published: each measure becomes events of the institutions that it is about.

mod events;

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Body, Column, Date, DivisionCode, Entry, Fault, Kind, Planned, Shape, Word,
    fields::field,
    kind::Field,
    staffing::{
        Item, Measure,
        of_institution::{self, NAME},
        staff_phrase_in,
    },
};

/// Characters of all measures: a reform of a province's institutions has some hundred lines.
const LONGEST_MEASURES: usize = 20_000;
/// Measures of one plan: each becomes an event or two and tasks, which are written together. A province's have some
/// sixty.
const MAX_MEASURES: usize = 200;

/// A plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReformPlan {
    pub title: String,
    /// The institution that leads it, by full name, and its record where there is one.
    #[serde(default)]
    pub lead_name: String,
    pub lead_id: Option<String>,
    pub division: DivisionCode,
    /// The day from which it holds.
    pub date: Option<Date>,
    pub document_number: Option<String>,
    /// Who decided it.
    pub organ: Option<String>,
    pub measures: Vec<Measure>,
    #[serde(default)]
    pub note: String,
}

impl ReformPlan {
    /// What is wrong between its measures, and what its events are held to.
    fn findings(&self) -> Vec<String> {
        let mut told = Vec::new();
        let mut ended: Vec<(&String, usize)> = Vec::new();
        for (at, measure) in self.measures.iter().enumerate() {
            for name in measure.ended() {
                match ended.iter().find(|(known, _)| *known == name) {
                    Some((_, first)) => told.push(format!("第 {} 项和第 {} 项措施都使“{name}”终止", first + 1, at + 1)),
                    None => ended.push((name, at)),
                }
            }
        }
        for (at, measure) in self.measures.iter().enumerate() {
            for name in measure.to.iter().filter(|name| !measure.from.contains(name)) {
                if let Some((_, other)) = ended.iter().find(|(known, other)| *known == name && *other != at) {
                    told.push(format!("第 {} 项措施由“{name}”承接，而第 {} 项措施使它终止", at + 1, other + 1));
                }
            }
        }
        let mut ids: Vec<(String, usize)> = Vec::new();
        for (at, planned) in self.plan().iter().enumerate() {
            for event in &planned.brings {
                let found = event.facts().filter(|(column, _)| column.name == events::FINDINGS);
                told.extend(found.flat_map(|(_, values)| values).map(|says| format!("第 {} 项措施：{says}", at + 1)));
                let id = event.id().unwrap_or_default();
                match ids.iter().find(|(known, _)| *known == id) {
                    Some((_, first)) => told.push(format!("第 {} 项和第 {} 项措施写入同一条沿革，请合成一项", first + 1, at + 1)),
                    None => ids.push((id, at)),
                }
            }
        }
        told
    }

    /// Titles of the events that it brings.
    fn brought(&self) -> Vec<String> {
        self.plan().iter().flat_map(|planned| &planned.brings).map(|event| event.title().to_owned()).collect()
    }
}

impl Kind for ReformPlan {
    const NAME: &'static str = "reform_plan";
    const LABEL: &'static str = "改革方案";
    const PATH: &'static str = "reforms";
    const AUDIENCE: Audience = Audience::Offices;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(line title, of_institution::TITLE.hint("方案的标题").example("遵义示例机构改革方案")),
        field!(line lead_name, Column::given("lead_name", "牵头机构", Shape::Line(NAME)).hint("提出方案的机构的全称").example("遵义市委编办")),
        field!(
            maybe lead_id,
            Column::given("lead_id", "牵头机构编号", Shape::Line(200)).hint("机构页面地址的最后一段；没有就留空")
        ),
        field!(
            division division,
            of_institution::DIVISION.hint("方案所管的地区；本地区及其上级、下级的机构可以查阅")
        ),
        field!(
            day date,
            Column::given("date", "实施日期", Shape::Day).required().hint("从哪一天起，如 2024-03-20").example("2024-03-20")
        ),
        field!(maybe document_number, of_institution::DOCUMENT_NUMBER.hint("批准方案的文件的文号").example("遵示办〔2024〕7号")),
        field!(
            maybe organ,
            Column::given("organ", "决定机关", Shape::Line(NAME)).hint("批准方案的机关").example("贵州示例人民政府")
        ),
        field!(
            items measures,
            Column::given("measures", "措施", Shape::Text(LONGEST_MEASURES))
                .required()
                .hint(
                    "一行一项：“合并：甲局、乙局→丙局”“分设：甲局→乙局、丙局”“更名：甲局→乙局”“撤销：甲局→乙局”“设立：甲局”“划转隶属：甲局→乙府”“调整内设：甲局（人事科）→乙局”“调整职责：甲局（校外培训管理）→乙局”；机构写全称，编制数不写在这里",
                )
                .example("更名：遵义示例事务局→遵义示例管理局\n调整内设：遵义样本局（示例科）→遵义示例管理局")
        ),
        field!(line note, of_institution::NOTE.hint("理由、依据等，只供机构查阅")),
        Field::shown(Column::made("events", "公布后写入沿革", Shape::Lines { most: 400, longest: 120 }), |r| r.brought()),
        Field::shown(of_institution::findings("findings"), |r| r.findings()),
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

    /// What it tells of institutions becomes public; numbers of staff do not with it.
    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.measures.len() > MAX_MEASURES {
            faults.push(("measures", format!("有 {} 项，一份方案最多 {MAX_MEASURES} 项", self.measures.len())));
        }
        let texts = self.measures.iter().map(Item::written).chain([self.title.clone()]);
        if let Some(number) = texts.into_iter().find_map(|text| staff_phrase_in(&text).map(str::to_owned)) {
            faults.push(("measures", format!("写有“{number}”；公布后措施写入公开的沿革，编制数请另记在“编制数”中")));
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.lead_name, &mut self.lead_id))
    }

    /// `rf-` and 12 hex digits of the sha256 of division, title and day.
    fn id(&self) -> Option<String> {
        let day = self.date.map(|day| day.to_string()).unwrap_or_default();
        of_institution::id("rf", &self.division, &self.title, &day)
    }

    fn plan(&self) -> Vec<Planned> {
        let planned = |measure: &Measure| Planned { measure: measure.clone(), brings: events::of(self, measure) };
        self.measures.iter().map(planned).collect()
    }

    fn entry(&self) -> Option<Entry> {
        let told = [self.date.map(|day| day.to_string()), self.document_number.clone(), self.organ.clone()];
        let body = (self.lead_name.as_str(), &self.lead_id);
        let measures: Vec<String> = self.measures.iter().map(Item::written).collect();
        Some(Entry {
            about: told.into_iter().flatten().chain(measures).collect::<Vec<_>>().join(" · "),
            ..of_institution::entry(&self.title, Self::LABEL, body, &self.division)
        })
    }
}

/// What a plan of these measures for a division would do from a day on, before there is one.
pub fn tried(measures: Vec<Measure>, division: DivisionCode, day: Date) -> Body {
    Body::ReformPlan(ReformPlan { measures, division, date: Some(day), ..ReformPlan::default() })
}

/// The division of a plan and its day; `None` of any other kind.
pub fn of_plan(body: &Body) -> Option<(&DivisionCode, Option<Date>)> {
    match body {
        Body::ReformPlan(reform) => Some((&reform.division, reform.date)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
