//! Versions of an institution's list of powers, duties or services: by which document, approved and published when, in
//! force from when to when. Its items name it by its number.

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Column, Date, DivisionCode, Entry, Fault, Kind, Shape, Word,
    fields::field,
    kind::{Field, Values},
    lists::{self, ListOwner, ListRow, ListSort, Stated, Version, columns, published_before_approved},
};

/// One version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListVersion {
    pub title: String,
    pub owner_name: String,
    pub owner_id: Option<String>,
    pub division: DivisionCode,
    pub sort: ListSort,
    /// As its items have it: 2024年版.
    pub list_version: String,
    pub document_number: Option<String>,
    /// Who approved it.
    #[serde(default)]
    pub organ: String,
    pub approved: Option<Date>,
    pub published: Option<Date>,
    pub effective: Option<Date>,
    /// The first day on which it no longer holds.
    pub ended: Option<Date>,
    #[serde(default)]
    pub note: String,
    /// How many items it had when it was published, and their [hash](lists::items_hash), by which anybody sees whether
    /// they are the same today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_hash: Option<String>,
}

/// Hexadecimal digits of a sha256.
const HASH: usize = 64;

fn hash(values: Values) -> Result<Option<String>, String> {
    let Some(text) = values.into_iter().next() else { return Ok(None) };
    let hash = text.to_ascii_lowercase();
    if hash.len() == HASH && hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(Some(hash));
    }
    let count = text.chars().count();
    Err(format!("有 {count} 位，应为 {HASH} 位数字和 a 至 f 的字母：从清单页“这一版由哪些事项组成”抄来，没有就留空"))
}

impl Kind for ListVersion {
    const NAME: &'static str = "list_version";
    const LABEL: &'static str = "清单版本";
    const PATH: &'static str = "list-versions";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    const VERSIONS: bool = true;
    const MENU: bool = false;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line title,
            Column::given("title", "清单名称", Shape::Line(120))
                .required()
                .hint("清单和版本")
                .example("权责清单：遵义示例管理局（2024年版）")
        ),
        field!(line owner_name, columns::OWNER_NAME.hint("谁的清单：机构的全称").example("遵义市示例管理局")),
        field!(maybe owner_id, columns::OWNER_ID),
        field!(division division, columns::DIVISION.example("520300")),
        Field::given(
            Column::given("sort", "清单种类", Shape::Choice(ListSort::labels))
                .meant(|text| ListSort::read(text).map(ListSort::label))
                .required()
                .hint("权力清单、责任清单、权责清单、政务服务事项清单、基本目录")
                .example("权责清单"),
            |version| vec![version.sort.label().to_owned()],
            |version, values| {
                version.sort = values.first().and_then(|text| ListSort::read(text)).ok_or_else(ListSort::wrong)?;
                Ok(())
            },
        ),
        field!(line list_version, columns::LIST_VERSION.required().hint("事项里所写的版本，如 2024年版").example("2024年版")),
        field!(
            maybe document_number,
            Column::given("document_number", "文号", Shape::Line(60)).hint("公布清单的文件的文号").example("遵示府发〔2024〕3号")
        ),
        field!(line organ, Column::given("organ", "批准机关", Shape::Line(80)).hint("批准清单的机关").example("遵义示例人民政府")),
        field!(day approved, Column::given("approved", "批准日期", Shape::Day).hint("如 2024-03-01").example("2024-03-01")),
        field!(
            day published,
            Column::given("published", "公布日期", Shape::Day).hint("批准后 20 个工作日内公布").example("2024-03-15")
        ),
        field!(
            day effective,
            Column::given("effective", "施行日期", Shape::Day)
                .hint("从哪一天起；没有写明的即公布之日")
                .example("2024-03-15")
                .also(&["生效日期"])
        ),
        field!(
            day ended,
            Column::given("ended", "失效日期", Shape::Day).hint("从哪一天起由新的一版替代；没有的留空")
        ),
        field!(line note, columns::NOTE),
        field!(
            number items,
            Column::given("items", "事项数", Shape::Number).hint("公布时这一版有多少项，和清单摘要一起写").later()
        ),
        Field::given(
            Column::given("items_hash", "清单摘要", Shape::Line(80))
                .hint("公布时各事项的 SHA-256 摘要，从清单页“这一版由哪些事项组成”抄来；以后人人能核对事项有没有变动")
                .later(),
            |version| version.items_hash.iter().cloned().collect(),
            |version, values| {
                version.items_hash = hash(values)?;
                Ok(())
            },
        ),
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

    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(published_before_approved(self.approved, self.published).map(|says| ("published", says)));
        if let (Some(from), Some(until)) = (self.effective.or(self.published), self.ended)
            && until < from
        {
            faults.push(("ended", format!("失效日期 {until} 早于施行日期 {from}，请核对")));
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.owner_name, &mut self.owner_id))
    }

    /// `lv-` and 12 hex digits of the sha256 of division, institution, sort and number.
    fn id(&self) -> Option<String> {
        let told = [self.division.as_str(), &self.owner_name, self.sort.label(), &self.list_version];
        Some(lists::id("lv", &told))
    }

    fn listed(&self) -> Option<ListRow> {
        Some(ListRow::Version(Version {
            owner: ListOwner::of(&self.division, &self.owner_name, self.owner_id.as_ref()),
            number: self.list_version.clone(),
            sort: self.sort,
            document_number: self.document_number.clone(),
            approved: self.approved,
            published: self.published,
            from: self.effective.or(self.published),
            until: self.ended,
            stated: Stated { items: self.items, hash: self.items_hash.clone() },
        }))
    }

    fn entry(&self) -> Option<Entry> {
        let told = [Some(self.sort.label().to_owned()), self.document_number.clone(), self.published.map(|d| d.to_string())];
        Some(Entry {
            name: self.title.clone(),
            about: lists::about(told),
            category: self.sort.label().to_owned(),
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

    #[test]
    fn a_hash_is_one_or_is_told() {
        let of = |text: &str| hash(vec![text.to_owned()]);
        let right = "0123456789abcdef".repeat(4);
        assert_eq!(of(&right.to_uppercase()), Ok(Some(right.clone())));
        for (wrong, told) in [(&right[1..], "有 63 位"), (&right.replace('a', "g"), "应为 64 位"), ("甲", "有 1 位")] {
            assert!(of(wrong).unwrap_err().contains(told), "{wrong}");
        }
        assert_eq!(hash(Vec::new()), Ok(None));
    }
}
