//! Level in the hierarchy of regulations (立法法): on equal words the higher regulation comes first.

use indexer::record::{DocumentKind, RegulationLevel};

/// Steps are small where the levels complement each other. What is local only is weighed by [`super::region`].
pub fn factor(level: RegulationLevel, kind: DocumentKind, weight: f32) -> f32 {
    let level: f32 = match level {
        RegulationLevel::Constitution | RegulationLevel::Law => 1.0,
        RegulationLevel::SupervisionRegulation
        | RegulationLevel::AdministrativeRegulation
        | RegulationLevel::JudicialInterpretation => 0.95,
        RegulationLevel::DepartmentRule => 0.85,
        RegulationLevel::LocalRegulation | RegulationLevel::LocalGovernmentRule => 1.0,
        RegulationLevel::PartyRegulation => 0.9,
        RegulationLevel::NormativeDocument | RegulationLevel::Other => 0.7,
    };
    // What an amendment says now stands in the amended text itself.
    let kind: f32 = match kind {
        DocumentKind::Regulation | DocumentKind::Interpretation => 1.0,
        DocumentKind::Decision => 0.9,
        DocumentKind::Amendment | DocumentKind::Abolition => 0.6,
    };
    (level * kind).powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_regulations_and_whole_texts_lead() {
        let of = |level| factor(level, DocumentKind::Regulation, 1.0);
        assert!(of(RegulationLevel::Law) > of(RegulationLevel::DepartmentRule));
        assert!(factor(RegulationLevel::Law, DocumentKind::Amendment, 1.0) < of(RegulationLevel::Law));
    }
}
