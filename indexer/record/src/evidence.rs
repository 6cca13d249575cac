//! How well an address is attested, computed from the lists that give it.

use std::collections::BTreeSet;

use super::Evidence;

/// A list as `corpus/sources.csv` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFacts {
    pub id: String,
    /// Lists made by guessing do not count.
    pub counted: bool,
    /// The list it was copied from, where that is known: both together count once.
    pub ancestor: Option<String>,
}

/// The evidence for one address. `disputed` says that another list gives the body another address.
pub fn evidence<'a>(lists: impl IntoIterator<Item = &'a ListFacts>, disputed: bool) -> Evidence {
    if disputed {
        return Evidence::Disputed;
    }
    let counted = lists.into_iter().filter(|l| l.counted);
    let independent: BTreeSet<&str> = counted.map(|l| l.ancestor.as_deref().unwrap_or(&l.id)).collect();
    match independent.len() {
        0 => Evidence::Claimed,
        1 => Evidence::Single,
        _ => Evidence::Corroborated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(id: &str, counted: bool, ancestor: Option<&str>) -> ListFacts {
        ListFacts { id: id.into(), counted, ancestor: ancestor.map(str::to_owned) }
    }

    #[test]
    fn only_independent_lists_count() {
        let (a, b) = (list("a", true, None), list("b", true, None));
        let (guess, copy) = (list("guess", false, None), list("copy", true, Some("a")));
        assert_eq!(evidence([&a, &b], false), Evidence::Corroborated);
        assert_eq!(evidence([&a, &copy], false), Evidence::Single);
        assert_eq!(evidence([&a, &guess], false), Evidence::Single);
        assert_eq!(evidence([&guess], false), Evidence::Claimed);
        assert_eq!(evidence([&a, &b], true), Evidence::Disputed);
    }
}
