//! What the evidence of an address that an office gave rests on, in the words that its record keeps.

use indexer::record::Evidence;

/// Whose control nobody has seen.
pub(crate) const UNPROVEN: &str = "机构报送，尚未核验网址由它控制";
/// Which another person approved.
pub(crate) const REPORTED: &str = "机构报送，经主管部门审核";

pub(super) fn of(evidence: Evidence) -> &'static str {
    if evidence == Evidence::Claimed { UNPROVEN } else { REPORTED }
}
