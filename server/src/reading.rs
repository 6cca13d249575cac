//! Reading law: a text with its references as links, and two versions side by side.

pub mod compare;
pub mod links;
