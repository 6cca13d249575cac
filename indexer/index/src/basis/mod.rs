//! Bases of powers and duties against the library: does the article stand, and are its words the ones quoted?
//!
//! [`record::basis`] reads what a list writes. Here each place is looked up in the version of its regulation that is in
//! force; words that are not there are looked for in its other articles and in earlier versions, so that what was
//! amended is distinguished from what was never written. Nothing is claimed of regulations that the library does not have.

mod articles;
mod compared;
mod meant;
mod outcome;
mod quotations;
mod regulation_text;
mod versions;
mod within;
mod words;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use record::{
    DivisionCode,
    basis::{CitedRegulation, Passage},
};
use text::{Pipeline, dictionaries::FormerLaw};

use self::{
    compared::Compared,
    versions::{replaced, versions_for},
};
pub use self::{
    meant::{Meant, Named, counterpart, meant, meant_now, taken},
    outcome::{Finding, Outcome},
    quotations::{Deeds, Quotations, SameDeeds},
    regulation_text::RegulationText,
};
use crate::{catalogue::Catalogue, titles::Titles};

/// The regulations to compare with.
pub struct Library<'a> {
    pub pipeline: &'a Pipeline,
    pub titles: &'a Titles,
    pub catalogue: &'a Catalogue,
    /// Laws that others have replaced, by the key of their title.
    pub former: &'a HashMap<String, FormerLaw>,
    /// The text of a version by its id.
    pub texts: &'a dyn Fn(&str) -> Option<Arc<RegulationText>>,
}

/// Every place of a regulation. `division` is that of the institution whose basis it is.
pub fn check(library: &Library<'_>, cited: &CitedRegulation, division: &DivisionCode) -> Vec<Finding> {
    let whole = [Passage { place: String::new(), quote: String::new() }];
    let passages = if cited.passages.is_empty() { &whole[..] } else { &cited.passages };
    let versions = match versions_for(library, &cited.title, division) {
        Ok(versions) => versions,
        Err((Outcome::UnknownRegulation, reason)) => {
            let (outcome, reason, by) =
                replaced(library, &cited.title).unwrap_or((Outcome::UnknownRegulation, reason, None));
            let found = |passage| Finding { by: by.clone(), ..Finding::new(cited, passage, outcome, reason.clone()) };
            return passages.iter().map(found).collect();
        }
        Err((outcome, reason)) => {
            return passages.iter().map(|passage| Finding::new(cited, passage, outcome, reason.clone())).collect();
        }
    };
    let mut compared = Compared::new(library, versions, cited);
    passages.iter().map(|passage| compared.passage(passage)).collect()
}
