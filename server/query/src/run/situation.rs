//! How a regulation stands to the day and the region of a query.

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::Date,
};

use crate::plan::Plan;

/// Years between a regulation's version and the day on which the generation was built.
pub fn age(generation: &Generation, r: &RegulationEntry) -> f32 {
    let year = |date: Date| f32::from(date.year()) + f32::from(date.day_of_year()) / 366.0;
    r.version_date.map_or(0.0, |date| year(generation.manifest.built_on) - year(date))
}

/// Whether a local regulation's region is named in the query.
pub fn in_region(generation: &Generation, r: &RegulationEntry, plan: &Plan) -> bool {
    let Some(division) = &r.division else { return false };
    plan.home.lies_in(generation, division)
        || generation.catalogue.path(division).iter().any(|d| plan.key.contains(d.short_name.as_str()))
}
