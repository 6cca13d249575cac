//! What a notice tells of one institution.

use crate::documents::Span;
use record::staffing::NumberChange;

/// What a notice tells of one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionChange {
    /// A word of the kinds of event, as the record has them: 更名.
    pub change: &'static str,
    /// The institution, as the notice calls it.
    pub institution: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub numbers: Vec<NumberChange>,
    /// The sentence.
    pub sentence: String,
    pub span: Span,
}

impl InstitutionChange {
    /// In a few words, without numbers, which may not be for the public.
    pub fn title(&self) -> String {
        let (body, from, to) = (&self.institution, self.from.join("、"), self.to.join("、"));
        match self.change {
            "更名" => format!("{from}更名为{to}"),
            "合并" => format!("{from}合并组建{to}"),
            "合署" => format!("{from}合署办公"),
            "分设" => format!("{from}分设为{to}"),
            "撤销" => format!("撤销{from}"),
            "设立" => format!("设立{to}"),
            "挂牌" => format!("{body}加挂{to}牌子"),
            "摘牌" => format!("{body}不再加挂{from}牌子"),
            "划转隶属" => format!("{body}由{from}划转{to}"),
            "升格" | "降格" => format!("{body}由{from}{}为{to}", self.change),
            "调整内设" if !from.is_empty() && self.to.len() > 1 => format!("{body}内设机构{from}分设为{to}"),
            "调整内设" if !from.is_empty() => format!("{body}内设机构{from}更名为{to}"),
            "调整职责" => format!("{from}的职责划入{to}"),
            change if !to.is_empty() => format!("{body}{change}：{to}"),
            change => {
                let names: Vec<&str> = self.numbers.iter().map(|number| number.name.as_str()).collect();
                format!("{body}{change}（{}）", names.join("、"))
            }
        }
    }
}
