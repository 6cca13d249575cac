//! Level in the hierarchy of norms (立法法): on equal words the higher norm comes first.

use indexer::record::{DocumentKind, NormLevel};

/// Steps are small where the levels complement each other. What is local only is weighed by [`super::region`].
pub fn factor(level: NormLevel, kind: DocumentKind, weight: f32) -> f32 {
    let level: f32 = match level {
        NormLevel::Constitution | NormLevel::Law => 1.0,
        NormLevel::SupervisionRegulation | NormLevel::AdministrativeRegulation | NormLevel::JudicialInterpretation => {
            0.95
        }
        NormLevel::DepartmentRule => 0.85,
        NormLevel::LocalRegulation | NormLevel::LocalGovernmentRule => 1.0,
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
    fn higher_norms_and_whole_texts_lead() {
        let of = |level| factor(level, DocumentKind::Norm, 1.0);
        assert!(of(NormLevel::Law) > of(NormLevel::DepartmentRule));
        assert!(factor(NormLevel::Law, DocumentKind::Amendment, 1.0) < of(NormLevel::Law));
    }
}
