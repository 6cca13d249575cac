//! Changes of an institution's list 清单调整: which items came, went or changed, what made it so, and when it was
//! decided and published.

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Column, Date, DivisionCode, Entry, Fault, Kind, Shape, Word,
    fields::field,
    kind::Field,
    lists::{
        self, Changed, ListOwner, ListMove, ListRow, Trigger,
        columns::{self, SHORT, listed},
        published_before_approved,
    },
};

/// One change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListChange {
    /// In a sentence: 甲局取消乙证核发.
    pub title: String,
    pub owner_name: String,
    pub owner_id: Option<String>,
    pub division: DivisionCode,
    pub change: ListMove,
    /// The items, by name.
    #[serde(default)]
    pub items: Vec<String>,
    /// Codes before and afterwards, where they are others.
    #[serde(default)]
    pub from_codes: Vec<String>,
    #[serde(default)]
    pub to_codes: Vec<String>,
    pub trigger: Option<Trigger>,
    /// The document that made it so.
    #[serde(default)]
    pub triggered_by: String,
    /// The day of that document, and the day by which the list is to be changed.
    pub happened: Option<Date>,
    pub due: Option<Date>,
    pub document_number: Option<String>,
    pub approved: Option<Date>,
    pub published: Option<Date>,
    #[serde(default)]
    pub result: String,
    #[serde(default)]
    pub list_version: String,
    #[serde(default)]
    pub note: String,
}

impl Kind for ListChange {
    const NAME: &'static str = "list_change";
    const LABEL: &'static str = "清单调整";
    const PATH: &'static str = "list-changes";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    const VERSIONS: bool = true;
    const MENU: bool = false;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line title,
            Column::given("title", "调整", Shape::Line(200)).required().hint("一句话").example("取消备案：遵义示例管理局取消示例场所备案")
        ),
        field!(line owner_name, columns::OWNER_NAME.hint("谁的清单：机构的全称").example("遵义市示例管理局")),
        field!(maybe owner_id, columns::OWNER_ID),
        field!(division division, columns::DIVISION.example("520300")),
        Field::given(
            Column::given("change", "调整方式", Shape::Choice(ListMove::labels))
                .meant(|text| ListMove::read(text).map(ListMove::label))
                .required()
                .hint("新增、取消、下放、承接、合并、分设、变更要素、暂停、恢复")
                .example("取消"),
            |change| vec![change.change.label().to_owned()],
            |change, values| {
                change.change = values.first().and_then(|text| ListMove::read(text)).ok_or_else(ListMove::wrong)?;
                Ok(())
            },
        ),
        field!(
            lines items,
            Column::given("items", "调整的事项", Shape::Lines { most: 100, longest: 300 })
                .hint("事项的名称，多个用分号隔开")
                .example("示例场所备案")
                .also(&["事项", "涉及事项", "事项名称"])
        ),
        Field::given(
            Column::given("from_codes", "原编码", Shape::Lines { most: 30, longest: 40 })
                .hint("调整前的基本编码，多个用分号隔开；合并、分设的必须写"),
            |change| change.from_codes.clone(),
            |change, values| {
                change.from_codes = columns::basic_codes(values)?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("to_codes", "新编码", Shape::Lines { most: 30, longest: 40 })
                .hint("调整后的基本编码，多个用分号隔开；合并、分设的必须写"),
            |change| change.to_codes.clone(),
            |change, values| {
                change.to_codes = columns::basic_codes(values)?;
                Ok(())
            },
        ),
        listed!(
            word trigger,
            Trigger,
            Column::given("trigger", "调整起因", Shape::Choice(Trigger::labels))
                .meant(|text| Trigger::read(text).map(Trigger::label))
                .hint("法规变动、国务院决定、三定规定、其他")
                .example("国务院决定")
        ),
        field!(
            line triggered_by,
            Column::given("triggered_by", "起因文件", Shape::Text(SHORT))
                .hint("法规的全称和条款，或决定的名称和文号")
                .cites()
                .also(&["调整依据"])
        ),
        field!(day happened, Column::given("happened", "起因日期", Shape::Day).hint("起因文件施行的日期").example("2024-01-10")),
        field!(day due, Column::given("due", "应调整日期", Shape::Day).hint("最迟哪一天调整清单").example("2024-02-20")),
        field!(
            maybe document_number,
            Column::given("document_number", "文号", Shape::Line(60)).hint("批准调整的文件的文号").example("遵示府发〔2024〕2号")
        ),
        field!(day approved, Column::given("approved", "批准日期", Shape::Day).hint("如 2024-02-01").example("2024-02-01")),
        field!(
            day published,
            Column::given("published", "公布日期", Shape::Day).hint("批准后 20 个工作日内公布").example("2024-02-08")
        ),
        field!(line result, Column::given("result", "结果", Shape::Text(SHORT)).hint("调整的结果，或者不调整的理由")),
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

    /// P16: what is merged or divided keeps its links, by codes of its own.
    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(published_before_approved(self.approved, self.published).map(|says| ("published", says)));
        if self.change.gives_codes() {
            for (column, codes) in [("from_codes", &self.from_codes), ("to_codes", &self.to_codes)] {
                if codes.is_empty() {
                    faults.push((column, format!("{}的事项须写明原编码和新编码", self.change.label())));
                }
            }
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.owner_name, &mut self.owner_id))
    }

    /// `lc-` and 12 hex digits of the sha256 of division, institution, title and the day of its cause.
    fn id(&self) -> Option<String> {
        let day = self.happened.map(|day| day.to_string()).unwrap_or_default();
        let told = [self.division.as_str(), &self.owner_name, &self.title, &day];
        Some(lists::id("lc", &told))
    }

    fn listed(&self) -> Option<ListRow> {
        Some(ListRow::Change(Changed {
            owner: ListOwner::of(&self.division, &self.owner_name, self.owner_id.as_ref()),
            title: self.title.clone(),
            change: self.change,
            from_codes: self.from_codes.clone(),
            to_codes: self.to_codes.clone(),
            approved: self.approved,
            published: self.published,
        }))
    }

    fn entry(&self) -> Option<Entry> {
        let told = [Some(self.change.label().to_owned()), self.document_number.clone(), self.approved.map(|d| d.to_string())];
        Some(Entry {
            name: self.title.clone(),
            about: lists::about(told),
            category: self.change.label().to_owned(),
            owner_name: self.owner_name.clone(),
            owner_id: self.owner_id.clone(),
            division: Some(self.division.clone()),
            note: self.note.clone(),
            ..Entry::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Weight};

    const WORD: Word<'static> =
        Word { source: "table:a.csv", weight: Weight::Claim, day: crate::Date::constant(2026, 11, 27) };

    /// The columns told of a change with some cells.
    fn told(cells: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let mut body = Body::blank(ListChange::NAME).unwrap();
        let typed = |column: &Column| {
            cells.iter().find(|(name, _)| *name == column.name).map_or(Some(column.example), |cell| Some(cell.1))
        };
        body.edit(None, WORD, typed)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(column, fault)| (column.name, fault))
            .collect()
    }

    #[test]
    fn p16_merged_and_divided_items_name_their_old_and_new_codes() {
        assert_eq!(told(&[("change", "合并"), ("from_codes", "520112345000；520112346000"), ("to_codes", "520112347000")]), []);
        let faults = told(&[("change", "分设"), ("from_codes", "520112345000")]);
        assert!(faults[0].0 == "to_codes" && faults[0].1.contains("新编码"), "{faults:?}");
        assert!(told(&[("from_codes", "12")])[0].1.contains("12："));
        let faults = told(&[("approved", "2024-03-01"), ("published", "2024-02-01")]);
        assert!(faults[0].0 == "published" && faults[0].1.contains("早于批准"), "{faults:?}");
    }
}
