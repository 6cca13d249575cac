//! The facts of an item as columns, with what lists call them.

use super::PowerItem;
use crate::{
    Column, Shape,
    contact::phone,
    fields::field,
    kind::{Field, Values},
    lists::{
        Claim, Handling, Level, Nature, Online, Origin, Standing, codes,
        columns::{self, LONG, SHORT, listed},
    },
};

/// What the form folds up beside what every item has.
const NAMES: &str = "主项、子项、别名和主体代码";
const DUTIES: &str = "权力来源、职责和责任";
const WAY: &str = "怎么办：对象、条件、材料、流程";
const WHERE: &str = "办理地点、时间，监督电话";
const LIST: &str = "清单版本、状态、备注";

fn telephone_numbers(values: Values) -> Result<Vec<String>, String> {
    values.iter().map(|text| phone(text)).collect()
}

/// An address as a list has it: where it leads, nobody here attests.
fn link(values: Values) -> Result<String, String> {
    let Some(text) = values.into_iter().next() else { return Ok(String::new()) };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace)) {
        Some(_) => Ok(text),
        None => Err("不是网址：应以 http:// 或 https:// 开头，中间没有空格；没有就留空".to_owned()),
    }
}

pub(super) const FIELDS: &[Field<PowerItem>] = &[
    field!(line name, columns::NAME.example("遵义示例场所经营许可")),
    field!(line main_item, columns::MAIN_ITEM.group(NAMES)),
    field!(line sub_item, columns::SUB_ITEM.group(NAMES)),
    listed!(sort sort, columns::SORT.example("行政许可")),
    field!(lines other_names, columns::OTHER_NAMES.group(NAMES)),
    listed!(basic_code basic_code, columns::BASIC_CODE),
    Field::given(
        Column::given("code", "实施编码", Shape::Line(80))
            .hint("31 位：实施主体代码 18、行使层级 1、基本编码 12；也可写清单所用的编码")
            .code()
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
        Column::given("body_code", "实施主体代码", Shape::Line(40)).group(NAMES)
            .hint("实施主体的统一社会信用代码，18 位")
            .code()
            .looks(|text| text.len() == 18 && codes::institution_code(text).is_ok())
            .also(&["实施主体编码", "统一社会信用代码", "实施主体统一社会信用代码", "body_code"]),
        |item| item.institution_code.iter().cloned().collect(),
        |item, values| {
            let code = values.first().map(|text| codes::institution_code(text)).transpose();
            item.institution_code = code?;
            Ok(())
        },
    ),
    field!(line department, Column::given("department", "承办机构", Shape::Line(200)).group(DUTIES)
            .hint("实施主体内承办的处（科）室或所属单位")
            .also(&["承办部门", "承办科室", "责任科室", "责任处室", "承办处室", "内设机构", "unit"])),
    listed!(word level, Level, columns::LEVEL),
    field!(division division, columns::DIVISION.example("520300")),
    listed!(
        word origin,
        Origin,
        Column::given("origin", "权力来源", Shape::Choice(Origin::labels)).group(DUTIES)
            .meant(|text| Origin::read(text).map(Origin::label))
            .hint("法定本级行使、上级下放、上级授权、同级授权、上级委托、同级委托")
    ),
    field!(line scope, Column::given("scope", "行使内容", Shape::Text(SHORT)).group(DUTIES)
            .hint("本级行使这项权力的哪些内容")
            .also(&["行使权限", "权限划分", "行使层级及权限", "权限内容", "职权内容", "authority"])),
    field!(line basis, columns::BASIS),
    field!(line function, Column::given("function", "对应职责", Shape::Text(SHORT)).group(DUTIES)
            .hint("机构的哪一项职责")
            .also(&["职责", "对应职能", "duty"])),
    field!(line duties, Column::given("duties", "责任事项", Shape::Text(LONG)).group(DUTIES)
            .hint("各环节的责任，如 1.受理责任：……；2.审查责任：……")
            .also(&["责任内容", "对应责任", "责任事项内容", "responsibility"])),
    field!(line duties_basis, columns::DUTIES_BASIS.group(DUTIES)),
    field!(line accountable, columns::ACCOUNTABLE.group(DUTIES)),
    field!(line accountability, columns::ACCOUNTABILITY.group(DUTIES)),
    field!(line accountability_basis, columns::ACCOUNTABILITY_BASIS.group(DUTIES)),
    field!(lines targets, Column::given("targets", "行使对象", Shape::Lines { most: 20, longest: 100 }).group(WAY)
            .hint("对谁行使：自然人、企业法人等，多个用分号隔开")
            .also(&["服务对象", "办理对象"])),
    field!(line conditions, Column::given("conditions", "受理条件", Shape::Text(LONG)).group(WAY).hint("什么人在什么条件下可以办").also(&["办理条件", "申请条件", "许可条件"])),
    field!(lines documents, Column::given("documents", "申请材料", Shape::Lines { most: 100, longest: 300 }).group(WAY)
            .hint("每项一行，写出名称；不写“其他材料”")
            .also(&["办理材料", "申报材料", "材料"])),
    listed!(
        word handling,
        Handling,
        Column::given("handling", "办件类型", Shape::Choice(Handling::labels)).group(WAY)
            .meant(|text| Handling::read(text).map(Handling::label))
            .hint("即办件、承诺件")
    ),
    listed!(limit statutory_limit, Column::given("statutory_limit", "法定时限", Shape::Line(30)).hint("数字和单位，如 20个工作日").also(&["法定办结时限", "法定期限"])),
    listed!(limit promised_limit, Column::given("promised_limit", "承诺时限", Shape::Line(30)).hint("数字和单位，如 10个工作日；不长于法定时限").also(&["承诺办结时限", "承诺期限"])),
    field!(lines steps, Column::given("steps", "办理流程", Shape::Lines { most: 60, longest: 200 }).group(WAY)
            .hint("每个环节一行，可写时限：受理（1个工作日）")
            .also(&["办理环节", "流程"])),
    field!(line fee, Column::given("fee", "收费", Shape::Line(500)).hint("不收费，或收费的标准").also(&["是否收费", "收费标准", "收费情况"])),
    field!(line fee_basis, Column::given("fee_basis", "收费依据", Shape::Text(SHORT)).group(WAY).hint("收费依据的文件").cites()),
    listed!(
        word online,
        Online,
        Column::given("online", "网上办理", Shape::Choice(Online::labels)).group(WAY)
            .meant(|text| Online::read(text).map(Online::label))
            .hint("全程网办、部分网办、线下办理")
    ),
    field!(number visits, Column::given("visits", "到现场次数", Shape::Number).group(WAY).hint("办这件事要到现场几次").also(&["到办事现场次数", "跑动次数"])),
    field!(line visits_reason, Column::given("visits_reason", "到现场原因", Shape::Line(300)).group(WAY).hint("为什么要到现场").also(&["必须到现场原因"])),
    field!(lines locations, Column::given("places", "办理地点", Shape::Lines { most: 20, longest: 200 }).group(WHERE).hint("每处一行").also(&["办事地点", "办公地址"])),
    field!(line hours, Column::given("hours", "办理时间", Shape::Line(300)).group(WHERE).hint("什么时候可以办").also(&["办公时间"])),
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
        Column::given("complaint_phones", "监督电话", Shape::Lines { most: 10, longest: 40 }).group(WHERE)
            .hint("公开的监督投诉电话")
            .also(&["投诉电话", "监督投诉电话", "监督方式"]),
        |item| item.complaint_phones.clone(),
        |item, values| {
            item.complaint_phones = telephone_numbers(values)?;
            Ok(())
        },
    ),
    field!(line list_version, columns::LIST_VERSION.group(LIST)),
    listed!(word standing, Standing, columns::STANDING.group(LIST)),
    field!(line note, columns::NOTE.group(LIST)),
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
    field!(
        line local_code,
        Column::given("local_code", "地方编码", Shape::Line(80)).hint("本地另编的事项编码").also(&["地方基本编码", "local_code"]).later()
    ),
    field!(
        line task_code,
        Column::given("task_code", "业务办理项编码", Shape::Line(80)).hint("实施编码后加 2 位；没有分办理项的留空").also(&["办理项编码", "task_code"]).later()
    ),
    listed!(
        word nature,
        Nature,
        Column::given("nature", "实施主体性质", Shape::Choice(Nature::labels))
            .meant(|text| Nature::read(text).map(Nature::label))
            .hint("法定机关、授权组织、受委托组织")
            .also(&["部门性质", "主体性质", "nature"])
            .later()
    ),
    field!(
        line central_lead,
        Column::given("central_lead", "牵头部门", Shape::Line(100)).hint("国务院部门中牵头的一个").also(&["牵头央部", "国家牵头部门", "central_lead"]).later()
    ),
    field!(
        line entrusted,
        Column::given("entrusted", "受委托单位", Shape::Line(200)).hint("委托别的单位行使的，写那个单位的全称").also(&["委托部门", "受委托机构", "entrusted"]).later()
    ),
    field!(
        line special_procedures,
        Column::given("special_procedures", "特别程序", Shape::Text(SHORT)).hint("听证、检验、检测、检疫、鉴定、专家评审等，写明各需多久").also(&["特殊程序", "special_procedures"]).later()
    ),
    field!(
        line limit_note,
        Column::given("limit_note", "时限说明", Shape::Text(SHORT)).hint("法定时限、承诺时限另有规定或者可以延长的，写在这里").also(&["法定时限说明", "承诺时限说明", "办结时限说明"]).later()
    ),
    field!(
        lines forms,
        Column::given("forms", "办理形式", Shape::Lines { most: 10, longest: 40 }).hint("窗口办理、网上办理、快递申请等，多个用分号隔开").also(&["办理方式", "申请方式", "forms"]).later()
    ),
    field!(
        line online_depth,
        Column::given("online_depth", "网办深度", Shape::Line(60)).hint("网上能办到哪一步").also(&["网上办理深度", "online_depth"]).later()
    ),
    Field::given(
        Column::given("link", "办理网址", Shape::Line(500))
            .hint("清单所载的网上办理地址，以 http:// 或 https:// 开头")
            .also(&["网上办理地址", "在线办理网址", "办事指南网址", "link", "url"])
            .later(),
        |item| Some(item.link.clone()).filter(|text| !text.is_empty()).into_iter().collect(),
        |item, values| {
            item.link = link(values)?;
            Ok(())
        },
    ),
    field!(
        line apply_address,
        Column::given("apply_address", "申请地址", Shape::Line(300)).hint("邮寄申请或者当面申请的地址，和办理地点不同时写").also(&["申请递交地址", "邮寄地址"]).later()
    ),
    field!(
        line window,
        Column::given("window", "办理窗口", Shape::Line(200)).hint("政务服务大厅的窗口").also(&["大厅窗口", "办事窗口", "窗口"]).later()
    ),
    field!(
        line reach,
        Column::given("reach", "通办范围", Shape::Line(100)).hint("全国、全省、全市或者跨县通办；不通办的留空").also(&["跨域通办", "reach"]).later()
    ),
    field!(
        line quantity_limit,
        Column::given("quantity_limit", "数量限制", Shape::Line(300)).hint("有数量限制的写明多少、怎样决定先后").also(&["数量限制情况"]).later()
    ),
    field!(
        line result_type,
        Column::given("result_type", "结果类型", Shape::Line(60)).hint("出证、办结、出件等").also(&["办理结果类型"]).later()
    ),
    field!(
        line result_name,
        Column::given("result_name", "结果名称", Shape::Line(200)).hint("办成后得到的证照、批文的名称").also(&["办理结果", "审批结果名称", "办理结果名称"]).later()
    ),
    field!(
        line result_sample,
        Column::given("result_sample", "结果样本", Shape::Line(300)).hint("结果样本的名称或者地址").also(&["审批结果样本", "办理结果样本"]).later()
    ),
    field!(
        line appointment,
        Column::given("appointment", "预约办理", Shape::Line(100)).hint("能不能预约，怎样预约").also(&["是否支持预约办理", "是否支持预约"]).later()
    ),
    field!(
        line payment,
        Column::given("payment", "网上支付", Shape::Line(100)).hint("能不能网上支付").also(&["是否支持网上支付"]).later()
    ),
    field!(
        line delivery,
        Column::given("delivery", "物流快递", Shape::Line(100)).hint("材料和结果能不能寄送").also(&["是否支持物流快递", "快递送达"]).later()
    ),
    field!(
        line self_service,
        Column::given("self_service", "自助终端", Shape::Line(100)).hint("能不能在自助机上办").also(&["是否支持自助终端办理", "自助办理"]).later()
    ),
    field!(
        lines themes,
        Column::given("themes", "主题分类", Shape::Lines { most: 20, longest: 40 }).hint("面向个人或者法人的主题，多个用分号隔开").also(&["主题", "服务主题", "themes"]).later()
    ),
    field!(
        line rights,
        Column::given("rights", "权利和义务", Shape::Text(SHORT)).hint("申请人或者被处罚、被检查的人有哪些权利和义务").also(&["权利义务", "申请人权利和义务", "行政相对人权利和义务"]).later()
    ),
    field!(
        line penalties,
        Column::given("penalties", "处罚方式", Shape::Line(300)).hint("行政处罚的种类：警告、罚款、没收、吊销等").also(&["处罚种类", "处罚的行为、种类、幅度"]).later()
    ),
    field!(
        line review,
        Column::given("review", "行政复议机关", Shape::Line(300)).hint("不服时向谁申请复议，写名称、地址、电话").also(&["复议机关", "行政复议部门", "行政复议", "复议渠道"]).later()
    ),
    field!(
        line lawsuit,
        Column::given("lawsuit", "行政诉讼机关", Shape::Line(300)).hint("不服时向哪个法院起诉，写名称、地址、电话").also(&["诉讼机关", "行政诉讼部门", "行政诉讼", "诉讼渠道"]).later()
    ),
    field!(
        lines jointly,
        Column::given("jointly", "联办机构", Shape::Lines { most: 20, longest: 60 }).hint("一起办理的机构，多个用分号隔开").also(&["联合办理机构", "协办机构", "配合部门"]).later()
    ),
    field!(
        line intermediaries,
        Column::given("intermediaries", "中介服务", Shape::Line(300)).hint("办理时必须的中介服务及其依据；没有写无").also(&["中介服务事项"]).later()
    ),
    field!(
        lines townships,
        Column::given("townships", "适用镇村代码", Shape::Lines { most: 200, longest: 12 }).hint("只在部分乡镇、村办理的，写它们的 9 位或 12 位代码").also(&["镇村代码", "镇（街道）代码", "村（社区）代码"]).later()
    ),
    field!(day planned_from, Column::given("planned_from", "计划生效日期", Shape::Day).hint("从哪一天起行使").also(&["生效日期", "计划生效日"]).later()),
    field!(day planned_until, Column::given("planned_until", "计划取消日期", Shape::Day).hint("计划在哪一天取消").also(&["取消日期", "计划取消日"]).later()),
];
