//! Where a division leads: to its government and that one's site, else on to the nearest government above that has one,
//! and to the numbers that these governments are in charge of.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::Institution,
};

use super::{
    SearchError,
    listed::in_charge_of,
    nearest::GOVERNMENT_KEY,
    plan::Lookup,
    reply::{GovernmentPart, HotlinePart},
    request::SearchRequest,
    run::{self, Content},
    sites::websites,
};
use crate::urls;

/// The governments that a division leads to, its own first, and the numbers to call.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    pub governments: Vec<GovernmentPart>,
    pub hotlines: Vec<HotlinePart>,
}

/// Walks from a division upward until a site that may be opened is found, and on until a number is.
pub fn seat(generation: &Generation, code: &str) -> Result<Seat, SearchError> {
    let mut seat = Seat::default();
    for place in generation.catalogue.path(code).iter().rev() {
        let reached = seat.governments.iter().any(|g| g.websites.iter().any(|site| site.linked));
        if reached && !seat.hotlines.is_empty() {
            break;
        }
        for (id, government) in governments(generation, &place.code)? {
            if seat.hotlines.is_empty() {
                seat.hotlines = hotlines(generation, &id, &government.name)?;
            }
            if !reached {
                seat.governments.push(GovernmentPart {
                    url: urls::institution(&id),
                    name: government.name.clone(),
                    own: place.code == code,
                    websites: websites(generation, &government.websites, government.category.has_own_names()),
                    id,
                });
            }
        }
    }
    Ok(seat)
}

fn governments(generation: &Generation, division: &str) -> Result<Vec<(String, Box<Institution>)>, SearchError> {
    let wanted = Lookup::RegionOffice(division.to_owned(), GOVERNMENT_KEY.to_owned());
    let found = run::look_up(generation, &wanted, &SearchRequest::new(""))?;
    let institution = |content: Content| match content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => Some((id, institution)),
        _ => None,
    };
    Ok(found.into_iter().filter_map(|answer| institution(answer.content)).collect())
}

/// The numbers of the entrances that a government is in charge of, each once.
fn hotlines(generation: &Generation, government: &str, name: &str) -> Result<Vec<HotlinePart>, SearchError> {
    let mut all: Vec<HotlinePart> = Vec::new();
    for entrance in in_charge_of(generation, government)? {
        let Some(number) = &entrance.entry.phone else { continue };
        if all.iter().all(|known| known.number != *number) {
            let url = entrance.url();
            all.push(HotlinePart {
                number: number.clone(),
                name: entrance.entry.name,
                matter: entrance.entry.about,
                owner: name.to_owned(),
                url,
            });
        }
    }
    Ok(all)
}
