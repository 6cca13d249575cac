//! Service entrances 办事入口: where one looks something up, applies, signs up or complains, and whom one calls.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Audience, Column, DivisionCode, Entry, Evidence, Kind, Shape, Website, contact::{has_mobile, phone}, kind::Field};
use text::web_name::{Registry, site};

/// How the note of a number begins that is answered under another now.
const MERGED: &str = "整体并入";

/// An entrance on the web or a number to call, with the institution in charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficialService {
    pub name: String,
    /// Names that people use for it, numbers among them: 学信网, 12315.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// What one does there, in a sentence.
    pub purpose: String,
    pub entrance: Entrance,
    /// The institution in charge, by name, and its record where there is one.
    pub owner_name: String,
    pub owner_id: Option<String>,
    /// The division that it serves; `000000` for the nation.
    pub division: DivisionCode,
    #[serde(default)]
    pub websites: Vec<Website>,
    pub hotline: Option<String>,
    /// What else a reader should know: a former address, who runs it.
    #[serde(default)]
    pub note: String,
    /// Fields of life whose number it is, as people name them: 医保, 报税.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// What an entrance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    Query,
    Handling,
    Exam,
    Complaint,
    Portal,
    Data,
    Hotline,
}

impl Entrance {
    pub const ALL: [Entrance; 7] =
        [Self::Query, Self::Handling, Self::Exam, Self::Complaint, Self::Portal, Self::Data, Self::Hotline];

    pub fn label(self) -> &'static str {
        match self {
            Self::Query => "查询",
            Self::Handling => "办理",
            Self::Exam => "考试报名",
            Self::Complaint => "投诉举报",
            Self::Portal => "综合入口",
            Self::Data => "数据",
            Self::Hotline => "电话",
        }
    }
}

impl OfficialService {
    /// Whether it is a number that is answered today; one that was merged into another is not. A site that goes by its
    /// number (12366) is one too.
    fn answers(&self) -> bool {
        let called_so = |number: &String| self.entrance == Entrance::Hotline || self.other_names.contains(number);
        self.hotline.as_ref().is_some_and(called_so) && !self.note.contains(MERGED)
    }
}

impl Kind for OfficialService {
    const NAME: &'static str = "service";
    const LABEL: &'static str = "办事入口";
    const PATH: &'static str = "services";
    const AUDIENCE: Audience = Audience::Public;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        Field::given(
            Column::given("name", "名称", Shape::Line(60))
                .required()
                .hint("网站或平台的全称，如网页标题所写")
                .example("遵义市示例便民服务网"),
            |s| vec![s.name.clone()],
            |s, values| {
                s.name = nobodys_own(first(values))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("other_names", "别名", Shape::Lines { most: 30, longest: 40 })
                .hint("人们常用的叫法和号码，多个用分号隔开")
                .example("便民网；示例查询"),
            |s| s.other_names.clone(),
            |s, values| {
                s.other_names = values.into_iter().map(nobodys_own).collect::<Result<_, _>>()?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("purpose", "用途", Shape::Line(100))
                .required()
                .hint("在这里能办什么，一句话")
                .example("查示例证照、约示例业务"),
            |s| vec![s.purpose.clone()],
            |s, values| {
                s.purpose = nobodys_own(first(values))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("entrance", "入口类别", Shape::Choice(|| Entrance::ALL.map(Entrance::label).to_vec()))
                .required()
                .hint("查询、办理、考试报名、投诉举报、综合入口、数据、电话")
                .example("查询"),
            |s| vec![s.entrance.label().to_owned()],
            |s, values| {
                let chosen = Entrance::ALL.into_iter().find(|entrance| values.iter().any(|v| v == entrance.label()));
                s.entrance = chosen.ok_or("请从列表中选择")?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("owner_name", "主管机构", Shape::Line(60))
                .required()
                .hint("主管或主办机构的全称")
                .example("遵义市人民政府"),
            |s| vec![s.owner_name.clone()],
            |s, values| {
                s.owner_name = nobodys_own(first(values))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("owner_id", "主管机构编号", Shape::Line(200)).hint("主管机构页面地址的最后一段；没有就留空"),
            |s| s.owner_id.iter().cloned().collect(),
            |s, values| {
                s.owner_id = values.into_iter().next();
                Ok(())
            },
        ),
        Field::given(
            Column::given("division", "区划代码", Shape::Division)
                .required()
                .hint("服务哪个地区；面向全国的写 000000")
                .example("520300"),
            |s| vec![s.division.to_string()],
            |s, values| {
                s.division = first(values).parse().map_err(|error| format!("{error}"))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("websites", "网址", Shape::Lines { most: 5, longest: 300 })
                .hint("以 http:// 或 https:// 开头的网址；只有电话的留空")
                .example("https://bm.zunyi.gov.cn/"),
            |s| s.websites.iter().map(|site| site.url.clone()).collect(),
            |s, values| {
                s.websites = values.into_iter().map(website).collect::<Result<_, _>>()?;
                Ok(())
            },
        ),
        Field::shown(Column::made("evidence", "网址依据", Shape::Lines { most: 5, longest: 10 }), |s| {
            s.websites.iter().map(|site| site.evidence.label().to_owned()).collect()
        }),
        Field::given(
            Column::given("hotline", "电话", Shape::Line(20)).hint("公开的服务或投诉电话").example("12345"),
            |s| s.hotline.iter().cloned().collect(),
            |s, values| {
                s.hotline = values.into_iter().next().map(|text| phone(&text)).transpose()?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("note", "备注", Shape::Line(200)).hint("旧网址、承办单位等"),
            |s| Some(s.note.clone()).filter(|note| !note.is_empty()).into_iter().collect(),
            |s, values| {
                s.note = nobodys_own(first(values))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("fields", "常用的说法", Shape::Lines { most: 60, longest: 12 })
                .later()
                .also(&["领域词"])
                .hint("人们问电话时怎么说这个领域，多个用分号隔开：写了“医保”，问“医保热线”就答这个号码")
                .example("医保；医疗保险"),
            |s| s.fields.clone(),
            |s, values| {
                s.fields = values.into_iter().map(nobodys_own).collect::<Result<_, _>>()?;
                Ok(())
            },
        ),
    ];

    fn title(&self) -> &str {
        &self.name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self {
            name: String::new(),
            other_names: Vec::new(),
            purpose: String::new(),
            entrance: Entrance::Query,
            owner_name: String::new(),
            owner_id: None,
            division: DivisionCode::nation(),
            websites: Vec::new(),
            hotline: None,
            note: String::new(),
            fields: Vec::new(),
        })
    }

    fn sites(&self) -> &[Website] {
        &self.websites
    }

    fn sites_mut(&mut self) -> Option<&mut Vec<Website>> {
        Some(&mut self.websites)
    }

    /// `e-` and 12 hex digits of the sha256 of division and name.
    fn id(&self) -> Option<String> {
        let hash = Sha256::digest(format!("{}\0{}", self.division, self.name));
        Some(format!("e-{}", &hex::encode(hash)[..12]))
    }

    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            name: self.name.clone(),
            other_names: self.other_names.clone(),
            asked_as: asked_as(&self.other_names),
            about: self.purpose.clone(),
            category: self.entrance.label().to_owned(),
            owner_name: self.owner_name.clone(),
            owner_id: self.owner_id.clone(),
            division: Some(self.division.clone()),
            phone: self.hotline.clone(),
            answers_for: self.answers().then(|| self.owner_name.clone()),
            note: self.note.clone(),
            fields: self.hotline.iter().flat_map(|_| self.fields.clone()).collect(),
            sites: self.websites.clone(),
            ..Entry::default()
        })
    }
}

/// 学历查询 is asked as 查学历, 查询学历 and 学历怎么查 as well.
fn asked_as(names: &[String]) -> Vec<String> {
    let stems = names.iter().filter_map(|name| name.strip_suffix("查询")).filter(|stem| !stem.is_empty());
    stems.flat_map(|stem| [format!("查{stem}"), format!("查询{stem}"), format!("{stem}怎么查")]).collect()
}

fn first(values: Vec<String>) -> String {
    values.into_iter().next().unwrap_or_default()
}

/// Words that hold no number of a person.
fn nobodys_own(text: String) -> Result<String, String> {
    if has_mobile(&text) {
        return Err("不能写手机号码，只写公开的服务电话".to_owned());
    }
    Ok(text)
}

/// An address as it is kept; what it rests on is distinguished.
fn website(url: String) -> Result<Website, String> {
    let address = site(&url).map_err(|fault| format!("网址“{url}”不能用：{fault}"))?;
    let host = address.host.ascii;
    let off_gov_cn = host != "gov.cn" && Registry::of(&host).is_none();
    Ok(Website { url, host, evidence: Evidence::Claimed, sources: Vec::new(), off_gov_cn })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Weight, Word};

    fn read(cells: &[(&str, &str)]) -> Result<Body, Vec<(&'static str, String)>> {
        let mut body = Body::blank(OfficialService::NAME).unwrap();
        let filled = body.fill(|column| Some(cells.iter().find(|(label, _)| *label == column.label).map_or("", |c| c.1)));
        filled.map(|()| body).map_err(|faults| faults.into_iter().map(|(column, fault)| (column.label, fault)).collect())
    }

    const RIGHT: [(&str, &str); 9] = [
        ("名称", "示例查询平台"),
        ("别名", "示例查询；12300"),
        ("用途", "查示例"),
        ("入口类别", "查询"),
        ("主管机构", "示例市人民政府"),
        ("区划代码", "520300"),
        ("网址", "https://cx.zunyi.gov.cn/"),
        ("电话", "12345"),
        ("备注", "示例单位承办"),
    ];

    #[test]
    fn what_is_typed_becomes_a_service_and_its_values_are_what_was_typed() {
        let body = read(&RIGHT).unwrap();
        for (label, typed) in RIGHT {
            let (_, values) = body.facts().find(|(column, _)| column.label == label).unwrap();
            assert_eq!(values.join("；"), typed);
        }
        let entry = body.entry().unwrap();
        assert!(entry.asked_as.contains(&"查示例".to_owned()));
        assert_eq!(entry.sites[0].evidence, Evidence::Claimed, "nobody has seen it yet");
        assert!(body.id().unwrap().starts_with("e-"));
    }

    #[test]
    fn wrong_values_are_told_by_column() {
        for (label, wrong, told) in [
            ("名称", "", "不能为空"),
            ("入口类别", "别的", "以下之一"),
            ("区划代码", "遵义", "区划代码"),
            ("网址", "javascript:alert(1)", "不能用"),
            ("网址", "https://com.cn/", "不能用"),
            ("电话", "13812345678", "手机号码"),
            ("电话", "打电话", "电话号码"),
            ("备注", "联系张某 138 1234 5678", "手机号码"),
            ("用途", "查示例，问 13812345678", "手机号码"),
            ("别名", "示例查询；13812345678", "手机号码"),
            ("常用的说法", "示例；13812345678", "手机号码"),
            ("主管机构", "示例局 13812345678", "手机号码"),
        ] {
            let mut cells = RIGHT.to_vec();
            cells.retain(|cell| cell.0 != label);
            cells.push((label, wrong));
            let faults = read(&cells).unwrap_err();
            assert!(faults.iter().any(|(at, fault)| *at == label && fault.contains(told)), "{label} {wrong}: {faults:?}");
        }
    }

    #[test]
    fn known_addresses_keep_their_evidence() {
        let mut before = read(&RIGHT).unwrap();
        before.sites_mut().unwrap()[0].evidence = Evidence::Corroborated;
        let edited = |cells: &[(&str, &str)]| {
            let word = Word { source: "table:a.csv", weight: Weight::Claim, day: crate::Date::constant(2026, 11, 27) };
            let typed = |column: &Column| cells.iter().find(|(label, _)| *label == column.label).map(|cell| cell.1);
            let mut body = before.clone();
            body.edit(Some(&before), word, typed).unwrap();
            body
        };
        let now = edited(&RIGHT);
        assert_eq!(now.sites()[0].evidence, Evidence::Corroborated);
        let mut cells = RIGHT;
        cells[6].1 = "https://other.zunyi.gov.cn/";
        let moved = edited(&cells);
        assert_eq!((moved.sites()[0].evidence, moved.sites()[0].sources.len()), (Evidence::Claimed, 1));
    }
}
