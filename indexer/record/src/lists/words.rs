//! The closed lists of words of an item, with their codes (GB/T 39554.2-2020 as public systems use it).

use serde::{Deserialize, Serialize};

/// A list of words: each a variant with its code in the standard, the letters of older codes, its name, and what else
/// people write for it.
macro_rules! words {
    ($(#[$attribute:meta])* $name:ident { $($(#[$of_variant:meta])* $variant:ident = $label:literal $([$($other:literal),*])?,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of_variant])* $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$(Self::$variant),*];

            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// Reads the word, or what else is written for it; spaces and line breaks mean nothing.
            pub fn read(text: &str) -> Option<Self> {
                let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                match text.as_str() {
                    $($label $($(| $other)*)? => Some(Self::$variant),)*
                    _ => None,
                }
            }

            pub fn labels() -> Vec<&'static str> {
                Self::ALL.iter().map(|word| word.label()).collect()
            }

            /// What is reported of another word.
            pub fn wrong() -> String {
                format!("应为以下之一：{}", Self::labels().join("、"))
            }
        }
    };
}

words! {
    /// The ten kinds of power, and services.
    #[derive(Default)]
    PowerSort {
        Licence = "行政许可" ["许可", "1", "01"],
        Penalty = "行政处罚" ["处罚", "2", "02"],
        Coercion = "行政强制" ["强制", "行政强制措施", "行政强制执行", "3", "03"],
        Levy = "行政征收" ["征收", "4", "04"],
        Payment = "行政给付" ["给付", "5", "05"],
        Inspection = "行政检查" ["检查", "6", "06"],
        Confirmation = "行政确认" ["确认", "7", "07"],
        Reward = "行政奖励" ["奖励", "8", "08"],
        Ruling = "行政裁决" ["裁决", "9", "09"],
        #[default]
        Other = "其他行政权力" ["其他权力", "其它行政权力", "其他", "其他类", "10"],
        Service = "公共服务" ["20"],
    }
}

impl PowerSort {
    /// Whether people ask for it, rather than an institution coming to them.
    pub fn is_applied_for(self) -> bool {
        !matches!(self, Self::Penalty | Self::Coercion | Self::Levy | Self::Inspection)
    }

    /// By the two digits of a code.
    pub fn of_code(digits: &str) -> Option<Self> {
        let number: usize = digits.parse().ok()?;
        match number {
            1..=10 if digits.len() == 2 => Self::ALL.get(number - 1).copied(),
            20 => Some(Self::Service),
            _ => None,
        }
    }

    /// By the letters of older codes (DB52/T 1264-2018): XK is 许可.
    pub fn of_letters(letters: &str) -> Option<Self> {
        Some(match letters {
            "XK" => Self::Licence,
            "CF" => Self::Penalty,
            "QZ" => Self::Coercion,
            "ZS" => Self::Levy,
            "JF" => Self::Payment,
            "JC" => Self::Inspection,
            "QR" => Self::Confirmation,
            "JL" => Self::Reward,
            "CJ" => Self::Ruling,
            "QT" => Self::Other,
            "GG" | "FW" => Self::Service,
            _ => return None,
        })
    }
}

words! {
    /// Level at which an item is exercised.
    Level {
        Nation = "国家级" ["国家", "国家层面"],
        Province = "省级" ["自治区级", "直辖市级", "省", "自治区", "省本级"],
        City = "市级" ["地州市级", "设区市级", "州市级", "地市级", "市（地、州）级", "市", "市本级"],
        County = "县级" ["县市区级", "县（市、区）级", "县区级", "区县级", "区级", "县"],
        Township = "乡镇级" ["乡级", "镇级", "乡镇", "街道级", "乡镇（街道）级"],
        Several = "分级管理" ["分级"],
    }
}

impl Level {
    pub fn of_digit(digit: &str) -> Option<Self> {
        Self::ALL.get(digit.parse::<usize>().ok()?.checked_sub(1)?).copied()
    }
}

words! {
    /// What an institution is to the power that it exercises.
    Nature {
        Statutory = "法定机关" ["法定行政机关", "1"],
        Authorized = "授权组织" ["法律法规授权组织", "授权", "2"],
        Entrusted = "受委托组织" ["受委托", "委托", "3"],
    }
}

words! {
    /// Whose power it is.
    Origin {
        Own = "法定本级行使" ["法定本级", "法定行使"],
        PassedDown = "上级下放" [],
        AuthorizedFromAbove = "上级授权" [],
        Authorized = "同级授权" [],
        EntrustedFromAbove = "上级委托" [],
        Entrusted = "同级委托" [],
    }
}

words! {
    Handling {
        AtOnce = "即办件" ["即办", "1"],
        Promised = "承诺件" ["承诺", "承诺办件", "2"],
    }
}

words! {
    /// How far it is done online.
    Online {
        Whole = "全程网办" ["全程"],
        Partly = "部分网办" [],
        No = "线下办理" [],
    }
}

words! {
    /// What an institution has answered to an item of the catalogue above it, or whether the item is its own.
    Claim {
        Claimed = "认领" ["已认领", "是"],
        Own = "自建" [],
        Refused = "未认领" ["不认领", "否"],
    }
}

words! {
    /// What a version of a list is a list of.
    #[derive(Default)]
    ListSort {
        Powers = "权力清单" ["行政权力清单"],
        Duties = "责任清单" [],
        #[default]
        Both = "权责清单" ["权力清单和责任清单", "权力和责任清单"],
        Services = "政务服务事项清单" ["公共服务清单", "实施清单"],
        Catalogue = "基本目录" [],
    }
}

words! {
    /// What happened to items of a list.
    #[derive(Default)]
    ListMove {
        Added = "新增" [],
        Cancelled = "取消" [],
        PassedDown = "下放" [],
        TakenOver = "承接" [],
        Merged = "合并" [],
        Divided = "分设" ["拆分"],
        #[default]
        Amended = "变更要素" ["变更", "调整"],
        Suspended = "暂停" [],
        Resumed = "恢复" [],
    }
}

impl ListMove {
    /// Whether items have other codes afterwards, which are to be told together with the old ones (P16).
    pub fn gives_codes(self) -> bool {
        matches!(self, Self::Merged | Self::Divided)
    }
}

words! {
    /// What made a list change.
    Trigger {
        Regulation = "法规变动" ["法律法规立改废"],
        Decision = "国务院决定" ["取消下放决定"],
        Scheme = "三定规定" ["机构职能调整"],
        Other = "其他" [],
    }
}

words! {
    Standing {
        InUse = "在用" ["1"],
        Suspended = "暂停" ["2"],
        Cancelled = "取消" ["3", "已取消"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_lists_write_them() {
        assert_eq!(PowerSort::read("行政\n许可"), Some(PowerSort::Licence));
        assert_eq!(PowerSort::read("其他权力"), Some(PowerSort::Other));
        assert_eq!(Level::read("地州\n市级"), Some(Level::City));
        assert_eq!(Level::read("负责市本级"), None);
        assert_eq!(PowerSort::of_code("10"), Some(PowerSort::Other));
        assert_eq!((PowerSort::of_code("11"), PowerSort::of_code("00"), PowerSort::of_code("1")), (None, None, None));
        assert_eq!((Level::of_digit("1"), Level::of_digit("6")), (Some(Level::Nation), Some(Level::Several)));
        assert_eq!((Level::of_digit("0"), Level::of_digit("7")), (None, None));
        for sort in PowerSort::ALL {
            assert_eq!(PowerSort::read(sort.label()), Some(*sort));
        }
    }
}
