//! Region: a local regulation only concerns its own, so a question that names no region is answered from national law.

/// `in_region` is set when the query or the filter names the regulation's region.
pub fn factor(local: bool, in_region: bool, weight: f32) -> f32 {
    let fit: f32 = if local && !in_region { 0.6 } else { 1.0 };
    fit.powf(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_regulation_leads_only_at_home() {
        assert!(factor(true, false, 1.0) < factor(false, false, 1.0));
        assert_eq!(factor(true, true, 1.0), factor(false, false, 1.0));
    }
}
