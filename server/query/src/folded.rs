//! An entrance that is the site of an institution of the same name, found beside it: 国图 is the library, and what one
//! does at its site. Both are one card, the institution's, which says what is done there. What has another address stays,
//! behind the institution where only that one's address is vouched for.

use std::collections::HashMap;

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::{Entry, Institution, Website},
};

use super::{
    run::{Content, Found},
    web_names::{Standing, standing},
};

/// An entrance without a card of its own.
pub struct FoldedEntrance {
    pub id: String,
    /// Name of its kind.
    pub of: String,
    pub entry: Entry,
}

/// Entrances by the id of the institution on whose card they stand.
pub type FoldedEntrances = HashMap<String, Vec<FoldedEntrance>>;

/// Takes the entrances out of the certain answers that another card there shows.
pub fn fold(generation: &Generation, found: &mut Found) -> FoldedEntrances {
    let institution = |content: &Content| match content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => {
            Some(Holder::new(generation, id, institution))
        }
        _ => None,
    };
    let holders: Vec<Holder> = found.direct.iter().filter_map(|answer| institution(&answer.content)).collect();
    let mut folded = FoldedEntrances::new();
    found.direct.retain(|answer| {
        let Content::Directory(DirectoryEntry::Listed { id, of, entry }) = &answer.content else { return true };
        let Some(holder) = holders.iter().find(|holder| holder.is_shown_by(generation, entry)) else { return true };
        let entrance = FoldedEntrance { id: id.clone(), of: of.clone(), entry: (**entry).clone() };
        folded.entry(holder.id.clone()).or_default().push(entrance);
        false
    });
    folded
}

/// Puts entrances whose address nothing vouches for behind the institution in charge, where that one's is known.
pub fn put_behind_the_known(generation: &Generation, found: &mut Found) {
    let is_official = |sites: &[Website], anywhere: bool| {
        sites.iter().any(|site| standing(generation, &site.host, site.evidence, anywhere) == Standing::Official)
    };
    let holder = |content: &Content| match content {
        Content::Directory(DirectoryEntry::Institution { id, institution })
            if is_official(&institution.websites, institution.category.has_own_names()) =>
        {
            Some(Holder::new(generation, id, institution))
        }
        _ => None,
    };
    let holders: Vec<Holder> = found.direct.iter().filter_map(|answer| holder(&answer.content)).collect();
    found.direct.sort_by_key(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
            let in_charge = |holder: &Holder| holder.is_in_charge(generation, entry);
            !entry.sites.is_empty() && !is_official(&entry.sites, true) && holders.iter().any(in_charge)
        }
        _ => false,
    });
}

/// What an entrance is compared with.
struct Holder {
    id: String,
    /// Keys of its full and short names.
    names: Vec<String>,
    hosts: Vec<String>,
}

impl Holder {
    fn new(generation: &Generation, id: &str, institution: &Institution) -> Self {
        let names = std::iter::once(&institution.name).chain(&institution.short_names);
        Self {
            id: id.to_owned(),
            names: names.map(|name| generation.pipeline.key(name)).collect(),
            hosts: institution.websites.iter().map(|site| site.host.clone()).collect(),
        }
    }

    fn is_in_charge(&self, generation: &Generation, entry: &Entry) -> bool {
        match &entry.owner_id {
            Some(id) => *id == self.id,
            None => self.names.contains(&generation.pipeline.key(&entry.owner_name)),
        }
    }

    /// Whether an entrance is the institution's, is called like it and has no other address, and no number of its own to
    /// call.
    fn is_shown_by(&self, generation: &Generation, entry: &Entry) -> bool {
        let is_name = |name: &String| self.names.contains(&generation.pipeline.key(name));
        let same_site = |site: &Website| self.hosts.contains(&site.host);
        self.is_in_charge(generation, entry)
            && entry.phone.is_none()
            && !entry.sites.is_empty()
            && entry.sites.iter().all(same_site)
            && std::iter::once(&entry.name).chain(&entry.other_names).any(is_name)
    }
}
