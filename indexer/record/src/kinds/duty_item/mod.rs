//! Duties 责任事项 that belong to powers: what an institution has to do at a stage of an item, by which regulation, and
//! who answers for it. A duty may belong to several items; those that stand in an item's own record need none of these.

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Column, DivisionCode, Entry, Kind, Shape,
    fields::field,
    kind::Field,
    lists::{
        self, ListOwner, ListDuty, ListRow,
        columns::{self, SHORT},
    },
};

/// One duty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyItem {
    /// In a word: 甲证核发：受理.
    pub title: String,
    /// The item that it belongs to, by name, and those that it belongs to by their records.
    pub power: String,
    #[serde(default)]
    pub power_ids: Vec<String>,
    pub owner_name: String,
    pub owner_id: Option<String>,
    pub division: DivisionCode,
    /// 受理, 审查, 立案.
    #[serde(default)]
    pub stage: String,
    pub text: String,
    #[serde(default)]
    pub duties_basis: String,
    #[serde(default)]
    pub accountable: String,
    #[serde(default)]
    pub accountability: String,
    #[serde(default)]
    pub accountability_basis: String,
    #[serde(default)]
    pub list_version: String,
    #[serde(default)]
    pub note: String,
}

impl Kind for DutyItem {
    const NAME: &'static str = "duty_item";
    const LABEL: &'static str = "责任事项";
    const PATH: &'static str = "duty-items";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    // Institutions of one division have duties of one title; the institution tells them apart.
    const VERSIONS: bool = true;
    const MENU: bool = false;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line title,
            Column::given("title", "责任事项", Shape::Line(300))
                .required()
                .hint("对应的事项和环节")
                .example("受理责任：遵义示例场所许可")
                .also(&["责任事项名称"])
        ),
        field!(
            line power,
            Column::given("power", "对应事项", Shape::Line(300))
                .required()
                .hint("所属权力事项的名称，如清单所写")
                .example("遵义示例责任场所许可")
                .also(columns::NAME.also)
        ),
        field!(
            lines power_ids,
            Column::given("power_ids", "对应事项编号", Shape::Lines { most: 20, longest: 40 })
                .hint("所属权力事项页面地址的最后一段，多个用分号隔开；按名称就能认出的留空")
        ),
        field!(line owner_name, columns::OWNER_NAME.example("遵义市示例管理局")),
        field!(maybe owner_id, columns::OWNER_ID),
        field!(division division, columns::DIVISION.example("520300")),
        field!(
            line stage,
            Column::given("stage", "环节", Shape::Line(20)).hint("受理、审查、决定、送达、立案等").example("受理").also(&["责任环节"])
        ),
        field!(
            line text,
            Column::given("text", "责任内容", Shape::Text(SHORT))
                .required()
                .hint("在这个环节要做什么")
                .example("公示依法应当提交的材料；一次性告知补正材料；依法受理或者不予受理。")
                .also(&["责任事项内容", "具体责任"])
        ),
        field!(line duties_basis, columns::DUTIES_BASIS),
        field!(line accountable, columns::ACCOUNTABLE),
        field!(line accountability, columns::ACCOUNTABILITY),
        field!(line accountability_basis, columns::ACCOUNTABILITY_BASIS),
        field!(line list_version, columns::LIST_VERSION),
        field!(line note, columns::NOTE),
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
        Some((&self.owner_name, &mut self.owner_id))
    }

    fn in_charge(&self) -> Option<(String, Option<String>)> {
        Some((self.owner_name.clone(), self.owner_id.clone()))
    }

    /// `du-` and 12 hex digits of the sha256 of division, institution, item, stage and title.
    fn id(&self) -> Option<String> {
        let told = [self.division.as_str(), &self.owner_name, &self.power, &self.stage, &self.title];
        Some(lists::id("du", &told))
    }

    /// The institution, the items, and the works that its bases cite.
    fn rests_on(&self) -> Vec<String> {
        let records = self.owner_id.iter().chain(&self.power_ids).cloned();
        lists::rests_on(records, [self.duties_basis.as_str(), &self.accountability_basis])
    }

    fn listed(&self) -> Option<ListRow> {
        Some(ListRow::Duty(ListDuty {
            owner: ListOwner::of(&self.division, &self.owner_name, self.owner_id.as_ref()),
            power: self.power.clone(),
            power_ids: self.power_ids.clone(),
            stage: self.stage.clone(),
        }))
    }

    fn entry(&self) -> Option<Entry> {
        let stage = if self.stage.is_empty() { String::new() } else { format!("（{}）", self.stage) };
        Some(Entry {
            name: self.title.clone(),
            about: format!("{}的责任{stage}", self.power),
            category: "责任事项".to_owned(),
            owner_name: self.owner_name.clone(),
            owner_id: self.owner_id.clone(),
            division: Some(self.division.clone()),
            note: self.note.clone(),
            ..Entry::default()
        })
    }
}
