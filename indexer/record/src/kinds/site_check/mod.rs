//! 网站普查: what was measured of a site in a period, and what follows from it by the indicators of the state's check of
//! government sites (scoring table of 2015; 国办秘函〔2019〕19号). Everything is computed from what was handed in; nothing is
//! fetched.

mod rules;
mod score;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use text::web_name::address;

use crate::{Audience, Column, Date, DivisionCode, Entry, Fault, Kind, Mend, Shape, Word, fields::field, kind::Field};

pub use rules::{Finding, Indicator, Outcome};
pub use score::{Sheet, Verdict};

const NAME: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteCheck {
    pub site_name: String,
    pub home_page: String,
    #[serde(default)]
    pub host: String,
    pub institution_name: String,
    pub institution_id: Option<String>,
    pub division: DivisionCode,
    pub sort: Sort,
    /// 2026年第二季度
    pub period: String,
    /// The day on which the measurements end: ages are counted to it.
    pub checked: Option<Date>,
    #[serde(default)]
    pub visits: Vec<String>,
    pub home_updated: Option<Date>,
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub errors: Vec<String>,
    pub interaction: Presence,
    #[serde(default)]
    pub messages: Vec<String>,
    pub services: Presence,
    #[serde(default)]
    pub guides: Vec<String>,
    #[serde(default)]
    pub deductions: Vec<String>,
    #[serde(default)]
    pub bonus: Vec<String>,
    pub mend_by: Option<Date>,
    #[serde(default)]
    pub mended: Vec<String>,
}

/// Portals may earn a bonus (2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Portal,
    Department,
}

impl Sort {
    pub const ALL: [Sort; 2] = [Self::Portal, Self::Department];

    pub fn label(self) -> &'static str {
        match self {
            Self::Portal => "门户网站",
            Self::Department => "部门网站",
        }
    }
}

/// Whether something is there that every site needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Unseen,
    There,
    Missing,
}

impl Presence {
    pub const ALL: [Presence; 3] = [Self::Unseen, Self::There, Self::Missing];

    pub fn label(self) -> &'static str {
        match self {
            Self::Unseen => "没有检查",
            Self::There => "有",
            Self::Missing => "没有",
        }
    }
}

fn presence() -> Vec<&'static str> {
    Presence::ALL.map(Presence::label).to_vec()
}

impl Kind for SiteCheck {
    const NAME: &'static str = "site_check";
    const LABEL: &'static str = "网站普查";
    const PATH: &'static str = "site-checks";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    // One a period.
    const VERSIONS: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            line site_name,
            Column::given("site_name", "网站名称", Shape::Line(NAME)).required().hint("网站自己的名称").example("遵义示例政务网站")
        ),
        field!(
            line home_page,
            Column::given("home_page", "首页网址", Shape::Line(300)).required().hint("带 http:// 或 https://").example("https://shili.gov.cn/")
        ),
        field!(
            line institution_name,
            Column::given("institution_name", "主办单位", Shape::Line(NAME)).required().hint("主办单位的全称").example("遵义示例人民政府")
        ),
        field!(
            maybe institution_id,
            Column::given("institution_id", "机构编号", Shape::Line(200)).hint("机构页面地址的最后一段；没有就留空")
        ),
        field!(
            division division,
            Column::given("division", "区划代码", Shape::Division).required().hint("主办单位所在的地区；中央机构写 000000").example("520300")
        ),
        field!(
            choice sort,
            Sort::ALL,
            Column::given("sort", "网站类型", Shape::Choice(|| Sort::ALL.map(Sort::label).to_vec()))
                .required()
                .hint("门户网站、部门网站；只有门户网站有加分")
                .example("门户网站")
        ),
        field!(
            line period,
            Column::given("period", "检查期", Shape::Line(40)).required().hint("如 2026年第二季度").example("2026年第二季度")
        ),
        field!(
            day checked,
            Column::given("checked", "检查截止日期", Shape::Day).required().hint("更新和答复的天数算到这一天").example("2026-06-30")
        ),
        field!(
            lines visits,
            Column::given("visits", "访问记录", Shape::Lines { most: 7, longest: 60 })
                .hint("连续七天，每天一行：日期｜访问次数｜失败次数；超过 15 秒没有打开的算失败，每天至少 20 次，间隔开")
                .example("2026-06-24｜20｜0\n2026-06-25｜20｜1\n2026-06-26｜20｜0\n2026-06-27｜20｜0\n2026-06-28｜20｜0\n2026-06-29｜20｜0\n2026-06-30｜20｜0")
        ),
        field!(
            day home_updated,
            Column::given("home_updated", "首页最后更新", Shape::Day).hint("首页最后一次更新的日期").example("2026-06-29")
        ),
        field!(
            lines columns,
            Column::given("columns", "栏目", Shape::Lines { most: 300, longest: 120 })
                .hint("每个栏目一行：动态要闻、通知公告、政策文件或其他｜栏目名称｜最后更新日期；空白的栏目不写日期；其他栏目在后面写应当几天更新")
                .example("动态要闻｜要闻｜2026-06-29")
        ),
        field!(
            lines errors,
            Column::given("errors", "严重错误", Shape::Lines { most: 50, longest: 300 }).hint("每处一行：错误｜证据（网页地址、截图编号）")
        ),
        field!(
            choice interaction,
            Presence::ALL,
            Column::given("interaction", "互动渠道", Shape::Choice(presence)).required().hint("有、没有、没有检查").example("有")
        ),
        field!(
            lines messages,
            Column::given("messages", "留言", Shape::Lines { most: 300, longest: 160 })
                .hint("每件有效留言一行：标题｜收到日期｜答复日期；没有答复的不写")
        ),
        field!(
            choice services,
            Presence::ALL,
            Column::given("public_services", "办事服务", Shape::Choice(presence)).required().hint("有、没有、没有检查").example("有")
        ),
        field!(
            lines guides,
            Column::given("guides", "办事指南", Shape::Lines { most: 300, longest: 200 })
                .hint("每个事项一行：事项｜指南写明的要素，用顿号隔开（事项名称、设定依据、申请条件、办理材料……）")
                .example("示例许可｜事项名称、设定依据、申请条件、办理材料、办理地点")
        ),
        field!(
            lines deductions,
            Column::given("deductions", "扣分", Shape::Lines { most: 100, longest: 300 }).hint("每项一行：分数｜问题｜证据")
        ),
        field!(
            lines bonus,
            Column::given("bonus", "加分", Shape::Lines { most: 30, longest: 300 }).hint("每项一行：分数｜理由｜证据")
        ),
        field!(day mend_by, Column::given("mend_by", "整改期限", Shape::Day).hint("问题应在这一天之前改好")),
        field!(
            lines mended,
            Column::given("mended", "已整改", Shape::Lines { most: 100, longest: 300 }).hint("已经改好的问题，照问题清单的写法，每项一行")
        ),
        Field::shown(Column::made("host", "主机", Shape::Line(253)), |c| {
            Some(c.host.clone()).filter(|host| !host.is_empty()).into_iter().collect()
        }),
        Field::shown(Column::made("verdict", "结论", Shape::Line(20)), |c| vec![c.sheet().verdict.label().to_owned()]),
        Field::shown(Column::made("score", "得分", Shape::Line(20)), |c| {
            c.sheet().score.iter().map(|score| score.written()).collect()
        }),
        Field::shown(Column::made("sheet", "评分表", Shape::Lines { most: 500, longest: 600 }), |c| c.sheet().lines()),
        Field::shown(Column::made("problems", "问题清单", Shape::Lines { most: 500, longest: 600 }), |c| {
            c.sheet().problems()
        }),
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
            home_page: String::new(),
            host: String::new(),
            institution_name: String::new(),
            institution_id: None,
            division: DivisionCode::nation(),
            sort: Sort::Department,
            period: String::new(),
            checked: None,
            visits: Vec::new(),
            home_updated: None,
            columns: Vec::new(),
            errors: Vec::new(),
            interaction: Presence::Unseen,
            messages: Vec::new(),
            services: Presence::Unseen,
            guides: Vec::new(),
            deductions: Vec::new(),
            bonus: Vec::new(),
            mend_by: None,
            mended: Vec::new(),
        })
    }

    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let mut faults = self.unreadable();
        match address::parse(&self.home_page) {
            Ok(address) => {
                let host = address.host.ascii;
                self.host = host.strip_prefix("www.").map_or(host.clone(), str::to_owned);
            }
            Err(fault) => faults.push(("home_page", fault.to_string())),
        }
        faults
    }

    fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
        Some((&self.institution_name, &mut self.institution_id))
    }

    /// `sc-` and 12 hex digits of the sha256 of the site's host and the period.
    fn id(&self) -> Option<String> {
        let host = address::parse(&self.home_page).map_or_else(|_| self.home_page.clone(), |a| a.host.ascii);
        let hash = Sha256::digest(format!("{host}\0{}", self.period));
        Some(format!("sc-{}", &hex::encode(hash)[..12]))
    }

    fn to_mend(&self) -> Option<Vec<Mend>> {
        let open = self.sheet().problems().into_iter().filter(|what| !self.mended.contains(what));
        Some(open.map(|what| Mend { what, due: self.mend_by }).collect())
    }

    fn entry(&self) -> Option<Entry> {
        let sheet = self.sheet();
        let score = sheet.score.as_ref().map(|score| format!(" · {} 分", score.written())).unwrap_or_default();
        Some(Entry {
            name: self.site_name.clone(),
            other_names: vec![format!("{}{}", self.site_name, self.period)],
            asked_as: Some(self.host.clone()).filter(|host| !host.is_empty()).into_iter().collect(),
            about: format!("{} · {}{score}", self.period, sheet.verdict.label()),
            category: sheet.verdict.label().to_owned(),
            owner_name: self.institution_name.clone(),
            owner_id: self.institution_id.clone(),
            division: Some(self.division.clone()),
            ..Entry::default()
        })
    }
}

#[cfg(test)]
mod tests;
