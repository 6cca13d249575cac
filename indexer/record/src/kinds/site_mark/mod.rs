//! 网站标识: what says that a site is a public institution's, with the code by which it is known. It stands for one
//! host and no other.
//!
//! Facts and words: 党政机关网站开办审核、资格复核和网站标识管理办法 (中央编办发〔2014〕6号), as local 编办 have
//! published it, and the nine facts that marks in use show.

use serde::{Deserialize, Serialize};
use text::web_name::{Host, address, is_official};

use crate::{
    Audience, Column, Date, DivisionCode, Entry, Fault, Kind, Shape, Vouched, Word,
    fields::field,
    kind::Field,
    registration::site_code,
    web_name_id,
};

const NAME: usize = 80;
const HOST: usize = 253;

/// First two digits of division codes (GB/T 2260).
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteMark {
    pub site_name: String,
    pub institution_name: String,
    pub institution_id: Option<String>,
    pub sort: Sort,
    pub division: DivisionCode,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub functions: String,
    pub home_page: String,
    /// The one host that it stands for, in A-labels and without `www.`.
    #[serde(default)]
    pub host: String,
    pub chinese_name: Option<String>,
    pub english_name: Option<String>,
    pub site_code: String,
    pub issuer: String,
    pub number: String,
    pub issued: Option<Date>,
    pub standing: Standing,
    #[serde(default)]
    pub note: String,
}

/// Whose site it is; the mark has a colour for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Organ,
    Institution,
}

impl Sort {
    pub const ALL: [Sort; 2] = [Self::Organ, Self::Institution];

    pub fn label(self) -> &'static str {
        match self {
            Self::Organ => "党政机关",
            Self::Institution => "事业单位",
        }
    }

    pub fn colour(self) -> &'static str {
        match self {
            Self::Organ => "红色",
            Self::Institution => "蓝色",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Valid,
    Changing,
    Suspended,
    Revoked,
}

impl Standing {
    pub const ALL: [Standing; 4] = [Self::Valid, Self::Changing, Self::Suspended, Self::Revoked];

    pub fn label(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Changing => "变更中",
            Self::Suspended => "暂停",
            Self::Revoked => "撤销",
        }
    }
}

impl Kind for SiteMark {
    const NAME: &'static str = "site_mark";
    const LABEL: &'static str = "网站标识";
    const PATH: &'static str = "site-marks";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line site_name,
            Column::given("site_name", "网站名称", Shape::Line(NAME)).required().hint("网站自己的名称").example("遵义示例门户网站")
        ),
        field!(
            line institution_name,
            Column::given("institution_name", "机构名称", Shape::Line(NAME)).required().hint("开办网站的机构的全称").example("遵义示例人民政府")
        ),
        field!(
            maybe institution_id,
            Column::given("institution_id", "机构编号", Shape::Line(200)).hint("机构页面地址的最后一段；没有就留空")
        ),
        field!(
            choice sort,
            Sort::ALL,
            Column::given("sort", "机构类型", Shape::Choice(|| Sort::ALL.map(Sort::label).to_vec()))
                .required()
                .hint("党政机关（红色标识）、事业单位（蓝色标识）；企业和个人没有标识")
                .example("党政机关")
        ),
        field!(
            division division,
            Column::given("division", "区划代码", Shape::Division).required().hint("机构所在的地区；中央机构写 000000").example("520300")
        ),
        field!(line address, Column::given("address", "机构地址", Shape::Line(200)).hint("机构的办公地址")),
        field!(line functions, Column::given("functions", "职能", Shape::Text(1_000)).hint("主要职能或者业务范围")),
        field!(
            line home_page,
            Column::given("home_page", "首页网址", Shape::Line(300))
                .required()
                .hint("带 http:// 或 https://；标识只对这个网址的主机有效")
                .example("https://shili.gov.cn/")
        ),
        field!(
            maybe chinese_name,
            Column::given("chinese_name", "中文域名", Shape::Line(HOST)).hint("在“.政务”“.公益”之下的名称，只写一个")
        ),
        field!(
            maybe english_name,
            Column::given("english_name", "英文域名", Shape::Line(HOST)).hint("在 gov.cn 之下的名称，只写一个")
        ),
        field!(
            line site_code,
            Column::given("site_code", "网站标识码", Shape::Line(10))
                .required()
                .fixed()
                .hint("10 位数字，前 6 位是区划代码；国务院部门的是 bm 和 8 位数字")
                .example("5203000001")
        ),
        field!(line issuer, Column::given("issuer", "发放单位", Shape::Line(NAME)).required().hint("发放标识的单位").example("示例网站标识管理中心")),
        field!(line number, Column::given("number", "证书编号", Shape::Line(60)).required().hint("标识证书的编号").example("示CA520300001")),
        field!(day issued, Column::given("issued", "发放时间", Shape::Day).required().hint("如 2017-03-20").example("2017-03-20")),
        field!(
            choice standing,
            Standing::ALL,
            Column::given("standing", "标识状态", Shape::Choice(|| Standing::ALL.map(Standing::label).to_vec()))
                .required()
                .hint("有效、变更中、暂停、撤销；单位、网址、地址变更的，复核之前写“变更中”")
                .example("有效")
        ),
        field!(line note, Column::given("note", "备注", Shape::Line(500)).hint("其他要说明的")),
        Field::shown(Column::made("host", "标识对应的主机", Shape::Line(HOST)), |m| {
            Some(m.host.clone()).filter(|host| !host.is_empty()).into_iter().collect()
        }),
        Field::shown(Column::made("colour", "标识颜色", Shape::Line(10)), |m| vec![m.sort.colour().to_owned()]),
    ];

    fn title(&self) -> &str {
        &self.site_name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self {
            site_name: String::new(),
            institution_name: String::new(),
            institution_id: None,
            sort: Sort::Organ,
            division: DivisionCode::nation(),
            address: String::new(),
            functions: String::new(),
            home_page: String::new(),
            host: String::new(),
            chinese_name: None,
            english_name: None,
            site_code: String::new(),
            issuer: String::new(),
            number: String::new(),
            issued: None,
            standing: Standing::Valid,
            note: String::new(),
        })
    }

    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        let known = |code: &str| PROVINCES.iter().any(|province| code.starts_with(province));
        match site_code(&self.site_code, known).map(str::to_owned) {
            Ok(code) => self.site_code = code,
            Err(finding) => faults.push(("site_code", finding.detail)),
        }
        match home(&self.home_page) {
            Ok(host) => self.host = host,
            Err(fault) => faults.push(("home_page", fault)),
        }
        for (column, name, chinese) in
            [("chinese_name", &mut self.chinese_name, true), ("english_name", &mut self.english_name, false)]
        {
            let Some(typed) = name.as_deref() else { continue };
            match Host::parse(typed) {
                Ok(host) if is_official(&host.ascii) && (host.unicode != host.ascii) == chinese => *name = Some(host.unicode),
                Ok(host) => faults.push((column, format!("“{}”不是这一种官方名称", host.unicode))),
                Err(fault) => faults.push((column, fault.to_string())),
            }
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.institution_name, &mut self.institution_id))
    }

    /// `m-` and the site's code.
    fn id(&self) -> Option<String> {
        Some(format!("m-{}", self.site_code.to_ascii_lowercase()))
    }

    /// The institution and its names: a mark is looked at again when one of them changes.
    fn rests_on(&self) -> Vec<String> {
        let names = [&self.chinese_name, &self.english_name].into_iter().flatten();
        let names = names.filter_map(|name| Host::parse(name).ok()).map(|host| host.ascii);
        let hosts = names.chain(Some(self.host.clone()).filter(|host| !host.is_empty()));
        let mut on: Vec<String> = self.institution_id.iter().cloned().chain(hosts.map(|host| web_name_id(&host))).collect();
        on.dedup();
        on
    }

    fn shortcomings(&self) -> Vec<String> {
        let mut found = Vec::new();
        let digits = self.site_code.get(..6).filter(|code| code.bytes().all(|b| b.is_ascii_digit()));
        if digits.is_some_and(|code| code != self.division.as_str().get(..6).unwrap_or_default()) {
            found.push(format!("网站标识码的前 6 位与区划代码 {} 不一致", self.division));
        }
        if !is_official(&self.host) {
            found.push("首页网址不在 gov.cn、.政务、.公益 之下".to_owned());
        }
        found
    }

    fn vouches(&self) -> Option<Vouched> {
        Some(Vouched {
            host: self.host.clone(),
            title: self.site_name.clone(),
            says: format!("{} · {} · 标识码 {}", self.institution_name, self.sort.label(), self.site_code),
            colour: if self.sort == Sort::Organ { "#b3261e" } else { "#1a56b0" },
            standing: self.standing.label(),
            holds: self.standing == Standing::Valid,
        })
    }

    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            name: self.site_name.clone(),
            asked_as: [&self.site_code, &self.number].into_iter().filter(|code| !code.is_empty()).cloned().collect(),
            about: format!("{} · {} · 标识码 {}", self.sort.label(), self.standing.label(), self.site_code),
            category: self.sort.label().to_owned(),
            owner_name: self.institution_name.clone(),
            owner_id: self.institution_id.clone(),
            division: Some(self.division.clone()),
            note: self.note.clone(),
            ..Entry::default()
        })
    }
}

/// The host of a home page.
fn home(typed: &str) -> Result<String, String> {
    if !typed.starts_with("http://") && !typed.starts_with("https://") {
        return Err("应以 http:// 或 https:// 开头".to_owned());
    }
    let address = address::parse(typed).map_err(|fault| fault.to_string())?;
    let host = address.host.ascii;
    Ok(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Weight};

    const WORD: Word<'static> = Word { source: "a", weight: Weight::Office, day: Date::constant(2026, 11, 27) };

    fn read(cells: &[(&str, &str)]) -> Result<SiteMark, String> {
        let mut body = Body::blank(SiteMark::NAME).unwrap();
        let typed = |column: &'static Column| {
            Some(cells.iter().find(|(name, _)| *name == column.name).map_or(column.example, |(_, text)| *text))
        };
        match body.edit(None, WORD, typed) {
            Ok(()) => match body {
                Body::SiteMark(mark) => Ok(mark),
                _ => unreachable!(),
            },
            Err(faults) => Err(faults.into_iter().map(|(column, fault)| format!("{}：{fault}", column.label)).collect()),
        }
    }

    #[test]
    fn n6_a_code_has_one_of_two_forms_and_a_place_that_exists() {
        for code in ["3406000012", "bm55000001"] {
            let mark = read(&[("site_code", code)]).unwrap();
            assert_eq!((mark.id().unwrap(), mark.host.as_str()), (format!("m-{code}"), "shili.gov.cn"));
        }
        for (column, wrong, told) in [
            ("site_code", "9906000012", "没有代码为 990600 的行政区划"),
            ("site_code", "bm5500000", "网站标识码"),
            ("home_page", "shili.gov.cn", "http://"),
            ("home_page", "https://user@", "首页网址"),
            ("chinese_name", "shili.gov.cn", "不是这一种"),
            ("english_name", "甲.政务", "不是这一种"),
            ("sort", "企业", "以下之一"),
        ] {
            let fault = read(&[(column, wrong)]).unwrap_err();
            assert!(fault.contains(told), "{column} {wrong}: {fault}");
        }
    }

    #[test]
    fn a_mark_stands_for_one_host_and_rests_on_its_body_and_names() {
        let mark = read(&[("home_page", "https://www.Shili.gov.cn/index.html"), ("institution_id", "b-1"), ("chinese_name", "示例.政务")]);
        let mark = mark.unwrap();
        let vouched = mark.vouches().unwrap();
        assert_eq!((vouched.host.as_str(), vouched.holds), ("shili.gov.cn", true));
        let chinese = Host::parse("示例.政务").unwrap().ascii;
        assert_eq!(mark.rests_on(), ["b-1".to_owned(), web_name_id(&chinese), web_name_id("shili.gov.cn")]);
        assert_eq!(mark.shortcomings(), Vec::<String>::new());
        let off = read(&[("home_page", "http://shili.com/"), ("site_code", "3406000012"), ("standing", "暂停")]).unwrap();
        assert_eq!((off.shortcomings().len(), off.vouches().unwrap().holds), (2, false));
    }
}
