//! What a verdict rests on, with its code in the interface and its words for everyone.

use indexer::web_name::AddressFault;

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The name itself is listed and in use.
    Listed,
    /// It lies under a name that is.
    Delegated,
    /// Part of the address before `@` was left out of account.
    UserIgnored,
    /// Listed, but outside the official registries or only guessed.
    Pending,
    /// Listed, but the sources disagree.
    Disputed,
    /// A list gave it once, and it was left out.
    NotAdopted,
    /// Confusable characters: UTS #39 skeletons, mixed scripts, digits for letters.
    Confusable,
    /// gov.cn, or a whole official name, in front of another ending.
    OfficialInFront,
    /// gov.cn run together with other letters.
    Glued,
    /// An ending one character away from gov.cn.
    NearEnding,
    /// An official name's letters with another ending.
    OtherEnding,
    /// An official name before `@`.
    OfficialBeforeAt,
    /// The Chinese label of an official name under another ending.
    LabelElsewhere,
    /// One character away from a listed name.
    NearName,
    /// Under gov.cn, which only public institutions can register, and not listed.
    UnlistedGovernment,
    /// The same under .政务 or .公益.
    UnlistedChinese,
    /// The label of a listed name under the sister ending (.政务 and .政务.cn).
    SisterEnding,
    /// Another country's government zone.
    ForeignGovernment,
    /// An official name stands in the path only.
    OfficialInPath,
    /// A platform or hosting on which anybody can have a page or a name.
    SharedHost,
    /// A short link, which leads anywhere.
    ShortLink,
    NotListed,
    Fault(AddressFault),
}

impl Reason {
    /// Every reason, a faulty address once for all its faults.
    pub const ALL: [Reason; 22] = [
        Self::Listed,
        Self::Delegated,
        Self::UserIgnored,
        Self::Pending,
        Self::Disputed,
        Self::NotAdopted,
        Self::Confusable,
        Self::OfficialInFront,
        Self::Glued,
        Self::NearEnding,
        Self::OtherEnding,
        Self::OfficialBeforeAt,
        Self::LabelElsewhere,
        Self::NearName,
        Self::UnlistedGovernment,
        Self::UnlistedChinese,
        Self::SisterEnding,
        Self::ForeignGovernment,
        Self::OfficialInPath,
        Self::SharedHost,
        Self::ShortLink,
        Self::NotListed,
    ];

    /// The stable code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Delegated => "delegated",
            Self::UserIgnored => "user_ignored",
            Self::Pending => "pending",
            Self::Disputed => "disputed",
            Self::NotAdopted => "not_adopted",
            Self::Confusable => "confusable",
            Self::OfficialInFront => "official_in_front",
            Self::Glued => "glued",
            Self::NearEnding => "near_ending",
            Self::OtherEnding => "other_ending",
            Self::OfficialBeforeAt => "official_before_at",
            Self::LabelElsewhere => "label_elsewhere",
            Self::NearName => "near_name",
            Self::UnlistedGovernment => "unlisted_government",
            Self::UnlistedChinese => "unlisted_chinese",
            Self::SisterEnding => "sister_ending",
            Self::ForeignGovernment => "foreign_government",
            Self::OfficialInPath => "official_in_path",
            Self::SharedHost => "shared_host",
            Self::ShortLink => "short_link",
            Self::NotListed => "not_listed",
            Self::Fault(fault) => fault.code(),
        }
    }

    pub fn text(self) -> String {
        match self {
            Self::Listed => "名录收有这个名称，来源和日期见机构页面".into(),
            Self::Delegated => "它是官方名称的下级：只有上级名称的所有者才能设立".into(),
            Self::UserIgnored => "网址中“@”之前的部分不起作用，浏览器去的是“@”之后的网站".into(),
            Self::Pending => {
                "名单里有它，但依据还不够：它不在 gov.cn、.政务、.公益之下，或者只由推测得来，可能已经失效或转手，尚待核实".into()
            }
            Self::Disputed => "各份名单对它的归属说法不一，所以不作推荐".into(),
            Self::NotAdopted => "曾有名单给出它，但没有采用，或者机构已不再使用，原因见机构页面".into(),
            Self::Confusable => {
                "用了形状相近的字符（例如用数字 0 代替字母 o，用别的文字里的字母，或用别的符号代替点）".into()
            }
            Self::OfficialInFront => "把官方名称放在前面，真正的网站名称却是后面那一段".into(),
            Self::Glued => "把 gov.cn 和别的字母连在一起；真正的官方网站，gov.cn 前面是一个点".into(),
            Self::NearEnding => "后缀和 gov.cn 只差一个字符".into(),
            Self::OtherEnding => "用了官方名称的字母，换了别的后缀".into(),
            Self::OfficialBeforeAt => "把官方名称放在“@”之前，浏览器去的却是“@”之后的网站".into(),
            Self::LabelElsewhere => "用了官方中文名称或机构的全称，换了别的后缀".into(),
            Self::NearName => "和名录中的名称只差一个字符".into(),
            Self::UnlistedGovernment => "它在 gov.cn 之下，这里只有政府机构能注册；名录里没有它，不知道它属于哪个机构".into(),
            Self::UnlistedChinese => "它在 .政务、.公益 之下，这里只有党政机关和公益机构能注册，但名录里没有它".into(),
            Self::SisterEnding => "名录里有同样的名称，后缀是否带 .cn 与它不同".into(),
            Self::ForeignGovernment => "这是别的国家或地区的政府网站后缀".into(),
            Self::OfficialInPath => "官方名称只出现在网址后面的路径里，不代表这个网站属于它".into(),
            Self::SharedHost => "这是许多人共用的平台，谁都可以在上面开设网页，不能证明这个网页属于哪个机构".into(),
            Self::ShortLink => "这是短链接，看不出会跳转到哪里；不要在打开的网页上填写任何个人信息".into(),
            Self::NotListed => "名录里没有这个名称".into(),
            Self::Fault(fault) => fault.to_string(),
        }
    }
}
