//! The facts of an item as columns, with what lists call them.

use super::{Handling, Level, Limit, Online, Origin, PowerItem, PowerSort, Standing, codes};
use crate::{
    Column, Shape,
    contact::phone,
    kind::{Field, Values},
};

/// Longest text of a column with bases or duties, in characters: published ones have some 3,000.
const LONG: usize = 20_000;
const SHORT: usize = 2_000;

fn first(values: Values) -> String {
    values.into_iter().next().unwrap_or_default()
}

fn some(text: &str) -> Values {
    Some(text.to_owned()).filter(|text| !text.is_empty()).into_iter().collect()
}

/// A column that keeps a text.
macro_rules! text {
    ($column:expr, $field:ident) => {
        Field::given($column, |item: &PowerItem| some(&item.$field), |item, values| {
            item.$field = first(values);
            Ok(())
        })
    };
}

/// A column that keeps several lines.
macro_rules! lines {
    ($column:expr, $field:ident) => {
        Field::given($column, |item: &PowerItem| item.$field.clone(), |item, values| {
            item.$field = values;
            Ok(())
        })
    };
}

/// A column with one of a list of words, or none.
macro_rules! choice {
    ($name:literal, $label:literal, $words:ident, $field:ident, $hint:literal) => {
        Field::given(
            Column::given($name, $label, Shape::Choice($words::labels))
                .meant(|text| $words::read(text).map($words::label))
                .hint($hint),
            |item: &PowerItem| item.$field.iter().map(|word| word.label().to_owned()).collect(),
            |item, values| {
                item.$field = values.first().map(|text| $words::read(text).ok_or_else($words::wrong)).transpose()?;
                Ok(())
            },
        )
    };
}

/// A column with a limit of time, or none.
macro_rules! limit {
    ($column:expr, $field:ident) => {
        Field::given($column, |item: &PowerItem| item.$field.iter().map(ToString::to_string).collect(), |item, values| {
            item.$field = values.first().map(|text| Limit::read(text)).transpose()?;
            Ok(())
        })
    };
}

fn telephone_numbers(values: Values) -> Result<Vec<String>, String> {
    values.iter().map(|text| phone(text)).collect()
}

pub(super) const FIELDS: &[Field<PowerItem>] = &[
    text!(
        Column::given("name", "事项名称", Shape::Line(300))
            .required()
            .hint("事项的全称，如清单所写；子项写子项的名称")
            .example("遵义示例场所经营许可")
            .also(&["职权名称", "权力名称", "权力事项名称", "事项", "权力事项", "项目名称", "职权事项", "item"]),
        name
    ),
    text!(
        Column::given("main_item", "主项名称", Shape::Line(300))
            .hint("事项是某一主项的子项时，写主项的名称")
            .also(&["主项", "大项", "主项目", "main_item"]),
        main_item
    ),
    text!(
        Column::given("sub_item", "子项名称", Shape::Line(300))
            .hint("事项分子项而名称只写主项时，写子项的名称")
            .also(&["子项", "小项", "subitem"]),
        sub_item
    ),
    Field::given(
        Column::given("sort", "事项类型", Shape::Choice(PowerSort::labels))
            .meant(|text| PowerSort::read(text).map(PowerSort::label))
            .required()
            .hint("行政许可、行政处罚、行政强制、行政征收、行政给付、行政检查、行政确认、行政奖励、行政裁决、其他行政权力、公共服务")
            .example("行政许可")
            .also(&["职权类型", "权力类型", "职权类别", "权力类别", "权力分类", "类型", "类别", "power_type"]),
        |item| vec![item.sort.label().to_owned()],
        |item, values| {
            item.sort = values.first().and_then(|text| PowerSort::read(text)).ok_or_else(PowerSort::wrong)?;
            Ok(())
        },
    ),
    lines!(
        Column::given("other_names", "通俗叫法", Shape::Lines { most: 20, longest: 40 }).hint("人们常用的说法，多个用分号隔开"),
        other_names
    ),
    Field::given(
        Column::given("basic_code", "基本编码", Shape::Line(40))
            .hint("12 位数字：省 2、事项类型 2、主项 5、子项 3；也可写地方编码")
            .also(&["事项基本编码", "basic_code"]),
        |item| item.basic_code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::basic_code(text)).transpose();
            item.basic_code = code.map_err(|fault| fault.to_string())?.map(|code| code.text);
            Ok(())
        },
    ),
    Field::given(
        Column::given("code", "实施编码", Shape::Line(80))
            .hint("31 位：实施主体代码 18、行使层级 1、基本编码 12；也可写清单所用的编码")
            .also(&["事项编码", "职权编码", "权力编码", "编码", "事项实施编码", "implementation_code", "power_code"]),
        |item| item.code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::implementation_code(text)).transpose();
            item.code = code.map_err(|fault| fault.to_string())?.map(|code| code.text);
            Ok(())
        },
    ),
    text!(
        Column::given("owner_name", "实施主体", Shape::Line(60))
            .required()
            .hint("行使这项权力的机构的全称")
            .example("遵义市示例管理局")
            .also(&["实施机关", "行使主体", "实施部门", "责任主体", "实施单位", "body"]),
        owner_name
    ),
    Field::given(
        Column::given("owner_id", "实施主体编号", Shape::Line(200)).hint("实施主体页面地址的最后一段；没有就留空"),
        |item| item.owner_id.iter().cloned().collect(),
        |item, values| {
            item.owner_id = values.into_iter().next();
            Ok(())
        },
    ),
    Field::given(
        Column::given("body_code", "实施主体代码", Shape::Line(40))
            .hint("实施主体的统一社会信用代码，18 位")
            .also(&["实施主体编码", "统一社会信用代码", "实施主体统一社会信用代码", "body_code"]),
        |item| item.body_code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::body_code(text)).transpose();
            item.body_code = code?;
            Ok(())
        },
    ),
    text!(
        Column::given("department", "承办机构", Shape::Line(200))
            .hint("实施主体内承办的处（科）室或所属单位")
            .also(&["承办部门", "承办科室", "责任科室", "责任处室", "承办处室", "内设机构", "unit"]),
        department
    ),
    Field::given(
        Column::given("level", "行使层级", Shape::Choice(Level::labels))
            .meant(|text| Level::read(text).map(Level::label))
            .hint("国家级、省级、市级、县级、乡镇级、分级管理")
            .also(&["层级", "级别", "实施层级", "level"]),
        |item| item.level.iter().map(|level| level.label().to_owned()).collect(),
        |item, values| {
            item.level = values.first().map(|text| Level::read(text).ok_or_else(Level::wrong)).transpose()?;
            Ok(())
        },
    ),
    Field::given(
        Column::given("division", "区划代码", Shape::Division)
            .required()
            .hint("实施主体所在区划的代码；全国的写 000000")
            .example("520300")
            .also(&["行政区划代码", "division_code"]),
        |item| vec![item.division.to_string()],
        |item, values| {
            item.division = first(values).parse().map_err(|error| format!("{error}"))?;
            Ok(())
        },
    ),
    choice!("origin", "权力来源", Origin, origin, "法定本级行使、上级下放、上级授权、同级授权、上级委托、同级委托"),
    text!(
        Column::given("scope", "行使内容", Shape::Text(SHORT))
            .hint("本级行使这项权力的哪些内容")
            .also(&["行使权限", "权限划分", "行使层级及权限", "权限内容", "职权内容", "authority"]),
        scope
    ),
    text!(
        Column::given("basis", "设定依据", Shape::Text(LONG))
            .hint("法规的全称、条款和原文，如 《中华人民共和国行政许可法》第十二条：……；几部法规各起一行")
            .cites()
            .also(&["实施依据", "法律依据", "职权依据", "权力依据", "行使依据", "依据", "设立依据", "basis"]),
        basis
    ),
    text!(
        Column::given("function", "对应职责", Shape::Text(SHORT))
            .hint("机构的哪一项职责")
            .also(&["职责", "对应职能", "duty"]),
        function
    ),
    text!(
        Column::given("duties", "责任事项", Shape::Text(LONG))
            .hint("各环节的责任，如 1.受理责任：……；2.审查责任：……")
            .also(&["责任内容", "对应责任", "责任事项内容", "responsibility"]),
        duties
    ),
    text!(
        Column::given("duties_basis", "责任事项依据", Shape::Text(LONG))
            .hint("责任事项依据的法规、条款和原文")
            .cites()
            .also(&["责任依据", "履责依据", "responsibility_basis"]),
        duties_basis
    ),
    text!(
        Column::given("accountable", "追责对象", Shape::Text(SHORT))
            .hint("由谁承担责任")
            .also(&["追责对象范围", "责任追究对象", "accountability_scope"]),
        accountable
    ),
    text!(
        Column::given("accountability", "追责情形", Shape::Text(LONG))
            .hint("哪些情形要追究责任")
            .also(&["追责情形和内容", "责任追究情形", "问责情形", "accountability"]),
        accountability
    ),
    text!(
        Column::given("accountability_basis", "追责依据", Shape::Text(LONG))
            .hint("追责依据的法规、条款和原文")
            .cites()
            .also(&["追责情形依据", "问责依据", "责任追究依据"]),
        accountability_basis
    ),
    lines!(
        Column::given("targets", "行使对象", Shape::Lines { most: 20, longest: 100 })
            .hint("对谁行使：自然人、企业法人等，多个用分号隔开")
            .also(&["服务对象", "办理对象"]),
        targets
    ),
    text!(
        Column::given("conditions", "受理条件", Shape::Text(LONG)).hint("什么人在什么条件下可以办").also(&["办理条件", "申请条件", "许可条件"]),
        conditions
    ),
    lines!(
        Column::given("documents", "申请材料", Shape::Lines { most: 100, longest: 300 })
            .hint("每项一行，写出名称；不写“其他材料”")
            .also(&["办理材料", "申报材料", "材料"]),
        documents
    ),
    choice!("handling", "办件类型", Handling, handling, "即办件、承诺件"),
    limit!(
        Column::given("statutory_limit", "法定时限", Shape::Line(30)).hint("数字和单位，如 20个工作日").also(&["法定办结时限", "法定期限"]),
        statutory_limit
    ),
    limit!(
        Column::given("promised_limit", "承诺时限", Shape::Line(30)).hint("数字和单位，如 10个工作日；不长于法定时限").also(&["承诺办结时限", "承诺期限"]),
        promised_limit
    ),
    lines!(
        Column::given("steps", "办理流程", Shape::Lines { most: 60, longest: 200 })
            .hint("每个环节一行，可写时限：受理（1个工作日）")
            .also(&["办理环节", "流程"]),
        steps
    ),
    text!(
        Column::given("fee", "收费", Shape::Line(500)).hint("不收费，或收费的标准").also(&["是否收费", "收费标准", "收费情况"]),
        fee
    ),
    text!(
        Column::given("fee_basis", "收费依据", Shape::Text(SHORT)).hint("收费依据的文件").cites(),
        fee_basis
    ),
    choice!("online", "网上办理", Online, online, "全程网办、部分网办、线下办理"),
    Field::given(
        Column::given("visits", "到现场次数", Shape::Number).hint("办这件事要到现场几次").also(&["到办事现场次数", "跑动次数"]),
        |item| item.visits.iter().map(ToString::to_string).collect(),
        |item, values| {
            let read = |text: &String| text.parse().map_err(|_| "不是次数：应为不大的数字".to_owned());
            item.visits = values.first().map(read).transpose()?;
            Ok(())
        },
    ),
    text!(
        Column::given("visits_reason", "到现场原因", Shape::Line(300)).hint("为什么要到现场").also(&["必须到现场原因"]),
        visits_reason
    ),
    lines!(
        Column::given("places", "办理地点", Shape::Lines { most: 20, longest: 200 }).hint("每处一行").also(&["办事地点", "办公地址"]),
        places
    ),
    text!(
        Column::given("hours", "办理时间", Shape::Line(300)).hint("什么时候可以办").also(&["办公时间"]),
        hours
    ),
    Field::given(
        Column::given("phones", "咨询电话", Shape::Lines { most: 10, longest: 40 }).hint("公开的咨询电话，多个用分号隔开").also(&["咨询方式", "联系电话"]),
        |item| item.phones.clone(),
        |item, values| {
            item.phones = telephone_numbers(values)?;
            Ok(())
        },
    ),
    Field::given(
        Column::given("complaint_phones", "监督电话", Shape::Lines { most: 10, longest: 40 }).hint("公开的监督投诉电话").also(&["投诉电话", "监督投诉电话", "监督方式"]),
        |item| item.complaint_phones.clone(),
        |item, values| {
            item.complaint_phones = telephone_numbers(values)?;
            Ok(())
        },
    ),
    text!(
        Column::given("list_version", "清单版本", Shape::Line(40)).hint("出自哪一版清单，如 2024年版").also(&["版本", "清单年份", "year"]),
        list_version
    ),
    choice!("standing", "事项状态", Standing, standing, "在用、暂停、取消"),
    text!(
        Column::given("note", "备注", Shape::Text(SHORT)).hint("其他要说明的").also(&["remark"]),
        note
    ),
];
