//! Items of the lists of powers and duties 权力清单、责任清单 and of services 政务服务事项: what an institution may or
//! has to do to people, by which regulation, how long it takes and who answers for it.
//!
//! The facts are those of GB/T 39554.2-2020 and of published lists. Duties stand on the item that they belong to.

mod fields;
mod rules;

use serde::{Deserialize, Serialize};

use crate::{
    Audience, Date, DivisionCode, Entry, Fault, Kind, RegulationLevel, Word, basis,
    kind::Field,
    lists::{self, Claim, Handling, Level, Limit, ListOwner, ListItem, ListRow, Nature, Online, Origin, PowerSort, Standing},
};

/// One item of one institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerItem {
    pub name: String,
    /// The item that it is a part of 主项.
    #[serde(default)]
    pub main_item: String,
    /// The part of the item that this is 子项, where lists give it beside the name.
    #[serde(default)]
    pub sub_item: String,
    pub sort: PowerSort,
    /// Everyday words by which people look for it.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// 基本编码
    pub basic_code: Option<String>,
    /// 实施编码, or the code in the list.
    pub code: Option<String>,
    /// The institution whose item it is, by name, and its record where there is one.
    pub owner_name: String,
    pub owner_id: Option<String>,
    /// Its unified social credit code.
    pub institution_code: Option<String>,
    /// The office inside the institution.
    #[serde(default)]
    pub department: String,
    pub level: Option<Level>,
    pub division: DivisionCode,
    pub origin: Option<Origin>,
    /// What of it this level does.
    #[serde(default)]
    pub scope: String,
    /// Regulations with articles and their words, as the list has them: see [`basis`].
    #[serde(default)]
    pub basis: String,
    /// The function of the institution that it belongs to.
    #[serde(default)]
    pub function: String,
    #[serde(default)]
    pub duties: String,
    #[serde(default)]
    pub duties_basis: String,
    /// Who answers for it.
    #[serde(default)]
    pub accountable: String,
    /// What they answer for.
    #[serde(default)]
    pub accountability: String,
    #[serde(default)]
    pub accountability_basis: String,
    /// Whom it concerns.
    #[serde(default)]
    pub targets: Vec<String>,
    #[serde(default)]
    pub conditions: String,
    #[serde(default)]
    pub documents: Vec<String>,
    pub handling: Option<Handling>,
    pub statutory_limit: Option<Limit>,
    pub promised_limit: Option<Limit>,
    /// Each with its limit where one is set: 受理（1个工作日）.
    #[serde(default)]
    pub steps: Vec<String>,
    #[serde(default)]
    pub fee: String,
    #[serde(default)]
    pub fee_basis: String,
    pub online: Option<Online>,
    /// How often one has to come.
    pub visits: Option<u32>,
    #[serde(default)]
    pub visits_reason: String,
    #[serde(default, rename = "places")]
    pub locations: Vec<String>,
    #[serde(default)]
    pub hours: String,
    #[serde(default)]
    pub phones: Vec<String>,
    #[serde(default)]
    pub complaint_phones: Vec<String>,
    /// The list that it stands in: 2024年版.
    #[serde(default)]
    pub list_version: String,
    pub standing: Option<Standing>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub claim: Option<Claim>,
    #[serde(default)]
    pub claim_reason: String,
    /// The code that its place gives it besides.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub local_code: String,
    /// The code of the part of it that is handled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub task_code: String,
    /// What its institution is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// The department of the State Council that leads.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub central_lead: String,
    /// Whom it is entrusted to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entrusted: String,
    /// What takes time that the limits leave out: hearings, tests, experts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub special_procedures: String,
    /// What else is said of the limits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub limit_note: String,
    /// How one can ask for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
    /// How far it goes online.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub online_depth: String,
    /// Where the list says that it is done online.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// Where to send or hand in what is asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub apply_address: String,
    /// The counter of the hall.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub window: String,
    /// Where else it can be asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reach: String,
    /// How many there are, where they are limited.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quantity_limit: String,
    /// What kind of thing comes of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result_type: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result_name: String,
    /// A specimen of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result_sample: String,
    /// Whether one can make an appointment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub appointment: String,
    /// Whether fees can be paid online.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub payment: String,
    /// Whether things can be sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delivery: String,
    /// Whether a machine does it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub self_service: String,
    /// What it is about, for people and firms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// What those whom it concerns may and must do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rights: String,
    /// The kinds of penalty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub penalties: String,
    /// Whom to ask for a review, with address and phone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub review: String,
    /// Which court to sue in, with address and phone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lawsuit: String,
    /// Who does it together with the institution.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jointly: Vec<String>,
    /// Services of others that it takes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub intermediaries: String,
    /// Codes of the townships and villages where it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub townships: Vec<String>,
    /// The day from which it is planned to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_from: Option<Date>,
    /// The day on which it is planned to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_until: Option<Date>,
}

impl PowerItem {
    /// With its part, where it has one beside the name.
    fn full_name(&self) -> String {
        lists::full_name(&self.name, &self.sub_item)
    }

    /// The texts that name regulations, the item's own basis first.
    fn bases(&self) -> [&str; 4] {
        [&self.basis, &self.duties_basis, &self.accountability_basis, &self.fee_basis]
    }
}

impl Kind for PowerItem {
    const NAME: &'static str = "power_item";
    const LABEL: &'static str = "权力事项";
    const PATH: &'static str = "power-items";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    // Institutions of one division have items of one name; the institution tells them apart.
    const VERSIONS: bool = true;
    const FIELDS: &'static [Field<Self>] = fields::FIELDS;

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
        rules::faults(self)
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.owner_name, &mut self.owner_id))
    }

    fn in_charge(&self) -> Option<(String, Option<String>)> {
        Some((self.owner_name.clone(), self.owner_id.clone()))
    }

    /// `p-` and 12 hex digits of the sha256 of what tells items apart: division, institution, main item and name, and
    /// the code where there is one, since parts of one item may share its name.
    fn id(&self) -> Option<String> {
        let code = self.code.as_deref().unwrap_or_default();
        let told = [self.division.as_str(), &self.owner_name, &self.main_item, &self.name, &self.sub_item, code];
        Some(lists::id("p", &told))
    }

    /// The institution, and the works of law that its bases cite.
    fn rests_on(&self) -> Vec<String> {
        lists::rests_on(self.owner_id.iter().cloned(), self.bases())
    }

    fn may_rest_on(&self) -> Option<&'static [RegulationLevel]> {
        self.sort.may_rest_on()
    }

    fn shortcomings(&self) -> Vec<String> {
        let no_basis = match self.basis.trim() {
            "" => Some("没有写明设定依据".to_owned()),
            text => basis::read(text).is_empty().then(|| "设定依据里没有读到法规，应写作《名称》第几条".to_owned()),
        };
        no_basis.filter(|_| self.claim != Some(Claim::Refused)).into_iter().collect()
    }

    fn listed(&self) -> Option<ListRow> {
        Some(ListRow::Item(Box::new(ListItem {
            owner: ListOwner::of(&self.division, &self.owner_name, self.owner_id.as_ref()),
            name: self.full_name(),
            sort: self.sort,
            basic_code: self.basic_code.clone(),
            code: self.code.clone(),
            level: self.level,
            version: self.list_version.clone(),
            standing: self.standing,
            claim: self.claim,
            claim_reason: self.claim_reason.clone(),
            statutory_limit: self.statutory_limit,
            promised_limit: self.promised_limit,
            fee: self.fee.clone(),
            documents: self.documents.len(),
            visits: self.visits,
            steps: self.steps.clone(),
            duties: self.duties.clone(),
        })))
    }

    fn entry(&self) -> Option<Entry> {
        let mut about = self.sort.label().to_owned();
        if !self.main_item.is_empty() && self.main_item != self.name {
            about = format!("{about}，主项：{}", self.main_item);
        }
        Some(Entry {
            name: self.full_name(),
            other_names: self.other_names.iter().chain(&self.code).chain(&self.basic_code).cloned().collect(),
            about,
            category: self.sort.label().to_owned(),
            owner_name: self.owner_name.clone(),
            owner_id: self.owner_id.clone(),
            division: Some(self.division.clone()),
            phone: self.phones.first().cloned(),
            note: self.note.clone(),
            applied_for: self.sort.is_applied_for()
                && self.standing != Some(Standing::Cancelled)
                && self.claim != Some(Claim::Refused),
            ..Entry::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Weight, work_reference};

    const WORD: Word<'static> =
        Word { source: "table:a.csv", weight: Weight::Claim, day: crate::Date::constant(2026, 11, 27) };

    fn read(cells: &[(&str, &str)]) -> Result<Body, Vec<(&'static str, String)>> {
        let mut body = Body::blank(PowerItem::NAME).unwrap();
        let typed = |column: &crate::Column| Some(cells.iter().find(|(label, _)| *label == column.label).map_or("", |c| c.1));
        let done = body.edit(None, WORD, typed);
        done.map(|()| body).map_err(|faults| faults.into_iter().map(|(column, fault)| (column.label, fault)).collect())
    }

    const RIGHT: [(&str, &str); 6] = [
        ("事项名称", "甲证核发"),
        ("事项类型", "许可"),
        ("实施主体", "甲市乙局"),
        ("区划代码", "520300"),
        ("行使层级", "地州市级"),
        ("设定依据", "【法律】《中华人民共和国甲法》（2005年公布）\n第三条：甲由乙局办，依照《丙法》办理。\n【法规】《丁条例》第二条：丁。"),
    ];

    #[test]
    fn an_item_rests_on_the_regulations_of_its_bases_and_on_no_other() {
        let body = read(&RIGHT).unwrap();
        assert_eq!(body.rests_on(), [work_reference("甲法"), work_reference("丁条例")]);
        assert_eq!(body.entry().unwrap().category, "行政许可");
        assert!(body.may_rest_on().unwrap().contains(&RegulationLevel::Law));
        assert_eq!(body.shortcomings(), [""; 0]);
        for (basis, told) in [("", "没有写明设定依据"), ("市委会议纪要〔2020〕3号", "没有读到法规"), ("=VLOOKUP(A1,B:C,2)", "没有读到法规")] {
            let mut without = RIGHT;
            without[5].1 = basis;
            let body = read(&without);
            let shortcomings = body.map(|body| body.shortcomings()).unwrap_or_default();
            assert!(shortcomings.iter().any(|shortcoming| shortcoming.contains(told)), "{basis}: {shortcomings:?}");
        }
        let facts: Vec<_> = body.facts().filter(|(column, _)| column.label == "行使层级").map(|(_, v)| v).collect();
        assert_eq!(facts, [vec!["市级".to_owned()]]);
    }

    #[test]
    fn items_of_one_name_are_told_apart_by_their_body() {
        let mut other = RIGHT;
        other[2].1 = "甲市丙局";
        assert_ne!(read(&RIGHT).unwrap().id(), read(&other).unwrap().id());
        assert_eq!(read(&RIGHT).unwrap().id(), read(&RIGHT).unwrap().id());
    }

    #[test]
    fn what_is_wrong_is_told_by_column() {
        for (label, wrong, told) in [
            ("事项名称", "", "不能为空"),
            ("事项类型", "收费", "以下之一"),
            ("行使层级", "负责市本级", "以下之一"),
            ("法定时限", "很快", "不是时限"),
            ("承诺时限", "25个工作日", "超过法定"),
            ("实施主体代码", "1151130000877869M", "11511300008778693M"),
            ("申请材料", "申请表；其他材料", "没有说是什么"),
            ("咨询电话", "13812345678", "手机号码"),
            ("到现场次数", "1", "写明原因"),
        ] {
            let mut cells: Vec<(&str, &str)> = RIGHT.to_vec();
            cells.retain(|cell| cell.0 != label);
            cells.push((label, wrong));
            if label == "承诺时限" {
                cells.push(("法定时限", "20个工作日"));
            }
            let faults = read(&cells).unwrap_err();
            assert!(faults.iter().any(|(_, fault)| fault.contains(told)), "{label} {wrong}: {faults:?}");
        }
    }
}
