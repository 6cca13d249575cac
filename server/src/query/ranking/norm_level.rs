//! Level in the hierarchy of norms (立法法): on equal words the higher norm comes first, and a local norm only
//! concerns its own region.

use indexer::record::{DocumentKind, NormLevel};

/// Steps are small where the levels complement each other, large for local norms: a question that names no region is
/// answered from national law. `in_region` is set when the query or the filter names the norm's region.
pub fn factor(level: NormLevel, kind: DocumentKind, in_region: bool, weight: f32) -> f32 {
    let level: f32 = match level {
        NormLevel::Constitution | NormLevel::Law => 1.0,
        NormLevel::SupervisionRegulation | NormLevel::AdministrativeRegulation | NormLevel::JudicialInterpretation => {
            0.95
        }
        NormLevel::DepartmentRule => 0.85,
        NormLevel::LocalRegulation | NormLevel::LocalGovernmentRule if in_region => 1.0,
        NormLevel::LocalRegulation | NormLevel::LocalGovernmentRule => 0.6,
        NormLevel::PartyRegulation => 0.9,
        NormLevel::NormativeDocument | NormLevel::Other => 0.7,
    };
    // What an amendment says now stands in the amended text itself.
    let kind: f32 = match kind {
        DocumentKind::Norm | DocumentKind::Interpretation => 1.0,
        DocumentKind::Decision => 0.9,
        DocumentKind::Amendment | DocumentKind::Abolition => 0.6,
    };
    (level * kind).powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_law_leads_unless_the_region_is_meant() {
        let of = |level, region| factor(level, DocumentKind::Norm, region, 1.0);
        assert!(of(NormLevel::Law, false) > of(NormLevel::LocalRegulation, false));
        assert_eq!(of(NormLevel::Law, false), of(NormLevel::LocalRegulation, true));
        assert!(factor(NormLevel::Law, DocumentKind::Amendment, false, 1.0) < of(NormLevel::Law, false));
    }
}
