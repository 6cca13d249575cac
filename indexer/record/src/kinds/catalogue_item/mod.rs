//! Items of the catalogue 基本目录 of the nation or a province: what institutions below have to claim, with one name
//! and one code everywhere (GB/T 39554.1-2020).

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Column, Date, DivisionCode, Entry, Fault, Kind, RegulationLevel, Shape, Word,
    fields::field,
    kind::Field,
    lists::{
        self, Catalogued, Level, ListRow, PowerSort, Standing, codes,
        columns::{self, listed},
    },
};

/// One item of a catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueItem {
    pub name: String,
    #[serde(default)]
    pub main_item: String,
    #[serde(default)]
    pub sub_item: String,
    pub sort: PowerSort,
    #[serde(default)]
    pub other_names: Vec<String>,
    /// 基本编码
    pub basic_code: Option<String>,
    /// Whose catalogue it is: 000000, or a province's.
    pub division: DivisionCode,
    /// Levels that exercise it; all where none is named.
    #[serde(default)]
    pub levels: Vec<String>,
    /// The institution that leads the field: 国家市场监督管理总局.
    #[serde(default)]
    pub lead: String,
    #[serde(default)]
    pub basis: String,
    pub standing: Option<Standing>,
    pub effective: Option<Date>,
    pub cancelled: Option<Date>,
    /// Codes of the items that it was merged of or divided from.
    #[serde(default)]
    pub from_codes: Vec<String>,
    #[serde(default)]
    pub list_version: String,
    #[serde(default)]
    pub note: String,
}

impl CatalogueItem {
    fn levels(&self) -> Vec<Level> {
        self.levels.iter().filter_map(|level| Level::read(level)).collect()
    }
}

impl Kind for CatalogueItem {
    const NAME: &'static str = "catalogue_item";
    const LABEL: &'static str = "基本目录事项";
    const PATH: &'static str = "catalogue-items";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    // Parts of an item share its name; the code tells them apart.
    const VERSIONS: bool = true;
    const MENU: bool = false;
    const FIELDS: &'static [Field<Self>] = &[
        field!(line name, columns::NAME.example("目录示例：遵义示例场所许可")),
        field!(line main_item, columns::MAIN_ITEM),
        field!(line sub_item, columns::SUB_ITEM),
        listed!(sort sort, columns::SORT.example("行政许可")),
        field!(lines other_names, columns::OTHER_NAMES),
        listed!(basic_code basic_code, columns::BASIC_CODE.example("520112345000")),
        field!(
            division division,
            columns::DIVISION.hint("谁的基本目录：国家的写 000000，省的写省级代码").example("520300")
        ),
        Field::given(
            Column::given("levels", "行使层级", Shape::Lines { most: 6, longest: 10 })
                .hint("由哪些层级行使，多个用分号隔开：国家级、省级、市级、县级、乡镇级；都行使的留空")
                .example("市级；县级")
                .also(columns::LEVEL.also),
            |item| item.levels.clone(),
            |item, values| {
                let read = |text: &String| {
                    Level::read(text).map(|level| level.label().to_owned()).ok_or_else(Level::wrong)
                };
                item.levels = values.iter().map(read).collect::<Result<_, _>>()?;
                Ok(())
            },
        ),
        field!(
            line lead,
            Column::given("lead", "牵头部门", Shape::Line(60))
                .hint("牵头的中央或省级部门的全称")
                .also(&["主管部门", "中央主管部门", "牵头央部", "业务指导部门"])
        ),
        field!(line basis, columns::BASIS.required().example("《中华人民共和国行政许可法》第十二条")),
        listed!(word standing, Standing, columns::STANDING),
        field!(
            day effective,
            Column::given("effective", "施行日期", Shape::Day)
                .hint("从哪一天起，如 2024-01-01")
                .also(&["生效日期", "计划生效日期"])
        ),
        field!(
            day cancelled,
            Column::given("cancelled", "取消日期", Shape::Day).hint("从哪一天起不再有").also(&["计划取消日期"])
        ),
        Field::given(
            Column::given("from_codes", "原编码", Shape::Lines { most: 30, longest: 40 })
                .hint("由哪些事项合并、分设而来，写它们的基本编码，多个用分号隔开"),
            |item| item.from_codes.clone(),
            |item, values| {
                item.from_codes = columns::basic_codes(values)?;
                Ok(())
            },
        ),
        field!(line list_version, columns::LIST_VERSION),
        field!(line note, columns::NOTE),
    ];

    fn title(&self) -> &str {
        &self.name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self::default())
    }

    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        // P10
        let inside = self.basic_code.as_deref().and_then(|code| codes::basic_code(code).ok()).and_then(|c| c.parts.sort);
        faults.extend(self.sort.unlike_code(inside).map(|says| ("basic_code", says)));
        if let (Some(from), Some(until)) = (self.effective, self.cancelled)
            && until < from
        {
            faults.push(("cancelled", format!("取消日期 {until} 早于施行日期 {from}，请核对")));
        }
        if self.basic_code.as_ref().is_some_and(|code| self.from_codes.contains(code)) {
            // P16
            faults.push(("from_codes", "合并、分设后的事项要用新编码，不能沿用原编码".to_owned()));
        }
        faults
    }

    /// `ci-` and 12 hex digits of the sha256 of the catalogue and the code; of the names where it has none.
    fn id(&self) -> Option<String> {
        let named = [self.division.as_str(), self.sort.label(), &self.main_item, &self.name, &self.sub_item];
        Some(match &self.basic_code {
            Some(code) => lists::id("ci", &[self.division.as_str(), code]),
            None => lists::id("ci", &named),
        })
    }

    fn rests_on(&self) -> Vec<String> {
        lists::rests_on(std::iter::empty(), [self.basis.as_str()])
    }

    fn may_rest_on(&self) -> Option<&'static [RegulationLevel]> {
        self.sort.may_rest_on()
    }

    fn listed(&self) -> Option<ListRow> {
        Some(ListRow::Catalogued(Catalogued {
            division: self.division.clone(),
            name: self.name.clone(),
            sort: self.sort,
            basic_code: self.basic_code.clone(),
            levels: self.levels(),
            standing: self.standing,
            cancelled: self.cancelled,
            from_codes: self.from_codes.clone(),
        }))
    }

    fn entry(&self) -> Option<Entry> {
        let levels = if self.levels.is_empty() { String::new() } else { format!("，{}", self.levels.join("、")) };
        Some(Entry {
            name: lists::full_name(&self.name, &self.sub_item),
            other_names: self.other_names.iter().chain(&self.basic_code).cloned().collect(),
            about: format!("基本目录：{}{levels}", self.sort.label()),
            category: self.sort.label().to_owned(),
            owner_name: self.lead.clone(),
            division: Some(self.division.clone()),
            note: self.note.clone(),
            applied_for: self.sort.is_applied_for() && self.standing != Some(Standing::Cancelled),
            ..Entry::default()
        })
    }
}
