//! The addresses of an institution or an entrance as a reply tells them.

use indexer::{index::Generation, record::Website};

use crate::{reply::WebsitePart, web_names::standing};

/// `anywhere`: see [`indexer::record::NameStatus::of`].
pub(super) fn websites(generation: &Generation, sites: &[Website], anywhere: bool) -> Vec<WebsitePart> {
    let part = |w: &Website| {
        let standing = standing(generation, &w.host, w.evidence, anywhere);
        WebsitePart {
            url: w.url.clone(),
            host: w.host.clone(),
            evidence: w.evidence,
            sources: w.sources.clone(),
            off_gov_cn: w.off_gov_cn,
            standing: standing.name(),
            standing_label: standing.label(),
            linked: standing.is_linked(),
        }
    };
    sites.iter().map(part).collect()
}
