//! How well an address is attested, computed from the lists that give it.

use std::collections::BTreeSet;

use super::Evidence;

/// A list as `corpus/sources.csv` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFacts {
    pub id: String,
    pub counts: Counts,
    /// The list it was copied from, where that is known: both together count once.
    pub ancestor: Option<String>,
}

/// When a list speaks for an address that it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    Always,
    /// Made by guessing: gives no evidence.
    Never,
    /// Its licence binds: it counts where another list agrees, and nothing rests on it alone.
    WithOthers,
    /// So old that only addresses below a government's own domain held up; others may have lapsed and been taken.
    BelowPortals,
}

impl Counts {
    pub const ALL: [Counts; 4] = [Self::Always, Self::Never, Self::WithOthers, Self::BelowPortals];

    /// The word used in `sources.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "yes",
            Self::Never => "no",
            Self::WithOthers => "with_others",
            Self::BelowPortals => "below_portals",
        }
    }
}

/// How many independent lists speak for an address. `below_portal` says that it lies under the domain of a government
/// that the institution belongs to. An old list and one whose licence binds, neither of which is enough, are one
/// together: what both give is still there.
pub fn speaking<'a>(lists: impl IntoIterator<Item = &'a ListFacts>, below_portal: bool) -> usize {
    let (mut counted, mut old, mut bound) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for list in lists {
        let origin = list.ancestor.as_deref().unwrap_or(&list.id);
        match list.counts {
            Counts::Always => counted.insert(origin),
            Counts::BelowPortals if below_portal => counted.insert(origin),
            Counts::BelowPortals => old.insert(origin),
            Counts::WithOthers => bound.insert(origin),
            Counts::Never => false,
        };
    }
    match counted.len() {
        0 => usize::from(!old.is_empty() && !bound.is_empty()),
        alone => alone + bound.difference(&counted).count(),
    }
}

/// The evidence for an address that so many lists speak for. `disputed` says that another address of the institution
/// has lists that speak for it too.
pub fn evidence(speaking: usize, disputed: bool) -> Evidence {
    match speaking {
        0 => Evidence::Claimed,
        _ if disputed => Evidence::Disputed,
        1 => Evidence::Single,
        _ => Evidence::Corroborated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(id: &str, counts: Counts, ancestor: Option<&str>) -> ListFacts {
        ListFacts { id: id.into(), counts, ancestor: ancestor.map(str::to_owned) }
    }

    #[test]
    fn only_independent_lists_speak() {
        let (a, b) = (list("a", Counts::Always, None), list("b", Counts::Always, None));
        let (guess, copy) = (list("guess", Counts::Never, None), list("copy", Counts::Always, Some("a")));
        assert_eq!(speaking([&a, &b], false), 2);
        assert_eq!(speaking([&a, &copy], false), 1);
        assert_eq!(speaking([&a, &guess], false), 1);
        assert_eq!(speaking([&guess], true), 0);
    }

    #[test]
    fn a_list_whose_licence_binds_is_never_alone() {
        let (a, bound) = (list("a", Counts::Always, None), list("bound", Counts::WithOthers, None));
        let guess = list("guess", Counts::Never, None);
        assert_eq!(speaking([&a, &bound], false), 2);
        assert_eq!(speaking([&bound], false), 0);
        assert_eq!(speaking([&bound, &guess], false), 0);
    }

    #[test]
    fn an_old_list_speaks_below_a_government_s_domain() {
        let old = list("old", Counts::BelowPortals, None);
        assert_eq!((speaking([&old], true), speaking([&old], false)), (1, 0));
        let (copy, bound) = (list("copy", Counts::BelowPortals, Some("old")), list("bound", Counts::WithOthers, None));
        assert_eq!(speaking([&old, &copy], false), 0);
        assert_eq!(speaking([&old, &bound], false), 1);
        assert_eq!(speaking([&old, &bound], true), 2);
    }

    #[test]
    fn what_nothing_speaks_for_disputes_nothing() {
        assert_eq!(evidence(0, true), Evidence::Claimed);
        assert_eq!(evidence(2, true), Evidence::Disputed);
        assert_eq!((evidence(1, false), evidence(2, false)), (Evidence::Single, Evidence::Corroborated));
    }
}
