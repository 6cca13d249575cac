//! Files that are handed in: they go to disk as they come, and are read by turns.

mod form;
mod reading;
mod receiving;

pub use form::{AllBrought, Brought, all_brought, brought};
pub use reading::Readings;
pub use receiving::{Arrivals, Come, MAX_OF_AN_OFFICE, receive, short, too_large};
