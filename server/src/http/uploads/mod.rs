//! Files that are handed in: they go to disk as they come, and are read by turns.

mod form;
mod reading;
mod receiving;

pub use form::{Brought, brought};
pub use reading::Readings;
pub use receiving::{Arrivals, receive, short, too_large};
