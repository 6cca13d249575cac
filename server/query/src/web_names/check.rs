//! Whether an address is an official web name, an imitation of one, or unknown.
//!
//! Pure and quick: one look-up for the name and each name above it, a handful more for what it may imitate. A verdict
//! rests on what the records hold and never on how a name looks: what lies under an official registry and is not known
//! is unknown, and what merely resembles nothing official is unknown too. What somebody has recorded outside the
//! official registries never outranks what a name looks like, and a host that many share vouches for nothing below it.

use indexer::{
    index::official::{Name, OfficialNames},
    record::NameStatus,
    text::Pipeline,
    web_name::{Address, AddressFault, Registry, Shared, ZONES, address, fold, shared, shared_above, suffixes},
};

use super::{
    imitation::{self, Imitated},
    reason::Reason,
};

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

    /// How much it matters to be reported of it first: lower is sooner.
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

/// A verdict with what it rests on.
#[derive(Debug, Clone)]
pub struct Check<'n> {
    pub verdict: Verdict,
    pub address: Option<Address>,
    /// The listed name that the address is, or lies under.
    pub name: Option<Name<'n>>,
    /// A listed name between the address and `name` that a list gives to another institution, unreviewed or in dispute.
    pub nearer: Option<Name<'n>>,
    pub imitates: Option<Imitated<'n>>,
    /// The deciding one first.
    pub reasons: Vec<Reason>,
}

impl Check<'_> {
    /// The verdict in words. What is unknown is unknown in several ways, and a name that only organs can register is no
    /// stranger's.
    pub fn label(&self) -> &'static str {
        match (self.verdict, self.reasons.first()) {
            (Verdict::Official, _) if self.nearer.is_some() => match self.is_governments() {
                true => "政府域名；是否该机构的网站待核对",
                false => "在已核实的域名之下；是否该机构的网站待核对",
            },
            (Verdict::Unknown, Some(Reason::UnlistedGovernment)) => "政府域名，但不知道属于哪个机构",
            (Verdict::Unknown, Some(Reason::UnlistedChinese | Reason::SisterEnding)) => {
                "党政机关或公益机构的域名，但不知道属于谁"
            }
            (Verdict::Unknown, Some(Reason::Disputed)) => "各份名单对这个网址说法不一",
            (Verdict::Unknown, Some(Reason::Pending)) => "名单里有这个网址，尚待核实",
            (Verdict::Unknown, Some(Reason::NotAdopted)) => "曾有名单给出这个网址，没有采用或已停用",
            (verdict, _) => verdict.label(),
        }
    }

    /// What the verdict means.
    pub fn meaning(&self) -> &'static str {
        match (self.verdict, self.reasons.first()) {
            (Verdict::Official, _) if self.nearer.is_some() => {
                "这个网址在下面机构的官方域名之下，只有它能设立；名单把它归于另一个机构，是不是那个机构的网站还没有核对。"
            }
            (Verdict::Unknown, Some(Reason::UnlistedGovernment)) => {
                "gov.cn 之下只有政府机构能注册名称，所以它不是随便谁的网站；但名录里没有它，我们不知道它属于哪个机构。办事前请从机构的正式网站进入。"
            }
            (Verdict::Unknown, Some(Reason::UnlistedChinese | Reason::SisterEnding)) => {
                ".政务、.公益 之下只有党政机关和公益机构能注册名称；但名录里没有它，我们不知道它属于谁。办事前请从机构的正式网站进入。"
            }
            (verdict, _) => verdict.meaning(),
        }
    }

    /// Whether the name that it is, or lies under, is a government's.
    fn is_governments(&self) -> bool {
        self.name.is_some_and(|name| is_government(name.host))
    }
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
        // That somebody claims it is reported behind what it looks like, and makes it nobody's.
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

/// Whether a recorded name is a government's: .公益 is for institutions of all kinds.
pub(super) fn is_government(host: &str) -> bool {
    match Registry::of(host) {
        Some(Registry::Government | Registry::Affairs) => true,
        Some(Registry::PublicInterest) => false,
        None => matches!(host, "gov.cn" | "gov.hk" | "gov.mo"),
    }
}

#[cfg(test)]
pub(super) mod tests;
