//! How the public reaches an institution, each fact with where it comes from and since when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Institution;
use crate::{Column, Date, Kind, Shape, Word, contact, kind::Field};

/// Phones and accounts of an institution: as many as a page shows.
const MAX_PHONES: usize = 10;
const MAX_ACCOUNTS: usize = 10;

/// The columns that tell how an institution is reached, in the order in which they are shown.
const CONTACTS: [&str; 8] =
    ["phones", "address", "hours", "postcode", "accounts", "credit_code", "icp", "site_code"];

/// How an institution is reached. What is empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contacts {
    /// Public phones of the office.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Office hours, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Its mini-programs and public accounts, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// Number of its site's ICP record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icp: Option<String>,
    /// Its site's 网站标识码.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_code: Option<String>,
    /// Where each of these, and the credit code, comes from, by column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stated: BTreeMap<String, Stated>,
}

/// Who said a fact, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// A list, or an office.
    pub source: String,
    pub day: Option<Date>,
}

impl Contacts {
    /// Whether a phone or an address is known, so that somebody can reach the office.
    pub fn has_way(&self) -> bool {
        !self.phones.is_empty() || self.address.is_some()
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Institution {
    /// Each column that tells how it is reached, with its values.
    pub fn ways(&self) -> impl Iterator<Item = (&'static Column, Vec<String>)> {
        CONTACTS.into_iter().filter_map(|name| {
            let field = Self::FIELDS.iter().find(|field| field.column.name == name)?;
            Some((&field.column, (field.get)(self)))
        })
    }

    /// Puts a fact into a column that tells how it is reached; the error says how to mend it.
    pub fn state(&mut self, name: &str, text: &str, stated: Stated) -> Result<(), String> {
        let field = Self::FIELDS.iter().find(|field| field.column.name == name && CONTACTS.contains(&name));
        let field = field.ok_or_else(|| format!("不认识“{name}”：应为 {}", CONTACTS.join("、")))?;
        field.column.read(text).and_then(|values| (field.set)(self, values))?;
        self.contacts.stated.insert(name.to_owned(), stated);
        Ok(())
    }

    /// Notes where a fact comes from that now differs from what was known `before`.
    pub(super) fn note_sources(&mut self, before: Option<&Self>, word: Word<'_>) {
        let was: Vec<_> = before.map(|before| before.ways().map(|(_, values)| values).collect()).unwrap_or_default();
        let now: Vec<_> = self.ways().map(|(column, values)| (column.name, values)).collect();
        for (at, (name, values)) in now.into_iter().enumerate() {
            if values.is_empty() {
                self.contacts.stated.remove(name);
            } else if was.get(at) != Some(&values) {
                let stated = Stated { source: word.source.to_owned(), day: Some(word.day) };
                self.contacts.stated.insert(name.to_owned(), stated);
            }
        }
    }
}

pub(super) const PHONES: Field<Institution> = Field::given(
    Column::given("phones", "电话", Shape::Lines { most: MAX_PHONES, longest: 40 })
        .later()
        .hint("公开的办公电话，写明区号，多个用分号隔开；不能写个人的手机号码")
        .example("0851-12345678"),
    |i| i.contacts.phones.clone(),
    |i, values| {
        i.contacts.phones = read(values, contact::phone)?;
        Ok(())
    },
);

pub(super) const ADDRESS: Field<Institution> = Field::given(
    Column::given("address", "地址", Shape::Line(100))
        .later()
        .hint("办公地址，从省、市或县区写起")
        .example("贵州省遵义市汇川区某某路 1 号"),
    |i| i.contacts.address.iter().cloned().collect(),
    |i, values| {
        i.contacts.address = read(values, contact::address)?.pop();
        Ok(())
    },
);

pub(super) const HOURS: Field<Institution> = Field::given(
    Column::given("hours", "办公时间", Shape::Line(100))
        .later()
        .hint("对外办公的日子和时刻")
        .example("工作日 9:00—12:00 13:30—17:00"),
    |i| i.contacts.hours.iter().cloned().collect(),
    |i, values| {
        i.contacts.hours = read(values, words)?.pop();
        Ok(())
    },
);

pub(super) const POSTCODE: Field<Institution> = Field::given(
    Column::given("postcode", "邮政编码", Shape::Line(10)).later().hint("6 位数字").example("563000"),
    |i| i.contacts.postcode.iter().cloned().collect(),
    |i, values| {
        i.contacts.postcode = read(values, contact::postcode)?.pop();
        Ok(())
    },
);

pub(super) const ACCOUNTS: Field<Institution> = Field::given(
    Column::given("accounts", "小程序和公众号", Shape::Lines { most: MAX_ACCOUNTS, longest: 60 })
        .later()
        .hint("机构自己的小程序、公众号等的名称，多个用分号隔开；不写个人的账号")
        .example("微信公众号：某某教育"),
    |i| i.contacts.accounts.clone(),
    |i, values| {
        i.contacts.accounts = read(values, words)?;
        Ok(())
    },
);

pub(super) const ICP: Field<Institution> = Field::given(
    Column::given("icp", "ICP 备案号", Shape::Line(40))
        .later()
        .hint("网页底部的 ICP 备案号")
        .example("黔ICP备12345678号-1"),
    |i| i.contacts.icp.iter().cloned().collect(),
    |i, values| {
        i.contacts.icp = read(values, contact::icp)?.pop();
        Ok(())
    },
);

pub(super) const SITE_CODE: Field<Institution> = Field::given(
    Column::given("site_code", "网站标识码", Shape::Line(20))
        .later()
        .hint("网页底部的政府网站标识码：10 位数字；部委的为 bm 加 8 位数字")
        .example("5203000001"),
    |i| i.contacts.site_code.iter().cloned().collect(),
    |i, values| {
        i.contacts.site_code = read(values, contact::site_code)?.pop();
        Ok(())
    },
);

pub(super) const STATED: Field<Institution> = Field::shown(
    Column::made("contact_sources", "联系方式来源", Shape::Lines { most: 8, longest: 300 }).later(),
    |i| {
        let label = |name: &str| i.ways().find(|(column, _)| column.name == name).map_or("", |(column, _)| column.label);
        let day = |stated: &Stated| stated.day.map(|day| format!("（{day}）")).unwrap_or_default();
        i.contacts.stated.iter().map(|(name, s)| format!("{}：{}{}", label(name), s.source, day(s))).collect()
    },
);

fn read(values: Vec<String>, one: fn(&str) -> Result<String, String>) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for value in values {
        let value = one(&value)?;
        if !all.contains(&value) {
            all.push(value);
        }
    }
    Ok(all)
}

/// Words that hold no number of a person.
fn words(text: &str) -> Result<String, String> {
    if contact::has_mobile(text) {
        return Err("不能写手机号码，只写办公或热线电话".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Weight, samples};

    fn edited(before: &Body, day: i8, typed: &[(&str, &str)]) -> Result<Body, Vec<(&'static Column, String)>> {
        let mut body = before.clone();
        let word = Word { source: "甲局", weight: Weight::Own, day: Date::constant(2026, 11, day) };
        body.edit(Some(before), word, |column| typed.iter().find(|(name, _)| *name == column.name).map(|t| t.1))?;
        Ok(body)
    }

    fn contacts(body: &Body) -> &Contacts {
        match body {
            Body::Institution(i) => &i.contacts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_fact_has_its_source_and_day_and_keeps_them_while_it_stays() {
        let before = samples::institution("a", "甲市人民政府", "520300").body;
        let first = edited(&before, 1, &[("phones", "0851-28222222"), ("credit_code", "12100000400002259P")]).unwrap();
        let second = edited(&first, 2, &[("phones", "0851-28222222"), ("postcode", "563000")]).unwrap();
        let day = |name: &str| contacts(&second).stated[name].day.unwrap().day();
        assert_eq!((day("phones"), day("credit_code"), day("postcode")), (1, 1, 2));
        assert_eq!(contacts(&second).stated["phones"].source, "甲局");
        let gone = edited(&second, 3, &[("phones", "")]).unwrap();
        assert!(contacts(&gone).phones.is_empty() && !contacts(&gone).stated.contains_key("phones"));
    }

    #[test]
    fn what_may_not_be_published_is_refused_by_column() {
        let before = samples::institution("a", "甲市人民政府", "520300").body;
        for (column, typed, part) in [
            ("phones", "13812345678", "手机"),
            ("phones", "28222222", "区号"),
            ("address", "人民路1号", "区划"),
            ("hours", "工作日，找张某 13812345678", "手机"),
            ("accounts", "微信 13812345678", "手机"),
            ("postcode", "56", "邮政编码"),
            ("icp", "12345678", "备案号"),
            ("site_code", "52", "标识码"),
        ] {
            let faults = edited(&before, 1, &[(column, typed)]).unwrap_err();
            assert!(faults.iter().any(|(at, told)| at.name == column && told.contains(part)), "{faults:?}");
        }
    }

    #[test]
    fn records_written_before_there_were_contacts_are_read_and_stay_the_same() {
        let body = samples::institution("a", "甲市人民政府", "520300").body;
        let json = serde_json::to_string(&body).unwrap();
        assert!(!json.contains("contacts"), "what is not known is not written");
        assert_eq!(serde_json::from_str::<Body>(&json).unwrap(), body);
        let now = edited(&body, 1, &[("address", "贵州省遵义市汇川区某某路 1 号")]).unwrap();
        assert_eq!(serde_json::from_str::<Body>(&serde_json::to_string(&now).unwrap()).unwrap(), now);
    }
}
