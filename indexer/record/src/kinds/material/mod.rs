//! Material 内部资料 that offices share with each other and not with the public: replies, statistics' definitions, model
//! documents, experience.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AttachedFile, Audience, Column, Date, DivisionCode, Entry, Kind, Shape, attached_file, kind::Field};

/// Longest text, in characters: a reply or a method with its reasons. What is longer is a document and is uploaded as one.
const LONGEST_TEXT: usize = 20_000;

/// A text for the offices of a division and those above and below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    pub title: String,
    pub sort: Sort,
    /// Words by which offices look for it, beside those in it.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The office that gives it, by name, and its record where there is one.
    pub owner_name: String,
    pub owner_id: Option<String>,
    /// The division on whose line of the tree it may be read; `000000`: by all offices.
    pub division: DivisionCode,
    pub document_number: Option<String>,
    pub issued: Option<Date>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

/// What sort of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Reply,
    Experience,
    Statistics,
    Model,
    Meeting,
    Other,
}

impl Sort {
    pub const ALL: [Sort; 6] =
        [Self::Reply, Self::Experience, Self::Statistics, Self::Model, Self::Meeting, Self::Other];

    pub fn label(self) -> &'static str {
        match self {
            Self::Reply => "批复答复",
            Self::Experience => "经验做法",
            Self::Statistics => "统计口径",
            Self::Model => "文书范本",
            Self::Meeting => "会议材料",
            Self::Other => "其他",
        }
    }
}

impl Kind for Material {
    const NAME: &'static str = "material";
    const LABEL: &'static str = "内部资料";
    const PATH: &'static str = "materials";
    const AUDIENCE: Audience = Audience::Offices;
    const GENERAL: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        Field::given(
            Column::given("title", "标题", Shape::Line(120)).required().hint("资料的标题").example("关于示例机构编制问题的答复"),
            |m| vec![m.title.clone()],
            |m, values| {
                m.title = first(values);
                Ok(())
            },
        ),
        Field::given(
            Column::given("sort", "类别", Shape::Choice(|| Sort::ALL.map(Sort::label).to_vec()))
                .required()
                .hint("批复答复、经验做法、统计口径、文书范本、会议材料、其他")
                .example("批复答复"),
            |m| vec![m.sort.label().to_owned()],
            |m, values| {
                let chosen = Sort::ALL.into_iter().find(|sort| values.iter().any(|v| v == sort.label()));
                m.sort = chosen.ok_or("请从列表中选择")?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("keywords", "关键词", Shape::Lines { most: 20, longest: 40 }).hint("多个用分号隔开"),
            |m| m.keywords.clone(),
            |m, values| {
                m.keywords = values;
                Ok(())
            },
        ),
        Field::given(
            Column::given("owner_name", "提供机构", Shape::Line(60)).required().hint("提供资料的机构的全称").example("遵义市委编办"),
            |m| vec![m.owner_name.clone()],
            |m, values| {
                m.owner_name = first(values);
                Ok(())
            },
        ),
        Field::given(
            Column::given("owner_id", "提供机构编号", Shape::Line(200)).hint("机构页面地址的最后一段；没有就留空"),
            |m| m.owner_id.iter().cloned().collect(),
            |m, values| {
                m.owner_id = values.into_iter().next();
                Ok(())
            },
        ),
        Field::given(
            Column::given("division", "区划代码", Shape::Division)
                .required()
                .hint("本地区及其上级、下级的机构可以查阅；全国机构都可查阅的写 000000")
                .example("520300"),
            |m| vec![m.division.to_string()],
            |m, values| {
                m.division = first(values).parse().map_err(|error| format!("{error}"))?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("document_number", "文号", Shape::Line(60)).hint("有文号的写文号"),
            |m| m.document_number.iter().cloned().collect(),
            |m, values| {
                m.document_number = values.into_iter().next();
                Ok(())
            },
        ),
        Field::given(
            Column::given("issued", "日期", Shape::Day).hint("形成日期，如 2024-04-02"),
            |m| m.issued.iter().map(ToString::to_string).collect(),
            |m, values| {
                m.issued = values.first().map(|day| day.parse()).transpose().map_err(|_| "不是日期")?;
                Ok(())
            },
        ),
        Field::given(
            Column::given("text", "正文", Shape::Text(LONGEST_TEXT)).required().hint("资料的全文或要点").example("示例正文。"),
            |m| vec![m.text.clone()],
            |m, values| {
                m.text = first(values);
                Ok(())
            },
        ),
        Field::shown(attached_file::COLUMN, |m| attached_file::lines(&m.attachments)),
    ];

    fn title(&self) -> &str {
        &self.title
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.division)
    }

    fn blank() -> Option<Self> {
        Some(Self {
            title: String::new(),
            sort: Sort::Other,
            keywords: Vec::new(),
            owner_name: String::new(),
            owner_id: None,
            division: DivisionCode::nation(),
            document_number: None,
            issued: None,
            text: String::new(),
            attachments: Vec::new(),
        })
    }

    fn attached(&self) -> &[AttachedFile] {
        &self.attachments
    }

    fn attached_mut(&mut self) -> Option<&mut Vec<AttachedFile>> {
        Some(&mut self.attachments)
    }

    /// `m-` and 12 hex digits of the sha256 of division and title.
    fn id(&self) -> Option<String> {
        let hash = Sha256::digest(format!("{}\0{}", self.division, self.title));
        Some(format!("m-{}", &hex::encode(hash)[..12]))
    }

    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            name: self.title.clone(),
            other_names: self.keywords.iter().chain(&self.document_number).cloned().collect(),
            about: self.text.clone(),
            category: self.sort.label().to_owned(),
            owner_name: self.owner_name.clone(),
            owner_id: self.owner_id.clone(),
            division: Some(self.division.clone()),
            ..Entry::default()
        })
    }
}

fn first(values: Vec<String>) -> String {
    values.into_iter().next().unwrap_or_default()
}
