//! The columns that the kinds of lists have in common, with what lists call them.

use super::{Level, PowerSort, Standing, codes};
use crate::{Column, Shape};

/// Longest text of a column with bases or duties, in characters: published ones have some 3,000.
pub const LONG: usize = 20_000;
pub const SHORT: usize = 2_000;

pub const NAME: Column = Column::given("name", "事项名称", Shape::Line(300))
    .required()
    .hint("事项的全称，如清单所写；子项写子项的名称")
    .also(&["职权名称", "权力名称", "权力事项名称", "事项", "权力事项", "项目名称", "职权事项", "item"]);
pub const MAIN_ITEM: Column = Column::given("main_item", "主项名称", Shape::Line(300))
    .hint("事项是某一主项的子项时，写主项的名称")
    .also(&["主项", "大项", "主项目", "main_item"]);
pub const SUB_ITEM: Column = Column::given("sub_item", "子项名称", Shape::Line(300))
    .hint("事项分子项而名称只写主项时，写子项的名称")
    .also(&["子项", "小项", "subitem"]);
pub const SORT: Column = Column::given("sort", "事项类型", Shape::Choice(PowerSort::labels))
    .meant(|text| PowerSort::read(text).map(PowerSort::label))
    .looks(|text| PowerSort::read(text).is_some())
    .required()
    .hint("行政许可、行政处罚、行政强制、行政征收、行政给付、行政检查、行政确认、行政奖励、行政裁决、其他行政权力、公共服务")
    .also(&["职权类型", "权力类型", "职权类别", "权力类别", "权力分类", "类型", "类别", "power_type"]);
pub const OTHER_NAMES: Column = Column::given("other_names", "别名", Shape::Lines { most: 20, longest: 40 })
    .hint("人们常用的说法，多个用分号隔开")
    .also(&["通俗叫法"]);
pub const BASIC_CODE: Column = Column::given("basic_code", "基本编码", Shape::Line(40))
    .hint("12 位数字：省 2、事项类型 2、主项 5、子项 3；也可写地方编码")
    .looks(|text| text.len() == 12 && codes::basic_code(text).is_ok())
    .code()
    .also(&["事项基本编码", "basic_code"]);
pub const OWNER_NAME: Column = Column::given("owner_name", "实施主体", Shape::Line(60))
    .required()
    .hint("行使这项权力的机构的全称")
    .also(&["实施机关", "行使主体", "实施部门", "责任主体", "实施单位", "body"]);
pub const OWNER_ID: Column =
    Column::given("owner_id", "实施主体编号", Shape::Line(200)).hint("实施主体页面地址的最后一段；没有就留空");
pub const LEVEL: Column = Column::given("level", "行使层级", Shape::Choice(Level::labels))
    .meant(|text| Level::read(text).map(Level::label))
    .hint("国家级、省级、市级、县级、乡镇级、分级管理")
    .rest_to("scope")
    .also(&["层级", "级别", "实施层级", "level"]);
pub const DIVISION: Column = Column::given("division", "区划代码", Shape::Division)
    .required()
    .hint("实施主体所在区划的代码；全国的写 000000")
    .also(&["行政区划代码", "division_code"]);
pub const BASIS: Column = Column::given("basis", "设定依据", Shape::Text(LONG))
    .looks(|text| text.contains('《') && text.contains('》') && text.contains('条'))
    .hint("法规的全称、条款和原文，如 《中华人民共和国行政许可法》第十二条：……；几部法规各起一行")
    .cites()
    .also(&["实施依据", "法律依据", "职权依据", "权力依据", "行使依据", "依据", "设立依据", "basis"]);
pub const DUTIES_BASIS: Column = Column::given("duties_basis", "责任事项依据", Shape::Text(LONG))
    .hint("责任事项依据的法规、条款和原文")
    .cites()
    .also(&["责任依据", "履责依据", "responsibility_basis"]);
pub const ACCOUNTABLE: Column = Column::given("accountable", "追责对象", Shape::Text(SHORT))
    .hint("由谁承担责任")
    .also(&["追责对象范围", "责任追究对象", "accountability_scope"]);
pub const ACCOUNTABILITY: Column = Column::given("accountability", "追责情形", Shape::Text(LONG))
    .hint("哪些情形要追究责任")
    .also(&["追责情形和内容", "责任追究情形", "问责情形", "accountability"]);
pub const ACCOUNTABILITY_BASIS: Column = Column::given("accountability_basis", "追责依据", Shape::Text(LONG))
    .hint("追责依据的法规、条款和原文")
    .cites()
    .also(&["追责情形依据", "问责依据", "责任追究依据"]);
pub const LIST_VERSION: Column = Column::given("list_version", "清单版本", Shape::Line(40))
    .hint("出自哪一版清单，如 2024年版")
    .also(&["版本", "清单年份", "year"]);
pub const NOTE: Column = Column::given("note", "备注", Shape::Text(SHORT)).hint("其他要说明的").also(&["remark"]);
pub const STANDING: Column = Column::given("standing", "事项状态", Shape::Choice(Standing::labels))
    .meant(|text| Standing::read(text).map(Standing::label))
    .hint("在用、暂停、取消");

/// A [`Field`](crate::column::Field) of a list, beside those of [`field`](crate::fields::field): `sort` of the kind of power,
/// `word` of an optional word of a closed list, `limit` of an optional limit of time, `basic_code` and `institution_code`, checked.
macro_rules! listed {
    (sort $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| vec![k.$name.label().to_owned()],
            |k, values| {
                let read = values.first().and_then(|text| $crate::lists::PowerSort::read(text));
                k.$name = read.ok_or_else($crate::lists::PowerSort::wrong)?;
                Ok(())
            },
        )
    };
    (word $name:ident, $words:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().map(|word| word.label().to_owned()).collect(),
            |k, values| {
                k.$name = values.first().map(|text| $words::read(text).ok_or_else($words::wrong)).transpose()?;
                Ok(())
            },
        )
    };
    (limit $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().map(ToString::to_string).collect(),
            |k, values| {
                k.$name = values.first().map(|text| $crate::lists::Limit::read(text)).transpose()?;
                Ok(())
            },
        )
    };
    (basic_code $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().cloned().collect(),
            |k, values| {
                let code = values.first().map(|text| $crate::lists::codes::basic_code(text)).transpose();
                k.$name = code.map_err(|fault| fault.to_string())?.map(|code| code.text);
                Ok(())
            },
        )
    };
}
pub(crate) use listed;

/// Codes of items, each in its standard form; the error tells of the first that is none.
pub fn basic_codes(values: Vec<String>) -> Result<Vec<String>, String> {
    let read =
        |text: &String| codes::basic_code(text).map(|code| code.text).map_err(|fault| format!("{text}：{fault}"));
    values.iter().map(read).collect()
}
