//! What was found, counted by kind, level, region, status, year and topic.

use std::collections::HashMap;

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::{DivisionCode, kind_named},
};

use crate::{
    reply::{FacetValue, Facets},
    request::{KindFilter, SearchRequest},
    run::{Answer, Content, Found, facts},
};

/// Values shown of one facet: the provinces, and the counties of the largest cities, are 38 at most; law has been made in
/// some 75 years.
const FACET_VALUES: usize = 80;

/// Counts over all ranked hits.
pub fn facets(generation: &Generation, found: &Found, request: &SearchRequest) -> Facets {
    let lists = KindFilter::all().into_iter().filter_map(|kind| match kind {
        KindFilter::All => None,
        KindFilter::Institution => Some((kind, found.institutions.iter().filter(|a| !is_listed(a, None)).collect())),
        KindFilter::Listed(name) => {
            Some((kind, found.institutions.iter().filter(|a| is_listed(a, Some(name))).collect::<Vec<_>>()))
        }
        KindFilter::Regulation => Some((kind, found.regulations.iter().collect())),
        KindFilter::Article => Some((kind, found.articles.iter().collect())),
    });
    let mut facets = Facets::default();
    let (mut level, mut region, mut status, mut year, mut topic) =
        (Tally::default(), Tally::default(), Tally::default(), Tally::default(), Tally::default());
    for (kind, answers) in lists {
        let (value, label) = (kind.name(), kind.label());
        let direct = found.direct.iter().filter(|a| kind_of(&a.content) == value).count() as u64;
        let count = answers.len() as u64 + direct;
        if count > 0 {
            facets.kind.push(FacetValue { value: value.into(), label: label.into(), count });
        }
        if request.kind != KindFilter::All && request.kind != kind {
            continue;
        }
        for answer in answers {
            match &answer.content {
                Content::Directory(DirectoryEntry::Institution { institution: i, .. }) => {
                    level.add(i.level.name(), i.level.label());
                    count_region(generation, request.region.as_ref(), Some(i.division.as_str()), &mut region);
                }
                Content::Unread { of, division, level: its, .. } => {
                    if of.is_none() {
                        level.add(its.name(), its.label());
                    }
                    count_region(generation, request.region.as_ref(), division.as_deref(), &mut region);
                }
                Content::Directory(DirectoryEntry::Division { code }) => {
                    count_region(generation, request.region.as_ref(), Some(code), &mut region)
                }
                Content::Directory(DirectoryEntry::WebName { .. }) => {}
                Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
                    count_region(
                        generation,
                        request.region.as_ref(),
                        entry.division.as_ref().map(|d| d.as_str()),
                        &mut region,
                    );
                }
                Content::Regulation(position)
                | Content::Article { regulation: position, .. }
                | Content::Section { regulation: position, .. } => {
                    let Some(r) = facts(generation, *position) else { continue };
                    level.add(r.level.label(), r.level.label());
                    status.add(r.status.label(), r.status.label());
                    r.topics.iter().for_each(|of| topic.add(&generation.pipeline.key(of), of));
                    count_region(generation, request.region.as_ref(), r.division.as_deref(), &mut region);
                    if let Some(date) = r.version_date {
                        let text = date.year().to_string();
                        year.add(&text, &text);
                    }
                }
            }
        }
    }
    (facets.level, facets.region, facets.status, facets.year) =
        (level.into_values(), region.into_values(), status.into_values(), year.into_values());
    // One topic may be written in several ways (审批、改革); the first is asked for again.
    let topics = topic.into_values().into_iter();
    facets.topic = topics.map(|of| FacetValue { value: of.label.clone(), ..of }).collect();
    // Years are looked for by their order, not by how much there is of each.
    facets.year.sort_by(|a, b| b.value.cmp(&a.value));
    facets
}

/// Whether an answer is of a general kind: of the one of a name, or of any.
fn is_listed(answer: &Answer, name: Option<&str>) -> bool {
    match &answer.content {
        Content::Directory(DirectoryEntry::Listed { of, .. }) => name.is_none_or(|name| name == of),
        Content::Unread { of: Some(of), .. } => name.is_none_or(|name| name == *of),
        _ => false,
    }
}

/// The name of an answer's kind, as in the reply.
fn kind_of(content: &Content) -> &'static str {
    match content {
        Content::Directory(DirectoryEntry::Institution { .. }) | Content::Unread { of: None, .. } => "institution",
        Content::Unread { of: Some(of), .. } => of,
        Content::Directory(DirectoryEntry::Division { .. }) => "division",
        Content::Directory(DirectoryEntry::WebName { .. }) => "web_name",
        Content::Directory(DirectoryEntry::Listed { of, .. }) => kind_named(of).map_or("record", |kind| kind.name),
        Content::Regulation(_) | Content::Section { .. } => "regulation",
        Content::Article { .. } => "article",
    }
}

/// Counts a division where the reader may go on from: the provinces and the nation, or what lies right below the region
/// that was asked for, and the region itself.
fn count_region(generation: &Generation, within: Option<&DivisionCode>, division: Option<&str>, tally: &mut Tally) {
    let catalogue = &generation.catalogue;
    // Codes say where a division lies (GB/T 2260-2007, 4.1; GB/T 10114-2003, 4.2); walking up the tree would cost more.
    let place = |digits: usize| {
        let front = division?.get(..digits)?;
        catalogue.division(&format!("{front:0<6}")).filter(|d| d.code != "000000")
    };
    let known = within.map_or("", |region| region.significant());
    let place = match division {
        Some(code) if code.starts_with(known) => {
            // Districts of a municipality have no city above them.
            let below = [2, 4, 6, 9].into_iter().filter(|digits| *digits > known.len());
            let found = below.filter(|digits| known.is_empty() == (*digits == 2)).find_map(place);
            found.or_else(|| within.and_then(|_| catalogue.division(code)))
        }
        _ => None,
    };
    match (place, within) {
        (Some(place), _) => tally.add(&place.code, &place.name),
        (None, None) => tally.add("000000", "全国"),
        (None, Some(_)) => {}
    }
}

#[derive(Default)]
struct Tally(HashMap<String, (String, u64)>);

impl Tally {
    fn add(&mut self, value: &str, label: &str) {
        match self.0.get_mut(value) {
            Some((_, count)) => *count += 1,
            None => drop(self.0.insert(value.to_owned(), (label.to_owned(), 1))),
        }
    }

    fn into_values(self) -> Vec<FacetValue> {
        let mut values: Vec<FacetValue> =
            self.0.into_iter().map(|(value, (label, count))| FacetValue { value, label, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(FACET_VALUES);
        values
    }
}
