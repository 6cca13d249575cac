//! Whether an address is an official web name, an imitation of one, or unknown.
//!
//! Pure and quick: one look-up for the name and each name above it, a handful more for what it may imitate. A verdict
//! rests on what the records hold and never on how a name looks: what lies under an official registry and is not known is
//! unknown, and what merely resembles nothing official is unknown too.

use indexer::{
    index::official::{Name, OfficialNames},
    record::NameStatus,
    text::Pipeline,
    web_name::{Address, AddressFault, Registry, Shared, ZONES, address, fold, shared, shared_above},
};

use super::imitation::{self, Imitated};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The name, or one delegated under it, is official by the evidence given.
    Official,
    /// It is not, and looks like one that is.
    Lookalike,
    /// Neither: which is not to say that it is safe.
    Unknown,
    /// No address of a site.
    Invalid,
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [Self::Official, Self::Lookalike, Self::Unknown, Self::Invalid];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Lookalike => "lookalike",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }

    /// How much it matters to be told of it first: lower is sooner.
    pub fn danger(self) -> u8 {
        match self {
            Self::Lookalike => 0,
            Self::Unknown => 1,
            Self::Invalid => 2,
            Self::Official => 3,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Official => "官方网上名称",
            Self::Lookalike => "仿冒：像官方网站，但不是",
            Self::Unknown => "名录中没有这个网址",
            Self::Invalid => "不是网址",
        }
    }

    /// What it means, for someone who knows nothing of domain names.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Official => "这个网址属于下面的机构，依据见“为什么”。",
            Self::Lookalike => "这个网址看上去像官方网站，其实不是。请不要在上面填写身份证号、银行卡、密码或验证码。",
            Self::Unknown => "不能证明它是官方网站，也不能说明它安全。办事前请从机构的正式网站进入。",
            Self::Invalid => "没有读出网址，请核对后再试。",
        }
    }
}

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
    /// Under gov.cn, which only public bodies can register, and not listed.
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
                "名单里有它，但它不在 gov.cn、.政务、.公益之下，或者只由推测得来，可能已经失效或转手，尚待核实".into()
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
            Self::UnlistedGovernment => "它在 gov.cn 之下，这里只有政府机构能注册，但名录里没有它".into(),
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

/// A verdict with what it rests on.
#[derive(Debug, Clone)]
pub struct Check<'n> {
    pub verdict: Verdict,
    pub address: Option<Address>,
    /// The listed name that the address is, or lies under.
    pub name: Option<Name<'n>>,
    /// A listed name between the address and `name` that a list gives to another body, unreviewed or in dispute.
    pub nearer: Option<Name<'n>>,
    pub imitates: Option<Imitated<'n>>,
    /// The deciding one first.
    pub reasons: Vec<Reason>,
}

/// Checks an address as pasted. Never fails: what cannot be read is [`Verdict::Invalid`].
pub fn check<'n>(names: &'n OfficialNames, pipeline: &Pipeline, pasted: &str) -> Check<'n> {
    let address = match address::parse(pasted) {
        Ok(address) => address,
        Err(fault) => return unreadable(names, pasted, fault),
    };
    let folded = fold(&address.host.unicode);
    let listed = listed(names, &address.host.ascii, &folded);
    let mut check = Check {
        verdict: Verdict::Unknown,
        address: None,
        name: None,
        nearer: None,
        imitates: None,
        reasons: Vec::new(),
    };
    if let Some((name, reason, nearer)) = listed {
        (check.name, check.nearer) = (Some(name), nearer);
        check.reasons.push(reason);
    }
    // Outside the official registries anybody can have a name, whoever had it recorded.
    let in_zone = |name: Name<'_>| Registry::of(name.host).is_some() || ZONES.contains(&name.host);
    let in_use = matches!(check.reasons.first(), Some(Reason::Listed | Reason::Delegated));
    if in_use && check.name.is_some_and(in_zone) {
        check.verdict = Verdict::Official;
    } else if let Some((imitated, reason)) = imitation::find(names, pipeline, &address, &folded, check.name) {
        check.verdict = Verdict::Lookalike;
        check.imitates = Some(imitated);
        // That somebody claims it is told behind what it looks like, and makes it nobody's.
        (check.name, check.nearer) = (None, None);
        check.reasons.insert(0, reason);
        check.reasons.retain(|reason| !matches!(reason, Reason::Listed | Reason::Delegated));
    } else if in_use {
        check.verdict = Verdict::Official;
    }
    if check.verdict == Verdict::Official {
        check.reasons.extend((!address.user.is_empty()).then_some(Reason::UserIgnored));
    }
    if check.verdict == Verdict::Unknown {
        let listed = check.name.is_some();
        check.reasons.extend(unknown(names, pipeline, &address, listed));
    }
    check.address = Some(address);
    check
}

/// What cannot be read as an address, and may look like one that is official to everybody but a browser.
fn unreadable<'n>(names: &'n OfficialNames, pasted: &str, fault: AddressFault) -> Check<'n> {
    let written = match fault {
        AddressFault::Malformed | AddressFault::Character | AddressFault::NoDot => address::written(pasted),
        _ => None,
    };
    let imitated = written.and_then(|written| imitation::of_unreadable(names, &written));
    let (verdict, reasons) = match imitated {
        Some((_, reason)) => (Verdict::Lookalike, vec![reason, Reason::Fault(fault)]),
        None => (Verdict::Invalid, vec![Reason::Fault(fault)]),
    };
    Check { verdict, address: None, name: None, nearer: None, imitates: imitated.map(|(name, _)| name), reasons }
}

/// The nearest name in use at or above a host, with a listed one that is nearer still; else the nearest listed one.
fn listed<'n>(names: &'n OfficialNames, host: &str, folded: &str) -> Option<(Name<'n>, Reason, Option<Name<'n>>)> {
    let mut other: Option<(Name<'n>, Reason)> = None;
    for (at, (suffix, folded)) in suffixes(host).zip(suffixes(folded)).enumerate() {
        // What lies in a zone, under a public suffix or on a platform is nobody's because that is somebody's.
        let for_all = ZONES.contains(&suffix) || shared(suffix).is_some();
        if at > 0 && for_all {
            break;
        }
        let Some(name) = names.exact(suffix, folded) else { continue };
        let reason = match name.status {
            NameStatus::InUse if shared(suffix).is_some() => Reason::Pending,
            // What its owner has given up may be anybody's by now, whatever it lies below.
            NameStatus::NotAdopted => return Some((name, Reason::NotAdopted, None)),
            NameStatus::InUse if at == 0 => return Some((name, Reason::Listed, None)),
            NameStatus::InUse => return Some((name, Reason::Delegated, other.map(|(nearer, _)| nearer))),
            NameStatus::Disputed => Reason::Disputed,
            NameStatus::Pending => Reason::Pending,
        };
        other.get_or_insert((name, reason));
    }
    other.map(|(name, reason)| (name, reason, None))
}

/// A name and those above it that have a dot in them.
pub fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |at| at.split_once('.').map(|(_, above)| above)).take_while(|s| s.contains('.'))
}

/// Why a name that is neither official nor an imitation is unknown.
fn unknown(names: &OfficialNames, pipeline: &Pipeline, address: &Address, listed: bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match Registry::of(&address.host.ascii) {
        _ if listed => {}
        Some(Registry::Government) => reasons.push(Reason::UnlistedGovernment),
        Some(_) => {
            let label = address.host.unicode.split('.').next().unwrap_or_default();
            let sister = !names.labelled(&pipeline.key(label)).is_empty();
            reasons.push(if sister { Reason::SisterEnding } else { Reason::UnlistedChinese });
        }
        None if imitation::is_foreign_government(&address.host.ascii) => reasons.push(Reason::ForeignGovernment),
        None => reasons.push(Reason::NotListed),
    }
    match shared_above(&address.host.ascii) {
        Some((_, Shared::ShortLink)) => reasons.push(Reason::ShortLink),
        Some((_, Shared::Accounts | Shared::Hosting)) => reasons.push(Reason::SharedHost),
        Some((_, Shared::PublicSuffix)) | None => {}
    }
    if imitation::names_in_path(names, &address.rest) {
        reasons.push(Reason::OfficialInPath);
    }
    reasons
}

#[cfg(test)]
mod tests;
