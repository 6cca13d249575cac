//! How an address may be offered: the one rule that cards, pages, the API and the command line show sites by, and which
//! the check of addresses tells in words.

use indexer::{
    index::Generation,
    record::{Evidence, NameStatus},
};

use super::{
    check::{Check, Verdict, check, is_government},
    reason::Reason,
};

/// How a site of an institution or an entrance may be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Its own, by evidence that counts: offered as the way to it.
    Official,
    /// It lies under a recorded government name, so that a government answers for it; whether it is this institution's
    /// own site is not settled. Linked, with that said.
    Government,
    /// The same under the recorded name of a school, a hospital or an entrance.
    Recorded,
    /// Nothing vouches for it: shown and not linked.
    Unverified,
}

impl Standing {
    pub const ALL: [Standing; 4] = [Self::Official, Self::Government, Self::Recorded, Self::Unverified];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Government => "government_name",
            Self::Recorded => "recorded_name",
            Self::Unverified => "unverified",
        }
    }

    /// What is said beside the address; empty where its evidence says enough.
    pub fn label(self) -> &'static str {
        match self {
            Self::Official | Self::Unverified => "",
            Self::Government => "政府域名；是否该机构的网站待核对",
            Self::Recorded => "在已核实的域名之下；是否该机构的网站待核对",
        }
    }

    pub fn is_linked(self) -> bool {
        self != Self::Unverified
    }
}

/// How a host may be offered that is given for an institution with this evidence; `anywhere` as in [`NameStatus::of`].
/// It is asked of the check of addresses, so that no page offers what the check speaks against.
pub fn standing(generation: &Generation, host: &str, evidence: Evidence, anywhere: bool) -> Standing {
    of_checked(&check(&generation.official, &generation.pipeline, host), host, evidence, anywhere)
}

fn of_checked(checked: &Check<'_>, host: &str, evidence: Evidence, anywhere: bool) -> Standing {
    let spoken_against = checked.verdict == Verdict::Lookalike || checked.reasons.first() == Some(&Reason::NotAdopted);
    if NameStatus::of(host, evidence, anywhere) == NameStatus::InUse && !spoken_against {
        return Standing::Official;
    }
    match checked.name.filter(|_| checked.verdict == Verdict::Official) {
        Some(name) if is_government(name.host) => Standing::Government,
        Some(_) => Standing::Recorded,
        None => Standing::Unverified,
    }
}

#[cfg(test)]
mod tests {
    use indexer::web_name::Host;

    use super::*;
    use crate::web_names::check::tests::{names, pipeline};

    fn of(host: &str, evidence: Evidence, anywhere: bool) -> Standing {
        let host = Host::parse(host).unwrap().ascii;
        of_checked(&check(&names(), &pipeline(), &host), &host, evidence, anywhere)
    }

    #[test]
    fn what_lies_under_a_recorded_government_name_is_linked_and_said_to_be_unsettled() {
        for evidence in [Evidence::Claimed, Evidence::Disputed] {
            assert_eq!(of("jyj.zunyi.gov.cn", evidence, false), Standing::Government);
            assert_eq!(of("zunyi.gov.cn", evidence, false), Standing::Government, "another's own name");
            assert_eq!(of("new.zunyi.gov.cn", evidence, false), Standing::Government, "listed, not reviewed");
            for host in ["guess.gov.cn", "gy.gov.cn", "other.gov.cn", "old.zunyi.gov.cn", "zycz.com", "zunyi-gov.cn"] {
                assert_eq!(of(host, evidence, false), Standing::Unverified, "{host}");
            }
        }
    }

    #[test]
    fn a_site_of_good_evidence_is_official_where_nothing_speaks_against_it() {
        for evidence in [Evidence::Registry, Evidence::Confirmed, Evidence::Corroborated, Evidence::Single] {
            assert_eq!(of("jyj.zunyi.gov.cn", evidence, false), Standing::Official);
            assert_eq!(
                of("zycz.com", evidence, false),
                Standing::Unverified,
                "an office's own, outside the registries"
            );
            assert_eq!(of("old.zunyi.gov.cn", evidence, false), Standing::Unverified, "given up");
            assert_eq!(of("pingxiang.gov.com", evidence, true), Standing::Unverified, "it looks like another's");
            let wanted = if evidence == Evidence::Single { Standing::Unverified } else { Standing::Official };
            assert_eq!(of("daxue.edu.cn", evidence, true), wanted, "a school's");
        }
        assert_eq!(of("lib.zunyi.cc", Evidence::Single, true), Standing::Recorded);
    }

    #[test]
    fn what_is_linked_says_so() {
        for standing in Standing::ALL {
            let unsettled = standing.is_linked() && standing != Standing::Official;
            assert_eq!(!standing.label().is_empty(), unsettled, "{standing:?}");
        }
    }
}
