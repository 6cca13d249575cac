//! The facts of an item as columns, with what lists call them.

use super::PowerItem;
use crate::{
    Column, Shape,
    contact::phone,
    fields::field,
    kind::{Field, Values},
    lists::{
        Claim, Handling, Level, Online, Origin, Standing, codes,
        columns::{self, LONG, SHORT, listed},
    },
};

fn telephone_numbers(values: Values) -> Result<Vec<String>, String> {
    values.iter().map(|text| phone(text)).collect()
}

pub(super) const FIELDS: &[Field<PowerItem>] = &[
    field!(line name, columns::NAME.example("遵义示例场所经营许可")),
    field!(line main_item, columns::MAIN_ITEM),
    field!(line sub_item, columns::SUB_ITEM),
    listed!(sort sort, columns::SORT.example("行政许可")),
    field!(lines other_names, columns::OTHER_NAMES),
    listed!(basic_code basic_code, columns::BASIC_CODE),
    Field::given(
        Column::given("code", "实施编码", Shape::Line(80))
            .hint("31 位：实施主体代码 18、行使层级 1、基本编码 12；也可写清单所用的编码")
            .looks(|text| text.len() == 31 && codes::implementation_code(text).is_ok())
            .also(&["事项编码", "职权编码", "权力编码", "编码", "事项实施编码", "implementation_code", "power_code"]),
        |item| item.code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::implementation_code(text)).transpose();
            item.code = code.map_err(|fault| fault.to_string())?.map(|code| code.text);
            Ok(())
        },
    ),
    field!(line owner_name, columns::OWNER_NAME.example("遵义市示例管理局")),
    field!(maybe owner_id, columns::OWNER_ID),
    Field::given(
        Column::given("body_code", "实施主体代码", Shape::Line(40))
            .hint("实施主体的统一社会信用代码，18 位")
            .looks(|text| text.len() == 18 && codes::institution_code(text).is_ok())
            .also(&["实施主体编码", "统一社会信用代码", "实施主体统一社会信用代码", "body_code"]),
        |item| item.institution_code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::institution_code(text)).transpose();
            item.institution_code = code?;
            Ok(())
        },
    ),
    field!(line department, Column::given("department", "承办机构", Shape::Line(200))
            .hint("实施主体内承办的处（科）室或所属单位")
            .also(&["承办部门", "承办科室", "责任科室", "责任处室", "承办处室", "内设机构", "unit"])),
    listed!(word level, Level, columns::LEVEL),
    field!(division division, columns::DIVISION.example("520300")),
    listed!(
        word origin,
        Origin,
        Column::given("origin", "权力来源", Shape::Choice(Origin::labels))
            .meant(|text| Origin::read(text).map(Origin::label))
            .hint("法定本级行使、上级下放、上级授权、同级授权、上级委托、同级委托")
    ),
    field!(line scope, Column::given("scope", "行使内容", Shape::Text(SHORT))
            .hint("本级行使这项权力的哪些内容")
            .also(&["行使权限", "权限划分", "行使层级及权限", "权限内容", "职权内容", "authority"])),
    field!(line basis, columns::BASIS),
    field!(line function, Column::given("function", "对应职责", Shape::Text(SHORT))
            .hint("机构的哪一项职责")
            .also(&["职责", "对应职能", "duty"])),
    field!(line duties, Column::given("duties", "责任事项", Shape::Text(LONG))
            .hint("各环节的责任，如 1.受理责任：……；2.审查责任：……")
            .also(&["责任内容", "对应责任", "责任事项内容", "responsibility"])),
    field!(line duties_basis, columns::DUTIES_BASIS),
    field!(line accountable, columns::ACCOUNTABLE),
    field!(line accountability, columns::ACCOUNTABILITY),
    field!(line accountability_basis, columns::ACCOUNTABILITY_BASIS),
    field!(lines targets, Column::given("targets", "行使对象", Shape::Lines { most: 20, longest: 100 })
            .hint("对谁行使：自然人、企业法人等，多个用分号隔开")
            .also(&["服务对象", "办理对象"])),
    field!(line conditions, Column::given("conditions", "受理条件", Shape::Text(LONG)).hint("什么人在什么条件下可以办").also(&["办理条件", "申请条件", "许可条件"])),
    field!(lines documents, Column::given("documents", "申请材料", Shape::Lines { most: 100, longest: 300 })
            .hint("每项一行，写出名称；不写“其他材料”")
            .also(&["办理材料", "申报材料", "材料"])),
    listed!(
        word handling,
        Handling,
        Column::given("handling", "办件类型", Shape::Choice(Handling::labels))
            .meant(|text| Handling::read(text).map(Handling::label))
            .hint("即办件、承诺件")
    ),
    listed!(limit statutory_limit, Column::given("statutory_limit", "法定时限", Shape::Line(30)).hint("数字和单位，如 20个工作日").also(&["法定办结时限", "法定期限"])),
    listed!(limit promised_limit, Column::given("promised_limit", "承诺时限", Shape::Line(30)).hint("数字和单位，如 10个工作日；不长于法定时限").also(&["承诺办结时限", "承诺期限"])),
    field!(lines steps, Column::given("steps", "办理流程", Shape::Lines { most: 60, longest: 200 })
            .hint("每个环节一行，可写时限：受理（1个工作日）")
            .also(&["办理环节", "流程"])),
    field!(line fee, Column::given("fee", "收费", Shape::Line(500)).hint("不收费，或收费的标准").also(&["是否收费", "收费标准", "收费情况"])),
    field!(line fee_basis, Column::given("fee_basis", "收费依据", Shape::Text(SHORT)).hint("收费依据的文件").cites()),
    listed!(
        word online,
        Online,
        Column::given("online", "网上办理", Shape::Choice(Online::labels))
            .meant(|text| Online::read(text).map(Online::label))
            .hint("全程网办、部分网办、线下办理")
    ),
    field!(number visits, Column::given("visits", "到现场次数", Shape::Number).hint("办这件事要到现场几次").also(&["到办事现场次数", "跑动次数"])),
    field!(line visits_reason, Column::given("visits_reason", "到现场原因", Shape::Line(300)).hint("为什么要到现场").also(&["必须到现场原因"])),
    field!(lines locations, Column::given("places", "办理地点", Shape::Lines { most: 20, longest: 200 }).hint("每处一行").also(&["办事地点", "办公地址"])),
    field!(line hours, Column::given("hours", "办理时间", Shape::Line(300)).hint("什么时候可以办").also(&["办公时间"])),
    Field::given(
        Column::given("phones", "咨询电话", Shape::Lines { most: 10, longest: 40 })
            .hint("公开的咨询电话，多个用分号隔开")
            .also(&["咨询方式", "联系电话"]),
        |item| item.phones.clone(),
        |item, values| {
            item.phones = telephone_numbers(values)?;
            Ok(())
        },
    ),
    Field::given(
        Column::given("complaint_phones", "监督电话", Shape::Lines { most: 10, longest: 40 })
            .hint("公开的监督投诉电话")
            .also(&["投诉电话", "监督投诉电话", "监督方式"]),
        |item| item.complaint_phones.clone(),
        |item, values| {
            item.complaint_phones = telephone_numbers(values)?;
            Ok(())
        },
    ),
    field!(line list_version, columns::LIST_VERSION),
    listed!(word standing, Standing, columns::STANDING),
    field!(line note, columns::NOTE),
    listed!(
        word claim,
        Claim,
        Column::given("claim", "认领情况", Shape::Choice(Claim::labels))
            .meant(|text| Claim::read(text).map(Claim::label))
            .hint("认领、自建；未认领的写未认领，并写原因")
            .also(&["认领状态", "是否认领"])
            .later()
    ),
    field!(
        line claim_reason,
        Column::given("claim_reason", "未认领原因", Shape::Line(300)).hint("为什么不认领基本目录里的这一项，如 无此职能").later()
    ),
];
